"""The procedure definition (định nghĩa thủ tục hành chính): everything an administrator states, as frozen data.

Nothing runs here. The format is specified in docs/reference/definition.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from rules.formula import Formula
from rules.outputs import output_facts
from rules.registers import (
    TERRITORIES,
    CodeItem,
    CodeList,
    IncludedSet,
    Parameter,
    Territory,
    attribute_facts,
)
from rules.scale import RateScale
from rules.table import Condition, Table
from rules.values import LegalBasis, LegalDocument, Text
from rules.vocabulary import BUILT_IN, DERIVED, Fact, FactType, Source, Vocabulary

__all__ = ["CodeItem", "CodeList"]

FORMAT = 1
"""The number of the format; a definition states it."""


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
    PHONE = "phone"
    EMAIL = "email"
    GROUP = "group"


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
        FieldKind.PHONE: FactType.TEXT,
        FieldKind.EMAIL: FactType.TEXT,
        FieldKind.GROUP: FactType.GROUP,
    }
)
"""The type of fact each kind of field gives."""


class DayBound(StrEnum):
    """The day a bound of a day field means: TODAY is the legal day on which the form is filled in (ngày khai)."""

    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. `required` may be a condition; `section` opens a new section of the form.

    `min` and `max` bound a whole number, an amount in đồng or a measure (both included); a measure and its bounds are
    whole numbers of the last of its `scale` decimal digits. `not_before` and `not_after` bound a day (both included).
    A group has rows and `fields`.
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

    def days_on(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and the last day that may be answered on this day, None where there is no bound."""
        return (today if self.not_before else None, today if self.not_after else None)


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that is not typed on the form: computed by a formula, or found by an officer at a stage.

    `scale` is the number of decimal digits of a measure; `min` and `max` bound a number that is handed in (both
    included, a measure in the last of its digits).
    """

    id: str
    type: FactType
    label: Text
    formula: Formula | None = None
    source: Source = Source.COMPUTED
    stage: str = ""
    unit: str = ""
    list: str = ""
    scale: int = 0
    min: int | None = None
    max: int | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Statutory:
    """The parts a procedure must have (NĐ 63/2010 Điều 8 khoản 2, as amended by NĐ 92/2017), but for papers and time.

    `steps` b) trình tự thực hiện; `ways` c) cách thức; `copies_of_dossier` d) số lượng hồ sơ; `applicants` e) đối
    tượng; `body` g) cơ quan thực hiện; `result_*` h) kết quả; `conditions` h) yêu cầu, điều kiện.
    """

    steps: Text | None = None
    ways: tuple[str, ...] = ()
    copies_of_dossier: int | None = None
    applicants: tuple[Text, ...] = ()
    body: Text | None = None
    result_code: str = ""
    result_name: Text | None = None
    conditions: Text | None = None


class ChargeKind(StrEnum):
    """Phí (service_fee), lệ phí (charge), giá dịch vụ (price)."""

    SERVICE_FEE = "service_fee"
    CHARGE = "charge"
    PRICE = "price"


class SetBy(StrEnum):
    """Who sets the amount: Bộ Tài chính, HĐND tỉnh, or another body."""

    MINISTRY_OF_FINANCE = "ministry_of_finance"
    PROVINCIAL_COUNCIL = "provincial_council"
    OTHER = "other"


class Collected(StrEnum):
    """When the money is collected: at filing (khi nộp hồ sơ), with the result (khi trả kết quả), or never."""

    AT_FILING = "at_filing"
    AT_RESULT = "at_result"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FromTable:
    """The value comes from an output of a table."""

    table: str
    output: str


@dataclass(frozen=True, slots=True)
class FromFact:
    """The value is a fact, with the legal basis of its formula."""

    fact: str
    basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of money: its amount, times a whole-number fact if stated, less the best one of its cuts."""

    id: str
    label: Text
    kind: ChargeKind
    set_by: SetBy
    amount: FromTable | FromFact
    times: str = ""
    cuts: tuple[FromTable, ...] = ()
    currency: str = "VND"
    collected: Collected = Collected.AT_RESULT
    refundable: bool = False


class Handed(StrEnum):
    """A paper is handed in (nộp) or only shown (xuất trình)."""

    HAND_IN = "hand_in"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the dossier (thành phần hồ sơ). Where `shown_when` does not hold it is not asked about at all."""

    code: str
    label: Text
    required: bool | Condition | FromTable = True
    shown_when: Condition | None = None
    originals: int = 1
    copies: int = 0
    handed: Handed = Handed.HAND_IN
    form: Text | None = None
    waived_by: Text | None = None
    basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """The time limit (thời hạn giải quyết): a table of amount, unit, cutoff; a shorter promise; and the start.

    `start`: "next_opening", "moment", or empty for the unit's own default.
    """

    table: str
    committed: str = ""
    start: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a golden case expects. `asked` names what it says anything about; the rest is not compared."""

    asked: frozenset[str]
    charges: Mapping[str, int | None] = field(default_factory=dict[str, int | None], hash=False)
    total: int | None = None
    papers: tuple[str, ...] = ()
    deadline: date | datetime | None = None
    eligible: bool = True
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A golden case (tình huống mẫu): facts, a day or moment of acceptance, and what must come out."""

    name: Text
    given: Mapping[str, Any] = field(hash=False)
    on: date
    at: datetime | None
    then: Expected


@dataclass(frozen=True, slots=True)
class ProcedureDefinition:
    """One version of a procedure, whole."""

    code: str
    name: Text
    field_of_work: Text
    statutory: Statutory
    example: Text | None = None
    basis: tuple[LegalDocument, ...] = ()
    included: tuple[IncludedSet, ...] = ()
    lists: tuple[CodeList, ...] = ()
    territories: tuple[Territory, ...] = ()
    territory_of: str = ""
    parameters: tuple[Parameter, ...] = ()
    fields: tuple[Field, ...] = ()
    scales: tuple[RateScale, ...] = ()
    facts: tuple[FactSpec, ...] = ()
    tables: tuple[Table, ...] = ()
    charges: tuple[Charge, ...] = ()
    papers: tuple[Paper, ...] = ()
    deadline: DeadlineRule | None = None
    eligibility: str = ""
    cases: tuple[Case, ...] = ()

    @property
    def documents(self) -> Mapping[str, LegalDocument]:
        """The legal documents by key."""
        return {document.key: document for document in self.basis}

    @property
    def vocabulary(self) -> Vocabulary:
        """All facts of the procedure, with the built-in ones."""
        return vocabulary_of(self.lists, self.fields, self.facts, self.parameters, self.territories, self.tables)

    def table(self, name: str) -> Table:
        """Return the table with this id."""
        return next(table for table in self.tables if table.id == name)


def vocabulary_of(
    lists: tuple[CodeList, ...],
    fields: tuple[Field, ...],
    facts: tuple[FactSpec, ...],
    parameters: tuple[Parameter, ...] = (),
    territories: tuple[Territory, ...] = (),
    tables: Iterable[Table] = (),
) -> Vocabulary:
    """Return the facts that fields, other facts, parameters, territories, attributes of codes and tables give."""
    codes = {item.id: {entry.code: entry.label for entry in item.items} for item in lists}
    typed = [_fact_of_field(field, codes) for field in fields]
    found = [
        Fact(
            id=spec.id,
            type=spec.type,
            label=spec.label,
            source=spec.source,
            codes=codes.get(spec.list, {}),
            unit=spec.unit,
            stage=spec.stage,
            scale=spec.scale,
        )
        for spec in facts
    ]
    lawful = [_fact_of_parameter(parameter, codes) for parameter in parameters]
    place = replace(BUILT_IN[TERRITORIES], codes={each.id: each.label for each in territories})
    listed = {item.id: item for item in lists if item.attributes}
    chosen = {spec.id: listed[spec.list] for spec in (*fields, *facts) if spec.list in listed}
    attributes = [
        attribute
        for fact in (*typed, *found)
        if fact.type is FactType.CODE and fact.id in chosen and fact.source not in DERIVED
        for attribute in attribute_facts(fact, chosen[fact.id], codes)
    ]
    return Vocabulary(
        {fact.id: fact for fact in (place, *attributes, *lawful, *typed, *found, *output_facts(tables, codes))}
    )


def _fact_of_parameter(parameter: Parameter, codes: Mapping[str, Mapping[str, Text]]) -> Fact:
    return Fact(
        id=parameter.id,
        type=parameter.type,
        label=parameter.label,
        source=Source.PARAMETER,
        codes=codes.get(parameter.list, {}),
        unit=parameter.unit,
        scale=parameter.scale,
    )


def _fact_of_field(field: Field, codes: Mapping[str, Mapping[str, Text]]) -> Fact:
    return Fact(
        id=field.id,
        type=FACT_TYPES[field.kind],
        label=field.label,
        source=Source.FORM,
        codes=codes.get(field.list, {}),
        unit=field.unit,
        stage="filing",
        members=tuple(_fact_of_field(member, codes) for member in field.fields),
        scale=field.scale,
    )
