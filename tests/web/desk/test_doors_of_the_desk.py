"""Who may open the pages of the desk, and what no page lets in."""

import re

import pytest

from app.storage.dossier import Dossier
from tests.desk import (
    COPIES,
    INSPECTOR,
    LEADER,
    POSTAL,
    PROCESSOR,
    RECEIVER,
    typed,
)
from tests.desk_pages import NOWHERE, PREVIEW, accepted, count, keys

ROLES = (RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL, "danhmuc", "quantri", "pheduyet")
OPEN_TO = {
    "/reception/": {RECEIVER, POSTAL},
    "/dossiers/": {RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL},
    "{dossier}": {RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL},
    "{dossier}/receipt.pdf": {RECEIVER, PROCESSOR, LEADER, INSPECTOR, POSTAL},
    "{dossier}/history": {LEADER, INSPECTOR},
    "POST {dossier}/take-over": {PROCESSOR},
    "POST {dossier}/evaluations/{nowhere}/replay": set(),
    f"POST /reception/{COPIES}/preview": {RECEIVER, POSTAL},
}


def test_each_page_opens_to_the_roles_that_need_it_and_to_no_other(login):
    address = accepted(login(RECEIVER))
    opened: dict[str, set[str]] = {page: set() for page in OPEN_TO}
    sent = {"lock_version": "1", "desk": "phuong-cao-lanh"}
    for user_name in ROLES:
        browser = login(user_name)
        for page in OPEN_TO:
            method, _, path = page.rpartition(" ")
            path = path.format(dossier=address, nowhere=NOWHERE)
            answer = browser.post(path, data=sent) if method else browser.get(path)
            assert answer.status_code in (200, 302, 403, 404, 409), (user_name, page, answer.status_code)
            if answer.status_code in (200, 302):
                opened[page].add(user_name)
    assert opened == OPEN_TO


@pytest.mark.parametrize("path", ["/reception/", f"/reception/{COPIES}", "/dossiers/", f"/dossiers/{NOWHERE}/history"])
def test_a_stranger_is_sent_to_the_login(client, path):
    assert "/login/" in client.get(path).headers["Location"]


def test_nothing_is_received_without_the_token_of_the_page(app, login):
    browser = login(RECEIVER)
    hidden = keys(browser)
    app.config["WTF_CSRF_ENABLED"] = True
    assert browser.post(f"/reception/{COPIES}", data=typed(**hidden)).status_code == 400
    assert count(app, Dossier) == 0


def test_what_people_type_is_never_markup(login):
    hostile = "<script>alert(1)</script>"
    browser = login(RECEIVER)
    address = accepted(browser, **{"applicant-full_name": hostile, "answers-originals-0-title": hostile})
    for path in (address, "/dossiers/?shelf=all", f"{address}/beside", f"/dossiers/?q={hostile}"):
        assert hostile not in browser.get(path).text
    assert "&lt;script&gt;" in browser.get(address).text
    assert hostile not in browser.post(PREVIEW, data=typed(**{"answers-originals-0-title": hostile})).text


def test_no_page_of_the_desk_needs_an_inline_script_or_style(login):
    receiver, inspector = login(RECEIVER), login(INSPECTOR)
    address = accepted(receiver)
    pages = [receiver.get(path).text for path in ("/reception/", f"/reception/{COPIES}", "/dossiers/", address)]
    pages += [inspector.get(f"{address}/history").text, receiver.get(f"/reception/received/{address[10:]}").text]
    for page in pages:
        assert not re.search(r"<script(?![^>]*(?:\bsrc=|application/json))|\sstyle=|\son[a-z]+=", page)
