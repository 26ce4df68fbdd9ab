"""Reckoning with days and months as the law does: a day that a month does not have is that month's last one."""

import calendar
from datetime import MAXYEAR, MINYEAR, date, timedelta

from rules.errors import OutOfBoundsError

MAX_MONTHS = 12 * MAXYEAR


def add_days(day: date, days: int) -> date:
    """Return the day so many days later. Raises OutOfBoundsError outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise _outside() from None


def add_months(day: date, months: int) -> date:
    """Return the corresponding day so many months later, or the month's last day (BLDS 2015 Điều 148 khoản 3).

    Raises OutOfBoundsError outside the calendar.
    """
    if not -MAX_MONTHS <= months <= MAX_MONTHS:
        raise _outside()
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= years <= MAXYEAR:
        raise _outside()
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the corresponding day so many years later; 29 February becomes 28 where there is none."""
    return add_months(day, 12 * years)


def months_between(start: date, end: date) -> int:
    """Return the whole months from start to end, negative when end is earlier."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    reached = min(start.day, calendar.monthrange(end.year, end.month)[1])
    return months if end.day >= reached else months - 1


def years_between(start: date, end: date) -> int:
    """Return the whole years from start to end (age, tuổi tròn), negative when end is earlier."""
    months = months_between(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def days_between(start: date, end: date) -> int:
    """Return the days from start to end, negative when end is earlier."""
    return (end - start).days


def end_of_month(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def end_of_year(day: date) -> date:
    """Return 31 December."""
    return date(day.year, 12, 31)


def _outside() -> OutOfBoundsError:
    return OutOfBoundsError("Ngày tính ra nằm ngoài lịch: kiểm tra lại các số đã nhập.")
