"""The smallest parts of a formula's text, each with its position."""

import re
from dataclasses import dataclass

from rules.errors import RulesError, TextError
from rules.values import MAX_SCALE, MAX_WHOLE, clean

MAX_LENGTH = 20_000
"""The longest text of a formula, in characters."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.[0-9]+)*(?![\w.]))
    |(?P<code>"[^"]*")
    |(?P<name>[^\W\d_]\w*(?:\.[^\W\d_]\w*)*)
    |(?P<sign><=|>=|!=|[-+*/(),;:<>=])""",
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"(?:0|[1-9][0-9]{0,2}(?:\.[0-9]{3})*|[0-9]+)")
_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")


@dataclass(frozen=True, slots=True)
class Token:
    """One part: its kind (number, code, name, sign, end), its text, and its position counted from 1.

    A number also has its `value`, a whole number of the last of its `scale` decimal digits.
    """

    kind: str
    text: str
    position: int
    value: int = 0
    scale: int = 0

    @property
    def said(self) -> str:
        """The token as an error names it."""
        return "hết công thức" if self.kind == "end" else f"“{self.text}”"


def tokens_of(text: str) -> list[Token]:
    """Cut the text into tokens, the last of kind `end`. Raises TextError at the first character that fits nowhere."""
    if len(text) > MAX_LENGTH:
        raise TextError(MAX_LENGTH, f"Công thức dài quá {MAX_LENGTH} ký tự: tách thành nhiều dữ kiện.")
    try:
        text = clean(text)
    except RulesError as error:
        raise TextError(1, str(error)) from None
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise TextError(at + 1, f"Không đọc được “{text[at]}”.", "Dùng số, tên dữ kiện, + - * ( ) và các hàm.")
        at = found.end()
        token = _token(found)
        if token:
            _refuse_decimal_comma(tokens, token)
            tokens.append(token)
    return [*tokens, Token("end", "", len(text) + 1)]


def _token(found: re.Match[str]) -> Token | None:
    kind, text, position = found.lastgroup or "", found.group(), found.start() + 1
    if kind == "space":
        return None
    if kind == "number":
        return _number(text, position)
    return Token(kind, text.strip('"') if kind == "code" else text, position)


def _number(text: str, position: int) -> Token:
    """Read `1000`, `1.000` (one thousand), `0.15` or `12.5`: three digits after each point are thousands."""
    digits = ""
    if _THOUSANDS.fullmatch(text):
        whole = text.replace(".", "")
    elif (found := _DECIMAL.fullmatch(text)) and (len(found[2]) != 3 or found[1] == "0"):
        whole, digits = found[1], found[2].rstrip("0")
    else:
        raise TextError(
            position,
            f"Không rõ “{text[:40]}” là số nào.",
            "Hàng nghìn viết 1.234.567; phần thập phân viết 0.15 (đúng ba chữ số thập phân thì thêm số 0: 1.1250).",
        )
    if len(digits) > MAX_SCALE:
        raise TextError(position, f"“{text[:40]}” có quá {MAX_SCALE} chữ số thập phân.")
    if len(whole) + len(digits) > 30 or int(whole + digits) >= MAX_WHOLE:
        raise TextError(position, "Số vượt quá giới hạn tính được.")
    return Token("number", text, position, int(whole + digits), len(digits))


def _refuse_decimal_comma(tokens: list[Token], token: Token) -> None:
    """Refuse `0,15`: a comma separates the parts of a function, so it would silently become two numbers."""
    if token.kind != "number" or len(tokens) < 2 or tokens[-1].text != "," or tokens[-2].kind != "number":
        return
    before, comma = tokens[-2], tokens[-1]
    if before.position + len(before.text) == comma.position == token.position - 1:
        raise TextError(
            comma.position,
            f"“{before.text},{token.text}” không rõ là số thập phân hay hai số.",
            _meant(before, token),
        )


def _meant(before: Token, after: Token) -> str:
    """Return what to write instead of two numbers with a bare comma between them."""
    apart = f"thêm dấu cách sau dấu phẩy: {before.text}, {after.text}."
    if before.scale or not after.text.isdigit():
        return f"Hai số thì {apart}"
    # Three digits after a point are thousands, unless 0 comes before it.
    digits = f"{after.text}0" if len(after.text) == 3 and before.value else after.text
    return f"Số thập phân viết {before.value}.{digits}; hai số thì {apart}"
