"""Registers of paper and result types: what is inherited, data bound to facts, validity, a result that is a paper."""

from datetime import date

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json, law_hash
from rules.errors import DefinitionError
from rules.evaluation.outcome import Evaluation
from rules.overrides import overridden
from rules.say.definition import readable
from rules.say.listing import listing
from tests.definitions import DAY, basis, data, definition, outcome

RESULT = {
    "label": {"vi": "Giấy xác nhận", "en": "Confirmation"},
    "code": "KQ.G10.000001",
    "kind": "confirmation",
    "data": {"issued": {"type": "day", "label": {"vi": "Ngày cấp", "en": "Day of issue"}}},
    "valid": {"amount": 6, "unit": "months", "since": "issued"},
    "book": {"label": "Sổ cấp"},
    "number": "{number}/XN",
    "signer": "Chủ tịch",
    "basis": basis(3),
}
PAPER = {
    "label": "Giấy cư trú",
    "accepted": {"online": ["signed_copy"]},
    "data": {"no": {"type": "text"}, "ends": {"type": "day"}},
    "valid": {"until": "ends", "text": "Giấy cư trú hết hạn"},
    "basis": basis(4),
}
FACTS = [
    {"id": "on", "type": "day", "source": "paper", "stage": "reception", "label": "Ngày"},
    {"id": "no", "type": "text", "source": "paper", "stage": "reception", "label": "Số"},
]
OLD = {"code": "old", "result_type": "confirmation", "data": {"issued": "on"}, "basis": basis(5)}
HOME = {"code": "home", "type": "residence", "data": {"no": "no", "ends": "on"}}
ISSUED = {"id": "new", "type": "confirmation"}


def parts(*papers, **more):
    return {
        "facts": FACTS,
        "paper_types": {"residence": PAPER},
        "result_types": {"confirmation": RESULT},
        "papers": list(papers) or [OLD, HOME],
        "results": [ISSUED],
        **more,
    }


def papers(facts, *stated, **more):
    return {paper.code: paper for paper in outcome(facts, **parts(*stated, **more)).papers}


def faults(**more):
    with pytest.raises(DefinitionError) as refused:
        definition(**more)
    return [(problem.place, problem.what) for problem in refused.value.problems]


def test_a_result_has_everything_from_its_type():
    [result] = outcome({}, **parts()).results
    assert (result.label.vi, result.kind, result.code, result.type) == (
        "Giấy xác nhận",
        "confirmation",
        "KQ.G10.000001",
        "confirmation",
    )
    assert (result.valid.words.vi, result.book.label.vi, result.number) == (
        "6 tháng kể từ ngày cấp",
        "Sổ cấp",
        "{number}/XN",
    )
    assert result.reasons[0].citation == "Điều 3 Thông tư 1/2026/TT-BTC"


def test_the_result_of_one_procedure_is_the_paper_of_another_with_its_code_and_its_validity():
    old = papers({"on": date(2026, 5, 20)})["old"]
    assert (old.label.vi, old.result_code, old.result_type) == ("Giấy xác nhận", "KQ.G10.000001", "confirmation")
    assert old.valid is True
    assert [(held.id, held.fact, held.shown.vi) for held in old.data] == [("issued", "on", "20/05/2026")]


@pytest.mark.parametrize(("issued", "valid"), [(date(2026, 5, 20), True), (date(2026, 5, 19), False), (None, None)])
def test_a_paper_is_good_to_the_last_day_of_its_months_and_until_known_nobody_says_so(issued, valid):
    facts = {"on": issued} if issued else {}
    made = outcome(facts, **parts(OLD))
    assert made.papers[0].valid is valid
    problems = [each.what for each in made.problems if each.where == ("papers", "old")]
    assert problems == (["Giấy tờ “Giấy xác nhận” không hợp lệ: Đã hết thời hạn giá trị"] if valid is False else [])
    assert ("on" in {each.fact: each.could_change for each in made.missing}) is (issued is None)


def test_a_paper_type_says_what_is_wrong_and_which_forms_are_good():
    home = papers({"on": date(2026, 11, 19), "no": "7/CT", "channel": "online"})["home"]
    assert (home.accepted, home.valid) == (("signed_copy",), False)
    assert "Giấy cư trú hết hạn" in home.reasons[-1].sentence.vi
    assert papers({"on": DAY})["home"].valid is True


def test_what_a_paper_states_itself_comes_before_its_type():
    own = {**OLD, "label": "Giấy cũ", "valid": {"amount": 1, "unit": "years", "since": "on", "text": "Quá một năm"}}
    old = papers({"on": date(2026, 1, 1)}, own)["old"]
    assert (old.label.vi, old.valid) == ("Giấy cũ", True)


def test_what_is_written_is_read_back_the_same_and_stands_once():
    whole = definition(**parts())
    text = canonical_json(whole)
    assert definition_from_json(text) == whole
    assert text.count("Sổ cấp") == 1
    assert text.count("Giấy cư trú hết hạn") == 1
    assert definition_from_json(canonical_json(definition_from_json(text))) == whole


def test_a_definition_without_types_writes_nothing_of_them():
    kept = canonical_json(definition())
    assert not any(f'"{key}"' in kept for key in ("paper_types", "result_types", "result_type", "data"))


def test_an_outcome_with_types_is_read_back_the_same():
    made = outcome({"on": DAY}, **parts())
    assert Evaluation.from_data(made.to_data()) == made


def test_registers_put_a_newer_type_in_the_place_of_the_definitions_own():
    newer = {"result_types": {"confirmation": {**RESULT, "signer": "Phó Chủ tịch"}}}
    changed = definition(**overridden(data(**parts()), newer).data)
    assert changed.results[0].signer.vi == "Phó Chủ tịch"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"papers": [{**HOME, "type": "residance"}]}, ("papers[1].type", "Không có loại giấy tờ “residance”.")),
        ({"results": [{"id": "new", "type": "x"}]}, ("results[1].type", "Không có loại kết quả “x”.")),
        (
            {"papers": [{**OLD, "type": "residence"}]},
            ("papers[1].result_type", "Giấy tờ chỉ thuộc một loại: type hoặc result_type."),
        ),
        (
            {"papers": [{**OLD, "data": {"day": "on"}}]},
            ("papers[1].data.day", "Loại này không có trường dữ liệu “day”."),
        ),
        (
            {"papers": [{**OLD, "data": {"issued": "no"}}]},
            ("papers[1].data.issued", "Dữ kiện “no” kiểu text, ở đây cần day."),
        ),
        (
            {"result_types": {"confirmation": RESULT, "other": {"label": "Khác", "code": RESULT["code"]}}},
            ("result_types.other.code", "Mã kết quả “KQ.G10.000001” đã là mã của “confirmation”."),
        ),
        (
            {"paper_types": {"residence": {**PAPER, "valid": {"until": "no"}}}},
            ("paper_types.residence.valid.until", "Loại này không có trường dữ liệu kiểu day “no”."),
        ),
    ],
)
def test_every_fault_has_its_place(changed, told):
    assert told in faults(**parts(**changed))


def test_a_validity_that_no_fact_tells_and_a_type_that_nothing_uses_are_warned_of():
    untold = {key: part for key, part in OLD.items() if key != "data"}
    said = [problem.what for problem in check(definition(**parts(untold)))]
    assert "Giấy tờ “Giấy xác nhận” thuộc loại có thời hạn giá trị nhưng chưa nói dữ kiện nào để xét." in said
    assert "Loại “residence” của mục paper_types không được dùng ở đâu." in said
    assert not any("Loại “confirmation”" in what for what in said)


def test_the_name_of_a_type_is_no_law_its_validity_is():
    def law(**changed):
        return law_hash(definition(**parts(result_types={"confirmation": {**RESULT, **changed}})))

    assert law() == law(label="Giấy khác")
    assert law() != law(valid={"amount": 5, "unit": "months", "since": "issued"})


def test_types_are_said_in_both_languages():
    said = "\n".join(line.en for group in listing(readable(definition(**parts()))) for line in group.sentences)
    assert "result code KQ.G10.000001; confirmation; data: day of issue; valid 6 months from: “Day of issue”" in said
    assert "of the type “Confirmation”" in said
    assert "valid only for 6 months from “Ngày”" in said
