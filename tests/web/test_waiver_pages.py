"""The pages of findings let be: the draft's cards and forms, the list for inspection, the page for the signer."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.services import procedure as procedures
from app.storage.procedure import Procedure, ProcedureVersion
from app.storage.waiver import FindingWaiver, FindingWaiverEnd
from rules.check.findings import Finding, FindingKind, Witness
from rules.check.procedure import check
from rules.errors import Severity
from tests import procedure_texts as texts
from tests.web.test_procedure_pages import hidden, said, upload

REASON = "Không thu với hồ sơ qua bưu chính theo khoản 2 Điều 3 của thông tư."
GAP = Finding(
    ("tables", 0, "rows"), "Hồ sơ nộp qua bưu chính không có dòng nào áp dụng.", "Thêm một dòng cho cách nộp này.",
    Severity.ERROR, kind=FindingKind.GAP, table="price",
    witness=Witness({"channel": "online", "copies": 3}, date(2026, 11, 20)), suggested={"channel": '"post"'},
)  # fmt: skip
LACKING = Finding(("statutory",), "Chưa ghi cơ quan giải quyết.", severity=Severity.ERROR, kind=FindingKind.STATUTORY)
NOTE = Finding(("tables", 0), "Bảng này có hai dòng.", severity=Severity.NOTE, kind=FindingKind.LOOK)


@pytest.fixture
def home(app: Flask) -> str:
    """The address of a procedure that the catalogue has and nobody defined yet."""
    with app.app_context():
        made = Procedure(code=texts.CODE, name="Trích lục hộ tịch", folded="2.000635 trich luc", sort_key="t")
        db.session.add(made)
        db.session.commit()
        return f"/procedures/{made.uuid}"


@pytest.fixture
def proved(monkeypatch) -> Callable[..., None]:
    """Let the proof tell these findings beside what it tells of the definition anyway."""

    def tell(*findings: Finding) -> None:
        monkeypatch.setattr(procedures, "check", lambda definition: (*check(definition), *findings))

    return tell


@pytest.fixture
def count(app: Flask) -> Callable[[type], int]:
    def act(table: type) -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(table)) or 0

    return act


def waive(browser: FlaskClient, home: str, finding: Finding = GAP, reason: str = REASON):
    sent = {"finding": finding.key, "reason": reason, **hidden(browser, f"{home}/draft")}
    return browser.post(f"{home}/draft/waive", data=sent)


def address_of_taking_back(browser: FlaskClient) -> str:
    page = browser.get("/waivers/").get_data(as_text=True)
    return re.search(r'action="([^"]*/take-back[^"]*)"', page)[1]


def test_the_draft_sorts_its_findings_with_place_remedy_witness_and_the_row_that_would_mend_it(login, home, proved):
    proved(GAP, NOTE)
    browser = login("danhmuc")
    upload(browser, home)
    answer = browser.get(f"{home}/draft")
    page = said(answer)
    for words in ("Phải sửa trước khi công bố", "Khoảng trống", GAP.what, GAP.hint, "tables[1].rows",
                  "Hồ sơ mẫu cho thấy điểm này", "Tiếp nhận 20/11/2026", "Cách nộp Trực tuyến", "Số bản cần cấp 3 bản",
                  "Dòng có thể thêm vào bảng", "when: {channel: '\"post\"'}", "Để biết", NOTE.what):  # fmt: skip
        assert words in page, words
    assert page.index(GAP.what) < page.index(NOTE.what)
    assert 'data-copy="when: {channel: &#39;&#34;post&#34;&#39;}"' in answer.get_data(as_text=True)
    assert f"{home}/publish" not in answer.get_data(as_text=True)


def test_a_finding_is_waived_on_the_draft_page_and_the_version_then_published_shows_it(login, home, proved, count):
    proved(GAP)
    browser = login("danhmuc")
    upload(browser, home)
    assert waive(browser, home).status_code == 302
    page = said(browser.get(f"{home}/draft"))
    for words in ("Đã chấp nhận có lý do", REASON, "Trần Thị Ngọc Diễm", "Dự thảo sẵn sàng để công bố."):
        assert words in page, words
    assert "1 chỗ đã chấp nhận có lý do" in said(browser.get(home))
    sent = {"since": "01/01/2026", **hidden(browser, f"{home}/publish")}
    assert "1 chỗ đã chấp nhận có lý do; phiên bản công bố sẽ ghi lại." in said(browser.get(f"{home}/publish"))
    assert browser.post(f"{home}/publish", data=sent).status_code == 302
    page = said(login("kiemtra").get(f"{home}/versions/1"))
    assert "Công bố khi đã chấp nhận có lý do" in page
    assert REASON in page
    assert (count(ProcedureVersion), count(FindingWaiver)) == (1, 1)


def test_a_reason_that_says_nothing_is_asked_for_again_beside_its_finding_and_stays_typed(login, home, proved, count):
    proved(GAP)
    browser = login("danhmuc")
    upload(browser, home)
    answer = waive(browser, home, reason="được")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Chưa ghi rõ lý do." in said(answer)
    assert re.search(r"<textarea[^>]*aria-invalid=\"true\"[^>]*>được</textarea>", page)
    assert re.search(r"<details class=\"why confirm\" open>", page)
    assert count(FindingWaiver) == 0


def test_no_form_offers_to_waive_what_nobody_may_waive_nor_to_who_may_not(login, home, proved):
    proved(LACKING, NOTE)
    upload(login("danhmuc"), home)
    assert "/draft/waive" not in login("danhmuc").get(f"{home}/draft").get_data(as_text=True)
    proved(GAP)
    assert "/draft/waive" in login("danhmuc").get(f"{home}/draft").get_data(as_text=True)
    for user_name in ("pheduyet", "kiemtra", "lanhdao.caolanh"):
        assert "/draft/waive" not in login(user_name).get(f"{home}/draft").get_data(as_text=True)


def test_waiving_without_the_token_of_the_page_is_refused(app, login, home, proved, count):
    proved(GAP)
    browser = login("danhmuc")
    upload(browser, home)
    sent = {"finding": GAP.key, "reason": REASON, **hidden(browser, f"{home}/draft")}
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert browser.post(f"{home}/draft/waive", data=sent).status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert count(FindingWaiver) == 0


def test_a_page_that_is_older_than_the_draft_waives_nothing(login, home, proved, count):
    proved(GAP)
    browser = login("danhmuc")
    upload(browser, home)
    old = hidden(browser, f"{home}/draft")
    assert upload(browser, home, texts.DEARER, **old).status_code == 302
    sent = {"finding": GAP.key, "reason": REASON}
    assert browser.post(f"{home}/draft/waive", data={**sent, **old}).status_code == 409
    assert browser.post(f"{home}/draft/waive", data=sent).status_code == 422
    assert count(FindingWaiver) == 0


def test_the_dossier_that_shows_a_finding_is_tried_in_the_drafts_own_form(login, home, proved):
    proved(GAP)
    browser = login("danhmuc")
    upload(browser, home)
    address = f"{home}/draft/try?finding={GAP.key}"
    assert address in browser.get(f"{home}/draft").get_data(as_text=True)
    answer = browser.get(address)
    page = answer.get_data(as_text=True)
    assert 'value="20/11/2026 08:00"' in page
    assert re.search(r'<input[^>]*name="answers-copies"[^>]*value="3"', page)
    assert "18.000 đ" in said(answer)
    assert browser.get(f"{home}/draft/try?finding=0000").status_code == 404


def test_the_list_tells_who_let_what_be_when_and_why_to_those_who_inspect(login, home, proved):
    proved(GAP)
    browser = login("danhmuc")
    assert "Chưa có điểm nào được chấp nhận" in said(browser.get("/waivers/"))
    upload(browser, home)
    waive(browser, home)
    for user_name in ("kiemtra", "lanhdao.caolanh", "pheduyet"):
        answer = login(user_name).get("/waivers/")
        for words in (texts.CODE, "Khoảng trống", GAP.what, REASON, "Trần Thị Ngọc Diễm", "Đang giữ", "chưa công bố"):
            assert words in said(answer), words
        assert "take-back" not in answer.get_data(as_text=True)
        assert 'href="/waivers/"' in login(user_name).get("/procedures/").get_data(as_text=True)
    assert GAP.what in said(browser.get("/waivers/?q=trich+luc&state=standing"))
    assert GAP.what not in said(browser.get("/waivers/?state=taken_back"))
    assert "Không có điểm nào khớp." in said(browser.get("/waivers/?q=khong+co"))


def test_a_waiver_is_taken_back_from_the_list_with_a_reason_and_stays_in_it(login, home, proved, count):
    proved(GAP)
    browser = login("danhmuc")
    upload(browser, home)
    waive(browser, home)
    address = address_of_taking_back(browser)
    answer = browser.post(address, data={"reason": "thôi"})
    assert (answer.status_code, count(FindingWaiverEnd)) == (422, 0)
    assert ">thôi</textarea>" in answer.get_data(as_text=True)
    for _ in range(2):
        assert browser.post(address, data={"reason": "Thông tư mới đã có mức thu này."}).status_code == 302
    page = said(login("kiemtra").get("/waivers/"))
    assert "Đã rút lại Thông tư mới đã có mức thu này." in page
    assert "Phải sửa trước khi công bố" in said(browser.get(f"{home}/draft"))
    assert (count(FindingWaiver), count(FindingWaiverEnd)) == (1, 1)


def test_the_page_for_the_signer_answers_every_question_before_signing(login, home, proved):
    proved(GAP)
    administrator = login("danhmuc")
    upload(administrator, home)
    waive(administrator, home)
    browser = login("pheduyet")
    answer = browser.get(f"{home}/draft/summary?since=01/01/2030")
    for words in ("Từ ngày 01/01/2030.", "Phí bản sao", "8.000", "Miễn, giảm", "3 ngày làm việc",
                  "1 loại giấy tờ: 1 luôn phải nộp", "chưa có phiên bản nào áp dụng", "có 0 hồ sơ", "Đang áp dụng",
                  "2 trong 2 tình huống đạt", REASON, "đến hết ngày 31/12/2029", "Bỏ dự thảo"):  # fmt: skip
        assert words in said(answer).replace("\u00a0", " "), words
    assert f"{home}/publish?since=01/01/2030" in answer.get_data(as_text=True)
    assert 'value="01/01/2030"' in browser.get(f"{home}/publish?since=01/01/2030").get_data(as_text=True)


def test_a_day_that_cannot_be_meant_is_told_on_the_page_for_the_signer(login, home):
    browser = login("danhmuc")
    upload(browser, home)
    assert "Kiểm tra lại năm" in said(browser.get(f"{home}/draft/summary?since=01/01/0026"))
    assert "Không có ngày này" in said(browser.get(f"{home}/draft/summary?since=mai"))


def test_a_draft_that_may_not_be_published_says_so_to_the_signer_and_offers_no_button(login, home, proved):
    proved(GAP)
    upload(login("danhmuc"), home)
    answer = login("pheduyet").get(f"{home}/draft/summary")
    assert "Chưa công bố được." in said(answer)
    assert f"{home}/publish" not in answer.get_data(as_text=True)


def test_waivers_and_summary_are_read_in_english_by_who_chose_it(login, home, proved):
    proved(GAP)
    browser = login("danhmuc")
    upload(browser, home)
    waive(browser, home)
    browser.get("/lang/en")
    pages = {f"{home}/draft": "Accepted for a reason", "/waivers/": "Accepted findings"}
    for address, words in {**pages, f"{home}/draft/summary": "Who pays how much"}.items():
        assert words in said(browser.get(address)), address
