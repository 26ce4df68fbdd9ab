"""Golden cases (tình huống mẫu) run: each is evaluated, and what comes out is compared with what must."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rules.clock.calendar import OfficeTime
from rules.clock.running import ClockError, ClockEvent, EventKind, StopRule, run_clock
from rules.definition.expected import Case
from rules.errors import FactsError, RulesError
from rules.evaluation.compared import differences
from rules.evaluation.compile import CompiledProcedure
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: its name, whether all came out as expected, and every difference as a Vietnamese sentence."""

    name: str
    passed: bool
    differences: tuple[str, ...] = ()


def run_cases(procedure: CompiledProcedure, office: OfficeTime) -> tuple[CaseResult, ...]:
    """Run every golden case of the procedure, in order."""
    return tuple(run_case(procedure, case, office) for case in procedure.definition.cases)


def run_case(procedure: CompiledProcedure, case: Case, office: OfficeTime) -> CaseResult:
    """Run one golden case; a case that cannot be evaluated fails with the reason."""
    try:
        evaluation = evaluate(procedure, case.given, on=case.on, at=case.at, office=office)
        evaluation = _counted_on(evaluation, case.events, office)
    except FactsError as wrong:
        return CaseResult(case.name.vi, passed=False, differences=(f"Không tính được: {wrong.words}",))
    except ClockError as wrong:
        # The clock counts the acceptance as event 0, so the first event of the case is 1 for it too.
        of = f"Sự kiện thứ {wrong.event} của tình huống: " if wrong.event else ""
        return CaseResult(case.name.vi, passed=False, differences=(f"Không tính được: {of}{wrong}",))
    except RulesError as error:
        return CaseResult(case.name.vi, passed=False, differences=(f"Không tính được: {error}",))
    found = tuple(differences(case.then, evaluation))
    return CaseResult(case.name.vi, passed=not found, differences=found)


def _counted_on(evaluation: Evaluation, events: Iterable[ClockEvent], office: OfficeTime) -> Evaluation:
    """Return the outcome with the due moments as they are after what happened since the acceptance."""
    found = evaluation.deadline
    if not events or found is None or found.limit is None:
        return evaluation
    stops = {stop.id: stop.rule for stop in found.stops}
    later = [_with_rule(event, stops) for event in events]
    clock = run_clock(
        found.limit.limit,
        [ClockEvent(EventKind.ACCEPTED, evaluation.at), *later],
        office,
        committed=found.committed_limit.limit if found.committed_limit else None,
        stops=tuple(stops.values()),
    )
    due = {"statutory": clock.due, "committed": clock.committed, "appointment": clock.appointment}
    return replace(evaluation, deadline=replace(found, ledger=clock.ledger, **due))


def _with_rule(event: ClockEvent, stops: Mapping[str, StopRule]) -> ClockEvent:
    """Return the event with the rule of its wait as the outcome has it; a wait not for this dossier is refused."""
    if event.stop is None or not event.stop.stated:
        return event
    if event.stop.id not in stops:
        what = f"Lý do dừng “{event.stop.label}” không áp dụng cho hồ sơ này."
        raise ClockError(what, "Sửa dữ kiện của tình huống, hoặc điều kiện (when) của lý do dừng.")
    return replace(event, stop=stops[event.stop.id])
