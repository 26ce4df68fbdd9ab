"""Facts that somebody or something beside the form hands in: where from, when, and what is asked of history."""

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from_json, definition_to_data
from rules.errors import DefinitionError
from rules.say.definition import readable
from rules.vocabulary import HANDED_IN, Source
from tests.definitions import cut_table, data, definition, fee_table, limit_table, outcome, row

HISTORY = {
    "id": "times_paid",
    "type": "int",
    "source": "history",
    "stage": "reception",
    "label": "Số lần đã nộp",
    "query": {"count": "charges", "kind": "registration", "within": "year"},
}


def fact(**more):
    return {"id": "found", "type": "bool", "label": "Điều ghi nhận", **more}


def faults(*specs):
    with pytest.raises(DefinitionError) as refused:
        definition(facts=list(specs))
    return [(problem.place, problem.what) for problem in refused.value.problems]


@pytest.mark.parametrize("source", [each for each in HANDED_IN if each is not Source.HISTORY])
def test_a_reason_says_from_where_a_fact_came(source):
    rows = [row("cut.found", {"found": True}, {"percent": 100})]
    cuts = {**cut_table(*rows), "inputs": ["found"]}
    parts = {"facts": [fact(source=source.value, stage="reception")], "tables": [fee_table(), cuts, limit_table()]}
    made = outcome({"channel": "counter", "found": True}, **parts).charges[0]
    assert made.amount == 0
    used = {each.fact: each.source for reason in made.reasons for each in reason.facts}
    assert used["found"] == source.value


def test_an_answer_of_history_is_a_fact_like_any_other_and_stays_with_the_outcome():
    rows = [row("cut.often", {"times_paid": ">= 2"}, {"percent": 50})]
    cuts = {**cut_table(*rows), "inputs": ["times_paid"]}
    parts = {"facts": [HISTORY], "tables": [fee_table(), cuts, limit_table()]}
    made = outcome({"channel": "counter", "times_paid": 2}, **parts)
    assert made.charges[0].amount == 10000
    assert made.facts["times_paid"] == 2
    assert {each.fact for each in outcome({"channel": "counter"}, **parts).missing} == {"times_paid"}


def test_what_is_written_of_facts_is_read_back_the_same():
    specs = [fact(source="outside"), HISTORY, fact(id="seal", source="paper"), fact(id="debt", source="registry")]
    read = definition(facts=specs)
    assert definition_from_json(canonical_json(read)) == read
    assert [spec.source.value for spec in read.facts] == ["outside", "history", "paper", "registry"]


def test_an_answer_from_outside_comes_at_the_stage_of_that_name_and_stops_no_acceptance():
    assert definition(facts=[fact(source="outside")]).facts[0].stage == "outside"
    assert definition(facts=[fact(source="outside", stage="reception")]).facts[0].stage == "reception"


def test_a_fact_of_an_officer_is_written_as_it_always_was():
    written = definition_to_data(definition(facts=[fact(source="officer", stage="appraisal")]))["facts"]
    assert written == [{**fact(source="officer", stage="appraisal"), "label": {"vi": "Điều ghi nhận"}}]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (fact(source="form"), ("facts[1]", "nơi dữ kiện đến từ: officer, paper, registry, history, outside")),
        (fact(source="table"), ("facts[1]", "nơi dữ kiện đến từ")),
        (fact(source="paper", formula="poor"), ("facts[1]", "nơi dữ kiện đến từ")),
        (fact(source="neighbour"), ("facts[1].source", "Không có lựa chọn “neighbour”")),
        (fact(source="history"), ("facts[1]", "cần “query”")),
        (fact(source="officer", query=HISTORY["query"]), ("facts[1]", "cần “query”")),
        ({**HISTORY, "type": "bool"}, ("facts[1].type", "là một số đếm")),
        ({**HISTORY, "query": {"kind": "x"}}, ("facts[1].query", "Thiếu mục “count”")),
        ({**HISTORY, "query": {"count": "charges"}}, ("facts[1].query", "Thiếu mục “kind”")),
        ({**HISTORY, "query": {"count": "dogs", "kind": "x"}}, ("facts[1].query.count", "Không có lựa chọn “dogs”")),
        ({**HISTORY, "query": {"count": "results", "kind": 2.1}}, ("facts[1].query.kind", "là một mã")),
        (
            {**HISTORY, "query": {"count": "results", "kind": "x", "within": "week"}},
            ("facts[1].query.within", "Không có lựa chọn “week”"),
        ),
    ],
)
def test_a_fault_of_a_fact_is_named_with_its_place(spec, said):
    place, what = said
    assert [each for each in faults(spec) if each[0] == place and what in each[1]]


def test_a_stage_nobody_knows_is_not_published_but_still_read():
    found = [(problem.place, problem.hint) for problem in check(definition(facts=[fact(stage="recepton")]))]
    assert ("facts[1].stage", "Có phải ý bạn là: reception?") in found


def test_where_a_fact_comes_from_and_what_is_asked_of_history_is_said():
    said = {each.label.vi: each for each in readable(definition(facts=[HISTORY, fact(source="outside")])).facts}
    assert said["Số lần đã nộp"].source.vi == "Tra trong các hồ sơ trước đây khi tiếp nhận"
    assert said["Số lần đã nộp"].how.vi == (
        "đếm số lần người này đã nộp khoản “registration” trong năm dương lịch của ngày tiếp nhận"
    )
    assert said["Số lần đã nộp"].how.en == (
        "how often this person has paid “registration” in the calendar year of the acceptance"
    )
    assert said["Điều ghi nhận"].source.en == "Answered by another body with the answer from outside"


def test_history_may_be_asked_how_often_a_reduction_counted():
    asked = {"count": "reductions", "kind": "cut.land_house", "within": "ever"}
    read = definition(facts=[{**HISTORY, "query": asked}])
    assert definition_from_json(canonical_json(read)) == read
    assert definition_to_data(read)["facts"][0]["query"] == asked
    how = readable(read).facts[0].how
    assert how.vi == "đếm số lần người này đã được giảm theo dòng “cut.land_house” từ trước đến nay"
    assert how.en == "how often this person had the reduction “cut.land_house” until now"


def test_the_small_definition_has_none_of_them():
    assert "query" not in str(definition_to_data(definition(**data())))
