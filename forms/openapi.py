"""The description of a procedure's interface for programs (OpenAPI 3.1), made from the same definition as its pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms.applicant import FIELDS as APPLICANT_FIELDS
from forms.listed import Listing
from forms.question import public
from forms.searched import Compared
from rules.definition.procedure import Field, FieldKind, ProcedureDefinition
from rules.lifecycle import State
from rules.vocabulary import APPLICANT_KINDS, CHANNELS

Schema = dict[str, Any]

_PLAIN: Mapping[FieldKind, Schema] = {
    FieldKind.TEXT: {"type": "string", "maxLength": 500},
    FieldKind.LONG_TEXT: {"type": "string", "maxLength": 5000},
    FieldKind.WHOLE_NUMBER: {"type": "integer"},
    FieldKind.MONEY: {"type": "integer", "description": "Whole dong."},
    FieldKind.YES_NO: {"type": "boolean"},
    FieldKind.DAY: {"type": "string", "format": "date"},
    FieldKind.MOMENT: {"type": "string", "format": "date-time"},
    FieldKind.CITIZEN_ID: {"type": "string", "pattern": "^[0-9]{12}$"},
    FieldKind.TAX_CODE: {"type": "string"},
    FieldKind.PHONE: {"type": "string"},
    FieldKind.EMAIL: {"type": "string", "format": "email", "maxLength": 254},
}


def openapi(definition: ProcedureDefinition, listing: Listing, *, base: str, number: int) -> Schema:
    """Return the description of the paths under `base` for version `number` of a procedure."""
    title = definition.name.english
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{definition.code} {title}", "version": str(number), "description": definition.name.vi},
        "paths": {
            base: {"get": _list(listing), "post": _create()},
            f"{base}{{dossier_id}}": {"get": _get()},
        },
        "components": {"schemas": {"Answers": _object(definition, definition.fields), "Dossier": _dossier(definition),
                                   "Applicant": _object(definition, APPLICANT_FIELDS), "Problem": _PROBLEM}},
    }  # fmt: skip


_PROBLEM: Schema = {
    "type": "object",
    "required": ["sentence"],
    "properties": {
        "sentence": {"type": "string"},
        "todo": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {
            "field": {"type": "string"}, "sentence": {"type": "string"},
        }}},
    },
}  # fmt: skip


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problems(*statuses: int) -> Schema:
    said = {401: "Nobody is logged in.", 403: "The person's duties do not cover this.", 404: "Not there, or not seen.",
            409: "Another version holds now.", 422: "What was sent cannot be used, and why."}  # fmt: skip
    return {str(status): _answer(said[status], _ref("Problem")) for status in statuses}


def _list(listing: Listing) -> Schema:
    rows = {"type": "object", "required": ["dossiers", "count", "is_capped"], "properties": {
        "dossiers": {"type": "array", "items": _ref("Dossier")},
        "count": {"type": "integer"},
        "is_capped": {"type": "boolean", "description": "There are more than `count`."},
        "after": {"type": ["string", "null"], "format": "uuid", "description": "Opens the next page."},
        "before": {"type": ["string", "null"], "format": "uuid", "description": "Opens the page before."},
    }}  # fmt: skip
    return {
        "summary": "Dossiers of the procedure in your scope", "parameters": list(_parameters(listing)),
        "responses": {"200": _answer("One page.", rows), **_problems(401, 403, 404, 422)},
    }  # fmt: skip


def _parameters(listing: Listing) -> Iterator[Schema]:
    sorts = [public(name) for name, column in listing.columns.items() if column.compared is not None]
    yield _query("q", {"type": "string"}, "Words anywhere in the dossier, with or without accents.")
    yield _query("state", {"type": "array", "items": {"enum": [state.value for state in State]}}, "Steps.")
    yield _query("sort", {"enum": [*sorts, *(f"-{name}" for name in sorts)]}, "`-`: the greatest first.")
    yield _query("col", {"type": "array", "items": {"enum": [public(name) for name in listing.columns]}}, "Columns.")
    for end in ("after", "before"):
        yield _query(end, {"type": "string", "format": "uuid"}, "The cursor of a page.")
    yield _query("limit", {"type": "integer", "minimum": 1, "maximum": 200}, "Dossiers a page.")
    for name, finder in listing.finders.items():
        label = finder.label.english
        if finder.compared is Compared.CODE:
            yield _query(public(name), {"type": "array", "items": {"enum": list(finder.codes)}}, label)
        elif finder.compared is Compared.WORDS:
            yield _query(public(name), {"type": "string"}, label)
        else:
            yield from (_query(public(name) + end, {"type": "string"}, label) for end in (".from", ".to"))


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def _get() -> Schema:
    known = {"name": "dossier_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "summary": "One dossier", "parameters": [known],
        "responses": {"200": _answer("The dossier.", _ref("Dossier")), **_problems(401, 403, 404)},
    }  # fmt: skip


def _create() -> Schema:
    body = {"type": "object", "required": ["intake_key", "desk", "channel", "return_channel", "applicant", "answers"],
            "additionalProperties": False, "properties": {
        "intake_key": {"type": "string", "format": "uuid", "description": "The same key twice is one dossier."},
        "desk": {"type": "string", "description": "The key of the unit that receives."},
        "channel": {"enum": list(CHANNELS)},
        "return_channel": {"enum": ["counter", "post", "online"]},
        "applicant": _ref("Applicant"),
        "answers": _ref("Answers"),
        "received": {"type": "array", "items": {"type": "string"}, "description": "Codes of the papers handed in."},
    }}  # fmt: skip
    return {
        "summary": "Receive a dossier",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"201": _answer("The dossier.", _ref("Dossier")), **_problems(401, 403, 404, 409, 422)},
    }


def _dossier(definition: ProcedureDefinition) -> Schema:
    moment: Schema = {"type": ["string", "null"], "format": "date-time"}
    text: Schema = {"type": "string"}
    return {"type": "object", "properties": {
        "id": {"type": "string", "format": "uuid"}, "code": text, "state": {"enum": [state.value for state in State]},
        "applicant": text, "received_at": moment, "appointment": moment, "holder": text, "unit": text,
        "lock_version": {"type": "integer"},
        "answers": {**_object(definition, definition.fields), "required": [],
                    "description": "Of a list: the answers its columns show. Identity numbers: the last digits."},
    }}  # fmt: skip


def _object(definition: ProcedureDefinition, fields: tuple[Field, ...]) -> Schema:
    must = [field.id for field in fields if field.required is True and field.shown_when is None]
    properties = {field.id: _schema(definition, field) for field in fields}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": must}


def _schema(definition: ProcedureDefinition, field: Field) -> Schema:
    told: Schema = {"title": field.label.english, "description": field.label.vi}
    if field.fields:
        rows = {"type": "array", "minItems": field.min_rows, "maxItems": field.max_rows}
        return {**rows, "items": _object(definition, field.fields), **told}
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        codes: Schema = {"enum": _codes(definition, field)}
        return {**({"type": "array", "items": codes} if field.kind is FieldKind.CHOICES else codes), **told}
    if field.kind is FieldKind.MEASURE:
        return {"type": "integer", "description": f"{field.label.vi}: whole number of 10^-{field.scale} {field.unit}",
                "title": field.label.english, **_bounds(field)}  # fmt: skip
    return {**_PLAIN.get(field.kind, {"type": "string"}), **told, **_bounds(field)}


def _codes(definition: ProcedureDefinition, field: Field) -> list[str]:
    if field.list == "applicant_kind":
        return list(APPLICANT_KINDS)
    return [item.code for each in definition.lists if each.id == field.list for item in each.items]


def _bounds(field: Field) -> Schema:
    ends = {"minimum": field.min, "maximum": field.max}
    return {name: end for name, end in ends.items() if end is not None}
