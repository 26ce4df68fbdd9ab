"""The pages of the proofs of a draft: boundary cases, typing errors, versions side by side, the paper to sign."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from app.extensions import db
from app.services import job as jobs
from app.storage.job import Job
from app.storage.procedure import Procedure, ProcedureDraft
from tests import procedure_texts as texts
from tests.web.test_procedure_pages import hidden, said, upload

CARD = re.compile(r'<article class="finding near".*?</article>', re.DOTALL)


@pytest.fixture
def home(app: Flask) -> str:
    """The address of a procedure that the catalogue has and nobody defined yet."""
    with app.app_context():
        made = Procedure(code=texts.CODE, name="Trích lục hộ tịch", folded="2.000635 trich luc", sort_key="t")
        db.session.add(made)
        db.session.commit()
        return f"/procedures/{made.uuid}"


def proved(app: Flask, browser: FlaskClient, home: str, kind: str) -> None:
    assert browser.post(f"{home}/draft/{kind}/run").status_code == 302
    with app.app_context():
        job_id = db.session.scalars(select(Job.id).order_by(Job.id.desc()).limit(1)).one()
        jobs.run(job_id, jobs.HANDLERS)


def source(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(ProcedureDraft)).one().source_text


def published(browser: FlaskClient, home: str, since: str = "01/01/2026") -> None:
    sent = {"since": since, **hidden(browser, f"{home}/publish")}
    assert browser.post(f"{home}/publish", data=sent).status_code == 302


def test_boundary_cases_are_made_by_a_job_whose_progress_can_be_left_and_come_back_to(app, login, home):
    browser = login("danhmuc")
    upload(browser, home)
    assert "Chưa dựng ca biên cho dự thảo này" in said(browser.get(f"{home}/draft/boundaries"))
    assert browser.post(f"{home}/draft/boundaries/run").status_code == 302
    page = browser.get(f"{home}/draft/boundaries").get_data(as_text=True)
    assert f'hx-get="{home}/draft/boundaries/progress"' in page
    assert "Bạn có thể rời trang này" in page
    assert "Xem lại tiến độ" in browser.get(f"{home}/draft/boundaries/progress").get_data(as_text=True)
    proved(app, browser, home, "boundaries")
    assert browser.get(f"{home}/draft/boundaries/progress").headers["HX-Refresh"] == "true"
    assert browser.get(f"{home}/draft/guesses/progress").status_code == 404


def test_a_case_is_read_in_words_and_one_press_makes_it_a_golden_case(app, login, home):
    browser = login("danhmuc")
    upload(browser, home)
    proved(app, browser, home, "boundaries")
    address = f"{home}/draft/boundaries?table=price&state=open"
    answer = browser.get(address)
    page = said(answer)
    for words in ("Phí một bản", "Hồ sơ này", "Cách nộp", "Ra kết quả", "“Phí bản sao”: ", "Vì", "Đúng luật", "Sai…",
                  "Toàn bộ kết quả của hồ sơ này"):  # fmt: skip
        assert words in page, words
    first = CARD.findall(answer.get_data(as_text=True))[0]
    key = re.search(r'name="case" value="([^"]+)"', first)[1]
    name = re.search(r"<h3[^>]*>([^<]+)</h3>", first)[1]
    every = said(browser.get(f"{home}/draft/boundaries?table=price"))
    assert "bảng “Phí một bản” thiếu một dòng cho hồ sơ này" in every
    assert f"{texts.line_of(texts.WHOLE, 'fee.counter')} │ - {{id: fee.counter" in every
    sent = {"case": key, "table": "price", "state": "open", **hidden(browser, address)}
    answer = browser.post(f"{home}/draft/boundaries/confirm", data=sent)
    assert answer.status_code == 302
    assert "table=price" in answer.headers["Location"]
    assert f'- name: {{"vi": "{name}"}}' in source(app)
    page = said(browser.get(f"{home}/draft/boundaries?table=price&state=confirmed"))
    assert name in page
    assert "3 tình huống mẫu đều đạt" in said(browser.get(f"{home}/draft"))


def test_a_whole_table_is_confirmed_at_once_but_never_on_a_draft_that_changed_meanwhile(app, login, home):
    browser = login("danhmuc")
    upload(browser, home)
    proved(app, browser, home, "boundaries")
    address = f"{home}/draft/boundaries?table=exempt"
    seen = hidden(browser, address)
    before = source(app)
    stale = {**seen, "seen_version": "9"}
    answer = browser.post(f"{home}/draft/boundaries/confirm", data={"table": "exempt", "all": "1", **stale})
    assert answer.status_code == 409
    assert source(app) == before
    answer = browser.post(f"{home}/draft/boundaries/confirm", data={"table": "exempt", "all": "1", **seen})
    assert answer.status_code == 302
    page = said(browser.get(address))
    assert "Chưa xác nhận 0" in page
    assert "Cả bảng đúng luật…" not in page


def test_who_only_reads_sees_the_cases_and_no_button(app, login, home):
    browser = login("danhmuc")
    upload(browser, home)
    reader = login("kiemtra")
    assert "Đề nghị người soạn chạy." in said(reader.get(f"{home}/draft/mutants"))
    proved(app, browser, home, "boundaries")
    page = said(reader.get(f"{home}/draft/boundaries"))
    assert "Ra kết quả" in page
    assert "Đúng luật" not in page
    assert reader.post(f"{home}/draft/boundaries/confirm", data={"table": "price"}).status_code == 403


def test_typing_errors_are_counted_and_the_case_that_catches_one_is_added_by_one_button(app, login, home):
    browser = login("danhmuc")
    upload(browser, home)
    proved(app, browser, home, "mutants")
    address = f"{home}/draft/mutants?table=price"
    answer = browser.get(address)
    page = said(answer)
    total = re.search(r"(\d+) trong (\d+) lỗi gõ có thể có sẽ không ai nhận ra\.", page)
    assert 0 < int(total[1]) < int(total[2])
    for words in ("Nhận ra được nhờ tình huống:", "Đang ra", "Gõ sai thì ra", "Thêm tình huống này"):
        assert words in page, words
    key = re.findall(r'name="case" value="([^"]+)"', answer.get_data(as_text=True))[-1]
    sent = {"case": key, "table": "price", **hidden(browser, address)}
    assert browser.post(f"{home}/draft/mutants/add", data=sent).status_code == 302
    page = said(browser.get(address))
    assert "Đã thêm tình huống" in page
    assert "Bấm “Thử lại” để đếm lại." in page
    again = re.search(r"(\d+) trong (\d+) lỗi gõ", page)
    assert int(again[1]) < int(total[1])
    assert browser.post(f"{home}/draft/mutants/run").status_code == 302
    assert "Đang thử lỗi gõ" in said(browser.get(address))


def test_nothing_is_added_where_nothing_was_chosen(app, login, home):
    browser = login("danhmuc")
    upload(browser, home)
    proved(app, browser, home, "mutants")
    sent = hidden(browser, f"{home}/draft/mutants")
    assert browser.post(f"{home}/draft/mutants/add", data={"case": "x", **sent}).status_code == 422


def test_two_versions_stand_side_by_side_with_a_dossier_that_both_decide(login, home):
    browser = login("danhmuc")
    upload(browser, home)
    assert "Chưa có hai bản để so sánh" in said(browser.get(f"{home}/compare"))
    published(browser, home)
    upload(browser, home, texts.DEARER)
    page = said(browser.get(f"{home}/compare"))
    for words in ("1 thay đổi có thể đổi kết quả của hồ sơ.", "8.000 đ → 9.000 đ", "fee.counter",
                  "Thông tư 281/2016/TT-BTC", "Một hồ sơ theo cả hai bản", "Bản cũ", "24.000 đ 27.000 đ"):  # fmt: skip
        assert words in page, words
    back = said(browser.get(f"{home}/compare?old=draft&new=1"))
    assert "9.000 đ → 8.000 đ" in back
    assert "Hai bản giống hệt nhau, từng chữ." in said(browser.get(f"{home}/compare?old=1&new=1"))
    assert browser.get(f"{home}/compare?old=1&new=7").status_code == 404


def test_a_text_that_only_words_change_in_is_said_to_change_no_dossier(login, home):
    browser = login("danhmuc")
    upload(browser, home)
    published(browser, home)
    upload(browser, home, texts.REWORDED)
    page = said(browser.get(f"{home}/compare"))
    assert "Chỉ đổi chữ: không hồ sơ nào đổi kết quả." in page
    assert "Hồ sơ nào đổi kết quả" not in page
    assert "Chỉ sửa chữ" in page
    published(browser, home, "01/02/2026")
    assert "Phiên bản 2, từ 01/02/2026" in said(browser.get(f"{home}/compare"))
    assert f'href="{home}/compare"' in browser.get(home).get_data(as_text=True)


def test_the_summary_prints_as_one_page_that_says_what_its_page_says(login, home):
    browser = login("danhmuc")
    upload(browser, home)
    published(browser, home)
    upload(browser, home, texts.DEARER)
    page = browser.get(f"{home}/draft/summary?since=01/01/2030").get_data(as_text=True)
    address = re.search(r'href="([^"]+summary\.pdf[^"]*)"', page)[1].replace("&amp;", "&")
    answer = login("kiemtra").get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (paper,) = PdfReader(io.BytesIO(answer.get_data())).pages
    text = " ".join(paper.extract_text().split())
    for words in ("Từ ngày 01/01/2030.", "Phí bản sao (ví dụ): ", "9.000 đ", "8.000 đ", "So với phiên bản 1",
                  "Dự thảo sẵn sàng để công bố.", "Tình huống mẫu: 2 trong 2 tình huống đạt"):  # fmt: skip
        assert words in text.replace("\xa0", " "), words


def test_from_the_draft_one_way_leads_to_every_proof(login, home):
    browser = login("danhmuc")
    upload(browser, home)
    for here in ("draft", "draft/boundaries", "draft/mutants", "compare", "draft/summary"):
        page = browser.get(f"{home}/{here}").get_data(as_text=True)
        nav = re.search(r'<nav class="proving".*?</nav>', page, re.DOTALL)[0]
        links = re.findall(r'href="([^"]+)"', nav)
        ways = ("draft", "draft/boundaries", "draft/mutants", "compare", "draft/summary")
        assert links == [f"{home}/{way}" for way in ways]
        assert re.search(rf'href="{home}/{here}" aria-current="true"', nav)
