"""By when the procedures that are settled together (liên thông) must be there: the group, and each of its children."""

from datetime import datetime

from rules.clock.limit_data import LimitData
from rules.clock.running import due_after
from rules.definition.linked import LinkedChild, LinkedGroup
from rules.definition.linked_words import child_words
from rules.evaluation.explain import citation, condition_facts, facts_used
from rules.evaluation.findings import LinkedChildFinding, LinkedFinding, Reason
from rules.evaluation.kinds.told import with_facts
from rules.evaluation.situation import Situation
from rules.wording import headed, joined


def linked_due(situation: Situation) -> LinkedFinding | None:
    """Return the group with the children that this dossier has, None where the procedure is part of none.

    A child that waits for another counts from when that is due: the latest it can begin.
    """
    group = situation.procedure.definition.linked
    if group is None:
        return None
    ceiling = due_after(group.ceiling, situation.at, situation.office)
    return LinkedFinding(
        label=group.label,
        ceiling=LimitData.of(group.ceiling),
        due=ceiling.isoformat(),
        children=_children(group, ceiling, situation),
        citation=citation(group.basis, situation),
    )


def _children(group: LinkedGroup, ceiling: datetime, situation: Situation) -> tuple[LinkedChildFinding, ...]:
    ends: dict[str, datetime] = {}
    found: list[LinkedChildFinding] = []
    for child in group.children:
        begins = ends.get(child.after, situation.at)
        ends[child.id] = begins  # one that is not part of this dossier takes no time
        if child.when is None or child.when.holds(situation.facts):
            due = ends[child.id] = due_after(child.within, begins, situation.office)
            within = child.acknowledged_within
            found.append(
                LinkedChildFinding(
                    id=child.id,
                    procedure=child.procedure,
                    label=child.label,
                    system=child.system,
                    after=child.after,
                    acknowledged_within=LimitData.of(within) if within else None,
                    acknowledge_by=due_after(within, begins, situation.office).isoformat() if within else "",
                    within=LimitData.of(child.within),
                    due=due.isoformat(),
                    past_ceiling=due > ceiling,
                    reasons=(_reason(child, group, situation),),
                )
            )
    return tuple(found)


def _reason(child: LinkedChild, group: LinkedGroup, situation: Situation) -> Reason:
    used = facts_used(condition_facts(child.when), situation)
    said = with_facts(headed(child.label, joined(child_words(child, group), "; ")), used)
    return Reason(child.id, said, used, citation(child.basis, situation))
