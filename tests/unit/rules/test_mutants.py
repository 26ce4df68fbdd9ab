"""Typing errors in tables are caught by a golden case, or shown with the case that would catch them."""

from functools import partial
from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.check import mutants as module
from rules.check.figures import FIGURES
from rules.check.mistyped import CONDITIONS, subject_of_table, subjects_of_conditions
from rules.check.mutants import mutants
from rules.check.trying import Trying
from rules.check.typing_errors import typing_errors
from rules.codec import definition_from, definition_to_data
from rules.evaluation.cases import run_case
from rules.evaluation.compile import tried
from tests.definitions import DAY, basis, charge, definition, limit_table, office, row, table

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "procedures").glob("*.yaml"))
QUICK = ("2.000635", "2.000815")
SOME_QUICK = [pytest.param(path, marks=() if path.stem in QUICK else pytest.mark.soak) for path in SAMPLES]
"""A few of the samples in every run, all of them in the long one."""


def late_fee(*rows, hit="unique", cases=(), **parts):
    """A definition whose fee hangs on the days that a dossier is late."""
    inputs = list(dict.fromkeys(name for each in rows for name in each["when"]))
    fees = table("fee", inputs, {"amount": "money"}, list(rows), hit)
    return definition(tables=[fees, limit_table()], charges=[charge(cuts=[])], cases=list(cases), **parts)


SMALL, LARGE = row("small", {"late": "<= 10"}, {"amount": 5000}), row("large", {"late": "> 10"}, {"amount": 10000})


def case(given, amount):
    return {"name": f"{given}", "given": given, "on": DAY, "then": {"charges": {"registration": amount}}}


def of_fee(of):
    return next(each for each in mutants(of, office()) if each.table == "fee")


def test_the_typing_errors_of_two_rows_are_these():
    of = late_fee(SMALL, LARGE)
    assert [error.what for error in typing_errors(of.table("fee"), of)] == [
        "Dòng “small”: “Số ngày quá hạn” ghi “dưới 10 ngày” thay vì “không quá 10 ngày”.",
        "Dòng “small”: “Số ngày quá hạn” ghi “không quá 11 ngày” thay vì “không quá 10 ngày”.",
        "Dòng “small”: “Số ngày quá hạn” ghi để trống thay vì “không quá 10 ngày”.",
        "Dòng “small”: “Mức thu” ghi “500\xa0đ” thay vì “5.000\xa0đ”.",
        "Dòng “small”: “Mức thu” ghi “50.000\xa0đ” thay vì “5.000\xa0đ”.",
        "Dòng “small”: “Mức thu” ghi “10.000\xa0đ” thay vì “5.000\xa0đ”.",
        "Dòng “small”: bỏ sót.",
        "Dòng “large”: “Số ngày quá hạn” ghi “ít nhất 10 ngày” thay vì “trên 10 ngày”.",
        "Dòng “large”: “Số ngày quá hạn” ghi “trên 11 ngày” thay vì “trên 10 ngày”.",
        "Dòng “large”: “Số ngày quá hạn” ghi để trống thay vì “trên 10 ngày”.",
        "Dòng “large”: “Mức thu” ghi “1.000\xa0đ” thay vì “10.000\xa0đ”.",
        "Dòng “large”: “Mức thu” ghi “100.000\xa0đ” thay vì “10.000\xa0đ”.",
        "Dòng “large”: “Mức thu” ghi “5.000\xa0đ” thay vì “10.000\xa0đ”.",
        "Dòng “large”: bỏ sót.",
    ]


def test_one_golden_case_far_from_the_bound_leaves_most_unnoticed():
    found = of_fee(late_fee(SMALL, LARGE, cases=[case({"late": 5}, 5000)]))
    assert (found.total, found.caught, len(found.unnoticed), found.equivalent) == (14, 5, 9, 0)
    assert found.summary.startswith("9 trong 14 lỗi gõ có thể có trong bảng “Bảng fee” sẽ không ai nhận ra")


def test_a_golden_case_on_each_side_of_the_bound_leaves_the_far_ones_alone():
    on_bound = [case({"late": 10}, 5000), case({"late": 11}, 10000)]
    found = of_fee(late_fee(SMALL, LARGE, cases=on_bound))
    assert (found.total, found.caught, found.unnoticed) == (14, 14, ())
    assert (
        found.summary
        == "Trong 14 lỗi gõ có thể có trong bảng “Bảng fee” không thấy lỗi nào lọt qua các tình huống mẫu."
    )


def test_an_unnoticed_error_is_shown_with_what_a_dossier_gives_now_and_would_give():
    found = of_fee(late_fee(SMALL, LARGE, cases=[case({"late": 5}, 5000), case({"late": 11}, 10000)]))
    assert [(each.row, each.now, each.would) for each in found.unnoticed] == [
        ("small", ("“Lệ phí đăng ký”: 5.000\xa0đ",), ("“Lệ phí đăng ký”: Chưa có quy định áp dụng",)),
        ("large", ("“Lệ phí đăng ký”: 5.000\xa0đ",), ("“Lệ phí đăng ký”: Chưa tính được",)),
    ]
    assert [each.case for each in found.unnoticed] == [0, 0]
    assert [dict(each) for each in found.cases] == [
        {
            "name": {"vi": "Số ngày quá hạn là 10 ngày"},
            "given": {"late": 10},
            "on": DAY.isoformat(),
            "then": {"charges": {"registration": 5000}, "because": ["small"]},
        }
    ]


def test_an_error_that_changes_no_result_is_not_counted():
    rows = (
        row("poor", {"poor": True}, {"amount": 0}),
        row("others", {"poor": False}, {"amount": 5000}),
    )
    found = of_fee(late_fee(*rows, hit="first", cases=[case({"poor": True}, 0), case({"poor": False}, 5000)]))
    assert found.equivalent == 1  # the order of two rows that no dossier hits both of
    assert (found.total, found.caught, [each.what for each in found.unnoticed]) == (
        *(10, 9),
        ["Dòng “others”: “Hộ nghèo” ghi để trống thay vì “không”."],
    )


def test_an_error_below_the_least_that_the_form_takes_is_no_error():
    fields = [{"id": "late", "kind": "whole_number", "label": "Số ngày", "min": 1, "max": 20}]
    rows = (row("one", {"late": ">= 1"}, {"amount": 5000}),)
    found = of_fee(late_fee(*rows, fields=fields, lists={}, cases=[case({"late": 1}, 5000)]))
    assert found.equivalent == 1  # ">= 0", where nobody can answer 0


def test_what_could_not_be_read_is_no_error_that_goes_unnoticed():
    cut = {
        **table("cuts", ["poor"], {"percent": "int"}, [row("cut", {"poor": True}, {"percent": 20})], "collect"),
    }
    fees = table("fee", ["late"], {"amount": "money"}, [SMALL, LARGE])
    of = definition(tables=[fees, cut, limit_table()], cases=[case({"late": 5, "poor": True}, 4000)])
    found = next(each for each in mutants(of, office()) if each.table == "cuts")
    every = [error.what for error in typing_errors(of.table("cuts"), of)]
    assert "Dòng “cut”: “Mức giảm” ghi “giảm 200%” thay vì “giảm 20%”." in every
    assert found.total + found.equivalent == len(every) - 1


def test_a_second_ground_that_no_golden_case_can_tell_is_named_as_unseen():
    grounds = table(
        "grounds",
        ["group"],
        {"reason": "text"},
        [
            row("not_a", {"group": "a"}, {"reason": {"vi": "Nhóm a không được."}}),
            row("not_b", {"group": "b"}, {"reason": {"vi": "Nhóm b không được."}}),
        ],
        "collect",
    )
    of = definition(tables=[grounds, *definition_tables()], eligibility={"table": "grounds"})
    found = next(each for each in mutants(of, office()) if each.table == "grounds")
    assert "Dòng “not_a”: “Nhóm đối tượng” ghi “Nhóm a hoặc Nhóm b” thay vì “Nhóm a”." in found.unseen
    assert f"{len(found.unseen)} lỗi làm khác đi" in found.summary


def definition_tables():
    return [table("fee", ["late"], {"amount": "money"}, [SMALL, LARGE]), table("cuts", ["poor"], {"percent": "int"}, [
        row("cut", {"poor": True}, {"percent": 20})], "collect"), limit_table()]  # fmt: skip


def test_a_red_golden_case_catches_nothing():
    red = case({"late": 5}, 1)
    assert of_fee(late_fee(SMALL, LARGE, cases=[red])).caught == 0


def test_what_was_not_looked_at_in_a_large_table_is_counted(monkeypatch):
    monkeypatch.setattr(module, "MOST_MUTANTS", 5)
    found = of_fee(late_fee(SMALL, LARGE, cases=[case({"late": 5}, 5000)]))
    assert (found.total + found.equivalent, found.left_out) == (5, 9)
    assert "Quá nhiều: còn 9 lỗi gõ chưa thử." in found.summary


def test_what_the_budget_proves_nothing_of_is_undecided(monkeypatch):
    monkeypatch.setattr(module, "STEPS", 0)
    found = of_fee(late_fee(SMALL, LARGE, cases=[case({"late": 5}, 5000)]))
    assert (found.caught, len(found.undecided), found.unnoticed) == (5, 9, ())
    assert "9 lỗi chưa kết luận được trong giới hạn tìm kiếm." in found.summary


def subjects(of):
    trying = Trying(of, office())
    return [*(subject_of_table(trying, each) for each in of.tables), *subjects_of_conditions(trying)]


def test_a_mistyped_condition_outside_tables_is_told_with_all_the_others():
    notice = {"id": "far", "text": {"vi": "Đã quá mười ngày."}, "when": {"late": "> 10"}, "basis": basis()}
    quiet = {"name": "không nhắc", "given": {"late": 10}, "on": DAY, "then": {"notices": []}}
    told = {"name": "nhắc", "given": {"late": 12}, "on": DAY, "then": {"notices": ["far"]}}
    of = late_fee(SMALL, LARGE, notices=[notice], cases=[quiet, told])
    found = [each for each in mutants(of, office()) if each.label == CONDITIONS]
    assert [each.summary for each in found] == [
        "1 trong 3 lỗi gõ có thể có trong các điều kiện ngoài bảng sẽ không ai nhận ra: "
        "thêm 1 tình huống mẫu dưới đây thì nhận ra."
    ]
    assert [(each.what, each.now, each.would) for each in found[0].unnoticed] == [
        (
            "Điều kiện của lưu ý “Đã quá mười ngày”: “Số ngày quá hạn” ghi “trên 11 ngày” thay vì “trên 10 ngày”.",
            ("Lưu ý: Đã quá mười ngày.",),
            ("Lưu ý: không có",),
        )
    ]
    assert found[0].cases[0]["given"]["late"] == 11


@pytest.mark.parametrize("path", SOME_QUICK, ids=lambda path: path.stem)
def test_each_case_that_would_catch_an_error_is_green_without_it_and_red_with_it(path):
    of = definition_from(strict_yaml.load(path.read_bytes()).data)
    errors = {error.what: partial(subject.changed, error.table) for subject in subjects(of) for error in subject.errors}
    for found in (each for each in mutants(of, office()) if each.label != FIGURES):
        ready = [dict(each) for each in found.cases]
        cases = definition_from({**definition_to_data(of), "cases": ready}).cases if ready else ()
        assert all(run_case(tried(of), each, office()).passed for each in cases)
        for each in found.unnoticed:
            broken = errors[each.what]()
            assert not run_case(broken, cases[each.case], office()).passed
            assert all(
                run_case(broken, one, office()).passed for one in of.cases if run_case(tried(of), one, office()).passed
            )
