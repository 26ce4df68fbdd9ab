"""The one place that reads the machine's clock, and the one that knows which legal day a moment belongs to."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """Return the moment as clocks on Vietnamese walls show it."""
    return at.astimezone(VIETNAM)


def legal_day(at: datetime) -> date:
    """Return the day the law counts a moment to: the date in Asia/Ho_Chi_Minh, not in UTC."""
    return local(at).date()
