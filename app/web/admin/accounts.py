"""Users and roles (người dùng, vai trò): who can log in, what their roles open, and setting a new password."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import wtforms
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.security import generate_password_hash
from wtforms.validators import DataRequired, EqualTo, Length, Optional, Regexp, ValidationError

from app.clock import now
from app.extensions import db
from app.security.manager import remember_password
from app.security.roles import BY_KEY, BY_NAME, ROLES, Role
from app.security.verbs import LABELS
from app.services.assignment import duty_lines
from app.storage.account import Officer
from app.web.dress import BoxesField, DressedForm, builder
from app.web.registers import Answer, RegisterView
from app.web.rights import current_officer
from app.web.texts import lazy_gettext

NO_MAIL = "@example.invalid"
"""FAB wants an address for everybody; this domain can never receive mail (RFC 2606)."""
BAD_MAIL = lazy_gettext("Địa chỉ thư chưa đúng, ví dụ: an.nv@dongthap.gov.vn.")
BAD_NAME = lazy_gettext("Dùng 3 đến 64 chữ thường không dấu, số, dấu chấm hoặc gạch nối.")
SHORTEST_PASSWORD = 12
ADMINISTRATOR = "system_administrator"


def good_password(form: wtforms.Form, field: wtforms.Field) -> None:
    """Refuse a password that is short or holds the user's name; length protects more than odd characters do."""
    text = field.data or ""
    if len(text) < SHORTEST_PASSWORD:
        raise ValidationError(gettext("Mật khẩu cần ít nhất %(count)s ký tự.", count=SHORTEST_PASSWORD))
    if len(set(text)) < 5:
        raise ValidationError(gettext("Mật khẩu lặp lại quá ít ký tự; hãy ghép vài từ không liên quan."))
    name = getattr(form, "username", None)
    if name is not None and name.data and name.data.casefold() in text.casefold():
        raise ValidationError(gettext("Mật khẩu không được chứa tên đăng nhập."))


def new_password() -> wtforms.PasswordField:
    """Return the field of a new password; made anew for each form, since WTForms orders fields by their making."""
    return wtforms.PasswordField(
        lazy_gettext("Mật khẩu mới"),
        [DataRequired(lazy_gettext("Nhập mật khẩu mới.")), good_password],
        description=lazy_gettext("Ít nhất 12 ký tự. Nên ghép vài từ không liên quan với nhau."),
        render_kw={"autocomplete": "new-password"},
    )


def new_password_again() -> wtforms.PasswordField:
    """Return the field in which the new password is typed once more."""
    return wtforms.PasswordField(
        lazy_gettext("Nhập lại mật khẩu mới"),
        [
            DataRequired(lazy_gettext("Nhập lại mật khẩu mới.")),
            EqualTo("password", lazy_gettext("Hai lần nhập không giống nhau.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(DressedForm):
    """A new password, typed twice."""

    password = new_password()
    again = new_password_again()


def _role_choices() -> list[tuple[str, Markup]]:
    line = Markup('{}<span class="what">{}</span>')
    return [(role.name, line.format(gettext(role.name), gettext(role.what))) for role in ROLES]


class UserNameForm(DressedForm):
    """The name to log in with; a class of its own before the others, so that it stands first in the form."""

    username = wtforms.StringField(
        lazy_gettext("Tên đăng nhập"),
        [
            DataRequired(lazy_gettext("Nhập tên đăng nhập.")),
            Regexp(r"^[a-z0-9][a-z0-9._-]{2,63}$", message=BAD_NAME),
        ],
        description=lazy_gettext("Chữ thường không dấu, ví dụ: an.nguyen. Không đổi được về sau."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip

    def validate_username(self, field: wtforms.Field) -> None:
        """Refuse a name that another account has."""
        if field.data and _taken(Officer.username, field.data, None):
            raise ValidationError(gettext("Tên đăng nhập này đã có người dùng."))


class EditUserForm(DressedForm):
    """A person who can log in. A Vietnamese name is one field."""

    full_name = wtforms.StringField(
        lazy_gettext("Họ và tên"), [DataRequired(lazy_gettext("Nhập họ và tên.")), Length(max=120)],
        description=lazy_gettext("Viết như trên giấy tờ, ví dụ: Nguyễn Văn An."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    email = wtforms.StringField(
        lazy_gettext("Thư điện tử"),
        [Optional(), Length(max=250), Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=BAD_MAIL)],
    )
    active = wtforms.BooleanField(
        lazy_gettext("Tài khoản đang hoạt động"),
        description=lazy_gettext("Bỏ chọn khi người này nghỉ việc hoặc chuyển đi; không xóa tài khoản."),
        default=True,
    )
    roles = BoxesField(
        lazy_gettext("Vai trò"), [DataRequired(lazy_gettext("Chọn ít nhất một vai trò."))],
        choices=_role_choices, coerce=str,
        description=lazy_gettext("Vai trò mở các trang; hồ sơ nào được mở là do phân công."),
    )  # fmt: skip

    def validate_active(self, field: wtforms.Field) -> None:
        """Keep people from closing their own account."""
        if not field.data and self.is_own():
            raise ValidationError(gettext("Bạn không tự khóa tài khoản của mình được; hãy nhờ người quản trị khác."))

    def validate_roles(self, field: wtforms.Field) -> None:
        """Keep administrators from giving away their own role."""
        if self.is_own() and BY_KEY[ADMINISTRATOR].name not in (field.data or ()):
            raise ValidationError(
                gettext("Bạn không tự bỏ vai trò quản trị của mình được; hãy nhờ người quản trị khác.")
            )

    def is_own(self) -> bool:
        """Say whether the account is that of the person at the screen."""
        return getattr(self, "_id", None) == current_officer().id

    def validate_email(self, field: wtforms.Field) -> None:
        """Refuse an address that another account has."""
        if field.data and _taken(Officer.email, field.data, getattr(self, "_id", None)):
            raise ValidationError(gettext("Địa chỉ này đã dùng cho tài khoản khác."))


class AddUserForm(EditUserForm, UserNameForm):
    """A new account: also its name and first password."""

    password = new_password()
    again = new_password_again()


def _taken(column: Any, text: str, own_id: int | None) -> bool:
    query = select(Officer.id).where(func.lower(column) == text.casefold())
    return any(found != own_id for found in db.session.scalars(query))


def mail_of(officer: Officer) -> str:
    """Return a person's address, or an empty text where they have none."""
    return "" if not officer.email or officer.email.endswith(NO_MAIL) else officer.email


class UserView(RegisterView):
    """The register of users."""

    route_base = "/users"
    datamodel = SQLAInterface(Officer)
    row_name = staticmethod(Officer.get_full_name)
    list_title = lazy_gettext("Người dùng")
    add_title = lazy_gettext("Thêm người dùng")
    list_lead = lazy_gettext("Vai trò mở các trang; phân công quyết định hồ sơ nào mở được.")
    show_template = "admin/user.html"
    add_form = AddUserForm
    edit_form = EditUserForm
    list_columns = ("full_name", "username", "roles", "active", "last_login")
    order_columns = ("full_name", "username", "active", "last_login")
    search_columns = ("full_name", "username", "roles", "active")
    show_columns = ("username", "active", "last_login", "login_count")
    base_order = ("username", "asc")
    label_columns: ClassVar[Any] = {
        "full_name": lazy_gettext("Họ và tên"),
        "username": lazy_gettext("Tên đăng nhập"),
        "roles": lazy_gettext("Vai trò"),
        "active": lazy_gettext("Đang hoạt động"),
        "last_login": lazy_gettext("Đăng nhập gần nhất"),
        "login_count": lazy_gettext("Số lần đăng nhập"),
    }

    def show_more(self, item: Officer) -> Mapping[str, Any]:
        """Add the roles in words and the duties."""
        return {
            "roles": [BY_NAME[role.name] for role in item.roles if role.name in BY_NAME],
            "duties": duty_lines(db.session(), at=now(), user_id=item.id),
            "mail": mail_of(item),
            "labels": LABELS,
            "is_locked": item.locked_until is not None and item.locked_until > now(),
        }

    def prefill_form(self, form: Any, pk: int) -> None:
        """Leave the address empty where it only stands in for one."""
        if (form.email.data or "").endswith(NO_MAIL):
            form.email.data = ""

    def fill(self, form: Any, item: Officer) -> None:
        """Put the answers into the account; FAB's two names are cut from the one."""
        item.full_name = " ".join((form.full_name.data or "").split())
        family, _, given = item.full_name.rpartition(" ")
        item.first_name, item.last_name = family[:64], given[:64]
        if isinstance(form, AddUserForm):
            item.username = form.username.data or ""
            item.password = generate_password_hash(form.password.data or "")
        item.email = form.email.data or f"{item.username}{NO_MAIL}"
        item.active = form.active.data
        item.roles = [builder.sm.role_named(name) for name in form.roles.data or ()]

    @expose("/password/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("resetpassword")
    def password(self, pk: str) -> Answer:
        """Set a new password for a person who lost theirs; it also opens an account locked after failures."""
        item = self._row(pk)
        form = PasswordForm()
        if form.validate_on_submit():
            item.password = generate_password_hash(form.password.data or "")
            item.locked_until, item.fail_login_count = None, 0
            self._save(item, "reset_password", form)
            if item.id == current_officer().id:
                remember_password(item.password)
            flash(gettext("Đã đặt mật khẩu mới. Hãy báo cho người dùng bằng cách an toàn."), "success")
            return redirect(url_for("UserView.show", pk=item.id))
        page = self.render_template("admin/password.html", form=form, item=item)
        return (page, 422) if request.method == "POST" else page


WORDS: dict[str, Any] = {
    "can_list": lazy_gettext("xem"),
    "can_read": lazy_gettext("xem"),
    "can_show": lazy_gettext("xem"),
    "can_add": lazy_gettext("thêm"),
    "can_edit": lazy_gettext("sửa"),
    "can_act": lazy_gettext("thực hiện các bước"),
    "can_try": lazy_gettext("thử dự thảo"),
    "can_replay": lazy_gettext("tính lại để kiểm tra"),
    "can_resetpassword": lazy_gettext("đặt lại mật khẩu"),
}
WORDS_HERE: dict[tuple[str, str], Any] = {
    ("ReceptionView", "can_receive"): lazy_gettext("tiếp nhận, từ chối tiếp nhận"),
    ("CatalogView", "can_edit"): lazy_gettext("tải tệp danh mục lên và chấp nhận"),
    ("ProcedureDraftView", "can_edit"): lazy_gettext("tải dự thảo lên, bỏ dự thảo"),
    ("DraftProofView", "can_run"): lazy_gettext("chạy kiểm chứng dự thảo"),
    ("ProcedureDraftView", "can_publish"): lazy_gettext("công bố và bãi bỏ phiên bản"),
    ("EvaluationView", "can_read"): lazy_gettext("xem lịch sử"),
    ("HandRulingView", "can_ask"): lazy_gettext("gửi lãnh đạo ấn định"),
    ("HandRulingView", "can_rule"): lazy_gettext("ấn định bằng tay"),
    ("AssignmentView", "can_edit"): lazy_gettext("phân công và thôi phân công"),
}
"""What a permission lets one do on one page, where its general word would say too little."""


RolePages = Sequence[tuple[str, str]]


class RoleView(BaseView):
    """What each role opens, in words. Roles stand in code, so this page only reads."""

    route_base = "/roles"
    default_view = "list"

    @expose("/")
    @has_access
    @permission_name("read")
    def list(self) -> Answer:
        """Show the roles."""
        return self.render_template("admin/roles.html", roles=[(role, _opened(role)) for role in ROLES])


def _opened(role: Role) -> RolePages:
    """Return the pages of the menu that a role opens, with what may be done there and on the pages behind them."""
    items = (item for category in builder.menu.get_list() for item in category.childs)
    opened = (item for item in items if (item.name, "menu_access") in role.opens)
    return [(str(item.label), ", ".join(_words(role, _pages_of(item.name)))) for item in opened]


def _pages_of(entry: str) -> list[str]:
    """Return the pages that stand behind one entry of the menu."""
    return [view.endpoint for view in builder.baseviews if getattr(view, "menu_page", view.endpoint) == entry]


def _words(role: Role, pages: Sequence[str]) -> list[str]:
    """Return the words for every right of a role on these pages, each once, plain looking first."""
    rights = [(page, permission) for permission in WORDS for page in pages]
    rights += [right for right in WORDS_HERE if right[0] in pages]
    given = (right for right in rights if right in role.opens)
    return list(dict.fromkeys(str(WORDS_HERE.get(right) or WORDS[right[1]]) for right in given))
