"""Writes a test as the text of a cell, in the short signs: what `parse_cell` reads back to the same test."""

from datetime import date, datetime

from rules.clock.calendar import LEGAL_TIME
from rules.table.cells import Anything, Has, HasHow, Known, OneOf, Range, Test, from_number
from rules.values import decimal_text
from rules.vocabulary import Fact, FactType


def written(test: Test, fact: Fact) -> str:
    """Return the text of a cell over this fact that means the test."""
    if isinstance(test, Anything):
        return "-"
    if isinstance(test, Known):
        return "known" if test.wanted else "unknown"
    if isinstance(test, Has):
        how = {HasHow.ANY: "has any", HasHow.ALL: "has all", HasHow.NONE: "has none"}[test.how]
        return f"{how} {', '.join(map(_quoted, test.codes))}"
    if isinstance(test, OneOf):
        said = ", ".join(_value(value) for value in test.values)
    else:
        said = ("; " if fact.type is FactType.FIXED else ", ").join(_range(each, fact) for each in test.ranges)
    return f"not({said})" if test.negated else said


def _value(value: str | bool) -> str:
    return _quoted(value) if isinstance(value, str) else str(value).lower()


def _quoted(code: str) -> str:
    return f'"{code}"'


def _range(item: Range, fact: Fact) -> str:
    low, high = (None if end is None else _number(end, fact) for end in (item.low, item.high))
    if low is not None and item.low == item.high:
        return low
    if low is not None and high is not None:
        return f"{'[' if item.low_in else '('}{low}..{high}{']' if item.high_in else ')'}"
    if low is not None:
        return f"{'>=' if item.low_in else '>'} {low}"
    return f"{'<=' if item.high_in else '<'} {high}" if high is not None else "known"


def _number(number: int, fact: Fact) -> str:
    value = from_number(number, fact.type)
    if isinstance(value, datetime):
        return f"{value.astimezone(LEGAL_TIME):%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return decimal_text(value, fact.scale) if fact.type is FactType.FIXED else str(value)
