"""A form that was filled while the login ran out is handed back whole, and only to who filled it on our pages."""

import html
import logging
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.storage.dossier import Dossier
from app.web import resend
from tests import desk
from tests.conftest import PASSWORD
from tests.desk import COPIES, RECEIVER, typed

OURS = {"Origin": "http://localhost"}
ADDRESS = f"/reception/{COPIES}"
NAME = "Nguyễn \"Đào\" <b>Thị</b> & 'con'"


@pytest.fixture
def filled(app, login):
    """A browser with a filled intake form whose login has run out, and what its form will send."""
    with app.app_context():
        desk.publish(COPIES)
    browser = login(RECEIVER)
    app.config["WTF_CSRF_ENABLED"] = True
    page = browser.get(ADDRESS).text
    sent = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("intake_key", "version")}
    browser.delete_cookie("motcua")
    return browser, typed(**sent, csrf_token=token(page), **{"applicant-full_name": NAME})


def token(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def held(page: str) -> list[tuple[str, str]]:
    """What the form of the page will send, its token apart."""
    form = re.search(r'<form method="post" novalidate data-guard>.*?</form>', page, re.S)
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[0], re.S) if form else []
    return [(html.unescape(name), html.unescape(value)) for name, value in pairs if name != "csrf_token"]


def without_token(sent) -> list[tuple[str, str]]:
    return [pair for pair in sent.items(multi=True) if pair[0] != "csrf_token"]


def log_in(browser) -> None:
    sent = {"username": RECEIVER, "password": PASSWORD, "csrf_token": token(browser.get("/login/").text)}
    assert browser.post("/login/", data=sent).status_code == 302


def received(app) -> int:
    with app.app_context(), desk.acting(RECEIVER):
        return db.session.scalar(select(func.count()).select_from(Dossier))


def send_again(browser, answer):
    return browser.post(ADDRESS, data=MultiDict([*held(answer.text), ("csrf_token", token(answer.text))]), headers=OURS)


def test_a_form_sent_after_the_login_ran_out_is_handed_back_whole_with_the_way_to_the_login(app, filled):
    browser, sent = filled
    answer = browser.post(ADDRESS, data=sent, headers=OURS)
    assert answer.status_code == 401
    assert held(answer.text) == without_token(sent)
    assert re.search(r'href="/login/" target="_blank" rel="noopener">Đăng nhập<', answer.text)
    assert "Gửi lại</button>" in answer.text
    assert "<b>Thị</b>" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert received(app) == 0


def test_sent_again_after_a_login_in_another_tab_the_dossier_is_received_once(app, filled):
    browser, sent = filled
    answer = browser.post(ADDRESS, data=sent, headers=OURS)
    log_in(browser)
    first, second = send_again(browser, answer), send_again(browser, answer)
    assert "/reception/received/" in first.location
    assert second.location == first.location
    assert received(app) == 1


def test_sent_again_before_the_login_the_same_page_comes_back_with_nothing_lost(app, filled):
    browser, sent = filled
    again = send_again(browser, browser.post(ADDRESS, data=sent, headers=OURS))
    assert (again.status_code, held(again.text)) == (401, without_token(sent))
    log_in(browser)
    assert "/reception/received/" in send_again(browser, again).location


def test_an_old_token_under_a_new_login_gets_the_page_with_a_good_token_and_the_name_of_who_sends(app, filled):
    browser, sent = filled
    log_in(browser)
    answer = browser.post(ADDRESS, data=sent, headers=OURS)
    assert (answer.status_code, held(answer.text)) == (400, without_token(sent))
    assert "Bạn đang đăng nhập với tên" in answer.text
    assert 'target="_blank"' not in answer.text
    assert "/reception/received/" in send_again(browser, answer).location


@pytest.mark.parametrize(
    "sender",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://evil.example", "Referer": "http://localhost/reception/"},
        {"Referer": "https://evil.example/?http://localhost/"},
        {},
    ],
)
def test_what_another_site_sends_is_refused_and_never_handed_back(app, filled, sender):
    browser, sent = filled
    for is_known in (False, True):
        if is_known:
            log_in(browser)
        answer = browser.post(ADDRESS, data=sent, headers=sender)
        assert answer.status_code == 400
        assert "Tải lại trang" in answer.text
        assert "087190001234" not in answer.text
    assert received(app) == 0


def test_a_browser_that_names_only_the_page_it_comes_from_is_believed(filled):
    browser, sent = filled
    answer = browser.post(ADDRESS, data=sent, headers={"Referer": f"http://localhost{ADDRESS}"})
    assert held(answer.text) == without_token(sent)


def test_the_login_and_the_logout_are_never_handed_back(filled):
    browser, _ = filled
    for path in ("/login/", "/logout/"):
        answer = browser.post(path, data={"username": RECEIVER, "password": PASSWORD}, headers=OURS)
        assert answer.status_code == 400
        assert held(answer.text) == []
        assert PASSWORD not in answer.text


def test_passwords_stand_in_no_page_and_are_typed_again(filled):
    browser, _ = filled
    sent = {"username": "moi", "password": "bi-mat-1", "again": "bi-mat-1", "current": "bi-mat-0"}
    answer = browser.post("/users/add", data=sent, headers=OURS)
    assert held(answer.text) == [("username", "moi")]
    assert "bi-mat" not in answer.text
    source = "".join(path.read_text(encoding="utf-8") for path in Path(resend.__file__).parent.rglob("*.py"))
    kinds = "wtforms[.]PasswordField|PasswordField|new_password|new_password_again"
    assert set(re.findall(rf"^ +(\w+) = (?:{kinds})\(", source, re.M)) == resend.SECRETS


def test_a_form_longer_than_any_of_ours_is_refused_and_not_handed_back(filled, monkeypatch):
    browser, sent = filled
    monkeypatch.setattr(resend, "MOST_CHARACTERS", 100)
    answer = browser.post(ADDRESS, data=sent, headers=OURS)
    assert (answer.status_code, held(answer.text)) == (400, [])


def test_a_part_of_the_page_says_that_the_form_is_still_there_and_leads_nowhere_else(app, filled):
    browser, sent = filled
    for _ in ("with an old token", "without the login"):
        answer = browser.post(f"{ADDRESS}/preview", data=sent, headers=OURS | {"HX-Request": "true"})
        assert answer.status_code in (400, 401)
        assert "vẫn còn trên trang" in answer.text
        assert "HX-Redirect" not in answer.headers
        assert "087190001234" not in answer.text
        app.config["WTF_CSRF_ENABLED"] = False


def test_nothing_that_was_typed_reaches_the_log_or_an_address(filled, caplog):
    browser, sent = filled
    with caplog.at_level(logging.DEBUG):
        answer = browser.post(ADDRESS, data=sent, headers=OURS)
        send_again(browser, answer)
    assert "087190001234" not in caplog.text
    assert "087190001234" not in "".join(re.findall(r'(?:href|action|src)="([^"]*)"', answer.text))
