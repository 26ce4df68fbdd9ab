"""The old definition with just one part of the new one: what that part alone changes."""

from collections.abc import Mapping, Sequence
from typing import Any

_BY_KEY = frozenset(
    {"basis", "lists", "territories", "parameters", "scales", "paper_types", "result_types", "patterns"}
)
"""Parts of a definition that are written by key."""

Data = Mapping[str, Any]


def with_part(old: Data, new: Data, place: Sequence[str]) -> dict[str, Any]:
    """Return the old definition (as plain data) with one part of the new one: an entry by its id, else the whole."""
    name = place[0]
    kept = {key: value for key, value in old.items() if key != name}
    part = _part(old.get(name), new.get(name), place)
    return kept if part is None else {**kept, name: part}


def _part(was: Any, now: Any, place: Sequence[str]) -> Any:
    if len(place) > 1 and place[0] in _BY_KEY:
        return _keyed(was or {}, now or {}, place[1])
    if len(place) > 1 and isinstance(was or now, list):
        return _listed(was or [], now or [], place[1])
    return now


def _keyed(was: Data, now: Data, key: str) -> dict[str, Any]:
    others = {name: value for name, value in was.items() if name != key}
    return {**others, key: now[key]} if key in now else others


def _listed(was: Sequence[Data], now: Sequence[Data], key: str) -> list[Data]:
    """Return the parts with the one of this key as it is now: in its place, at the end, or left out."""
    entry = [part for part in now if _is_called(part, key)]
    if not any(_is_called(part, key) for part in was):
        return [*was, *entry]
    return [each for part in was for each in (entry if _is_called(part, key) else [part])]


def _is_called(part: Data, key: str) -> bool:
    return key in (part.get("id"), part.get("code"))
