"""Findings that were let be with a reason (điểm đã chấp nhận): the list for inspection, and taking one back."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from werkzeug import Response

from app.clock import now
from app.extensions import db
from app.services import waiver as waivers
from app.services.errors import UnusableInputError
from app.storage.unit_of_work import unit_of_work
from app.web.registers import Answer
from app.web.rights import current_rights
from app.web.titles import read_titles


class WaiverView(BaseView):
    """Everything that was let be in the drafts of all procedures: who, when, why, and what was published under it."""

    route_base = "/waivers"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> Answer:
        """Show the waivers, newest first, narrowed by procedure and state."""
        return self._list_page()

    def _list_page(self, *, refused: UnusableInputError | None = None, refused_at: UUID | None = None) -> str:
        text, state = request.args.get("q", ""), request.args.get("state", "")
        page = max(request.args.get("page", 0, type=int), 0)
        found = waivers.waivers(db.session(), text=text, state=state, page=page)
        read_titles(line.waiver.procedure.code for line in found.lines)
        counts = {"": found.all, "standing": found.standing, "taken_back": found.taken_back}
        return self.render_template(
            "admin/waivers.html", found=found, text=text, state=state, counts=counts, page=page,
            page_size=waivers.PAGE_SIZE, count=counts.get(state, found.all), url_of_page=_url_of_page, refused=refused,
            refused_at=refused_at, typed=request.form.get("reason", ""), has_errors=refused is not None,
        )  # fmt: skip

    @expose("/<uuid:waiver_id>/take-back", methods=["POST"])
    @has_access
    @permission_name("edit")
    def take_back(self, waiver_id: UUID) -> Response | Answer | tuple[str, int]:
        """Take a waiver back; its reason is asked for again on this page where it says too little."""
        try:
            with unit_of_work() as work:
                waivers.take_back_waiver(
                    work, waiver_id, reason=request.form.get("reason", ""), rights=current_rights(), at=now()
                )
        except UnusableInputError as refused:
            return self._list_page(refused=refused, refused_at=waiver_id), refused.status
        flash(gettext("Đã rút lại. Điểm này lại phải được xem khi công bố."), "success")
        return redirect(url_for("WaiverView.list", q=request.form.get("q") or None))


def _url_of_page(number: int) -> str:
    query: dict[str, Any] = request.args.to_dict() | {"page": number}
    return url_for("WaiverView.list", **query)
