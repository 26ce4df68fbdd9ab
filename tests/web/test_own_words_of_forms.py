"""What a form misses is said by us, in the person's language and at the field, never by a bubble of the browser."""

import html
import re
from pathlib import Path

import pytest

import app as application

TEMPLATES = sorted((Path(application.__file__).parent / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_form_leaves_it_to_the_browser_to_say_what_is_missing(path):
    source = path.read_text(encoding="utf-8")
    for form in re.findall(r'<form method="post".*?</form>', source, re.S):
        asks = re.search(r"\brequired\b|forms\.field|\|control|caller\(\)", form)
        assert not asks or re.search(r"\snovalidate\b", form), form[:200]


def test_a_day_is_not_withdrawn_without_a_reason_and_the_page_says_so_at_the_field(login):
    browser = login("danhmuc")
    day = re.search(r'id="reason-(2026-\d\d-\d\d)"', browser.get("/calendar/2026").text)[1]
    answer = browser.post(f"/calendar/2026/days/{day}/withdraw", data={"reason": " "})
    assert answer.status_code == 422
    at_field = re.search(rf'id="reason-{day}-error">.*?</div>', answer.text, re.S)[0]
    assert "Chưa ghi lý do bỏ ngày này. Ghi văn bản hoặc lý do, rồi bấm lại." in html.unescape(at_field)
    assert f'<a href="#reason-{day}">' in answer.text
    assert len(re.findall(r'<details class="why confirm" open>', answer.text)) == 1
    assert browser.post(f"/calendar/2026/days/{day}/withdraw", data={"reason": "Nhầm ngày"}).status_code == 302
