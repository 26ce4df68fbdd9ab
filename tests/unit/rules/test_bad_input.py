"""What no person would send on purpose: each is refused with a sentence and its place, or read as it was meant."""

import json
import unicodedata
from typing import Any

import pytest

from rules.codec import canonical_json, definition_from, definition_from_json
from rules.errors import DefinitionError, FactsError
from tests.definitions import charge, cut_table, data, definition, fee_table, limit_table, outcome, row, table

HUGE = "a" * 1_000_000
SURROGATE = "Lệ phí \ud83d"


def problems_of(read: Any) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as refused:
        definition_from(read)
    found = [(problem.place, problem.sentence) for problem in refused.value.problems]
    assert all(len(sentence) < 1_000 for _, sentence in found)
    return found


def fees(when: dict[str, Any], amount: Any = 1) -> list[dict[str, Any]]:
    """The tables of the small definition, with one row of fees."""
    return [fee_table(row("fee.x", when, {"amount": amount})), cut_table(), limit_table()]


def nested(depth: int) -> Any:
    deep: Any = "x"
    for level in range(depth):
        deep = [deep] if level % 2 else {"x": deep}
    return deep


@pytest.mark.parametrize("section", ["tables", "fields", "lists", "parameters", "territories", "shared", "include"])
def test_five_thousand_levels_are_refused_in_one_sentence(section):
    assert problems_of(data(**{section: nested(5_000)})) == [
        ("", "Dữ liệu lồng quá 40 lớp nên không phải định nghĩa thủ tục.")
    ]


def test_five_thousand_levels_of_json_are_refused_too():
    with pytest.raises(DefinitionError):
        definition_from_json("[" * 5_000 + "]" * 5_000)


def test_five_thousand_levels_of_a_formula_or_cell_are_refused_where_they_stand():
    deep = [{"id": "deep", "type": "int", "label": "Sâu", "formula": "(" * 5_000 + "1" + ")" * 5_000}]
    assert problems_of(data(facts=deep))[0][0] == "facts[1].formula"
    rows = [row("fee.deep", {"late": "not(" * 900 + "1" + ")" * 900}, {"amount": 1})]
    assert (
        problems_of(data(tables=[fee_table(*rows), cut_table(), limit_table()]))[0][0] == "tables[1].rows[1].when.late"
    )


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        (
            {"tables": fees({"late": HUGE})},
            "tables[1].rows[1].when.late",
        ),
        (
            {
                "tables": [
                    fee_table(row("x", {"late": ", ".join("1" for _ in range(300_000))}, {"amount": 1})),
                    cut_table(),
                    limit_table(),
                ]
            },
            "tables[1].rows[1].when.late",
        ),
        ({"name": HUGE}, "name"),
        ({"code": HUGE}, "code"),
        ({"facts": [{"id": "x", "type": "int", "label": "x", "formula": "1 + " * 250_000 + "1"}]}, "facts[1].formula"),
        ({"territories": {"t": {"label": "x", "units": [HUGE]}}}, "territories.t.units[1]"),
        (
            {"parameters": {"p": {"label": "x", "type": "fixed", "scale": 2, "values": [{"value": "9" * 1_000_000}]}}},
            "parameters.p.values[1].value",
        ),
    ],
)
def test_a_megabyte_in_one_place_is_refused_there(parts, place):
    assert place in dict(problems_of(data(**parts)))


def test_a_megabyte_as_a_key_is_refused_and_not_said_in_full():
    with pytest.raises(DefinitionError) as refused:
        definition_from(data(**{HUGE: 1}))
    assert all(len(problem.what) < 200 for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"name": SURROGATE}, "name"),
        ({"lists": {"group": [{"code": "a", "label": SURROGATE}]}}, "lists.group[1].label"),
        (
            {"tables": fees({"channel": SURROGATE})},
            "tables[1].rows[1].when.channel",
        ),
        ({"facts": [{"id": "x", "type": "int", "label": "x", "formula": "1 + \udfff"}]}, "facts[1].formula"),
        ({"basis": {"tt": {"document": SURROGATE}}}, "basis.tt.document"),
    ],
)
def test_half_a_character_is_refused_where_it_stands(parts, place):
    assert [where for where, sentence in problems_of(data(**parts)) if "ký tự hỏng" in sentence] == [place]


def test_half_a_character_in_a_key_is_refused_and_can_still_be_said():
    with pytest.raises(DefinitionError) as refused:
        definition_from(data(**{"nam\ud800e": "x"}))
    for problem in refused.value.problems:
        assert json.dumps(problem.to_data(), ensure_ascii=False).encode()
    with pytest.raises(FactsError) as wrong:
        outcome({"nam\ud800e": 1})
    assert json.dumps([problem.to_data() for problem in wrong.value.problems], ensure_ascii=False).encode()


def test_text_that_is_decomposed_is_the_same_text():
    def decomposed(value: Any) -> Any:
        return json.loads(unicodedata.normalize("NFD", json.dumps(value, ensure_ascii=False, default=str)))

    composed = data(tables=fees({"late": "từ 100 đến dưới 300", "channel": "trừ online"}))
    assert canonical_json(definition_from(decomposed(composed))) == canonical_json(definition_from(composed))


def test_the_largest_amounts_are_counted_exactly_or_not_at_all():
    most = 10**15
    one = row("fee.huge", {"channel": "online"}, {"amount": most})
    assert outcome(
        {"channel": "online", "poor": False}, tables=[fee_table(one), cut_table(), limit_table()]
    ).totals == {"VND": most}
    parts = {"tables": [fee_table(one), cut_table(), limit_table()], "charges": [charge(times="copies")]}
    found = outcome({"channel": "online", "poor": False, "copies": 5000}, **parts)
    assert (found.charges[0].amount, found.totals) == (None, {"VND": None})
    assert "quá lớn" in found.problems[0].what


def test_several_rows_together_beyond_what_is_counted_are_refused_as_a_problem():
    rows = [row(f"fee.{number}", {}, {"amount": 10**15}) for number in range(1000)]
    collected = table("fee", ["channel", "late"], {"amount": "money"}, rows, "collect")
    parts = {"tables": [collected, cut_table(), limit_table()], "charges": [charge(times="copies")]}
    found = outcome({"poor": False, "copies": 5}, **parts)
    assert found.charges[0].amount is None
    assert "quá lớn" in found.problems[0].what


@pytest.mark.parametrize("number", [2**62, 10**40, 10**5_000, -(2**62)], ids=["2^62", "10^40", "10^5000", "-2^62"])
def test_a_number_beyond_what_is_counted_is_refused_in_a_short_sentence(number):
    assert problems_of(data(tables=fees({}, number)))[0][0] == "tables[1].rows[1].then.amount"
    assert problems_of(data(tables=fees({"late": number})))[0][0] == "tables[1].rows[1].when.late"
    parameter = {"p": {"label": "x", "type": "int", "values": [{"value": number}]}}
    assert "parameters.p.values[1].value" in dict(problems_of(data(parameters=parameter)))
    with pytest.raises(FactsError):
        outcome({"late": number})


@pytest.mark.parametrize("code", [1.00119, 1, True, None, ["1.001190"], {"a": 1}])
def test_a_code_that_is_no_text_is_refused_with_the_hint_to_quote(code):
    assert any(place in ("code", "") for place, _ in problems_of(data(code=code)))
    if isinstance(code, float):
        assert 'Đặt mã trong dấu ngoặc kép: "2.000815".' in dict(problems_of(data(code=code)))["code"]


def test_a_code_that_looks_like_a_number_stays_text():
    assert definition(code="1.001190").code == "1.001190"


@pytest.mark.parametrize("read", [None, [], "x", 3, {1: 2}, {"format": 1, 2: 3}])
def test_what_is_no_definition_at_all_is_refused(read):
    assert problems_of(read)


SHAPES: dict[str, Any] = {
    "a number": 3,
    "a text": "Một câu.",
    "a fraction": 1.5,
    "a list in a list": [[]],
    "a list of numbers": [3],
    "a list of nothing": [None],
    "a list of nameless things": [{"id": []}],
    "a number by name": {"x": 3},
    "a list by name": {"x": [3]},
    "something deeper": {"x": {"y": {"z": 1}}},
    "values that are none": {"x": {"values": 3}},
    "units that are none": {"x": {"units": {}}},
    "items that are none": {"x": {"items": 3}},
    "attributes that are none": {"x": {"attributes": []}},
    "a version that is none": {"x": {"version": 1}},
    "a set that is none": [{"set": 1}],
}
REGISTERS = ["parameters", "territories", "shared", "include", "included", "territory_of", "lists"]


@pytest.mark.parametrize("section", sorted({*data(), *REGISTERS} - {"name", "field_of_work", "territory_of"}))
@pytest.mark.parametrize("shape", SHAPES)
def test_a_section_of_another_shape_is_refused_with_its_place(section, shape):
    found = problems_of(data(**{section: SHAPES[shape]}))
    assert any(place.startswith(section) for place, _ in found)


@pytest.mark.parametrize("empty", ["", "  ", "\u00a0"])
@pytest.mark.parametrize("fact", ["channel", "late"])
def test_an_empty_text_is_no_cell_and_a_key_without_a_value_is_any(fact, empty):
    paper = {"code": "request", "label": "Tờ khai", "required": {"when": {fact: empty}}}
    [(_, cell)] = problems_of(data(tables=fees({fact: empty}), cases=[]))
    [(_, condition)] = problems_of(data(papers=[paper]))
    said = 'Ô là chữ trống. Mọi giá trị đều được thì viết "-" hoặc bỏ ô này; chưa biết thì viết unknown.'
    assert cell == f"tables[1].rows[1].when.{fact}: {said}"
    assert condition.endswith(said)
    assert canonical_json(definition(tables=fees({fact: None}))) == canonical_json(definition(tables=fees({})))


def without_key(entry: dict[str, Any], key: str) -> dict[str, Any]:
    return {**{name: value for name, value in entry.items() if name != key}, f"{key}d": entry[key]}


def with_entry(place: str, name: str, key: str) -> dict[str, Any]:
    """The small definition in which one key of a field or fact is misspelt that tables, formulas and cases read."""
    made = {"id": "later", "type": "int", "label": "Muộn hơn", "formula": "late + 1"}
    whole = data(
        facts=[made, {"id": "latest", "type": "int", "label": "Muộn nhất", "formula": "later + late"}],
        tables=[fee_table(row("fee.x", {"late": "> 3"}, {"amount": 1})), cut_table(), limit_table()],
        charges=[charge(times="late")],
        papers=[{"code": "one", "label": "Một", "required": {"when": {"late": "> 1", "later": "> 2"}}}],
    )
    return {**whole, place: [without_key(each, key) if each["id"] == name else each for each in whole[place]]}


@pytest.mark.parametrize(
    ("place", "name", "key", "at"),
    [
        ("fields", "late", "kind", "fields[1]"),
        ("fields", "late", "id", "fields[1]"),
        ("facts", "later", "type", "facts[1]"),
        ("facts", "later", "id", "facts[1]"),
    ],
)
def test_a_misspelt_key_of_a_field_or_fact_is_told_at_its_entry_and_nowhere_else(place, name, key, at):
    found = problems_of(with_entry(place, name, key))
    assert [told for told, _ in found] == [f"{at}.{key}d", at]


def test_an_unknown_kind_is_told_once_and_other_faults_stay_told():
    whole = with_entry("fields", "late", "label")
    whole["fields"][0].update({"kind": "number_of_days", "label": "Số ngày"})
    whole["charges"][0]["amount"] = {"table": "feee", "output": "amount"}
    found = problems_of(whole)
    assert [told for told, _ in found] == ["fields[1].labeld", "fields[1].kind", "charges[1].amount.table"]


def test_a_member_of_a_group_that_cannot_be_read_is_not_told_where_it_is_read():
    group = {
        "id": "pages",
        "kind": "group",
        "label": "Trang",
        "fields": [{"id": "many", "kid": "money", "label": "Số"}],
    }
    whole = data()
    whole["fields"] = [*whole["fields"], group]
    whole["facts"] = [{"id": "all", "type": "money", "label": "Tất cả", "formula": "sum(pages, many)"}]
    found = problems_of(whole)
    assert [told for told, _ in found] == ["fields[8].fields[1].kid", "fields[8].fields[1]"]


def test_a_circle_is_told_once():
    facts = [
        {"id": name, "type": "int", "label": name, "formula": f"{read} + 1"}
        for name, read in (("one", "two"), ("two", "three"), ("three", "one"), ("four", "four"))
    ]
    assert [sentence.partition(": ")[2] for _, sentence in problems_of(data(facts=facts))] == [
        "Dữ kiện tính vòng tròn: one → two → three → one. Bỏ một mắt xích.",
        "Dữ kiện tính vòng tròn: four → four. Bỏ một mắt xích.",
    ]


def test_a_number_in_the_place_of_the_code_of_an_office_is_refused_with_the_hint_to_quote():
    with pytest.raises(FactsError) as refused:
        outcome({"receiving_unit": 28249})
    assert [problem.hint for problem in refused.value.problems] == ['Đặt trong dấu ngoặc kép: "28249".']
    case = {"name": "số", "given": {"receiving_unit": 28249}, "on": "2026-11-20", "then": {"total": 0}}
    assert 'Đặt trong dấu ngoặc kép: "28249".' in dict(problems_of(data(cases=[case])))["cases[1].given.receiving_unit"]
