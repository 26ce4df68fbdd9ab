"""Due moments in a year that is not confirmed: which are listed, and what they become with the confirmed calendar."""

from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from rules.clock.calendar import OfficeTime, WorkCalendar
from rules.clock.rechecks import rechecked
from rules.clock.running import ClockEvent, EventKind, Limit, LimitUnit, run_clock

NEW_YEAR, BRIDGE = date(2027, 1, 1), date(2027, 1, 4)
DAYS = LimitUnit.WORKING_DAYS


def office(*days_off: date, confirmed: tuple[int, ...] = (2026,)) -> OfficeTime:
    return OfficeTime(WorkCalendar("thử", frozenset(days_off), frozenset(), frozenset(confirmed)))


GUESSED, KNOWN = office(NEW_YEAR), office(NEW_YEAR, BRIDGE, confirmed=(2026, 2027))


def legal(moment: str) -> datetime:
    return datetime.fromisoformat(f"{moment}+07:00")


def counted(amount: int, *more: ClockEvent, unit=DAYS, on: OfficeTime = GUESSED, promise: int | None = None):
    events = [ClockEvent(EventKind.ACCEPTED, legal("2026-12-30T10:00")), *more]
    committed = Limit(promise, DAYS) if promise else None
    return run_clock(Limit(amount, unit), events, on, committed=committed)


def listed(clock):
    return [(each.of, each.due.date().isoformat(), each.years) for each in clock.rechecks]


def test_a_due_moment_in_an_unconfirmed_year_is_listed_with_the_appointment_that_follows_it():
    assert listed(counted(5)) == [("statutory", "2027-01-07", (2027,)), ("appointment", "2027-01-07", (2027,))]


def test_a_due_moment_in_a_confirmed_year_is_not():
    clock = counted(1)
    assert clock.rechecks == ()
    assert "rechecks" not in clock.to_data()


def test_only_the_limit_that_reaches_the_year_is_listed():
    assert listed(counted(5, promise=1)) == [("statutory", "2027-01-07", (2027,))]


def test_an_appointment_that_was_named_anew_is_not_counted_again():
    named = ClockEvent(EventKind.REAPPOINTED, legal("2027-01-08T09:00"), to=legal("2027-01-11T09:00"))
    assert [each.of for each in counted(5, named).rechecks] == ["statutory"]


def test_hours_on_the_wall_read_no_calendar():
    assert counted(72, unit=LimitUnit.HOURS).rechecks == ()


def test_with_the_confirmed_calendar_each_says_what_it_becomes():
    before, after = counted(5, promise=4), counted(5, promise=4, on=KNOWN)
    becomes = {each.of: each.becomes.date() for each in rechecked(before.rechecks, after.moments, KNOWN)}
    assert becomes == {
        "statutory": date(2027, 1, 8),
        "committed": date(2027, 1, 7),
        "appointment": date(2027, 1, 7),
    }
    assert after.rechecks == ()


def test_while_the_year_is_not_confirmed_nobody_says_what_it_becomes():
    before, later = counted(5), office(NEW_YEAR, BRIDGE)
    [first, _] = rechecked(before.rechecks, counted(5, on=later).moments, later)
    assert first.becomes is None
    assert first.to_data()["becomes"] is None


@given(st.integers(0, 60), st.sets(st.dates(date(2026, 12, 31), date(2027, 2, 1)), max_size=8))
def test_what_a_due_moment_becomes_is_what_the_confirmed_calendar_alone_counts(amount, days_off):
    known = replace(KNOWN, calendar=replace(KNOWN.calendar, days_off=frozenset(days_off)))
    before, alone = counted(amount), counted(amount, on=known)
    for each in rechecked(before.rechecks, alone.moments, known):
        assert each.becomes == alone.moments[each.of]
