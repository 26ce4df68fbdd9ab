"""Refusing to receive a dossier (từ chối tiếp nhận): no dossier is made; the refusal is kept and printed as form 03.

A refusal is a chain of the record of its own. Its lines tell the grounds in the clear; who was refused and what was
answered are encrypted in them, and the identity number is found by its keyed hash.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.clock import legal_day
from app.exporters.papers import Ground, Party, RefusalPaper, refusal_pdf
from app.security.assignment import Rights
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services.dossier import Intake
from app.services.errors import MoveNotAllowedError, NotFoundError
from app.services.office import dossier_code_of, unit_on
from app.services.overview import AnswerSection, all_answers
from app.services.party import lookup_of, lookups
from app.services.receipt import parent_name, place_of
from app.storage.account import Officer
from app.storage.audit import AuditEntry, Note, last_entry
from app.storage.dossier import next_number
from app.storage.identity import current_identity
from app.storage.procedure import ProcedureVersion
from app.storage.unit_of_work import Work
from app.vault import vault
from rules import codec
from rules.citations import Citation, citation_data
from rules.evaluation.findings import Refusal
from rules.evaluation.outcome import Evaluation
from rules.values import Text
from rules.vocabulary import CHANNELS

KIND, ACT = "refusal", "refuse_reception"
"""The kind of object under which the record of a refusal runs, and the act."""

SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Cited:
    """A ground of a refusal in both languages, with its citations; form 03 prints the Vietnamese."""

    sentence: Text
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """A refusal as it was kept: whose it is, the paper, its grounds for the screen, and the answers it stands on."""

    uuid: UUID
    unit_id: int
    at: datetime
    paper: RefusalPaper
    grounds: tuple[Cited, ...]
    sections: tuple[AnswerSection, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One refusal in the list; `after` of a page is the `uuid` of its last line."""

    uuid: UUID
    number: str
    person: str
    procedure_code: str
    procedure: str
    unit: str
    officer: str
    at: datetime
    grounds: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of refusals, newest first; `after` opens the next page, empty on the last one."""

    lines: tuple[Line, ...]
    after: str


def refuse(work: Work, intake: Intake, *, rights: Rights, at: datetime) -> UUID:
    """Refuse to receive what the rules do not let in, keep why, and return the refusal's public id.

    The same form sent twice is one refusal; sent again with something mended, its new slip replaces the one before,
    which stays on record. Raises MoveNotAllowedError where the rules let the dossier be received.
    """
    version, facts = dossiers.prepared(work.session, intake, rights=rights, at=at)
    outcome = evaluations.evaluate_facts(work.session, version, facts, at).evaluation
    if outcome.eligible:
        raise MoveNotAllowedError(
            "Theo quy định, hồ sơ này không thuộc trường hợp từ chối nên chưa lập phiếu nào.",
            todo="Kiểm tra lại câu trả lời; nếu chỉ thiếu giấy tờ thì hướng dẫn người nộp bổ sung.",
        )
    known = last_entry(work.session, KIND, str(intake.intake_key))
    told = _told(version, intake, outcome)
    if known is not None and _same(known.detail, told):
        return intake.intake_key
    paper = _paper(work.session, intake, version, outcome, rights, at)
    identity, duty = current_identity(), intake.duty
    detail = {**told, "number": paper.number, "template": paper.template_version, "paper": _sealed(_data(paper))}
    work.note(
        Note(
            KIND, str(intake.intake_key), ACT, at, identity.user_id, identity.user_name, duty.acts_for_unit_id,
            duty.assignment_id, detail=detail,
        )
    )  # fmt: skip
    try:
        work.commit()
    except IntegrityError:  # of two sendings at once the first one was kept
        work.session.rollback()
    return intake.intake_key


def _told(version: ProcedureVersion, intake: Intake, outcome: Evaluation) -> dict[str, Any]:
    """Return what the record says of a refusal beside its paper."""
    said = {
        "facts": codec.facts_to_json(evaluations.definition_of(version), intake.facts),
        "channel": intake.channel,
        "return_channel": intake.return_channel,
        "applicant": {**asdict(intake.applicant), "birth_day": None},
    }
    return {
        "code": intake.procedure_code,
        **({"person": lookup_of(intake.applicant)[1].hex()} if intake.applicant.identifier else {}),
        "version": version.id,
        "grounds": [
            {"sentence": ground.sentence.to_data(), "citations": [*map(citation_data, ground.citations)]}
            for ground in map(_ground, outcome.refusals)
        ],
        "outcome": outcome.hash,
        "answers": _sealed(said),
    }


def _same(kept: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Say whether a form says the same as it did before; what is encrypted twice never looks alike."""
    # Compared as printed: a refusal kept before it spoke English has no other text.
    printed = [_printed(_grounds(each)) for each in (kept, told)]
    return _unsealed(kept["answers"]) == _unsealed(told["answers"]) and printed[0] == printed[1]


def _printed(grounds: Iterable[Cited]) -> tuple[Ground, ...]:
    """Return grounds as form 03 prints them, in Vietnamese."""
    return tuple(Ground(sentence=each.sentence.vi, citations=tuple(map(str, each.citations))) for each in grounds)


def _grounds(told: Mapping[str, Any]) -> tuple[Cited, ...]:
    return tuple(
        Cited(Text.from_data(each["sentence"]), tuple(map(Citation.from_data, each["citations"])))
        for each in told["grounds"]
    )


def _sealed(data: Mapping[str, Any]) -> str:
    return vault.encrypt(json.dumps(data, ensure_ascii=False)).decode()


def _unsealed(text: str) -> dict[str, Any]:
    return json.loads(vault.decrypt(text.encode()))


def _paper(
    session: Session, intake: Intake, version: ProcedureVersion, outcome: Evaluation, rights: Rights, at: datetime
) -> RefusalPaper:
    """Fill form 03; its number is taken from the unit's series of the day, in the act's own transaction."""
    on, person = legal_day(at), intake.applicant
    unit = unit_on(session, intake.duty.acts_for_unit_id, on)
    series = dossier_code_of(session, unit.id, on)
    return RefusalPaper(
        parent_body=parent_name(session, unit, on),
        unit=unit.name,
        number=f"{series}-{on:%y%m%d}-TC{next_number(session, f'{series}-TC', on):04d}",
        place=place_of(unit),
        issued_at=at,
        applicant=Party(
            name=person.full_name, address=person.address, phone=person.phone, email=person.email,
            representative=person.representative.full_name if person.representative else "",
        ),
        channel=CHANNELS[intake.channel].vi,
        procedure_code=intake.procedure_code,
        procedure_name=evaluations.definition_of(version).name.vi,
        grounds=_printed(map(_ground, outcome.refusals)),
        officer_name=session.get_one(Officer, rights.user_id).full_name,
    )  # fmt: skip


def _ground(refusal: Refusal) -> Cited:
    return Cited(refusal.text, tuple(dict.fromkeys(reason.citation for reason in refusal.reasons if reason.citation)))


def _data(paper: RefusalPaper) -> dict[str, Any]:
    return {**asdict(paper), "issued_at": paper.issued_at.isoformat()}


def _paper_from(data: Mapping[str, Any]) -> RefusalPaper:
    read: dict[str, Any] = {
        "issued_at": datetime.fromisoformat(data["issued_at"]),
        "applicant": Party(**data["applicant"]),
        "grounds": tuple(
            Ground(sentence=each["sentence"], citations=tuple(each["citations"])) for each in data["grounds"]
        ),
    }
    return RefusalPaper(**{**data, **read})


def slip(session: Session, refusal_id: UUID, rights: Rights) -> Slip:
    """Return a refusal this person may see; another unit's does not exist for them."""
    kept = last_entry(session, KIND, str(refusal_id))
    if kept is None or kept.for_unit_id is None or kept.for_unit_id not in rights.scope:
        raise NotFoundError("Không tìm thấy phiếu từ chối này trong phạm vi của bạn.", todo="Tìm lại trong danh sách.")
    said = _unsealed(kept.detail["answers"])
    definition = evaluations.definition_of(session.get_one(ProcedureVersion, kept.detail["version"]))
    facts = codec.facts_from_json(definition, said["facts"])
    answers = all_answers(definition, facts, said["channel"], said["return_channel"])
    paper = _paper_from(_unsealed(kept.detail["paper"]))
    return Slip(refusal_id, kept.for_unit_id, kept.event_at, paper, _grounds(kept.detail), tuple(answers))


def pdf(slip: Slip) -> bytes:
    """Print a refusal from what was kept of it, with its own version of the form."""
    return refusal_pdf(slip.paper)


def refusals(session: Session, rights: Rights, *, text: str, after: UUID | None) -> Found:
    """Return one page of refusals of this person's units, found by their number or the code of the procedure."""
    return _found(session, rights, _matching(text), _before(after))


def refusals_of_person(session: Session, rights: Rights, number: str) -> Found:
    """Return the newest refusals of whoever has this whole number, and those in whose own codes it is a part.

    Names are encrypted, so nothing else finds a person.
    """
    of_person = AuditEntry.detail["person"].astext.in_([each.hex() for each in lookups(number)])
    return _found(session, rights, or_(of_person, _matching(number)))


def _found(session: Session, rights: Rights, *narrowed: ColumnElement[bool]) -> Found:
    lines = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_kind == KIND, AuditEntry.for_unit_id.in_(sorted(rights.scope)), *narrowed)
        .order_by(AuditEntry.event_at.desc(), AuditEntry.id.desc())
        .limit(SHOWN_AT_MOST + 1)
    ).all()
    shown = lines[:SHOWN_AT_MOST]
    return Found(tuple(map(_line, shown)), shown[-1].object_id if len(lines) > SHOWN_AT_MOST else "")


def _matching(text: str) -> ColumnElement[bool]:
    words = text.strip()[:100]
    places = (AuditEntry.detail["number"].astext, AuditEntry.detail["code"].astext)
    return or_(*(place.icontains(words, autoescape=True) for place in places))


def _before(after: UUID | None) -> ColumnElement[bool]:
    here = tuple_(AuditEntry.event_at, AuditEntry.id)
    if after is None:
        return AuditEntry.id.is_not(None)
    last = (
        select(AuditEntry.event_at, AuditEntry.id)
        .where(AuditEntry.object_kind == KIND, AuditEntry.object_id == str(after))
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
        .correlate(None)
    )
    return here < last.scalar_subquery()


def _line(kept: AuditEntry) -> Line:
    paper = _paper_from(_unsealed(kept.detail["paper"]))
    return Line(
        uuid=UUID(kept.object_id),
        number=paper.number,
        person=paper.applicant.name,
        procedure_code=paper.procedure_code,
        procedure=paper.procedure_name,
        unit=paper.unit,
        officer=paper.officer_name,
        at=kept.event_at,
        grounds=tuple(ground.sentence for ground in _grounds(kept.detail)),
    )
