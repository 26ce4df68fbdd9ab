"""Which figures are only examples (số liệu ví dụ): the mark of a table, parameter or scale travels with its values.

A line of the outcome carries it wherever such a figure was read, also through formulas and tables that feed others.
"""

from collections.abc import Iterable

from rules.evaluation.situation import Situation
from rules.values import Text


def example_read(situation: Situation, tables: Iterable[str], facts: Iterable[str]) -> Text | None:
    """Return the text of the first example among what these tables and facts gave, None where all of it is law."""
    if not situation.procedure.exemplary:
        return None
    inputs = list(facts)
    for name in tables:
        mark = _of_table(name, situation)
        if mark:
            return mark
        inputs.extend(situation.procedure.tables[name].table.inputs)
    for name in situation.procedure.sayings.read(tuple(inputs)):
        mark = _of_fact(name, situation)
        if mark:
            return mark
    return None


def _of_table(name: str, situation: Situation) -> Text | None:
    """Return the mark of a table of which some row applied."""
    hits = situation.hits.get(name)
    return hits.table.example if hits and hits.rows else None


def _of_fact(name: str, situation: Situation) -> Text | None:
    procedure = situation.procedure
    registers = procedure.registers
    looked_up = registers.looked_up.get(name)
    parameter = registers.parameters.get(looked_up.parameter if looked_up else name)
    if parameter is not None and parameter.example and situation.facts.get(name) is not None:
        return parameter.example
    table = name.partition(".")[0]
    mark = _of_table(table, situation) if table in procedure.tables else None
    return mark or _of_scales(name, situation)


def _of_scales(name: str, situation: Situation) -> Text | None:
    """Return the first mark of the progressive scales that a computed fact rests on."""
    formulas = [spec.formula for spec in situation.procedure.computed if spec.id == name and spec.formula]
    return next((scale.example for formula in formulas for scale in formula.scales if scale.example), None)
