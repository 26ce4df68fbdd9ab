"""The receipt "Giấy tiếp nhận hồ sơ và hẹn trả kết quả": issued once with its data, printed the same ever after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import legal_day, local
from app.exporters.papers import (
    TEMPLATE_VERSION,
    Appointment,
    FeeLine,
    HandedIn,
    Party,
    Reason,
    ReceiptPaper,
    receipt_pdf,
)
from app.security.assignment import Rights
from app.services import evaluation as evaluations
from app.services import hand_ruling as hands
from app.services.assignment import as_stand_in
from app.services.hand_ruling import ChargeLine
from app.services.keeping import keeping_of
from app.services.office import UnitOnDay, unit_on
from app.services.overview import facts_at
from app.services.party import APPLICANT, NUMBER_LABELS, ORGANISATION, REPRESENTATIVE, parties_of
from app.storage.account import Officer
from app.storage.audit import Note
from app.storage.dossier import Dossier, DossierEvent, DossierPaper, IssuedPaper
from app.storage.hand_ruling import HandRuling
from app.storage.identity import current_identity
from app.storage.office import Assignment
from app.storage.unit_of_work import Work
from forms.sentence import Sentence, joined
from rules.definition.papers import RETURNED_WORDS, PaperForm
from rules.definition.procedure import Handed, ProcedureDefinition
from rules.evaluation.findings import PaperFinding
from rules.evaluation.findings import Reason as RuleReason
from rules.evaluation.outcome import Evaluation
from rules.say.appointment import why_that_day
from rules.say.keeping import Keeping
from rules.say.labels import CHARGE_KINDS
from rules.say.outcome import collected_said, explained, open_said
from rules.vocabulary import CHANNELS

RECEIPT = "receipt"
PHOTOCOPIES = frozenset({PaperForm.PHOTOCOPY, PaperForm.COMPARED_COPY, PaperForm.SCAN})
SHOWN_ONLY = "xuất trình, đã trả lại"
RETURN_PLACES = {
    "counter": "{desk}",
    "post": "Nhận qua dịch vụ bưu chính tại địa chỉ của người nộp",
    "online": "Nhận bản điện tử qua Cổng Dịch vụ công quốc gia",
}


def issue(work: Work, dossier: Dossier, *, rights: Rights, at: datetime) -> IssuedPaper:
    """Issue the receipt of a dossier, or return the one that was issued; printing again changes nothing.

    After something was set by hand the receipt is issued anew, once; the former stays on record.
    """
    ruling = hands.ruling_in_force(work.session, dossier)
    known = work.session.scalars(
        select(IssuedPaper)
        .where(IssuedPaper.dossier_id == dossier.id, IssuedPaper.kind == RECEIPT)
        .order_by(IssuedPaper.id.desc())
    ).first()
    if known is not None and (ruling is None or known.recorded_at > ruling.recorded_at):
        return known
    paper = receipt_of(work.session, dossier)
    issued = IssuedPaper(
        dossier_id=dossier.id, kind=RECEIPT, template_version=TEMPLATE_VERSION, data=paper_data(paper),
        issued_by=rights.user_id, issued_at=paper.issued_at,
    )  # fmt: skip
    work.session.add(issued)
    identity = current_identity()
    work.note(
        Note("dossier", str(dossier.uuid), "issue_receipt", at, identity.user_id, identity.user_name,
             dossier.receiving_unit_id, detail={"template": TEMPLATE_VERSION})
    )  # fmt: skip
    work.commit()
    return issued


def pdf(issued: IssuedPaper) -> bytes:
    """Print an issued receipt from its kept data and its own version of the form."""
    return receipt_pdf(paper_from(issued.data))


@dataclass(frozen=True, slots=True)
class Received:
    """What the receipt tells of a dossier beside the dossier's own row, as it was on the day of its acceptance.

    `outcome` is the first evaluation for reading, None where nothing was computed; `papers` are those handed in.
    `officer` is who received it and as whom.
    """

    unit: UnitOnDay
    parent: str
    place: str
    definition: ProcedureDefinition
    outcome: Evaluation | None
    ruling: HandRuling | None
    papers: Sequence[DossierPaper]
    parties: Mapping[str, Mapping[str, Any]]
    applicant_kind: str | None
    officer: tuple[str, str]
    kept: Keeping | None


def receipt_of(session: Session, dossier: Dossier) -> ReceiptPaper:
    """Fill form 01 from the dossier as it was accepted: its first evaluation, the papers handed in, the applicant."""
    on = legal_day(dossier.accepted_at)
    unit = unit_on(session, dossier.receiving_unit_id, on)
    definition = evaluations.definition_of(dossier.rules_version)
    chain = evaluations.chain(session, dossier)
    papers = session.scalars(
        select(DossierPaper)
        .where(DossierPaper.dossier_id == dossier.id, DossierPaper.revision == 1, DossierPaper.received)
        .order_by(DossierPaper.id)
    )
    return filled(
        dossier,
        Received(
            unit=unit,
            parent=parent_name(session, unit, on),
            place=place_of(unit),
            definition=definition,
            outcome=explained(Evaluation.from_data(chain[0].outcome), definition).outcome if chain else None,
            ruling=hands.ruling_in_force(session, dossier),
            papers=papers.all(),
            parties=parties_of(session, dossier),
            applicant_kind=facts_at(session, dossier, 1).facts.get("applicant_kind"),
            officer=_receiver(session, dossier),
            kept=keeping_of(session, dossier),
        ),
    )


def filled(dossier: Dossier, known: Received) -> ReceiptPaper:
    """Return form 01 of a dossier about which all this is known; nothing is read from the database."""
    outcome, ruling, unit = known.outcome, known.ruling, known.unit
    asked = {} if outcome is None else {finding.code: finding for finding in outcome.papers}
    example = outcome is not None and outcome.example is not None
    name = known.definition.name.vi
    return ReceiptPaper(
        parent_body=known.parent,
        unit=unit.name,
        number=dossier.code,
        dossier_code=dossier.code,
        place=known.place,
        issued_at=dossier.accepted_at if ruling is None else max(dossier.accepted_at, ruling.ruled_at),
        tracking=dossier.code,
        applicant=_party(known.parties, known.applicant_kind),
        channel=CHANNELS[dossier.filing_channel].vi,
        procedure_code=known.definition.code,
        procedure_name=name,
        request=name,
        documents=tuple(_handed_in(paper, asked.get(paper.code)) for paper in known.papers),
        sets=known.definition.statutory.copies_of_dossier or 1,
        statutory_time=_statutory_time(outcome),
        received_at=dossier.accepted_at,
        appointment=_appointment(dossier, outcome, ruling),
        result_place=RETURN_PLACES[dossier.return_channel].format(desk=unit.desk_name),
        officer_name=known.officer[0],
        officer_position=known.officer[1],
        fees=tuple(
            _fee(line, ruling, example=example) for line in hands.charge_lines(known.definition, outcome, ruling)
        ),
        notes=tuple(_notes(outcome, ruling, known.kept)),
        is_example=False,
    )


def _handed_in(paper: DossierPaper, asked: PaperFinding | None) -> HandedIn:
    """Return a paper as the receipt lists it: where it stays, and that one only shown is not with the office.

    Its copies (bản sao) stand under "Bản sao/chứng thực"; under "Bản chụp" only where nothing but those is accepted.
    """
    note = SHOWN_ONLY if paper.detail.get("handed") == Handed.SHOW else _stays(asked)
    is_photocopy = asked is not None and bool(asked.accepted) and PHOTOCOPIES.issuperset(asked.accepted)
    copies = {"photocopies" if is_photocopy else "certified": paper.copies}
    return HandedIn(name=paper.label, originals=paper.originals, note=note, **copies)


def _stays(asked: PaperFinding | None) -> str:
    return RETURNED_WORDS[asked.returned].vi if asked is not None and asked.returned else ""


def _notes(outcome: Evaluation | None, ruling: HandRuling | None, kept: Keeping | None) -> Iterator[str]:
    """Yield what the receipt notes at its end: who keeps the dossier elsewhere, what is told, what was set by hand."""
    if kept is not None:
        yield " ".join(said.vi for said in (kept.owner, kept.mirrored, kept.numbered) if said)
    yield from (notice.text.vi for notice in (outcome.notices if outcome else ()))
    if ruling is not None:
        yield _set_by_hand_note(ruling)


def _appointment(dossier: Dossier, outcome: Evaluation | None, ruling: HandRuling | None) -> Appointment:
    reasons = _deadline_reasons(outcome, ruling)
    due = None if outcome is None else outcome.deadline
    by_hand = ruling is not None and ruling.appointment_due is not None
    counted = "" if due is None or by_hand else why_that_day(due).vi
    return Appointment(at=dossier.appointment_due, reasons=reasons, counted=counted)


def _statutory_time(outcome: Evaluation | None) -> str:
    due = None if outcome is None else outcome.deadline
    return due.limit.words.vi if due and due.limit else ""


def _deadline_reasons(outcome: Evaluation | None, ruling: HandRuling | None) -> tuple[Reason, ...]:
    if ruling is not None and ruling.appointment_due is not None:
        return (_by_hand(ruling),)
    due = None if outcome is None else outcome.deadline
    # A wait that may come gives no day: the paper explains the day that is promised.
    waits = {stop.id for stop in due.stops} if due else set[str]()
    return () if due is None else tuple(_reason(reason) for reason in due.reasons if reason.rule not in waits)


def _fee(line: ChargeLine, ruling: HandRuling | None, *, example: bool) -> FeeLine:
    found = line.finding
    reasons = () if found is None else found.reasons
    # Only a figure can be an example: where no rule gave one there is nothing to mark.
    is_example = found is not None and found.amount is not None and (example or found.example is not None)
    told = tuple(_reason(reason, example=is_example) for reason in reasons)
    if line.by_hand is not None and ruling is not None:
        told = (_by_hand(ruling, line.by_hand.zero_reason or ""),)
    return FeeLine(
        name=line.label.vi, kind=CHARGE_KINDS[line.kind].vi, amount=line.amount, reasons=told,
        collected=collected_said(line.collected).vi, pending=_pending(line),
    )  # fmt: skip


def _pending(line: ChargeLine) -> str:
    """Say what a line waits for that facts or another body's notice will give; empty where no rule gives an amount."""
    return "" if line.finding is None or line.is_unruled else open_said(line.finding).vi


def _by_hand(ruling: HandRuling, zero_reason: str = "") -> Reason:
    """Return why something set by hand is what it is: it is said that no rule gave it, and who did."""
    said = joined([Sentence("Ấn định bằng tay."), zero_reason, ruling.reason])
    return Reason(sentence=str(said), citation=ruling.citation)


def _set_by_hand_note(ruling: HandRuling) -> str:
    money = _money_noun({each.kind for each in ruling.amounts})
    if ruling.appointment_due is None:
        what = money
    else:
        what = Sentence("%(money)s và hạn", money=money) if ruling.amounts else Sentence("Hạn")
    at = f"{local(ruling.ruled_at):%H:%M %d/%m/%Y}"
    said = Sentence("%(what)s do %(who)s ấn định bằng tay lúc %(at)s.", what=what, who=hands.who(ruling), at=at)
    return str(said)


def _money_noun(kinds: set[str]) -> Sentence:
    """Return what the law calls the money of these kinds; one neutral word where they differ."""
    if len(kinds) == 1 and (named := CHARGE_KINDS.get(next(iter(kinds)))):
        return joined([named])
    return Sentence("Mức thu")


def _reason(reason: RuleReason, *, example: bool = False) -> Reason:
    return Reason(sentence=reason.sentence.vi, citation=reason.citation, is_example=example)


def _party(parties: Mapping[str, Mapping[str, Any]], applicant_kind: str | None) -> Party:
    """Return the applicant of form 01; an organisation's number is public, and its representative signs."""
    applicant = parties[APPLICANT]
    reached = {name: applicant[name] for name in ("address", "phone", "email")}
    if applicant.get("kind") != ORGANISATION:
        number = "*" * 9 + applicant["identifier_end"]
        return Party(name=applicant["full_name"], identity_number=number, **reached)
    return Party(
        name=applicant["full_name"], identity_number=applicant["identifier"],
        number_label=NUMBER_LABELS[applicant["identifier_kind"]].vi,
        representative=parties[REPRESENTATIVE]["full_name"],
        called="Doanh nghiệp" if applicant_kind == "enterprise" else "Tổ chức", **reached,
    )  # fmt: skip


def parent_name(session: Session, unit: UnitOnDay, on: date) -> str:
    """Return the name of the body above a unit, which heads its papers; its own where there is none."""
    return unit.name if unit.parent_id is None else unit_on(session, unit.parent_id, on).name


def place_of(unit: UnitOnDay) -> str:
    """Return the place name of the date line: `Cao Lãnh` for "Ủy ban nhân dân phường Cao Lãnh", else the province."""
    for mark in (" phường ", " xã "):
        if mark in unit.name:
            return unit.name.split(mark, 1)[1]
    return "Đồng Tháp"


def _receiver(session: Session, dossier: Dossier) -> tuple[str, str]:
    """Return who received the dossier, and as whom where that was done for the unit by another body."""
    found = session.execute(
        select(Officer.full_name, Assignment)
        .select_from(DossierEvent)
        .join(Officer, Officer.id == DossierEvent.actor_id)
        .outerjoin(Assignment, Assignment.id == DossierEvent.assignment_id)
        .where(DossierEvent.dossier_id == dossier.id, DossierEvent.act == "receive")
    ).one_or_none()
    return ("", "") if found is None else (found[0], str(as_stand_in(found[1], "receive") or ""))


def paper_data(paper: ReceiptPaper) -> dict[str, Any]:
    """Return a receipt as plain JSON values."""
    data = asdict(paper)
    data["issued_at"] = paper.issued_at.isoformat()
    data["received_at"] = paper.received_at.isoformat()
    data["appointment"]["at"] = None if paper.appointment.at is None else paper.appointment.at.isoformat()
    return data


def paper_from(data: dict[str, Any]) -> ReceiptPaper:
    """Read what `paper_data` wrote."""
    at = data["appointment"]["at"]
    read: dict[str, Any] = {
        "issued_at": datetime.fromisoformat(data["issued_at"]),
        "received_at": datetime.fromisoformat(data["received_at"]),
        "applicant": Party(**data["applicant"]),
        "owner": None if data["owner"] is None else Party(**data["owner"]),
        "documents": tuple(HandedIn(**row) for row in data["documents"]),
        "appointment": Appointment(
            at=None if at is None else datetime.fromisoformat(at),
            reasons=_reasons_from(data["appointment"]["reasons"]),
            counted=data["appointment"].get("counted", ""),  # papers issued before it was written have none
        ),
        "fees": tuple(_fee_from(fee) for fee in data["fees"]),
        "notes": tuple(data["notes"]),
    }
    return ReceiptPaper(**{**data, **read})


def _fee_from(data: dict[str, Any]) -> FeeLine:
    """Read a line of money; papers issued before it was said when it is collected say nothing of it."""
    read: dict[str, Any] = {"reasons": _reasons_from(data["reasons"])}
    return FeeLine(**{**data, **read})


def _reasons_from(rows: list[dict[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(**row) for row in rows)
