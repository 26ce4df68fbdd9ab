"""A filled form that meets an ended login is handed back, to be sent again after a login, and nothing of it is lost."""

from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request
from flask_login import current_user

MOST_CHARACTERS = 1_000_000
"""What a page hands back at most, of names and values together; a longer form than any of ours is not ours."""

SECRETS = frozenset({"password", "again", "current"})
"""Fields that hold a password: they are typed again, and stand in no page."""

_FORM = "application/x-www-form-urlencoded"


def resend_page() -> Response | None:
    """Return the page that holds what was sent and offers to send it again; None where there is nothing to hand back.

    Only what a page of ours sent is handed back: another site could otherwise put words into a person's hand.
    """
    held = _held()
    if held is None or not _is_of_our_page():
        return None
    is_known = current_user.is_authenticated
    answer = make_response(render_template("resend.html", held=held, is_known=is_known), 400 if is_known else 401)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _held() -> list[tuple[str, str]] | None:
    """Return the fields of the sent form in their order; None for what is no form, too long, or about the login."""
    if request.method != "POST" or request.mimetype != _FORM or request.blueprint == "LoginView":
        return None
    held = [pair for pair in request.form.items(multi=True) if pair[0] not in SECRETS and pair[0] != "csrf_token"]
    return held if held and sum(len(name) + len(value) for name, value in held) <= MOST_CHARACTERS else None


def _is_of_our_page() -> bool:
    """Say whether the browser names a page of this host as the sender; a sender it does not name is a stranger's."""
    sender = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return sender.scheme in {"http", "https"} and sender.netloc == request.host
