"""Plain data to decision tables.

Tables may feed each other, so what each is called and gives is read first (`heads`), then cells and rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from rules.decode.limits import limit_unit
from rules.decode.parts import ReadContext, cell, example, legal_basis, measure, scale, unique, unit
from rules.decode.registers import in_force
from rules.definition.registers import TERRITORIES, CodeList
from rules.errors import nearest
from rules.reading import CODE, FACT_NAME, PART, ROW_IDENTIFIER, Node, Parts, mapping_of, said, sequence_of
from rules.table.cells import ANY_CELL, Cell
from rules.table.decision import ASCENDING, DESCENDING, RANKING, HitPolicy, Output, OutputColumn, Row, Table
from rules.values import MAX_MONEY, MAX_WHOLE, NO_TEXT
from rules.vocabulary import CALLED_TYPES, FactType, Source

MAX_ROWS = 2000
MAX_INPUTS = 50
_OUTPUTS = (
    *(FactType.MONEY, FactType.INT, FactType.FIXED, FactType.CODE, FactType.CODES),
    *(FactType.BOOL, FactType.DAY, FactType.TEXT),
)
_NUMBERS = (FactType.MONEY, FactType.INT, FactType.FIXED)
_ADDED: Mapping[HitPolicy, tuple[FactType, ...]] = {
    HitPolicy.COLLECT_SUM: _NUMBERS,
    HitPolicy.COLLECT_MIN: (*_NUMBERS, FactType.DAY),
    HitPolicy.COLLECT_MAX: (*_NUMBERS, FactType.DAY),
}
"""What the only output of a table that adds up or compares may be."""


def heads(node: Node, lists: Iterable[CodeList], groups: Iterable[str]) -> tuple[Table, ...]:
    """Read what each table is called and gives, without its inputs and rows."""
    codes = {each.id: tuple(item.code for item in each.items) for each in lists}
    return unique([_head(item, codes, frozenset(groups)) for item in node.items()], node)


def _head(node: Node, lists: Mapping[str, tuple[str, ...]], groups: frozenset[str]) -> Table:
    parts = node.parts()
    hit = parts.needed("hit").choice(HitPolicy, HitPolicy.UNIQUE)
    columns = [_output(item, parts["rows"], lists) for item in parts["outputs"].items()]
    outputs = unique(columns, parts["outputs"])
    _check_policy(parts, hit, outputs)
    return Table(
        id=parts.needed("id").identifier(),
        label=parts.needed("label").text() or NO_TEXT,
        hit=hit,
        inputs=(),
        outputs=outputs,
        rows=(),
        over=next((name.partition(".")[0] for name in _names_read(parts) if name.partition(".")[0] in groups), ""),
    )


def _names_read(parts: Parts) -> Iterator[str]:
    """Yield the names of inputs as they are written, dots and all."""
    yield from (name for name in sequence_of(parts["inputs"].value) or () if isinstance(name, str) and "." in name)
    yield from (name for name in (parts["on"].value,) if isinstance(name, str) and "." in name)
    if not parts["inputs"]:
        for row in _plain_rows(parts["rows"]):
            yield from (name for name in mapping_of(row.get("when")) or () if isinstance(name, str) and "." in name)


def _plain_rows(node: Node) -> Iterator[Mapping[str, object]]:
    rows = (mapping_of(row) for row in sequence_of(node.value) or ())
    yield from (row for row in rows if row is not None)


def _check_policy(parts: Parts, hit: HitPolicy, outputs: Sequence[OutputColumn]) -> None:
    ranked = any(column.order for column in outputs)
    if hit in RANKING and not ranked:
        parts["hit"].problem(
            f"Cách chọn dòng {hit.value} cần biết kết quả nào tốt hơn.", "Thêm order vào cột kết quả: [tốt nhất, ...]."
        )
    if ranked and hit not in RANKING:
        parts["hit"].problem(f"Cách chọn dòng {hit.value} không dùng “order”.", "Bỏ order hoặc dùng priority.")
    allowed = _ADDED.get(hit)
    if allowed and (len(outputs) != 1 or outputs[0].type not in allowed):
        kinds = ", ".join(kind.value for kind in allowed)
        parts["outputs"].problem(f"Cách chọn dòng {hit.value} cần đúng một cột kết quả, kiểu {kinds}.")


def _output(node: Node, rows: Node, lists: Mapping[str, tuple[str, ...]]) -> OutputColumn:
    parts = node.parts("id", "type", "scale", "unit", "list", "order", "label")
    kind = parts.needed("type").choice(FactType, FactType.INT, CALLED_TYPES)
    if kind not in _OUTPUTS:
        parts["type"].problem(f"Cột kết quả không dùng kiểu {kind.value}.", nearest(kind.value, _OUTPUTS))
    name = parts.needed("id").identifier()
    order = _order(parts["order"], kind)
    return OutputColumn(
        id=name,
        type=kind,
        codes=_codes(parts["list"], kind, lists) or tuple(_codes_given(name, kind, order, rows)),
        order=order,
        scale=scale(parts["scale"], kind),
        unit=_unit(parts["unit"], kind),
        list=parts["list"].identifier(),
        label=parts["label"].text(),
    )


def _unit(node: Node, kind: FactType) -> str:
    if node and kind not in (FactType.INT, FactType.FIXED):
        node.problem(f"Cột kết quả kiểu {kind.value} không có đơn vị.")
    return unit(node)


def _codes(node: Node, kind: FactType, lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if not node:
        return ()
    name = node.identifier()
    if kind not in (FactType.CODE, FactType.CODES):
        node.problem(f"Cột kết quả kiểu {kind.value} không dùng “list”.")
    elif name and name not in lists:
        node.problem(f"Không có danh mục “{name}”.", nearest(name, lists))
    return lists.get(name, ())


def _codes_given(name: str, kind: FactType, order: Sequence[str | bool], rows: Node) -> Iterator[str]:
    """Yield the codes an output without a list can give: those it ranks, and those of its rows."""
    if kind in (FactType.CODE, FactType.CODES):
        given = [(mapping_of(row.get("then")) or {}).get(name) for row in _plain_rows(rows)]
        each = (code for value in given for code in sequence_of(value) or (value,))
        yield from dict.fromkeys(code for code in (*order, *each) if isinstance(code, str))


def _order(node: Node, kind: FactType) -> tuple[str | bool, ...]:
    if not node:
        return ()
    if kind in (*_NUMBERS, FactType.DAY):
        way = node.string(most=60)
        if way not in (ASCENDING, DESCENDING):
            node.problem(f"Không có thứ tự “{way}”.", f"Viết {ASCENDING} (nhỏ nhất tốt nhất) hoặc {DESCENDING}.")
        return (way,)
    if kind not in (FactType.CODE, FactType.BOOL):
        node.problem(f"Cột kết quả kiểu {kind.value} không xếp thứ tự được.")
        return ()
    read = [item.boolean() if kind is FactType.BOOL else item.identifier(CODE) for item in node.items()]
    if len(set(read)) != len(read):
        node.problem("Một giá trị được xếp thứ tự hai lần.")
    return tuple(read)


def table(node: Node, head: Table, context: ReadContext) -> Table:
    """Read the rest of one decision table."""
    parts = node.parts("id", "label", "hit", "inputs", "on", "outputs", "rows", "example", "from")
    context = context.in_rows_of(head.over)
    inputs = _inputs(parts, context)
    on = _day_that_counts(parts["on"], inputs, context)
    _check_shape(parts, inputs, head.outputs, head.id)
    rows = [_row(item, inputs, head.outputs, context) for item in parts["rows"].items()]
    return replace(
        head,
        inputs=inputs,
        on=on,
        rows=unique(rows, parts["rows"]),
        example=example(parts["example"]),
        origin=context.origins.origin(parts),
    )


def _day_that_counts(node: Node, inputs: Sequence[str], context: ReadContext) -> str:
    """Read the fact whose day decides which rows are in force, empty for the legal day."""
    if not node:
        return ""
    name = context.fact(node, FactType.DAY)
    if name in inputs:
        node.problem(
            f"“{name}” đã là cột đầu vào nên không làm ngày xét hiệu lực được.",
            "Bỏ cột ấy và ghi since, until ở các dòng, hoặc bỏ on.",
        )
    return name


def _check_shape(parts: Parts, inputs: Sequence[str], outputs: Sequence[OutputColumn], name: str) -> None:
    if len(set(inputs)) != len(inputs):
        parts["inputs"].problem("Một dữ kiện đầu vào được ghi hai lần.")
    if len(inputs) > MAX_INPUTS:
        parts["inputs"].problem(f"Bảng có quá {MAX_INPUTS} cột đầu vào.")
    if not outputs:
        parts.node.problem("Bảng chưa có cột kết quả (outputs).")
    rows = parts["rows"].items()
    if not rows:
        parts.node.problem(f"Bảng “{name}” không có dòng nào.", "Thêm ít nhất một dòng vào rows, hoặc bỏ cả bảng.")
    if len(rows) > MAX_ROWS:
        parts.node.problem(f"Bảng “{name}” có hơn {MAX_ROWS} dòng.", "Tách thành nhiều bảng.")


def _inputs(parts: Parts, context: ReadContext) -> tuple[str, ...]:
    """Read the inputs; where they are left out they are the facts that the rows name, in order of first use."""
    if parts["inputs"]:
        read = [(item, item.string(most=120)) for item in parts["inputs"].items()]
    else:
        named = [pair for row in parts["rows"].items() for pair in row.parts()["when"].named(FACT_NAME)]
        read = [(node, name) for name, node in named]
    for node, name in read:
        _check_input(node, name, context)
    return tuple(name for _, name in read) if parts["inputs"] else tuple(dict.fromkeys(name for _, name in read))


def _check_input(node: Node, name: str, context: ReadContext) -> None:
    context.check_fact(node, name)
    fact = context.vocabulary.get(name)
    if fact and fact.of and fact.source is Source.TABLE:
        node.problem(
            f"Bảng “{name.partition('.')[0]}” tra từng dòng của nhóm “{fact.of}” nên không làm đầu vào cho bảng khác.",
            "Kết quả của bảng ấy chỉ dùng ở khoản hoặc giấy tờ tính theo từng dòng (for_each).",
        )


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
    # A misspelt input was told at the head of the table; the rows that spell it right are not to blame.
    is_misspelt = any(context.vocabulary.get(name) is None for name in inputs)
    for name, entry in cells.items():
        if name not in inputs and not (is_misspelt and context.vocabulary.get(name)):
            entry.problem(f"“{name}” không phải cột đầu vào của bảng.", nearest(name, inputs))
    return tuple(cell(cells[name], name, context) if name in cells else ANY_CELL for name in inputs)


def _values(node: Node, outputs: Sequence[OutputColumn]) -> tuple[Output | None, ...]:
    values = dict(node.named())
    names = {column.id for column in outputs}
    for name, entry in values.items():
        if name not in names:
            entry.problem(f"“{name}” không phải cột kết quả của bảng.", nearest(name, names))
    for column in outputs:
        if not values.get(column.id) and column.id not in _may_be_left_out(names):
            node.problem(f"Thiếu kết quả “{column.id}”.")
    if "to" not in names and any(column.id == "unit" and column.type is FactType.CODE for column in outputs):
        values = _with_time_unit(values)
    return tuple(_value(values[column.id], column) if column.id in values else None for column in outputs)


def _may_be_left_out(names: Set[str]) -> tuple[str, ...]:
    """Return the outputs a row may leave out: of a time limit, and of a table that says to whom a dossier goes."""
    return ("fact", "unit", "branch") if "to" in names else ("cutoff", "rolls")


def _with_time_unit(values: dict[str, Node]) -> dict[str, Node]:
    """Read an output called `unit` as one of time, which it is but in a table that names units of administration.

    What is none is told here, and stands for one afterwards so that nothing else is told of it.
    """
    node = values.get("unit")
    if not node or not isinstance(node.value, str):
        return values
    return {**values, "unit": Node(limit_unit(node).value, node.place, node.problems)}


_LIMITS = {
    "percent": (0, 100),
    "cutoff": (0, 24 * 60 - 1),
}
"""Outputs whose name says what they are: percent off, and minutes since midnight."""


def _value(node: Node, column: OutputColumn) -> Output | None:
    if column.type is FactType.TEXT:
        return node.text()
    if column.type is FactType.CODES:
        return tuple(sorted({_code(item, column) for item in node.items()}))
    if column.type is FactType.DAY:
        return node.day()
    value = _single(node, column)
    if column.order and value is not None and column.type in (FactType.CODE, FactType.BOOL):
        _check_ranked(node, value, column)
    return value


def _check_ranked(node: Node, value: object, column: OutputColumn) -> None:
    if value not in column.order:
        node.problem(f"“{value}” chưa được xếp thứ tự ở cột “{column.id}”.", "Thêm giá trị này vào order của cột.")


def _single(node: Node, column: OutputColumn) -> int | str | bool | None:
    if column.type is FactType.BOOL:
        return node.boolean()
    if column.type is FactType.CODE:
        return _code(node, column)
    if column.type is FactType.FIXED:
        return _measured(node, column)
    if column.type is FactType.MONEY:
        return node.integer(0, MAX_MONEY)
    return _whole(node, column)


def _whole(node: Node, column: OutputColumn) -> int | None:
    if isinstance(node.value, str) and PART.fullmatch(node.value.strip()):
        node.problem(
            f"Cột “{column.id}” là số nguyên (int), đang có {said(node.value)}.",
            "Muốn có phần lẻ thì khai cột kết quả với type: fixed, scale: 1 (số chữ số sau dấu phẩy).",
        )
        return None
    return node.integer(*_LIMITS.get(column.id, (1 - MAX_WHOLE, MAX_WHOLE - 1)))


def _measured(node: Node, column: OutputColumn) -> int | None:
    value = measure(node, column.scale)
    if value is not None and column.id == "percent" and not 0 <= value <= 100 * 10**column.scale:
        node.problem("Phần trăm nằm ngoài khoảng cho phép.", "Dùng số từ 0 đến 100.")
    return value


def _code(node: Node, column: OutputColumn) -> str:
    code = node.identifier(CODE)
    if column.list and code and code not in column.codes:
        node.problem(f"Danh mục không có mã “{code[:60]}”.", nearest(code[:60], column.codes))
    return code
