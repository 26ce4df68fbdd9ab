"""The outcome of the rules (kết quả tính) as data: findings, each with its reasons, and the hash that pins it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from rules.citations import Citation
from rules.clock import LedgerLine
from rules.errors import Problem, Severity
from rules.limit_data import LimitData, StopData
from rules.papers import ASKED
from rules.values import Text

ENGINE = 2
"""The number of the evaluation's meaning (số của bộ tính): it changes when the same law and facts come out otherwise.

Since 2 every sentence is said in both languages, and fewer facts are named as missing.
"""


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact a rule read: id, label, value as shown, and its source (form, officer, computed, table, parameter ...).

    `rules` and `citations` say where a fact comes from that the rules made: the rows of the table that gave it, and
    their legal basis or that of a parameter of the law. The value of a parameter is shown with the days it holds.
    """

    fact: str
    label: Text
    shown: Text
    source: str
    rules: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the fact as plain JSON values; rules and citations only where there are any."""
        data = {"fact": self.fact, "label": self.label.to_data(), "shown": self.shown.to_data()}
        made = {"rules": list(self.rules), "citations": plain(self.citations)}
        return {**data, "source": self.source, **{name: each for name, each in made.items() if each}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "FactUsed":
        """Read what `to_data` wrote."""
        made = (tuple(data.get("rules", ())), tuple(map(Citation.from_data, data.get("citations", ()))))
        label, shown = Text.from_data(data["label"]), Text.from_data(data["shown"])
        return cls(data["fact"], label, shown, data["source"], *made)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the row (or part of the definition) that spoke, said in a sentence, the facts it read, the citation.

    `origin` says which shared rule set the row belongs to.
    """

    rule: str
    sentence: Text
    facts: tuple[FactUsed, ...] = ()
    citation: str = ""
    note: Text | None = None
    origin: Text | None = None

    def to_data(self) -> dict[str, Any]:
        """Return the reason as plain JSON values; its origin only where there is one."""
        data = {name: plain(getattr(self, name)) for name in self.__slots__}
        return data if self.origin else {name: each for name, each in data.items() if name != "origin"}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A row that almost applied: exactly one test failed. `change` says what would have to be otherwise."""

    rule: str
    change: Text
    fact: str
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A reduction that applied: percent or money off, what would be paid, and what it saves the payer by itself.

    `percent` is in the last of `scale` decimal digits; where the reduction is money (`off`) it is 0.
    """

    rule: str
    sentence: Text
    percent: int
    amount: int
    citation: str = ""
    scale: int = 0
    off: int = 0
    saved: int = 0


class State(StrEnum):
    """Whether a finding says something.

    DECIDED; NO_RULE: no rule applies (không có quy định áp dụng); MISSING: facts are wanting that could decide it;
    CONFLICT: the rules contradict each other or cannot be computed.
    """

    DECIDED = "decided"
    NO_RULE = "no_rule"
    MISSING = "missing"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ground on which the dossier may not be received (căn cứ từ chối)."""

    text: Text
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CaseFinding:
    """A case of the procedure (trường hợp) that applies to the dossier."""

    code: str
    label: Text
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NoticeFinding:
    """Something the applicant is to be told (lưu ý)."""

    id: str
    text: Text
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """What one row of a group needs of a paper; `row` counts from 1, `shown` says what the row holds."""

    row: int
    shown: Text
    need: str
    valid: bool | None = None


@dataclass(frozen=True, slots=True)
class DataFinding:
    """A data field of the type of a paper or result, the fact that holds it, and its value as shown (None: unknown)."""

    id: str
    label: Text
    fact: str
    shown: Text | None


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """One paper: `need` is one of `rules.papers.NEED_WORDS`; undecided when no rule says.

    A paper asked for by the rows of a group has the strongest need of its `rows`. `originals` and `copies` are all that
    this need asks for: of every row with it, times the `sets`. `accepted` are the forms in which the paper is good for
    this way of filing, `returned` says where it stays, `one_of` is the key of those that stand in for each other,
    `fallback` what to do as the data source did not answer, `result_code` that of the result the paper is. `valid` is
    None where that is not asked or not known.
    """

    code: str
    label: Text
    need: str
    originals: int
    copies: int
    handed: str
    form: Text | None
    waived_by: Text | None
    reasons: tuple[Reason, ...]
    near: tuple[NearMiss, ...] = ()
    rows: tuple[PaperRow, ...] = ()
    sets: int = 1
    accepted: tuple[str, ...] = ()
    returned: str = ""
    one_of: str = ""
    fallback: Text | None = None
    valid: bool | None = None
    result_code: str = ""
    type: str = ""
    result_type: str = ""
    data: tuple[DataFinding, ...] = ()

    @property
    def required(self) -> bool:
        """Tell whether the paper must be there; of several that stand in for each other none must by itself."""
        return self.need == "required"

    @property
    def asked(self) -> bool:
        """Tell whether the applicant may hand the paper over: it is not waived, made by the office, or a mere note."""
        return self.need in ASKED

    def to_data(self) -> dict[str, Any]:
        """Return the finding as plain JSON values; what the definition says nothing of is left out."""
        return _said(self)


_UNSAID: Mapping[str, Any] = {
    "rows": [],
    "sets": 1,
    "accepted": [],
    "returned": "",
    "one_of": "",
    "fallback": None,
    "valid": None,
    "cases": [],
    "notices": [],
    "steps": [],
    "route": None,
    "examination": None,
    "results": [],
    "result_code": "",
    "code": "",
    "book": None,
    "number": "",
    "signer": None,
    "type": "",
    "result_type": "",
    "data": [],
    "process": None,
    "linked": None,
    "role": None,
    "quota": None,
    "acts": [],
    "stop": "",
    "sent": "",
    "acknowledge_by": "",
    "acknowledged": "",
    "result": None,
}
"""Parts of an outcome that are left out while they say nothing: so outcomes kept from before keep their hash."""


@dataclass(frozen=True, slots=True)
class RowAmount:
    """What a line worked out for each row of a group comes to for one row (numbered from 1), said as `shown`."""

    row: int
    shown: Text
    state: State
    amount: int | None
    base: int | None


@dataclass(frozen=True, slots=True)
class Notice:
    """The body that assesses an amount, and number, day and file of its notice (thông báo); empty while not known."""

    by: Text
    number: str = ""
    day: str = ""
    file: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return the notice as plain JSON values; its file only where there is one."""
        kept = {"by": self.by.to_data(), "number": self.number, "day": self.day}
        return {**kept, "file": self.file} if self.file else kept


@dataclass(frozen=True, slots=True)
class ChargeFinding:
    """One line of money in whole minor units. `amount` None is never 0: no rule, missing facts, or a conflict.

    `base` is the amount before reductions; `cut` the reduction that counted, `stacked` those that counted with it where
    reductions add up, `lost` those that did not count. `rows` are there where each row of a group was worked out.
    """

    id: str
    label: Text
    kind: str
    set_by: str
    currency: str
    state: State
    amount: int | None
    base: int | None
    collected: str
    refundable: bool
    reasons: tuple[Reason, ...]
    cut: Offer | None = None
    lost: tuple[Offer, ...] = ()
    near: tuple[NearMiss, ...] = ()
    example: Text | None = None
    stacked: tuple[Offer, ...] = ()
    rows: tuple[RowAmount, ...] = ()
    assessed: Notice | None = None


@dataclass(frozen=True, slots=True)
class PayoutFinding:
    """One line of money that the office pays to the `payee`; `amount` None is never 0."""

    id: str
    label: Text
    payee: Text
    currency: str
    state: State
    amount: int | None
    reasons: tuple[Reason, ...]
    near: tuple[NearMiss, ...] = ()
    example: Text | None = None
    rows: tuple[RowAmount, ...] = ()
    assessed: Notice | None = None


@dataclass(frozen=True, slots=True)
class ReceptionFinding:
    """What may be asked for before acceptance, as in rules.reception.ReceptionRule; `citation` is its legal basis."""

    most: int | None
    limit: LimitData | None
    at_limit: Text | None
    receive_within: LimitData | None
    citation: str


@dataclass(frozen=True, slots=True)
class DeadlineFinding:
    """The due moments in legal time, or None where no rule gives a limit; `example` marks a limit that is only one.

    The limits, as plain data, let a later clock count on with stops and extensions.
    """

    state: State
    statutory: datetime | None
    committed: datetime | None
    appointment: datetime | None
    limit: LimitData | None
    committed_limit: LimitData | None
    reasons: tuple[Reason, ...]
    near: tuple[NearMiss, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    example: Text | None = None
    stops: tuple[StopData, ...] = ()
    reception: ReceptionFinding | None = None


@dataclass(frozen=True, slots=True)
class RelationFinding:
    """To whom a dossier or a step goes: the relation, and what tells the unit.

    `fact` is the fact that names the unit, `unit` the code of the unit where it is known, `branch` that of a branch.
    """

    relation: str
    fact: str = ""
    unit: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class ExternalFinding:
    """The outside system a step belongs to, how long it may take to acknowledge, and whose clock runs meanwhile.

    `stop` is the id of the wait of the time limit. As far as they are known: when the dossier was `sent`, by when it
    must be acknowledged (`acknowledge_by`) and when it was (legal time, ISO text), its `number` there, and the answer.
    """

    system: Text
    clock: str
    acknowledged_within: LimitData | None
    stop: str = ""
    sent: str = ""
    acknowledge_by: str = ""
    acknowledged: str = ""
    number: str = ""
    result: Text | None = None

    def to_data(self) -> dict[str, Any]:
        """Return the finding as plain JSON values; what is not said is left out."""
        return _said(self)


@dataclass(frozen=True, slots=True)
class ActFinding:
    """An act inside a step with a deadline of its own; `due` (ISO text) only where it counts from the acceptance.

    `late` and `counts_from` as in rules.internal.
    """

    id: str
    label: Text
    within: LimitData | None
    late: str
    counts_from: str
    due: str
    citation: str


@dataclass(frozen=True, slots=True)
class StepFinding:
    """One step of the internal process (quy trình nội bộ) that this dossier takes."""

    id: str
    label: Text
    at_least: LimitData | None
    at_most: LimitData | None
    external: ExternalFinding | None
    relation: RelationFinding | None
    reasons: tuple[Reason, ...]
    role: Text | None = None
    quota: LimitData | None = None
    acts: tuple[ActFinding, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the finding as plain JSON values; what the definition says nothing of is left out."""
        return _said(self)


@dataclass(frozen=True, slots=True)
class ProcessFinding:
    """The approved internal process whose steps these are: its version, the decision, its days (ISO text)."""

    version: str
    label: Text | None
    citation: str
    since: str
    until: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class LinkedChildFinding:
    """One procedure of a linked group that this dossier has: by when it is acknowledged and due (ISO text).

    `after` is the child it waits for, `past_ceiling` whether it may end after the group's own ceiling.
    """

    id: str
    procedure: str
    label: Text
    system: Text | None
    after: str
    acknowledged_within: LimitData | None
    acknowledge_by: str
    within: LimitData | None
    due: str
    past_ceiling: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LinkedFinding:
    """The procedures that are settled together: the ceiling of all of it, by when that is, and the children."""

    label: Text
    ceiling: LimitData | None
    due: str
    children: tuple[LinkedChildFinding, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class RouteFinding:
    """Where the dossier goes (chuyển hồ sơ): a relation, empty where no rule says; see RelationFinding."""

    state: State
    relation: str
    fact: str
    unit: str
    branch: str
    reasons: tuple[Reason, ...]
    near: tuple[NearMiss, ...] = ()


@dataclass(frozen=True, slots=True)
class ExaminationFinding:
    """What the examination (thẩm định) comes to as far as facts are known: one of `rules.results.EXAMINED`.

    `refusals` are the grounds that hold, each with the text for the notice of refusal, `form` the form of that notice.
    """

    outcome: str
    refusals: tuple[Refusal, ...]
    form: Text | None = None


@dataclass(frozen=True, slots=True)
class ValidFinding:
    """How long a result is valid: `amount` of `unit` from its issue, said in `words`, or `until` a day (ISO text).

    `until` is empty while the day is not known; `text` is what the law adds.
    """

    amount: int | None
    unit: str
    until: str
    words: Text | None
    text: Text | None


@dataclass(frozen=True, slots=True)
class BookFinding:
    """The book a result is entered in, and when its numbers begin anew."""

    label: Text
    restarts: str


@dataclass(frozen=True, slots=True)
class ResultFinding:
    """A result that is issued where the request is granted (kết quả thực hiện)."""

    id: str
    label: Text
    kind: str
    reasons: tuple[Reason, ...]
    code: str = ""
    form: Text | None = None
    valid: ValidFinding | None = None
    book: BookFinding | None = None
    number: str = ""
    signer: Text | None = None
    type: str = ""
    data: tuple[DataFinding, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the finding as plain JSON values; what the definition says nothing of is left out."""
        return _said(self)


@dataclass(frozen=True, slots=True)
class Missing:
    """An unknown fact that could still change the outcome.

    Which of fee, payout, papers, deadline, eligibility, steps, route, stops, examination, results: only the first five
    keep a dossier from being received.
    """

    fact: str
    label: Text
    could_change: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome of the rules for one dossier on one day. `facts` are those used, computed ones included."""

    procedure: str
    version: str
    law: str
    on: date
    at: datetime
    office: str
    facts: Mapping[str, Any] = field(hash=False)
    eligible: bool
    refusals: tuple[Refusal, ...]
    papers: tuple[PaperFinding, ...]
    charges: tuple[ChargeFinding, ...]
    totals: Mapping[str, int | None] = field(hash=False)
    deadline: DeadlineFinding | None
    missing: tuple[Missing, ...]
    problems: tuple[Problem, ...]
    example: Text | None
    payouts: tuple[PayoutFinding, ...] = ()
    engine: int = ENGINE
    cases: tuple[CaseFinding, ...] = ()
    notices: tuple[NoticeFinding, ...] = ()
    steps: tuple[StepFinding, ...] = ()
    route: RouteFinding | None = None
    examination: ExaminationFinding | None = None
    results: tuple[ResultFinding, ...] = ()
    process: ProcessFinding | None = None
    linked: LinkedFinding | None = None

    @property
    def hash(self) -> str:
        """The SHA-256 (hex) over the canonical JSON of everything else."""
        return _digest(self._content())

    def to_data(self) -> dict[str, Any]:
        """Return the evaluation as plain JSON values, with its hash."""
        content = self._content()
        return {**content, "hash": _digest(content)}

    def _content(self) -> dict[str, Any]:
        data = {name: plain(getattr(self, name)) for name in self.__slots__}
        if self.deadline and not self.deadline.stops:
            del data["deadline"]["stops"]
        if self.deadline and not self.deadline.reception:
            del data["deadline"]["reception"]
        return {name: each for name, each in data.items() if name not in _UNSAID or each != _UNSAID[name]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Evaluation":
        """Read what `to_data` wrote; the hash is computed again and is the same."""
        return cls(
            **{name: data[name] for name in _PLAIN},
            on=date.fromisoformat(data["on"]),
            at=datetime.fromisoformat(data["at"]),
            refusals=_refusals(data),
            papers=tuple(_paper(item) for item in data["papers"]),
            charges=tuple(_charge(item) for item in data["charges"]),
            deadline=_deadline(data["deadline"]) if data["deadline"] else None,
            missing=tuple(
                Missing(item["fact"], Text.from_data(item["label"]), tuple(item["could_change"]))
                for item in data["missing"]
            ),
            problems=tuple(_problem(item) for item in data["problems"]),
            example=_text(data["example"]),
            payouts=tuple(_payout(item) for item in data.get("payouts", ())),
            cases=tuple(
                CaseFinding(item["code"], Text.from_data(item["label"]), _reasons(item))
                for item in data.get("cases", ())
            ),
            notices=tuple(
                NoticeFinding(item["id"], Text.from_data(item["text"]), _reasons(item))
                for item in data.get("notices", ())
            ),
            steps=tuple(_step(item) for item in data.get("steps", ())),
            route=_route(data["route"]) if data.get("route") else None,
            examination=_examination(data["examination"]) if data.get("examination") else None,
            results=tuple(_result(item) for item in data.get("results", ())),
            process=_process(data["process"]) if data.get("process") else None,
            linked=_linked(data["linked"]) if data.get("linked") else None,
        )


_PLAIN = ("procedure", "version", "law", "office", "facts", "eligible", "totals", "engine")


def _said(finding: Any) -> dict[str, Any]:
    """Return a finding as plain JSON values without the parts that say nothing."""
    data = {name: plain(getattr(finding, name)) for name in finding.__slots__}
    return {name: each for name, each in data.items() if name not in _UNSAID or each != _UNSAID[name]}


def plain(value: Any) -> Any:
    """Return plain JSON values for what an evaluation holds; days and moments become ISO text."""
    kind = value.__class__
    if kind in _AS_IT_IS:
        return value
    if kind is tuple or kind is list:
        return [plain(item) for item in value]
    return _way_of(kind)(value)


_AS_IT_IS = frozenset({str, int, bool, type(None)})


@lru_cache(maxsize=256)
def _way_of(kind: type[Any]) -> Callable[[Any], Any]:
    """Return how values of this type become plain."""
    if hasattr(kind, "to_data"):
        return lambda value: value.to_data()
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, StrEnum):
        return lambda value: value.value
    if issubclass(kind, Mapping):
        return lambda value: {str(key): plain(item) for key, item in sorted(value.items())}
    assert hasattr(kind, "__dataclass_fields__"), f"an evaluation holds no {kind.__name__}"
    names = tuple(kind.__slots__)
    return lambda value: {name: plain(getattr(value, name)) for name in names}


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def kept_hash(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) over an evaluation as it was kept, its own hash left out.

    The kept values are not read first: an evaluation kept before the format changed has its hash all the same.
    """
    return _digest({name: value for name, value in data.items() if name != "hash"})


def _text(data: Mapping[str, str] | None) -> Text | None:
    return Text.from_data(data) if data else None


def _reasons(item: Mapping[str, Any]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            rule=data["rule"],
            sentence=Text.from_data(data["sentence"]),
            facts=tuple(FactUsed.from_data(used) for used in data["facts"]),
            citation=Citation.from_data(data["citation"]),
            note=_text(data["note"]),
            origin=_text(data.get("origin")),
        )
        for data in item["reasons"]
    )


def _near(item: Mapping[str, Any]) -> tuple[NearMiss, ...]:
    return tuple(
        NearMiss(data["rule"], Text.from_data(data["change"]), data["fact"], Citation.from_data(data["citation"]))
        for data in item["near"]
    )


def _offer(data: Mapping[str, Any]) -> Offer:
    read: dict[str, Any] = {
        "sentence": Text.from_data(data["sentence"]),
        "citation": Citation.from_data(data["citation"]),
    }
    return Offer(**{**data, **read})


def _paper(item: Mapping[str, Any]) -> PaperFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "form": _text(item["form"]),
        "waived_by": _text(item["waived_by"]),
        "reasons": _reasons(item),
        "near": _near(item),
        "rows": tuple(
            PaperRow(data["row"], Text.from_data(data["shown"]), data["need"], data["valid"])
            for data in item.get("rows", ())
        ),
        "accepted": tuple(item.get("accepted", ())),
        "fallback": _text(item.get("fallback")),
        "data": _data(item),
    }
    return PaperFinding(**{**item, **read})


def _data(item: Mapping[str, Any]) -> tuple[DataFinding, ...]:
    return tuple(
        DataFinding(each["id"], Text.from_data(each["label"]), each["fact"], _text(each["shown"]))
        for each in item.get("data", ())
    )


def _charge(item: Mapping[str, Any]) -> ChargeFinding:
    read: dict[str, Any] = {
        **_line(item),
        "cut": _offer(item["cut"]) if item["cut"] else None,
        "stacked": tuple(_offer(data) for data in item.get("stacked", ())),
        "lost": tuple(_offer(data) for data in item["lost"]),
    }
    return ChargeFinding(**{**item, **read})


def _payout(item: Mapping[str, Any]) -> PayoutFinding:
    read: dict[str, Any] = {**_line(item), "payee": Text.from_data(item["payee"])}
    return PayoutFinding(**{**item, **read})


def _line(item: Mapping[str, Any]) -> dict[str, Any]:
    """Read what charges and payouts have in common."""
    return {
        "label": Text.from_data(item["label"]),
        "state": State(item["state"]),
        "reasons": _reasons(item),
        "near": _near(item),
        "example": _text(item["example"]),
        "rows": tuple(_row(data) for data in item.get("rows", ())),
        "assessed": _notice(item.get("assessed")),
    }


def _notice(data: Mapping[str, Any] | None) -> Notice | None:
    return Notice(Text.from_data(data["by"]), data["number"], data["day"], data.get("file", "")) if data else None


def _row(data: Mapping[str, Any]) -> RowAmount:
    read: dict[str, Any] = {"shown": Text.from_data(data["shown"]), "state": State(data["state"])}
    return RowAmount(**{**data, **read})


def _deadline(item: Mapping[str, Any]) -> DeadlineFinding:
    moments: dict[str, Any] = {
        name: datetime.fromisoformat(item[name]) if item[name] else None
        for name in ("statutory", "committed", "appointment")
    }
    limits: dict[str, Any] = {name: LimitData.from_data(item[name]) for name in ("limit", "committed_limit")}
    read: dict[str, Any] = {
        "state": State(item["state"]),
        "reasons": _reasons(item),
        "near": _near(item),
        "ledger": tuple(LedgerLine.from_data(line) for line in item["ledger"]),
        "example": _text(item["example"]),
        "stops": tuple(StopData.from_data(stop) for stop in item.get("stops", ())),
        "reception": _reception(item["reception"]) if item.get("reception") else None,
    }
    return DeadlineFinding(**moments, **limits, **read)


def _reception(item: Mapping[str, Any]) -> ReceptionFinding:
    limits = {name: LimitData.from_data(item[name]) for name in ("limit", "receive_within")}
    return ReceptionFinding(item["most"], at_limit=_text(item["at_limit"]), citation=item["citation"], **limits)


def _step(item: Mapping[str, Any]) -> StepFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "at_least": LimitData.from_data(item["at_least"]),
        "at_most": LimitData.from_data(item["at_most"]),
        "external": _external(item["external"]) if item["external"] else None,
        "relation": RelationFinding(**item["relation"]) if item["relation"] else None,
        "reasons": _reasons(item),
        "role": _text(item.get("role")),
        "quota": LimitData.from_data(item.get("quota")),
        "acts": tuple(_act(act) for act in item.get("acts", ())),
    }
    return StepFinding(**{**item, **read})


def _act(item: Mapping[str, Any]) -> ActFinding:
    read: dict[str, Any] = {"label": Text.from_data(item["label"]), "within": LimitData.from_data(item["within"])}
    return ActFinding(**{**item, **read})


def _linked(item: Mapping[str, Any]) -> LinkedFinding:
    children = tuple(_linked_child(child) for child in item["children"])
    label, ceiling = Text.from_data(item["label"]), LimitData.from_data(item["ceiling"])
    return LinkedFinding(label, ceiling, item["due"], children, item["citation"])


def _linked_child(item: Mapping[str, Any]) -> LinkedChildFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "system": _text(item["system"]),
        **{name: LimitData.from_data(item[name]) for name in ("acknowledged_within", "within")},
        "reasons": _reasons(item),
    }
    return LinkedChildFinding(**{**item, **read})


def _process(item: Mapping[str, Any]) -> ProcessFinding:
    read: dict[str, Any] = {"label": _text(item["label"])}
    return ProcessFinding(**{**item, **read})


def _external(item: Mapping[str, Any]) -> ExternalFinding:
    read: dict[str, Any] = {
        "system": Text.from_data(item["system"]),
        "acknowledged_within": LimitData.from_data(item["acknowledged_within"]),
        "result": _text(item.get("result")),
    }
    return ExternalFinding(**{**item, **read})


def _route(item: Mapping[str, Any]) -> RouteFinding:
    read: dict[str, Any] = {"state": State(item["state"]), "reasons": _reasons(item), "near": _near(item)}
    return RouteFinding(**{**item, **read})


def _refusals(data: Mapping[str, Any]) -> tuple[Refusal, ...]:
    return tuple(Refusal(Text.from_data(item["text"]), _reasons(item)) for item in data["refusals"])


def _examination(data: Mapping[str, Any]) -> ExaminationFinding:
    return ExaminationFinding(data["outcome"], _refusals(data), _text(data["form"]))


def _validity(data: Mapping[str, Any]) -> ValidFinding:
    return ValidFinding(data["amount"], data["unit"], data["until"], _text(data["words"]), _text(data["text"]))


def _result(item: Mapping[str, Any]) -> ResultFinding:
    valid, book = item.get("valid"), item.get("book")
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "reasons": _reasons(item),
        "form": _text(item.get("form")),
        "valid": _validity(valid) if valid else None,
        "book": BookFinding(Text.from_data(book["label"]), book["restarts"]) if book else None,
        "signer": _text(item.get("signer")),
        "data": _data(item),
    }
    return ResultFinding(**{**item, **read})


def _problem(data: Mapping[str, Any]) -> Problem:
    return Problem(tuple(data["where"]), data["what"], data["hint"], Severity(data["severity"]))
