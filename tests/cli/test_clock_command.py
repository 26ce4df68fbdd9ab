"""`run.py clock`: the law's own examples and the reference page, counted from the command line without a database."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import clock, decide, procedure

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "clock.md").read_text("utf-8")
BIRTH = ROOT / "samples" / "procedures" / "1.001193.yaml"


@pytest.fixture
def count(tmp_path, capsys):
    """Run the command over these texts; return the exit status and the answer."""

    def run(ledger: str, hours: str = ""):
        (tmp_path / "LEDGER.yaml").write_text(ledger, encoding="utf-8")
        words = [str(tmp_path / "LEDGER.yaml")]
        if hours:
            (tmp_path / "HOURS.yaml").write_text(hours, encoding="utf-8")
            words += ["--hours", str(tmp_path / "HOURS.yaml")]
        status = clock.main(words)
        return status, json.loads(capsys.readouterr().out)

    return run


def ledger(limit: str, *events: str, more: str = "") -> str:
    lines = "".join(f"  - {{{event}}}\n" for event in events)
    return f"limit: {{{limit}}}\n{more}events:\n{lines}"


def moment(said: str) -> str:
    return f"{said}:00+07:00"


SUPPLEMENT = "kind: stopped, at: 2026-03-05T10:00, cause: supplement"
FAR = "kind: extended, at: 2026-03-03T10:00, by: {amount: 3650, unit: months}"
HANDED_IN = "kind: resumed, at: 2026-03-16T10:00"
ANEW = "stops: [{cause: supplement, effect: restart}]\n"


@pytest.mark.parametrize(
    ("limit", "accepted", "due"),
    [
        pytest.param("amount: 3, unit: working_days", "2026-11-20T10:00", "2026-11-26T17:00", id="1: 24/11 is off"),
        pytest.param("amount: 3, unit: working_days", "2025-12-31T10:00", "2026-01-07T17:00", id="2: swapped off"),
        pytest.param("amount: 5, unit: working_days", "2026-01-07T10:00", "2026-01-13T17:00", id="3: worked Saturday"),
        pytest.param("amount: 10, unit: working_days", "2026-02-10T10:00", "2026-03-03T17:00", id="4: Tết"),
        pytest.param('unit: same_day, cutoff: "15:00"', "2026-08-21T15:30", "2026-08-22T17:00", id="5: cut-off"),
        pytest.param("amount: 10, unit: working_days", "2026-03-02T10:00", "2026-03-16T17:00", id="6: not stopped"),
        pytest.param("amount: 1, unit: working_days", "2026-04-24T10:00", "2026-04-28T17:00", id="7: compensation"),
        pytest.param("unit: same_day", "2026-11-20T10:00", "2026-11-20T17:00", id="8: nothing to verify"),
        pytest.param(
            "unit: same_day, added: [{amount: 3, unit: working_days}]",
            "2026-11-20T10:00",
            "2026-11-26T17:00",
            id="8: marital status verified elsewhere",
        ),
        pytest.param("amount: 24, unit: hours", "2026-11-20T10:00", "2026-11-21T10:00", id="9: on the wall"),
        pytest.param(
            "amount: 1, unit: months, start: moment", "2026-01-31T09:00", "2026-03-02T17:00", id="10: no 31/02"
        ),
        pytest.param(
            "amount: 1, unit: months, start: moment, rolls: false",
            "2026-01-31T09:00",
            "2026-02-28T23:59",
            id="10: where the law does not move the end",
        ),
    ],
)
def test_every_case_of_the_law_is_counted_so(count, limit, accepted, due):
    status, answer = count(ledger(limit, f"kind: accepted, at: {accepted}"))
    assert (status, answer["statutory"]) == (0, moment(due))
    assert (answer["appointment"], answer["committed"], answer["problems"]) == (moment(due), None, [])


@pytest.mark.parametrize(("rule", "due"), [("", "2026-03-25T17:00"), (ANEW, "2026-03-30T17:00")])
def test_case_6_a_supplement_pauses_or_restarts_as_the_procedure_says(count, rule, due):
    status, answer = count(
        ledger(
            "amount: 10, unit: working_days", "kind: accepted, at: 2026-03-02T10:00", SUPPLEMENT, HANDED_IN, more=rule
        )
    )
    assert (status, answer["statutory"]) == (0, moment(due))


def test_case_11_the_appointment_follows_the_promise_and_the_statutory_due_is_kept(count):
    text = (
        "limits: {statutory: {amount: 3, unit: working_days}, committed: {amount: 2, unit: working_days}}\n"
        "events: [{kind: accepted, at: 2026-11-20T10:00}]\n"
    )
    _, answer = count(text)
    assert answer["statutory"] == moment("2026-11-26T17:00")
    assert answer["committed"] == answer["appointment"] == moment("2026-11-25T17:00")


def test_case_12_an_apology_moves_the_appointment_and_the_dossier_stays_late(count):
    apology = "kind: reappointed, at: 2026-11-27T09:00, to: 2026-12-01T17:00"
    _, answer = count(ledger("amount: 3, unit: working_days", "kind: accepted, at: 2026-11-20T10:00", apology))
    assert answer["statutory"] == moment("2026-11-26T17:00")
    assert answer["appointment"] == moment("2026-12-01T17:00")
    assert "The dossier is late." in answer["ledger"][-1]["what"]["en"]


EXAMPLES = PAGE.split("## Worked examples")[1].split("\n### ")[1:]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda part: part.split("\n")[0])
def test_the_worked_examples_of_the_reference_page_are_true(count, example):
    files = dict(re.findall(r"```yaml\n# (LEDGER|HOURS)\.yaml\n(.*?)```", example, re.DOTALL))
    (expected,) = re.findall(r"```json\n(.*?)```", example, re.DOTALL)
    status, answer = count(files["LEDGER"], files.get("HOURS", ""))
    lines = [line["kind"] for line in answer["ledger"]]
    assert status == 0
    assert {name: answer.get(name, lines) for name in json.loads(expected)} == json.loads(expected)


def test_the_page_names_every_word_of_the_files():
    from rules.clock.ledger import EventKind, LedgerKind
    from rules.clock.spans import LimitUnit, Start
    from rules.clock.stops import Cause, Effect
    from rules.decode.hours import WEEKDAYS

    words = [*EventKind, *LedgerKind, *LimitUnit, *Start, *Cause, *Effect, WEEKDAYS[0], WEEKDAYS[-1]]
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_every_fault_of_a_ledger_is_told_with_its_line_and_place(count):
    status, answer = count(
        "limit: {amount: 99999, unit: workingdays}\n"
        "stops:\n"
        "  - {cause: suplement}\n"
        "  - {cause: outage, at_limit: {vi: Báo cáo}}\n"
        "  - {cause: outage}\n"
        "events:\n"
        "  - {kind: accepted, at: 2026-03-02}\n"
        "  - {kind: stopped, at: 2026-02-30T10:00, cause: waiting}\n"
        "  - {kind: extended, at: 2026-03-05T10:00, by: {unit: same_day}}\n"
        "  - {kind: jumped}\n"
        "  - {kind: accepted, at: 3026-03-05T10:00, to: 2026-03-05T10:00}\n"
        "  - {kind: outage, at: 2026-03-05T10:00, until: 2026-03-05T09:00}\n"
    )
    assert status == 2
    places = [(problem["line"], ".".join(map(str, problem["where"]))) for problem in answer["problems"]]
    assert places == [
        (1, "limit.unit"),
        (1, "limit.amount"),
        (3, "stops.0.cause"),
        (4, "stops.1.at_limit"),
        (5, "stops.2"),
        (7, "events.0.at"),
        (8, "events.1.at"),
        (8, "events.1.cause"),
        (9, "events.2.by.unit"),
        (10, "events.3.kind"),
        (11, "events.4.to"),
        (11, "events.4.at"),
        (12, "events.5"),
    ]
    assert answer["problems"][0]["hint"] == "Có phải ý bạn là: working_days?"
    assert answer["problems"][5]["hint"] == "Viết cả ngày và giờ: 2026-11-20T10:00."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1\n", "Bắt đầu tệp bằng limit"),
        ("events: [{kind: accepted, at: 2026-03-02T10:00}]\n", "Thiếu mục “limit”"),
        ("limit: {amount: 1, unit: hours}\n", "Thiếu mục “events”"),
        ("format: 2\nlimit: {amount: 1, unit: hours}\nevents: []\n", "Chỉ đọc được định dạng 1"),
        ("limit: {unit: same_day}\nlimits: {statutory: {unit: same_day}}\nevents: []\n", "Giữ lại một trong hai"),
        ('limit: {unit: same_day, cutoff: "15:00", start: moment}\nevents: []\n', "bỏ giờ chốt"),
        ("limit: {amount: 1, unit: hours, rolls: false}\nevents: []\n", "Bỏ rolls"),
        ("limit: {unit: same_day, cutoff: 15}\nevents: []\n", 'Viết "07:00"'),
        ("limit: {unit: same_day}\nlimit: {unit: same_day}\nevents: []\n", "đã có ở dòng 1"),
        ("limit: {unit: same_day}\nevents: [" + "{kind: outage, at: 2026-03-02T10:00}, " * 501 + "]\n", "quá 500"),
        ("[" * 5000, "Lồng quá"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(count, text, said):
    status, answer = count(text)
    assert (status, list(answer)) == (2, ["problems"])
    assert said in " ".join(f"{problem['what']} {problem['hint']}" for problem in answer["problems"])


@pytest.mark.parametrize(
    ("events", "line", "said"),
    [
        (["kind: stopped, at: 2026-03-05T10:00"], 3, "Chưa có thời điểm tiếp nhận"),
        (["kind: accepted, at: 2026-03-02T10:00", HANDED_IN], 4, "không dừng nên không thể tính tiếp"),
        (["kind: accepted, at: 2026-03-06T10:00", SUPPLEMENT], 4, "sớm hơn lúc tiếp nhận"),
        (["kind: accepted, at: 2026-03-02T10:00", SUPPLEMENT, SUPPLEMENT], 5, "không thể dừng thêm lần nữa"),
        (["kind: accepted, at: 2026-03-02T10:00", *["kind: accepted, at: 2026-03-02T10:00"] * 2], 4, "lần thứ hai"),
        (["kind: accepted, at: 2026-03-02T10:00", FAR, FAR, FAR], None, "nằm ngoài khoảng"),
    ],
)  # fmt: skip
def test_events_that_cannot_have_happened_so_are_refused_with_status_1(count, events, line, said):
    status, answer = count(ledger("amount: 10, unit: working_days", *events))
    (problem,) = answer["problems"]
    assert (status, problem.get("line")) == (1, line)
    assert said in f"{problem['what']} {problem['hint']}".replace("Không thể", "không thể")


def test_a_stop_that_only_pauses_cannot_be_restarted(count):
    events = ("kind: accepted, at: 2026-03-02T10:00", SUPPLEMENT, "kind: restarted, at: 2026-03-16T10:00")
    paused = "stops: [{cause: supplement, effect: pause}]\n"
    assert count(ledger("amount: 10, unit: working_days", *events))[1]["statutory"] == moment("2026-03-30T17:00")
    status, answer = count(ledger("amount: 10, unit: working_days", *events, more=paused))
    assert (status, answer["problems"][0]["where"]) == (1, ["events", 2])


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("- 1\n", "Bắt đầu tệp bằng windows"),
        ("format: 1\n", "Thiếu mục “windows”"),
        ("windows: []\n", "Chưa có khoảng giờ nào"),
        ('windows: [{opens: "7:00", closes: "11:00"}]\n', "đủ hai chữ số"),
        ('windows: [{opens: "11:00", closes: "07:00"}]\n', "Giờ mở phải trước giờ đóng"),
        ('windows: [{opens: "07:00", closes: "11:00"}, {opens: "10:00", closes: "12:00"}]\n', "theo thứ tự"),
        ('windows: [{opens: "07:00", closes: "11:00"}]\nweekdays: {saterday: []}\n', "saturday"),
        ('windows: [{opens: "07:00", closes: "11:00"}]\nweekdays: {saturday: }\n', "Nghỉ cả ngày thì ghi []"),
        ('windows: [{opens: "07:00", closes: "11:00"}]\ntimezone: UTC\n', "Asia/Ho_Chi_Minh"),
        (
            'windows: [{opens: "07:00", closes: "11:00"}]\n'
            "weekdays: {monday: [], tuesday: [], wednesday: [], thursday: [], friday: []}\n",
            "Không còn ngày làm việc nào trong tuần",
        ),
        (
            'windows: [{opens: "07:00", closes: "11:00"}]\n'
            "seasons: [{since: 2026-05-01, until: 2026-04-01}, {since: 2026-05-01}]\n",
            "Khoảng ngày rỗng",
        ),
        (
            'windows: [{opens: "07:00", closes: "11:00"}]\n'
            "seasons: [{since: 2026-04-01, until: 2026-06-01}, {since: 2026-05-01, until: 2026-07-01}]\n",
            "chồng lên một khoảng trước nó",
        ),
        (
            'windows: [{opens: "07:00", closes: "11:00"}]\n'
            "outages: [{since: 2026-05-01T10:00, until: 2026-05-01T09:00}]\n",
            "hoạt động lại sau khi ngừng",
        ),
    ],
)
def test_hours_that_cannot_be_used_are_refused_with_their_line(count, hours, said):
    status, answer = count(ledger("unit: same_day", "kind: accepted, at: 2026-11-20T10:00"), hours)
    assert status == 2
    assert said in " ".join(f"{problem['what']} {problem['hint']}" for problem in answer["problems"])
    assert all(problem["line"] for problem in answer["problems"])


EARLY = 'windows: [{opens: "08:00", closes: "15:00"}]\n'


def test_decide_and_procedure_cases_read_the_same_hours(tmp_path, capsys):
    hours, facts = tmp_path / "HOURS.yaml", tmp_path / "facts.json"
    hours.write_text(EARLY, encoding="utf-8")
    facts.write_text("{}", encoding="utf-8")
    decide.main([str(BIRTH), "--facts", str(facts), "--on", "2026-11-20", "--hours", str(hours)])
    ledger_lines = json.loads(capsys.readouterr().out)["deadline"]["ledger"]
    assert ledger_lines[0]["at"] == moment("2026-11-20T08:00")
    procedure.main(["cases", str(BIRTH), "--hours", str(hours)])
    assert "15:00" in capsys.readouterr().out
    hours.write_text("windows: 1\n", encoding="utf-8")
    assert decide.main([str(BIRTH), "--facts", str(facts), "--on", "2026-11-20", "--hours", str(hours)]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["line"] == 1
    assert procedure.main(["cases", str(BIRTH), "--hours", str(hours)]) == 2


def test_the_command_runs_without_a_database_or_a_setting(tmp_path):
    path = tmp_path / "LEDGER.yaml"
    path.write_text(ledger("amount: 24, unit: hours", "kind: accepted, at: 2026-11-20T10:00"), encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "clock", str(path)], capture_output=True, check=False, encoding="utf-8",
        timeout=30, env={"DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none", "PATH": os.defpath},
    )  # fmt: skip
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout)["statutory"] == moment("2026-11-21T10:00")


def test_due_moments_of_an_unconfirmed_year_are_listed_with_what_the_confirmed_calendar_makes_of_them(tmp_path, capsys):
    guessed, known = tmp_path / "guessed.csv", tmp_path / "known.csv"
    head, old = "date,kind,name,confidence\n", "2026-09-02,HOLIDAY,Quốc khánh,official\n"
    guessed.write_text(f"{head}{old}2027-01-01,HOLIDAY,Tết Dương lịch,expected\n", "utf-8")
    confirmed = "2027-01-01,HOLIDAY,Tết Dương lịch,official\n2027-01-04,SWAP_OFF,Nghỉ bù,official\n"
    known.write_text(f"{head}{old}{confirmed}", "utf-8")
    asked = tmp_path / "LEDGER.yaml"
    asked.write_text(ledger("amount: 5, unit: working_days", "kind: accepted, at: 2026-12-30T10:00"), "utf-8")
    said = re.findall(r"```json rechecks\n(.*?)```", PAGE, re.DOTALL)
    assert clock.main([str(asked), "--calendar", str(guessed), "--confirmed", str(known)]) == 0
    assert json.loads(capsys.readouterr().out)["rechecks"] == json.loads(said[0])
    assert clock.main([str(asked), "--calendar", str(guessed)]) == 0
    assert {each["becomes"] for each in json.loads(capsys.readouterr().out)["rechecks"]} == {None}
    assert clock.main([str(asked), "--calendar", str(known)]) == 0
    assert "rechecks" not in json.loads(capsys.readouterr().out)


RECEPTION = """reception:
  filed: 2026-03-02T08:00
  most: 1
  limit: {amount: 3, unit: working_days}
  at_limit: Trả lại hồ sơ.
  receive_within: {amount: 8, unit: working_hours}
  basis: Điều 6
  rounds:
"""
ACCEPTED = "kind: accepted, at: 2026-03-16T10:00"
TEN_DAYS = "amount: 10, unit: working_days"


def test_rounds_before_acceptance_are_told_and_move_no_due_moment(count):
    rounds = (
        "    - {asked: 2026-03-02T10:00, answered: 2026-03-09T10:00}\n"
        "    - {asked: 2026-03-09T11:00, answered: 2026-03-10T10:00}\n"
    )
    status, answer = count(ledger(TEN_DAYS, ACCEPTED, more=RECEPTION + rounds))
    _, plain = count(ledger(TEN_DAYS, ACCEPTED))
    assert (status, answer["statutory"]) == (0, plain["statutory"])
    told = [(line["kind"], line["at"], line["what"]["vi"]) for line in answer["ledger"]][:5]
    assert told == [
        (
            "noted",
            moment("2026-03-02T08:00"),
            "Nộp hồ sơ; phải tiếp nhận hoặc trả lời chậm nhất 08:00 thứ Ba 03/03/2026.",
        ),
        ("noted", moment("2026-03-02T10:00"), "Yêu cầu bổ sung lần 1 khi tiếp nhận."),
        ("stop_limit", moment("2026-03-05T17:00"), "Hết thời gian bổ sung lần 1: trả lại hồ sơ."),
        ("noted", moment("2026-03-09T10:00"), "Đã bổ sung lần 1."),
        (
            "too_often",
            moment("2026-03-09T11:00"),
            "Yêu cầu bổ sung lần 2 khi tiếp nhận: chỉ được yêu cầu 1 lần: trả lại hồ sơ.",
        ),
    ]
    assert {line["basis"] for line in answer["ledger"][:5]} == {"Điều 6"}


def test_rounds_that_cannot_have_happened_so_are_refused_with_their_place(count):
    late = "    - {asked: 2026-03-17T10:00}\n"
    status, answer = count(ledger(TEN_DAYS, ACCEPTED, more=RECEPTION + late))
    assert (status, answer["problems"][0]["what"]) == (2, "Hồ sơ được tiếp nhận trước khi bổ sung xong.")
    early = "    - {asked: 2026-03-01T10:00}\n"
    status, answer = count(ledger(TEN_DAYS, ACCEPTED, more=RECEPTION + early))
    assert (status, answer["problems"][0]["what"]) == (2, "Thời điểm này sớm hơn việc trước nó.")
