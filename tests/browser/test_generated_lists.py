"""The generated list and the correction in a real browser: a whole walk, wide and on a phone, fit for all readers."""

import pytest

from tests import running_site
from tests.browser.test_every_page import Visitor
from tests.conftest import PASSWORD
from tests.running_site import AXE, NARROW, WIDE

LIST = "/procedures/2.000815/dossiers/"


@pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")
def test_a_list_is_filtered_kept_exported_and_a_dossier_taken_over_and_mended(site, chromium):
    context = running_site.new_context(chromium, site, WIDE, bypass_csp=True, reduced_motion="reduce")
    page = context.new_page()
    running_site.sign_in(page, "xuly.caolanh", PASSWORD)
    visitor = Visitor(page)
    visitor.opens(LIST)
    visitor.examines()
    page.get_by_text("Lọc theo nội dung").click()
    page.get_by_text("Chọn cột").click()
    page.get_by_text("Lưu bộ lọc").click()
    visitor.examines()
    page.get_by_role("group", name="Ngày nhận").get_by_label("từ").fill("31/02/2026")
    page.get_by_role("button", name="Lọc", exact=True).click()
    page.locator("[data-error-summary]").wait_for()
    visitor.examines()
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.set_viewport_size(WIDE)
    visitor.opens(LIST)
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="Nhận giải quyết các hồ sơ đã chọn").click()
    page.get_by_text("Đang giải quyết").first.wait_for()
    code = page.locator("tr", has_text="Đang giải quyết").locator("tbody a, th a").first
    code.click()
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
    visitor.opens(f"{LIST}print")
    visitor.examines()
    assert [fault for fault in visitor.faults if "422" not in fault] == []
    context.close()
