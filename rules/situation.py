"""What every kind of rule is asked about: one dossier's facts on one day, with the rows that hit in every table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.calendar import OfficeTime
from rules.compile import CompiledProcedure
from rules.errors import Problem
from rules.match.interpreter import Outcome
from rules.sayings import FactWords
from rules.table import HitPolicy, Row, Table
from rules.vocabulary import Facts


@dataclass(frozen=True, slots=True)
class Hits:
    """A table with its outcome, and the rows that count once the hit policy has spoken.

    `conflict`: the policy is broken (several rows of a unique table, unequal outputs under `any`); no row counts then.
    """

    table: Table
    outcome: Outcome
    all: tuple[Row, ...] = field(init=False)
    """Every row that hit, in order."""
    conflict: bool = field(init=False)
    rows: tuple[Row, ...] = field(init=False)
    """The rows that count."""

    def __post_init__(self) -> None:
        found = tuple([self.table.rows[place] for place in self.outcome.hit])
        conflict = _breaks(self.table.hit, found)
        counting = found if self.table.hit is HitPolicy.COLLECT else found[:1]
        object.__setattr__(self, "all", found)
        object.__setattr__(self, "conflict", conflict)
        object.__setattr__(self, "rows", () if conflict else counting)

    def problem(self) -> Problem | None:
        """Name the rows of a broken hit policy."""
        if not self.conflict:
            return None
        named = ", ".join(row.id for row in self.all)
        return Problem(
            ("tables", self.table.id),
            f"Bảng “{self.table.label}” có nhiều dòng cùng áp dụng: {named}.",
            "Chưa tính được phần này: báo người quản trị sửa bảng để chỉ còn một dòng.",
        )


def _breaks(policy: HitPolicy, rows: tuple[Row, ...]) -> bool:
    if policy is HitPolicy.UNIQUE:
        return len(rows) > 1
    return policy is HitPolicy.ANY and any(row.then != rows[0].then for row in rows)


@dataclass(frozen=True, slots=True)
class Situation:
    """One dossier on one day: facts (computed ones included), moment of acceptance, office, and hits by table."""

    procedure: CompiledProcedure
    facts: Facts = field(hash=False)
    on: date
    at: datetime
    office: OfficeTime
    hits: Mapping[str, Hits] = field(hash=False)
    words: dict[str, FactWords] = field(default_factory=dict[str, FactWords], init=False, compare=False, repr=False)
    """The words of facts that some reason has asked for already."""
