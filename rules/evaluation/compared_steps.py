"""What a golden case expects of the steps of the internal process, compared with those that are taken."""

from collections.abc import Iterator

from rules.clock.limit_data import LimitData
from rules.clock.spans import Limit
from rules.definition.expected import Expected, ExpectedRoute, ExpectedStep
from rules.evaluation.findings import RelationFinding, StepFinding
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
    for name, expected, came in (
        ("clock", wanted.clock, outside.clock if outside else ""),
        ("stop", wanted.stop, outside.stop if outside else ""),
    ):
        if name in wanted.asked and came != expected:
            yield f"mong đợi {_OUTSIDE[name]} {expected or 'không có'}, tính ra {came or 'không có'}"


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


def _relation(wanted: ExpectedRoute | None, came: RelationFinding | None) -> Iterator[str]:
    if wanted is None or wanted.to is not None:
        expected, relation = wanted.to if wanted else "", came.relation if came else ""
        if relation != expected:
            yield f"mong đợi nơi thực hiện {expected or 'không có'}, tính ra {relation or 'không có'}"
    if wanted is None:
        return
    for what, code, got in (
        ("đơn vị thực hiện", wanted.unit, came.unit if came else ""),
        ("chi nhánh thực hiện", wanted.branch, came.branch if came else ""),
    ):
        if code is not None and code != got:
            yield f"mong đợi {what} {code or 'không có'}, tính ra {got or 'không có'}"
