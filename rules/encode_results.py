"""What a procedure ends with as plain data: what `rules.decode_results` reads back."""

from typing import Any

from rules.encode_money import condition
from rules.encode_registers import basis, kept
from rules.results import Book, Examination, Result, ResultValidity

Data = dict[str, Any]


def examination(stated: Examination | None) -> Data | None:
    """Return on which grounds a request is turned down after its examination."""
    if stated is None:
        return None
    return kept(table=stated.table, form=stated.form.to_data() if stated.form else None)


def result(each: Result) -> Data:
    """Return a result that may be issued."""
    return kept(
        id=each.id,
        label=each.label.to_data(),
        kind=each.kind.value,
        code=each.code,
        when=condition(each.when),
        form=each.form.to_data() if each.form else None,
        valid=_valid(each.valid),
        book=_book(each.book),
        number=each.number,
        signer=each.signer.to_data() if each.signer else None,
        basis=basis(each.basis),
    )


def _valid(valid: ResultValidity | None) -> Data | None:
    if valid is None:
        return None
    text = valid.text.to_data() if valid.text else None
    if valid.amount is None:
        return kept(until=valid.until, text=text)
    return kept(amount=valid.amount, unit=valid.unit.value, text=text)


def _book(book: Book | None) -> Data | None:
    return {"label": book.label.to_data(), "restarts": book.restarts.value} if book else None
