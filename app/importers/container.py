"""A workbook seen from outside: what a file really is, and what its container hides, before anything opens it."""

import io
import zipfile
from collections.abc import Sequence

from app.importers.problems import UnusableWorkbookError
from forms.sentence import Sentence

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 150
RATIO_COUNTS_FROM = 1024 * 1024
"""Small parts may be packed however tightly; a part that unpacks to less than this is no bomb."""

EXPORT_AGAIN = Sentence("Hãy xuất lại danh mục từ Cổng Dịch vụ công quốc gia dạng .xlsx rồi tải lên tệp đó.")
SAVE_AS = Sentence("Mở tệp bằng Excel, chọn Lưu thành (Save As) loại “Excel Workbook (.xlsx)” rồi tải lên tệp mới.")
BROKEN = Sentence("Tệp Excel bị hỏng hoặc không đúng cấu trúc nên không đọc được.")


def inspect(content: bytes) -> None:
    """Refuse by its outside what is no workbook or too dangerous to open; cheap enough for the upload itself."""
    if not content:
        raise UnusableWorkbookError("Tệp rỗng, không có nội dung.", EXPORT_AGAIN)
    if not content.startswith(b"PK\x03\x04"):
        raise _no_zip(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as broken:
        raise UnusableWorkbookError(BROKEN, EXPORT_AGAIN) from broken
    _inspect_entries(entries)


def _no_zip(content: bytes) -> UnusableWorkbookError:
    """Say what a file really is, by its first bytes; the name it came under proves nothing."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return UnusableWorkbookError(
                "Tệp Excel được đặt mật khẩu nên không đọc được.",
                "Mở tệp bằng Excel, bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc), lưu lại rồi tải lên.",
            )
        return UnusableWorkbookError("Đây là tệp Excel đời cũ (.xls), hệ thống chỉ nhận .xlsx.", SAVE_AS)
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return UnusableWorkbookError("Đây là trang web (HTML) được đổi tên thành tệp Excel.", SAVE_AS)
    if start.startswith(b"<?xml"):
        return UnusableWorkbookError("Đây là tệp XML, không phải sổ làm việc Excel (.xlsx).", SAVE_AS)
    if start.startswith(b"%pdf"):
        return UnusableWorkbookError("Đây là tệp PDF, không phải sổ làm việc Excel (.xlsx).", EXPORT_AGAIN)
    return UnusableWorkbookError("Tệp không phải sổ làm việc Excel (.xlsx).", EXPORT_AGAIN)


def _inspect_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MAX_ENTRIES:
        raise UnusableWorkbookError(
            "Tệp gồm %(count)s phần, quá %(most)s phần.", EXPORT_AGAIN, count=len(entries), most=MAX_ENTRIES
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnusableWorkbookError("Tệp nén có mật khẩu nên không đọc được.", "Bỏ mật khẩu rồi tải lên lại.")
    if "xl/workbook.xml" not in names:
        raise UnusableWorkbookError("Tệp không phải sổ làm việc Excel (.xlsx).", SAVE_AS)
    if len(set(names)) < len(names):
        raise UnusableWorkbookError("Tệp có hai phần trùng tên nên không rõ phần nào là thật.", EXPORT_AGAIN)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnusableWorkbookError("Tệp có chứa macro (chương trình) nên không được nhận.", SAVE_AS)
    if any(name.startswith("xl/externallinks/") for name in names):
        raise UnusableWorkbookError(
            "Tệp có liên kết lấy dữ liệu từ tệp khác nên không được nhận.",
            "Trong Excel: Dữ liệu › Sửa liên kết › Ngắt liên kết, lưu lại rồi tải lên.",
        )
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or any(_is_bomb(entry) for entry in entries):
        raise UnusableWorkbookError("Tệp giải nén ra quá lớn so với một danh mục (bom nén).", EXPORT_AGAIN)


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
