"""Who may not be received: the refusal, form 03, the record of refusals, days that cannot be."""

import re
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID

from pypdf import PdfReader
from sqlalchemy import select

from app.extensions import db
from app.services import refusal as refusals
from app.storage.audit import AuditEntry, last_entry
from app.storage.dossier import Dossier, NumberCounter
from tests import desk
from tests import procedure_texts as texts
from tests.desk import (
    COPIES,
    INSPECTOR,
    LEADER,
    OTHER_RECEIVER,
    PROCESSOR,
    RECEIVER,
    acting,
    typed,
)
from tests.desk_pages import PREVIEW, count, keys, lines_of, words


def test_a_dossier_that_may_not_be_received_is_refused_with_its_basis_and_nothing_goes_on(app, browser):
    erased = {"answers-original_finding": "erased", "received": None, "applicant-phone": ""}
    panel = browser.post(PREVIEW, data=typed(**erased))
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser), **erased))
    assert answer.status_code == 422
    for said in (words(panel.text), words(answer.text)):
        assert "Không được tiếp nhận Bản chính bị tẩy xóa" in said
        assert "khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP" in said
        assert "Ghi tên người nộp rồi bấm “Từ chối tiếp nhận và in phiếu”" in said
        assert "Hồ sơ không được tiếp nhận nên không nhận giấy tờ nào." in said
        for going_on in ("36.000", "Hẹn trả kết quả", "Giấy tờ cần nhận", "bổ sung", "Còn thiếu"):
            assert going_on not in said, going_on
    assert "Lập Phiếu từ chối tiếp nhận giải quyết hồ sơ (mẫu số 03, Thông tư 03/2025/TT-VPCP)" in words(answer.text)
    assert lines_of(answer.text) == {}
    assert 'tabindex="-1" data-error-summary' in answer.text
    assert 'value="Bằng tốt nghiệp"' in answer.text
    assert (count(app, Dossier), count(app, NumberCounter)) == (0, 0)


def test_before_the_cutoff_on_the_eve_of_a_day_off_screen_and_receipt_give_the_same_day_and_reason(
    app, browser, login, monkeypatch
):
    eve = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)  # Monday 14:59 in Vietnam; Tuesday is off
    for module in ("reception", "dossier"):
        monkeypatch.setattr(f"app.web.officer.{module}.now", lambda: eve)
    with app.app_context():
        desk.publish(texts.CODE, texts.WHOLE)
    sent = typed(
        **keys(browser, texts.CODE), **{"answers-copies": "3", "answers-says_why": "false"}, received="declaration"
    )
    shown = words(browser.post(f"/reception/{texts.CODE}/preview", data=sent).text)
    assert "27/11/2026 17:00 24/11 nghỉ Ngày Văn hóa Việt Nam." in shown
    answer = browser.post(f"/reception/{texts.CODE}", data=sent)
    assert answer.status_code == 302, words(answer.text)
    address = "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]
    assert "Hẹn trả kết quả 27/11/2026 17:00" in words(browser.get(answer.headers["Location"]).text)
    assert "27/11/2026 17:00 24/11 nghỉ Ngày Văn hóa Việt Nam." in words(login(PROCESSOR).get(address).text)
    paper = PdfReader(BytesIO(browser.get(f"{address}/receipt.pdf").data))
    assert "24/11 nghỉ Ngày Văn hóa Việt Nam" in " ".join(paper.pages[0].extract_text().split())
    same_day = typed(**keys(browser))
    assert "23/11/2026 17:00 Theo quy định" in words(browser.post(PREVIEW, data=same_day).text)


def test_a_form_that_the_rules_refuse_offers_the_refusal_and_no_acceptance(browser):
    acceptance, refusal = "Tiếp nhận hồ sơ</button>", "Từ chối tiếp nhận và in phiếu</button>"
    opened = browser.get(f"/reception/{COPIES}").text
    assert (acceptance in opened, refusal in opened) == (True, False)
    listed = re.search(r'name="listed" value="([^"]+)"', opened)[1]
    for page in (
        browser.post(PREVIEW, data=typed(listed=listed, **{"answers-original_finding": "erased"})).text,
        browser.post(
            f"/reception/{COPIES}", data=typed(**keys(browser), **{"answers-original_finding": "erased"})
        ).text,
    ):
        assert (acceptance in page, refusal in page) == (False, True)
        assert f'formaction="/reception/{COPIES}/refuse"' in page
    mended = browser.post(PREVIEW, data=typed(listed="refused")).text
    assert (acceptance in mended, refusal in mended) == (True, False)


def test_a_refusal_is_kept_printed_as_form_03_and_found_by_who_inspects(app, browser, login):
    refused = {"answers-original_finding": "erased", "received": None, "applicant-citizen_id": ""}
    sent = typed(**keys(browser), **refused)
    answer = browser.post(f"/reception/{COPIES}/refuse", data=sent)
    assert answer.status_code == 302, words(answer.text)
    address = answer.headers["Location"]
    assert re.fullmatch(r"/refusals/[0-9a-f-]{36}", address)
    assert browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"] == address
    paper = browser.get(f"{address}/form-03.pdf")
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages).split())
    for said in (
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 03, Phụ lục I, Thông tư số 03/2025/TT-VPCP",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Đào (Trực tiếp)",
        "Bản chính bị tẩy xóa, sửa chữa, thêm bớt nội dung không hợp lệ.",
        "Căn cứ: khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP.",
        "mã thủ tục: 2.000815",
        "Ủy ban nhân dân phường Cao Lãnh",
    ):
        assert said in printed, said
    assert browser.get(f"{address}/form-03.pdf").data == paper.data
    for user_name in (RECEIVER, LEADER, INSPECTOR):
        reader = login(user_name)
        assert address in reader.get("/refusals/").text
        page = words(reader.get(address).text)
        assert "khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP" in page
        assert "Tên giấy tờ: Bằng tốt nghiệp" in page
    assert "Nguyễn Thị Đào" in words(browser.get("/refusals/?q=2.000815").text)
    assert "Không có phiếu từ chối nào khớp." in words(browser.get("/refusals/?q=1.001193").text)
    assert login(OTHER_RECEIVER).get(address).status_code == 404
    assert address not in login(OTHER_RECEIVER).get("/refusals/").text
    assert count(app, Dossier) == 0
    with app.app_context():
        [line] = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()
        assert line.act == "refuse_reception"
        assert "Đào" not in str(line.detail)


def test_a_refusal_is_found_by_the_whole_identity_number_within_ones_units_and_the_record_does_not_show_it(
    app, browser, login
):
    erased = {"answers-original_finding": "erased"}
    address = browser.post(f"/reception/{COPIES}/refuse", data=typed(**keys(browser), **erased)).headers["Location"]
    nameless = typed(**keys(browser), **erased, **{"applicant-citizen_id": ""})
    numberless = browser.post(f"/reception/{COPIES}/refuse", data=nameless).headers["Location"]
    for number in ("087190001234", " 087190 001234 "):
        found = browser.post("/refusals/find", data={"q": number}).text
        assert (address in found, numberless in found) == (True, False)
        assert address not in browser.get("/refusals/", query_string={"q": number}).text
    for other in ("08719000123", "087190001235"):
        assert "Không có phiếu từ chối nào khớp." in words(browser.post("/refusals/find", data={"q": other}).text)
    assert browser.post("/refusals/find", data={"q": " 2.000815 "}).headers["Location"] == "/refusals/?q=2.000815"
    assert browser.get("/refusals/find").headers["Location"] == "/refusals/"  # a step back in the browser
    assert address not in login(OTHER_RECEIVER).post("/refusals/find", data={"q": "087190001234"}).text
    with app.app_context():
        lines = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()
        assert not any("087190001234" in str(line.detail) for line in lines)
        assert sorted("person" in line.detail for line in lines) == [False, True]


def test_the_grounds_of_a_refusal_are_told_in_the_readers_language_and_form_03_stays_vietnamese(app, browser):
    sent = typed(**keys(browser), **{"answers-original_finding": "erased"})
    address = browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"]
    browser.get("/lang/en")
    for page in ("/refusals/", address):
        shown = words(browser.get(page).text)
        assert "The original is erased, altered or added to unlawfully." in shown, shown
        assert "Bản chính bị tẩy xóa" not in shown
    assert "Article 22, clause 1, Decree 23/2015/NĐ-CP" in words(browser.get(address).text)
    paper = PdfReader(BytesIO(browser.get(f"{address}/form-03.pdf").data))
    printed = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "Bản chính bị tẩy xóa" in printed
    assert "Decree" not in printed
    with app.app_context(), acting(RECEIVER) as rights:
        kept = last_entry(db.session(), "refusal", address.rsplit("/", 1)[1])
        assert kept.detail["grounds"][0]["sentence"]["en"].startswith("The original is erased")
        assert refusals.slip(db.session(), UUID(kept.object_id), rights).paper.grounds[0].sentence.startswith("Bản")


def test_a_refusal_kept_before_its_grounds_spoke_english_is_still_shown_and_still_the_same(app, browser, monkeypatch):
    in_both = refusals.Text.to_data
    monkeypatch.setattr(refusals.Text, "to_data", lambda text: text.vi)
    sent = typed(**keys(browser), **{"answers-original_finding": "erased"})
    address = browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"]
    monkeypatch.setattr(refusals.Text, "to_data", in_both)
    assert "Bản chính bị tẩy xóa" in words(browser.get(address).text)
    assert browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"] == address
    with app.app_context():
        assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()) == 1


def test_a_refusal_sent_again_with_something_mended_gets_a_new_slip_and_the_former_stays_on_record(app, browser):
    opened = keys(browser)
    erased = {"answers-original_finding": "erased"}
    first = browser.post(f"/reception/{COPIES}/refuse", data=typed(**opened, **erased)).headers["Location"]
    again = browser.post(
        f"/reception/{COPIES}/refuse", data=typed(**opened, **erased, **{"applicant-full_name": "Nguyễn Thị Đào Hoa"})
    ).headers["Location"]
    assert first == again
    assert "Nguyễn Thị Đào Hoa" in words(browser.get(again).text)
    with app.app_context():
        lines = db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "refusal")).all()
        assert [line.detail["number"][-6:] for line in lines] == ["TC0001", "TC0002"]


def test_nothing_is_refused_that_the_rules_let_in_nor_without_a_name(app, browser):
    eligible = browser.post(f"/reception/{COPIES}/refuse", data=typed(**keys(browser)))
    assert eligible.status_code == 409
    assert "không thuộc trường hợp từ chối nên chưa lập phiếu nào" in words(eligible.text)
    nameless = {"answers-original_finding": "erased", "applicant-full_name": ""}
    answer = browser.post(f"/reception/{COPIES}/refuse", data=typed(**keys(browser), **nameless))
    assert answer.status_code == 422
    assert list(lines_of(answer.text)) == ["applicant-full_name"]
    assert count(app, NumberCounter) == 0


def test_papers_ticked_before_a_refusal_are_still_ticked_after_the_slip_was_mended(browser):
    refused = browser.post(
        f"/reception/{COPIES}", data=typed(**keys(browser), **{"answers-original_finding": "secret"})
    )
    assert '<input type="hidden" name="received" value="original">' in refused.text
    mended = browser.post(PREVIEW, data=typed(listed="refused")).text
    assert re.search(r'value="original" checked', mended)


def test_the_list_of_papers_is_left_alone_while_it_stays_the_same(browser):
    listed = re.search(r'name="listed" value="([^"]+)"', browser.post(PREVIEW, data=typed()).text)[1]
    assert 'id="checklist"' not in browser.post(PREVIEW, data=typed(listed=listed)).text
    assert (
        'id="checklist"'
        in browser.post(PREVIEW, data=typed(listed=listed, **{"answers-original_finding": "erased"})).text
    )


def test_a_birth_in_the_future_is_refused_at_its_field_and_gives_no_fee(app, login):
    with app.app_context():
        desk.publish(desk.BIRTH)
    browser = login(RECEIVER)
    years = {"applicant-birth_day": "01/01/2130", "answers-birth_day": "02/02/2130"}
    sent = typed(**keys(browser, desk.BIRTH), **{**years, "answers-child_name": "Trần An", "answers-copies": "0"})
    answer = browser.post(f"/reception/{desk.BIRTH}", data=sent)
    assert answer.status_code == 422
    told = lines_of(answer.text)
    assert "01/01/2130 là ngày chưa tới, hãy nhập ngày không sau hôm nay" in told["applicant-birth_day"]
    assert "02/02/2130 là ngày chưa tới" in told["answers-birth_day"]
    assert 'value="02/02/2130"' in answer.text
    assert re.search(r'id="answers-birth_day"[^>]*|data-latest="\d{4}-\d\d-\d\d"', answer.text)
    assert "Lệ phí đăng ký khai sinh Chưa đủ thông tin" in words(answer.text)
    assert count(app, Dossier) == 0
