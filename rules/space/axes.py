"""Axes: the values of one fact cut into places that no test of it tells apart; the first place is "unknown"."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any

from rules.match.witness import OTHER_CODE
from rules.space.runs import NOWHERE, Runs, places, rest, runs_of, union
from rules.table.cells import (
    ANYTHING,
    TIMES,
    Anything,
    Has,
    HasHow,
    Known,
    OneOf,
    Range,
    Test,
    Within,
    as_number,
    from_number,
    number_in,
)
from rules.table.cells import holds as passes
from rules.vocabulary import NUMERIC, Fact, FactType

UNKNOWN: Runs = ((0, 1),)
"""The place of a fact that is not known."""

MOST_SETS = 1 << 10
"""So many sets of codes are told apart on one axis; of more only the small ones are looked at."""

_MOST_SAID = 64

Span = tuple[int | None, int | None]


class Axis(ABC):
    """The places of one fact: `size` of them, of which place 0 means that the fact is not known.

    `is_exact` tells whether every value has its place; else some were left out, and nothing is proved of them.
    """

    fact: Fact
    size: int
    is_exact: bool = True

    @property
    def known(self) -> Runs:
        """The places of known values."""
        return ((1, self.size),) if self.size > 1 else NOWHERE

    def runs(self, test: Test) -> Runs:
        """Return the places whose values pass the test."""
        if isinstance(test, Anything):
            return ((0, self.size),)
        if isinstance(test, Known):
            return self.known if test.wanted else UNKNOWN
        return self._runs(test)

    def test(self, runs: Runs) -> Test | None:
        """Return the test that just these places pass, None where no cell can say so."""
        if runs == ((0, self.size),):
            return ANYTHING
        if runs in (self.known, UNKNOWN):
            return Known(runs != UNKNOWN)
        return None if runs[0][0] == 0 else self._test(runs)

    @abstractmethod
    def place(self, value: Any) -> int:
        """Return the place of a value, None being unknown."""

    @abstractmethod
    def value(self, place: int) -> Any:
        """Return a value that stands for this place, None for unknown."""

    @abstractmethod
    def _runs(self, test: Test) -> Runs: ...

    @abstractmethod
    def _test(self, runs: Runs) -> Test | None: ...


@dataclass
class NumberAxis(Axis):
    """Numbers, amounts, days and moments: the spans between the edges of the tests, inside the domain of the fact."""

    fact: Fact
    least: int | None
    edges: list[int]
    most: int | None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.edges) + 2

    @property
    def of_times(self) -> bool:
        """Tell whether the values are days or moments."""
        return self.fact.type in TIMES

    def place(self, value: Any) -> int:
        """Return the span the value lies in."""
        return 0 if value is None else bisect_right(self.edges, as_number(value)) + 1

    def value(self, place: int) -> Any:
        """Return the first number of the span, or the last of one without beginning."""
        if place == 0:
            return None
        return from_number(number_in(self._span(place)), self.fact.type)

    def _span(self, place: int) -> Span:
        low = self.edges[place - 2] if place > 1 else self.least
        return low, self.edges[place - 1] if place <= len(self.edges) else self.most

    def _runs(self, test: Test) -> Runs:
        assert isinstance(test, Within)
        return union((self._first(low), self._end(high)) for low, high in test.spans)

    def _first(self, low: int | None) -> int:
        """Return the first place at or above an edge."""
        if low is None:
            return 1
        return self.size if self.most is not None and low >= self.most else bisect_right(self.edges, low) + 1

    def _end(self, high: int | None) -> int:
        """Return the place behind the last one below an edge."""
        if high is None:
            return self.size
        return 1 if self.least is not None and high <= self.least else bisect_left(self.edges, high) + 2

    def _test(self, runs: Runs) -> Test:
        return Within(tuple(self._range(low, high) for low, high in runs))

    def _range(self, first: int, end: int) -> Range:
        """Say stretches without the ends of the domain: nothing lies beyond them."""
        low = self._span(first)[0] if first > 1 else None
        high = self._span(end - 1)[1] if end < self.size else None
        if low is not None and high is not None and high == low + 1:
            return Range(low, low)
        return Range(low, high, high_in=high is None)


def number_axis(fact: Fact, tests: Iterable[Test], domain: tuple[int | None, int | None] = (None, None)) -> NumberAxis:
    """Return the axis of an ordered fact; `domain` are the least and the most it may be, both included."""
    least, most = domain[0], None if domain[1] is None else domain[1] + 1
    edges = {edge for test in tests if isinstance(test, Within) for span in test.spans for edge in span}
    inside = sorted(
        edge for edge in edges if edge is not None and (least is None or least < edge) and (most is None or edge < most)
    )
    return NumberAxis(fact, least, inside, most)


@dataclass
class ValueAxis(Axis):
    """Codes and truth values, each a place of its own; and for texts and groups the one place "known"."""

    fact: Fact
    values: tuple[Any, ...]
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.values) + 1

    def place(self, value: Any) -> int:
        """Return the place of the code; one that no test names where codes are kept elsewhere has the last."""
        if value is None:
            return 0
        return self.values.index(value) + 1 if value in self.values else len(self.values)

    def value(self, place: int) -> Any:
        """Return the code or truth value of the place."""
        return self.values[place - 1] if place else None

    def _runs(self, test: Test) -> Runs:
        return runs_of(number for number, value in enumerate(self.values, 1) if passes(test, value))

    def _test(self, runs: Runs) -> Test | None:
        held = [self.values[place - 1] for place in places(runs)]
        others = [self.values[place - 1] for place in places(rest(runs, self.size)) if place]
        if OTHER_CODE in held:
            return OneOf(tuple(others), negated=True)
        few = len(others) * 2 < len(held)
        return OneOf(tuple(others), negated=True) if few and others else OneOf(tuple(held))


@dataclass
class SetAxis(Axis):
    """Sets of codes: each set of those that tests name is a place of its own."""

    fact: Fact
    sets: tuple[frozenset[str], ...]
    named: frozenset[str]
    is_exact: bool = True
    size: int = field(init=False)
    _places: dict[frozenset[str], int] = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.sets) + 1
        self._places = {held: place for place, held in enumerate(self.sets, 1)}

    def place(self, value: Any) -> int:
        """Return the place of a set; what no test names does not count. Raises KeyError for one that was left out."""
        return 0 if value is None else self._places[self.named.intersection(value)]

    def value(self, place: int) -> Any:
        """Return the codes of the place, sorted."""
        return sorted(self.sets[place - 1]) if place else None

    def _runs(self, test: Test) -> Runs:
        return runs_of(number for number, held in enumerate(self.sets, 1) if passes(test, sorted(held)))

    def _test(self, runs: Runs) -> Test | None:
        tests = (Has(how, codes) for codes in _some(sorted(self.named), _MOST_SAID) for how in HasHow if codes)
        return next((test for test in tests if self._runs(test) == runs), None)


def set_axis(fact: Fact, tests: Iterable[Test], possible: Iterable[frozenset[str]] | None = None) -> SetAxis:
    """Return the axis of a set of codes; `possible` are the only sets that there can be, where that is known."""
    named = frozenset(code for test in tests if isinstance(test, Has) for code in test.codes)
    if possible is not None:
        return SetAxis(fact, tuple(dict.fromkeys(held & named for held in possible)), named)
    sets = list(_some(sorted(named), MOST_SETS))
    exact = len(sets) == 1 << len(named)
    return SetAxis(fact, tuple(map(frozenset, sets)), named, exact)


def _some(codes: list[str], most: int = MOST_SETS) -> Iterator[tuple[str, ...]]:
    """Yield sets of these codes, the small ones first, at most so many."""
    every = chain.from_iterable(combinations(codes, size) for size in range(len(codes) + 1))
    for number, each in enumerate(every):
        if number >= most:
            return
        yield each


def axis_of(fact: Fact, tests: Iterable[Test], domain: tuple[int | None, int | None] = (None, None)) -> Axis:
    """Return the axis of a fact for these tests; `domain` bounds an ordered one, both ends included."""
    asked = list(tests)
    if fact.type in NUMERIC:
        return number_axis(fact, asked, domain)
    if fact.type is FactType.CODES:
        return set_axis(fact, asked)
    return ValueAxis(fact, _values(fact, asked))


def _values(fact: Fact, tests: list[Test]) -> tuple[Any, ...]:
    if fact.type is FactType.BOOL:
        return (True, False)
    if fact.type is not FactType.CODE:
        return ([],) if fact.type is FactType.GROUP else ("x",)
    if not fact.any_code:
        return tuple(fact.codes)
    named = dict.fromkeys(value for test in tests if isinstance(test, OneOf) for value in test.values)
    return (*named, OTHER_CODE)
