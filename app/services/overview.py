"""One dossier as its page shows it: what is asked of me now, the answers, the papers, the clock and the money."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import legal_day
from app.security.assignment import Rights
from app.services import evaluation as evaluations
from app.services import hand_ruling as hands
from app.services.assignment import as_stand_in
from app.services.commune import names_of_communes
from app.services.correction import may_correct
from app.services.dossier import (
    FOUND_AT_RECEPTION,
    RETURN_CHANNEL,
    RETURN_CHANNELS,
    is_found_at_reception,
    may_open_identity,
    moves_open,
)
from app.services.hand_ruling import ChargeLine
from app.services.handing_over import due_with_the_result
from app.services.keeping import keeping_of
from app.services.office import office_register, office_time, units_on
from app.services.party import APPLICANT, NUMBER_LABELS, ORGANISATION, REPRESENTATIVE, parties_of
from app.services.worklist import TimeLeft, standing
from app.storage.account import Officer
from app.storage.dossier import Dossier, DossierEvent, DossierFacts, DossierPaper, DossierResult
from app.storage.hand_ruling import HandRuling
from app.storage.office import Assignment
from forms.kinds import masked
from forms.sentence import Sentence
from rules import codec
from rules.definition.procedure import Field, ProcedureDefinition
from rules.evaluation.findings import PaperFinding
from rules.evaluation.outcome import Evaluation
from rules.facts import read_back
from rules.lifecycle import CORRECT, STATE_LABELS, Move, State
from rules.say.keeping import Keeping
from rules.say.outcome import Explained, explained
from rules.say.plainly import answered, never_asked
from rules.values import NO_TEXT, Text
from rules.vocabulary import Fact, Source
from rules.wording import same

FILED = Text("Nộp và nhận kết quả", "Filing and return")
"""The heading over how a dossier was filed and how its result is handed over."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way of a dossier: done with its moment and person, current, or still to come.

    `as_whom` says the position of a person who acts for another body; `before` names who held the dossier earlier.
    """

    label: str
    status: str
    at: datetime | None = None
    by: str = ""
    as_whom: Sentence | None = None
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as people read it; a group has `rows` of labelled answers instead of a value.

    `source` says where a finding comes from that is no answer of the form.
    """

    label: Text
    shown: Text
    rows: tuple[tuple[tuple[Text, Text], ...], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers under one heading of the form; the heading may be empty."""

    title: Text
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper of the dossier as handed in, with what the rules said of it (None for one they no longer name)."""

    paper: DossierPaper
    finding: PaperFinding | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the page of a dossier shows to one person.

    `evaluation` is None where nothing was computed and all was set by hand, else the outcome for reading; `told` is the
    same in words. `ruling` is what was set by hand and holds. `representative` is empty where a person applies.
    `kept` says whose system keeps the dossier, None where this one does.
    """

    dossier: Dossier
    unit: str
    applicant: Mapping[str, Any]
    representative: Mapping[str, Any]
    steps: tuple[Step, ...]
    moves: tuple[Move, ...]
    may_open_identity: bool
    sections: tuple[AnswerSection, ...]
    papers: tuple[HeldPaper, ...]
    told: Explained | None
    lines: tuple[ChargeLine, ...]
    ruling: HandRuling | None
    may_set: bool
    may_correct: bool
    time_left: TimeLeft
    results: Sequence[DossierResult]
    kept: Keeping | None

    @property
    def is_of_organisation(self) -> bool:
        """Whether an organisation applies, for which a representative acts."""
        return self.applicant.get("kind") == ORGANISATION

    @property
    def number_label(self) -> Text:
        """What the number of an organisation is."""
        return NUMBER_LABELS[self.applicant["identifier_kind"]]

    @property
    def evaluation(self) -> Evaluation | None:
        """The outcome for reading, with its formulas said."""
        return None if self.told is None else self.told.outcome

    @property
    def waits(self) -> tuple[ChargeLine, ...]:
        """The lines whose amount another body or a later step gives: no leader need set them."""
        return tuple(line for line in self.lines if line.amount is None and not line.is_unruled)

    @property
    def due_with_the_result(self) -> tuple[ChargeLine, ...]:
        """The lines to collect when the result is handed over."""
        return due_with_the_result(self.dossier, self.lines)

    @property
    def is_left_to_a_leader(self) -> bool:
        """Whether something has no amount and no rule, or no moment, that could give it one."""
        return any(line.amount is None and line.is_unruled for line in self.lines)

    @property
    def totals(self) -> dict[str, int | None]:
        """The sum for each currency; None while one of its lines has no amount."""
        return hands.totals(self.lines)


def overview(session: Session, dossier: Dossier, rights: Rights, *, at: datetime, opened: bool = False) -> Overview:
    """Read one dossier, opened by somebody who may see it, for its page; `opened`: with its masked answers whole."""
    kept = evaluations.latest(session, dossier)
    outcome = None if kept is None else Evaluation.from_data(kept.outcome)
    definition = evaluations.definition_of(dossier.rules_version)
    names = units_on(session, [dossier.receiving_unit_id], legal_day(dossier.accepted_at))
    office = office_time(office_register(session))
    results = session.scalars(
        select(DossierResult).where(DossierResult.dossier_id == dossier.id).order_by(DossierResult.id)
    )
    ruling = hands.in_force(hands.rulings_of(session, dossier), kept)
    parties = parties_of(session, dossier)
    told = None if outcome is None else explained(outcome, definition)
    return Overview(
        dossier=dossier,
        unit=names[0].name if names else "",
        applicant=parties[APPLICANT],
        representative=parties.get(REPRESENTATIVE, {}),
        steps=tuple(_steps(session, dossier)),
        moves=moves_open(dossier, rights),
        may_open_identity=may_open_identity(dossier, rights),
        sections=answers_of(session, dossier, outcome, opened=opened),
        papers=_papers(session, dossier, outcome),
        told=told,
        lines=hands.charge_lines(definition, told.outcome if told else None, ruling),
        ruling=ruling,
        may_set=hands.may_set(dossier, hands.open_points(definition, outcome), rights),
        may_correct=may_correct(dossier, rights),
        time_left=standing(dossier, at, office),
        results=results.all(),
        kept=keeping_of(session, dossier),
    )


def facts_at(session: Session, dossier: Dossier, revision: int) -> DossierFacts:
    """Return the answers of a dossier at one revision."""
    return session.scalars(
        select(DossierFacts).where(DossierFacts.dossier_id == dossier.id, DossierFacts.revision == revision)
    ).one()


def answers_of(
    session: Session, dossier: Dossier, outcome: Evaluation | None = None, *, opened: bool = False
) -> tuple[AnswerSection, ...]:
    """Return what is known of a dossier beside its applicant, papers and outcome, as last written down.

    What the form shows worked out is taken from the outcome.
    """
    definition = evaluations.definition_of(dossier.rules_version)
    facts = codec.facts_from_json(definition, facts_at(session, dossier, dossier.facts_revision).facts)
    known = {**facts, **_worked_out(definition, outcome)}
    said = all_answers(
        definition, known, dossier.filing_channel, dossier.return_channel, opened=opened,
        units=names_of_communes(session, definition),
    )  # fmt: skip
    return tuple(said)


def _worked_out(definition: ProcedureDefinition, outcome: Evaluation | None) -> dict[str, Any]:
    """Return the values of the computed fields of the form, typed."""
    names = [field.id for field in definition.fields if field.computed]
    made = {name: outcome.facts[name] for name in names if name in outcome.facts} if outcome else {}
    return read_back(made, definition.vocabulary)


def all_answers(
    definition: ProcedureDefinition,
    facts: Mapping[str, Any],
    filing_channel: str,
    return_channel: str,
    *,
    opened: bool = False,
    units: Mapping[str, Text] = MappingProxyType({}),
) -> Iterator[AnswerSection]:
    """Return how the dossier was filed, the answers of the form, and what the officer found at reception.

    Any of these may decide the fee; what is not known is left out. Masked answers stay so unless they are `opened`;
    `units` are the names of communes and wards by code.
    """
    vocabulary = definition.vocabulary
    filed = [
        _known(vocabulary["channel"], filing_channel),
        Answer(RETURN_CHANNEL, RETURN_CHANNELS[return_channel]),
        *(_known(vocabulary[name], facts[name]) for name in _OF_APPLICANT if name in facts.keys() - never_asked(facts)),
    ]
    yield AnswerSection(FILED, tuple(filed))
    yield from answers(definition, facts, opened=opened, units=units)
    found = [spec.id for spec in definition.facts if is_found_at_reception(spec) and spec.id in facts]
    if found:
        yield AnswerSection(FOUND_AT_RECEPTION, tuple(_found(vocabulary[name], facts[name]) for name in found))


_OF_APPLICANT = ("applicant_kind", "digital_citizen")


def _known(fact: Fact, value: Any) -> Answer:
    return Answer(fact.label, answered(fact, value))


def _found(fact: Fact, value: Any) -> Answer:
    """Return a finding; one that is no judgement of the officer says where it comes from."""
    source = "" if fact.source is Source.OFFICER else fact.source.value
    return Answer(fact.label, answered(fact, value), source=source)


def answers(
    definition: ProcedureDefinition,
    facts: Mapping[str, Any],
    *,
    opened: bool = False,
    units: Mapping[str, Text] = MappingProxyType({}),
) -> Iterator[AnswerSection]:
    """Return the answers under the headings of the form, in its order; what was not asked is left out."""
    known = definition.vocabulary
    vocabulary = {name: _with_names(fact, units) for name, fact in known.items()} if units else known
    title, found = NO_TEXT, list[Answer]()
    for field in definition.fields:
        if field.section is not None:
            if found:
                yield AnswerSection(title, tuple(found))
            title, found = field.section, list[Answer]()
        if field.id in facts:
            found.append(_answer(field, vocabulary, facts[field.id], opened=opened))
    if found:
        yield AnswerSection(title, tuple(found))


def _with_names(fact: Fact, units: Mapping[str, Text]) -> Fact:
    """Return the fact with the names of the units it may hold, whose codes the definition does not list."""
    members = tuple(_with_names(member, units) for member in fact.members)
    return replace(fact, members=members, codes=units if fact.any_code else fact.codes)


def _answer(field: Field, vocabulary: Mapping[str, Fact], value: Any, *, opened: bool) -> Answer:
    fact = vocabulary[field.id]
    if not field.fields:
        return Answer(field.label, _seen(field, fact, value, opened=opened))
    rows = tuple(tuple(_cells(field.fields, fact.members, row, opened=opened)) for row in value)
    return Answer(field.label, answered(fact, value), rows)


def _cells(
    fields: Sequence[Field], members: Sequence[Fact], row: Mapping[str, Any], *, opened: bool
) -> Iterator[tuple[Text, Text]]:
    for field, member in zip(fields, members, strict=True):
        yield member.label, _seen(field, member, row.get(member.id), opened=opened)


def _seen(field: Field, fact: Fact, value: Any, *, opened: bool) -> Text:
    """Say an answer, masked where the form says so and nobody opened it."""
    said = answered(fact, value)
    return same(masked(said.vi)) if field.mask and not opened and value is not None else said


def _papers(session: Session, dossier: Dossier, outcome: Evaluation | None) -> tuple[HeldPaper, ...]:
    findings = {} if outcome is None else {finding.code: finding for finding in outcome.papers}
    rows = session.scalars(select(DossierPaper).where(DossierPaper.dossier_id == dossier.id).order_by(DossierPaper.id))
    return tuple(HeldPaper(paper, findings.get(paper.code)) for paper in rows)


def _reached(session: Session, dossier: Dossier) -> dict[str, Step]:
    """Return the steps that were reached, each by its last act; who was relieved in it is named."""
    events = session.execute(
        select(DossierEvent, Officer.full_name, Assignment)
        .outerjoin(Officer, Officer.id == DossierEvent.actor_id)
        .outerjoin(Assignment, Assignment.id == DossierEvent.assignment_id)
        .where(DossierEvent.dossier_id == dossier.id, DossierEvent.act.not_in((hands.ACT, CORRECT)))
        .order_by(DossierEvent.sequence)
    )
    reached: dict[str, Step] = {}
    for event, name, duty in events:
        earlier = reached[event.to_state].before if event.to_state in reached else ()
        relieved = (event.detail["former_holder"],) if "former_holder" in event.detail else ()
        reached[event.to_state] = Step(
            STATE_LABELS[State(event.to_state)], "done", event.event_at, name or "",
            as_stand_in(duty, event.act), (*earlier, *relieved),
        )  # fmt: skip
    return reached


def _steps(session: Session, dossier: Dossier) -> Iterator[Step]:
    """Return the way of the dossier: what is done with its moment and person, where it stands, what is to come."""
    reached = _reached(session, dossier)
    now = State(dossier.state)
    for state in State:
        if state in reached:
            is_going = state is now and now is not State.RETURNED
            yield replace(reached[state], status="going" if is_going else "done")
        elif list(State).index(state) > list(State).index(now):
            yield Step(STATE_LABELS[state], "waiting")
