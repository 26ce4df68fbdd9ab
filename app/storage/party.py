"""Persons and organisations that dossiers name, kept apart from the people who log in."""

from datetime import date
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Date, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.columns import Code, Key, MaybeWords, PublicId, Recorded, Words


class Party(Model):
    """A person or organisation (cá nhân, tổ chức); one record per identity number."""

    __tablename__ = "party"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[Code]
    full_name: Mapped[Words]
    folded: Mapped[Words]
    birth_day: Mapped[date | None] = mapped_column(Date, nullable=True)
    merged_into_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("party.id"), nullable=True)
    recorded_at: Mapped[Recorded]


class PartyIdentifier(Model):
    """An identity number (số định danh): found by a keyed hash, readable only with the key of personal data."""

    __tablename__ = "party_identifier"
    __table_args__ = (UniqueConstraint("kind", "lookup"), {"extend_existing": True})

    id: Mapped[Key]
    party_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("party.id"), nullable=False, index=True)
    kind: Mapped[Code]
    lookup: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    encrypted: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    last_digits: Mapped[Code]
    since: Mapped[date | None] = mapped_column(Date, nullable=True)
    until: Mapped[date | None] = mapped_column(Date, nullable=True)
    recorded_at: Mapped[Recorded]


class DossierParty(Model):
    """A party in a dossier by its role (người nộp, chủ hồ sơ, người được ủy quyền ...), as it was then.

    `snapshot` holds name, contact and address of that day; the identity number in it is encrypted.
    """

    __tablename__ = "dossier_party"

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False, index=True)
    party_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("party.id"), nullable=False, index=True)
    role: Mapped[Code]
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    note: Mapped[MaybeWords]
    recorded_at: Mapped[Recorded]

    party: Mapped[Party] = relationship(lazy="raise_on_sql")
