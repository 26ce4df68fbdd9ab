"""The first page: it sends each person to where their work is."""

from flask import redirect, url_for
from flask_appbuilder import IndexView, expose
from flask_login import current_user
from werkzeug import Response

from app.security.roles import BY_NAME


class HomeView(IndexView):
    """The way in: to the login page for a stranger, to the own work for everybody else."""

    @expose("/")
    def index(self) -> Response | str:  # pyright: ignore[reportIncompatibleMethodOverride]  FAB says str only
        """Go to the home page of the person's first role."""
        if not current_user.is_authenticated:
            return redirect(url_for("LoginView.login"))
        roles = sorted((BY_NAME[role.name] for role in current_user.roles if role.name in BY_NAME), key=_rank)
        if not roles:
            return self.render_template("no_role.html")
        return redirect(url_for(roles[0].home))


def _rank(role: object) -> int:
    return list(BY_NAME.values()).index(role)  # pyright: ignore[reportArgumentType]  a role of the table itself
