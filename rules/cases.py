"""Golden cases (tình huống mẫu): what the administrator says must come out, compared with what does."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rules.calendar import OfficeTime
from rules.clock import ClockError, ClockEvent, EventKind, StopRule, run_clock
from rules.compile import CompiledProcedure
from rules.definition import ABSENT, Case, Expected
from rules.errors import FactsError, RulesError
from rules.evaluate import evaluate
from rules.evaluation import ChargeFinding, Evaluation, PaperFinding, PayoutFinding
from rules.papers import NEED_WORDS
from rules.values import Money


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: its name, whether all came out as expected, and every difference as a Vietnamese sentence."""

    name: str
    passed: bool
    differences: tuple[str, ...] = ()


def run_cases(procedure: CompiledProcedure, office: OfficeTime) -> tuple[CaseResult, ...]:
    """Run every golden case of the procedure, in order."""
    return tuple(run_case(procedure, case, office) for case in procedure.definition.cases)


def run_case(procedure: CompiledProcedure, case: Case, office: OfficeTime) -> CaseResult:
    """Run one golden case; a case that cannot be evaluated fails with the reason."""
    try:
        evaluation = evaluate(procedure, case.given, on=case.on, at=case.at, office=office)
        evaluation = _counted_on(evaluation, case.events, office)
    except FactsError as wrong:
        return CaseResult(case.name.vi, passed=False, differences=(f"Không tính được: {wrong.words}",))
    except ClockError as wrong:
        # The clock counts the acceptance as event 0, so the first event of the case is 1 for it too.
        of = f"Sự kiện thứ {wrong.event} của tình huống: " if wrong.event else ""
        return CaseResult(case.name.vi, passed=False, differences=(f"Không tính được: {of}{wrong}",))
    except RulesError as error:
        return CaseResult(case.name.vi, passed=False, differences=(f"Không tính được: {error}",))
    found = tuple(
        difference for what in sorted(case.then.asked) for difference in _COMPARE[what](case.then, evaluation)
    )
    return CaseResult(case.name.vi, passed=not found, differences=found)


def _counted_on(evaluation: Evaluation, events: Iterable[ClockEvent], office: OfficeTime) -> Evaluation:
    """Return the outcome with the due moments as they are after what happened since the acceptance."""
    found = evaluation.deadline
    if not events or found is None or found.limit is None:
        return evaluation
    stops = {stop.id: stop.rule for stop in found.stops}
    later = [_with_rule(event, stops) for event in events]
    clock = run_clock(
        found.limit.limit,
        [ClockEvent(EventKind.ACCEPTED, evaluation.at), *later],
        office,
        committed=found.committed_limit.limit if found.committed_limit else None,
        stops=tuple(stops.values()),
    )
    due = {"statutory": clock.due, "committed": clock.committed, "appointment": clock.appointment}
    return replace(evaluation, deadline=replace(found, ledger=clock.ledger, **due))


def _with_rule(event: ClockEvent, stops: Mapping[str, StopRule]) -> ClockEvent:
    """Return the event with the rule of its wait as the outcome has it; a wait not for this dossier is refused."""
    if event.stop is None or not event.stop.stated:
        return event
    if event.stop.id not in stops:
        what = f"Lý do dừng “{event.stop.label}” không áp dụng cho hồ sơ này."
        raise ClockError(what, "Sửa dữ kiện của tình huống, hoặc điều kiện (when) của lý do dừng.")
    return replace(event, stop=stops[event.stop.id])


def _amount(amount: int | str | None, currency: str = "VND", none: str = "không có mức thu") -> str:
    if isinstance(amount, str):
        return "không có khoản này"
    return none if amount is None else Money(amount, currency).words.vi


def _charges(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _lines(("Khoản", "không có mức thu"), then.charges, evaluation.charges)


def _payouts(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _lines(("Khoản chi trả", "không có mức chi trả"), then.payouts, evaluation.payouts)


def _lines(
    named: tuple[str, str],
    expected: Mapping[str, int | str | None],
    findings: Iterable[ChargeFinding | PayoutFinding],
) -> Iterator[str]:
    """Compare lines of money; `named` is what they are called, and what one without an amount is said to be."""
    what, none = named
    found = {line.id: line for line in findings}
    for name, amount in sorted(expected.items()):
        line = found.get(name)
        came = ABSENT if line is None else line.amount
        if came != amount:
            label, currency = (line.label.vi, line.currency) if line else (name, "VND")
            wanted, got = _amount(amount, currency, none), _amount(came, currency, none)
            yield f"{what} “{label}”: mong đợi {wanted}, tính ra {got}."


def _total(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    if set(evaluation.totals) - {"VND"}:
        yield "Tổng số tiền chỉ so được khi mọi khoản thu bằng đồng: hãy so từng khoản."
    elif evaluation.totals.get("VND", 0) != then.total:
        came = _amount(evaluation.totals.get("VND", 0))
        yield f"Tổng số tiền: mong đợi {_amount(then.total)}, tính ra {came}."


def _papers(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    required = {paper.code: paper.label.vi for paper in evaluation.papers if paper.required}
    labels = {paper.code: paper.label.vi for paper in evaluation.papers}
    for code in sorted(set(then.papers) - set(required)):
        yield f"Giấy tờ “{labels.get(code, code)}”: mong đợi phải có, tính ra không phải nộp."
    for code in sorted(set(required) - set(then.papers)):
        yield f"Giấy tờ “{required[code]}”: không mong đợi, nhưng tính ra phải có."


def _each_paper(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    found = {paper.code: paper for paper in evaluation.papers}
    for code, wanted in sorted(then.each_paper.items()):
        came = _paper_found(found.get(code))
        for part in ("need", "originals", "copies", "rows", "valid"):
            expected = getattr(wanted, part)
            if expected is not None and expected != came[part]:
                label = found[code].label if code in found else code
                said = f"mong đợi {_PARTS[part]} {_plainly(expected)}, tính ra {_plainly(came[part])}"
                yield f"Giấy tờ “{label}”: {said}."


def _paper_found(paper: PaperFinding | None) -> dict[str, Any]:
    if paper is None:
        return {"need": ABSENT, "originals": 0, "copies": 0, "rows": (), "valid": None}
    asking = tuple(row.row for row in paper.rows if row.need == paper.need)
    parts = {"need": paper.need, "originals": paper.originals, "copies": paper.copies}
    return {**parts, "rows": asking, "valid": paper.valid}


_PARTS = {"need": "mức cần", "originals": "số bản chính", "copies": "số bản sao", "rows": "các dòng", "valid": "hợp lệ"}


def _plainly(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {True: "có", False: "không", None: "chưa biết"}[value]
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "không có"  # pyright: ignore[reportUnknownArgumentType]
    if value == ABSENT:
        return "“không hỏi đến”"
    return f"“{NEED_WORDS[value].vi}”" if isinstance(value, str) else str(value)


def _told(then: Iterable[str], found: Iterable[str], what: str) -> Iterator[str]:
    wanted, came = set(then), set(found)
    yield from (f"{what} “{name}”: mong đợi có, nhưng không có." for name in sorted(wanted - came))
    yield from (f"{what} “{name}”: không mong đợi, nhưng có." for name in sorted(came - wanted))


def _cases(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _told(then.cases, (each.code for each in evaluation.cases), "Trường hợp")


def _notices(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _told(then.notices, (each.id for each in evaluation.notices), "Lưu ý")


def _deadline(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    due = evaluation.deadline.statutory if evaluation.deadline else None
    yield from _due("Hạn giải quyết", then.deadline, due)


def _committed(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    due = evaluation.deadline.committed if evaluation.deadline else None
    yield from _due("Hạn cam kết", then.committed, due)


def _appointment(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    due = evaluation.deadline.appointment if evaluation.deadline else None
    yield from _due("Ngày hẹn trả", then.appointment, due)


def _ledger(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    kinds = {line.kind.value for line in evaluation.deadline.ledger} if evaluation.deadline else set[str]()
    yield from (f"Sổ tính hạn: mong đợi dòng “{kind}”, nhưng không có." for kind in then.ledger if kind not in kinds)


def _due(name: str, expected: date | datetime | None, due: datetime | None) -> Iterator[str]:
    came = f"{due:%H:%M %d/%m/%Y}" if due else "không có hạn"
    if isinstance(expected, datetime):
        if due is None or due.replace(tzinfo=None) != expected:
            yield f"{name}: mong đợi {expected:%H:%M %d/%m/%Y}, tính ra {came}."
    elif (due.date() if due else None) != expected:
        wanted = f"ngày {expected:%d/%m/%Y}" if isinstance(expected, date) else "không có hạn"
        yield f"{name}: mong đợi {wanted}, tính ra {came}."


def _steps(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    came = tuple(step.id for step in evaluation.steps)
    if came != then.steps:
        wanted, found = (", ".join(names) or "không có bước nào" for names in (then.steps, came))
        yield f"Các bước: mong đợi {wanted}; tính ra {found}."


def _route(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    came = evaluation.route.relation if evaluation.route else ""
    if came != (then.route or ""):
        yield f"Nơi chuyển: mong đợi {then.route or 'không có'}, tính ra {came or 'không có'}."


def _eligible(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    if evaluation.eligible != then.eligible:
        grounds = "; ".join(refusal.text.vi for refusal in evaluation.refusals)
        yield (
            "Điều kiện: mong đợi bị từ chối, tính ra đủ điều kiện."
            if not grounds
            else (f"Điều kiện: mong đợi đủ điều kiện, tính ra bị từ chối ({grounds}).")
        )


def _examination(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    found = evaluation.examination
    came = found.outcome if found else None
    if came != then.examination:
        wanted, got = (_EXAMINED[each] for each in (then.examination, came))
        grounds = "; ".join(refusal.text.vi for refusal in found.refusals) if found else ""
        yield f"Thẩm định: mong đợi {wanted}, tính ra {got}{f' ({grounds})' if grounds else ''}."


_EXAMINED = {
    "refused": "bị từ chối",
    "passed": "không có căn cứ từ chối",
    "open": "chưa đủ dữ liệu",
    None: "không quy định",
}


def _results(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _told(then.results, (each.id for each in evaluation.results), "Kết quả")


def _because(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    fired = set(rules_fired(evaluation))
    for rule in then.because:
        if rule not in fired:
            yield f"Căn cứ: mong đợi dòng “{rule}”, nhưng dòng này không áp dụng."


def rules_fired(evaluation: Evaluation) -> Iterator[str]:
    """Yield the ids of the rules named in the reasons of all findings, reductions that lost included.

    Rows of tables that gave a fact one of these rules read are among them.
    """
    deadline = [evaluation.deadline] if evaluation.deadline else []
    linked = evaluation.linked.children if evaluation.linked else ()
    told = (*evaluation.cases, *evaluation.notices, *evaluation.steps, *evaluation.results, *linked)
    money = (*evaluation.charges, *evaluation.payouts)
    route = [evaluation.route] if evaluation.route else []
    refused = evaluation.examination.refusals if evaluation.examination else ()
    for finding in (*evaluation.refusals, *refused, *evaluation.papers, *money, *deadline, *route, *told):
        for reason in finding.reasons:
            yield from (reason.rule, *(rule for used in reason.facts for rule in used.rules))
    for charge in evaluation.charges:
        yield from (offer.rule for offer in charge.lost)


_COMPARE: dict[str, Callable[[Expected, Evaluation], Iterator[str]]] = {
    "charges": _charges,
    "payouts": _payouts,
    "total": _total,
    "papers": _papers,
    "each_paper": _each_paper,
    "cases": _cases,
    "notices": _notices,
    "deadline": _deadline,
    "committed": _committed,
    "steps": _steps,
    "route": _route,
    "eligible": _eligible,
    "because": _because,
    "appointment": _appointment,
    "ledger": _ledger,
    "examination": _examination,
    "results": _results,
}
