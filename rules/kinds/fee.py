"""What an applicant pays: phí, lệ phí and service prices, with the one reduction that is best for the payer."""

from collections.abc import Iterator

from rules.definition import Charge, FromFact, FromTable
from rules.errors import Problem
from rules.evaluation import ChargeFinding, NearMiss, Offer, Reason, State
from rules.explain import citation, fact_origin, facts_used, near_misses, no_row_reason, row_reason, scale_reasons
from rules.missing import charge_misses
from rules.situation import Hits, Situation
from rules.table import Row, Table
from rules.values import MAX_WHOLE, Money, Text
from rules.wording import inner, phrase

NO_AMOUNT = Text("không có mức thu", "no amount")
NO_CUT = Text("không giảm", "no reduction")
NOT_COMPUTED = Text("chưa đủ dữ liệu để tính", "not enough is known to compute it")


def charge_due(charge: Charge, situation: Situation) -> ChargeFinding:
    """Return what this line costs, with the reduction that counted and those that lost (TT 117/2026 Điều 2 khoản 2)."""
    conflicts = [hits for hits in _hits_read(charge, situation) if hits.conflict]
    base = None if conflicts else base_amount(charge, situation)
    offers = [] if base is None else list(_offers(charge, base, situation))
    best = min(offers, key=lambda found: found[0].amount, default=None)
    amount = base if best is None else best[0].amount
    return ChargeFinding(
        id=charge.id,
        label=charge.label,
        kind=charge.kind.value,
        set_by=charge.set_by.value,
        currency=charge.currency,
        state=_state(charge, amount, conflicts, situation),
        amount=amount,
        base=base,
        collected=charge.collected.value,
        refundable=charge.refundable,
        reasons=(*_reasons(charge, base, situation), *(best[1:] if best else ())),
        cut=best[0] if best else None,
        lost=tuple([found[0] for found in offers if found is not best]),
        near=_near(charge, situation),
        example=_example(charge, situation),
    )


def _state(charge: Charge, amount: int | None, conflicts: list[Hits], situation: Situation) -> State:
    if conflicts:
        return State.CONFLICT
    if amount is not None:
        return State.DECIDED
    return State.MISSING if charge_misses(charge, situation) else State.NO_RULE


def base_amount(charge: Charge, situation: Situation) -> int | None:
    """Return the amount before reductions in whole minor units; None where no row or an unknown fact decides it."""
    amount = _single(charge, situation)
    times = situation.facts.get(charge.times) if charge.times else 1
    if amount is None or times is None or not 0 <= amount * times < MAX_WHOLE:
        return None
    return amount * times


def _single(charge: Charge, situation: Situation) -> int | None:
    if isinstance(charge.amount, FromFact):
        found = situation.facts.get(charge.amount.fact)
        return found if isinstance(found, int) and found >= 0 else None
    rows = situation.hits[charge.amount.table].rows
    amounts = [situation.hits[charge.amount.table].table.output(row, charge.amount.output) for row in rows]
    whole = [amount for amount in amounts if isinstance(amount, int)]
    return sum(whole) if whole else None


def _offers(charge: Charge, base: int, situation: Situation) -> Iterator[tuple[Offer, Reason]]:
    """Yield every reduction whose row applies, with what would be paid and why."""
    for cut in charge.cuts:
        hits = situation.hits[cut.table]
        for row in hits.rows:
            percent = hits.table.output(row, cut.output)
            if isinstance(percent, int):
                paid = Money(base, charge.currency).less(percent)
                said = phrase("{}, còn {}", "{}, leaving {}", cut_words(percent), paid.words)
                reason = row_reason(hits.table, row, situation, said)
                yield Offer(row.id, reason.sentence, percent, paid.amount, reason.citation), reason


def cut_words(percent: int) -> Text:
    """Say a reduction: `miễn`, `giảm 50%`."""
    return Text("miễn", "free of charge") if percent == 100 else Text(f"giảm {percent}%", f"{percent}% off")


def _hits_read(charge: Charge, situation: Situation) -> list[Hits]:
    return [situation.hits[table.id] for table in _tables(charge, situation)]


def _tables(charge: Charge, situation: Situation) -> list[Table]:
    sources = [source for source in (charge.amount, *charge.cuts) if isinstance(source, FromTable)]
    return [situation.hits[name].table for name in dict.fromkeys(source.table for source in sources)]


def _reasons(charge: Charge, base: int | None, situation: Situation) -> Iterator[Reason]:
    if isinstance(charge.amount, FromFact):
        yield _formula_reason(charge, charge.amount, situation)
        yield from scale_reasons(charge.amount.fact, situation)
    else:
        yield from _row_reasons(charge, charge.amount, situation)
    if charge.times and base is not None:
        fact = situation.procedure.vocabulary[charge.times]
        shown, total = fact.shown(situation.facts.get(charge.times)), Money(base, charge.currency).words
        vi, en = "Nhân với {}: {}, thành {}", "Times {}: {}, making {}"
        sentence = phrase(vi, en, inner(fact.label), shown, total)
        yield Reason(charge.id, sentence, facts_used([charge.times], situation))


def _formula_reason(charge: Charge, source: FromFact, situation: Situation) -> Reason:
    fact = situation.procedure.vocabulary[source.fact]
    value = situation.facts.get(source.fact)
    said = NOT_COMPUTED if value is None else Money(value, charge.currency).words
    return Reason(
        rule=charge.id,
        sentence=phrase("{}: {}", "{}: {}", fact.label, said),
        facts=facts_used([source.fact], situation),
        citation=citation(source.basis, situation),
        origin=fact_origin(source.fact, situation),
    )


def _row_reasons(charge: Charge, source: FromTable, situation: Situation) -> Iterator[Reason]:
    hits = situation.hits[source.table]
    for row in hits.all:
        yield row_reason(hits.table, row, situation, _amount_words(hits.table, row, source, charge))
    if not hits.all:
        yield no_row_reason(hits.table, situation)


def _amount_words(table: Table, row: Row, source: FromTable, charge: Charge) -> Text:
    amount = table.output(row, source.output)
    return Money(amount, charge.currency).words if isinstance(amount, int) else NO_AMOUNT


def _near(charge: Charge, situation: Situation) -> tuple[NearMiss, ...]:
    cuts = {cut.table: cut.output for cut in charge.cuts}

    def gives(table: Table, row: Row) -> Text:
        if table.id in cuts:
            percent = table.output(row, cuts[table.id])
            return cut_words(percent) if isinstance(percent, int) else NO_CUT
        assert isinstance(charge.amount, FromTable)
        said = _amount_words(table, row, charge.amount, charge)
        return phrase("{} mỗi đơn vị", "{} each", said) if charge.times else said

    return near_misses(_tables(charge, situation), situation, gives, reader=f"charge:{charge.id}")


def _example(charge: Charge, situation: Situation) -> Text | None:
    read = [hits.table.example for hits in _hits_read(charge, situation) if hits.rows]
    return next((text for text in read if text), situation.procedure.definition.example)


def fee_problems(charge: Charge, situation: Situation) -> Iterator[Problem]:
    """Yield the conflicts of the tables this line reads, and an amount that cannot be counted."""
    for hits in _hits_read(charge, situation):
        problem = hits.problem()
        if problem:
            yield problem
    single = _single(charge, situation)
    times = situation.facts.get(charge.times, 1) if charge.times else 1
    if single is not None and isinstance(times, int) and not 0 <= single * times < MAX_WHOLE:
        yield Problem(("charges", charge.id), f"“{charge.label}” không tính được: số lượng âm hoặc quá lớn.")
