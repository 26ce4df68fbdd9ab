"""Plain data to what a definition states of time and of who acts: the deadline and the routing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules.clock.reception import ReceptionRule
from rules.clock.spans import MAX_AMOUNT, Begins, LimitUnit, Start
from rules.decode.limits import RECEPTION_KEYS, reception_limits, stop_rules
from rules.decode.parts import ReadContext, condition, legal_basis
from rules.definition.procedure import DeadlineRule
from rules.definition.process import Combine, Relation, Stop, To, relation_of
from rules.reading import CODE, Node, Parts, mapping_of
from rules.table.decision import LISTING, Row, Table
from rules.vocabulary import FactType

_DEADLINE_KEYS = ("table", "committed", "start", "added", "combine", "stops", "rolls", "from", "reception")


def deadline(node: Node, context: ReadContext) -> DeadlineRule | None:
    """Read the time limit."""
    if not node:
        return None
    parts = node.parts(*_DEADLINE_KEYS)
    promise = parts["committed"].parts("table", "added") if parts["committed"] else None
    table = _limit_table(parts.needed("table"), context)
    return DeadlineRule(
        table=table,
        committed=_limit_table(promise.needed("table"), context) if promise else "",
        start=parts["start"].choice(Start, Start.NEXT_OPENING).value if parts["start"] else "",
        added=_added(parts["added"], context),
        committed_added=_added(promise["added"], context) if promise and promise["added"] else None,
        combine=_combine(parts["combine"], context.tables.get(table)),
        stops=_stops(parts["stops"], context),
        rolls=parts["rolls"].boolean() if parts["rolls"] else True,
        begins=parts["from"].choice(Begins, Begins.ACCEPTANCE) if parts["from"] else None,
        reception=_reception(parts["reception"], context),
    )


def _stops(node: Node, context: ReadContext) -> tuple[Stop, ...]:
    """Read what the procedure says of waits, and in which dossiers each of them may be."""
    return tuple(
        Stop(rule, legal_basis(parts["basis"], context), condition(parts["when"], context))
        for rule, parts in stop_rules(node, "when")
    )


def _reception(node: Node, context: ReadContext) -> ReceptionRule | None:
    """Read how often and how long a dossier may be supplemented before it is accepted."""
    if not node:
        return None
    parts = node.parts(*RECEPTION_KEYS, "basis")
    return replace(reception_limits(parts), basis=legal_basis(parts["basis"], context))


def _combine(node: Node, table: Table | None) -> Combine | None:
    if not node:
        return None
    if table is not None and table.hit not in LISTING:
        node.problem(
            f"Bảng “{table.id}” chỉ lấy một dòng nên không có gì để gộp.",
            "Bỏ combine, hoặc đổi hit của bảng thành collect.",
        )
    return node.choice(Combine, Combine.LONGEST)


LIMIT_OUTPUTS: Mapping[str, FactType] = {
    "amount": FactType.INT,
    "unit": FactType.CODE,
    "cutoff": FactType.INT,
    "rolls": FactType.BOOL,
}
_NOT_NEEDED = ("cutoff", "rolls")


def _limit_table(node: Node, context: ReadContext) -> str:
    table = context.table(node)
    if table is None:
        return ""
    outputs = {column.id: column.type for column in table.outputs}
    for name, kind in LIMIT_OUTPUTS.items():
        if outputs.get(name, None if name not in _NOT_NEEDED else kind) is not kind:
            node.problem(f"Bảng thời hạn cần cột kết quả “{name}” kiểu {kind.value}.")
            return table.id
    for row in table.rows:
        amount = table.output(row, "amount")
        if isinstance(amount, int) and not 0 <= amount <= MAX_AMOUNT:  # what is no number is told at its cell
            node.problem(f"Dòng “{row.id}” cho thời hạn {amount}: dùng số từ 0 đến {MAX_AMOUNT}.")
    return table.id


def _added(node: Node, context: ReadContext) -> tuple[str, ...]:
    """Read the tables whose rows give time on top; what counts from a cut-off, or within a day, cannot be added."""
    names: list[str] = []
    for item in node.items():
        inner = item.parts("table").needed("table")
        name = _limit_table(inner, context)
        if name:
            _check_added(inner, context.tables[name])
        if name in names:
            inner.problem(f"Bảng “{name}” được cộng hai lần.", "Giữ lại một lần.")
        names.append(name)
    return tuple(names)


def _check_added(node: Node, table: Table) -> None:
    if any(column.id == "cutoff" for column in table.outputs):
        node.problem(f"Bảng “{table.id}” là thời gian cộng thêm nên không có giờ chốt.", "Bỏ cột cutoff khỏi bảng này.")
    for row in table.rows:
        if table.output(row, "unit") == LimitUnit.SAME_DAY:
            node.problem(
                f"Dòng “{row.id}”: không thể thêm “trong ngày” vào một thời hạn.", "Ghi số ngày hoặc số giờ thêm."
            )


def relation(node: Node, context: ReadContext) -> Relation:
    """Read who takes a step: the name of a relation, or `{to, fact, unit, branch}`."""
    if mapping_of(node.value) is None:
        found = Relation(node.choice(To, To.RECEIVING_UNIT))
    else:
        parts = node.parts("to", "fact", "unit", "branch")
        found = Relation(parts.needed("to").choice(To, To.RECEIVING_UNIT), **_named(parts))
        if parts["fact"]:
            context.check_fact(parts["fact"], found.fact, FactType.CODE)
    _check_relation(node, found, "")
    return found


def _named(parts: Parts) -> dict[str, Any]:
    return {
        "fact": parts["fact"].string(most=120),
        "unit": parts["unit"].identifier(CODE),
        "branch": parts["branch"].identifier(CODE),
    }


def _check_relation(node: Node, relation: Relation, place: str) -> None:
    lacks, strays = relation.lacks(), relation.strays()
    if lacks:
        node.problem(f"{place}Quan hệ {relation.to.value} cần ghi “{lacks}”.", _WHAT_FOR[lacks])
    if strays:
        node.problem(f"{place}Quan hệ {relation.to.value} không dùng “{strays}”.", "Bỏ phần này hoặc đổi quan hệ.")


_WHAT_FOR = {
    "fact": "Ghi tên dữ kiện kiểu code cho biết đơn vị, ví dụ fact: ward.",
    "unit": "Ghi mã của đơn vị.",
    "branch": "Ghi mã của chi nhánh.",
}

ROUTE_OUTPUTS = ("to", "fact", "unit", "branch")


def route(node: Node, context: ReadContext, tables: Node) -> str:
    """Read which table says where a dossier goes; return its id. A fault of a row is told where the row stands."""
    if not node:
        return ""
    inner = node.parts("table").needed("table")
    table = context.table(inner)
    if table is None:
        return ""
    outputs = {column.id: column.type for column in table.outputs}
    for name in ROUTE_OUTPUTS:
        if outputs.get(name, None if name == "to" else FactType.CODE) is not FactType.CODE:
            inner.problem(f"Bảng chuyển hồ sơ cần cột kết quả “{name}” kiểu code.")
            return table.id
    if table.hit in LISTING:
        inner.problem(
            f"Bảng “{table.id}” lấy nhiều dòng, nhưng mỗi hồ sơ chỉ chuyển đến một nơi.", "Dùng hit: unique hoặc first."
        )
    stands = next((each for each in tables.items() if (mapping_of(each.value) or {}).get("id") == table.id), inner)
    for place, row in enumerate(table.rows):
        _check_route(stands.at("rows").at(place).at("then"), table, row, context)
    return table.id


def _check_route(node: Node, table: Table, row: Row, context: ReadContext) -> None:
    to = table.output(row, "to")
    if to not in set(To):
        known = ", ".join(each.value for each in To)
        node.at("to").problem(f"Dòng “{row.id}”: không có quan hệ “{to}”.", f"Dùng: {known}.")
        return
    relation = relation_of(table, row)
    if relation.fact:
        context.check_fact(node.at("fact"), relation.fact, FactType.CODE)
    _check_relation(node, relation, f"Dòng “{row.id}”: ")
