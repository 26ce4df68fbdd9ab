"""Literals: one test of one fact, or its opposite; conditions and their opposites as sets of literals."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from rules.space.axes import Axis
from rules.space.runs import Runs, rest, shared
from rules.space.sweep import Box
from rules.table.cells import Has, HasHow, Known, OneOf, Range, Test, Within, as_number
from rules.table.decision import ON_DAY, Condition
from rules.values import Period
from rules.vocabulary import Fact, FactType


@dataclass(frozen=True, slots=True)
class Literal:
    """The test holds of the fact, or (`wanted` false) it does not: then the fact may be unknown, too."""

    fact: str
    test: Test
    wanted: bool = True

    @property
    def opposite(self) -> "Literal":
        """The literal that holds just where this one does not."""
        return Literal(self.fact, self.test, not self.wanted)

    def runs(self, axis: Axis) -> Runs:
        """Return the places of the axis where the literal holds."""
        runs = axis.runs(self.test)
        return runs if self.wanted else rest(runs, axis.size)


Literals = tuple[Literal, ...]
"""Literals that hold together."""

MOST_ALTERNATIVES = 200
"""The opposite of a condition may have so many alternatives; of one with more it is not worked out."""


def unknown(fact: str) -> Literal:
    """Return the literal that the fact is not known."""
    return Literal(fact, Known(wanted=False))


def on_days(period: Period) -> Literal:
    """Return the literal that the legal day lies in the period."""
    since, until = (None if day is None else day.toordinal() for day in (period.since, period.until))
    return Literal(ON_DAY, Within((Range(since, until, high_in=False),)))


def holding(condition: Condition) -> Iterator[Literals]:
    """Yield the alternatives in which a condition holds."""
    for group in condition.any_of:
        yield tuple(Literal(name, cell.test) for name, cell in group.items())


def failing(condition: Condition) -> Iterator[Literals]:
    """Yield the alternatives in which a condition does not hold; none where there would be too many."""
    groups = list(holding(condition))
    many = 1
    for group in groups:
        many *= max(len(group), 1)
    if many <= MOST_ALTERNATIVES:
        for chosen in product(*groups):
            yield tuple(dict.fromkeys(literal.opposite for literal in chosen))


def equal(fact: Fact, value: Any) -> Literals:
    """Return the literals that together hold when the fact has just this value; None: when it is unknown.

    Of a set of codes they say which it holds; codes beside these are asked about by `no_others`.
    """
    if value is None:
        return (unknown(fact.id),)
    if fact.type is FactType.CODES:
        codes = tuple(value)
        return (Literal(fact.id, Has(HasHow.ALL, codes)),) if codes else (Literal(fact.id, Known(wanted=True)),)
    if isinstance(value, bool | str):
        return (Literal(fact.id, OneOf((value,))),)
    number = as_number(value)
    return (Literal(fact.id, Within((Range(number, number),))),)


def no_others(fact: Fact, codes: Iterable[str]) -> Literals:
    """Return the literals that a set holds none of the other codes of the fact."""
    others = tuple(code for code in fact.codes if code not in set(codes))
    return (Literal(fact.id, Has(HasHow.NONE, others)),) if others else ()


def box_of(literals: Iterable[Literal], axes: Mapping[str, Axis]) -> Box | None:
    """Return where the literals hold together, None where they never do."""
    held: dict[str, Runs] = {name: ((0, axis.size),) for name, axis in axes.items()}
    for literal in literals:
        held[literal.fact] = shared(held[literal.fact], literal.runs(axes[literal.fact]))
    return tuple(held.values()) if all(held.values()) else None
