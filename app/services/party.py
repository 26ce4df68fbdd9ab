"""Persons in dossiers: one record for each identity number, readable only where it must be."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.storage.dossier import Dossier
from app.storage.folding import folded
from app.storage.party import DossierParty, Party, PartyIdentifier
from app.vault import vault

APPLICANT = "applicant"
CITIZEN_ID, TAX_CODE = "citizen_id", "tax_code"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who hands the dossier in (người nộp hồ sơ), as typed at the counter."""

    kind: str
    full_name: str
    identifier: str
    birth_day: date | None
    phone: str
    email: str
    address: str


def masked(identifier: str) -> str:
    """Return an identity number as lists and pages show it: only the last three digits."""
    return "•" * max(len(identifier) - 3, 0) + identifier[-3:]


def add_applicant(session: Session, dossier: Dossier, applicant: Applicant) -> DossierParty:
    """Put the applicant into the dossier, on the one record that holds this identity number."""
    party_id = _party_of(session, applicant)
    snapshot: dict[str, Any] = {
        "full_name": applicant.full_name,
        "phone": applicant.phone,
        "email": applicant.email,
        "address": applicant.address,
        "identifier_end": applicant.identifier[-3:],
    }
    if applicant.birth_day is not None:
        snapshot["birth_day"] = applicant.birth_day.isoformat()
    party = DossierParty(dossier_id=dossier.id, party_id=party_id, role=APPLICANT, snapshot=snapshot)
    session.add(party)
    return party


def lookup_of(applicant: Applicant) -> tuple[str, bytes]:
    """Return the kind of an applicant's number (citizen number or tax code) and the keyed hash it is found by."""
    kind = CITIZEN_ID if applicant.kind == "person" else TAX_CODE
    return kind, vault.lookup(f"{kind}:{applicant.identifier}")


def lookups(number: str) -> tuple[bytes, ...]:
    """Return the keyed hashes under which a whole number may be kept: a citizen number, a tax code."""
    plain = "".join(number.split())
    return tuple(vault.lookup(f"{kind}:{plain}") for kind in (CITIZEN_ID, TAX_CODE))


def known_party(session: Session, applicant: Applicant) -> int | None:
    """Return the record that holds this applicant's number, None where the number is new here."""
    kind, lookup = lookup_of(applicant)
    return session.scalar(
        select(PartyIdentifier.party_id).where(PartyIdentifier.kind == kind, PartyIdentifier.lookup == lookup)
    )


def _party_of(session: Session, applicant: Applicant) -> int:
    """Return the record of this identity number, made when it is new; two desks at once end on the same record."""
    found = known_party(session, applicant)
    if found is not None:
        return found
    kind, lookup = lookup_of(applicant)
    party = Party(
        kind=applicant.kind,
        full_name=applicant.full_name,
        folded=folded(applicant.full_name),
        birth_day=applicant.birth_day,
    )
    session.add(party)
    session.flush()
    made = session.execute(
        insert(PartyIdentifier)
        .values(
            party_id=party.id,
            kind=kind,
            lookup=lookup,
            encrypted=vault.encrypt(applicant.identifier),
            last_digits=applicant.identifier[-3:],
        )
        .on_conflict_do_nothing(index_elements=["kind", "lookup"])
        .returning(PartyIdentifier.party_id)
    ).scalar_one_or_none()
    if made is not None:
        return made
    first = session.execute(
        select(PartyIdentifier.party_id).where(PartyIdentifier.kind == kind, PartyIdentifier.lookup == lookup)
    ).scalar_one()
    party.merged_into_id = first
    return first


def identifier_of(session: Session, party_id: int) -> str:
    """Return the identity number of a party in the clear; the caller has the right and writes the access down."""
    encrypted = session.scalars(
        select(PartyIdentifier.encrypted).where(PartyIdentifier.party_id == party_id).order_by(PartyIdentifier.id)
    ).first()
    return "" if encrypted is None else vault.decrypt(encrypted)
