"""Reductions (miễn, giảm): the one best for the payer counts, or, where the law says so, their sum up to a ceiling."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.definition.money import Bound, Cut, Line, Stacking, cuts_of, stacking_of
from rules.evaluation.explain import facts_used, row_cited, row_reason, unknown_reason
from rules.evaluation.findings import Offer, Reason
from rules.evaluation.sayings import CutWords
from rules.evaluation.situation import Situation
from rules.reductions import PERCENT_DIGITS, Reduction, ceiling_of, paid_after, paid_after_all
from rules.table.decision import Row, Table
from rules.values import Money, Text, counted, measured
from rules.wording import inner, joined, phrase

NO_CUT = Text("không giảm", "no reduction")


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
    """A reduction whose row applies, and in words what it gives."""

    offer: Offer
    reduction: Reduction
    cut: Cut
    row: Row
    said: Text

    def reason(self, situation: Situation) -> Reason:
        """Return why it counts; of one that lost only the offer is told."""
        reason = row_reason(situation.hits[self.cut.table].table, self.row, situation, self.said)
        if isinstance(self.cut.most, str):
            return replace(reason, facts=(*reason.facts, *facts_used([self.cut.most], situation)))
        return reason


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
    return _best(found, situation) if stacking is None else _stacked(line, stacking, base, found, situation)


def cut_more(line: Line, cut: Cut, of: tuple[int, Row], situation: Situation) -> int:
    """Return what would be left of the full amount if this row of the cut's table applied as well.

    `of` is that amount and the row. Where the limit of the reduction is not known it is taken to be none.
    """
    base, row = of
    words = situation.procedure.sayings.of_cut(situation.hits[cut.table].table, row, cut.output, line.currency)
    if words is None:
        return base
    more = words.reduction
    if cut.most is not None:  # asked of every row that almost applies: a copy costs more than all else here
        more = replace(more, most=_value(cut.most, situation))
    stacking = stacking_of(line)
    if stacking is None:
        return paid_after(base, more, line.rounding)
    applying = [cut for cut in cuts_of(line) if situation.hits[cut.table].rows]
    found = [each.reduction for cut in applying for each in _found(line, cut, base, situation)]
    ceiling = ceiling_of(base, stacking.percent, _value(stacking.amount, situation))
    return paid_after_all(base, (*found, more), ceiling, line.rounding)


def _value(bound: Bound | None, situation: Situation) -> int | None:
    return situation.facts.get(bound) if isinstance(bound, str) else bound


def _best(found: list[_Found], situation: Situation) -> Cutting:
    best = min(found, key=lambda each: each.offer.amount)
    lost = tuple(each.offer for each in found if each is not best)
    return Cutting(best.offer.amount, (best.offer,), lost, (best.reason(situation),))


def _stacked(line: Line, stacking: Stacking, base: int, found: list[_Found], situation: Situation) -> Cutting:
    ceiling = ceiling_of(base, stacking.percent, _value(stacking.amount, situation))
    paid = paid_after_all(base, (each.reduction for each in found), ceiling, line.rounding)
    names = [stacking.amount] if isinstance(stacking.amount, str) else []
    said = phrase(
        "Cộng {} mức giảm, tổng không quá {}: còn {}",
        "{} reductions together, no more than {} in all: {} is left",
        *(counted(len(found)), ceiling_said(stacking, line.currency, situation), Money(paid, line.currency).words),
    )
    reasons = (*[each.reason(situation) for each in found], Reason(line.id, said, facts_used(names, situation)))
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
        words = situation.procedure.sayings.of_cut(hits.table, row, cut.output, line.currency)
        if words is not None:
            yield _offered(line, cut, base, (hits.table, row, words), situation)


def _offered(line: Line, cut: Cut, base: int, hit: tuple[Table, Row, CutWords], situation: Situation) -> _Found:
    table, row, words = hit
    reduction, said = words.reduction, words.said
    if cut.most is not None:
        reduction = replace(reduction, most=_value(cut.most, situation))
        if reduction.exact(base) < words.reduction.exact(base):
            said = phrase("{}, tối đa {}", "{}, at most {}", said, _bound_said(cut.most, line.currency, situation))
    paid = paid_after(base, reduction, line.rounding)
    if stacking_of(line) is None:
        said = phrase("{}, còn {}", "{}, leaving {}", said, Money(paid, line.currency).words)
    sentence, citation = row_cited(table, row, situation, said)
    offer = Offer(
        rule=row.id,
        sentence=sentence,
        percent=words.percent,
        amount=paid,
        citation=citation,
        scale=words.scale,
        off=words.off,
        saved=base - paid,
    )
    return _Found(offer, reduction, cut, row, said)
