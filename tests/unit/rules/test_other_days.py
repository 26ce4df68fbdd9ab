"""The law of another day than the legal one: parameters looked up by a fact, tables whose rows hold by its day."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json
from rules.errors import DefinitionError
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from tests.definitions import DAY, basis, charge, definition, limit_table, office, outcome, row, table

SALARY = {
    "label": "Lương cơ sở",
    "type": "money",
    "values": [
        {"value": 1_800_000, "since": "2023-07-01", "until": "2024-07-01", "basis": basis(2)},
        {"value": 2_340_000, "since": "2024-07-01", "basis": basis(3)},
    ],
}
THEN = {"id": "salary_then", "label": "Lương cơ sở ngày sinh", "parameter": "base_salary", "on": "born"}


def looked_up(**parts):
    return {
        "parameters": {"base_salary": SALARY},
        "facts": [THEN],
        "charges": [charge(amount={"fact": "salary_then", "basis": basis()}, cuts=[])],
        "tables": [limit_table()],
        "cases": [],
        **parts,
    }


class TestParameters:
    def test_the_value_is_that_of_the_day_the_fact_names_and_the_legal_day_has_its_own(self):
        parts = looked_up()
        parts["facts"] = [
            THEN,
            {"id": "both", "type": "money", "label": "Cả hai", "formula": "salary_then + base_salary"},
        ]
        parts["charges"] = [charge(amount={"fact": "both", "basis": basis()}, cuts=[])]
        assert outcome({"born": "2024-06-30"}, **parts).charges[0].amount == 1_800_000 + 2_340_000
        assert outcome({"born": "2024-07-01"}, **parts).charges[0].amount == 2 * 2_340_000

    def test_the_reason_shows_the_day_it_was_looked_up_by_how_long_it_held_and_its_citation(self):
        found = outcome({"born": "2024-05-02"}, **looked_up()).charges[0]
        used = {fact.fact: fact for fact in found.reasons[0].facts}
        assert (
            used["salary_then"].shown.vi
            == "1.800.000\u00a0đ (theo ngày 02/05/2024; từ 01/07/2023 đến trước 01/07/2024)"
        )
        assert used["salary_then"].citations == ("Điều 2 Thông tư 1/2026/TT-BTC",)
        assert used["born"].shown.vi == "02/05/2024"
        assert "base_salary" not in used

    def test_while_the_day_is_unknown_it_is_missing_and_said(self):
        found = outcome({}, **looked_up())
        assert (found.charges[0].state, found.charges[0].amount) == (State.MISSING, None)
        assert [each.fact for each in found.missing] == ["born"]
        shown = {fact.fact: fact.shown.vi for fact in found.charges[0].reasons[0].facts}
        assert shown["salary_then"] == "chưa tra được vì chưa biết ngày sinh"

    def test_on_a_day_without_a_value_no_rule_applies_and_a_problem_names_fact_and_day(self):
        found = outcome({"born": "2020-01-01"}, **looked_up())
        assert (found.charges[0].state, found.missing) == (State.NO_RULE, ())
        assert [problem.what for problem in found.problems] == [
            "“Lương cơ sở ngày sinh” không có giá trị áp dụng ngày 01/01/2020."
        ]

    def test_a_table_that_reads_it_says_the_same(self):
        rows = [row("low", {"salary_then": "< 2.000.000"}, {"amount": 1000})]
        parts = looked_up(tables=[table("fee", ["salary_then"], {"amount": "money"}, rows), limit_table()])
        parts["charges"] = [charge(cuts=[])]
        assert outcome({"born": "2024-01-01"}, **parts).charges[0].amount == 1000
        none = outcome({"born": "2020-01-01"}, **parts).charges[0].reasons[-1].sentence.vi
        assert none == "Không có quy định áp dụng: “Lương cơ sở ngày sinh” không có giá trị ngày 01/01/2020."

    def test_the_day_may_be_computed_and_the_first_of_january(self):
        first = {"id": "first", "type": "day", "label": "Ngày 01/01", "formula": "end_of_year(add_years(born, -1)) + 1"}
        parts = looked_up(facts=[{**THEN, "on": "first"}, first])
        assert outcome({"born": "2024-12-31"}, **parts).charges[0].amount == 1_800_000

    def test_a_value_of_a_territory_waits_for_the_place(self):
        values = [*SALARY["values"], {"value": 5, "territory": "here", "basis": basis(4)}]
        places = {"here": {"label": "ở đây", "units": ["28249"]}}
        parts = looked_up(parameters={"base_salary": {**SALARY, "values": values}}, territories=places)
        assert outcome({"born": "2024-05-02", "receiving_unit": "28249"}, **parts).charges[0].amount == 5
        assert outcome({"born": "2024-05-02", "receiving_unit": "1"}, **parts).charges[0].amount == 1_800_000
        assert [each.fact for each in outcome({"born": "2024-05-02"}, **parts).missing] == ["receiving_unit"]

    def test_it_survives_the_canonical_form_and_is_said(self):
        whole = definition(**looked_up())
        assert definition_from_json(canonical_json(whole)) == whole
        [fact] = readable(whole).facts
        assert fact.how.vi == "giá trị của “Lương cơ sở” vào “Ngày sinh”"
        assert not [each for each in check(whole) if each.where[0] == "parameters"]

    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            ({"parameter": "salary"}, "facts[1].parameter"),
            ({"on": "poor"}, "facts[1].on"),
            ({"on": "nothing"}, "facts[1].on"),
            ({"type": "money"}, "facts[1].type"),
            ({"on": None}, "facts[1]"),
        ],
    )
    def test_what_does_not_fit_is_refused_at_its_place(self, wrong, place):
        with pytest.raises(DefinitionError) as refused:
            definition(**looked_up(facts=[{**THEN, **wrong}]))
        assert place in {problem.place for problem in refused.value.problems}

    def test_a_day_that_hangs_on_the_value_itself_is_a_circle(self):
        day = {"id": "later", "type": "day", "label": "Ngày", "formula": "if(salary_then > 0, born, born + 1)"}
        with pytest.raises(DefinitionError, match="vòng tròn"):
            definition(**looked_up(facts=[{**THEN, "on": "later"}, day]))


PRICES = [
    row("price.old", {}, {"amount": 40_000}, until="2026-01-01"),
    row("price.new", {}, {"amount": 55_000}, since="2026-01-01"),
]


def priced(*rows, **more):
    prices = {**table("fee", [], {"amount": "money"}, list(rows) or PRICES), "on": "born", **more}
    return {"tables": [prices, limit_table()], "charges": [charge(cuts=[])], "cases": []}


class TestTables:
    def test_rows_are_in_force_by_the_day_of_the_fact_and_not_of_the_acceptance(self):
        assert outcome({"born": "2025-12-31"}, **priced()).charges[0].amount == 40_000
        assert outcome({"born": "2026-01-01"}, **priced()).charges[0].amount == 55_000

    def test_the_reason_names_the_day(self):
        found = outcome({"born": "2025-12-31"}, **priced()).charges[0]
        assert found.reasons[0].sentence.vi == "Ngày sinh 31/12/2025: 40.000\u00a0đ"
        assert [fact.fact for fact in found.reasons[0].facts] == ["born"]

    def test_while_the_day_is_unknown_it_is_missing_and_said(self):
        found = outcome({}, **priced())
        assert (found.charges[0].state, [each.fact for each in found.missing]) == (State.MISSING, ["born"])
        assert found.charges[0].reasons[0].sentence.vi == (
            "Chưa đủ dữ liệu để tra bảng “Bảng fee”: chưa biết ngày sinh."
        )

    def test_a_row_of_every_day_hits_whatever_the_day(self):
        assert outcome({}, **priced(row("price.always", {}, {"amount": 7}))).charges[0].amount == 7

    def test_the_days_of_the_document_that_a_row_cites_are_compared_with_it_too(self):
        dated = {"tt": {"document": "Thông tư 1/2026/TT-BTC", "since": "2026-06-01"}}
        parts = {**priced(row("price", {}, {"amount": 7})), "basis": dated}
        assert outcome({"born": "2026-05-31"}, **parts).charges[0].amount is None
        assert outcome({"born": "2026-06-01"}, **parts).charges[0].amount == 7

    def test_two_rows_of_one_day_still_clash(self):
        clash = row("price.other", {}, {"amount": 1}, since="2026-03-01")
        said = [problem.what for problem in check(definition(**priced(*PRICES, clash)))]
        assert any("“price.new” và “price.other” cùng áp dụng" in what for what in said)
        assert not any("“price.old” và “price.new”" in what for what in said)

    def test_it_survives_the_canonical_form_and_is_said(self):
        whole = definition(**priced())
        assert definition_from_json(canonical_json(whole)) == whole
        [prices, _] = readable(whole).tables
        assert prices.each.vi == "Dòng có hiệu lực hay không xét theo “Ngày sinh”."
        assert prices.rows[1].period.vi == "từ 01/01/2026"

    @pytest.mark.parametrize("wrong", [{"on": "poor"}, {"on": "nothing"}, {"inputs": ["born"]}])
    def test_what_does_not_fit_is_refused(self, wrong):
        with pytest.raises(DefinitionError) as refused:
            definition(**priced(**wrong))
        assert "tables[1].on" in {problem.place for problem in refused.value.problems}

    def test_a_table_over_the_rows_of_a_group_may_go_by_the_day_of_each_row(self):
        group = {
            "id": "plots",
            "kind": "group",
            "label": "Thửa",
            "fields": [{"id": "sold_on", "kind": "day", "label": "Ngày bán"}],
        }
        parts = {**priced(on="plots.sold_on"), "fields": [group]}
        parts["charges"] = [charge(cuts=[], for_each="plots")]
        found = outcome({"plots": [{"sold_on": "2025-12-31"}, {"sold_on": "2026-02-01"}]}, **parts).charges[0]
        assert (found.amount, [each.amount for each in found.rows]) == (95_000, [40_000, 55_000])


@given(born=st.dates(date(2023, 1, 1), date(2027, 1, 1)), on=st.dates(date(2026, 1, 2), date(2027, 12, 1)))
def test_the_day_of_acceptance_never_decides_what_goes_by_another_day(born, on):
    parts = {**priced(), **{name: looked_up()[name] for name in ("parameters", "facts")}}
    parts["charges"] = [charge(cuts=[]), charge(id="then", amount={"fact": "salary_then", "basis": basis()}, cuts=[])]
    made = compiled(definition(**parts))

    def amounts(day):
        return [each.amount for each in evaluate(made, {"born": born}, on=day, at=None, office=office()).charges]

    assert amounts(on) == amounts(DAY) == amounts(on + timedelta(days=1))


def test_an_outcome_with_both_comes_back_from_its_data():
    found = outcome({"born": "2024-05-02"}, **{**looked_up(), "tables": priced()["tables"]})
    assert Evaluation.from_data(json.loads(json.dumps(found.to_data()))) == found
