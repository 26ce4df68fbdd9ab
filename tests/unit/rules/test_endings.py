"""How a procedure ends: refusal after examination, and the results that are issued."""

import json
from datetime import date

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json, law_hash
from rules.errors import DefinitionError, Severity
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import compiled
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from rules.say.listing import listing
from tests.definitions import basis, definition, fee_table, limit_table, office, outcome, row, table

LAWFUL = {"id": "lawful", "type": "bool", "source": "officer", "stage": "appraisal", "label": "Đúng quy hoạch"}
ANSWERED = {"id": "answered", "type": "bool", "source": "outside", "label": "Nơi khác đồng ý"}
GROUNDS = table(
    "grounds",
    ["lawful", "answered"],
    {"reason": "text"},
    [
        row("ground.plan", {"lawful": False}, {"reason": {"vi": "Trái quy hoạch", "en": "Against the plan"}}),
        row("ground.denied", {"answered": False}, {"reason": "Nơi khác không đồng ý"}),
    ],
    "collect",
)


def ending(**parts):
    return {
        "facts": [LAWFUL, ANSWERED],
        "tables": [fee_table(), limit_table(), GROUNDS],
        "charges": [],
        "examination": {"table": "grounds", "form": {"vi": "Mẫu 03", "en": "Form 03"}},
        **parts,
    }


def says(**parts) -> list[str]:
    return [text.vi for group in listing(readable(definition(**parts))) for text in group.sentences]


class TestExamination:
    def test_a_ground_that_holds_refuses_the_request_and_not_its_reception(self):
        found = outcome({"lawful": False}, **ending())
        assert found.eligible
        assert found.examination.outcome == "refused"
        [refusal] = found.examination.refusals
        assert refusal.text.vi == "Trái quy hoạch"
        assert refusal.reasons[0].citation == "Điều 1 Thông tư 1/2026/TT-BTC"
        assert refusal.reasons[0].sentence.vi == "Không phải trường hợp “đúng quy hoạch”: Trái quy hoạch"
        assert found.examination.form.vi == "Mẫu 03"

    def test_one_ground_refuses_though_another_is_still_open(self):
        assert outcome({"lawful": False}, **ending()).examination.outcome == "refused"

    def test_it_is_open_while_a_fact_could_still_refuse_and_that_fact_stops_no_acceptance(self):
        found = outcome({"lawful": True}, **ending())
        assert found.examination.outcome == "open"
        assert {each.fact: each.could_change for each in found.missing}["answered"] == ("examination",)

    def test_it_is_passed_once_no_ground_can_hold_any_more(self):
        found = outcome({"lawful": True, "answered": True}, **ending())
        assert (found.examination.outcome, found.examination.refusals) == ("passed", ())

    def test_a_procedure_without_grounds_says_nothing_of_it(self):
        found = outcome({})
        assert found.examination is None
        assert not {"examination", "results"} & set(found.to_data())

    def test_an_outcome_comes_back_from_its_data(self):
        found = outcome({"lawful": False}, **ending(results=RESULTS))
        assert Evaluation.from_data(json.loads(json.dumps(found.to_data()))) == found

    def test_golden_cases_expect_it(self):
        case = {"name": "a", "given": {"lawful": True}, "on": date(2026, 11, 20), "then": {"examination": "refused"}}
        [tried] = run_cases(compiled(definition(**ending(cases=[case]))), office())
        assert tried.differences == ("Thẩm định: mong đợi bị từ chối, tính ra chưa đủ dữ liệu.",)

    def test_the_table_needs_the_text_of_the_refusal(self):
        with pytest.raises(DefinitionError) as refused:
            definition(**ending(examination={"table": "fee"}))
        assert refused.value.problems[0].place == "examination.table"

    def test_a_refusal_to_receive_that_reads_what_only_appraisal_finds_is_warned_about(self):
        found = check(definition(**ending(eligibility={"table": "grounds"}, examination=None)))
        warned = [problem for problem in found if problem.where == ("eligibility",)]
        assert [problem.severity for problem in warned] == [Severity.WARNING] * 2
        assert "Đúng quy hoạch" in warned[0].what

    def test_it_is_said_with_the_form_of_its_notice(self):
        said = says(**ending())
        sentence = (
            "Từ chối giải quyết sau khi thẩm định khi có dòng của bảng “Bảng grounds” đúng; thông báo theo mẫu 03."
        )
        assert sentence in said
        assert any("từ chối giải quyết sau khi thẩm định: Trái quy hoạch" in each for each in said)


RESULTS = [
    {
        "id": "permit",
        "label": "Giấy phép",
        "kind": "licence",
        "code": "KQ.9",
        "when": {"poor": False},
        "form": "Mẫu 01",
        "valid": {"amount": 12, "unit": "months", "text": "Gia hạn được một lần."},
        "book": {"label": "Sổ cấp phép"},
        "number": "{number}/{year}/GP-{unit}",
        "signer": "Chủ tịch",
        "basis": basis(7),
    },
    {"id": "note", "label": "Ghi chú", "kind": "entry", "valid": {"until": "born"}, "basis": basis(8)},
]


class TestResults:
    def test_what_is_issued_comes_out_with_its_validity_book_and_number(self):
        permit, note = outcome({"poor": False, "born": "2027-01-31"}, results=RESULTS).results
        assert (permit.kind, permit.code, permit.number) == ("licence", "KQ.9", "{number}/{year}/GP-{unit}")
        assert (permit.valid.amount, permit.valid.unit) == (12, "months")
        assert permit.valid.words.vi == "12 tháng kể từ ngày cấp"
        assert permit.valid.words.en == "12 months from its issue"
        assert (permit.book.label.vi, permit.book.restarts) == ("Sổ cấp phép", "year")
        assert permit.reasons[0].citation == "Điều 7 Thông tư 1/2026/TT-BTC"
        assert (note.valid.until, note.valid.words) == ("2027-01-31", None)

    def test_a_result_whose_condition_fails_is_not_issued(self):
        assert [each.id for each in outcome({"poor": True}, results=RESULTS).results] == ["note"]

    def test_facts_that_only_decide_a_result_stop_no_acceptance(self):
        found = outcome({"channel": "counter", "late": 0}, charges=[], tables=[limit_table()], results=RESULTS)
        assert {each.fact: each.could_change for each in found.missing} == {"poor": ("results",), "born": ("results",)}

    def test_golden_cases_name_them(self):
        case = {"name": "a", "given": {"poor": True}, "on": date(2026, 11, 20), "then": {"results": ["permit"]}}
        [tried] = run_cases(compiled(definition(results=RESULTS, cases=[case])), office())
        assert tried.differences == (
            "Kết quả “permit”: mong đợi có, nhưng không có.",
            "Kết quả “note”: không mong đợi, nhưng có.",
        )

    def test_they_are_said_whole(self):
        said = says(results=RESULTS)
        parts = (
            "“Giấy phép”: giấy phép; mã kết quả KQ.9; cấp khi “Hộ nghèo” là không; theo mẫu 01",
            "có giá trị 12 tháng kể từ ngày cấp, gia hạn được một lần",
            "ghi vào sổ cấp phép, đánh số lại từ đầu mỗi năm",
            "số theo mẫu “{number}/{year}/GP-{unit}”",
            "người ký: chủ tịch (căn cứ Điều 7 Thông tư 1/2026/TT-BTC).",
        )
        assert "; ".join(parts) in said

    def test_they_survive_the_canonical_form_and_only_words_leave_the_law_as_it_is(self):
        whole = definition(**ending(results=RESULTS))
        assert definition_from_json(canonical_json(whole)) == whole
        renamed = definition(**ending(results=[{**RESULTS[0], "label": "Khác", "form": "Mẫu 02"}, RESULTS[1]]))
        longer = definition(**ending(results=[{**RESULTS[0], "valid": {"amount": 13, "unit": "months"}}, RESULTS[1]]))
        assert law_hash(renamed) == law_hash(whole) != law_hash(longer)

    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            ({"number": "{so}/{year}"}, "results[1].number"),
            ({"number": "{number}-{number}"}, "results[1].number"),
            ({"number": "{number}/{"}, "results[1].number"),
            ({"number": "số/{year}"}, "results[1].number"),
            ({"valid": {"amount": 6}}, "results[1].valid"),
            ({"valid": {"amount": 6, "unit": "months", "until": "born"}}, "results[1].valid"),
            ({"valid": {"unit": "months"}}, "results[1].valid"),
            ({"valid": {"until": "poor"}}, "results[1].valid.until"),
            ({"kind": "passport"}, "results[1].kind"),
            ({"book": {}}, "results[1].book"),
        ],
    )
    def test_what_does_not_fit_is_refused_at_its_place(self, wrong, place):
        with pytest.raises(DefinitionError) as refused:
            definition(results=[{**RESULTS[0], **wrong}])
        assert place in {problem.place for problem in refused.value.problems}

    def test_a_result_without_citation_and_a_code_that_none_has_are_warned_about(self):
        bare = [{name: part for name, part in RESULTS[0].items() if name != "basis"}]
        found = check(definition(results=bare, statutory={"result": {"code": "KQ.8", "name": "Giấy"}}))
        said = {problem.where: problem.severity for problem in found}
        assert said["results", 0] is Severity.WARNING
        assert said["statutory", "result", "code"] is Severity.WARNING


def test_a_paper_may_be_a_result_of_a_procedure():
    papers = [{"code": "old", "label": "Giấy cũ", "result_code": "KQ.9", "basis": basis()}]
    found = outcome({}, papers=papers)
    assert found.papers[0].result_code == "KQ.9"
    assert Evaluation.from_data(json.loads(json.dumps(found.to_data()))) == found
    assert "result_code" not in outcome({}).to_data()["papers"][0]
    assert "“Giấy cũ”: là kết quả của một thủ tục, mã KQ.9." in says(papers=papers)
    whole = definition(papers=papers)
    assert definition_from_json(canonical_json(whole)) == whole
    with pytest.raises(DefinitionError):
        definition(papers=[{"code": "old", "label": "Ghi chú", "note": True, "result_code": "KQ.9"}])
