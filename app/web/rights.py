"""Who is at the door: the person of this request, their rights of today, and the identity the database is told."""

from contextvars import Token

from flask import Flask, Response, g
from flask_login import current_user

from app.clock import legal_day, now
from app.extensions import db
from app.security.assignment import Rights, rights_of
from app.storage.account import Officer
from app.storage.identity import Identity, act_as, act_no_longer, tell_database


def current_officer() -> Officer:
    """Return the person who is logged in; pages that need one are behind a login."""
    return g.user._get_current_object()


def current_rights() -> Rights:
    """Return what the person of this request may do today."""
    return g.rights


def _begin() -> None:
    """Read the rights once, and let every transaction of this request run in the person's name."""
    if not current_user.is_authenticated:
        return
    session = db.session()
    officer = current_officer()
    g.rights = rights_of(session, officer.id, legal_day(now()))
    g.identity_token = act_as(Identity(officer.id, officer.username, g.rights.scope))
    tell_database(session)


def _end(_: BaseException | None) -> None:
    token: Token[Identity] | None = g.pop("identity_token", None)
    if token is not None:
        act_no_longer(token)


def _never_stored(response: Response) -> Response:
    """Pages with people's data are not kept by browsers on shared counters' machines."""
    if current_user.is_authenticated and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask) -> None:
    """Bind the identity of each request; after FAB's own `before_request`, which sets `g.user`."""
    app.before_request(_begin)
    app.after_request(_never_stored)
    app.teardown_request(_end)
