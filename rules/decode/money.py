"""Plain data to lines of money: charges and payouts."""

from typing import Any

from rules.decode.parts import ReadContext, amount_from_table, condition, example, legal_basis, measure, unique
from rules.decode.scales import rounding
from rules.definition.money import (
    Amount,
    Assessed,
    Bound,
    Charge,
    ChargeKind,
    Collected,
    Cut,
    FromFact,
    Payout,
    SetBy,
    Stacking,
)
from rules.errors import nearest
from rules.reading import Node, Parts, mapping_of, sequence_of
from rules.reductions import PERCENT_DIGITS, WHOLE
from rules.table.decision import HitPolicy
from rules.values import CURRENCIES, MAX_MONEY, NO_TEXT
from rules.vocabulary import DERIVED, FactType

_LINE_KEYS = ("id", "label", "currency", "amount", "when", "for_each", "times", "floor", "cap", "round", "example")
_CHARGE_KEYS = (*_LINE_KEYS, "kind", "set_by", "cuts", "combine", "collected", "refundable", "owed_when")
_PAYOUT_KEYS = (*_LINE_KEYS, "payee")
_ASSESSED_ALONE = ("times", "floor", "cap", "round", "cuts")
"""What cannot be done to an amount that another body sets."""


def lines(charges: Node, payouts: Node, context: ReadContext) -> tuple[tuple[Charge, ...], tuple[Payout, ...]]:
    """Read the lines of money: the charges and the payouts, each id once."""
    return (
        unique([charge(node, context) for node in charges.items()], charges),
        unique([payout(node, context) for node in payouts.items()], payouts),
    )


def charge(node: Node, context: ReadContext) -> Charge:
    """Read one charge."""
    parts = node.parts(*_CHARGE_KEYS)
    context = context.in_rows_of(_group(parts, context))
    return Charge(
        kind=parts.needed("kind").choice(ChargeKind, ChargeKind.CHARGE),
        set_by=parts.needed("set_by").choice(SetBy, SetBy.OTHER),
        cuts=tuple(_cut(each, context) for each in parts["cuts"].items()),
        collected=parts["collected"].choice(Collected, Collected.AT_RESULT),
        refundable=parts["refundable"].boolean(),
        owed_when=condition(parts["owed_when"], context),
        stacking=_stacking(parts["combine"], parts, context),
        **_line(parts, context),
    )


def payout(node: Node, context: ReadContext) -> Payout:
    """Read one payout."""
    parts = node.parts(*_PAYOUT_KEYS, kind="Khoản chi trả không có loại: bỏ kind. Người được trả ghi ở payee.")
    context = context.in_rows_of(_group(parts, context))
    return Payout(payee=parts.needed("payee").text() or NO_TEXT, **_line(parts, context))


def _group(parts: Parts, context: ReadContext) -> str:
    return context.fact(parts["for_each"], FactType.GROUP) if parts["for_each"] else ""


def _line(parts: Parts, context: ReadContext) -> dict[str, Any]:
    """Read what charges and payouts have in common."""
    currency = parts["currency"].string(most=3) if parts["currency"] else "VND"
    if currency not in CURRENCIES:
        parts["currency"].problem(f"Không biết loại tiền “{currency}”.", nearest(currency, CURRENCIES))
    low, high = bound(parts["floor"], context), bound(parts["cap"], context)
    if isinstance(low, int) and isinstance(high, int) and low > high:
        parts["floor"].problem("Mức tối thiểu “floor” lớn hơn mức tối đa “cap”.")
    return {
        "id": parts.needed("id").identifier(),
        "label": parts.needed("label").text() or NO_TEXT,
        "amount": _amount(parts, context),
        "times": _times(parts["times"], context) or _times(parts["amount"].parts()["times"], context),
        "currency": currency,
        "when": condition(parts["when"], context),
        "for_each": context.rows_of,
        "floor": low,
        "cap": high,
        "rounding": rounding(parts["round"]),
        "example": example(parts["example"]),
    }


def _amount(parts: Parts, context: ReadContext) -> Amount:
    node = parts.needed("amount")
    bare = node.parts()
    if bare["assessed_by"] or bare["notice"]:
        return _assessed(node.parts("fact", "assessed_by", "basis", "notice"), parts, context)
    if bare["times"] and parts["times"]:
        bare["times"].problem("“times” được ghi hai lần.", "Bỏ một trong hai.")
    if bare["fact"]:
        given = node.parts("fact", "basis", "times")
        return FromFact(context.fact(given["fact"], FactType.MONEY), legal_basis(given["basis"], context))
    source = amount_from_table(node, context, FactType.MONEY, "times")
    _check_policy(bare["table"], source.table, context, HitPolicy.COLLECT_COUNT)
    return source


def _assessed(given: Parts, parts: Parts, context: ReadContext) -> Assessed:
    if not given["assessed_by"]:
        given["notice"].problem("Chỉ số tiền do cơ quan khác ra thông báo mới có “notice”.", "Thêm assessed_by.")
    name = context.fact(given.needed("fact"), FactType.MONEY)
    fact = context.vocabulary.get(name)
    if fact and fact.source in DERIVED:
        given["fact"].problem(
            f"“{name}” được tính ra, còn số tiền do cơ quan khác ra thông báo thì phải được nhập vào.",
            "Dùng một dữ kiện kiểu money có source: outside.",
        )
    for key in _ASSESSED_ALONE:
        if parts[key] and parts[key].value != []:
            parts[key].problem(f"Số tiền do cơ quan khác ra thông báo thì không dùng “{key}”.", f"Bỏ {key}.")
    notice = given["notice"].parts("number", "day", "file")
    return Assessed(
        fact=name,
        by=given["assessed_by"].text() or NO_TEXT,
        basis=legal_basis(given["basis"], context),
        number=context.fact(notice["number"], FactType.TEXT) if notice["number"] else "",
        day=context.fact(notice["day"], FactType.DAY) if notice["day"] else "",
        file=context.fact(notice["file"], FactType.TEXT) if notice["file"] else "",
    )


def _times(node: Node, context: ReadContext) -> str:
    return context.fact(node, FactType.INT) if node else ""


def bound(node: Node, context: ReadContext) -> Bound | None:
    """Read a limit on money: a whole number, or the id of a money fact or parameter."""
    if isinstance(node.value, str) and not node.value[:1].isdigit():
        return context.fact(node, FactType.MONEY)
    return node.integer(0, MAX_MONEY)


def _cut(node: Node, context: ReadContext) -> Cut:
    kinds = (FactType.INT, FactType.FIXED, FactType.MONEY)
    source = amount_from_table(node, context, kinds, "most")
    parts = node.parts()
    _check_policy(parts["table"], source.table, context, HitPolicy.COLLECT_COUNT, HitPolicy.COLLECT_SUM)
    _check_percents(parts["output"], source.table, source.output, context)
    return Cut(source.table, source.output, bound(parts["most"], context))


def _check_policy(node: Node, table: str, context: ReadContext, *refused: HitPolicy) -> None:
    found = context.tables.get(table)
    if found and found.hit in refused:
        node.problem(
            f"Bảng “{table}” chọn dòng theo {found.hit.value} nên không dùng được ở đây.",
            "Dùng hit: collect; muốn cộng dồn các mức giảm thì ghi combine: {stack: true, ceiling_percent: ...}.",
        )


def _check_percents(node: Node, table: str, output: str, context: ReadContext) -> None:
    """Refuse rows that take off more than all, or less than nothing."""
    found = context.tables.get(table)
    column = next((each for each in found.outputs if each.id == output), None) if found else None
    if found is None or column is None or column.type is FactType.MONEY:
        return
    for row in found.rows:
        percent = found.output(row, output)
        if isinstance(percent, int) and not 0 <= percent <= 100 * 10**column.scale:
            node.problem(f"Dòng “{row.id}” cho mức giảm nằm ngoài khoảng 0 đến 100 phần trăm.")


def _stacking(node: Node, charge: Parts, context: ReadContext) -> Stacking | None:
    if not node or node.value == "best":
        return None
    if mapping_of(node.value) is None:
        node.problem("Không có cách kết hợp này.", "Viết combine: best, hoặc {stack: true, ceiling_percent: 80}.")
        return None
    parts = node.parts("stack", "ceiling_percent", "ceiling")
    percent = measure(parts["ceiling_percent"], PERCENT_DIGITS)
    amount = bound(parts["ceiling"], context)
    if not parts["stack"].boolean() or (percent is None and amount is None):
        node.problem(
            "Cộng dồn các mức giảm thì phải nêu mức trần.", "Viết {stack: true, ceiling_percent: 80} hoặc ceiling: ..."
        )
    if percent is not None and not 0 < percent <= WHOLE:
        parts["ceiling_percent"].problem("Mức trần phải lớn hơn 0 và không quá 100 phần trăm.")
    if not sequence_of(charge["cuts"].value):
        node.problem("Khoản không có “cuts” nên không có gì để kết hợp.", "Bỏ combine.")
    return Stacking(percent, amount)
