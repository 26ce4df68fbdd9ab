"""A large procedure made from numbers: ten tables of twenty rows over four inputs, for measuring an evaluation."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from rules.definition.procedure import ProcedureDefinition
from tests.definitions import basis, definition, row, table

CHANNELS = ("counter", "online")
GROUPS = ("a", "b")
BANDS = ("< 10", "[10..20)", "[20..30)", "[30..40)", ">= 40")
"""Five bands of a number; with two ways of filing and two groups, twenty rows that never meet."""

FACTS: dict[str, Any] = {
    "channel": "online",
    "group": "a",
    "poor": False,
    **{f"number{place}": 15 for place in range(10)},
}


def large_definition() -> ProcedureDefinition:
    """Four tables of money, two of reductions, two of papers, one of refusals and one of the time limit."""
    return definition(
        fields=list(_fields()),
        tables=list(_tables()),
        charges=list(_charges()),
        papers=[_paper(place) for place in (6, 7)],
        deadline={"table": "t8"},
        eligibility={"table": "t9"},
        cases=[],
    )


def _fields() -> Iterator[dict[str, Any]]:
    yield {"id": "group", "kind": "choice", "list": "group", "label": "Nhóm đối tượng"}
    yield {"id": "poor", "kind": "yes_no", "label": "Hộ nghèo"}
    for place in range(10):
        yield {"id": f"number{place}", "kind": "whole_number", "label": f"Số liệu {place}", "unit": "day"}


def _tables() -> Iterator[dict[str, Any]]:
    outputs = [{"amount": "money"}] * 4 + [{"percent": "int"}] * 2 + [{"need": "code"}] * 2
    for place, output in enumerate([*outputs, {"amount": "int", "unit": "code"}, {"reason": "text"}]):
        rows = [
            row(f"t{place}.r{number}", when, _then(place, number))
            for number, when in enumerate(_conditions(f"number{place}"))
        ]
        hit = "collect" if place in (4, 5, 9) else "unique" if place % 2 else "first"
        yield table(f"t{place}", ["channel", "group", "poor", f"number{place}"], output, rows, hit)


def _conditions(number: str) -> Iterator[dict[str, Any]]:
    for channel, group, band in product(CHANNELS, GROUPS, BANDS):
        yield {"channel": channel, "group": group, "poor": False, number: band}


def _then(place: int, number: int) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = [
        *[{"amount": 1000 * (number + 1)}] * 4,
        *[{"percent": number + 1}] * 2,
        *[{"need": "required" if number % 2 else "optional"}] * 2,
        {"amount": number + 1, "unit": "working_days"},
        {"reason": f"Trường hợp {number} không làm được."},
    ]
    return kinds[place]


def _charges() -> Iterator[dict[str, Any]]:
    for place in range(4):
        yield {
            "id": f"charge{place}",
            "label": f"Khoản thu {place}",
            "kind": "charge",
            "set_by": "provincial_council",
            "amount": {"table": f"t{place}", "output": "amount"},
            "cuts": [{"table": f"t{4 + place % 2}", "output": "percent"}],
        }


def _paper(place: int) -> dict[str, Any]:
    required = {"table": f"t{place}", "output": "need"}
    return {"code": f"paper{place}", "label": f"Giấy tờ {place}", "required": required, "basis": basis()}
