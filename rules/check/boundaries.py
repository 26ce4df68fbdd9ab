"""Boundary cases (tình huống biên) of a table: each bound, one past it, each code, unknown, in pairs across columns.

Every pair of values of two columns occurs in a case, where a dossier with both can exist: pairwise testing as of Cohen,
Dalal, Fredman and Patton, “The AETG System” (IEEE TSE 23/7, 1997), built greedily and the same on every machine.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from rules.check.boundary_values import columns_of, numbers_on_bounds, probe_of, tests_of, values_of
from rules.check.expectations import MISSING, Key, Parts, differing, golden_case
from rules.check.findings import Witness
from rules.check.trying import Look, Trying, places_of
from rules.clock.calendar import OfficeTime
from rules.definition.procedure import ProcedureDefinition
from rules.say.definition import readable
from rules.space.dossiers import DossierSpace, dossier_space
from rules.space.runs import Runs
from rules.space.sweep import Box, Budget, BudgetSpentError
from rules.table.decision import Table
from rules.vocabulary import Facts

MOST_CASES = 150
"""So many cases of one table are made; pairs that would need more are counted as left out."""

MOST_VALUES = 40
"""So many known values of one column are looked at."""

STEPS = 300_000
"""So many steps of the sweep are taken for one table."""

MOST_TRIES = 6_000
"""So many dossiers are tried for one table before what is still open is left out."""

Pick = tuple[int, Runs]
"""A column, by its number, and the places of its axis that one boundary value stands for."""

Goal = tuple[Pick, ...]
"""What one case must show together: two values of two columns, or one where there is one column."""


@dataclass(frozen=True, slots=True)
class BoundaryCase:
    """A dossier on a bound: the rows that apply to it, in sentences, and what the outcome comes to.

    `why` says the rows that apply, or why none does; `comes_to` the parts of the outcome that the table tells, `whole`
    all of them. `golden` is the case as a definition writes it, `covered_by` the name of a golden case of the same
    cells.
    """

    name: str
    witness: Witness
    rows: tuple[str, ...]
    why: tuple[str, ...]
    comes_to: tuple[str, ...]
    whole: tuple[str, ...]
    golden: Mapping[str, Any] = field(hash=False)
    covered_by: str = ""

    @property
    def says(self) -> tuple[str, ...]:
        """The rows that apply, in sentences, then what the outcome comes to."""
        return (*self.why, *self.comes_to)

    def to_data(self) -> dict[str, Any]:
        """Return the case as plain JSON values."""
        told: dict[str, Any] = {"name": self.name, "rows": list(self.rows), "says": list(self.says)}
        return {**told, "covered_by": self.covered_by or None, "case": dict(self.golden)}


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The boundary cases of one table.

    `pairs` of values occur in them; `impossible` ones are left aside because no dossier can have both values, and for
    `left_out` ones no dossier was found within the budget.
    """

    table: str
    label: str
    cases: tuple[BoundaryCase, ...]
    pairs: int
    impossible: int
    left_out: int

    @property
    def summary(self) -> str:
        """Say in a sentence how many cases there are, and what is not in them."""
        open_ones = sum(not case.covered_by for case in self.cases)
        said = [f"Bảng “{self.label}”: {len(self.cases)} tình huống biên, {open_ones} chưa có tình huống mẫu."]
        if self.impossible:
            said.append(f"Bỏ qua {self.impossible} tổ hợp giá trị mà không hồ sơ nào có.")
        if self.left_out:
            said.append(f"Còn {self.left_out} tổ hợp giá trị chưa dựng được hồ sơ trong giới hạn tìm kiếm.")
        return " ".join(said)

    def to_data(self) -> dict[str, Any]:
        """Return the cases as plain JSON values."""
        told = {"table": self.table, "label": self.label, "summary": self.summary}
        numbers = {"pairs": self.pairs, "impossible": self.impossible, "left_out": self.left_out}
        return {**told, **numbers, "cases": [case.to_data() for case in self.cases]}


def boundaries(definition: ProcedureDefinition, office: OfficeTime) -> Iterator[Boundaries]:
    """Yield the boundary cases of every table that tests anything, in the order of the definition."""
    trying = Trying(definition, office)
    sentences = {table.id: {row.id: row.sentence.vi for row in table.rows} for table in readable(definition).tables}
    for table in trying.ground.tables.values():
        found = _Cover(trying, table, sentences.get(table.id, {})).made()
        if found is not None:
            yield found


class _Cover:
    """The cases of one table, which is as it is matched."""

    def __init__(self, trying: Trying, table: Table, sentences: Mapping[str, str]) -> None:
        self._trying, self._table, self._sentences = trying, table, sentences
        self._columns = list(columns_of(table))
        bounds = trying.ground.domains
        probes = [
            probe_of(table, name, value)
            for name in self._columns
            for value in numbers_on_bounds(tests_of(table, name), bounds.get(name, (None, None)))[:MOST_VALUES]
        ]
        self._own = dossier_space(trying.ground, table)
        self._space = dossier_space(trying.ground, replace(table, rows=(*table.rows, *probes)))
        self._budget, self._end = Budget(STEPS), trying.dossiers.tries + MOST_TRIES
        values = [values_of(self._space.axes[name], tests_of(table, name)) for name in self._columns]
        self._cut = sum(max(len(each) - MOST_VALUES - 1, 0) for each in values)
        self._picks = [
            [runs for runs in (*each[:-1][:MOST_VALUES], each[-1]) if self._may_be({number: runs})]
            for number, each in enumerate(values)
        ]
        self._cases: list[tuple[Witness, Look]] = []

    def made(self) -> Boundaries | None:
        """Return the cases that show all pairs that there can be; None for a table without a test."""
        goals = list(self._goals())
        if not goals:
            return None
        open_goals = dict.fromkeys(goals)
        impossible, left_out = 0, self._cut
        for goal in goals:
            if goal not in open_goals:
                continue
            try:
                shown = [] if self._is_enough else self._shown(goal, open_goals)
            except BudgetSpentError:
                shown = []
            if shown is None:
                impossible += 1
            elif not shown:
                left_out += 1
            for each in (goal, *(shown or ())):
                open_goals.pop(each, None)
        reached = len(goals) - impossible - left_out + self._cut
        label = self._table.label.vi
        return Boundaries(self._table.id, label, tuple(self._said()), reached, impossible, left_out)

    @property
    def _is_enough(self) -> bool:
        return len(self._cases) >= MOST_CASES or self._trying.dossiers.tries >= self._end

    def _goals(self) -> Iterator[Goal]:
        picks = [[(number, runs) for runs in each] for number, each in enumerate(self._picks)]
        if len(picks) == 1:
            yield from ((pick,) for pick in picks[0])
        for one, other in combinations(picks, 2):
            yield from ((left, right) for left in one for right in other)

    def _shown(self, goal: Goal, open_goals: Mapping[Goal, None]) -> list[Goal] | None:
        """Make a case for the goal; return the goals it shows, none where no dossier was found, None: there is none."""
        chosen = dict(goal)
        if self._hole(chosen) is None:
            return None
        for number, each in enumerate(self._picks):
            if number not in chosen:
                picks = [(number, runs) for runs in each]
                picks.sort(key=lambda pick: -sum(_pair(pick, other) in open_goals for other in chosen.items()))
                fits = next((runs for _, runs in picks if self._hole({**chosen, number: runs}) is not None), None)
                chosen.update({number: fits} if fits else {})
        for wanted in (chosen, dict(goal)):
            for witness, look in self._dossiers(wanted):
                shown = [each for each in open_goals if self._is_shown(each, look)]
                if goal in shown:
                    self._cases.append((witness, look))
                    return shown
        return []

    def _dossiers(self, wanted: Mapping[int, Runs]) -> Iterator[tuple[Witness, Look]]:
        hole = self._hole(wanted)
        if hole is not None:
            yield from self._trying.dossiers_in(self._space, hole)

    def _may_be(self, wanted: Mapping[int, Runs]) -> bool:
        """Tell whether there may be a dossier with these values, as far as the budget allows to tell."""
        try:
            return self._hole(wanted) is not None
        except BudgetSpentError:
            return True

    def _hole(self, wanted: Mapping[int, Runs]) -> Box | None:
        """Return where dossiers with these values may lie, None where there cannot be one."""
        by_name = {self._columns[number]: runs for number, runs in wanted.items()}
        box = tuple(by_name.get(name, ((0, axis.size),)) for name, axis in self._space.axes.items())
        return self._space.space.hole(box, self._space.barred, self._budget)

    def _is_shown(self, goal: Goal, look: Look) -> bool:
        return any(all(self._lies(pick, point) for pick in goal) for point in look.points(self._table))

    def _lies(self, pick: Pick, point: Facts) -> bool:
        name = self._columns[pick[0]]
        place = places_of(point, {name: self._space.axes[name]})[0]
        return any(low <= place < high for low, high in pick[1])

    def _said(self) -> Iterator[BoundaryCase]:
        """Say every case: by which golden case it is covered, and what of the outcome the table tells."""
        covered = self._covered()
        own = {row.id for row in self._table.rows}
        looks = [*(look for _, look in self._cases), *(each.look for each in self._trying.golden)]
        told = {key for look in looks for key, part in look.parts.items() if own & part.rules}
        parts = [look.parts for _, look in self._cases]
        told = told or {key for key in _varying(parts) if key != (MISSING,)}
        named: Counter[str] = Counter()
        for witness, look in self._cases:
            hit = [row.id for hits in look.hits(self._table) for row in hits.rows]
            rows = tuple(dict.fromkeys(hit))
            expected = {key: part for key, part in look.parts.items() if key in told}
            name = look.name(self._table, self._columns)
            named[name] += 1
            name = f"{name} ({named[name]})" if named[name] > 1 else name
            because = [row for row in rows if row in look.fired]
            yield BoundaryCase(
                name=name,
                witness=witness,
                rows=rows,
                why=tuple(self._sentences_of(rows, look)),
                comes_to=tuple(part.said for part in expected.values()),
                whole=tuple(part.said for part in look.parts.values()),
                golden=golden_case(name, witness, expected, because),
                covered_by=next((covered[cells] for cells in self._cells(look, self._own) if cells in covered), ""),
            )

    def _sentences_of(self, rows: Iterable[str], look: Look) -> Iterator[str]:
        said = [f"[{row}] {self._sentences[row]}" for row in rows]
        conflict = [problem.what for hits in look.hits(self._table) if (problem := hits.problem())]
        yield from said or conflict or [f"Không dòng nào của bảng “{self._table.label}” áp dụng."]

    def _covered(self) -> dict[tuple[int, ...], str]:
        found: dict[tuple[int, ...], str] = {}
        for each in self._trying.golden:
            for cells in self._cells(each.look, self._own):
                found.setdefault(cells, each.case.name.vi)
        return found

    def _cells(self, look: Look, space: DossierSpace) -> list[tuple[int, ...]]:
        axes = {name: space.axes[name] for name in self._columns}
        return [places_of(point, axes) for point in look.points(self._table)]


def _pair(one: Pick, other: Pick) -> Goal:
    return (one, other) if one[0] < other[0] else (other, one)


def _varying(parts: list[Parts]) -> list[Key]:
    return list(dict.fromkeys(key for each in parts for key in differing(parts[0], each)))
