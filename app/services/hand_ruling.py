"""Setting by hand (ấn định bằng tay): a leader gives an amount or a moment that no rule gave, with reason and basis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from app.clock import legal_day, local
from app.security.assignment import Duty, Rights
from app.security.verbs import Verb
from app.services import evaluation as evaluations
from app.services.dossier import begin_beside, finish_beside, may_do_beside, open_dossier
from app.services.errors import MoveNotAllowedError, UnusableInputError
from app.storage.account import Officer
from app.storage.dossier import ClockEventRecord, Dossier
from app.storage.evaluation import EvaluationRecord
from app.storage.folding import folded
from app.storage.hand_ruling import HandAmount, HandRequest, HandRuling
from app.storage.office import LegalDocument
from app.storage.unit_of_work import Work
from rules.definition.procedure import ProcedureDefinition
from rules.evaluation.findings import ChargeFinding
from rules.evaluation.findings import State as Found
from rules.evaluation.outcome import Evaluation
from rules.lifecycle import MoneyState
from rules.values import MAX_MONEY, Text, total_of

ACT = "set_by_hand"
OFFERED_DOCUMENTS = 300
"""So many documents of the register are offered while typing; any other number in force may be typed too."""


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One line of money (khoản thu) of a dossier as it stands: what the rules found, and what was set by hand.

    `finding` is None where nothing was computed. `by_hand` is only ever there where the rules gave no amount.
    """

    id: str
    label: Text
    kind: str
    currency: str
    set_by: str
    collected: str
    refundable: bool
    finding: ChargeFinding | None = None
    by_hand: HandAmount | None = None

    @property
    def amount(self) -> int | None:
        """The amount in whole minor units, None while nobody knows it."""
        if self.finding is not None and self.finding.amount is not None:
            return self.finding.amount
        return None if self.by_hand is None else self.by_hand.amount

    @property
    def is_open(self) -> bool:
        """Whether the rules left this line without an amount."""
        return self.finding is None or self.finding.amount is None

    @property
    def is_unruled(self) -> bool:
        """Whether no rule gives this line an amount; an open line that is not unruled waits for facts or a notice."""
        return self.finding is None or self.finding.state in (Found.NO_RULE, Found.CONFLICT)


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """What the rules left open: charge lines without an amount, and whether a due moment is lacking."""

    lines: tuple[ChargeLine, ...]
    due: bool

    def __bool__(self) -> bool:
        return bool(self.lines) or self.due


@dataclass(frozen=True, slots=True)
class Setting:
    """What a leader states in one act.

    `amounts` are whole minor units by charge line, every open one; `zero_reasons` say for each 0 why nothing is
    charged; `due` is a UTC moment; `document` a number of the register of legal documents, `article` the place in it.
    `act_key` is made when the form is opened: the same form sent twice is one ruling.
    """

    act_key: UUID
    amounts: Mapping[str, int]
    zero_reasons: Mapping[str, str]
    due: datetime | None
    reason: str
    document: str
    article: str


def charge_lines(
    definition: ProcedureDefinition, outcome: Evaluation | None, ruling: HandRuling | None
) -> tuple[ChargeLine, ...]:
    """Return the lines of money as they stand; a ruling never stands in for an amount that the rules gave."""
    amounts = {} if ruling is None else {each.line: each for each in ruling.amounts}
    if outcome is None:
        return tuple(
            ChargeLine(
                each.id, each.label, each.kind, each.currency, each.set_by, each.collected, each.refundable,
                None, amounts.get(each.id),
            )
            for each in definition.charges
        )  # fmt: skip
    return tuple(
        ChargeLine(
            line.id, line.label, line.kind, line.currency, line.set_by, line.collected, line.refundable, line,
            amounts.get(line.id) if line.amount is None else None,
        )
        for line in outcome.charges
    )  # fmt: skip


def open_points(definition: ProcedureDefinition, outcome: Evaluation | None) -> OpenPoints:
    """Return what may be set by hand: only what an evaluation left open; everything where there is none."""
    lines = tuple(line for line in charge_lines(definition, outcome, None) if line.is_open)
    return OpenPoints(lines, outcome is None or outcome.deadline is None or outcome.deadline.appointment is None)


def totals(lines: Iterable[ChargeLine]) -> dict[str, int | None]:
    """Return the sum for each currency; None while one of its lines has no amount, or where it cannot be counted."""
    amounts: dict[str, list[int | None]] = {}
    for line in lines:
        amounts.setdefault(line.currency, []).append(line.amount)
    return {currency: total_of(listed) for currency, listed in amounts.items()}


def money_state(lines: Sequence[ChargeLine]) -> MoneyState:
    """Return where the money stands with what was set by hand."""
    if any(line.amount is None for line in lines):
        return MoneyState.UNKNOWN
    return MoneyState.DUE if any(line.amount for line in lines) else MoneyState.NOTHING_DUE


def rulings_of(session: Session, dossier: Dossier) -> tuple[HandRuling, ...]:
    """Return everything that was set by hand for a dossier, first to last; the former ones stay visible."""
    return _rulings(session, HandRuling.dossier_id == dossier.id)


def rulings_of_request(session: Session, request: HandRequest) -> tuple[HandRuling, ...]:
    """Return what was set by hand for a request, first to last."""
    return _rulings(session, HandRuling.request_id == request.id)


def _rulings(session: Session, condition: Any) -> tuple[HandRuling, ...]:
    query = select(HandRuling).where(condition).options(selectinload(HandRuling.amounts)).order_by(HandRuling.id)
    return tuple(session.scalars(query))


def in_force(rulings: Sequence[HandRuling], kept: EvaluationRecord | None) -> HandRuling | None:
    """Return the ruling that holds: the last one, as long as it stands on the evaluation that holds."""
    if not rulings:
        return None
    last = rulings[-1]
    return last if last.evaluation_id == (None if kept is None else kept.id) else None


def ruling_in_force(session: Session, dossier: Dossier) -> HandRuling | None:
    """Return what was set by hand and holds for a dossier now, None where nothing was."""
    return in_force(rulings_of(session, dossier), evaluations.latest(session, dossier))


def may_set(dossier: Dossier, points: OpenPoints, rights: Rights) -> bool:
    """Say whether something may be set by hand, and by this person."""
    return bool(points) and may_do_beside(dossier, Verb.APPROVE, rights)


def set_by_hand(
    work: Work, dossier_id: UUID, setting: Setting, *, rights: Rights, seen_version: int, at: datetime
) -> Dossier:
    """Set every amount (and the due moment) that the rules left open for a received dossier, with reason and basis.

    What the rules gave is never overruled, and the evaluation stays as it was kept. Setting again supersedes the
    ruling before, which stays on record. Refuses who has no duty to approve for it and whose page was old.
    """
    dossier = open_dossier(work.session, dossier_id, rights)
    if is_done(work.session, setting.act_key):
        return dossier
    duty = begin_beside(work.session, dossier, Verb.APPROVE, rights, seen_version)
    kept = evaluations.latest(work.session, dossier)
    outcome = None if kept is None else Evaluation.from_data(kept.outcome)
    definition = evaluations.definition_of(dossier.rules_version)
    points = open_points(definition, outcome)
    if not points:
        raise MoveNotAllowedError(
            "Hồ sơ %(code)s không có khoản nào chờ ấn định: mọi mức thu và ngày hẹn đã có theo quy định.",
            todo="Mở lại hồ sơ để xem các mức đang áp dụng.",
            code=dossier.code,
        )
    former = rulings_of(work.session, dossier)
    ruling = ruling_from(work.session, setting, points, duty=duty, rights=rights, at=at)
    ruling.dossier_id = dossier.id
    ruling.evaluation_id = None if kept is None else kept.id
    ruling.request_id = former[0].request_id if kept is None else None
    ruling.supersedes_id = former[-1].id if former else None
    try:
        add_ruling(work, ruling)
    except IntegrityError:
        work.session.rollback()
        if not is_done(work.session, setting.act_key):
            raise
        return open_dossier(work.session, dossier_id, rights)
    dossier.money_state = money_state(charge_lines(definition, outcome, ruling))
    if points.due:
        set_appointment(work.session, dossier, ruling)
    return finish_beside(work, dossier, ACT, duty, at, told(ruling))


def set_appointment(session: Session, dossier: Dossier, ruling: HandRuling) -> None:
    """Give a dossier the appointment of a ruling; the statutory and the promised moment stay what the law says."""
    due = ruling.appointment_due
    assert due is not None, "a ruling that lacks the moment was refused before"
    dossier.appointment_due = due
    detail = {"appointment": due.isoformat(), "ruling": str(ruling.uuid)}
    session.add(
        ClockEventRecord(dossier_id=dossier.id, kind=ACT, at=ruling.ruled_at, detail=detail, basis=ruling.citation)
    )


def told(ruling: HandRuling) -> dict[str, Any]:
    """Return what the record says of a ruling: amounts, moment, reason and basis."""
    return {
        "ruling": str(ruling.uuid),
        "amounts": [{"label": each.label, "amount": each.amount, "currency": each.currency} for each in ruling.amounts],
        "due": None if ruling.appointment_due is None else f"{local(ruling.appointment_due):%H:%M %d/%m/%Y}",
        "reason": ruling.reason,
        "basis": ruling.citation,
        "again": ruling.supersedes_id is not None,
    }


def add_ruling(work: Work, ruling: HandRuling) -> None:
    """Write a ruling with its amounts."""
    work.session.add(ruling)
    work.flush()


def is_done(session: Session, act_key: UUID) -> bool:
    """Say whether this very form was already acted on: a double click is one ruling."""
    return session.scalar(select(HandRuling.id).where(HandRuling.act_key == act_key)) is not None


def ruling_from(
    session: Session, setting: Setting, points: OpenPoints, *, duty: Duty, rights: Rights, at: datetime
) -> HandRuling:
    """Return the ruling that a setting makes of these open points, or refuse what is wrong with it."""
    _refuse_unfit(setting, points, at)
    document = document_in_force(session, setting.document, legal_day(at))
    article = " ".join(setting.article.split())
    return HandRuling(
        act_key=setting.act_key, appointment_due=setting.due, reason=setting.reason.strip(),
        legal_document_id=document.id, citation=f"{article} {document.kind} {document.number}",
        ruled_by=rights.user_id, ruler_name=session.get_one(Officer, rights.user_id).full_name,
        ruler_position=duty.position, for_unit_id=duty.acts_for_unit_id, assignment_id=duty.assignment_id, ruled_at=at,
        amounts=[_amount_of(line, setting) for line in points.lines],
    )  # fmt: skip


def _amount_of(line: ChargeLine, setting: Setting) -> HandAmount:
    amount = setting.amounts[line.id]
    return HandAmount(
        line=line.id, kind=line.kind, label=line.label.vi, amount=amount, currency=line.currency, set_by=line.set_by,
        collected=line.collected, refundable=line.refundable,
        zero_reason=setting.zero_reasons[line.id].strip() if amount == 0 else None,
    )  # fmt: skip


def _refuse_unfit(setting: Setting, points: OpenPoints, at: datetime) -> None:
    lines = {line.id: line for line in points.lines}
    if foreign := setting.amounts.keys() - lines.keys():
        raise UnusableInputError(
            "Khoản %(lines)s đã có mức theo quy định nên không ấn định bằng tay được.",
            todo="Mở lại trang: chỉ ấn định các khoản chưa có mức.",
            lines=", ".join(sorted(foreign)),
        )
    for line in points.lines:
        _refuse_amount(line, setting)
    if points.due != (setting.due is not None):
        raise UnusableInputError(
            "Ngày hẹn trả phải được ấn định khi quy định không cho ra, và chỉ khi đó.",
            todo="Mở lại trang để xem hồ sơ còn thiếu gì.",
        )
    if setting.due is not None and setting.due <= at:
        raise UnusableInputError("Ngày hẹn trả đã qua.", todo="Ghi một ngày, giờ sau lúc này.")
    if not setting.reason.strip() or not setting.article.strip():
        raise UnusableInputError(
            "Ấn định bằng tay phải có lý do và căn cứ.", todo="Ghi lý do, chọn văn bản và ghi điều, khoản."
        )


def _refuse_amount(line: ChargeLine, setting: Setting) -> None:
    amount = setting.amounts.get(line.id)
    if amount is None:
        raise UnusableInputError(
            "Chưa ghi số tiền của khoản “%(line)s”.", todo="Ghi số tiền cho mọi khoản chưa có mức.", line=line.label
        )
    if not 0 <= amount <= MAX_MONEY:
        raise UnusableInputError(
            "Số tiền của khoản “%(line)s” không dùng được.",
            todo="Ghi số tiền từ 0 đến 1.000.000.000.000.000.",
            line=line.label,
        )
    if (amount == 0) != bool(setting.zero_reasons.get(line.id, "").strip()):
        raise UnusableInputError(
            "Khoản “%(line)s”: số tiền 0 phải kèm lý do không thu, và lý do ấy chỉ ghi khi số tiền là 0.",
            todo="Sửa số tiền hoặc lý do không thu.",
            line=line.label,
        )


def documents_in_force(session: Session, on: date) -> Sequence[LegalDocument]:
    """Return the documents of the register that are in force on a day, the newest first, to be offered."""
    newest = _in_force(on).order_by(LegalDocument.since.desc().nulls_last(), LegalDocument.number)
    return session.scalars(newest.limit(OFFERED_DOCUMENTS)).all()


def document_in_force(session: Session, number: str, on: date) -> LegalDocument:
    """Return the document of this number, in force on the day; UnusableInputError without one."""
    wanted = folded(number.strip())
    found = [
        document
        for document in session.scalars(_in_force(on).where(LegalDocument.folded.contains(wanted, autoescape=True)))
        if wanted and folded(document.number) == wanted
    ]
    if not found:
        raise UnusableInputError(
            "Sổ văn bản không có văn bản số “%(number)s” còn hiệu lực.",
            todo="Chọn một số trong danh sách gợi ý, hoặc đề nghị người quản trị danh mục ghi văn bản này vào sổ.",
            number=number.strip()[:100],
        )
    return found[0]


def _in_force(on: date) -> Any:
    return select(LegalDocument).where(
        LegalDocument.superseded_at.is_(None),
        or_(LegalDocument.since.is_(None), LegalDocument.since <= on),
        or_(LegalDocument.until.is_(None), LegalDocument.until > on),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for the money and the date of a dossier now: the evaluation (None: none was made) and the ruling."""

    outcome: Evaluation | None
    ruling: HandRuling | None
    lines: tuple[ChargeLine, ...]
    points: OpenPoints


def standing(session: Session, dossier: Dossier) -> Standing:
    """Read what the rules gave for a dossier, what they left open, and what was set by hand of it."""
    kept = evaluations.latest(session, dossier)
    outcome = None if kept is None else Evaluation.from_data(kept.outcome)
    definition = evaluations.definition_of(dossier.rules_version)
    ruling = in_force(rulings_of(session, dossier), kept)
    return Standing(outcome, ruling, charge_lines(definition, outcome, ruling), open_points(definition, outcome))


def who(ruling: HandRuling) -> str:
    """Return the person and position of a ruling, as pages and papers name them."""
    return f"{ruling.ruler_name}, {ruling.ruler_position}" if ruling.ruler_position else ruling.ruler_name
