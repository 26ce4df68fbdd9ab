"""Before publication: a finding is accepted for a reason, the signer reads one page, the version says under what."""

import pytest
from playwright.sync_api import Page, expect

from app.services.sample import SAMPLES
from tests.browser.test_every_page import FINDINGS, GRAVE, OVERFLOW
from tests.running_site import AXE, NARROW, WIDE

BIRTH = "1.001193"
REASON = "Bảng để dành cho mức thu sắp ban hành."
SPARE_TABLE = """\
tables:
  - id: spare
    label: {vi: Bảng để dành}
    hit: unique
    inputs: [channel]
    outputs: [{id: amount, type: int}]
    rows:
      - {id: spare.one, when: {channel: online}, then: {amount: 3}, basis: {document: BASIS, article: 4}}
"""


def definition() -> str:
    """Return the sample definition with one table that nothing uses: worth a look, and no fault."""
    text = (SAMPLES / "procedures" / f"{BIRTH}.yaml").read_text(encoding="utf-8")
    basis = text.split("basis:\n", 1)[1].split(":", 1)[0].strip()
    return text.replace("tables:\n", SPARE_TABLE.replace("BASIS", basis), 1)


def looked_at(page: Page) -> list[object]:
    """Return what is wrong with a page at both widths and for axe."""
    wrong: list[object] = []
    page.wait_for_load_state("load")  # a text can be read before the dress is on
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)
        page.evaluate(
            "() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => done())))"
        )
        wrong += page.evaluate(OVERFLOW)
    page.add_script_tag(path=AXE)
    return wrong + [found for found in page.evaluate(FINDINGS, {}) if found[0] in GRAVE]


@pytest.mark.skipif(not AXE.exists(), reason="chưa cài axe-core (npm ci)")
def test_a_finding_is_accepted_for_a_reason_and_the_version_published_then_says_so(enter):
    page = enter("danhmuc", bypass_csp=True, reduced_motion="reduce")
    page.goto(f"/procedures/?q={BIRTH}")
    page.locator("#found tbody a").first.click()
    page.get_by_role("link", name="Tải tệp định nghĩa lên").click()
    page.get_by_label("Hoặc dán nội dung định nghĩa").fill(definition())
    page.get_by_role("button", name="Kiểm tra và lưu dự thảo").click()
    card = page.get_by_role("article").filter(has_text="Bảng “spare” không được dùng ở đâu.")
    card.get_by_text("Chấp nhận có lý do…").press("Enter")
    card.get_by_label("Lý do").fill(REASON)
    assert looked_at(page) == []
    card.get_by_role("button", name="Chấp nhận điểm này").press("Enter")
    expect(page.get_by_role("heading", name="Đã chấp nhận có lý do")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text=REASON)).to_be_visible()

    page.get_by_role("link", name="Tóm tắt để ký").click()
    page.get_by_label("Áp dụng từ ngày").fill("01/01/2030")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_text("Từ ngày 01/01/2030.", exact=True)).to_be_visible()
    assert looked_at(page) == []
    page.get_by_role("link", name="Công bố…").click()
    page.get_by_role("button", name="Công bố phiên bản này").click()
    expect(page.get_by_role("heading", name="Công bố khi đã chấp nhận có lý do")).to_be_visible()
    expect(page.get_by_text(REASON)).to_be_visible()

    page.goto(f"/waivers/?q={BIRTH}")
    expect(page.get_by_role("row").filter(has_text=REASON)).to_contain_text("Phiên bản 2")
    assert looked_at(page) == []
