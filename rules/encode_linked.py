"""A linked group of procedures as plain data: what `rules.decode_linked` reads back."""

from typing import Any

from rules.encode_money import condition
from rules.encode_registers import basis, kept
from rules.encode_time import limit_data
from rules.linked import LinkedChild, LinkedGroup

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
