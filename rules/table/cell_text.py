"""Reads the text of a cell: the short signs and their Vietnamese writing mean the same."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from rules.clock.calendar import legal_moment
from rules.errors import RulesError, TextError, nearest
from rules.reading import CODE
from rules.table.cells import ANYTHING, Cell, Has, HasHow, Known, Number, OneOf, Range, Test, Within
from rules.values import MAX_WHOLE, clean, decimal, epoch_minute
from rules.vocabulary import NUMERIC, Fact, FactType

MAX_LENGTH = 4_000
"""The longest text of a cell, in characters."""

_DAY = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})"
_TIME = r"(?:\d{1,2}:\d{2})"
_REST = r"""
    |(?P<quoted>"[^"]*"|“[^”]*”)
    |(?P<sign>\.\.|<=|>=|≤|≥|[-<>=\[\](),;])
    |(?P<word>[^\W\d][\w.-]*|\d\w*)"""
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<day>{_DAY})(?!\w)|(?P<number>-?\d+(?:\.\d{{3}})*(?!\d|\w|\.\d)){_REST}", re.VERBOSE
)
_MOMENT_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<moment>{_DAY}T{_TIME}|{_TIME}\s+(?:ngày\s+)?{_DAY}|{_DAY}\s+{_TIME})(?!\w)|(?P<day>{_DAY})(?!\w){_REST}",
    re.VERBOSE,
)
_FIXED_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<number>-?\d+(?:\.\d{{3}})*(?:,\d+)?(?!\d|\w|\.\d|,\d))
    |(?P<odd>-?\d[\d.,]*[.,]\d+){_REST}""",
    re.VERBOSE,
)
_TOKENS = {FactType.MOMENT: _MOMENT_TOKEN, FactType.FIXED: _FIXED_TOKEN}
"""How cells of some types are cut into tokens: in a measure a comma between digits is the decimal comma."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int

    @property
    def said(self) -> str:
        return "hết ô" if self.kind == "end" else f"“{self.text}”"


def parse_cell(text: str, fact: Fact) -> Cell:
    """Read a cell over this fact.

    Raises TextError with the character's position, what was expected, and the nearest known code.
    """
    if len(text) > MAX_LENGTH:
        raise TextError(MAX_LENGTH, f"Ô dài quá {MAX_LENGTH} ký tự: tách thành nhiều dòng.")
    try:
        tokens = _tokens(clean(text), _TOKENS.get(fact.type, _TOKEN))
    except TextError:
        raise
    except RulesError as error:
        raise TextError(1, str(error)) from None
    reader = _Reader(tokens, fact)
    test = reader.whole()
    return Cell(text, test)


def _tokens(text: str, pattern: re.Pattern[str]) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = pattern.match(text, at)
        if found is None:
            raise TextError(at + 1, f"Không đọc được “{text[at]}” trong ô.", _hint_to(text[at]))
        if found.lastgroup != "space":
            tokens.append(_Token(found.lastgroup or "", found.group(), at + 1))
        at = found.end()
    return [*tokens, _Token("end", "", len(text) + 1)]


_EITHER = frozenset({"or", "hoặc", "hay", "|", "/", ";"})
_BOTH = frozenset({"and", "và", "&"})


_OTHERWISE = {
    "!": "Khác một giá trị viết khác a hoặc not(a).",
    "≠": "Khác một giá trị viết khác a hoặc not(a).",
    "không": "Viết khác, không phải, không quá hoặc không dưới.",
    "ngoài": "Viết trừ a hoặc not(a).",
    "hơn": "Viết trên 300, hoặc lớn hơn 300.",
    "quá": "Viết trên 300.",
    "vượt": "Viết trên 300.",
    "đến": "Viết từ 100 đến 300.",
    "tới": "Viết từ 100 đến 300.",
    "..": "Viết [100..300].",
    "-": "Viết từ 100 đến 300 hoặc [100..300].",
    "là": "Bỏ chữ “là”, viết thẳng giá trị.",
    "thuộc": "Viết thẳng các giá trị, có dấu phẩy ở giữa: a, b.",
}
"""What to write instead of words and signs that stand where cells do not take them."""


def _hint_to(sign: str) -> str:
    """Return what to write instead of a word or sign that cells do not know."""
    if sign.lower() in _EITHER:
        return "“Một trong các giá trị” viết bằng dấu phẩy: a, b."
    if sign.lower() in _BOTH:
        return "Hai điều cùng phải đúng thì viết thành một khoảng, như [1..30], hoặc thành hai cột."
    if sign in "“”‘’'":
        return 'Dùng dấu ngoặc kép thẳng: "a", hoặc viết mã trần.'
    return _OTHERWISE.get(sign.lower(), "")


class _Reader:
    """Reads one cell from its tokens."""

    def __init__(self, tokens: list[_Token], fact: Fact) -> None:
        self.tokens = tokens
        self.fact = fact
        self.at = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.token
        self.at += 1
        return token

    def taken(self, *said: str) -> bool:
        """Take these words or signs when they come next."""
        ahead = self.tokens[self.at : self.at + len(said)]
        if [token.text.lower() for token in ahead if token.kind in ("word", "sign")] != list(said):
            return False
        self.at += len(said)
        return True

    def fail(self, expected: str, hint: str = "") -> TextError:
        """Say what was expected here."""
        return TextError(self.token.position, f"Cần {expected} ở đây, đang có {self.token.said}.", hint)

    def whole(self) -> Test:
        """Read the whole cell."""
        test = self.short_word()
        if test is None:
            test = self.body()
        if self.token.kind != "end":
            raise self.fail("kết thúc ô hoặc dấu phẩy", self.left_over())
        return test

    def left_over(self) -> str:
        """Return the hint to what stands after a test that was whole already."""
        sign = self.token.text.lower()
        if self.fact.type is FactType.CODES and sign in _EITHER | _BOTH:
            return "Có một trong các mã viết has any a, b; có đủ các mã viết has all a, b."
        if self.fact.type not in NUMERIC:
            return _hint_to(sign)
        if self.token.kind == "number" and sign.startswith("-"):
            return _OTHERWISE["-"]
        plain = self.token.kind == "word" and self.fact.type not in (FactType.DAY, FactType.MOMENT)
        return _hint_to(sign) or ("Viết số trần, không kèm đơn vị: 300." if plain else "")

    def short_word(self) -> Test | None:
        """Read what every type understands: `-`, `known`, `unknown` and their Vietnamese."""
        if len(self.tokens) == 1 or (self.token.text == "-" and len(self.tokens) == 2):
            self.at = len(self.tokens) - 1
            return ANYTHING
        for said, wanted in (
            (("known",), True),
            (("đã", "biết"), True),
            (("unknown",), False),
            (("chưa", "biết"), False),
        ):
            if self.token.text.lower() not in self.fact.codes and self.taken(*said):
                return Known(wanted)
        return None

    def body(self) -> Test:
        """Read a test of the fact's own type."""
        if self.fact.type in NUMERIC:
            return self.negatable(self.ranges)
        if self.fact.type in (FactType.CODE, FactType.BOOL):
            return self.negatable(self.values)
        if self.fact.type is FactType.CODES:
            return self.has()
        raise self.fail("“-”, “known” hoặc “unknown”", "Dữ kiện kiểu chữ hoặc nhóm chỉ được hỏi là đã biết hay chưa.")

    def negatable(self, read: Callable[[], Within | OneOf]) -> Within | OneOf:
        """Read a list, or a list in `not(...)` or after `trừ`, `khác`, `không phải`."""
        if self.taken("not"):
            if not self.taken("("):
                raise self.fail("“(”", "Viết not(a), trừ a hoặc khác a.")
            inner = read()
            self.expect(")")
        elif self.taken("trừ") or self.taken("khác") or self.taken("không", "phải"):
            inner = read()
        else:
            return read()
        if isinstance(inner, Within):
            return Within(inner.ranges, negated=True)
        return OneOf(inner.values, negated=True)

    def expect(self, sign: str) -> None:
        if not self.taken(sign):
            raise self.fail(f"“{sign}”")

    def ranges(self) -> Within:
        """Read ranges with commas (between measures also semicolons) between them."""
        ranges = [self.range()]
        while self.taken(",") or (self.fact.type is FactType.FIXED and self.taken(";")):
            ranges.append(self.range())
        return Within(tuple(ranges))

    def range(self) -> Range:
        """Read one range and refuse an empty one."""
        position = self.token.position
        found = self.compared() or self.bracketed() or self.from_to()
        if found is None:
            number = self.number()
            found = self.onwards(number) or Range(number, number)
        if found.empty:
            raise TextError(position, "Khoảng này không chứa giá trị nào.", "Đổi chỗ hai đầu hoặc mở rộng khoảng.")
        return found

    def compared(self) -> Range | None:
        """Read `>= 5`, `trên 5`, `không quá 5` and the like, `đủ 16 trở lên`, and `trên 5 đến 10`."""
        if self.taken("đủ"):
            number = self.number()
            self.expect("trở")
            self.expect("lên")
            return _at_least(number)
        for said, build in _COMPARED.items():
            if self.taken(*said):
                found = build(self.number())
                return self.upper(found) if said in _LOWER_ENDS and self.taken("đến") else found
        return None

    def bracketed(self) -> Range | None:
        """Read `[100..300)` and the like."""
        low_in = self.taken("[")
        if not low_in and not self.taken("("):
            return None
        low = None if self.token.text == ".." else self.number()
        self.expect("..")
        high = None if self.token.text in ("]", ")") else self.number()
        high_in = self.taken("]")
        if not high_in and not self.taken(")"):
            raise self.fail("“]” hoặc “)”")
        return Range(low, high, low_in, high_in)

    def from_to(self) -> Range | None:
        """Read `từ 100 đến 300`, `từ trên 100 đến dưới 300`, `từ 100 trở lên`, `đến hết 300`, `từ ngày 01/07/2025`."""
        if self.taken("đến"):
            return self.upper(Range())
        if not (self.taken("từ") or self.taken("kể", "từ")):
            return None
        above = self.taken("trên")
        if not above:
            self.taken("đủ")
        low = self.number()
        if self.taken("đến"):
            return self.upper(Range(low, None, low_in=not above))
        found = _above(low) if above else self.onwards(low)
        if found is None and self.fact.type in (FactType.DAY, FactType.MOMENT):
            found = _at_least(low)
        if found is None:
            raise self.fail("“đến” hoặc “trở lên”", "Viết từ 100 đến 300, hoặc từ 100 trở lên.")
        return found

    def upper(self, lower: Range) -> Range:
        """Read the upper end of a range, after `đến`: `300`, `hết 300`, `dưới 300`, `trước 01/07/2025`."""
        under = not self.taken("hết") and (self.taken("dưới") or self.taken("trước"))
        return Range(lower.low, self.number(), low_in=lower.low_in, high_in=not under)

    def onwards(self, number: Number) -> Range | None:
        """Read what may follow a number: `trở lên`, `trở đi`, `trở xuống`, `trở về trước`; the number is in."""
        if self.taken("trở", "lên") or self.taken("trở", "đi"):
            return _at_least(number)
        return _at_most(number) if self.taken("trở", "xuống") or self.taken("trở", "về", "trước") else None

    def number(self) -> Number:
        """Read a number, an amount, a day or a moment, as the fact's type wants."""
        if self.fact.type in _NUMBER_READERS:
            return _NUMBER_READERS[self.fact.type](self)
        if self.token.kind != "number":
            hint = _hint_to(self.token.text) or "Viết 1000 hoặc 1.000; không dùng dấu phẩy trong số."
            raise self.fail("số nguyên", hint)
        token = self.take()
        digits = token.text.lstrip("-").replace(".", "")
        if len(digits) > 19 or (len(digits) > 1 and digits[0] == "0") or int(digits) >= MAX_WHOLE:
            raise TextError(
                token.position, f"Không nhận số “{token.text[:30]}”.", "Viết 1000 hoặc 1.000, dưới 4 tỷ tỷ."
            )
        self.unit()
        return -int(digits) if token.text.startswith("-") else int(digits)

    def unit(self) -> None:
        """Skip the sign of đồng after an amount."""
        if self.fact.type is FactType.MONEY and self.token.text.lower() in ("đ", "đồng"):
            self.at += 1

    def day(self) -> Number:
        """Read a day, with or without the word `ngày` before it."""
        self.taken("ngày")
        if self.token.kind != "day":
            raise self.fail("một ngày", _hint_to(self.token.text) or "Viết 2026-08-15 hoặc 15/08/2026.")
        token = self.take()
        return parse_day(token.text, token.position).toordinal()

    def moment(self) -> Number:
        """Read a moment in legal time."""
        if self.token.kind != "moment":
            hint = "Ghi cả giờ và ngày" if self.token.kind == "day" else "Viết"
            raise self.fail("một thời điểm", f"{hint}: 2026-08-15T08:00 hoặc 08:00 15/08/2026.")
        token = self.take()
        parts = token.text.replace("T", " ").replace("ngày", " ").split()
        clock, day = sorted(parts, key=lambda part: ":" not in part)
        on = parse_day(day, token.position)
        hour, minute = (int(part) for part in clock.split(":"))
        try:
            return epoch_minute(legal_moment(datetime.combine(on, time(hour, minute))))
        except (ValueError, RulesError):
            raise TextError(token.position, f"Không có thời điểm “{token.text}”.", "Giờ từ 00:00 đến 23:59.") from None

    def measure(self) -> Number:
        """Read a measure with a decimal comma as a whole number of its last digit."""
        if self.token.kind != "number":
            hint = _hint_to(self.token.text) or (
                f"Viết 1.000,5: phẩy trước phần lẻ (nhiều nhất {self.fact.scale} chữ số), chấm giữa hàng nghìn."
            )
            raise self.fail("số thập phân", hint)
        token = self.take()
        try:
            return decimal(token.text.replace(".", ""), self.fact.scale)
        except RulesError as error:
            raise TextError(token.position, str(error), "Viết 1.000,5.") from None

    def values(self) -> OneOf:
        """Read codes or truth values with commas (or `hoặc`) between them."""
        values = [self.value()]
        while self.taken(",") or self.taken("hoặc"):
            values.append(self.value())
        return OneOf(tuple(dict.fromkeys(values)))

    def value(self) -> str | bool:
        """Read one code or truth value."""
        if self.fact.type is FactType.CODE:
            return self.code()
        for said, value in _TRUTH.items():
            if self.taken(said):
                return value
        raise self.fail("true (có) hoặc false (không)")

    def code(self) -> str:
        """Read a code of the fact's list, in quotes or bare."""
        if self.token.text in ("=", "=="):
            raise self.fail("một mã của danh mục", "Bỏ dấu “=”, viết thẳng mã.")
        if self.token.kind not in ("word", "quoted", "number"):
            hint = nearest(self.token.text, self.fact.codes) or _hint_to(self.token.text)
            raise self.fail("một mã của danh mục", hint)
        token = self.take()
        code = token.text.strip('"“”')
        if self.fact.any_code:
            if CODE.fullmatch(code):
                return code
            raise TextError(token.position, f"“{code[:60]}” không phải mã.", "Mã chỉ gồm chữ không dấu, số và . _ -.")
        if code not in self.fact.codes:
            hint = (_hint_to(code) if token.kind == "word" else "") or nearest(code[:60], self.fact.codes)
            raise TextError(token.position, f"Danh mục không có mã “{code[:60]}”.", hint)
        return code

    def has(self) -> Has:
        """Read `has "a"`, `has any "a", "b"`, `has all ...`, `has none ...`."""
        for said, how in _HAS.items():
            if self.taken(*said):
                codes = [self.code()]
                while self.taken(","):
                    codes.append(self.code())
                return Has(how, tuple(dict.fromkeys(codes)))
        codes = ", ".join([*self.fact.codes][:2]) or "a, b"
        none = self.token.text.lower() in ("not", "trừ", "khác", "không")
        hint = f"Dữ kiện là một tập mã: viết has {'none' if none else 'any'} {codes}."
        raise self.fail("“has”, “has any”, “has all” hoặc “has none” rồi đến các mã", hint)


_NUMBER_READERS: Mapping[FactType, Callable[[_Reader], Number]] = {
    FactType.DAY: _Reader.day,
    FactType.MOMENT: _Reader.moment,
    FactType.FIXED: _Reader.measure,
}


def parse_day(text: str, position: int = 1) -> date:
    """Read `2026-08-15` or `15/08/2026`. Raises TextError for a day that is none."""
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise TextError(position, f"Không có ngày “{text[:30]}”.", "Viết 2026-08-15 hoặc 15/08/2026.") from None


def _at_least(number: Number) -> Range:
    return Range(number, None)


def _above(number: Number) -> Range:
    return Range(number, None, low_in=False)


def _at_most(number: Number) -> Range:
    return Range(None, number)


def _below(number: Number) -> Range:
    return Range(None, number, high_in=False)


def _equal(number: Number) -> Range:
    return Range(number, number)


_COMPARED: Mapping[tuple[str, ...], Callable[[Number], Range]] = {
    (">=",): _at_least,
    ("≥",): _at_least,
    (">",): _above,
    ("<=",): _at_most,
    ("≤",): _at_most,
    ("<",): _below,
    ("=",): _equal,
    ("bằng",): _equal,
    ("ít", "nhất"): _at_least,
    ("tối", "thiểu"): _at_least,
    ("không", "dưới"): _at_least,
    ("không", "quá"): _at_most,
    ("không", "vượt", "quá"): _at_most,
    ("tối", "đa"): _at_most,
    ("lớn", "hơn", "hoặc", "bằng"): _at_least,
    ("lớn", "hơn"): _above,
    ("nhiều", "hơn", "hoặc", "bằng"): _at_least,
    ("nhiều", "hơn"): _above,
    ("nhỏ", "hơn", "hoặc", "bằng"): _at_most,
    ("nhỏ", "hơn"): _below,
    ("ít", "hơn", "hoặc", "bằng"): _at_most,
    ("ít", "hơn"): _below,
    ("chưa", "đủ"): _below,
    ("trên",): _above,
    ("sau",): _above,
    ("dưới",): _below,
    ("trước",): _below,
}

_LOWER_ENDS = (("trên",), ("sau",))
"""After these a range may go on with `đến`."""

_TRUTH = {"true": True, "có": True, "false": False, "không": False}

_HAS: Mapping[tuple[str, ...], HasHow] = {
    ("has", "any"): HasHow.ANY,
    ("has", "all"): HasHow.ALL,
    ("has", "none"): HasHow.NONE,
    ("has",): HasHow.ALL,
    ("có", "một", "trong"): HasHow.ANY,
    ("có", "đủ"): HasHow.ALL,
    ("không", "có"): HasHow.NONE,
    ("có",): HasHow.ALL,
}
