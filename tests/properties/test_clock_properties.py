"""What must hold for every limit, every office and every moment."""

from datetime import datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from rules.calendar import LEGAL_TIME, OfficeTime, WorkCalendar, WorkingHours
from rules.clock import ClockEvent, EventKind, Limit, LimitUnit, Start, due_after, run_clock

FIRST = datetime(2026, 1, 1, tzinfo=LEGAL_TIME)
MOMENTS = st.integers(0, 60 * 24 * 500).map(lambda minutes: FIRST + timedelta(minutes=minutes))
WAITS = st.integers(0, 60 * 24 * 40).map(lambda minutes: timedelta(minutes=minutes))
WORKING_UNITS = [LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS, LimitUnit.SAME_DAY]
CUTOFFS = st.none() | st.builds(time, st.integers(7, 16), st.sampled_from([0, 30]))
STARTS = st.none() | st.sampled_from(list(Start))
DAYS = st.integers(0, 550).map(lambda ahead: (FIRST + timedelta(days=ahead)).date())


@st.composite
def limits(draw, units=tuple(LimitUnit)):
    unit = draw(st.sampled_from(list(units)))
    most = {LimitUnit.SAME_DAY: 1, LimitUnit.MONTHS: 4}.get(unit, 60)
    cutoff = draw(CUTOFFS)
    start = draw(STARTS) if cutoff is None else None
    return Limit(draw(st.integers(0, most)), unit, cutoff=cutoff, start=start)


@st.composite
def offices(draw):
    off = draw(st.frozensets(DAYS, max_size=40))
    makeup = draw(st.frozensets(DAYS.filter(lambda day: day.weekday() == 5), max_size=8)) - off
    mornings = draw(st.booleans())
    hours = WorkingHours(by_weekday={5: ((time(7), time(11)),)} if mornings else {})
    weekly = frozenset({6}) if mornings else frozenset({5, 6})
    return OfficeTime(WorkCalendar("Lịch", off, makeup, frozenset({2026}), weekly_days_off=weekly), hours)


def accepted(at):
    return ClockEvent(EventKind.ACCEPTED, at)


@given(limit=limits(), at=MOMENTS, wait=WAITS, office=offices())
def test_to_stop_and_resume_at_once_changes_nothing(limit, at, wait, office):
    stop = at + wait
    events = [accepted(at), ClockEvent(EventKind.STOPPED, stop), ClockEvent(EventKind.RESUMED, stop)]
    assert run_clock(limit, events, office).due == due_after(limit, at, office)


@given(limit=limits(), extension=limits(), at=MOMENTS, wait=WAITS, office=offices())
def test_to_stop_and_resume_at_once_changes_nothing_in_an_extended_limit(limit, extension, at, wait, office):
    assume(extension.unit is not LimitUnit.SAME_DAY)
    longer = [accepted(at), ClockEvent(EventKind.EXTENDED, at, by=extension)]
    stop = at + wait
    stopped = [*longer, ClockEvent(EventKind.STOPPED, stop), ClockEvent(EventKind.RESUMED, stop)]
    assert run_clock(limit, stopped, office).due == run_clock(limit, longer, office).due


@given(limit=limits(), at=MOMENTS, wait=WAITS, office=offices())
def test_a_later_acceptance_never_ends_earlier(limit, at, wait, office):
    assert due_after(limit, at, office) <= due_after(limit, at + wait, office)


@given(limit=limits(), at=MOMENTS, wait=WAITS, longer=WAITS, office=offices())
def test_a_longer_stop_never_ends_earlier_and_no_stop_ends_earlier_than_none(limit, at, wait, longer, office):
    stop = ClockEvent(EventKind.STOPPED, at + wait)

    def due(resumed_after):
        resumed = ClockEvent(EventKind.RESUMED, stop.at + resumed_after)
        return run_clock(limit, [accepted(at), stop, resumed], office).due

    assert due_after(limit, at, office) <= due(timedelta()) <= due(longer) <= due(longer * 2)


@given(limit=limits(), at=MOMENTS, wait=WAITS, office=offices())
def test_to_restart_never_ends_earlier_than_to_resume(limit, at, wait, office):
    assume(limit.start is not Start.MOMENT)  # a resumed clock waits for the opening, such a restart does not
    stop = ClockEvent(EventKind.STOPPED, at + wait)
    back = stop.at + wait
    resumed, restarted = (
        run_clock(limit, [accepted(at), stop, ClockEvent(kind, back)], office).due
        for kind in (EventKind.RESUMED, EventKind.RESTARTED)
    )
    assert resumed <= restarted


@given(limit=limits(units=[*WORKING_UNITS, LimitUnit.WORKING_HOURS]), at=MOMENTS, office=offices())
def test_working_units_never_end_outside_working_time_nor_on_a_day_off(limit, at, office):
    due = due_after(limit, at, office)
    assert office.is_open(due)
    assert office.calendar.is_working_day(due.date())


@given(limit=limits(units=WORKING_UNITS), at=MOMENTS, office=offices())
def test_a_limit_in_days_ends_at_a_last_closing_time(limit, at, office):
    due = due_after(limit, at, office)
    assert due == office.closing(due.date())


@given(limit=limits(), at=MOMENTS, office=offices())
def test_no_limit_ends_before_the_acceptance(limit, at, office):
    assert due_after(limit, at, office) >= at


@given(limit=limits(), more=st.integers(1, 30), at=MOMENTS, office=offices())
def test_a_longer_limit_never_ends_earlier(limit, more, at, office):
    assume(limit.unit is not LimitUnit.SAME_DAY)
    longer = Limit(limit.amount + more, limit.unit, cutoff=limit.cutoff, start=limit.start)
    assert due_after(limit, at, office) <= due_after(longer, at, office)


@given(limit=limits(), committed=limits(), at=MOMENTS, office=offices())
def test_the_appointment_never_lies_after_the_statutory_due_moment(limit, committed, at, office):
    result = run_clock(limit, [accepted(at)], office, committed=committed)
    assert result.appointment <= result.due
    assert [line.at for line in result.ledger] == sorted(line.at for line in result.ledger)


@given(office=offices(), at=MOMENTS, minutes=st.integers(0, 60 * 60))
def test_working_time_added_and_measured_agree(office, at, minutes):
    length = timedelta(minutes=minutes)
    assert office.working_time(at, office.after_working_time(at, length)) == length
