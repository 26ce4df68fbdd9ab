"""Procedures settled together: a ceiling beside the children's clocks; and limits of supplements before acceptance."""

from datetime import datetime

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json, law_hash
from rules.errors import DefinitionError
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from rules.say.listing import listing
from rules.say.outcome import notice_said
from tests.definitions import basis, beside_tables, data, definition, outcome

BIRTH = {
    "id": "birth",
    "procedure": "1.001193",
    "label": {"vi": "Khai sinh", "en": "Birth"},
    "within": {"amount": 1, "unit": "working_days"},
    "basis": basis(2),
}
HOME = {
    "id": "home",
    "procedure": "1.004222",
    "label": {"vi": "Thường trú", "en": "Residence"},
    "system": {"vi": "Công an", "en": "Police"},
    "when": {"poor": True},
    "after": "birth",
    "acknowledged_within": {"amount": 8, "unit": "working_hours"},
    "within": {"amount": 4, "unit": "working_days"},
    "basis": basis(3),
}
GROUP = {
    "label": {"vi": "Liên thông khai sinh", "en": "Birth together"},
    "ceiling": {"amount": 10, "unit": "working_days"},
    "children": [BIRTH, HOME],
    "basis": basis(1),
}
RECEPTION = {
    "most": 2,
    "limit": {"amount": 3, "unit": "working_days"},
    "at_limit": {"vi": "Trả lại hồ sơ.", "en": "The dossier is given back."},
    "receive_within": {"amount": 8, "unit": "working_hours"},
    "basis": basis(7),
}
MONDAY = datetime.fromisoformat("2026-11-16T10:00+07:00")


def linked(facts, **changed):
    return outcome(facts, on=MONDAY.date(), at=MONDAY, linked={**GROUP, **changed}).linked


def faults(**more):
    with pytest.raises(DefinitionError) as refused:
        definition(**more)
    return [(problem.place, problem.what) for problem in refused.value.problems]


def said_in_english(**more):
    return "\n".join(line.en for group in listing(readable(definition(**more))) for line in group.sentences)


def test_the_group_has_a_ceiling_beside_the_clocks_of_its_children():
    found = linked({"poor": True})
    assert (found.due, found.citation) == ("2026-11-30T17:00:00+07:00", "Điều 1 Thông tư 1/2026/TT-BTC")
    assert [(child.id, child.procedure, child.due) for child in found.children] == [
        ("birth", "1.001193", "2026-11-17T17:00:00+07:00"),
        ("home", "1.004222", "2026-11-23T17:00:00+07:00"),
    ]
    assert [child.past_ceiling for child in found.children] == [False, False]


def test_a_child_must_be_acknowledged_within_its_own_limit_from_when_the_one_before_is_due():
    home = linked({"poor": True}).children[1]
    assert (home.after, home.acknowledge_by) == ("birth", "2026-11-18T17:00:00+07:00")


def test_the_ceiling_leaves_the_time_limit_of_the_procedure_as_it_is():
    assert outcome({}, linked=GROUP).deadline == outcome({}).deadline


def test_a_child_of_other_dossiers_is_left_out_and_takes_no_time():
    assert [child.id for child in linked({"poor": False}).children] == ["birth"]
    children = [{**BIRTH, "when": {"poor": False}}, HOME]
    [home] = linked({"poor": True}, children=children).children
    assert home.due == "2026-11-20T17:00:00+07:00"


def test_the_fact_that_makes_a_child_part_of_the_group_is_named_as_missing():
    made = outcome({}, linked=GROUP)
    assert "steps" in {each.fact: each.could_change for each in made.missing}["poor"]


def test_a_child_that_may_end_after_the_ceiling_is_marked_and_warned_of():
    short = {"amount": 3, "unit": "working_days"}
    assert [child.past_ceiling for child in linked({"poor": True}, ceiling=short).children] == [False, True]
    warned = [each.what for each in beside_tables(check(definition(linked={**GROUP, "ceiling": short})))]
    assert warned == ["Thủ tục “Thường trú” có thể kết thúc sau thời hạn chung của nhóm liên thông."]
    assert beside_tables(check(definition(linked=GROUP))) == []


def test_a_child_waits_only_for_one_above_it():
    [(place, what)] = faults(linked={**GROUP, "children": [HOME, BIRTH]})
    assert (place, what) == ("linked.children[1].after", "Không có thủ tục “birth” ở phía trên để chờ.")


def test_group_and_reception_are_read_back_the_same_and_unused_they_write_nothing():
    whole = definition(linked=GROUP, deadline={"table": "limit", "reception": RECEPTION})
    assert definition_from_json(canonical_json(whole)) == whole
    made = outcome({"poor": True}, linked=GROUP, deadline={"table": "limit", "reception": RECEPTION})
    assert Evaluation.from_data(made.to_data()) == made
    bare = outcome({}).to_data()
    assert "linked" not in bare
    assert "reception" not in bare["deadline"]
    assert not any(key in canonical_json(definition()) for key in ('"linked"', '"reception"'))


def test_the_name_of_a_child_is_no_law_its_limit_is():
    def law(**changed):
        return law_hash(definition(linked={**GROUP, "children": [{**BIRTH, **changed}]}))

    assert law() == law(label="Đăng ký khai sinh")
    assert law() != law(within={"amount": 2, "unit": "working_days"})


def test_the_group_is_said_in_both_languages():
    said = said_in_english(linked=GROUP)
    assert "“Birth together”: all within 10 working days of the acceptance" in said
    assert "the procedure 1.004222; at: Police; once “Birth” is done; acknowledged within 8 working hours" in said


def test_supplements_before_acceptance_have_rounds_and_time_of_their_own():
    stop = {"cause": "supplement", "most": 1, "basis": basis(8)}
    due = outcome({}, deadline={"table": "limit", "reception": RECEPTION, "stops": [stop]}).deadline
    reception = due.reception
    assert (reception.most, reception.limit.words.vi, reception.at_limit.vi) == (2, "3 ngày làm việc", "Trả lại hồ sơ.")
    assert (reception.receive_within.words.vi, reception.citation) == (
        "8 giờ làm việc",
        "Điều 7 Thông tư 1/2026/TT-BTC",
    )
    assert [(each.cause, each.most) for each in due.stops] == [("supplement", 1)]
    assert due.statutory == outcome({}).deadline.statutory


def test_supplements_before_acceptance_are_said_and_cited():
    said = said_in_english(deadline={"table": "limit", "reception": RECEPTION})
    assert (
        "Before acceptance: the office must receive or answer within 8 working hours; a supplement may be asked for "
        "2 times; each supplement within 3 working days; past that: the dossier is given back" in said
    )
    uncited = {key: part for key, part in RECEPTION.items() if key != "basis"}
    [told] = beside_tables(check(definition(deadline={"table": "limit", "reception": uncited})))
    assert told.what == "Giới hạn bổ sung khi tiếp nhận chưa ghi căn cứ pháp lý."


def test_a_reception_without_any_limit_is_refused():
    assert faults(deadline={"table": "limit", "reception": {"basis": basis()}}) == [
        ("deadline.reception", "Chưa ghi giới hạn nào khi tiếp nhận.")
    ]
    only = {"receive_within": {"amount": 8, "unit": "working_hours"}, "at_limit": "Trả lại."}
    assert faults(deadline={"table": "limit", "reception": only}) == [
        ("deadline.reception.at_limit", "Có việc phải làm khi hết giới hạn nhưng chưa ghi giới hạn.")
    ]


def test_the_notice_of_another_body_has_its_file():
    names = {"tax": "money", "file": "text"}
    facts = [{"id": key, "type": kind, "source": "outside", "label": key} for key, kind in names.items()]
    amount = {"fact": "tax", "assessed_by": "Thuế cơ sở", "notice": {"file": "file"}, "basis": basis()}
    line = {"id": "tax", "label": "Thuế", "kind": "charge", "set_by": "law", "amount": amount}
    parts = {"facts": facts, "charges": [*data()["charges"], line]}
    whole = definition(**parts)
    assert definition_from_json(canonical_json(whole)) == whole
    made = outcome({"tax": 500000, "file": "a1b2"}, **parts)
    assert made.charges[-1].assessed.file == "a1b2"
    assert [each.vi for each in notice_said(made.charges[-1])] == ["theo thông báo của Thuế cơ sở, tệp a1b2"]
    assert Evaluation.from_data(made.to_data()) == made
    assert "file" not in outcome({"tax": 500000}, **parts).to_data()["charges"][-1]["assessed"]
