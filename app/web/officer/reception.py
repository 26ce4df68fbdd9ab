"""The counter: choose a procedure, fill the form with the outcome beside it, receive the dossier."""

from datetime import datetime
from uuid import UUID

from flask import Response, flash, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug import Response as AnyResponse

from app.clock import legal_day, now
from app.exporters.qr import qr_svg
from app.extensions import db
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import form_draft as drafts
from app.services import hand_ruling as hands
from app.services import reception
from app.services import refusal as refusals
from app.services.errors import RefusalError
from app.services.keeping import keeping_of
from app.services.office import UnitOnDay
from app.storage.dossier import Dossier
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.unit_of_work import unit_of_work
from app.web.officer import intake
from app.web.officer.form_draft import continued, kept_draft, own_drafts, told_kept, told_refused
from app.web.officer.intake import IntakeForm
from app.web.rights import current_rights
from app.web.titles import read_titles
from rules.say.outcome import explained

DESK = "desk"
"""Where the session remembers the unit a clerk with several duties acts for, until a form is opened with it."""


class ReceptionView(BaseView):
    """Reception of dossiers (tiếp nhận hồ sơ) at the one-stop desk."""

    route_base = "/reception"
    default_view = "choose"

    @expose("/")
    @has_access
    @permission_name("read")
    def choose(self) -> str:
        """Show the procedures of the desk that the typed words find; a partial request gets the list alone."""
        desks = reception.desks(db.session(), current_rights(), legal_day(now()))
        unit = chosen_desk(desks)
        text = request.args.get("q", "")
        found = reception.receivable(db.session(), current_rights(), unit, text=text, at=now()) if unit else None
        read_titles(procedure.code for procedure in (found.procedures if found else ()))
        is_typing = request.headers.get("HX-Request") == "true"
        template = "officer/procedures_found.html" if is_typing else "officer/choose.html"
        begun = () if template == "officer/procedures_found.html" else own_drafts()
        return self.render_template(template, desks=desks, unit=unit, found=found, text=text, drafts=begun)

    @expose("/<code>")
    @has_access
    @permission_name("read")
    def intake(self, code: str) -> str | AnyResponse:
        """Open an empty intake form."""
        at = now()
        if draft := request.args.get("draft", type=UUID):
            return self._page(continued(draft, code, at))
        unit = chosen_desk(reception.desks(db.session(), current_rights(), legal_day(at)))
        version = dossiers.version_to_receive(db.session(), code, at)
        if unit is None:
            return redirect(url_for(".choose"))
        return self._page(intake.opened(db.session(), version, unit, at=at))

    @expose("/<code>/draft", methods=["POST"])
    @has_access
    @permission_name("receive")
    def keep(self, code: str) -> AnyResponse:
        """Keep the form as it stands; a page with a script is answered in data, one without goes on to its drafts."""
        is_script = request.headers.get("X-Draft") is not None
        try:
            kept = kept_draft(code, now())
        except RefusalError as refused:
            if not is_script:
                raise
            return told_refused(refused, code)
        if is_script:
            return told_kept(kept)
        flash(gettext("Đã lưu nháp. Chọn “Nhập tiếp” để làm tiếp."), "success")
        return redirect(url_for(".choose"))

    @expose("/drafts/<uuid:draft_id>/discard", methods=["POST"])
    @has_access
    @permission_name("receive")
    def discard(self, draft_id: UUID) -> AnyResponse:
        """Throw away a draft that is no longer wanted."""
        with unit_of_work() as work:
            drafts.discard(work, draft_id, current_rights())
        flash(gettext("Đã bỏ bản nháp."), "success")
        return redirect(url_for(".choose"))

    @expose("/<code>/preview", methods=["POST"])
    @has_access
    @permission_name("read")
    def preview(self, code: str) -> str:
        """Answer what the rules say for the form as it stands, and which questions it shows."""
        unit, version = desk_and_version_of_form(code, now())
        form = intake.sent(db.session(), version, unit, request.form, at=now())
        return self.render_template("officer/preview.html", intake=form)

    @expose("/<code>", methods=["POST"])
    @has_access
    @permission_name("receive")
    def accept(self, code: str) -> str | AnyResponse:
        """Receive the dossier; whatever stands in the way is told on the same page, with every answer kept."""
        at = now()
        if made := _made_by_this_form():
            flash(gettext("Mẫu này đã được tiếp nhận: đây là hồ sơ đã lập, không có hồ sơ thứ hai."), "info")
            return redirect(url_for(".received", dossier_id=made.uuid))
        unit, version = desk_and_version_of_form(code, at)
        form = intake.sent(db.session(), version, unit, request.form, at=at)
        status = _stays_open(form)
        if status is not None:
            return self._page(form, status=status)
        try:
            duty = reception.duty_at(current_rights(), unit, db.session().get_one(Procedure, version.procedure_id))
            with unit_of_work() as work:
                drafts.forget(work, form.intake_key)
                dossier = dossiers.receive(work, form.intake(duty), rights=current_rights(), at=at)
        except RefusalError as refused:  # the answers of a whole form must not be lost to an error page
            form.refusal = refused
            return self._page(form, status=refused.status)
        return redirect(url_for(".received", dossier_id=dossier.uuid))

    @expose("/<code>/refuse", methods=["POST"])
    @has_access
    @permission_name("receive")
    def refuse(self, code: str) -> str | AnyResponse:
        """Refuse what the rules do not let in, and go to the slip; what the rules let in is not refused here."""
        at, rights = now(), current_rights()
        if made := _made_by_this_form():
            flash(gettext("Mẫu này đã được tiếp nhận: đây là hồ sơ đã lập, không có hồ sơ thứ hai."), "info")
            return redirect(url_for(".received", dossier_id=made.uuid))
        unit, version = desk_and_version_of_form(code, at)
        form = intake.sent(db.session(), version, unit, request.form, at=at)
        if not form.is_current or not form.names_applicant():
            return self._page(form, status=422 if form.is_current else 409)
        try:
            duty = reception.duty_at(rights, unit, db.session().get_one(Procedure, version.procedure_id))
            with unit_of_work() as work:
                drafts.forget(work, form.intake_key)
                key = refusals.refuse(work, form.refused_intake(duty), rights=rights, at=at)
        except RefusalError as refused:
            form.refusal = refused
            return self._page(form, status=refused.status)
        return redirect(url_for("RefusalView.show", refusal_id=key))

    @expose("/received/<uuid:dossier_id>")
    @has_access
    @permission_name("receive")
    def received(self, dossier_id: UUID) -> str:
        """Confirm the acceptance: the code, the appointment, the total, and what happens next."""
        dossier = dossiers.open_dossier(db.session(), dossier_id, current_rights())
        stands = hands.standing(db.session(), dossier)
        definition = evaluations.definition_of(dossier.rules_version)
        return self.render_template(
            "officer/received.html", dossier=dossier, standing=stands, totals=hands.totals(stands.lines),
            told=explained(stands.outcome, definition) if stands.outcome else None,
            kept=keeping_of(db.session(), dossier), qr=qr_svg(dossier.code, title=dossier.code),
            desk=desk_key(dossier.receiving_unit_id),
        )  # fmt: skip

    def _page(self, form: IntakeForm, status: int = 200) -> Response:
        is_wrong = bool(form.errors) or form.refusal is not None
        page = self.render_template("officer/intake.html", intake=form, has_errors=is_wrong and status != 200)
        return Response(page, status)


def _stays_open(form: IntakeForm) -> int | None:
    """Return the status under which a sent form is shown again, or None where it may be received."""
    if form.answers.row_button_pressed or "refresh" in request.form:
        return 200
    is_good = form.validate()
    if not form.is_current:
        return 409
    return None if is_good else 422


def _made_by_this_form() -> Dossier | None:
    """Return the dossier that an earlier sending of the same form made: a double click ends on its page."""
    key = intake.intake_key_of(request.form)
    return dossiers.by_intake_key(db.session(), key) if key else None


def chosen_desk(desks: tuple[UnitOnDay, ...]) -> UnitOnDay | None:
    """Return the unit to open a page for: the one chosen on the page, the one remembered, or the only one."""
    by_key = {unit.key: unit for unit in desks}
    if request.args.get(DESK) in by_key:
        session[DESK] = request.args[DESK]
    return by_key.get(session.get(DESK, "")) or (desks[0] if len(desks) == 1 else None)


def desk_key(unit_id: int | None) -> str | None:
    """Return under which name the desk of a unit is opened: the next dossier comes in where the last one did.

    None where this person receives there no more; the address then names no desk.
    """
    desks = reception.desks(db.session(), current_rights(), legal_day(now()))
    return next((unit.key for unit in desks if unit.id == unit_id), None)


def desk_and_version_of_form(code: str, at: datetime) -> tuple[UnitOnDay, ProcedureVersion]:
    """Return the unit that a sent form was opened for, whichever was chosen since on another page, and the version."""
    key = request.form.get(DESK, "")
    unit = reception.desk_of(db.session(), current_rights(), key, legal_day(at))
    return unit, dossiers.version_to_receive(db.session(), code, at)
