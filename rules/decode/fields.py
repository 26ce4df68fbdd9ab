"""Plain data to the fields of the form: first what they are, then their conditions and formulas."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rules.decode.facts import read_formula
from rules.decode.parts import ReadContext, condition, number_bound, required, scale, unit
from rules.definition.blocks import FEMALE, MALE, OWN_LISTS, PARTS, PartSpec, part_of_field
from rules.definition.fields import (
    CALLED_KINDS,
    COMPUTABLE,
    FACT_TYPES,
    LISTED,
    NO_VIOLATION,
    Block,
    BlockKind,
    DayBound,
    Field,
    FieldKind,
    FieldStage,
)
from rules.definition.procedure import FactSpec
from rules.definition.registers import CodeList
from rules.errors import FactsError, nearest
from rules.facts import typed, written
from rules.formula import Formula
from rules.reading import Node, Parts
from rules.scale import RateScale
from rules.values import NO_TEXT, Text
from rules.vocabulary import Fact
from rules.wording import inner, phrase

Stated = Sequence[tuple[Node, Field]]
"""The fields in their order, each with the entry that states it: the parts of a block share one."""

_FIELD_KEYS = (
    *("id", "kind", "label", "help", "required", "shown_when"),
    *("list", "min", "max", "unit", "scale", "not_before", "not_after"),
    *("default", "mask", "search", "birth_day", "sex"),
)
_OUTER_KEYS = ("section", "page", "fields", "min_rows", "max_rows", "read_only_when", "stage", "column", "computed")
"""What only a field outside a group states: a group itself is one, and sections hold no part of a group."""

_BLOCK_KEYS = ("id", "kind", "label", "help", "required", "shown_when", "mask", "search", "parts", "list")
_OUTER_BLOCK_KEYS = ("section", "page", "read_only_when", "stage", "column")
_NOTE_KEYS = ("id", "kind", "label", "shown_when", "section", "page", "stage")

_BLOCKS = {kind.value for kind in BlockKind}


def bare_fields(node: Node) -> Stated:
    """Read the fields without conditions, formulas and defaults; a block gives one field for each of its parts."""
    return _unique([pair for entry in node.items() for pair in _bare(entry, top=True)])


def _unique(stated: list[tuple[Node, Field]]) -> Stated:
    seen: set[str] = set()
    for node, field in stated:
        if field.id and field.id in seen:
            node.problem(f"Mã “{field.id}” bị trùng.", "Mỗi mã chỉ dùng một lần trong danh sách này.")
        seen.add(field.id)
    return stated


def _bare(node: Node, *, top: bool) -> Iterator[tuple[Node, Field]]:
    kind = node.parts()["kind"]
    if isinstance(kind.value, str) and kind.value in _BLOCKS:
        yield from ((node, field) for field in _block(node, kind.choice(BlockKind, BlockKind.PARTY), top=top))
    else:
        yield node, _bare_field(node, top=top)


def _bare_field(node: Node, *, top: bool) -> Field:
    is_note = node.parts()["kind"].value == FieldKind.NOTE and top
    parts = node.parts(*(_NOTE_KEYS if is_note else (*_FIELD_KEYS, *(_OUTER_KEYS if top else ()))))
    told = len(node.problems)
    kind = parts.needed("kind").choice(FieldKind, FieldKind.TEXT, CALLED_KINDS)
    if len(node.problems) > told:  # what else an entry may state hangs on its kind
        return Field(parts.needed("id").identifier(), kind, parts.needed("label").text() or NO_TEXT)
    if kind in (FieldKind.GROUP, FieldKind.NOTE) and not top:
        node.problem("Nhóm không chứa được nhóm khác hay lời ghi chú.", "Chuyển mục này ra ngoài.")
    members = _unique([pair for item in parts["fields"].items() for pair in _bare(item, top=False)]) if top else ()
    if (kind is FieldKind.GROUP) != bool(members) and top:
        node.problem("Chỉ trường kiểu group có “fields”, và group phải có ít nhất một trường bên trong.")
    if (kind in LISTED) != bool(parts["list"]):
        node.problem("Trường choice, choices và finding cần “list”; các kiểu khác không dùng “list”.")
    _check_fitting(parts, kind)
    return Field(
        id=parts.needed("id").identifier(),
        kind=kind,
        label=parts.needed("label").text() or NO_TEXT,
        required=_plainly_required(parts),
        list=parts["list"].identifier(),
        fields=tuple(field for _, field in members),
        birth_day=parts["birth_day"].identifier(),
        sex=parts["sex"].identifier(),
        **_shared(parts),
        **_opening(parts),
        **_bounds(parts, kind),
    )


def _plainly_required(parts: Parts) -> bool:
    return parts["required"].boolean() if isinstance(parts["required"].value, bool) else False


def _shared(parts: Parts) -> dict[str, Any]:
    """Read what a field and every part of a block state alike."""
    return {
        "mask": parts["mask"].boolean(),
        "search": parts["search"].boolean(),
        "column": parts["column"].boolean(),
        "stage": parts["stage"].choice(FieldStage, FieldStage.CITIZEN),
    }


def _opening(parts: Parts) -> dict[str, Any]:
    """Read what stands before a field, or before the first part of a block."""
    return {"help": parts["help"].text(), "section": parts["section"].text(), "page": parts["page"].text()}


def _check_fitting(parts: Parts, kind: FieldKind) -> None:
    """Refuse what a field of this kind, or one that is computed, does not state."""
    group = kind is FieldKind.GROUP
    unfit = {
        "birth_day": kind is not FieldKind.CITIZEN_ID,
        "sex": kind is not FieldKind.CITIZEN_ID,
        "default": group or bool(parts["computed"]),
        "mask": group,
        "search": group,
        "column": group,
        "stage": group and parts["stage"].value == FieldStage.APPRAISAL,
        "computed": kind not in COMPUTABLE,
        "required": bool(parts["computed"]),
        "read_only_when": bool(parts["computed"]) or group,
    }
    for key, is_unfit in unfit.items():
        if parts[key] and is_unfit:
            whose = "tính tự động" if parts["computed"] and key != "computed" else f"kiểu {kind.value}"
            parts[key].problem(f"Trường {whose} không dùng “{key}”.")


def _bounds(parts: Parts, kind: FieldKind) -> dict[str, Any]:
    if kind is FieldKind.NOTE:
        return {}
    numeric, group = kind in (FieldKind.WHOLE_NUMBER, FieldKind.MONEY, FieldKind.MEASURE), kind is FieldKind.GROUP
    day = kind is FieldKind.DAY
    fitting = {
        "min": numeric,
        "max": numeric,
        "min_rows": group,
        "max_rows": group,
        "not_before": day,
        "not_after": day,
    }
    for key, fits in fitting.items():
        if parts[key] and not fits:
            parts[key].problem(f"Trường kiểu {kind.value} không dùng “{key}”.")
    digits = scale(parts["scale"], FACT_TYPES[kind])
    unscaled = kind is FieldKind.MEASURE and not digits  # told about already: how its bounds are written hangs on it
    low, high = (None if unscaled else number_bound(parts[key], FACT_TYPES[kind], digits) for key in ("min", "max"))
    least, most = parts["min_rows"].integer(0, 1000) or 0, parts["max_rows"].integer(1, 1000) or 100
    if (low is not None and high is not None and low > high) or least > most:
        parts.node.problem("Giới hạn dưới lớn hơn giới hạn trên.")
    days = {key: _day_bound(parts[key]) for key in ("not_before", "not_after")}
    rows = {"min_rows": least, "max_rows": most}
    return {"min": low, "max": high, **rows, **days, "unit": unit(parts["unit"]), "scale": digits}


def _day_bound(node: Node) -> DayBound | None:
    return node.choice(DayBound, DayBound.TODAY) if node else None


def _block(node: Node, kind: BlockKind, *, top: bool) -> Iterator[Field]:
    """Yield the fields of a block: what it states holds for each, what stands before it only for the first."""
    parts = node.parts(*_BLOCK_KEYS, *(_OUTER_BLOCK_KEYS if top else ()))
    name, label = parts.needed("id").identifier(), parts.needed("label").text() or NO_TEXT
    if parts["list"] and kind is not BlockKind.ADDRESS:
        parts["list"].problem("Chỉ khối address dùng “list”: danh mục xã, phường được chọn.")
    opening = _opening(parts)
    block = Block(name, kind, label, opening.pop("help"))
    asked = _asked(parts["parts"], kind)
    names = {part.name for part in asked}
    for place, part in enumerate(asked):
        yield Field(
            id=f"{name}_{part.name}",
            kind=FieldKind.CHOICE if part.name == "unit" and parts["list"] else part.kind,
            label=_part_label(part, label),
            required=_plainly_required(parts) and part.is_core,
            list=parts["list"].identifier() if part.name == "unit" else part.list,
            default=part.default,
            not_after=part.not_after,
            birth_day=f"{name}_birth_day" if part.name == "citizen_id" and "birth_day" in names else "",
            sex=f"{name}_sex" if part.name == "citizen_id" and "sex" in names else "",
            block=block if place == 0 else None,
            part_of=name,
            **_shared(parts),
            **({} if place else opening),
        )


def _part_label(part: PartSpec, label: Text) -> Text:
    return phrase("{} của {}", "{} of {}", part.label, inner(label))


def _asked(node: Node, kind: BlockKind) -> list[PartSpec]:
    """Return the parts of a block that are asked: all, or those it names; its first is always among them."""
    known = {part.name: part for part in PARTS[kind]}
    first = next(iter(known))
    named = [item.string(most=60) for item in node.items()]
    for item, name in zip(node.items(), named, strict=True):
        if name not in known:
            item.problem(f"Khối {kind.value} không có phần “{name}”.", nearest(name, known))
    if node and first not in named:
        node.problem(f"Khối {kind.value} luôn có phần “{first}”.", f"Thêm {first}.")
    return [part for part in known.values() if not node or part.name in {first, *named}]


def with_own_lists(lists: tuple[CodeList, ...], fields: Sequence[Field]) -> tuple[CodeList, ...]:
    """Return the lists, with those behind them that fields choose from and that need not be stated."""
    stated = {each.id for each in lists}
    chosen = [each.list for field in fields for each in (field, *field.fields)]
    wanted = dict.fromkeys(name for name in chosen if name in OWN_LISTS and name not in stated)
    return (*lists, *(OWN_LISTS[name] for name in wanted))


def computed_specs(stated: Stated) -> tuple[FactSpec, ...]:
    """Return the facts that computed fields give, without their formulas."""
    return tuple(
        FactSpec(
            field.id, FACT_TYPES[field.kind], field.label, unit=field.unit, list=field.list, scale=field.scale
        )
        for node, field in stated
        if _is_computed(node, field)
    )  # fmt: skip


def _is_computed(node: Node, field: Field) -> bool:
    return bool(node.parts()["computed"]) and field.kind in COMPUTABLE and not field.part_of


def formulas(
    stated: Stated, context: ReadContext, scales: tuple[RateScale, ...]
) -> dict[str, Formula | None]:  # fmt: skip
    """Read the formulas of the computed fields, by field."""
    known = {each.id: each for each in scales}
    return {
        field.id: read_formula(node.parts()["computed"], field, context, known)
        for node, field in stated
        if _is_computed(node, field)
    }


def whole_fields(
    stated: Stated, context: ReadContext, computed: Mapping[str, Formula | None]
) -> tuple[Field, ...]:  # fmt: skip
    """Return the fields with everything that reads or names other facts."""
    beside = _Beside([field for _, field in stated], context.vocabulary)
    return tuple(
        replace(_whole(node, field, beside, context), computed=computed.get(field.id)) for node, field in stated
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """The fields that stand beside each other, in the form or in a row of a group, and their facts."""

    fields: Sequence[Field]
    facts: Mapping[str, Fact]

    def of_kind(self, kind: FieldKind) -> list[str]:
        return [field.id for field in self.fields if field.kind is kind]

    def codes(self, name: str) -> Mapping[str, Text]:
        return self.facts[name].codes if name in self.facts else {}


def _whole(node: Node, field: Field, beside: _Beside, context: ReadContext) -> Field:
    parts = node.parts()
    _check_person(parts, field, beside)
    if field.kind is FieldKind.FINDING and NO_VIOLATION not in beside.codes(field.id):
        parts["list"].problem(f"Danh mục của finding cần có mã {NO_VIOLATION}: không phát hiện gì.")
    must = required(parts["required"], context)
    return replace(
        field,
        required=must if _is_core(parts, field) else False,
        shown_when=condition(parts["shown_when"], context),
        read_only_when=condition(parts["read_only_when"], context),
        default=_default(parts["default"], field, beside) if parts["default"] else field.default,
        fields=_whole_members(parts["fields"], field, context) if field.fields else (),
    )


def _is_core(parts: Parts, field: Field) -> bool:
    return not field.part_of or part_of_field(BlockKind(parts["kind"].value), field.part_of, field.id).is_core


def _whole_members(node: Node, group: Field, context: ReadContext) -> tuple[Field, ...]:
    fact = context.vocabulary.get(group.id)
    beside = _Beside(group.fields, {each.id: each for each in fact.members} if fact else {})
    entries = {entry.parts()["id"].value: entry for entry in node.items()}
    named = ((entries.get(each.part_of or each.id), each) for each in group.fields)
    return tuple(_whole(entry, each, beside, context) if entry else each for entry, each in named)


def _default(node: Node, field: Field, beside: _Beside) -> Any:
    """Read the value that stands in the field when the form opens; a day may be `today`."""
    if field.kind is FieldKind.DAY and node.value == DayBound.TODAY:
        return DayBound.TODAY
    facts = {field.id: beside.facts[field.id]} if field.id in beside.facts else {}
    try:
        given = typed(written(dict.fromkeys(facts, node.value), facts), facts)
    except FactsError as error:
        for problem in error.problems:
            node.problem(problem.what, problem.hint)
        return None
    value: Any = given.get(field.id)
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _check_person(parts: Parts, field: Field, beside: _Beside) -> None:
    """Refuse a birth day or a sex to hold a citizen number against that no field beside it gives."""
    if field.part_of:
        return
    for key, name, kind in (("birth_day", field.birth_day, FieldKind.DAY), ("sex", field.sex, FieldKind.CHOICE)):
        known = beside.of_kind(kind)
        if name and name not in known:
            parts[key].problem(f"Không có trường kiểu {kind.value} “{name}” bên cạnh.", nearest(name, known))
        elif name and kind is FieldKind.CHOICE and not {MALE, FEMALE} <= set(beside.codes(name)):
            parts[key].problem(f"Danh mục của “{name}” cần có mã {MALE} (nam) và {FEMALE} (nữ).")
