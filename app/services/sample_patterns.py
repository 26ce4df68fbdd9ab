"""Patterns of invented dossiers (khuôn hồ sơ mẫu): a fact set really evaluated, whose outcome many dossiers share.

What differs from dossier to dossier (the unit's code, free text, names) stands in it as a mark. A second evaluation
with values in place of the marks must give the same bytes, else the pattern is not used: so whatever is made from a
pattern is what the rules would have said, and its replay has the same hash.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.clock import legal_day
from app.exporters.papers import TEMPLATE_VERSION
from app.services import evaluation as evaluations
from app.services.dossier import Promised, grounds_against, known_facts
from app.services.office import UnitOnDay
from app.services.party import APPLICANT, ORGANISATION, PERSON, REPRESENTATIVE, TAX_CODE
from app.services.receipt import Received, filled, paper_data
from app.services.sample_facts import KINDS, drawn_channel, drawn_facts, is_open_text, mark, text_for
from app.storage.dossier import Dossier, DossierPaper
from app.storage.procedure import Procedure, ProcedureVersion
from rules import codec
from rules.clock.calendar import OfficeTime
from rules.definition.money import Collected
from rules.definition.procedure import Field
from rules.errors import FactsError
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.lifecycle import Outcome
from rules.say.keeping import keeping_said
from rules.say.outcome import explained
from rules.vocabulary import APPLICANT_KINDS, ORGANISATIONS

TRIES = 60
"""Fact sets drawn for one pattern before the procedure is taken as one of which nothing can be invented."""

PATHS = 6
"""Ways through the office that the dossiers of one pattern go."""

_MARK = re.compile(r"⟦(\w+)⟧")
_RETURNED = {"counter": "counter", "post": "post"}
_SUMMARY = {Outcome.GRANTED: "Đủ điều kiện, đồng ý giải quyết.", Outcome.PARTLY: "Đồng ý giải quyết một phần.",
            Outcome.REFUSED: "Không đủ điều kiện theo quy định."}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """JSON with marks, ready to be filled with the bytes of each dossier."""

    text: bytes

    @classmethod
    def of(cls, content: Any, unit_code: str) -> "Form":
        """Return the form of this content, written canonically; a text that is the unit's code is a mark, too."""
        text = canonical(content).replace("%", "%%").replace(f'"{unit_code}"', '"%(unit)s"')
        return cls(_MARK.sub(r"%(\1)s", text).encode())

    def fill(self, values: Mapping[bytes, bytes]) -> bytes:
        """Return the JSON with these values, each the inside of a JSON string."""
        return self.text % values


@dataclass(frozen=True, slots=True)
class Path:
    """How one dossier went through the office: moments of its acts, None for what had not happened by the end."""

    taken_over_at: datetime | None
    decided_at: datetime | None
    outcome: Outcome
    returned_at: datetime | None

    @property
    def summary(self) -> str:
        """What the officer wrote of the result."""
        return _SUMMARY[self.outcome]


@dataclass(frozen=True, slots=True)
class Place:
    """Units that are alike for a procedure (same kind, same territories), by their kind and two of their codes."""

    kind: str
    code: str
    other_code: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One evaluated fact set accepted at one moment, and everything that follows from it."""

    procedure: Procedure
    version: ProcedureVersion
    at: datetime
    channel: str
    return_channel: str
    applicant_kind: str
    open_fields: tuple[Field, ...]
    typed: Mapping[str, Any]
    """The answers, with marks for what each dossier has of its own."""
    facts: Form
    outcome: Form
    receipt: Form
    evaluation: Evaluation
    promised: Promised
    paths: tuple[Path, ...]

    @property
    def is_of_organisation(self) -> bool:
        """Whether an organisation applies."""
        return self.applicant_kind in ORGANISATIONS

    @property
    def collected(self) -> tuple[dict[str, Any], ...]:
        """The amounts that are collected when the result is handed over."""
        return tuple(
            {"label": line.label.vi, "amount": line.amount, "currency": line.currency}
            for line in self.evaluation.charges
            if line.amount and line.collected == Collected.AT_RESULT
        )


def canonical(content: Any) -> str:
    """Return JSON as it is hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_WRITING = json.JSONEncoder(ensure_ascii=False)  # one for all: `json.dumps` makes a new one at each call


def inside(text: str) -> bytes:
    """Return the inside of a JSON string that says this."""
    return _WRITING.encode(text)[1:-1].encode()


def outcome_of(pattern: Pattern, values: Mapping[bytes, bytes]) -> tuple[str, bytes]:
    """Return the hash and the JSON of the outcome of one dossier."""
    content = pattern.outcome.fill(values)
    digest = hashlib.sha256(content).hexdigest()
    return digest, b'{"hash":"' + digest.encode() + b'",' + content[1:]


def pattern_of(
    version: ProcedureVersion, place: Place, at: datetime, *, now: datetime, office: OfficeTime, chance: Random
) -> Pattern | None:
    """Return a pattern of a version accepted at this moment at such a place, None where none was found."""
    drawing = _Drawing(version, place, at, office, chance)
    for _ in range(TRIES):
        found = drawing.drawn(now)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Drawing:
    version: ProcedureVersion
    place: Place
    at: datetime
    office: OfficeTime
    chance: Random

    def drawn(self, now: datetime) -> Pattern | None:
        """Draw one fact set; None where its dossier could not be received, or its outcome hangs on a mark."""
        definition = evaluations.definition_of(self.version)
        channel = drawn_channel(self.chance, definition.statutory.ways)
        kinds = definition.statutory.applicant_kinds or tuple(APPLICANT_KINDS)
        applicant_kind = self.chance.choices(kinds, [KINDS.get(kind, 1) for kind in kinds])[0]
        known = known_facts(
            self._unit(), channel=channel, applicant_kind=applicant_kind, digital_citizen=self.chance.random() < 0.35
        )  # fmt: skip
        facts = {**drawn_facts(definition, self.at, self.chance), **known}
        try:
            evaluation = self._evaluated(facts)
        except FactsError:
            return None
        papers = frozenset(paper.code for paper in definition.papers)
        if evaluation.refusals or grounds_against(definition, evaluation, papers):
            return None
        content = Form.of(_content(evaluation), self.place.code)
        open_fields = tuple(field for field in definition.fields if field.id in facts and is_open_text(field))
        if not self._holds_for_others(facts, open_fields, content):
            return None
        returned = _RETURNED.get(channel) or self.chance.choice(("counter", "online", "post"))
        return Pattern(
            procedure=self.version.procedure, version=self.version, at=self.at, channel=channel,
            return_channel=returned, applicant_kind=applicant_kind, open_fields=open_fields, typed=facts,
            facts=Form.of(codec.facts_to_json(definition, facts), self.place.code), outcome=content,
            receipt=self._receipt(facts, evaluation, channel, returned),
            evaluation=evaluation, promised=Promised.of(evaluation),
            paths=tuple(self._path(evaluation, now) for _ in range(PATHS)),
        )  # fmt: skip

    def _unit(self) -> UnitOnDay:
        kind, code = self.place.kind, self.place.code
        return UnitOnDay(0, "", mark("unit_name"), kind, mark("desk_name"), {"kind": kind}, None, code)

    def _evaluated(self, facts: Mapping[str, Any]) -> Evaluation:
        procedure = evaluations.procedure_of(self.version)
        return evaluate(procedure, facts, on=legal_day(self.at), at=self.at, office=self.office)

    def _holds_for_others(self, facts: Mapping[str, Any], open_fields: Sequence[Field], content: Form) -> bool:
        """Evaluate once more with other words and another unit: the form, filled with them, must say the same."""
        bits = self.chance.getrandbits(64)
        other = self.place.other_code
        words = {"receiving_unit": other} | {field.id: text_for(field, bits) for field in open_fields}
        values = {name.encode(): inside(said) for name, said in words.items()} | {b"unit": inside(other)}
        return content.fill(values) == canonical(_content(self._evaluated({**facts, **words}))).encode()

    def _receipt(self, facts: Mapping[str, Any], evaluation: Evaluation, channel: str, return_channel: str) -> Form:
        definition = evaluations.definition_of(self.version)
        due = evaluation.deadline
        dossier = Dossier(
            code=mark("code"), accepted_at=self.at, filing_channel=channel, return_channel=return_channel,
            appointment_due=due.appointment if due else None,
        )  # fmt: skip
        paper = filled(
            dossier,
            Received(
                unit=self._unit(), parent=mark("parent"), place=mark("place"), definition=definition,
                outcome=explained(evaluation, definition).outcome, ruling=None, papers=papers_of(evaluation),
                parties=_parties(facts["applicant_kind"]), applicant_kind=facts["applicant_kind"],
                officer=(mark("officer"), ""),
                kept=None if definition.kept_elsewhere is None else keeping_said(definition, facts),
            ),
        )  # fmt: skip
        return Form.of(paper_data(paper), self.place.code)

    def _path(self, evaluation: Evaluation, now: datetime) -> Path:
        """Draw how long the steps took: most dossiers are in time, some late, few of them forgotten or not fetched."""
        due, chance = evaluation.deadline, self.chance
        assert due is not None, "a dossier without an appointment was refused before"
        assert due.appointment is not None, "a dossier without an appointment was refused before"
        span = self.office.working_time(self.at, due.appointment)
        share = chance.uniform(0.15, 0.97) if chance.random() < 0.94 else 1 + chance.expovariate(2.5)
        decided = self._later(self.at, max(span * share, timedelta(minutes=4)))
        taken = self._later(self.at, min(timedelta(minutes=chance.randint(3, 400)), span * share / 2))
        rest = chance.choices((2, 6, 24, 120), (60, 25, 12, 3))[0]
        returned = self._later(decided, timedelta(hours=chance.uniform(0.05, rest)))
        outcome = chance.choices(tuple(Outcome), (95, 2, 3))[0]
        if chance.random() < 0.002:
            decided = now + timedelta(days=1)
        at_once = chance.random() < 0.08
        return Path(
            taken_over_at=taken if taken < min(now, decided) and not at_once else None,
            decided_at=decided if decided < now else None,
            outcome=outcome,
            returned_at=returned if returned < now and decided < now else None,
        )

    def _later(self, start: datetime, span: timedelta) -> datetime:
        return self.office.after_working_time(start, span) + timedelta(seconds=self.chance.randint(1, 59))


def papers_of(evaluation: Evaluation) -> list[DossierPaper]:
    """Return the papers of an outcome as they are written down when all of them are handed in."""
    return [
        DossierPaper(
            code=paper.code, revision=1, label=paper.label.vi, required=paper.required, originals=paper.originals,
            copies=paper.copies, received=True, detail={"handed": paper.handed, "need": paper.need},
        )
        for paper in evaluation.papers if paper.need != "note"
    ]  # fmt: skip


def _content(evaluation: Evaluation) -> dict[str, Any]:
    return {name: value for name, value in evaluation.to_data().items() if name != "hash"}


def _parties(applicant_kind: str) -> dict[str, dict[str, Any]]:
    """Return the parties of a receipt with marks for what is theirs."""
    told: dict[str, Any] = {name: mark(name) for name in ("full_name", "phone", "address", "identifier_end")}
    told |= {"email": ""}
    if applicant_kind not in ORGANISATIONS:
        return {APPLICANT: {"kind": PERSON, **told}}
    organisation = {"kind": ORGANISATION, "identifier_kind": TAX_CODE, "identifier": mark("identifier"), **told}
    return {APPLICANT: organisation, REPRESENTATIVE: {**told, "full_name": mark("acting")}}


__all__ = ["TEMPLATE_VERSION", "Callable", "Form", "Path", "Pattern", "inside", "outcome_of", "papers_of", "pattern_of"]
