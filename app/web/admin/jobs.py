"""Jobs (việc chạy nền): what works beside the pages, how far it is, and what came of it."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from sqlalchemy import func, or_, select

from app.extensions import db
from app.services import dossier_export, search_lines
from app.storage.account import Officer
from app.storage.job import Job
from app.web.registers import Answer
from app.web.texts import lazy_gettext

MOST_SHOWN = 100
STATES: Mapping[str, tuple[Any, str]] = {
    "queued": (lazy_gettext("Đang chờ"), "waiting"),
    "running": (lazy_gettext("Đang chạy"), "going"),
    "done": (lazy_gettext("Xong"), "done"),
    "failed": (lazy_gettext("Không xong"), "late"),
}
KINDS: Mapping[str, Any] = {
    "read_catalog": lazy_gettext("Đọc tệp danh mục"),
    "prove_boundaries": lazy_gettext("Dựng ca biên của dự thảo"),
    "prove_mutants": lazy_gettext("Thử lỗi gõ của dự thảo"),
    "accept_catalog": lazy_gettext("Ghi danh mục vào hệ thống"),
    search_lines.ONE: lazy_gettext("Cập nhật phần tra cứu của một hồ sơ"),
    search_lines.ALL: lazy_gettext("Cập nhật phần tra cứu của một thủ tục"),
    dossier_export.JOB: lazy_gettext("Xuất danh sách hồ sơ"),
}


class JobView(BaseView):
    """The newest jobs, refreshed while one of them is open."""

    route_base = "/jobs"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> Answer:
        """Show the newest jobs, of one state where asked."""
        state = request.args.get("state", "")
        session = db.session()
        # Every act leaves a job of this kind; once done it tells nobody anything.
        is_told = or_(Job.kind != search_lines.ONE, Job.state != "done")
        tally = session.execute(select(Job.state, func.count()).where(is_told).group_by(Job.state))
        counts: dict[str, int] = {row[0]: row[1] for row in tally}
        query = select(Job, Officer.full_name).outerjoin(Officer, Officer.id == Job.asked_by).where(is_told)
        if state in STATES:
            query = query.where(Job.state == state)
        jobs = session.execute(query.order_by(Job.id.desc()).limit(MOST_SHOWN)).all()
        return self.render_template(
            "admin/jobs.html", jobs=jobs, state=state, states=STATES, kinds=KINDS, counts=counts,
            is_open=any(counts.get(key) for key in ("queued", "running")), url=url_for("JobView.list", state=state),
            most=MOST_SHOWN,
        )  # fmt: skip
