"""What may happen to a dossier (vòng đời hồ sơ): states, and one table of the moves between them.

Four axes are apart, as practice keeps them: business, money, delivery, synchronisation. The national portal's ten
states are a translation of the business axis, not the axis itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from rules.errors import RulesError


class State(StrEnum):
    """Where a dossier stands in its business (trạng thái nghiệp vụ)."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    DECIDED = "decided"
    RETURNED = "returned"


class MoneyState(StrEnum):
    """Where the money of a dossier stands (trạng thái tài chính)."""

    NOTHING_DUE = "nothing_due"
    DUE = "due"
    UNKNOWN = "unknown"


class DeliveryState(StrEnum):
    """Where the result stands on its way to the applicant (trạng thái giao nhận)."""

    NOT_READY = "not_ready"
    READY = "ready"
    HANDED_OVER = "handed_over"


class SyncState(StrEnum):
    """Whether other systems know (trạng thái đồng bộ)."""

    LOCAL = "local"
    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"


class Outcome(StrEnum):
    """What the examination ended with (kết quả giải quyết), an axis of its own."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class MoveNotAllowedError(RulesError):
    """The life cycle has no such move from where the dossier stands."""

    def __init__(self, state: State, act: str) -> None:
        super().__init__(f"no move {act} from {state}")
        self.state = state
        self.act = act


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move: from which state, by which act, to which state; the verb it needs and the paper it makes."""

    state: State
    act: str
    to: State
    verb: str
    paper: str | None = None


MOVES: tuple[Move, ...] = (
    #    from               act              to                 verb        paper
    Move(State.RECEIVED,    "take_over",     State.IN_PROGRESS, "process"),
    Move(State.IN_PROGRESS, "take_over",     State.IN_PROGRESS, "process"),
    Move(State.RECEIVED,    "decide",        State.DECIDED,     "process"),
    Move(State.IN_PROGRESS, "decide",        State.DECIDED,     "process"),
    Move(State.DECIDED,     "return_result", State.RETURNED,    "return"),
)  # fmt: skip
"""A dossier decided on the spot (giải quyết ngay) goes from received to decided without being taken over first."""

FIRST_STATE = State.RECEIVED
RECEIVE_VERB, RECEIVE_PAPER = "receive", "receipt"

STATE_LABELS: dict[State, str] = {
    State.RECEIVED: "Đã tiếp nhận",
    State.IN_PROGRESS: "Đang giải quyết",
    State.DECIDED: "Đã có kết quả, chờ trả",
    State.RETURNED: "Đã trả kết quả",
}
OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.GRANTED: "Đồng ý giải quyết",
    Outcome.PARTLY: "Đồng ý một phần",
    Outcome.REFUSED: "Từ chối giải quyết",
}
CORRECT = "correct_answers"
"""The act that mends answers of a dossier in process; it moves the dossier nowhere."""

ACT_LABELS: dict[str, str] = {
    "receive": "Tiếp nhận hồ sơ",
    "take_over": "Nhận giải quyết",
    "decide": "Ghi kết quả giải quyết",
    "return_result": "Trả kết quả",
    "set_by_hand": "Ấn định mức thu, hạn bằng tay",
    CORRECT: "Sửa câu trả lời",
}
NATIONAL_STATES: dict[State, int] = {
    State.RECEIVED: 2,
    State.IN_PROGRESS: 4,
    State.DECIDED: 9,
    State.RETURNED: 10,
}
"""The state of the national portal (1 to 10) that each of ours is told as; source: reference states of the portal."""

OPEN_STATES = frozenset({State.RECEIVED, State.IN_PROGRESS})
"""States in which the clock of the dossier is watched."""


def move(state: State, act: str) -> Move:
    """Return the move that this act makes from this state; MoveNotAllowedError where the table has none."""
    for candidate in MOVES:
        if candidate.state is state and candidate.act == act:
            return candidate
    raise MoveNotAllowedError(state, act)


def moves_from(state: State) -> tuple[Move, ...]:
    """Return what may happen next."""
    return tuple(candidate for candidate in MOVES if candidate.state is state)
