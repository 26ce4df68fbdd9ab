"""Which steps of the internal process (quy trình nội bộ) this dossier takes, how long, and by whom."""

from collections.abc import Iterator
from datetime import datetime

from rules.clock.calendar import legal_moment
from rules.clock.limit_data import LimitData
from rules.clock.running import due_after
from rules.clock.spans import Limit
from rules.definition.internal import Act, ActFrom
from rules.definition.process import ExternalSystem, ProcessStep, Relation
from rules.definition.process_words import step_words
from rules.errors import Problem, Severity
from rules.evaluation.explain import citation, condition_facts, facts_used
from rules.evaluation.findings import ActFinding, ExternalFinding, ProcessFinding, Reason, RelationFinding, StepFinding
from rules.evaluation.kinds.route import unit_of
from rules.evaluation.situation import Situation
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
        external=_external(step.external, situation) if step.external else None,
        relation=_relation(step.relation, situation) if step.relation else None,
        reasons=(_reason(step, situation),),
        role=step.role,
        quota=_data(step.quota),
        acts=tuple(_act(act, situation) for act in step.acts),
    )


def _data(limit: Limit | None) -> LimitData | None:
    return LimitData.of(limit) if limit else None


def _act(act: Act, situation: Situation) -> ActFinding:
    at_once = act.counts_from is ActFrom.ACCEPTANCE
    return ActFinding(
        id=act.id,
        label=act.label,
        within=LimitData.of(act.within),
        late=act.late.value,
        counts_from=act.counts_from.value,
        due=act.due(situation.at, situation.office).isoformat() if at_once else "",
        citation=citation(act.basis, situation),
    )


def _external(external: ExternalSystem, situation: Situation) -> ExternalFinding:
    sent, within = situation.facts.get(external.sent), external.acknowledged_within
    by = due_after(within, sent, situation.office).isoformat() if sent and within else ""
    result = situation.facts.get(external.result)
    return ExternalFinding(
        system=external.system,
        clock=external.clock.value,
        acknowledged_within=_data(within),
        stop=external.stop,
        sent=_moment(sent),
        acknowledge_by=by,
        acknowledged=_moment(situation.facts.get(external.acknowledged)),
        number=situation.facts.get(external.number) or "",
        result=None if result is None else situation.procedure.vocabulary[external.result].shown(result),
    )


def _moment(at: datetime | None) -> str:
    return legal_moment(at).isoformat() if at else ""


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


def process_approved(situation: Situation) -> ProcessFinding | None:
    """Return which approved internal process the steps are of, and whether it is in force on the legal day."""
    process = situation.procedure.definition.process
    if process is None:
        return None
    days = process.period
    return ProcessFinding(
        version=process.version,
        label=process.label,
        citation=citation(process.basis, situation),
        since=days.since.isoformat() if days.since else "",
        until=days.until.isoformat() if days.until else "",
        in_force=days.holds(situation.on),
    )


def process_problems(situation: Situation) -> Iterator[Problem]:
    """Yield a warning where the internal process is not in force on the legal day, and late acknowledgements."""
    process = situation.procedure.definition.process
    if process and not process.period.holds(situation.on):
        what = f"Quy trình nội bộ bản {process.version} không có hiệu lực ngày {situation.on:%d/%m/%Y}."
        yield Problem(("process",), what, "Phê duyệt bản quy trình cho ngày này.", Severity.WARNING)
    for step in steps_taken(situation):
        if step.external and _late(step.external):
            what = f"Bước “{step.label}”: hệ thống “{step.external.system}” xác nhận sau thời hạn xác nhận."
            yield Problem(("steps", step.id), what, "", Severity.WARNING)


def _late(external: ExternalFinding) -> bool:
    known = external.acknowledge_by and external.acknowledged
    return bool(known) and datetime.fromisoformat(external.acknowledged) > datetime.fromisoformat(
        external.acknowledge_by
    )
