"""Values of facts at which something of a definition turns: bounds, tests, days of the law."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from rules.definition.procedure import ProcedureDefinition
from rules.facts import as_written
from rules.space.dossiers import Ground
from rules.table.cells import Within, from_number
from rules.table.decision import ON_DAY, Condition
from rules.values import Period
from rules.vocabulary import DERIVED, FactType

LAST_MINUTE = 24 * 60 - 1

Turn = tuple[str, Any]
"""A fact and a value of it."""


def edges_of(grounds: Iterable[Ground]) -> dict[str, list[Any]]:
    """Return for every fact that is handed in the values at which either version may turn, as people write them."""
    found: dict[str, dict[str, Any]] = {}
    for ground in grounds:
        for name, value in _turns(ground.definition):
            fact = ground.vocabulary[name]
            if name != ON_DAY and (fact.source in DERIVED or fact.of or fact.any_code):
                continue
            written = value if name == ON_DAY else as_written({name: value}, ground.vocabulary)[name]
            found.setdefault(name, {}).setdefault(repr(written), written)
    return {name: list(values.values()) for name, values in found.items()}


def cut_offs(definition: ProcedureDefinition) -> Iterator[int]:
    """Yield the minutes of the day at which time limits have their cut-offs."""
    for name in definition.deadline.tables if definition.deadline else ():
        table = definition.table(name)
        for row in table.rows:
            for column, value in zip(table.outputs, row.then, strict=True):
                if column.id == "cutoff" and isinstance(value, int) and value < LAST_MINUTE:
                    yield value


def _turns(definition: ProcedureDefinition) -> Iterator[Turn]:
    yield from _days(definition)
    yield from _codes(definition)
    for spec in definition.fields:
        for bound in (spec.min, spec.max):
            if bound is not None:
                yield from ((spec.id, each) for each in (bound, bound - 1, bound + 1))
    for condition in _conditions(definition):
        for group in condition.any_of:
            for name, cell in group.items():
                if isinstance(cell.test, Within):
                    yield from _of_test(name, cell.test, definition)


def _of_test(name: str, test: Within, definition: ProcedureDefinition) -> Iterator[Turn]:
    edges = {edge + step for span in test.spans for edge in span if edge is not None for step in (-1, 0)}
    yield from ((name, from_number(edge, definition.vocabulary[name].type)) for edge in sorted(edges))


def _codes(definition: ProcedureDefinition) -> Iterator[Turn]:
    for name, fact in definition.vocabulary.items():
        if fact.type is FactType.BOOL:
            yield from ((name, value) for value in (True, False))
        elif fact.type is FactType.CODE:
            yield from ((name, code) for code in fact.codes)
        elif fact.type is FactType.CODES:
            yield from ((name, [code]) for code in fact.codes)


def _days(definition: ProcedureDefinition) -> Iterator[Turn]:
    for period in _periods(definition):
        for day in (period.since, period.until):
            if day is not None:
                yield ON_DAY, day
                yield ON_DAY, day - timedelta(days=1)


def _periods(definition: ProcedureDefinition) -> Iterator[Period]:
    for parameter in definition.parameters:
        yield from (value.period for value in parameter.values)
    for each in definition.lists:
        yield from (item.period for item in each.items)
        yield from (dated.period for item in each.items for dated in item.attributes)
    for territory in definition.territories:
        yield territory.period
        yield from (span.period for span in territory.units)
    if definition.process:
        yield definition.process.period


def _conditions(definition: ProcedureDefinition) -> Iterator[Condition]:
    for field in definition.fields:
        yield from field.conditions
    for paper in definition.papers:
        yield from paper.conditions
    yield from (each.when for each in definition.variants)
    stops = definition.deadline.stops if definition.deadline else ()
    lines = (*definition.charges, *definition.payouts)
    for part in (*lines, *definition.notices, *definition.steps, *definition.results, *stops):
        if part.when is not None:
            yield part.when
