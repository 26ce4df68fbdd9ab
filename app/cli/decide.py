"""The command `decide`: a definition, facts and a day in; the outcome with its reasons out. No database, no clock."""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.cli.facts_file import facts_at, facts_lines
from app.cli.inputs import (
    GOOD,
    PROVINCE_CALENDAR,
    REFUSED,
    UNUSABLE,
    UnusableError,
    add_registers,
    office_at,
    open_output,
    problem,
    read_at,
    warn_of,
)
from rules import codec
from rules.clock.calendar import OfficeTime
from rules.errors import FactsError, Problem, RulesError, nearest
from rules.evaluation.compile import CompiledProcedure, compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation


def main(argv: list[str]) -> int:
    """Run the command; the exit status is 0 good, 1 refused by the rules, 2 unusable input."""
    open_output()
    options = _parser().parse_args(argv)
    try:
        return _batch(options) if options.batch else _one(options)
    except UnusableError as unusable:
        print(json.dumps({"problems": unusable.problems}, ensure_ascii=False, indent=2))  # noqa: T201  the command's answer
        return UNUSABLE


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_KEYS = ("id", "facts", "on", "at")
"""What a line of a batch may say."""

_LACKING = {
    "--facts": "Nêu tệp JSON các dữ kiện: --facts FACTS.json.",
    "--on": "Nêu ngày tiếp nhận: --on 2026-11-20.",
}


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
    add_registers(parser)
    return parser


def _one(options: argparse.Namespace) -> int:
    lacking = [name for name, given in (("--facts", options.facts), ("--on", options.on)) if given is None]
    if lacking:
        hint = " ".join(_LACKING[name] for name in lacking)
        raise UnusableError([problem(f"Thiếu {' và '.join(lacking)}.", hint)])
    procedure, office = _compiled(options), office_at(options.calendar, options.hours)
    row = {"facts": facts_at(options.facts), "on": options.on, "at": options.at}
    outcome = _decided(procedure, office, row)
    print(json.dumps(outcome, ensure_ascii=False, indent=2))  # noqa: T201  the command's answer
    return _status(outcome)


def _status(outcome: Mapping[str, Any]) -> int:
    """Return the exit status of an outcome: good where the rules refuse nothing and could work out everything."""
    return GOOD if outcome["eligible"] and not outcome["problems"] else REFUSED


def _batch(options: argparse.Namespace) -> int:
    if options.facts_lines is None:
        raise UnusableError([problem("Thiếu --facts-lines.", "Nêu tệp JSONL các dữ kiện.")])
    procedure, office = _compiled(options), office_at(options.calendar, options.hours)
    worst = GOOD
    for line in facts_lines(options.facts_lines):
        place = {"id": line.id, "line": line.number}
        try:
            outcome = {**place, **_decided(procedure, office, _row(line.read, line.number))}
            worst = max(worst, _status(outcome))
        except UnusableError as unusable:
            outcome, worst = {**place, "problems": unusable.problems}, UNUSABLE
        sys.stdout.write(json.dumps(outcome, ensure_ascii=False) + "\n")
    return worst


def _row(read: Any, number: int) -> dict[str, Any]:
    if isinstance(read, UnusableError):
        raise read
    row = _object(read, f"Dòng {number}")
    unknown = [
        Problem((name[:60],), f"Dòng {number}: không có mục “{name[:60]}”.", nearest(name[:60], _KEYS)).to_data()
        for name in row
        if name not in _KEYS
    ]
    lacking = [
        problem(f"Dòng {number}: thiếu mục “{name}”.", hint)
        for name, hint in (("facts", 'Viết "facts": {...}.'), ("on", 'Viết "on": "2026-11-20".'))
        if row.get(name) is None
    ]
    if unknown or lacking:
        raise UnusableError([*unknown, *lacking])
    return row


def _decided(procedure: CompiledProcedure, office: OfficeTime, row: Mapping[str, Any]) -> dict[str, Any]:
    on = _day(row.get("on"))
    at = None if row.get("at") is None else _moment(row["at"])
    try:
        facts = codec.facts_as_written(procedure.definition, _object(row.get("facts"), "facts"))
        return outcome_data(evaluate(procedure, facts, on=on, at=at, office=office))
    except FactsError as wrong:
        raise UnusableError([found.to_data() for found in wrong.problems]) from wrong
    except RulesError as wrong:
        raise UnusableError([problem(str(wrong), "")]) from wrong


def outcome_data(evaluation: Evaluation) -> dict[str, Any]:
    """Return the outcome as the command prints it; parts that no rule speaks of are empty, never absent."""
    data = evaluation.to_data()
    papers = [
        {**shown, "required": found.required} for shown, found in zip(data["papers"], evaluation.papers, strict=True)
    ]
    empty = {"cases": [], "notices": [], "payouts": [], "steps": [], "route": None, "examination": None, "results": []}
    return {**empty, **data, "papers": papers}


def _compiled(options: argparse.Namespace) -> CompiledProcedure:
    try:
        read = read_at(options.definition, options.registers)
        warn_of(read)
        return compiled(read.definition)
    except RulesError as wrong:
        raise UnusableError([problem(str(wrong), f"Sửa tệp {options.definition}.")]) from wrong


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnusableError([problem(f"{where}: cần một đối tượng JSON.", 'Ví dụ {"channel": "counter"}.')])
    return value


def _day(value: object) -> date:
    text = str(value)
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        there_is_none = f"Không có ngày “{text[:40]}”.", "Kiểm tra lại tháng và ngày."
        unread = f"Ngày “{text[:40]}” không đọc được.", "Viết như 2026-11-20."
        raise UnusableError([problem(*(there_is_none if _ISO_DAY.fullmatch(text) else unread))]) from wrong


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError as wrong:
        what = f"Thời điểm “{str(value)[:40]}” không đọc được."
        raise UnusableError([problem(what, "Viết như 2026-11-20T10:00.")]) from wrong
