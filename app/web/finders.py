"""What people look for in a register: filters that always stand open above the list, named as the columns are."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import Text, func, select
from sqlalchemy import cast as sql_cast

from app.storage.folding import folded
from app.web.formats import said

MOST_CHOICES = 200
"""A list to pick from is drawn whole, so a relation to more rows than this gets no finder."""

_BASES = "aăâdđeêioôơuưy"
_MARKS = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_ACCENTED = "".join(
    dict.fromkeys(
        letter
        for base in _BASES
        for mark in _MARKS
        for letter in (unicodedata.normalize("NFC", base + mark), unicodedata.normalize("NFC", base + mark).upper())
        if len(letter) == 1 and not letter.isascii()
    )
)
_PLAIN = "".join(folded(letter) for letter in _ACCENTED)


class ContainsFolded(BaseFilter):
    """The text holds what was typed, whatever its accents and letters' case; done in SQL without any extension."""

    name = "folded"

    def apply(self, query: Any, value: str) -> Any:
        """Narrow the query to rows whose column holds the value."""
        column = func.normalize(sql_cast(getattr(self.model, self.column_name), Text))
        plain = func.lower(func.translate(column, _ACCENTED, _PLAIN))
        return query.filter(plain.contains(folded(value), autoescape=True))


class IsRelatedTo(BaseFilter):
    """The row belongs to the chosen row of another register; a key that is no number finds nothing."""

    name = "related"

    def apply(self, query: Any, value: int) -> Any:
        """Narrow the query to rows related to this key."""
        relation = getattr(self.model, self.column_name)
        among = relation.any if relation.property.uselist else relation.has
        return query.filter(among(relation.property.mapper.class_.id == value))


class IsTrue(BaseFilter):
    """The yes-or-no column says so."""

    name = "is"

    def apply(self, query: Any, value: bool) -> Any:
        """Narrow the query to rows that say this."""
        return query.filter(getattr(self.model, self.column_name).is_(value))


class OnDay(BaseFilter):
    """The day, or the local day of a moment, is this one."""

    name = "day"

    def apply(self, query: Any, value: date) -> Any:
        """Narrow the query to rows of this day."""
        column = getattr(self.model, self.column_name)
        return query.filter(column >= value, column < value + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Finder:
    """One filter as the page draws it: a text, a pick of choices, or a day; `value` is what the person entered."""

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    value: str = ""


def finders_of(datamodel: SQLAInterface, columns: Sequence[str], labels: dict[str, Any]) -> list[Finder]:
    """Return the finders of these columns, without values."""
    return [_finder(datamodel, column, str(labels[column])) for column in columns]


def _finder(datamodel: SQLAInterface, column: str, label: str) -> Finder:
    if datamodel.is_relation(column):
        return Finder(column, label, "pick", _related_choices(datamodel, column))
    if datamodel.is_boolean(column):
        return Finder(column, label, "yes_no")
    if datamodel.is_date(column) or datamodel.is_datetime(column):
        return Finder(column, label, "day")
    return Finder(column, label, "text")


def _related_choices(datamodel: SQLAInterface, column: str) -> tuple[tuple[str, str], ...]:
    model = datamodel.get_related_model(column)
    rows = datamodel.session.scalars(select(model).limit(MOST_CHOICES))
    return tuple(sorted(((str(row.id), said(row)) for row in rows), key=lambda choice: folded(choice[1])))


def narrow(filters: Any, finder: Finder) -> None:
    """Add what the person looks for to the filters of this request; an unreadable value is left out."""
    text = finder.value.strip()
    if not text:
        return
    if finder.kind == "text":
        filters.add_filter(finder.name, ContainsFolded, text)
    elif finder.kind == "pick" and text.isascii() and text.isdigit():
        filters.add_filter(finder.name, IsRelatedTo, int(text))
    elif finder.kind == "yes_no" and text in {"1", "0"}:
        filters.add_filter(finder.name, IsTrue, text == "1")
    elif finder.kind == "day" and (day := read_day(text)) is not None:
        filters.add_filter(finder.name, OnDay, day)


def read_day(text: str) -> date | None:
    """Return the day written `26/03/2024`, or None."""
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None
