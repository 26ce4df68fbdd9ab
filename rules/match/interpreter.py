"""The reference matcher: small, obviously right, and the one that can say why a row does not hit.

Rows are bits of a whole number, the first row the lowest bit. A column asks its cells once for all values that they
answer alike, and remembers the rows that failed (docs/decisions/0012).
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from rules.table.cells import Anything, Has, Known, OneOf, Test, Within, as_number, holds
from rules.table.decision import ON_DAY, Row, Table

Rows = int
"""A set of rows: bit n stands for the row in place n."""

Sameness = Callable[[Any], Hashable]
"""Gives the same answer for two values (None being unknown) exactly when no cell of the column can tell them apart."""

MOST_REMEMBERED = 1_000
"""So many answers a column remembers before it begins anew: sets of codes can differ in endless ways."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The hit rows (by place, in order), for every input the rows whose test of it fails, and all rows.

    The input `ON_DAY` in first place holds the rows that are not in force on the day.
    """

    hit: tuple[int, ...]
    failing: tuple[tuple[str, Rows], ...]
    all: Rows = 0

    def left(self, unknown: frozenset[str]) -> Iterator[int]:
        """Yield the places of the rows that would hit if they passed every test of these inputs, in order."""
        left = self.all
        for name, rows in self.failing:
            if name not in unknown:
                left &= ~rows
        return places(left)

    def near(self) -> Iterator[tuple[int, str]]:
        """Yield the places of the rows with exactly one failing test, in order, each with that test's input."""
        once = twice = 0
        for _, rows in self.failing:
            twice |= once & rows
            once |= rows
        single = once & ~twice
        while single:
            row = single & -single
            for name, rows in self.failing:  # asked of every row that almost applies: a generator costs twice as much
                if rows & row:
                    yield row.bit_length() - 1, name
                    break
            single ^= row


def places(rows: Rows) -> Iterator[int]:
    """Yield the places of the rows in the set, in order."""
    while rows:
        lowest = rows & -rows
        yield lowest.bit_length() - 1
        rows ^= lowest


class Interpreter:
    """Matches the rows of one table, one column after the other."""

    def __init__(self, table: Table) -> None:
        self._all: Rows = (1 << len(table.rows)) - 1
        self._in_force = _in_force(table.rows)
        self._columns = [(name, _column(place, table)) for place, name in enumerate(table.inputs)]

    def match(self, facts: Mapping[str, Any], on: date) -> Outcome:
        """Return the hit rows and the failing tests of the others."""
        failing = [(ON_DAY, self._in_force.failing(on))]
        failing += [(name, column.failing(facts.get(name))) for name, column in self._columns]
        left = self._all
        for _, rows in failing:
            left &= ~rows
        return Outcome(tuple(places(left)), tuple(failing), self._all)


class _Column:
    """The cells of one input, each the bit of its row and its test."""

    def __init__(self, cells: Sequence[tuple[Rows, Callable[[Any], bool]]], sameness: Sameness) -> None:
        self._cells = cells
        self._sameness = sameness
        self._remembered: dict[Hashable, Rows] = {}

    def failing(self, value: Any) -> Rows:
        """Return the rows whose cell the value (None is unknown) does not pass."""
        key = self._sameness(value)
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = sum(row for row, passes in self._cells if not passes(value))
        return found


def _in_force(rows: Sequence[Row]) -> _Column:
    dated = [(1 << place, row.period) for place, row in enumerate(rows) if row.period.since or row.period.until]
    edges = {edge for _, period in dated for edge in (period.since, period.until) if edge}
    return _Column([(row, period.holds) for row, period in dated], _between(sorted(map(as_number, edges))))


def _column(place: int, table: Table) -> _Column:
    tests = [(1 << number, row.when[place].test) for number, row in enumerate(table.rows)]
    asked = [(row, test) for row, test in tests if not isinstance(test, Anything)]
    return _Column([(row, partial(holds, test)) for row, test in asked], _sameness([test for _, test in asked]))


def _sameness(tests: Sequence[Test]) -> Sameness:
    """Return what tells values of the column apart; its cells are of one kind, besides `known` and `unknown`."""
    told = [test for test in tests if not isinstance(test, Known)]
    assert len({type(test) for test in told}) <= 1, "the type of the fact decides the kind of its cells"
    spans = [span for test in told if isinstance(test, Within) for span in test.spans]
    if spans:
        return _between(sorted({edge for span in spans for edge in span if edge is not None}))
    codes = frozenset(code for test in told if isinstance(test, Has) for code in test.codes)
    if codes:
        return _holding(codes)
    values = frozenset(value for test in told if isinstance(test, OneOf) for value in test.values)
    return _among(values) if values else _known


def _known(value: Any) -> Hashable:
    return value is not None


def _between(edges: list[int]) -> Sameness:
    """Tell numbers apart by the edges they lie between; an edge belongs to what follows it."""
    return lambda value: None if value is None else bisect_right(edges, as_number(value))


def _holding(codes: frozenset[str]) -> Sameness:
    """Tell sets apart by which of these codes they hold."""
    return lambda value: None if value is None else codes.intersection(value)


def _among(values: frozenset[str | bool]) -> Sameness:
    """Tell these values apart; all others are alike."""
    return lambda value: (value, True) if value in values else (None, value is not None)
