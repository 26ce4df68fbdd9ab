"""The typing errors of a draft that nobody would notice (lỗi gõ), with the cases that would catch them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.services.boundary_cases import key_of
from app.services.draft_cases import CaseData, content_of, decoded_cases, shown_dossier
from app.services.draft_proof import MUTANTS, Standing, standing
from app.services.errors import StaleError
from app.services.finding import ShownDossier
from app.services.procedure import read_definition
from app.storage.procedure import ProcedureDraft
from forms.sentence import Sentence
from rules.check.figures import FIGURES
from rules.check.mistyped import CONDITIONS
from rules.definition.expected import Case
from rules.definition.procedure import ProcedureDefinition
from rules.values import Text

OUTSIDE = {CONDITIONS: ("-conditions", Sentence("Các điều kiện ngoài bảng")),
           FIGURES: ("-figures", Sentence("Các số ngoài bảng"))}  # fmt: skip
"""What stands outside tables, by the label a report gives it: how it is called where a table is called by its id."""


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """A typing error that no golden case notices: what a dossier gives now, and what it would give."""

    what: str
    now: tuple[str, ...]
    would: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catching:
    """A golden case that would notice these errors; `is_added` once the draft has it."""

    key: str
    name: str
    dossier: ShownDossier
    errors: tuple[Unnoticed, ...]
    is_added: bool


@dataclass(frozen=True, slots=True)
class TableErrors:
    """The typing errors of one table, or of the conditions or the figures outside tables.

    Of `total` ones that would change something `caught` are noticed already. `unseen` ones show in no dossier that was
    tried, `undecided` ones were not decided within the budget, `left_out` ones not looked at, of which
    `untried` says those that are few; `equivalent` ones change nothing.
    """

    id: str
    label: Text | Sentence
    total: int
    caught: int
    cases: tuple[Catching, ...]
    unseen: tuple[str, ...]
    undecided: tuple[str, ...]
    equivalent: int
    left_out: int
    untried: tuple[str, ...]

    @property
    def unnoticed(self) -> int:
        """How many nobody would notice with the golden cases as they are now."""
        return sum(len(case.errors) for case in self.cases if not case.is_added)


@dataclass(frozen=True, slots=True)
class ErrorsPage:
    """All typing errors of a draft, and the table that is shown; none where they were not tried yet."""

    standing: Standing
    tables: tuple[TableErrors, ...] = ()
    shown: TableErrors | None = None

    @property
    def total(self) -> int:
        """How many typing errors would change something."""
        return sum(table.total for table in self.tables)

    @property
    def unnoticed(self) -> int:
        """How many of them nobody would notice."""
        return sum(table.unnoticed for table in self.tables)

    @property
    def untried(self) -> int:
        """How many could not be decided or were not looked at."""
        return sum(len(table.unseen) + len(table.undecided) + table.left_out for table in self.tables)


def errors_page(session: Session, draft: ProcedureDraft, *, table: str = "") -> ErrorsPage:
    """Return what is known of the typing errors of the draft; an unknown table is the first with unnoticed ones."""
    definition, _ = read_definition(draft.source_text)
    known = standing(session, draft, definition, MUTANTS)
    if known.proof is None or known.proof.result is None:
        return ErrorsPage(known)
    found: list[Mapping[str, Any]] = known.proof.result["tables"]
    every = iter(decoded_cases(definition, [case for told in found for case in told["cases"]]))
    green = {each["name"] for each in draft.case_results if each["passed"]}
    kept = frozenset(content_of(case) for case in definition.cases if case.name.vi in green)
    tables = tuple(_table(told, definition, every, kept) for told in found)
    named = (each for each in tables if each.id == table)
    with_some = (each for each in tables if each.unnoticed)
    return ErrorsPage(known, tables, next(named, next(with_some, next(iter(tables), None))))


def _table(
    told: Mapping[str, Any], definition: ProcedureDefinition, every: Iterator[Case], kept: Collection[str]
) -> TableErrors:
    labels = {each.id: each.label for each in definition.tables}
    table_id = told["table"]
    called, label = (table_id, labels[table_id]) if table_id else OUTSIDE[told["label"]]
    read = [(number, data, next(every)) for number, data in enumerate(told["cases"])]
    return TableErrors(
        id=called,
        label=label,
        total=told["total"],
        caught=told["caught"],
        cases=tuple(
            Catching(
                key=key_of(data),
                name=case.name.vi,
                dossier=shown_dossier(definition, case),
                errors=tuple(_error(each) for each in told["unnoticed"] if each["case"] == number),
                is_added=content_of(case) in kept,
            )
            for number, data, case in read
        ),
        unseen=tuple(told["unseen"]),
        undecided=tuple(told["undecided"]),
        equivalent=told["equivalent"],
        left_out=told["left_out"],
        untried=tuple(told["untried"]),
    )


def _error(told: Mapping[str, Any]) -> Unnoticed:
    return Unnoticed(told["what"], tuple(told["now"]), tuple(told["would"]))


def cases_to_add(session: Session, draft: ProcedureDraft, *, keys: Collection[str]) -> list[CaseData]:
    """Return the cases with these keys that would catch typing errors, as a definition writes them."""
    definition, _ = read_definition(draft.source_text)
    known = standing(session, draft, definition, MUTANTS)
    if known.proof is None or known.proof.result is None:
        raise StaleError("Kết quả thử lỗi gõ không còn khớp với dự thảo.", todo="Thử lại rồi chọn lại.")
    return [case for told in known.proof.result["tables"] for case in told["cases"] if key_of(case) in keys]
