"""Golden cases (tình huống mẫu) as an administrator states them: facts, a day, and what must come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.clock.ledger import ClockEvent
from rules.clock.spans import Limit
from rules.values import Text

ABSENT = "absent"
"""Stands where a line of money, or a paper, is expected not to be in the outcome at all."""

CHANGES = (
    *("fee", "payout", "papers", "deadline", "eligibility"),
    *("steps", "route", "stops", "examination", "results"),
)
"""What an unknown fact may be expected to change."""

STATES = ("decided", "no_rule", "missing", "conflict")
"""What a line of money may be expected to come to, as the outcome names it."""

TOLD = ("state", "kind", "set_by", "collected", "refundable", "owed")
"""What else may be expected of a line of money, as the outcome tells it."""

STEP_LIMITS = ("at_least", "at_most", "quota", "acknowledged_within")
STEP_MOMENTS = ("sent", "acknowledge_by", "acknowledged")
STEP_TELLS = (*STEP_LIMITS, "relation", "role", "acts", "clock", "stop", *STEP_MOMENTS)
"""What may be expected of a step of the internal process."""

Amount = int | str | None
"""Whole minor units, None where no amount is expected, ABSENT where no such line is."""


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """What is expected of one line of money. `asked` names what is compared: an amount may be expected to be None.

    `base` is the amount before reductions, `rows` the amounts of the rows of its group in order, `lost` the ids of the
    reductions that applied and did not count, `cut` that of the one that did, empty for none. `told` is what else the
    outcome tells of the line, some of TOLD.
    """

    asked: frozenset[str]
    amount: Amount = None
    base: int | None = None
    rows: tuple[int | None, ...] = ()
    cut: str = ""
    lost: tuple[str, ...] = ()
    told: Mapping[str, str | bool] = field(default_factory=dict[str, str | bool], hash=False)


@dataclass(frozen=True, slots=True)
class ExpectedPaper:
    """What is expected of one paper; None is not compared. `rows` are the rows that ask for it, from 1.

    `accepted` are the forms that are good for this way of filing, exactly; `handed` and `returned` as in the outcome.
    """

    need: str | None = None
    originals: int | None = None
    copies: int | None = None
    rows: tuple[int, ...] | None = None
    valid: bool | None = None
    handed: str | None = None
    accepted: tuple[str, ...] | None = None
    returned: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRoute:
    """Where the dossier is expected to go: the relation, and where it is said the code of the unit or the branch."""

    to: str | None
    unit: str | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedStep:
    """What is expected of one step that is taken, or that it is not (`taken` false). `asked` names what is compared.

    `limits` are some of STEP_LIMITS, None where none is stated; `relation` None where the step has none, `role` the
    Vietnamese text of who takes it, empty where none is stated, `acts` the ids of its acts in order. `clock` and `stop`
    are those of its outside system, empty where it has none, and `moments` some of STEP_MOMENTS, None while not known.
    """

    asked: frozenset[str] = frozenset()
    taken: bool = True
    limits: Mapping[str, Limit | None] = field(default_factory=dict[str, Limit | None], hash=False)
    relation: ExpectedRoute | None = None
    clock: str = ""
    stop: str = ""
    role: str = ""
    acts: tuple[str, ...] = ()
    moments: Mapping[str, date | datetime | None] = field(default_factory=dict[str, date | datetime | None], hash=False)


@dataclass(frozen=True, slots=True)
class ExpectedResult:
    """What is expected of one result; None is not compared. `until` is the last day it is valid."""

    code: str | None = None
    number: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ExpectedEntry:
    """A line that must be in the ledger: its kind, and where it is said its moment."""

    kind: str
    at: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a golden case expects. `asked` names what it says anything about; the rest is not compared.

    `papers` are all required ones, `steps` all that are taken and `results` all that are issued; `each_paper`,
    `each_step` and `each_result` say more of some.
    `missing` are all unknown facts that could still change something, `each_missing` what some of them could change.
    """

    asked: frozenset[str]
    charges: Mapping[str, ExpectedLine] = field(default_factory=dict[str, ExpectedLine], hash=False)
    payouts: Mapping[str, ExpectedLine] = field(default_factory=dict[str, ExpectedLine], hash=False)
    total: int | None = None
    papers: tuple[str, ...] = ()
    deadline: date | datetime | None = None
    committed: date | datetime | None = None
    steps: tuple[str, ...] = ()
    route: ExpectedRoute | None = None
    eligible: bool = True
    because: tuple[str, ...] = ()
    each_paper: Mapping[str, ExpectedPaper] = field(default_factory=dict[str, ExpectedPaper], hash=False)
    cases: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    each_step: Mapping[str, ExpectedStep] = field(default_factory=dict[str, ExpectedStep], hash=False)
    appointment: date | datetime | None = None
    ledger: tuple[ExpectedEntry, ...] = ()
    examination: str | None = None
    results: tuple[str, ...] = ()
    each_result: Mapping[str, ExpectedResult] = field(default_factory=dict[str, ExpectedResult], hash=False)
    missing: tuple[str, ...] = ()
    each_missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]], hash=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A golden case: facts, a day or moment of acceptance, and what must come out.

    `events` are what happened to the dossier afterwards; the due moments are those after them.
    """

    name: Text
    given: Mapping[str, Any] = field(hash=False)
    on: date
    at: datetime | None
    then: Expected
    events: tuple[ClockEvent, ...] = ()
