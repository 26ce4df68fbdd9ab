"""Plain data to limits of time and to the rules of waits: read alike in a ledger file and in a definition."""

from rules.clock.reception import ReceptionRule
from rules.clock.spans import MAX_AMOUNT, UNIT_NAMES, ClockError, Limit, LimitUnit
from rules.clock.stops import CAUSE_WORDS, Cause, Effect, Silence, StopRule
from rules.decode.hours import time_of_day
from rules.reading import Node, Parts
from rules.values import NO_TEXT, nearest_called

SO_MANY = ("amount", "unit", "rolls")
"""What a limit without a start of its own states."""

MAX_OFTEN = 100
"""The greatest number of times that a cause may be said to stop the clock."""

_STOP_KEYS = ("id", "label", "cause", "effect", "limit", "at_limit", "most", "silence", "basis")


def plain_limit(node: Node, *also: str) -> Limit | None:
    """Read so many of a unit to be counted on, as further limits and extensions are."""
    parts = node.parts(*SO_MANY, *also)
    if parts["unit"].value == LimitUnit.SAME_DAY:
        parts["unit"].problem("Không thể thêm “trong ngày” vào một thời hạn.", "Ghi số ngày hoặc số giờ thêm.")
        return None
    return made_limit(parts)


def duration(node: Node) -> Limit | None:
    """Read how long something may take, `{amount, unit}`, also within the day; None where it is not stated."""
    return made_limit(node.parts(*SO_MANY)) if node else None


def act_limit(node: Node) -> Limit | None:
    """Read by when an act must be done: as `duration`, and at will a cut-off ("15:00") past which it counts later."""
    if not node:
        return None
    parts = node.parts(*SO_MANY, "cutoff")
    return made_limit(parts, cutoff=time_of_day(parts["cutoff"]))


def made_limit(parts: Parts, **more: object) -> Limit | None:
    """Make the limit that the parts state; None, with the fault written down, where they state none."""
    before = len(parts.node.problems)
    unit = limit_unit(parts.needed("unit"))
    amount = _amount(parts, unit)
    rolls = parts["rolls"].boolean() if parts["rolls"] else True
    basis = parts["basis"].string()
    if amount is None or len(parts.node.problems) > before:
        return None
    try:
        return Limit(amount, unit, rolls=rolls, basis=basis, **more)  # pyright: ignore[reportArgumentType]
    except ClockError as wrong:
        parts.node.problem(wrong.what, wrong.hint)
        return None


def limit_unit(node: Node) -> LimitUnit:
    """Read a unit of time; one that is written as people call it (`ngày làm việc`) is refused with its code."""
    name = node.string(most=60)
    if name in UNIT_NAMES:
        return LimitUnit(name)
    if name:
        node.problem(f"Không có đơn vị thời hạn “{name}”.", nearest_called(name, UNIT_NAMES))
    return LimitUnit.WORKING_DAYS


def _amount(parts: Parts, unit: LimitUnit) -> int | None:
    if unit is LimitUnit.SAME_DAY:
        return parts["amount"].integer(0, 1) or 0
    return parts.needed("amount").integer(0, MAX_AMOUNT)


def stop_rules(node: Node, *also: str) -> tuple[tuple[StopRule, Parts], ...]:
    """Read what a procedure says of waits, each with its parts, of which `basis` and those of `also` are not yet read.

    They are left to the caller: a ledger cites in words, a definition by document.
    """
    stops: list[tuple[StopRule, Parts]] = []
    for item in node.items():
        stop, parts = _stop(item, also)
        if any(stop.id == other.id for other, _ in stops):
            item.problem(f"Lý do dừng “{stop.id}” được ghi hai lần.", "Đặt id khác nhau cho các dòng cùng cause.")
        stops.append((stop, parts))
    return tuple(stops)


def _stop(node: Node, also: tuple[str, ...]) -> tuple[StopRule, Parts]:
    parts = node.parts(*_STOP_KEYS, *also)
    cause = parts.needed("cause").choice(Cause, Cause.OTHER)
    if parts["at_limit"] and not parts["limit"]:
        parts["at_limit"].problem("Có việc phải làm khi hết thời gian chờ nhưng chưa ghi thời gian chờ.", "Thêm limit.")
    if parts["most"] and cause is Cause.OUTAGE:
        parts["most"].problem("Sự cố hệ thống không giới hạn số lần.", "Bỏ most.")
    stop = StopRule(
        id=parts["id"].identifier() if parts["id"] else cause.value,
        cause=cause,
        label=parts["label"].text() or CAUSE_WORDS[cause],
        effect=parts["effect"].choice(Effect, Effect.PAUSE),
        limit=duration(parts["limit"]),
        at_limit=parts["at_limit"].text() or NO_TEXT,
        most=parts["most"].integer(1, MAX_OFTEN),
        silence=parts["silence"].choice(Silence, Silence.STANDS),
    )
    if stop.silence is Silence.RESUMES:
        _check_silence(parts, stop)
    return stop, parts


def _check_silence(parts: Parts, stop: StopRule) -> None:
    """Refuse that the clock goes on by itself where nothing says when, or where it never stood."""
    if not parts["limit"]:
        parts["silence"].problem(
            "Thời hạn tự tính tiếp khi hết thời gian chờ, nhưng chưa ghi chờ bao lâu.", "Thêm limit."
        )
    if stop.effect is Effect.RUN_ON:
        parts["silence"].problem("Chờ mà thời hạn vẫn tính thì không có gì để tự tính tiếp.", "Bỏ silence.")
    if stop.cause is Cause.OUTAGE:
        parts["silence"].problem("Sự cố hệ thống không có ai trả lời.", "Bỏ silence.")


RECEPTION_KEYS = ("most", "limit", "at_limit", "receive_within")
"""What is said of supplements before acceptance."""


def reception_limits(parts: Parts) -> ReceptionRule:
    """Read what may be asked for before a dossier is accepted; its basis is left to the caller."""
    if not (parts["most"] or parts["limit"] or parts["receive_within"]):
        parts.node.problem("Chưa ghi giới hạn nào khi tiếp nhận.", "Thêm most, limit hoặc receive_within.")
    if parts["at_limit"] and not (parts["most"] or parts["limit"]):
        parts["at_limit"].problem("Có việc phải làm khi hết giới hạn nhưng chưa ghi giới hạn.", "Thêm most hoặc limit.")
    return ReceptionRule(
        most=parts["most"].integer(1, MAX_OFTEN),
        limit=duration(parts["limit"]),
        at_limit=parts["at_limit"].text(),
        receive_within=duration(parts["receive_within"]),
    )
