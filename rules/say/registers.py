"""The registers of the law in words: parameters, territories, progressive scales, and codes with attributes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.definition.procedure import ProcedureDefinition
from rules.definition.registers import (
    AttributeSpec,
    CodeItem,
    CodeList,
    DatedAttributes,
    Parameter,
    Territory,
    UnitSpan,
)
from rules.say.conditions import condition_said
from rules.say.formula import rounding_said
from rules.say.labels import NOTHING
from rules.say.punctuation import as_example, quoted
from rules.say.readable import ReadableEntry
from rules.say.tables import cited_as, period_said, scope_said
from rules.scale import PERCENT_DIGITS, RateScale, Step
from rules.values import Money, Period, Text, measured
from rules.vocabulary import UNIT_WORDS, Fact, Source, number_said
from rules.wording import headed, inner, joined, phrase, same

NO_VALUE = Text(
    "chưa có giá trị nào; điều gì cần đến nó thì không có quy định áp dụng",
    "no value yet; for what needs it no rule applies",
)


@dataclass(frozen=True, slots=True)
class RegisterReader:
    """Reads the registers of one definition; `lists` are the labels of codes by list."""

    definition: ProcedureDefinition
    lists: Mapping[str, Mapping[str, Text]]
    territories: Mapping[str, Text]

    def parameters(self) -> Iterator[ReadableEntry]:
        """Yield every value of every parameter, with when and where it holds."""
        documents = self.definition.documents
        for parameter in self.definition.parameters:
            if not parameter.values:
                yield ReadableEntry(parameter.label, NO_VALUE, None, None)
            for value in parameter.values:
                yield ReadableEntry(
                    name=parameter.label,
                    said=as_example(self._value(parameter, value.value), parameter.example),
                    citation=cited_as(value.basis, documents),
                    scope=scope_said(value.period, self.territories.get(value.territory)),
                )

    def places(self) -> Iterator[ReadableEntry]:
        """Yield the territories with their units."""
        for territory in self.definition.territories:
            yield ReadableEntry(territory.label, self._units(territory), None, period_said(territory.period))

    def place(self) -> Text | None:
        """Say which fact decides the territories, None where no rule asks for one."""
        if not self.definition.territories:
            return None
        fact = self.definition.vocabulary[self.definition.territory_of or "receiving_unit"]
        return phrase("Địa bàn xét theo {}.", "The territory is that of: {}.", quoted(fact.label))

    def scales(self) -> Iterator[ReadableEntry]:
        """Yield the progressive scales."""
        for scale in self.definition.scales:
            said = as_example(scale_said(scale), scale.example)
            yield ReadableEntry(scale.label, said, cited_as(scale.basis, self.definition.documents), None)

    def codes(self) -> Iterator[ReadableEntry]:
        """Yield the codes that have attributes, with each set of values and its days."""
        for each in self.definition.lists:
            specs = {spec.id: spec for spec in each.attributes}
            for item in each.items:
                for dated in item.attributes:
                    yield ReadableEntry(self._named(item), self._held(dated, specs), None, period_said(dated.period))

    def _held(self, dated: DatedAttributes, specs: Mapping[str, AttributeSpec]) -> Text:
        pairs = ((specs[name], value) for name, value in dated.values.items())
        said = [phrase("{} là {}", "{} is {}", inner(spec.label), self._value(spec, value)) for spec, value in pairs]
        return joined(said, "; ") if said else NOTHING

    def _value(self, spec: AttributeSpec | Parameter, value: Any) -> Text:
        return self._fact(spec).shown(value)

    def _fact(self, spec: AttributeSpec | Parameter) -> Fact:
        codes = self.lists.get(spec.list, {})
        return Fact(spec.id, spec.type, spec.label, Source.LIST, codes, spec.unit, scale=spec.scale)

    def _named(self, item: CodeItem) -> Text:
        return phrase("{} ({})", "{} ({})", item.label, item.code)

    def _units(self, territory: Territory) -> Text:
        parts = [self._unit(span) for span in territory.units]
        if territory.where:
            codes = next(each for each in self.definition.lists if each.id == territory.where.list)
            asked = condition_said(territory.where.when, self._attributes(codes))
            vi, en = "các đơn vị của danh mục {} có {}", "the units of the list {} where {}"
            parts.append(phrase(vi, en, quoted(codes.id), asked))
        return joined(parts, ", ")

    def _attributes(self, codes: CodeList) -> Mapping[str, Fact]:
        return {spec.id: self._fact(spec) for spec in codes.attributes}

    def _unit(self, span: UnitSpan) -> Text:
        labels = (labels[span.unit] for labels in self.lists.values() if span.unit in labels)
        label = next(labels, None)
        said = phrase("{} ({})", "{} ({})", label, span.unit) if label else same(span.unit)
        return with_period(said, span.period)


def with_period(said: Text, period: Period) -> Text:
    """Say something with its days, where it has any."""
    days = period_said(period)
    return phrase("{} ({})", "{} ({})", said, days) if days else said


def scale_said(scale: RateScale) -> Text:
    """Say a progressive scale: each part with its rate, then how the total is rounded."""
    lows = [None, *(step.up_to for step in scale.steps[:-1])]
    parts = [_step(low, step, scale) for low, step in zip(lows, scale.steps, strict=True)]
    return joined([*parts, *((rounding_said(scale.rounding),) if scale.rounding else ())], "; ")


def _step(low: int | None, step: Step, scale: RateScale) -> Text:
    rate = measured(step.rate, PERCENT_DIGITS) if scale.percent else Money(step.rate).words
    ends = [_limit(end, scale) for end in (low, step.up_to) if end is not None]
    each = phrase("{}%", "{}%", rate) if scale.percent else phrase("{} mỗi {}", "{} per {}", rate, _one(scale.unit))
    vi, en = _SPANS[low is not None, step.up_to is not None]
    return headed(phrase(vi, en, *ends), each)


def _one(unit: str) -> Text:
    """Say one of a unit: `trang`, in English `page`; a sign is the same."""
    if not unit:
        return Text("đơn vị", "unit")
    words = UNIT_WORDS[unit]
    return words if words.en == words.vi else Text(words.vi, unit)


_SPANS: Mapping[tuple[bool, bool], tuple[str, str]] = {
    (False, False): ("toàn bộ", "all of it"),
    (False, True): ("phần đến {}", "the part up to {}"),
    (True, True): ("phần trên {} đến {}", "the part above {} up to {}"),
    (True, False): ("phần trên {}", "the part above {}"),
}


def _limit(limit: int, scale: RateScale) -> Text:
    if not scale.percent:
        return number_said(limit, scale.digits, scale.unit)
    return phrase("{}\u00a0đ", "{}\u00a0đ", measured(limit, scale.digits))
