"""What every kind of rule is asked about: one dossier's facts on one day, with the rows that hit in every table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.calendar import OfficeTime
from rules.compile import CompiledProcedure
from rules.errors import Problem
from rules.match.interpreter import Outcome
from rules.table import HitPolicy, Row, Table
from rules.vocabulary import Facts


@dataclass(frozen=True, slots=True)
class Hits:
    """A table with its outcome, and the rows that count once the hit policy has spoken.

    `conflict`: the policy is broken (several rows of a unique table, unequal outputs under `any`); no row counts then.
    """

    table: Table
    outcome: Outcome

    @property
    def all(self) -> tuple[Row, ...]:
        """Every row that hit, in order."""
        return tuple(self.table.rows[place] for place in self.outcome.hit)

    @property
    def conflict(self) -> bool:
        """Tell whether the hit policy is broken."""
        rows = self.all
        if self.table.hit is HitPolicy.UNIQUE:
            return len(rows) > 1
        return self.table.hit is HitPolicy.ANY and any(row.then != rows[0].then for row in rows)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that count."""
        if self.conflict:
            return ()
        return self.all if self.table.hit is HitPolicy.COLLECT else self.all[:1]

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


@dataclass(frozen=True, slots=True)
class Situation:
    """One dossier on one day: facts (computed ones included), moment of acceptance, office, and hits by table."""

    procedure: CompiledProcedure
    facts: Facts = field(hash=False)
    on: date
    at: datetime
    office: OfficeTime
    hits: Mapping[str, Hits] = field(hash=False)
