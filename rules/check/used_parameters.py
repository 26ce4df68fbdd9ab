"""Dossiers that show days without a value of a parameter: those in which something uses the parameter come first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rules.check.findings import Witness
from rules.check.formulas import firm_domains
from rules.check.witnesses import Dossiers
from rules.definition.procedure import ProcedureDefinition
from rules.definition.registers import TERRITORIES
from rules.space.dossiers import Ground, dossier_space, made_from
from rules.space.sweep import Budget, BudgetSpentError
from rules.space.users import Uses
from rules.table.cells import Cell, Has, HasHow, Known
from rules.table.decision import HitPolicy, Row, Table
from rules.values import NO_TEXT, Period
from rules.vocabulary import DERIVED, MADE_FACTS, FactType

STEPS = 20_000
"""The budget of steps to find a place in which a condition holds."""

MOST_KNOWN = 8
"""What is worked out with the parameter from more facts than these is not given them."""

_KNOWN = Cell("known", Known(wanted=True))


@dataclass(slots=True)
class ParameterDossiers:
    """Finds dossiers accepted on days on which a parameter of one definition has no value."""

    definition: ProcedureDefinition
    _uses: Uses = field(init=False)
    _ground: Ground = field(init=False)
    _dossiers: Dossiers = field(init=False)

    def __post_init__(self) -> None:
        self._uses = Uses(self.definition)
        self._ground = Ground(self.definition, firm_domains(self.definition))
        self._dossiers = Dossiers(self._ground)

    def dossier(self, parameter: str, days: Period, territory: str) -> Witness | None:
        """Return a dossier of the days and the territory (empty: anywhere) in which something uses the parameter.

        What is worked out with it is given what else it needs, where that can be. None where no such dossier is found.
        """
        users = self._uses.of(parameter)
        always: tuple[Mapping[str, Cell], ...] = ({},) if users.is_always or not users.conditions else ()
        groups = (*always, *(group for each in users.conditions for group in each.any_of))
        needed = tuple(self._needed(parameter))
        for known in (needed[:MOST_KNOWN], ()):
            for group in groups:
                found = self._found({**dict.fromkeys(known, _KNOWN), **group}, days, territory)
                if found is not None:
                    return found
        return None

    def _found(self, cells: Mapping[str, Cell], days: Period, territory: str) -> Witness | None:
        place = {TERRITORIES: Cell(territory, Has(HasHow.ALL, (territory,)))} if territory else {}
        asked = {**place, **cells}
        if any(self._ground.vocabulary[name].of for name in asked):
            return None
        row = Row("", tuple(asked.values()), (), period=days)
        space = dossier_space(self._ground, Table("", NO_TEXT, HitPolicy.ANY, tuple(asked), (), (row,)))
        box = space.rows[0]
        try:
            hole = space.space.hole(box, space.barred, Budget(STEPS)) if box is not None else None
        except BudgetSpentError:
            return None
        return self._dossiers.dossier(space, hole) if hole is not None else None

    def _needed(self, parameter: str) -> Iterator[str]:
        """Yield the facts handed in that whatever is worked out with the parameter needs besides."""
        reads, seen = made_from(self._ground), set[str]()
        waiting = [name for each in self._uses.through(parameter) for name in self._reads(each, reads)]
        while waiting:
            name = waiting.pop(0)
            if name in seen or name not in self._ground.vocabulary:
                continue
            seen.add(name)
            fact = self._ground.vocabulary[name]
            if fact.source in DERIVED or name in MADE_FACTS:
                waiting.extend(reads.get(name, ()))
            elif not fact.of and fact.type is not FactType.GROUP:
                yield name

    def _reads(self, name: str, reads: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        table = self._ground.tables.get(name)
        return table.reads if table else reads.get(name, ())
