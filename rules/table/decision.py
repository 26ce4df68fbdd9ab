"""Table, row, hit policy and condition: one shape for every kind of rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rules.table.cells import Cell, holds
from rules.values import ALWAYS, MAX_WHOLE, LegalBasis, Period, Text
from rules.vocabulary import Facts, FactType

Output = int | str | bool | date | tuple[str, ...] | Text
"""One value a row gives: đồng, a whole or scaled number, a code, a truth value, a day, codes, a text for people."""

ON_DAY = "accepted_on"
"""The fact whose day decides which rows are in force."""


class HitPolicy(StrEnum):
    """What several hit rows mean (cách chọn dòng), as rules.table.hits resolves it; the names are those of OMG DMN."""

    UNIQUE = "unique"
    ANY = "any"
    FIRST = "first"
    PRIORITY = "priority"
    COLLECT = "collect"
    COLLECT_SUM = "collect_sum"
    COLLECT_MIN = "collect_min"
    COLLECT_MAX = "collect_max"
    COLLECT_COUNT = "collect_count"
    RULE_ORDER = "rule_order"
    OUTPUT_ORDER = "output_order"


RANKING = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})
"""Policies that ask which output is best."""

LISTING = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
"""Policies under which every hit row counts for itself."""

ASCENDING, DESCENDING = "ascending", "descending"
"""The order of numbers and days: the lowest is best, or the highest."""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """One output of a table.

    `codes` are those a code output can give: of its list, or of its rows. `order` ranks the values, the best first:
    codes or truth values one by one, or `ascending` or `descending` alone. `scale` is that of a fixed-point output.
    """

    id: str
    type: FactType
    codes: tuple[str, ...] = ()
    order: tuple[str | bool, ...] = ()
    scale: int = 0
    unit: str = ""
    list: str = ""
    label: Text | None = None

    def rank(self, value: Output | None) -> int:
        """Return how good the value is: the lower, the better; what has no rank comes last."""
        if self.order in ((ASCENDING,), (DESCENDING,)) and isinstance(value, int | date):
            number = value.toordinal() if isinstance(value, date) else value
            return number if self.order == (ASCENDING,) else -number
        return next((place for place, each in enumerate(self.order) if each == value), MAX_WHOLE)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: a cell per input, a value per output, its legal basis, and the days and territory it is in force.

    `territory` is empty where the rule holds everywhere.
    """

    id: str
    when: tuple[Cell, ...]
    then: tuple[Output | None, ...]
    basis: LegalBasis | None = None
    period: Period = ALWAYS
    note: Text | None = None
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table (bảng quy định): fact ids as inputs, typed outputs, a hit policy and rows with stable ids.

    `over` names the group whose members are among the inputs: the table is then matched once for each row of it.
    `origin` names the shared rule set the table came with. `on` names the fact whose day decides which rows are in
    force (ngày xét hiệu lực); empty: the legal day.
    """

    id: str
    label: Text
    hit: HitPolicy
    inputs: tuple[str, ...]
    outputs: tuple[OutputColumn, ...]
    rows: tuple[Row, ...]
    example: Text | None = None
    origin: str = ""
    over: str = ""
    on: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts the table reads: its inputs, and the one whose day decides which rows are in force."""
        return (*self.inputs, self.on) if self.on and self.on not in self.inputs else self.inputs

    def output(self, row: Row, output: str) -> Output | None:
        """Return what the row gives for this output; None where its cell is empty."""
        return row.then[self.position(output)]

    def position(self, output: str) -> int:
        """Return the place of an output among the outputs."""
        for place, column in enumerate(self.outputs):  # asked for every row that hits: a generator costs twice as much
            if column.id == output:
                return place
        raise KeyError(output)

    def in_force(self, row: Row, on: date) -> bool:
        """Tell whether the row is in force on the day."""
        return row.period.holds(on)


@dataclass(frozen=True, slots=True)
class Condition:
    """Any of several sets of cells, in each of which all must hold (shown_when, required when)."""

    any_of: tuple[Mapping[str, Cell], ...] = field(hash=False)

    def holds(self, facts: Facts) -> bool:
        """Tell whether the condition holds; a test on an unknown fact is false."""
        return any(all(holds(cell.test, facts.get(name)) for name, cell in group.items()) for group in self.any_of)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts the condition reads, each once, in the order of writing."""
        return tuple(dict.fromkeys(name for group in self.any_of for name in group))
