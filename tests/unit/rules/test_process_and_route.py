"""Which internal steps a dossier takes and where it goes: outcomes, reasons, what is missing, and what is refused."""

from dataclasses import replace
from datetime import time

import pytest

from rules.check.procedure import check
from rules.clock.spans import Limit, LimitUnit
from rules.codec import canonical_json, definition_from_json, law_hash
from rules.errors import DefinitionError, Severity
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import compiled
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from rules.say.listing import listing
from rules.values import Text
from tests.definitions import (
    basis,
    beside_tables,
    cut_table,
    data,
    definition,
    fee_table,
    limit_table,
    office,
    outcome,
    row,
    table,
)

WARD = {"id": "ward", "kind": "choice", "list": "group", "label": {"vi": "Nơi cư trú", "en": "Place of residence"}}
VERIFY = {"id": "verify", "type": "bool", "source": "officer", "stage": "reception", "label": "Phải xác minh"}
STEPS = [
    {
        "id": "check",
        "label": {"vi": "Kiểm tra", "en": "Check"},
        "at_most": {"amount": 4, "unit": "working_hours"},
        "relation": "receiving_unit",
        "basis": basis(3),
    },
    {
        "id": "police",
        "label": {"vi": "Xác minh", "en": "Verification"},
        "when": {"verify": True},
        "at_least": {"amount": 1, "unit": "working_days"},
        "external": {
            "system": {"vi": "Cơ sở dữ liệu dân cư", "en": "Population database"},
            "acknowledged_within": {"amount": 8, "unit": "working_hours"},
            "clock": "theirs",
        },
        "relation": {"to": "unit_of_fact", "fact": "ward"},
        "basis": basis(4),
    },
]


def route_table(*rows, hit="first"):
    own = [
        row("goes.home", {"verify": True}, {"to": "unit_of_fact", "fact": "ward"}),
        row("goes.branch", {"channel": "post"}, {"to": "branch", "branch": "north"}),
        row("goes.named", {"channel": "online"}, {"to": "named_unit", "unit": "30169"}),
        row("goes.here", {"channel": "counter", "verify": False}, {"to": "receiving_unit"}),
    ]
    outputs = {"to": "code", "fact": "code", "unit": "code", "branch": "code"}
    return table("goes", ["verify", "channel"], outputs, list(rows) or own, hit)


def parts(goes=None, **more):
    return {
        "fields": [*data()["fields"], WARD],
        "facts": [VERIFY],
        "tables": [fee_table(), cut_table(), limit_table(), goes or route_table()],
        "steps": STEPS,
        "route": {"table": "goes"},
        **more,
    }


def found(facts, **more):
    return outcome(facts, **parts(**more))


def faults(**more):
    with pytest.raises(DefinitionError) as refused:
        definition(**parts(**more))
    return [(problem.place, problem.what) for problem in refused.value.problems]


def test_only_the_steps_whose_condition_holds_are_taken_in_their_order():
    assert [step.id for step in found({"verify": False}).steps] == ["check"]
    assert [step.id for step in found({"verify": True, "ward": "a"}).steps] == ["check", "police"]


def test_a_step_says_how_long_by_whom_for_which_system_and_on_which_basis():
    step = found({"verify": True, "ward": "a"}).steps[1]
    assert (step.at_least.words.vi, step.at_most) == ("1 ngày làm việc", None)
    assert (step.external.system.vi, step.external.clock) == ("Cơ sở dữ liệu dân cư", "theirs")
    assert step.external.acknowledged_within.words.vi == "8 giờ làm việc"
    assert (step.relation.relation, step.relation.fact, step.relation.unit) == ("unit_of_fact", "ward", "a")
    (reason,) = step.reasons
    assert (reason.rule, reason.citation) == ("police", "Điều 4 Thông tư 1/2026/TT-BTC")
    assert reason.sentence.en == (
        "Verification: at least 1 working day; belongs to the outside system “Population database”; time for it to "
        "acknowledge: 8 working hours; the wait does not count against the time limit; taken by the unit by “Place of "
        "residence” (Phải xác minh: yes)"
    )
    assert [(used.fact, used.source) for used in reason.facts] == [("verify", "officer")]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"verify": True, "ward": "b"}, ("unit_of_fact", "ward", "b", "")),
        ({"channel": "post", "verify": False}, ("branch", "", "", "north")),
        ({"channel": "online"}, ("named_unit", "", "30169", "")),
        ({"channel": "counter", "verify": False, "receiving_unit": "30170"}, ("receiving_unit", "", "30170", "")),
        ({"channel": "counter", "verify": False}, ("receiving_unit", "", "", "")),
    ],
)
def test_a_dossier_goes_to_a_relation_with_what_tells_the_unit(facts, told):
    route = found(facts).route
    assert route.state is State.DECIDED
    assert (route.relation, route.fact, route.unit, route.branch) == told


def test_where_it_goes_has_a_reason_with_citation_and_the_rows_that_nearly_applied():
    route = found({"channel": "online", "verify": False}).route
    (reason,) = route.reasons
    assert reason.sentence.vi == "Nộp trực tuyến: chuyển đến đơn vị 30169"
    assert reason.citation == "Điều 1 Thông tư 1/2026/TT-BTC"
    assert {near.rule: near.change.vi for near in route.near}["goes.home"] == (
        "Nếu phải xác minh thì chuyển đến đơn vị theo “Nơi cư trú”"
    )


def test_no_rule_of_routing_is_an_outcome_of_its_own():
    only = route_table(row("goes.post", {"channel": "post"}, {"to": "receiving_unit"}))
    route = found({"channel": "online", "verify": False}, goes=only).route
    assert (route.state, route.relation) == (State.NO_RULE, "")
    assert route.reasons[0].sentence.vi.startswith("Không có quy định áp dụng: bảng “Bảng goes”")


def test_a_procedure_without_routing_says_nothing_of_it():
    kept = outcome({}).to_data()
    assert kept.keys().isdisjoint({"route", "steps"})


def test_rows_that_contradict_each_other_send_a_dossier_nowhere():
    twice = route_table(
        row("goes.a", {"verify": True}, {"to": "receiving_unit"}),
        row("goes.b", {"channel": "online"}, {"to": "department_of_field"}),
        hit="unique",
    )
    outcome_of = found({"verify": True, "channel": "online"}, goes=twice)
    assert (outcome_of.route.state, outcome_of.route.relation) == (State.CONFLICT, "")
    assert any("goes" in problem.where for problem in outcome_of.problems)


def test_the_fact_that_names_the_unit_is_asked_for_and_until_then_the_unit_is_missing():
    outcome_of = found({"verify": True, "channel": "counter"})
    assert (outcome_of.route.state, outcome_of.route.relation, outcome_of.route.unit) == (
        State.MISSING,
        "unit_of_fact",
        "",
    )
    assert {each.fact: each.could_change for each in outcome_of.missing}["ward"] == ("steps", "route")


def test_a_fact_that_could_only_change_steps_and_route_is_told_as_such():
    changes = {each.fact: each.could_change for each in found({"channel": "counter", "late": 0}).missing}
    assert changes["verify"] == ("steps", "route")


def test_the_receiving_unit_is_told_as_wanting_only_where_it_takes_a_step_or_the_dossier():
    changes = {each.fact: each.could_change for each in found({"channel": "counter", "verify": False}).missing}
    assert changes["receiving_unit"] == ("steps", "route")
    named = route_table(row("goes.named", {}, {"to": "named_unit", "unit": "30169"}))
    assert "receiving_unit" not in {each.fact for each in found({}, goes=named, steps=[]).missing}


def test_steps_and_route_travel_with_the_outcome_and_its_hash():
    made = found({"verify": True, "ward": "a"})
    assert Evaluation.from_data(made.to_data()) == made
    assert replace(made, route=None).hash != made.hash
    assert replace(made, steps=()).hash != made.hash


def test_what_is_written_of_steps_and_route_is_read_back_the_same():
    read = definition(**parts())
    assert definition_from_json(canonical_json(read)) == read


def test_the_name_of_a_step_is_no_law_its_time_is():
    def law(**changed):
        return law_hash(definition(**parts(steps=[{**STEPS[0], **changed}, STEPS[1]])))

    assert law() == law(label="Kiểm tra hồ sơ")
    assert law() != law(at_most={"amount": 5, "unit": "working_hours"})


def test_a_definition_with_steps_and_route_may_be_published():
    deadline = {"table": "limit", "stops": [{"cause": "confirmation", "basis": basis(4)}]}
    linked = {**STEPS[1], "external": {**STEPS[1]["external"], "stop": "confirmation"}}
    said = [
        problem.sentence
        for problem in beside_tables(check(definition(**parts(deadline=deadline, steps=[STEPS[0], linked]))))
    ]
    assert said == []


def test_golden_cases_may_expect_steps_and_route():
    cases = [
        {
            "name": "đúng",
            "given": {"verify": True, "ward": "a"},
            "on": "2026-11-20",
            "then": {"steps": ["check", "police"], "route": "unit_of_fact", "because": ["goes.home", "police"]},
        },
        {
            "name": "sai",
            "given": {"verify": False, "channel": "counter"},
            "on": "2026-11-20",
            "then": {"steps": ["police"], "route": "branch"},
        },
        {"name": "không nơi nào", "given": {}, "on": "2026-11-20", "then": {"route": None, "steps": ["check"]}},
    ]
    right, wrong, nowhere = run_cases(compiled(definition(**parts(cases=cases))), office())
    assert right.passed
    assert wrong.differences == (
        "Nơi chuyển: mong đợi branch, tính ra receiving_unit.",
        "Các bước: mong đợi police; tính ra check.",
    )
    assert nowhere.passed


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"id": "check"}, ("steps[3]", "bị trùng")),
        ({"label": None}, ("steps[3]", "Thiếu mục “label”")),
        ({"when": {"gone": True}}, ("steps[3].when.gone", "Không có dữ kiện “gone”")),
        ({"at_most": {"amount": 4}}, ("steps[3].at_most", "Thiếu mục “unit”")),
        ({"at_most": {"amount": "4", "unit": "hours"}}, ("steps[3].at_most.amount", "Cần số nguyên")),
        (
            {"at_least": {"amount": 5, "unit": "hours"}, "at_most": {"amount": 4, "unit": "hours"}},
            ("steps[3].at_least", "dài hơn thời gian nhiều nhất"),
        ),
        ({"external": {"clock": "ours"}}, ("steps[3].external", "Thiếu mục “system”")),
        ({"external": {"system": "X", "clock": "both"}}, ("steps[3].external.clock", "Không có lựa chọn “both”")),
        ({"relation": "unit_of_fact"}, ("steps[3].relation", "cần ghi “fact”")),
        ({"relation": {"to": "branch"}}, ("steps[3].relation", "cần ghi “branch”")),
        ({"relation": {"to": "branch", "branch": "n", "unit": "1"}}, ("steps[3].relation", "không dùng “unit”")),
        ({"relation": {"to": "unit_of_fact", "fact": "late"}}, ("steps[3].relation.fact", "ở đây cần code")),
        ({"relation": "nobody"}, ("steps[3].relation", "Không có lựa chọn “nobody”")),
        ({"duration": 1}, ("steps[3].duration", "Không có mục “duration”")),
    ],
)
def test_a_fault_of_a_step_is_named_with_its_place(step, said):
    place, what = said
    wrong = {"id": "third", "label": "Bước ba", **step}
    assert [each for each in faults(steps=[*STEPS, wrong]) if each[0] == place and what in each[1]]


@pytest.mark.parametrize(
    ("then", "place", "what"),
    [
        ({"to": "nobody"}, ".to", "không có quan hệ “nobody”"),
        ({"to": "named_unit"}, "", "cần ghi “unit”"),
        ({"to": "receiving_unit", "unit": "1"}, "", "không dùng “unit”"),
        ({"to": "unit_of_fact", "fact": "late"}, ".fact", "ở đây cần code"),
        ({"to": "unit_of_fact", "fact": "gone"}, ".fact", "Không có dữ kiện “gone”"),
    ],
)
def test_a_fault_of_a_row_of_the_routing_is_named_at_that_row(then, place, what):
    goes = route_table(row("goes.here", {"verify": True}, {"to": "receiving_unit"}), row("goes.x", {}, then))
    assert [where for where, said in faults(goes=goes) if what in said] == [f"tables[4].rows[2].then{place}"]


@pytest.mark.parametrize(
    ("goes", "what"),
    [
        (route_table(hit="collect"), "chỉ chuyển đến một nơi"),
        (table("goes", [], {"where": "code"}, [row("goes.x", {}, {"where": "branch"})]), "cột kết quả “to” kiểu code"),
    ],
)
def test_a_fault_of_the_routing_is_named_at_the_route(goes, what):
    assert [place for place, said in faults(goes=goes) if place == "route.table" and what in said]


def test_a_unit_of_time_is_still_checked_where_a_table_says_no_relation():
    wrong = table("limit", [], {"amount": "int", "unit": "code"}, [row("x", {}, {"amount": 1, "unit": "day"})])
    with pytest.raises(DefinitionError) as refused:
        definition(tables=[fee_table(), cut_table(), wrong])
    assert [problem.place for problem in refused.value.problems] == ["tables[3].rows[1].then.unit"]


def test_steps_and_routing_are_said_in_both_languages():
    groups = {group.title.vi: group.sentences for group in listing(readable(definition(**parts())))}
    assert groups["Quy trình nội bộ"][0] == Text(
        "“Kiểm tra”: mọi hồ sơ; nhiều nhất 4 giờ làm việc; do đơn vị tiếp nhận thực hiện "
        "(căn cứ Điều 3 Thông tư 1/2026/TT-BTC).",
        "“Check”: every dossier; at most 4 working hours; taken by the unit that receives "
        "(basis: Article 3, Circular 1/2026/TT-BTC).",
    )
    rows = {each.id: each.sentence for each in readable(definition(**parts())).route.rows}
    assert "thì hồ sơ chuyển đến đơn vị theo “Nơi cư trú” (căn cứ " in rows["goes.home"].vi
    assert "the dossier goes to the branch north (basis: " in rows["goes.branch"].en
    assert groups["Nơi chuyển hồ sơ"][0].vi == "Hồ sơ chuyển theo bảng “Bảng goes”."


def test_an_act_of_the_same_day_may_have_a_cut_off():
    step = {"id": "pass_on", "label": "Chuyển hồ sơ", "at_most": {"unit": "same_day", "cutoff": "15:00"}}
    found = outcome({}, steps=[{**step, "basis": basis(18)}]).steps[0]
    assert found.at_most.limit == Limit(0, LimitUnit.SAME_DAY, time(15))
    assert found.reasons[0].sentence.vi == (
        "Chuyển hồ sơ: nhiều nhất trong ngày; đến bước này sau 15:00 thì tính từ ngày làm việc kế tiếp"
    )
    whole = definition(steps=[{**step, "basis": basis(18)}])
    assert definition_from_json(canonical_json(whole)) == whole
    with pytest.raises(DefinitionError):
        definition(steps=[{**step, "at_most": {"unit": "same_day", "cutoff": "25:00"}}])


def waits_warned_of(**more):
    found = beside_tables(check(definition(**parts(deadline={"table": "limit", **more}))))
    return [problem for problem in found if "clock" in problem.where]


def test_a_wait_that_is_said_not_to_count_is_warned_of_where_nothing_stops_the_clock():
    [warned] = waits_warned_of()
    assert warned.sentence == (
        "steps[2].external.clock: Bước “Xác minh” ghi clock: theirs nhưng thời hạn không có lý do dừng nào: thời hạn "
        "vẫn tính. Thêm lý do dừng vào deadline.stops, hoặc ghi clock: ours."
    )
    assert warned.severity is Severity.WARNING
    stop = {"cause": "confirmation", "basis": basis(4)}
    assert waits_warned_of(stops=[{**stop, "effect": "run_on"}]) == [warned]
    [unlinked] = waits_warned_of(stops=[stop])
    assert unlinked.what == "Bước “Xác minh” ghi clock: theirs nhưng chưa nói theo lý do dừng nào."
    linked = {**STEPS[1], "external": {**STEPS[1]["external"], "stop": "confirmation"}}
    deadline = {"table": "limit", "stops": [stop]}
    assert beside_tables(check(definition(**parts(deadline=deadline, steps=[STEPS[0], linked])))) == []
