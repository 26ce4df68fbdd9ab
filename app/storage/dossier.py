"""Dossiers (hồ sơ): where they stand, what was said in them, and everything that happened, append-only."""

from datetime import date
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.storage.account import Officer
from app.storage.columns import Code, Key, MaybeMoment, MaybeWords, Moment, PublicId, Recorded, Words
from app.storage.office import Unit
from app.storage.procedure import Procedure, ProcedureVersion


class Dossier(Model):
    """A dossier as it stands now. Its past is in facts, events, evaluations and papers, which are never changed.

    Four state axes are apart: business, money, delivery, synchronisation. Four due moments are apart: statutory
    (luật định), committed (tỉnh cam kết), appointment (in trên giấy hẹn), re-appointment (hẹn lại).
    """

    __tablename__ = "dossier"
    __table_args__ = (
        Index("dossier_worklist", "holding_unit_id", "state", "appointment_due"),
        Index("dossier_received", "receiving_unit_id", "accepted_at"),
        Index("dossier_of_procedure", "procedure_id", "accepted_at", "id"),
        Index("dossier_accepted", "accepted_at", "id"),
        Index("dossier_finished", text("coalesce(returned_at, accepted_at)"), "id"),
        Index("dossier_state", "state"),
        Index("dossier_folded", "folded", postgresql_using="gin", postgresql_ops={"folded": "gin_trgm_ops"}),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    code: Mapped[Code] = mapped_column(unique=True)
    intake_key: Mapped[UUID] = mapped_column(postgresql.UUID(as_uuid=True), unique=True, nullable=False)
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False)
    # The shape in which facts were entered, and the version whose rules apply, are two things (model.md 6.3).
    form_version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure_version.id"), nullable=False)
    rules_version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure_version.id"), nullable=False)
    receiving_unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    competent_unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    holding_unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    holder_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)

    state: Mapped[Code]
    money_state: Mapped[Code]
    delivery_state: Mapped[Code]
    sync_state: Mapped[Code]
    outcome: Mapped[str | None] = mapped_column(nullable=True)
    filing_channel: Mapped[Code]
    payment_channel: Mapped[str | None] = mapped_column(nullable=True)
    return_channel: Mapped[Code]
    typed_by: Mapped[Code]

    applicant_name: Mapped[Words]
    folded: Mapped[Words]
    facts_revision: Mapped[int] = mapped_column(nullable=False)
    frozen: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)

    statutory_due: Mapped[MaybeMoment]
    committed_due: Mapped[MaybeMoment]
    appointment_due: Mapped[MaybeMoment]
    reappointment_due: Mapped[MaybeMoment]
    accepted_at: Mapped[Moment]
    decided_at: Mapped[MaybeMoment]
    returned_at: Mapped[MaybeMoment]
    recorded_at: Mapped[Recorded]
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    procedure: Mapped[Procedure] = relationship(lazy="raise_on_sql")
    rules_version: Mapped[ProcedureVersion] = relationship(foreign_keys=[rules_version_id], lazy="raise_on_sql")
    form_version: Mapped[ProcedureVersion] = relationship(foreign_keys=[form_version_id], lazy="raise_on_sql")
    receiving_unit: Mapped[Unit] = relationship(foreign_keys=[receiving_unit_id], lazy="raise_on_sql")
    holding_unit: Mapped[Unit] = relationship(foreign_keys=[holding_unit_id], lazy="raise_on_sql")
    holder: Mapped[Officer | None] = relationship(foreign_keys=[holder_id], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": lock_version}


class DossierCode(Model):
    """A code that another system knows the dossier by; ours is on the dossier and never reused."""

    __tablename__ = "dossier_code"
    __table_args__ = (UniqueConstraint("system", "code"), {"extend_existing": True})

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False, index=True)
    system: Mapped[Code]
    code: Mapped[Code]
    recorded_at: Mapped[Recorded]


class DossierFacts(Model):
    """The answers of a dossier at one revision: absent means unknown, never null (append-only)."""

    __tablename__ = "dossier_facts"
    __table_args__ = (UniqueConstraint("dossier_id", "revision"), {"extend_existing": True})

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False)
    revision: Mapped[int] = mapped_column(nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    reason: Mapped[MaybeWords]
    event_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]


class DossierEvent(Model):
    """One act on a dossier: the move it made, who made it for whom, when it happened and when it was written."""

    __tablename__ = "dossier_event"
    __table_args__ = (UniqueConstraint("dossier_id", "sequence"), {"extend_existing": True})

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False)
    sequence: Mapped[int] = mapped_column(nullable=False)
    act: Mapped[Code]
    from_state: Mapped[str | None] = mapped_column(nullable=True)
    to_state: Mapped[Code]
    actor_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    for_unit_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=True)
    assignment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("assignment.id"), nullable=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, server_default=text("'{}'"))
    late_reason: Mapped[MaybeWords]
    event_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]

    actor: Mapped[Officer | None] = relationship(foreign_keys=[actor_id], lazy="raise_on_sql")


class ClockEventRecord(Model):
    """What the clock of a dossier was told: accepted, stopped, resumed ..., with its basis (append-only)."""

    __tablename__ = "clock_event"

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False, index=True)
    kind: Mapped[Code]
    at: Mapped[Moment]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, server_default=text("'{}'"))
    basis: Mapped[MaybeWords]
    recorded_at: Mapped[Recorded]


class DossierPaper(Model):
    """A paper of the dossier as handed in (thành phần hồ sơ): how many originals and copies, digitised or not."""

    __tablename__ = "dossier_paper"
    __table_args__ = (UniqueConstraint("dossier_id", "code", "revision"), {"extend_existing": True})

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False)
    code: Mapped[Code]
    revision: Mapped[int] = mapped_column(nullable=False)
    label: Mapped[Words]
    required: Mapped[bool] = mapped_column(nullable=False)
    originals: Mapped[int] = mapped_column(nullable=False)
    copies: Mapped[int] = mapped_column(nullable=False)
    received: Mapped[bool] = mapped_column(nullable=False)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, server_default=text("'{}'"))
    recorded_at: Mapped[Recorded]


class ChargeLine(Model):
    """One line of what the dossier owes by one evaluation (phí, lệ phí, giá); amount NULL = no rule applies."""

    __tablename__ = "charge_line"
    __table_args__ = (UniqueConstraint("evaluation_id", "line"), {"extend_existing": True})

    id: Mapped[Key]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False, index=True)
    evaluation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("evaluation.id"), nullable=False)
    line: Mapped[Code]
    kind: Mapped[Code]
    label: Mapped[Words]
    amount: Mapped[int | None] = mapped_column(BigInteger, nullable=True)
    currency: Mapped[Code]
    set_by: Mapped[Code]
    collected: Mapped[Code]
    refundable: Mapped[bool] = mapped_column(nullable=False)
    recorded_at: Mapped[Recorded]


class DossierResult(Model):
    """The result of a dossier (kết quả giải quyết): outcome, number, signer, summary (append-only)."""

    __tablename__ = "dossier_result"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False, index=True)
    outcome: Mapped[Code]
    result_code: Mapped[str | None] = mapped_column(nullable=True)
    number: Mapped[MaybeWords]
    signed_on: Mapped[date | None] = mapped_column(Date, nullable=True)
    signer: Mapped[MaybeWords]
    summary: Mapped[Words]
    recorded_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    recorded_at: Mapped[Recorded]


class IssuedPaper(Model):
    """A paper the office issued (giấy tiếp nhận, phiếu ...): its data and template, to print the same again."""

    __tablename__ = "issued_paper"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    dossier_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=False, index=True)
    kind: Mapped[Code]
    template_version: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    issued_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    issued_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]


class NumberCounter(Model):
    """The last number given in a series on a day: a row locked in the act's own transaction, so no gap, no double."""

    __tablename__ = "number_counter"

    series: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[int] = mapped_column(nullable=False)


def next_number(session: Session, series: str, day: date) -> int:
    """Return the next number of the series on this day, 1 first; an act rolled back gives its number back."""
    statement = (
        insert(NumberCounter)
        .values(series=series, day=day, last=1)
        .on_conflict_do_update(index_elements=["series", "day"], set_={"last": NumberCounter.last + 1})
        .returning(NumberCounter.last)
    )
    return session.execute(statement).scalar_one()
