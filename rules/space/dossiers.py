"""The space of the dossiers of one table: its facts as axes, its rows as boxes, and boxes in which no dossier lies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rules.definition.procedure import ProcedureDefinition
from rules.derived import Registers, matched, registers_of
from rules.order import outputs_read, reads_of
from rules.space.axes import Axis, axis_of
from rules.space.impossible import hidden, impossible
from rules.space.literals import Literal, Literals, box_of, equal, no_others, on_days
from rules.space.runs import rest
from rules.space.sweep import Box, Boxes, Budget, BudgetSpentError, Space, numbers
from rules.table.cells import ANYTHING, Known, Test
from rules.table.decision import ON_DAY, Output, Row, Table
from rules.table.hits import counting, value_of
from rules.values import ALWAYS
from rules.vocabulary import Source, Vocabulary

MOST_AXES = 14
"""So many facts are looked at together; what would need more stays out, and the space is then not exact."""

MOST_REGIONS = 200
"""A table that feeds this one is followed while it cuts its own space into so many boxes at most."""

UPSTREAM_STEPS = 20_000

Value = Output | None
"""What a table gives for one output; a set of codes is a tuple, None is unknown."""

Domains = Mapping[str, tuple[int | None, int | None]]
"""The least and the most that numbers and days may be, both included; None: no bound is known."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every table's space is built from: one definition, read once."""

    definition: ProcedureDefinition
    domains: Domains
    vocabulary: Vocabulary = field(init=False)
    registers: Registers = field(init=False)
    tables: Mapping[str, Table] = field(init=False)
    read: Mapping[str, tuple[str, ...]] = field(init=False)
    """The outputs that something reads as facts, by table."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", self.definition.vocabulary)
        object.__setattr__(self, "registers", registers_of(self.definition))
        object.__setattr__(self, "read", outputs_read(self.definition))
        object.__setattr__(self, "tables", {table.id: matched(table) for table in self.definition.tables})


@dataclass(frozen=True, slots=True)
class DossierSpace:
    """The space of one table.

    `rows` are the boxes of its rows, None for a row that can never hit; `space` holds them (an empty box in such a
    place) and then the boxes in which no dossier lies. `hidden` are the boxes where a fact is not asked, by fact.
    `is_exact`: every dossier lies outside those boxes and every point outside them is one, as far as bounds tell.
    """

    table: Table
    axes: Mapping[str, Axis]
    rows: tuple[Box | None, ...]
    space: Space
    hidden: Mapping[str, tuple[Box, ...]]
    is_exact: bool
    meeting: Sequence[Boxes]
    """For every box of the space the others that it shares a point with."""

    @property
    def of_rows(self) -> Boxes:
        """The boxes of the rows as a set."""
        return (1 << len(self.rows)) - 1

    @property
    def barred(self) -> Boxes:
        """The boxes without dossiers as a set."""
        return self.space.all ^ self.of_rows


def dossier_space(ground: Ground, table: Table, beside: Iterable[Literals] = ()) -> DossierSpace:
    """Return the space of a table, which is one as it is matched; dossiers where `beside` holds are left out, too."""
    asked = _Asked(ground)
    asked.ask(name for name in ((ON_DAY,) if _is_dated(table) else ()))
    asked.ask(table.inputs)
    asked.settle()
    asked.leave_out(beside)
    tests = asked.tests(_literals_of(table))
    bounds = ground.domains
    axes = {name: axis_of(ground.vocabulary[name], tests[name], bounds.get(name, (None, None))) for name in asked.names}
    rows = tuple(box_of(literals, axes) for literals in _literals_of(table))
    nothing: Box = tuple(() for _ in axes)
    barred = _boxes(asked.barred, axes)
    space = Space([axis.size for axis in axes.values()], [*(row or nothing for row in rows), *barred])
    never_asked = {name: _boxes(hidden(name, ground.definition), axes) for name in table.inputs}
    exact = asked.is_exact and all(axis.is_exact for axis in axes.values())
    return DossierSpace(table, axes, rows, space, never_asked, exact, space.meeting())


def _boxes(each: Iterable[Literals], axes: Mapping[str, Axis]) -> tuple[Box, ...]:
    """Return the boxes of these literals, those left out that name a fact beyond the axes or never hold."""
    inside = (literals for literals in each if all(literal.fact in axes for literal in literals))
    return tuple(box for literals in inside if (box := box_of(literals, axes)) is not None)


def _is_dated(table: Table) -> bool:
    return any(row.period != ALWAYS for row in table.rows)


def _literals_of(table: Table) -> list[Literals]:
    return [tuple(_literals(table, row)) for row in table.rows]


def _literals(table: Table, row: Row) -> Iterator[Literal]:
    if row.period != ALWAYS:
        yield on_days(row.period)
    for name, cell in zip(table.inputs, row.when, strict=True):
        if cell.test != ANYTHING:
            yield Literal(name, cell.test)


class _Asked:
    """The facts that the question reaches, with the dossiers that there cannot be."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._waiting: list[str] = []
        self.names: list[str] = []
        self.barred: list[Literals] = []
        self.is_exact = True

    def ask(self, names: Iterable[str]) -> None:
        """Add facts that are not asked about yet."""
        for name in names:
            if name not in self.names:
                self.names.append(name)
                self._waiting.append(name)

    def settle(self) -> None:
        """Follow every fact to the dossiers that there cannot be, and the facts these name, while there is room."""
        while self._waiting:
            name = self._waiting.pop(0)
            for literals in self._barred_by(name):
                named = {each.fact for each in literals} - {*self.names}
                if len(self.names) + len(named) > MOST_AXES:
                    self.is_exact = False
                    continue
                self.barred.append(literals)
                self.ask(sorted(named))

    def leave_out(self, beside: Iterable[Literals]) -> None:
        """Leave out dossiers for another reason than that there are none."""
        for literals in beside:
            self.ask(each.fact for each in literals)
            self.settle()
            self.barred.append(literals)

    def _barred_by(self, name: str) -> Iterator[Literals]:
        ground, fact = self._ground, self._ground.vocabulary[name]
        yield from impossible(name, ground.definition, ground.vocabulary, ground.registers)
        if fact.source is Source.TABLE:
            yield from self._fed(name)
        elif fact.source is Source.COMPUTED or name in ground.registers.looked_up:
            self.is_exact = False

    def _fed(self, name: str) -> Iterator[Literals]:
        """Yield the values that an output cannot have: beside those of its table's rows, and where it has another."""
        of, _, output = name.partition(".")
        fact, table = self._ground.vocabulary[name], self._ground.tables[of]
        try:
            found = _regions(self._ground, table, output)
        except BudgetSpentError:
            found = []
        if not found or len(found) > MOST_REGIONS:
            self.is_exact = False
            yield from _other_values(self._ground, table, name, output)
            return
        for value, where in found:
            wanted = (*equal(fact, value), *(no_others(fact, value) if isinstance(value, tuple) else ()))
            yield from ((*where, literal.opposite) for literal in wanted)

    def tests(self, rows: Iterable[Literals]) -> dict[str, list[Test]]:
        """Return every test of every fact, which its axis must tell apart."""
        found: dict[str, list[Test]] = {name: [] for name in self.names}
        for literals in (*rows, *self.barred):
            for literal in literals:
                found[literal.fact].append(literal.test)
        return found


def _other_values(ground: Ground, table: Table, name: str, output: str) -> Iterator[Literals]:
    """Yield that an output is known and none of the values its rows give, where one row gives the value."""
    values = [table.output(row, output) for row in table.rows]
    singles = [equal(ground.vocabulary[name], value) for value in values if isinstance(value, str | bool | int)]
    if table.hit.value.startswith("collect_s") or table.hit.value.endswith("count") or len(singles) != len(values):
        return
    others = dict.fromkeys(literal.opposite for each in singles for literal in each)
    yield (Literal(name, Known(wanted=True)), *others)


def _regions(ground: Ground, table: Table, output: str) -> list[tuple[Value, Literals]]:
    """Return where a table gives which value of an output, the value of a set as a tuple."""
    literals = _literals_of(table)
    names = [*((ON_DAY,) if _is_dated(table) else ()), *table.inputs]
    tests: dict[str, list[Test]] = {name: [] for name in names}
    for each in literals:
        for literal in each:
            tests[literal.fact].append(literal.test)
    bounds = ground.domains
    axes = {name: axis_of(ground.vocabulary[name], tests[name], bounds.get(name, (None, None))) for name in names}
    nothing: Box = tuple(() for _ in axes)
    space = Space([axis.size for axis in axes.values()], [box_of(each, axes) or nothing for each in literals])

    def value(active: Boxes) -> Value:
        counted = counting(table, tuple(numbers(active)))
        found = None if counted is None else value_of(table, counted, output)
        return tuple(found) if isinstance(found, list) else found

    found = space.regions(value, lambda _, active: None if active else (value(0),), Budget(UPSTREAM_STEPS))
    said = [(label, _said(box, axes)) for label, box in found]
    return [(label, where) for label, where in said if where is not None] if all(w is not None for _, w in said) else []


def _said(box: Box, axes: Mapping[str, Axis]) -> Literals | None:
    """Return a box as literals, None where some of its runs cannot be said as a test or the opposite of one."""
    found: list[Literal] = []
    for runs, (name, axis) in zip(box, axes.items(), strict=True):
        test, others = axis.test(runs), rest(runs, axis.size)
        opposite = axis.test(others) if test is None else None
        if test is not None and test != ANYTHING:
            found.append(Literal(name, test))
        elif opposite is not None:
            found.append(Literal(name, opposite, wanted=False))
        elif test is None:
            return None
    return tuple(found)


def made_from(ground: Ground) -> Mapping[str, tuple[str, ...]]:
    """Return what every derived fact is made from."""
    definition = ground.definition
    return {
        **ground.registers.reads,
        **reads_of(definition.facts, ground.tables.values(), definition.steps_of_cases),
    }
