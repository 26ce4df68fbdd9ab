"""The formula language: total, exact, typed and bounded.

Whole and decimal numbers, facts, parameters and progressive scales; + - *, division with stated rounding, choices,
days, and the rows of a group. An unknown fact makes the result unknown. No loops, no recursion, and no text but codes
and the test for the same person. The language is specified in docs/reference/definition.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.formula.kinds import TYPE_WORDS, Kind, check_result
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
    children,
    facts_in,
    members_in,
    peeked_in,
    scales_in,
)
from rules.formula.parser import MAX_DEPTH, MAX_NODES, read_tree, scaled
from rules.formula.running import DayCalendar, Run, Scope, running
from rules.scale import RateScale
from rules.vocabulary import Fact, Facts, FactType

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "TYPE_WORDS",
    "Call",
    "Code",
    "Compare",
    "Day",
    "DayCalendar",
    "Divide",
    "Fixed",
    "Formula",
    "Name",
    "Node",
    "Over",
    "Percent",
    "Product",
    "Round",
    "Scaled",
    "Sum",
    "Tiered",
    "Whole",
    "children",
    "compute",
    "parse_formula",
]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (công thức) as written, what it means, and the type of its result.

    `facts` are the facts it reads (groups, not their members), each once, in the order of reading; `members` the
    members of groups, as `group.member`; `peeks` the facts whose being unknown it sees (`known`); `scales` the
    progressive scales it uses.
    """

    text: str
    tree: Node
    type: FactType = field(compare=False)
    facts: tuple[str, ...] = field(compare=False)
    peeks: tuple[str, ...] = field(compare=False)
    members: tuple[str, ...] = field(compare=False)
    scales: tuple[RateScale, ...] = field(compare=False)
    run: Run = field(compare=False, repr=False)


def parse_formula(
    text: str,
    facts: Mapping[str, Fact],
    wanted: FactType,
    *,
    unit: str = "",
    scale: int = 0,
    codes: Iterable[str] = (),
    scales: Mapping[str, RateScale] | None = None,
) -> Formula:
    """Read a formula over these facts and progressive scales, whose result must have this type.

    `unit`, `scale` (decimal digits) and `codes` say more about the wanted result. A number without unit may stand for
    đồng. Raises TextError with the character's position, what was expected, and the nearest known name.
    """
    result = Kind(wanted, unit, scale, frozenset(codes) or None)
    node, found = read_tree(text, facts, scales or {})
    check_result(found, result)
    tree = scaled((node, found), scale)
    return Formula(
        text=text,
        tree=tree,
        type=wanted,
        facts=tuple(dict.fromkeys(facts_in(tree))),
        peeks=tuple(dict.fromkeys(peeked_in(tree))),
        members=tuple(dict.fromkeys(members_in(tree))),
        scales=tuple(dict.fromkeys(scales_in(tree))),
        run=running(tree),
    )


def compute(formula: Formula, facts: Facts, calendar: DayCalendar) -> Any:
    """Return the value of the formula, None when a fact it needs is unknown.

    Raises OutOfBoundsError when a number leaves ±2^62, a day the calendar, or a divisor is 0.
    """
    return formula.run(Scope(facts, calendar))
