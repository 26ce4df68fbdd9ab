"""Plain data to the registers of the law: dated lists, territories, legal documents and parameters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

from rules.decode.parts import ReadContext, condition, example, legal_basis, measure, period, scale, unique, unit
from rules.decode.shared import Origins, named
from rules.definition.registers import (
    AttributeSpec,
    CodeItem,
    CodeList,
    DatedAttributes,
    Parameter,
    ParameterValue,
    Territory,
    UnitSpan,
    UnitsWhere,
    share_a_unit,
)
from rules.errors import RulesError, nearest
from rules.reading import CODE, Node, Parts, mapping_of
from rules.values import ALWAYS, MAX_MONEY, NO_TEXT, LegalBasis, LegalDocument, Period, Text
from rules.vocabulary import CALLED_TYPES, Fact, FactType, Source

VALUE_TYPES = (FactType.MONEY, FactType.INT, FactType.FIXED, FactType.BOOL, FactType.DAY, FactType.CODE)
"""The types of parameters and attributes."""

Codes = Mapping[str, Mapping[str, Text]]


def lists(node: Node, origins: Origins) -> tuple[CodeList, ...]:
    """Read the lists of codes, each a plain sequence of codes or a mapping of attributes and items."""
    entries = [(key, entry, _list_parts(entry)) for key, entry in named(node)]
    bare = {key: _items(parts) for key, _, parts in entries}
    codes = {key: {item.code: item.label for item in items} for key, items in bare.items()}
    return tuple(_list(key, parts, bare[key], codes, origins) for key, _, parts in entries)


def _list_parts(node: Node) -> Parts:
    if mapping_of(node.value) is not None:
        return node.parts("items", "attributes", "from")
    return _Items(node, {"items": node.value})


class _Items(Parts):
    """A list written as the plain sequence of its items, which keep their own places."""

    def __getitem__(self, key: str) -> Node:
        return self.node if key == "items" else super().__getitem__(key)


def _items(parts: Parts) -> tuple[CodeItem, ...]:
    items: list[CodeItem] = []
    for each in parts["items"].items():
        inner = each.parts("code", "label", "since", "until", "attributes")
        code = inner.needed("code").identifier(CODE)
        items.append(CodeItem(code, inner.needed("label").text() or NO_TEXT, period(inner)))
    if not items:
        parts.node.problem(f"Danh mục “{parts.node.place[-1]}” chưa có mã nào.")
    return unique(items, parts["items"], lambda item: item.code)


def _list(key: str, parts: Parts, items: Sequence[CodeItem], codes: Codes, origins: Origins) -> CodeList:
    specs = tuple(_attribute(name, node, codes) for name, node in parts["attributes"].named())
    facts = {spec.id: _fact_of(spec, codes) for spec in specs}
    dated = [_dated(each.parts()["attributes"], facts) for each in parts["items"].items()]
    whole = tuple(replace(item, attributes=held) for item, held in zip(items, dated, strict=True))
    return CodeList(key, whole, specs, origins.origin(parts))


def data_fields(node: Node, known: Sequence[CodeList]) -> tuple[AttributeSpec, ...]:
    """Read the data fields of a type of paper or result: as attributes, and texts."""
    codes = {item.id: {entry.code: entry.label for entry in item.items} for item in known}
    return tuple(_attribute(name, each, codes, (*VALUE_TYPES, FactType.TEXT)) for name, each in node.named())


def _attribute(name: str, node: Node, codes: Codes, kinds: tuple[FactType, ...] = VALUE_TYPES) -> AttributeSpec:
    parts = node.parts("type", "label", "list", "unit", "scale")
    if name in ("since", "until"):
        node.problem(f"Thuộc tính không gọi được là “{name}”.", "Đặt tên khác.")
    typed = _typed(parts, codes, kinds)
    return AttributeSpec(name, typed.type, parts["label"].text() or Text(name), typed.list, typed.unit, typed.scale)


class _Typed:
    """What says how a value is written: type, list, unit and scale."""

    def __init__(self, parts: Parts) -> None:
        self.type = parts.needed("type").choice(FactType, FactType.INT, CALLED_TYPES)
        self.list = parts["list"].identifier()
        self.unit = unit(parts["unit"])
        self.scale = scale(parts["scale"], self.type)


def _typed(parts: Parts, codes: Codes, kinds: tuple[FactType, ...] = VALUE_TYPES) -> _Typed:
    typed = _Typed(parts)
    if typed.type not in kinds:
        parts["type"].problem(f"Kiểu {typed.type.value} không dùng được ở đây.", nearest(typed.type.value, kinds))
    if (typed.type is FactType.CODE) != bool(typed.list):
        parts.node.problem("Kiểu code cần “list”; các kiểu khác không dùng “list”.")
    if typed.list and typed.list not in codes:
        parts["list"].problem(f"Không có danh mục “{typed.list}”.", nearest(typed.list, codes))
    return typed


def _fact_of(spec: AttributeSpec | Parameter, codes: Codes) -> Fact:
    labels = codes.get(spec.list, {})
    return Fact(spec.id, spec.type, spec.label, Source.LIST, labels, spec.unit, scale=spec.scale)


def _dated(node: Node, facts: Mapping[str, Fact]) -> tuple[DatedAttributes, ...]:
    nodes = node.items() if isinstance(node.value, list | tuple) else [node] if node else []
    dated = tuple(_attributes(each, facts) for each in nodes)
    for (_, one), (place, other) in combinations(enumerate(dated), 2):
        both = set(one.values) & set(other.values)
        if both and one.period.meets(other.period):
            nodes[place].problem(f"Thuộc tính “{min(both)}” có hai giá trị trong cùng một ngày.", "Sửa since, until.")
    return dated


def _attributes(node: Node, facts: Mapping[str, Fact]) -> DatedAttributes:
    parts = node.parts("since", "until", *facts)
    values = {name: value(parts[name], facts[name]) for name in facts if parts[name]}
    return DatedAttributes(values, period(parts))


def value(node: Node, fact: Fact) -> Any:
    """Read one value of a fact's type as people write it: a measure with decimals as text, `"120,5"`."""
    return _VALUES[fact.type](node, fact)


def _code(node: Node, fact: Fact) -> str:
    code = node.identifier(CODE)
    if code not in fact.codes:
        node.problem(f"Danh mục không có mã “{code}”.", nearest(code, fact.codes))
    return code


_VALUES: Mapping[FactType, Callable[[Node, Fact], Any]] = {
    FactType.MONEY: lambda node, _: node.integer(0, MAX_MONEY) or 0,
    FactType.INT: lambda node, _: node.integer() or 0,
    FactType.FIXED: lambda node, fact: measure(node, fact.scale) or 0,
    FactType.BOOL: lambda node, _: node.boolean(),
    FactType.DAY: lambda node, _: node.day() or date.min,
    FactType.CODE: _code,
    **{kind: lambda node, _: None for kind in FactType if kind not in VALUE_TYPES},
}


def territories(node: Node, known: Sequence[CodeList], origins: Origins) -> tuple[Territory, ...]:
    """Read the territories."""
    by_id = {item.id: item for item in known}
    return tuple(_territory(key, entry, by_id, origins) for key, entry in named(node))


def _territory(key: str, node: Node, known: Mapping[str, CodeList], origins: Origins) -> Territory:
    parts = node.parts("label", "units", "units_where", "since", "until", "from")
    units = tuple(_unit(each) for each in parts["units"].items())
    if not units and not parts["units_where"]:
        node.problem(f"Địa bàn “{key}” chưa có đơn vị nào.", "Thêm units hoặc units_where.")
    where = _units_where(parts["units_where"], known)
    label = parts.needed("label").text() or NO_TEXT
    return Territory(key, label, units, where, period(parts), origins.origin(parts))


def _unit(node: Node) -> UnitSpan:
    if mapping_of(node.value) is None:
        return UnitSpan(node.identifier(CODE))
    parts = node.parts("unit", "since", "until")
    return UnitSpan(parts.needed("unit").identifier(CODE), period(parts))


def _units_where(node: Node, known: Mapping[str, CodeList]) -> UnitsWhere | None:
    if not node:
        return None
    parts = node.parts("list", "when")
    name = parts.needed("list").identifier()
    if name not in known:
        parts["list"].problem(f"Không có danh mục “{name}”.", nearest(name, known))
        return None
    codes = {item.id: {entry.code: entry.label for entry in item.items} for item in known.values()}
    facts = {spec.id: _fact_of(spec, codes) for spec in known[name].attributes}
    asked = condition(parts.needed("when"), ReadContext(facts, {}))
    return UnitsWhere(name, asked) if asked else None


def documents(node: Node, known: Sequence[Territory], origins: Origins) -> dict[str, LegalDocument]:
    """Read the legal documents by key."""
    found: dict[str, LegalDocument] = {}
    for key, entry in named(node):
        parts = entry.parts("document", "title", "since", "until", "territory", "from")
        found[key] = LegalDocument(
            key,
            parts.needed("document").string(),
            parts["title"].text() or NO_TEXT,
            period(parts),
            territory(parts["territory"], {each.id for each in known}),
            origins.origin(parts),
        )
    return found


def territory(node: Node, known: Iterable[str]) -> str:
    """Read the id of a known territory, empty where there is none."""
    name = node.identifier()
    if name and name not in known:
        node.problem(f"Không có địa bàn “{name}”.", nearest(name, known))
    return name


def in_force(parts: Parts, basis: LegalBasis | None, context: ReadContext) -> tuple[Period, str]:
    """Return the days and the territory of a row or value: its own, else its shared set's, else its document's."""
    scope = context.origins.scope(parts.node)
    cited = context.documents.get(basis.document) if basis else None
    since = parts["since"].day() or scope.since or (cited.period.since if cited else None)
    until = parts["until"].day() or scope.until or (cited.period.until if cited else None)
    place = territory(parts["territory"], context.territories)
    place = place or scope.territory or (cited.territory if cited else "")
    try:
        return Period(since, until), place
    except RulesError as error:
        hint = "Ngày không ghi ở đây lấy theo quy định dùng chung hoặc văn bản viện dẫn: ghi đủ since và until."
        parts.node.problem(str(error), hint)
        return ALWAYS, place


def parameters(node: Node, known: Sequence[CodeList], context: ReadContext) -> tuple[Parameter, ...]:
    """Read the parameters of the law."""
    codes = {item.id: {entry.code: entry.label for entry in item.items} for item in known}
    by_id = {item.id: item for item in known}
    return tuple(_parameter(key, entry, codes, by_id, context) for key, entry in named(node))


def _parameter(key: str, node: Node, codes: Codes, known: Mapping[str, CodeList], context: ReadContext) -> Parameter:
    parts = node.parts("label", "type", "unit", "list", "scale", "values", "example", "from")
    typed = _typed(parts, codes)
    bare = Parameter(
        id=key,
        type=typed.type,
        label=parts.needed("label").text() or NO_TEXT,
        values=(),
        unit=typed.unit,
        list=typed.list,
        scale=typed.scale,
        origin=context.origins.origin(parts),
        example=example(parts["example"]),
    )
    fact = _fact_of(bare, codes)
    values = tuple(_value(each, fact, context) for each in parts["values"].items())
    if not values and not parts["values"]:
        hint = "Thêm values: [{value: ..., since: ..., basis: ...}], hoặc values: [] khi nguồn không nêu giá trị."
        node.problem(f"Tham số “{key}” chưa có giá trị nào.", hint)
    _check_overlaps(parts["values"], values, known, context.territories)
    return replace(bare, values=values)


def _value(node: Node, fact: Fact, context: ReadContext) -> ParameterValue:
    parts = node.parts("value", "since", "until", "territory", "basis")
    basis = legal_basis(parts["basis"], context)
    days, place = in_force(parts, basis, context)
    return ParameterValue(value(parts.needed("value"), fact), days, place, basis)


def _check_overlaps(
    node: Node,
    values: Sequence[ParameterValue],
    known: Mapping[str, CodeList],
    territories: Mapping[str, Territory],
) -> None:
    for (first, one), (place, other) in combinations(enumerate(values), 2):
        when = _both_hold(one, other, known, territories)
        if when:
            node.at(place).problem(
                f"Giá trị thứ {first + 1} và thứ {place + 1} cùng áp dụng {when}.",
                "Sửa since, until hoặc territory để mỗi ngày, mỗi nơi chỉ có một giá trị.",
            )


def _both_hold(
    one: ParameterValue, other: ParameterValue, known: Mapping[str, CodeList], territories: Mapping[str, Territory]
) -> str:
    """Say when both values hold at one place, empty when they never do.

    A value for a territory and one for everywhere do not clash: the territory's comes first.
    """
    if bool(one.territory) != bool(other.territory) or not one.period.meets(other.period):
        return ""
    days = one.period.shared(other.period)
    if one.territory != other.territory:
        first, second = territories.get(one.territory), territories.get(other.territory)
        if first is None or second is None or not share_a_unit(first, second, days, known):
            return ""
    return days.words.vi or "mọi ngày"
