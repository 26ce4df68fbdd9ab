"""The fields of the form as plain data: the parts of a block together as they were stated."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from rules.clock.calendar import LEGAL_TIME
from rules.definition.blocks import PARTS
from rules.definition.fields import DayBound, Field, FieldKind, FieldStage
from rules.encode.money import condition, kept
from rules.table.decision import Condition
from rules.values import Text, decimal_text

Data = dict[str, Any]


def fields(form: Sequence[Field]) -> list[Data]:
    """Return the fields of a form, or of the rows of a group."""
    return list(_stated(form))


def _stated(form: Sequence[Field]) -> Iterator[Data]:
    for each in form:
        if each.block is not None:
            yield _block(each, [part for part in form if part.part_of == each.part_of])
        elif not each.part_of:
            yield _field(each)


def _shared(item: Field) -> Data:
    return kept(
        required=required(item.required) if item.is_typed else None,
        shown_when=condition(item.shown_when),
        read_only_when=condition(item.read_only_when),
        section=_text(item.section),
        page=_text(item.page),
        mask=item.mask or None,
        stage=None if item.stage is FieldStage.CITIZEN else item.stage.value,
        search=item.search or None,
        column=item.column or None,
    )


def _block(first: Field, parts: Sequence[Field]) -> Data:
    block = first.block
    assert block is not None
    names = [part.id.removeprefix(f"{block.id}_") for part in parts]
    return kept(
        id=block.id,
        kind=block.kind.value,
        label=block.label.to_data(),
        help=_text(block.help),
        parts=None if len(names) == len(PARTS[block.kind]) else names,
        list=first.list,
        **_shared(first),
    )


def _field(item: Field) -> Data:
    group = {"min_rows": item.min_rows, "max_rows": item.max_rows} if item.fields else {}
    return kept(
        id=item.id,
        kind=item.kind.value,
        label=item.label.to_data(),
        help=_text(item.help),
        list=item.list,
        min=measure(item.min, item.scale),
        max=measure(item.max, item.scale),
        unit=item.unit,
        fields=fields(item.fields),
        scale=item.scale or None,
        not_before=item.not_before.value if item.not_before else None,
        not_after=item.not_after.value if item.not_after else None,
        computed=item.computed.text if item.computed else None,
        birth_day=item.birth_day,
        sex=item.sex,
        **_shared(item),
        **group,
        **({} if item.default is None else {"default": _default(item)}),
    )


def _default(item: Field) -> Any:
    value: Any = item.default
    if isinstance(value, DayBound):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(LEGAL_TIME).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return measure(value, item.scale) if item.kind is FieldKind.MEASURE else value


def required(needed: bool | Condition) -> bool | Data | None:
    """Return when something must be there; false, which is the default, too."""
    return {"when": condition(needed)} if isinstance(needed, Condition) else needed


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_data() if text and text.vi else None


def measure(value: int | None, digits: int) -> int | str | None:
    """Write a number with decimal digits as it is read again: a whole number, or decimal text."""
    if value is None or value % 10**digits == 0:
        return None if value is None else value // 10**digits
    return decimal_text(value, digits)
