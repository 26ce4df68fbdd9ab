"""Units (cơ quan, đơn vị): the list by level, and everything on record about one."""

from uuid import UUID

from flask import request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.clock import legal_day, now
from app.extensions import db
from app.security.verbs import LABELS
from app.services import unit
from app.services.assignment import duty_lines
from app.web.dress import builder
from app.web.registers import Answer


class UnitView(BaseView):
    """The register of units; it changes by decisions on arrangement, so this page reads."""

    route_base = "/units"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> Answer:
        """Show all units by level, or those that are looked for."""
        search = request.args.get("q", "")
        lines = unit.unit_lines(db.session(), search=search)
        today = legal_day(now())
        return self.render_template(
            "admin/units.html", levels=unit.by_level(lines), count=len(lines), search=search, today=today
        )

    @expose("/<uuid:unit_id>")
    @has_access
    @permission_name("read")
    def show(self, unit_id: UUID) -> Answer:
        """Show one unit: its names and parents through time, codes, succession, and who works there."""
        found = unit.history_of(db.session(), unit_id)
        sees_people = builder.sm.has_access("can_read", "AssignmentView")
        return self.render_template(
            "admin/unit.html", found=found, levels=unit.LEVELS, labels=LABELS, systems=unit.CODE_SYSTEMS,
            duties=duty_lines(db.session(), at=now(), unit_id=found.id) if sees_people else None,
        )  # fmt: skip
