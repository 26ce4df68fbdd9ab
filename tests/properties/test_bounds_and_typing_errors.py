"""For every small table: all pairs of boundary values occur, and brute force agrees on which typing errors are none."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from rules.check.boundaries import boundaries
from rules.check.mutants import mutants, resolved
from rules.check.typing_errors import typing_errors
from rules.codec import definition_from, definition_to_data
from rules.evaluation.cases import run_cases
from rules.evaluation.compile import tried
from rules.match.interpreter import Interpreter
from tests.definitions import DAY, charge, definition, limit_table, office, row, table
from tests.effort import examples

CELLS = {
    "late": st.sampled_from(["-", "<= 3", "> 3", "[2..5)", "5", "1, 4", "not(3)", "known", "unknown", "(0..2]"]),
    "group": st.sampled_from(["-", "a", "b", "a, b", "not(a)", "not(b, c)", "known", "unknown"]),
    "poor": st.sampled_from(["-", "true", "false", "unknown"]),
    "marks": st.sampled_from(["-", "has a", "has any a, b", "has all a, c", "has none b", "unknown"]),
}
GRID = {
    "late": [None, *range(7)],
    "group": [None, "a", "b", "c"],
    "poor": [None, True, False],
    "marks": [None, *(sorted(each) for size in range(4) for each in combinations("abc", size))],
}
POLICIES = ["unique", "any", "first", "collect_sum", "collect_min", "collect_max"]
FIELDS = [
    {"id": "late", "kind": "whole_number", "label": "Số ngày", "max": 6},
    {"id": "group", "kind": "choice", "list": "group", "label": "Nhóm"},
    {"id": "poor", "kind": "yes_no", "label": "Hộ nghèo"},
    {"id": "marks", "kind": "choices", "list": "group", "label": "Các nhóm"},
]


@st.composite
def small_definitions(draw):
    """A definition with a fee table of up to four rows over up to three facts, and a golden case or two."""
    inputs = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3, unique=True))
    rows = [
        row(f"r{number}", {name: draw(CELLS[name]) for name in inputs}, {"amount": draw(st.sampled_from([0, 10, 25]))})
        for number in range(draw(st.integers(1, 4)))
    ]
    fees = table("fee", inputs, {"amount": "money"}, rows, draw(st.sampled_from(POLICIES)))
    return definition(tables=[fees, limit_table()], fields=FIELDS, charges=[charge(cuts=[])], cases=[])


def dossiers(of):
    """Every dossier that the table of fees can tell apart, as its facts."""
    inputs = of.table("fee").inputs
    for values in product(*(GRID[name] for name in inputs)):
        yield {name: value for name, value in zip(inputs, values, strict=True) if value is not None}


def boundary_values(of, name):
    """The values of a column on its bounds, worked out from the cells by asking each about every value."""
    inputs = of.table("fee").inputs
    cells = [each.when[inputs.index(name)] for each in of.table("fee").rows]
    if all(cell.text == "-" for cell in cells):
        return None
    known = GRID[name][1:]
    if name != "late":
        return known
    matcher = Interpreter(of.table("fee"))
    answers = [dict(matcher.match({name: value}, DAY).failing)[name] for value in [-1, *known, 7]]
    return [
        value for value in known if answers[value] != answers[value + 1] or answers[value + 1] != answers[value + 2]
    ]


@examples(60)
@given(small_definitions())
def test_every_pair_of_values_of_two_columns_occurs_in_a_case(of):
    found = next((each for each in boundaries(of, office()) if each.table == "fee"), None)
    names = [name for name in of.table("fee").inputs if boundary_values(of, name) is not None]
    if found is None:
        assert names == []
        return
    assert (found.impossible, found.left_out) == (0, 0)
    shown = [case.witness.facts for case in found.cases]
    for one, other in combinations(names, 2):
        for left, right in product(told_apart(of, one), told_apart(of, other)):
            assert any(facts.get(one) in left and facts.get(other) in right for facts in shown), (left, right)


def told_apart(of, name):
    """The values of a column in classes: each bound by itself, codes and sets that no cell tells apart together."""
    values = boundary_values(of, name)
    if name in ("late", "poor"):
        classes = [[value] for value in values]
    else:
        matcher = Interpreter(of.table("fee"))
        alike = {}
        for value in values:
            alike.setdefault(dict(matcher.match({name: value}, DAY).failing)[name], []).append(value)
        classes = list(alike.values())
    return [*classes, [None]]


@examples(40)
@given(small_definitions())
def test_every_boundary_case_run_by_the_engine_does_what_it_says(of):
    ready = [dict(case.golden) for each in boundaries(of, office()) for case in each.cases]
    if ready:
        again = definition_from({**definition_to_data(of), "cases": ready})
        assert [result.differences for result in run_cases(tried(again), office()) if not result.passed] == []


@examples(60)
@given(small_definitions())
def test_an_error_is_none_exactly_where_no_dossier_comes_out_otherwise(of):
    fees = of.table("fee")
    found = next(each for each in mutants(of, office()) if each.table == "fee")
    changing = {error.what for error in typing_errors(fees, of) if changes(of, fees, error.table)}
    assert found.undecided == ()
    assert found.total == len(changing)
    assert {*(each.what for each in found.unnoticed), *found.unseen} == changing


def changes(of, right, wrong):
    matchers = Interpreter(right), Interpreter(wrong)
    for facts in dossiers(of):
        hits = [matcher.match(facts, DAY).hit for matcher in matchers]
        if resolved(right, hits[0]) != resolved(wrong, hits[1]):
            return True
    return False
