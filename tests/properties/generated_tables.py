"""Tables and boundary facts from a seed, and the comparison of both matchers on them; run alone, a child process.

`python -m tests.properties.generated_tables TABLES FACTS SEED` asks every table about so many sets of facts and prints
the number of evaluations and of differences.
"""

import random
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import prod
from typing import Any

from rules.clock.calendar import LEGAL_TIME
from rules.match.durable_kernel import Kernel
from rules.match.interpreter import Interpreter
from rules.table.cell_text import parse_cell
from rules.table.cells import ANY_CELL, Cell, Has, OneOf, Test, Within
from rules.table.decision import HitPolicy, Row, Table
from rules.values import MAX_WHOLE, Period, Text, decimal_words
from rules.vocabulary import Fact, FactType, Source

CODES = {f"c{number}": Text(f"Mã {number}") for number in range(9)}
DAYS = [date(2026, 8, 13) + timedelta(days=number) for number in range(6)]
EDGES = [0, 1, 2, 5, 9, 10, 60, 61, -1, 10_000, MAX_WHOLE - 1, 1 - MAX_WHOLE]
MOMENTS = [datetime(2026, 8, 15, 7, 59, tzinfo=LEGAL_TIME) + timedelta(minutes=number) for number in range(6)]
KINDS = [
    *(FactType.INT, FactType.MONEY, FactType.FIXED, FactType.CODE, FactType.BOOL),
    *(FactType.CODES, FactType.DAY, FactType.MOMENT, FactType.TEXT),
]
SCALE = 2
FACTS = {
    f"{kind.value}{number}": Fact(f"{kind.value}{number}", kind, Text(kind.value), Source.FORM, CODES, scale=SCALE)
    for kind in KINDS
    for number in range(2)
}


def cell_text(fact: Fact, chance: random.Random) -> str:
    """A cell of the fact's type, in the signs or the Vietnamese writing."""
    if chance.random() < 0.3:
        return chance.choice(["-", "-", "known", "unknown"])
    if fact.type in _EDGES:
        return _ordered(fact, chance)
    codes = ", ".join(chance.sample(sorted(CODES), chance.randint(1, 5)))
    if fact.type is FactType.CODE:
        return chance.choice([codes, f"not({codes})", f"trừ {codes}"])
    if fact.type is FactType.CODES:
        return f"has {chance.choice(['any', 'all', 'none'])} {codes}"
    return chance.choice(["true", "false", "not(true)", "có, không"]) if fact.type is FactType.BOOL else "known"


_EDGES: dict[FactType, list[Any]] = {
    FactType.INT: EDGES,
    FactType.MONEY: EDGES,
    FactType.FIXED: EDGES,
    FactType.DAY: DAYS,
    FactType.MOMENT: MOMENTS,
}


def _ordered(fact: Fact, chance: random.Random) -> str:
    edges = sorted(chance.sample(_EDGES[fact.type], 3))
    if fact.type in (FactType.INT, FactType.MONEY) and chance.random() < 0.1:
        return f"not({', '.join(map(str, range(0, chance.randint(4, 60), chance.randint(2, 3))))})"
    if fact.type is FactType.FIXED:
        written = _numeric([decimal_words(edge, SCALE) for edge in edges], chance)
        return written.replace(", ", chance.choice(["; ", ", "]))
    if fact.type is FactType.MOMENT:
        writing = chance.choice(["%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y"])
        return _numeric([f"{edge:{writing}}" for edge in edges], chance)
    return _numeric([str(edge) for edge in edges], chance)


def _numeric(edges: list[Any], chance: random.Random) -> str:
    low, middle, high = edges
    shapes = [
        *(f">= {low}", f"> {low}", f"< {high}", f"<= {high}", f"{low}, {high}", f"not({middle})"),
        *(f"[{low}..{high})", f"({low}..{high}]", f"[{low}..{middle}], {high}", f"trừ từ {low} đến {middle}"),
    ]
    return chance.choice(shapes)


def random_table(chance: random.Random) -> Table:
    """A table of up to forty rows over up to five inputs, some rows in force for some days only."""
    inputs = tuple(chance.sample(sorted(FACTS), chance.randint(1, 5)))
    rows = tuple(
        Row(
            id=f"r{number}",
            when=_cells(inputs, chance),
            then=(),
            period=_period(chance),
        )
        for number in range(chance.randint(1, 40))
    )
    return Table("generated", Text("Bảng thử"), HitPolicy.COLLECT, inputs, (), rows)


MOST_CHOICES = 100
"""So many alternatives a row has at most: forty such rows are a table that the kernel still holds."""


def _cells(inputs: tuple[str, ...], chance: random.Random) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for name in inputs:
        cell = parse_cell(cell_text(FACTS[name], chance), FACTS[name])
        fits = prod(_choices(each.test) for each in (*cells, cell)) <= MOST_CHOICES
        cells.append(cell if fits else ANY_CELL)
    return tuple(cells)


def _choices(test: Test) -> int:
    if isinstance(test, Within):
        return max(len(test.spans), 1)
    return len(test.values) if isinstance(test, OneOf) else len(test.codes) if isinstance(test, Has) else 1


def _period(chance: random.Random) -> Period:
    if chance.random() < 0.7:
        return Period()
    since, until = sorted(chance.sample(DAYS, 2))
    return Period(chance.choice([since, None]), chance.choice([until, None]))


def random_facts(table: Table, chance: random.Random) -> dict[str, Any]:
    """Facts at the edges of the cells; about one in five is unknown."""
    facts = {name: some_value(FACTS[name], chance) for name in table.inputs}
    return {name: value for name, value in facts.items() if chance.random() < 0.8}


def some_value(fact: Fact, chance: random.Random) -> Any:
    """A value of the fact at the edges of its cells."""
    if fact.type in (FactType.INT, FactType.MONEY, FactType.FIXED):
        return min(max(chance.choice(EDGES) + chance.choice([-1, 0, 1]), 1 - MAX_WHOLE), MAX_WHOLE - 1)
    if fact.type is FactType.CODES:
        return sorted(chance.sample(sorted(CODES), chance.randint(0, 4)))
    choices = {
        FactType.DAY: DAYS,
        FactType.MOMENT: MOMENTS,
        FactType.CODE: sorted(CODES),
        FactType.BOOL: [True, False],
        FactType.TEXT: ["", "đồng", '"quoted"\\', "💡{}"],
    }
    return chance.choice(choices[fact.type])


def differences(tables: int, facts_per_table: int, seed: int) -> Iterator[bool]:
    """Yield for every evaluation whether the two matchers differ."""
    chance = random.Random(seed)
    for _ in range(tables):
        table = random_table(chance)
        interpreter, kernel = Interpreter(table), Kernel(table)
        for _ in range(facts_per_table):
            facts, on = random_facts(table, chance), chance.choice(DAYS)
            yield interpreter.match(facts, on).hit != kernel.match(facts, on)


if __name__ == "__main__":
    found = list(differences(*map(int, sys.argv[1:])))
    sys.stdout.write(f"{len(found)} {sum(found)}\n")
