"""The worklist (danh sách việc): which dossiers wait for this person, what is due next, and how much time is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.clock import legal_day, local
from app.security.assignment import Duty, Rights
from app.security.verbs import Verb
from app.services.office import office_register, office_time
from app.services.party import dossiers_of_number, holds_identity_number
from app.storage.account import Officer
from app.storage.dossier import Dossier
from app.storage.find import find_dossiers
from app.storage.folding import folded
from app.storage.hand_ruling import HandRuling
from app.storage.procedure import Procedure
from rules.clock.calendar import OfficeTime
from rules.lifecycle import OPEN_STATES, STATE_LABELS, MoneyState, State
from rules.values import Text
from rules.wording import so_many

PAGE_SIZE = 50
COUNTED_AT_MOST = 9_999
"""Dossiers that are done are counted so far and no further: nobody reads a longer number, and it must stay quick."""

_MOVING = OPEN_STATES | {State.DECIDED}

SOON = timedelta(hours=8)
"""Working time before the appointment in which a dossier is close to it (sắp đến hạn): one working day."""


class Shelf(StrEnum):
    """One pile of the worklist."""

    WAITING = "todo"
    MINE = "mine"
    OPEN = "open"
    SOON = "soon"
    LATE = "late"
    UNPRICED = "unpriced"
    TO_RETURN = "to_return"
    RETURNED = "returned"
    ALL = "all"


SHELF_LABELS: dict[Shelf, str] = {
    Shelf.WAITING: "Cần làm",
    Shelf.MINE: "Của tôi",
    Shelf.OPEN: "Chưa có kết quả",
    Shelf.SOON: "Sắp đến hạn",
    Shelf.LATE: "Quá hạn",
    Shelf.UNPRICED: "Chưa có mức thu",
    Shelf.TO_RETURN: "Chờ trả",
    Shelf.RETURNED: "Đã trả",
    Shelf.ALL: "Tất cả",
}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How a dossier stands in time: words, and the kind of state they are shown as (going, near, late, waiting, done).

    `due` is the appointment the words count to, None where they count to nothing.
    """

    words: Text
    kind: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier in the worklist. `money` is "unknown" while an amount is lacking, "by_hand" where a leader set it."""

    uuid: UUID
    code: str
    person: str
    procedure_code: str
    procedure: str
    step: str
    holder: str
    unit: str
    time_left: TimeLeft
    money: str = ""


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of a pile, with the counts of all piles. `after` opens the next page, empty on the last one."""

    shelf: Shelf
    lines: tuple[Line, ...]
    counts: Mapping[Shelf, int]
    after: str
    is_first: bool


def first_shelf(rights: Rights) -> Shelf:
    """Return the pile a person's day begins with: their work where they have any, else what is open in their units.

    Either way what is late or due next stands first, and what is finished is not among it.
    """
    return Shelf.WAITING if rights.may(Verb.PROCESS) or rights.may(Verb.RETURN) else Shelf.OPEN


def worklist(
    session: Session, rights: Rights, *, shelf: Shelf, text: str, after: UUID | None, at: datetime
) -> Worklist:
    """Return one page of dossiers in this person's scope.

    `text` finds by code or name, without accents, and by the whole identity number of who applies.
    """
    office = office_time(office_register(session))
    soon = office.after_working_time(at, SOON)
    found = _matching(text)
    piles = {each: _pile(each, rights, at, soon) for each in Shelf}
    rows = session.execute(_page(piles[shelf], found, shelf, after)).all()
    shown = rows[:PAGE_SIZE]
    return Worklist(
        shelf=shelf,
        lines=tuple(_line(row, at, soon, office) for row in shown),
        counts=_counts(session, piles, found),
        after=str(shown[-1].uuid) if len(rows) > PAGE_SIZE else "",
        is_first=after is None,
    )


def _pile(shelf: Shelf, rights: Rights, at: datetime, soon: datetime) -> ColumnElement[bool]:
    """Return which dossiers lie on this pile; whose dossiers they may see at all is the database's own wall."""
    is_open = Dossier.state.in_(sorted(OPEN_STATES))
    piles: dict[Shelf, ColumnElement[bool]] = {
        Shelf.WAITING: _waiting_for(rights),
        Shelf.MINE: and_(is_open, Dossier.holder_id == rights.user_id),
        Shelf.OPEN: is_open,
        Shelf.SOON: and_(is_open, Dossier.appointment_due >= at, Dossier.appointment_due <= soon),
        Shelf.LATE: and_(is_open, Dossier.appointment_due < at),
        Shelf.UNPRICED: and_(Dossier.state.in_(sorted(_MOVING)), Dossier.money_state == MoneyState.UNKNOWN),
        Shelf.TO_RETURN: Dossier.state == State.DECIDED,
        Shelf.RETURNED: Dossier.state == State.RETURNED,
        Shelf.ALL: Dossier.state.in_(sorted(State)),
    }
    return piles[shelf]


def _waiting_for(rights: Rights) -> ColumnElement[bool]:
    """Return which dossiers have a next act that this person's duties cover and that nobody else has taken over."""
    free = or_(Dossier.holder_id.is_(None), Dossier.holder_id == rights.user_id)
    to_process = and_(Dossier.state.in_(sorted(OPEN_STATES)), free, _covered(rights, Verb.PROCESS))
    to_return = and_(Dossier.state == State.DECIDED, _covered(rights, Verb.RETURN))
    return or_(to_process, to_return)


def _covered(rights: Rights, verb: Verb) -> ColumnElement[bool]:
    return or_(false(), *(_reached(duty) for duty in rights.duties if verb in duty.verbs))


def _reached(duty: Duty) -> ColumnElement[bool]:
    units = sorted(duty.units)
    reached = or_(Dossier.holding_unit_id.in_(units), Dossier.receiving_unit_id.in_(units))
    if duty.procedures:
        reached = and_(reached, Procedure.code.in_(sorted(duty.procedures)))
    if duty.fields_of_work:
        reached = and_(reached, Procedure.field_of_work.in_(sorted(duty.fields_of_work)))
    return reached


def _matching(text: str) -> ColumnElement[bool] | None:
    words = folded(text)[:100]
    if not words:
        return None
    said = Dossier.id.in_(find_dossiers(words, sorted(_MOVING), COUNTED_AT_MOST + 1))
    return or_(said, Dossier.id.in_(dossiers_of_number(text))) if holds_identity_number(text) else said


def _page(
    pile: ColumnElement[bool], found: ColumnElement[bool] | None, shelf: Shelf, after: UUID | None
) -> Select[*tuple[Any, ...]]:
    """Return the statement of one page: a key says where the last page ended, so a long list stays quick."""
    moment, forward = _order(shelf)
    query = (
        select(
            Dossier.uuid, Dossier.code, Dossier.applicant_name, Dossier.state, Dossier.appointment_due,
            Dossier.decided_at, Dossier.returned_at, Procedure.code.label("procedure_code"),
            Procedure.name.label("procedure"), Officer.full_name.label("holder"),
            Dossier.frozen["unit"].astext.label("unit"), Dossier.money_state,
            exists().where(HandRuling.dossier_id == Dossier.id).label("by_hand"),
        )
        .join(Procedure, Procedure.id == Dossier.procedure_id)
        .outerjoin(Officer, Officer.id == Dossier.holder_id)
        .where(pile)
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    query = query.order_by(moment, Dossier.id) if forward else query.order_by(moment.desc(), Dossier.id.desc())
    if found is not None:
        query = query.where(found)
    if after is not None:
        last = select(moment, Dossier.id).where(Dossier.uuid == after).correlate(None).scalar_subquery()
        here = tuple_(moment, Dossier.id)
        query = query.where(here > last if forward else here < last)
    return query


def _order(shelf: Shelf) -> tuple[ColumnElement[Any], bool]:
    """Return by which moment a pile is sorted, and whether the earliest comes first."""
    if shelf is Shelf.RETURNED:
        return func.coalesce(Dossier.returned_at, Dossier.accepted_at), False
    if shelf is Shelf.ALL:
        return Dossier.accepted_at.expression, False
    return func.coalesce(Dossier.appointment_due, func.now() + timedelta(days=36_500)), True


def _counts(
    session: Session, piles: Mapping[Shelf, ColumnElement[bool]], found: ColumnElement[bool] | None
) -> dict[Shelf, int]:
    """Count all piles in one statement; those that only grow are counted up to a limit."""
    moving = [shelf for shelf in Shelf if shelf not in (Shelf.RETURNED, Shelf.ALL)]
    done = select(Dossier.id).where(piles[Shelf.RETURNED]).limit(COUNTED_AT_MOST)
    counted = (
        select(
            *(func.count().filter(piles[shelf]).label(shelf.value) for shelf in moving),
            func.count().label("moving"),
        )
        .select_from(Dossier)
        .join(Procedure, Procedure.id == Dossier.procedure_id)
        .where(Dossier.state.in_(sorted(_MOVING)))
    )
    if found is not None:
        done, counted = done.where(found), counted.where(found)
    counted = counted.add_columns(select(func.count()).select_from(done.subquery()).scalar_subquery().label("done"))
    row = session.execute(counted).mappings().one()
    return {
        **{shelf: row[shelf.value] for shelf in moving},
        Shelf.RETURNED: row["done"],
        Shelf.ALL: row["moving"] + row["done"],
    }


def _line(row: Any, at: datetime, soon: datetime, office: OfficeTime) -> Line:
    state = State(row.state)
    return Line(
        uuid=row.uuid,
        code=row.code,
        person=row.applicant_name,
        procedure_code=row.procedure_code,
        procedure=row.procedure,
        step=STATE_LABELS[state],
        holder=row.holder or "",
        unit=row.unit or "",
        time_left=_standing(state, row.appointment_due, row.decided_at, row.returned_at, at, soon, office),
        money="unknown" if row.money_state == MoneyState.UNKNOWN else "by_hand" if row.by_hand else "",
    )


def standing(dossier: Dossier, at: datetime, office: OfficeTime) -> TimeLeft:
    """Say how one dossier stands in time."""
    soon = office.after_working_time(at, SOON)
    return _standing(
        State(dossier.state), dossier.appointment_due, dossier.decided_at, dossier.returned_at, at, soon, office
    )


def _standing(
    state: State,
    due: datetime | None,
    decided_at: datetime | None,
    returned_at: datetime | None,
    at: datetime,
    soon: datetime,
    office: OfficeTime,
) -> TimeLeft:
    if state in OPEN_STATES:
        return time_left(due, at, soon, office)
    finished = returned_at if state is State.RETURNED else decided_at
    late = due is not None and decided_at is not None and decided_at > due
    when = "" if finished is None else f" {legal_day(finished):%d/%m/%Y}"
    vi, en = ("quá hạn", "late") if late else ("đúng hạn", "on time")
    if state is State.RETURNED:
        return TimeLeft(Text(f"Đã trả{when}, {vi}", f"Returned{when}, {en}"), "late" if late else "done")
    return TimeLeft(Text(f"Chờ trả từ{when}, {vi}", f"Ready since{when}, {en}"), "late" if late else "waiting")


def time_left(due: datetime | None, at: datetime, soon: datetime, office: OfficeTime) -> TimeLeft:
    """Say the time between now and the appointment in working time; late is said, never only coloured."""
    if due is None:
        return TimeLeft(Text("Chưa có ngày hẹn", "No appointment yet"), "near")
    if due < at:
        late_by = office.working_time(due, at)
        if late_by < timedelta(hours=1):
            return TimeLeft(_late_since(due, at), "late", local(due))
        span = span_words(late_by, office)
        return TimeLeft(Text(f"Quá hạn {span.vi}", f"Late by {span.en}"), "late", local(due))
    left = office.working_time(at, due)
    if not left and due > at:
        hours = max(int((due - at) / timedelta(hours=1)), 1)
        said = Text(
            f"Còn {hours} giờ, tính cả ngoài giờ làm việc", f"{so_many(hours, 'hour')} left, counting hours off"
        )
        return TimeLeft(said, "near", local(due))
    span = span_words(left, office)
    return TimeLeft(Text(f"Còn {span.vi}", f"{span.en} left"), "near" if due <= soon else "going", local(due))


def _late_since(due: datetime, at: datetime) -> Text:
    """Say since when a dossier is late: after closing hours hardly any working time counts, yet the moment is over."""
    hour, day = f"{local(due):%H:%M}", legal_day(due)
    if day == legal_day(at):
        return Text(f"Quá hạn từ {hour} hôm nay", f"Late since {hour} today")
    return Text(f"Quá hạn từ {hour} ngày {day:%d/%m/%Y}", f"Late since {hour} on {day:%d/%m/%Y}")


def span_words(span: timedelta, office: OfficeTime) -> Text:
    """Say a span of working time: `2 ngày 3 giờ làm việc`; a day is as long as the office is open."""
    minutes = int(span / timedelta(minutes=1))
    days, rest = divmod(minutes, _day_minutes(office))
    counted = ((days, "ngày", "day"), (rest // 60, "giờ", "hour"), (0 if days else rest % 60, "phút", "minute"))
    parts = [part for part in counted if part[0]][:2]
    if not parts:
        return Text("dưới 1 phút làm việc", "under 1 working minute")
    (amount, _, unit), *more = parts
    english = [so_many(amount, f"working {unit}"), *(so_many(amount, unit) for amount, _, unit in more)]
    return Text(f"{' '.join(f'{amount} {vi}' for amount, vi, _ in parts)} làm việc", " ".join(english))


def _day_minutes(office: OfficeTime) -> int:
    return sum((closes.hour - opens.hour) * 60 + closes.minute - opens.minute for opens, closes in office.hours.windows)
