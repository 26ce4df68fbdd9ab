"""Between which numbers a formula can come out, from what is declared of the facts it reads (interval analysis).

It proves that no number reaches ±2^62, no day leaves the calendar and no divisor can be 0, or says what is in the way.
"""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import product
from typing import Any

from rules.errors import OutOfBoundsError
from rules.formula import (
    Call,
    Code,
    Compare,
    Day,
    Divide,
    Fixed,
    Name,
    Node,
    Over,
    Percent,
    Product,
    Round,
    Scaled,
    Sum,
    Tiered,
    Whole,
    days,
)
from rules.formula.nodes import facts_in
from rules.values import MAX_WHOLE

_LAST_DAY = date.max.toordinal()
_WORST_GAP = 60
"""No office rests longer in one stretch than this many days, as far as proofs go."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The whole numbers from low to high, both included; a day is its ordinal.

    `loose` names the facts without declared bounds that it rests on: for these the default of their type was taken.
    """

    low: int
    high: int
    loose: frozenset[str] = frozenset()
    day: bool = False

    @classmethod
    def of_days(cls, first: date, last: date) -> "Interval":
        """Return the interval of these days."""
        return cls(first.toordinal(), last.toordinal(), day=True)


class Fault(StrEnum):
    """What cannot be proved of a formula."""

    ZERO_DIVISOR = "zero_divisor"
    TOO_LARGE = "too_large"
    NO_SUCH_DAY = "no_such_day"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that cannot be proved, the facts it rests on, and those of them that lack bounds."""

    fault: Fault
    facts: tuple[str, ...]
    loose: tuple[str, ...]


Domains = Mapping[str, Interval]
"""Intervals by fact, and by `group.member`; facts that are neither number nor day are not in it."""


def interval_of(
    tree: Node, domains: Domains, rows: Mapping[str, tuple[int, int]]
) -> tuple[Interval | None, list[Doubt]]:
    """Return where a formula's value lies (None: neither number nor day), and what cannot be proved of it.

    `rows` are the least and the greatest number of rows of each group.
    """
    proof = _Proof(rows)
    return proof.walk(tree, ChainMap(dict(domains))), proof.doubts


Env = ChainMap[str, Interval]


@dataclass(slots=True)
class _Proof:
    rows: Mapping[str, tuple[int, int]]
    doubts: list[Doubt] = field(default_factory=list[Doubt])

    def walk(self, node: Node, env: Env) -> Interval | None:
        return _WALKS[type(node)](self, node, env)

    def number(self, node: Node, env: Env) -> Interval:
        found = self.walk(node, env)
        assert found is not None, "the parser lets only numbers and days stand here"
        return found

    def within(self, node: Node, found: Interval) -> Interval:
        """Return the interval cut down to what can be counted, and write down the doubt where it had to be cut."""
        least, most = (1, _LAST_DAY) if found.day else (1 - MAX_WHOLE, MAX_WHOLE - 1)
        if least <= found.low and found.high <= most:
            return found
        self.doubt(Fault.NO_SUCH_DAY if found.day else Fault.TOO_LARGE, node, found)
        return replace(found, low=min(max(found.low, least), most), high=max(min(found.high, most), least))

    def doubt(self, fault: Fault, node: Node, found: Interval) -> None:
        self.doubts.append(Doubt(fault, tuple(dict.fromkeys(facts_in(node))), tuple(sorted(found.loose))))


def _loose(parts: Sequence[Interval]) -> frozenset[str]:
    return frozenset[str]().union(*(part.loose for part in parts))


def _hull(values: Sequence[int], parts: Sequence[Interval], *, day: bool = False) -> Interval:
    return Interval(min(values), max(values), _loose(parts), day)


def _literal(proof: _Proof, node: Whole | Fixed, env: Env) -> Interval:
    return Interval(node.value, node.value)


def _day(proof: _Proof, node: Day, env: Env) -> Interval:
    return Interval.of_days(node.value, node.value)


def _no_number(proof: _Proof, node: Node, env: Env) -> None:
    return None


def _name(proof: _Proof, node: Name, env: Env) -> Interval | None:
    return env.get(node.fact)


def _scaled(proof: _Proof, node: Scaled, env: Env) -> Interval:
    inner, factor = proof.number(node.number, env), 10**node.digits
    return proof.within(node, replace(inner, low=inner.low * factor, high=inner.high * factor))


def _sum(proof: _Proof, node: Sum, env: Env) -> Interval:
    parts = [(sign, proof.number(term, env)) for sign, term in node.terms]
    lows = [part.low if sign > 0 else -part.high for sign, part in parts]
    highs = [part.high if sign > 0 else -part.low for sign, part in parts]
    found = [part for _, part in parts]
    return proof.within(node, Interval(sum(lows), sum(highs), _loose(found), found[0].day))


def _product(proof: _Proof, node: Product, env: Env) -> Interval:
    parts = [proof.number(factor, env) for factor in node.factors]
    found = parts[0]
    for part in parts[1:]:
        corners = [one * other for one, other in product((found.low, found.high), (part.low, part.high))]
        found = _hull(corners, (found, part))
    return proof.within(node, found)


def _divide(proof: _Proof, node: Divide, env: Env) -> Interval:
    dividend, divisor = proof.number(node.dividend, env), proof.number(node.divisor, env)
    if divisor.low <= 0 <= divisor.high:
        proof.doubt(Fault.ZERO_DIVISOR, node.divisor, divisor)
    ends = [end for end in (divisor.low, divisor.high, -1, 1) if end and divisor.low <= end <= divisor.high] or [1]
    more, less = 10 ** node.digits[1], 10 ** node.digits[0]
    corners = [
        node.rounding.ratio(one * more, other * less) for one, other in product((dividend.low, dividend.high), ends)
    ]
    return proof.within(node, _hull(corners, (dividend, divisor)))


def _round(proof: _Proof, node: Round, env: Env) -> Interval:
    inner, one = proof.number(node.number, env), 10**node.digits
    return proof.within(node, _hull([node.rounding.ratio(end, one) for end in (inner.low, inner.high)], (inner,)))


def _percent(proof: _Proof, node: Percent, env: Env) -> Interval:
    amount, rate = proof.number(node.amount, env), proof.number(node.rate, env)
    hundred = 100 * 10 ** sum(node.digits)
    corners = [
        node.rounding.ratio(one * other, hundred)
        for one, other in product((amount.low, amount.high), (rate.low, rate.high))
    ]
    return proof.within(node, _hull(corners, (amount, rate)))


def _tiered(proof: _Proof, node: Tiered, env: Env) -> Interval:
    quantity = proof.number(node.quantity, env)
    ends = [node.scale.amount(end, node.digits) for end in (quantity.low, quantity.high)]
    return proof.within(node, _hull(ends, (quantity,)))


def _compare(proof: _Proof, node: Compare, env: Env) -> None:
    proof.walk(node.left, env)
    proof.walk(node.right, env)


def _over(proof: _Proof, node: Over, env: Env) -> Interval | None:
    least, most = proof.rows[node.group]
    inner = proof.walk(node.expression, env) if node.expression is not None else None
    if node.name == "count":
        return Interval(0 if node.expression is not None else least, most)
    if node.name != "sum" or inner is None:
        return inner
    totals = [rows * end for rows, end in product((least, most), (inner.low, inner.high))]
    return proof.within(node, _hull(totals, (inner,)))


def _call(proof: _Proof, node: Call, env: Env) -> Interval | None:
    return _CALLS.get(node.name, _only_parts)(proof, node, env)


def _only_parts(proof: _Proof, node: Call, env: Env) -> None:
    for part in node.arguments:
        proof.walk(part, env)


def _junction(held: bool) -> "Walk":
    """Walk `and` (each part where those before it hold) or `or` (where they do not): they stop at the first other."""

    def walk(proof: _Proof, node: Call, env: Env) -> None:
        known: Env | None = env
        for part in node.arguments:
            if known is not None:
                proof.walk(part, known)
                known = _where(part, known, held)

    return walk


def _if(proof: _Proof, node: Call, env: Env) -> Interval | None:
    condition, yes, no = node.arguments
    proof.walk(condition, env)
    branches = [
        proof.walk(branch, known)
        for branch, held in ((yes, True), (no, False))
        if (known := _where(condition, env, held)) is not None
    ]
    found = [branch for branch in branches if branch is not None]
    return _hull([end for each in found for end in (each.low, each.high)], found, day=found[0].day) if found else None


def _extreme(choose: Callable[[Sequence[int]], int]) -> "Walk":
    def walk(proof: _Proof, node: Call, env: Env) -> Interval | None:
        parts = [proof.walk(part, env) for part in node.arguments]
        found = [part for part in parts if part is not None]
        if not found:
            return None
        low, high = choose([part.low for part in found]), choose([part.high for part in found])
        return Interval(low, high, _loose(found), found[0].day)

    return walk


def _period(count: Callable[[date, date], int]) -> "Walk":
    def walk(proof: _Proof, node: Call, env: Env) -> Interval:
        start, end = (proof.number(part, env) for part in node.arguments)
        ends = [count(_date(start.high), _date(end.low)), count(_date(start.low), _date(end.high))]
        return _hull(ends, (start, end))

    return walk


def _moved(move: Callable[[date, int], date]) -> "Walk":
    def walk(proof: _Proof, node: Call, env: Env) -> Interval:
        start, amount = (proof.number(part, env) for part in node.arguments)
        ends = [
            _ordinal(move, _date(day), number) for day, number in ((start.low, amount.low), (start.high, amount.high))
        ]
        return proof.within(node, _hull(ends, (start, amount), day=True))

    return walk


def _ordinal(move: Callable[[date, int], date], day: date, amount: int) -> int:
    try:
        return move(day, amount).toordinal()
    except OutOfBoundsError:
        return _LAST_DAY + 1 if amount > 0 else 0


def _working_days(proof: _Proof, node: Call, env: Env) -> Interval:
    start, amount = (proof.number(part, env) for part in node.arguments)
    low, high = start.low + min(amount.low, 0) * _WORST_GAP, start.high + max(amount.high, 0) * _WORST_GAP
    return proof.within(node, Interval(low, high, _loose((start, amount)), day=True))


def _rolled(proof: _Proof, node: Call, env: Env) -> Interval:
    day = proof.number(node.arguments[0], env)
    return proof.within(node, replace(day, high=day.high + _WORST_GAP))


def _of_day(value: Callable[[date], date | int]) -> "Walk":
    def walk(proof: _Proof, node: Call, env: Env) -> Interval:
        day = proof.number(node.arguments[0], env)
        ends = [value(_date(end)) for end in (day.low, day.high)]
        whole = [end.toordinal() if isinstance(end, date) else end for end in ends]
        return _hull(whole, (day,), day=isinstance(ends[0], date))

    return walk


def _month_of(proof: _Proof, node: Call, env: Env) -> Interval:
    proof.walk(node.arguments[0], env)
    return Interval(1, 12)


def _year(day: date) -> int:
    return day.year


def _date(ordinal: int) -> date:
    return date.fromordinal(ordinal)


# What a condition says of the facts it names

_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


def _where(condition: Node, env: Env, held: bool) -> Env | None:
    """Return what is known of the facts where the condition holds (or does not); None where that cannot be."""
    narrowed: dict[str, Interval] = {}
    for name, sign, value in _statements(condition, env, held):
        known = narrowed.get(name, env[name])
        cut = _cut(known, sign, value)
        if cut is None:
            return None
        narrowed[name] = cut
    return env.new_child(narrowed) if narrowed else env


def _statements(node: Node, env: Env, held: bool) -> Iterator[tuple[str, str, int]]:
    """Yield what a condition says of single facts: `name sign value`."""
    if isinstance(node, Compare):
        sign = node.sign if held else _OPPOSITE[node.sign]
        yield from _statement(node.left, sign, node.right, env)
        yield from _statement(node.right, _TURNED[sign], node.left, env)
    elif isinstance(node, Call) and node.name == "not":
        yield from _statements(node.arguments[0], env, not held)
    elif isinstance(node, Call) and (node.name, held) in (("and", True), ("or", False)):
        for part in node.arguments:
            yield from _statements(part, env, held)
    elif isinstance(node, Call) and node.name == "between" and held:
        value, low, high = node.arguments
        yield from _statement(value, ">=", low, env)
        yield from _statement(value, "<=", high, env)


def _statement(node: Node, sign: str, other: Node, env: Env) -> Iterator[tuple[str, str, int]]:
    """Only comparisons with a number or a day as written: one with another fact may stay unknown and say nothing."""
    if isinstance(node, Name) and node.fact in env:
        value = _written(other)
        if value is not None:
            yield node.fact, sign, value


def _written(node: Node) -> int | None:
    """Return the value of a number or day as written in the formula."""
    if isinstance(node, Whole | Fixed):
        return node.value
    if isinstance(node, Day):
        return node.value.toordinal()
    if isinstance(node, Scaled):
        inner = _written(node.number)
        return None if inner is None else inner * 10**node.digits
    if isinstance(node, Sum) and len(node.terms) == 1:
        inner = _written(node.terms[0][1])
        return None if inner is None else node.terms[0][0] * inner
    return None


def _cut(known: Interval, sign: str, value: int) -> Interval | None:
    low, high = known.low, known.high
    if sign in (">", ">=", "="):
        low = max(low, value + (sign == ">"))
    if sign in ("<", "<=", "="):
        high = min(high, value - (sign == "<"))
    if sign == "!=":
        low, high = low + (low == value), high - (high == value)
    return replace(known, low=low, high=high) if low <= high else None


Walk = Callable[[_Proof, Any, Env], Interval | None]

_CALLS: Mapping[str, Walk] = {
    "and": _junction(held=True),
    "or": _junction(held=False),
    "if": _if,
    "min": _extreme(min),
    "max": _extreme(max),
    "age": _period(days.years_between),
    "years_between": _period(days.years_between),
    "months_between": _period(days.months_between),
    "days_between": _period(days.days_between),
    "add_months": _moved(days.add_months),
    "add_years": _moved(days.add_years),
    "add_working_days": _working_days,
    "roll": _rolled,
    "end_of_month": _of_day(days.end_of_month),
    "end_of_year": _of_day(days.end_of_year),
    "year_of": _of_day(_year),
    "month_of": _month_of,
}

_WALKS: Mapping[type, Walk] = {
    Whole: _literal,
    Fixed: _literal,
    Day: _day,
    Code: _no_number,
    Name: _name,
    Scaled: _scaled,
    Sum: _sum,
    Product: _product,
    Divide: _divide,
    Round: _round,
    Percent: _percent,
    Tiered: _tiered,
    Compare: _compare,
    Call: _call,
    Over: _over,
}
