"""What a catalogue administrator is told: the place, what is wrong, and what to write; one sentence for one cause."""

from typing import Any

import pytest

from rules.codec import definition_from
from rules.errors import DefinitionError
from tests.definitions import DAY, charge, cut_table, data, fee_table, limit_table, row


def told(**parts: Any) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        definition_from(data(**parts))
    return [found.sentence for found in refused.value.problems]


def of_cell(fact: str, cell: Any) -> str:
    tables = [fee_table(row("fee.x", {fact: cell}, {"amount": 1})), cut_table(), limit_table()]
    tables[0]["inputs"] = [fact]
    (sentence,) = told(tables=tables)
    place, _, rest = sentence.partition(": ")
    assert place == f"tables[1].rows[1].when.{fact}"
    return rest


def of_case(**parts: Any) -> list[str]:
    return told(cases=[{"name": "thử", "given": {}, "on": DAY, "then": {}, **parts}])


@pytest.mark.parametrize(
    ("fact", "cell", "sentence"),
    [
        ("group", ["a", "b"], 'Ô là một câu chữ, đang có một danh sách. Đặt trong dấu ngoặc kép: "a, b".'),
        ("late", ["1..30"], 'Ô là một câu chữ, đang có một danh sách. Đặt trong dấu ngoặc kép: "[1..30]".'),
        ("marks", ["a"], 'Ô là một câu chữ, đang có một danh sách. Đặt trong dấu ngoặc kép: "has any a".'),
        ("group", "a or b", "“Một trong các giá trị” viết bằng dấu phẩy: a, b."),
        ("late", "> 5 hoặc 3", "“Một trong các giá trị” viết bằng dấu phẩy: a, b."),
        ("late", "> 5 and < 9", "thành một khoảng, như [1..30], hoặc thành hai cột."),
        ("group", "a | b", "“Một trong các giá trị” viết bằng dấu phẩy: a, b."),
        ("group", "= a", "Bỏ dấu “=”, viết thẳng mã."),
        ("group", "“a", 'Dùng dấu ngoặc kép thẳng: "a", hoặc viết mã trần.'),
        ("marks", "a, b", "Cần “has”, “has any”, “has all” hoặc “has none” rồi đến các mã ở đây, đang có “a”."),
        ("marks", "a", "Dữ kiện là một tập mã: viết has any a, b."),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_once_with_what_to_write(fact, cell, sentence):
    assert sentence in of_cell(fact, cell)


@pytest.mark.parametrize(
    ("unit", "code"),
    [("ngày làm việc", "working_days"), ("Tháng", "months"), ("giờ", "hours"), ("trong ngày", "same_day")],
)
def test_a_unit_of_time_as_people_call_it_is_told_by_its_code(unit, code):
    limit = limit_table()
    limit["rows"][0]["then"]["unit"] = unit
    assert told(tables=[fee_table(), cut_table(), limit]) == [
        f"tables[3].rows[1].then.unit: Không có đơn vị thời hạn “{unit}”. Viết mã của đơn vị: {code}."
    ]


@pytest.mark.parametrize(("unit", "code"), [("m2", "square_metre"), ("m²", "square_metre"), ("bản", "copy")])
def test_a_unit_of_measure_as_people_call_it_is_told_by_its_code(unit, code):
    fields = [*data()["fields"], {"id": "size", "kind": "whole_number", "label": "Cỡ", "unit": unit}]
    assert told(fields=fields) == [f"fields[8].unit: Không có đơn vị “{unit}”. Viết mã của đơn vị: {code}."]


def test_a_code_without_quotes_is_told_where_it_stands_and_not_where_it_is_used():
    wards = [{"code": 28261, "label": "Mỹ Tho"}, {"code": "28249", "label": "Đạo Thạnh"}]
    fields = [*data()["fields"], {"id": "ward", "kind": "choice", "list": "wards", "label": "Nơi ở"}]
    cases = [{"name": "thử", "given": {"ward": "28261"}, "on": DAY, "then": {}}]
    assert told(lists={**data()["lists"], "wards": wards}, fields=fields, cases=cases) == [
        'lists.wards[1].code: Cần một mã, đang có số 28261. Đặt trong dấu ngoặc kép: "28261".'
    ]


def test_a_bound_that_is_written_with_points_is_told_as_a_number():
    assert told(charges=[charge(cap="5.000.000")]) == [
        "charges[1].cap: Cần số nguyên, đang có “5.000.000”. Viết 5000000, không có dấu chấm và ngoặc kép."
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"copies": "2.000"}, "“Số bản” cần số nguyên, đang có “2.000”. Viết 2000, không có dấu chấm và ngoặc kép."),
        ({"note": 17}, '“Ghi chú” cần chữ, nhiều nhất 20000 ký tự, đang có số 17. Đặt trong dấu ngoặc kép: "17".'),
        ({"group": "aa"}, "“Nhóm đối tượng” cần một mã của danh mục, đang có “aa”. Có phải ý bạn là: a?"),
        ({"marks": "a"}, "“Các nhóm” cần một danh sách mã, đang có “a”. Viết [a]."),
    ],
)
def test_a_fact_of_a_golden_case_is_told_with_its_value_and_what_to_write(given, sentence):
    (name,) = given
    assert of_case(given=given) == [f"cases[1].given.{name}: {sentence}"]


def test_a_day_that_cannot_be_read_is_not_told_as_missing_too():
    assert of_case(on="30/06/2025") == ["cases[1].on: Không đọc được ngày từ “30/06/2025”. Viết 2026-08-15."]


def test_what_is_no_mapping_is_not_told_to_lack_its_keys_too():
    stops = [{"cause": "supplement", "limit": "12 ngày"}]
    assert told(deadline={"table": "limit", "stops": stops}) == [
        "deadline.stops[1].limit: Cần một nhóm “tên: giá trị” ở đây."
    ]


def test_no_more_faults_are_told_than_somebody_would_mend_at_once():
    found = told(**{f"k{number}": 1 for number in range(100_000)})
    assert len(found) == 101
    assert found[-1] == "Còn lỗi khác: chỉ nêu 100 lỗi đầu. Sửa rồi thử lại."
