"""Shared rule sets (quy định dùng chung) made part of the definition that includes them.

Nothing is copied: the entries of a set are read where they stand, so every problem keeps its path under `shared`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.definition.registers import IncludedSet
from rules.errors import nearest
from rules.reading import ABSENT, CODE, Node, Parts
from rules.values import NO_TEXT

JOINED = ("basis", "lists", "parameters", "territories", "facts", "tables", "patterns", "paper_types", "result_types")
"""The sections that a shared set brings along."""

_SET_KEYS = ("version", "label", "since", "until", "territory", *JOINED)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rows of a shared set inherit: its dates and territory; `origin` is the tag of the set."""

    since: date | None = None
    until: date | None = None
    territory: str = ""
    origin: str = ""


NO_SCOPE = Scope()


@dataclass(frozen=True, slots=True)
class Origins:
    """Which shared set an entry came with: told by its place, or by its own `from` once the sets are flattened."""

    scopes: Mapping[str, Scope]
    included: tuple[IncludedSet, ...] = ()

    def scope(self, node: Node) -> Scope:
        """Return the scope of the shared set that the node lies in."""
        if len(node.place) > 1 and node.place[0] == "shared":
            return self.scopes.get(str(node.place[1]), NO_SCOPE)
        return NO_SCOPE

    def origin(self, parts: Parts) -> str:
        """Return the tag of the set an entry came with, empty where it is the procedure's own."""
        stated, tags = parts["from"].string(most=200), [each.tag for each in self.included]
        if stated and stated not in tags:
            parts["from"].problem(f"Không có quy định dùng chung “{stated}” trong mục included.", nearest(stated, tags))
        return self.scope(parts.node).origin or stated


NO_ORIGINS = Origins({})


class JoinedNode(Node):
    """One section of the definition: its own entries, then those of the included sets."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = tuple(nodes)
        own = self.nodes[0]
        super().__init__(own.value, own.place, own.problems)

    def __bool__(self) -> bool:
        return any(bool(node) for node in self.nodes)

    def at(self, step: str | int, value: Any = ABSENT) -> Node:
        """Return the entry at this place of the joined section."""
        entries = self.items() if isinstance(step, int) else []
        return entries[step] if isinstance(step, int) and step < len(entries) else super().at(step, value)

    def items(self) -> list[Node]:
        """Return the entries of all nodes."""
        return [item for node in self.nodes for item in node.items()]

    def own_named(self) -> Iterator[tuple[str, Node]]:
        """Yield the entries of all nodes by id; an id that is taken already is refused."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            for key, entry in node.named():
                if key in found:
                    taken = ".".join(str(step) for step in found[key].place)
                    entry.problem(f"Mã “{key}” đã có ở {taken}.", "Đặt tên khác trong quy định dùng chung.")
                found.setdefault(key, entry)
        yield from sorted(found.items())


class FlatParts(Parts):
    """The parts of a definition, in which the included sets stand beside the procedure's own entries."""

    def __init__(self, parts: Parts, sets: Iterable[Parts], origins: Origins) -> None:
        super().__init__(parts.node, parts.data)
        self.origins = origins
        self._joined = {key: JoinedNode([parts[key], *(each[key] for each in sets)]) for key in JOINED}

    def __getitem__(self, key: str) -> Node:
        return self._joined[key] if key in self._joined else super().__getitem__(key)


def named(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the entries of a section by id, whether sets were joined to it or not."""
    yield from node.own_named() if isinstance(node, JoinedNode) else node.named()


def flattened(parts: Parts) -> FlatParts:
    """Return the parts of a definition with its included sets made part of them."""
    stock = {key: _versions(node) for key, node in parts["shared"].named()}
    chosen: dict[str, tuple[IncludedSet, Parts]] = {}
    for node in parts["include"].items():
        found = _found(node, stock)
        if found and found[0].id in chosen:
            node.problem(f"Quy định dùng chung “{found[0].id}” được đưa vào hai lần.")
        elif found:
            chosen[found[0].id] = found
    for key in stock:
        if key not in chosen:
            unused = parts["shared"].at(key)
            unused.problem(f"Quy định dùng chung “{key}” không được đưa vào.", "Thêm vào include, hoặc bỏ đi.")
    included = (*_read_back(parts["included"]), *(each for each, _ in chosen.values()))
    scopes = {key: _scope(each, inner) for key, (each, inner) in chosen.items()}
    return FlatParts(parts, [inner for _, inner in chosen.values()], Origins(scopes, included))


def _versions(node: Node) -> dict[str, Parts]:
    """Return the versions of one set: one mapping, or a list of them."""
    nodes = node.items() if isinstance(node.value, list | tuple) else [node]
    found: dict[str, Parts] = {}
    for each in nodes:
        parts = each.parts(*_SET_KEYS)
        version = _version(parts.needed("version"))
        if version in found:
            parts["version"].problem(f"Bản “{version}” bị trùng.")
        found.setdefault(version, parts)
    return found


def _version(node: Node) -> str:
    """Read a version: text, or a bare day."""
    return node.value.isoformat() if isinstance(node.value, date) else node.identifier(CODE)


def _found(node: Node, stock: Mapping[str, Mapping[str, Parts]]) -> tuple[IncludedSet, Parts] | None:
    parts = node.parts("set", "version")
    name, version = parts.needed("set").identifier(), _version(parts.needed("version"))
    if name not in stock:
        parts["set"].problem(f"Không có quy định dùng chung “{name}”.", nearest(name, stock))
        return None
    if version not in stock[name]:
        there = ", ".join(stock[name])
        parts["version"].problem(f"Quy định dùng chung “{name}” không có bản “{version}”.", f"Đang có: {there}.")
        return None
    return IncludedSet(name, version, stock[name][version]["label"].text() or NO_TEXT), stock[name][version]


def _read_back(node: Node) -> Iterator[IncludedSet]:
    for entry in node.items():
        parts = entry.parts("set", "version", "label")
        label = parts["label"].text() or NO_TEXT
        yield IncludedSet(parts.needed("set").identifier(), _version(parts.needed("version")), label)


def _scope(each: IncludedSet, parts: Parts) -> Scope:
    since, until = parts["since"].day(), parts["until"].day()
    if since and until and since >= until:
        parts["until"].problem(f"Khoảng thời gian rỗng: {since:%d/%m/%Y} không trước {until:%d/%m/%Y}.")
    return Scope(since, until, parts["territory"].identifier(), each.tag)
