"""Small definitions from a seed, every dossier there can be of them, and what brute force finds in their one table.

The facts are few and bounded, so that every dossier can be tried: this is what the proof by sweep is held against.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from rules.definition.procedure import ProcedureDefinition
from rules.derived import matched
from rules.match.interpreter import Interpreter
from rules.table.decision import ON_DAY
from tests.definitions import basis, charge, definition, limit_table

POLICIES = ("unique", "unique", "any", "first", "priority", "collect", "collect_sum")
CODES = ("a", "b", "c")
DAYS = (date(2026, 1, 1), date(2026, 6, 1), date(2027, 1, 1))
TRIED = (*(day + timedelta(days=step) for day in DAYS for step in (-1, 0)), date(2028, 1, 1))


@dataclass(frozen=True)
class Law:
    """A definition with the table `fee` over a few facts, and the form's rules that decide which dossiers there are."""

    read: ProcedureDefinition
    shown: dict[str, tuple[str, str]]
    required: frozenset[str]

    def dossiers(self) -> Iterator[tuple[dict[str, Any], date]]:
        """Yield every dossier that can be accepted: hidden facts are unknown, required ones known."""
        values: dict[str, tuple[Any, ...]] = {
            "n": (None, 0, 1, 2, 3, 4),
            "m": (None, 0, 1, 2),
            "code": (None, *CODES),
            "flag": (None, True, False),
            "marks": (None, [], ["a"], ["b"], ["a", "b"]),
            "channel": ("counter", "online"),
        }
        names = [
            *dict.fromkeys(
                (*self.read.table("fee").inputs, *(name for pair in self.shown.values() for name in pair[:1]))
            )
        ]
        for chosen in product(*(values[name] for name in names)):
            facts = dict(zip(names, chosen, strict=True))
            if all(self._fits(name, facts) for name in names):
                yield from ((facts, on) for on in TRIED)

    def _fits(self, name: str, facts: dict[str, Any]) -> bool:
        if name in self.shown:
            other, wanted = self.shown[name]
            if str(facts[other]) != wanted:
                return facts[name] is None
        return facts[name] is not None or name not in self.required


def random_law(seed: int) -> Law:
    """Return a definition from the seed."""
    chance = random.Random(seed)
    inputs = chance.sample(["n", "m", "code", "flag", "marks", "channel"], chance.randint(1, 3))
    required = frozenset(name for name in inputs if chance.random() < 0.5 and name != "channel")
    shown = {"m": ("flag", "True")} if chance.random() < 0.4 else {}
    hit = chance.choice(POLICIES)
    fields = [
        {"id": "n", "kind": "whole_number", "label": "Số n", "min": 0, "max": 4},
        {"id": "m", "kind": "whole_number", "label": "Số m", "min": 0, "max": 2},
        {"id": "code", "kind": "choice", "list": "group", "label": "Nhóm"},
        {"id": "flag", "kind": "yes_no", "label": "Cờ"},
        {"id": "marks", "kind": "choices", "list": "group", "label": "Dấu"},
    ]
    for field in fields:
        field.update({"required": True} if field["id"] in required else {})
        field.update({"shown_when": {"flag": True}} if field["id"] in shown else {})
    rows = [_row(number, inputs, chance) for number in range(chance.randint(1, 6))]
    output = {"id": "amount", "type": "money", **({"order": "descending"} if hit == "priority" else {})}
    table = {"id": "fee", "label": "Bảng phí", "hit": hit, "inputs": inputs, "outputs": [output], "rows": rows}
    read = definition(fields=fields, tables=[table, limit_table()], charges=[charge(cuts=[])], cases=[])
    return Law(read, {name: pair for name, pair in shown.items() if name in inputs}, required)


def _row(number: int, inputs: list[str], chance: random.Random) -> dict[str, Any]:
    period: dict[str, Any] = {}
    if chance.random() < 0.3:
        since, until = sorted(chance.sample(DAYS, 2))
        period = chance.choice([{"since": since}, {"until": until}, {"since": since, "until": until}])
    when = {name: _cell(name, chance) for name in inputs}
    then = {"amount": chance.choice([1, 2])}
    return {"id": f"r{number}", "when": when, "then": then, "basis": basis(), **period}


def _cell(name: str, chance: random.Random) -> str:
    if chance.random() < 0.3:
        return chance.choice(["-", "-", "known", "unknown"])
    if name in ("n", "m"):
        low, high = sorted(chance.sample(range(5 if name == "n" else 3), 2))
        return chance.choice(
            [f">= {low}", f"< {high}", f"[{low}..{high}]", f"not({low})", f"{low}, {high}", f"> {high}"]
        )
    if name == "flag":
        return chance.choice(["true", "false"])
    if name == "channel":
        return chance.choice(["online", "counter", "trừ online"])
    codes = ", ".join(chance.sample(CODES[:2] if name == "marks" else CODES, chance.randint(1, 2)))
    return (
        f"has {chance.choice(['any', 'all', 'none'])} {codes}"
        if name == "marks"
        else chance.choice([codes, f"not({codes})"])
    )


@dataclass(frozen=True)
class Truth:
    """What trying every dossier tells: rows hit together, rows ever hit, rows that ever count, dossiers without row."""

    together: frozenset[tuple[str, str]]
    hit: frozenset[str]
    first: frozenset[str]
    best: frozenset[str]
    bare: list[tuple[dict[str, Any], date]]


def brute_force(law: Law) -> Truth:
    """Try every dossier on every day at which anything changes."""
    table = matched(law.read.table("fee"))
    interpreter, ids = Interpreter(table), [row.id for row in table.rows]
    amount = {row.id: row.then[0] for row in table.rows}
    together: set[tuple[str, str]] = set()
    hit: set[str] = set()
    first: set[str] = set()
    best: set[str] = set()
    bare: list[tuple[dict[str, Any], date]] = []
    for facts, on in law.dossiers():
        found = [ids[place] for place in interpreter.match({**facts, ON_DAY: on}, on).hit]
        hit.update(found)
        together.update((one, other) for place, one in enumerate(found) for other in found[place + 1 :])
        first.update(found[:1])
        best.update([max(found, key=lambda name: (amount[name], -ids.index(name)))] if found else [])
        bare.extend([] if found else [(facts, on)])
    return Truth(frozenset(together), frozenset(hit), frozenset(first), frozenset(best), bare)
