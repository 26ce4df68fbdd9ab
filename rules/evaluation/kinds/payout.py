"""What the office pays out (chi trả): allowances, support and refunds that the law sets."""

from rules.definition.money import Payout
from rules.evaluation.findings import PayoutFinding
from rules.evaluation.kinds.lines import notice_of, worked
from rules.evaluation.situation import Situation


def payout_due(payout: Payout, situation: Situation) -> PayoutFinding | None:
    """Return what this line pays, None where there is no such line."""
    found = worked(payout, situation)
    if found is None:
        return None
    return PayoutFinding(
        id=payout.id,
        label=payout.label,
        payee=payout.payee,
        currency=payout.currency,
        state=found.state,
        amount=found.amount,
        reasons=found.reasons,
        near=found.near,
        example=found.example,
        rows=found.rows,
        assessed=notice_of(payout, situation),
    )
