"""What the office knows of an applicant already (dữ liệu đã có): asked for once, not again with every dossier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import legal_day
from app.services.party import APPLICANT, PERSON, REPRESENTATIVE, Applicant, known_party
from app.storage.dossier import Dossier
from app.storage.party import DossierParty


@dataclass(frozen=True, slots=True)
class KnownApplicant:
    """What an applicant told in the last dossier that this person may see: its code, its day, and answers by field."""

    dossier_code: str
    accepted_on: date
    answers: Mapping[str, Any] = field(hash=False)


def known_applicant(session: Session, applicant: Applicant) -> KnownApplicant | None:
    """Return what the newest dossier of whoever has this number says of them, None where nothing is known.

    Only dossiers in the scope of the person who asks count: the database shows no others.
    """
    party = known_party(session, applicant) if applicant.identifier else None
    if party is None:
        return None
    newest = session.execute(
        select(Dossier.id, Dossier.code, Dossier.accepted_at, DossierParty.snapshot)
        .join(Dossier, Dossier.id == DossierParty.dossier_id)
        .where(DossierParty.party_id == party, DossierParty.role == APPLICANT)
        .order_by(Dossier.accepted_at.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    answers = _of_person(newest.snapshot) if applicant.kind == PERSON else _of_body(session, newest.id, newest.snapshot)
    return KnownApplicant(
        newest.code, legal_day(newest.accepted_at), {name: value for name, value in answers.items() if value}
    )


def _of_person(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    born = snapshot.get("birth_day")
    return {
        "full_name": snapshot.get("full_name"),
        "birth_day": date.fromisoformat(born) if born else None,
        "phone": snapshot.get("phone"),
        "email": snapshot.get("email"),
        "address": snapshot.get("address"),
    }


def _of_body(session: Session, dossier: int, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of an organisation; who represents it is asked by name, the number is typed again."""
    acting: Mapping[str, Any] = (
        session.scalars(
            select(DossierParty.snapshot).where(DossierParty.dossier_id == dossier, DossierParty.role == REPRESENTATIVE)
        ).one_or_none()
        or {}
    )
    return {
        "organisation_name": snapshot.get("full_name"),
        "seat": snapshot.get("address"),
        "phone": snapshot.get("phone"),
        "email": snapshot.get("email"),
        "representative_name": acting.get("full_name"),
        "representative_position": acting.get("position"),
    }
