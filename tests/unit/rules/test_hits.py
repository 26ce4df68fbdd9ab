"""Several rows hit: each policy counts the rows it says, and gives the one value it says."""

from datetime import date

import pytest

from rules.evaluation.situation import Hits
from rules.match.interpreter import Outcome
from rules.table.cells import ANY_CELL
from rules.table.decision import HitPolicy, OutputColumn, Row, Table
from rules.table.hits import counting, value_of
from rules.values import MAX_WHOLE, Text
from rules.vocabulary import FactType

AMOUNT = OutputColumn("amount", FactType.MONEY)
RISK = OutputColumn("risk", FactType.CODE, order=("high", "middle", "low"))


def table_of(hit, *outputs, values):
    rows = tuple(
        Row(f"r{number}", (ANY_CELL,), then if isinstance(then, tuple) else (then,))
        for number, then in enumerate(values)
    )
    return Table("t", Text("Bảng"), HitPolicy(hit), ("x",), outputs or (AMOUNT,), rows)


@pytest.mark.parametrize(
    ("hit", "counted", "value"),
    [
        ("unique", None, None),
        ("any", None, None),
        ("first", (0,), 30),
        ("collect", (0, 1, 2, 3), None),
        ("rule_order", (0, 1, 2, 3), None),
        ("collect_sum", (0, 1, 2, 3), 90),
        ("collect_min", (1,), 10),
        ("collect_max", (2,), 40),
        ("collect_count", (0, 1, 2, 3), 4),
    ],
)
def test_each_policy_counts_its_rows_and_gives_its_value(hit, counted, value):
    table = table_of(hit, values=[30, 10, 40, 10])
    assert counting(table, (0, 1, 2, 3)) == counted
    assert counted is None or value_of(table, counted, "amount") == value


@pytest.mark.parametrize("hit", [*HitPolicy])
def test_no_row_gives_no_value_and_a_count_of_nothing_is_zero(hit):
    table = table_of(hit, values=[1])
    assert counting(table, ()) == ()
    assert value_of(table, (), "amount") == (0 if hit is HitPolicy.COLLECT_COUNT else None)


def test_any_takes_rows_with_equal_outputs_as_one():
    assert counting(table_of("any", values=[5, 5, 6]), (0, 1)) == (0,)


def test_priority_takes_the_row_whose_output_stands_first_in_the_declared_order():
    table = table_of("priority", RISK, values=["low", "high", "middle", "high"])
    assert counting(table, (0, 1, 2, 3)) == (1,)
    assert counting(table, (0, 2)) == (2,)


def test_output_order_lists_rows_from_the_best_output_to_the_worst():
    table = table_of("output_order", RISK, values=["low", "high", "middle", "high"])
    assert counting(table, (0, 1, 2, 3)) == (1, 3, 2, 0)


def test_several_ordered_outputs_are_compared_one_after_the_other():
    cost = OutputColumn("cost", FactType.INT, order=("descending",))
    table = table_of("output_order", RISK, cost, values=[("low", 9), ("high", 1), ("high", 7)])
    assert counting(table, (0, 1, 2)) == (2, 1, 0)


def test_outputs_without_an_order_say_nothing_about_which_is_best():
    note = OutputColumn("note", FactType.TEXT)
    table = table_of("priority", note, RISK, values=[(Text("a"), "low"), (Text("z"), "high")])
    assert counting(table, (0, 1)) == (1,)


@pytest.mark.parametrize(
    ("kind", "order", "values", "best"),
    [
        (FactType.DAY, ("ascending",), [date(2026, 2, 1), date(2026, 1, 1)], 1),
        (FactType.DAY, ("descending",), [date(2026, 2, 1), date(2026, 1, 1)], 0),
        (FactType.FIXED, ("ascending",), [125, 7], 1),
        (FactType.BOOL, (False, True), [True, False], 1),
    ],
)
def test_numbers_days_and_truth_values_are_ranked_too(kind, order, values, best):
    column = OutputColumn("o", kind, order=order, scale=1 if kind is FactType.FIXED else 0)
    assert counting(table_of("priority", column, values=values), (0, 1)) == (best,)


def test_codes_of_several_rows_become_one_set():
    kind = OutputColumn("kind", FactType.CODE)
    assert value_of(table_of("collect", kind, values=["b", "a", "b"]), (0, 1, 2), "kind") == ["a", "b"]
    kinds = OutputColumn("kinds", FactType.CODES)
    assert value_of(table_of("rule_order", kinds, values=[(("b", "a"),), (("c",),)]), (0, 1), "kinds") == [
        "a",
        "b",
        "c",
    ]
    assert value_of(table_of("first", kinds, values=[((),)]), (0,), "kinds") == []


def test_a_sum_that_cannot_be_counted_is_a_named_problem_and_no_amount():
    hits = Hits(table_of("collect_sum", values=[MAX_WHOLE - 1, 1]), Outcome((0, 1), ((), ())))
    assert (hits.conflict, hits.rows, hits.value("amount")) == (True, (), None)
    problem = hits.problem()
    assert problem is not None
    assert "r0, r1" in problem.what
