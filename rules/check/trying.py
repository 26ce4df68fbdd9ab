"""A definition tried with dossiers made up for it: golden cases looked at, and dossiers in a part of a table's space.

A dossier that takes its rest from a golden case reads better, and shows more, than one with what a table asks alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from rules import facts as facts_module
from rules.check.expectations import Parts, parts_of
from rules.check.findings import Witness
from rules.check.formulas import firm_domains
from rules.check.witnesses import Dossiers
from rules.clock.calendar import OfficeTime
from rules.definition.expected import Case
from rules.definition.procedure import ProcedureDefinition
from rules.derived import matched
from rules.errors import RulesError
from rules.evaluation.cases import run_case
from rules.evaluation.compared import rules_fired
from rules.evaluation.compile import CompiledProcedure, ReferenceTable, tried
from rules.evaluation.evaluate import evaluate, situation_of
from rules.evaluation.sayings import Sayings
from rules.evaluation.situation import Hits, Situation
from rules.match.interpreter import Interpreter
from rules.space.axes import Axis
from rules.space.dossiers import DossierSpace, Ground
from rules.space.runs import Runs
from rules.space.sweep import Box, numbers
from rules.table.decision import ON_DAY, Table
from rules.values import Text
from rules.vocabulary import DERIVED, MADE_FACTS, Fact, Facts, FactType
from rules.wording import begun, inner, phrase

MOST_ALIKE, MOST_OTHERS = 8, 16
"""The rest of a dossier is taken from so many golden cases that the table speaks in, and from so many others."""

_MINUTE = "accepted_minute"


@dataclass(frozen=True, slots=True)
class Look:
    """One dossier evaluated: its situation, the parts of the outcome, and the rules that the reasons name."""

    situation: Situation
    parts: Parts
    fired: frozenset[str]

    def points(self, table: Table) -> list[Facts]:
        """Return the facts the table is matched with: those of every row of its group, or those of the dossier."""
        situation = self.situation
        return [row.facts for row in situation.rows(table.over)] if table.over else [situation.facts]

    def hits(self, table: Table) -> tuple[Hits, ...]:
        """Return what hit in the table, for every point in order."""
        return self.situation.each(table.id) if table.over else (self.situation.hits[table.id],)

    def name(self, table: Table, columns: Sequence[str]) -> str:
        """Name the dossier by what these columns of the table ask: `Ngày tiếp nhận là 01/07/2026, số trang là 10`."""
        point = next(iter(self.points(table)), self.situation.facts)
        vocabulary = self.situation.procedure.vocabulary
        clauses = [_clause(vocabulary[name], point.get(name)) for name in columns]
        return ", ".join([*(begun(each).vi for each in clauses[:1]), *(inner(each).vi for each in clauses[1:])])


@dataclass(frozen=True, slots=True)
class Golden:
    """A golden case that comes out as expected, as a dossier and looked at."""

    case: Case
    witness: Witness
    look: Look


@dataclass(slots=True)
class Trying:
    """A definition made ready to be tried; `golden` are its golden cases that are green."""

    definition: ProcedureDefinition
    office: OfficeTime
    procedure: CompiledProcedure = field(init=False)
    ground: Ground = field(init=False)
    dossiers: Dossiers = field(init=False)
    golden: list[Golden] = field(init=False)
    looks: int = field(default=0, init=False)
    """How many dossiers were evaluated so far."""

    def __post_init__(self) -> None:
        self.procedure = tried(self.definition)
        self.ground = Ground(self.definition, firm_domains(self.definition))
        self.dossiers = Dossiers(self.ground, self.procedure)
        self.golden = list(self._green())

    def _green(self) -> Iterator[Golden]:
        for case in self.definition.cases:
            witness = Witness(facts_module.as_written(case.given, self.ground.vocabulary), case.on, case.at)
            if run_case(self.procedure, case, self.office).passed:
                look = self.look(witness)
                if look is not None:
                    yield Golden(case, witness, look)

    def look(self, witness: Witness, procedure: CompiledProcedure | None = None) -> Look | None:
        """Evaluate a dossier by this procedure, or by another of the same facts; None where it is refused."""
        self.looks += 1
        by = procedure or self.procedure
        given = facts_module.written(dict(witness.facts), self.ground.vocabulary)
        try:
            situation, _ = situation_of(by, given, on=witness.on, at=witness.at, office=self.office)
            outcome = evaluate(by, given, on=witness.on, at=witness.at, office=self.office)
        except RulesError:
            return None
        return Look(situation, parts_of(outcome, by.definition), frozenset(rules_fired(outcome)))

    def with_table(self, table: Table) -> CompiledProcedure:
        """Return the procedure with this table in place of the one with its id."""
        old = self.procedure
        ready = ReferenceTable(matched(table), Interpreter(matched(table)))
        tables = tuple(table if each.id == table.id else each for each in self.definition.tables)
        return replace(
            old,
            definition=replace(self.definition, tables=tables),
            tables={**old.tables, table.id: ready},
            steps=tuple(ready if step is old.tables[table.id] else step for step in old.steps),
            sayings=Sayings(old.vocabulary, old.documents, old.made_from),
        )

    def dossiers_in(self, space: DossierSpace, box: Box) -> Iterator[tuple[Witness, Look]]:
        """Yield whole dossiers in the box and in no box without dossiers, the most telling first."""
        own = {row.id for row in space.table.rows}
        alike = [each for each in self.golden if own & each.look.fired]
        others = [each for each in self.golden if each not in alike]
        for each in alike[:MOST_ALIKE]:
            yield from self._checked(self._moved(each, space, box), space, box)
        plain = self.dossiers.dossier(space, box)
        if plain is not None:
            yield from (found for each in alike[:1] for found in self._checked(_joined(plain, each), space, box))
            yield from self._checked(plain, space, box)
        for each in others[:MOST_OTHERS]:
            yield from self._checked(self._moved(each, space, box), space, box)

    def _moved(self, golden: Golden, space: DossierSpace, box: Box) -> Witness:
        """Return the dossier of a golden case with what is asked for in its place, its days moved with its day."""
        point = next(iter(golden.look.points(space.table)), golden.look.situation.facts)
        wanted = {
            name: axis.value(runs[0][0])
            for runs, (name, axis) in zip(box, space.axes.items(), strict=True)
            if not _lies(_place(point.get(name), axis), runs)
        }
        on: date = wanted.pop(ON_DAY, golden.case.on)
        given = _shifted(golden.case.given, on - golden.case.on)
        at = golden.case.at + (on - golden.case.on) if golden.case.at else None
        if _MINUTE in wanted and wanted[_MINUTE] is not None:
            at = datetime.combine(on, time(*divmod(wanted.pop(_MINUTE), 60)))
        for name, value in wanted.items():
            if self._is_given(name):
                given = _with(given, self.ground.vocabulary[name], value)
        return Witness(facts_module.as_written(given, self.ground.vocabulary), on, at)

    def _is_given(self, name: str) -> bool:
        return self.ground.vocabulary[name].source not in DERIVED and name not in MADE_FACTS

    def _checked(self, witness: Witness, space: DossierSpace, box: Box) -> Iterator[tuple[Witness, Look]]:
        """Yield the dossier without answers that the form would not ask for, if it still lies where it is wanted."""
        first = self.look(witness)
        if first is None:
            return
        shown = self._shown(witness.facts, first.situation.facts)
        same = len(shown) == len(witness.facts)
        witness = witness if same else replace(witness, facts=shown)
        look = first if same else self.look(witness)
        if look is not None and any(lies_in(point, space, box) for point in look.points(space.table)):
            yield witness, look

    def _shown(self, given: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
        fields = {each.id: each for each in self.definition.fields}
        hidden = {name for name, each in fields.items() if each.shown_when and not each.shown_when.holds(facts)}
        return {name: value for name, value in given.items() if name not in hidden}


def _clause(fact: Fact, value: Any) -> Text:
    if value is None or value == []:
        said = Text("chưa có dữ liệu", "not known") if value is None else Text("không chọn gì", "nothing chosen")
        return phrase("{} {}", "{}: {}", fact.label, said)
    if fact.type in (FactType.TEXT, FactType.GROUP):
        return phrase("{} đã có", "{} known", fact.label)
    return phrase("{} là {}", "{}: {}", fact.label, fact.shown(value))


def _joined(plain: Witness, golden: Golden) -> Witness:
    """Return a dossier with whatever it lacks taken from a golden case."""
    return replace(plain, facts={**golden.witness.facts, **plain.facts})


def _shifted(given: Facts, by: timedelta) -> dict[str, Any]:
    """Return facts with every day and moment moved so far, those in rows of groups included."""
    return {name: _shifted_value(value, by) for name, value in given.items()}


def _shifted_value(value: Any, by: timedelta) -> Any:
    if isinstance(value, date):
        first, last = date.min.toordinal(), date.max.toordinal()
        return value + by if first < value.toordinal() + by.days < last else value
    if isinstance(value, list):
        return [_shifted_value(each, by) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return _shifted(value, by) if isinstance(value, Mapping) else value  # pyright: ignore[reportUnknownArgumentType]


def _with(given: Facts, fact: Fact, value: Any) -> dict[str, Any]:
    """Return facts in which this one has the value, None being unknown; of a group only the first row is left."""
    group, _, member = fact.id.partition(".")
    if not fact.of:
        return {name: each for name, each in {**given, fact.id: value}.items() if each is not None}
    rows: list[dict[str, Any]] = given.get(group) or [{}]
    row = {name: each for name, each in {**rows[0], member: value}.items() if each is not None}
    return {**given, group: [row]}


def lies_in(facts: Facts, space: DossierSpace, box: Box) -> bool:
    """Tell whether a point lies in the box, and in none of the boxes without dossiers."""
    found = places_of(facts, space.axes)
    barred = (space.space.boxes[number] for number in numbers(space.barred))
    return _holds(box, found) and not any(_holds(each, found) for each in barred)


def places_of(facts: Facts, axes: Mapping[str, Axis]) -> tuple[int, ...]:
    """Return the place of each fact on its axis, -1 for a set of codes that the axis leaves out."""
    return tuple(_place(facts.get(name), axis) for name, axis in axes.items())


def _place(value: Any, axis: Axis) -> int:
    try:
        return axis.place(value)
    except KeyError:
        return -1


def _holds(box: Box, point: tuple[int, ...]) -> bool:
    return all(_lies(place, runs) for runs, place in zip(box, point, strict=True))


def _lies(place: int, runs: Runs) -> bool:
    return any(low <= place < high for low, high in runs)
