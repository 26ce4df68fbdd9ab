"""What sentences take from the definition alone, whatever the dossier: made at the first question, then kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.definition.registers import TERRITORIES
from rules.definition.variants import VARIANT
from rules.evaluation.findings import FactUsed, NearMiss
from rules.reductions import Reduction, reduction_of
from rules.table.cells import Anything, Has, HasHow, OneOf, Test, words
from rules.table.decision import ON_DAY, Row, Table
from rules.values import LegalDocument, Money, Text, measured
from rules.vocabulary import Fact, FactType, Source, Vocabulary
from rules.wording import begun, followed, inner, phrase

Gives = Callable[[Table, Row], Text]
"""What a row of a table gives, in words: `10.000 đ`."""

CHANNEL_ACTS: Mapping[str, Text] = {
    "counter": Text("nộp trực tiếp", "filed at the counter"),
    "online": Text("nộp trực tuyến", "filed online"),
    "post": Text("nộp qua bưu chính", "filed by post"),
}
"""How the way of filing is said inside a sentence."""

_LISTED = frozenset({FactType.BOOL, FactType.CODE})
"""Types whose every value is known with the definition."""


@dataclass(frozen=True, slots=True)
class FactWords:
    """A fact of the dossier as reasons show it, and as it stands inside a sentence: `số bản 3 bản`."""

    used: FactUsed
    circumstance: Text


@dataclass(frozen=True, slots=True)
class RowWords:
    """A row's citation, the facts it tests, and the facts read for it: those, then what they are made from."""

    citation: str
    tested: tuple[str, ...]
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutWords:
    """What a row takes off, the limit of the cut aside, and how it is said; `percent` or money `off` as it is stated.

    `percent` is in the last of `scale` decimal digits.
    """

    said: Text
    reduction: Reduction
    percent: int
    off: int
    scale: int


class Sayings:
    """The words of one procedure's rows. Threads that ask at once make the same words, so no lock is needed."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        documents: Mapping[str, LegalDocument],
        made_from: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._vocabulary = vocabulary
        self._documents = documents
        self._made_from = made_from
        self._facts: dict[tuple[str, str | bool | None], FactWords] = {}
        self._rows: dict[tuple[str, str], RowWords] = {}
        self._near: dict[tuple[str, str, str, str, bool], NearMiss] = {}
        self._cuts: dict[tuple[str, str, str, str], CutWords | None] = {}
        self._read: dict[tuple[str, ...], tuple[str, ...]] = {}

    def of_fact(self, name: str, value: Any) -> FactWords:
        """Return a fact's words; kept for answers that the definition itself lists, never for what a person wrote."""
        fact = self._vocabulary[name]
        if value is not None and (fact.type not in _LISTED or fact.any_code):
            return _fact_words(fact, value)
        known = self._facts.get((name, value))
        if known is None:
            known = self._facts[name, value] = _fact_words(fact, value)
        return known

    def of_row(self, table: Table, row: Row) -> RowWords:
        """Return what a reason takes from its row."""
        key = table.id, row.id
        known = self._rows.get(key)
        if known is None:
            pairs = zip(table.inputs, row.when, strict=True)
            tested = tuple(name for name, cell in pairs if not isinstance(cell.test, Anything))
            cited = row.basis.citation(self._documents) if row.basis else ""
            known = self._rows[key] = RowWords(cited, tested, self.read(tested))
        return known

    def read(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the facts with those they are made from, each once."""
        known = self._read.get(names)
        if known is None:
            found: dict[str, None] = {}
            waiting = list(names)
            while waiting:
                name = waiting.pop(0)
                if name not in found:
                    found[name] = None
                    waiting.extend(self._made_from.get(name, ()))
            known = self._read[names] = tuple(found)
        return known

    def near_miss(self, table: Table, row: Row, failed: str, *, in_force: bool, reader: str, gives: Gives) -> NearMiss:
        """Return what would have to be otherwise for a row with one failing test.

        `reader` names the part of the definition that reads the table: two may read it for different things.
        """
        key = reader, table.id, row.id, failed, in_force
        known = self._near.get(key)
        if known is None:
            change = self._change(table, row, failed) if in_force else row.period.words
            said = phrase("{} thì {}", "{}: {}", begun(change), gives(table, row))
            fact = failed if in_force else ON_DAY
            known = self._near[key] = NearMiss(row.id, said, fact, self.of_row(table, row).citation)
        return known

    def of_cut(self, table: Table, row: Row, output: str, currency: str) -> CutWords | None:
        """Return what a row of a table of reductions says, None where it takes nothing off."""
        key = table.id, row.id, output, currency
        try:
            return self._cuts[key]
        except KeyError:
            known = self._cuts[key] = _cut_words(table, row, output, currency)
            return known

    def _change(self, table: Table, row: Row, failed: str) -> Text:
        return change_said(row.when[table.inputs.index(failed)].test, self._vocabulary[failed])


def _cut_words(table: Table, row: Row, output: str, currency: str) -> CutWords | None:
    value, reduction = table.output(row, output), reduction_of(table, row, output)
    if reduction is None:
        return None
    assert isinstance(value, int)
    column = table.outputs[table.position(output)]
    percent, off = (0, value) if column.type is FactType.MONEY else (value, 0)
    return CutWords(cut_said(table, output, value, currency), reduction, percent, off, column.scale)


EXEMPT = Text("miễn", "free of charge")


def cut_said(table: Table, output: str, value: int, currency: str) -> Text:
    """Say a reduction: `miễn`, `giảm 50%`, `giảm 20.000 đ`."""
    column = table.outputs[table.position(output)]
    if column.type is FactType.MONEY:
        return phrase("giảm {}", "{} off", Money(value, currency).words)
    if value == 100 * 10**column.scale:
        return EXEMPT
    return phrase("giảm {}%", "{}% off", measured(value, column.scale))


def _fact_words(fact: Fact, value: Any) -> FactWords:
    shown = fact.shown(value)
    return FactWords(FactUsed(fact.id, fact.label, shown, fact.source.value), circumstance(fact, value, shown))


def circumstance(fact: Fact, value: Any, shown: Text) -> Text:
    """Say a fact with its value, as it is `shown`, inside a sentence: `số bản 3 bản`, `nộp trực tuyến`."""
    if fact.id == "channel" and value in CHANNEL_ACTS:
        return CHANNEL_ACTS[value]
    if fact.id == TERRITORIES:
        return _place(value, shown)
    if fact.id == VARIANT:
        return _cases(value, shown)
    label = inner(fact.label)
    if fact.type is FactType.BOOL and value is not None:
        if value:
            return phrase("{}", "“{}” applies", label)
        return phrase("không phải trường hợp “{}”", "“{}” does not apply", label)
    return followed(label, " ", " ", inner(shown) if fact.codes else shown)


def _place(value: Any, shown: Text) -> Text:
    if value is None:
        return Text("chưa biết địa bàn", "the territory is not known")
    if not value:
        return Text("ngoài các địa bàn có quy định riêng", "outside the territories with rules of their own")
    return phrase("thuộc {}", "within {}", shown)


def _cases(value: Any, shown: Text) -> Text:
    if value is None:
        return Text("chưa biết trường hợp nào", "the case is not known")
    if not value:
        return Text("không thuộc trường hợp nào", "none of the cases")
    return phrase("trường hợp {}", "case {}", shown)


_SETS_SAID: Mapping[tuple[str, bool], tuple[str, str]] = {
    (TERRITORIES, False): ("nếu thuộc {}", "if within {}"),
    (VARIANT, False): ("nếu là trường hợp {}", "if the case is {}"),
    (VARIANT, True): ("nếu không phải trường hợp {}", "if the case is not {}"),
}
"""How a set would have to be, by its fact and whether it may hold none of the codes."""


def change_said(test: Test, fact: Fact) -> Text:
    """Say what a fact would have to be to pass the test: `nếu hộ nghèo`, `nếu số ngày quá hạn ít nhất 31 ngày`."""
    if isinstance(test, OneOf) and fact.id == "channel":
        return _channel_said(test, fact)
    if isinstance(test, Has) and (fact.id, test.how is HasHow.NONE) in _SETS_SAID:
        vi, en = _SETS_SAID[fact.id, test.how is HasHow.NONE]
        return phrase(vi, en, fact.shown(test.codes))
    label = inner(fact.label)
    if isinstance(test, OneOf) and fact.type is FactType.BOOL:
        accepted = [value for value in (True, False) if (value in test.values) != test.negated]
        if accepted == [True]:
            return phrase("nếu {}", "if “{}” applies", label)
        if accepted == [False]:
            return phrase("nếu không phải trường hợp “{}”", "if “{}” does not apply", label)
    verb = "includes" if isinstance(test, Has) else "is"
    equals = "là " if isinstance(test, OneOf) and not test.negated else ""
    if fact.source in (Source.COMPUTED, Source.TABLE):
        return phrase(f"nếu tính ra {{}} {equals}{{}}", f"if {{}}, as computed, {verb} {{}}", label, words(test, fact))
    return phrase(f"nếu {{}} {equals}{{}}", f"if {{}} {verb} {{}}", label, words(test, fact))


def _channel_said(test: OneOf, fact: Fact) -> Text:
    acts = words(replace(test, negated=False), replace(fact, codes=CHANNEL_ACTS))
    return phrase("không {}", "if not {}", acts) if test.negated else phrase("{}", "if {}", acts)
