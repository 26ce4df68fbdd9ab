"""Says why a row applied, and what would have to change for a row that almost did."""

from collections.abc import Iterable
from itertools import islice

from rules.evaluation import FactUsed, NearMiss, Reason
from rules.sayings import FactWords, Gives
from rules.situation import Situation
from rules.table import ON_DAY, Condition, Row, Table
from rules.values import LegalBasis, Text
from rules.wording import begun, inner, joined, phrase

MOST_NEAR = 5
"""So many near misses are shown for a finding."""

EVERY_CASE = Text("Mọi trường hợp", "Every case")


def row_reason(table: Table, row: Row, situation: Situation, said: Text) -> Reason:
    """Return why the row applied: the facts it tested, then what it gives."""
    words = situation.procedure.sayings.of_row(table, row)
    return Reason(
        rule=row.id,
        sentence=phrase("{}: {}", "{}: {}", _circumstances(words.tested, situation), said),
        facts=tuple([_words_of(name, situation).used for name in words.read]),
        citation=words.citation,
        note=row.note,
    )


def no_row_reason(table: Table, situation: Situation) -> Reason:
    """Say that no row of the table applies, or that the facts to tell are wanting, with the facts it asked about."""
    unknown = [name for name in table.inputs if situation.facts.get(name) is None]
    if unknown:
        sentence = phrase(
            "Chưa đủ dữ liệu để tra bảng “{}”: chưa biết {}.",
            "Not enough is known to read the table “{}”: no answer yet for {}.",
            *(table.label, joined([inner(situation.procedure.vocabulary[name].label) for name in unknown], ", ")),
        )
    else:
        sentence = phrase(
            "Không có quy định áp dụng: bảng “{}” không có dòng nào cho: {}.",
            "No rule applies: the table “{}” has no row for: {}.",
            *(table.label, inner(_circumstances(table.inputs, situation))),
        )
    return Reason(rule=table.id, sentence=sentence, facts=facts_used(table.inputs, situation))


def citation(basis: LegalBasis | None, situation: Situation) -> str:
    """Write the legal basis as a citation, empty where there is none."""
    return basis.citation(situation.procedure.documents) if basis else ""


def facts_used(names: Iterable[str], situation: Situation) -> tuple[FactUsed, ...]:
    """Return the facts with their labels, values as shown, and sources; for a computed fact also what it came from."""
    read = situation.procedure.sayings.read(tuple(names))
    return tuple([_words_of(name, situation).used for name in read])


def condition_facts(condition: Condition | None) -> tuple[str, ...]:
    """Return the facts a condition reads."""
    return condition.facts if condition else ()


def near_misses(tables: Iterable[Table], situation: Situation, gives: Gives, *, reader: str) -> tuple[NearMiss, ...]:
    """Return the rows with exactly one failing test, and what would have to be otherwise for each.

    `gives` says what a row gives its `reader`, which names the part of the definition that reads the tables.
    """
    near = (
        (table, row, failed[0])
        for table in tables
        for row, failed in zip(table.rows, situation.hits[table.id].outcome.failing, strict=True)
        if len(failed) == 1
    )
    say = situation.procedure.sayings.near_miss
    return tuple(
        [
            say(table, row, failed, in_force=_in_force(row, failed, situation), reader=reader, gives=gives)
            for table, row, failed in islice(near, MOST_NEAR)
        ]
    )


def _in_force(row: Row, failed: str, situation: Situation) -> bool:
    """Tell whether the failing test is one of the row's own: the day may be tested by a cell, too."""
    return failed != ON_DAY or row.period.holds(situation.on)


def _circumstances(names: Iterable[str], situation: Situation) -> Text:
    said = [_words_of(name, situation).circumstance for name in names]
    return begun(joined(said, ", ")) if said else EVERY_CASE


def _words_of(name: str, situation: Situation) -> FactWords:
    """Return a fact's words, made once an evaluation."""
    known = situation.words.get(name)
    if known is None:
        known = situation.words[name] = situation.procedure.sayings.of_fact(name, situation.facts.get(name))
    return known
