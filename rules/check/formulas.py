"""Proof of a definition's formulas: results that can be counted, divisors that are never 0, scales with their basis."""

from collections.abc import Iterator
from datetime import date
from graphlib import TopologicalSorter

from rules.bounds import Doubt, Fault, Interval, interval_of
from rules.definition.procedure import ProcedureDefinition
from rules.domains import domains_of_rules
from rules.errors import Problem, Severity
from rules.vocabulary import DERIVED, Fact, FactType, Vocabulary

_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_BUILT_IN = {
    "accepted_on": Interval.of_days(date(2000, 1, 1), _LAST_DAY),
    "accepted_minute": Interval(0, 24 * 60 - 1),
}

DEFAULT_LIMITS = {FactType.INT: 10**6, FactType.FIXED: 10**6, FactType.MONEY: 10**12}
"""Numbers without declared bounds are taken to lie within ± this many units (đồng for money)."""


def formula_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield what cannot be proved of the formulas.

    A divisor that may be 0 is an error, and so is a result that can be too large within the declared bounds; one that
    can be too large only because a fact declares no bounds is a warning that names the fact.
    """
    places = {spec.id: place for place, spec in enumerate(definition.facts)}
    vocabulary = definition.vocabulary
    for name, doubts in _doubts(definition, dict(_domains(definition))):
        seen: set[Fault] = set()
        for doubt in doubts:
            if doubt.fault not in seen:
                seen.add(doubt.fault)
                yield _problem(("facts", places[name], "formula"), doubt, vocabulary)


def scale_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the scales without legal basis, and those that no formula uses."""
    used = {scale.id for spec in definition.facts if spec.formula for scale in spec.formula.scales}
    for scale in definition.scales:
        if scale.basis is None:
            yield Problem(("scales", scale.id), f"Biểu “{scale.label}” chưa ghi căn cứ pháp lý.", "Thêm basis.")
        if scale.id not in used:
            what = f"Biểu “{scale.id}” không được dùng ở đâu."
            yield Problem(("scales", scale.id), what, "Xóa hoặc dùng nó.", Severity.WARNING)


def firm_domains(definition: ProcedureDefinition) -> dict[str, tuple[int | None, int | None]]:
    """Return the least and the most of every number and day as far as the definition itself bounds them.

    An end that moves when the numbers without declared bounds are taken larger is none: it is None.
    """
    one, wider = (_proved(definition, dict(_domains(definition, times, handed_in=0))) for times in (1, 7))
    return {
        name: (
            found.low if found.low == wider[name].low else None,
            found.high if found.high == wider[name].high else None,
        )
        for name, found in one.items()
    }


def proved_domains(definition: ProcedureDefinition) -> dict[str, Interval]:
    """Return between which values every number and day of the definition lies, computed ones included."""
    return _proved(definition, dict(_domains(definition)))


def _proved(definition: ProcedureDefinition, domains: dict[str, Interval]) -> dict[str, Interval]:
    for _ in _doubts(definition, domains):
        pass
    return domains


def _doubts(definition: ProcedureDefinition, domains: dict[str, Interval]) -> Iterator[tuple[str, list[Doubt]]]:
    """Yield each computed fact with what cannot be proved of it, after those it is computed from; add its domain."""
    rows = {field.id: (field.min_rows, field.max_rows) for field in definition.fields}
    formulas = {spec.id: spec.formula for spec in definition.facts if spec.formula}
    order = TopologicalSorter({name: formula.facts for name, formula in formulas.items()})
    for name in order.static_order():
        if name in formulas:
            found, doubts = interval_of(formulas[name].tree, domains, rows)
            if found is not None:
                domains[name] = found
            yield name, doubts


def _domains(
    definition: ProcedureDefinition, times: int = 1, handed_in: int | None = None
) -> Iterator[tuple[str, Interval]]:
    """Yield the domains that are declared; `times` widens what is taken for a number without declared bounds.

    `handed_in` is the least of such a number that somebody hands in, where one is to be assumed.
    """
    declared = {
        **{field.id: (field.min, field.max) for field in definition.fields},
        **{f"{field.id}.{inner.id}": (inner.min, inner.max) for field in definition.fields for inner in field.fields},
        **{spec.id: (spec.min, spec.max) for spec in definition.facts},
    }
    made = {**_BUILT_IN, **dict(domains_of_rules(definition))}
    for fact in definition.vocabulary.values():
        for name, each in ((fact.id, fact), *((f"{fact.id}.{member.id}", member) for member in fact.members)):
            found = made.get(name) or _domain(name, each, declared.get(name, (None, None)), times, handed_in)
            if found is not None:
                yield name, found


def _domain(
    name: str, fact: Fact, declared: tuple[int | None, int | None], times: int, handed_in: int | None
) -> Interval | None:
    """Return the declared domain of a fact, filled up with the default of its type; days are taken as of our time."""
    if fact.type is FactType.DAY:
        return Interval.of_days(_FIRST_DAY, _LAST_DAY)
    if fact.type not in DEFAULT_LIMITS:
        return None
    (low, high), limit = declared, times * DEFAULT_LIMITS[fact.type] * 10**fact.scale
    loose = frozenset({name}) if low is None or high is None else frozenset[str]()
    assumed = -limit if handed_in is None or fact.source in DERIVED else handed_in
    least = low if low is not None else min(assumed, high if high is not None else 0)
    most = high if high is not None else max(limit, least)
    return Interval(least, most, loose)


_SENTENCES = {
    Fault.ZERO_DIVISOR: "Số chia có thể bằng 0",
    Fault.TOO_LARGE: "Kết quả có thể vượt quá giới hạn tính được",
    Fault.NO_SUCH_DAY: "Ngày tính ra có thể nằm ngoài lịch",
}


def _problem(where: tuple[str, int, str], doubt: Doubt, vocabulary: Vocabulary) -> Problem:
    lacking = [_label(name, vocabulary) for name in doubt.loose]
    severity = Severity.ERROR if doubt.fault is Fault.ZERO_DIVISOR or not lacking else Severity.WARNING
    if lacking:
        what = f"{_SENTENCES[doubt.fault]} vì chưa khai giới hạn của {', '.join(lacking)}."
        return Problem(where, what, "Thêm min và max.", severity)
    named = ", ".join(_label(name, vocabulary) for name in doubt.facts) or "các số trong công thức"
    hint = "Thu hẹp min, max, hoặc xét riêng bằng if." if doubt.facts else "Sửa các số trong công thức."
    return Problem(where, f"{_SENTENCES[doubt.fault]} trong giới hạn đã khai của {named}.", hint, severity)


def _label(name: str, vocabulary: Vocabulary) -> str:
    fact = vocabulary[name]
    return f"“{vocabulary[fact.of].label}, {fact.label}”" if fact.of else f"“{fact.label}”"
