"""The plan of a large sample (kế hoạch dữ liệu mẫu): how many dossiers on which day, in batches that can be repeated.

The plan follows from a few numbers that are written into the record when the load begins: a load that was stopped goes
on with the same plan, finds the batches that are there, and makes the others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.clock import legal_day
from rules.clock.calendar import OfficeTime

DAYS_BACK = 730
"""Dossiers lie in the last two years, as far as their units and their law were there already."""

FACT_SETS = 5_000
"""At least so many fact sets are evaluated, where there are so many dossiers."""

DOSSIERS_TO_A_SET = 125
IN_A_BATCH = 3_000
PARTIES_IN_A_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Day:
    """How many dossiers are received on one working day, from how many evaluated fact sets."""

    on: date
    dossiers: int
    patterns: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some days that are loaded in one transaction."""

    number: int
    days: tuple[Day, ...]

    @property
    def dossiers(self) -> int:
        """How many dossiers the batch has."""
        return sum(day.dossiers for day in self.days)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a load makes; `seed` decides everything that chance decides, `until` is the moment the office stands at.

    `indexes` are those that are left out meanwhile and made at its end, their statements by name.
    """

    dossiers: int
    seed: int
    since: date
    until: datetime
    indexes: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def people(self) -> int:
        """How many invented people there are to apply."""
        return max(60, self.dossiers * 2 // 5)

    @property
    def organisations(self) -> int:
        """How many invented organisations there are to apply."""
        return max(20, self.dossiers // 50)

    def to_data(self) -> dict[str, Any]:
        """Return the plan as the record keeps it."""
        return {
            "dossiers": self.dossiers, "seed": self.seed, "since": self.since.isoformat(),
            "until": self.until.isoformat(), "indexes": dict(self.indexes),
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Plan":
        """Read what `to_data` wrote."""
        return cls(
            data["dossiers"], data["seed"], date.fromisoformat(data["since"]), datetime.fromisoformat(data["until"]),
            data["indexes"],
        )  # fmt: skip

    def batches(self, office: OfficeTime) -> tuple[Batch, ...]:
        """Return the batches in the order of their days."""
        return tuple(self._batches(office))

    def _batches(self, office: OfficeTime) -> Iterator[Batch]:
        number, days = 0, list[Day]()
        for day in self._days(office):
            days.append(day)
            if sum(each.dossiers for each in days) >= min(IN_A_BATCH, max(self.dossiers // 8, 1)):
                yield Batch(number, tuple(days))
                number, days = number + 1, []
        if days:
            yield Batch(number, tuple(days))

    def _days(self, office: OfficeTime) -> Iterator[Day]:
        """Yield the working days with their share: as many dossiers as were promised, none lost by rounding."""
        last = legal_day(self.until) - timedelta(days=1)
        days = [self.since + timedelta(days=step) for step in range((last - self.since).days + 1)]
        worked = [day for day in days if office.calendar.is_working_day(day)]
        sets = max(min(self.dossiers, FACT_SETS), self.dossiers // DOSSIERS_TO_A_SET)
        for place, day in enumerate(worked):
            here = self._share(self.dossiers, place, len(worked))
            if here:
                yield Day(day, here, min(here, max(1, self._share(sets, place, len(worked)))))

    @staticmethod
    def _share(whole: int, place: int, places: int) -> int:
        return whole * (place + 1) // places - whole * place // places

    def chance(self, batch: int) -> Random:
        """Return the chance of one batch, the same each time."""
        return Random(f"{self.seed}:{batch}")  # noqa: S311  invented data, and it must come out the same again

    def party_id(self, number: int) -> UUID:
        """Return the public id of the party of this number: parties of one plan lie next to each other."""
        return self._id(0, number)

    def batch_id(self, batch: int) -> UUID:
        """Return the intake key of the first dossier of a batch: where it is known, the batch was loaded."""
        return self._id(1, batch)

    def _id(self, kind: int, number: int) -> UUID:
        return UUID(int=self.seed << 80 | 0x4 << 76 | 0x8 << 60 | kind << 48 | number)
