"""The acts on a dossier (hồ sơ): receive, take over, decide, return; each one transaction with one audit line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from app.clock import legal_day, local
from app.security.assignment import Duty, Rights
from app.security.verbs import Verb
from app.services import earlier, search_lines
from app.services import evaluation as evaluations
from app.services.errors import (
    MoveNotAllowedError,
    NotAllowedError,
    NotEligibleError,
    NotFoundError,
    NotReceivableError,
    NumbersUsedUpError,
    StaleError,
    UnusableInputError,
)
from app.services.keeping import refuse_where_only_guided
from app.services.office import UnitOnDay, dossier_code_of, unit_on
from app.services.party import APPLICANT, ORGANISATION, REPRESENTATIVE, Applicant, add_applicant, identifier_of
from app.storage.account import Officer
from app.storage.audit import Note
from app.storage.dossier import (
    ClockEventRecord,
    Dossier,
    DossierEvent,
    DossierFacts,
    DossierPaper,
    DossierResult,
    next_number,
)
from app.storage.folding import folded
from app.storage.identity import current_identity
from app.storage.party import DossierParty
from app.storage.procedure import Procedure, ProcedureVersion, version_in_force
from app.storage.unit_of_work import Work
from forms.sentence import Sentence, joined
from rules import codec, lifecycle
from rules.definition.procedure import FactSpec, ProcedureDefinition
from rules.evaluation.findings import Missing, PaperFinding
from rules.evaluation.missing import STOPPING
from rules.evaluation.outcome import Evaluation
from rules.lifecycle import (
    ACT_LABELS,
    FIRST_STATE,
    STATE_LABELS,
    DeliveryState,
    MoneyState,
    Move,
    Outcome,
    State,
    SyncState,
)
from rules.values import Text, day_figures
from rules.vocabulary import APPLICANT_KINDS, CHANNELS, HANDED_IN, ORGANISATIONS, UNIT_KINDS

LAST_NUMBER = 9_999
KNOWN_AT_RECEPTION = frozenset({"", "filing", "reception"})
"""The stages whose facts are known when a dossier is received."""

RETURN_CHANNEL = Text("Cách nhận kết quả", "Return")
RETURN_CHANNELS: Mapping[str, Text] = MappingProxyType(
    {
        "counter": Text("Nhận trực tiếp tại nơi nộp", "At the desk"),
        "post": Text("Nhận qua bưu chính", "By post"),
        "online": Text("Nhận bản điện tử", "Electronically"),
    }
)
"""The ways in which a result is handed over (cách nhận kết quả)."""

FOUND_AT_RECEPTION = Text("Cán bộ ghi nhận", "Recorded by the officer")
"""The heading over what the officer finds at reception, by hand, on a paper, in a register or with another body."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything the counter says when a dossier is handed in (tiếp nhận).

    `intake_key` is made when the form is opened: the same form sent twice is one dossier. `facts` are the answers of
    the form; the acceptance adds those it knows itself. `received` names the papers that were handed in.
    """

    intake_key: UUID
    procedure_code: str
    version_id: UUID
    duty: Duty
    channel: str
    return_channel: str
    applicant: Applicant
    applicant_kind: str
    facts: Mapping[str, Any]
    digital_citizen: bool | None = None
    received: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ruling:
    """An officer's decision on a dossier (quyết định giải quyết) as it is recorded."""

    outcome: Outcome
    summary: str
    number: str = ""
    signed_on: date | None = None
    signer: str = ""


def is_found_at_reception(spec: FactSpec) -> bool:
    """Tell whether a fact is handed in beside the form, by the time the dossier is received."""
    return spec.source in HANDED_IN and spec.stage in KNOWN_AT_RECEPTION


def is_asked_at_reception(spec: FactSpec) -> bool:
    """Tell whether the officer records a fact at reception; what a person's history says is looked up, not asked."""
    return is_found_at_reception(spec) and spec.query is None


def known_facts(
    unit: UnitOnDay, *, channel: str | None, applicant_kind: str | None, digital_citizen: bool | None
) -> dict[str, Any]:
    """Return the facts that the acceptance itself knows; absent means unknown. No organisation is a digital citizen."""
    kind = unit.attributes.get("kind", unit.kind)
    if applicant_kind in ORGANISATIONS:
        digital_citizen = False
    facts = {
        "channel": channel,
        "applicant_kind": applicant_kind,
        "digital_citizen": digital_citizen,
        "receiving_unit": unit.code,
        "receiving_unit_kind": kind if kind in UNIT_KINDS else None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def version_to_receive(session: Session, code: str, at: datetime) -> ProcedureVersion:
    """Return the version in force today, or refuse: nothing can be received under a procedure that is not published."""
    version = version_in_force(session, code, legal_day(at))
    if version is None:
        raise NotFoundError(
            "Thủ tục %(code)s chưa có phiên bản đang áp dụng.",
            todo="Chọn thủ tục khác, hoặc đề nghị người quản trị danh mục công bố thủ tục này.",
            code=code,
        )
    return version


def receive(work: Work, intake: Intake, *, rights: Rights, at: datetime) -> Dossier:
    """Take a dossier in (tiếp nhận hồ sơ) and say at once what it owes and when it is due.

    Sending the same form again returns the dossier that was made the first time. Raises NotEligibleError where the
    rules do not let it be received, NotReceivableError where papers, or facts that could change the outcome, are
    wanting.
    """
    known = by_intake_key(work.session, intake.intake_key)
    if known is not None:
        return known
    version, facts = prepared(work.session, intake, rights=rights, at=at)
    done = evaluations.evaluate_facts(work.session, version, facts, at)
    refuse_what_may_not_be_received(evaluations.definition_of(version), done.evaluation, intake.received)

    def keep(dossier: Dossier) -> None:
        evaluations.record(work, dossier, version, done, at=at, reason="Tiếp nhận hồ sơ")

    return admit(work, intake, version, facts, Promised.of(done.evaluation), keep=keep, at=at)


def prepared(
    session: Session, intake: Intake, *, rights: Rights, at: datetime
) -> tuple[ProcedureVersion, dict[str, Any]]:
    """Return the version an intake falls under and all its facts, or refuse who or what may not be received there."""
    version = version_to_receive(session, intake.procedure_code, at)
    if version.uuid != intake.version_id:
        raise StaleError(
            "Thủ tục này vừa có phiên bản mới.", todo="Mở lại mẫu: phần đã nhập được giữ, kiểm tra rồi tiếp nhận lại."
        )
    refuse_where_only_guided(evaluations.definition_of(version))
    _require_way(evaluations.definition_of(version), intake.channel)
    _require_kind(evaluations.definition_of(version), intake)
    _require_duty(rights, intake.duty, session.get_one(Procedure, version.procedure_id))
    earlier.hold_person(session, version, intake.applicant)
    known = known_facts(
        unit_on(session, intake.duty.acts_for_unit_id, legal_day(at)),
        channel=intake.channel,
        applicant_kind=intake.applicant_kind,
        digital_citizen=intake.digital_citizen,
    )
    return version, {**intake.facts, **known, **earlier.facts_of(session, version, intake.applicant, at)}


@dataclass(frozen=True, slots=True)
class Promised:
    """What the office promises when it receives: the money, the due moments, the limits in words, the papers.

    Moments are None and words empty where no rule gives them. `detail` is told to the record.
    """

    money_state: MoneyState
    is_fee_bearing: bool
    statutory: datetime | None
    committed: datetime | None
    appointment: datetime | None
    papers: tuple[PaperFinding, ...]
    statutory_limit: str = ""
    committed_limit: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, outcome: Evaluation) -> "Promised":
        """Return what an evaluation lets the office promise."""
        due = outcome.deadline
        assert due is not None, "a dossier without an appointment was refused before"
        return cls(
            money_state(outcome), bool(outcome.charges), due.statutory, due.committed, due.appointment, outcome.papers,
            due.limit.words.vi if due.limit else "", due.committed_limit.words.vi if due.committed_limit else "",
        )  # fmt: skip


def admit(
    work: Work,
    intake: Intake,
    version: ProcedureVersion,
    facts: Mapping[str, Any],
    promised: Promised,
    *,
    keep: Callable[[Dossier], object],
    at: datetime,
) -> Dossier:
    """Make the dossier of an intake that was found good, with all its first records, in one transaction.

    `keep` writes what the promise stands on. Of two sendings of one form the second gets the dossier of the first.
    """
    procedure = work.session.get_one(Procedure, version.procedure_id)
    try:
        dossier = _add(work, intake, version, procedure, promised, at)
    except IntegrityError:
        work.session.rollback()
        known = by_intake_key(work.session, intake.intake_key)
        if known is None:
            raise
        return known
    _add_facts_and_papers(work, dossier, intake, facts, promised, version, at)
    keep(dossier)
    add_applicant(work.session, dossier, intake.applicant)
    told = {"channel": intake.channel, **promised.detail}
    _write_event(work, dossier, "receive", None, FIRST_STATE, intake.duty, at, told)
    search_lines.ask_for(work, dossier)
    work.commit()
    return dossier


def ways_of(definition: ProcedureDefinition) -> tuple[str, ...]:
    """Return the ways of filing (cách thức thực hiện) that a procedure allows; all, where it does not say."""
    return definition.statutory.ways or tuple(CHANNELS)


def _require_way(definition: ProcedureDefinition, channel: str) -> None:
    ways = ways_of(definition)
    if channel not in ways:
        raise UnusableInputError(
            "Thủ tục %(code)s không nhận hồ sơ theo cách nộp này.",
            todo="Chọn một trong các cách nộp mà thủ tục cho phép: %(ways)s.",
            code=definition.code,
            ways=joined([CHANNELS[way] for way in ways], ", "),
        )


def kinds_of(definition: ProcedureDefinition) -> tuple[str, ...]:
    """Return the kinds of applicant (đối tượng thực hiện) that may apply; all, where the procedure does not say."""
    return definition.statutory.applicant_kinds or tuple(APPLICANT_KINDS)


def _require_kind(definition: ProcedureDefinition, intake: Intake) -> None:
    """Refuse a kind of applicant that may not apply, and an organisation that is named like a person or the reverse.

    Who is refused with a slip need not have said yet what kind of applicant they are.
    """
    kind, kinds = intake.applicant_kind, kinds_of(definition)
    if kind and kind not in kinds:
        raise UnusableInputError(
            "Thủ tục %(code)s không dành cho loại người nộp này.",
            todo="Chọn một trong các loại người nộp mà thủ tục cho phép: %(kinds)s.",
            code=definition.code,
            kinds=joined([APPLICANT_KINDS[each] for each in kinds], ", "),
        )
    if (kind in ORGANISATIONS) != (intake.applicant.kind == ORGANISATION):
        raise UnusableInputError(
            "Loại người nộp không khớp với thông tin người nộp.",
            todo="Với tổ chức, ghi tên, mã số thuế và người đại diện; với cá nhân, ghi họ tên và số định danh.",
        )


def missing_now(definition: ProcedureDefinition, evaluation: Evaluation) -> tuple[Missing, ...]:
    """Return the unknown facts that must be known to receive.

    What a later step finds out stops nobody, nor does what could only change the internal
    steps, the routing, later waits, the examination or what is issued.
    """
    vocabulary = definition.vocabulary
    stopping = (missing for missing in evaluation.missing if not STOPPING.isdisjoint(missing.could_change))
    return tuple(missing for missing in stopping if vocabulary[missing.fact].stage in KNOWN_AT_RECEPTION)


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that keeps a dossier from being received yet; `fact` or `paper` names the answer or paper wanting."""

    text: str
    fact: str = ""
    paper: str = ""


def grounds_against(
    definition: ProcedureDefinition, evaluation: Evaluation, received: frozenset[str]
) -> tuple[Ground, ...]:
    """Return everything that an eligible dossier still lacks, as the law asks: one notice, complete."""
    unknown = missing_now(definition, evaluation)
    grounds = [Ground(problem.what) for problem in evaluation.problems if problem.severity == "error"]
    grounds += [
        Ground(Sentence("Chưa có thông tin: %(what)s.", what=missing.label), fact=missing.fact) for missing in unknown
    ]
    deadline = evaluation.deadline
    if not grounds and (deadline is None or deadline.appointment is None):
        why = Sentence("Chưa có quy định về thời hạn cho trường hợp này nên không ghi được ngày hẹn trả.")
        grounds.append(Ground(why))
    grounds += [
        Ground(Sentence("Còn thiếu giấy tờ: %(paper)s.", paper=paper.label), paper=paper.code)
        for paper in evaluation.papers
        if paper.required and paper.code not in received
    ]
    grounds += _alternatives_missing(evaluation, received)
    return tuple(grounds)


def refuse_what_may_not_be_received(
    definition: ProcedureDefinition, evaluation: Evaluation, received: frozenset[str]
) -> None:
    """Refuse what may never be received with its legal grounds, and what may not be yet with all that is wanting."""
    if evaluation.refusals:
        raise NotEligibleError(evaluation.refusals)
    grounds = grounds_against(definition, evaluation, received)
    if grounds:
        raise NotReceivableError([ground.text for ground in grounds])


def _alternatives_missing(evaluation: Evaluation, received: frozenset[str]) -> Iterator[Ground]:
    """Name the papers of which one is enough where none was handed in; the ground stands at the first of them."""
    alternatives: dict[str, list[PaperFinding]] = {}
    for paper in evaluation.papers:
        if paper.need == "one_of":
            alternatives.setdefault(paper.one_of, []).append(paper)
    for papers in alternatives.values():
        if not any(paper.code in received for paper in papers):
            names = joined((paper.label for paper in papers), "; ")
            what = Sentence("Còn thiếu một trong các giấy tờ: %(papers)s.", papers=names)
            yield Ground(what, paper=papers[0].code)


def _add(
    work: Work, intake: Intake, version: ProcedureVersion, procedure: Procedure, promised: Promised, at: datetime
) -> Dossier:
    unit_id = intake.duty.acts_for_unit_id
    day = legal_day(at)
    series = dossier_code_of(work.session, unit_id, day)
    number = next_number(work.session, series, day)
    if number > LAST_NUMBER:
        raise NumbersUsedUpError(
            "Đơn vị đã dùng hết 9.999 mã hồ sơ của ngày hôm nay.", todo="Tiếp nhận tiếp vào ngày làm việc sau."
        )
    code = f"{series}-{day:%y%m%d}-{number:04d}"
    dossier = Dossier(
        code=code, intake_key=intake.intake_key, procedure_id=procedure.id,
        form_version_id=version.id, rules_version_id=version.id,
        receiving_unit_id=unit_id, competent_unit_id=unit_id, holding_unit_id=unit_id, holder_id=None,
        state=FIRST_STATE, money_state=promised.money_state, delivery_state=DeliveryState.NOT_READY,
        sync_state=SyncState.LOCAL, filing_channel=intake.channel, return_channel=intake.return_channel,
        typed_by="post" if intake.duty.on_behalf_of_id else "officer",
        applicant_name=intake.applicant.full_name, folded=folded(f"{code} {intake.applicant.full_name}"),
        facts_revision=1, frozen=frozen(unit_on(work.session, unit_id, day), procedure, version, promised),
        statutory_due=promised.statutory, committed_due=promised.committed, appointment_due=promised.appointment,
        accepted_at=at,
    )  # fmt: skip
    work.session.add(dossier)
    work.flush()
    return dossier


def frozen(unit: UnitOnDay, procedure: Procedure, version: ProcedureVersion, promised: Promised) -> dict[str, Any]:
    """Return what later reports count by, as it was on the day of acceptance."""
    return {
        "unit": unit.name,
        "unit_kind": unit.kind,
        "unit_parent_id": unit.parent_id,
        "field_of_work": procedure.field_of_work,
        "procedure_code": procedure.code,
        "version": version.number,
        "ways": list(evaluations.definition_of(version).statutory.ways),
        "fee_bearing": promised.is_fee_bearing,
        "statutory_limit": promised.statutory_limit,
        "committed_limit": promised.committed_limit,
    }


def money_state(outcome: Evaluation) -> MoneyState:
    """Return where the money stands after an evaluation; an amount nobody knows is not nothing."""
    if any(line.amount is None for line in outcome.charges):
        return MoneyState.UNKNOWN
    return MoneyState.DUE if any(line.amount for line in outcome.charges) else MoneyState.NOTHING_DUE


def _add_facts_and_papers(
    work: Work,
    dossier: Dossier,
    intake: Intake,
    facts: Mapping[str, Any],
    promised: Promised,
    version: ProcedureVersion,
    at: datetime,
) -> None:
    definition = evaluations.definition_of(version)
    work.session.add(
        DossierFacts(
            dossier_id=dossier.id, revision=1, facts=codec.facts_to_json(definition, facts),
            author_id=current_identity().user_id, reason="Tiếp nhận hồ sơ", event_at=at,
        )
    )  # fmt: skip
    work.session.add_all(
        DossierPaper(
            dossier_id=dossier.id, code=paper.code, revision=1, label=paper.label.vi, required=paper.required,
            originals=paper.originals, copies=paper.copies, received=paper.code in intake.received,
            detail={"handed": paper.handed, "need": paper.need},
        )
        for paper in promised.papers if paper.need != "note"
    )  # fmt: skip
    work.session.add(
        ClockEventRecord(
            dossier_id=dossier.id, kind="accepted", at=at, basis="khoản 3 Điều 17 Nghị định 118/2025/NĐ-CP"
        )
    )


def take_over(work: Work, dossier_id: UUID, *, rights: Rights, seen_version: int, at: datetime) -> Dossier:
    """Become the officer who holds the dossier (nhận giải quyết)."""
    dossier = open_dossier(work.session, dossier_id, rights)
    if dossier.holder_id == rights.user_id and dossier.state == State.IN_PROGRESS:
        return dossier
    duty = _begin(work.session, dossier, "take_over", rights, seen_version)
    told = {} if dossier.holder is None else {"former_holder": dossier.holder.full_name}
    dossier.holder_id = rights.user_id
    return _finish(work, dossier, "take_over", duty, at, told)


def decide(work: Work, dossier_id: UUID, ruling: Ruling, *, rights: Rights, seen_version: int, at: datetime) -> Dossier:
    """Record the result of the examination (ghi kết quả giải quyết); the result is then ready to be returned.

    From then on nobody holds the dossier: it waits at the desk, and whoever may return it does so.
    """
    dossier = open_dossier(work.session, dossier_id, rights)
    duty = _begin(work.session, dossier, "decide", rights, seen_version)
    _refuse_a_day_to_come(ruling, legal_day(at))
    dossier.outcome = ruling.outcome
    dossier.delivery_state = DeliveryState.READY
    dossier.decided_at = at
    dossier.holder_id = None
    definition = evaluations.definition_of(dossier.rules_version)
    work.session.add(
        DossierResult(
            dossier_id=dossier.id, outcome=ruling.outcome, result_code=definition.statutory.result_code or None,
            number=ruling.number or None, signed_on=ruling.signed_on, signer=ruling.signer or None,
            summary=ruling.summary, recorded_by=rights.user_id,
        )
    )  # fmt: skip
    return _finish(work, dossier, "decide", duty, at, {"outcome": ruling.outcome})


def _refuse_a_day_to_come(ruling: Ruling, today: date) -> None:
    if ruling.signed_on is not None and ruling.signed_on > today:
        raise UnusableInputError(
            "Ngày ký %(day)s là ngày chưa tới.",
            todo="Ghi ngày ký đúng như trên văn bản kết quả, không sau hôm nay, %(today)s.",
            day=day_figures(ruling.signed_on),
            today=day_figures(today),
        )


def return_result(
    work: Work,
    dossier_id: UUID,
    *,
    rights: Rights,
    seen_version: int,
    at: datetime,
    collected: Sequence[Mapping[str, Any]] = (),
) -> Dossier:
    """Hand the result to the applicant (trả kết quả); `collected` names the amounts that were collected with it."""
    dossier = open_dossier(work.session, dossier_id, rights)
    duty = _begin(work.session, dossier, "return_result", rights, seen_version)
    dossier.delivery_state = DeliveryState.HANDED_OVER
    dossier.returned_at = at
    told: dict[str, Any] = {"channel": dossier.return_channel, **({"collected": list(collected)} if collected else {})}
    return _finish(work, dossier, "return_result", duty, at, told)


def _begin(session: Session, dossier: Dossier, act: str, rights: Rights, seen_version: int) -> Duty:
    """Check, before anything changes, that the page was current, the move exists and the person may make it."""
    if dossier.lock_version != seen_version:
        raise _stale(session, dossier)
    try:
        move = lifecycle.move(State(dossier.state), act)
    except lifecycle.MoveNotAllowedError as impossible:
        raise MoveNotAllowedError(
            "Hồ sơ %(code)s đang ở trạng thái “%(state)s” nên không làm được việc “%(act)s”.",
            todo="Mở lại hồ sơ để xem các việc có thể làm.",
            code=dossier.code,
            state=Sentence(STATE_LABELS[State(dossier.state)]),
            act=Sentence(ACT_LABELS[act]),
        ) from impossible
    return _require(rights, Verb(move.verb), _units(dossier), dossier.procedure)


def _stale(session: Session, dossier: Dossier) -> StaleError:
    """Say where the dossier stands now and who brought it there: often it was the same person, on another page."""
    last = session.execute(
        select(DossierEvent.act, DossierEvent.event_at, DossierEvent.actor_id, Officer.full_name)
        .join(Officer, Officer.id == DossierEvent.actor_id)
        .where(DossierEvent.dossier_id == dossier.id)
        .order_by(DossierEvent.sequence.desc())
        .limit(1)
    ).one()
    is_own = last.actor_id == current_identity().user_id
    return StaleError(
        "Hồ sơ %(code)s đang ở trạng thái “%(state)s”: %(who)s đã làm việc “%(act)s” lúc %(at)s.",
        todo="Trang vừa gửi mở trước việc đó nên chưa ghi gì thêm. Xem lại hồ sơ rồi làm tiếp nếu còn cần.",
        code=dossier.code,
        state=Sentence(STATE_LABELS[State(dossier.state)]),
        who=Sentence("chính bạn") if is_own else last.full_name,
        act=Sentence(ACT_LABELS[last.act]),
        at=f"{local(last.event_at):%d/%m/%Y %H:%M}",
    )


def begin_beside(session: Session, dossier: Dossier, verb: Verb, rights: Rights, seen_version: int) -> Duty:
    """Check that the page was current and the person may do this, for an act that moves the dossier nowhere.

    The dossier's row stays locked until the act is written or given up.
    """
    duty = _require(rights, verb, _units(dossier), dossier.procedure)
    evaluations.hold(session, dossier)
    if dossier.lock_version != seen_version:
        raise _stale(session, dossier)
    return duty


def finish_beside(work: Work, dossier: Dossier, act: str, duty: Duty, at: datetime, detail: dict[str, Any]) -> Dossier:
    """Write an act that leaves the dossier where it stands: its version goes on, so that older pages are told."""
    flag_modified(dossier, "money_state")
    try:
        work.flush()
    except StaleDataError as raced:
        work.session.rollback()
        raise _stale(work.session, dossier) from raced
    _write_event(work, dossier, act, State(dossier.state), State(dossier.state), duty, at, detail)
    work.commit()
    return dossier


def may_do_beside(dossier: Dossier, verb: Verb, rights: Rights) -> bool:
    """Say whether this person's duties cover an act of this verb on the dossier."""
    return _duty_for(rights, verb, _units(dossier), dossier.procedure) is not None


def moves_open(dossier: Dossier, rights: Rights) -> tuple[Move, ...]:
    """Return what this person may do with the dossier now: the life cycle lets it, and a duty of theirs covers it."""
    return tuple(
        move
        for move in lifecycle.moves_from(State(dossier.state))
        if _duty_for(rights, Verb(move.verb), _units(dossier), dossier.procedure) is not None
        and not (move.act == "take_over" and dossier.holder_id == rights.user_id)
    )


def may_open_identity(dossier: Dossier, rights: Rights) -> bool:
    """Say whether this person's duties let them read the applicant's identity number in the clear."""
    return _duty_for(rights, Verb.OPEN_PERSONAL_DATA, _units(dossier), dossier.procedure) is not None


def open_identity(work: Work, dossier_id: UUID, *, purpose: str, rights: Rights, at: datetime) -> str:
    """Return the applicant's identity number (số định danh) in the clear; who read it and why is written down first.

    Of an organisation it is that of the representative: only a person's number is hidden.
    """
    dossier = open_dossier(work.session, dossier_id, rights)
    duty = _require(rights, Verb.OPEN_PERSONAL_DATA, _units(dossier), dossier.procedure)
    if not purpose.strip():
        raise UnusableInputError("Chưa ghi mục đích xem số định danh.", todo="Ghi mục đích rồi xem lại.")
    evaluations.hold(work.session, dossier)
    parties = {
        party.role: party.party_id
        for party in work.session.scalars(select(DossierParty).where(DossierParty.dossier_id == dossier.id))
    }
    party_id = parties.get(REPRESENTATIVE, parties[APPLICANT])
    identity = current_identity()
    work.note(
        Note(
            "dossier", str(dossier.uuid), "open_identity", at, identity.user_id, identity.user_name,
            duty.acts_for_unit_id, duty.assignment_id, purpose=purpose.strip(), detail={"code": dossier.code},
        )
    )  # fmt: skip
    number = identifier_of(work.session, party_id)
    work.commit()
    return number


def _finish(work: Work, dossier: Dossier, act: str, duty: Duty, at: datetime, detail: dict[str, Any]) -> Dossier:
    before = State(dossier.state)
    dossier.state = lifecycle.move(before, act).to
    try:
        work.flush()  # the version in the row is compared here; a second writer loses before the record is written
    except StaleDataError as raced:
        work.session.rollback()  # what the other one wrote can be read only now
        raise _stale(work.session, dossier) from raced
    _write_event(work, dossier, act, before, State(dossier.state), duty, at, detail)
    work.commit()
    return dossier


def _units(dossier: Dossier) -> tuple[int, int]:
    return dossier.holding_unit_id, dossier.receiving_unit_id


def _duty_for(rights: Rights, verb: Verb, units: tuple[int, ...], procedure: Procedure) -> Duty | None:
    return rights.duty_for(verb, units=units, procedure=procedure.code, field_of_work=procedure.field_of_work or "")


def _require(rights: Rights, verb: Verb, units: tuple[int, ...], procedure: Procedure) -> Duty:
    duty = _duty_for(rights, verb, units, procedure)
    if duty is None:
        raise _not_assigned()
    return duty


def _require_duty(rights: Rights, duty: Duty, procedure: Procedure) -> None:
    """Refuse unless this very duty is the person's own today and lets them receive this procedure."""
    covered = duty.allows(
        Verb.RECEIVE,
        units=(duty.acts_for_unit_id,),
        procedure=procedure.code,
        field_of_work=procedure.field_of_work or "",
    )
    if duty not in rights.duties or not covered:
        raise _not_assigned()


def _not_assigned() -> NotAllowedError:
    return NotAllowedError(
        "Phân công của bạn không có việc này với hồ sơ hoặc thủ tục này.",
        todo="Chuyển cho người được phân công, hoặc đề nghị người quản trị phân công cho bạn.",
    )


def _write_event(
    work: Work,
    dossier: Dossier,
    act: str,
    before: State | None,
    after: State,
    duty: Duty,
    at: datetime,
    detail: dict[str, Any],
) -> None:
    identity = current_identity()
    last = work.session.scalar(select(func.max(DossierEvent.sequence)).where(DossierEvent.dossier_id == dossier.id))
    work.session.add(
        DossierEvent(
            dossier_id=dossier.id, sequence=(last or 0) + 1, act=act, from_state=before, to_state=after,
            actor_id=identity.user_id, for_unit_id=duty.acts_for_unit_id, assignment_id=duty.assignment_id,
            detail=detail, event_at=at,
        )
    )  # fmt: skip
    work.note(
        Note(
            "dossier", str(dossier.uuid), act, at, identity.user_id, identity.user_name, duty.acts_for_unit_id,
            duty.assignment_id, detail={"code": dossier.code, "from": before, "to": after, **detail},
        )
    )  # fmt: skip


def by_intake_key(session: Session, key: UUID) -> Dossier | None:
    """Return the dossier that this form already made, if any."""
    return session.scalars(select(Dossier).where(Dossier.intake_key == key)).one_or_none()


def open_dossier(session: Session, dossier_id: UUID, rights: Rights) -> Dossier:
    """Return a dossier this person may see; another unit's does not exist for them."""
    dossier = session.scalars(
        select(Dossier)
        .where(Dossier.uuid == dossier_id)
        .options(
            joinedload(Dossier.procedure),
            joinedload(Dossier.rules_version),
            joinedload(Dossier.holder),
        )
        # The session of a request may still hold the row as it was; the page must show what is there now.
        .execution_options(populate_existing=True)
    ).one_or_none()
    units = () if dossier is None else (dossier.receiving_unit_id, dossier.competent_unit_id, dossier.holding_unit_id)
    if dossier is None or rights.scope.isdisjoint(units):
        raise NotFoundError(
            "Không tìm thấy hồ sơ này trong phạm vi của bạn.", todo="Kiểm tra lại mã hồ sơ, hoặc hỏi đơn vị đang giữ."
        )
    return dossier
