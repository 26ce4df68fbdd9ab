"""The internal process (quy trình nội bộ) as it is approved: its decision and days, patterns of steps, acts in a step.

Nothing runs here but the counting of an act's own deadline. The format is specified in docs/reference/definition.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from rules.clock.calendar import OfficeTime, legal_moment
from rules.clock.counting import due_after
from rules.clock.spans import Limit
from rules.values import ALWAYS, LegalBasis, Period, Text


@dataclass(frozen=True, slots=True)
class InternalProcess:
    """One approved version of the internal process, which is no part of the law it serves.

    `basis` is the decision that approves it (quyết định phê duyệt quy trình nội bộ), `period` the days it is in force.
    """

    version: str
    label: Text | None = None
    period: Period = ALWAYS
    basis: LegalBasis | None = None


class Late(StrEnum):
    """When an act is due that begins after its cut-off: with the next working day, or with its morning."""

    NEXT_DAY = "next_day"
    NEXT_MORNING = "next_morning"


class ActFrom(StrEnum):
    """From when an act's own deadline counts: from when its step is reached, or from the acceptance."""

    STEP = "step"
    ACCEPTANCE = "acceptance"


ACT_FROM_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        ActFrom.STEP.value: Text("kể từ khi đến bước này", "from when the step is reached"),
        ActFrom.ACCEPTANCE.value: Text("kể từ khi tiếp nhận", "from the acceptance"),
    }
)
"""How each is said."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act inside a step with a deadline of its own (việc có hạn riêng): check in 7 days, hand on the same day.

    `within` may have a cut-off; `late` says when the act is due that begins after it.
    """

    id: str
    label: Text
    within: Limit
    late: Late = Late.NEXT_DAY
    counts_from: ActFrom = ActFrom.STEP
    basis: LegalBasis | None = None

    def due(self, begun_at: datetime, office: OfficeTime) -> datetime:
        """Return by when the act must be done that counts from this moment."""
        at = legal_moment(begun_at)
        if self.late is Late.NEXT_MORNING and self.within.cut_off(at, office):
            return office.morning_end(office.calendar.next_working_day(at.date()))
        return due_after(self.within, at, office)


@dataclass(frozen=True, slots=True)
class PatternOutside:
    """What a pattern says of the outside system of its steps; empty parts are said by each step."""

    system: Text | None = None
    clock: str = ""
    acknowledged_within: Limit | None = None


@dataclass(frozen=True, slots=True)
class StepPattern:
    """A step stated once (mẫu bước) and bound by procedures to their units, roles and quotas.

    A step of this pattern has from it what it does not state itself. `origin` names the shared set it came with.
    """

    id: str
    label: Text
    at_least: Limit | None = None
    at_most: Limit | None = None
    acts: tuple[Act, ...] = ()
    external: PatternOutside | None = None
    basis: LegalBasis | None = None
    origin: str = ""
