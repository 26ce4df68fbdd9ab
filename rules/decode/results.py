"""Plain data to what a procedure ends with: grounds to turn a request down, and the results that are issued."""

from rules.decode.inheriting import Inheriting
from rules.decode.lent import Types, bound, lent_by
from rules.decode.parts import ReadContext, condition, legal_basis, unique
from rules.definition.results import (
    NUMBER_PARTS,
    Book,
    Examination,
    Restarts,
    Result,
    ResultKind,
    ResultValidity,
    ValidUnit,
    pattern_fault,
)
from rules.definition.type_register import Bound, PaperType, ResultType, result_validity
from rules.reading import Node, Parts
from rules.values import NO_TEXT
from rules.vocabulary import FactType

MOST_VALID = 36_500
"""The greatest number of days, months or years that a result may be valid."""


def refusal_table(node: Node, context: ReadContext) -> str:
    """Read the id of a table whose rows are grounds of refusal."""
    table = context.table(node)
    if table and {column.id: column.type for column in table.outputs}.get("reason") is not FactType.TEXT:
        node.problem("Bảng điều kiện cần cột kết quả “reason” kiểu text.")
    return table.id if table else ""


def examination(node: Node, context: ReadContext) -> Examination | None:
    """Read on which grounds a request is turned down after its examination."""
    if not node:
        return None
    parts = node.parts("table", "form")
    return Examination(refusal_table(parts.needed("table"), context), parts["form"].text())


def results(node: Node, context: ReadContext, types: Types) -> tuple[Result, ...]:
    """Read the results that may be issued."""
    return unique([_result(each, context, types) for each in node.items()], node)


_LENT = ("label", "kind", "code", "form", "book", "number", "signer", "basis")
_RESULT_KEYS = ("id", "type", "data", "when", "valid", *_LENT)


def _result(node: Node, context: ReadContext, types: Types) -> Result:
    own = node.parts(*_RESULT_KEYS)
    lent = lent_by(own["type"], types.results, "loại kết quả")
    unknown = Parts(node, {"label": "?", "kind": "other"}) if own["type"] else None
    parts = Inheriting(own, lent.parts if lent else unknown, _LENT)
    data = bound(parts["data"], lent, context)
    return Result(
        id=parts.needed("id").identifier(),
        label=parts.needed("label").text() or NO_TEXT,
        kind=parts.needed("kind").choice(ResultKind, ResultKind.OTHER),
        code=parts["code"].string(most=60),
        when=condition(parts["when"], context),
        form=parts["form"].text(),
        valid=_valid(parts["valid"], context) or (_valid_of(lent.type, data) if lent else None),
        book=book(parts["book"]),
        number=number(parts["number"]),
        signer=parts["signer"].text(),
        basis=legal_basis(parts["basis"], context),
        type=parts["type"].identifier(),
        data=data,
    )


def _valid_of(of: PaperType | ResultType, data: Bound) -> ResultValidity | None:
    return result_validity(of, data) if isinstance(of, ResultType) else None


def _valid(node: Node, context: ReadContext) -> ResultValidity | None:
    if not node:
        return None
    parts = node.parts("amount", "unit", "until", "text")
    if bool(parts["amount"]) == bool(parts["until"]):
        node.problem(
            "Thời hạn giá trị ghi bằng amount và unit, hoặc bằng until, không phải cả hai.",
            "Ví dụ valid: {amount: 6, unit: months}.",
        )
    if parts["amount"]:
        parts.needed("unit")
    elif parts["unit"]:
        parts["unit"].problem("Có đơn vị nhưng chưa ghi bao lâu.", "Thêm amount.")
    return ResultValidity(
        amount=parts["amount"].integer(1, MOST_VALID),
        unit=parts["unit"].choice(ValidUnit, ValidUnit.MONTHS),
        until=context.fact(parts["until"], FactType.DAY) if parts["until"] else "",
        text=parts["text"].text(),
    )


def book(node: Node) -> Book | None:
    """Read the book a result is entered in."""
    if not node:
        return None
    parts = node.parts("label", "restarts")
    return Book(parts.needed("label").text() or NO_TEXT, parts["restarts"].choice(Restarts, Restarts.YEAR))


def number(node: Node) -> str:
    """Read the pattern of a number."""
    pattern = node.string(most=120)
    fault = pattern_fault(pattern) if node else ""
    if fault:
        known = ", ".join(f"{{{part}}}" for part in NUMBER_PARTS)
        node.problem(fault, f"Dùng: {known}.")
    return pattern
