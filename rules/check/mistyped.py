"""What somebody may mistype: a table, or a condition outside tables, looked at as a table of its alternatives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from rules.check.trying import Trying
from rules.check.typing_errors import TypingError, typing_errors
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Place
from rules.evaluation.compile import CompiledProcedure, tried
from rules.say.punctuation import bare, quoted
from rules.table.cells import ANY_CELL
from rules.table.decision import Condition, HitPolicy, Row, Table
from rules.values import Text

CONDITIONS = "các điều kiện ngoài bảng"

_CALLED = {
    "variants": "trường hợp",
    "charges": "khoản thu",
    "payouts": "khoản chi trả",
    "papers": "giấy tờ",
    "notices": "lưu ý",
    "steps": "bước",
    "results": "kết quả",
    "fields": "trường",
}
_OF_FIELDS = {"shown_when": "Điều kiện hiện", "required": "Điều kiện bắt buộc của"}
_OF_PAPERS = {
    "required": "Điều kiện phải có",
    "shown_when": "Điều kiện hỏi đến",
    "each_when": "Điều kiện của từng dòng cần",
    "waived_when": "Điều kiện được miễn",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """One table, or one condition as a table: as it is written and as it is matched, and its typing errors.

    `own` are the ids by which reasons name it, `where` is its place (of a table that of its rows); `changed` makes the
    procedure ready with another table in its place.
    """

    table: Table
    base: Table
    own: frozenset[str]
    errors: tuple[TypingError, ...]
    where: Place
    changed: Callable[[Table], CompiledProcedure]


def subject_of_table(trying: Trying, table: Table) -> Subject:
    """Return a table as something that may be mistyped."""
    errors = tuple(typing_errors(table, trying.definition))
    own = frozenset(row.id for row in table.rows)
    where = ("tables", trying.definition.tables.index(table), "rows")
    return Subject(table, trying.ground.tables[table.id], own, errors, where, trying.with_table)


def subjects_of_conditions(trying: Trying) -> Iterator[Subject]:
    """Yield the conditions of cases, money, papers, notices, steps, results, fields, and of waits of the time limit."""
    for section in _CALLED:
        for place, part in enumerate(getattr(trying.definition, section)):
            for name in {"papers": _OF_PAPERS, "fields": _OF_FIELDS}.get(section, ("when",)):
                if isinstance(getattr(part, name), Condition):
                    yield _subject(trying, section, place, name)
    rule = trying.definition.deadline
    for place, stop in enumerate(rule.stops if rule else ()):
        if stop.when is not None:
            yield _wait(trying, place, stop.when)


def _wait(trying: Trying, place: int, condition: Condition) -> Subject:
    """Return the condition under which a wait may stop the clock."""
    rule = trying.definition.deadline
    assert rule is not None
    stop = rule.stops[place]
    table = _as_table(f"deadline.stops.{place}.when", stop.rule.id, condition, trying.definition)

    def changed(wrong: Table) -> CompiledProcedure:
        other = replace(stop, when=_as_condition(wrong))
        stops = (*rule.stops[:place], other, *rule.stops[place + 1 :])
        return tried(replace(trying.definition, deadline=replace(rule, stops=stops)))

    head = f"Điều kiện của lý do dừng {quoted(bare(stop.rule.label))}"
    errors = tuple(typing_errors(table, trying.definition, lambda _: head))
    return Subject(table, table, frozenset({stop.rule.id}), errors, ("deadline", "stops", place, "when"), changed)


def _subject(trying: Trying, section: str, place: int, name: str) -> Subject:
    part: Any = getattr(trying.definition, section)[place]
    condition: Condition = getattr(part, name)
    key = str(part.code if section == "papers" else part.id)
    label = bare(part.text if section == "notices" else part.label)
    table = _as_table(f"{section}.{key}.{name}", key, condition, trying.definition)

    def called(at: int) -> str:
        which = f", khả năng thứ {at + 1}" if len(table.rows) > 1 else ""
        head = {**_OF_PAPERS, **(_OF_FIELDS if section == "fields" else {})}.get(name, "Điều kiện của")
        return f"{head} {_CALLED[section]} {quoted(label)}{which}"

    def changed(wrong: Table) -> CompiledProcedure:
        other = replace(part, **{name: _as_condition(wrong)})
        parts = getattr(trying.definition, section)
        return tried(replace(trying.definition, **{section: (*parts[:place], other, *parts[place + 1 :])}))

    errors = tuple(typing_errors(table, trying.definition, called))
    return Subject(table, table, frozenset({key}), errors, (section, place, name), changed)


def _as_table(name: str, key: str, condition: Condition, definition: ProcedureDefinition) -> Table:
    """Return a condition as a table that gives nothing but whether some row hits."""
    inputs = condition.facts
    rows = tuple(Row(key, tuple(group.get(each, ANY_CELL) for each in inputs), ()) for group in condition.any_of)
    group = next((of for each in inputs if (of := definition.vocabulary[each].of)), "")
    return Table(name, Text(name), HitPolicy.ANY, inputs, (), rows, over=group)


def _as_condition(table: Table) -> Condition:
    return Condition(tuple(dict(zip(table.inputs, row.when, strict=True)) for row in table.rows))
