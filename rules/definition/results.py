"""What a procedure ends with: grounds to turn a request down after its examination, and results that are issued.

Nothing runs here. The format is specified in docs/reference/definition.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rules.table.decision import Condition
from rules.values import LegalBasis, Text
from rules.wording import phrase, so_many


@dataclass(frozen=True, slots=True)
class Examination:
    """Refusal after examination (từ chối sau khi thẩm định), which is not refusal to receive (từ chối tiếp nhận).

    Every row of the table that hits is a ground, its `reason` the text for the notice of refusal; `form` is the form
    of that notice.
    """

    table: str
    form: Text | None = None


EXAMINED = ("refused", "passed", "open")
"""What an examination comes to: a ground of refusal holds; none does; facts are wanting that could still refuse."""


class ResultKind(StrEnum):
    """What kind of thing is issued (loại kết quả)."""

    CERTIFICATE = "certificate"
    LICENCE = "licence"
    DECISION = "decision"
    CONFIRMATION = "confirmation"
    EXTRACT = "extract"
    COPY = "copy"
    NOTICE = "notice"
    ENTRY = "entry"
    OTHER = "other"


RESULT_KIND_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        ResultKind.CERTIFICATE.value: Text("giấy chứng nhận", "certificate"),
        ResultKind.LICENCE.value: Text("giấy phép", "licence"),
        ResultKind.DECISION.value: Text("quyết định", "decision"),
        ResultKind.CONFIRMATION.value: Text("giấy xác nhận", "confirmation"),
        ResultKind.EXTRACT.value: Text("trích lục", "extract from a register"),
        ResultKind.COPY.value: Text("bản sao", "copy"),
        ResultKind.NOTICE.value: Text("thông báo", "notice"),
        ResultKind.ENTRY.value: Text("nội dung ghi vào sổ hoặc giấy tờ", "entry in a book or on a paper"),
        ResultKind.OTHER.value: Text("kết quả khác", "another result"),
    }
)
"""How each kind is said."""


class ValidUnit(StrEnum):
    """The unit in which the validity of a result is stated; days are calendar days."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


_UNIT_WORDS = {
    ValidUnit.DAYS: ("ngày", "day"),
    ValidUnit.MONTHS: ("tháng", "month"),
    ValidUnit.YEARS: ("năm", "year"),
}


def so_long(amount: int, unit: ValidUnit) -> Text:
    """Say how long: `6 tháng`."""
    vi, en = _UNIT_WORDS[unit]
    return Text(f"{amount} {vi}", so_many(amount, en))


@dataclass(frozen=True, slots=True)
class ResultValidity:
    """How long a result is valid (thời hạn giá trị sử dụng): so long from its issue, or until the day a fact names.

    `text` is what the law adds (until the marital status changes). Exactly one of `amount` and `until` is there.
    """

    amount: int | None = None
    unit: ValidUnit = ValidUnit.MONTHS
    until: str = ""
    text: Text | None = None

    @property
    def span(self) -> Text | None:
        """How long from the issue, in words; None where a fact names the last day."""
        if self.amount is None:
            return None
        return phrase("{} kể từ ngày cấp", "{} from its issue", so_long(self.amount, self.unit))


class Restarts(StrEnum):
    """When the numbers of a book begin anew at 1."""

    YEAR = "year"
    NEVER = "never"


RESTART_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        Restarts.YEAR.value: Text("đánh số lại từ đầu mỗi năm", "numbered anew each year"),
        Restarts.NEVER.value: Text("đánh số liên tục", "numbered on and on"),
    }
)
"""How each is said."""


@dataclass(frozen=True, slots=True)
class Book:
    """The book a result is entered in (sổ theo dõi, sổ đăng ký), and when its numbers begin anew."""

    label: Text
    restarts: Restarts = Restarts.YEAR


@dataclass(frozen=True, slots=True)
class Result:
    """One result that may be issued (kết quả thực hiện): its kind, form, validity, book, number and signer as data.

    `when`: in which dossiers it is issued where the request is granted (None: in all). `code` is that of the register
    of results (mã kết quả, KQ...), `number` the pattern of its number (`{number}/{year}/TLKS-BS`). `type` names
    its type in that register, `data` the facts that hold the data fields of the type.
    """

    id: str
    label: Text
    kind: ResultKind
    code: str = ""
    when: Condition | None = None
    form: Text | None = None
    valid: ResultValidity | None = None
    book: Book | None = None
    number: str = ""
    signer: Text | None = None
    basis: LegalBasis | None = None
    type: str = ""
    data: tuple[tuple[str, str], ...] = ()


NUMBER_PARTS = ("number", "year", "unit")
"""What a pattern may hold in braces: the number in the book, the year, the code of the unit."""

_PART = re.compile(r"\{([^{}]*)\}")


def pattern_fault(pattern: str) -> str:
    """Say what is wrong with the pattern of a number, empty where nothing is."""
    named = _PART.findall(pattern)
    strange = next((part for part in named if part not in NUMBER_PARTS), None)
    if strange is not None:
        return f"Mẫu số không có phần “{{{strange}}}”."
    if named.count("number") != 1:
        return "Mẫu số cần đúng một chỗ “{number}”."
    return "Mẫu số có dấu ngoặc nhọn không khớp." if set("{}") & set(_PART.sub("", pattern)) else ""
