"""Proof before publication of the lines of money: each cites its basis, and what it comes to can be counted."""

from collections.abc import Iterator, Mapping

from rules.bounds import Interval
from rules.check.formulas import proved_domains
from rules.definition.money import FromTable, Line
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Place, Problem, Severity
from rules.values import MAX_WHOLE
from rules.vocabulary import Vocabulary

_NONE = Interval(0, 0)
_ONCE = Interval(1, 1)


def money_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield amounts without a legal basis, and lines that can come to more than can be counted."""
    domains, vocabulary = proved_domains(definition), definition.vocabulary
    rows = {field.id: field.max_rows for field in definition.fields if field.fields}
    for where, line in _lines(definition):
        if not isinstance(line.amount, FromTable) and line.amount.basis is None:
            yield Problem((*where, "amount"), f"Khoản “{line.label}” chưa ghi căn cứ pháp lý.", "Thêm basis.")
        yield from _too_large(where, line, _most(line, domains, definition, rows), vocabulary)


def _lines(definition: ProcedureDefinition) -> Iterator[tuple[Place, Line]]:
    yield from ((("charges", place), line) for place, line in enumerate(definition.charges))
    yield from ((("payouts", place), line) for place, line in enumerate(definition.payouts))


def _most(
    line: Line, domains: Mapping[str, Interval], definition: ProcedureDefinition, rows: Mapping[str, int]
) -> Interval:
    """Return from 0 to the most a line can come to, with the facts without declared bounds that this rests on."""
    if isinstance(line.amount, FromTable):
        table = definition.table(line.amount.table)
        outputs = [table.output(row, line.amount.output) for row in table.rows]
        one = Interval(0, sum(amount for amount in outputs if isinstance(amount, int)))
    else:
        one = domains.get(line.amount.fact, _NONE)
    times = domains.get(line.times, _ONCE) if line.times else _ONCE
    most, loose = one.high * times.high, one.loose | times.loose
    if isinstance(line.cap, int) and line.cap < most:
        most, loose = line.cap, frozenset[str]()
    return Interval(0, max(most, 0) * rows.get(line.for_each, 1), loose)


def _too_large(where: Place, line: Line, most: Interval, vocabulary: Vocabulary) -> Iterator[Problem]:
    if most.high < MAX_WHOLE:
        return
    lacking = ", ".join(f"“{vocabulary[name].label}”" for name in sorted(most.loose))
    why = f" vì chưa khai giới hạn của {lacking}" if lacking else ""
    severity = Severity.WARNING if lacking else Severity.ERROR
    what = f"Khoản “{line.label}” có thể vượt quá giới hạn tính được{why}."
    yield Problem(where, what, "Thêm min và max, hoặc mức tối đa cap.", severity)
