"""What a clock is told (sự kiện) and what it writes down (sổ tính hạn): events in, lines out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from rules.citations import Citation, citation_data
from rules.clock.calendar import LEGAL_TIME, OfficeTime, day_words, legal_moment, moment_words
from rules.clock.spans import ClockError, Limit, LimitUnit, Span, unusual_days
from rules.clock.stops import Cause, StopRule
from rules.values import NO_TEXT, Text
from rules.wording import begun, phrase


class EventKind(StrEnum):
    """What happened to the dossier that its clock must know."""

    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"
    STOPPED = "stopped"
    RESUMED = "resumed"
    RESTARTED = "restarted"
    EXTENDED = "extended"
    REAPPOINTED = "reappointed"
    OUTAGE = "outage"


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
    NOTED = "noted"
    STOP_LIMIT = "stop_limit"
    NO_EFFECT = "no_effect"
    TOO_OFTEN = "too_often"
    DUE = "due"
    COMMITTED = "committed"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event: its kind, its moment, the legal basis as a citation, and why, in words for a reader.

    `by` is the extra time of an extension (gia hạn); `to` the new moment of a re-appointment (hẹn lại); `until` the
    end of an outage (hệ thống ngừng hoạt động), None while it lasts; `stop` the rule of the wait that begins or ends.
    """

    kind: EventKind
    at: datetime
    basis: str = ""
    cause: Text | str = ""
    by: Limit | None = None
    to: datetime | None = None
    until: datetime | None = None
    stop: StopRule | None = None

    def __post_init__(self) -> None:
        if (self.kind is EventKind.EXTENDED) != (self.by is not None):
            raise ClockError(
                "Gia hạn phải ghi rõ gia hạn thêm bao lâu; các sự kiện khác không mang thời gian gia hạn.",
                "Chỉ ghi thời gian gia hạn ở sự kiện gia hạn.",
            )
        if self.by is not None and self.by.unit is LimitUnit.SAME_DAY:
            raise ClockError("Không thể gia hạn “trong ngày”.", "Hãy ghi số ngày hoặc số giờ gia hạn.")
        if (self.kind is EventKind.REAPPOINTED) != (self.to is not None):
            raise ClockError(
                "Hẹn lại phải ghi rõ thời điểm hẹn mới; các sự kiện khác không mang thời điểm hẹn.",
                "Chỉ ghi thời điểm hẹn mới ở sự kiện hẹn lại.",
            )
        if self.to is not None and legal_moment(self.to) < legal_moment(self.at):
            raise ClockError("Thời điểm hẹn lại phải sau lúc hẹn.", "Kiểm tra lại ngày hẹn.")
        if self.until is not None and self.kind is not EventKind.OUTAGE:
            raise ClockError("Chỉ sự cố hệ thống mới có lúc kết thúc.", "Ghi sự kiện tính tiếp vào lúc hết chờ.")
        if self.until is not None and legal_moment(self.until) <= legal_moment(self.at):
            raise ClockError("Hệ thống phải hoạt động lại sau khi ngừng.", "Kiểm tra lại hai thời điểm.")

    @property
    def rule(self) -> StopRule:
        """The rule of the wait this event is about; where none is named, one that lets the clock stand still."""
        if self.stop is not None:
            return self.stop
        return _OUTAGE if self.kind is EventKind.OUTAGE else _OTHER

    @property
    def why(self) -> Text:
        """Why, in brackets behind an act of the ledger: the words of the event, else those of the rule it names."""
        named = self.stop is not None and self.kind is EventKind.STOPPED
        if not str(self.cause) and not named and self.kind is not EventKind.OUTAGE:
            return NO_TEXT
        return phrase(" ({})", " ({})", self.name)

    @property
    def name(self) -> Text | str:
        """What the wait is called."""
        return self.cause if str(self.cause) else self.rule.label


_OUTAGE, _OTHER = StopRule.plain(Cause.OUTAGE), StopRule.plain(Cause.OTHER)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger: when, what happened, on which legal basis (a citation or empty).

    `day_off` is what a day off is called ("Ngày Văn hóa Việt Nam"), nothing for a weekly one. `only` is the count a
    line belongs to, "statutory" or "committed", where the two limits of a dossier do not pass over the same days.
    """

    at: datetime
    what: Text
    basis: str
    kind: LedgerKind
    day_off: Text = NO_TEXT
    only: str = ""

    def to_data(self) -> dict[str, object]:
        """Return the line as plain JSON values; what most lines lack is left out."""
        basis = citation_data(self.basis)
        data = {"at": self.at.isoformat(), "what": self.what.to_data(), "basis": basis, "kind": self.kind.value}
        named = {"day_off": self.day_off.to_data()} if self.day_off.vi else {}
        return {**data, **named, **({"only": self.only} if self.only else {})}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "LedgerLine":
        """Read what `to_data` wrote."""
        at, what = datetime.fromisoformat(data["at"]), Text.from_data(data["what"])
        named = Text.from_data(data["day_off"]) if "day_off" in data else NO_TEXT
        return cls(at, what, Citation.from_data(data["basis"]), LedgerKind(data["kind"]), named, data.get("only", ""))


def check_order(events: Sequence[ClockEvent]) -> None:
    """Raise ClockError unless the events begin with one acceptance and follow each other in time; outages may not."""
    acts = [(number, event) for number, event in enumerate(events) if event.kind is not EventKind.OUTAGE]
    if not acts or acts[0][1].kind is not EventKind.ACCEPTED:
        first = acts[0][0] if acts else None
        raise ClockError("Chưa có thời điểm tiếp nhận.", "Hãy ghi sự kiện đầu tiên là tiếp nhận hồ sơ.", first)
    for (_, before), (number, event) in pairwise(acts):
        _check_follows(event, before, number)


def _check_follows(event: ClockEvent, before: ClockEvent, number: int) -> None:
    name = f"Sự kiện lúc {moment_words(event.at)}"
    if event.at < before.at:
        earlier = "lúc tiếp nhận" if before.kind is EventKind.ACCEPTED else "sự kiện trước nó"
        what = f"{name} sớm hơn {earlier}, {moment_words(before.at)}."
        raise ClockError(what, "Hãy xếp lại theo thời gian.", number)
    if event.kind is EventKind.ACCEPTED:
        raise ClockError(f"{name} tiếp nhận hồ sơ lần thứ hai.", "Mỗi hồ sơ chỉ được tiếp nhận một lần.", number)
    if event.kind is EventKind.TRANSFERRED and before.kind is not EventKind.ACCEPTED:
        raise ClockError(
            f"{name}: chuyển đến cơ quan có thẩm quyền chỉ tính ngay sau khi tiếp nhận hồ sơ.",
            "Hãy ghi sự kiện này ngay sau sự kiện tiếp nhận.",
            number,
        )


def day_lines(span: Span, start: datetime, end: datetime, office: OfficeTime) -> Iterator[LedgerLine]:
    """Yield a line for every day off that is not counted and every make-up day that is."""
    return (_line_of(day, office) for day in span.passed_over(start, end, office))


def lines_until(start: datetime, at: datetime, office: OfficeTime) -> Iterator[LedgerLine]:
    """Yield a line for every day off, and the make-up day, between a moment and `start`, when counting begins."""
    if start != at and not office.calendar.is_working_day(at.date()):
        yield replace(_line_of(at.date(), office), at=at)
    yield from (_line_of(day, office) for day in unusual_days(at, start, office))


def _line_of(day: date, office: OfficeTime) -> LedgerLine:
    calendar = office.calendar
    if calendar.is_working_day(day):
        return _day_line(day, None, NO_TEXT)
    return _day_line(day, calendar.reason_off(day), calendar.name_off(day))


@lru_cache(maxsize=2048)
def _day_line(day: date, reason_off: Text | None, name: Text) -> LedgerLine:
    """Write a day off with its reason, or a make-up day; dossiers of one week pass over the same days."""
    at, named = datetime.combine(day, time(), LEGAL_TIME), begun(day_words(day))
    if reason_off is None:
        said = phrase("{} là ngày làm bù, được tính.", "{} is worked to make up for another day: counted.", named)
        return LedgerLine(at, said, "", LedgerKind.MAKEUP_DAY)
    said = phrase("{} là {}, không tính.", "{} is {}: not counted.", named, reason_off)
    return LedgerLine(at, said, "", LedgerKind.DAY_OFF, name)
