"""The generated list and the correction in a real browser: a whole walk, wide and on a phone, fit for all readers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests import running_site
from tests.browser.test_every_page import Visitor
from tests.conftest import PASSWORD
from tests.running_site import AXE, NARROW, WIDE

LIST = "/procedures/2.000815/dossiers/"
pytestmark = pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")


@pytest.fixture
def visitor(site: str, chromium: Browser) -> Iterator[Visitor]:
    context = running_site.new_context(chromium, site, WIDE, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    running_site.sign_in(page, "xuly.caolanh", PASSWORD)
    found = Visitor(page)
    yield found
    context.close()
    assert [fault for fault in found.faults if "422" not in fault] == []


def test_a_list_is_filtered_and_printed_and_keeps_what_it_could_not_read(visitor):
    page = visitor.page
    visitor.opens(LIST)
    visitor.examines()
    for part in ("Lọc theo nội dung", "Chọn cột", "Lưu bộ lọc"):
        page.get_by_text(part).click()
    visitor.examines()
    page.get_by_role("group", name="Ngày nhận").get_by_label("từ").fill("31/02/2026")
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.locator("[data-error-summary]").wait_for()
    visitor.examines()
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    visitor.opens(f"{LIST}print")
    visitor.examines()


def test_a_dossier_is_taken_over_from_the_list_and_its_answers_are_mended(visitor):
    page = visitor.page
    page.goto(LIST)
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="Nhận giải quyết các hồ sơ đã chọn").click()
    page.locator("tr", has_text="Đang giải quyết").locator("a").first.click()
    page.get_by_role("link", name="Sửa câu trả lời").click()
    visitor.opens(page.url)
    visitor.examines()
    page.get_by_label("Số bản sao").first.fill("7")
    page.get_by_role("button", name="Xem thay đổi").click()
    page.get_by_role("heading", name="Những gì thay đổi").wait_for()
    visitor.examines()
    page.get_by_label("Lý do sửa").fill("Người nộp khai lại")
    page.get_by_role("button", name="Ghi các câu trả lời đã sửa").click()
    page.get_by_role("link", name="Các lần sửa câu trả lời").click()
    page.get_by_text("Người nộp khai lại").first.wait_for()
    visitor.examines()
