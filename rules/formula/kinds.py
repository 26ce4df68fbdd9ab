"""What a part of a formula is: its type, unit and decimal digits, and which of these go together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rules.errors import TextError, nearest
from rules.formula.tokens import Token
from rules.values import MAX_SCALE
from rules.vocabulary import UNIT_WORDS, Fact, FactType

TYPE_WORDS = {
    FactType.MONEY: "số tiền",
    FactType.INT: "số nguyên",
    FactType.FIXED: "số thập phân",
    FactType.BOOL: "có hoặc không",
    FactType.CODE: "mã của danh mục",
    FactType.CODES: "nhiều mã của danh mục",
    FactType.DAY: "ngày",
    FactType.MOMENT: "thời điểm",
    FactType.TEXT: "chữ",
    FactType.GROUP: "nhóm dòng",
}
"""How types are called in sentences."""

NUMBERS = frozenset({FactType.INT, FactType.FIXED, FactType.MONEY})
"""Types that are added, multiplied and compared with one another."""

_ROUND_HINT = "Làm tròn trước, ví dụ round(…, 1, half_up)."


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a part. A number without a unit (as written in the formula, or of a fact that states none) goes with
    any; money counts as a unit of its own. `codes` are the codes it may be, None where they are not known.

    Money may have decimal digits while a formula is being computed; it must lose them by rounding.
    """

    type: FactType
    unit: str = ""
    scale: int = 0
    codes: frozenset[str] | None = None

    @classmethod
    def of(cls, fact: Fact) -> "Kind":
        """Return the kind of a fact's value."""
        codes = frozenset(fact.codes) or None
        return cls(fact.type, fact.unit, fact.scale if fact.type is FactType.FIXED else 0, codes)

    @property
    def words(self) -> str:
        """The kind as errors name it: `số nguyên (trang)`."""
        if self.type is FactType.MONEY and self.scale:
            return f"số tiền có {self.scale} chữ số lẻ của đồng"
        unit = UNIT_WORDS.get(self.unit, self.unit)
        return f"{TYPE_WORDS[self.type]} ({unit})" if unit else TYPE_WORDS[self.type]

    @property
    def stated_unit(self) -> str:
        """The unit it is measured in, empty where none is stated."""
        return "VND" if self.type is FactType.MONEY else self.unit


BOOL, CODE, DAY = Kind(FactType.BOOL), Kind(FactType.CODE), Kind(FactType.DAY)
WHOLE = Kind(FactType.INT)


def need(token: Token, allowed: Iterable[FactType], *found: Kind) -> None:
    """Refuse a kind whose type does not fit."""
    allowed = frozenset(allowed)
    for kind in found:
        if kind.type not in allowed:
            wanted = " hoặc ".join(sorted(TYPE_WORDS[each] for each in allowed))
            raise TextError(token.position, f"“{token.text}” cần {wanted}, đang có {kind.words}.")


def need_unit(token: Token, unit: str, kind: Kind) -> None:
    """Refuse a number measured in another unit."""
    if kind.stated_unit not in ("", unit):
        said = "đồng" if unit == "VND" else UNIT_WORDS.get(unit, unit)
        raise TextError(token.position, f"“{token.text}” cần số tính bằng {said}, đang có {kind.words}.")


def together(token: Token, kinds: Iterable[Kind]) -> Kind:
    """Return the kind of numbers that are added or chosen from: one unit, and the finest decimal digits."""
    kinds = list(kinds)
    need(token, NUMBERS, *kinds)
    units = dict.fromkeys(kind.stated_unit for kind in kinds if kind.stated_unit)
    if len(units) > 1:
        one, other = list(units)[:2]
        raise TextError(
            token.position,
            f"“{token.text}” cần cùng một đơn vị, đang có {UNIT_WORDS.get(one, 'đồng')} và "
            f"{UNIT_WORDS.get(other, 'đồng')}.",
            "Nhân với mức hoặc hệ số đổi đơn vị trước.",
        )
    return _number(next(iter(units), ""), max(kind.scale for kind in kinds))


def _number(unit: str, scale: int) -> Kind:
    if unit == "VND":
        return Kind(FactType.MONEY, scale=scale)
    return Kind(FactType.FIXED if scale else FactType.INT, unit, scale)


_PRODUCTS: Mapping[tuple[str, str], str] = {
    ("metre", "metre"): "square_metre",
    ("metre", "square_metre"): "cubic_metre",
    ("square_metre", "metre"): "cubic_metre",
}
"""Units that make another unit; every other product has no unit of its own, since a rate may turn it into any."""


def multiplied(token: Token, left: Kind, right: Kind) -> Kind:
    """Return the kind of a product."""
    if left.type is right.type is FactType.MONEY:
        raise TextError(token.position, "Không nhân số tiền với số tiền.")
    need(token, NUMBERS, left, right)
    if "percent" in (left.unit, right.unit):
        raise TextError(token.position, "Không nhân trực tiếp với tỷ lệ %.", "Dùng percent(số tiền, tỷ lệ).")
    scale = left.scale + right.scale
    if scale > MAX_SCALE:
        raise TextError(token.position, f"Tích có quá {MAX_SCALE} chữ số thập phân.", _ROUND_HINT)
    money = FactType.MONEY in (left.type, right.type)
    return _number("VND" if money else _PRODUCTS.get((left.unit, right.unit), ""), scale)


def alike(token: Token, kinds: Iterable[Kind]) -> Kind:
    """Return the kind of values one of which is chosen: numbers of one unit, or all days, moments, bools or codes."""
    kinds = list(kinds)
    types = {kind.type for kind in kinds}
    if types <= NUMBERS:
        return together(token, kinds)
    if len(types) > 1 or not types <= {FactType.DAY, FactType.MOMENT, FactType.BOOL, FactType.CODE}:
        said = ", ".join(dict.fromkeys(kind.words for kind in kinds))
        raise TextError(token.position, f"Các phần của {token.text} phải cùng một loại, đang có {said}.")
    known = [kind.codes for kind in kinds if kind.codes is not None]
    codes = frozenset[str]().union(*known) if len(known) == len(kinds) else None
    return replace(kinds[0], codes=codes)


def check_result(found: Kind, wanted: Kind) -> None:
    """Refuse a formula whose result is not of this kind; a number without unit may stand for đồng or any unit."""
    numbers = {found.type, wanted.type} <= NUMBERS
    if (not numbers and found.type is not wanted.type) or (numbers and not _unit_fits(found, wanted)):
        raise TextError(1, f"Công thức cho ra {found.words}, cần {wanted.words}.")
    if found.scale > wanted.scale:
        step = f"0.{'1'.rjust(wanted.scale, '0')}" if wanted.scale else "1"
        raise TextError(1, f"Công thức cho ra {found.words}, cần {wanted.words}.", f"Dùng round(…, {step}, half_up).")
    stray = sorted((found.codes or frozenset()) - wanted.codes) if wanted.codes else []
    if stray:
        raise TextError(1, f"Danh mục của dữ kiện không có mã “{stray[0]}”.", nearest(stray[0], wanted.codes or ()))


def _unit_fits(found: Kind, wanted: Kind) -> bool:
    if FactType.MONEY in (found.type, wanted.type):
        return found.stated_unit in ("", "VND") and wanted.type is FactType.MONEY
    return not found.unit or not wanted.unit or found.unit == wanted.unit
