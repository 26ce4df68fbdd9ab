"""The page on which answers are mended shows the difference first, keeps what was typed, and writes once."""

import html
import re

import pytest

from app.extensions import db
from app.services import dossier as dossiers
from app.storage.unit_of_work import unit_of_work
from tests.desk import AT, INSPECTOR, PROCESSOR, RECEIVER, acting
from tests.listed import KEEPER, gardens, planted

TYPED = {
    "answers-title": "Vườn sen", "answers-kind": "lotus", "answers-keeper": KEEPER, "answers-area": "12,5",
    "lock_version": "2",
}  # fmt: skip


@pytest.fixture
def held(app) -> str:
    with app.app_context():
        gardens()
        uuid = planted("Ao cá", kind="fish", area=125)
        with acting(PROCESSOR) as rights, unit_of_work() as work:
            dossiers.take_over(work, uuid, rights=rights, seen_version=1, at=AT)
        db.session.remove()
    return f"/dossiers/{uuid}"


def words(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_the_difference_is_shown_before_anything_is_written_and_the_history_after(held, login):
    browser = login(PROCESSOR)
    assert f"{held}/correct" in browser.get(held).text
    assert 'value="Ao cá"' in browser.get(f"{held}/correct").text
    shown = words(browser.post(f"{held}/correct", data=TYPED).text)
    assert "Phí, lệ phí từ 5.000 đ thành 20.000 đ: thu thêm 15.000 đ." in shown
    assert "Các lần sửa câu trả lời" not in browser.get(held).text
    nothing = browser.post(f"{held}/correct", data={**TYPED, "save": "1"})
    assert (nothing.status_code, "Chưa ghi lý do sửa" in words(nothing.text)) == (422, True)
    saved = browser.post(f"{held}/correct", data={**TYPED, "save": "1", "reason": "Khai <b>"}, follow_redirects=True)
    assert "Đã ghi các câu trả lời đã sửa" in words(saved.text)
    again = browser.post(f"{held}/correct", data={**TYPED, "answers-title": "x", "save": "1", "reason": "Khai"})
    assert (again.status_code, 'value="x"' in again.text) == (409, True)
    values = browser.get(f"{held}/values").text
    assert "Khai &lt;b&gt;" in values
    assert "Ao cá Vườn sen" in words(values)


def test_a_wrong_answer_stays_on_the_page_and_others_may_only_read(held, login):
    wrong = login(PROCESSOR).post(f"{held}/correct", data={**TYPED, "answers-area": "rộng"})
    assert (wrong.status_code, 'value="rộng"' in wrong.text) == (422, True)
    assert login(RECEIVER).get(f"{held}/correct").status_code == 403
    assert login(INSPECTOR).get(f"{held}/correct").status_code == 403
    assert login(INSPECTOR).get(f"{held}/values").status_code == 200
