"""Which typing errors in a table nobody would notice (lỗi gõ không ai nhận ra), and the case that would catch each.

A typing error that changes the result of no dossier is none: the sweep over the table's space proves it. Of the others
each is caught when a golden case goes red with it; else a dossier is sought whose outcome tells the difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any

from rules.check.boundary_values import columns_of
from rules.check.expectations import MISSING, Key, differing, golden_case
from rules.check.figures import figures
from rules.check.findings import Witness
from rules.check.mistyped import CONDITIONS, Subject, subject_of_table, subjects_of_conditions
from rules.check.mutant_report import Mutants, Unnoticed
from rules.check.trying import Golden, Look, Trying
from rules.check.typing_errors import TypingError
from rules.clock.calendar import OfficeTime
from rules.codec import definition_from, definition_to_data
from rules.definition.procedure import ProcedureDefinition
from rules.derived import matched
from rules.errors import DefinitionError
from rules.evaluation.cases import run_case
from rules.evaluation.compile import CompiledProcedure
from rules.match.interpreter import Interpreter
from rules.space.dossiers import DossierSpace, dossier_space
from rules.space.runs import rest, shared, union
from rules.space.sweep import Box, Boxes, Budget, BudgetSpentError, common, numbers
from rules.table.cells import holds
from rules.table.decision import LISTING, HitPolicy, Row, Table
from rules.table.hits import Places, counting, number_of
from rules.vocabulary import Facts

MOST_MUTANTS = 1_500
"""So many typing errors of one table are looked at, evenly spread over it where there are more."""

STEPS = 1_000_000
"""So many steps of the sweep are taken for one table."""

MOST_REGIONS = 6
"""In so many parts of the space where a typing error changes the result a dossier is sought that shows it."""

MOST_TRIES, MOST_LOOKS = 20_000, 10_000
"""So many dossiers are tried for one table, and so many evaluated to the end, before what is open stays undecided."""


class Standing(StrEnum):
    """What becomes of a typing error.

    CAUGHT: a golden case goes red; UNNOTICED: none does, and a dossier shows the difference; EQUIVALENT: no dossier
    comes out otherwise; REFUSED: the definition could not be read with it; UNSEEN: the table gives something else, but
    for no dossier that was tried does anything come out otherwise that a golden case can expect; UNDECIDED: no dossier
    was found, or the budget ended first.
    """

    CAUGHT = "caught"
    UNNOTICED = "unnoticed"
    EQUIVALENT = "equivalent"
    REFUSED = "refused"
    UNSEEN = "unseen"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Catching:
    """A golden case that would catch typing errors: the dossier, the parts it expects, the case as it is written."""

    name: str
    witness: Witness
    look: Look = field(hash=False)
    keys: tuple[Key, ...]
    because: tuple[str, ...]
    golden: Mapping[str, Any] = field(hash=False)


def mutants(definition: ProcedureDefinition, office: OfficeTime) -> Iterator[Mutants]:
    """Yield what becomes of the typing errors of every table, then of conditions and of figures outside them."""
    trying = Trying(definition, office)
    for table in definition.tables:
        yield _Proof(trying, table.id, table.label.vi).made([subject_of_table(trying, table)])
    conditions = list(subjects_of_conditions(trying))
    if conditions:
        yield _Proof(trying, "", CONDITIONS).made(conditions)
    outside = figures(trying)
    if outside is not None:
        yield outside


class _Ground:
    """The space of one subject: its rows as boxes, and those rows as they would be mistyped."""

    def __init__(self, trying: Trying, subject: Subject, errors: list[TypingError]) -> None:
        self.subject, self.base = subject, subject.base
        self.matcher = Interpreter(subject.base)
        first = len(subject.base.rows)
        changed = [error for error in errors if error.changed is not None]
        self.extras = {id(error): first + number for number, error in enumerate(changed)}
        rows = tuple(matched(error.table).rows[error.at] for error in changed)
        self.rows = (*subject.base.rows, *rows)
        self.space = dossier_space(trying.ground, replace(subject.base, rows=self.rows))
        self._seen: dict[int, list[tuple[Facts, Boxes]]] = {}

    def points(self, look: Look) -> list[tuple[Facts, Boxes]]:
        """Return the points of a dossier that is kept, each with the rows that hit; worked out once."""
        found = self._seen.get(id(look))
        if found is None:
            on, points = look.situation.on, look.points(self.base)
            found = [(point, sum(1 << place for place in self.matcher.match(point, on).hit)) for point in points]
            self._seen[id(look)] = found
        return found

    @property
    def sees_all(self) -> bool:
        """Tell whether every dossier has its place on the axes."""
        return all(axis.is_exact for axis in self.space.axes.values())


class _Mutant:
    """A typing error in the space of its table: which boxes are its rows, and where it may change the result."""

    def __init__(self, error: TypingError, ground: _Ground) -> None:
        self.error, self.ground = error, ground
        self.base, self.table = ground.base, matched(error.table)
        self._rows: Boxes = (1 << len(self.base.rows)) - 1
        self.extra = ground.extras.get(id(error), -1)
        """The place of the mistyped row among the boxes, -1 where there is none."""
        self._places = self._placed(self.extra)
        self.boxes = list(self._boxes(ground.space, self.extra))

    def _placed(self, extra: int) -> dict[int, int]:
        """Return the place that each box has among the rows of the table with the error."""
        at, same = self.error.at, {place: place for place in range(len(self.base.rows))}
        if self.error.swapped:
            return {**same, at: at + 1, at + 1: at}
        if self.error.changed is None:
            return {place: place - (place > at) for place in same if place != at}
        return {extra: at, **{place: place for place in same if place != at}}

    def _boxes(self, space: DossierSpace, extra: int) -> Iterator[Box]:
        """Yield the boxes outside which nothing changes."""
        at = self.error.at
        right = space.rows[at]
        wrong = space.rows[extra] if self.error.changed is not None else None
        if self.error.swapped:
            below = space.rows[at + 1]
            met = common(right, below) if right and below else None
            yield from [met] if met else []
        elif right and wrong and right != wrong:
            yield from _apart(right, wrong)
        else:
            yield from [each for each in (right or wrong,) if each]

    @property
    def gives_otherwise(self) -> bool:
        """Tell whether the outputs of the row are what is wrong."""
        changed = self.error.changed
        return changed is not None and changed.then != self.base.rows[self.error.at].then

    def differs(self, active: Boxes) -> bool:
        """Tell whether the table gives something else with the error where these boxes are active."""
        now = tuple(numbers(active & self._rows))
        wrong = tuple(sorted(self._places[each] for each in numbers(active) if each in self._places))
        return resolved(self.base, now) != resolved(self.table, wrong)


def resolved(table: Table, hit: Places) -> Any:
    """Return what the rows that hit come to under the hit policy, so that equal results are equal."""
    counted = counting(table, hit)
    if counted is None:
        return "conflict"
    if table.hit is HitPolicy.COLLECT_COUNT:
        return len(counted)
    if table.hit is HitPolicy.COLLECT_SUM:
        return sum(number_of(table, table.rows[place]) for place in counted) if counted else None
    given = [table.rows[place].then for place in (counted if table.hit in LISTING else counted[:1])]
    return sorted(given, key=repr) if table.hit is HitPolicy.COLLECT else given


def _apart(one: Box, other: Box) -> Iterator[Box]:
    """Yield boxes that hold every point which is in just one of the two."""
    axes = [axis for axis, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(axes) != 1:
        yield from (one, other)
        return
    axis = axes[0]
    size = max(*(high for _, high in one[axis]), *(high for _, high in other[axis]))
    apart = union((*shared(one[axis], rest(other[axis], size)), *shared(other[axis], rest(one[axis], size))))
    yield (*one[:axis], apart, *one[axis + 1 :])


class _Proof:
    """What becomes of the typing errors of one table, or of all conditions together."""

    def __init__(self, trying: Trying, table: str, label: str) -> None:
        self._trying, self._table, self._label = trying, table, label
        self._budget = Budget(STEPS)
        self._ends = trying.dossiers.tries + MOST_TRIES, trying.looks + MOST_LOOKS
        self._cases: list[Catching] = []

    def made(self, subjects: list[Subject]) -> Mutants:
        """Return the report."""
        said: dict[Standing, list[str]] = {standing: [] for standing in Standing}
        unnoticed: list[Unnoticed] = []
        left_out = 0
        for subject in subjects:
            errors = _spread(subject.errors)
            left_out += len(subject.errors) - len(errors)
            ground = _Ground(self._trying, subject, errors)
            for error in errors:
                standing, found = self._standing(_Mutant(error, ground))
                said[standing].append(error.what)
                unnoticed += [found] if found else []
        return Mutants(
            table=self._table,
            label=self._label,
            caught=len(said[Standing.CAUGHT]),
            unnoticed=tuple(unnoticed),
            unseen=tuple(said[Standing.UNSEEN]),
            undecided=tuple(said[Standing.UNDECIDED]),
            equivalent=len(said[Standing.EQUIVALENT]),
            left_out=left_out,
            cases=tuple(case.golden for case in self._cases),
        )

    def _standing(self, mutant: _Mutant) -> tuple[Standing, Unnoticed | None]:
        procedure = mutant.ground.subject.changed(mutant.error.table)
        if mutant.gives_otherwise and _is_refused(procedure.definition, mutant.error):
            return Standing.REFUSED, None
        if any(self._goes_red(golden, mutant, procedure) for golden in self._trying.golden):
            return Standing.CAUGHT, None
        try:
            where = list(self._parts(mutant))
        except BudgetSpentError:
            return Standing.UNDECIDED, None
        if not where:
            return (Standing.EQUIVALENT if mutant.ground.sees_all else Standing.UNDECIDED), None
        found = self._by_known_case(mutant, procedure)
        return (Standing.UNNOTICED, found) if found else self._by_new_case(mutant, procedure, where)

    def _goes_red(self, golden: Golden, mutant: _Mutant, procedure: CompiledProcedure) -> bool:
        """Tell whether a golden case goes red; it is run only where the error may touch what it expects."""
        return _is_touched(golden, mutant) and not run_case(procedure, golden.case, self._trying.office).passed

    def _parts(self, mutant: _Mutant) -> Iterator[Box]:
        """Yield some parts of the space where dossiers may lie and the table gives something else with the error."""
        space = mutant.ground.space
        extra = 1 << mutant.extra if mutant.extra >= 0 else 0
        among = ((1 << len(mutant.base.rows)) - 1) | extra
        for box in mutant.boxes:
            yield from islice(space.space.parts(box, among, mutant.differs, space.barred, self._budget), MOST_REGIONS)

    @property
    def _is_enough(self) -> bool:
        return self._trying.dossiers.tries >= self._ends[0] or self._trying.looks >= self._ends[1]

    def _by_known_case(self, mutant: _Mutant, procedure: CompiledProcedure) -> Unnoticed | None:
        """Return how a case that was suggested for another typing error would catch this one, too."""
        for number, case in enumerate(self._cases):
            if not _gives_otherwise(case.look, mutant):
                continue
            wrong = self._trying.look(case.witness, procedure)
            keys, because = _differences(mutant, case.look, wrong)
            keys = [key for key in keys if key in case.keys]
            if keys or set(because) & set(case.because):
                return _unnoticed(mutant, case.look, wrong, keys, number)
        return None

    def _by_new_case(
        self, mutant: _Mutant, procedure: CompiledProcedure, where: list[Box]
    ) -> tuple[Standing, Unnoticed | None]:
        standing = Standing.UNDECIDED
        for box in where[:MOST_REGIONS]:
            if self._is_enough:
                break
            for witness, look in self._trying.dossiers_in(mutant.ground.space, box):
                standing = Standing.UNSEEN
                wrong = self._trying.look(witness, procedure)
                keys, because = _differences(mutant, look, wrong)
                if keys or because:
                    self._add(mutant, witness, look, keys, because)
                    return Standing.UNNOTICED, _unnoticed(mutant, look, wrong, keys, len(self._cases) - 1)
        return standing, None

    def _add(self, mutant: _Mutant, witness: Witness, look: Look, keys: list[Key], because: list[str]) -> None:
        name = look.name(mutant.base, list(columns_of(mutant.base))) or mutant.base.label.vi
        known = sum(case.name == name for case in self._cases)
        said = f"{name} ({known + 1})" if known else name
        golden = golden_case(said, witness, {key: look.parts[key] for key in keys}, because)
        self._cases.append(Catching(name, witness, look, tuple(keys), tuple(because), golden))


def _differences(mutant: _Mutant, look: Look, wrong: Look | None) -> tuple[list[Key], list[str]]:
    """Return the parts that come out otherwise, and the rules that apply no more; all where nothing comes out."""
    own = mutant.ground.subject.own
    if wrong is None:
        return [key for key, part in look.parts.items() if own & part.rules], []
    keys = differing(look.parts, wrong.parts)
    return [key for key in keys if key != (MISSING,)] or keys, sorted(own & (look.fired - wrong.fired))


_MAY_BE_OPEN = frozenset({"missing", "each_missing", "examination", "papers", "each_paper"})
"""What a golden case expects that may hang on rows which could still hit."""


def _is_touched(golden: Golden, mutant: _Mutant) -> bool:
    """Tell whether the table gives something else for a case, or a fact is unknown of which the case may speak."""
    points = mutant.ground.points(golden.look)
    is_open = any(point.get(name) is None for point, _ in points for name in mutant.base.inputs)
    return _gives_otherwise(golden.look, mutant) or (is_open and bool(_MAY_BE_OPEN & golden.case.then.asked))


def _gives_otherwise(look: Look, mutant: _Mutant) -> bool:
    """Tell whether the table gives something else somewhere in this dossier."""
    base, extra, on = mutant.base, mutant.extra, look.situation.on
    for point, active in mutant.ground.points(look):
        also = extra >= 0 and _hits(mutant.ground.rows[extra], base, point, on)
        if mutant.differs(active | (1 << extra) if also else active):
            return True
    return False


def _spread(errors: Sequence[TypingError]) -> list[TypingError]:
    """Return at most so many of the errors as are looked at, evenly spread."""
    many = len(errors)
    return (
        list(errors)
        if many <= MOST_MUTANTS
        else [errors[place * many // MOST_MUTANTS] for place in range(MOST_MUTANTS)]
    )


def _hits(row: Row, table: Table, point: Facts, on: date) -> bool:
    cells = zip(table.inputs, row.when, strict=True)
    return row.period.holds(on) and all(holds(cell.test, point.get(name)) for name, cell in cells)


def _is_refused(definition: ProcedureDefinition, error: TypingError) -> bool:
    """Tell whether nobody could keep this definition: it cannot be read. Of its table only the row is read again."""
    assert error.changed is not None
    alone = replace(error.table, rows=(error.changed,))
    tables = tuple(alone if each.id == alone.id else each for each in definition.tables)
    try:
        definition_from(definition_to_data(replace(definition, tables=tables, cases=())))
    except DefinitionError:
        return True
    return False


def _unnoticed(mutant: _Mutant, look: Look, wrong: Look | None, keys: list[Key], case: int) -> Unnoticed:
    now = tuple(look.parts[key].said for key in keys) or (_applied(look, mutant),)
    would = ("Không tính được",)
    if wrong is not None:
        would = tuple(wrong.parts[key].said for key in keys if key in wrong.parts) or (_applied(wrong, mutant),)
    where = mutant.ground.subject.where
    where = (*where, mutant.error.at) if where[-1] == "rows" else where
    return Unnoticed(mutant.error.row, mutant.error.what, now, would, case, where)


def _applied(look: Look, mutant: _Mutant) -> str:
    own = [row.id for row in mutant.base.rows if row.id in look.fired]
    return f"Các dòng áp dụng: {', '.join(own) or 'không dòng nào'}"
