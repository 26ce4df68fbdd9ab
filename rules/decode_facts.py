"""Plain data to the facts that are not on the form: what they are first, then their formulas, which may read any."""

from collections.abc import Mapping
from dataclasses import replace

from rules.decode_parts import ReadContext
from rules.decode_shared import Origins
from rules.definition import FactSpec
from rules.errors import RulesError, TextError, nearest
from rules.formula import Formula, parse_formula
from rules.reading import Node, Parts, said
from rules.scale import RateScale
from rules.values import MAX_SCALE, NO_TEXT, decimal
from rules.vocabulary import UNIT_WORDS, FactType, Source

_COMPUTED = (
    *(FactType.MONEY, FactType.INT, FactType.FIXED, FactType.BOOL),
    *(FactType.DAY, FactType.MOMENT, FactType.CODE),
)
_HANDED_IN = (*_COMPUTED, FactType.CODES)
_BOUNDED = (FactType.MONEY, FactType.INT, FactType.FIXED)


_FACT_KEYS = (
    *("id", "type", "label", "formula", "source", "stage"),
    *("unit", "list", "scale", "min", "max", "from"),
)


def bare_fact(node: Node, origins: Origins) -> FactSpec:
    """Read a fact without its formula."""
    parts = node.parts(
        "id", "type", "label", "formula", "source", "stage", "unit", "list", "scale", "min", "max", "from"
    )
    kind = parts.needed("type").choice(FactType, FactType.INT)
    computed = bool(parts["formula"])
    source = parts["source"].choice(Source, Source.COMPUTED if computed else Source.OFFICER)
    if computed != (source is Source.COMPUTED) or source in (Source.FORM, Source.BUILT_IN):
        node.problem(
            "Dữ kiện ở đây hoặc có “formula” (tính ra), hoặc có “source: officer” (cán bộ ghi nhận).",
            "Dữ kiện người dân khai thì đặt ở “fields”.",
        )
    if kind not in (_COMPUTED if computed else _HANDED_IN):
        parts["type"].problem(f"Dữ kiện kiểu {kind.value} không đặt được ở đây.")
    if (kind in (FactType.CODE, FactType.CODES)) != bool(parts["list"]):
        node.problem("Dữ kiện kiểu code và codes cần “list”; các kiểu khác không dùng “list”.")
    scale = _scale(parts, kind)
    low, high = _bounds(parts, kind, scale, computed=computed)
    return FactSpec(
        id=parts.needed("id").identifier(),
        type=kind,
        label=parts.needed("label").text() or NO_TEXT,
        source=Source.COMPUTED if computed else Source.OFFICER,
        stage=parts["stage"].identifier(),
        unit=unit_of(parts["unit"]),
        list=parts["list"].identifier(),
        scale=scale,
        min=low,
        max=high,
        origin=origins.origin(parts),
    )


def unit_of(node: Node) -> str:
    """Read a unit of measure, empty where there is none."""
    unit = node.identifier()
    if unit and unit not in UNIT_WORDS:
        node.problem(f"Không có đơn vị “{unit}”.", nearest(unit, UNIT_WORDS))
    return unit


def _scale(parts: Parts, kind: FactType) -> int:
    if (kind is FactType.FIXED) != bool(parts["scale"]):
        parts.node.problem("Dữ kiện kiểu fixed cần “scale” (số chữ số thập phân); các kiểu khác không dùng “scale”.")
    return parts["scale"].integer(1, MAX_SCALE) or 0


def _bounds(parts: Parts, kind: FactType, scale: int, *, computed: bool) -> tuple[int | None, int | None]:
    for key in ("min", "max"):
        if parts[key] and (computed or kind not in _BOUNDED):
            parts[key].problem(f"Chỉ dữ kiện là số được ghi nhận mới dùng “{key}”; dữ kiện tính ra thì không.")
            return None, None
    low, high = measure(parts["min"], scale), measure(parts["max"], scale)
    if low is not None and high is not None and low > high:
        parts.node.problem("Giới hạn dưới lớn hơn giới hạn trên.")
    return low, high


def measure(node: Node, scale: int) -> int | None:
    """Read a number with so many decimal digits, written as a whole number or as decimal text."""
    if not node:
        return None
    if isinstance(node.value, bool) or not isinstance(node.value, int | str) or (scale == 0 and node.integer() is None):
        if scale:
            node.problem(f"Cần một số, đang có {said(node.value)}.", 'Viết 120 hoặc "120,5".')
        return None
    try:
        return decimal(str(node.value), scale)
    except RulesError as error:
        node.problem(str(error))
        return None


def with_formulas(
    node: Node, specs: tuple[FactSpec, ...], context: ReadContext, scales: tuple[RateScale, ...]
) -> tuple[FactSpec, ...]:
    """Return the facts with their formulas read."""
    known = {scale.id: scale for scale in scales}
    return tuple(
        replace(spec, formula=_formula(entry.parts()["formula"], spec, context, known))
        for entry, spec in zip(node.items(), specs, strict=False)
    )


def _formula(node: Node, spec: FactSpec, context: ReadContext, scales: Mapping[str, RateScale]) -> Formula | None:
    if not node:
        return None
    codes = context.vocabulary[spec.id].codes
    try:
        return parse_formula(
            node.string(),
            context.vocabulary,
            spec.type,
            unit=spec.unit,
            scale=spec.scale,
            codes=codes,
            scales=scales,
        )
    except TextError as error:
        node.problem(f"Ký tự thứ {error.position}: {error.what}", error.hint)
        return None
