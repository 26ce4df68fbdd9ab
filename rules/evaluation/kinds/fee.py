"""What an applicant pays: phí, lệ phí and service prices, each with the reductions that counted and those that lost."""

from rules.definition.money import Charge
from rules.evaluation.findings import ChargeFinding
from rules.evaluation.kinds.lines import notice_of, worked
from rules.evaluation.situation import Situation


def charge_due(charge: Charge, situation: Situation) -> ChargeFinding | None:
    """Return what this line costs, None where there is no such line."""
    found = worked(charge, situation)
    if found is None:
        return None
    first, *others = found.cut.taken or (None,)
    return ChargeFinding(
        id=charge.id,
        label=charge.label,
        kind=charge.kind.value,
        set_by=charge.set_by.value,
        currency=charge.currency,
        state=found.state,
        amount=found.amount,
        base=found.base,
        collected=charge.collected.value,
        refundable=charge.refundable,
        owed=charge.owed_when is not None and charge.owed_when.holds(situation.facts),
        reasons=found.reasons,
        cut=first,
        lost=found.cut.lost,
        near=found.near,
        example=found.example,
        stacked=tuple(each for each in others if each),
        rows=found.rows,
        assessed=notice_of(charge, situation),
    )
