"""What the buttons of a repeated group do to the rows that were sent: move one, take rows from a spreadsheet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from forms.folding import folded
from rules.definition.fields import LISTED, Field, FieldKind
from rules.definition.registers import CodeItem

MOST_PASTED = 2_000_000
"""So many characters of a pasted sheet are looked at; what is longer is cut there, and so has too many rows anyway."""

Sent = dict[str, list[Any]]
"""Names and values as they were sent, of one group."""


def sent_of(data: Any, group: str) -> Sent:
    """Return what was sent for a group."""
    return {name: data.getlist(name) for name in data if name.startswith(f"{group}-")}


def moved(sent: Sent, group: str, indices: Sequence[int]) -> Sent | None:
    """Return what was sent with the row moved whose button was pressed, None where none was."""
    for place, index in enumerate(indices):
        for button, other in (("up", place - 1), ("down", place + 1)):
            if f"{group}-{index}-{button}" in sent:
                there = indices[other] if 0 <= other < len(indices) else index
                return dict(_swapped(sent, f"{group}-", index, there))
    return None


def _swapped(sent: Sent, start: str, one: int, other: int) -> Iterator[tuple[str, list[Any]]]:
    turned = {str(one): str(other), str(other): str(one)}
    for name, values in sent.items():
        index, dash, rest = name.removeprefix(start).partition("-")
        yield f"{start}{turned.get(index, index)}{dash}{rest}", values


def pasted(
    text: str, group: str, first: int, fields: Sequence[Field], items: Callable[[str], Mapping[str, CodeItem]]
) -> Sent:  # fmt: skip
    """Return the rows of a pasted sheet as they would have been sent, numbered from `first`.

    Its columns are those of the form, in its order; where the first row names them by their labels, in any order. A
    cell of a list may hold the code or its label.
    """
    columns = columns_of(fields)
    lines = [line.split("\t") for line in text[:MOST_PASTED].splitlines() if line.strip()]
    headed = _headed(lines[0], columns) if lines else None
    sent: Sent = {}
    for number, cells in enumerate(lines[1:] if headed else lines, start=first):
        for field, cell in zip(headed or columns, cells, strict=False):
            if field is not None and cell.strip():
                sent[f"{group}-{number}-{field.id}"] = _answers(field, cell, items)
    return sent


def columns_of(fields: Sequence[Field]) -> list[Field]:
    """Return the fields that are the columns of a pasted sheet."""
    return [field for field in fields if field.is_typed]


def _headed(cells: Sequence[str], columns: Sequence[Field]) -> list[Field | None] | None:
    """Return the column that each cell of the first row names, None where it names none and so is a row."""
    named = {folded(text): field for field in columns for text in (field.label.vi, field.label.en) if text}
    found = [named.get(folded(cell)) for cell in cells]
    return found if any(found) else None


def _answers(field: Field, cell: str, items: Callable[[str], Mapping[str, CodeItem]]) -> list[Any]:
    said = cell.strip().strip('"')
    if field.kind is FieldKind.YES_NO:
        return [{"co": "true", "yes": "true", "khong": "false", "no": "false"}.get(folded(said), said)]
    if field.kind not in LISTED:
        return [said]
    several = [said] if field.kind is FieldKind.CHOICE else [part.strip() for part in said.split(";")]
    codes = {folded(label): code for code, item in items(field.list).items() for label in (item.label.vi, code)}
    return [codes.get(folded(each), each) for each in several]
