"""Units of the province, their names and parents through time, calendars, and who is assigned where.

These are legal registers: a row says what held from `since` until before `until`, and when that became known
(`recorded_at`) or was replaced (`superseded_at`). Nothing is updated in place (see `docs/decisions`).
"""

from datetime import date, time

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, Text, Time, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.columns import Code, Document, Key, MaybeMoment, MaybeWords, PublicId, Recorded, Words


class Unit(Model):
    """A body or place of work (cơ quan, đơn vị): province, department, commune, service centre, post office."""

    __tablename__ = "unit"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    key: Mapped[Code] = mapped_column(unique=True)

    def __repr__(self) -> str:
        return self.key


class UnitRevision(Model):
    """What a unit was called, and whom it stood under, in a period (bitemporal)."""

    __tablename__ = "unit_revision"
    __table_args__ = (
        Index("unit_revision_current", "unit_id", "since", postgresql_where=text("superseded_at IS NULL")),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=True)
    name: Mapped[Words]
    desk_name: Mapped[MaybeWords]
    kind: Mapped[Code]
    attributes: Mapped[Document] = mapped_column(server_default=text("'{}'"))
    folded: Mapped[Words]
    sort_key: Mapped[Code]
    since: Mapped[date] = mapped_column(Date, nullable=False)
    until: Mapped[date | None] = mapped_column(Date, nullable=True)
    recorded_at: Mapped[Recorded]
    recorded_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    superseded_at: Mapped[MaybeMoment]

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")
    parent: Mapped[Unit | None] = relationship(foreign_keys=[parent_id], lazy="raise_on_sql")


class UnitCode(Model):
    """A code that a system knows a unit by (mã định danh), for a period."""

    __tablename__ = "unit_code"
    __table_args__ = (
        Index(
            "unit_code_in_force", "system", "code", unique=True,
            postgresql_where=text("superseded_at IS NULL AND until IS NULL"),
        ),
        {"extend_existing": True},
    )  # fmt: skip

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False, index=True)
    system: Mapped[Code]
    code: Mapped[Code]
    is_example: Mapped[bool] = mapped_column(nullable=False, server_default=text("false"))
    since: Mapped[date] = mapped_column(Date, nullable=False)
    until: Mapped[date | None] = mapped_column(Date, nullable=True)
    recorded_at: Mapped[Recorded]
    superseded_at: Mapped[MaybeMoment]


class UnitSuccession(Model):
    """Which unit followed which, and when (kế thừa sau sắp xếp); many to many."""

    __tablename__ = "unit_succession"
    __table_args__ = (UniqueConstraint("predecessor_id", "successor_id", "on"), {"extend_existing": True})

    id: Mapped[Key]
    predecessor_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    successor_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    on: Mapped[date] = mapped_column(Date, nullable=False)
    note: Mapped[MaybeWords]
    recorded_at: Mapped[Recorded]


class Assignment(Model):
    """A person's duty (phân công): at which unit, which verbs, for which fields of work and procedures, since when.

    FAB's roles open menus; assignments open dossiers. `on_behalf_of_id` is set where a postal clerk acts for a unit.
    An empty `fields_of_work` or `procedures` means all of them.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        Index("assignment_of_user", "user_id", postgresql_where=text("superseded_at IS NULL")),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=False)
    on_behalf_of_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=True)
    position: Mapped[Words]
    reach: Mapped[Code]
    verbs: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False)
    fields_of_work: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False, server_default=text("'{}'"))
    procedures: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False, server_default=text("'{}'"))
    since: Mapped[date] = mapped_column(Date, nullable=False)
    until: Mapped[date | None] = mapped_column(Date, nullable=True)
    recorded_at: Mapped[Recorded]
    recorded_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    superseded_at: Mapped[MaybeMoment]

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")


class Calendar(Model):
    """A calendar of days off and make-up days (lịch nghỉ), owned by the office, shared by units."""

    __tablename__ = "calendar"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    key: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Words]


class CalendarDay(Model):
    """One day that is not as its weekday says: a holiday, a substitute day off, a make-up working day."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        Index(
            "calendar_day_current", "calendar_id", "day", unique=True, postgresql_where=text("superseded_at IS NULL")
        ),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    calendar_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("calendar.id"), nullable=False)
    day: Mapped[date] = mapped_column(Date, nullable=False)
    kind: Mapped[Code]
    name: Mapped[Words]
    source: Mapped[Words]
    recorded_at: Mapped[Recorded]
    superseded_at: Mapped[MaybeMoment]


class CalendarYear(Model):
    """Whether the days of a year are announced (confirmed) or only expected."""

    __tablename__ = "calendar_year"
    __table_args__ = (
        Index(
            "calendar_year_current", "calendar_id", "year", unique=True, postgresql_where=text("superseded_at IS NULL")
        ),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    calendar_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("calendar.id"), nullable=False)
    year: Mapped[int] = mapped_column(nullable=False)
    confirmed: Mapped[bool] = mapped_column(nullable=False)
    recorded_at: Mapped[Recorded]
    superseded_at: Mapped[MaybeMoment]


class WorkingWindow(Model):
    """One stretch of working hours in a day (giờ làm việc), local time; a unit without its own uses the province's."""

    __tablename__ = "working_window"

    id: Mapped[Key]
    unit_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("unit.id"), nullable=True)
    opens: Mapped[time] = mapped_column(Time, nullable=False)
    closes: Mapped[time] = mapped_column(Time, nullable=False)
    recorded_at: Mapped[Recorded]
    superseded_at: Mapped[MaybeMoment]


class FieldOfWork(Model):
    """A field of work (lĩnh vực), a plain register; `name_en` is what readers of English are told, if known."""

    __tablename__ = "field_of_work"

    id: Mapped[Key]
    name: Mapped[Words] = mapped_column(unique=True)
    name_en: Mapped[MaybeWords]
    folded: Mapped[Words]
    sort_key: Mapped[Code]
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    __mapper_args__ = {"version_id_col": lock_version}

    def __repr__(self) -> str:
        return self.name


class LegalDocument(Model):
    """A legal document (văn bản quy phạm) that rules and parameters cite (bitemporal)."""

    __tablename__ = "legal_document"
    __table_args__ = (
        Index("legal_document_current", "number", unique=True, postgresql_where=text("superseded_at IS NULL")),
        {"extend_existing": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[Words]
    number: Mapped[Words]
    body: Mapped[MaybeWords]
    title: Mapped[MaybeWords]
    signed_on: Mapped[date | None] = mapped_column(Date, nullable=True)
    since: Mapped[date | None] = mapped_column(Date, nullable=True)
    until: Mapped[date | None] = mapped_column(Date, nullable=True)
    replaced_by: Mapped[MaybeWords]
    territory: Mapped[list[str]] = mapped_column(JSONB, nullable=False, server_default=text("'[]'"))
    folded: Mapped[Words]
    recorded_at: Mapped[Recorded]
    recorded_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    superseded_at: Mapped[MaybeMoment]
