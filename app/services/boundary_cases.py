"""The boundary cases of a draft (ca biên) as their page shows them: in words, table by table, open or confirmed."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.importers.strict_yaml import Loaded
from app.services.draft_cases import CaseData, content_of, decoded_cases, shown_dossier
from app.services.draft_proof import BOUNDARIES, Standing, standing
from app.services.errors import StaleError
from app.services.finding import ShownDossier
from app.services.procedure import quoted, read_definition
from app.storage.procedure import ProcedureDraft
from rules.definition.expected import Case
from rules.definition.procedure import ProcedureDefinition
from rules.say.definition import readable
from rules.say.readable import ReadableRow
from rules.values import Text

PAGE_SIZE = 10
OPEN, CONFIRMED = "open", "confirmed"
STATES = (OPEN, CONFIRMED)


@dataclass(frozen=True, slots=True)
class Place:
    """A rule in the file as the administrator wrote it: which row, on which line, and that line."""

    row: str
    line: int
    quoted: str


@dataclass(frozen=True, slots=True)
class Why:
    """A row that decides a dossier, as a sentence; `row` is empty where none applies, and it is said why."""

    row: str
    said: Text


@dataclass(frozen=True, slots=True)
class ShownCase:
    """One boundary case in words: the dossier, what comes out by this table and at all, why, and where the rules stand.

    `covered_by` is the name of the golden case that confirms it, empty while it is open.
    """

    key: str
    name: str
    dossier: ShownDossier
    comes_to: tuple[str, ...]
    whole: tuple[str, ...]
    why: tuple[Why, ...]
    places: tuple[Place, ...]
    covered_by: str


@dataclass(frozen=True, slots=True)
class TableCases:
    """One table among those with boundary cases: how many are open and how many somebody confirmed.

    `impossible` pairs of values no dossier has; for `left_out` ones no dossier was found within the budget.
    """

    id: str
    label: Text
    open: int
    confirmed: int
    impossible: int
    left_out: int

    @property
    def count(self) -> int:
        """How many cases there are."""
        return self.open + self.confirmed


@dataclass(frozen=True, slots=True)
class BoundaryPage:
    """One page of the cases of one table, beside all tables; no table where none was made yet."""

    standing: Standing
    tables: tuple[TableCases, ...] = ()
    shown: TableCases | None = None
    state: str = ""
    cases: tuple[ShownCase, ...] = ()
    page: int = 0
    count: int = 0

    @property
    def open(self) -> int:
        """How many cases of all tables are open."""
        return sum(table.open for table in self.tables)

    @property
    def confirmed(self) -> int:
        """How many cases of all tables are confirmed."""
        return sum(table.confirmed for table in self.tables)


@dataclass(frozen=True, slots=True)
class _Known:
    """A boundary case as it was made, read for this definition; `covered_by` names the golden case that confirms it."""

    told: Mapping[str, Any]
    case: Case
    covered_by: str


def boundary_page(session: Session, draft: ProcedureDraft, *, table: str, state: str, page: int) -> BoundaryPage:
    """Return a page of the boundary cases of the draft; an unknown table is the first one with something open."""
    definition, loaded = read_definition(draft.source_text)
    known = standing(session, draft, definition, BOUNDARIES)
    made = _by_table(draft, definition, known)
    labels = {each.id: each.label for each in definition.tables}
    tables = tuple(_counted(told, cases, labels) for told, cases in made)
    shown = _chosen(tables, table)
    if shown is None:
        return BoundaryPage(known, tables)
    every = next(cases for told, cases in made if told["table"] == shown.id)
    wanted = [each for each in every if state not in STATES or bool(each.covered_by) is (state == CONFIRMED)]
    page = min(page, max((len(wanted) - 1) // PAGE_SIZE, 0))
    telling = _Telling(draft, definition, loaded, shown.id)
    part = wanted[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    return BoundaryPage(known, tables, shown, state, tuple(map(telling.shown, part)), page, len(wanted))


def _by_table(
    draft: ProcedureDraft, definition: ProcedureDefinition, known: Standing
) -> list[tuple[Mapping[str, Any], list[_Known]]]:
    """Return every table that has boundary cases, as it was told, with its cases."""
    found: list[Mapping[str, Any]] = known.proof.result["tables"] if known.proof and known.proof.result else []
    every = iter(decoded_cases(definition, [each["case"] for told in found for each in told["cases"]]))
    covering = _covering(draft, definition)
    return [
        (told, [_Known(each, case := next(every), covering(each, case)) for each in told["cases"]]) for told in found
    ]


def _covering(draft: ProcedureDraft, definition: ProcedureDefinition) -> Callable[[Mapping[str, Any], Case], str]:
    """Return what names the golden case of the draft as it is that confirms a boundary case, while that is green.

    It says the very same; or it is one of other facts in the same cells, which the proof itself told of.
    """
    green = {each["name"] for each in draft.case_results if each["passed"]}
    cases = [case for case in definition.cases if case.name.vi in green]
    contents, names = {content_of(case): case.name.vi for case in cases}, {case.name.vi for case in cases}

    def name(told: Mapping[str, Any], case: Case) -> str:
        known = told["covered_by"] or ""
        return contents.get(content_of(case), known if known in names else "")

    return name


def _counted(told: Mapping[str, Any], cases: Sequence[_Known], labels: Mapping[str, Text]) -> TableCases:
    confirmed = sum(bool(each.covered_by) for each in cases)
    return TableCases(
        id=told["table"], label=labels.get(told["table"], Text(told["label"])), open=len(cases) - confirmed,
        confirmed=confirmed, impossible=told["impossible"], left_out=told["left_out"],
    )  # fmt: skip


def _chosen(tables: Sequence[TableCases], wanted: str) -> TableCases | None:
    named = (table for table in tables if table.id == wanted)
    with_open = (table for table in tables if table.open)
    return next(named, next(with_open, next(iter(tables), None)))


class _Telling:
    """Says the cases of one table."""

    def __init__(self, draft: ProcedureDraft, definition: ProcedureDefinition, loaded: Loaded, table: str) -> None:
        self._draft, self._definition, self._loaded = draft, definition, loaded
        self._rows: dict[str, ReadableRow] = {
            row.id: row for each in readable(definition).tables if each.id == table for row in each.rows
        }
        self._places = dict(self._placed(table))

    def _placed(self, table: str) -> Iterator[tuple[str, Place]]:
        for number, each in enumerate(self._definition.tables):
            if each.id == table:
                for place, row in enumerate(each.rows):
                    line = self._loaded.line_of(("tables", number, "rows", place))
                    yield row.id, Place(row.id, line, quoted(self._draft.source_text, line))

    def shown(self, known: _Known) -> ShownCase:
        """Say one case."""
        told = known.told
        rows = [self._rows[row] for row in told["rows"] if row in self._rows]
        why = tuple(Why(row.id, row.sentence) for row in rows)
        return ShownCase(
            key=key_of(told["case"]),
            name=told["name"],
            dossier=shown_dossier(self._definition, known.case),
            comes_to=tuple(told["comes_to"]),
            whole=tuple(told["whole"]),
            why=why or tuple(Why("", Text(each)) for each in told["why"]),
            places=tuple(self._places[row] for row in told["rows"] if row in self._places),
            covered_by=known.covered_by,
        )


def key_of(case: CaseData) -> str:
    """Return what a suggested case is known by on a page."""
    return hashlib.sha256(json.dumps(case, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def cases_to_confirm(
    session: Session, draft: ProcedureDraft, *, keys: Collection[str] = (), table: str = ""
) -> list[CaseData]:
    """Return the cases with these keys, or all of a table that are open, as a definition writes them."""
    definition, _ = read_definition(draft.source_text)
    known = standing(session, draft, definition, BOUNDARIES)
    if known.proof is None:
        raise StaleError("Các ca biên này không còn khớp với dự thảo.", todo="Dựng lại ca biên rồi xem lại.")
    made = _by_table(draft, definition, known)
    if table:
        return [
            each.told["case"] for told, cases in made if told["table"] == table for each in cases if not each.covered_by
        ]
    return [each.told["case"] for _, cases in made for each in cases if key_of(each.told["case"]) in keys]
