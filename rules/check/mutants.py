"""Which typing errors in a table nobody would notice (lỗi gõ không ai nhận ra), and the case that would catch each.

A typing error that changes the result of no dossier is none: the sweep over the table's space proves it. Of the others
each is caught when a golden case goes red with it; else a dossier is sought whose outcome tells the difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from rules.check.boundary_values import columns_of
from rules.check.expectations import MISSING, Key, differing, golden_case
from rules.check.findings import Witness
from rules.check.trying import Golden, Look, Trying
from rules.check.typing_errors import TypingError, typing_errors
from rules.clock.calendar import OfficeTime
from rules.codec import definition_from, definition_to_data
from rules.definition.procedure import ProcedureDefinition
from rules.derived import matched
from rules.errors import DefinitionError
from rules.evaluation.cases import run_case
from rules.evaluation.compile import CompiledProcedure
from rules.space.dossiers import DossierSpace, dossier_space
from rules.space.runs import rest, shared, union
from rules.space.sweep import Box, Boxes, Budget, BudgetSpentError, common, numbers
from rules.table.cells import holds
from rules.table.decision import LISTING, HitPolicy, Row, Table
from rules.table.hits import Places, counting, number_of
from rules.values import grouped
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


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """A typing error that no golden case notices: what a dossier gives now, and what it would give.

    `case` is the number of the case of the table that would catch it, from 0.
    """

    row: str
    what: str
    now: tuple[str, ...]
    would: tuple[str, ...]
    case: int

    def to_data(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        parts = {"row": self.row, "what": self.what, "now": list(self.now), "would": list(self.would)}
        return {**parts, "case": self.case}


@dataclass(frozen=True, slots=True)
class Mutants:
    """The typing errors of one table: how many are caught, which are not, and the golden cases that would catch these.

    `unseen` and `undecided` are those that stand so, in words (see Standing). `equivalent` ones change nothing and are
    not counted; `left_out` ones were not looked at.
    """

    table: str
    label: str
    caught: int
    unnoticed: tuple[Unnoticed, ...]
    unseen: tuple[str, ...]
    undecided: tuple[str, ...]
    equivalent: int
    left_out: int
    cases: tuple[Mapping[str, Any], ...] = field(hash=False)

    @property
    def total(self) -> int:
        """How many typing errors would change something."""
        return self.caught + len(self.unnoticed) + len(self.unseen) + len(self.undecided)

    @property
    def summary(self) -> str:
        """Say in a sentence how many typing errors would go unnoticed."""
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        what = f"{self.total} lỗi gõ có thể có trong bảng “{self.label}”"
        if self.unnoticed:
            cases = f"thêm {len(self.cases)} tình huống mẫu dưới đây thì nhận ra"
            yield f"{len(self.unnoticed)} trong {what} sẽ không ai nhận ra: {cases}."
        elif self.total:
            yield f"Trong {what} không thấy lỗi nào lọt qua các tình huống mẫu."
        else:
            yield f"Không lỗi gõ nào trong bảng “{self.label}” làm thay đổi kết quả."
        if self.unseen:
            yield f"{len(self.unseen)} lỗi đổi kết quả của bảng mà chưa thấy hồ sơ nào đổi điều tình huống mẫu so được."
        if self.undecided:
            yield f"{len(self.undecided)} lỗi chưa kết luận được trong giới hạn tìm kiếm."
        if self.left_out:
            yield f"Bảng lớn: còn {grouped(self.left_out)} lỗi gõ chưa xét."

    def to_data(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        told = {"table": self.table, "label": self.label, "summary": self.summary, "total": self.total}
        counts = {"caught": self.caught, "equivalent": self.equivalent, "left_out": self.left_out}
        found = {"unnoticed": [each.to_data() for each in self.unnoticed], "cases": [dict(each) for each in self.cases]}
        return {**told, **counts, **found, "unseen": list(self.unseen), "undecided": list(self.undecided)}


def mutants(definition: ProcedureDefinition, office: OfficeTime) -> Iterator[Mutants]:
    """Yield what becomes of the typing errors of every table, in the order of the definition."""
    trying = Trying(definition, office)
    for table in definition.tables:
        yield _Proof(trying, table).made()


class _Mutant:
    """A typing error in the space of its table: which boxes are its rows, and where it may change the result."""

    def __init__(self, error: TypingError, base: Table, extra: int, space: DossierSpace) -> None:
        self.error = error
        self.base, self.table = base, matched(error.table)
        self._rows: Boxes = (1 << len(base.rows)) - 1
        self._places = self._placed(extra)
        self.extra = extra
        self.boxes = list(self._boxes(space, extra))

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
    """What becomes of the typing errors of one table."""

    def __init__(self, trying: Trying, table: Table) -> None:
        self._trying, self._table = trying, table
        every = list(typing_errors(table, trying.definition))
        self._errors = _spread(every)
        self._left_out = len(every) - len(self._errors)
        self._budget = Budget(STEPS)
        self._ends = trying.dossiers.tries + MOST_TRIES, trying.looks + MOST_LOOKS
        self._cases: list[Catching] = []
        self._own = {row.id for row in table.rows}

    @cached_property
    def _mutants(self) -> list[_Mutant]:
        base = self._trying.ground.tables[self._table.id]
        extra = len(base.rows)
        rows: list[Row] = []
        numbered: list[tuple[TypingError, int]] = []
        for error in self._errors:
            numbered.append((error, extra + len(rows)))
            rows += [matched(error.table).rows[error.at]] if error.changed is not None else []
        self._rows = {extra + number: row for number, row in enumerate(rows)}
        self._space = dossier_space(self._trying.ground, _with_rows(base, rows))
        return [_Mutant(error, base, number, self._space) for error, number in numbered]

    def made(self) -> Mutants:
        """Return the report."""
        said: dict[Standing, list[str]] = {standing: [] for standing in Standing}
        unnoticed: list[Unnoticed] = []
        for mutant in self._mutants:
            standing, found = self._standing(mutant)
            said[standing].append(mutant.error.what)
            unnoticed += [found] if found else []
        return Mutants(
            table=self._table.id,
            label=self._table.label.vi,
            caught=len(said[Standing.CAUGHT]),
            unnoticed=tuple(unnoticed),
            unseen=tuple(said[Standing.UNSEEN]),
            undecided=tuple(said[Standing.UNDECIDED]),
            equivalent=len(said[Standing.EQUIVALENT]),
            left_out=self._left_out,
            cases=tuple(case.golden for case in self._cases),
        )

    def _standing(self, mutant: _Mutant) -> tuple[Standing, Unnoticed | None]:
        procedure = self._trying.with_table(mutant.error.table)
        if mutant.gives_otherwise and _is_refused(procedure.definition):
            return Standing.REFUSED, None
        if any(self._goes_red(golden, mutant, procedure) for golden in self._trying.golden):
            return Standing.CAUGHT, None
        try:
            where = list(self._parts(mutant))
        except BudgetSpentError:
            return Standing.UNDECIDED, None
        if not where:
            return (Standing.EQUIVALENT if self._sees_all else Standing.UNDECIDED), None
        found = self._by_known_case(mutant, procedure)
        return (Standing.UNNOTICED, found) if found else self._by_new_case(mutant, procedure, where)

    @property
    def _sees_all(self) -> bool:
        """Tell whether every dossier has its place on the axes."""
        return all(axis.is_exact for axis in self._space.axes.values())

    def _goes_red(self, golden: Golden, mutant: _Mutant, procedure: CompiledProcedure) -> bool:
        """Tell whether a golden case goes red; it is run only where the table gives something else for it."""
        base, row = mutant.base, self._rows.get(mutant.extra)
        for point, hits in zip(golden.look.points(base), golden.look.hits(base), strict=True):
            active = sum(1 << place for place in hits.outcome.hit)
            if mutant.error.changed is not None and row is not None and _hits(row, base, point, golden):
                active |= 1 << mutant.extra
            if mutant.differs(active):
                return not run_case(procedure, golden.case, self._trying.office).passed
        return False

    def _parts(self, mutant: _Mutant) -> Iterator[Box]:
        """Yield some parts of the space where dossiers may lie and the table gives something else with the error."""
        space = self._space.space
        extra = 1 << mutant.extra if mutant.error.changed is not None else 0
        among = ((1 << len(mutant.base.rows)) - 1) | extra
        for box in mutant.boxes:
            left = MOST_REGIONS
            for part in space.parts(box, among, mutant.differs, self._space.barred, self._budget):
                yield part
                left -= 1
                if not left:
                    break

    @property
    def _is_enough(self) -> bool:
        return self._trying.dossiers.tries >= self._ends[0] or self._trying.looks >= self._ends[1]

    def _by_known_case(self, mutant: _Mutant, procedure: CompiledProcedure) -> Unnoticed | None:
        """Return how a case that was suggested for another typing error would catch this one, too."""
        for number, case in enumerate(self._cases):
            wrong = self._trying.look(case.witness, procedure)
            keys, because = self._differences(case.look, wrong)
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
            for witness, look in self._trying.dossiers_in(self._space, box):
                standing = Standing.UNSEEN
                wrong = self._trying.look(witness, procedure)
                keys, because = self._differences(look, wrong)
                if keys or because:
                    self._add(witness, look, keys, because)
                    return Standing.UNNOTICED, _unnoticed(mutant, look, wrong, keys, len(self._cases) - 1)
        return standing, None

    def _differences(self, look: Look, wrong: Look | None) -> tuple[list[Key], list[str]]:
        """Return the parts that come out otherwise, and the rows that apply no more; all where nothing comes out."""
        if wrong is None:
            return [key for key, part in look.parts.items() if self._own & part.rules], []
        keys = differing(look.parts, wrong.parts)
        return [key for key in keys if key != (MISSING,)] or keys, sorted(self._own & (look.fired - wrong.fired))

    def _add(self, witness: Witness, look: Look, keys: list[Key], because: list[str]) -> None:
        base = self._trying.ground.tables[self._table.id]
        name = look.name(base, list(columns_of(base))) or self._table.label.vi
        known = sum(case.name == name for case in self._cases)
        said = f"{name} ({known + 1})" if known else name
        golden = golden_case(said, witness, {key: look.parts[key] for key in keys}, because)
        self._cases.append(Catching(name, witness, look, tuple(keys), tuple(because), golden))


def _spread(errors: list[TypingError]) -> list[TypingError]:
    """Return at most so many of the errors as are looked at, evenly spread."""
    many = len(errors)
    return errors if many <= MOST_MUTANTS else [errors[place * many // MOST_MUTANTS] for place in range(MOST_MUTANTS)]


def _with_rows(table: Table, rows: list[Row]) -> Table:
    return Table(
        *(table.id, table.label, table.hit, table.inputs, table.outputs, (*table.rows, *rows)),
        over=table.over,
        on=table.on,
    )


def _hits(row: Row, table: Table, point: Facts, golden: Golden) -> bool:
    cells = zip(table.inputs, row.when, strict=True)
    return row.period.holds(golden.case.on) and all(holds(cell.test, point.get(name)) for name, cell in cells)


def _is_refused(definition: ProcedureDefinition) -> bool:
    """Tell whether nobody could keep this definition: it cannot be read."""
    try:
        definition_from(definition_to_data(replace(definition, cases=())))
    except DefinitionError:
        return True
    return False


def _unnoticed(mutant: _Mutant, look: Look, wrong: Look | None, keys: list[Key], case: int) -> Unnoticed:
    now = tuple(look.parts[key].said for key in keys) or (_applied(look, mutant),)
    would = ("Không tính được",)
    if wrong is not None:
        would = tuple(wrong.parts[key].said for key in keys if key in wrong.parts) or (_applied(wrong, mutant),)
    return Unnoticed(mutant.error.row, mutant.error.what, now, would, case)


def _applied(look: Look, mutant: _Mutant) -> str:
    own = [row.id for row in mutant.base.rows if row.id in look.fired]
    return f"Các dòng áp dụng: {', '.join(own) or 'không dòng nào'}"
