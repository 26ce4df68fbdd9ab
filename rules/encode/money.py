"""Lines of money as plain data: what `rules.decode.money` reads back to the same."""

from typing import Any

from rules.definition.money import Assessed, Charge, Cut, FromFact, FromTable, Line, Payout, Stacking
from rules.encode.registers import basis, kept
from rules.reductions import PERCENT_DIGITS
from rules.rounding import Rounding
from rules.table.decision import Condition
from rules.values import decimal_text

Data = dict[str, Any]


def charge(charge: Charge) -> Data:
    """Return a charge as plain JSON values; what is empty or the default is left out."""
    return {
        **_line(charge),
        **kept(
            kind=charge.kind.value,
            set_by=charge.set_by.value,
            cuts=[_cut(cut) for cut in charge.cuts],
            combine=_stacking(charge.stacking),
            collected=charge.collected.value,
            refundable=charge.refundable,
            owed_when=condition(charge.owed_when),
        ),
    }


def payout(payout: Payout) -> Data:
    """Return a payout as plain JSON values; what is empty or the default is left out."""
    return {**_line(payout), "payee": payout.payee.to_data()}


def output_of(source: FromTable | Cut) -> Data:
    """Return the output of a table that something reads."""
    return {"table": source.table, "output": source.output}


def rounding(rounding: Rounding | None) -> Data | None:
    """Return how something is rounded."""
    return {"to": rounding.to, "how": rounding.how.value} if rounding else None


def condition(condition: Condition | None) -> list[Data] | None:
    """Return a condition as the list of its groups of cells, any of which is enough."""
    if condition is None:
        return None
    return [{name: cell.text for name, cell in group.items()} for group in condition.any_of]


def _line(line: Line) -> Data:
    return kept(
        id=line.id,
        label=line.label.to_data(),
        currency=line.currency,
        amount=_amount(line.amount),
        times=line.times,
        when=condition(line.when),
        for_each=line.for_each,
        floor=line.floor,
        cap=line.cap,
        round=rounding(line.rounding),
        example=line.example.to_data() if line.example else None,
    )


def _amount(source: FromTable | FromFact | Assessed) -> Data:
    if isinstance(source, FromTable):
        return output_of(source)
    given = kept(fact=source.fact, basis=basis(source.basis))
    if isinstance(source, FromFact):
        return given
    notice = kept(number=source.number, day=source.day, file=source.file)
    return {**given, **kept(assessed_by=source.by.to_data(), notice=notice)}


def _cut(cut: Cut) -> Data:
    return {**output_of(cut), **kept(most=cut.most)}


def _stacking(stacking: Stacking | None) -> Data | None:
    if stacking is None:
        return None
    percent = None if stacking.percent is None else decimal_text(stacking.percent, PERCENT_DIGITS)
    return kept(stack=True, ceiling_percent=percent, ceiling=stacking.amount)
