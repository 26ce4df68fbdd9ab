"""What is written in a YAML file is what is read, or the file is refused with its line."""

import re
import unicodedata
from datetime import date

import pytest
import yaml

from app.importers import strict_yaml
from app.importers.strict_yaml import MAX_PROBLEMS, UnusableYamlError, YamlProblem, load


@pytest.fixture(autouse=True, params=["CSafeLoader", "SafeLoader"])
def loader(request, monkeypatch):
    """Every promise holds with libyaml and without it."""
    monkeypatch.setattr(strict_yaml, "_Loader", getattr(yaml, request.param))


def problems(text) -> list[YamlProblem]:
    with pytest.raises(UnusableYamlError) as refused:
        load(text)
    return list(refused.value.problems)


def only(text) -> YamlProblem:
    [problem] = problems(text)
    return problem


def test_text_whole_numbers_days_yes_no_and_nothing_are_read_as_written():
    loaded = load(
        """
code: "2.000815"
word: no
also: yes
state: on
phone: "0912345678"
many: 1.000.000
cell: ">= 300"
at: 2026-11-20T10:00
opens: 07:00
count: 36000
below: -5
day: 2026-11-20
true_one: true
false_one: false
nothing: null
empty:
"""
    )
    assert loaded.data == {
        "code": "2.000815", "word": "no", "also": "yes", "state": "on", "phone": "0912345678", "many": "1.000.000",
        "cell": ">= 300", "at": "2026-11-20T10:00", "opens": "07:00", "count": 36000, "below": -5,
        "day": date(2026, 11, 20), "true_one": True, "false_one": False, "nothing": None, "empty": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "number", ["2.000815", "1.001190", "-1.5", ".5", "5.", "1e3", "1.5e10", ".inf", "-.inf", ".nan"]
)
def test_a_number_with_a_point_is_refused_with_the_hint_to_quote_it(number):
    problem = only(f"format: 1\ncode: {number}\n")
    assert (problem.line, problem.column) == (2, 7)
    assert f'ặt trong ngoặc kép: "{number}"' in problem.hint


@pytest.mark.parametrize("code", ["007", "00", "0x1F", "0o17", "0b11", "1_000", "1_", "-012", "+07", "0912345678"])
def test_what_another_program_would_read_as_another_number_is_refused_with_the_hint_to_quote_it(code):
    problem = only(f"lists:\n  units: [{{code: {code}, label: Xã}}]\n")
    assert (problem.line, problem.column) == (2, 18)
    assert str(problem.what) == f"{code} viết trần sẽ bị hiểu là số và đổi cách viết."
    assert f'ặt trong ngoặc kép: "{code}"' in problem.hint


@pytest.mark.parametrize("text", ["0", "-5", "07:00", "0a", "0x", "_1", "1.000.000", "01/07/2025"])
def test_what_only_begins_like_a_number_is_read_as_written(text):
    assert load(f"a: {text}\nb: '{text}'\n").data == {"a": int(text) if text in ("0", "-5") else text, "b": text}


def test_the_same_number_in_quotes_stays_text():
    assert load("a: '1.001190'\nb: \"2026-11-20\"\nc: 'true'\n").data == {
        "a": "1.001190",
        "b": "2026-11-20",
        "c": "true",
    }


def test_a_repeated_key_is_refused_with_both_lines():
    assert only("a: 1\nb: {x: 1, x: 2}\n") == YamlProblem(
        2, 11, "Mục “x” đã có ở dòng 2.", "Giữ lại một mục, xóa mục kia."
    )


def test_a_key_repeated_in_another_unicode_form_is_the_same_key():
    composed = unicodedata.normalize("NFC", "phí")
    assert "đã có ở dòng 1" in only(f"{composed}: 1\n{unicodedata.normalize('NFD', composed)}: 2\n").what


def test_text_is_normalised_to_nfc():
    [value] = load(f"- {unicodedata.normalize('NFD', 'Đăng ký hộ tịch')}\n").data
    assert value == unicodedata.normalize("NFC", "Đăng ký hộ tịch")
    [quoted] = load(f'- "{unicodedata.normalize("NFD", "Lệ phí")}"\n').data
    assert quoted == unicodedata.normalize("NFC", "Lệ phí")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: 2\n", "nhãn neo &x"),
        ("a: [1]\nb: *x\n", "tham chiếu *x"),
        ("a: !!python/object/apply:os.system ['true']\n", "thẻ kiểu"),
        ("a: !!str 5\n", "thẻ kiểu"),
        ("a:\n  <<: {b: 1}\n", "khóa gộp <<"),
        ("1: a\n", "Tên mục phải là chữ"),
        ("? [a, b]\n: 1\n", "Tên mục phải là chữ"),
        ("2026-01-01: a\n", "Tên mục phải là chữ"),
        ("a: 2026-02-30\n", "Không có ngày 2026-02-30"),
        ("a: 99999999999999999999\n", "quá lớn"),
        ("a: " + "9" * 100_000 + "\n", "50.000 ký tự"),
        ("a: 1\n---\nb: 2\n", "nhiều hơn một tài liệu"),
        ("", "không có nội dung"),
        ("# chỉ có ghi chú\n", "không có nội dung"),
        ('a: "\\ud800"\n', ""),
        ('a: "x\\0y"\n', "ký tự điều khiển"),
        ("a: \ud800\n", "surrogate đơn lẻ"),
        ("a: \x01\n", "không đọc được"),
        ("a: '" + "x" * 1_000_000 + "'\n", "50.000 ký tự"),
        ("x" * (2 * 1024 * 1024 + 1), "quá 2 MB"),
        (b"a: \xff\n", "không phải văn bản UTF-8"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", "%TAG"),
    ],
)
def test_what_the_language_does_not_have_is_refused_by_name(text, said):
    found = problems(text)
    assert any(said in problem.what for problem in found), [str(problem) for problem in found]
    assert all(problem.hint.endswith((".", '"...".')) for problem in found)


@pytest.mark.parametrize("deep", ["[" * 5_000, "{a: " * 5_000, "".join("  " * n + "a:\n" for n in range(60))])
def test_deep_nesting_is_refused_without_breaking_the_reader(deep):
    assert only(deep).what == "Lồng quá 50 cấp."


def test_fifty_levels_are_still_read_and_one_more_is_not():
    assert load("[" * 50 + "]" * 50).data
    assert only("[" * 51 + "]" * 51).what == "Lồng quá 50 cấp."


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a: 1\n\tb: 2\n", 2, "phím Tab"),
        ("a: b: c\n", 1, "hai chấm"),
        ('a: "chưa đóng\nb: 2\nc: 3\n', 1, "đóng"),
        ("a: [1, 2\nb: 3\n", 1, "ngoặc"),
        ("rows:\n  - {a: 1, then: {b: 2}\n\n  - {a: 2}\n", 2, "ngoặc"),
        ("a: {x: 1,\n  y 2\n  w: 4}\nb: 1\n", 2, "ngoặc"),
        ("- id: a\n  hit:unique\n  inputs: [a]\n", 2, "Sau dấu hai chấm phải có một dấu cách."),
        ("a: 1\nb:\u00a02\nc: 1\n", 2, "dấu cách không ngắt"),
        ("a:\n \u00a0b: 1\n", 2, "dấu cách không ngắt"),
        ("number: {number}/{year}-SCT\n", 1, "đặt cả trong ngoặc kép"),
        ('a: 1\nb: "x\n  \\q"\n', 3, "\\\\"),
        ("a:\n  - 1\n b: 2\n", 3, "thụt dòng"),
        ('a: "\\q"\n', 1, "\\\\"),
    ],
)
def test_broken_structure_is_refused_in_plain_words_with_its_line(text, line, hint):
    problem = only(text)
    assert problem.line == line
    assert hint in problem.hint
    assert not re.search(r"expected|found|token", f"{problem.what}{problem.hint}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a: 1\nname: {vi: "abc}\nb: {x: "def"}\nc: 1\n', 2),
        ("rows:\n  - {id: a, note: 'xx}\n  - {id: b, note: 'yy'}\n", 2),
        ('a: "xx\nb: 1\nc: {d: "e", f: "g"}\n', 1),
    ],
)
def test_a_quote_that_was_not_closed_is_told_where_it_opens(text, line):
    problem = only(text)
    assert problem.line == line
    assert "mới gặp dấu đóng" in problem.what


def test_a_text_of_two_lines_hides_no_other_fault():
    assert "ngoặc" in only('a: "two\n  lines"\nb: {c: 1\nd: 2\n').hint


def test_every_problem_is_told_at_once_in_the_order_of_the_file():
    found = problems("a: 1.5\nb: &x 2\nc: 1\nc: 2\nd: 2026-13-01\n")
    assert [problem.line for problem in found] == [1, 2, 4, 5]


def test_a_syntax_error_does_not_hide_the_problems_before_it():
    assert [problem.line for problem in problems("a: 1.5\nb: [\n")] == [1, 3]


def test_nobody_is_told_more_problems_than_they_can_mend():
    assert len(problems("".join(f"k{n}: {n}.5\n" for n in range(1_000)))) == MAX_PROBLEMS


DEFINITION = """\
format: 1
tables:
  - id: fee
    rows:
      - id: fee.a
        when: {channel: online}
      - id: fee.b
        when:
          channel: counter
          days_late: "> 0"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("tables",), 2),
        (("tables", 0), 3),
        (("tables", 0, "rows", 0, "when", "channel"), 6),
        (("tables", 0, "rows", 1), 7),
        (("tables", 0, "rows", 1, "when", "days_late"), 10),
        (("tables", 0, "rows", 1, "then", "amount"), 7),
        (("charges", 3), 1),
    ],
)
def test_a_problem_of_the_definition_is_shown_with_its_line(path, line):
    assert load(DEFINITION).line_of(path) == line


def test_a_byte_order_mark_is_not_part_of_the_first_key():
    assert load("\ufeffa: 1\n").data == {"a": 1}
    assert load("\ufeffa: 1\n".encode()).data == {"a": 1}


def test_the_error_can_be_read_by_a_person():
    with pytest.raises(UnusableYamlError, match=r"Dòng 1, cột 7: 2\.000815 viết trần"):
        load("code: 2.000815")


@pytest.mark.parametrize(
    ("text", "line", "what", "hint"),
    [
        ("tables:\n  - id: a\n\thit: unique\n", 3, "Cấu trúc YAML", "Thụt dòng bằng dấu cách, không dùng phím Tab."),
        ("tables:\n  - id: a\n  \thit: unique\n", 3, "Cấu trúc YAML", "không dùng phím Tab"),
        ("a: 1\nname: {vi: Hỗ trợ: chi phí mai táng}\n", 2, "Cấu trúc YAML", "dấu hai chấm phải đặt trong ngoặc kép"),
        ("name: Hỗ trợ: chi phí\n", 1, "Cấu trúc YAML", "dấu hai chấm phải đặt trong ngoặc kép"),
        ("a: {value: 0,15, x: 1}\n", 1, "Dấu phẩy cắt 0,15 làm hai.", 'đặt trong ngoặc kép: "0,15"'),
        ("a: {value: 0,05}\n", 1, "Dấu phẩy cắt 0,05 làm hai.", 'đặt trong ngoặc kép: "0,05"'),
        ("a: {amount: 5,000}\n", 1, "Dấu phẩy cắt 5,000 làm hai.", "số nguyên thì viết liền"),
        ("a: 28.000\n", 1, "28.000 viết trần", 'viết liền: 28000; mã thì đặt trong ngoặc kép: "28.000".'),
        ("a: {s: “b, c”}\n", 1, "Dấu ngoặc kép cong (“)", 'Dùng dấu ngoặc kép thẳng: "...".'),
        ('a: "\\ud83d"\n', 1, "", "Gõ lại"),
    ],
)
def test_what_people_write_by_habit_is_told_with_what_to_write_instead(text, line, what, hint):
    problem = only(text)
    assert problem.line == line
    assert what in problem.what
    assert hint in problem.hint


def test_curly_quotes_around_a_whole_text_are_part_of_it():
    assert load("a: {vi: “Tờ khai” theo mẫu}\nb: {s: “b”}\n").data == {
        "a": {"vi": "“Tờ khai” theo mẫu"},
        "b": {"s": "“b”"},
    }


def test_a_tab_after_the_value_hides_no_other_fault():
    assert "ngoặc" in only('a: "chưa đóng\n').hint
