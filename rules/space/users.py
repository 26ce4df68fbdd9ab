"""Who uses what a table, a formula or a parameter gives, and under which conditions (điều kiện của nơi dùng)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from rules.definition.money import FromTable, Line, amounts_read, tables_read
from rules.definition.procedure import ProcedureDefinition
from rules.order import strings_in
from rules.space.literals import MOST_ALTERNATIVES, Literals, failing
from rules.table.decision import Condition, Table


@dataclass(frozen=True, slots=True)
class Users:
    """What uses one table, formula or parameter, through others, too.

    `conditions` are those of the charges, payouts and papers that use it only then, each once. `is_always`: something
    uses it for every dossier. `is_named`: something else names it, such as the condition of a notice.
    """

    conditions: tuple[Condition, ...]
    is_always: bool
    is_named: bool

    @property
    def are_conditional(self) -> bool:
        """Tell whether nothing of it shows in a dossier that fulfils none of the conditions."""
        return bool(self.conditions) and not self.is_always and not self.is_named


@dataclass(slots=True)
class Uses:
    """The uses inside one definition."""

    definition: ProcedureDefinition
    _named: frozenset[str] = field(init=False)
    _whole: frozenset[str] = field(init=False)
    _lent: tuple[tuple[frozenset[str], Condition | None], ...] = field(init=False)
    _makers: tuple[tuple[str, frozenset[str]], ...] = field(init=False)

    def __post_init__(self) -> None:
        law = self.definition
        lines = (*law.charges, *law.payouts)
        bare = replace(law, tables=(), facts=(), charges=(), payouts=(), cases=())
        self._named = frozenset(strings_in((bare, tuple(_conditions_of(lines)))))
        self._whole = frozenset(_for_every_dossier(law))
        self._lent = (
            *((frozenset((*tables_read(line), *amounts_read(line))), line.when) for line in lines),
            *(
                (frozenset((paper.required.table,)), paper.shown_when)
                for paper in law.papers
                if isinstance(paper.required, FromTable)
            ),
        )
        self._makers = (
            *((table.id, frozenset(_reads(table))) for table in law.tables),
            *((spec.id, frozenset((*spec.reads, spec.parameter))) for spec in law.facts),
        )

    def of(self, name: str) -> Users:
        """Return what uses this table, formula or parameter, given by its id."""
        conditions: list[Condition] = []
        is_always = is_named = False
        for each in self.through(name):
            own = self._names(each)
            held = [when for read, when in self._lent if read & own]
            conditions += [when for when in held if when is not None and when not in conditions]
            is_always = is_always or each in self._whole or None in held
            is_named = is_named or bool((own if each not in self._tables else own - {each}) & self._named)
        return Users(tuple(conditions), is_always, is_named)

    @property
    def _tables(self) -> frozenset[str]:
        return frozenset(table.id for table in self.definition.tables)

    def _names(self, name: str) -> frozenset[str]:
        """Return by what others name it: its id, and the outputs of a table."""
        outputs = (
            f"{name}.{column.id}" for each in self.definition.tables if each.id == name for column in each.outputs
        )
        return frozenset((name, *outputs))

    def through(self, name: str) -> Iterator[str]:
        """Yield it, and every table and formula that it reaches."""
        waiting, seen = [name], {name}
        while waiting:
            each = waiting.pop(0)
            yield each
            own = self._names(each)
            reached = [maker for maker, read in self._makers if read & own and maker not in seen]
            seen.update(reached)
            waiting.extend(reached)


def _conditions_of(lines: Iterable[Line]) -> Iterator[Condition]:
    for line in lines:
        owed = getattr(line, "owed_when", None)
        yield from (each for each in (line.when, owed) if each is not None)


def _for_every_dossier(law: ProcedureDefinition) -> Iterator[str]:
    """Yield the tables whose answer every dossier needs."""
    yield from law.deadline.tables if law.deadline else ()
    yield from (law.eligibility, law.route)
    yield law.examination.table if law.examination else ""


def _reads(table: Table) -> Iterator[str]:
    yield from table.reads
    yield from strings_in(tuple(row.then for row in table.rows))


def none_holding(conditions: Iterable[Condition]) -> Iterator[Literals]:
    """Yield the alternatives in which none of the conditions holds; none where there would be too many."""
    alternatives = [list(failing(each)) for each in conditions]
    many = 1
    for each in alternatives:
        many *= len(each)
    if alternatives and 0 < many <= MOST_ALTERNATIVES:
        yield from (tuple(literal for part in chosen for literal in part) for chosen in product(*alternatives))
