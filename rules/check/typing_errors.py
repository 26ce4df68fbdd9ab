"""Typing errors (lỗi gõ) that somebody could make in a table, each as the table it would give, and in words.

Bounds moved by one, brackets turned, codes next to the right one, codes left out or added, a lost `not`, an empty cell,
digits changed round, a zero too few or too many, the value of the next row, rows changed round or lost, periods that
begin or end a day off: the mutation operators of software testing, chosen for what people type in decision tables.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.clock.spans import UNIT_NAMES
from rules.definition.procedure import ProcedureDefinition
from rules.errors import RulesError
from rules.say.labels import HEADS
from rules.say.uses import Use, head_said, uses_of, value_said
from rules.table.cell_writing import written
from rules.table.cells import ANY_CELL, ANYTHING, Anything, Cell, Has, HasHow, Known, OneOf, Range, Test, Within, words
from rules.table.decision import HitPolicy, Output, OutputColumn, Row, Table
from rules.values import ALWAYS, MAX_WHOLE, Period, Text
from rules.vocabulary import Fact, FactType, Vocabulary
from rules.wording import same


@dataclass(frozen=True, slots=True)
class TypingError:
    """One typing error: the row it is in, what it is, and the table with it.

    `changed` is the row in place `at` as it would be; None where the row is lost (`swapped`: changed round with the
    next one instead).
    """

    at: int
    row: str
    what: str
    table: Table
    changed: Row | None = None
    swapped: bool = False


def typing_errors(
    table: Table, definition: ProcedureDefinition, called: Callable[[int], str] | None = None
) -> Iterator[TypingError]:
    """Yield the typing errors of a table as it is written, row by row; no two of a row mean the same.

    `called` says what the row in a place is called, by its id where nothing is said.
    """
    vocabulary, said = definition.vocabulary, _Said(table, definition)
    for at, row in enumerate(table.rows):
        name = called(at) if called else f"Dòng “{row.id}”"
        seen = {(row.when, row.then, row.period)}
        for what, changed in _changes(table, at, vocabulary, said):
            meaning = (changed.when, changed.then, changed.period)
            if meaning not in seen:
                seen.add(meaning)
                rows = (*table.rows[:at], changed, *table.rows[at + 1 :])
                yield TypingError(at, row.id, f"{name}: {what}.", replace(table, rows=rows), changed)
        if len(table.rows) > 1:
            rest = replace(table, rows=(*table.rows[:at], *table.rows[at + 1 :]))
            yield TypingError(at, row.id, f"{name}: bỏ sót.", rest)
        if table.hit is HitPolicy.FIRST and at + 1 < len(table.rows):
            below = table.rows[at + 1]
            turned = replace(table, rows=(*table.rows[:at], below, row, *table.rows[at + 2 :]))
            what = f"{name}: ghi dưới dòng “{below.id}” thay vì ở trên."
            yield TypingError(at, row.id, what, turned, swapped=True)


def _changes(table: Table, at: int, vocabulary: Vocabulary, said: "_Said") -> Iterator[tuple[str, Row]]:
    row = table.rows[at]
    for place, (name, cell) in enumerate(zip(table.inputs, row.when, strict=True)):
        fact = vocabulary[name]
        for test in _told_apart(cell.test, fact):
            now, wrong = ("để trống" if each == ANYTHING else f"“{words(each, fact)}”" for each in (cell.test, test))
            changed = ANY_CELL if test == ANYTHING else Cell(written(test, fact), test)
            when = (*row.when[:place], changed, *row.when[place + 1 :])
            yield f"“{fact.label}” ghi {wrong} thay vì {now}", replace(row, when=when)
    for place, column in enumerate(table.outputs):
        for value in _other_outputs(table, at, place):
            now, wrong = (said.value(each, column) for each in (row.then[place], value))
            then = (*row.then[:place], value, *row.then[place + 1 :])
            yield f"{said.head(column)} ghi “{wrong}” thay vì “{now}”", replace(row, then=then)
    for period in _other_periods(row.period):
        now, wrong = (each.words.vi for each in (row.period, period))
        yield f"hiệu lực ghi “{wrong}” thay vì “{now}”", replace(row, period=period)


def _told_apart(test: Test, fact: Fact) -> Iterator[Test]:
    """Yield the wrong tests of a cell that mean something else than the right one and than each other."""
    seen = [test]
    for wrong in _other_tests(test, fact):
        if not any(_alike(wrong, each) for each in seen):
            seen.append(wrong)
            yield wrong


def _alike(one: Test, other: Test) -> bool:
    if isinstance(one, Within) and isinstance(other, Within):
        return one.spans == other.spans
    if isinstance(one, OneOf) and isinstance(other, OneOf):
        return one.negated == other.negated and set(one.values) == set(other.values)
    if isinstance(one, Has) and isinstance(other, Has):
        same_way = one.how is other.how or (len(one.codes) == 1 and HasHow.NONE not in (one.how, other.how))
        return same_way and set(one.codes) == set(other.codes)
    return one == other


def _other_tests(test: Test, fact: Fact) -> Iterator[Test]:
    if isinstance(test, Anything):
        return
    if isinstance(test, Within):
        yield from _other_ranges(test)
    elif isinstance(test, OneOf):
        yield from _other_values(test, fact)
    elif isinstance(test, Has):
        yield from _other_sets(test, fact)
    else:
        yield Known(not test.wanted)
    yield ANYTHING


def _other_ranges(test: Within) -> Iterator[Test]:
    if test.negated:
        yield Within(test.ranges)
    for place, item in enumerate(test.ranges):
        around = test.ranges[:place], test.ranges[place + 1 :]
        for wrong in _wrong_ranges(item):
            if not wrong.empty:
                yield Within((*around[0], wrong, *around[1]), test.negated)
        if len(test.ranges) > 1:
            yield Within((*around[0], *around[1]), test.negated)


def _wrong_ranges(item: Range) -> Iterator[Range]:
    if item.low is not None and item.low == item.high:
        yield from (Range(item.low + step, item.low + step) for step in (1, -1))
        return
    if item.low is not None:
        yield replace(item, low_in=not item.low_in)
        yield from (replace(item, low=item.low + step) for step in (1, -1))
    if item.high is not None:
        yield replace(item, high_in=not item.high_in)
        yield from (replace(item, high=item.high + step) for step in (1, -1))


def _other_values(test: OneOf, fact: Fact) -> Iterator[Test]:
    if test.negated:
        yield OneOf(test.values)
    if fact.type is FactType.BOOL:
        yield OneOf(tuple(not value for value in test.values), test.negated)
        return
    for values in _other_codes([str(value) for value in test.values], fact):
        yield OneOf(values, test.negated)


def _other_sets(test: Has, fact: Fact) -> Iterator[Test]:
    how = {HasHow.ANY: HasHow.ALL, HasHow.ALL: HasHow.ANY, HasHow.NONE: HasHow.ANY}[test.how]
    yield Has(how, test.codes)
    for codes in _other_codes(test.codes, fact):
        yield Has(test.how, codes)


def _other_codes(codes: Sequence[str], fact: Fact) -> Iterator[tuple[str, ...]]:
    """Yield lists of codes with one next to the right one, one left out, one too many."""
    known = list(fact.codes)
    for place, code in enumerate(codes):
        around = codes[:place], codes[place + 1 :]
        for other in _neighbours(code, known):
            if other not in codes:
                yield (*around[0], other, *around[1])
        if len(codes) > 1:
            yield (*around[0], *around[1])
    if len(codes) + 1 < len(known):
        yield from ((*codes, other) for other in _neighbours(codes[-1], known)[:1] if other not in codes)


def _neighbours(code: str, known: Sequence[str]) -> list[str]:
    """Return the code below this one in the list, and the one above it."""
    if code not in known:
        return []
    place = known.index(code)
    return [known[each] for each in (place + 1, place - 1) if 0 <= each < len(known)]


def _other_outputs(table: Table, at: int, place: int) -> Iterator[Output | None]:
    value, column = table.rows[at].then[place], table.outputs[place]
    if column.type is FactType.TEXT or value is None:
        return
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from other_numbers(value)
    elif isinstance(value, date):
        yield from (value + timedelta(days=step) for step in (1, -1))
    elif isinstance(value, str):
        yield from _neighbours(value, column.codes)
    elif isinstance(value, tuple) and len(value) > 1:
        yield value[:-1]
    beside = [*table.rows[at + 1 : at + 2], *table.rows[max(at - 1, 0) : at]]
    yield from (row.then[place] for row in beside if row.then[place] is not None)


def other_numbers(value: int) -> Iterator[int]:
    """Yield the number with two digits changed round, a zero too few, a zero too many."""
    sign, digits = (-1 if value < 0 else 1), str(abs(value))
    for place in range(len(digits) - 1):
        if digits[place] != digits[place + 1] and (place or digits[1] != "0"):
            yield sign * int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :])
            break
    if value and value % 10 == 0:
        yield value // 10
    if value and abs(value) * 10 < MAX_WHOLE:
        yield value * 10


def _other_periods(period: Period) -> Iterator[Period]:
    if period == ALWAYS:
        return
    day = timedelta(days=1)
    for wrong in (
        lambda: Period(period.since and period.since + day, period.until),
        lambda: Period(period.since and period.since - day, period.until),
        lambda: Period(period.since, period.until and period.until + day),
        lambda: Period(period.since, period.until and period.until - day),
    ):
        yield from _if_there_is(wrong)


def _if_there_is(period: Callable[[], Period]) -> Iterator[Period]:
    try:
        yield period()
    except (RulesError, OverflowError):
        return  # a period of no day cannot be written


class _Said:
    """The outputs of one table in words."""

    def __init__(self, table: Table, definition: ProcedureDefinition) -> None:
        self._table, self._uses = table, uses_of(definition)
        self._lists = {each.id: {item.code: item.label for item in each.items} for each in definition.lists}

    def head(self, column: OutputColumn) -> str:
        """Say what a column is called."""
        named = len(self._table.outputs) == 1 or column.id == "amount"
        name = self._table.label if named else HEADS.get(column.id, same(column.id))
        return f"“{head_said(column, self._of(column), name)}”"

    def value(self, value: Output | None, column: OutputColumn) -> Text:
        """Say what a row gives for a column."""
        if column.id == "unit" and value in UNIT_NAMES:
            return UNIT_NAMES[str(value)]
        return value_said(value, column, self._of(column), self._lists.get(column.list))

    def _of(self, column: OutputColumn) -> tuple[Use, ...]:
        return self._uses.get((self._table.id, column.id), ())
