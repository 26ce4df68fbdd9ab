"""Small value types that the law speaks in."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from rules.citations import Citation, in_english
from rules.errors import RulesError, nearest

MAX_WHOLE = 2**62
"""Whole numbers of the law stay strictly inside ±2^62, so that every engine counts them exactly."""

MAX_MONEY = 10**15
"""The largest amount of money that a definition states or that is handed in, in whole minor units.

It is a million billion đồng, about half of what the State takes in within a year: beyond it a hand has slipped. What is
worked out from amounts may be larger, and keeps to MAX_WHOLE.
"""

MAX_SCALE = 6
"""The most decimal digits a fixed-point measure may have."""

CURRENCIES = {"VND": ("đ", 0), "USD": ("USD", 2)}
"""Known currencies: the sign shown and the number of minor digits."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people: Vietnamese always, English where given."""

    vi: str
    en: str = ""

    def __str__(self) -> str:
        return self.vi

    @property
    def english(self) -> str:
        """What an English sentence says for this text: its English, else its Vietnamese."""
        return self.en or self.vi

    def to_data(self) -> dict[str, str]:
        """Return the text as plain JSON values; an empty language is left out."""
        return {"vi": self.vi, "en": self.en} if self.en else {"vi": self.vi}

    @classmethod
    def from_data(cls, data: Mapping[str, str] | str) -> "Text":
        """Read what `to_data` wrote; a plain text, as outcomes kept before they spoke English hold, is Vietnamese."""
        return cls(data) if isinstance(data, str) else cls(data["vi"], data.get("en", ""))


NO_TEXT = Text("")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money in whole minor units of its currency (đồng for VND, cent for USD)."""

    amount: int
    currency: str = "VND"

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise RulesError(f"Không biết loại tiền “{self.currency}”. Dùng: {', '.join(CURRENCIES)}.")
        if not -MAX_WHOLE < self.amount < MAX_WHOLE:
            raise RulesError("Số tiền vượt quá giới hạn tính được: kiểm tra lại số đã nhập.")

    @property
    def words(self) -> Text:
        """The amount as people read it: `10.000 đ`, `10,50 USD`; in English `10,000 đ`, `10.50 USD`."""
        return money_words(self.amount, self.currency)


def total_of(amounts: Iterable[int | None]) -> int | None:
    """Return the sum of amounts, None where one of them is not known or the sum is beyond what is counted."""
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total if -MAX_WHOLE < total < MAX_WHOLE else None


@lru_cache(maxsize=4096)
def money_words(amount: int, currency: str) -> Text:
    """Say an amount as `Money` does; the same few of the law's tables stand in every outcome."""
    sign, digits = CURRENCIES[currency]
    whole, minor = divmod(abs(amount), 10**digits)
    said = f"{'-' if amount < 0 else ''}{whole:,}" + (f".{minor:0{digits}d}" if digits else "")
    # The space does not break: an amount at the end of a line keeps its currency.
    return Text(f"{said.translate(_VIETNAMESE_MARKS)}\u00a0{sign}", f"{said}\u00a0{sign}")


_VIETNAMESE_MARKS = str.maketrans(",.", ".,")
"""Vietnamese parts thousands with dots and decimals with a comma, English the other way round."""


def grouped(number: int) -> str:
    """Write a whole number the Vietnamese way: `1.000.000`."""
    return f"{number:,}".replace(",", ".")


def counted(number: int) -> Text:
    """Say a whole number: `1.000.000`, in English `1,000,000`."""
    said = f"{number:,}"
    return Text(said.replace(",", "."), said)


def decimal_words(value: int, scale: int) -> str:
    """Write a fixed-point number (scaled whole number) the Vietnamese way: `1.234,5`; trailing zeros are dropped."""
    whole, rest = divmod(abs(value), 10**scale)
    digits = f"{rest:0{scale}d}".rstrip("0") if scale else ""
    return f"{'-' if value < 0 else ''}{grouped(whole)}{',' + digits if digits else ''}"


def measured(value: int, scale: int) -> Text:
    """Say a fixed-point number (scaled whole number): `1.234,5`, in English `1,234.5`."""
    said = decimal_words(value, scale)
    return Text(said, said.translate(_VIETNAMESE_MARKS))


def decimal_text(value: int, scale: int) -> str:
    """Write a fixed-point number so that `decimal` reads it again: `1234,5`; trailing zeros are dropped."""
    return decimal_words(value, scale).replace(".", "")


_DECIMAL = re.compile(r"(-?)(\d{1,18})(?:[.,](\d{1,6}))?")


def decimal(text: str, scale: int) -> int:
    """Read `120,5` or `120.5` as a whole number scaled by `scale` decimal digits.

    Raises RulesError for what is no such number, or has more decimal digits than the scale.
    """
    found = _DECIMAL.fullmatch(text.strip())
    if not found or len(found[3] or "") > scale:
        raise RulesError(f"“{text[:40]}” không phải số thập phân có nhiều nhất {scale} chữ số sau dấu phẩy.")
    number = int(found[2]) * 10**scale + int((found[3] or "").ljust(scale, "0") or 0)
    if number >= MAX_WHOLE:
        raise RulesError("Số vượt quá giới hạn tính được: kiểm tra lại số đã nhập.")
    return -number if found[1] else number


def epoch_minute(at: datetime) -> int:
    """Return the whole minutes from 1970-01-01 UTC to this moment: the number a moment is compared by."""
    return int(at.timestamp() // 60)


def day_figures(day: date) -> str:
    """Write a day, alike in both languages: `26/03/2024`."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` until just before `until` (half open); None is open-ended."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise RulesError(f"Khoảng thời gian rỗng: {self.since:%d/%m/%Y} không trước {self.until:%d/%m/%Y}.")

    def holds(self, on: date) -> bool:
        """Tell whether the day lies in the period."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def meets(self, other: "Period") -> bool:
        """Tell whether the two periods share a day."""
        starts = max(self.since or date.min, other.since or date.min)
        ends = [until for until in (self.until, other.until) if until]
        return not ends or starts < min(ends)

    def shared(self, other: "Period") -> "Period":
        """Return the days that both periods hold; only where they meet."""
        since = max((day for day in (self.since, other.since) if day), default=None)
        until = min((day for day in (self.until, other.until) if day), default=None)
        return Period(since, until)

    @property
    def words(self) -> Text:
        """The period as people read it; empty when it is always."""
        ends = (("từ", "from", self.since), ("đến trước", "until before", self.until))
        said = [(f"{vi} {day_figures(day)}", f"{en} {day_figures(day)}") for vi, en, day in ends if day]
        return Text(" ".join(vi for vi, _ in said), " ".join(en for _, en in said))


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class LegalDocument:
    """A legal document (văn bản) a definition cites: its key there, number, title, days in force and territory.

    What cites it holds on the same days and in the same territory unless it states its own.
    """

    key: str
    document: str
    title: Text = NO_TEXT
    period: Period = ALWAYS
    territory: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A place in a legal document: điều (article), khoản (clause), điểm (point), and a note such as a list number."""

    document: str
    article: str = ""
    clause: str = ""
    point: str = ""
    note: Text = NO_TEXT

    def citation(self, documents: Mapping[str, LegalDocument]) -> Citation:
        """Write the citation as in official letters: `điểm a khoản 1 Điều 4 Thông tư 226/2016/TT-BTC`."""
        parts = [("điểm", self.point), ("khoản", self.clause), ("Điều", self.article)]
        named = [f"{word} {value}" for word, value in parts if value]
        cited = documents[self.document].document if self.document in documents else self.document
        place = " ".join([*named, cited])
        if not self.note.vi:
            return Citation(place)
        return Citation(f"{place} ({self.note.vi})", f"{in_english(place)} ({self.note.en})" if self.note.en else "")


def nearest_called(name: str, called: Mapping[str, Text]) -> str:
    """Return a hint with the code that people call so (`ngày làm việc`, `m2`), else with the codes nearest to it.

    Of a code that is a part of several (`days`) all of them are named.
    """
    meant = _called(name, called)
    if meant:
        return f"Viết mã của đơn vị: {meant[0]}."
    holding = sorted(code for code in called if name in code.split("_"))
    return f"Có phải ý bạn là: {', '.join(holding)}?" if holding else nearest(name, called)


def nearest_code(name: str, called: Mapping[str, Text]) -> str:
    """Return a hint with the code whose label was written, else with the nearest codes and their labels."""
    meant = _called(name, called)
    if meant:
        return f"“{name}” là nhãn của mã {meant[0]}: viết {meant[0]}."
    return nearest(name, called, {code: label.vi for code, label in called.items()})


def _called(name: str, called: Mapping[str, Text]) -> list[str]:
    plain = _plain(name)
    return [code for code, text in called.items() if plain and plain in (_plain(text.vi), _plain(text.en))]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def clean(text: str) -> str:
    """Return text in the one composed form (NFC); refuse characters that are no text.

    Raises RulesError for lone surrogates and NUL: what cannot be stored or shown is not let in.
    """
    if re.search("[\ud800-\udfff\x00]", text):
        raise RulesError("Văn bản chứa ký tự hỏng: hãy xóa và gõ lại đoạn này.")
    return unicodedata.normalize("NFC", text)
