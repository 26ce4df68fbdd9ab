"""Measured figures and the bounds they must keep: CPU time, never wall time, one line each."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure and the bound it must keep (`least`: stay above), both in the same unit."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    least: float | None = None

    @property
    def line(self) -> str:
        """The figure as one line of the report."""
        said = "" if self.bound is None else f"  (bound {self.bound:g} {self.unit}: {self.verdict})"
        kept = said if self.least is None else f"  (at least {self.least:g} {self.unit}: {self.verdict})"
        return f"{self.name:<70} {self.value:>9.2f} {self.unit}{kept}"

    @property
    def verdict(self) -> str:
        """Whether the bound is kept."""
        too_much = self.bound is not None and self.value > self.bound
        too_little = self.least is not None and self.value < self.least
        return "MISSED" if too_much or too_little else "kept"


def report(figures: Sequence[Figure]) -> int:
    """Print the figures; return 1 when a bound is missed, else 0."""
    sys.stdout.write("\n".join(figure.line for figure in figures) + "\n")
    return int(any(figure.verdict == "MISSED" for figure in figures))


def cpu_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the CPU milliseconds of one round, after one that warms the caches."""
    work()
    began = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - began) * 1000 / rounds
