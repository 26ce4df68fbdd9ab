"""Proof before publication: what is missing, unused or contradictory in a definition that reads well."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

from rules.check.endings import ending_problems
from rules.check.formulas import formula_problems, scale_problems
from rules.check.linked import bases_of_linked, linked_doubts
from rules.check.money import money_problems
from rules.check.papers import bases_of_telling, paper_doubts, uncited_telling
from rules.check.process import bases_of_process, process_doubts, unused_patterns
from rules.check.registers import lists_used_by_registers, parameter_faults, unknown_units, unused_registers
from rules.check.time import stage_problems, time_problems
from rules.check.types import bases_of_types, type_doubts, unused_types
from rules.clock.spans import ClockError
from rules.definition.money import tables_read
from rules.definition.procedure import Field, FromTable, ProcedureDefinition
from rules.definition.registers import share_a_unit
from rules.derived import matched
from rules.errors import Place, Problem, RulesError, Severity
from rules.evaluation.allowed import unfit
from rules.evaluation.kinds.limits import limit_of
from rules.match.encoding import chunks_of
from rules.match.witness import possible_values
from rules.order import outputs_read
from rules.table.cells import Anything, Cell, Has, HasHow, Known, OneOf, Within, from_number, number_in
from rules.table.decision import Condition, HitPolicy, Row, Table
from rules.table.hits import rank_of
from rules.values import Period
from rules.vocabulary import NUMERIC, Fact, FactType, Vocabulary


def check(definition: ProcedureDefinition) -> tuple[Problem, ...]:
    """Return every problem found, errors first; only a definition without errors may be published."""
    found = [problem for look in _CHECKS for problem in look(definition)]
    return tuple(sorted(found, key=lambda problem: problem.severity is Severity.WARNING))


def _warning(where: Place, what: str, hint: str = "") -> Problem:
    return Problem(where, what, hint, Severity.WARNING)


_LAW = "NĐ 63/2010/NĐ-CP Điều 8 khoản 2"


def _statutory(definition: ProcedureDefinition) -> Iterator[Problem]:
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
    if not parts.result_name:
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


def _masked(definition: ProcedureDefinition) -> Iterator[Problem]:
    """A row that another one always beats: one above it, or under `priority` one with a better output."""
    for place, table in enumerate(map(matched, definition.tables)):
        if table.hit not in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            continue
        standing = [(rank_of(table, row), number) for number, row in enumerate(table.rows)]
        for number, row in enumerate(table.rows):
            better = (each for each, stands in zip(table.rows, standing, strict=True) if stands < standing[number])
            taken = next((each for each in better if _covers(each, row)), None)
            if taken:
                what = f"Dòng “{row.id}” không bao giờ được dùng vì dòng “{taken.id}” nhận mọi trường hợp của nó."
                hint = "Xóa hoặc chuyển lên trên." if table.hit is HitPolicy.FIRST else "Xóa hoặc sửa điều kiện."
                yield _warning(("tables", place, "rows", number), what, hint)


def _covers(wide: Row, narrow: Row) -> bool:
    """Tell whether every dossier that hits the narrow row surely hits the wide one."""
    cells = zip(wide.when, narrow.when, strict=True)
    return _within(narrow.period, wide.period) and all(_accepts_all(*pair) for pair in cells)


def _within(inner: Period, outer: Period) -> bool:
    starts = outer.since is None or (inner.since is not None and outer.since <= inner.since)
    return starts and (outer.until is None or (inner.until is not None and inner.until <= outer.until))


def _accepts_all(wide: Cell, narrow: Cell) -> bool:
    """Tell whether the wide cell surely accepts whatever the narrow one accepts."""
    one, other = wide.test, narrow.test
    if isinstance(one, Anything) or one == other:
        return True
    if isinstance(one, Known):
        return one.wanted and isinstance(other, Within | OneOf | Has)
    if isinstance(one, Within) and isinstance(other, Within):
        return all(any(_lies_in(span, each) for each in one.spans) for span in other.spans)
    if isinstance(one, OneOf) and isinstance(other, OneOf):
        return _values_in(other, one)
    return isinstance(one, Has) and isinstance(other, Has) and _sets_in(other, one)


def _lies_in(inner: tuple[int | None, int | None], outer: tuple[int | None, int | None]) -> bool:
    starts = outer[0] is None or (inner[0] is not None and outer[0] <= inner[0])
    return starts and (outer[1] is None or (inner[1] is not None and inner[1] <= outer[1]))


def _values_in(inner: OneOf, outer: OneOf) -> bool:
    few, many = set(inner.values), set(outer.values)
    if inner.negated:
        return outer.negated and many <= few
    return not few & many if outer.negated else few <= many


def _sets_in(inner: Has, outer: Has) -> bool:
    few, many = set(inner.codes), set(outer.codes)
    if inner.how is HasHow.ALL:
        return many <= few if outer.how is HasHow.ALL else outer.how is HasHow.ANY and bool(many & few)
    if inner.how is HasHow.ANY:
        return outer.how is HasHow.ANY and few <= many
    return outer.how is HasHow.NONE and many <= few


def _overlaps(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Two rows of a unique table (or of an `any` table with other outputs) that one dossier can hit together."""
    vocabulary = definition.vocabulary
    for place, table in enumerate(map(matched, definition.tables)):
        if table.hit not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            continue
        for (_, one), (number, other) in combinations(enumerate(table.rows), 2):
            harmless = table.hit is HitPolicy.ANY and one.then == other.then
            harmless = harmless or _apart(one, other, definition)
            witness = None if harmless else _witness(table, one, other, vocabulary)
            if witness is not None:
                yield Problem(
                    ("tables", place, "rows", number),
                    f"Dòng “{one.id}” và “{other.id}” cùng áp dụng cho một hồ sơ, ví dụ: {witness}.",
                    "Sửa điều kiện để mỗi hồ sơ chỉ trúng một dòng.",
                )


def _apart(one: Row, other: Row, definition: ProcedureDefinition) -> bool:
    """Tell whether the two rows hold in territories that have no unit in common."""
    held = {each.id: each for each in definition.territories}
    if not (one.territory and other.territory and one.period.meets(other.period)):
        return False
    lists = {each.id: each for each in definition.lists}
    pair = held[one.territory], held[other.territory]
    return not share_a_unit(*pair, one.period.shared(other.period), lists)


def _witness(table: Table, one: Row, other: Row, vocabulary: Vocabulary) -> str | None:
    """Describe facts that both rows accept, None when there are none."""
    if not one.period.meets(other.period):
        return None
    said: list[str] = []
    for name, left, right in zip(table.inputs, one.when, other.when, strict=True):
        fact = vocabulary[name]
        shared = _shared_value(left, right, fact)
        if shared is None:
            return None
        said.append(f"{fact.label} {shared}")
    return ", ".join(said) or "mọi hồ sơ"


def _shared_value(left: Cell, right: Cell, fact: Fact) -> str | None:
    """Name one value (known or not) that both cells accept, None when there is none."""
    tests = [cell.test for cell in (left, right) if not isinstance(cell.test, Anything)]
    if not tests:
        return "bất kỳ"
    known = [test for test in tests if isinstance(test, Known)]
    if any(not test.wanted for test in known):
        return "chưa biết" if all(isinstance(test, Known) and not test.wanted for test in tests) else None
    rest = [test for test in tests if not isinstance(test, Known)]
    if not rest:
        return "đã biết"
    if fact.type in NUMERIC:
        return _shared_number([test for test in rest if isinstance(test, Within)], fact)
    if fact.type is FactType.CODES:
        return _shared_set([test for test in rest if isinstance(test, Has)], fact)
    values = possible_values([test for test in rest if isinstance(test, OneOf)], fact)
    shared = [value for value in values if all(isinstance(t, OneOf) and (value in t.values) != t.negated for t in rest)]
    return f"“{fact.shown(shared[0])}”" if shared else None


def _shared_number(tests: list[Within], fact: Fact) -> str | None:
    spans = list(tests[0].spans)
    for test in tests[1:]:
        spans = [met for one in spans for other in test.spans if (met := _meeting(one, other)) is not None]
    if not spans:
        return None
    return fact.shown(from_number(number_in(spans[0]), fact.type)).vi


def _meeting(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> tuple[int | None, int | None] | None:
    lows = [low for low in (one[0], other[0]) if low is not None]
    highs = [high for high in (one[1], other[1]) if high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low >= high else (low, high)


def _shared_set(tests: list[Has], fact: Fact) -> str | None:
    wanted = {code for test in tests if test.how is HasHow.ALL for code in test.codes}
    barred = {code for test in tests if test.how is HasHow.NONE for code in test.codes}
    for test in tests:
        if test.how is HasHow.ANY:
            free = [code for code in test.codes if code not in barred]
            if not free:
                return None
            wanted.add(free[0])
    return None if wanted & barred else f"“{fact.shown(sorted(wanted))}”"


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
    for place, field in enumerate(definition.fields):
        if field.shown_when and field.id in field.shown_when.facts:
            yield Problem(
                ("fields", place, "shown_when"), f"Trường “{field.label}” chỉ hiện khi chính nó đã được điền."
            )


def _conditions(definition: ProcedureDefinition) -> Iterator[Problem]:
    """A field inside a group is shown by facts outside the group: its own row is not a fact."""
    for place, field in enumerate(definition.fields):
        for number, inner in enumerate(field.fields):
            if _conditional(inner):
                where = ("fields", place, "fields", number)
                yield Problem(
                    where, f"Trường “{inner.label}” nằm trong nhóm nên chưa đặt được điều kiện.", "Bỏ điều kiện."
                )


def _conditional(field: Field) -> bool:
    return field.shown_when is not None or isinstance(field.required, Condition)


_CHECKS: tuple[Callable[[ProcedureDefinition], Iterator[Problem]], ...] = (
    _statutory,
    _cases,
    _facts_of_cases,
    _named_twice,
    _citations,
    _too_large,
    _never_hit,
    _overlaps,
    _masked,
    _limits,
    time_problems,
    process_doubts,
    type_doubts,
    linked_doubts,
    stage_problems,
    ending_problems,
    _hidden_required,
    _conditions,
    formula_problems,
    scale_problems,
    money_problems,
    paper_doubts,
    uncited_telling,
    parameter_faults,
    unknown_units,
    unused,
)
