"""The calendar (lịch nghỉ): a year at a glance, its list with sources, and the acts that change it."""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import wtforms
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from wtforms.validators import DataRequired, Length

from app.clock import legal_day, now
from app.extensions import db
from app.services import calendar
from app.services.calendar import KINDS, NewDay, Year
from app.services.errors import NotFoundError, UnusableInputError
from app.storage.unit_of_work import unit_of_work
from app.web.dress import BAD_DAY, DayField, DressedForm, builder, told_on
from app.web.formats import day as written
from app.web.registers import Answer
from app.web.rights import current_officer
from app.web.texts import lazy_gettext
from rules.clock.calendar import WEEKEND, WORKED_KIND

PROVINCE = "province"
WEEKS = months.Calendar(firstweekday=0)
WEEKDAYS = (
    *(lazy_gettext("T2"), lazy_gettext("T3"), lazy_gettext("T4"), lazy_gettext("T5"), lazy_gettext("T6")),
    *(lazy_gettext("T7"), lazy_gettext("CN")),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day in a small month: what marks it, in a word; an empty mark is an ordinary day."""

    day: date
    kind: str
    word: str
    name: str


Month = Sequence[Sequence[Cell | None]]


class DayForm(DressedForm):
    """A special day: which, what it is, its name, and what says so."""

    day = DayField(lazy_gettext("Ngày"), [DataRequired(BAD_DAY)])
    kind = wtforms.SelectField(
        lazy_gettext("Loại ngày"), choices=lambda: [(key, gettext(label)) for key, label in KINDS.items()]
    )
    name = wtforms.StringField(
        lazy_gettext("Tên ngày"), [DataRequired(lazy_gettext("Nhập tên ngày, ví dụ: Quốc khánh.")), Length(max=200)]
    )
    source = wtforms.StringField(
        lazy_gettext("Căn cứ"),
        [DataRequired(lazy_gettext("Ghi văn bản thông báo.")), Length(max=500)],
        description=lazy_gettext("Văn bản hoặc nguồn thông báo ngày này, ví dụ: Thông báo 6150/TB-BLĐTBXH."),
    )


class CalendarView(BaseView):
    """The calendar that clocks and appointments run by."""

    route_base = "/calendar"
    default_view = "year"

    @expose("/")
    @expose("/<int:year>")
    @has_access
    @permission_name("read")
    def year(self, year: int | None = None) -> Answer:
        """Show a year as twelve small months and as a list."""
        return self._page(year or legal_day(now()).year, DayForm(formdata=None))

    @expose("/<int:year>/days", methods=["POST"])
    @has_access
    @permission_name("edit")
    def add_day(self, year: int) -> Answer:
        """Put a special day in; one that stands there already is replaced and kept on record."""
        form = DayForm()
        if form.validate() and form.day.data is not None:
            wanted = NewDay(form.day.data, form.kind.data, form.name.data or "", form.source.data or "")
            with told_on(form), unit_of_work() as work:
                calendar.set_day(
                    work, calendar.calendar_named(work.session, PROVINCE), wanted, by=current_officer(), at=now()
                )
            if not form.errors:
                flash(gettext("Đã ghi ngày %(day)s vào lịch.", day=written(wanted.day)), "success")
                return redirect(url_for("CalendarView.year", year=wanted.day.year))
        return self._page(year, form), 422

    @expose("/<int:year>/days/<day>/withdraw", methods=["POST"])
    @has_access
    @permission_name("edit")
    def withdraw_day(self, year: int, day: str) -> Answer:
        """Let a day be again as its weekday says."""
        try:
            with unit_of_work() as work:
                calendar.withdraw_day(
                    work, calendar.calendar_named(work.session, PROVINCE), _day(day),
                    reason=request.form.get("reason", ""), by=current_officer(), at=now(),
                )  # fmt: skip
        except UnusableInputError as refused:
            return self._page(year, DayForm(formdata=None), refusal=refused, kept_day=day), refused.status
        flash(gettext("Đã bỏ ngày %(day)s khỏi lịch.", day=written(_day(day))), "success")
        return redirect(url_for("CalendarView.year", year=year))

    @expose("/<int:year>/confirm", methods=["POST"])
    @has_access
    @permission_name("edit")
    def confirm(self, year: int) -> Answer:
        """Say whether the days of the year are announced or only expected."""
        with unit_of_work() as work:
            calendar.confirm_year(
                work, calendar.calendar_named(work.session, PROVINCE), year,
                confirmed=request.form.get("confirmed") == "1", by=current_officer(), at=now(),
            )  # fmt: skip
        flash(gettext("Đã ghi tình trạng của năm %(year)s.", year=year), "success")
        return redirect(url_for("CalendarView.year", year=year))

    def _page(self, year: int, form: DayForm, *, refusal: UnusableInputError | None = None, kept_day: str = "") -> str:
        """Show a year; `refusal` says why the day `kept_day` was not withdrawn."""
        if not calendar.FIRST_YEAR <= year <= calendar.LAST_YEAR:
            raise NotFoundError("Lịch không có năm %(year)s.", year=year)
        session = db.session()
        shown = calendar.calendar_named(session, PROVINCE)
        known = calendar.years_of(session, shown)
        found = calendar.year_of(session, shown, year)
        return self.render_template(
            "admin/calendar.html", found=found, months=_months(found), kinds=KINDS, form=form,
            years=sorted({*known, year}), known=known, today=legal_day(now()), worked=WORKED_KIND,
            weekdays=[str(name) for name in WEEKDAYS],
            may_edit=builder.sm.has_access("can_edit", "CalendarView"),
            refusal=refusal, kept_day=kept_day, has_errors=refusal is not None,
        )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise NotFoundError("Không đọc được ngày trong đường dẫn.") from problem


def _months(found: Year) -> Sequence[Month]:
    special = {row.day: row for row in found.days}
    words = {
        WORKED_KIND: gettext("làm"),
        "HOLIDAY": gettext("lễ"),
        "COMP_OFF": gettext("bù"),
        "SWAP_OFF": gettext("đổi"),
    }

    def cell(day: date) -> Cell:
        row = special.get(day)
        if row is None:
            return Cell(day, "weekend" if day.weekday() in WEEKEND else "", "", "")
        kind = "makeup" if row.kind == WORKED_KIND else "off"
        return Cell(day, kind, words.get(row.kind, ""), f"{gettext(KINDS.get(row.kind, row.kind))}: {row.name}")

    return [
        [
            [cell(day) if day.month == month else None for day in week]
            for week in WEEKS.monthdatescalendar(found.year, month)
        ]
        for month in range(1, 13)
    ]
