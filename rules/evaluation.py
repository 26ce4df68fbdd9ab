"""The outcome of the rules (kết quả tính) as data: findings, each with its reasons, and the hash that pins it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from rules.clock import LedgerKind, LedgerLine
from rules.errors import Problem, Severity
from rules.values import Text

ENGINE = 1
"""The number of the evaluation's meaning; it changes when the same law and facts would come out otherwise."""


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
        made = {"rules": list(self.rules), "citations": list(self.citations)}
        return {**data, "source": self.source, **{name: each for name, each in made.items() if each}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "FactUsed":
        """Read what `to_data` wrote."""
        made = (tuple(data.get("rules", ())), tuple(data.get("citations", ())))
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
    """A reduction that applied: percent off and what would be paid; only the one best for the payer counts."""

    rule: str
    sentence: Text
    percent: int
    amount: int
    citation: str = ""


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
class PaperFinding:
    """One paper: `need` is required, optional, waived, or undecided when no rule says."""

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

    @property
    def required(self) -> bool:
        """Tell whether the paper must be there."""
        return self.need == "required"


@dataclass(frozen=True, slots=True)
class ChargeFinding:
    """One line of money in whole minor units. `amount` None is never 0: no rule, missing facts, or a conflict.

    `base` is the amount before reductions; `cut` the reduction that counted, `lost` those that did not.
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


@dataclass(frozen=True, slots=True)
class DeadlineFinding:
    """The due moments in legal time, or None where no rule gives a limit; `example` marks a limit that is only one.

    The limits, as plain data, let a later clock count on with stops and extensions.
    """

    state: State
    statutory: datetime | None
    committed: datetime | None
    appointment: datetime | None
    limit: "LimitData | None"
    committed_limit: "LimitData | None"
    reasons: tuple[Reason, ...]
    near: tuple[NearMiss, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    example: Text | None = None


@dataclass(frozen=True, slots=True)
class LimitData:
    """A limit as plain data: amount, unit, cut-off in minutes since midnight, start, and the words for people."""

    amount: int
    unit: str
    cutoff: int | None
    start: str
    words: Text


@dataclass(frozen=True, slots=True)
class Missing:
    """An unknown fact that could still change the outcome: which of fee, papers, deadline, eligibility."""

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
    engine: int = ENGINE

    @property
    def hash(self) -> str:
        """The SHA-256 (hex) over the canonical JSON of everything else."""
        return _digest(self._content())

    def to_data(self) -> dict[str, Any]:
        """Return the evaluation as plain JSON values, with its hash."""
        content = self._content()
        return {**content, "hash": _digest(content)}

    def _content(self) -> dict[str, Any]:
        return {name: plain(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Evaluation":
        """Read what `to_data` wrote; the hash is computed again and is the same."""
        return cls(
            **{name: data[name] for name in _PLAIN},
            on=date.fromisoformat(data["on"]),
            at=datetime.fromisoformat(data["at"]),
            refusals=tuple(Refusal(Text.from_data(item["text"]), _reasons(item)) for item in data["refusals"]),
            papers=tuple(_paper(item) for item in data["papers"]),
            charges=tuple(_charge(item) for item in data["charges"]),
            deadline=_deadline(data["deadline"]) if data["deadline"] else None,
            missing=tuple(
                Missing(item["fact"], Text.from_data(item["label"]), tuple(item["could_change"]))
                for item in data["missing"]
            ),
            problems=tuple(_problem(item) for item in data["problems"]),
            example=_text(data["example"]),
        )


_PLAIN = ("procedure", "version", "law", "office", "facts", "eligible", "totals", "engine")


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
            citation=data["citation"],
            note=_text(data["note"]),
            origin=_text(data.get("origin")),
        )
        for data in item["reasons"]
    )


def _near(item: Mapping[str, Any]) -> tuple[NearMiss, ...]:
    return tuple(
        NearMiss(data["rule"], Text.from_data(data["change"]), data["fact"], data["citation"]) for data in item["near"]
    )


def _offer(data: Mapping[str, Any]) -> Offer:
    sentence = Text.from_data(data["sentence"])
    return Offer(data["rule"], sentence, data["percent"], data["amount"], data["citation"])


def _paper(item: Mapping[str, Any]) -> PaperFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "form": _text(item["form"]),
        "waived_by": _text(item["waived_by"]),
        "reasons": _reasons(item),
        "near": _near(item),
    }
    return PaperFinding(**{**item, **read})


def _charge(item: Mapping[str, Any]) -> ChargeFinding:
    read: dict[str, Any] = {
        "label": Text.from_data(item["label"]),
        "state": State(item["state"]),
        "reasons": _reasons(item),
        "cut": _offer(item["cut"]) if item["cut"] else None,
        "lost": tuple(_offer(data) for data in item["lost"]),
        "near": _near(item),
        "example": _text(item["example"]),
    }
    return ChargeFinding(**{**item, **read})


def _deadline(item: Mapping[str, Any]) -> DeadlineFinding:
    moments: dict[str, Any] = {
        name: datetime.fromisoformat(item[name]) if item[name] else None
        for name in ("statutory", "committed", "appointment")
    }
    limits: dict[str, Any] = {name: _limit(item[name]) for name in ("limit", "committed_limit")}
    read: dict[str, Any] = {
        "state": State(item["state"]),
        "reasons": _reasons(item),
        "near": _near(item),
        "ledger": tuple(
            LedgerLine(
                datetime.fromisoformat(line["at"]),
                Text.from_data(line["what"]),
                line["basis"],
                LedgerKind(line["kind"]),
            )
            for line in item["ledger"]
        ),
        "example": _text(item["example"]),
    }
    return DeadlineFinding(**moments, **limits, **read)


def _limit(data: Mapping[str, Any] | None) -> LimitData | None:
    read: dict[str, Any] = {"words": Text.from_data(data["words"])} if data else {}
    return LimitData(**{**data, **read}) if data else None


def _problem(data: Mapping[str, Any]) -> Problem:
    return Problem(tuple(data["where"]), data["what"], data["hint"], Severity(data["severity"]))
