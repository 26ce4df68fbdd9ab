"""Faults that only follow from another one: a field whose kind cannot be read is not told again wherever it is read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.errors import Place, Problem
from rules.reading import IDENTIFIER, mapping_of, sequence_of

_SECTIONS = ("fields", "facts")
_WHAT_IT_IS = ("id", "kind", "type")
"""Where one of these cannot be read, nobody can say what an entry is called or what may be asked of it."""


def without_followers(problems: Sequence[Problem], data: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return the problems, each once, but for those told elsewhere of a field or fact whose own entry is at fault."""
    spoilt = {entry for each in problems if (entry := _entry_of(each.where)) and _spoils(each, entry)}
    names = {name for entry in spoilt for name in _names(entry, data)}
    return tuple(each for each in dict.fromkeys(problems) if not _follows(each, spoilt, names))


def _entry_of(place: Place) -> Place:
    """Return the place of the innermost field or fact that the place lies in, empty where it lies in none."""
    ends = [at + 2 for at, step in enumerate(place[:-1]) if step in _SECTIONS and isinstance(place[at + 1], int)]
    return place[: ends[-1]] if ends and "cases" not in place else ()


def _spoils(problem: Problem, entry: Place) -> bool:
    if problem.where == entry:
        return problem.what in [f"Thiếu mục “{key}”." for key in _WHAT_IT_IS]
    return problem.where in [(*entry, key) for key in _WHAT_IT_IS]


def _names(entry: Place, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the entry may be called by: its id, or where it has none every name it holds."""
    held = _at(entry, data)
    own = [held["id"]] if "id" in held else list(held.values())
    outer = _at(entry[:-2], data).get("id")
    for name in own:
        if isinstance(name, str) and IDENTIFIER.fullmatch(name):
            yield name
            yield f"{outer}.{name}"


def _at(place: Place, data: Mapping[str, Any]) -> Mapping[str, Any]:
    value: Any = data
    for step in place:
        held: Mapping[Any, Any] = mapping_of(value) or dict(enumerate(sequence_of(value) or ()))
        value = held.get(step)
    return mapping_of(value) or {}


def _follows(problem: Problem, spoilt: set[Place], names: set[str]) -> bool:
    entry = _entry_of(problem.where)
    if entry in spoilt:
        return problem.where == (*entry, "formula")
    if any(step in names for step in problem.where):
        return True
    return any(f"“{name}”" in problem.what or f"“{name}." in problem.what for name in names)
