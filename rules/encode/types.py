"""The registers of paper types and result types as plain data: what `rules.decode.types` reads back."""

from typing import Any

from rules.definition.papers import AcceptedForms
from rules.definition.registers import AttributeSpec
from rules.definition.results import Book
from rules.definition.type_register import PaperType, ResultType, TypeValidity
from rules.encode.registers import attribute, basis, kept
from rules.values import Text

Data = dict[str, Any]


def paper_type(each: PaperType) -> Data:
    """Return a type of paper."""
    return kept(
        label=each.label.to_data(),
        form=_text(each.form),
        handed=each.handed,
        accepted=accepted(each.accepted),
        returned=each.returned.value if each.returned else None,
        data=_data(each.data),
        valid=_valid(each.valid),
        basis=basis(each.basis),
        **{"from": each.origin},
    )


def result_type(each: ResultType) -> Data:
    """Return a type of result."""
    return kept(
        label=each.label.to_data(),
        code=each.code,
        kind=each.kind.value if each.kind else None,
        form=_text(each.form),
        data=_data(each.data),
        valid=_valid(each.valid),
        book=book(each.book),
        number=each.number,
        signer=_text(each.signer),
        basis=basis(each.basis),
        **{"from": each.origin},
    )


def accepted(forms: tuple[AcceptedForms, ...]) -> Data:
    """Return the forms accepted by each way of filing."""
    return {each.way: [form.value for form in each.forms] for each in forms}


def book(each: Book | None) -> Data | None:
    """Return the book a result is entered in."""
    return {"label": each.label.to_data(), "restarts": each.restarts.value} if each else None


def _text(text: Text | None) -> dict[str, str] | None:
    return text.to_data() if text and text.vi else None


def _data(fields: tuple[AttributeSpec, ...]) -> Data:
    return {spec.id: attribute(spec) for spec in fields}


def _valid(valid: TypeValidity | None) -> Data | None:
    if valid is None:
        return None
    unit = valid.unit.value if valid.amount is not None else None
    return kept(amount=valid.amount, unit=unit, since=valid.since, until=valid.until, text=_text(valid.text))
