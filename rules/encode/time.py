"""The deadline, queries and events of a definition as plain data: what `rules.decode.time` reads back."""

from datetime import datetime
from typing import Any

from rules.clock.calendar import legal_moment
from rules.clock.ledger import ClockEvent
from rules.clock.reception import ReceptionRule
from rules.clock.spans import Limit
from rules.clock.stops import CAUSE_WORDS, Silence
from rules.definition.procedure import DeadlineRule
from rules.definition.process import HistoryQuery, Stop
from rules.encode.money import condition
from rules.encode.registers import basis, kept
from rules.values import Text

Data = dict[str, Any]


def deadline(rule: DeadlineRule | None) -> Data | None:
    """Return the time limit."""
    if rule is None:
        return None
    promise: Data = {"table": rule.committed} if rule.committed else {}
    if promise and rule.committed_added is not None:
        promise["added"] = _tables(rule.committed_added)
    return kept(
        table=rule.table,
        committed=promise,
        start=rule.start,
        added=_tables(rule.added),
        combine=rule.combine.value if rule.combine else None,
        stops=[_stop(stop) for stop in rule.stops],
        rolls=None if rule.rolls else False,
        reception=_reception(rule.reception),
        **{"from": rule.begins.value if rule.begins else None},
    )


def _reception(rule: ReceptionRule | None) -> Data | None:
    if rule is None:
        return None
    return kept(
        most=rule.most,
        limit=limit_data(rule.limit),
        at_limit=_text(rule.at_limit) if rule.at_limit else None,
        receive_within=limit_data(rule.receive_within),
        basis=basis(rule.basis),
    )


def _tables(names: tuple[str, ...]) -> list[Data]:
    return [{"table": name} for name in names]


def _stop(stop: Stop) -> Data:
    rule = stop.rule
    return kept(
        id=rule.id,
        cause=rule.cause.value,
        label=_text(rule.label) if rule.label != CAUSE_WORDS[rule.cause] else None,
        effect=rule.effect.value,
        limit=limit_data(rule.limit),
        at_limit=_text(rule.at_limit),
        most=rule.most,
        silence=rule.silence.value if rule.silence is not Silence.STANDS else None,
        when=condition(stop.when),
        basis=basis(stop.basis),
    )


def limit_data(limit: Limit | None) -> Data | None:
    """Return so many of a unit."""
    if limit is None:
        return None
    cutoff = f"{limit.cutoff:%H:%M}" if limit.cutoff else None
    return kept(amount=limit.amount, unit=limit.unit.value, rolls=None if limit.rolls else False, cutoff=cutoff)


def _text(text: Text) -> dict[str, str] | None:
    return text.to_data() if text.vi else None


def query(asked: HistoryQuery | None) -> Data | None:
    """Return what a fact from history asks."""
    return {"count": asked.count.value, "kind": asked.kind, "within": asked.within.value} if asked else None


def event(each: ClockEvent) -> Data:
    """Return what happened to a dossier, as a ledger file writes it."""
    why = each.cause.to_data() if isinstance(each.cause, Text) and each.cause.vi else None
    return kept(
        kind=each.kind.value,
        at=_written(each.at),
        basis=each.basis,
        why=why,
        cause=each.stop.id if each.stop else None,
        by={**(limit_data(each.by) or {}), **kept(basis=each.by.basis)} if each.by else None,
        to=_written(each.to),
        until=_written(each.until),
    )


def _written(at: datetime | None) -> str | None:
    return legal_moment(at).replace(tzinfo=None).isoformat() if at else None
