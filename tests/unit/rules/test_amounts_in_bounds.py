"""A number is what was written or it is refused: nothing is rescaled, cut off or counted beyond its bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cases import run_case
from rules.codec import facts_as_written
from rules.errors import DefinitionError, FactsError
from rules.values import MAX_SCALE, MAX_WHOLE
from tests.definitions import (
    DAY,
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
