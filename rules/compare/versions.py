"""Two versions of a procedure compared whole: their tables region by region, everything else part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from rules.clock.calendar import OfficeTime
from rules.codec import law_hash, whole_hash
from rules.compare.difference import Comparison, Difference, Weight
from rules.compare.domains import declared_domains
from rules.compare.regions import Voice, told
from rules.compare.shown import Showing, Version
from rules.compare.structure import RowsSaid, Structure, Verdict
from rules.compare.tables import IncomparableError, JointSpace, Region, Using
from rules.definition.procedure import ProcedureDefinition
from rules.say.definition import readable
from rules.say.punctuation import quoted, sentence
from rules.space.dossiers import Ground
from rules.space.literals import holding
from rules.space.sweep import Budget, BudgetSpentError
from rules.space.users import Uses, none_holding
from rules.table.decision import HitPolicy, Table
from rules.values import NO_TEXT, Text
from rules.wording import phrase

TABLE_STEPS = 300_000
"""So many steps may be taken to compare one table."""

MOST_REGIONS = 60
"""So many regions of one table are told; of more the rest is counted."""

_NONE_FOUND = Text(
    "Không tìm được hồ sơ mẫu nào cho thấy thay đổi này trong số hồ sơ đã thử.",
    "No dossier that shows this change was found among those tried.",
)
_SAME_OUTCOME = Text(
    "Hồ sơ mẫu này chạm tới thay đổi nhưng kết quả cuối cùng không đổi.",
    "This dossier meets the change, but its outcome stays the same.",
)


def compare(
    old: ProcedureDefinition, new: ProcedureDefinition, office: OfficeTime, *, steps: int = TABLE_STEPS
) -> Comparison:
    """Return all that differs from the old version to the new one; `steps` is the budget of each table."""
    return _Comparing(old, new, office, steps).whole()


class _Comparing:
    def __init__(self, old: ProcedureDefinition, new: ProcedureDefinition, office: OfficeTime, steps: int) -> None:
        self._old, self._new, self._steps = old, new, steps
        grounds = Ground(old, declared_domains(old)), Ground(new, declared_domains(new))
        self._grounds = grounds
        self._showing = Showing(Version(old, grounds[0], office), Version(new, grounds[1], office))
        self._voices = (Voice(old), Voice(new))
        self._uses = (Uses(old), Uses(new))
        self._renamed = _renamed(old, new)
        self._undecided: list[Text] = []

    def whole(self) -> Comparison:
        """Return the comparison."""
        verdicts: dict[str, Verdict] = {}
        found: list[Difference] = []
        for before, after in self._pairs():
            verdict, regions = self._table(before, after)
            verdicts[(before or after or _NO_TABLE).id] = verdict
            found.extend(regions)
        found.extend(self._parts(verdicts))
        laws = law_hash(self._old), law_hash(self._new)
        ordered = sorted(found, key=lambda each: list(Weight).index(each.weight))
        return Comparison(
            whole_hash(self._old), whole_hash(self._new), *laws, tuple(ordered), tuple(self._undecided), _proof(*laws)
        )

    def _pairs(self) -> Iterator[tuple[Table | None, Table | None]]:
        """Yield the tables of both versions by id, as they are matched, those that are equal left out."""
        old, new = self._grounds[0].tables, self._grounds[1].tables
        names = {self._renamed.get(name, name): name for name in new}
        for name in dict.fromkeys((*old, *names)):
            before, after = old.get(name), new.get(names.get(name, ""))
            if before is None or after is None or _read(before) != _read(after):
                yield before, after

    def _table(self, before: Table | None, after: Table | None) -> tuple[Verdict, list[Difference]]:
        label = quoted((after or before or _NO_TABLE).label)
        try:
            space, regions = self._regions(before, after)
        except IncomparableError:
            vi = "Bảng {}: chưa kết luận từng vùng hồ sơ, vì hai bản hỏi dữ kiện khác kiểu hoặc có cột khác nhau"
            en = "The table {}: both versions ask for facts of other types or give other outputs; regions are undecided"
            return self._undecide(phrase(vi, en, label))
        except BudgetSpentError:
            vi = "Bảng {}: chưa kết luận, vì phải xét quá nhiều vùng hồ sơ"
            return self._undecide(phrase(vi, "The table {}: undecided, there are too many regions to look at", label))
        if not space.is_exact:
            vi = "Bảng {}: chưa kết luận hết, vì có dữ kiện chọn được quá nhiều tổ hợp mã"
            self._undecide(phrase(vi, "The table {}: undecided in part, too many sets of codes can be chosen", label))
        found = [self._region(each, space, before, after) for each in regions[:MOST_REGIONS]]
        if len(regions) > MOST_REGIONS:
            vi, en = "Bảng {}: còn {} vùng hồ sơ thay đổi nữa chưa nêu ra", "The table {}: {} more regions are not told"
            self._undecide(phrase(vi, en, label, str(len(regions) - MOST_REGIONS)))
        return Verdict(space.is_exact and len(regions) <= MOST_REGIONS, _lawful(found)), found

    def _regions(self, before: Table | None, after: Table | None) -> tuple[JointSpace, list[Region]]:
        """Return where a table differs for dossiers that use it, where that can be told, else for all.

        Raises IncomparableError, BudgetSpentError.
        """
        using = self._using(before, after)
        if any(using.unused):
            try:
                space, regions = self._regions_used(before, after, using)
                if space.is_exact:
                    return space, regions
            except (IncomparableError, BudgetSpentError):
                pass  # what the conditions ask for is too much, or of another kind: they stay unsaid
        return self._regions_used(before, after, Using())

    def _regions_used(self, before: Table | None, after: Table | None, using: Using) -> tuple[JointSpace, list[Region]]:
        space = JointSpace((self._grounds[0], before), (self._grounds[1], after), using)
        return space, space.regions(Budget(self._steps))

    def _using(self, before: Table | None, after: Table | None) -> Using:
        """Return which dossiers use the table; a version without it uses it nowhere, so the other decides."""
        held = [
            users.conditions if (users := uses.of((table or _NO_TABLE).id)).are_conditional else ()
            for uses, table in zip(self._uses, (before, after), strict=True)
        ]
        old, new = (
            tuple(none_holding(each)) for each in (held[0] if before else held[1], held[1] if after else held[0])
        )
        return Using((old, new), tuple(dict.fromkeys(group for each in chain(*held) for group in holding(each))))

    def _undecide(self, said: Text) -> tuple[Verdict, list[Difference]]:
        self._undecided.append(sentence(said))
        return Verdict(is_proved=False), []

    def _region(self, region: Region, space: JointSpace, before: Table | None, after: Table | None) -> Difference:
        said = told(region, space.axes, (self._voices[0], before), (self._voices[1], after))
        shown = self._showing.of_region(space, region, ("tables", (after or before or _NO_TABLE).id))
        note = _NONE_FOUND if shown is None else None if shown.changes else _SAME_OUTCOME
        return Difference(
            place=("tables", (before or after or _NO_TABLE).id),
            weight=Weight.REASONS if region.is_words_only else Weight.LAW,
            sentence=said.sentence,
            old=said.old if said.old.vi else None,
            new=said.new if said.new.vi else None,
            is_region=True,
            old_rows=said.old_rows,
            new_rows=said.new_rows,
            shown=shown,
            note=note,
        )

    def _parts(self, verdicts: Mapping[str, Verdict]) -> Iterator[Difference]:
        for name, was in self._renamed.items():
            vi, en = "Bảng {} đổi mã từ {} thành {}", "The table {} is now called {} instead of {}"
            label = quoted(self._grounds[1].tables[name].label)
            said = sentence(phrase(vi, en, label, quoted(was), quoted(name)))
            yield Difference(("tables", was, "id"), Weight.REASONS, said, Text(was, was), Text(name, name))
        tables = tuple(replace(each, id=self._renamed.get(each.id, each.id)) for each in self._new.tables)
        structure = Structure(self._old, replace(self._new, tables=tables), verdicts, self._renamed)
        rows = RowsSaid(_rows_said(self._old, {}), _rows_said(self._new, self._renamed))
        for each in structure.differences(rows):
            yield self._with_dossier(each)

    def _with_dossier(self, each: Difference) -> Difference:
        if each.weight is not Weight.LAW or each.place[0] == "tables":
            return each
        shown = self._showing.of_part(each.place)
        return replace(each, shown=shown, note=None if shown else _NONE_FOUND)


_NO_TABLE = Table("", NO_TEXT, HitPolicy.UNIQUE, (), (), ())


def _read(table: Table) -> tuple[object, ...]:
    """Return what the answers of a table hang on."""
    rows = tuple((tuple(cell.test for cell in row.when), row.then, row.period) for row in table.rows)
    return table.hit, table.inputs, table.outputs, table.over, rows


def _renamed(old: ProcedureDefinition, new: ProcedureDefinition) -> dict[str, str]:
    """Return the old ids of the tables of the new version that have just the rows of one that is gone, by new id."""
    known = {each.id for each in old.tables}, {each.id for each in new.tables}
    gone = {_content(each): each.id for each in old.tables if each.id not in known[1]}
    came = {each.id: _content(each) for each in new.tables if each.id not in known[0]}
    return {name: gone.pop(content) for name, content in came.items() if content in gone}


def _content(table: Table) -> str:
    return repr(replace(table, id="", label=NO_TEXT))


def _lawful(found: list[Difference]) -> frozenset[str]:
    lawful = (each for each in found if each.weight is Weight.LAW)
    return frozenset(row.id for each in lawful for row in (*each.old_rows, *each.new_rows))


def _rows_said(definition: ProcedureDefinition, renamed: Mapping[str, str]) -> dict[tuple[str, str], Text]:
    tables = readable(definition).tables
    return {(renamed.get(table.id, table.id), row.id): row.sentence for table in tables for row in table.rows}


def _proof(old: str, new: str) -> Text:
    if old == new:
        return Text(
            "Hai bản có cùng dấu băm của phần luật: mọi điều quyết định kết quả đều y nguyên, nên không hồ sơ nào đổi "
            "kết quả.",
            "Both versions have the same hash of the law: all that decides an outcome is the same, so none changes.",
        )
    return Text(
        "Dấu băm của phần luật khác nhau: hai bản được so từng vùng hồ sơ của mỗi bảng và từng phần ngoài bảng.",
        "The hashes of the law differ: both versions were compared region by region and part by part.",
    )
