"""The outcome of the rules (kết quả tính) as data: findings, each with its reasons, and the hash that pins it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.errors import Problem
from rules.evaluation import kept
from rules.evaluation.findings import (
    CaseFinding,
    ChargeFinding,
    DeadlineFinding,
    ExaminationFinding,
    LinkedFinding,
    Missing,
    NoticeFinding,
    PaperFinding,
    PayoutFinding,
    ProcessFinding,
    Refusal,
    ResultFinding,
    RouteFinding,
    StepFinding,
)
from rules.evaluation.plain import UNSAID, plain
from rules.values import Text

ENGINE = 4
"""The number of the evaluation's meaning (số của bộ tính): it changes when the same law and facts come out otherwise.

Since 2 every sentence is said in both languages, and fewer facts are named as missing. Since 3 no near miss is told
that would change nothing or that is over, and a promise past the law's limit is a warning. Since 4 a row that almost
applied promises an amount only where that amount would come out.
"""


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
        return {name: each for name, each in data.items() if name not in UNSAID or each != UNSAID[name]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Evaluation":
        """Read what `to_data` wrote; the hash is computed again and is the same."""
        return cls(**kept.parts_of(data))


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def kept_hash(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) over an evaluation as it was kept, its own hash left out.

    The kept values are not read first: an evaluation kept before the format changed has its hash all the same.
    """
    return _digest({name: value for name, value in data.items() if name != "hash"})
