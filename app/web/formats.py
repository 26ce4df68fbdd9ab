"""How values are written on pages: days, moments, money, and texts that stand in tables or in definitions."""

from datetime import date, datetime

from flask import Flask
from flask_babel import get_locale, gettext

from app.clock import local
from rules.values import Text


def day(value: date | None) -> str:
    """Return `26/03/2024`, or an empty text for no day."""
    return "" if value is None else f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """Return `17:00 26/03/2024` in Vietnamese local time."""
    return "" if value is None else f"{local(value):%d/%m/%Y %H:%M}"


def number(value: int | None) -> str:
    """Return `1.234.567`."""
    return "" if value is None else f"{value:,}".replace(",", ".")


def money(value: int | None, currency: str = "VND") -> str:
    """Return `1.234.567 đ`; None is said, because "no rule applies" is never 0."""
    if value is None:
        return gettext("Chưa có quy định áp dụng")
    return f"{number(value)} đ" if currency == "VND" else f"{number(value)} {currency}"


def said(value: object) -> str:
    """Return a text in the reader's language: a definition's own, or a label that the interface keeps in a table.

    A definition may leave its English out; the Vietnamese then stands, unless the interface knows the very sentence.
    Unlike `_("…")` in a template, the text is never taken for markup nor for a pattern, so it may hold anything.
    """
    if isinstance(value, Text):
        locale = get_locale()
        if value.en and locale is not None and locale.language == "en":
            return value.en
        value = value.vi
    text = "" if value is None else str(value)
    return gettext(text) if text else ""


def install(app: Flask) -> None:
    """Give the templates these formats as filters."""
    app.jinja_env.filters.update(day=day, moment=moment, number=number, money=money, said=said)
