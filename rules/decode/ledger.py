"""Plain data to a limit and what happened to a dossier (docs/reference/clock.md): what the clock is asked to count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from rules.clock.calendar import OfficeTime
from rules.clock.ledger import ClockEvent, EventKind
from rules.clock.reception import Reception, Round
from rules.clock.running import Clock, run_clock
from rules.clock.spans import Begins, ClockError, Limit, Start
from rules.clock.stops import Cause, StopRule
from rules.decode.hours import check_format, exact_moment, time_of_day
from rules.decode.limits import RECEPTION_KEYS, made_limit, plain_limit, reception_limits, stop_rules
from rules.errors import EnoughError, Problem, UnreadableError, nearest
from rules.reading import Node, Parts, mapping_of
from rules.values import NO_TEXT, nearest_code

MAX_EVENTS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ledger file asks: the limit by law, the committed one, the rules of waits, and what happened."""

    limit: Limit
    committed: Limit | None
    stops: tuple[StopRule, ...]
    events: tuple[ClockEvent, ...]
    reception: Reception | None = None

    def run(self, office: OfficeTime) -> Clock:
        """Count it; raises ClockError where the events cannot have happened so."""
        clock = run_clock(self.limit, self.events, office, committed=self.committed, stops=self.stops)
        before = tuple(self.reception.lines(office)) if self.reception else ()
        return replace(clock, ledger=tuple(sorted((*before, *clock.ledger), key=lambda line: line.at)))


def asked_from(data: object) -> Asked:
    """Read a ledger file. Raises UnreadableError with every fault found, each with its path into the data."""
    problems: list[Problem] = []
    node = Node(data, (), problems)
    if mapping_of(data) is None:
        node.problem("Tệp tính hạn cần một nhóm “tên: giá trị”.", "Bắt đầu tệp bằng limit: và events:.")
        raise UnreadableError(tuple(problems))
    try:
        parts = node.parts("format", "limit", "limits", "stops", "events", "reception")
        check_format(parts)
        limit, committed = _limits(parts)
        stops = _stops(parts["stops"])
        events = happened(parts.needed("events"), stops)
        reception = _reception(parts["reception"], events)
    except EnoughError:
        raise UnreadableError(tuple(problems)) from None
    if problems or limit is None:
        raise UnreadableError(tuple(problems))
    return Asked(limit, committed, stops, events, reception)


def _limits(parts: Parts) -> tuple[Limit | None, Limit | None]:
    if parts["limit"] and parts["limits"]:
        parts["limits"].problem("Thời hạn được ghi hai lần: limit và limits.", "Giữ lại một trong hai.")
    if parts["limits"]:
        two = parts["limits"].parts("statutory", "committed")
        return _limit(two.needed("statutory")), _limit(two["committed"]) if two["committed"] else None
    return _limit(parts.needed("limit")), None


def _limit(node: Node) -> Limit | None:
    if not node:
        return None
    parts = node.parts("amount", "unit", "cutoff", "start", "rolls", "added", "basis", "from")
    added = tuple(limit for item in parts["added"].items() if (limit := plain_limit(item, "basis")) is not None)
    return made_limit(
        parts,
        cutoff=time_of_day(parts["cutoff"]),
        start=parts["start"].choice(Start, Start.NEXT_OPENING) if parts["start"] else None,
        added=added,
        begins=parts["from"].choice(Begins, Begins.TRANSFER) if parts["from"] else None,
    )


def _stops(node: Node) -> tuple[StopRule, ...]:
    return tuple(replace(stop, basis=parts["basis"].string()) for stop, parts in stop_rules(node))


def _reception(node: Node, events: Sequence[ClockEvent]) -> Reception | None:
    """Read what happened before acceptance, in the order of time."""
    if not node:
        return None
    parts = node.parts(*RECEPTION_KEYS, "filed", "rounds", "basis")
    filed, rounds = exact_moment(parts.needed("filed")), list[Round]()
    last = filed
    for item in parts["rounds"].items():
        inner = item.parts("asked", "answered")
        asked, answered = exact_moment(inner.needed("asked")), exact_moment(inner["answered"])
        for key, at in (("asked", asked), ("answered", answered)):
            last = _not_before(inner[key], at, last)
        rounds.extend([Round(asked, answered)] if asked else ())
    accepted = next((event.at for event in events if event.kind is EventKind.ACCEPTED), None)
    if accepted and last and accepted < last:
        node.problem("Hồ sơ được tiếp nhận trước khi bổ sung xong.", "Kiểm tra lại thời điểm tiếp nhận.")
    rule, basis = reception_limits(parts), parts["basis"].string()
    return Reception(rule, filed, tuple(rounds), basis) if filed else None


def _not_before(node: Node, at: datetime | None, last: datetime | None) -> datetime | None:
    """Refuse a moment that lies before the one above it, and return the later of the two."""
    if at and last and at < last:
        node.problem("Thời điểm này sớm hơn việc trước nó.", "Xếp lại theo thời gian.")
        return last
    return at or last


_KEYS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.STOPPED: ("cause",),
    EventKind.RESUMED: ("cause",),
    EventKind.RESTARTED: ("cause",),
    EventKind.EXTENDED: ("by",),
    EventKind.REAPPOINTED: ("to",),
    EventKind.OUTAGE: ("until",),
}
"""What an event of a kind says besides its moment, its basis and why."""


def happened(node: Node, stops: Sequence[StopRule]) -> tuple[ClockEvent, ...]:
    """Read what happened to a dossier, in the order in which it is written; waits follow the rules of `stops`."""
    items = node.items()
    if len(items) > MAX_EVENTS:
        node.problem(f"Hồ sơ có quá {MAX_EVENTS} sự kiện.", "Kiểm tra lại tệp.")
        return ()
    return tuple(event for item in items if (event := _event(item, stops)) is not None)


def _event(node: Node, stops: Sequence[StopRule]) -> ClockEvent | None:
    before = len(node.problems)
    parts = node.parts()
    kind = parts.needed("kind").choice(EventKind, EventKind.ACCEPTED)
    if len(node.problems) > before:
        return None
    parts = node.parts("kind", "at", "basis", "why", *_KEYS.get(kind, ()))
    at, basis, why = exact_moment(parts.needed("at")), parts["basis"].string(), parts["why"].text()
    by = plain_limit(parts.needed("by"), "basis") if kind is EventKind.EXTENDED else None
    to = exact_moment(parts.needed("to")) if kind is EventKind.REAPPOINTED else None
    until, stop = exact_moment(parts["until"]), _rule(parts["cause"], kind, stops)
    if at is None or len(node.problems) > before:
        return None
    try:
        return ClockEvent(kind, at, basis, why or NO_TEXT, by=by, to=to, until=until, stop=stop)
    except ClockError as wrong:
        node.problem(wrong.what, wrong.hint)
        return None


def _rule(node: Node, kind: EventKind, stops: Sequence[StopRule]) -> StopRule | None:
    """Return the rule an event names by its id, or by a cause that one rule has; a cause without a rule is plain."""
    if kind is EventKind.OUTAGE:
        return next((stop for stop in stops if stop.cause is Cause.OUTAGE), None)
    name = node.string(most=120)
    if node.value == "":
        node.problem("Lý do dừng trống.", "Ghi id của một dòng stops hoặc một lý do, hay bỏ cause.")
    if not name:
        return None
    named = [stop for stop in stops if stop.id == name] or [stop for stop in stops if stop.cause == name]
    if len(named) > 1:
        node.problem(f"Nhiều dòng của stops có lý do “{name}”.", f"Ghi một trong: {', '.join(s.id for s in named)}.")
    if not named and name in set(Cause):
        return StopRule.plain(Cause(name))
    if not named:
        node.problem(f"Không có lý do dừng “{name}”.", _nearest_stop(name, stops))
        return None
    return named[0]


def _nearest_stop(name: str, stops: Sequence[StopRule]) -> str:
    """Return a hint with the stops that are declared, by their ids; without any, with the causes of the law."""
    called = {stop.id: stop.label for stop in stops}
    misspelt = get_close_matches(name, list(Cause), n=1, cutoff=0.75)
    return nearest_code(name, called) if called and not misspelt else nearest(name, {*Cause, *called})
