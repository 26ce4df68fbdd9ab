"""A list as a workbook or as CSV: text stays text and is never taken for a formula, numbers and days can be counted."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

from rules.values import decimal_words

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "Hồ sơ"
LONGEST_TEXT = 32_767
"""A cell of Excel holds no more characters."""
LARGEST = 10**15
"""Excel counts with fifteen digits; a longer number is written as text, digit by digit."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDEST, _NARROWEST = 48, 12


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell: its text, and what a sheet calculates with where it is a number, an amount in đồng, a day or a moment.

    A number is a whole number of its last of `scale` decimal digits; a moment has no zone and is legal time.
    """

    text: str
    value: int | date | datetime | None = None
    scale: int = 0
    is_money: bool = False


def workbook_of(heads: Sequence[str], rows: Iterable[Sequence[SheetCell]]) -> bytes:
    """Return an Excel workbook (.xlsx) of a list, written row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for number, head in enumerate(heads):
        width = min(max(len(head) + 4, _NARROWEST), _WIDEST)
        sheet.column_dimensions[_letters(number)].width = width
    sheet.append([_head(sheet, head) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _letters(number: int) -> str:
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _head(sheet: Any, head: str) -> Cell:
    cell = _text(sheet, head)
    cell.font = Font(bold=True)
    return cell


def _text(sheet: Any, text: str) -> Cell:
    """Return a cell of text; its kind is set by hand, since by itself the library takes `=` for a formula."""
    cell = WriteOnlyCell(sheet, value="")
    cell.value = _NOT_IN_XML.sub("", text)[:LONGEST_TEXT]
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _cell(sheet: Any, given: SheetCell) -> Cell:
    value = given.value
    if value is None or (isinstance(value, int) and abs(value) >= LARGEST):
        return _text(sheet, given.text if value is None or not isinstance(value, int) else str(value))
    if isinstance(value, int):
        cell = _counted(sheet, Decimal(value).scaleb(-given.scale))
        cell.number_format = _number_format(given)
        return cell
    cell = _counted(sheet, value)
    cell.number_format = "dd/mm/yyyy hh:mm" if isinstance(value, datetime) else "dd/mm/yyyy"
    return cell


def _counted(sheet: Any, value: Any) -> Cell:
    """Return a cell of a number, a day or a moment; the library takes all of them, its annotation names but some."""
    return WriteOnlyCell(sheet, value=value)


def _number_format(given: SheetCell) -> str:
    decimals = f".{'0' * given.scale}" if given.scale else ""
    return f'#,##0{decimals} "đ"' if given.is_money else f"#,##0{decimals}"


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[SheetCell]]) -> bytes:
    """Return a list as CSV in UTF-8 with its mark; an apostrophe stands before text that a sheet would calculate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_harmless(head) for head in heads])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(given: SheetCell) -> str:
    value = given.value
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return decimal_words(value, given.scale).replace(".", "")
    return _harmless(given.text)


def _harmless(text: str) -> str:
    clean = _NOT_IN_XML.sub("", text)
    return f"'{clean}" if clean.lstrip(" ").startswith(_STARTS_A_FORMULA) else clean
