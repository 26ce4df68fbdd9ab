"""Form 01 on paper says all and only what the dossier holds, in the typeface that the law asks for."""

import shutil
import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

from app.exporters.papers import (
    NO_RULE,
    TEMPLATE_VERSION,
    Appointment,
    FeeLine,
    HandedIn,
    PaperTemplateMissingError,
    Party,
    Reason,
    ReceiptPaper,
    masked,
    receipt_pdf,
    written_day,
    written_moment,
)
from app.exporters.qr import qr_matrix
from app.exporters.typefaces import FILES, FOLDER, PaperFontMissingError, drawable
from tests.effort import examples
from tests.unit.exporters.qr_reader import read_qr

TRACKING = "https://dichvucong.example.gov.vn/tra-cuu?ma=H20.12-261008-0975"
HOSTILE = ['#read("/etc/passwd")', "$x^2$", "*bold* _em_", "#sys.inputs", '"); #panic("x")', "\\u{41} <a> @b [c] {d}"]
COPIES = FeeLine(
    name="Chứng thực bản sao từ bản chính",
    kind="Phí",
    amount=36_000,
    reasons=(Reason(sentence="Mỗi bản 12.000 đồng, ba bản.", citation="Khoản 1 Điều 4 Thông tư số 226/2016/TT-BTC"),),
)
PAPER = ReceiptPaper(
    parent_body="Ủy ban nhân dân phường Cao Lãnh",
    unit="Trung tâm Phục vụ hành chính công",
    number="0975/TNHS",
    dossier_code="H20.12-261008-0975",
    place="Cao Lãnh",
    issued_at=datetime(2026, 10, 8, 2, 15, tzinfo=UTC),
    tracking=TRACKING,
    applicant=Party(
        name="Nguyễn Thị Hồng Thắm",
        address="Số 12, đường Lý Thường Kiệt, phường Cao Lãnh",
        phone="0912 345 678",
        email="hongtham@example.vn",
        identity_number=masked("087188001234"),
    ),
    channel="nộp trực tiếp",
    procedure_code="2.000815",
    procedure_name="Chứng thực bản sao từ bản chính",
    request="Chứng thực 03 bản sao bằng tốt nghiệp",
    documents=(
        HandedIn(name="Bản chính giấy tờ", originals=1, note="Xuất trình, trả lại ngay"),
        HandedIn(name="Bản sao cần chứng thực", photocopies=3),
    ),
    statutory_time="trong ngày làm việc",
    received_at=datetime(2026, 10, 8, 2, 15, tzinfo=UTC),
    appointment=Appointment(
        at=datetime(2026, 10, 8, 10, 0, tzinfo=UTC),
        reasons=(
            Reason(sentence="Nhận trước 15 giờ nên trả trong ngày.", citation="Điều 7 Nghị định số 23/2015/NĐ-CP"),
        ),
    ),
    result_place="Trung tâm Phục vụ hành chính công phường Cao Lãnh",
    officer_name="Trần Quốc Khánh",
    fees=(COPIES,),
    notes=("Khi đến nhận kết quả, mang theo Giấy này.",),
)


def opened(paper: ReceiptPaper) -> PdfReader:
    return PdfReader(BytesIO(receipt_pdf(paper)))


def words(paper: ReceiptPaper) -> str:
    """Return the text of all pages as one line."""
    return " ".join(" ".join(page.extract_text() for page in opened(paper).pages).split())


def letters(text: str) -> str:
    """Return a text without spaces and break marks, which depend on where lines end."""
    return "".join(text.replace("\u200b", "").split())


def strings(value: object) -> list[str]:
    """Return every text inside a paper."""
    if is_dataclass(value):
        return [text for field in fields(value) for text in strings(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def test_every_text_of_the_paper_is_on_it_with_all_its_diacritics():
    shown = letters(words(PAPER))
    raised = {PAPER.parent_body: PAPER.parent_body.upper(), TRACKING: "", TEMPLATE_VERSION: ""}
    for text in strings(PAPER):
        assert letters(raised.get(text, text)) in shown


def test_the_paper_carries_the_headings_and_numbered_lines_of_form_01():
    shown = words(PAPER)
    for line in (
        "ỦY BAN NHÂN DÂN PHƯỜNG CAO LÃNH TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "Số: 0975/TNHS Cao Lãnh, ngày 08 tháng 10 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ Mã hồ sơ: H20.12-261008-0975",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Hồng Thắm (nộp trực tiếp)",
        "Số định danh cá nhân/hộ chiếu: 087******234",
        "Chủ hồ sơ: là người nộp hồ sơ",
        "1. Thành phần hồ sơ nộp gồm:",
        "2. Số lượng hồ sơ: 01 (bộ)",
        "3. Thời gian giải quyết hồ sơ theo quy định là: trong ngày làm việc",
        "4. Thời gian nhận hồ sơ: 09 giờ 15 phút, ngày 08 tháng 10 năm 2026",
        "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 08 tháng 10 năm 2026",
        "Lý do: Nhận trước 15 giờ nên trả trong ngày. Căn cứ: Điều 7 Nghị định số 23/2015/NĐ-CP",
        "6. Đăng ký nhận kết quả tại: Trung tâm Phục vụ hành chính công phường Cao Lãnh",
        "7. Phí, lệ phí:",
        "Tổng số tiền: 36.000 đồng (Bằng chữ: Ba mươi sáu nghìn đồng).",
        "NGƯỜI NỘP HỒ SƠ NGƯỜI TIẾP NHẬN HỒ SƠ",
    ):
        assert line in shown


def test_an_owner_who_is_not_the_applicant_is_named_with_an_address():
    shown = words(replace(PAPER, owner=Party(name="Phạm Văn Ngữ", address="ấp 2, xã Mỹ An")))
    assert "Chủ hồ sơ: Phạm Văn Ngữ Địa chỉ chủ hồ sơ: ấp 2, xã Mỹ An" in shown


def test_the_fonts_inside_are_the_four_faces_of_tinos_embedded_and_no_other():
    found = {}
    for page in opened(replace(PAPER, request="中文 🏠 ไทย")).pages:
        for font in page["/Resources"]["/Font"].values():
            described = font["/DescendantFonts"][0]["/FontDescriptor"]
            found[font["/BaseFont"].split("+")[1]] = "/FontFile2" in described
    assert found == {f"/{name}".removesuffix(".ttf").lstrip("/"): True for name in FILES}


def test_a_letter_the_typeface_lacks_is_a_box_that_the_paper_explains():
    shown = words(replace(PAPER, request="Công ty 中 Đại"))
    assert "Công ty □ Đại" in shown
    assert "□: ký tự mà phông chữ của văn bản không có." in shown
    assert "□" not in words(PAPER)


def test_the_typeface_draws_every_vietnamese_letter():
    plain = "aăâeêioôơuưy"
    tones = "\u0300\u0301\u0303\u0309\u0323"
    composed = {unicodedata.normalize("NFC", letter + tone) for letter in plain for tone in tones}
    vietnamese = composed | set(plain) | {"đ"} | {letter.upper() for letter in composed | set(plain) | {"đ"}}
    assert all(len(letter) == 1 for letter in vietnamese)
    assert vietnamese <= drawable()


def test_letters_typed_in_pieces_come_out_composed():
    assert "Nguyễn Thị Hồng Thắm" in words(
        replace(PAPER, applicant=replace(PAPER.applicant, name=unicodedata.normalize("NFD", "Nguyễn Thị Hồng Thắm")))
    )


def test_marks_that_turn_or_hide_text_are_left_out():
    shown = words(replace(PAPER, request="Số tiền \u202e000.63\u202c đồng\x00\u200e\ud800."))
    assert "Số tiền 000.63 đồng □." in shown


@pytest.mark.parametrize("file", FILES)
def test_a_missing_face_stops_the_paper_and_says_which(tmp_path, file):
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path / name)
    (tmp_path / file).unlink()
    with pytest.raises(PaperFontMissingError, match=file):
        receipt_pdf(PAPER, fonts=tmp_path)


def test_a_file_that_is_no_font_stops_the_paper(tmp_path):
    for name in FILES:
        (tmp_path / name).write_bytes(b"not a font")
    with pytest.raises(PaperFontMissingError, match="bốn kiểu"):
        receipt_pdf(PAPER, fonts=tmp_path)


def drawn_modules(paper: ReceiptPaper) -> tuple[str, ...]:
    """Return the modules of the code as ink on the first page: the bars of its one filled path."""
    reader = opened(paper)
    operations = ContentStream(reader.pages[0].get_contents(), reader).operations
    end = next(place for place, (_, operator) in enumerate(operations) if operator == b"f")
    bars, corners = [], []
    for operands, operator in operations[:end]:
        if operator == b"m":
            corners = []
        if operator in (b"m", b"l"):
            corners.append(tuple(map(float, operands)))
        if operator == b"h":
            bars.append(corners)
    step = bars[0][2][1] - bars[0][0][1]
    size = round(max(x for bar in bars for x, _ in bar) / step)
    ink = [["0"] * size for _ in range(size)]
    for (left, top), (right, _), *_ in bars:
        for column in range(round(left / step), round(right / step)):
            ink[round(top / step)][column] = "1"
    return tuple("".join(row) for row in ink)


def test_the_code_printed_on_the_paper_reads_as_the_tracking_address():
    assert read_qr(drawn_modules(PAPER)) == TRACKING
    assert drawn_modules(PAPER) == qr_matrix(TRACKING)


def test_a_bare_dossier_code_can_be_scanned_too():
    assert read_qr(drawn_modules(replace(PAPER, tracking=PAPER.dossier_code))) == PAPER.dossier_code


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_is_shown_and_never_run(text):
    party = Party(name=text, address=text, phone=text, email=text, identity_number=text)
    paper = replace(
        PAPER,
        parent_body=text,
        unit=text,
        applicant=party,
        owner=party,
        request=text,
        documents=(HandedIn(name=text, note=text),),
        fees=(replace(COPIES, name=text, reasons=(Reason(sentence=text, citation=text),)),),
    )
    assert letters(words(paper)).count(letters(text)) >= 9


@examples(40)
@given(st.text(max_size=300))
def test_no_text_at_all_can_stop_a_paper(text):
    paper = replace(PAPER, request=text, applicant=replace(PAPER.applicant, name=text, address=text))
    assert receipt_pdf(paper).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("name", ["A" * 5000, "Nguyễn " * 714])
def test_a_name_of_five_thousand_letters_stays_on_the_page_and_keeps_the_signatures(name):
    reader = opened(
        replace(PAPER, applicant=replace(PAPER.applicant, name=name), owner=replace(PAPER.applicant, name=name))
    )
    shown = letters(" ".join(page.extract_text() for page in reader.pages))
    assert shown.count(letters(name)[0]) >= 2 * letters(name).count(name[0])
    assert letters("NGƯỜI TIẾP NHẬN HỒ SƠ") in shown
    assert PAPER.officer_name in reader.pages[-1].extract_text()
    assert all(0 < left < 595 for page in reader.pages for left, _ in starts(page))


def starts(page: PageObject) -> list[tuple[float, float]]:
    """Return where each piece of text begins, in points from the left and from the foot of the page."""
    found = []

    def note(text, cm, tm, *_):
        if text.strip():
            found.append((tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]))

    page.extract_text(visitor_text=note)
    return found


def test_a_long_table_breaks_over_pages_and_repeats_its_heading():
    names = [f"Giấy tờ thứ {place} theo danh mục hồ sơ xây dựng" for place in range(1, 121)]
    reader = opened(replace(PAPER, documents=tuple(HandedIn(name=name, originals=1) for name in names)))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) > 3
    for page in pages:
        rows = "theo danh mục hồ sơ xây dựng" in page
        assert ("TT Thành phần hồ sơ Bản chính" in page) == rows
    assert all(any(name in page for page in pages) for name in names)


def test_pages_are_numbered_from_the_second_and_carry_the_dossier_code():
    reader = opened(replace(PAPER, documents=PAPER.documents * 20))
    pages = [page.extract_text() for page in reader.pages]
    assert not pages[0].startswith("1")
    assert [page.split()[0] for page in pages[1:]] == [str(number) for number in range(2, len(pages) + 1)]
    assert all("Mã hồ sơ: H20.12-261008-0975" in page for page in pages)


def test_a_receipt_of_several_pages_says_how_many_there_are_and_one_of_a_page_does_not():
    pages = [page.extract_text() for page in opened(replace(PAPER, documents=PAPER.documents * 20)).pages]
    assert len(pages) > 1
    assert all(f"trang {number}/{len(pages)}" in page for number, page in enumerate(pages, 1))
    assert "trang 1/1" not in words(PAPER)


@pytest.mark.parametrize("count", [0, 5, 8, 20])
def test_the_heading_is_the_same_however_closely_the_rest_is_set(count):
    papers = tuple(HandedIn(name=name, originals=1) for name in NAMES * 3)[:count]
    page = opened(replace(PAPER, documents=papers, fees=(replace(COPIES, reasons=REASONS),) * 2)).pages[0]
    top = opened(replace(PAPER, documents=(), fees=())).pages[0]
    assert heading_of(page) == heading_of(top)


def test_the_name_of_a_body_is_broken_between_its_words_and_not_inside_them():
    office = "Trung tâm Phục vụ hành chính công tỉnh Đồng Tháp"
    page = opened(replace(PAPER, parent_body="Văn phòng Ủy ban nhân dân tỉnh Đồng Tháp", unit=office)).pages[0]
    lines = [" ".join(line.split()) for line in page.extract_text().splitlines()]
    assert any(line.startswith("VĂN PHÒNG ỦY BAN NHÂN DÂN") for line in lines)
    assert any("HÀNH CHÍNH CÔNG" in line for line in lines)


def heading_of(page: PageObject) -> list[tuple[str, float, float]]:
    """Return each piece of text down to the title, where it begins and how large it is."""
    found = []

    def note(text, cm, tm, font, size):
        if text.strip():
            found.append((text.strip(), round(tm[5] * cm[3] + cm[5], 1), round(size * tm[0], 1)))

    page.extract_text(visitor_text=note)
    title = next(height for text, height, _ in found if text.startswith("GIẤY TIẾP NHẬN"))
    return [piece for piece in found if piece[1] >= title]


def test_the_page_is_a4_with_the_margins_of_the_decree():
    page = opened(PAPER).pages[0]
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    assert min(left for left, _ in starts(page)) == pytest.approx(30 / 25.4 * 72, abs=0.5)


def test_no_line_of_the_paper_touches_another():
    for page in opened(replace(PAPER, documents=PAPER.documents * 6, fees=(COPIES, COPIES))).pages:
        lines = sorted({round(height, 1) for left, height in starts(page) if left < 86})
        assert all(above - below > 12 for below, above in pairwise(lines))


NAMES = (
    "Tờ khai đăng ký khai sinh",
    "Giấy chứng sinh hoặc văn bản của người làm chứng xác nhận về việc sinh",
    "Văn bản ủy quyền của thành viên hộ gia đình, đã công chứng hoặc chứng thực",
    "Thẻ căn cước của người ủy quyền",
    "Giấy tờ chứng minh nơi cư trú",
    "Biên bản về việc trẻ bị bỏ rơi do cơ quan có thẩm quyền lập",
    "Văn bản xác nhận của cơ sở y tế đã thực hiện kỹ thuật hỗ trợ sinh sản cho việc mang thai hộ",
    "Giấy chứng nhận kết hôn",
)
REASONS = (
    Reason(sentence="Mọi trường hợp: 12.000 đ", citation="Khoản 1 Điều 4 Thông tư số 226/2016/TT-BTC", is_example=True),
    Reason(sentence="Nhân với số bản sao cần cấp: 3 bản, thành 36.000 đ", citation=""),
)


@pytest.mark.parametrize("count", range(9))
def test_an_ordinary_receipt_is_one_page_with_its_signatures(count):
    papers = tuple(HandedIn(name=name, originals=1) for name in NAMES[:count])
    reader = opened(replace(PAPER, documents=papers, fees=(replace(COPIES, reasons=REASONS),) * 2, notes=()))
    assert len(reader.pages) == 1
    assert PAPER.officer_name in reader.pages[0].extract_text()


@pytest.mark.parametrize("count", range(9, 45, 5))
def test_the_signatures_of_a_longer_receipt_stay_together_under_the_total(count):
    papers = tuple(HandedIn(name=NAMES[number % 8], originals=1) for number in range(count))
    pages = [" ".join(page.extract_text().split()) for page in opened(replace(PAPER, documents=papers)).pages]
    signed = [page for page in pages if "NGƯỜI NỘP HỒ SƠ" in page]
    assert len(signed) == 1
    assert "Tổng số tiền: 36.000 đồng" in signed[0]
    assert signed[0].count("(Ký và ghi rõ họ tên)") == 2
    assert f"{PAPER.applicant.name} {PAPER.officer_name}" in signed[0]


def test_a_request_that_only_names_the_procedure_is_written_once():
    once = words(replace(PAPER, request=PAPER.procedure_name))
    assert once.count(PAPER.procedure_name) == words(PAPER).count(PAPER.procedure_name)
    assert "Nội dung yêu cầu giải quyết: Chứng thực bản sao từ bản chính (mã thủ tục: 2.000815)" in once
    assert "Thủ tục hành chính" not in once


def test_a_paper_of_an_older_form_is_printed_again_with_that_form():
    shown = words(replace(PAPER, request=PAPER.procedure_name, template_version="tt03-2025-v1"))
    assert "Nội dung yêu cầu giải quyết: Chứng thực bản sao từ bản chính Thủ tục hành chính: " in shown


def test_the_file_names_its_title_language_author_and_day():
    reader = opened(PAPER)
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert reader.metadata.title == "Giấy tiếp nhận hồ sơ và hẹn trả kết quả H20.12-261008-0975"
    assert reader.metadata.author == PAPER.unit
    assert reader.metadata.creation_date == PAPER.issued_at


def test_the_same_paper_is_the_same_file():
    assert receipt_pdf(PAPER) == receipt_pdf(replace(PAPER))
    assert receipt_pdf(PAPER) != receipt_pdf(replace(PAPER, issued_at=datetime(2026, 10, 9, 2, tzinfo=UTC)))


def test_a_charge_without_a_rule_is_never_nothing_and_leaves_the_total_open():
    unknown = FeeLine(name="Phí thẩm định", kind="Phí", amount=None)
    shown = words(replace(PAPER, fees=(COPIES, unknown)))
    assert f"Phí thẩm định Phí {NO_RULE}" in shown
    assert "Tổng số tiền: chưa xác định, vì còn 1 khoản chưa có quy định áp dụng." in shown
    assert "Các khoản đã xác định: 36.000 đồng (Bằng chữ: Ba mươi sáu nghìn đồng)." in shown
    alone = words(replace(PAPER, fees=(unknown,)))
    assert f"Tổng số tiền: {NO_RULE}." in alone
    assert "Bằng chữ" not in alone


def test_a_charge_of_nothing_by_rule_is_printed_as_zero():
    shown = words(replace(PAPER, fees=(replace(COPIES, amount=0),)))
    assert "Tổng số tiền: 0 đồng (Bằng chữ: Không đồng)." in shown


def test_a_procedure_without_charges_says_so():
    assert "7. Phí, lệ phí: Thủ tục này không có khoản phí, lệ phí nào." in words(replace(PAPER, fees=()))


def test_an_appointment_or_time_without_a_rule_says_so():
    shown = words(replace(PAPER, statutory_time="", appointment=Appointment(at=None)))
    assert f"theo quy định là: {NO_RULE}" in shown
    assert f"Thời gian trả kết quả giải quyết hồ sơ: {NO_RULE}" in shown


def test_figures_given_as_examples_are_marked_and_explained():
    example = Reason(sentence="Mức của Hà Nội.", citation="", is_example=True)
    shown = words(replace(PAPER, fees=(replace(COPIES, reasons=(example,)),)))
    assert "Mức của Hà Nội (ví dụ)." in shown
    assert "(ví dụ): số liệu nêu làm ví dụ" in shown
    assert "ví dụ" not in words(PAPER).lower()


def test_a_paper_of_demonstration_says_it_has_no_worth():
    assert "VÍ DỤ không có giá trị sử dụng" in words(replace(PAPER, is_example=True))


@pytest.mark.parametrize("version", ["tt01-2018-v9", f"../templates/{TEMPLATE_VERSION}", "", "/etc"])
def test_an_unknown_version_of_the_form_is_refused_by_name(version):
    with pytest.raises(PaperTemplateMissingError, match="chỉ có: .*" + TEMPLATE_VERSION):
        receipt_pdf(replace(PAPER, template_version=version))


def test_the_current_form_is_in_the_house():
    assert Path(FOLDER.parents[2], "exporters", "templates", TEMPLATE_VERSION, "receipt.typ").is_file()


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 2, 12), "ngày 12 tháng 02 năm 2026"),
        (date(2027, 10, 31), "ngày 31 tháng 10 năm 2027"),
    ],
)
def test_days_are_written_as_decree_30_asks(day, written):
    assert written_day(day) == written


def test_a_moment_late_in_utc_is_already_the_next_day_in_vietnam():
    assert written_moment(datetime(2026, 12, 31, 17, 5, tzinfo=UTC)) == "00 giờ 05 phút, ngày 01 tháng 01 năm 2027"


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="múi giờ"):
        replace(PAPER, received_at=datetime(2026, 10, 8, 9, 15))  # noqa: DTZ001


@pytest.mark.parametrize(("number", "shown"), [("087188001234", "087******234"), ("C1234567", "********"), ("", "")])
def test_a_masked_number_shows_six_digits_at_most(number, shown):
    assert masked(number) == shown


def test_no_line_of_the_paper_parts_an_amount_from_its_currency():
    amounts = ", ".join(f"{'9' * (number % 5 + 1)}.000 {('đ', 'đồng', 'USD')[number % 3]}" for number in range(200))
    paper = replace(PAPER, fees=(replace(COPIES, reasons=(Reason(sentence=amounts, citation=""),)),))
    lines = [line.strip() for page in opened(paper).pages for line in page.extract_text().splitlines()]
    assert sum(line.count(".000 ") for line in lines) >= 200
    assert [line for line in lines if line.startswith(("đ,", "đồng,", "USD,"))] == []
