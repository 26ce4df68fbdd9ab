"""Papers: for each row of a group, in the forms accepted, valid or not, one of several, stood in for, or no paper."""

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json
from rules.errors import DefinitionError, Severity
from rules.evaluation.outcome import Evaluation
from tests.definitions import basis, cut_table, data, definition, fee_table, limit_table, outcome, row, table

KIDS = {
    "id": "kids",
    "kind": "group",
    "label": {"vi": "Con", "en": "Children"},
    "fields": [
        {"id": "age", "kind": "whole_number", "label": "Tuổi", "unit": "year"},
        {"id": "adopted", "kind": "yes_no", "label": "Con nuôi"},
        {"id": "until", "kind": "day", "label": "Có hiệu lực đến"},
    ],
}
FOUND = {"id": "found", "type": "bool", "label": "Tra được dữ liệu", "source": "officer", "stage": "reception"}
BY_ROW = table(
    "by_row",
    ["kids.adopted", "poor"],
    {"need": "code"},
    [
        row("by_row.poor", {"poor": True}, {"need": "waived"}),
        row("by_row.adopted", {"kids.adopted": True}, {"need": "required"}),
        row("by_row.own", {"kids.adopted": False}, {"need": "optional"}),
    ],
    "first",
)


def parts(*papers, **more):
    own = {"fields": [*data()["fields"], KIDS], "facts": [FOUND], "cases": []}
    return {**own, "papers": [paper(**each) for each in papers], **more}


def paper(code="p", **more):
    return {"code": code, "label": f"Giấy {code}", "basis": basis(), **more}


def papers(given, *each, **more):
    found = outcome({"channel": "counter", "late": 0, **given}, **parts(*each, **more))
    assert Evaluation.from_data(found.to_data()) == found
    return {finding.code: finding for finding in found.papers}


def missing(given, *each, **more):
    found = outcome({"channel": "counter", "poor": False, **given}, **parts(*each, **more))
    return {fact.fact for fact in found.missing if "papers" in fact.could_change}


def faults(*each, **more):
    with pytest.raises(DefinitionError) as refused:
        definition(**parts(*each, **more))
    return [(problem.place, problem.what, problem.hint) for problem in refused.value.problems]


def kids(*ages, **more):
    return {"kids": [{"age": age, **more} for age in ages]}


EACH = {"for_each": "kids", "each_when": {"kids.age": "< 16"}}


def test_a_paper_of_each_row_says_how_many_and_for_which_rows():
    found = papers(kids(3, 20, 7), {**EACH, "originals": 2, "copies": 1})["p"]
    assert (found.need, found.originals, found.copies) == ("required", 4, 2)
    assert [(each.row, each.shown.vi, each.need) for each in found.rows] == [
        (1, "3 năm", "required"),
        (3, "7 năm", "required"),
    ]
    assert [reason.sentence.vi for reason in found.reasons] == [
        "Dòng 1 (3 năm): Giấy p: phải có (Tuổi: 3 năm)",
        "Dòng 3 (7 năm): Giấy p: phải có (Tuổi: 7 năm)",
    ]
    assert found.reasons[1].sentence.en == "Row 3 (7 years): Giấy p: required (Tuổi: 7 years)"
    assert found.reasons[0].citation == "Điều 1 Thông tư 1/2026/TT-BTC"


@pytest.mark.parametrize("given", [{}, {"kids": []}, kids(16, 40)])
def test_no_row_asks_for_no_paper(given):
    assert papers(given, EACH) == {}


def test_an_unknown_group_and_the_gaps_of_its_rows_are_missing():
    assert missing({}, EACH) == {"kids"}
    assert missing({"kids": [{"adopted": True}]}, EACH) == {"kids"}
    assert missing(kids(3, 20), EACH) == set()
    assert missing({"kids": []}, EACH) == set()


def test_a_table_over_the_rows_decides_each_row_by_itself():
    tables = [fee_table(), cut_table(), limit_table(), BY_ROW]
    asked = {"for_each": "kids", "required": {"table": "by_row", "output": "need"}}
    two = {"kids": [{"adopted": True}, {"adopted": False}]}
    found = papers({**two, "poor": False}, asked, tables=tables)["p"]
    assert [each.need for each in found.rows] == ["required", "optional"]
    assert (found.need, found.originals) == ("required", 1)
    assert [reason.rule for reason in found.reasons] == ["by_row.adopted", "by_row.own"]
    assert found.near[0].change.vi == "Dòng 1 (có): Nếu hộ nghèo thì được miễn nộp"
    waived = papers({**two, "poor": True}, asked, tables=tables)["p"]
    assert (waived.need, waived.originals, [each.need for each in waived.rows]) == ("waived", 2, ["waived", "waived"])
    assert missing({"kids": [{}], "poor": True}, asked, tables=tables) == set()
    assert missing({"kids": [{}], "poor": False}, asked, tables=tables) == {"kids"}


def test_what_a_table_over_the_rows_gives_may_be_read_by_each_when():
    tables = [fee_table(), cut_table(), limit_table(), BY_ROW]
    asked = {"for_each": "kids", "each_when": {"by_row.need": "required"}}
    assert papers({"kids": [{"adopted": True}], "poor": False}, asked, tables=tables)["p"].need == "required"
    assert missing({"kids": [{"adopted": False}], "poor": False}, asked, tables=tables) == set()
    assert missing({"kids": [{}], "poor": False}, asked, tables=tables) == {"kids"}


def test_a_row_on_which_no_rule_speaks_is_a_problem_of_the_paper():
    tables = [fee_table(), cut_table(), limit_table(), BY_ROW]
    asked = {"for_each": "kids", "required": {"table": "by_row", "output": "need"}}
    given = {"kids": [{"adopted": True}, {}], "poor": False}
    found = outcome(given, **parts(asked, tables=tables))
    assert [each.need for each in found.papers[0].rows] == ["required", "undecided"]
    assert [problem.where for problem in found.problems] == [("papers", "p")]


def test_two_rules_that_contradict_each_other_in_one_row_are_named():
    clash = {**BY_ROW, "hit": "unique"}
    asked = {"for_each": "kids", "required": {"table": "by_row", "output": "need"}}
    tables = [fee_table(), cut_table(), limit_table(), clash]
    found = outcome({"kids": [{"adopted": True}], "poor": True}, **parts(asked, tables=tables))
    assert ("tables", "by_row") in [problem.where for problem in found.problems]


def test_sets_multiply_what_is_handed_in():
    found = papers({}, {"sets": 3, "originals": 1, "copies": 2})["p"]
    assert (found.sets, found.originals, found.copies) == (3, 3, 6)


ACCEPTED = {"accepted": {"counter": ["original", "certified_copy"], "online": ["signed_copy"]}}


@pytest.mark.parametrize(
    ("way", "forms"), [("counter", ("original", "certified_copy")), ("online", ("signed_copy",)), ("post", ())]
)
def test_the_forms_accepted_are_those_of_the_way_of_filing(way, forms):
    assert papers({"channel": way}, ACCEPTED)["p"].accepted == forms


def test_the_way_of_filing_is_missing_where_the_forms_hang_on_it():
    assert missing({"channel": None}, ACCEPTED) == {"channel"}
    everywhere = {"accepted": {way: ["original"] for way in ("counter", "online", "post")}}
    assert missing({"channel": None}, everywhere) == set()


VALID = {"valid": {"when": {"born": ">= 2026-11-20"}, "text": "đã hết hạn", "basis": basis(7)}}


def test_a_paper_that_is_not_valid_is_named_with_its_citation():
    found = outcome({"born": "2026-11-19"}, **parts(VALID))
    assert found.papers[0].valid is False
    assert found.papers[0].reasons[-1].sentence.vi == "Giấy p không hợp lệ: đã hết hạn (Ngày sinh: 19/11/2026)"
    assert found.papers[0].reasons[-1].citation == "Điều 7 Thông tư 1/2026/TT-BTC"
    [problem] = found.problems
    assert problem.where == ("papers", "p")
    assert problem.what == "Giấy tờ “Giấy p” không hợp lệ: đã hết hạn"
    assert problem.severity is Severity.ERROR


def test_a_valid_paper_is_no_problem_and_an_unknown_one_is_missing():
    assert outcome({"born": "2026-11-20"}, **parts(VALID)).papers[0].valid is True
    unknown = outcome({}, **parts(VALID))
    assert (unknown.papers[0].valid, unknown.problems) == (None, ())
    assert missing({}, VALID) == {"born"}


def test_the_validity_of_a_paper_that_may_stay_away_stops_nobody():
    assert missing({}, {**VALID, "required": False}) == set()
    [problem] = outcome({"born": "2026-01-01"}, **parts({**VALID, "required": False})).problems
    assert problem.severity is Severity.WARNING


def test_validity_is_told_row_by_row():
    asked = {**EACH, "valid": {"when": {"kids.until": ">= 2026-11-20"}, "text": "đã hết hạn"}}
    given = {"kids": [{"age": 1, "until": "2027-01-01"}, {"age": 2, "until": "2026-01-01"}]}
    found = outcome(given, **parts(asked))
    assert [each.valid for each in found.papers[0].rows] == [True, False]
    assert found.papers[0].valid is False
    assert found.problems[0].what == "Giấy tờ “Giấy p” (dòng 2) không hợp lệ: đã hết hạn"
    assert missing(kids(1), asked) == {"kids"}


A, B = {"code": "a", "one_of": "proof"}, {"code": "b", "one_of": "proof"}


def test_of_papers_that_stand_in_for_each_other_none_is_required_by_itself():
    found = papers({}, A, B)
    assert [each.need for each in found.values()] == ["one_of", "one_of"]
    assert not any(each.required for each in found.values())
    assert found["a"].reasons[-1].sentence.vi == "Chỉ cần một trong các giấy tờ: “Giấy a”, “Giấy b”"


def test_the_only_one_of_several_that_shows_is_required():
    assert papers({"poor": False}, A, {**B, "shown_when": {"poor": True}})["a"].need == "required"


def test_an_optional_paper_may_stand_in_for_a_required_one_and_optional_ones_stay_optional():
    assert {each.need for each in papers({}, A, {**B, "required": False}).values()} == {"one_of"}
    both = papers({}, {**A, "required": False}, {**B, "required": False})
    assert {each.need for each in both.values()} == {"optional"}


SOURCE = {"waived_when": {"found": True}, "waived_by": "Cơ sở dữ liệu", "fallback": "Xuất trình bản chính"}


def test_a_data_source_that_answers_stands_in_for_a_paper_and_the_outcome_says_why():
    found = papers({"found": True}, SOURCE)["p"]
    assert (found.need, found.required, found.asked) == ("waived", False, False)
    assert (found.waived_by.vi, found.fallback) == ("Cơ sở dữ liệu", None)
    [reason] = found.reasons
    assert reason.sentence.vi == "Giấy p: được miễn nộp, thay bằng Cơ sở dữ liệu (Tra được dữ liệu: có)"
    assert [used.source for used in reason.facts] == ["officer"]


@pytest.mark.parametrize("given", [{"found": False}, {}])
def test_where_the_source_does_not_answer_the_paper_is_asked_for_with_the_fallback(given):
    found = papers(given, SOURCE)["p"]
    assert (found.need, found.waived_by, found.fallback.vi) == ("required", None, "Xuất trình bản chính")


def test_whether_the_source_answers_is_missing_until_it_is_known():
    assert missing({}, SOURCE) == {"found"}
    assert missing({"found": True}, SOURCE) == set()
    assert missing({}, {**SOURCE, "required": {"table": "t", "output": "need"}}, tables=all_waived()) == set()


def all_waived():
    made = table("t", [], {"need": "code"}, [row("t.all", {}, {"need": "waived"})])
    return [fee_table(), cut_table(), limit_table(), made]


def test_a_waived_paper_is_enough_for_those_it_stands_in_for():
    found = papers({"found": True}, {**A, **SOURCE}, {**B, "required": {"when": {"late": 0}}})
    assert [each.need for each in found.values()] == ["waived", "waived"]
    assert found["b"].reasons[0].sentence.vi == "Giấy b: được miễn nộp vì “Giấy a” đã được miễn"
    other = {**B, "required": {"when": {"born": "known"}}}
    assert missing({"found": True}, {**A, **SOURCE}, other) == set()
    assert missing({"found": False}, {**A, **SOURCE}, other) == {"born"}


def test_papers_stand_in_for_each_other_row_by_row():
    one = {**A, "for_each": "kids", "waived_when": {"kids.adopted": True}, "waived_by": "Cơ sở dữ liệu"}
    other = {**B, "for_each": "kids"}
    found = papers({"kids": [{"adopted": True}, {"adopted": False}]}, one, other)
    assert [[row.need for row in each.rows] for each in found.values()] == [["waived", "one_of"]] * 2
    assert (found["b"].need, found["b"].originals) == ("one_of", 1)


def test_a_note_is_no_paper_and_what_the_office_makes_is_asked_of_nobody():
    found = papers({}, {"code": "n", "note": True}, {"code": "o", "made_by_office": True, "copies": 2})
    assert [(each.need, each.originals, each.copies, each.asked) for each in found.values()] == [
        ("note", 0, 0, False),
        ("by_office", 1, 2, False),
    ]
    assert missing({}, {"code": "n", "note": True, "shown_when": {"born": "known"}}) == set()


@pytest.mark.parametrize("returned", ["kept", "returned", "exchanged"])
def test_where_a_paper_stays_is_in_the_outcome(returned):
    assert papers({}, {"returned": returned})["p"].returned == returned


def test_an_outcome_of_an_old_definition_says_nothing_new():
    found = outcome({"channel": "online", "late": 3, "poor": False})
    said = {"code", "label", "need", "originals", "copies", "handed", "form", "waived_by", "reasons", "near"}
    assert set(found.to_data()["papers"][0]) == said
    assert not {"cases", "notices"} & found.to_data().keys()


def test_the_canonical_form_of_an_old_paper_is_what_it_was():
    written = definition_from_json(canonical_json(definition())).papers[0]
    assert definition().papers[0] == written
    assert '"papers":[{"basis":{"article":"1","document":"tt"},"code":"request","copies":0,"handed":"hand_in",' in (
        canonical_json(definition())
    )


WHOLE = [
    {**EACH, "code": "a", "sets": 2, **ACCEPTED, "returned": "exchanged", **VALID, "one_of": "k", **SOURCE},
    {"code": "n", "note": True, "shown_when": {"poor": True}},
    {"code": "o", "made_by_office": True, "originals": 2, "for_each": "kids"},
]


def test_every_construct_is_read_back_as_it_was_written():
    made = definition(**parts(*WHOLE))
    assert definition_from_json(canonical_json(made)) == made


@pytest.mark.parametrize(
    ("wrong", "place", "what"),
    [
        ({"for_each": "late"}, "papers[1].for_each", "cần group"),
        ({"for_each": "kidz"}, "papers[1].for_each", "Không có dữ kiện “kidz”"),
        ({"each_when": {"late": 1}}, "papers[1].each_when", "“each_when” chỉ dùng cùng “for_each”"),
        ({"required": {"when": {"kids.age": "> 1"}}}, "papers[1].required.when.kids.age", "từng dòng của nhóm “kids”"),
        ({**EACH, "shown_when": {"kids.age": 1}}, "papers[1].shown_when.kids.age", "từng dòng của nhóm “kids”"),
        ({"accepted": {"desk": ["original"]}}, "papers[1].accepted.desk", "Không có cách nộp “desk”"),
        ({"accepted": {"post": ["orignal"]}}, "papers[1].accepted.post[1]", "Không có lựa chọn “orignal”"),
        ({"accepted": {"post": []}}, "papers[1].accepted.post", "ít nhất một hình thức"),
        ({"accepted": {"post": ["scan", "scan"]}}, "papers[1].accepted.post", "mỗi hình thức một lần"),
        ({"valid": {"when": {"poor": True}}}, "papers[1].valid", "Thiếu mục “text”"),
        ({"valid": {"text": "hỏng"}}, "papers[1].valid", "Thiếu mục “when”, “amount” hoặc “until”"),
        ({"returned": "lost"}, "papers[1].returned", "Không có lựa chọn “lost”"),
        ({"handed": "show", "returned": "kept"}, "papers[1].returned", "chỉ xuất trình thì không giữ lại"),
        ({"waived_when": {"found": True}}, "papers[1].waived_when", "chỉ dùng cùng “waived_by”"),
        ({"fallback": "Nộp"}, "papers[1].fallback", "chỉ dùng cùng “waived_by”"),
        ({"sets": 0}, "papers[1].sets", "ngoài khoảng cho phép"),
        ({"note": True, "originals": 1}, "papers[1].originals", "Ghi chú (note) không dùng “originals”"),
        ({"note": True, "required": True}, "papers[1].required", "không có “required”"),
        ({"made_by_office": True, "one_of": "x"}, "papers[1].one_of", "do cơ quan lập (made_by_office) không dùng"),
        ({"made_by_office": True, "required": {"when": {"late": 1}}}, "papers[1].required", "không có “required”"),
        ({"made_by_office": True, "note": True}, "papers[1].made_by_office", "không dùng “made_by_office”"),
    ],
)
def test_every_fault_has_its_place_and_a_way_out(wrong, place, what):
    found = [(where, said, hint) for where, said, hint in faults(wrong) if where == place]
    assert len(found) == 1
    assert what in found[0][1]
    assert found[0][2] or what.startswith("Thiếu") or "cần group" in what


def test_papers_that_stand_in_for_each_other_are_asked_for_by_the_same_rows():
    [(place, what, hint)] = faults(A, {**B, "for_each": "kids"})
    assert (place, what) == ("papers[2].one_of", "Các giấy tờ thay nhau “proof” phải cùng “for_each”.")
    assert hint


@pytest.mark.parametrize(
    ("doubtful", "place", "what"),
    [
        ({"one_of": "alone"}, "papers[1].one_of", "không có giấy tờ nào thay được"),
        ({**SOURCE, "fallback": None}, "papers[1].fallback", "chưa nói làm gì khi nguồn dữ liệu không trả lời"),
        ({"accepted": {"post": ["scan"]}}, "papers[1].accepted.post", "không nhận hồ sơ “Qua bưu chính”"),
        ({"accepted": {"counter": ["scan"]}}, "papers[1].accepted", "khi nộp “Trực tuyến”"),
    ],
)
def test_what_is_doubtful_is_warned_of_before_publication(doubtful, place, what):
    found = [each for each in check(definition(**parts(doubtful))) if each.place == place and what in each.what]
    assert [each.severity for each in found] == [Severity.WARNING]


def test_notes_alone_are_no_papers_of_a_procedure():
    said = [each.what for each in check(definition(**parts({"note": True}, facts=[])))]
    assert any("d) thành phần hồ sơ" in what for what in said)


def test_a_parameter_that_only_a_paper_reads_is_used():
    base = {"base": {"label": "Mức", "type": "money", "values": [{"value": 1, "basis": basis()}]}}
    asked = {"valid": {"when": {"base": ">= 1"}, "text": "thiếu"}}
    said = [each.what for each in check(definition(**parts(asked, parameters=base, facts=[])))]
    assert not any("không được dùng" in what and "Mức" in what for what in said)
