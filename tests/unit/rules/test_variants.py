"""Cases of the procedure, several at once, read by every kind of rule; notices; what golden cases expect of both."""

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json
from rules.errors import DefinitionError, FactsError
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import compiled
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from rules.say.listing import listing
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
    outcome,
    row,
    table,
)

RENAMED = {"id": "renamed", "label": {"vi": "Đổi tên", "en": "Change of name"}, "when": {"late": "> 0"}}
MOVED = {"id": "moved", "label": {"vi": "Đổi nơi ở", "en": "Change of address"}, "when": {"group": "a"}}
VARIANTS = [{**RENAMED, "basis": basis(3)}, {**MOVED, "basis": basis(4)}]
PAPERS = [
    {"code": "name", "label": "Giấy đổi tên", "shown_when": {"variant": "has renamed"}, "basis": basis()},
    {"code": "house", "label": "Giấy tờ nhà", "shown_when": {"variant": "has moved"}, "basis": basis()},
    {"code": "request", "label": "Tờ khai", "basis": basis()},
]
BOTH = {"late": 3, "group": "a", "poor": False, "channel": "online"}
FEES = table(
    "fee",
    ["variant"],
    {"amount": "money"},
    [
        row("fee.name", {"variant": "has renamed"}, {"amount": 7000}),
        row("fee.house", {"variant": "has moved"}, {"amount": 9000}),
        row("fee.none", {"variant": "has none renamed, moved"}, {"amount": 1000}),
    ],
    "collect",
)


def parts(**more):
    return {"variants": VARIANTS, "papers": PAPERS, "cases": [], **more}


def faults(**more):
    with pytest.raises(DefinitionError) as refused:
        definition(**parts(**more))
    return {problem.place: problem.what for problem in refused.value.problems}


@pytest.mark.parametrize(
    ("given", "cases", "papers"),
    [
        (BOTH, ["renamed", "moved"], ["name", "house", "request"]),
        ({**BOTH, "late": 0}, ["moved"], ["house", "request"]),
        ({**BOTH, "late": 0, "group": "b"}, [], ["request"]),
        ({}, [], ["request"]),
    ],
)
def test_a_dossier_of_several_cases_needs_the_papers_of_all(given, cases, papers):
    found = outcome(given, **parts())
    assert [each.code for each in found.cases] == cases
    assert [each.code for each in found.papers] == papers
    assert found.facts["variant"] == sorted(cases)
    again = Evaluation.from_data(found.to_data())
    assert (again, again.hash) == (found, found.hash)


def test_a_case_says_why_it_applies_with_its_citation():
    [found, _] = outcome(BOTH, **parts()).cases
    assert found.label.vi == "Đổi tên"
    [reason] = found.reasons
    assert reason.sentence.vi == "Đổi tên (Số ngày quá hạn: 3 ngày)"
    assert reason.citation == "Điều 3 Thông tư 1/2026/TT-BTC"
    assert [used.fact for used in reason.facts] == ["late"]


@pytest.mark.parametrize(
    ("hit", "amount"), [("collect", 16000), ("collect_sum", 16000), ("collect_max", 9000), ("first", 7000)]
)
def test_money_is_asked_once_or_for_each_case_as_the_table_says(hit, amount):
    tables = [{**FEES, "hit": hit}, cut_table(), limit_table()]
    assert outcome(BOTH, **parts(tables=tables)).charges[0].amount == amount
    assert outcome({**BOTH, "late": 0, "group": "b"}, **parts(tables=tables)).charges[0].amount == 1000


def test_a_reason_that_read_the_cases_names_them_with_their_citations():
    reason = outcome(BOTH, **parts(tables=[FEES, cut_table(), limit_table()])).charges[0].reasons[0]
    assert reason.sentence.vi == "Trường hợp Đổi nơi ở, Đổi tên: 7.000\u00a0đ"
    used = {each.fact: each for each in reason.facts}
    assert used["variant"].rules == ("renamed", "moved")
    assert used["variant"].citations == ("Điều 3 Thông tư 1/2026/TT-BTC", "Điều 4 Thông tư 1/2026/TT-BTC")
    assert {"late", "group"} <= used.keys()


def test_a_row_that_almost_applied_says_which_case_it_would_be():
    near = outcome({**BOTH, "group": "b"}, **parts(tables=[FEES, cut_table(), limit_table()])).charges[0].near
    assert [each.change.vi for each in near[:2]] == [
        "Nếu không phải trường hợp Đổi tên, Đổi nơi ở thì 1.000\u00a0đ",
        "Nếu là trường hợp Đổi nơi ở thì thêm 9.000\u00a0đ",
    ]
    none = outcome({**BOTH, "late": 0, "group": "b"}, **parts(tables=[FEES, cut_table(), limit_table()])).charges[0]
    assert none.reasons[0].sentence.vi.startswith("Không thuộc trường hợp nào: ")


def test_formulas_read_the_cases_and_cases_read_formulas_and_tables():
    level = table("level", ["poor"], {"n": "int"}, [row("level.poor", {"poor": True}, {"n": 2})])
    cases = [{"id": "big", "label": "Lớn", "when": {"twice": "> 5", "level.n": 2}, "basis": basis()}]
    facts = [
        {"id": "twice", "type": "int", "unit": "day", "label": "Gấp đôi", "formula": "late * 2"},
        {"id": "aid", "type": "money", "label": "Mức", "formula": 'if(has(variant, "big"), 500, 100)'},
    ]
    more = {
        "variants": cases,
        "papers": [PAPERS[-1]],
        "facts": facts,
        "tables": [level, fee_table(), cut_table(), limit_table()],
        "charges": [charge(amount={"fact": "aid", "basis": basis()}, cuts=[])],
    }
    assert outcome({"late": 3, "poor": True}, **parts(**more)).charges[0].amount == 500
    assert outcome({"late": 2, "poor": True}, **parts(**more)).charges[0].amount == 100
    assert {each.fact for each in outcome({"late": 3}, **parts(**more)).missing} == {"poor"}


def test_only_the_cases_that_a_cell_asks_about_are_waited_for():
    one = [PAPERS[0], PAPERS[2]]
    named = [each.fact for each in outcome({"channel": "online", "poor": False}, **parts(papers=one)).missing]
    assert named == ["late"], "nobody reads the case `moved`, so its group is not asked for"


@pytest.mark.parametrize(
    ("cell", "group", "named"),
    [
        ("has any renamed, moved", "a", []),
        ("has any renamed, moved", "b", ["late"]),
        ("has all renamed, moved", "b", []),
        ("has all renamed, moved", "a", ["late"]),
        ("has none renamed, moved", "a", []),
        ("has none renamed, moved", "b", ["late"]),
        ("has moved", "b", []),
        ("known", "b", []),
    ],
)
def test_a_cell_that_the_known_cases_settle_waits_for_no_other(cell, group, named):
    paper = {"code": "name", "label": "Giấy", "shown_when": {"variant": cell}, "basis": basis()}
    free = table("fee", ["channel"], {"amount": "money"}, [row("fee.all", {}, {"amount": 0})])
    more = parts(papers=[paper], tables=[free, cut_table(), limit_table()])
    assert [each.fact for each in outcome({"channel": "online", "group": group}, **more).missing] == named


def test_what_decides_a_case_is_missing_where_the_case_is_read():
    found = outcome({"channel": "online", "poor": False, "late": 0}, **parts())
    assert [(each.fact, each.could_change) for each in found.missing] == [("group", ("papers",))]
    unread = outcome({"channel": "online", "poor": False, "late": 0}, **parts(papers=[PAPERS[-1]]))
    assert unread.missing == ()


def test_nobody_hands_in_which_cases_apply():
    with pytest.raises(FactsError, match="do hệ thống tính"):
        outcome({"variant": ["moved"]}, **parts())


@pytest.mark.parametrize(
    ("more", "place", "path"),
    [
        (
            {"variants": [RENAMED, {**MOVED, "when": {"variant": "has renamed"}}]},
            "variants[2].when",
            "variant → variant",
        ),
        (
            {
                "variants": [RENAMED, {**MOVED, "when": {"twice": "> 1"}}],
                "facts": [
                    {
                        "id": "twice",
                        "type": "int",
                        "label": "Gấp đôi",
                        "formula": 'if(has(variant, "moved"), 2, 1)',
                    }
                ],
            },
            "variants[2].when",
            "variant → twice → variant",
        ),
        (
            {
                "variants": [{**RENAMED, "when": {"fee.amount": "> 1"}}, MOVED],
                "tables": [FEES | {"hit": "first"}, cut_table(), limit_table()],
            },
            "variants[1].when",
            "variant → fee.amount → variant",
        ),
    ],
)
def test_cases_that_hang_on_themselves_are_refused_with_the_way_round(more, place, path):
    assert faults(**more)[place] == f"Trường hợp tính vòng tròn: {path}."


def test_faults_of_cases_and_notices_have_their_place():
    found = faults(
        variants=[{"id": "a b", "label": "x", "when": {"latte": 1}}, {"id": "c", "label": "x"}, RENAMED, RENAMED],
        notices=[{"id": "n", "when": {"late": "> x"}}, {"id": "n", "text": "y", "why": 1}],
        papers=[PAPERS[-1]],
    )
    assert "Mã “a b” không hợp lệ." in found["variants[1].id"]
    assert "Không có dữ kiện “latte”" in found["variants[1].when.latte"]
    assert found["variants[2]"] == "Thiếu mục “when”."
    assert "bị trùng" in found["variants[4]"]
    assert found["notices[1]"] == "Thiếu mục “text”."
    assert "Ký tự thứ" in found["notices[1].when.late"]
    assert "Không có mục “why”" in found["notices[2].why"]


def test_a_case_that_is_not_there_cannot_be_asked_for():
    wrong = [{**PAPERS[0], "shown_when": {"variant": "has renamde"}}]
    assert "renamde" in faults(papers=wrong)["papers[1].shown_when.variant"]


NOTICES = [
    {"id": "always", "text": {"vi": "Giữ mã hồ sơ", "en": "Keep the code"}, "basis": basis(9)},
    {"id": "late", "text": "Quá hạn", "when": {"variant": "has renamed"}, "basis": basis(9)},
]


@pytest.mark.parametrize(("late", "told"), [(3, ["always", "late"]), (0, ["always"]), (None, ["always"])])
def test_notices_are_given_where_their_condition_holds(late, told):
    found = outcome({**BOTH, "late": late}, **parts(notices=NOTICES))
    assert [each.id for each in found.notices] == told
    assert found.notices[0].reasons[0].citation == "Điều 9 Thông tư 1/2026/TT-BTC"
    assert Evaluation.from_data(found.to_data()).hash == found.hash


def test_nothing_is_missing_for_a_notice():
    told = [{"id": "n", "text": "Nhớ", "when": {"born": "known"}}]
    found = outcome({"channel": "online", "late": 1, "poor": False}, notices=told)
    assert found.missing == ()


def test_cases_and_notices_without_legal_basis_are_warned_of():
    found = check(definition(**parts(variants=[RENAMED, VARIANTS[1]], notices=[{"id": "n", "text": "Nhớ"}])))
    assert [each.place for each in found if "chưa ghi căn cứ" in each.what] == ["variants[1]", "notices[1]"]


def test_what_cites_a_document_or_reads_a_parameter_uses_it():
    base = {"base": {"label": "Mức", "type": "int", "values": [{"value": 1, "basis": basis()}]}}
    documents = {"tt": data()["basis"]["tt"], "v": {"document": "Luật V"}, "n": {"document": "Luật N"}}
    cases = [{**RENAMED, "when": {"base": "> 0"}, "basis": {"document": "v"}}, VARIANTS[1]]
    told = [{"id": "n", "text": "Nhớ", "basis": {"document": "n"}}]
    found = check(definition(**parts(basis=documents, parameters=base, variants=cases, notices=told)))
    assert [each.what for each in found if "không được" in each.what] == []


def test_definitions_with_cases_and_notices_are_read_back_as_written():
    golden = {
        "name": "hai trường hợp",
        "given": BOTH,
        "on": DAY,
        "then": {
            "cases": ["moved", "renamed"],
            "notices": ["always", "late"],
            "papers": {"name": "required", "house": {"need": "required", "originals": 1, "copies": 0, "rows": []}},
            "because": ["renamed", "late"],
        },
    }
    made = definition(**parts(notices=NOTICES, cases=[golden]))
    assert definition_from_json(canonical_json(made)) == made
    assert [result.differences for result in run_cases(compiled(made), office())] == [()]


def test_a_golden_case_that_comes_out_otherwise_says_every_difference():
    golden = {
        "name": "sai",
        "given": {**BOTH, "late": 0},
        "on": DAY,
        "then": {
            "cases": ["renamed"],
            "notices": ["late"],
            "papers": {"name": "required", "house": {"need": "optional", "copies": 2}, "request": "absent"},
        },
    }
    made = definition(**parts(notices=NOTICES, cases=[golden]))
    [result] = run_cases(compiled(made), office())
    assert result.differences == (
        "Trường hợp “renamed”: mong đợi có, nhưng không có.",
        "Trường hợp “moved”: không mong đợi, nhưng có.",
        "Giấy tờ “Giấy tờ nhà”: mong đợi mức cần “không bắt buộc”, tính ra “phải có”.",
        "Giấy tờ “Giấy tờ nhà”: mong đợi số bản sao 2, tính ra 0.",
        "Giấy tờ “name”: mong đợi mức cần “phải có”, tính ra “không hỏi đến”.",
        "Giấy tờ “Tờ khai”: mong đợi mức cần “không hỏi đến”, tính ra “phải có”.",
        "Lưu ý “late”: mong đợi có, nhưng không có.",
        "Lưu ý “always”: không mong đợi, nhưng có.",
    )


@pytest.mark.parametrize(
    ("then", "place", "what"),
    [
        ({"cases": ["moves"]}, "cases[1].then.cases[1]", "Không có trường hợp “moves”."),
        ({"notices": ["x"]}, "cases[1].then.notices[1]", "Không có lưu ý “x”."),
        ({"papers": {"nam": "required"}}, "cases[1].then.papers.nam", "Không có giấy tờ “nam”."),
        ({"papers": {"name": "needed"}}, "cases[1].then.papers.name", "Không có mức cần “needed”."),
        ({"papers": {"name": {"count": 1}}}, "cases[1].then.papers.name.count", "Không có mục “count” ở đây."),
    ],
)
def test_a_golden_case_names_only_what_there_is(then, place, what):
    assert faults(cases=[{"name": "x", "given": {}, "on": DAY, "then": then}])[place] == what


def test_cases_notices_and_papers_are_said_in_both_languages():
    said = {group.title.en: group.sentences for group in listing(readable(definition(**parts(notices=NOTICES))))}
    assert [each.vi for each in said["Cases of the procedure"]] == [
        "“Đổi tên”: áp dụng khi “Số ngày quá hạn” trên 0 ngày (căn cứ Điều 3 Thông tư 1/2026/TT-BTC).",
        "“Đổi nơi ở”: áp dụng khi “Nhóm đối tượng” là Nhóm a (căn cứ Điều 4 Thông tư 1/2026/TT-BTC).",
    ]
    assert said["Notices"][0].en == "“Keep the code”: every dossier (basis: Article 9, Circular 1/2026/TT-BTC)."
    assert said["Notices"][1].vi.startswith("“Quá hạn”: khi “Trường hợp” có ")


def test_everything_a_definition_says_of_a_paper_is_said():
    whole = {
        "code": "p",
        "label": "Giấy",
        "basis": basis(),
        "sets": 2,
        "returned": "exchanged",
        "one_of": "k",
        "accepted": {"post": ["certified_copy", "scan"]},
        "valid": {"when": {"late": "< 9"}, "text": "Hết hạn."},
        "waived_by": "Kho",
        "waived_when": {"poor": True},
        "fallback": "Nộp bản sao",
    }
    rest = [{"code": "n", "label": "Chú ý", "note": True}, {"code": "o", "label": "Biên bản", "made_by_office": True}]
    reading = readable(definition(papers=[whole, *rest, {**PAPERS[-1], "one_of": "k"}]))
    said = {group.title.en: [each.vi for each in group.sentences] for group in listing(reading)}["Papers"]
    for sentence in (
        "“Giấy”: nộp 2 bộ.",
        "“Giấy”: khi nộp qua bưu chính thì nhận bản sao có chứng thực hoặc bản quét.",
        "“Giấy”: chỉ cần một trong: “Giấy”, “Tờ khai”.",
        "“Giấy”: được miễn nộp khi “Hộ nghèo” là có.",
        "“Giấy”: khi nguồn dữ liệu không trả lời: Nộp bản sao.",
        "“Giấy”: chỉ hợp lệ khi “Số ngày quá hạn” dưới 9 ngày; nếu không thì: Hết hạn.",
        "“Giấy”: nộp lại bản chính khi nhận kết quả.",
        "“Chú ý”: không phải giấy tờ; chỉ để lưu ý.",
        "“Biên bản”: người nộp không phải nộp; cơ quan lập 1 bản chính.",
    ):
        assert sentence in said


def test_what_a_golden_case_expects_is_said():
    then = {
        "papers": {
            "name": {"need": "absent", "originals": 1, "copies": 2, "rows": [1, 3], "valid": False},
            "house": "one_of",
        },
        "cases": ["renamed"],
        "notices": [],
    }
    golden = {"name": "x", "given": {}, "on": DAY, "then": then}
    [case] = readable(definition(**parts(cases=[golden]))).cases
    assert [each.vi for each in case.expects] == [
        "Giấy tờ “Giấy tờ nhà”: nộp giấy tờ này hoặc giấy tờ thay thế",
        "Giấy tờ “Giấy đổi tên”: không hỏi đến; 1 bản chính; 2 bản sao; các dòng: 1, 3; không hợp lệ",
        "Trường hợp: Đổi tên",
        "Lưu ý: không có",
    ]
    assert case.expects[2].en == "Cases: Change of name"


def test_a_table_says_that_papers_cases_and_notices_read_its_outputs():
    level = table("level", ["poor"], {"n": "int"}, [row("level.poor", {"poor": True}, {"n": 2})])
    read = {"level.n": 2}
    reading = readable(
        definition(
            tables=[*data()["tables"], level],
            variants=[{**RENAMED, "when": read}],
            notices=[{"id": "n", "text": "Nhớ", "when": read}],
            papers=[{**PAPERS[-1], "waived_by": "Kho", "waived_when": read}],
            cases=[],
        )
    )
    used = next(each.used_for for each in reading.tables if each.id == "level")
    assert [text.vi for text in used] == ["điều kiện của “Tờ khai”", "điều kiện của “Đổi tên”", "điều kiện của “Nhớ”"]
