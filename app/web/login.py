"""Logging in and out (đăng nhập, đăng xuất)."""

from flask import current_app, flash, g, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.views import AuthDBView
from flask_appbuilder.utils.base import get_safe_redirect
from flask_login import login_user, logout_user
from flask_session.base import ServerSideSessionInterface
from werkzeug import Response

from app.security.manager import remember_password
from app.web.texts import lazy_gettext

SAME_ANSWER = lazy_gettext(
    "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa vì nhập sai nhiều lần. "
    "Kiểm tra lại; nếu đã sai 5 lần, đợi 15 phút hoặc báo người quản trị."
)


class LoginView(AuthDBView):
    """The login page. A wrong name, a wrong password and a locked account get the same answer."""

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Response | str:  # pyright: ignore[reportIncompatibleMethodOverride]  FAB returns both too
        """Show the form; let in who gives a right password, with a session id of its own."""
        if g.user is not None and g.user.is_authenticated:
            return redirect(url_for("HomeView.index"))
        form = LoginForm_db()
        if form.validate_on_submit():
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
            if user is not None:
                # A session id known before the login must not be worth anything after it.
                interface = current_app.session_interface
                assert isinstance(interface, ServerSideSessionInterface), "sessions live on the server"
                interface.regenerate(session)  # pyright: ignore[reportArgumentType]  a proxy of that very session
                login_user(user, remember=False)
                remember_password(user.password)
                return redirect(get_safe_redirect(request.args.get("next", "")))
            flash(str(SAME_ANSWER), "warning")
        return self.render_template(
            self.login_template, title=self.title, form=form, appbuilder=self.appbuilder,
            is_sent_here="next" in request.args and not form.is_submitted(),
        )  # fmt: skip

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session on the server's side; a link or an image cannot do it, only the button."""
        logout_user()
        session.clear()
        return redirect(url_for("LoginView.login"))
