"""What a draft rests on and that reads otherwise than in the version proved last: lists, parameters, shared rule sets.

A version keeps the file it was proved with whole, its registers among it: what they were is read from there.
"""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.importers import strict_yaml
from app.services.office import office_register, office_time
from app.services.procedure import PlacedFinding, Proof, checked, newest_version, placed
from app.storage.procedure import Procedure, ProcedureDraft
from rules.compare.since_proof import changed_since_proof
from rules.definition.procedure import ProcedureDefinition
from rules.errors import DefinitionError
from rules.reading import mapping_of


def changes_of(session: Session, draft: ProcedureDraft) -> tuple[PlacedFinding, ...]:
    """Return what of the registers changed since the last published version, by its line in the draft."""
    procedure = session.scalars(select(Procedure).where(Procedure.id == draft.procedure_id)).one()
    version = newest_version(session, procedure)
    if version is None:
        return ()
    try:
        loaded = strict_yaml.load(draft.source_text)
        proved, now = mapping_of(strict_yaml.load(version.source_text).data), mapping_of(loaded.data)
        office = office_time(office_register(session))
        found = tuple(changed_since_proof(proved or {}, now or {}, office))
    except (DefinitionError, strict_yaml.UnusableYamlError):
        return ()  # written in an older format, or resting on what the draft alone holds: the comparison tells it whole
    return tuple(placed(each, loaded) for each in found)


def with_changes(session: Session, draft: ProcedureDraft, proof: Proof) -> Proof:
    """Return the proof of a draft with what of its registers changed since the last version."""
    return replace(proof, findings=(*proof.findings, *changes_of(session, draft)))


def draft_findings(session: Session, draft: ProcedureDraft) -> tuple[ProcedureDefinition, tuple[PlacedFinding, ...]]:
    """Return the draft with all that its page tells of it, its golden cases aside."""
    definition, findings = checked(draft.source_text)
    return definition, (*findings, *changes_of(session, draft))
