"""Why the appointment is that day: one sentence, from the lines of the ledger and nothing else."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from rules.clock.calendar import LEGAL_TIME, OfficeTime, WorkCalendar
from rules.clock.days_off import day_off_called
from rules.clock.hours import Outage
from rules.clock.ledger import LedgerLine
from rules.clock.running import ClockEvent, EventKind, Limit, LimitUnit, run_clock
from rules.evaluation.findings import DeadlineFinding, State
from rules.say.appointment import why_that_day
from rules.values import NO_TEXT, Text

TET = [{"date": f"2026-02-{day}", "kind": "HOLIDAY", "name": "Tết Nguyên đán"} for day in range(16, 21)]
OFFICE = OfficeTime(
    WorkCalendar.from_rows(
        [
            *TET,
            {"date": "2026-11-24", "kind": "HOLIDAY", "name": "Ngày Văn hóa Việt Nam"},
            {"date": "2026-01-01", "kind": "HOLIDAY", "name": "Tết Dương lịch"},
            {"date": "2026-01-02", "kind": "SWAP_OFF", "name": "Nghỉ hoán đổi (làm bù ngày 10/01/2026)"},
            {"date": "2026-01-10", "kind": "MAKEUP_WORKDAY"},
            {"date": "2026-09-02", "kind": "HOLIDAY"},
        ]
    )
)
SAME_DAY = Limit(0, LimitUnit.SAME_DAY, cutoff=time(15))


def days(count: int, unit: LimitUnit = LimitUnit.WORKING_DAYS) -> Limit:
    return Limit(count, unit)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_TIME)


def found(limit: Limit, accepted: str, committed: Limit | None = None, office: OfficeTime = OFFICE) -> DeadlineFinding:
    clock = run_clock(limit, [ClockEvent(EventKind.ACCEPTED, at(accepted))], office, committed=committed)
    return DeadlineFinding(
        state=State.DECIDED, statutory=clock.due, committed=clock.committed, appointment=clock.appointment,
        limit=None, committed_limit=None, reasons=(), ledger=clock.ledger,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "accepted", "sentence"),
    [
        (
            SAME_DAY,
            "2026-11-23T15:30",
            "Tiếp nhận sau 15:00 nên tính từ ngày làm việc tiếp theo: 07:00 thứ Tư 25/11/2026; "
            "24/11 nghỉ Ngày Văn hóa Việt Nam.",
        ),
        (SAME_DAY, "2026-11-20T10:00", ""),
        (days(1), "2026-11-25T10:00", ""),
        (
            days(3),
            "2026-11-20T10:00",
            "Thứ Bảy 21/11, Chủ Nhật 22/11 nghỉ hằng tuần; 24/11 nghỉ Ngày Văn hóa Việt Nam.",
        ),
        (
            days(1),
            "2026-11-21T09:00",
            "Ngoài giờ làm việc nên tính từ lần mở cửa tiếp theo: 07:00 thứ Hai 23/11/2026; "
            "thứ Bảy 21/11, Chủ Nhật 22/11 nghỉ hằng tuần; 24/11 nghỉ Ngày Văn hóa Việt Nam.",
        ),
        (
            days(10),
            "2026-02-10T10:00",
            "Thứ Bảy, Chủ Nhật nghỉ hằng tuần; 16/02 đến 20/02 nghỉ Tết Nguyên đán.",
        ),
        (days(1), "2026-09-01T10:00", "02/09 nghỉ lễ, nghỉ bù hoặc hoán đổi."),
        (
            days(2),
            "2025-12-31T10:00",
            "Thứ Bảy 03/01, Chủ Nhật 04/01 nghỉ hằng tuần; 01/01/2026 nghỉ Tết Dương lịch; "
            "02/01/2026 nghỉ hoán đổi (làm bù ngày 10/01/2026).",
        ),
        (days(1), "2026-01-09T10:00", "Thứ Bảy 10/01 làm bù, được tính."),
        (days(8, LimitUnit.CALENDAR_DAYS), "2026-11-20T10:00", "Thứ Bảy 28/11, Chủ Nhật 29/11 nghỉ hằng tuần."),
        (
            days(1, LimitUnit.MONTHS),
            "2026-10-24T10:00",
            "Ngoài giờ làm việc nên tính từ lần mở cửa tiếp theo: 07:00 thứ Hai 26/10/2026; "
            "thứ Bảy 24/10, Chủ Nhật 25/10 nghỉ hằng tuần.",
        ),
        (days(24, LimitUnit.HOURS), "2026-11-20T10:00", ""),
    ],
)
def test_the_sentence_says_what_moves_the_day(limit, accepted, sentence):
    assert why_that_day(found(limit, accepted)).vi == sentence


def test_the_sentence_speaks_english():
    assert why_that_day(found(SAME_DAY, "2026-11-20T15:30")).en == (
        "Received after 15:00, so counted from the next working day: 07:00 Monday 23/11/2026; "
        "no work on Saturday 21/11, Sunday 22/11."
    )
    assert why_that_day(found(days(10), "2026-02-10T10:00")).en.startswith("No work on Saturdays, Sundays; 16/02 to")


def test_days_after_the_promise_are_left_out_and_so_is_what_only_the_other_count_passes_over():
    promised = found(days(6, LimitUnit.CALENDAR_DAYS), "2026-11-20T10:00", committed=days(1))
    assert why_that_day(promised).vi == "Thứ Bảy 21/11, Chủ Nhật 22/11 nghỉ hằng tuần."
    by_law = found(days(3, LimitUnit.CALENDAR_DAYS), "2026-11-20T10:00", committed=days(9))
    assert by_law.appointment == by_law.statutory == at("2026-11-23T17:00")
    assert why_that_day(by_law).vi == ""


def test_a_cutoff_of_the_promise_alone_is_said_only_where_the_promise_gives_the_day():
    promised = found(days(3), "2026-11-25T15:30", committed=SAME_DAY)
    assert why_that_day(promised).vi == (
        "Tiếp nhận sau 15:00 nên tính từ ngày làm việc tiếp theo: 07:00 thứ Năm 26/11/2026."
    )
    late = found(replace(SAME_DAY, cutoff=time(16)), "2026-11-25T15:30", committed=SAME_DAY)
    assert late.appointment == at("2026-11-25T17:00")
    assert why_that_day(late).vi == ""


def test_an_outage_that_stops_the_clock_is_said():
    down = replace(
        OFFICE, outages=(Outage(at("2026-11-26T08:00"), at("2026-11-27T09:00"), "", Text("sự cố", "failure")),)
    )
    assert why_that_day(found(days(1), "2026-11-25T10:00", office=down)).vi.startswith(
        "Tạm dừng tính thời hạn (sự cố): còn "
    )


def test_without_a_limit_nothing_is_said():
    nothing = DeadlineFinding(State.NO_RULE, None, None, None, None, None, ())
    assert why_that_day(nothing) == NO_TEXT


def test_a_line_kept_before_days_off_had_names_is_read_as_it_was():
    for line in found(days(3), "2026-11-20T10:00", days(2)).ledger:
        assert LedgerLine.from_data(line.to_data()) == line
    old = {"at": "2026-11-24T00:00:00+07:00", "what": {"vi": "Nghỉ.", "en": "Off."}, "basis": "", "kind": "day_off"}
    assert LedgerLine.from_data(old).to_data() == old


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Quốc khánh", "National Day"),
        ("Quốc khánh (nghỉ bù)", "National Day, in lieu"),
        ("Nghỉ hoán đổi (làm bù ngày 22/08/2026)", "swapped for work on 22/08/2026"),
        ("Làm bù cho ngày 31/08/2026", "worked for 31/08/2026"),
        ("Ngày hội của tỉnh", ""),
    ],
)
def test_a_day_off_that_the_law_names_has_its_english_name(name, english):
    assert day_off_called(name) == Text(name, english)
