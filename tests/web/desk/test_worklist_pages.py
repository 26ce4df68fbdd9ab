"""The worklist: its piles, its search, its dossiers beside the list."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import event

from app.extensions import db
from tests.desk import (
    COPIES,
    INSPECTOR,
    LEADER,
    POSTAL,
    PROCESSOR,
    RECEIVER,
    SECOND_PROCESSOR,
)
from tests.desk_pages import NOWHERE, accepted, version_of, words


@pytest.mark.parametrize("user_name", [RECEIVER, LEADER, INSPECTOR, "lanhdao.tinh"])
def test_the_worklist_takes_at_most_ten_statements(app, login, user_name):
    receiver = login(RECEIVER)
    for _ in range(3):
        accepted(receiver)
    browser = login(user_name)
    statements: list[str] = []

    def listen(*args: object) -> None:
        statements.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        answer = browser.get("/dossiers/?shelf=all")
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert answer.text.count("data-beside=") == 3
    assert len(statements) <= 10, "\n".join(statements)


def test_the_worklist_tells_code_person_procedure_step_and_time_with_counts(browser):
    accepted(browser)
    shown = words(browser.get("/dossiers/?shelf=all").text)
    assert re.search(r"H20\.06\.14-\d{6}-0001 Nguyễn Thị Đào Chứng thực bản sao .* Đã tiếp nhận Còn \d", shown)
    assert "Cần làm 0 Của tôi 0" in shown
    assert "Tất cả 1" in shown
    assert "j k xuống, lên · Enter mở hồ sơ" in shown
    assert "Không có hồ sơ nào khớp" in words(browser.get("/dossiers/?shelf=all&q=zzz").text)
    assert "Không còn việc chờ bạn" in words(browser.get("/dossiers/").text)


def test_an_identity_number_finds_dossiers_without_ever_standing_in_an_address(browser):
    accepted(browser)
    found = browser.post("/dossiers/find", data={"q": "087190001234", "shelf": "all"})
    assert found.status_code == 200
    assert "Tìm theo số vừa nhập: 1 hồ sơ" in words(found.text)
    assert not re.search(r'(href|data-address)="[^"]*087190', found.text)
    in_part = browser.post("/dossiers/find", data={"q": "08719000", "shelf": "all"})
    assert (in_part.status_code, "Số định danh phải gõ đủ" in words(in_part.text)) == (200, True)
    assert "087190" not in browser.get("/dossiers/?shelf=all&q=087190001234").text


def test_a_code_or_a_name_is_searched_for_by_an_address_that_keeps_the_pile(browser):
    sent = browser.post("/dossiers/find", data={"q": "Đào", "shelf": "late"})
    assert sent.headers["Location"] == "/dossiers/?shelf=late&q=%C4%90%C3%A0o"


def test_a_part_of_an_identity_number_is_looked_for_without_an_address_among_refusals_too(browser):
    answer = browser.post("/refusals/find", data={"q": "08719000"})
    assert (answer.status_code, "Không có phiếu từ chối nào khớp" in words(answer.text)) == (200, True)
    assert browser.post("/refusals/find", data={"q": COPIES}).headers["Location"] == f"/refusals/?q={COPIES}"


def test_a_dossier_the_post_received_says_so_on_its_page_in_its_history_and_on_its_receipt(login):
    postal = login(POSTAL)
    postal.get("/reception/?desk=phuong-cao-lanh")
    address = accepted(postal)
    said = "Trương Thị Mỹ Duyên (Nhân viên Bưu điện, nhận thay)"
    assert said in words(postal.get(address).text)
    assert "Trương Thị Mỹ Duyên Nhân viên Bưu điện, nhận thay" in words(login(INSPECTOR).get(f"{address}/history").text)
    paper = PdfReader(BytesIO(postal.get(f"{address}/receipt.pdf").data))
    printed = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "Trương Thị Mỹ Duyên Nhân viên Bưu điện, nhận thay" in printed
    own = login(RECEIVER)
    assert "nhận thay" not in words(own.get(accepted(own)).text)


def test_taking_over_from_a_colleague_says_from_whom_and_the_steps_still_name_them(login):
    address = accepted(login(RECEIVER))
    first, second = login(PROCESSOR), login(SECOND_PROCESSOR)
    assert re.search(r">\s*Nhận giải quyết\s*</button>", first.get(address).text)
    first.post(f"{address}/take-over", data={"lock_version": version_of(first, address)})
    for page in (address, f"{address}/beside"):
        assert re.search(r">\s*Nhận thay Huỳnh Văn Lộc\s*</button>", second.get(page).text)
    second.post(f"{address}/take-over", data={"lock_version": version_of(second, address)})
    assert "trước đó: Huỳnh Văn Lộc" in words(second.get(address).text)


def test_a_leader_begins_with_what_is_open(login):
    accepted(login(RECEIVER))
    page = login(LEADER).get("/dossiers/").text
    assert re.search(r'aria-current="true">Chưa có kết quả <span class="count">1<', page)
    assert page.count("data-beside=") == 1


def test_a_dossier_opens_beside_the_list_under_an_address_of_its_own(login):
    address = accepted(login(RECEIVER))
    browser = login(PROCESSOR)
    beside = browser.get(f"{address}/beside").text
    assert "<html" not in beside
    assert "Nhận giải quyết" in words(beside)
    whole = browser.get(f"/dossiers/?shelf=todo&open={address.rsplit('/', 1)[1]}").text
    assert 'aria-selected="true"' in whole
    assert "Mở trang hồ sơ" in words(whole)


@pytest.mark.parametrize("query", ["shelf=nothing", "after=7", "open=7", "q=%25%27", f"after={NOWHERE}"])
def test_mangled_addresses_of_the_worklist_get_an_answer(browser, query):
    assert browser.get(f"/dossiers/?{query}").status_code == 200


def test_the_page_of_a_dossier_shows_all_answers_that_can_decide_its_fee(login):
    address = accepted(login(RECEIVER), **{"applicant-digital_citizen": "true"})
    shown = words(login(PROCESSOR).get(address).text)
    assert "Cách nộp Trực tiếp Cách nhận kết quả Nhận trực tiếp tại nơi nộp" in shown
    assert "Loại người nộp Cá nhân Công dân số Có" in shown
    assert "Cán bộ ghi nhận Kết quả kiểm tra bản chính Không có vi phạm" in shown


def test_a_group_named_like_its_heading_is_not_named_twice(login):
    page = login(PROCESSOR).get(accepted(login(RECEIVER))).text
    assert len(re.findall(r"<h2>Bản chính cần chứng thực</h2>", page)) == 1
    assert '<dt class="visually-hidden">Bản chính cần chứng thực</dt><dd class="whole">' in page


@pytest.mark.parametrize("user_name", [LEADER, PROCESSOR])
def test_an_empty_pile_says_so_and_offers_no_reception_to_who_may_not_receive(login, user_name):
    shown = words(login(user_name).get("/dossiers/?shelf=unpriced").text)
    assert "Mục “Chưa có mức thu” đang trống" in shown
    assert "tiếp nhận hồ sơ đầu tiên" not in shown


def test_an_empty_pile_offers_the_first_reception_to_the_desk_until_there_is_a_dossier(browser):
    offer = "hoặc tiếp nhận hồ sơ đầu tiên"
    assert offer in words(browser.get("/dossiers/?shelf=unpriced").text)
    accepted(browser)
    shown = words(browser.get("/dossiers/?shelf=unpriced").text)
    assert "Mục “Chưa có mức thu” đang trống" in shown
    assert offer not in shown
