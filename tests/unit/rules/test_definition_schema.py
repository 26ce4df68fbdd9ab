"""The JSON Schema of definitions is true: it asks for what the decoders read, and refuses nothing that they accept."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers import strict_yaml
from rules.codec import canonical_json, definition_from
from rules.decode.expected import EXPECTED_NEEDS
from rules.definition.registers import CodeList
from rules.errors import DefinitionError, Problem
from rules.reading import Node, Parts
from rules.values import CURRENCIES
from rules.vocabulary import CHANNELS, UNIT_WORDS
from tests.definition_schema import (
    LEFT_OUT,
    ROOT,
    SCHEMA,
    VALIDATOR,
    Place,
    Spoken,
    accepts,
    as_json,
    changed,
    constructs,
    objections,
    parts,
    resolved,
    shown,
    spoken,
)
from tests.reference_page import PAGE, definitions

DEFINITIONS = definitions()
RUNNING = as_json(DEFINITIONS["running"])
CANONICAL = json.loads(canonical_json(definition_from(RUNNING)))
SAMPLES = sorted(path for path in (ROOT / "samples").rglob("*.yaml") if "format: 1\ncode:" in path.read_text("utf-8"))


def refusals(data: Any) -> tuple[Problem, ...]:
    """What the decoder says against the data."""
    try:
        definition_from(data)
    except DefinitionError as error:
        return error.problems
    return ()


def test_the_schema_is_one():
    VALIDATOR.check_schema(SCHEMA)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_definition_of_the_page_and_its_canonical_form_validate(name):
    data = as_json(DEFINITIONS[name])
    assert objections(data) == []
    assert objections(json.loads(canonical_json(definition_from(data)))) == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_definition_and_its_canonical_form_validate(path):
    data = strict_yaml.load(path.read_text("utf-8")).data
    assert objections(as_json(data)) == []
    assert objections(json.loads(canonical_json(definition_from(data)))) == []


def test_every_key_is_described():
    named = [(f"{pointer}.{key}", part) for pointer, of in parts() for key, part in of.get("properties", {}).items()]
    bare = [name for name, part in named if not described(part) and part != {"const": "same_day"}]
    assert bare == []


def described(part: Mapping[str, Any]) -> bool:
    return "description" in part or ("$ref" in part and "description" in resolved(part["$ref"]))


NOT_SHOWN = {
    "#/$defs/kept_elsewhere/properties/desk = guides": "the other thing a desk may do, said in words",
    "#/$defs/amount/oneOf/0 times": "the other place of `times`, said in words",
    "#/$defs/amount/oneOf/1 times": "the other place of `times`, said in words",
    "#/$defs/block_member shown_when": "read, but refused at publication",
    "#/$defs/member not_before": "as of a day outside a group",
    "#/$defs/member shown_when": "read, but refused at publication",
}
"""Constructs that no example of the page uses. Units of numbers differ in nothing but their name."""


def test_the_examples_of_the_page_show_every_construct():
    used = set[str]().union(*(shown(as_json(data)) for data in DEFINITIONS.values()), shown(CANONICAL))
    wanted = {name for name in constructs(list(parts())) if not name.startswith("#/$defs/unit = ")}
    wanted = {name for name in wanted if not name.startswith("#/$defs/event")}  # clock.md shows every event
    assert sorted(wanted - used - set(NOT_SHOWN)) == []
    assert sorted(set(NOT_SHOWN) & used) == []


def test_the_page_names_every_key_and_every_named_value():
    words = {name.rpartition(" ")[2] for name in constructs(list(parts())) if " " in name}
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    assert sorted(words - {word for span in spans for word in re.findall(r"\w+", span)}) == []


class Asked:
    """What the decoders ask of each place while they read: the keys they accept, and the values of each choice."""

    def __init__(self) -> None:
        self.keys: dict[Place, set[str]] = {}
        self.choices: dict[Place, set[str]] = {}

    def note_keys(self, place: Place, allowed: tuple[str, ...]) -> None:
        if allowed:
            self.keys[place] = self.keys.get(place, set(allowed)) & set(allowed)


@pytest.fixture
def asked(monkeypatch):
    found, parts_of, choice_of = Asked(), Node.parts, Node.choice

    def asked_parts(node: Node, *allowed: str, **hints: str) -> Parts:
        found.note_keys(node.place, allowed)
        return parts_of(node, *allowed, **hints)

    def asked_choice(node: Node, kinds: Any, default: Any, called: Any = None) -> Any:
        found.choices[node.place] = {kind.value for kind in kinds}
        return choice_of(node, kinds, default, called)

    monkeypatch.setattr(Node, "parts", asked_parts)
    monkeypatch.setattr(Node, "choice", asked_choice)
    return found


@pytest.mark.parametrize("data", [RUNNING, CANONICAL], ids=["running", "canonical"])
def test_the_schema_has_exactly_the_keys_that_the_decoders_ask_for(asked, data):
    definition = definition_from(data)
    closed = {each.place: set(each.schema["properties"]) for each in spoken(data) if each.closed}
    # The keys of an event follow from its kind: the schema of LEDGER.yaml, which says the same, is tested for them.
    exact = [place for place in closed if "events" not in place and not of_a_version_not_included(place)]
    read = {place: closed[place] for place in exact}
    assert {place: keys for place, keys in read.items() if asked.keys.get(place) != keys} == {}
    attributes = {name for each in definition.lists for name in attribute_names(each)}
    strangers = [place for place, keys in asked.keys.items() if place not in closed and not keys - attributes <= DATED]
    assert strangers == []


DATED = {"since", "until"}
"""What the values of attributes have beside the attributes."""


def of_a_version_not_included(place: Place) -> bool:
    """Of a version of a shared set that is not included only the keys are read."""
    return place[:3] == ("shared", "online_cut", 0)


def attribute_names(each: CodeList) -> Iterator[str]:
    yield from (spec.id for spec in each.attributes)


def test_every_list_of_named_values_is_that_of_the_decoders(asked):
    definition_from(RUNNING)
    stated: dict[str, set[str]] = {}
    read: dict[str, set[str]] = {}
    for each in spoken(RUNNING):
        if "enum" in each.schema and each.place in asked.choices:
            stated[each.pointer] = set(each.schema["enum"])
            read[each.pointer] = asked.choices[each.place]
    narrowed = {pointer for pointer in stated if stated[pointer] < read[pointer]}
    assert {pointer for pointer in stated if stated[pointer] != read[pointer]} == narrowed == NARROWED
    by_hand = {
        "unit": UNIT_WORDS,
        "way": CHANNELS,
        "currency": CURRENCIES,
        "need": EXPECTED_NEEDS,
    }
    assert {name: set(SCHEMA["$defs"][name]["enum"]) for name in by_hand} == {k: set(v) for k, v in by_hand.items()}


NARROWED = {
    "#/$defs/fact/properties/source",
    "#/$defs/fact/properties/type",
    "#/$defs/field_kind",
    "#/$defs/output/properties/type",
    "#/$defs/value_type",
}
"""Where the decoder reads a name it knows, and then refuses it at this place."""


READ = [each for each in spoken(RUNNING) if not of_a_version_not_included(each.place)]
ONE_OF_EACH = list({each.stands: each for each in reversed(READ)}.values())
"""One value of the running definition for every place in the schema."""


CLOSED = [each for each in ONE_OF_EACH if each.closed]
HALVES = [CLOSED[::2], CLOSED[1::2]]
"""Reading ends after so many faults: not every place is told about at once."""


@pytest.mark.parametrize("closed", HALVES, ids=["even", "odd"])
def test_an_unknown_key_is_refused_by_both_wherever_it_stands(closed):
    strange = {each.place: each for each in closed}
    data = copy.deepcopy(RUNNING)
    for place, each in strange.items():
        assert not accepts(each.schema, {**each.value, "qqq": 1}), each.pointer
        inner = data
        for step in place:
            inner = inner[step]
        inner["qqq"] = 1
    refused = {problem.where for problem in refusals(data)}
    # A text is told where its sentence seems to be cut off: at the text itself.
    assert [place for place in strange if not {(*place, "qqq"), place} & refused] == []


ODD: tuple[Any, ...] = (
    "",
    "x?",
    "x y",
    "2026-13-40",
    "1",
    -1,
    10**7,
    1.5,
    True,
    [],
    {},
    ["x?"],
    {"x?": 1},
    [[]],
    LEFT_OUT,
)
"""Values that are wrong in most places. None is not among them: it counts as left out."""


@cache
def whole_part(place: Place) -> Spoken:
    """The part of the running definition, two steps in at most, that the place lies in."""
    return next(each for each in spoken(RUNNING) if each.place == place[:2])


def objects(place: Place, change: Any) -> bool:
    """Tell whether the schema refuses the running definition with this change."""
    whole = whole_part(place)
    if len(place) <= 2:
        return bool(objections(changed(RUNNING, place, change)))
    return not accepts(whole.schema, changed(whole.value, place[2:], change))


@given(st.sampled_from(ONE_OF_EACH), st.sampled_from(ODD))
def test_what_the_schema_refuses_the_decoder_refuses_too(each, change):
    if each.place and objects(each.place, change):
        assert refusals(changed(RUNNING, each.place, change)), (each.place, change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("fields.born.id", ""),
        ("fields.born.label", ""),
        ("facts.in_debt.stage", ""),
        ("basis.law.since", "20260101"),
        ("cases.0.at", "2026-11-20"),
        ("charges.certification.amount", {"fact": "pages_fee", "table": "late_fee", "output": "amount"}),
        ("charges.transfer_tax.amount.times", "wanted"),
        ("charges.binding.amount.times", "originals.copies"),
        ("papers.request.required", {}),
        ("deadline.start", ""),
        ("charges.abroad.currency", ""),
        ("fields.originals.fields.pages.section", "Mục"),
        ("fields.originals.fields.pages.fields", []),
    ],
)
def test_what_would_be_passed_over_is_refused_with_its_place(name, change):
    around: Any = RUNNING
    place: Place = ()
    *steps, last = name.split(".")
    for step in steps:
        way = step if isinstance(around, dict) else numbered(around, step)
        around, place = around[way], (*place, way)
    refused = [problem.where for problem in refusals(changed(RUNNING, place, {**around, last: change}))]
    assert any(where[: len(place)] == place for where in refused)


def numbered(items: list[Any], name: str) -> int:
    """The place in a list of a number, or of what has this id."""
    return int(name) if name.isdigit() else [each.get("id", each.get("code")) for each in items].index(name)
