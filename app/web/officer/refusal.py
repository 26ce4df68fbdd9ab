"""Refusals to receive (từ chối tiếp nhận): the list, one refusal, and its slip to print (form 03)."""

from uuid import UUID

from flask import Response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from werkzeug.wrappers import Response as BaseResponse

from app.extensions import db
from app.services import refusal as refusals
from app.services.party import holds_identity_number
from app.web.officer.reception import desk_key
from app.web.rights import current_rights
from app.web.titles import read_titles


class RefusalView(BaseView):
    """Refusals to receive, for the desk that made them and for who inspects it."""

    route_base = "/refusals"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> str:
        """Show the refusals of one's units, newest first."""
        text = request.args.get("q", "")
        after = request.args.get("after", type=UUID)
        found = refusals.refusals(db.session(), current_rights(), text=text, after=after)
        read_titles(line.procedure_code for line in found.lines)
        return self.render_template("officer/refusals.html", found=found, text=text, is_number=False)

    @expose("/find", methods=("GET", "POST"))
    @has_access
    @permission_name("read")
    def find(self) -> str | BaseResponse:
        """Find refusals; an identity number is looked up at once, since no address may hold one."""
        text = request.form.get("q", "").strip()
        if not holds_identity_number(text):
            return redirect(url_for(".list", q=text or None))
        found = refusals.refusals_of_person(db.session(), current_rights(), text)
        read_titles(line.procedure_code for line in found.lines)
        return self.render_template("officer/refusals.html", found=found, text=text, is_number=True)

    @expose("/<uuid:refusal_id>")
    @has_access
    @permission_name("read")
    def show(self, refusal_id: UUID) -> str:
        """Show a refusal: its grounds, the answers it stands on, and the slip to print."""
        slip = refusals.slip(db.session(), refusal_id, current_rights())
        read_titles([slip.paper.procedure_code])
        return self.render_template("officer/refusal.html", slip=slip, desk=desk_key(slip.unit_id))

    @expose("/<uuid:refusal_id>/form-03.pdf")
    @has_access
    @permission_name("read")
    def form_03(self, refusal_id: UUID) -> Response:
        """Print the slip; every print is the same paper."""
        slip = refusals.slip(db.session(), refusal_id, current_rights())
        answer = Response(refusals.pdf(slip), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = f'inline; filename="{slip.paper.number}.pdf"'
        answer.headers["Cache-Control"] = "no-store"
        return answer
