"""What a catalogue administrator is told: the place, what is wrong, and what to write; one sentence for one cause."""

from typing import Any

import pytest

from rules.codec import definition_from
from rules.errors import DefinitionError
from tests.definitions import DAY, basis, charge, cut_table, data, fee_table, limit_table, row


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
        ({"group": "aa"}, "“Nhóm đối tượng” cần một mã của danh mục, đang có “aa”. Có phải ý bạn là: a (Nhóm a)?"),
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


def cuts_with(value: Any) -> list[str]:
    return told(tables=[fee_table(), cut_table(row("cut.poor", {"poor": True}, {"percent": value})), limit_table()])


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("50%", "Viết 50, không có dấu chấm và ngoặc kép."),
        ("năm", "Viết 5, không có ngoặc kép."),
        ("vài", "Viết bằng chữ số, không có dấu chấm và ngoặc kép."),
    ],
)
def test_a_number_written_otherwise_is_told_as_the_number_it_means(value, hint):
    assert cuts_with(value) == [f"tables[2].rows[1].then.percent: Cần số nguyên, đang có “{value}”. {hint}"]


def test_decimal_digits_of_a_whole_output_are_told_with_the_type_that_has_them():
    assert cuts_with("0.5") == [
        "tables[2].rows[1].then.percent: Cột “percent” là số nguyên (int), đang có “0.5”. "
        "Muốn có phần lẻ thì khai cột kết quả với type: fixed, scale: 1 (số chữ số sau dấu phẩy)."
    ]


def test_numbers_spelt_out_are_told_in_digits():
    papers = [{"code": "request", "label": "Tờ khai", "sets": "hai", "basis": {"document": "tt", "article": 1}}]
    assert told(papers=papers) == ["papers[1].sets: Cần số nguyên, đang có “hai”. Viết 2, không có ngoặc kép."]
    assert of_case(then={"total": "không"}) == [
        "cases[1].then.total: Cần số nguyên, đang có “không”. Viết 0, không có ngoặc kép."
    ]


@pytest.mark.parametrize(
    ("value", "meant"), [("có", "true"), ("không", "false"), ("false", "false"), ("ừ", "true hoặc false")]
)
def test_a_yes_or_no_in_words_is_told_as_true_or_false(value, meant):
    assert of_case(given={"poor": value}) == [
        f"cases[1].given.poor: “Hộ nghèo” cần có (true) hoặc không (false), đang có “{value}”. "
        f"Viết {meant}, không có ngoặc kép."
    ]
    assert of_case(then={"eligible": value})[0].endswith(f"Viết {meant}, không có ngoặc kép.")


def test_required_yes_is_told_as_true():
    fields = [*data()["fields"], {"id": "size", "kind": "text", "label": "Cỡ", "required": "yes"}]
    assert told(fields=fields) == [
        "fields[8].required: Cần true hoặc false, đang có “yes”. Viết true, không có ngoặc kép."
    ]


def test_a_part_of_several_units_names_all_of_them():
    limit = limit_table()
    limit["rows"][0]["then"]["unit"] = "days"
    assert told(tables=[fee_table(), cut_table(), limit]) == [
        "tables[3].rows[1].then.unit: Không có đơn vị thời hạn “days”. Có phải ý bạn là: calendar_days, working_days?"
    ]


def test_a_type_as_people_call_it_is_told_by_its_name():
    facts = [{"id": "need", "type": "tiền", "label": "Mức cần", "source": "officer", "stage": "reception"}]
    assert told(facts=facts)[0] == "facts[1].type: Không có lựa chọn “tiền” ở đây. Viết mã: money."
    fields = [*data()["fields"], {"id": "size", "kind": "int", "label": "Cỡ"}]
    assert told(fields=fields)[0] == "fields[8].kind: Không có lựa chọn “int” ở đây. Viết mã: whole_number."


def test_a_payout_of_a_kind_is_told_that_it_has_none():
    aid = {"id": "aid", "label": "Trợ cấp", "payee": "Dân", "amount": {"table": "fee", "output": "amount"}}
    assert told(payouts=[{**aid, "kind": "charge"}]) == [
        "payouts[1].kind: Không có mục “kind” ở đây. Khoản chi trả không có loại: bỏ kind. Người được trả ghi ở payee."
    ]


def test_an_event_of_a_wait_that_is_not_declared_names_those_that_are():
    stops = [{"id": "tax", "cause": "financial_obligation", "label": "Chờ nộp thuế", "basis": basis()}]
    for cause, hint in (
        ("thue", "Các tên dùng được: tax (Chờ nộp thuế)."),
        ("Chờ nộp thuế", "“Chờ nộp thuế” là nhãn của mã tax: viết tax."),
        ("suplement", "Có phải ý bạn là: supplement?"),
    ):
        events = [{"kind": "stopped", "at": "2026-11-23T09:00", "cause": cause}]
        case = {"name": "thử", "given": {}, "at": "2026-11-20T10:00", "then": {}, "events": events}
        assert told(deadline={"table": "limit", "stops": stops}, cases=[case]) == [
            f"cases[1].events[1].cause: Không có lý do dừng “{cause}”. {hint}"
        ]


@pytest.mark.parametrize(
    ("fact", "cell"),
    [("group", "Nhóm b"), ("group", "a, nhóm b"), ("marks", 'has any "Nhóm b"'), ("group", "not(Nhóm b)")],
)
def test_a_label_in_a_cell_is_told_as_the_label_of_its_code(fact, cell):
    assert "hóm b” là nhãn của mã b: viết b." in of_cell(fact, cell)


def test_a_label_as_a_fact_is_told_as_the_label_of_its_code():
    assert of_case(given={"group": "Nhóm b"}) == [
        "cases[1].given.group: “Nhóm đối tượng” cần một mã của danh mục, đang có “Nhóm b”. "
        "“Nhóm b” là nhãn của mã b: viết b."
    ]
    assert of_case(given={"marks": ["Nhóm c"]})[0].endswith("“Nhóm c” là nhãn của mã c: viết c.")


MEMBERS = {
    "id": "members",
    "kind": "group",
    "label": "Thành viên",
    "fields": [{"id": "aged", "kind": "whole_number", "label": "Tuổi"}],
}
WITH_MEMBERS = {"fields": [*data()["fields"], MEMBERS]}


@pytest.mark.parametrize(
    ("formula", "meant"), [("NẾU(poor, 1, 0)", "nếu"), ("IF(poor, 1, 0)", "if"), ("ROUNDUP(copies, 10)", "round")]
)
def test_a_function_in_other_case_or_without_accents_is_told_by_its_name(formula, meant):
    facts = [{"id": "n", "type": "int", "label": "Số", "formula": formula}]
    (said,) = told(facts=facts)
    assert f"Không có hàm “{formula.partition('(')[0]}”. Có phải ý bạn là: {meant}" in said


def test_a_line_over_no_group_names_the_groups_there_are():
    for name in ("kinds", "late"):
        assert told(**WITH_MEMBERS, charges=[charge(for_each=name)])[0].endswith(" Các tên dùng được: members.")
    assert "thêm một trường kind: group vào fields" in told(charges=[charge(for_each="kinds")])[0]


def test_a_column_outside_its_group_is_told_as_one():
    is_column = "Không có dữ kiện “aged”. “aged” là cột của nhóm members: "
    assert told(**WITH_MEMBERS, charges=[charge(when={"aged": "> 1"})]) == [
        f"charges[1].when.aged: {is_column}viết members.aged, ở nơi xét từng dòng của nhóm ấy."
    ]
    assert told(**WITH_MEMBERS, cases=[{"name": "thử", "given": {"aged": 1}, "on": DAY, "then": {}}]) == [
        f"cases[1].given.aged: {is_column}ghi trong dòng của nhóm ấy."
    ]
    (said,) = told(**WITH_MEMBERS, facts=[{"id": "n", "type": "int", "label": "Số", "formula": "aged + 1"}])
    assert said.endswith(f"{is_column}dùng trong sum(members, …) hoặc hàm khác của nhóm.")


def test_a_table_without_rows_is_named():
    assert told(tables=[fee_table(), {**cut_table(), "rows": []}, limit_table()]) == [
        "tables[2]: Bảng “cuts” không có dòng nào. Thêm ít nhất một dòng vào rows, hoặc bỏ cả bảng."
    ]
