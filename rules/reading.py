"""A cursor over plain data (mappings, lists, scalars) that knows its place and collects every problem it meets."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from rules.errors import EnoughError, Place, Problem, RulesError, nearest
from rules.values import MAX_WHOLE, Text, clean

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
FACT_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
"""A fact, or a part of one behind a dot: `ward.kind`."""
ROW_IDENTIFIER = re.compile(r"[a-z][a-z0-9_.-]*")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_TEXT = 20_000
MAX_ITEMS = 10_000
MOST_PROBLEMS = 100
"""Nobody mends more faults at once; reading ends there."""
MAX_SAID = 10**30
"""Numbers beyond are not written out in a sentence."""

Choice = TypeVar("Choice", bound=StrEnum)

_NAMES = {IDENTIFIER: "chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ", CODE: "chữ không dấu, số, . _ -"}


class _Absent:
    """The mark of a key that is not there."""


ABSENT = _Absent()


class Node:
    """One value of the data, its place, and the list that problems go to. Wrong values read as an empty default."""

    def __init__(self, value: Any, place: Place, problems: list[Problem]) -> None:
        self.value = value
        self.place = place
        self.problems = problems

    def __bool__(self) -> bool:
        return self.value is not ABSENT and self.value is not None

    def problem(self, what: str, hint: str = "") -> None:
        """Write down a problem at this place. Raises EnoughError after the last that is worth reading."""
        self.problems.append(Problem(self.place, what, hint))
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems.append(Problem((), f"Còn lỗi khác: chỉ nêu {MOST_PROBLEMS} lỗi đầu.", "Sửa rồi thử lại."))
            raise EnoughError

    def at(self, step: str | int, value: Any = ABSENT) -> "Node":
        """Return the node one step further in."""
        return Node(value, (*self.place, step), self.problems)

    def mapping(self, *allowed: str, **hints: str) -> Mapping[str, Any]:
        """Return the mapping here; refuse keys other than those allowed (none named: any identifier).

        `hints` say of keys that are often written here by mistake what to do instead.
        """
        if not self:
            return {}
        found = mapping_of(self.value)
        if found is None:
            self.problem("Cần một nhóm “tên: giá trị” ở đây.")
            return {}
        for key in found:
            if allowed and key not in allowed:
                hint = hints.get(str(key)) or nearest(str(key)[:60], allowed)
                self.at(str(key)).problem(f"Không có mục “{str(key)[:60]}” ở đây.", hint)
        return {str(key): value for key, value in found.items()}

    def parts(self, *allowed: str, **hints: str) -> "Parts":
        """Return the parts of the mapping here by key."""
        return Parts(self, self.mapping(*allowed, **hints))

    def named(self, pattern: re.Pattern[str] = IDENTIFIER) -> Iterator[tuple[str, "Node"]]:
        """Yield the entries of a mapping whose keys are ids of their own, by id: their order means nothing."""
        for key, value in sorted(self.mapping().items()):
            if not pattern.fullmatch(key):
                self.at(key).problem(f"Tên “{key[:60]}” không hợp lệ.", f"Dùng {_NAMES[IDENTIFIER]}.")
            yield key, self.at(key, value)

    def items(self) -> list["Node"]:
        """Return the entries of the list here."""
        if not self:
            return []
        items = sequence_of(self.value)
        if items is None:
            self.problem("Cần một danh sách ở đây.")
            return []
        if len(items) > MAX_ITEMS:
            self.problem(f"Danh sách dài quá {MAX_ITEMS} mục.")
            return []
        return [self.at(place, item) for place, item in enumerate(items)]

    def string(self, *, most: int = MAX_TEXT) -> str:
        """Return the text here in composed form (NFC), empty where there is none."""
        if not self:
            return ""
        if not isinstance(self.value, str):
            self.problem(f"Cần chữ, đang có {said(self.value)}.", "Đặt giá trị trong dấu ngoặc kép.")
            return ""
        if len(self.value) > most:
            self.problem(f"Chữ dài quá {most} ký tự.")
            return ""
        try:
            return clean(self.value)
        except RulesError as error:
            self.problem(str(error))
            return ""

    def identifier(self, pattern: re.Pattern[str] = IDENTIFIER) -> str:
        """Return the id here."""
        if pattern is CODE and isinstance(self.value, int) and not isinstance(self.value, bool):
            return self._unquoted(self.value)
        name = self.string(most=120)
        if (name or self.value == "") and not pattern.fullmatch(name):
            self.problem(
                f"Mã “{name}” không hợp lệ.", f"Dùng {_NAMES.get(pattern, 'chữ thường không dấu, số, . _ -')}."
            )
        return name

    def _unquoted(self, number: int) -> str:
        """Refuse a code written as a number, and read it as it was meant: what names it is not to blame."""
        if not -MAX_SAID < number < MAX_SAID:
            self.problem(f"Cần một mã, đang có {said(number)}.")
            return ""
        self.problem(f"Cần một mã, đang có số {number}.", f'Đặt trong dấu ngoặc kép: "{number}".')
        return str(number)

    def text(self, *, most: int = MAX_TEXT) -> Text | None:
        """Return the text for people: `{vi: ..., en: ...}` or a bare Vietnamese string."""
        if not self:
            return None
        if isinstance(self.value, str):
            if not self.value:
                self.problem("Câu trống.", "Viết câu ấy, hoặc bỏ cả mục này.")
            return Text(self.string(most=most))
        found = mapping_of(self.value)
        if found is None:
            self.problem(f"Cần một câu, đang có {said(self.value)}.", "Viết {vi: ...} hoặc chữ trong dấu ngoặc kép.")
            return None
        stray = [str(key) for key in found if key not in ("vi", "en")]
        if stray:
            self.problem(f"Câu bị cắt trước “{stray[0][:60]}”.", "Câu có dấu phẩy thì đặt trong dấu ngoặc kép.")
            return None
        parts = self.parts("vi", "en")
        vi = parts["vi"].string(most=most)
        if not vi:
            self.problem("Thiếu câu tiếng Việt.", "Viết {vi: ...}.")
        return Text(vi, parts["en"].string(most=most))

    def integer(self, least: int = 1 - MAX_WHOLE, most: int = MAX_WHOLE - 1) -> int | None:
        """Return the whole number here."""
        if not self:
            return None
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.problem(f"Cần số nguyên, đang có {said(self.value)}.", plain_number(self.value))
            return None
        if not least <= self.value <= most:
            self.problem(
                f"{said(self.value).capitalize()} nằm ngoài khoảng cho phép.", f"Dùng số từ {least} đến {most}."
            )
            return None
        return self.value

    def boolean(self) -> bool:
        """Return the truth value here, false where there is none."""
        if not self:
            return False
        if not isinstance(self.value, bool):
            self.problem(f"Cần true hoặc false, đang có {said(self.value)}.", plain_truth(self.value))
            return False
        return self.value

    def day(self) -> date | None:
        """Return the day here, written 2026-08-15."""
        if not self:
            return None
        if isinstance(self.value, date) and not isinstance(self.value, datetime):
            return self.value
        text = self.string(most=10)
        try:
            return date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            self.problem(f"Không đọc được ngày từ {said(self.value)}.", "Viết 2026-08-15.")
            return None

    def moment(self) -> datetime | None:
        """Return the moment here in legal time, written 2026-11-20T10:00."""
        if not self:
            return None
        if isinstance(self.value, datetime):
            return self.value
        text = self.string(most=32)
        try:
            return datetime.fromisoformat(text if MOMENT.fullmatch(text) else "")
        except ValueError:
            self.problem(f"Không đọc được thời điểm từ {said(self.value)}.", "Viết 2026-11-20T10:00.")
            return None

    def choice(self, kinds: type[Choice], default: Choice, called: Mapping[str, Choice] | None = None) -> Choice:
        """Return one of the named choices, the default where there is none; `called`: how people call some of them."""
        if not self:
            return default
        name = self.string(most=60)
        if name in {kind.value for kind in kinds}:
            return kinds(name)
        meant = (called or {}).get(_folded(name))
        hint = f"Viết mã: {meant.value}." if meant else nearest(name, [kind.value for kind in kinds])
        self.problem(f"Không có lựa chọn “{name}” ở đây.", hint)
        return default


class Parts:
    """The parts of a mapping: `parts["label"]` is a node, absent where the key is."""

    def __init__(self, node: Node, data: Mapping[str, Any]) -> None:
        self.node = node
        self.data = data

    def __getitem__(self, key: str) -> Node:
        return self.node.at(key, self.data.get(key, ABSENT))

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def needed(self, key: str) -> Node:
        """Return the part, and write down a problem where it is missing or an empty text."""
        node = self[key]
        if node and node.value != "":
            return node
        if not self.node or mapping_of(self.node.value) is not None:  # what is no mapping was told about already
            self.node.problem(f"Thiếu mục “{key}”.")
        return self.node.at(key)


def mapping_of(value: object) -> Mapping[Any, Any] | None:
    """Return the value as a mapping when it is one."""
    return value if isinstance(value, Mapping) else None  # pyright: ignore[reportUnknownVariableType]


def sequence_of(value: object) -> Sequence[Any] | None:
    """Return the value as a list when it is one."""
    return value if isinstance(value, list | tuple) else None  # pyright: ignore[reportUnknownVariableType]


_DOTTED = re.compile(r"(-?[0-9]{1,15}|-?[0-9]{1,3}(?:[. ,][0-9]{3}){1,5})\s*(?:đ|đồng|VND|₫|%|phần trăm)?")
PART = re.compile(r"-?[0-9]{1,15}[.,](?:[0-9]{1,2}|[0-9]{4,6})\s*%?")
"""A number with decimal digits: three of them would be thousands."""
_SPELT = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_YES = ("có", "yes", "true", "đúng", "on", "y")
_NO = ("không", "no", "false", "sai", "off", "n")


def _folded(value: object) -> str:
    return unicodedata.normalize("NFC", value).strip().casefold()[:60] if isinstance(value, str) else ""


def plain_number(value: object) -> str:
    """Return the hint to a number that is written otherwise than a program reads it: `28.000 đ` is 28000."""
    spelt = _folded(value)
    found = _DOTTED.fullmatch(spelt) or _DOTTED.fullmatch(value.strip()[:60] if isinstance(value, str) else "")
    if found:
        return f"Viết {re.sub(r'[^0-9-]', '', found[1])}, không có dấu chấm và ngoặc kép."
    if spelt in _SPELT:
        return f"Viết {_SPELT.index(spelt)}, không có ngoặc kép."
    if isinstance(value, float) or PART.fullmatch(spelt):
        return "Ở đây chỉ nhận số nguyên, không có phần lẻ."
    return "Viết bằng chữ số, không có dấu chấm và ngoặc kép."


def plain_truth(value: object) -> str:
    """Return the hint to a yes or no that is written as text: `có` is true."""
    spelt = _folded(value)
    meant = "true" if spelt in _YES else "false" if spelt in _NO else "true hoặc false"
    return f"Viết {meant}, không có ngoặc kép."


def said(value: object) -> str:
    """Name a value of the data in a sentence, short."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # Beyond 4,300 digits Python itself refuses to write a number.
        return f"số {value}" if -MAX_SAID < value < MAX_SAID else "một số quá lớn"
    if isinstance(value, str):
        return f"“{unicodedata.normalize('NFC', value[:60])}”"
    if value is None:
        return "giá trị trống"
    if isinstance(value, date):
        return f"ngày {value.isoformat()[:10]}"
    return (
        "một danh sách" if isinstance(value, Sequence) else "một nhóm" if isinstance(value, Mapping) else "giá trị lạ"
    )
