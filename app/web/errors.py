"""Each family of errors once: its status and its sentence. Views hold no `try`."""

import logging

from flask import Flask, Response, g, make_response, render_template, request, session, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.extensions import db
from app.services.errors import RefusalError
from app.web.resend import resend_page

log = logging.getLogger(__name__)

SENTENCES = {
    400: ("Yêu cầu không đọc được", "Quay lại trang trước, tải lại trang và làm lại thao tác."),
    401: ("Bạn chưa đăng nhập", "Đăng nhập rồi mở lại trang."),
    403: ("Bạn không được giao việc này", "Nếu cần, hãy đề nghị người quản trị phân công cho bạn."),
    404: (
        "Không tìm thấy trang hoặc hồ sơ",
        "Kiểm tra lại mã hoặc đường dẫn; hồ sơ của đơn vị khác không mở được ở đây.",
    ),
    405: ("Thao tác này không dùng được ở đây", "Quay lại trang trước và dùng nút trên trang."),
    413: ("Nội dung gửi lên quá lớn", "Tệp tối đa 32 MB; hãy chia nhỏ hoặc bỏ bớt rồi gửi lại."),
    429: ("Bạn thao tác quá nhanh", "Đợi khoảng 20 giây rồi thử lại."),
    500: (
        "Hệ thống gặp lỗi",
        "Thao tác chưa được thực hiện. Hãy thử lại; nếu vẫn lỗi, báo người quản trị kèm giờ xảy ra lỗi.",
    ),
}
STALE = (
    "Nội dung này đã được lưu ở một trang khác sau khi bạn mở trang",
    "Việc của bạn chưa được ghi. Mở lại trang để xem bản mới rồi làm lại nếu còn cần.",
)
SESSION_OVER = ("Phiên làm việc đã hết hoặc trang đã cũ", "Tải lại trang (đăng nhập lại nếu được hỏi) rồi làm lại.")
STILL_ON_THE_PAGE = (
    "Phiên làm việc đã hết hoặc trang đã cũ",
    "Những gì bạn đã nhập vẫn còn trên trang. Cứ nhập tiếp: khi bạn gửi, trang sẽ nhắc đăng nhập lại và không mất gì.",
)


def page(status: int, sentence: str, todo: str) -> Response:
    """Return the page (or the fragment, for a partial request) that tells a refusal."""
    template = "refusal_fragment.html" if _is_partial() else "refusal.html"
    return make_response(render_template(template, sentence=sentence, todo=todo, status=status), status)


def plain(status: int, sentence: str, todo: str) -> Response:
    """Return the refusal as text alone, for an error that the page itself may be the cause of."""
    return Response(f"{gettext(sentence)}. {gettext(todo)}\n", status, mimetype="text/plain")


def _refused(error: RefusalError) -> Response:
    return page(error.status, error.sentence, error.todo)


def _stale(_: StaleDataError) -> Response:
    db.session.rollback()
    return page(409, *STALE)


def _csrf(_: CSRFError) -> Response:
    if _is_partial():
        return page(400, *STILL_ON_THE_PAGE)
    return resend_page() or page(400, *SESSION_OVER)


def _is_partial() -> bool:
    """Say whether the answer goes into a part of the page that asks; the rest of that page stays."""
    return request.headers.get("HX-Request") == "true"


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    return page(error.code, *SENTENCES.get(error.code, SENTENCES[400]))


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    # The path may hold a public id, never a person's data; statements are logged without their parameters.
    log.error("unexpected %s at %s %s", type(error).__name__, request.method, request.path, exc_info=error)
    g.pop("opened_pages", None)
    try:
        return page(500, *SENTENCES[500])
    except Exception:
        log.exception("the page that tells an error failed itself")
        return plain(500, *SENTENCES[500])


def _login_is_a_page(response: Response) -> Response:
    """Send the whole page to the login when a part of it is asked for after the login ended; never swap it in.

    What a form sent is never thrown away for the login: it is handed back, or stays on the page that sent a part.
    """
    login = url_for("LoginView.login")
    if not (response.location or "").startswith(login):
        return response
    # FAB keeps for a later page that a right is wanting; nobody is there yet, and the login page says what to do.
    session.pop("_flashes", None)
    if not _is_partial():
        return resend_page() or response
    if request.method == "POST":
        return page(401, *STILL_ON_THE_PAGE)
    whole = request.headers.get("HX-Current-URL")
    answer = page(401, *SENTENCES[401])
    answer.headers["HX-Redirect"] = url_for("LoginView.login", next=whole) if whole else response.location
    return answer


def install(app: Flask) -> None:
    """Map the families of errors to answers."""
    app.after_request(_login_is_a_page)
    app.register_error_handler(RefusalError, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
