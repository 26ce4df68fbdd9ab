"""Sections and order of a form for a template, and the summary of its errors: plain data, no HTML."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forms.sentence import Sentence
from rules.definition.procedure import ProcedureDefinition
from rules.values import Text


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form: its title (None for fields before the first one) and (field id, shown) in order."""

    title: Text | None
    fields: tuple[tuple[str, bool], ...]

    @property
    def shown(self) -> bool:
        """Tell whether any field of the section is shown."""
        return any(shown for _, shown in self.fields)


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error summary: the HTML id it links to, and the same words that stand beside the field.

    The words are a Sentence where they are ours, so that the page can say them in the reader's language.
    """

    target: str
    sentence: str


def sections(definition: ProcedureDefinition, shown: frozenset[str]) -> tuple[Section, ...]:
    """Return the sections of the form in the order of the definition."""
    opened: list[tuple[Text | None, list[tuple[str, bool]]]] = []
    for field in definition.fields:
        if field.section is not None or not opened:
            opened.append((field.section, []))
        opened[-1][1].append((field.id, field.id in shown))
    return tuple(Section(title, tuple(placed)) for title, placed in opened)


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
