"""A golden case may expect every part of an outcome, and says each difference in a sentence."""

from typing import Any

import pytest

from rules.clock.ledger import LedgerKind
from rules.codec import definition_from, definition_to_data
from rules.definition.expected import CHANGES, STATES
from rules.errors import DefinitionError
from rules.evaluation.cases import run_case
from rules.evaluation.compile import compiled
from rules.evaluation.findings import State
from rules.say.definition import readable
from rules.say.expected import LEDGER_KINDS
from rules.say.outcome import MAY_CHANGE
from tests.definitions import office
from tests.reference_page import definitions

RUNNING = definitions()["running"]
PROXY = "Miễn hơn giảm một nửa"
BINDING = "Đóng quyển từng bản chính, không dưới 15.000 đ và không quá 60.000 đ mỗi bản chính"
WAITED = "Chờ nộp thuế thì dừng, ba ngày xác minh tính tiếp; hẹn lại không dời hạn"
UNSIGNED = "Chưa biết ngày ký thì chưa có mức"
MOVED = "Mọi cách viết ô và mọi hàm"


def expecting(name: str, then: dict[str, Any]) -> dict[str, Any]:
    """The definition of the reference with one of its cases, which expects something else."""
    case = next(each for each in RUNNING["cases"] if each["name"]["vi"] == name)
    return {**RUNNING, "cases": [{**case, "then": then}]}


@pytest.mark.parametrize(
    ("name", "then", "differences"),
    [
        (PROXY, {"charges": {"late": {"base": 4000}}}, ["mong đợi trước khi giảm 4.000 đ, là 5.000 đ"]),
        (PROXY, {"charges": {"late": {"cut": "none"}}}, ["giảm theo không dòng nào, tính ra theo “cut.group”"]),
        (PROXY, {"charges": {"late": {"lost": []}}}, ["khoản giảm không được tính không có, là “cut.online”"]),
        (BINDING, {"charges": {"announcement": {"base": 1}}}, ["mong đợi có, tính ra không có khoản này"]),
        (
            BINDING,
            {"charges": {"binding": {"rows": [15000, None]}}},
            ["15.000 đ; không có mức thu, tính ra 15.000 đ; 60.000 đ"],
        ),
        (
            WAITED,
            {"ledger": [{"kind": "stopped", "at": "2026-10-07"}]},
            ["dòng “stopped” ngày 07/10/2026, tính ra 09:00 06/10/2026"],
        ),
        (WAITED, {"route": {"to": "branch", "unit": "30169", "branch": "TAX"}}, ["mong đợi branch", "30169", "TAX"]),
        (UNSIGNED, {"missing": {"contract_on": ["papers"]}}, ["“contract_on”: mong đợi có thể thay đổi papers"]),
        (UNSIGNED, {"missing": {"urgent": ["fee"]}}, ["“urgent”: mong đợi có thể thay đổi fee, tính ra không gì"]),
        (MOVED, {"results": {"residence": {"until": "2031-12-31"}}}, ["giá trị đến 2031-12-31, tính ra 2030-12-31"]),
        (MOVED, {"results": {"copies": {"code": "KQ.2", "number": "{number}"}}}, ["KQ.2, tính ra KQ.1", "{number}"]),
        (PROXY, {"charges": {"late": {"collected": "at_result"}}}, ["lúc thu at_result, tính ra at_filing"]),
        (PROXY, {"charges": {"late": {"refundable": True, "state": "missing"}}}, ["được hoàn trả có", "decided"]),
        (BINDING, {"charges": {"binding": {"kind": "charge", "set_by": "law"}}}, ["price", "service_unit"]),
        (BINDING, {"payouts": {"support": {"state": "decided"}}}, ["mong đợi có, tính ra không có khoản này"]),
        (PROXY, {"papers": {"letter": {"returned": "returned"}}}, ["trả lại người nộp”, tính ra “lưu trong hồ sơ"]),
        (PROXY, {"papers": {"letter": {"handed": "show", "accepted": ["scan"]}}}, ["“xuất trình”", "có chữ ký số"]),
        (WAITED, {"steps": {"notice": {}}}, ["Bước “notice”: mong đợi phải làm, tính ra không phải làm"]),
        (
            WAITED,
            {"steps": {"verify": "absent"}},
            ["Bước “Xác minh cư trú”: mong đợi không phải làm, tính ra phải làm"],
        ),
        (WAITED, {"steps": {"verify": {"at_least": {"unit": "same_day"}}}}, ["ít nhất trong ngày, tính ra không có"]),
        (
            WAITED,
            {"steps": {"verify": {"at_most": None, "stop": "tax"}}},
            ["tính ra 3 ngày làm việc", "tính ra không có"],
        ),
        (WAITED, {"steps": {"check": {"relation": None}}}, ["nơi thực hiện không có, tính ra receiving_unit"]),
        (WAITED, {"steps": {"check": {"clock": "ours"}}}, ["mong đợi đồng hồ chạy khi chờ hệ thống ngoài ours"]),
        (MOVED, {"results": {"statement": {}}}, ["Kết quả “statement”: mong đợi có, nhưng không có"]),
    ],
)
def test_what_came_out_otherwise_is_said(name, then, differences):
    definition = definition_from(expecting(name, then))
    result = run_case(compiled(definition), definition.cases[0], office())
    said = [each.replace("\xa0", " ") for each in result.differences]
    assert len(said) == len(differences)
    assert all(part in whole for part, whole in zip(differences, said, strict=True)), said


def test_a_list_of_missing_facts_is_exact():
    definition = definition_from(expecting(UNSIGNED, {"missing": ["contract_on", "wanted"]}))
    said = run_case(compiled(definition), definition.cases[0], office()).differences
    assert "Dữ kiện còn thiếu “wanted”: mong đợi có, nhưng không có." in said
    assert not any("“contract_on”" in each for each in said)


@pytest.mark.parametrize(
    ("then", "place", "what"),
    [
        ({"charges": {"late": {"amount": 1, "cut": "cut.x"}}}, "charges.late.cut", "Không có dòng quy định “cut.x”."),
        ({"charges": {"late": {"sum": 1}}}, "charges.late.sum", "Không có mục “sum” ở đây."),
        ({"charges": {"late": {"set_by": "council"}}}, "charges.late.set_by", "Không có lựa chọn “council” ở đây."),
        ({"steps": {"check": "gone"}}, "steps.check", "Không có lựa chọn “gone” ở đây."),
        ({"steps": {"check": {"stop": "taxes"}}}, "steps.check.stop", "Không có lý do dừng “taxes”."),
        (
            {"papers": {"letter": {"accepted": ["paper"]}}},
            "papers.letter.accepted[1]",
            "Không có lựa chọn “paper” ở đây.",
        ),
        ({"route": {"unit": 5}}, "route.unit", "Cần chữ, đang có số 5."),
        ({"ledger": [{"at": "2026-10-07"}]}, "ledger[1]", "Thiếu mục “kind”."),
        ({"results": {"papers": {}}}, "results.papers", "Không có kết quả “papers”."),
        ({"missing": {"urgent": ["fees"]}}, "missing.urgent[1]", "Không có nội dung có thể thay đổi “fees”."),
        ({"missing": ["urgently"]}, "missing[1]", "Không có dữ kiện “urgently”."),
    ],
)
def test_a_fault_in_what_is_expected_is_told_with_its_place(then, place, what):
    with pytest.raises(DefinitionError) as refused:
        definition_from(expecting(PROXY, then))
    assert [(each.place, each.what) for each in refused.value.problems] == [(f"cases[1].then.{place}", what)]


def test_what_is_expected_comes_back_from_plain_data():
    definition = definition_from(RUNNING)
    assert definition_from(definition_to_data(definition)).cases == definition.cases


def test_an_amount_by_itself_is_written_as_it_always_was():
    definition = definition_from(expecting(PROXY, {"charges": {"late": {"amount": 0}}, "route": {"to": "branch"}}))
    assert definition_to_data(definition)["cases"][0]["then"] == {"charges": {"late": 0}, "route": "branch"}


def test_all_that_is_expected_is_said():
    cases = readable(definition_from(RUNNING)).cases
    said = {sentence.vi.replace("\xa0", " ") for case in cases for sentence in case.expects}
    assert said >= {
        "Lệ phí đăng ký: 0 đ; trước khi giảm 5.000 đ; giảm theo dòng: cut.group; "
        "khoản giảm không được tính: cut.online",
        "Sổ tính hạn có dòng: dừng tính, 09:00 06/10/2026",
        "Chuyển đến: đơn vị theo dữ kiện của hồ sơ, đơn vị 28249",
        "Chuyển đến: sở, ban, ngành quản lý lĩnh vực, chi nhánh không có",
        "Thiếu “Ngày ký hợp đồng” còn có thể thay đổi: phí, lệ phí",
        "Kết quả “Ghi chú vào sổ lưu”: có giá trị đến 31/12/2030",
        "Thuế chuyển nhượng: 12.500.000 đ; đã tính được; Lệ phí; mức do Luật, nghị định quy định; "
        "Thu theo thông báo; không hoàn trả; không được ghi nợ",
        "Bước “Niêm yết công khai”: ít nhất: 7 ngày; nhiều nhất: không có; "
        "người làm: đơn vị theo dữ kiện của hồ sơ, đơn vị 28249",
        "Bước “Xác minh cư trú”: không phải làm",
    }


def test_every_word_of_the_outcome_has_its_words():
    assert set(MAY_CHANGE) == set(CHANGES)
    assert {state.value for state in State} == set(STATES)
    assert set(LEDGER_KINDS) == {kind.value for kind in LedgerKind}
