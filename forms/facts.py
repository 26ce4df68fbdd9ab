"""A submitted form becomes facts, and facts become a form again: the mirror of `forms.build`."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from forms.conditions import read_only_fields, shown_fields
from forms.form_data import FormData
from rules.clock.calendar import LEGAL_TIME
from rules.definition.procedure import Field, ProcedureDefinition
from rules.values import decimal_words
from rules.vocabulary import Facts

__all__ = ["FormData", "form_data", "form_data_of", "read_facts", "read_fields", "unexpected_names"]


def read_facts(definition: ProcedureDefinition, form: Any) -> dict[str, Any]:
    """Return the facts a form holds: of the shown fields, those that were answered well. The rest is unknown."""
    return read_fields(definition.fields, form, form.known)


def read_fields(fields: Sequence[Field], form: Any, around: Facts) -> dict[str, Any]:
    """Return the facts of these fields in a form; `around` are facts known from elsewhere that conditions may read."""
    typed = {field.id: fact for field in fields if (fact := form[field.id].fact) is not None}
    fixed = read_only_fields(fields, {**around, **typed})
    typed = {**{name: fact for name, fact in typed.items() if name not in fixed}, **_standing(fields, form, fixed)}
    seen = shown_fields(fields, {**around, **typed})
    known = {field_id: fact for field_id, fact in typed.items() if field_id in seen}
    outside = {**around, **known}
    return {
        field.id: [read_fields(field.fields, row, outside) for row in known[field.id]]
        if field.fields
        else known[field.id]
        for field in fields
        if field.id in known
    }


def _standing(fields: Sequence[Field], form: Any, fixed: frozenset[str]) -> dict[str, Any]:
    """Return what stands in the fields whose answers cannot be changed: what is kept, else what the form opens with."""
    values = {each.id: form.standing(each) for each in fields if each.id in fixed}
    return {name: value for name, value in values.items() if value is not None}


def form_data(definition: ProcedureDefinition, facts: Facts) -> FormData:
    """Return what a browser would send for these facts, with every value written the Vietnamese way."""
    return form_data_of(definition.fields, facts)


def form_data_of(fields: Sequence[Field], facts: Facts, prefix: str = "") -> FormData:
    """Return what a browser would send for these facts in a form of these fields under a prefix."""
    return FormData(dict(_written(fields, facts, f"{prefix}-" if prefix else "")))


def _written(fields: Sequence[Field], facts: Facts, prefix: str) -> Iterator[tuple[str, list[str]]]:
    for field in fields:
        value = facts.get(field.id)
        name = f"{prefix}{field.id}"
        if value is None:
            continue
        if field.fields:
            for index, row in enumerate(value):
                yield from _written(field.fields, row, f"{name}-{index}-")
        elif isinstance(value, list | tuple | frozenset):
            yield name, [str(code) for code in sorted(value)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        else:
            yield name, [decimal_words(value, field.scale) if field.scale else _written_value(value)]


def _written_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value.astimezone(LEGAL_TIME):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return str(value)


def unexpected_names(form: Any, names: Sequence[str]) -> tuple[str, ...]:
    """Return the submitted names that the form does not have: forged, or of another version."""
    known = frozenset(_names(form))
    return tuple(name for name in names if name not in known)


def _names(form: Any) -> Iterator[str]:
    yield from form.card_names
    for field in form:
        yield field.name
        for index, entry in enumerate(getattr(field, "entries", ())):
            yield from (f"{field.name}-{index}-{button}" for button in ("remove", "up", "down"))
            yield from _names(entry.form)
        if hasattr(field, "entries"):
            yield from (f"{field.name}-{button}" for button in ("add", "paste", "paste-read"))
