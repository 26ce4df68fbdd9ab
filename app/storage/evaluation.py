"""Outcomes of the rules (kết quả tính), kept with everything that is needed to compute them again for ever."""

from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.columns import Code, Key, MaybeWords, PublicId, Recorded


class RegisterSnapshot(Model):
    """The content of a register (calendar, hours, lists ...) as an evaluation read it, known by its SHA-256."""

    __tablename__ = "register_snapshot"

    id: Mapped[Key]
    sha256: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[Code]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    recorded_at: Mapped[Recorded]


class EvaluationRecord(Model):
    """One evaluation in a dossier's chain: version, facts, registers, outcome and its hash (append-only)."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("dossier_id", "sequence"), {"extend_existing": True})

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False)
    sequence: Mapped[int] = mapped_column(nullable=False)
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure_version.id"), nullable=False)
    facts_revision: Mapped[int] = mapped_column(nullable=False)
    on: Mapped[date] = mapped_column(Date, nullable=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), nullable=False)
    registers: Mapped[dict[str, str]] = mapped_column(JSONB, nullable=False)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    outcome_sha256: Mapped[Code]
    engine: Mapped[dict[str, str]] = mapped_column(JSONB, nullable=False)
    reason: Mapped[MaybeWords]
    recorded_at: Mapped[Recorded]


def keep_register(session: Session, *, sha256: str, kind: str, content: dict[str, Any]) -> str:
    """Keep a register's content once, whoever asks first, and return its hash."""
    session.execute(insert(RegisterSnapshot).values(sha256=sha256, kind=kind, content=content).on_conflict_do_nothing())
    return sha256


def register_content(session: Session, sha256: str) -> dict[str, Any]:
    """Return the register kept under this hash."""
    return session.scalars(select(RegisterSnapshot.content).where(RegisterSnapshot.sha256 == sha256)).one()
