"""What one line of money comes to, for the dossier or for each row of a group, and why.

The amount times its number is rounded, kept between floor and cap, then reduced; nothing is ever guessed: where a part
is unknown or contradictory the line has no amount.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from rules.definition.money import Assessed, Bound, Charge, FromFact, FromTable, Line, cuts_of, facts_read, tables_read
from rules.errors import Problem
from rules.evaluation.almost import ADDING, beside, would_count
from rules.evaluation.examples import example_read
from rules.evaluation.explain import (
    MOST_NEAR,
    citation,
    condition_reason,
    fact_origin,
    facts_used,
    near_misses,
    no_row_reason,
    row_reason,
    scale_reasons,
    unknown_reason,
)
from rules.evaluation.findings import NearMiss, Notice, Offer, Reason, RowAmount, State
from rules.evaluation.kinds.broken import rests_on_broken
from rules.evaluation.kinds.cuts import NO_CUT, NOT_CUT, Cutting, cutting, cutting_more
from rules.evaluation.missing import line_misses, may_apply, own_misses
from rules.evaluation.sayings import cut_said
from rules.evaluation.situation import Situation
from rules.table.decision import Row, Table
from rules.values import MAX_WHOLE, Money, Text, counted, day_figures, money_words
from rules.wording import headed, inner, phrase

NO_AMOUNT = Text("không có mức thu", "no amount")
NOTHING_PAID = Text("không có mức chi trả", "no amount to pay out")
NO_SUM: Mapping[State, Text] = MappingProxyType(
    {
        State.MISSING: Text("chưa đủ dữ liệu để tính", "not enough is known to compute it"),
        State.NO_RULE: Text("chưa có quy định áp dụng", "no rule applies"),
        State.CONFLICT: Text("không tính được", "it cannot be worked out"),
    }
)
"""What is said in the place of an amount, by why there is none."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What a line comes to: its amount and that before reductions in whole minor units, None where nothing says it."""

    state: State
    amount: int | None
    base: int | None
    reasons: tuple[Reason, ...]
    cut: Cutting = NOT_CUT
    near: tuple[NearMiss, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: tuple[RowAmount, ...] = ()
    example: Text | None = None


@dataclass(frozen=True, slots=True)
class Full:
    """The amount before reductions and how it came about; `fault` says why it cannot be counted."""

    amount: int | None
    reasons: tuple[Reason, ...] = ()
    fault: str = ""


def worked(line: Line, situation: Situation) -> Worked | None:
    """Return what the line comes to, None where there is no such line (its condition fails)."""
    key = type(line), line.id
    if key not in situation.memo:
        situation.memo[key] = _over_rows(line, situation) if line.for_each else _once(line, situation)
    return situation.memo[key]


def notice_of(line: Line, situation: Situation) -> Notice | None:
    """Return the notice that sets the amount of a line, None where no other body does."""
    if not isinstance(line.amount, Assessed):
        return None
    number, day = (situation.facts.get(name) for name in (line.amount.number, line.amount.day))
    file = situation.facts.get(line.amount.file) or ""
    return Notice(line.amount.by, number or "", day.isoformat() if isinstance(day, date) else "", file)


def line_problems(line: Line, situation: Situation) -> Iterator[Problem]:
    """Yield the conflicts of the tables a line reads, and an amount that cannot be counted."""
    found = worked(line, situation)
    yield from found.problems if found else ()


def _once(line: Line, situation: Situation) -> Worked | None:
    """Work a line out where it stands: for the dossier, or for one row of its group."""
    if line.when is None or line.when.holds(situation.facts):
        return _amount_of(line, situation)
    if not may_apply(line, situation):
        return None
    names = [name for name in line.when.facts if situation.facts.get(name) is None]
    vi, en = "Chưa biết có khoản này hay không: chưa biết {}", "Not known whether this line applies: no answer for {}"
    return Worked(_unsaid(line, situation), None, None, (unknown_reason(line.id, vi, en, names, situation),))


def _unsaid(line: Line, situation: Situation) -> State:
    """Return what it means that nothing is said here: facts are wanting, it cannot be computed, or no rule applies."""
    if own_misses(line, situation):
        return State.MISSING
    broken = rests_on_broken(tables_read(line), facts_read(line), situation)
    return State.CONFLICT if broken else State.NO_RULE


def _amount_of(line: Line, situation: Situation) -> Worked:
    tables = tables_read(line)
    hits = [situation.hits[name] for name in tables]
    conflicts = [problem for problem in (each.problem() for each in hits) if problem]
    full = Full(None) if conflicts else _full(line, situation)
    base = full.amount
    cut = NOT_CUT if base is None else cutting(line, base, situation)
    fault = full.fault or cut.fault
    conflicts += [Problem((_section(line), line.id), f"“{line.label}” không tính được: {fault}.")] if fault else []
    decided = State.DECIDED if cut.amount is not None else _unsaid(line, situation)
    return Worked(
        state=State.CONFLICT if conflicts else decided,
        amount=cut.amount,
        base=base,
        reasons=(
            *_when_reasons(line, situation, of_rows=bool(line.for_each)),
            *_source_reasons(line, situation),
            *full.reasons,
            *cut.reasons,
        ),
        cut=cut,
        near=_near(line, base, cut, [each.table for each in hits], situation),
        problems=tuple(conflicts),
        example=_example(line, tables, situation),
    )


def _section(line: Line) -> str:
    return "charges" if isinstance(line, Charge) else "payouts"


def _full(line: Line, situation: Situation) -> Full:
    """Return the amount before reductions: of one, times the number, rounded, between floor and cap."""
    single = _single(line, situation)
    times = situation.facts.get(line.times) if line.times else 1
    if single is None or times is None:
        return Full(None)
    if single < 0:
        return Full(None, fault="số tiền tính ra là số âm")
    if not 0 <= single * times < MAX_WHOLE:
        return Full(None, fault="số lượng âm hoặc quá lớn")
    steps = [_times_reason(line, single * times, situation)] if line.times else []
    amount = line.rounding.ratio(single * times, 1) if line.rounding else single * times
    if amount >= MAX_WHOLE:
        return Full(None, fault="số tiền quá lớn")
    if line.rounding and amount != single * times:
        to, paid = Money(line.rounding.to, line.currency).words, Money(amount, line.currency).words
        steps.append(Reason(line.id, phrase("Làm tròn đến {}: {}", "Rounded to {}: {}", to, paid)))
    return _bounded(line, Full(amount, tuple(steps)), situation)


def _single(line: Line, situation: Situation) -> int | None:
    if not isinstance(line.amount, FromTable):
        return situation.facts.get(line.amount.fact)
    hits = situation.hits[line.amount.table]
    amounts = [hits.table.output(row, line.amount.output) for row in hits.rows]
    whole = [amount for amount in amounts if isinstance(amount, int)]
    return sum(whole) if whole else None


def _bounded(line: Line, full: Full, situation: Situation) -> Full:
    """Keep the amount between floor and cap; an unknown one leaves no amount."""
    assert full.amount is not None
    if line.floor is None and line.cap is None:
        return full
    low, high = bound_of(line.floor, situation), bound_of(line.cap, situation)
    unknown = [name for name, value in ((line.floor, low), (line.cap, high)) if isinstance(name, str) and value is None]
    if unknown:
        vi, en = "Chưa tính được: chưa biết {}", "Not computed: no answer for {}"
        return Full(None, (*full.reasons, unknown_reason(line.id, vi, en, unknown, situation)))
    if (low or 0) < 0 or (high is not None and high < max(low or 0, 0)):
        return Full(None, full.reasons, fault="mức tối thiểu và mức tối đa không dùng được")
    amount = max(full.amount, low or 0)
    amount = amount if high is None else min(amount, high)
    if amount == full.amount:
        return full
    raised = amount > full.amount
    vi, en = ("Không dưới {}: {}", "No less than {}: {}") if raised else ("Không quá {}: {}", "No more than {}: {}")
    said = _bound_reason(line, (line.floor if raised else line.cap) or 0, (vi, en, amount), situation)
    return Full(amount, (*full.reasons, said))


def bound_of(bound: Bound | None, situation: Situation) -> int | None:
    """Return a limit on money in whole minor units, None where there is none or it is not known."""
    return situation.facts.get(bound) if isinstance(bound, str) else bound


def _bound_reason(line: Line, bound: Bound, said: tuple[str, str, int], situation: Situation) -> Reason:
    vi, en, amount = said
    paid = Money(amount, line.currency).words
    if isinstance(bound, str):
        label = inner(situation.procedure.vocabulary[bound].label)
        return Reason(line.id, phrase(vi, en, label, paid), facts_used([bound], situation))
    return Reason(line.id, phrase(vi, en, Money(bound, line.currency).words, paid))


def _times_reason(line: Line, amount: int, situation: Situation) -> Reason:
    fact = situation.procedure.vocabulary[line.times]
    shown, total = fact.shown(situation.facts.get(line.times)), Money(amount, line.currency).words
    sentence = phrase("Nhân với {}: {}, thành {}", "Times {}: {}, making {}", inner(fact.label), shown, total)
    return Reason(line.id, sentence, facts_used([line.times], situation))


def _when_reasons(line: Line, situation: Situation, *, of_rows: bool) -> Iterator[Reason]:
    """Say why the line is there: once, or for each row where its condition reads the facts of the row."""
    reads_row = line.when is not None and any(name.startswith(f"{line.for_each}.") for name in line.when.facts)
    if line.when is not None and reads_row == of_rows:
        yield condition_reason(line.id, line.when, situation)


def _source_reasons(line: Line, situation: Situation) -> Iterator[Reason]:
    """Yield why the amount of one is what it is."""
    if isinstance(line.amount, FromTable):
        hits = situation.hits[line.amount.table]
        for row in hits.all:
            yield row_reason(hits.table, row, situation, _amount_words(hits.table, row, line.amount, line))
        if not hits.all:
            yield no_row_reason(hits.table, situation)
    elif isinstance(line.amount, FromFact):
        yield _formula_reason(line, line.amount, situation)
        yield from scale_reasons(line.amount.fact, situation)
    else:
        yield _notice_reason(line, line.amount, situation)


def _formula_reason(line: Line, source: FromFact, situation: Situation) -> Reason:
    fact = situation.procedure.vocabulary[source.fact]
    value = situation.facts.get(source.fact)
    said = NO_SUM[_unsaid(line, situation)] if value is None else Money(value, line.currency).words
    return Reason(
        rule=line.id,
        sentence=headed(fact.label, said),
        facts=facts_used([source.fact], situation),
        citation=citation(source.basis, situation),
        origin=fact_origin(source.fact, situation),
    )


def _notice_reason(line: Line, source: Assessed, situation: Situation) -> Reason:
    """Say which notice sets the amount, or that it is waited for."""
    value = situation.facts.get(source.fact)
    used, cited = facts_used((source.fact, *source.notice), situation), citation(source.basis, situation)
    if value is None:
        said = phrase("Chờ thông báo của {}", "Waiting for the notice of {}", source.by)
        return Reason(line.id, said, used, cited)
    number, day = (situation.facts.get(name) for name in (source.number, source.day))
    by = phrase("Theo thông báo của {}", "By the notice of {}", source.by)
    if number:
        by = phrase("{} số {}", "{} no. {}", by, number)
    if day:
        by = phrase("{} ngày {}", "{} of {}", by, day_figures(day))
    return Reason(line.id, headed(by, Money(value, line.currency).words), used, cited)


def _amount_words(table: Table, row: Row, source: FromTable, line: Line) -> Text:
    amount = table.output(row, source.output)
    return money_words(amount, line.currency) if isinstance(amount, int) else _no_amount(line)


def _no_amount(line: Line) -> Text:
    return NO_AMOUNT if isinstance(line, Charge) else NOTHING_PAID


def _rates_near(line: Line, reader: str, situation: Situation) -> tuple[NearMiss, ...]:
    """Return the rows that almost set another amount of one, or one more to be added to those that count."""
    if not isinstance(line.amount, FromTable):
        return ()
    source, hits = line.amount, situation.hits[line.amount.table]
    now = hits.table.output(hits.rows[0], source.output) if hits.rows else None
    adds = hits.table.hit in ADDING

    def gives(table: Table, row: Row) -> Text:
        said = _amount_words(table, row, source, line)
        return phrase("{} mỗi đơn vị", "{} each", said) if line.times else said

    def gives_more(table: Table, row: Row) -> Text:
        return phrase("thêm {}", "{} on top", gives(table, row))

    def other(table: Table, row: Row, failed: str) -> bool:
        if adds:
            return beside(table, row, failed, situation) == ()
        return not (hits.rows and table.output(row, source.output) == now) and would_count(
            table, row, failed, situation
        )

    def more(table: Table, row: Row, failed: str) -> bool:
        return bool(table.output(row, source.output)) and bool(beside(table, row, failed, situation))

    found = near_misses([hits.table], situation, gives, reader=reader, matters=other)
    if not adds:
        return found
    return (*found, *near_misses([hits.table], situation, gives_more, reader=f"{reader}:more", matters=more))


def _near(
    line: Line, base: int | None, cut: Cutting, tables: Iterable[Table], situation: Situation
) -> tuple[NearMiss, ...]:
    """Return the rows that almost applied; of the reductions only those with which less would be paid."""
    cuts = {cut.table: cut.output for cut in cuts_of(line)}

    def gives(table: Table, row: Row) -> Text:
        value = table.output(row, cuts[table.id])
        return cut_said(table, cuts[table.id], value, line.currency) if isinstance(value, int) else NO_CUT

    reader = f"{_section(line)}:{line.id}"
    rates = _rates_near(line, reader, situation)
    if cut.amount == 0:
        return rates  # nobody can pay less
    betters = None if base is None or cut.amount is None else cutting_more(line, base, cut.amount, situation)
    reductions = [each for each in tables if each.id in cuts]
    more = near_misses(reductions, situation, gives, reader=reader, matters=betters)
    return (*rates, *more)[:MOST_NEAR]


def _example(line: Line, tables: Iterable[str], situation: Situation) -> Text | None:
    read = line.example or example_read(situation, tables, facts_read(line))
    return read or situation.procedure.definition.example


def _over_rows(line: Line, situation: Situation) -> Worked | None:
    """Work a line out for each row of its group, and add the rows up."""
    group = situation.procedure.vocabulary[line.for_each]
    if situation.facts.get(line.for_each) is None:
        if not may_apply(line, situation):
            return None
        vi, en = "Chưa đủ dữ liệu để tính: chưa biết {}", "Not enough is known to compute it: no answer for {}"
        reason = unknown_reason(line.id, vi, en, [line.for_each], situation)
        state = State.MISSING if line_misses(line, situation) else State.NO_RULE
        return Worked(state, None, None, (reason,))
    shown = [group.shown([row]) for row in situation.facts[line.for_each]]
    worked_out = [_once(line, row) for row in situation.rows(line.for_each)]
    found = [(number, said, each) for number, (said, each) in enumerate(zip(shown, worked_out, strict=True), 1) if each]
    return _added(line, found, situation) if found or line.when is None else None


_WORST = (State.CONFLICT, State.MISSING, State.NO_RULE, State.DECIDED)


def _added(line: Line, found: list[tuple[int, Text, Worked]], situation: Situation) -> Worked:
    """Add up what the rows come to; a row without an amount leaves none."""
    each = [done for _, _, done in found]
    amount, base = _sum(done.amount for done in each), _sum(done.base for done in each)
    problems = [problem for done in each for problem in done.problems]
    if (base or 0) >= MAX_WHOLE:
        amount = base = None
        problems.append(Problem((_section(line), line.id), f"“{line.label}” không tính được: số tiền quá lớn."))
    states = {State.CONFLICT} if problems else {done.state for done in each} or {State.DECIDED}
    state = next(state for state in _WORST if state in states)
    return Worked(
        state=state,
        amount=amount,
        base=base,
        reasons=(
            *_when_reasons(line, situation, of_rows=False),
            *_row_reasons(found),
            _sum_reason(
                line, len(each), NO_SUM[state] if amount is None else Money(amount, line.currency).words, situation
            ),
        ),
        cut=Cutting(
            amount,
            taken=tuple(_offers(found, lambda done: done.cut.taken)),
            lost=tuple(_offers(found, lambda done: done.cut.lost)),
        ),
        near=tuple(dict.fromkeys(miss for done in each for miss in done.near))[:MOST_NEAR],
        problems=tuple(dict.fromkeys(problems)),
        rows=tuple(RowAmount(row, said, done.state, done.amount, done.base) for row, said, done in found),
        example=next((done.example for done in each if done.example), _example(line, tables_read(line), situation)),
    )


def _sum(amounts: Iterable[int | None]) -> int | None:
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    return sum(known) if len(known) == len(listed) else None


def _row_reasons(found: list[tuple[int, Text, Worked]]) -> Iterator[Reason]:
    for number, said, done in found:
        yield from (replace(each, sentence=_in_row(number, said, each.sentence)) for each in done.reasons)


def _offers(found: list[tuple[int, Text, Worked]], of: Callable[[Worked], tuple[Offer, ...]]) -> Iterator[Offer]:
    for number, said, done in found:
        yield from (replace(each, sentence=_in_row(number, said, each.sentence)) for each in of(done))


def _in_row(number: int, said: Text, sentence: Text) -> Text:
    return phrase("Dòng {} ({}): {}", "Row {} ({}): {}", str(number), said, sentence)


def _sum_reason(line: Line, rows: int, paid: Text, situation: Situation) -> Reason:
    label = situation.procedure.vocabulary[line.for_each].label
    said = phrase("{}, cộng {} dòng: {}", "{}, the sum of {} rows: {}", label, counted(rows), paid)
    return Reason(line.id, said, facts_used([line.for_each], situation))
