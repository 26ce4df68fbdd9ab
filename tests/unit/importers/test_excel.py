"""A genuine export is read whole; a broken, hidden or hostile workbook is refused with a sentence that helps."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.importers import confined
from app.importers.columns import HEADERS, column_letter, national_code, one_line, several_lines
from app.importers.excel import CatalogSheet, inspect, read_catalog
from app.importers.problems import UnusableWorkbookError
from samples.workbook import ROWS, write_sample_workbook

HEADER = tuple(HEADERS.values())
EXPORTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "catalog_exports"
GENUINE = {
    "danh-sach-tthc-BoTaiChinh.xlsx": 706,
    "danh-sach-tthc-BoTuPhap.xlsx": 271,
    "danh-sach-tthc-NganhangNhanuocVietNam.xlsx": 261,
    "toa-an-nhan-dan.xlsx": 3,
}


def workbook(*rows: tuple[object, ...], header: tuple[object, ...] = HEADER, title: str = "Danh sách TTHC") -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in ((), header, *rows):
        sheet.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(
    content: bytes, *, changed: dict[str, bytes] | None = None, added: dict[str, bytes] | None = None
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, (changed or {}).get(entry.filename) or old.read(entry))
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(UnusableWorkbookError) as refusal:
        read_catalog(content)
    return str(refusal.value)


BIRTH = ("1.001193", "Thủ tục đăng ký khai sinh", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã", "Hộ tịch")
DEATH = ("1.000656", "Thủ tục đăng ký khai tử", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã", "Hộ tịch")


def only_problem(sheet: CatalogSheet) -> str:
    [row] = sheet.rows
    [problem] = row.problems
    assert row.announcement is None
    return problem.sentence


@pytest.mark.parametrize(("file", "rows"), GENUINE.items())
def test_a_genuine_national_export_is_read_without_a_refused_row(file, rows):
    if not (EXPORTS / file).exists():
        pytest.skip("thư mục ../shared/data/catalog_exports không có ở đây")
    sheet = read_catalog((EXPORTS / file).read_bytes())
    assert sheet.sheet == "Danh sách TTHC"
    assert sheet.header_row == 2
    assert len(sheet.rows) == rows
    assert [row.number for row in sheet.rows] == list(range(3, rows + 3))
    assert not [row.problems for row in sheet.rows if row.problems]
    assert all(row.announcement and row.announcement.name and row.announcement.field_of_work for row in sheet.rows)


def test_the_sample_workbook_is_read_like_a_genuine_one(tmp_path):
    sheet = read_catalog(write_sample_workbook(tmp_path / "mau.xlsx").read_bytes())
    read = {row.announcement.code: row.announcement for row in sheet.rows if row.announcement}
    assert list(read) == [row.code for row in ROWS]
    assert read["2.000635"].name == "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh"
    assert read["2.000635"].implementing_bodies == (
        "Cơ quan quản lý cơ sở dữ liệu hộ tịch điện tử",
        "Sở Tư pháp",
    )
    assert read["1.000656"].implementing_bodies == ()


def test_headers_may_stand_in_any_order_row_and_case_and_in_either_form_of_unicode():
    header = ("Ghi chú", "LĨNH  VỰC", "Cơ quan ban\nhành", " mã số ", "Tên", "Cơ quan thực hiện")
    sheet = read_catalog(
        workbook(("x", "Hộ tịch", "Bộ Tư pháp", "1.001193", "Khai sinh", "Xã\nPhường\n"), header=header)
    )
    [row] = sheet.rows
    assert row.announcement is not None
    assert row.announcement.code == "1.001193"
    assert row.announcement.field_of_work == "Hộ tịch"
    assert row.announcement.implementing_bodies == ("Xã", "Phường")
    assert row.raw == ("x", "Hộ tịch", "Bộ Tư pháp", "1.001193", "Khai sinh", "Xã\nPhường\n")


def test_a_raw_row_is_kept_as_it_stood_with_its_spaces_and_line_breaks():
    name = " Công bố\nthủ tục   mới "
    [row] = read_catalog(workbook(("1.001193", name, None, "A\n\nB\nA", "Hộ tịch"))).rows
    assert row.raw == ("1.001193", name, None, "A\n\nB\nA", "Hộ tịch")
    assert row.announcement is not None
    assert row.announcement.name == "Công bố thủ tục mới"
    assert row.announcement.implementing_bodies == ("A", "B")
    assert row.announcement.issuing_body == ""


def test_a_name_of_1100_characters_is_taken_whole():
    [row] = read_catalog(workbook(("1.001193", "ợ" * 1_100, "", "", ""))).rows
    assert row.announcement is not None
    assert len(row.announcement.name) == 1_100


def test_a_code_with_the_suffix_of_a_locality_gives_the_national_code():
    [row] = read_catalog(workbook(("1.001193.000.00.00.H29", *BIRTH[1:]))).rows
    assert row.announcement is not None
    assert row.announcement.code == "1.001193"


def test_a_code_that_became_a_number_is_refused_with_the_probable_code():
    said = only_problem(read_catalog(workbook((2.00095, *BIRTH[1:]))))
    assert "Danh sách TTHC!A3" in said
    assert "chữ số 0 ở cuối có thể đã mất" in said
    assert "2.000950" in said
    assert "Văn bản (Text)" in said


@pytest.mark.parametrize("code", ["7.001193", "1.00119", "1.0011934", "1,001193", "x1.001193", "１.001193"])
def test_a_code_of_another_shape_is_refused_with_its_cell(code):
    said = only_problem(read_catalog(workbook((code, *BIRTH[1:]))))
    assert "Danh sách TTHC!A3" in said
    assert "1.001193" in said


def test_a_formula_that_failed_is_refused_with_its_cell():
    said = only_problem(read_catalog(workbook(("1.001193", "#REF!", "", "", ""))))
    assert "Danh sách TTHC!B3: Ô “Tên” chứa lỗi công thức #REF!" in said


def test_a_row_without_code_or_name_is_refused_and_the_others_are_taken():
    sheet = read_catalog(workbook(BIRTH, (None, "Tổng số: 2", None, None, None), ("1.000656", "  ", "", "", "")))
    assert [row.announcement is None for row in sheet.rows] == [False, True, True]
    assert "Ô “Mã số” để trống." in sheet.rows[1].problems[0].what
    assert sheet.rows[2].problems[0].where == "Danh sách TTHC!B5"


def test_empty_rows_between_are_left_out_and_numbers_stay_those_of_excel():
    sheet = read_catalog(workbook(BIRTH, (None,) * 5, ("", " ", None, "", ""), DEATH))
    assert [row.number for row in sheet.rows] == [3, 6]


def test_a_code_twice_in_one_file_takes_neither_row_and_names_both():
    sheet = read_catalog(workbook(BIRTH, DEATH, ("1.001193.000.00.00.H29", "Tên khác", "", "", "")))
    first, other, second = sheet.rows
    assert other.announcement is not None
    assert first.announcement is None
    assert second.announcement is None
    assert "dòng 3 trùng với dòng 5" in first.problems[0].sentence
    assert "dòng 5 trùng với dòng 3" in second.problems[0].sentence


def test_a_missing_header_is_named_with_those_that_were_found():
    said = refused(
        workbook(BIRTH, header=("Mã số", "Tên thủ tục", "Cơ quan ban hành", "Cơ quan thực hiện", "Lĩnh vực"))
    )
    assert "thiếu cột: “Tên”" in said
    assert "“Mã số”, “Cơ quan ban hành”" in said


def test_a_workbook_without_any_header_is_told_which_five_are_needed():
    said = refused(workbook(BIRTH, header=("a", "b")))
    assert all(f"“{header}”" in said for header in HEADER)


def test_a_header_that_stands_twice_is_refused_with_both_columns():
    said = refused(workbook(BIRTH, header=(*HEADER, "Tên")))
    assert "“Tên” có ở nhiều cột (B, F)" in said


def test_a_header_below_the_tenth_row_is_not_looked_for():
    book = Workbook()
    for _ in range(10):
        book.worksheets[0].append(("chữ",))
    book.worksheets[0].append(HEADER)
    assert "Không thấy dòng tiêu đề trong 10 dòng đầu" in refused(saved(book))


def test_two_catalogues_in_one_file_are_refused_by_their_sheets():
    book = Workbook()
    book.worksheets[0].title = "Một"
    for sheet in (book.worksheets[0], book.create_sheet("Hai")):
        sheet.append(HEADER)
        sheet.append(BIRTH)
    said = refused(saved(book))
    assert "“Một”, “Hai”" in said


def test_a_catalogue_without_rows_is_said_to_be_empty():
    assert "không có thủ tục nào" in refused(workbook())


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Tệp rỗng"),
        (b"Ma so,Ten\n1.001193,Khai sinh\n", "không phải sổ làm việc Excel"),
        (OLE + "Workbook".encode("utf-16-le"), "đời cũ (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"\xef\xbb\xbf\r\n<HTML><table><tr><td>1.001193", "HTML"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04 not really a zip", "hỏng"),
    ],
    ids=["empty", "csv", "old-xls", "password", "html-renamed", "xml", "pdf", "broken-zip"],
)
def test_what_is_no_workbook_is_told_what_it_is(content, said):
    with pytest.raises(UnusableWorkbookError) as refusal:
        inspect(content)
    assert said in str(refusal.value)
    assert refusal.value.problem.hint


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "không phải sổ làm việc" in refused(out.getvalue())


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "macro"),
        ("xl/externalLinks/externalLink1.xml", "liên kết"),
        ("XL/Workbook.xml", "trùng tên"),
    ],
)
def test_a_workbook_that_hides_something_is_refused(part, said):
    assert said in refused(repacked(workbook(BIRTH), added={part: b"x"}))


def test_a_zip_bomb_is_refused_before_anything_is_unpacked():
    bomb = repacked(workbook(BIRTH), added={"xl/media/image1.png": b"\0" * 40_000_000})
    assert len(bomb) < 100_000
    assert "giải nén ra quá lớn" in refused(bomb)


def test_too_many_parts_are_refused():
    parts = {f"xl/media/{number}": b"" for number in range(2_001)}
    assert "quá 2000 phần" in refused(repacked(workbook(BIRTH), added=parts))


SHEET = "xl/worksheets/sheet1.xml"


def sheet_xml(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(SHEET)


def test_a_declared_size_beyond_reason_is_refused():
    content = workbook(BIRTH)
    huge = (
        sheet_xml(content)
        .replace(b'ref="A2:E3"', b'ref="A1:XFD1048576"')
        .replace(b'ref="A1:E3"', b'ref="A1:XFD1048576"')
    )
    assert b"XFD1048576" in huge
    assert "khai báo 1048576 dòng, 16384 cột" in refused(repacked(content, changed={SHEET: huge}))


def test_more_rows_than_declared_do_not_slip_through():
    content = workbook(BIRTH)
    hidden = sheet_xml(content).replace(
        b"</sheetData>", b'<row r="900000"><c r="A900000"><v>1</v></c></row></sheetData>'
    )
    assert "hơn 50000 dòng" in refused(repacked(content, changed={SHEET: hidden}))


def test_xml_entities_that_multiply_are_refused():
    content = workbook(BIRTH)
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 1000 + b'"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    assert "hỏng" in refused(repacked(content, changed={SHEET: bomb}))


def test_a_damaged_sheet_is_said_to_be_broken():
    content = workbook(BIRTH)
    assert "hỏng" in refused(repacked(content, changed={SHEET: sheet_xml(content)[:-40]}))


def swollen(cells: int) -> bytes:
    content = workbook(BIRTH)
    row = b'<row r="9">' + b"".join(b"<c><v>%d</v></c>" % (n * 7919 % 1_000_003) for n in range(cells)) + b"</row>"
    return repacked(content, changed={SHEET: sheet_xml(content).replace(b"</sheetData>", row + b"</sheetData>")})


@pytest.mark.parametrize(("limit", "value"), [("MEMORY", 200 * 1024 * 1024), ("SECONDS", 1)])
def test_the_reader_is_stopped_when_its_memory_or_time_runs_out(monkeypatch, limit, value):
    monkeypatch.setattr(confined, limit, value)
    assert "quá nhiều bộ nhớ hoặc thời gian" in refused(swollen(400_000))


@given(st.text())
def test_cleaned_text_is_on_one_line_and_cleaning_it_again_changes_nothing(text):
    once = one_line(text)
    assert "\n" not in once
    assert once == once.strip()
    assert one_line(once) == once


@given(st.text(alphabet="ab \n\r\t"))
def test_no_entry_of_a_cell_is_empty_or_double(text):
    entries = several_lines(text)
    assert all(entries)
    assert len(set(entries)) == len(entries)


@given(st.from_regex(r"[1-6]\.[0-9]{6}", fullmatch=True), st.sampled_from(["", ".000.00.00.H29", " ", "\n"]))
def test_every_national_code_is_recognised_with_and_without_suffix(code, suffix):
    assert national_code(code + suffix) == code


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_are_named_as_excel_names_them(index, letter):
    assert column_letter(index) == letter
