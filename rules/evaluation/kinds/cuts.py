"""Reductions (miễn, giảm): the one best for the payer counts, or, where the law says so, their sum up to a ceiling."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rules.definition.money import Bound, Cut, Line, Stacking, cuts_of, stacking_of
from rules.evaluation.almost import would_count
from rules.evaluation.explain import facts_used, row_reason, unknown_reason
from rules.evaluation.findings import Offer, Reason
from rules.evaluation.sayings import CutWords
from rules.evaluation.situation import Situation
from rules.reductions import PERCENT_DIGITS, WHOLE, Reduction, ceiling_of, paid_after, paid_after_all
from rules.table.decision import Row, Table
from rules.values import Money, Text, counted, measured, money_words
from rules.wording import followed, inner, joined, phrase

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
class _Applying:
    """A reduction whose row applies: what it takes off, the limit of its cut aside, and why, without what is left."""

    cut: Cut
    words: CutWords
    why: Reason

    def reduction(self, situation: Situation) -> Reduction:
        """Return what it takes off within the limit of its cut."""
        return _limited(self.words.reduction, self.cut, situation)

    def reason(self, offer: Offer, situation: Situation) -> Reason:
        """Return why what it offers counts; of a reduction that lost only the offer is told."""
        named = [self.cut.most] if isinstance(self.cut.most, str) else []
        facts = (*self.why.facts, *facts_used(named, situation)) if named else self.why.facts
        return replace(self.why, sentence=offer.sentence, facts=facts)


def cutting(line: Line, base: int, situation: Situation) -> Cutting:
    """Return what is left of the full amount after the reductions that apply (TT 117/2026 Điều 2 khoản 2)."""
    stacking = stacking_of(line)
    applying = [cut for cut in cuts_of(line) if situation.hits[cut.table].rows]
    bounds = [*[cut.most for cut in applying], stacking.amount if stacking and applying else None]
    limits = [bound for bound in bounds if bound is not None]
    unusable = _unusable(line, limits, situation) if limits else None
    if unusable:
        return unusable
    found = _found(line, situation)
    if not found:
        return Cutting(base)
    offers = [_offer(line, base, each, situation) for each in found]
    return _best(offers, found, situation) if stacking is None else _stacked(line, base, offers, found, situation)


def _unusable(line: Line, limits: list[Bound], situation: Situation) -> Cutting | None:
    """Return what is said where a limit of the reductions is not known or makes no sense, None where all are good."""
    unknown = [name for name in limits if isinstance(name, str) and situation.facts.get(name) is None]
    if unknown:
        vi, en = "Chưa tính được mức giảm: chưa biết {}", "The reduction is not computed: no answer for {}"
        return Cutting(None, reasons=(unknown_reason(line.id, vi, en, unknown, situation),))
    negative = any((_value(bound, situation) or 0) < 0 for bound in limits)
    return Cutting(None, fault="mức giảm tối đa là số âm") if negative else None


def cutting_more(line: Line, base: int, paid: int, situation: Situation) -> Callable[[Table, Row, str], bool]:
    """Return what tells of a row in a table of reductions whether less than `paid` would be left if it applied as well.

    Where the limit of a reduction is not known it is taken to be none.
    """
    of_cut, cuts, stacking = situation.procedure.sayings.of_cut, cuts_of(line), stacking_of(line)
    beside = [each.reduction(situation) for each in _found(line, situation)] if stacking else []
    ceiling = ceiling_of(base, stacking.percent, _value(stacking.amount, situation)) if stacking else 0
    # Where nothing else plays a part, only what takes off more than is taken off now leaves less.
    enough = (base - paid) * WHOLE if stacking is None and line.rounding is None else -1

    def left(more: Reduction) -> int:
        if stacking is None:
            return paid_after(base, more, line.rounding)
        return paid_after_all(base, (*beside, more), ceiling, line.rounding)

    def betters(table: Table, row: Row, failed: str) -> bool:
        for cut in cuts:  # asked of every row that almost applies: a generator costs twice as much
            words = of_cut(table, row, cut.output, line.currency) if cut.table == table.id else None
            if words is None or words.reduction.exact(base) <= enough:
                continue
            if left(_limited(words.reduction, cut, situation)) < paid:
                return would_count(table, row, failed, situation)
        return False

    return betters


def _value(bound: Bound | None, situation: Situation) -> int | None:
    return situation.facts.get(bound) if isinstance(bound, str) else bound


def _best(offers: list[Offer], found: list[_Applying], situation: Situation) -> Cutting:
    amounts = [each.amount for each in offers]
    amount = min(amounts)
    place = amounts.index(amount)
    lost = (*offers[:place], *offers[place + 1 :])
    return Cutting(amount, (offers[place],), lost, (found[place].reason(offers[place], situation),))


def _stacked(line: Line, base: int, offers: list[Offer], found: list[_Applying], situation: Situation) -> Cutting:
    stacking = stacking_of(line)
    assert stacking is not None
    ceiling = ceiling_of(base, stacking.percent, _value(stacking.amount, situation))
    paid = paid_after_all(base, [each.reduction(situation) for each in found], ceiling, line.rounding)
    names = [stacking.amount] if isinstance(stacking.amount, str) else []
    said = phrase(
        "Cộng {} mức giảm, tổng không quá {}: còn {}",
        "{} reductions together, no more than {} in all: {} is left",
        *(counted(len(found)), ceiling_said(stacking, line.currency, situation), Money(paid, line.currency).words),
    )
    each = [applying.reason(offer, situation) for applying, offer in zip(found, offers, strict=True)]
    return Cutting(paid, tuple(offers), (), (*each, Reason(line.id, said, facts_used(names, situation))))


def ceiling_said(stacking: Stacking, currency: str, situation: Situation) -> Text:
    """Say to what the reductions may add up."""
    percent = [] if stacking.percent is None else [phrase("{}%", "{}%", measured(stacking.percent, PERCENT_DIGITS))]
    money = [] if stacking.amount is None else [_bound_said(stacking.amount, currency, situation)]
    return joined((*percent, *money), " và ", " and ")


def _bound_said(bound: Bound, currency: str, situation: Situation) -> Text:
    if isinstance(bound, str):
        return inner(situation.procedure.vocabulary[bound].label)
    return Money(bound, currency).words


def _found(line: Line, situation: Situation) -> list[_Applying]:
    """Return the reductions of the line whose rows apply."""
    return [each for cut in cuts_of(line) for each in _applying(cut, line.currency, situation)]


def _applying(cut: Cut, currency: str, situation: Situation) -> list[_Applying]:
    """Return the reductions of one cut whose rows apply, once for all lines that are cut alike."""
    key = "applying", cut.table, cut.output, cut.most, currency
    known = situation.own.get(key)
    if known is None:
        hits, of_cut = situation.hits[cut.table], situation.procedure.sayings.of_cut
        said = [(row, of_cut(hits.table, row, cut.output, currency)) for row in hits.rows]
        known = situation.own[key] = [
            _Applying(cut, words, row_reason(hits.table, row, situation, words.said)) for row, words in said if words
        ]
    return known


def _offer(line: Line, base: int, applying: _Applying, situation: Situation) -> Offer:
    """Return what would be paid with this reduction alone; those that add up say it together."""
    words, why, reduction = applying.words, applying.why, applying.words.reduction
    sentence = why.sentence
    if applying.cut.most is not None:
        reduction = applying.reduction(situation)
        if reduction.exact(base) < words.reduction.exact(base):
            most = _bound_said(applying.cut.most, line.currency, situation)
            sentence = followed(sentence, ", tối đa ", ", at most ", most)
    paid = paid_after(base, reduction, line.rounding)
    if stacking_of(line) is None:
        sentence = followed(sentence, ", còn ", ", leaving ", money_words(paid, line.currency))
    return Offer(
        rule=why.rule,
        sentence=sentence,
        percent=words.percent,
        amount=paid,
        citation=why.citation,
        scale=words.scale,
        off=words.off,
        saved=base - paid,
    )


def _limited(reduction: Reduction, cut: Cut, situation: Situation) -> Reduction:
    """Return a reduction within the limit of its cut; one that is not known is taken to be none."""
    return reduction if cut.most is None else replace(reduction, most=_value(cut.most, situation))
