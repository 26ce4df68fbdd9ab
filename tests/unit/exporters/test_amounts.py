"""Amounts read aloud as a Vietnamese cashier reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exporters.amounts import DIGITS, amount_in_figures, amount_in_words

LARGEST = 2**63 - 1  # what a BIGINT column holds
SOUNDS = {word: digit for digit, word in enumerate(DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}


def heard(words: str, empty_tens: str) -> int:
    """Return the number that someone writes down on hearing it, word by word."""
    total = group = digit = 0
    for word in words.lower().removesuffix(" đồng").split():
        if word in SOUNDS:
            digit = SOUNDS[word]
        elif word in ("trăm", "mươi"):
            group, digit = group + digit * {"trăm": 100, "mươi": 10}[word], 0
        elif word == "mười":
            group += 10
        elif word in ("nghìn", "triệu"):
            total, group, digit = total + (group + digit) * {"nghìn": 1000, "triệu": 10**6}[word], 0, 0
        elif word == "tỷ":
            total, group, digit = (total + group + digit) * 10**9, 0, 0
        else:
            assert word == empty_tens
    return total + group + digit


@given(st.one_of(st.integers(0, LARGEST), st.integers(0, 10**7)), st.sampled_from(["lẻ", "linh"]))
def test_the_words_of_an_amount_say_that_amount_and_no_other(dong, empty_tens):
    assert heard(amount_in_words(dong, empty_tens=empty_tens), empty_tens) == dong


@given(st.integers(0, LARGEST))
def test_every_amount_in_words_is_a_sentence_of_single_spaced_words(dong):
    words = amount_in_words(dong)
    assert words[0].isupper()
    assert words.endswith(" đồng")
    assert "  " not in words


@pytest.mark.parametrize(
    ("dong", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (34, "Ba mươi tư đồng"),
        (55, "Năm mươi lăm đồng"),
        (101, "Một trăm lẻ một đồng"),
        (111, "Một trăm mười một đồng"),
        (504, "Năm trăm lẻ bốn đồng"),
        (1_005, "Một nghìn không trăm lẻ năm đồng"),
        (36_000, "Ba mươi sáu nghìn đồng"),
        (210_000, "Hai trăm mười nghìn đồng"),
        (1_000_001, "Một triệu không trăm lẻ một đồng"),
        (1_234_567, "Một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy đồng"),
        (10**9, "Một tỷ đồng"),
        (10**9 + 14_000, "Một tỷ không trăm mười bốn nghìn đồng"),
        (10**12, "Một nghìn tỷ đồng"),
        (25 * 10**14 + 5, "Hai triệu năm trăm nghìn tỷ không trăm lẻ năm đồng"),
        (10**18, "Một tỷ tỷ đồng"),
    ],
)
def test_an_amount_is_read_as_people_read_it(dong, words):
    assert amount_in_words(dong) == words


def test_the_north_says_linh():
    assert amount_in_words(1_005, empty_tens="linh") == "Một nghìn không trăm linh năm đồng"


def test_an_amount_below_zero_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="nhỏ hơn 0"):
        amount_in_words(-1_000)


@pytest.mark.parametrize(("dong", "figures"), [(0, "0"), (999, "999"), (36_000, "36.000"), (1_234_567, "1.234.567")])
def test_figures_have_a_dot_between_thousands(dong, figures):
    assert amount_in_figures(dong) == figures
