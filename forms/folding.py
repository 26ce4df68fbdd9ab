"""Vietnamese text as people type it in a hurry, for whatever is searched without accents."""

import unicodedata


def folded(text: str) -> str:
    """Return the text in lower case, without accents, `đ` as `d`, with single spaces.

    `folded("Đăng ký")` is `"dang ky"`; searches compare folded with folded.
    """
    stripped = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(char for char in stripped if not unicodedata.combining(char))
    return " ".join(plain.split())
