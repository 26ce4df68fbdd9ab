"""Dossiers that show a difference: decided by both versions, with all that comes out otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from itertools import islice
from typing import Any

from rules.check.findings import Witness
from rules.check.witnesses import Dossiers
from rules.clock.calendar import OfficeTime
from rules.codec import definition_to_data, facts_as_written
from rules.compare.difference import Change, Shown
from rules.compare.edges import cut_offs, edges_of
from rules.compare.one_part import with_part
from rules.compare.outcomes import changes
from rules.compare.tables import JointSpace, Region
from rules.decode.procedure import definition_from
from rules.definition.procedure import ProcedureDefinition
from rules.errors import RulesError
from rules.evaluation.compile import CompiledProcedure, tried
from rules.evaluation.evaluate import evaluate, situation_of
from rules.evaluation.outcome import Evaluation
from rules.facts import as_written
from rules.space.dossiers import Ground
from rules.space.sweep import Box
from rules.table.decision import ON_DAY
from rules.values import Text
from rules.vocabulary import DERIVED, Fact, FactType
from rules.wording import phrase

MOST_TRIED = 240
"""So many dossiers are decided by both versions in search of one that shows a difference beside the tables."""

MOST_OF_REGION = 24
"""So many dossiers of a region are decided by both versions; the one in which most comes out otherwise is shown."""

MOST_CASES = 8
"""So many of them are golden cases as they stand."""

_REFUSED = Text("Nhận dữ kiện của hồ sơ", "Taking the facts of the dossier")
_TAKEN = Text("nhận được", "taken")


@dataclass(slots=True)
class Version:
    """One version made ready to be tried by the reference matcher."""

    definition: ProcedureDefinition
    ground: Ground
    office: OfficeTime
    procedure: CompiledProcedure = field(init=False)

    def __post_init__(self) -> None:
        self.procedure = tried(self.definition)

    def given(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return those of these facts (as people write them) that this version knows. Raises FactsError."""
        known = {
            name: _members(value, self.ground.vocabulary[name]) for name, value in facts.items() if self._asks(name)
        }
        return facts_as_written(self.definition, known)

    def _asks(self, name: str) -> bool:
        return name in self.ground.vocabulary and self.ground.vocabulary[name].source not in DERIVED

    def outcome(self, witness: Witness) -> Evaluation | str:
        """Return the outcome of a dossier, or why its facts are refused."""
        try:
            return evaluate(self.procedure, self.given(witness.facts), on=witness.on, at=witness.at, office=self.office)
        except RulesError as refused:
            return str(refused) or type(refused).__name__

    def seen(self, witness: Witness, group: str) -> list[Mapping[str, Any]]:
        """Return every fact of a dossier, for each row of the group where there is one; none if it is refused."""
        try:
            given = self.given(witness.facts)
            situation, _ = situation_of(self.procedure, given, on=witness.on, at=witness.at, office=self.office)
        except RulesError:
            return []
        return [row.facts for row in situation.rows(group)] if group else [situation.facts]


def _members(value: Any, fact: Fact) -> Any:
    """Return the rows of a group with the columns that there are."""
    if fact.type is not FactType.GROUP:
        return value
    known = {member.id for member in fact.members}
    return [{name: each for name, each in row.items() if name in known} for row in value]


class Showing:
    """Finds dossiers that show what changed from one version to the other."""

    def __init__(self, old: Version, new: Version) -> None:
        self._versions = (old, new)
        self._vocabularies = (old.ground.vocabulary, new.ground.vocabulary)
        self._seekers = (Dossiers(old.ground, old.procedure), Dossiers(new.ground, new.procedure))

    def changes(self, witness: Witness) -> tuple[Change, ...]:
        """Return all that comes out otherwise for this dossier."""
        old, new = (version.outcome(witness) for version in self._versions)
        return self._between(old, new)

    def _between(self, old: Evaluation | str, new: Evaluation | str) -> tuple[Change, ...]:
        if isinstance(old, str) or isinstance(new, str):
            was, now = (_taken(each) for each in (old, new))
            return () if was.vi == now.vi else (Change(_REFUSED, was, now),)
        return changes(old, new, self._vocabularies)

    def of_region(self, space: JointSpace, region: Region, place: Sequence[str]) -> Shown | None:
        """Return a dossier of the region: of the first few, the one in which most comes from this table by itself."""
        few = islice(self._in_region(space, region), MOST_OF_REGION)
        alone = self._with_part(place)
        found = (self._shown(witness, self.changes(witness), alone) for witness in few)
        return max(found, key=_weight_of, default=None)

    def _shown(self, witness: Witness, found: tuple[Change, ...], alone: Version | None) -> Shown:
        """Mark the changes that come about with one part alone, and put them first."""
        if alone is None:
            return Shown(witness, found)
        own = self._between(self._versions[0].outcome(witness), alone.outcome(witness))
        named = {(each.what, each.new) for each in own}
        marked = [replace(each, by_itself=(each.what, each.new) in named) for each in found]
        return Shown(witness, tuple(sorted(marked, key=lambda each: not each.by_itself)))

    def _in_region(self, space: JointSpace, region: Region) -> Iterator[Witness]:
        """Yield dossiers of the region: those found, golden cases that lie in it, and both put together."""
        found = [each for each in (self._found(space, region, place) for place in (1, 0)) if each]
        inside = [case for case in self._cases if self._lies(case, space, region.box)]
        yield from found
        yield from inside[:MOST_CASES]
        for witness in [*inside[:1], *found[:1]]:
            yield from (each for each in self._at_cut_offs(witness) if self._lies(each, space, region.box))
        for witness in found:
            for case in self._cases:
                mixed = Witness({**case.facts, **witness.facts}, witness.on, witness.at)
                if self._lies(mixed, space, region.box):
                    yield mixed

    def _at_cut_offs(self, witness: Witness) -> Iterator[Witness]:
        """Yield the dossier accepted at every cut-off that a time limit of either version has, and a minute later."""
        minutes = {minute for version in self._versions for minute in cut_offs(version.definition)}
        for minute in sorted({each + step for each in minutes for step in (0, 1)}):
            at = datetime.combine(witness.on, time(*divmod(minute, 60)))
            yield Witness(witness.facts, witness.on, at)

    def _found(self, space: JointSpace, region: Region, place: int) -> Witness | None:
        of_version = space.version(place)
        known = self._vocabularies[place].names
        if of_version is None or not set(of_version.axes) <= set(known):
            return None
        return self._seekers[place].dossier(of_version, region.core)

    def _lies(self, witness: Witness, space: JointSpace, box: Box) -> bool:
        return any(self._holds(facts, space, box, witness.on) for facts in self._all_seen(witness, space.group))

    def _all_seen(self, witness: Witness, group: str) -> Iterator[Mapping[str, Any]]:
        """Yield what both versions together know of a dossier, row by row of the group where there is one."""
        seen = [version.seen(witness, group) for version in self._versions]
        for old, new in zip(seen[0] or seen[1], seen[1] or seen[0], strict=False):
            yield {**old, **new}

    def _holds(self, facts: Mapping[str, Any], space: JointSpace, box: Box, on: date) -> bool:
        known = {**facts, ON_DAY: on}
        for runs, (name, axis) in zip(box, space.axes.items(), strict=True):
            place = axis.place(known.get(name))
            if not any(low <= place < high for low, high in runs):
                return False
        return True

    @cached_property
    def _cases(self) -> list[Witness]:
        """The golden cases of both versions as dossiers, each once."""
        found: dict[str, Witness] = {}
        for version in self._versions[::-1]:
            for case in version.definition.cases:
                given = as_written(case.given, version.ground.vocabulary)
                witness = Witness(given, case.on, case.at)
                found.setdefault(repr(witness.to_data()), witness)
        return list(found.values())

    @cached_property
    def _differing(self) -> list[tuple[Witness, tuple[Change, ...]]]:
        """The dossiers tried for which the two versions come out otherwise."""
        tried_ones = islice(self._boundary(), MOST_TRIED)
        decided = ((witness, self.changes(witness)) for witness in tried_ones)
        return [(witness, found) for witness, found in decided if found]

    def of_part(self, place: Sequence[str]) -> Shown | None:
        """Return a dossier in which something comes from this part by itself, or from it together with others."""
        alone = self._with_part(place)
        if alone is None:
            return next((Shown(witness, found) for witness, found in self._differing), None)
        every = (self._shown(witness, found, alone) for witness, found in self._differing)
        own = [shown for shown in every if any(each.by_itself for each in shown.changes)]
        return max(own, key=_weight_of, default=None)

    def _with_part(self, place: Sequence[str]) -> Version | None:
        """Return the old version with just this part of the new one; None where that is no definition."""
        new = self._versions[1]
        data = with_part(*self._data, place)
        data.pop("cases", None)  # they may expect what the part no longer gives
        try:
            made = definition_from(data)
            return Version(made, Ground(made, new.ground.domains), new.office)
        except RulesError:
            return None

    @cached_property
    def _data(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both definitions as plain data."""
        old, new = self._versions
        return definition_to_data(old.definition), definition_to_data(new.definition)

    def _boundary(self) -> Iterator[Witness]:
        """Yield golden cases, then each on another day, or with one fact at an edge of what either version asks."""
        yield from self._cases
        base = self._cases or [Witness({}, date(2026, 1, 1))]
        yield from self._at_cut_offs(base[0])
        edges = edges_of([version.ground for version in self._versions])
        for case in base:
            for day in edges.get(ON_DAY, ()):
                yield Witness(case.facts, day, _on(case.at, day))
        for case in base:
            for name, values in edges.items():
                if name != ON_DAY:
                    yield from (Witness({**case.facts, name: value}, case.on, case.at) for value in values)


def _weight_of(shown: Shown) -> tuple[int, int]:
    """Rank a dossier by what comes from the difference by itself, then by how little else it tells."""
    own = sum(each.by_itself and not each.is_question for each in shown.changes)
    return own, -len(shown.changes) if own else len(shown.changes)


def _taken(outcome: Evaluation | str) -> Text:
    return phrase("không nhận: {}", "refused: {}", outcome) if isinstance(outcome, str) else _TAKEN


def _on(at: datetime | None, day: date) -> datetime | None:
    return datetime.combine(day, at.time(), at.tzinfo) if at else None
