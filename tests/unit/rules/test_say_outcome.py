"""What came out is said whole: formulas with their values, papers, waits, steps, and where a dossier goes."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.importers import strict_yaml
from rules.codec import definition_from
from rules.definition.procedure import ProcedureDefinition
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.findings import ChargeFinding, PaperFinding
from rules.evaluation.outcome import Evaluation
from rules.say.outcome import (
    MADE_BY,
    MAY_CHANGE,
    Explained,
    amount_said,
    charge_details,
    explained,
    paper_details,
    paper_rows,
    rows_said,
    stop_details,
)
from rules.say.plainly import AT_RECEPTION, answered
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source
from tests.definitions import charge, data, limit_table, office, row, table
from tests.reference_page import definitions

FOLDER = Path(__file__).parents[3] / "samples" / "definitions"
DAY = date(2026, 11, 20)
LAND = {"channel": "counter", "land_commune": "28261", "with_house": True, "wants_certificate": True}


def sample(code: str) -> ProcedureDefinition:
    return definition_from(strict_yaml.load((FOLDER / f"{code}.yaml").read_text("utf-8")).data)


def outcome(definition: ProcedureDefinition, facts: dict[str, Any], on: date = DAY) -> Evaluation:
    return evaluate(compiled(definition), facts, on=on, at=None, office=office())


def told(code: str, facts: dict[str, Any]) -> Explained:
    definition = sample(code)
    return explained(outcome(definition, facts), definition)


def paper_of(found: Evaluation, code: str) -> PaperFinding:
    return next(paper for paper in found.papers if paper.code == code)


def charge_of(found: Evaluation, name: str) -> ChargeFinding:
    return next(line for line in found.charges if line.id == name)


def test_every_source_and_every_part_that_may_change_has_words():
    assert MADE_BY.keys() == {*(source.value for source in Source), AT_RECEPTION}
    assert MAY_CHANGE.keys() == {
        *("fee", "payout", "papers", "deadline", "eligibility"),
        *("steps", "route", "stops", "examination", "results"),
    }


def test_a_formula_is_worked_out_in_figures():
    facts = {"channel": "counter", "asset_kind": "land_house", "price": 2_000_000_000, "acquired_by": "transfer"}
    reason = charge_of(told("1.007277", facts).outcome, "registration").reasons[1]
    assert reason.sentence.vi == (
        "Lệ phí theo tỷ lệ: 10.000.000\u00a0đ. Cách tính: giá tính lệ phí trước bạ 2.000.000.000\u00a0đ: "
        "0,5% của 2.000.000.000\u00a0đ = 10.000.000\u00a0đ."
    )
    assert reason.sentence.en.endswith("0.5% of 2,000,000,000\u00a0đ = 10,000,000\u00a0đ.")


def by_formula(**parts: Any) -> dict[str, Any]:
    """A small definition whose charge is computed from the number of copies."""
    total = {"id": "total", "type": "money", "label": "Phí theo số bản", "formula": "1000 * copies"}
    line = charge(amount={"fact": "total"}, cuts=[], **parts)
    return data(facts=[total], charges=[line], fields=[*data()["fields"], ROWS])


ROWS = {
    "id": "seals",
    "kind": "group",
    "label": "Con dấu",
    "fields": [{"id": "number", "kind": "whole_number", "label": "Số lượng"}],
}


def test_a_formula_that_waits_for_a_fact_is_said_in_words_with_what_it_is_computed_from():
    definition = definition_from(by_formula())
    found = charge_of(explained(outcome(definition, {"channel": "counter"}), definition).outcome, "registration")
    said = found.reasons[0].sentence
    assert said.vi.endswith("Tính từ Số bản: chưa có dữ liệu. Cách tính: theo “Số bản”: 1.000\u00a0đ mỗi bản.")
    assert said.en.endswith("Computed from Số bản: not known. By the formula: by “Số bản”: 1,000\u00a0đ for each copy.")


def test_an_amount_by_formula_that_each_row_is_charged_is_worked_out_under_each_row():
    definition = definition_from(by_formula(for_each="seals", times="seals.number"))
    facts = {"channel": "counter", "copies": 3, "seals": [{"number": 1}, {"number": 2}]}
    found = charge_of(explained(outcome(definition, facts), definition).outcome, "registration")
    said = [reason.sentence.vi.replace("\u00a0", " ") for reason in found.reasons]
    assert said[0] == "Dòng 1 (1): Phí theo số bản: 3.000 đ. Cách tính: 3 bản × 1.000 đ = 3.000 đ."
    assert said[2] == "Dòng 2 (2): Phí theo số bản: 3.000 đ. Cách tính: 3 bản × 1.000 đ = 3.000 đ."
    assert said[3].endswith("thành 6.000 đ")


def test_a_row_without_a_condition_is_told_by_what_it_gives_and_not_that_it_applies_in_every_case():
    every = table("fee", [], {"amount": "money"}, [row("fee.all", {}, {"amount": 7000})])
    off = table("cuts", [], {"percent": "int"}, [row("cut.all", {}, {"percent": 50})])
    promise = table("promise", [], {"amount": "int", "unit": "code"}, [row("one", {}, SAME_DAY)])
    tables, due = [every, off, limit_table(), promise], {"table": "limit", "committed": {"table": "promise"}}
    definition = definition_from(data(tables=tables, deadline=due, cases=[]))
    kept = outcome(definition, {"channel": "counter"})
    assert kept.charges[0].reasons[0].sentence.vi.startswith("Mọi trường hợp: 7.000")
    told = explained(kept, definition).outcome
    said = [reason.sentence for reason in told.charges[0].reasons]
    assert [each.vi.replace("\u00a0", " ") for each in said] == ["Mức thu: 7.000 đ", "Giảm 50%, còn 3.500 đ"]
    assert [each.en.replace("\u00a0", " ") for each in said] == ["Amount: 7,000 đ", "50% off, leaving 3,500 đ"]
    assert told.deadline is not None
    assert [reason.sentence.vi for reason in told.deadline.reasons] == [
        "Thời hạn: 3 ngày làm việc",
        "Cam kết trong ngày",
    ]
    assert told.deadline.reasons[0].sentence.en == "Time limit: 3 working days"


SAME_DAY = {"amount": 0, "unit": "same_day"}


def test_yes_and_no_begin_as_other_answers_do_wherever_answers_are_listed():
    found = told("1.007277", {"channel": "counter", "asset_kind": "land_house", "exempt": True, "price": 1}).outcome
    shown = {used.shown.vi for line in found.charges for reason in line.reasons for used in reason.facts}
    assert "Có" in shown
    assert not shown & {"có", "không"}
    poor = Fact("poor", FactType.BOOL, Text("Hộ nghèo", "Poor household"), Source.FORM)
    assert [answered(poor, value).vi for value in (True, False, None)] == ["Có", "Không", "Chưa có dữ liệu"]
    assert answered(poor, False).en == "No"
    title = Fact("title", FactType.TEXT, Text("Tên", "Title"), Source.FORM)
    assert answered(title, "học bạ").vi == "học bạ"


def test_no_sample_tells_a_reader_that_a_rule_applies_in_every_case():
    for path in (*FOLDER.glob("*.yaml"), *FOLDER.with_name("procedures").glob("*.yaml")):
        definition = definition_from(strict_yaml.load(path.read_text("utf-8")).data)
        for case in definition.cases:
            found = explained(outcome(definition, dict(case.given), case.on or case.at.date()), definition).outcome
            assert "Mọi trường hợp: " not in str(found), path.name


def test_explaining_leaves_the_kept_outcome_as_it_is():
    facts = {"channel": "counter", "asset_kind": "land_house", "price": 2_000_000_000, "acquired_by": "transfer"}
    definition = sample("1.007277")
    kept = outcome(definition, facts)
    before = kept.hash
    explained(kept, definition)
    assert kept.hash == before


def test_an_amount_that_another_body_assesses_waits_for_its_notice_and_names_it_when_it_has_come():
    waits = charge_of(told("1.013978", {**LAND, "confirmed": "qualified"}).outcome, "land_obligation")
    assert amount_said(waits).vi == "Chờ thông báo của Cơ quan thuế"
    assert amount_said(waits).en.startswith("Waiting for the notice of")
    come = {"obligation": 45_000_000, "tax_notice": "TB-215", "tax_notice_on": date(2026, 11, 18)}
    found = charge_of(told("1.013978", {**LAND, "confirmed": "qualified", **come}).outcome, "land_obligation")
    assert amount_said(found).vi == "45.000.000\u00a0đ"
    assert [clause.vi for clause in charge_details(found)] == [
        "thu theo thông báo",
        "theo thông báo của Cơ quan thuế số TB-215 ngày 18/11/2026",
    ]


def test_the_dossier_and_its_steps_go_to_units_by_name_where_the_facts_tell_them():
    found = told("1.013978", {**LAND, "confirmed": "none", "survey": "none", "qualifies": True})
    assert found.goes_to is not None
    assert found.goes_to.vi == "Phường Mỹ Tho (theo “Xã, phường nơi có đất”)"
    said = [(station.label.vi, station.who.vi if station.who else "", station.outside) for station in found.stations]
    assert ("Trích đo bản đồ địa chính", "Đơn vị đo đạc", True) in said
    assert said[0][1:] == ("đơn vị tiếp nhận", False)
    survey = next(station for station in found.stations if station.outside)
    assert [clause.vi for clause in survey.times] == [
        "nhiều nhất 5 ngày làm việc",
        "thời hạn vẫn tính trong lúc chờ",
    ]


def test_what_a_later_step_finds_is_named_with_who_finds_it_and_what_it_could_change():
    found = told("1.013978", {**LAND, "party": "domestic", "confirmed": "none", "origin": "own_papers"})
    by_label = {each.label.vi: each for each in found.awaited}
    qualifies = by_label["Đủ điều kiện cấp Giấy chứng nhận"]
    assert qualifies.source.vi == "cán bộ ghi nhận khi thẩm định"
    assert "phí, lệ phí" in qualifies.changes.vi
    amount = by_label["Số tiền theo thông báo của cơ quan thuế"]
    assert amount.source.vi == "cơ quan khác trả lời"


def test_a_wait_is_said_with_what_it_does_its_limit_and_its_end():
    found = outcome(sample("1.004873"), {"channel": "counter", "residence": "28594"})
    assert found.deadline is not None
    said = stop_details(found.deadline.stops[0])
    assert said.vi.startswith("tạm dừng tính thời hạn, sau đó tính tiếp phần còn lại; chờ nhiều nhất 3 ngày làm việc; ")
    assert "hết thời gian đó: không nhận được kết quả" in said.vi
    assert "the wait may take" in said.en


def test_a_paper_is_said_with_its_forms_its_rows_and_where_it_stays():
    parties = [
        {"name": "A", "role": "gives", "cannot_sign": False, "speaks_vietnamese": True, "e_identity": False},
        {"name": "B", "role": "receives", "cannot_sign": False, "speaks_vietnamese": True, "e_identity": True},
    ]
    facts = {"channel": "counter", "act": "certify", "transaction": "sale", "asset": "land", "asset_registered": True}
    found = outcome(sample("2.001035"), {**facts, "title_found": False, "parties": parties, "finding": "none"})
    title = paper_details(paper_of(found, "title"), found.papers)
    assert title[0].vi == "nhận bản chính hoặc bản sao có chứng thực hoặc bản chụp kèm bản chính để đối chiếu"
    assert title[1].vi == "trả lại người nộp"
    rows = [said.vi for said in paper_rows(paper_of(found, "identity"))]
    assert rows[0].startswith("Dòng 1 (A, ")
    assert rows[0].endswith("): phải có")
    assert rows[1].endswith("): được miễn nộp")


def test_papers_that_stand_in_for_each_other_name_each_other():
    papers = [
        {"code": "first", "label": "Giấy thứ nhất", "one_of": "proof", "basis": {"document": "tt"}},
        {"code": "second", "label": "Giấy thứ hai", "one_of": "proof", "basis": {"document": "tt"}},
    ]
    found = outcome(definition_from(data(papers=papers)), {"late": 0, "channel": "online"})
    assert paper_details(found.papers[0], found.papers)[0].vi == "hoặc thay bằng “Giấy thứ hai”"
    assert paper_details(found.papers[1], found.papers)[0].en == "or in its place “Giấy thứ nhất”"


def test_a_line_for_each_row_says_what_each_row_comes_to():
    definition = definition_from(definitions()["running"])
    facts = {"services": ["binding"], "originals": [{"pages": 3, "copies": 1}, {"pages": 250, "copies": 3}]}
    line = charge_of(explained(outcome(definition, facts), definition).outcome, "binding")
    assert [said.vi.rsplit(": ", 1)[1] for said in rows_said(line)] == ["15.000\u00a0đ", "60.000\u00a0đ"]


@pytest.mark.parametrize("code", sorted(path.stem for path in FOLDER.glob("*.yaml")))
def test_every_outcome_of_the_golden_cases_is_said_in_both_languages(code):
    definition = sample(code)
    for case in definition.cases:
        found = explained(outcome(definition, dict(case.given), case.on or case.at.date()), definition)
        said = [
            *(amount_said(line) for line in found.outcome.charges),
            *(clause for line in found.outcome.charges for clause in charge_details(line)),
            *(clause for paper in found.outcome.papers for clause in paper_details(paper, found.outcome.papers)),
            *(station.label for station in found.stations),
            *(text for each in found.awaited for text in (each.source, each.changes)),
        ]
        assert all(text.vi and text.en for text in said)
