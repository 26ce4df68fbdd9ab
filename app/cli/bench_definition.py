"""What the rules are measured on: a definition of ten tables with twenty rows and four columns, and dossiers for it.

The same on every run. Four tables give charges, two reductions, two say which papers are needed, one the time limit
and one the grounds for refusal; every table reads a code, a whole number, a truth value and a day or another number.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from rules.codec import definition_from
from rules.definition.procedure import ProcedureDefinition

ROWS = 20
LARGE = 100
KINDS = tuple(f"k{number}" for number in range(8))
FIRST_DAY = date(1960, 1, 1)
DAYS = 20_000
MOST_AREA = 1_000
MOST_LATE = 120

FEES = ("fee_one", "fee_two", "fee_three", "fee_four")
CUTS = ("cut_one", "cut_two")
NEEDS = ("need_one", "need_two")
COLUMNS = {
    **dict.fromkeys(FEES, ("kind", "area", "poor", "late")),
    **dict.fromkeys(CUTS, ("kind", "late", "poor", "born")),
    **dict.fromkeys(NEEDS, ("kind", "area", "late", "poor")),
    "limit": ("kind", "area", "poor", "born"),
    "refusals": ("kind", "area", "late", "poor"),
}


def law(rows: int = ROWS) -> ProcedureDefinition:
    """Return the definition; every table has so many rows."""
    chance = random.Random(20_261_120)  # noqa: S311  a measure, not a secret
    return definition_from(
        {
            **_head(),
            "fields": [
                {"id": "kind", "kind": "choice", "list": "kinds", "label": "Loại việc"},
                {"id": "area", "kind": "whole_number", "label": "Diện tích", "unit": "square_metre"},
                {"id": "late", "kind": "whole_number", "label": "Số ngày quá hạn", "unit": "day"},
                {"id": "poor", "kind": "yes_no", "label": "Hộ nghèo"},
                {"id": "born", "kind": "day", "label": "Ngày sinh"},
            ],
            "tables": [_table(name, rows, chance) for name in COLUMNS],
            "charges": [_charge(name) for name in FEES],
            "papers": [
                {"code": name, "label": f"Giấy {name}", "required": {"table": name, "output": "need"}} for name in NEEDS
            ],
            "deadline": {"table": "limit"},
            "eligibility": {"table": "refusals"},
        }
    )


def small_law() -> ProcedureDefinition:
    """Return a definition of one charge by one table, small enough to be evaluated a million times in minutes."""
    whens = ({"kind": "k0"}, {"kind": "not(k0)", "area": "< 1000"}, {"kind": "not(k0)", "area": ">= 1000"})
    rows = [
        {"id": f"fee.{number}", "when": when, "then": {"amount": 1_000 * number}, "basis": {"document": "law"}}
        for number, when in enumerate(whens)
    ]
    table = {"id": "fee_one", "label": "Mức lệ phí", "hit": "unique", "inputs": ["kind", "area"], "rows": rows}
    return definition_from(
        {
            **_head(),
            "fields": [
                {"id": "kind", "kind": "choice", "list": "kinds", "label": "Loại việc"},
                {"id": "area", "kind": "whole_number", "label": "Diện tích", "unit": "square_metre"},
            ],
            "tables": [{**table, "outputs": [{"id": "amount", "type": "money"}]}],
            "charges": [{**_charge("fee_one"), "cuts": []}],
        }
    )


def _head() -> dict[str, Any]:
    return {
        "format": 1,
        "code": "1.000001",
        "name": {"vi": "Thủ tục để đo"},
        "field_of_work": {"vi": "Đo"},
        "example": {"vi": "Số liệu dựng ra để đo"},
        "statutory": {
            "steps": {"vi": "Nộp rồi nhận."},
            "ways": ["counter", "online"],
            "copies_of_dossier": 1,
            "applicants": [{"vi": "Cá nhân"}],
            "body": {"vi": "UBND cấp xã"},
            "result": {"name": {"vi": "Giấy"}},
        },
        "basis": {"law": {"document": "Văn bản 1/2026"}},
        "lists": {"kinds": [{"code": code, "label": {"vi": f"Loại {code}"}} for code in KINDS]},
        "cases": [],
    }


def _charge(table: str) -> dict[str, Any]:
    return {
        "id": f"charge_{table}",
        "label": f"Lệ phí {table}",
        "kind": "charge",
        "set_by": "provincial_council",
        "amount": {"table": table, "output": "amount"},
        "cuts": [{"table": name, "output": "percent"} for name in CUTS],
    }


def _table(name: str, rows: int, chance: random.Random) -> dict[str, Any]:
    outputs, gives = _outputs(name)
    always = name in (*FEES, *NEEDS, "limit")
    written = [
        {
            "id": f"{name}.{number}",
            "when": {fact: _cell(fact, chance) for fact in COLUMNS[name]},
            "then": gives(number),
            "basis": {"document": "law", "article": number + 1},
        }
        for number in range(rows - always)
    ]
    if always:
        written.append({"id": f"{name}.else", "then": gives(rows), "basis": {"document": "law", "article": rows}})
    hit = "collect" if name in (*CUTS, "refusals") else "first"
    return {
        "id": name,
        "label": {"vi": f"Bảng {name}"},
        "hit": hit,
        "inputs": list(COLUMNS[name]),
        "outputs": outputs,
        "rows": written,
    }


def _outputs(name: str) -> tuple[list[dict[str, Any]], Any]:
    if name in FEES:
        return [{"id": "amount", "type": "money"}], lambda number: {"amount": 5_000 + 1_000 * number}
    if name in CUTS:
        return [{"id": "percent", "type": "int"}], lambda number: {"percent": 10 * (number % 10)}
    if name in NEEDS:
        needs = ("required", "optional", "waived")
        return [{"id": "need", "type": "code"}], lambda number: {"need": needs[number % 3]}
    if name == "limit":
        parts = [{"id": "amount", "type": "int"}, {"id": "unit", "type": "code"}]
        return parts, lambda number: {"amount": 1 + number % 15, "unit": "working_days"}
    return [{"id": "reason", "type": "text"}], lambda number: {"reason": {"vi": f"Lý do {number}"}}


def _cell(fact: str, chance: random.Random) -> str | bool:
    if fact == "kind":
        one, other = chance.sample(KINDS, 2)
        return chance.choice([one, f"{one}, {other}", f"not({one})", "-"])
    if fact == "poor":
        return chance.choice([True, False, "-"])
    if fact == "born":
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        return chance.choice(["-", f">= {day}", f"< {day}"])
    low, high = sorted(chance.sample(range(MOST_AREA if fact == "area" else MOST_LATE), 2))
    return chance.choice([f"[{low}..{high})", f">= {high}", f"< {low}", f"từ {low} đến {high}"])


def dossiers(count: int, *, gaps: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the facts of so many dossiers; with gaps, about one fact in eight is still unknown."""
    chance = random.Random(7)  # noqa: S311
    for _ in range(count):
        facts = {
            "kind": chance.choice(KINDS),
            "area": chance.randrange(MOST_AREA),
            "late": chance.randrange(MOST_LATE),
            "poor": chance.random() < 0.5,
            "born": FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
            "channel": chance.choice(["counter", "online"]),
        }
        yield {name: value for name, value in facts.items() if not gaps or chance.random() > 0.125}
