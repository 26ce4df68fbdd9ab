"""A table rewritten for the sealed kernel: generated names, whole numbers, truth values and short codes only.

The kernel's limits are kept here, before any of its code runs: at most 60 alternatives a chunk, 200 names a chunk, 15
branches ($and, $or) a rule, 5,000 alternatives a table, whole numbers inside ±2^62, codes of at most 200 characters,
and no two names with the same FNV-1a hash, which is the only identity a name has inside the kernel.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.errors import RulesError
from rules.table.cells import Anything, Has, HasHow, Known, OneOf, Test, Within, as_number
from rules.table.decision import Row, Table
from rules.values import MAX_WHOLE

MAX_TERMS = 60
MAX_NAMES = 200
MAX_TABLE_TERMS = 5_000
MAX_CODE = 200
MAX_BRANCHES = 15
"""The engine writes the beginning and the end of every $and and $or of a rule into a list of 32 and fails when full."""
END = "__end"
"""The rule that always fires last: a state is never empty, so that deleting it is always safe."""

RESERVED = ("id", "sid", "$s", "$m", "p", "chart", "label", "running")

Atom = dict[str, Any]
Alternatives = list[list[Atom]]
"""One column of a row: any of these, each a list of atoms that must all hold."""

Slot = tuple[str, str]
"""What a generated name stands for: a fact and its aspect ("=" the value, "?" known or not, "has:<code>")."""

DAY = ("", "day")
"""The slot of the day on which rows are in force."""


Writer = Callable[[Mapping[str, Any], date], str]
"""Writes one slot of a fact as JSON, a comma before it; nothing where the slot stays empty."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows as one ruleset: its JSON, its row by rule name, what writes the slots it reads, and its alternatives.

    `terms` is the number of alternatives.
    """

    text: str
    rows: Mapping[str, int]
    writers: tuple[Writer, ...]
    terms: int

    def fact(self, sid: str, facts: Mapping[str, Any], on: date) -> str:
        """Return the fact the kernel is asked about, as JSON: only the slots of this chunk."""
        return f'{{"sid":"{sid}","p":1{"".join([write(facts, on) for write in self.writers])}}}'


def _writer(slot: Slot, name: str) -> Writer:
    start = f',"{name}":'
    if slot == DAY:
        return lambda facts, on: f"{start}{on.toordinal()}"
    fact, aspect = slot
    if aspect == "=":
        return lambda facts, on: "" if (value := facts.get(fact)) is None else start + _plain(value)
    yes, no = f"{start}true", f"{start}false"
    if aspect == "?":
        return lambda facts, on: no if facts.get(fact) is None else yes
    code = aspect.removeprefix("has:")
    return lambda facts, on: "" if (value := facts.get(fact)) is None else yes if code in value else no


def _plain(value: Any) -> str:
    """Return the value as JSON. Raises RulesError for what the kernel would not count or compare exactly."""
    if isinstance(value, str):
        _check_code(value)
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    number = as_number(value)
    if not -MAX_WHOLE < number < MAX_WHOLE:
        raise RulesError("Một số vượt quá giới hạn tính được: kiểm tra lại dữ liệu đã nhập.")
    return str(number)


def _check_code(code: str) -> None:
    if len(code) > MAX_CODE or not (code.isascii() and code.isprintable()) or '"' in code or "\\" in code:
        raise RulesError(f"Mã “{code[:40]}” không so khớp được: mã chỉ gồm chữ không dấu, số và . _ -.")


@dataclass(slots=True)
class Names:
    """Generated names by slot, in the order of asking."""

    by_slot: dict[Slot, str] = field(default_factory=dict[Slot, str])
    hashes: set[int] = field(default_factory=lambda: {fnv1a(name) for name in RESERVED})
    last: int = 0

    def __getitem__(self, slot: Slot) -> str:
        if slot not in self.by_slot:
            self.by_slot[slot] = self._fresh()
        return self.by_slot[slot]

    def _fresh(self) -> str:
        while True:
            self.last += 1
            name = f"f{self.last}"
            if fnv1a(name) not in self.hashes:
                self.hashes.add(fnv1a(name))
                return name


def fnv1a(name: str) -> int:
    """Return the 32-bit FNV-1a hash of a name: what the kernel knows it by."""
    found = 2166136261
    for byte in name.encode():
        found = ((found ^ byte) * 16777619) % 2**32
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """A row, or a part of one that has too many alternatives for one rule."""

    row: int
    columns: tuple[tuple[str, Alternatives], ...]

    @property
    def terms(self) -> int:
        """The number of alternatives once multiplied out."""
        product = 1
        for _, alternatives in self.columns:
            product *= len(alternatives)
        return product

    @property
    def branches(self) -> int:
        """The number of $and and $or the rule is written with."""
        chosen = [alternatives for _, alternatives in self.columns if len(alternatives) > 1]
        return 1 + len(chosen) + sum(len(atoms) > 1 for alternatives in chosen for atoms in alternatives)

    def halves(self) -> tuple["_Piece", "_Piece"]:
        """Cut the longest column in two: a value passes one of the halves exactly when it passes the whole."""
        place = max(range(len(self.columns)), key=lambda each: len(self.columns[each][1]))
        name, alternatives = self.columns[place]
        middle = len(alternatives) // 2
        return self._with(place, name, alternatives[:middle]), self._with(place, name, alternatives[middle:])

    def _with(self, place: int, name: str, alternatives: Alternatives) -> "_Piece":
        return _Piece(self.row, (*self.columns[:place], (name, alternatives), *self.columns[place + 1 :]))


def chunks_of(table: Table) -> tuple[Chunk, ...]:
    """Return the table as rulesets the kernel can hold. Raises RulesError when it is too large."""
    names = Names()
    pieces = [piece for place, row in enumerate(table.rows) for piece in _pieces(place, row, table, names)]
    if sum(piece.terms for piece in pieces) > MAX_TABLE_TERMS:
        raise RulesError(f"Bảng “{table.label}” có hơn {MAX_TABLE_TERMS} lựa chọn khi tách ra: chia thành nhiều bảng.")
    slots = {name: slot for slot, name in names.by_slot.items()}
    return tuple(_chunk(group, slots) for group in _groups(pieces, table))


def _pieces(place: int, row: Row, table: Table, names: Names) -> Iterator[_Piece]:
    pairs = list(zip(table.inputs, row.when, strict=True))
    columns = [("", [_period(row, names)])] if row.period.since or row.period.until else []
    for name, cell in pairs:
        if not isinstance(cell.test, Anything):
            columns.append((name, _alternatives(name, cell.test, names)))
    if all(alternatives for _, alternatives in columns):
        yield from _cut(_Piece(place, tuple(columns)))


def _cut(piece: _Piece) -> Iterator[_Piece]:
    if piece.terms > MAX_TABLE_TERMS:
        raise RulesError("Một dòng của bảng có quá nhiều lựa chọn: tách thành nhiều dòng.")
    waiting = [piece]
    while waiting:
        each = waiting.pop()
        if each.terms <= MAX_TERMS and each.branches <= MAX_BRANCHES:
            yield each
        else:
            waiting.extend(reversed(each.halves()))


def _period(row: Row, names: Names) -> list[Atom]:
    since, until = row.period.since, row.period.until
    return _span(names[DAY], since and since.toordinal(), until and until.toordinal())


def _span(name: str, low: int | None, high: int | None) -> list[Atom]:
    if low is not None and high == low + 1:
        return [{name: low}]
    atoms: list[Atom] = [] if low is None else [{"$gte": {name: low}}]
    return atoms if high is None else [*atoms, {"$lt": {name: high}}]


def _alternatives(name: str, test: Test, names: Names) -> Alternatives:
    if isinstance(test, Known):
        return [[{names[name, "?"]: test.wanted}]]
    if isinstance(test, Within):
        spans = [_span(names[name, "="], low, high) for low, high in test.spans]
        return [atoms or [{names[name, "?"]: True}] for atoms in spans]
    if isinstance(test, OneOf):
        return _one_of(name, test, names)
    assert isinstance(test, Has)
    atoms = [{names[name, f"has:{code}"]: test.how is not HasHow.NONE} for code in test.codes]
    return [[atom] for atom in atoms] if test.how is HasHow.ANY else [atoms]


def _one_of(name: str, test: OneOf, names: Names) -> Alternatives:
    for value in test.values:
        if isinstance(value, str):
            _check_code(value)
    slot = names[name, "="]
    if not test.negated:
        return [[{slot: value}] for value in test.values]
    return [[{names[name, "?"]: True}, *({"$neq": {slot: value}} for value in test.values)]]


def _groups(pieces: Sequence[_Piece], table: Table) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    terms = 0
    read: set[str] = set()
    for piece in pieces:
        named = _names_in([atom for _, each in piece.columns for atoms in each for atom in atoms])
        if len(named) > MAX_NAMES:
            raise RulesError(f"Bảng “{table.label}” có một dòng đọc quá {MAX_NAMES} dữ kiện: tách thành nhiều dòng.")
        if group and (terms + piece.terms > MAX_TERMS or len(read | named) > MAX_NAMES):
            yield group
            group, terms, read = [], 0, set[str]()
        group.append(piece)
        terms += piece.terms
        read |= named
    if group:
        yield group


def _names_in(atoms: Sequence[Atom]) -> set[str]:
    names: set[str] = set()
    for atom in atoms:
        for key, inner in atom.items():
            names.update(inner if key.startswith("$") else (key,))
    return names


def _chunk(pieces: Sequence[_Piece], slots: Mapping[str, Slot]) -> Chunk:
    rules: dict[str, Any] = {}
    rows: dict[str, int] = {}
    read: set[str] = set()
    for order, piece in enumerate(pieces, start=1):
        rows[f"r{order}"] = piece.row
        rules[f"r{order}"] = {"all": [{"m": _condition(piece)}], "pri": order}
        read |= _names_in([atom for _, each in piece.columns for atoms in each for atom in atoms])
    rules[END] = {"all": [{"m": {"p": 1}}], "pri": 9999}
    ordered = sorted(read, key=lambda name: int(name[1:]))
    return Chunk(
        text=json.dumps(rules, ensure_ascii=False),
        rows=rows,
        writers=tuple(_writer(slots[name], name) for name in ordered),
        terms=sum(piece.terms for piece in pieces),
    )


def _condition(piece: _Piece) -> Atom:
    atoms: list[Atom] = [{"p": 1}]
    for _, alternatives in piece.columns:
        if len(alternatives) == 1:
            atoms.extend(alternatives[0])
        else:
            atoms.append({"$or": [each[0] if len(each) == 1 else {"$and": each} for each in alternatives]})
    return {"$and": atoms} if len(atoms) > 1 else atoms[0]
