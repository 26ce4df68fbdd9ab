"""Codes to scan (mã QR): the same modules for the screen as SVG and for a printed paper as rows of bits."""

from functools import lru_cache
from io import BytesIO

import segno

QUIET_ZONE = 4
"""Empty modules around the code, as ISO/IEC 18004 asks."""


def qr_matrix(text: str) -> tuple[str, ...]:
    """Return the modules of the QR code of `text`, row by row, "1" dark and "0" light, without the quiet zone.

    Error correction is level M: a seal or a fold may spoil 15% of the code.
    Raises ValueError for a text that is empty or too long.
    """
    return tuple("".join("1" if module else "0" for module in row) for row in _code(text).matrix)


def qr_svg(text: str, *, title: str = "Mã QR tra cứu hồ sơ") -> str:
    """Return an SVG element for a page: it scales with its frame and carries a title for those who cannot see it."""
    image = BytesIO()
    _code(text).save(
        image, kind="svg", border=QUIET_ZONE, xmldecl=False, omitsize=True, light="#fff", title=title, svgclass="qr"
    )
    return image.getvalue().decode()


@lru_cache(maxsize=256)
def _code(text: str) -> segno.QRCode:
    """Return the code of a text; the screen of a dossier and its receipt show the same one."""
    if not text.strip():
        raise ValueError("Chưa có nội dung để lập mã QR.")
    try:
        return segno.make_qr(text, error="m", boost_error=False, encoding="utf-8" if not text.isascii() else None)
    except segno.DataOverflowError as error:
        raise ValueError(f"Nội dung {len(text)} ký tự quá dài để lập mã QR.") from error
