"""Fee and time as a catalogue announces them in Vietnamese (lời công bố), read as far as they can be read for certain.

`8,000 VNĐ`, `2.000 đồng/trang`, `Miễn phí`, `02 ngày làm việc`, `Không quá 05 (năm) ngày làm việc`. What leaves the
figure to another text, has no unit, or may mean several things is never guessed at: it leaves the announcement open.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rules.clock.spans import LimitUnit
from rules.values import CURRENCIES, MAX_MONEY

VND, USD = "VND", "USD"


@dataclass(frozen=True, slots=True)
class FeeSaid:
    """What an announcement says of money: amounts by currency in its minor units, and whether some pay nothing.

    `is_open`: it says more than could be read, or leaves it to another text.
    """

    amounts: frozenset[tuple[str, int]] = frozenset()
    free: bool = False
    is_open: bool = False

    @property
    def is_read(self) -> bool:
        """Tell whether anything was read."""
        return bool(self.amounts) or self.free


@dataclass(frozen=True, slots=True)
class TimeSaid:
    """The limits that an announcement names; `is_open` as of fees."""

    limits: frozenset[tuple[LimitUnit, int]] = frozenset()
    is_open: bool = False

    @property
    def is_read(self) -> bool:
        """Tell whether anything was read."""
        return bool(self.limits)


_NUMBER = r"(?<![\d.,/])\d+(?:[.,]\d+)*(?![\d/])"
_DONG = r"(?:việt nam đồng|vn đồng|đồng|vnđ|vnd|đ(?!\w)|₫)"
_MANY = {"": 1, "nghìn": 1_000, "ngàn": 1_000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_AMOUNT = re.compile(
    rf"({_NUMBER})\s*(?:\([^()\d]*\)\s*)?(nghìn|ngàn|triệu|tỷ|tỉ)?\s*(?:({_DONG})|(usd|đô la mỹ|us\$))"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_PART = re.compile(r"(\d+)[.,](\d{1,2})")
_FREE = re.compile(
    r"miễn (?:nộp |thu )?(?:phí|lệ phí)|không (?:thu|phải nộp|mất) ?(?:phí|lệ phí)?|không có (?:phí|lệ phí)"
)
_NOTHING = re.compile(r"(?:không|miễn|không thu|miễn phí)\.?")
_ELSEWHERE = re.compile(r"hội đồng nhân dân|hđnd|theo quy định|theo biểu|theo thông báo|thỏa thuận|%|phần trăm|nếu có")
_FOR_SOME = re.compile(r"đối với|trường hợp|người thuộc|cho người|nếu |giảm")


def fee_said(text: str) -> FeeSaid:
    """Read an announced fee."""
    said = _folded(text)
    is_open = bool(_ELSEWHERE.search(said))
    if _THOUSANDS.fullmatch(said):
        return FeeSaid(frozenset({(VND, int(re.sub(r"\D", "", said)))}))
    found = [_amount(each) for each in _AMOUNT.finditer(said)]
    amounts = frozenset(each for each in found if each is not None)
    rest = _AMOUNT.sub(" ", said)
    is_open |= None in found or bool(_THOUSANDS.search(rest))
    free = bool(_NOTHING.fullmatch(said) or _FREE.search(said)) or any(not each for _, each in amounts)
    is_open |= not amounts and free and bool(_FOR_SOME.search(said))
    return FeeSaid(frozenset(each for each in amounts if each[1]), free, is_open)


def _amount(found: re.Match[str]) -> tuple[str, int] | None:
    """Return a matched amount, None where its separators may mean several things."""
    number, many, dong, _ = found.groups()
    currency = VND if dong else USD
    if _THOUSANDS.fullmatch(number) and not many:
        value = Decimal(re.sub(r"\D", "", number))
    elif number.isdigit():
        value = Decimal(number)
    elif (part := _PART.fullmatch(number)) and (many or currency == USD):
        value = Decimal(f"{part[1]}.{part[2]}")
    else:
        return None
    whole = value * _MANY[many or ""] * 10 ** CURRENCIES[currency][1]
    return (currency, int(whole)) if whole == int(whole) and whole <= MAX_MONEY else None


_UNITS = {
    "ngày làm việc": LimitUnit.WORKING_DAYS,
    "giờ làm việc": LimitUnit.WORKING_HOURS,
    "ngày": LimitUnit.CALENDAR_DAYS,
    "giờ": LimitUnit.HOURS,
    "tháng": LimitUnit.MONTHS,
}
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SPELT = {
    **{word: number for number, word in enumerate(_DIGITS) if number},
    "mười": 10,
    **{f"mười {word}": 10 + number for number, word in enumerate(_DIGITS) if number not in (0, 5)},
    "mười lăm": 15,
    **{f"{_DIGITS[tens]} mươi": 10 * tens for tens in range(2, 10)},
}
_COUNT = rf"(?:\d{{1,4}}|{'|'.join(sorted(_SPELT, key=len, reverse=True))})"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_LIMIT = re.compile(
    rf"(?<![\w.,/])({_COUNT})(?:\s*(?:-|–|đến)\s*({_COUNT}))?\s*(?:\([^()]*\)\s*)?({_UNIT})(?!\w)(?!\s*\d)"
)
_DAY_OF_YEAR = re.compile(r"ngày \d{1,2}(?:[/-]\d{1,2}[/-]\d{4}| tháng \d{1,2}(?: năm \d{4})?)|tháng \d{1,2} năm \d{4}")
_TIME_OF_DAY = re.compile(r"(?:sau|trước|lúc|từ|đến) \d{1,2} (?:giờ|h)(?: \d{1,2}(?: phút)?)?(?! làm việc)")
_TO_THE_NEXT = re.compile(r"ngày làm việc (?:tiếp theo|kế tiếp|sau)")
_WITHIN_DAY = re.compile(
    r"trong (?:cùng )?ngày(?! \d)(?: làm việc)?|giải quyết ngay|(?:làm )?ngay khi|trả (?:kết quả )?ngay"
)
_LEFT_OPEN = re.compile(
    r"\d+[.,/]\d+ (?:ngày|giờ|tháng)|nửa ngày|buổi|tuần|phút|theo quy định|½"
    r"|mươi (?:mốt|hai|ba|bốn|tư|lăm|sáu|bảy|tám|chín) (?:ngày|giờ|tháng)|trăm"
)


def time_said(text: str) -> TimeSaid:
    """Read an announced time."""
    said = _DAY_OF_YEAR.sub(" ", _folded(text))
    is_open = bool(_LEFT_OPEN.search(said) or _TO_THE_NEXT.search(said) or _TIME_OF_DAY.search(said))
    said = _TO_THE_NEXT.sub(" ", _TIME_OF_DAY.sub(" ", _LEFT_OPEN.sub(" ", said)))
    limits = {each for found in _LIMIT.finditer(said) for each in _limits(found)}
    if _WITHIN_DAY.search(_LIMIT.sub(" ", said)):
        limits.add((LimitUnit.SAME_DAY, 0))
    return TimeSaid(frozenset(limits), is_open)


def _limits(found: re.Match[str]) -> Iterator[tuple[LimitUnit, int]]:
    for count in found.groups()[:2]:
        if count:
            yield _UNITS[found[3]], int(count) if count.isdigit() else _SPELT[count]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
