"""The language a reader chose, kept in a cookie: sessions are written whole, so a slow request would take it back."""

from flask import Flask, Response, current_app, request, session

COOKIE = "ngon-ngu"
A_YEAR = 365 * 24 * 60 * 60


def install(app: Flask) -> None:
    """Have every request read the language from the cookie, and every choice write it there."""
    app.before_request(_read)
    app.after_request(_write)


def _read() -> None:
    chosen = request.cookies.get(COOKIE)
    if chosen in current_app.config["LANGUAGES"] and session.get("locale") != chosen:
        session["locale"] = chosen


def _write(response: Response) -> Response:
    """Keep the choice where one was made; the session ends with the login, the choice does not."""
    if request.endpoint == "LocaleView.index" and response.status_code < 400:
        response.set_cookie(
            COOKIE,
            str((request.view_args or {})["locale"]),
            max_age=A_YEAR,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return response
