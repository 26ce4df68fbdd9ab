"""The acts on the catalogue (danh mục TTHC): upload a source's export, see what it would change, accept or drop it.

Upload and acceptance only ask; two jobs do the reading and the taking over. A job delivered twice finds the import past
the state it works on and changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.clock import local, now
from app.importers.columns import one_line
from app.importers.excel import inspect, read_catalog
from app.importers.problems import UnusableWorkbookError
from app.services import announcement, job
from app.services.announcement import CHANGED, NEW, REFUSED, SAME
from app.services.catalog_search import STAGE_LABELS, FieldCount, Found, Stage, fields_of_work, find, stage_counts
from app.services.errors import MoveNotAllowedError, NotFoundError, StaleError, UnusableInputError
from app.services.job import Progress, handles
from app.storage.account import Officer
from app.storage.attachment import StoredFile, file_store
from app.storage.audit import Note
from app.storage.catalog import CatalogEntry, CatalogImport, CatalogImportRow
from app.storage.folding import folded
from app.storage.identity import current_identity
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.unit_of_work import Work, unit_of_work
from forms.sentence import Sentence, joined

__all__ = [
    "CHANGED", "NEW", "REFUSED", "SAME", "STAGE_LABELS", "Effect", "FieldCount", "Found", "Stage", "accept",
    "announcements_of", "drop", "effect_of", "fields_of_work", "find", "has_nothing_new", "import_with", "imports",
    "is_at_work", "is_unreadable", "names_of", "procedures_of", "published_among", "rows_of", "sources",
    "stage_counts", "upload",
]  # fmt: skip

NATIONAL_PORTAL = "Cổng Dịch vụ công quốc gia"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SOURCE = 200
READING, READY, ACCEPTING, ACCEPTED, DROPPED, REFUSED_IMPORT = (
    "reading",
    "ready",
    "accepting",
    "accepted",
    "dropped",
    "refused",
)
OPEN = (READING, READY, ACCEPTING)
# One acceptance at a time in the whole province: it lasts a second or two, and two could meet on the same procedures.
_ACCEPTANCE = func.hashtextextended("catalog acceptance", 0)


@dataclass(frozen=True)
class Effect:
    """What an import does to the list of procedures; `added` and `known` together are the codes new for its source."""

    added: int
    """Procedures that come into being."""
    known: int
    """New codes of the source that are procedures already: from another source, or defined here."""
    changed: int
    """Codes whose announcement by the source changes."""


def upload(
    work: Work, *, file_name: str, content: bytes, source: str, officer_id: int | None, at: datetime
) -> CatalogImport:
    """Keep a source's export and ask for it to be read.

    The same file of the same source, sent again while its import is still open, is that import: a double click makes
    one. Raises `UnusableInputError` for a file that is no workbook or a source without a name.
    """
    named = _known_source(work.session, source)
    try:
        inspect(content)
    except UnusableWorkbookError as unusable:
        raise UnusableInputError(unusable.problem.what, todo=unusable.problem.hint) from unusable
    stored = _stored(work.session, file_store.keep(content), len(content))
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{stored.sha256} {named}", 0))))
    open_one = _open_import(work.session, stored, named)
    if open_one is not None:
        return open_one
    opened = CatalogImport(
        source=named, file_name=_plain_name(file_name), stored_file_id=stored.id, state=READING, uploaded_by=officer_id
    )
    work.session.add(opened)
    work.flush()
    opened.job = work.ask_job(job.ask("read_catalog", f"read_catalog:{opened.uuid}", {"import": str(opened.uuid)}))
    _note(work, opened, "upload", at, {"source": named, "file": opened.file_name, "sha256": stored.sha256})
    work.commit()
    return opened


def accept(work: Work, import_uuid: UUID, *, officer_id: int | None, at: datetime) -> CatalogImport:
    """Ask for a previewed import to be taken over.

    Asking again by the same person is the same act (a double click). Raises `MoveNotAllowedError` when somebody else
    accepted it first or nothing can be accepted, and `StaleError` when the catalogue changed since the preview.
    """
    opened = _locked(work.session, import_uuid)
    if opened.state in (ACCEPTING, ACCEPTED) and not _gave_up(opened):
        return _accepted_already(work.session, opened, officer_id)
    if opened.state not in (READY, ACCEPTING):
        raise MoveNotAllowedError(
            "Lần nhập này không ở bước chờ chấp nhận nên không chấp nhận được.",
            todo="Mở lại trang của lần nhập để xem tình trạng hiện nay.",
        )
    _refuse_if_overtaken(work.session, opened)
    opened.state, opened.accepted_by = ACCEPTING, officer_id
    # The lock version names this attempt: after a job that gave up, another may be asked for.
    key = f"accept_catalog:{opened.uuid}:{opened.lock_version}"
    opened.job = work.ask_job(job.ask("accept_catalog", key, {"import": str(opened.uuid)}))
    _note(work, opened, "accept", at, {"counts": opened.counts})
    work.commit()
    return opened


def drop(work: Work, import_uuid: UUID, *, at: datetime) -> CatalogImport:
    """Put an import aside without taking anything from it; its file and rows stay in the record."""
    opened = _locked(work.session, import_uuid)
    if opened.state == DROPPED:
        return opened
    if opened.state not in (READING, READY) and not (opened.state == ACCEPTING and _gave_up(opened)):
        raise MoveNotAllowedError(
            "Lần nhập này đã kết thúc hoặc đang được đưa vào danh mục nên không bỏ được.",
            todo="Mở lại trang của lần nhập để xem tình trạng hiện nay.",
        )
    opened.state = DROPPED
    _note(work, opened, "drop", at, {})
    work.commit()
    return opened


@handles("read_catalog")
def read_announced(payload: dict[str, Any], progress: Progress) -> str:
    """Read the kept file and compare every row with what its source announces at present."""
    with unit_of_work() as work:
        opened = _locked(work.session, UUID(payload["import"]))
        if opened.state != READING:
            return Sentence("Tệp này đã được đọc.")
        try:
            sheet = read_catalog(file_store.content(opened.stored_file.sha256))
        except UnusableWorkbookError as unusable:
            _refuse(work, opened, unusable.problem.sentence)
            raise UnusableInputError(unusable.problem.sentence) from unusable
        current = announcement.current_entries(work.session, opened.source)
        rows = [announcement.classified(row, sheet.sheet, current) for row in sheet.rows]
        progress.tell(0, len(rows))
        announcement.keep_rows(work.session, opened.id, rows, progress.tell)
        found = Counter(str(row["change"]) for row in rows)
        opened.counts = {"rows": len(rows), **{change: found[change] for change in (NEW, CHANGED, SAME, REFUSED)}}
        opened.state = READY
        _note(work, opened, "read", now(), {"counts": opened.counts})
        work.commit()
        return Sentence("Đã đọc %(count)s dòng.", count=len(rows))


@handles("accept_catalog")
def accept_announced(payload: dict[str, Any], progress: Progress) -> str:
    """Take an accepted import over: all of it in one transaction, or nothing.

    When another import changed, since the preview, something that this one was compared with, it is refused rather than
    compared anew: what comes into force must be what the person saw and accepted, and an older file must not undo a
    newer one unseen. Imports that touch different procedures do not disturb each other.
    """
    with unit_of_work() as work:
        opened = _locked(work.session, UUID(payload["import"]))
        if opened.state != ACCEPTING:
            return Sentence("Lần nhập này đã xong.")
        work.session.execute(select(func.pg_advisory_xact_lock(_ACCEPTANCE)))
        try:
            _refuse_if_overtaken(work.session, opened)
        except StaleError as stale:
            _refuse(work, opened, joined((stale.sentence, stale.todo)))
            raise
        at = now()
        added = announcement.take_over(work.session, opened, at, progress.tell)
        opened.counts = {**opened.counts, "added": added}
        opened.state, opened.accepted_at = ACCEPTED, at
        _note(work, opened, "take_over", at, {"counts": opened.counts})
        work.commit()
        return Sentence("Đã thêm %(count)s thủ tục.", count=added)


def imports(session: Session, *, before: datetime | None = None, limit: int = 30) -> Sequence[CatalogImport]:
    """Return the imports with their files and jobs, newest first, those recorded before a moment."""
    query = select(CatalogImport).options(joinedload(CatalogImport.job), joinedload(CatalogImport.stored_file))
    if before is not None:
        query = query.where(CatalogImport.recorded_at < before)
    return session.scalars(query.order_by(CatalogImport.recorded_at.desc()).limit(limit)).all()


def import_with(session: Session, import_uuid: UUID) -> CatalogImport:
    """Return one import with its file and job."""
    return _one(session, import_uuid)


def rows_of(
    session: Session, opened: CatalogImport, *, change: str = "", page: int = 0, limit: int = 50
) -> Sequence[CatalogImportRow]:
    """Return a page (counted from 0) of an import's rows in the order of the file, all or of one kind of change."""
    query = select(CatalogImportRow).where(CatalogImportRow.import_id == opened.id)
    if change:
        query = query.where(CatalogImportRow.change == change)
    return session.scalars(query.order_by(CatalogImportRow.row_number).offset(page * limit).limit(limit)).all()


def procedures_of(session: Session, rows: Sequence[CatalogImportRow]) -> dict[str, Procedure]:
    """Return the procedures that these rows speak of, by code; unknown ones are left out."""
    codes = {row.code for row in rows if row.code}
    return {found.code: found for found in session.scalars(select(Procedure).where(Procedure.code.in_(codes)))}


def published_among(session: Session, procedures: Sequence[Procedure]) -> set[int]:
    """Return the ids of those procedures that have a published version, and so keep their name at an import."""
    ids = [procedure.id for procedure in procedures]
    query = select(ProcedureVersion.procedure_id).where(ProcedureVersion.procedure_id.in_(ids)).distinct()
    return set(session.scalars(query)) if ids else set()


def effect_of(session: Session, opened: CatalogImport) -> Effect:
    """Return what an accepted import has done, or what any other would do if it were accepted now."""
    new, added = opened.counts.get(NEW, 0), opened.counts.get("added")
    if added is None:
        added = announcement.unknown_codes(session, opened)
    return Effect(added=added, known=new - added, changed=opened.counts.get(CHANGED, 0))


def has_nothing_new(opened: CatalogImport) -> bool:
    """Say whether an import that was read has no new and no changed row, so that nothing is there to accept."""
    return opened.state == READY and not opened.counts.get(NEW) and not opened.counts.get(CHANGED)


def is_unreadable(opened: CatalogImport) -> bool:
    """Say whether the file could not be read at all, so that it has no rows; its `refusal` says why."""
    return opened.state == REFUSED_IMPORT and "rows" not in opened.counts


def is_at_work(opened: CatalogImport) -> bool:
    """Say whether a job is reading or taking over the import at this time, or will soon."""
    return opened.state in (READING, ACCEPTING) and (opened.job is None or opened.job.state in ("queued", "running"))


def sources(session: Session) -> Sequence[str]:
    """Return the names of the sources known so far, the national portal always among them."""
    known = session.scalars(select(CatalogImport.source).distinct().order_by(CatalogImport.source)).all()
    return known if NATIONAL_PORTAL in known else (NATIONAL_PORTAL, *known)


def announcements_of(session: Session, code: str) -> Sequence[tuple[CatalogEntry, CatalogImport]]:
    """Return what sources announced about a procedure, with the imports it came by: in force first, newest first."""
    pairs = session.execute(
        select(CatalogEntry, CatalogImport)
        .join(CatalogImport, CatalogImport.id == CatalogEntry.import_id)
        .where(CatalogEntry.code == code)
        .order_by(CatalogEntry.superseded_at.is_not(None), CatalogEntry.recorded_at.desc())
    )
    return [(entry, opened) for entry, opened in pairs]


def names_of(session: Session, officer_ids: Sequence[int | None]) -> dict[int, str]:
    """Return the full names of these people."""
    wanted = {officer_id for officer_id in officer_ids if officer_id is not None}
    if not wanted:
        return {}
    found = session.execute(select(Officer.id, Officer.full_name).where(Officer.id.in_(wanted)))
    return {officer_id: name for officer_id, name in found}  # noqa: C416  rows are no plain tuples


def _known_source(session: Session, source: str) -> str:
    """Return the name of the source as it was first written: "cổng dịch vụ công" and its twin are one source."""
    named = one_line(source)
    if not named:
        raise UnusableInputError(
            "Chưa có tên nguồn của danh mục.", todo="Điền nguồn, ví dụ “%(source)s”.", source=NATIONAL_PORTAL
        )
    if len(named) > LONGEST_SOURCE:
        raise UnusableInputError("Tên nguồn dài quá %(most)s ký tự.", todo="Rút gọn tên nguồn.", most=LONGEST_SOURCE)
    return next((known for known in sources(session) if folded(known) == folded(named)), named)


def _plain_name(file_name: str) -> str:
    """Return the last part of a file's name: browsers and people may send whole paths."""
    return one_line(file_name.replace("\\", "/").rpartition("/")[2])[:255] or "danh-muc.xlsx"


def _stored(session: Session, digest: str, size: int) -> StoredFile:
    session.execute(
        insert(StoredFile)
        .values(sha256=digest, size=size, media_type=XLSX)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return session.scalars(select(StoredFile).where(StoredFile.sha256 == digest)).one()


def _open_import(session: Session, stored: StoredFile, source: str) -> CatalogImport | None:
    return session.scalars(
        select(CatalogImport)
        .where(CatalogImport.stored_file_id == stored.id, CatalogImport.source == source, CatalogImport.state.in_(OPEN))
        .limit(1)
    ).one_or_none()


def _one(session: Session, import_uuid: UUID, *, anew: bool = False) -> CatalogImport:
    found = session.scalars(
        select(CatalogImport)
        .where(CatalogImport.uuid == import_uuid)
        .options(joinedload(CatalogImport.job), joinedload(CatalogImport.stored_file))
        .execution_options(populate_existing=anew)
    ).one_or_none()
    if found is None:
        raise NotFoundError("Không tìm thấy lần nhập danh mục này.", todo="Mở lại từ danh sách các lần nhập.")
    return found


def _locked(session: Session, import_uuid: UUID) -> CatalogImport:
    """Return the import under its row lock, as it is now: acts on one import happen one after the other."""
    session.execute(select(CatalogImport.id).where(CatalogImport.uuid == import_uuid).with_for_update())
    return _one(session, import_uuid, anew=True)


def _gave_up(opened: CatalogImport) -> bool:
    return opened.state == ACCEPTING and opened.job is not None and opened.job.state == "failed"


def _accepted_already(session: Session, opened: CatalogImport, officer_id: int | None) -> CatalogImport:
    if opened.accepted_by == officer_id:
        return opened
    who = names_of(session, [opened.accepted_by]).get(opened.accepted_by or 0, Sentence("Người khác"))
    raise MoveNotAllowedError(
        "%(who)s đã chấp nhận lần nhập này trước bạn.", todo="Mở lại trang của lần nhập để xem kết quả.", who=who
    )


def _refuse_if_overtaken(session: Session, opened: CatalogImport) -> None:
    other = announcement.overtaken_by(session, opened)
    if other is not None:
        raise StaleError(
            "Danh mục của nguồn “%(source)s” đã đổi sau khi tệp này được đọc: tệp “%(file)s” vừa được chấp nhận "
            "lúc %(when)s. Chưa có gì được thay đổi.",
            todo="Tải tệp lên lại để xem trước theo danh mục hiện nay rồi chấp nhận.",
            source=opened.source,
            file=other.file_name,
            when=f"{local(other.accepted_at or other.recorded_at):%H:%M %d/%m/%Y}",
        )


def _refuse(work: Work, opened: CatalogImport, sentence: str) -> None:
    opened.state, opened.refusal = REFUSED_IMPORT, sentence
    _note(work, opened, "refuse", now(), {"sentence": sentence})
    work.commit()


def _note(work: Work, opened: CatalogImport, act: str, at: datetime, detail: dict[str, Any]) -> None:
    identity = current_identity()
    work.note(
        Note("catalog_import", str(opened.uuid), act, at, identity.user_id, identity.user_name, detail=detail)
    )  # fmt: skip
