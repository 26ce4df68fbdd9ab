"""The procedure definition (định nghĩa thủ tục hành chính): everything an administrator states, as frozen data.

Nothing runs here. The format is specified in docs/reference/definition.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from rules.clock.reception import ReceptionRule
from rules.clock.spans import Begins
from rules.definition.expected import Case
from rules.definition.fields import (
    CALLED_KINDS,
    FACT_TYPES,
    Block,
    BlockKind,
    DayBound,
    Field,
    FieldKind,
    FieldStage,
    fact_of_field,
)
from rules.definition.internal import InternalProcess, StepPattern
from rules.definition.keeping import KeptElsewhere
from rules.definition.linked import LinkedGroup
from rules.definition.money import Charge, ChargeKind, Collected, FromFact, FromTable, Payout, SetBy
from rules.definition.papers import AcceptedForms, Returned, Validity
from rules.definition.process import Combine, HistoryQuery, ProcessStep, Stop
from rules.definition.registers import (
    TERRITORIES,
    CodeItem,
    CodeList,
    IncludedSet,
    Parameter,
    Territory,
    attribute_facts,
)
from rules.definition.results import Examination, Result
from rules.definition.type_register import Bound, PaperType, ResultType
from rules.definition.variants import VARIANT, Notice, Variant, Variants
from rules.formula import Formula
from rules.scale import RateScale
from rules.table.decision import Condition, Table
from rules.table.outputs import output_facts
from rules.values import LegalBasis, LegalDocument, Text
from rules.vocabulary import BUILT_IN, DERIVED, Fact, FactType, Source, Vocabulary

__all__ = [
    "CALLED_KINDS",
    "FACT_TYPES",
    "Block",
    "BlockKind",
    "Charge",
    "ChargeKind",
    "CodeItem",
    "CodeList",
    "Collected",
    "DayBound",
    "Field",
    "FieldKind",
    "FieldStage",
    "FromFact",
    "FromTable",
    "Payout",
    "SetBy",
]

FORMAT = 1
"""The number of the format; a definition states it."""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that is not typed on the form: computed by a formula, looked up, or handed in from its source at a stage.

    A fact that is looked up is the value that the `parameter` had in force on the day of the fact `on`; `by_place`:
    that value hangs on the place, too. `scale` is the number of decimal digits of a measure; `min` and `max` bound a
    number that is handed in (both included, a measure in the last of its digits). `query` is what a fact from history
    asks.
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
    query: HistoryQuery | None = None
    parameter: str = ""
    on: str = ""
    by_place: bool = False

    @property
    def is_made(self) -> bool:
        """Tell whether the evaluation makes the fact itself."""
        return self.formula is not None or bool(self.parameter)

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts it is made from."""
        if self.formula is not None:
            return self.formula.facts
        read = (self.on, TERRITORIES if self.by_place else "")
        return tuple(name for name in read if name)


@dataclass(frozen=True, slots=True)
class Statutory:
    """The parts a procedure must have (NĐ 63/2010 Điều 8 khoản 2, as amended by NĐ 92/2017), but for papers and time.

    `steps` b) trình tự thực hiện; `ways` c) cách thức; `copies_of_dossier` d) số lượng hồ sơ; `applicants` e) đối
    tượng; `body` g) cơ quan thực hiện; `result_*` h) kết quả; `conditions` h) yêu cầu, điều kiện. `applicant_kinds` are
    the kinds of applicant that may apply; all, where there are none.
    """

    steps: Text | None = None
    ways: tuple[str, ...] = ()
    copies_of_dossier: int | None = None
    applicants: tuple[Text, ...] = ()
    applicant_kinds: tuple[str, ...] = ()
    body: Text | None = None
    result_code: str = ""
    result_name: Text | None = None
    conditions: Text | None = None


class Handed(StrEnum):
    """A paper is handed in (nộp) or only shown (xuất trình)."""

    HAND_IN = "hand_in"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the dossier (thành phần hồ sơ). Where `shown_when` does not hold it is not asked about at all.

    `for_each` names a group each of whose rows (those for which `each_when` holds) asks for the paper; `originals` and
    `copies` are for one row and one of the `sets`. Of papers with the same `one_of` any one is enough. Where
    `waived_when` holds the data source `waived_by` stands in for the paper, else `fallback` says what to do. A `note`
    is no paper at all; one that is `made_by_office` is handed in by nobody. `result_code`: the paper is a result of
    this code, whichever procedure issued it. `type` is its paper type or `result_type` the type of the result it is,
    `data` the facts that hold the data fields of that type.
    """

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
    for_each: str = ""
    each_when: Condition | None = None
    sets: int = 1
    accepted: tuple[AcceptedForms, ...] = ()
    valid: Validity | None = None
    returned: Returned | None = None
    one_of: str = ""
    waived_when: Condition | None = None
    fallback: Text | None = None
    note: bool = False
    made_by_office: bool = False
    result_code: str = ""
    type: str = ""
    result_type: str = ""
    data: Bound = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition the paper states."""
        required = self.required if isinstance(self.required, Condition) else None
        valid = self.valid.when if self.valid else None
        stated = (self.shown_when, self.each_when, required, self.waived_when, valid)
        return tuple(condition for condition in stated if condition)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """The time limit (thời hạn giải quyết): a table of amount, unit, cutoff; a shorter promise; and the start.

    `start`: "next_opening", "moment", or empty for the unit's own default. `added` are tables whose rows give time on
    top when they hit; the promise gets the same unless `committed_added` names its own. `combine`: what several rows of
    a table that collects mean. `stops`: what the procedure says of waits. `rolls`: whether days and months that end on
    a day off end on the next working day, where the row does not say. `begins`: see `Limit`. `reception`: what may
    be asked for before the dossier is accepted.
    """

    table: str
    committed: str = ""
    start: str = ""
    added: tuple[str, ...] = ()
    committed_added: tuple[str, ...] | None = None
    combine: Combine | None = None
    stops: tuple[Stop, ...] = ()
    rolls: bool = True
    begins: Begins | None = None
    reception: ReceptionRule | None = None

    @property
    def promise_added(self) -> tuple[str, ...]:
        """The tables that give time on top of the promise."""
        return self.added if self.committed_added is None else self.committed_added

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table the time limit is read from, each once."""
        promise = (self.committed, *self.promise_added) if self.committed else ()
        return tuple(dict.fromkeys(name for name in (self.table, *self.added, *promise) if name))


@dataclass(frozen=True, slots=True)
class ProcedureDefinition:
    """One version of a procedure, whole."""

    code: str
    name: Text
    field_of_work: Text
    statutory: Statutory
    example: Text | None = None
    kept_elsewhere: KeptElsewhere | None = None
    basis: tuple[LegalDocument, ...] = ()
    included: tuple[IncludedSet, ...] = ()
    lists: tuple[CodeList, ...] = ()
    territories: tuple[Territory, ...] = ()
    territory_of: str = ""
    parameters: tuple[Parameter, ...] = ()
    fields: tuple[Field, ...] = ()
    scales: tuple[RateScale, ...] = ()
    facts: tuple[FactSpec, ...] = ()
    variants: tuple[Variant, ...] = ()
    tables: tuple[Table, ...] = ()
    charges: tuple[Charge, ...] = ()
    payouts: tuple[Payout, ...] = ()
    papers: tuple[Paper, ...] = ()
    notices: tuple[Notice, ...] = ()
    deadline: DeadlineRule | None = None
    steps: tuple[ProcessStep, ...] = ()
    route: str = ""
    eligibility: str = ""
    examination: Examination | None = None
    results: tuple[Result, ...] = ()
    cases: tuple[Case, ...] = ()
    process: InternalProcess | None = None
    patterns: tuple[StepPattern, ...] = ()
    paper_types: tuple[PaperType, ...] = ()
    result_types: tuple[ResultType, ...] = ()
    linked: LinkedGroup | None = None

    @property
    def documents(self) -> Mapping[str, LegalDocument]:
        """The legal documents by key."""
        return {document.key: document for document in self.basis}

    @property
    def vocabulary(self) -> Vocabulary:
        """All facts of the procedure, with the built-in ones."""
        variants = {each.id: each.label for each in self.variants}
        parts = (self.lists, self.fields, self.facts, self.parameters, self.territories, self.tables)
        return vocabulary_of(*parts, variants=variants)

    @property
    def steps_of_cases(self) -> tuple[Variants, ...]:
        """The cases of the procedure as something to work out, none where the definition states none."""
        return (Variants(self.variants),) if self.variants else ()

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
    *,
    variants: Mapping[str, Text] = MappingProxyType({}),
) -> Vocabulary:
    """Return the facts that fields, other facts, parameters, territories, attributes of codes and tables give.

    `variants` are the labels of the cases of the procedure.
    """
    codes = {item.id: {entry.code: entry.label for entry in item.items} for item in lists}
    typed = [fact_of_field(field, codes) for field in fields if field.is_typed]
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
    cases = replace(BUILT_IN[VARIANT], codes=variants)
    listed = {item.id: item for item in lists if item.attributes}
    chosen = {spec.id: listed[spec.list] for spec in (*fields, *facts) if spec.list in listed}
    attributes = [
        attribute
        for fact in (*typed, *found)
        if fact.type is FactType.CODE and fact.id in chosen and fact.source not in DERIVED
        for attribute in attribute_facts(fact, chosen[fact.id], codes)
    ]
    return Vocabulary(
        {fact.id: fact for fact in (place, cases, *attributes, *lawful, *typed, *found, *output_facts(tables, codes))}
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
