"""The deadline ledger (sổ tính hạn): events of a dossier in, due moments out, every line with its basis.

Four dates stay apart: the statutory due moment, the committed one (the shorter promise), the appointment printed for
the applicant, and a new appointment after an apology, which moves nothing but itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rules.clock.calendar import OfficeTime, legal_moment, moment_words
from rules.clock.counting import COUNTING, Count, counted, due_after
from rules.clock.ledger import ClockEvent, EventKind, LedgerKind, LedgerLine, check_order
from rules.clock.rechecks import Recheck, to_recheck, unconfirmed_years
from rules.clock.spans import Begins, ClockError, Limit, LimitUnit, Start
from rules.clock.stops import Cause, Effect, Silence, StopRule
from rules.values import NO_TEXT, Text
from rules.wording import inner, joined, phrase

__all__ = [
    "Begins",
    "Cause",
    "Clock",
    "ClockError",
    "ClockEvent",
    "Effect",
    "EventKind",
    "LedgerKind",
    "LedgerLine",
    "Limit",
    "LimitUnit",
    "Silence",
    "Start",
    "StopRule",
    "due_after",
    "run_clock",
]


@dataclass(frozen=True, slots=True)
class Clock:
    """The outcome: due moments in legal time, and the ledger that leads to them in the order of time.

    While the clock is stopped (`stopped_at` is not None), `due` and `committed` are the earliest they can still be.
    `rechecks` are the due moments that rest on a year whose days off are not confirmed. `first_appointment` is what the
    applicant was told first, None where no apology has named another moment.
    """

    due: datetime
    committed: datetime | None
    appointment: datetime
    stopped_at: datetime | None
    ledger: tuple[LedgerLine, ...]
    rechecks: tuple[Recheck, ...] = ()
    first_appointment: datetime | None = None

    @property
    def moments(self) -> dict[str, datetime | None]:
        """The due moments by name."""
        return {"statutory": self.due, "committed": self.committed, "appointment": self.appointment}

    def to_data(self) -> dict[str, object]:
        """Return the clock as plain JSON values."""
        first = {"first_appointment": self.first_appointment.isoformat()} if self.first_appointment else {}
        return {
            "statutory": self.due.isoformat(),
            "committed": self.committed.isoformat() if self.committed else None,
            "appointment": self.appointment.isoformat(),
            **first,
            "stopped_at": self.stopped_at.isoformat() if self.stopped_at else None,
            "ledger": [line.to_data() for line in self.ledger],
            **({"rechecks": [each.to_data() for each in self.rechecks]} if self.rechecks else {}),
        }


def run_clock(
    limit: Limit,
    events: Sequence[ClockEvent],
    office: OfficeTime,
    *,
    committed: Limit | None = None,
    stops: Sequence[StopRule] = (),
) -> Clock:
    """Count a limit over the events of a dossier, the first of which is its acceptance.

    `committed` is the province's shorter promise, counted over the same events; the appointment follows it. `stops` is
    what the procedure says of waits: the outages of the office follow the rule of that cause, and stop the clock where
    there is none. An extension by law moves both; a re-appointment moves the appointment alone: a late dossier stays
    late. What happens after the due moment (a stop, a restart, an extension) does not move it. Raises ClockError when
    the events cannot have happened in this order.
    """
    moments = [_in_legal_time(event) for event in events]
    check_order(moments)
    outages = _outages(office, stops)
    count = counted(limit, moments, outages, office)
    count.finish()
    promised = counted(committed, moments, outages, office) if committed else None
    promise = promised.due if promised else None
    lines = [*_counting_lines(count, promised), *_closing_lines(limit, committed, count, promise)]
    first = min(count.due, promise or count.due)
    lines.extend(_reappointments(moments, count.due, first, office))
    lines.extend(_warnings(limit, count, promise, office))
    lines.extend(_not_arrived(limit, moments, count.due))
    appointment = _appointment(moments, first)
    counts = [("statutory", limit, count)]
    if committed and promised:
        counts.append(("committed", committed, promised))
    return Clock(
        due=count.due,
        committed=promise,
        appointment=appointment,
        stopped_at=count.stopped_at,
        ledger=tuple(sorted(lines, key=lambda line: line.at)),
        rechecks=tuple(to_recheck(counts, appointment, office)),
        first_appointment=first if any(event.to is not None for event in moments) else None,
    )


def _counting_lines(count: Count, promised: Count | None) -> list[LedgerLine]:
    """Return what the count by law wrote, and how the promise is counted where that is otherwise."""
    if promised is None:
        return count.lines
    promised.finish()
    law = {line for line in count.lines if line.kind in COUNTING}
    promise = {line for line in promised.lines if line.kind in COUNTING}
    # Days after the promise can only be those of the law's limit.
    other = {line for line in law - promise if line.at <= promised.due}
    said = [_only(line, "statutory") if line in other else line for line in count.lines]
    return [*said, *(_only(line, "committed") for line in promised.lines if line in promise - law)]


def _only(line: LedgerLine, of: str) -> LedgerLine:
    by_law = of == "statutory"
    vi, en = ("Hạn theo quy định: {}", "By law: {}") if by_law else ("Hạn cam kết: {}", "As committed: {}")
    # "Chủ Nhật" and an English weekday keep their capital inside a sentence.
    said = inner(line.what) if line.kind is LedgerKind.COUNTED_FROM else line.what
    return replace(line, what=phrase(vi, en, said), only=of)


def _in_legal_time(event: ClockEvent) -> ClockEvent:
    at, until = legal_moment(event.at), legal_moment(event.until) if event.until is not None else None
    return event if at is event.at and until is event.until else replace(event, at=at, until=until)


def _outages(office: OfficeTime, stops: Sequence[StopRule]) -> list[ClockEvent]:
    rule = next((stop for stop in stops if stop.cause is Cause.OUTAGE), None)
    outages = (
        ClockEvent(EventKind.OUTAGE, each.since, each.basis, each.what, until=each.until, stop=rule)
        for each in office.outages
    )
    return [_in_legal_time(outage) for outage in outages]


_STILL_STOPPED = Text(
    " Thời hạn đang dừng: hạn còn lùi theo thời gian chờ.", " The clock is stopped: the due moment moves with the wait."
)


def _closing_lines(
    limit: Limit, committed: Limit | None, count: Count, promise: datetime | None
) -> Iterator[LedgerLine]:
    if committed is not None and promise is not None:
        said = phrase("Hạn cam kết ({}): {}.", "Due as committed ({}): {}.", committed.words, moment_words(promise))
        yield LedgerLine(promise, said, committed.basis, LedgerKind.COMMITTED)
    waiting = _STILL_STOPPED if count.stopped_at is not None else NO_TEXT
    due = moment_words(count.due)
    said = phrase("Hạn theo quy định ({}): {}.{}", "Due by law ({}): {}.{}", limit.words, due, waiting)
    yield LedgerLine(count.due, said, limit.basis, LedgerKind.DUE)


def _not_arrived(limit: Limit, events: Sequence[ClockEvent], due: datetime) -> Iterator[LedgerLine]:
    """Say that a limit that counts from a transfer has not begun yet: the due moment is the earliest it can be."""
    if limit.begins is Begins.TRANSFER and not any(event.kind is EventKind.TRANSFERRED for event in events):
        sentence = phrase(
            "Thời hạn tính từ lúc cơ quan có thẩm quyền nhận hồ sơ; chưa chuyển đến nên hạn {} là sớm nhất có thể.",
            "The time limit counts from when the competent body receives the dossier; it has not yet, so {} is the "
            "earliest it can be.",
            moment_words(due),
        )
        yield LedgerLine(due, sentence, limit.basis, LedgerKind.WARNING)


def _reappointments(
    events: Sequence[ClockEvent], due: datetime, first: datetime, office: OfficeTime
) -> Iterator[LedgerLine]:
    for event in events:
        if event.to is not None:
            late = Text(" Hồ sơ đã quá hạn.", " The dossier is late.") if event.at > due else NO_TEXT
            to = legal_moment(event.to)
            sentence = phrase(
                "Xin lỗi và hẹn lại{}: {}. Hạn theo quy định vẫn là {}.{}{}",
                "Apology and new appointment{}: {}. The due moment by law is still {}.{}{}",
                *(event.why, moment_words(to), moment_words(due), late, _remark(to, first, office)),
            )
            yield LedgerLine(event.at, sentence, event.basis, LedgerKind.REAPPOINTED)


def _remark(to: datetime, first: datetime, office: OfficeTime) -> Text:
    """Say what is odd about a new appointment: nobody works then, or it lies before the one told first."""
    odd: list[Text] = []
    if not office.is_open(to):
        odd.append(Text(" Lưu ý: giờ hẹn này ngoài giờ làm việc.", " Note: nobody works at that moment."))
    if to < first:
        vi, en = (
            " Lưu ý: hẹn này sớm hơn hạn đã hẹn lần đầu, {}.",
            " Note: that is earlier than the first appointment, {}.",
        )
        odd.append(phrase(vi, en, moment_words(first)))
    return joined(odd, "")


def _appointment(events: Sequence[ClockEvent], first: datetime) -> datetime:
    moved = [legal_moment(event.to) for event in events if event.to is not None]
    return moved[-1] if moved else first


def _warnings(limit: Limit, count: Count, promise: datetime | None, office: OfficeTime) -> Iterator[LedgerLine]:
    last = max(count.due, promise or count.due)
    for year in unconfirmed_years(limit, count, last, office):
        due = count.due if year <= count.due.year else last
        sentence = phrase(
            "Lịch nghỉ năm {} chưa được xác nhận: hạn {} là tạm tính và sẽ được tính lại khi có lịch chính thức.",
            "The days off of {} are not confirmed yet: {} is provisional and is counted again once they are.",
            *(str(year), moment_words(due)),
        )
        yield LedgerLine(due, sentence, "", LedgerKind.WARNING)
