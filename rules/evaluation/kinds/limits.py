"""The limit that the rows of a deadline's tables give: one row's, several combined, and time on top."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import time

from rules.clock.running import due_after
from rules.clock.spans import ROLLING, Limit, LimitUnit, Start
from rules.definition.procedure import DeadlineRule
from rules.definition.process import Combine
from rules.evaluation.situation import Hits, Situation
from rules.table.decision import Row, Table


def limit_of(table: Table, row: Row, rule: DeadlineRule, basis: str = "") -> Limit:
    """Return the limit a row gives, its basis as a citation. Raises ClockError for one the clock cannot count."""
    given = {column.id: value for column, value in zip(table.outputs, row.then, strict=True)}
    amount, unit, cutoff = given["amount"], LimitUnit(str(given["unit"])), given.get("cutoff")
    assert isinstance(amount, int)
    stated = given.get("rolls")
    return Limit(
        amount=amount,
        unit=unit,
        cutoff=time(*divmod(cutoff, 60)) if isinstance(cutoff, int) else None,
        start=Start(rule.start) if rule.start else None,
        rolls=stated if isinstance(stated, bool) else rule.rolls or unit not in ROLLING,
        basis=basis,
        begins=rule.begins,
    )


def statutory_limit(rule: DeadlineRule, situation: Situation) -> Limit | None:
    """Return the limit by law for this dossier, None where no row gives one or the rows contradict each other."""
    return _whole(rule.table, rule.added, rule, situation)


def committed_limit(rule: DeadlineRule, situation: Situation) -> Limit | None:
    """Return the shorter promise, None where there is none."""
    return _whole(rule.committed, rule.promise_added, rule, situation) if rule.committed else None


def limit_of_rows(name: str, rule: DeadlineRule, situation: Situation) -> Limit | None:
    """Return what the rows of one table come to together, without time on top."""
    hits = situation.hits[name]
    return _combined([_limit(hits, row, rule, situation) for row in hits.rows], rule, situation)


def _whole(table: str, added: Iterable[str], rule: DeadlineRule, situation: Situation) -> Limit | None:
    more = [situation.hits[name] for name in added]
    if any(hits.conflict for hits in (situation.hits[table], *more)):
        return None
    limit = limit_of_rows(table, rule, situation)
    return _with(limit, [_limit(hits, row, rule, situation) for hits in more for row in hits.rows]) if limit else None


def _limit(hits: Hits, row: Row, rule: DeadlineRule, situation: Situation) -> Limit:
    return limit_of(hits.table, row, rule, situation.procedure.sayings.of_row(hits.table, row).citation)


def _combined(limits: Sequence[Limit], rule: DeadlineRule, situation: Situation) -> Limit | None:
    """Return the one limit that the rows mean together; without `combine` the first counts."""
    if not limits:
        return None
    if rule.combine is Combine.LONGEST:
        return max(limits, key=lambda limit: due_after(limit, situation.at, situation.office))
    return summed(limits) if rule.combine is Combine.SUM else limits[0]


def summed(limits: Sequence[Limit]) -> Limit:
    """Return limits counted one after the other, what is due within the day first; twice within the day is once.

    A cut-off that one of them has holds for all, the earliest of several.
    """
    same_day = [limit for limit in limits if limit.unit is LimitUnit.SAME_DAY][:1]
    first, *rest = (*same_day, *(limit for limit in limits if limit.unit is not LimitUnit.SAME_DAY))
    cutoff = min((limit.cutoff for limit in limits if limit.cutoff is not None), default=None)
    return _with(replace(first, cutoff=cutoff), rest)


def _with(limit: Limit, more: Iterable[Limit]) -> Limit:
    """Return the limit with others counted on from its end: where it begins is its own affair."""
    added = (replace(each, cutoff=None, start=None, begins=None) for each in more)
    return replace(limit, added=(*limit.added, *added))
