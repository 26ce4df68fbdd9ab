"""A cell means its test: written again it is the same test, and what has one meaning holds for the same values."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.meaning import meaning
from rules.table.cell_text import parse_cell
from rules.table.cell_writing import written
from rules.table.cells import holds
from rules.vocabulary import FactType
from tests.effort import examples
from tests.properties.generated_tables import FACTS, cell_text, some_value

SEEDS = st.integers(0, 2**32)
KINDS = sorted({fact.type for fact in FACTS.values()})


@pytest.mark.parametrize("kind", KINDS)
@examples(200)
@given(seed=SEEDS)
def test_a_test_written_in_the_short_signs_is_read_back_as_the_same_test(kind, seed):
    fact = FACTS[f"{kind.value}0"]
    test = parse_cell(cell_text(fact, random.Random(seed)), fact).test
    assert meaning(parse_cell(written(test, fact), fact).test) == meaning(test)


@pytest.mark.parametrize("kind", KINDS)
@examples(200)
@given(seed=SEEDS)
def test_tests_of_one_meaning_hold_for_the_same_values(kind, seed):
    chance = random.Random(seed)
    fact = FACTS[f"{kind.value}0"]
    one, other = (parse_cell(cell_text(fact, chance), fact).test for _ in range(2))
    values = [None, *(some_value(fact, chance) for _ in range(60))]
    told_apart = any(holds(one, value) != holds(other, value) for value in values)
    assert not (told_apart and meaning(one) == meaning(other))
    if kind is FactType.BOOL:
        assert told_apart or meaning(one) == meaning(other)
