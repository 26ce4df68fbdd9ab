"""The parts that many places of a definition share: conditions, citations, periods, and names that must be known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from rules.cell_text import parse_cell
from rules.cells import ANY_CELL, Cell
from rules.decode_shared import NO_ORIGINS, Origins
from rules.definition import FromTable
from rules.errors import RulesError, TextError, nearest
from rules.reading import FACT_NAME, Node, Parts
from rules.registers import Territory
from rules.table import Condition, Table
from rules.values import ALWAYS, LegalBasis, LegalDocument, Period
from rules.vocabulary import Fact, FactType

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What names may be used while reading: facts, legal documents, territories, and the tables read so far."""

    vocabulary: Mapping[str, Fact]
    documents: Mapping[str, LegalDocument]
    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    territories: Mapping[str, Territory] = field(default_factory=dict[str, Territory])
    origins: Origins = NO_ORIGINS

    def with_tables(self, tables: Iterable[Table]) -> "ReadContext":
        """Return the same context with these tables known."""
        return replace(self, tables={table.id: table for table in tables})

    def fact(self, node: Node, *wanted: FactType) -> str:
        """Return the id of a known fact of one of these types."""
        name = node.string(most=120)
        fact = self.vocabulary.get(name)
        if fact is None:
            node.problem(f"Không có dữ kiện “{name}”.", nearest(name, self.vocabulary))
        elif fact.type not in wanted:
            kinds = ", ".join(kind.value for kind in wanted)
            node.problem(f"Dữ kiện “{name}” kiểu {fact.type.value}, ở đây cần {kinds}.")
        return name

    def table(self, node: Node) -> Table | None:
        """Return a known table."""
        name = node.string(most=120)
        if name and name not in self.tables:
            node.problem(f"Không có bảng “{name}”.", nearest(name, self.tables))
        return self.tables.get(name)


def _own_id(item: Any) -> str:
    return item.id


def unique(items: Sequence[Item], node: Node, name: Callable[[Item], str] = _own_id) -> tuple[Item, ...]:
    """Return the items; the same id twice is a problem."""
    seen: set[str] = set()
    for place, item in enumerate(items):
        if name(item) and name(item) in seen:
            node.at(place).problem(f"Mã “{name(item)}” bị trùng.", "Mỗi mã chỉ dùng một lần trong danh sách này.")
        seen.add(name(item))
    return tuple(items)


def cell(node: Node, fact: str, context: ReadContext) -> Cell:
    """Read a cell; a bare true, false or whole number stands for its text."""
    if not node or fact not in context.vocabulary:
        return ANY_CELL
    text = _cell_text(node)
    try:
        return parse_cell(text, context.vocabulary[fact])
    except TextError as error:
        node.problem(f"Ký tự thứ {error.position}: {error.what}", error.hint)
        return ANY_CELL


def _cell_text(node: Node) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, int):
        return str(node.integer() or 0)
    return node.string() if isinstance(node.value, str) else str(node.day() or "-")


def condition(node: Node, context: ReadContext) -> Condition | None:
    """Read `{fact: cell}`, all of which must hold, or a list of such, any of which."""
    if not node:
        return None
    nodes = node.items() if isinstance(node.value, list | tuple) else [node]
    groups = [_group(each, context) for each in nodes]
    if not groups or not all(groups):
        node.problem("Điều kiện trống.", "Viết {dữ kiện: ô điều kiện}.")
    return Condition(tuple(groups))


def _group(node: Node, context: ReadContext) -> Mapping[str, Cell]:
    group: dict[str, Cell] = {}
    for name, entry in node.named(FACT_NAME):
        if name not in context.vocabulary:
            entry.problem(f"Không có dữ kiện “{name}”.", nearest(name, context.vocabulary))
        group[name] = cell(entry, name, context)
    return group


def period(parts: Parts) -> Period:
    """Read `since` and `until`."""
    try:
        return Period(parts["since"].day(), parts["until"].day())
    except RulesError as error:
        parts["until"].problem(str(error))
        return ALWAYS


def legal_basis(node: Node, context: ReadContext) -> LegalBasis | None:
    """Read a citation; its document must be one of the definition's `basis`."""
    if not node:
        return None
    parts = node.parts("document", "article", "clause", "point", "note")
    document = parts.needed("document").string(most=120)
    if document and document not in context.documents:
        parts["document"].problem(
            f"Không có văn bản “{document}” trong mục basis.", nearest(document, context.documents)
        )
    return LegalBasis(
        document,
        article=_number_or_letter(parts["article"]),
        clause=_number_or_letter(parts["clause"]),
        point=_number_or_letter(parts["point"]),
        note=parts["note"].string(most=500),
    )


def _number_or_letter(node: Node) -> str:
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return str(node.value)
    return node.string(most=20)


def amount_from_table(
    node: Node, context: ReadContext, wanted: FactType, *also: str, codes: tuple[str, ...] = ()
) -> FromTable:
    """Read `{table, output}`, where the output must have this type (and only these codes)."""
    parts = node.parts("table", "output", *also)
    table = context.table(parts.needed("table"))
    output = parts.needed("output").string(most=120)
    if table is None:
        return FromTable("", output)
    columns = {column.id: column for column in table.outputs}
    if output not in columns:
        parts["output"].problem(f"Bảng “{table.id}” không có cột kết quả “{output}”.", nearest(output, columns))
    elif columns[output].type is not wanted:
        parts["output"].problem(f"Cột “{output}” kiểu {columns[output].type.value}, ở đây cần {wanted.value}.")
    elif codes:
        _check_codes(parts["output"], table, output, codes)
    return FromTable(table.id, output)


def _check_codes(node: Node, table: Table, output: str, codes: tuple[str, ...]) -> None:
    for row in table.rows:
        value = table.output(row, output)
        if value is not None and value not in codes:
            node.problem(f"Dòng “{row.id}” cho ra “{value}”, không dùng được ở đây.", f"Dùng: {', '.join(codes)}.")
