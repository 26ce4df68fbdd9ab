"""Registers kept apart from a definition: they take the place of what the definition holds inline, by id."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from rules.check.procedure import unused
from rules.definition.procedure import FORMAT, ProcedureDefinition
from rules.errors import DefinitionError, EnoughError, Place, Problem, Severity, nearest
from rules.reading import Node, mapping_of, sequence_of

SECTIONS = ("basis", "lists", "territories", "parameters", "patterns", "paper_types", "result_types", "shared")
"""What a file of registers may hold; `basis` holds the documents its values cite."""


@dataclass(frozen=True, slots=True)
class Overridden:
    """The data of a definition with registers put in, and the places that came from the registers.

    `added` are those whose id the definition does not have, each with the ids it may have been meant for.
    """

    data: Mapping[str, Any]
    places: frozenset[Place]
    added: Mapping[Place, str] = field(default_factory=dict[Place, str], hash=False)

    def came_from_registers(self, place: Place) -> bool:
        """Tell whether this place of the data stands in the registers."""
        return place[:2] in self.places or place[:2] in self.added

    def unused(self, definition: ProcedureDefinition) -> Iterator[Problem]:
        """Yield a warning for every added entry that the definition made of this data uses nowhere."""
        idle = {each.where for each in unused(definition)}
        for place, hint in self.added.items():
            if place in idle or place[0] == "shared":
                what = f"Định nghĩa không có và không dùng “{place[1]}” của mục {place[0]}: mục này không thay gì cả."
                yield Problem(place, what, hint or "Bỏ mục này.", Severity.WARNING)


def overridden(data: Mapping[str, Any], registers: object) -> Overridden:
    """Return the definition's data with the registers in place of its own entries of the same id.

    Entries that the definition does not hold are added; of the shared sets only those it includes. Raises
    DefinitionError for registers that are no such thing, with places in the registers.
    """
    given = _checked(registers)
    added = dict(_added(data, given))
    asked = {str(name) for name in _names_included(data)}
    given["shared"] = {name: each for name, each in given["shared"].items() if name in asked}
    shared = {**_section(data, "shared"), **given["shared"]}
    joined = {section: {**_section(data, section), **given[section]} for section in SECTIONS}
    joined["shared"] = {name: _without(each, given) for name, each in shared.items()}
    places = frozenset((section, name) for section in SECTIONS for name in given[section])
    return Overridden({**data, **{section: entries for section, entries in joined.items() if entries}}, places, added)


def _added(data: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Place, str]]:
    """Yield what the registers hold and the definition does not name, with the nearest ids that it does name."""
    for section in SECTIONS:
        known = set(map(str, _names_included(data))) if section == "shared" else set(_own_ids(data, section))
        yield from (((section, name), nearest(name, known)) for name in given[section] if name not in known)


def _own_ids(data: Mapping[str, Any], section: str) -> Iterator[str]:
    """Yield the ids of a section, those of the shared sets included."""
    yield from map(str, _section(data, section))
    for each in _section(data, "shared").values():
        for version in sequence_of(each) or (each,):
            yield from map(str, _section(mapping_of(version) or {}, section))


def _checked(registers: object) -> dict[str, Mapping[str, Any]]:
    problems: list[Problem] = []
    root = Node({} if registers is None else registers, (), problems)
    found: dict[str, Mapping[str, Any]] = {}
    with suppress(EnoughError):
        parts = root.parts("format", *SECTIONS)
        if parts["format"] and parts["format"].integer() != FORMAT:
            parts["format"].problem(f"Chỉ đọc được định dạng số {FORMAT}.")
        found = {section: parts[section].mapping() for section in SECTIONS}
    if problems:
        raise DefinitionError(tuple(problems))
    return found


def _section(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    return mapping_of(data.get(section)) or {}


def _names_included(data: Mapping[str, Any]) -> list[Any]:
    included = [mapping_of(each) or {} for each in sequence_of(data.get("include")) or ()]
    return [each.get("set") for each in included]


def _without(shared: Any, given: Mapping[str, Mapping[str, Any]]) -> Any:
    """Leave out of a shared set what the registers give by the same id."""
    versions = sequence_of(shared)
    if versions is not None:
        return [_without(each, given) for each in versions]
    entries = mapping_of(shared)
    if entries is None:
        return shared
    return {
        key: {name: each for name, each in _section(entries, key).items() if name not in given[key]}
        if key in SECTIONS and mapping_of(value) is not None
        else value
        for key, value in entries.items()
    }
