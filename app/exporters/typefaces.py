"""The typeface of printed papers: Tinos, which has the measures of Times New Roman (NĐ 30/2020/NĐ-CP, Phụ lục I)."""

import struct
from functools import cache
from pathlib import Path

import typst

FAMILY = "Tinos"
FOLDER = Path(__file__).resolve().parents[1] / "static" / "vendor" / "tinos"
FILES = ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf")
VARIANTS = frozenset((style, weight) for style in ("normal", "italic") for weight in (400, 700))


class PaperFontMissingError(RuntimeError):
    """The typeface of papers is not installed, so nothing is printed: another typeface is never put in its place."""


def paper_fonts(folder: Path = FOLDER) -> typst.Fonts:
    """Return the four faces of Tinos and no other font; raises PaperFontMissingError when one is not there."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise PaperFontMissingError(
            f"Thiếu tệp phông chữ {', '.join(missing)} trong thư mục {folder}, nên chưa in được giấy. "
            "Chạy lại bước cài đặt (make setup) rồi in lại."
        )
    return _load(folder)


@cache
def _load(folder: Path) -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    found = {(face.style, face.weight) for face in fonts.fonts() if face.family == FAMILY}
    if not found >= VARIANTS:
        raise PaperFontMissingError(
            f"Tệp phông chữ trong thư mục {folder} không phải đủ bốn kiểu của phông {FAMILY}, nên chưa in được giấy. "
            "Chạy lại bước cài đặt (make setup) rồi in lại."
        )
    return fonts


@cache
def drawable(folder: Path = FOLDER) -> frozenset[str]:
    """Return the characters that every face can draw."""
    return frozenset.intersection(*(_characters((folder / name).read_bytes()) for name in FILES))


def _characters(font: bytes) -> frozenset[str]:
    """Read the characters of a TrueType font from its `cmap` table, format 4 (OpenType specification, cmap)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4s4xII", font, 12 + 16 * index) for index in range(tables))
    cmap = next(offset for tag, offset, _ in records if tag == b"cmap")
    (encodings,) = struct.unpack_from(">2xH", font, cmap)
    starts = {cmap + struct.unpack_from(">4xI", font, cmap + 4 + 8 * index)[0] for index in range(encodings)}
    table = next(start for start in starts if struct.unpack_from(">H", font, start) == (4,))
    return frozenset(chr(code) for code in _segments(font, table))


def _segments(font: bytes, table: int) -> list[int]:
    """Return the codes of a format 4 table that lead to a glyph. Glyph 0 is the empty box, so it does not count."""
    (doubled,) = struct.unpack_from(">6xH", font, table)
    count = doubled // 2
    ends, _, begins, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, table + 14 + doubled * part + (2 if part else 0))
        for part in (0, 0, 1, 2, 3)
    )
    codes: list[int] = []
    for index in range(count):
        at = table + 16 + doubled * 3 + 2 * index + offsets[index]
        for code in range(begins[index], min(ends[index], 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", font, at + 2 * (code - begins[index]))[0] if offsets[index] else code
            if (glyph + deltas[index]) % 0x10000 and glyph:
                codes.append(code)
    return codes
