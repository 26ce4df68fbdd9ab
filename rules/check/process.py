"""Proof before publication of the internal process: its approval, its steps, their patterns and their time."""

from collections.abc import Iterator

from rules.clock.spans import Limit, LimitUnit
from rules.clock.stops import Effect
from rules.definition.procedure import ProcedureDefinition
from rules.definition.process import WhoseClock
from rules.errors import Place, Problem, Severity
from rules.values import LegalBasis

HOURS_A_DAY = 8
"""The hours of a working day (BLLĐ 2019 Điều 105), by which shares in days and in hours are added up."""


def process_doubts(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield what the internal process leaves open."""
    yield from _approval(definition)
    yield from _waits_that_stop_nothing(definition)
    yield from _shares(definition)
    for place, step in enumerate(definition.steps):
        if step.basis is None:
            what = f"Bước “{step.label}” chưa ghi căn cứ pháp lý."
            yield _warning(("steps", place), what, "Thêm basis: {document: ...}.")


def _approval(definition: ProcedureDefinition) -> Iterator[Problem]:
    process = definition.process
    if process and process.basis is None:
        what = "Quy trình nội bộ chưa ghi quyết định phê duyệt."
        yield Problem(("process",), what, "Thêm basis: {document: ...}.")
    if process and not definition.steps:
        yield _warning(("process",), "Quy trình nội bộ chưa có bước nào.", "Thêm các bước vào steps.")


def unused_patterns(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the patterns that no step is of."""
    used = {step.pattern for step in definition.steps}
    for each in definition.patterns:
        if each.id not in used and not each.origin:
            what = f"Mẫu bước “{each.id}” không được dùng ở đâu."
            yield _warning(("patterns", each.id), what, "Xóa hoặc dùng nó.")


def _waits_that_stop_nothing(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Name a step whose wait is said not to count although it is not said by which stop the clock stands."""
    if definition.deadline is None:
        return
    stands = any(stop.rule.effect is not Effect.RUN_ON for stop in definition.deadline.stops)
    for place, step in enumerate(definition.steps):
        where = ("steps", place, "external", "clock")
        if not step.external or step.external.clock is WhoseClock.OURS or step.external.stop:
            continue
        if stands:
            what = f"Bước “{step.label}” ghi clock: theirs nhưng chưa nói theo lý do dừng nào."
            yield _warning(where, what, "Thêm stop: id của lý do dừng ấy trong deadline.stops.")
        else:
            what = f"Bước “{step.label}” ghi clock: theirs nhưng thời hạn không có lý do dừng nào: thời hạn vẫn tính."
            yield _warning(where, what, "Thêm lý do dừng vào deadline.stops, hoặc ghi clock: ours.")


def _shares(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Compare what is given to the steps that every dossier takes with the longest limit, where both are work."""
    rule = definition.deadline
    given = [hours_of(step.quota) for step in definition.steps if step.quota and step.when is None]
    if rule is None or rule.added or not given or None in given:
        return
    table = definition.table(rule.table)
    limits = [_in_hours(str(table.output(row, "unit")), table.output(row, "amount")) for row in table.rows]
    whole = sum(hours for hours in given if hours)
    if None not in limits and whole > max(hours for hours in limits if hours is not None):
        what = f"Thời gian giao cho các bước cộng lại {whole} giờ làm việc, dài hơn thời hạn giải quyết."
        yield _warning(("steps",), what, "Sửa quota của các bước, hoặc sửa thời hạn.")


def hours_of(limit: Limit) -> int | None:
    """Return a limit as working time in hours, None for time that is not counted in work."""
    return _in_hours(limit.unit.value, limit.amount)


def _in_hours(unit: str, amount: object) -> int | None:
    """Return working time in hours, None for time that is not counted in work."""
    each = {LimitUnit.WORKING_DAYS.value: HOURS_A_DAY, LimitUnit.WORKING_HOURS.value: 1}
    if unit == LimitUnit.SAME_DAY:
        return HOURS_A_DAY
    return each[unit] * amount if unit in each and isinstance(amount, int) else None


def bases_of_process(definition: ProcedureDefinition) -> Iterator[LegalBasis | None]:
    """Yield what the internal process, its patterns, steps and acts cite."""
    yield definition.process.basis if definition.process else None
    for each in (*definition.patterns, *definition.steps):
        yield each.basis
        yield from (act.basis for act in each.acts)


def _warning(where: Place, what: str, hint: str) -> Problem:
    return Problem(where, what, hint, Severity.WARNING)
