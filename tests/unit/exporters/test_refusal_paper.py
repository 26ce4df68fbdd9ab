"""Form 03 on paper says why nothing was received, in the headings of the regulation and all its diacritics."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.exporters.papers import Ground, PaperTemplateMissingError, Party, RefusalPaper, refusal_pdf

PAPER = RefusalPaper(
    parent_body="Ủy ban nhân dân tỉnh Đồng Tháp",
    unit="Ủy ban nhân dân phường Cao Lãnh",
    number="H20.06.14-261120-TC0001",
    place="Cao Lãnh",
    issued_at=datetime(2026, 11, 20, 18, 30, tzinfo=UTC),
    applicant=Party(name="Nguyễn Thị Đào", address="12 Nguyễn Huệ, phường Cao Lãnh", phone="0912 345 678"),
    channel="Trực tiếp",
    procedure_code="2.000815",
    procedure_name="Chứng thực bản sao từ bản chính",
    grounds=(
        Ground(sentence="Bản chính bị tẩy xóa.", citations=("khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP",)),
        Ground(sentence="Bản chính đóng dấu mật", citations=()),
    ),
    officer_name="Phạm Thị Bích Ngân",
)


def words(paper: RefusalPaper) -> str:
    pages = PdfReader(BytesIO(refusal_pdf(paper))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_the_paper_carries_the_headings_of_form_03_and_each_ground_with_its_basis():
    shown = words(PAPER)
    for line in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "Số: H20.06.14-261120-TC0001 Cao Lãnh, ngày 21 tháng 11 năm 2026",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Đào (Trực tiếp)",
        "Nội dung yêu cầu giải quyết: Chứng thực bản sao từ bản chính (mã thủ tục: 2.000815)",
        "1. Bản chính bị tẩy xóa. Căn cứ: khoản 1 Điều 22 Nghị định 23/2015/NĐ-CP.",
        "2. Bản chính đóng dấu mật.",
        "Mẫu số 03, Phụ lục I, Thông tư số 03/2025/TT-VPCP",
        "Phạm Thị Bích Ngân",
    ):
        assert line in shown, line


def test_the_same_refusal_prints_the_same_bytes():
    assert refusal_pdf(PAPER) == refusal_pdf(PAPER)


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', "$x^2$", "*bold* _em_", "<a> @b [c] {d}"])
def test_what_people_wrote_is_printed_as_it_is(text):
    shown = words(replace(PAPER, applicant=replace(PAPER.applicant, name=text)))
    assert text.replace(" ", "") in shown.replace(" ", "")


def test_a_refusal_without_a_ground_a_time_zone_or_a_known_form_is_no_paper():
    with pytest.raises(ValueError, match="phải nêu lý do"):
        replace(PAPER, grounds=())
    with pytest.raises(ValueError, match="múi giờ"):
        replace(PAPER, issued_at=datetime(2026, 11, 20))  # noqa: DTZ001  that is what is refused
    with pytest.raises(PaperTemplateMissingError, match="tt99"):
        refusal_pdf(replace(PAPER, template_version="tt99"))
