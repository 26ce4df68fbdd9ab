"""The proof of all tables of a definition, table by table; what an edit does not touch is not proved again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rules.check.findings import Finding
from rules.check.formulas import firm_domains
from rules.check.tables import STEPS, TableProof
from rules.check.used import UsedDossiers
from rules.check.witnesses import Dossiers
from rules.definition.money import FromTable, Line
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Place
from rules.space.dossiers import DossierSpace, Ground, dossier_space
from rules.space.literals import Literals
from rules.space.sweep import Budget, BudgetSpentError
from rules.space.users import Users, Uses, none_holding
from rules.table.decision import Condition, Table

Grounds = tuple[Any, ...]
"""All that the proof of one table rests on."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in the tables of one definition; `tables` has it by table, with what it rests on."""

    findings: tuple[Finding, ...]
    tables: Mapping[str, tuple[Grounds, tuple[Finding, ...]]] = field(hash=False, repr=False)
    proved: tuple[str, ...] = ()
    """The tables that were looked at this time."""


def prove(definition: ProcedureDefinition, before: Proof | None = None) -> Proof:
    """Return the proof of the tables; those that rest on the same as in an earlier proof are taken over from it."""
    ground = Ground(definition, firm_domains(definition))
    dossiers, since = Dossiers(ground), _first_day(ground)
    known, uses = dict(before.tables) if before else {}, Uses(definition)
    held: dict[str, tuple[Grounds, tuple[Finding, ...]]] = {}
    proved: list[str] = []
    for table in ground.tables.values():
        users = uses.of(table.id)
        rests_on = (*_grounds(table, ground, since), users)
        if table.id in known and known[table.id][0] == rests_on:
            held[table.id] = known[table.id]
            continue
        proved.append(table.id)
        held[table.id] = rests_on, tuple(_table_proof(table, ground, dossiers, since, users).findings())
    placed = (_placed(held[table.id][1], ("tables", place)) for place, table in enumerate(definition.tables))
    return Proof(tuple(finding for each in placed for finding in each), held, tuple(proved))


def _placed(findings: Iterable[Finding], place: Place) -> Iterator[Finding]:
    """Say where the table stands now."""
    for each in findings:
        yield replace(each, where=(*place, *each.where[len(place) :]))


def _grounds(table: Table, ground: Ground, since: date | None) -> Grounds:
    """Return all that the proof of the table rests on: itself, what feeds it, what its facts are, who asks for it."""
    definition = ground.definition
    facts = (definition.fields, definition.facts, definition.lists, definition.territories, definition.territory_of)
    feeding = tuple(ground.tables[name] for name in _feeding(table, ground))
    stated = definition.statutory.ways, definition.statutory.applicant_kinds
    registers = definition.parameters, definition.variants, definition.scales
    return table, feeding, facts, registers, stated, _wanted(table.id, ground), since


def _feeding(table: Table, ground: Ground) -> Iterator[str]:
    """Yield the tables whose outputs anything reads: through others and formulas they may reach this one."""
    yield from (name for name in ground.read if name != table.id)


def _table_proof(table: Table, ground: Ground, dossiers: Dossiers, since: date | None, users: Users) -> TableProof:
    wanted = _wanted(table.id, ground)
    whole = dossier_space(ground, table)
    beside = list(_unwanted(wanted))
    needed = dossier_space(ground, table, beside) if beside else None
    used = UsedDossiers(dossiers, table, () if users.is_always else users.conditions, tuple(beside))
    is_needed = wanted is not None and (needed is None or _has_dossiers(needed))
    return TableProof(("tables", 0), whole, used, is_needed, needed if is_needed else None, since)


def _has_dossiers(space: DossierSpace) -> bool:
    """Tell whether there is any dossier in a space; where the budget ends there is taken to be one."""
    try:
        whole = tuple(((0, axis.size),) for axis in space.axes.values())
        return space.space.hole(whole, space.barred, Budget(STEPS)) is not None
    except BudgetSpentError:
        return True


def _first_day(ground: Ground) -> date | None:
    """Return the first day on which every table that is needed says anything: before it nothing is decided here."""
    firsts: list[date] = []
    for table in ground.tables.values():
        starts = [row.period.since for row in table.rows]
        if _wanted(table.id, ground) is not None and starts and all(starts):
            firsts.append(min(day for day in starts if day))
    return max(firsts, default=None)


def _wanted(table: str, ground: Ground) -> tuple[Condition | None, ...] | None:
    """Return under which conditions something lacks its value where no row of the table applies.

    None where nothing does: no reduction, no time on top, no refusal is what such a table says then.
    """
    definition = ground.definition
    if table in ground.read or table == definition.route or table in _of_deadline(definition):
        return (None,)
    asked = [line.when for line in _lines(definition) if _is_amount(line, table)]
    asked += [paper.shown_when for paper in definition.papers if _is_from(paper.required, table)]
    return tuple(asked) if asked else None


def _of_deadline(definition: ProcedureDefinition) -> tuple[str, ...]:
    rule = definition.deadline
    return (rule.table, rule.committed) if rule else ()


def _lines(definition: ProcedureDefinition) -> tuple[Line, ...]:
    return (*definition.charges, *definition.payouts)


def _is_amount(line: Line, table: str) -> bool:
    return _is_from(line.amount, table)


def _is_from(value: object, table: str) -> bool:
    return isinstance(value, FromTable) and value.table == table


def _unwanted(wanted: tuple[Condition | None, ...] | None) -> Iterator[Literals]:
    """Yield where nobody asks for the table: where none of the conditions holds."""
    conditions = [each for each in wanted or () if each is not None]
    if wanted and len(conditions) == len(wanted):
        yield from none_holding(conditions)
