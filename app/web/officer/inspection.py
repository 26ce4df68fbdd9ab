"""The inspector's pages: the whole history of a dossier, and any of its evaluations computed again."""

from uuid import UUID

from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.clock import now
from app.extensions import db
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services.history import differences, history
from app.storage.unit_of_work import unit_of_work
from app.web.rights import current_rights


class EvaluationView(BaseView):
    """History and replay (lịch sử, tính lại)."""

    menu_page = "DossierView"
    route_base = "/dossiers"

    @expose("/<uuid:dossier_id>/history")
    @has_access
    @permission_name("read")
    def history(self, dossier_id: UUID) -> str:
        """Show everything that happened to the dossier, and whether its record is whole."""
        dossier = dossiers.open_dossier(db.session(), dossier_id, current_rights())
        return self.render_template("officer/history.html", dossier=dossier, history=history(db.session(), dossier))

    @expose("/<uuid:dossier_id>/evaluations/<uuid:evaluation_id>/replay", methods=["POST"])
    @has_access
    @permission_name("replay")
    def replay(self, dossier_id: UUID, evaluation_id: UUID) -> str:
        """Compute an evaluation again and show whether the answer is the same."""
        with unit_of_work() as work:
            dossier = dossiers.open_dossier(work.session, dossier_id, current_rights())
            result = evaluations.replay(work, dossier, evaluation_id, at=now())
        return self.render_template(
            "officer/replay.html",
            dossier=dossier,
            replay=result,
            differences=differences(result.kept, result.evaluation, result.definition),
        )
