"""Findings of a draft as its page shows them: sorted by what they ask for, each with its witness in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from app.clock import VIETNAM
from app.services.errors import NotFoundError
from app.services.procedure import PlacedFinding, Proof, quoted
from app.services.since_proof import draft_findings
from app.services.waiver import kind_words
from app.storage.procedure import ProcedureDraft
from app.storage.waiver import FindingWaiver
from rules import codec
from rules.check.findings import Witness
from rules.definition.procedure import ProcedureDefinition
from rules.errors import FactsError, Severity
from rules.values import Text
from rules.wording import same

FIRST_HOUR = time(8)
"""When a dossier that shows a finding is taken to be accepted, where the proof names only the day."""


@dataclass(frozen=True, slots=True)
class ShownDossier:
    """A dossier in words: facts by label, and the day of its acceptance, with the hour where it is said."""

    facts: tuple[tuple[Text, Text], ...]
    when: str


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One finding with everything its card says; `row` is the suggested row as it would stand in the file."""

    finding: PlacedFinding
    quoted: str
    kind: Text | None
    dossier: ShownDossier | None
    suggested: tuple[tuple[Text, str], ...]
    row: str
    waiver: FindingWaiver | None


@dataclass(frozen=True, slots=True)
class SortedFindings:
    """The findings of a draft by what they ask for: to be mended, looked at, only told, and let be with a reason."""

    mend: tuple[ShownFinding, ...]
    look: tuple[ShownFinding, ...]
    told: tuple[ShownFinding, ...]
    accepted: tuple[ShownFinding, ...]


def sorted_findings(proof: Proof, text: str, waivers: Mapping[str, FindingWaiver]) -> SortedFindings:
    """Return the findings of a proof of this text as its page shows them."""

    def shown(findings: Iterable[PlacedFinding]) -> tuple[ShownFinding, ...]:
        return tuple(_shown(finding, proof.definition, text, waivers) for finding in findings)

    return SortedFindings(
        mend=shown(proof.open_findings(Severity.ERROR)),
        look=shown(proof.open_findings(Severity.WARNING)),
        told=shown(proof.open_findings(Severity.NOTE)),
        accepted=shown(proof.accepted),
    )


def _shown(
    finding: PlacedFinding, definition: ProcedureDefinition, text: str, waivers: Mapping[str, FindingWaiver]
) -> ShownFinding:
    found = finding.found
    return ShownFinding(
        finding=finding,
        quoted=quoted(text, finding.line),
        kind=kind_words(found.kind) if found else None,
        dossier=_dossier(definition, found.witness) if found and found.witness else None,
        suggested=tuple(_cells(definition, found.suggested)) if found else (),
        row=_as_written(found.suggested) if found and found.suggested else "",
        waiver=waivers.get(finding.key),
    )


def _dossier(definition: ProcedureDefinition, witness: Witness) -> ShownDossier:
    return ShownDossier(tuple(_facts_said(definition, witness.facts)), accepted_when(witness.on, witness.at))


def accepted_when(on: date, at: datetime | None) -> str:
    """Say when a dossier is accepted: `20/11/2026`, or `16:30 20/11/2026` where the hour is said."""
    return f"{at:%H:%M %d/%m/%Y}" if at else f"{on:%d/%m/%Y}"


def _facts_said(definition: ProcedureDefinition, facts: Mapping[str, Any]) -> Iterator[tuple[Text, Text]]:
    """Yield facts by label in the order of the vocabulary; what cannot be read as a fact stands as it came."""
    vocabulary = definition.vocabulary
    try:
        known: Mapping[str, Any] = codec.facts_from_json(definition, facts)
    except FactsError:
        yield from ((same(name), same(str(value))) for name, value in facts.items())
        return
    yield from ((fact.label, fact.shown(known[name])) for name, fact in vocabulary.items() if name in known)


def _cells(definition: ProcedureDefinition, cells: Mapping[str, str]) -> Iterator[tuple[Text, str]]:
    facts = definition.vocabulary
    for name, cell in cells.items():
        yield (facts[name].label if name in facts else same(name)), cell


def _as_written(cells: Mapping[str, str]) -> str:
    """Return the cells as the file writes them; the quotes keep a cell a text whatever is in it, quotes included."""
    told = ", ".join(f"{name}: {_quoted(cell)}" for name, cell in cells.items())
    return f"when: {{{told}}}"


def _quoted(cell: str) -> str:
    doubled = cell.replace("'", "''")
    return f"'{doubled}'"


def dossier_to_try(session: Session, draft: ProcedureDraft, key: str) -> tuple[dict[str, Any], datetime]:
    """Return the typed facts of the dossier that shows a finding of the draft, and the moment it is accepted."""
    definition, findings = draft_findings(session, draft)
    found = next((each.found for each in findings if each.key == key), None)
    if found is None or found.witness is None:
        raise NotFoundError(
            "Dự thảo không còn điểm này, hoặc điểm này không có hồ sơ mẫu.", todo="Tải lại trang dự thảo để xem."
        )
    witness = found.witness
    at = witness.at or datetime.combine(witness.on, FIRST_HOUR)
    return codec.facts_from_json(definition, witness.facts), at if at.tzinfo else at.replace(tzinfo=VIETNAM)
