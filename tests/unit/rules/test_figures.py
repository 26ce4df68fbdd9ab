"""Typing errors in figures outside tables are caught by a golden case, or shown with the case that would catch them."""

import pytest

from rules.check import figures as module
from rules.check.figures import FIGURES, figures
from rules.check.mutants import mutants
from rules.check.trying import Trying
from rules.codec import definition_from, definition_to_data
from rules.evaluation.cases import run_case
from rules.evaluation.compile import tried
from tests.definitions import DAY, basis, charge, data, definition, limit_table, office, row, table

GIVEN = {"late": 12, "channel": "online"}


def case(given, **then):
    return {"name": f"{given}", "given": given, "on": DAY, "then": then}


def by_formula(formula, *cases, **parts):
    fact = {"id": "due", "type": "money", "label": "Tiền phải nộp", "formula": formula}
    fields = [{**each, "min": 0, "max": 100} if each["id"] == "late" else each for each in data()["fields"]]
    line = charge(amount={"fact": "due", "basis": basis()}, cuts=[])
    made = {"tables": [limit_table()], "facts": [fact], "fields": fields, "charges": [line], "cases": list(cases)}
    return definition(**{**made, **parts})


def found(of):
    return figures(Trying(of, office()))


def of_place(report, *place):
    return [each for each in report.unnoticed if each.where == place]


def test_a_number_and_a_comparison_of_a_formula_are_tried_wrong():
    given = case(GIVEN, total=2000)
    report = found(by_formula("if(late > 10, 2000, 1000)", given))
    named = [each.what for each in of_place(report, "facts", 0, "formula")]
    assert "Công thức của “Tiền phải nộp” ghi “>=” thay vì “>” ở ký tự thứ 9." in named
    assert "Công thức của “Tiền phải nộp” ghi “100” thay vì “1000” ở ký tự thứ 21." in named
    assert not any("“2000”" in each for each in named)


def test_cases_on_both_sides_of_the_bound_and_on_it_leave_no_error_of_the_formula_unnoticed():
    given = [case({"late": days}, total=money) for days, money in ((9, 1000), (10, 1000), (11, 2000), (12, 2000))]
    report = found(by_formula("if(late > 10, 2000, 1000)", *given))
    assert of_place(report, "facts", 0, "formula") == []
    assert report.caught >= 8


def test_values_of_parameters_limits_of_waits_counts_of_papers_and_steps_of_scales_are_tried():
    parts = {
        "parameters": {"base": {"type": "money", "label": "Mức", "values": [{"value": 1000, "basis": basis()}]}},
        "deadline": {
            "table": "limit",
            "stops": [{"cause": "supplement", "limit": {"amount": 7, "unit": "working_days"}, "basis": basis()}],
        },
        "papers": [{"code": "request", "label": "Tờ khai", "copies": 2, "basis": basis()}],
        "scales": {
            "steps": {
                "label": "Biểu", "of": "money", "basis": basis(),
                "steps": [{"up_to": 10, "rate": 100}, {"rate": 50}],
            }
        },
    }  # fmt: skip
    of = by_formula("base * late", case(GIVEN, total=12000), **{key: parts[key] for key in parts if key != "scales"})
    every = [each.place for each in module._figures(definition_to_data(of), Trying(of, office()))]
    assert {("parameters", "base", "values", 0, "value"), ("deadline", "stops", 0, "limit", "amount")} <= {*every}
    assert {("papers", 0, "copies"), ("papers", 0, "originals")} <= {*every}
    report = found(of)
    assert any("Giới hạn của lý do dừng" in each for each in report.undecided)
    assert any("Giá trị thứ 1 của “Mức”" in each.what for each in report.unnoticed) or report.caught


def test_every_case_that_is_suggested_is_green_and_goes_red_with_each_error_it_is_for():
    of = by_formula("if(late >= 30, 5000, 1000)", case(GIVEN, total=1000))
    report, plain = found(of), definition_to_data(of)
    assert report.unnoticed
    for each in report.unnoticed:
        golden = report.cases[each.case]
        right = definition_from({**plain, "cases": [golden]})
        assert run_case(tried(right), right.cases[0], office()).passed
        wrongs = [one for one in module._figures(plain, Trying(of, office())) if one.what == each.what]
        mutant = definition_from({**plain, "cases": []})
        procedure = module._Tried(Trying(of, office()), {**plain, "cases": []})._with(wrongs[0])
        assert mutant
        assert not run_case(procedure, right.cases[0], office()).passed


def test_what_was_not_tried_is_said_and_counted(monkeypatch):
    monkeypatch.setattr(module, "MOST_FIGURES", 3)
    report = found(by_formula("if(late > 10, 2000, 1000)", case(GIVEN, total=2000)))
    assert report.left_out == len(report.untried) > 0
    assert "lỗi gõ chưa thử." in report.summary
    assert report.to_data()["untried"] == list(report.untried)


def test_an_error_with_which_the_definition_cannot_be_read_counts_for_nothing():
    report = found(by_formula("1 + 1000", case(GIVEN, total=1001), papers=[]))
    assert report is None or report.total == report.caught + len(report.unnoticed) + len(report.undecided)


def test_they_are_told_last_and_of_nothing_else_than_figures():
    *_, last = mutants(by_formula("late * 1000", case(GIVEN, total=12000)), office())
    assert (last.table, last.label) == ("", FIGURES)


@pytest.mark.parametrize("when", [{"late": "> 5"}])
def test_conditions_of_fields_and_of_waits_are_tried_too(when):
    stops = [{"cause": "financial_obligation", "id": "tax", "label": "chờ thuế", "when": when, "basis": basis()}]
    fields = [*data()["fields"], {"id": "why", "kind": "text", "label": "Lý do", "shown_when": when}]
    fees = table("fee", [], {"amount": "money"}, [row("fee.all", {}, {"amount": 1})])
    of = definition(
        tables=[fees, limit_table()], charges=[charge(cuts=[])], fields=fields, cases=[case(GIVEN, total=1)],
        deadline={"table": "limit", "stops": stops},
    )  # fmt: skip
    (report,) = [each for each in mutants(of, office()) if each.label == "các điều kiện ngoài bảng"]
    told = " ".join(report.unseen + report.undecided)
    assert "Điều kiện hiện trường “Lý do”" in told
    assert "Điều kiện của lý do dừng “chờ thuế”" in told
