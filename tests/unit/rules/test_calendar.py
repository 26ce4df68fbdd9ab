"""What a work calendar, working hours and an office's time promise."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from rules.clock.calendar import (
    LEGAL_TIME,
    CalendarError,
    OfficeTime,
    WorkCalendar,
    WorkingHours,
    day_words,
    legal_moment,
    moment_words,
)
from rules.clock.hours import Outage, Season
from rules.values import Period, Text

PUBLIC_CALENDAR = Path(__file__).parents[4] / "shared" / "data" / "vn_public_calendar_2023_2027.csv"

ROWS = [
    {"date": "2026-01-01", "kind": "HOLIDAY", "name": "Tết Dương lịch"},
    {"date": "2026-01-02", "kind": "SWAP_OFF", "name": "Nghỉ thay cho 10/01/2026"},
    {"date": "2026-01-10", "kind": "MAKEUP_WORKDAY", "name": "Làm bù cho 02/01/2026"},
    {"date": "2026-11-24", "kind": "HOLIDAY", "name": "Ngày Văn hóa Việt Nam"},
    {"date": "2027-01-01", "kind": "HOLIDAY", "confidence": "rule-based; 2027 schedule not yet seen"},
]
CALENDAR = WorkCalendar.from_rows(ROWS)
OFFICE = OfficeTime(CALENDAR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_TIME)


def test_weekends_and_days_off_are_not_worked_and_makeup_saturdays_are():
    worked = [day for day in range(1, 13) if CALENDAR.is_working_day(date(2026, 1, day))]
    assert worked == [5, 6, 7, 8, 9, 10, 12]


def test_the_next_working_day_is_strictly_after_and_rolling_keeps_a_working_day():
    assert CALENDAR.next_working_day(date(2026, 1, 9)) == date(2026, 1, 10)
    assert CALENDAR.roll(date(2026, 1, 9)) == date(2026, 1, 9)
    assert CALENDAR.roll(date(2026, 1, 1)) == date(2026, 1, 5)


def test_a_year_is_confirmed_only_when_none_of_its_days_is_a_guess():
    assert CALENDAR.confirmed_years == {2026}
    assert WorkCalendar.from_rows(ROWS, confirmed_years=[2026, 2027]).confirmed_years == {2026, 2027}


def test_a_day_off_says_why():
    assert CALENDAR.reason_off(date(2026, 11, 24)) == Text(
        "ngày nghỉ (Ngày Văn hóa Việt Nam)", "a day off (Ngày Văn hóa Việt Nam)"
    )
    assert CALENDAR.reason_off(date(2026, 11, 21)) == Text("ngày nghỉ hằng tuần", "a weekly day off")
    assert CALENDAR.reason_off(date(2027, 1, 1)) == Text(
        "ngày nghỉ lễ, nghỉ bù hoặc hoán đổi", "a holiday, its compensation or a swapped day off"
    )


def test_the_hash_ignores_the_order_of_rows_and_the_name_but_no_day():
    assert WorkCalendar.from_rows(ROWS[::-1], name="Khác").content_hash() == CALENDAR.content_hash()
    assert WorkCalendar.from_rows(ROWS[1:]).content_hash() != CALENDAR.content_hash()
    assert WorkCalendar.from_rows(ROWS, confirmed_years=[2026, 2027]).content_hash() != CALENDAR.content_hash(), (
        "a confirmation changes the warnings, so it changes the hash"
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"date": "2026-02-30", "kind": "HOLIDAY"}], "Dòng 1 của lịch có ngày “2026-02-30” không đọc được"),
        ([{"date": "2026-02-03", "kind": "NGHI"}], "Dòng 1 của lịch có loại ngày “NGHI”"),
        (
            [{"date": "2026-02-03", "kind": "HOLIDAY"}, {"date": date(2026, 2, 3), "kind": "MAKEUP_WORKDAY"}],
            "vừa là ngày nghỉ vừa là ngày làm bù",
        ),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused_with_its_row(rows, said):
    with pytest.raises(CalendarError, match=said):
        WorkCalendar.from_rows(rows)


def test_a_calendar_without_any_working_day_is_refused_instead_of_searched_for_ever():
    start = date(2026, 1, 1)
    always_off = WorkCalendar(
        "Trống", frozenset(start + timedelta(days=n) for n in range(400)), frozenset(), frozenset()
    )
    with pytest.raises(CalendarError, match="không có ngày làm việc nào"):
        always_off.next_working_day(start)
    with pytest.raises(CalendarError, match="ít nhất một ngày làm việc"):
        WorkCalendar("Trống", frozenset(), frozenset(), frozenset(), weekly_days_off=frozenset(range(7)))


@pytest.mark.parametrize(
    "windows",
    [(), ((time(9), time(8)),), ((time(7), time(12)), (time(11), time(17)))],
)
def test_hours_that_overlap_or_run_backwards_are_refused(windows):
    with pytest.raises(CalendarError, match="Giờ làm việc không hợp lệ"):
        WorkingHours(windows)


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        ("2026-11-20T06:00", "2026-11-20T07:00"),
        ("2026-11-20T10:00", "2026-11-20T10:00"),
        ("2026-11-20T11:30", "2026-11-20T11:30"),
        ("2026-11-20T12:00", "2026-11-20T13:30"),
        ("2026-11-20T17:00", "2026-11-20T17:00"),
        ("2026-11-20T17:00:01", "2026-11-23T07:00"),
        ("2026-11-21T09:00", "2026-11-23T07:00"),
        ("2026-01-09T18:00", "2026-01-10T07:00"),
    ],
)
def test_a_moment_outside_hours_counts_as_the_next_opening(moment, counted):
    assert OFFICE.in_hours(at(moment)) == at(counted)
    assert OFFICE.is_open(at(moment)) == (moment == counted)


def test_working_time_runs_only_while_the_office_is_open():
    assert OFFICE.working_time(at("2026-11-20T10:00"), at("2026-11-23T08:00")) == timedelta(hours=6)
    assert OFFICE.working_time(at("2026-11-23T08:00"), at("2026-11-20T10:00")) == timedelta()
    assert OFFICE.after_working_time(at("2026-11-20T10:00"), timedelta(hours=8)) == at("2026-11-23T10:00")
    assert OFFICE.after_working_time(at("2026-11-20T10:00"), timedelta(minutes=90)) == at("2026-11-20T11:30")


def test_an_office_may_work_on_saturday_mornings():
    calendar = WorkCalendar.from_rows(ROWS, weekly_days_off=frozenset({6}))
    office = OfficeTime(calendar, WorkingHours(by_weekday={5: ((time(7), time(11, 30)),)}))
    assert office.closing(date(2026, 11, 21)) == at("2026-11-21T11:30")
    assert office.closing(date(2026, 1, 10)) == at("2026-01-10T17:00"), "a make-up day is a whole day"


def test_opening_and_closing_of_a_day_off_are_those_of_the_next_working_day():
    assert OFFICE.opening(date(2026, 11, 24)) == at("2026-11-25T07:00")
    assert OFFICE.closing(date(2026, 11, 24)) == at("2026-11-25T17:00")


def test_a_moment_is_brought_to_legal_time_and_absurd_years_are_refused():
    assert legal_moment(datetime(2026, 11, 19, 23, 30, tzinfo=UTC)) == at("2026-11-20T06:30")
    assert legal_moment(datetime(2026, 11, 20, 10)) == at("2026-11-20T10:00")  # noqa: DTZ001
    with pytest.raises(CalendarError, match="Năm 9999"):
        legal_moment(datetime(9999, 12, 31, tzinfo=UTC))


def test_days_and_moments_are_said_in_both_languages():
    assert day_words(date(2026, 11, 22)) == Text("Chủ Nhật 22/11/2026", "Sunday 22/11/2026")
    assert moment_words(at("2026-11-20T07:05")) == Text("07:05 thứ Sáu 20/11/2026", "07:05 Friday 20/11/2026")


@pytest.mark.skipif(not PUBLIC_CALENDAR.exists(), reason="the shared public calendar is not on this machine")
def test_the_public_calendar_reads_whole():
    with PUBLIC_CALENDAR.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    calendar = WorkCalendar.from_rows(rows)
    assert calendar.confirmed_years == {2023, 2024, 2025, 2026}
    assert calendar.is_working_day(date(2026, 8, 22))
    assert len(calendar.days_off) + len(calendar.makeup_days) == len(rows)


SUMMER = Period(date(2026, 4, 15), date(2026, 10, 16))
SUMMER_HOURS = WorkingHours(seasons=(Season(SUMMER, ((time(6, 30), time(11)), (time(13), time(16, 30)))),))


def test_a_season_has_hours_of_its_own_from_its_first_day_until_just_before_its_end():
    office = OfficeTime(CALENDAR, SUMMER_HOURS)
    openings = [office.opening(date(2026, month, day)).time() for month, day in [(4, 14), (4, 15), (10, 15), (10, 16)]]
    assert openings == [time(7), time(6, 30), time(6, 30), time(7)]


def test_a_season_may_have_other_weekly_days_off():
    calendar = WorkCalendar.from_rows(ROWS, weekly_days_off=frozenset({6}))
    summer = WorkCalendar(
        calendar.name, calendar.days_off, calendar.makeup_days, calendar.confirmed_years, frozenset({6}),
        dated_weeks=((SUMMER, frozenset({5, 6})),),
    )  # fmt: skip
    assert [summer.is_working_day(date(2026, *day)) for day in [(4, 11), (4, 18), (10, 10), (10, 17)]] == [
        True, False, False, True,
    ]  # fmt: skip
    assert summer.content_hash() != calendar.content_hash()


def test_seasons_that_meet_are_refused():
    season = Season(SUMMER, ((time(7), time(11)),))
    with pytest.raises(CalendarError, match="chồng nhau"):
        WorkingHours(seasons=(season, season))


def test_systems_cannot_be_up_again_before_they_are_down():
    with pytest.raises(CalendarError, match="hoạt động lại"):
        Outage(at("2026-11-20T10:00"), at("2026-11-20T10:00"))


def test_the_hash_of_an_office_covers_hours_seasons_and_outages():
    outage = Outage(at("2026-11-20T10:00"), at("2026-11-20T11:00"))
    offices = [
        OfficeTime(CALENDAR),
        OfficeTime(CALENDAR, WorkingHours(((time(8), time(15)),))),
        OfficeTime(CALENDAR, SUMMER_HOURS),
        OfficeTime(CALENDAR, outages=(outage,)),
        OfficeTime(CALENDAR, outages=(Outage(outage.since),)),
    ]
    assert len({office.content_hash() for office in offices}) == len(offices)
    assert OFFICE.content_hash() == OfficeTime(WorkCalendar.from_rows(ROWS, name="khác")).content_hash()
