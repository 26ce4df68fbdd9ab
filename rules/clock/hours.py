"""The hours an office works (giờ làm việc), by weekday and by season, and when its systems were down (sự cố)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise

from rules.errors import CalendarError
from rules.values import NO_TEXT, Period, Text

Windows = tuple[tuple[time, time], ...]
"""The opening windows of a day, in order, each from its opening to its closing time."""


@dataclass(frozen=True, slots=True)
class Season:
    """Hours of a stretch of days (mùa), such as summer hours, in place of the usual ones.

    `by_weekday` as in WorkingHours.
    """

    period: Period
    windows: Windows
    by_weekday: Mapping[int, Windows] = field(default_factory=dict[int, Windows], hash=False)

    def __post_init__(self) -> None:
        _check_hours(self.windows, self.by_weekday)
        object.__setattr__(self, "by_weekday", dict(self.by_weekday))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The opening windows of a working day (giờ làm việc), legal time; a closing moment still belongs to its window.

    `by_weekday` holds other windows for single weekdays (Monday = 0), such as a Saturday morning; a make-up day keeps
    the ordinary windows. `seasons` hold other hours for stretches of days, which must not meet.
    """

    windows: Windows = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
    by_weekday: Mapping[int, Windows] = field(default_factory=dict[int, Windows], hash=False)
    seasons: tuple[Season, ...] = ()

    def __post_init__(self) -> None:
        _check_hours(self.windows, self.by_weekday)
        for number, season in enumerate(self.seasons):
            if any(season.period.meets(other.period) for other in self.seasons[:number]):
                raise CalendarError("Hai khoảng ngày có giờ làm việc riêng chồng nhau: sửa ngày bắt đầu, kết thúc.")
        object.__setattr__(self, "by_weekday", dict(self.by_weekday))

    def season(self, day: date) -> Season | None:
        """Return the season this day lies in, None on a day of usual hours."""
        return next((season for season in self.seasons if season.period.holds(day)), None)

    def usual(self, day: date) -> Windows:
        """Return the ordinary windows at this time of year, whatever the weekday."""
        return (self.season(day) or self).windows

    def of_weekday(self, day: date) -> Windows:
        """Return the windows of this day's weekday at this time of year."""
        hours = self.season(day) or self
        return hours.by_weekday.get(day.weekday(), hours.windows)


def _check_hours(windows: Windows, by_weekday: Mapping[int, Windows]) -> None:
    for each in (windows, *by_weekday.values()):
        marks = [mark for window in each for mark in window]
        if not marks or any(earlier >= later for earlier, later in pairwise(marks)):
            raise CalendarError(
                "Giờ làm việc không hợp lệ: mỗi khoảng cần giờ mở trước giờ đóng, các khoảng theo thứ tự, "
                "không chồng nhau."
            )


@dataclass(frozen=True, slots=True)
class Outage:
    """A declared time in which the systems of an office were down (hệ thống ngừng hoạt động).

    `until` is None while they still are. `basis` cites the announcement, `what` says it for a reader.
    """

    since: datetime
    until: datetime | None = None
    basis: str = ""
    what: Text = NO_TEXT

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise CalendarError("Hệ thống phải hoạt động lại sau khi ngừng: kiểm tra lại hai thời điểm.")
