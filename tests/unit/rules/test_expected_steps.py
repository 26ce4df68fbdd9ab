"""What a golden case may expect of a step: who takes it, the acts inside it, what is known of its outside system."""

import pytest

from rules.codec import canonical_json, definition_from_json
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import compiled
from rules.say.expected import expected_said
from tests.definitions import basis, definition, office

STEP = {
    "id": "ask",
    "label": "Hỏi nơi khác",
    "role": "Công chức một cửa",
    "acts": [
        {"id": "draft", "label": "soạn", "within": {"amount": 1, "unit": "working_days"}},
        {"id": "send", "label": "gửi", "within": {"amount": 2, "unit": "working_days"}},
    ],
    "external": {
        "system": "Hệ thống dân cư",
        "clock": "ours",
        "acknowledged_within": {"amount": 3, "unit": "working_days"},
        "sent": "sent",
        "acknowledged": "heard",
    },
    "basis": basis(4),
}
BARE = {"id": "bare", "label": "Trả kết quả", "basis": basis(4)}
FACTS = [
    {"id": "sent", "type": "moment", "source": "outside", "label": "Lúc gửi"},
    {"id": "heard", "type": "moment", "source": "outside", "label": "Lúc xác nhận"},
]
GIVEN = {"sent": "2026-11-20T10:00:00+07:00", "heard": "2026-11-23T08:30:00+07:00"}
RIGHT = {
    "role": "Công chức một cửa",
    "acts": ["draft", "send"],
    "sent": "2026-11-20T10:00",
    "acknowledge_by": "2026-11-25",
    "acknowledged": "2026-11-23",
}


def law(expected, given=GIVEN):
    case = {"name": "một", "given": given, "on": "2026-11-20", "then": {"steps": expected}}
    return definition(facts=FACTS, steps=[STEP, BARE], cases=[case])


def differences(expected, given=GIVEN):
    [result] = run_cases(compiled(law(expected, given)), office())
    return result.differences


def test_role_acts_and_moments_of_a_step_may_be_expected():
    assert differences({"ask": RIGHT}) == ()


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        ({"role": "Lãnh đạo"}, "mong đợi vai trò Lãnh đạo, tính ra Công chức một cửa"),
        ({"role": None}, "mong đợi vai trò không có, tính ra Công chức một cửa"),
        ({"acts": ["send", "draft"]}, "mong đợi các việc send, draft, tính ra draft, send"),
        ({"acts": []}, "mong đợi các việc không có, tính ra draft, send"),
        ({"sent": "2026-11-21"}, "mong đợi thời điểm gửi đi ngày 21/11/2026, tính ra 10:00 20/11/2026"),
        ({"sent": None}, "mong đợi thời điểm gửi đi không có, tính ra 10:00 20/11/2026"),
        (
            {"acknowledge_by": "2026-11-26"},
            "mong đợi thời điểm phải được xác nhận ngày 26/11/2026, tính ra 17:00 25/11/2026",
        ),
        (
            {"acknowledged": "2026-11-23T08:31"},
            "mong đợi thời điểm được xác nhận 08:31 23/11/2026, tính ra 08:30 23/11/2026",
        ),
    ],
)
def test_each_that_comes_out_otherwise_is_told(otherwise, said):
    assert differences({"ask": {**RIGHT, **otherwise}}) == (f"Bước “Hỏi nơi khác”: {said}.",)


def test_a_step_that_has_none_of_it_may_be_expected_to_have_none():
    none = dict.fromkeys(("role", "sent", "acknowledge_by", "acknowledged")) | {"acts": []}
    assert differences({"bare": none}) == ()
    assert differences({"ask": {"sent": None, "acknowledge_by": None, "acknowledged": None}}, {}) == ()


def test_what_is_expected_of_a_step_is_written_read_back_and_said():
    whole = law({"ask": RIGHT, "bare": {"role": None, "acts": []}})
    assert definition_from_json(canonical_json(whole)) == whole
    said = "\n".join(line.vi for line in expected_said(whole.cases[0].then, whole))
    assert "vai trò: Công chức một cửa; các việc: draft, send; gửi đi: 10:00" in said
    assert "vai trò: không có; các việc: không có" in said
