"""What may not be published is named, with a dossier that shows it."""

import pytest

from rules.check.procedure import check
from rules.errors import DefinitionError, Severity
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import tried
from rules.evaluation.evaluate import situation_of
from rules.trial import faults, trial
from tests.definitions import (
    DAY,
    basis,
    charge,
    cut_table,
    data,
    definition,
    fee_table,
    limit_table,
    office,
    procedure,
    row,
    table,
)


def errors(**parts):
    return [problem.sentence for problem in check(definition(**parts)) if problem.severity is Severity.ERROR]


def warnings(**parts):
    return [problem.sentence for problem in check(definition(**parts)) if problem.severity is Severity.WARNING]


def test_a_whole_definition_has_no_problems():
    assert errors() == []


@pytest.mark.parametrize(
    ("part", "letter"),
    [("steps", "b)"), ("ways", "c)"), ("copies_of_dossier", "d)"), ("applicants", "e)"), ("body", "g)")],
)
def test_a_missing_statutory_part_is_named_by_its_letter(part, letter):
    statutory = {key: value for key, value in data()["statutory"].items() if key != part}
    assert [letter in said for said in errors(statutory=statutory)] == [True]


@pytest.mark.parametrize(
    ("limit", "start", "said"),
    [
        ({"amount": 2, "unit": "same_day"}, "next_opening", "nhập số từ 0 đến 1"),
        ({"amount": 1, "unit": "working_days", "cutoff": 900}, "moment", "bỏ giờ chốt"),
    ],
)
def test_a_limit_that_the_clock_could_not_count_is_not_published(limit, start, said):
    wrong = table("limit", [], {"amount": "int", "unit": "code", "cutoff": "int"}, [row("time.wrong", {}, limit)])
    found = errors(tables=[fee_table(), cut_table(), wrong], deadline={"table": "limit", "start": start})
    assert [said in sentence and "time.wrong" in sentence for sentence in found] == [True]


def test_a_limit_that_is_no_number_is_told_once_and_at_its_cell():
    rows = [row("time", {}, {"amount": "nhanh", "unit": "working_days"})]
    with pytest.raises(DefinitionError) as refused:
        definition(tables=[fee_table(), cut_table(), table("limit", [], {"amount": "int", "unit": "code"}, rows)])
    assert [problem.where[-1] for problem in refused.value.problems if "None" in problem.what] == []
    assert [problem.where for problem in refused.value.problems] == [("tables", 2, "rows", 0, "then", "amount")]


def test_no_papers_and_no_deadline_are_missing_parts_too():
    assert len(errors(papers=[], deadline=None)) == 2


def test_a_definition_without_golden_cases_is_not_published():
    assert "tình huống mẫu" in errors(cases=[])[0]


def test_a_row_without_legal_basis_is_not_published():
    bare = {"id": "r", "when": {}, "then": {"amount": 1}}
    assert "căn cứ pháp lý" in errors(tables=[fee_table(bare), cut_table(), limit_table()])[0]


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ({"late": ">= 0"}, {"late": "<= 5"}, "khi “Số ngày quá hạn” từ 0 ngày đến dưới 6 ngày"),
        ({"channel": "online"}, {"late": 5}, "khi “Cách nộp” là Trực tuyến và “Số ngày quá hạn” 5 ngày"),
        ({"channel": "trừ post"}, {"channel": "online, post"}, "khi “Cách nộp” là Trực tuyến"),
        ({"late": "unknown"}, {}, "khi “Số ngày quá hạn” chưa biết"),
        ({"late": "known"}, {"late": "> 3"}, "khi “Số ngày quá hạn” ít nhất 4 ngày"),
        ({}, {}, "cho mọi hồ sơ"),
    ],
)
def test_overlapping_rows_of_a_unique_table_are_shown_by_a_dossier(one, two, said):
    rows = [row("one", one, {"amount": 1}), row("two", two, {"amount": 2})]
    read = definition(tables=[fee_table(*rows), cut_table(), limit_table()])
    (found,) = [each for each in check(read) if each.severity is Severity.ERROR]
    assert f"cùng áp dụng {said}." in found.what
    assert found.witness is not None
    hit = situation_of(tried(read), found.witness.facts, on=found.witness.on, at=None, office=office())[0].hits["fee"]
    assert [each.id for each in hit.all] == ["one", "two"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"late": "< 5"}, {"late": ">= 5"}),
        ({"channel": "online"}, {"channel": "trừ online"}),
        ({"late": "unknown"}, {"late": "known"}),
        ({"late": "unknown"}, {"late": "> 0"}),
    ],
)
def test_rows_that_no_dossier_can_hit_together_are_fine(one, two):
    rows = [row("one", one, {"amount": 1}), row("two", two, {"amount": 2})]
    assert errors(tables=[fee_table(*rows), cut_table(), limit_table()]) == []


def test_rows_in_force_one_after_the_other_do_not_overlap():
    rows = [
        row("old", {"late": "> 0"}, {"amount": 1}, until="2026-08-15"),
        row("new", {"late": "> 0"}, {"amount": 2}, since="2026-08-15"),
    ]
    assert errors(tables=[fee_table(*rows), cut_table(), limit_table()]) == []


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ({}, {"late": 5}),
        ({"late": ">= 0"}, {"late": "[1..3], 7"}),
        ({"late": "known"}, {"late": "> 3"}),
        ({"channel": "trừ post"}, {"channel": "online"}),
        ({"channel": "online, counter"}, {"channel": "online"}),
    ],
)
def test_a_row_below_one_that_takes_all_its_dossiers_is_warned_about(wide, narrow):
    rows = [row("wide", wide, {"amount": 1}), row("narrow", narrow, {"amount": 2})]
    found = warnings(tables=[fee_table(*rows, hit="first"), cut_table(), limit_table()])
    assert ["“narrow”" in said for said in found if "wide" in said] == [True]
    turned = warnings(tables=[fee_table(*reversed(rows), hit="first"), cut_table(), limit_table()])
    assert not [said for said in turned if "“wide” không" in said]


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ({"late": "known"}, {}),
        ({"late": "> 0"}, {"late": ">= 0"}),
        ({"channel": "online"}, {"channel": "trừ post"}),
        ({"late": "unknown"}, {"late": "> 3"}),
    ],
)
def test_a_row_that_some_dossier_still_reaches_is_left_alone(wide, narrow):
    rows = [row("wide", wide, {"amount": 1}), row("narrow", narrow, {"amount": 2})]
    assert not [s for s in warnings(tables=[fee_table(*rows, hit="first"), cut_table(), limit_table()]) if "wide" in s]


@pytest.mark.parametrize(("order", "masked"), [("descending", "cheap"), ("ascending", "")])
def test_under_priority_a_row_is_beaten_by_a_better_output_wherever_it_stands(order, masked):
    rows = [row("cheap", {"late": "> 5"}, {"amount": 1}), row("dear", {"late": "> 0"}, {"amount": 2})]
    fee = fee_table(*rows, hit="priority")
    fee = {**fee, "outputs": [{"id": "amount", "type": "money", "order": order}]}
    found = [said for said in warnings(tables=[fee, cut_table(), limit_table()]) if "không bao giờ được dùng" in said]
    assert [f"“{masked}”" in said for said in found] == ([True] if masked else [])


@pytest.mark.parametrize("hit", ["any", "collect", "rule_order", "collect_sum", "collect_max"])
def test_rows_may_overlap_where_the_policy_says_what_that_means(hit):
    rows = [row("one", {"late": ">= 0"}, {"amount": 1}), row("two", {"late": "<= 5"}, {"amount": 1})]
    assert errors(tables=[fee_table(*rows, hit=hit), cut_table(), limit_table()]) == []


@pytest.mark.parametrize(
    ("kind", "one", "two", "witness"),
    [
        ({"kind": "measure", "scale": 1}, ">= 0,5", "<= 120,5", "“Cột” từ 0,5 đến dưới 120,6"),
        ({"kind": "moment"}, ">= 08:00 15/08/2026", "< 2026-08-15T08:01", "“Cột” 08:00 15/08/2026"),
    ],
)
def test_the_dossier_that_shows_an_overlap_is_said_in_measures_and_moments(kind, one, two, witness):
    fields = [*data()["fields"], {"id": "x", "label": "Cột", **kind}]
    rows = [row("one", {"x": one}, {"amount": 1}), row("two", {"x": two}, {"amount": 2})]
    fee = table("fee", ["x"], {"amount": "money"}, rows)
    found = errors(fields=fields, tables=[fee, cut_table(), limit_table()])
    assert [witness in said for said in found] == [True]


def test_a_table_that_feeds_another_is_used():
    levels = [row("risk.high", {"late": "> 1"}, {"level": "high"}), row("risk.low", {"late": "<= 1"}, {"level": "low"})]
    risk = table("risk", ["late"], {"level": "code"}, levels)
    fee = table("fee", ["risk.level"], {"amount": "money"}, [row("f", {"risk.level": "high, low"}, {"amount": 1})])
    assert warnings(tables=[risk, fee, cut_table(), limit_table()]) == []


def test_a_row_that_can_never_hit_is_named():
    rows = [row("never", {"late": "not([..])"}, {"amount": 1})]
    found = errors(tables=[fee_table(*rows), cut_table(), limit_table()])
    assert "không bao giờ" in found[0]


def test_what_is_defined_and_not_used_is_a_warning():
    unused = table("unused", [], {"amount": "money"}, [row("r", {}, {"amount": 1})])
    found = warnings(
        lists={**data()["lists"], "idle": [{"code": "a", "label": "A"}]},
        tables=[fee_table(), cut_table(), limit_table(), unused],
        basis={**data()["basis"], "old": {"document": "Luật cũ"}},
    )
    assert [name in " ".join(found) for name in ("idle", "unused", "Luật cũ")] == [True, True, True]


def test_a_row_behind_one_that_takes_all_is_a_warning():
    rows = [row("all", {}, {"amount": 1}), row("late", {"late": "> 0"}, {"amount": 2})]
    assert "late" in warnings(tables=[fee_table(*rows, hit="first"), cut_table(), limit_table()])[0]


def test_every_row_hits_its_own_witness_in_a_child_process():
    assert trial(definition()) == ()
    never = [row("never", {"late": "not([..])"}, {"amount": 1})]
    dead = definition(tables=[fee_table(*never), cut_table(), limit_table()])
    assert len(faults(dead)) == 1
    assert "never" in trial(dead)[0].what


def test_tables_that_need_too_much_work_to_try_are_refused(monkeypatch):
    monkeypatch.setattr("rules.trial.SECONDS", 1)
    many = [row(f"row.{late}", {"late": f"{late}"}, {"amount": late}) for late in range(2000)]
    assert "quá 1 giây" in trial(definition(tables=[fee_table(*many), cut_table(), limit_table()]))[0].what


def test_golden_cases_say_every_difference_in_vietnamese():
    case = {
        "name": "sai hết",
        "given": {"channel": "online", "late": 0, "poor": False},
        "on": "2026-11-20",
        "then": {
            "charges": {"registration": 1},
            "total": None,
            "papers": [],
            "deadline": "2026-11-20T17:00",
            "eligible": False,
            "because": ["fee.counter"],
        },
    }
    result = run_cases(procedure(cases=[case]), office())[0]
    assert not result.passed
    assert set(result.differences) == {
        "Khoản “Lệ phí đăng ký”: mong đợi 1\u00a0đ, tính ra 5.000\u00a0đ.",
        "Tổng số tiền: mong đợi không có mức thu, tính ra 5.000\u00a0đ.",
        "Giấy tờ “Tờ khai”: không mong đợi, nhưng tính ra phải có.",
        "Hạn giải quyết: mong đợi 17:00 20/11/2026, tính ra 17:00 25/11/2026.",
        "Điều kiện: mong đợi bị từ chối, tính ra đủ điều kiện.",
        "Căn cứ: mong đợi dòng “fee.counter”, nhưng dòng này không áp dụng.",
    }


def test_a_formula_charge_needs_its_legal_basis():
    facts = [{"id": "worth", "type": "money", "label": "Mức thu", "formula": "copies * 2"}]
    bare = charge(amount={"fact": "worth"}, cuts=[])
    cited = charge(amount={"fact": "worth", "basis": basis()}, cuts=[])
    tables = [limit_table()]
    assert len(errors(facts=facts, tables=tables, charges=[bare])) == 1
    assert errors(facts=facts, tables=tables, charges=[cited]) == []


def test_a_golden_case_with_a_fact_that_the_evaluation_refuses_stops_publication_with_its_place():
    fields = [
        *data()["fields"],
        {"id": "met", "kind": "day", "label": "Ngày gặp", "not_after": "today"},
        {"id": "trips", "kind": "group", "label": "Chuyến đi", "fields": [
            {"id": "left", "kind": "day", "label": "Ngày đi", "not_before": "today"}
        ]},
    ]  # fmt: skip
    case = {"name": "thử", "on": "2026-11-20", "then": {}}

    def told(**given):
        cases = [{**case, "given": given}]
        return [said for said in errors(fields=fields, cases=cases) if "đang có" in said]

    [late] = told(met="2026-11-21")
    assert (
        "cases[1].given.met: “Ngày gặp” cần một ngày không sau ngày tiếp nhận 20/11/2026, đang có 21/11/2026." in late
    )
    [early] = told(trips=[{"left": "2026-11-19"}])
    assert "cases[1].given.trips[1].left: “Ngày đi” cần một ngày không trước ngày tiếp nhận 20/11/2026" in early
    [negative] = told(copies=-1)
    assert "“Số bản” cần 0 bản trở lên, đang có -1 bản." in negative
    assert told(met="2026-11-20", trips=[{"left": "2026-11-20"}]) == []


def test_a_unit_of_a_territory_that_its_list_does_not_know_is_warned_of_with_the_nearest_code():
    wards = [{"code": code, "label": code} for code in ("28261", "28249", "30169", "30170")]
    fields = [*data()["fields"], {"id": "ward", "kind": "choice", "list": "wards", "label": "Nơi ở"}]

    def told(*units):
        parts = {"lists": {**data()["lists"], "wards": wards}, "fields": fields, "territory_of": "ward"}
        return [
            said
            for said in warnings(**parts, territories={"old": {"label": "Địa bàn cũ", "units": list(units)}})
            if "đơn vị" in said
        ]

    assert told("30169", "30170") == []
    assert told("30196", "30170") == [
        "territories.old.units[1]: Địa bàn “Địa bàn cũ” ghi đơn vị “30196”, không danh mục nào có mã này. "
        "Có phải ý bạn là: 30169, 30170?"
    ]
    assert told("11111", "22222", "30170") == []


def test_golden_cases_of_one_name_and_rows_of_one_id_in_two_tables_are_warned_of():
    case = {"name": "đúng hạn", "given": {}, "on": DAY, "then": {}}
    limit = limit_table()
    limit["rows"][0]["id"] = "fee.counter"
    said = warnings(cases=[case, case], tables=[fee_table(), data()["tables"][1], limit])
    assert (
        "cases[2].name: Tình huống thứ 1 và thứ 2 cùng tên “đúng hạn”. Đặt tên khác để biết tình huống nào không đạt."
        in said
    )
    (row,) = [each for each in said if "Mã dòng" in each]
    assert row.startswith("tables[3].rows[1].id: Mã dòng “fee.counter” đã dùng ở bảng “")
