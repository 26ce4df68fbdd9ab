"""The office as the acts need it: names of units on a day, and the calendar and hours a clock runs by."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.services.errors import NotFoundError
from app.storage.office import Calendar, CalendarDay, CalendarYear, Unit, UnitCode, UnitRevision, WorkingWindow
from rules.clock.calendar import OfficeTime, WorkCalendar, WorkingHours

DOSSIER_CODE_SYSTEM = "dossier_code"
"""The system of codes (mã định danh) that dossier codes begin with."""

ADMINISTRATIVE_SYSTEM = "administrative"
"""The system of codes of administrative units (mã đơn vị hành chính)."""


@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A unit as it was on a day: what papers and lists print.

    `code` is the code rules know it by: its administrative code, else its identification code, else its key.
    """

    id: int
    key: str
    name: str
    kind: str
    desk_name: str
    attributes: Mapping[str, Any]
    parent_id: int | None
    code: str = ""


def unit_on(session: Session, unit_id: int, on: date) -> UnitOnDay:
    """Return the unit as it was on this day; NotFoundError when it was not in force."""
    found = units_on(session, [unit_id], on)
    if not found:
        raise NotFoundError("Đơn vị không còn hoạt động vào ngày này.", todo="Kiểm tra lại phân công của bạn.")
    return found[0]


def units_on(session: Session, unit_ids: Iterable[int] | None, on: date) -> list[UnitOnDay]:
    """Return these units (or all of them) as they were on this day, in Vietnamese alphabetical order."""
    query = (
        select(
            UnitRevision,
            Unit.key,
            func.coalesce(_code_in(ADMINISTRATIVE_SYSTEM, on), _code_in(DOSSIER_CODE_SYSTEM, on), Unit.key),
        )
        .join(Unit, Unit.id == UnitRevision.unit_id)
        .where(
            UnitRevision.superseded_at.is_(None),
            UnitRevision.since <= on,
            or_(UnitRevision.until.is_(None), UnitRevision.until > on),
        )
        .order_by(UnitRevision.sort_key)
    )
    if unit_ids is not None:
        query = query.where(UnitRevision.unit_id.in_(list(unit_ids)))
    return [
        UnitOnDay(
            row.unit_id, key, row.name, row.kind, row.desk_name or row.name, row.attributes, row.parent_id, code
        )
        for row, key, code in session.execute(query)
    ]  # fmt: skip


def _code_in(system: str, on: date) -> ScalarSelect[str]:
    """The code of the unit in a system of codes on a day."""
    return (
        select(UnitCode.code)
        .where(
            UnitCode.unit_id == UnitRevision.unit_id,
            UnitCode.system == system,
            UnitCode.superseded_at.is_(None),
            UnitCode.since <= on,
            or_(UnitCode.until.is_(None), UnitCode.until > on),
        )
        .limit(1)
        .scalar_subquery()
    )


def dossier_code_of(session: Session, unit_id: int, on: date) -> str:
    """Return the identification code that this unit's dossier codes begin with on this day."""
    code = session.scalar(
        select(UnitCode.code).where(
            UnitCode.unit_id == unit_id,
            UnitCode.system == DOSSIER_CODE_SYSTEM,
            UnitCode.superseded_at.is_(None),
            UnitCode.since <= on,
            or_(UnitCode.until.is_(None), UnitCode.until > on),
        )
    )
    if code is None:
        raise NotFoundError(
            "Đơn vị chưa có mã định danh để cấp mã hồ sơ.", todo="Đề nghị người quản trị nhập mã định danh cho đơn vị."
        )
    return code


def office_register(session: Session, calendar_key: str = "province") -> dict[str, Any]:
    """Return the calendar and hours in force, as plain data: what an evaluation reads, and what is kept for replay.

    One statement: every evaluation and every list that shows the time left begins with it.
    """
    found = session.execute(
        select(
            Calendar.name.label("calendar"),
            _listed(_DAY, CalendarDay.day, _of_calendar(CalendarDay)).label("days"),
            _listed(
                CalendarYear.year, CalendarYear.year, (*_of_calendar(CalendarYear), CalendarYear.confirmed.is_(True))
            ).label("confirmed_years"),
            _listed(
                _WINDOW, WorkingWindow.opens, (WorkingWindow.unit_id.is_(None), WorkingWindow.superseded_at.is_(None))
            ).label("hours"),
        ).where(Calendar.key == calendar_key)
    ).mappings().one_or_none()  # fmt: skip
    if found is None:
        raise NotFoundError("Chưa có lịch làm việc.", todo="Đề nghị người quản trị nhập lịch làm việc của tỉnh.")
    return dict(found)


_DAY = func.json_build_object(
    "date", func.to_char(CalendarDay.day, "YYYY-MM-DD"), "kind", CalendarDay.kind, "name", CalendarDay.name
)
_WINDOW = func.json_build_array(
    func.to_char(WorkingWindow.opens, "HH24:MI"), func.to_char(WorkingWindow.closes, "HH24:MI")
)


def _of_calendar(table: type[CalendarDay | CalendarYear]) -> tuple[ColumnElement[bool], ...]:
    return table.calendar_id == Calendar.id, table.superseded_at.is_(None)


def _listed(value: Any, order: Any, conditions: tuple[ColumnElement[bool], ...]) -> ScalarSelect[Any]:
    """Return a sub-select that gives the values of these rows as one JSON list in order."""
    listed = func.coalesce(func.json_agg(aggregate_order_by(value, order)), literal_column("'[]'::json"))
    return select(listed).where(*conditions).correlate(Calendar).scalar_subquery()


def register_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a register's canonical JSON."""
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def office_time(content: Mapping[str, Any]) -> OfficeTime:
    """Build the office's time from a register, live or kept; the same content is built once."""
    return _office_time(_canonical(content))


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=32)
def _office_time(text: str) -> OfficeTime:
    content = json.loads(text)
    calendar = WorkCalendar.from_rows(
        content["days"], name=content["calendar"], confirmed_years=content["confirmed_years"]
    )
    hours = tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in content["hours"])
    return OfficeTime(calendar, WorkingHours(hours) if hours else WorkingHours())
