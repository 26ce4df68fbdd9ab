"""A definition said in words: all it states, so that nobody needs its YAML to judge it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rules.definition.expected import Case
from rules.definition.procedure import (
    FactSpec,
    Field,
    FromTable,
    Paper,
    ProcedureDefinition,
)
from rules.say.conditions import condition_said
from rules.say.expected import expected_said
from rules.say.fields import limits_said, more_said, within_said
from rules.say.keeping import LABEL as KEEPING
from rules.say.keeping import keeping_said
from rules.say.labels import (
    FIELD_KINDS,
    FOUND_AS,
    HANDED,
    LATER,
    NEEDS,
    NOT_TYPED,
    PARTS,
    SOURCES,
    STAGES,
    STARTS,
)
from rules.say.linked import linked_said
from rules.say.money import MoneyReader
from rules.say.papers import (
    BY_OFFICE,
    MADE,
    NOTE,
    NOTHING_HANDED,
    cases_said,
    details_said,
    notices_said,
)
from rules.say.process import process_said, step_said
from rules.say.punctuation import quoted
from rules.say.rates import formula_sentence
from rules.say.readable import (
    ReadableCase,
    ReadableDocument,
    ReadableFact,
    ReadableField,
    ReadablePaper,
    ReadableProcedure,
    ReadableSection,
    ReadableTable,
)
from rules.say.registers import RegisterReader, with_period
from rules.say.results import results_said
from rules.say.tables import TableReader, cited_as, scope_said
from rules.say.time import deadline_rules_said, query_said, stop_said
from rules.say.type_register import paper_types_said, result_types_said
from rules.say.uses import feeds_of, uses_of
from rules.table.decision import Condition
from rules.values import Text
from rules.vocabulary import APPLICANT_KINDS, CHANNELS, Fact, FactType
from rules.wording import joined, phrase, same


def readable(definition: ProcedureDefinition) -> ReadableProcedure:
    """Say a whole definition in words."""
    return _Reader(definition).whole()


class _Reader:
    """Reads the parts of one definition, with its facts and tables at hand."""

    def __init__(self, definition: ProcedureDefinition) -> None:
        self.definition = definition
        self.facts: Mapping[str, Fact] = definition.vocabulary
        self.documents = definition.documents
        rule = definition.deadline
        self.limits = tuple(name for name in (rule.table, rule.committed) if name) if rule else ()
        self.added = tuple(dict.fromkeys((*rule.added, *(rule.committed_added or ())))) if rule else ()
        self.stops = rule.stops if rule else ()
        self.waits = {stop.rule.id: stop.rule.label for stop in self.stops}
        self.items = {each.id: each.items for each in definition.lists}
        lists = {each.id: {item.code: item.label for item in each.items} for each in definition.lists}
        self.territories = {each.id: each.label for each in definition.territories}
        self.registers = RegisterReader(definition, lists, self.territories)
        reader = TableReader(
            facts=self.facts,
            documents=self.documents,
            uses=uses_of(definition),
            limits=frozenset(rule.tables if rule else ()),
            feeds=feeds_of(definition),
            lists=lists,
            territories=self.territories,
            origins={each.tag: each.words for each in definition.included},
            route=definition.route,
        )
        self.tables: Mapping[str, ReadableTable] = {table.id: reader.table(table) for table in definition.tables}
        self.money = MoneyReader(definition, self.tables)

    def whole(self) -> ReadableProcedure:
        """Return the definition in words."""
        definition = self.definition
        examination = definition.examination
        return ReadableProcedure(
            code=definition.code,
            name=definition.name,
            field_of_work=definition.field_of_work if definition.field_of_work.vi else None,
            example=definition.example,
            parts=tuple(self.statutory()),
            sections=tuple(self.sections()),
            facts=tuple(self.fact(spec) for spec in definition.facts),
            papers=tuple(self.paper(paper) for paper in definition.papers),
            charges=tuple(self.money.charge(charge) for charge in definition.charges),
            deadline=tuple(self.tables[name] for name in self.limits),
            deadline_start=STARTS[definition.deadline.start] if definition.deadline else None,
            refusals=self.tables[definition.eligibility] if definition.eligibility else None,
            tables=tuple(self.tables.values()),
            documents=tuple(self.cited()),
            cases=tuple(self.case(case) for case in definition.cases),
            parameters=tuple(self.registers.parameters()),
            scales=tuple(self.registers.scales()),
            territories=tuple(self.registers.places()),
            place=self.registers.place(),
            codes=tuple(self.registers.codes()),
            included=tuple(each.words for each in definition.included),
            payouts=tuple(self.money.payout(payout) for payout in definition.payouts),
            variants=tuple(cases_said(definition, self.facts)),
            notices=tuple(notices_said(definition, self.facts)),
            deadline_rules=tuple(deadline_rules_said(definition)),
            stops=tuple(stop_said(stop, self.facts, self.documents) for stop in self.stops),
            process=process_said(definition),
            linked=tuple(linked_said(definition, self.facts)),
            paper_types=tuple(paper_types_said(definition)),
            result_types=tuple(result_types_said(definition)),
            steps=tuple(step_said(step, self.facts, self.documents, self.waits) for step in definition.steps),
            route=self.tables[definition.route] if definition.route else None,
            examination=self.tables[examination.table] if examination else None,
            examination_form=examination.form if examination else None,
            results=tuple(results_said(definition, self.facts)),
            added=tuple(self.tables[name] for name in self.added),
        )

    def statutory(self) -> Iterable[tuple[Text, Text | None]]:
        """Yield the parts that the law asks every procedure to state, those left out too."""
        parts = self.definition.statutory
        copies = parts.copies_of_dossier
        yield from zip(
            PARTS,
            (
                parts.steps,
                _list(CHANNELS[way] for way in parts.ways),
                phrase("{} bộ", "{} set" if copies == 1 else "{} sets", str(copies)) if copies else None,
                self.who_may_apply(),
                parts.body,
                self.result(),
                parts.conditions or Text("Không có", "None"),
            ),
            strict=True,
        )
        if (kept := keeping_said(self.definition, {})) is not None:
            yield KEEPING, joined((kept.owner, kept.desk), " ")

    def who_may_apply(self) -> Text | None:
        """Say who may apply, and as what kinds of applicant where not all are received."""
        parts = self.definition.statutory
        who = joined(parts.applicants, "; ") if parts.applicants else None
        kinds = _list(APPLICANT_KINDS[kind] for kind in parts.applicant_kinds)
        if who is None or kinds is None:
            return who or kinds
        return phrase("{} (chỉ nhận: {})", "{} (received only as: {})", who, kinds)

    def result(self) -> Text | None:
        """Say the result of the procedure with its code."""
        name, code = self.definition.statutory.result_name, self.definition.statutory.result_code
        if name is None:
            return same(code) if code else None
        return phrase("{} ({})", "{} ({})", name, code) if code else name

    def cited(self) -> Iterable[ReadableDocument]:
        """Yield the legal documents that the definition names."""
        for document in self.definition.basis:
            title = document.title if document.title.vi else None
            scope = scope_said(document.period, self.territories.get(document.territory))
            yield ReadableDocument(document.document, title, scope)

    def sections(self) -> Iterable[ReadableSection]:
        """Yield the sections of the form; a field with a section opens it."""
        title, fields = None, list[Field]()
        for field in self.definition.fields:
            if field.section is not None:
                if fields:
                    yield ReadableSection(title, tuple(self.field(each, self.facts.get(each.id)) for each in fields))
                title, fields = field.section, []
            fields.append(field)
        if fields:
            yield ReadableSection(title, tuple(self.field(each, self.facts.get(each.id)) for each in fields))

    def field(self, field: Field, fact: Fact | None) -> ReadableField:
        """Say one field, which gives this fact; a note gives none."""
        members = {member.id: member for member in fact.members} if fact else {}
        return ReadableField(
            label=field.label,
            kind=FIELD_KINDS[field.kind],
            required=self.required(field.required) if field.is_typed else NOT_TYPED,
            shown=self.shown(field.shown_when),
            limits=limits_said(field, fact) if fact else None,
            help=field.help,
            choices=tuple(with_period(item.label, item.period) for item in self.items.get(field.list, ())),
            members=tuple(self.field(member, members[member.id]) for member in field.fields),
            more=tuple(more_said(field, fact, {**self.facts, **members})) if fact else (),
        )

    def required(self, required: bool | Condition) -> Text:
        """Say when an answer or a paper must be there."""
        if isinstance(required, Condition):
            return phrase("Phải có khi {}", "Required when {}", condition_said(required, self.facts))
        return NEEDS["required" if required else "optional"]

    def shown(self, shown_when: Condition | None) -> Text | None:
        """Say when something is asked at all; None where it always is."""
        if shown_when is None:
            return None
        return phrase("Chỉ hỏi khi {}", "Asked only when {}", condition_said(shown_when, self.facts))

    def paper(self, paper: Paper) -> ReadablePaper:
        """Say one paper."""
        return ReadablePaper(
            label=paper.label,
            need=self.need(paper),
            shown=self.shown(paper.shown_when),
            count=_count(paper),
            handed=NOTHING_HANDED if paper.note else MADE if paper.made_by_office else HANDED[paper.handed],
            form=paper.form,
            waived_by=paper.waived_by,
            citation=cited_as(paper.basis, self.documents),
            more=tuple(details_said(paper, self.definition, self.facts)),
            table=self.tables[paper.required.table] if isinstance(paper.required, FromTable) else None,
        )

    def need(self, paper: Paper) -> Text:
        """Say whether a paper must be there."""
        if paper.note or paper.made_by_office:
            return NOTE if paper.note else BY_OFFICE
        if isinstance(paper.required, FromTable):
            return phrase("Theo bảng {}", "By the table {}", quoted(self.tables[paper.required.table].label))
        return self.required(paper.required)

    def fact(self, spec: FactSpec) -> ReadableFact:
        """Say how a fact that nobody types comes about."""
        if spec.formula is not None:
            how = formula_sentence(spec.formula, self.facts, self.facts[spec.id].codes)
            return ReadableFact(spec.label, Text("Hệ thống tính", "Computed by the system"), how)
        if spec.parameter:
            of, on = (quoted(self.facts[name].label) for name in (spec.parameter, spec.on))
            how = phrase("giá trị của {} vào {}", "the value of {} on: {}", of, on)
            return ReadableFact(spec.label, Text("Tra tham số pháp luật", "Looked up in the law"), how)
        stage = STAGES.get(spec.stage, LATER)
        codes = phrase("chọn: {}", "choice of: {}", joined(self.facts[spec.id].codes.values(), "; "))
        source = phrase("{} {}", "{} {}", SOURCES[spec.source], stage)
        if spec.query:
            return ReadableFact(spec.label, source, query_said(spec.query))
        how, limits = FOUND_AS.get(spec.type, codes), within_said(spec.min, spec.max, self.facts[spec.id])
        return ReadableFact(spec.label, source, phrase("{} {}", "{}, {}", how, limits) if limits else how)

    def case(self, case: Case) -> ReadableCase:
        """Say one golden case."""
        return ReadableCase(
            name=case.name,
            when=_moment(case.at) if case.at else f"{case.on:%d/%m/%Y}",
            given=tuple(self.given(case.given)),
            expects=tuple(expected_said(case.then, self.definition)),
            because=case.then.because,
        )

    def given(self, facts: Mapping[str, Any]) -> Iterable[tuple[Text, Text]]:
        """Yield the facts of a golden case by label; a group row by row."""
        for name, value in facts.items():
            fact = self.facts[name]
            if fact.type is FactType.GROUP:
                for number, row in enumerate(value, start=1):
                    yield phrase("{}, dòng {}", "{}, row {}", fact.label, str(number)), _row_given(fact, row)
            else:
                yield fact.label, fact.shown(value)


def _list(parts: Iterable[Text]) -> Text | None:
    texts = list(parts)
    return joined(texts, ", ") if texts else None


def _row_given(group: Fact, row: Mapping[str, Any]) -> Text:
    members = {member.id: member for member in group.members}
    said = (phrase("{} {}", "{} {}", members[name].label, members[name].shown(value)) for name, value in row.items())
    return joined(said, ", ")


def _count(paper: Paper) -> Text | None:
    counts = (
        (paper.originals, "{} bản chính", "{} original", "{} originals"),
        (paper.copies, "{} bản sao", "{} copy", "{} copies"),
    )
    return _list(phrase(vi, one if count == 1 else many, str(count)) for count, vi, one, many in counts if count)


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"
