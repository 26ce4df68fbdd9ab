"""The evaluation of one dossier on one day, in numbered steps.

1 make the facts ready · 2 fix the day, the moment and the office's time · 3 compute facts, then match every table, both
matchers agreeing, hit policies resolved · 4 let each kind assemble its findings · 5 name what is missing and what it
could change · 6 assemble the outcome; its hash pins it.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rules import facts as facts_module
from rules.calendar import LEGAL_TIME, OfficeTime, legal_moment
from rules.compile import CompiledProcedure
from rules.errors import OutOfBoundsError, Problem, RulesError
from rules.evaluation import ChargeFinding, Evaluation
from rules.formula import compute
from rules.kinds.deadline import deadline_due, deadline_problems
from rules.kinds.documents import paper_problems, papers_needed
from rules.kinds.eligibility import refusals
from rules.kinds.fee import charge_due, fee_problems
from rules.missing import missing_facts
from rules.situation import Hits, Situation
from rules.vocabulary import Facts


def evaluate(
    procedure: CompiledProcedure, facts: Facts, *, on: date, at: datetime | None, office: OfficeTime
) -> Evaluation:
    """Return what the rules say for these facts.

    `on` is the legal day of acceptance, `at` its moment (without a zone: legal time; None: the opening hour of `on`).
    Raises FactsError for facts that do not fit, MatchersDisagreeError when the two matchers differ, RulesError when
    the moment does not lie on the day.
    """
    given = facts_module.typed(facts, procedure.vocabulary)
    moment = _moment(on, at, office)
    known, problems = _with_computed(procedure, {**given, **_clock_facts(on, moment)}, office)
    hits = {name: Hits(table.table, table.match(known, on)) for name, table in procedure.tables.items()}
    situation = Situation(procedure, known, on, moment, office, hits)
    return _outcome(situation, problems)


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


def _with_computed(
    procedure: CompiledProcedure, facts: dict[str, Any], office: OfficeTime
) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    for spec in procedure.computed:
        assert spec.formula is not None
        try:
            value = compute(spec.formula, facts, office.calendar.roll)
        except (OutOfBoundsError, OverflowError) as error:
            said = error if isinstance(error, RulesError) else "ngày tính ra nằm ngoài lịch"
            problems.append(Problem(("facts", spec.id), f"“{spec.label}” không tính được: {said}"))
            continue
        if value is not None:
            facts[spec.id] = value
    return facts, problems


def _outcome(situation: Situation, problems: list[Problem]) -> Evaluation:
    procedure = situation.procedure
    definition = procedure.definition
    charges = tuple(charge_due(charge, situation) for charge in definition.charges)
    papers = papers_needed(situation)
    refused = refusals(situation)
    for charge in definition.charges:
        problems.extend(fee_problems(charge, situation))
    problems.extend(paper_problems(papers, situation))
    problems.extend(deadline_problems(situation))
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
        papers=papers,
        charges=charges,
        totals=dict(_totals(charges)),
        deadline=deadline_due(situation),
        missing=missing_facts(situation),
        problems=tuple(dict.fromkeys(problems)),
        example=definition.example,
    )


def _totals(charges: tuple[ChargeFinding, ...]) -> Iterator[tuple[str, int | None]]:
    """Yield the sum for each currency, None while one of its lines has no amount."""
    for currency in sorted({charge.currency for charge in charges}):
        amounts = [charge.amount for charge in charges if charge.currency == currency]
        known = [amount for amount in amounts if amount is not None]
        yield currency, sum(known) if len(known) == len(amounts) else None
