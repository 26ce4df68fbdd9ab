"""Pages of the catalogue import: upload an export, see what it would change, accept or drop it."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as untyped_lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug import Response as BaseResponse
from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired, Length

from app.clock import now
from app.extensions import db
from app.importers.columns import HEADERS, column_letter
from app.importers.excel import HEADER_WITHIN, inspect
from app.importers.problems import UnusableWorkbookError
from app.services import catalog
from app.services.announcement import FIELDS
from app.services.sample_catalog import FILE_NAME, sample_workbook
from app.storage.attachment import file_store
from app.storage.catalog import CatalogImport
from app.storage.unit_of_work import unit_of_work
from app.web.rights import current_officer

# WTForms' stubs want str; a lazy string becomes one in the language of the request.
lazy_gettext: Callable[[str], Any] = untyped_lazy_gettext

PAGE = 50
STATES = {
    "reading": (lazy_gettext("Đang đọc tệp"), "going"),
    "ready": (lazy_gettext("Chờ chấp nhận"), "waiting"),
    "refused": (lazy_gettext("Không nhận"), "late"),
    "accepting": (lazy_gettext("Đang đưa vào danh mục"), "going"),
    "accepted": (lazy_gettext("Đã vào danh mục"), "done"),
    "dropped": (lazy_gettext("Đã bỏ"), "off"),
}
CHANGES = {
    catalog.NEW: lazy_gettext("Mới"),
    catalog.CHANGED: lazy_gettext("Thay đổi"),
    catalog.SAME: lazy_gettext("Không đổi"),
    catalog.REFUSED: lazy_gettext("Không nhận"),
}
NOTHING_NEW = (lazy_gettext("Không có gì mới"), "off")
NOTHING_TAKEN = (lazy_gettext("Không nhận được dòng nào"), "late")
UNREADABLE = (lazy_gettext("Không đọc được"), "late")
RAW = "raw"


class UploadForm(FlaskForm):
    """The file and where it comes from."""

    workbook = FileField(lazy_gettext("Tệp Excel (.xlsx)"), [FileRequired(lazy_gettext("Chọn tệp danh mục."))])
    source = StringField(
        lazy_gettext("Nguồn"),
        [DataRequired(lazy_gettext("Điền nguồn của danh mục.")), Length(max=catalog.LONGEST_SOURCE)],
        default=catalog.NATIONAL_PORTAL,
    )

    def validate_workbook(self, field: FileField) -> None:
        """Say at the field what is wrong with a file that cannot even be opened."""
        try:
            inspect(self.content())
        except UnusableWorkbookError as unusable:
            raise ValidationError(unusable.problem.sentence) from unusable

    def content(self) -> bytes:
        """Return the file whole; it can be asked for again."""
        self.workbook.data.seek(0)
        return self.workbook.data.read()


class CatalogView(BaseView):
    """Imports of the catalogue (nhập danh mục TTHC)."""

    route_base = "/catalog"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> str:
        """Show the imports, newest first."""
        before = request.args.get("before", type=datetime.fromisoformat)
        found = catalog.imports(db.session(), before=before, limit=PAGE)
        names = catalog.names_of(db.session(), [one.uploaded_by for one in found])
        more = found[-1].recorded_at.isoformat() if len(found) == PAGE else ""
        return self.render_template(
            "catalog/list.html", imports=found, names=names, status_of=status_of, more=more,
            is_unreadable=catalog.is_unreadable,
        )  # fmt: skip

    @expose("/upload", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def upload(self) -> BaseResponse | str | tuple[str, int]:
        """Show the form; on a usable file, keep it and let it be read."""
        form = UploadForm()
        if not form.validate_on_submit():
            page = self.render_template(
                "catalog/upload.html",
                form=form, sources=catalog.sources(db.session()), headers=HEADERS, header_within=HEADER_WITHIN,
            )  # fmt: skip
            return (page, 422) if form.errors else page
        with unit_of_work() as work:
            opened = catalog.upload(
                work,
                file_name=form.workbook.data.filename or "",
                content=form.content(),
                source=form.source.data or "",
                officer_id=current_officer().id,
                at=now(),
            )
            address = url_for("CatalogView.show", import_id=opened.uuid)
        return redirect(address)

    @expose(f"/upload/{FILE_NAME}")
    @has_access
    @permission_name("edit")
    def sample(self) -> Response:
        """Hand out a small workbook in the shape of the national export, to try an import with."""
        return send_file(
            io.BytesIO(sample_workbook()), mimetype=catalog.XLSX, as_attachment=True, download_name=FILE_NAME
        )

    @expose("/<uuid:import_id>")
    @has_access
    @permission_name("read")
    def show(self, import_id: UUID) -> str:
        """Show how far an import is, and what it would change or has changed."""
        opened = catalog.import_with(db.session(), import_id)
        change = request.args.get("change", "")
        shown = change if change in (*CHANGES, RAW) else first_worth_seeing(opened)
        page = max(request.args.get("page", 0, type=int), 0)
        rows = catalog.rows_of(db.session(), opened, change="" if shown == RAW else shown, page=page, limit=PAGE)
        procedures = catalog.procedures_of(db.session(), rows) if opened.state in ("ready", "accepted") else {}
        return self.render_template(
            "catalog/show.html",
            opened=opened, status_of=status_of, effect=catalog.effect_of(db.session(), opened), changes=CHANGES,
            shown=shown, page=page, page_size=PAGE, rows=rows,
            count=opened.counts.get("rows" if shown == RAW else shown, 0),
            url_of_page=lambda number: url_for(".show", import_id=import_id, change=shown, page=number),
            procedures=procedures, published=catalog.published_among(db.session(), [*procedures.values()]),
            nothing_new=catalog.has_nothing_new(opened),
            names=catalog.names_of(db.session(), [opened.uploaded_by, opened.accepted_by]),
            fields=FIELDS, headers=HEADERS, column_letter=column_letter, is_at_work=catalog.is_at_work(opened),
            is_unreadable=catalog.is_unreadable(opened),
        )  # fmt: skip

    @expose("/<uuid:import_id>/progress")
    @has_access
    @permission_name("read")
    def progress(self, import_id: UUID) -> Response:
        """Answer the page that asks every second; when the work is over, the page is loaded anew."""
        opened = catalog.import_with(db.session(), import_id)
        if not catalog.is_at_work(opened):
            return Response(headers={"HX-Refresh": "true"})
        return make_response(self.render_template("catalog/progress.html", opened=opened, status_of=status_of))

    @expose("/<uuid:import_id>/accept", methods=["POST"])
    @has_access
    @permission_name("edit")
    def accept(self, import_id: UUID) -> BaseResponse:
        """Ask for the previewed import to be taken over."""
        with unit_of_work() as work:
            catalog.accept(work, import_id, officer_id=current_officer().id, at=now())
        return redirect(url_for(".show", import_id=import_id))

    @expose("/<uuid:import_id>/drop", methods=["POST"])
    @has_access
    @permission_name("edit")
    def drop(self, import_id: UUID) -> BaseResponse:
        """Put the import aside; the catalogue stays as it is."""
        with unit_of_work() as work:
            catalog.drop(work, import_id, at=now())
        flash(gettext("Đã bỏ lần nhập này. Danh mục không thay đổi."), "success")
        return redirect(url_for(".list"))

    @expose("/<uuid:import_id>/file")
    @has_access
    @permission_name("read")
    def file(self, import_id: UUID) -> Response:
        """Hand out the file as it was uploaded."""
        opened = catalog.import_with(db.session(), import_id)
        return send_file(
            file_store.open(opened.stored_file.sha256),
            mimetype=opened.stored_file.media_type,
            as_attachment=True,
            download_name=opened.file_name,
        )


def status_of(opened: CatalogImport) -> tuple[str, str]:
    """Return the label and kind of an import's state; one without anything to accept does not wait for a person."""
    if catalog.is_unreadable(opened):
        return UNREADABLE
    if not catalog.has_nothing_new(opened):
        return STATES[opened.state]
    return NOTHING_NEW if opened.counts.get(catalog.SAME) else NOTHING_TAKEN


def first_worth_seeing(opened: CatalogImport) -> str:
    """Return the kind of rows a person should look at first: the refused, then what will change."""
    order = (catalog.REFUSED, catalog.CHANGED, catalog.NEW)
    return next((change for change in order if opened.counts.get(change)), catalog.SAME)
