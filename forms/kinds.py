"""What every kind of field is beyond the form: on paper, in a cell of a spreadsheet, and in a search.

One table says it of each kind; docs/reference/fields.md is that table for people, and a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from forms.folding import folded
from rules.clock.calendar import LEGAL_TIME
from rules.definition.fields import Field, FieldKind
from rules.values import Text, day_figures
from rules.vocabulary import Fact

Cell = str | int | Decimal | date | None
"""What one cell of a spreadsheet holds: text stays text, numbers and days are what they are, None is blank."""

SHOWN_BEHIND = 3
"""So many characters of a masked answer can be read."""


class Search(StrEnum):
    """How dossiers are found by an answer."""

    TEXT = "text"
    """By words, without accents."""
    EXACT = "exact"
    """By the whole answer, or how it begins."""
    NUMBER = "number"
    """By a range of numbers."""
    DAY = "day"
    """By a range of days."""
    CODE = "code"
    """By one or several codes of a list."""
    NONE = "none"
    """Not at all."""


@dataclass(frozen=True, slots=True)
class KindRow:
    """What a kind is: when the form refuses an answer, its cell in a spreadsheet, how a paper prints it, its search."""

    refuses: str
    cell: str
    printed: str
    search: Search


_NUMBER = "số, định dạng có dấu chấm hàng nghìn"
_AS_TEXT = "chữ, giữ nguyên số 0 ở đầu"

KINDS: Mapping[FieldKind, KindRow] = MappingProxyType(
    {
        FieldKind.TEXT: KindRow("dài quá 500 ký tự, có ký tự hỏng", "chữ", "nguyên văn", Search.TEXT),
        FieldKind.LONG_TEXT: KindRow(
            "dài quá 5.000 ký tự, có ký tự hỏng", "chữ, giữ dòng", "nguyên văn, giữ dòng", Search.TEXT
        ),
        FieldKind.WHOLE_NUMBER: KindRow(
            "không phải số nguyên, số âm khi không cho phép, ngoài giới hạn", _NUMBER, "1.234 và đơn vị", Search.NUMBER
        ),
        FieldKind.MONEY: KindRow(
            "không phải số nguyên đồng, số âm khi không cho phép, ngoài giới hạn", _NUMBER, "1.234.567 đ", Search.NUMBER
        ),
        FieldKind.YES_NO: KindRow("không phải có hoặc không", "có, không", "có, không", Search.CODE),
        FieldKind.DAY: KindRow(
            "không có ngày ấy, năm ngoài 1800 đến 2200, ngoài giới hạn", "ngày", "26/03/2024", Search.DAY
        ),
        FieldKind.MOMENT: KindRow(
            "không có ngày hoặc giờ ấy", "ngày và giờ, giờ Việt Nam", "14:30 26/03/2024", Search.DAY
        ),
        FieldKind.MEASURE: KindRow(
            "không phải số, quá nhiều chữ số sau dấu phẩy, ngoài giới hạn", "số có phần lẻ", "1.234,5 và đơn vị",
            Search.NUMBER,
        ),
        FieldKind.CHOICE: KindRow(
            "mã không có trong danh mục, không dùng được ngày ấy", "tên của mã", "tên của mã", Search.CODE
        ),
        FieldKind.CHOICES: KindRow(
            "mã không có trong danh mục, không dùng được ngày ấy", "tên các mã, cách nhau dấu chấm phẩy",
            "tên các mã, cách nhau dấu phẩy", Search.CODE,
        ),
        FieldKind.CITIZEN_ID: KindRow(
            "không đúng 12 chữ số; khác ngày sinh hoặc giới tính thì chỉ nhắc", _AS_TEXT, "12 chữ số liền", Search.EXACT
        ),
        FieldKind.OLD_ID: KindRow("không đúng 9 chữ số", _AS_TEXT, "9 chữ số liền", Search.EXACT),
        FieldKind.PASSPORT: KindRow(
            "không phải chữ cái và chữ số như trên hộ chiếu", _AS_TEXT, "chữ in hoa và số liền", Search.EXACT
        ),
        FieldKind.TAX_CODE: KindRow(
            "không đúng 10 hoặc 13 chữ số, sai số kiểm tra", _AS_TEXT, "10 chữ số, thêm -001", Search.EXACT
        ),
        FieldKind.ORG_CODE: KindRow("không đúng dạng H20.11 hoặc 000.00.11.H20", _AS_TEXT, "nguyên mã", Search.EXACT),
        FieldKind.PHONE: KindRow("không phải số điện thoại Việt Nam", _AS_TEXT, "0912345678", Search.EXACT),
        FieldKind.EMAIL: KindRow("không đúng dạng ten@vidu.vn", "chữ", "nguyên văn", Search.EXACT),
        FieldKind.UNIT: KindRow(
            "không có đơn vị tên như vậy, khớp nhiều đơn vị; đơn vị cũ được dẫn đến đơn vị nay", "mã đơn vị",
            "tên đơn vị", Search.CODE,
        ),
        FieldKind.DOSSIER: KindRow("không đúng dạng mã hồ sơ, không tìm thấy", _AS_TEXT, "nguyên mã", Search.EXACT),
        FieldKind.RESULT: KindRow("dài quá 500 ký tự, không tìm thấy", _AS_TEXT, "nguyên số", Search.EXACT),
        FieldKind.FINDING: KindRow(
            "mã không có trong danh mục, “không phát hiện gì” đi cùng mục khác", "tên các mã, cách nhau dấu chấm phẩy",
            "tên các mã, cách nhau dấu phẩy", Search.CODE,
        ),
        FieldKind.NOTE: KindRow("không bao giờ: không nhập", "không có cột", "không in", Search.NONE),
        FieldKind.GROUP: KindRow(
            "ít hoặc nhiều dòng hơn giới hạn, dòng có ô sai", "một trang tính riêng, mỗi dòng một hàng",
            "bảng, mỗi dòng một hàng", Search.NONE,
        ),
    }
)  # fmt: skip
"""What every kind of field is, in words for people."""


@dataclass(frozen=True, slots=True)
class SearchValue:
    """What a search looks at in one answer; what does not apply is None.

    `text` is folded, without accents; `exact` is as it was typed. A number is a whole number, of a measure in its last
    decimal digit; a moment is found by its legal day. Of several codes there is one value for each.
    """

    text: str | None = None
    exact: str | None = None
    number: int | None = None
    day: date | None = None


def as_text(fact: Fact, value: Any) -> Text:
    """Return an answer as a paper prints it and a page shows it."""
    return fact.shown(value)


def masked(shown: str) -> str:
    """Return a masked answer: only its last characters can be read, and a short one not at all."""
    behind = shown[-SHOWN_BEHIND:] if len(shown) > 2 * SHOWN_BEHIND else ""
    return "•" * (len(shown) - len(behind)) + behind


def excel_value(field: Field, fact: Fact, value: Any) -> Cell:
    """Return an answer as one cell: text stays text whatever it looks like, so that no number loses its zeros.

    A measure is a decimal number, exact to its last digit. A group has no cell: its rows stand on a sheet of their own.
    """
    if value is None or field.kind in (FieldKind.NOTE, FieldKind.GROUP):
        return None
    if isinstance(value, bool):
        return fact.shown(value).vi
    if isinstance(value, datetime):
        return value.astimezone(LEGAL_TIME).replace(tzinfo=None)
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return Decimal(value).scaleb(-field.scale) if field.scale else value
    return _cell_of_text(fact, value)


def _cell_of_text(fact: Fact, value: str | Sequence[str]) -> str:
    codes = [value] if isinstance(value, str) else value
    return "; ".join(fact.codes[code].vi if code in fact.codes else code for code in codes)


def search_values(field: Field, value: Any) -> tuple[SearchValue, ...]:
    """Return what a search looks at in an answer, nothing for what is not searched."""
    search = KINDS[field.kind].search
    if value is None or search is Search.NONE:
        return ()
    if search is Search.NUMBER:
        return (SearchValue(number=value),)
    if search is Search.DAY:
        day = value.astimezone(LEGAL_TIME).date() if isinstance(value, datetime) else value
        return (SearchValue(day=day, exact=day_figures(day)),)
    if isinstance(value, bool):
        return (SearchValue(exact="true" if value else "false"),)
    texts: Sequence[str] = [value] if isinstance(value, str) else value
    return tuple(SearchValue(text=folded(text), exact=text) for text in texts)


def reference_rows() -> list[str]:
    """Return the rows of the table of docs/reference/fields.md."""
    return [
        f"| `{kind.value}` | {row.refuses} | {row.cell} | {row.printed} | `{row.search.value}` |"
        for kind, row in KINDS.items()
    ]
