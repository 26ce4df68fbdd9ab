"""The calendar changes by acts: a day replaced or withdrawn stays on record, and clocks run by what stands now."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.clock import now
from app.extensions import db
from app.services import calendar
from app.services.calendar import NewDay
from app.services.errors import NotFoundError, RefusalError
from app.services.office import office_register
from app.storage.account import Officer
from app.storage.audit import AuditEntry
from app.storage.office import CalendarDay
from app.storage.unit_of_work import unit_of_work

MONDAY, SATURDAY = date(2026, 11, 30), date(2026, 11, 28)


def by() -> Officer:
    return db.session.scalars(select(Officer).where(Officer.username == "quantri")).one()


def put(day: date, kind: str, source: str = "Thông báo 1/TB") -> None:
    with unit_of_work() as work:
        wanted = NewDay(day, kind, "Ngày thử", source)
        calendar.set_day(work, calendar.calendar_named(work.session, "province"), wanted, by=by(), at=now())


def standing(day: date) -> list[str]:
    return [row["kind"] for row in office_register(db.session())["days"] if row["date"] == day.isoformat()]


def test_a_day_that_is_replaced_leaves_its_old_line_on_record(database):
    put(MONDAY, "HOLIDAY")
    put(MONDAY, "SWAP_OFF")
    assert standing(MONDAY) == ["SWAP_OFF"]
    assert db.session.scalar(select(func.count()).where(CalendarDay.day == MONDAY)) == 2
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.object_kind == "calendar")).all()
    assert acts == ["set_day", "set_day"]


def test_a_withdrawn_day_is_again_as_its_weekday_says(database):
    put(MONDAY, "HOLIDAY")
    with unit_of_work() as work:
        shown = calendar.calendar_named(work.session, "province")
        calendar.withdraw_day(work, shown, MONDAY, reason="Nhập nhầm", by=by(), at=now())
    assert standing(MONDAY) == []
    with unit_of_work() as work, pytest.raises(NotFoundError):
        calendar.withdraw_day(work, shown, MONDAY, reason="Nhập nhầm", by=by(), at=now())


@pytest.mark.parametrize(
    ("day", "kind", "source"),
    [
        (MONDAY, "MAKEUP_WORKDAY", "x"),
        (SATURDAY, "SWAP_OFF", "x"),
        (MONDAY, "PICNIC", "x"),
        (MONDAY, "HOLIDAY", "  "),
        (date(1890, 1, 1), "HOLIDAY", "x"),
    ],
    ids=["make-up on a working day", "swap on a day off", "unknown kind", "no source", "another century"],
)
def test_a_day_that_makes_no_sense_is_refused(database, day, kind, source):
    with pytest.raises(RefusalError):
        put(day, kind, source)
    assert standing(day) == []


def test_a_year_is_confirmed_once_and_can_be_taken_back(database):
    shown = calendar.calendar_named(db.session(), "province")
    assert calendar.years_of(db.session(), shown)[2027] is False
    for confirmed in (True, True, False):
        with unit_of_work() as work:
            calendar.confirm_year(work, shown, 2027, confirmed=confirmed, by=by(), at=now())
        assert calendar.years_of(db.session(), shown)[2027] is confirmed
        assert (2027 in office_register(db.session())["confirmed_years"]) is confirmed
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.object_kind == "calendar")).all()
    assert acts == ["confirm_year", "confirm_year"]
