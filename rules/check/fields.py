"""Proof before publication of the form: what stands in a field beforehand must be an answer that may be given."""

from collections.abc import Iterator
from datetime import date

from rules.definition.fields import DayBound, Field, FieldKind, placed
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Place, Problem
from rules.evaluation.allowed import refusal_of
from rules.vocabulary import Fact

_ANY_DAY = date(2000, 1, 1)


def field_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the defaults that the form itself would refuse."""
    vocabulary = definition.vocabulary
    for place, field in placed(definition.fields):
        if field.id not in vocabulary:
            continue
        fact = vocabulary[field.id]
        yield from _default_refused(field, fact, ("fields", place, "default"))
        members = {member.id: member for member in fact.members}
        for number, inner in placed(field.fields):
            yield from _default_refused(inner, members[inner.id], ("fields", place, "fields", number, "default"))


def _default_refused(field: Field, fact: Fact, where: Place) -> Iterator[Problem]:
    value = field.default
    if value is None or isinstance(value, DayBound) or field.kind is FieldKind.DAY:
        return
    wanted, had = refusal_of(field, fact, value, _ANY_DAY)
    if wanted:
        yield Problem(where, f"Giá trị điền sẵn của “{field.label}” cần {wanted}, đang có {had}.")
