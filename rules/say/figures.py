"""A formula worked out in figures, as a citizen checks it: `2 × 2.000 đ + 8 × 1.000 đ = 12.000 đ; × 3 bản = 36.000 đ`.

Said from the facts an outcome kept, so that every screen and paper says the same. What stands behind the last equals
sign is the amount of the outcome; where it would not be, or a part cannot be said in figures, nothing is said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, NoReturn

from rules.errors import RulesError
from rules.evaluation.sayings import circumstance
from rules.formula import (
    Call,
    Divide,
    Fixed,
    Formula,
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
    children,
)
from rules.formula.running import Scope, running
from rules.rounding import Rounding
from rules.say.formula import rounding_said
from rules.say.punctuation import quoted
from rules.scale import PERCENT_DIGITS, RateScale
from rules.values import Money, Text, counted, measured
from rules.vocabulary import Fact, Facts, FactType, number_said
from rules.wording import begun, joined, phrase, same

_MOST_DIGITS = 9


class _UnsaidError(Exception):
    """This part cannot be said in figures."""


class _NoCalendar:
    """Stands where a formula counts working days: those are facts of their own, worked out before."""

    def roll(self, day: date) -> NoReturn:
        raise _UnsaidError

    def add_working_days(self, day: date, amount: int) -> NoReturn:
        raise _UnsaidError


class _Shape(Enum):
    """How a part is written: one figure, factors, or what must be worked out before it stands in something larger."""

    FIGURE = 1
    FACTORS = 2
    OPEN = 3


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as far as it is worked out: the clauses before it, how it stands now, and its number.

    `is_result`: the last clause ends with this figure, so that a factor may be written right behind it; `goes_on`:
    that is how it stands, as `× 3 bản`. `rounded` says how a number that does not come out even was rounded.
    """

    number: Fraction
    said: Text
    shape: _Shape = _Shape.FIGURE
    before: tuple[Text, ...] = ()
    is_result: bool = False
    goes_on: bool = False
    rounded: Text | None = None


@dataclass(frozen=True, slots=True)
class Formulas:
    """What the formulas of a definition are said with: its facts, and the formulas of those that are computed."""

    facts: Mapping[str, Fact]
    formulas: Mapping[str, Formula]


def worked_out(name: str, known: Facts, formulas: Formulas, currency: str) -> Text | None:
    """Say how the computed amount `name` comes out of the known facts; None where there are no figures to show."""
    try:
        work = _Work(known, formulas, currency)
        told, number = work.fact(name)
    except (_UnsaidError, RulesError, OverflowError):
        return None
    return joined(told, " ") if told and number == known.get(name) else None


@dataclass(slots=True)
class _Work:
    """One formula being worked out, for the dossier or one row of a group."""

    known: Facts
    formulas: Formulas
    currency: str
    row: Mapping[str, Any] | None = None
    group: str = ""
    heads: dict[str, Text] = field(default_factory=dict[str, Text])
    """The values that are read but do not stand among the figures."""
    sentences: list[Text] = field(default_factory=list[Text])
    """What had to be told before: rows of a group, amounts with a formula of their own."""

    def fact(self, name: str) -> tuple[list[Text], Fraction]:
        """Return the sentences that work out an amount, none where it is no more than a figure."""
        part = self._settled(self.money(self.formulas.formulas[name].tree))
        if part.before:
            last = self._sentence(part.before)
            return [*self.sentences, begun(last) if self.sentences else last], part.number
        return self.sentences, part.number

    def _sentence(self, clauses: Iterable[Text], head: Text | None = None) -> Text:
        heads = [*([head] if head else []), *self.heads.values()]
        said = phrase("{}.", "{}.", joined(clauses, "; "))
        return phrase("{}: {}", "{}: {}", joined(heads, ", "), said) if heads else said

    def money(self, node: Node) -> _Part:
        """Work out a part that is money."""
        say = _MONEY.get(type(node))
        if say is None:
            raise _UnsaidError
        return say(self, node)

    def _figure(self, number: Fraction) -> Text:
        """Say an amount of money, which inside a formula need not be whole."""
        if number.denominator == 1:
            return Money(int(number), self.currency).words
        for digits in range(1, _MOST_DIGITS):
            scaled = number * 10**digits
            if scaled.denominator == 1 and self.currency == "VND":
                return phrase("{}\u00a0đ", "{}\u00a0đ", measured(int(scaled), digits))
        raise _UnsaidError

    def _settled(self, part: _Part) -> _Part:
        """Write the equals sign behind what is worked out, so that the result stands as one figure."""
        if part.shape is _Shape.FIGURE:
            return part
        figure = self._figure(part.number)
        said = phrase("{} = {}", "{} = {}", part.said, figure)
        if part.rounded is not None:
            said = phrase("{} ({})", "{} ({})", said, part.rounded)
        return _Part(part.number, figure, before=(*part.before, said), is_result=True)

    def _result(self, part: _Part, number: Fraction, clause: Text) -> _Part:
        """Return the figure that a clause comes to, which stands right behind the part."""
        clause = clause if part.is_result else joined([part.said, clause], " ")
        return _Part(number, self._figure(number), before=(*part.before, clause), is_result=True)

    # ---- what is counted -------------------------------------------------------------------------------------------

    def _count(self, node: Node, *, named: bool = False) -> _Part:
        """Return what is no money as one number; `named`: the fact it is does not stand among the figures."""
        value = self._value(node)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _UnsaidError
        digits = self._digits(node)
        fact = self.formulas.facts.get(node.fact) if isinstance(node, Name) else None
        unit = fact.unit if fact is not None and not named else ""
        if not unit:
            self._head(node)
        return _Part(Fraction(value, 10**digits), number_said(value, digits, unit))

    def _value(self, node: Node) -> Any:
        value = running(node, self.group)(Scope(self.known, _NoCalendar(), self.row))
        if value is None:
            raise _UnsaidError
        return value

    def _digits(self, node: Node) -> int:
        """Return how many decimal digits the number of a part has."""
        match node:
            case Name():
                fact = self.formulas.facts.get(node.fact)
                return fact.scale if fact is not None and fact.type is FactType.FIXED else 0
            case Fixed():
                return node.scale
            case Scaled():
                return self._digits(node.number) + node.digits
            case Product():
                return sum(self._digits(factor) for factor in node.factors)
            case Divide() | Round():
                return node.rounding.digits
            case _:
                inside = () if isinstance(node, Percent | Tiered) else children(node)
                return max((self._digits(part) for part in inside), default=0)

    def _head(self, node: Node) -> None:
        """Name the facts that a part reads, with their values."""
        if isinstance(node, Over):
            rows = self.known.get(node.group) or ()
            label = quoted(self.formulas.facts[node.group].label)
            self.heads[node.group] = phrase("{} dòng của {}", "{} rows of {}", counted(len(rows)), label)
        elif isinstance(node, Name):
            self._head_of(node.fact)
        else:
            for part in children(node):
                self._head(part)

    def _head_of(self, name: str) -> None:
        fact = self.formulas.facts.get(name)
        if fact is None:
            raise _UnsaidError
        of_row = self.row is not None and name.startswith(f"{self.group}.")
        value = (self.row or {}).get(name.removeprefix(f"{self.group}.")) if of_row else self.known.get(name)
        shown = fact.shown(value)
        self.heads[name] = shown if fact.unit and value is not None else circumstance(fact, value, shown)

    # ---- money -----------------------------------------------------------------------------------------------------

    def literal(self, node: Whole | Fixed) -> _Part:
        number = Fraction(node.value, 10 ** self._digits(node))
        return _Part(number, self._figure(number))

    def scaled(self, node: Scaled) -> _Part:
        return self.money(node.number)

    def name(self, node: Name) -> _Part:
        fact, value = self.formulas.facts.get(node.fact), self._value(node)
        if fact is None or fact.type is not FactType.MONEY:
            return self._count(node)
        told: list[Text] = []
        if node.fact in self.formulas.formulas:
            told, _ = _Work(self.known, self.formulas, self.currency).fact(node.fact)
        if told:
            self.sentences.append(phrase("{}: {}", "{}: {}", fact.label, joined(told, " ")))
        else:
            self._head_of(node.fact)
        return _Part(Fraction(value), self._figure(Fraction(value)))

    def sum(self, node: Sum) -> _Part:
        worked = [(sign, self.money(term)) for sign, term in node.terms]
        told = [(sign, part) for sign, part in worked if part.number] or worked[:1]
        if len(told) == 1 and told[0][0] > 0:
            return self._alone(told[0][1])
        parts = [(sign, self._term(part)) for sign, part in told]
        said = phrase("− {}", "− {}", parts[0][1].said) if parts[0][0] < 0 else parts[0][1].said
        for sign, part in parts[1:]:
            pattern = "{} − {}" if sign < 0 else "{} + {}"
            said = phrase(pattern, pattern, said, part.said)
        number = sum((sign * part.number for sign, part in parts), Fraction(0))
        return _Part(number, said, _Shape.OPEN, tuple(clause for _, part in parts for clause in part.before))

    def _alone(self, part: _Part) -> _Part:
        """Return the only term left of a sum: it comes to a figure before anything multiplies it."""
        return replace(part, shape=_Shape.OPEN) if part.shape is _Shape.FACTORS else part

    def _term(self, part: _Part) -> _Part:
        is_term = part.shape is _Shape.FIGURE or (part.shape is _Shape.FACTORS and not part.goes_on)
        return part if is_term else self._settled(part)

    def product(self, node: Product) -> _Part:
        place = _rate(node.factors, self.formulas.facts)
        counts = [self._count(factor) for at, factor in enumerate(node.factors) if at != place]
        if place is None:
            rate = _Part(Fraction(1), counts[0].said)
            times = [part.said for part in counts[1:]]
        else:
            rate = self.money(node.factors[place])
            times = [part.said for part in counts]
        number = rate.number
        for part in counts:
            number *= part.number
        return self._times(rate, times, number, by_count=place is not None)

    def _times(self, rate: _Part, times: list[Text], number: Fraction, *, by_count: bool) -> _Part:
        """Write the factors before an amount as it stands, or behind one that was only just worked out."""
        if rate.shape is _Shape.OPEN:
            rate = self._settled(rate)
        if rate.goes_on or rate.is_result:
            behind = joined([phrase("× {}", "× {}", each) for each in times], " ")
            said = joined([rate.said, behind], " ") if rate.goes_on else behind
            return _Part(number, said, _Shape.FACTORS, rate.before, goes_on=True)
        factors = [*times, rate.said] if by_count else [rate.said, *times]
        return _Part(number, joined(factors, " × "), _Shape.FACTORS, rate.before)

    def divide(self, node: Divide) -> _Part:
        dividend, divisor = self._settled(self.money(node.dividend)), self._count(node.divisor)
        number = Fraction(self._value(node), 10**node.rounding.digits)
        behind = phrase("chia {}", "divided by {}", divisor.said)
        said = behind if dividend.is_result else joined([dividend.said, behind], " ")
        rounded = _rounded(number, dividend.number / divisor.number, node.rounding)
        return _Part(number, said, _Shape.OPEN, dividend.before, goes_on=dividend.is_result, rounded=rounded)

    def round(self, node: Round) -> _Part:
        inside = self._settled(self.money(node.number))
        number = Fraction(self._value(node), 10**node.rounding.digits)
        if number == inside.number:
            return inside
        said = phrase("{}: {}", "{}: {}", rounding_said(node.rounding), self._figure(number))
        return self._result(inside, number, said)

    def percent(self, node: Percent) -> _Part:
        amount, rate = self._settled(self.money(node.amount)), Fraction(self._value(node.rate), 10 ** node.digits[1])
        number = Fraction(self._value(node))
        said = phrase("{}% của {}", "{}% of {}", _share(rate), amount.said)
        rounded = _rounded(number, amount.number * rate / 100, node.rounding)
        return _Part(number, said, _Shape.OPEN, amount.before, rounded=rounded)

    def tiered(self, node: Tiered) -> _Part:
        """Say a progressive scale as the sum of its tiers: `2 trang × 2.000 đ + 8 trang × 1.000 đ`."""
        scale = node.scale
        quantity = self._settled(self.money(node.quantity)) if scale.percent else self._count(node.quantity, named=True)
        exact, said = Fraction(0), list[Text]()
        for part, rate in _tiers(quantity.number, scale):
            exact += part * rate
            said.append(self._percent_tier(part, rate) if scale.percent else self._unit_tier(part, rate, scale.unit))
        if not said:
            raise _UnsaidError
        number = Fraction(self._value(node))
        rounded = _rounded(number, exact, scale.rounding or Rounding())
        return _Part(number, joined(said, " + "), _Shape.OPEN, quantity.before, rounded=rounded)

    def _percent_tier(self, part: Fraction, rate: Fraction) -> Text:
        return phrase("{}% của {}", "{}% of {}", _share(rate * 100), self._figure(part))

    def _unit_tier(self, part: Fraction, rate: Fraction, unit: str) -> Text:
        return phrase("{} × {}", "{} × {}", _number(part, unit), self._figure(rate))

    def call(self, node: Call) -> _Part:
        if node.name in ("min", "max"):
            return self._extreme(node)
        if node.name != "if":
            raise _UnsaidError
        condition, then, otherwise = node.arguments
        self._head(condition)
        return self.money(then if self._value(condition) else otherwise)

    def _extreme(self, node: Call) -> _Part:
        """Say that a limit was reached; one that was not reached is not spoken of."""
        choose, (lower, limit) = _CHOICES[node.name]
        plain = [part for part in node.arguments if isinstance(_bare(part), Whole | Fixed | Name)]
        worked = [part for part in node.arguments if part not in plain]
        if len(worked) != 1:
            return self._chosen(node, [self.money(part) for part in node.arguments], lower)
        part = self.money(worked[0])
        outside = _Work(self.known, self.formulas, self.currency, self.row, self.group)
        number = choose([part.number, *[outside.money(each).number for each in plain]])
        if number == part.number:
            return part
        self.sentences.extend(outside.sentences)
        settled = self._settled(part)
        return self._result(settled, number, phrase(limit.vi, limit.en, self._figure(number)))

    def _chosen(self, node: Call, parts: list[_Part], words: Text) -> _Part:
        choose, _ = _CHOICES[node.name]
        settled = [self._settled(part) for part in parts]
        number = choose([part.number for part in settled])
        listed = joined([part.said for part in settled], "; ")
        figure = self._figure(number)
        before = [clause for part in settled for clause in part.before]
        before.append(phrase(words.vi, words.en, listed, figure))
        return _Part(number, figure, before=tuple(before), is_result=True)

    def over(self, node: Over) -> _Part:
        """Work out each row of a group in a sentence of its own, and add them up."""
        rows, inside = self._rows(node), node.expression
        if node.name != "sum" or inside is None or self.group:
            raise _UnsaidError
        number = Fraction(0)
        for place, row in enumerate(rows, 1):
            work = _Work(self.known, self.formulas, self.currency, row, node.group)
            part = work._settled(work.money(inside))
            number += part.number
            self.sentences.extend(work.sentences)
            head = self._row_called(node.group, row, place if len(rows) > 1 else 0)
            self.sentences.append(work._sentence(part.before or [part.said], head))
        if len(rows) > 1:
            self.sentences.append(
                phrase("Cộng {} dòng: {}.", "{} rows added up: {}.", counted(len(rows)), self._figure(number))
            )
        return _Part(number, self._figure(number))

    def _rows(self, node: Over) -> list[Mapping[str, Any]]:
        rows = self.known.get(node.group)
        if rows is None:
            raise _UnsaidError
        return list(rows)

    def _row_called(self, group: str, row: Mapping[str, Any], place: int) -> Text | None:
        """Call a row by the first text in it, or by its number where there are several."""
        texts = (member.id for member in self.formulas.facts[group].members if member.type is FactType.TEXT)
        named = next((row[each] for each in texts if row.get(each)), "")
        if named:
            return same(named)
        return phrase("Dòng {}", "Row {}", str(place)) if place else None


_MONEY: Mapping[type, Callable[..., _Part]] = {
    Whole: _Work.literal,
    Fixed: _Work.literal,
    Scaled: _Work.scaled,
    Name: _Work.name,
    Sum: _Work.sum,
    Product: _Work.product,
    Divide: _Work.divide,
    Round: _Work.round,
    Percent: _Work.percent,
    Tiered: _Work.tiered,
    Call: _Work.call,
    Over: _Work.over,
}

_CHOICES: Mapping[str, tuple[Callable[[list[Fraction]], Fraction], tuple[Text, Text]]] = {
    "min": (
        min,
        (
            Text("mức thấp nhất trong {}: {}", "the lowest of {}: {}"),
            Text("vượt mức tối đa nên lấy {}", "more than the most, so {}"),
        ),
    ),
    "max": (
        max,
        (
            Text("mức cao nhất trong {}: {}", "the highest of {}: {}"),
            Text("dưới mức tối thiểu nên lấy {}", "less than the least, so {}"),
        ),
    ),
}
"""How the least and the greatest are told: among several amounts, and as a limit of one."""


def _bare(node: Node) -> Node:
    return node.number if isinstance(node, Scaled) else node


def _rate(factors: tuple[Node, ...], facts: Mapping[str, Fact]) -> int | None:
    """Return which factor is the amount of one, None where none is: money by its type, else the greatest figure."""
    ranked = [(_rank(factor, facts), -place) for place, factor in enumerate(factors)]
    best, place = max(ranked)
    return -place if best > (0, 0) else None


def _rank(node: Node, facts: Mapping[str, Fact]) -> tuple[int, Fraction | int]:
    if _is_money(node, facts):
        return 2, 0
    largest = max(_written(node), default=Fraction(0))
    # A bare fact with a small number added, as "pages - 2", counts things; an amount is written as a factor.
    is_amount = isinstance(_bare(node), Whole | Fixed) or any(isinstance(part, Product) for part in _inside(node))
    return (1, largest) if is_amount else (0, 0)


def _is_money(node: Node, facts: Mapping[str, Fact]) -> bool:
    def is_money(part: Node) -> bool:
        fact = facts.get(part.fact) if isinstance(part, Name) else None
        return isinstance(part, Percent | Tiered) or (fact is not None and fact.type is FactType.MONEY)

    return any(is_money(part) for part in _inside(node))


def _inside(node: Node) -> Iterator[Node]:
    yield node
    for part in children(node):
        yield from _inside(part)


def _written(node: Node) -> Iterator[Fraction]:
    for part in _inside(node):
        if isinstance(part, Whole | Fixed):
            yield Fraction(part.value, 10**part.scale if isinstance(part, Fixed) else 1)


def _rounded(number: Fraction, exact: Fraction, rounding: Rounding) -> Text | None:
    return None if number == exact else rounding_said(rounding)


def _share(rate: Fraction) -> Text:
    return _number(rate, "")


def _number(number: Fraction, unit: str) -> Text:
    for digits in range(_MOST_DIGITS):
        scaled = number * 10**digits
        if scaled.denominator == 1:
            return number_said(int(scaled), digits, unit)
    raise _UnsaidError


def _tiers(quantity: Fraction, scale: RateScale) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield how much of a quantity lies in each tier it reaches, and the rate of it in đồng or as a share."""
    below = Fraction(0)
    for step in scale.steps:
        until = quantity if step.up_to is None else min(quantity, Fraction(step.up_to, 10**scale.digits))
        if until > below:
            rate = Fraction(step.rate, 10 ** (PERCENT_DIGITS + 2)) if scale.percent else Fraction(step.rate)
            yield until - below, rate
            below = until
