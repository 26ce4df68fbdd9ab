"""The limits of time the law sets (thời hạn), and how each unit of time is counted."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from rules.clock.calendar import LEGAL_TIME, OfficeTime, legal_moment
from rules.errors import RulesError
from rules.values import Text
from rules.wording import joined, phrase, so_many

_LAST_MINUTE = time(23, 59)

MAX_AMOUNT = 3650
"""The longest limit in any unit: ten years in days."""


class ClockError(RulesError):
    """A limit or an event of the clock cannot be counted; `what` says why and `hint` what to do.

    `event` is the number of the event it is about, counted from 0, None where it is about none.
    """

    def __init__(self, what: str, hint: str, event: int | None = None) -> None:
        super().__init__(f"{what} {hint}")
        self.what = what
        self.hint = hint
        self.event = event


class LimitUnit(StrEnum):
    """The unit a limit is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WORKING_HOURS = "working_hours"
    HOURS = "hours"
    MONTHS = "months"
    SAME_DAY = "same_day"


class Start(StrEnum):
    """From when an acceptance outside working hours counts."""

    NEXT_OPENING = "next_opening"
    MOMENT = "moment"


class Begins(StrEnum):
    """Which event a limit counts from: the acceptance, or the arrival at the competent body (chuyển đến)."""

    ACCEPTANCE = "acceptance"
    TRANSFER = "transfer"


ROLLING = frozenset({LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS})
"""Units whose last day may be a day off."""

UNIT_WORDS = {
    LimitUnit.WORKING_DAYS: Text("ngày làm việc", "working day"),
    LimitUnit.CALENDAR_DAYS: Text("ngày", "day"),
    LimitUnit.WORKING_HOURS: Text("giờ làm việc", "working hour"),
    LimitUnit.HOURS: Text("giờ", "hour"),
    LimitUnit.MONTHS: Text("tháng", "month"),
}
"""How a unit is said; the English is that of one, and takes an s for any other number."""

UNIT_NAMES = {unit.value: UNIT_WORDS.get(unit, Text("trong ngày", "within the day")) for unit in LimitUnit}
"""What people call every unit of time, by its code."""


def _so_many(number: int, unit: LimitUnit) -> Text:
    said = UNIT_WORDS[unit]
    return Text(f"{number} {said.vi}", so_many(number, said.en))


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of time (thời hạn giải quyết): so many of a unit.

    `cutoff`: an acceptance later than this time of day counts from the opening of the next working day (Luật Hộ tịch
    2014, khoản 3 Điều 5 for same-day results). `start`: None means the next opening for every unit except wall-clock
    hours without a cut-off, which run from the moment itself; a clock that goes on after a stop follows the same. For
    `same_day` the amount is 0 or 1 and says nothing more. `rolls`: whether days and months whose last day is a day off
    end on the next working day (BLDS 2015, khoản 5 Điều 148); without it they end with that very day. `added` are
    further limits, counted on from the end of this one. `basis` is the citation of the rule that sets the limit.
    `begins`: with `transfer` the limit counts from the arrival at the competent body, and until then as if from the
    acceptance; with `acceptance` a transfer changes nothing; None means from the acceptance, and from a transfer where
    there was one (NĐ 118/2025/NĐ-CP, khoản 3 Điều 17).
    """

    amount: int
    unit: LimitUnit
    cutoff: time | None = None
    start: Start | None = None
    rolls: bool = True
    added: "tuple[Limit, ...]" = ()
    basis: str = ""
    begins: Begins | None = None

    def __post_init__(self) -> None:
        most = 1 if self.unit is LimitUnit.SAME_DAY else MAX_AMOUNT
        if not 0 <= self.amount <= most:
            unit = UNIT_WORDS.get(self.unit, Text("lần trong ngày"))
            raise ClockError(f"Thời hạn {self.amount} {unit} không dùng được.", f"Hãy nhập số từ 0 đến {most}.")
        if self.cutoff is not None and self.start is Start.MOMENT:
            raise ClockError(
                "Thời hạn có giờ chốt thì phải tính từ giờ mở cửa.", "Hãy bỏ giờ chốt hoặc đổi cách bắt đầu tính."
            )
        if not self.rolls and self.unit not in ROLLING:
            raise ClockError("Chỉ thời hạn tính bằng ngày hoặc tháng mới có thể kết thúc vào ngày nghỉ.", "Bỏ rolls.")

    @property
    def words(self) -> Text:
        """The limit as people read it: `3 ngày làm việc`, `trong ngày`, `trong ngày, thêm 3 ngày làm việc`."""
        same_day = self.unit is LimitUnit.SAME_DAY
        own = Text("trong ngày", "within the day") if same_day else _so_many(self.amount, self.unit)
        return joined((own, *(more.words for more in self.added)), ", thêm ", ", plus ") if self.added else own

    @property
    def spans(self) -> "tuple[Span, ...]":
        """The stretches of time to be counted, one after the other."""
        return (_SPANS[self.unit](self), *(span for more in self.added for span in more.spans))

    def counted_from(self, accepted_at: datetime, office: OfficeTime) -> datetime:
        """Return the moment an acceptance counts from: itself, the next opening, or past the cut-off the next day."""
        at = legal_moment(accepted_at)
        if self.runs_at_once:
            return at
        begun = office.in_hours(at)
        return office.opening(office.calendar.next_working_day(at.date())) if self.cut_off(at, office) else begun

    def cut_off(self, at: datetime, office: OfficeTime) -> bool:
        """Tell whether an acceptance on a working day comes after the cut-off."""
        return self.cutoff is not None and at.time() > self.cutoff and office.calendar.is_working_day(at.date())

    @property
    def runs_at_once(self) -> bool:
        """Tell whether an acceptance at night or on a day off counts from that very moment."""
        if self.start is None:
            return self.unit is LimitUnit.HOURS and self.cutoff is None
        return self.start is Start.MOMENT


class Span(Protocol):
    """Time to be counted from a moment, and what is left of it when the clock stops."""

    @property
    def words(self) -> Text:
        """The span as people read it."""
        ...

    def counted_from(self, at: datetime, office: OfficeTime) -> datetime:
        """Return from when counting goes on after a stop, an extension or an earlier span."""
        ...

    def end(self, start: datetime, office: OfficeTime) -> datetime:
        """Return the moment the span ends when it is counted from `start`."""
        ...

    def rest(self, start: datetime, stop: datetime, office: OfficeTime) -> "Span":
        """Return what is left at `stop`."""
        ...

    def passed_over(self, start: datetime, end: datetime, office: OfficeTime) -> Iterator[date]:
        """Yield the days that an ordinary week would have treated otherwise: days off, and make-up days."""
        ...


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Working days (ngày làm việc): the first day is excluded, the last ends at the last closing time."""

    count: int

    @property
    def words(self) -> Text:
        """The span as people read it."""
        return _so_many(self.count, LimitUnit.WORKING_DAYS)

    def counted_from(self, at: datetime, office: OfficeTime) -> datetime:
        """Outside hours, the next opening."""
        return office.in_hours(at)

    def end(self, start: datetime, office: OfficeTime) -> datetime:
        """Return the last closing moment of the last day; of the first day itself when no day is left."""
        if self.count == 0:
            return office.closing(office.in_hours(start).date())
        day = start.date()
        for _ in range(self.count):
            day = office.calendar.next_working_day(day)
        return office.closing(day)

    def rest(self, start: datetime, stop: datetime, office: OfficeTime) -> "WorkingDays":
        """The day of the stop counts as used (../cases: 3 of 10 used on the third day)."""
        used = sum(office.calendar.is_working_day(day) for day in _days_after(start.date(), stop.date()))
        return WorkingDays(max(self.count - used, 0))

    def passed_over(self, start: datetime, end: datetime, office: OfficeTime) -> Iterator[date]:
        """Yield the days off and make-up days after the first day."""
        return unusual_days(start, end, office)


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Days of the calendar (ngày): the first is excluded; an end on a day off moves to the next working day."""

    count: int
    rolls: bool = True

    @property
    def words(self) -> Text:
        """The span as people read it."""
        return _so_many(self.count, LimitUnit.CALENDAR_DAYS)

    def counted_from(self, at: datetime, office: OfficeTime) -> datetime:
        """Outside hours, the next opening; at once where the days run out over days off."""
        return office.in_hours(at) if self.rolls else legal_moment(at)

    def last_day(self, start: datetime) -> date:
        """Return the last day before it is moved off a day off."""
        return start.date() + timedelta(days=self.count)

    def end(self, start: datetime, office: OfficeTime) -> datetime:
        """Return the last closing moment of the last day, moved to a working day (BLDS 2015 Điều 148)."""
        last = self.last_day(start)
        return _close_of(last, start, office) if self.rolls else _end_of(last, start, office)

    def rest(self, start: datetime, stop: datetime, office: OfficeTime) -> "CalendarDays":
        """Return the days from the stop to the last day."""
        del office  # every day counts, worked or not
        return CalendarDays(max(self.count - max((stop.date() - start.date()).days, 0), 0), self.rolls)

    def passed_over(self, start: datetime, end: datetime, office: OfficeTime) -> Iterator[date]:
        """Yield the days off that the end was moved over."""
        return _moved_over(self.last_day(start), end, office) if self.rolls else iter(())


@dataclass(frozen=True, slots=True)
class Months:
    """Months (tháng): the same day of a later month, its last day where there is none; then as calendar days.

    `used` are the days counted before a stop: the months are counted as if from so many days before they go on, so that
    to go on never ends later than to start anew.
    """

    count: int
    rolls: bool = True
    used: int = 0

    @property
    def words(self) -> Text:
        """The span as people read it."""
        said = _so_many(self.count, LimitUnit.MONTHS)
        if not self.used:
            return said
        days = _so_many(self.used, LimitUnit.CALENDAR_DAYS)
        return phrase("{}, trừ {} đã tính", "{} less {} counted", said, days)

    def counted_from(self, at: datetime, office: OfficeTime) -> datetime:
        """Outside hours, the next opening; at once where the days run out over days off."""
        return office.in_hours(at) if self.rolls else legal_moment(at)

    def last_day(self, start: datetime) -> date:
        """Return the same day `count` months on, or the last day of that month."""
        first = start.date() - timedelta(days=self.used)
        months = first.year * 12 + first.month - 1 + self.count
        year, month = months // 12, months % 12 + 1
        return max(date(year, month, min(first.day, calendar.monthrange(year, month)[1])), start.date())

    def end(self, start: datetime, office: OfficeTime) -> datetime:
        """Return the last closing moment of the last day, moved to a working day (BLDS 2015 Điều 148)."""
        last = self.last_day(start)
        return _close_of(last, start, office) if self.rolls else _end_of(last, start, office)

    def rest(self, start: datetime, stop: datetime, office: OfficeTime) -> "Months":
        """Return the same months, less the days counted until the stop."""
        del office  # every day counts, worked or not
        return Months(self.count, self.rolls, self.used + max((stop.date() - start.date()).days, 0))

    def passed_over(self, start: datetime, end: datetime, office: OfficeTime) -> Iterator[date]:
        """Yield the days off that the end was moved over."""
        return _moved_over(self.last_day(start), end, office) if self.rolls else iter(())


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Working hours (giờ làm việc): only time inside the opening windows counts."""

    length: timedelta

    @classmethod
    def of_hours(cls, hours: int) -> "WorkingTime":
        """Return so many whole hours."""
        return cls(timedelta(hours=hours))

    @property
    def words(self) -> Text:
        """The span as people read it."""
        return phrase("{} làm việc", "{} of working time", _length_words(self.length))

    def counted_from(self, at: datetime, office: OfficeTime) -> datetime:
        """Outside hours, the next opening."""
        return office.in_hours(at)

    def end(self, start: datetime, office: OfficeTime) -> datetime:
        """Return the earliest moment by which the working time has passed."""
        return office.after_working_time(start, self.length)

    def rest(self, start: datetime, stop: datetime, office: OfficeTime) -> "WorkingTime":
        """Return the working time not used at the stop."""
        return WorkingTime(max(self.length - office.working_time(start, stop), timedelta()))

    def passed_over(self, start: datetime, end: datetime, office: OfficeTime) -> Iterator[date]:
        """Yield the days off and make-up days after the first day."""
        return unusual_days(start, end, office)


@dataclass(frozen=True, slots=True)
class WallTime:
    """Hours of the clock on the wall (giờ): they run through nights, weekends and holidays."""

    length: timedelta

    @classmethod
    def of_hours(cls, hours: int) -> "WallTime":
        """Return so many whole hours."""
        return cls(timedelta(hours=hours))

    @property
    def words(self) -> Text:
        """The span as people read it."""
        return phrase("{} liên tục", "{} without a break", _length_words(self.length))

    def counted_from(self, at: datetime, office: OfficeTime) -> datetime:
        """At once, whatever the hour."""
        del office  # the office may sleep; the hours run
        return legal_moment(at)

    def end(self, start: datetime, office: OfficeTime) -> datetime:
        """Return the moment so many hours later."""
        del office  # the office may sleep; the hours run
        return start + self.length

    def rest(self, start: datetime, stop: datetime, office: OfficeTime) -> "WallTime":
        """Return the time not used at the stop."""
        del office  # the office may sleep; the hours run
        return WallTime(max(self.length - max(stop - start, timedelta()), timedelta()))

    def passed_over(self, start: datetime, end: datetime, office: OfficeTime) -> Iterator[date]:
        """Nothing is passed over."""
        del start, end, office  # the office may sleep; the hours run
        return iter(())


_SPANS: dict[LimitUnit, Callable[[Limit], Span]] = {
    LimitUnit.WORKING_DAYS: lambda limit: WorkingDays(limit.amount),
    LimitUnit.CALENDAR_DAYS: lambda limit: CalendarDays(limit.amount, limit.rolls),
    LimitUnit.WORKING_HOURS: lambda limit: WorkingTime.of_hours(limit.amount),
    LimitUnit.HOURS: lambda limit: WallTime.of_hours(limit.amount),
    LimitUnit.MONTHS: lambda limit: Months(limit.amount, limit.rolls),
    LimitUnit.SAME_DAY: lambda _: WorkingDays(0),
}


def _days_after(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal() + 1, last.toordinal() + 1))


def unusual_days(start: datetime, end: datetime, office: OfficeTime) -> Iterator[date]:
    """Yield the days off and make-up days after the day of `start` until that of `end`."""
    calendar = office.calendar
    for day in _days_after(start.date(), end.date()):
        if day in calendar.makeup_days or not calendar.is_working_day(day):
            yield day


def _moved_over(last: date, end: datetime, office: OfficeTime) -> Iterator[date]:
    for day in _days_after(last - timedelta(days=1), end.date()):
        if not office.calendar.is_working_day(day):
            yield day


def _close_of(last: date, start: datetime, office: OfficeTime) -> datetime:
    # A span of no days counted from an evening must not end before it began.
    return office.closing(max(last, office.in_hours(start).date()))


def _end_of(last: date, start: datetime, office: OfficeTime) -> datetime:
    """Return when this day ends: at the last closing time, on a day off at midnight (BLDS 2015, khoản 6 Điều 148)."""
    if not office.calendar.is_working_day(last):
        return max(datetime.combine(last, _LAST_MINUTE, LEGAL_TIME), start)
    closing = office.closing(last)
    return closing if start <= closing else _end_of(last + timedelta(days=1), start, office)


def _length_words(length: timedelta) -> Text:
    hours, left = divmod(length // timedelta(minutes=1), 60)
    said = _so_many(hours, LimitUnit.HOURS)
    return phrase("{} {} phút", "{} {} min", said, str(left)) if left else said
