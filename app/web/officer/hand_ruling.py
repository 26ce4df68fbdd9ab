"""Setting by hand: the requests that wait, the form of the leader, and the officer who finishes the reception."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug import Response as AnyResponse

from app.clock import legal_day, now
from app.extensions import db
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import form_draft as drafts
from app.services import hand_request as requests
from app.services import hand_ruling as hands
from app.services import reception
from app.services.errors import RefusalError, UnusableInputError
from app.services.overview import answers_of
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from app.web.officer import intake
from app.web.officer.hand_form import HandForm
from app.web.officer.reception import desk_and_version_of_form
from app.web.rights import current_rights


class HandRulingView(BaseView):
    """Amounts and dates set by hand (ấn định bằng tay)."""

    route_base = "/by-hand"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> str:
        """Show the requests of one's units: what waits for this person first."""
        lines = requests.requests(db.session(), current_rights(), at=now())
        return self.render_template("officer/hand_requests.html", lines=lines)

    @expose("/ask/<code>", methods=["POST"])
    @has_access
    @permission_name("ask")
    def ask(self, code: str) -> AnyResponse:
        """Send a reception that could not be computed to the leader, with every answer kept."""
        at, rights = now(), current_rights()
        key = intake.intake_key_of(request.form)
        made = dossiers.by_intake_key(db.session(), key) if key else None
        if made is not None:
            return redirect(url_for("ReceptionView.received", dossier_id=made.uuid))
        unit, version = desk_and_version_of_form(code, at)
        form = intake.sent(db.session(), version, unit, request.form, at=at)
        if not form.is_current or not _is_well_filled(form):
            return self._intake(form, 422 if form.is_current else 409)
        try:
            duty = reception.duty_at(rights, unit, db.session().get_one(Procedure, version.procedure_id))
            with unit_of_work() as work:
                drafts.forget(work, form.intake_key)
                asked = requests.ask(
                    work, form.intake(duty), note=request.form.get("note", "")[:2000], rights=rights, at=at
                )
        except RefusalError as refused:
            form.refusal = refused
            return self._intake(form, refused.status)
        flash(
            gettext("Đã gửi lãnh đạo ấn định. Phần đã nhập được giữ; bạn hoàn tất tiếp nhận từ trang này."), "success"
        )
        return redirect(url_for(".show", request_id=asked.uuid))

    @expose("/<uuid:request_id>")
    @has_access
    @permission_name("read")
    def show(self, request_id: UUID) -> Response:
        """Show a request: the answers, what was set, and what this person may do."""
        return self._request(request_id)

    @expose("/<uuid:request_id>/set", methods=["POST"])
    @has_access
    @permission_name("rule")
    def set(self, request_id: UUID) -> AnyResponse:
        """Set every charge line and the appointment of a request."""
        asked = requests.open_request(db.session(), request_id, current_rights())
        form = HandForm(hands.open_points(evaluations.definition_of(asked.version), None), request.form)
        if not form.validate():
            return self._request(request_id, form=form, status=422)
        try:
            with unit_of_work() as work:
                requests.rule(work, request_id, form.setting(), rights=current_rights(), seen_version=_seen(), at=now())
        except RefusalError as refused:
            return self._request(request_id, form=form, refusal=refused, status=refused.status)
        flash(gettext("Đã ấn định. Cán bộ tiếp nhận hoàn tất hồ sơ theo mức và ngày này."), "success")
        return redirect(url_for(".show", request_id=request_id))

    @expose("/<uuid:request_id>/decline", methods=["POST"])
    @has_access
    @permission_name("rule")
    def decline(self, request_id: UUID) -> AnyResponse:
        """Decline a request with a reason."""
        reason = request.form.get("reason", "")[:5000]
        try:
            with unit_of_work() as work:
                requests.decline(work, request_id, reason, rights=current_rights(), seen_version=_seen(), at=now())
        except UnusableInputError as refused:
            return self._request(request_id, reasonless=refused, status=refused.status)
        except RefusalError as refused:
            return self._request(request_id, refusal=refused, status=refused.status)
        flash(gettext("Đã trả lời không ấn định; cán bộ tiếp nhận đọc được lý do."), "success")
        return redirect(url_for(".list"))

    @expose("/<uuid:request_id>/finish", methods=["POST"])
    @has_access
    @permission_name("ask")
    def finish(self, request_id: UUID) -> AnyResponse:
        """Receive the dossier on what the leader set."""
        received = frozenset(request.form.getlist("received"))
        try:
            with unit_of_work() as work:
                made = requests.finish(
                    work, request_id, received, rights=current_rights(), seen_version=_seen(), at=now()
                )
        except RefusalError as refused:
            return self._request(request_id, refusal=refused, status=refused.status, received=received)
        return redirect(url_for("ReceptionView.received", dossier_id=made.uuid))

    @expose("/dossiers/<uuid:dossier_id>")
    @has_access
    @permission_name("rule")
    def dossier(self, dossier_id: UUID) -> Response:
        """Show the form for what the rules left open in a received dossier."""
        return self._dossier(dossier_id)

    @expose("/dossiers/<uuid:dossier_id>", methods=["POST"])
    @has_access
    @permission_name("rule")
    def set_for_dossier(self, dossier_id: UUID) -> AnyResponse:
        """Set what the rules left open; what was typed is shown again where it could not be set."""
        opened = dossiers.open_dossier(db.session(), dossier_id, current_rights())
        form = HandForm(hands.standing(db.session(), opened).points, request.form)
        if not form.validate():
            return self._dossier(dossier_id, form=form, status=422)
        try:
            with unit_of_work() as work:
                hands.set_by_hand(
                    work, dossier_id, form.setting(), rights=current_rights(), seen_version=_seen(), at=now()
                )
        except RefusalError as refused:
            return self._dossier(dossier_id, form=form, refusal=refused, status=refused.status)
        flash(
            gettext("Đã ấn định bằng tay. Hồ sơ, lịch sử và giấy tiếp nhận ghi rõ ai ấn định, lý do, căn cứ."),
            "success",
        )
        return redirect(url_for("DossierView.show", dossier_id=dossier_id))

    def _intake(self, form: Any, status: int) -> Response:
        page = self.render_template("officer/intake.html", intake=form, has_errors=True)
        return Response(page, status)

    def _request(
        self,
        request_id: UUID,
        *,
        form: HandForm | None = None,
        refusal: RefusalError | None = None,
        reasonless: RefusalError | None = None,
        status: int = 200,
        received: frozenset[str] | None = None,
    ) -> Response:
        session, rights, at = db.session(), current_rights(), now()
        asked = requests.open_request(session, request_id, rights)
        view = requests.view_of(session, asked, rights, at=at)
        page = self.render_template(
            "officer/hand_request.html", view=view, refusal=refusal, reasonless=reasonless, has_errors=status != 200,
            form=form or HandForm(view.points, None, former=view.ruling), wrong=form.errors if form else (),
            documents=hands.documents_in_force(session, legal_day(at)),
            received=frozenset(asked.received) if received is None else received,
            lock_version=_to_send_again(asked.lock_version, status),
        )  # fmt: skip
        return Response(page, status)

    def _dossier(
        self,
        dossier_id: UUID,
        *,
        form: HandForm | None = None,
        refusal: RefusalError | None = None,
        status: int = 200,
    ) -> Response:
        session, rights = db.session(), current_rights()
        opened = dossiers.open_dossier(session, dossier_id, rights)
        stands = hands.standing(session, opened)
        page = self.render_template(
            "officer/hand_dossier.html", dossier=opened, refusal=refusal, has_errors=status != 200,
            standing=stands, totals=hands.totals(stands.lines), may_set=hands.may_set(opened, stands.points, rights),
            form=form or HandForm(stands.points, None, former=stands.ruling), sections=answers_of(session, opened),
            wrong=form.errors if form else (), documents=hands.documents_in_force(session, legal_day(now())),
            lock_version=_to_send_again(opened.lock_version, status),
        )  # fmt: skip
        return Response(page, status)


def _is_well_filled(form: Any) -> bool:
    """Check the answers alone: there is no outcome that could say what it still needs."""
    checked = [part.validate() for part in (form.filing, form.applicant, form.answers)]
    return all(checked)


def _seen() -> int:
    """Return the version that the page showed; a page without one is as good as an old one."""
    return request.form.get("lock_version", default=-1, type=int)


def _to_send_again(current: int, status: int) -> int:
    """Return the version that the forms of a page carry: one that must be mended keeps what it was opened with.

    Handing it the current version would let its next sending pass over what somebody else set in between, unseen.
    """
    return _seen() if status == RefusalError.status else current
