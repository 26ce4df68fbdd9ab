"""The makers of the fields of generated forms, one for each kind."""

# WTForms carries no types, so what is inherited from it is Any; what is ours is typed.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import wtforms
from wtforms import widgets

from forms import validators
from forms.answers import Answer, ChoiceAnswer, ChoicesAnswer, DayAnswer, FindingAnswer, YesNoAnswer
from forms.references import ReferenceAnswer
from forms.registry import Making, make, makes
from forms.rows import Rows
from forms.told import ComputedAnswer, NoteAnswer
from forms.units import UnitAnswer
from rules.clock.calendar import LEGAL_TIME
from rules.definition.fields import Field, FieldKind
from rules.evaluation.allowed import LONG_TEXT_LENGTH, TEXT_LENGTH
from rules.values import decimal_words, grouped


def made(spec: Field, making: Making) -> Any:
    """Return the unbound WTForms field for this field of the definition; one that is computed only shows its value."""
    if spec.computed is not None:
        return ComputedAnswer(spec.label.vi, items=making.items(spec.list) if spec.list else {}, **_common(spec))
    return make(spec, making)


def _common(spec: Field) -> dict[str, Any]:
    return {"spec": spec, "name": spec.id, "description": str(spec.help or ""), "default": spec.default}


def _typed(spec: Field, read: validators.Reader, show: Callable[[Any], str] = str, **attributes: Any) -> Any:
    widget = attributes.pop("widget", widgets.TextInput())
    kind: Any = attributes.pop("made", DayAnswer if spec.kind is FieldKind.DAY else Answer)
    return kind(spec.label.vi, read=read, show=show, widget=widget, render_kw=attributes, **_common(spec))


@makes(FieldKind.TEXT)
def text(spec: Field, making: Making) -> Any:
    """One line of text (văn bản ngắn)."""
    del making
    return _typed(spec, validators.text_of(TEXT_LENGTH), maxlength=TEXT_LENGTH)


@makes(FieldKind.LONG_TEXT)
def long_text(spec: Field, making: Making) -> Any:
    """Text in several lines (văn bản dài)."""
    del making
    most = LONG_TEXT_LENGTH
    return _typed(spec, validators.long_text_of(most), maxlength=most, widget=widgets.TextArea(), rows=4)


@makes(FieldKind.WHOLE_NUMBER)
def whole_number(spec: Field, making: Making) -> Any:
    """A whole number (số nguyên), typed and shown with dots."""
    del making
    return _typed(spec, validators.whole_number_of(spec.min, spec.max), grouped, inputmode="numeric")


@makes(FieldKind.MONEY)
def money(spec: Field, making: Making) -> Any:
    """An amount in whole đồng (số tiền)."""
    del making
    return _typed(spec, validators.money_of(spec.min, spec.max), grouped, inputmode="numeric")


@makes(FieldKind.YES_NO)
def yes_no(spec: Field, making: Making) -> Any:
    """Yes or no (có / không)."""
    del making
    return YesNoAnswer(spec.label.vi, **_common(spec))


@makes(FieldKind.DAY)
def day(spec: Field, making: Making) -> Any:
    """A day (ngày), typed and shown dd/mm/yyyy."""
    del making
    return _typed(spec, validators.day, _shown_day, inputmode="numeric", placeholder="dd/mm/yyyy")


@makes(FieldKind.MOMENT)
def moment(spec: Field, making: Making) -> Any:
    """A moment (thời điểm), typed and shown dd/mm/yyyy HH:MM in legal time."""
    del making
    return _typed(spec, validators.moment, _shown_moment, placeholder="dd/mm/yyyy HH:MM", autocomplete="off")


@makes(FieldKind.MEASURE)
def measure(spec: Field, making: Making) -> Any:
    """A measure (số đo) with a decimal comma, exact to its last digit."""
    del making
    read = validators.measure_of(spec.min, spec.max, spec.scale)
    return _typed(spec, read, partial(decimal_words, scale=spec.scale), inputmode="decimal", autocomplete="off")


@makes(FieldKind.CHOICE)
def choice(spec: Field, making: Making) -> Any:
    """One code of a list (chọn một)."""
    return ChoiceAnswer(spec.label.vi, items=making.items(spec.list), **_common(spec))


@makes(FieldKind.CHOICES)
def choices(spec: Field, making: Making) -> Any:
    """Several codes of a list (chọn nhiều)."""
    return ChoicesAnswer(spec.label.vi, items=making.items(spec.list), **_common(spec))


@makes(FieldKind.CITIZEN_ID)
def citizen_id(spec: Field, making: Making) -> Any:
    """A citizen number (số định danh cá nhân)."""
    del making
    return _typed(spec, validators.citizen_id, inputmode="numeric", autocomplete="off")


@makes(FieldKind.OLD_ID)
def old_id(spec: Field, making: Making) -> Any:
    """The number of the old identity card (số chứng minh nhân dân)."""
    del making
    return _typed(spec, validators.old_id, inputmode="numeric", autocomplete="off")


@makes(FieldKind.PASSPORT)
def passport(spec: Field, making: Making) -> Any:
    """The number of a passport (số hộ chiếu)."""
    del making
    return _typed(spec, validators.passport, autocomplete="off")


@makes(FieldKind.ORG_CODE)
def org_code(spec: Field, making: Making) -> Any:
    """The code of a body (mã định danh cơ quan, tổ chức)."""
    del making
    return _typed(spec, validators.org_code, autocomplete="off")


@makes(FieldKind.DOSSIER)
def dossier(spec: Field, making: Making) -> Any:
    """The code of another dossier (mã hồ sơ)."""
    del making
    return _typed(spec, validators.dossier_code, made=ReferenceAnswer, autocomplete="off")


@makes(FieldKind.RESULT)
def result(spec: Field, making: Making) -> Any:
    """The number of a result (số, ký hiệu của kết quả)."""
    del making
    return _typed(spec, validators.text_of(TEXT_LENGTH), made=ReferenceAnswer, autocomplete="off")


@makes(FieldKind.UNIT)
def unit(spec: Field, making: Making) -> Any:
    """A commune or ward of the register of units (đơn vị hành chính cấp xã)."""
    del making
    return _typed(spec, validators.text_of(TEXT_LENGTH), made=UnitAnswer, autocomplete="off")


@makes(FieldKind.FINDING)
def finding(spec: Field, making: Making) -> Any:
    """What an officer finds by a checklist (nhận định theo danh mục)."""
    return FindingAnswer(spec.label.vi, items=making.items(spec.list), **_common(spec))


@makes(FieldKind.NOTE)
def note(spec: Field, making: Making) -> Any:
    """A text on the form (lời giải thích); nothing is asked."""
    del making
    return NoteAnswer(spec.label.vi, spec=spec, name=spec.id)


@makes(FieldKind.TAX_CODE)
def tax_code(spec: Field, making: Making) -> Any:
    """An organisation's tax code (mã số thuế)."""
    del making
    return _typed(spec, validators.tax_code, inputmode="numeric", autocomplete="off")


@makes(FieldKind.PHONE)
def phone(spec: Field, making: Making) -> Any:
    """A phone number (số điện thoại)."""
    del making
    return _typed(spec, validators.phone, inputmode="tel", widget=widgets.TelInput())


@makes(FieldKind.EMAIL)
def email(spec: Field, making: Making) -> Any:
    """An e-mail address (thư điện tử)."""
    del making
    return _typed(spec, validators.email, inputmode="email", widget=widgets.EmailInput())


@makes(FieldKind.GROUP)
def group(spec: Field, making: Making) -> Any:
    """A repeated group of fields (nhóm lặp)."""
    row: Any = wtforms.FormField(making.row_form(spec))
    return Rows(row, spec.label.vi, spec=spec, items=making.items, name=spec.id, description=str(spec.help or ""))


def _shown_moment(value: datetime) -> str:
    return f"{value.astimezone(LEGAL_TIME):%d/%m/%Y %H:%M}"


def _shown_day(value: date) -> str:
    return f"{value:%d/%m/%Y}"
