"""The list of a procedure's dossiers: what is asked becomes one statement, a page of it becomes rows to read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import Session, aliased

from app.clock import VIETNAM
from app.services.dossier_cells import Cell, cells_of
from app.services.listed_versions import ListedProcedure, listings
from app.storage.account import Officer
from app.storage.dossier import Dossier, DossierFacts
from app.storage.folding import folded
from app.storage.procedure import ProcedureVersion
from app.storage.search import LONGEST, DossierField, search, spoken
from forms.listed import CODE, DUE, RECEIVED, Column
from forms.question import Bounds, Question
from forms.searched import Compared

PAGE_SIZE = 50
COUNTED_AT_MOST = 10_000
"""Dossiers are counted so far and no further; what is more is said as such ("hơn 10.000")."""

FAR = datetime(9999, 1, 1, tzinfo=VIETNAM)


@dataclass(frozen=True, slots=True)
class Row:
    """One dossier of the list, with its cells in the order of the columns."""

    uuid: UUID
    code: str
    state: str
    lock_version: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Which dossiers a question means, as a condition on them; those with just the accents asked for come first.

    `count` is at most one more than is counted.
    """

    condition: ColumnElement[bool]
    exact: ColumnElement[Any] | None
    count: int

    @property
    def is_beyond_counting(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > COUNTED_AT_MOST


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. `before` and `after` open the pages around it, None where there is none.

    `is_sorted` is False where the order asked for is not kept because there are too many dossiers to sort.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    count: int
    is_capped: bool
    is_sorted: bool
    before: UUID | None
    after: UUID | None


def page(
    session: Session,
    procedure: ListedProcedure,
    question: Question,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    size: int = PAGE_SIZE,
    among: Sequence[int] | None = None,
) -> Page:
    """Return one page of the dossiers in the scope of who asks; the database's own wall keeps the others away.

    `after` and `before` are the last and the first dossier of the page one comes from. `among` holds the dossiers that
    an identity number found, where one was asked for.
    """
    found = find(session, procedure, question, among=among)
    order = order_of(procedure, question, found)
    columns = procedure.listing.shown(question.columns)
    is_back = before is not None
    statement = rows_of(columns, found, order, from_=before if is_back else after, is_back=is_back)
    read = session.execute(statement.limit(size + 1)).all()
    is_more, rows = len(read) > size, read[:size]
    if is_back:
        rows = rows[::-1]
    shown = read_rows(session, columns, rows)
    has_before, has_after = (is_more, True) if is_back else (after is not None, is_more)
    return Page(
        columns, shown, min(found.count, COUNTED_AT_MOST), found.is_beyond_counting, order.is_as_asked,
        shown[0].uuid if shown and has_before else None, shown[-1].uuid if shown and has_after else None,
    )  # fmt: skip


def find(
    session: Session, procedure: ListedProcedure, question: Question, *, among: Sequence[int] | None = None
) -> Found:
    """Return which dossiers a question means, and how many they are."""
    conditions, exacts = [Dossier.procedure_id == procedure.id], list[ColumnElement[bool]]()
    if among is not None:
        conditions.append(_any_of(among))
    if question.states:
        conditions.append(Dossier.state.in_(question.states))
    for name, words in _texts(procedure, question):
        held, exact = _holding(session, procedure, name, words)
        conditions.append(held)
        exacts += [] if exact is None else [exact]
    conditions += [
        _matching(procedure, name, asked) for name, asked in question.asked.items() if not _is_text(procedure, name)
    ]
    condition = and_(*conditions)
    counted = select(literal(1)).select_from(Dossier).where(condition).limit(COUNTED_AT_MOST + 1).subquery()
    count = session.scalars(select(func.count()).select_from(counted)).one()
    is_countable = count <= COUNTED_AT_MOST
    exact = case((and_(*exacts), 0), else_=1) if exacts and is_countable else None
    return Found(condition, exact, count)


def _is_text(procedure: ListedProcedure, name: str) -> bool:
    return procedure.listing.finders[name].compared is Compared.WORDS


def _texts(procedure: ListedProcedure, question: Question) -> list[tuple[str | None, str]]:
    """Return the texts that are looked for: those of a field by its name, those looked for anywhere without one."""
    anywhere: list[tuple[str | None, str]] = [(None, question.words)] if question.words else []
    held = ((name, asked) for name, asked in question.asked.items() if _is_text(procedure, name))
    return [*anywhere, *((name, asked[0]) for name, asked in held if isinstance(asked, tuple))]


def _holding(
    session: Session, procedure: ListedProcedure, name: str | None, words: str
) -> tuple[ColumnElement[bool], ColumnElement[bool] | None]:
    """Return the condition that a dossier holds these words, and that it does with their accents where any are typed.

    Words that few dossiers hold are looked up by the index. Common ones are found soon enough dossier by dossier.
    """
    hits = search(session, procedure_id=procedure.id, field=name, words=words, at_most=COUNTED_AT_MOST + 1)
    if len(hits) <= COUNTED_AT_MOST:
        typed_accents = spoken(words) != folded(words)[:LONGEST]
        exact = [dossier for dossier, is_exact in hits.items() if is_exact] if typed_accents else []
        return _any_of(list(hits)), _any_of(exact) if 0 < len(exact) < len(hits) else None
    line = aliased(DossierField)
    held = [line.dossier_id == Dossier.id, line.text_folded.contains(folded(words)[:LONGEST], autoescape=True)]
    if name is not None:
        held.append(line.field == name)
    return select(literal(1)).where(*held).exists(), None


def _any_of(dossiers: Sequence[int]) -> ColumnElement[bool]:
    return Dossier.id == func.any(type_coerce(list(dossiers), ARRAY(BigInteger)))


def _matching(procedure: ListedProcedure, name: str, asked: Any) -> ColumnElement[bool]:
    if name in _MOMENTS:
        return _between(_MOMENTS[name], asked, _begins)
    line = aliased(DossierField)
    of_field = [line.procedure_id == procedure.id, line.field == name]
    if isinstance(asked, Bounds):
        is_day = procedure.listing.finders[name].compared is Compared.DAY
        of_field.append(_between(line.day if is_day else line.number, asked, lambda bound, _: bound))
    else:
        of_field.append(line.text_exact.in_(asked))
    return Dossier.id.in_(select(line.dossier_id).where(*of_field))


_MOMENTS: Mapping[str, ColumnElement[Any]] = {RECEIVED: Dossier.accepted_at, DUE: Dossier.appointment_due}  # pyright: ignore[reportAssignmentType]


def _between(column: Any, asked: Bounds, end: Callable[[Any, int], Any]) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [true()]
    if asked.least is not None:
        parts.append(column >= end(asked.least, 0))
    if asked.most is not None:
        last = end(asked.most, 1)
        parts.append(column < last if isinstance(last, datetime) else column <= last)
    return and_(*parts)


def _begins(day: date, days_on: int) -> datetime:
    return datetime.combine(day + timedelta(days=days_on), time(), VIETNAM)


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is sorted, all parts in one direction. `line` is the side table joined for an answer."""

    parts: tuple[Any, ...]
    is_downwards: bool
    is_as_asked: bool = True
    line: Any = None
    field: str = ""


def order_of(procedure: ListedProcedure, question: Question, found: Found) -> Order:
    """Return the order asked for; more dossiers than are counted stand as they were received."""
    name, down = question.sorted_by, question.is_downwards
    groups: tuple[Any, ...] = ()
    if found.exact is not None:
        groups = (1 - found.exact,) if down else (found.exact,)
    column = procedure.listing.columns.get(name)
    if name == RECEIVED or column is None or found.is_beyond_counting:
        is_received = name == RECEIVED
        down = down if is_received else True
        return Order((*groups, Dossier.accepted_at, Dossier.id), down, is_as_asked=is_received)
    if name == CODE:
        return Order((*groups, Dossier.code, Dossier.id), down)
    if name == DUE:
        return Order(
            (
                *groups,
                _last_where_unknown(Dossier.appointment_due, down),
                func.coalesce(Dossier.appointment_due, FAR),
                Dossier.id,
            ),
            down,
        )
    line = aliased(DossierField)
    values = _values(line, column.compared)
    empty = _last_where_unknown(line.dossier_id, down)
    return Order((*groups, empty, *values, Dossier.id), down, line=line, field=name)


def _last_where_unknown(column: Any, down: bool) -> ColumnElement[Any]:
    return case((column.is_(None), 0 if down else 1), else_=1 if down else 0)


def _values(line: Any, compared: Compared | None) -> tuple[ColumnElement[Any], ...]:
    if compared is Compared.NUMBER:
        return (func.coalesce(line.number, 0),)
    if compared is Compared.DAY:
        return (func.coalesce(line.day, date.min),)
    return (func.coalesce(line.text_folded, ""), func.coalesce(line.text_exact, ""))


def rows_of(
    columns: Sequence[Column],
    found: Found,
    order: Order,
    *,
    from_: UUID | None = None,
    is_back: bool = False,
) -> Select[*tuple[Any, ...]]:
    """Return the statement of the rows from one dossier on, with the answers that the columns show and no others."""
    answers = [
        DossierFacts.facts[column.name].label(f"answer_{number}")
        for number, column in enumerate(columns)
        if column.fact is not None
    ]
    statement = (
        select(
            Dossier.uuid, Dossier.code, Dossier.state, Dossier.lock_version, Dossier.applicant_name,
            Dossier.accepted_at, Dossier.appointment_due,
            Dossier.frozen["unit"].astext.label("unit"), Officer.full_name.label("holder"),
            ProcedureVersion.id.label("version_id"), ProcedureVersion.whole_sha256.label("version"), *answers,
        )
        .join(ProcedureVersion, ProcedureVersion.id == Dossier.rules_version_id)
        .join(
            DossierFacts,
            and_(DossierFacts.dossier_id == Dossier.id, DossierFacts.revision == Dossier.facts_revision),
        )
        .outerjoin(Officer, Officer.id == Dossier.holder_id)
        .where(found.condition)
    )  # fmt: skip
    statement = _joined(statement, order)
    if from_ is not None:
        here = _joined(select(*order.parts).select_from(Dossier), order).where(Dossier.uuid == from_)
        forward = order.is_downwards == is_back
        last = here.correlate(None).scalar_subquery()
        statement = statement.where(tuple_(*order.parts) > last if forward else tuple_(*order.parts) < last)
    is_down = order.is_downwards != is_back
    return statement.order_by(*(part.desc() if is_down else part.asc() for part in order.parts))


def _joined(statement: Any, order: Order) -> Any:
    if order.line is None:
        return statement
    same = and_(order.line.dossier_id == Dossier.id, order.line.field == order.field, order.line.row == 0)
    return statement.outerjoin(order.line, same)


def read_rows(session: Session, columns: Sequence[Column], rows: Sequence[Any]) -> tuple[Row, ...]:
    """Return rows as they are read: the answers of each dossier in the words of its own version."""
    known = listings(session, {row.version: row.version_id for row in rows})
    return tuple(
        Row(row.uuid, row.code, row.state, row.lock_version, cells_of(columns, known[row.version], row)) for row in rows
    )
