"""Rounding as the law states it: which way, and to a multiple of what. Exact whole-number arithmetic throughout."""

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """Which way a number is rounded (làm tròn): to the greater, to the lesser, or to the nearest, halves up."""

    UP = "up"
    DOWN = "down"
    HALF_UP = "half_up"


@dataclass(frozen=True, slots=True)
class Rounding:
    """Round this way, to a multiple of `to`: a whole number of the last of `digits` decimal digits (`0.5` is 5, 1)."""

    how: How = How.HALF_UP
    to: int = 1
    digits: int = 0

    def ratio(self, numerator: int, denominator: int) -> int:
        """Return the ratio rounded, as a whole number of the last of `digits` decimal digits.

        Raises ZeroDivisionError where the denominator is 0.
        """
        return self.to * whole_ratio(numerator * 10**self.digits, denominator * self.to, self.how)


def whole_ratio(numerator: int, denominator: int, how: How) -> int:
    """Return numerator / denominator rounded to a whole number. Raises ZeroDivisionError."""
    if how is How.DOWN:
        return numerator // denominator
    if how is How.UP:
        return -(-numerator // denominator)
    return (2 * numerator + denominator) // (2 * denominator)
