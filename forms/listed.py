"""The list of a procedure's dossiers (danh sách hồ sơ) as its definition gives it: columns, and what is asked by.

Pure: the same definition, the same list. What a page makes of it is kept under the definition's hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from forms.searched import Compared, SearchedField, searched
from rules.definition.procedure import Field, FieldKind, ProcedureDefinition
from rules.values import Text
from rules.vocabulary import Fact, FactType

CODE, APPLICANT, RECEIVED, STEP, DUE, HOLDER, UNIT = (
    "@code", "@applicant", "@received", "@step", "@due", "@holder", "@unit",
)  # fmt: skip
"""The columns that every dossier has; no field of a form can be called so."""

FIELDS_AT_FIRST = 3
"""So many answers stand in a list where the definition does not say which."""

LONG = frozenset({FieldKind.LONG_TEXT, FieldKind.GROUP})
"""Kinds of fields whose answers are too long to stand in a list unless somebody asks for them."""


class Shape(StrEnum):
    """How the value of a column is written: in a sheet of numbers, too."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "day"
    MOMENT = "moment"


SHAPES: Mapping[FactType, Shape] = MappingProxyType(
    {
        FactType.INT: Shape.NUMBER,
        FactType.FIXED: Shape.NUMBER,
        FactType.MONEY: Shape.MONEY,
        FactType.DAY: Shape.DAY,
        FactType.MOMENT: Shape.MOMENT,
    }
)
"""How facts stand in a list; the rest stands as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list. `fact` is the answer it shows, None for what every dossier has.

    `is_masked`: the answer is an identity number, of which a list shows the last digits alone. `compared` says how it
    can be asked by and sorted, None where it cannot.
    """

    name: str
    label: Text
    shape: Shape = Shape.TEXT
    fact: Fact | None = None
    is_masked: bool = False
    compared: Compared | None = None

    @property
    def is_number(self) -> bool:
        """Whether the values stand to the right, in figures of one width."""
        return self.shape in (Shape.NUMBER, Shape.MONEY)


ALWAYS: tuple[Column, ...] = (
    Column(CODE, Text("Mã hồ sơ", "Dossier code"), compared=Compared.WORDS),
    Column(APPLICANT, Text("Người nộp", "Applicant"), compared=Compared.WORDS),
    Column(RECEIVED, Text("Ngày nhận", "Received"), Shape.MOMENT, compared=Compared.DAY),
    Column(STEP, Text("Bước", "Step")),
    Column(DUE, Text("Ngày hẹn trả", "Appointment"), Shape.MOMENT, compared=Compared.DAY),
    Column(HOLDER, Text("Người giữ", "Held by")),
    Column(UNIT, Text("Đơn vị nhận", "Receiving unit")),
)
FIRST = (CODE, APPLICANT, RECEIVED, STEP, DUE)


@dataclass(frozen=True, slots=True)
class Finder:
    """What the list can be asked by: a field, or a day that every dossier has.

    `codes` are the codes to choose among, with their labels. `fact` writes and reads the bounds.
    """

    name: str
    label: Text
    compared: Compared
    codes: Mapping[str, Text]
    fact: Fact | None = None

    @property
    def scale(self) -> int:
        """The number of decimal digits of a measure."""
        return self.fact.scale if self.fact else 0


@dataclass(frozen=True, slots=True)
class Listing:
    """The list of one version: all its columns by name, those that stand at first, and what it is asked by."""

    columns: Mapping[str, Column]
    at_first: tuple[str, ...]
    finders: Mapping[str, Finder]

    def shown(self, asked: tuple[str, ...]) -> tuple[Column, ...]:
        """Return the columns that were asked for, in the order of the list; the code, which is the way in, always."""
        names = {*asked, CODE} & set(self.columns) if set(asked) & set(self.columns) else set(self.at_first)
        return tuple(column for name, column in self.columns.items() if name in names)


def listing(definition: ProcedureDefinition) -> Listing:
    """Return the list of a definition's dossiers."""
    vocabulary = definition.vocabulary
    asked = {field.name: field for field in searched(definition)}
    answers = [_column(field, vocabulary[field.id], asked.get(field.id)) for field in definition.fields]
    short = [field.id for field in definition.fields if field.kind not in LONG]
    finders = [
        _finder(field, vocabulary[field.name]) for field in asked.values() if field.compared is not Compared.WHOLE
    ]
    return Listing(
        columns={column.name: column for column in (*ALWAYS, *answers)},
        at_first=(*FIRST, *short[:FIELDS_AT_FIRST]),
        finders={finder.name: finder for finder in (*DAYS, *finders)},
    )


DAYS = tuple(
    Finder(column.name, column.label, Compared.DAY, {}) for column in ALWAYS if column.compared is Compared.DAY
)
"""The days that every dossier has and is asked by."""


def _column(field: Field, fact: Fact, asked: SearchedField | None) -> Column:
    return Column(
        field.id, field.label, SHAPES.get(fact.type, Shape.TEXT), fact, field.kind is FieldKind.CITIZEN_ID,
        None if asked is None or asked.compared is Compared.WHOLE or fact.type is FactType.CODES else asked.compared,
    )  # fmt: skip


YES_NO: Mapping[str, Text] = MappingProxyType({"true": Text("Có", "Yes"), "false": Text("Không", "No")})


def _finder(field: SearchedField, fact: Fact) -> Finder:
    codes = YES_NO if fact.type is FactType.BOOL else fact.codes
    return Finder(field.name, field.field.label, field.compared, codes, fact)


def masked(value: Any) -> Text:
    """Return an identity number as a list shows it: its last three digits."""
    said = str(value)
    hidden = "•" * max(len(said) - 3, 0) + said[-3:]
    return Text(hidden, hidden)
