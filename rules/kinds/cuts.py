"""Reductions (miễn, giảm): the one best for the payer counts, or, where the law says so, their sum up to a ceiling."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.evaluation import Offer, Reason
from rules.explain import facts_used, row_reason, unknown_reason
from rules.money import Bound, Cut, Line, Stacking, cuts_of, stacking_of
from rules.reductions import PERCENT_DIGITS, Reduction, ceiling_of, paid_after, paid_after_all, reduction_of
from rules.situation import Hits, Situation
from rules.table import Row, Table
from rules.values import Money, Text, counted, measured
from rules.vocabulary import FactType
from rules.wording import inner, joined, phrase

NO_CUT = Text("không giảm", "no reduction")
EXEMPT = Text("miễn", "free of charge")


@dataclass(frozen=True, slots=True)
class Cutting:
    """What is left after the reductions (None: not known), those that counted, those that lost, and why."""

    amount: int | None
    taken: tuple[Offer, ...] = ()
    lost: tuple[Offer, ...] = ()
    reasons: tuple[Reason, ...] = ()
    fault: str = ""


NOT_CUT = Cutting(None)
"""Stands where there is no amount to reduce."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A reduction whose row applies."""

    offer: Offer
    reason: Reason
    reduction: Reduction


def cutting(line: Line, base: int, situation: Situation) -> Cutting:
    """Return what is left of the full amount after the reductions that apply (TT 117/2026 Điều 2 khoản 2)."""
    applying = [cut for cut in cuts_of(line) if situation.hits[cut.table].rows]
    stacking = stacking_of(line)
    limits = [cut.most for cut in applying] + ([stacking.amount] if stacking and applying else [])
    unknown = [name for name in limits if isinstance(name, str) and situation.facts.get(name) is None]
    if unknown:
        vi, en = "Chưa tính được mức giảm: chưa biết {}", "The reduction is not computed: no answer for {}"
        return Cutting(None, reasons=(unknown_reason(line.id, vi, en, unknown, situation),))
    if any((_value(bound, situation) or 0) < 0 for bound in limits):
        return Cutting(None, fault="mức giảm tối đa là số âm")
    found = [each for cut in applying for each in _found(line, cut, base, situation)]
    if not found:
        return Cutting(base)
    return _best(found) if stacking is None else _stacked(line, stacking, base, found, situation)


def _value(bound: Bound | None, situation: Situation) -> int | None:
    return situation.facts.get(bound) if isinstance(bound, str) else bound


def _best(found: list[_Found]) -> Cutting:
    best = min(found, key=lambda each: each.offer.amount)
    lost = tuple(each.offer for each in found if each is not best)
    return Cutting(best.offer.amount, (best.offer,), lost, (best.reason,))


def _stacked(line: Line, stacking: Stacking, base: int, found: list[_Found], situation: Situation) -> Cutting:
    ceiling = ceiling_of(base, stacking.percent, _value(stacking.amount, situation))
    paid = paid_after_all(base, (each.reduction for each in found), ceiling, line.rounding)
    names = [stacking.amount] if isinstance(stacking.amount, str) else []
    said = phrase(
        "Cộng {} mức giảm, tổng không quá {}: còn {}",
        "{} reductions together, no more than {} in all: {} is left",
        *(counted(len(found)), ceiling_said(stacking, line.currency, situation), Money(paid, line.currency).words),
    )
    reasons = (*(each.reason for each in found), Reason(line.id, said, facts_used(names, situation)))
    return Cutting(paid, tuple(each.offer for each in found), (), reasons)


def ceiling_said(stacking: Stacking, currency: str, situation: Situation) -> Text:
    """Say to what the reductions may add up."""
    percent = [] if stacking.percent is None else [phrase("{}%", "{}%", measured(stacking.percent, PERCENT_DIGITS))]
    money = [] if stacking.amount is None else [_bound_said(stacking.amount, currency, situation)]
    return joined((*percent, *money), " và ", " and ")


def _bound_said(bound: Bound, currency: str, situation: Situation) -> Text:
    if isinstance(bound, str):
        return inner(situation.procedure.vocabulary[bound].label)
    return Money(bound, currency).words


def _found(line: Line, cut: Cut, base: int, situation: Situation) -> Iterator[_Found]:
    """Yield every reduction of the table whose row applies, with what would be paid and why."""
    hits = situation.hits[cut.table]
    for row in hits.rows:
        reduction = reduction_of(hits.table, row, cut, _value(cut.most, situation))
        if reduction is not None:
            yield _offered(line, cut, (base, reduction), (hits, row), situation)


def _offered(line: Line, cut: Cut, of: tuple[int, Reduction], hit: tuple[Hits, Row], situation: Situation) -> _Found:
    (base, reduction), (hits, row) = of, hit
    value, column = hits.table.output(row, cut.output), hits.table.outputs[hits.table.position(cut.output)]
    assert isinstance(value, int)
    is_money = column.type is FactType.MONEY
    paid = paid_after(base, reduction, line.rounding)
    said = cut_said(hits.table, cut.output, value, line.currency)
    if cut.most is not None and reduction.exact(base) < Reduction(reduction.percent, reduction.off).exact(base):
        said = phrase("{}, tối đa {}", "{}, at most {}", said, _bound_said(cut.most, line.currency, situation))
    left = phrase("{}, còn {}", "{}, leaving {}", said, Money(paid, line.currency).words)
    reason = row_reason(hits.table, row, situation, said if stacking_of(line) else left)
    if isinstance(cut.most, str):
        reason = replace(reason, facts=(*reason.facts, *facts_used([cut.most], situation)))
    offer = Offer(
        rule=row.id,
        sentence=reason.sentence,
        percent=0 if is_money else value,
        amount=paid,
        citation=reason.citation,
        scale=column.scale,
        off=value if is_money else 0,
        saved=base - paid,
    )
    return _Found(offer, reason, reduction)


def cut_said(table: Table, output: str, value: int, currency: str) -> Text:
    """Say a reduction: `miễn`, `giảm 50%`, `giảm 20.000 đ`."""
    column = table.outputs[table.position(output)]
    if column.type is FactType.MONEY:
        return phrase("giảm {}", "{} off", Money(value, currency).words)
    if value == 100 * 10**column.scale:
        return EXEMPT
    return phrase("giảm {}%", "{}% off", measured(value, column.scale))
