"""Which steps of the internal process (quy trình nội bộ) this dossier takes, how long, and by whom."""

from rules.evaluation import ExternalFinding, Reason, RelationFinding, StepFinding
from rules.explain import citation, condition_facts, facts_used
from rules.kinds.route import unit_of
from rules.limit_data import LimitData
from rules.process import ExternalSystem, ProcessStep, Relation
from rules.process_words import step_words
from rules.situation import Situation
from rules.spans import Limit
from rules.wording import headed, joined, phrase


def steps_taken(situation: Situation) -> tuple[StepFinding, ...]:
    """Return the steps that concern this dossier, in the order of the definition."""
    steps = situation.procedure.definition.steps
    return tuple(_step(step, situation) for step in steps if step.when is None or step.when.holds(situation.facts))


def _step(step: ProcessStep, situation: Situation) -> StepFinding:
    return StepFinding(
        id=step.id,
        label=step.label,
        at_least=_data(step.at_least),
        at_most=_data(step.at_most),
        external=_external(step.external) if step.external else None,
        relation=_relation(step.relation, situation) if step.relation else None,
        reasons=(_reason(step, situation),),
    )


def _data(limit: Limit | None) -> LimitData | None:
    return LimitData.of(limit) if limit else None


def _external(external: ExternalSystem) -> ExternalFinding:
    return ExternalFinding(external.system, external.clock.value, _data(external.acknowledged_within))


def _relation(relation: Relation, situation: Situation) -> RelationFinding:
    return RelationFinding(relation.to.value, relation.fact, unit_of(relation, situation), relation.branch)


def _reason(step: ProcessStep, situation: Situation) -> Reason:
    used = facts_used(condition_facts(step.when), situation)
    said = step_words(step, situation.procedure.vocabulary)
    sentence = headed(step.label, joined(said, "; ")) if said else step.label
    if used:
        shown = joined([headed(fact.label, fact.shown) for fact in used], "; ")
        sentence = phrase("{} ({})", "{} ({})", sentence, shown)
    return Reason(step.id, sentence, used, citation(step.basis, situation))
