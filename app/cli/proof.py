"""The commands `procedure boundaries` and `procedure mutants`: what is to be looked at before a publication."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from app.cli.answers import answered
from app.cli.inputs import GOOD, PROVINCE_CALENDAR, REFUSED, UnusableError, add_registers, office_at, problem, read_at
from rules.check.boundaries import boundaries
from rules.check.mutants import mutants
from rules.clock.calendar import OfficeTime
from rules.definition.procedure import ProcedureDefinition
from rules.errors import RulesError
from rules.trial import trial

PROOFS = {"boundaries": "tình huống biên của mỗi bảng", "mutants": "lỗi gõ mà không tình huống mẫu nào nhận ra"}


def add_proofs(commands: Any) -> None:
    """Add the commands to those of `procedure`."""
    for name, what in PROOFS.items():
        parser = commands.add_parser(name, help=f"in {what} (JSON)")
        parser.add_argument("definition", type=Path, help="tệp YAML định nghĩa")
        parser.add_argument("--calendar", type=Path, default=PROVINCE_CALENDAR, help="tệp CSV lịch nghỉ và làm bù")
        add_registers(parser)
        parser.add_argument("--hours", type=Path, help="tệp YAML giờ làm việc")


def prove(options: argparse.Namespace) -> int:
    """Print what one of the commands finds; the exit status is 0, 1 where something must be looked at, 2 unusable."""
    try:
        read = read_at(options.definition, options.registers)
        office = office_at(options.calendar, options.hours)
    except UnusableError as unusable:
        return answered({"tables": [], "problems": unusable.problems}, unusable.status)
    problems = [found.to_data() for found in trial(read.definition)]
    tables: list[dict[str, Any]] = []
    try:
        tables = [] if problems else list(_found(options.command, read.definition, office))
        for each in (each for table in tables for each in table.get("unnoticed", ())):
            each["line"] = read.line_of(tuple(each["where"]))
    except RulesError as refused:
        problems = [problem(str(refused), "")]
    unnoticed = any(table.get("unnoticed") for table in tables)
    answer = {"tables": tables, "problems": [*problems, *read.unused_registers]}
    return answered(answer, REFUSED if problems or unnoticed else GOOD)


def _found(command: str, definition: ProcedureDefinition, office: OfficeTime) -> Iterator[dict[str, Any]]:
    found: Iterable[Any] = boundaries(definition, office) if command == "boundaries" else mutants(definition, office)
    return (each.to_data() for each in found)
