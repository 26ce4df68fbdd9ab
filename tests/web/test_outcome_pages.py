"""All that the rule language can say is on the screens: at the counter, on the dossier, its replay and its receipt."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.services.sample import SAMPLES
from app.storage.procedure import Procedure
from tests import desk
from tests.conftest import Beforehand
from tests.desk import COPIES, RECEIVER, typed
from tests.desk_pages import keys, words
from tests.reference_page import RUNNING

LAND, CAR = "1.013978", "1.007277"
PARTS = (
    "Trường hợp",
    "Lưu ý cho người nộp",
    "Khoản chi trả",
    "Chuyển đến",
    "Quy trình nội bộ",
    "Chờ bước sau xác định",
    "Khi nào dừng tính thời hạn",
    "Các hồ sơ trước đây",
)
PLOT = {
    "party": "domestic",
    "of_household": "false",
    "several_owners": "false",
    "represented": "false",
    "land_commune": "29929",
    "origin": "own_papers",
    "with_house": "true",
    "right_on_next_plot": "false",
    "was_fined": "false",
    "wants_certificate": "true",
    "confirmed": "qualified",
    "survey": "none",
}
HOUSE = {"asset_kind": "land_house", "price": "2.000.000.000", "acquired_by": "transfer", "debt_recorded": "false",
         "exempt": "false", "seller_integrated": "true"}  # fmt: skip


def definition(code: str) -> str:
    return (SAMPLES / "definitions" / f"{code}.yaml").read_text(encoding="utf-8")


def publish_all() -> None:
    desk.publish(COPIES)
    for code in (LAND, CAR):
        desk.publish(code, definition(code))


@pytest.fixture
def beforehand() -> Beforehand:
    return publish_all


@pytest.fixture(autouse=True)
def at_work(app) -> None:
    """Every test here has the application with the procedures."""


@pytest.fixture
def browser(login) -> FlaskClient:
    return login(RECEIVER)


def filled(answers: dict[str, str], received: tuple[str, ...] = (), **changes: str | None) -> MultiDict[str, str]:
    """What a browser sends for one of the definitions here."""
    kept = {name: value for name, value in typed().items() if not name.startswith(("answers-", "received"))}
    said = MultiDict(
        {**kept, **{f"answers-{name}": value for name, value in answers.items()}, **changes},
    )
    said.setlist("received", list(received))
    return said


def plot(**changes: str | None) -> MultiDict[str, str]:
    return filled(PLOT, ("application", "confirmation"), **changes)


def taken_in(browser: FlaskClient, code: str, form: MultiDict[str, str]) -> str:
    """Receive a dossier and return the address of the page that confirms it."""
    form.update(keys(browser, code))
    answer = browser.post(f"/reception/{code}", data=form)
    assert answer.status_code == 302, words(answer.text)
    return answer.headers["Location"]


def panel(browser: FlaskClient, code: str, form: MultiDict[str, str]) -> str:
    return words(browser.post(f"/reception/{code}/preview", data=form, headers={"HX-Request": "true"}).text)


def test_the_panel_says_every_part_with_its_reason(browser):
    shown = panel(browser, LAND, plot())
    assert "Trường hợp Cấp Giấy chứng nhận sau khi đã có Thông báo xác nhận Vì sao?" in shown
    assert "Nghĩa vụ tài chính về đất đai Chờ thông báo của Cơ quan thuế Lệ phí · thu theo thông báo" in shown
    assert "Chuyển đến Xã Tân Hộ Cơ (theo “Xã, phường nơi có đất”)" in shown
    assert "Xác định và thông báo nghĩa vụ tài chính ngoài cơ quan: Cơ quan thuế" in shown
    assert "Nộp lại bản chính khi nhận kết quả" in shown
    assert "Chờ người sử dụng đất thực hiện nghĩa vụ tài chính Tạm dừng tính thời hạn" in shown
    assert "Số tiền theo thông báo của cơ quan thuế Cơ quan khác trả lời · có thể thay đổi phí, lệ phí" in shown
    assert "Nộp theo thông báo của cơ quan thuế" in shown


def test_a_procedure_without_a_part_has_no_heading_for_it(browser):
    used = ["Lưu ý cho người nộp", "Quy trình nội bộ"]
    shown = panel(browser, COPIES, typed())
    assert "36.000 đ" in shown
    assert [part for part in PARTS if part in shown] == used
    address = "/dossiers/" + taken_in(browser, COPIES, typed()).rsplit("/", 1)[1]
    page = words(browser.get(address).text)
    assert [part for part in PARTS if part in page] == used


def test_the_dossier_and_its_receipt_say_what_waits_for_another_body(browser):
    confirmed = taken_in(browser, LAND, plot())
    told = words(browser.get(confirmed).text)
    assert "Chưa thu Nghĩa vụ tài chính về đất đai: chờ thông báo của Cơ quan thuế." in told
    assert "chờ lãnh đạo ấn định" not in told
    assert "Chuyển hồ sơ đến: Xã Tân Hộ Cơ" in told
    address = "/dossiers/" + confirmed.rsplit("/", 1)[1]
    page = words(browser.get(address).text)
    assert "Nghĩa vụ tài chính về đất đai: Chờ thông báo của Cơ quan thuế" in page
    assert "chờ lãnh đạo ấn định" not in page
    assert [part for part in PARTS if part not in page] == ["Khoản chi trả", "Các hồ sơ trước đây"]
    assert "Cơ quan lập Phiếu chuyển thông tin để xác định nghĩa vụ tài chính" in page
    pages = PdfReader(BytesIO(browser.get(f"{address}/receipt.pdf").data)).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert len(pages) == 1
    assert "Chờ thông báo của Cơ quan thuế" in printed
    assert "vì còn 1 khoản chờ thông báo của Cơ quan thuế" in printed
    assert "Lệ phí cấp Giấy chứng nhận (thu khi trả kết quả)" in printed
    assert "nộp lại bản chính khi nhận kết quả" in printed
    assert "- Nộp theo thông báo của cơ quan thuế; thời gian chờ nộp không tính vào thời hạn giải quyết." in printed


def test_why_an_amount_is_what_it_is_reads_the_same_on_screen_and_on_paper(browser):
    house = filled(HOUSE, ("land_form",), **{"filing-channel": "online", "applicant-digital_citizen": "true"})
    said = "Cách tính: giá tính lệ phí trước bạ 2.000.000.000 đ: 0,5% của 2.000.000.000 đ = 10.000.000 đ."
    assert said in panel(browser, CAR, house).replace("\u00a0", " ")
    address = "/dossiers/" + taken_in(browser, CAR, house).rsplit("/", 1)[1]
    assert said in words(browser.get(address).text).replace("\u00a0", " ")
    pages = PdfReader(BytesIO(browser.get(f"{address}/receipt.pdf").data)).pages
    assert said in " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def test_the_officer_records_what_the_form_does_not_ask_and_history_is_looked_up(browser):
    page = browser.get(f"/reception/{CAR}").text
    shown = words(page)
    assert "Cán bộ ghi nhận" in shown
    assert "Bên chuyển nhượng đã tích hợp đủ thông tin trên VNeID (không bắt buộc) Tra trong cơ sở dữ liệu." in shown
    assert 'name="answers-land_cuts_used"' not in page
    assert "Các hồ sơ trước đây Chưa tra được: ghi số định danh của người nộp." in shown
    house = filled(HOUSE, ("land_form",), **{"filing-channel": "online", "applicant-digital_citizen": "true"})
    assert "Số lần đã được giảm 10% cho nhà, đất 0" in panel(browser, CAR, house)
    address = "/dossiers/" + taken_in(browser, CAR, house).rsplit("/", 1)[1]
    kept = words(browser.get(address).text)
    assert "Số lần đã được giảm 10% cho nhà, đất 0 (tra trong các hồ sơ trước đây)" in kept
    assert "Số lần đã được giảm 10% cho nhà, đất 1" in panel(browser, CAR, house)


def test_the_parts_are_said_in_english_too(browser):
    address = "/dossiers/" + taken_in(browser, LAND, plot()).rsplit("/", 1)[1]
    browser.get("/lang/en")
    page = words(browser.get(address).text)
    for said in ("Cases", "To tell the applicant", "Goes to", "Internal process", "Waiting for a later step",
                 "Waiting for the notice of", "its original is handed over", "outside the office:"):  # fmt: skip
        assert said in page or said.capitalize() in page, said


def test_the_replay_shows_the_same_parts(app, login, browser):
    address = "/dossiers/" + taken_in(browser, LAND, plot()).rsplit("/", 1)[1]
    inspector = login(desk.INSPECTOR)
    history = inspector.get(f"{address}/history").text
    replay = re.search(rf'action="({address}/evaluations/[^"]+/replay)"', history)[1]
    token = re.search(r'name="csrf_token" value="([^"]+)"', history)
    shown = words(inspector.post(replay, data={"csrf_token": token[1]} if token else {}).text)
    assert "Trùng khớp hoàn toàn" in shown
    assert [part for part in PARTS if part not in shown] == ["Khoản chi trả", "Các hồ sơ trước đây"]


def test_the_reading_page_says_every_construct(app, login):
    with app.app_context():
        desk.publish("1.004873", definition("1.004873"))
        reading = dict(db.session.execute(select(Procedure.code, Procedure.uuid)).all())
    clerk = login("danhmuc")
    pages = {code: words(clerk.get(f"/procedures/{reading[code]}/versions/1").text) for code in (LAND, "1.004873")}
    assert "Các trường hợp của thủ tục" in pages[LAND]
    assert "Chỉ có khi “Phải xác định nghĩa vụ tài chính” là có." in pages[LAND]
    assert "theo thông báo của Cơ quan thuế, ghi ở" in pages[LAND]
    assert "Cơ quan lập" in pages[LAND]
    assert "Hồ sơ chuyển đến đâu" in pages[LAND]
    assert "thuộc hệ thống ngoài “Cơ quan thuế”; thời gian chờ không tính vào thời hạn" in pages[LAND]
    certificate = pages["1.004873"]
    assert "Khi nào dừng tính thời hạn" in certificate
    assert "chờ nhiều nhất 3 ngày làm việc" in certificate
    assert "Lưu ý cho người nộp" in certificate
    assert "Mỗi dòng của “Nơi thường trú trước đây” có" in certificate
    assert "Được miễn nộp khi “Tra được giấy tờ tùy thân” là có" in certificate
    assert "Quy trình nội bộ" in certificate


def test_payouts_lines_for_each_row_and_stacked_reductions_are_said(app, browser):
    with app.app_context():
        desk.publish("1.999999", RUNNING)
    rows = {"originals-0-pages": "3", "originals-0-copies": "1", "originals-1-pages": "250", "originals-1-copies": "3"}
    form = filled({"born": "01/11/2026", "filed_by": "self", **rows}, **{"filing-channel": "online"})
    for name, chosen in (("services", ("support", "binding", "announcement")), ("belongs_to", ("poor", "merit"))):
        form.setlist(f"answers-{name}", list(chosen))
    shown = panel(browser, "1.999999", form).replace("\u00a0", " ")
    assert re.search(r"Khoản chi trả .* 11\.700\.000 đ .*trả cho ", shown)
    assert re.search(r"Dòng 1 \(3 trang, 1 bản[^)]*\): 15\.000 đ Dòng 2 \(250 trang, 3 bản[^)]*\): 60\.000 đ", shown)
    assert "Cộng 3 mức giảm, tổng không quá 80%" in shown
    assert re.search(r"mức đầy đủ 15\d\.\d00 đ", shown)
