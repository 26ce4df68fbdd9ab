"""A form that keeps itself: typed, offline, typed on, closed, opened again, accepted; two windows are told apart."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journey import CERTIFIED_COPIES, fill_in_applicant, fill_in_certified_copy, take_every_paper
from tests.running_site import AXE, NARROW

FORM = f"/reception/{CERTIFIED_COPIES}"
RECEIVER = "tiepnhan.caolanh"


def state(page: Page):
    return page.locator("[data-draft-said]")


def draft_of(page: Page, person: str):
    return page.locator("li.draft").filter(has_text=person)


def test_nothing_typed_is_lost_when_the_line_breaks_and_the_browser_is_closed(enter, faults):
    page = enter(RECEIVER)
    page.goto(FORM)
    expect(state(page)).to_have_text("Câu trả lời tự lưu nháp khi bạn nhập.")
    fill_in_applicant(page, "Lê Thị Mạng Rớt")
    expect(state(page)).to_contain_text("Đã lưu nháp lúc")
    page.context.set_offline(True)
    fill_in_certified_copy(page)
    expect(state(page)).to_contain_text("Mất kết nối: câu trả lời vẫn còn ở đây", timeout=15_000)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_label("Số trang bản chính")).to_have_value("10")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Đã lưu nháp lúc", timeout=15_000)
    expect(page.locator("#panel")).not_to_contain_text("Còn thiếu thông tin")
    faults.clear()  # a broken line is meant to be on the console

    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/dossiers/")
    draft = draft_of(page, "Lê Thị Mạng Rớt")
    expect(draft).to_contain_text(CERTIFIED_COPIES)
    draft.get_by_role("link", name="Nhập tiếp").click()
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value("Lê Thị Mạng Rớt")
    expect(page.get_by_label("Số trang bản chính")).to_have_value("10")
    take_every_paper(page)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
    page.goto("/reception/")
    expect(draft_of(page, "Lê Thị Mạng Rớt")).to_have_count(0)

    page.goto(FORM)  # and next time the office knows her
    page.get_by_label("Số định danh cá nhân").fill("087185001234")
    page.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Mạng")
    page.get_by_role("button", name="Điền vào ô còn trống").click()
    expect(page.get_by_label("Ngày, tháng, năm sinh")).to_have_value("12/04/1985")
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value("Lê Thị Mạng")
    expect(page.get_by_role("button", name="Điền vào ô còn trống")).to_have_count(0)


def test_questions_follow_at_every_key_also_without_a_connection(enter, faults):
    page = enter(RECEIVER)
    page.goto(FORM)
    page.context.set_offline(True)
    page.get_by_label("Loại người nộp").select_option("enterprise")
    expect(page.get_by_label("Tên tổ chức")).to_be_visible()
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_be_hidden()
    optional = page.locator("label[for=applicant-tax_code] [data-optional]")
    expect(optional).to_be_hidden()
    page.get_by_label("Loại người nộp").select_option("organisation")
    page.get_by_label("Số quyết định thành lập").fill("12/QĐ-UBND")
    expect(optional).to_be_visible()
    page.get_by_label("Mã số thuế").press_sequentially("1400999003")
    expect(page.get_by_label("Số quyết định thành lập")).to_be_hidden()
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Đã lưu nháp lúc", timeout=15_000)
    faults.clear()


def test_a_second_window_on_the_same_draft_is_told_and_decides(enter, faults):
    page = enter(RECEIVER)
    page.goto(FORM)
    page.get_by_label("Họ, chữ đệm và tên").fill("Hai Cửa Sổ")
    expect(state(page)).to_contain_text("Đã lưu nháp lúc")
    second = page.context.new_page()
    second.goto("/reception/")
    draft_of(second, "Hai Cửa Sổ").get_by_role("link", name="Nhập tiếp").click()
    second.get_by_label("Số điện thoại").fill("0912345678")
    expect(state(second)).to_contain_text("Đã lưu nháp lúc")
    page.get_by_label("Nơi cư trú").fill("Số 5")
    expect(state(page)).to_contain_text("sửa ở một cửa sổ khác")
    page.get_by_role("button", name="Giữ bản trên trang này").click()
    expect(state(page)).to_contain_text("Đã lưu nháp lúc")
    page.reload()
    page.goto("/reception/")
    draft_of(page, "Hai Cửa Sổ").get_by_role("link", name="Nhập tiếp").click()
    expect(page.get_by_label("Nơi cư trú")).to_have_value("Số 5")
    expect(page.get_by_label("Số điện thoại")).to_have_value("")
    page.goto("/reception/")
    draft = draft_of(page, "Hai Cửa Sổ")
    draft.get_by_text("Bỏ", exact=True).click()
    draft.get_by_role("button", name="Bỏ bản nháp").click()
    expect(page.get_by_text("Đã bỏ bản nháp.")).to_be_visible()
    expect(draft_of(page, "Hai Cửa Sổ")).to_have_count(0)
    faults.clear()  # the refused save


def test_the_form_and_its_drafts_can_be_used_by_everybody_on_a_phone(enter):
    page = enter(RECEIVER, NARROW)
    page.goto(FORM)
    page.get_by_label("Họ, chữ đệm và tên").fill("Nguyễn Văn Điện Thoại")
    expect(state(page)).to_contain_text("Đã lưu nháp lúc")
    for address in (FORM, "/reception/"):
        page.goto(address)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(r => r.violations.filter(v => /serious|critical/.test(v.impact)))")
        assert found == [], [(each["id"], each["nodes"][0]["html"]) for each in found]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert re.search(r"draft=", draft_of(page, "Điện Thoại").get_by_role("link").get_attribute("href") or "")
