"""The one dependency graph of computed facts and tables: what reads what, in which order, and where it circles."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from rules.definition.procedure import FactSpec, ProcedureDefinition
from rules.definition.variants import VARIANT, Variants
from rules.table.decision import Table

Step = FactSpec | Table | Variants

Reads = Mapping[str, tuple[str, ...]]
"""Derived facts, `table.output` among them, each with the facts it is derived from."""


def reads_of(specs: Iterable[FactSpec], tables: Iterable[Table], cases: Iterable[Variants] = ()) -> Reads:
    """Return what every computed fact, every output of a table and the cases of the procedure are derived from."""
    formulas = {spec.id: spec.reads for spec in specs if spec.is_made}
    outputs = {f"{table.id}.{column.id}": table.reads for table in tables for column in table.outputs}
    applying = ((VARIANT, each.facts) for each in cases)
    return {**formulas, **outputs, **dict(applying)}


def circle(start: str, reads: Reads) -> list[str]:
    """Return a path from the fact back to itself, empty where there is none."""
    paths, seen = [[start]], {start}
    while paths:
        path = paths.pop()
        for name in _read_by(path[-1], reads):
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def _read_by(name: str, reads: Reads) -> tuple[str, ...]:
    return reads.get(_derived(name, reads), ())


def _derived(name: str, reads: Reads) -> str:
    """Return the derived fact behind a name: an attribute of a code (`ward.kind`) hangs on that code."""
    return name if name in reads else name.partition(".")[0]


def steps_of(specs: Iterable[FactSpec], tables: Iterable[Table], cases: Iterable[Variants] = ()) -> Iterator[Step]:
    """Yield computed facts, tables and cases, each after those it reads; there is no circle, the decoder refused it.

    Tables over the rows of a group are left out: they are matched row by row, after everything else.
    """
    computed = [spec for spec in specs if spec.is_made]
    whole = [table for table in tables if not table.over]
    sorts = tuple(cases)
    reads = reads_of(computed, whole, sorts)
    waiting: list[Step] = [*computed, *whole, *sorts]
    while waiting:
        made = {name for step in waiting for name in _made_by(step)}
        ready = [not any(_derived(name, reads) in made for name in _needed_by(step)) for step in waiting]
        assert any(ready), "the decoder refuses circles"
        yield from (step for step, now in zip(waiting, ready, strict=True) if now)
        waiting = [step for step, now in zip(waiting, ready, strict=True) if not now]


def _made_by(step: Step) -> tuple[str, ...]:
    if isinstance(step, Variants):
        return (VARIANT,)
    return (step.id,) if isinstance(step, FactSpec) else tuple(f"{step.id}.{column.id}" for column in step.outputs)


def _needed_by(step: Step) -> tuple[str, ...]:
    if isinstance(step, Table):
        return step.reads
    if isinstance(step, Variants):
        return step.facts
    return step.reads


def outputs_read(definition: ProcedureDefinition) -> Mapping[str, tuple[str, ...]]:
    """Return the outputs that something in the definition names as facts (`table.output`), by table."""
    named = set(strings_in(replace(definition, tables=())))
    for table in definition.tables:  # the cells of its rows name codes, never facts; they are by far the most texts
        named.update((*table.reads, *strings_in(tuple(row.then for row in table.rows))))
    found = {
        table.id: tuple(column.id for column in table.outputs if f"{table.id}.{column.id}" in named)
        for table in definition.tables
    }
    return {name: outputs for name, outputs in found.items() if outputs}


def strings_in(value: Any) -> Iterator[str]:
    """Yield every text anywhere in a value: a fact may be named in a formula, a cell, a condition or an amount."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from (*strings_in(key), *strings_in(each))
    elif isinstance(value, tuple):
        for each in value:  # pyright: ignore[reportUnknownVariableType]
            yield from strings_in(each)
    elif is_dataclass(value):
        for part in fields(value):
            yield from strings_in(getattr(value, part.name))
