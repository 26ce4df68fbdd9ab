"""The calendar of the office (lịch nghỉ): days off and make-up days are put in, replaced and withdrawn by acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import extract, select
from sqlalchemy.orm import Session

from app.services.errors import NotFoundError, RefusalError, UnusableInputError
from app.storage.account import Officer
from app.storage.audit import Note
from app.storage.office import Calendar, CalendarDay, CalendarYear
from app.storage.unit_of_work import Work
from rules.clock.calendar import OFF_KINDS, WEEKEND, WORKED_KIND

KINDS: dict[str, str] = {
    "HOLIDAY": "Nghỉ lễ, tết",
    "COMP_OFF": "Nghỉ bù",
    "SWAP_OFF": "Nghỉ hoán đổi",
    WORKED_KIND: "Làm bù",
}
"""The kinds of days that are not as their weekday says, and how people call them."""

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a calendar: its special days, and whether the authority has announced them."""

    calendar: Calendar
    year: int
    days: tuple[CalendarDay, ...]
    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class NewDay:
    """A special day as it is put in: what it is, its name, and the document or source that says so."""

    day: date
    kind: str
    name: str
    source: str


def calendar_named(session: Session, key: str) -> Calendar:
    """Return the calendar of this key; NotFoundError where there is none."""
    found = session.scalars(select(Calendar).where(Calendar.key == key)).one_or_none()
    if found is None:
        raise NotFoundError("Không có lịch này.", todo="Chọn lịch trong danh sách.")
    return found


def years_of(session: Session, calendar: Calendar) -> dict[int, bool]:
    """Return the years on record with whether each is confirmed."""
    rows = session.execute(
        select(CalendarYear.year, CalendarYear.confirmed)
        .where(CalendarYear.calendar_id == calendar.id, CalendarYear.superseded_at.is_(None))
        .order_by(CalendarYear.year)
    )
    return {row.year: row.confirmed for row in rows}


def year_of(session: Session, calendar: Calendar, year: int) -> Year:
    """Return the special days of one year as they stand now."""
    days: Sequence[CalendarDay] = session.scalars(
        select(CalendarDay)
        .where(
            CalendarDay.calendar_id == calendar.id,
            CalendarDay.superseded_at.is_(None),
            extract("year", CalendarDay.day) == year,
        )
        .order_by(CalendarDay.day)
    ).all()
    return Year(calendar, year, tuple(days), years_of(session, calendar).get(year))


def set_day(work: Work, calendar: Calendar, wanted: NewDay, *, by: Officer, at: datetime) -> CalendarDay:
    """Put a special day in; what stood there before is superseded and kept.

    Raises RefusalError for an unknown kind, a make-up day that is a working day anyway, or a missing source.
    """
    _check(wanted)
    old = _current(work.session, calendar, wanted.day)
    if old is not None:
        old.superseded_at = at
        work.flush()
    row = CalendarDay(
        calendar_id=calendar.id,
        day=wanted.day,
        kind=wanted.kind,
        name=wanted.name.strip(),
        source=wanted.source.strip(),
    )
    work.session.add(row)
    work.flush()
    before = {} if old is None else {"was": [old.kind, old.name]}
    _note(work, calendar, "set_day", by, at, {"day": wanted.day.isoformat(), "kind": wanted.kind, **before})
    work.commit()
    return row


def withdraw_day(work: Work, calendar: Calendar, day: date, *, reason: str, by: Officer, at: datetime) -> None:
    """Let a day be again as its weekday says; the line is superseded and kept.

    Raises NotFoundError where no special day stands, UnusableInputError without a reason.
    """
    if not reason.strip():
        raise UnusableInputError("Chưa ghi lý do bỏ ngày này.", todo="Ghi văn bản hoặc lý do, rồi bấm lại.")
    old = _current(work.session, calendar, day)
    if old is None:
        raise NotFoundError("Lịch không có ngày đặc biệt %(day)s.", todo="Tải lại trang lịch.", day=f"{day:%d/%m/%Y}")
    old.superseded_at = at
    work.flush()
    _note(work, calendar, "withdraw_day", by, at, {"day": day.isoformat(), "kind": old.kind, "reason": reason.strip()})
    work.commit()


def confirm_year(work: Work, calendar: Calendar, year: int, *, confirmed: bool, by: Officer, at: datetime) -> None:
    """Say that the days of a year are announced, or are only expected; due days in an expected year are provisional."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RefusalError(
            "Năm %(year)s nằm ngoài lịch.", todo="Chọn năm từ %(first)s đến %(last)s.",
            year=year, first=FIRST_YEAR, last=LAST_YEAR,
        )  # fmt: skip
    old = work.session.scalars(
        select(CalendarYear)
        .where(
            CalendarYear.calendar_id == calendar.id, CalendarYear.year == year, CalendarYear.superseded_at.is_(None)
        )
        .with_for_update()
    ).one_or_none()  # fmt: skip
    if old is not None and old.confirmed == confirmed:
        return
    if old is not None:
        old.superseded_at = at
        work.flush()
    work.session.add(CalendarYear(calendar_id=calendar.id, year=year, confirmed=confirmed))
    _note(work, calendar, "confirm_year", by, at, {"year": year, "confirmed": confirmed})
    work.commit()


def _current(session: Session, calendar: Calendar, day: date) -> CalendarDay | None:
    return session.scalars(
        select(CalendarDay)
        .where(CalendarDay.calendar_id == calendar.id, CalendarDay.day == day, CalendarDay.superseded_at.is_(None))
        .with_for_update()
    ).one_or_none()


def _check(wanted: NewDay) -> None:
    if wanted.kind not in KINDS:
        raise RefusalError("Loại ngày không có trong danh sách.", todo="Chọn một loại ngày.")
    if not FIRST_YEAR <= wanted.day.year <= LAST_YEAR:
        raise RefusalError("Năm %(year)s nằm ngoài lịch.", todo="Kiểm tra lại ngày.", year=wanted.day.year)
    if not wanted.name.strip() or not wanted.source.strip():
        raise RefusalError("Thiếu tên ngày hoặc căn cứ.", todo="Ghi tên ngày và văn bản thông báo.")
    if wanted.kind == WORKED_KIND and wanted.day.weekday() not in WEEKEND:
        raise RefusalError(
            "Ngày %(day)s vốn là ngày làm việc nên không thể là ngày làm bù.",
            todo="Chọn một ngày nghỉ hằng tuần.",
            day=f"{wanted.day:%d/%m/%Y}",
        )
    if wanted.kind in OFF_KINDS - {"HOLIDAY"} and wanted.day.weekday() in WEEKEND:
        raise RefusalError(
            "Ngày %(day)s vốn là ngày nghỉ hằng tuần nên không cần nghỉ bù hay hoán đổi.",
            todo="Chọn một ngày làm việc.",
            day=f"{wanted.day:%d/%m/%Y}",
        )


def _note(work: Work, calendar: Calendar, act: str, by: Officer, at: datetime, detail: dict[str, object]) -> None:
    work.note(
        Note(
            object_kind="calendar", object_id=str(calendar.uuid), act=act, at=at,
            actor_id=by.id, actor_name=by.get_full_name(), detail=detail,
        )
    )  # fmt: skip
