"""What is known of an applicant is offered once the number is typed, for what is blank, where the dossier is seen."""

import html
import json
import re

import pytest

from tests import desk
from tests.desk import COMPANY, COPIES, OTHER_RECEIVER, RECEIVER, typed

PREVIEW = f"/reception/{COPIES}/preview"
NUMBER_ALONE = {
    f"applicant-{name}": None for name in ("full_name", "birth_day", "phone", "address", "email")
}  # fmt: skip


@pytest.fixture
def browser(app, login):
    with app.app_context():
        desk.publish(COPIES)
        desk.received()
    return login(RECEIVER)


def offered(page: str) -> dict[str, str]:
    """What the page offers to fill in, by name."""
    found = re.search(r"data-fill='([^']*)'", page)
    return json.loads(html.unescape(found[1])) if found else {}


def test_a_number_that_is_known_brings_name_birth_day_phone_and_address(browser):
    page = browser.post(PREVIEW, data=typed(**NUMBER_ALONE)).text
    assert offered(page) == {
        "applicant-full_name": "Nguyễn Thị Đào",
        "applicant-birth_day": "01/02/1990",
        "applicant-phone": "0912345678",
        "applicant-address": "12 Nguyễn Huệ, phường Cao Lãnh",
    }
    assert "ngày 20/11/2026" in page


def test_what_was_typed_is_not_offered_again_and_an_unknown_number_offers_nothing(browser):
    assert offered(browser.post(PREVIEW, data=typed()).text) == {}
    half = {**NUMBER_ALONE, "applicant-full_name": "Nguyễn Thị Đào"}
    assert "applicant-full_name" not in offered(browser.post(PREVIEW, data=typed(**half)).text)
    other = {**NUMBER_ALONE, "applicant-citizen_id": "087190009999"}
    assert offered(browser.post(PREVIEW, data=typed(**other)).text) == {}


def test_a_desk_that_may_not_see_the_dossier_is_offered_nothing(browser, login):
    sent = {**NUMBER_ALONE, "desk": "xa-thap-muoi"}
    page = login(OTHER_RECEIVER).post(PREVIEW, data=typed(**sent))
    assert (page.status_code, offered(page.text)) == (200, {})


def test_an_organisation_is_known_by_its_tax_code_and_the_representatives_number_is_typed_again(app, browser):
    with app.app_context():
        desk.received(applicant=COMPANY, applicant_kind="enterprise")
    sent = {"applicant-applicant_kind": "enterprise", "applicant-tax_code": "1400999003", **NUMBER_ALONE}
    found = offered(browser.post(PREVIEW, data=typed(**sent)).text)
    assert found["applicant-organisation_name"] == "Công ty TNHH Sen Hồng"
    assert found["applicant-representative_name"] == "Trần Văn Sáu"
    assert "applicant-representative_id" not in found
