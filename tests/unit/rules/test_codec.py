"""A definition is read whole or refused with every fault in place; the same definition has one text and hash."""

import json
from datetime import date

import pytest

from rules.codec import (
    canonical_json,
    definition_from,
    definition_from_json,
    facts_from_json,
    facts_to_json,
    law_hash,
    whole_hash,
)
from rules.definition.expected import ExpectedLine
from rules.errors import DefinitionError, FactsError
from tests.definitions import basis, charge, cut_table, data, definition, fee_table, limit_table, row, table


def faults(**parts):
    with pytest.raises(DefinitionError) as refused:
        definition_from(data(**parts))
    return {problem.where: problem for problem in refused.value.problems}


def test_what_is_written_is_read_back_the_same():
    whole = definition()
    assert definition_from_json(canonical_json(whole)) == whole


def test_the_order_of_keys_does_not_change_the_hash():
    turned = dict(reversed(list(data().items())))
    assert whole_hash(definition_from(turned)) == whole_hash(definition())


def test_a_new_label_changes_the_whole_but_not_the_law():
    relabelled = definition(charges=[charge(label={"vi": "Lệ phí (sửa chính tả)"})])
    assert whole_hash(relabelled) != whole_hash(definition())
    assert law_hash(relabelled) == law_hash(definition())


def test_a_new_amount_changes_the_law():
    dearer = fee_table(row("fee.counter", {"channel": "counter"}, {"amount": 20001}))
    cheaper = fee_table(row("fee.counter", {"channel": "counter"}, {"amount": 20000}))
    hashes = {law_hash(definition(tables=[each, cut_table(), limit_table()])) for each in (dearer, cheaper)}
    assert len(hashes) == 2


def law_of(**when):
    """The law of a table with one cell in each of these columns."""
    inputs = ["late", "group", "poor", "marks", "channel"]
    fee = table("fee", inputs, {"amount": "money"}, [row("fee.one", when, {"amount": 20000})])
    return law_hash(definition(tables=[fee, cut_table(), limit_table()]))


@pytest.mark.parametrize(
    ("fact", "writings"),
    [
        ("late", [">= 300", "≥300", "từ 300 trở lên", "ít nhất 300", "[300..]", "not(< 300)", "> 299"]),
        ("late", ["1000", "1.000", 1000, "[1.000..1.000]", "= 1000"]),
        ("late", ["1, 2, 3, 9", "9, [1..3]", "[2..3], 1, 9, 9"]),
        ("group", ["a", '"a"', "“a”"]),
        ("group", ["a, b", "b, a", "a hoặc b", '"b", "a", "b"']),
        ("group", ["trừ a, b", "not(b, a)"]),
        ("group", ["known", "đã biết"]),
        ("poor", [True, "true", "có", "not(false)", "trừ không"]),
        ("poor", ["có, không", "known"]),
        ("marks", ["has a, b", "has all b, a", "có đủ a, b", "có a, b"]),
        ("marks", ["has a", "has any a", "có một trong a"]),
        ("channel", ["-", " - "]),
    ],
)
def test_another_writing_of_a_cell_changes_the_whole_but_not_the_law(fact, writings):
    assert len({law_of(**{fact: writing}) for writing in writings}) == 1


@pytest.mark.parametrize(
    ("fact", "cells"),
    [
        ("late", ["-", "known", "unknown", ">= 300", "> 300", "<= 300", "300", "not(300)", "300, 301", "[0..300]"]),
        ("group", ["-", "known", "unknown", "a", "b", "a, b", "not(a)", "not(b)"]),
        ("poor", ["-", "known", "unknown", True, False]),
        ("marks", ["-", "has a", "has b", "has any a, b", "has all a, b", "has none a", "has none a, b"]),
    ],
)
def test_another_test_is_another_law(fact, cells):
    assert len({law_of(**{fact: cell}) for cell in cells}) == len(cells)


def test_conditions_count_by_what_they_mean_too():
    def law(when):
        paper = {"code": "request", "label": "Tờ khai", "required": {"when": when}, "basis": basis()}
        return law_hash(definition(papers=[paper]))

    assert law({"late": ">= 300"}) == law([{"late": "từ 300 trở lên"}]) != law({"late": "> 300"})


@pytest.mark.parametrize(
    ("writings", "other"),
    [
        (["late + 1000", "late+1.000", "  (late) + 1000 "], "late + 1001"),
        (["max(late, 2)", "lớn_nhất( late,2 )", "max(late; 2)"], "max(2, late)"),
        (["round(late * 0.5, 1, up)", "làm_tròn(late * 0.50, 1, lên)"], "round(late * 0.5, 1, down)"),
        (["if(late > 5, 1, 2)", "nếu(late>5; 1; 2)"], "if(late >= 5, 1, 2)"),
    ],
)
def test_another_writing_of_a_formula_changes_the_whole_but_not_the_law(writings, other):
    def law(formula):
        return law_hash(definition(facts=[{"id": "made", "type": "int", "label": "Số tính ra", "formula": formula}]))

    assert {law(writing) for writing in writings} == {law(writings[0])}
    assert law(other) != law(writings[0])


def test_an_unquoted_code_is_refused_with_the_hint_to_quote():
    problem = faults(code=1.00119)[("code",)]
    assert "mất số 0" in problem.what
    assert "ngoặc kép" in problem.hint


def test_every_fault_is_named_in_one_go_with_its_place():
    wrong = fee_table(row("Fee 1", {"channel": "onlin", "lat": "> 0"}, {"amount": "nhiều"}))
    found = faults(tables=[wrong, cut_table(), limit_table()], deadline={"table": "limits"}, fee=1)
    assert set(found) == {
        ("fee",),
        ("tables", 0, "rows", 0, "id"),
        ("tables", 0, "rows", 0, "when", "channel"),
        ("tables", 0, "rows", 0, "when", "lat"),
        ("tables", 0, "rows", 0, "then", "amount"),
        ("deadline", "table"),
    }
    assert "limit" in found[("deadline", "table")].hint


@pytest.mark.parametrize("policy", ["priority", "output_order"])
def test_a_policy_that_asks_for_the_best_needs_to_know_which_is_better(policy):
    found = faults(tables=[fee_table(hit=policy), cut_table(), limit_table()])
    assert "order" in found[("tables", 0, "hit")].hint


@pytest.mark.parametrize("policy", ["random", "collect_average"])
def test_a_hit_policy_outside_the_language_is_refused_by_name(policy):
    found = faults(tables=[fee_table(hit=policy), cut_table(), limit_table()])
    assert policy in found[("tables", 0, "hit")].what


@pytest.mark.parametrize(
    ("parts", "where", "said"),
    [
        ({"fees": []}, ("fees",), "fees"),
        ({"fields": [{"id": "a", "kind": "file", "label": "A"}]}, ("fields", 0, "kind"), "file"),
        ({"fields": [{"id": "channel", "kind": "text", "label": "A"}]}, ("fields", 0, "id"), "có sẵn"),
        ({"fields": [{"id": "a", "kind": "choice", "label": "A", "list": "nope"}]}, ("fields", 0, "list"), "nope"),
        ({"fields": [{"id": "a", "kind": "choice", "label": "A"}]}, ("fields", 0), "list"),
        ({"fields": [{"id": "a", "kind": "group", "label": "A"}]}, ("fields", 0), "group"),
        ({"fields": [{"id": "a", "kind": "text", "label": "A", "max": 3}]}, ("fields", 0, "max"), "max"),
        ({"charges": [charge(currency="EUR")]}, ("charges", 0, "currency"), "EUR"),
        ({"charges": [charge(times="poor")]}, ("charges", 0, "times"), "int"),
        ({"charges": [charge(amount={"fact": "late"})]}, ("charges", 0, "amount", "fact"), "money"),
        ({"charges": [charge(), charge()]}, ("charges", 1), "trùng"),
        ({"deadline": {"table": "fee"}}, ("deadline", "table"), "amount"),
        (
            {"papers": [{"code": "a", "label": "A", "basis": {"document": "x"}}]},
            ("papers", 0, "basis", "document"),
            "x",
        ),
        ({"format": 2}, ("format",), "định dạng"),
        ({"name": {"vi": "a\ud800"}}, ("name", "vi"), "ký tự hỏng"),
        ({"name": {"vi": "Giấy", "tờ": None}}, ("name",), "cắt trước"),
        ({"example": 3}, ("example",), "Cần một câu"),
    ],
)
def test_what_is_outside_the_language_is_refused_with_its_place(parts, where, said):
    problem = faults(**parts)[where]
    assert said in problem.sentence


def test_facts_that_are_computed_in_a_circle_are_refused_with_the_path():
    facts = [
        {"id": "x", "type": "int", "label": "X", "formula": "y + 1"},
        {"id": "y", "type": "int", "label": "Y", "formula": "x + 1"},
    ]
    assert "x → y → x" in faults(facts=facts)[("facts", 0, "formula")].what


def test_a_formula_fault_names_its_character():
    facts = [{"id": "x", "type": "int", "label": "X", "formula": "late + lat"}]
    problem = faults(facts=facts)[("facts", 0, "formula")]
    assert "Ký tự thứ 8" in problem.what
    assert "late" in problem.hint


def test_deep_data_is_refused_before_it_is_walked():
    nested: dict = {}
    for _ in range(5000):
        nested = {"a": nested}
    with pytest.raises(DefinitionError, match="lồng quá"):
        definition_from(data(name=nested))


def test_text_that_is_no_json_is_refused_as_a_definition():
    for text in ("", "[1, 2", "[" * 100_000):
        with pytest.raises(DefinitionError):
            definition_from_json(text)


def test_a_golden_case_may_only_speak_of_what_is_there():
    case = {
        "name": "sai",
        "given": {"latee": 1, "late": "năm"},
        "on": "2026-11-20",
        "then": {"charges": {"x": 1}, "papers": ["y"], "because": ["z"], "fee": 1},
    }
    found = faults(cases=[case])
    assert {where[2:] for where in found} == {
        ("given", "latee"),
        ("given", "late"),
        ("then", "charges", "x"),
        ("then", "papers", 0),
        ("then", "because", 0),
        ("then", "fee"),
    }


def test_an_expected_null_differs_from_no_expectation():
    case = {"name": "a", "given": {}, "on": "2026-11-20", "then": {"charges": {"registration": None}}}
    read = definition(cases=[case]).cases[0].then
    assert read.asked == {"charges"}
    assert read.charges == {"registration": ExpectedLine(frozenset({"amount"}), None)}
    again = json.loads(canonical_json(definition(cases=[case])))["cases"][0]["then"]
    assert again == {"charges": {"registration": None}}


def test_what_happens_in_a_golden_case_is_read_back_from_its_canonical_form():
    events = [
        {"kind": "stopped", "at": "2026-11-20T11:00", "cause": "tax", "basis": "Điều 9", "why": {"vi": "chờ thuế"}},
        {"kind": "resumed", "at": "2026-11-23T08:00", "cause": "tax"},
        {"kind": "outage", "at": "2026-11-24T08:00", "until": "2026-11-24T09:00"},
        {
            "kind": "extended",
            "at": "2026-11-24T10:00",
            "by": {"amount": 2, "unit": "months", "rolls": False, "basis": "Đ"},
        },
        {"kind": "reappointed", "at": "2026-11-25T08:00", "to": "2026-11-30T17:00"},
    ]
    then = {"appointment": "2026-11-30T17:00:00", "ledger": ["stopped", "extended"]}
    case = {"name": "chờ thuế", "given": {}, "at": "2026-11-20T10:00", "events": events, "then": then}
    stops = [{"id": "tax", "cause": "financial_obligation", "basis": {"document": "tt"}}]
    whole = definition(cases=[case], deadline={"table": "limit", "stops": stops})
    assert definition_from_json(canonical_json(whole)) == whole
    written = json.loads(canonical_json(whole))["cases"][0]
    assert [each["kind"] for each in written["events"]] == [each["kind"] for each in events]
    assert written["then"] == then


@pytest.mark.parametrize(
    ("events", "where", "what"),
    [
        ([{"kind": "accepted", "at": "2026-11-20T10:00"}], ("events",), "Lúc tiếp nhận là “at” của tình huống."),
        ([{"kind": "stopped", "at": "2026-11-20T10:00", "cause": "tex"}], ("events", 0, "cause"), "lý do dừng “tex”"),
        ([{"kind": "stopped", "at": "2026-11-20", "cause": "outage"}], ("events", 0, "at"), "2026-11-20"),
        ([{"kind": "slept", "at": "2026-11-20T10:00"}], ("events", 0, "kind"), "slept"),
    ],
)
def test_what_cannot_happen_in_a_golden_case_is_refused_with_its_place(events, where, what):
    case = {"name": "a", "given": {}, "on": "2026-11-20", "events": events, "then": {"ledger": ["due"]}}
    [(place, problem)] = faults(cases=[case]).items()
    assert place[2:] == where
    assert what in problem.what


def test_a_golden_case_without_a_time_limit_has_nothing_to_count_on():
    event = {"kind": "reappointed", "at": "2026-11-20T10:00", "to": "2026-11-23T10:00"}
    case = {"name": "a", "given": {}, "on": "2026-11-20", "events": [event], "then": {"ledger": ["dues"]}}
    found = faults(cases=[case], deadline=None)
    assert {where[2:] for where in found} == {("events",), ("then", "ledger", 0)}


def test_a_text_of_nothing_but_spaces_is_unknown():
    assert facts_from_json(definition(), {"note": "  ", "late": 3}) == {"late": 3}
    assert facts_from_json(definition(), {"note": " x "}) == {"note": " x "}


def test_facts_travel_as_plain_json():
    whole = definition()
    typed = facts_from_json(whole, {"born": "2026-05-01", "late": 3, "poor": None, "marks": ["b", "a", "b"]})
    assert typed == {"born": date(2026, 5, 1), "late": 3, "marks": ["a", "b"]}
    assert facts_to_json(whole, typed) == {"born": "2026-05-01", "late": 3, "marks": ["a", "b"]}


@pytest.mark.parametrize(
    "facts",
    [
        *(
            {"late": True},
            {"late": "3"},
            {"late": 2.0},
            {"late": 2**62},
            {"poor": 1},
            {"group": "z"},
            {"born": "2026-02-30"},
        ),
        *({"note": "a\ud800"}, {"marks": "a"}, {"nope": 1}, {"accepted_on": "2026-01-01"}, {"channel": "fax"}),
    ],
)
def test_a_fact_of_another_type_is_refused_by_name(facts):
    with pytest.raises(FactsError) as refused:
        facts_from_json(definition(), facts)
    assert refused.value.problems[0].where == tuple(facts)


def test_bare_true_and_numbers_in_cells_stand_for_their_text():
    rows = [row("r", {"poor": True, "late": 5}, {"amount": 1})]
    fee = table("fee", ["poor", "late"], {"amount": "money"}, rows)
    read = definition(tables=[fee, cut_table(), limit_table()])
    assert [cell.text for cell in read.tables[0].rows[0].when] == ["true", "5"]


def test_a_citation_keeps_article_clause_and_point_as_text():
    rows = [row("r", {}, {"amount": 1}, basis={**basis(4), "clause": 1, "point": "a"})]
    fee = table("fee", [], {"amount": "money"}, rows)
    found = definition(tables=[fee, cut_table(), limit_table()]).tables[0].rows[0].basis
    assert found is not None
    assert (found.article, found.clause, found.point) == ("4", "1", "a")


def test_a_multiplier_may_stand_beside_the_amount_or_inside_it():
    inside = charge(amount={"table": "fee", "output": "amount", "times": "copies"})
    assert definition(charges=[inside]) == definition(charges=[charge(times="copies")])


def bounded(**more):
    return [*data()["fields"], {"id": "met", "kind": "day", "label": "Ngày gặp", **more}]


def test_the_bounds_of_a_day_are_read_written_and_part_of_the_law():
    whole = definition(fields=bounded(not_before="today", not_after="today"))
    again = definition_from_json(canonical_json(whole))
    assert again == whole
    assert again.fields[-1].days_on(date(2026, 11, 20)) == (date(2026, 11, 20), date(2026, 11, 20))
    free = definition(fields=bounded())
    assert "not_after" not in canonical_json(free)
    assert free.fields[-1].days_on(date(2026, 11, 20)) == (None, None)
    assert law_hash(free) != law_hash(whole)


def test_only_a_day_is_bounded_by_today_and_only_by_today():
    found = faults(
        fields=[
            *bounded(not_after="tomorrow"),
            {"id": "n", "kind": "whole_number", "label": "Số", "not_after": "today"},
        ]
    )
    said = [problem.sentence for problem in found.values()]
    assert any("Không có lựa chọn “tomorrow” ở đây" in each for each in said)
    assert any("Trường kiểu whole_number không dùng “not_after”" in each for each in said)


def test_a_misspelt_input_is_told_once_at_the_head_of_the_table_not_at_every_row():
    ways = ("counter", "online", "post")
    gives = {"amount": 3, "unit": "working_days"}
    rows = [row(f"time.{way}", {"channel": way}, gives) for way in ways]
    limits = table("limit", ["chanel"], {"amount": "int", "unit": "code"}, rows)
    found = faults(tables=[fee_table(), cut_table(), limits])
    assert list(found) == [("tables", 2, "inputs", 0)]
    assert "channel" in found["tables", 2, "inputs", 0].hint
