"""The cells of a list of dossiers: each value once, for the page, the sheet and the programs that read it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.clock import local
from forms.listed import APPLICANT, CODE, DUE, HOLDER, RECEIVED, STEP, UNIT, Column, Listing, Shape, masked
from rules.lifecycle import STATE_LABELS, State
from rules.say.plainly import answered
from rules.values import NO_TEXT, Text
from rules.vocabulary import Fact, FactType


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a list. `shown` is how people read it; `value` what a sheet calculates with, None where only read.

    `label` is a text of the interface that pages say in the reader's language; `scale` the decimal digits of a measure.
    """

    shown: Text
    shape: Shape = Shape.TEXT
    value: int | date | datetime | None = None
    scale: int = 0
    label: str = ""
    kept: Any = None
    """The value as it is kept in JSON, for programs; None where it is hidden or no answer."""


EMPTY = Cell(NO_TEXT)


def cells_of(columns: Sequence[Column], own: Listing, row: Any) -> tuple[Cell, ...]:
    """Return the cells of a row; `own` is the list of the version that the dossier was made with.

    A field that this version does not have is empty; one that another version calls otherwise is said in its words.
    """
    return tuple(_cell(number, column, own.columns.get(column.name), row) for number, column in enumerate(columns))


def _cell(number: int, column: Column, own: Column | None, row: Any) -> Cell:
    if column.fact is None:
        return _ALWAYS[column.name](row)
    value = getattr(row, f"answer_{number}")
    if own is None or own.fact is None or value is None:
        return EMPTY
    return _answer(own, own.fact, value)


def _answer(column: Column, fact: Fact, kept: Any) -> Cell:
    """Return the cell of an answer as it is kept in JSON."""
    value = _READ.get(fact.type, _same)(kept)
    if column.is_masked:
        return Cell(masked(value))
    if column.shape is Shape.TEXT:
        return Cell(answered(fact, value), kept=kept)
    return Cell(fact.shown(value), column.shape, value, fact.scale, kept=kept)


def _same(value: Any) -> Any:
    return value


_READ: Mapping[FactType, Callable[[Any], Any]] = {
    FactType.DAY: date.fromisoformat,
    FactType.MOMENT: datetime.fromisoformat,
}


def _moment(at: datetime | None) -> Cell:
    if at is None:
        return EMPTY
    figures = f"{local(at):%d/%m/%Y %H:%M}"
    return Cell(Text(figures, figures), Shape.MOMENT, at)


def _step(row: Any) -> Cell:
    label = STATE_LABELS[State(row.state)]
    return Cell(Text(label), label=label)


_ALWAYS: Mapping[str, Callable[[Any], Cell]] = {
    CODE: lambda row: Cell(Text(row.code, row.code)),
    APPLICANT: lambda row: Cell(Text(row.applicant_name, row.applicant_name)),
    RECEIVED: lambda row: _moment(row.accepted_at),
    STEP: _step,
    DUE: lambda row: _moment(row.appointment_due),
    HOLDER: lambda row: Cell(Text(row.holder or "", row.holder or "")),
    UNIT: lambda row: Cell(Text(row.unit or "", row.unit or "")),
}
