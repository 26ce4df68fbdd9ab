"""Every kind of field on the desk's pages: asked, held against each other, filled by a card, masked, worked out."""

import html
import re

import pytest

from app.services.sample import SAMPLES
from tests.desk import COPIES, RECEIVER, publish, typed

FIELDS = """
  - {id: about, kind: note, label: {vi: "Chỉ khai khi <b>nộp thay</b>.", en: Only when filing for somebody.}}
  - {id: grantor, kind: party, label: {vi: Người ủy quyền, en: Grantor}, mask: true}
  - {id: home, kind: address, label: {vi: Nơi ở hiện nay, en: Home}}
  - {id: firm, kind: organisation, label: {vi: Tổ chức giới thiệu, en: Organisation}, parts: [name, tax_code]}
  - {id: passport, kind: passport, label: {vi: Hộ chiếu, en: Passport}, mask: true}
  - {id: old_card, kind: old_id, label: {vi: Chứng minh nhân dân cũ, en: Old card}}
  - {id: body, kind: org_code, label: {vi: Mã cơ quan, en: Body}}
  - {id: before, kind: dossier, label: {vi: Hồ sơ trước, en: Earlier dossier}}
  - id: language
    kind: text
    label: {vi: Tiếng của bản chính, en: Language}
    default: Việt
    read_only_when: {channel: counter}
  - id: pages_in_all
    kind: whole_number
    unit: page
    label: {vi: Tổng số trang, en: Pages}
    computed: "sum(originals, pages * copies)"
  - {id: checked, kind: text, label: {vi: Ý kiến thẩm định, en: Opinion}, stage: appraisal, required: true}
"""
TEXT = (
    (SAMPLES / "procedures" / f"{COPIES}.yaml")
    .read_text(encoding="utf-8")
    .replace("\nfields:", "\nfields:" + FIELDS.rstrip(), 1)
)
CARD = "087090000001|340123456|Nguyễn Văn An|06031990|Nam|Ấp 1, xã Mỹ Hội, Đồng Tháp|25042021"


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def desk(app, login):
    with app.app_context():
        publish(COPIES, TEXT)
    return login(RECEIVER)


def hidden(page: str) -> dict[str, str]:
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("intake_key", "version")}


def test_the_form_asks_for_blocks_by_their_parts_and_leaves_the_appraisal_to_the_appraisal(desk):
    page = desk.get(f"/reception/{COPIES}").text
    said = words(page)
    assert "Chỉ khai khi <b>nộp thay</b>." in html.unescape(page)
    assert "<b>nộp thay" not in page
    assert re.search(r"<legend>Người ủy quyền</legend>", page)
    assert 'name="answers-grantor_citizen_id"' in page
    assert "Tổng số trang" in said
    assert 'name="answers-pages_in_all"' not in page
    assert "Ý kiến thẩm định" not in said
    assert re.search(r'<input[^>]*name="answers-language"[^>]*readonly', page)
    assert re.search(r'<option value="Phường Cao Lãnh, Đồng Tháp [(][^"]*">', page)


def test_a_card_fills_its_block_and_a_number_that_disagrees_is_told_and_taken(desk):
    keys = hidden(desk.get(f"/reception/{COPIES}").text)
    sent = typed(**keys, **{"refresh": "1", "answers-grantor_card": CARD})
    page = desk.post(f"/reception/{COPIES}", data=sent).text
    assert re.search(r'name="answers-grantor_name"[^>]*value="Nguyễn Văn An"', page)
    assert re.search(r'name="answers-grantor_birth_day"[^>]*value="06/03/1990"', page)
    assert CARD not in page
    sent = typed(
        **keys,
        **{"refresh": "1", "answers-grantor_citizen_id": "087090000001", "answers-grantor_birth_day": "06/03/1991"},
    )
    said = words(desk.post(f"/reception/{COPIES}", data=sent).text)
    assert "Số định danh ghi năm sinh 1990 nhưng ngày sinh là 06/03/1991" in said


def test_a_dossier_is_received_with_every_kind_and_shows_masked_answers_only_to_who_says_why(desk):
    keys = hidden(desk.get(f"/reception/{COPIES}").text)
    answers = {
        "answers-grantor_card": CARD,
        "answers-home_unit": "phuong cao lanh",
        "answers-home_line": "12 Nguyễn Huệ",
        "answers-firm_name": "Sở Tư pháp",
        "answers-passport": "c1234567",
        "answers-old_card": "340 123 456",
        "answers-body": "H20.11",
        "answers-language": "Tiếng giả",
        "answers-pages_in_all": "999",
        "answers-checked": "giả",
    }
    answer = desk.post(f"/reception/{COPIES}", data=typed(**keys, **answers), follow_redirects=True)
    assert answer.status_code == 200, words(answer.text)
    where = re.search(r'href="(/dossiers/[0-9a-f-]{36})"', answer.text)[1]
    page = desk.get(where).text
    said = words(page)
    assert "C1234567" not in said
    assert "•••••567" in said
    assert "Nguyễn Văn An" not in said
    assert "Tiếng của bản chính Việt" in said
    assert "Tổng số trang 30 trang" in said
    assert "Tiếng giả" not in said
    assert "Xã, phường của nơi ở hiện nay Phường Cao Lãnh, Đồng Tháp" in said


def test_what_is_worked_out_is_told_anew_while_the_form_is_filled_in(desk):
    keys = hidden(desk.get(f"/reception/{COPIES}").text)
    part = desk.post(f"/reception/{COPIES}/preview", data=typed(**keys, **{"answers-originals-0-copies": "4"})).text
    assert re.search(r'<output id="answers-pages_in_all"[^>]*hx-swap-oob="true"[^>]*>40 trang</output>', part)


def test_what_cannot_be_found_is_refused_at_its_field_and_stays_as_it_was_typed(desk):
    keys = hidden(desk.get(f"/reception/{COPIES}").text)
    wrong = {"answers-home_unit": "Xã Không Có", "answers-before": "H20.99-200101-0001", "answers-passport": "12"}
    page = desk.post(f"/reception/{COPIES}", data=typed(**keys, **wrong)).text
    said = words(page)
    assert "không có xã, phường nào tên như vậy" in said
    assert "không tìm thấy hồ sơ có mã này" in said
    assert "số hộ chiếu Việt Nam gồm 1 chữ cái và 7 chữ số" in said
    assert 'value="Xã Không Có"' in page
