"""The functions whose parts are plain expressions: what each takes and what kind of value it gives."""

from collections.abc import Callable, Mapping, Sequence

from rules.errors import TextError
from rules.formula.kinds import BOOL, DAY, NUMBERS, WHOLE, Kind, alike, need, need_unit
from rules.formula.tokens import Token
from rules.vocabulary import FactType

Signature = Callable[[Token, Sequence[Kind]], Kind]
"""Gives the kind of the result. Raises TextError at the function's name where a part does not fit."""

_ORDERED = NUMBERS | {FactType.DAY, FactType.MOMENT}


def _parts(name: Token, kinds: Sequence[Kind], form: str, *counts: int) -> None:
    if len(kinds) not in counts:
        raise TextError(name.position, f"{name.text} đang có {len(kinds)} phần.", f"Viết {form}.")


def _extreme(name: Token, kinds: Sequence[Kind]) -> Kind:
    found = alike(name, kinds)
    need(name, _ORDERED, found)
    return found


def _choice(name: Token, kinds: Sequence[Kind]) -> Kind:
    _parts(name, kinds, "if(điều kiện, khi đúng, khi sai)", 3)
    need(name, (FactType.BOOL,), kinds[0])
    return alike(name, kinds[1:])


def _between(name: Token, kinds: Sequence[Kind]) -> Kind:
    _parts(name, kinds, "between(giá trị, từ, đến)", 3)
    _extreme(name, kinds)
    return BOOL


def _junction(name: Token, kinds: Sequence[Kind]) -> Kind:
    need(name, (FactType.BOOL,), *kinds)
    return BOOL


def _negation(name: Token, kinds: Sequence[Kind]) -> Kind:
    _parts(name, kinds, "not(điều kiện)", 1)
    return _junction(name, kinds)


def _period(unit: str) -> Signature:
    def signature(name: Token, kinds: Sequence[Kind]) -> Kind:
        _parts(name, kinds, f"{name.text}(ngày trước, ngày sau)", 2)
        need(name, (FactType.DAY,), *kinds)
        return Kind(FactType.INT, unit)

    return signature


def _moved(unit: str) -> Signature:
    def signature(name: Token, kinds: Sequence[Kind]) -> Kind:
        _parts(name, kinds, f"{name.text}(ngày, số)", 2)
        need(name, (FactType.DAY,), kinds[0])
        need(name, (FactType.INT,), kinds[1])
        need_unit(name, unit, kinds[1])
        return DAY

    return signature


def _of_day(result: Kind) -> Signature:
    def signature(name: Token, kinds: Sequence[Kind]) -> Kind:
        _parts(name, kinds, f"{name.text}(ngày)", 1)
        need(name, (FactType.DAY,), *kinds)
        return result

    return signature


SIGNATURES: Mapping[str, Signature] = {
    "min": _extreme,
    "max": _extreme,
    "if": _choice,
    "between": _between,
    "and": _junction,
    "or": _junction,
    "not": _negation,
    "age": _period("year"),
    "years_between": _period("year"),
    "months_between": _period("month"),
    "days_between": _period("day"),
    "add_months": _moved("month"),
    "add_years": _moved("year"),
    "add_working_days": _moved("day"),
    "end_of_month": _of_day(DAY),
    "end_of_year": _of_day(DAY),
    "roll": _of_day(DAY),
    "year_of": _of_day(WHOLE),
    "month_of": _of_day(WHOLE),
}

FIRST_ALIGNED: Mapping[str, int] = {"min": 0, "max": 0, "between": 0, "if": 1}
"""Functions whose parts, from this one on, must have the same decimal digits."""

GROUP_FUNCTIONS = ("sum", "count", "any", "all", "min", "max")
"""Functions over the rows of a group; `min` and `max` also take plain values."""

SPECIAL = ("day", "known", "same", "in", "has", "divide", "round", "percent", "tiered")
"""Functions some of whose parts are no expressions: names, codes, ways of rounding."""

ALIASES: Mapping[str, str] = {
    "chia": "divide",
    "làm_tròn": "round",
    "phần_trăm": "percent",
    "bậc_thang": "tiered",
    "nếu": "if",
    "nhỏ_nhất": "min",
    "lớn_nhất": "max",
    "tổng": "sum",
    "đếm": "count",
}
"""Vietnamese names of functions."""

KNOWN_FUNCTIONS = sorted({*SIGNATURES, *GROUP_FUNCTIONS, *SPECIAL, *ALIASES})
"""Every name that may stand before a parenthesis."""
