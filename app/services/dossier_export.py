"""Taking a list of dossiers out of the office (xuất dữ liệu): exactly what is seen, by who may, and written down."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import legal_day, local, now
from app.exporters.dossier_sheet import WORKBOOK, SheetCell, csv_of, workbook_of
from app.extensions import db
from app.security.assignment import Rights, rights_of
from app.security.verbs import Verb
from app.services.dossier_cells import Cell
from app.services.dossier_list import COUNTED_AT_MOST, Found, find, order_of, read_rows, rows_of
from app.services.errors import NotAllowedError, NotFoundError, UnusableInputError
from app.services.job import Progress, ask, handles
from app.services.listed_versions import ListedProcedure, listed_procedure
from app.storage.attachment import file_store
from app.storage.audit import Note
from app.storage.identity import current_identity
from app.storage.job import Job
from app.storage.procedure import Procedure
from app.storage.unit_of_work import Work, unit_of_work
from forms.listed import Column, Shape
from forms.question import Question, read, written
from forms.sentence import Sentence

JOB = "export_dossiers"
AT_ONCE = COUNTED_AT_MOST
"""Up to so many dossiers are written while the person waits; more are written by a job."""
BATCH = 1_000
MEDIA: Mapping[str, str] = {"xlsx": WORKBOOK, "csv": "text/csv; charset=utf-8"}

Say = Callable[[Cell], str]
"""How a cell is written in the reader's language."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file ready to be handed over."""

    name: str
    media_type: str
    content: bytes


def require_export(session: Session, procedure: ListedProcedure, rights: Rights) -> None:
    """Refuse unless the person's duties let them export this procedure's dossiers of every unit that they see."""
    of_work = session.scalars(select(Procedure.field_of_work).where(Procedure.id == procedure.id)).one() or ""
    covered = frozenset(
        unit
        for duty in rights.duties
        for unit in duty.units
        if duty.allows(Verb.EXPORT, units=(unit,), procedure=procedure.code, field_of_work=of_work)
    )
    if not rights.scope or not rights.scope <= covered:
        raise NotAllowedError(
            "Phân công của bạn không có việc xuất dữ liệu của thủ tục này.",
            todo="Đề nghị người quản trị phân công quyền xuất dữ liệu nếu công việc cần.",
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is written: the list of a procedure as a question shows it, as which kind of file, in whose language."""

    procedure: ListedProcedure
    question: Question
    kind: str
    say: Say
    heads: Callable[[Column], str]


def export(work: Work, sheet: Sheet, *, rights: Rights, at: datetime) -> Exported | Job:
    """Return the list that a question shows as a file, or the job that writes it where it is long.

    Raises NotAllowedError where the person may not export, UnusableInputError for a kind of file there is none of.
    """
    require_export(work.session, sheet.procedure, rights)
    if sheet.kind not in MEDIA:
        raise UnusableInputError("Chỉ xuất được Excel hoặc CSV.", todo="Bấm “Xuất Excel” hoặc “Xuất CSV”.")
    found = find(work.session, sheet.procedure, sheet.question)
    if found.is_beyond_counting:
        return _ask(work, sheet, at)
    content = _written(work.session, sheet, found, lambda done: None)
    _note(work, sheet, found.count, at)
    work.commit()
    return Exported(_name(sheet, at), MEDIA[sheet.kind], content)


def _ask(work: Work, sheet: Sheet, at: datetime) -> Job:
    key = f"{JOB}:{current_identity().user_id}:{at.isoformat()}"
    payload = {
        "code": sheet.procedure.code, "pairs": _pairs(sheet), "kind": sheet.kind, "asked_at": at.isoformat(),
    }  # fmt: skip
    job = work.ask_job(ask(JOB, key, payload))
    work.commit()
    return job


def _pairs(sheet: Sheet) -> list[list[str]]:
    return [list(pair) for pair in written(sheet.question, sheet.procedure.listing)]


def _written(session: Session, sheet: Sheet, found: Found, tell: Callable[[int], object]) -> bytes:
    columns = sheet.procedure.listing.shown(sheet.question.columns)
    every = _rows(session, sheet, found, columns, tell)
    rows = ([sheet_cell(cell, sheet.say) for cell in cells] for cells in every)
    return (workbook_of if sheet.kind == "xlsx" else csv_of)([sheet.heads(column) for column in columns], rows)


def _rows(
    session: Session, sheet: Sheet, found: Found, columns: Sequence[Column], tell: Callable[[int], object]
) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of every dossier, batch after batch; each begins behind the last dossier of the one before."""
    order = order_of(sheet.procedure, sheet.question, found)
    last: UUID | None = None
    done = 0
    while batch := session.execute(rows_of(columns, found, order, from_=last).limit(BATCH)).all():
        yield from (row.cells for row in read_rows(session, columns, batch))
        last, done = batch[-1].uuid, done + len(batch)
        tell(done)


def sheet_cell(cell: Cell, say: Say) -> SheetCell:
    """Return a cell of the list as a cell of a sheet; what is hidden on the page is hidden in the file."""
    value = local(cell.value).replace(tzinfo=None) if isinstance(cell.value, datetime) else cell.value
    return SheetCell(say(cell), value, cell.scale, cell.shape is Shape.MONEY)


def _name(sheet: Sheet, at: datetime) -> str:
    return f"{sheet.procedure.code}-{legal_day(at):%Y%m%d}.{sheet.kind}"


def _note(work: Work, sheet: Sheet, rows: int, at: datetime) -> None:
    identity = current_identity()
    detail = {"kind": sheet.kind, "rows": rows, "asked": _pairs(sheet)}
    code = sheet.procedure.code
    work.note(Note("dossier_export", code, JOB, at, identity.user_id, identity.user_name, detail=detail))


@handles(JOB)
def write_file(payload: Mapping[str, Any], progress: Progress) -> str:
    """Write a long list to a file, in the name and the scope of who asked, as they stand when the job runs."""
    at, session, user_id = now(), db.session(), current_identity().user_id
    assert user_id is not None, "an export is asked by a person"
    sheet = _sheet_of(session, payload, at)
    require_export(session, sheet.procedure, rights_of(session, user_id, legal_day(at)))
    found = find(session, sheet.procedure, sheet.question)
    done: list[int] = [0]

    def tell(count: int) -> None:
        done.append(count)
        progress.tell(count, 0)

    content = _written(session, sheet, found, tell)
    with unit_of_work() as work:
        kept = {**payload, "file": file_store.keep(content), "name": _name(sheet, at)}
        mine = update(Job).where(Job.kind == JOB, Job.asked_by == user_id, Job.payload == dict(payload))
        work.session.execute(mine.values(payload=kept))
        _note(work, sheet, done[-1], at)
        work.commit()
    return Sentence("Đã ghi %(count)s hồ sơ vào tệp.", count=done[-1])


def _sheet_of(session: Session, payload: Mapping[str, Any], at: datetime) -> Sheet:
    """Return what a job is to write; it speaks Vietnamese, for nobody reads beside it."""
    procedure = listed_procedure(session, payload["code"], legal_day(at))
    given: dict[str, list[str]] = {}
    for name, value in payload["pairs"]:
        given.setdefault(name, []).append(value)
    question, _ = read(procedure.listing, given)
    return Sheet(procedure, question, payload["kind"], lambda cell: cell.shown.vi, lambda column: column.label.vi)


def job_of(session: Session, uuid: UUID, rights: Rights) -> Job:
    """Return an export that this person asked for; another's does not exist for them."""
    job = session.scalars(
        select(Job).where(Job.uuid == uuid, Job.kind == JOB, Job.asked_by == rights.user_id)
    ).one_or_none()
    if job is None:
        raise NotFoundError("Không tìm thấy tệp xuất này.", todo="Xuất lại từ danh sách hồ sơ.")
    return job


def file_of(session: Session, uuid: UUID, rights: Rights, at: datetime) -> Exported:
    """Return the file that a job wrote, as long as the person may still export this procedure's dossiers."""
    job = job_of(session, uuid, rights)
    procedure = listed_procedure(session, job.payload["code"], legal_day(at))
    require_export(session, procedure, rights)
    if "file" not in job.payload:
        raise NotFoundError("Tệp này chưa ghi xong.", todo="Đợi thêm rồi mở lại trang tiến độ.")
    kind = job.payload["kind"]
    return Exported(job.payload["name"], MEDIA[kind], file_store.content(job.payload["file"]))
