"""The deadline ledger: every way of counting that the law names, and what the ledger says about it."""

from datetime import UTC, date, datetime, time

import pytest

from rules.clock.calendar import LEGAL_TIME, OfficeTime, WorkCalendar
from rules.clock.running import (
    Clock,
    ClockError,
    ClockEvent,
    EventKind,
    LedgerKind,
    Limit,
    LimitUnit,
    Start,
    due_after,
    run_clock,
)

# Days off and make-up days of the offices that these cases pass over (Thông báo 9441/TB-BNV of 2025 and the swap of
# 02/01/2026 for 10/01/2026; Nghị quyết 28/2026/QH16 for 24/11).
DAYS_OFF = [
    "2025-01-01", "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
    "2026-04-26", "2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02",
]  # fmt: skip
CALENDAR = WorkCalendar.from_rows(
    [
        *({"date": day, "kind": "HOLIDAY"} for day in DAYS_OFF),
        {"date": "2026-11-24", "kind": "HOLIDAY", "name": "Ngày Văn hóa Việt Nam"},
        {"date": "2026-01-10", "kind": "MAKEUP_WORKDAY"},
        {"date": "2026-08-22", "kind": "MAKEUP_WORKDAY"},
    ]
)
OFFICE = OfficeTime(CALENDAR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_TIME)


def days(count: int) -> Limit:
    return Limit(count, LimitUnit.WORKING_DAYS)


def happened(kind: EventKind, moment: str, **more) -> ClockEvent:
    return ClockEvent(kind, at(moment), **more)


def clock(limit: Limit, accepted: str, *events: ClockEvent, committed: Limit | None = None) -> Clock:
    return run_clock(limit, [happened(EventKind.ACCEPTED, accepted), *events], OFFICE, committed=committed)


def said(result: Clock, kind: LedgerKind) -> list[str]:
    return [line.what.vi for line in result.ledger if line.kind is kind]


@pytest.mark.parametrize(
    ("accepted", "limit", "due"),
    [
        pytest.param("2026-11-20T10:00", days(3), "2026-11-26T17:00", id="case 1: 24/11 is a day off from 2026"),
        pytest.param("2025-12-31T10:00", days(3), "2026-01-07T17:00", id="case 2: 02/01/2026 is swapped off"),
        pytest.param("2026-01-07T10:00", days(5), "2026-01-13T17:00", id="case 3: Saturday 10/01/2026 is worked"),
        pytest.param("2026-02-10T10:00", days(10), "2026-03-03T17:00", id="case 4: Tết"),
        pytest.param(
            "2026-08-21T15:30",
            Limit(0, LimitUnit.SAME_DAY, cutoff=time(15)),
            "2026-08-22T17:00",
            id="case 5: the next working day is a make-up Saturday",
        ),
        pytest.param("2026-04-24T10:00", days(1), "2026-04-28T17:00", id="case 7: a holiday on a Sunday moves on"),
        pytest.param(
            "2026-11-20T10:00", Limit(24, LimitUnit.HOURS), "2026-11-21T10:00", id="case 9: 24 hours on the wall"
        ),
        pytest.param(
            "2026-01-31T09:00",
            Limit(1, LimitUnit.MONTHS, start=Start.MOMENT),
            "2026-03-02T17:00",
            id="case 10: a month from 31/01 is clipped to 28/02, a Saturday, and rolls",
        ),
        pytest.param(
            "2026-01-31T09:00", Limit(1, LimitUnit.MONTHS), "2026-03-02T17:00", id="case 10 from the next opening"
        ),
    ],
)
def test_the_law_counts_so(accepted, limit, due):
    assert due_after(limit, at(accepted), OFFICE) == at(due)
    assert clock(limit, accepted).due == at(due)


SUPPLEMENT = happened(EventKind.STOPPED, "2026-03-05T10:00", basis="Điều 19 NĐ 61/2018", cause="chờ bổ sung hồ sơ")


def test_case_6_waiting_for_a_supplement_pauses_the_limit():
    assert clock(days(10), "2026-03-02T10:00").due == at("2026-03-16T17:00")
    paused = clock(days(10), "2026-03-02T10:00", SUPPLEMENT, happened(EventKind.RESUMED, "2026-03-16T10:00"))
    assert paused.due == at("2026-03-25T17:00")
    assert said(paused, LedgerKind.STOPPED) == ["Tạm dừng tính thời hạn (chờ bổ sung hồ sơ): còn 7 ngày làm việc."]
    assert said(paused, LedgerKind.RESUMED) == ["Tính tiếp thời hạn: còn 7 ngày làm việc."]


def test_case_6_where_the_procedure_says_so_the_supplement_restarts_the_limit():
    restarted = clock(days(10), "2026-03-02T10:00", SUPPLEMENT, happened(EventKind.RESTARTED, "2026-03-16T10:00"))
    assert restarted.due == at("2026-03-30T17:00")
    assert said(restarted, LedgerKind.RESTARTED) == ["Tính lại thời hạn từ đầu: 10 ngày làm việc."]


def test_case_8_a_same_day_limit_is_extended_when_another_place_must_verify():
    verify = happened(EventKind.EXTENDED, "2026-11-20T11:00", by=days(3), cause="xác minh tình trạng hôn nhân")
    same_day = Limit(0, LimitUnit.SAME_DAY, cutoff=time(15))
    assert clock(same_day, "2026-11-20T10:00").due == at("2026-11-20T17:00")
    extended = clock(same_day, "2026-11-20T10:00", verify)
    assert extended.due == at("2026-11-26T17:00")
    assert said(extended, LedgerKind.EXTENDED) == ["Gia hạn thêm 3 ngày làm việc (xác minh tình trạng hôn nhân)."]


def test_case_11_the_appointment_follows_the_promise_and_the_statutory_due_is_kept():
    result = clock(days(3), "2026-11-20T10:00", committed=days(2))
    assert (result.due, result.committed, result.appointment) == (
        at("2026-11-26T17:00"),
        at("2026-11-25T17:00"),
        at("2026-11-25T17:00"),
    )
    assert clock(days(3), "2026-11-20T10:00", committed=days(9)).appointment == at("2026-11-26T17:00")


def test_case_12_an_apology_moves_the_appointment_and_the_dossier_stays_late():
    apology = happened(EventKind.REAPPOINTED, "2026-11-27T09:00", to=at("2026-12-01T17:00"), cause="mẫu 04")
    result = clock(days(3), "2026-11-20T10:00", apology)
    assert result.due == at("2026-11-26T17:00")
    assert result.appointment == at("2026-12-01T17:00")
    assert said(result, LedgerKind.REAPPOINTED) == [
        "Xin lỗi và hẹn lại (mẫu 04): 17:00 thứ Ba 01/12/2026. "
        "Hạn theo quy định vẫn là 17:00 thứ Năm 26/11/2026. Hồ sơ đã quá hạn."
    ]


def test_the_ledger_names_every_day_it_passes_over_in_the_order_of_time():
    result = clock(days(3), "2026-11-20T10:00")
    assert [line.what.vi for line in result.ledger] == [
        "Tiếp nhận hồ sơ lúc 10:00 thứ Sáu 20/11/2026.",
        "Thứ Bảy 21/11/2026 là ngày nghỉ hằng tuần, không tính.",
        "Chủ Nhật 22/11/2026 là ngày nghỉ hằng tuần, không tính.",
        "Thứ Ba 24/11/2026 là ngày nghỉ (Ngày Văn hóa Việt Nam), không tính.",
        "Hạn theo quy định (3 ngày làm việc): 17:00 thứ Năm 26/11/2026.",
    ]
    assert [line.at for line in result.ledger] == sorted(line.at for line in result.ledger)


def test_the_ledger_names_the_days_off_between_acceptance_and_the_day_counting_begins():
    result = clock(Limit(0, LimitUnit.SAME_DAY, cutoff=time(15)), "2026-11-23T15:30")
    assert [line.what.vi for line in result.ledger] == [
        "Tiếp nhận hồ sơ lúc 15:30 thứ Hai 23/11/2026.",
        "Thứ Ba 24/11/2026 là ngày nghỉ (Ngày Văn hóa Việt Nam), không tính.",
        "Tiếp nhận sau 15:00 nên tính từ ngày làm việc tiếp theo: 07:00 thứ Tư 25/11/2026.",
        "Hạn theo quy định (trong ngày): 17:00 thứ Tư 25/11/2026.",
    ]


@pytest.mark.parametrize(
    ("limit", "accepted", "events", "named"),
    [
        (days(1), "2026-11-20T17:30", (), ["21", "22", "24"]),
        (days(1), "2026-11-21T09:00", (), ["21", "22", "24"]),
        (days(1), "2026-11-24T09:00", (), ["24"]),
        (Limit(3, LimitUnit.CALENDAR_DAYS), "2026-11-21T09:00", (), ["21", "22"]),
        (Limit(2, LimitUnit.WORKING_HOURS), "2026-11-20T17:30", (), ["21", "22"]),
        (Limit(24, LimitUnit.HOURS), "2026-11-21T09:00", (), []),
        (Limit(20, LimitUnit.HOURS, added=(days(1),)), "2026-11-20T16:00", (), ["22", "24"]),
        (Limit(1, LimitUnit.CALENDAR_DAYS, rolls=False, added=(days(1),)), "2026-11-20T16:00", (), ["22", "24"]),
        (days(2), "2026-11-20T10:00", (EventKind.RESTARTED, "2026-11-21T09:00"), ["21", "22", "24"]),
        (days(2), "2026-11-20T10:00", (EventKind.STOPPED, "2026-11-21T09:00"), ["21", "22", "24"]),
    ],
)
def test_the_ledger_names_each_day_off_once_until_the_due_moment(limit, accepted, events, named):
    acts = [happened(*events)] if events else []
    if events and events[0] is EventKind.STOPPED:
        acts.append(happened(EventKind.RESUMED, "2026-11-21T10:00"))
    result = clock(limit, accepted, *acts)
    assert [f"{line.at:%d}" for line in result.ledger if line.kind is LedgerKind.DAY_OFF] == named
    assert result.ledger[0].kind is LedgerKind.ACCEPTED


def test_a_late_acceptance_counts_from_a_makeup_day_and_the_ledger_says_so():
    late = clock(Limit(0, LimitUnit.SAME_DAY, cutoff=time(15)), "2026-08-21T15:30")
    assert said(late, LedgerKind.MAKEUP_DAY) == ["Thứ Bảy 22/08/2026 là ngày làm bù, được tính."]
    assert said(late, LedgerKind.DAY_OFF) == []


def test_where_the_promise_is_counted_otherwise_the_ledger_says_which_count_a_line_is_of():
    result = clock(Limit(6, LimitUnit.CALENDAR_DAYS), "2026-11-20T10:00", committed=days(2))
    assert [(line.only, line.what.vi) for line in result.ledger if line.kind is LedgerKind.DAY_OFF] == [
        ("committed", f"Hạn cam kết: {day}, không tính.")
        for day in (
            "Thứ Bảy 21/11/2026 là ngày nghỉ hằng tuần",
            "Chủ Nhật 22/11/2026 là ngày nghỉ hằng tuần",
            "Thứ Ba 24/11/2026 là ngày nghỉ (Ngày Văn hóa Việt Nam)",
        )
    ]
    assert {line.only for line in clock(days(3), "2026-11-20T10:00", committed=days(2)).ledger} == {""}


def test_the_ledger_names_the_makeup_day_it_counts():
    assert said(clock(days(5), "2026-01-07T10:00"), LedgerKind.MAKEUP_DAY) == [
        "Thứ Bảy 10/01/2026 là ngày làm bù, được tính."
    ]


def test_a_day_of_waiting_is_neither_counted_nor_named_as_skipped():
    resumed = happened(EventKind.RESUMED, "2026-03-16T10:00")
    paused = clock(days(10), "2026-03-02T10:00", SUPPLEMENT, resumed)
    skipped = [line.at.date() for line in paused.ledger if line.kind is LedgerKind.DAY_OFF]
    assert skipped == [date(2026, 3, 21), date(2026, 3, 22)]


@pytest.mark.parametrize(
    ("accepted", "due", "counted"),
    [
        ("2026-11-20T17:00", "2026-11-23T17:00", None),
        ("2026-11-20T17:30", "2026-11-25T17:00", "2026-11-23T07:00"),
        ("2026-11-20T12:00", "2026-11-23T17:00", "2026-11-20T13:30"),
        ("2026-11-21T09:00", "2026-11-25T17:00", "2026-11-23T07:00"),
    ],
)
def test_an_acceptance_outside_hours_counts_from_the_next_opening(accepted, due, counted):
    result = clock(days(1), accepted)
    assert result.due == at(due)
    lines = [line.at for line in result.ledger if line.kind is LedgerKind.COUNTED_FROM]
    assert lines == ([at(counted)] if counted else [])


def test_a_cutoff_moves_the_day_of_acceptance_for_days_too_and_the_ledger_says_why():
    late = clock(Limit(1, LimitUnit.WORKING_DAYS, cutoff=time(15)), "2026-11-19T15:01")
    assert late.due == at("2026-11-23T17:00")
    assert said(late, LedgerKind.COUNTED_FROM) == [
        "Tiếp nhận sau 15:00 nên tính từ ngày làm việc tiếp theo: 07:00 thứ Sáu 20/11/2026."
    ]


@pytest.mark.parametrize(
    ("accepted", "due", "why"),
    [
        ("2026-11-19T15:00", "2026-11-19T17:00", None),
        ("2026-11-19T18:00", "2026-11-20T17:00", "Tiếp nhận sau 15:00"),
        ("2026-11-21T16:00", "2026-11-23T17:00", "Ngoài giờ làm việc"),
        ("2026-11-20T06:00", "2026-11-20T17:00", "Ngoài giờ làm việc"),
    ],
)
def test_the_cutoff_is_read_on_the_clock_of_the_day_of_acceptance(accepted, due, why):
    result = clock(Limit(0, LimitUnit.SAME_DAY, cutoff=time(15)), accepted)
    assert result.due == at(due)
    lines = said(result, LedgerKind.COUNTED_FROM)
    assert [line.startswith(why) for line in lines] == [True] if why else lines == []


def test_an_acceptance_at_lunch_before_the_cutoff_is_in_time():
    assert due_after(Limit(0, LimitUnit.SAME_DAY, cutoff=time(12)), at("2026-11-19T11:45"), OFFICE) == at(
        "2026-11-19T17:00"
    )


def test_calendar_days_count_weekends_and_only_the_end_moves():
    result = clock(Limit(8, LimitUnit.CALENDAR_DAYS), "2026-11-20T10:00")
    assert result.due == at("2026-11-30T17:00")
    assert said(result, LedgerKind.DAY_OFF) == [
        "Thứ Bảy 28/11/2026 là ngày nghỉ hằng tuần, không tính.",
        "Chủ Nhật 29/11/2026 là ngày nghỉ hằng tuần, không tính.",
    ]


@pytest.mark.parametrize("unit", [LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS])
def test_no_days_counted_from_an_evening_end_the_next_working_day_and_not_before_they_began(unit):
    assert due_after(Limit(0, unit, start=Start.MOMENT), at("2026-11-20T18:00"), OFFICE) == at("2026-11-23T17:00")


def test_working_hours_run_only_inside_the_windows():
    assert due_after(Limit(8, LimitUnit.WORKING_HOURS), at("2026-11-20T16:00"), OFFICE) == at("2026-11-23T16:00")
    assert due_after(Limit(8, LimitUnit.WORKING_HOURS), at("2026-11-21T20:00"), OFFICE) == at("2026-11-23T17:00")


def test_a_month_cut_by_a_stop_goes_on_less_the_days_counted():
    stop = happened(EventKind.STOPPED, "2026-03-12T10:00", cause="chờ nghĩa vụ tài chính")
    resume = happened(EventKind.RESUMED, "2026-03-20T10:00")
    result = clock(Limit(1, LimitUnit.MONTHS), "2026-03-02T10:00", stop, resume)
    assert result.due == at("2026-04-10T17:00")
    assert "còn 1 tháng, trừ 10 ngày đã tính" in said(result, LedgerKind.STOPPED)[0]


def test_hours_on_the_wall_stop_and_go_on_to_the_second():
    stop = happened(EventKind.STOPPED, "2026-11-20T12:00")
    resume = happened(EventKind.RESUMED, "2026-11-21T12:30")
    assert clock(Limit(24, LimitUnit.HOURS), "2026-11-20T10:00", stop, resume).due == at("2026-11-22T10:30")


def test_a_limit_counts_from_the_moment_the_competent_body_has_the_dossier():
    moved = happened(EventKind.TRANSFERRED, "2026-11-23T09:00", basis="khoản 3 Điều 17 NĐ 118/2025/NĐ-CP")
    result = clock(days(3), "2026-11-21T10:00", moved)
    assert result.due == at("2026-11-27T17:00")
    assert result.ledger[1].basis == "khoản 3 Điều 17 NĐ 118/2025/NĐ-CP"


def test_an_extension_goes_on_from_the_due_day_and_survives_a_pause():
    extension = happened(EventKind.EXTENDED, "2026-03-03T10:00", by=days(5))
    longer = clock(days(10), "2026-03-02T10:00", extension)
    assert longer.due == at("2026-03-23T17:00")
    stop, resume = happened(EventKind.STOPPED, "2026-03-17T10:00"), happened(EventKind.RESUMED, "2026-03-18T10:00")
    assert clock(days(10), "2026-03-02T10:00", extension, stop, resume).due == at("2026-03-24T17:00")


@pytest.mark.parametrize(
    "late",
    [
        (happened(EventKind.STOPPED, "2026-11-27T10:00"), happened(EventKind.RESUMED, "2026-12-07T10:00")),
        (happened(EventKind.STOPPED, "2026-11-27T10:00"), happened(EventKind.RESTARTED, "2026-12-07T10:00")),
        (happened(EventKind.RESTARTED, "2026-11-27T10:00"),),
        (happened(EventKind.EXTENDED, "2026-11-27T10:00", by=days(5)),),
    ],
)
def test_nothing_that_happens_after_the_due_moment_makes_a_late_dossier_timely(late):
    result = clock(days(3), "2026-11-20T10:00", *late)
    assert result.due == at("2026-11-26T17:00")
    assert "đã qua nên hạn không đổi" in said(result, LedgerKind.NO_EFFECT)[0]


def test_a_stopped_clock_says_so_and_shows_the_earliest_due_moment():
    result = clock(days(10), "2026-03-02T10:00", SUPPLEMENT)
    assert result.stopped_at == at("2026-03-05T10:00")
    assert result.due == at("2026-03-16T17:00")
    assert "Thời hạn đang dừng" in said(result, LedgerKind.DUE)[0]


def test_a_due_day_in_an_unconfirmed_year_carries_a_warning():
    result = clock(days(5), "2026-12-29T10:00")
    assert said(result, LedgerKind.WARNING) == [
        "Lịch nghỉ năm 2027 chưa được xác nhận: hạn 17:00 thứ Ba 05/01/2027 là tạm tính "
        "và sẽ được tính lại khi có lịch chính thức."
    ]
    assert said(clock(days(5), "2026-11-20T10:00"), LedgerKind.WARNING) == []


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([], "sự kiện đầu tiên là tiếp nhận"),
        ([happened(EventKind.STOPPED, "2026-03-05T10:00")], "sự kiện đầu tiên là tiếp nhận"),
        ([SUPPLEMENT, SUPPLEMENT], "đã dừng từ"),
        ([happened(EventKind.RESUMED, "2026-03-05T10:00")], "không dừng nên không thể tính tiếp"),
        ([happened(EventKind.STOPPED, "2026-03-01T10:00")], "sớm hơn lúc tiếp nhận"),
        ([happened(EventKind.ACCEPTED, "2026-03-05T10:00")], "lần thứ hai"),
        ([SUPPLEMENT, happened(EventKind.TRANSFERRED, "2026-03-06T10:00")], "ngay sau khi tiếp nhận"),
    ],
)
def test_events_that_cannot_have_happened_in_this_order_are_refused(events, sentence):
    if "đầu tiên" not in sentence:
        events = [happened(EventKind.ACCEPTED, "2026-03-02T10:00"), *events]
    with pytest.raises(ClockError, match=sentence):
        run_clock(days(10), events, OFFICE)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Limit(-1, LimitUnit.WORKING_DAYS), "nhập số từ 0 đến 3650"),
        (lambda: Limit(10**18, LimitUnit.MONTHS), "nhập số từ 0 đến 3650"),
        (lambda: Limit(2, LimitUnit.SAME_DAY), "nhập số từ 0 đến 1"),
        (lambda: Limit(2, LimitUnit.WORKING_DAYS, cutoff=time(15), start=Start.MOMENT), "bỏ giờ chốt"),
        (lambda: happened(EventKind.EXTENDED, "2026-03-05T10:00"), "gia hạn thêm bao lâu"),
        (lambda: happened(EventKind.EXTENDED, "2026-03-05T10:00", by=Limit(0, LimitUnit.SAME_DAY)), "trong ngày"),
        (lambda: happened(EventKind.REAPPOINTED, "2026-03-05T10:00"), "thời điểm hẹn mới"),
        (
            lambda: happened(EventKind.REAPPOINTED, "2026-03-05T10:00", to=at("2026-03-04T10:00")),
            "phải sau lúc hẹn",
        ),
    ],
)
def test_limits_and_events_that_say_nothing_countable_are_refused(make, sentence):
    with pytest.raises(ClockError, match=sentence):
        make()


def test_the_clock_can_be_written_as_plain_data():
    data = clock(days(3), "2026-11-20T10:00", committed=days(2)).to_data()
    assert data["statutory"] == "2026-11-26T17:00:00+07:00"
    assert data["appointment"] == "2026-11-25T17:00:00+07:00"
    assert data["ledger"][0] == {
        "at": "2026-11-20T10:00:00+07:00",
        "what": {
            "vi": "Tiếp nhận hồ sơ lúc 10:00 thứ Sáu 20/11/2026.",
            "en": "Dossier received at 10:00 Friday 20/11/2026.",
        },
        "basis": "",
        "kind": "accepted",
    }


def test_a_moment_in_another_zone_is_the_same_moment():
    assert due_after(days(3), datetime(2026, 11, 20, 3, tzinfo=UTC), OFFICE) == at("2026-11-26T17:00")
