"""`run.py procedure`: a definition said and tried from the command line, by real processes, without a database."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.inputs import UnusableError, calendar_at
from tests import procedure_texts as texts

ROOT = Path(__file__).parents[2]
BIRTH = ROOT / "samples" / "procedures" / "1.001193.yaml"
NO_DATABASE = {"DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none", "PATH": os.defpath}


def run(*words: str | Path, command: str = "procedure", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), command, *map(str, words)],
        capture_output=True, check=False, encoding="utf-8", timeout=30, env={**NO_DATABASE, **environment},
    )  # fmt: skip


@pytest.fixture
def written(tmp_path):
    """Write a definition to a file."""

    def write(text: str, name: str = "thủ tục") -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_say_prints_every_part_as_sentences_under_titles():
    answer = run("say", BIRTH)
    assert (answer.returncode, answer.stderr) == (0, "")
    groups = dict(part.split("\n", 1) for part in answer.stdout.strip().split("\n\n"))
    assert list(groups) == [
        "1.001193 Đăng ký khai sinh",
        "Tờ khai",
        "Thành phần hồ sơ",
        "Lưu ý",
        "Bảng “Lệ phí đăng ký khai sinh”",
        "Bảng “Miễn lệ phí đăng ký”",
        "Bảng “Giảm lệ phí khi nộp trực tuyến”",
        "Bảng “Phí một bản sao Giấy khai sinh”",
        "Bảng “Thời hạn đăng ký khai sinh”",
        "Bảng “Thời gian được thêm”",
        "Phí, lệ phí",
        "Thời hạn giải quyết",
        "Khi dừng tính thời hạn",
        "Quy trình nội bộ",
        "Điều kiện tiếp nhận",
        "Kết quả được cấp",
        "Công thức và điều cán bộ ghi nhận",
        "Địa bàn",
        "Văn bản căn cứ",
    ]
    assert (
        "- [cut.online_half] Khi “Cách nộp” là Trực tuyến, thì giảm 50% “Lệ phí đăng ký khai sinh” (căn cứ Nghị quyết "
        "39 ngày 18/07/2023 của Hội đồng nhân dân tỉnh Đồng Tháp; từ 18/07/2023; chỉ tại địa bàn tỉnh Đồng Tháp trước "
        "01/07/2025)."
    ) in groups["Bảng “Giảm lệ phí khi nộp trực tuyến”"].splitlines()
    assert all(line.startswith("- ") for body in groups.values() for line in body.splitlines())


def test_say_speaks_english_when_asked():
    answer = run("say", BIRTH, "--language", "en")
    assert answer.returncode == 0
    assert (
        "When “Registration” is after the 60 days, the amount of “Birth registration charge” is 5,000 đ ("
        in answer.stdout
    )
    assert "“Day of birth”: day, not after the day the form is filled in; required." in answer.stdout
    assert "Khi “" not in answer.stdout


def test_say_writes_utf8_on_a_terminal_that_knows_none_of_it():
    answer = run("say", BIRTH, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert answer.returncode == 0
    assert "Đăng ký khai sinh" in answer.stdout


def test_say_refuses_a_definition_with_faults_naming_each_by_line_and_place(written):
    path = written(texts.UNKNOWN_FIELD)
    answer = run("say", path)
    assert (answer.returncode, answer.stdout) == (1, "")
    first = answer.stderr.splitlines()[0]
    assert first.startswith(f"Dòng {texts.line_of(texts.UNKNOWN_FIELD, 'inputs: [chanel]')}: tables[1].inputs[1]: ")
    assert "Không có dữ kiện “chanel”." in first
    assert "channel" in first


@pytest.mark.parametrize("command", ["say", "cases"])
def test_what_is_no_readable_definition_file_is_unusable(command, written, tmp_path):
    for path, sentence in (
        (tmp_path / "không có.yaml", "Không đọc được tệp"),
        (tmp_path, "Không đọc được tệp"),
        ("\udcff.yaml", "Không đọc được tệp \\udcff.yaml"),
        (written(texts.BROKEN_YAML), "Thụt dòng bằng dấu cách, không dùng phím Tab."),
        (written("chỉ là một câu", "câu"), "không phải là một định nghĩa"),
        (written("", "trống"), "Tệp không có nội dung."),
    ):
        answer = run(command, path)
        assert answer.returncode == 2, (path, answer)
        first = json.loads(answer.stdout)["problems"][0] if command == "cases" else {}
        assert sentence in (f"{first['what']} {first['hint']}" if first else answer.stderr)
        assert "Traceback" not in answer.stderr


REGISTERS = """\
parameters:
  base_salary: {label: Lương cơ sở, type: money, values: [{value: 2530000, since: 2026-07-01, basis: {document: nd}}]}
basis:
  nd: {document: Nghị định 99/2026/NĐ-CP}
"""


def test_say_and_cases_read_the_registers_of_another_file(written):
    registers = written(REGISTERS, "danh mục")
    answer = run("say", BIRTH, "--registers", registers)
    assert answer.returncode == 0
    assert "- “Lương cơ sở”: 2.530.000 đ (căn cứ Nghị định 99/2026/NĐ-CP; từ 01/07/2026)." in answer.stdout
    assert run("cases", BIRTH, "--registers", registers).returncode == 0


def test_a_fault_of_the_registers_is_told_with_its_line_in_them(written):
    registers = written(REGISTERS.replace("money", "moni"), "danh mục")
    answer = run("say", BIRTH, "--registers", registers)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Dòng 2 của tệp --registers: parameters.base_salary.type: ")
    found = json.loads(run("cases", BIRTH, "--registers", registers).stdout)["problems"][0]
    assert (found["file"], found["line"]) == ("registers", 2)


def test_a_fault_of_yaml_is_told_with_its_line(written):
    line = texts.line_of(texts.BROKEN_YAML, "\tinputs")
    assert run("say", written(texts.BROKEN_YAML)).stderr.startswith(f"Dòng {line}: ")
    problems = json.loads(run("cases", written(texts.BROKEN_YAML)).stdout)["problems"]
    assert problems == [
        {
            "line": line, "column": 1, "where": [], "what": "Cấu trúc YAML không đọc được ở đây.",
            "hint": "Thụt dòng bằng dấu cách, không dùng phím Tab.", "severity": "error",
        }
    ]  # fmt: skip


def begins(name: str) -> int:
    """The line on which this golden case of the text begins."""
    return texts.line_of(texts.WHOLE, name)


def test_cases_prints_each_golden_case_and_that_it_passed(written):
    counter, online = "3 bản tại quầy là 24.000 đồng", "3 bản trực tuyến để học tập thì được miễn"
    answer = run("cases", written(texts.WHOLE))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout) == {
        "cases": [
            {"name": counter, "line": begins(counter), "passed": True, "differences": []},
            {"name": online, "line": begins(online), "passed": True, "differences": []},
        ],
        "problems": [],
        "publication": {"stops": [], "warns": []},
    }


def test_cases_lists_what_would_stop_a_publication_apart_from_what_it_only_warns_of(written):
    bare = texts.WHOLE.replace(
        ", basis: {document: tt281, note: STT 4}}\n      - {id: fee.online", "}\n      - {id: fee.online"
    )
    bare = bare.replace("field_of_work: {vi: Hộ tịch}\n", "").replace("deadline: {table: time_limit}\n", "")
    answer = run("cases", written(bare))
    said = json.loads(answer.stdout)
    assert (answer.returncode, said["problems"]) == (0, [])
    assert all(case["passed"] for case in said["cases"])
    stops, warns = said["publication"]["stops"], said["publication"]["warns"]
    assert [(each["line"], each["where"]) for each in stops] == [
        (1, ["deadline"]),
        (texts.line_of(bare, "id: fee.counter"), ["tables", 0, "rows", 0]),
    ]
    assert "Thiếu bộ phận bắt buộc đ) thời hạn giải quyết" in stops[0]["what"]
    assert {each["severity"] for each in stops} == {"error"}
    assert [each["where"] for each in warns] == [["field_of_work"], ["tables", 2], ["tables", 0]]
    assert "chưa dòng nào áp dụng khi “Ngày tiếp nhận” trước 01/01/2017 và “Cách nộp” là Trực tuyến" in warns[2]["what"]
    assert {each["severity"] for each in warns} == {"warning"}


def test_a_golden_case_with_a_fact_outside_its_bounds_is_red_and_stops_a_publication_by_its_line(written):
    text = texts.WHOLE.replace("given: {channel: counter, copies: 3}", "given: {channel: counter, copies: 51}")
    answer = run("cases", written(text))
    assert answer.returncode == 1
    said = json.loads(answer.stdout)
    assert said["cases"][0]["differences"] == [
        "Không tính được: “Số bản cần cấp” cần từ 1 bản đến 50 bản, đang có 51 bản."
    ]
    (stop,) = said["publication"]["stops"]
    assert (stop["line"], stop["where"]) == (texts.line_of(text, "copies: 51"), ["cases", 0, "given", "copies"])


def test_an_event_before_the_acceptance_is_told_by_its_number_in_the_case(written):
    event = "    on: 2026-11-20\n    events: [{kind: transferred, at: 2026-11-19T10:00}]\n"
    answer = run("cases", written(texts.WHOLE.replace("    on: 2026-11-20\n", event, 1)))
    (said,) = json.loads(answer.stdout)["cases"][0]["differences"]
    assert said.startswith(
        "Không tính được: Sự kiện thứ 1 của tình huống: Sự kiện lúc 10:00 thứ Năm 19/11/2026 sớm hơn lúc tiếp nhận"
    )


def test_registers_that_replace_nothing_are_warned_of_with_the_nearest_id(written):
    registers = written("format: 1\nbasis:\n  tt218: {document: Thông tư 1/2027/TT-BTC}\n", "danh mục")
    answer = run("cases", written(texts.WHOLE), "--registers", registers)
    assert answer.returncode == 0
    (warned,) = json.loads(answer.stdout)["problems"]
    assert (warned["file"], warned["line"], warned["severity"]) == ("registers", 3, "warning")
    assert warned["what"] == "Định nghĩa không có và không dùng “tt218” của mục basis: mục này không thay gì cả."
    assert warned["hint"] == "Có phải ý bạn là: tt281?"
    said = run("say", written(texts.WHOLE), "--registers", registers)
    told = f"Lưu ý. Dòng 3 của tệp --registers: basis.tt218: {warned['what']} {warned['hint']}"
    assert (said.returncode, said.stderr.splitlines()) == (0, [told])


def test_a_red_case_is_told_with_its_differences(written):
    answer = run("cases", written(texts.RED_CASE))
    assert answer.returncode == 1
    red, green = json.loads(answer.stdout)["cases"]
    assert (red["passed"], green["passed"]) == (False, True)
    assert [each.replace("\u00a0", " ") for each in red["differences"]] == [
        "Tổng số tiền: mong đợi 25.000 đ, tính ra 24.000 đ."
    ]


def test_a_definition_with_faults_has_no_case_run(written):
    answer = run("cases", written(texts.BROKEN_CELL))
    assert answer.returncode == 1
    said = json.loads(answer.stdout)
    assert said["cases"] == []
    assert said["problems"][0]["line"] == texts.line_of(texts.BROKEN_CELL, ">= 3")


def test_a_definition_without_cases_has_proved_nothing(written):
    answer = run("cases", written(texts.NO_CASE))
    assert answer.returncode == 1
    assert json.loads(answer.stdout)["problems"][0]["what"] == "Định nghĩa chưa có tình huống mẫu nào."


def test_cases_that_ask_for_a_day_follow_the_calendar_that_is_named(tmp_path):
    cases = json.loads(run("cases", BIRTH).stdout)["cases"]
    assert all(case["passed"] for case in cases)
    bare = tmp_path / "calendar.csv"
    bare.write_text("date,kind,name,confidence\n2026-12-25,HOLIDAY,Ngày thử,official\n", encoding="utf-8")
    answer = run("cases", BIRTH, "--calendar", bare)
    assert answer.returncode == 1
    red = [case["name"] for case in json.loads(answer.stdout)["cases"] if not case["passed"]]
    assert "Tiếp nhận sau 15 giờ thứ Sáu: trả thứ Bảy làm bù" in red


HEAD = "date,kind,name,confidence\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Thiếu cột “date”, “kind”; cột cách nhau bằng dấu phẩy."),
        (HEAD, "Lịch không có ngày nào"),
        ("day,kind,name,source,confirmed\n", "Lịch không có ngày nào"),
        ("date;kind;name\n2026-11-24;HOLIDAY;x\n", "Thiếu cột “date”, “kind”; cột cách nhau bằng dấu phẩy."),
        ("date,name\n2026-11-24,x\n", "Thiếu cột “kind”; cột cách nhau bằng dấu phẩy."),
        (f"{HEAD}2026-11-24,HOLIDAY,x,offical\n", "Dòng 2 của lịch có confidence “offical”"),
        ("day,kind,confirmed\n2026-11-24,HOLIDAY,yes\n", "Dòng 2 của lịch có confirmed “yes”"),
        (f"{HEAD}2026-11-24,HOLIDAY,x,official\n\n2026-11-25,FREE,x,official\n", "Dòng 4 của lịch có loại ngày “FREE”"),
        (f"{HEAD}24/11/2026,HOLIDAY,x,official\n", "Dòng 2 của lịch có ngày “24/11/2026”"),
        (f"{HEAD}2026-11-24\n", "Dòng 2 của lịch có loại ngày “”"),
    ],
)
def test_a_calendar_that_names_no_day_or_says_it_otherwise_is_refused_with_its_line(tmp_path, text, sentence):
    path = tmp_path / "calendar.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableError) as refused:
        calendar_at(path)
    (problem,) = refused.value.problems
    assert problem["what"].startswith(sentence)
    assert problem["hint"] == f"Sửa tệp {path}."
    assert refused.value.status == 2


def test_a_guess_by_rule_and_an_expected_day_leave_their_year_unconfirmed(tmp_path):
    path = tmp_path / "calendar.csv"
    rows = ["2025-01-01,HOLIDAY,x,", "2026-01-01,HOLIDAY,x,official (press)", "2027-01-01,HOLIDAY,x,rule-based; unseen"]
    path.write_text(HEAD + "\n".join([*rows, "2028-01-01,HOLIDAY,x,expected"]), encoding="utf-8")
    assert calendar_at(path).confirmed_years == {2025, 2026}


def test_a_calendar_that_cannot_be_used_is_told(tmp_path):
    wrong = tmp_path / "calendar.csv"
    wrong.write_text("date,kind\n2026-12-25,PARTY\n", encoding="utf-8")
    for path, sentence in ((wrong, "loại ngày “PARTY”"), (tmp_path / "none.csv", "Không đọc được tệp")):
        answer = run("cases", BIRTH, "--calendar", path)
        assert answer.returncode == 2
        assert sentence in json.loads(answer.stdout)["problems"][0]["what"]


@pytest.mark.parametrize("words", [(), ("sing", BIRTH), ("say",), ("say", BIRTH, "--language", "fr")])
def test_a_command_that_is_not_whole_is_unusable(words):
    answer = run(*words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "usage: run.py procedure" in answer.stderr


def test_the_list_of_commands_names_it():
    answer = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "help"], capture_output=True, check=True, encoding="utf-8"
    )
    assert "\n  procedure " in answer.stdout


@pytest.mark.parametrize(
    "words",
    [("decide",), *(("procedure", each) for each in ("say", "cases", "boundaries", "mutants"))],
)
def test_the_reference_names_every_option(words):
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    _, _, section = page.partition(f"\n## `{' '.join(words)}`")
    section, _, _ = section.partition("\n## ")
    answer = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words, "--help"], capture_output=True, check=True, encoding="utf-8"
    )
    options = set(re.findall(r"--[a-z][a-z-]+", answer.stdout)) - {"--help"}
    assert sorted(options - set(re.findall(r"--[a-z][a-z-]+", section))) == []


def changed(written, old, new):
    text = BIRTH.read_text(encoding="utf-8")
    assert text.count(old) == 1
    return written(text.replace(old, new))


def test_diff_of_new_words_is_proved_to_change_nothing(written):
    new = changed(written, "vi: Miễn lệ phí đăng ký,", "vi: Miễn lệ phí đăng ký khai sinh,")
    answer = run("diff", BIRTH, new)
    told = json.loads(answer.stdout)
    assert (answer.returncode, told["changes_nothing"], told["changes_law"]) == (0, True, False)
    assert told["counts"] == {"law": 0, "reasons": 0, "editorial": 1}
    assert [each["class"] for each in told["differences"]] == ["editorial"]


def test_diff_of_a_fee_tells_the_region_its_row_and_a_dossier(written):
    answer = run("diff", BIRTH, changed(written, "then: {amount: 5000}", "then: {amount: 9000}"))
    told = json.loads(answer.stdout)
    assert (answer.returncode, told["changes_law"], told["undecided"]) == (1, True, [])
    region = told["differences"][0]
    assert (region["old"]["vi"], region["new"]["vi"]) == ("5.000\u00a0đ", "9.000\u00a0đ")
    assert [each["id"] for each in region["rows"]["new"]] == ["fee.late"]
    assert {"facts", "on", "changes"} <= set(region["witness"])
    assert region["witness"]["changes"][0]["by_itself"]


def test_diff_says_which_version_cannot_be_used(written):
    answer = run("diff", BIRTH, written("format: 1\ncode: x\n"))
    told = json.loads(answer.stdout)
    assert answer.returncode == 2
    assert {each["version"] for each in told["problems"]} == {"new"}


def test_check_prints_each_finding_with_its_line_and_a_dossier_that_decide_takes(written, tmp_path):
    mistyped = texts.WHOLE.replace("when: {channel: online}", "when: {channel: post}", 1)
    path = written(mistyped)
    answer = run("check", path)
    said = json.loads(answer.stdout)
    assert (answer.returncode, said["counts"]["error"], said["problems"]) == (0, 0, [])
    gap = next(each for each in said["findings"] if each["kind"] == "gap" and each["severity"] == "warning")
    assert (gap["line"], gap["may_be_waived"]) == (texts.line_of(mistyped, "tables:") + 1, True)
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(gap["witness"]["facts"]), encoding="utf-8")
    decided = run(path, "--facts", facts, "--on", gap["witness"]["on"], command="decide")
    assert json.loads(decided.stdout)["charges"][0]["state"] == "no_rule"


def test_check_refuses_what_would_stop_a_publication_and_what_cannot_be_read(written):
    twice = texts.WHOLE.replace("when: {channel: online}", "when: {}", 1)
    answer = run("check", written(twice))
    found = json.loads(answer.stdout)
    assert (answer.returncode, found["counts"]["error"]) == (1, 1)
    assert found["findings"][0]["kind"] == "overlap"
    assert len(found["findings"][0]["rows"]) == 2
    unread = run("check", written(texts.WHOLE.replace("format: 1", "format: [")))
    assert (unread.returncode, json.loads(unread.stdout)["findings"]) == (2, [])
    assert json.loads(unread.stdout)["problems"]
