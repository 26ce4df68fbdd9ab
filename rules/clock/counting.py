"""How one limit is counted over the events of a dossier, and the lines this writes into the ledger."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rules.clock.calendar import OfficeTime, moment_words
from rules.clock.ledger import ClockEvent, EventKind, LedgerKind, LedgerLine, day_lines, lines_until
from rules.clock.spans import Begins, ClockError, Limit, Span, Start
from rules.clock.stops import Effect, Silence, StopRule
from rules.values import NO_TEXT, Text
from rules.wording import begun, inner, joined, phrase

_DAYS = frozenset({LedgerKind.DAY_OFF, LedgerKind.MAKEUP_DAY})

COUNTING = _DAYS | {LedgerKind.COUNTED_FROM}
"""The lines that say how a limit is counted, not what happened."""

Leg = tuple[Span, datetime, datetime]
"""A span, the moment it is counted from and the moment it ends."""


def legs_of(spans: Sequence[Span], start: datetime, limit: Limit, office: OfficeTime) -> Iterator[Leg]:
    """Yield the legs of spans counted one after the other, the first from `start` itself."""
    for number, span in enumerate(spans):
        opened = _opened(span, start, limit, office) if number else start
        start = span.end(opened, office)
        yield span, opened, start


def due_after(limit: Limit, accepted_at: datetime, office: OfficeTime) -> datetime:
    """Return the due moment of a dossier accepted at this moment, when nothing else happens."""
    *_, (_, _, end) = legs_of(limit.spans, limit.counted_from(accepted_at, office), limit, office)
    return end


def _opened(span: Span, at: datetime, limit: Limit, office: OfficeTime) -> datetime:
    """Return from when a span goes on: what counts an acceptance at once also counts on at once."""
    return at if limit.start is Start.MOMENT else span.counted_from(at, office)


@dataclass(frozen=True, slots=True)
class _Wait:
    """A wait that has begun: its event, and by when it must end."""

    event: ClockEvent
    ends: datetime | None

    @property
    def rule(self) -> StopRule:
        return self.event.rule

    @property
    def holds(self) -> bool:
        """Tell whether the clock stands while it lasts."""
        return self.rule.effect is not Effect.RUN_ON

    @property
    def lapses(self) -> datetime | None:
        """When it ends by itself if nobody answers; None where it does not."""
        return self.ends if self.rule.silence is Silence.RESUMES else None

    def limit_line(self, *, over: bool) -> LedgerLine:
        """Say that the limit of the wait itself has passed, or when it will."""
        assert self.ends is not None
        assert self.rule.limit is not None
        vi, en = ("Hết thời hạn {} ({}){}.", "The time for {} ({}) is over{}.")
        if not over:
            vi, en = ("Đến lúc này là hết thời hạn {} ({}){}.", "By this moment the time for {} ({}) is over{}.")
        then = self.rule.at_limit
        happens = phrase(": {}", ": {}", inner(_bare(then))) if then.vi else NO_TEXT
        said = phrase(vi, en, self.rule.label, self.rule.limit.words, happens)
        return LedgerLine(self.ends, said, self.rule.basis, LedgerKind.STOP_LIMIT)


def _bare(text: Text) -> Text:
    return Text(text.vi.rstrip("."), text.english.rstrip("."))


class Count:
    """A limit being counted: the spans left, from when, the waits that last, and the lines written so far."""

    def __init__(self, limit: Limit, accepted: ClockEvent, office: OfficeTime) -> None:
        self.limit = limit
        self.office = office
        self.lines: list[LedgerLine] = []
        self.stopped_at: datetime | None = None
        self.waits: list[_Wait] = []
        self.unanswered: list[_Wait] = []
        self.times_asked: dict[str, int] = {}
        self.extensions: tuple[Limit, ...] = ()
        self.spans: tuple[Span, ...] = ()
        self.start = accepted.at
        self._overdue_stop = False
        self._counted: tuple[tuple[tuple[Span, ...], datetime], tuple[Leg, ...]] | None = None
        said = phrase("Tiếp nhận hồ sơ lúc {}.", "Dossier received at {}.", moment_words(accepted.at))
        self._begin(accepted, LedgerKind.ACCEPTED, said)

    @property
    def due(self) -> datetime:
        """The due moment if nothing more happens, and a stopped clock went on at the moment of its stop."""
        return self._legs()[-1][2]

    def _legs(self) -> tuple[Leg, ...]:
        state = self.spans, self.start
        if self._counted is None or self._counted[0] != state:
            self._counted = state, tuple(legs_of(*state, self.limit, self.office))
        return self._counted[1]

    def overdue(self, at: datetime) -> bool:
        """Tell whether the limit had run out at this moment; a clock that stands runs out no more."""
        return self._overdue_stop if self.stopped_at is not None else at > self.due

    def _write(self, event: ClockEvent, kind: LedgerKind, vi: str, en: str, *parts: Text | str) -> None:
        self._put(event, kind, phrase(vi, en, *parts))

    def _put(self, event: ClockEvent, kind: LedgerKind, sentence: Text) -> None:
        self.lines.append(LedgerLine(event.at, sentence, event.basis or event.rule.basis, kind))

    def _name(self, lines: Iterable[LedgerLine]) -> None:
        """Write down the days passed over, each once."""
        named = {(line.kind, line.at.date()) for line in self.lines if line.kind in _DAYS}
        self.lines.extend(line for line in lines if (line.kind, line.at.date()) not in named)

    def _passed_over(self, legs: Sequence[Leg]) -> Iterator[LedgerLine]:
        """Yield the days that legs pass over, and those between a leg that ends on a day off and the next."""
        ended: datetime | None = None
        for span, start, end in legs:
            if ended is not None:
                yield from (line for line in lines_until(start, ended, self.office) if line.at > ended)
            yield from day_lines(span, start, end, self.office)
            ended = end

    def _begin(self, event: ClockEvent, kind: LedgerKind, sentence: Text) -> None:
        """Count the whole limit, and the extensions given, from this event."""
        self._put(event, kind, sentence)
        self.spans = (*self.limit.spans, *(span for more in self.extensions for span in more.spans))
        self.start = self.limit.counted_from(event.at, self.office)
        self._name(lines_until(self.start, event.at, self.office))
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
        if self.limit.begins is Begins.ACCEPTANCE:
            vi = "Cơ quan có thẩm quyền nhận hồ sơ: thời hạn vẫn tính từ lúc tiếp nhận."
            self._write(event, LedgerKind.NOTED, vi, "The competent body has it: time still runs from acceptance.")
            return
        self.lines = [line for line in self.lines if line.kind not in COUNTING]
        sentence = phrase(
            "Cơ quan có thẩm quyền nhận hồ sơ lúc {}: thời hạn tính từ lúc này.",
            "The competent body received the dossier at {}: the time limit runs from then.",
            moment_words(event.at),
        )
        self._begin(event, LedgerKind.TRANSFERRED, sentence)

    def stop(self, event: ClockEvent) -> None:
        """A wait begins: unless it lets the limit run on, counting stops and what is left is kept."""
        same = next((wait for wait in self._asked() if wait.rule.id == event.rule.id), None)
        if same is not None:
            since = moment_words(same.event.at)
            raise ClockError(
                f"Thời hạn đã dừng từ {since} vì cùng lý do này.", "Không thể dừng thêm lần nữa: ghi lúc hết chờ trước."
            )
        before = self.times_asked.get(event.rule.id, 0)
        self.times_asked[event.rule.id] = before + 1
        if event.rule.most is not None and before >= event.rule.most:
            self._once_more(event, event.rule.most)
            return
        self._wait(event)

    def _once_more(self, event: ClockEvent, most: int) -> None:
        """Note a wait that comes oftener than the law lets it stop the clock: it lasts, and the time limit runs on."""
        self._write(
            event,
            LedgerKind.TOO_OFTEN,
            "{} đã dừng thời hạn đủ {} lần theo quy định: lần này thời hạn vẫn tính.",
            "The clock has been stopped as often as the law allows ({1}) by: {0}. This time the limit runs on.",
            *(begun(event.rule.label), str(most)),
        )
        runs_on = replace(event, stop=replace(event.rule, effect=Effect.RUN_ON))
        self.waits.append(_Wait(runs_on, self._ends(runs_on)))

    def _ends(self, event: ClockEvent) -> datetime | None:
        """Return by when a wait must end, None where it has no limit of its own."""
        limit = event.rule.limit
        return due_after(limit, event.at, self.office) if limit is not None else None

    def outage(self, event: ClockEvent) -> None:
        """The systems are down: a wait like others, unless the limit had run out already."""
        if not self.overdue(event.at) or self.stopped_at is not None:
            self._wait(event)

    def _wait(self, event: ClockEvent) -> None:
        wait = _Wait(event, self._ends(event))
        self.waits.append(wait)
        if not wait.holds:
            vi, en = "Ghi nhận {}: thời hạn vẫn tính.", "Noted, {}: the time limit runs on."
            self._write(event, LedgerKind.NOTED, vi, en, event.name)
        elif self.stopped_at is not None:
            vi, en = "Thêm lý do dừng, {}: thời hạn vẫn dừng.", "A further wait, {}: the clock still stands."
            self._write(event, LedgerKind.NOTED, vi, en, event.name)
        else:
            self._hold(event)

    def _hold(self, event: ClockEvent) -> None:
        self._overdue_stop = event.at > self.due
        self.stopped_at = event.at
        if self._overdue_stop:
            self._no_effect(event, Text("Dừng tính thời hạn", "The clock was stopped"))
            return
        legs = self._legs()
        current = next(number for number, leg in enumerate(legs) if event.at <= leg[2])
        self._name(self._passed_over(legs[:current]))
        span, start, _ = legs[current]
        stop = _opened(span, event.at, self.limit, self.office)
        rest = span.rest(start, stop, self.office)
        self._name(day_lines(span, start, stop, self.office))
        self.spans = (rest, *self.spans[current + 1 :])
        self.start = max(start, stop)
        vi, en = "Tạm dừng tính thời hạn{}: còn {}.", "Clock stopped{}: {} left."
        self._write(event, LedgerKind.STOPPED, vi, en, event.why, rest.words)

    def lapse(self, before: datetime | None = None) -> None:
        """End the waits whose own limit is over before this moment with no answer; without one, all that will be."""
        while over := [wait for wait in self.waits if wait.lapses and (before is None or wait.lapses < before)]:
            self._unanswered(min(over, key=lambda wait: wait.lapses or wait.event.at), sure=before is not None)

    def _unanswered(self, wait: _Wait, *, sure: bool) -> None:
        """Let the clock go on by itself: silence until the limit of the wait counts as an answer."""
        assert wait.ends is not None
        self.lines.append(wait.limit_line(over=sure))
        cause = Text("không có trả lời khi hết thời gian chờ", "no answer when the wait was over")
        if not sure:
            cause = Text("nếu đến lúc này vẫn không có trả lời", "if there is no answer by then")
        self.unanswered.append(wait)
        self._end(wait, ClockEvent(EventKind.RESUMED, wait.ends, cause=cause, stop=wait.rule))
        goes_on = self.stopped_at is None and wait.holds and not self.overdue(wait.ends)
        if goes_on and self._legs()[0][2] == wait.ends == self.office.closing(wait.ends.date()):
            # What is due "within the day" would be due in the very moment in which silence ends the wait.
            self.start = self.office.opening(self.office.calendar.next_working_day(wait.ends.date()))
            self._name(lines_until(self.start, wait.ends, self.office))

    def _answered_late(self, event: ClockEvent) -> bool:
        """Write down an answer to a wait that ended by itself before: it moves nothing any more."""
        wait = next((each for each in self.unanswered if event.stop is None or each.rule.id == event.stop.id), None)
        if wait is None or wait.ends is None:
            return False
        self.unanswered.remove(wait)
        vi = "Có trả lời về {}, nhưng thời hạn đã tự tính tiếp từ {} nên không có tác dụng."
        en = "An answer came: {}, but the clock has gone on by itself since {}, so it has no effect."
        self._write(event, LedgerKind.NO_EFFECT, vi, en, wait.rule.label, moment_words(wait.ends))
        return True

    def resume(self, event: ClockEvent) -> None:
        """A wait is over: once no other lasts, what is left is counted on, or the whole anew where the rule says so."""
        wait = self._ended_by(event)
        if wait is None and self._answered_late(event):
            return
        if wait is None:
            raise ClockError(
                f"Thời hạn không dừng nên không thể tính tiếp lúc {moment_words(event.at)}.",
                "Hãy ghi sự kiện dừng trước, với cùng lý do.",
            )
        self._end(wait, event)

    def up_again(self, event: ClockEvent) -> None:
        """The systems work again after an outage that this clock felt."""
        wait = next((wait for wait in self.waits if wait.event is event), None)
        if wait is not None and event.until is not None:
            cause = Text("hệ thống hoạt động lại", "systems up again")
            self._end(wait, replace(event, at=event.until, until=None, cause=cause))

    def _asked(self) -> list[_Wait]:
        """Return the waits that an event began and an event must end."""
        return [wait for wait in self.waits if wait.event.kind is EventKind.STOPPED]

    def _ended_by(self, event: ClockEvent) -> _Wait | None:
        named = [wait for wait in self._asked() if event.stop is None or wait.rule.id == event.stop.id]
        holding = [wait for wait in named if wait.holds]
        if len(holding) > 1:
            reasons = joined((wait.rule.label for wait in holding), ", ")
            raise ClockError(f"Thời hạn đang dừng vì nhiều lý do: {reasons}.", "Hãy ghi rõ lý do nào đã hết.")
        return next(reversed(holding or named), None)

    def _end(self, wait: _Wait, event: ClockEvent) -> None:
        self._close(wait, event)
        if not wait.holds:
            self._write(event, LedgerKind.NOTED, "Kết thúc {}.", "Over: {}.", wait.rule.label)
            return
        if wait.rule.effect is Effect.RESTART:
            self._anew(event)
        self._go_on(event, wait, said=wait.rule.effect is Effect.RESTART)

    def _close(self, wait: _Wait, event: ClockEvent) -> None:
        self.waits.remove(wait)
        if wait.ends is not None and event.at > wait.ends:
            self.lines.append(wait.limit_line(over=True))

    def _go_on(self, event: ClockEvent, ended: _Wait, *, said: bool) -> None:
        """Let the clock go on, unless another wait still holds it; `said`: the ledger tells of it already."""
        others = [wait.rule.label for wait in self.waits if wait.holds]
        if others:
            vi, en = "Kết thúc {}; thời hạn vẫn dừng vì {}.", "Over: {}; the clock still stands: {}."
            self._write(event, LedgerKind.NOTED, vi, en, ended.rule.label, joined(others, ", "))
            return
        overdue, self.stopped_at = self.overdue(event.at), None
        if not overdue:
            self.start = max(self.start, _opened(self.spans[0], event.at, self.limit, self.office))
            self._name(lines_until(self.start, event.at, self.office))
        if said:
            return
        if overdue:
            self._no_effect(event, Text("Tính tiếp", "The clock went on"))
            return
        left = joined((span.words for span in self.spans), " và ", " and ")
        vi, en = "Tính tiếp thời hạn{}: còn {}.", "Clock going on{}: {} left."
        self._write(event, LedgerKind.RESUMED, vi, en, event.why, left)

    def restart(self, event: ClockEvent) -> None:
        """Count the whole limit anew (NĐ 61/2018 Điều 19: from receipt of the full dossier)."""
        wait = self._ended_by(event)
        if wait is None and event.stop is not None:
            raise ClockError(
                f"Không có lần dừng nào như vậy để tính lại lúc {moment_words(event.at)}.",
                "Hãy ghi sự kiện dừng trước, với cùng lý do.",
            )
        if wait is not None and wait.rule.stated and wait.rule.effect is not Effect.RESTART:
            raise ClockError(
                f"Quy định không cho tính lại từ đầu khi {wait.rule.label}.",
                "Hãy ghi sự kiện tính tiếp (resumed), hoặc sửa hiệu lực của lý do dừng.",
            )
        if wait is not None:
            self._close(wait, event)
        self._anew(event)
        if wait is not None and wait.holds:
            self._go_on(event, wait, said=True)

    def _anew(self, event: ClockEvent) -> None:
        if self.overdue(event.at):
            self._no_effect(event, Text("Tính lại từ đầu", "The time limit was started anew"))
            return
        if self.stopped_at is None:
            self._name(line for line in self._passed_over(self._legs()) if line.at <= event.at)
        whole = joined((self.limit.words, *(more.words for more in self.extensions)), ", gia hạn ", ", extended by ")
        vi, en = "Tính lại thời hạn từ đầu{}: {}.", "Time limit started anew{}: {}."
        self._begin(event, LedgerKind.RESTARTED, phrase(vi, en, event.why, whole))

    def extend(self, event: ClockEvent) -> None:
        """Add the time an extension by law gives."""
        assert event.by is not None
        if self.overdue(event.at):
            self._no_effect(event, Text("Gia hạn", "The time limit was extended"))
            return
        self.extensions = (*self.extensions, event.by)
        self.spans = (*self.spans, *event.by.spans)
        self._write(event, LedgerKind.EXTENDED, "Gia hạn thêm {}{}.", "Extended by {}{}.", event.by.words, event.why)

    def finish(self) -> None:
        """Let silence end what it ends, write the days last passed over, and by when the waits that last must end."""
        self.lapse()
        self._name(self._passed_over(self._legs()))
        self.lines.extend(wait.limit_line(over=False) for wait in self.waits if wait.ends is not None)

    def _no_effect(self, event: ClockEvent, act: Text) -> None:
        self._write(
            event,
            LedgerKind.NO_EFFECT,
            "{}{}, nhưng hạn {} đã qua nên hạn không đổi.",
            "{}{}, but {} had passed by then, so the due moment stays.",
            *(act, event.why, moment_words(self.due)),
        )


_ACTS: dict[EventKind, Callable[[Count, ClockEvent], None]] = {
    EventKind.TRANSFERRED: Count.transfer,
    EventKind.STOPPED: Count.stop,
    EventKind.RESUMED: Count.resume,
    EventKind.RESTARTED: Count.restart,
    EventKind.EXTENDED: Count.extend,
}

_Step = tuple[datetime, int | None, Callable[[Count, ClockEvent], None], ClockEvent]
"""When something is done to the count, the number of its event, what is done, and the event."""


def counted(limit: Limit, events: Sequence[ClockEvent], outages: Sequence[ClockEvent], office: OfficeTime) -> Count:
    """Count a limit over the events in their order and the outages in that of time; the lines of the end are left.

    Raises ClockError, with the number of the event, for an act that cannot have happened.
    """
    accepted, *_ = (event for event in events if event.kind is EventKind.ACCEPTED)
    count = Count(limit, accepted, office)
    for at, number, act, event in sorted(_steps(events, outages, accepted.at), key=lambda step: step[0]):
        count.lapse(at)
        try:
            act(count, event)
        except ClockError as refused:
            raise ClockError(refused.what, refused.hint, number) from refused
    return count


def _steps(events: Sequence[ClockEvent], outages: Sequence[ClockEvent], accepted_at: datetime) -> Iterator[_Step]:
    for number, event in enumerate(events):
        if event.kind in _ACTS:
            yield event.at, number, _ACTS[event.kind], event
    down = (*outages, *(event for event in events if event.kind is EventKind.OUTAGE))
    for event in sorted(down, key=lambda outage: outage.at):
        if event.until is None or event.until > accepted_at:
            felt = replace(event, at=max(event.at, accepted_at))
            yield felt.at, None, Count.outage, felt
            if felt.until is not None:
                yield felt.until, None, Count.up_again, felt
