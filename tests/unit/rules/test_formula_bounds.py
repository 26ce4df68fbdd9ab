"""Before publication it is proved that formulas can be counted and never divide by 0, or said what is in the way."""

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from, definition_from_json, law_hash
from rules.errors import DefinitionError, Severity
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from tests.definitions import DAY, basis, charge, data, office

FIELDS = [
    {"id": "n", "kind": "whole_number", "label": "Số người", "min": 1, "max": 20, "unit": "person"},
    {"id": "m", "kind": "whole_number", "label": "Số lần"},
    {"id": "big", "kind": "whole_number", "label": "Số lớn", "min": 0, "max": 10**12},
    {"id": "price", "kind": "money", "label": "Giá", "min": 0, "max": 10**12},
    {"id": "born", "kind": "day", "label": "Ngày sinh"},
    {
        "id": "plots",
        "kind": "group",
        "label": "Thửa đất",
        "min_rows": 0,
        "max_rows": 50,
        "fields": [
            {"id": "worth", "kind": "money", "label": "Giá đất", "min": 0, "max": 10**12},
            {"id": "share", "kind": "whole_number", "label": "Số phần"},
        ],
    },
]
SCALES = {
    "land": {
        "label": "Theo giá đất",
        "steps": [{"up_to": 50_000_000, "percent": 5}, {"percent": "0,15"}],
        "round": {"to": 1000, "how": "up"},
        "basis": basis(),
    }
}


def with_facts(*facts, **more):
    own = data()["fields"]
    return data(fields=[*own[:4], *own[5:], *FIELDS], facts=list(facts), **more)


def computed(text, kind="int", **more):
    return {"id": "result", "type": kind, "label": "Kết quả", "formula": text, **more}


def doubts(text, kind="int", *before, **more):
    found = check(definition_from(with_facts(*before, computed(text, kind), **more)))
    return [(problem.severity, problem.what) for problem in found if problem.where == ("facts", len(before), "formula")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("divide(price, n, up)", "money"),
        ("divide(price, max(m, 1), up)", "money"),
        ("divide(price, n * n, up)", "money"),
        ("if(m > 0, divide(price, m, up), 0)", "money"),
        ("if(m < 1, price, divide(price, m, up))", "money"),
        ("if(or(m = -5, not(between(m, 1, 9))), 0, divide(100, m, up))", "int"),
        ("and(m >= 1, divide(100, m, up) > 2)", "bool"),
        ("sum(plots, if(share > 0, divide(worth, share, up), worth))", "money"),
        ("add_years(born, age(born, accepted_on))", "day"),
        ("roll(born + 60)", "day"),
        ("sum(plots, percent(worth, 15)) + sum(plots, min(worth, 500000000))", "money"),
    ],
)
def test_what_is_proved_is_not_spoken_of(text, kind):
    assert doubts(text, kind) == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("divide(price, m, up)", "money", "Số chia có thể bằng 0 vì chưa khai giới hạn của “Số lần”"),
        ("divide(price, n - 1, up)", "money", "Số chia có thể bằng 0 trong giới hạn đã khai của “Số người”"),
        ("divide(price, count(plots), up)", "money", "giới hạn đã khai của “Thửa đất”"),
        ("if(m >= 0, divide(100, m, up), 0)", "int", "“Số lần”"),
        ("if(m > 0, 0, divide(100, m, up))", "int", "“Số lần”"),
        ("or(m >= 1, divide(100, m, up) > 2)", "bool", "“Số lần”"),
        ("sum(plots, divide(worth, share, up))", "money", "“Thửa đất, Số phần”"),
        ("price * big", "money", "quá giới hạn tính được trong giới hạn đã khai của “Giá”, “Số lớn”"),
    ],
)
def test_a_divisor_that_may_be_0_or_a_number_too_large_stops_publication(text, kind, said):
    ((severity, what),) = doubts(text, kind)
    assert severity is Severity.ERROR
    assert said in what


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("m * m * m * m", "int", "Kết quả có thể vượt quá giới hạn tính được vì chưa khai giới hạn của “Số lần”"),
        ("born + m", "day", "Ngày tính ra có thể nằm ngoài lịch vì chưa khai giới hạn của “Số lần”"),
        ("add_months(born, m)", "day", "“Số lần”"),
    ],
)
def test_a_missing_bound_is_warned_of_by_name(text, kind, said):
    ((severity, what),) = doubts(text, kind)
    assert severity is Severity.WARNING
    assert said in what


def test_bounds_are_carried_through_computed_facts_in_any_order():
    later = {"id": "people", "type": "int", "label": "Người", "formula": "n + 1"}
    assert doubts("divide(price, people, up)", "money", later) == []
    later = {"id": "people", "type": "int", "label": "Người", "formula": "n - m"}
    ((severity, what),) = doubts("divide(price, people, up)", "money", later)
    assert severity is Severity.ERROR
    assert "“Số lần”" in what


def test_what_an_officer_finds_may_be_bounded_too():
    finding = {"id": "rooms", "type": "int", "label": "Số phòng", "source": "officer", "min": 1, "max": 9}
    assert doubts("divide(price, rooms, up)", "money", finding) == []
    area = {"id": "area", "type": "fixed", "scale": 2, "label": "Diện tích", "min": "0,5", "max": 900}
    assert doubts("divide(price, area, up)", "money", area) == []
    whole = definition_from(with_facts(area))
    assert (whole.facts[0].min, whole.facts[0].max) == (50, 90_000)
    assert definition_from_json(canonical_json(whole)) == whole


def evaluated(facts, parts):
    return evaluate(compiled(definition_from(parts)), facts, on=DAY, at=None, office=office())


def faults(*facts, **parts):
    with pytest.raises(DefinitionError) as refused:
        definition_from(with_facts(*facts, **parts))
    return {problem.where: f"{problem.what} {problem.hint}" for problem in refused.value.problems}


def test_a_scale_is_read_written_back_and_cited_where_it_counts():
    worth = computed("tiered(price, land)", "money")
    line = charge(amount={"fact": "result", "basis": basis(4)}, cuts=[])
    parts = with_facts(worth, scales=SCALES, charges=[line], cases=[])
    whole = definition_from(parts)
    assert definition_from_json(canonical_json(whole)) == whole
    renamed = definition_from({**parts, "scales": {"land": {**SCALES["land"], "label": "Khác"}}})
    assert law_hash(renamed) == law_hash(whole)
    (found,) = evaluated({"price": 60_000_000}, parts).charges
    assert found.amount == 2_515_000
    assert [(reason.rule, reason.citation) for reason in found.reasons] == [
        ("registration", "Điều 4 Thông tư 1/2026/TT-BTC"),
        ("land", "Điều 1 Thông tư 1/2026/TT-BTC"),
    ]


def test_a_scale_needs_a_basis_and_a_use():
    bare = {"land": {**SCALES["land"], "basis": None}}
    found = check(definition_from(with_facts(scales=bare)))
    said = [(problem.severity, problem.what) for problem in found if problem.where == ("scales", "land")]
    assert said == [
        (Severity.ERROR, "Biểu “Theo giá đất” chưa ghi căn cứ pháp lý."),
        (Severity.WARNING, "Biểu “land” không được dùng ở đâu."),
    ]


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"steps": [{"up_to": 5, "rate": 3}]}, ("steps",), "bậc cuối không có"),
        ({"steps": [{"rate": 3}, {"rate": 2}]}, ("steps",), "cần “up_to”"),
        ({"steps": [{"up_to": 5, "rate": 3}, {"up_to": 5, "rate": 2}, {"rate": 1}]}, ("steps",), "tăng dần"),
        ({"steps": [{"up_to": 5, "rate": 3}, {"percent": 2}]}, ("steps", 0), "cả biểu cùng một loại"),
        ({"steps": [{"percent": 101}]}, ("steps", 0, "percent"), "từ 0 đến 100"),
        ({"steps": [{"percent": 1}], "round": None}, (), "chưa nêu cách làm tròn"),
        ({"steps": []}, ("steps",), "từ 1 đến 100 bậc"),
        ({"round": {"to": 1000, "how": "near"}}, ("round", "how"), "half_up"),
        ({"round": {"to": 0, "how": "up"}}, ("round", "to"), "ngoài khoảng"),
        ({"unit": "pages"}, ("unit",), "page"),
        ({"steps": [{"up_to": "1,1234567", "rate": 3}, {"rate": 1}]}, ("steps", 0, "up_to"), "số thập phân"),
        ({"step": 1}, ("step",), "steps"),
    ],
)
def test_a_scale_that_says_nothing_sure_is_refused_at_its_place(change, place, said):
    found = faults(scales={"land": {**SCALES["land"], **change}})
    assert said in found[("scales", "land", *place)]


@pytest.mark.parametrize(
    ("fact", "key", "said"),
    [
        ({"id": "x", "type": "fixed", "label": "X"}, ("scale",), "cần “scale”"),
        ({"id": "x", "type": "int", "scale": 2, "label": "X"}, ("scale",), "cần “scale”"),
        ({"id": "x", "type": "int", "label": "X", "min": 4, "max": 2}, (), "lớn hơn giới hạn trên"),
        ({"id": "x", "type": "int", "label": "X", "min": "4"}, ("min",), "số nguyên"),
        ({"id": "x", "type": "fixed", "scale": 1, "label": "X", "min": "4,55"}, ("min",), "1 chữ số"),
        ({"id": "x", "type": "fixed", "scale": 1, "label": "X", "min": True}, ("min",), "Cần một số"),
        ({"id": "x", "type": "bool", "label": "X", "min": 1}, ("min",), "là số"),
        ({"id": "x", "type": "int", "label": "X", "formula": "n", "max": 1}, ("max",), "tính ra"),
        ({"id": "x", "type": "text", "label": "X", "formula": "n"}, ("type",), "không đặt được"),
        ({"id": "x", "type": "code", "list": "group", "label": "X", "formula": '"z"'}, ("formula",), "không có mã “z”"),
    ],
)
def test_a_fact_whose_number_is_not_sure_is_refused(fact, key, said):
    found = faults(fact)
    assert said in found[("facts", 0, *key)]


def test_what_known_sees_as_unknown_may_still_change_the_fee():
    worth = computed("if(known(m), 2000, 5000)", "money")
    line = charge(amount={"fact": "result", "basis": basis()}, cuts=[])
    found = evaluated({}, with_facts(worth, charges=[line], cases=[]))
    assert found.charges[0].amount == 5000
    assert {each.fact: each.could_change for each in found.missing}["m"] == ("fee",)


def test_dividing_by_0_leaves_the_fact_unknown_and_says_so():
    worth = computed("divide(price, m, up)", "money")
    line = charge(amount={"fact": "result", "basis": basis()}, cuts=[])
    found = evaluated({"price": 10, "m": 0}, with_facts(worth, charges=[line], cases=[]))
    assert found.charges[0].amount is None
    assert any("chia cho 0" in problem.what for problem in found.problems)
