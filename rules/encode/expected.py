"""What a golden case expects as plain data: what `rules.decode.expected` reads back to the same."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from rules.definition.expected import (
    ABSENT,
    STEP_TELLS,
    Expected,
    ExpectedEntry,
    ExpectedLine,
    ExpectedPaper,
    ExpectedResult,
    ExpectedRoute,
    ExpectedStep,
)
from rules.encode.time import limit_data

Data = dict[str, Any]


def expected(then: Expected) -> Data:
    """Return what must come out; only what the case asks about is written."""
    said: Mapping[str, Callable[[], Any]] = {
        "charges": lambda: {name: _line(each) for name, each in then.charges.items()},
        "total": lambda: then.total,
        "payouts": lambda: {name: _line(each) for name, each in then.payouts.items()},
        "papers": lambda: list(then.papers),
        "deadline": lambda: _iso(then.deadline),
        "committed": lambda: _iso(then.committed),
        "steps": lambda: list(then.steps),
        "each_step": lambda: {name: _step(each) for name, each in then.each_step.items()},
        "route": lambda: _route(then.route) if then.route else None,
        "eligible": lambda: then.eligible,
        "because": lambda: list(then.because),
        "each_paper": lambda: {code: _paper(each) for code, each in then.each_paper.items()},
        "cases": lambda: list(then.cases),
        "notices": lambda: list(then.notices),
        "appointment": lambda: _iso(then.appointment),
        "ledger": lambda: [_entry(each) for each in then.ledger],
        "examination": lambda: then.examination,
        "results": lambda: list(then.results),
        "each_result": lambda: {name: _result(each) for name, each in then.each_result.items()},
        "missing": lambda: list(then.missing),
        "each_missing": lambda: {name: list(each) for name, each in then.each_missing.items()},
    }
    written = {"each_paper": "papers", "each_step": "steps", "each_result": "results", "each_missing": "missing"}
    return {written.get(name, name): read() for name, read in said.items() if name in then.asked}


def _iso(due: date | datetime | None) -> str | None:
    return due.isoformat() if due else None


def _said(**parts: Any) -> Data:
    return {name: part for name, part in parts.items() if part is not None}


def _line(line: ExpectedLine) -> Any:
    """Return an amount by itself where nothing else is asked, as cases were written before more could be."""
    if line.asked == frozenset({"amount"}):
        return line.amount
    parts = {"amount": line.amount, "base": line.base, "rows": list(line.rows), "lost": list(line.lost)}
    said = {name: part for name, part in {**parts, "cut": line.cut or "none"}.items() if name in line.asked}
    return {**said, **line.told}


def _route(route: ExpectedRoute) -> Any:
    parts = _said(to=route.to, unit=route.unit, branch=route.branch)
    return route.to if set(parts) == {"to"} else parts


def _entry(entry: ExpectedEntry) -> Any:
    return {"kind": entry.kind, "at": _iso(entry.at)} if entry.at else entry.kind


def _paper(paper: ExpectedPaper) -> Data:
    rows = None if paper.rows is None else list(paper.rows)
    accepted = None if paper.accepted is None else list(paper.accepted)
    said = _said(need=paper.need, originals=paper.originals, copies=paper.copies, valid=paper.valid)
    return {**said, **_said(rows=rows, handed=paper.handed, accepted=accepted, returned=paper.returned)}


def _step(step: ExpectedStep) -> Any:
    if not step.taken:
        return ABSENT
    parts = {name: limit_data(limit) for name, limit in step.limits.items()}
    relation = _route(step.relation) if step.relation else None
    moments = {name: _iso(at) for name, at in step.moments.items()}
    outside: Data = {"clock": step.clock or None, "stop": step.stop or None, **moments}
    told: Data = {**parts, "relation": relation, "role": step.role or None, "acts": list(step.acts), **outside}
    return {name: told[name] for name in STEP_TELLS if name in step.asked}


def _result(result: ExpectedResult) -> Data:
    return _said(code=result.code, number=result.number, until=_iso(result.until))
