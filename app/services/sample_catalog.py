"""The sample catalogue: a small workbook in the shape of the national export, for people who want to try an import."""

import time
from collections.abc import Sequence

from sqlalchemy import select

from app.clock import now
from app.exporters.catalog import CatalogLine, catalog_workbook
from app.importers.columns import HEADERS
from app.services import catalog, job
from app.services.errors import UnusableInputError
from app.services.sample import read_sample
from app.storage.catalog import CatalogImport
from app.storage.job import Job
from app.storage.unit_of_work import unit_of_work

FILE_NAME = "danh-muc-mau.xlsx"


def sample_lines() -> tuple[CatalogLine, ...]:
    """Return the procedures of the sample catalogue in the order of its file."""
    return tuple(CatalogLine(**row) for row in read_sample("catalog.yaml")["rows"])


def sample_workbook() -> bytes:
    """Return the sample catalogue as the workbook (.xlsx) that the national portal would have written."""
    return catalog_workbook(tuple(HEADERS.values()), sample_lines())


LARGE_NAME = "danh-muc-mau-lon.xlsx"
LARGE_SOURCE = "Danh mục mẫu số lượng lớn (không có thật)"


def load_large(content: bytes | None, file_name: str, entries: int) -> int:
    """Import a catalogue as its page does, the file that is given or an invented one; return how many rows it has.

    An invented one that was taken over before is left alone.
    """
    source = catalog.NATIONAL_PORTAL if content else LARGE_SOURCE
    with unit_of_work() as work:
        known = work.session.scalars(
            select(CatalogImport).where(CatalogImport.source == source, CatalogImport.state == catalog.ACCEPTED)
        ).first()
        if known is not None and content is None:
            return int(known.counts["rows"])
        sent = content or catalog_workbook(tuple(HEADERS.values()), large_lines(entries))
        opened = catalog.upload(
            work, file_name=file_name or LARGE_NAME, content=sent, source=source, officer_id=None, at=now()
        )  # fmt: skip
        import_id, job_id = opened.uuid, opened.job_id
    _done(job_id)
    with unit_of_work() as work:
        opened = catalog.import_with(work.session, import_id)
        rows = int(opened.counts.get("rows", 0))
        if opened.state != catalog.READY or catalog.has_nothing_new(opened):
            return rows
        job_id = catalog.accept(work, import_id, officer_id=None, at=now()).job_id
    _done(job_id)
    return rows


def large_lines(entries: int) -> Sequence[CatalogLine]:
    """Return so many invented lines, spread over the fields of work; their names say that they are samples."""
    fields = [each["vi"] for each in read_sample("fields_of_work.yaml")["fields_of_work"]]
    acts = ("Cấp giấy phép", "Cấp lại giấy chứng nhận", "Đăng ký", "Gia hạn", "Thu hồi giấy phép", "Xác nhận")
    return [
        CatalogLine(
            code=f"6.{number + 900_000}", name=f"{acts[number % len(acts)]} (thủ tục mẫu số {number})",
            issuing_body="Bộ mẫu", implementing_bodies="Ủy ban nhân dân cấp xã",
            field_of_work=fields[number % len(fields)],
        )
        for number in range(1, entries + 1)
    ]  # fmt: skip


def _done(job_id: int | None) -> None:
    """Do a job here, or wait for the worker that took it first."""
    assert job_id is not None, "an import that was uploaded or accepted has asked for its job"
    job.run(job_id, job.HANDLERS)
    while True:
        with unit_of_work() as work:
            asked = work.session.get_one(Job, job_id, populate_existing=True)
            if asked.state == "failed":
                raise UnusableInputError(asked.message or "Không nhập được danh mục.")
            if asked.state == "done":
                return
        time.sleep(0.5)
