"""Pages of the proofs of a draft (kiểm chứng): boundary cases, typing errors nobody would notice, the paper to sign."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Response as FlaskResponse
from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug import Response

from app.clock import legal_day, now
from app.extensions import db
from app.services import boundary_cases, draft_proof, typing_errors
from app.services import procedure as procedures
from app.services.draft_cases import CaseData, add_cases
from app.services.signing import summary_for_signer
from app.services.signing_paper import paper_of_summary
from app.storage.procedure import Procedure, ProcedureDraft
from app.storage.unit_of_work import Work, unit_of_work
from app.web.admin.procedure_versions import day_asked, seen_by_act
from app.web.rights import current_rights

Page = str | Response | FlaskResponse
PAGES = {draft_proof.BOUNDARIES: ".boundaries", draft_proof.MUTANTS: ".mutants"}


class DraftProofView(BaseView):
    """What a draft proves of itself before it is published."""

    menu_page = "ProcedureView"
    route_base = "/procedures"
    default_view = "boundaries"

    @expose("/<uuid:procedure_id>/draft/boundaries")
    @has_access
    @permission_name("read")
    def boundaries(self, procedure_id: UUID) -> Page:
        """Show the boundary cases of one table in words, to be confirmed."""
        procedure, draft = _draft(procedure_id)
        table, state = request.args.get("table", ""), request.args.get("state", "")
        page = max(request.args.get("page", 0, type=int), 0)
        found = boundary_cases.boundary_page(db.session(), draft, table=table, state=state, page=page)
        shown = found.shown.id if found.shown else ""

        def url_of_page(number: int) -> str:
            return url_for(".boundaries", procedure_id=procedure_id, table=shown, state=state or None, page=number)

        return self.render_template(
            "procedure/boundaries.html", procedure=procedure, draft=draft, found=found, state=state,
            page_size=boundary_cases.PAGE_SIZE, url_of_page=url_of_page, kind=draft_proof.BOUNDARIES,
        )  # fmt: skip

    @expose("/<uuid:procedure_id>/draft/boundaries/confirm", methods=["POST"])
    @has_access
    @permission_name("edit")
    def confirm(self, procedure_id: UUID) -> Page:
        """Make golden cases of the confirmed ones: those that were ticked, or all open ones of a table."""
        table = request.form.get("table", "")
        whole = table if "all" in request.form else ""
        keys = frozenset(request.form.getlist("case"))

        def chosen(session: Session, draft: ProcedureDraft) -> Sequence[CaseData]:
            return boundary_cases.cases_to_confirm(session, draft, keys=keys, table=whole)

        _add(procedure_id, chosen)
        at = {"table": table, "state": request.form.get("state") or None, "page": request.form.get("page", type=int)}
        return redirect(url_for(".boundaries", procedure_id=procedure_id, **at))

    @expose("/<uuid:procedure_id>/draft/mutants")
    @has_access
    @permission_name("read")
    def mutants(self, procedure_id: UUID) -> Page:
        """Show which typing errors nobody would notice, and the cases that would catch them."""
        procedure, draft = _draft(procedure_id)
        found = typing_errors.errors_page(db.session(), draft, table=request.args.get("table", ""))
        return self.render_template(
            "procedure/mutants.html", procedure=procedure, draft=draft, found=found, kind=draft_proof.MUTANTS
        )

    @expose("/<uuid:procedure_id>/draft/mutants/add", methods=["POST"])
    @has_access
    @permission_name("edit")
    def add(self, procedure_id: UUID) -> Page:
        """Add cases that would catch typing errors to the golden cases of the draft."""
        keys = frozenset(request.form.getlist("case"))

        def chosen(session: Session, draft: ProcedureDraft) -> Sequence[CaseData]:
            return typing_errors.cases_to_add(session, draft, keys=keys)

        _add(procedure_id, chosen)
        return redirect(url_for(".mutants", procedure_id=procedure_id, table=request.form.get("table")))

    @expose("/<uuid:procedure_id>/draft/<kind>/run", methods=["POST"])
    @has_access
    @permission_name("run")
    def run(self, procedure_id: UUID, kind: str) -> Page:
        """Ask for a proof of the draft as it is; a job does it while the page may be left."""
        with unit_of_work() as work:
            draft_proof.ask_proof(work, procedure_id, kind, rights=current_rights(), at=now())
        return redirect(url_for(PAGES[kind], procedure_id=procedure_id))

    @expose("/<uuid:procedure_id>/draft/<kind>/progress")
    @has_access
    @permission_name("read")
    def progress(self, procedure_id: UUID, kind: str) -> Page:
        """Answer the page that asks every second; when the job is over, the page is loaded anew."""
        procedure, draft = _draft(procedure_id)
        definition, _ = procedures.read_definition(draft.source_text)
        standing = draft_proof.standing(db.session(), draft, definition, draft_proof.known_kind(kind))
        if standing.at_work is None:
            return FlaskResponse(headers={"HX-Refresh": "true"})
        return make_response(
            self.render_template("procedure/progress.html", procedure=procedure, proof=standing.at_work, kind=kind)
        )

    @expose("/<uuid:procedure_id>/draft/summary.pdf")
    @has_access
    @permission_name("read")
    def summary_paper(self, procedure_id: UUID) -> FlaskResponse:
        """Hand out the one page that the signer reads, as PDF."""
        procedure, draft = _draft(procedure_id)
        today = legal_day(now())
        told = summary_for_signer(db.session(), procedure, draft, since=day_asked() or today, today=today)
        answer = FlaskResponse(paper_of_summary(procedure, told, at=now()), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'inline; filename="{procedure.code}-tom-tat.pdf"'
        return answer


Chosen = Callable[[Session, ProcedureDraft], Sequence[CaseData]]


def _add(procedure_id: UUID, chosen: Chosen) -> None:
    """Add the chosen cases to the draft that the page showed, and say how many they were."""
    seen_draft, seen_version = seen_by_act()
    with unit_of_work() as work:
        count = add_cases(
            work, procedure_id, chosen(work.session, _held_draft(work, procedure_id)), rights=current_rights(),
            seen_version=seen_version, seen_draft=seen_draft, at=now(),
        )  # fmt: skip
    said = gettext("Đã thêm %(count)s tình huống mẫu vào dự thảo.", count=count) if count else ""
    flash(said or gettext("Dự thảo đã có tình huống này."), "success")


def _held_draft(work: Work, procedure_id: UUID) -> ProcedureDraft:
    return draft_proof.needed_draft(work.session, procedures.held(work.session, procedure_id))


def _draft(procedure_id: UUID) -> tuple[Procedure, Any]:
    procedure = procedures.procedure_with(db.session(), procedure_id)
    return procedure, draft_proof.needed_draft(db.session(), procedure)
