"""The generated list of any procedure's dossiers: one view for all procedures, with nothing kept on the view itself."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug import Response as AnyResponse
from werkzeug.datastructures import MultiDict

from app.clock import legal_day, now
from app.extensions import db
from app.services import dossier_export, dossier_list, saved_filter
from app.services.dossier_export import Exported, Sheet
from app.services.dossier_list import Page
from app.services.errors import NotFoundError, RefusalError
from app.services.listed_versions import ListedProcedure, listed_procedure
from app.services.number_search import dossiers_with_number
from app.services.party import holds_identity_number
from app.services.several import do_several
from app.storage.unit_of_work import unit_of_work
from app.web.formats import said
from app.web.officer.list_panel import Panel, address_of, cell_text, says_english
from app.web.rights import current_rights
from forms.question import Fault, Question, read

MOST_PRINTED = 1_000


class DossierListView(BaseView):
    """Dossiers of one procedure (danh sách hồ sơ của thủ tục), as the definition in force gives it."""

    menu_page = "DossierView"
    class_permission_name = "DossierView"
    route_base = "/procedures"

    @expose("/<code>/dossiers/")
    @has_access
    @permission_name("read")
    def list(self, code: str) -> Response:
        """Show one page of the list."""
        procedure, given = _procedure(code), request.args.to_dict(flat=False)
        question, faults = read(procedure.listing, given)
        return self._list(procedure, without_numbers(question), faults, given)

    @expose("/<code>/dossiers/find", methods=("GET", "POST"))
    @has_access
    @permission_name("read")
    def find(self, code: str) -> AnyResponse:
        """Take what was typed into the finder; an identity number is looked up at once, no address may hold one."""
        procedure, given = _procedure(code), request.form.to_dict(flat=False)
        typed = request.form.get("q", "").strip()
        if holds_identity_number(typed):
            question, faults = read(procedure.listing, {**given, "q": []})
            return self._list(procedure, without_numbers(question), faults, given, number=typed)
        question, faults = read(procedure.listing, given)
        question = without_numbers(question)
        if faults:
            return self._list(procedure, question, faults, given)
        return redirect(address_of(procedure, question, saved=request.form.get("saved", "")))

    @expose("/<code>/dossiers/print")
    @has_access
    @permission_name("read")
    def print(self, code: str) -> str:
        """Show the dossiers asked for on one plain page."""
        procedure = _procedure(code)
        question = without_numbers(read(procedure.listing, request.args.to_dict(flat=False))[0])
        page = dossier_list.page(db.session(), procedure, question, size=MOST_PRINTED)
        panel = Panel(procedure, question, page)
        return self.render_template("officer/dossier_list_print.html", page=page, panel=panel, most=MOST_PRINTED)

    @expose("/<code>/dossiers/filters", methods=["POST"])
    @has_access
    @permission_name("read")
    def keep_filter(self, code: str) -> AnyResponse:
        """Keep what the list is asked for under a name, or drop a kept filter."""
        procedure = _procedure(code)
        question = without_numbers(read(procedure.listing, request.args.to_dict(flat=False))[0])
        known, seen = request.form.get("saved", type=UUID), request.form.get("lock_version", -1, type=int)
        with unit_of_work() as work:
            if known is not None and "drop" in request.form:
                saved_filter.drop(work, procedure, known, seen_version=seen)
                flash(gettext("Đã bỏ bộ lọc."), "success")
                return redirect(address_of(procedure, Question()))
            kept = saved_filter.keep(
                work, procedure, request.form.get("name", ""), question, known=known, seen_version=seen
            )
            flash(gettext("Đã lưu bộ lọc."), "success")
            return redirect(address_of(procedure, question, saved=str(kept.uuid)))

    @expose("/<code>/dossiers/several", methods=["POST"])
    @has_access
    @permission_name("act")
    def several(self, code: str) -> AnyResponse:
        """Do one act to the dossiers that were ticked, and tell of each what became of it."""
        procedure = _procedure(code)
        question = without_numbers(read(procedure.listing, request.args.to_dict(flat=False))[0])
        done = do_several(request.form.get("act", ""), _chosen(request.form), rights=current_rights(), at=now())
        good = sum(1 for each in done if each.refusal is None)
        if good == len(done):
            flash(gettext("Xong %(count)s hồ sơ.", count=good), "success")
            return redirect(address_of(procedure, question))
        page = self.render_template(
            "officer/dossiers_done.html", procedure=procedure, done=done, good=good,
            back=address_of(procedure, question),
        )  # fmt: skip
        return Response(page, 409)

    @expose("/<code>/dossiers/export", methods=["POST"])
    @has_access
    @permission_name("read")
    def export(self, code: str) -> AnyResponse:
        """Hand over what the list shows as a file; a long list is written beside the page."""
        procedure, at = _procedure(code), now()
        question = without_numbers(read(procedure.listing, request.args.to_dict(flat=False))[0])
        say = partial(cell_text, is_english=says_english())
        with unit_of_work() as work:
            sheet = Sheet(procedure, question, request.form.get("kind", "xlsx"), say, lambda each: said(each.label))
            made = dossier_export.export(work, sheet, rights=current_rights(), at=at)
            if isinstance(made, Exported):
                return _file(made)
            return redirect(url_for(".exported", code=code, job_id=made.uuid))

    @expose("/<code>/dossiers/exports/<uuid:job_id>")
    @has_access
    @permission_name("read")
    def exported(self, code: str, job_id: UUID) -> AnyResponse:
        """Show how far a long export is, and where its file is then."""
        procedure = _procedure(code)
        try:
            job = dossier_export.job_of(db.session(), job_id, current_rights())
        except NotFoundError as gone:
            return _not_there(procedure, gone)
        return make_response(self.render_template("officer/dossiers_exported.html", procedure=procedure, job=job))

    @expose("/<code>/dossiers/exports/<uuid:job_id>/file")
    @has_access
    @permission_name("read")
    def export_file(self, code: str, job_id: UUID) -> AnyResponse:
        """Hand over the file of a long export."""
        try:
            return _file(dossier_export.file_of(db.session(), job_id, current_rights(), now()))
        except NotFoundError as gone:
            return _not_there(_procedure(code), gone)

    def _list(
        self,
        procedure: ListedProcedure,
        question: Question,
        faults: Sequence[Fault],
        given: Mapping[str, Sequence[str]],
        *,
        number: str = "",
    ) -> Response:
        session = db.session()
        among = dossiers_with_number(session, procedure, number) if number else None
        page = _page(procedure, question, among)
        panel = Panel(
            procedure, question, page, typed=given if faults else {}, faults=tuple(faults), is_number=bool(number),
            opened=request.args.get("saved", ""),
            rights=current_rights(),
        )  # fmt: skip
        text = self.render_template("officer/dossier_list.html", page=page, panel=panel, has_errors=bool(faults))
        return Response(text, RefusalError.status if faults else 200)


def _not_there(procedure: ListedProcedure, gone: NotFoundError) -> AnyResponse:
    """Lead back to the list, from which the export can be asked again."""
    flash(f"{said(gone.sentence)} {said(gone.todo)}", "warning")
    return redirect(address_of(procedure, Question()))


def _file(made: Exported) -> Response:
    answer = Response(made.content, mimetype=made.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _procedure(code: str) -> ListedProcedure:
    return listed_procedure(db.session(), code, legal_day(now()))


def _page(procedure: ListedProcedure, question: Question, among: Sequence[int] | None) -> Page:
    after, before = request.args.get("after", type=UUID), request.args.get("before", type=UUID)
    return dossier_list.page(db.session(), procedure, question, after=after, before=before, among=among)


def without_numbers(question: Question) -> Question:
    """Return the question but for texts that may hold an identity number: no link of a page may repeat one."""
    words = "" if holds_identity_number(question.words) else question.words
    for name, asked in question.asked.items():
        if isinstance(asked, tuple) and any(map(holds_identity_number, asked)):
            question = question.without(name)
    return Question(words, question.states, question.asked, question.sort, question.columns)


def _chosen(form: MultiDict[str, str]) -> list[tuple[UUID, int]]:
    """Return the ticked dossiers with the versions they were shown in; what is no dossier is passed over."""
    found: list[tuple[UUID, int]] = []
    for ticked in form.getlist("dossier"):
        uuid, _, version = ticked.partition(":")
        try:
            found.append((UUID(uuid), int(version)))
        except ValueError:
            continue
    return found
