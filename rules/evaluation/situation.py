"""What every kind of rule is asked about: one dossier's facts on one day, with the rows that hit in every table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from rules.clock.calendar import OfficeTime
from rules.errors import Problem
from rules.evaluation.compile import CompiledProcedure
from rules.evaluation.sayings import FactWords
from rules.match.interpreter import Outcome
from rules.table.decision import HitPolicy, Row, Table
from rules.table.hits import Places, Value, counting, value_of
from rules.vocabulary import Facts


@dataclass(frozen=True, slots=True)
class Hits:
    """A table with its outcome, and the rows that count once the hit policy has spoken.

    `conflict`: the policy is broken (several rows of a unique table, unequal outputs under `any`, a sum that cannot be
    counted); no row counts then.
    """

    table: Table
    outcome: Outcome
    all: tuple[Row, ...] = field(init=False)
    """Every row that hit, in order."""
    conflict: bool = field(init=False)
    rows: tuple[Row, ...] = field(init=False)
    """The rows that count, in the order of the hit policy."""
    counted: Places | None = field(init=False)
    """The places of the rows that count, None where the policy is broken."""

    def __post_init__(self) -> None:
        hit, counted = self.outcome.hit, counting(self.table, self.outcome.hit)
        object.__setattr__(self, "counted", counted)
        object.__setattr__(self, "all", tuple([self.table.rows[place] for place in hit]))
        object.__setattr__(self, "conflict", counted is None)
        object.__setattr__(self, "rows", tuple([self.table.rows[place] for place in counted or ()]))

    def value(self, output: str) -> Value | None:
        """Return the one value the rows give for this output (`value_of`), None where the policy is broken."""
        return None if self.counted is None else value_of(self.table, self.counted, output)

    def facts(self, outputs: Iterable[str]) -> dict[str, Value]:
        """Return these outputs as facts (`table.output`); one without a value stays unknown."""
        values = {f"{self.table.id}.{output}": self.value(output) for output in outputs}
        return {name: value for name, value in values.items() if value is not None}

    def problem(self) -> Problem | None:
        """Name the rows of a broken hit policy."""
        if not self.conflict:
            return None
        named = ", ".join(row.id for row in self.all)
        if self.table.hit is HitPolicy.COLLECT_SUM:
            return Problem(
                ("tables", self.table.id),
                f"Tổng các dòng của bảng “{self.table.label}” vượt quá giới hạn tính được: {named}.",
                "Chưa tính được phần này: báo người quản trị xem lại các mức trong bảng.",
            )
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
    broken: frozenset[str] = frozenset()
    """The computed facts and outputs that have no value because they cannot be worked out."""
    memo: dict[Any, Any] = field(default_factory=dict[Any, Any], compare=False, repr=False)
    """What was worked out once for this evaluation and is asked for again."""
    own: dict[Any, Any] = field(default_factory=dict[Any, Any], init=False, compare=False, repr=False)
    """The same for this dossier or this row of a group alone."""
    words: dict[str, FactWords] = field(default_factory=dict[str, FactWords], init=False, compare=False, repr=False)
    """The words of facts that some reason has asked for already."""

    def rows(self, group: str) -> tuple["Situation", ...]:
        """Return the situation of every row of a group, none while the group is unknown.

        In each the facts of the row are there as `group.member`, and the tables over the group have their hits.
        """
        if ("rows", group) not in self.memo:
            rows = self.facts.get(group) or ()
            self.memo["rows", group] = tuple(self._row(group, row) for row in rows)
        return self.memo["rows", group]

    def _row(self, group: str, row: Facts) -> "Situation":
        facts = {**self.facts, **{f"{group}.{name}": value for name, value in row.items()}}
        hits = dict(self.hits)
        for each in self.procedure.tables.values():
            if each.table.over == group:
                found = hits[each.table.id] = Hits(each.table, each.match(facts, self.on))
                facts.update(found.facts(self.procedure.feeds.get(each.table.id, ())))
        return replace(self, facts=facts, hits=hits)

    def each(self, table: str) -> tuple[Hits, ...]:
        """Return the hits of a table over a group, one for each of its rows in order."""
        group = self.procedure.tables[table].table.over
        return tuple(situation.hits[table] for situation in self.rows(group))
