"""Lines of money: when they are there, how they are bounded, rounded, reduced, and summed over rows; and payouts."""

import json
from datetime import date
from typing import Any

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json, law_hash
from rules.errors import DefinitionError
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import compiled
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from rules.say.listing import listing
from rules.values import Text
from tests.definitions import (
    basis,
    charge,
    cut_table,
    data,
    definition,
    fee_table,
    limit_table,
    office,
    outcome,
    procedure,
    row,
    table,
)

VEHICLES = {
    "id": "vehicles",
    "kind": "group",
    "label": "Xe",
    "fields": [
        {"id": "seats", "kind": "whole_number", "label": "Số chỗ", "min": 1, "max": 80},
        {"id": "plates", "kind": "whole_number", "label": "Số biển", "min": 0, "max": 9, "unit": "copy"},
        {"id": "electric", "kind": "yes_no", "label": "Xe điện"},
    ],
}
SEATS = table(
    "by_seats",
    ["vehicles.seats"],
    {"amount": "money"},
    [
        row("seats.few", {"vehicles.seats": "< 10"}, {"amount": 150_000}),
        row("seats.many", {"vehicles.seats": "[10..40]"}, {"amount": 500_000}),
    ],
)
OUTSIDE = [
    {"id": "tax", "type": "money", "label": "Thuế phải nộp", "source": "outside", "stage": "outside"},
    {"id": "tax_no", "type": "text", "label": "Số thông báo", "source": "outside", "stage": "outside"},
    {"id": "tax_on", "type": "day", "label": "Ngày thông báo", "source": "outside", "stage": "outside"},
    {"id": "most", "type": "money", "label": "Mức trần", "source": "officer", "stage": "reception"},
]
NOTICE = {
    "fact": "tax",
    "assessed_by": {"vi": "Thuế cơ sở", "en": "Tax office"},
    "notice": {"number": "tax_no", "day": "tax_on"},
    "basis": basis(),
}


BY_ROW = {"amount": {"table": "by_seats", "output": "amount"}, "for_each": "vehicles", "cuts": []}
TWO = {"vehicles": [{"seats": 4, "plates": 2}, {"seats": 30, "plates": 1}]}
BY_NOTICE = {"amount": NOTICE, "cuts": [], "collected": "by_notice", "set_by": "law"}
AID = {"id": "aid", "label": "Trợ cấp", "payee": "Người hưởng", "amount": {"table": "fee", "output": "amount"}}


def parts(*tables: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The parts of the small procedure with more fields and facts, and these tables of its own."""
    own = {each["id"] for each in tables}
    rest = [each for each in (fee_table(), cut_table(), limit_table()) if each["id"] not in own]
    fields = [*data()["fields"], VEHICLES]
    return {"tables": [*tables, *rest], "fields": fields, "facts": OUTSIDE, "cases": [], **more}


def line(facts, /, *tables, on=date(2026, 11, 20), **of):
    """What the one charge of the small procedure comes to; None where there is no such line."""
    found = outcome(facts, on=on, **parts(*tables, charges=[charge(**of)])).charges
    return found[0] if found else None


def paid(facts, /, *tables, **of):
    found = line(facts, *tables, **of)
    assert found is not None
    return found.amount


def faults(*tables, **more):
    with pytest.raises(DefinitionError) as refused:
        definition(**parts(*tables, **more))
    return {problem.where: problem for problem in refused.value.problems}


def flat(amount=100_000):
    return fee_table(row("fee.flat", {}, {"amount": amount}))


def cuts(*percents, kind="int", hit="collect", **column):
    rows = [row(f"cut{n}", {"poor": True}, {"off": value}) for n, value in enumerate(percents)]
    made = table("less", ["poor"], {"off": kind}, rows, hit)
    made["outputs"][0].update(column)
    return made


LESS = {"table": "less", "output": "off"}
POOR = {"poor": True, "channel": "counter"}


class TestWhen:
    def test_the_line_is_there_only_where_its_condition_holds(self):
        assert paid({"marks": ["a"]}, flat(), when={"marks": "has a"}, cuts=[]) == 100_000
        assert line({"marks": ["b"]}, flat(), when={"marks": "has a"}, cuts=[]) is None

    def test_it_says_why_it_is_there(self):
        found = line({"poor": True}, flat(), when={"poor": True}, cuts=[])
        assert found.reasons[0].sentence.vi == "Áp dụng vì: hộ nghèo"
        assert [used.fact for used in found.reasons[0].facts] == ["poor"]

    def test_while_its_condition_is_unknown_the_line_has_no_amount_and_the_total_is_unknown(self):
        found = outcome({}, **parts(flat(), charges=[charge(when={"poor": True}, cuts=[])]))
        assert (found.charges[0].state, found.charges[0].amount) == (State.MISSING, None)
        assert found.totals == {"VND": None}
        assert {each.fact: each.could_change for each in found.missing} == {"poor": ("fee",)}
        assert "chưa biết hộ nghèo" in found.charges[0].reasons[0].sentence.vi

    def test_a_line_that_is_not_there_asks_for_nothing(self):
        found = outcome({"poor": False}, **parts(fee_table(), charges=[charge(when={"poor": True})]))
        assert found.charges == ()
        assert found.missing == ()


class TestBounds:
    @pytest.mark.parametrize(("amount", "wanted"), [(10_000, 50_000), (70_000, 70_000), (90_000, 80_000)])
    def test_the_full_amount_lies_between_floor_and_cap(self, amount, wanted):
        assert paid(POOR, flat(amount), floor=50_000, cap=80_000, cuts=[]) == wanted

    def test_they_hold_for_the_amount_times_its_number_and_before_reductions(self):
        of = {"times": "copies", "cap": 250_000, "cuts": [LESS]}
        found = line({**POOR, "copies": 3}, flat(), cuts(50), **of)
        assert (found.base, found.amount) == (250_000, 125_000)
        assert "Không quá 250.000\u00a0đ: 250.000\u00a0đ" in [each.sentence.vi for each in found.reasons]

    def test_a_bound_may_be_a_fact_or_a_parameter_of_the_law_with_its_citation(self):
        salary = {"label": "Lương cơ sở", "type": "money", "values": [{"value": 60_000, "basis": basis(3)}]}
        of = parts(flat(), parameters={"salary": salary}, charges=[charge(cap="salary", cuts=[])])
        found = outcome({}, **of).charges[0]
        assert found.amount == 60_000
        assert found.reasons[-1].facts[0].citations == ("Điều 3 Thông tư 1/2026/TT-BTC",)
        assert paid({**POOR, "most": 70_000}, flat(), cap="most", cuts=[]) == 70_000

    def test_an_unknown_bound_leaves_no_amount_and_is_asked_for(self):
        found = outcome({}, **parts(flat(), charges=[charge(cap="most", cuts=[])]))
        assert (found.charges[0].amount, found.charges[0].state) == (None, State.MISSING)
        assert {each.fact for each in found.missing} == {"most"}

    def test_a_floor_above_its_cap_is_a_conflict_and_a_named_problem(self):
        found = outcome({"most": 10}, **parts(flat(), charges=[charge(floor=50, cap="most", cuts=[])]))
        assert (found.charges[0].amount, found.charges[0].state) == (None, State.CONFLICT)
        assert "tối thiểu" in found.problems[0].what


class TestRounding:
    @pytest.mark.parametrize(("how", "wanted"), [("up", 13_000), ("down", 12_000), ("half_up", 12_000)])
    def test_the_amount_is_rounded_as_declared(self, how, wanted):
        assert paid(POOR, flat(12_345), round={"to": 1000, "how": how}, cuts=[]) == wanted

    def test_a_reduction_is_rounded_the_same_way_and_never_raises_the_amount(self):
        assert paid(POOR, flat(12_345), cuts(50), round={"to": 1000, "how": "up"}, cuts=[LESS]) == 7_000
        assert paid(POOR, flat(10_500), cuts(1), cap=10_500, round={"to": 1000, "how": "up"}, cuts=[LESS]) == 10_500

    @pytest.mark.parametrize(
        ("amount", "percent", "left"), [(5000, 50, 2500), (10001, 50, 5001), (3, 50, 2), (7, 100, 0)]
    )
    def test_without_a_rounding_a_reduction_rounds_half_up_to_a_whole_dong(self, amount, percent, left):
        assert paid(POOR, flat(amount), cuts(percent), cuts=[LESS]) == left


class TestCuts:
    def test_a_percentage_may_have_decimals(self):
        found = line(POOR, flat(), cuts("12,5", kind="fixed", scale=1), cuts=[LESS])
        assert (found.amount, found.cut.percent, found.cut.scale) == (87_500, 125, 1)
        assert found.cut.sentence.vi == "Hộ nghèo: giảm 12,5%, còn 87.500\u00a0đ"

    def test_money_may_be_taken_off_but_never_more_than_there_is(self):
        assert paid(POOR, flat(), cuts(30_000, kind="money"), cuts=[LESS]) == 70_000
        assert paid(POOR, flat(), cuts(300_000, kind="money"), cuts=[LESS]) == 0

    def test_at_most_limits_what_one_reduction_takes_off_and_says_so(self):
        found = line(POOR, flat(), cuts(50), cuts=[{**LESS, "most": 20_000}])
        assert found.amount == 80_000
        assert "giảm 50%, tối đa 20.000\u00a0đ, còn 80.000\u00a0đ" in found.cut.sentence.vi
        assert paid({**POOR, "most": 40_000}, flat(), cuts(50), cuts=[{**LESS, "most": "most"}]) == 60_000

    def test_the_best_for_the_payer_counts_and_losers_say_what_they_would_have_saved(self):
        found = line(POOR, flat(), cuts(30, 50), cut_table(), cuts=[LESS])
        assert (found.cut.rule, found.amount) == ("cut1", 50_000)
        assert [(lost.rule, lost.amount, lost.saved) for lost in found.lost] == [("cut0", 70_000, 30_000)]

    def near(self, *tables, **of):
        found = line({"channel": "online", "late": 3, "poor": False}, flat(), *tables, **of)
        return [near.rule for near in found.near if near.rule.startswith("cut.")]

    def offered(self, *percents, hit="collect"):
        rows = [row("cut.has", {"channel": "online"}, {"percent": percents[0]})]
        rows += [row(f"cut.more{each}", {"poor": "true"}, {"percent": each}) for each in percents[1:]]
        return table("cuts", ["channel", "poor"], {"percent": "int"}, rows, hit=hit)

    def test_a_reduction_that_would_lose_is_no_near_miss(self):
        assert self.near(self.offered(50, 30, 50, 60)) == ["cut.more60"]

    def test_where_nothing_is_paid_no_reduction_almost_applied(self):
        assert self.near(self.offered(100, 50, 100)) == []

    def test_a_reduction_that_a_better_row_of_its_table_would_keep_out_is_no_near_miss(self):
        assert self.near(self.offered(30, 60, hit="first")) == []

    def test_where_reductions_add_up_a_smaller_one_still_betters_the_amount_until_the_ceiling(self):
        stacked = {"stack": True, "ceiling_percent": 60}
        assert self.near(self.offered(50, 30), combine=stacked) == ["cut.more30"]
        assert self.near(self.offered(60, 30), combine=stacked) == []

    def test_without_an_amount_every_reduction_that_almost_applied_is_told(self):
        found = line({"late": 3, "poor": False}, self.offered(50, 30))
        assert [near.rule for near in found.near if near.rule.startswith("cut.")] != []

    def test_an_unknown_limit_of_a_reduction_that_applies_is_asked_for(self):
        of = parts(flat(), cuts(50), charges=[charge(cuts=[{**LESS, "most": "most"}])])
        found = outcome(POOR, **of)
        assert (found.charges[0].amount, found.charges[0].state) == (None, State.MISSING)
        assert {each.fact for each in found.missing} == {"most"}
        assert outcome({"poor": False}, **of).charges[0].amount == 100_000

    def test_a_better_reduction_of_money_is_worth_asking_for(self):
        assert {each.fact for each in outcome({}, **self.of_money()).missing} == {"poor"}

    def of_money(self):
        return parts(flat(), cuts(30_000, kind="money"), charges=[charge(cuts=[LESS])])


class TestStacking:
    def test_reductions_add_up_to_the_ceiling(self):
        combine = {"stack": True, "ceiling_percent": 80}
        found = line(POOR, flat(), cuts(30, 40), cuts=[LESS], combine=combine)
        assert found.amount == 30_000
        assert paid(POOR, flat(), cuts(50, 40), cuts=[LESS], combine=combine) == 20_000
        assert (found.cut.rule, [each.rule for each in found.stacked], found.lost) == ("cut0", ["cut1"], ())
        assert found.reasons[-1].sentence.vi == "Cộng 2 mức giảm, tổng không quá 80%: còn 30.000\u00a0đ"

    def test_the_lower_of_two_ceilings_holds(self):
        combine = {"stack": True, "ceiling_percent": "80,5", "ceiling": 60_000}
        assert paid(POOR, flat(), cuts(50, 40), cuts=[LESS], combine=combine) == 40_000

    def test_rounding_never_passes_the_ceiling(self):
        of = {"cuts": [LESS], "combine": {"stack": True, "ceiling_percent": 80}, "round": {"to": 1000, "how": "down"}}
        assert paid(POOR, flat(151_000), cuts(60, 40), **of) == 31_000

    def test_one_reduction_alone_is_held_by_the_ceiling_too(self):
        combine = {"stack": True, "ceiling": 10_000}
        assert paid(POOR, flat(), cuts(50), cuts=[LESS], combine=combine) == 90_000


HUGE = {"id": "huge", "type": "money", "label": "Mức tính", "formula": "4000000000000000000 * copies"}
LEVEL = table("level", ["huge"], {"n": "int"}, [row("level.one", {"huge": "> 0"}, {"n": 1})])
BY_LEVEL = fee_table(row("fee.level", {"level.n": "1"}, {"amount": 7}))


class TestWhatCannotBeWorkedOut:
    def found(self, facts, *tables, **of):
        found = outcome(facts, **parts(*tables, facts=[*OUTSIDE, HUGE], charges=[charge(cuts=[], **of)]))
        return found.charges[0]

    def test_a_number_beyond_all_counting_is_a_conflict_and_no_want_of_facts(self):
        found = self.found({"copies": 2}, amount={"fact": "huge", "basis": basis()})
        assert (found.state, found.amount) == (State.CONFLICT, None)
        assert found.reasons[0].sentence == Text("Mức tính: không tính được", "Mức tính: it cannot be worked out")

    def test_what_rests_on_it_through_tables_cannot_be_worked_out_either(self):
        by_level = {**BY_LEVEL, "inputs": ["level.n"]}
        assert self.found({"copies": 2}, by_level, LEVEL).state is State.CONFLICT

    def test_what_is_only_unknown_is_still_asked_for(self):
        found = self.found({}, amount={"fact": "huge", "basis": basis()})
        assert (found.state, found.reasons[0].sentence.vi) == (State.MISSING, "Mức tính: chưa đủ dữ liệu để tính")


class TestRowsOfAGroup:
    def test_each_row_is_worked_out_and_the_rows_are_added_up(self):
        found = line(TWO, SEATS, **BY_ROW, times="vehicles.plates", cap=280_000)
        assert found.amount == 280_000 + 280_000
        assert [(each.row, each.shown.vi, each.amount) for each in found.rows] == [
            (1, "4, 2 bản", 280_000),
            (2, "30, 1 bản", 280_000),
        ]
        assert found.reasons[0].sentence.vi == "Dòng 1 (4, 2 bản): Số chỗ 4: 150.000\u00a0đ"
        assert found.reasons[-1].sentence.vi == "Xe, cộng 2 dòng: 560.000\u00a0đ"

    def test_a_row_on_which_no_rule_speaks_leaves_the_line_without_an_amount(self):
        found = line({"vehicles": [{"seats": 4}, {"seats": 60}]}, SEATS, **BY_ROW)
        assert (found.state, found.amount) == (State.NO_RULE, None)
        assert [each.state for each in found.rows] == [State.DECIDED, State.NO_RULE]
        assert found.reasons[-1].sentence == Text(
            "Xe, cộng 2 dòng: chưa có quy định áp dụng", "Xe, the sum of 2 rows: no rule applies"
        )

    def test_the_sum_says_why_there_is_none_as_its_state_does(self):
        gap = line({"vehicles": [{"seats": 4}, {}]}, SEATS, **BY_ROW)
        assert (gap.state, gap.reasons[-1].sentence.vi) == (
            State.MISSING,
            "Xe, cộng 2 dòng: chưa đủ dữ liệu để tính",
        )
        broken = line({**TWO, "most": 10}, SEATS, **BY_ROW, floor=50, cap="most")
        assert (broken.state, broken.reasons[-1].sentence.vi) == (State.CONFLICT, "Xe, cộng 2 dòng: không tính được")

    def test_an_unknown_group_or_a_gap_in_a_row_is_asked_for(self):
        of = parts(SEATS, charges=[charge(**BY_ROW)])
        for facts in ({}, {"vehicles": [{"seats": 4}, {}]}):
            found = outcome(facts, **of)
            assert (found.charges[0].state, found.charges[0].amount) == (State.MISSING, None)
            assert {each.fact for each in found.missing} == {"vehicles"}

    def test_a_group_without_rows_costs_nothing(self):
        assert paid({"vehicles": []}, SEATS, **BY_ROW) == 0

    def test_a_condition_may_leave_out_rows(self):
        rows = {"vehicles": [{"seats": 4, "electric": True}, {"seats": 5, "electric": False}]}
        when = {"vehicles.electric": False}
        found = line(rows, SEATS, **BY_ROW, when=when)
        assert (found.amount, [each.row for each in found.rows]) == (150_000, [2])
        assert line({"vehicles": rows["vehicles"][:1]}, SEATS, **BY_ROW, when=when) is None

    def test_reductions_are_those_of_each_row(self):
        rows = [row("cut.electric", {"vehicles.electric": True}, {"percent": 50})]
        green = table("green", ["vehicles.electric"], {"percent": "int"}, rows, "collect")
        of = {**BY_ROW, "cuts": [{"table": "green", "output": "percent"}]}
        facts = {"vehicles": [{"seats": 4, "electric": True}, {"seats": 5, "electric": False}]}
        found = line(facts, SEATS, green, **of)
        assert (found.base, found.amount) == (300_000, 225_000)
        assert found.cut.sentence.vi.startswith("Dòng 1 (4, có): Xe điện: giảm 50%")

    def test_a_table_over_a_group_is_refused_where_no_row_is_looked_at(self):
        found = faults(SEATS, charges=[charge(**{**BY_ROW, "for_each": None})])
        assert "for_each: vehicles" in found[("charges", 0, "amount", "table")].hint


class TestNotices:
    def test_until_the_notice_is_handed_in_there_is_no_amount(self):
        found = line({}, **BY_NOTICE)
        assert (found.state, found.amount) == (State.MISSING, None)
        assert found.reasons[0].sentence.vi == "Chờ thông báo của Thuế cơ sở"
        assert (found.assessed.by.en, found.assessed.number) == ("Tax office", "")

    def test_the_notice_is_named_with_its_number_and_day(self):
        found = line({"tax": 700, "tax_no": "TB-1", "tax_on": "2026-11-18"}, **BY_NOTICE)
        assert found.amount == 700
        assert found.reasons[0].sentence.vi == "Theo thông báo của Thuế cơ sở số TB-1 ngày 18/11/2026: 700\u00a0đ"
        assert found.reasons[0].citation == "Điều 1 Thông tư 1/2026/TT-BTC"
        assert (found.assessed.number, found.assessed.day) == ("TB-1", "2026-11-18")
        assert (found.collected, found.set_by) == ("by_notice", "law")


class TestPayouts:
    def found(self, facts, **of):
        return outcome(facts, **parts(fee_table(), charges=[], payouts=[{**AID, **of}]))

    def test_what_the_office_pays_is_a_line_of_its_own_and_no_part_of_the_total(self):
        found = self.found({"channel": "counter", "copies": 3}, times="copies", cap=50_000)
        assert (found.payouts[0].amount, found.payouts[0].payee.vi) == (50_000, "Người hưởng")
        assert (found.charges, found.totals) == ((), {})
        assert found.payouts[0].reasons[0].rule == "fee.counter"

    def test_where_no_rule_applies_nothing_is_promised(self):
        found = self.found({"channel": "post", "late": 0}).payouts[0]
        assert (found.state, found.amount) == (State.NO_RULE, None)

    def test_without_an_amount_it_is_said_to_lack_a_payment_and_not_a_charge(self):
        case = {"name": "a", "on": date(2026, 11, 20), "given": {"channel": "post", "late": 0}}
        cases = [{**case, "then": {"payouts": {"aid": 50_000}}}]
        [result] = run_cases(procedure(**parts(fee_table(), charges=[], payouts=[AID], cases=cases)), office())
        assert result.differences[0].endswith("tính ra không có mức chi trả.")

    def test_missing_facts_say_that_they_could_change_it(self):
        assert {each.could_change for each in self.found({"channel": "online"}).missing} == {("payout",)}

    def test_it_is_over_the_rows_of_a_group_too(self):
        aid = {**AID, "amount": {"table": "by_seats", "output": "amount"}, "for_each": "vehicles"}
        of = parts(SEATS, charges=[], payouts=[aid])
        assert outcome({"vehicles": [{"seats": 4}, {"seats": 5}]}, **of).payouts[0].amount == 300_000


def everything():
    """A definition with all there is to say about money."""
    stack = charge(
        cuts=[{**LESS, "most": "most"}],
        combine={"stack": True, "ceiling_percent": "12,5", "ceiling": "most"},
        when=[{"poor": True}, {"late": "> 3"}],
        floor=5,
        cap="most",
        round={"to": 500, "how": "down"},
        set_by="service_unit",
    )
    over = charge(id="over", **BY_ROW, times="vehicles.plates")
    tax = charge(id="tax_line", **BY_NOTICE)
    aid = {**AID, "floor": 1, "cap": "most", "when": {"poor": True}}
    return parts(flat(), cuts("12,5", kind="fixed", scale=1), SEATS, charges=[stack, over, tax], payouts=[aid])


def test_what_is_said_of_money_is_encoded_and_read_back_the_same():
    whole = definition(**everything())
    assert definition_from_json(canonical_json(whole)) == whole


def test_each_part_of_a_line_is_part_of_the_law():
    base = definition(**everything())
    changed = everything()
    changed["charges"][0] = {**changed["charges"][0], "floor": 6}
    assert law_hash(definition(**changed)) != law_hash(base)


def test_the_outcome_is_kept_and_read_back_with_the_same_hash():
    facts = {"poor": True, "most": 40, "tax": 7, "tax_no": "A", "vehicles": [{"seats": 4, "plates": 2}]}
    found = outcome(facts, **everything())
    again = Evaluation.from_data(json.loads(json.dumps(found.to_data())))
    assert again == found
    assert again.hash == found.hash
    other = outcome({**facts, "tax_no": "B"}, **everything())
    assert other.hash != found.hash


def test_an_outcome_kept_before_there_were_payouts_is_still_read():
    kept = outcome(POOR).to_data()
    del kept["payouts"]
    for each in kept["charges"]:
        for name in ("stacked", "rows", "assessed"):
            del each[name]
    for offer in [kept["charges"][0]["cut"]]:
        for name in ("scale", "off", "saved"):
            del offer[name]
    assert Evaluation.from_data(kept).charges[0].amount == 0


def test_all_of_it_is_said_in_sentences_of_both_languages():
    groups = listing(readable(definition(**everything())))
    said = [text for group in groups for text in group.sentences if group.title.vi in ("Phí, lệ phí", "Khoản chi trả")]
    lines = "\n".join(text.vi.replace("\u00a0", " ") for text in said)
    for words in (
        "chỉ có khi “Hộ nghèo” là có; hoặc “Số ngày quá hạn” trên 3 ngày",
        "làm tròn xuống đến bội số của 500 đ",
        "không dưới 5 đ",
        "không quá “Mức trần”",
        "các mức cùng áp dụng được cộng lại, tổng mức giảm không quá 12,5% mức đầy đủ và “Mức trần”",
        "tính cho từng dòng của “Xe” rồi cộng lại",
        "theo thông báo của Thuế cơ sở, ghi ở “Thuế phải nộp”",
        "thu theo thông báo",
        "“Trợ cấp” chi trả cho Người hưởng",
    ):
        assert words in lines
    assert all(text.en for text in said)


@pytest.mark.parametrize(
    ("of", "where", "said"),
    [
        ({"when": {"poorr": True}}, ("when", "poorr"), "poor"),
        ({"for_each": "poor"}, ("for_each",), "group"),
        ({"times": "vehicles.plates"}, ("times",), "từng dòng"),
        ({"floor": -1}, ("floor",), "khoảng cho phép"),
        ({"floor": "late"}, ("floor",), "money"),
        ({"cap": 1.5}, ("cap",), "số nguyên"),
        ({"floor": 9, "cap": 8}, ("floor",), "lớn hơn"),
        ({"round": {"to": 0, "how": "up"}}, ("round", "to"), "khoảng cho phép"),
        ({"round": {"to": 10, "how": "near"}}, ("round", "how"), "half_up"),
        ({"combine": "all"}, ("combine",), "best"),
        ({"combine": {"stack": True}}, ("combine",), "mức trần"),
        ({"combine": {"stack": False, "ceiling_percent": 8}}, ("combine",), "mức trần"),
        ({"combine": {"stack": True, "ceiling_percent": 101}}, ("combine", "ceiling_percent"), "100"),
        ({"combine": {"stack": True, "ceiling": 1}, "cuts": []}, ("combine",), "cuts"),
        ({"cuts": [{"table": "fee", "output": "amoun"}]}, ("cuts", 0, "output"), "amount"),
        ({"cuts": [{"table": "limit", "output": "unit"}]}, ("cuts", 0, "output"), "int, fixed, money"),
        ({"cuts": [{**LESS, "most": "late"}]}, ("cuts", 0, "most"), "money"),
        ({"amount": {"fact": "tax", "notice": {"day": "tax_on"}}}, ("amount", "notice"), "assessed_by"),
        ({"amount": NOTICE, "cuts": [], "times": "copies"}, ("times",), "cơ quan khác"),
        ({"amount": {**NOTICE, "fact": "made"}, "cuts": []}, ("amount", "fact"), "tính ra"),
        ({"amount": {**NOTICE, "notice": {"number": "tax"}}, "cuts": []}, ("amount", "notice", "number"), "text"),
        ({"collected": "later"}, ("collected",), "at_result"),
        ({"set_by": "council"}, ("set_by",), "provincial_council"),
        ({"payee": "ai"}, ("payee",), "payee"),
    ],
)
def test_what_a_line_cannot_say_is_refused_with_its_place(of, where, said):
    made = {"id": "made", "type": "money", "label": "Tính ra", "formula": "tax + 1"}
    found = faults(cuts(50), facts=[*OUTSIDE, made], charges=[charge(**of)])
    assert said in found[("charges", 0, *where)].sentence


@pytest.mark.parametrize("hit", ["collect_sum", "collect_count"])
def test_reductions_are_not_summed_or_counted_by_their_table(hit):
    found = faults(cuts(50, hit=hit), charges=[charge(cuts=[LESS])])
    assert "stack" in found[("charges", 0, "cuts", 0, "table")].hint


def test_a_reduction_of_more_than_all_is_refused():
    found = faults(cuts(120), charges=[charge(cuts=[LESS])])
    assert "cut0" in found[("charges", 0, "cuts", 0, "output")].what


def test_a_payout_needs_a_payee_and_has_no_reductions():
    bare = {name: each for name, each in AID.items() if name != "payee"}
    found = faults(payouts=[{**bare, "cuts": []}])
    assert {("payouts", 0, "cuts"), ("payouts", 0)} <= {where[:3] for where in found} | {where[:2] for where in found}


def test_a_payout_needs_its_legal_basis_and_can_be_counted():
    aid = {**AID, "amount": {"fact": "tax"}, "times": "copies"}
    said = {problem.where: problem for problem in check(definition(**parts(payouts=[aid])))}
    assert "căn cứ" in said[("payouts", 0, "amount")].what
    huge = charge(times="copies", cuts=[])
    fields = [{**each, "max": 2**50} if each["id"] == "copies" else each for each in data()["fields"]]
    found = check(definition(**parts(flat(10**6), fields=[*fields, VEHICLES], charges=[huge])))
    assert "vượt quá giới hạn" in next(each.what for each in found if each.where == ("charges", 0))
    capped = {**huge, "cap": 10**9}
    assert not [
        each for each in check(definition(**parts(flat(10**6), fields=[*fields, VEHICLES], charges=[capped])))
        if each.where == ("charges", 0)
    ]  # fmt: skip


def test_a_golden_case_may_expect_that_there_is_no_such_line():
    of = parts(flat(), charges=[charge(when={"poor": True}, cuts=[])], payouts=[])
    case = {"name": "x", "given": {"poor": False}, "on": "2026-11-20", "then": {"charges": {"registration": "absent"}}}
    of["cases"] = [case]
    whole = definition(**of)
    assert definition_from_json(canonical_json(whole)) == whole
    assert [result.passed for result in run_cases(compiled(whole), office())] == [True]
    there = {**case, "given": {"poor": True}}
    (result,) = run_cases(procedure(**{**of, "cases": [there]}), office())
    assert result.differences == ("Khoản “Lệ phí đăng ký”: mong đợi không có khoản này, tính ra 100.000\u00a0đ.",)


def test_facts_named_only_by_a_line_count_as_used():
    salary = {"label": "Lương", "type": "money", "values": [{"value": 60_000, "basis": basis()}]}
    of = parts(
        flat(),
        parameters={"salary": salary},
        charges=[charge(cuts=[{"table": "cuts", "output": "percent", "most": "salary"}])],
    )
    assert not [each for each in check(definition(**of)) if each.where == ("parameters", "salary")]


def test_a_parameter_that_waits_for_the_place_says_so():
    values = [
        {"value": 100, "since": "2026-01-01", "basis": basis()},
        {"value": 50, "since": "2026-01-01", "territory": "island", "basis": basis()},
    ]
    of = parts(
        territories={"island": {"label": "Đảo", "units": ["40"]}},
        parameters={"low": {"label": "Giá", "type": "money", "values": values}},
        facts=[*OUTSIDE, {"id": "twice", "type": "money", "label": "Giá hai lần", "formula": "2 * low"}],
        charges=[charge(amount={"fact": "twice", "basis": basis()}, cuts=[])],
    )
    shown = {each.fact: each.shown for each in outcome({}, **of).charges[0].reasons[0].facts}
    assert shown["low"].vi == "chưa tra được vì chưa biết đơn vị tiếp nhận"
    there = {each.fact: each.shown for each in outcome({"receiving_unit": "40"}, **of).charges[0].reasons[0].facts}
    assert there["low"].vi.startswith("50\u00a0đ")
    rates = table("fee", ["low"], {"amount": "money"}, [row("fee.low", {"low": "> 0"}, {"amount": 7})])
    asked = outcome({}, **{**of, "tables": [rates, *of["tables"][1:]], "charges": [charge(cuts=[])]}).charges[0]
    assert asked.reasons[0].sentence.vi == "Chưa đủ dữ liệu để tra bảng “Bảng fee”: chưa biết đơn vị tiếp nhận."
