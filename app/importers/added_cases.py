"""Golden cases added to a definition file as it was written: comments, order and indentation of the rest stay.

The file is looked at event by event, as app.importers.strict_yaml reads it, to find where its cases stand; the lines of
the new ones go there, and nothing else is touched.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

PARTS = ("name", "given", "on", "at", "events", "then")
"""The parts of a golden case in the order people write them."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
"""Characters that JSON leaves as they are and YAML does not."""


def with_cases(text: str, cases: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a definition with these golden cases at the end of its own; the text must be readable."""
    events: list[Any] = list(yaml.parse(text, Loader=_LOADER))
    root = next(place for place, event in enumerate(events) if isinstance(event, yaml.MappingStartEvent))
    found = _value_of(events, root, "cases")
    if found is None:
        return _with_section(text, events, root, cases)
    start, end = found
    if isinstance(events[start], yaml.SequenceStartEvent) and end > start + 1:
        return _behind_the_last(text, events, start, end, cases)
    # No case so far: `cases:`, `cases: []` or `cases: null`.
    first, last = events[start].start_mark.index, events[end].end_mark.index
    if events[root].flow_style:
        return f"{text[:first]}[{_flowing(cases)}]{text[last:]}"
    return f"{text[:first].rstrip(' ')}\n{_block(cases, 2).rstrip()}{text[last:]}"


def written_case(case: Mapping[str, Any], indent: int) -> str:
    """Return one golden case as lines of a definition file, its dash in this column."""
    parts = [f"{name}: {_flow(case[name])}" for name in PARTS if name in case]
    return "".join(f"{' ' * indent}{'- ' if not number else '  '}{part}\n" for number, part in enumerate(parts))


def _value_of(events: Sequence[Any], root: int, name: str) -> tuple[int, int] | None:
    """Return the first and the last event of the value of this key of the mapping."""
    place = root + 1
    while not isinstance(events[place], yaml.MappingEndEvent):
        end = _end(events, place + 1)
        if events[place].value == name:
            return place + 1, end
        place = end + 1
    return None


def _end(events: Sequence[Any], place: int) -> int:
    """Return the last event of the value that begins with this one."""
    depth = 0
    while True:
        depth += isinstance(events[place], yaml.CollectionStartEvent)
        depth -= isinstance(events[place], yaml.CollectionEndEvent)
        if depth == 0:
            return place
        place += 1


def _with_section(text: str, events: Sequence[Any], root: int, cases: Sequence[Mapping[str, Any]]) -> str:
    end = _end(events, root)
    if events[root].flow_style:
        at = events[end].end_mark.index - 1
        return f'{text[:at]}{_comma(text[:at])}"cases": [{_flowing(cases)}]{text[at:]}'
    at = _line_end(text, _written_end(events, root, end))
    indent = events[root].start_mark.column
    return f"{_ended(text[:at])}{' ' * indent}cases:\n{_block(cases, indent + 2)}{text[at:]}"


def _behind_the_last(text: str, events: Sequence[Any], start: int, end: int, cases: Sequence[Mapping[str, Any]]) -> str:
    if events[start].flow_style:
        at = events[end].end_mark.index - 1
        return f"{text[:at]}{_comma(text[:at])}{_flowing(cases)}{text[at:]}"
    at = _line_end(text, _written_end(events, start, end))
    return f"{_ended(text[:at])}{_block(cases, events[start].start_mark.column)}{text[at:]}"


def _written_end(events: Sequence[Any], start: int, end: int) -> int:
    """Return where the last thing that is written ends: the end of a block is where the next thing begins."""
    flows: list[bool] = []
    last: int = events[start].start_mark.index
    for event in _between(events, start, end):
        if isinstance(event, yaml.CollectionStartEvent):
            flows.append(bool(event.flow_style))
        elif not isinstance(event, yaml.CollectionEndEvent) or flows.pop():
            mark: Any = event.end_mark
            last = max(last, mark.index)
    return last


def _between(events: Sequence[Any], start: int, end: int) -> Iterator[Any]:
    yield from events[start : end + 1]


def _line_end(text: str, at: int) -> int:
    """Return where the line ends on which this place is, its end included; a comment on it stays with it."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _comma(before: str) -> str:
    return " " if before.rstrip().endswith((",", "[", "{")) else ", "


def _block(cases: Sequence[Mapping[str, Any]], indent: int) -> str:
    return "".join(written_case(case, indent) for case in cases)


def _flowing(cases: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(_flow({name: case[name] for name in PARTS if name in case}) for case in cases)


def _flow(value: Any) -> str:
    """Return a value as JSON, which YAML reads, too."""
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
