"""The internal process of a definition as plain data: what `rules.decode.process` reads back."""

from collections.abc import Mapping
from typing import Any

from rules.decode.inheriting import own_of
from rules.definition.internal import Act, ActFrom, InternalProcess, Late, PatternOutside, StepPattern
from rules.definition.process import ExternalSystem, ProcessStep, Relation
from rules.encode.money import condition
from rules.encode.registers import basis, in_force, kept
from rules.encode.time import limit_data
from rules.values import LegalDocument, Text

Data = dict[str, Any]


def process(each: InternalProcess | None, documents: Mapping[str, LegalDocument]) -> Data | None:
    """Return how the internal process is approved."""
    if each is None:
        return None
    days = in_force(each.period, "", each.basis, documents)
    return kept(version=each.version, label=_text(each.label), basis=basis(each.basis), **days)


def pattern(each: StepPattern) -> Data:
    """Return a pattern of steps."""
    return kept(
        label=each.label.to_data(),
        at_least=limit_data(each.at_least),
        at_most=limit_data(each.at_most),
        acts=[_act(act) for act in each.acts],
        external=_pattern_outside(each.external),
        basis=basis(each.basis),
        **{"from": each.origin},
    )


def _pattern_outside(each: PatternOutside | None) -> Data | None:
    if each is None:
        return None
    within = limit_data(each.acknowledged_within)
    return kept(system=_text(each.system), clock=each.clock, acknowledged_within=within)


def _act(each: Act) -> Data:
    return kept(
        id=each.id,
        label=each.label.to_data(),
        within=limit_data(each.within),
        late=each.late.value if each.late is not Late.NEXT_DAY else None,
        basis=basis(each.basis),
        **{"from": each.counts_from.value if each.counts_from is not ActFrom.STEP else None},
    )


def step(each: ProcessStep, patterns: Mapping[str, StepPattern]) -> Data:
    """Return a step of the internal process, without what it has from its pattern."""
    data = kept(
        id=each.id,
        label=each.label.to_data(),
        when=condition(each.when),
        at_least=limit_data(each.at_least),
        at_most=limit_data(each.at_most),
        external=_external(each.external),
        relation=_relation(each.relation),
        basis=basis(each.basis),
        pattern=each.pattern,
        role=_text(each.role),
        quota=limit_data(each.quota),
        acts=[_act(act) for act in each.acts],
    )
    return own_of(data, pattern(patterns[each.pattern]), "external") if each.pattern else data


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_data() if text and text.vi else None


def _external(external: ExternalSystem | None) -> Data | None:
    if external is None:
        return None
    return kept(
        system=external.system.to_data(),
        clock=external.clock.value,
        acknowledged_within=limit_data(external.acknowledged_within),
        stop=external.stop,
        sent=external.sent,
        acknowledged=external.acknowledged,
        number=external.number,
        result=external.result,
    )


def _relation(relation: Relation | None) -> Data | None:
    if relation is None:
        return None
    return kept(to=relation.to.value, fact=relation.fact, unit=relation.unit, branch=relation.branch)
