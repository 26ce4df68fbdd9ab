"""Proof before publication of time and process: limits that combine, waits and steps with their legal basis, stages."""

from collections.abc import Iterator

from rules.definition import DeadlineRule, ProcedureDefinition
from rules.errors import Problem, Severity, nearest
from rules.process import WhoseClock
from rules.stops import Effect
from rules.table import LISTING
from rules.vocabulary import HANDED_IN, STAGES


def time_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield what the deadline and the steps leave open."""
    if definition.deadline:
        yield from _not_combined(definition.deadline, definition)
        yield from _waits_without_basis(definition.deadline)
    yield from _waits_that_stop_nothing(definition)
    for place, step in enumerate(definition.steps):
        if step.basis is None:
            what = f"Bước “{step.label}” chưa ghi căn cứ pháp lý."
            yield Problem(("steps", place), what, "Thêm basis: {document: ...}.", Severity.WARNING)


def _not_combined(rule: DeadlineRule, definition: ProcedureDefinition) -> Iterator[Problem]:
    for name in dict.fromkeys(name for name in (rule.table, rule.committed) if name):
        if rule.combine is None and definition.table(name).hit in LISTING:
            yield Problem(
                ("deadline",),
                f"Bảng thời hạn “{name}” có thể lấy nhiều dòng nhưng chưa nói gộp thế nào.",
                "Thêm combine: longest (dài nhất) hoặc sum (cộng lại).",
            )


def _waits_without_basis(rule: DeadlineRule) -> Iterator[Problem]:
    for place, stop in enumerate(rule.stops):
        if stop.basis is None:
            what = f"Lý do dừng “{stop.rule.label}” chưa ghi căn cứ pháp lý."
            yield Problem(("deadline", "stops", place), what, "Thêm basis: {document: ...}.")


def _waits_that_stop_nothing(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Name a step whose wait is said not to count although no stop of the deadline lets the clock stand."""
    rule = definition.deadline
    if rule is None or any(stop.rule.effect is not Effect.RUN_ON for stop in rule.stops):
        return
    for place, step in enumerate(definition.steps):
        if step.external and step.external.clock is WhoseClock.THEIRS:
            what = f"Bước “{step.label}” ghi clock: theirs nhưng thời hạn không có lý do dừng nào: thời hạn vẫn tính."
            hint = "Thêm lý do dừng vào deadline.stops, hoặc ghi clock: ours."
            yield Problem(("steps", place, "external", "clock"), what, hint, Severity.WARNING)


def stage_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the facts that are handed in at a stage nobody knows: they would never be asked for."""
    for place, spec in enumerate(definition.facts):
        if spec.source in HANDED_IN and spec.stage and spec.stage not in STAGES:
            what = f"Dữ kiện “{spec.label}” ghi giai đoạn “{spec.stage}” không có trong hệ thống."
            yield Problem(("facts", place, "stage"), what, nearest(spec.stage, STAGES))
