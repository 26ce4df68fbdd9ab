"""Who did what, when, for which office and why: an append-only chain of hashes per object, sealed each day."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Integer, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.storage.columns import Code, Key, MaybeWords, Recorded

FIRST = "0" * 64


class AuditEntry(Model):
    """One line of the record (nhật ký). One chain per object: a chain for all would serialise the province."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("object_kind", "object_id", "sequence"), {"extend_existing": True})

    id: Mapped[Key]
    object_kind: Mapped[Code]
    object_id: Mapped[Code]
    sequence: Mapped[int] = mapped_column(nullable=False)
    act: Mapped[Code]
    actor_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    actor_name: Mapped[MaybeWords]
    for_unit_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=True)
    assignment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("assignment.id"), nullable=True)
    purpose: Mapped[MaybeWords]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    event_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), nullable=False)
    recorded_at: Mapped[Recorded]
    previous_hash: Mapped[Code]
    hash: Mapped[Code]


class AuditRoot(Model):
    """The seal of one day: a keyed hash over the heads of all chains that moved that day."""

    __tablename__ = "audit_root"

    id: Mapped[Key]
    day: Mapped[date] = mapped_column(Date, nullable=False, unique=True)
    heads: Mapped[int] = mapped_column(nullable=False)
    root: Mapped[Code]
    seal: Mapped[Code]
    recorded_at: Mapped[Recorded]


@dataclass(frozen=True, slots=True)
class Note:
    """What an act tells the record about itself, before it has its place in the chain."""

    object_kind: str
    object_id: str
    act: str
    at: datetime
    actor_id: int | None = None
    actor_name: str = ""
    for_unit_id: int | None = None
    assignment_id: int | None = None
    purpose: str = ""
    detail: dict[str, Any] = field(default_factory=dict[str, Any])


def chained_hash(previous_hash: str, sequence: int, note: Note) -> str:
    """Return the SHA-256 that binds this line to the one before it."""
    content = {
        "kind": note.object_kind, "id": note.object_id, "sequence": sequence, "act": note.act,
        "actor": note.actor_id, "unit": note.for_unit_id, "assignment": note.assignment_id,
        "purpose": note.purpose, "at": note.at.astimezone(UTC).isoformat(), "detail": note.detail,
        "previous": previous_hash,
    }  # fmt: skip
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


# One for all: `json.dumps` makes a new encoder at each call, and a large sample writes millions of lines.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def append(session: Session, note: Note) -> AuditEntry:
    """Write the next line of the object's chain.

    Two writers of one object meet at the unique (object, sequence): the second one's act is rolled back whole.
    """
    last = session.execute(
        select(AuditEntry.sequence, AuditEntry.hash)
        .where(AuditEntry.object_kind == note.object_kind, AuditEntry.object_id == note.object_id)
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    ).one_or_none()
    sequence, previous = (1, FIRST) if last is None else (last.sequence + 1, last.hash)
    entry = AuditEntry(
        object_kind=note.object_kind, object_id=note.object_id, sequence=sequence, act=note.act,
        actor_id=note.actor_id, actor_name=note.actor_name, for_unit_id=note.for_unit_id,
        assignment_id=note.assignment_id, purpose=note.purpose, detail=note.detail, event_at=note.at,
        previous_hash=previous, hash=chained_hash(previous, sequence, note),
    )  # fmt: skip
    session.add(entry)
    return entry


def last_entry(
    session: Session, object_kind: str, object_id: str, *, acts: Iterable[str] | None = None
) -> AuditEntry | None:
    """Return the newest line of the object's chain, of these acts where they are named."""
    wanted = [AuditEntry.object_kind == object_kind, AuditEntry.object_id == object_id]
    if acts is not None:
        wanted.append(AuditEntry.act.in_(tuple(acts)))
    return session.scalars(
        select(AuditEntry).where(*wanted).order_by(AuditEntry.sequence.desc()).limit(1)
    ).one_or_none()


def first_broken(session: Session, object_kind: str, object_id: str) -> int | None:
    """Return the sequence of the first line whose hash does not follow, or None when the chain is whole."""
    lines = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_kind == object_kind, AuditEntry.object_id == object_id)
        .order_by(AuditEntry.sequence)
    )
    previous = FIRST
    for expected, line in enumerate(lines, start=1):
        note = Note(
            line.object_kind, line.object_id, line.act, line.event_at, line.actor_id, line.actor_name or "",
            line.for_unit_id, line.assignment_id, line.purpose or "", line.detail,
        )  # fmt: skip
        if line.sequence != expected or line.hash != chained_hash(previous, expected, note):
            return expected
        previous = line.hash
    return None
