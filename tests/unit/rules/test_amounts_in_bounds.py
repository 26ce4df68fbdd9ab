"""A number is what was written or it is refused: nothing is rescaled, cut off or counted beyond its bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.validators import money_of
from rules.codec import facts_as_written
from rules.errors import DefinitionError, FactsError
from rules.evaluation.cases import run_case
from rules.values import MAX_MONEY, MAX_SCALE, MAX_WHOLE
from tests.definitions import (
    DAY,
    basis,
    charge,
    cut_table,
    data,
    definition,
    fee_table,
    limit_table,
    office,
    outcome,
    procedure,
    row,
)

TOO_MUCH = MAX_MONEY + 1


def measured(scale, **more):
    """A definition with a measure in the form, and in the rows of a group."""
    area = {
        "id": "floor_area",
        "kind": "measure",
        "scale": scale,
        "unit": "square_metre",
        "label": "Diện tích sàn",
        **more,
    }
    plots = {"id": "plots", "kind": "group", "label": "Thửa", "fields": [area]}
    return definition(fields=[*data()["fields"], area, plots])


def refusal(made, facts):
    with pytest.raises(FactsError) as refused:
        facts_as_written(made, facts)
    (problem,) = refused.value.problems
    return problem


@given(st.integers(1, MAX_SCALE), st.integers(-(10**31), 10**31))
def test_a_measure_is_its_own_number_or_it_is_refused(scale, number):
    made = measured(scale)
    for written in (number, str(number)):
        try:
            assert facts_as_written(made, {"floor_area": written}) == {"floor_area": number * 10**scale}
        except FactsError:
            assert abs(number) * 10**scale >= MAX_WHOLE or abs(number) >= 10**18


@pytest.mark.parametrize(
    ("scale", "number", "bound"),
    [
        (2, 10**17, "46.116.860.184.273.879,04"),
        (6, 10**13, "4.611.686.018.427,387904"),
        (2, 2**62, "46.116.860.184.273.879,04"),
        (2, 10**29, "46.116.860.184.273.879,04"),
    ],
)
@pytest.mark.parametrize("written", [int, str], ids=["as a number", "as a text"])
def test_a_measure_too_large_to_be_counted_is_refused_with_its_value_and_the_bound(scale, number, bound, written):
    made = measured(scale, max=1000)
    found = refusal(made, {"floor_area": written(number)})
    assert found.where == ("floor_area",)
    assert found.what == f"“Diện tích sàn” cần số nhỏ hơn {bound}, đang có số {number}."
    in_row = refusal(made, {"plots": [{"floor_area": written(number)}]})
    assert (in_row.where, in_row.what) == (("plots", 0, "floor_area"), found.what)


def test_a_measure_far_below_zero_is_refused_with_its_value_and_the_bound():
    found = refusal(measured(2, min=-5), {"floor_area": -(10**17)})
    assert found.what.endswith(f"cần số lớn hơn -46.116.860.184.273.879,04, đang có số -{10**17}.")


def test_a_measure_of_five_thousand_digits_is_refused_in_a_short_sentence():
    assert refusal(measured(2), {"floor_area": 10**5000}).what.endswith("đang có một số quá lớn.")


def test_a_bound_of_five_thousand_digits_is_refused_where_it_stands():
    with pytest.raises(DefinitionError) as refused:
        measured(2, max=10**5000)
    assert refused.value.problems[0].place == "fields[8].max"


def test_a_golden_case_with_a_measure_too_large_to_be_counted_is_refused():
    area = {"id": "floor_area", "kind": "measure", "scale": 2, "unit": "square_metre", "label": "Diện tích sàn"}
    case = {"name": "rộng", "given": {"floor_area": 10**17}, "on": DAY, "then": {"total": 0}}
    with pytest.raises(DefinitionError) as refused:
        definition(fields=[*data()["fields"], area], cases=[case])
    (problem,) = refused.value.problems
    assert problem.place == "cases[1].given.floor_area"
    assert f"đang có số {10**17}" in problem.what


def two_taxes(**parts):
    """Two charges, each countable alone, whose sum for 4.000 copies is beyond 2^62."""
    lines = [charge(id=name, label=f"Thuế {name}", times="copies", cuts=[]) for name in ("land", "income")]
    fees = fee_table(row("fee.all", {}, {"amount": 10**15}))
    return {"tables": [fees, cut_table(), limit_table()], "charges": lines, **parts}


def test_charges_that_are_together_beyond_what_is_counted_have_no_total_and_are_named():
    found = outcome({"copies": 4000}, **two_taxes())
    assert [line.amount for line in found.charges] == [4 * 10**18, 4 * 10**18]
    assert found.totals == {"VND": None}
    (problem,) = found.problems
    assert problem.where == ("charges",)
    assert problem.what == (
        "Tổng số tiền (VND) vượt quá giới hạn tính được: “Thuế land” (land), “Thuế income” (income)."
    )


def test_a_golden_case_says_of_such_a_total_that_there_is_none():
    case = {"name": "nhiều", "given": {"copies": 4000}, "on": DAY, "then": {"total": 5}}
    made = procedure(**two_taxes(cases=[case]))
    found = run_case(made, made.definition.cases[0], office())
    assert not found.passed
    assert found.differences == ("Tổng số tiền: mong đợi 5\u00a0đ, tính ra không có mức thu.",)


def taxed(**more):
    tax = {"id": "tax", "type": "money", "source": "outside", "label": "Số thuế", **more}
    return {
        "facts": [tax],
        "charges": [charge(amount={"fact": "tax", "assessed_by": "Thuế tỉnh", "basis": basis()}, cuts=[])],
    }


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"tables": [fee_table(row("fee.all", {}, {"amount": TOO_MUCH}))]}, "tables[1].rows[1].then.amount"),
        ({"charges": [charge(cap=TOO_MUCH)]}, "charges[1].cap"),
        ({"charges": [charge(floor=TOO_MUCH)]}, "charges[1].floor"),
        (
            {"facts": [{"id": "tax", "type": "money", "source": "outside", "label": "x", "max": TOO_MUCH}]},
            "facts[1].max",
        ),
        ({"fields": [{"id": "tax", "kind": "money", "label": "x", "max": TOO_MUCH}]}, "fields[1].max"),
        (
            {"parameters": {"wage": {"label": "x", "type": "money", "values": [{"value": TOO_MUCH}]}}},
            "parameters.wage.values[1].value",
        ),
        (
            {"scales": {"rates": {"label": "x", "unit": "page", "basis": basis(), "steps": [{"rate": TOO_MUCH}]}}},
            "scales.rates.steps[1].rate",
        ),
    ],
)
def test_an_amount_that_a_definition_states_beyond_a_million_billion_is_refused_where_it_stands(parts, place):
    with pytest.raises(DefinitionError) as refused:
        definition(**parts)
    found = {problem.place: problem for problem in refused.value.problems}
    assert found[place].what == f"Số {TOO_MUCH} nằm ngoài khoảng cho phép."
    assert str(MAX_MONEY) in found[place].hint


def test_an_assessed_tax_beyond_a_million_billion_is_refused_with_its_value_and_the_bound():
    with pytest.raises(FactsError) as refused:
        outcome({"tax": TOO_MUCH}, **taxed())
    (problem,) = refused.value.problems
    assert problem.where == ("tax",)
    assert problem.what.replace("\u00a0", " ") == (
        "“Số thuế” cần từ 0 đ đến 1.000.000.000.000.000 đ, đang có 1.000.000.000.000.001 đ."
    )


def test_the_largest_amount_itself_is_taken_and_a_stated_bound_holds_before_it():
    assert outcome({"tax": MAX_MONEY}, **taxed()).totals == {"VND": MAX_MONEY}
    with pytest.raises(FactsError, match="từ 0"):
        outcome({"tax": 101}, **taxed(max=100))


def test_the_form_says_the_bound_of_an_amount_at_its_field():
    with pytest.raises(ValueError, match="nhập số") as refused:
        money_of(None, None)(str(TOO_MUCH))
    assert "1.000.000.000.000.000" in str(refused.value.args[0])
