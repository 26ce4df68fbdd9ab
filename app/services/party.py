"""Persons and organisations in dossiers: one record for each number, readable only where it must be."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.storage.dossier import Dossier
from app.storage.folding import folded
from app.storage.party import DossierParty, Party, PartyIdentifier
from app.vault import vault
from rules.values import Text

APPLICANT, REPRESENTATIVE = "applicant", "representative"
"""The roles of the parties that every dossier may have: who applies, and who acts for an organisation."""

PERSON, ORGANISATION = "person", "organisation"
"""The kinds of parties (cá nhân, tổ chức)."""

CITIZEN_ID, TAX_CODE, DECISION = "citizen_id", "tax_code", "decision"
"""The kinds of numbers that a party is known by: personal number, tax code, number of the founding decision."""

NUMBER_LABELS: Mapping[str, Text] = MappingProxyType(
    {
        CITIZEN_ID: Text("Số định danh", "Citizen number"),
        TAX_CODE: Text("Mã số thuế", "Tax code"),
        DECISION: Text("Số quyết định thành lập", "Number of the founding decision"),
    }
)

_CODE = re.compile(r"(?<!\d)(\d{6}-(TC)?\d{1,4}|\d\.\d{6})(?!\d)", re.IGNORECASE)
"""What is long in digits and names nobody: the day and the place in a dossier's code, the code of a procedure."""


@dataclass(frozen=True, slots=True)
class Representative:
    """The person who acts for an organisation (người đại diện), with position and personal number."""

    full_name: str
    position: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies (người nộp hồ sơ), as typed at the counter; an organisation has a representative.

    The phone and the e-mail address of an organisation reach its representative, too.
    """

    kind: str
    full_name: str
    identifier: str
    birth_day: date | None
    phone: str
    email: str
    address: str
    identifier_kind: str = CITIZEN_ID
    representative: Representative | None = None

    @property
    def represented_by(self) -> "Applicant | None":
        """The representative as a person of their own, None where nobody acts for the applicant."""
        acting = self.representative
        if acting is None:
            return None
        return Applicant(PERSON, acting.full_name, acting.identifier, None, self.phone, self.email, address="")


def applicant_data(applicant: Applicant) -> dict[str, Any]:
    """Return an applicant as plain JSON values."""
    return asdict(applicant) | {"birth_day": applicant.birth_day.isoformat() if applicant.birth_day else None}


def applicant_from(data: Mapping[str, Any]) -> Applicant:
    """Read what `applicant_data` wrote, also before there were organisations."""
    born, acting = data["birth_day"], data.get("representative")
    read: dict[str, Any] = {
        "birth_day": date.fromisoformat(born) if born else None,
        "representative": Representative(**acting) if acting else None,
    }
    return Applicant(**{**data, **read})


def masked(identifier: str) -> str:
    """Return an identity number as lists and pages show it: only the last three digits."""
    return "•" * max(len(identifier) - 3, 0) + identifier[-3:]


def add_applicant(session: Session, dossier: Dossier, applicant: Applicant) -> DossierParty:
    """Put the applicant into the dossier, on the one record that holds this number, and the representative beside."""
    party = _add(session, dossier, applicant, APPLICANT, of_organisation(applicant))
    if (person := applicant.represented_by) is not None and applicant.representative is not None:
        _add(session, dossier, person, REPRESENTATIVE, {"position": applicant.representative.position})
    return party


def of_organisation(applicant: Applicant) -> dict[str, Any]:
    """Return what is written down of an organisation alone: its number is public and no personal data."""
    if applicant.kind == PERSON:
        return {}
    return {"kind": applicant.kind, "identifier_kind": applicant.identifier_kind, "identifier": applicant.identifier}


def _add(session: Session, dossier: Dossier, party: Applicant, role: str, more: Mapping[str, Any]) -> DossierParty:
    told = snapshot(party, more)
    added = DossierParty(dossier_id=dossier.id, party_id=_party_of(session, party), role=role, snapshot=told)
    session.add(added)
    return added


def snapshot(party: Applicant, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return a party as it is written down in a dossier, its number left out but for the end."""
    told: dict[str, Any] = {
        "full_name": party.full_name,
        "phone": party.phone,
        "email": party.email,
        "address": party.address,
        "identifier_end": party.identifier[-3:],
        **more,
    }
    if party.birth_day is not None:
        told["birth_day"] = party.birth_day.isoformat()
    return told


def parties_of(session: Session, dossier: Dossier) -> Mapping[str, Mapping[str, Any]]:
    """Return the parties of a dossier by role, each as written down at reception."""
    named = select(DossierParty.role, DossierParty.snapshot).where(DossierParty.dossier_id == dossier.id)
    return {row.role: row.snapshot for row in session.execute(named)}


def lookup_of(applicant: Applicant) -> tuple[str, bytes]:
    """Return the kind of an applicant's number and the keyed hash it is found by.

    Two bodies may number their founding decisions alike, so such a number counts with the body's name.
    """
    kind, number = applicant.identifier_kind, applicant.identifier
    told = f"{folded(number)}:{folded(applicant.full_name)}" if kind == DECISION else number
    return kind, vault.lookup(f"{kind}:{told}")


def lookups(number: str) -> tuple[bytes, ...]:
    """Return the keyed hashes under which a whole number may be kept: a citizen number, a tax code."""
    plain = re.sub(r"[\s.]", "", number)
    return tuple(vault.lookup(f"{kind}:{plain}") for kind in (CITIZEN_ID, TAX_CODE))


def holds_identity_number(text: str) -> bool:
    """Tell whether this may hold an identity number or a part of one: no address and no log may have it.

    Six digits in a row are a part already, and nine in all are a number written with dots or dashes between.
    """
    plain = _CODE.sub("", "".join(text.split()))
    return re.search(r"\d{6}", plain) is not None or len(re.findall(r"\d", plain)) >= 9


def dossiers_of_number(number: str) -> Select[int]:
    """Return the ids of the dossiers in which whoever has this whole number applies or acts for an organisation."""
    return (
        select(DossierParty.dossier_id)
        .join(PartyIdentifier, PartyIdentifier.party_id == DossierParty.party_id)
        .where(PartyIdentifier.lookup.in_(lookups(number)))
    )


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
