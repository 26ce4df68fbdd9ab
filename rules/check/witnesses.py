"""Witnesses: whole dossiers that lie in a given part of a table's space, found by running the evaluation itself.

Facts that are handed in are simply given; those that the evaluation makes are led to their place by trying other
values of what they are made from. What is tried, and in which order, hangs on the definition alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

from rules import facts as facts_module
from rules.check.findings import Witness
from rules.clock.calendar import OfficeTime, WorkCalendar
from rules.definition.procedure import FieldKind
from rules.errors import RulesError
from rules.evaluation.compile import CompiledProcedure, tried
from rules.evaluation.evaluate import situation_of
from rules.formula.nodes import wholes_in
from rules.match.witness import OTHER_CODE, SOME_DAY
from rules.space.axes import NumberAxis
from rules.space.dossiers import DossierSpace, Ground, made_from
from rules.space.runs import Runs, places
from rules.space.sweep import Box
from rules.table.decision import ON_DAY
from rules.vocabulary import DERIVED, NUMERIC, Facts, FactType, Source

MOST_TRIES = 400
"""So many dossiers are tried before the search gives up."""

MOST_VALUES = 60
"""So many values of one fact are tried."""

AN_OFFICE = OfficeTime(WorkCalendar("", frozenset(), frozenset(), frozenset()))
"""An office without holidays: which rows hit does not hang on the office."""

_SOME = (0, 1, 2, 5, 10, 100)
_LONG_AGO = 100 * 366
_FREE: Mapping[FactType, tuple[Any, ...]] = {
    FactType.BOOL: (False, True, None),
    FactType.GROUP: ([], [{}], [{}, {}]),
    FactType.TEXT: (None, "x"),
}
_TEXTS: Mapping[FieldKind, str] = {
    FieldKind.CITIZEN_ID: "087085000001",
    FieldKind.OLD_ID: "340123456",
    FieldKind.PASSPORT: "C1234567",
    FieldKind.TAX_CODE: "0100109106",
    FieldKind.ORG_CODE: "H20.1",
    FieldKind.DOSSIER: "H20.1-261124-0001",
    FieldKind.PHONE: "0912345678",
    FieldKind.EMAIL: "ten@vidu.vn",
}
"""A text that may stand in a field of a kind with a shape of its own."""

_MINUTE = "accepted_minute"
_MADE = frozenset({"territories", "variant"})
Wanted = Mapping[str, Runs]
Given = dict[str, Any]


@dataclass(slots=True)
class Dossiers:
    """Finds dossiers of one definition; `procedure` is it made ready, when the first dossier is tried at the latest."""

    ground: Ground
    procedure: CompiledProcedure | None = None
    tries: int = field(default=0, init=False)
    """How many dossiers were tried so far."""

    def dossier(self, space: DossierSpace, box: Box) -> Witness | None:
        """Return a dossier in the box, None where the search finds none."""
        return _Search(self, space, dict(zip(space.axes, box, strict=True))).found()

    def seen(self, given: Given, on: date, at: datetime | None, group: str) -> Facts | None:
        """Return every fact of this dossier (of the first row of the group, where there is one), None if refused."""
        self.tries += 1
        self.procedure = self.procedure or tried(self.ground.definition)
        try:
            situation, _ = situation_of(self.procedure, given, on=on, at=at, office=AN_OFFICE)
        except RulesError:
            return None
        rows = situation.rows(group) if group else ()
        return rows[0].facts if rows else situation.facts


class _Search:
    """The search for one dossier."""

    def __init__(self, dossiers: Dossiers, space: DossierSpace, wanted: Wanted) -> None:
        self._dossiers, self._space, self._wanted = dossiers, space, wanted
        self._vocabulary = dossiers.ground.vocabulary
        fields = dossiers.ground.definition.fields
        self._texts = {field.id: _TEXTS[field.kind] for field in fields if field.kind in _TEXTS}
        self._made = [name for name in wanted if self._is_made(name)]
        self._day: date = self._values(ON_DAY)[0]
        self._choices = {name: self._values(name) for name in self._names()}

    def _is_made(self, name: str) -> bool:
        return self._vocabulary[name].source in DERIVED or name in _MADE

    def _names(self) -> Iterator[str]:
        """Yield the facts to be given: those wanted, and those that wanted facts are made from."""
        reads, seen = made_from(self._dossiers.ground), set[str]()
        waiting = list(self._wanted)
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            if self._is_made(name):
                waiting.extend(reads.get(name, ()))
            elif name in self._vocabulary.names:
                yield name

    def _values(self, name: str) -> list[Any]:
        """Return the values to try, the likeliest first."""
        if name in self._wanted:
            axis, runs = self._space.axes[name], self._wanted[name]
            if name == ON_DAY and runs == axis.known:
                return [SOME_DAY]
            held = list(islice(places(runs), MOST_VALUES))
            return [axis.value(place) for place in (*filter(None, held), *(place for place in held if not place))]
        return [*islice(self._free(name), MOST_VALUES)]

    def _free(self, name: str) -> Iterator[Any]:
        """Yield values of a fact that is not wanted itself."""
        fact = self._vocabulary[name]
        if name == ON_DAY:
            yield SOME_DAY
        elif fact.any_code:
            territories = self._dossiers.ground.definition.territories
            yield from dict.fromkeys((OTHER_CODE, *(span.unit for each in territories for span in each.units)))
        elif fact.type is FactType.DAY:
            yield from (self._day - timedelta(days=back) for back in self._marks(0) if back < _LONG_AGO)
        elif fact.type in NUMERIC:
            low, high = self._dossiers.ground.domains.get(name, (None, None))
            yield from (mark for mark in self._marks(low or 0) if high is None or mark <= high)
        else:
            sets = fact.type is FactType.CODES
            codes = [[code] if sets else code for code in fact.codes]
            yield from (*([[]] if sets else []), *codes, *_FREE.get(fact.type, (None,)))

    def _marks(self, low: int) -> list[int]:
        """Return numbers at which something may change: those the wanted axes name, moved by those of the formulas."""
        edges = {
            edge + step
            for axis in self._space.axes.values()
            if isinstance(axis, NumberAxis) and not axis.of_times
            for edge in (0, *axis.edges)
            for step in (-1, 0, 1)
        }
        formulas = (spec.formula for spec in self._dossiers.ground.definition.facts if spec.formula)
        written = {number for formula in formulas for number in wholes_in(formula.tree)}
        moved = {edge + sign * number for edge in edges for number in written for sign in (-1, 1)}
        near = sorted({*_SOME, *edges, *moved}, key=lambda number: (number not in _SOME, abs(number)))
        return [number for number in near if number >= low]

    def found(self) -> Witness | None:
        """Climb from the likeliest dossier, one fact at a time, then from random ones."""
        if not all(self._choices.values()):
            return None
        dice, first = Random(0), {name: values[0] for name, values in self._choices.items()}  # noqa: S311 - no secret
        end = self._dossiers.tries + MOST_TRIES
        chosen = first
        while self._dossiers.tries < end:
            witness = self._climbed(chosen, end)
            if witness is not None or all(len(values) == 1 for values in self._choices.values()):
                return witness
            chosen = {name: dice.choice(values) for name, values in self._choices.items()}
        return None

    def _climbed(self, chosen: Given, end: int) -> Witness | None:
        best = self._score(chosen)
        improved = True
        while improved and best < len(self._made) and self._dossiers.tries < end:
            improved = False
            for name, values in self._choices.items():
                for value in values:
                    if self._dossiers.tries >= end or best == len(self._made):
                        break
                    other = {**chosen, name: value}
                    score = self._score(other) if value != chosen[name] else best
                    if score > best:
                        chosen, best, improved = other, score, True
        return self._witness(chosen) if best == len(self._made) else None

    def _score(self, chosen: Given) -> int:
        """Count the made facts that lie where they are wanted; -1 for a dossier that is refused."""
        given, on, at = self._parts(chosen)
        facts = self._dossiers.seen(given, on, at, self._space.table.over)
        if facts is None:
            return -1
        return sum(self._lies(name, facts.get(name)) for name in self._made)

    def _lies(self, name: str, value: Any) -> bool:
        place = self._space.axes[name].place(value)
        return any(low <= place < high for low, high in self._wanted[name])

    def _parts(self, chosen: Given) -> tuple[Given, date, datetime | None]:
        """Return the facts as they are given, the members of a group in its one row, the day and the moment."""
        given: Given = {}
        for name, value in chosen.items():
            fact = self._vocabulary[name]
            if value is None or name in (ON_DAY, _MINUTE):
                continue
            if fact.of:
                given.setdefault(fact.of, [{}])[0][name.partition(".")[2]] = value
            elif fact.source is not Source.COMPUTED:
                given[name] = self._texts.get(name, value)
        group = self._space.table.over
        if group:
            given.setdefault(group, [{}])
        on = chosen.get(ON_DAY) or SOME_DAY
        minute = chosen.get(_MINUTE)
        return given, on, None if minute is None else datetime.combine(on, time(*divmod(minute, 60)))

    def _witness(self, chosen: Given) -> Witness:
        given, on, at = self._parts(chosen)
        return Witness(facts_module.as_written(given, self._vocabulary), on, at)


def evaluated(witness: Witness, procedure: CompiledProcedure) -> Facts:
    """Return every fact of a witness, those included that the evaluation makes. Raises RulesError."""
    given = facts_module.written(dict(witness.facts), procedure.vocabulary)
    situation, _ = situation_of(procedure, given, on=witness.on, at=witness.at, office=AN_OFFICE)
    return situation.facts
