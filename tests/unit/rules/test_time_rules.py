"""The time limit of a definition: time on top, limits that combine, waits, ends on days off, and where it begins."""

from datetime import date, datetime

import pytest

from rules.check.procedure import check
from rules.clock.calendar import LEGAL_TIME
from rules.clock.running import ClockEvent, EventKind, LedgerKind, run_clock
from rules.codec import canonical_json, definition_from, definition_from_json, definition_to_data, law_hash
from rules.decode.ledger import asked_from
from rules.errors import DefinitionError, Severity
from rules.evaluation.cases import run_cases
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from tests.definitions import (
    DAY,
    basis,
    cut_table,
    data,
    definition,
    fee_table,
    limit_table,
    office,
    outcome,
    procedure,
    row,
    table,
)

VERIFY = {"id": "verify", "type": "bool", "source": "officer", "stage": "appraisal", "label": "Phải xác minh"}
PLACES = {"id": "places", "type": "int", "source": "officer", "stage": "appraisal", "label": "Số nơi"}
SAME_DAY = {"amount": 0, "unit": "same_day"}
AT_TEN = datetime(2026, 11, 20, 10, tzinfo=LEGAL_TIME)


def days(number, **more):
    return {"amount": number, "unit": "working_days", **more}


def limits(*rows, name="limit", hit="first", inputs=("verify", "places"), outputs=None):
    return table(name, list(inputs), {"amount": "int", "unit": "code", **(outputs or {})}, list(rows), hit)


def more_time(*rows, **more):
    own = [row("more.verify", {"verify": True}, days(3)), row("more.places", {"places": ">= 2"}, days(2))]
    return limits(*(rows or own), name="more", hit="collect", **more)


def time_parts(*tables, **deadline):
    return {
        "facts": [VERIFY, PLACES],
        "tables": [fee_table(), cut_table(), *(tables or (limit_table(),))],
        "deadline": {"table": "limit", **deadline},
    }


def due(facts, *tables, at=AT_TEN, **deadline):
    found = outcome(facts, on=at.date(), at=at, **time_parts(*tables, **deadline)).deadline
    return found.statutory.strftime("%m-%dT%H:%M") if found.statutory else None


def problems_of(*tables, **deadline):
    with pytest.raises(DefinitionError) as refused:
        definition(**time_parts(*tables, **deadline))
    return [(problem.place, problem.what, problem.hint) for problem in refused.value.problems]


SAME_DAY_ONLY = limits(row("time.same_day", {}, SAME_DAY), inputs=())
BOTH = limits(
    row("time.two", {}, days(2)),
    row("time.verify", {"verify": True}, days(5)),
    row("time.places", {"places": ">= 2"}, SAME_DAY),
    hit="collect",
)


def test_verification_adds_three_working_days_to_a_limit_of_the_same_day():
    added = {"added": [{"table": "more"}]}
    assert due({}, SAME_DAY_ONLY, more_time(), **added) == "11-20T17:00"
    assert due({"verify": True}, SAME_DAY_ONLY, more_time(), **added) == "11-25T17:00"
    assert due({"verify": True, "places": 2}, SAME_DAY_ONLY, more_time(), **added) == "11-27T17:00"


def test_every_row_of_added_time_is_a_reason_with_its_citation():
    found = outcome({"verify": True}, **time_parts(SAME_DAY_ONLY, more_time(), added=[{"table": "more"}])).deadline
    said = {reason.rule: (reason.sentence, reason.citation) for reason in found.reasons}
    assert said["more.verify"][0].vi == "Phải xác minh: thêm 3 ngày làm việc"
    assert said["more.verify"][0].en == "“phải xác minh” applies: 3 working days on top"
    assert said["more.verify"][1] == "Điều 1 Thông tư 1/2026/TT-BTC"
    assert found.limit.words.vi == "trong ngày, thêm 3 ngày làm việc"


def test_a_fact_that_could_add_time_is_missing_for_the_deadline_and_near():
    found = outcome({"places": 1}, **time_parts(SAME_DAY_ONLY, more_time(), added=[{"table": "more"}]))
    assert {each.fact: each.could_change for each in found.missing}["verify"] == ("deadline",)
    near = {each.rule: each.change.vi for each in found.deadline.near}
    assert near["more.places"] == "Nếu số nơi ít nhất 2 thì thêm 2 ngày làm việc"


def test_a_promise_that_ends_after_the_limit_by_law_is_a_warning_that_names_both_dates():
    law = limits(row("time.two", {}, days(2)), inputs=())

    def found(promised):
        promise = limits(row("time.promise", {}, days(promised)), name="promise", inputs=())
        return outcome({}, **time_parts(law, promise, committed={"table": "promise"}))

    longer = found(4)
    assert [(problem.place, problem.severity, problem.what) for problem in longer.problems] == [
        (
            "deadline.committed",
            Severity.WARNING,
            "Hạn cam kết 17:00 thứ Năm 26/11/2026 muộn hơn hạn theo quy định 17:00 thứ Ba 24/11/2026.",
        )
    ]
    assert longer.deadline.appointment == longer.deadline.statutory
    assert (found(2).problems, found(1).problems) == ((), ())


def test_the_promise_gets_the_same_time_on_top_unless_it_names_its_own():
    promise = limits(row("time.promise", {}, days(1)), name="promise", inputs=())
    own = limits(row("promise.verify", {"verify": True}, days(1)), name="own", hit="unique")
    law = limits(row("time.two", {}, days(2)), inputs=())

    def committed(**promised):
        parts = time_parts(law, promise, own, more_time(), added=[{"table": "more"}], committed=promised)
        return outcome({"verify": True}, **parts).deadline.committed.date()

    assert committed(table="promise") == date(2026, 11, 26)
    assert committed(table="promise", added=[{"table": "own"}]) == date(2026, 11, 24)
    assert committed(table="promise", added=[]) == date(2026, 11, 23)


def test_of_several_limits_the_longest_counts_or_they_are_added_up():
    facts = {"verify": True, "places": 3}
    assert due(facts, BOTH, combine="longest") == "11-27T17:00"
    assert due(facts, BOTH, combine="sum") == "12-01T17:00"
    assert due({}, BOTH, combine="sum") == "11-24T17:00"


def test_what_is_due_within_the_day_comes_first_in_a_sum_and_its_cut_off_holds_for_all():
    cut = limits(
        row("time.two", {}, days(2)),
        row("time.day", {}, {**SAME_DAY, "cutoff": 9 * 60}),
        inputs=(),
        hit="collect",
        outputs={"cutoff": "int"},
    )
    found = outcome({}, at=AT_TEN, **time_parts(cut, combine="sum")).deadline
    assert (found.limit.unit, found.limit.cutoff, len(found.limit.added)) == ("same_day", 540, 1)
    assert found.statutory.date() == date(2026, 11, 25)


def test_how_limits_combine_is_said_in_the_reasons():
    found = outcome({"verify": True}, **time_parts(BOTH, combine="longest")).deadline
    assert [reason.sentence.vi for reason in found.reasons if reason.rule == "limit"] == [
        "Lấy thời hạn dài nhất trong 2 dòng áp dụng: 5 ngày làm việc"
    ]


def test_a_table_that_collects_must_say_how_its_limits_combine_before_publication():
    found = [problem for problem in check(definition(**time_parts(BOTH))) if problem.severity is Severity.ERROR]
    assert [problem.place for problem in found] == ["deadline"]
    assert "combine" in found[0].hint
    assert not [each for each in check(definition(**time_parts(BOTH, combine="sum"))) if each.where == ("deadline",)]


def test_a_row_or_the_whole_deadline_says_whether_an_end_on_a_day_off_moves():
    month = limits(row("time.month", {}, {"amount": 8, "unit": "calendar_days"}), inputs=())
    assert due({}, month) == "11-30T17:00"
    assert due({}, month, rolls=False) == "11-28T23:59"
    rolled = limits(
        row("time.month", {}, {"amount": 8, "unit": "calendar_days", "rolls": True}),
        inputs=(),
        outputs={"rolls": "bool"},
    )
    assert due({}, rolled, rolls=False) == "11-30T17:00"
    assert due({}, limits(row("time.two", {}, days(2)), inputs=()), rolls=False) == "11-24T17:00"


def test_a_row_of_working_days_that_shall_not_roll_is_refused_before_publication():
    wrong = limits(row("time.two", {}, days(2, rolls=False)), inputs=(), outputs={"rolls": "bool"})
    found = [problem.what for problem in check(definition(**time_parts(wrong)))]
    assert [what for what in found if "time.two" in what and "ngày nghỉ" in what]


def test_a_limit_from_the_transfer_is_provisional_at_reception_and_says_so():
    found = outcome({}, **time_parts(**{"from": "transfer"})).deadline
    assert found.limit.begins == "transfer"
    warned = [line.what.vi for line in found.ledger if line.kind is LedgerKind.WARNING]
    assert warned == [
        "Thời hạn tính từ lúc cơ quan có thẩm quyền nhận hồ sơ; chưa chuyển đến nên hạn 17:00 thứ Tư 25/11/2026 "
        "là sớm nhất có thể."
    ]


@pytest.mark.parametrize(("stated", "day"), [("transfer", 26), ("acceptance", 25), (None, 26)])
def test_the_limit_of_an_outcome_knows_what_a_transfer_does(stated, day):
    found = outcome({}, **time_parts(**({"from": stated} if stated else {}))).deadline
    transferred = ClockEvent(EventKind.TRANSFERRED, datetime(2026, 11, 23, 9, tzinfo=LEGAL_TIME))
    counted = run_clock(found.limit.limit, [ClockEvent(EventKind.ACCEPTED, AT_TEN), transferred], office())
    assert counted.due.day == day
    assert not [line for line in counted.ledger if line.kind is LedgerKind.WARNING]


STOPS = [
    {
        "cause": "supplement",
        "effect": "restart",
        "limit": {"amount": 7, "unit": "working_days"},
        "at_limit": "Dừng giải quyết.",
        "basis": basis(9),
    },
    {"id": "tax", "cause": "financial_obligation", "label": "chờ nộp thuế", "basis": basis(10)},
]


def test_the_outcome_carries_what_the_procedure_says_of_waits():
    found = outcome({}, **time_parts(stops=STOPS)).deadline
    assert [(stop.id, stop.cause, stop.effect) for stop in found.stops] == [
        ("supplement", "supplement", "restart"),
        ("tax", "financial_obligation", "pause"),
    ]
    assert found.stops[0].limit.words.vi == "7 ngày làm việc"
    assert found.stops[0].citation == "Điều 9 Thông tư 1/2026/TT-BTC"


def test_a_clock_counts_on_from_the_outcome_with_its_waits():
    kept = Evaluation.from_data(outcome({}, **time_parts(stops=STOPS)).to_data()).deadline
    rules = {stop.id: stop.rule for stop in kept.stops}
    events = [
        ClockEvent(EventKind.ACCEPTED, AT_TEN),
        ClockEvent(EventKind.STOPPED, datetime(2026, 11, 23, 10, tzinfo=LEGAL_TIME), stop=rules["supplement"]),
        ClockEvent(EventKind.RESUMED, datetime(2026, 11, 25, 10, tzinfo=LEGAL_TIME), stop=rules["supplement"]),
    ]
    counted = run_clock(kept.limit.limit, events, office(), stops=tuple(rules.values()))
    assert counted.due.date() == date(2026, 11, 30)


def test_a_ledger_file_and_a_definition_read_waits_alike():
    ledger = {
        "limit": days(3),
        "stops": [{key: part for key, part in stop.items() if key != "basis"} for stop in STOPS],
        "events": [{"kind": "accepted", "at": "2026-11-20T10:00"}],
    }
    assert [stop.rule for stop in definition(**time_parts(stops=STOPS)).deadline.stops] == list(
        asked_from(ledger).stops
    )


def test_a_wait_without_legal_basis_is_not_published():
    stops = [{"cause": "supplement"}]
    found = [problem.place for problem in check(definition(**time_parts(stops=stops)))]
    assert "deadline.stops[1]" in found


def test_a_new_name_of_a_wait_is_no_new_law_but_a_new_effect_is():
    def law(**changed):
        return law_hash(definition(**time_parts(stops=[{**STOPS[1], **changed}])))

    assert law() == law(label="chờ nghĩa vụ tài chính")
    assert law() != law(effect="restart")


def test_what_is_written_of_time_is_read_back_the_same():
    promise = limits(row("time.promise", {}, days(1)), name="promise", inputs=())
    written = time_parts(
        BOTH,
        promise,
        more_time(),
        combine="longest",
        added=[{"table": "more"}],
        committed={"table": "promise", "added": []},
        rolls=False,
        stops=STOPS,
        start="next_opening",
        **{"from": "transfer"},
    )
    read = definition(**written)
    assert definition_from_json(canonical_json(read)) == read
    assert read.deadline.committed_added == ()
    assert definition_from(definition_to_data(read)).deadline.rolls is False


def test_a_plain_deadline_is_written_as_it_always_was():
    assert definition_to_data(definition())["deadline"] == {"table": "limit"}


@pytest.mark.parametrize(
    ("tables", "deadline", "said"),
    [
        ((), {"combine": "longest"}, ("deadline.combine", "nên không có gì để gộp")),
        ((), {"combine": "most"}, ("deadline.combine", "Không có lựa chọn “most”")),
        ((), {"from": "filing"}, ("deadline.from", "Không có lựa chọn “filing”")),
        ((), {"added": [{"table": "gone"}]}, ("deadline.added[1].table", "Không có bảng “gone”")),
        ((), {"stops": [{"cause": "rain"}]}, ("deadline.stops[1].cause", "Không có lựa chọn “rain”")),
        ((), {"stops": [STOPS[1], STOPS[1]]}, ("deadline.stops[2]", "được ghi hai lần")),
        (
            (),
            {"stops": [{"cause": "other", "silence": "resumes"}]},
            ("deadline.stops[1].silence", "chưa ghi chờ bao lâu"),
        ),
        (
            (),
            {"stops": [{"cause": "other", "effect": "run_on", "limit": days(1), "silence": "resumes"}]},
            ("deadline.stops[1].silence", "không có gì để tự tính tiếp"),
        ),
        (
            (),
            {"stops": [{"cause": "outage", "limit": days(1), "silence": "resumes"}]},
            ("deadline.stops[1].silence", "không có ai trả lời"),
        ),
        (
            (),
            {"stops": [{"cause": "other", "at_limit": "Dừng."}]},
            ("deadline.stops[1].at_limit", "chưa ghi thời gian"),
        ),
        ((), {"stops": [{"cause": "other", "limits": 1}]}, ("deadline.stops[1].limits", "Không có mục “limits”")),
        ((), {"stops": [{"cause": "other", "basis": "Điều 9"}]}, ("deadline.stops[1].basis", "Cần một nhóm")),
        ((), {"committed": {"added": []}}, ("deadline.committed", "Thiếu mục “table”")),
        (
            (limit_table(), more_time(row("more.day", {}, SAME_DAY))),
            {"added": [{"table": "more"}]},
            ("deadline.added[1].table", "không thể thêm “trong ngày”"),
        ),
        (
            (limit_table(), more_time(row("more.one", {}, days(1)), outputs={"cutoff": "int"})),
            {"added": [{"table": "more"}]},
            ("deadline.added[1].table", "không có giờ chốt"),
        ),
        (
            (limit_table(), more_time()),
            {"added": [{"table": "more"}, {"table": "more"}]},
            ("deadline.added[2].table", "được cộng hai lần"),
        ),
        (
            (limits(row("time.two", {}, days(2, rolls=1)), inputs=(), outputs={"rolls": "int"}),),
            {},
            ("deadline.table", "cột kết quả “rolls” kiểu bool"),
        ),
    ],
)
def test_a_fault_of_the_deadline_is_named_with_its_place(tables, deadline, said):
    place, what = said
    assert [place for found, sentence, _ in problems_of(*tables, **deadline) if found == place and what in sentence]


def test_tables_of_added_time_that_contradict_each_other_give_no_deadline():
    unique = limits(row("more.a", {"verify": True}, days(1)), row("more.b", {"places": 1}, days(2)), name="more")
    unique = {**unique, "hit": "unique"}
    found = outcome({"verify": True, "places": 1}, **time_parts(limit_table(), unique, added=[{"table": "more"}]))
    assert found.deadline.state is State.CONFLICT
    assert found.deadline.statutory is None
    assert any("more" in problem.where for problem in found.problems)


def test_an_outcome_kept_before_there_were_waits_steps_and_routes_keeps_its_hash():
    kept = outcome({}).to_data()
    old = {name: part for name, part in kept.items() if name not in ("steps", "route")}
    old["deadline"] = {name: part for name, part in kept["deadline"].items() if name != "stops"}
    assert Evaluation.from_data(old).hash == kept["hash"]


def test_waits_are_part_of_what_the_hash_covers():
    assert outcome({}, **time_parts(stops=STOPS)).hash != outcome({}, **time_parts(stops=STOPS[:1])).hash


def test_a_golden_case_may_expect_the_promise():
    promise = limits(row("time.promise", {}, days(1)), name="promise", inputs=())
    case = {"name": "hứa", "on": "2026-11-20", "then": {"committed": "2026-11-23"}}
    parts = time_parts(limit_table(), promise, committed={"table": "promise"})
    read = definition(**parts, cases=[case])
    assert read.cases[0].then.committed == date(2026, 11, 23)
    assert definition_from_json(canonical_json(read)) == read


def test_data_of_the_small_definition_still_reads_without_any_of_this():
    assert definition_from(data()).deadline.stops == ()


@pytest.mark.parametrize(
    ("stated", "kinds"),
    [("acceptance", ["accepted", "noted", "due"]), ("transfer", ["accepted", "transferred", "due"])],
)
def test_a_ledger_file_says_too_whether_a_transfer_moves_the_limit(stated, kinds):
    ledger = {
        "limit": days(3, **{"from": stated}),
        "events": [
            {"kind": "accepted", "at": "2026-11-16T10:00"},
            {"kind": "transferred", "at": "2026-11-17T10:00"},
        ],
    }
    counted = asked_from(ledger).run(office())
    assert [line.kind.value for line in counted.ledger] == kinds
    assert counted.due.day == (19 if stated == "acceptance" else 20)


CONDITIONAL = {
    "id": "tax",
    "cause": "financial_obligation",
    "label": "chờ nộp thuế",
    "when": {"poor": False},
    "most": 2,
    "basis": basis(10),
}


def test_a_wait_of_only_some_dossiers_is_only_theirs_and_says_why():
    theirs, others = (outcome({"poor": poor}, **time_parts(stops=[CONDITIONAL])).deadline for poor in (False, True))
    assert [(stop.id, stop.most) for stop in theirs.stops] == [("tax", 2)]
    assert others.stops == ()
    [reason] = [reason for reason in theirs.reasons if reason.rule == "tax"]
    assert reason.sentence.vi == "Được dừng tính thời hạn: chờ nộp thuế (Hộ nghèo: không)"
    assert reason.citation == "Điều 10 Thông tư 1/2026/TT-BTC"


def test_what_only_a_wait_hangs_on_is_missing_but_stops_no_acceptance():
    found = outcome({}, **time_parts(stops=[CONDITIONAL]), charges=[])
    assert {each.fact: each.could_change for each in found.missing} == {"poor": ("stops",)}


def test_a_golden_case_may_not_use_a_wait_that_its_dossier_has_not():
    events = [{"kind": "stopped", "at": "2026-11-23T10:00", "cause": "tax"}]
    case = {"name": "a", "on": DAY, "events": events, "then": {"ledger": ["stopped"]}}
    cases = [{**case, "given": {"poor": False}}, {**case, "given": {"poor": True}}]
    fits, fits_not = run_cases(procedure(**time_parts(stops=[CONDITIONAL]), cases=cases), office())
    assert fits.passed
    assert "“chờ nộp thuế” không áp dụng cho hồ sơ này" in fits_not.differences[0]


def test_how_often_and_where_a_wait_stops_the_clock_is_said_and_kept():
    whole = definition(**time_parts(stops=[CONDITIONAL]))
    assert definition_from_json(canonical_json(whole)) == whole
    [said] = readable(whole).stops
    assert said.said.vi == (
        "chỉ khi “Hộ nghèo” là không; tạm dừng tính thời hạn, sau đó tính tiếp phần còn lại; "
        "nhiều nhất 2 lần, lần sau nữa thời hạn vẫn tính"
    )


@pytest.mark.parametrize("wrong", [{"most": 0}, {"most": "một"}, {"cause": "outage", "most": 1}])
def test_how_often_is_a_whole_number_and_not_said_of_outages(wrong):
    with pytest.raises(DefinitionError) as refused:
        definition(**time_parts(stops=[{**CONDITIONAL, **wrong}]))
    assert [problem.place for problem in refused.value.problems] == ["deadline.stops[1].most"]
