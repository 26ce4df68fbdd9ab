"""The own account (tài khoản của tôi): who I am, what I may do where, and my password."""

from flask import current_app, flash, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy import update
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import Field, PasswordField, ValidationError
from wtforms.validators import DataRequired

from app.clock import now
from app.extensions import db
from app.security.manager import remember_password
from app.security.roles import BY_NAME
from app.security.verbs import LABELS
from app.services.assignment import REACHES, duty_lines
from app.storage.account import Officer
from app.storage.audit import Note
from app.storage.unit_of_work import unit_of_work
from app.web.admin.accounts import mail_of, new_password, new_password_again
from app.web.dress import DressedForm
from app.web.registers import Answer
from app.web.rights import current_officer
from app.web.texts import lazy_gettext


class OwnPasswordForm(DressedForm):
    """A new password for oneself; the old one shows that it is the person and not an open screen."""

    current = PasswordField(
        lazy_gettext("Mật khẩu đang dùng"),
        [DataRequired(lazy_gettext("Nhập mật khẩu đang dùng."))],
        render_kw={"autocomplete": "current-password"},
    )

    password = new_password()
    again = new_password_again()

    def validate_current(self, field: Field) -> None:
        """Refuse a wrong password."""
        if not check_password_hash(current_officer().password or "", field.data or ""):
            raise ValidationError(gettext("Mật khẩu đang dùng không đúng."))


class AccountView(BaseView):
    """What a person sees and changes about themselves."""

    route_base = "/account"
    default_view = "show"

    @expose("/")
    @has_access
    @permission_name("read")
    def show(self) -> Answer:
        """Show my name, roles and duties."""
        officer = current_officer()
        return self.render_template(
            "account/show.html", officer=officer, mail=mail_of(officer), labels=LABELS, reaches=REACHES,
            roles=[BY_NAME[role.name] for role in officer.roles if role.name in BY_NAME],
            duties=[line for line in duty_lines(db.session(), at=now(), user_id=officer.id) if line.state != "over"],
        )  # fmt: skip

    @expose("/password", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def password(self) -> Answer:
        """Show the form; on a valid answer, change my password, renew this session and end my others."""
        form = OwnPasswordForm()
        if form.validate_on_submit():
            remember_password(_change(current_officer(), form.password.data or ""))
            current_app.session_interface.regenerate(session)  # pyright: ignore[reportAttributeAccessIssue]  Flask-Session
            flash(gettext("Đã đổi mật khẩu. Nơi khác đang mở tài khoản này phải đăng nhập lại."), "success")
            return redirect(url_for("AccountView.show"))
        page = self.render_template("account/password.html", form=form)
        return (page, 422) if request.method == "POST" else page


def _change(officer: Officer, password: str) -> str:
    """Store the new password and return it as it is stored."""
    with unit_of_work() as work:
        hashed = generate_password_hash(password)
        work.session.execute(update(Officer).where(Officer.id == officer.id).values(password=hashed))
        work.note(
            Note(
                object_kind="ab_user", object_id=str(officer.id), act="change_own_password", at=now(),
                actor_id=officer.id, actor_name=officer.get_full_name(),
            )
        )  # fmt: skip
        work.commit()
    return hashed
