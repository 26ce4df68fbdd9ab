"""Assignments (phân công): which person does what at which unit, since when. Each change is an act on record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import wtforms
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy import select
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.clock import legal_day, now
from app.extensions import db
from app.security.verbs import LABELS, Verb
from app.services import assignment
from app.services.assignment import REACHES, DutyLine, NewAssignment
from app.services.office import units_on
from app.storage.account import Officer
from app.storage.folding import folded
from app.storage.office import FieldOfWork
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from app.web.dress import BAD_DAY, BoxesField, DayField, DressedForm, told_on
from app.web.formats import day, said
from app.web.registers import Answer
from app.web.rights import current_officer
from app.web.texts import lazy_gettext
from app.web.titles import field_called

PAGE_SIZE = 50
STATES = {"now": lazy_gettext("Đang làm"), "later": lazy_gettext("Sắp tới"), "over": lazy_gettext("Đã kết thúc")}
MOST_SUGGESTED = 500


def _verbs() -> list[tuple[str, str]]:
    return [(verb.value, gettext(label)) for verb, label in LABELS.items()]


def _units() -> list[tuple[str, str]]:
    return [(str(unit.id), unit.name) for unit in units_on(db.session(), None, legal_day(now()))]


def _units_or_none() -> list[tuple[str, str]]:
    return [("", gettext("Không làm thay đơn vị nào")), *_units()]


def _fields_of_work() -> list[tuple[str, str]]:
    names = db.session.scalars(select(FieldOfWork.name).order_by(FieldOfWork.sort_key))
    return [(name, said(field_called(name))) for name in names]


class AssignmentForm(DressedForm):
    """A duty: the person, the unit, the work, the days."""

    username = wtforms.StringField(
        lazy_gettext("Người được phân công"), [DataRequired(lazy_gettext("Nhập tên đăng nhập."))],
        description=lazy_gettext("Tên đăng nhập; gõ vài chữ để chọn từ danh sách."),
        render_kw={"list": "officers", "autocomplete": "off"},
    )  # fmt: skip
    unit = wtforms.SelectField(lazy_gettext("Đơn vị làm việc"), [DataRequired()], choices=_units)
    reach = wtforms.RadioField(
        lazy_gettext("Phạm vi"), [DataRequired(lazy_gettext("Chọn phạm vi."))],
        choices=lambda: [(key, gettext(label)) for key, label in REACHES.items()], default="unit",
    )  # fmt: skip
    position = wtforms.StringField(
        lazy_gettext("Chức danh"), [DataRequired(lazy_gettext("Nhập chức danh.")), Length(max=200)],
        description=lazy_gettext("Ví dụ: Công chức Tư pháp - Hộ tịch."),
    )  # fmt: skip
    verbs = BoxesField(
        lazy_gettext("Việc được giao"), [DataRequired(lazy_gettext("Chọn ít nhất một việc."))], choices=_verbs
    )
    on_behalf_of = wtforms.SelectField(
        lazy_gettext("Làm thay cho đơn vị"), [Optional()], choices=_units_or_none,
        description=lazy_gettext("Chỉ dùng cho nhân viên Bưu điện nhận hồ sơ thay cho xã, phường, sở."),
    )  # fmt: skip
    fields_of_work = BoxesField(
        lazy_gettext("Lĩnh vực"), [Optional()], choices=_fields_of_work,
        description=lazy_gettext("Không chọn ô nào nghĩa là mọi lĩnh vực."),
    )  # fmt: skip
    procedures = wtforms.StringField(
        lazy_gettext("Mã thủ tục"), [Optional()],
        description=lazy_gettext("Để trống nghĩa là mọi thủ tục. Ví dụ nhiều mã: 1.001193, 2.000635."),
    )  # fmt: skip
    since = DayField(lazy_gettext("Từ ngày"), [DataRequired(BAD_DAY)])
    last_day = DayField(
        lazy_gettext("Đến hết ngày"), [Optional()], description=lazy_gettext("Để trống nếu chưa biết ngày kết thúc.")
    )

    def validate_username(self, field: wtforms.Field) -> None:
        """Refuse a name that nobody has."""
        if self.officer() is None:
            raise ValidationError(gettext("Không có người dùng nào mang tên đăng nhập này."))

    def validate_procedures(self, field: wtforms.Field) -> None:
        """Refuse codes that no procedure has."""
        known = set(db.session.scalars(select(Procedure.code).where(Procedure.code.in_(self.codes()))))
        unknown = [code for code in self.codes() if code not in known]
        if unknown:
            raise ValidationError(gettext("Không có thủ tục mang mã %(codes)s.", codes=", ".join(unknown)))

    def officer(self) -> Officer | None:
        """Return the person that is meant."""
        return db.session.scalars(select(Officer).where(Officer.username == self.username.data)).one_or_none()

    def codes(self) -> list[str]:
        """Return the codes of procedures as they were typed."""
        return [code.strip() for code in (self.procedures.data or "").split(",") if code.strip()]

    def to_assignment(self, user_id: int) -> NewAssignment:
        """Return the duty that the answers mean."""
        last_day, since = self.last_day.data, self.since.data
        assert since is not None, "DataRequired refuses a form without it"
        return NewAssignment(
            user_id=user_id, unit_id=int(self.unit.data), position=(self.position.data or "").strip(),
            reach=self.reach.data, verbs=tuple(Verb(verb) for verb in self.verbs.data or ()), since=since,
            until=None if last_day is None else last_day + timedelta(days=1),
            on_behalf_of_id=int(self.on_behalf_of.data) if self.on_behalf_of.data else None,
            fields_of_work=tuple(self.fields_of_work.data or ()), procedures=tuple(self.codes()),
        )  # fmt: skip


class EndForm(DressedForm):
    """The last day of a duty, and why it ends."""

    last_day = DayField(lazy_gettext("Ngày làm việc cuối cùng"), [DataRequired(BAD_DAY)])
    reason = wtforms.StringField(
        lazy_gettext("Lý do"), [DataRequired(lazy_gettext("Ghi lý do hoặc số văn bản.")), Length(max=500)],
        description=lazy_gettext("Ví dụ: Quyết định điều động số 12/QĐ-UBND."),
    )  # fmt: skip


class AssignmentView(BaseView):
    """The register of duties."""

    route_base = "/assignments"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> Answer:
        """Show the duties that are on record, narrowed by person, unit and state."""
        unit_id = request.args.get("unit", type=int)
        search, state = request.args.get("q", ""), request.args.get("state", "now")
        found = [
            line
            for line in assignment.duty_lines(db.session(), at=now(), unit_id=unit_id)
            if folded(search) in folded(f"{line.person} {line.user_name} {line.position}")
        ]
        lines = [line for line in found if state in ("all", line.state)]
        page = max(request.args.get("page", 0, type=int), 0)
        return self.render_template(
            "admin/assignments.html", lines=lines[page * PAGE_SIZE : (page + 1) * PAGE_SIZE], count=len(lines),
            page=page, page_size=PAGE_SIZE, states=_chips(found, state), search=search, unit=unit_id or "",
            units=[("", gettext("Mọi đơn vị")), *_units()], state=state, labels=LABELS, reaches=REACHES,
            state_names=STATES, url_of_page=lambda number: _url(page=number),
        )  # fmt: skip

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def add(self) -> Answer:
        """Show the form; on a valid answer, give the duty."""
        form = AssignmentForm()
        if request.method == "GET":
            form.since.data = legal_day(now())
            form.username.data = request.args.get("user", "")
        officer = form.officer() if form.validate_on_submit() else None
        if officer is not None:
            with told_on(form), unit_of_work() as work:
                assignment.assign(work, form.to_assignment(officer.id), by=current_officer(), at=now())
            if not form.errors:
                flash(gettext("Đã phân công cho %(name)s.", name=officer.get_full_name()), "success")
                return redirect(url_for("UserView.show", pk=officer.id))
        return self._page("admin/assignment_add.html", form, officers=_officers())

    @expose("/<uuid:assignment_id>/end", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def end(self, assignment_id: UUID) -> Answer:
        """Show the form; on a valid answer, let the duty end after its last day."""
        form = EndForm()
        if request.method == "GET":
            form.last_day.data = legal_day(now())
        if form.validate_on_submit() and form.last_day.data is not None:
            with told_on(form), unit_of_work() as work:
                assignment.end(
                    work, assignment_id, last_day=form.last_day.data, reason=form.reason.data or "",
                    by=current_officer(), at=now(),
                )  # fmt: skip
            if not form.errors:
                flash(gettext("Phân công kết thúc sau ngày %(day)s.", day=day(form.last_day.data)), "success")
                return redirect(url_for("AssignmentView.list", state="all"))
        line = assignment.duty_line(db.session(), assignment_id, at=now())
        return self._page("admin/assignment_end.html", form, line=line, labels=LABELS)

    def _page(self, template: str, form: DressedForm, **more: Any) -> Answer:
        page = self.render_template(template, form=form, **more)
        return (page, 422) if form.errors else page


def _chips(found: Sequence[DutyLine], state: str) -> Sequence[tuple[Any, str, int, bool]]:
    counts = {key: sum(line.state == key for line in found) for key in STATES}
    chips = [(label, _url(state=key, page=0), counts[key], state == key) for key, label in STATES.items()]
    return [*chips, (lazy_gettext("Tất cả"), _url(state="all", page=0), len(found), state == "all")]


def _url(**changed: Any) -> str:
    query: dict[str, Any] = request.args.to_dict() | changed
    return url_for("AssignmentView.list", **query)


def _officers() -> Sequence[tuple[str, str]]:
    rows = db.session.execute(
        select(Officer.username, Officer.full_name)
        .where(Officer.active.is_(True))
        .order_by(Officer.username)
        .limit(MOST_SUGGESTED)
    )
    return [(row.username, row.full_name) for row in rows]
