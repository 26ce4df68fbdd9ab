"""What a proof in the background found of a draft: kept with the hashes of what was proved, so that nothing passes for
the proof of another text.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Index, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app.storage.columns import Code, Key, PublicId, Recorded
from app.storage.job import Job

MOST_READ = 5


class DraftProof(Model):
    """One proof of a draft that somebody asked for: which draft, the job that does it, and what it found.

    `whole_sha256` is of the definition as it was, `rules_sha256` of the same without its golden cases, `office_sha256`
    of the calendar and hours it ran by. `result` is empty until the job is through.
    """

    __tablename__ = "draft_proof"
    __table_args__ = (
        Index("draft_proof_newest", "procedure_id", "kind", "id"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False)
    kind: Mapped[Code]
    whole_sha256: Mapped[Code]
    rules_sha256: Mapped[Code]
    office_sha256: Mapped[Code]
    job_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("job.id"), nullable=False)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB, nullable=True)
    recorded_at: Mapped[Recorded]

    job: Mapped[Job] = relationship(lazy="raise_on_sql")


def newest_proofs(session: Session, procedure_id: int, kind: str) -> Sequence[DraftProof]:
    """Return the newest proofs of this kind, the last one asked for first."""
    return session.scalars(
        select(DraftProof)
        .where(DraftProof.procedure_id == procedure_id, DraftProof.kind == kind)
        .options(joinedload(DraftProof.job))
        .order_by(DraftProof.id.desc())
        .limit(MOST_READ)
        .execution_options(populate_existing=True)
    ).all()


def proof_with(session: Session, proof_id: UUID) -> DraftProof:
    """Return the proof of this public id, which a job was asked for."""
    return session.scalars(select(DraftProof).where(DraftProof.uuid == proof_id)).one()
