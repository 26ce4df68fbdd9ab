"""What each result of a decision table is used for, and how a sentence says such a result."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from rules.clock.spans import ROLLING, Limit, LimitUnit
from rules.definition.money import Line, cuts_of, facts_read
from rules.definition.procedure import Charge, FromTable, ProcedureDefinition
from rules.say.labels import HEADS, NEEDS, NOTHING, ROLLS, ROLLS_NOT
from rules.say.punctuation import bare, quoted
from rules.table.decision import Output, OutputColumn, Row, Table
from rules.values import NO_TEXT, Money, Text, day_figures, measured
from rules.vocabulary import NO, NOTHING_CHOSEN, YES, FactType, number_said
from rules.wording import joined, phrase, same


class Purpose(StrEnum):
    """What a result decides; the names are the customary names of outputs."""

    AMOUNT = "amount"
    PAYOUT = "payout"
    PERCENT = "percent"
    OFF = "off"
    NEED = "need"
    LIMIT = "limit"
    PROMISE = "promise"
    ADDED = "added"
    PROMISE_ADDED = "promise_added"
    ROUTE = "to"
    REASON = "reason"
    GROUND = "ground"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of one output: its purpose, and the charge or paper it is for (none for time limits and refusals)."""

    purpose: Purpose
    of: Text = NO_TEXT
    times: Text = NO_TEXT
    currency: str = "VND"


Uses = Mapping[tuple[str, str], tuple[Use, ...]]
"""The uses of outputs, by table and output."""


def uses_of(definition: ProcedureDefinition) -> Uses:
    """Return what every output that something reads is used for."""
    found: dict[tuple[str, str], tuple[Use, ...]] = {}
    for table, output, use in _uses(definition):
        found[table, output] = (*found.get((table, output), ()), use)
    return found


def _uses(definition: ProcedureDefinition) -> Iterator[tuple[str, str, Use]]:
    for line in (*definition.charges, *definition.payouts):
        yield from _uses_for_line(line, definition)
    for paper in definition.papers:
        if isinstance(paper.required, FromTable):
            yield paper.required.table, paper.required.output, Use(Purpose.NEED, paper.label)
    if definition.deadline:
        yield definition.deadline.table, "amount", Use(Purpose.LIMIT)
        yield definition.deadline.committed, "amount", Use(Purpose.PROMISE)
        yield from ((name, "amount", Use(Purpose.ADDED)) for name in definition.deadline.added)
        own = definition.deadline.committed_added or ()
        yield from ((name, "amount", Use(Purpose.PROMISE_ADDED)) for name in own)
    yield definition.route, "to", Use(Purpose.ROUTE)
    yield definition.eligibility, "reason", Use(Purpose.REASON)
    if definition.examination:
        yield definition.examination.table, "reason", Use(Purpose.GROUND)


def _uses_for_line(line: Line, definition: ProcedureDefinition) -> Iterator[tuple[str, str, Use]]:
    purpose = Purpose.AMOUNT if isinstance(line, Charge) else Purpose.PAYOUT
    if isinstance(line.amount, FromTable):
        times = definition.vocabulary[line.times].label if line.times else NO_TEXT
        yield line.amount.table, line.amount.output, Use(purpose, line.label, times, line.currency)
    for cut in cuts_of(line):
        table = definition.table(cut.table)
        is_money = table.outputs[table.position(cut.output)].type is FactType.MONEY
        reduction = Purpose.OFF if is_money else Purpose.PERCENT
        yield cut.table, cut.output, Use(reduction, line.label, currency=line.currency)


def feeds_of(definition: ProcedureDefinition) -> Mapping[str, tuple[Text, ...]]:
    """Return, for each table whose outputs are read as facts, what reads them: other tables, and formulas."""
    found: dict[str, tuple[Text, ...]] = {}
    for name, said in _feeds(definition):
        table = name.partition(".")[0]
        found[table] = tuple(dict.fromkeys((*found.get(table, ()), said)))
    tables = {table.id for table in definition.tables}
    return {name: said for name, said in found.items() if name in tables}


def _feeds(definition: ProcedureDefinition) -> Iterator[tuple[str, Text]]:
    for table in definition.tables:
        for name in table.reads:
            yield name, phrase("đầu vào của bảng {}", "what the table {} reads", quoted(table.label))
    for spec in definition.facts:
        for name in spec.reads:
            yield name, phrase("công thức {}", "the formula of {}", quoted(spec.label))
    yield from _feeds_of_steps(definition)
    yield from _named_by_parts(definition)
    yield from _feeds_telling(definition)


def _named_by_parts(definition: ProcedureDefinition) -> Iterator[tuple[str, Text]]:
    for each in definition.fields:
        for condition in each.conditions:
            for name in condition.facts:
                yield name, phrase("điều kiện của {}", "the condition of {}", quoted(each.label))
    for line in (*definition.charges, *definition.payouts):
        for name in facts_read(line):
            yield name, phrase("khoản {}", "the line {}", quoted(line.label))


def _feeds_telling(definition: ProcedureDefinition) -> Iterator[tuple[str, Text]]:
    """Yield what the conditions of papers, cases and notices read."""
    stated = [(paper.label, condition) for paper in definition.papers for condition in paper.conditions]
    stated += [(each.label, each.when) for each in definition.variants]
    stated += [(each.text, each.when) for each in definition.notices if each.when]
    stated += [(each.label, each.when) for each in definition.results if each.when]
    for label, condition in stated:
        for name in condition.facts:
            yield name, phrase("điều kiện của {}", "the condition of {}", quoted(label))


def _feeds_of_steps(definition: ProcedureDefinition) -> Iterator[tuple[str, Text]]:
    for step in definition.steps:
        for name in step.when.facts if step.when else ():
            yield name, phrase("bước {}", "the step {}", quoted(step.label))
    for child in definition.linked.children if definition.linked else ():
        for name in child.when.facts if child.when else ():
            yield name, phrase("thủ tục liên thông {}", "the linked procedure {}", quoted(child.label))
    for stop in definition.deadline.stops if definition.deadline else ():
        for name in stop.when.facts if stop.when else ():
            yield name, phrase("lý do dừng {}", "the wait {}", quoted(stop.rule.label))


def head_said(column: OutputColumn, uses: tuple[Use, ...], name: Text) -> Text:
    """Return the head of an output's column: its label, else what it decides, else this name."""
    if column.label:
        return column.label
    return HEADS.get(uses[0].purpose if uses else column.id, name)


def use_said(use: Use) -> Text:
    """Say what a result is for: `mức thu “Lệ phí đăng ký”`."""
    vi, en = _USE_PATTERNS[use.purpose]
    return phrase(vi, en, quoted(use.of))


_USE_PATTERNS: Mapping[Purpose, tuple[str, str]] = {
    Purpose.AMOUNT: ("mức thu {}", "the amount of {}"),
    Purpose.PAYOUT: ("mức chi trả {}", "what is paid out as {}"),
    Purpose.PERCENT: ("miễn, giảm {}", "reductions of {}"),
    Purpose.OFF: ("miễn, giảm {}", "reductions of {}"),
    Purpose.NEED: ("giấy tờ {}", "the paper {}"),
    Purpose.LIMIT: ("thời hạn theo luật", "the deadline under the law"),
    Purpose.PROMISE: ("thời hạn tỉnh cam kết", "the deadline the province promises"),
    Purpose.ADDED: ("thời gian thêm vào thời hạn theo luật", "time on top of the deadline under the law"),
    Purpose.PROMISE_ADDED: ("thời gian thêm vào thời hạn cam kết", "time on top of the promised deadline"),
    Purpose.ROUTE: ("nơi chuyển hồ sơ đến", "where the dossier goes"),
    Purpose.REASON: ("điều kiện tiếp nhận", "conditions of acceptance"),
    Purpose.GROUND: ("từ chối sau khi thẩm định", "refusal after examination"),
}


def value_said(
    value: Output | None, column: OutputColumn, uses: tuple[Use, ...], codes: Mapping[str, Text] | None = None
) -> Text:
    """Say one result of a row by itself, as it stands in a cell; `codes` are the labels of the column's list."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return _number_said(value, column, uses)
    if isinstance(value, date):
        return same(day_figures(value))
    if isinstance(value, Text):
        return value
    labels = {**NEEDS, **(codes or {})}
    given = value if isinstance(value, tuple) else (value,)
    return joined((labels.get(code, same(code)) for code in given), ", ") if given else NOTHING_CHOSEN


def _number_said(number: int, column: OutputColumn, uses: tuple[Use, ...]) -> Text:
    if column.type is FactType.MONEY:
        return Money(number, uses[0].currency if uses else "VND").words
    if Purpose.PERCENT not in {use.purpose for use in uses} and column.id != Purpose.PERCENT:
        return number_said(number, column.scale, column.unit)
    if number == 100 * 10**column.scale:
        return Text("miễn toàn bộ", "waived in full")
    return phrase("giảm {}%", "{}% off", measured(number, column.scale))


def result_said(value: Output | None, said: Text, column: OutputColumn, use: Use) -> Text:
    """Say one result of a row as a clause: `mức thu “Lệ phí đăng ký” là 5.000 đ`; `said` is the result by itself."""
    if value is None:
        return phrase("không quy định {}", "nothing is set for {}", use_said(use))
    if use.purpose is Purpose.PERCENT and isinstance(value, int):
        vi, en = ("miễn toàn bộ {1}", "{1} is waived in full") if value == 100 * 10**column.scale else _REDUCED
        return phrase(vi, en, measured(value, column.scale), quoted(use.of))
    vi, en = _NEEDED[str(value)] if use.purpose is Purpose.NEED else _RESULT_PATTERNS[use.purpose]
    clause = phrase(vi, en, bare(said), quoted(use.of))
    return phrase("{}, nhân với {}", "{}, times {}", clause, quoted(use.times)) if use.times.vi else clause


_RESULT_PATTERNS: Mapping[Purpose, tuple[str, str]] = {
    Purpose.AMOUNT: ("mức thu {1} là {0}", "the amount of {1} is {0}"),
    Purpose.PAYOUT: ("mức chi trả {1} là {0}", "{0} is paid out as {1}"),
    Purpose.OFF: ("giảm {1} đi {0}", "{1} is reduced by {0}"),
    Purpose.LIMIT: ("thời hạn giải quyết theo luật là {0}", "the deadline under the law is {0}"),
    Purpose.PROMISE: ("thời hạn tỉnh cam kết là {0}", "the deadline the province promises is {0}"),
    Purpose.ADDED: ("thời hạn theo luật thêm {0}", "added to the deadline under the law: {0}"),
    Purpose.PROMISE_ADDED: ("thời hạn cam kết thêm {0}", "added to the promised deadline: {0}"),
    Purpose.ROUTE: ("hồ sơ chuyển đến {0}", "the dossier goes to {0}"),
    Purpose.REASON: ("không tiếp nhận hồ sơ: {0}", "the dossier is not accepted: {0}"),
    Purpose.GROUND: ("từ chối giải quyết sau khi thẩm định: {0}", "the request is turned down after examination: {0}"),
}
_REDUCED = ("giảm {0}% {1}", "{1} is reduced by {0}%")
_NEEDED: Mapping[str, tuple[str, str]] = {
    "required": ("phải có {1}", "{1} is required"),
    "optional": ("{1} không bắt buộc", "{1} is optional"),
    "waived": ("được miễn nộp {1}", "{1} need not be handed in"),
}


def limit_said(table: Table, row: Row) -> Text:
    """Say the time limit a row gives: `3 ngày làm việc`, with its cut-off where it has one."""
    values = {column.id: value for column, value in zip(table.outputs, row.then, strict=True)}
    amount, unit, minutes = values["amount"], LimitUnit(str(values["unit"])), values.get("cutoff")
    assert isinstance(amount, int)  # the decoder refuses a limit without one
    cutoff = time(minutes // 60, minutes % 60) if isinstance(minutes, int) else None
    said = Limit(min(amount, 1) if unit is LimitUnit.SAME_DAY else amount, unit, cutoff).words
    if values.get("rolls") is not None and unit in ROLLING:
        said = phrase("{}; {}", "{}; {}", said, ROLLS if values["rolls"] else ROLLS_NOT)
    if cutoff is None:
        return said
    return phrase(
        "{}; hồ sơ nhận sau {} thì tính từ ngày làm việc kế tiếp",
        "{}; a dossier received after {} counts from the next working day",
        said,
        f"{cutoff:%H:%M}",
    )
