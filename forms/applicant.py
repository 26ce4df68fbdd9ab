"""The fixed block “Người nộp hồ sơ” at the head of every dossier: who hands it in, whatever the procedure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import wtforms

from forms.build import form_class
from forms.facts import FormData, form_data_of, read_fields
from forms.sentence import Sentence
from forms.validators import citizen_id_doubts
from rules.definition import CodeItem, CodeList, DayBound, Field, FieldKind
from rules.values import Text
from rules.vocabulary import APPLICANT_KINDS, Facts

TITLE = Text("Người nộp hồ sơ", "Applicant")

_KINDS = CodeList("applicant_kind", tuple(CodeItem(code, label) for code, label in APPLICANT_KINDS.items()))

FIELDS: tuple[Field, ...] = (
    Field(
        "applicant_kind", FieldKind.CHOICE, Text("Loại người nộp", "Kind of applicant"), required=True, list=_KINDS.id
    ),
    Field("full_name", FieldKind.TEXT, Text("Họ, chữ đệm và tên", "Full name"), required=True),
    Field("citizen_id", FieldKind.CITIZEN_ID, Text("Số định danh cá nhân", "Citizen number"), required=True),
    Field(
        "birth_day",
        FieldKind.DAY,
        Text("Ngày, tháng, năm sinh", "Date of birth"),
        required=True,
        not_after=DayBound.TODAY,
    ),
    Field("phone", FieldKind.PHONE, Text("Số điện thoại", "Phone"), required=True),
    Field("email", FieldKind.EMAIL, Text("Thư điện tử", "E-mail")),
    Field("address", FieldKind.TEXT, Text("Nơi cư trú", "Address"), required=True),
    Field(
        "digital_citizen",
        FieldKind.YES_NO,
        Text("Công dân số", "Digital citizen"),
        help=Text(
            "Chọn “Có” khi người nộp đã được xác nhận là công dân số.",
            "Choose “Yes” when the applicant has been confirmed as a digital citizen.",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person who hands in the dossier (người nộp hồ sơ), and the kind of applicant (đối tượng) they act for."""

    full_name: str
    citizen_id: str
    birth_day: date
    phone: str
    address: str
    applicant_kind: str
    email: str = ""
    digital_citizen: bool | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """The facts every procedure knows about its applicant."""
        known = {"applicant_kind": self.applicant_kind, "digital_citizen": self.digital_citizen}
        return {name: value for name, value in known.items() if value is not None}

    @property
    def doubts(self) -> tuple[Sentence, ...]:
        """What the officer should look at again; never a reason to refuse the form."""
        return citizen_id_doubts(self.citizen_id, birth_day=self.birth_day)


def build_applicant_form(base: type[Any] = wtforms.Form) -> type[Any]:
    """Return the form class of the block; give it `prefix="applicant"` where it shares a page with another form."""
    return form_class("ApplicantForm", FIELDS, (_KINDS,), base)


def read_applicant(form: Any) -> Applicant:
    """Return the applicant from a form that has been checked and found good."""
    return Applicant(**read_fields(FIELDS, form, form.known))


def applicant_facts(form: Any) -> Facts:
    """Return what a form, checked or not, already says of the applicant to the rules."""
    answered = read_fields(FIELDS, form, form.known)
    return {name: answered[name] for name in ("applicant_kind", "digital_citizen") if name in answered}


def applicant_data(applicant: Applicant, prefix: str = "") -> FormData:
    """Return what a browser would send for this applicant."""
    values = {field.id: getattr(applicant, field.id) for field in FIELDS}
    return form_data_of(FIELDS, {name: value for name, value in values.items() if value not in (None, "")}, prefix)
