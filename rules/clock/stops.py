"""What stops a clock (lý do dừng tính thời hạn): cause, effect, its own limit and what happens at that limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules.clock.spans import Limit
from rules.values import NO_TEXT, Text


class Cause(StrEnum):
    """Why a clock stops."""

    SUPPLEMENT = "supplement"
    FINANCIAL_OBLIGATION = "financial_obligation"
    CONFIRMATION = "confirmation"
    OUTAGE = "outage"
    EXAMINATION = "examination"
    REVISION = "revision"
    OTHER = "other"


class Effect(StrEnum):
    """What a wait does to the time limit: it stands still, starts anew afterwards, or runs on."""

    PAUSE = "pause"
    RESTART = "restart"
    RUN_ON = "run_on"


class Silence(StrEnum):
    """What it means that nobody has answered when the limit of a wait is over: the clock stands on, or goes on."""

    STANDS = "stands"
    RESUMES = "resumes"


CAUSE_WORDS: Mapping[Cause, Text] = {
    Cause.SUPPLEMENT: Text("chờ bổ sung hồ sơ", "waiting for the dossier to be completed"),
    Cause.FINANCIAL_OBLIGATION: Text("chờ thực hiện nghĩa vụ tài chính", "waiting for a financial obligation"),
    Cause.CONFIRMATION: Text("chờ công dân xác nhận", "waiting for the citizen to confirm"),
    Cause.OUTAGE: Text("hệ thống ngừng hoạt động", "systems down"),
    Cause.EXAMINATION: Text("chờ giám định, đánh giá chuyên môn", "waiting for an expert examination"),
    Cause.REVISION: Text("chờ người nộp chỉnh sửa hồ sơ", "waiting for the applicant to revise"),
    Cause.OTHER: Text("lý do khác", "another reason"),
}
"""How a cause is said where the procedure gives no words of its own."""


@dataclass(frozen=True, slots=True)
class StopRule:
    """What a procedure says of one kind of wait (quy định về dừng tính thời hạn).

    `limit` is how long the wait itself may take, `at_limit` the sentence of what happens then. `basis` is a citation.
    `most`: how often it may stop the clock, None where that is not limited (yêu cầu bổ sung một lần). `silence`: what
    it means that no answer came within `limit` (im lặng là đồng ý: the clock goes on by itself).
    `stated`: whether the procedure says so itself; where it does not, what really happened decides.
    """

    id: str
    cause: Cause
    label: Text
    effect: Effect = Effect.PAUSE
    limit: Limit | None = None
    at_limit: Text = NO_TEXT
    basis: str = ""
    stated: bool = True
    most: int | None = None
    silence: Silence = Silence.STANDS

    @classmethod
    def plain(cls, cause: Cause) -> "StopRule":
        """Return the rule for a cause of which the procedure says nothing: the clock stands still."""
        return cls(cause.value, cause, CAUSE_WORDS[cause], stated=False)
