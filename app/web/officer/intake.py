"""The intake form of the counter: applicant, way of filing, the procedure's own questions, and what the rules say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import wtforms
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.clock import legal_day
from app.security.assignment import Duty
from app.services import dossier as dossiers
from app.services import earlier
from app.services import evaluation as evaluations
from app.services.commune import refer
from app.services.errors import MatchersDifferError, NotEligibleError, RefusalError
from app.services.office import UnitOnDay
from app.services.party import CITIZEN_ID, DECISION, ORGANISATION, PERSON, TAX_CODE, Applicant, Representative
from app.storage.procedure import ProcedureVersion
from forms.applicant import FROM_CARD, build_applicant_form, naming_fields, read_applicant
from forms.applicant import Applicant as Typed
from forms.build import build_form, form_class
from forms.conditions import shown_fields
from forms.facts import form_data_of, read_facts
from forms.layout import ErrorLine, Section, error_summary, sections
from forms.sentence import Sentence
from forms.stages import asked_by_stage
from rules import facts as typed_facts
from rules.definition.procedure import CodeItem, CodeList, FactSpec, Field, FieldKind, ProcedureDefinition
from rules.evaluation.findings import Missing
from rules.evaluation.missing import DEADLINE, FEE
from rules.evaluation.outcome import Evaluation
from rules.evaluation.worded import words_wait_for
from rules.say.keeping import Keeping, keeping_said
from rules.say.labels import SOURCES
from rules.say.outcome import Awaited, Explained, awaited, explained
from rules.say.punctuation import quoted, sentence
from rules.values import Text
from rules.vocabulary import APPLICANT_KINDS, CHANNELS, DERIVED, MADE_FACTS, FactType, Source

APPLICANT, FILING, ANSWERS = "applicant", "filing", "answers"
KIND_OF_FACT = {
    FactType.BOOL: FieldKind.YES_NO,
    FactType.CODE: FieldKind.CHOICE,
    FactType.CODES: FieldKind.CHOICES,
    FactType.INT: FieldKind.WHOLE_NUMBER,
    FactType.MONEY: FieldKind.MONEY,
    FactType.DAY: FieldKind.DAY,
    FactType.MOMENT: FieldKind.MOMENT,
    FactType.FIXED: FieldKind.MEASURE,
    FactType.TEXT: FieldKind.TEXT,
}


def _code_list(name: str, labels: Mapping[str, Text]) -> CodeList:
    return CodeList(name, tuple(CodeItem(code, label) for code, label in labels.items()))


_FILING_FIELDS = (
    Field("channel", FieldKind.CHOICE, Text("Cách nộp", "Way of filing"), required=True, list="channels"),
    Field("return_channel", FieldKind.CHOICE, dossiers.RETURN_CHANNEL, required=True, list="returns"),
)
READ_OF_APPLICANT = frozenset({"applicant_kind", "digital_citizen"})
"""What the rules may read of the applicant."""


@lru_cache(maxsize=2 ** len(APPLICANT_KINDS))
def _applicant_form(kinds: tuple[str, ...]) -> type[Any]:
    """Return the form class of who applies, with the kinds of applicant that the procedure takes."""
    return build_applicant_form(kinds=kinds)


@lru_cache(maxsize=2 ** len(CHANNELS))
def _filing_form(ways: tuple[str, ...]) -> type[Any]:
    """Return the form class of how the dossier is filed and returned, with the ways of filing of the procedure."""
    offered = {code: label for code, label in CHANNELS.items() if code in ways}
    lists = (_code_list("channels", offered), _code_list("returns", dossiers.RETURN_CHANNELS))
    return form_class("FilingForm", _FILING_FIELDS, lists, wtforms.Form)


def _first_answers(ways: tuple[str, ...], kinds: tuple[str, ...]) -> dict[str, str]:
    """Return what most people at the counter would answer, set when the form opens."""
    return {
        f"{APPLICANT}-applicant_kind": "individual" if "individual" in kinds else kinds[0],
        f"{FILING}-channel": "counter" if "counter" in ways else ways[0],
        f"{FILING}-return_channel": "counter",
    }


@lru_cache(maxsize=256)
def _form_of(whole_sha256: str, text: str) -> tuple[ProcedureDefinition, type[Any]]:
    """Return what the desk asks under a version, and its form class: the form's fields, then the officer's findings."""
    definition = evaluations.definition_with(whole_sha256, text)
    findings = [_finding(spec) for spec in definition.facts if _is_asked_of_the_officer(spec)]
    if findings:
        findings[0] = replace(findings[0], section=dossiers.FOUND_AT_RECEPTION)
    now, later = asked_by_stage(definition)
    asked = replace(definition, fields=(*now, *findings), facts=(*definition.facts, *later))
    return asked, build_form(asked)


def _is_asked_of_the_officer(spec: FactSpec) -> bool:
    return dossiers.is_asked_at_reception(spec) and spec.type in KIND_OF_FACT


def _finding(spec: FactSpec) -> Field:
    """Return the question for what the officer finds; where it is found is said below it, unless it is a judgement."""
    return Field(
        spec.id, KIND_OF_FACT[spec.type], spec.label, list=spec.list, unit=spec.unit, scale=spec.scale, min=spec.min,
        max=spec.max, help=None if spec.source is Source.OFFICER else sentence(SOURCES[spec.source]),
    )  # fmt: skip


@dataclass
class IntakeForm:
    """One intake form as it stands: what was typed, and the outcome of the rules for it.

    `outcome` is None where the rules could not be computed; `refusal` then says why. `decisive` are the questions that
    are answered and that the outcome hangs on: their answers could not be left out. `listed` tells which papers stood
    on the page that sent the form. `lacking` is, once the form was checked, what is wanting beside the answers.
    `is_trial` says that a draft is only tried: nobody is named, no paper is received, nothing is kept.
    `history` is what the applicant's earlier dossiers answer, empty while nobody knows who the applicant is.
    """

    version: ProcedureVersion
    definition: ProcedureDefinition
    unit: UnitOnDay
    intake_key: UUID
    seen_version: UUID | None
    applicant: Any
    filing: Any
    answers: Any
    received: frozenset[str]
    facts: dict[str, Any]
    decisive: frozenset[str] = frozenset()
    outcome: Evaluation | None = None
    refusal: RefusalError | None = None
    listed: str = ""
    lacking: tuple[dossiers.Ground, ...] = ()
    is_trial: bool = False
    history: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def is_current(self) -> bool:
        """Whether the form was opened under the version that is in force."""
        return self.seen_version == self.version.uuid

    @property
    def may_be_sent_to_leader(self) -> bool:
        """Whether nothing was computed because the matchers differ, so that a leader may set fee and date by hand."""
        return isinstance(self.refusal, MatchersDifferError)

    @property
    def kept(self) -> Keeping | None:
        """Whose system keeps the dossiers of this procedure, None where this one does."""
        return keeping_said(self.definition, {})

    @property
    def takes_papers(self) -> bool:
        """Whether papers are received with this form: not in a trial, nor where the desk only guides."""
        return not self.is_trial and (self.kept is None or not self.kept.is_guidance)

    @property
    def applicant_answers(self) -> list[Any]:
        """The questions about the applicant; in a trial only those that the rules read."""
        return [field for field in self.applicant.answers if not self.is_trial or field.spec.id in READ_OF_APPLICANT]

    @property
    def applicant_card(self) -> str:
        """Which fields of the applicant an identity card fills: `part:id` of each."""
        return " ".join(f"{part}:{self.applicant[name].id}" for part, name in FROM_CARD.items())

    @property
    def doubts(self) -> tuple[Sentence, ...]:
        """What should be looked at again; never a reason to refuse the form."""
        forms = (self.applicant, self.answers, *(row for row in _rows_of(self.answers)))
        return tuple(said for form in forms for several in form.doubts.values() for said in several)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the procedure's questions, with what is shown now."""
        return sections(self.definition, self.answers.shown() - self._idle)

    @property
    def shown_names(self) -> list[str]:
        """The names of all questions that are shown, those in rows and of the applicant included."""
        idle = {self.answers[name].name for name in self._idle}
        names = [*_shown(self.applicant), *_shown(self.answers)]
        return [name for name in names if name not in idle]

    @property
    def _idle(self) -> frozenset[str]:
        """The ids of the officer's findings that are not answered and could change nothing of this dossier."""
        if self.outcome is None:
            return frozenset()
        procedure = evaluations.procedure_of(self.version)
        awaited = {missing.fact for missing in self.outcome.missing}
        awaited |= words_wait_for(procedure, {**self.answers.known, **self.facts})
        findings = (spec.id for spec in procedure.definition.facts if _is_asked_of_the_officer(spec))
        return frozenset(name for name in findings if self.answers[name].blank and name not in awaited)

    @property
    def needed(self) -> frozenset[str]:
        """The ids of the questions that need an answer: by the form, or because the outcome hangs on it."""
        return self.answers.required() | self._unknown | self.decisive

    @property
    def needed_names(self) -> list[str]:
        """The names of all questions that need an answer, those in rows and of the applicant included."""
        rows = (name for name in _names(self.answers, lambda form: form.required()) if name.count("-") > 1)
        asked = (self.answers[name].name for name in self.needed if name in self.answers)
        applicant = (
            field.name
            for field in self.applicant.answers
            if field.spec.id in self.needed_of_applicant
        )  # fmt: skip
        return [*rows, *asked, *applicant]

    @property
    def needed_of_applicant(self) -> frozenset[str]:
        """The ids of the questions about the applicant that need an answer."""
        return self.applicant.required() | self.needed

    @property
    def _unknown(self) -> frozenset[str]:
        """The ids of the facts that are still unknown and could change the outcome."""
        return frozenset(missing.fact for missing in self._missing_now)

    @property
    def errors(self) -> list[ErrorLine]:
        """Everything that must be mended, in the order of the page."""
        lines = [line for form in (self.applicant, self.filing, self.answers) for line in error_summary(form)]
        return [*lines, *(ErrorLine(_place_of(ground), ground.text) for ground in self.lacking)]

    @property
    def lacking_papers(self) -> Mapping[str, str]:
        """What is told at the papers that are wanting, once the form was checked."""
        return {ground.paper: ground.text for ground in self.lacking if ground.paper}

    @property
    def is_refused(self) -> bool:
        """Whether the dossier may not be received at all: nothing that is still wanting would change that."""
        return self.outcome is not None and not self.outcome.eligible

    @property
    def papers_listed(self) -> str:
        """Which papers the page lists and how: while it stays the same, the list on the page is left alone."""
        if self.outcome is None:
            return ""
        papers = " ".join(f"{paper.code}:{paper.need}" for paper in self.outcome.papers)
        return "refused" if self.is_refused else f"papers {papers}"

    @property
    def missing(self) -> tuple[Text, ...]:
        """The labels of the questions in sight whose answers are wanting and could change the outcome."""
        return self._in_sight(self._missing_now)

    @property
    def day_awaits(self) -> tuple[Text, ...]:
        """The labels of what is asked now and could still change the appointment: until then no day is promised."""
        asked = [missing for missing in self._missing_now if DEADLINE in missing.could_change]
        return tuple(quoted(label) for label in self._in_sight(asked))

    @property
    def _missing_now(self) -> tuple[Missing, ...]:
        """What is asked now, unknown yet, and could change the outcome."""
        return () if self.outcome is None else dossiers.missing_now(self.definition, self.outcome)

    def _in_sight(self, missing: Sequence[Missing]) -> tuple[Text, ...]:
        """Return the labels of what the form shows or does not ask; where all is hidden, of what leads to it."""
        forms = (self.applicant, self.filing, self.answers)
        hidden = {name for form in forms for name in {answer.spec.id for answer in form.answers} - form.shown()}
        seen = tuple(each.label for each in missing if each.fact not in hidden)
        return seen or tuple(self._leading({each.fact for each in missing}, hidden))

    def _leading(self, wanted: set[str], hidden: set[str]) -> Iterator[Text]:
        """Yield the labels of the shown questions that decide whether these hidden ones are asked."""
        conditions = {spec.id: spec.shown_when.facts for spec in self.definition.fields if spec.shown_when}
        behind = set(wanted)
        while more := {name for each in behind & hidden for name in conditions.get(each, ())} - behind:
            behind |= more
        vocabulary = self.definition.vocabulary
        return (vocabulary[name].label for name in vocabulary if name in behind - (hidden & set(conditions)))

    @property
    def fee_may_change(self) -> bool:
        """Whether there are amounts, and something that is not known yet could still change them."""
        return (
            self._may_change(FEE)
            and self.outcome is not None
            and any(sum_ is not None for sum_ in self.outcome.totals.values())
        )

    @property
    def day_may_change(self) -> bool:
        """Whether something that is not known yet could still change the appointment."""
        return self._may_change(DEADLINE)

    def _may_change(self, part: str) -> bool:
        return self.outcome is not None and any(part in missing.could_change for missing in self.outcome.missing)

    @property
    def told(self) -> Explained | None:
        """The outcome in words, with the formulas behind its amounts."""
        return None if self.outcome is None else explained(self.outcome, self.definition)

    @property
    def looked_up(self) -> tuple[tuple[Text, Text], ...]:
        """What is looked up in the applicant's earlier dossiers, by label; not known yet while there is no number."""
        asked = earlier.asked_of_history(self.definition)
        vocabulary = self.definition.vocabulary
        return tuple((spec.label, vocabulary[spec.id].shown(self.history.get(spec.id))) for spec in asked)

    @property
    def awaited(self) -> tuple[Awaited, ...]:
        """What a later step or another body finds out, and what it could change then."""
        if self.outcome is None:
            return ()
        later = tuple(missing for missing in self.outcome.missing if missing not in self._missing_now)
        return awaited(later, self.definition)

    def validate(self) -> bool:
        """Check all parts and name what the rules still need, so that everything wrong or wanting shows at once.

        A dossier that may not be received is only refused: there is nothing to mend.
        """
        if self.is_refused:
            assert self.outcome is not None
            self.refusal = NotEligibleError(self.outcome.refusals)
            return False
        for form in (self.applicant, self.filing, self.answers):
            form.validate()
        if self.outcome is not None:
            grounds = dossiers.grounds_against(self.definition, self.outcome, self.received)
            self.lacking = tuple(ground for ground in grounds if not self._ask(ground.fact))
            if grounds and not self.errors:  # whatever keeps the dossier from being received is never silent
                self.lacking = grounds
        return not self.errors and self.refusal is None

    def _ask(self, name: str) -> bool:
        """Ask for a fact at its field, unless an error stands there already; tell whether it has a field.

        A question that does not show yet is asked once the answer before it shows it.
        """
        form = next((form for form in (self.answers, self.applicant, self.filing) if name in form), None)
        if form is None:
            return False
        if name not in form.errors and name in form.shown():
            why = Sentence("hãy trả lời, vì phí, giấy tờ hoặc ngày hẹn còn tùy vào đây.")
            form[name].errors = [Sentence("“%(field)s”: %(what)s", field=form[name].spec.label, what=why)]
        return True

    def intake(self, duty: Duty) -> dossiers.Intake:
        """Return what a checked form says, for the act of receiving."""
        typed = read_applicant(self.applicant)
        return dossiers.Intake(
            intake_key=self.intake_key,
            procedure_code=self.definition.code,
            version_id=self.version.uuid,
            duty=duty,
            channel=self.filing["channel"].data,
            return_channel=self.filing["return_channel"].data,
            applicant=_party(typed),
            applicant_kind=typed.applicant_kind,
            facts=self.facts,
            digital_citizen=typed.digital_citizen,
            received=self.received,
        )  # fmt: skip

    def names_applicant(self) -> bool:
        """Check that it is known to whom a refusal is given; nothing else of the form must be answered for it."""
        unnamed = [self.applicant[name] for name in naming_fields(read_applicant(self.applicant))]
        unnamed = [each for each in unnamed if not each.fact]
        for each in unnamed:
            each.errors = [Sentence("“%(field)s”: ghi tên người nộp để lập phiếu từ chối.", field=each.spec.label)]
        return not unnamed

    def refused_intake(self, duty: Duty) -> dossiers.Intake:
        """Return what a form says that the rules refuse, as far as it was filled in; no identity number is needed."""
        typed = read_applicant(self.applicant)
        return dossiers.Intake(
            intake_key=self.intake_key,
            procedure_code=self.definition.code,
            version_id=self.version.uuid,
            duty=duty,
            channel=self.filing["channel"].fact or "",
            return_channel=self.filing["return_channel"].fact or "counter",
            applicant=replace(_party(typed), birth_day=None),
            applicant_kind=typed.applicant_kind,
            facts=self.facts,
            digital_citizen=typed.digital_citizen,
        )


def opened(session: Session, version: ProcedureVersion, unit: UnitOnDay, *, at: datetime) -> IntakeForm:
    """Return an empty form with a key of its own."""
    form = _made(version, unit, None)
    return _evaluated(session, form, at)


def sent(
    session: Session, version: ProcedureVersion, unit: UnitOnDay, data: MultiDict[str, str], *, at: datetime
) -> IntakeForm:
    """Return the form as it was sent, with the outcome for what it holds so far."""
    return _evaluated(session, _made(version, unit, data), at)


def tried(
    session: Session, version: ProcedureVersion, unit: UnitOnDay, data: MultiDict[str, str] | None, *, at: datetime
) -> IntakeForm:
    """Return the form of a version that is nowhere kept (thử dự thảo), with the outcome for what it holds so far."""
    form = _made(version, unit, data)
    form.is_trial = True
    return _evaluated(session, form, at)


def filled_in(version: ProcedureVersion, facts: Mapping[str, Any]) -> MultiDict[str, str]:
    """Return what a browser would send for a dossier of these facts; what no question asks for is left out."""
    definition, _ = _form_of(version.whole_sha256, version.definition)
    kinds = dossiers.kinds_of(definition)
    data = MultiDict(_first_answers(dossiers.ways_of(definition), kinds))
    applicant = _applicant_form(kinds)().specs
    for fields, prefix in ((applicant, APPLICANT), (_FILING_FIELDS, FILING), (definition.fields, ANSWERS)):
        written = form_data_of(fields, facts, prefix)
        for name in written:
            data.setlist(name, written.getlist(name))
    return data


def _made(version: ProcedureVersion, unit: UnitOnDay, data: MultiDict[str, str] | None) -> IntakeForm:
    definition, form = _form_of(version.whole_sha256, version.definition)
    ways = dossiers.ways_of(definition)
    kinds = dossiers.kinds_of(definition)
    given = MultiDict(_first_answers(ways, kinds)) if data is None else data
    return IntakeForm(
        version=version,
        definition=definition,
        unit=unit,
        intake_key=intake_key_of(given) or uuid4(),
        seen_version=version.uuid if data is None else _uuid(given.get("version")),
        applicant=_applicant_form(kinds)(given, prefix=APPLICANT),
        filing=_filing_form(ways)(given, prefix=FILING),
        answers=form(data, prefix=ANSWERS),
        received=frozenset(given.getlist("received")),
        facts={},
        listed=given.get("listed", ""),
    )


def intake_key_of(data: MultiDict[str, str]) -> UUID | None:
    """Return the key that a sent form was opened with."""
    return _uuid(data.get("intake_key"))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _evaluated(session: Session, form: IntakeForm, at: datetime) -> IntakeForm:
    """Read the facts and compute the outcome; computed facts may show further questions, so look again."""
    for part in (form.applicant, form.filing, form.answers):
        part.offer_on(legal_day(at))
    refer(session, form.answers, legal_day(at))
    typed = read_applicant(form.applicant)
    known = dossiers.known_facts(
        form.unit,
        channel=form.filing["channel"].fact,
        applicant_kind=typed.applicant_kind or None,
        digital_citizen=typed.digital_citizen,
    )
    form.history = earlier.facts_of(session, form.version, _party(typed), at)
    known |= form.history
    form.answers.known = known
    read: dict[str, Any] | None = None
    register: Mapping[str, Any] = {}
    try:
        while read != (facts := read_facts(form.definition, form.answers)):
            form.facts = read = facts  # kept also where nothing can be computed: a leader decides on them then
            done = evaluations.evaluate_facts(session, form.version, {**facts, **known}, at)
            form.outcome = done.evaluation
            form.answers.known = {**known, **_computed(form.definition, done.evaluation)}
            register = done.office
        form.decisive = _decisive(session, form, {**form.facts, **known}, at, register)
    except RefusalError as refusal:
        form.refusal = refusal
    return form


def _party(typed: Typed) -> Applicant:
    """Return who applies as the register of persons and organisations knows them, as far as the form does."""
    reached: dict[str, Any] = {"phone": typed.phone, "email": typed.email}
    if not typed.is_organisation:
        return Applicant(
            kind=PERSON, full_name=typed.full_name, identifier=typed.citizen_id, identifier_kind=CITIZEN_ID,
            birth_day=typed.birth_day, address=typed.address, **reached,
        )  # fmt: skip
    return Applicant(
        kind=ORGANISATION, full_name=typed.organisation_name, identifier=typed.tax_code or typed.decision_number,
        identifier_kind=TAX_CODE if typed.tax_code else DECISION, birth_day=None, address=typed.seat, **reached,
        representative=Representative(
            typed.representative_name, typed.representative_position, typed.representative_id
        ),
    )  # fmt: skip


def _shown(form: Any) -> Iterator[str]:
    return _names(form, lambda each: each.shown())


def _decisive(
    session: Session, form: IntakeForm, facts: Mapping[str, Any], at: datetime, register: Mapping[str, Any]
) -> frozenset[str]:
    """Return the answered questions without which the dossier could not be received: each is left out once."""
    required = form.answers.required()
    optional = [name for name in facts if (name in form.answers or name in form.applicant) and name not in required]

    def is_missed(name: str) -> bool:
        rest = {other: value for other, value in facts.items() if other != name}
        seen = shown_fields(form.answers.specs, {**form.answers.known, **rest})
        left = {other: value for other, value in rest.items() if other in seen or other not in form.answers}
        without = evaluations.evaluate_facts(session, form.version, left, at, register=register).evaluation
        return name in {missing.fact for missing in dossiers.missing_now(form.definition, without)}

    return frozenset(filter(is_missed, optional))


def _computed(definition: ProcedureDefinition, outcome: Evaluation) -> dict[str, Any]:
    """Return the facts of an outcome that the evaluation made, typed, for the conditions of the form."""
    vocabulary = definition.vocabulary
    made = {
        name: value
        for name, value in outcome.facts.items()
        if name in vocabulary and (vocabulary[name].source in DERIVED or name in MADE_FACTS)
    }
    return typed_facts.read_back(made, vocabulary)


def _place_of(ground: dossiers.Ground) -> str:
    """Return the HTML id where something that is wanting is told: the paper in the list, else what the rules say."""
    return f"received-{ground.paper}" if ground.paper else "panel"


def _rows_of(form: Any) -> Iterator[Any]:
    return (entry.form for answer in form.answers for entry in getattr(answer, "entries", ()))


def _names(form: Any, wanted: Callable[[Any], frozenset[str]]) -> Iterator[str]:
    names = wanted(form)
    for answer in form.answers:
        if answer.spec.id in names:
            yield answer.name
        for entry in getattr(answer, "entries", ()):
            yield from _names(entry.form, wanted)
