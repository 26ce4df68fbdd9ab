"""Sections and order of a form for a template, and the summary of its errors: plain data, no HTML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from forms.cards import CARD
from forms.sentence import Sentence
from rules.definition.blocks import part_of_field
from rules.definition.fields import Block, BlockKind, Field, FieldStage
from rules.definition.procedure import ProcedureDefinition
from rules.values import Text


@dataclass(frozen=True, slots=True)
class Piece:
    """Fields that are drawn together: a block with its parts, or one field that stands alone (`block` is None).

    `labels` are what the parts are called under the label of their block.
    """

    block: Block | None
    fields: tuple[tuple[str, bool], ...]
    labels: Mapping[str, Text]

    @property
    def shown(self) -> bool:
        """Tell whether any field of the piece is shown."""
        return any(shown for _, shown in self.fields)

    @property
    def box(self) -> str:
        """The id of the box that an identity card is read into, empty where there is none."""
        is_party = self.block is not None and self.block.kind is BlockKind.PARTY
        return f"{self.block.id}_{CARD}" if self.block is not None and is_party else ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form: its title (None for fields before the first one) and (field id, shown) in order.

    `pieces` are the same fields, those of a block together.
    """

    title: Text | None
    fields: tuple[tuple[str, bool], ...]
    pieces: tuple[Piece, ...] = ()

    @property
    def shown(self) -> bool:
        """Tell whether any field of the section is shown."""
        return any(shown for _, shown in self.fields)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the citizen's form (trang): its title, None for the first one without, and its sections."""

    title: Text | None
    sections: tuple[Section, ...]

    @property
    def shown(self) -> bool:
        """Tell whether anything of the page is shown: a page without anything is passed over."""
        return any(section.shown for section in self.sections)


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error summary: the HTML id it links to, and the same words that stand beside the field.

    The words are a Sentence where they are ours, so that the page can say them in the reader's language.
    """

    target: str
    sentence: str


def sections(definition: ProcedureDefinition, shown: frozenset[str]) -> tuple[Section, ...]:
    """Return the sections of the form in the order of the definition: the one dense page of officers."""
    return _sections(definition.fields, shown)


def pages(definition: ProcedureDefinition, shown: frozenset[str]) -> tuple[Page, ...]:
    """Return the pages of the citizen's form: what citizens are asked, one group of questions a page."""
    asked = [field for field in definition.fields if field.stage is FieldStage.CITIZEN]
    opened: list[tuple[Text | None, list[Field]]] = []
    for field in asked:
        if field.page is not None or not opened:
            opened.append((field.page, []))
        opened[-1][1].append(field)
    return tuple(Page(title, _sections(fields, shown)) for title, fields in opened)


def _sections(fields: Sequence[Field], shown: frozenset[str]) -> tuple[Section, ...]:
    opened: list[tuple[Text | None, list[Field]]] = []
    for field in fields:
        if field.section is not None or field.page is not None or not opened:
            opened.append((field.section, []))
        opened[-1][1].append(field)
    return tuple(
        Section(title, tuple((each.id, each.id in shown) for each in placed), tuple(_pieces(placed, shown)))
        for title, placed in opened
    )


def _pieces(fields: Sequence[Field], shown: frozenset[str]) -> Iterator[Piece]:
    for _, together in groupby(fields, key=lambda field: field.part_of or field.id):
        parts = list(together)
        block = parts[0].block
        labels = {each.id: part_of_field(block.kind, block.id, each.id).label for each in parts} if block else {}
        yield Piece(block, tuple((each.id, each.id in shown) for each in parts), labels)


def error_summary(form: Any) -> tuple[ErrorLine, ...]:
    """Return every error of a checked form in the order of its fields; a row says its number."""
    return tuple(_error_lines(form, ()))


def _error_lines(form: Any, rows: tuple[int, ...]) -> Iterator[ErrorLine]:
    for field in form:
        for sentence in field.errors:
            yield ErrorLine(getattr(field, "focus_id", field.id), _in_rows(rows, sentence))
        for number, entry in enumerate(getattr(field, "entries", ()), start=1):
            yield from _error_lines(entry.form, (*rows, number))


def _in_rows(rows: tuple[int, ...], said: str) -> str:
    for number in reversed(rows):
        said = Sentence("Dòng %(line)s: %(what)s", line=number, what=said)
    return said
