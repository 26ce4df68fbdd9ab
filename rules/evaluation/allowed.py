"""What a fact that is handed in may be beyond its type: the bounds a definition states, and those of its kind.

The evaluation asks here, whoever hands the fact in: a screen, a job and a command refuse alike. A form says the same
at its field, in a sentence of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from rules.definition.procedure import FactSpec, Field, FieldKind, ProcedureDefinition
from rules.errors import FactsError, Place, Problem
from rules.values import MAX_MONEY, day_figures, grouped
from rules.vocabulary import DERIVED, Fact, Facts, FactType, Vocabulary

TEXT_LENGTH = 500
LONG_TEXT_LENGTH = 5000
EMAIL_LENGTH = 254

PHONE = re.compile(r"0[35789][0-9]{8}|02[0-9]{8,9}")
"""A Vietnamese phone number in its domestic form."""
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(?:\.[^@\s,;<>\".]+)+")
CITIZEN_ID = re.compile(r"[0-9]{12}")
"""A citizen number (số định danh cá nhân): Luật Căn cước 2023 Điều 12."""
TAX_CODE = re.compile(r"[0-9]{10}(?:-(?!000)[0-9]{3})?")
"""The shape of an organisation's tax code (mã số thuế): ten digits, of a dependent unit with -001 to -999 behind them
(Thông tư 86/2024/TT-BTC Điều 5)."""
OLD_ID = re.compile(r"[0-9]{9}")
"""The number of the old identity card (chứng minh nhân dân): nine digits (Nghị định 05/1999/NĐ-CP Điều 3)."""
PASSPORT = re.compile(r"[A-Z][0-9]{7}|[A-Z0-9]{6,9}")
"""The number of a passport (hộ chiếu): of a Vietnamese one a letter and seven digits, of a foreign one six to nine
letters and digits (ICAO Doc 9303)."""
ORG_CODE = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,3}|[0-9]{3}(?:\.[0-9]{2}){2}\.[A-Z][0-9]{2}")
"""The code of a body (mã định danh cơ quan): `H15.50.05.13` (Quyết định 20/2020/QĐ-TTg), and the older notation
`000.00.14.H20` (QCVN 102:2016/BTTTT)."""
DOSSIER_CODE = re.compile(r"[A-Z0-9][A-Z0-9.]{1,39}-[0-9]{6}-[0-9]{4,7}")
"""The code of a dossier (mã hồ sơ): unit, day, and the running number of the day."""
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def is_tax_code(text: str) -> bool:
    """Tell whether a text is an organisation's tax code: its tenth digit checks the nine before it (Điều 5 as above).

    The nine digits times their weights, left over from a division by 11, and the check digit make 10 together.
    """
    if not TAX_CODE.fullmatch(text):
        return False
    return sum(int(digit) * weight for digit, weight in zip(text, _TAX_WEIGHTS, strict=False)) % 11 + int(text[9]) == 10


_LENGTHS: Mapping[FieldKind | None, int] = MappingProxyType(
    {FieldKind.LONG_TEXT: LONG_TEXT_LENGTH, FieldKind.EMAIL: EMAIL_LENGTH}
)
_SHAPES: Mapping[FieldKind | None, tuple[Callable[[str], object], str]] = MappingProxyType(
    {
        FieldKind.CITIZEN_ID: (CITIZEN_ID.fullmatch, "đúng 12 chữ số viết liền"),
        FieldKind.OLD_ID: (OLD_ID.fullmatch, "đúng 9 chữ số viết liền"),
        FieldKind.PASSPORT: (PASSPORT.fullmatch, "chữ in hoa và chữ số viết liền, ví dụ C1234567"),
        FieldKind.ORG_CODE: (ORG_CODE.fullmatch, "mã định danh dạng H20.11 hoặc 000.00.11.H20"),
        FieldKind.DOSSIER: (DOSSIER_CODE.fullmatch, "mã hồ sơ dạng H20.11-261124-0001"),
        FieldKind.TAX_CODE: (is_tax_code, "mã số thuế đúng, 10 chữ số, hoặc thêm đuôi -001 đến -999"),
        FieldKind.PHONE: (PHONE.fullmatch, "số điện thoại viết liền, bắt đầu bằng 0, ví dụ 0912345678"),
        FieldKind.EMAIL: (EMAIL.fullmatch, "địa chỉ thư điện tử dạng ten@vidu.vn"),
    }
)
_COUNTED = frozenset({FactType.INT, FactType.MONEY, FactType.FIXED})


def least(low: int | None) -> int:
    """Return the least a number may be: without a stated bound nothing below zero, as things are counted from zero."""
    return 0 if low is None else low


def refuse_unfit(definition: ProcedureDefinition, vocabulary: Vocabulary, facts: Facts, on: date) -> None:
    """Raise FactsError naming every fact outside its bounds, its value and the bound; `on` is the day of acceptance."""
    problems = tuple(unfit(definition, vocabulary, facts, on))
    if problems:
        raise FactsError(problems)


def unfit(
    definition: ProcedureDefinition, vocabulary: Vocabulary, facts: Facts, on: date, place: Place = ()
) -> Iterator[Problem]:
    """Yield what is wrong with typed facts on the day, each at its fact below `place`."""
    for item in (*definition.fields, *definition.facts):
        value = facts.get(item.id)
        if value is not None and vocabulary[item.id].source not in DERIVED:
            yield from _unfit(item, vocabulary[item.id], value, on, (*place, item.id))


def _unfit(item: Field | FactSpec, fact: Fact, value: Any, on: date, place: Place) -> Iterator[Problem]:
    wanted, had = _rows(item, value) if fact.type is FactType.GROUP else refusal_of(item, fact, value, on)
    if wanted:
        yield Problem(place, f"“{fact.label}” cần {wanted}, đang có {had}.")
    if isinstance(item, Field) and item.fields:
        members = {member.id: member for member in fact.members}
        for number, row in enumerate(value):
            for inner in item.fields:
                if row.get(inner.id) is not None:
                    yield from _unfit(inner, members[inner.id], row[inner.id], on, (*place, number, inner.id))


def _rows(item: Field | FactSpec, rows: Any) -> tuple[str, str]:
    if not isinstance(item, Field) or item.min_rows <= len(rows) <= item.max_rows:
        return "", ""
    return f"từ {item.min_rows} đến {item.max_rows} dòng", f"{len(rows)} dòng"


def refusal_of(item: Field | FactSpec, fact: Fact, value: Any, on: date) -> tuple[str, str]:
    """Return what was wanted of a single value and what there is, both empty where the value fits."""
    if fact.type in _COUNTED:
        return _number(least(item.min), item.max, fact, value)
    kind = item.kind if isinstance(item, Field) else None
    if fact.type is FactType.TEXT:
        return _text(kind, value)
    return _day(item, value, on) if kind is FieldKind.DAY else ("", "")


def _number(low: int, high: int | None, fact: Fact, value: int) -> tuple[str, str]:
    """Compare a number with its bounds; without an upper one an amount of money is at most MAX_MONEY."""
    most = MAX_MONEY if high is None and fact.type is FactType.MONEY else high
    if low <= value and (most is None or value <= most):
        return "", ""
    shown = fact.shown(low).vi
    above = most is None or (high is None and value < low)
    wanted = f"{shown} trở lên" if above else f"từ {shown} đến {fact.shown(most).vi}"
    return wanted, fact.shown(value).vi


def _text(kind: FieldKind | None, value: str) -> tuple[str, str]:
    most = _LENGTHS.get(kind, TEXT_LENGTH)
    if len(value) > most:
        return f"nhiều nhất {grouped(most)} ký tự", f"{grouped(len(value))} ký tự"
    shape = _SHAPES.get(kind)
    return (shape[1], f"“{value[:40]}”") if shape and not shape[0](value) else ("", "")


def _day(item: Field | FactSpec, value: date, on: date) -> tuple[str, str]:
    first, last = item.days_on(on) if isinstance(item, Field) else (None, None)
    if last is not None and value > last:
        return f"một ngày không sau ngày tiếp nhận {day_figures(last)}", day_figures(value)
    if first is not None and value < first:
        return f"một ngày không trước ngày tiếp nhận {day_figures(first)}", day_figures(value)
    return "", ""
