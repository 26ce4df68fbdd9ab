"""What an outcome is made of: findings on papers, money, time, process and endings, each with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from rules.citations import Citation
from rules.clock.limit_data import LimitData, StopData
from rules.clock.running import LedgerLine
from rules.definition.papers import ASKED
from rules.evaluation.plain import plain, said
from rules.values import Text


@dataclass(frozen=True, slots=True)
class FactUsed:
    """A fact a rule read: id, label, value as shown, and its source (form, officer, computed, table, parameter ...).

    `rules` and `citations` say where a fact comes from that the rules made: the rows of the table that gave it, and
    their legal basis or that of a parameter of the law. The value of a parameter is shown with the days it holds;
    `origin` says which shared rule set the parameter came with.
    """

    fact: str
    label: Text
    shown: Text
    source: str
    rules: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    origin: Text | None = None

    def to_data(self) -> dict[str, Any]:
        """Return the fact as plain JSON values; rules, citations and origin only where there are any."""
        data = {"fact": self.fact, "label": self.label.to_data(), "shown": self.shown.to_data()}
        made = {"rules": list(self.rules), "citations": plain(self.citations), "origin": plain(self.origin)}
        return {**data, "source": self.source, **{name: each for name, each in made.items() if each}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "FactUsed":
        """Read what `to_data` wrote."""
        made = (tuple(data.get("rules", ())), tuple(map(Citation.from_data, data.get("citations", ()))))
        label, shown = Text.from_data(data["label"]), Text.from_data(data["shown"])
        origin = Text.from_data(data["origin"]) if "origin" in data else None
        return cls(data["fact"], label, shown, data["source"], *made, origin)


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
    """One paper: `need` is one of `rules.definition.papers.NEED_WORDS`; undecided when no rule says.

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
        return said(self)


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
    `owed`: the amount is recorded as a debt (ghi nợ) and paid later.
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
    owed: bool
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
    """What may be asked for before acceptance, as in `ReceptionRule`; `citation` is its legal basis."""

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
        return said(self)


@dataclass(frozen=True, slots=True)
class ActFinding:
    """An act inside a step with a deadline of its own; `due` (ISO text) only where it counts from the acceptance.

    `late` and `counts_from` as in rules.definition.internal.
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
        return said(self)


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
    """What the examination (thẩm định) comes to as far as facts are known: one of `rules.definition.results.EXAMINED`.

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
        return said(self)


@dataclass(frozen=True, slots=True)
class Missing:
    """An unknown fact that could still change the outcome.

    Which of fee, payout, papers, deadline, eligibility, steps, route, stops, examination, results: only the first five
    keep a dossier from being received.
    """

    fact: str
    label: Text
    could_change: tuple[str, ...]
