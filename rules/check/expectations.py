"""What an outcome says, part by part: as a golden case expects it, in words, and with the rows it came from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from rules.check.findings import Witness
from rules.clock.calendar import moment_words
from rules.definition.expected import ABSENT
from rules.definition.money import Charge, Payout
from rules.definition.papers import NEED_WORDS
from rules.definition.procedure import ProcedureDefinition
from rules.evaluation.compared import EXAMINED_WORDS
from rules.evaluation.findings import ChargeFinding, PaperFinding, PayoutFinding, Reason, Refusal
from rules.evaluation.outcome import Evaluation
from rules.say.outcome import amount_said, goes_to
from rules.values import Text

Key = tuple[str, ...]
"""Where a part stands under `then` of a golden case: the section, and the name in it where the section has names."""

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an outcome: what a golden case would expect of it, and in words; `rules` told it."""

    expects: Any = field(hash=False)
    said: str
    rules: frozenset[str] = frozenset()


Parts = Mapping[Key, Part]


def parts_of(outcome: Evaluation, definition: ProcedureDefinition) -> dict[Key, Part]:
    """Return every part of an outcome that a golden case can expect something of."""
    return {
        **_money("charges", definition.charges, outcome.charges),
        **_money("payouts", definition.payouts, outcome.payouts),
        **dict(_papers(outcome, definition)),
        **dict(_deadline(outcome, definition)),
        **dict(_endings(outcome, definition)),
        **dict(_told(outcome, definition)),
    }


def differing(one: Parts, other: Parts) -> list[Key]:
    """Return the parts of the first that the other has otherwise, or not at all."""
    return [key for key, part in one.items() if key not in other or part.expects != other[key].expects]


def golden_case(name: str, witness: Witness, expected: Parts, because: Iterable[str] = ()) -> dict[str, Any]:
    """Return a golden case as a definition writes it: the dossier, and what must come out of these parts."""
    then: dict[str, Any] = {}
    for (section, *named), part in expected.items():
        if named:
            then.setdefault(section, {})[named[0]] = part.expects
        else:
            then[section] = part.expects
    rules = list(because)
    if rules:
        then["because"] = rules
    when = {"at": witness.at.isoformat(timespec="minutes")} if witness.at else {"on": witness.on.isoformat()}
    return {"name": {"vi": name}, "given": dict(witness.facts), **when, "then": then}


def _money(
    section: str, lines: Iterable[Charge | Payout], found: Iterable[ChargeFinding | PayoutFinding]
) -> dict[Key, Part]:
    came = {line.id: line for line in found}
    return {(section, line.id): _line(line, came.get(line.id)) for line in lines}


def _line(stated: Charge | Payout, line: ChargeFinding | PayoutFinding | None) -> Part:
    if line is None:
        return Part(ABSENT, f"“{stated.label}”: không có khoản này")
    offers = (*((line.cut,) if line.cut else ()), *line.stacked, *line.lost) if isinstance(line, ChargeFinding) else ()
    rules = _rules(line.reasons) | {offer.rule for offer in offers}
    return Part(line.amount, f"“{stated.label}”: {amount_said(line).vi}", rules)


def _rules(reasons: Iterable[Reason]) -> frozenset[str]:
    told = ((reason.rule, *chain.from_iterable(used.rules for used in reason.facts)) for reason in reasons)
    return frozenset(chain.from_iterable(told))


def _papers(outcome: Evaluation, definition: ProcedureDefinition) -> Iterator[tuple[Key, Part]]:
    came = {paper.code: paper for paper in outcome.papers}
    for paper in definition.papers:
        yield ("papers", paper.code), _paper(paper.label, came.get(paper.code))


def _paper(label: Text, paper: PaperFinding | None) -> Part:
    if paper is None:
        return Part(ABSENT, f"Giấy tờ “{label}”: không hỏi đến")
    return Part(paper.need, f"Giấy tờ “{label}”: {NEED_WORDS[paper.need].vi}", _rules(paper.reasons))


_DUE = {"statutory": ("deadline", "Hạn giải quyết"), "committed": ("committed", "Hạn cam kết")}


def _deadline(outcome: Evaluation, definition: ProcedureDefinition) -> Iterator[tuple[Key, Part]]:
    found = outcome.deadline
    if definition.deadline is None or found is None:
        return
    for name, (section, label) in _DUE.items():
        due: datetime | None = getattr(found, name)
        if name == "statutory" or definition.deadline.committed:
            said = moment_words(due).vi if due else "chưa có"
            written = due.replace(tzinfo=None).isoformat(timespec="minutes") if due else None
            yield (section,), Part(written, f"{label}: {said}", _rules(found.reasons))


def _endings(outcome: Evaluation, definition: ProcedureDefinition) -> Iterator[tuple[Key, Part]]:
    if definition.eligibility:
        said = "Đủ điều kiện tiếp nhận" if outcome.eligible else f"Từ chối tiếp nhận: {_grounds(outcome.refusals)}"
        yield ("eligible",), Part(outcome.eligible, said, _rules(_reasons(outcome.refusals)))
    found = outcome.examination
    if found is not None:
        grounds = f" ({_grounds(found.refusals)})" if found.refusals else ""
        said = f"Thẩm định: {EXAMINED_WORDS[found.outcome]}{grounds}"
        yield ("examination",), Part(found.outcome, said, _rules(_reasons(found.refusals)))
    if definition.route:
        route = outcome.route
        named = {"to": route.relation, "unit": route.unit, "branch": route.branch} if route else {}
        goes = goes_to(route, definition.vocabulary) if route else None
        expects = {name: each for name, each in named.items() if each} or None
        said = f"Nơi chuyển đến: {goes.vi if goes else 'chưa có'}"
        yield ("route",), Part(expects, said, _rules(route.reasons if route else ()))


def _grounds(refusals: Iterable[Refusal]) -> str:
    return " ".join(dict.fromkeys(refusal.text.vi for refusal in refusals))


def _reasons(findings: Iterable[Any]) -> list[Reason]:
    return [reason for finding in findings for reason in finding.reasons]


def _told(outcome: Evaluation, definition: ProcedureDefinition) -> Iterator[tuple[Key, Part]]:
    for section, stated, found in (
        ("cases", definition.variants, {each.code: each.label for each in outcome.cases}),
        ("notices", definition.notices, {each.id: each.text for each in outcome.notices}),
        ("steps", definition.steps, {each.id: each.label for each in outcome.steps}),
        ("results", definition.results, {each.id: each.label for each in outcome.results}),
    ):
        if stated:
            said = "; ".join(label.vi for label in found.values()) or "không có"
            yield (
                (section,),
                Part(list(found), f"{_CALLED[section]}: {said}", _rules(_reasons(getattr(outcome, section)))),
            )
    names = [each.fact for each in outcome.missing]
    said = f"Dữ kiện còn thiếu: {'; '.join(each.label.vi for each in outcome.missing) or 'không có'}"
    yield (MISSING,), Part(sorted(names), said)


_CALLED = {"cases": "Trường hợp", "notices": "Lưu ý", "steps": "Các bước", "results": "Kết quả"}
