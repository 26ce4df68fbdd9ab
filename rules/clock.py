"""The deadline ledger (sổ tính hạn): events of a dossier in, due moments out, every line with its basis.

Four dates stay apart: the statutory due moment, the committed one (the shorter promise), the appointment printed for
the applicant, and a new appointment after an apology, which moves nothing but itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from rules.calendar import LEGAL_TIME, OfficeTime, day_words, legal_moment, moment_words
from rules.spans import ClockError, Limit, LimitUnit, Span, Start
from rules.values import NO_TEXT, Text
from rules.wording import begun, joined, phrase

__all__ = [
    "Clock",
    "ClockError",
    "ClockEvent",
    "EventKind",
    "LedgerKind",
    "LedgerLine",
    "Limit",
    "LimitUnit",
    "Start",
    "due_after",
    "run_clock",
]


class EventKind(StrEnum):
    """What happened to the dossier that its clock must know."""

    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"
    STOPPED = "stopped"
    RESUMED = "resumed"
    RESTARTED = "restarted"
    EXTENDED = "extended"
    REAPPOINTED = "reappointed"


class LedgerKind(StrEnum):
    """What a line of the ledger tells."""

    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"
    COUNTED_FROM = "counted_from"
    DAY_OFF = "day_off"
    MAKEUP_DAY = "makeup_day"
    STOPPED = "stopped"
    RESUMED = "resumed"
    RESTARTED = "restarted"
    EXTENDED = "extended"
    REAPPOINTED = "reappointed"
    NO_EFFECT = "no_effect"
    DUE = "due"
    COMMITTED = "committed"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event: its kind, its moment, the legal basis as a citation, and why, in words for a reader.

    `by` is the extra time of an extension (gia hạn); `to` the new moment of a re-appointment (hẹn lại).
    """

    kind: EventKind
    at: datetime
    basis: str = ""
    cause: str = ""
    by: Limit | None = None
    to: datetime | None = None

    def __post_init__(self) -> None:
        if (self.kind is EventKind.EXTENDED) != (self.by is not None):
            raise ClockError("Gia hạn phải ghi rõ gia hạn thêm bao lâu; các sự kiện khác không mang thời gian gia hạn.")
        if self.by is not None and self.by.unit is LimitUnit.SAME_DAY:
            raise ClockError("Không thể gia hạn “trong ngày”: ghi số ngày hoặc số giờ gia hạn.")
        if (self.kind is EventKind.REAPPOINTED) != (self.to is not None):
            raise ClockError("Hẹn lại phải ghi rõ thời điểm hẹn mới; các sự kiện khác không mang thời điểm hẹn.")
        if self.to is not None and legal_moment(self.to) < legal_moment(self.at):
            raise ClockError("Thời điểm hẹn lại phải sau lúc hẹn: kiểm tra lại ngày hẹn.")


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger: when, what happened, on which legal basis (a citation or empty)."""

    at: datetime
    what: Text
    basis: str
    kind: LedgerKind

    def to_data(self) -> dict[str, object]:
        """Return the line as plain JSON values."""
        return {"at": self.at.isoformat(), "what": self.what.to_data(), "basis": self.basis, "kind": self.kind.value}


@dataclass(frozen=True, slots=True)
class Clock:
    """The outcome: due moments in legal time, and the ledger that leads to them in the order of time.

    While the clock is stopped (`stopped_at` is not None), `due` and `committed` are the earliest they can still be.
    """

    due: datetime
    committed: datetime | None
    appointment: datetime
    stopped_at: datetime | None
    ledger: tuple[LedgerLine, ...]

    def to_data(self) -> dict[str, object]:
        """Return the clock as plain JSON values."""
        return {
            "statutory": self.due.isoformat(),
            "committed": self.committed.isoformat() if self.committed else None,
            "appointment": self.appointment.isoformat(),
            "stopped_at": self.stopped_at.isoformat() if self.stopped_at else None,
            "ledger": [line.to_data() for line in self.ledger],
        }


def due_after(limit: Limit, accepted_at: datetime, office: OfficeTime) -> datetime:
    """Return the due moment of a dossier accepted at this moment, when nothing else happens."""
    return limit.span.end(limit.counted_from(accepted_at, office), office)


def run_clock(
    limit: Limit, events: Sequence[ClockEvent], office: OfficeTime, *, committed: Limit | None = None
) -> Clock:
    """Count a limit over the events of a dossier, the first of which is its acceptance.

    `committed` is the province's shorter promise, counted over the same events; the appointment follows it. An
    extension by law moves both; a re-appointment moves the appointment alone: a late dossier stays late. What happens
    after the due moment (a stop, a restart, an extension) does not move it. Raises ClockError when the events cannot
    have happened in this order.
    """
    moments = [replace(event, at=legal_moment(event.at)) for event in events]
    _check_order(moments)
    counted = _count(limit, moments, office)
    counted.finish()
    promise = _count(committed, moments, office).due if committed else None
    lines = [*counted.lines, *_closing_lines(limit, committed, counted, promise)]
    lines.extend(_reappointments(moments, counted.due))
    lines.extend(_warnings(limit, counted, office))
    return Clock(
        due=counted.due,
        committed=promise,
        appointment=_appointment(moments, min(counted.due, promise or counted.due)),
        stopped_at=counted.stopped_at,
        ledger=tuple(sorted(lines, key=lambda line: line.at)),
    )


def _check_order(events: Sequence[ClockEvent]) -> None:
    if not events or events[0].kind is not EventKind.ACCEPTED:
        raise ClockError("Chưa có thời điểm tiếp nhận: sự kiện đầu tiên phải là tiếp nhận hồ sơ.")
    for number, (before, event) in enumerate(pairwise(events), start=2):
        if event.at < before.at:
            raise ClockError(
                f"Sự kiện thứ {number} ({moment_words(event.at)}) sớm hơn sự kiện trước nó: xếp lại theo thời gian."
            )
        if event.kind is EventKind.ACCEPTED:
            raise ClockError(f"Sự kiện thứ {number} tiếp nhận hồ sơ lần thứ hai: mỗi hồ sơ chỉ được tiếp nhận một lần.")
        if event.kind is EventKind.TRANSFERRED and before.kind is not EventKind.ACCEPTED:
            raise ClockError(
                f"Sự kiện thứ {number}: chuyển đến cơ quan có thẩm quyền chỉ tính ngay sau khi tiếp nhận hồ sơ."
            )


_Leg = tuple[Span, datetime, datetime]
"""A span, the moment it is counted from and the moment it ends."""


def _legs_of(spans: Sequence[Span], start: datetime, office: OfficeTime) -> Iterator[_Leg]:
    for number, span in enumerate(spans):
        opened = span.counted_from(start, office) if number else start
        start = span.end(opened, office)
        yield span, opened, start


class _Count:
    """A limit being counted: the spans left, from when, and the lines written so far."""

    def __init__(self, limit: Limit, accepted: ClockEvent, office: OfficeTime) -> None:
        self.limit = limit
        self.office = office
        self.lines: list[LedgerLine] = []
        self.stopped_at: datetime | None = None
        self.overdue_stop = False
        self.spans: tuple[Span, ...] = ()
        self.start = accepted.at
        self._counted: tuple[tuple[tuple[Span, ...], datetime], tuple[_Leg, ...]] | None = None
        said = phrase("Tiếp nhận hồ sơ lúc {}.", "Dossier received at {}.", moment_words(accepted.at))
        self._begin(accepted, LedgerKind.ACCEPTED, said)

    @property
    def due(self) -> datetime:
        """The due moment if nothing more happens, and a stopped clock went on at the moment of its stop."""
        return self._legs()[-1][2]

    def _legs(self) -> tuple[_Leg, ...]:
        state = self.spans, self.start
        if self._counted is None or self._counted[0] != state:
            self._counted = state, tuple(_legs_of(*state, self.office))
        return self._counted[1]

    def _write(self, event: ClockEvent, kind: LedgerKind, sentence: Text) -> None:
        self.lines.append(LedgerLine(event.at, sentence, event.basis, kind))

    def _begin(self, event: ClockEvent, kind: LedgerKind, sentence: Text) -> None:
        """Count the whole limit from this event."""
        self._write(event, kind, sentence)
        self.spans = (self.limit.span,)
        self.start = self.limit.counted_from(event.at, self.office)
        if self.start != event.at:
            self.lines.append(LedgerLine(self.start, self._why_later(event.at), "", LedgerKind.COUNTED_FROM))

    def _why_later(self, accepted_at: datetime) -> Text:
        start, cutoff = moment_words(self.start), self.limit.cutoff
        if cutoff is not None and self.limit.cut_off(accepted_at, self.office):
            return phrase(
                "Tiếp nhận sau {} nên tính từ ngày làm việc tiếp theo: {}.",
                "Received after {}, so counted from the next working day: {}.",
                *(f"{cutoff:%H:%M}", start),
            )
        return phrase(
            "Ngoài giờ làm việc nên tính từ lần mở cửa tiếp theo: {}.",
            "Outside working hours, so counted from the next opening: {}.",
            start,
        )

    def transfer(self, event: ClockEvent) -> None:
        """The competent body has the dossier: the limit runs from now (NĐ 118/2025 Điều 17 khoản 3)."""
        self.lines = [line for line in self.lines if line.kind is LedgerKind.ACCEPTED]
        sentence = phrase(
            "Cơ quan có thẩm quyền nhận hồ sơ lúc {}: thời hạn tính từ lúc này.",
            "The competent body received the dossier at {}: the time limit runs from then.",
            moment_words(event.at),
        )
        self._begin(event, LedgerKind.TRANSFERRED, sentence)

    def stop(self, event: ClockEvent) -> None:
        """Stop counting; what is left is kept."""
        if self.stopped_at is not None:
            raise ClockError(f"Thời hạn đã dừng từ {moment_words(self.stopped_at)}: không thể dừng thêm lần nữa.")
        self.stopped_at = event.at
        self.overdue_stop = event.at > self.due
        if self.overdue_stop:
            self._no_effect(event, Text("Dừng tính thời hạn", "The clock was stopped"))
            return
        legs = self._legs()
        current = next(number for number, leg in enumerate(legs) if event.at <= leg[2])
        for leg in legs[:current]:
            self.lines.extend(_day_lines(*leg, self.office))
        span, start, _ = legs[current]
        stop = span.counted_from(event.at, self.office)
        rest = span.rest(start, stop, self.office)
        self.lines.extend(_day_lines(span, start, stop, self.office))
        said = phrase("Tạm dừng tính thời hạn{}: còn {}.", "Clock stopped{}: {} left.", _because(event), rest.words)
        self._write(event, LedgerKind.STOPPED, said)
        self.spans = (rest, *self.spans[current + 1 :])
        self.start = max(start, stop)

    def resume(self, event: ClockEvent) -> None:
        """Go on counting what is left."""
        if self.stopped_at is None:
            raise ClockError(f"Thời hạn không dừng nên không thể tính tiếp lúc {moment_words(event.at)}.")
        self.stopped_at = None
        if self.overdue_stop:
            self._no_effect(event, Text("Tính tiếp", "The clock went on"))
            return
        self.start = max(self.start, self.spans[0].counted_from(event.at, self.office))
        left = joined((span.words for span in self.spans), " và ", " and ")
        said = phrase("Tính tiếp thời hạn{}: còn {}.", "Clock going on{}: {} left.", _because(event), left)
        self._write(event, LedgerKind.RESUMED, said)

    def restart(self, event: ClockEvent) -> None:
        """Count the whole limit anew (NĐ 61/2018 Điều 19: from receipt of the full dossier)."""
        overdue = self.overdue_stop if self.stopped_at is not None else event.at > self.due
        if self.stopped_at is None and not overdue:
            lines = (line for leg in self._legs() for line in _day_lines(*leg, self.office))
            self.lines.extend(line for line in lines if line.at <= event.at)
        self.stopped_at = None
        if overdue:
            self._no_effect(event, Text("Tính lại từ đầu", "The time limit was started anew"))
            return
        vi, en = "Tính lại thời hạn từ đầu{}: {}.", "Time limit started anew{}: {}."
        self._begin(event, LedgerKind.RESTARTED, phrase(vi, en, _because(event), self.limit.words))

    def extend(self, event: ClockEvent) -> None:
        """Add the time an extension by law gives."""
        assert event.by is not None
        if self.overdue_stop if self.stopped_at is not None else event.at > self.due:
            self._no_effect(event, Text("Gia hạn", "The time limit was extended"))
            return
        self.spans = (*self.spans, event.by.span)
        said = phrase("Gia hạn thêm {}{}.", "Extended by {}{}.", event.by.words, _because(event))
        self._write(event, LedgerKind.EXTENDED, said)

    def finish(self) -> None:
        """Write the days that the last stretch passes over."""
        for leg in self._legs():
            self.lines.extend(_day_lines(*leg, self.office))

    def _no_effect(self, event: ClockEvent, act: Text) -> None:
        sentence = phrase(
            "{}{}, nhưng hạn {} đã qua nên hạn không đổi.",
            "{}{}, but {} had passed by then, so the due moment stays.",
            *(act, _because(event), moment_words(self.due)),
        )
        self._write(event, LedgerKind.NO_EFFECT, sentence)


_ACTS = {
    EventKind.TRANSFERRED: _Count.transfer,
    EventKind.STOPPED: _Count.stop,
    EventKind.RESUMED: _Count.resume,
    EventKind.RESTARTED: _Count.restart,
    EventKind.EXTENDED: _Count.extend,
}


def _count(limit: Limit, events: Sequence[ClockEvent], office: OfficeTime) -> _Count:
    count = _Count(limit, events[0], office)
    for event in events[1:]:
        if event.kind in _ACTS:
            _ACTS[event.kind](count, event)
    return count


def _because(event: ClockEvent) -> str:
    return f" ({event.cause})" if event.cause else ""


def _day_lines(span: Span, start: datetime, end: datetime, office: OfficeTime) -> Iterator[LedgerLine]:
    for day in span.passed_over(start, end, office):
        yield _day_line(day, None if office.calendar.is_working_day(day) else office.calendar.reason_off(day))


@lru_cache(maxsize=2048)
def _day_line(day: date, reason_off: Text | None) -> LedgerLine:
    """Write a day off with its reason, or a make-up day; dossiers of one week pass over the same days."""
    at, named = datetime.combine(day, time(), LEGAL_TIME), begun(day_words(day))
    if reason_off is None:
        said = phrase("{} là ngày làm bù, được tính.", "{} is worked to make up for another day: counted.", named)
        return LedgerLine(at, said, "", LedgerKind.MAKEUP_DAY)
    said = phrase("{} là {}, không tính.", "{} is {}: not counted.", named, reason_off)
    return LedgerLine(at, said, "", LedgerKind.DAY_OFF)


_STILL_STOPPED = Text(
    " Thời hạn đang dừng: hạn còn lùi theo thời gian chờ.", " The clock is stopped: the due moment moves with the wait."
)


def _closing_lines(
    limit: Limit, committed: Limit | None, counted: _Count, promise: datetime | None
) -> Iterator[LedgerLine]:
    if committed is not None and promise is not None:
        said = phrase("Hạn cam kết ({}): {}.", "Due as committed ({}): {}.", committed.words, moment_words(promise))
        yield LedgerLine(promise, said, "", LedgerKind.COMMITTED)
    waiting = _STILL_STOPPED if counted.stopped_at is not None else NO_TEXT
    due = moment_words(counted.due)
    said = phrase("Hạn theo quy định ({}): {}.{}", "Due by law ({}): {}.{}", limit.words, due, waiting)
    yield LedgerLine(counted.due, said, "", LedgerKind.DUE)


def _reappointments(events: Sequence[ClockEvent], due: datetime) -> Iterator[LedgerLine]:
    for event in events:
        if event.to is not None:
            late = Text(" Hồ sơ đã quá hạn.", " The dossier is late.") if event.at > due else NO_TEXT
            sentence = phrase(
                "Xin lỗi và hẹn lại{}: {}. Hạn theo quy định vẫn là {}.{}",
                "Apology and new appointment{}: {}. The due moment by law is still {}.{}",
                *(_because(event), moment_words(legal_moment(event.to)), moment_words(due), late),
            )
            yield LedgerLine(event.at, sentence, event.basis, LedgerKind.REAPPOINTED)


def _appointment(events: Sequence[ClockEvent], first: datetime) -> datetime:
    moved = [legal_moment(event.to) for event in events if event.to is not None]
    return moved[-1] if moved else first


def _warnings(limit: Limit, counted: _Count, office: OfficeTime) -> Iterator[LedgerLine]:
    if limit.unit is LimitUnit.HOURS and limit.runs_at_once:
        return  # hours on the wall read no calendar
    for year in range(counted.lines[0].at.year, counted.due.year + 1):
        if year not in office.calendar.confirmed_years:
            sentence = phrase(
                "Lịch nghỉ năm {} chưa được xác nhận: hạn {} là tạm tính và sẽ được tính lại khi có lịch chính thức.",
                "The days off of {} are not confirmed yet: {} is provisional and is counted again once they are.",
                *(str(year), moment_words(counted.due)),
            )
            yield LedgerLine(counted.due, sentence, "", LedgerKind.WARNING)
