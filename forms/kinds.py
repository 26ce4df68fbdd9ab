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
    """What a kind is: what the form refuses, its cell in a spreadsheet, how a paper prints it, and its search."""

    refuses: str
    cell: str
    printed: str
    search: Search


_NUMBER = "number, shown with dots between thousands"
_AS_TEXT = "text, so that zeros in front stay"
_NO_CODE = "a code that is not in the list, or not in force on the day"
_NAMES = "labels with semicolons between", "labels with commas between"

KINDS: Mapping[FieldKind, KindRow] = MappingProxyType(
    {
        FieldKind.TEXT: KindRow("over 500 characters, broken characters", "text", "as typed", Search.TEXT),
        FieldKind.LONG_TEXT: KindRow(
            "over 5,000 characters, broken characters", "text with its lines", "as typed, with its lines", Search.TEXT
        ),
        FieldKind.WHOLE_NUMBER: KindRow("no whole number, out of bounds", _NUMBER, "`1.234`, its unit", Search.NUMBER),
        FieldKind.MONEY: KindRow("no whole amount, out of bounds", _NUMBER, "`1.234.567` and its sign", Search.NUMBER),
        FieldKind.YES_NO: KindRow("neither of the two", "the word", "the word", Search.CODE),
        FieldKind.DAY: KindRow("no such day, a year out of 1800 to 2200, bounds", "day", "`26/03/2024`", Search.DAY),
        FieldKind.MOMENT: KindRow("no such day or time", "day and time, legal time", "`14:30 26/03/2024`", Search.DAY),
        FieldKind.MEASURE: KindRow(
            "no number, too many digits, out of bounds", "decimal number", "`1.234,5` and its unit", Search.NUMBER
        ),
        FieldKind.CHOICE: KindRow(_NO_CODE, "label", "label", Search.CODE),
        FieldKind.CHOICES: KindRow(_NO_CODE, *_NAMES, Search.CODE),
        FieldKind.CITIZEN_ID: KindRow(
            "not 12 digits; a birth day or sex that disagrees is only told", _AS_TEXT, "12 digits", Search.EXACT
        ),
        FieldKind.OLD_ID: KindRow("not 9 digits", _AS_TEXT, "9 digits", Search.EXACT),
        FieldKind.PASSPORT: KindRow("not six to nine letters and digits", _AS_TEXT, "`C1234567`", Search.EXACT),
        FieldKind.TAX_CODE: KindRow(
            "not 10 or 13 digits, a wrong check digit", _AS_TEXT, "`1400999003-001`", Search.EXACT
        ),
        FieldKind.ORG_CODE: KindRow("not like `H20.11` or `000.00.11.H20`", _AS_TEXT, "`H20.11`", Search.EXACT),
        FieldKind.PHONE: KindRow("no Vietnamese phone number", _AS_TEXT, "`0912345678`", Search.EXACT),
        FieldKind.EMAIL: KindRow("not like `ten@vidu.vn`", "text", "as typed", Search.EXACT),
        FieldKind.UNIT: KindRow(
            "no unit of this name, several; one of the past is led to what it became", "code", "code", Search.CODE
        ),
        FieldKind.DOSSIER: KindRow("no code of a dossier, no such dossier", _AS_TEXT, "the code", Search.EXACT),
        FieldKind.RESULT: KindRow("over 500 characters, no such result", _AS_TEXT, "the number", Search.EXACT),
        FieldKind.FINDING: KindRow(f"{_NO_CODE}; `none` beside another code", *_NAMES, Search.CODE),
        FieldKind.NOTE: KindRow("never: nothing is typed", "none", "not printed", Search.NONE),
        FieldKind.GROUP: KindRow(
            "fewer or more rows than allowed, a bad cell", "none: a sheet of its own", "a table", Search.NONE
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
