"""Evaluating a million dossiers leaves no memory behind."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MILLION = 1_000_000
MEGABYTE = 1024**2


def measured(evaluations: int, seconds: int) -> tuple[int, int]:
    """Return how many dossiers a child process evaluated, and the bytes it grew by meanwhile."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.properties.memory_growth", str(evaluations), str(seconds)],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    evaluated, grown = map(int, done.stdout.split())
    return evaluated, grown


def test_eight_thousand_evaluations_leave_no_memory_behind():
    evaluated, grown = measured(8_000, seconds=60)
    assert evaluated >= 1_000
    assert grown < 2 * MEGABYTE


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_million_evaluations_grow_memory_by_less_than_ten_megabytes():
    """Where a million do not fit into half an hour of CPU, the growth of those that did is taken to go on."""
    evaluated, grown = measured(MILLION * 10 // 9, seconds=1_800)
    assert evaluated >= 100_000, "too few to say anything"
    assert grown * MILLION / evaluated < 10 * MEGABYTE, f"{grown} bytes over {evaluated} evaluations"
