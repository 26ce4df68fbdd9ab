"""The summary to sign: one A4 page in embedded Tinos, however much it has to say, and the same bytes each time."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from app.exporters.summary import SummaryPaper, SummarySection, summary_pdf

LONG = "Khi “Cách nộp” là Trực tuyến thì mức thu “Lệ phí đăng ký cư trú” là 1.234.567 đ (Thông tư 281/2016/TT-BTC). "
PAPER = SummaryPaper(
    body="Tỉnh Đồng Tháp", procedure_code="2.000635", procedure_name="Cấp bản sao Trích lục hộ tịch",
    standing="Dự thảo sẵn sàng để công bố.", is_ready=True,
    sections=(
        SummarySection(title="Từ ngày nào", lines=("Từ ngày 01/01/2027.",)),
        SummarySection(title="Ai trả bao nhiêu", items=("Phí cấp bản sao: 8.000 đ một bản.",)),
    ),
    drafted_by="Trần Thị Ngọc Diễm", fingerprint="d6" * 32, issued_at=datetime(2026, 11, 24, 1, tzinfo=UTC),
)  # fmt: skip


def read(paper: SummaryPaper) -> PdfReader:
    return PdfReader(io.BytesIO(summary_pdf(paper)))


def text_of(paper: SummaryPaper) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(paper).pages).split())


def crowded(items: int) -> SummaryPaper:
    parts = tuple(SummarySection(title=f"Phần {part}", items=(LONG * 2,) * items) for part in range(8))
    return replace(PAPER, sections=parts)


def test_it_says_what_it_was_given_with_every_mark():
    said = text_of(PAPER)
    for words in ("TỈNH ĐỒNG THÁP", "ngày 24 tháng 11 năm 2026", "TÓM TẮT ĐỂ KÝ CÔNG BỐ THỦ TỤC HÀNH CHÍNH",
                  "2.000635 – Cấp bản sao Trích lục hộ tịch", "Từ ngày 01/01/2027.", "8.000 đ một bản",
                  "Người soạn: Trần Thị Ngọc Diễm", "d6" * 32):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize("items", [1, 6, 40, 400])
def test_it_is_one_a4_page_however_much_there_is(items):
    (page,) = read(crowded(items)).pages
    assert [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]] == [210, 297]


def test_what_finds_no_room_is_counted_and_the_way_to_it_named():
    said = text_of(crowded(400))
    assert "dòng nữa: xem trang “Tóm tắt để ký” trong hệ thống." in said
    assert [f"Phần {part}" for part in range(8) if f"Phần {part}" not in said] == []


def test_the_fonts_inside_are_faces_of_tinos_embedded_and_no_other():
    fonts = {}
    for font in read(PAPER).pages[0]["/Resources"]["/Font"].values():
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        fonts[described["/FontName"].partition("+")[2]] = "/FontFile2" in described
    assert fonts == {"Tinos-Regular": True, "Tinos-Bold": True, "Tinos-Italic": True}


def test_the_same_summary_gives_the_same_bytes_and_a_moment_without_a_zone_is_refused():
    assert summary_pdf(PAPER) == summary_pdf(PAPER)
    with pytest.raises(ValueError, match="múi giờ"):
        replace(PAPER, issued_at=datetime(2026, 11, 24))  # noqa: DTZ001
