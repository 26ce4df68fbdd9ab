"""Every formula gives what an evaluator written apart from the product gives, within the bounds proved for it."""

import operator
import random
from datetime import date
from fractions import Fraction
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.bounds import Interval, interval_of
from rules.clock.calendar import WorkCalendar
from rules.errors import OutOfBoundsError
from rules.formula import Formula, compute, parse_formula
from rules.vocabulary import FactType
from tests.effort import examples
from tests.formula_oracle import (
    DAYS_OFF,
    DOMAINS,
    MOST_ROWS,
    RATES,
    VOCABULARY,
    Grower,
    random_facts,
    value,
    written,
)

RUNNING = import_module("rules.formula.running")  # the package names a function of it alike
CALENDAR = WorkCalendar("thử", frozenset(DAYS_OFF), frozenset(), frozenset({2026, 2027}))
LONG_AGO, FAR_AHEAD = date(1900, 1, 1), date(2199, 12, 31)
RANGES = {
    **{name: Interval(*ends) for name, ends in DOMAINS.items()},
    **{name: Interval.of_days(LONG_AGO, FAR_AHEAD) for name in ("born", "met", "rows.since")},
}
SEEDS = st.integers(0, 2**48)


def grown(chance: random.Random) -> tuple[object, Formula, int]:
    """A tree, the product's formula of the same text, and the decimal digits of its result."""
    grower, wanted = Grower(chance), chance.choice(["number", "number", "money", "truth", "day"])
    depth = chance.randrange(1, 5)
    if wanted == "truth":
        tree, kind, scale = grower.truth(depth), FactType.BOOL, 0
    elif wanted == "day":
        tree, kind, scale = grower.day(depth), FactType.DAY, 0
    elif wanted == "money":
        tree, kind, scale = ("round", grower.number(depth, money=True)[0], "1", "half_up"), FactType.MONEY, 0
    else:
        tree, kind, scale = grower.number(depth)[0], FactType.FIXED, 6
    return tree, parse_formula(written(tree), VOCABULARY, kind, scale=scale, scales=RATES), scale


def compare_one(seed: int) -> bool:
    """Compare one formula over some dossiers; tell whether its bounds were proved."""
    chance = random.Random(seed)
    tree, formula, scale = grown(chance)
    bounds, doubts = interval_of(formula.tree, RANGES, {"rows": (0, MOST_ROWS)})
    for _ in range(4):
        facts = random_facts(chance)
        try:
            found = compute(formula, facts, CALENDAR)
        except OutOfBoundsError:
            assert doubts, f"{formula.text} left its bounds unforeseen for {facts}"
            continue
        wanted = value(tree, facts)
        said = Fraction(found, 10**scale) if isinstance(found, int) and not isinstance(found, bool) else found
        assert said == wanted, f"{formula.text} for {facts}"
        if bounds is not None and found is not None:
            number = found.toordinal() if isinstance(found, date) else found
            assert bounds.low <= number <= bounds.high, f"{formula.text} for {facts}"
    return not doubts


@examples(700)
@given(SEEDS)
def test_a_formula_gives_what_an_independent_evaluator_gives(seed):
    compare_one(seed)


def test_most_of_the_compared_formulas_have_proved_bounds():
    assert sum(compare_one(seed) for seed in range(500)) > 250


FLIPPED = {
    **{
        f"{sign} becomes another sign": (RUNNING._COMPARE, sign, other)
        for sign, other in {
            "<": operator.le, "<=": operator.lt, ">": operator.ge, ">=": operator.gt,
            "=": operator.ne, "!=": operator.eq,
        }.items()
    },
    **{
        f"{name} becomes {other}": (RUNNING._CALLS, name, RUNNING._CALLS[other])
        for name, other in {
            "and": "or", "or": "and", "min": "max", "max": "min", "add_months": "add_years",
            "end_of_month": "end_of_year", "years_between": "months_between", "month_of": "year_of",
        }.items()
    },
    **{
        f"{name} over rows becomes {other}": (RUNNING._GATHER, name, RUNNING._GATHER[other])
        for name, other in {"any": "all", "all": "any", "min": "max", "max": "min"}.items()
    },
    "not is forgotten": (RUNNING._CALLS, "not", lambda parts: parts[0]),
    "the other branch is taken": (RUNNING._CALLS, "if", lambda parts: RUNNING._if((parts[0], parts[2], parts[1]))),
    "known is always true": (RUNNING._CALLS, "known", lambda parts: lambda scope: True),
}  # fmt: skip


def is_noticed() -> bool:
    """Tell whether the comparison with the independent evaluator shows that something is wrong."""
    try:
        for seed in range(3_000):
            compare_one(seed)
    except (AssertionError, ArithmeticError, AttributeError, TypeError, ValueError):
        return True
    return False


@pytest.mark.parametrize(("table", "name", "wrong"), FLIPPED.values(), ids=FLIPPED)
def test_one_wrong_operator_in_a_formula_is_seen(monkeypatch, table, name, wrong):
    monkeypatch.setitem(table, name, wrong)
    assert is_noticed()


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_fifty_thousand_formulas_give_what_an_independent_evaluator_gives():
    start = random.SystemRandom().randrange(2**40)
    for seed in range(start, start + 50_000):
        compare_one(seed)
