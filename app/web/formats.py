"""How values are written for Vietnamese readers: days, moments, money and the time that is left."""

from datetime import date, datetime

from flask import Flask

from app.clock import local


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
        return "Chưa có quy định áp dụng"
    return f"{number(value)} đ" if currency == "VND" else f"{number(value)} {currency}"


def install(app: Flask) -> None:
    """Give the templates these formats as filters."""
    app.jinja_env.filters.update(day=day, moment=moment, number=number, money=money)
