"""Which figures are only examples (số liệu ví dụ): the mark of a table, parameter or scale travels with its values.

A line of the outcome carries it wherever such a figure was read, also through formulas and tables that feed others.
"""

from collections.abc import Iterable, Iterator

from rules.evaluation.situation import Situation
from rules.values import Text


def example_read(situation: Situation, tables: Iterable[str], facts: Iterable[str]) -> Text | None:
    """Return the text of the first example among what these tables and facts gave, None where all of it is law."""
    return next((mark for mark in _marks(situation, tuple(tables), facts) if mark), None)


def _marks(situation: Situation, tables: tuple[str, ...], facts: Iterable[str]) -> Iterator[Text | None]:
    waiting = list(facts)
    for name in tables:
        yield _of_table(name, situation)
        waiting.extend(situation.procedure.tables[name].table.inputs)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen.add(name)
            yield from _of_fact(name, situation)
            waiting.extend(situation.procedure.made_from.get(name, ()))


def _of_table(name: str, situation: Situation) -> Text | None:
    """Return the mark of a table of which some row applied."""
    hits = situation.hits.get(name)
    return hits.table.example if hits and hits.rows else None


def _of_fact(name: str, situation: Situation) -> Iterator[Text | None]:
    procedure = situation.procedure
    registers = procedure.registers
    looked_up = registers.looked_up.get(name)
    parameter = registers.parameters.get(looked_up.parameter if looked_up else name)
    if parameter is not None and situation.facts.get(name) is not None:
        yield parameter.example
    if name.partition(".")[0] in procedure.tables:
        yield _of_table(name.partition(".")[0], situation)
    for spec in procedure.computed:
        if spec.id == name and spec.formula is not None:
            yield from (scale.example for scale in spec.formula.scales)
