"""Finding procedures by what people type in a hurry: a code, or words in any order, with or without accents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from app.importers.columns import national_code, one_line
from app.storage.folding import folded
from app.storage.procedure import Procedure, ProcedureDraft, ProcedureVersion

COUNTED_UP_TO = 1_000
MOST_WORDS = 12


class Stage(StrEnum):
    """How far the rules of a procedure are: published; drafted and never published; known by name alone."""

    PUBLISHED = "published"
    DRAFT = "draft"
    EMPTY = "empty"


STAGE_LABELS = {
    Stage.PUBLISHED: "Đã công bố",
    Stage.DRAFT: "Đang là dự thảo",
    Stage.EMPTY: "Chưa có nội dung",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of procedures, how many there are in all (up to `COUNTED_UP_TO`), and where the next page begins.

    `stages` says of each on the page, by its key, how far its rules are.
    """

    procedures: tuple[Procedure, ...]
    stages: Mapping[int, Stage]
    total: int
    is_more_than_counted: bool
    after: UUID | None


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How many procedures of a field of work (lĩnh vực) a search finds."""

    name: str
    count: int


def find(
    session: Session,
    words: str,
    *,
    field: str | None = None,
    stage: Stage | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Found:
    """Return the procedures whose code or name holds every word, those with the very accents typed first.

    `after` is the `Found.after` of the page before. Pages follow keys, so a procedure added meanwhile shifts nothing.
    """
    typed = _typed(words)
    conditions = _conditions(typed, field, stage)
    order = (_distance(Procedure, typed), Procedure.sort_key, Procedure.id)
    counted = select(Procedure.id).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    query = select(Procedure, _stage(), total).where(*conditions).order_by(*order).limit(limit + 1)
    if after is not None:
        query = _continued(query, order, typed, after)
    rows = session.execute(query).all()
    count = rows[0][2] if rows else 0
    return Found(
        tuple(row[0] for row in rows[:limit]),
        {row[0].id: Stage(row[1]) for row in rows[:limit]},
        min(count, COUNTED_UP_TO),
        count > COUNTED_UP_TO,
        rows[limit - 1][0].uuid if len(rows) > limit else None,
    )


def _continued(
    query: Select[Procedure, str, int], order: tuple[Any, ...], typed: Sequence[str], after: UUID
) -> Select[Procedure, str, int]:
    """Begin behind this procedure; one that does not exist begins at the start."""
    last = aliased(Procedure)
    anchor = select(
        _distance(last, typed).label("distance"), last.sort_key.label("sort_key"), last.id.label("id")
    ).where(last.uuid == after)
    begin = anchor.subquery()
    behind = tuple_(*order) > tuple_(begin.c.distance, begin.c.sort_key, begin.c.id)
    return query.outerjoin(begin, true()).where(or_(begin.c.id.is_(None), behind))


def fields_of_work(session: Session, words: str, *, stage: Stage | None = None) -> Sequence[FieldCount]:
    """Return the fields of work among what the words find, of one stage where it is named, the largest first."""
    rows = session.execute(
        select(Procedure.field_of_work, func.count())
        .where(*_conditions(_typed(words), None, stage), Procedure.field_of_work.is_not(None))
        .group_by(Procedure.field_of_work)
        .order_by(func.count().desc(), Procedure.field_of_work)
    )
    return [FieldCount(name or "", count) for name, count in rows]


def stage_counts(session: Session, words: str, *, field: str | None = None) -> Mapping[Stage, int]:
    """Count by stage what the words find, of one field of work where it is named."""
    found = select(_stage().label("stage")).select_from(Procedure).where(*_conditions(_typed(words), field)).subquery()
    rows = session.execute(select(found.c.stage, func.count()).group_by(found.c.stage))
    counts = {Stage(stage): count for stage, count in rows}
    return {stage: counts.get(stage, 0) for stage in Stage}


def _typed(words: str) -> tuple[str, ...]:
    """Return the words as typed, codes of a locality cut down to the national code."""
    return tuple(national_code(word) or word for word in one_line(words).split()[:MOST_WORDS])


def _conditions(typed: Sequence[str], field: str | None, stage: Stage | None = None) -> list[ColumnElement[bool]]:
    plain = (folded(word) for word in typed)
    conditions: list[ColumnElement[bool]] = [Procedure.folded.contains(word, autoescape=True) for word in plain if word]
    if field:
        conditions.append(Procedure.field_of_work == one_line(field))
    if stage is not None:
        conditions.append(_stage() == stage.value)
    return conditions


def _stage() -> ColumnElement[str]:
    return case(
        (exists().where(ProcedureVersion.procedure_id == Procedure.id).correlate(Procedure), Stage.PUBLISHED.value),
        (exists().where(ProcedureDraft.procedure_id == Procedure.id).correlate(Procedure), Stage.DRAFT.value),
        else_=Stage.EMPTY.value,
    )


def _distance(among: type[Procedure], typed: Sequence[str]) -> ColumnElement[int]:
    """Return 0 for procedures that hold the words with the very accents typed, or the code; 1 for the others.

    The server's locale is C, where ILIKE knows no Vietnamese capitals: the spellings are tried one by one.
    """
    exact = [
        or_(
            among.code.startswith(word, autoescape=True),
            *(among.name.contains(form, autoescape=True) for form in _spellings(word)),
        )
        for word in typed
    ]
    return case((and_(*exact), 0), else_=1) if exact else literal(0)


def _spellings(word: str) -> list[str]:
    return list(dict.fromkeys((word, word.lower(), word.capitalize(), word.upper())))
