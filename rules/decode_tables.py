"""Plain data to decision tables."""

from collections.abc import Sequence

from rules.cells import ANY_CELL, Cell
from rules.decode_parts import ReadContext, cell, legal_basis, unique
from rules.decode_registers import in_force
from rules.errors import nearest
from rules.reading import CODE, FACT_NAME, ROW_IDENTIFIER, Node, Parts
from rules.registers import TERRITORIES
from rules.spans import LimitUnit
from rules.table import HitPolicy, Output, OutputColumn, Row, Table
from rules.values import MAX_WHOLE, NO_TEXT
from rules.vocabulary import FactType

MAX_ROWS = 2000
MAX_INPUTS = 50
_OUTPUTS = (FactType.MONEY, FactType.INT, FactType.CODE, FactType.BOOL, FactType.TEXT)


def table(node: Node, context: ReadContext) -> Table:
    """Read one decision table."""
    parts = node.parts("id", "label", "hit", "inputs", "outputs", "rows", "example", "from")
    inputs = tuple(_input(item, context) for item in parts["inputs"].items())
    outputs = unique([_output(item) for item in parts["outputs"].items()], parts["outputs"])
    _check_shape(parts, inputs, outputs)
    rows = [_row(item, inputs, outputs, context) for item in parts["rows"].items()]
    return Table(
        id=parts.needed("id").identifier(),
        label=parts.needed("label").text() or NO_TEXT,
        hit=parts.needed("hit").choice(HitPolicy, HitPolicy.UNIQUE),
        inputs=inputs,
        outputs=outputs,
        rows=unique(rows, parts["rows"]),
        example=None if parts["example"].value is False else parts["example"].text(),
        origin=context.origins.origin(parts),
    )


def _check_shape(parts: Parts, inputs: Sequence[str], outputs: Sequence[OutputColumn]) -> None:
    if len(set(inputs)) != len(inputs):
        parts["inputs"].problem("Một dữ kiện đầu vào được ghi hai lần.")
    if len(inputs) > MAX_INPUTS:
        parts["inputs"].problem(f"Bảng có quá {MAX_INPUTS} cột đầu vào.")
    if not outputs:
        parts.node.problem("Bảng chưa có cột kết quả (outputs).")
    rows = parts["rows"].items()
    if not rows or len(rows) > MAX_ROWS:
        parts.node.problem(f"Bảng cần từ 1 đến {MAX_ROWS} dòng.")


def _input(node: Node, context: ReadContext) -> str:
    return context.fact(node, *FactType)


def _output(node: Node) -> OutputColumn:
    parts = node.parts("id", "type")
    kind = parts.needed("type").choice(FactType, FactType.INT)
    if kind not in _OUTPUTS:
        parts["type"].problem(f"Cột kết quả không dùng kiểu {kind.value}.", nearest(kind.value, _OUTPUTS))
    return OutputColumn(parts.needed("id").identifier(), kind)


def _row(node: Node, inputs: Sequence[str], outputs: Sequence[OutputColumn], context: ReadContext) -> Row:
    parts = node.parts("id", "when", "then", "basis", "since", "until", "territory", "note")
    basis = legal_basis(parts["basis"], context)
    days, territory = in_force(parts, basis, context)
    if territory and TERRITORIES in inputs:
        node.problem("Bảng đã có cột “territories” nên dòng không dùng thêm “territory”.", "Bỏ một trong hai.")
    return Row(
        id=parts.needed("id").identifier(ROW_IDENTIFIER),
        when=_cells(parts["when"], inputs, context),
        then=_values(parts.needed("then"), outputs),
        basis=basis,
        period=days,
        note=parts["note"].text(),
        territory=territory,
    )


def _cells(node: Node, inputs: Sequence[str], context: ReadContext) -> tuple[Cell, ...]:
    cells = dict(node.named(FACT_NAME))
    for name, entry in cells.items():
        if name not in inputs:
            entry.problem(f"“{name}” không phải cột đầu vào của bảng.", nearest(name, inputs))
    return tuple(cell(cells[name], name, context) if name in cells else ANY_CELL for name in inputs)


def _values(node: Node, outputs: Sequence[OutputColumn]) -> tuple[Output | None, ...]:
    values = dict(node.named())
    names = {column.id for column in outputs}
    for name, entry in values.items():
        if name not in names:
            entry.problem(f"“{name}” không phải cột kết quả của bảng.", nearest(name, names))
    for column in outputs:
        if column.id not in values and column.id != "cutoff":
            node.problem(f"Thiếu kết quả “{column.id}”.")
    return tuple(_value(values[column.id], column) if column.id in values else None for column in outputs)


_LIMITS = {
    "percent": (0, 100),
    "cutoff": (0, 24 * 60 - 1),
}
"""Outputs whose name says what they are: percent off, and minutes since midnight."""


def _value(node: Node, column: OutputColumn) -> Output | None:
    if column.type is FactType.TEXT:
        return node.text()
    if column.type is FactType.BOOL:
        return node.boolean()
    if column.type is FactType.CODE:
        return _code(node, column)
    if column.type is FactType.MONEY:
        return node.integer(0)
    return node.integer(*_LIMITS.get(column.id, (1 - MAX_WHOLE, MAX_WHOLE - 1)))


def _code(node: Node, column: OutputColumn) -> str:
    code = node.identifier(CODE)
    units = [unit.value for unit in LimitUnit]
    if column.id == "unit" and code not in units:
        node.problem(f"Không có đơn vị thời hạn “{code}”.", nearest(code, units))
    return code
