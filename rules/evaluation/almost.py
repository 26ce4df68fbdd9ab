"""What a table would come to if a row that almost applied did apply: its one failing test met, all else as it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rules.evaluation.situation import Hits, Situation
from rules.table.cells import Anything, Has, HasHow, Known, OneOf, Test, Within, as_number, holds, number_in
from rules.table.decision import LISTING, ON_DAY, HitPolicy, Row, Table
from rules.table.hits import Places, counting
from rules.vocabulary import Fact, FactType

ADDING = LISTING | {HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_COUNT}
"""Policies under which a further row counts beside those that hit."""

ALONE = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY})
"""Policies under which a row that hits is not beaten by another: where both hit they contradict each other."""


def would_count(table: Table, row: Row, failed: str, situation: Situation) -> bool:
    """Tell whether a row with one failing test would be one that counts once its test is met.

    Rows that hit now and would no longer are not in its way; rows that would come to hit with it may be.
    """
    if table.hit in ADDING or table.hit in ALONE:
        return True
    hit = situation.hits[table.id].outcome.hit
    place = _place(table, row)
    if table.hit is HitPolicy.FIRST and hit and hit[0] < place and _stays(table.rows[hit[0]], table, failed):
        return False
    for others in _others(situation.hits[table.id], place, failed, situation):
        counted = counting(table, tuple(sorted((*others, place))))
        if counted is not None and place in counted:
            return True
    return False


def beside(table: Table, row: Row, failed: str, situation: Situation) -> Places | None:
    """Return the other rows that would hit with it, None where one that hits now no longer would beside others."""
    hits = situation.hits[table.id]
    others = next(_others(hits, _place(table, row), failed, situation))
    return others if not others or set(hits.outcome.hit) <= set(others) else None


def _stays(row: Row, table: Table, failed: str) -> bool:
    """Tell whether a row that hits goes on to hit whatever this input is."""
    return failed != ON_DAY and isinstance(row.when[table.inputs.index(failed)].test, Anything)


def _place(table: Table, row: Row) -> int:
    return next(place for place, each in enumerate(table.rows) if each is row)  # comparing rows is slow


def _others(hits: Hits, place: int, failed: str, situation: Situation) -> Iterator[Places]:
    """Yield, for each way to meet the failing test, the other rows that would then hit."""
    table = hits.table
    row = table.rows[place]
    rivals = [*hits.outcome.hit, *(each for each in _nearly(hits, situation).get(failed, ()) if each != place)]
    if failed == ON_DAY and not row.period.holds(situation.on):
        day = row.period.since or situation.on
        yield tuple([each for each in rivals if table.rows[each].period.holds(day)])
        return
    column = table.inputs.index(failed)
    fact = situation.procedure.vocabulary[failed]
    for value in _values(row.when[column].test, fact, situation.facts.get(failed)):
        yield tuple([each for each in rivals if _meets(table.rows[each].when[column].test, value)])


def _nearly(hits: Hits, situation: Situation) -> Mapping[str, Sequence[int]]:
    """Return the places of the rows with exactly one failing test, by the input that fails."""
    key = "nearly", hits.table.id
    if key not in situation.own:
        found: dict[str, list[int]] = {}
        for place, failed in hits.outcome.near():
            found.setdefault(failed, []).append(place)
        situation.own[key] = found
    return situation.own[key]


_SOME = object()
"""A value of which no more is said than that there is one."""


def _meets(test: Test, value: object) -> bool:
    if value is _SOME:
        return isinstance(test, Anything) or test == Known(wanted=True)
    return holds(test, value)


def _values(test: Test, fact: Fact, now: Any) -> Iterable[object]:
    """Return values that meet the test, at least one: of a range the nearest to what is known now."""
    if isinstance(test, Within):
        return [_nearest(span, now) for span in test.spans] or [_SOME]
    if isinstance(test, OneOf):
        return _listed(test, fact)
    if isinstance(test, Has):
        return _sets(test, frozenset(now or ()))
    return [_SOME if isinstance(test, Anything) or test.wanted else None]


def _nearest(span: tuple[int | None, int | None], now: Any) -> int:
    low, high = span
    if now is None:
        return number_in(span)
    number = as_number(now)
    if low is not None and number < low:
        return low
    return high - 1 if high is not None and number >= high else number


def _listed(test: OneOf, fact: Fact) -> Sequence[str | bool]:
    if not test.negated:
        return test.values
    known = (True, False) if fact.type is FactType.BOOL else tuple(fact.codes)
    return [each for each in known if each not in test.values] or [""]


def _sets(test: Has, held: frozenset[str]) -> Sequence[list[str]]:
    """Return the sets of codes, as little changed as can be, that pass the test."""
    if test.how is HasHow.ANY:
        return [sorted(held | {code}) for code in test.codes]
    return [sorted(held.union(test.codes) if test.how is HasHow.ALL else held.difference(test.codes))]
