"""Working days and working hours of an office, over a calendar with days off and make-up days.

Everything here is a plain value: the calendar is given, never looked up, so an evaluation can be replayed for ever.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from rules.clock.hours import Outage, Windows, WorkingHours
from rules.errors import CalendarError, OutOfBoundsError
from rules.values import NO_TEXT, Period, Text, day_figures
from rules.wording import phrase

__all__ = [
    "LEGAL_TIME",
    "CalendarError",
    "OfficeTime",
    "Outage",
    "Windows",
    "WorkCalendar",
    "WorkingHours",
    "day_words",
    "legal_moment",
    "moment_words",
]

LEGAL_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""The one legal time of Vietnam: UTC+7 without summer time, so no time zone files are needed."""

WEEKEND = frozenset({5, 6})
"""The weekly days off (ngày nghỉ hằng tuần) of most offices: Saturday and Sunday, counted from Monday = 0."""

OFF_KINDS = frozenset({"HOLIDAY", "COMP_OFF", "SWAP_OFF"})
"""Days off: a public holiday (nghỉ lễ), its compensation (nghỉ bù), a swapped day (hoán đổi)."""

WORKED_KIND = "MAKEUP_WORKDAY"
"""A weekly day off that is worked in exchange for a swapped day (ngày làm bù)."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2400
MAX_WORKING_DAYS = 10_000
"""The most working days that are counted at once: about forty years."""

_LONGEST_REST = 366
_ONE_DAY = timedelta(days=1)
_WEEKLY = Text("ngày nghỉ hằng tuần", "a weekly day off")
_SOME_DAY_OFF = ("lễ, nghỉ bù hoặc hoán đổi", "a holiday, its compensation or a swapped day off")
_WEEKDAYS = (
    Text("thứ Hai", "Monday"),
    Text("thứ Ba", "Tuesday"),
    Text("thứ Tư", "Wednesday"),
    Text("thứ Năm", "Thursday"),
    Text("thứ Sáu", "Friday"),
    Text("thứ Bảy", "Saturday"),
    Text("Chủ Nhật", "Sunday"),
)


def legal_moment(at: datetime) -> datetime:
    """Return this moment in the legal time of Vietnam; a moment without a zone is taken as local already."""
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise CalendarError(f"Năm {at.year} nằm ngoài khoảng {_FIRST_YEAR} đến {_LAST_YEAR}: kiểm tra lại ngày.")
    return at.replace(tzinfo=LEGAL_TIME) if at.tzinfo is None else at.astimezone(LEGAL_TIME)


@lru_cache(maxsize=2048)
def day_words(day: date) -> Text:
    """Say a day as people read it: `thứ Sáu 20/11/2026`, in English `Friday 20/11/2026`."""
    return phrase("{} {}", "{} {}", _WEEKDAYS[day.weekday()], day_figures(day))


def moment_words(at: datetime) -> Text:
    """Say a moment as people read it: `10:00 thứ Sáu 20/11/2026`, in English `10:00 Friday 20/11/2026`."""
    clock, day = f"{at.hour:02}:{at.minute:02}", day_words(at.date())
    return Text(f"{clock} {day.vi}", f"{clock} {day.english}")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of an office (lịch làm việc).

    `confirmed_years` are the years whose days off the competent authority has announced; a due day in any other year
    is provisional. `day_names` says why a day is off or worked, for the reader of the ledger. `dated_weeks` are other
    weekly days off for stretches of days, such as a season with Saturday mornings.
    """

    name: str
    days_off: frozenset[date]
    makeup_days: frozenset[date]
    confirmed_years: frozenset[int]
    weekly_days_off: frozenset[int] = WEEKEND
    day_names: Mapping[date, str] = field(default_factory=dict[date, str], hash=False)
    dated_weeks: tuple[tuple[Period, frozenset[int]], ...] = ()

    def __post_init__(self) -> None:
        both = sorted(self.days_off & self.makeup_days)
        if both:
            raise CalendarError(
                f"Ngày {both[0]:%d/%m/%Y} vừa là ngày nghỉ vừa là ngày làm bù: giữ lại một trong hai dòng."
            )
        weeks = [self.weekly_days_off, *(days_off for _, days_off in self.dated_weeks)]
        if any(not days_off <= frozenset(range(7)) or len(days_off) == len(_WEEKDAYS) for days_off in weeks):
            raise CalendarError("Ngày nghỉ hằng tuần không hợp lệ: phải còn ít nhất một ngày làm việc trong tuần.")
        object.__setattr__(self, "day_names", dict(self.day_names))

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, object]],
        *,
        name: str = "Lịch làm việc",
        confirmed_years: Iterable[int] | None = None,
        weekly_days_off: frozenset[int] = WEEKEND,
    ) -> "WorkCalendar":
        """Build a calendar from rows of `date`, `kind` and, where known, `name`, `confidence` and `line` of their file.

        Without `confirmed_years`, a year is confirmed when it has rows and none of them carries a `confidence` that is
        not official (a guess by rule is no announcement).
        """
        read = [_CalendarRow.of(row, row.get("line", number)) for number, row in enumerate(rows, start=1)]
        guessed = {row.day.year for row in read if not row.official}
        confirmed = {row.day.year for row in read} - guessed if confirmed_years is None else set(confirmed_years)
        return cls(
            name=name,
            days_off=frozenset(row.day for row in read if not row.worked),
            makeup_days=frozenset(row.day for row in read if row.worked),
            confirmed_years=frozenset(confirmed),
            weekly_days_off=weekly_days_off,
            day_names={row.day: row.name for row in read if row.name},
        )

    def is_working_day(self, day: date) -> bool:
        """Tell whether the office works on this day (ngày làm việc)."""
        if day in self.makeup_days:
            return True
        return day not in self.days_off and day.weekday() not in self._weekly_days_off(day)

    def _weekly_days_off(self, day: date) -> frozenset[int]:
        if self.dated_weeks:
            return next((off for period, off in self.dated_weeks if period.holds(day)), self.weekly_days_off)
        return self.weekly_days_off

    def next_working_day(self, day: date) -> date:
        """Return the first working day strictly after this day."""
        later = day
        for _ in range(_LONGEST_REST):
            later += _ONE_DAY
            if self.is_working_day(later):
                return later
        raise CalendarError(
            f"Lịch “{self.name}” không có ngày làm việc nào trong {_LONGEST_REST} ngày sau {day:%d/%m/%Y}: "
            "kiểm tra lại các ngày nghỉ đã nhập."
        )

    def roll(self, day: date) -> date:
        """Return the day itself when it is worked, else the next working day (BLDS 2015 Điều 148 khoản 5)."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def add_working_days(self, day: date, amount: int) -> date:
        """Return the day itself for 0, else the so many-th working day after it, or before it where negative.

        Raises OutOfBoundsError beyond MAX_WORKING_DAYS, or outside the calendar of the world.
        """
        if abs(amount) > MAX_WORKING_DAYS:
            raise OutOfBoundsError(f"Chỉ cộng hoặc trừ được nhiều nhất {MAX_WORKING_DAYS} ngày làm việc.")
        step = timedelta(days=1 if amount > 0 else -1)
        left = abs(amount)
        try:
            while left:
                day += step
                left -= self.is_working_day(day)
        except OverflowError:
            raise OutOfBoundsError("Ngày tính ra nằm ngoài lịch: kiểm tra lại các số đã nhập.") from None
        return day

    def reason_off(self, day: date) -> Text:
        """Say why nobody works on this day: the holiday's name, or that it is a weekly day off."""
        if day not in self.days_off:
            return _WEEKLY
        if named := self.day_names.get(day, ""):
            return phrase("ngày nghỉ ({})", "a day off ({})", named)
        return phrase("ngày nghỉ {}", "{}", self.name_off(day))

    def name_off(self, day: date) -> Text:
        """Return what a day off is called behind "nghỉ"; nothing for a weekly day off, which its weekday names."""
        if day not in self.days_off:
            return NO_TEXT
        named = self.day_names.get(day, "")
        return Text(named) if named else Text(*_SOME_DAY_OFF)

    def content_hash(self) -> str:
        """Return the SHA-256 (hex) of what the calendar says, whatever the order of its rows or its own name."""
        content: dict[str, object] = {
            "confirmed_years": sorted(self.confirmed_years),
            "day_names": {day.isoformat(): said for day, said in self.day_names.items()},
            "days_off": sorted(day.isoformat() for day in self.days_off),
            "makeup_days": sorted(day.isoformat() for day in self.makeup_days),
            "weekly_days_off": sorted(self.weekly_days_off),
        }
        if self.dated_weeks:
            content["dated_weeks"] = [[*_period_data(period), sorted(off)] for period, off in self.dated_weeks]
        return _digest(content)


@dataclass(frozen=True, slots=True)
class _CalendarRow:
    """One row of a calendar table, read."""

    day: date
    worked: bool
    name: str
    official: bool

    @classmethod
    def of(cls, row: Mapping[str, object], number: object) -> "_CalendarRow":
        kind = str(row.get("kind") or "").strip()
        if kind != WORKED_KIND and kind not in OFF_KINDS:
            known = ", ".join((*sorted(OFF_KINDS), WORKED_KIND))
            raise CalendarError(f"Dòng {number} của lịch có loại ngày “{kind}”: hãy dùng một trong {known}.")
        return cls(
            day=_day_of(row.get("date") or "", number),
            worked=kind == WORKED_KIND,
            name=str(row.get("name") or "").strip(),
            official=str(row.get("confidence") or "official").startswith("official"),
        )


def _day_of(value: object, number: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise CalendarError(
            f"Dòng {number} của lịch có ngày “{value}” không đọc được: viết theo dạng 2026-11-24."
        ) from None


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """When an office works: its calendar, its hours and its outages. All moments are in the legal time of Vietnam."""

    calendar: WorkCalendar
    hours: WorkingHours = field(default_factory=WorkingHours)
    outages: tuple[Outage, ...] = ()

    def windows(self, day: date) -> Windows:
        """Return the opening windows of this day, none on a day off."""
        if not self.calendar.is_working_day(day):
            return ()
        if day in self.calendar.makeup_days:
            return self.hours.usual(day)
        return self.hours.of_weekday(day)

    def opening(self, day: date) -> datetime:
        """Return the first opening moment of this working day, or of the next one when it is a day off."""
        worked = self.calendar.roll(day)
        return datetime.combine(worked, self.windows(worked)[0][0], LEGAL_TIME)

    def closing(self, day: date) -> datetime:
        """Return the last closing moment of this working day, or of the next one when it is a day off."""
        worked = self.calendar.roll(day)
        return datetime.combine(worked, self.windows(worked)[-1][1], LEGAL_TIME)

    def morning_end(self, day: date) -> datetime:
        """Return when the first opening window of this working day closes (hết buổi sáng), or of the next one."""
        worked = self.calendar.roll(day)
        return datetime.combine(worked, self.windows(worked)[0][1], LEGAL_TIME)

    def is_open(self, at: datetime) -> bool:
        """Tell whether the moment lies in working time; closing moments do."""
        return self.in_hours(at) == legal_moment(at)

    def in_hours(self, at: datetime) -> datetime:
        """Return the moment itself when it lies in working time, else the next opening."""
        local = legal_moment(at)
        for opens, closes in self._stretches(local.date()):
            if local <= closes:
                return max(local, opens)
        raise AssertionError("the stretches of an office never end")

    def working_time(self, since: datetime, until: datetime) -> timedelta:
        """Return the working time between two moments, zero when the second is not after the first."""
        start, end = legal_moment(since), legal_moment(until)
        total = timedelta()
        for opens, closes in self._stretches(start.date()):
            if opens >= end:
                return total
            total += max(min(closes, end) - max(opens, start), timedelta())
        raise AssertionError("the stretches of an office never end")

    def after_working_time(self, start: datetime, span: timedelta) -> datetime:
        """Return the earliest moment by which this much working time has passed since `start`."""
        left, begun = span, self.in_hours(start)
        for opens, closes in self._stretches(begun.date()):
            if closes < begun:
                continue
            room = closes - max(opens, begun)
            if left <= room:
                return max(opens, begun) + left
            left -= room
        raise AssertionError("the stretches of an office never end")

    def _stretches(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        worked = self.calendar.roll(day)
        while True:
            for opens, closes in self.windows(worked):
                yield datetime.combine(worked, opens, LEGAL_TIME), datetime.combine(worked, closes, LEGAL_TIME)
            worked = self.calendar.next_working_day(worked)

    def content_hash(self) -> str:
        """Return the SHA-256 (hex) of all that a due moment depends on."""
        return _office_hash(self)


@lru_cache(maxsize=256)
def _office_hash(office: OfficeTime) -> str:
    """Write down years of days and hash them: once for the many dossiers of an office."""
    hours = office.hours
    content: list[object] = [office.calendar.content_hash(), _hours_data(hours.windows, hours.by_weekday)]
    if hours.seasons or office.outages:
        content.append([[*_period_data(s.period), _hours_data(s.windows, s.by_weekday)] for s in hours.seasons])
        content.append([_outage_data(outage) for outage in office.outages])
    return _digest(content)


def _period_data(period: Period) -> list[str | None]:
    return [day.isoformat() if day else None for day in (period.since, period.until)]


def _hours_data(windows: Windows, by_weekday: Mapping[int, Windows]) -> dict[str, list[list[str]]]:
    named = {"all": windows, **{str(day): special for day, special in sorted(by_weekday.items())}}
    return {name: [[mark.isoformat() for mark in window] for window in each] for name, each in named.items()}


def _outage_data(outage: Outage) -> list[object]:
    until = legal_moment(outage.until).isoformat() if outage.until else None
    return [legal_moment(outage.since).isoformat(), until, outage.basis, outage.what.to_data()]


def _digest(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
