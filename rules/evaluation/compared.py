"""What a golden case expects, compared with an outcome: every difference as a Vietnamese sentence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from rules.clock.ledger import LedgerLine
from rules.definition.expected import ABSENT, Amount, Expected, ExpectedEntry, ExpectedLine
from rules.definition.papers import NEED_WORDS, PAPER_FORM_WORDS, RETURNED_WORDS
from rules.definition.procedure import Handed
from rules.evaluation.compared_steps import each_step_otherwise, place_otherwise, same_moment, steps_taken_otherwise
from rules.evaluation.findings import ChargeFinding, PaperFinding, PayoutFinding
from rules.evaluation.outcome import Evaluation
from rules.values import Money, Text


def differences(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    """Yield every difference between what is expected and what came out."""
    for what in sorted(then.asked):
        yield from _COMPARE[what](then, evaluation)


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


def _amount(amount: Amount, currency: str = "VND", none: str = "không có mức thu") -> str:
    if isinstance(amount, str):
        return "không có khoản này"
    return none if amount is None else Money(amount, currency).words.vi


def _charges(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _lines(("Khoản", "không có mức thu"), then.charges, evaluation.charges)


def _payouts(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _lines(("Khoản chi trả", "không có mức chi trả"), then.payouts, evaluation.payouts)


def _lines(
    named: tuple[str, str],
    expected: Mapping[str, ExpectedLine],
    findings: Iterable[ChargeFinding | PayoutFinding],
) -> Iterator[str]:
    """Compare lines of money; `named` is what they are called, and what one without an amount is said to be."""
    what, none = named
    found = {line.id: line for line in findings}
    for name, wanted in sorted(expected.items()):
        line = found.get(name)
        label = line.label.vi if line else name
        yield from (f"{what} “{label}”: {said}." for said in _line(wanted, line, none))


def _line(wanted: ExpectedLine, line: ChargeFinding | PayoutFinding | None, none: str) -> Iterator[str]:
    """Yield what of one line did not come out as expected, each a clause."""
    currency = line.currency if line else "VND"
    came = ABSENT if line is None else line.amount
    if "amount" in wanted.asked and came != wanted.amount:
        yield f"mong đợi {_amount(wanted.amount, currency, none)}, tính ra {_amount(came, currency, none)}"
    if line is None:
        if "amount" not in wanted.asked:
            yield "mong đợi có, tính ra không có khoản này"
        return
    rows = tuple(row.amount for row in line.rows)
    if "rows" in wanted.asked and rows != wanted.rows:
        yield f"mong đợi từng dòng {_amounts(wanted.rows, currency)}, tính ra {_amounts(rows, currency)}"
    if isinstance(line, ChargeFinding):
        yield from _reduced(wanted, line)
    for name, expected in sorted(wanted.told.items()):
        found = getattr(line, name, None)
        if found != expected:
            yield f"mong đợi {_TOLD[name]} {_plain(expected)}, tính ra {_plain(found)}"


_TOLD = {
    "state": "tình trạng",
    "kind": "loại khoản thu",
    "set_by": "nơi quy định mức",
    "collected": "lúc thu",
    "refundable": "được hoàn trả",
    "owed": "được ghi nợ",
}


def _plain(told: str | bool | None) -> str:
    return told if isinstance(told, str) and told else "có" if told is True else "không"


def _amounts(amounts: Iterable[int | None], currency: str) -> str:
    return "; ".join(_amount(each, currency) for each in amounts) or "không có dòng nào"


def _reduced(wanted: ExpectedLine, line: ChargeFinding) -> Iterator[str]:
    if "base" in wanted.asked and line.base != wanted.base:
        yield f"mong đợi trước khi giảm {_amount(wanted.base, line.currency)}, là {_amount(line.base, line.currency)}"
    cut = line.cut.rule if line.cut else ""
    if "cut" in wanted.asked and cut != wanted.cut:
        yield f"mong đợi giảm theo {_rule(wanted.cut)}, tính ra theo {_rule(cut)}"
    lost = sorted({offer.rule for offer in line.lost})  # for each row of a group the same one may lose
    expected = sorted(set(wanted.lost))
    if "lost" in wanted.asked and lost != expected:
        said = (", ".join(map(_rule, each)) or "không có" for each in (expected, lost))
        yield "mong đợi khoản giảm không được tính {}, là {}".format(*said)


def _rule(name: str) -> str:
    return f"“{name}”" if name else "không dòng nào"


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
        for part, called in _PARTS.items():
            expected = getattr(wanted, part)
            if expected is not None and expected != came[part]:
                label = found[code].label if code in found else code
                said = f"mong đợi {called} {_plainly(expected)}, tính ra {_plainly(came[part])}"
                yield f"Giấy tờ “{label}”: {said}."


def _paper_found(paper: PaperFinding | None) -> dict[str, Any]:
    if paper is None:
        return {**dict.fromkeys(_PARTS), "need": ABSENT, "originals": 0, "copies": 0, "rows": ()}
    asking = tuple(row.row for row in paper.rows if row.need == paper.need)
    parts = {name: getattr(paper, name) for name in _PARTS}
    return {**parts, "rows": asking, "returned": paper.returned or _UNSAID}


_PARTS = {
    "need": "mức cần",
    "originals": "số bản chính",
    "copies": "số bản sao",
    "rows": "các dòng",
    "valid": "hợp lệ",
    "handed": "cách đưa giấy tờ",
    "accepted": "hình thức được nhận",
    "returned": "việc giữ lại hay trả lại",
}
_UNSAID = "unsaid"
_WORDS: Mapping[str, Text] = {
    **NEED_WORDS,
    **PAPER_FORM_WORDS,
    **RETURNED_WORDS,
    Handed.HAND_IN.value: Text("nộp", "hand in"),
    Handed.SHOW.value: Text("xuất trình", "show"),
    _UNSAID: Text("không quy định", "not stated"),
}


def _plainly(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {True: "có", False: "không", None: "chưa biết"}[value]
    if isinstance(value, tuple):
        return _listed(value)  # pyright: ignore[reportUnknownArgumentType]
    if value == ABSENT:
        return "“không hỏi đến”"
    return f"“{_WORDS[value].vi}”" if isinstance(value, str) else str(value)


def _listed(parts: Iterable[Any]) -> str:
    return ", ".join(_WORDS[part].vi if part in _WORDS else str(part) for part in parts) or "không có"


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
    lines = evaluation.deadline.ledger if evaluation.deadline else ()
    for wanted in then.ledger:
        of_kind = [line for line in lines if line.kind.value == wanted.kind]
        if not of_kind:
            yield f"Sổ tính hạn: mong đợi dòng “{wanted.kind}”, nhưng không có."
        elif not any(_entered(wanted, line) for line in of_kind):
            came = "; ".join(f"{line.at:%H:%M %d/%m/%Y}" for line in of_kind)
            yield f"Sổ tính hạn: mong đợi dòng “{wanted.kind}” {_moment(wanted.at)}, tính ra {came}."


def _entered(wanted: ExpectedEntry, line: LedgerLine) -> bool:
    if isinstance(wanted.at, datetime):
        return line.at.replace(tzinfo=None) == wanted.at
    return wanted.at is None or line.at.date() == wanted.at


def _moment(due: date | datetime | None) -> str:
    if isinstance(due, datetime):
        return f"{due:%H:%M %d/%m/%Y}"
    return f"ngày {due:%d/%m/%Y}" if due else "không có hạn"


def _due(name: str, expected: date | datetime | None, due: datetime | None) -> Iterator[str]:
    if not same_moment(expected, due):
        yield f"{name}: mong đợi {_moment(expected)}, tính ra {_moment(due)}."


def _route(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    for part, expected, got in place_otherwise(then.route, evaluation.route):
        yield f"{_PLACES[part]}: mong đợi {expected}, tính ra {got}."


_PLACES = {"to": "Nơi chuyển", "unit": "Đơn vị nơi chuyển", "branch": "Chi nhánh nơi chuyển"}


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
        wanted, got = (EXAMINED_WORDS[each] for each in (then.examination, came))
        grounds = "; ".join(refusal.text.vi for refusal in found.refusals) if found else ""
        yield f"Thẩm định: mong đợi {wanted}, tính ra {got}{f' ({grounds})' if grounds else ''}."


EXAMINED_WORDS = {
    "refused": "bị từ chối",
    "passed": "không có căn cứ từ chối",
    "open": "chưa đủ dữ liệu",
    None: "không quy định",
}


def _results(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _told(then.results, (each.id for each in evaluation.results), "Kết quả")


def _each_result(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    found = {each.id: each for each in evaluation.results}
    for name, wanted in sorted(then.each_result.items()):
        came = found.get(name)
        if came is None:
            yield f"Kết quả “{name}”: mong đợi có, nhưng không có."
            continue
        until = came.valid.until if came.valid else ""
        for what, code, got in (
            ("mã", wanted.code, came.code),
            ("mẫu số", wanted.number, came.number),
            ("có giá trị đến", wanted.until.isoformat() if wanted.until else None, until),
        ):
            if code is not None and code != got:
                yield f"Kết quả “{came.label}”: mong đợi {what} {code or 'không có'}, tính ra {got or 'không có'}."


def _missing(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    yield from _told(then.missing, (each.fact for each in evaluation.missing), "Dữ kiện còn thiếu")


def _each_missing(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    found = {each.fact: each.could_change for each in evaluation.missing}
    for name, wanted in sorted(then.each_missing.items()):
        if sorted(wanted) != sorted(found.get(name, ())):
            said = (", ".join(sorted(each)) or "không gì" for each in (wanted, found.get(name, ())))
            yield "Dữ kiện còn thiếu “{}”: mong đợi có thể thay đổi {}, tính ra {}.".format(name, *said)


def _because(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    fired = set(rules_fired(evaluation))
    for rule in then.because:
        if rule not in fired:
            yield f"Căn cứ: mong đợi dòng “{rule}”, nhưng dòng này không áp dụng."


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
    "steps": steps_taken_otherwise,
    "each_step": each_step_otherwise,
    "route": _route,
    "eligible": _eligible,
    "because": _because,
    "appointment": _appointment,
    "ledger": _ledger,
    "examination": _examination,
    "results": _results,
    "each_result": _each_result,
    "missing": _missing,
    "each_missing": _each_missing,
}
