"""Dossiers that show a finding of a table: those in which something uses the table come first."""

from dataclasses import dataclass, field

from rules.check.findings import Witness
from rules.check.witnesses import Dossiers
from rules.space.axes import Axis
from rules.space.dossiers import DossierSpace, dossier_space
from rules.space.literals import Literals, failing
from rules.space.runs import Runs, runs_of
from rules.space.sweep import Box, Budget, BudgetSpentError
from rules.table.decision import Condition, Table

STEPS = 20_000
"""The budget of steps to find a place in a box in which a condition holds."""

MOST_TRIED = 4
"""Dossiers are sought under so many conditions, one after the other."""


@dataclass(slots=True)
class UsedDossiers:
    """Finds dossiers of one table.

    `conditions` are those of whatever uses the table: in a dossier that fulfils none of them nothing of it shows.
    `beside` is what the spaces of the table leave out besides.
    """

    dossiers: Dossiers
    table: Table
    conditions: tuple[Condition, ...] = ()
    beside: tuple[Literals, ...] = ()
    _spaces: dict[int, DossierSpace] = field(init=False, default_factory=dict[int, DossierSpace])

    def dossier(self, space: DossierSpace, box: Box) -> Witness | None:
        """Return a dossier in the box, one that fulfils a condition wherever one is found; None where none is found."""
        for place in range(min(len(self.conditions), MOST_TRIED)):
            inside = self._space(place)
            part = _carried(box, space, inside)
            witness = self.dossiers.dossier(inside, part) if part is not None else None
            if witness is not None:
                return witness
        return self.dossiers.dossier(space, box)

    def _space(self, place: int) -> DossierSpace:
        """Return the space of the dossiers that fulfil one condition."""
        if place not in self._spaces:
            outside = (*self.beside, *failing(self.conditions[place]))
            self._spaces[place] = dossier_space(self.dossiers.ground, self.table, outside)
        return self._spaces[place]


def _carried(box: Box, space: DossierSpace, inside: DossierSpace) -> Box | None:
    """Return a part of the box in which dossiers of another space lie, on the finer axes of that space."""
    if not set(space.axes) <= set(inside.axes):
        return None
    held = dict(zip(space.axes, box, strict=True))
    carried: Box = tuple(
        _finer(held[name], space.axes[name], axis) if name in held else ((0, axis.size),)
        for name, axis in inside.axes.items()
    )
    try:
        return inside.space.hole(carried, inside.barred, Budget(STEPS)) if all(carried) else None
    except BudgetSpentError:
        return None


def _finer(runs: Runs, axis: Axis, finer: Axis) -> Runs:
    """Return the places of a finer axis of the same fact that lie in these runs."""
    return (
        runs
        if axis == finer
        else runs_of(place for place in range(finer.size) if _lies(finer.value(place), runs, axis))
    )


def _lies(value: object, runs: Runs, axis: Axis) -> bool:
    try:
        place = axis.place(value)
    except KeyError:  # a set of codes that this axis leaves out
        return False
    return any(low <= place < high for low, high in runs)
