"""`run.py decide` refuses facts that do not fit, in one sentence with their place, and never half decides."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli import decide
from tests import procedure_texts as texts

GOOD = '{"channel": "counter", "copies": 3}'
DEFINITION = texts.WHOLE.replace(
    "tables:\n", "  - {id: seal, kind: choices, list: purpose, label: {vi: Dấu}}\ntables:\n", 1
)


@pytest.fixture
def decided(tmp_path, capsys):
    """Decide facts as they stand in a file, one dossier or lines of many."""
    definition = tmp_path / "definition.yaml"
    definition.write_text(DEFINITION, encoding="utf-8")

    def run(facts: str | bytes, *, batch: bool = False) -> tuple[int, Any]:
        path: Path = tmp_path / "facts"
        path.write_bytes(facts.encode("utf-8", "surrogatepass") if isinstance(facts, str) else facts)
        how = ["--batch", "--facts-lines", str(path)] if batch else ["--facts", str(path), "--on", "2026-11-20"]
        status = decide.main([str(definition), *how])
        printed = capsys.readouterr().out
        return status, [json.loads(line) for line in printed.splitlines()] if batch else json.loads(printed)

    return run


def line(name: str, facts: str = GOOD) -> str:
    return f'{{"id": "{name}", "on": "2026-11-20", "facts": {facts}}}'


@pytest.mark.parametrize(
    ("facts", "where", "what", "hint"),
    [
        ('{"copies": -5}', ["copies"], "“Số bản cần cấp” cần từ 1 bản đến 50 bản, đang có -5 bản.", ""),
        ('{"copies": 1000000000000000000}', ["copies"], "đang có 1.000.000.000.000.000.000 bản.", ""),
        ('{"copies": "1.000"}', ["copies"], "cần số nguyên, đang có “1.000”.", "Viết 1000, không có dấu chấm"),
        ('{"copies": 1.000}', [], "Số 1.000 có phần lẻ hoặc số mũ", "viết liền: 1000."),
        (
            '{"copies":12.000.000}',
            [],
            "Số 12.000.000 có dấu chấm ngăn hàng nghìn, ở dòng 1, cột 11.",
            "12000000.",
        ),
        ('{"n.1": "1.5 \\" 2",\n "copies": -1.234.567.890}', [], "Số -1.234.567.890 có", "viết liền: -1234567890."),
        ('{"channel": "1.5",\n"copies": 12.5}', [], "không giữ được đúng, ở dòng 2, cột 11.", '"120,5"'),
        ('{"copies": 1.00.000}', [], "Số 1.00.000 không đọc được như một số, ở dòng 1, cột 12.", '"120,5"'),
        ('{"copies": NaN}', [], "NaN không phải là một số, ở dòng 1, cột 12.", "bỏ dữ kiện này khi chưa biết"),
        ('{"copies": -Infinity}', [], "-Infinity không phải là một số, ở dòng 1, cột 12.", ""),
        ('{"copies": 1e400}', [], "Số 1e400 có phần lẻ hoặc số mũ", ""),
        (f'{{"copies": 1{"0" * 5000}}}', [], "quá lớn, ở dòng 1, cột 12.", "mã thì đặt trong dấu ngoặc kép"),
        ('{"purpose": "works"}', ["purpose"], "đang có “works”.", "work"),
        ('{"purpose": 3}', ["purpose"], "đang có số 3.", 'Đặt trong dấu ngoặc kép: "3".'),
        ('{"seal": "work"}', ["seal"], "cần một danh sách mã, đang có “work”.", "Viết [work]."),
        ('{"seal": ["wo\u0301rk"]}', ["seal"], "cần một mã của danh mục, đang có “wórk”.", "work"),
        ('{"copies": 1, "copies": 2}', [], "“copies” được ghi hai lần, ở dòng 1, cột 15.", "Giữ lại một"),
        ('{"chan\\ud83d": 1}', ["chan\\ud83d"], "Không có dữ kiện “chan\\ud83d”.", ""),
        ('{"copies": 1,}', [], "ở dòng 1, cột 14.", "sau mục cuối không có dấu phẩy"),
        ('{\n"copies": 1\n"channel": "counter"}', [], "ở dòng 3, cột 1.", "Thiếu dấu phẩy"),
        ("{'copies': 1}", [], "ở dòng 1, cột 2.", "đặt trong dấu ngoặc kép"),
        ('{"copies": ' + "[" * 5000 + "]" * 5000 + "}", [], "Dữ kiện lồng quá nhiều cấp, ở dòng 1, cột 21.", ""),
        (b'{"copies": "\xff"}', [], "Byte thứ 13 không phải văn bản UTF-8.", "Lưu tệp với bảng mã UTF-8."),
        ('{"channel": "NaN",\n"copies":\n NaN}', [], "ở dòng 3, cột 2.", ""),
        (
            '{"copies": [{"a": 1}, {"a": 2}],\n"\\u0061": {"b": 1, "b": 2}}',
            [],
            "“b” được ghi hai lần, ở dòng 2, cột 20.",
            "",
        ),
        (f'{{"copies": 1{"0" * 5000}-5}}', [], "quá lớn, ở dòng 1, cột 12.", ""),
        ("[]", [], "cần một đối tượng JSON.", ""),
        (" " * 3_000_000, [], "dài quá 2.097.152 byte.", ""),
    ],
)
def test_facts_that_do_not_fit_are_refused_with_status_2_and_nothing_is_decided(decided, facts, where, what, hint):
    status, answer = decided(facts)
    assert (status, list(answer)) == (2, ["problems"])
    (found,) = answer["problems"]
    assert found["where"] == where
    assert what in found["what"].replace("\u00a0", " ")
    assert hint in found["hint"]


def test_a_name_of_a_megabyte_is_said_short(decided):
    status, answer = decided('{"' + "a" * 1_000_000 + '": 1}')
    assert status == 2
    assert len(json.dumps(answer)) < 2_000


def test_in_a_batch_each_unusable_line_refuses_and_the_others_are_decided(decided):
    many = [
        line("good"), line("negative", '{"copies": -5}'), '{"id": "broken"', "", '"a text"', line("late"),
        line("huge", json.dumps({"copies": "9" * 3_000_000})), line("last"),
    ]  # fmt: skip
    status, answers = decided("\n".join(many), batch=True)
    assert status == 2
    assert [(each["id"], each.get("line"), "totals" in each) for each in answers] == [
        ("good", 1, True),
        ("negative", 2, False),
        ("broken", 3, False),
        (None, 5, False),
        ("late", 6, True),
        ("huge", 7, False),
        ("last", 8, True),
    ]
    assert answers[1]["problems"][0]["where"] == ["copies"]
    assert answers[2]["problems"][0]["what"] == "Dòng 3: không phải JSON dùng được, ở cột 16."


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('{"on": "2026-11-20", "facts": {"copies": 1.5}, "id": "a"}', "a"),
        ('{"id": 7, "on": "2026-11-20", "facts": {"copies": 1.000.000}}', 7),
        ('{"id": "a \\"b\\"", "facts": {"copies": 1, "copies": 2}, "on": "2026-11-20"}', 'a "b"'),
        ('{"id": ["a", 1], "facts": {"copies": NaN}, "on": "2026-11-20"}', ["a", 1]),
        ('{"facts": {"id": "inner", "copies": 1.5}, "id": "outer", "on": "2026-11-20"}', "outer"),
        ('{"id": "a", "facts": {"copies": 1' + "0" * 50 + '}, "on": "2026-11-20"}', "a"),
        ('{"id": "a", "facts": ' + "[" * 5000 + "]" * 5000 + "}", "a"),
        ('{"id": "a" "facts": {}}', "a"),
        ('{"id": "a", "id": "b", "facts": {}, "on": "2026-11-20"}', None),
        ('{"id": 1.5, "facts": {}, "on": "2026-11-20"}', None),
        ('{"facts": {"id": "inner"} "id": "outer"}', None),
        ('{"id": "\\ud800", "facts": {"copies": 1.5}, "on": "2026-11-20"}', None),
        ('{"id": "\\u12", "facts": {}}', None),
        ('{"id": "a\ud83d", "facts": {}}', None),
    ],
)
def test_a_line_that_cannot_be_used_is_told_with_its_id_where_that_can_be_read(decided, told, name):
    status, (wrong, good) = decided(f"{told}\n{line('good')}", batch=True)
    assert (status, wrong["id"], wrong["line"], list(wrong)) == (2, name, 1, ["id", "line", "problems"])
    assert (good["id"], good["line"], good["eligible"]) == ("good", 2, True)


@pytest.mark.parametrize("name", ['"\\ud800"', '["a", "b\\udfff"]', '{"a\\ud83d": 1}'])
def test_an_id_with_half_a_character_is_refused(decided, name):
    status, (wrong, _) = decided(f'{{"id": {name}, "on": "2026-11-20", "facts": {GOOD}}}\n{line("good")}', batch=True)
    assert (status, wrong["id"], wrong["line"]) == (2, None, 1)
    assert wrong["problems"] == [
        {"where": [], "what": "Dòng 1: id chứa ký tự hỏng.", "hint": "Xóa và gõ lại id này.", "severity": "error"}
    ]


@pytest.mark.parametrize(
    ("told", "what", "hint"),
    [
        ('"on": "2026-11-20", "facts": {}, "att": "2026-11-20T10:00"', "Dòng 1: không có mục “att”.", "là: at"),
        ('"at": "2026-11-20T10:00", "facts": {}', "Dòng 1: thiếu mục “on”.", 'Viết "on": "2026-11-20".'),
        ('"on": "2026-11-20"', "Dòng 1: thiếu mục “facts”.", 'Viết "facts": {...}.'),
        ('"on": "2026-02-31", "facts": {}', "Không có ngày “2026-02-31”.", "Kiểm tra lại tháng và ngày."),
        ('"on": "20/11/2026", "facts": {}', "Ngày “20/11/2026” không đọc được.", "Viết như 2026-11-20."),
    ],
)
def test_a_line_of_a_batch_that_says_too_much_or_too_little_is_refused_and_the_next_is_decided(
    decided, told, what, hint
):
    status, (wrong, good) = decided(f"{{{told}}}\n{line('good')}", batch=True)
    assert (status, wrong["id"], wrong["line"], "totals" in good) == (2, None, 1, True)
    (found,) = wrong["problems"]
    assert found["what"] == what
    assert hint in found["hint"]


def test_a_number_with_points_is_named_whole_with_its_line_in_a_batch(decided):
    status, (_, wrong) = decided(
        f'{line("good")}\n{{"on": "2026-11-20", "facts": {{"copies": 1.000.000}}}}', batch=True
    )
    (found,) = wrong["problems"]
    assert (status, found["hint"]) == (2, "Số tiền, số đếm viết liền: 1000000.")
    assert found["what"] == "Dòng 2: số 1.000.000 có dấu chấm ngăn hàng nghìn, ở cột 42."


def test_a_line_of_a_batch_needs_no_id_and_the_status_is_the_worst_of_its_lines(decided):
    status, (answer,) = decided(f'{{"on": "2026-11-20", "facts": {GOOD}}}', batch=True)
    assert (status, answer["id"], answer["eligible"]) == (0, None, True)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--at", "2026-11-20T10:00", "--facts", "facts.json"], "Thiếu --on."),
        (["--on", "2026-11-20"], "Thiếu --facts."),
        (["--at", "2026-11-20T10:00"], "Thiếu --facts và --on."),
    ],
)
def test_what_is_missing_is_named(capsys, options, what):
    assert decide.main(["definition.yaml", *options]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["what"] == what


def test_a_day_that_does_not_exist_is_said_to_be_none(tmp_path, capsys):
    (tmp_path / "definition.yaml").write_text(DEFINITION, encoding="utf-8")
    (tmp_path / "facts.json").write_text(GOOD, encoding="utf-8")
    told = ["--facts", str(tmp_path / "facts.json"), "--on", "2026-02-31"]
    assert decide.main([str(tmp_path / "definition.yaml"), *told]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["what"] == "Không có ngày “2026-02-31”."


def test_a_batch_without_its_file_is_unusable(tmp_path, capsys):
    definition = tmp_path / "definition.yaml"
    definition.write_text(DEFINITION, encoding="utf-8")
    assert decide.main([str(definition), "--batch", "--facts-lines", str(tmp_path / "none")]) == 2
    assert "Không đọc được tệp" in json.loads(capsys.readouterr().out)["problems"][0]["what"]


def test_a_day_off_begins_at_the_usual_opening_hour(decided):
    sunday = line("nghỉ").replace("2026-11-20", "2026-11-22")
    status, [outcome] = decided(sunday, batch=True)
    assert status == 0
    assert outcome["at"].startswith("2026-11-22T07:")


def test_a_warning_is_told_by_the_status_too(tmp_path, capsys):
    definition, facts = tmp_path / "definition.yaml", tmp_path / "facts.json"
    process = '\nprocess: {version: "1", label: {vi: Quy trình}, since: 2026-12-01}\n'
    definition.write_text(texts.WHOLE + process, encoding="utf-8")
    facts.write_text(GOOD, encoding="utf-8")
    status = decide.main([str(definition), "--facts", str(facts), "--on", "2026-11-20"])
    outcome = json.loads(capsys.readouterr().out)
    assert [each["severity"] for each in outcome["problems"]] == ["warning"]
    assert status == 1


@pytest.mark.parametrize(
    "facts", ['{"copies": NaN}', '{"copies":\n1.5}', '{"copies": 1, "copies": 2}', '{"copies": 1,}']
)
def test_what_cannot_be_read_has_its_line_and_column_beside_the_sentence(decided, facts):
    _, answer = decided(facts)
    (found,) = answer["problems"]
    assert f"ở dòng {found['line']}, cột {found['column']}." in found["what"]
    _, (told,) = decided(line("a", facts.replace("\n", " ")), batch=True)
    (found,) = told["problems"]
    assert f"ở cột {found['column']}." in found["what"]
