"""Formulas, registers of the law and tables read one another, and reasons, proofs and missing facts see through all."""

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from tests.definitions import basis, charge, cut_table, definition, fee_table, limit_table, outcome, row, table

FORMER, ELSEWHERE = "30169", "28249"
LEVEL = table(
    "level",
    ["need", "poor"],
    {"factor": "int"},
    [
        row("level.former", {"need": "< 3.000.000"}, {"factor": 4}, territory="former"),
        row("level.poor", {"poor": True}, {"factor": 3}),
        row("level.any", {}, {"factor": 2}),
    ],
    "first",
)
PARTS = {
    "parameters": {
        "base_salary": {
            "label": "Lương cơ sở",
            "type": "money",
            "values": [{"value": 2_340_000, "since": "2024-07-01", "basis": basis(3)}],
        }
    },
    "territories": {"former": {"label": "địa bàn tỉnh cũ", "units": [FORMER]}},
    "facts": [
        {"id": "need", "type": "money", "label": "Mức cần", "formula": "base_salary + 100000 * copies"},
        {"id": "aid", "type": "money", "label": "Mức hỗ trợ", "formula": "level.factor * base_salary"},
    ],
    "tables": [fee_table(), cut_table(), limit_table(), LEVEL],
    "charges": [charge(amount={"fact": "aid", "basis": basis()}, cuts=[])],
    "cases": [],
}


def doubts(formula, *tables, **parts):
    fact = {"id": "result", "type": "int", "label": "Kết quả", "formula": formula}
    lines = [charge(amount={"table": "fee", "output": "amount"}, times="result")]
    own = {"tables": [*tables, fee_table(), cut_table(), limit_table()], "facts": [fact], "charges": lines, **parts}
    return [problem.what for problem in check(definition(**own)) if problem.where[0] == "facts"]


def rates(*numbers, hit="first"):
    rows = [row(f"rate.{place}", {"late": place}, {"n": number}) for place, number in enumerate(numbers)]
    return table("rates", ["late"], {"n": "int"}, rows, hit)


@pytest.mark.parametrize(("unit", "copies", "factor"), [(FORMER, 1, 4), (FORMER, 9, 2), (ELSEWHERE, 1, 2)])
def test_a_formula_reads_a_table_of_a_territory_that_reads_a_formula_over_a_parameter(unit, copies, factor):
    found = outcome({"receiving_unit": unit, "copies": copies, "poor": False}, **PARTS)
    assert found.charges[0].amount == factor * 2_340_000
    assert found.missing == ()
    assert Evaluation.from_data(found.to_data()).hash == found.hash


def test_the_reason_shows_row_parameter_and_place_with_their_citations():
    found = outcome({"receiving_unit": FORMER, "copies": 1, "poor": False}, **PARTS)
    used = {each.fact: each for each in found.charges[0].reasons[0].facts}
    assert (used["level.factor"].rules, used["level.factor"].citations) == (
        ("level.former",),
        ("Điều 1 Thông tư 1/2026/TT-BTC",),
    )
    assert used["base_salary"].citations == ("Điều 3 Thông tư 1/2026/TT-BTC",)
    assert used["territories"].shown.vi == "địa bàn tỉnh cũ"
    assert {"receiving_unit", "copies", "need"} <= used.keys()


def test_what_is_missing_is_asked_of_people_through_formulas_tables_and_places():
    found = outcome({"poor": False}, **PARTS)
    assert found.charges[0].state is State.DECIDED
    assert {each.fact for each in found.missing} == {"receiving_unit", "copies"}


def test_a_parameter_without_a_value_behind_a_table_is_named_as_a_problem():
    late = {**PARTS["parameters"]["base_salary"], "values": [{"value": 1, "since": "2030-01-01", "basis": basis()}]}
    found = outcome(
        {"receiving_unit": FORMER, "copies": 1, "poor": True}, **{**PARTS, "parameters": {"base_salary": late}}
    )
    assert [problem.where for problem in found.problems] == [("parameters", "base_salary")]
    assert found.missing == ()


@pytest.mark.parametrize(("other", "missing"), [(7, set()), (8, {"copies"})])
def test_what_known_sees_is_missing_only_where_the_table_behind_it_would_give_something_else(other, missing):
    asked = {"id": "told", "type": "bool", "label": "Đã khai", "formula": "known(copies)"}
    rows = [row("fee.told", {"told": True}, {"amount": other}), row("fee.any", {}, {"amount": 7})]
    tables = [table("fee", ["told"], {"amount": "money"}, rows, "first"), cut_table(), limit_table()]
    found = outcome({"poor": False}, facts=[asked], tables=tables, cases=[])
    assert found.charges[0].amount == 7
    assert {each.fact for each in found.missing} == missing


def test_a_shared_set_brings_tables_that_the_procedures_formulas_read():
    shared = {"version": "1", "label": "Mức chung", "tables": [LEVEL | {"rows": LEVEL["rows"][1:]}]}
    parts = {**PARTS, "tables": [fee_table(), cut_table(), limit_table()], "shared": {"aid": shared}}
    made = definition(**parts, include=[{"set": "aid", "version": "1"}])
    assert definition_from_json(canonical_json(made)) == made
    assert (made.table("level").origin, made.table("level").inputs) == ("aid@1", ("need", "poor"))


@pytest.mark.parametrize(
    "formula", ["divide(late, rates.n, up)", "divide(late, months, up)", "divide(late, rates.n + months, up)"]
)
def test_numbers_that_the_law_itself_states_bound_a_divisor(formula):
    months = {"months": {"label": "Số tháng", "type": "int", "values": [{"value": 3, "basis": basis()}]}}
    assert doubts(formula, rates(2, 5), parameters=months) == []


@pytest.mark.parametrize(
    ("table", "sure"),
    [
        (rates(2, 0), False),
        (rates(2, -1), False),
        (rates(2, 5, hit="collect_sum"), True),
        (rates(2, -2, hit="collect_sum"), False),
        (rates(2, 5, hit="collect_min"), True),
        (rates(2, 5, hit="collect_count"), False),
    ],
)
def test_a_divisor_from_a_table_is_proved_from_its_rows_and_its_hit_policy(table, sure):
    found = doubts("divide(late, rates.n, up)", table)
    assert [what.startswith("Số chia có thể bằng 0") for what in found] == ([] if sure else [True])


def test_a_number_from_a_table_is_never_said_to_lack_bounds():
    found = doubts(f"rates.n * {10**12}", rates(1, 10**12))
    assert len(found) == 1
    assert "chưa khai giới hạn" not in found[0]
    assert "trong giới hạn đã khai của “Bảng rates”" in found[0]
