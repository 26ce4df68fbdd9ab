"""How a procedure may end: whether its examination refuses, and which results (kết quả) are issued where not."""

from rules.definition.results import EXAMINED, Result, ResultValidity
from rules.definition.type_register import ResultType
from rules.evaluation.explain import citation, condition_facts, facts_used
from rules.evaluation.findings import BookFinding, ExaminationFinding, Reason, ResultFinding, ValidFinding
from rules.evaluation.kinds.eligibility import grounds
from rules.evaluation.kinds.told import data_held, with_facts
from rules.evaluation.missing import examination_misses
from rules.evaluation.situation import Situation

REFUSED, PASSED, OPEN = EXAMINED


def examined(situation: Situation) -> ExaminationFinding | None:
    """Return what the examination comes to as far as facts are known, None where the procedure states no grounds."""
    stated = situation.procedure.definition.examination
    if stated is None:
        return None
    found = grounds(stated.table, situation)
    waits = examination_misses(situation)
    return ExaminationFinding(REFUSED if found else OPEN if waits else PASSED, found, stated.form)


def results_issued(situation: Situation) -> tuple[ResultFinding, ...]:
    """Return what is issued where the request is granted, in the order of the definition."""
    return tuple(
        _finding(each, situation)
        for each in situation.procedure.definition.results
        if each.when is None or each.when.holds(situation.facts)
    )


def _finding(result: Result, situation: Situation) -> ResultFinding:
    used = facts_used(condition_facts(result.when), situation)
    reason = Reason(result.id, with_facts(result.label, used), used, citation(result.basis, situation))
    return ResultFinding(
        id=result.id,
        label=result.label,
        kind=result.kind.value,
        reasons=(reason,),
        code=result.code,
        form=result.form,
        valid=_valid(result.valid, situation) if result.valid else None,
        book=BookFinding(result.book.label, result.book.restarts.value) if result.book else None,
        number=result.number,
        signer=result.signer,
        type=result.type,
        data=data_held(_type(result, situation), result.data, situation),
    )


def _type(result: Result, situation: Situation) -> ResultType | None:
    types = situation.procedure.definition.result_types
    return next((each for each in types if each.id == result.type), None)


def _valid(valid: ResultValidity, situation: Situation) -> ValidFinding:
    until = situation.facts.get(valid.until) if valid.until else None
    unit = valid.unit.value if valid.amount is not None else ""
    return ValidFinding(valid.amount, unit, until.isoformat() if until else "", valid.span, valid.text)
