"""Vietnamese text made searchable and sortable without help from the database's locale."""

import unicodedata

from forms.folding import folded

__all__ = ["folded", "sort_key"]

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: index for index, letter in enumerate(_LETTERS, start=1)}
# Order of the five tone marks in Vietnamese dictionaries: none, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_DIGIT_BASE = 40


def sort_key(text: str) -> str:
    """Return a key that sorts by the Vietnamese alphabet under the C collation, tones last.

    The embedded server has no ICU, so the order is made here: letters first (a ă â ... đ ... ơ ... ư), then the tones.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", text.casefold()):
        letter, tone = _letter_and_tone(char)
        letters.append(chr(_DIGIT_BASE + 20 + _RANK[letter]) if letter in _RANK else char)
        tones.append(str(tone))
    return "".join(letters) + "\x1f" + "".join(tones).rstrip("0")


def _letter_and_tone(char: str) -> tuple[str, int]:
    """Split `ế` into `ê` and the rank of its tone."""
    parts = unicodedata.normalize("NFD", char)
    tone = next((_TONES[part] for part in parts if part in _TONES), 0)
    rest = "".join(part for part in parts if part not in _TONES)
    return unicodedata.normalize("NFC", rest), tone
