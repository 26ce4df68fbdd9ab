"""Plain data to the papers of a dossier."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from rules.decode.inheriting import Inheriting
from rules.decode.lent import Lent, Types, bound, lent_by
from rules.decode.parts import ReadContext, amount_from_table, condition, legal_basis, required, unique
from rules.decode.results import MOST_VALID
from rules.definition.papers import AcceptedForms, Lasting, PaperForm, Returned, Validity
from rules.definition.procedure import FromTable, Handed, Paper
from rules.definition.results import ValidUnit
from rules.definition.type_register import PaperType, ResultType, paper_validity
from rules.errors import nearest
from rules.reading import Node, Parts, mapping_of
from rules.table.decision import Condition
from rules.values import NO_TEXT
from rules.vocabulary import CHANNELS, FactType

_PAPER_KEYS = (
    *("code", "label", "required", "shown_when", "originals", "copies", "handed", "form", "waived_by", "basis"),
    *("for_each", "each_when", "sets", "accepted", "valid", "returned", "one_of", "waived_when", "fallback"),
    *("note", "made_by_office", "result_code", "type", "result_type", "data"),
)

_OF_APPLICANTS = (
    *("handed", "accepted", "valid", "returned", "one_of", "waived_by", "waived_when", "fallback"),
    *("type", "result_type", "data"),
)
"""What is said only of papers that the applicant hands in or shows."""

_NOT_SAID: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "note": (
            *_OF_APPLICANTS,
            "originals",
            "copies",
            "sets",
            "for_each",
            "each_when",
            "made_by_office",
            "result_code",
        ),
        "made_by_office": _OF_APPLICANTS,
    }
)
"""What a note, and a paper that the office makes, cannot have."""

_WHAT = {"note": "Ghi chú (note)", "made_by_office": "Giấy tờ do cơ quan lập (made_by_office)"}


def papers(node: Node, context: ReadContext, types: Types) -> tuple[Paper, ...]:
    """Read all papers."""
    nodes = node.items()
    found = unique([_paper(each, context, types) for each in nodes], node, lambda paper: paper.code)
    groups: dict[str, str] = {}
    for entry, paper in zip(nodes, found, strict=True):
        if paper.one_of and groups.setdefault(paper.one_of, paper.for_each) != paper.for_each:
            entry.at("one_of").problem(
                f"Các giấy tờ thay nhau “{paper.one_of}” phải cùng “for_each”.",
                "Ghi for_each giống nhau, hoặc dùng tên one_of khác.",
            )
    return found


_FROM_PAPER_TYPE = ("label", "form", "handed", "accepted", "returned", "basis")
_FROM_RESULT_TYPE = ("label", "form")


def _lent(own: Parts, types: Types) -> Lent | None:
    """Return the type of a paper: a paper type, or that of the result it is."""
    if own["type"] and own["result_type"]:
        own["result_type"].problem("Giấy tờ chỉ thuộc một loại: type hoặc result_type.", "Bỏ một trong hai.")
    of_result = lent_by(own["result_type"], types.results, "loại kết quả")
    return lent_by(own["type"], types.papers, "loại giấy tờ") or of_result


def _own_or_lent(own: Parts, lent: Lent | None) -> Parts:
    if lent is None:
        unknown = own["type"] or own["result_type"]  # told about already: its label is not missed as well
        return Inheriting(own, Parts(own.node, {"label": "?"}), ("label",)) if unknown else own
    return Inheriting(own, lent.parts, _FROM_PAPER_TYPE if isinstance(lent.type, PaperType) else _FROM_RESULT_TYPE)


def _paper(node: Node, context: ReadContext, types: Types) -> Paper:
    own = node.parts(*_PAPER_KEYS)
    lent = _lent(own, types)
    parts = _own_or_lent(own, lent)
    note, by_office = parts["note"].boolean(), parts["made_by_office"].boolean()
    _check_keys(parts, note=note, by_office=by_office)
    group = context.fact(parts["for_each"], FactType.GROUP) if parts["for_each"] else ""
    row = context.in_rows_of(group) if group else context
    originals = parts["originals"].integer(0, 100)
    handed, stays = parts["handed"].choice(Handed, Handed.HAND_IN), returned(parts["returned"])
    if handed is Handed.SHOW and stays is Returned.KEPT:
        parts["returned"].problem("Giấy tờ chỉ xuất trình thì không giữ lại.", "Bỏ returned, hoặc ghi handed: hand_in.")
    data = bound(parts["data"], lent, row)
    return Paper(
        code=parts.needed("code").identifier(),
        label=parts.needed("label").text() or NO_TEXT,
        required=True if note or by_office else _need(parts["required"], row),
        shown_when=condition(parts["shown_when"], context),
        originals=(0 if note else 1) if originals is None else originals,
        copies=parts["copies"].integer(0, 100) or 0,
        handed=handed,
        form=parts["form"].text(),
        waived_by=parts["waived_by"].text(),
        basis=legal_basis(parts["basis"], context),
        for_each=group,
        each_when=condition(parts["each_when"], row),
        sets=parts["sets"].integer(1, 100) or 1,
        accepted=tuple(accepted_forms(parts["accepted"])),
        valid=_valid(parts["valid"], row) or (paper_validity(lent.type, data) if lent else None),
        returned=stays,
        one_of=parts["one_of"].identifier(),
        waived_when=condition(parts["waived_when"], row),
        fallback=parts["fallback"].text(),
        note=note,
        made_by_office=by_office,
        result_code=parts["result_code"].string(most=60) or _code_of(lent),
        type=parts["type"].identifier(),
        result_type=parts["result_type"].identifier(),
        data=data,
    )


def _code_of(lent: Lent | None) -> str:
    return lent.type.code if lent and isinstance(lent.type, ResultType) else ""


def _check_keys(parts: Parts, *, note: bool, by_office: bool) -> None:
    """Refuse what does not go together."""
    for key, needs in (("each_when", "for_each"), ("waived_when", "waived_by"), ("fallback", "waived_by")):
        if parts[key] and not parts[needs]:
            parts[key].problem(f"“{key}” chỉ dùng cùng “{needs}”.", f"Thêm {needs}, hoặc bỏ {key}.")
    for kind in (*(["note"] if note else []), *(["made_by_office"] if by_office else [])):
        for key in _NOT_SAID[kind]:
            if parts[key]:
                parts[key].problem(f"{_WHAT[kind]} không dùng “{key}”.", f"Bỏ {key}.")
        if parts["required"] and parts["required"].value is not (kind != "note"):
            parts["required"].problem(f"{_WHAT[kind]} không có “required”.", "Dùng shown_when để nêu khi nào có.")


def _need(node: Node, context: ReadContext) -> bool | Condition | FromTable:
    if not node:
        return True
    if "table" in (mapping_of(node.value) or ()):
        return amount_from_table(node, context, FactType.CODE, codes=("required", "optional", "waived"))
    return required(node, context)


def returned(node: Node) -> Returned | None:
    """Read where a paper stays."""
    return node.choice(Returned, Returned.KEPT) if node else None


def accepted_forms(node: Node) -> Iterator[AcceptedForms]:
    """Read the forms accepted by each way of filing; the order of the ways means nothing."""
    for way, entry in node.named():
        if way not in CHANNELS:
            entry.problem(f"Không có cách nộp “{way}”.", nearest(way, CHANNELS))
        forms = tuple(each.choice(PaperForm, PaperForm.ORIGINAL) for each in entry.items())
        if not forms or _repeats(forms):
            entry.problem(
                "Cần ít nhất một hình thức giấy tờ, mỗi hình thức một lần.", "Ví dụ [original, certified_copy]."
            )
        yield AcceptedForms(way, forms)


def _repeats(forms: Iterable[PaperForm]) -> bool:
    listed = list(forms)
    return len(set(listed)) != len(listed)


def _valid(node: Node, context: ReadContext) -> Validity | None:
    if not node:
        return None
    parts = node.parts("when", "amount", "unit", "since", "until", "text", "basis")
    told = sum(bool(parts[key]) for key in ("when", "amount", "until"))
    if told != 1:
        what = "Thiếu mục “when”, “amount” hoặc “until”." if told == 0 else "Chỉ ghi một: when, amount hoặc until."
        node.problem(what, "Ví dụ valid: {amount: 6, unit: months, since: issued_on, text: ...}.")
    when = condition(parts["when"], context)
    text = parts.needed("text").text() or NO_TEXT
    lasting = None if when else _lasting(parts, context)
    return Validity(when, text, legal_basis(parts["basis"], context), lasting)


def _lasting(parts: Parts, context: ReadContext) -> Lasting:
    needed = ("unit", "since") if parts["amount"] else ()
    for key in ("unit", "since"):
        if key in needed:
            parts.needed(key)
        elif parts[key]:
            parts[key].problem(f"“{key}” chỉ dùng cùng “amount”.", f"Thêm amount, hoặc bỏ {key}.")
    since, until = (context.fact(parts[key], FactType.DAY) if parts[key] else "" for key in ("since", "until"))
    unit = parts["unit"].choice(ValidUnit, ValidUnit.MONTHS)
    return Lasting(parts["amount"].integer(1, MOST_VALID), unit, since, until)
