"""The rows of a catalogue export: each cleaned and taken whole, or kept as it stood with the reasons why not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.importers.columns import (
    HEADERS,
    LONGEST_NAME,
    LONGEST_TEXT,
    column_letter,
    national_code,
    one_line,
    several_lines,
)
from app.importers.problems import Problem
from forms.sentence import Sentence

Cell = str | int | float | bool | None
"""A cell as it is kept; days and moments as ISO text."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a source says about one procedure (một dòng của danh mục TTHC), cleaned; an empty text is "not said"."""

    code: str
    name: str
    issuing_body: str
    implementing_bodies: tuple[str, ...]
    field_of_work: str


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One row as it stood in the sheet (`raw`), and what it announces unless `problems` forbid to take it."""

    number: int
    raw: tuple[Cell, ...]
    announcement: Announcement | None
    problems: tuple[Problem, ...]


def without_doubles(title: str, code_column: int, rows: Sequence[CatalogRow]) -> tuple[CatalogRow, ...]:
    """Take none of the rows that share a code: which one holds is not for a program to guess."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.announcement is not None:
            numbers[row.announcement.code].append(row.number)
    return tuple(
        _as_double(title, code_column, row, numbers[row.announcement.code])
        if row.announcement is not None and len(numbers[row.announcement.code]) > 1
        else row
        for row in rows
    )


def _as_double(title: str, code_column: int, row: CatalogRow, numbers: Sequence[int]) -> CatalogRow:
    others = ", ".join(str(number) for number in numbers if number != row.number)
    code = row.announcement.code if row.announcement else ""
    problem = Problem(
        f"{title}!{column_letter(code_column)}{row.number}",
        Sentence("Mã số %(code)s ở dòng %(row)s trùng với dòng %(others)s.", code=code, row=row.number, others=others),
        Sentence("Giữ lại một dòng cho mỗi mã số rồi tải lên lại."),
    )
    return replace(row, announcement=None, problems=(*row.problems, problem))


class RowReader:
    """Reads one row: every fault is collected with its cell, then the row is taken whole or not at all."""

    def __init__(self, title: str, number: int, cells: Sequence[Any], columns: Mapping[str, int]) -> None:
        self._title, self._number, self._cells, self._columns = title, number, cells, columns
        self._problems: list[Problem] = []

    def row(self) -> CatalogRow:
        """Return the row with its announcement, or with the reasons why there is none."""
        announcement = Announcement(
            self._code(),
            one_line(self._text("name", LONGEST_NAME, required=True)),
            one_line(self._text("issuing_body", LONGEST_TEXT)),
            several_lines(self._text("implementing_bodies", LONGEST_NAME)),
            one_line(self._text("field_of_work", LONGEST_TEXT)),
        )
        problems = tuple(self._problems)
        raw = tuple(_kept(cell.value) for cell in self._cells)
        return CatalogRow(self._number, raw, None if problems else announcement, problems)

    def _code(self) -> str:
        value = self._value("code")
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._refuse_number(value)
            return ""
        text = self._text("code", LONGEST_TEXT, required=True)
        code = national_code(text)
        if text and code is None:
            self._refuse(
                "code",
                Sentence("“%(text)s” không phải mã số thủ tục.", text=one_line(text)[:60]),
                Sentence("Mã số gồm một chữ số từ 1 đến 6, dấu chấm và sáu chữ số, ví dụ 1.001193."),
            )
        return code or ""

    def _refuse_number(self, value: float) -> None:
        """A spreadsheet that takes 2.000950 for a number has lost its last zero; it is not put back by guessing."""
        hint = Sentence("Đặt định dạng cột Mã số là Văn bản (Text), gõ lại đủ sáu chữ số sau dấu chấm rồi tải lên lại.")
        self._refuse("code", _number_for_code(value, national_code(f"{value:.6f}")), hint)

    def _text(self, field: str, longest: int, *, required: bool = False) -> str:
        value = self._value(field)
        if self._is_error(field):
            what = Sentence("Ô “%(header)s” chứa lỗi công thức %(error)s.", header=HEADERS[field], error=str(value))
            self._refuse(field, what, Sentence("Thay công thức bằng chữ."))
            return ""
        text = "" if value is None else str(value)
        if required and not one_line(text):
            what = Sentence("Ô “%(header)s” để trống.", header=HEADERS[field])
            self._refuse(field, what, Sentence("Điền vào ô này, hoặc xóa cả dòng nếu thừa."))
        if len(text) > longest:
            what = Sentence("Ô dài %(length)s ký tự, quá %(most)s.", length=len(text), most=longest)
            self._refuse(field, what, Sentence("Kiểm tra lại nội dung của ô."))
        return text

    def _value(self, field: str) -> Any:
        column = self._columns[field]
        return self._cells[column].value if column < len(self._cells) else None

    def _is_error(self, field: str) -> bool:
        column = self._columns[field]
        return column < len(self._cells) and self._cells[column].data_type == "e"

    def _refuse(self, field: str, what: Sentence, hint: Sentence) -> None:
        where = f"{self._title}!{column_letter(self._columns[field])}{self._number}"
        self._problems.append(Problem(where, what, hint))


def _number_for_code(value: float, probable: str | None) -> Sentence:
    if not isinstance(value, float):
        return Sentence("Mã số là số %(value)s, không phải chữ.", value=value)
    shown = f"{value:g}"
    if probable is None:
        return Sentence("Mã số là số %(value)s, không phải chữ, nên chữ số 0 ở cuối có thể đã mất.", value=shown)
    return Sentence(
        "Mã số là số %(value)s, không phải chữ, nên chữ số 0 ở cuối có thể đã mất (có lẽ là %(probable)s).",
        value=shown,
        probable=probable,
    )


def _kept(value: Any) -> Cell:
    """Return a cell as it stood, in a shape JSON can hold: days and times as ISO text."""
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value if value == value else "nan"  # noqa: PLR0124  only a nan differs from itself
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")  # the database's JSON knows no NUL
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
