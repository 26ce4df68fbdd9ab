"""What must hold for every set of limits that combine, and for every limit and outcome that is kept as data."""

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.importers import strict_yaml
from rules.clock.calendar import LEGAL_TIME
from rules.clock.limit_data import LimitData, StopData
from rules.clock.running import (
    Begins,
    Cause,
    ClockEvent,
    Effect,
    EventKind,
    Limit,
    LimitUnit,
    Silence,
    Start,
    StopRule,
    due_after,
    run_clock,
)
from rules.clock.spans import ROLLING
from rules.codec import definition_from
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.kinds.limits import summed
from rules.evaluation.missing import STOPPING
from rules.evaluation.outcome import Evaluation
from rules.values import Text
from tests.definitions import definition, fee_table, office, row, table
from tests.effort import examples

FIRST = datetime(2026, 1, 1, tzinfo=LEGAL_TIME)
MOMENTS = st.integers(0, 60 * 24 * 500).map(lambda minutes: FIRST + timedelta(minutes=minutes))
WAITS = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
OFFICE = office(date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 2))
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "definition.md").read_text("utf-8")
REFERENCE = compiled(
    definition_from(strict_yaml.load("\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))).data)
)


@st.composite
def limits(draw, units=tuple(LimitUnit)):
    unit = draw(st.sampled_from(list(units)))
    most = {LimitUnit.SAME_DAY: 1, LimitUnit.MONTHS: 4}.get(unit, 40)
    return Limit(
        draw(st.integers(0, most)),
        unit,
        cutoff=draw(st.none() | st.builds(time, st.integers(7, 16), st.sampled_from([0, 30]))),
        rolls=unit not in ROLLING or draw(st.booleans()),
        basis=draw(st.sampled_from(["", "Điều 5"])),
        begins=draw(st.none() | st.sampled_from(list(Begins))),
    )


@st.composite
def whole_limits(draw):
    limit = draw(limits())
    added = draw(st.lists(limits(units=[unit for unit in LimitUnit if unit is not LimitUnit.SAME_DAY]), max_size=2))
    plain = tuple(Limit(each.amount, each.unit, rolls=each.rolls) for each in added)
    start = draw(st.none() | st.sampled_from(list(Start))) if limit.cutoff is None else None
    return Limit(limit.amount, limit.unit, limit.cutoff, start, limit.rolls, plain, limit.basis, limit.begins)


STOPS = st.builds(
    StopRule,
    id=st.sampled_from(["supplement", "tax"]),
    cause=st.sampled_from(list(Cause)),
    label=st.just(Text("chờ", "waiting")),
    effect=st.sampled_from(list(Effect)),
    limit=st.none() | limits().map(lambda limit: Limit(limit.amount, limit.unit, rolls=limit.rolls)),
    at_limit=st.sampled_from([Text(""), Text("Dừng giải quyết.")]),
    most=st.none() | st.integers(1, 3),
    basis=st.sampled_from(["", "Điều 9"]),
    silence=st.sampled_from(list(Silence)),
)


@given(limit=whole_limits())
def test_a_limit_kept_as_data_is_the_same_limit_again(limit):
    kept = json.loads(json.dumps(LimitData.of(limit).to_data()))
    assert LimitData.from_data(kept) == LimitData.of(limit)
    assert LimitData.of(limit).limit == limit


@given(limit=whole_limits(), stop=STOPS, at=MOMENTS, wait=WAITS, lasts=WAITS)
def test_a_clock_counts_the_same_from_what_an_outcome_kept(limit, stop, at, wait, lasts):
    kept = StopData.of(stop, stop.basis).rule

    def clock(limit, stop):
        events = [
            ClockEvent(EventKind.ACCEPTED, at),
            ClockEvent(EventKind.STOPPED, at + wait, stop=stop),
            ClockEvent(EventKind.RESUMED, at + wait + lasts, stop=stop),
        ]
        return run_clock(limit, events, OFFICE, stops=[stop])

    assert clock(LimitData.of(limit).limit, kept) == clock(limit, stop)


@given(each=st.lists(limits(), min_size=1, max_size=4), at=MOMENTS)
def test_limits_added_up_never_end_before_the_first_of_them_and_hold_them_all(each, at):
    whole = summed(each)
    alone = Limit(whole.amount, whole.unit, whole.cutoff, rolls=whole.rolls)
    assert due_after(whole, at, OFFICE) >= due_after(alone, at, OFFICE)
    counted = [limit for limit in each if limit.unit is not LimitUnit.SAME_DAY]
    assert len(whole.spans) == len(counted) + (len(counted) < len(each))


@given(each=st.lists(limits(), min_size=1, max_size=4), at=MOMENTS, order=st.randoms())
@examples(60)
def test_of_limits_that_combine_the_longest_is_as_late_as_the_latest_in_any_order(each, at, order):
    order.shuffle(each)
    found = _outcome(each, at, "longest")
    assert found.statutory == max(due_after(_plain(limit), at, OFFICE) for limit in each)


@given(each=st.lists(limits(), min_size=1, max_size=3), at=MOMENTS)
@examples(60)
def test_a_sum_is_never_due_before_the_longest_of_rolling_limits(each, at):
    rolling = [Limit(limit.amount, limit.unit) for limit in each if limit.unit is LimitUnit.WORKING_DAYS]
    if rolling:
        assert _outcome(rolling, at, "sum").statutory >= _outcome(rolling, at, "longest").statutory


def _plain(limit: Limit) -> Limit:
    return Limit(limit.amount, limit.unit, limit.cutoff, rolls=limit.rolls)


def _outcome(each, at, combine):
    rows = [
        row(
            f"time.{number}",
            {},
            {
                "amount": limit.amount,
                "unit": limit.unit.value,
                **({"cutoff": limit.cutoff.hour * 60 + limit.cutoff.minute} if limit.cutoff else {}),
                **({} if limit.rolls else {"rolls": False}),
            },
        )
        for number, limit in enumerate(each)
    ]
    outputs = {"amount": "int", "unit": "code", "cutoff": "int", "rolls": "bool"}
    collected = table("limit", [], outputs, rows, "collect")
    made = definition(tables=[fee_table(), collected], charges=[], deadline={"table": "limit", "combine": combine})
    return evaluate(compiled(made), {}, on=at.date(), at=at, office=OFFICE).deadline


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(["counter", "online", "post"]),
        "verify": st.booleans(),
        "ward": st.sampled_from(["28249", "30169"]),
        "area": st.integers(50, 30000),
        "times_paid": st.integers(0, 9),
        "confirmed_elsewhere": st.booleans(),
        "lawful_purpose": st.booleans(),
        "services": st.lists(st.sampled_from(["abroad", "contract", "transfer"]), unique=True),
        "contract_on": st.dates(date(2023, 6, 1), date(2026, 1, 1)),
        "receiving_unit": st.sampled_from(["28249", "30169"]),
    },
)


@given(facts=FACTS, day=st.dates(date(2026, 1, 2), date(2027, 12, 1)))
@examples(60)
def test_every_outcome_comes_back_from_its_data_with_its_hash(facts, day):
    made = evaluate(REFERENCE, facts, on=day, at=None, office=OFFICE)
    data = json.loads(json.dumps(made.to_data()))
    assert Evaluation.from_data(data) == made
    assert Evaluation.from_data(data).hash == data["hash"]


@given(facts=FACTS, more=FACTS, day=st.dates(date(2026, 1, 2), date(2027, 12, 1)))
@examples(60)
def test_what_is_not_missing_changes_neither_steps_nor_route_nor_deadline_nor_ending(facts, more, day):
    """A fact that is not named as missing for a part leaves that part as it is when it becomes known."""
    before = evaluate(REFERENCE, facts, on=day, at=None, office=OFFICE)
    named = {each.fact: set(each.could_change) for each in before.missing}
    for name in sorted(more.keys() - facts.keys()):
        after = evaluate(REFERENCE, {**facts, name: more[name]}, on=day, at=None, office=OFFICE)
        changes = named.get(name, set())
        if "steps" not in changes:
            assert [_told(step) for step in after.steps] == [_told(step) for step in before.steps]
        if "route" not in changes:
            assert (after.route.relation, after.route.unit) == (before.route.relation, before.route.unit)
        if "deadline" not in changes:
            assert after.deadline.statutory == before.deadline.statutory
        _check_endings(before, after, changes)
        assert changes <= STOPPING | {"steps", "route", "stops", "examination", "results"}


def _check_endings(before, after, changes):
    if "stops" not in changes:
        assert after.deadline.stops == before.deadline.stops
    if "examination" not in changes:
        assert after.examination.outcome == before.examination.outcome
    if "results" not in changes:
        assert [each.id for each in after.results] == [each.id for each in before.results]


def _told(step):
    return step.id, step.relation
