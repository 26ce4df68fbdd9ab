"""What is left of an amount of money after reductions, in exact whole-number arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.rounding import How, Rounding
from rules.table.decision import Row, Table
from rules.vocabulary import FactType

PERCENT_DIGITS = 6
"""A percentage is counted in millionths of a percent."""

WHOLE = 100 * 10**PERCENT_DIGITS
"""100 % in millionths of a percent; exact amounts below are counted in this part of a minor unit."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """One reduction: `percent` of the amount (in millionths of a percent), `off` minor units, at most `most`."""

    percent: int = 0
    off: int = 0
    most: int | None = None

    def exact(self, base: int) -> int:
        """Return what it takes off, never more than the amount itself, in WHOLE-ths of a minor unit."""
        off, limit = base * self.percent + self.off * WHOLE, self.limit(base)
        return off if off < limit else limit

    def limit(self, base: int) -> int:
        """Return what it may take off at most, in WHOLE-ths of a minor unit."""
        return WHOLE * (base if self.most is None else min(self.most, base))


def reduction_of(table: Table, row: Row, output: str) -> Reduction | None:
    """Return what a row takes off, None where it says nothing; the limit of the cut is not the row's."""
    place = table.position(output)
    value, column = row.then[place], table.outputs[place]
    if not isinstance(value, int):
        return None
    if column.type is FactType.MONEY:
        return Reduction(off=value)
    return Reduction(percent=value * 10 ** (PERCENT_DIGITS - column.scale))


def paid_after(base: int, reduction: Reduction, rounding: Rounding | None) -> int:
    """Return what is left of the amount after one reduction, rounded (to the nearest minor unit unless stated)."""
    off = reduction.exact(base)
    if rounding is None and not off % WHOLE:  # nearly always: asked of every reduction and every near miss
        return min(base, base - off // WHOLE)
    return _left(base, off, reduction.limit(base), rounding)


def paid_after_all(base: int, reductions: Iterable[Reduction], ceiling: int, rounding: Rounding | None) -> int:
    """Return what is left after all reductions together; `ceiling` is the most they take off, in WHOLE-ths."""
    limit = min(ceiling, base * WHOLE)
    return _left(base, min(sum(each.exact(base) for each in reductions), limit), limit, rounding)


def ceiling_of(base: int, percent: int | None, amount: int | None) -> int:
    """Return the lower of both ceilings on what is taken off, in WHOLE-ths of a minor unit."""
    by_percent = base * (WHOLE if percent is None else percent)
    return by_percent if amount is None else min(by_percent, amount * WHOLE)


NEAREST = Rounding()


def _left(base: int, off: int, limit: int, rounding: Rounding | None) -> int:
    """Round what is left; rounding takes off no more than the limit, and never puts anything on."""
    rounding = rounding or NEAREST
    left = rounding.ratio(base * WHOLE - off, WHOLE)
    if (base - left) * WHOLE > limit:
        left = Rounding(How.UP, rounding.to).ratio(base * WHOLE - limit, WHOLE)
    return max(0, min(base, left))
