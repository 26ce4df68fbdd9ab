"""What the definitions on business and land promise beyond golden cases: clock, registers, and cases that add up."""

from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.importers import strict_yaml
from rules.clock.calendar import LEGAL_TIME
from rules.clock.running import ClockEvent, EventKind, run_clock
from rules.codec import definition_from
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.overrides import overridden
from tests.definitions import office

FOLDER = Path(__file__).parents[3] / "samples" / "definitions"
DAY = date(2026, 11, 20)
LAND = {"channel": "counter", "land_commune": "28261", "with_house": False, "wants_certificate": True}
DEAR_HOUSE = {
    "channel": "online",
    "asset_kind": "land_house",
    "price": 40_000_000_000,
    "acquired_by": "transfer",
    "digital_citizen": True,
    "seller_integrated": True,
    "land_cuts_used": 0,
}


def source(code: str) -> dict[str, Any]:
    return deepcopy(strict_yaml.load((FOLDER / f"{code}.yaml").read_text("utf-8")).data)


def outcome(data: Any, facts: dict[str, Any], on: date = DAY) -> Evaluation:
    return evaluate(compiled(definition_from(data)), facts, on=on, at=None, office=office())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_TIME)


def test_waiting_for_the_tax_to_be_paid_is_not_counted():
    found = definition_from(source("1.013978")).deadline
    assert found is not None
    counted = outcome(source("1.013978"), LAND).deadline.limit
    stop = found.stops[0].rule
    events = [
        ClockEvent(EventKind.ACCEPTED, at("2026-03-02T10:00")),
        ClockEvent(EventKind.STOPPED, at("2026-03-12T10:00"), stop=stop),
        ClockEvent(EventKind.RESUMED, at("2026-04-01T10:00"), stop=stop),
    ]
    due = [run_clock(counted.limit, events[:many], office(), stops=(stop,)).due for many in (1, 3)]
    # 8 of 17 working days are used on 12/03; the 9 that are left are counted from 01/04.
    assert due == [at("2026-03-25T17:00"), at("2026-04-14T17:00")]


def test_the_notice_of_the_tax_office_is_named_with_its_number_and_day():
    facts = {**LAND, "confirmed": "none", "qualifies": True, "obligation": 45_000_000}
    found = outcome(source("1.013978"), {**facts, "tax_notice": "TB-215", "tax_notice_on": "2026-11-18"}).charges[1]
    assert (found.amount, found.assessed.number, found.assessed.day) == (45_000_000, "TB-215", "2026-11-18")
    assert found.assessed.by.vi == "Cơ quan thuế"


def test_what_is_found_during_appraisal_or_outside_is_all_that_a_plot_still_lacks_at_the_counter():
    answers: dict[str, Any] = {"party": "domestic", "origin": "own_papers", "confirmed": "none", "survey": "none"}
    no = dict.fromkeys(("of_household", "several_owners", "represented", "right_on_next_plot", "was_fined"), False)
    wanted = outcome(source("1.013978"), {**LAND, **answers, **no, "belongs_to": [], "receiving_unit": "28261"}).missing
    stages = definition_from(source("1.013978")).vocabulary
    assert {each.fact: stages[each.fact].stage for each in wanted} == {
        "qualifies": "appraisal",
        "obligation": "outside",
        "obligation_met": "outside",
    }


@pytest.mark.parametrize(("hit", "amount"), [("collect_max", 100_000), ("collect_sum", 220_000)])
def test_a_province_asks_once_for_all_changes_or_once_for_each_by_the_hit_policy_alone(hit, amount):
    data = source("2.000720")
    next(table for table in data["tables"] if table["id"] == "change_fee")["hit"] = hit
    facts = {"channel": "counter", "changes": ["name", "owner", "members"], "owner_reason": "authorised"}
    found = outcome(data, {**facts, "filed_by": "owner", "receiving_unit": "28261"}).charges[0]
    assert found.amount == amount


def test_the_charge_for_stopping_a_registration_appears_when_the_province_sets_it():
    facts = {"channel": "counter", "target_state": "in_progress", "filed_by": "owner"}
    assert outcome(source("1.014035"), facts).charges[0].state is State.NO_RULE
    value = {"value": 20_000, "since": date(2026, 11, 20), "basis": {"document": "council"}}
    label = {"vi": "Lệ phí dừng thủ tục", "en": "Charge for stopping"}
    registers = {
        "format": 1,
        "basis": {"council": {"document": "Nghị quyết 1/2026/NQ-HĐND"}},
        "parameters": {"stop_charge": {"label": label, "type": "money", "values": [value]}},
    }
    filled = overridden(source("1.014035"), registers).data
    assert outcome(filled, facts).charges[0].amount == 20_000
    assert outcome(filled, facts, date(2026, 11, 19)).charges[0].amount is None


def test_the_ceiling_of_the_digital_citizens_reduction_follows_the_base_salary_of_the_day():
    data = source("1.007277")
    values = data["parameters"]["base_salary"]["values"]
    values[-1]["until"] = date(2027, 1, 1)
    values.append({"value": 3_000_000, "since": date(2027, 1, 1), "basis": {"document": "nd161"}})
    saved = [200_000_000 - outcome(data, DEAR_HOUSE, day).charges[0].amount for day in (DAY, date(2027, 1, 1))]
    assert saved == [5 * 2_530_000, 5 * 3_000_000]


def test_a_recorded_debt_changes_when_the_fee_is_collected_and_never_how_much():
    for price in (0, 1, 100, 1_999_999_999, 200_000_000_000):
        facts = {**DEAR_HOUSE, "price": price}
        plain, owed = (outcome(source("1.007277"), {**facts, "debt_recorded": debt}) for debt in (False, True))
        assert plain.charges[0].amount == owed.charges[0].amount
        assert ([case.code for case in plain.cases], [case.code for case in owed.cases]) == ([], ["as_debt"])
        assert [notice.id for notice in owed.notices] == ["owed"]
