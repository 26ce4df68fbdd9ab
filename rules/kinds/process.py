"""Which steps of the internal process (quy trình nội bộ) this dossier takes, how long each may take, and who takes it."""

from rules.evaluation import ExternalFinding, Reason, RelationFinding, StepFinding
from rules.explain import citation, condition_facts, facts_used
from rules.kinds.route import relation_said, unit_of
from rules.limit_data import LimitData
from rules.process import ExternalSystem, ProcessStep, Relation, WhoseClock
from rules.situation import Situation
from rules.spans import Limit
from rules.values import Text
from rules.wording import joined, phrase


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
    said = [*step_said(step), *([relation_said(step.relation, situation.procedure.vocabulary)] if step.relation else [])]
    sentence = phrase("{}: {}", "{}: {}", step.label, joined(said, "; ")) if said else step.label
    if used:
        shown = joined([phrase("{}: {}", "{}: {}", fact.label, fact.shown) for fact in used], "; ")
        sentence = phrase("{} ({})", "{} ({})", sentence, shown)
    return Reason(step.id, sentence, used, citation(step.basis, situation))


def step_said(step: ProcessStep) -> list[Text]:
    """Say how long a step must and may take, and which outside system has it meanwhile."""
    said: list[Text] = []
    if step.at_least:
        said.append(phrase("ít nhất {}", "at least {}", step.at_least.words))
    if step.at_most:
        said.append(phrase("nhiều nhất {}", "at most {}", step.at_most.words))
    return [*said, *(external_said(step.external) if step.external else ())]


def external_said(external: ExternalSystem) -> list[Text]:
    """Say which outside system has a step, by when it must acknowledge, and whose time runs."""
    said = [phrase("thuộc hệ thống ngoài “{}”", "belongs to the outside system “{}”", external.system)]
    if external.acknowledged_within:
        vi, en = "thời gian để hệ thống đó xác nhận: {}", "time for it to acknowledge: {}"
        said.append(phrase(vi, en, external.acknowledged_within.words))
    theirs = external.clock is WhoseClock.THEIRS
    said.append(
        Text("thời gian chờ không tính vào thời hạn", "the wait does not count against the time limit")
        if theirs
        else Text("thời hạn vẫn tính trong lúc chờ", "the time limit runs on meanwhile")
    )
    return said
