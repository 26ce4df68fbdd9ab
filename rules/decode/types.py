"""Plain data to the registers of paper types and result types."""

from collections.abc import Mapping, Sequence

from rules.decode.lent import Lent, Types
from rules.decode.papers import accepted_forms, returned
from rules.decode.parts import ReadContext, legal_basis
from rules.decode.registers import data_fields
from rules.decode.results import MOST_VALID, book, number
from rules.decode.shared import named
from rules.definition.procedure import Handed
from rules.definition.registers import AttributeSpec, CodeList
from rules.definition.results import ResultKind, ValidUnit
from rules.definition.type_register import PaperType, ResultType, TypeValidity
from rules.errors import nearest
from rules.reading import Node, Parts
from rules.values import NO_TEXT
from rules.vocabulary import FactType

_PAPER_KEYS = ("label", "form", "handed", "accepted", "returned", "data", "valid", "basis", "from")
_RESULT_KEYS = ("label", "code", "kind", "form", "data", "valid", "book", "number", "signer", "basis", "from")


def types(papers: Node, results: Node, lists: Sequence[CodeList], context: ReadContext) -> Types:
    """Read both registers by id."""
    return Types(
        {key: _paper(key, entry, lists, context) for key, entry in named(papers)},
        dict(_results(results, lists, context)),
    )


def _paper(key: str, node: Node, lists: Sequence[CodeList], context: ReadContext) -> Lent:
    parts = node.parts(*_PAPER_KEYS)
    data = data_fields(parts["data"], lists)
    handed = parts["handed"].choice(Handed, Handed.HAND_IN).value if parts["handed"] else ""
    of = PaperType(
        id=key,
        label=parts.needed("label").text() or NO_TEXT,
        form=parts["form"].text(),
        handed=handed,
        accepted=tuple(accepted_forms(parts["accepted"])),
        returned=returned(parts["returned"]),
        data=data,
        valid=_valid(parts["valid"], data),
        basis=legal_basis(parts["basis"], context),
        origin=context.origins.origin(parts),
    )
    return Lent(of, parts)


def _results(node: Node, lists: Sequence[CodeList], context: ReadContext) -> Mapping[str, Lent]:
    found = {key: _result(key, entry, lists, context) for key, entry in named(node)}
    codes: dict[str, str] = {}
    for key, lent in found.items():
        code = lent.type.code if isinstance(lent.type, ResultType) else ""
        if code and codes.setdefault(code, key) != key:
            lent.parts["code"].problem(f"Mã kết quả “{code}” đã là mã của “{codes[code]}”.", "Mỗi loại một mã.")
    return found


def _result(key: str, node: Node, lists: Sequence[CodeList], context: ReadContext) -> Lent:
    parts = node.parts(*_RESULT_KEYS)
    data = data_fields(parts["data"], lists)
    of = ResultType(
        id=key,
        label=parts.needed("label").text() or NO_TEXT,
        code=parts.needed("code").string(most=60),
        kind=parts["kind"].choice(ResultKind, ResultKind.OTHER) if parts["kind"] else None,
        form=parts["form"].text(),
        data=data,
        valid=_valid(parts["valid"], data),
        book=book(parts["book"]),
        number=number(parts["number"]),
        signer=parts["signer"].text(),
        basis=legal_basis(parts["basis"], context),
        origin=context.origins.origin(parts),
    )
    return Lent(of, parts)


def _valid(node: Node, data: Sequence[AttributeSpec]) -> TypeValidity | None:
    if not node:
        return None
    parts = node.parts("amount", "unit", "since", "until", "text")
    if bool(parts["amount"]) == bool(parts["until"]):
        hint = "Ví dụ valid: {amount: 6, unit: months, since: issued_on}."
        node.problem("Thời hạn giá trị ghi bằng amount và unit, hoặc bằng until, không phải cả hai.", hint)
    if parts["amount"]:
        parts.needed("unit")
    for key in ("unit", "since"):
        if parts[key] and not parts["amount"]:
            parts[key].problem(f"“{key}” chỉ dùng cùng “amount”.", f"Thêm amount, hoặc bỏ {key}.")
    return TypeValidity(
        amount=parts["amount"].integer(1, MOST_VALID),
        unit=parts["unit"].choice(ValidUnit, ValidUnit.MONTHS),
        since=_day_field(parts, "since", data),
        until=_day_field(parts, "until", data),
        text=parts["text"].text(),
    )


def _day_field(parts: Parts, key: str, data: Sequence[AttributeSpec]) -> str:
    name, days = parts[key].identifier(), [spec.id for spec in data if spec.type is FactType.DAY]
    if name and name not in days:
        parts[key].problem(f"Loại này không có trường dữ liệu kiểu day “{name}”.", nearest(name, days))
    return name
