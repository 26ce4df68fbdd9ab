"""Alarms of the calculation, for the catalogue administrator: the two matchers differed; nothing personal in it."""

import hashlib
import json
from datetime import date
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Date, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.extensions import db
from app.storage.columns import Code, Key, Moment, PublicId, Recorded
from app.storage.procedure import ProcedureVersion


class MatchAlarm(Model):
    """The two matchers found different rows in a table of a version (append-only).

    `signature` is the SHA-256 over the version's hash, the table and both answers: the same difference is one line a
    day, however often a form is sent while it lasts.
    """

    __tablename__ = "match_alarm"
    __table_args__ = (
        UniqueConstraint("signature", "day"),
        Index("match_alarm_of_version", "version_id", "seen_at"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure_version.id"), nullable=False)
    version_sha256: Mapped[Code]
    table_id: Mapped[Code]
    interpreter_rows: Mapped[list[str]] = mapped_column(JSONB, nullable=False)
    kernel_rows: Mapped[list[str]] = mapped_column(JSONB, nullable=False)
    engine: Mapped[Code]
    signature: Mapped[Code]
    day: Mapped[date] = mapped_column(Date, nullable=False)
    seen_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]


def signature_of(version_sha256: str, table_id: str, interpreter: tuple[str, ...], kernel: tuple[str, ...]) -> str:
    """Return the hash by which the same difference is known again."""
    text = json.dumps([version_sha256, table_id, interpreter, kernel], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def keep_apart(**values: Any) -> None:
    """Keep an alarm in a transaction of its own: the act that met it is refused and undone, the alarm stays."""
    with db.engine.begin() as connection:
        connection.execute(insert(MatchAlarm).values(**values).on_conflict_do_nothing())


def alarm_with(session: Session, signature: str, day: date) -> MatchAlarm:
    """Return the alarm that a difference raised on this day."""
    return session.scalars(select(MatchAlarm).where(MatchAlarm.signature == signature, MatchAlarm.day == day)).one()


def alarms_of(session: Session, procedure_id: int, *, most: int) -> list[tuple[MatchAlarm, int]]:
    """Return the newest alarms of a procedure, each with the number of the version it is about."""
    rows = session.execute(
        select(MatchAlarm, ProcedureVersion.number)
        .join(ProcedureVersion, ProcedureVersion.id == MatchAlarm.version_id)
        .where(ProcedureVersion.procedure_id == procedure_id)
        .order_by(MatchAlarm.seen_at.desc(), MatchAlarm.id.desc())
        .limit(most)
    )
    return [(alarm, number) for alarm, number in rows]
