"""Codes to scan hold exactly what they were given."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exporters.qr import QUIET_ZONE, qr_matrix, qr_svg
from tests.unit.exporters.qr_reader import read_qr

PRINTABLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=90)


@given(PRINTABLE.filter(lambda text: not text.isdigit()))
def test_a_reader_finds_in_the_code_the_text_that_was_written(text):
    assert read_qr(qr_matrix(text)) == text


def test_the_picture_for_the_screen_holds_the_same_modules():
    svg = ElementTree.fromstring(qr_svg("H20.12-261008-0975"))
    path = next(element for element in svg.iter() if element.get("stroke"))
    size = len(qr_matrix("H20.12-261008-0975"))
    drawn = [["0"] * size for _ in range(size)]
    x = y = 0.0
    for step, right, down in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path.get("d")):
        if step == "h":
            for column in range(int(x), int(x) + int(right)):
                drawn[int(y) - QUIET_ZONE][column - QUIET_ZONE] = "1"
        x, y = (float(right), float(down)) if step == "M" else (x + float(right), y + float(down or 0))
    assert tuple("".join(row) for row in drawn) == qr_matrix("H20.12-261008-0975")


def test_the_picture_is_named_for_those_who_cannot_see_it_and_runs_no_script():
    svg = qr_svg("</svg><script>alert(1)</script>", title="<b>Mã</b>")
    assert "&lt;b&gt;Mã&lt;/b&gt;" in svg
    assert "<script" not in svg


@pytest.mark.parametrize(("text", "sentence"), [("  ", "Chưa có nội dung"), ("x" * 5000, "5000 ký tự quá dài")])
def test_what_no_code_can_hold_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        qr_matrix(text)
