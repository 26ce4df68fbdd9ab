"""Finding procedures by what people type in a hurry: a code, or words in any order, with or without accents."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from app.importers.columns import national_code
from app.storage.folding import folded
from app.storage.procedure import Procedure

COUNTED_UP_TO = 1_000
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A page of procedures, how many there are in all (up to `COUNTED_UP_TO`), and where the next page begins."""

    procedures: tuple[Procedure, ...]
    total: int
    is_more_than_counted: bool
    after: UUID | None


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How many procedures of a field of work (lĩnh vực) a search finds."""

    name: str
    count: int


def find(
    session: Session, words: str, *, field: str | None = None, after: UUID | None = None, limit: int = 50
) -> Found:
    """Return the procedures whose code or name holds every word, those with the very accents typed first.

    `after` is the `Found.after` of the page before. Pages follow keys, so a procedure added meanwhile shifts nothing.
    """
    typed = _typed(words)
    conditions = _conditions(typed, field)
    order = (_distance(typed), Procedure.sort_key, Procedure.id)
    query = select(Procedure).where(*conditions).order_by(*order).limit(limit + 1)
    if after is not None:
        anchor = session.execute(select(*order).where(Procedure.uuid == after)).one_or_none()
        if anchor is not None:
            query = query.where(tuple_(*order) > tuple_(*(literal(value) for value in anchor)))
    page = session.scalars(query).all()
    total = session.scalar(
        select(func.count()).select_from(select(Procedure.id).where(*conditions).limit(COUNTED_UP_TO + 1).subquery())
    )
    counted = total or 0
    return Found(
        tuple(page[:limit]),
        min(counted, COUNTED_UP_TO),
        counted > COUNTED_UP_TO,
        page[limit - 1].uuid if len(page) > limit else None,
    )


def fields_of_work(session: Session, words: str) -> Sequence[FieldCount]:
    """Return the fields of work among what the words find, the largest first."""
    rows = session.execute(
        select(Procedure.field_of_work, func.count())
        .where(*_conditions(_typed(words), None), Procedure.field_of_work.is_not(None))
        .group_by(Procedure.field_of_work)
        .order_by(func.count().desc(), Procedure.field_of_work)
    )
    return [FieldCount(name or "", count) for name, count in rows]


def _typed(words: str) -> tuple[str, ...]:
    """Return the words as typed, codes of a locality cut down to the national code."""
    text = unicodedata.normalize("NFC", words).replace("\x00", " ")
    return tuple(national_code(word) or word for word in text.split()[:MOST_WORDS])


def _conditions(typed: Sequence[str], field: str | None) -> list[ColumnElement[bool]]:
    plain = (folded(word) for word in typed)
    conditions: list[ColumnElement[bool]] = [Procedure.folded.contains(word, autoescape=True) for word in plain if word]
    if field:
        conditions.append(Procedure.field_of_work == field)
    return conditions


def _distance(typed: Sequence[str]) -> ColumnElement[int]:
    """Return 0 for procedures that hold the words with the very accents typed, or the code; 1 for the others.

    The server's locale is C, where ILIKE knows no Vietnamese capitals: the spellings are tried one by one.
    """
    exact = [
        or_(
            Procedure.code.startswith(word, autoescape=True),
            *(Procedure.name.contains(form, autoescape=True) for form in _spellings(word)),
        )
        for word in typed
    ]
    return case((and_(*exact), 0), else_=1) if exact else literal(0)


def _spellings(word: str) -> list[str]:
    return list(dict.fromkeys((word, word.lower(), word.capitalize(), word.upper())))
