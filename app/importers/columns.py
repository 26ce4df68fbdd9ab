"""The columns of the national catalogue's export: their Vietnamese headers, and what a cell under each may hold."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

HEADERS: Mapping[str, str] = {
    "code": "Mã số",
    "name": "Tên",
    "issuing_body": "Cơ quan ban hành",
    "implementing_bodies": "Cơ quan thực hiện",
    "field_of_work": "Lĩnh vực",
}
"""Our name of each column and the header that the export of the National Public Service Portal writes over it."""

CODE = re.compile(r"([1-6]\.[0-9]{6})(?:\.[0-9A-Z]+)*")
"""A national code (mã số TTHC), with or without the suffix of a local one (`1.001193.000.00.00.H29`)."""
LONGEST_NAME = 4_000
LONGEST_TEXT = 2_000

# Signs nobody sees: zero widths, soft hyphens, changes of direction (they can make a text read as another), controls.
_INVISIBLE = dict.fromkeys(
    (*range(0x09), *range(0x0E, 0x1C), 0x7F, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
     *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF)
)  # fmt: skip


def one_line(text: str) -> str:
    """Return the text in NFC on one line: line breaks and runs of spaces become one space, invisible signs go."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def several_lines(text: str) -> tuple[str, ...]:
    """Return the entries of a cell that holds one on each line, cleaned, each once, in their order."""
    lines = (one_line(line) for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def header_places(cells: Sequence[object]) -> dict[str, list[int]]:
    """Return where each known header stands in this row (columns counted from 0); absent ones are left out."""
    wanted = {_folded(header): field for field, header in HEADERS.items()}
    places: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        field = wanted.get(_folded(cell)) if isinstance(cell, str) else None
        if field is not None:
            places.setdefault(field, []).append(index)
    return places


def national_code(text: str) -> str | None:
    """Return the national code that a cell holds (the first eight signs), or None when it holds none."""
    found = CODE.fullmatch(one_line(text))
    return found[1] if found else None


def column_letter(index: int) -> str:
    """Return Excel's name of a column counted from 0: `A`, ..., `Z`, `AA`, ..."""
    letters, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _folded(text: str) -> str:
    return one_line(text).casefold()
