"""What stands around a generated list: chips, finders, columns, pages, kept filters; each a label and an address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import get_locale, gettext

from app.security.assignment import Rights
from app.security.verbs import Verb
from app.services.dossier_cells import Cell
from app.services.dossier_list import Page, Row
from app.services.listed_versions import KeptFilter, ListedProcedure
from app.web.formats import said
from forms.listed import Column, Finder
from forms.question import FIRST_SORT, Bounds, Fault, Question, bound_said, public, written
from forms.searched import Compared
from rules.lifecycle import STATE_LABELS, State

ENDS = ("", ".from", ".to")
MOST_CHIPS = 6
"""A field of so few codes has a chip for each; longer lists stand in the finder."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One chip: what it says, where it leads, whether it is on."""

    label: str
    url: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """One field of the finder, with what stands in it: texts by the ends of its names."""

    name: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    chosen: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict[str, str])


def address_of(procedure: ListedProcedure, question: Question, page: str = "list", **more: str) -> str:
    """Return the address under which the list answers this question; empty values are left out."""
    pairs = [*written(question, procedure.listing), *((name, value) for name, value in more.items() if value)]
    base = url_for(f"DossierListView.{page}", code=procedure.code)
    return f"{base}?{urlencode(pairs)}" if pairs else base


@dataclass(frozen=True)
class Panel:
    """A list and everything around it, for one request. `typed` is what could not be read, kept as it was typed."""

    procedure: ListedProcedure
    question: Question
    page: Page
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    faults: tuple[Fault, ...] = ()
    is_number: bool = False
    opened: str = ""
    rights: Rights | None = None

    def address(self, question: Question | None = None, page: str = "list", **more: str) -> str:
        """Return the address of this list asked so; of the question that stands, where no other is given."""
        return address_of(self.procedure, question or self.question, page, **more)

    @property
    def plain_url(self) -> str:
        """The list with nothing asked."""
        return address_of(self.procedure, Question(columns=self.question.columns))

    @property
    def states(self) -> Iterator[Chip]:
        """A chip for each step."""
        for state in State:
            on = state in self.question.states
            others = tuple(each for each in self.question.states if each != state)
            asked = replace(self.question, states=others if on else (*others, state.value))
            yield Chip(said(STATE_LABELS[state]), self.address(asked), on)

    @property
    def code_chips(self) -> Iterator[tuple[str, list[Chip]]]:
        """For each field of few codes its label and a chip for each code."""
        for finder in self.procedure.listing.finders.values():
            if finder.compared is Compared.CODE and len(finder.codes) <= MOST_CHIPS:
                yield said(finder.label), [self._code_chip(finder, code) for code in finder.codes]

    def _code_chip(self, finder: Finder, code: str) -> Chip:
        chosen = self.question.asked.get(finder.name, ())
        is_on = isinstance(chosen, tuple) and code in chosen
        return Chip(said(finder.codes[code]), self.address(self.question.toggled(finder.name, code)), is_on)

    @property
    def asked_chips(self) -> Iterator[Chip]:
        """A chip for each field asked by, which takes it away again."""
        for name, asked in self.question.asked.items():
            finder = self.procedure.listing.finders[name]
            if isinstance(asked, Bounds) or finder.compared is Compared.WORDS or len(finder.codes) > MOST_CHIPS:
                told = f"{said(finder.label)}: {_asked_said(finder, asked)}"
                yield Chip(told, self.address(self.question.without(name)), is_on=True)

    @property
    def sought(self) -> Iterator[Sought]:
        """The fields of the finder, but for those that have chips."""
        for finder in self.procedure.listing.finders.values():
            if finder.compared is not Compared.CODE or len(finder.codes) > MOST_CHIPS:
                yield self._sought(finder)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the finder sends along: everything that has no field in it."""
        inside = {each.name for each in self.sought}
        pairs = written(replace(self.question, words=""), self.procedure.listing)
        return [(name, value) for name, value in pairs if name.removesuffix(".from").removesuffix(".to") not in inside]

    def _sought(self, finder: Finder) -> Sought:
        name = public(finder.name)
        asked = self.question.asked.get(finder.name)
        values = {"": asked[0]} if isinstance(asked, tuple) and asked else {}
        if isinstance(asked, Bounds):
            ends = ((".from", asked.least), (".to", asked.most))
            values = {end: bound_said(finder, at) for end, at in ends if at is not None}
        for end in ENDS:
            if given := self.typed.get(name + end):
                values[end] = given[0][:100]
        own = {name + end: end for end in ENDS}
        errors = {own[fault.name]: said(fault.sentence) for fault in self.faults if fault.name in own}
        options = tuple((code, said(label)) for code, label in finder.codes.items())
        chosen = asked if isinstance(asked, tuple) else ()
        return Sought(name, said(finder.label), finder.compared.value, options, values, chosen, errors)

    @property
    def error_lines(self) -> list[tuple[str, str]]:
        """Every sentence about what was typed, with the id of its field."""
        return [(said(fault.sentence), f"find-{fault.name}") for fault in self.faults]

    def sort_url(self, column: Column) -> str:
        """Return where the list sorted by this column is; by the other end first where it already is."""
        name = public(column.name)
        is_newest_first = name == "received" and self.question.sort != FIRST_SORT
        asked = f"-{name}" if self.question.sort == name or is_newest_first else name
        return self.address(replace(self.question, sort=asked))

    def sorted_as(self, column: Column) -> str:
        """Return how a column is sorted, as browsers tell it: ascending, descending, or not."""
        if not self.page.is_sorted or self.question.sorted_by != column.name:
            return ""
        return "descending" if self.question.is_downwards else "ascending"

    @property
    def columns(self) -> list[tuple[str, str, bool]]:
        """Every column with its public name, its label and whether it is shown."""
        shown = {column.name for column in self.page.columns}
        every = self.procedure.listing.columns.items()
        return [(public(name), said(each.label), name in shown) for name, each in every]

    @property
    def without_columns(self) -> list[tuple[str, str]]:
        """The question as pairs, but for its columns."""
        return written(replace(self.question, columns=()), self.procedure.listing)

    @property
    def rows(self) -> Iterator[tuple[Row, list[tuple[str, str, str]]]]:
        """Each dossier with its cells: column, class and text in the reader's language."""
        heads = [(said(column.label), "number" if column.is_number else "") for column in self.page.columns]
        is_english = says_english()
        for row in self.page.rows:
            texts = (cell_text(cell, is_english=is_english) for cell in row.cells)
            yield row, [(head, kind, text) for (head, kind), text in zip(heads, texts, strict=True)]

    @property
    def kept_chips(self) -> Iterator[tuple[KeptFilter, str, bool]]:
        """The filters the person keeps, with their addresses and whether one is open."""
        base = url_for("DossierListView.list", code=self.procedure.code)
        for each in self.procedure.kept:
            query = urlencode([*each.pairs, ("saved", str(each.uuid))])
            yield each, f"{base}?{query}", str(each.uuid) == self.opened

    @property
    def opened_filter(self) -> KeptFilter | None:
        """The kept filter that is open."""
        return next((each for each in self.procedure.kept if str(each.uuid) == self.opened), None)

    @property
    def may_act(self) -> bool:
        """Whether ticks and the acts on several dossiers are shown."""
        return self.rights is not None and (self.rights.may(Verb.PROCESS) or self.rights.may(Verb.RETURN))

    @property
    def may_export(self) -> bool:
        """Whether the buttons of an export are shown; whether it is allowed is checked again by the act."""
        return self.rights is not None and self.rights.may(Verb.EXPORT)

    @property
    def show_base(self) -> str:
        """The address of dossiers, before the public id of one."""
        return url_for("DossierView.worklist")


def says_english() -> bool:
    """Say whether the reader of this request reads English."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def cell_text(cell: Cell, *, is_english: bool) -> str:
    """Return a cell in the reader's language; what people wrote stays as they wrote it."""
    if not is_english:
        return cell.shown.vi
    return gettext(cell.label) if cell.label else cell.shown.english


def _asked_said(finder: Finder, asked: Any) -> str:
    if not isinstance(asked, Bounds):
        return ", ".join(said(finder.codes[each]) if each in finder.codes else each for each in asked)
    ends = ("" if at is None else bound_said(finder, at) for at in (asked.least, asked.most))
    return " – ".join(end or "…" for end in ends)
