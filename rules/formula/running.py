"""A tree made into nested functions once, so that computing it again costs little.

Every part gives a value or None: unknown. A part that needs an unknown one is unknown; `and`, `or`, `any` and `all` are
unknown only where the unknown could still decide (Kleene); `if` reads the branch it takes; `known` sees the unknown.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from rules.errors import OutOfBoundsError
from rules.formula import days
from rules.formula.nodes import (
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
)
from rules.values import MAX_WHOLE
from rules.vocabulary import Facts


class DayCalendar(Protocol):
    """The office's calendar, as formulas need it (rules.clock.calendar.WorkCalendar)."""

    def roll(self, day: date) -> date:
        """Return the day itself when it is worked, else the next working day."""
        ...

    def add_working_days(self, day: date, amount: int) -> date:
        """Return the day so many working days later (earlier, where negative)."""
        ...


@dataclass(slots=True)
class Scope:
    """What a formula is computed over; `row` is the row of the group being gone over."""

    facts: Facts
    calendar: DayCalendar
    row: Mapping[str, Any] | None = None


Run = Callable[[Scope], Any]
"""Gives the value of a part. Raises OutOfBoundsError where a number or a day leaves its range, or a divisor is 0."""


def running(node: Node, group: str = "") -> Run:
    """Return the function that computes this part; `group` is the group whose rows it is inside of."""
    return _MAKERS[type(node)](node, group)


def _constant(node: Whole | Fixed | Day | Code, group: str) -> Run:
    value = node.value
    return lambda scope: value


def _name(node: Name, group: str) -> Run:
    name = node.fact
    if group and name.startswith(f"{group}."):
        member = name.removeprefix(f"{group}.")
        return lambda scope: scope.row.get(member) if scope.row is not None else None
    return lambda scope: scope.facts.get(name)


def _scaled(node: Scaled, group: str) -> Run:
    inner, factor = running(node.number, group), 10**node.digits

    def run(scope: Scope) -> int | None:
        value = inner(scope)
        return None if value is None else bounded(value * factor)

    return run


def _sum(node: Sum, group: str) -> Run:
    terms = [(sign, running(term, group)) for sign, term in node.terms]
    (first_sign, first), rest = terms[0], terms[1:]

    def run(scope: Scope) -> Any:
        start = first(scope)
        if start is None:
            return None
        total = 0 if isinstance(start, date) else first_sign * start
        for sign, term in rest:
            part = term(scope)
            if part is None:
                return None
            total += sign * part
        return days.add_days(start, total) if isinstance(start, date) else bounded(total)

    return run


def _product(node: Product, group: str) -> Run:
    factors = [running(factor, group) for factor in node.factors]

    def run(scope: Scope) -> int | None:
        product = 1
        for factor in factors:
            part = factor(scope)
            if part is None:
                return None
            product *= part
        return bounded(product)

    return run


def _divide(node: Divide, group: str) -> Run:
    ratio = node.rounding.ratio
    more, less = 10 ** node.digits[1], 10 ** node.digits[0]

    def combine(dividend: int, divisor: int) -> int:
        if divisor == 0:
            raise OutOfBoundsError("Công thức chia cho 0: kiểm tra lại các số đã nhập.")
        return bounded(ratio(dividend * more, divisor * less))

    return _of_two(combine, running(node.dividend, group), running(node.divisor, group))


def _percent(node: Percent, group: str) -> Run:
    ratio, hundred = node.rounding.ratio, 100 * 10 ** sum(node.digits)

    def combine(amount: int, rate: int) -> int:
        return bounded(ratio(amount * rate, hundred))

    return _of_two(combine, running(node.amount, group), running(node.rate, group))


def _round(node: Round, group: str) -> Run:
    ratio, one = node.rounding.ratio, 10**node.digits
    return _of_one(lambda number: bounded(ratio(number, one)), running(node.number, group))


def _tiered(node: Tiered, group: str) -> Run:
    amount, digits = node.scale.amount, node.digits
    return _of_one(lambda quantity: bounded(amount(quantity, digits)), running(node.quantity, group))


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compare(node: Compare, group: str) -> Run:
    return _of_two(_COMPARE[node.sign], running(node.left, group), running(node.right, group))


def _call(node: Call, group: str) -> Run:
    parts = [running(part, group) for part in node.arguments]
    return _CALLS[node.name](parts)


def _over(node: Over, group: str) -> Run:
    return _per_row(node, running(node.expression, node.group)) if node.expression is not None else _rows(node)


def _rows(node: Over) -> Run:
    name = node.group

    def run(scope: Scope) -> int | None:
        rows = scope.facts.get(name)
        return None if rows is None else len(rows)

    return run


def _per_row(node: Over, inner: Run) -> Run:
    name, gather = node.group, _GATHER[node.name]

    def run(scope: Scope) -> Any:
        rows = scope.facts.get(name)
        if rows is None:
            return None
        values: list[Any] = []
        for row in rows:
            scope.row = row
            values.append(inner(scope))
        scope.row = None
        return gather(values)

    return run


def _added(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return bounded(sum(known)) if len(known) == len(values) else None


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[[Sequence[Any]], Any]:
    def gather(values: Sequence[Any]) -> Any:
        return None if not values or None in values else choose(list(values))

    return gather


def _any(values: Sequence[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def _all(values: Sequence[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


_GATHER: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "sum": _added,
    "count": _added,
    "any": _any,
    "all": _all,
    "min": _extreme(min),
    "max": _extreme(max),
}


def _of_one(combine: Callable[[Any], Any], inner: Run) -> Run:
    def run(scope: Scope) -> Any:
        value = inner(scope)
        return None if value is None else combine(value)

    return run


def _of_two(combine: Callable[[Any, Any], Any], left: Run, right: Run) -> Run:
    def run(scope: Scope) -> Any:
        one = left(scope)
        if one is None:
            return None
        other = right(scope)
        return None if other is None else combine(one, other)

    return run


def _of_all(combine: Callable[[list[Any]], Any], parts: Sequence[Run]) -> Run:
    def run(scope: Scope) -> Any:
        values: list[Any] = []
        for part in parts:
            value = part(scope)
            if value is None:
                return None
            values.append(value)
        return combine(values)

    return run


def _if(parts: Sequence[Run]) -> Run:
    condition, yes, no = parts

    def run(scope: Scope) -> Any:
        held = condition(scope)
        return None if held is None else yes(scope) if held else no(scope)

    return run


def _junction(stop: bool) -> Callable[[Sequence[Run]], Run]:
    """Make `and` (stops at the first false part) or `or` (at the first true one)."""

    def make(parts: Sequence[Run]) -> Run:
        def run(scope: Scope) -> bool | None:
            unknown = False
            for part in parts:
                held = part(scope)
                if held is stop:
                    return stop
                unknown = unknown or held is None
            return None if unknown else not stop

        return run

    return make


def _known(parts: Sequence[Run]) -> Run:
    (part,) = parts
    return lambda scope: part(scope) is not None


def _member(values: list[Any]) -> bool:
    return values[0] in values[1:]


def _has(values: list[Any]) -> bool:
    return values[1] in values[0]


def _same(values: list[str]) -> bool:
    one, other = (" ".join(value.split()).casefold() for value in values)
    return one == other


def _between(values: list[Any]) -> bool:
    return values[1] <= values[0] <= values[2]


def _plain(combine: Callable[[list[Any]], Any]) -> Callable[[Sequence[Run]], Run]:
    return lambda parts: _of_all(combine, parts)


def _one(combine: Callable[[Any], Any]) -> Callable[[Sequence[Run]], Run]:
    return lambda parts: _of_one(combine, parts[0])


def _two(combine: Callable[[Any, Any], Any]) -> Callable[[Sequence[Run]], Run]:
    return lambda parts: _of_two(combine, parts[0], parts[1])


def _rolled(parts: Sequence[Run]) -> Run:
    (inner,) = parts

    def run(scope: Scope) -> date | None:
        day = inner(scope)
        return None if day is None else scope.calendar.roll(day)

    return run


def _working_days(parts: Sequence[Run]) -> Run:
    start, amount = parts

    def run(scope: Scope) -> date | None:
        day, number = start(scope), amount(scope)
        return None if day is None or number is None else scope.calendar.add_working_days(day, number)

    return run


_CALLS: Mapping[str, Callable[[Sequence[Run]], Run]] = {
    "true": lambda parts: lambda scope: True,
    "false": lambda parts: lambda scope: False,
    "if": _if,
    "and": _junction(stop=False),
    "or": _junction(stop=True),
    "not": _one(operator.not_),
    "known": _known,
    "min": _plain(min),
    "max": _plain(max),
    "between": _plain(_between),
    "in": _plain(_member),
    "has": _plain(_has),
    "same": _plain(_same),
    "age": _two(days.years_between),
    "years_between": _two(days.years_between),
    "months_between": _two(days.months_between),
    "days_between": _two(days.days_between),
    "add_months": _two(days.add_months),
    "add_years": _two(days.add_years),
    "end_of_month": _one(days.end_of_month),
    "end_of_year": _one(days.end_of_year),
    "year_of": _one(operator.attrgetter("year")),
    "month_of": _one(operator.attrgetter("month")),
    "roll": _rolled,
    "add_working_days": _working_days,
}

_MAKERS: Mapping[type, Callable[[Any, str], Run]] = {
    Whole: _constant,
    Fixed: _constant,
    Day: _constant,
    Code: _constant,
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


def bounded(number: int) -> int:
    """Return the number. Raises OutOfBoundsError where it leaves ±2^62."""
    if not -MAX_WHOLE < number < MAX_WHOLE:
        raise OutOfBoundsError("Kết quả của công thức vượt quá giới hạn tính được: kiểm tra lại các số đã nhập.")
    return number
