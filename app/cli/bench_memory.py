"""How much memory a million evaluations leave behind; run alone, as a child process that has done nothing else.

`python -m app.cli.bench_memory EVALUATIONS` evaluates a few dossiers to fill the caches, then so many different ones by
both matchers and with their reasons, and prints the bytes by which the process grew over those. How far it is goes to
standard error.
"""

import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from app.cli.bench_definition import KINDS, small_law
from app.cli.figures import Figure
from rules.clock.calendar import OfficeTime, WorkCalendar
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate

FIRST_DAY = date(2026, 1, 5)
WARMING = 20_000
TOLD_EVERY = 100_000
MEGABYTE = 1_000_000
ROOT = Path(__file__).parents[2]


def memory_figures(evaluations: int) -> list[Figure]:
    """Measure in a process of its own what so many evaluations leave behind; all of them are done."""
    command = [sys.executable, "-m", "app.cli.bench_memory", str(evaluations)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)  # noqa: S603  its own program
    name = f"memory grown by {evaluations:,} evaluations with reasons"
    return [Figure(name, int(done.stdout) / MEGABYTE, "MB", 10)]


def different_dossiers() -> Iterator[tuple[dict[str, Any], date]]:
    """Yield endless dossiers and their days, no two alike, one in five of unknown kind."""
    number = 0
    while True:
        number += 1
        facts = {"kind": KINDS[number % len(KINDS)], "area": number, "channel": ("counter", "online")[number % 2]}
        if number % 5 == 0:
            del facts["kind"]
        yield facts, FIRST_DAY + timedelta(days=number % 700)


def resident() -> int:
    """Return the bytes of memory that this process holds now (proc(5), statm)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def growth(evaluations: int) -> int:
    """Return the bytes by which the process grows over so many evaluations, once its caches are filled."""
    procedure, office = compiled(small_law()), OfficeTime(WorkCalendar("Đo", frozenset(), frozenset(), frozenset()))
    before = 0
    for done, (facts, on) in enumerate(islice(different_dossiers(), WARMING + evaluations), start=1):
        found = evaluate(procedure, facts, on=on, at=None, office=office)
        assert found.charges, "every dossier has its charge, decided or waiting"
        if done == WARMING:
            before = resident()
        if done % TOLD_EVERY == 0:
            sys.stderr.write(f"\r{done:,} evaluations")
            sys.stderr.flush()
    sys.stderr.write("\n")
    return resident() - before


if __name__ == "__main__":
    sys.stdout.write(f"{growth(int(sys.argv[1]))}\n")
