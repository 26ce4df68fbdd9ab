"""Proof of one decision table over the whole space of its dossiers: gaps, overlaps, rows that never count.

What a dossier can be is told by rules/space; what several hit rows mean, by the hit policy. Each question has a budget
of steps: where it ends, the finding says that nothing was concluded (chưa kết luận), never that all is well.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.check.findings import Finding, FindingKind
from rules.check.used import UsedDossiers
from rules.check.wording import EVERY_DOSSIER, cells_of, said
from rules.errors import Place, Severity
from rules.space.dossiers import DossierSpace
from rules.space.runs import shared
from rules.space.sweep import Box, Boxes, Budget, BudgetSpentError, common, numbers
from rules.table.cells import Within
from rules.table.decision import LISTING, ON_DAY, HitPolicy, Row
from rules.table.hits import rank_of

STEPS = 150_000
"""The budget of steps for the gaps of a table, and again for its overlaps and for its rows that never count."""

MOST_TOLD = 10
"""So many findings of one kind are told of a table; one more says how many there are beside them."""

MOST_NOTED = 3
"""The same for findings that only tell."""

MOST_NAMED = 5

_ONE_ROW = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY})
_BEST_ROW = frozenset({HitPolicy.FIRST, HitPolicy.PRIORITY})


_CALLED: Mapping[FindingKind, str] = {
    FindingKind.GAP: "khoảng trống",
    FindingKind.OVERLAP: "cặp dòng chồng lấn",
    FindingKind.MASKED: "dòng bị che",
    FindingKind.UNREACHABLE: "dòng không bao giờ được dùng",
    FindingKind.REPEATED: "dòng lặp lại",
    FindingKind.UNDECIDED: "chỗ chưa kết luận",
    FindingKind.WAITING: "chỗ phải hỏi thêm",
}


@dataclass(slots=True)
class TableProof:
    """The proof of one table; `place` is its place in the definition.

    `is_needed`: something lacks its value where no row applies. `needed` is the space in which that is asked, where
    not every dossier asks for the table; else it is `whole`, the space of all dossiers. Gaps before the day `since` are
    not told.
    """

    place: Place
    whole: DossierSpace
    dossiers: UsedDossiers
    is_needed: bool = True
    needed: DossierSpace | None = None
    since: date | None = None
    _rows: tuple[Row, ...] = field(init=False)
    _told: Counter[FindingKind] = field(init=False, default_factory=Counter[FindingKind])

    def __post_init__(self) -> None:
        self._rows = self.whole.table.rows

    def findings(self) -> Iterator[Finding]:
        """Yield what the proof finds."""
        yield from self._decided("dòng chồng lấn", self._overlaps)
        yield from self._decided("dòng không bao giờ dùng", self._never_used)
        yield from self._decided("khoảng trống", self._gaps)

    def _decided(self, about: str, look: Callable[[Budget], Iterator[Finding]]) -> Iterator[Finding]:
        """Yield what one question finds while its budget lasts, and that it did not suffice."""
        try:
            yield from _at_most(look(Budget(STEPS)), self._more)
        except BudgetSpentError:
            label = self.whole.table.label.vi
            what = f"Chưa kết luận về {about} của bảng “{label}”: quá nhiều trường hợp phải xét."
            hint = "Chia thành nhiều bảng, hoặc bớt cột."
            yield self._finding((), what, hint, Severity.WARNING, FindingKind.UNDECIDED)

    def _more(self, kind: FindingKind, severity: Severity, count: int) -> Finding:
        what = f"Bảng “{self.whole.table.label.vi}” còn {count} {_CALLED[kind]} nữa."
        hint = "" if severity is Severity.NOTE else "Sửa những chỗ đã nêu rồi kiểm tra lại."
        return self._finding((), what, hint, severity, kind)

    def _overlaps(self, budget: Budget) -> Iterator[Finding]:
        """Two rows of a unique table (or of an `any` table with other outputs) that one dossier can hit together."""
        table = self.whole.table
        if table.hit not in _ONE_ROW:
            return
        for number, row in enumerate(self._rows):
            for other in numbers(self.whole.meeting[number] & ((1 << number) - 1)):
                if table.hit is HitPolicy.ANY and row.then == self._rows[other].then:
                    continue
                box = common(self.whole.space.boxes[number], self.whole.space.boxes[other])
                hole = None if box is None else self.whole.space.hole(box, self.whole.barred, budget)
                if box is not None and hole is not None:
                    yield self._overlap(other, number, box, hole)

    def _overlap(self, one: int, other: int, box: Box, hole: Box) -> Finding:
        where = said(box, self.whole.axes).vi
        first, second = self._rows[one].id, self._rows[other].id
        told = "cho mọi hồ sơ" if where == EVERY_DOSSIER.vi else f"khi {where}"
        what = f"Dòng “{first}” và “{second}” cùng áp dụng {told}."
        hint = "Sửa điều kiện để mỗi hồ sơ chỉ trúng một dòng."
        return self._finding((one, other), what, hint, Severity.ERROR, FindingKind.OVERLAP, hole)

    def _never_used(self, budget: Budget) -> Iterator[Finding]:
        """Rows to which no dossier leads, and rows that others always beat or merely repeat."""
        space, table = self.whole.space, self.whole.table
        standing = [(rank_of(table, row), number) for number, row in enumerate(self._rows)]
        for number, row in enumerate(self._rows):
            box = self.whole.rows[number]
            if box is None:
                yield from self._out_of_bounds(number)
                continue
            met = self.whole.meeting[number]
            if space.hole(box, met & self.whole.barred, budget) is None:
                what = f"Dòng “{row.id}” không bao giờ được dùng: không hồ sơ nào có thể đạt các điều kiện này."
                yield self._finding((number,), what, "Xóa hoặc sửa.", Severity.WARNING, FindingKind.UNREACHABLE)
            elif table.hit in _BEST_ROW:
                better = sum(
                    1 << each for each in numbers(met & self.whole.of_rows) if standing[each] < standing[number]
                )
                if better and space.hole(box, better | (met & self.whole.barred), budget) is None:
                    yield self._masked(number, better)
            else:
                yield from self._repeated(number, box)

    def _out_of_bounds(self, number: int) -> Iterator[Finding]:
        """A row of which a cell accepts only values that its fact cannot have; one that accepts none is named so."""
        row = self._rows[number]
        for name, cell in zip(self.whole.table.inputs, row.when, strict=True):
            axis = self.whole.axes[name]
            if not axis.runs(cell.test) and not (isinstance(cell.test, Within) and not cell.test.spans):
                label = axis.fact.label.vi
                what = f"Dòng “{row.id}” không bao giờ được dùng: “{label}” không thể có giá trị của ô “{cell.text}”."
                hint = "Sửa ô, hoặc sửa giới hạn của dữ kiện."
                yield self._finding((number,), what, hint, Severity.WARNING, FindingKind.UNREACHABLE)

    def _masked(self, number: int, better: Boxes) -> Finding:
        names = [f"“{self._rows[each].id}”" for each in numbers(better)]
        named = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        row = self._rows[number].id
        first = self.whole.table.hit is HitPolicy.FIRST
        takers = f"dòng {named} nhận mọi trường hợp của nó" if len(names) == 1 else f"các dòng {named} cùng nhận hết"
        what = f"Dòng “{row}” không bao giờ được dùng vì {takers}."
        hint = "Xóa hoặc chuyển lên trên." if first else "Xóa hoặc sửa điều kiện."
        return self._finding((number, *numbers(better)), what, hint, Severity.WARNING, FindingKind.MASKED)

    def _repeated(self, number: int, box: Box) -> Iterator[Finding]:
        """Two rows that are the same, where every row counts for itself."""
        rows = self._rows
        twin = next((each for each in range(number) if self.whole.rows[each] == box), None)
        if self.whole.table.hit not in _ONE_ROW and twin is not None and rows[twin].then == rows[number].then:
            what = f"Dòng “{rows[number].id}” lặp lại dòng “{rows[twin].id}”: cùng điều kiện, cùng kết quả."
            hint = "Xóa một trong hai dòng."
            yield self._finding((twin, number), what, hint, Severity.WARNING, FindingKind.REPEATED, box)

    def _gaps(self, budget: Budget) -> Iterator[Finding]:
        space = self.needed or self.whole
        found = [inside for box in space.space.gaps(budget) if (inside := _since(box, space, self.since)) is not None]
        listing = space.table.hit in LISTING or space.table.hit.value.startswith("collect")
        waiting: dict[frozenset[str], Box] = {}
        for box in found:
            known, unknown = _parted(box, space)
            if known is not None:
                yield self._gap(known, space, is_worth=self.is_needed and not listing)
            if unknown:
                waiting.setdefault(unknown, box)
        if self.is_needed and not listing:
            yield from (self._waiting(names, space) for names in waiting)

    def _gap(self, box: Box, space: DossierSpace, *, is_worth: bool) -> Finding:
        where, severity = said(box, space.axes, of_known=True).vi, Severity.WARNING if is_worth else Severity.NOTE
        what = f"Bảng “{space.table.label.vi}”: chưa dòng nào áp dụng khi {where}."
        hint = "Thêm dòng cho trường hợp này, hoặc chấp nhận và ghi lý do." if is_worth else ""
        found = self._finding((), what, hint, severity, FindingKind.GAP, box, space)
        if found.witness is None and self._told[FindingKind.GAP] <= MOST_TOLD:
            told = f"chưa kết luận có hồ sơ nào mà {where}; nếu có thì chưa dòng nào áp dụng."
            what = f"Bảng “{space.table.label.vi}”: {told}"
            return self._finding((), what, hint, severity, FindingKind.UNDECIDED)
        return found

    def _waiting(self, names: frozenset[str], space: DossierSpace) -> Finding:
        labels = ", ".join(f"“{axis.fact.label.vi}”" for name, axis in space.axes.items() if name in names)
        what = f"Bảng “{space.table.label.vi}”: khi chưa biết {labels} thì có hồ sơ chưa dòng nào áp dụng; sẽ phải hỏi."
        return self._finding((), what, "", Severity.NOTE, FindingKind.WAITING)

    def _finding(
        self,
        rows: tuple[int, ...],
        what: str,
        hint: str,
        severity: Severity,
        kind: FindingKind,
        box: Box | None = None,
        space: DossierSpace | None = None,
    ) -> Finding:
        inside = space or self.whole
        self._told[kind] += 1
        shown = box if self._told[kind] <= MOST_TOLD else None  # a search is not worth it for what is not told
        where = (*self.place, "rows", rows[-1] if kind is not FindingKind.MASKED else rows[0]) if rows else self.place
        suggested = cells_of(box, inside.axes, inside.table.inputs) if box and kind is FindingKind.GAP else None
        return Finding(
            where,
            what,
            hint,
            severity,
            kind,
            table=inside.table.id,
            rows=tuple(self._rows[number].id for number in rows),
            witness=self.dossiers.dossier(inside, shown) if shown else None,
            suggested=suggested or {},
        )


def _at_most(found: Iterator[Finding], more: Callable[[FindingKind, Severity, int], Finding]) -> Iterator[Finding]:
    """Yield the first findings of every kind, and how many more there are."""
    told: dict[tuple[FindingKind, Severity], int] = {}
    for each in found:
        kind = each.kind, each.severity
        told[kind] = told.get(kind, 0) + 1
        if told[kind] <= _most(each.severity):
            yield each
    for (kind, severity), count in told.items():
        if count > _most(severity):
            yield more(kind, severity, count - _most(severity))


def _most(severity: Severity) -> int:
    return MOST_NOTED if severity is Severity.NOTE else MOST_TOLD


def _since(box: Box, space: DossierSpace, since: date | None) -> Box | None:
    """Leave out the days before any row of the table is in force, and those before the day `since`."""
    starts = [row.period.since for row in space.table.rows]
    own = min(day for day in starts if day) if starts and all(starts) else None
    first = max((day for day in (own, since) if day), default=None)
    if first is None or ON_DAY not in space.axes:
        return box
    axis, at = space.axes[ON_DAY], list(space.axes).index(ON_DAY)
    days = shared(box[at], ((axis.place(first), axis.size),))
    return (*box[:at], days, *box[at + 1 :]) if days else None


def _parted(box: Box, space: DossierSpace) -> tuple[Box | None, frozenset[str]]:
    """Part a gap into the dossiers that have no row for good, and the facts for which others only wait.

    A fact that is not known will be asked for, unless the form does not show it there.
    """
    inputs = {name for name in space.table.inputs if name in space.axes}
    open_ones = {
        name: number
        for number, name in enumerate(space.axes)
        if name in inputs and box[number][0][0] == 0 and not _hidden_in(box, name, space)
    }
    known = list(box)
    for name, number in open_ones.items():
        known[number] = shared(box[number], space.axes[name].known)
    return (tuple(known) if all(known) else None), frozenset(open_ones)


def _hidden_in(box: Box, name: str, space: DossierSpace) -> bool:
    return any(common(box, where) is not None for where in space.hidden.get(name, ()))
