"""Work done beside the request, and messages for other systems: the truth is here, a broker only wakes a worker."""

from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.columns import Code, Key, MaybeMoment, MaybeSentence, PublicId, Recorded


class Job(Model):
    """A piece of work asked for by an act, written in the act's own transaction.

    States: `queued`, `running` (under a lease), `done`, `failed`. The message on the broker carries only the id, so it
    may be lost or doubled: the sweeper re-sends, the lease keeps two workers apart.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("job_open", "state", "lease_until", postgresql_where=text("state IN ('queued', 'running')")),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[Code]
    key: Mapped[Code] = mapped_column(unique=True)
    state: Mapped[Code] = mapped_column(server_default=text("'queued'"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    identity: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    attempt: Mapped[int] = mapped_column(nullable=False, server_default="0")
    lease_until: Mapped[MaybeMoment]
    progress_done: Mapped[int] = mapped_column(nullable=False, server_default="0")
    progress_total: Mapped[int] = mapped_column(nullable=False, server_default="0")
    message: Mapped[MaybeSentence]
    asked_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    recorded_at: Mapped[Recorded]
    finished_at: Mapped[MaybeMoment]


class Outbox(Model):
    """A message for another system (cổng DVC quốc gia, ...), kept until it is acknowledged."""

    __tablename__ = "outbox"

    id: Mapped[Key]
    target: Mapped[Code]
    dossier_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dossier.id"), nullable=True, index=True)
    national_state: Mapped[int | None] = mapped_column(nullable=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    key: Mapped[Code] = mapped_column(unique=True)
    state: Mapped[Code] = mapped_column(server_default=text("'waiting'"))
    attempts: Mapped[int] = mapped_column(nullable=False, server_default="0")
    event_at: Mapped[MaybeMoment]
    recorded_at: Mapped[Recorded]
    sent_at: Mapped[MaybeMoment]
    acknowledged_at: Mapped[MaybeMoment]
