"""The evaluation of one dossier on one day, in numbered steps.

1 make the facts ready, those of the registers too · 2 fix the day, the moment and the office's time · 3 compute facts,
match tables and tell the cases of the procedure, in the order of what reads what, both matchers agreeing, hit policies
resolved before an output is read as a fact · 4 let each kind assemble its findings · 5 name what is missing and what it
could change · 6 assemble the outcome; its hash pins it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rules import facts as facts_module
from rules.clock.calendar import LEGAL_TIME, OfficeTime, legal_moment
from rules.definition.procedure import FactSpec
from rules.definition.variants import VARIANT, Variants
from rules.derived import derived_facts
from rules.errors import OutOfBoundsError, Problem, RulesError
from rules.evaluation.allowed import refuse_unfit
from rules.evaluation.compile import CompiledProcedure
from rules.evaluation.findings import ChargeFinding
from rules.evaluation.kinds.deadline import deadline_due, deadline_problems
from rules.evaluation.kinds.documents import paper_problems, papers_needed
from rules.evaluation.kinds.eligibility import refusals
from rules.evaluation.kinds.fee import charge_due
from rules.evaluation.kinds.lines import line_problems
from rules.evaluation.kinds.linked import linked_due
from rules.evaluation.kinds.payout import payout_due
from rules.evaluation.kinds.process import process_approved, process_problems, steps_taken
from rules.evaluation.kinds.results import examined, results_issued
from rules.evaluation.kinds.route import route_found, route_problems
from rules.evaluation.kinds.told import cases_met, notices_given
from rules.evaluation.missing import missing_facts, parameter_problems
from rules.evaluation.outcome import Evaluation
from rules.evaluation.situation import Hits, Situation
from rules.formula import compute
from rules.values import total_of
from rules.vocabulary import Facts


def evaluate(
    procedure: CompiledProcedure, facts: Facts, *, on: date, at: datetime | None, office: OfficeTime
) -> Evaluation:
    """Return what the rules say for these facts.

    `on` is the legal day of acceptance, `at` its moment (without a zone: legal time; None: the opening hour of `on`).
    Raises FactsError for facts that do not fit, MatchersDisagreeError when the two matchers differ, RulesError when
    the moment does not lie on the day.
    """
    situation, problems = situation_of(procedure, facts, on=on, at=at, office=office)
    return _outcome(situation, problems)


def situation_of(
    procedure: CompiledProcedure, facts: Facts, *, on: date, at: datetime | None, office: OfficeTime
) -> tuple[Situation, list[Problem]]:
    """Return what every kind of rule is asked about (steps 1 to 3), and what could not be computed.

    Raises as `evaluate` does.
    """
    given = facts_module.typed(facts, procedure.vocabulary)
    refuse_unfit(procedure.definition, procedure.vocabulary, given, on)
    moment = _moment(on, at, office)
    known = {**given, **_clock_facts(on, moment), **derived_facts(procedure.registers, given, on)}
    return _run(Situation(procedure, known, on, moment, office, {}))


def _moment(on: date, at: datetime | None, office: OfficeTime) -> datetime:
    if at is None:
        windows = office.windows(on) or office.hours.usual(on)
        return datetime.combine(on, windows[0][0], LEGAL_TIME)
    moment = legal_moment(at)
    if moment.date() != on:
        raise RulesError(
            f"Thời điểm tiếp nhận {moment:%H:%M %d/%m/%Y} không nằm trong ngày {on:%d/%m/%Y}: kiểm tra lại."
        )
    return moment


def _clock_facts(on: date, at: datetime) -> dict[str, Any]:
    return {"accepted_on": on, "accepted_minute": at.hour * 60 + at.minute}


def _run(situation: Situation) -> tuple[Situation, list[Problem]]:
    """Compute facts, match tables and tell the cases, each after what it reads."""
    facts = dict(situation.facts)
    hits: dict[str, Hits] = {}
    problems: list[Problem] = []
    broken: set[str] = set()
    for step in situation.procedure.steps:
        if isinstance(step, FactSpec) and step.parameter:
            found = situation.procedure.registers.value_on(step.id, facts, situation.on)
            facts.update({step.id: found.value} if found else {})
            continue
        if isinstance(step, FactSpec):
            found_wrong = tuple(_compute(step, facts, situation.office))
            problems.extend(found_wrong)
            broken.update([step.id] if found_wrong else ())
            continue
        if isinstance(step, Variants):
            facts[VARIANT] = step.applying(facts)
            continue
        matched = hits[step.table.id] = Hits(step.table, step.match(facts, situation.on))
        outputs = situation.procedure.feeds.get(step.table.id)
        if not outputs:
            continue
        facts.update(matched.facts(outputs))
        problem = matched.problem()
        problems.extend([problem] if problem else [])
        broken.update(f"{step.table.id}.{output}" for output in outputs if problem)
    return replace(situation, facts=facts, hits=hits, broken=frozenset(broken)), problems


def _compute(spec: FactSpec, facts: dict[str, Any], office: OfficeTime) -> Iterator[Problem]:
    """Add the computed fact; what cannot be counted stays unknown, and is a problem."""
    assert spec.formula is not None
    try:
        value = compute(spec.formula, facts, office.calendar)
    except (OutOfBoundsError, OverflowError) as error:
        said = error if isinstance(error, RulesError) else "ngày tính ra nằm ngoài lịch"
        yield Problem(("facts", spec.id), f"“{spec.label}” không tính được: {said}")
        return
    if value is not None:
        facts[spec.id] = value


def _outcome(situation: Situation, problems: list[Problem]) -> Evaluation:
    procedure = situation.procedure
    definition = procedure.definition
    charges = tuple(each for each in (charge_due(charge, situation) for charge in definition.charges) if each)
    payouts = tuple(each for each in (payout_due(payout, situation) for payout in definition.payouts) if each)
    papers = papers_needed(situation)
    refused = refusals(situation)
    for line in (*definition.charges, *definition.payouts):
        problems.extend(line_problems(line, situation))
    problems.extend(_total_problems(charges))
    problems.extend(paper_problems(papers, situation))
    problems.extend(deadline_problems(situation))
    problems.extend(route_problems(situation))
    problems.extend(process_problems(situation))
    problems.extend(parameter_problems(situation))
    return Evaluation(
        procedure=definition.code,
        version=procedure.version,
        law=procedure.law,
        on=situation.on,
        at=situation.at,
        office=situation.office.content_hash(),
        facts=facts_module.to_json(situation.facts),
        eligible=not refused,
        refusals=refused,
        cases=cases_met(situation),
        papers=papers,
        notices=notices_given(situation),
        charges=charges,
        totals=dict(_totals(charges)),
        deadline=deadline_due(situation),
        missing=missing_facts(situation),
        problems=tuple(dict.fromkeys(problems)),
        example=definition.example,
        payouts=payouts,
        steps=steps_taken(situation),
        route=route_found(situation),
        examination=examined(situation),
        results=results_issued(situation),
        process=process_approved(situation),
        linked=linked_due(situation),
    )


def _by_currency(charges: tuple[ChargeFinding, ...]) -> Iterator[tuple[str, list[ChargeFinding]]]:
    for currency in sorted({charge.currency for charge in charges}):
        yield currency, [charge for charge in charges if charge.currency == currency]


def _totals(charges: tuple[ChargeFinding, ...]) -> Iterator[tuple[str, int | None]]:
    """Yield the sum for each currency, None while one of its lines has no amount or where it cannot be counted."""
    for currency, lines in _by_currency(charges):
        yield currency, total_of(line.amount for line in lines)


def _total_problems(charges: tuple[ChargeFinding, ...]) -> Iterator[Problem]:
    """Yield the lines whose amounts are known and together beyond what is counted."""
    for currency, lines in _by_currency(charges):
        amounts = [line.amount for line in lines]
        if None not in amounts and total_of(amounts) is None:
            named = ", ".join(f"“{line.label}” ({line.id})" for line in lines)
            what = f"Tổng số tiền ({currency}) vượt quá giới hạn tính được: {named}."
            yield Problem(("charges",), what, "Kiểm tra lại số tiền của từng khoản này.")
