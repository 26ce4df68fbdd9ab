"""A reader of English finds the sample procedures in English: every text of their definitions has its line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.codec import definition_from
from rules.values import Text
from tests.house.test_english import VIETNAMESE

NAMES = re.compile("Đồng Tháp|\\d đ\\b")
"""Names of places and the sign of the currency are no words."""

SAMPLES = sorted((Path(__file__).parents[2] / "samples" / "procedures").glob("*.yaml"))


def texts(value: object) -> Iterator[Text]:
    """Yield every text inside a value of the law."""
    if isinstance(value, Text):
        yield value
        return
    parts: Iterable[object] = ()
    if isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, list | tuple | frozenset):
        parts = value
    elif is_dataclass(value):
        parts = (getattr(value, field.name) for field in fields(value))
    for part in parts:
        yield from texts(part)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_every_text_of_a_sample_definition_has_its_english(file):
    written = file.read_text("utf-8")
    found = [text for text in texts(definition_from(strict_yaml.load(written).data)) if text.vi]
    assert len(found) >= written.count("vi:"), "the look goes through the whole definition"
    assert [text.vi for text in found if not text.en] == []
    assert [text.en for text in found if VIETNAMESE.search(NAMES.sub("", text.en))] == []
