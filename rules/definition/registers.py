"""Registers of the law (danh mục pháp lý): parameters, territories, dated lists, and shared rule sets.

They are data of a definition like its tables; what holds on a day and in a place is found here, nothing is computed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.table.decision import Condition
from rules.values import ALWAYS, NO_TEXT, LegalBasis, Period, Text
from rules.vocabulary import Fact, FactType, Source
from rules.wording import inner, phrase


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """A property that every code of a list may have (thuộc tính), such as the kind of a commune."""

    id: str
    type: FactType
    label: Text
    list: str = ""
    unit: str = ""
    scale: int = 0


@dataclass(frozen=True, slots=True)
class DatedAttributes:
    """Values of attributes of one code, for some days."""

    values: Mapping[str, Any] = field(hash=False)
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class CodeItem:
    """One code of a list, its label, the days on which it may be chosen, and its attributes."""

    code: str
    label: Text
    period: Period = ALWAYS
    attributes: tuple[DatedAttributes, ...] = ()

    def attributes_on(self, on: date) -> dict[str, Any]:
        """Return the attributes of the code on a day; one without a value that day is left out."""
        held = [dated.values for dated in self.attributes if dated.period.holds(on)]
        return {name: value for values in held for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes (danh mục) that choices take their values from. `origin` names the shared set it came with."""

    id: str
    items: tuple[CodeItem, ...]
    attributes: tuple[AttributeSpec, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One value of a parameter: the days and the territory it holds for (empty: everywhere), and its legal basis."""

    value: Any
    period: Period = ALWAYS
    territory: str = ""
    basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the law (tham số pháp luật), such as the base salary (lương cơ sở): its dated values.

    `unit`, `list` and `scale` mean what they mean for a fact of this type. `example` says that the values are only
    examples.
    """

    id: str
    type: FactType
    label: Text
    values: tuple[ParameterValue, ...]
    unit: str = ""
    list: str = ""
    scale: int = 0
    origin: str = ""
    example: Text | None = None

    @property
    def is_territorial(self) -> bool:
        """Tell whether the value depends on the place."""
        return any(value.territory for value in self.values)

    def value_on(self, on: date, territories: Iterable[str] | None) -> ParameterValue | None:
        """Return the value in force on the day at a place in these territories (None: the place is not known).

        A value for a territory of the place comes before the one for everywhere. None where there is no value, or
        where it depends on a place that is not known.
        """
        held = [value for value in self.values if value.period.holds(on)]
        special = [value for value in held if value.territory]
        if special and territories is None:
            return None
        here = frozenset(territories or ())
        fitting = [value for value in special if value.territory in here]
        return next(iter([*fitting, *(value for value in held if not value.territory)]), None)


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """An administrative unit by its code, and the days on which it is part of a territory."""

    unit: str
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class UnitsWhere:
    """The units of a list whose attributes on the day meet a condition."""

    list: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory (địa bàn): a dated set of administrative units, named one by one or by their attributes."""

    id: str
    label: Text
    units: tuple[UnitSpan, ...] = ()
    where: UnitsWhere | None = None
    period: Period = ALWAYS
    origin: str = ""

    def holds(self, unit: str, on: date, lists: Mapping[str, CodeList]) -> bool:
        """Tell whether the unit is part of the territory on the day."""
        if not self.period.holds(on):
            return False
        return any(span.unit == unit and span.period.holds(on) for span in self.units) or self._fits(unit, on, lists)

    def _fits(self, unit: str, on: date, lists: Mapping[str, CodeList]) -> bool:
        if self.where is None:
            return False
        item = next((item for item in lists[self.where.list].items if item.code == unit), None)
        return item is not None and item.period.holds(on) and self.where.when.holds(item.attributes_on(on))

    def units_on(self, on: date, lists: Mapping[str, CodeList]) -> frozenset[str]:
        """Return the units of the territory on the day."""
        listed = [item.code for item in lists[self.where.list].items] if self.where else []
        return frozenset(unit for unit in (*(span.unit for span in self.units), *listed) if self.holds(unit, on, lists))

    def changes(self, lists: Mapping[str, CodeList]) -> Iterator[date]:
        """Yield the days on which the units of the territory may change."""
        periods = [self.period, *(span.period for span in self.units)]
        for item in lists[self.where.list].items if self.where else ():
            periods += [item.period, *(dated.period for dated in item.attributes)]
        for period in periods:
            yield from (day for day in (period.since, period.until) if day)


def share_a_unit(one: Territory, other: Territory, days: Period, lists: Mapping[str, CodeList]) -> bool:
    """Tell whether the two territories have a unit in common on one of these days."""
    if one.id == other.id:
        return True
    changes = {days.since or date.min, *one.changes(lists), *other.changes(lists)}
    return any(days.holds(day) and one.units_on(day, lists) & other.units_on(day, lists) for day in sorted(changes))


@dataclass(frozen=True, slots=True)
class IncludedSet:
    """A shared rule set (quy định dùng chung) that a definition includes, in one version."""

    id: str
    version: str
    label: Text = NO_TEXT

    @property
    def tag(self) -> str:
        """How what came with the set names it: `online_cut@2023-07-18`."""
        return f"{self.id}@{self.version}"

    @property
    def words(self) -> Text:
        """How a reason names it."""
        vi, en = self.label.vi or self.id, self.label.en or self.label.vi or self.id
        return Text(
            f"theo quy định dùng chung “{vi}” bản {self.version}", f"by the shared rules “{en}”, version {self.version}"
        )


PLACE_FACT = "receiving_unit"
"""The fact whose unit decides the territories, unless the definition says otherwise (`territory_of`)."""

TERRITORIES = "territories"
"""The fact that holds the territories of that unit on the day."""


def attribute_facts(fact: Fact, codes: CodeList, lists: Mapping[str, Mapping[str, Text]]) -> Iterator[Fact]:
    """Yield the facts `fact.attribute` that a code of this list gives."""
    for spec in codes.attributes:
        yield Fact(
            id=f"{fact.id}.{spec.id}",
            type=spec.type,
            label=phrase("{} của {}", "{} of {}", spec.label, inner(fact.label)),
            source=Source.LIST,
            codes=lists.get(spec.list, {}),
            unit=spec.unit,
            stage=fact.stage,
            scale=spec.scale,
        )
