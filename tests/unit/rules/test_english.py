"""Every kind of sentence that the rules make is made in English, too; a label without English stays Vietnamese."""

from datetime import date, datetime, time

import pytest

from rules.clock.running import ClockEvent, EventKind, Limit, LimitUnit, run_clock
from rules.clock.spans import WallTime, WorkingTime
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.evaluation.sayings import change_said
from rules.table.cell_text import parse_cell
from rules.values import Text
from rules.vocabulary import BUILT_IN, Fact, FactType, Source
from rules.wording import begun, inner, joined, phrase, same
from tests.definitions import DAY, charge, cut_table, data, fee_table, limit_table, office, procedure, row, table

LATE = {"id": "late", "kind": "whole_number", "label": {"vi": "Số ngày quá hạn", "en": "Days late"}, "unit": "day"}
POOR = {"id": "poor", "kind": "yes_no", "label": {"vi": "Hộ nghèo", "en": "Poor household"}}
FIELDS = [LATE, POOR, *(field for field in data()["fields"] if field["id"] not in ("late", "poor"))]


def outcome_of(given, on=DAY, **parts) -> Evaluation:
    return evaluate(procedure(**{"fields": FIELDS, **parts}), given, on=on, at=None, office=office())


def first_reason(given, **parts):
    return outcome_of(given, **parts).charges[0].reasons[0].sentence


def test_a_reason_names_the_circumstances_and_what_the_row_gives():
    said = first_reason({"channel": "online", "late": 3, "poor": False})
    assert said.en == "Filed online, days late 3 days: 10,001\u00a0đ"
    every = table("fee", [], {"amount": "money"}, [row("fee.all", {}, {"amount": 7000})])
    assert first_reason({}, tables=[every, cut_table(), limit_table()]).en == "Every case: 7,000\u00a0đ"


def test_a_label_without_english_stands_in_vietnamese_inside_the_english():
    rows = [row("fee.group", {"group": "a", "marks": "has all b"}, {"amount": 1000})]
    fee = table("fee", ["group", "marks"], {"amount": "money"}, rows)
    said = first_reason({"group": "a", "marks": ["b"]}, tables=[fee, cut_table(), limit_table()])
    assert said.en == "Nhóm đối tượng nhóm a, các nhóm nhóm b: 1,000\u00a0đ"


def test_that_no_row_applies_or_facts_are_wanting_is_said():
    assert first_reason({"channel": "post", "late": 1}).en == (
        "No rule applies: the table “Bảng fee” has no row for: filed by post, days late 1 day."
    )
    assert first_reason({"channel": "online"}).en == (
        "Not enough is known to read the table “Bảng fee”: no answer yet for days late."
    )


def test_a_reduction_that_counted_and_one_that_lost_say_what_is_left_to_pay():
    found = outcome_of({"channel": "online", "late": 3, "poor": True}, on=date(2027, 1, 1)).charges[0]
    assert found.reasons[-1].sentence.en == "“poor household” applies: free of charge, leaving 0\u00a0đ"
    assert [offer.sentence.en for offer in found.lost] == ["Filed online: 50% off, leaving 5,001\u00a0đ"]


def test_near_misses_say_what_would_have_to_be_otherwise():
    found = outcome_of({"channel": "counter", "late": 0, "poor": False}).charges[0]
    changes = {near.rule: near.change.en for near in found.near}
    assert changes["fee.online"] == "If filed online: 5,000\u00a0đ"
    assert changes["cut.poor"] == "If “poor household” applies: free of charge"
    later = outcome_of({"channel": "online", "late": 3, "poor": False}).charges[0]
    assert {near.rule: near.change.en for near in later.near}["cut.half"] == "From 01/01/2027: 50% off"


NUMBER = Fact("late", FactType.INT, Text("Số ngày quá hạn", "Days late"), Source.FORM, unit="day")
AGE = Fact("age", FactType.INT, Text("Tuổi", "Age"), Source.COMPUTED, unit="year")
NEEDY = Fact("poor", FactType.BOOL, Text("Hộ nghèo", "Poor household"), Source.FORM)
KIND = Fact("kind", FactType.CODE, Text("Loại", "Kind"), Source.FORM, {"a": Text("A"), "b": Text("B")})
MARKS = Fact("marks", FactType.CODES, Text("Các loại", "Kinds"), Source.FORM, {"a": Text("A"), "b": Text("B")})


@pytest.mark.parametrize(
    ("cell", "fact", "vi", "en"),
    [
        ("> 30", NUMBER, "nếu số ngày quá hạn trên 30 ngày", "if days late is more than 30 days"),
        ("1", NUMBER, "nếu số ngày quá hạn 1 ngày", "if days late is 1 day"),
        (">= 60", AGE, "nếu tính ra tuổi ít nhất 60 năm", "if age, as computed, is at least 60 years"),
        ("true", NEEDY, "nếu hộ nghèo", "if “poor household” applies"),
        ("not(true)", NEEDY, "nếu không phải trường hợp “hộ nghèo”", "if “poor household” does not apply"),
        ("known", NEEDY, "nếu hộ nghèo đã biết", "if poor household is known"),
        ("not(a)", KIND, "nếu loại trừ A", "if kind is other than A"),
        ("has none a, b", MARKS, "nếu các loại không có A, B", "if kinds includes none of A, B"),
        (
            "online, post",
            BUILT_IN["channel"],
            *("nộp trực tuyến hoặc nộp qua bưu chính", "if filed online or filed by post"),
        ),
        ("not(online)", BUILT_IN["channel"], "không nộp trực tuyến", "if not filed online"),
    ],
)
def test_the_change_that_a_row_asks_for_is_said(cell, fact, vi, en):
    assert change_said(parse_cell(cell, fact).test, fact) == Text(vi, en)


def test_an_amount_by_count_and_one_by_formula_are_said():
    times = outcome_of({"channel": "counter", "copies": 3}, charges=[charge(times="copies")]).charges[0]
    assert times.reasons[1].sentence.en == "Times số bản: 3 copies, making 60,000\u00a0đ"
    assert [near.change.en for near in times.near if near.rule == "fee.online"] == []
    facts = [{"id": "total", "type": "money", "label": {"vi": "Số tiền", "en": "Sum"}, "formula": "1000 * copies"}]
    parts = {"facts": facts, "charges": [charge(amount={"fact": "total"}, cuts=[])]}
    assert first_reason({"copies": 3}, **parts).en == "Sum: 3,000\u00a0đ"
    assert first_reason({}, **parts).en == "Sum: not enough is known to compute it"


def test_a_near_miss_of_an_amount_by_count_is_for_each():
    found = outcome_of({"channel": "online", "late": 0, "copies": 3}, charges=[charge(times="copies")]).charges[0]
    changes = {near.rule: near.change.en for near in found.near}
    assert changes["fee.online_late"] == "If days late is more than 0 days: 10,001\u00a0đ each"


def test_papers_say_their_need():
    papers = [
        {"code": "always", "label": {"vi": "Tờ khai", "en": "Application form"}},
        {"code": "proof", "label": "Giấy xác nhận", "required": {"when": {"poor": True}}},
        {"code": "by_table", "label": "Giấy khác", "required": {"table": "need", "output": "need"}},
    ]
    need = table("need", ["group"], {"need": "code"}, [row("need.a", {"group": "a"}, {"need": "waived"})])
    parts = {"papers": papers, "tables": [fee_table(), cut_table(), limit_table(), need]}
    found = outcome_of({"poor": True, "group": "a"}, **parts).papers
    assert [paper.reasons[0].sentence.en for paper in found] == [
        "Application form: required",
        "Giấy xác nhận: required (Poor household: yes)",
        "Nhóm đối tượng nhóm a: waived",
    ]
    other = outcome_of({"poor": False, "group": "b"}, **parts).papers
    assert other[1].reasons[0].sentence.en == "Giấy xác nhận: optional (Poor household: no)"
    assert other[2].near[0].change.en == "If nhóm đối tượng is Nhóm a: waived"


def test_a_refusal_says_its_ground_after_the_circumstances():
    reason = {"vi": "Nhóm a không làm được.", "en": "Group a cannot do this."}
    refusals = table("no", ["group"], {"reason": "text"}, [row("no.a", {"group": "a"}, {"reason": reason})], "collect")
    parts = {"eligibility": {"table": "no"}, "tables": [fee_table(), cut_table(), limit_table(), refusals]}
    found = outcome_of({"group": "a"}, **parts).refusals[0]
    assert found.text.en == "Group a cannot do this."
    assert found.reasons[0].sentence.en == "Nhóm đối tượng nhóm a: Group a cannot do this."


def test_a_deadline_says_its_limits_and_its_promise():
    promise = table(
        "promise", [], {"amount": "int", "unit": "code"}, [row("time.one", {}, {"amount": 1, "unit": "working_days"})]
    )
    tables = [fee_table(), cut_table(), limit_table(), promise]
    found = outcome_of({}, tables=tables, deadline={"table": "limit", "committed": {"table": "promise"}}).deadline
    assert found is not None
    assert [reason.sentence.en for reason in found.reasons] == [
        "Every case: 3 working days",
        "Every case: committed 1 working day",
    ]
    assert found.limit is not None
    assert found.limit.words == Text("3 ngày làm việc", "3 working days")


@pytest.mark.parametrize(
    ("amount", "unit", "vi", "en"),
    [
        (1, LimitUnit.CALENDAR_DAYS, "1 ngày", "1 day"),
        (8, LimitUnit.WORKING_HOURS, "8 giờ làm việc", "8 working hours"),
        (24, LimitUnit.HOURS, "24 giờ", "24 hours"),
        (2, LimitUnit.MONTHS, "2 tháng", "2 months"),
        (0, LimitUnit.SAME_DAY, "trong ngày", "within the day"),
    ],
)
def test_a_limit_is_said_with_its_unit(amount, unit, vi, en):
    assert Limit(amount, unit).words == Text(vi, en)


def test_what_is_left_of_hours_is_said():
    spans = WorkingTime.of_hours(8), WallTime.of_hours(1)
    assert [span.words.en for span in spans] == ["8 hours of working time", "1 hour without a break"]
    left = spans[0].rest(at("2026-11-20T08:00"), at("2026-11-20T09:30"), office())
    assert left.words == Text("6 giờ 30 phút làm việc", "6 hours 30 min of working time")


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def ledger_of(limit: Limit, *events: ClockEvent, committed: Limit | None = None, off: tuple[date, ...] = ()):
    return [line.what.en for line in run_clock(limit, events, office(*off), committed=committed).ledger]


def test_the_ledger_is_written_in_english():
    accepted = ClockEvent(EventKind.ACCEPTED, at("2026-11-20T16:00"))
    limits = Limit(2, LimitUnit.WORKING_DAYS, cutoff=time(15)), Limit(1, LimitUnit.WORKING_DAYS)
    assert ledger_of(limits[0], accepted, committed=limits[1], off=(date(2026, 11, 24),)) == [
        "Dossier received at 16:00 Friday 20/11/2026.",
        "Saturday 21/11/2026 is a weekly day off: not counted.",
        "Sunday 22/11/2026 is a weekly day off: not counted.",
        "By law: received after 15:00, so counted from the next working day: 07:00 Monday 23/11/2026.",
        "Due as committed (1 working day): 17:00 Monday 23/11/2026.",
        "Tuesday 24/11/2026 is a holiday, its compensation or a swapped day off: not counted.",
        "Due by law (2 working days): 17:00 Thursday 26/11/2026.",
    ]


def test_what_happens_on_the_way_is_written_in_english():
    lines = ledger_of(
        Limit(5, LimitUnit.WORKING_DAYS),
        ClockEvent(EventKind.ACCEPTED, at("2026-11-16T18:00")),
        ClockEvent(EventKind.STOPPED, at("2026-11-18T10:00"), cause="chờ bổ sung"),
        ClockEvent(EventKind.RESUMED, at("2026-11-19T10:00")),
        ClockEvent(EventKind.EXTENDED, at("2026-11-19T11:00"), by=Limit(1, LimitUnit.WORKING_DAYS)),
        ClockEvent(EventKind.RESTARTED, at("2026-11-20T10:00")),
        ClockEvent(EventKind.EXTENDED, at("2026-12-01T10:00"), by=Limit(1, LimitUnit.WORKING_DAYS)),
        ClockEvent(EventKind.REAPPOINTED, at("2026-12-01T11:00"), to=at("2026-12-02T10:00")),
    )
    assert [line for line in lines if "not counted" not in line] == [
        "Dossier received at 18:00 Monday 16/11/2026.",
        "Outside working hours, so counted from the next opening: 07:00 Tuesday 17/11/2026.",
        "Clock stopped (chờ bổ sung): 4 working days left.",
        "Clock going on: 4 working days left.",
        "Extended by 1 working day.",
        "Time limit started anew: 5 working days, extended by 1 working day.",
        "Due by law (5 working days): 17:00 Monday 30/11/2026.",
        "The time limit was extended, but 17:00 Monday 30/11/2026 had passed by then, so the due moment stays.",
        "Apology and new appointment: 10:00 Wednesday 02/12/2026. "
        "The due moment by law is still 17:00 Monday 30/11/2026. The dossier is late.",
    ]


def test_a_transfer_a_stopped_clock_and_an_unconfirmed_year_are_written_in_english():
    lines = ledger_of(
        Limit(1, LimitUnit.WORKING_DAYS),
        ClockEvent(EventKind.ACCEPTED, at("2028-01-03T08:00")),
        ClockEvent(EventKind.TRANSFERRED, at("2028-01-03T09:00")),
        ClockEvent(EventKind.STOPPED, at("2028-01-03T10:00")),
    )
    assert lines[1:] == [
        "The competent body received the dossier at 09:00 Monday 03/01/2028: the time limit runs from then.",
        "Clock stopped: 1 working day left.",
        "Due by law (1 working day): 17:00 Tuesday 04/01/2028. "
        "The clock is stopped: the due moment moves with the wait.",
        "The days off of 2028 are not confirmed yet: 17:00 Tuesday 04/01/2028 is provisional and is counted again "
        "once they are.",
    ]


GROUP = Fact("rows", FactType.GROUP, Text("Bản chính"), Source.FORM, members=(KIND, NUMBER))


@pytest.mark.parametrize(
    ("fact", "value", "vi", "en"),
    [
        (NUMBER, None, "chưa có dữ liệu", "not known"),
        (NUMBER, 1, "1 ngày", "1 day"),
        (NUMBER, 1200, "1.200 ngày", "1,200 days"),
        (NEEDY, True, "có", "yes"),
        (KIND, "a", "A", "A"),
        (MARKS, ["a", "b"], "A, B", "A, B"),
        (MARKS, [], "không có", "none"),
        (BUILT_IN["channel"], "post", "Qua bưu chính", "By post"),
        (BUILT_IN["accepted_on"], DAY, "20/11/2026", "20/11/2026"),
        (Fact("note", FactType.TEXT, Text("Ghi chú"), Source.FORM), "", "để trống", "left blank"),
        (GROUP, [], "không có dòng nào", "no rows"),
        (GROUP, [{"kind": "a", "late": 1}, {"kind": "b"}, {}], "A, 1 ngày; B; để trống", "A, 1 day; B; left blank"),
        (GROUP, [{"kind": "a"}] * 6, "A; A; A; A; A; … (tất cả 6 dòng)", "A; A; A; A; A; … (6 rows in all)"),
    ],
)
def test_a_value_is_shown_in_both_languages(fact, value, vi, en):
    assert fact.shown(value) == Text(vi, en)


def test_sentences_are_put_together_in_both_languages():
    label = Text("Ủy ban {tỉnh}", "Committee {x}")
    assert phrase("{}: {}", "{} = {}", label, "5%") == Text("Ủy ban {tỉnh}: 5%", "Committee {x} = 5%")
    assert joined([Text("một", "one"), Text("hai")], " và ", " and ") == Text("một và hai", "one and hai")
    assert begun(Text("đơn", "form")) == Text("Đơn", "Form")
    assert inner(Text("UBND xã", "Number")) == Text("UBND xã", "number")
    assert same("x") == Text("x", "x")


def test_words_that_only_the_definition_decides_are_made_once():
    facts = {"channel": "counter", "late": 0, "poor": False}
    first, second = (outcome_of(facts).charges[0] for _ in range(2))
    assert first.near
    assert all(one is other for one, other in zip(first.near, second.near, strict=True))
    assert first.reasons[0].facts[0] is second.reasons[0].facts[0]


def test_two_readers_of_one_table_each_hear_what_it_gives_them():
    rows = [row("both", {"group": "a"}, {"amount": 5, "need": "waived"})]
    both = table("fee", ["group"], {"amount": "money", "need": "code"}, rows)
    papers = [{"code": "registration", "label": "Giấy", "required": {"table": "fee", "output": "need"}}]
    charges = [charge(cuts=[]), charge(id="dollars", currency="USD", cuts=[])]
    found = outcome_of({"group": "b"}, tables=[both, cut_table(), limit_table()], papers=papers, charges=charges)
    assert [near.change.en for finding in (*found.charges, *found.papers) for near in finding.near] == [
        "If nhóm đối tượng is Nhóm a: 5\u00a0đ",
        "If nhóm đối tượng is Nhóm a: 0.05\u00a0USD",
        "If nhóm đối tượng is Nhóm a: waived",
    ]
