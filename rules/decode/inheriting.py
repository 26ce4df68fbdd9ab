"""The parts of an entry that has from another, stated once, what it does not state itself."""

from collections.abc import Mapping
from typing import Any

from rules.reading import Node, Parts

Data = dict[str, Any]


class Inheriting(Parts):
    """The parts of an entry, and for some keys those it is lent: each key by itself, its own first."""

    def __init__(self, own: Parts, lent: Parts | None, keys: tuple[str, ...]) -> None:
        super().__init__(own.node, own.data)
        self._own, self._lent, self._keys = own, lent, keys

    def __getitem__(self, key: str) -> Node:
        node = self._own[key]
        return node if node or self._lent is None or key not in self._keys else self._lent[key]


def own_of(data: Data, lent: Mapping[str, Any], *nested: str) -> Data:
    """Return what of the data is not lent already: as `Inheriting` reads it, so it is written.

    The `nested` parts are compared part by part.
    """
    own = {key: part for key, part in data.items() if key in nested or lent.get(key) != part}
    for key in nested:
        if key in own:
            own[key] = own_of(own[key], lent.get(key) or {})
    return {key: part for key, part in own.items() if key not in nested or part}
