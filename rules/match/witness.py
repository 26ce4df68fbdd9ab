"""Facts made up so that a given row hits: every row must hit its own witness before its table is published."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from rules.table.cells import EPOCH, Anything, Has, HasHow, Known, OneOf, Test, Within, from_number, number_in
from rules.table.decision import Row, Table
from rules.vocabulary import Fact, FactType

OTHER_CODE = "mot-ma-khac"
"""Stands for a code that no test names, where the codes are kept elsewhere."""

SOME_DAY = date(2026, 11, 20)


def witness(table: Table, row: Row, vocabulary: Mapping[str, Fact]) -> tuple[dict[str, Any], date]:
    """Return facts and a day on which the row hits; a cell that accepts nothing leaves its fact unknown."""
    facts: dict[str, Any] = {}
    for name, cell in zip(table.inputs, row.when, strict=True):
        value = _accepted(cell.test, vocabulary[name])
        if value is not None:
            facts[name] = value
    since, until = row.period.since, row.period.until
    return facts, since or (until - timedelta(days=1) if until else SOME_DAY)


def _accepted(test: Test, fact: Fact) -> Any:
    if isinstance(test, Anything) or (isinstance(test, Known) and not test.wanted):
        return None
    if isinstance(test, Known):
        return _ANY_VALUE.get(fact.type, next(iter(fact.codes), OTHER_CODE))
    if isinstance(test, Within):
        number = next((number_in(span) for span in test.spans), None)
        return None if number is None else from_number(number, fact.type)
    if isinstance(test, OneOf):
        values = possible_values([test], fact)
        return next((value for value in values if (value in test.values) != test.negated), None)
    return _set(test)


def possible_values(tests: Iterable[OneOf], fact: Fact) -> list[str | bool]:
    """Return the values that tests tell apart: true and false, the codes of the list, or those named and one more."""
    if fact.type is FactType.BOOL:
        return [True, False]
    named = [value for test in tests for value in test.values] if fact.any_code else []
    return [*named, OTHER_CODE] if fact.any_code else list(fact.codes)


def _set(test: Has) -> list[str]:
    return [] if test.how is HasHow.NONE else sorted(test.codes)


_ANY_VALUE: Mapping[FactType, Any] = {
    FactType.BOOL: True,
    FactType.INT: 1,
    FactType.MONEY: 1,
    FactType.FIXED: 1,
    FactType.DAY: SOME_DAY,
    FactType.MOMENT: EPOCH,
    FactType.TEXT: "x",
    FactType.CODES: [],
    FactType.GROUP: [],
}
