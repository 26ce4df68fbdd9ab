"""Which unknown facts could still change what a formula gives: those of a branch that is not taken cannot."""

from collections.abc import Callable, Mapping
from typing import Any

from rules.errors import OutOfBoundsError
from rules.formula.nodes import Call, Name, Node, Over, children
from rules.formula.running import DayCalendar, Scope, running
from rules.vocabulary import Facts

NOBODY: frozenset[str] = frozenset()


def waits_for(node: Node, facts: Facts, calendar: DayCalendar) -> frozenset[str]:
    """Return the facts unknown here that could still change the value; for a member of a group's row, the group."""
    return _waits(node, Scope(facts, calendar), "")


def _waits(node: Node, scope: Scope, group: str) -> frozenset[str]:
    """Return what a part waits for; `group` is the group it is inside of, whose row may not be known."""
    return _OF.get(type(node), _of_parts)(node, scope, group)


def _of_parts(node: Node, scope: Scope, group: str) -> frozenset[str]:
    return NOBODY.union(*[_waits(part, scope, group) for part in children(node)])


def _of_name(node: Name, scope: Scope, group: str) -> frozenset[str]:
    if group and node.fact.startswith(f"{group}."):
        row = scope.row or {}
        return frozenset({group}) if row.get(node.fact.removeprefix(f"{group}.")) is None else NOBODY
    return frozenset({node.fact}) if scope.facts.get(node.fact) is None else NOBODY


def _of_call(node: Call, scope: Scope, group: str) -> frozenset[str]:
    if node.name == "if":
        return _of_choice(node, scope, group)
    if node.name in _DECISIVE:
        return _unless_decided(node.arguments, scope, group, decisive=_DECISIVE[node.name])
    return _of_parts(node, scope, group)


_DECISIVE: Mapping[str, bool] = {"and": False, "or": True, "all": False, "any": True}
"""The truth of one part that settles the whole, whatever the others are."""


def _of_choice(node: Call, scope: Scope, group: str) -> frozenset[str]:
    condition, yes, no = node.arguments
    waits = _waits(condition, scope, group)
    if waits:
        return waits.union(_waits(yes, scope, group), _waits(no, scope, group))
    held = _value(condition, scope, group)
    return NOBODY if held is None else _waits(yes if held else no, scope, group)


def _unless_decided(parts: tuple[Node, ...], scope: Scope, group: str, *, decisive: bool) -> frozenset[str]:
    waits = [_waits(part, scope, group) for part in parts]
    settled = (part for part, each in zip(parts, waits, strict=True) if not each)
    return NOBODY if any(_value(part, scope, group) is decisive for part in settled) else NOBODY.union(*waits)


def _of_group(node: Over, scope: Scope, group: str) -> frozenset[str]:
    rows = scope.facts.get(node.group)
    if node.expression is None:
        return frozenset({node.group}) if rows is None else NOBODY
    if rows is None:
        return _waits(node.expression, scope, node.group) | {node.group}
    each = [Scope(scope.facts, scope.calendar, row) for row in rows]
    waits = [_waits(node.expression, row, node.group) for row in each]
    if node.name in _DECISIVE:
        settled = (row for row, found in zip(each, waits, strict=True) if not found)
        if any(_value(node.expression, row, node.group) is _DECISIVE[node.name] for row in settled):
            return NOBODY
    return NOBODY.union(*waits)


def _value(node: Node, scope: Scope, group: str) -> Any:
    """Return the value of a part, None also where it cannot be counted."""
    try:
        return running(node, group)(Scope(scope.facts, scope.calendar, scope.row))
    except (OutOfBoundsError, OverflowError):
        return None


_OF: Mapping[type, Callable[[Any, Scope, str], frozenset[str]]] = {Name: _of_name, Call: _of_call, Over: _of_group}
