"""A form that keeps itself: typed, offline, typed on, closed, opened again, accepted; two windows are told apart."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journey import CERTIFIED_COPIES, fill_in_applicant, fill_in_certified_copy, take_every_paper
from tests.conftest import PASSWORD
from tests.running_site import AXE, NARROW, sign_in

FORM = f"/reception/{CERTIFIED_COPIES}"
RECEIVER = "tiepnhan.caolanh"


def state(page: Page):
    return page.locator("[data-draft-said]")


def is_kept(page: Page) -> None:
    """Wait until the page says that the form is kept; a loaded machine may take its time."""
    expect(state(page)).to_contain_text("Đã lưu nháp lúc", timeout=30_000)


def draft_of(page: Page, person: str):
    return page.locator("li.draft").filter(has_text=person)


def accept_the_draft(page: Page, person: str) -> None:
    """Come back to the worklist, go on with the draft and accept it; it is gone then."""
    page.goto("/dossiers/")
    page.get_by_role("link", name="Hồ sơ đang nhập dở").click()
    expect(draft_of(page, person)).to_contain_text(CERTIFIED_COPIES)
    draft_of(page, person).get_by_role("link", name="Nhập tiếp").click()
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value(person)
    expect(page.get_by_label("Số trang bản chính")).to_have_value("10")
    take_every_paper(page)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
    page.goto("/reception/")
    expect(draft_of(page, person)).to_have_count(0)


def is_known_next_time(page: Page) -> None:
    """Type the number alone: what was told before goes where nothing was typed."""
    page.goto(FORM)
    page.get_by_label("Số định danh cá nhân").fill("087185001234")
    page.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Mạng")
    page.get_by_role("button", name="Điền vào ô còn trống").click()
    expect(page.get_by_label("Ngày, tháng, năm sinh")).to_have_value("12/04/1985")
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value("Lê Thị Mạng")
    expect(page.get_by_role("button", name="Điền vào ô còn trống")).to_have_count(0)


def test_nothing_typed_is_lost_when_the_line_breaks_and_the_browser_is_closed(enter, faults):
    page = enter(RECEIVER)
    page.goto(FORM)
    expect(state(page)).to_have_text("Câu trả lời tự lưu nháp khi bạn nhập.")
    fill_in_applicant(page, "Lê Thị Mạng Rớt")
    is_kept(page)
    page.context.set_offline(True)
    fill_in_certified_copy(page)
    expect(state(page)).to_contain_text("Mất kết nối: câu trả lời vẫn còn ở đây", timeout=30_000)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_label("Số trang bản chính")).to_have_value("10")
    page.context.set_offline(False)
    is_kept(page)
    expect(page.locator("#panel")).not_to_contain_text("Còn thiếu thông tin")
    faults.clear()  # a broken line is meant to be on the console

    context = page.context
    page.close()
    accept_the_draft(context.new_page(), "Lê Thị Mạng Rớt")
    is_known_next_time(context.new_page())


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
    is_kept(page)
    faults.clear()


def test_a_second_window_on_the_same_draft_is_told_and_decides(enter, faults):
    page = enter(RECEIVER)
    page.goto(FORM)
    page.get_by_label("Họ, chữ đệm và tên").fill("Hai Cửa Sổ")
    is_kept(page)
    second = page.context.new_page()
    second.goto("/reception/")
    draft_of(second, "Hai Cửa Sổ").get_by_role("link", name="Nhập tiếp").click()
    second.get_by_label("Số điện thoại").fill("0912345678")
    is_kept(second)
    page.get_by_label("Nơi cư trú").fill("Số 5")
    expect(state(page)).to_contain_text("sửa ở một cửa sổ khác")
    page.get_by_role("button", name="Giữ bản trên trang này").click()
    is_kept(page)
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


def test_a_login_that_ran_out_costs_no_answer(enter, faults):
    page = enter(RECEIVER)
    page.goto(FORM)
    page.wait_for_load_state("networkidle")  # an answer under way would bring the cookie back
    page.context.clear_cookies()
    page.get_by_label("Họ, chữ đệm và tên").fill("Trần Hết Phiên")
    expect(state(page)).to_contain_text("Phiên làm việc đã hết", timeout=30_000)
    second = page.context.new_page()
    sign_in(second, RECEIVER, PASSWORD)
    is_kept(page)
    second.goto("/reception/")
    expect(draft_of(second, "Trần Hết Phiên")).to_have_count(1)
    faults.clear()  # what was refused meanwhile


def test_computed_values_and_read_only_answers_follow_the_law_of_the_page(enter):
    page = enter(RECEIVER)
    page.goto(FORM)
    page.evaluate(
        """() => {
            const form = document.querySelector("form[data-intake]");
            const old = form.querySelector("script[data-form-law]");
            const law = JSON.parse(old.textContent);
            const pages = ["over", "sum", "originals", ["fact", "originals.pages"]];
            law.made.push(["sum_of_pages", ["product", [pages, ["number", "1250"]]]]);
            law.before[0].fields.find((field) => field.id === "address").readOnly = [[["email", ["known", true]]]];
            const now = old.cloneNode();
            now.textContent = JSON.stringify(law);
            old.replaceWith(now);
            const output = document.createElement("output");
            Object.assign(output.dataset, { computed: "sum_of_pages", scale: "1", unit: "m²" });
            form.prepend(output);
        }"""
    )
    page.get_by_label("Số trang bản chính").press_sequentially("1234")
    expect(page.locator("output[data-computed]")).to_have_text("154.250 m²")
    expect(page.get_by_label("Số trang bản chính")).to_have_value("1.234")
    page.get_by_label("Số trang bản chính").fill("3")
    expect(page.locator("output[data-computed]")).to_have_text("375 m²")
    expect(page.get_by_label("Nơi cư trú")).to_be_editable()
    page.get_by_label("Thư điện tử").fill("a@b.vn")
    expect(page.get_by_label("Nơi cư trú")).not_to_be_editable()


def test_the_form_and_its_drafts_can_be_used_by_everybody_on_a_phone(enter):
    page = enter(RECEIVER, NARROW)
    page.goto(FORM)
    page.get_by_label("Họ, chữ đệm và tên").fill("Nguyễn Văn Điện Thoại")
    is_kept(page)
    for address in (FORM, "/reception/"):
        page.goto(address)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(r => r.violations.filter(v => /serious|critical/.test(v.impact)))")
        assert found == [], [(each["id"], each["nodes"][0]["html"]) for each in found]
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert re.search(r"draft=", draft_of(page, "Điện Thoại").get_by_role("link").get_attribute("href") or "")
