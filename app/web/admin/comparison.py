"""The page that sets two versions of a procedure side by side (so sánh)."""

from uuid import UUID

from flask import request
from flask_appbuilder import BaseView, expose, has_access, permission_name

from app.clock import legal_day, now
from app.extensions import db
from app.services import comparison
from app.services import procedure as procedures


class ComparisonView(BaseView):
    """Any two versions of a procedure, or its draft against one."""

    menu_page = "ProcedureView"
    route_base = "/procedures"
    default_view = "compare"

    @expose("/<uuid:procedure_id>/compare")
    @has_access
    @permission_name("read")
    def compare(self, procedure_id: UUID) -> str:
        """Show which dossiers come out otherwise, from what to what, and because of which rows."""
        session = db.session()
        procedure = procedures.procedure_with(session, procedure_id)
        usual = comparison.usual_pair(session, procedure, legal_day(now()))
        asked = request.args.get("old"), request.args.get("new")
        told = None
        if usual is not None:
            told = comparison.compared(session, procedure, asked[0] or usual[0], asked[1] or usual[1])
        has_draft = procedures.draft_of(session, procedure) is not None
        return self.render_template("procedure/compare.html", procedure=procedure, told=told, has_draft=has_draft)
