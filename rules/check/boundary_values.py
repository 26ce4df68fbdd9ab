"""Boundary values (giá trị biên) of the columns of a table: numbers on each edge and before it, codes, sets, truths."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from rules.space.axes import UNKNOWN, Axis, NumberAxis, SetAxis, ValueAxis
from rules.space.runs import Runs, runs_of
from rules.table.cells import ANY_CELL, ANYTHING, Cell, OneOf, Range, Test, Within, holds
from rules.table.decision import ON_DAY, Row, Table
from rules.values import ALWAYS, Period
from rules.vocabulary import FactType


def columns_of(table: Table) -> Iterator[str]:
    """Yield the facts that rows of the table test, the day of acceptance first where rows are dated by it."""
    if any(row.period != ALWAYS for row in table.rows):
        yield ON_DAY
    dated = any(row.period != ALWAYS for row in table.rows)
    yield from (name for name in table.inputs if tests_of(table, name) and not (dated and name == ON_DAY))


def tests_of(table: Table, name: str) -> list[Test]:
    """Return the tests of a column, those of the days of its rows included for the day of acceptance."""
    found: list[Test] = []
    if name in table.inputs:
        place = table.inputs.index(name)
        found = [row.when[place].test for row in table.rows if row.when[place].test != ANYTHING]
    if name == ON_DAY:
        found += [Within((_days(row.period),)) for row in table.rows if row.period != ALWAYS]
    return found


def _days(period: Period) -> Range:
    since, until = (None if day is None else day.toordinal() for day in (period.since, period.until))
    return Range(since, until, high_in=False)


def numbers_on_bounds(tests: Iterable[Test], domain: tuple[int | None, int | None]) -> list[int]:
    """Return the numbers at every edge of the tests and just before it, as far as the fact may have them."""
    least, most = domain
    edges = {edge for test in tests if isinstance(test, Within) for span in test.spans for edge in span}
    numbers = sorted({edge + step for edge in edges if edge is not None for step in (-1, 0)})
    return [each for each in numbers if (least is None or least <= each) and (most is None or each <= most)]


def probe_of(table: Table, name: str, value: int) -> Row:
    """Return a row that holds just this value: it gives the value a place of its own."""
    row = Row(id="", when=tuple(ANY_CELL for _ in table.inputs), then=table.rows[0].then)
    if name not in table.inputs:
        day = date.fromordinal(value)
        return replace(row, period=Period(day, day + timedelta(days=1)))
    cell = Cell("", Within((Range(value, value),)))
    return replace(row, when=tuple(cell if each == name else ANY_CELL for each in table.inputs))


def values_of(axis: Axis, tests: list[Test]) -> list[Runs]:
    """Return the boundary values of a column as places of its axis: those that are known in order, then unknown."""
    if isinstance(axis, NumberAxis):
        values = numbers_on_bounds(tests, (axis.least, None if axis.most is None else axis.most - 1))
        known = [runs for value in values if (runs := axis.runs(Within((Range(value, value),))))]
    elif isinstance(axis, SetAxis):
        known = list(_classes(axis, tests))
    else:
        assert isinstance(axis, ValueAxis)
        known = list(_values(axis, tests))
    return [*(known or [axis.known]), UNKNOWN]


def _classes(axis: SetAxis, tests: list[Test]) -> Iterator[Runs]:
    """Yield the first set of each class of sets that the tests tell apart."""
    seen: set[tuple[bool, ...]] = set()
    for place, held in enumerate(axis.sets, 1):
        answers = tuple(holds(test, sorted(held)) for test in tests)
        if answers not in seen:
            seen.add(answers)
            yield runs_of([place])


def _values(axis: ValueAxis, tests: list[Test]) -> Iterator[Runs]:
    """Yield the codes that the tests name, and the others together; both truth values; a text that is known."""
    if axis.fact.type is FactType.BOOL:
        yield from (runs_of([place]) for place in range(1, axis.size))
        return
    named = {value for test in tests if isinstance(test, OneOf) for value in test.values}
    if not named:
        return
    places = {value: place for place, value in enumerate(axis.values, 1)}
    yield from (runs_of([place]) for value, place in places.items() if value in named)
    others = runs_of(place for value, place in places.items() if value not in named)
    yield from ([others] if others else [])
