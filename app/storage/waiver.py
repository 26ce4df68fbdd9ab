"""Findings of the proof let be (chấp nhận có lý do): the waiver, its end, and which of them a version is under."""

from collections.abc import Sequence

from flask_appbuilder import Model
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from app.storage.account import Officer
from app.storage.columns import Code, Key, Moment, PublicId, Recorded, Words
from app.storage.procedure import Procedure, ProcedureVersion


class FindingWaiver(Model):
    """One act of letting a finding be: which finding, its sentence and the draft as they were, who and why.

    It holds for every draft of the procedure that has a finding of this key, until a `FindingWaiverEnd` (append-only).
    """

    __tablename__ = "finding_waiver"
    __table_args__ = (
        Index("finding_waiver_key", "procedure_id", "finding_key"),
        CheckConstraint("btrim(reason) <> ''", name="finding_waiver_says_why"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    procedure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure.id"), nullable=False)
    finding_key: Mapped[Code]
    kind: Mapped[Code]
    severity: Mapped[Code]
    finding: Mapped[Words]
    draft_sha256: Mapped[Code]
    reason: Mapped[Words]
    waived_by: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=False)
    waived_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]

    procedure: Mapped[Procedure] = relationship(lazy="raise_on_sql")
    officer: Mapped[Officer] = relationship(foreign_keys=[waived_by], lazy="raise_on_sql")
    end: Mapped["FindingWaiverEnd | None"] = relationship(back_populates="waiver", lazy="raise_on_sql")


class FindingWaiverEnd(Model):
    """A waiver taken back (rút lại), as an act of its own with its reason (append-only)."""

    __tablename__ = "finding_waiver_end"
    __table_args__ = (
        CheckConstraint("btrim(reason) <> ''", name="finding_waiver_end_says_why"),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    waiver_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("finding_waiver.id"), nullable=False, unique=True)
    reason: Mapped[Words]
    taken_back_by: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=False)
    taken_back_at: Mapped[Moment]
    recorded_at: Mapped[Recorded]

    waiver: Mapped[FindingWaiver] = relationship(back_populates="end", lazy="raise_on_sql")
    officer: Mapped[Officer] = relationship(foreign_keys=[taken_back_by], lazy="raise_on_sql")


class VersionWaiver(Model):
    """A waiver that was in force for a finding of a version when that was published (append-only)."""

    __tablename__ = "procedure_version_waiver"
    __table_args__ = (UniqueConstraint("version_id", "waiver_id"), {"extend_existing": True})

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("procedure_version.id"), nullable=False)
    waiver_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("finding_waiver.id"), nullable=False, index=True)
    recorded_at: Mapped[Recorded]

    version: Mapped[ProcedureVersion] = relationship(lazy="raise_on_sql")
    waiver: Mapped[FindingWaiver] = relationship(lazy="raise_on_sql")


WITH_PEOPLE = (
    joinedload(FindingWaiver.officer),
    joinedload(FindingWaiver.end).joinedload(FindingWaiverEnd.officer),
)
"""What a page that shows a waiver reads with it."""


def waivers_in_force(session: Session, procedure_id: int) -> dict[str, FindingWaiver]:
    """Return the waivers of a procedure that nobody took back, by the key of their finding."""
    standing = (
        select(FindingWaiver)
        .outerjoin(FindingWaiver.end)
        .where(FindingWaiver.procedure_id == procedure_id, FindingWaiverEnd.id.is_(None))
        .options(*WITH_PEOPLE)
        .order_by(FindingWaiver.id)
        .execution_options(populate_existing=True)
    )
    return {waiver.finding_key: waiver for waiver in session.scalars(standing)}


def waivers_of_version(session: Session, version_id: int) -> Sequence[FindingWaiver]:
    """Return the waivers under which a version was published, those taken back since then too."""
    return session.scalars(
        select(FindingWaiver)
        .join(VersionWaiver, VersionWaiver.waiver_id == FindingWaiver.id)
        .where(VersionWaiver.version_id == version_id)
        .options(*WITH_PEOPLE)
        .order_by(FindingWaiver.id)
        .execution_options(populate_existing=True)
    ).all()
