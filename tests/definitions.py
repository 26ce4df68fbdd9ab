"""Small procedure definitions for tests, built from plain data, and the office time they are evaluated in."""

from datetime import date, datetime
from typing import Any

from rules.check.findings import FindingKind
from rules.clock.calendar import OfficeTime, WorkCalendar
from rules.codec import definition_from
from rules.definition.procedure import ProcedureDefinition
from rules.evaluation.compile import CompiledProcedure, compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation

DAY = date(2026, 11, 20)


OF_TABLES = frozenset(
    {
        *(FindingKind.GAP, FindingKind.WAITING, FindingKind.REPEATED, FindingKind.UNREACHABLE),
        *(FindingKind.UNDECIDED, FindingKind.REPEALED, FindingKind.UNUSED),
    }
)
"""What the proof tells of tables and documents that tests cut short."""


def beside_tables(found):
    """Return what a check found, but for what its tables and documents leave open."""
    return [each for each in found if each.kind not in OF_TABLES]


def office(*days_off: date) -> OfficeTime:
    return OfficeTime(WorkCalendar("thử", frozenset(days_off), frozenset(), frozenset({2026, 2027})))


def data(**parts: Any) -> dict[str, Any]:
    """A whole small definition; named parts replace its own."""
    return {
        "format": 1,
        "code": "1.000001",
        "name": {"vi": "Thủ tục thử"},
        "field_of_work": {"vi": "Thử"},
        "statutory": {
            "steps": {"vi": "Nộp rồi nhận."},
            "ways": ["counter", "online"],
            "copies_of_dossier": 1,
            "applicants": [{"vi": "Cá nhân"}],
            "body": {"vi": "UBND cấp xã"},
            "result": {"name": {"vi": "Giấy"}},
        },
        "basis": {"tt": {"document": "Thông tư 1/2026/TT-BTC"}},
        "lists": {"group": [{"code": code, "label": {"vi": f"Nhóm {code}"}} for code in ("a", "b", "c")]},
        "fields": [
            {"id": "late", "kind": "whole_number", "label": "Số ngày quá hạn", "unit": "day", "min": -1000},
            {"id": "group", "kind": "choice", "list": "group", "label": "Nhóm đối tượng"},
            {"id": "poor", "kind": "yes_no", "label": "Hộ nghèo"},
            {"id": "copies", "kind": "whole_number", "label": "Số bản", "unit": "copy"},
            {"id": "born", "kind": "day", "label": "Ngày sinh"},
            {"id": "note", "kind": "text", "label": "Ghi chú"},
            {"id": "marks", "kind": "choices", "list": "group", "label": "Các nhóm"},
        ],
        "tables": [fee_table(), cut_table(), limit_table()],
        "charges": [charge()],
        "papers": [{"code": "request", "label": "Tờ khai", "basis": basis()}],
        "deadline": {"table": "limit"},
        "cases": [{"name": "đúng hạn", "given": {"late": 0, "channel": "online"}, "on": DAY, "then": {"total": 5000}}],
        **parts,
    }


def basis(article: int = 1) -> dict[str, Any]:
    return {"document": "tt", "article": article}


def row(name: str, when: dict[str, Any], then: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": name, "when": when, "then": then, "basis": basis(), **more}


def table(name: str, inputs: list[str], outputs: dict[str, str], rows: list[dict[str, Any]], hit: str = "unique"):
    return {
        "id": name,
        "label": {"vi": f"Bảng {name}"},
        "hit": hit,
        "inputs": inputs,
        "outputs": [{"id": each, "type": kind} for each, kind in outputs.items()],
        "rows": rows,
    }


def fee_table(*rows: dict[str, Any], hit: str = "unique") -> dict[str, Any]:
    own = [
        row("fee.counter", {"channel": "counter"}, {"amount": 20000}),
        row("fee.online", {"channel": "online", "late": "<= 0"}, {"amount": 5000}),
        row("fee.online_late", {"channel": "online", "late": "> 0"}, {"amount": 10001}),
    ]
    return table("fee", ["channel", "late"], {"amount": "money"}, list(rows) or own, hit)


def cut_table(*rows: dict[str, Any]) -> dict[str, Any]:
    own = [
        row("cut.poor", {"poor": True}, {"percent": 100}),
        row("cut.half", {"channel": "online"}, {"percent": 50}, since="2027-01-01"),
    ]
    return table("cuts", ["poor", "channel"], {"percent": "int"}, list(rows) or own, "collect")


def limit_table() -> dict[str, Any]:
    return table(
        "limit", [], {"amount": "int", "unit": "code"}, [row("time.three", {}, {"amount": 3, "unit": "working_days"})]
    )


def charge(**parts: Any) -> dict[str, Any]:
    return {
        "id": "registration",
        "label": {"vi": "Lệ phí đăng ký"},
        "kind": "service_fee",
        "set_by": "provincial_council",
        "amount": {"table": "fee", "output": "amount"},
        "cuts": [{"table": "cuts", "output": "percent"}],
        **parts,
    }


def definition(**parts: Any) -> ProcedureDefinition:
    return definition_from(data(**parts))


def procedure(**parts: Any) -> CompiledProcedure:
    return compiled(definition(**parts))


def outcome(facts: dict[str, Any], /, on: date = DAY, at: datetime | None = None, **parts: Any) -> Evaluation:
    """Evaluate the small procedure."""
    return evaluate(procedure(**parts), facts, on=on, at=at, office=office())
