"""The JSON Schema of definitions beside a definition: which part of the schema speaks of which part of the data."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "reference" / "definition.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)

Place = tuple[str | int, ...]
_CHOICES = ("anyOf", "oneOf")


@dataclass(frozen=True)
class Spoken:
    """A value of the data, its place, and the schema that speaks of it with its pointer (references followed).

    `stands` is the pointer before a reference is followed: two keys that are both ids stand apart by it.
    """

    place: Place
    value: Any
    stands: str
    pointer: str
    schema: Mapping[str, Any]

    @property
    def closed(self) -> bool:
        """Whether the schema names every key this mapping may have."""
        return isinstance(self.value, dict) and self.schema.get("additionalProperties") is False


def as_json(data: Any) -> Any:
    """Return data read from YAML as a JSON file of the same content reads: days are text."""
    return json.loads(json.dumps(data, ensure_ascii=False, default=date.isoformat))


def objections(data: Any) -> list[str]:
    """Return what the schema says against the data."""
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def spoken(data: Any) -> Iterator[Spoken]:
    """Yield every value of the data with each part of the schema that speaks of it; chosen branches count as parts."""
    return _spoken(data, "#", SCHEMA, ())


def _spoken(value: Any, pointer: str, schema: Mapping[str, Any], place: Place) -> Iterator[Spoken]:
    stands = pointer
    if "$ref" in schema:
        pointer = schema["$ref"]
        schema = resolved(pointer)
    yield Spoken(place, value, stands, pointer, schema)
    for word in _CHOICES:
        for number, branch in enumerate(schema.get(word, ())):
            if not _only_demands(branch) and accepts(branch, value):
                yield from _spoken(value, f"{pointer}/{word}/{number}", branch, place)
    yield from _inside(value, pointer, schema, place)


def _inside(value: Any, pointer: str, schema: Mapping[str, Any], place: Place) -> Iterator[Spoken]:
    if isinstance(value, dict):
        stated: Mapping[str, Any] = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for key, inner in value.items():
            if key in stated:
                yield from _spoken(inner, f"{pointer}/properties/{key}", stated[key], (*place, key))
            elif isinstance(others, dict):
                yield from _spoken(inner, f"{pointer}/additionalProperties", others, (*place, key))
    if isinstance(value, list) and "items" in schema:
        for number, inner in enumerate(value):
            yield from _spoken(inner, f"{pointer}/items", schema["items"], (*place, number))


def resolved(pointer: str) -> Mapping[str, Any]:
    """Return the part of the schema a pointer such as `#/$defs/text` names."""
    found: Any = SCHEMA
    for step in pointer.removeprefix("#").split("/")[1:]:
        found = found[int(step) if isinstance(found, list) else step]
    return found


@cache
def _validator(text: str) -> Draft202012Validator:
    return VALIDATOR.evolve(schema={**json.loads(text), "$defs": SCHEMA["$defs"]})


def accepts(schema: Mapping[str, Any], value: Any) -> bool:
    """Tell whether this part of the schema accepts the value."""
    return _validator(json.dumps(schema, sort_keys=True)).is_valid(value)


def parts() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every part of the schema with its pointer."""
    yield from _parts("#", SCHEMA)


def _parts(pointer: str, schema: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for word in ("properties", "$defs"):
        for name, inner in schema.get(word, {}).items():
            yield from _parts(f"{pointer}/{word}/{name}", inner)
    for word in ("items", "additionalProperties", "propertyNames"):
        yield from _parts(f"{pointer}/{word}", schema.get(word))
    for word in _CHOICES:
        for number, inner in enumerate(schema.get(word, ())):
            yield from _parts(f"{pointer}/{word}/{number}", inner)


def constructs(pointers: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """Yield what a definition may write, by name: every key, every named value, every way of writing something."""
    for pointer, schema in pointers:
        for key in schema.get("properties", {}) if schema.get("additionalProperties") is False else ():
            yield f"{pointer} {key}"
        for value in schema.get("enum", ()):
            yield f"{pointer} = {value}"
        for word in _CHOICES:
            for number, branch in enumerate(schema.get(word, ())):
                if not _only_demands(branch):
                    yield f"{pointer}/{word}/{number}"


def _only_demands(branch: Mapping[str, Any]) -> bool:
    """Whether a branch only says what must be there beside what: it is no way of writing something."""
    return not {"$ref", "type", "enum", "const"} & set(branch)


def shown(data: Any) -> set[str]:
    """Return the constructs that the data uses."""
    found: set[str] = set()
    for each in spoken(data):
        if each.closed:
            found.update(f"{each.pointer} {key}" for key in each.value)
        if not isinstance(each.value, dict | list) and each.value in each.schema.get("enum", ()):
            found.add(f"{each.pointer} = {each.value}")
        for word in _CHOICES:
            for number, branch in enumerate(each.schema.get(word, ())):
                if not _only_demands(branch) and accepts(branch, each.value):
                    found.add(f"{each.pointer}/{word}/{number}")
    return found


LEFT_OUT = object()
"""Put in place of a value: its key, or its place in a list, is left out."""


def changed(data: Any, place: Place, change: Any) -> Any:
    """Return the data with the value at this place replaced; what lies beside the way there is shared."""
    if not place:
        return change
    step = place[0]
    if isinstance(data, list):
        inner = [changed(each, place[1:], change) if number == step else each for number, each in enumerate(data)]
        return [each for each in inner if each is not LEFT_OUT]
    named = {key: changed(each, place[1:], change) if key == step else each for key, each in data.items()}
    return {key: each for key, each in named.items() if each is not LEFT_OUT}


def places(data: Any) -> Iterator[Place]:
    """Yield the place of every value inside the data."""
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, inner in steps:
        yield (step,)
        yield from ((step, *place) for place in places(inner))


def closed_keys(schema: Any) -> Iterator[set[str]]:
    """Yield the keys of every mapping of a schema that names them all."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            yield set(schema["properties"])
        for inner in schema.values():
            yield from closed_keys(inner)
    if isinstance(schema, list):
        for inner in schema:
            yield from closed_keys(inner)
