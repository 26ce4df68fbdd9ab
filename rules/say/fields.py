"""The fields of the form in words: kind, limits, when they are asked, and what else is stated of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from rules.definition.fields import DayBound, Field, FieldKind, FieldStage
from rules.say.conditions import condition_said
from rules.say.labels import BLOCK_KINDS, FIELD_STAGES, NOT_AFTER, NOT_BEFORE
from rules.say.punctuation import quoted
from rules.say.rates import formula_sentence
from rules.table.cells import Range, Within, words
from rules.values import Text
from rules.vocabulary import Fact
from rules.wording import inner, joined, phrase


def limits_said(field: Field, fact: Fact) -> Text | None:
    """Say between what an answer must lie, None where there are no bounds."""
    if field.kind is FieldKind.GROUP:
        return phrase("{} đến {} dòng", "{} to {} rows", str(field.min_rows), str(field.max_rows))
    if field.kind is FieldKind.DAY:
        bounds = ((NOT_BEFORE, field.not_before), (NOT_AFTER, field.not_after))
        texts = [said[bound] for said, bound in bounds if bound is not None]
        return joined(texts, ", ") if texts else None
    return within_said(field.min, field.max, fact)


def within_said(low: int | None, high: int | None, fact: Fact) -> Text | None:
    """Say the bounds of a number, None where there are none."""
    if low is None and high is None:
        return None
    return words(Within((Range(low, high),)), fact)


def more_said(field: Field, fact: Fact, facts: Mapping[str, Fact]) -> Iterator[Text]:
    """Yield what a field states beside kind, bounds and when it is asked: each a clause."""
    if field.block is not None:
        vi, en = "mở khối {} ({})", "opens the block {} ({})"
        yield phrase(vi, en, quoted(field.block.label), inner(BLOCK_KINDS[field.block.kind]))
    if field.stage is not FieldStage.CITIZEN:
        yield FIELD_STAGES[field.stage]
    if field.computed is not None:
        vi, en = "hệ thống tính: {}", "worked out by the system: {}"
        yield phrase(vi, en, formula_sentence(field.computed, facts, fact.codes))
    if field.default is not None:
        yield phrase("điền sẵn {}", "filled in beforehand with {}", default_said(field.default, fact))
    if field.read_only_when is not None:
        yield phrase("không được sửa khi {}", "read-only when {}", condition_said(field.read_only_when, facts))
    yield from (said for stated, said in _marks(field) if stated)
    named = [facts[name].label for name in (field.birth_day, field.sex) if name in facts]
    if named:
        yield phrase("đối chiếu với {}", "held against {}", joined(map(quoted, named), ", "))


def _marks(field: Field) -> tuple[tuple[bool, Text], ...]:
    return (
        (field.mask, Text("che trên màn hình", "masked on screens")),
        (field.search, Text("dùng để tìm kiếm", "found by search")),
        (field.column, Text("hiện trong danh sách", "shown in the list")),
    )


def default_said(value: Any, fact: Fact) -> Text:
    """Say what stands in a field when the form opens."""
    return Text("ngày khai", "the day the form is filled in") if isinstance(value, DayBound) else fact.shown(value)
