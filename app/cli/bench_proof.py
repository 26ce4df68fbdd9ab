"""How long the proof before a publication takes: large tables, an edit of one cell, and a table made to be hard."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

from app.cli.figures import Figure
from rules.check.findings import Finding, FindingKind
from rules.check.procedure import check
from rules.check.proof import prove
from rules.codec import definition_from
from rules.definition.procedure import ProcedureDefinition

STEPS = 10
"""The numbers of a column are cut into so many ranges."""

HARD_ROWS, HARD_COLUMNS, HARD_EDGES = 200, 6, 40


def proof_figures() -> list[Figure]:
    """Measure proofs in CPU time, each of a definition read beforehand."""
    thousand, hundred = law(grid(3, 1000)), law(grid(6, 100))
    whole, once = spent(lambda: check(thousand)), spent(lambda: check(hundred))
    before, edited = prove(hundred), with_edit(hundred)
    again = spent(lambda: check(edited, before))
    dice = Random(20261123)  # noqa: S311  a measure, not a secret
    hard = law(list(hard_rows(dice)), hit="first")
    found: list[tuple[Finding, ...]] = []
    ended = spent(lambda: found.append(check(hard)))
    undecided = sum(each.kind is FindingKind.UNDECIDED for each in found[0])
    assert undecided, "the hard table is there to end a budget"
    return [
        Figure("check 1,000 rows x 3, a row missing", whole, "ms", 1000),
        Figure("check 100 rows x 6, a row missing", once, "ms", 100),
        Figure("check 100 rows x 6 again after the edit of one cell", again, "ms", 50),
        Figure(f"check {HARD_ROWS} random rows x {HARD_COLUMNS}: until the budget ends", ended, "ms"),
        Figure(f"check {HARD_ROWS} random rows x {HARD_COLUMNS}: named as undecided", undecided, "findings"),
    ]


def spent(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the CPU milliseconds of a piece of work, the median of some rounds."""
    took: list[float] = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append((time.process_time() - began) * 1000)
    return sorted(took)[rounds // 2]


Cells = dict[str, str]


def grid(columns: int, rows: int) -> list[Cells]:
    """Return rows that part a space without gap or overlap, the row in the middle left out."""
    names = [f"x{number}" for number in range(columns)]
    cut = {1000: [10, 10, 10], 100: [5, 5, 2, 2, 1, 1]}[rows]
    made = [dict(zip(names, cells, strict=True)) for cells in product(*[ranges(parts) for parts in cut])]
    return made[: rows // 2] + made[rows // 2 + 1 :]


def ranges(parts: int) -> list[str]:
    """Return cells that part the numbers from 0."""
    edges = [STEPS * number for number in range(parts)]
    return [f">= {low}" if low == edges[-1] else f"[{low}..{low + STEPS})" if parts > 1 else "known" for low in edges]


def hard_rows(dice: Random) -> Iterator[Cells]:
    """Yield wide random rows, of which many overlap."""
    for _ in range(HARD_ROWS):
        cells: Cells = {}
        for number in range(HARD_COLUMNS):
            low, high = sorted(dice.sample(range(HARD_EDGES + 1), 2))
            cells[f"x{number}"] = "-" if dice.random() < 0.3 else f"[{low}..{high}]"
        yield cells


def with_edit(definition: ProcedureDefinition) -> ProcedureDefinition:
    """Return the definition with another cell in one row, as an administrator corrects it."""
    table = definition.tables[0]
    row, other = table.rows[1], table.rows[-1]
    rows = (table.rows[0], replace(row, when=(other.when[0], *row.when[1:])), *table.rows[2:])
    return replace(definition, tables=(replace(table, rows=rows), *definition.tables[1:]))


def law(rows: list[Cells], hit: str = "unique") -> ProcedureDefinition:
    """Return a definition with one table of these rows, and a small table that no edit touches."""
    columns = list(rows[0])
    basis = {"document": "d", "article": 1}
    table: dict[str, Any] = {
        "id": "fee",
        "label": "Mức thu",
        "hit": hit,
        "inputs": columns,
        "outputs": [{"id": "amount", "type": "money"}],
        "rows": [
            {"id": f"r{number}", "when": cells, "then": {"amount": number}, "basis": basis}
            for number, cells in enumerate(rows)
        ],
    }
    limit: dict[str, Any] = {
        "id": "limit",
        "label": "Thời hạn",
        "hit": "unique",
        "inputs": [],
        "outputs": [{"id": "amount", "type": "int"}, {"id": "unit", "type": "code"}],
        "rows": [{"id": "l", "when": {}, "then": {"amount": 3, "unit": "working_days"}, "basis": basis}],
    }
    return definition_from(
        {
            "format": 1,
            "code": "9.000001",
            "name": "Đo tốc độ",
            "basis": {"d": {"document": "Văn bản đo"}},
            "fields": [
                {"id": name, "kind": "whole_number", "label": name, "min": 0, "required": True} for name in columns
            ],
            "tables": [table, limit],
            "charges": [
                {
                    "id": "c",
                    "kind": "charge",
                    "set_by": "law",
                    "label": "Phí",
                    "amount": {"table": "fee", "output": "amount"},
                }
            ],
            "deadline": {"table": "limit"},
        }
    )
