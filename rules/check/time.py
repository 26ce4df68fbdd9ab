"""Proof before publication of time: limits that combine, waits with their legal basis, stages."""

from collections.abc import Iterator

from rules.definition.procedure import DeadlineRule, ProcedureDefinition
from rules.errors import Problem, nearest
from rules.table.decision import LISTING
from rules.vocabulary import HANDED_IN, STAGES


def time_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield what the deadline leaves open."""
    if definition.deadline:
        yield from _not_combined(definition.deadline, definition)
        yield from _waits_without_basis(definition.deadline)
        reception = definition.deadline.reception
        if reception and reception.basis is None:
            what = "Giới hạn bổ sung khi tiếp nhận chưa ghi căn cứ pháp lý."
            yield Problem(("deadline", "reception"), what, "Thêm basis: {document: ...}.")


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


def stage_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the facts that are handed in at a stage nobody knows: they would never be asked for."""
    for place, spec in enumerate(definition.facts):
        if spec.source in HANDED_IN and spec.stage and spec.stage not in STAGES:
            what = f"Dữ kiện “{spec.label}” ghi giai đoạn “{spec.stage}” không có trong hệ thống."
            yield Problem(("facts", place, "stage"), what, nearest(spec.stage, STAGES))
