"""What a golden case expects of the steps of the internal process, compared with those that are taken."""

from collections.abc import Iterator
from datetime import date, datetime

from rules.clock.limit_data import LimitData
from rules.clock.spans import Limit
from rules.definition.expected import Expected, ExpectedRoute, ExpectedStep
from rules.evaluation.findings import RelationFinding, RouteFinding, StepFinding
from rules.evaluation.outcome import Evaluation


def steps_taken_otherwise(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    """Yield, as sentences, how the steps that are taken differ from those that are expected, exactly and in order."""
    came = tuple(step.id for step in evaluation.steps)
    if came != then.steps:
        wanted, found = (", ".join(names) or "không có bước nào" for names in (then.steps, came))
        yield f"Các bước: mong đợi {wanted}; tính ra {found}."


def each_step_otherwise(then: Expected, evaluation: Evaluation) -> Iterator[str]:
    """Yield, as sentences, what of some steps did not come out as expected."""
    taken = {step.id: step for step in evaluation.steps}
    for name, wanted in sorted(then.each_step.items()):
        step = taken.get(name)
        if (step is not None) != wanted.taken:
            expected, came = ("phải làm", "không phải làm") if wanted.taken else ("không phải làm", "phải làm")
            yield f"Bước “{step.label if step else name}”: mong đợi {expected}, tính ra {came}."
        elif step is not None:
            yield from (f"Bước “{step.label}”: {said}." for said in _step(wanted, step))


def _step(wanted: ExpectedStep, step: StepFinding) -> Iterator[str]:
    outside = step.external
    limits = {"at_least": step.at_least, "at_most": step.at_most, "quota": step.quota}
    limits["acknowledged_within"] = outside.acknowledged_within if outside else None
    for name, limit in wanted.limits.items():
        found = limits[name]
        if (found.limit if found else None) != limit:
            yield f"mong đợi {_LIMITS[name]} {_long(limit)}, tính ra {_long(found)}"
    if "relation" in wanted.asked:
        yield from _relation(wanted.relation, step.relation)
    yield from _bound(wanted, step)
    for name, at in wanted.moments.items():
        told: str = getattr(outside, name) if outside else ""
        came = datetime.fromisoformat(told) if told else None
        if not same_moment(at, came):
            yield f"mong đợi {_MOMENTS[name]} {moment_said(at)}, tính ra {moment_said(came)}"
    for name, expected, came in (
        ("clock", wanted.clock, outside.clock if outside else ""),
        ("stop", wanted.stop, outside.stop if outside else ""),
    ):
        if name in wanted.asked and came != expected:
            yield f"mong đợi {_OUTSIDE[name]} {expected or 'không có'}, tính ra {came or 'không có'}"


def _bound(wanted: ExpectedStep, step: StepFinding) -> Iterator[str]:
    """Yield where who takes the step, or the acts inside it, are not as expected."""
    role = step.role.vi if step.role else ""
    if "role" in wanted.asked and wanted.role != role:
        yield f"mong đợi vai trò {wanted.role or 'không có'}, tính ra {role or 'không có'}"
    acts = tuple(act.id for act in step.acts)
    if "acts" in wanted.asked and wanted.acts != acts:
        expected, came = (", ".join(each) or "không có" for each in (wanted.acts, acts))
        yield f"mong đợi các việc {expected}, tính ra {came}"


_MOMENTS = {
    "sent": "thời điểm gửi đi",
    "acknowledge_by": "thời điểm phải được xác nhận",
    "acknowledged": "thời điểm được xác nhận",
}
_LIMITS = {
    "at_least": "thời gian ít nhất",
    "at_most": "thời gian nhiều nhất",
    "quota": "thời gian được giao",
    "acknowledged_within": "thời gian để hệ thống ngoài xác nhận",
}
_OUTSIDE = {"clock": "đồng hồ chạy khi chờ hệ thống ngoài", "stop": "lý do dừng của bước"}


def _long(limit: Limit | LimitData | None) -> str:
    if limit is None:
        return "không có"
    found = limit.limit if isinstance(limit, LimitData) else limit
    cutoff = f", sau {found.cutoff:%H:%M} tính sang ngày sau" if found.cutoff else ""
    return f"{found.words}{cutoff}{'' if found.rolls else ', không dời khi hết vào ngày nghỉ'}"


def same_moment(expected: date | datetime | None, came: datetime | None) -> bool:
    """Tell whether a moment in legal time is the one, or on the day, that is expected."""
    got = came.replace(tzinfo=None) if came else None
    return expected == (got.date() if got is not None and not isinstance(expected, datetime) else got)


def moment_said(at: date | datetime | None) -> str:
    """Say a moment or a day that is expected or came out."""
    if isinstance(at, datetime):
        return f"{at:%H:%M %d/%m/%Y}"
    return f"ngày {at:%d/%m/%Y}" if at else "không có"


def _relation(wanted: ExpectedRoute | None, came: RelationFinding | None) -> Iterator[str]:
    for part, expected, got in place_otherwise(wanted, came):
        yield f"mong đợi {_PLACES[part]} {expected}, tính ra {got}"


_PLACES = {"to": "nơi thực hiện", "unit": "đơn vị thực hiện", "branch": "chi nhánh thực hiện"}


def place_otherwise(
    wanted: ExpectedRoute | None, came: RelationFinding | RouteFinding | None
) -> Iterator[tuple[str, str, str]]:
    """Yield what of a place is not as expected, the relation (`to`), unit or branch: its name, and both in words."""
    found = {"to": came.relation, "unit": came.unit, "branch": came.branch} if came else {}
    asked = {"to": wanted.to, "unit": wanted.unit, "branch": wanted.branch} if wanted else {"to": ""}
    for part, expected in asked.items():
        if expected is not None and expected != found.get(part, ""):
            yield part, expected or "không có", found.get(part) or "không có"
