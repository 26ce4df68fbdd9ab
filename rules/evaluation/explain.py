"""Says why a row applied, and what would have to change for a row that almost did."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from rules.definition.variants import VARIANT
from rules.evaluation.findings import FactUsed, NearMiss, Reason
from rules.evaluation.sayings import FactWords, Gives, RowWords
from rules.evaluation.situation import Situation
from rules.table.cells import Within, as_number
from rules.table.decision import ON_DAY, Condition, Row, Table
from rules.values import LegalBasis, Text, day_figures
from rules.vocabulary import Source
from rules.wording import begun, headed, inner, joined, phrase

MOST_NEAR = 5
"""So many near misses are shown for a finding."""

EVERY_CASE = Text("Mọi trường hợp", "Every case")


def row_reason(table: Table, row: Row, situation: Situation, said: Text) -> Reason:
    """Return why the row applied: the facts it tested, then what it gives."""
    words = situation.procedure.sayings.of_row(table, row)
    circumstances, used = _read_for(words, situation)
    return Reason(
        rule=row.id,
        sentence=headed(circumstances, said),
        facts=used,
        citation=words.citation,
        note=row.note,
        origin=origin_words(table.origin, situation),
    )


def _read_for(words: RowWords, situation: Situation) -> tuple[Text, tuple[FactUsed, ...]]:
    """Return the circumstances in which a row applied and the facts read for it, once for all that test the same."""
    key = "read for", words.tested
    known = situation.own.get(key)
    if known is None:
        used = tuple([_words_of(name, situation).used for name in words.read])
        known = situation.own[key] = _circumstances(words.tested, situation), used
    return known


def origin_words(tag: str, situation: Situation) -> Text | None:
    """Say which shared rule set something came with, None where it is the procedure's own."""
    if not tag:
        return None
    included = situation.procedure.definition.included
    return next((each.words for each in included if each.tag == tag), None)


def fact_origin(name: str, situation: Situation) -> Text | None:
    """Say which shared rule set a computed fact came with."""
    tags = [spec.origin for spec in situation.procedure.computed if spec.id == name]
    return origin_words(tags[0], situation) if tags else None


def no_row_reason(table: Table, situation: Situation) -> Reason:
    """Say that no row of the table applies, or that the facts to tell are wanting, with the facts it asked about."""
    unknown = [name for name in table.inputs if situation.facts.get(name) is None]
    if unknown and all(_lacks_value(name, situation) for name in unknown):
        lacking = [_no_value(name, situation) for name in unknown]
        sentence = phrase("Không có quy định áp dụng: {}.", "No rule applies: {}.", joined(lacking, ", "))
    elif unknown:
        sentence = phrase(
            "Chưa đủ dữ liệu để tra bảng “{}”: chưa biết {}.",
            "Not enough is known to read the table “{}”: no answer yet for {}.",
            *(table.label, _asked(unknown, situation)),
        )
    else:
        sentence = phrase(
            "Không có quy định áp dụng: bảng “{}” không có dòng nào cho: {}.",
            "No rule applies: the table “{}” has no row for: {}.",
            *(table.label, inner(_circumstances(table.inputs, situation))),
        )
    used, origin = facts_used(table.inputs, situation), origin_words(table.origin, situation)
    return Reason(rule=table.id, sentence=sentence, facts=used, origin=origin)


def _asked(unknown: Iterable[str], situation: Situation) -> Text:
    """Name what is not known; of a parameter that waits for the place it is the place."""
    registers, vocabulary = situation.procedure.registers, situation.procedure.vocabulary
    names = [registers.place_fact if _waits_for_place(name, situation) else name for name in unknown]
    return joined([inner(vocabulary[name].label) for name in dict.fromkeys(names)], ", ")


def _waits_for_place(name: str, situation: Situation) -> bool:
    registers = situation.procedure.registers
    return name in registers.lawful and registers.waits_for_place(name, situation.facts, situation.on)


def _lacks_value(name: str, situation: Situation) -> bool:
    """Tell whether the law has no value for this fact: then nobody can answer it."""
    registers = situation.procedure.registers
    if name not in registers.lawful or registers.day_of(name, situation.facts, situation.on) is None:
        return False
    return not _waits_for_place(name, situation)


def _no_value(name: str, situation: Situation) -> Text:
    day = situation.procedure.registers.day_of(name, situation.facts, situation.on) or situation.on
    label = situation.procedure.vocabulary[name].label
    return phrase("“{}” không có giá trị ngày {}", "“{}” has no value on {}", label, day_figures(day))


def condition_reason(rule: str, condition: Condition, situation: Situation) -> Reason:
    """Say that a part of the definition is there because its condition holds."""
    circumstances = _circumstances(condition.facts, situation)
    said = phrase("Áp dụng vì: {}", "Applies because: {}", inner(circumstances))
    return Reason(rule, said, facts_used(condition.facts, situation))


def unknown_reason(rule: str, vi: str, en: str, names: Iterable[str], situation: Situation) -> Reason:
    """Say with the facts' labels what is not known, in the place of the `{}` of both patterns."""
    listed = tuple(dict.fromkeys(names))
    said = joined([inner(situation.procedure.vocabulary[name].label) for name in listed], ", ")
    return Reason(rule, phrase(vi, en, said), facts_used(listed, situation))


def citation(basis: LegalBasis | None, situation: Situation) -> str:
    """Write the legal basis as a citation, empty where there is none."""
    return basis.citation(situation.procedure.documents) if basis else ""


def facts_used(names: Iterable[str], situation: Situation) -> tuple[FactUsed, ...]:
    """Return the facts with their labels, values as shown, and sources; for a made fact also what it came from."""
    read = situation.procedure.sayings.read(tuple(names))
    return tuple([_words_of(name, situation).used for name in read])


def scale_reasons(name: str, situation: Situation) -> Iterator[Reason]:
    """Yield one reason for each progressive scale that a computed fact rests on, with the citation of the scale."""
    formulas = {spec.id: spec.formula for spec in situation.procedure.computed}
    read = [formulas.get(used.fact) for used in facts_used([name], situation)]
    for scale in dict.fromkeys(scale for formula in read if formula for scale in formula.scales):
        said = phrase("Tính theo biểu “{}”", "Computed by the scale “{}”", scale.label)
        yield Reason(scale.id, said, (), citation(scale.basis, situation))


def condition_facts(condition: Condition | None) -> tuple[str, ...]:
    """Return the facts a condition reads."""
    return condition.facts if condition else ()


def near_misses(
    tables: Iterable[Table],
    situation: Situation,
    gives: Gives,
    *,
    reader: str,
    matters: Callable[[Table, Row, str], bool] | None = None,
) -> tuple[NearMiss, ...]:
    """Return the rows with exactly one failing test, and what would have to be otherwise for each.

    `gives` says what a row gives its `reader`, which names the part of the definition that reads the tables. `matters`
    is asked with the row and the input that fails: a row that would change nothing is left out.
    """
    near = ((table, row, failed) for table in tables for row, failed in _nearest(table, situation, matters))
    say = situation.procedure.sayings.near_miss
    return tuple(
        [
            say(table, row, failed, in_force=_in_force(row, failed, situation), reader=reader, gives=gives)
            for table, row, failed in islice(near, MOST_NEAR)
        ]
    )


def _nearest(
    table: Table, situation: Situation, matters: Callable[[Table, Row, str], bool] | None
) -> Iterable[tuple[Row, str]]:
    """Return the first rows with exactly one failing test that matter, and its input."""
    key = "near", table.id, matters is None
    known = situation.own.get(key)
    if known is None:  # several lines may read one table
        reachable = _reachable(table, situation)
        known = situation.own[key] = list(islice(reachable, MOST_NEAR) if matters is None else reachable)
    return known if matters is None else ((row, failed) for row, failed in known if matters(table, row, failed))


def _reachable(table: Table, situation: Situation) -> Iterator[tuple[Row, str]]:
    for place, failed in situation.hits[table.id].outcome.near():
        row = table.rows[place]
        if failed != ON_DAY or not _over(table, row, situation):
            yield row, failed


def _over(table: Table, row: Row, situation: Situation) -> bool:
    """Tell whether a row that fails by its days has them behind it: nobody can file on them any more."""
    if not row.period.holds(situation.on):
        return row.period.until is not None and row.period.until <= situation.on
    test = row.when[table.inputs.index(ON_DAY)].test
    today = as_number(situation.on)
    return isinstance(test, Within) and all(until is not None and until <= today for _, until in test.spans)


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
        made = situation.procedure.sayings.of_fact(name, situation.facts.get(name))
        known = situation.words[name] = _with_origin(made, situation)
    return known


def _with_origin(words: FactWords, situation: Situation) -> FactWords:
    """Add what the law itself made the fact from: rows of a table, cases, the days and citation of a parameter."""
    if words.used.source == Source.TABLE:
        return replace(words, used=_from_rows(words.used, situation))
    if words.used.source == Source.PARAMETER:
        return replace(words, used=_of_parameter(words.used, situation))
    return replace(words, used=_from_cases(words.used, situation)) if words.used.fact == VARIANT else words


def _from_cases(used: FactUsed, situation: Situation) -> FactUsed:
    applying = [each for each in situation.procedure.definition.variants if each.when.holds(situation.facts)]
    cited = dict.fromkeys(citation(each.basis, situation) for each in applying if each.basis)
    return replace(used, rules=tuple(each.id for each in applying), citations=tuple(cited))


def _from_rows(used: FactUsed, situation: Situation) -> FactUsed:
    hits = situation.hits.get(used.fact.partition(".")[0])
    rows = hits.rows if hits else ()
    cited = dict.fromkeys(citation(row.basis, situation) for row in rows if row.basis)
    return replace(used, rules=tuple(row.id for row in rows), citations=tuple(cited))


def _of_parameter(used: FactUsed, situation: Situation) -> FactUsed:
    registers = situation.procedure.registers
    spec = registers.looked_up.get(used.fact)
    parameter = registers.parameters.get(spec.parameter if spec else used.fact)
    used = replace(used, origin=origin_words(parameter.origin if parameter else "", situation))
    day = registers.day_of(used.fact, situation.facts, situation.on)
    if day is None:
        label = inner(situation.procedure.vocabulary[registers.looked_up[used.fact].on].label)
        return replace(used, shown=_not_looked_up(label))
    if _waits_for_place(used.fact, situation):
        return replace(used, shown=_not_looked_up(inner(situation.procedure.vocabulary[registers.place_fact].label)))
    value = registers.value_on(used.fact, situation.facts, situation.on)
    if value is None:
        said = phrase("không có giá trị ngày {}", "no value on {}", day_figures(day))
        return replace(used, shown=said)
    days, cited = value.period.words, citation(value.basis, situation)
    if used.fact in registers.looked_up:
        by_day = phrase("theo ngày {}", "by the day {}", day_figures(day))
        days = joined((by_day, days) if days.vi else (by_day,), "; ")
    shown = phrase("{} ({})", "{} ({})", used.shown, days) if days.vi else used.shown
    return replace(used, shown=shown, citations=(cited,) if cited else ())


def _not_looked_up(label: Text) -> Text:
    return phrase("chưa tra được vì chưa biết {}", "not looked up: no answer for {}", label)
