"""Between which values the law itself keeps a fact: outputs of tables, parameters, attributes of codes."""

from collections.abc import Iterable, Iterator
from datetime import date

from rules.bounds import Interval
from rules.definition.procedure import ProcedureDefinition
from rules.derived import registers_of
from rules.table.decision import HitPolicy, OutputColumn, Table


def domains_of_rules(definition: ProcedureDefinition) -> Iterator[tuple[str, Interval]]:
    """Yield the facts whose numbers or days stand in the definition, with the interval they lie in."""
    for table in definition.tables:
        for column in table.outputs:
            yield from _named(f"{table.id}.{column.id}", _of_output(table, column))
    for parameter in definition.parameters:
        yield from _named(parameter.id, _hull(value.value for value in parameter.values))
    values = {each.id: each.values for each in definition.parameters}
    for spec in definition.facts:
        yield from _named(spec.id, _hull(value.value for value in values.get(spec.parameter, ())))
    registers = registers_of(definition)
    for name, (_, codes, attribute) in registers.attributes.items():
        held = (dated.values.get(attribute) for item in registers.lists[codes].items for dated in item.attributes)
        yield from _named(name, _hull(held))


def _named(name: str, found: Interval | None) -> Iterator[tuple[str, Interval]]:
    if found is not None:
        yield name, found


def _of_output(table: Table, column: OutputColumn) -> Interval | None:
    """Return where one value of the output lies once the hit policy has spoken."""
    if table.hit is HitPolicy.COLLECT_COUNT:
        return Interval(0, len(table.rows))
    values = [table.output(row, column.id) for row in table.rows]
    each = _hull(values)
    if each is None or table.hit is not HitPolicy.COLLECT_SUM:
        return each
    numbers = [value for value in values if isinstance(value, int)]
    low, high = sum(number for number in numbers if number < 0), sum(number for number in numbers if number > 0)
    return Interval(low or each.low, high or each.high)


def _hull(values: Iterable[object]) -> Interval | None:
    """Return the interval of these numbers or days, None where there are none; other values have no order."""
    known = list(values)
    days = [value for value in known if isinstance(value, date)]
    if days:
        return Interval.of_days(min(days), max(days))
    numbers = [value for value in known if isinstance(value, int) and not isinstance(value, bool)]
    return Interval(min(numbers), max(numbers)) if numbers else None
