"""How much memory evaluations take that is not given back; run alone, a child process.

`python -m tests.properties.memory_growth EVALUATIONS SECONDS` evaluates so many different dossiers, or as many as fit
into so much CPU time, and prints how many there were and the bytes that the process grew by after the first tenth.
"""

import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from rules.evaluation.evaluate import evaluate
from tests.definitions import office, procedure

FIRST_DAY = date(2026, 1, 5)


def different_dossiers() -> Iterator[tuple[dict[str, Any], date]]:
    """Yield endless dossiers, no two alike, some with facts unknown."""
    number = 0
    while True:
        number += 1
        facts = {
            "channel": ("counter", "online", "post")[number % 3],
            "late": number - 1_000,
            "poor": number % 2 == 0,
            "group": "abc"[number % 3],
            "copies": number % 50,
            "born": date(1950, 1, 1) + timedelta(days=number % 25_000),
            "note": f"Ghi chú thứ {number}",
            "marks": sorted({"abc"[number % 3], "abc"[number % 2]}),
        }
        if number % 5 == 0:
            del facts[("late", "poor", "channel")[number % 3]]
        yield facts, FIRST_DAY + timedelta(days=number % 700)


def resident() -> int:
    """Return the bytes of memory that this process holds now (proc(5), statm)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def growth(evaluations: int, seconds: float) -> tuple[int, int]:
    """Return how many dossiers were evaluated after the first tenth, and the bytes the process grew by meanwhile."""
    ready, time_of_office = procedure(), office()
    began, before, done = time.process_time(), 0, 0
    for done, (facts, on) in enumerate(islice(different_dossiers(), evaluations), start=1):
        _ = evaluate(ready, facts, on=on, at=None, office=time_of_office).hash
        if done == evaluations // 10:
            before = resident()
        if done % 1_000 == 0 and before and time.process_time() - began > seconds:
            break
    return done - evaluations // 10, resident() - before


if __name__ == "__main__":
    sys.stdout.write("{} {}\n".format(*growth(int(sys.argv[1]), float(sys.argv[2]))))
