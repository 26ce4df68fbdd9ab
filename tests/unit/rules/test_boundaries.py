"""The boundary cases of a table are whole dossiers on its bounds, say what the engine does, and can be confirmed."""

from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.check import boundaries as module
from rules.check.boundaries import boundaries
from rules.codec import definition_from, definition_to_data
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import tried
from rules.evaluation.evaluate import evaluate
from tests.definitions import DAY, charge, cut_table, definition, fee_table, limit_table, office, row, table

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "procedures").glob("*.yaml"))


def made(of, name):
    return next(each for each in boundaries(of, office()) if each.table == name)


def sized(*rows, hit="unique", **parts):
    """A definition whose fee hangs on the number of copies, and on what else these rows ask."""
    inputs = list(dict.fromkeys(name for each in rows for name in each["when"]))
    fees = table("fee", inputs, {"amount": "money"}, list(rows), hit)
    return definition(tables=[fees, cut_table(), limit_table()], **{"cases": [], **parts})


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_boundary_case_of_a_sample_is_a_golden_case_that_is_green(path):
    of = definition_from(strict_yaml.load(path.read_bytes()).data)
    found = list(boundaries(of, office()))
    ready = [case.golden for each in found for case in each.cases]
    again = definition_from({**definition_to_data(of), "cases": ready})
    results = run_cases(tried(again), office())
    assert [(result.name, result.differences) for result in results if not result.passed] == []
    assert len(results) == len(ready) > 0
    assert sum(each.left_out for each in found) == 0


def test_a_case_names_the_rows_that_the_engine_lets_apply():
    of = definition()
    for case in made(of, "fee").cases:
        outcome = evaluate(tried(of), case.witness.facts, on=case.witness.on, at=case.witness.at, office=office())
        fired = {reason.rule for line in outcome.charges for reason in line.reasons}
        assert set(case.rows) == fired & {"fee.counter", "fee.online", "fee.online_late"}
        assert set(case.golden["then"].get("because", ())) == set(case.rows)


def test_each_bound_and_the_value_before_it_come_with_each_way_of_filing_there_is():
    found = made(definition(), "fee")
    shown = {(case.witness.facts["channel"], case.witness.facts.get("late")) for case in found.cases}
    assert shown == {(way, late) for way in ("counter", "online") for late in (0, 1, None)}


def test_a_case_is_said_in_words_with_what_comes_of_it():
    case = next(case for case in made(definition(), "fee").cases if case.rows == ("fee.online_late",))
    assert case.name == "Cách nộp là Trực tuyến, số ngày quá hạn là 1 ngày"
    assert case.says[0].startswith("[fee.online_late] Khi “Cách nộp” là Trực tuyến và “Số ngày quá hạn” trên 0 ngày")
    assert case.says[1:] == ("“Lệ phí đăng ký”: 10.001\xa0đ",)
    assert case.golden == {
        "name": {"vi": case.name},
        "given": {"channel": "online", "late": 1},
        "on": DAY.isoformat(),
        "then": {"charges": {"registration": 10001}, "because": ["fee.online_late"]},
    }


def test_a_golden_case_in_the_same_cells_is_named():
    found = made(definition(), "fee")
    covered = {case.name: case.covered_by for case in found.cases if case.covered_by}
    assert covered == {"Cách nộp là Trực tuyến, số ngày quá hạn là 0 ngày": "đúng hạn"}
    assert f"{len(found.cases)} tình huống biên, {len(found.cases) - 1} chưa có tình huống mẫu" in found.summary


def test_days_on_which_a_row_begins_and_ceases_to_hold_are_bounds():
    dated = sized(row("fee.once", {"poor": True}, {"amount": 1000}, since="2026-02-01", until="2026-03-01"))
    days = {case.witness.on.isoformat() for case in made(dated, "fee").cases}
    assert days == {"2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"}


def test_sets_of_codes_are_told_apart_as_the_cells_do():
    of = sized(row("fee.any", {"marks": 'has any "a", "b"'}, {"amount": 1000}))
    shown = [case.witness.facts.get("marks") for case in made(of, "fee").cases]
    assert shown == [[], ["a"], None]


def test_a_dossier_that_there_cannot_be_is_never_listed():
    fields = [
        {"id": "poor", "kind": "yes_no", "label": "Hộ nghèo", "required": True},
        {
            "id": "copies",
            "kind": "whole_number",
            "label": "Số bản",
            "shown_when": {"poor": False},
            "required": True,
            "min": 1,
        },
    ]
    rows = [
        row("fee.poor", {"poor": True}, {"amount": 0}),
        row("fee.few", {"poor": False, "copies": "<= 1"}, {"amount": 1000}),
        row("fee.many", {"poor": False, "copies": "> 1"}, {"amount": 2000}),
    ]
    of = definition(
        tables=[table("fee", ["poor", "copies"], {"amount": "money"}, rows), limit_table()],
        fields=fields,
        charges=[charge(cuts=[])],
        lists={},
        cases=[],
    )
    found = made(of, "fee")
    assert [dict(case.witness.facts) for case in found.cases] == [
        {"poor": True},
        {"poor": False, "copies": 1},
        {"poor": False, "copies": 2},
    ]
    assert (found.pairs, found.impossible, found.left_out) == (3, 3, 0)
    assert "Bỏ qua 3 tổ hợp giá trị mà không hồ sơ nào có." in found.summary


def test_what_the_budget_leaves_out_is_counted_and_said(monkeypatch):
    monkeypatch.setattr(module, "MOST_CASES", 2)
    found = made(definition(), "fee")
    assert len(found.cases) == 2
    assert found.pairs + found.left_out == 6
    assert f"Còn {found.left_out} tổ hợp giá trị chưa dựng được hồ sơ" in found.summary


def test_a_table_that_tests_nothing_has_no_bounds():
    assert [
        each.table for each in boundaries(definition(tables=[fee_table(), cut_table(), limit_table()]), office())
    ] == [
        "fee",
        "cuts",
    ]


def test_the_rest_of_a_dossier_is_taken_from_a_golden_case_with_its_days_moved_along():
    given = {"born": "2026-11-10", "late": 0, "channel": "online"}
    cases = [{"name": "có ngày sinh", "given": given, "on": DAY, "then": {"total": 5000}}]
    dated = table(
        "fee",
        ["channel"],
        {"amount": "money"},
        [row("fee.new", {"channel": "online"}, {"amount": 5000}, since="2026-01-11")],
    )
    of = definition(tables=[dated, cut_table(), limit_table()], cases=cases)
    facts = {case.witness.on.isoformat(): case.witness.facts["born"] for case in made(of, "fee").cases}
    assert facts == {"2026-01-10": "2025-12-31", "2026-01-11": "2026-01-01"}
