"""The parts that many places of a definition share: conditions, citations, periods, and names that must be known."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from rules.decode.shared import NO_ORIGINS, Origins
from rules.definition.procedure import FromTable
from rules.definition.registers import Territory
from rules.errors import RulesError, TextError, nearest
from rules.reading import FACT_NAME, Node, Parts, said, sequence_of
from rules.table.cell_text import parse_cell
from rules.table.cells import ANY_CELL, Cell
from rules.table.decision import Condition, Table
from rules.values import (
    ALWAYS,
    MAX_MONEY,
    MAX_SCALE,
    MAX_WHOLE,
    NO_TEXT,
    LegalBasis,
    LegalDocument,
    Period,
    Text,
    decimal,
    nearest_called,
    nearest_code,
)
from rules.vocabulary import NUMERIC, UNIT_WORDS, Fact, FactType, Vocabulary, group_of

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What names may be used while reading: facts, legal documents, territories, and the tables read so far.

    `rows_of` names the group whose single row is looked at where this is read (`for_each`, a table over its members):
    only there may `group.member` and tables over that group be named.
    """

    vocabulary: Mapping[str, Fact]
    documents: Mapping[str, LegalDocument]
    tables: Mapping[str, Table] = field(default_factory=dict[str, Table])
    territories: Mapping[str, Territory] = field(default_factory=dict[str, Territory])
    origins: Origins = NO_ORIGINS
    rows_of: str = ""

    def with_tables(self, tables: Iterable[Table]) -> "ReadContext":
        """Return the same context with these tables known."""
        return replace(self, tables={table.id: table for table in tables})

    def in_rows_of(self, group: str) -> "ReadContext":
        """Return the same context while one row of the group is looked at."""
        return replace(self, rows_of=group)

    def fact(self, node: Node, *wanted: FactType) -> str:
        """Return the id of a known fact of one of these types."""
        name = node.string(most=120)
        self.check_fact(node, name, *wanted)
        return name

    def check_fact(self, node: Node, name: str, *wanted: FactType) -> None:
        """Write down a problem unless the name is that of a known fact of one of these types (none: any)."""
        fact = self.vocabulary.get(name)
        if fact is None:
            node.problem(f"Không có dữ kiện “{name}”.", self._meant(name, wanted))
        elif wanted and fact.type not in wanted:
            kinds = ", ".join(kind.value for kind in wanted)
            hint = self._groups(name) if wanted == (FactType.GROUP,) else ""
            node.problem(f"Dữ kiện “{name}” kiểu {fact.type.value}, ở đây cần {kinds}.", hint)
        elif fact.of and fact.of != self.rows_of:
            node.problem(
                f"“{name}” chỉ có trong từng dòng của nhóm “{fact.of}”.",
                "Chỉ dùng ở bảng, khoản hoặc giấy tờ tính theo từng dòng của đúng một nhóm.",
            )

    def _meant(self, name: str, wanted: tuple[FactType, ...]) -> str:
        """Return the hint to a name that is no fact."""
        if wanted == (FactType.GROUP,):
            return self._groups(name)
        group = group_of(name, self.vocabulary)
        if group:
            return f"“{name}” là cột của nhóm {group}: viết {group}.{name}, ở nơi xét từng dòng của nhóm ấy."
        return nearest(name, self.vocabulary.names if isinstance(self.vocabulary, Vocabulary) else self.vocabulary)

    def _groups(self, name: str) -> str:
        groups = [fact.id for fact in self.vocabulary.values() if fact.type is FactType.GROUP]
        return nearest(name, groups) or "Biểu mẫu chưa có nhóm nào: thêm một trường kind: group vào fields."

    def table(self, node: Node) -> Table | None:
        """Return a known table."""
        name = node.string(most=120)
        if name and name not in self.tables:
            node.problem(f"Không có bảng “{name}”.", nearest(name, self.tables))
        table = self.tables.get(name)
        if table and table.over and table.over != self.rows_of:
            node.problem(
                f"Bảng “{name}” tra từng dòng của nhóm “{table.over}”, ở đây cần bảng tra một lần cho cả hồ sơ.",
                f"Bảng này chỉ dùng cho khoản hoặc giấy tờ có for_each: {table.over}.",
            )
        return table


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
    listed = sequence_of(node.value)
    if listed is not None:
        node.problem("Ô là một câu chữ, đang có một danh sách.", _quoted_hint(listed, context.vocabulary[fact]))
        return ANY_CELL
    if isinstance(node.value, str) and not node.value.strip():
        node.problem("Ô là chữ trống.", 'Mọi giá trị đều được thì viết "-" hoặc bỏ ô này; chưa biết thì viết unknown.')
        return ANY_CELL
    text = _cell_text(node)
    try:
        return parse_cell(text, context.vocabulary[fact])
    except TextError as error:
        node.problem(
            f"Ký tự thứ {error.position}: {error.what}", _label_hint(text, context.vocabulary[fact]) or error.hint
        )
        return ANY_CELL


_BEFORE_CODES = re.compile(r"^\s*(?:has (?:any|all|none)|has|not\(|trừ|khác|không phải)\s*")


def _label_hint(text: str, fact: Fact) -> str:
    """Return the hint to a cell that names a code by its label: `Gia hạn` stands for `extend`."""
    named = [each.strip(' "“”)') for each in _BEFORE_CODES.sub("", text).split(",")]
    hints = (nearest_code(each, fact.codes) for each in named if each and each not in fact.codes)
    return next((hint for hint in hints if "là nhãn của mã" in hint), "")


def _quoted_hint(listed: Sequence[Any], fact: Fact) -> str:
    """Show a list in the place of a cell, such as `[social, child]` or `[1..30]`, as the text it was meant for."""
    inside = ", ".join(str(each)[:40] for each in listed[:4])
    meant = f"[{inside}]" if fact.type in NUMERIC else f"has any {inside}" if fact.type is FactType.CODES else inside
    return f'Đặt trong dấu ngoặc kép: "{meant}".'


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


def required(node: Node, context: ReadContext) -> bool | Condition:
    """Read whether something must be there: true, false, or `{when: condition}`."""
    if isinstance(node.value, bool | str) or not node:
        return node.boolean()
    return condition(node.parts("when").needed("when"), context) or False


def _group(node: Node, context: ReadContext) -> Mapping[str, Cell]:
    group: dict[str, Cell] = {}
    for name, entry in node.named(FACT_NAME):
        context.check_fact(entry, name)
        group[name] = cell(entry, name, context)
    return group


def example(node: Node) -> Text | None:
    """Read the mark that figures are only examples: a text, or false."""
    return None if node.value is False else node.text()


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
        note=parts["note"].text(most=500) or NO_TEXT,
    )


def _number_or_letter(node: Node) -> str:
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return str(node.value)
    return node.string(most=20)


def unit(node: Node) -> str:
    """Read a unit of measure."""
    name = node.string(most=60)
    if node and isinstance(node.value, str) and name not in UNIT_WORDS:
        node.problem(f"Không có đơn vị “{name}”.", nearest_called(name, UNIT_WORDS))
    return name


def scale(node: Node, kind: FactType) -> int:
    """Read the number of decimal digits, which a measure must state and nothing else may."""
    if bool(node) != (kind is FactType.FIXED):
        node.problem(
            "Số đo (fixed) cần “scale”; các kiểu khác không dùng “scale”.",
            f"Ghi scale: số chữ số sau dấu phẩy, từ 1 đến {MAX_SCALE}.",
        )
    return node.integer(1, MAX_SCALE) or 0


def measure(node: Node, digits: int) -> int | None:
    """Read a number with so many decimal digits, `"120,5"` or a whole number of its unit, scaled to a whole number.

    Without decimal digits it is written as a whole number.
    """
    if not node or digits == 0:
        return node.integer()
    if isinstance(node.value, bool) or not isinstance(node.value, int | str):
        node.problem(f"Cần một số, đang có {said(node.value)}.", 'Viết 120 hoặc "120,5".')
        return None
    if isinstance(node.value, int) and not -MAX_WHOLE < node.value < MAX_WHOLE:
        return node.integer()  # refuses it; Python does not write out one of thousands of digits
    try:
        return decimal(str(node.value)[:60], digits)
    except RulesError as error:
        node.problem(str(error), 'Viết "120,5" trong dấu ngoặc kép, không có dấu chấm ngăn hàng nghìn.')
        return None


def number_bound(node: Node, kind: FactType, digits: int) -> int | None:
    """Read the `min` or `max` of a number: of money in minor units, of a measure with its decimal digits."""
    return node.integer(-MAX_MONEY, MAX_MONEY) if kind is FactType.MONEY else measure(node, digits)


def amount_from_table(
    node: Node,
    context: ReadContext,
    wanted: FactType | tuple[FactType, ...],
    *also: str,
    codes: tuple[str, ...] = (),
) -> FromTable:
    """Read `{table, output}`, where the output must have this type, or one of these (and only these codes)."""
    parts = node.parts("table", "output", *also)
    table = context.table(parts.needed("table"))
    output = parts.needed("output").string(most=120)
    if table is None:
        return FromTable("", output)
    columns = {column.id: column for column in table.outputs}
    kinds = wanted if isinstance(wanted, tuple) else (wanted,)
    if output not in columns:
        parts["output"].problem(f"Bảng “{table.id}” không có cột kết quả “{output}”.", nearest(output, columns))
    elif columns[output].type not in kinds:
        named = ", ".join(kind.value for kind in kinds)
        parts["output"].problem(f"Cột “{output}” kiểu {columns[output].type.value}, ở đây cần {named}.")
    elif codes:
        _check_codes(parts["output"], table, output, codes)
    return FromTable(table.id, output)


def _check_codes(node: Node, table: Table, output: str, codes: tuple[str, ...]) -> None:
    for row in table.rows:
        value = table.output(row, output)
        if value is not None and value not in codes:
            node.problem(f"Dòng “{row.id}” cho ra “{value}”, không dùng được ở đây.", f"Dùng: {', '.join(codes)}.")
