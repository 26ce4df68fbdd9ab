"""A linked group of procedures as plain data: what `rules.decode.linked` reads back."""

from typing import Any

from rules.definition.linked import LinkedChild, LinkedGroup
from rules.encode.money import condition
from rules.encode.registers import basis, kept
from rules.encode.time import limit_data

Data = dict[str, Any]


def linked(group: LinkedGroup | None) -> Data | None:
    """Return the group."""
    if group is None:
        return None
    children = [_child(child) for child in group.children]
    ceiling = limit_data(group.ceiling)
    return kept(label=group.label.to_data(), ceiling=ceiling, children=children, basis=basis(group.basis))


def _child(child: LinkedChild) -> Data:
    return kept(
        id=child.id,
        procedure=child.procedure,
        label=child.label.to_data(),
        system=child.system.to_data() if child.system else None,
        when=condition(child.when),
        after=child.after,
        acknowledged_within=limit_data(child.acknowledged_within),
        within=limit_data(child.within),
        basis=basis(child.basis),
    )
