"""Where announced words meet the rules: the rows of a table that one way of filing reaches, with a dossier for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rules import facts as facts_module
from rules.check.findings import Witness
from rules.check.formulas import firm_domains
from rules.check.witnesses import AN_OFFICE, Dossiers
from rules.definition.procedure import ProcedureDefinition
from rules.errors import RulesError
from rules.evaluation.compile import CompiledProcedure, tried
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.space.dossiers import DossierSpace, Ground, dossier_space
from rules.space.literals import Literals
from rules.space.sweep import Box, Budget, common, numbers
from rules.table.cells import ANY_CELL, Cell, OneOf
from rules.table.decision import HitPolicy, Row, Table
from rules.table.hits import rank_of
from rules.values import Text

STEPS = 150_000
"""The budget of steps for one row of a table."""

WAY = "channel"

BEST_ROW = frozenset({HitPolicy.FIRST, HitPolicy.PRIORITY})
ONE_ROW = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, *BEST_ROW})
"""Under these policies the row that counts gives what the table gives."""


@dataclass(slots=True)
class Meeting:
    """One definition whose rows are sought out, each with a dossier that hits it, made ready once."""

    definition: ProcedureDefinition
    ground: Ground = field(init=False)
    procedure: CompiledProcedure = field(init=False)
    dossiers: Dossiers = field(init=False)

    def __post_init__(self) -> None:
        self.ground = Ground(self.definition, firm_domains(self.definition))
        self.procedure = tried(self.definition)
        self.dossiers = Dossiers(self.ground, self.procedure)

    def space(self, table: Table, way: str, beside: Iterable[Literals] = ()) -> DossierSpace:
        """Return the space of a table, as it is matched, in which the last box holds the dossiers filed this way."""
        return dossier_space(self.ground, _with_way(table, way), beside)

    def box(self, space: DossierSpace, at: int) -> Box | None:
        """Return where a row counts among the dossiers filed the way of the space; None: nowhere.

        Raises BudgetSpentError where that is not decided within the budget.
        """
        row, filed = space.rows[at], space.rows[-1]
        own = common(row, filed) if row and filed else None
        if own is None:
            return None
        return space.space.hole(own, self._better(space, at) | space.barred, Budget(STEPS))

    def _better(self, space: DossierSpace, at: int) -> int:
        """Return the rows beside which this one does not count: better ones, or those that contradict it."""
        table = space.table
        others = [number for number in numbers(space.of_rows) if number not in (at, len(table.rows) - 1)]
        if table.hit is HitPolicy.UNIQUE:
            return sum(1 << number for number in others)
        if table.hit is HitPolicy.ANY:
            return sum(1 << number for number in others if table.rows[number].then != table.rows[at].then)
        standing = [(rank_of(table, row), number) for number, row in enumerate(table.rows)]
        return sum(1 << number for number in others if standing[number] < standing[at])

    def dossier(self, space: DossierSpace, box: Box) -> tuple[Witness, Evaluation] | None:
        """Return a dossier in the box and its outcome, None where none is found."""
        witness = self.dossiers.dossier(space, box)
        outcome = self.outcome(witness) if witness else None
        return (witness, outcome) if witness and outcome else None

    def any_dossier(self, way: str) -> tuple[Witness, Evaluation] | None:
        """Return some dossier filed this way."""
        nothing = Table("", Text(""), HitPolicy.ANY, (), (), ())
        space = self.space(nothing, way)
        box = space.space.hole(space.rows[-1], space.barred, Budget(STEPS)) if space.rows[-1] else None
        return self.dossier(space, box) if box is not None else None

    def outcome(self, witness: Witness) -> Evaluation | None:
        """Evaluate a dossier; None where it is refused."""
        given = facts_module.written(dict(witness.facts), self.ground.vocabulary)
        try:
            return evaluate(self.procedure, given, on=witness.on, at=witness.at, office=AN_OFFICE)
        except RulesError:
            return None


def _with_way(table: Table, way: str) -> Table:
    """Return the table with the way of filing among its inputs, and a last row that holds all dossiers filed so."""
    inputs = (*table.inputs, *(() if WAY in table.inputs else (WAY,)))
    more = (ANY_CELL,) * (len(inputs) - len(table.inputs))
    rows = tuple(replace(row, when=(*row.when, *more)) for row in table.rows)
    only = Cell(way, OneOf((way,))) if way else ANY_CELL
    filed = Row("", tuple(only if name == WAY else ANY_CELL for name in inputs), tuple(None for _ in table.outputs))
    return replace(table, inputs=inputs, rows=(*rows, filed))


def fired(reasons: Iterable[object]) -> Iterator[str]:
    """Yield the rules that reasons name."""
    yield from (str(getattr(reason, "rule", "")) for reason in reasons)
