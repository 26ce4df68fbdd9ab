"""Plain data to progressive scales."""

import re
from itertools import pairwise

from rules.decode.parts import ReadContext, example, legal_basis, measure, unit
from rules.reading import Node, Parts
from rules.rounding import How, Rounding
from rules.scale import PERCENT_DIGITS, RateScale, Step
from rules.values import MAX_MONEY, MAX_WHOLE, NO_TEXT

_MAX_STEPS = 100
_DECIMALS = re.compile(r"[.,]([0-9]*?)0*$")


def scales(node: Node, context: ReadContext) -> tuple[RateScale, ...]:
    """Read the progressive scales by id."""
    return tuple(_scale(key, entry, context) for key, entry in node.named())


def _scale(key: str, node: Node, context: ReadContext) -> RateScale:
    parts = node.parts("label", "unit", "steps", "round", "basis", "example")
    entries = [entry.parts("up_to", "rate", "percent") for entry in parts.needed("steps").items()]
    percent = any(entry["percent"] for entry in entries)
    digits = max((_digits(entry["up_to"]) for entry in entries), default=0)
    steps = tuple(_step(entry, percent, digits) for entry in entries)
    _check_steps(parts["steps"], steps)
    rounded = rounding(parts["round"])
    if percent and rounded is None:
        node.problem(
            f"Biểu “{key}” tính theo phần trăm mà chưa nêu cách làm tròn.", "Thêm round: {to: 1, how: half_up}."
        )
    if percent and parts["unit"]:
        parts["unit"].problem("Biểu phần trăm tính trên số tiền nên không dùng “unit”.")
    return RateScale(
        id=key,
        label=parts.needed("label").text() or NO_TEXT,
        steps=steps,
        percent=percent,
        unit=unit(parts["unit"]),
        digits=digits,
        rounding=rounded,
        basis=legal_basis(parts["basis"], context),
        example=example(parts["example"]),
    )


def _digits(node: Node) -> int:
    """Return how many decimal digits a limit is written with, zeros at the end left out."""
    found = _DECIMALS.search(node.value) if isinstance(node.value, str) else None
    return min(len(found[1]), PERCENT_DIGITS) if found else 0


def _step(parts: Parts, percent: bool, digits: int) -> Step:
    if bool(parts["percent"]) != percent or bool(parts["rate"]) == percent:
        parts.node.problem(
            "Mỗi bậc cần đúng một mức: “rate” (đồng mỗi đơn vị) hoặc “percent” (phần trăm), cả biểu cùng một loại."
        )
    rate = measure(parts["percent"], PERCENT_DIGITS) if percent else parts["rate"].integer(0, MAX_MONEY)
    if rate is not None and (rate < 0 or (percent and rate > 100 * 10**PERCENT_DIGITS)):
        parts["percent"].problem("Tỷ lệ phần trăm phải từ 0 đến 100.")
    return Step(measure(parts["up_to"], digits), rate or 0)


def _check_steps(node: Node, steps: tuple[Step, ...]) -> None:
    limits = [step.up_to for step in steps]
    if not 1 <= len(steps) <= _MAX_STEPS:
        node.problem(f"Biểu cần từ 1 đến {_MAX_STEPS} bậc.")
        return
    known = [limit for limit in limits[:-1] if limit is not None]
    if len(known) < len(limits) - 1 or limits[-1] is not None:
        node.problem("Mọi bậc trừ bậc cuối cần “up_to”; bậc cuối không có, để số nào cũng có mức.")
    if any(limit <= 0 for limit in known) or any(low >= high for low, high in pairwise(known)):
        node.problem("Các mốc “up_to” phải lớn hơn 0 và tăng dần.")


def rounding(node: Node) -> Rounding | None:
    """Read `{to, how}`."""
    if not node:
        return None
    parts = node.parts("to", "how")
    return Rounding(parts.needed("how").choice(How, How.HALF_UP), parts["to"].integer(1, MAX_WHOLE - 1) or 1)
