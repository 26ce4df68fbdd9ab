"""What a source announced: imports of catalogue workbooks, every raw row, and the entries in force."""

from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.attachment import StoredFile
from app.storage.columns import (
    Code,
    Key,
    MaybeMoment,
    MaybeSentence,
    MaybeWords,
    PublicId,
    Recorded,
    SentencesInJson,
    Words,
)
from app.storage.job import Job


class CatalogImport(Model):
    """One upload of a catalogue workbook (danh mục TTHC): its file, what was read from it, and what was accepted.

    States: `reading` -> `ready` (the preview stands) or `refused` -> `accepting` -> `accepted`; `ready` -> `dropped`.
    """

    __tablename__ = "catalog_import"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    source: Mapped[Words]
    file_name: Mapped[Words]
    stored_file_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("stored_file.id"), nullable=False)
    state: Mapped[Code]
    refusal: Mapped[MaybeSentence]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, nullable=False, server_default=text("'{}'"))
    job_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("job.id"), nullable=True)
    uploaded_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    recorded_at: Mapped[Recorded]
    accepted_at: Mapped[MaybeMoment]
    accepted_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"), nullable=True)
    lock_version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, server_default="1")

    stored_file: Mapped[StoredFile] = relationship(lazy="raise_on_sql")
    job: Mapped[Job | None] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": lock_version}


class CatalogImportRow(Model):
    """One row of an imported sheet, exactly as it stood there, and what was made of it (append-only)."""

    __tablename__ = "catalog_import_row"
    __table_args__ = (UniqueConstraint("import_id", "sheet", "row_number"), {"extend_existing": True})

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("catalog_import.id"), nullable=False)
    sheet: Mapped[Words]
    row_number: Mapped[int] = mapped_column(nullable=False)
    raw: Mapped[list[Any]] = mapped_column(JSONB, nullable=False)
    code: Mapped[MaybeWords]
    parsed: Mapped[dict[str, Any] | None] = mapped_column(JSONB, nullable=True)
    change: Mapped[Code]
    problems: Mapped[list[dict[str, str]]] = mapped_column(SentencesInJson, nullable=False, server_default=text("'[]'"))


class CatalogEntry(Model):
    """What one source announced about one procedure; a newer announcement supersedes the row, never changes it."""

    __tablename__ = "catalog_entry"
    __table_args__ = (
        Index(
            "catalog_entry_current", "source", "code", unique=True, postgresql_where=text("superseded_at IS NULL")
        ),
        {"extend_existing": True},
    )  # fmt: skip

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    source: Mapped[Words]
    code: Mapped[Code]
    name: Mapped[Words]
    issuing_body: Mapped[MaybeWords]
    implementing_bodies: Mapped[list[str]] = mapped_column(ARRAY(Text), nullable=False, server_default=text("'{}'"))
    field_of_work: Mapped[MaybeWords]
    import_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("catalog_import.id"), nullable=False)
    row_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("catalog_import_row.id"), nullable=False)
    recorded_at: Mapped[Recorded]
    superseded_at: Mapped[MaybeMoment]
