"""Trying a draft (thử dự thảo): its own form with the outcome beside it, on a day of choice; nothing is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

import wtforms
from flask import Response, request
from flask_appbuilder import BaseView, expose, has_access, permission_name
from werkzeug.datastructures import MultiDict

from app.clock import legal_day, now
from app.extensions import db
from app.services import procedure as procedures
from app.services.errors import NotFoundError
from app.services.finding import dossier_to_try
from app.services.office import UnitOnDay, units_on
from app.storage.procedure import Procedure, ProcedureDraft
from app.web.officer import intake
from app.web.officer.intake import IntakeForm
from forms.build import form_class
from forms.facts import form_data_of
from forms.layout import error_summary
from rules.definition.procedure import CodeItem, CodeList, Field, FieldKind
from rules.values import Text

PREFIX = "trial"
DESKS = frozenset({"ward", "commune"})
"""Kinds of units at whose desk most dossiers are filed: one of them is offered first."""


class Circumstances:
    """When and where a trial lets the dossier be filed; until that is told, at `filed` or now, and at a commune."""

    def __init__(self, data: MultiDict[str, str] | None, at: datetime, *, filed: datetime | None = None) -> None:
        self._units = units_on(db.session(), None, legal_day(at))
        self._at = at
        usual = next((unit for unit in self._units if unit.kind in DESKS), self._units[0])
        items = tuple(CodeItem(unit.key, Text(unit.name, unit.name)) for unit in self._units)
        fields = (
            Field("at", FieldKind.MOMENT, Text("Nộp hồ sơ lúc", "Filed at"), required=True),
            Field("unit", FieldKind.CHOICE, Text("Nơi tiếp nhận", "Receiving unit"), required=True, list="units"),
        )
        shown = form_data_of(fields, {"at": filed or at, "unit": usual.key}, PREFIX) if data is None else data
        self.form: Any = form_class("TrialForm", fields, (CodeList("units", items),), wtforms.Form)(
            shown, prefix=PREFIX
        )

    @property
    def at(self) -> datetime:
        """The moment of filing; now, where none can be read."""
        return self.form["at"].fact or self._at

    @property
    def unit(self) -> UnitOnDay:
        """The unit the dossier is filed with."""
        chosen = self.form["unit"].fact
        return next((unit for unit in self._units if unit.key == chosen), self._units[0])


class DraftTrialView(BaseView):
    """The form of a draft, filled in for a try."""

    menu_page = "ProcedureView"
    route_base = "/procedures"
    default_view = "fill"

    @expose("/<uuid:procedure_id>/draft/try", methods=["GET", "POST"])
    @has_access
    @permission_name("try")
    def fill(self, procedure_id: UUID) -> Response:
        """Show the draft's form with what the rules say of it so far; `finding` fills in the dossier that shows it."""
        procedure, draft = _draft(procedure_id)
        is_sent = request.method == "POST"
        data, filed = (request.form, None) if is_sent else _first_answers(draft, request.args.get("finding", ""))
        told = Circumstances(request.form if is_sent else None, now(), filed=filed)
        wrong = error_summary(told.form) if is_sent and not told.form.validate() else ()
        page = self.render_template(
            "procedure/trial.html", procedure=procedure, draft=draft, told=told, wrong=wrong, has_errors=bool(wrong),
            intake=_tried(draft, told, data),
        )  # fmt: skip
        return Response(page, 422 if wrong else 200)

    @expose("/<uuid:procedure_id>/draft/try/preview", methods=["POST"])
    @has_access
    @permission_name("try")
    def preview(self, procedure_id: UUID) -> str:
        """Answer what the rules say for the form as it stands."""
        _, draft = _draft(procedure_id)
        told = Circumstances(request.form, now())
        return self.render_template("officer/preview.html", intake=_tried(draft, told, request.form))


def _first_answers(draft: ProcedureDraft, key: str) -> tuple[MultiDict[str, str] | None, datetime | None]:
    """Return the answers of the dossier that shows the finding of this key, and when it is filed; none without one."""
    if not key:
        return None, None
    facts, at = dossier_to_try(db.session(), draft, key)
    return intake.filled_in(procedures.version_to_try(draft.source_text), facts), at


def _tried(draft: ProcedureDraft, told: Circumstances, data: MultiDict[str, str] | None) -> IntakeForm:
    version = procedures.version_to_try(draft.source_text)
    return intake.tried(db.session(), version, told.unit, data, at=told.at)


def _draft(procedure_id: UUID) -> tuple[Procedure, ProcedureDraft]:
    procedure = procedures.procedure_with(db.session(), procedure_id)
    draft = procedures.draft_of(db.session(), procedure)
    if draft is None:
        raise NotFoundError(
            "Thủ tục này không có dự thảo.", todo="Mở lại trang thủ tục; tải tệp định nghĩa lên nếu cần."
        )
    return procedure, draft
