"""What the law may say of a paper besides when it is needed: in which form it is good, when valid, where it stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from rules.definition.results import ValidUnit
from rules.formula.days import add_days, add_months
from rules.table.decision import Condition
from rules.values import LegalBasis, Text


class PaperForm(StrEnum):
    """The form in which a paper is good (hình thức giấy tờ); NĐ 23/2015/NĐ-CP Điều 2 tells the copies apart."""

    ORIGINAL = "original"
    CERTIFIED_COPY = "certified_copy"
    COMPARED_COPY = "compared_copy"
    PHOTOCOPY = "photocopy"
    SIGNED_COPY = "signed_copy"
    SCAN = "scan"


PAPER_FORM_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        PaperForm.ORIGINAL.value: Text("bản chính", "original"),
        PaperForm.CERTIFIED_COPY.value: Text("bản sao có chứng thực", "certified copy"),
        PaperForm.COMPARED_COPY.value: Text(
            "bản chụp kèm bản chính để đối chiếu", "photocopy compared with the original"
        ),
        PaperForm.PHOTOCOPY.value: Text("bản chụp", "photocopy"),
        PaperForm.SIGNED_COPY.value: Text("bản điện tử có chữ ký số", "electronic copy, digitally signed"),
        PaperForm.SCAN.value: Text("bản quét", "scan"),
    }
)
"""How each form is said."""


class Returned(StrEnum):
    """Where the paper stays: kept (giữ lại), given back (trả lại), or exchanged for the result (thu lại khi trả)."""

    KEPT = "kept"
    RETURNED = "returned"
    EXCHANGED = "exchanged"


RETURNED_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        Returned.KEPT.value: Text("lưu trong hồ sơ, không trả lại", "kept with the dossier"),
        Returned.RETURNED.value: Text("trả lại người nộp", "given back to the applicant"),
        Returned.EXCHANGED.value: Text(
            "nộp lại bản chính khi nhận kết quả", "its original is handed over when the result is returned"
        ),
    }
)
"""How each is said."""


@dataclass(frozen=True, slots=True)
class AcceptedForms:
    """The forms accepted by one way of filing, such as `counter`."""

    way: str
    forms: tuple[PaperForm, ...]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a paper is good (thời hạn giá trị): so long from the day of the fact `since`, or to that of `until`."""

    amount: int | None = None
    unit: ValidUnit = ValidUnit.MONTHS
    since: str = ""
    until: str = ""

    @property
    def fact(self) -> str:
        """The day fact that tells it."""
        return self.since or self.until

    def last_day(self, known: date) -> date:
        """Return the last day on which the paper is good, where the fact is this day. OutOfBoundsError past 9999."""
        if self.amount is None:
            return known
        if self.unit is ValidUnit.DAYS:
            return add_days(known, self.amount)
        return add_months(known, self.amount * (12 if self.unit is ValidUnit.YEARS else 1))


@dataclass(frozen=True, slots=True)
class Validity:
    """When a paper is valid (điều kiện hợp lệ), and what is wrong where it is not.

    It is valid while the condition `when` holds, or as long as `lasting` says, on the day of acceptance: one of the two
    is there.
    """

    when: Condition | None
    text: Text
    basis: LegalBasis | None = None
    lasting: Lasting | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it reads."""
        return (self.lasting.fact,) if self.lasting else self.when.facts if self.when else ()


NEED_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "required": Text("phải có", "required"),
        "one_of": Text("nộp giấy tờ này hoặc giấy tờ thay thế", "this paper or one that stands in for it"),
        "undecided": Text("chưa có quy định", "no rule"),
        "optional": Text("không bắt buộc", "optional"),
        "by_office": Text("cơ quan lập, người nộp không phải nộp", "made by the office, not handed in"),
        "note": Text("ghi chú", "a note"),
        "waived": Text("được miễn nộp", "waived"),
    }
)
"""What a dossier may need of a paper, the strongest first."""

ASKED = frozenset({"required", "one_of", "undecided", "optional"})
"""The needs of papers that the applicant may hand over."""
