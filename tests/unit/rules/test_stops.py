"""What stops a clock: the effect of a wait, its own limit, waits that overlap, and outages."""

from dataclasses import replace
from datetime import datetime

import pytest

from rules.clock.calendar import LEGAL_TIME, OfficeTime, Outage
from rules.clock.running import (
    Cause,
    Clock,
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
    run_clock,
)
from rules.values import Text
from tests.definitions import office

OFFICE = office()
TEN_DAYS = Limit(10, LimitUnit.WORKING_DAYS)
MONEY = StopRule(
    "tax",
    Cause.FINANCIAL_OBLIGATION,
    Text("chờ nộp thuế", "waiting for tax"),
    limit=Limit(5, LimitUnit.WORKING_DAYS),
    at_limit=Text("Nhắc người nộp.", "The payer is reminded."),
    basis="Điều 9",
)
VERIFIED = StopRule("verify", Cause.EXAMINATION, Text("chờ giám định", "waiting for experts"))
REVISED = StopRule("revise", Cause.REVISION, Text("chờ chỉnh sửa", "waiting for a revision"), Effect.RESTART)
CONFIRMED = StopRule("confirm", Cause.CONFIRMATION, Text("chờ xác nhận", "waiting to confirm"), Effect.RUN_ON)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LEGAL_TIME)


def happened(kind: EventKind, moment: str, stop: StopRule | None = None, **more) -> ClockEvent:
    return ClockEvent(kind, at(f"2026-{moment}"), stop=stop, **more)


def stopped(moment: str, stop: StopRule | None = None) -> ClockEvent:
    return happened(EventKind.STOPPED, moment, stop)


def resumed(moment: str, stop: StopRule | None = None) -> ClockEvent:
    return happened(EventKind.RESUMED, moment, stop)


def down(since: str, until: str | None) -> OfficeTime:
    outage = Outage(at(f"2026-{since}"), at(f"2026-{until}") if until else None, "Thông báo 7")
    return OfficeTime(OFFICE.calendar, OFFICE.hours, (outage,))


def clock(*events: ClockEvent, limit: Limit = TEN_DAYS, where: OfficeTime = OFFICE, stops=()) -> Clock:
    accepted = happened(EventKind.ACCEPTED, "03-02T10:00")
    return run_clock(limit, [accepted, *events], where, stops=stops)


def due(result: Clock) -> str:
    return f"{result.due:%m-%dT%H:%M}"


def said(result: Clock, *kinds: LedgerKind) -> list[tuple[str, str]]:
    return [(f"{line.at:%m-%dT%H:%M}", line.what.vi) for line in result.ledger if line.kind in kinds]


def test_a_wait_is_called_as_the_procedure_calls_it_and_carries_its_citation():
    result = clock(stopped("03-05T10:00", MONEY), resumed("03-10T10:00", MONEY))
    assert said(result, LedgerKind.STOPPED) == [
        ("03-05T10:00", "Tạm dừng tính thời hạn (chờ nộp thuế): còn 7 ngày làm việc.")
    ]
    assert [line.basis for line in result.ledger if line.kind is LedgerKind.STOPPED] == ["Điều 9"]
    assert due(result) == "03-19T17:00"


def test_a_wait_that_lets_the_limit_run_on_moves_nothing_and_is_noted():
    result = clock(stopped("03-05T10:00", CONFIRMED), resumed("03-10T10:00", CONFIRMED))
    assert due(result) == "03-16T17:00"
    assert result.stopped_at is None
    assert said(result, LedgerKind.NOTED, LedgerKind.STOPPED, LedgerKind.RESUMED) == [
        ("03-05T10:00", "Ghi nhận chờ xác nhận: thời hạn vẫn tính."),
        ("03-10T10:00", "Kết thúc chờ xác nhận."),
    ]


def test_a_wait_that_restarts_counts_the_whole_limit_once_it_is_over():
    result = clock(stopped("03-05T10:00", REVISED), resumed("03-16T10:00"))
    assert due(result) == "03-30T17:00"
    assert said(result, LedgerKind.RESTARTED) == [("03-16T10:00", "Tính lại thời hạn từ đầu: 10 ngày làm việc.")]


def test_to_restart_keeps_the_extensions_that_were_given():
    extension = happened(EventKind.EXTENDED, "03-03T10:00", by=Limit(5, LimitUnit.WORKING_DAYS))
    result = clock(extension, stopped("03-05T10:00", REVISED), resumed("03-16T10:00"))
    assert due(result) == "04-06T17:00"
    assert said(result, LedgerKind.RESTARTED) == [
        ("03-16T10:00", "Tính lại thời hạn từ đầu: 10 ngày làm việc, gia hạn 5 ngày làm việc.")
    ]


@pytest.mark.parametrize(
    ("over", "line"),
    [
        ("03-12T16:00", []),
        ("03-13T10:00", [("03-12T17:00", "Hết thời hạn chờ nộp thuế (5 ngày làm việc): nhắc người nộp.")]),
        (None, [("03-12T17:00", "Đến lúc này là hết thời hạn chờ nộp thuế (5 ngày làm việc): nhắc người nộp.")]),
    ],
)
def test_the_limit_of_a_wait_is_told_once_it_has_passed_or_while_the_wait_lasts(over, line):
    ended = (resumed(over, MONEY),) if over else ()
    assert said(clock(stopped("03-05T10:00", MONEY), *ended), LedgerKind.STOP_LIMIT) == line


def test_the_clock_goes_on_when_the_last_of_several_waits_is_over():
    result = clock(
        stopped("03-05T10:00", MONEY),
        stopped("03-06T10:00", VERIFIED),
        resumed("03-09T10:00", MONEY),
        resumed("03-16T10:00", VERIFIED),
    )
    assert due(result) == "03-25T17:00"
    assert said(result, LedgerKind.NOTED) == [
        ("03-06T10:00", "Thêm lý do dừng, chờ giám định: thời hạn vẫn dừng."),
        ("03-09T10:00", "Kết thúc chờ nộp thuế; thời hạn vẫn dừng vì chờ giám định."),
    ]


def test_a_restart_that_must_wait_for_another_cause_counts_from_the_end_of_that():
    events = [stopped("03-05T10:00", REVISED), stopped("03-06T10:00", MONEY)]
    result = clock(*events, resumed("03-09T10:00", REVISED), resumed("03-16T10:00", MONEY))
    assert due(result) == "03-30T17:00"


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ([stopped("03-05T10:00", MONEY), stopped("03-06T10:00", VERIFIED), resumed("03-09T10:00")], "lý do nào đã hết"),
        ([stopped("03-05T10:00", MONEY), resumed("03-06T10:00", VERIFIED)], "với cùng lý do"),
        ([stopped("03-05T10:00", MONEY), stopped("03-06T10:00", MONEY)], "vì cùng lý do này"),
        ([stopped("03-05T10:00", MONEY), happened(EventKind.RESTARTED, "03-06T10:00")], "không cho tính lại từ đầu"),
        ([happened(EventKind.RESTARTED, "03-06T10:00", MONEY)], "Không có lần dừng nào như vậy"),
    ],
)
def test_what_contradicts_the_waits_is_refused_with_the_number_of_the_event(events, sentence):
    with pytest.raises(ClockError, match=sentence) as refused:
        clock(*events)
    assert refused.value.event == len(events)


def test_an_outage_of_the_office_pauses_a_limit_that_runs_through_it():
    result = clock(limit=Limit(24, LimitUnit.HOURS), where=down("03-02T15:00", "03-03T09:00"))
    assert due(result) == "03-04T04:00"
    assert [line.basis for line in result.ledger if line.kind is LedgerKind.STOPPED] == ["Thông báo 7"]
    assert said(result, LedgerKind.STOPPED, LedgerKind.RESUMED) == [
        ("03-02T15:00", "Tạm dừng tính thời hạn (hệ thống ngừng hoạt động): còn 19 giờ liên tục."),
        ("03-03T09:00", "Tính tiếp thời hạn (hệ thống hoạt động lại): còn 19 giờ liên tục."),
    ]


def test_an_outage_within_one_day_takes_no_day_from_a_limit_in_days():
    assert due(clock(where=down("03-05T08:00", "03-05T16:00"))) == "03-16T17:00"


@pytest.mark.parametrize(
    ("effect", "moment"),
    [(Effect.PAUSE, "03-19T17:00"), (Effect.RESTART, "03-24T17:00"), (Effect.RUN_ON, "03-16T17:00")],
)
def test_what_an_outage_does_is_for_the_procedure_to_say(effect, moment):
    rule = StopRule("down", Cause.OUTAGE, Text("sự cố", "an outage"), effect)
    assert due(clock(where=down("03-05T08:00", "03-10T09:00"), stops=[rule])) == moment


def test_an_outage_that_was_over_before_or_began_too_late_leaves_no_trace():
    quiet = clock().ledger
    assert clock(where=down("02-27T08:00", "03-02T10:00")).ledger == quiet
    assert clock(where=down("03-17T08:00", "03-18T09:00")).ledger == quiet


def test_an_outage_at_the_acceptance_holds_the_limit_from_the_acceptance():
    result = clock(where=down("02-27T08:00", "03-04T10:00"))
    assert due(result) == "03-18T17:00"
    assert said(result, LedgerKind.STOPPED)[0][0] == "03-02T10:00"


def test_systems_that_are_still_down_leave_the_clock_stopped():
    assert clock(where=down("03-05T08:00", None)).stopped_at == at("2026-03-05T08:00")


def test_an_outage_during_a_wait_holds_the_clock_beyond_it():
    outage = happened(EventKind.OUTAGE, "03-13T08:00", until=at("2026-03-17T09:00"))
    result = clock(stopped("03-05T10:00", MONEY), resumed("03-16T10:00", MONEY), outage)
    assert due(result) == "03-26T17:00"


def test_a_transfer_during_an_outage_counts_from_the_end_of_it():
    transferred = happened(EventKind.TRANSFERRED, "03-04T10:00")
    assert due(clock(transferred, where=down("03-03T08:00", "03-05T09:00"))) == "03-19T17:00"


def test_a_limit_may_add_up_and_says_so():
    limit = Limit(0, LimitUnit.SAME_DAY, added=(Limit(3, LimitUnit.WORKING_DAYS), Limit(1, LimitUnit.MONTHS)))
    assert limit.words == Text(
        "trong ngày, thêm 3 ngày làm việc, thêm 1 tháng", "within the day, plus 3 working days, plus 1 month"
    )
    assert due(clock(limit=limit)) == "04-06T17:00"


@pytest.mark.parametrize(("rolls", "moment"), [(True, "03-09T17:00"), (False, "03-07T23:59")])
def test_days_end_on_a_day_off_only_where_the_law_does_not_move_them(rolls, moment):
    assert due(clock(limit=Limit(5, LimitUnit.CALENDAR_DAYS, rolls=rolls))) == moment


def test_a_limit_in_working_days_never_ends_on_a_day_off():
    with pytest.raises(ClockError, match="Bỏ rolls"):
        Limit(5, LimitUnit.WORKING_DAYS, rolls=False)


def test_what_counts_an_acceptance_at_once_goes_on_at_once():
    limit = Limit(1, LimitUnit.WORKING_DAYS, start=Start.MOMENT)
    events = stopped("03-02T11:00", MONEY), resumed("03-07T20:00", MONEY)
    assert due(clock(*events, limit=limit)) == "03-09T17:00"
    assert due(clock(*events, limit=Limit(1, LimitUnit.WORKING_DAYS))) == "03-10T17:00"


def test_the_due_line_cites_the_rule_that_sets_the_limit():
    result = clock(limit=Limit(3, LimitUnit.WORKING_DAYS, basis="Điều 5"))
    assert [line.basis for line in result.ledger if line.kind is LedgerKind.DUE] == ["Điều 5"]


def test_an_outage_cannot_end_before_it_began_and_other_events_do_not_last():
    with pytest.raises(ClockError, match="hoạt động lại"):
        happened(EventKind.OUTAGE, "03-05T10:00", until=at("2026-03-05T10:00"))
    with pytest.raises(ClockError, match="Chỉ sự cố"):
        happened(EventKind.STOPPED, "03-05T10:00", until=at("2026-03-06T10:00"))


ONCE = StopRule("more", Cause.SUPPLEMENT, Text("chờ bổ sung", "waiting for more"), basis="Điều 12", most=1)


def test_a_wait_that_may_stop_the_clock_once_lets_it_run_on_the_second_time():
    once = clock(stopped("03-05T10:00", ONCE), resumed("03-10T10:00", ONCE))
    twice = clock(
        *(stopped("03-05T10:00", ONCE), resumed("03-10T10:00", ONCE)),
        *(stopped("03-11T10:00", ONCE), resumed("03-16T10:00", ONCE)),
    )
    assert due(twice) == due(once)
    assert twice.stopped_at is None
    assert said(twice, LedgerKind.TOO_OFTEN) == [
        ("03-11T10:00", "Chờ bổ sung đã dừng thời hạn đủ 1 lần theo quy định: lần này thời hạn vẫn tính.")
    ]
    [line] = [line for line in twice.ledger if line.kind is LedgerKind.TOO_OFTEN]
    assert line.basis == "Điều 12"
    assert line.what.en == (
        "The clock has been stopped as often as the law allows (1) by: Waiting for more. This time the limit runs on."
    )


def test_while_the_wait_of_too_many_lasts_the_clock_runs():
    running = clock(stopped("03-05T10:00", ONCE), resumed("03-10T10:00", ONCE), stopped("03-11T10:00", ONCE))
    assert running.stopped_at is None
    assert due(running) == "03-19T17:00"


SILENT = StopRule(
    "draft",
    Cause.CONFIRMATION,
    Text("chờ xác nhận bản nháp", "waiting for the draft to be confirmed"),
    limit=Limit(1, LimitUnit.CALENDAR_DAYS),
    at_limit=Text("Coi như đã đồng ý.", "That counts as consent."),
    basis="Điều 11",
    silence=Silence.RESUMES,
)


def test_where_silence_is_consent_the_clock_goes_on_by_itself_when_the_wait_is_over():
    silent = clock(stopped("03-05T10:00", SILENT))
    assert due(silent) == due(clock(stopped("03-05T10:00", SILENT), resumed("03-06T17:00", SILENT)))
    assert silent.stopped_at is None
    assert said(silent, LedgerKind.RESUMED) == [
        ("03-06T17:00", "Tính tiếp thời hạn (nếu đến lúc này vẫn không có trả lời): còn 7 ngày làm việc.")
    ]
    [line] = [line for line in silent.ledger if line.kind is LedgerKind.RESUMED]
    assert line.basis == "Điều 11"


def test_without_that_word_the_clock_stands_until_somebody_answers():
    standing = clock(stopped("03-05T10:00", replace(SILENT, silence=Silence.STANDS)))
    assert standing.stopped_at == at("2026-03-05T10:00")
    assert not said(standing, LedgerKind.RESUMED)


def test_an_answer_in_time_counts_as_ever_also_in_the_last_moment():
    assert due(clock(stopped("03-05T10:00", SILENT), resumed("03-05T15:00", SILENT))) == "03-16T17:00"
    last = clock(stopped("03-05T10:00", SILENT), resumed("03-06T17:00", SILENT))
    assert (due(last), said(last, LedgerKind.STOP_LIMIT)) == ("03-17T17:00", [])


def test_an_answer_after_silence_was_consent_has_no_effect():
    late = clock(stopped("03-05T10:00", SILENT), resumed("03-10T10:00", SILENT))
    assert due(late) == due(clock(stopped("03-05T10:00", SILENT)))
    assert said(late, LedgerKind.STOP_LIMIT) == [
        ("03-06T17:00", "Hết thời hạn chờ xác nhận bản nháp (1 ngày): coi như đã đồng ý.")
    ]
    assert said(late, LedgerKind.NO_EFFECT) == [
        (
            "03-10T10:00",
            "Có trả lời về chờ xác nhận bản nháp, nhưng thời hạn đã tự tính tiếp từ 17:00 thứ Sáu 06/03/2026 "
            "nên không có tác dụng.",
        )
    ]
    with pytest.raises(ClockError, match="không dừng"):
        clock(stopped("03-05T10:00", SILENT), resumed("03-10T10:00", SILENT), resumed("03-11T10:00", SILENT))


def test_what_is_due_within_the_day_is_due_on_the_day_after_silence():
    rule = StopRule("w", Cause.CONFIRMATION, Text("chờ", ""), limit=SILENT.limit, silence=Silence.RESUMES)
    events = [happened(EventKind.ACCEPTED, "11-18T10:00"), stopped("11-18T11:00", rule)]
    assert due(run_clock(Limit(0, LimitUnit.SAME_DAY), events, OFFICE)) == "11-20T17:00"


def test_silence_ends_one_wait_while_another_lasts():
    both = clock(stopped("03-05T10:00", SILENT), stopped("03-06T10:00", VERIFIED))
    assert both.stopped_at == at("2026-03-05T10:00")
    answered = clock(stopped("03-05T10:00", SILENT), stopped("03-06T10:00", VERIFIED), resumed("03-12T10:00", VERIFIED))
    assert due(answered) == due(clock(stopped("03-05T10:00"), resumed("03-12T10:00")))


def test_silence_may_start_the_whole_limit_anew():
    anew = replace(SILENT, effect=Effect.RESTART)
    assert due(clock(stopped("03-05T10:00", anew))) == due(
        clock(stopped("03-05T10:00", anew), resumed("03-06T17:00", anew))
    )


def reappointed(to: str):
    return clock(happened(EventKind.REAPPOINTED, "03-13T10:00", to=at(f"2026-{to}")))


def test_the_first_appointment_stays_visible_beside_the_latest():
    again = reappointed("03-20T10:00")
    assert (again.first_appointment, again.appointment) == (again.due, at("2026-03-20T10:00"))
    assert again.to_data()["first_appointment"] == again.due.isoformat()
    assert "first_appointment" not in clock().to_data()


@pytest.mark.parametrize(
    ("to", "notes"),
    [
        ("03-20T10:00", []),
        ("03-21T10:00", ["ngoài giờ làm việc"]),
        ("03-20T19:00", ["ngoài giờ làm việc"]),
        ("03-13T11:00", ["sớm hơn hạn đã hẹn lần đầu, 17:00 thứ Hai 16/03/2026"]),
        ("03-13T20:00", ["ngoài giờ làm việc", "sớm hơn hạn đã hẹn lần đầu"]),
    ],
)
def test_a_new_appointment_that_nobody_can_keep_is_remarked_on_but_not_refused(to, notes):
    again = reappointed(to)
    [(_, sentence)] = said(again, LedgerKind.REAPPOINTED)
    assert sentence.count("Lưu ý:") == len(notes)
    assert all(note in sentence for note in notes)
    assert again.appointment == at(f"2026-{to}")


def test_another_cause_is_counted_by_itself():
    result = clock(
        *(stopped("03-05T10:00", ONCE), resumed("03-06T10:00", ONCE)),
        *(stopped("03-09T10:00", VERIFIED), resumed("03-10T10:00", VERIFIED)),
    )
    assert not said(result, LedgerKind.TOO_OFTEN)


def test_a_supplement_of_too_many_neither_restarts_the_limit():
    rule = StopRule("more", Cause.SUPPLEMENT, Text("chờ bổ sung", ""), Effect.RESTART, most=1)
    once = clock(stopped("03-05T10:00", rule), resumed("03-10T10:00", rule))
    again = (stopped("03-11T10:00", rule), resumed("03-16T10:00", rule))
    assert due(clock(stopped("03-05T10:00", rule), resumed("03-10T10:00", rule), *again)) == due(once)
