"""Registers: FAB's generated lists and forms in our dress, safe for rows, threads and two people saving at once."""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flask import abort, flash, g, has_request_context, redirect, request, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.models.filters import Filters
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from flask_babel.speaklater import LazyString
from flask_login import current_user
from sqlalchemy import inspect, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug import Response
from wtforms import StringField, TextAreaField

from app.clock import local, now
from app.services.errors import StaleError
from app.storage import audit
from app.storage.audit import Note
from app.web.dress import DressedForm
from app.web.finders import Finder, finders_of, narrow
from app.web.rights import current_officer
from app.web.texts import lazy_gettext

# FAB declares its settings as None and its answers as one class; what they are to us is said here once.
Answer = Any
Changes = dict[str, tuple[str, str]]
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: its label, and how it can be sorted by (`""`, `up`, `down`, or None when it cannot)."""

    name: str
    label: str
    sorted: str | None


class RegisterView(ModelView):
    """A register (sổ) as FAB generates it. A subclass must say what can be looked for in `search_columns`.

    FAB keeps the filters of a list on the view, which all threads share; here each request has its own copy. FAB reads
    a row for an action without the base filters; here every way to a row goes through `_row`. FAB shows the database's
    own words when saving fails; here people read a sentence. Nothing can be deleted unless a subclass says so.
    """

    appbuilder: Any
    datamodel: Any
    endpoint: Any
    actions: Any
    class_permission_name: Any
    label_columns: ClassVar[Any]
    list_columns: Any
    show_columns: Any
    search_columns: Any
    order_columns: Any
    base_order: Any
    add_form: Any
    edit_form: Any

    exclude_route_methods: Any = frozenset({"download", "delete"})
    page_size = 50
    delete_template = "appbuilder/general/model/delete.html"
    row_name: Callable[[Any], str] = staticmethod(str)
    no_rows = lazy_gettext("Chưa có dòng nào")
    first_step = lazy_gettext("Các dòng được thêm sẽ đứng ở đây.")
    list_lead: str | LazyString = ""
    paragraphs: frozenset[str] = frozenset()
    """Text columns that are written in several lines."""
    never_told = frozenset({"password", "folded", "sort_key", "lock_version"})
    """Columns whose values are not written into the record of changes."""

    add_row_message = lazy_gettext("Đã thêm.")
    edit_row_message = lazy_gettext("Đã lưu thay đổi.")
    delete_row_message = lazy_gettext("Đã xóa.")

    def __init__(self, **options: Any) -> None:
        if not self.search_columns:
            raise TypeError(f"{type(self).__name__} must say what can be looked for (search_columns)")
        super().__init__(**options)

    # FAB's own code assigns and reads `_filters`; what it assigns at the start is only the pattern of the copies.
    @property
    def _filters(self) -> Filters:
        if not has_request_context():
            return self._filter_pattern
        copies: dict[str, Filters] = g.setdefault("register_filters", {})
        name = type(self).__name__
        if name not in copies:
            copies[name] = copy.copy(self._filter_pattern)
            copies[name].clear_filters()
        return copies[name]

    @_filters.setter
    def _filters(self, pattern: Filters) -> None:
        self._filter_pattern = pattern

    def _init_forms(self) -> None:
        super()._init_forms()
        self.add_form = _dressed(self.add_form, self.paragraphs)
        self.edit_form = _dressed(self.edit_form, self.paragraphs)

    # ---- list ----

    @expose("/list/")
    @has_access
    def list(self) -> Answer:
        """Show the rows that the person may see and looks for."""
        finders = [replace(finder, value=request.args.get(finder.name, "")) for finder in self._finders()]
        for finder in finders:
            narrow(self._filters, finder)
        page = min(request.args.get("page", 0, type=int), LAST_PAGE)
        sort, direction = self._sorting()
        count, rows = self.datamodel.query(
            self._filters.get_joined_filters(self._base_filters),
            sort, direction, page=max(page, 0), page_size=self.page_size,
        )  # fmt: skip
        self._load_relations(rows)
        return self.render_template(
            self.list_template,
            title=self.list_title,
            view=self,
            finders=finders,
            is_narrowed=any(finder.value for finder in finders),
            columns=self._columns(sort, direction),
            rows=rows,
            count=count,
            page=max(page, 0),
            url_of_page=lambda number: self._url_with(page=number),
            url_of_sort=lambda column: self._url_with(sort=column, page=0),
        )

    def _finders(self) -> Iterable[Finder]:
        return finders_of(self.datamodel, self.search_columns, self.label_columns)

    def _sorting(self) -> tuple[str, str]:
        asked = request.args.get("sort", "")
        name = asked.removeprefix("-")
        if name in self.order_columns:
            return name, "desc" if asked.startswith("-") else "asc"
        return self.base_order or ("", "")

    def _columns(self, sort: str, direction: str) -> tuple[Column, ...]:
        def state(name: str) -> str | None:
            if name not in self.order_columns:
                return None
            return {"asc": "up", "desc": "down"}[direction] if name == sort else ""

        return tuple(Column(name, str(self.label_columns[name]), state(name)) for name in self.list_columns)

    def _url_with(self, **changed: Any) -> str:
        query: dict[str, Any] = request.args.to_dict() | changed
        return url_for(f"{self.endpoint}.list", **query)

    def _load_relations(self, rows: Iterable[Any]) -> None:
        """Read the related rows of a whole page at once, not row by row."""
        model = self.datamodel.obj
        relations = [getattr(model, name) for name in self.list_columns if self.datamodel.is_relation(name)]
        keys = [row.id for row in rows]
        if relations and keys:
            loads = [selectinload(relation) for relation in relations]
            self.datamodel.session.scalars(select(model).where(model.id.in_(keys)).options(*loads)).all()

    # ---- one row ----

    def _row(self, pk: str) -> Any:
        """Return the row if this person may know of it; every way to a row goes through here."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            abort(404)
        return self.datamodel.get(int(pk), self._base_filters) or abort(404)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Answer:
        """Show one row."""
        item = self._row(pk)
        values = self.datamodel.get_values_item(item, self.show_columns)
        pairs = [(str(self.label_columns[name]), value) for name, value in zip(self.show_columns, values, strict=True)]
        return self.render_template(
            self.show_template, title=self.row_name(item), view=self, item=item, pairs=pairs, **self.show_more(item)
        )

    def show_more(self, item: Any) -> Mapping[str, Any]:
        """Return what the template of the subclass shows beside the columns."""
        return {}

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Answer:
        """Show the empty form; on a valid answer, add the row."""
        form = self.add_form.refresh()
        if request.method == "POST" and form.validate():
            item = self.datamodel.obj()
            self.fill(form, item)
            self.pre_add(item)
            self.datamodel.session.add(item)
            if self._save(item, "add", form):
                flash(str(self.add_row_message), "success")
                return self.after_saving(item)
        return self._form_page(self.add_template, self.add_title, form)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Answer:
        """Show the form of a row; on a valid answer, save it unless somebody saved in between."""
        item = self._row(pk)
        if request.method == "GET":
            form = self.edit_form.refresh(obj=item)
            self.prefill_form(form, item.id)
            return self._form_page(self.edit_template, self.row_name(item), form, item)
        form = self.edit_form.refresh()
        form._id = item.id  # FAB's check for doubles leaves this row out
        if overtaken := self._overtaken(item):
            return self._form_page(self.edit_template, self.row_name(item), form, item, overtaken=overtaken)
        if form.validate():
            self.fill(form, item)
            self.pre_update(item)
            try:
                saved = self._save(item, "edit", form)
            except StaleDataError:  # two saved at the same moment; what the other one wrote can be read only now
                self.datamodel.session.rollback()
                item = self._row(pk)
                return self._form_page(self.edit_template, self.row_name(item), form, item, overtaken=self._stale(item))
            if saved:
                flash(str(self.edit_row_message), "success")
                return self.after_saving(item)
        return self._form_page(self.edit_template, self.row_name(self._row(pk)), form, item)

    def _overtaken(self, item: Any) -> StaleError | None:
        """Say whether the row was saved since this person opened the form. What they typed stays on the page."""
        if not hasattr(item, "lock_version") or request.form.get("lock_version") == str(item.lock_version):
            return None
        return self._stale(item)

    def _stale(self, item: Any) -> StaleError:
        """Say who saved the row last and when, as the record of changes has it."""
        last = audit.last_entry(self.datamodel.session, self.datamodel.obj.__tablename__, str(item.id))
        at = "" if last is None else f"{local(last.event_at):%H:%M %d/%m/%Y}"
        if last is None:
            said = gettext(
                "Dòng này đã được lưu ở một trang khác sau khi bạn mở trang; nội dung của bạn chưa được ghi."
            )
        elif last.actor_id == current_officer().id:
            said = gettext(
                "Chính bạn đã lưu dòng này lúc %(at)s ở một trang khác; nội dung vừa gửi chưa được ghi.", at=at
            )
        else:
            said = gettext(
                "%(who)s đã lưu dòng này lúc %(at)s, sau khi bạn mở trang; nội dung của bạn chưa được ghi.",
                who=last.actor_name, at=at,
            )  # fmt: skip
        todo = gettext("Xem lại các mục bên dưới. Bấm Lưu lần nữa nếu vẫn muốn ghi nội dung của bạn.")
        return StaleError(said, todo=todo)

    def _form_page(
        self, template: str, title: Any, form: DynamicForm, item: Any = None, *, overtaken: StaleError | None = None
    ) -> Answer:
        if item is not None and overtaken is not None:
            self.datamodel.session.refresh(item)
        page = self.render_template(
            template, title=title, view=self, form=form, item=item, overtaken=overtaken,
            stored=self._stored(form, item) if overtaken is not None else [],
            lock_version=_to_send_again(item, overtaken),
        )  # fmt: skip
        if overtaken is not None:
            return page, StaleError.status
        return (page, 422) if form.errors else page

    def _stored(self, form: DynamicForm, item: Any) -> Iterable[tuple[str, Any]]:
        """Return what is stored now in the fields where it differs from what this person typed."""
        now_stored = self.edit_form(formdata=None, obj=item)
        pairs = ((field, now_stored[field.name]) for field in form if field.name in now_stored)
        return [
            (str(mine.label.text), theirs.data)
            for mine, theirs in pairs
            if mine.type not in {"HiddenField", "CSRFTokenField", "PasswordField"} and mine.data != theirs.data
        ]

    def fill(self, form: DynamicForm, item: Any) -> None:
        """Put the answers into the row."""
        form.populate_obj(item)

    def after_saving(self, item: Any) -> Response:
        """Go to the row that was saved, or to the list where rows have no page."""
        if "show" in self.exclude_route_methods:
            return redirect(url_for(f"{self.endpoint}.list"))
        return redirect(url_for(f"{self.endpoint}.show", pk=item.id))

    def _save(self, item: Any, act: str, form: DynamicForm) -> bool:
        """Save the row with its line in the record; what the database refuses becomes a sentence on the form."""
        session = self.datamodel.session
        changes = self._changes(item)
        try:
            session.flush()
            self._note(item, act, changes)
            session.commit()
        except (IntegrityError, DataError):
            session.rollback()
            form.form_errors.append(
                gettext("Không lưu được: trùng với một dòng đã có, hoặc giá trị vượt giới hạn. Kiểm tra lại các mục.")
            )
            return False
        return True

    def _changes(self, item: Any) -> Changes:
        state = inspect(item)
        changed = {
            attribute.key: attribute.history
            for attribute in state.attrs
            if attribute.key not in self.never_told and attribute.history.has_changes()
        }
        return {
            name: (", ".join(map(str, history.deleted or ())), ", ".join(map(str, history.added or ())))
            for name, history in changed.items()
        }

    def _note(self, item: Any, act: str, changes: Changes) -> None:
        officer = current_officer()
        audit.append(
            self.datamodel.session,
            Note(
                object_kind=self.datamodel.obj.__tablename__, object_id=str(item.id), act=act, at=now(),
                actor_id=officer.id, actor_name=officer.get_full_name(), detail=dict(changes),
            ),
        )  # fmt: skip

    # ---- deleting and actions, for the subclasses that open them ----

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> Answer:
        """Ask once more, then delete; a row that others point to stays."""
        item = self._row(pk)
        if request.method == "GET":
            return self.render_template(
                "appbuilder/general/model/delete.html", title=self.row_name(item), view=self, item=item
            )
        self.pre_delete(item)
        session = self.datamodel.session
        try:
            self._note(item, "delete", {"name": (self.row_name(item), "")})
            session.delete(item)
            session.commit()
        except IntegrityError:
            session.rollback()
            flash(gettext("Không xóa được vì có dữ liệu khác đang dùng dòng này."), "warning")
            return redirect(url_for(f"{self.endpoint}.list"))
        flash(str(self.delete_row_message), "success")
        return redirect(url_for(f"{self.endpoint}.list"))

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    def action(self, name: str, pk: str) -> Any:
        """Do an action of the page of one row."""
        return self._act(name, [pk], one=True)

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> Any:
        """Do an action for the rows chosen in the list."""
        return self._act(request.form.get("action", ""), request.form.getlist("rowid"), one=False)

    def _act(self, name: str, keys: Iterable[str], *, one: bool) -> Any:
        known = name in self.actions
        opened = known and self.appbuilder.sm.has_access(
            self.get_action_permission_name(name), self.class_permission_name
        )
        if not opened and not current_user.is_authenticated:
            return redirect(url_for("LoginView.login", next=url_for(f"{self.endpoint}.list")))
        if not opened:
            abort(403 if known else 404)
        # One key of a hidden row refuses all of them: half an action would have to be explained.
        rows = [self._row(key) for key in keys]
        return self.actions[name].func(rows[0] if one else rows)


def _to_send_again(item: Any, overtaken: StaleError | None) -> Any:
    """Return the lock version that the form of a row carries; None for a row that has none.

    A form that must be mended keeps the one it was opened with; only who was told of the other saving gets the new one.
    """
    is_to_mend = request.method == "POST" and overtaken is None
    return request.form.get("lock_version") if is_to_mend else getattr(item, "lock_version", None)


def _dressed(form: Any, paragraphs: Iterable[str]) -> Any:
    """Return a generated form with errors in the page's language and one line for each text that is no paragraph.

    Our columns are all TEXT, which FAB takes for paragraphs. Forms of our own are left as they are.
    """
    if issubclass(form, DressedForm):
        return form
    lines: dict[str, Any] = {}
    for name in dir(form):
        unbound = getattr(form, name)
        if getattr(unbound, "field_class", None) is TextAreaField and name not in paragraphs:
            options = {option: value for option, value in unbound.kwargs.items() if option != "widget"}
            lines[name] = StringField(*unbound.args, **options)
            lines[name].creation_counter = unbound.creation_counter  # keeps its place in the form
    return type(form.__name__, (DressedForm, form), lines)
