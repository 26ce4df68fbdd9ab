"""Proof before publication: what is missing, unused or contradictory in a definition that reads well."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from rules.check.asking import asking_doubts
from rules.check.endings import ending_problems
from rules.check.fields import field_problems
from rules.check.findings import Finding, FindingKind
from rules.check.formulas import formula_problems, scale_problems
from rules.check.linked import bases_of_linked, linked_doubts
from rules.check.money import money_problems
from rules.check.never_applies import never_applying
from rules.check.papers import bases_of_telling, paper_doubts, uncited_telling
from rules.check.process import bases_of_process, process_doubts, unused_patterns
from rules.check.proof import Proof, prove
from rules.check.registers import lists_used_by_registers, parameter_faults, unknown_units, unused_registers
from rules.check.repealed import repealed_citations
from rules.check.stated import stated_findings
from rules.check.time import stage_problems, time_problems
from rules.check.types import bases_of_types, type_doubts, unused_types
from rules.clock.spans import ClockError
from rules.definition.fields import placed
from rules.definition.money import tables_read
from rules.definition.procedure import Field, FromTable, ProcedureDefinition
from rules.derived import matched
from rules.errors import Place, Problem, RulesError, Severity
from rules.evaluation.allowed import unfit
from rules.evaluation.kinds.limits import limit_of
from rules.match.encoding import chunks_of
from rules.order import outputs_read
from rules.table.cells import Cell, Within
from rules.table.decision import Condition, Table


def check(definition: ProcedureDefinition, before: Proof | None = None) -> tuple[Finding, ...]:
    """Return everything found, errors first, then warnings, then notes; errors stop a publication.

    `before`: the proof of an earlier draft, of which holds what the edit since did not touch.
    """
    found = [_finding(problem, FindingKind.STATUTORY) for problem in _missing_parts(definition)]
    found += [_finding(problem) for look in _CHECKS for problem in look(definition)]
    return tuple(sorted([*found, *prove(definition, before).findings], key=_weight))


def _weight(finding: Finding) -> int:
    return [Severity.ERROR, Severity.WARNING, Severity.NOTE].index(finding.severity)


def _finding(problem: Problem, kind: FindingKind | None = None) -> Finding:
    if isinstance(problem, Finding):
        return problem
    by_severity = FindingKind.FAULT if problem.severity is Severity.ERROR else FindingKind.LOOK
    return Finding(problem.where, problem.what, problem.hint, problem.severity, kind or by_severity)


def _warning(where: Place, what: str, hint: str = "") -> Problem:
    return Problem(where, what, hint, Severity.WARNING)


_LAW = "NĐ 63/2010/NĐ-CP Điều 8 khoản 2"


def _missing_parts(definition: ProcedureDefinition) -> Iterator[Problem]:
    parts = definition.statutory
    needed: tuple[tuple[str, bool, Place], ...] = (
        ("a) tên thủ tục", bool(definition.name.vi), ("name",)),
        ("b) trình tự thực hiện", bool(parts.steps), ("statutory", "steps")),
        ("c) cách thức thực hiện", bool(parts.ways), ("statutory", "ways")),
        ("d) thành phần hồ sơ", any(not paper.note for paper in definition.papers), ("papers",)),
        ("d) số lượng hồ sơ", bool(parts.copies_of_dossier), ("statutory", "copies_of_dossier")),
        ("đ) thời hạn giải quyết", bool(definition.deadline), ("deadline",)),
        ("e) đối tượng thực hiện", bool(parts.applicants), ("statutory", "applicants")),
        ("g) cơ quan thực hiện", bool(parts.body), ("statutory", "body")),
    )
    for name, there, where in needed:
        if not there:
            yield Problem(where, f"Thiếu bộ phận bắt buộc {name} ({_LAW}).", "Bổ sung trước khi công bố.")


def _unstated(definition: ProcedureDefinition) -> Iterator[Problem]:
    if not definition.statutory.result_name:
        yield _warning(("statutory", "result"), "Chưa ghi h) kết quả thực hiện.", "Thêm tên và mã kết quả.")
    if not definition.field_of_work.vi:
        yield _warning(("field_of_work",), "Chưa ghi lĩnh vực.")


def _cases(definition: ProcedureDefinition) -> Iterator[Problem]:
    if not definition.cases:
        hint = "Thêm ít nhất một tình huống với kết quả mong đợi: không công bố khi chưa thử."
        yield Problem(("cases",), "Chưa có tình huống mẫu nào.", hint)


def _facts_of_cases(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Name a golden case with a fact that the evaluation refuses on the day of the case."""
    vocabulary = definition.vocabulary
    for place, case in enumerate(definition.cases):
        for found in unfit(definition, vocabulary, case.given, case.on, ("cases", place, "given")):
            yield replace(found, hint="Sửa dữ kiện của tình huống, hoặc sửa giới hạn của trường.")


def _named_twice(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Name golden cases that are called alike, and ids of rows that two tables use: nobody could tell them apart."""
    names: dict[str, int] = {}
    for place, case in enumerate(definition.cases):
        first = names.setdefault(case.name.vi, place)
        if first != place:
            what = f"Tình huống thứ {first + 1} và thứ {place + 1} cùng tên “{case.name.vi}”."
            yield _warning(("cases", place, "name"), what, "Đặt tên khác để biết tình huống nào không đạt.")
    tables: dict[str, Table] = {}
    for place, table in enumerate(definition.tables):
        for number, row in enumerate(table.rows):
            first_table = tables.setdefault(row.id, table)
            if first_table is not table:
                where = ("tables", place, "rows", number, "id")
                what = f"Mã dòng “{row.id}” đã dùng ở bảng “{first_table.label}”."
                yield _warning(where, what, "Đặt mã khác: lý do và tình huống mẫu gọi dòng bằng mã này.")


def _citations(definition: ProcedureDefinition) -> Iterator[Problem]:
    for place, table in enumerate(definition.tables):
        for number, row in enumerate(table.rows):
            if row.basis is None:
                where = ("tables", place, "rows", number)
                yield Problem(where, f"Dòng “{row.id}” chưa ghi căn cứ pháp lý.", "Thêm basis: {document: ...}.")


def unused(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield a warning for every list, table, document, parameter, territory, pattern and type that nothing uses."""
    yield from unused_registers(definition)
    yield from unused_patterns(definition)
    yield from unused_types(definition)
    yield from _unused(definition)


def _unused(definition: ProcedureDefinition) -> Iterator[Problem]:
    inner = [each for field in definition.fields for each in field.fields]
    columns = [column for table in definition.tables for column in table.outputs]
    used_lists = {
        *(each.list for each in (*definition.fields, *inner, *definition.facts, *columns)),
        *(lists_used_by_registers(definition)),
    }
    for each in definition.lists:
        if each.id not in used_lists and not each.origin:
            yield _warning(("lists", each.id), f"Danh mục “{each.id}” không được dùng ở đâu.", "Xóa hoặc dùng nó.")
    used_tables = set(_tables_used(definition))
    for place, table in enumerate(definition.tables):
        if table.id not in used_tables and not table.origin:
            yield _warning(("tables", place), f"Bảng “{table.id}” không được dùng ở đâu.", "Xóa hoặc dùng nó.")
    cited = set(_documents_cited(definition))
    for document in definition.basis:
        if document.key not in cited and not document.origin:
            yield _warning(("basis", document.key), f"Văn bản “{document.document}” không được viện dẫn ở đâu.")


def _tables_used(definition: ProcedureDefinition) -> Iterator[str]:
    yield from (name for line in (*definition.charges, *definition.payouts) for name in tables_read(line))
    yield from (paper.required.table for paper in definition.papers if isinstance(paper.required, FromTable))
    if definition.deadline:
        yield from definition.deadline.tables
    yield from (definition.eligibility, definition.route)
    yield definition.examination.table if definition.examination else ""
    yield from outputs_read(definition)


def _documents_cited(definition: ProcedureDefinition) -> Iterator[str]:
    amounts = [line.amount for line in (*definition.charges, *definition.payouts)]
    bases = [
        *(row.basis for table in definition.tables for row in table.rows),
        *(amount.basis for amount in amounts if not isinstance(amount, FromTable)),
        *bases_of_telling(definition),
        *(scale.basis for scale in definition.scales),
        *(value.basis for parameter in definition.parameters for value in parameter.values),
        *bases_of_process(definition),
        *bases_of_types(definition),
        *(each.basis for each in definition.results),
        *(stop.basis for stop in (definition.deadline.stops if definition.deadline else ())),
        definition.deadline.reception.basis if definition.deadline and definition.deadline.reception else None,
        *bases_of_linked(definition),
    ]
    yield from (basis.document for basis in bases if basis)


def _too_large(definition: ProcedureDefinition) -> Iterator[Problem]:
    for place, table in enumerate(map(matched, definition.tables)):
        try:
            chunks_of(table)
        except RulesError as error:
            yield Problem(("tables", place), str(error))


def _never_hit(definition: ProcedureDefinition) -> Iterator[Problem]:
    for place, table in enumerate(definition.tables):
        for number, row in enumerate(table.rows):
            dead = [name for name, cell in zip(table.inputs, row.when, strict=True) if _is_empty(cell)]
            if dead:
                where = ("tables", place, "rows", number, "when", dead[0])
                yield Problem(where, f"Dòng “{row.id}” không bao giờ áp dụng được: ô này không nhận giá trị nào.")


def _is_empty(cell: Cell) -> bool:
    return isinstance(cell.test, Within) and not cell.test.spans


def _always_hit(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Name a cell that tests a number and accepts every one: `> 300, < 400` is one or the other, so always."""
    for place, table in enumerate(definition.tables):
        for number, row in enumerate(table.rows):
            for name, cell in zip(table.inputs, row.when, strict=True):
                if isinstance(cell.test, Within) and cell.test.spans == ((None, None),):
                    where = ("tables", place, "rows", number, "when", name)
                    what = f"Dòng “{row.id}”: ô “{cell.text}” nhận mọi giá trị, vì dấu phẩy nghĩa là hoặc."
                    yield _warning(where, what, "Một khoảng viết là (300..400); đã biết bất kỳ viết là known.")


def _limits(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the rows of the deadline's tables whose limit the clock could not count."""
    rule = definition.deadline
    for place, table in enumerate(definition.tables):
        if rule is None or table.id not in rule.tables:
            continue
        for number, row in enumerate(table.rows):
            try:
                limit_of(table, row, rule)
            except ClockError as error:
                where = ("tables", place, "rows", number, "then")
                yield Problem(where, f"Dòng “{row.id}”: {error.what}", error.hint)


def _hidden_required(definition: ProcedureDefinition) -> Iterator[Problem]:
    """A field whose own showing depends on itself can never be filled in."""
    for place, field in placed(definition.fields):
        if field.shown_when and field.id in field.shown_when.facts:
            yield Problem(
                ("fields", place, "shown_when"), f"Trường “{field.label}” chỉ hiện khi chính nó đã được điền."
            )


def _conditions(definition: ProcedureDefinition) -> Iterator[Problem]:
    """A field inside a group is shown by facts outside the group: its own row is not a fact."""
    for place, field in placed(definition.fields):
        for number, inner in placed(field.fields):
            if _conditional(inner):
                where = ("fields", place, "fields", number)
                yield Problem(
                    where, f"Trường “{inner.label}” nằm trong nhóm nên chưa đặt được điều kiện.", "Bỏ điều kiện."
                )


def _conditional(field: Field) -> bool:
    return field.shown_when is not None or isinstance(field.required, Condition)


_CHECKS: tuple[Callable[[ProcedureDefinition], Iterator[Problem]], ...] = (
    _unstated,
    _cases,
    _facts_of_cases,
    _named_twice,
    _citations,
    _too_large,
    _never_hit,
    _always_hit,
    _limits,
    time_problems,
    process_doubts,
    type_doubts,
    linked_doubts,
    stage_problems,
    field_problems,
    ending_problems,
    _hidden_required,
    _conditions,
    formula_problems,
    scale_problems,
    money_problems,
    paper_doubts,
    uncited_telling,
    parameter_faults,
    repealed_citations,
    stated_findings,
    asking_doubts,
    never_applying,
    unknown_units,
    unused,
)
