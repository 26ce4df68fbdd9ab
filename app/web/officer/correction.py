"""Mending the answers of a dossier, and every value they had: the form of the dossier's own version, the difference."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug import Response as AnyResponse
from werkzeug.datastructures import MultiDict

from app.clock import legal_day, now
from app.extensions import db
from app.services import correction
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services.correction import Proposal
from app.services.errors import MoveNotAllowedError, RefusalError, StaleError
from app.storage.dossier import Dossier
from app.storage.unit_of_work import unit_of_work
from app.web.formats import said
from app.web.rights import current_rights
from forms.build import build_form
from forms.facts import form_data_of, read_facts
from forms.layout import error_summary, sections

ANSWERS = "answers"


class CorrectionView(BaseView):
    """Corrections (sửa câu trả lời): first what they come to, then the act; and the values of each answer over time."""

    menu_page = "DossierView"
    class_permission_name = "DossierView"
    route_base = "/dossiers"

    @expose("/<uuid:dossier_id>/correct")
    @has_access
    @permission_name("act")
    def form(self, dossier_id: UUID) -> AnyResponse:
        """Open the form with the answers as they are."""
        try:
            dossier = _opened(dossier_id)
        except MoveNotAllowedError as moved_on:  # an old link leads to the dossier as it stands
            flash(said(moved_on.sentence), "warning")
            return redirect(url_for("DossierView.show", dossier_id=dossier_id))
        return self._page(dossier, _form(dossier, None))

    @expose("/<uuid:dossier_id>/correct", methods=["POST"])
    @has_access
    @permission_name("act")
    def correct(self, dossier_id: UUID) -> AnyResponse:
        """Show what the answers come to; write them once that was seen and a reason is given."""
        dossier = _opened(dossier_id)
        form = _form(dossier, request.form)
        if form.row_button_pressed:
            return self._page(dossier, form)
        if not form.validate():
            return self._page(dossier, form, status=RefusalError.status)
        answers = read_facts(evaluations.definition_of(dossier.rules_version), form)
        try:
            if "save" in request.form:
                return self._saved(dossier_id, answers)
            return self._page(dossier, form, proposal=correction.proposed(db.session(), dossier, answers))
        except RefusalError as refused:
            if isinstance(refused, (StaleError, MoveNotAllowedError)) or refused.status == RefusalError.status:
                return self._page(_opened(dossier_id), form, status=refused.status, refusal=refused)
            raise

    def _saved(self, dossier_id: UUID, answers: dict[str, Any]) -> AnyResponse:
        with unit_of_work() as work:
            correction.correct(
                work, dossier_id, answers, reason=request.form.get("reason", ""), rights=current_rights(),
                seen_version=request.form.get("lock_version", -1, type=int), at=now(),
            )  # fmt: skip
        flash(gettext("Đã ghi các câu trả lời đã sửa. Kết quả được tính lại; xem phí và giấy tờ bên dưới."), "success")
        return redirect(url_for("DossierView.show", dossier_id=dossier_id))

    @expose("/<uuid:dossier_id>/values")
    @has_access
    @permission_name("read")
    def values(self, dossier_id: UUID) -> str:
        """Show for each answer that changed who changed it, when, from what to what."""
        dossier = dossiers.open_dossier(db.session(), dossier_id, current_rights())
        return self.render_template(
            "officer/values.html", dossier=dossier, values=correction.values_over_time(db.session(), dossier)
        )

    def _page(
        self,
        dossier: Dossier,
        form: Any,
        *,
        status: int = 200,
        proposal: Proposal | None = None,
        refusal: RefusalError | None = None,
    ) -> Response:
        page = self.render_template(
            "officer/correct.html", dossier=dossier, form=None, answers=form, wrong=error_summary(form),
            parts_of=sections(evaluations.definition_of(dossier.rules_version), form.shown()), proposal=proposal,
            refusal=refusal, reason=request.form.get("reason", ""), has_errors=status != 200,
            seen=request.form.get("lock_version", dossier.lock_version, type=int),
        )  # fmt: skip
        return Response(page, status)


def _opened(dossier_id: UUID) -> Dossier:
    dossier = dossiers.open_dossier(db.session(), dossier_id, current_rights())
    correction.require_correct(dossier, current_rights())
    return dossier


@lru_cache(maxsize=256)
def _form_class(whole_sha256: str, text: str) -> type[Any]:
    return build_form(evaluations.definition_with(whole_sha256, text))


def _form(dossier: Dossier, data: MultiDict[str, str] | None) -> Any:
    """Return the form of the version that the dossier was made with, filled with what is sent or what is kept."""
    version, facts = dossier.rules_version, correction.facts_now(db.session(), dossier)
    definition = evaluations.definition_of(version)
    given = form_data_of(definition.fields, facts, ANSWERS) if data is None else data
    form = _form_class(version.whole_sha256, version.definition)(given, prefix=ANSWERS)
    form.offer_on(legal_day(dossier.accepted_at))
    asked = {field.id for field in definition.fields}
    form.known = {name: value for name, value in facts.items() if name not in asked}
    return form
