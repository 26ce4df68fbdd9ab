"""Registers kept apart from a definition: they take the place of what the definition holds inline, by id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.definition import FORMAT
from rules.errors import DefinitionError, Place, Problem
from rules.reading import Node, mapping_of, sequence_of

SECTIONS = ("basis", "lists", "territories", "parameters", "shared")
"""What a file of registers may hold; `basis` holds the documents its values cite."""


@dataclass(frozen=True, slots=True)
class Overridden:
    """The data of a definition with registers put in, and the places that came from the registers."""

    data: Mapping[str, Any]
    places: frozenset[Place]

    def came_from_registers(self, place: Place) -> bool:
        """Tell whether this place of the data stands in the registers."""
        return place[:2] in self.places


def overridden(data: Mapping[str, Any], registers: object) -> Overridden:
    """Return the definition's data with the registers in place of its own entries of the same id.

    Entries that the definition does not hold are added; of the shared sets only those it includes. Raises
    DefinitionError for registers that are no such thing, with places in the registers.
    """
    given = _checked(registers)
    asked = {str(name) for name in _names_included(data)}
    given["shared"] = {name: each for name, each in given["shared"].items() if name in asked}
    shared = {**_section(data, "shared"), **given["shared"]}
    joined = {section: {**_section(data, section), **given[section]} for section in SECTIONS}
    joined["shared"] = {name: _without(each, given) for name, each in shared.items()}
    places = frozenset((section, name) for section in SECTIONS for name in given[section])
    return Overridden({**data, **{section: entries for section, entries in joined.items() if entries}}, places)


def _checked(registers: object) -> dict[str, Mapping[str, Any]]:
    problems: list[Problem] = []
    root = Node({} if registers is None else registers, (), problems)
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
