"""Bounds of facts hold whoever hands a fact in: the evaluation refuses what the form would refuse at its field."""

from typing import Any

import pytest

from rules.errors import FactsError
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from tests.definitions import DAY, data, definition, office, outcome

GROUP = {
    "id": "originals", "kind": "group", "label": "Bản chính", "min_rows": 1, "max_rows": 2,
    "fields": [{"id": "pages", "kind": "whole_number", "label": "Số trang", "min": 1, "max": 500, "unit": "page"}],
}  # fmt: skip
FIELDS = [
    *data()["fields"],
    {"id": "price", "kind": "money", "label": "Giá", "min": 0, "max": 1_000_000},
    {"id": "area", "kind": "measure", "scale": 1, "unit": "square_metre", "label": "Diện tích", "min": "0,5"},
    {"id": "warmth", "kind": "whole_number", "label": "Nhiệt độ", "min": -50, "max": 60},
    {"id": "met", "kind": "day", "label": "Ngày gặp", "not_after": "today"},
    {"id": "fetch", "kind": "day", "label": "Ngày nhận", "not_before": "today"},
    {"id": "story", "kind": "long_text", "label": "Lý do"},
    {"id": "citizen", "kind": "citizen_id", "label": "Số định danh"},
    {"id": "phone", "kind": "phone", "label": "Điện thoại"},
    {"id": "email", "kind": "email", "label": "Thư điện tử"},
    GROUP,
]
FACTS = [
    {"id": "rooms", "type": "int", "label": "Số phòng", "source": "officer", "min": 1, "max": 9},
    {"id": "tax", "type": "money", "label": "Thuế", "source": "outside"},
]


def refused(**facts: Any) -> list[tuple[str, str]]:
    with pytest.raises(FactsError) as wrong:
        outcome(facts, fields=FIELDS, facts=FACTS)
    return [(found.place, found.what.replace("\u00a0", " ")) for found in wrong.value.problems]


@pytest.mark.parametrize(
    ("facts", "place", "sentence"),
    [
        ({"price": -5}, "price", "“Giá” cần từ 0 đ đến 1.000.000 đ, đang có -5 đ."),
        ({"price": 1_000_001}, "price", "“Giá” cần từ 0 đ đến 1.000.000 đ, đang có 1.000.001 đ."),
        ({"copies": -1}, "copies", "“Số bản” cần 0 bản trở lên, đang có -1 bản."),
        ({"area": 4}, "area", "“Diện tích” cần 0,5 m² trở lên, đang có 0,4 m²."),
        ({"rooms": 10}, "rooms", "“Số phòng” cần từ 1 đến 9, đang có 10."),
        ({"tax": -1}, "tax", "“Thuế” cần 0 đ trở lên, đang có -1 đ."),
        (
            {"met": "2026-11-21"},
            "met",
            "“Ngày gặp” cần một ngày không sau ngày tiếp nhận 20/11/2026, đang có 21/11/2026.",
        ),
        (
            {"fetch": "2026-11-19"},
            "fetch",
            "“Ngày nhận” cần một ngày không trước ngày tiếp nhận 20/11/2026, đang có 19/11/2026.",
        ),
        ({"note": "a" * 501}, "note", "“Ghi chú” cần nhiều nhất 500 ký tự, đang có 501 ký tự."),
        ({"story": "a" * 5001}, "story", "“Lý do” cần nhiều nhất 5.000 ký tự, đang có 5.001 ký tự."),
        ({"citizen": "123"}, "citizen", "“Số định danh” cần đúng 12 chữ số viết liền, đang có “123”."),
        (
            {"phone": "12"},
            "phone",
            "“Điện thoại” cần số điện thoại viết liền, bắt đầu bằng 0, ví dụ 0912345678, đang có “12”.",
        ),
        ({"email": "nobody"}, "email", "“Thư điện tử” cần địa chỉ thư điện tử dạng ten@vidu.vn, đang có “nobody”."),
        ({"originals": []}, "originals", "“Bản chính” cần từ 1 đến 2 dòng, đang có 0 dòng."),
        ({"originals": [{"pages": 1}] * 3}, "originals", "“Bản chính” cần từ 1 đến 2 dòng, đang có 3 dòng."),
        (
            {"originals": [{"pages": 1}, {"pages": 0}]},
            "originals[2].pages",
            "“Số trang” cần từ 1 trang đến 500 trang, đang có 0 trang.",
        ),
    ],
)
def test_a_fact_outside_its_bounds_is_refused_with_its_value_and_the_bound(facts, place, sentence):
    assert refused(**facts) == [(place, sentence)]


def test_every_fact_outside_its_bounds_is_told_at_once():
    assert [place for place, _ in refused(price=-5, copies=-1, rooms=0)] == ["copies", "price", "rooms"]


def test_both_ends_of_the_bounds_are_allowed():
    facts = {
        "price": 1_000_000, "copies": 0, "area": 5, "warmth": -50, "met": "2026-11-20", "fetch": "2026-11-20",
        "rooms": 9, "note": "a" * 500, "citizen": "087199001234", "phone": "0912345678", "email": "a@vidu.vn",
        "originals": [{"pages": 1}, {"pages": 500}],
    }  # fmt: skip
    assert outcome(facts, fields=FIELDS, facts=FACTS).facts["price"] == 1_000_000


def test_an_unknown_fact_is_outside_no_bounds():
    assert outcome({}, fields=FIELDS, facts=FACTS).eligible


def test_the_day_of_acceptance_is_what_days_are_measured_by_and_not_today():
    born = {"id": "met", "kind": "day", "label": "Ngày gặp", "not_after": "today"}
    ready = compiled(definition(fields=[*data()["fields"], born]))
    assert evaluate(ready, {"met": "2026-11-20"}, on=DAY, at=None, office=office()).facts["met"] == "2026-11-20"


def test_a_golden_case_with_such_a_fact_is_red_and_says_the_same():
    case = {"name": "giá âm", "given": {"price": -5}, "on": DAY, "then": {}}
    (found,) = run_cases(compiled(definition(fields=FIELDS, facts=FACTS, cases=[case])), office())
    assert not found.passed
    assert [each.replace("\u00a0", " ") for each in found.differences] == [
        "Không tính được: “Giá” cần từ 0 đ đến 1.000.000 đ, đang có -5 đ."
    ]
