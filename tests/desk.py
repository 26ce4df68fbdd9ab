"""What the tests of the desk hand in: people who act, and one dossier of certified copies that everybody knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.clock import legal_day
from app.extensions import db
from app.security.assignment import Rights, rights_of
from app.services import dossier as dossiers
from app.services import procedure as procedures
from app.services import refusal as refusals
from app.services.dossier import Intake
from app.services.party import Applicant, Representative
from app.services.procedure import Publication
from app.services.sample import SAMPLES
from app.storage.account import Officer
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.office import Unit
from app.storage.procedure import Procedure, version_in_force
from app.storage.unit_of_work import unit_of_work

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""A Friday, 10:00 in Vietnam."""

SINCE = date(2025, 7, 1)

COPIES = "2.000815"
BIRTH = "1.001193"
EXTRACT = "2.000635"
RESIDENCE = "1.004222"
BUSINESS = "1.001612"

RECEIVER, OTHER_RECEIVER = "tiepnhan.caolanh", "tiepnhan.thapmuoi"
PROCESSOR, SECOND_PROCESSOR = "xuly.caolanh", "xuly2.caolanh"
POSTAL, LEADER, INSPECTOR = "buudien.caolanh", "lanhdao.caolanh", "kiemtra"

ORIGINALS = [{"title": "Bằng tốt nghiệp", "pages": 10, "copies": 3}]
PERSON = Applicant(
    kind="person", full_name="Nguyễn Thị Đào", identifier="087190001234", birth_day=date(1990, 2, 1),
    phone="0912345678", email="", address="12 Nguyễn Huệ, phường Cao Lãnh",
)  # fmt: skip

COMPANY = Applicant(
    kind="organisation", full_name="Công ty TNHH Sen Hồng", identifier="1400999003", identifier_kind="tax_code",
    birth_day=None, phone="0912345679", email="", address="5 Lý Thường Kiệt, phường Cao Lãnh",
    representative=Representative("Trần Văn Sáu", "Giám đốc", "087080001235"),
)  # fmt: skip


@contextmanager
def acting(user_name: str, at: datetime = AT) -> Iterator[Rights]:
    """Let what follows act in this person's name, towards the database too."""
    officer = db.session.scalars(select(Officer).where(Officer.username == user_name)).one()
    rights = rights_of(db.session(), officer.id, legal_day(at))
    identity = Identity(officer.id, officer.username, rights.scope)
    db.session.rollback()  # the next transaction is told who acts
    token = act_as(identity)
    try:
        yield rights
    finally:
        act_no_longer(token)
        db.session.rollback()


def publish(code: str, text: str = "") -> None:
    """Publish one sample procedure, or this definition of it, as anybody would."""
    definition = text or (SAMPLES / "procedures" / f"{code}.yaml").read_text(encoding="utf-8")
    with acting("danhmuc") as rights, unit_of_work() as work:
        procedure = work.session.scalars(select(Procedure).where(Procedure.code == code)).one_or_none()
        if procedure is None:
            procedure = Procedure(code=code, name=code, folded=code, sort_key=code)
            work.session.add(procedure)
            work.flush()
        draft = procedures.save_draft(
            work, procedure.uuid, text=definition, file_name=f"{code}.yaml", rights=rights, seen_version=None, at=AT
        )
        procedures.publish(
            work, procedure.uuid, Publication(since=SINCE), rights=rights, seen_version=draft.lock_version, at=AT
        )


def publish_copies() -> None:
    """Publish the procedure that most tests of the desk are about."""
    publish(COPIES)


def unit_id(key: str) -> int:
    return db.session.scalars(select(Unit.id).where(Unit.key == key)).one()


def intake(rights: Rights, code: str = COPIES, at: datetime = AT, **changes: Any) -> Intake:
    version = version_in_force(db.session(), code, legal_day(at))
    said = {
        "intake_key": uuid4(),
        "procedure_code": code,
        "version_id": version.uuid if version else uuid4(),
        "duty": rights.receiving_units()[0],
        "channel": "counter",
        "return_channel": "counter",
        "applicant": PERSON,
        "applicant_kind": "individual",
        "facts": {"originals": ORIGINALS, "original_finding": "none"},
        "received": frozenset({"original"}),
    }
    return Intake(**{**said, **changes})


def received(user_name: str = RECEIVER, at: datetime = AT, **changes: Any) -> UUID:
    """Receive a dossier of certified copies and return its public id."""
    with acting(user_name, at) as rights, unit_of_work() as work:
        return dossiers.receive(work, intake(rights, at=at, **changes), rights=rights, at=at).uuid


def refused(user_name: str = RECEIVER, at: datetime = AT, **changes: Any) -> UUID:
    """Refuse to receive a dossier of certified copies and return the public id of the refusal."""
    with acting(user_name, at) as rights, unit_of_work() as work:
        return refusals.refuse(work, intake(rights, at=at, **changes), rights=rights, at=at)


def typed_for_company(**changes: Any) -> MultiDict[str, str]:
    """What a browser sends for a dossier of the company; what was typed for a person before is sent, too."""
    said: dict[str, Any] = {
        "applicant-applicant_kind": "enterprise",
        "applicant-organisation_name": "Công ty TNHH Sen Hồng",
        "applicant-tax_code": "1400 999 003",
        "applicant-seat": "5 Lý Thường Kiệt, phường Cao Lãnh",
        "applicant-representative_name": "Trần Văn Sáu",
        "applicant-representative_position": "Giám đốc",
        "applicant-representative_id": "087080001235",
        "applicant-phone": "0912 345 679",
    }
    return typed(**said | changes)


def typed(**changes: Any) -> MultiDict[str, str]:
    """What a browser sends for the same dossier at Cao Lãnh, without the form's own keys; None leaves a name out."""
    said: dict[str, Any] = {
        "desk": "phuong-cao-lanh",
        "applicant-applicant_kind": "individual",
        "applicant-full_name": "Nguyễn Thị Đào",
        "applicant-citizen_id": "087190001234",
        "applicant-birth_day": "01/02/1990",
        "applicant-phone": "0912 345 678",
        "applicant-address": "12 Nguyễn Huệ, phường Cao Lãnh",
        "filing-channel": "counter",
        "filing-return_channel": "counter",
        "answers-originals-0-title": "Bằng tốt nghiệp",
        "answers-originals-0-pages": "10",
        "answers-originals-0-copies": "3",
        "answers-original_finding": "none",
        "received": "original",
    }
    said |= changes
    return MultiDict({name: value for name, value in said.items() if value is not None})
