"""Progressive scales (biểu bậc thang): each part of a quantity at its own rate, as fee schedules state them."""

from dataclasses import dataclass

from rules.rounding import Rounding, whole_ratio
from rules.values import LegalBasis, Text

PERCENT_DIGITS = 6
"""A rate in percent is kept as a whole number of millionths of a percent."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a scale: up to this quantity (included; None: without end), at this rate.

    `up_to` counts the last of the scale's `digits`; `rate` is đồng a unit, or millionths of a percent.
    """

    up_to: int | None
    rate: int


@dataclass(frozen=True, slots=True)
class RateScale:
    """A progressive scale: money for each unit of a quantity, or a percentage of each part of an amount (`percent`).

    The parts are added up exactly, and the total is rounded once (`rounding`; None where it is always whole).
    """

    id: str
    label: Text
    steps: tuple[Step, ...]
    percent: bool = False
    unit: str = ""
    digits: int = 0
    rounding: Rounding | None = None
    basis: LegalBasis | None = None
    example: Text | None = None

    def amount(self, quantity: int, digits: int = 0) -> int:
        """Return what the scale gives in whole đồng for a quantity with these decimal digits; below 0 it gives 0."""
        fine = max(self.digits, digits)
        left, below, total = quantity * 10 ** (fine - digits), 0, 0
        for step in self.steps:
            until = left if step.up_to is None else min(left, step.up_to * 10 ** (fine - self.digits))
            total += max(until - below, 0) * step.rate
            below = max(until, below)
        denominator = 10 ** (fine + (PERCENT_DIGITS + 2 if self.percent else 0))
        if self.rounding is None:
            return whole_ratio(total, denominator, Rounding().how)
        return self.rounding.ratio(total, denominator)

    def is_whole(self, digits: int) -> bool:
        """Tell whether the scale gives whole đồng for quantities with these decimal digits without rounding."""
        return not self.percent and digits == 0 and self.digits == 0
