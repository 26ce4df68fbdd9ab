"""FAB's security manager as this house needs it: roles from code, one look-up a request, lockout after failures."""

import hmac
from datetime import UTC, timedelta
from typing import Any

from flask import current_app, g, session
from flask_appbuilder.security.sqla.manager import SecurityManager as FabSecurityManager
from flask_login import current_user
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload
from werkzeug.security import check_password_hash

from app.clock import now
from app.security.roles import BY_NAME, PUBLIC_ROLE
from app.storage.account import Officer

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
OPENED_WITH = "opened_with"
"""Where a session remembers which password it began with."""


def remember_password(hashed: str | None) -> None:
    """Bind the session of this request to a password, given as it is stored; it ends when another one is set."""
    session[OPENED_WITH] = password_mark(hashed)


def password_mark(hashed: str | None) -> str:
    """Return what a session keeps of a stored password: enough to tell that it is another one, nothing to learn it."""
    return hmac.new(current_app.config["SECRET_KEY"].encode(), (hashed or "").encode(), "sha256").hexdigest()


class SecurityManager(FabSecurityManager):
    """Accounts and roles. What a role opens stands in `app.security.roles`, not in rows of the database."""

    user_model = Officer

    def register_views(self) -> None:
        """Register nothing here: `app.web.menu` lists every page, in one place and in our words."""

    @staticmethod
    def create_builtin_roles() -> dict[str, list[tuple[str, str]]]:
        """Tell FAB the roles, so that it creates their names and nothing else."""
        return {name: [] for name in BY_NAME}

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Say whether the person of this request may open the page; the roles are read once a request."""
        return (view_name, permission_name) in self.opened()

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Return the menu items that the person's roles open."""
        return {view for view, permission in self.opened() if permission == "menu_access"}

    def opened(self) -> frozenset[tuple[str, str]]:
        """Return the pairs (page, permission) open to the person of this request."""
        if not hasattr(g, "opened_pages"):
            g.opened_pages = self._opened()
        return g.opened_pages

    def _opened(self) -> frozenset[tuple[str, str]]:
        if not current_user.is_authenticated or not current_user.is_active:
            return frozenset()
        roles = (BY_NAME[role.name].opens for role in current_user.roles if role.name in BY_NAME)
        return frozenset().union(*roles)

    def load_user(self, pk: int) -> Officer | None:
        """Return the person of a session; nobody where the account is closed or its password is another one now."""
        # With the roles, which every page asks for; FAB would read them by a statement of their own.
        user = self.session.get(Officer, int(pk), options=[joinedload(Officer.roles)])
        user = user if user is not None and user.is_active else None
        known = str(session.get(OPENED_WITH, ""))
        return user if user is not None and hmac.compare_digest(known, password_mark(user.password)) else None

    def auth_user_db(self, username: str, password: str) -> Officer | None:
        """Check a password; an account with too many failures is closed for a while, and the answer is the same.

        The time taken and the sentence shown do not tell whether the account exists, is wrong or is locked.
        """
        user = self.find_user(username=username) if username else None
        if user is not None and user.locked_until is not None and user.locked_until > now():
            check_password_hash(current_app.config["AUTH_DB_FAKE_PASSWORD_HASH_CHECK"], password)
            return None
        return super().auth_user_db(username, password)

    def update_user_auth_stat(self, user: Officer, success: bool = True) -> None:
        """Count a login; written by one statement, so that two logins at once do not collide on the lock version."""
        failures = 0 if success else (user.fail_login_count or 0) + 1
        values: dict[str, Any] = {"fail_login_count": failures}
        if success:
            values |= {
                "login_count": (user.login_count or 0) + 1,
                "last_login": now().astimezone(UTC).replace(tzinfo=None),
            }
            values["locked_until"] = None
        elif failures >= MAX_FAILURES:
            values |= {"locked_until": now() + LOCKED_FOR, "fail_login_count": 0}
        self.session.execute(update(Officer).where(Officer.id == user.id).values(**values))
        self.session.commit()

    def role_named(self, name: str) -> Any:
        """Return FAB's row for a role, made when it is not there yet."""
        return self.session.scalars(select(self.role_model).where(self.role_model.name == name)).one_or_none() or (
            self.add_role(name)
        )

    def make_roles(self) -> None:
        """Create the names of all roles that are missing (with FAB_CREATE_DB off, FAB leaves none)."""
        for name in (*BY_NAME, PUBLIC_ROLE):
            self.role_named(name)
