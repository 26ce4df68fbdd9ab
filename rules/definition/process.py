"""What a definition states of time and of who acts: waits, steps of the internal process, and routing, as frozen data.

Nothing runs here. The format is specified in docs/reference/definition.md.
"""

from dataclasses import dataclass
from enum import StrEnum

from rules.clock.spans import Limit
from rules.clock.stops import StopRule
from rules.definition.internal import Act
from rules.table.decision import Condition, Row, Table
from rules.values import LegalBasis, Text


class Combine(StrEnum):
    """What several time limits that hit mean together: the longest counts, or one is counted on after the other."""

    LONGEST = "longest"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Stop:
    """What the procedure says of one kind of wait (lý do dừng tính thời hạn), with its legal basis.

    `when`: in which dossiers the wait may stop the clock (None: in all).
    """

    rule: StopRule
    basis: LegalBasis | None = None
    when: Condition | None = None


class To(StrEnum):
    """To whom a dossier goes, told as a relation (quan hệ) and not as a fixed unit.

    The unit that receives; the unit that a fact names (the ward of an address); the unit that registered the event; the
    department for the procedure's field of work; one unit by its code; a branch of the body (chi nhánh).
    """

    RECEIVING_UNIT = "receiving_unit"
    UNIT_OF_FACT = "unit_of_fact"
    REGISTERING_UNIT = "registering_unit"
    DEPARTMENT_OF_FIELD = "department_of_field"
    NAMED_UNIT = "named_unit"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation with what it needs: the fact that names the unit, the code of the unit, or that of the branch."""

    to: To
    fact: str = ""
    unit: str = ""
    branch: str = ""

    def lacks(self) -> str:
        """Return the name of the part the relation needs and has not, empty where it has all."""
        needed = {To.UNIT_OF_FACT: "fact", To.NAMED_UNIT: "unit", To.BRANCH: "branch"}.get(self.to, "")
        return needed if needed and not getattr(self, needed) else ""

    def strays(self) -> str:
        """Return the name of a part the relation has and does not use, empty where there is none."""
        used = {
            To.UNIT_OF_FACT: ("fact",),
            To.REGISTERING_UNIT: ("fact",),
            To.NAMED_UNIT: ("unit",),
            To.BRANCH: ("branch",),
        }.get(self.to, ())
        return next((part for part in ("fact", "unit", "branch") if getattr(self, part) and part not in used), "")


def relation_of(table: Table, row: Row) -> Relation:
    """Return the relation a row of a routing table gives; its decoder has seen that it is one."""
    given = {column.id: value for column, value in zip(table.outputs, row.then, strict=True)}
    return Relation(To(str(given["to"])), *(str(given.get(part) or "") for part in ("fact", "unit", "branch")))


class WhoseClock(StrEnum):
    """Whose time runs while an outside system has the dossier: that of our limit, or the system's own."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class ExternalSystem:
    """The outside system (hệ thống bên ngoài) that a step belongs to.

    `acknowledged_within`: how long it may take to say that it has the dossier. `stop` is the id of the wait of the time
    limit that this step is. The rest are the facts that hold what came of it: the moments at which the dossier was sent
    and acknowledged, the number it has there, and the answer.
    """

    system: Text
    clock: WhoseClock = WhoseClock.OURS
    acknowledged_within: Limit | None = None
    stop: str = ""
    sent: str = ""
    acknowledged: str = ""
    number: str = ""
    result: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that hold what came of the step."""
        return tuple(name for name in (self.sent, self.acknowledged, self.number, self.result) if name)


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """One step of the internal process (bước trong quy trình nội bộ).

    `when`: in which dossiers it is taken (None: in all). `at_least`, `at_most`: how long it must and may take.
    `relation`: who takes it, `role`: who in that unit. `quota` is the share of the time limit that the internal process
    gives it. `pattern` is the pattern it has from what it does not state itself.
    """

    id: str
    label: Text
    when: Condition | None = None
    at_least: Limit | None = None
    at_most: Limit | None = None
    external: ExternalSystem | None = None
    relation: Relation | None = None
    basis: LegalBasis | None = None
    pattern: str = ""
    role: Text | None = None
    quota: Limit | None = None
    acts: tuple[Act, ...] = ()


class CountOf(StrEnum):
    """What a query over this person's earlier dossiers counts: charges paid, results given, or reductions that counted.

    A policy that may be used once (Thông tư 117/2026/TT-BTC Điều 1 khoản 1) is used up by its reduction: who paid the
    same charge in full has not used it.
    """

    CHARGES = "charges"
    RESULTS = "results"
    REDUCTIONS = "reductions"


class CountWithin(StrEnum):
    """Over which time it counts: the calendar year of the day of acceptance, or ever."""

    YEAR = "year"
    EVER = "ever"


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """A declared question to this person's history (lịch sử): how many charges, results or reductions.

    `kind`: the code of the charge or of the result, or the id of the reduction's row.

    The answer is handed in as a fact and kept with the decision, so that it comes out the same for ever.
    """

    count: CountOf
    kind: str
    within: CountWithin = CountWithin.EVER
