"""The text of one cell (`>= 300`, `[100..300)`, `"A", "B"`, `-`) read into a typed test, and tests said in words.

A test on an unknown fact is false; only `known` and `unknown` see that it is unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from rules.values import Text, epoch_minute
from rules.vocabulary import Fact, FactType
from rules.wording import joined, phrase, same

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
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return epoch_minute(value)
    assert isinstance(value, date)
    return value.toordinal()


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


def words(test: Test, fact: Fact) -> Text:
    """Say the test with the labels of codes: `từ 100 đến dưới 300`, `trừ Hộ nghèo`."""
    if isinstance(test, Anything):
        return Text("bất kỳ", "anything")
    if isinstance(test, Known):
        return Text("đã biết", "known") if test.wanted else Text("chưa biết", "not known")
    if isinstance(test, Has):
        codes = joined([_code(code, fact) for code in test.codes], ", ")
        one = len(test.codes) == 1 and test.how is not HasHow.NONE
        return phrase("có {}", "{}", codes) if one else phrase("{} {}", "{} {}", _HOW_WORDS[test.how], codes)
    accepted = [_range(each, fact) for each in test.ranges] if isinstance(test, Within) else _values(test, fact)
    said = joined(accepted, " hoặc ", " or ")
    return phrase("trừ {}", "other than {}", said) if test.negated else said


_HOW_WORDS = {
    HasHow.ANY: Text("có một trong", "one of"),
    HasHow.ALL: Text("có đủ", "all of"),
    HasHow.NONE: Text("không có", "none of"),
}

# How the ends of a range are said, by whether it is one of days or moments, and whether the end itself is in.
_LOW = {
    (False, True): Text("từ", "from"),
    (False, False): Text("trên", "above"),
    (True, True): Text("từ", "from"),
    (True, False): Text("sau", "after"),
}
_HIGH = {
    (False, True): Text("đến", "to"),
    (False, False): Text("đến dưới", "to under"),
    (True, True): Text("đến", "to"),
    (True, False): Text("đến trước", "to before"),
}
_ONLY_LOW = {**_LOW, (False, True): Text("ít nhất", "at least"), (False, False): Text("trên", "more than")}
_ONLY_HIGH = {
    (False, True): Text("không quá", "at most"),
    (False, False): Text("dưới", "less than"),
    (True, True): Text("không quá", "not after"),
    (True, False): Text("trước", "before"),
}


def _values(test: OneOf, fact: Fact) -> list[Text]:
    return [fact.shown(value) for value in test.values]


def _code(code: str, fact: Fact) -> Text:
    return fact.codes.get(code, same(code))


def _range(item: Range, fact: Fact) -> Text:
    of_times = fact.type in TIMES
    low_in, high_in = (of_times, item.low_in), (of_times, item.high_in)
    if item.low is not None and item.low == item.high:
        return _number(item.low, fact)
    if item.low is not None and item.high is not None:
        ends = _LOW[low_in], _number(item.low, fact), _HIGH[high_in], _number(item.high, fact)
        return joined(ends, " ")
    if item.low is not None:
        return joined((_ONLY_LOW[low_in], _number(item.low, fact)), " ")
    if item.high is not None:
        return joined((_ONLY_HIGH[high_in], _number(item.high, fact)), " ")
    return words(ANYTHING, fact)


def _number(number: Number, fact: Fact) -> Text:
    return fact.shown(from_number(number, fact.type))
