"""An evaluator of formulas written apart from the product: fractions, brute force, and a tree of its own.

A tree is a tuple: its operation, then its parts. `written` gives the text the product reads, `value` what must come out
(numbers as fractions of whole units, None for unknown), `Grower` grows well-typed trees at random.
"""

import calendar
import math
import random
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from rules.rounding import How, Rounding
from rules.scale import RateScale, Step
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source, Vocabulary

DAYS_OFF = {date(2026, 9, 2), date(2027, 1, 1)}
CODES = ("a", "b", "c")
DOMAINS: dict[str, tuple[int, int]] = {
    "n": (-5, 20), "m": (1, 9), "area": (0, 50_000), "rate": (0, 30_000), "price": (0, 90_000), "cost": (-500, 500),
    "rows.pages": (0, 300), "rows.size": (-20, 200), "rows.fee": (0, 10_000),
}  # fmt: skip
"""Least and greatest value of every number, as it is kept."""
SCALES_OF_FACTS = {"area": 2, "rate": 3, "rows.size": 1}
MEMBERS = {
    "pages": FactType.INT, "size": FactType.FIXED, "fee": FactType.MONEY, "ok": FactType.BOOL,
    "sort": FactType.CODE, "since": FactType.DAY, "owner": FactType.TEXT,
}  # fmt: skip
TOP = {
    "n": FactType.INT, "m": FactType.INT, "area": FactType.FIXED, "rate": FactType.FIXED, "price": FactType.MONEY,
    "cost": FactType.MONEY, "poor": FactType.BOOL, "urban": FactType.BOOL, "kind": FactType.CODE,
    "marks": FactType.CODES, "born": FactType.DAY, "met": FactType.DAY, "who": FactType.TEXT, "whom": FactType.TEXT,
}  # fmt: skip
MOST_ROWS = 4


def _fact(name: str, kind: FactType, prefix: str = "") -> Fact:
    codes = {code: Text(code) for code in CODES} if kind in (FactType.CODE, FactType.CODES) else {}
    return Fact(name, kind, Text(name), Source.FORM, codes, scale=SCALES_OF_FACTS.get(prefix + name, 0))


VOCABULARY = Vocabulary(
    {
        **{name: _fact(name, kind) for name, kind in TOP.items()},
        "rows": Fact(
            "rows",
            FactType.GROUP,
            Text("rows"),
            Source.FORM,
            members=tuple(_fact(name, kind, "rows.") for name, kind in MEMBERS.items()),
        ),
    }
)
RATES = {
    "by_unit": RateScale("by_unit", Text("x"), (Step(2, 2000), Step(7, 1500), Step(None, 300)), rounding=Rounding()),
    "by_part": RateScale(
        "by_part",
        Text("x"),
        (Step(5_000, 150_000), Step(40_000, 2_500_000), Step(None, 0)),
        percent=True,
        rounding=Rounding(How.UP, 10),
    ),
}
"""Two progressive scales of the product, and below the same two as the oracle knows them."""
BRACKETS: dict[str, tuple[list[tuple[int | None, Fraction]], Fraction, str]] = {
    "by_unit": ([(2, Fraction(2000)), (7, Fraction(1500)), (None, Fraction(300))], Fraction(1), "half_up"),
    "by_part": (
        [(5_000, Fraction(15, 10_000)), (40_000, Fraction(25, 1000)), (None, Fraction(0))],
        Fraction(10),
        "up",
    ),
}


# The text


def written(tree: Any) -> str:
    """Return the formula as the product reads it."""
    operation, *parts = tree
    if operation in _WRITTEN:
        return _WRITTEN[operation](*parts)
    return f"{operation}({', '.join(part if isinstance(part, str) else written(part) for part in parts)})"


_WRITTEN: dict[str, Any] = {
    "add": lambda one, other: f"({written(one)} + {written(other)})",
    "sub": lambda one, other: f"({written(one)} - {written(other)})",
    "mul": lambda one, other: f"({written(one)} * {written(other)})",
    "cmp": lambda sign, one, other: f"({written(one)} {sign} {written(other)})",
    "neg": lambda one: f"-{written(one)}",
    "number": lambda number, text: text,
    "fact": lambda name: name,
    "member": lambda name: name,
    "code": lambda code: f'"{code}"',
    "day": lambda day: f'day("{day.isoformat()}")',
    "over": lambda name, inner: f"{name}(rows{', ' + written(inner) if inner else ''})",
}


# The value


class _UnknownError(Exception):
    """A fact that is needed is unknown."""


def value(tree: Any, facts: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> Any:
    """Return what the formula must give; None is unknown."""
    try:
        return _value(tree, facts, row)
    except _UnknownError:
        return None


def _value(tree: Any, facts: Mapping[str, Any], row: Mapping[str, Any] | None) -> Any:
    operation, *parts = tree
    if operation in _LAZY:
        return _LAZY[operation](parts, facts, row)
    values = [part if isinstance(part, str) else _value(part, facts, row) for part in parts]
    return _STRICT[operation](*values)


def _read(name: str, given: Mapping[str, Any] | None, prefix: str = "") -> Any:
    found = (given or {}).get(name)
    if found is None:
        raise _UnknownError
    if isinstance(found, int) and not isinstance(found, bool):
        return Fraction(found, 10 ** SCALES_OF_FACTS.get(prefix + name, 0))
    return found


def _chosen(parts: Any, facts: Any, row: Any) -> Any:
    condition, yes, no = parts
    return _value(yes if _value(condition, facts, row) else no, facts, row)


def _truths(results: list[bool | None], decisive: bool) -> bool:
    if decisive in results:
        return decisive
    if None in results:
        raise _UnknownError
    return not decisive


def _over(parts: Any, facts: Any, row: Any) -> Any:
    name, inner = parts
    rows = facts.get("rows")
    if rows is None:
        raise _UnknownError
    if inner is None:
        return Fraction(len(rows))
    results = [value(inner, facts, each) for each in rows]
    if name in ("any", "all"):
        return _truths(results, name == "any")
    if None in results or (name in ("min", "max") and not results):
        raise _UnknownError
    if name == "count":
        return Fraction(results.count(True))
    return {"sum": lambda all_: sum(all_, Fraction(0)), "min": min, "max": max}[name](results)


def _is_known(parts: Any, facts: Any, row: Any) -> bool:
    return value(parts[0], facts, row) is not None


_LAZY = {
    "if": _chosen,
    "and": lambda parts, facts, row: _truths([value(part, facts, row) for part in parts], False),
    "or": lambda parts, facts, row: _truths([value(part, facts, row) for part in parts], True),
    "known": _is_known,
    "over": _over,
    "fact": lambda parts, facts, row: _read(parts[0], facts),
    "member": lambda parts, facts, row: _read(parts[0], row, "rows."),
    "number": lambda parts, facts, row: parts[0],
    "code": lambda parts, facts, row: parts[0],
    "day": lambda parts, facts, row: parts[0],
    "true": lambda parts, facts, row: True,
}


def _rounded(number: Fraction, to: Fraction, how: str) -> Fraction:
    share = number / to
    whole = {"up": math.ceil, "down": math.floor, "half_up": lambda each: math.floor(each + Fraction(1, 2))}[how](share)
    return whole * to


def _tiered(quantity: Fraction, name: str) -> Fraction:
    brackets, to, how = BRACKETS[name]
    total, below = Fraction(0), Fraction(0)
    for up_to, rate in brackets:
        top = quantity if up_to is None else min(quantity, Fraction(up_to))
        if top > below:
            total, below = total + (top - below) * rate, top
    return _rounded(total, to, how)


def _added(start: Any, more: Any, sign: int) -> Any:
    return start + timedelta(days=int(sign * more)) if isinstance(start, date) else start + sign * more


def _months_later(day: date, months: Fraction) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    for number in range(day.day, 27, -1):
        if number <= calendar.monthrange(years, month + 1)[1]:
            return date(years, month + 1, number)
    return date(years, month + 1, day.day)


def _full_months(start: date, end: date) -> Fraction:
    """Count months one by one, as on the fingers."""
    if end < start:
        return -_full_months(end, start)
    months = 0
    while _months_later(start, Fraction(months + 1)) <= end:
        months += 1
    return Fraction(months)


def _full_years(start: date, end: date) -> Fraction:
    months = _full_months(start, end)
    return Fraction(math.trunc(months / 12))


def _is_worked(day: date) -> bool:
    return day.weekday() < 5 and day not in DAYS_OFF


def _rolled(day: date) -> date:
    while not _is_worked(day):
        day += timedelta(days=1)
    return day


def _working_days_later(day: date, amount: Fraction) -> date:
    left = int(amount)
    while left:
        day += timedelta(days=1 if left > 0 else -1)
        if _is_worked(day):
            left -= 1 if left > 0 else -1
    return day


def _year_end(day: date) -> date:
    return date(day.year, 12, 31)


def _month_end(day: date) -> date:
    while (day + timedelta(days=1)).month == day.month:
        day += timedelta(days=1)
    return day


_STRICT = {
    "add": lambda one, other: _added(one, other, 1),
    "sub": lambda one, other: _added(one, other, -1),
    "mul": lambda one, other: one * other,
    "neg": lambda one: -one,
    "cmp": lambda sign, one, other: {
        "=": one == other, "!=": one != other,
        **({} if isinstance(one, str | bool) else {
            "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}),
    }[sign],
    "min": lambda *all_: min(all_),
    "max": lambda *all_: max(all_),
    "not": lambda held: not held,
    "between": lambda one, low, high: low <= one <= high,
    "in": lambda code, *codes: code in codes,
    "has": lambda codes, code: code in codes,
    "same": lambda one, other: one.split() == other.split(),
    "divide": lambda one, other, how, to="1": _rounded(one / other, Fraction(to), how),
    "round": lambda one, to, how: _rounded(one, Fraction(to), how),
    "percent": lambda amount, rate, how="half_up": _rounded(amount * rate / 100, Fraction(1), how),
    "tiered": _tiered,
    "age": _full_years,
    "years_between": _full_years,
    "months_between": _full_months,
    "days_between": lambda start, end: Fraction((end - start).days),
    "add_months": _months_later,
    "add_years": lambda day, years: _months_later(day, 12 * years),
    "add_working_days": _working_days_later,
    "end_of_month": _month_end,
    "end_of_year": _year_end,
    "roll": _rolled,
    "year_of": lambda day: Fraction(day.year),
    "month_of": lambda day: Fraction(day.month),
}  # fmt: skip


# Growing


class Grower:
    """Grows well-typed trees; a number comes with its decimal digits and whether it is money."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.inside = False

    def leaf(self, *kinds: FactType) -> Any:
        """A fact, or inside a group a member, of one of these types."""
        if self.inside and self.chance.random() < 0.7:
            return (
                "member",
                self.chance.choice([name for name, kind in MEMBERS.items() if kind in kinds] or ["pages"]),
            )
        return ("fact", self.chance.choice([name for name, kind in TOP.items() if kind in kinds]))

    def number(self, depth: int, *, money: bool = False) -> tuple[Any, int]:
        """A number and its decimal digits."""
        if depth <= 0 or self.chance.random() < 0.15:
            return self.plain_number(money=money)
        makers = [self.sum_of, self.product_of, self.one_of, self.divided, self.rounded, self.percented]
        makers += [self.gathered] if not self.inside else []
        makers += [self.scaled] if money else [self.counted]
        return self.chance.choice(makers)(depth - 1, money)

    def plain_number(self, *, money: bool) -> tuple[Any, int]:
        """A fact or a number as written."""
        if money or self.chance.random() < 0.6:
            tree = self.leaf(*([FactType.MONEY] if money else [FactType.INT, FactType.FIXED]))
            name = tree[1] if tree[0] == "fact" else f"rows.{tree[1]}"
            return tree, SCALES_OF_FACTS.get(name, 0)
        text = self.chance.choice(["0", "1", "7", "1.000", "0.5", "0.15", "2.75", "12.5", "1.2500"])
        digits = 0 if text == "1.000" or "." not in text else len(text.split(".")[1].rstrip("0"))
        return ("number", Fraction(1000 if text == "1.000" else text), text), digits

    def sum_of(self, depth: int, money: bool) -> tuple[Any, int]:
        one, digits = self.number(depth, money=money)
        other, more = self.number(depth, money=money and self.chance.random() < 0.7)
        if self.chance.random() < 0.1:
            return ("neg", one), digits
        return (self.chance.choice(["add", "sub"]), one, other), max(digits, more)

    def product_of(self, depth: int, money: bool) -> tuple[Any, int]:
        one, digits = self.number(depth, money=money)
        other, more = self.number(depth)
        return (("mul", one, other), digits + more) if digits + more <= 6 else (one, digits)

    def one_of(self, depth: int, money: bool) -> tuple[Any, int]:
        one, digits = self.number(depth, money=money)
        other, more = self.number(depth, money=money)
        choice = self.chance.choice(["min", "max", "if"])
        tree = (choice, one, other) if choice != "if" else ("if", self.truth(depth), one, other)
        return tree, max(digits, more)

    def how(self) -> str:
        return self.chance.choice(["up", "down", "half_up"])

    def multiple(self) -> tuple[str, int]:
        text = self.chance.choice(["1", "1000", "50", "0.5", "0.01", "0.25"])
        return text, len(text.partition(".")[2])

    def divided(self, depth: int, money: bool) -> tuple[Any, int]:
        one, _ = self.number(depth, money=money)
        other, _ = self.number(depth)
        divisor = ("max", other, ("number", Fraction(1, 2), "0.5"))
        if self.chance.random() < 0.5:
            return ("divide", one, divisor, self.how()), 0
        to, digits = self.multiple()
        return ("divide", one, divisor, self.how(), to), digits

    def rounded(self, depth: int, money: bool) -> tuple[Any, int]:
        to, digits = self.multiple()
        return ("round", self.number(depth, money=money)[0], to, self.how()), digits

    def percented(self, depth: int, money: bool) -> tuple[Any, int]:
        amount, rate = self.number(depth, money=money)[0], self.number(depth)[0]
        return (("percent", amount, rate, self.how()) if self.chance.random() < 0.6 else ("percent", amount, rate)), 0

    def scaled(self, depth: int, money: bool) -> tuple[Any, int]:
        name = self.chance.choice(["by_unit", "by_part"])
        return ("tiered", self.number(depth, money=name == "by_part")[0], name), 0

    def counted(self, depth: int, money: bool) -> tuple[Any, int]:
        name = self.chance.choice(["age", "years_between", "months_between", "days_between", "year_of", "month_of"])
        days = [self.day(depth) for _ in range(1 if name.endswith("_of") else 2)]
        return ("mul", ("number", Fraction(1), "1"), (name, *days)), 0

    def gathered(self, depth: int, money: bool) -> tuple[Any, int]:
        choice = self.chance.choice(["sum", "sum", "min", "max", "count"])
        if choice == "count" and not money:
            inner = self.within(self.truth, depth) if self.chance.random() < 0.6 else None
            return ("over", "count", inner), 0
        self.inside = True
        tree, digits = self.number(depth, money=money)
        self.inside = False
        return ("over", "sum" if choice == "count" else choice, tree), digits

    def within(self, grow: Any, depth: int) -> Any:
        """Grow inside a group."""
        self.inside = True
        tree = grow(depth)
        self.inside = False
        return tree

    def truth(self, depth: int) -> Any:
        """A condition."""
        simple = [self.compared, self.compared, self.days_compared, self.coded, self.asked]
        deep = [self.joined, self.joined, *([] if self.inside else [self.some_row])]
        return self.chance.choice(simple if depth <= 0 else simple + deep)(depth - 1)

    def compared(self, depth: int) -> Any:
        money = self.chance.random() < 0.3
        parts = [self.number(depth, money=money)[0] for _ in range(3)]
        if self.chance.random() < 0.2:
            return ("between", *parts)
        return ("cmp", self.chance.choice(["=", "!=", "<", "<=", ">", ">="]), *parts[:2])

    def days_compared(self, depth: int) -> Any:
        return ("cmp", self.chance.choice(["=", "!=", "<", "<=", ">", ">="]), self.day(depth), self.day(depth))

    def coded(self, depth: int) -> Any:
        if self.chance.random() < 0.3:
            return ("has", ("fact", "marks"), ("code", self.chance.choice(CODES)))
        code = self.leaf(FactType.CODE)
        if self.chance.random() < 0.5:
            return ("in", code, *(("code", each) for each in self.chance.sample(CODES, 2)))
        return ("cmp", self.chance.choice(["=", "!="]), code, ("code", self.chance.choice(CODES)))

    def asked(self, depth: int) -> Any:
        choice = self.chance.randrange(4)
        if choice == 0:
            return ("known", self.leaf(*FactType))
        if choice == 1:
            return ("same", self.leaf(FactType.TEXT), self.leaf(FactType.TEXT))
        return self.leaf(FactType.BOOL)

    def joined(self, depth: int) -> Any:
        choice = self.chance.choice(["and", "or", "not", "if"])
        parts = [self.truth(depth) for _ in range({"not": 1, "if": 3}.get(choice, 2))]
        return (choice, *parts)

    def some_row(self, depth: int) -> Any:
        return ("over", self.chance.choice(["any", "all"]), self.within(self.truth, depth))

    def day(self, depth: int) -> Any:
        """A day."""
        if depth <= 0 or self.chance.random() < 0.4:
            if self.chance.random() < 0.3:
                return ("day", date(2024, 2, 29) + timedelta(days=self.chance.randrange(-400, 400)))
            return self.leaf(FactType.DAY)
        choice = self.chance.choice(["add", "sub", "add_months", "add_years", "add_working_days", "ends", "choice"])
        if choice == "ends":
            return (self.chance.choice(["end_of_month", "end_of_year", "roll"]), self.day(depth - 1))
        if choice == "choice":
            both = (self.day(depth - 1), self.day(depth - 1))
            name = self.chance.choice(["min", "max", "if"])
            return (name, *both) if name != "if" else ("if", self.truth(depth - 1), *both)
        return (choice, self.day(depth - 1), self.leaf(FactType.INT))


def random_facts(chance: random.Random) -> dict[str, Any]:
    """Facts within their domains, some unknown."""
    facts = {name: _random_value(name, kind, chance) for name, kind in TOP.items()}
    facts["rows"] = [
        _known({name: _random_value(name, kind, chance, "rows.") for name, kind in MEMBERS.items()}, chance, 0.05)
        for _ in range(chance.randrange(MOST_ROWS + 1))
    ]
    return _known(facts, chance, 0.12)


def _known(facts: dict[str, Any], chance: random.Random, unknown: float) -> dict[str, Any]:
    return {name: found for name, found in facts.items() if chance.random() >= unknown}


def _random_value(name: str, kind: FactType, chance: random.Random, prefix: str = "") -> Any:
    if prefix + name in DOMAINS:
        low, high = DOMAINS[prefix + name]
        return chance.choice([low, high, 0 if low <= 0 else 1, chance.randint(low, high)])
    return {
        FactType.BOOL: lambda: chance.random() < 0.5,
        FactType.CODE: lambda: chance.choice(CODES),
        FactType.CODES: lambda: sorted(chance.sample(CODES, chance.randrange(4))),
        FactType.DAY: lambda: (
            chance.choice([date(2024, 2, 29), date(2026, 8, 31), date(2020, 1, 1)])
            + timedelta(days=chance.randrange(-40, 900))
        ),
        FactType.TEXT: lambda: chance.choice(["An", "An ", "Bình"]),
    }[kind]()
