"""How values are written on pages: days, moments, money, and texts that stand in tables or in definitions."""

import re
from datetime import date, datetime

from flask import Flask
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape

from app.clock import local
from forms.sentence import Sentence
from rules.citations import document_in_english, english_of
from rules.clock.days_off import day_off_called
from rules.say.appointment import ledger_said, why_that_day
from rules.say.outcome import (
    amount_said,
    charge_details,
    collected_said,
    notice_said,
    paper_details,
    paper_rows,
    rows_said,
    source_said,
    stop_details,
)
from rules.values import Money, Text, counted
from rules.wording import begun, inner

_VIETNAMESE = "àáạảãăằắặẳẵâầấậẩẫđèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹ"
_WORD = rf"[^\s()]*[{_VIETNAMESE}][^\s()]*"
_FOREIGN = re.compile(rf"\([^()]*[{_VIETNAMESE}][^()]*\)|{_WORD}(?: {_WORD})*", re.IGNORECASE)
"""What an English citation leaves in Vietnamese: a note in brackets, or the words around a number or a name."""


def day(value: date | None) -> str:
    """Return `26/03/2024`, or an empty text for no day."""
    return "" if value is None else f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """Return `17:00 26/03/2024` in Vietnamese local time."""
    return "" if value is None else f"{local(value):%d/%m/%Y %H:%M}"


def number(value: int | None) -> str:
    """Return `1.234.567`, in English `1,234,567`."""
    return "" if value is None else said(counted(value))


def money(value: int | None, currency: str = "VND") -> str:
    """Return `1.234.567 đ` of whole minor units; None is said, because "no rule applies" is never 0."""
    return gettext("Chưa có quy định áp dụng") if value is None else said(Money(value, currency).words)


def said(value: object) -> str:
    """Return a text in the reader's language: a definition's own, a sentence with its values, or a label of a table.

    A definition may leave its English out; the Vietnamese then stands, unless the interface knows the very sentence.
    Unlike `_("…")` in a template, the text is never taken for markup nor for a pattern, so it may hold anything.
    """
    if isinstance(value, Sentence):
        return value.told(said)
    if isinstance(value, Text):
        if value.en and _is_english():
            return value.en
        value = value.vi
    text = "" if value is None else str(value)
    return gettext(text) if text else ""


def marked(value: Text | str | None) -> Markup:
    """Return a text of a definition or of the law in the reader's language, marked as Vietnamese where it has no other.

    A sentence of ours has one; the values in it may not.
    """
    shown = said(value)
    locale = get_locale()
    is_foreign = bool(shown) and shown == str(value) and not (isinstance(value, Text) and value.en == value.vi)
    if is_foreign and locale is not None and locale.language != "vi":
        return Markup('<span lang="vi">{}</span>').format(shown)
    return escape(shown)


def english(value: str | None) -> Markup:
    """Mark English words that stand among Vietnamese ones, for whoever reads aloud."""
    return Markup('<span lang="en">{}</span>').format(value) if value else Markup()


def cited(text: str) -> Markup:
    """Return a citation; in English its article, clause, point and kind of document are named, and its note if known.

    "điểm a khoản 2 Điều 5 Nghị định 118/2025/NĐ-CP" reads "Article 5, clause 2, point a, Decree 118/2025/NĐ-CP"; what
    stays Vietnamese is marked so.
    """
    return _foreign_marked(english_of(text)) if _is_english() else escape(text)


def document_named(name: str) -> Markup:
    """Return the name of a legal document, or its kind alone, in the reader's language: `Thông tư` is `Circular`."""
    return _foreign_marked(document_in_english(name)) if _is_english() else escape(name)


def _is_english() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "en"


def _foreign_marked(english: str) -> Markup:
    said, end = Markup(), 0
    for found in _FOREIGN.finditer(english):
        said += Markup('{}<span lang="vi">{}</span>').format(english[end : found.start()], found[0])
        end = found.end()
    return said + english[end:]


def install(app: Flask) -> None:
    """Give the templates these formats as filters."""
    app.jinja_env.filters.update(day=day, moment=moment, number=number, money=money, said=said, marked=marked)
    app.jinja_env.filters.update(
        why_that_day=why_that_day,
        ledger_said=ledger_said,
        cited=cited,
        day_off_called=day_off_called,
        document_named=document_named,
    )
    app.jinja_env.filters.update(
        source_said=source_said, amount_said=amount_said, charge_details=charge_details, collected_said=collected_said,
        notice_said=notice_said, rows_said=rows_said, paper_details=paper_details, paper_rows=paper_rows,
        stop_details=stop_details, begun=begun, inner=inner,
    )  # fmt: skip
