"""By when the result must be there (thời hạn giải quyết): the law's limit, the shorter promise, and the ledger."""

from collections.abc import Iterator
from datetime import datetime, time

from rules.clock import Clock, ClockEvent, EventKind, run_clock
from rules.definition import DeadlineRule
from rules.errors import Problem
from rules.evaluation import DeadlineFinding, LimitData, NearMiss, Reason, State
from rules.explain import near_misses, no_row_reason, row_reason
from rules.missing import deadline_misses
from rules.situation import Hits, Situation
from rules.spans import Limit, LimitUnit, Start
from rules.table import Row, Table
from rules.values import Text
from rules.wording import phrase


def deadline_due(situation: Situation) -> DeadlineFinding | None:
    """Return the due moments, or None when the procedure states no limit at all."""
    rule = situation.procedure.definition.deadline
    if rule is None:
        return None
    limit = _limit(situation.hits[rule.table], rule)
    committed = _limit(situation.hits[rule.committed], rule) if rule.committed else None
    clock = _clock(limit, committed, situation)
    return DeadlineFinding(
        state=_state(rule, limit, situation),
        statutory=clock.due if clock else None,
        committed=clock.committed if clock else None,
        appointment=clock.appointment if clock else None,
        limit=_data(limit),
        committed_limit=_data(committed),
        reasons=tuple(_reasons(rule, situation)),
        near=_near(rule, situation),
        ledger=clock.ledger if clock else (),
        example=next((hits.table.example for hits in _tables(rule, situation) if hits.table.example), None),
    )


def limit_of(table: Table, row: Row, start: str) -> Limit:
    """Return the limit a row gives; `start` as in DeadlineRule."""
    amount, unit = table.output(row, "amount"), table.output(row, "unit")
    cutoff = table.output(row, "cutoff") if any(column.id == "cutoff" for column in table.outputs) else None
    assert isinstance(amount, int)
    return Limit(
        amount=amount,
        unit=LimitUnit(str(unit)),
        cutoff=time(*divmod(cutoff, 60)) if isinstance(cutoff, int) else None,
        start=Start(start) if start else None,
    )


def _limit(hits: Hits, rule: DeadlineRule) -> Limit | None:
    return limit_of(hits.table, hits.rows[0], rule.start) if hits.rows else None


def _data(limit: Limit | None) -> LimitData | None:
    if limit is None:
        return None
    cutoff = limit.cutoff.hour * 60 + limit.cutoff.minute if limit.cutoff else None
    return LimitData(limit.amount, limit.unit.value, cutoff, limit.start.value if limit.start else "", limit.words)


def _clock(limit: Limit | None, committed: Limit | None, situation: Situation) -> Clock | None:
    if limit is None:
        return None
    accepted: datetime = situation.at
    return run_clock(limit, [ClockEvent(EventKind.ACCEPTED, accepted)], situation.office, committed=committed)


def _state(rule: DeadlineRule, limit: Limit | None, situation: Situation) -> State:
    if situation.hits[rule.table].conflict:
        return State.CONFLICT
    if limit is not None:
        return State.DECIDED
    return State.MISSING if deadline_misses(situation) else State.NO_RULE


def _tables(rule: DeadlineRule, situation: Situation) -> list[Hits]:
    return [situation.hits[name] for name in (rule.table, rule.committed) if name]


def _reasons(rule: DeadlineRule, situation: Situation) -> Iterator[Reason]:
    for hits in _tables(rule, situation):
        for row in hits.rows or hits.all:
            said = limit_of(hits.table, row, rule.start).words
            promised = hits.table.id == rule.committed
            yield row_reason(
                hits.table, row, situation, phrase("cam kết {}", "committed {}", said) if promised else said
            )
        if not hits.all:
            yield no_row_reason(hits.table, situation)


def _near(rule: DeadlineRule, situation: Situation) -> tuple[NearMiss, ...]:
    table = situation.hits[rule.table].table

    def gives(table: Table, row: Row) -> Text:
        return limit_of(table, row, rule.start).words

    return near_misses([table], situation, gives, reader="deadline")


def deadline_problems(situation: Situation) -> Iterator[Problem]:
    """Yield the conflicts of the tables that give the limits."""
    rule = situation.procedure.definition.deadline
    for hits in _tables(rule, situation) if rule else ():
        problem = hits.problem()
        if problem:
            yield problem
