"""Which unknown facts could still change the fee, the papers, the deadline or the eligibility, and which could not.

Those that could only change the steps of the internal process or the routing are told, too: they stop no acceptance.

A row is *certain* when all its tests are decided and pass, *open* when none fails but some wait for an unknown fact.
An unknown fact is named when an open row waits for it and that row would change what comes out. A derived fact whose
value could still change counts as unknown here. The answer may name a fact too many where rows hang together in ways
only a proof over all values would see; it never names one too few.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from rules.cells import Anything, Cell, holds
from rules.definition import Charge, FactSpec, FromFact, FromTable, Paper
from rules.errors import Problem
from rules.evaluation import Missing
from rules.hits import number_of, rank_of
from rules.process import Relation, To, relation_of
from rules.registers import PLACE_FACT
from rules.situation import Hits, Situation
from rules.table import LISTING, Condition, HitPolicy, Row, Table
from rules.vocabulary import Facts, FactType, Source

FEE, PAPERS, DEADLINE, ELIGIBILITY = "fee", "papers", "deadline", "eligibility"
STEPS, ROUTE = "steps", "route"

STOPPING = frozenset({FEE, PAPERS, DEADLINE, ELIGIBILITY})
"""What a fact must be able to change for its lack to stop an acceptance."""

Value = Callable[[Row], object]


@dataclass(frozen=True, slots=True)
class _Open:
    """A row that may still hit, and the unknown facts it waits for."""

    row: Row
    waits_for: frozenset[str]


def missing_facts(situation: Situation) -> tuple[Missing, ...]:
    """Return the unknown facts that could still change something, in the order of the vocabulary."""
    read = {what: _answerable(names, situation) for what, names in _waited_for(situation).items()}
    vocabulary = situation.procedure.vocabulary
    found = {name: tuple(what for what, names in read.items() if name in names) for name in vocabulary}
    return tuple(Missing(name, vocabulary[name].label, changes) for name, changes in found.items() if changes)


def parameter_problems(situation: Situation) -> Iterator[Problem]:
    """Name the parameters without a value on the day that could change the outcome: nobody can answer those."""
    names = frozenset[str]().union(*_waited_for(situation).values())
    for name in sorted(names - _answerable(names, situation)):
        label = situation.procedure.vocabulary[name].label
        yield Problem(
            ("parameters", name),
            f"“{label}” không có giá trị áp dụng ngày {situation.on:%d/%m/%Y}{_here(name, situation)}.",
            "Chưa tính được phần dùng giá trị này: báo người quản trị bổ sung.",
        )


def _here(name: str, situation: Situation) -> str:
    return " tại nơi này" if situation.procedure.registers.parameters[name].is_territorial else ""


def _waited_for(situation: Situation) -> dict[str, frozenset[str]]:
    """Return, for each part of the outcome, what it waits for: facts, and parameters without a value."""
    definition = situation.procedure.definition
    return {
        FEE: frozenset[str]().union(*(_charge_waits(charge, situation) for charge in definition.charges)),
        PAPERS: frozenset[str]().union(*(_paper_misses(paper, situation) for paper in definition.papers)),
        DEADLINE: _deadline_waits(situation),
        ELIGIBILITY: _eligibility_misses(situation),
        STEPS: _step_waits(situation),
        ROUTE: _route_waits(situation),
    }


def _answerable(names: frozenset[str], situation: Situation) -> frozenset[str]:
    """Leave out the parameters: their values come from the law, not from an answer."""
    return names - situation.procedure.registers.parameters.keys()


def charge_misses(charge: Charge, situation: Situation) -> frozenset[str]:
    """Return the unknown facts that could still change what this line costs."""
    return _answerable(_charge_waits(charge, situation), situation)


def _charge_waits(charge: Charge, situation: Situation) -> frozenset[str]:
    if _settled_at(charge, None, situation):
        return frozenset()
    best, waits = (0, frozenset[str]()) if _settled_at(charge, 0, situation) else _cut_misses(charge, situation)
    waits |= _base_misses(charge, situation, free=best == 100)
    if charge.times and settled(situation).get(charge.times) is None:
        waits |= {charge.times}
    return _asked(waits, situation)


def _settled_at(charge: Charge, amount: int | None, situation: Situation) -> bool:
    """Tell whether no unknown fact can move the amount of the line, before reductions, away from this one."""
    if isinstance(charge.amount, FromFact):
        return amount is not None and settled(situation).get(charge.amount.fact) == amount
    hits, output = situation.hits[charge.amount.table], charge.amount.output
    certain, opened = _split(hits, situation)
    return not opened and {hits.table.output(row, output) for row in certain} == ({amount} - {None})


def _base_misses(charge: Charge, situation: Situation, *, free: bool) -> frozenset[str]:
    if isinstance(charge.amount, FromFact):
        name = charge.amount.fact
        return frozenset({name} if settled(situation).get(name) is None else ())
    hits, output = situation.hits[charge.amount.table], charge.amount.output

    def value(row: Row) -> object:
        amount = hits.table.output(row, output)
        return 0 if free and amount is not None else amount

    return _table_misses(hits, situation, value)


def _cut_misses(charge: Charge, situation: Situation) -> tuple[int, frozenset[str]]:
    """Return the best reduction that is certain, and the facts that a better one waits for."""
    best, waits = 0, frozenset[str]()
    split = [(cut, situation.hits[cut.table], *_split(situation.hits[cut.table], situation)) for cut in charge.cuts]
    for cut, hits, certain, opened in split:
        sure = certain if hits.table.hit in LISTING or not opened else []
        best = max([best, *(_percent(hits, row, cut) for row in sure)])
    for cut, hits, _, opened in split:
        if hits.table.hit in LISTING:
            better = [each for each in opened if _percent(hits, each.row, cut) > best]
            waits = waits.union(*(each.waits_for for each in better))
        elif best < 100:
            waits |= _table_misses(hits, situation, _percent_of(hits, cut))
    return best, waits


def _percent(hits: Hits, row: Row, cut: FromTable) -> int:
    percent = hits.table.output(row, cut.output)
    return percent if isinstance(percent, int) else 0


def _percent_of(hits: Hits, cut: FromTable) -> Value:
    return lambda row: _percent(hits, row, cut)


def deadline_misses(situation: Situation) -> frozenset[str]:
    """Return the unknown facts that could still change a due moment."""
    return _answerable(_deadline_waits(situation), situation)


def _deadline_waits(situation: Situation) -> frozenset[str]:
    rule = situation.procedure.definition.deadline
    names = rule.tables if rule else ()
    waits = [_table_misses(situation.hits[name], situation, lambda row: row.then) for name in names]
    return _asked(frozenset[str]().union(*waits), situation)


def _step_waits(situation: Situation) -> frozenset[str]:
    steps, facts = situation.procedure.definition.steps, settled(situation)
    waits = [_condition_misses(step.when, facts) for step in steps]
    units = [_unit_waits(step.relation, facts) for step in steps if step.when is None or step.when.holds(facts)]
    return _asked(frozenset[str]().union(*waits, *units), situation)


def _unit_waits(relation: Relation | None, facts: Facts) -> frozenset[str]:
    """Return the fact that names the unit a relation leads to, while it is unknown."""
    if relation is None:
        return frozenset()
    name = PLACE_FACT if relation.to is To.RECEIVING_UNIT else relation.fact
    return frozenset([name] if name and facts.get(name) is None else ())


def route_misses(situation: Situation) -> frozenset[str]:
    """Return the unknown facts that could still change where the dossier goes."""
    return _answerable(_route_waits(situation), situation)


def _route_waits(situation: Situation) -> frozenset[str]:
    name = situation.procedure.definition.route
    if not name:
        return frozenset()
    hits, facts = situation.hits[name], settled(situation)
    waits = _table_misses(hits, situation, lambda row: row.then)
    units = [_unit_waits(relation_of(hits.table, row), facts) for row in hits.rows]
    return _asked(waits.union(*units), situation)


def _eligibility_misses(situation: Situation) -> frozenset[str]:
    name = situation.procedure.definition.eligibility
    certain, opened = _split(situation.hits[name], situation) if name else ([], [])
    waits = [] if certain else [each.waits_for for each in opened]
    return _asked(frozenset[str]().union(*waits), situation)


def _paper_misses(paper: Paper, situation: Situation) -> frozenset[str]:
    waits = _condition_misses(paper.shown_when, settled(situation))
    if paper.shown_when is None or _may_hold(paper.shown_when, settled(situation)):
        if isinstance(paper.required, Condition):
            waits |= _condition_misses(paper.required, settled(situation))
        elif isinstance(paper.required, FromTable):
            hits, output = situation.hits[paper.required.table], paper.required.output
            waits |= _table_misses(hits, situation, lambda row: hits.table.output(row, output))
    return _asked(waits, situation)


def _table_misses(hits: Hits, situation: Situation, value: Value) -> frozenset[str]:
    certain, opened = _split(hits, situation)
    if not opened:
        return frozenset()
    opened = _that_matter(hits.table, certain, opened)
    sure = certain[:1] if hits.table.hit not in LISTING else []
    values = {value(row) for row in sure} or {None}
    if hits.table.hit not in ADDING and len(values | {value(each.row) for each in opened}) == 1:
        return frozenset()
    return frozenset[str]().union(*(each.waits_for for each in opened))


ADDING = frozenset({HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_COUNT})
"""Policies under which a row more gives something else, whatever its own outputs are."""


def _that_matter(table: Table, certain: list[Row], opened: list[_Open]) -> list[_Open]:
    """Return the open rows that would count if they hit beside the certain ones; `certain` begins with the best."""
    if not certain or table.hit in (LISTING | ADDING):
        return opened
    if table.hit in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return []  # beside a row that hits, another may not hit, or gives the same
    place = {row.id: place for place, row in enumerate(table.rows)}

    def standing(row: Row) -> tuple[int, ...]:
        return (*_STANDING[table.hit](table, row), place[row.id])

    certain.sort(key=standing)
    return [each for each in opened if standing(each.row) < standing(certain[0])]


_STANDING: Mapping[HitPolicy, Callable[[Table, Row], tuple[int, ...]]] = {
    HitPolicy.FIRST: lambda table, row: (),
    HitPolicy.PRIORITY: rank_of,
    HitPolicy.COLLECT_MIN: lambda table, row: (number_of(table, row),),
    HitPolicy.COLLECT_MAX: lambda table, row: (-number_of(table, row),),
}
"""How a row stands against others that hit: the lowest is taken, the earliest among equals."""


def _split(hits: Hits, situation: Situation) -> tuple[list[Row], list[_Open]]:
    """Return the certain rows and the open ones, both in order."""
    facts = settled(situation)
    unknown = frozenset(name for name in hits.table.inputs if facts.get(name) is None)
    if not unknown:
        return list(hits.all), []
    certain: list[Row] = []
    opened: list[_Open] = []
    for place in hits.outcome.left(unknown):
        row = hits.table.rows[place]
        cells = zip(hits.table.inputs, row.when, strict=True)
        waits = frozenset(name for name, cell in cells if name in unknown and not isinstance(cell.test, Anything))
        if waits:
            opened.append(_Open(row, waits))
        else:
            certain.append(row)
    return certain, opened


def _waits(cells: Iterable[tuple[str, Cell]], facts: Facts) -> frozenset[str] | None:
    """Return the unknown facts that these cells, all of which must hold, wait for; None when one fails already."""
    waits: set[str] = set()
    for name, cell in cells:
        if isinstance(cell.test, Anything):
            continue
        value = facts.get(name)
        if value is None:
            waits.add(name)
        elif not holds(cell.test, value):
            return None
    return frozenset(waits)


def _condition_misses(condition: Condition | None, facts: Facts) -> frozenset[str]:
    waits = [_waits(group.items(), facts) for group in condition.any_of] if condition else []
    if any(each is not None and not each for each in waits):
        return frozenset()
    return frozenset[str]().union(*(each for each in waits if each))


def _may_hold(condition: Condition, facts: Facts) -> bool:
    return any(_waits(group.items(), facts) is not None for group in condition.any_of)


def _asked(names: frozenset[str], situation: Situation) -> frozenset[str]:
    """Return the facts that are wanting: made ones become what they are made from, parameters stay themselves."""
    return frozenset(_leaves(names, situation))


def _leaves(names: Iterable[str], situation: Situation) -> Iterator[str]:
    made_from = situation.procedure.made_from
    parameters = situation.procedure.registers.parameters
    conditions = {field.id: field.shown_when for field in situation.procedure.definition.fields}
    moving = _moving(situation)
    waiting, seen = sorted(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or not _unknown(name, situation):
            continue
        seen.add(name)
        fact, condition = situation.procedure.vocabulary[name], conditions.get(name)
        if fact.source is Source.TABLE:
            waiting.extend(moving.get(name, ()))
        elif name in made_from and (name not in parameters or _any_unknown(made_from[name], situation)):
            waiting.extend(made_from[name])
        elif fact.of:
            yield fact.of
        elif condition is None or _may_hold(condition, settled(situation)):
            yield name
            waiting.extend(condition.facts if condition else ())


def _any_unknown(names: Iterable[str], situation: Situation) -> bool:
    return any(_unknown(name, situation) for name in names)


def _unknown(name: str, situation: Situation) -> bool:
    """Tell whether the fact is unknown or could still change, or is a group with a gap in one of its rows."""
    fact, value = situation.procedure.vocabulary[name], settled(situation).get(name)
    if fact.type is not FactType.GROUP or value is None:
        return value is None
    rows: list[Mapping[str, Any]] = value
    read = {each for spec in situation.procedure.computed if spec.formula for each in spec.formula.members}
    needed = [each.id for each in fact.members if each.type is not FactType.TEXT or f"{name}.{each.id}" in read]
    return any(row.get(member) is None for row in rows for member in needed)


def settled(situation: Situation) -> Facts:
    """Return the facts that no unknown one can change any more: derived ones that still could are left out."""
    moving = _moving(situation)
    if not moving:
        return situation.facts
    return {name: value for name, value in situation.facts.items() if name not in moving}


def _moving(situation: Situation) -> Mapping[str, frozenset[str]]:
    """Return the derived facts that could still change or become known, with the facts each waits for."""
    if "moving" not in situation.memo:
        moving: dict[str, frozenset[str]] = {}
        situation.memo["moving"] = moving  # read by `settled` while it grows, in the order of what reads what
        for step in situation.procedure.steps:
            if isinstance(step, FactSpec):
                waits = _formula_waits(step, moving, situation)
            else:
                waits = _outputs_wait(step.table, situation)
            moving.update({name: each for name, each in waits.items() if each})
    return situation.memo["moving"]


def _formula_waits(
    spec: FactSpec, moving: Mapping[str, frozenset[str]], situation: Situation
) -> Mapping[str, frozenset[str]]:
    """Return what a formula waits for: moving facts, and unknown ones whose being unknown it sees (`known`)."""
    if spec.formula is None:
        return {}
    seen = [name for name in spec.formula.peeks if _answerable(_asked(frozenset({name}), situation), situation)]
    return {spec.id: frozenset(seen) | frozenset(name for name in spec.formula.facts if name in moving)}


def _outputs_wait(table: Table, situation: Situation) -> Mapping[str, frozenset[str]]:
    hits = situation.hits[table.id]
    return {
        f"{table.id}.{output}": _table_misses(hits, situation, partial(table.output, output=output))
        for output in situation.procedure.feeds.get(table.id, ())
    }
