"""Two versions of a procedure side by side (so sánh), or the draft against one: as plain values that a page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.services.errors import NotFoundError
from app.services.finding import ShownDossier, accepted_when
from app.services.office import office_register, office_time
from app.services.procedure import draft_of, read_definition
from app.storage.procedure import Procedure, version_in_force, versions_of
from forms.sentence import Sentence
from rules import codec
from rules.compare.difference import Change, Comparison, Difference, Weight
from rules.compare.versions import compare
from rules.definition.procedure import ProcedureDefinition
from rules.errors import FactsError
from rules.values import Text
from rules.wording import same

DRAFT = "draft"
"""Stands for the draft where others are called by their number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be compared: the draft, or a published version from the day it applies."""

    key: str
    label: Sentence


@dataclass(frozen=True, slots=True)
class Changed:
    """One difference as the page shows it; `dossier` is one that both versions decided, None where there is none."""

    difference: Difference
    dossier: ShownDossier | None

    @property
    def outcomes(self) -> tuple[Change, ...]:
        """What comes out otherwise for the dossier, in both versions."""
        return self.difference.shown.changes if self.difference.shown else ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions compared: what can change an outcome, what changes reasons only, and what only words change in."""

    choices: tuple[Choice, ...]
    old: Choice
    new: Choice
    comparison: Comparison
    of_law: tuple[Changed, ...]
    of_reasons: tuple[Changed, ...]
    of_words: tuple[Changed, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing at all differs."""
        return self.comparison.old == self.comparison.new


def choices(session: Session, procedure: Procedure) -> tuple[Choice, ...]:
    """Return what can be compared of a procedure: its draft first, then its versions, newest first."""
    versions = tuple(
        Choice(
            str(version.number),
            Sentence(
                "Phiên bản %(number)s, từ %(since)s", number=str(version.number), since=f"{version.since:%d/%m/%Y}"
            ),
        )
        for version in versions_of(session, procedure.id)
    )
    draft = (Choice(DRAFT, Sentence("Dự thảo")),) if draft_of(session, procedure) else ()
    return (*draft, *versions)


def usual_pair(session: Session, procedure: Procedure, on: date) -> tuple[str, str] | None:
    """Return the keys of what is compared unasked: the version in force with the draft, else the two newest versions.

    None where there are not two to compare.
    """
    known = [choice.key for choice in choices(session, procedure)]
    if len(known) < 2:
        return None
    in_force = version_in_force(session, procedure.code, on)
    if known[0] == DRAFT and in_force is not None:
        return str(in_force.number), DRAFT
    return known[1], known[0]


def compared(session: Session, procedure: Procedure, old: str, new: str) -> Compared:
    """Return what differs from one version to another; NotFoundError where one of them is not there."""
    every = choices(session, procedure)
    before, after = _chosen(every, old), _chosen(every, new)
    definitions = _definition(session, procedure, before.key), _definition(session, procedure, after.key)
    comparison = compare(*definitions, office_time(office_register(session)))
    regions = {each.place for each in comparison.differences if each.is_region}

    def of(weight: Weight) -> tuple[Changed, ...]:
        return tuple(
            _changed(each, definitions)
            for each in comparison.differences
            # A row is not told beside the region of dossiers that it changes.
            if each.weight is weight and (each.is_region or each.place[:2] not in regions)
        )

    return Compared(
        every, before, after, comparison, of(Weight.LAW), of(Weight.REASONS), of(Weight.EDITORIAL)
    )  # fmt: skip


def _chosen(every: Sequence[Choice], key: str) -> Choice:
    found = next((choice for choice in every if choice.key == key), None)
    if found is None:
        raise NotFoundError("Thủ tục không có phiên bản này.", todo="Mở lại từ trang thủ tục.")
    return found


def _definition(session: Session, procedure: Procedure, key: str) -> ProcedureDefinition:
    draft = draft_of(session, procedure) if key == DRAFT else None
    if draft is not None:
        return read_definition(draft.source_text)[0]
    version = next(each for each in versions_of(session, procedure.id) if str(each.number) == key)
    return codec.definition_from_json(version.definition)


Definitions = tuple[ProcedureDefinition, ProcedureDefinition]


def _changed(difference: Difference, definitions: Definitions) -> Changed:
    shown = difference.shown
    if shown is None:
        return Changed(difference, None)
    facts = tuple(_said(shown.witness.facts, definitions))
    return Changed(difference, ShownDossier(facts, accepted_when(shown.witness.on, shown.witness.at)))


def _said(facts: Any, definitions: Definitions) -> Iterator[tuple[Text, Text]]:
    """Yield the facts of a dossier by label, as the version that knows each of them says it, the new one first."""
    for name, value in facts.items():
        yield next(_by(definitions[::-1], name, value), (same(name), same(str(value))))


def _by(definitions: Sequence[ProcedureDefinition], name: str, value: Any) -> Iterator[tuple[Text, Text]]:
    for definition in definitions:
        if name not in definition.vocabulary:
            continue
        fact = definition.vocabulary[name]
        try:
            yield fact.label, fact.shown(codec.facts_as_written(definition, {name: value})[name])
        except FactsError:
            continue
