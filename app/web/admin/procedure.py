"""Pages of the procedures: find one as fast as one types, see what the sources say of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.clock import legal_day, now
from app.extensions import db
from app.services import catalog, versions
from app.services.procedure import procedure_with
from app.storage.alarm import alarms_of
from app.web.titles import read_titles

SHOWN_FIELDS = 12
SHOWN_ALARMS = 20


class ProcedureView(BaseView):
    """Procedures (thủ tục hành chính)."""

    route_base = "/procedures"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> str:
        """Show the procedures that the typed words find; a partial request gets the list alone."""
        words, field, stage = request.args.get("q", ""), request.args.get("field", ""), _stage()
        session = db.session()
        found = catalog.find(session, words, field=field or None, stage=stage, after=_anchor(), limit=50)
        read_titles(procedure.code for procedure in found.procedures)
        is_typing = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
        return self.render_template(
            "procedure/found.html" if is_typing else "procedure/list.html",
            found=found, words=words, field=field, stage=stage, is_continued="after" in request.args,
            fields=catalog.fields_of_work(session, words, stage=stage), shown_fields=SHOWN_FIELDS,
            stages=catalog.stage_counts(session, words, field=field or None), stage_labels=catalog.STAGE_LABELS,
            url_with=partial(_url_with, {"q": words, "field": field, "stage": stage}),
        )  # fmt: skip

    @expose("/<uuid:procedure_id>")
    @has_access
    @permission_name("read")
    def show(self, procedure_id: UUID) -> str:
        """Show a procedure: what each source announced about it, its draft and its versions."""
        session = db.session()
        procedure = procedure_with(session, procedure_id)
        return self.render_template(
            "procedure/show.html",
            procedure=procedure,
            announcements=catalog.announcements_of(session, procedure.code),
            history=versions.history(session, procedure, legal_day(now())),
            alarms=alarms_of(session, procedure.id, most=SHOWN_ALARMS),
        )


def _stage() -> catalog.Stage | None:
    """Return the stage the list is narrowed to; a mangled one narrows nothing."""
    asked = request.args.get("stage", "")
    return catalog.Stage(asked) if asked in [stage.value for stage in catalog.Stage] else None


def _url_with(kept: Mapping[str, str | None], **more: str | None) -> str:
    """Return the address of the list as it is narrowed now, with something otherwise."""
    query: dict[str, Any] = {name: text for name, text in {**kept, **more}.items() if text}
    return url_for(".list", **query)


def _anchor() -> UUID | None:
    """Return the last procedure of the page before; a mangled address begins at the first page."""
    return request.args.get("after", type=UUID)
