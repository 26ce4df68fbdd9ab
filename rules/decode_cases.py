"""Plain data to golden cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rules import facts
from rules.calendar import legal_moment
from rules.decode_ledger import happened
from rules.decode_parts import ReadContext
from rules.definition import ABSENT, Case, Charge, DeadlineRule, Expected, ExpectedPaper, Paper, Payout
from rules.errors import FactsError, RulesError, nearest
from rules.ledger import ClockEvent, EventKind, LedgerKind
from rules.linked import LinkedChild
from rules.papers import NEED_WORDS
from rules.process import ProcessStep, To
from rules.reading import Node, mapping_of
from rules.results import EXAMINED, Result
from rules.table import Table
from rules.values import NO_TEXT
from rules.variants import Notice, Variant

Money = tuple[Sequence[Charge], Sequence[Payout]]
"""The charges and the payouts of a definition."""

NO_DAY = date(2000, 1, 1)
"""Stands where a case has no readable day; the definition is then refused anyway."""

EXPECTED_NEEDS = (*NEED_WORDS, ABSENT)


def case(
    node: Node,
    context: ReadContext,
    money: Money,
    papers: Sequence[Paper],
    tables: Sequence[Table],
    *,
    told: tuple[Sequence[Variant], Sequence[Notice], Sequence[ProcessStep], Sequence[Result], Sequence[LinkedChild]],
    deadline: DeadlineRule | None,
) -> Case:
    """Read one golden case; `told` are the cases of the procedure, its notices, steps and results."""
    parts = node.parts("name", "given", "on", "at", "events", "then")
    at = _moment(parts["at"])
    on = parts["on"].day() or (at.date() if at else None)
    if on is None and not parts["on"] and not parts["at"]:
        node.problem("Tình huống cần ngày tiếp nhận.", "Thêm on: 2026-11-20 hoặc at: 2026-11-20T10:00.")
    elif on and at and at.date() != on:
        parts["at"].problem("Thời điểm “at” không nằm trong ngày “on”.")
    rules = {
        *(row.id for table in tables for row in table.rows),
        *(line.id for lines in money for line in lines),
        *(paper.code for paper in papers),
        *(each.id for names in told for each in names),
        *(stop.rule.id for stop in (deadline.stops if deadline else ())),
    }
    known = _Known(
        charges=[charge.id for charge in money[0]],
        payouts=[payout.id for payout in money[1]],
        papers=[paper.code for paper in papers],
        rules=rules,
        cases=[each.id for each in told[0]],
        notices=[each.id for each in told[1]],
        steps=[each.id for each in told[2]],
        results=[each.id for each in told[3]],
    )
    return Case(
        name=parts.needed("name").text() or NO_TEXT,
        given=_given(parts["given"], context),
        on=on or NO_DAY,
        at=at,
        then=_expected(parts.needed("then"), known),
        events=_events(parts["events"], deadline),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What a golden case may name."""

    charges: Sequence[str]
    payouts: Sequence[str]
    papers: Sequence[str]
    rules: Iterable[str]
    cases: Sequence[str]
    notices: Sequence[str]
    steps: Sequence[str]
    results: Sequence[str]


def _events(node: Node, deadline: DeadlineRule | None) -> tuple[ClockEvent, ...]:
    """Read what happened after the acceptance, which the case states itself."""
    if node and deadline is None:
        node.problem("Thủ tục không có thời hạn nên không có gì để tính tiếp.", "Bỏ events, hoặc thêm deadline.")
        return ()
    events = happened(node, [stop.rule for stop in deadline.stops] if deadline else ())
    if any(event.kind is EventKind.ACCEPTED for event in events):
        node.problem("Lúc tiếp nhận là “at” của tình huống.", "Bỏ sự kiện accepted.")
    return events


def _moment(node: Node) -> datetime | None:
    at = node.moment()
    try:
        return legal_moment(at).replace(tzinfo=None) if at else None
    except RulesError as error:
        node.problem(str(error))
        return None


def _given(node: Node, context: ReadContext) -> Mapping[str, Any]:
    try:
        given = facts.written(node.mapping(), context.vocabulary)
        return facts.typed(given, context.vocabulary, place=node.place)
    except FactsError as error:
        node.problems.extend(error.problems)
        return {}


_THEN = (
    *("charges", "total", "payouts", "papers", "cases", "notices", "deadline", "committed", "steps", "route"),
    *("eligible", "because", "appointment", "ledger", "examination", "results"),
)


def _expected(node: Node, known: _Known) -> Expected:
    parts = node.parts(*_THEN)
    detailed = mapping_of(parts["papers"].value) is not None
    return Expected(
        asked=frozenset("each_paper" if detailed and name == "papers" else name for name in parts.data),
        charges=_lines(parts["charges"], known.charges, "khoản thu"),
        payouts=_lines(parts["payouts"], known.payouts, "khoản chi trả"),
        total=parts["total"].integer(0),
        papers=() if detailed else _names(parts["papers"], known.papers, "giấy tờ"),
        deadline=_deadline(parts["deadline"]),
        committed=_deadline(parts["committed"]),
        steps=_names(parts["steps"], known.steps, "bước"),
        route=parts["route"].choice(To, To.RECEIVING_UNIT).value if parts["route"] else None,
        eligible=parts["eligible"].boolean() if "eligible" in parts else True,
        because=_names(parts["because"], known.rules, "dòng quy định"),
        each_paper=_each_paper(parts["papers"], known.papers) if detailed else {},
        cases=_names(parts["cases"], known.cases, "trường hợp"),
        notices=_names(parts["notices"], known.notices, "lưu ý"),
        appointment=_deadline(parts["appointment"]),
        ledger=_names(parts["ledger"], list(LedgerKind), "loại dòng của sổ tính hạn"),
        examination=_examination(parts["examination"]),
        results=_names(parts["results"], known.results, "kết quả"),
    )


def _examination(node: Node) -> str | None:
    if not node:
        return None
    name = node.string(most=60)
    if name not in EXAMINED:
        node.problem(f"Không có kết quả thẩm định “{name}”.", nearest(name, EXAMINED))
    return name


def _each_paper(node: Node, known: Iterable[str]) -> dict[str, ExpectedPaper]:
    """Read what is expected of some papers: a need, or a mapping of need, originals, copies, rows and valid."""
    found: dict[str, ExpectedPaper] = {}
    for name, entry in node.named():
        if name not in known:
            entry.problem(f"Không có giấy tờ “{name}”.", nearest(name, known))
        if isinstance(entry.value, str):
            found[name] = ExpectedPaper(need=_need(entry))
            continue
        parts = entry.parts("need", "originals", "copies", "rows", "valid")
        found[name] = ExpectedPaper(
            need=_need(parts["need"]) if parts["need"] else None,
            originals=parts["originals"].integer(0),
            copies=parts["copies"].integer(0),
            rows=tuple(each.integer(1) or 1 for each in parts["rows"].items()) if parts["rows"] else None,
            valid=parts["valid"].boolean() if parts["valid"] else None,
        )
    return found


def _need(node: Node) -> str:
    need = node.string(most=60)
    if need not in EXPECTED_NEEDS:
        node.problem(f"Không có mức cần “{need}”.", nearest(need, EXPECTED_NEEDS))
    return need


def _lines(node: Node, known: Iterable[str], what: str) -> dict[str, int | str | None]:
    """Read what lines of money are expected to come to: an amount, null for none, `absent` for no such line."""
    amounts: dict[str, int | str | None] = {}
    for name, entry in node.named():
        if name not in known:
            entry.problem(f"Không có {what} “{name}”.", nearest(name, known))
        amounts[name] = ABSENT if entry.value == ABSENT else entry.integer(0)
    return amounts


def _names(node: Node, known: Iterable[str], what: str) -> tuple[str, ...]:
    names: list[str] = []
    for entry in node.items():
        name = entry.string(most=120)
        if name not in known:
            entry.problem(f"Không có {what} “{name}”.", nearest(name, known))
        names.append(name)
    return tuple(names)


def _deadline(node: Node) -> date | datetime | None:
    if isinstance(node.value, str) and "T" in node.value:
        return _moment(node)
    return _moment(node) if isinstance(node.value, datetime) else node.day()
