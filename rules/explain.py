"""Says in Vietnamese why a row applied, and what would have to change for a row that almost did."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from rules.cells import ANYTHING, Anything, Has, HasHow, Test, words
from rules.evaluation import FactUsed, NearMiss, Reason
from rules.registers import TERRITORIES
from rules.situation import Situation
from rules.table import ON_DAY, Condition, Row, Table
from rules.values import LegalBasis, Text
from rules.vocabulary import Fact, FactType, Source

MOST_NEAR = 5
"""So many near misses are shown for a finding."""

_CHANNEL_ACTS = {"counter": "nộp trực tiếp", "online": "nộp trực tuyến", "post": "nộp qua bưu chính"}

Said = Callable[[Table, Row], str]
"""What a row of a table gives, in words: `10.000 đ`."""


def row_reason(table: Table, row: Row, situation: Situation, said: str) -> Reason:
    """Return why the row applied: the facts it read, then what it gives."""
    tests = [(name, cell.test) for name, cell in zip(table.inputs, row.when, strict=True) if cell.test != ANYTHING]
    names = [name for name, _ in tests]
    return Reason(
        rule=row.id,
        sentence=Text(f"{_circumstances(names, situation)}: {said}"),
        facts=facts_used(names, situation),
        citation=citation(row.basis, situation),
        note=row.note,
        origin=origin_words(table.origin, situation),
    )


def origin_words(tag: str, situation: Situation) -> Text | None:
    """Say which shared rule set something came with, None where it is the procedure's own."""
    included = situation.procedure.definition.included
    return next((each.words for each in included if each.tag == tag), None)


def fact_origin(name: str, situation: Situation) -> Text | None:
    """Say which shared rule set a computed fact came with."""
    tags = [spec.origin for spec in situation.procedure.computed if spec.id == name]
    return origin_words(tags[0], situation) if tags else None


def no_row_reason(table: Table, situation: Situation) -> Reason:
    """Say that no row of the table applies, or that the facts to tell are wanting, with the facts it asked about."""
    unknown = [name for name in table.inputs if situation.facts.get(name) is None]
    if unknown and all(name in situation.procedure.registers.parameters for name in unknown):
        labels = ", ".join(f"“{situation.procedure.vocabulary[name].label}”" for name in unknown)
        sentence = f"Không có quy định áp dụng: {labels} không có giá trị ngày {situation.on:%d/%m/%Y}."
    elif unknown:
        labels = ", ".join(_lower(situation.procedure.vocabulary[name].label.vi) for name in unknown)
        sentence = f"Chưa đủ dữ liệu để tra bảng “{table.label}”: chưa biết {labels}."
    else:
        said = _circumstances(table.inputs, situation)
        sentence = f"Không có quy định áp dụng: bảng “{table.label}” không có dòng nào cho: {_lower(said)}."
    used, origin = facts_used(table.inputs, situation), origin_words(table.origin, situation)
    return Reason(rule=table.id, sentence=Text(sentence), facts=used, origin=origin)


def citation(basis: LegalBasis | None, situation: Situation) -> str:
    """Write the legal basis as a citation, empty where there is none."""
    return basis.citation(situation.procedure.documents) if basis else ""


def facts_used(names: Iterable[str], situation: Situation) -> tuple[FactUsed, ...]:
    """Return the facts with their labels, values as shown, and sources; for a made fact also what it came from."""
    used: dict[str, FactUsed] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in used:
            used[name] = _fact_used(name, situation)
            waiting.extend(situation.procedure.made_from.get(name, ()))
    return tuple(used.values())


def scale_reasons(name: str, situation: Situation) -> Iterator[Reason]:
    """Yield one reason for each progressive scale that a computed fact rests on, with the citation of the scale."""
    formulas = {spec.id: spec.formula for spec in situation.procedure.computed}
    read = [formulas.get(used.fact) for used in facts_used([name], situation)]
    for scale in dict.fromkeys(scale for formula in read if formula for scale in formula.scales):
        yield Reason(scale.id, Text(f"Tính theo biểu “{scale.label}”"), (), citation(scale.basis, situation))


def _fact_used(name: str, situation: Situation) -> FactUsed:
    fact = situation.procedure.vocabulary[name]
    shown = fact.shown(situation.facts.get(name))
    if fact.source is Source.TABLE:
        rows = _rows_behind(name, situation)
        cited = dict.fromkeys(citation(row.basis, situation) for row in rows if row.basis)
        return FactUsed(name, fact.label, shown, fact.source.value, tuple(row.id for row in rows), tuple(cited))
    if fact.source is Source.PARAMETER:
        return _parameter_used(fact, shown, situation)
    return FactUsed(name, fact.label, shown, fact.source.value)


def _parameter_used(fact: Fact, shown: str, situation: Situation) -> FactUsed:
    value = situation.procedure.registers.value_on(fact.id, situation.facts, situation.on)
    if value is None:
        said = f"không có giá trị ngày {situation.on:%d/%m/%Y}"
        return FactUsed(fact.id, fact.label, said, fact.source.value)
    days = f" ({value.period.words})" if value.period.words else ""
    cited = citation(value.basis, situation)
    return FactUsed(fact.id, fact.label, f"{shown}{days}", fact.source.value, citations=(cited,) if cited else ())


def _rows_behind(name: str, situation: Situation) -> tuple[Row, ...]:
    """Return the rows that gave the output of a table."""
    hits = situation.hits.get(name.partition(".")[0])
    return hits.rows if hits else ()


def condition_facts(condition: Condition | None) -> tuple[str, ...]:
    """Return the facts a condition reads."""
    return condition.facts if condition else ()


def _circumstances(names: Iterable[str], situation: Situation) -> str:
    vocabulary = situation.procedure.vocabulary
    said = ", ".join(_circumstance(vocabulary[name], situation.facts.get(name)) for name in names)
    return _upper(said) if said else "Mọi trường hợp"


def _circumstance(fact: Fact, value: Any) -> str:
    if fact.id == "channel" and value in _CHANNEL_ACTS:
        return _CHANNEL_ACTS[value]
    label = _lower(fact.label.vi)
    if fact.id == TERRITORIES:
        return _place_words(fact, value)
    if value is None:
        return f"{label} chưa có dữ liệu"
    if fact.type is FactType.BOOL:
        return label if value else f"không phải trường hợp “{label}”"
    return f"{label} {_lower(fact.shown(value))}" if fact.codes else f"{label} {fact.shown(value)}"


def _place_words(fact: Fact, value: list[str] | None) -> str:
    if value is None:
        return "chưa biết địa bàn"
    return f"thuộc {fact.shown(value)}" if value else "ngoài các địa bàn có quy định riêng"


def near_misses(tables: Iterable[Table], situation: Situation, said: Said) -> tuple[NearMiss, ...]:
    """Return the rows with exactly one failing test, and what would have to be otherwise for each."""
    near = (
        (table, row, failed[0])
        for table in tables
        for row, failed in zip(table.rows, situation.hits[table.id].outcome.failing, strict=True)
        if len(failed) == 1
    )
    return tuple(_near_miss(*found, situation, said) for found in islice(near, MOST_NEAR))


def _near_miss(table: Table, row: Row, failed: str, situation: Situation, said: Said) -> NearMiss:
    in_force = row.period.holds(situation.on)
    if not in_force:
        change = f"{_upper(row.period.words)} thì {said(table, row)}"
    else:
        test = dict(zip(table.inputs, row.when, strict=True))[failed].test
        change = f"{_upper(_change(test, situation.procedure.vocabulary[failed]))} thì {said(table, row)}"
    return NearMiss(row.id, Text(change), failed if in_force else ON_DAY, citation(row.basis, situation))


def _change(test: Test, fact: Fact) -> str:
    if fact.id == "channel" and not isinstance(test, Anything):
        acts = replace(fact, codes={code: Text(act) for code, act in _CHANNEL_ACTS.items()})
        return words(test, acts)
    label = _lower(fact.label.vi)
    if fact.id == TERRITORIES and isinstance(test, Has) and test.how is not HasHow.NONE:
        return f"nếu thuộc {fact.shown(list(test.codes))}"
    if fact.type is FactType.BOOL:
        wanted = words(test, fact)
        return {"có": f"nếu {label}", "không": f"nếu không phải trường hợp “{label}”"}.get(wanted, f"{label} {wanted}")
    prefix = "tính ra " if fact.source in (Source.COMPUTED, Source.TABLE) else ""
    return f"nếu {prefix}{label} {words(test, fact)}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """Start a label small, but leave abbreviations (UBND, CCCD) as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
