"""The pages of a procedure's content: who may open them, what they say, and that nothing is lost or done twice."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.clock import legal_day, now
from app.extensions import db
from app.security.assignment import rights_of
from app.services import procedure as procedures
from app.services.procedure import Publication
from app.storage.account import Officer
from app.storage.procedure import Procedure, ProcedureDraft, ProcedureVersion, ProcedureVersionEnd
from app.storage.unit_of_work import unit_of_work
from rules import codec
from tests import procedure_texts as texts

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)


# Set-up opens an application context of its own: within an open one, requests would share what they know of a person.


@pytest.fixture
def home(app: Flask) -> str:
    """The address of a procedure that the catalogue has and nobody defined yet."""
    with app.app_context():
        made = Procedure(code=texts.CODE, name="Trích lục hộ tịch", folded="2.000635 trich luc", sort_key="t")
        db.session.add(made)
        db.session.commit()
        return f"/procedures/{made.uuid}"


@pytest.fixture
def published(app: Flask, home: str) -> Callable[[], ProcedureVersion]:
    """Publish the whole definition from 1 January 2026."""

    def act() -> ProcedureVersion:
        with app.app_context():
            officer = db.session.scalars(select(Officer.id).where(Officer.username == "danhmuc")).one()
            rights = rights_of(db.session(), officer, legal_day(AT))
            procedure_id = db.session.scalars(select(Procedure.uuid)).one()
            with unit_of_work() as work:
                procedures.save_draft(
                    work, procedure_id, text=texts.WHOLE, file_name="a.yaml", rights=rights, seen_version=None, at=AT
                )
                return procedures.publish(
                    work, procedure_id, Publication(since=SINCE), rights=rights, seen_version=1, at=AT
                )

    return act


@pytest.fixture
def count(app: Flask) -> Callable[[type], int]:
    """Count the rows of a table."""

    def act(table: type) -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(table)) or 0

    return act


def said(answer) -> str:
    """Return the page as a person reads it: no tags, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def upload(browser: FlaskClient, home: str, content: str | bytes = texts.WHOLE, **more):
    raw = content.encode() if isinstance(content, str) else content
    return browser.post(f"{home}/upload", data={"definition": (io.BytesIO(raw), "dinh-nghia.yaml"), **more})


def hidden(browser: FlaskClient, address: str) -> dict[str, str]:
    """Return what the page's form sends back unseen."""
    page = browser.get(address).get_data(as_text=True)
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)[1]
        found[name] = re.search(r'value="([^"]*)"', tag)[1] if "value=" in tag else ""
    return {name: value for name, value in found.items() if name.startswith("seen_")}


def pages(home: str) -> dict[str, str]:
    return {
        "show": home, "draft": f"{home}/draft", "source": f"{home}/draft/source",
        "canonical": f"{home}/draft/canonical", "version": f"{home}/versions/1",
        "version_source": f"{home}/versions/1/source", "upload": f"{home}/upload", "publish": f"{home}/publish",
        "end": f"{home}/versions/1/end",
    }  # fmt: skip


READS = {"show", "draft", "source", "canonical", "version", "version_source"}
OPEN_TO = {
    "danhmuc": READS | {"upload", "publish", "end"},
    "pheduyet": READS | {"publish", "end"},
    "kiemtra": READS,
    "tiepnhan.caolanh": set(),
    "quantri": set(),
}


@pytest.mark.parametrize("user_name", OPEN_TO)
def test_each_page_opens_to_the_roles_that_need_it_and_to_no_other(login, home, user_name, published):
    published()
    upload(login("danhmuc"), home, texts.DEARER)
    browser = login(user_name)
    opened = {name for name, address in pages(home).items() if browser.get(address).status_code == 200}
    assert opened == OPEN_TO[user_name]
    refused = {browser.get(address).status_code for name, address in pages(home).items() if name not in opened}
    assert refused <= {403}


def test_every_page_of_a_procedure_stands_under_the_procedures_in_the_menu(login, home, published):
    published()
    browser = login("danhmuc")
    upload(browser, home, texts.DEARER)
    for name in ("show", "draft", "version", "upload", "publish", "end"):
        page = browser.get(pages(home)[name]).get_data(as_text=True)
        assert re.findall(r'aria-current="page">([^<]+)<', page) == ["Thủ tục hành chính"], name


def test_a_stranger_is_sent_to_the_login(client, home):
    for address in pages(home).values():
        assert "/login/" in client.get(address).headers.get("Location", "")


def test_posts_are_refused_to_who_may_only_read(login, home, published):
    published()
    browser = login("kiemtra")
    for act in ("upload", "publish", "draft/drop", "versions/1/end"):
        assert browser.post(f"{home}/{act}").status_code == 403
    assert browser.post(f"{home}/versions/1/recheck").status_code == 200


def test_the_page_of_a_procedure_without_content_teaches_the_first_step(login, home):
    page = said(login("danhmuc").get(home))
    assert "Chưa có dự thảo" in page
    assert "Tải tệp định nghĩa lên" in page
    assert "Chưa công bố phiên bản nào" in page
    assert "Tải tệp định nghĩa lên" not in said(login("pheduyet").get(home))


def test_an_uploaded_definition_becomes_the_draft_and_is_shown_with_its_proof(login, home):
    browser = login("danhmuc")
    answer = upload(browser, home, **hidden(browser, f"{home}/upload"))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{home}/draft")
    page = said(browser.get(home))
    for sentence in ("dinh-nghia.yaml", "Trần Thị Ngọc Diễm", "2 tình huống mẫu đều đạt", "Không có chỗ nào phải sửa"):
        assert sentence in page


def test_a_pasted_definition_is_kept_as_it_was_pasted(login, home):
    browser = login("danhmuc")
    pasted = texts.WHOLE.replace("\n", "\r\n")  # as browsers send a text area
    assert browser.post(f"{home}/upload", data={"text": pasted}).status_code == 302
    assert browser.get(f"{home}/draft/source").get_data(as_text=True) == texts.WHOLE


def test_a_second_try_after_a_conflict_works_and_was_told_what_the_other_changed(login, home):
    browser = login("danhmuc")
    seen = hidden(browser, f"{home}/upload")
    upload(browser, home)
    refused = browser.post(f"{home}/upload", data={"text": texts.DEARER, **seen})
    assert re.search(r"Bản đang lưu \([^)]+\) khác bản bạn vừa gửi ở dòng \d+", said(refused))
    shown = refused.get_data(as_text=True)
    now_seen = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', shown)[1] for name in ("seen_draft", "seen_version")
    }
    assert browser.post(f"{home}/upload", data={"text": texts.DEARER, **now_seen}).status_code == 302
    assert browser.get(f"{home}/draft/source").get_data(as_text=True) == texts.DEARER


def test_a_draft_is_tried_in_its_own_form_on_a_day_of_choice_and_nothing_is_kept(login, home, count):
    browser = login("pheduyet")
    upload(login("danhmuc"), home)
    assert f"{home}/draft/try" in browser.get(f"{home}/draft").get_data(as_text=True)
    page = browser.get(f"{home}/draft/try")
    assert "Thử, không lưu hồ sơ" in said(page)
    assert "Số bản cần cấp" in said(page)
    assert "Số định danh cá nhân" not in said(page)
    assert "Tiếp nhận hồ sơ</button>" not in page.get_data(as_text=True)
    typed = {"filing-channel": "counter", "filing-return_channel": "counter", "applicant-applicant_kind": "individual",
             "answers-copies": "3", "answers-says_why": "true", "answers-purpose": "study"}  # fmt: skip
    dear = browser.post(f"{home}/draft/try/preview", data={**typed, "trial-at": "09:00 20/11/2025"})
    assert "24.000 đ" in said(dear)
    assert "Thông tư 281/2016/TT-BTC" in said(dear)
    waived = browser.post(f"{home}/draft/try", data={**typed, "trial-at": "09:00 20/11/2026", "trial-unit": "cao_lanh"})
    assert "Học tập" in said(waived)
    assert "0 đ" in said(waived)
    assert (count(ProcedureVersion), count(ProcedureDraft)) == (0, 1)


def test_a_day_that_cannot_be_read_is_told_and_a_broken_draft_is_not_tried(login, home):
    browser = login("danhmuc")
    assert browser.get(f"{home}/draft/try").status_code == 404
    upload(browser, home)
    answer = browser.post(f"{home}/draft/try", data={"trial-at": "hôm qua", "answers-copies": "3"})
    assert answer.status_code == 422
    assert "Nộp hồ sơ lúc" in said(answer)


def test_a_faulty_definition_lists_every_fault_with_its_line_and_keeps_what_was_pasted(login, home, count):
    broken = texts.UNKNOWN_FIELD.replace("percent: 100", "percent: 101")
    answer = login("danhmuc").post(f"{home}/upload", data={"text": broken})
    page = said(answer)
    assert answer.status_code == 422
    line = texts.line_of(broken, "[chanel]")
    assert f"{line} │ inputs: [chanel]" in page
    assert "Không có dữ kiện “chanel”." in page
    assert "Có phải ý bạn là: channel?" in page
    assert "tables[1].inputs[1]" in page
    assert f"{texts.line_of(broken, 'percent: 101')} │" in page
    assert "chưa có gì được lưu" in page
    assert "Lỗi:" in page
    assert broken in unescape(answer.get_data(as_text=True))
    assert count(ProcedureDraft) == 0


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Chưa có tệp và cũng chưa có nội dung dán."),
        ({"text": "format: 1", "definition": (io.BytesIO(b"format: 1"), "a.yaml")}, "Có cả tệp và nội dung dán."),
        ({"definition": (io.BytesIO(b"\xff\xfe\x00"), "a.yaml")}, "Tệp không phải văn bản UTF-8."),
        ({"text": "# x\n" * 600_000}, "quá 2 MB"),
        ({"text": texts.WHOLE.replace("2.000635", "1.001193")}, "Tệp là định nghĩa của thủ tục 1.001193"),
        ({"text": texts.WHOLE, "seen_draft": "x", "seen_version": "y"}, "Trang gửi lên không đầy đủ."),
    ],
)
def test_what_cannot_be_a_definition_is_refused_with_a_sentence(login, home, sent, sentence, count):
    answer = login("danhmuc").post(f"{home}/upload", data=sent)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert count(ProcedureDraft) == 0


def test_a_draft_changed_by_another_is_not_overwritten_and_the_typed_text_stays(login, home):
    browser = login("danhmuc")
    seen = hidden(browser, f"{home}/upload")
    upload(browser, home)
    answer = browser.post(f"{home}/upload", data={"text": texts.DEARER, **seen})
    assert answer.status_code == 409
    assert re.search(r"chính bạn đã lưu một bản dự thảo khác lúc \d\d:\d\d \d\d/\d\d/\d{4}", said(answer))
    assert texts.DEARER in unescape(answer.get_data(as_text=True))
    assert browser.get(f"{home}/draft/source").get_data(as_text=True) == texts.WHOLE


def test_the_draft_is_readable_without_its_yaml(login, home):
    browser = login("danhmuc")
    upload(browser, home)
    page = said(browser.get(f"{home}/draft"))
    for sentence in (
        "Mức thu của Hà Nội, dùng làm ví dụ",
        "Số bản cần cấp Số nguyên, từ 1 bản đến 50 bản Phải có Luôn hỏi",
        "Chỉ hỏi khi “Có nêu mục đích” là có",
        "Chọn một: Học tập; Đi làm",
        "theo bảng “Phí một bản”, nhân với “Số bản cần cấp”",
        "fee.online Trực tuyến 6.000 đ Thông tư 281/2016/TT-BTC (STT 4) từ 01/01/2017",
        "cut.study Học tập miễn toàn bộ Điều 3 Thông tư 281/2016/TT-BTC từ 15/08/2026 đến trước 01/03/2027",
        "Phí, mức thu do Bộ Tài chính quy định",
        "3 ngày làm việc",
        "Tờ khai Phải có Nộp: 1 bản chính Điều 2 Thông tư 281/2016/TT-BTC",
        "3 bản tại quầy là 24.000 đồng tiếp nhận 20/11/2026 Cách nộp: Trực tiếp",
        "Tổng cộng: 24.000 đ",
        "Dự thảo sẵn sàng để công bố.",
    ):
        assert sentence in page
    assert "{vi:" not in page
    assert "None" not in page


def test_the_draft_is_read_in_english_by_who_chose_it_and_keeps_the_vietnamese_that_has_no_english(login, home):
    browser = login("danhmuc")
    upload(browser, home, texts.WHOLE.replace("label: {vi: Phí bản sao}", "label: {vi: Phí bản sao, en: Copy fee}"))
    browser.get("/lang/en")
    answer = browser.get(f"{home}/draft")
    page = said(answer)
    for sentence in (
        "Whole number, from 1 copy to 50 copies Required",
        "Asked only when “Có nêu mục đích” is yes",
        "by the table “Phí một bản”, times “Số bản cần cấp”",
        "fee.online Online 6,000 đ",
        "waived in full",
        "from 15/08/2026 until before 01/03/2027",
        "3 working days",
        "Hand in: 1 original",
        "In all: 24,000 đ",
    ):
        assert sentence in page
    html = answer.get_data(as_text=True)
    assert "<h3>Copy fee</h3>" in html
    assert '<span lang="vi">Nộp tờ khai và nhận kết quả tại nơi nộp.</span>' in html
    signed = said(browser.get(f"{home}/publish"))
    assert "When “Way of filing” is Online, the amount of “Copy fee” is 6,000 đ, times “Số bản cần cấp” (" in signed


def test_a_red_golden_case_shows_its_difference_and_hides_the_button(login, home, count):
    browser = login("danhmuc")
    upload(browser, home, texts.RED_CASE)
    assert "Tổng số tiền: mong đợi 25.000 đ, tính ra 24.000 đ." in said(browser.get(home))
    page = said(browser.get(f"{home}/draft"))
    assert "Không đạt Tổng số tiền: mong đợi 25.000 đ, tính ra 24.000 đ." in page
    page = said(browser.get(f"{home}/publish"))
    assert "Tình huống mẫu “3 bản tại quầy là 24.000 đồng” không đạt." in page
    assert "Công bố phiên bản này" not in page
    answer = browser.post(f"{home}/publish", data={"since": "01/01/2026", **hidden(browser, home)})
    assert answer.status_code == 422
    assert count(ProcedureVersion) == 0


def test_every_obstacle_is_named_when_publication_is_refused(login, home):
    browser = login("danhmuc")
    upload(browser, home, texts.RED_CASE.replace("{total: 0}", "{total: 1}"))
    sent = {"since": "01/01/2026", **hidden(browser, home)}
    answer = browser.post(f"{home}/publish", data=sent)
    assert answer.status_code == 422
    for name in ("3 bản tại quầy là 24.000 đồng", "3 bản trực tuyến để học tập thì được miễn"):
        assert f"Tình huống mẫu “{name}” không đạt." in said(answer)


def test_the_signer_reads_who_pays_what_and_how_long_it_takes_before_the_button(login, home):
    upload(login("danhmuc"), home)
    page = said(login("pheduyet").get(f"{home}/publish"))
    summary, _, _ = page.partition("Công bố phiên bản này")
    for sentence in (
        f"hiện là {legal_day(now()):%d/%m/%Y}",
        "Khi “Cách nộp” là Trực tuyến, thì mức thu “Phí bản sao” là 6.000 đ, nhân với “Số bản cần cấp” (căn cứ "
        "Thông tư 281/2016/TT-BTC (STT 4); từ 01/01/2017).",
        "Khi “Mục đích” là Học tập, thì miễn toàn bộ “Phí bản sao” (căn cứ Điều 3 Thông tư 281/2016/TT-BTC; "
        "từ 15/08/2026 đến trước 01/03/2027).",
        "Với mọi hồ sơ, thời hạn giải quyết theo luật là 3 ngày làm việc (căn cứ Điều 5 Thông tư 281/2016/TT-BTC; "
        "từ 01/01/2017).",
        "2 tình huống mẫu đều đạt",
        "Ví dụ",
    ):
        assert sentence in summary


def test_publishing_twice_in_a_row_publishes_once(login, home, count):
    browser = login("danhmuc")
    upload(browser, home)
    sent = {
        "since": "01/07/2025", "decision": "123/QĐ-UBND", "decision_signed_on": "20/06/2025",
        "on_portal_on": "02/07/2025", **hidden(browser, f"{home}/publish"),
    }  # fmt: skip
    answers = [browser.post(f"{home}/publish", data=sent) for _ in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, f"{home}/versions/1")] * 2
    assert count(ProcedureVersion) == 1
    page = said(browser.get(f"{home}/versions/1"))
    for sentence in ("từ 01/07/2025", "123/QĐ-UBND", "20/06/2025", "02/07/2025", "Đang áp dụng", "Trần Thị Ngọc Diễm"):
        assert sentence in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"since": ""}, "Ghi ngày theo dạng ngày/tháng/năm."),
        ({"since": "31/02/2026"}, "Không có ngày này"),
        ({"since": "01/07/0026"}, "Kiểm tra lại năm"),
        ({"since": "01/07/2026", "decision_signed_on": "hôm qua"}, "Không có ngày này"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_at_its_field_and_the_rest_stays(login, home, typed, sentence, count):
    browser = login("danhmuc")
    upload(browser, home)
    sent = {"decision": "9/QĐ", **typed, **hidden(browser, f"{home}/publish")}
    answer = browser.post(f"{home}/publish", data=sent)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert 'value="9/QĐ"' in answer.get_data(as_text=True)
    assert count(ProcedureVersion) == 0


def test_publishing_a_draft_that_changed_meanwhile_is_refused_and_overwrites_nothing(app, login, home, count):
    browser = login("danhmuc")
    upload(browser, home)
    seen = hidden(browser, f"{home}/publish")
    upload(browser, home, texts.DEARER, **hidden(browser, f"{home}/upload"))
    approver = login("pheduyet")
    typed = {"since": "01/01/2026", "decision": "123/QĐ-UBND", "decision_signed_on": "05/01/2026"}
    answer = approver.post(f"{home}/publish", data={**typed, **seen})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert re.search(
        r"Dự thảo đã đổi sau khi bạn mở trang: .+ đã lưu một bản dự thảo khác lúc \d\d:\d\d \d\d/\d\d/\d{4}",
        said(answer),
    )
    assert "Trần Thị Ngọc Diễm đã lưu một bản dự thảo khác lúc" in said(answer)
    assert "tệp của bạn" not in said(answer)
    assert f'href="{home}/draft"' in page
    assert browser.get(f"{home}/draft/source").get_data(as_text=True) == texts.DEARER
    assert all(f'value="{value}"' in page for value in typed.values())
    assert count(ProcedureVersion) == 0
    sent_again = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in seen}
    assert sent_again != seen
    with app.app_context():
        shown = codec.whole_hash(procedures.read_definition(texts.DEARER)[0])
    assert shown in page
    assert approver.post(f"{home}/publish", data={**typed, **sent_again}).status_code == 302
    assert count(ProcedureVersion) == 1


def test_a_draft_that_is_gone_is_not_published_and_nothing_is_offered_to_publish(login, home, count):
    browser = login("danhmuc")
    upload(browser, home)
    seen = hidden(browser, f"{home}/publish")
    sent = {"since": "01/01/2026", "decision": "1/QĐ", **seen}
    assert login("pheduyet").post(f"{home}/publish", data=sent).status_code == 302
    answer = browser.post(f"{home}/publish", data={**sent, "decision": "2/QĐ"})
    assert answer.status_code == 409
    assert "đã công bố dự thảo lúc" in said(answer)
    assert count(ProcedureVersion) == 1


def test_who_drops_a_draft_that_changed_is_not_told_about_a_file(login, home, count):
    browser = login("danhmuc")
    upload(browser, home)
    seen = hidden(browser, f"{home}/publish")
    upload(browser, home, texts.DEARER, **hidden(browser, f"{home}/upload"))
    answer = browser.post(f"{home}/draft/drop", data=seen)
    assert answer.status_code == 409
    assert "Chưa có gì bị bỏ." in said(answer)
    assert "tệp của bạn" not in said(answer)
    assert browser.get(f"{home}/draft/source").get_data(as_text=True) == texts.DEARER
    assert count(ProcedureDraft) == 1


def test_a_draft_in_other_words_only_is_told_apart_from_another_law(login, home, published):
    published()
    browser = login("danhmuc")
    upload(browser, home, texts.REWORDED)
    assert "quy định để tính không đổi" in said(browser.get(f"{home}/draft"))
    upload(browser, home, texts.DEARER, **hidden(browser, f"{home}/upload"))
    assert "quy định để tính có thay đổi" in said(browser.get(f"{home}/publish"))


def test_a_draft_identical_to_the_version_in_force_is_not_offered_for_publication(login, home, published, count):
    published()
    browser = login("danhmuc")
    upload(browser, home, texts.WHOLE)
    told = "Dự thảo giống hệt phiên bản 1 đã công bố, không có gì để công bố."
    for page in (browser.get(f"{home}/draft"), browser.get(f"{home}/publish")):
        assert told in said(page)
        assert "chỉ khác câu chữ" not in said(page)
    assert "Giống hệt phiên bản 1 đang áp dụng." in said(browser.get(f"{home}/draft"))
    own = browser.get(home)
    assert "Dự thảo giống hệt phiên bản đang áp dụng: không có gì để công bố." in said(own)
    assert f'href="{home}/publish"' not in own.text


def test_what_is_handed_out_is_what_the_hash_is_of(login, home, published):
    version = published()
    browser = login("kiemtra")
    frozen = browser.get(f"{home}/versions/1/canonical")
    assert hashlib.sha256(frozen.get_data()).hexdigest() == version.whole_sha256
    assert json.loads(frozen.get_data())["code"] == texts.CODE
    assert "attachment" in frozen.headers["Content-Disposition"]
    assert browser.get(f"{home}/versions/1/source").get_data(as_text=True) == texts.WHOLE


def test_examining_a_version_again_says_that_it_is_whole(login, home, published):
    version = published()
    page = said(login("kiemtra").post(f"{home}/versions/1/recheck"))
    assert "Nguyên vẹn: nội dung đúng với mã băm đã công bố" in page
    assert version.whole_sha256 in page


def test_a_version_is_ended_in_two_steps_and_once(login, home, count, published):
    published()
    browser = login("pheduyet")
    until = legal_day(now()) + timedelta(days=30)
    sent = {"until": f"{until:%d/%m/%Y}", "reason": "Quyết định 45/QĐ-UBND"}
    first = browser.post(f"{home}/versions/1/end", data=sent)
    assert "Xác nhận bãi bỏ phiên bản 1" in said(first)
    assert f"từ 01/01/2026 đến trước {until:%d/%m/%Y}" in said(first)
    assert count(ProcedureVersionEnd) == 0
    done = [browser.post(f"{home}/versions/1/end", data={**sent, "confirmed": "1"}) for _ in range(2)]
    assert [answer.status_code for answer in done] == [302, 302]
    assert count(ProcedureVersionEnd) == 1
    page = said(browser.get(home))
    assert "Bãi bỏ: Quyết định 45/QĐ-UBND" in page
    assert "Đang áp dụng" in page


def test_an_end_without_a_reason_or_before_the_beginning_is_refused(login, home, count, published):
    published()
    browser = login("danhmuc")
    answer = browser.post(f"{home}/versions/1/end", data={"until": "01/12/2026", "reason": ""})
    assert (answer.status_code, "Ghi văn bản hoặc lý do" in said(answer)) == (422, True)
    answer = browser.post(f"{home}/versions/1/end", data={"until": "31/12/2025", "reason": "x"})
    assert (answer.status_code, "Chọn ngày từ 01/01/2026 trở đi" in said(answer)) == (422, True)
    assert count(ProcedureVersionEnd) == 0


def test_a_draft_is_thrown_away_with_its_button(login, home, count):
    browser = login("danhmuc")
    upload(browser, home)
    assert browser.post(f"{home}/draft/drop").status_code == 422
    assert browser.post(f"{home}/draft/drop", data=hidden(browser, home)).status_code == 302
    assert count(ProcedureDraft) == 0


def test_what_is_not_there_is_said_to_be_not_there(login, home):
    browser = login("danhmuc")
    for path in ("draft", "publish", "versions/7", "draft/source"):
        assert browser.get(f"{home}/{path}").status_code == 404
    assert browser.get("/procedures/00000000-0000-0000-0000-000000000000/draft").status_code == 404


def test_hostile_text_in_a_definition_is_shown_as_text(login, home):
    browser = login("danhmuc")
    upload(browser, home, texts.WHOLE.replace("{vi: Tờ khai}", "{vi: '<script>alert(1)</script>'}"))
    for address in (home, f"{home}/draft", f"{home}/publish"):
        assert "<script>alert" not in browser.get(address).get_data(as_text=True)
    assert "&lt;script&gt;alert(1)" in browser.get(f"{home}/draft").get_data(as_text=True)


def test_a_version_replaced_on_its_first_day_is_said_to_have_applied_until_then(login, home):
    browser = login("danhmuc")
    today, later = legal_day(now()), legal_day(now()) + timedelta(days=9)
    for since, text in ((today, texts.WHOLE), (today, texts.DEARER), (later, texts.WHOLE), (later, texts.DEARER)):
        upload(browser, home, text)
        sent = {"since": f"{since:%d/%m/%Y}", **hidden(browser, f"{home}/publish")}
        assert browser.post(f"{home}/publish", data=sent).status_code == 302
    for page in (home, f"{home}/versions/1"):
        shown = said(browser.get(page))
        assert re.search(rf"đã áp dụng từ .*{today:%d/%m/%Y}.* đến .*{today:%d/%m/%Y}", shown)
    replaced = said(browser.get(f"{home}/versions/1"))
    assert "Đã hết áp dụng" in replaced
    assert "Đã bị thay trước khi áp dụng" not in replaced
    assert "Đã bị thay trước khi áp dụng" in said(browser.get(f"{home}/versions/3"))
