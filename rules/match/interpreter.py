"""The reference matcher: small, obviously right, and the one that can say why a row does not hit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.cells import Anything, Known, OneOf, Test, Within, as_number, holds
from rules.table import ON_DAY, Row, Table

Predicate = Callable[[Any], bool]

ENOUGH = 2
"""So many failing tests are named for a row, no more: a row with two is no near miss."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The hit rows (by place, in order), and for every row the inputs whose test fails, at most ENOUGH of them.

    `ON_DAY` among the failing inputs means the row is not in force on the day, unless the row tests that fact itself.
    """

    hit: tuple[int, ...]
    failing: tuple[tuple[str, ...], ...]


class Interpreter:
    """Matches the rows of one table, one after the other, one test after the other."""

    def __init__(self, table: Table) -> None:
        self._rows = [(row, _predicates(row, table)) for row in table.rows]

    def match(self, facts: Mapping[str, Any], on: date) -> Outcome:
        """Return the hit rows and the failing tests of the others."""
        failing = tuple(_failing(row, predicates, facts, on) for row, predicates in self._rows)
        return Outcome(tuple(place for place, failed in enumerate(failing) if not failed), failing)


def _failing(row: Row, predicates: list[tuple[str, Predicate]], facts: Mapping[str, Any], on: date) -> tuple[str, ...]:
    failed: list[str] = [] if row.period.holds(on) else [ON_DAY]
    for name, passes in predicates:
        if not passes(facts.get(name)):
            failed.append(name)
            if len(failed) == ENOUGH:
                break
    return tuple(failed)


def _predicates(row: Row, table: Table) -> list[tuple[str, Predicate]]:
    pairs = zip(table.inputs, row.when, strict=True)
    return [(name, predicate(cell.test)) for name, cell in pairs if not isinstance(cell.test, Anything)]


def predicate(test: Test) -> Predicate:
    """Return the test as a function of a value, None being unknown."""
    if isinstance(test, Known):
        wanted = test.wanted
        return lambda value: (value is not None) == wanted
    if isinstance(test, OneOf):
        values, negated = frozenset(test.values), test.negated
        return lambda value: value is not None and (value in values) != negated
    if isinstance(test, Within):
        return _within(test)
    return lambda value: holds(test, value)


def _within(test: Within) -> Predicate:
    spans = test.spans

    def passes(value: Any) -> bool:
        if value is None:
            return False
        number = as_number(value)
        return any((low is None or low <= number) and (high is None or number < high) for low, high in spans)

    return passes
