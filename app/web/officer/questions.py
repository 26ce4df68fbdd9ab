"""What the desk asks under a version: form classes of applicant, way of filing and the procedure's own questions."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import wtforms

from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from forms.applicant import build_applicant_form
from forms.build import build_form, form_class
from forms.stages import asked_by_stage
from rules.definition.procedure import CodeItem, CodeList, FactSpec, Field, FieldKind, ProcedureDefinition
from rules.say.labels import SOURCES
from rules.say.punctuation import sentence
from rules.values import Text
from rules.vocabulary import APPLICANT_KINDS, CHANNELS, FactType, Source

APPLICANT, FILING, ANSWERS = "applicant", "filing", "answers"
KIND_OF_FACT = {
    FactType.BOOL: FieldKind.YES_NO,
    FactType.CODE: FieldKind.CHOICE,
    FactType.CODES: FieldKind.CHOICES,
    FactType.INT: FieldKind.WHOLE_NUMBER,
    FactType.MONEY: FieldKind.MONEY,
    FactType.DAY: FieldKind.DAY,
    FactType.MOMENT: FieldKind.MOMENT,
    FactType.FIXED: FieldKind.MEASURE,
    FactType.TEXT: FieldKind.TEXT,
}


def code_list(name: str, labels: Mapping[str, Text]) -> CodeList:
    """Return the list of these codes with their labels."""
    return CodeList(name, tuple(CodeItem(code, label) for code, label in labels.items()))


FILING_FIELDS = (
    Field("channel", FieldKind.CHOICE, Text("Cách nộp", "Way of filing"), required=True, list="channels"),
    Field("return_channel", FieldKind.CHOICE, dossiers.RETURN_CHANNEL, required=True, list="returns"),
)
READ_OF_APPLICANT = frozenset({"applicant_kind", "digital_citizen"})
"""What the rules may read of the applicant."""


@lru_cache(maxsize=2 ** len(APPLICANT_KINDS))
def applicant_form(kinds: tuple[str, ...]) -> type[Any]:
    """Return the form class of who applies, with the kinds of applicant that the procedure takes."""
    return build_applicant_form(kinds=kinds)


@lru_cache(maxsize=2 ** len(CHANNELS))
def filing_form(ways: tuple[str, ...]) -> type[Any]:
    """Return the form class of how the dossier is filed and returned, with the ways of filing of the procedure."""
    return form_class("FilingForm", FILING_FIELDS, filing_lists(ways), wtforms.Form)


def filing_lists(ways: tuple[str, ...]) -> tuple[CodeList, CodeList]:
    """Return the ways of filing that the procedure takes, and those of return."""
    offered = {code: label for code, label in CHANNELS.items() if code in ways}
    return (code_list("channels", offered), code_list("returns", dossiers.RETURN_CHANNELS))


def first_answers(ways: tuple[str, ...], kinds: tuple[str, ...]) -> dict[str, str]:
    """Return what most people at the counter would answer, set when the form opens."""
    return {
        f"{APPLICANT}-applicant_kind": "individual" if "individual" in kinds else kinds[0],
        f"{FILING}-channel": "counter" if "counter" in ways else ways[0],
        f"{FILING}-return_channel": "counter",
    }


@lru_cache(maxsize=256)
def form_of(whole_sha256: str, text: str) -> tuple[ProcedureDefinition, type[Any]]:
    """Return what the desk asks under a version, and its form class: the form's fields, then the officer's findings."""
    definition = evaluations.definition_with(whole_sha256, text)
    findings = [_finding(spec) for spec in definition.facts if is_asked_of_the_officer(spec)]
    if findings:
        findings[0] = replace(findings[0], section=dossiers.FOUND_AT_RECEPTION)
    now, later = asked_by_stage(definition)
    asked = replace(definition, fields=(*now, *findings), facts=(*definition.facts, *later))
    return asked, build_form(asked)


def is_asked_of_the_officer(spec: FactSpec) -> bool:
    """Tell whether the desk asks for the fact at reception."""
    return dossiers.is_asked_at_reception(spec) and spec.type in KIND_OF_FACT


def _finding(spec: FactSpec) -> Field:
    """Return the question for what the officer finds; where it is found is said below it, unless it is a judgement."""
    return Field(
        spec.id, KIND_OF_FACT[spec.type], spec.label, list=spec.list, unit=spec.unit, scale=spec.scale, min=spec.min,
        max=spec.max, help=None if spec.source is Source.OFFICER else sentence(SOURCES[spec.source]),
    )  # fmt: skip
