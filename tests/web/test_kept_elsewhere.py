"""The reception of a procedure of another body says up front whose it is, and takes in only what may be taken in."""

import html
import re

import pytest

from app.services.sample import SAMPLES
from tests.desk import PROCESSOR, RECEIVER, publish, received, typed

RESIDENCE = "1.004222"
TEXT = (SAMPLES / "procedures" / f"{RESIDENCE}.yaml").read_text(encoding="utf-8")
OWNER = "Công an cấp xã giải quyết; hồ sơ và trạng thái do hệ thống quản lý cư trú của ngành Công an giữ."


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def browser(login):
    return login(RECEIVER)


def test_reception_says_first_who_decides_and_what_the_desk_does_and_offers_no_organisation(app, browser):
    with app.app_context():
        publish(RESIDENCE)
    page = browser.get(f"/reception/{RESIDENCE}").text
    said = words(page)
    assert OWNER in said
    assert said.index(OWNER) < said.index("Người nộp hồ sơ")
    assert "chuyển hồ sơ đi" in said
    assert "Tiếp nhận hồ sơ</button>" in page
    kinds = re.search(r'<select[^>]*name="applicant-applicant_kind".*?</select>', page, re.S)[0]
    assert re.findall(r'value="(\w*)"', kinds) == ["", "individual"]


def test_where_the_desk_only_guides_there_is_nothing_to_press_and_nothing_is_taken_in(app, browser):
    with app.app_context():
        publish(RESIDENCE, TEXT.replace("desk: transfers", "desk: guides"))
    page = browser.get(f"/reception/{RESIDENCE}").text
    assert "Ở đây chỉ hướng dẫn giấy tờ, phí và thời hạn" in words(page)
    assert "Tiếp nhận hồ sơ</button>" not in page
    assert "Giấy tờ đã nhận" not in words(page)
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("intake_key", "version")}
    answers = {"answers-new_address": "12 Nguyễn Huệ", "answers-lawful_home": "false", "answers-exempt_person": "false"}
    answers |= {"applicant-digital_citizen": "false", "received": "declaration"}
    answer = browser.post(f"/reception/{RESIDENCE}", data=typed(**hidden, **answers))
    assert answer.status_code == 409
    assert "không được nhận ở đây" in words(answer.text)


def test_the_page_of_the_dossier_says_that_its_state_is_mirrored(app, login):
    with app.app_context():
        publish(RESIDENCE)
        facts = {"new_address": "12 Nguyễn Huệ", "exempt_person": False, "lawful_home": False}
        dossier_id = received(
            code=RESIDENCE, facts=facts, digital_citizen=False, received=frozenset({"declaration", "home_proof"})
        )
    processor = login(PROCESSOR)
    page = processor.get(f"/dossiers/{dossier_id}").text
    said = words(page)
    assert f"{OWNER} Trạng thái và kết quả ở đây chỉ ghi lại theo hệ thống đó." in said
    assert "Nhận theo dõi" in said
    assert "Ghi lại kết quả của cơ quan giải quyết" in said or "Ghi kết quả" not in said
    seen = {"lock_version": re.search(r'name="lock_version" value="(\d+)"', page)[1]}
    taken = processor.post(f"/dossiers/{dossier_id}/take-over", data=seen, follow_redirects=True)
    assert "Bạn đã nhận theo dõi hồ sơ này." in words(taken.text)
    assert "nhận giải quyết hồ sơ này" not in words(taken.text)
