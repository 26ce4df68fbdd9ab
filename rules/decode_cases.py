"""Plain data to golden cases."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rules import facts
from rules.calendar import legal_moment
from rules.decode_parts import ReadContext
from rules.definition import Case, Charge, Expected, Paper
from rules.errors import FactsError, RulesError, nearest
from rules.process import ProcessStep, To
from rules.reading import Node
from rules.table import Table
from rules.values import NO_TEXT

NO_DAY = date(2000, 1, 1)
"""Stands where a case has no readable day; the definition is then refused anyway."""


def case(
    node: Node,
    context: ReadContext,
    charges: Sequence[Charge],
    papers: Sequence[Paper],
    tables: Sequence[Table],
    *,
    steps: Sequence[ProcessStep] = (),
) -> Case:
    """Read one golden case."""
    parts = node.parts("name", "given", "on", "at", "then")
    at = _moment(parts["at"])
    on = parts["on"].day() or (at.date() if at else None)
    if on is None:
        node.problem("Tình huống cần ngày tiếp nhận.", "Thêm on: 2026-11-20 hoặc at: 2026-11-20T10:00.")
    elif at and at.date() != on:
        parts["at"].problem("Thời điểm “at” không nằm trong ngày “on”.")
    rules = {
        *(row.id for table in tables for row in table.rows),
        *(charge.id for charge in charges),
        *(paper.code for paper in papers),
        *(step.id for step in steps),
    }
    known = {"charges": [charge.id for charge in charges], "papers": [paper.code for paper in papers]}
    return Case(
        name=parts.needed("name").text() or NO_TEXT,
        given=_given(parts["given"], context),
        on=on or NO_DAY,
        at=at,
        then=_expected(parts.needed("then"), {**known, "steps": [step.id for step in steps], "rules": rules}),
    )


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


_THEN = ("charges", "total", "papers", "deadline", "committed", "steps", "route", "eligible", "because")


def _expected(node: Node, known: Mapping[str, Iterable[str]]) -> Expected:
    parts = node.parts(*_THEN)
    return Expected(
        asked=frozenset(parts.data),
        charges=_charges(parts["charges"], known["charges"]),
        total=parts["total"].integer(0),
        papers=_names(parts["papers"], known["papers"], "giấy tờ"),
        deadline=_deadline(parts["deadline"]),
        committed=_deadline(parts["committed"]),
        steps=_names(parts["steps"], known["steps"], "bước"),
        route=parts["route"].choice(To, To.RECEIVING_UNIT).value if parts["route"] else None,
        eligible=parts["eligible"].boolean() if "eligible" in parts else True,
        because=_names(parts["because"], known["rules"], "dòng quy định"),
    )


def _charges(node: Node, known: Iterable[str]) -> dict[str, int | None]:
    amounts: dict[str, int | None] = {}
    for name, entry in node.named():
        if name not in known:
            entry.problem(f"Không có khoản thu “{name}”.", nearest(name, known))
        amounts[name] = entry.integer(0)
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
