"""Receptions that could not be computed: asked of a leader, set by hand or declined, then finished at the counter."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from app.clock import legal_day
from app.security.assignment import Duty, Rights
from app.security.verbs import Verb
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import hand_ruling as hands
from app.services import reception
from app.services.dossier import Intake, Promised
from app.services.errors import (
    MatchersDifferError,
    MoveNotAllowedError,
    NotAllowedError,
    NotFoundError,
    NotReceivableError,
    StaleError,
    UnusableInputError,
)
from app.services.hand_ruling import ChargeLine, OpenPoints, Setting
from app.services.office import unit_on, units_on
from app.services.overview import AnswerSection, all_answers
from app.services.party import Applicant, applicant_data, applicant_from
from app.storage.alarm import alarm_with
from app.storage.audit import Note
from app.storage.dossier import Dossier
from app.storage.hand_ruling import HandRequest, HandRuling
from app.storage.identity import current_identity
from app.storage.procedure import Procedure
from app.storage.unit_of_work import Work
from app.vault import vault
from forms.sentence import Sentence
from rules import codec
from rules.definition.procedure import Paper, ProcedureDefinition
from rules.evaluation.findings import PaperFinding

KIND = "hand_request"
"""The kind of object under which the record of a request runs."""

WAITING, RULED, FINISHED, DECLINED = "waiting", "ruled", "finished", "declined"
OPEN = (WAITING, RULED)
CLOSED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One request in the list. `unit` is where it was typed, `can` what this person may do with it now."""

    uuid: UUID
    applicant: str
    procedure_code: str
    procedure: str
    unit: str
    asked_by: str
    asked_at: datetime
    state: str
    can: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its page shows it to one person; `dossier` is what became of it."""

    request: HandRequest
    unit: str
    sections: tuple[AnswerSection, ...]
    papers: tuple[PaperFinding, ...]
    points: OpenPoints
    lines: tuple[ChargeLine, ...]
    rulings: tuple[HandRuling, ...]
    dossier: Dossier | None
    may_rule: bool
    may_finish: bool

    @property
    def ruling(self) -> HandRuling | None:
        """What is set by hand now."""
        return self.rulings[-1] if self.rulings else None


def ask(work: Work, intake: Intake, *, note: str, rights: Rights, at: datetime) -> HandRequest:
    """Keep a reception whose matchers differ for a leader to set fee and date; the same form is one request.

    It is computed once more: where that succeeds nothing is asked, since a hand stands in for no computed amount.
    """
    known = _by_intake_key(work.session, intake.intake_key)
    if known is not None:
        return known
    version, facts = dossiers.prepared(work.session, intake, rights=rights, at=at)
    try:
        evaluations.evaluate_facts(work.session, version, facts, at)
    except MatchersDifferError as differ:
        alarm = alarm_with(work.session, differ.signature, legal_day(at))
    else:
        raise MoveNotAllowedError(
            "Hệ thống đã tính được phí và ngày hẹn cho hồ sơ này nên chưa gửi gì cho lãnh đạo.",
            todo="Kiểm tra phí, giấy tờ và ngày hẹn rồi bấm Tiếp nhận hồ sơ.",
        )
    request = HandRequest(
        intake_key=intake.intake_key, procedure_id=version.procedure_id, version_id=version.id,
        unit_id=intake.duty.acts_for_unit_id, assignment_id=intake.duty.assignment_id, alarm_id=alarm.id,
        asked_by=rights.user_id, asked_at=at, note=note.strip() or None, applicant_name=intake.applicant.full_name,
        applicant_kind=intake.applicant_kind, sealed=_sealed(intake.applicant),
        facts=codec.facts_to_json(evaluations.definition_of(version), facts), filing_channel=intake.channel,
        return_channel=intake.return_channel, received=sorted(intake.received), state=WAITING,
    )  # fmt: skip
    try:
        work.session.add(request)
        work.flush()
    except IntegrityError:
        work.session.rollback()
        known = _by_intake_key(work.session, intake.intake_key)
        if known is None:
            raise
        return known
    _note(work, request, "ask_leader", intake.duty, at, {"alarm": alarm.signature, "table": alarm.table_id})
    work.commit()
    return request


def _by_intake_key(session: Session, key: UUID) -> HandRequest | None:
    return session.scalars(select(HandRequest).where(HandRequest.intake_key == key)).one_or_none()


def _sealed(applicant: Applicant) -> bytes:
    """Encrypt the applicant: the identity number waits as safely as it lies in the register of persons."""
    return vault.encrypt(json.dumps(applicant_data(applicant), ensure_ascii=False))


def _unsealed(sealed: bytes) -> Applicant:
    return applicant_from(json.loads(vault.decrypt(sealed)))


def rule(
    work: Work, request_id: UUID, setting: Setting, *, rights: Rights, seen_version: int, at: datetime
) -> HandRequest:
    """Set every charge line and the appointment of a request by hand; ruling again supersedes, both stay on record."""
    request = open_request(work.session, request_id, rights)
    if hands.is_done(work.session, setting.act_key):
        return request
    duty = _approving_duty(request, rights)
    _begin(work.session, request, seen_version, OPEN)
    former = hands.rulings_of_request(work.session, request)
    points = hands.open_points(evaluations.definition_of(request.version), None)
    ruling = hands.ruling_from(work.session, setting, points, duty=duty, rights=rights, at=at)
    ruling.request_id = request.id
    ruling.supersedes_id = former[-1].id if former else None
    try:
        hands.add_ruling(work, ruling)
    except IntegrityError:
        work.session.rollback()
        if not hands.is_done(work.session, setting.act_key):
            raise
        return open_request(work.session, request_id, rights)
    return _close(work, request, RULED, "rule_request", duty, at, hands.told(ruling))


def decline(work: Work, request_id: UUID, reason: str, *, rights: Rights, seen_version: int, at: datetime) -> None:
    """Decline a request with a reason (không ấn định); the officer reads it, and nothing is received from it."""
    request = open_request(work.session, request_id, rights)
    duty = _approving_duty(request, rights)
    _begin(work.session, request, seen_version, OPEN)
    if not reason.strip():
        raise UnusableInputError("Chưa ghi lý do không ấn định.", todo="Ghi lý do để cán bộ trả lời người nộp.")
    request.declined_by, request.declined_at, request.decline_reason = rights.user_id, at, reason.strip()
    _close(work, request, DECLINED, "decline_request", duty, at, {"reason": reason.strip()})


def finish(
    work: Work, request_id: UUID, received: frozenset[str], *, rights: Rights, seen_version: int, at: datetime
) -> Dossier:
    """Receive the dossier of a request on what the leader set; nothing is evaluated, no kept amount is another.

    The papers are checked as far as they can be stated without an evaluation: those that every case needs.
    """
    request = open_request(work.session, request_id, rights)
    duty = receiving_duty(work.session, request, rights, at)
    _lock(work.session, request)
    made = dossiers.by_intake_key(work.session, request.intake_key)
    if made is not None and request.state == FINISHED:
        return made
    _begin(work.session, request, seen_version, (RULED,))
    ruling = hands.rulings_of_request(work.session, request)[-1]
    _refuse_finishing(work.session, request, ruling, received, at)
    intake = replace(_intake_of(request, duty), received=received)

    def keep(dossier: Dossier) -> None:
        for each in hands.rulings_of_request(work.session, request):
            each.dossier_id = dossier.id
        hands.set_appointment(work.session, dossier, ruling)
        request.state = FINISHED

    facts = codec.facts_from_json(evaluations.definition_of(request.version), request.facts)
    try:
        return dossiers.admit(work, intake, request.version, facts, _promised(request, ruling), keep=keep, at=at)
    except StaleDataError as raced:
        work.session.rollback()
        raise _stale() from raced


def _refuse_finishing(
    session: Session, request: HandRequest, ruling: HandRuling, received: frozenset[str], at: datetime
) -> None:
    version = dossiers.version_to_receive(session, request.procedure.code, at)
    if version.id != request.version_id:
        raise StaleError(
            "Thủ tục này đã có phiên bản mới từ khi gửi lãnh đạo.",
            todo="Tiếp nhận lại từ đầu theo phiên bản mới; đề nghị lãnh đạo đóng yêu cầu này kèm lý do.",
        )
    due = ruling.appointment_due
    if due is None or due <= at:
        raise MoveNotAllowedError(
            "Ngày hẹn trả mà lãnh đạo ấn định đã qua.", todo="Đề nghị lãnh đạo ấn định lại ngày hẹn rồi tiếp nhận."
        )
    missing = [
        Sentence("Còn thiếu giấy tờ: %(paper)s.", paper=paper.label)
        for paper in papers_stated(evaluations.definition_of(request.version))
        if paper.required and paper.code not in received
    ]
    if missing:
        raise NotReceivableError(missing)


def papers_stated(definition: ProcedureDefinition) -> tuple[PaperFinding, ...]:
    """Return the papers as far as they can be stated without an evaluation: needed in every case, or undecided."""
    return tuple(_stated(paper) for paper in definition.papers)


def _stated(paper: Paper) -> PaperFinding:
    is_needed = paper.required is True and paper.shown_when is None
    need = "required" if is_needed else "optional" if paper.required is False else "undecided"
    return PaperFinding(
        paper.code, paper.label, need, paper.originals, paper.copies, paper.handed, paper.form, paper.waived_by, ()
    )  # fmt: skip


def _promised(request: HandRequest, ruling: HandRuling) -> Promised:
    definition = evaluations.definition_of(request.version)
    lines = hands.charge_lines(definition, None, ruling)
    return Promised(
        money_state=hands.money_state(lines), is_fee_bearing=bool(lines), statutory=None, committed=None,
        appointment=ruling.appointment_due, papers=papers_stated(definition), detail=hands.told(ruling),
    )  # fmt: skip


def _intake_of(request: HandRequest, duty: Duty) -> Intake:
    return Intake(
        intake_key=request.intake_key, procedure_code=request.procedure.code, version_id=request.version.uuid,
        duty=duty, channel=request.filing_channel, return_channel=request.return_channel,
        applicant=_unsealed(request.sealed), applicant_kind=request.applicant_kind, facts={},
    )  # fmt: skip


def receiving_duty(session: Session, request: HandRequest, rights: Rights, at: datetime) -> Duty:
    """Return the duty under which this person finishes the reception; NotAllowedError without one."""
    return reception.duty_at(rights, unit_on(session, request.unit_id, legal_day(at)), request.procedure)


def _begin(session: Session, request: HandRequest, seen_version: int, states: Sequence[str]) -> None:
    """Check that the page was current and the request still open; its row stays locked until the act is written."""
    _lock(session, request)
    if request.lock_version != seen_version or request.state not in states:
        raise _stale()
    if dossiers.by_intake_key(session, request.intake_key) is not None:
        raise MoveNotAllowedError(
            "Hồ sơ của yêu cầu này đã được tiếp nhận theo kết quả tính.", todo="Tìm hồ sơ theo tên người nộp."
        )


def _lock(session: Session, request: HandRequest) -> None:
    """Lock the row of a request until the transaction ends, and read it as it stands then."""
    session.refresh(request, ["state", "lock_version"], with_for_update=True)


def _stale() -> StaleError:
    return StaleError(
        "Yêu cầu này vừa có người khác xử lý, hoặc đã đóng.",
        todo="Trang vừa gửi mở trước việc đó nên chưa ghi gì thêm. Xem lại yêu cầu rồi làm tiếp nếu còn cần.",
    )


def _approving_duty(request: HandRequest, rights: Rights) -> Duty:
    duty = _duty_for(request.procedure, request.unit_id, rights)
    if duty is None:
        raise NotAllowedError(
            "Phân công của bạn không có việc phê duyệt cho đơn vị và thủ tục này.",
            todo="Chuyển cho lãnh đạo được phân công, hoặc đề nghị người quản trị phân công cho bạn.",
        )
    return duty


def _duty_for(procedure: Procedure, unit_id: int, rights: Rights) -> Duty | None:
    return rights.duty_for(
        Verb.APPROVE, units=(unit_id,), procedure=procedure.code, field_of_work=procedure.field_of_work or ""
    )


def _close(
    work: Work, request: HandRequest, state: str, act: str, duty: Duty, at: datetime, detail: Mapping[str, Any]
) -> HandRequest:
    """Move a request on and write the act's one line."""
    request.state = state
    flag_modified(request, "state")  # ruled again, it is ruled still: its version goes on all the same
    try:
        work.flush()
    except StaleDataError as raced:
        work.session.rollback()
        raise _stale() from raced
    _note(work, request, act, duty, at, detail)
    work.commit()
    return request


def _note(work: Work, request: HandRequest, act: str, duty: Duty, at: datetime, detail: Mapping[str, Any]) -> None:
    identity = current_identity()
    work.note(
        Note(
            KIND, str(request.uuid), act, at, identity.user_id, identity.user_name, duty.acts_for_unit_id,
            duty.assignment_id, detail=dict(detail),
        )
    )  # fmt: skip


def open_request(session: Session, request_id: UUID, rights: Rights) -> HandRequest:
    """Return a request this person may see; another unit's does not exist for them."""
    request = session.scalars(
        select(HandRequest)
        .where(HandRequest.uuid == request_id)
        .options(*(joinedload(each) for each in _LOADED))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if request is None or request.unit_id not in rights.scope:
        raise NotFoundError(
            "Không tìm thấy yêu cầu này trong phạm vi của bạn.", todo="Mở lại từ danh sách chờ ấn định."
        )
    return request


_LOADED = (
    HandRequest.procedure, HandRequest.version, HandRequest.alarm, HandRequest.asker, HandRequest.decliner,
)  # fmt: skip


def view_of(session: Session, request: HandRequest, rights: Rights, *, at: datetime) -> RequestView:
    """Read a request, opened by somebody who may see it, for its page."""
    definition = evaluations.definition_of(request.version)
    facts = codec.facts_from_json(definition, request.facts)
    rulings = hands.rulings_of_request(session, request)
    return RequestView(
        request=request,
        unit=unit_on(session, request.unit_id, legal_day(request.asked_at)).name,
        sections=tuple(all_answers(definition, facts, request.filing_channel, request.return_channel)),
        papers=papers_stated(definition),
        points=hands.open_points(definition, None),
        lines=hands.charge_lines(definition, None, rulings[-1] if rulings else None),
        rulings=rulings,
        dossier=dossiers.by_intake_key(session, request.intake_key),
        may_rule=request.state in OPEN and _duty_for(request.procedure, request.unit_id, rights) is not None,
        may_finish=request.state == RULED and _may_receive(session, request, rights, at),
    )


def _may_receive(session: Session, request: HandRequest, rights: Rights, at: datetime) -> bool:
    try:
        receiving_duty(session, request, rights, at)
    except NotAllowedError:
        return False
    return True


def requests(session: Session, rights: Rights, *, at: datetime) -> tuple[Line, ...]:
    """Return the requests in this person's scope: the open ones first, the oldest on top, then the last closed ones."""
    query = (
        select(HandRequest)
        .where(HandRequest.unit_id.in_(sorted(rights.scope)))
        .options(joinedload(HandRequest.procedure), joinedload(HandRequest.asker))
    )
    waiting = session.scalars(query.where(HandRequest.state.in_(OPEN)).order_by(HandRequest.asked_at)).all()
    closed = session.scalars(
        query.where(HandRequest.state.not_in(OPEN)).order_by(HandRequest.asked_at.desc()).limit(CLOSED_SHOWN)
    ).all()
    names = {
        unit.id: unit.name for unit in units_on(session, {row.unit_id for row in (*waiting, *closed)}, legal_day(at))
    }
    return tuple(
        Line(
            uuid=row.uuid, applicant=row.applicant_name, procedure_code=row.procedure.code,
            procedure=row.procedure.name, unit=names.get(row.unit_id, ""), asked_by=row.asker.full_name,
            asked_at=row.asked_at, state=row.state, can=_next_for(row, rights),
        )
        for row in (*waiting, *closed)
    )  # fmt: skip


def _next_for(request: HandRequest, rights: Rights) -> str:
    """Return what waits for this very person: to rule, to finish, or nothing."""
    if request.state == WAITING and _duty_for(request.procedure, request.unit_id, rights) is not None:
        return "rule"
    receives = any(duty.acts_for_unit_id == request.unit_id for duty in rights.receiving_units())
    return "finish" if request.state == RULED and receives else ""


def waiting_count(session: Session, rights: Rights) -> int:
    """Return how many open requests wait for this person: a leader's to set, an officer's to finish."""
    counted = waiting_for(rights)
    return 0 if counted is None else session.scalar(counted) or 0


def waiting_for(rights: Rights) -> Select[int] | None:
    """Return the count that `waiting_count` asks for, None where nothing can wait for this person."""
    to_rule = sorted({unit for duty in rights.duties if Verb.APPROVE in duty.verbs for unit in duty.units})
    to_finish = sorted({duty.acts_for_unit_id for duty in rights.receiving_units()})
    if not to_rule and not to_finish:
        return None
    return select(func.count()).where(
        ((HandRequest.state == WAITING) & HandRequest.unit_id.in_(to_rule))
        | ((HandRequest.state == RULED) & HandRequest.unit_id.in_(to_finish)),
        ~exists().where(Dossier.intake_key == HandRequest.intake_key),
    )
