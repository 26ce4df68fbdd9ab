"""What a leader sets by hand (ấn định bằng tay): requests that wait for it, the rulings, and their amounts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.account import Officer
from app.storage.alarm import MatchAlarm
from app.storage.columns import Code, Key, MaybeMoment, MaybeWords, Moment, PublicId, Recorded, Words
from app.storage.procedure import Procedure, ProcedureVersion


class HandRequest(Model):
    """A reception that waits because nothing could be computed: the answers as typed, for a leader to set fee and date.

    The answers never change; only the state moves: waiting, ruled, then finished, or declined. The applicant with the
    identity number is encrypted in `sealed`; facts stand as they do in a dossier.
    """

    __tablename__ = "hand_request"
    __table_args__ = (
        Index("hand_request_open", "unit_id", "asked_at", postgresql_where=text("state IN ('waiting', 'ruled')")),
        CheckConstraint("state IN ('waiting', 'ruled', 'finished', 'declined')", name="hand_request_state"),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="hand_request_declined_why"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    intake_key: Mapped[UUID] = mapped_column(postgresql.UUID(as_uuid=True), unique=True, nullable=False)
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False)
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure_version.id"), nullable=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assignment.id"), nullable=False)
    alarm_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("match_alarm.id"), nullable=False)
    asked_by: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=False)
    asked_at: Mapped[Moment]
    note: Mapped[MaybeWords]
    applicant_name: Mapped[Words]
    applicant_kind: Mapped[Code]
    sealed: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    filing_channel: Mapped[Code]
    return_channel: Mapped[Code]
    received: Mapped[list[str]] = mapped_column(JSONB, nullable=False)
    recorded_at: Mapped[Recorded]
    state: Mapped[Code] = mapped_column(default="waiting", server_default=text("'waiting'"))
    declined_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    declined_at: Mapped[MaybeMoment]
    decline_reason: Mapped[MaybeWords]
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    procedure: Mapped[Procedure] = relationship(lazy="raise_on_sql")
    version: Mapped[ProcedureVersion] = relationship(lazy="raise_on_sql")
    alarm: Mapped[MatchAlarm] = relationship(lazy="raise_on_sql")
    asker: Mapped[Officer] = relationship(foreign_keys=[asked_by], lazy="raise_on_sql")
    decliner: Mapped[Officer | None] = relationship(foreign_keys=[declined_by], lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": lock_version}


class HandRuling(Model):
    """One act of setting by hand: who, under which duty, why, on which legal basis (append-only).

    It stands on the evaluation that left the amounts open, or on the request of a reception without an evaluation; the
    dossier of such a reception is filled in once, when it is received. A later ruling supersedes it; both stay.
    """

    __tablename__ = "hand_ruling"
    __table_args__ = (
        CheckConstraint("num_nonnulls(evaluation_id, request_id) = 1", name="hand_ruling_stands_on_one"),
        CheckConstraint("num_nonnulls(dossier_id, request_id) > 0", name="hand_ruling_is_of_something"),
        CheckConstraint("btrim(reason) <> '' AND btrim(citation) <> ''", name="hand_ruling_says_why"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    act_key: Mapped[UUID] = mapped_column(postgresql.UUID(as_uuid=True), unique=True, nullable=False)
    dossier_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=True, index=True)
    evaluation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("evaluation.id"), nullable=True)
    request_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("hand_request.id"), nullable=True, index=True)
    # Unique: of two leaders who set anew at the same moment only one stands after the ruling that both saw.
    supersedes_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("hand_ruling.id"), nullable=True, unique=True
    )
    appointment_due: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), nullable=True)
    reason: Mapped[Words]
    legal_document_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("legal_document.id"), nullable=False)
    citation: Mapped[Words]
    ruled_by: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=False)
    ruler_name: Mapped[Words]
    ruler_position: Mapped[Words]
    for_unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    assignment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("assignment.id"), nullable=False)
    ruled_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]

    amounts: Mapped[list["HandAmount"]] = relationship(order_by="HandAmount.id", lazy="raise_on_sql")


class HandAmount(Model):
    """The amount of one charge line in whole minor units, set by hand; 0 only with the reason why."""

    __tablename__ = "hand_amount"
    __table_args__ = (
        UniqueConstraint("ruling_id", "line"),
        CheckConstraint("amount >= 0", name="hand_amount_not_below_zero"),
        CheckConstraint("(amount = 0) = (zero_reason IS NOT NULL)", name="hand_amount_zero_is_stated"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    ruling_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("hand_ruling.id"), nullable=False)
    line: Mapped[Code]
    kind: Mapped[Code]
    label: Mapped[Words]
    amount: Mapped[int] = mapped_column(BigInteger, nullable=False)
    currency: Mapped[Code]
    set_by: Mapped[Code]
    collected: Mapped[Code]
    refundable: Mapped[bool] = mapped_column(nullable=False)
    zero_reason: Mapped[MaybeWords]
    recorded_at: Mapped[Recorded]
