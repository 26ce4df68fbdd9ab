"""What a procedure ends with as plain data: what `rules.decode.results` reads back."""

from collections.abc import Mapping
from typing import Any

from rules.decode.inheriting import own_of
from rules.definition.results import Examination, Result, ResultValidity
from rules.definition.type_register import ResultType, result_validity
from rules.encode import types as encode_types
from rules.encode.money import condition
from rules.encode.registers import basis, kept

Data = dict[str, Any]


def examination(stated: Examination | None) -> Data | None:
    """Return on which grounds a request is turned down after its examination."""
    if stated is None:
        return None
    return kept(table=stated.table, form=stated.form.to_data() if stated.form else None)


def result(each: Result, types: Mapping[str, ResultType]) -> Data:
    """Return a result that may be issued, without what it has from its type."""
    of = types.get(each.type)
    valid = None if of and each.valid == result_validity(of, each.data) else _valid(each.valid)
    data = kept(
        id=each.id,
        label=each.label.to_data(),
        kind=each.kind.value,
        code=each.code,
        when=condition(each.when),
        form=each.form.to_data() if each.form else None,
        valid=valid,
        book=encode_types.book(each.book),
        number=each.number,
        signer=each.signer.to_data() if each.signer else None,
        basis=basis(each.basis),
        type=each.type,
        data=dict(each.data),
    )
    lent = encode_types.result_type(of) if of else {}
    return own_of(data, {key: part for key, part in lent.items() if key not in ("valid", "data")})


def _valid(valid: ResultValidity | None) -> Data | None:
    if valid is None:
        return None
    text = valid.text.to_data() if valid.text else None
    if valid.amount is None:
        return kept(until=valid.until, text=text)
    return kept(amount=valid.amount, unit=valid.unit.value, text=text)
