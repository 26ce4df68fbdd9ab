"""An administrator proves a draft: reads boundary cases, confirms one, adds the case that catches a typing error."""

import pytest
from playwright.sync_api import Page, expect

from app.services.sample import SAMPLES
from tests.browser.test_proof import looked_at
from tests.running_site import AXE

EXTRACT, COPIES = "2.000635", "2.000815"
LONG = 60_000


def sample(code: str) -> str:
    return (SAMPLES / "procedures" / f"{code}.yaml").read_text(encoding="utf-8")


def dearer() -> str:
    """Return the sample definition with another amount, in its golden cases too."""
    text = sample(EXTRACT)
    for old, new in (("amount: 8000", "amount: 9000"), ("24000", "27000"), ("8000", "9000")):
        text = text.replace(old, new)
    return text


def drafts(page: Page, code: str, text: str) -> None:
    """Upload a definition as the draft of a procedure, whether it has one already or not."""
    page.goto(f"/procedures/?q={code}")
    page.locator("#found tbody a").first.click()
    first, again = (page.get_by_role("link", name=name) for name in ("Tải tệp định nghĩa lên", "Tải bản khác lên"))
    first.or_(again).click()
    page.get_by_label("Hoặc dán nội dung định nghĩa").fill(text)
    page.get_by_role("button", name="Kiểm tra và lưu dự thảo").click()


@pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")
def test_boundary_cases_and_typing_errors_are_worked_through_by_keyboard_on_a_screen_and_on_a_phone(enter):
    page = enter("danhmuc", bypass_csp=True, reduced_motion="reduce")
    drafts(page, EXTRACT, dearer())
    ways = page.get_by_role("navigation", name="Kiểm chứng")
    ways.get_by_role("link", name="Ca biên").press("Enter")
    assert looked_at(page) == []
    page.get_by_role("button", name="Dựng ca biên").press("Enter")
    opened = page.get_by_role("article").filter(has_text="Chưa xác nhận").first
    opened.wait_for(timeout=LONG)
    assert looked_at(page) == []
    name = opened.get_by_role("heading").inner_text()
    opened.get_by_text("Sai…").press("Enter")
    expect(opened.get_by_role("link", name="Tải bản đã sửa lên")).to_be_visible()
    opened.get_by_role("button", name="Đúng luật").press("Enter")
    expect(page.get_by_text("Đã thêm 1 tình huống mẫu vào dự thảo.")).to_be_visible()
    mine = page.get_by_role("article").filter(has=page.get_by_role("heading", name=name, exact=True))
    expect(mine.get_by_text("Đã xác nhận")).to_be_visible()

    ways.get_by_role("link", name="Lỗi gõ").press("Enter")
    page.get_by_role("button", name="Thử lỗi gõ").press("Enter")
    unnoticed = page.get_by_role("article").filter(has_text="Không ai nhận ra").first
    unnoticed.wait_for(timeout=LONG)
    assert looked_at(page) == []
    unnoticed.get_by_role("button", name="Thêm tình huống này").press("Enter")
    expect(page.get_by_role("article").filter(has_text="Đã thêm tình huống").first).to_be_visible()


@pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")
def test_a_draft_is_compared_with_the_version_in_force_and_its_summary_printed(enter):
    page = enter("danhmuc", bypass_csp=True, reduced_motion="reduce")
    drafts(page, EXTRACT, dearer())
    ways = page.get_by_role("navigation", name="Kiểm chứng")
    ways.get_by_role("link", name="So sánh").press("Enter")
    expect(page.get_by_role("heading", name="Hồ sơ nào đổi kết quả")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Tổng số tiền phải nộp").first).to_be_visible()
    assert looked_at(page) == []
    ways.get_by_role("link", name="Tóm tắt để ký").press("Enter")
    address = page.get_by_role("link", name="Tải bản in (PDF)").get_attribute("href")
    assert address is not None
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF")


def test_the_proofs_of_a_draft_need_no_script(enter):
    page = enter("danhmuc", java_script_enabled=False)
    drafts(page, COPIES, sample(COPIES))
    page.get_by_role("link", name="Ca biên").click()
    page.get_by_role("button", name="Dựng ca biên").click()
    cases = page.get_by_role("article")
    while not cases.count():
        page.get_by_role("link", name="Ca biên").click()
    expect(cases.first).to_be_visible()
