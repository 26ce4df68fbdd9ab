"""Definition and facts to and from canonical JSON, and the two hashes of a definition: of the whole and of the law."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules import facts
from rules.decode.procedure import definition_from
from rules.definition.internal import Act
from rules.definition.linked import LinkedGroup
from rules.definition.procedure import DeadlineRule, FactSpec, Field, Paper, ProcedureDefinition
from rules.definition.registers import AttributeSpec, CodeList
from rules.encode.procedure import definition_to_data
from rules.errors import DefinitionError, Problem
from rules.meaning import by_meaning
from rules.table.decision import Table
from rules.values import NO_TEXT
from rules.vocabulary import Facts

__all__ = [
    "canonical_json",
    "definition_from",
    "definition_from_json",
    "definition_to_data",
    "facts_as_written",
    "facts_from_json",
    "facts_to_json",
    "law_hash",
    "whole_hash",
]


def canonical_json(definition: ProcedureDefinition) -> str:
    """Return the definition as JSON with sorted keys and no spaces: the same definition, the same text."""
    return _canonical(definition_to_data(definition))


def definition_from_json(text: str) -> ProcedureDefinition:
    """Read what `canonical_json` wrote. Raises DefinitionError."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DefinitionError((Problem((), f"Văn bản không phải JSON: {error}."),)) from None
    return definition_from(data)


def whole_hash(definition: ProcedureDefinition) -> str:
    """Return the SHA-256 (hex) of the whole definition, texts and cases included."""
    return _sha256(canonical_json(definition))


def law_hash(definition: ProcedureDefinition) -> str:
    """Return the SHA-256 (hex) of what decides outcomes: without labels, help, names, notes and golden cases.

    Cells and formulas count by what they mean, so that another writing of the same test is the same law.
    """
    return _sha256(canonical_json(by_meaning(without_words(definition))))


def facts_from_json(definition: ProcedureDefinition, data: Mapping[str, Any]) -> dict[str, Any]:
    """Read facts as they are stored: amounts in đồng, measures as scaled whole numbers, days and moments as ISO text.

    Raises FactsError.
    """
    return facts.typed(data, definition.vocabulary)


def facts_as_written(definition: ProcedureDefinition, data: Mapping[str, Any]) -> dict[str, Any]:
    """Read facts as people write them: as stored ones, but a measure is `"120,5"` or a whole number of its unit.

    Raises FactsError.
    """
    vocabulary = definition.vocabulary
    return facts.typed(facts.written(data, vocabulary), vocabulary)


def facts_to_json(definition: ProcedureDefinition, given: Facts) -> dict[str, Any]:
    """Return facts as plain JSON values, refusing those outside the definition's vocabulary (FactsError)."""
    return facts.to_json(facts.typed(given, definition.vocabulary))


def _canonical(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def without_words(definition: ProcedureDefinition) -> ProcedureDefinition:
    return replace(
        definition,
        name=NO_TEXT,
        field_of_work=NO_TEXT,
        basis=tuple(replace(document, title=NO_TEXT) for document in definition.basis),
        included=tuple(replace(each, label=NO_TEXT) for each in definition.included),
        lists=tuple(_bare_list(each) for each in definition.lists),
        territories=tuple(replace(each, label=NO_TEXT) for each in definition.territories),
        parameters=tuple(replace(each, label=NO_TEXT) for each in definition.parameters),
        fields=tuple(_bare_field(field) for field in definition.fields),
        scales=tuple(replace(scale, label=NO_TEXT) for scale in definition.scales),
        facts=tuple(_bare_fact(fact) for fact in definition.facts),
        tables=tuple(_bare_table(table) for table in definition.tables),
        charges=tuple(replace(charge, label=NO_TEXT) for charge in definition.charges),
        payouts=tuple(replace(payout, label=NO_TEXT) for payout in definition.payouts),
        variants=tuple(replace(each, label=NO_TEXT) for each in definition.variants),
        papers=tuple(_bare_paper(paper) for paper in definition.papers),
        deadline=_bare_deadline(definition.deadline) if definition.deadline else None,
        paper_types=tuple(
            replace(each, label=NO_TEXT, form=None, data=_bare_data(each.data)) for each in definition.paper_types
        ),
        result_types=tuple(
            replace(each, label=NO_TEXT, form=None, data=_bare_data(each.data)) for each in definition.result_types
        ),
        linked=_bare_linked(definition.linked) if definition.linked else None,
        process=replace(definition.process, label=None) if definition.process else None,
        patterns=tuple(replace(each, label=NO_TEXT, acts=_bare_acts(each.acts)) for each in definition.patterns),
        steps=tuple(replace(step, label=NO_TEXT, acts=_bare_acts(step.acts)) for step in definition.steps),
        results=tuple(replace(each, label=NO_TEXT, form=None) for each in definition.results),
        cases=(),
    )


def _bare_data(fields: tuple[AttributeSpec, ...]) -> tuple[AttributeSpec, ...]:
    return tuple(replace(spec, label=NO_TEXT) for spec in fields)


def _bare_linked(group: LinkedGroup) -> LinkedGroup:
    children = tuple(replace(child, label=NO_TEXT) for child in group.children)
    return replace(group, label=NO_TEXT, children=children)


def _bare_acts(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    return tuple(replace(act, label=NO_TEXT) for act in acts)


def _bare_deadline(rule: DeadlineRule) -> DeadlineRule:
    stops = (replace(stop, rule=replace(stop.rule, label=NO_TEXT)) for stop in rule.stops)
    return replace(rule, stops=tuple(stops))


def _bare_list(each: CodeList) -> CodeList:
    return replace(
        each,
        items=tuple(replace(item, label=NO_TEXT) for item in each.items),
        attributes=tuple(replace(spec, label=NO_TEXT) for spec in each.attributes),
    )


def _bare_field(field: Field) -> Field:
    inner = tuple(_bare_field(each) for each in field.fields)
    block = replace(field.block, label=NO_TEXT, help=None) if field.block else None
    return replace(field, label=NO_TEXT, help=None, section=None, page=None, block=block, fields=inner)


def _bare_fact(fact: FactSpec) -> FactSpec:
    return replace(fact, label=NO_TEXT)


def _bare_table(table: Table) -> Table:
    return replace(
        table,
        label=NO_TEXT,
        outputs=tuple(replace(column, label=None) for column in table.outputs),
        rows=tuple(replace(row, note=None) for row in table.rows),
    )


def _bare_paper(paper: Paper) -> Paper:
    return replace(paper, label=NO_TEXT, form=None)
