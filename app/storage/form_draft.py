"""Forms that are being filled in (hồ sơ đang nhập dở): kept encrypted for the person who fills them in."""

from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.storage.columns import Key, Moment, PublicId, Recorded
from app.storage.procedure import Procedure

EXPIRE = "expire_drafts"
"""The purpose under which the database lets the drafts of all people be deleted."""


class FormDraft(Model):
    """What somebody has typed into a form that is not handed in: names and values, encrypted in `sealed`.

    One for each opened form (`intake_key`); `lock_version` tells two windows on the same form apart. Row-level security
    shows a draft to its writer alone.
    """

    __tablename__ = "form_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "intake_key"),
        Index("form_draft_saved", "saved_at"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    intake_key: Mapped[UUID] = mapped_column(postgresql.UUID(as_uuid=True), nullable=False)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=False)
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, nullable=False)
    saved_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    procedure: Mapped[Procedure] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": lock_version}


def hold_form(session: Session, intake_key: UUID) -> None:
    """Wait until no other transaction saves or accepts this form, and hold it until this one ends."""
    key = int.from_bytes(intake_key.bytes[:8], "big", signed=True)
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
