"""Plain data to the facts that are not on the form: what they are first, then their formulas, which may read any."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rules.decode import handed as decode_handed
from rules.decode.parts import ReadContext, number_bound, scale, unit
from rules.decode.shared import Origins
from rules.definition.procedure import FactSpec, Field
from rules.definition.registers import Parameter
from rules.errors import TextError, nearest
from rules.formula import Formula, parse_formula
from rules.reading import Node, Parts
from rules.scale import RateScale
from rules.values import NO_TEXT
from rules.vocabulary import CALLED_TYPES, FactType, Source

_COMPUTED = (
    *(FactType.MONEY, FactType.INT, FactType.FIXED, FactType.BOOL),
    *(FactType.DAY, FactType.MOMENT, FactType.CODE),
)
_HANDED_IN = (*_COMPUTED, FactType.CODES, FactType.TEXT)
_SOURCES = (Source.OFFICER, Source.PAPER, Source.REGISTRY, Source.HISTORY, Source.OUTSIDE)
"""Where a fact that is handed in, but not on the form, may come from."""
_BOUNDED = (FactType.MONEY, FactType.INT, FactType.FIXED)


_FACT_KEYS = (
    *("id", "type", "label", "formula", "source", "stage"),
    *("unit", "list", "scale", "min", "max", "from", "query"),
)
_LOOKED_UP_KEYS = ("id", "label", "parameter", "on", "from")
"""What a fact states that is the value of a parameter on another day: its type is that of the parameter."""


def bare_fact(node: Node, origins: Origins, parameters: Sequence[Parameter]) -> FactSpec:
    """Read a fact without its formula."""
    stated = node.parts()
    if stated["parameter"] or stated["on"]:
        return _looked_up(node.parts(*_LOOKED_UP_KEYS), origins, parameters)
    parts = node.parts(*_FACT_KEYS)
    told = len(node.problems)
    kind = parts.needed("type").choice(FactType, FactType.INT, CALLED_TYPES)
    if len(node.problems) > told:  # what else an entry may state hangs on its type
        return FactSpec(parts.needed("id").identifier(), kind, parts.needed("label").text() or NO_TEXT)
    source = decode_handed.source(parts)
    computed = source is Source.COMPUTED
    if kind not in (_COMPUTED if computed else _HANDED_IN):
        parts["type"].problem(f"Dữ kiện kiểu {kind.value} không đặt được ở đây.")
    if (kind in (FactType.CODE, FactType.CODES)) != bool(parts["list"]):
        node.problem("Dữ kiện kiểu code và codes cần “list”; các kiểu khác không dùng “list”.")
    digits = scale(parts["scale"], kind)
    low, high = _bounds(parts, kind, digits, computed=computed)
    return FactSpec(
        id=parts.needed("id").identifier(),
        type=kind,
        label=parts.needed("label").text() or NO_TEXT,
        source=source,
        stage=decode_handed.stage(parts, source),
        unit=unit(parts["unit"]),
        list=parts["list"].identifier(),
        scale=digits,
        min=low,
        max=high,
        origin=origins.origin(parts),
        query=decode_handed.query(parts, source, kind),
    )


def _looked_up(parts: Parts, origins: Origins, parameters: Sequence[Parameter]) -> FactSpec:
    """Read a fact that is the value of a parameter on another day than the legal one; `on` is read later."""
    known = {each.id: each for each in parameters}
    name = parts.needed("parameter").identifier()
    parts.needed("on")
    if name and name not in known:
        parts["parameter"].problem(f"Không có tham số “{name}”.", nearest(name, known))
    found = known.get(name) or Parameter(name, FactType.INT, NO_TEXT, ())
    return FactSpec(
        id=parts.needed("id").identifier(),
        type=found.type,
        label=parts.needed("label").text() or NO_TEXT,
        source=Source.PARAMETER,
        unit=found.unit,
        list=found.list,
        scale=found.scale,
        origin=origins.origin(parts),
        parameter=name,
        by_place=found.is_territorial,
    )


def _bounds(parts: Parts, kind: FactType, digits: int, *, computed: bool) -> tuple[int | None, int | None]:
    for key in ("min", "max"):
        if parts[key] and (computed or kind not in _BOUNDED):
            parts[key].problem(f"Chỉ dữ kiện là số được ghi nhận mới dùng “{key}”; dữ kiện tính ra thì không.")
            return None, None
    low, high = (number_bound(parts[key], kind, digits) for key in ("min", "max"))
    if low is not None and high is not None and low > high:
        parts.node.problem("Giới hạn dưới lớn hơn giới hạn trên.")
    return low, high


def with_formulas(
    node: Node,
    specs: tuple[FactSpec, ...],
    context: ReadContext,
    scales: tuple[RateScale, ...],
    computed: Mapping[str, Formula | None],
) -> tuple[FactSpec, ...]:
    """Return the facts with their formulas read, and the facts whose day those go by that are looked up.

    `computed` are the formulas of the fields whose value is worked out; their facts stand behind the others.
    """
    known = {each.id: each for each in scales}
    return (
        *(
            replace(
                spec,
                formula=read_formula(entry.parts()["formula"], spec, context, known),
                on=context.fact(entry.parts()["on"], FactType.DAY) if spec.parameter else "",
            )
            for entry, spec in zip(node.items(), specs, strict=False)
        ),
        *(replace(spec, formula=computed[spec.id]) for spec in specs[len(node.items()) :]),
    )


def read_formula(
    node: Node, spec: FactSpec | Field, context: ReadContext, scales: Mapping[str, RateScale]
) -> Formula | None:
    """Read the formula of a fact, None where there is none, or none that can be read."""
    if not node:
        return None
    codes = context.vocabulary[spec.id].codes
    try:
        return parse_formula(
            node.string(),
            context.vocabulary,
            context.vocabulary[spec.id].type,
            unit=spec.unit,
            scale=spec.scale,
            codes=codes,
            scales=scales,
        )
    except TextError as error:
        node.problem(f"Ký tự thứ {error.position}: {error.what}", error.hint)
        return None
