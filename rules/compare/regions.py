"""A region of a table in words: which dossiers, from what to what, because of which rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.check.wording import EVERY_DOSSIER
from rules.check.wording import said as box_said
from rules.compare.difference import RuleNamed
from rules.compare.tables import Answer, Region
from rules.definition.procedure import ProcedureDefinition
from rules.definition.process import relation_of
from rules.definition.process_words import relation_words
from rules.say.punctuation import bare, quoted, sentence
from rules.say.tables import LIMIT_COLUMNS, ROUTE_COLUMNS
from rules.say.uses import Purpose, Use, head_said, limit_said, result_said, use_said, uses_of, value_said
from rules.space.axes import Axis
from rules.table.decision import HitPolicy, OutputColumn, Row, Table
from rules.values import Text
from rules.wording import joined, phrase

MOST_ROWS_NAMED = 4

_NONE: Mapping[str, Text] = {
    Purpose.AMOUNT: Text("chưa có mức", "no amount"),
    Purpose.PAYOUT: Text("chưa có mức", "no amount"),
    Purpose.PERCENT: Text("không giảm", "no reduction"),
    Purpose.OFF: Text("không giảm", "no reduction"),
    Purpose.LIMIT: Text("chưa có thời hạn", "no limit"),
    Purpose.PROMISE: Text("không cam kết", "no promise"),
    Purpose.ADDED: Text("không thêm", "nothing"),
    Purpose.PROMISE_ADDED: Text("không thêm", "nothing"),
    Purpose.REASON: Text("không từ chối", "no refusal"),
    Purpose.GROUND: Text("không từ chối", "no refusal"),
    Purpose.ROUTE: Text("không chuyển", "it is not transferred"),
}
_NO_ROW = Text("chưa có quy định", "no rule")
_COUNTS = frozenset({HitPolicy.COLLECT_SUM, HitPolicy.COLLECT_COUNT})


@dataclass(frozen=True, slots=True)
class _Column:
    """What is told of a row by itself: an output, or the outputs that are read together."""

    output: OutputColumn
    uses: tuple[Use, ...]
    is_whole: bool
    name: Text


class Voice:
    """Says what the tables of one version give."""

    def __init__(self, definition: ProcedureDefinition) -> None:
        self._definition = definition
        self._facts = definition.vocabulary
        self._uses = uses_of(definition)
        self._limits = frozenset(definition.deadline.tables if definition.deadline else ())
        self._lists = {each.id: {item.code: item.label for item in each.items} for each in definition.lists}

    def columns(self, table: Table) -> list[_Column]:
        """Return what is told of a table's rows, one by one."""
        whole = self._read_as_one(table)
        first = whole[:1]
        told = [column for column in table.outputs if column.id in first or column.id not in whole]
        return [self._column(table, column, is_whole=column.id in first) for column in told]

    def _read_as_one(self, table: Table) -> tuple[str, ...]:
        if table.id in self._limits:
            return LIMIT_COLUMNS
        return ROUTE_COLUMNS if table.id == self._definition.route else ()

    def _column(self, table: Table, column: OutputColumn, *, is_whole: bool) -> _Column:
        uses = self._uses.get((table.id, column.id), ())
        alone = len(table.outputs) == 1
        own = table.label if alone else phrase("{} ({})", "{} ({})", table.label, column.id)
        named = [use_said(use) for use in uses]
        name = joined(dict.fromkeys(named), ", ") if named else quoted(head_said(column, (), own))
        return _Column(column, uses, is_whole, name)

    def value(self, table: Table, column: _Column, answer: Answer) -> Text:
        """Say what a table gives in one column, all rows that count together."""
        if answer.given is None:
            return Text("không tính được vì nhiều dòng mâu thuẫn cùng áp dụng", "rows that contradict each other apply")
        place = table.position(column.output.id)
        if table.hit in _COUNTS and answer.given:
            return value_said(answer.given[0][0], column.output, column.uses)
        given = [self._cell(table, column, table.rows[row], place) for row in answer.rows]
        return joined(given, "; ") if given else self.nothing(column)

    def nothing(self, column: _Column) -> Text:
        """Say that no row gives anything."""
        return _NONE.get(column.uses[0].purpose, _NO_ROW) if column.uses else _NO_ROW

    def _cell(self, table: Table, column: _Column, row: Row, place: int) -> Text:
        if column.is_whole and table.id in self._limits:
            return limit_said(table, row)
        if column.is_whole:
            return relation_words(relation_of(table, row), self._facts)
        value = row.then[place]
        return (
            value_said(value, column.output, column.uses, self._lists.get(column.output.list))
            if value is not None
            else _NO_ROW
        )

    def clauses(self, table: Table, rows: Iterable[int]) -> Iterator[Text]:
        """Yield what rows give as clauses, each once: `giảm 50% “Lệ phí đăng ký”`."""
        found: list[Text] = []
        for number in rows:
            for column in self.columns(table):
                place, row = table.position(column.output.id), table.rows[number]
                said = self._cell(table, column, row, place)
                whole = [result_said(row.then[place], said, column.output, use) for use in column.uses]
                found.extend(whole or [phrase("{} là {}", "{} is {}", column.name, bare(said))])
        yield from dict.fromkeys(found)

    def named(self, table: Table, rows: Iterable[int]) -> tuple[RuleNamed, ...]:
        """Name rows with their citations."""
        documents = self._definition.documents
        return tuple(
            RuleNamed(row.id, row.basis.citation(documents) if row.basis else None)
            for row in (table.rows[number] for number in rows)
        )


@dataclass(frozen=True, slots=True)
class Told:
    """A region told: the sentence, what was and what is, and the rows it comes from."""

    sentence: Text
    old: Text
    new: Text
    old_rows: tuple[RuleNamed, ...]
    new_rows: tuple[RuleNamed, ...]


Version = tuple[Voice, Table | None]


def told(region: Region, axes: Mapping[str, Axis], old: Version, new: Version) -> Told:
    """Say a region of a table that at least one version has."""
    where = box_said(region.box, axes)
    olds, news = _rows(region.old, old[1], new[1]), _rows(region.new, new[1], old[1])
    named = (old[0].named(old[1], olds) if old[1] else (), new[0].named(new[1], news) if new[1] else ())
    was, now, change = _change(region, old, new)
    head = phrase("Với {}", "For {}", where) if where == EVERY_DOSSIER else phrase("Khi {}", "When {}", where)
    is_chosen_anew = old[1] is not None and new[1] is not None and old[1].hit is not new[1].hit
    because = _because(*named, is_chosen_anew=is_chosen_anew)
    said = sentence(phrase("{}: {}; {}", "{}: {}; {}", head, change, because))
    return Told(said, was, now, *named)


def _rows(answer: Answer, table: Table | None, other: Table | None) -> Sequence[int]:
    """Return the rows a change comes from: those that the other version has not just so, where there are any."""
    if table is None:
        return ()
    others = set(other.rows) if other else set[Row]()
    changed = [place for place in answer.rows if table.rows[place] not in others]
    return changed or answer.rows


def _change(region: Region, old: Version, new: Version) -> tuple[Text, Text, Text]:
    """Say what was, what is, and both as one clause."""
    if _is_collected(old[1]) and _is_collected(new[1]) and region.old.given is not None:
        gone = joined(old[0].clauses(old[1], region.old.rows) if old[1] else (), "; ")
        added = joined(new[0].clauses(new[1], region.new.rows) if new[1] else (), "; ")
        if not (gone.vi and added.vi):
            pattern = ("có thêm quy định: {}", "added: {}") if added.vi else ("không còn quy định: {}", "gone: {}")
            return gone, added, phrase(*pattern, added if added.vi else gone)
    return _from_to(region, old, new)


def _is_collected(table: Table | None) -> bool:
    return table is None or table.hit is HitPolicy.COLLECT


def _from_to(region: Region, old: Version, new: Version) -> tuple[Text, Text, Text]:
    before, after = _values(old, region.old), _values(new, region.new)
    clauses: list[Text] = []
    for key in dict.fromkeys((*before, *after)):
        name = (after.get(key) or before[key])[0]
        was, now = (each[key][1] if key in each else _NO_ROW for each in (before, after))
        if was != now:
            quote = quoted if _is_long(was, now) else bare
            clauses.append(phrase("{} từ {} thành {}", "{} from {} to {}", name, quote(bare(was)), quote(bare(now))))
    was, now = (joined((value for _, value in each.values()), "; ") for each in (before, after))
    return was, now, joined(clauses, "; ")


def _is_long(*texts: Text) -> bool:
    return any(len(text.vi) > 60 for text in texts)


def _values(version: Version, answer: Answer) -> dict[str, tuple[Text, Text]]:
    voice, table = version
    if table is None:
        return {}
    return {each.output.id: (each.name, voice.value(table, each, answer)) for each in voice.columns(table)}


def _because(old: tuple[RuleNamed, ...], new: tuple[RuleNamed, ...], *, is_chosen_anew: bool) -> Text:
    if is_chosen_anew:
        vi, en = "vì bảng đổi cách chọn dòng, nay theo {}", "as the table chooses its rows otherwise, now {}"
        return phrase(vi, en, _named(new or old))
    if new and old == new:
        return phrase("do sửa {}", "because of the changed {}", _named(new))
    if new and old:
        return phrase("do {}, trước đây theo {}", "because of {}, formerly {}", _named(new), _named(old))
    if new:
        return phrase("do {}", "because of {}", _named(new))
    if old:
        return phrase("vì {} không còn áp dụng", "as {} no longer applies", _named(old))
    return Text("không dòng nào áp dụng", "no row applies")


def _named(rows: tuple[RuleNamed, ...]) -> Text:
    shown = [
        phrase("{} ({})", "{} ({})", each.id, Text(each.citation, each.citation.english))
        if each.citation
        else Text(each.id, each.id)
        for each in rows[:MOST_ROWS_NAMED]
    ]
    more = len(rows) - len(shown)
    said = joined(shown, ", ")
    if more:
        said = phrase("{} và {} dòng khác", "{} and {} more", said, str(more))
    return phrase("dòng {}", "row {}", said)
