"""A form belongs to the unit it was opened for, whatever is chosen since."""

import html
import re

import pytest

from app.storage.dossier import Dossier
from rules.match.durable_kernel import Kernel
from tests.desk import (
    COPIES,
    POSTAL,
    typed,
)
from tests.desk_pages import PREVIEW, accepted, count, keys, units_on, words


def test_a_clerk_of_several_units_chooses_one_and_is_remembered(app, login):
    browser = login(POSTAL)
    first = browser.get("/reception/")
    assert "Chọn đơn vị bạn tiếp nhận thay" in words(first.text)
    assert browser.get(f"/reception/{COPIES}").status_code == 302
    chosen = browser.get("/reception/?desk=phuong-my-tra")
    assert "Chứng thực bản sao từ bản chính" in words(chosen.text)
    assert "Ủy ban nhân dân phường Mỹ Trà" in words(browser.get(f"/reception/{COPIES}").text)
    address = accepted(browser)
    assert "Ủy ban nhân dân phường Mỹ Trà" in words(browser.get(address).text)


def test_a_dossier_goes_to_the_unit_its_form_was_opened_for_whatever_was_chosen_since(of_two_desks):
    browser, opened = of_two_desks
    previewed = browser.post(PREVIEW, data=typed(**opened, **{"answers-original_finding": "erased"})).text
    assert "/reception/?desk=phuong-my-tra" in previewed
    refreshed = browser.post(f"/reception/{COPIES}", data=typed(**opened, refresh="1")).text
    assert "tiếp nhận tại Ủy ban nhân dân phường Mỹ Trà" in words(refreshed)
    assert 'name="desk" value="phuong-my-tra"' in refreshed
    answer = browser.post(f"/reception/{COPIES}", data=typed(**opened))
    assert 'href="/reception/?desk=phuong-my-tra"' in browser.get(answer.headers["Location"]).text
    assert units_on(browser, "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]) == {"Mỹ Trà"}


def test_a_refusal_is_made_in_the_name_of_the_unit_its_form_was_opened_for(of_two_desks):
    browser, opened = of_two_desks
    sent = typed(**opened, **{"answers-original_finding": "erased"})
    address = browser.post(f"/reception/{COPIES}/refuse", data=sent).headers["Location"]
    assert units_on(browser, address) == {"Mỹ Trà"}
    assert 'href="/reception/?desk=phuong-my-tra"' in browser.get(address).text


def test_a_request_to_the_leader_is_made_in_the_name_of_the_unit_its_form_was_opened_for(of_two_desks, monkeypatch):
    browser, opened = of_two_desks
    with monkeypatch.context() as differing:
        differing.setattr(Kernel, "match", lambda self, facts, on: (0, 1, 2, 3, 4, 5))
        asked = browser.post(f"/by-hand/ask/{COPIES}", data=typed(**opened)).headers["Location"]
    assert units_on(browser, asked) == {"Mỹ Trà"}


@pytest.mark.parametrize(
    ("key", "status", "told"),
    [
        (None, 422, "Trang gửi lên không đầy đủ"),
        ("xa-thap-muoi", 403, "Hôm nay bạn không được phân công tiếp nhận tại đơn vị của mẫu này"),
        ("khong-co", 403, "Hôm nay bạn không được phân công tiếp nhận tại đơn vị của mẫu này"),
    ],
)
@pytest.mark.parametrize(
    "path", [PREVIEW, f"/reception/{COPIES}", f"/reception/{COPIES}/refuse", f"/by-hand/ask/{COPIES}"]
)
def test_a_form_of_a_unit_that_is_not_ones_own_or_of_none_is_refused_and_never_given_to_another(
    app, browser, path, key, status, told
):
    answer = browser.post(path, data=typed(**{**keys(browser), "desk": key}))
    assert answer.status_code == status
    assert told in words(answer.text)
    assert count(app, Dossier) == 0


def test_the_list_of_procedures_opens_forms_of_the_unit_it_was_listed_for(login):
    browser = login(POSTAL)
    listed = browser.get("/reception/?desk=phuong-my-tra").text
    browser.get("/reception/?desk=phuong-cao-lanh")
    typing = re.search(r'hx-get="([^"]+)"', listed)[1]
    found = browser.get(f"{typing}&q=chung+thuc", headers={"HX-Request": "true"}).text
    for page in (listed, found):
        browser.get("/reception/?desk=phuong-cao-lanh")
        address = html.unescape(re.search(rf'href="(/reception/{COPIES}[^"]*)"', page)[1])
        assert "tiếp nhận tại Ủy ban nhân dân phường Mỹ Trà" in words(browser.get(address).text)


def test_typing_gets_the_list_of_procedures_alone(browser):
    found = browser.get("/reception/?q=chung+thuc", headers={"HX-Request": "true"}).text
    assert "<html" not in found
    assert f"/reception/{COPIES}" in found
    nothing = browser.get("/reception/?q=khong+co", headers={"HX-Request": "true"}).text
    assert "Không tìm thấy thủ tục" in words(nothing)
