"""The smallest parts of a formula's text, each with its position."""

import re
from dataclasses import dataclass

from rules.errors import RulesError, TextError
from rules.values import MAX_WHOLE, clean

MAX_LENGTH = 20_000
"""The longest text of a formula, in characters."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d{3})*(?![\w.]))
    |(?P<code>"[^"]*")
    |(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)
    |(?P<sign><=|>=|!=|[-+*/(),<>=])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One part: its kind (number, code, name, sign, end), its text, and its position counted from 1."""

    kind: str
    text: str
    position: int

    @property
    def said(self) -> str:
        """The token as an error names it."""
        return "hết công thức" if self.kind == "end" else f"“{self.text}”"

    @property
    def number(self) -> int:
        """The whole number written, with or without points between thousands."""
        return int(self.text.replace(".", ""))


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
            tokens.append(token)
    return [*tokens, Token("end", "", len(text) + 1)]


def _token(found: re.Match[str]) -> Token | None:
    kind = found.lastgroup or ""
    if kind == "space":
        return None
    token = Token(kind, found.group().strip('"') if kind == "code" else found.group(), found.start() + 1)
    if kind == "number" and (len(token.text) > 30 or token.number >= MAX_WHOLE):
        raise TextError(token.position, "Số vượt quá giới hạn tính được.")
    return token
