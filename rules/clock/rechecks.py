"""Due moments in years whose days off are not confirmed yet: which must be counted again, and what they become.

A calendar of a year is announced late in the year before it. Until then a due moment in it is provisional (tạm tính).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rules.clock.calendar import OfficeTime
from rules.clock.counting import Count
from rules.clock.spans import Limit, WallTime


@dataclass(frozen=True, slots=True)
class Recheck:
    """A due moment to be counted again: `of` is statutory, committed or appointment; `years` are not confirmed.

    `becomes` is the due moment with the confirmed calendar, None while there is none.
    """

    of: str
    due: datetime
    years: tuple[int, ...]
    becomes: datetime | None = None

    def to_data(self) -> dict[str, Any]:
        """Return plain JSON values."""
        becomes = self.becomes.isoformat() if self.becomes else None
        return {"of": self.of, "due": self.due.isoformat(), "years": list(self.years), "becomes": becomes}


def unconfirmed_years(limit: Limit, count: Count, last: datetime, office: OfficeTime) -> tuple[int, ...]:
    """Return the years from the acceptance until `last` whose days off are not confirmed, none of hours on the wall."""
    if limit.runs_at_once and all(isinstance(span, WallTime) for span in count.spans):
        return ()
    years = range(count.lines[0].at.year, last.year + 1)
    return tuple(year for year in years if year not in office.calendar.confirmed_years)


def to_recheck(
    counts: Iterable[tuple[str, Limit, Count]], appointment: datetime, office: OfficeTime
) -> Iterator[Recheck]:
    """Yield the due moments that rest on an unconfirmed year; an appointment, where it follows one of them."""
    found: list[Recheck] = []
    for of, limit, count in counts:
        years = unconfirmed_years(limit, count, count.due, office)
        found.extend([Recheck(of, count.due, years)] if years else ())
    yield from found
    followed = next((each for each in found if each.due == appointment), None)
    if followed:
        yield replace(followed, of="appointment")


def rechecked(
    before: Iterable[Recheck], later: Mapping[str, datetime | None], office: OfficeTime
) -> tuple[Recheck, ...]:
    """Return the same due moments with what they become: `later` are those counted with the calendar of `office`.

    Where one of the years is still not confirmed there, the due moment stays to be counted again.
    """
    confirmed = office.calendar.confirmed_years
    return tuple(
        replace(each, becomes=later[each.of]) if _sure(each, later[each.of], confirmed) else each for each in before
    )


def _sure(each: Recheck, later: datetime | None, confirmed: frozenset[int]) -> bool:
    years = {*each.years, *([later.year] if later else ())}
    return later is not None and years <= confirmed
