"""Rows that almost applied promise an amount only where that amount would come out."""

from typing import Any

import pytest

from tests.definitions import charge, data, fee_table, outcome, row

MARKED = {"marks": ["a"], "channel": "counter", "late": 0, "poor": False}


def rates(facts: dict[str, Any], *rows: dict[str, Any], hit: str, order: str = "", **of: Any):
    """What the charge comes to by a table of its own, and what its rows that almost applied say."""
    fees = fee_table(*rows, hit=hit)
    fees["inputs"] = list(dict.fromkeys(name for each in rows for name in each["when"]))
    fees["outputs"][0].update({"order": order} if order else {})
    tables = [fees, *(each for each in data()["tables"] if each["id"] != "fee")]
    found = outcome(facts, tables=tables, charges=[charge(cuts=[], **of)], cases=[]).charges[0]
    return found.amount, [near.change.vi.replace("\u00a0", " ") for near in found.near]


def marks(first: int, second: int):
    return [
        row("fee.a", {"marks": "has a"}, {"amount": first}),
        row("fee.b", {"marks": "has b"}, {"amount": second}),
    ]


@pytest.mark.parametrize(
    ("hit", "order", "loses", "wins"),
    [("priority", "descending", 200, 400), ("collect_max", "", 200, 400), ("collect_min", "", 400, 200)],
)
def test_only_a_row_that_would_beat_the_one_that_counts_is_told(hit, order, loses, wins):
    assert rates(MARKED, *marks(300, loses), hit=hit, order=order) == (300, [])
    amount, near = rates(MARKED, *marks(300, wins), hit=hit, order=order)
    assert amount == 300
    assert [each.rpartition(" thì ")[2] for each in near] == [f"{wins} đ"]
    both, _ = rates({**MARKED, "marks": ["a", "b"]}, *marks(300, wins), hit=hit, order=order)
    assert both == wins


def test_of_the_first_row_only_one_that_stands_before_it_is_told():
    assert rates(MARKED, *marks(300, 200), hit="first") == (300, [])
    amount, near = rates(MARKED, *reversed(marks(300, 200)), hit="first")
    assert (amount, len(near)) == (300, 1)


def test_a_row_that_hits_now_is_not_in_the_way_where_it_would_not_hit_any_more():
    rows = [
        row("fee.counter", {"channel": "counter"}, {"amount": 300}),
        row("fee.online", {"channel": "online"}, {"amount": 200}),
        row("fee.late", {"channel": "online", "late": "> 0"}, {"amount": 100}),
    ]
    assert rates(MARKED, *rows, hit="first") == (300, ["Nộp trực tuyến thì 200 đ"])


def test_a_row_that_another_would_beat_when_its_test_is_met_is_not_told():
    rows = [
        row("fee.better", {"poor": True}, {"amount": 100}),
        row("fee.worse", {"poor": True}, {"amount": 200}),
        row("fee.usual", {}, {"amount": 300}),
    ]
    assert rates(MARKED, *rows, hit="first") == (300, ["Nếu hộ nghèo thì 100 đ"])


def test_a_row_with_the_same_amount_is_not_told():
    assert rates(MARKED, *marks(300, 300), hit="any") == (300, [])


@pytest.mark.parametrize("hit", ["collect_sum", "collect", "rule_order"])
def test_where_rows_are_added_up_a_row_says_what_it_adds(hit):
    amount, near = rates(MARKED, *marks(300, 200), hit=hit)
    assert amount == 300
    assert [each.rpartition(" thì ")[2] for each in near] == ["thêm 200 đ"]
    rows = [*marks(300, 200), row("fee.poor", {"poor": True}, {"amount": 50})]
    assert rates({**MARKED, "marks": ["a", "b"]}, *rows, hit=hit) == (500, ["Nếu hộ nghèo thì thêm 50 đ"])


def test_where_rows_are_added_up_one_that_takes_the_place_of_the_others_says_the_whole():
    rows = [
        row("fee.counter", {"channel": "counter"}, {"amount": 300}),
        row("fee.online", {"channel": "online"}, {"amount": 200}),
    ]
    assert rates(MARKED, *rows, hit="collect_sum") == (300, ["Nộp trực tuyến thì 200 đ"])


@pytest.mark.parametrize(
    ("facts", "when", "beaten"),
    [
        ({"late": 0}, {"late": ">= 5"}, {"late": ">= 5"}),
        ({"late": 0}, {"late": "not([0..4])"}, {"late": "not([0..4])"}),
        ({"late": 0}, {"channel": "not(counter)"}, {"channel": "not(counter)"}),
        ({"marks": ["a"]}, {"marks": "has any b"}, {"marks": "has any b"}),
        ({"marks": ["a"]}, {"marks": "has none a"}, {"marks": "has none a"}),
    ],
)
def test_every_kind_of_test_is_met_before_the_rows_are_counted_anew(facts, when, beaten):
    rows = [
        row("fee.better", when, {"amount": 400}),
        row("fee.worse", beaten, {"amount": 350}),
        row("fee.usual", {}, {"amount": 300}),
    ]
    amount, near = rates({**MARKED, **facts}, *rows, hit="collect_max")
    assert amount == 300
    assert [each.rpartition(" thì ")[2] for each in near] == ["400 đ"]


def test_what_a_code_would_have_to_be_is_said_with_a_verb():
    rows = [row("fee.a", {"group": "a"}, {"amount": 400}), row("fee.usual", {}, {"amount": 300})]
    assert rates({**MARKED, "group": "b"}, *rows, hit="first") == (300, ["Nếu nhóm đối tượng là Nhóm a thì 400 đ"])
    _, near = rates(MARKED, *marks(300, 400), hit="collect_max")
    assert near == ["Nếu các nhóm có Nhóm b thì 400 đ"]
