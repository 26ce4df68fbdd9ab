"""The outcome of the rules: amounts, papers, dates and refusals, each with its reasons, and never a silent guess."""

import json
from datetime import date, datetime

import pytest

from rules.clock.calendar import LEGAL_TIME
from rules.errors import FactsError, MatchersDisagreeError, RulesError
from rules.evaluation.evaluate import evaluate
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.match.durable_kernel import Kernel
from tests.definitions import (
    DAY,
    charge,
    cut_table,
    fee_table,
    limit_table,
    office,
    outcome,
    procedure,
    row,
    table,
)


def outcome_of(given, **parts):
    return evaluate(procedure(**parts), given, on=DAY, at=None, office=office())


def only_charge(facts, **parts):
    return outcome(facts, **parts).charges[0]


def test_the_row_that_applies_gives_the_amount_with_sentence_facts_and_citation():
    found = only_charge({"channel": "online", "late": 3, "poor": False})
    assert found.amount == 10001
    reason = found.reasons[0]
    assert reason.rule == "fee.online_late"
    assert reason.sentence.vi == "Nộp trực tuyến, số ngày quá hạn 3 ngày: 10.001\u00a0đ"
    assert reason.citation == "Điều 1 Thông tư 1/2026/TT-BTC"
    assert [(used.fact, used.shown.vi, used.source) for used in reason.facts] == [
        ("channel", "Trực tuyến", "built_in"),
        ("late", "3 ngày", "form"),
    ]


def test_no_rule_is_an_outcome_of_its_own_and_never_zero():
    found = outcome({"channel": "post", "late": 0, "poor": False})
    assert found.charges[0].state is State.NO_RULE
    assert found.charges[0].amount is None
    assert found.totals == {"VND": None}
    assert "Không có quy định áp dụng" in found.charges[0].reasons[0].sentence.vi


def test_an_exemption_cannot_make_up_a_missing_rule():
    assert only_charge({"channel": "post", "late": 0, "poor": True}).state is State.NO_RULE


def test_wanting_facts_are_told_apart_from_no_rule():
    found = only_charge({"channel": "online"})
    assert found.state is State.MISSING
    assert "chưa biết số ngày quá hạn" in found.reasons[0].sentence.vi


def test_only_the_cut_best_for_the_payer_counts_and_the_other_stays_visible():
    found = only_charge({"channel": "online", "late": 3, "poor": True}, on=date(2027, 1, 1))
    assert (found.base, found.amount) == (10001, 0)
    assert found.cut is not None
    assert found.cut.rule == "cut.poor"
    assert [(offer.rule, offer.percent, offer.amount) for offer in found.lost] == [("cut.half", 50, 5001)]


def test_a_row_is_in_force_from_its_first_day_only():
    facts = {"channel": "online", "late": 3, "poor": False}
    assert only_charge(facts, on=date(2026, 12, 31)).amount == 10001
    assert only_charge(facts, on=date(2027, 1, 1)).amount == 5001


def test_a_row_that_almost_applied_says_what_would_have_to_change():
    found = only_charge({"channel": "counter", "late": 0, "poor": False})
    changes = {near.rule: near.change.vi for near in found.near}
    assert changes["fee.online"] == "Nộp trực tuyến thì 5.000\u00a0đ"
    assert changes["cut.poor"] == "Nếu hộ nghèo thì miễn"
    assert "fee.online_late" not in changes


def test_a_row_not_yet_in_force_almost_applied():
    near = {each.rule: each for each in only_charge({"channel": "online", "late": 3, "poor": False}).near}
    assert near["cut.half"].change.vi == "Từ 01/01/2027 thì giảm 50%"


def test_a_row_whose_days_are_over_is_no_near_miss():
    facts = {"channel": "online", "late": 3, "poor": False}
    ended = row("cut.old", {"channel": "online"}, {"percent": 90}, until="2026-01-01")
    by_cell = row("cut.then", {"accepted_on": "< 2026-01-01"}, {"percent": 90})
    to_come = row("cut.soon", {"accepted_on": ">= 2027-01-01"}, {"percent": 90})
    cuts = table("cuts", ["channel", "accepted_on"], {"percent": "int"}, [ended, by_cell, to_come], hit="collect")
    found = only_charge(facts, tables=[fee_table(), cuts, limit_table()])
    assert [near.rule for near in found.near if near.rule.startswith("cut.")] == ["cut.soon"]


def test_two_rows_of_a_unique_table_are_a_named_conflict_and_no_amount():
    rows = [row("one", {"late": ">= 0"}, {"amount": 1}), row("two", {"late": "<= 5"}, {"amount": 2})]
    found = outcome({"channel": "online", "late": 3}, tables=[fee_table(*rows), cut_table(), limit_table()])
    assert found.charges[0].state is State.CONFLICT
    assert found.charges[0].amount is None
    assert "one, two" in found.problems[0].what
    assert {reason.rule for reason in found.charges[0].reasons} == {"one", "two"}


@pytest.mark.parametrize(("policy", "amount"), [("first", 1), ("collect", 3)])
def test_first_takes_the_first_row_and_collect_adds_all(policy, amount):
    rows = [row("one", {"late": ">= 0"}, {"amount": 1}), row("two", {"late": "<= 5"}, {"amount": 2})]
    tables = [fee_table(*rows, hit=policy), cut_table(), limit_table()]
    assert only_charge({"channel": "online", "late": 3, "poor": False}, tables=tables).amount == amount


def test_any_takes_equal_rows_as_one_and_refuses_unequal_ones():
    def amount_of(second):
        rows = [row("one", {"late": ">= 0"}, {"amount": 1}), row("two", {"late": "<= 5"}, {"amount": second})]
        return only_charge({"late": 3}, tables=[fee_table(*rows, hit="any"), cut_table(), limit_table()]).amount

    assert amount_of(1) == 1
    assert amount_of(2) is None


def test_an_amount_is_multiplied_by_the_number_of_copies():
    facts = {"channel": "counter", "late": 0, "poor": False, "copies": 3}
    found = only_charge(facts, charges=[charge(times="copies")])
    assert found.amount == 60000
    assert "3 bản" in found.reasons[1].sentence.vi


def test_copies_beyond_counting_are_a_problem_and_no_amount():
    facts = {"channel": "counter", "late": 0, "poor": False, "copies": 2**61}
    found = outcome(facts, charges=[charge(times="copies")])
    assert found.charges[0].amount is None
    assert "không tính được" in found.problems[0].what


def test_missing_names_only_facts_that_could_still_change_something():
    found = outcome({"channel": "counter"})
    assert {each.fact: each.could_change for each in found.missing} == {"poor": ("fee",)}
    assert outcome({"channel": "counter", "poor": True}).missing == ()
    later = outcome({"channel": "online", "poor": True})
    assert {each.fact for each in later.missing} == {"late"}


def test_only_a_better_cut_than_the_certain_one_is_worth_asking_for():
    online = {"channel": "online", "late": 3}
    assert [each.fact for each in outcome(online, on=date(2027, 1, 1)).missing] == ["poor"]
    cuts = cut_table(
        row("cut.half", {"channel": "online"}, {"percent": 50}), row("cut.poor", {"poor": True}, {"percent": 50})
    )
    assert outcome(online, tables=[fee_table(), cuts, limit_table()]).missing == ()


def test_a_computed_fact_is_asked_for_by_what_it_is_computed_from():
    facts = [{"id": "age", "type": "int", "label": "Tuổi tính theo ngày", "formula": "days_between(born, accepted_on)"}]
    rows = [row("young", {"age": "< 60"}, {"amount": 0}), row("old", {"age": ">= 60"}, {"amount": 1})]
    fee = table("fee", ["age"], {"amount": "money"}, rows)
    found = outcome_of({"poor": False}, facts=facts, tables=[fee, cut_table(), limit_table()])
    assert [each.fact for each in found.missing if "fee" in each.could_change] == ["born"]


def test_a_field_that_does_not_concern_the_dossier_is_not_missing():
    fields = [
        {"id": "late", "kind": "whole_number", "label": "Quá hạn", "shown_when": {"poor": False}},
        {"id": "poor", "kind": "yes_no", "label": "Hộ nghèo"},
    ]
    lists = {}
    found = outcome({"channel": "online", "poor": True}, fields=fields, lists=lists)
    assert found.missing == ()


def test_papers_follow_their_conditions_and_say_so():
    papers = [
        {"code": "always", "label": "Tờ khai"},
        {"code": "letter", "label": "Giấy ủy quyền", "shown_when": {"group": "a"}},
        {"code": "proof", "label": "Giấy xác nhận", "required": {"when": {"poor": True}}},
    ]
    found = outcome({"channel": "counter", "group": "b", "poor": True}, papers=papers).papers
    assert [(paper.code, paper.need) for paper in found] == [("always", "required"), ("proof", "required")]
    assert found[1].reasons[0].sentence.vi == "Giấy xác nhận: phải có (Hộ nghèo: có)"
    assert [(paper.code, paper.need) for paper in outcome({"group": "a"}, papers=papers).papers] == [
        *(("always", "required"), ("letter", "required"), ("proof", "optional")),
    ]


def test_a_table_may_decide_a_paper_and_silence_is_no_waiver():
    need = table(
        "need",
        ["group"],
        {"need": "code"},
        [row("need.a", {"group": "a"}, {"need": "waived"}), row("need.b", {"group": "b"}, {"need": "required"})],
    )
    papers = [{"code": "proof", "label": "Giấy xác nhận", "required": {"table": "need", "output": "need"}}]
    parts = {"papers": papers, "tables": [fee_table(), cut_table(), limit_table(), need]}
    assert outcome({"group": "a"}, **parts).papers[0].need == "waived"
    assert outcome({"group": "b"}, **parts).papers[0].required
    silent = outcome({"group": "c"}, **parts)
    assert silent.papers[0].need == "undecided"
    assert any("proof" in problem.where for problem in silent.problems)


def test_every_row_of_the_eligibility_table_that_hits_refuses():
    refusals = table(
        "refusals",
        ["group"],
        {"reason": "text"},
        [row("no.a", {"group": "a"}, {"reason": "Nhóm a không làm được."})],
        "collect",
    )
    parts = {"eligibility": {"table": "refusals"}, "tables": [fee_table(), cut_table(), limit_table(), refusals]}
    refused = outcome({"group": "a"}, **parts)
    assert not refused.eligible
    assert refused.refusals[0].text.vi == "Nhóm a không làm được."
    assert refused.refusals[0].reasons[0].rule == "no.a"
    assert outcome({"group": "b"}, **parts).eligible
    unknown = outcome({}, **parts)
    assert unknown.eligible, "a gap refuses nobody: what could still refuse is named as missing"
    assert ("group", ("eligibility",)) in [(each.fact, each.could_change) for each in unknown.missing]


def test_the_deadline_keeps_statutory_promise_and_appointment_apart():
    promise = table(
        "promise", [], {"amount": "int", "unit": "code"}, [row("time.two", {}, {"amount": 2, "unit": "working_days"})]
    )
    parts = {
        "tables": [fee_table(), cut_table(), limit_table(), promise],
        "deadline": {"table": "limit", "committed": {"table": "promise"}},
    }
    found = outcome({}, at=datetime(2026, 11, 20, 10, tzinfo=LEGAL_TIME), **parts).deadline
    assert found is not None
    moments = [found.statutory, found.committed, found.appointment]
    assert [f"{moment:%d %H:%M}" for moment in moments if moment] == ["25 17:00", "24 17:00", "24 17:00"]
    assert found.limit is not None
    assert found.limit.words.vi == "3 ngày làm việc"
    assert [reason.rule for reason in found.reasons] == ["time.three", "time.two"]


def test_without_a_moment_the_day_is_taken_at_its_opening():
    assert outcome({}).at.isoformat() == "2026-11-20T07:00:00+07:00"
    assert outcome({}, on=date(2026, 11, 22)).on == date(2026, 11, 22)


def test_a_moment_on_another_day_is_refused():
    with pytest.raises(RulesError, match="không nằm trong ngày"):
        outcome({}, at=datetime(2026, 11, 21, 10, tzinfo=LEGAL_TIME))


def test_facts_outside_the_vocabulary_are_refused():
    with pytest.raises(FactsError, match="late"):
        outcome({"lat": 1})


def test_an_outcome_survives_its_data_and_keeps_its_hash():
    found = outcome({"channel": "online", "late": 3, "poor": True}, on=date(2027, 1, 1))
    read = Evaluation.from_data(json.loads(json.dumps(found.to_data())))
    assert read == found
    assert read.hash == found.hash == found.to_data()["hash"]


def test_another_calendar_is_another_outcome():
    facts = {"channel": "counter", "poor": False, "late": 0}
    plain = evaluate(procedure(), facts, on=DAY, at=None, office=office())
    rested = evaluate(procedure(), facts, on=DAY, at=None, office=office(date(2026, 11, 24)))
    assert plain.hash != rested.hash


def test_matchers_that_differ_refuse_the_evaluation(monkeypatch):
    monkeypatch.setattr(Kernel, "match", lambda self, facts, on: ())
    with pytest.raises(MatchersDisagreeError, match="lãnh đạo") as refused:
        outcome({"channel": "counter", "late": 0})
    assert refused.value.interpreter == ("fee.counter",)
    assert refused.value.kernel == ()


def test_every_finding_has_a_reason():
    found = outcome({"channel": "online", "late": 3, "poor": True})
    assert found.deadline is not None
    for finding in (*found.charges, *found.papers, found.deadline):
        assert finding.reasons
