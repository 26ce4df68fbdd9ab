"""The text of one cell (`>= 300`, `[100..300)`, `"A", "B"`, `-`) read into a typed test, and tests said in words.

A test on an unknown fact is false; only `known` and `unknown` see that it is unknown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from rules.values import Money, epoch_minute, grouped
from rules.vocabulary import Fact, FactType

Number = int
"""What an ordered test compares: a whole or scaled number, đồng, the ordinal of a day, the minutes of a moment."""


@dataclass(frozen=True, slots=True)
class Anything:
    """`-`: every value, known or not."""


@dataclass(frozen=True, slots=True)
class Known:
    """`known` (đã biết) or `unknown` (chưa biết)."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers from `low` to `high`; None is endless; each end may itself be in or out."""

    low: Number | None = None
    high: Number | None = None
    low_in: bool = True
    high_in: bool = True

    @property
    def span(self) -> tuple[Number | None, Number | None]:
        """The same range half open: from (in) and to (out)."""
        low = None if self.low is None else self.low + (not self.low_in)
        high = None if self.high is None else self.high + self.high_in
        return low, high

    @property
    def empty(self) -> bool:
        """Tell whether no whole number lies in the range."""
        low, high = self.span
        return low is not None and high is not None and low >= high


@dataclass(frozen=True, slots=True)
class Within:
    """The value lies in one of the ranges (`negated`: in none of them)."""

    ranges: tuple[Range, ...]
    negated: bool = False
    spans: tuple[tuple[Number | None, Number | None], ...] = field(init=False, compare=False, repr=False)
    """The accepted values as disjoint half-open spans in order."""

    def __post_init__(self) -> None:
        merged = _merged(item.span for item in self.ranges if not item.empty)
        object.__setattr__(self, "spans", _complement(merged) if self.negated else merged)


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these codes or truth values (`negated`: none of them)."""

    values: tuple[str | bool, ...]
    negated: bool = False


class HasHow(StrEnum):
    """How a set of codes is tested."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Has:
    """The set of codes contains any, all or none of these."""

    how: HasHow
    codes: tuple[str, ...]


Test = Anything | Known | Within | OneOf | Has
ANYTHING = Anything()


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell as it was written, and the test it means."""

    text: str
    test: Test


ANY_CELL = Cell("-", ANYTHING)


def as_number(value: object) -> Number:
    """Return the whole number an ordered test compares: a day is its ordinal, a moment its minutes since 1970 UTC."""
    if isinstance(value, datetime):
        return epoch_minute(value)
    if isinstance(value, date):
        return value.toordinal()
    assert isinstance(value, int)
    return value


def from_number(number: Number, kind: FactType) -> int | date:
    """Return the value of this type that `as_number` makes this number of, or the first or last there is."""
    if kind is FactType.DAY:
        return date.fromordinal(min(max(number, 1), date.max.toordinal()))
    if kind is FactType.MOMENT:
        return EPOCH + timedelta(minutes=min(max(number, _FIRST_MINUTE), _LAST_MINUTE))
    return number


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MINUTE, _LAST_MINUTE = (epoch_minute(datetime(year, 1, 1, tzinfo=UTC)) for year in (1900, 2400))


def holds(test: Test, value: object) -> bool:
    """Tell whether the value (None = unknown) passes the test."""
    if isinstance(test, Anything):
        return True
    if isinstance(test, Known):
        return (value is not None) == test.wanted
    if value is None:
        return False
    if isinstance(test, Within):
        return _in_spans(test, as_number(value))
    if isinstance(test, OneOf):
        return (value in test.values) != test.negated
    return _has(test, value)


def _in_spans(test: Within, number: Number) -> bool:
    return any((low is None or low <= number) and (high is None or number < high) for low, high in test.spans)


def _has(test: Has, value: object) -> bool:
    held: frozenset[str] = frozenset(value) if isinstance(value, list) else frozenset()  # pyright: ignore[reportUnknownArgumentType]
    wanted = frozenset(test.codes)
    if test.how is HasHow.ALL:
        return wanted <= held
    return bool(wanted & held) == (test.how is HasHow.ANY)


def number_in(span: tuple[Number | None, Number | None]) -> Number:
    """Return a number that lies in the span."""
    low, high = span
    if low is not None:
        return low
    return 0 if high is None else high - 1


def _merged(
    spans: Iterable[tuple[Number | None, Number | None]],
) -> tuple[tuple[Number | None, Number | None], ...]:
    ordered = sorted(spans, key=lambda span: (span[0] is not None, span[0] or 0))
    merged: list[tuple[Number | None, Number | None]] = []
    for low, high in ordered:
        if merged and (merged[-1][1] is None or low is None or low <= merged[-1][1]):
            last_low, last_high = merged[-1]
            merged[-1] = last_low, None if last_high is None or high is None else max(last_high, high)
        else:
            merged.append((low, high))
    return tuple(merged)


def _complement(
    spans: tuple[tuple[Number | None, Number | None], ...],
) -> tuple[tuple[Number | None, Number | None], ...]:
    gaps: list[tuple[Number | None, Number | None]] = []
    start: Number | None = None
    endless = False
    for low, high in spans:
        if low is not None:
            gaps.append((start, low))
        start, endless = high, high is None
    return tuple(gaps) if endless else (*gaps, (start, None))


TIMES = frozenset({FactType.DAY, FactType.MOMENT})
"""Types that are said with `từ` and `trước`."""


def words(test: Test, fact: Fact) -> str:
    """Say the test in Vietnamese, with the labels of codes: `từ 100 đến dưới 300`, `trừ Hộ nghèo`."""
    if isinstance(test, Anything):
        return "bất kỳ"
    if isinstance(test, Known):
        return "đã biết" if test.wanted else "chưa biết"
    if isinstance(test, Within):
        said = " hoặc ".join(_range_words(item, fact) for item in test.ranges)
        return f"trừ {said}" if test.negated else said
    if isinstance(test, OneOf):
        said = " hoặc ".join(fact.shown(value) for value in test.values)
        return f"trừ {said}" if test.negated else said
    how = {HasHow.ANY: "có một trong", HasHow.ALL: "có đủ", HasHow.NONE: "không có"}[test.how]
    return f"{how} {_code_words(test.codes, fact.codes)}"


def _code_words(codes: tuple[str, ...], labels: Mapping[str, object]) -> str:
    return ", ".join(str(labels.get(code, code)) for code in codes)


def _range_words(item: Range, fact: Fact) -> str:
    if item.low is not None and item.low == item.high:
        return _number_words(item.low, fact)
    low = "" if item.low is None else f"{'từ' if item.low_in else 'trên'} {_number_words(item.low, fact)}"
    if item.high is None:
        at_least = item.low_in and fact.type not in TIMES
        return low.replace("từ ", "ít nhất ", 1) if at_least else low
    high = _number_words(item.high, fact)
    if not low:
        return f"không quá {high}" if item.high_in else f"{_before(fact)} {high}"
    return f"{low} đến {high}" if item.high_in else f"{low} đến {_before(fact)} {high}"


def _number_words(number: Number, fact: Fact) -> str:
    if fact.type in TIMES:
        return fact.shown(from_number(number, fact.type))
    if fact.type is FactType.MONEY:
        return Money(number).words
    return fact.shown(number) if fact.unit or fact.type is FactType.FIXED else grouped(number)


def _before(fact: Fact) -> str:
    return "trước" if fact.type in TIMES else "dưới"
