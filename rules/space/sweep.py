"""Sweeps over boxes, one axis after the other: what no box covers, which boxes meet, what is covered by which union.

The sweep is that of Calvanese, Dumas, Laurson, Maggi, Montali and Teinemaa, “Semantics and Analysis of DMN Decision
Tables” (BPM 2016): cut the first axis into slabs in which the same boxes are active, and look at each slab along the
next axis. A set of active boxes that was met before on an axis is not looked at again, and a slab that is settled, such
as one that a box fills to the end, is left. In the worst case the work still grows with the power of the axes, so every
step is counted against a budget.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rules.space.runs import Runs, shared, union, within

Box = tuple[Runs, ...]
"""A box: for every axis the places it takes."""

Boxes = int
"""A set of boxes: bit n stands for the box in place n."""

Slab = tuple[int, int, Boxes]
"""A stretch of an axis, and the boxes active in all of it."""

Label = TypeVar("Label", bound=Hashable)
"""What a region is: regions of one label are joined where they lie side by side."""


class BudgetSpentError(Exception):
    """More steps were needed than the budget allows: what was asked stays undecided (chưa kết luận)."""


@dataclass(slots=True)
class Budget:
    """So many steps may still be taken: work is counted, not timed, so that every machine decides the same."""

    left: int

    def spend(self, steps: int = 1) -> None:
        """Take steps off. Raises BudgetSpentError when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise BudgetSpentError


def numbers(boxes: Boxes) -> Iterator[int]:
    """Yield the places of the boxes in the set, in order."""
    while boxes:
        lowest = boxes & -boxes
        yield lowest.bit_length() - 1
        boxes ^= lowest


def common(one: Box, other: Box) -> Box | None:
    """Return what two boxes share, None where they are apart on an axis."""
    met = tuple(shared(left, right) for left, right in zip(one, other, strict=True))
    return met if all(met) else None


class Space:
    """Boxes over axes of these sizes, arranged to be swept."""

    def __init__(self, sizes: Sequence[int], boxes: Sequence[Box]) -> None:
        self.whole: Box = tuple(((0, size),) for size in sizes)
        self.boxes = tuple(boxes)
        self.all: Boxes = (1 << len(boxes)) - 1
        self._fills = self._filling(self.whole, self.all)

    def _filling(self, box: Box, among: Boxes) -> list[Boxes]:
        """Return for every axis those of the boxes that hold this box along that axis and all after it."""
        found = [among]
        for runs, axis in reversed(list(zip(box, range(len(box)), strict=True))):
            for number in numbers(among):
                held = self.boxes[number][axis]
                if held != runs and not within(runs, held):
                    among ^= 1 << number
            found.append(among)
        return found[::-1]

    def filling(self, axis: int, active: Boxes) -> Boxes:
        """Return those of the active boxes that fill this axis and all after it."""
        return active & self._fills[axis]

    def slabs(self, axis: int, active: Boxes, inside: Runs) -> Iterator[Slab]:
        """Cut these stretches of an axis where the set of active boxes changes; slabs side by side differ."""
        changes: dict[int, Boxes] = {}
        for number in numbers(active):
            for low, high in self.boxes[number][axis]:
                changes[low] = changes.get(low, 0) ^ (1 << number)
                changes[high] = changes.get(high, 0) ^ (1 << number)
        edges = sorted(changes)
        for first, last in inside:
            held, start = 0, first
            for edge in edges:
                if edge >= last:
                    break
                if edge > start:
                    yield start, edge, held
                    start = edge
                held ^= changes[edge]
            yield start, last, held

    def gaps(self, budget: Budget) -> list[Box]:
        """Return what no box covers, as boxes apart from each other. Raises BudgetSpentError."""

        def settled(axis: int, active: Boxes) -> tuple[bool] | None:
            if active & self._fills[axis]:
                return (False,)
            return None if active else (True,)

        return [box for is_gap, box in self.regions(lambda active: not active, settled, budget) if is_gap]

    def regions(
        self,
        label: Callable[[Boxes], Label],
        settled: Callable[[int, Boxes], tuple[Label] | None],
        budget: Budget,
    ) -> list[tuple[Label, Box]]:
        """Cut the whole space into boxes by the label that the set of active boxes has at each point.

        `settled` tells early that all that is left of the axes has one label (in a tuple, as a label may be None).
        Raises BudgetSpentError.
        """
        known: dict[tuple[int, Boxes], list[tuple[Label, Box]]] = {}

        def swept(axis: int, active: Boxes) -> list[tuple[Label, Box]]:
            found = known.get((axis, active))
            if found is None:
                budget.spend()
                found = known[axis, active] = looked_at(axis, active)
            return found

        def looked_at(axis: int, active: Boxes) -> list[tuple[Label, Box]]:
            done = settled(axis, active) if axis < len(self.whole) else (label(active),)
            if done is not None:
                return [(done[0], self.whole[axis:])]
            joined: dict[tuple[Label, Box], list[tuple[int, int]]] = {}
            for low, high, left in self.slabs(axis, active, self.whole[axis]):
                pieces = swept(axis + 1, left)
                budget.spend(len(pieces))
                for piece in pieces:
                    joined.setdefault(piece, []).append((low, high))
            return [(name, (union(where), *box)) for (name, box), where in joined.items()]

        return swept(0, self.all)

    def hole(self, box: Box, among: Boxes, budget: Budget) -> Box | None:
        """Return a part of the box that none of these covers, None where they cover all. Raises BudgetSpentError."""
        fills = self._filling(box, among)
        covered: set[tuple[int, Boxes]] = set()

        def found(axis: int, active: Boxes) -> Box | None:
            if not active:
                return box[axis:]
            if active & fills[axis] or (axis, active) in covered:
                return None
            budget.spend(1 + active.bit_count())
            for low, high, left in self.slabs(axis, active, box[axis]):
                after = found(axis + 1, left)
                if after is not None:
                    return (((low, high),), *after)
            covered.add((axis, active))
            return None

        return found(0, among)

    def parts(
        self, box: Box, among: Boxes, wanted: Callable[[Boxes], bool], barred: Boxes, budget: Budget
    ) -> Iterator[Box]:
        """Yield parts of the box, outside the barred boxes, whose active boxes of these are wanted.

        None comes out where nothing in the box is wanted; else at least one does. Raises BudgetSpentError.
        """
        fills = self._filling(box, barred)
        barren: set[tuple[int, Boxes]] = set()

        def found(axis: int, active: Boxes) -> Iterator[Box]:
            if active & fills[axis] or (axis, active) in barren:
                return
            if axis == len(box):
                if wanted(active):
                    yield ()
                return
            budget.spend(1 + active.bit_count())
            is_barren = True
            for low, high, left in self.slabs(axis, active, box[axis]):
                for after in found(axis + 1, left):
                    is_barren = False
                    yield (((low, high),), *after)
            if is_barren:
                barren.add((axis, active))

        yield from found(0, among | barred)

    def meeting(self) -> list[Boxes]:
        """Return for every box the others that it shares a point with."""
        met = [self.all ^ (1 << number) for number in range(len(self.boxes))]
        for axis, whole in enumerate(self.whole):
            ask = _Asked(list(self.slabs(axis, self.all, whole)))
            for number, box in enumerate(self.boxes):
                met[number] &= ask.within(box[axis])
        return met


class _Asked:
    """The slabs of one axis, arranged to tell which boxes are active anywhere in a stretch of it."""

    def __init__(self, slabs: Sequence[Slab]) -> None:
        self._starts = [low for low, _, _ in slabs]
        levels = [[active for _, _, active in slabs]]
        while len(levels[-1]) > 1 << len(levels) - 1:
            last, width = levels[-1], 1 << len(levels) - 1
            levels.append([one | other for one, other in zip(last, last[width:], strict=False)])
        self._levels = levels

    def within(self, runs: Iterable[tuple[int, int]]) -> Boxes:
        """Return the boxes active somewhere in these runs."""
        found = 0
        for low, high in runs:
            first, end = bisect_right(self._starts, low) - 1, bisect_left(self._starts, high)
            level = (end - first).bit_length() - 1
            found |= self._levels[level][first] | self._levels[level][end - (1 << level)]
        return found
