"""Plain data to what a golden case expects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.clock.calendar import legal_moment
from rules.clock.ledger import LedgerKind
from rules.decode.limits import act_limit
from rules.definition.expected import (
    ABSENT,
    CHANGES,
    STATES,
    STEP_LIMITS,
    STEP_MOMENTS,
    STEP_TELLS,
    TOLD,
    Amount,
    Expected,
    ExpectedEntry,
    ExpectedLine,
    ExpectedPaper,
    ExpectedResult,
    ExpectedRoute,
    ExpectedStep,
)
from rules.definition.money import ChargeKind, Collected, SetBy
from rules.definition.papers import NEED_WORDS, PaperForm, Returned
from rules.definition.procedure import Handed
from rules.definition.process import To, WhoseClock
from rules.definition.results import EXAMINED
from rules.errors import RulesError, nearest
from rules.reading import Node, mapping_of

EXPECTED_NEEDS = (*NEED_WORDS, ABSENT)
NO_CUT = "none"
"""Written where no reduction is expected to count."""

_THEN = (
    *("charges", "total", "payouts", "papers", "cases", "notices", "deadline", "committed", "steps", "route"),
    *("eligible", "because", "appointment", "ledger", "examination", "results", "missing"),
)
_LINE = ("amount", "base", "rows", "cut", "lost", *TOLD)
_NAMED: Mapping[str, tuple[str, ...]] = {
    "state": STATES,
    "kind": tuple(kind.value for kind in ChargeKind),
    "set_by": tuple(body.value for body in SetBy),
    "collected": tuple(when.value for when in Collected),
}
"""The names that the outcome has for what it tells of a line of money."""
_PAPER = ("need", "originals", "copies", "rows", "valid", "handed", "accepted", "returned")
_FORMS = tuple(form.value for form in PaperForm)
_DETAILED = ("papers", "steps", "results", "missing")
"""What is either a list of names, exactly, or says more of some names."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a golden case may name."""

    charges: Sequence[str]
    payouts: Sequence[str]
    papers: Sequence[str]
    rules: Iterable[str]
    cases: Sequence[str]
    notices: Sequence[str]
    steps: Sequence[str]
    stops: Sequence[str]
    results: Sequence[str]
    facts: Sequence[str]


def expected(node: Node, known: Known) -> Expected:
    """Read what must come out."""
    parts = node.parts(*_THEN)
    each = {name for name in _DETAILED if mapping_of(parts[name].value) is not None}
    return Expected(
        asked=frozenset(_EACH[name] if name in each else name for name in parts.data),
        charges=_lines(parts["charges"], known.charges, "khoản thu", known),
        payouts=_lines(parts["payouts"], known.payouts, "khoản chi trả", known),
        total=parts["total"].integer(0),
        papers=() if "papers" in each else _names(parts["papers"], known.papers, "giấy tờ"),
        deadline=_due(parts["deadline"]),
        committed=_due(parts["committed"]),
        steps=() if "steps" in each else _names(parts["steps"], known.steps, "bước"),
        each_step=_each_step(parts["steps"], known) if "steps" in each else {},
        route=_route(parts["route"]) if parts["route"] else None,
        eligible=parts["eligible"].boolean() if "eligible" in parts else True,
        because=_names(parts["because"], known.rules, "dòng quy định"),
        each_paper=_each_paper(parts["papers"], known.papers) if "papers" in each else {},
        cases=_names(parts["cases"], known.cases, "trường hợp"),
        notices=_names(parts["notices"], known.notices, "lưu ý"),
        appointment=_due(parts["appointment"]),
        ledger=tuple(_entry(entry) for entry in parts["ledger"].items()),
        examination=_examination(parts["examination"]),
        results=() if "results" in each else _names(parts["results"], known.results, "kết quả"),
        each_result=_each_result(parts["results"], known.results) if "results" in each else {},
        missing=() if "missing" in each else _names(parts["missing"], known.facts, "dữ kiện"),
        each_missing=_each_missing(parts["missing"], known.facts) if "missing" in each else {},
    )


_EACH = {"papers": "each_paper", "steps": "each_step", "results": "each_result", "missing": "each_missing"}


def legal_time(node: Node) -> datetime | None:
    """Read a moment, and give it in legal time without its zone."""
    at = node.moment()
    try:
        return legal_moment(at).replace(tzinfo=None) if at else None
    except RulesError as error:
        node.problem(str(error))
        return None


def _due(node: Node) -> date | datetime | None:
    if isinstance(node.value, str) and "T" in node.value:
        return legal_time(node)
    return legal_time(node) if isinstance(node.value, datetime) else node.day()


def _names(node: Node, known: Iterable[str], what: str) -> tuple[str, ...]:
    return tuple(_known(entry, known, what) for entry in node.items())


def _by_name(node: Node, known: Iterable[str], what: str) -> Iterator[tuple[str, Node]]:
    """Yield what stands under each name; one that is not known is told, and read all the same."""
    for name, entry in node.named():
        if name not in known:
            entry.problem(f"Không có {what} “{name}”.", nearest(name, known))
        yield name, entry


def _known(entry: Node, known: Iterable[str], what: str) -> str:
    name = entry.string(most=120)
    if name not in known:
        entry.problem(f"Không có {what} “{name}”.", nearest(name, known))
    return name


def _lines(node: Node, names: Iterable[str], what: str, known: Known) -> dict[str, ExpectedLine]:
    """Read what lines of money come to: an amount, null for none, `absent` for no such line, or a mapping of more."""
    lines: dict[str, ExpectedLine] = {}
    for name, entry in _by_name(node, names, what):
        if mapping_of(entry.value) is None:
            lines[name] = ExpectedLine(frozenset({"amount"}), _amount(entry))
            continue
        parts = entry.parts(*_LINE)
        lines[name] = ExpectedLine(
            asked=frozenset(parts.data),
            amount=_amount(parts["amount"]),
            base=parts["base"].integer(0),
            rows=tuple(None if each.value is None else each.integer(0) for each in parts["rows"].items()),
            cut=_cut(parts["cut"], known.rules),
            lost=_names(parts["lost"], known.rules, "dòng quy định"),
            told={name: _told(parts[name], name) for name in TOLD if parts[name]},
        )
    return lines


def _told(node: Node, name: str) -> str | bool:
    """Read one of what the outcome tells of a line of money, by the name it has there."""
    return _one_of(node, _NAMED[name]) if name in _NAMED else node.boolean()


def _one_of(node: Node, names: Sequence[str]) -> str:
    name = node.string(most=60)
    if name not in names:
        node.problem(f"Không có lựa chọn “{name}” ở đây.", nearest(name, names))
    return name


def _amount(node: Node) -> Amount:
    return ABSENT if node.value == ABSENT else node.integer(0)


def _cut(node: Node, rules: Iterable[str]) -> str:
    """Read the id of the reduction that counts, empty for none."""
    return "" if not node or node.value == NO_CUT else _known(node, rules, "dòng quy định")


def _route(node: Node) -> ExpectedRoute:
    if mapping_of(node.value) is None:
        return ExpectedRoute(node.choice(To, To.RECEIVING_UNIT).value)
    parts = node.parts("to", "unit", "branch")
    return ExpectedRoute(
        to=parts["to"].choice(To, To.RECEIVING_UNIT).value if parts["to"] else None,
        unit=parts["unit"].string(most=60) if parts["unit"] else None,
        branch=parts["branch"].string(most=60) if parts["branch"] else None,
    )


def _entry(node: Node) -> ExpectedEntry:
    if mapping_of(node.value) is None:
        return ExpectedEntry(_known(node, list(LedgerKind), "loại dòng của sổ tính hạn"))
    parts = node.parts("kind", "at")
    kind = parts.needed("kind")
    named = _known(kind, list(LedgerKind), "loại dòng của sổ tính hạn") if kind else ""
    return ExpectedEntry(named, _due(parts["at"]))


def _examination(node: Node) -> str | None:
    if not node:
        return None
    name = node.string(most=60)
    if name not in EXAMINED:
        node.problem(f"Không có kết quả thẩm định “{name}”.", nearest(name, EXAMINED))
    return name


def _each_paper(node: Node, known: Iterable[str]) -> dict[str, ExpectedPaper]:
    """Read what is expected of some papers: a need, or a mapping of what the outcome tells of each."""
    found: dict[str, ExpectedPaper] = {}
    for name, entry in _by_name(node, known, "giấy tờ"):
        if isinstance(entry.value, str):
            found[name] = ExpectedPaper(need=_need(entry))
            continue
        parts = entry.parts(*_PAPER)
        found[name] = ExpectedPaper(
            need=_need(parts["need"]) if parts["need"] else None,
            originals=parts["originals"].integer(0),
            copies=parts["copies"].integer(0),
            rows=tuple(each.integer(1) or 1 for each in parts["rows"].items()) if parts["rows"] else None,
            valid=parts["valid"].boolean() if parts["valid"] else None,
            handed=parts["handed"].choice(Handed, Handed.HAND_IN).value if parts["handed"] else None,
            accepted=tuple(_one_of(each, _FORMS) for each in parts["accepted"].items()) if parts["accepted"] else None,
            returned=parts["returned"].choice(Returned, Returned.KEPT).value if parts["returned"] else None,
        )
    return found


def _need(node: Node) -> str:
    need = node.string(most=60)
    if need not in EXPECTED_NEEDS:
        node.problem(f"Không có mức cần “{need}”.", nearest(need, EXPECTED_NEEDS))
    return need


def _each_step(node: Node, known: Known) -> dict[str, ExpectedStep]:
    """Read what is expected of some steps: `absent`, or a mapping of what the outcome tells of each."""
    found: dict[str, ExpectedStep] = {}
    for name, entry in _by_name(node, known.steps, "bước"):
        if isinstance(entry.value, str):
            _one_of(entry, (ABSENT,))
            found[name] = ExpectedStep(taken=False)
            continue
        parts = entry.parts(*STEP_TELLS)
        found[name] = ExpectedStep(
            asked=frozenset(parts.data),
            limits={limit: act_limit(parts[limit]) for limit in STEP_LIMITS if limit in parts},
            relation=_route(parts["relation"]) if parts["relation"] else None,
            clock=parts["clock"].choice(WhoseClock, WhoseClock.OURS).value if parts["clock"] else "",
            stop=_known(parts["stop"], known.stops, "lý do dừng") if parts["stop"] else "",
            role=parts["role"].string() if parts["role"] else "",
            acts=tuple(each.string(most=60) for each in parts["acts"].items()),
            moments={name: _due(parts[name]) if parts[name] else None for name in STEP_MOMENTS if name in parts},
        )
    return found


def _each_result(node: Node, known: Iterable[str]) -> dict[str, ExpectedResult]:
    """Read what is expected of some results that are issued."""
    found: dict[str, ExpectedResult] = {}
    for name, entry in _by_name(node, known, "kết quả"):
        parts = entry.parts("code", "number", "until")
        found[name] = ExpectedResult(
            code=parts["code"].string(most=60) if parts["code"] else None,
            number=parts["number"].string(most=120) if parts["number"] else None,
            until=parts["until"].day(),
        )
    return found


def _each_missing(node: Node, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Read what some unknown facts could still change, exactly."""
    found: dict[str, tuple[str, ...]] = {}
    for name, entry in _by_name(node, known, "dữ kiện"):
        found[name] = _names(entry, CHANGES, "nội dung có thể thay đổi")
    return found
