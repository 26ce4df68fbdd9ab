"""The command `clock`: a limit and what happened in; the due moments and their ledger out. No database, no clock."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.cli.inputs import (
    GOOD,
    PROVINCE_CALENDAR,
    REFUSED,
    UnusableError,
    office_at,
    open_output,
    problem,
    problems_in,
    yaml_at,
)
from rules.clock.rechecks import rechecked
from rules.clock.spans import ClockError
from rules.decode.ledger import asked_from
from rules.errors import Problem, RulesError, UnreadableError


def main(argv: list[str]) -> int:
    """Run the command; the exit status is 0 good, 1 events that cannot have happened so, 2 unusable input."""
    open_output()
    options = _parser().parse_args(argv)
    try:
        return _count(options)
    except UnusableError as unusable:
        return _answered({"problems": unusable.problems}, unusable.status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py clock", description="Tính các thời hạn của một hồ sơ từ thời hạn và các sự kiện."
    )
    parser.add_argument("ledger", type=Path, help="tệp YAML thời hạn và sự kiện")
    parser.add_argument("--calendar", type=Path, default=PROVINCE_CALENDAR, help="tệp CSV lịch nghỉ và làm bù")
    parser.add_argument("--confirmed", type=Path, help="tệp CSV lịch đã xác nhận, để tính lại các hạn tạm tính")
    parser.add_argument("--hours", type=Path, help="tệp YAML giờ làm việc")
    return parser


def _count(options: argparse.Namespace) -> int:
    loaded = yaml_at(options.ledger)
    try:
        asked = asked_from(loaded.data)
    except UnreadableError as wrong:
        raise UnusableError(problems_in(loaded, wrong.problems)) from wrong
    office = office_at(options.calendar, options.hours)
    confirmed = office_at(options.confirmed, options.hours) if options.confirmed else None
    try:
        clock = asked.run(office)
        if confirmed:
            later = asked.run(confirmed)
            clock = replace(clock, rechecks=rechecked(clock.rechecks, later.moments, confirmed))
        return _answered({**clock.to_data(), "problems": []}, GOOD)
    except ClockError as wrong:
        where = ("events",) if wrong.event is None else ("events", wrong.event)
        return _answered({"problems": problems_in(loaded, (Problem(where, wrong.what, wrong.hint),))}, REFUSED)
    except RulesError as wrong:
        return _answered({"problems": [problem(str(wrong), "")]}, REFUSED)


def _answered(answer: dict[str, Any], status: int) -> int:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    return status
