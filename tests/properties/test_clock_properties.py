"""What must hold for every limit, every office and every moment."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from rules.clock.calendar import LEGAL_TIME, OfficeTime, WorkCalendar, WorkingHours
from rules.clock.hours import Outage, Season
from rules.clock.running import (
    Cause,
    ClockError,
    ClockEvent,
    Effect,
    EventKind,
    LedgerKind,
    Limit,
    LimitUnit,
    Silence,
    Start,
    StopRule,
    due_after,
    run_clock,
)
from rules.clock.spans import ROLLING
from rules.values import Period, Text

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
    rolls = unit not in ROLLING or draw(st.booleans())
    return Limit(draw(st.integers(0, most)), unit, cutoff=cutoff, start=start, rolls=rolls)


@st.composite
def offices(draw):
    off = draw(st.frozensets(DAYS, max_size=40))
    makeup = draw(st.frozensets(DAYS.filter(lambda day: day.weekday() == 5), max_size=8)) - off
    mornings = draw(st.booleans())
    by_weekday = {5: ((time(7), time(11)),)} if mornings else {}
    weekly = frozenset({6}) if mornings else frozenset({5, 6})
    summer = draw(st.none() | st.just(Period(FIRST.date() + timedelta(days=100), FIRST.date() + timedelta(days=290))))
    seasons = (Season(summer, ((time(6, 30), time(11)), (time(13), time(16, 30))), by_weekday),) if summer else ()
    weeks = ((summer, frozenset({6})),) if summer and draw(st.booleans()) else ()
    calendar = WorkCalendar("Lịch", off, makeup, frozenset({2026}), weekly_days_off=weekly, dated_weeks=weeks)
    return OfficeTime(calendar, WorkingHours(by_weekday=by_weekday, seasons=seasons))


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
    assert (office.is_open(due) and office.calendar.is_working_day(due.date())) or not limit.rolls


@given(limit=limits(units=WORKING_UNITS), at=MOMENTS, office=offices())
def test_a_limit_in_days_ends_at_a_last_closing_time(limit, at, office):
    due = due_after(limit, at, office)
    assert due == office.closing(due.date()) or (not limit.rolls and not office.calendar.is_working_day(due.date()))


@given(limit=limits(), at=MOMENTS, office=offices())
def test_no_limit_ends_before_the_acceptance(limit, at, office):
    assert due_after(limit, at, office) >= at


@given(limit=limits(), more=st.integers(1, 30), at=MOMENTS, office=offices())
def test_a_longer_limit_never_ends_earlier(limit, more, at, office):
    assume(limit.unit is not LimitUnit.SAME_DAY)
    longer = replace(limit, amount=limit.amount + more)
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


OUTAGES = st.lists(st.tuples(MOMENTS, WAITS.filter(bool)), max_size=3)


@given(
    limit=limits(),
    at=MOMENTS,
    wait=WAITS,
    down=OUTAGES,
    office=offices(),
)
def test_a_later_acceptance_never_ends_earlier_through_outages_either(limit, at, wait, down, office):
    office = replace(office, outages=tuple(Outage(since, since + length) for since, length in down))
    earlier, later = (run_clock(limit, [accepted(moment)], office).due for moment in (at, at + wait))
    assert earlier <= later


@given(limit=limits(), at=MOMENTS, down=OUTAGES, office=offices())
def test_an_outage_never_makes_a_limit_end_earlier(limit, at, down, office):
    through = replace(office, outages=tuple(Outage(since, since + length) for since, length in down))
    assert due_after(limit, at, office) <= run_clock(limit, [accepted(at)], through).due


RULES = [
    StopRule("supplement", Cause.SUPPLEMENT, Text("chờ bổ sung", "supplement"), limit=Limit(7, LimitUnit.WORKING_DAYS)),
    StopRule("revision", Cause.REVISION, Text("chờ sửa", "revision"), Effect.RESTART),
    StopRule(
        "confirmation",
        Cause.CONFIRMATION,
        Text("chờ xác nhận", "confirmation"),
        Effect.RUN_ON,
        Limit(24, LimitUnit.HOURS),
        Text("Hồ sơ được giải quyết tiếp.", "The dossier goes on."),
    ),
    StopRule(
        "draft",
        Cause.CONFIRMATION,
        Text("chờ bản nháp", "draft"),
        limit=Limit(1, LimitUnit.CALENDAR_DAYS),
        silence=Silence.RESUMES,
    ),
    None,
]
KINDS = [kind for kind in EventKind if kind is not EventKind.ACCEPTED]


@st.composite
def histories(draw):
    """Whatever may be written down after an acceptance, possible or not."""
    events, at = [accepted(draw(MOMENTS))], timedelta()
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=8)):
        at += draw(WAITS) / 4
        moment = events[0].at + at
        more = {}
        if kind is EventKind.EXTENDED:
            more["by"] = Limit(draw(st.integers(0, 20)), LimitUnit.WORKING_DAYS)
        if kind is EventKind.REAPPOINTED:
            more["to"] = moment + draw(WAITS)
        if kind is EventKind.OUTAGE:
            more["until"] = draw(st.none() | st.just(moment + draw(WAITS) + timedelta(minutes=1)))
        if kind in (EventKind.STOPPED, EventKind.RESUMED, EventKind.RESTARTED):
            more["stop"] = draw(st.sampled_from(RULES))
        events.append(ClockEvent(kind, moment, **more))
    return events


def possible(limit, events, office):
    """Leave out, one by one, the events that the clock refuses."""
    while True:
        try:
            return events, run_clock(limit, events, office)
        except ClockError as refused:
            if not refused.event:  # the acceptance itself is never refused
                raise
            wrong = refused.event
        events = [event for number, event in enumerate(events) if number != wrong]


@given(limit=limits(), events=histories(), office=offices())
def test_a_ledger_is_in_the_order_of_time_and_speaks_both_languages(limit, events, office):
    events, result = possible(limit, events, office)
    assert [line.at for line in result.ledger] == sorted(line.at for line in result.ledger)
    assert [line for line in result.ledger if not (line.what.vi.endswith(".") and line.what.en.endswith("."))] == []
    assert [line.what.vi for line in result.ledger if ".." in line.what.vi or "{" in line.what.vi] == []
    assert result.due >= events[0].at
    assert [line.kind for line in result.ledger].count(LedgerKind.DUE) == 1


@given(limit=limits(), events=histories(), by=limits(), office=offices(), place=st.integers(0, 8), down=st.booleans())
def test_an_extension_never_ends_earlier_whatever_else_happens(limit, events, by, office, place, down):
    assume(by.unit is not LimitUnit.SAME_DAY)
    if not down:
        events = [event for event in events if event.kind is not EventKind.OUTAGE]
    events, _ = possible(limit, events, office)
    acts = [event for event in events if event.kind is not EventKind.TRANSFERRED]
    before = acts[min(place, len(acts) - 1)]
    extended = sorted([*acts, ClockEvent(EventKind.EXTENDED, before.at, by=by)], key=lambda event: event.at)
    assert run_clock(limit, acts, office).due <= run_clock(limit, extended, office).due


@given(limit=limits(), of_wait=limits(), at=MOMENTS, wait=WAITS, answer=WAITS, office=offices())
def test_silence_never_ends_earlier_than_an_answer_in_time_and_a_late_answer_changes_nothing(
    limit, of_wait, at, wait, answer, office
):
    rule = StopRule("draft", Cause.OTHER, Text("chờ", "a wait"), limit=of_wait, silence=Silence.RESUMES)
    stop = ClockEvent(EventKind.STOPPED, at + wait, stop=rule)
    answered = ClockEvent(EventKind.RESUMED, stop.at + answer, stop=rule)
    silent, told = (run_clock(limit, [accepted(at), stop, *more], office) for more in ([], [answered]))
    assert silent.stopped_at is None
    if answered.at > due_after(of_wait, stop.at, office):
        assert told.due == silent.due
        assert LedgerKind.NO_EFFECT in [line.kind for line in told.ledger]
    else:
        assert told.due <= silent.due


ANEW = StopRule("anew", Cause.OTHER, Text("chờ", "a wait"), Effect.RESTART)


@given(limit=limits(), events=histories(), office=offices())
def test_to_restart_never_ends_earlier_than_to_go_on_whatever_else_happens(limit, events, office):
    paused, resumed = possible(limit, [event for event in events if event.stop is None], office)
    restarted = [replace(event, stop=ANEW) if event.kind is EventKind.STOPPED else event for event in paused]
    assert resumed.due <= run_clock(limit, restarted, office).due
