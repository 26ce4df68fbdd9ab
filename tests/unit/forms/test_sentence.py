"""A sentence is Vietnamese wherever a text is wanted, and remembers enough to be said in another language."""

import copy
import json
import pickle
from dataclasses import asdict, dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.sentence import Sentence, joined, kept, sentence_of, unkept
from rules.values import Text

ENGLISH = {
    "Hồ sơ %(code)s: %(what)s": "Dossier %(code)s: %(what)s",
    "hãy nộp “%(paper)s”.": "hand in “%(paper)s”.",
    "Giảm 5%.": "Take 5% off.",
    "%(row)s. %(what)s": "%(what)s (%(row)s)",
}
ASKING = Sentence("hãy nộp “%(paper)s”.", paper=Text("Tờ khai", "Application form"))
WHOLE = Sentence("Hồ sơ %(code)s: %(what)s", code="hãy nộp", what=ASKING)


def in_english(text: str | Text) -> str:
    if isinstance(text, Sentence):
        return text.told(in_english)
    return text.en or text.vi if isinstance(text, Text) else ENGLISH.get(text, text)


def test_it_is_the_finished_vietnamese_text():
    assert WHOLE == "Hồ sơ hãy nộp: hãy nộp “Tờ khai”."
    assert f"{WHOLE}" == str(ValueError(WHOLE)) == json.loads(json.dumps(WHOLE)) == WHOLE


def test_its_values_that_are_texts_are_said_too_and_its_data_stand_as_they_are():
    assert in_english(WHOLE) == "Dossier hãy nộp: hand in “Application form”."
    assert in_english(Sentence("%(row)s. %(what)s", row=7, what=ASKING)) == "hand in “Application form”. (7)"


def test_what_has_no_english_stands_in_vietnamese():
    assert in_english(Sentence("Ô %(place)s hỏng.", place="A1")) == "Ô A1 hỏng."
    assert in_english(Sentence("hãy nộp “%(paper)s”.", paper=Text("Tờ khai"))) == "hand in “Tờ khai”."


def test_a_text_without_places_or_values_is_no_pattern():
    assert in_english(Sentence("Giảm 5%.")) == "Take 5% off."
    assert Sentence("Giảm 5%.", code="x") == "Giảm 5%."
    assert Sentence("Không có “%(x)s”.") == in_english(Sentence("Không có “%(x)s”.")) == "Không có “%(x)s”."


def test_data_with_signs_of_a_pattern_stay_as_they_are():
    assert Sentence("hãy nộp “%(paper)s”.", paper="%(paper)s 100%") == "hãy nộp “%(paper)s 100%”."
    assert in_english(Sentence("hãy nộp “%(paper)s”.", paper="%s {}")) == "hand in “%s {}”."


def test_a_place_without_its_value_is_a_mistake_of_the_program():
    with pytest.raises(KeyError, match="code"):
        Sentence("Hồ sơ %(code)s: %(what)s", what="x")


def test_a_sentence_takes_no_second_set_of_values():
    assert sentence_of(ASKING, {"paper": "x"}) is ASKING
    assert sentence_of("hãy nộp “%(paper)s”.", {"paper": "x"}) == "hãy nộp “x”."


def test_texts_are_joined_in_every_language_and_empty_ones_left_out():
    parts = [ASKING, "", Text(""), "A1", Sentence("Giảm 5%.")]
    assert joined(parts) == "hãy nộp “Tờ khai”. A1 Giảm 5%."
    assert in_english(joined(parts, "; ")) == "hand in “Application form”.; A1; Take 5% off."
    assert in_english(joined([])) == joined([]) == ""


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_copy_remembers_as_much(copied):
    assert in_english(copied(WHOLE)) == in_english(WHOLE)


def test_a_value_class_that_is_taken_apart_keeps_it():
    @dataclass(frozen=True)
    class Problem:
        what: str

    assert in_english(asdict(Problem(WHOLE))["what"]) == in_english(WHOLE)


TEXTS = st.text(max_size=10)
VALUES = st.recursive(
    TEXTS | st.integers() | st.builds(Text, TEXTS, TEXTS),
    lambda inner: st.builds(lambda one, other: Sentence("%(one)s và %(other)s", one=one, other=other), inner, inner),
    max_leaves=6,
)


@given(VALUES)
def test_what_is_kept_as_json_comes_back_whole(value):
    back = unkept(json.loads(json.dumps(kept(value))))
    assert (type(back), str(back)) == (type(value), str(value))
    assert kept(back) == kept(value)


def test_json_of_another_shape_is_left_alone():
    for data in (None, 3, "Tệp rỗng.", {"text": 1, "values": {}}, {"line": 3}, ["x"]):
        assert unkept(data) == data
