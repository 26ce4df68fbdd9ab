"""By when the result must be there (thời hạn giải quyết): the law's limit, the shorter promise, and the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from rules.clock.calendar import moment_words
from rules.clock.limit_data import LimitData, StopData
from rules.clock.reception import ReceptionRule
from rules.clock.running import Clock, ClockEvent, EventKind, run_clock
from rules.clock.spans import Limit
from rules.definition.procedure import DeadlineRule
from rules.definition.process import Combine, Stop
from rules.errors import Problem, Severity
from rules.evaluation.examples import example_read
from rules.evaluation.explain import citation, facts_used, near_misses, no_row_reason, row_reason
from rules.evaluation.findings import DeadlineFinding, NearMiss, Reason, ReceptionFinding, State
from rules.evaluation.kinds.limits import committed_limit, limit_of, limit_of_rows, statutory_limit
from rules.evaluation.kinds.told import with_facts
from rules.evaluation.missing import deadline_misses
from rules.evaluation.situation import Hits, Situation
from rules.table.decision import Row, Table
from rules.values import Text
from rules.wording import headed, phrase


def deadline_due(situation: Situation) -> DeadlineFinding | None:
    """Return the due moments, or None when the procedure states no limit at all."""
    rule = situation.procedure.definition.deadline
    if rule is None:
        return None
    if "deadline" not in situation.memo:
        situation.memo["deadline"] = _due(rule, situation)
    return situation.memo["deadline"]


def _due(rule: DeadlineRule, situation: Situation) -> DeadlineFinding:
    limit, committed = statutory_limit(rule, situation), committed_limit(rule, situation)
    clock = _clock(limit, committed, rule, situation)
    return DeadlineFinding(
        state=_state(rule, limit, situation),
        statutory=clock.due if clock else None,
        committed=clock.committed if clock else None,
        appointment=clock.appointment if clock else None,
        limit=LimitData.of(limit) if limit else None,
        committed_limit=LimitData.of(committed) if committed else None,
        reasons=tuple(_reasons(rule, situation)),
        near=_near(rule, situation),
        ledger=clock.ledger if clock else (),
        example=example_read(situation, rule.tables, ()),
        stops=tuple(StopData.of(stop.rule, citation(stop.basis, situation)) for stop in _stops(rule, situation)),
        reception=_reception(rule.reception, situation) if rule.reception else None,
    )


def _reception(rule: ReceptionRule, situation: Situation) -> ReceptionFinding:
    limit, duty = (LimitData.of(each) if each else None for each in (rule.limit, rule.receive_within))
    return ReceptionFinding(rule.most, limit, rule.at_limit, duty, citation(rule.basis, situation))


def _clock(limit: Limit | None, committed: Limit | None, rule: DeadlineRule, situation: Situation) -> Clock | None:
    if limit is None:
        return None
    accepted: datetime = situation.at
    stops = [replace(stop.rule, basis=citation(stop.basis, situation)) for stop in _stops(rule, situation)]
    events = [ClockEvent(EventKind.ACCEPTED, accepted)]
    return run_clock(limit, events, situation.office, committed=committed, stops=stops)


def _stops(rule: DeadlineRule, situation: Situation) -> list[Stop]:
    """Return the waits that this dossier may have."""
    return [stop for stop in rule.stops if stop.when is None or stop.when.holds(situation.facts)]


def _state(rule: DeadlineRule, limit: Limit | None, situation: Situation) -> State:
    if any(situation.hits[name].conflict for name in (rule.table, *rule.added)):
        return State.CONFLICT
    if limit is not None:
        return State.DECIDED
    return State.MISSING if deadline_misses(situation) else State.NO_RULE


def _tables(rule: DeadlineRule, situation: Situation) -> list[Hits]:
    return [situation.hits[name] for name in rule.tables]


def _reasons(rule: DeadlineRule, situation: Situation) -> Iterator[Reason]:
    for name in rule.tables:
        hits = situation.hits[name]
        for row in hits.rows or hits.all:
            yield row_reason(hits.table, row, situation, _said(hits.table, row, rule))
        if not hits.all and name in (rule.table, rule.committed):
            yield no_row_reason(hits.table, situation)
        if rule.combine and len(hits.rows) > 1 and name in (rule.table, rule.committed):
            yield _combination(rule, hits, situation)
    yield from (_stop_reason(stop, situation) for stop in _stops(rule, situation) if stop.when)


def _stop_reason(stop: Stop, situation: Situation) -> Reason:
    """Say why this dossier may have a wait that others have not."""
    used = facts_used(stop.when.facts if stop.when else (), situation)
    said = phrase("Được dừng tính thời hạn: {}", "The clock may stop: {}", stop.rule.label)
    return Reason(stop.rule.id, with_facts(said, used), used, citation(stop.basis, situation))


def _said(table: Table, row: Row, rule: DeadlineRule) -> Text:
    said = limit_of(table, row, rule).words
    if table.id in (rule.table, rule.committed):
        return phrase("cam kết {}", "committed {}", said) if table.id == rule.committed else said
    if table.id in rule.added:
        return phrase("thêm {}", "{} on top", said)
    return phrase("cam kết thêm {}", "committed, {} on top", said)


def _combination(rule: DeadlineRule, hits: Hits, situation: Situation) -> Reason:
    """Say what several rows that apply at once come to."""
    limit = limit_of_rows(hits.table.id, rule, situation)
    if rule.combine is Combine.SUM:
        patterns = "Cộng các thời hạn trên ({} dòng áp dụng)", "The limits above are added up ({} rows apply)"
    else:
        patterns = "Lấy thời hạn dài nhất trong {} dòng áp dụng", "The longest of the {} limits that apply counts"
    said = phrase(*patterns, str(len(hits.rows)))
    return Reason(hits.table.id, headed(said, limit.words) if limit else said)


def _near(rule: DeadlineRule, situation: Situation) -> tuple[NearMiss, ...]:
    tables = [situation.hits[name].table for name in dict.fromkeys((rule.table, *rule.added))]

    def gives(table: Table, row: Row) -> Text:
        return _said(table, row, replace(rule, committed=""))

    return near_misses(tables, situation, gives, reader="deadline")


def deadline_problems(situation: Situation) -> Iterator[Problem]:
    """Yield the conflicts of the tables that give the limits, and a promise that is longer than the law allows."""
    rule = situation.procedure.definition.deadline
    for hits in _tables(rule, situation) if rule else ():
        problem = hits.problem()
        if problem:
            yield problem
    yield from _promised_late(situation)


def _promised_late(situation: Situation) -> Iterator[Problem]:
    """Warn where the promise ends after the limit by law: the appointment is then the one by law."""
    found = deadline_due(situation)
    if found is None or found.committed is None or found.statutory is None or found.committed <= found.statutory:
        return
    promised, by_law = (moment_words(each).vi for each in (found.committed, found.statutory))
    yield Problem(
        ("deadline", "committed"),
        f"Hạn cam kết {promised} muộn hơn hạn theo quy định {by_law}.",
        "Hẹn trả theo hạn quy định; báo người quản trị xem lại bảng thời hạn cam kết.",
        Severity.WARNING,
    )
