"""The parts of two definitions that differ, each as a sentence with its weight."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.codec import without_words
from rules.compare.difference import Difference, Weight
from rules.compare.part_words import part_words
from rules.compare.parts import ATOMS, KEYED, ORDER, Leaf, Link, leaves
from rules.compare.saying import Saying, written
from rules.definition.procedure import ProcedureDefinition
from rules.definition.process import Stop
from rules.formula import Formula
from rules.meaning import by_meaning
from rules.say.labels import HEADS
from rules.say.punctuation import quoted, sentence
from rules.table.cells import Cell
from rules.table.decision import OutputColumn, Row
from rules.values import ALWAYS, LegalBasis, LegalDocument, Text
from rules.wording import joined, phrase, same

Place = tuple[str, ...]

MOST_IN_LINE = 60
"""Values with more characters stand in clauses of their own."""

_SHORT = ("{} từ {} thành {}", "{} from {} to {}")
_LONG = ("{} trước là: {}; nay là: {}", "{} was: {}; now: {}")

_REASONS = frozenset({"basis", "example", "note", "origin", "title", "included"})
"""Attributes that only reasons tell."""

_ORDERED = frozenset({"steps", "outputs", "cuts", "stops", "rows", "acts"})
"""Lists whose order may decide something."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the regions of a table prove: the rows that give something else somewhere, and those whose words do.

    `is_proved` is false where the table could not be looked at to the end: then nothing is proved.
    """

    is_proved: bool
    law: frozenset[str] = frozenset()


Verdicts = Mapping[str, Verdict]
"""The verdict on every table that differs, by its id."""


class Structure:
    """The differences of two definitions beside the regions of their tables.

    `renamed` are the ids of tables of the new version that stand under another in the old one.
    """

    def __init__(
        self, old: ProcedureDefinition, new: ProcedureDefinition, verdicts: Verdicts, renamed: Mapping[str, str]
    ) -> None:
        self._renamed = set(renamed.items())
        self._versions = (old, new)
        self._verdicts = verdicts
        self._sayings = (Saying(old), Saying(new))
        bare = (by_meaning(without_words(old)), by_meaning(without_words(new)))
        self._lawful = {leaf.place for leaf in leaves(*bare)}

    def differences(self, rows: "RowsSaid") -> Iterator[Difference]:
        """Yield every difference; `rows` says rows of tables."""
        seen: set[Place] = set()
        for leaf in leaves(*self._versions):
            if _in_row(leaf):
                place = leaf.place[:4]
                if place not in seen:
                    seen.add(place)
                    yield self._row(leaf, rows)
            else:
                yield self._difference(leaf)

    def _difference(self, leaf: Leaf) -> Difference:
        old, new = (
            saying.value(value, leaf.way) for saying, value in zip(self._sayings, (leaf.old, leaf.new), strict=True)
        )
        if leaf.key == ORDER:
            said, details = self._order(leaf), ()
        elif isinstance(leaf.way[-1].either, KEYED):
            said, details = self._part(leaf)
            old, new = (None if each is None else label_of(each) for each in (leaf.old, leaf.new))
        else:
            said, details = self._attribute(leaf, old, new), ()
        return Difference(leaf.place, self._weight(leaf), sentence(said), old, new, details)

    def _row(self, leaf: Leaf, rows: "RowsSaid") -> Difference:
        """Tell a row of a table that is not the same in both, once for all that differs in it."""
        table, row = leaf.place[1], leaf.place[3]
        old, new = rows.said(table, row)
        way = leaf.way[:4]
        named = phrase("dòng {}", "the row {}", row)
        where = self._where(way[:2])
        if old is None or new is None:
            pattern = (
                ("{}: thêm {}: {}", "{}: {} is new: {}") if old is None else ("{}: bỏ {}: {}", "{}: {} is gone: {}")
            )
            said = phrase(*pattern, where, named, new or old or "")
        elif old == new:
            what = joined((self._attribute(each, *self._said(each)) for each in self._of_row(leaf.place[:4])), "; ")
            said = what
        else:
            said = phrase("{}: {} trước là: {} Nay là: {}", "{}: {} was: {} Now: {}", where, named, old, new)
        return Difference(leaf.place[:4], self._weight_of_row(leaf), sentence(said), old, new)

    def _of_row(self, place: Place) -> list[Leaf]:
        return [each for each in leaves(*self._versions) if each.place[:4] == place]

    def _said(self, leaf: Leaf) -> tuple[Text, Text]:
        return self._sayings[0].value(leaf.old, leaf.way), self._sayings[1].value(leaf.new, leaf.way)

    def _weight_of_row(self, leaf: Leaf) -> Weight:
        place = leaf.place[:4]
        lawful = [each for each in self._lawful if each[:4] == place]
        if not lawful:
            return Weight.EDITORIAL
        old, new = leaf.way[3].old, leaf.way[3].new
        if isinstance(old, Row) and isinstance(new, Row) and _rule_of(old) == _rule_of(new):
            return Weight.REASONS
        verdict = self._verdicts.get(place[1], Verdict(is_proved=False))
        return Weight.LAW if not verdict.is_proved or place[3] in verdict.law else Weight.REASONS

    def _weight(self, leaf: Leaf) -> Weight:
        if leaf.place not in self._lawful:
            return Weight.EDITORIAL
        if leaf.place[0] == "tables" and len(leaf.place) > 2:
            verdict = self._verdicts.get(leaf.place[1], Verdict(is_proved=False))
            if verdict.is_proved and not verdict.law:
                return Weight.REASONS
        is_renamed = isinstance(leaf.new, str) and (leaf.new, leaf.old) in self._renamed
        return Weight.REASONS if is_renamed or _tells_reasons(leaf) else Weight.LAW

    def _where(self, way: tuple[Link, ...]) -> Text:
        """Say where a part stands: `khoản thu “Lệ phí”, miễn giảm “…”`."""
        said: list[Text] = []
        owners: list[Any] = [self._versions[1], *(link.either for link in way)]
        for number, link in enumerate(way):
            if isinstance(link.either, KEYED):
                noun = part_words(type(owners[number - 1]).__name__, way[number - 1].key)
                named = link.new if link.old is None else link.old
                said.append(phrase("{} {}", "{} {}", noun, quoted(label_of(named))))
            elif not isinstance(link.either, tuple):
                said.append(part_words(type(owners[number]).__name__, link.key))
        return joined(said, ", ")

    def _noun(self, way: tuple[Link, ...]) -> Text:
        owners: list[Any] = [self._versions[1], *(link.either for link in way)]
        return part_words(type(owners[-2]).__name__, way[-1].key)

    def _attribute(self, leaf: Leaf, old: Text, new: Text) -> Text:
        noun = self._noun(leaf.way)
        if old.vi == new.vi and isinstance(leaf.old, Text) and isinstance(leaf.new, Text):
            noun = phrase("{} (tiếng Anh)", "{} (in English)", noun)
            old, new = (quoted(same(each.en)) if each.en else quoted(same("–")) for each in (leaf.old, leaf.new))
        elif old.vi == new.vi:
            noun = phrase("{} (cách viết)", "{} (as written)", noun)
            old, new = quoted(written(leaf.old)), quoted(written(leaf.new))
        if leaf.old in (None, "", ()):
            said = phrase("thêm {}: {}", "{} is new: {}", noun, new)
        elif leaf.new in (None, "", ()):
            said = phrase("bỏ {}: {}", "{} is gone: {}", noun, old)
        else:
            said = phrase(*(_LONG if max(len(old.vi), len(new.vi)) > MOST_IN_LINE else _SHORT), noun, old, new)
        where = self._where(leaf.way[:-1])
        return phrase("{}: {}", "{}: {}", where, said) if where.vi else said

    def _part(self, leaf: Leaf) -> tuple[Text, tuple[Text, ...]]:
        part = leaf.way[-1].either
        saying = self._sayings[0 if leaf.new is None else 1]
        pattern = ("bỏ {} {}", "gone: {} {}") if leaf.new is None else ("thêm {} {}", "new: {} {}")
        if leaf.old is not None and leaf.new is not None:
            pattern = ("thay {} {}", "another: {} {}")
        said = phrase(*pattern, self._noun(leaf.way[:-1]), quoted(label_of(part)))
        where = self._where(leaf.way[:-2])
        return phrase("{}: {}", "{}: {}", where, said) if where.vi else said, () if isinstance(part, ATOMS) else tuple(
            saying.parts(part, leaf.way)
        )

    def _order(self, leaf: Leaf) -> Text:
        noun, where = self._noun(leaf.way[:-1]), self._where(leaf.way[:-2])
        said = phrase("đổi thứ tự {}", "another order: {}", noun)
        return phrase("{}: {}", "{}: {}", where, said) if where.vi else said


@dataclass(frozen=True, slots=True)
class RowsSaid:
    """The rows of both versions as sentences, by table and row; `renamed` leads from ids of new tables to the old."""

    old: Mapping[tuple[str, str], Text]
    new: Mapping[tuple[str, str], Text]

    def said(self, table: str, row: str) -> tuple[Text | None, Text | None]:
        """Return the sentences of a row in both versions, None where one does not have it."""
        return self.old.get((table, row)), self.new.get((table, row))


def label_of(part: Any) -> Text:
    """Return what a part with a key is called."""
    if isinstance(part, Stop):
        return part.rule.label
    if isinstance(part, OutputColumn) and not part.label:
        return HEADS.get(part.id, same(part.id))
    names = ("document", "label", "title", "text", "name", "way", "unit", "id", "table")
    stated = (getattr(part, name, None) for name in names)
    found = next((each for each in stated if each and not (isinstance(each, Text) and not each.vi)), None)
    if found is not None:
        return found if isinstance(found, Text) else same(str(found))
    period = getattr(part, "period", ALWAYS)
    return period.words if period != ALWAYS else Text("mọi thời gian", "always")


def _in_row(leaf: Leaf) -> bool:
    return leaf.place[0] == "tables" and len(leaf.place) > 3 and leaf.place[2] == "rows" and leaf.place[3] != ORDER


def _rule_of(row: Row) -> tuple[object, ...]:
    """Return what a row says beside its citation, its note and how its cells are written."""
    return tuple(cell.test for cell in row.when), row.then, row.period, row.territory


def _tells_reasons(leaf: Leaf) -> bool:
    """Tell whether only the words or citations of reasons hang on a part."""
    if leaf.key == ORDER:
        return leaf.place[-2] not in _ORDERED
    if any(link.key in _REASONS and not isinstance(link.either, (*KEYED, bool)) for link in leaf.way):
        return True
    if isinstance(leaf.way[-1].either, LegalDocument | LegalBasis):
        return True
    return all(value in (None, ()) or _is_words(value) for value in (leaf.old, leaf.new)) or _is_same_rule(leaf)


def _is_words(value: Any) -> bool:
    return isinstance(value, Text) or (isinstance(value, tuple) and all(isinstance(each, Text) for each in value))  # pyright: ignore[reportUnknownVariableType]


def _is_same_rule(leaf: Leaf) -> bool:
    old, new = leaf.old, leaf.new
    if isinstance(old, Cell) and isinstance(new, Cell):
        return old.test == new.test
    return isinstance(old, Formula) and isinstance(new, Formula) and old.tree == new.tree
