"""One table in two versions: the regions of dossiers for which it gives something else, over the facts of both.

The rows of both versions are boxes over the union of their facts; a fact that only one version asks about is an axis
that the other's rows do not cut. The sweep tells every point by what the old rows and the new rows give there under
the hit policy of their own version. What no dossier of either version can be is left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from rules.space.axes import Axis, NumberAxis, axis_of
from rules.space.dossiers import DossierSpace, Ground, Posed, boxes_of, posed, space_on, tests_of
from rules.space.literals import Literals, box_of
from rules.space.runs import Runs, union
from rules.space.sweep import Box, Boxes, Budget, Space, common, numbers
from rules.table.decision import HitPolicy, Output, Table
from rules.table.hits import Places, counting, value_of
from rules.values import Text
from rules.vocabulary import Fact

Given = tuple[tuple[Output | None, ...], ...]
"""What the rows that count give, row by row; under sum and count the one number."""

Label = tuple["Answer", "Answer"] | None
"""What both versions give where they differ."""


@dataclass(frozen=True, slots=True)
class Using:
    """Which dossiers use a table: `unused` says by version (the old one, the new one) in which nothing does.

    `used` are alternatives in which something does: a region is best said by them.
    """

    unused: tuple[tuple[Literals, ...], tuple[Literals, ...]] = ((), ())
    used: tuple[Literals, ...] = ()


_NOTHING: Given = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a table gives somewhere: the rows that count, and what they give; None where its hit policy is broken."""

    rows: Places
    given: Given | None

    @property
    def figures(self) -> Given | None:
        """What is given without the texts for people."""
        if self.given is None:
            return None
        return tuple(tuple(value for value in row if not isinstance(value, Text)) for row in self.given)


def answer(table: Table, hit: Places) -> Answer:
    """Return what a table gives when these rows hit (in order)."""
    counted = counting(table, hit)
    if counted is None:
        return Answer(hit, None)
    if table.hit in (HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_COUNT):
        value = value_of(table, counted, table.outputs[0].id)
        assert not isinstance(value, list)
        return Answer(counted, _NOTHING if value is None else ((value,),))
    given = tuple(table.rows[place].then for place in counted)
    return Answer(counted, tuple(sorted(given, key=repr)) if table.hit is HitPolicy.COLLECT else given)


class IncomparableError(Exception):
    """The two versions ask for a fact that is not of the same type in both, or give outputs of other shapes."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the space in which the two versions of a table differ.

    `box` may reach into places where no dossier can lie, so that it is short to say; `core` is a part of it in which
    dossiers can lie. `old` and `new` are what the versions give; of a table whose rows are all collected, what only
    one of them gives.
    """

    box: Box
    core: Box
    old: Answer
    new: Answer

    @property
    def is_words_only(self) -> bool:
        """Tell whether only texts for people differ, such as the words of a ground of refusal."""
        return self.old.figures == self.new.figures


class JointSpace:
    """The space of both versions of a table; either may be None where that version does not have it.

    Where neither version uses the table there is no difference. Raises IncomparableError.
    """

    def __init__(
        self, old: tuple[Ground, Table | None], new: tuple[Ground, Table | None], using: Using | None = None
    ) -> None:
        using = using or _EVERYWHERE
        self._versions = (old, new)
        self._posed = tuple(
            posed(ground, table, beside) if table else replace(_UNASKED, names=_named(beside), barred=beside)
            for (ground, table), beside in zip((old, new), using.unused, strict=True)
        )
        _refuse_other_outputs(old[1], new[1])
        names = tuple(dict.fromkeys(name for each in self._posed for name in each.names))
        self.facts = {name: _joint_fact(name, (old[0], new[0])) for name in names}
        literals = [each for asked in self._posed for each in (*asked.rows, *asked.barred)]
        tests = tests_of(names, literals)
        self.axes: Mapping[str, Axis] = {
            name: axis_of(self.facts[name], tests[name], _joint_domain(name, (old[0], new[0]))) for name in names
        }
        self.is_exact = all(axis.is_exact for axis in self.axes.values())
        rows = [self._rows(asked) for asked in self._posed]
        barred = [boxes_of(asked.barred, self.axes) for asked in self._posed]
        self.space = Space([axis.size for axis in self.axes.values()], [*rows[0], *rows[1], *barred[0], *barred[1]])
        self._sets = tuple(_sets([len(each) for each in (*rows, *barred)]))
        beside = set(boxes_of(chain(*using.unused), self.axes))
        self._always_barred = tuple((set(barred[0]) & set(barred[1])) - beside)
        self._used = boxes_of(using.used, self.axes)
        self._twins = self._same_rows()

    @property
    def group(self) -> str:
        """The group each of whose rows the table looks at, empty where it looks at the dossier."""
        return next((table.over for _, table in self._versions if table), "")

    def _rows(self, asked: Posed) -> list[Box]:
        nothing: Box = tuple(() for _ in self.axes)
        return [box_of(literals, self.axes) or nothing for literals in asked.rows]

    def version(self, place: int) -> DossierSpace | None:
        """Return the space of the old version (0) or the new one (1) alone, on the axes of both."""
        table = self._versions[place][1]
        return space_on(self.axes, table, self._posed[place]) if table else None

    def is_barred(self, point: Sequence[int]) -> bool:
        """Tell whether no dossier of either version can lie at this point, given by its place on every axis."""
        box: Box = tuple(((place, place + 1),) for place in point)
        return self._is_barred(
            sum(1 << number for number, each in enumerate(self.space.boxes) if common(each, box) is not None)
        )

    def regions(self, budget: Budget) -> list[Region]:
        """Return where the two versions differ, as few boxes as may be. Raises BudgetSpentError."""
        found = self.space.regions(self._label, self._settled, budget)
        differing = merged((label, box) for label, box in found if label is not None)
        by_label: dict[tuple[Answer, Answer], list[Box]] = {}
        for label, box in differing:
            by_label.setdefault(label, []).append(box)
        axes = tuple(self.axes.values())
        return [
            Region(wide, core, *label)
            for label, boxes in by_label.items()
            for wide, core in _widened(boxes, self._always_barred, axes, self._boxes_of(*label), budget)
        ]

    def _boxes_of(self, old: Answer, new: Answer) -> list[Box]:
        """Return the boxes of the rows that count: a region is best said as the row says it, or where it is used."""
        firsts = (first for first, _ in self._sets[:2])
        rows = [
            self.space.boxes[first + place]
            for first, each in zip(firsts, (old, new), strict=True)
            for place in each.rows
        ]
        met = (common(row, used) for used in self._used for row in rows)
        return [*rows, *(box for box in met if box is not None)]

    def _answers(self, active: Boxes) -> tuple[Answer, Answer]:
        """Return what both versions give where these boxes are active."""
        first, second = (self._answer(place, active) for place in (0, 1))
        return first, second

    def _answer(self, place: int, active: Boxes) -> Answer:
        table, (first, boxes) = self._versions[place][1], self._sets[place]
        return answer(table, tuple(number - first for number in numbers(active & boxes))) if table else _NO_TABLE

    def _label(self, active: Boxes) -> Label:
        if self._is_barred(active):
            return None
        old, new = self._answers(active)
        if old.given == new.given:
            return None
        return self._without_common(old, new) if self._collects else (old, new)

    def _without_common(self, old: Answer, new: Answer) -> tuple[Answer, Answer]:
        """Return what only one version collects."""
        (olds, news), tables = (old.rows, new.rows), tuple(table for _, table in self._versions)
        first, second = self._sets[0][0], self._sets[1][0]
        twins = {self._twins[first + place] for place in olds} & {self._twins[second + place] for place in news}
        left = [place for place in olds if self._twins[first + place] not in twins]
        right = [place for place in news if self._twins[second + place] not in twins]
        for place in tuple(left):
            given = tables[0].rows[place].then if tables[0] else ()
            equal = next((each for each in right if tables[1] and tables[1].rows[each].then == given), None)
            if equal is not None:
                left.remove(place)
                right.remove(equal)
        return tuple(
            answer(table, tuple(rows)) if table else _NO_TABLE
            for table, rows in zip(tables, (left, right), strict=True)
        )  # type: ignore[return-value]

    def _is_barred(self, active: Boxes) -> bool:
        """Tell whether no dossier of either version lies where these boxes are active."""
        return all(active & boxes for _, boxes in self._sets[2:])

    def _settled(self, axis: int, active: Boxes) -> tuple[None] | None:
        """Tell early that nothing differs from here on: no dossier can be here, or the same rows are left in both."""
        if self._is_barred(self.space.filling(axis, active)) or self._is_alike(active):
            return (None,)
        return None

    def _is_alike(self, active: Boxes) -> bool:
        (_, olds), (_, news) = self._sets[:2]
        if not active & (olds | news):
            return self._is_counted_alike
        old = [self._twins[number] for number in numbers(active & olds)]
        return self._is_read_alike and old == [self._twins[number] for number in numbers(active & news)]

    @cached_property
    def _collects(self) -> bool:
        return all(table is None or table.hit is HitPolicy.COLLECT for _, table in self._versions)

    @cached_property
    def _is_counted_alike(self) -> bool:
        return self._answer(0, 0).given == self._answer(1, 0).given

    @cached_property
    def _is_read_alike(self) -> bool:
        """Tell whether equal rows give the same in both versions: the policy and the ranks of outputs are the same."""
        old, new = (table for _, table in self._versions)
        if old is None or new is None:
            return False
        return old.hit is new.hit and [column.order for column in old.outputs] == [each.order for each in new.outputs]

    def _same_rows(self) -> dict[int, int]:
        """Return for each row a number that equal rows (the same box and outputs) of both versions share."""
        known: dict[tuple[Box, tuple[Output | None, ...]], int] = {}
        found: dict[int, int] = {}
        for (_, table), (first, _) in zip(self._versions, self._sets[:2], strict=True):
            for place, row in enumerate(table.rows if table else ()):
                box = self.space.boxes[first + place]
                found[first + place] = known.setdefault((box, row.then), len(known))
        return found


def _named(each: Iterable[Literals]) -> tuple[str, ...]:
    """Return the facts that literals name, each once."""
    return tuple(dict.fromkeys(literal.fact for literals in each for literal in literals))


_EVERYWHERE = Using()
_UNASKED = Posed((), (), (), {}, is_exact=True)
_NO_TABLE = Answer((), _NOTHING)


def _sets(sizes: Iterable[int]) -> Iterator[tuple[int, Boxes]]:
    """Yield for stretches of boxes, one after the other, where each begins and the set of its boxes."""
    first = 0
    for size in sizes:
        yield first, ((1 << size) - 1) << first
        first += size


def _refuse_other_outputs(old: Table | None, new: Table | None) -> None:
    if old is None or new is None:
        return
    shapes = [[(each.id, each.type, each.scale) for each in table.outputs] for table in (old, new)]
    if shapes[0] != shapes[1] or old.over != new.over:
        raise IncomparableError


def _joint_fact(name: str, grounds: Iterable[Ground]) -> Fact:
    """Return the fact with the codes of both versions."""
    known = [ground.vocabulary[name] for ground in grounds if name in ground.vocabulary.names]
    first, last = known[0], known[-1]
    if (first.type, first.scale) != (last.type, last.scale):
        raise IncomparableError
    return replace(last, codes={**last.codes, **first.codes, **last.codes}, any_code=first.any_code or last.any_code)


def _joint_domain(name: str, grounds: Iterable[Ground]) -> tuple[int | None, int | None]:
    """Return the least and the most that either version lets the fact be."""
    known = [ground.domains.get(name, (None, None)) for ground in grounds if name in ground.vocabulary.names]
    lows, highs = [low for low, _ in known if low is not None], [high for _, high in known if high is not None]
    return (
        min(lows) if len(lows) == len(known) else None,
        max(highs) if len(highs) == len(known) else None,
    )


def merged(
    regions: Iterable[tuple[tuple[Answer, Answer], Box]],
) -> list[tuple[tuple[Answer, Answer], Box]]:
    """Join boxes of one label that lie side by side along one axis, until none do."""
    found = list(dict.fromkeys(regions))
    while True:
        before = len(found)
        for axis in range(len(found[0][1]) if found else 0):
            joined: dict[tuple[tuple[Answer, Answer], Box, Box], list[Runs]] = {}
            for label, box in found:
                joined.setdefault((label, box[:axis], box[axis + 1 :]), []).append(box[axis])
            found = [
                (label, (*left, union(stretch for runs in each for stretch in runs), *right))
                for (label, left, right), each in joined.items()
            ]
        if len(found) == before:
            return found


def _widened(
    boxes: list[Box], barred: tuple[Box, ...], axes: Sequence[Axis], rows: list[Box], budget: Budget
) -> Iterator[tuple[Box, Box]]:
    """Yield boxes widened so that they hold no other dossiers than all of these, each with the box it was.

    Best is the box of a row. What the widened ones before it hold is not yielded again.
    """
    space = Space([axis.size for axis in axes], [*boxes, *barred])
    fitting = [row for row in rows if all(row) and space.hole(row, space.all, budget) is None]
    told: list[Box] = []
    for box in boxes:
        if any(_holds(wide, box) for wide in told):
            continue
        wide = next((row for row in fitting if _holds(row, box)), box)
        for place, axis in enumerate(axes):
            for runs in _wider(wide[place], axis):
                tried: Box = (*wide[:place], runs, *wide[place + 1 :])
                if space.hole(tried, space.all, budget) is None:
                    wide = tried
                    break
        told.append(wide)
        yield wide, box


def _wider(runs: Runs, axis: Axis) -> Iterator[Runs]:
    """Yield what may be tried in place of these runs, the widest first; of codes only all of them, known or not."""
    whole: Runs = ((0, axis.size),)
    if runs in (whole, axis.known):
        yield from [whole] if runs != whole else []
        return
    yield from (whole, axis.known)
    first, last = runs[0][0], runs[-1][1]
    if isinstance(axis, NumberAxis) and first > 1:
        yield union([(1, first), *runs])
    if isinstance(axis, NumberAxis) and last < axis.size:
        yield union([*runs, (last, axis.size)])


def _holds(outer: Box, inner: Box) -> bool:
    return all(union([*left, *right]) == left for left, right in zip(outer, inner, strict=True))
