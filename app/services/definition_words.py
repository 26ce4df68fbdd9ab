"""A definition said in Vietnamese words: all it states, so that nobody needs its YAML to judge it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from app.services.formula_words import formula_words
from app.services.readable import (
    ReadableCase,
    ReadableCharge,
    ReadableFact,
    ReadableField,
    ReadablePaper,
    ReadableProcedure,
    ReadableRow,
    ReadableSection,
    ReadableTable,
)
from app.services.receipt import CHARGE_KINDS
from rules.cells import Anything, Cell, words
from rules.definition import (
    Case,
    Charge,
    Collected,
    DeadlineRule,
    FactSpec,
    Field,
    FieldKind,
    FromFact,
    FromTable,
    Handed,
    Paper,
    ProcedureDefinition,
    SetBy,
)
from rules.spans import Limit, LimitUnit
from rules.table import Condition, HitPolicy, Output, OutputColumn, Row, Table
from rules.values import LegalBasis, Money, Text, decimal_words
from rules.vocabulary import CHANNELS, UNIT_WORDS, Fact, FactType

FIELD_KINDS = {
    FieldKind.TEXT: "Chữ",
    FieldKind.LONG_TEXT: "Chữ nhiều dòng",
    FieldKind.WHOLE_NUMBER: "Số nguyên",
    FieldKind.MONEY: "Số tiền",
    FieldKind.YES_NO: "Có hoặc không",
    FieldKind.DAY: "Ngày",
    FieldKind.MOMENT: "Ngày và giờ",
    FieldKind.MEASURE: "Số đo có phần lẻ",
    FieldKind.CHOICE: "Chọn một",
    FieldKind.CHOICES: "Chọn nhiều",
    FieldKind.CITIZEN_ID: "Số định danh cá nhân",
    FieldKind.PHONE: "Số điện thoại",
    FieldKind.EMAIL: "Thư điện tử",
    FieldKind.GROUP: "Bảng nhiều dòng",
}
SET_BY = {
    SetBy.MINISTRY_OF_FINANCE: "Bộ Tài chính",
    SetBy.PROVINCIAL_COUNCIL: "Hội đồng nhân dân tỉnh",
    SetBy.OTHER: "Cơ quan khác",
}
COLLECTED = {
    Collected.AT_FILING: "Thu khi nộp hồ sơ",
    Collected.AT_RESULT: "Thu khi trả kết quả",
    Collected.NONE: "Không thu tại bộ phận một cửa",
}
HANDED = {Handed.HAND_IN: "Nộp", Handed.SHOW: "Xuất trình"}
HOW_CHOSEN = {
    HitPolicy.UNIQUE: "Mỗi hồ sơ chỉ đúng với một dòng.",
    HitPolicy.ANY: "Nhiều dòng có thể cùng đúng nhưng phải cho cùng kết quả.",
    HitPolicy.FIRST: "Đọc từ trên xuống: dòng đúng đầu tiên được áp dụng.",
    HitPolicy.PRIORITY: "Trong các dòng đúng, dòng cho kết quả xếp trên cùng được áp dụng.",
    HitPolicy.COLLECT: "Mọi dòng đúng đều được tính đến.",
    HitPolicy.COLLECT_SUM: "Kết quả của mọi dòng đúng được cộng lại.",
    HitPolicy.COLLECT_MIN: "Trong các dòng đúng, lấy kết quả nhỏ nhất.",
    HitPolicy.COLLECT_MAX: "Trong các dòng đúng, lấy kết quả lớn nhất.",
    HitPolicy.COLLECT_COUNT: "Đếm số dòng đúng.",
    HitPolicy.RULE_ORDER: "Mọi dòng đúng đều được tính đến, theo thứ tự trong bảng.",
    HitPolicy.OUTPUT_ORDER: "Mọi dòng đúng đều được tính đến, kết quả xếp trên đứng trước.",
}
STARTS = {
    "next_opening": "Hồ sơ nhận ngoài giờ làm việc tính từ giờ mở cửa kế tiếp.",
    "moment": "Tính ngay từ lúc tiếp nhận, kể cả ngoài giờ.",
    "": "Thời hạn theo giờ đồng hồ tính ngay từ lúc tiếp nhận; "
    "thời hạn khác mà nhận ngoài giờ thì tính từ giờ mở cửa kế tiếp.",
}
NEEDS = {"required": "Phải có", "optional": "Không bắt buộc", "waived": "Được miễn nộp"}
STAGES = {"reception": "khi tiếp nhận", "filing": "khi tiếp nhận", "appraisal": "khi thẩm định"}
FOUND_AS = {
    FactType.BOOL: "có hoặc không",
    FactType.DAY: "một ngày",
    FactType.MONEY: "một số tiền",
    FactType.INT: "một số",
    FactType.FIXED: "một số đo",
    FactType.MOMENT: "một ngày giờ",
}
OUTPUTS = {
    "amount": "Mức thu",
    "percent": "Mức giảm",
    "need": "Yêu cầu",
    "reason": "Lý do không tiếp nhận",
    "cutoff": "Giờ chốt",
}
PARTS = (
    "Trình tự thực hiện",
    "Cách thức thực hiện",
    "Số lượng hồ sơ",
    "Đối tượng thực hiện",
    "Cơ quan thực hiện",
    "Kết quả thực hiện",
    "Yêu cầu, điều kiện",
)
"""The parts of a procedure that the law names (NĐ 63/2010 Điều 8) and that no page of its own shows."""

ANY = "–"
"""Stands where a row asks nothing, or gives nothing."""

LIMIT = "Thời hạn"
"""The one column that amount, unit and cut-off of a time limit are read as."""


def readable(definition: ProcedureDefinition) -> ReadableProcedure:
    """Say a whole definition in words."""
    return _Reader(definition).whole()


class _Reader:
    """Reads the parts of one definition, with its facts, documents and tables at hand."""

    def __init__(self, definition: ProcedureDefinition) -> None:
        self.definition = definition
        self.facts: Mapping[str, Fact] = definition.vocabulary
        self.documents = definition.documents
        self.limits = {definition.deadline.table, definition.deadline.committed} if definition.deadline else set[str]()
        self.uses = _uses(definition)
        self.tables = {table.id: self.table(table) for table in definition.tables}

    def whole(self) -> ReadableProcedure:
        """Return the definition in words."""
        definition = self.definition
        return ReadableProcedure(
            code=definition.code,
            name=definition.name.vi,
            field_of_work=definition.field_of_work.vi,
            example=_vi(definition.example),
            parts=tuple(self.statutory()),
            sections=tuple(self.sections()),
            facts=tuple(self.fact(spec) for spec in definition.facts),
            papers=tuple(self.paper(paper) for paper in definition.papers),
            charges=tuple(self.charge(charge) for charge in definition.charges),
            deadline=tuple(self.deadline_tables()),
            deadline_start=STARTS[definition.deadline.start] if definition.deadline else "",
            refusals=self.tables[definition.eligibility] if definition.eligibility else None,
            tables=tuple(self.tables.values()),
            documents=tuple((d.document, d.title.vi, d.period.words) for d in definition.basis),
            cases=tuple(self.case(case) for case in definition.cases),
        )

    def statutory(self) -> Iterable[tuple[str, str]]:
        """Yield the parts that the law asks every procedure to state, those left out too."""
        parts = self.definition.statutory
        copies = f"{parts.copies_of_dossier} bộ" if parts.copies_of_dossier else ""
        result = " ".join(part for part in (_vi(parts.result_name), f"({parts.result_code})") if part != "()")
        ways = ", ".join(CHANNELS[way].vi for way in parts.ways)
        applicants = ", ".join(text.vi for text in parts.applicants)
        conditions = _vi(parts.conditions) or "Không có"
        stated = (_vi(parts.steps), ways, copies, applicants, _vi(parts.body), result, conditions)
        yield from zip(PARTS, stated, strict=True)

    def sections(self) -> Iterable[ReadableSection]:
        """Yield the sections of the form; a field with a section opens it."""
        title, fields = "", list[Field]()
        for field in self.definition.fields:
            if field.section is not None:
                if fields:
                    yield ReadableSection(title, tuple(self.field(each) for each in fields))
                title, fields = field.section.vi, []
            fields.append(field)
        if fields:
            yield ReadableSection(title, tuple(self.field(each) for each in fields))

    def field(self, field: Field) -> ReadableField:
        """Say one field."""
        lists = {each.id: each for each in self.definition.lists}
        return ReadableField(
            label=field.label.vi,
            kind=FIELD_KINDS[field.kind],
            required=self.required(field.required),
            shown=f"Chỉ hỏi khi {self.condition(field.shown_when)}" if field.shown_when else "",
            limits=_limits(field),
            help=_vi(field.help),
            choices=tuple(item.label.vi for item in lists[field.list].items) if field.list in lists else (),
            members=tuple(self.field(member) for member in field.fields),
        )

    def required(self, required: bool | Condition) -> str:
        """Say when an answer or a paper must be there."""
        if isinstance(required, Condition):
            return f"Phải có khi {self.condition(required)}"
        return NEEDS["required" if required else "optional"]

    def condition(self, condition: Condition) -> str:
        """Say a condition: all cells of a group hold, any group is enough."""
        groups = (
            " và ".join(f"“{self.facts[name].label.vi}” là {self.cell(cell, name)}" for name, cell in group.items())
            for group in condition.any_of
        )
        return "; hoặc ".join(groups)

    def cell(self, cell: Cell, fact: str) -> str:
        """Say one cell about a fact."""
        return words(cell.test, self.facts[fact])

    def cite(self, basis: LegalBasis | None) -> str:
        """Write a citation; empty where there is none."""
        return basis.citation(self.documents) if basis else ""

    def table(self, table: Table) -> ReadableTable:
        """Say one table; the three outputs of a time limit are one column."""
        is_limit = table.id in self.limits
        heads = (
            (LIMIT,) if is_limit else tuple(_vi(each.label) or OUTPUTS.get(each.id, each.id) for each in table.outputs)
        )
        return ReadableTable(
            id=table.id,
            label=table.label.vi,
            how=HOW_CHOSEN[table.hit],
            conditions=tuple(self.facts[name].label.vi for name in table.inputs),
            results=heads,
            rows=tuple(self.row(row, table, is_limit=is_limit) for row in table.rows),
            example=_vi(table.example),
            used_for=tuple(self.uses.get(table.id, ())),
        )

    def row(self, row: Row, table: Table, *, is_limit: bool) -> ReadableRow:
        """Say one row of a table."""
        pairs = zip(row.when, table.inputs, strict=True)
        cells = tuple(ANY if isinstance(cell.test, Anything) else self.cell(cell, name) for cell, name in pairs)
        if is_limit:
            results = (limit_words(table, row),)
        else:
            results = tuple(self.result(*pair) for pair in zip(row.then, table.outputs, strict=True))
        return ReadableRow(
            id=row.id,
            cells=cells,
            applies=self.applies(cells, table),
            results=results,
            citation=self.cite(row.basis),
            period=row.period.words,
            note=_vi(row.note),
        )

    def applies(self, cells: tuple[str, ...], table: Table) -> str:
        """Say to whom a row applies, from what its cells say."""
        tests = [f"{self.facts[name].label.vi}: {cell}" for cell, name in zip(cells, table.inputs, strict=True)]
        said = "; ".join(test for test, cell in zip(tests, cells, strict=True) if cell != ANY)
        everyone = "mọi hồ sơ còn lại" if table.hit is HitPolicy.FIRST and len(table.rows) > 1 else "mọi hồ sơ"
        return said or everyone

    def result(self, value: Output | None, column: OutputColumn) -> str:
        """Say one result of a row."""
        if value is None:
            return ANY
        if isinstance(value, bool):
            return "có" if value else "không"
        if isinstance(value, int):
            return _number(value, column)
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return value.vi if isinstance(value, Text) else self.codes(value, column)

    def codes(self, value: str | tuple[str, ...], column: OutputColumn) -> str:
        """Say the codes of a result by the labels of their list."""
        labels = {
            item.code: item.label.vi for each in self.definition.lists if each.id == column.list for item in each.items
        }
        given = value if isinstance(value, tuple) else (value,)
        return ", ".join(labels.get(code) or NEEDS.get(code, code) for code in given) or "không có"

    def charge(self, charge: Charge) -> ReadableCharge:
        """Say one line of money with the tables it reads."""
        base, tables, citation = self.base(charge)
        if charge.times:
            base += f", nhân với “{self.facts[charge.times].label.vi}”"
        example = next((table.example for table in tables if table.example), _vi(self.definition.example))
        return ReadableCharge(
            label=charge.label.vi,
            kind=CHARGE_KINDS[charge.kind],
            set_by=SET_BY[charge.set_by],
            amount=base,
            citation=citation,
            tables=tables,
            cuts=tuple(self.tables[cut.table] for cut in charge.cuts),
            collected=COLLECTED[charge.collected],
            refundable=charge.refundable,
            example=example,
        )

    def base(self, charge: Charge) -> tuple[str, tuple[ReadableTable, ...], str]:
        """Say where an amount comes from; a fact of a formula is said as its formula."""
        amount = charge.amount
        if isinstance(amount, FromTable):
            return f"theo bảng “{self.tables[amount.table].label}”", (self.tables[amount.table],), ""
        return self.from_fact(amount), (), self.cite(amount.basis)

    def from_fact(self, amount: FromFact) -> str:
        """Say an amount that is a fact."""
        spec = next((spec for spec in self.definition.facts if spec.id == amount.fact), None)
        label = self.facts[amount.fact].label.vi
        return f"“{label}” = {formula_words(spec.formula, self.facts)}" if spec and spec.formula else f"“{label}”"

    def paper(self, paper: Paper) -> ReadablePaper:
        """Say one paper."""
        need = paper.required
        by_table = f"Theo bảng “{self.tables[need.table].label}”" if isinstance(need, FromTable) else ""
        counts = ((paper.originals, "bản chính"), (paper.copies, "bản sao"))
        return ReadablePaper(
            label=paper.label.vi,
            need=by_table or self.required(need if not isinstance(need, FromTable) else False),
            shown=f"Chỉ hỏi khi {self.condition(paper.shown_when)}" if paper.shown_when else "",
            count=", ".join(f"{count} {kind}" for count, kind in counts if count),
            handed=HANDED[paper.handed],
            form=_vi(paper.form),
            waived_by=_vi(paper.waived_by),
            citation=self.cite(paper.basis),
        )

    def fact(self, spec: FactSpec) -> ReadableFact:
        """Say how a fact that nobody types comes about."""
        if spec.formula is not None:
            return ReadableFact(spec.label.vi, "Hệ thống tính", formula_words(spec.formula, self.facts))
        codes = "; ".join(label.vi for label in self.facts[spec.id].codes.values())
        stage = STAGES.get(spec.stage, "khi giải quyết")
        return ReadableFact(spec.label.vi, f"Cán bộ ghi nhận {stage}", FOUND_AS.get(spec.type) or f"chọn: {codes}")

    def deadline_tables(self) -> Iterable[ReadableTable]:
        """Yield the table of the statutory limit, then the one of the shorter promise."""
        rule: DeadlineRule | None = self.definition.deadline
        if rule is not None:
            yield from (self.tables[name] for name in (rule.table, rule.committed) if name)

    def case(self, case: Case) -> ReadableCase:
        """Say one golden case."""
        return ReadableCase(
            name=case.name.vi,
            when=_moment(case.at) if case.at else f"{case.on:%d/%m/%Y}",
            given=tuple(self.given(case.given)),
            expects=tuple(self.expects(case)),
            because=case.then.because,
        )

    def given(self, facts: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Yield the facts of a golden case by label; a group row by row."""
        for name, value in facts.items():
            fact = self.facts[name]
            if fact.type is FactType.GROUP:
                members = {member.id: member for member in fact.members}
                for number, row in enumerate(value, start=1):
                    said = ", ".join(f"{members[key].label.vi} {members[key].shown(each)}" for key, each in row.items())
                    yield f"{fact.label.vi}, dòng {number}", said
            else:
                yield fact.label.vi, fact.shown(value)

    def expects(self, case: Case) -> Iterable[str]:
        """Yield what a golden case expects, in sentences; what it does not ask about is left out."""
        then = case.then
        labels = {charge.id: charge for charge in self.definition.charges}
        for name, amount in then.charges.items():
            yield f"{labels[name].label.vi}: {_amount(amount, labels[name].currency)}"
        if "total" in then.asked:
            yield f"Tổng cộng: {_amount(then.total, 'VND')}"
        if "papers" in then.asked:
            papers = {paper.code: paper.label.vi for paper in self.definition.papers}
            yield f"Giấy tờ phải có: {', '.join(papers[code] for code in then.papers) or 'không có'}"
        if "deadline" in then.asked:
            yield f"Hạn giải quyết: {_due(then.deadline)}"
        if "eligible" in then.asked:
            yield "Hồ sơ được tiếp nhận" if then.eligible else "Hồ sơ không được tiếp nhận"


def _uses(definition: ProcedureDefinition) -> dict[str, list[str]]:
    """Return what each table is used for, in words."""
    uses: dict[str, list[str]] = {}
    for table, what in (*_money_uses(definition), *_other_uses(definition), *_feeding_uses(definition)):
        uses.setdefault(table, []).append(what)
    return uses


def _money_uses(definition: ProcedureDefinition) -> Iterable[tuple[str, str]]:
    for charge in definition.charges:
        if isinstance(charge.amount, FromTable):
            yield charge.amount.table, f"Mức thu: {charge.label.vi}"
        yield from ((cut.table, f"Miễn, giảm: {charge.label.vi}") for cut in charge.cuts)


def _other_uses(definition: ProcedureDefinition) -> Iterable[tuple[str, str]]:
    for paper in definition.papers:
        if isinstance(paper.required, FromTable):
            yield paper.required.table, f"Giấy tờ: {paper.label.vi}"
    rule = definition.deadline
    if rule is not None:
        yield rule.table, "Thời hạn theo luật"
        yield rule.committed, "Thời hạn tỉnh cam kết"
    yield definition.eligibility, "Điều kiện tiếp nhận"


def _feeding_uses(definition: ProcedureDefinition) -> Iterable[tuple[str, str]]:
    for table in definition.tables:
        fed = dict.fromkeys(name.partition(".")[0] for name in table.inputs if "." in name)
        yield from ((name, f"Tra bảng: {table.label.vi}") for name in fed)
    for spec in definition.facts:
        fed = dict.fromkeys(
            name.partition(".")[0] for name in (spec.formula.facts if spec.formula else ()) if "." in name
        )
        yield from ((name, f"Tính: {spec.label.vi}") for name in fed)


def limit_words(table: Table, row: Row) -> str:
    """Say the time limit a row gives: `3 ngày làm việc`, with its cut-off where it has one."""
    values = {column.id: value for column, value in zip(table.outputs, row.then, strict=True)}
    minutes = values.get("cutoff")
    cutoff = time(minutes // 60, minutes % 60) if isinstance(minutes, int) else None
    said = Limit(int(str(values["amount"])), LimitUnit(str(values["unit"])), cutoff).words
    return f"{said}; nhận sau {cutoff:%H:%M} thì tính từ ngày làm việc kế tiếp" if cutoff else said


def _number(value: int, column: OutputColumn) -> str:
    if column.type is FactType.MONEY:
        return Money(value).words
    if column.id == "percent":
        return "miễn toàn bộ" if value == 100 * 10**column.scale else f"giảm {decimal_words(value, column.scale)}%"
    return f"{decimal_words(value, column.scale)} {UNIT_WORDS.get(column.unit, '')}".rstrip()


def _limits(field: Field) -> str:
    if field.kind is FieldKind.GROUP:
        return f"{field.min_rows} đến {field.max_rows} dòng"
    ends = (("từ", field.min), ("không quá", field.max))
    said = " và ".join(f"{word} {_bound(end, field)}" for word, end in ends if end is not None)
    return f"{said} {UNIT_WORDS.get(field.unit, field.unit)}".strip() if said else ""


def _bound(end: int, field: Field) -> str:
    return Money(end).words if field.kind is FieldKind.MONEY else decimal_words(end, field.scale)


def _amount(amount: int | None, currency: str) -> str:
    return "chưa có quy định áp dụng" if amount is None else Money(amount, currency).words


def _due(due: date | datetime | None) -> str:
    if due is None:
        return "chưa có quy định áp dụng"
    return _moment(due) if isinstance(due, datetime) else f"{due:%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return f"{at:%H:%M %d/%m/%Y}"


def _vi(text: Text | None) -> str:
    return text.vi if text else ""
