"""What commands without a database read: definition files and calendars; what cannot be used is said with its place."""

import argparse
import csv
import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from app.importers import strict_yaml
from rules import codec
from rules.check.procedure import check
from rules.clock.calendar import CalendarError, OfficeTime, WorkCalendar
from rules.compare.since_proof import changed_since_proof
from rules.decode.hours import OfficeHours, hours_from
from rules.definition.procedure import ProcedureDefinition
from rules.errors import DefinitionError, Place, Problem, RulesError, UnreadableError
from rules.overrides import Overridden, overridden
from rules.reading import mapping_of
from rules.values import grouped

GOOD, REFUSED, UNUSABLE = 0, 1, 2
MAX_BYTES = 8 * 1024 * 1024
"""A calendar is never longer than this."""
PROVINCE_CALENDAR = Path(__file__).resolve().parents[2] / "samples" / "calendar.csv"


class UnusableError(Exception):
    """The input cannot be read; the problems say where and what to do."""

    status = UNUSABLE

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__("unusable input")
        self.problems = problems

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every problem on one line: the line of the file, the place in the data, the fault, the remedy."""
        return tuple(_sentence(problem) for problem in self.problems)


class RefusedDefinitionError(UnusableError):
    """The file can be read, but what it says is no procedure definition."""

    status = REFUSED


def problem(what: str, hint: str) -> dict[str, Any]:
    """Return a problem without a place in a file, as commands print it."""
    return Problem((), what, hint).to_data()


def problems_in(loaded: strict_yaml.Loaded, problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems with their lines in the file, as commands print them."""
    return [{"line": loaded.line_of(found.where), **found.to_data()} for found in problems]


def _sentence(problem: Mapping[str, Any]) -> str:
    said = Problem(tuple(problem["where"]), problem["what"], problem["hint"]).sentence
    if "line" not in problem:
        return said
    file = " của tệp --registers" if problem.get("file") == "registers" else ""
    return f"Dòng {problem['line']}{file}: {said}"


def open_output() -> None:
    """Write UTF-8 whatever the terminal says, and end quietly in `command ... | head`, as commands do."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)


def _speak_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:  # a stream that stands in for the terminal may have no encoding
        reconfigure(encoding="utf-8", errors="backslashreplace")  # the name of a file may hold half a character


def bytes_at(path: Path, most: int) -> bytes:
    """Read a file of at most so many bytes; a larger one is refused unread."""
    try:
        with path.open("rb") as handle:
            read = handle.read(most + 1)
    except (OSError, ValueError) as unreadable:
        raise UnusableError([problem(f"Không đọc được tệp {path}.", "Kiểm tra tên tệp.")]) from unreadable
    if len(read) > most:
        too_long = problem(f"Tệp {path} dài quá {grouped(most)} byte.", "Tách thành nhiều tệp nhỏ hơn.")
        raise UnusableError([{"line": 1, **too_long}])
    return read


def text_at(path: Path) -> str:
    """Read a text file."""
    try:
        return bytes_at(path, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as unreadable:
        raise UnusableError(
            [problem(f"Không đọc được tệp {path}.", "Tệp phải là văn bản UTF-8: lưu lại với bảng mã UTF-8.")]
        ) from unreadable


def yaml_at(path: Path) -> strict_yaml.Loaded:
    """Read a YAML (or JSON) file with its lines."""
    try:
        return strict_yaml.load(bytes_at(path, strict_yaml.MAX_BYTES))
    except strict_yaml.UnusableYamlError as wrong:
        raise UnusableError([_of_yaml(each) for each in wrong.problems]) from wrong


def _of_yaml(found: strict_yaml.YamlProblem) -> dict[str, Any]:
    """Return a fault of the file itself: it has a line and a column, and no place in data that nobody could read."""
    return {"line": found.line, "column": found.column, **Problem((), str(found.what), str(found.hint)).to_data()}


@dataclass(frozen=True, slots=True)
class ReadDefinition:
    """A definition and the files it stands in."""

    definition: ProcedureDefinition
    files: "_Files"

    @property
    def unused_registers(self) -> list[dict[str, Any]]:
        """Warnings of entries that the registers add and nothing uses, such as one whose id is misspelt."""
        joined = self.files.joined
        return [self.files.located(each) for each in joined.unused(self.definition)] if joined else []

    def line_of_case(self, number: int) -> int:
        """Return the line on which a golden case begins; they are numbered from 0."""
        return self.line_of(("cases", number))

    def line_of(self, where: Place) -> int:
        """Return the line of a place in the file it stands in."""
        return int(str(self.files.located(Problem(where, ""))["line"]))

    def findings(self) -> list[dict[str, Any]]:
        """What the check before a publication finds, each with its line."""
        return [self.files.located(each) for each in check(self.definition)]

    def changed_since_proof(self) -> list[dict[str, Any]]:
        """Which entries of the registers read otherwise than in the definition, and what that changes."""
        if self.files.registers is None:
            return []
        proved, now = (mapping_of(each.data) or {} for each in (self.files.definition, self.files.registers))
        try:
            found = list(changed_since_proof(proved, now, office_at(PROVINCE_CALENDAR, None)))
        except DefinitionError:
            return []  # the definition cannot be read without these registers: it was never proved with others
        return [self.files.located(each) for each in found]


def read_at(path: Path, registers: Path | None = None) -> ReadDefinition:
    """Read a procedure definition, with the registers of another file in place of its own.

    One with faults is refused with every fault by line and place, in the file it stands in.
    """
    loaded, others = yaml_at(path), yaml_at(registers) if registers else None
    data = mapping_of(loaded.data)
    if data is None:
        raise UnusableError([problem(f"Tệp {path} không phải là một định nghĩa.", "Bắt đầu tệp bằng format: 1.")])
    files = _Files(loaded, others)
    try:
        if others is not None:
            files = _Files(loaded, others, overridden(data, others.data))
        return ReadDefinition(codec.definition_from(files.joined.data if files.joined else data), files)
    except DefinitionError as wrong:
        raise RefusedDefinitionError([files.located(each) for each in wrong.problems]) from wrong


def warn_of(read: ReadDefinition) -> None:
    """Tell on standard error which entries of the registers nothing uses: the answer itself is not touched by them."""
    sys.stderr.writelines(f"Lưu ý. {_sentence(each)}\n" for each in read.unused_registers)


@dataclass(frozen=True, slots=True)
class _Files:
    """A definition, the registers beside it, and which of the two a place of the joined data stands in."""

    definition: strict_yaml.Loaded
    registers: strict_yaml.Loaded | None
    joined: Overridden | None = None

    def located(self, found: Problem) -> dict[str, Any]:
        """Return the problem as plain data with its line, and the word that it is a line of the registers."""
        ours = self.joined is None or self.joined.came_from_registers(found.where)
        if self.registers is not None and ours:
            return {"file": "registers", "line": self.registers.line_of(found.where), **found.to_data()}
        return {"line": self.definition.line_of(found.where), **found.to_data()}


def add_registers(parser: argparse.ArgumentParser) -> None:
    """Let a command that reads a definition read registers beside it."""
    parser.add_argument(
        "--registers",
        type=Path,
        help="tệp YAML tham số, danh mục, địa bàn, mẫu bước, loại giấy tờ, quy định dùng chung",
    )


def calendar_at(path: Path) -> WorkCalendar:
    """Read a calendar of days off and make-up days (lịch nghỉ và làm bù)."""
    try:
        return WorkCalendar.from_rows(_calendar_rows(text_at(path)))
    except (RulesError, csv.Error) as wrong:
        raise UnusableError([problem(str(wrong), f"Sửa tệp {path}.")]) from wrong


def hours_at(path: Path) -> OfficeHours:
    """Read the hours of an office (giờ làm việc): windows, weekdays, seasons, outages."""
    loaded = yaml_at(path)
    try:
        return hours_from(loaded.data)
    except UnreadableError as wrong:
        raise UnusableError(problems_in(loaded, wrong.problems)) from wrong


def office_at(calendar: Path, hours: Path | None) -> OfficeTime:
    """Read the time of an office; without a file of hours they are the usual ones of the province."""
    return (hours_at(hours) if hours is not None else OfficeHours()).office(calendar_at(calendar))


_CONFIDENCE = ("official", "expected", "rule-based")
"""How a day came to be known; what was found out about it may follow the word."""
_CONFIRMED = {"true": "official", "false": "expected"}


def _calendar_rows(text: str) -> list[dict[str, object]]:
    """Read both shapes of a calendar file: `date,...,confidence` of an export, `day,...,confirmed` of ours.

    Each row keeps its line of the file. Raises CalendarError for missing columns and for a file without a day.
    """
    reader = csv.DictReader(text.splitlines())
    columns = reader.fieldnames or ()
    day = "day" if "day" in columns else "date"
    lacking = [name for name in (day, "kind") if name not in columns]
    if lacking:
        named = ", ".join(f"“{name}”" for name in lacking)
        raise CalendarError(f"Thiếu cột {named}; cột cách nhau bằng dấu phẩy.")
    rows = [
        {**row, "date": row[day], "confidence": _confidence(row, reader.line_num), "line": reader.line_num}
        for row in reader
    ]
    if not rows:
        raise CalendarError("Lịch không có ngày nào: không biết ngày nào nghỉ thì không tính được hạn.")
    return rows


def _confidence(row: Mapping[str, str | None], line: int) -> str:
    """Return the word of the row on how sure its day is. Raises CalendarError for a word that nobody knows."""
    column = "confirmed" if "day" in row else "confidence"
    word = (row.get(column) or "").strip()
    said = _CONFIRMED.get(word or "false", "") if column == "confirmed" else word or "official"
    if not said.startswith(_CONFIDENCE):
        known = ", ".join(_CONFIRMED if column == "confirmed" else _CONFIDENCE)
        raise CalendarError(f"Dòng {line} của lịch có {column} “{word[:40]}”: hãy dùng một trong {known}.")
    return said
