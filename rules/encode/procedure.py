"""A procedure definition as plain data: what `definition_from` reads back to the same definition."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rules import facts
from rules.definition.expected import Case
from rules.definition.keeping import KeptElsewhere
from rules.definition.procedure import (
    FORMAT,
    FactSpec,
    ProcedureDefinition,
    Statutory,
)
from rules.definition.variants import Notice, Variant
from rules.encode import fields as encode_fields
from rules.encode import linked as encode_linked
from rules.encode import money as encode_money
from rules.encode import papers as encode_papers
from rules.encode import process as encode_process
from rules.encode import registers as encode_registers
from rules.encode import results as encode_results
from rules.encode import time as encode_time
from rules.encode import types as encode_types
from rules.encode.expected import expected
from rules.encode.fields import measure
from rules.encode.money import condition, rounding
from rules.scale import PERCENT_DIGITS, RateScale
from rules.table.cells import Anything
from rules.table.decision import ASCENDING, DESCENDING, Output, OutputColumn, Row, Table
from rules.values import LegalDocument, Text
from rules.vocabulary import FactType, Vocabulary

Data = dict[str, Any]


def definition_to_data(definition: ProcedureDefinition) -> Data:
    """Return the definition as plain JSON values; what is empty or the default is left out."""
    documents, vocabulary = definition.documents, definition.vocabulary
    computed = {each.id for each in definition.fields if each.computed}
    patterns = {each.id: each for each in definition.patterns}
    papers = {each.id: each for each in definition.paper_types}
    types = {each.id: each for each in definition.result_types}
    return _kept(
        format=FORMAT,
        code=definition.code,
        name=definition.name.to_data(),
        field_of_work=_text(definition.field_of_work),
        example=_text(definition.example),
        statutory=_statutory(definition.statutory),
        kept_elsewhere=_kept_elsewhere(definition.kept_elsewhere),
        basis={document.key: encode_registers.document(document) for document in definition.basis},
        included=[encode_registers.included(each) for each in definition.included],
        lists={each.id: encode_registers.code_list(each) for each in definition.lists},
        territories={each.id: encode_registers.territory(each) for each in definition.territories},
        territory_of=definition.territory_of,
        parameters={each.id: encode_registers.parameter(each, documents) for each in definition.parameters},
        fields=encode_fields.fields(definition.fields),
        scales={each.id: _scale(each) for each in definition.scales},
        facts=[_fact(item) for item in definition.facts if item.id not in computed],
        variants=[_variant(each) for each in definition.variants],
        tables=[_table(item, documents) for item in definition.tables],
        charges=[encode_money.charge(item) for item in definition.charges],
        payouts=[encode_money.payout(item) for item in definition.payouts],
        paper_types={each.id: encode_types.paper_type(each) for each in definition.paper_types},
        result_types={each.id: encode_types.result_type(each) for each in definition.result_types},
        papers=[encode_papers.paper(item, papers, types) for item in definition.papers],
        notices=[_notice(each) for each in definition.notices],
        deadline=encode_time.deadline(definition.deadline),
        process=encode_process.process(definition.process, documents),
        linked=encode_linked.linked(definition.linked),
        patterns={each.id: encode_process.pattern(each) for each in definition.patterns},
        steps=[encode_process.step(each, patterns) for each in definition.steps],
        route={"table": definition.route} if definition.route else None,
        eligibility={"table": definition.eligibility} if definition.eligibility else None,
        examination=encode_results.examination(definition.examination),
        results=[encode_results.result(each, types) for each in definition.results],
        cases=[_case(item, vocabulary) for item in definition.cases],
    )


def _kept(**parts: Any) -> Data:
    return {name: part for name, part in parts.items() if part not in (None, "", [], {}, ())}


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_data() if text and text.vi else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _statutory(parts: Statutory) -> Data:
    return _kept(
        steps=_text(parts.steps),
        ways=list(parts.ways),
        copies_of_dossier=parts.copies_of_dossier,
        applicants=[text.to_data() for text in parts.applicants],
        applicant_kinds=list(parts.applicant_kinds),
        body=_text(parts.body),
        result=_kept(code=parts.result_code, name=_text(parts.result_name)),
        conditions=_text(parts.conditions),
    )


def _kept_elsewhere(kept: KeptElsewhere | None) -> Data | None:
    return _kept(system=_text(kept.system), desk=kept.desk.value, number=kept.number) if kept else None


def _fact(item: FactSpec) -> Data:
    if item.parameter:
        named = {"id": item.id, "label": item.label.to_data(), "parameter": item.parameter, "on": item.on}
        return {**named, **_kept(**{"from": item.origin})}
    return _kept(
        id=item.id,
        type=item.type.value,
        label=item.label.to_data(),
        formula=item.formula.text if item.formula else None,
        source=item.source.value,
        stage=item.stage,
        unit=item.unit,
        list=item.list,
        scale=item.scale or None,
        min=measure(item.min, item.scale),
        max=measure(item.max, item.scale),
        query=encode_time.query(item.query),
        **{"from": item.origin},
    )


def _scale(item: RateScale) -> Data:
    rate, digits = ("percent", PERCENT_DIGITS) if item.percent else ("rate", 0)
    return _kept(
        label=item.label.to_data(),
        unit=item.unit,
        steps=[
            {**_kept(up_to=measure(step.up_to, item.digits)), rate: measure(step.rate, digits)} for step in item.steps
        ],
        round=rounding(item.rounding),
        basis=encode_registers.basis(item.basis),
        example=_text(item.example),
    )


def _table(table: Table, documents: Mapping[str, LegalDocument]) -> Data:
    return _kept(
        id=table.id,
        label=table.label.to_data(),
        hit=table.hit.value,
        inputs=list(table.inputs),
        on=table.on,
        outputs=[_output(column) for column in table.outputs],
        rows=[_row(row, table, documents) for row in table.rows],
        example=_text(table.example),
        **{"from": table.origin},
    )


def _output(column: OutputColumn) -> Data:
    directed = column.order in ((ASCENDING,), (DESCENDING,)) and column.type is not FactType.CODE
    return _kept(
        id=column.id,
        type=column.type.value,
        scale=column.scale or None,
        unit=column.unit,
        list=column.list,
        order=column.order[0] if directed else list(column.order),
        label=_text(column.label),
    )


def _value(value: Output, column: OutputColumn) -> Any:
    if isinstance(value, Text):
        return value.to_data()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return measure(value, column.scale) if column.scale and isinstance(value, int) else value


def _row(row: Row, table: Table, documents: Mapping[str, LegalDocument]) -> Data:
    values = zip(table.outputs, row.then, strict=True)
    then = {column.id: _value(value, column) for column, value in values if value is not None}
    when = {
        name: cell.text
        for name, cell in zip(table.inputs, row.when, strict=True)
        if not (isinstance(cell.test, Anything) and cell.text == "-")
    }
    scope = encode_registers.in_force(row.period, row.territory, row.basis, documents)
    kept = _kept(id=row.id, when=when, basis=encode_registers.basis(row.basis), note=_text(row.note), **scope)
    return {**kept, "then": then}


def _variant(each: Variant) -> Data:
    return _kept(
        id=each.id, label=each.label.to_data(), when=condition(each.when), basis=encode_registers.basis(each.basis)
    )


def _notice(each: Notice) -> Data:
    return _kept(
        id=each.id, text=each.text.to_data(), when=condition(each.when), basis=encode_registers.basis(each.basis)
    )


def _case(case: Case, vocabulary: Vocabulary) -> Data:
    on = None if case.at else _iso(case.on)
    at = case.at.isoformat(timespec="minutes") if isinstance(case.at, datetime) else None
    kept = _kept(
        name=case.name.to_data(),
        given=facts.as_written(case.given, vocabulary),
        on=on,
        at=at,
        events=[encode_time.event(each) for each in case.events],
    )
    return {**kept, "then": expected(case.then)}
