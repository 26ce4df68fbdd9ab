"""The tree of a formula: what was written, with every decision of types and decimal digits already taken.

All numbers are whole: an amount counts đồng, a measure counts the last of its decimal digits. Where two numbers meet
whose digits differ, the tree says so with `Scaled`, so that whoever walks it does plain whole-number arithmetic.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.rounding import Rounding
from rules.scale import RateScale


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number as written."""

    value: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """A decimal number as written: `0.15` is 15 with `scale` 2."""

    value: int
    scale: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written: `day("2026-08-15")`."""

    value: date


@dataclass(frozen=True, slots=True)
class Code:
    """A code as written, in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, or inside a group function a member of the group's row (`group.member`)."""

    fact: str


@dataclass(frozen=True, slots=True)
class Scaled:
    """The same number with so many decimal digits more; people read only `number`."""

    number: "Node"
    digits: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added up; a negative sign subtracts. Flat, so that long sums stay shallow. A day may come first."""

    terms: tuple[tuple[int, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied."""

    factors: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Divide:
    """A ratio, rounded. `digits` are the decimal digits of the dividend and of the divisor."""

    dividend: "Node"
    divisor: "Node"
    rounding: Rounding
    digits: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Round:
    """A number rounded; `digits` are the decimal digits it had."""

    number: "Node"
    rounding: Rounding
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Percent:
    """So many percent of an amount, rounded to a whole number. `digits`: decimal digits of the amount and the rate."""

    amount: "Node"
    rate: "Node"
    rounding: Rounding
    digits: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Tiered:
    """What a progressive scale gives for a quantity; `digits` are the decimal digits of the quantity."""

    quantity: "Node"
    scale: RateScale
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared by `=`, `!=`, `<`, `<=`, `>`, `>=`."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """One of the language's own functions."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Over:
    """`sum`, `count`, `any`, `all`, `min` or `max` over the rows of a group; a bare `count` has no expression."""

    name: str
    group: str
    expression: "Node | None"


Number = Whole | Fixed | Scaled | Sum | Product | Divide | Round | Percent | Tiered
Node = Number | Day | Code | Name | Compare | Call | Over
"""Any part of a formula."""


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts a part is made of, in the order they are written."""
    return _CHILDREN[type(node)](node)


def facts_in(node: Node, *, inside: str = "") -> Iterator[str]:
    """Yield the facts a part reads (groups, not their members), in the order of reading."""
    if isinstance(node, Name) and not (inside and node.fact.startswith(f"{inside}.")):
        yield node.fact
    if isinstance(node, Over):
        yield node.group
    for child in children(node):
        yield from facts_in(child, inside=node.group if isinstance(node, Over) else inside)


def peeked_in(node: Node) -> Iterator[str]:
    """Yield the facts asked about with `known`, which sees that they are unknown; for a member of a row, its group."""
    if isinstance(node, Call) and node.name == "known":
        yield from facts_in(node)
    for child in children(node):
        for name in peeked_in(child):
            yield node.group if isinstance(node, Over) and name.startswith(f"{node.group}.") else name


def wholes_in(node: Node) -> Iterator[int]:
    """Yield the whole numbers and amounts that are written in a part."""
    if isinstance(node, Whole):
        yield node.value
    for child in children(node):
        yield from wholes_in(child)


def members_in(node: Node) -> Iterator[str]:
    """Yield the members of groups a part reads, as `group.member`."""
    if isinstance(node, Over) and node.expression is not None:
        yield from (name for name in facts_in(node.expression) if name.startswith(f"{node.group}."))
    for child in children(node):
        yield from members_in(child)


def scales_in(node: Node) -> Iterator[RateScale]:
    """Yield the progressive scales a part uses."""
    if isinstance(node, Tiered):
        yield node.scale
    for child in children(node):
        yield from scales_in(child)


def _no_children(node: Node) -> tuple[Node, ...]:
    return ()


_CHILDREN: Mapping[type, Callable[[Any], tuple[Node, ...]]] = {
    Whole: _no_children,
    Fixed: _no_children,
    Day: _no_children,
    Code: _no_children,
    Name: _no_children,
    Scaled: lambda node: (node.number,),
    Sum: lambda node: tuple(term for _, term in node.terms),
    Product: lambda node: node.factors,
    Divide: lambda node: (node.dividend, node.divisor),
    Round: lambda node: (node.number,),
    Percent: lambda node: (node.amount, node.rate),
    Tiered: lambda node: (node.quantity,),
    Compare: lambda node: (node.left, node.right),
    Call: lambda node: node.arguments,
    Over: lambda node: (node.expression,) if node.expression is not None else (),
}
