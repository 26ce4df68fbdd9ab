"""The command `bench-rules`: how fast the rules are, side by side with other engines, without a database.

The same tables and the same dossiers go to every engine, every answer is compared before anything is measured, and
what is printed is CPU time; a ratio compares two figures of this very run.
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from statistics import median
from typing import Any

from app.cli import other_engines
from app.cli.bench_definition import LARGE, ROWS, law
from app.cli.bench_definition import dossiers as made_dossiers
from app.cli.bench_proof import proof_figures
from app.cli.figures import Figure, report
from rules.clock.calendar import OfficeTime, WorkCalendar
from rules.definition.procedure import ProcedureDefinition
from rules.evaluation.compile import CompiledTable, compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.match.durable_kernel import Kernel, engine
from rules.match.encoding import chunks_of
from rules.match.interpreter import Interpreter
from rules.table.decision import Table
from rules.vocabulary import Facts

ON = date(2026, 11, 20)
DOSSIERS = 50
REPEATS = 15
OFFICE = OfficeTime(WorkCalendar("Đo", frozenset(), frozenset(), frozenset({ON.year, ON.year + 1})))

Asked = Callable[[Facts], Any]
Round = Callable[[], None]


def main(_: list[str]) -> int:
    """Measure, print, and end with 1 when a bound is missed."""
    if not other_engines.available():
        sys.stdout.write("The other engines are not installed: `make bench` installs them.\n")
    small, large = law(), law(LARGE)
    return report([*large_figures(large), *small_figures(small), *evaluation_figures(small), *proof_figures()])


def large_figures(definition: ProcedureDefinition) -> list[Figure]:
    """Measure the matching of one table of a hundred rows and four columns."""
    table = definition.tables[0]
    name = f"match {LARGE} rows x 4"
    ours, bare = side_by_side(over(both_matchers([table])), over(bare_kernel(table)))
    return [
        Figure(f"{name}: both matchers", ours, "µs", 150),
        Figure(f"{name}: the bare kernel's own calls", bare, "µs"),
        Figure(f"{name}: both / the bare kernel", ours / bare, "x", 2),
        *compared(name, definition, [table]),
    ]


def small_figures(definition: ProcedureDefinition) -> list[Figure]:
    """Measure the matching of ten tables of twenty rows and four columns."""
    name = f"match {len(definition.tables)} tables x {ROWS} rows x 4"
    [ours] = side_by_side(over(both_matchers(definition.tables)))
    return [Figure(f"{name}: both matchers", ours, "µs", 600), *compared(name, definition, definition.tables)]


def compared(what: str, definition: ProcedureDefinition, tables: Sequence[Table]) -> list[Figure]:
    """Measure the other engines on the same tables; an answer that differs from ours ends the run."""
    if not other_engines.available():
        return []
    figures: list[Figure] = []
    both = over(both_matchers(tables))
    for name, make in other_engines.engines().items():
        matchers = [make(table, definition) for table in tables]
        check(name, matchers, tables)
        ours, theirs = side_by_side(both, over(each_of(matchers), plain=True))
        figures += [Figure(f"{what}: {name}", theirs, "µs"), Figure(f"{what}: {name} / ours", theirs / ours, "x")]
    return figures


def each_of(matchers: Sequence[other_engines.Matcher]) -> Asked:
    """Return what asks every one of these matchers."""
    return lambda facts: [match(facts) for match in matchers]


def over(asked: Asked, *, plain: bool = False) -> Round:
    """Return one round: every dossier asked about once, days as ordinals for those who need it."""
    dossiers = [other_engines.plain_facts(facts) if plain else facts for facts in made_dossiers(DOSSIERS)]

    def round_of() -> None:
        for facts in dossiers:
            asked(facts)

    return round_of


def side_by_side(*rounds: Round) -> list[float]:
    """Return for each the CPU microseconds of one dossier: the best of some rounds, taken in turns."""
    took = [[_spent(each) for each in rounds] for _ in range(REPEATS)][1:]
    return [min(column) * 1000 / DOSSIERS for column in zip(*took, strict=True)]


def check(name: str, matchers: Sequence[other_engines.Matcher], tables: Sequence[Table]) -> None:
    """Raise where an engine hits other rows than our reference matcher."""
    for table, match in zip(tables, matchers, strict=True):
        reference = Interpreter(table)
        for facts in made_dossiers(DOSSIERS):
            wanted, found = reference.match(facts, ON).hit, match(other_engines.plain_facts(facts))
            assert found == wanted, f"{name} hits {found} in {table.id}, not {wanted}, for {facts}"


def both_matchers(tables: Sequence[Table]) -> Asked:
    """Return our match: both matchers for every table, compared."""
    ready = [CompiledTable(table, Interpreter(table), Kernel(table)) for table in tables]
    return lambda facts: [each.match(facts, ON) for each in ready]


def bare_kernel(table: Table) -> Asked:
    """Return the engine's own calls and nothing else: the JSON of every dossier is made beforehand."""
    sid = "bare"
    chunks = chunks_of(table)
    handles = [engine.create_ruleset(f"bare{number}", chunk.text) for number, chunk in enumerate(chunks)]
    told = {
        id_of(facts): [(handle, chunk.fact(sid, facts, ON)) for handle, chunk in zip(handles, chunks, strict=True)]
        for facts in made_dossiers(DOSSIERS)
    }

    def match(facts: Facts) -> None:
        for handle, fact in told[id_of(facts)]:
            state = engine.assert_fact(handle, fact)[1]
            message = engine.start_action_for_state(handle, state)
            while message:
                message = engine.complete_and_start_action(handle, state)
            engine.delete_state(handle, sid)

    return match


def id_of(facts: Facts) -> tuple[Any, ...]:
    """Return what tells one measured dossier from another."""
    return tuple(facts.values())


def evaluation_figures(definition: ProcedureDefinition) -> list[Figure]:
    """Measure whole evaluations, with reasons and near misses, of ten tables of twenty rows and four columns."""
    procedure = compiled(definition)

    def evaluated(facts: Facts) -> Evaluation:
        return evaluate(procedure, facts, on=ON, at=None, office=OFFICE)

    took, gaps = best_of(evaluated), best_of(evaluated, gaps=True)
    hashed = best_of(lambda facts: evaluated(facts).to_data())
    name = f"evaluate {len(definition.tables)} tables x {ROWS} rows x 4, with reasons"
    return [
        Figure(f"{name}: p50", median(took), "ms", 1.5),
        Figure(f"{name}: in a second", 1000 * len(took) / sum(took), "a core", least=700),
        Figure(f"{name}: p50, facts missing", median(gaps), "ms"),
        Figure(f"{name}: p50, as data and hashed", median(hashed), "ms"),
    ]


def best_of(asked: Asked, *, gaps: bool = False) -> list[float]:
    """Return the CPU milliseconds of each dossier, the best of some rounds: what else the machine does is left out."""
    dossiers = list(made_dossiers(DOSSIERS, gaps=gaps))
    rounds = [[_spent(lambda facts=facts: asked(facts)) for facts in dossiers] for _ in range(REPEATS)]
    return [min(took) for took in zip(*rounds[1:], strict=True)]


def _spent(work: Callable[[], object]) -> float:
    """Return the CPU milliseconds of this piece of work."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
