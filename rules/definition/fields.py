"""The fields of a form (trường của biểu mẫu): their kinds, what each states, and the fact each gives."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from rules.formula import Formula
from rules.table.decision import Condition
from rules.values import Text
from rules.vocabulary import CALLED_TYPES, Fact, FactType, Source


class FieldKind(StrEnum):
    """The kind of a form field (kiểu trường)."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    WHOLE_NUMBER = "whole_number"
    MONEY = "money"
    YES_NO = "yes_no"
    DAY = "day"
    MOMENT = "moment"
    MEASURE = "measure"
    CHOICE = "choice"
    CHOICES = "choices"
    CITIZEN_ID = "citizen_id"
    OLD_ID = "old_id"
    PASSPORT = "passport"
    TAX_CODE = "tax_code"
    ORG_CODE = "org_code"
    PHONE = "phone"
    EMAIL = "email"
    UNIT = "unit"
    DOSSIER = "dossier"
    RESULT = "result"
    FINDING = "finding"
    NOTE = "note"
    GROUP = "group"


class BlockKind(StrEnum):
    """The kind of a block (khối thông tin): several fields that belong together and are stated as one."""

    ADDRESS = "address"
    ORGANISATION = "organisation"
    PARTY = "party"


class FieldStage(StrEnum):
    """Who fills in a field, and when: the citizen with the filing, the desk at reception, the officer at appraisal."""

    CITIZEN = "citizen"
    RECEPTION = "reception"
    APPRAISAL = "appraisal"


FACT_STAGES: Mapping[FieldStage, str] = MappingProxyType(
    {FieldStage.CITIZEN: "filing", FieldStage.RECEPTION: "reception", FieldStage.APPRAISAL: "appraisal"}
)
"""The stage at which the fact of a field becomes known."""

FACT_TYPES: Mapping[FieldKind, FactType] = MappingProxyType(
    {
        FieldKind.TEXT: FactType.TEXT,
        FieldKind.LONG_TEXT: FactType.TEXT,
        FieldKind.WHOLE_NUMBER: FactType.INT,
        FieldKind.MONEY: FactType.MONEY,
        FieldKind.YES_NO: FactType.BOOL,
        FieldKind.DAY: FactType.DAY,
        FieldKind.MOMENT: FactType.MOMENT,
        FieldKind.MEASURE: FactType.FIXED,
        FieldKind.CHOICE: FactType.CODE,
        FieldKind.CHOICES: FactType.CODES,
        FieldKind.CITIZEN_ID: FactType.TEXT,
        FieldKind.OLD_ID: FactType.TEXT,
        FieldKind.PASSPORT: FactType.TEXT,
        FieldKind.TAX_CODE: FactType.TEXT,
        FieldKind.ORG_CODE: FactType.TEXT,
        FieldKind.PHONE: FactType.TEXT,
        FieldKind.EMAIL: FactType.TEXT,
        FieldKind.UNIT: FactType.CODE,
        FieldKind.DOSSIER: FactType.TEXT,
        FieldKind.RESULT: FactType.TEXT,
        FieldKind.FINDING: FactType.CODES,
        FieldKind.GROUP: FactType.GROUP,
    }
)
"""The type of fact each kind of field gives; a note gives none."""

LISTED = frozenset({FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.FINDING})
"""The kinds whose answers are codes of a list of the definition."""

NO_VIOLATION = "none"
"""The code of a finding's checklist that says nothing was found; it stands alone."""

COMPUTABLE = frozenset(
    {FieldKind.WHOLE_NUMBER, FieldKind.MONEY, FieldKind.MEASURE, FieldKind.YES_NO, FieldKind.DAY, FieldKind.CHOICE}
)
"""The kinds whose value a formula may give."""

_FIRST_OF: Mapping[FactType, FieldKind] = {kind: field for field, kind in reversed(tuple(FACT_TYPES.items()))}
CALLED_KINDS: Mapping[str, FieldKind] = MappingProxyType(
    {
        **{name: _FIRST_OF[kind] for name, kind in CALLED_TYPES.items()},
        **{kind.value: _FIRST_OF[kind] for kind in FactType},
        "số định danh": FieldKind.CITIZEN_ID,
        "chứng minh nhân dân": FieldKind.OLD_ID,
        "hộ chiếu": FieldKind.PASSPORT,
        "mã số thuế": FieldKind.TAX_CODE,
        "mã định danh cơ quan": FieldKind.ORG_CODE,
        "điện thoại": FieldKind.PHONE,
        "thư điện tử": FieldKind.EMAIL,
        "đơn vị hành chính": FieldKind.UNIT,
        "ghi chú": FieldKind.NOTE,
    }
)
"""How people call kinds of fields, the types of facts among them."""


class DayBound(StrEnum):
    """The day a bound of a day field means: TODAY is the legal day on which the form is filled in (ngày khai)."""

    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Block:
    """What a definition states of a block: its name and kind, its label and help.

    It stands at the first field of the block. What else it states (required, shown, ...) stands at its fields.
    """

    id: str
    kind: BlockKind
    label: Text
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. `required` may be a condition; `section` and `page` open a new section, a new page.

    `min` and `max` bound a whole number, an amount in đồng or a measure (both included); a measure and its bounds are
    whole numbers of the last of its `scale` decimal digits. `not_before` and `not_after` bound a day (both included).
    A group has rows and `fields`. `block` opens a block whose fields `part_of` names. `birth_day` and `sex` name the
    fields beside a citizen number that it must agree with. `default` is what stands there when the form opens.
    `computed`: the value is worked out and never typed. `mask`: hidden on screens until it is opened. `search`: found
    by it; `column`: shown in the list of dossiers. A note is its label.
    """

    id: str
    kind: FieldKind
    label: Text
    help: Text | None = None
    required: bool | Condition = False
    shown_when: Condition | None = None
    section: Text | None = None
    list: str = ""
    min: int | None = None
    max: int | None = None
    min_rows: int = 0
    max_rows: int = 100
    unit: str = ""
    fields: tuple["Field", ...] = ()
    scale: int = 0
    not_before: DayBound | None = None
    not_after: DayBound | None = None
    page: Text | None = None
    read_only_when: Condition | None = None
    default: Any = None
    mask: bool = False
    stage: FieldStage = FieldStage.CITIZEN
    search: bool = False
    column: bool = False
    computed: Formula | None = None
    birth_day: str = ""
    sex: str = ""
    block: Block | None = None
    part_of: str = ""

    @property
    def is_typed(self) -> bool:
        """Tell whether the field gives a fact that somebody types: no note, and nothing that is worked out."""
        return self.kind is not FieldKind.NOTE and self.computed is None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition the field states."""
        stated = (self.shown_when, self.required, self.read_only_when)
        return tuple(condition for condition in stated if isinstance(condition, Condition))

    def days_on(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and the last day that may be answered on this day, None where there is no bound."""
        return (today if self.not_before else None, today if self.not_after else None)


def placed(fields: Iterable[Field]) -> Iterator[tuple[int, Field]]:
    """Yield each field with the place of the entry that states it: the parts of a block share one."""
    place = -1
    for field in fields:
        place += not field.part_of or field.block is not None
        yield place, field


def fact_of_field(field: Field, codes: Mapping[str, Mapping[str, Text]]) -> Fact:
    """Return the fact that a typed field gives; `codes` are the labels of the codes of every list."""
    return Fact(
        id=field.id,
        type=FACT_TYPES[field.kind],
        label=field.label,
        source=Source.OFFICER if field.kind is FieldKind.FINDING else Source.FORM,
        codes=codes.get(field.list, {}),
        unit=field.unit,
        stage=FACT_STAGES[field.stage],
        members=tuple(fact_of_field(member, codes) for member in field.fields if member.is_typed),
        scale=field.scale,
        any_code=field.kind is FieldKind.UNIT,
    )
