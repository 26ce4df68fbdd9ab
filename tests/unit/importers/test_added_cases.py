"""Golden cases are added to a definition file as it was written, and nothing else in it changes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers import strict_yaml
from app.importers.added_cases import with_cases

NEW = {"name": {"vi": "Ba bản"}, "given": {"copies": 3, "online": True}, "on": "2026-11-20", "then": {"total": 24000}}
OLD = {"name": "cũ", "then": {"total": 1}}
WRITTEN = [
    ("a: 1\ncases:\n  - {name: cũ, then: {total: 1}}\n", 1),
    ("a: 1\ncases:\n- name: cũ\n  then: {total: 1} # còn dùng\n\n# hết\n", 1),
    ("cases:\n    - name: cũ\n      then:\n        total: 1\nlast: true\n", 1),
    ("cases:\n  - {name: cũ, then: {total: 1}}", 1),
    ("cases: [{name: cũ, then: {total: 1}}]\nlast: true\n", 1),
    ('{"cases": [{"name": "cũ", "then": {"total": 1}}], "last": true}', 1),
    ('{"last": true}', 0),
    ('{"cases": [], "last": true}', 0),
    ("a: 1\ncases: []\nlast: true\n", 0),
    ("a: 1\ncases:\nlast: true\n", 0),
    ("a: 1\ncases: null # chưa có\n", 0),
    ("a: 1", 0),
    ("a:\n  - 1\n# hết\n", 0),
    ("a: |\n  dòng\n  dòng\n", 0),
    ("cases:\n  - name: |\n      cũ\n    then: {total: 1}\nlast: |\n  x\n", 0),
]


@pytest.mark.parametrize("text", [text for text, _ in WRITTEN])
@pytest.mark.parametrize("count", [1, 3])
def test_the_new_cases_stand_behind_the_old_ones_and_all_else_reads_as_it_did(text, count):
    before = strict_yaml.load(text).data
    after = strict_yaml.load(with_cases(text, [NEW] * count)).data
    old = before.get("cases") or []
    assert after == {**before, "cases": [*old, *[NEW] * count]}


@pytest.mark.parametrize("text", [text for text, has_one in WRITTEN if has_one])
def test_every_line_that_was_written_stays(text):
    after = with_cases(text, [NEW])
    if "\n" in text:
        assert [line for line in text.splitlines() if line not in after.splitlines() and "[" not in line] == []


def test_a_case_reads_as_people_write_one():
    text = with_cases("cases:\n  - {name: cũ}\n", [NEW])
    assert text.splitlines()[2:] == [
        '  - name: {"vi": "Ba bản"}', '    given: {"copies": 3, "online": true}', '    on: "2026-11-20"',
        '    then: {"total": 24000}',
    ]  # fmt: skip


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1))
def test_whatever_stands_in_a_case_comes_back_as_it_was(said):
    case = {"name": {"vi": said}, "then": {"total": 1}}
    (read,) = strict_yaml.load(with_cases("a: 1\n", [case])).data["cases"]
    assert read["name"]["vi"] == unicodedata.normalize("NFC", said)
