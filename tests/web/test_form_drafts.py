"""The counter's drafts: kept as one types, listed at the desk, opened again as they stood, gone when accepted."""

import json
import re
from uuid import uuid4

import pytest

from tests import desk
from tests.desk import COPIES, OTHER_RECEIVER, RECEIVER, typed

SCRIPT = {"X-Draft": "1"}
KEEP = f"/reception/{COPIES}/draft"


@pytest.fixture
def browser(app, login):
    with app.app_context():
        desk.publish(COPIES)
    return login(RECEIVER)


def keys(page: str) -> dict[str, str]:
    """The form's own keys, as its page holds them."""
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
        for name in ("intake_key", "version", "desk", "draft")
    }


def opened(browser) -> dict[str, str]:
    return keys(browser.get(f"/reception/{COPIES}").text)


def test_a_form_is_kept_and_stands_again_as_it_was_with_half_an_answer_too(browser):
    form = opened(browser)
    sent = typed(**form, **{"answers-originals-0-pages": "1o", "applicant-email": None})
    kept = browser.post(KEEP, data=sent, headers=SCRIPT)
    assert (kept.status_code, kept.get_json()["lock"]) == (200, 1)
    assert re.fullmatch(r"Đã lưu nháp lúc \d\d:\d\d\.", kept.get_json()["said"])
    assert "Hồ sơ đang nhập dở: 1." in browser.get("/dossiers/").text
    listed = browser.get("/reception/").text
    assert "Hồ sơ đang nhập dở" in listed
    assert "Nguyễn Thị Đào" in listed
    link = re.search(r'href="(/reception/[^"]*draft=[^"]*)"', listed)[1]
    again = browser.get(link).text
    assert {**keys(again), "draft": "0"} == form
    assert keys(again)["draft"] == "1"
    for name, value in (("answers-originals-0-pages", "1o"), ("applicant-citizen_id", "087190001234")):
        assert re.search(rf'<input[^>]*name="{name}"[^>]*value="{value}"', again)
    assert re.search(r'id="received-original"[^>]*checked', again)
    assert "error-summary" not in again


def test_the_address_of_a_draft_names_nobody_and_another_person_has_no_such_draft(browser, login):
    browser.post(KEEP, data=typed(**opened(browser)), headers=SCRIPT)
    link = re.search(r'href="(/reception/[^"]*draft=[^"]*)"', browser.get("/reception/").text)[1]
    assert re.fullmatch(rf"/reception/{COPIES}\?draft=[0-9a-f-]{{36}}", link)
    other = login(OTHER_RECEIVER)
    assert other.get(link).status_code == 404
    assert "Hồ sơ đang nhập dở" not in other.get("/reception/").text


def test_two_windows_on_one_form_are_told_and_nothing_is_overwritten_by_itself(browser):
    form = opened(browser)
    browser.post(KEEP, data=typed(**form), headers=SCRIPT)
    late = browser.post(KEEP, data=typed(**form, **{"applicant-full_name": "Trần Văn Sáu"}), headers=SCRIPT)
    told = late.get_json()
    assert (late.status_code, told["lock"]) == (409, "1")
    assert "sửa ở một cửa sổ khác" in told["said"]
    assert "Nguyễn Thị Đào" in browser.get(told["open"]).text
    mine = typed(**{**form, "draft": told["lock"]}, **{"applicant-full_name": "Trần Văn Sáu"})
    assert browser.post(KEEP, data=mine, headers=SCRIPT).get_json()["lock"] == 2
    assert "Trần Văn Sáu" in browser.get("/reception/").text


def test_acceptance_takes_the_draft_away_and_a_late_save_is_told(browser):
    form = opened(browser)
    browser.post(KEEP, data=typed(**form), headers=SCRIPT)
    assert browser.post(f"/reception/{COPIES}", data=typed(**form)).status_code == 302
    assert "Hồ sơ đang nhập dở" not in browser.get("/reception/").text
    late = browser.post(KEEP, data=typed(**form), headers=SCRIPT)
    assert (late.status_code, "lock" in late.get_json()) == (409, False)
    assert "đã được tiếp nhận" in late.get_json()["said"]


def test_a_form_that_could_not_be_accepted_keeps_its_draft_and_its_number(browser):
    form = opened(browser)
    browser.post(KEEP, data=typed(**form), headers=SCRIPT)
    refused = browser.post(f"/reception/{COPIES}", data=typed(**{**form, "draft": "1"}, received=None))
    assert refused.status_code == 422
    assert keys(refused.text)["draft"] == "1"
    assert "Hồ sơ đang nhập dở" in browser.get("/reception/").text


def test_a_draft_is_discarded_from_the_list(browser):
    browser.post(KEEP, data=typed(**opened(browser)), headers=SCRIPT)
    address = re.search(r'action="(/reception/drafts/[^"]*/discard)"', browser.get("/reception/").text)[1]
    assert browser.post(address, follow_redirects=True).text.count("Đã bỏ bản nháp.") == 1
    assert "Hồ sơ đang nhập dở" not in browser.get("/reception/").text


def test_without_a_script_a_button_keeps_the_form_and_leads_to_the_list(browser):
    answer = browser.post(KEEP, data=typed(**opened(browser)), follow_redirects=True)
    assert "Đã lưu nháp. Chọn “Nhập tiếp” để làm tiếp." in answer.text
    assert "Hồ sơ đang nhập dở" in answer.text


def test_what_is_no_form_of_ours_is_refused(browser):
    said = {**opened(browser), "intake_key": "x"}
    assert browser.post(KEEP, data=typed(**said), headers=SCRIPT).status_code == 422
    assert browser.post(KEEP, data={"desk": "xa-thap-muoi"}, headers=SCRIPT).status_code == 403
    assert browser.get(f"/reception/{COPIES}?draft={uuid4()}").status_code == 404


def test_who_may_not_receive_keeps_nothing(browser, login):
    form = opened(browser)
    assert login("xuly.caolanh").post(KEEP, data=typed(**form), headers=SCRIPT).status_code in (302, 403)
    assert "Hồ sơ đang nhập dở" not in browser.get("/reception/").text


def test_the_law_of_the_form_stands_in_its_page_as_data(browser):
    page = browser.get(f"/reception/{COPIES}").text
    law = json.loads(re.search(r'<script type="application/json" data-form-law>(.*?)</script>', page, re.S)[1])
    assert [part["prefix"] for part in law["before"]] == ["applicant", "filing"]
    assert {"originals", "original_finding"} <= {field["id"] for field in law["form"]["fields"]}


def test_who_is_not_logged_in_keeps_nothing(browser, client):
    sent = typed(**opened(browser))
    assert client.post(KEEP, data=sent, headers=SCRIPT).status_code in (302, 401)
    assert "Hồ sơ đang nhập dở" not in browser.get("/reception/").text
