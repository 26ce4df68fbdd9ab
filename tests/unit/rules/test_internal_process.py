"""The internal process: its approval, patterns bound by steps, acts with deadlines, outside steps and their stops."""

from datetime import date, datetime, timedelta

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json, law_hash
from rules.errors import DefinitionError
from rules.evaluation.outcome import Evaluation
from rules.overrides import overridden
from rules.say.definition import readable
from rules.say.listing import listing
from rules.say.outcome import explained
from tests.definitions import basis, data, definition, outcome

PATTERN = {
    "label": "Hỏi nơi khác",
    "at_most": {"amount": 3, "unit": "working_days"},
    "acts": [{"id": "send", "label": "gửi", "within": {"unit": "same_day", "cutoff": "15:00"}, "late": "next_morning"}],
    "external": {"system": "Hệ thống dân cư", "acknowledged_within": {"amount": 8, "unit": "working_hours"}},
    "basis": basis(4),
}
FACTS = [
    {"id": "sent", "type": "moment", "source": "outside", "label": "Lúc gửi"},
    {"id": "heard", "type": "moment", "source": "outside", "label": "Lúc xác nhận"},
    {"id": "their_number", "type": "text", "source": "outside", "label": "Số"},
    {"id": "answer", "type": "bool", "source": "outside", "label": "Trả lời"},
]
HELD = {"sent": "sent", "acknowledged": "heard", "number": "their_number", "result": "answer"}
ASK = {"id": "ask", "pattern": "ask", "external": {"clock": "theirs", "stop": "wait", **HELD}}
STOPS = [{"id": "wait", "cause": "confirmation", "basis": basis(5)}]


def legal(moment):
    return datetime.fromisoformat(f"{moment}+07:00")


def parts(*steps, **more):
    return {
        "facts": FACTS,
        "patterns": {"ask": PATTERN},
        "steps": list(steps) or [ASK],
        "deadline": {"table": "limit", "stops": STOPS},
        **more,
    }


def faults(**more):
    with pytest.raises(DefinitionError) as refused:
        definition(**more)
    return [(problem.place, problem.what) for problem in refused.value.problems]


def step_of(*steps, facts=None, **more):
    return outcome(facts or {}, **parts(*steps, **more)).steps[0]


def test_a_step_has_from_its_pattern_what_it_does_not_state_itself():
    step = step_of()
    assert (step.label.vi, step.at_most.words.vi) == ("Hỏi nơi khác", "3 ngày làm việc")
    assert (step.external.system.vi, step.external.clock, step.external.stop) == ("Hệ thống dân cư", "theirs", "wait")
    assert step.external.acknowledged_within.words.vi == "8 giờ làm việc"
    own = step_of({**ASK, "label": "Hỏi công an", "at_most": {"amount": 1, "unit": "working_days"}})
    assert (own.label.vi, own.at_most.words.vi) == ("Hỏi công an", "1 ngày làm việc")


def test_what_a_step_has_from_its_pattern_is_written_once_and_read_back_the_same():
    whole = definition(**parts())
    assert definition_from_json(canonical_json(whole)) == whole
    assert canonical_json(whole).count("Hệ thống dân cư") == 1


def test_a_definition_that_says_nothing_of_it_writes_nothing_of_it():
    kept, made = canonical_json(definition(steps=[{"id": "a", "label": "Bước"}])), outcome({}).to_data()
    assert not any(f'"{key}"' in kept for key in ("process", "patterns", "pattern", "acts", "quota", "role"))
    assert "process" not in made


def test_a_pattern_that_nobody_knows_is_refused_with_the_nearest():
    [(place, what)] = faults(**parts({**ASK, "pattern": "asc"}))
    assert (place, what) == ("steps[1].pattern", "Không có mẫu bước “asc”.")


def test_registers_put_a_newer_pattern_in_the_place_of_the_definitions_own():
    newer = {"patterns": {"ask": {**PATTERN, "at_most": {"amount": 5, "unit": "working_days"}}}}
    changed = definition(**overridden(data(**parts()), newer).data)
    assert changed.steps[0].at_most.amount == 5


def test_a_pattern_that_no_step_is_of_is_warned_of():
    found = check(definition(**parts({"id": "a", "label": "Bước", "basis": basis()})))
    assert "Mẫu bước “ask” không được dùng ở đâu." in [problem.what for problem in found]


def test_the_stop_of_an_outside_step_must_be_there_and_do_what_the_step_says():
    def told(external):
        return faults(**parts({**ASK, "external": external}))

    assert told({"clock": "theirs", "stop": "way"}) == [
        ("steps[1].external.stop", "Thời hạn không có lý do dừng “way”.")
    ]
    assert told({"clock": "ours", "stop": "wait"}) == [
        ("steps[1].external.stop", "Bước ghi clock: ours nhưng lý do dừng “wait” ghi effect: pause.")
    ]


def test_an_outside_step_shows_what_came_of_it_and_by_when_it_must_be_acknowledged():
    facts = {"sent": legal("2026-11-20T10:00"), "their_number": "TP-7", "answer": True}
    found = step_of(facts=facts).external
    assert (found.number, found.result.vi, found.acknowledged) == ("TP-7", "có", "")
    assert datetime.fromisoformat(found.acknowledge_by) - datetime.fromisoformat(found.sent) == timedelta(3)


def test_an_acknowledgement_that_came_too_late_is_told():
    facts = {"sent": legal("2026-11-20T10:00"), "heard": legal("2026-11-25T10:00")}
    assert any("xác nhận sau thời hạn" in each.what for each in outcome(facts, **parts()).problems)
    in_time = {**facts, "heard": legal("2026-11-20T11:00")}
    assert not any("xác nhận sau" in each.what for each in outcome(in_time, **parts()).problems)


def test_what_comes_from_outside_later_stops_no_acceptance():
    assert {each.fact for each in outcome({}, **parts()).missing}.isdisjoint(HELD.values())


@pytest.mark.parametrize(
    ("at", "late", "due"),
    [
        (legal("2026-11-19T14:59"), "next_morning", "2026-11-19T17:00"),
        (legal("2026-11-19T15:01"), "next_morning", "2026-11-20T11:30"),
        (legal("2026-11-20T15:01"), "next_morning", "2026-11-23T11:30"),
        (legal("2026-11-19T15:01"), "next_day", "2026-11-20T17:00"),
    ],
)
def test_an_act_is_due_the_same_day_or_past_its_cut_off_the_next_morning(at, late, due):
    act = {**PATTERN["acts"][0], "late": late, "from": "acceptance"}
    found = outcome({}, on=at.date(), at=at, **parts({"id": "a", "label": "Bước", "acts": [act]}))
    assert found.steps[0].acts[0].due == f"{due}:00+07:00"


def test_an_act_that_counts_from_its_step_has_no_due_moment_yet():
    assert [act.due for act in step_of().acts] == [""]


def test_next_morning_needs_a_cut_off():
    act = {**PATTERN["acts"][0], "within": {"unit": "same_day"}}
    told = faults(**parts({"id": "a", "label": "Bước", "acts": [act]}))
    assert told == [("steps[1].acts[1].late", "Việc làm vào sáng hôm sau cần giờ chốt.")]


def test_the_process_has_a_decision_and_a_version_of_its_own_and_the_days_of_that_decision():
    documents = {**data()["basis"], "qd": {"document": "Quyết định 12/QĐ-UBND", "since": date(2026, 1, 1)}}
    process = {"version": "2", "basis": {"document": "qd"}, "until": date(2026, 11, 1)}
    whole = definition(**parts(basis=documents, process=process))
    assert definition_from_json(canonical_json(whole)) == whole
    made = outcome({}, **parts(basis=documents, process=process))
    found = made.process
    assert (found.version, found.citation) == ("2", "Quyết định 12/QĐ-UBND")
    assert (found.since, found.until, found.in_force) == ("2026-01-01", "2026-11-01", False)
    assert "Quy trình nội bộ bản 2 không có hiệu lực ngày 20/11/2026." in [each.what for each in made.problems]
    assert Evaluation.from_data(made.to_data()) == made


def test_a_process_without_its_decision_is_not_published():
    told = check(definition(**parts(process={"version": "2"})))
    assert told[0].what == "Quy trình nội bộ chưa ghi quyết định phê duyệt."


def test_shares_that_come_to_more_than_the_limit_are_warned_of():
    def told(hours):
        step = {"id": "a", "label": "Bước", "basis": basis(), "quota": {"amount": hours, "unit": "working_hours"}}
        return [each.what for each in check(definition(steps=[step])) if each.where == ("steps",)]

    assert told(1) == []
    assert told(1000) == ["Thời gian giao cho các bước cộng lại 1000 giờ làm việc, dài hơn thời hạn giải quyết."]


def test_the_name_of_an_act_is_no_law_its_deadline_is():
    def law(**changed):
        return law_hash(definition(**parts(patterns={"ask": {**PATTERN, "acts": [{**PATTERN["acts"][0], **changed}]}})))

    assert law() == law(label="chuyển")
    assert law() != law(late="next_day")


def test_definition_and_outcome_say_it_in_both_languages():
    step = {
        **ASK,
        "quota": {"amount": 2, "unit": "working_days"},
        "role": {"vi": "Công chức tư pháp", "en": "Justice officer"},
    }
    process = {"version": "2", "label": {"vi": "Quy trình A", "en": "Process A"}, "basis": basis(9)}
    read = readable(definition(**parts(step, process=process)))
    said = "\n".join(line.en for group in listing(read) for line in group.sentences)
    assert "“Process A”: version 2 (basis: Article 9, Circular 1/2026/TT-BTC)" in said
    assert "given 2 working days of the time limit" in said
    assert "within the day from when the step is reached, after 15:00 by the next working morning" in said
    assert "done by: Justice officer" in said
    assert "it is the wait “waiting for the citizen to confirm”" in said
    assert "its number there: entered as “Số”" in said
    facts = {"sent": legal("2026-11-20T10:00"), "their_number": "TP-7"}
    whole = definition(**parts(step))
    [station] = explained(outcome(facts, **parts(step)), whole).stations
    times = [each.vi for each in station.times]
    assert "số của hệ thống đó: TP-7" in times
    assert any(each.startswith("phải xác nhận chậm nhất ") for each in times)
