"""Procedures, their drafts and their published versions (thủ tục hành chính, dự thảo, phiên bản)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, UniqueConstraint, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.storage.columns import Code, Key, MaybeMoment, MaybeWords, PublicId, Recorded, Words


class Procedure(Model):
    """A procedure (TTHC) by its national code; its law is in the versions, what sources say in the catalogue."""

    __tablename__ = "procedure"
    __table_args__ = (
        Index("procedure_folded", "folded", postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Words]
    field_of_work: Mapped[MaybeWords]
    # Which system owns a dossier's state: ours, or another that we only mirror (model.md 1).
    state_owner: Mapped[Code] = mapped_column(server_default=text("'ours'"))
    folded: Mapped[Words]
    sort_key: Mapped[Code]
    recorded_at: Mapped[Recorded]
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    __mapper_args__ = {"version_id_col": lock_version}

    def __repr__(self) -> str:
        return f"{self.code} {self.name}"


class ProcedureDraft(Model):
    """The definition an administrator is working on: the text as typed, and what the checks said of it."""

    __tablename__ = "procedure_draft"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False, unique=True)
    source_text: Mapped[Words]
    file_name: Mapped[MaybeWords]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False, server_default=text("'[]'"))
    case_results: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False, server_default=text("'[]'"))
    drafted_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    recorded_at: Mapped[Recorded]
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    procedure: Mapped[Procedure] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": lock_version}


class ProcedureVersion(Model):
    """A published version of a procedure: canonical JSON with two hashes, and all its dates. Never updated.

    `since` is the day the law makes it apply; `recorded_at` the moment the office knew (both are kept). It applies
    until a later version's `since`, or until a `ProcedureVersionEnd`.
    """

    __tablename__ = "procedure_version"
    __table_args__ = (
        UniqueConstraint("procedure_id", "number"),
        Index("procedure_version_since", "procedure_id", "since"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False)
    number: Mapped[int] = mapped_column(nullable=False)
    definition: Mapped[Words]  # canonical JSON: text, so that the bytes under the hash are the bytes kept
    whole_sha256: Mapped[Code]
    law_sha256: Mapped[Code]
    source_text: Mapped[Words]
    since: Mapped[date] = mapped_column(Date, nullable=False)
    decision: Mapped[MaybeWords]
    decision_signed_on: Mapped[date | None] = mapped_column(Date, nullable=True)
    decision_received_on: Mapped[date | None] = mapped_column(Date, nullable=True)
    published_locally_on: Mapped[date | None] = mapped_column(Date, nullable=True)
    on_portal_on: Mapped[date | None] = mapped_column(Date, nullable=True)
    transitional: Mapped[Code] = mapped_column(server_default=text("'day_of_acceptance'"))
    case_results: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False)
    drafted_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    published_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    published_at: Mapped[Recorded]

    procedure: Mapped[Procedure] = relationship(lazy="raise_on_sql")


class ProcedureVersionEnd(Model):
    """The last day a version applies before (bãi bỏ), recorded as a fact of its own; the version stays as it was."""

    __tablename__ = "procedure_version_end"

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure_version.id"), nullable=False, unique=True)
    until: Mapped[date] = mapped_column(Date, nullable=False)
    reason: Mapped[Words]
    recorded_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    recorded_at: Mapped[Recorded]
    withdrawn_at: Mapped[MaybeMoment]


def version_in_force(session: Session, code: str, on: date) -> ProcedureVersion | None:
    """Return the version of this procedure that the law applies on this day, or None when there is none.

    Of several versions that began on the same day the one published last holds.
    """
    newest = (
        select(ProcedureVersion)
        .join(Procedure, ProcedureVersion.procedure_id == Procedure.id)
        .where(Procedure.code == code, ProcedureVersion.since <= on)
        .order_by(ProcedureVersion.since.desc(), ProcedureVersion.number.desc())
        .limit(1)
    )
    version = session.scalars(newest).one_or_none()
    if version is None:
        return None
    ended = session.scalar(
        select(ProcedureVersionEnd.until).where(
            ProcedureVersionEnd.version_id == version.id, ProcedureVersionEnd.withdrawn_at.is_(None)
        )
    )
    return None if ended is not None and ended <= on else version


def versions_of(session: Session, procedure_id: int) -> Sequence[ProcedureVersion]:
    """Return the published versions of a procedure, newest first."""
    return session.scalars(
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure_id)
        .order_by(ProcedureVersion.number.desc())
    ).all()
