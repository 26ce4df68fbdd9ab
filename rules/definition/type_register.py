"""The registers of paper types (loại giấy tờ) and result types (loại kết quả) that procedures share.

A paper or a result that names its type has from it what it does not state itself. So the result of one procedure is
known again where another asks for it as a paper. Nothing runs here.
"""

from dataclasses import dataclass

from rules.definition.papers import AcceptedForms, Lasting, Returned, Validity
from rules.definition.registers import AttributeSpec
from rules.definition.results import Book, ResultKind, ResultValidity, ValidUnit
from rules.values import LegalBasis, Text

EXPIRED = Text("Đã hết thời hạn giá trị", "It is no longer valid")
"""What is wrong with a paper whose type says how long it is valid, and nothing more."""


@dataclass(frozen=True, slots=True)
class TypeValidity:
    """How long a paper or result of a type is valid, told by its data fields.

    So long from the day that the field `since` holds, or to the end of the day that `until` holds.
    """

    amount: int | None = None
    unit: ValidUnit = ValidUnit.MONTHS
    since: str = ""
    until: str = ""
    text: Text | None = None

    @property
    def field(self) -> str:
        """The data field whose value tells it, empty where none is named."""
        return self.until or self.since


@dataclass(frozen=True, slots=True)
class PaperType:
    """A type of paper: its data fields, validity and forms. `origin` names the shared set it came with."""

    id: str
    label: Text
    form: Text | None = None
    handed: str = ""
    accepted: tuple[AcceptedForms, ...] = ()
    returned: Returned | None = None
    data: tuple[AttributeSpec, ...] = ()
    valid: TypeValidity | None = None
    basis: LegalBasis | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ResultType:
    """A type of result: its code (mã kết quả), data fields, validity, book, number pattern and signer."""

    id: str
    label: Text
    code: str
    kind: ResultKind | None = None
    form: Text | None = None
    data: tuple[AttributeSpec, ...] = ()
    valid: TypeValidity | None = None
    book: Book | None = None
    number: str = ""
    signer: Text | None = None
    basis: LegalBasis | None = None
    origin: str = ""


Bound = tuple[tuple[str, str], ...]
"""Data fields of a type, each with the fact of this procedure that holds it, by the name of the field."""


def paper_validity(of: PaperType | ResultType, bound: Bound) -> Validity | None:
    """Return the test of validity that a paper has from its type, None where no fact holds what it asks."""
    valid = of.valid
    fact = dict(bound).get(valid.field, "") if valid else ""
    if valid is None or not fact:
        return None
    text = valid.text if isinstance(of, PaperType) and valid.text else EXPIRED
    lasting = Lasting(until=fact) if valid.until else Lasting(valid.amount, valid.unit, since=fact)
    return Validity(None, text, of.basis, lasting)


def result_validity(of: ResultType, bound: Bound) -> ResultValidity | None:
    """Return how long a result of the type is valid; to a day, where the fact that holds it is named."""
    valid = of.valid
    until = dict(bound).get(valid.until, "") if valid else ""
    if valid is None or (valid.amount is None and not until):
        return None
    return ResultValidity(valid.amount, valid.unit, until, valid.text)
