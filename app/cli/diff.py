"""The command `procedure diff`: two versions of a definition compared, as JSON. No database, no clock."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.cli.answers import answered
from app.cli.inputs import (
    GOOD,
    PROVINCE_CALENDAR,
    REFUSED,
    UNUSABLE,
    ReadDefinition,
    UnusableError,
    add_registers,
    office_at,
    read_at,
)
from rules.compare.versions import compare


def add_diff(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to those of `procedure`."""
    diff = commands.add_parser("diff", help="so hai phiên bản: hồ sơ nào đổi kết quả, vì dòng nào")
    diff.add_argument("old", type=Path, help="tệp YAML định nghĩa, bản cũ")
    diff.add_argument("new", type=Path, help="tệp YAML định nghĩa, bản mới")
    diff.add_argument("--calendar", type=Path, default=PROVINCE_CALENDAR, help="tệp CSV lịch nghỉ và làm bù")
    diff.add_argument("--hours", type=Path, help="tệp YAML giờ làm việc")
    add_registers(diff)


def diff_of(options: argparse.Namespace) -> int:
    """Print the comparison; the status is 0 where no outcome can differ, 1 where one can, 2 for unusable input."""
    problems: list[dict[str, Any]] = []
    read = list(_read(options, problems))
    if problems:
        return answered({"problems": problems}, UNUSABLE)
    old, new = read
    try:
        office = office_at(options.calendar, options.hours)
    except UnusableError as unusable:
        return answered({"problems": unusable.problems}, UNUSABLE)
    found = compare(old.definition, new.definition, office)
    return answered({**found.to_data(), "problems": _unused(old, new)}, REFUSED if found.changes_law else GOOD)


def _read(options: argparse.Namespace, problems: list[dict[str, Any]]) -> Iterator[ReadDefinition]:
    """Yield the two versions; what is wrong with either goes to the problems, with the version it is of."""
    for version, path in (("old", options.old), ("new", options.new)):
        try:
            yield read_at(path, options.registers)
        except UnusableError as unusable:
            problems.extend({"version": version, **each} for each in unusable.problems)


def _unused(old: ReadDefinition, new: ReadDefinition) -> list[dict[str, Any]]:
    """Return the warnings of registers that nothing in either version uses."""
    others = {each["what"] for each in new.unused_registers}
    return [each for each in old.unused_registers if each["what"] in others]
