"""The fixed block “Người nộp hồ sơ” at the head of every dossier: who hands it in, whatever the procedure.

The kind of applicant decides what is asked: a person's own number, or an organisation's and who represents it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import wtforms

from forms.build import form_class
from forms.facts import FormData, form_data_of, read_fields
from forms.sentence import Sentence
from forms.validators import citizen_id_doubts
from rules.definition.procedure import CodeItem, CodeList, DayBound, Field, FieldKind
from rules.table.cells import Cell, Known, OneOf, Test
from rules.table.decision import Condition
from rules.values import Text
from rules.vocabulary import APPLICANT_KINDS, ORGANISATIONS, Facts

TITLE = Text("Người nộp hồ sơ", "Applicant")

_KINDS = "applicant_kind"
CARD_BOX = "card"
"""The box that the applicant's identity card is read into."""
FROM_CARD = {"name": "full_name", "citizen_id": "citizen_id", "birth_day": "birth_day", "address": "address"}
"""The parts of a card, and the fields of the applicant they fill."""


def _where(**tests: Test) -> Condition:
    return Condition((MappingProxyType({name: Cell("", test) for name, test in tests.items()}),))


_PERSON = Condition(
    (
        *_where(applicant_kind=OneOf(ORGANISATIONS, negated=True)).any_of,
        *_where(applicant_kind=Known(wanted=False)).any_of,
    )
)
_ORGANISATION = _where(applicant_kind=OneOf(ORGANISATIONS))
# An enterprise always has a tax code; a body of the state that has none is known by the decision that founded it.
_WITHOUT_TAX_CODE = _where(applicant_kind=OneOf(("organisation",)), tax_code=Known(wanted=False))

FIELDS: tuple[Field, ...] = (
    Field(_KINDS, FieldKind.CHOICE, Text("Loại người nộp", "Kind of applicant"), required=True, list=_KINDS),
    Field("full_name", FieldKind.TEXT, Text("Họ, chữ đệm và tên", "Full name"), required=True, shown_when=_PERSON),
    Field(
        "citizen_id", FieldKind.CITIZEN_ID, Text("Số định danh cá nhân", "Citizen number"), required=True,
        shown_when=_PERSON, birth_day="birth_day",
    ),
    Field(
        "birth_day", FieldKind.DAY, Text("Ngày, tháng, năm sinh", "Date of birth"), required=True,
        shown_when=_PERSON, not_after=DayBound.TODAY,
    ),
    Field(
        "organisation_name", FieldKind.TEXT, Text("Tên tổ chức", "Name of the organisation"), required=True,
        shown_when=_ORGANISATION,
    ),
    Field(
        "tax_code", FieldKind.TAX_CODE, Text("Mã số thuế", "Tax code"), shown_when=_ORGANISATION,
        required=_where(applicant_kind=OneOf(ORGANISATIONS), decision_number=Known(wanted=False)),
        help=Text(
            "10 chữ số; đơn vị phụ thuộc thêm đuôi 3 chữ số, ví dụ 1400999003-001.",
            "10 digits; a dependent unit has 3 more, such as 1400999003-001.",
        ),
    ),
    Field(
        "decision_number", FieldKind.TEXT, Text("Số quyết định thành lập", "Number of the founding decision"),
        shown_when=_WITHOUT_TAX_CODE,
        help=Text(
            "Chỉ ghi khi cơ quan, tổ chức không có mã số thuế.", "Only for a body that has no tax code."
        ),
    ),
    Field("seat", FieldKind.TEXT, Text("Địa chỉ trụ sở", "Address of the seat"), required=True,
          shown_when=_ORGANISATION),
    Field(
        "representative_name", FieldKind.TEXT, Text("Người đại diện", "Representative"), required=True,
        shown_when=_ORGANISATION,
    ),
    Field(
        "representative_position", FieldKind.TEXT, Text("Chức vụ của người đại diện", "The representative's position"),
        required=True, shown_when=_ORGANISATION,
    ),
    Field(
        "representative_id", FieldKind.CITIZEN_ID,
        Text("Số định danh của người đại diện", "The representative's citizen number"),
        required=True, shown_when=_ORGANISATION,
    ),
    Field("phone", FieldKind.PHONE, Text("Số điện thoại", "Phone"), required=True),
    Field("email", FieldKind.EMAIL, Text("Thư điện tử", "E-mail")),
    Field("address", FieldKind.TEXT, Text("Nơi cư trú", "Address"), required=True, shown_when=_PERSON),
    Field(
        "digital_citizen", FieldKind.YES_NO, Text("Công dân số", "Digital citizen"), shown_when=_PERSON,
        help=Text(
            "Chọn “Có” khi người nộp đã được xác nhận là công dân số.",
            "Choose “Yes” when the applicant has been confirmed as a digital citizen.",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who hands in the dossier (người nộp hồ sơ) as typed; what the kind does not ask for, or is blank yet, is empty.

    Of an organisation either `tax_code` or `decision_number` is known, and the phone is its representative's.
    """

    applicant_kind: str = ""
    full_name: str = ""
    citizen_id: str = ""
    birth_day: date | None = None
    organisation_name: str = ""
    tax_code: str = ""
    decision_number: str = ""
    seat: str = ""
    representative_name: str = ""
    representative_position: str = ""
    representative_id: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    digital_citizen: bool | None = None

    @property
    def is_organisation(self) -> bool:
        """Tell whether somebody represents the applicant."""
        return self.applicant_kind in ORGANISATIONS

    @property
    def facts(self) -> dict[str, Any]:
        """The facts every procedure knows about its applicant."""
        known = {_KINDS: self.applicant_kind or None, "digital_citizen": self.digital_citizen}
        return {name: value for name, value in known.items() if value is not None}

    @property
    def doubts(self) -> tuple[Sentence, ...]:
        """What the officer should look at again; never a reason to refuse the form."""
        return citizen_id_doubts(self.citizen_id, birth_day=self.birth_day)


def naming_fields(applicant: Applicant) -> tuple[str, ...]:
    """Return the ids of the fields that say to whom a paper is given."""
    return ("organisation_name", "representative_name") if applicant.is_organisation else ("full_name",)


def build_applicant_form(base: type[Any] = wtforms.Form, *, kinds: Sequence[str] = tuple(APPLICANT_KINDS)) -> type[Any]:
    """Return the form class of the block for those kinds of applicant that may apply.

    Give it `prefix="applicant"` where it shares a page with another form.
    """
    lists = (CodeList(_KINDS, _offered(APPLICANT_KINDS, kinds)),)
    return form_class("ApplicantForm", FIELDS, lists, base, boxes={CARD_BOX: FROM_CARD})


def _offered(labels: Mapping[str, Text], kinds: Sequence[str]) -> tuple[CodeItem, ...]:
    return tuple(CodeItem(code, label) for code, label in labels.items() if code in kinds)


def read_applicant(form: Any) -> Applicant:
    """Return the applicant as far as the form holds one: complete, where it has been checked and found good."""
    return Applicant(**read_fields(FIELDS, form, form.known))


def applicant_facts(form: Any) -> Facts:
    """Return what a form, checked or not, already says of the applicant to the rules."""
    return read_applicant(form).facts


def applicant_data(applicant: Applicant, prefix: str = "") -> FormData:
    """Return what a browser would send for this applicant."""
    values = {field.id: getattr(applicant, field.id) for field in FIELDS}
    return form_data_of(FIELDS, {name: value for name, value in values.items() if value not in (None, "")}, prefix)
