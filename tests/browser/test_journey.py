"""The whole journey as people walk it: from a real Excel catalogue to a printed receipt and its replay."""

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from samples.workbook import write_sample_workbook
from tests import running_site
from tests.conftest import PASSWORD

GENUINE = running_site.ROOT.parent / "shared" / "data" / "catalog_exports" / "toa-an-nhan-dan.xlsx"
CERTIFIED_COPIES = "2.000815"

DEFINITION = """\
format: 1
code: "{code}"
name: {{vi: "{name}", en: Journey}}
field_of_work: {{vi: Tòa án}}
example: {{vi: "Mức thu đặt ra để thử, không phải quy định"}}
statutory:
  steps: {{vi: Nộp đơn và nhận kết quả tại nơi nộp.}}
  ways: [counter, online]
  copies_of_dossier: 1
  applicants: [{{vi: Cá nhân}}]
  body: {{vi: Ủy ban nhân dân cấp xã}}
  result: {{code: KQ.THU, name: {{vi: Giấy xác nhận}}}}
basis:
  nd118: {{document: Nghị định 118/2025/NĐ-CP, title: {{vi: "Cơ chế một cửa, một cửa liên thông"}}, since: 2025-07-01}}
lists:
  reason:
    - {{code: study, label: {{vi: Học tập}}}}
    - {{code: work, label: {{vi: Đi làm}}}}
fields:
  - {{id: copies, kind: whole_number, label: {{vi: Số bản cần cấp}}, required: true, min: 1, max: 50, unit: copy}}
  - {{id: says_why, kind: yes_no, label: {{vi: Có nêu mục đích không}}, required: true}}
  - id: reason
    kind: choice
    list: reason
    label: {{vi: Mục đích sử dụng}}
    required: true
    shown_when: {{says_why: "true"}}
facts:
  - {{id: fee, type: money, label: {{vi: Phí theo số bản}}, formula: "copies * 3000"}}
tables:
  - id: time_limit
    label: {{vi: Thời hạn giải quyết}}
    hit: unique
    inputs: [channel]
    outputs: [{{id: amount, type: int}}, {{id: unit, type: code}}]
    rows:
      - id: time.counter
        when: {{channel: counter}}
        then: {{amount: 2, unit: working_days}}
        basis: {{document: nd118, article: 17}}
      - id: time.online
        when: {{channel: online}}
        then: {{amount: 3, unit: working_days}}
        basis: {{document: nd118, article: 17}}
charges:
  - id: copy_fee
    label: {{vi: Phí cấp bản sao}}
    kind: service_fee
    set_by: ministry_of_finance
    currency: VND
    amount: {{fact: fee, basis: {{document: nd118, article: 17}}}}
    collected: at_filing
    refundable: false
papers:
  - code: form
    label: {{vi: Đơn đề nghị}}
    required: true
    originals: 1
    copies: 0
    handed: hand_in
    basis: {{document: nd118, article: 17}}
deadline: {{table: time_limit}}
cases:
  - name: {{vi: 3 bản nộp tại quầy là 9.000 đ}}
    given: {{channel: counter, copies: 3, says_why: false}}
    at: 2026-11-10T10:00
    then: {{total: 9000, charges: {{copy_fee: 9000}}, papers: [form], deadline: 2026-11-12T17:00}}
  - name: {{vi: 2 bản nộp trực tuyến là 6.000 đ}}
    given: {{channel: online, copies: 2, says_why: true, reason: study}}
    on: 2026-11-20
    then: {{total: 6000}}
"""
"""A procedure that is nobody's law: small enough to be read, with a condition, a fee, a paper and two time limits."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory) -> Path:
    """The genuine export where it is at hand, else the sample workbook in the same shape."""
    return GENUINE if GENUINE.exists() else write_sample_workbook(tmp_path_factory.mktemp("export") / "danh-muc.xlsx")


def fill_in_applicant(page: Page, name: str = "Nguyễn Thị Minh Châu") -> None:
    page.get_by_label("Họ, chữ đệm và tên").fill(name)
    page.get_by_label("Số định danh cá nhân").fill("087185001234")
    page.get_by_label("Ngày, tháng, năm sinh").fill("12/04/1985")
    page.get_by_label("Số điện thoại").fill("0912345678")
    page.get_by_label("Nơi cư trú").fill("Số 12 đường Nguyễn Huệ, phường Cao Lãnh, tỉnh Đồng Tháp")


def fill_in_certified_copy(page: Page, pages: str = "10", copies: str = "3") -> None:
    page.get_by_label("Tên giấy tờ").fill("Bằng tốt nghiệp đại học")
    page.get_by_label("Số trang bản chính").fill(pages)
    page.get_by_label("Số bản sao").fill(copies)
    page.get_by_label("Kết quả kiểm tra bản chính").select_option(label="Không có vi phạm")


def take_every_paper(page: Page) -> None:
    for box in page.locator("#checklist input[type=checkbox]").all():
        box.check()


def panel(page: Page):
    return page.locator("#panel")


def receive_a_certified_copy(page: Page, name: str) -> str:
    """Receive a dossier at the counter; return its address."""
    page.goto(f"/reception/{CERTIFIED_COPIES}")
    fill_in_applicant(page, name)
    fill_in_certified_copy(page)
    expect(panel(page)).not_to_contain_text("Còn thiếu thông tin")
    take_every_paper(page)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
    return page.get_by_role("link", name="Mở hồ sơ").get_attribute("href") or ""


def fonts_of(reader: PdfReader) -> set[str]:
    return {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_from_a_genuine_catalogue_to_a_published_procedure_and_its_first_dossier(enter, catalogue):
    administrator = enter("danhmuc")
    code, name = import_the_catalogue(administrator, catalogue)
    publish_a_definition(administrator, code, name)
    counter = enter("tiepnhan.caolanh")
    receive_under_the_new_procedure(counter, code)


def import_the_catalogue(page: Page, catalogue: Path) -> tuple[str, str]:
    """Upload the export, watch it, accept it, and find one of its procedures; return the code and the name."""
    page.get_by_role("link", name="Nhập danh mục").click()
    page.get_by_role("link", name="Tải danh mục lên").first.click()
    page.get_by_label("Tệp Excel (.xlsx)").set_input_files(catalogue)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    accept = page.get_by_role("button", name=re.compile("^Chấp nhận: thêm"))
    expect(accept).to_be_visible(timeout=30_000)
    words, code = ("tai lieu trong ho so vu an", "3.000165") if catalogue == GENUINE else ("khai tu", "1.000656")
    expect(page.locator("tbody")).to_contain_text(code)
    accept.click()
    expect(page.get_by_text("Đã thêm", exact=False).first).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Thủ tục hành chính").click()
    page.get_by_label("Tìm theo mã số hoặc tên").press_sequentially(words)
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page.locator("#found")).to_contain_text("Chưa có nội dung")
    link = page.locator("#found tbody a")
    name = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text(code, exact=True).first).to_be_visible()
    return code, name


def publish_a_definition(page: Page, code: str, name: str) -> None:
    expect(page.get_by_text("Chưa có dự thảo")).to_be_visible()
    page.get_by_role("link", name="Tải tệp định nghĩa lên").click()
    page.get_by_label("Tệp định nghĩa").set_input_files(
        {
            "name": "dinh-nghia.yaml",
            "mimeType": "application/yaml",
            "buffer": DEFINITION.format(code=code, name=name).encode(),
        }
    )
    page.get_by_role("button", name="Kiểm tra và lưu dự thảo").click()
    expect(page.get_by_text("2 tình huống mẫu đều đạt").first).to_be_visible()
    expect(page.get_by_text("Dự thảo sẵn sàng để công bố.")).to_be_visible()
    page.get_by_role("link", name="Công bố…").click()
    page.get_by_label("Số quyết định công bố").fill("123/QĐ-UBND")
    page.get_by_role("button", name="Công bố phiên bản này").click()
    expect(page.get_by_text("Đã công bố phiên bản 1")).to_be_visible()
    expect(page.get_by_text("123/QĐ-UBND")).to_be_visible()


def receive_under_the_new_procedure(page: Page, code: str) -> None:
    """Condition, fee and reason of the procedure that was published a moment ago."""
    page.get_by_role("link", name="Tiếp nhận hồ sơ").first.click()
    page.get_by_label("Tên hoặc mã thủ tục").fill(code)
    page.locator("#found li a", has_text=code).click()
    fill_in_applicant(page)
    purpose = page.get_by_label("Mục đích sử dụng")
    expect(purpose).to_be_hidden()
    says_why = page.get_by_role("group", name="Có nêu mục đích không")
    says_why.get_by_label("Có", exact=True).check()
    expect(purpose).to_be_visible()
    purpose.select_option(label="Học tập")
    says_why.get_by_label("Không", exact=True).check()
    expect(purpose).to_be_hidden()
    page.get_by_label("Số bản cần cấp").fill("3")
    expect(panel(page)).to_contain_text("9.000 đ")
    expect(panel(page)).to_contain_text("Đơn đề nghị")
    take_every_paper(page)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("9.000 đ")


def test_a_dossier_is_received_explained_printed_decided_returned_and_replayed(enter):
    counter = enter("tiepnhan.caolanh")
    name = "Trần Thị Quỳnh Hương"
    dossier = accept_with_a_double_click(counter, name)
    code = print_the_receipt(counter, dossier)
    second = enter("xuly.caolanh")
    take_over_from_the_worklist(second, code)
    third = enter("xuly2.caolanh")
    record_the_result(third, dossier)
    counter.goto(dossier)
    counter.get_by_label("Đã thu đủ tiền của người nộp").check()
    counter.get_by_role("button", name="Trả kết quả").click()
    expect(counter.get_by_text("Đã trả kết quả cho người nộp.")).to_be_visible()
    replay_every_evaluation(enter("kiemtra"), dossier)


def accept_with_a_double_click(page: Page, name: str) -> str:
    page.goto(f"/reception/{CERTIFIED_COPIES}")
    expect(panel(page)).to_contain_text("Còn thiếu thông tin")
    fill_in_applicant(page, name)
    fill_in_certified_copy(page)
    expect(panel(page)).to_contain_text("36.000 đ")
    expect(panel(page)).to_contain_text("Bản chính giấy tờ, văn bản")
    expect(panel(page)).to_contain_text("Hẹn trả kết quả")
    for key, citation in (("charge", "Thông tư 226/2016/TT-BTC"), ("deadline", "Nghị định 23/2015/NĐ-CP")):
        why = panel(page).locator(f"details[data-why^={key}]").first
        why.locator("summary").click()
        expect(why.locator(".cite").first).to_contain_text(citation)
    take_every_paper(page)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
    address = page.get_by_role("link", name="Mở hồ sơ").get_attribute("href") or ""
    page.goto(f"/dossiers/?shelf=all&q={name}")
    expect(page.locator("tbody tr")).to_have_count(1)
    return address


def print_the_receipt(page: Page, dossier: str) -> str:
    """Fetch the receipt with the browser's own cookies and read it as a person would; return the dossier's code."""
    page.goto(dossier)
    code = page.get_by_role("heading", level=1).inner_text()
    appointment = page.locator(".appointment").inner_text()
    link = page.get_by_role("link", name="Giấy tiếp nhận").get_attribute("href")
    answer = page.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.body()))
    text = text_of(reader)
    for words in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", code, "36.000", "Trần Thị Quỳnh Hương",
        "Chứng thực bản sao từ bản chính giấy tờ, văn bản", "Thông tư 226/2016/TT-BTC",
    ):  # fmt: skip
        assert words in text, words
    day, moment = appointment.split(" ")[0], appointment.split(" ")[1]
    said = f"{moment[:2]} giờ {moment[3:]} phút, ngày {day[:2]} tháng {day[3:5]} năm {day[6:]}"
    assert said in text, said
    assert {font.partition("+")[2].partition("-")[0] for font in fonts_of(reader)} == {"Tinos"}
    assert page.request.get(link).body() == answer.body()
    return code


def take_over_from_the_worklist(page: Page, code: str) -> None:
    page.goto("/dossiers/?shelf=todo")
    row = page.locator("tbody tr", has_text=code)
    expect(row).to_contain_text(re.compile("Còn .* làm việc"))
    row.get_by_role("link", name=code).click()
    beside = page.locator("#beside")
    expect(beside.get_by_role("heading", name=code)).to_be_visible()
    beside.get_by_role("button", name="Nhận giải quyết").click()
    expect(page.get_by_text("Bạn đã nhận giải quyết hồ sơ này.")).to_be_visible()


def record_the_result(page: Page, dossier: str) -> None:
    page.goto(dossier)
    page.get_by_text("Ghi kết quả giải quyết").click()
    page.get_by_role("combobox", name="Kết quả").select_option(label="Đồng ý giải quyết")
    page.get_by_label("Nội dung kết quả").fill("Đã chứng thực 3 bản sao.")
    page.get_by_role("button", name="Ghi kết quả", exact=True).click()
    expect(page.get_by_text("Đã ghi kết quả.")).to_be_visible()


def replay_every_evaluation(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}/history")
    expect(page.get_by_text("Nhật ký nguyên vẹn")).to_be_visible()
    page.get_by_role("button", name="Tính lại").first.click()
    expect(page.get_by_text("Trùng khớp hoàn toàn")).to_be_visible()
    kept, computed = page.locator("dd.hash").all_inner_texts()
    assert re.fullmatch("[0-9a-f]{64}", kept)
    assert kept == computed
    expect(page.get_by_role("main")).to_contain_text("36.000 đ")


def test_missing_answers_are_listed_on_top_with_the_focus_and_told_at_each_field(enter, faults):
    page = enter("tiepnhan.caolanh")
    page.goto(f"/reception/{CERTIFIED_COPIES}")
    page.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Diệu Hiền")
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    for label in ("Số định danh cá nhân", "Nơi cư trú", "Tên giấy tờ"):
        expect(summary.get_by_role("link", name=re.compile(label))).to_be_visible()
        field = page.get_by_label(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"[id='{field.get_attribute('id')}-error']")).to_be_visible()
    summary.get_by_role("link", name=re.compile("Số định danh cá nhân")).click()
    expect(page.get_by_label("Số định danh cá nhân")).to_be_focused()
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value("Lê Thị Diệu Hiền")
    expect(summary.get_by_role("link", name=re.compile("Kết quả kiểm tra bản chính"))).to_be_visible()
    summary.get_by_role("link", name=re.compile("Còn thiếu giấy tờ")).click()
    expect(page.get_by_label("Bản chính giấy tờ, văn bản")).to_be_focused()
    forget(faults, "422")


def test_a_mended_answer_loses_its_red_sentence_and_the_summary_says_so(enter, faults):
    page = enter("tiepnhan.caolanh")
    page.goto(f"/reception/{CERTIFIED_COPIES}")
    fill_in_applicant(page)
    fill_in_certified_copy(page)
    take_every_paper(page)
    number, born = page.get_by_label("Số định danh cá nhân"), page.get_by_label("Ngày, tháng, năm sinh")
    number.fill("123")
    born.fill("31/02/1985")
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    for field, half, right in ((number, "0871850", "087185001234"), (born, "30/02/1985", "28/02/1985")):
        told = page.locator(f"[id='{field.get_attribute('id')}-error']")
        expect(told).to_be_visible()
        field.fill(half)
        expect(told).to_be_visible()
        field.fill(right)
        expect(told).to_be_hidden()
        expect(field).not_to_have_attribute("aria-invalid", "true")
        assert not (field.get_attribute("aria-describedby") or "").endswith("-error")
    expect(summary.get_by_role("heading")).to_have_text("Các mục dưới đây đã sửa; gửi lại để kiểm tra")
    expect(summary.get_by_role("listitem").filter(has_text="(đã sửa)")).to_have_count(2)
    number.fill("123")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(summary.get_by_role("heading")).to_have_text("Có lỗi cần sửa")
    number.fill("087185001234")
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
    forget(faults, "422")


def test_on_a_phone_the_outcome_stands_above_the_button_that_accepts(enter):
    page = enter("tiepnhan.caolanh", running_site.NARROW)
    page.goto(f"/reception/{CERTIFIED_COPIES}")
    button = page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).bounding_box()
    outcome = panel(page).bounding_box()
    assert outcome["y"] + outcome["height"] <= button["y"]


def test_a_double_click_on_accept_ends_on_the_page_of_the_one_dossier(enter, site, chromium):
    with_script = enter("tiepnhan.caolanh")
    context = running_site.new_context(chromium, site, java_script_enabled=False)
    without_script = context.new_page()
    running_site.sign_in(without_script, "tiepnhan.caolanh", PASSWORD)
    for page, name in ((with_script, "Lâm Thị Kim Chi"), (without_script, "Lâm Thị Kim Thư")):
        page.goto(f"/reception/{CERTIFIED_COPIES}")
        fill_in_applicant(page, name)
        fill_in_certified_copy(page)
        if page is without_script:
            page.get_by_role("button", name="Cập nhật giấy tờ, phí và ngày hẹn").click()
        take_every_paper(page)
        page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).dblclick(no_wait_after=True)
        # Not wait_for_url: the second click may cut off the navigation of the first, and that alone is no fault.
        expect(page).to_have_url(re.compile("/reception/received/"))
        expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
        page.goto(f"/dossiers/?shelf=all&q={name}")
        expect(page.get_by_role("row").filter(has_text=name)).to_have_count(1)
    context.close()


def forget(faults: list[str], status: str) -> None:
    """A refusal that was asked for is written on the console by the browser itself; nothing else may be."""
    faults[:] = [fault for fault in faults if f"status of {status}" not in fault]


def test_the_keyboard_alone_leads_from_the_login_to_a_filled_form(site, chromium, faults):
    context = running_site.new_context(chromium, site)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto("/login/")
    focus(page, page.get_by_label("Tên đăng nhập"))
    page.keyboard.type("tiepnhan.caolanh")
    page.keyboard.press("Tab")
    focus(page, page.get_by_label("Mật khẩu"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    follow(page, page.get_by_role("navigation").get_by_role("link", name="Tiếp nhận hồ sơ"))
    page.keyboard.type("chung thuc ban sao")
    found = page.locator("#found a", has_text=CERTIFIED_COPIES)
    expect(page.locator("#found a")).to_have_count(1)
    follow(page, found)
    for label, typed in (
        ("Họ, chữ đệm và tên", "Nguyễn Thị Minh Châu"), ("Số định danh cá nhân", "087185001234"),
        ("Ngày, tháng, năm sinh", "12/04/1985"), ("Số điện thoại", "0912345678"), ("Nơi cư trú", "Phường Cao Lãnh"),
        ("Tên giấy tờ", "Bằng lái xe"), ("Số trang bản chính", "2"), ("Số bản sao", "2"),
    ):  # fmt: skip
        focus(page, page.get_by_label(label))
        page.keyboard.type(typed)
    expect(panel(page)).to_contain_text("8.000 đ")
    focus(page, page.get_by_label("Kết quả kiểm tra bản chính"))
    page.keyboard.press("ArrowDown")
    expect(panel(page)).not_to_contain_text("Còn thiếu thông tin")
    focus(page, page.locator("#checklist input").first)
    page.keyboard.press("Space")
    focus(page, page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True))
    context.close()


def test_a_server_out_of_reach_is_said_on_top_and_the_answers_stay(enter, faults):
    page = enter("tiepnhan.caolanh")
    page.goto(f"/reception/{CERTIFIED_COPIES}")
    page.route("**/preview**", lambda route: route.abort())
    page.get_by_label("Họ, chữ đệm và tên").fill("Nguyễn Thị Minh Châu")
    expect(page.get_by_role("alert")).to_contain_text("Mất kết nối: câu trả lời vẫn còn ở đây")
    page.unroute("**/preview**")
    page.get_by_label("Nơi cư trú").fill("Phường Cao Lãnh")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value("Nguyễn Thị Minh Châu")
    faults[:] = [fault for fault in faults if "ERR_FAILED" not in fault and "htmx:sendError" not in fault]


def focus(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until this control has the focus, and see that it shows."""
    for _ in range(most):
        if wanted.evaluate("control => control === document.activeElement"):
            style = wanted.evaluate(
                "control => { const s = getComputedStyle(control); return s.outlineStyle + s.boxShadow }"
            )
            assert style != "nonenone", "the focus cannot be seen"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached by the keyboard")


def follow(page: Page, link: Locator) -> None:
    focus(page, link)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_of_two_officers_who_save_one_dossier_the_second_is_told_and_loses_nothing(enter, faults):
    dossier = receive_a_certified_copy(enter("tiepnhan.caolanh"), "Phan Thị Tuyết Nga")
    first, second = enter("xuly.caolanh"), enter("xuly2.caolanh")
    first.goto(dossier)
    first.get_by_role("button", name="Nhận giải quyết").click()
    for page in (first, second):
        page.goto(dossier)
        form = page.locator("details.act-form")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        page.get_by_role("combobox", name="Kết quả").select_option(label="Đồng ý giải quyết")
    first.get_by_label("Nội dung kết quả").fill("Người thứ nhất ghi.")
    second.get_by_label("Nội dung kết quả").fill("Người thứ hai ghi rất dài.")
    first.get_by_role("button", name="Ghi kết quả", exact=True).click()
    expect(first.get_by_text("Đã ghi kết quả.")).to_be_visible()
    second.get_by_role("button", name="Ghi kết quả", exact=True).click()
    told = second.get_by_role("alert")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Người thứ hai ghi rất dài.")
    expect(second.get_by_role("main")).to_contain_text("Người thứ nhất ghi.")
    forget(faults, "409")


def test_a_dossier_of_another_unit_is_not_found(enter, faults):
    dossier = receive_a_certified_copy(enter("tiepnhan.caolanh"), "Huỳnh Thị Ngọc Ánh")
    stranger = enter("tiepnhan.thapmuoi")
    for address in (dossier, f"{dossier}/beside", f"{dossier}/receipt.pdf"):
        assert stranger.goto(address).status == 404
        expect(stranger.get_by_role("heading", name="Không tìm thấy")).to_be_visible()
    forget(faults, "404")


def test_without_a_script_the_counter_still_receives(site, chromium):
    context = running_site.new_context(chromium, site, java_script_enabled=False)
    page = context.new_page()
    running_site.sign_in(page, "tiepnhan.caolanh", PASSWORD)
    page.goto(f"/reception/{CERTIFIED_COPIES}")
    fill_in_applicant(page, "Võ Thị Kim Thoa")
    page.get_by_role("button", name="Thêm dòng").click()
    expect(page.get_by_label("Tên giấy tờ")).to_have_count(2)
    page.get_by_role("button", name="Bỏ dòng 2").click()
    expect(page.get_by_label("Tên giấy tờ")).to_have_count(1)
    expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value("Võ Thị Kim Thoa")
    fill_in_certified_copy(page)
    page.get_by_role("button", name="Cập nhật giấy tờ, phí và ngày hẹn").click()
    expect(panel(page)).to_contain_text("36.000 đ")
    take_every_paper(page)
    page.get_by_role("button", name="Tiếp nhận hồ sơ", exact=True).click()
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
    context.close()
