"""Which unknown facts could still change fee, payouts, papers, deadline or eligibility, and which could not.

Those that could only change the steps of the internal process, the routing, what may stop the clock later, what the
examination finds or which results are issued are told, too: they stop no acceptance.

A row is *certain* when all its tests are decided and pass, *open* when none fails but some wait for an unknown fact.
An unknown fact is named when an open row waits for it and that row would change what comes out. A derived fact whose
value could still change counts as unknown here: it waits for what its formula still reads, or for the cases of the
procedure that a cell asks about. The answer may name a fact too many where rows hang together in ways only a proof over
all values would see (docs/reference/definition.md, "What comes out"); it never names one too few.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from rules.definition.money import Bound, Charge, Cut, Line, amounts_read, cuts_of, stacking_of, tables_read
from rules.definition.procedure import FactSpec, FromTable, Paper
from rules.definition.process import Relation, To, relation_of
from rules.definition.registers import PLACE_FACT
from rules.definition.variants import VARIANT, Variants
from rules.errors import Problem, Severity
from rules.evaluation.findings import Missing
from rules.evaluation.situation import Hits, Situation
from rules.formula.waiting import NOBODY, waits_for
from rules.reductions import WHOLE, Reduction, reduction_of
from rules.table.cells import Anything, Cell, Has, HasHow, Test, holds
from rules.table.decision import LISTING, Condition, HitPolicy, Row, Table
from rules.table.hits import number_of, rank_of
from rules.vocabulary import CHANNELS, Facts, FactType, Source

FEE, PAYOUT, PAPERS, DEADLINE, ELIGIBILITY = "fee", "payout", "papers", "deadline", "eligibility"
STEPS, ROUTE, STOPS, EXAMINATION, RESULTS = "steps", "route", "stops", "examination", "results"

STOPPING = frozenset({FEE, PAYOUT, PAPERS, DEADLINE, ELIGIBILITY})
"""What a fact must be able to change for its lack to stop an acceptance."""

Value = Callable[[Row], object]


@dataclass(frozen=True, slots=True)
class _Open:
    """A row that may still hit, and the unknown facts it waits for."""

    row: Row
    waits_for: frozenset[str]


OPEN_CASES = "variant?"
"""Under this name, which no fact can have, settled facts hold what is known of the cases while some are open."""


@dataclass(frozen=True, slots=True)
class OpenCases:
    """The cases of the procedure that surely apply, and for those that may come to apply what they wait for."""

    sure: frozenset[str]
    opened: Mapping[str, frozenset[str]]

    def waits_for(self, test: Test) -> frozenset[str] | None:
        """Return what a test of the cases waits for, None when it fails whatever is still unknown."""
        if not isinstance(test, Has):
            return NOBODY if holds(test, sorted(self.sure)) else None  # that there are cases is always known
        open_ones = [code for code in test.codes if code in self.opened]
        waits = NOBODY.union(*[self.opened[code] for code in open_ones])
        sure = [code in self.sure for code in test.codes]
        if test.how is HasHow.ANY:
            return NOBODY if any(sure) else waits or None
        if test.how is HasHow.NONE:
            return None if any(sure) else waits
        return waits if len(open_ones) + sum(sure) == len(test.codes) else None


def missing_facts(situation: Situation) -> tuple[Missing, ...]:
    """Return the unknown facts that could still change something, in the order of the vocabulary."""
    read = {what: _answerable(names, situation) for what, names in _waited_for(situation).items() if names}
    if not read:
        return ()
    vocabulary = situation.procedure.vocabulary
    found = {name: tuple(what for what, names in read.items() if name in names) for name in vocabulary}
    return tuple(Missing(name, vocabulary[name].label, changes) for name, changes in found.items() if changes)


def parameter_problems(situation: Situation) -> Iterator[Problem]:
    """Name the parameters without a value on their day that could change the outcome: nobody can answer those.

    Money alone that lacks one stops no acceptance: it has no amount, as where no row of a table applies.
    """
    registers, waited = situation.procedure.registers, _waited_for(situation)
    names = NOBODY.union(*waited.values())
    if not names:
        return
    binding = NOBODY.union(*(found for what, found in waited.items() if what not in (FEE, PAYOUT)))
    for name in sorted(names - _answerable(names, situation)):
        label, day = situation.procedure.vocabulary[name].label, registers.day_of(name, situation.facts, situation.on)
        yield Problem(
            ("facts" if name in registers.looked_up else "parameters", name),
            f"“{label}” không có giá trị áp dụng ngày {day:%d/%m/%Y}{_here(name, situation)}.",
            "Chưa tính được phần dùng giá trị này: báo người quản trị bổ sung.",
            Severity.ERROR if name in binding else Severity.WARNING,
        )


def _here(name: str, situation: Situation) -> str:
    registers = situation.procedure.registers
    spec = registers.looked_up.get(name)
    return " tại nơi này" if registers.parameters[spec.parameter if spec else name].is_territorial else ""


def _waited_for(situation: Situation) -> dict[str, frozenset[str]]:
    """Return, for each part of the outcome, what it waits for: facts, and parameters without a value."""
    if "waited for" not in situation.own:
        situation.own["waited for"] = _parts_wait(situation)
    return situation.own["waited for"]


def _parts_wait(situation: Situation) -> dict[str, frozenset[str]]:
    definition = situation.procedure.definition
    return {
        FEE: NOBODY.union(*(_line_waits(charge, situation) for charge in definition.charges)),
        PAYOUT: NOBODY.union(*(_line_waits(payout, situation) for payout in definition.payouts)),
        PAPERS: NOBODY.union(*(_paper_misses(paper, situation) for paper in definition.papers)),
        DEADLINE: _deadline_waits(situation),
        ELIGIBILITY: _eligibility_misses(situation),
        STEPS: _step_waits(situation),
        ROUTE: _route_waits(situation),
        STOPS: _stop_waits(situation),
        EXAMINATION: _examination_waits(situation),
        RESULTS: _result_waits(situation),
    }


def _answerable(names: frozenset[str], situation: Situation) -> frozenset[str]:
    """Leave out the parameters: their values come from the law, not from an answer."""
    return names - situation.procedure.registers.lawful


def line_misses(line: Line, situation: Situation) -> frozenset[str]:
    """Return the unknown facts that could still change what this line of money comes to."""
    return _answerable(_line_waits(line, situation), situation)


def own_misses(line: Line, situation: Situation) -> frozenset[str]:
    """Return the unknown facts that could still change what the line comes to here: for one row, if it is over rows."""
    return _answerable(_own_waits(line, situation), situation)


def may_apply(line: Line, situation: Situation) -> bool:
    """Tell whether the condition of a line holds or may still come to hold."""
    return line.when is None or _may_hold(line.when, settled(situation))


def _line_waits(line: Line, situation: Situation) -> frozenset[str]:
    """Return what a line waits for; one over a group waits for the group, then for what each of its rows waits for."""
    if not may_apply(line, situation):
        return frozenset()
    if not line.for_each:
        return _own_waits(line, situation)
    if settled(situation).get(line.for_each) is None:
        return _asked(_condition_misses(line.when, settled(situation)) | {line.for_each}, situation)
    return NOBODY.union(*(_own_waits(line, row) for row in situation.rows(line.for_each)))


def _own_waits(line: Line, situation: Situation) -> frozenset[str]:
    if not may_apply(line, situation):
        return frozenset()
    owed = _condition_misses(line.owed_when, settled(situation)) if isinstance(line, Charge) else NOBODY
    return _asked(_condition_misses(line.when, settled(situation)) | owed | _amount_waits(line, situation), situation)


def _amount_waits(line: Line, situation: Situation) -> frozenset[str]:
    if not _is_open(line, situation) or _settled_at(line, None, situation):
        return frozenset()
    is_free, waits = False, NOBODY
    if line.floor is not None or not _settled_at(line, 0, situation):
        is_free, waits = _cut_misses(line, situation)
    return waits | _base_misses(line, situation, free=is_free) | _limit_misses(line, situation)


def _is_open(line: Line, situation: Situation) -> bool:
    """Tell whether anything that the amount is worked out from is unknown or could still change."""
    for name in tables_read(line):  # asked for every line of every dossier
        if _split(situation.hits[name], situation)[1]:
            return True
    return bool(_named_misses(amounts_read(line), situation))


def _limit_misses(line: Line, situation: Situation) -> frozenset[str]:
    """Return what the number of times, floor and cap wait for."""
    return _named_misses((line.times, line.floor, line.cap), situation)


def _named_misses(names: Iterable[Bound | None], situation: Situation) -> frozenset[str]:
    """Return what these named facts wait for: themselves, or a row that the table of one row's facts may still hit."""
    vocabulary = situation.procedure.vocabulary
    waits = NOBODY
    for name in names:
        if not isinstance(name, str) or not name:
            continue
        if vocabulary[name].source is Source.TABLE and vocabulary[name].of:
            table, _, output = name.partition(".")
            hits = situation.hits[table]
            waits |= _table_misses(hits, situation, partial(hits.table.output, output=output))
        elif settled(situation).get(name) is None:
            waits |= {name}
    return waits


def _settled_at(line: Line, amount: int | None, situation: Situation) -> bool:
    """Tell whether no unknown fact can move the amount of the line, before reductions, away from this one."""
    if not isinstance(line.amount, FromTable):
        return amount is not None and settled(situation).get(line.amount.fact) == amount
    hits, output = situation.hits[line.amount.table], line.amount.output
    certain, opened = _split(hits, situation)
    return not opened and {hits.table.output(row, output) for row in certain} == ({amount} - {None})


def _base_misses(line: Line, situation: Situation, *, free: bool) -> frozenset[str]:
    if not isinstance(line.amount, FromTable):
        return _named_misses([line.amount.fact], situation)
    hits, output = situation.hits[line.amount.table], line.amount.output

    def value(row: Row) -> object:
        amount = hits.table.output(row, output)
        return 0 if free and amount is not None else amount

    return _table_misses(hits, situation, value)


def _cut_misses(line: Line, situation: Situation) -> tuple[bool, frozenset[str]]:
    """Tell whether the line is certainly free of charge, and return the facts that a better reduction waits for."""
    best, waits = 0, NOBODY
    stacking = stacking_of(line)
    split = [(cut, situation.hits[cut.table], *_split(situation.hits[cut.table], situation)) for cut in cuts_of(line)]
    limits = [cut.most for cut, _, certain, opened in split if certain or opened]
    for cut, hits, certain, opened in split:
        sure = certain if hits.table.hit in LISTING or not opened else ()
        best = max([best, *(_sure_percent(hits, row, cut) for row in sure)]) if stacking is None else 0
    for cut, hits, _, opened in split:
        if hits.table.hit in LISTING:
            better = [each for each in opened if _may_beat(hits, each.row, cut, best)]
            waits = waits.union(*(each.waits_for for each in better))
        elif best < WHOLE:
            waits |= _table_misses(hits, situation, partial(_worth, hits, cut=cut))
    waits |= _named_misses((*limits, stacking.amount if stacking and limits else None), situation)
    return best == WHOLE, waits


def _worth(hits: Hits, row: Row, cut: Cut) -> Reduction:
    """Return what a row takes off, its limit aside."""
    return reduction_of(hits.table, row, cut.output) or Reduction()


def _sure_percent(hits: Hits, row: Row, cut: Cut) -> int:
    """Return the percentage a row surely takes off; 0 for money off, and where a limit may cut it short."""
    return _worth(hits, row, cut).percent if cut.most is None else 0


def _may_beat(hits: Hits, row: Row, cut: Cut, best: int) -> bool:
    """Tell whether a row could take off more than the best percentage that is sure."""
    found = _worth(hits, row, cut)
    return found.percent > best or (found.off > 0 and best < WHOLE)


def deadline_misses(situation: Situation) -> frozenset[str]:
    """Return the unknown facts that could still change a due moment."""
    return _answerable(_deadline_waits(situation), situation)


def _deadline_waits(situation: Situation) -> frozenset[str]:
    rule = situation.procedure.definition.deadline
    names = rule.tables if rule else ()
    waits = [_table_misses(situation.hits[name], situation, lambda row: row.then) for name in names]
    return _asked(NOBODY.union(*waits), situation)


def _stop_waits(situation: Situation) -> frozenset[str]:
    rule, facts = situation.procedure.definition.deadline, settled(situation)
    waits = [_condition_misses(stop.when, facts) for stop in (rule.stops if rule else ())]
    return _asked(NOBODY.union(*waits), situation)


def _step_waits(situation: Situation) -> frozenset[str]:
    steps, facts = situation.procedure.definition.steps, settled(situation)
    linked = situation.procedure.definition.linked
    waits = [_condition_misses(each.when, facts) for each in (*steps, *(linked.children if linked else ()))]
    units = [_unit_waits(step.relation, facts) for step in steps if step.when is None or step.when.holds(facts)]
    return _asked(NOBODY.union(*waits, *units), situation)


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


def examination_misses(situation: Situation) -> frozenset[str]:
    """Return the unknown facts that could still turn the request down after its examination."""
    return _answerable(_examination_waits(situation), situation)


def _examination_waits(situation: Situation) -> frozenset[str]:
    stated = situation.procedure.definition.examination
    return _refusal_waits(stated.table, situation) if stated else frozenset()


def _result_waits(situation: Situation) -> frozenset[str]:
    facts, waits = settled(situation), NOBODY
    for each in situation.procedure.definition.results:
        waits |= _condition_misses(each.when, facts)
        issued = each.when is None or _may_hold(each.when, facts)
        until = each.valid.until if each.valid and issued else ""
        waits |= frozenset([until] if until and facts.get(until) is None else ())
    return _asked(waits, situation)


def _eligibility_misses(situation: Situation) -> frozenset[str]:
    return _refusal_waits(situation.procedure.definition.eligibility, situation)


def _refusal_waits(name: str, situation: Situation) -> frozenset[str]:
    certain, opened = _split(situation.hits[name], situation) if name else ((), ())
    waits = [] if certain else [each.waits_for for each in opened]
    return _asked(NOBODY.union(*waits), situation)


def _paper_misses(paper: Paper, situation: Situation) -> frozenset[str]:
    """Return what a paper waits for; a mere note stops nobody."""
    if paper.note:
        return frozenset()
    waits = _condition_misses(paper.shown_when, settled(situation))
    if paper.shown_when is None or _may_hold(paper.shown_when, settled(situation)):
        waits |= _way_misses(paper, situation)
        if paper.for_each:
            waits |= frozenset({paper.for_each} if situation.facts.get(paper.for_each) is None else ())
            waits = waits.union(*(_need_misses(paper, row) for row in situation.rows(paper.for_each)))
        else:
            waits |= _need_misses(paper, situation)
    return _asked(waits, situation)


def _way_misses(paper: Paper, situation: Situation) -> frozenset[str]:
    """Return the way of filing where the forms in which the paper is good hang on it."""
    unknown = paper.accepted and situation.facts.get("channel") is None
    if not unknown:
        return NOBODY
    alike = len({each.forms for each in paper.accepted}) == 1 and len(paper.accepted) == len(CHANNELS)
    return NOBODY if alike else frozenset({"channel"})


def _need_misses(paper: Paper, situation: Situation) -> frozenset[str]:
    """Return what the need of a paper waits for, in the whole dossier or in one row of a group."""
    facts, moving = _settled_in_row(situation)
    waits = _condition_misses(paper.each_when, facts)
    asked = paper.each_when is None or _may_hold(paper.each_when, facts)
    if asked and not _stood_in_for(paper, situation, facts):
        waits |= _required_misses(paper, situation, facts)
    return frozenset(wanted for name in waits for wanted in moving.get(name, {name})) if moving else waits


def _stood_in_for(paper: Paper, situation: Situation, facts: Facts) -> bool:
    """Tell whether a data source stands in for the paper, or for another one that is enough, whatever is unknown."""
    papers = situation.procedure.definition.papers if paper.one_of else ()
    beside = [each for each in papers if each.one_of == paper.one_of]
    return any(
        each.waived_when is not None
        and all(_surely_holds(when, facts) for when in (each.shown_when, each.each_when, each.waived_when))
        for each in (paper, *beside)
    )


def _required_misses(paper: Paper, situation: Situation, facts: Facts) -> frozenset[str]:
    needs, waits = _needs(paper, situation, facts)
    if needs == {"waived"}:
        return waits
    waits |= _condition_misses(paper.waived_when, facts)
    # A paper that may stay away is told to be invalid, but nobody is asked whether it is.
    if paper.valid and not paper.one_of and "required" in needs:
        lasting = paper.valid.lasting
        waits |= _condition_misses(paper.valid.when, facts)
        waits |= frozenset([lasting.fact] if lasting and facts.get(lasting.fact) is None else ())
    return waits


def _needs(paper: Paper, situation: Situation, facts: Facts) -> tuple[set[object], frozenset[str]]:
    """Return what the paper's own rule may still say, and the facts that decide it."""
    if isinstance(paper.required, Condition):
        waits = _condition_misses(paper.required, facts)
        return {"required"} if _may_hold(paper.required, facts) else set(), waits
    if isinstance(paper.required, FromTable):
        hits, output = situation.hits[paper.required.table], paper.required.output
        certain, opened = _split(hits, situation)
        rows = [*certain, *(each.row for each in opened)]
        waits = _table_misses(hits, situation, lambda row: hits.table.output(row, output))
        return {hits.table.output(row, output) for row in rows}, waits
    return {"required"} if paper.required and not paper.made_by_office else set(), frozenset()


def _surely_holds(condition: Condition | None, facts: Facts) -> bool:
    return condition is None or (condition.holds(facts) and not _condition_misses(condition, facts))


def may_hold(condition: Condition, situation: Situation) -> bool:
    """Tell whether the condition holds, or could once the facts that are unknown in this row or dossier are known."""
    return _may_hold(condition, _settled_in_row(situation)[0])


def _settled_in_row(situation: Situation) -> tuple[Facts, Mapping[str, frozenset[str]]]:
    """Return the settled facts of one row, and for the outputs of tables over its group that may move their waits."""
    facts, moving = settled(situation), dict[str, frozenset[str]]()
    for each in situation.procedure.tables.values():
        if each.table.over and each.table.id in situation.hits:
            moving.update({name: waits for name, waits in _outputs_wait(each.table, situation).items() if waits})
    return ({name: value for name, value in facts.items() if name not in moving} if moving else facts), moving


def _table_misses(hits: Hits, situation: Situation, value: Value) -> frozenset[str]:
    certain, opened = _split(hits, situation)
    if not opened:
        return frozenset()
    sure, opened = _that_matter(hits.table, certain, opened)
    values = {value(row) for row in sure} or {None}
    if hits.table.hit not in ADDING and len(values | {value(each.row) for each in opened}) == 1:
        return frozenset()
    return NOBODY.union(*(each.waits_for for each in opened))


ADDING = frozenset({HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_COUNT})
"""Policies under which a row more gives something else, whatever its own outputs are."""


def _that_matter(
    table: Table, certain: Sequence[Row], opened: Sequence[_Open]
) -> tuple[Sequence[Row], Sequence[_Open]]:
    """Return the certain row that counts where only one does, and the open rows that would count beside it."""
    if not certain or table.hit in (LISTING | ADDING):
        return (), opened
    if table.hit in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return certain[:1], ()  # beside a row that hits, another may not hit, or gives the same
    place = {row.id: place for place, row in enumerate(table.rows)}

    def standing(row: Row) -> tuple[int, ...]:
        return (*_STANDING[table.hit](table, row), place[row.id])

    best = min(certain, key=standing)
    return [best], [each for each in opened if standing(each.row) < standing(best)]


_STANDING: Mapping[HitPolicy, Callable[[Table, Row], tuple[int, ...]]] = {
    HitPolicy.FIRST: lambda table, row: (),
    HitPolicy.PRIORITY: rank_of,
    HitPolicy.COLLECT_MIN: lambda table, row: (number_of(table, row),),
    HitPolicy.COLLECT_MAX: lambda table, row: (-number_of(table, row),),
}
"""How a row stands against others that hit: the lowest is taken, the earliest among equals."""


def _split(hits: Hits, situation: Situation) -> tuple[Sequence[Row], Sequence[_Open]]:
    """Return the certain rows and the open ones of a table of this situation, both in order."""
    known = situation.own.get(("split", hits.table.id))
    if known is None:
        known = situation.own["split", hits.table.id] = _worked_split(hits, settled(situation))
    return known


def _worked_split(hits: Hits, facts: Facts) -> tuple[Sequence[Row], Sequence[_Open]]:
    unknown = frozenset([name for name in hits.table.inputs if facts.get(name) is None])
    if not unknown:
        return hits.all, ()
    certain: list[Row] = []
    opened: list[_Open] = []
    for place in hits.outcome.left(unknown):
        row = hits.table.rows[place]
        cells = zip(hits.table.inputs, row.when, strict=True)
        waits = _waits([(name, cell) for name, cell in cells if name in unknown], facts)
        if waits:
            opened.append(_Open(row, waits))
        elif waits is not None:
            certain.append(row)
    return certain, opened


def _waits(cells: Iterable[tuple[str, Cell]], facts: Facts) -> frozenset[str] | None:
    """Return the unknown facts that these cells, all of which must hold, wait for; None when one fails already."""
    waits: set[str] = set()
    for name, cell in cells:
        if isinstance(cell.test, Anything):
            continue
        value = facts.get(name)
        found = _open_waits(name, cell.test, facts) if value is None else NOBODY if holds(cell.test, value) else None
        if found is None:
            return None
        waits |= found
    return frozenset(waits)


def _open_waits(name: str, test: Test, facts: Facts) -> frozenset[str] | None:
    """Return what a test of an unknown fact waits for; of the cases of the procedure some may be known already."""
    cases: OpenCases | None = facts.get(OPEN_CASES) if name == VARIANT else None
    return frozenset({name}) if cases is None else cases.waits_for(test)


def _condition_misses(condition: Condition | None, facts: Facts) -> frozenset[str]:
    if condition is None:
        return NOBODY
    waits = [_waits(group.items(), facts) for group in condition.any_of]
    if any(each is not None and not each for each in waits):
        return frozenset()
    return NOBODY.union(*(each for each in waits if each))


def _may_hold(condition: Condition, facts: Facts) -> bool:
    return any(_waits(group.items(), facts) is not None for group in condition.any_of)


def _asked(names: frozenset[str], situation: Situation) -> frozenset[str]:
    """Return the facts that are wanting: made ones become what they are made from, parameters stay themselves."""
    return frozenset(_leaves(names, situation)) if names else names


def _leaves(names: Iterable[str], situation: Situation) -> Iterator[str]:
    made_from = situation.procedure.made_from
    lawful = situation.procedure.registers.lawful
    conditions = {field.id: field.shown_when for field in situation.procedure.definition.fields}
    moving = _moving(situation)
    waiting, seen = sorted(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or not _unknown(name, situation):
            continue
        seen.add(name)
        fact, condition = situation.procedure.vocabulary[name], conditions.get(name)
        if fact.source in (Source.TABLE, Source.COMPUTED) or name == VARIANT:
            waiting.extend(moving.get(name, ()))
        elif name in made_from and (name not in lawful or _any_unknown(made_from[name], situation)):
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
    key = "settled", len(moving)  # it only grows
    if key not in situation.own:
        known = {name: value for name, value in situation.facts.items() if name not in moving}
        situation.own[key] = {**known, OPEN_CASES: situation.memo[OPEN_CASES]} if VARIANT in moving else known
    return situation.own[key]


def _moving(situation: Situation) -> Mapping[str, frozenset[str]]:
    """Return the derived facts that could still change or become known, with the facts each waits for."""
    if "moving" not in situation.memo:
        moving: dict[str, frozenset[str]] = {}
        situation.memo["moving"] = moving  # read by `settled` while it grows, in the order of what reads what
        for step in situation.procedure.steps:
            if isinstance(step, FactSpec):
                waits = _formula_waits(step, situation)
            elif isinstance(step, Variants):
                waits = _cases_wait(step, situation)
            elif step.table.id in situation.procedure.feeds:
                waits = _outputs_wait(step.table, situation)
            else:
                continue
            moving.update({name: each for name, each in waits.items() if each})
    return situation.memo["moving"]


def _formula_waits(spec: FactSpec, situation: Situation) -> Mapping[str, frozenset[str]]:
    """Return what a formula waits for; a value that nobody's answer could change does not move."""
    if spec.formula is None:
        moving = situation.memo["moving"]
        return {spec.id: frozenset(name for name in spec.reads if name in moving)}
    waits = waits_for(spec.formula.tree, settled(situation), situation.office.calendar)
    is_known = situation.facts.get(spec.id) is not None
    return {} if is_known and not _answerable(_asked(waits, situation), situation) else {spec.id: waits}


def _cases_wait(cases: Variants, situation: Situation) -> Mapping[str, frozenset[str]]:
    facts = settled(situation)
    waits = {each.id: _condition_misses(each.when, facts) for each in cases.all}
    sure = frozenset(each.id for each in cases.all if not waits[each.id] and each.when.holds(facts))
    situation.memo[OPEN_CASES] = OpenCases(sure, {code: each for code, each in waits.items() if each})
    return {VARIANT: NOBODY.union(*waits.values())}


def _outputs_wait(table: Table, situation: Situation) -> Mapping[str, frozenset[str]]:
    hits = situation.hits[table.id]
    return {
        f"{table.id}.{output}": _table_misses(hits, situation, partial(table.output, output=output))
        for output in situation.procedure.feeds.get(table.id, ())
    }
