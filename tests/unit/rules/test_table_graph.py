"""Tables feed tables and formulas, and are matched once for each row of a group where they ask about its members."""

from datetime import date

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json
from rules.errors import DefinitionError
from rules.evaluation.cases import run_cases
from rules.evaluation.evaluate import situation_of
from rules.evaluation.explain import near_misses, row_reason
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.trial import faults
from rules.values import Text
from tests.definitions import (
    DAY,
    beside_tables,
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

RISK = table(
    "risk",
    ["late"],
    {"level": "code"},
    [
        row("risk.high", {"late": "> 10"}, {"level": "high"}),
        row("risk.low", {"late": "<= 10"}, {"level": "low"}),
    ],
)
FEE = table(
    "fee",
    ["risk.level"],
    {"amount": "money"},
    [
        row("fee.high", {"risk.level": "high"}, {"amount": 900}),
        row("fee.low", {"risk.level": "low"}, {"amount": 100}),
    ],
)
FED = {"tables": [FEE, RISK, cut_table(), limit_table()], "cases": []}
HOUSEHOLD = {
    "id": "members",
    "kind": "group",
    "label": "Nhân khẩu",
    "fields": [
        {"id": "age", "kind": "whole_number", "label": "Tuổi", "unit": "year"},
        {"id": "sick", "kind": "yes_no", "label": "Bệnh nặng"},
    ],
}
AID = table(
    "aid",
    ["members.age", "poor"],
    {"amount": "money"},
    [
        row("aid.child", {"members.age": "< 16"}, {"amount": 500}),
        row("aid.old", {"members.age": ">= 60", "poor": True}, {"amount": 700}),
    ],
)


def with_rows(*tables, **parts):
    return {"fields": [*data()["fields"], HOUSEHOLD], "tables": [*tables, *data()["tables"]], "cases": [], **parts}


def situation(given, **parts):
    return situation_of(procedure(**parts), given, on=DAY, at=None, office=office())[0]


def faults_of(**parts):
    with pytest.raises(DefinitionError) as refused:
        definition(**parts)
    return {problem.where: problem for problem in reversed(refused.value.problems)}


def test_the_output_of_a_table_is_a_fact_of_another_table_whatever_their_order():
    found = outcome({"late": 12, "poor": False, "channel": "counter"}, **FED)
    assert found.charges[0].amount == 900
    assert found.facts["risk.level"] == "high"


def test_a_reason_names_the_rows_behind_the_facts_it_read():
    found = outcome({"late": 3, "poor": False}, **FED)
    used = {each.fact: each for each in found.charges[0].reasons[0].facts}
    assert (used["risk.level"].source, used["risk.level"].rules) == ("table", ("risk.low",))
    assert used["risk.level"].citations == ("Điều 1 Thông tư 1/2026/TT-BTC",)
    assert used["late"].shown.vi == "3 ngày"
    assert Evaluation.from_data(found.to_data()) == found


def test_a_golden_case_may_expect_the_row_of_a_table_that_only_feeds_another():
    case = {"name": "rủi ro cao", "given": {"late": 12}, "on": DAY, "then": {"because": ["risk.high", "fee.high"]}}
    assert run_cases(procedure(**{**FED, "cases": [case]}), office())[0].differences == ()


def test_outputs_that_nothing_reads_are_no_facts_of_the_outcome():
    assert not [name for name in outcome({"late": 1}).facts if "." in name]


def test_a_formula_reads_an_output_and_a_table_reads_the_formula():
    points = table("points", ["late"], {"n": "int"}, [row("points.two", {"late": "> 0"}, {"n": 2})], "collect_sum")
    more = table("points2", ["doubled"], {"ok": "bool"}, [row("ok.yes", {"doubled": ">= 4"}, {"ok": True})])
    facts = [{"id": "doubled", "type": "int", "label": "Gấp đôi", "formula": "points.n * 2"}]
    found = situation({"late": 1}, tables=[more, points, *data()["tables"]], facts=facts)
    assert (found.facts["doubled"], found.hits["points2"].value("ok")) == (4, True)


def test_what_an_output_waits_for_is_asked_of_the_person_and_not_of_the_table():
    found = outcome({"poor": False}, **FED)
    assert found.charges[0].state is State.MISSING
    assert [(each.fact, each.could_change) for each in found.missing] == [("late", ("fee",))]


def test_a_count_that_could_still_grow_is_not_taken_for_certain():
    marks = table(
        "found",
        ["poor", "group"],
        {"hit": "int"},
        [row("found.poor", {"poor": True}, {"hit": 1}), row("found.group", {"group": "a"}, {"hit": 1})],
        "collect_count",
    )
    fee = table(
        "fee",
        ["found.hit"],
        {"amount": "money"},
        [row("fee.none", {"found.hit": 0}, {"amount": 1}), row("fee.some", {"found.hit": ">= 1"}, {"amount": 2})],
    )
    found = outcome({"poor": False}, tables=[marks, fee, limit_table()], charges=[charge(cuts=[])], cases=[])
    assert found.charges[0].amount == 1
    assert [each.fact for each in found.missing] == ["group"]
    settled = outcome(
        {"poor": False, "group": "b"}, tables=[marks, fee, limit_table()], charges=[charge(cuts=[])], cases=[]
    )
    assert settled.missing == ()


@pytest.mark.parametrize(
    ("hit", "order", "named"),
    [
        ("first", None, []),
        ("collect_min", None, []),
        ("collect_max", None, ["group"]),
        ("collect_sum", None, ["group"]),
        ("rule_order", None, ["group"]),
        ("priority", "ascending", []),
        ("priority", "descending", ["group"]),
    ],
)
def test_a_row_still_open_matters_only_where_the_policy_could_take_it(hit, order, named):
    rows = [row("cheap", {"poor": True}, {"amount": 1}), row("dear", {"group": "a"}, {"amount": 2})]
    fee = table("fee", ["poor", "group"], {"amount": "money"}, rows, hit)
    fee["outputs"][0].update({"order": order} if order else {})
    found = outcome({"poor": True}, tables=[fee, limit_table()], charges=[charge(cuts=[])], cases=[])
    assert [each.fact for each in found.missing] == named


def test_a_conflict_in_a_table_that_feeds_another_is_named():
    risk = {
        **RISK,
        "rows": [row("one", {"late": "> 1"}, {"level": "high"}), row("two", {"late": "> 2"}, {"level": "low"})],
    }
    found = outcome({"late": 3, "poor": False}, tables=[FEE, risk, cut_table(), limit_table()], cases=[])
    assert found.charges[0].amount is None
    assert "one, two" in found.problems[0].what


def test_tables_that_read_each_other_are_refused_with_the_way_round():
    risk = {**RISK, "inputs": ["fee.amount"], "rows": [row("r", {"fee.amount": "> 1"}, {"level": "high"})]}
    fee = {**FEE, "rows": [row("f", {"risk.level": "high"}, {"amount": 1})]}
    found = faults_of(tables=[fee, risk, cut_table(), limit_table()], cases=[])
    assert "fee.amount → risk.level → fee.amount" in found["tables", 0, "inputs"].what


def test_a_table_and_a_formula_that_read_each_other_are_refused_too():
    facts = [{"id": "score", "type": "int", "label": "Điểm", "formula": "points.n + 1"}]
    points = table("points", ["score"], {"n": "int"}, [row("p", {"score": 1}, {"n": 1})])
    found = faults_of(tables=[points, *data()["tables"]], facts=facts)
    assert "score → points.n → score" in found["facts", 0, "formula"].what


def test_an_output_that_is_not_there_is_answered_with_the_nearest_one():
    fee = {**FEE, "inputs": ["risk.levl"], "rows": [row("f", {}, {"amount": 1})]}
    found = faults_of(tables=[fee, RISK, cut_table(), limit_table()], cases=[])
    assert "risk.level" in found["tables", 0, "inputs", 0].hint


def test_a_code_no_row_gives_is_refused_in_the_cell_that_waits_for_it():
    fee = {**FEE, "rows": [row("f", {"risk.level": "medium"}, {"amount": 1})]}
    found = faults_of(tables=[fee, RISK, cut_table(), limit_table()], cases=[])
    assert "không có mã “medium”" in found["tables", 0, "rows", 0, "when", "risk.level"].what


def test_outputs_are_computed_and_not_handed_in():
    with pytest.raises(Exception, match="do hệ thống tính"):
        outcome({"risk.level": "high"}, **FED)


def test_a_table_without_inputs_is_a_list_of_plain_conditions():
    fee = {name: part for name, part in fee_table().items() if name != "inputs"}
    whole = definition(tables=[fee, cut_table(), limit_table()])
    assert whole.table("fee").inputs == ("channel", "late")
    assert definition_from_json(canonical_json(whole)) == whole
    assert (
        outcome({"channel": "counter", "poor": False}, tables=[fee, cut_table(), limit_table()]).charges[0].amount
        == 20000
    )


def test_a_plain_condition_on_an_unknown_fact_is_refused_at_the_condition():
    fee = {**fee_table(row("f", {"chanel": "counter"}, {"amount": 1})), "inputs": None}
    found = faults_of(tables=[fee, cut_table(), limit_table()])
    assert "channel" in found["tables", 0, "rows", 0, "when", "chanel"].hint


def test_a_table_over_a_group_is_matched_for_each_of_its_rows():
    found = situation({"members": [{"age": 8}, {"age": 70}, {"age": 30}], "poor": True}, **with_rows(AID))
    assert [hits.value("amount") for hits in found.each("aid")] == [500, 700, None]
    assert "aid" not in found.hits


def test_a_group_nobody_has_filled_in_has_no_rows():
    assert situation({}, **with_rows(AID)).each("aid") == ()


def test_reasons_and_near_misses_are_told_of_the_row_they_are_about():
    first, second = situation({"members": [{"age": 8}, {"age": 60}], "poor": False}, **with_rows(AID)).rows("members")
    hits = first.hits["aid"]
    assert row_reason(hits.table, hits.rows[0], first, Text("500 đ")).sentence.vi == "Tuổi 8 năm: 500 đ"
    near = near_misses([hits.table], second, lambda table, row: Text("700 đ"), reader="aid")
    assert [(each.rule, each.change.vi) for each in near if each.rule == "aid.old"] == [
        ("aid.old", "Nếu hộ nghèo thì 700 đ")
    ]


def test_a_table_over_a_group_survives_encoding_and_hits_its_own_witnesses():
    whole = definition(**with_rows(AID))
    assert whole.table("aid").over == "members"
    assert definition_from_json(canonical_json(whole)) == whole
    assert faults(whole) == []


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"deadline": {"table": "aid"}}, ("deadline", "table")),
        ({"eligibility": {"table": "aid"}}, ("eligibility", "table")),
        ({"charges": [charge(amount={"table": "aid", "output": "amount"})]}, ("charges", 0, "amount", "table")),
    ],
)
def test_what_is_asked_once_a_dossier_does_not_read_a_table_over_a_group(parts, where):
    assert "for_each: members" in faults_of(**with_rows(AID, **parts))[where].hint


def test_a_table_over_a_group_feeds_no_other_table():
    other = table("other", ["aid.amount"], {"n": "int"}, [row("o", {"aid.amount": "> 1"}, {"n": 1})])
    found = faults_of(**with_rows(AID, other))
    assert "từng dòng của nhóm “members”" in found["tables", 1, "inputs", 0].what


def test_a_table_over_two_groups_is_refused():
    goods = {
        "id": "goods",
        "kind": "group",
        "label": "Hàng",
        "fields": [{"id": "n", "kind": "whole_number", "label": "Số"}],
    }
    both = table("both", ["members.age", "goods.n"], {"n": "int"}, [row("b", {"members.age": 1}, {"n": 1})])
    found = faults_of(**{**with_rows(both), "fields": [*data()["fields"], HOUSEHOLD, goods]})
    assert "goods" in found["tables", 0, "inputs", 1].what


@pytest.mark.parametrize(
    ("parts", "where", "said"),
    [
        (
            {"papers": [{"code": "p", "label": "Giấy", "shown_when": {"members.sick": True}}]},
            ("papers", 0, "shown_when", "members.sick"),
            "từng dòng của nhóm “members”",
        ),
        (
            {"facts": [{"id": "f", "type": "int", "label": "F", "formula": "members.age + 1"}]},
            ("facts", 0, "formula"),
            "trường trong nhóm",
        ),
        (
            {"facts": [{"id": "f", "type": "money", "label": "F", "formula": "sum(members, aid.amount)"}]},
            ("facts", 0, "formula"),
            "từng dòng của nhóm “members”",
        ),
    ],
)
def test_what_belongs_to_a_row_of_a_group_is_known_only_while_that_row_is_looked_at(parts, where, said):
    assert said in faults_of(**with_rows(AID, **parts))[where].what


@pytest.mark.parametrize(
    ("column", "given", "said"),
    [
        ({"type": "fixed"}, "1,5", "scale"),
        ({"type": "fixed", "scale": 1}, "1,55", "nhiều nhất 1 chữ số"),
        ({"type": "fixed", "scale": 1}, 1.5, "Cần một số"),
        ({"type": "int", "scale": 1}, 1, "scale"),
        ({"type": "day"}, "hôm nay", "Không đọc được ngày"),
        ({"type": "code", "list": "group"}, "z", "không có mã “z”"),
        ({"type": "code", "list": "nowhere"}, "a", "Không có danh mục “nowhere”"),
        ({"type": "codes"}, "a", "Cần một danh sách"),
        ({"type": "int", "order": "ascending"}, 1, "không dùng “order”"),
        ({"type": "money", "unit": "page"}, 1, "không có đơn vị"),
        ({"type": "int"}, None, "Thiếu kết quả"),
    ],
)
def test_an_output_that_cannot_be_read_strictly_is_refused(column, given, said):
    made = {**table("t", [], {}, [row("r", {}, {"o": given})]), "outputs": [{"id": "o", **column}]}
    assert said in " ".join(each.sentence for each in faults_of(tables=[made, *data()["tables"]]).values())


@pytest.mark.parametrize(
    ("hit", "kinds"), [("collect_sum", ["code"]), ("collect_min", ["int", "int"]), ("collect_max", ["bool"])]
)
def test_what_is_added_up_or_compared_is_one_number(hit, kinds):
    outputs = [{"id": f"o{place}", "type": kind} for place, kind in enumerate(kinds)]
    made = {**table("t", [], {}, [row("r", {}, {})], hit), "outputs": outputs}
    assert "đúng một cột" in faults_of(tables=[made, *data()["tables"]])["tables", 0, "outputs"].what


def test_an_output_outside_the_declared_order_is_refused():
    made = {
        **table("t", [], {}, [row("r", {}, {"o": "c"})], "priority"),
        "outputs": [{"id": "o", "type": "code", "order": ["a", "b"]}],
    }
    assert (
        "chưa được xếp thứ tự" in faults_of(tables=[made, *data()["tables"]])["tables", 0, "rows", 0, "then", "o"].what
    )


def test_outputs_of_every_type_survive_encoding():
    outputs = [
        {
            "id": "share",
            "type": "fixed",
            "scale": 2,
            "unit": "percent",
            "order": "descending",
            "label": {"vi": "Tỷ lệ"},
        },
        {"id": "until", "type": "day"},
        {"id": "kinds", "type": "codes", "list": "group"},
        {"id": "level", "type": "code", "order": ["b", "a"]},
        {"id": "sure", "type": "bool", "order": [True, False]},
    ]
    then = {"share": "12,5", "until": "2026-12-31", "kinds": ["b", "a"], "level": "a", "sure": False}
    made = {**table("t", [], {}, [row("r", {}, then)], "priority"), "outputs": outputs}
    whole = definition(tables=[made, *data()["tables"]])
    assert whole.table("t").rows[0].then == (1250, date(2026, 12, 31), ("a", "b"), "a", False)
    assert definition_from_json(canonical_json(whole)) == whole
    assert whole.vocabulary["t.share"].shown(1250) == Text("12,5 %", "12.5 %")


def test_measures_and_moments_are_given_as_written_and_kept_exactly():
    fields = [
        {
            "id": "area",
            "kind": "measure",
            "scale": 2,
            "unit": "square_metre",
            "label": "Diện tích",
            "min": "0,5",
            "max": 1000,
        },
        {"id": "seen", "kind": "moment", "label": "Lúc nộp"},
    ]
    fee = table(
        "fee",
        ["area", "seen"],
        {"amount": "money"},
        [row("fee.one", {"area": "[0,5..120,5]", "seen": ">= 08:00 15/08/2026"}, {"amount": 7})],
    )
    given = {"area": "120.5", "seen": "2026-08-15T08:00"}
    case = {"name": "đúng ranh giới", "given": given, "on": DAY, "then": {"total": 7}}
    parts = {"fields": [*data()["fields"], *fields], "tables": [fee, cut_table(), limit_table()], "cases": [case]}
    whole = definition(**parts)
    assert (whole.fields[-2].min, whole.fields[-2].max, whole.cases[0].given["area"]) == (50, 100_000, 12050)
    assert '"given":{"area":"120,5","seen":"2026-08-15T08:00:00"}' in canonical_json(whole)
    assert definition_from_json(canonical_json(whole)) == whole
    assert run_cases(procedure(**parts), office())[0].differences == ()
    assert faults(whole) == []
    assert [each.sentence for each in beside_tables(check(whole))] == []
