"""Plain data to golden cases."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rules import facts
from rules.clock.ledger import ClockEvent, EventKind
from rules.decode.expected import Known, expected, legal_time
from rules.decode.ledger import happened
from rules.decode.parts import ReadContext
from rules.definition.expected import Case
from rules.definition.linked import LinkedChild
from rules.definition.procedure import Charge, DeadlineRule, Paper, Payout
from rules.definition.process import ProcessStep
from rules.definition.results import Result
from rules.definition.variants import Notice, Variant
from rules.errors import FactsError
from rules.reading import Node
from rules.table.decision import Table
from rules.values import NO_TEXT

Money = tuple[Sequence[Charge], Sequence[Payout]]
"""The charges and the payouts of a definition."""

NO_DAY = date(2000, 1, 1)
"""Stands where a case has no readable day; the definition is then refused anyway."""


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
    at = legal_time(parts["at"])
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
    known = Known(
        charges=[charge.id for charge in money[0]],
        payouts=[payout.id for payout in money[1]],
        papers=[paper.code for paper in papers],
        rules=rules,
        cases=[each.id for each in told[0]],
        notices=[each.id for each in told[1]],
        steps=[each.id for each in told[2]],
        stops=[stop.rule.id for stop in (deadline.stops if deadline else ())],
        results=[each.id for each in told[3]],
        facts=list(context.vocabulary),
    )
    return Case(
        name=parts.needed("name").text() or NO_TEXT,
        given=_given(parts["given"], context),
        on=on or NO_DAY,
        at=at,
        then=expected(parts.needed("then"), known),
        events=_events(parts["events"], deadline),
    )


def _events(node: Node, deadline: DeadlineRule | None) -> tuple[ClockEvent, ...]:
    """Read what happened after the acceptance, which the case states itself."""
    if node and deadline is None:
        node.problem("Thủ tục không có thời hạn nên không có gì để tính tiếp.", "Bỏ events, hoặc thêm deadline.")
        return ()
    events = happened(node, [stop.rule for stop in deadline.stops] if deadline else ())
    if any(event.kind is EventKind.ACCEPTED for event in events):
        node.problem("Lúc tiếp nhận là “at” của tình huống.", "Bỏ sự kiện accepted.")
    return events


def _given(node: Node, context: ReadContext) -> Mapping[str, Any]:
    try:
        given = facts.written(node.mapping(), context.vocabulary)
        return facts.typed(given, context.vocabulary, place=node.place)
    except FactsError as error:
        node.problems.extend(error.problems)
        return {}
