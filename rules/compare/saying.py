"""The values of a definition's parts in words, old or new."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from rules.clock.spans import Limit
from rules.clock.stops import CAUSE_WORDS, Cause, Effect
from rules.compare.part_words import VALUE_WORDS, part_words
from rules.compare.parts import Link
from rules.definition.expected import Case
from rules.definition.fields import BlockKind, FieldStage
from rules.definition.money import Charge, ChargeKind, Collected, Cut, Payout, SetBy, Stacking
from rules.definition.papers import PAPER_FORM_WORDS, RETURNED_WORDS, PaperForm, Returned
from rules.definition.procedure import FactSpec, Field, FieldKind, Handed, ProcedureDefinition
from rules.definition.process import HistoryQuery, Relation
from rules.definition.process_words import relation_words
from rules.definition.registers import Parameter, ParameterValue
from rules.definition.results import RESULT_KIND_WORDS, ResultKind
from rules.formula import Formula
from rules.rounding import Rounding
from rules.say.conditions import condition_said
from rules.say.labels import (
    BLOCK_KINDS,
    CHARGE_KINDS,
    COLLECTED,
    EFFECTS,
    FIELD_KINDS,
    FIELD_STAGES,
    HANDED,
    HOW_CHOSEN,
    ROLLS_NOT,
    ROUNDED,
    SET_BY,
)
from rules.say.punctuation import bare, quoted
from rules.say.rates import formula_sentence
from rules.say.time import query_said
from rules.table.cells import Cell
from rules.table.decision import Condition, HitPolicy
from rules.values import LegalBasis, Money, Period, Text, day_figures, measured
from rules.vocabulary import CHANNELS, NO, YES
from rules.wording import inner, joined, phrase, same

NOTHING = Text("không có", "none")
_ENUMS: Mapping[type[Enum], Mapping[Any, Text]] = {
    FieldKind: FIELD_KINDS,
    BlockKind: BLOCK_KINDS,
    FieldStage: FIELD_STAGES,
    Collected: COLLECTED,
    SetBy: SET_BY,
    Handed: HANDED,
    HitPolicy: HOW_CHOSEN,
    Effect: EFFECTS,
    Cause: CAUSE_WORDS,
    ChargeKind: CHARGE_KINDS,
    PaperForm: PAPER_FORM_WORDS,
    Returned: RETURNED_WORDS,
    ResultKind: RESULT_KIND_WORDS,
}
_MONEY_OF = (Charge, Payout, Cut, Stacking)


class Saying:
    """Says the values of one version."""

    def __init__(self, definition: ProcedureDefinition) -> None:
        self._definition = definition
        self._facts = definition.vocabulary
        self._names = set(self._facts.names)
        named = (*definition.tables, *definition.territories, *definition.patterns)
        labelled = (*named, *definition.paper_types, *definition.result_types, *definition.scales)
        self._labels = {each.id: each.label for each in labelled}

    def value(self, value: Any, way: tuple[Link, ...]) -> Text:
        """Say what stands at the end of a way."""
        if value is None or value in ("", ()):
            return NOTHING
        special = self._of_its_owner(value, way)
        return special or self._plain(value, way)

    def _of_its_owner(self, value: Any, way: tuple[Link, ...]) -> Text | None:
        """Say a number as what it is where it stands: money, a measure, an answer to a field."""
        if isinstance(value, Condition) and way[-1].key == "required":
            return phrase("khi {}", "when {}", condition_said(value, self._facts))
        owners = [link.either for link in way[:-1]]
        if not isinstance(value, int) or isinstance(value, bool) or not owners:
            return self._of_parameter(value, owners) if owners else None
        if isinstance(owners[-1], Stacking) and way[-1].key == "percent":
            return phrase("{}%", "{}%", measured(value, 6))
        if isinstance(owners[-1], _MONEY_OF) and way[-1].key in ("floor", "cap", "most", "amount"):
            line = next((each for each in owners if isinstance(each, Charge | Payout)), None)
            return Money(value, line.currency if line else "VND").words
        if isinstance(owners[-1], Field | FactSpec) and way[-1].key in ("min", "max") and owners[-1].id in self._names:
            return self._facts[owners[-1].id].shown(value)
        return self._of_parameter(value, owners)

    def _of_parameter(self, value: Any, owners: list[Any]) -> Text | None:
        parameter = next((each for each in owners if isinstance(each, Parameter)), None)
        if parameter is None or not isinstance(owners[-1], ParameterValue) or parameter.id not in self._names:
            return None
        return self._facts[parameter.id].shown(value) if isinstance(value, int | str | tuple) else None

    def _plain(self, value: Any, way: tuple[Link, ...]) -> Text:
        if isinstance(value, Text):
            return quoted(bare(value))
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, Enum):
            return _enum(value)
        if isinstance(value, date | int):
            return _figure(value)
        if isinstance(value, str):
            return self._name(value, way)
        return self._made(value, way)

    def _name(self, value: str, way: tuple[Link, ...]) -> Text:
        """Say an id by the label of what it names, a fixed word of the format in words, else as it is."""
        if value in self._names:
            return quoted(self._facts[value].label)
        if value in self._labels:
            return quoted(self._labels[value])
        if value in VALUE_WORDS:
            return Text(*VALUE_WORDS[value])
        return CHANNELS.get(value) or quoted(value)

    def _made(self, value: Any, way: tuple[Link, ...]) -> Text:
        atom = self._atom(value)
        if atom is not None:
            return atom
        if isinstance(value, Mapping):
            pairs: list[tuple[Any, Any]] = list(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            said = [
                phrase("{} là {}", "{} is {}", self._plain(name, way), self.value(each, way)) for name, each in pairs
            ]
            return joined(said, ", ")
        if isinstance(value, tuple | frozenset):
            return joined([self.value(each, way) for each in value], ", ")  # pyright: ignore[reportUnknownVariableType]
        return joined(self.parts(value, way), "; ")

    def _atom(self, value: Any) -> Text | None:
        """Say a value that has a sentence of its own."""
        match value:
            case Condition():
                return condition_said(value, self._facts)
            case Formula():
                return formula_sentence(value, self._facts)
            case LegalBasis():
                cited = value.citation(self._definition.documents)
                return Text(cited, cited.english)
            case Period():
                return value.words if value.words.vi else Text("luôn có hiệu lực", "always in force")
            case Rounding():
                return phrase("{} {}", "{} {}", ROUNDED[value.how], measured(value.to, value.digits))
            case _:
                return self._named_atom(value)

    def _named_atom(self, value: Any) -> Text | None:
        match value:
            case Cell():
                return quoted(value.text)
            case Limit():
                return _limit(value)
            case Relation():
                return relation_words(value, self._facts)
            case HistoryQuery():
                return query_said(value)
            case Case():
                return quoted(value.name)
            case _:
                return None

    def parts(self, part: Any, way: tuple[Link, ...]) -> Iterator[Text]:
        """Yield what a part states, attribute by attribute; what it says nothing of is left out."""
        if not is_dataclass(part):
            return
        for each in fields(part):
            value = getattr(part, each.name)
            if each.name in _UNSAID or value is None or value in ("", (), False):
                continue
            head = part_words(type(part).__name__, each.name)
            inside = (*way, Link(each.name, value, value))
            if value is True:
                yield head
            else:
                yield phrase("{}: {}", "{}: {}", head, self.value(value, inside))


_UNSAID = frozenset({"id", "key", "code", "label", "spans"})


def _enum(value: Enum) -> Text:
    plain = str(value.value)
    said = _ENUMS.get(type(value), {}).get(value)
    return inner(bare(said)) if said else (Text(*VALUE_WORDS[plain]) if plain in VALUE_WORDS else same(plain))


def _figure(value: date | int) -> Text:
    if isinstance(value, datetime):
        return same(f"{value:%H:%M %d/%m/%Y}")
    return same(day_figures(value)) if isinstance(value, date) else measured(value, 0)


def _limit(limit: Limit) -> Text:
    said = [limit.words]
    if limit.cutoff is not None:
        vi, en = "sau {} thì tính từ ngày làm việc kế tiếp", "after {} from the next working day"
        said.append(phrase(vi, en, f"{limit.cutoff:%H:%M}"))
    if not limit.rolls:
        said.append(ROLLS_NOT)
    said.extend(Text(*VALUE_WORDS[each.value]) for each in (limit.start, limit.begins) if each)
    return joined(said, ", ")


def written(value: Any) -> Text:
    """Return how a value is written: for two that differ and are said alike."""
    if isinstance(value, Condition):
        groups = (", ".join(f"{name}: {cell.text}" for name, cell in group.items()) for group in value.any_of)
        return same("; ".join(groups))
    if isinstance(value, Cell | Formula):
        return same(value.text)
    if isinstance(value, Text):
        return phrase("{} ({})", "{} ({})", same(value.vi), same(value.en or "–"))
    if isinstance(value, tuple):
        return joined([written(each) for each in value], ", ")  # pyright: ignore[reportUnknownVariableType]
    return same(json.dumps(value, default=_said_plainly, ensure_ascii=False))


def _said_plainly(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return str(value)
