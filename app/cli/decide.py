"""The command `decide`: a definition, facts and a day in; the outcome with its reasons out. No database, no clock."""

import argparse
import csv
import json
import signal
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from app.cli.reading import UnreadableDefinitionError, definition_and_registers
from app.importers import strict_yaml
from rules import codec
from rules.calendar import OfficeTime, WorkCalendar, WorkingHours
from rules.compile import CompiledProcedure, compiled
from rules.errors import FactsError, RulesError
from rules.evaluate import evaluate
from rules.evaluation import Evaluation

GOOD, REFUSED, UNUSABLE = 0, 1, 2
PROVINCE_CALENDAR = Path(__file__).resolve().parents[2] / "samples" / "calendar.csv"


class UnusableError(Exception):
    """The input cannot be read; the problems say where and what to do."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__("unusable input")
        self.problems = problems


def main(argv: list[str]) -> int:
    """Run the command; the exit status is 0 good, 1 refused by the rules, 2 unusable input."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `decide ... | head` ends quietly, as commands do
    options = _parser().parse_args(argv)
    try:
        return _batch(options) if options.batch else _one(options)
    except UnusableError as unusable:
        print(json.dumps({"problems": unusable.problems}, ensure_ascii=False, indent=2))  # noqa: T201  the command's answer
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py decide", description="Tính kết quả của một bộ dữ kiện theo định nghĩa thủ tục."
    )
    parser.add_argument("definition", type=Path)
    parser.add_argument("--facts", type=Path, help="tệp JSON các dữ kiện")
    parser.add_argument("--facts-lines", type=Path, help="tệp JSONL, mỗi dòng {id, facts, on, at}; dùng với --batch")
    parser.add_argument("--batch", action="store_true", help="tính từng dòng của --facts-lines")
    parser.add_argument("--on", help="ngày tiếp nhận, ví dụ 2026-11-20")
    parser.add_argument("--at", help="thời điểm tiếp nhận, ví dụ 2026-11-20T10:00; mặc định giờ mở cửa")
    parser.add_argument("--calendar", type=Path, default=PROVINCE_CALENDAR, help="tệp CSV lịch nghỉ và làm bù")
    parser.add_argument("--hours", type=Path, help="tệp YAML giờ làm việc")
    parser.add_argument("--registers", type=Path, help="tệp YAML tham số, danh mục, địa bàn, quy định dùng chung")
    return parser


def _one(options: argparse.Namespace) -> int:
    if options.facts is None or options.on is None:
        raise UnusableError([_problem("Thiếu --facts hoặc --on.", "Nêu tệp dữ kiện và ngày tiếp nhận.")])
    procedure, office = _procedure(options), _office(options)
    row = {"facts": _json(_text(options.facts), str(options.facts)), "on": options.on, "at": options.at}
    outcome = _decided(procedure, office, row)
    print(json.dumps(outcome, ensure_ascii=False, indent=2))  # noqa: T201  the command's answer
    return GOOD if outcome["eligible"] and not outcome["problems"] else REFUSED


def _batch(options: argparse.Namespace) -> int:
    if options.facts_lines is None:
        raise UnusableError([_problem("Thiếu --facts-lines.", "Nêu tệp JSONL các dữ kiện.")])
    procedure, office = _procedure(options), _office(options)
    worst = GOOD
    for number, row in _lines(options.facts_lines):
        try:
            outcome = {"id": row.get("id"), **_decided(procedure, office, row)}
            worst = max(worst, GOOD if outcome["eligible"] and not outcome["problems"] else REFUSED)
        except UnusableError as unusable:
            outcome, worst = {"id": row.get("id"), "line": number, "problems": unusable.problems}, UNUSABLE
        sys.stdout.write(json.dumps(outcome, ensure_ascii=False) + "\n")
    return worst


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as handle:
        for number, line in enumerate(handle, start=1):
            if line.strip():
                yield number, _object(_json(line, f"{path}:{number}"), f"{path}:{number}")


def _decided(procedure: CompiledProcedure, office: OfficeTime, row: Mapping[str, Any]) -> dict[str, Any]:
    on = _day(row.get("on"))
    at = office.opening(on) if row.get("at") is None else _moment(row["at"])
    try:
        facts = codec.facts_as_written(procedure.definition, _object(row.get("facts"), "facts"))
        return outcome_data(evaluate(procedure, facts, on=on, at=at, office=office))
    except FactsError as wrong:
        raise UnusableError([problem.to_data() for problem in wrong.problems]) from wrong
    except RulesError as wrong:
        raise UnusableError([_problem(str(wrong), "")]) from wrong


def outcome_data(evaluation: Evaluation) -> dict[str, Any]:
    """Return the outcome as the command prints it; parts that no rule speaks of are empty, never absent."""
    data = evaluation.to_data()
    papers = [
        {**shown, "required": found.required} for shown, found in zip(data["papers"], evaluation.papers, strict=True)
    ]
    return {"cases": [], "payouts": [], "route": None, **data, "papers": papers}


def _procedure(options: argparse.Namespace) -> CompiledProcedure:
    registers = _loaded(options.registers) if options.registers else None
    try:
        return compiled(definition_and_registers(_loaded(options.definition), registers))
    except UnreadableDefinitionError as wrong:
        raise UnusableError(wrong.problems) from wrong


def _loaded(path: Path) -> strict_yaml.Loaded:
    try:
        return strict_yaml.load(_text(path))
    except strict_yaml.UnusableYamlError as wrong:
        raise UnusableError([{"line": p.line, "what": p.what, "hint": p.hint} for p in wrong.problems]) from wrong


def _office(options: argparse.Namespace) -> OfficeTime:
    try:
        rows = [_calendar_row(row) for row in csv.DictReader(_text(options.calendar).splitlines())]
        return OfficeTime(WorkCalendar.from_rows(rows), _hours(options.hours))
    except RulesError as wrong:
        raise UnusableError([_problem(str(wrong), f"Sửa tệp {options.calendar}.")]) from wrong


def _calendar_row(row: Mapping[str, str]) -> dict[str, str]:
    """Read both shapes of a calendar file: `date,...,confidence` of an export, `day,...,confirmed` of ours."""
    if "day" in row:
        return {**row, "date": row["day"], "confidence": "official" if row.get("confirmed") == "true" else "expected"}
    return dict(row)


def _hours(path: Path | None) -> WorkingHours:
    if path is None:
        return WorkingHours()
    windows = strict_yaml.load(_text(path)).data["windows"]
    return WorkingHours(
        tuple((time.fromisoformat(window["opens"]), time.fromisoformat(window["closes"])) for window in windows)
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise UnusableError(
            [_problem(f"Không đọc được tệp {path}.", "Kiểm tra tên tệp; tệp phải là UTF-8.")]
        ) from unreadable


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except ValueError as wrong:
        raise UnusableError([_problem(f"{where}: không phải JSON dùng được.", str(wrong))]) from wrong


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"số {text} có phần thập phân: tiền và số đếm là số nguyên")


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnusableError([_problem(f"{where}: cần một đối tượng JSON.", 'Ví dụ {"channel": "counter"}.')])
    return value


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as wrong:
        raise UnusableError([_problem(f"Ngày “{value}” không đọc được.", "Viết như 2026-11-20.")]) from wrong


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as wrong:
        raise UnusableError([_problem(f"Thời điểm “{value}” không đọc được.", "Viết như 2026-11-20T10:00.")]) from wrong


def _problem(what: str, hint: str) -> dict[str, Any]:
    return {"where": [], "what": what, "hint": hint, "severity": "error"}
