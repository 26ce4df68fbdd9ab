"""Two definitions walked side by side: every part that is not the same in both, matched by id, none left out.

The walk goes over the fields of the values themselves, so whatever makes two definitions unequal is met on the way.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from rules.clock.spans import Limit
from rules.definition.expected import Case
from rules.definition.internal import Act, StepPattern
from rules.definition.linked import LinkedChild
from rules.definition.money import Charge, Cut, Payout
from rules.definition.papers import AcceptedForms
from rules.definition.procedure import FactSpec, Field, Paper, ProcedureDefinition
from rules.definition.process import HistoryQuery, ProcessStep, Relation, Stop
from rules.definition.registers import (
    AttributeSpec,
    CodeItem,
    CodeList,
    DatedAttributes,
    IncludedSet,
    Parameter,
    ParameterValue,
    Territory,
    UnitSpan,
)
from rules.definition.results import Result
from rules.definition.type_register import PaperType, ResultType
from rules.definition.variants import Notice, Variant
from rules.formula import Formula
from rules.rounding import Rounding
from rules.scale import RateScale
from rules.table.cells import Cell
from rules.table.decision import Condition, OutputColumn, Row, Table
from rules.values import LegalBasis, LegalDocument, Period, Text

ATOMS = (Text, Period, LegalBasis, Condition, Cell, Formula, Limit, Rounding, Case, Relation, HistoryQuery)
"""Values that are told as one."""

_BY_ID = (
    *(IncludedSet, CodeList, AttributeSpec, Territory, Parameter, Field, RateScale, FactSpec, Variant, Table),
    *(OutputColumn, Row, Charge, Payout, Notice, ProcessStep, StepPattern, Act, Result, PaperType, ResultType),
    LinkedChild,
)
_KEYS: Mapping[type, Callable[[Any], Hashable]] = {
    **{each: (lambda part: part.id) for each in _BY_ID},
    LegalDocument: lambda part: part.key,
    CodeItem: lambda part: part.code,
    Paper: lambda part: part.code,
    AcceptedForms: lambda part: part.way,
    Stop: lambda part: part.rule.id,
    Case: lambda part: part.name.vi,
    Cut: lambda part: f"{part.table}.{part.output}",
    ParameterValue: lambda part: f"{part.period.since or ''}{part.territory}",
    DatedAttributes: lambda part: f"{part.period.since or ''}",
    UnitSpan: lambda part: f"{part.unit}{part.period.since or ''}",
}
KEYED = tuple(_KEYS)
"""Parts that are known by a key of their own."""

_MADE = frozenset({(OutputColumn, "codes"), (Field, "computed")})
"""What is made of other parts, which are told: the codes of an output are those of its list or its rows, the formula of
a computed field is that of its fact."""

ORDER = "#"
"""Stands in a place for the order of parts."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the way to a part: the attribute or key, and what stands there in both versions (None: nothing)."""

    key: str
    old: Any
    new: Any

    @property
    def either(self) -> Any:
        """What stands there in the new version, or in the old one."""
        return self.old if self.new is None else self.new


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that differs: the way to it, the last link being the part itself."""

    way: tuple[Link, ...]

    @property
    def place(self) -> tuple[str, ...]:
        """The keys of the way."""
        return tuple(link.key for link in self.way)

    @property
    def key(self) -> str:
        """The key of the part itself."""
        return self.way[-1].key

    @property
    def old(self) -> Any:
        """What it was."""
        return self.way[-1].old

    @property
    def new(self) -> Any:
        """What it is."""
        return self.way[-1].new


def leaves(old: ProcedureDefinition, new: ProcedureDefinition) -> Iterator[Leaf]:
    """Yield every part that differs: none just where the two definitions are equal."""
    yield from _inside((), old, new)


def _walked(way: tuple[Link, ...]) -> Iterator[Leaf]:
    old: Any = way[-1].old
    new: Any = way[-1].new
    if old == new:
        return
    if type(old) is type(new) is tuple:
        yield from _listed(way, old, new)
    elif type(old) is type(new) and is_dataclass(old) and not isinstance(old, ATOMS):
        yield from _inside(way, old, new)
    else:
        yield Leaf(way)


def _inside(way: tuple[Link, ...], old: Any, new: Any) -> Iterator[Leaf]:
    for each in fields(old):
        if (type(old), each.name) in _MADE:
            continue
        yield from _walked((*way, Link(each.name, getattr(old, each.name), getattr(new, each.name))))


def _listed(way: tuple[Link, ...], old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Leaf]:
    """Walk parts of a list by their keys; a list of plain values is told as one."""
    keys = [_keys(each) for each in (old, new)]
    if keys[0] is None or keys[1] is None:
        yield Leaf(way)
        return
    before, after = dict(zip(keys[0], old, strict=True)), dict(zip(keys[1], new, strict=True))
    for key in dict.fromkeys((*before, *after)):
        yield from _walked((*way, Link(key, before.get(key), after.get(key))))
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Leaf((*way, Link(ORDER, tuple(before), tuple(after))))


def _keys(parts: tuple[Any, ...]) -> list[str] | None:
    """Return a key for each part, the place where keys would be alike; None where they are no keyed parts."""
    if not all(isinstance(part, KEYED) for part in parts):
        return None
    keys = [str(_KEYS[type(part)](part)) for part in parts]
    return keys if len(set(keys)) == len(keys) else [f"{key}.{place}" for place, key in enumerate(keys)]
