"""Proof before publication of what is asked: fields that never show, and answers that nothing reads."""

from collections.abc import Iterator
from dataclasses import fields as attributes
from dataclasses import is_dataclass
from typing import Any

from rules.check.findings import Finding, FindingKind
from rules.check.formulas import firm_domains
from rules.definition.procedure import FACT_TYPES, Field, ProcedureDefinition
from rules.errors import Place, Severity
from rules.formula import Formula
from rules.formula.nodes import members_in
from rules.reading import mapping_of, sequence_of
from rules.space.dossiers import Ground, dossier_space
from rules.space.sweep import Budget, BudgetSpentError
from rules.table.cells import ANY_CELL, Cell
from rules.table.decision import Condition, HitPolicy, Row, Table
from rules.values import Text
from rules.vocabulary import FactType

STEPS = 50_000
"""The budget of steps for one field."""

MOST_NAMED = 5

_NO_READS = frozenset({"id", "code", "key", "list", "origin", "unit", "stage", "cases", "included", "stated"})
"""Attributes whose text is the name of something else than a fact."""

_PAPER_ONLY = frozenset({FactType.TEXT})


def asking_doubts(definition: ProcedureDefinition) -> Iterator[Finding]:
    """Yield the fields that no dossier ever shows, and as information what is asked or worked out and never read."""
    read = frozenset(_reads(definition))
    yield from _never_shown(definition, read)
    yield from _never_read(definition, read)


def _never_shown(definition: ProcedureDefinition, read: frozenset[str]) -> Iterator[Finding]:
    ground = None
    for place, field in enumerate(definition.fields):
        if field.shown_when is None or field.id in field.shown_when.facts:  # told as a field that waits for itself
            continue
        ground = ground or Ground(definition, firm_domains(definition))
        if not may_hold(field.shown_when, ground):
            needed = "; quy định cần đến nó mà không ai được hỏi" if _is_read(field, read) else ""
            what = f"Trường “{field.label}” không bao giờ hiện ra: không hồ sơ nào đạt điều kiện của nó{needed}."
            hint = "Sửa shown_when, hoặc bỏ trường này."
            yield Finding(("fields", place, "shown_when"), what, hint, Severity.WARNING, FindingKind.UNREACHABLE)


def may_hold(condition: Condition, ground: Ground) -> bool:
    """Tell whether some dossier may fulfil a condition; where the budget ends it is taken to."""
    inputs = condition.facts
    if any(ground.vocabulary[name].of for name in inputs):
        return True
    rows = tuple(Row("", tuple(group.get(name, ANY_CELL) for name in inputs), ()) for group in condition.any_of)
    space = dossier_space(ground, Table("", Text(""), HitPolicy.ANY, inputs, (), rows))
    try:
        return any(box and space.space.hole(box, space.barred, Budget(STEPS)) is not None for box in space.rows)
    except BudgetSpentError:
        return True


def _never_read(definition: ProcedureDefinition, read: frozenset[str]) -> Iterator[Finding]:
    for place, field in enumerate(definition.fields):
        if _is_read(field, read):
            yield from _columns_never_read(place, field, read)
        elif not _is_for_paper(field):
            yield _unused(("fields", place), f"Trường “{field.label}” được hỏi mà không quy định nào đọc đến.")
    for place, spec in enumerate(definition.facts):
        if spec.id not in read and not spec.origin:
            did = "được tính" if spec.is_made else "được ghi nhận"
            yield _unused(("facts", place), f"Dữ kiện “{spec.label}” {did} mà không quy định nào đọc đến.")
    yield from _written_only(definition, read)


def _columns_never_read(place: int, field: Field, read: frozenset[str]) -> Iterator[Finding]:
    for number, each in enumerate(field.fields):
        if f"{field.id}.{each.id}" not in read and not _is_for_paper(each):
            told = f"Cột “{each.label}” của “{field.label}” được hỏi mà không quy định nào đọc đến."
            yield _unused(("fields", place, "fields", number), told)


def _written_only(definition: ProcedureDefinition, read: frozenset[str]) -> Iterator[Finding]:
    """Tell of texts that nothing reads in one line: most forms ask for some that only the paper needs."""
    found = [
        (place, field.label.vi)
        for place, field in enumerate(definition.fields)
        if field.is_typed and _is_for_paper(field) and field.id not in read
    ]
    if found:
        named = ", ".join(f"“{label}”" for _, label in found[:MOST_NAMED])
        more = f" và {len(found) - MOST_NAMED} trường nữa" if len(found) > MOST_NAMED else ""
        yield _unused(("fields", found[0][0]), f"Chỉ để ghi vào hồ sơ, không quy định nào đọc đến: {named}{more}.")


def _unused(where: Place, what: str) -> Finding:
    return Finding(
        where, what, "Giữ lại nếu giấy tờ hoặc thống kê cần; nếu không thì bỏ.", Severity.NOTE, FindingKind.UNUSED
    )


def _is_for_paper(field: Field) -> bool:
    """Tell whether the field is mostly asked for what is printed: a note, a text, or a part of a person or place."""
    return not field.is_typed or bool(field.part_of) or FACT_TYPES[field.kind] in _PAPER_ONLY


def _is_read(field: Field, read: frozenset[str]) -> bool:
    """Tell whether anything reads the field, an attribute of its code or one of its columns."""
    return field.id in read or any(f"{field.id}.{each.id}" in read for each in field.fields)


def _reads(part: Any) -> Iterator[str]:
    """Yield every text in a part of the definition that may name a fact, and what comes before a dot in it."""
    if isinstance(part, Formula):
        for name in (*part.facts, *members_in(part.tree)):
            yield from _named(name)
    elif isinstance(part, str):
        yield from _named(part)
    elif (several := sequence_of(part)) is not None:
        yield from (name for each in several for name in _reads(each))
    elif (named := mapping_of(part)) is not None:
        yield from (name for each in (*named, *named.values()) for name in _reads(each))
    elif is_dataclass(part) and not isinstance(part, Text | Cell):
        held = [each.name for each in attributes(part) if each.name not in _NO_READS]
        yield from (name for each in held for name in _reads(getattr(part, each)))


def _named(name: str) -> Iterator[str]:
    yield name
    if "." in name:
        yield name.partition(".")[0]
