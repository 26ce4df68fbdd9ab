"""Dossiers whose state another body's system keeps (hệ thống khác giữ hồ sơ): mirrored and shown, not decided here."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.services import evaluation as evaluations
from app.services.errors import MoveNotAllowedError
from app.storage.dossier import Dossier, DossierFacts
from rules import codec
from rules.definition.keeping import Desk
from rules.definition.procedure import ProcedureDefinition
from rules.say.keeping import Keeping, keeping_said


def keeping_of(session: Session, dossier: Dossier) -> Keeping | None:
    """Say who decides a dossier and whose system keeps it, with its number there; None where it is kept here."""
    definition = evaluations.definition_of(dossier.rules_version)
    if definition.kept_elsewhere is None:
        return None
    last = select(DossierFacts.facts).where(
        DossierFacts.dossier_id == dossier.id, DossierFacts.revision == dossier.facts_revision
    )
    return keeping_said(definition, codec.facts_from_json(definition, session.scalars(last).one()))


def refuse_where_only_guided(definition: ProcedureDefinition) -> None:
    """Refuse to receive under a procedure for which the desk only guides the applicant."""
    kept = definition.kept_elsewhere
    if kept is not None and kept.desk is Desk.GUIDES:
        raise MoveNotAllowedError(
            "Hồ sơ của thủ tục %(code)s không được nhận ở đây: %(system)s giữ hồ sơ này.",
            todo="Hướng dẫn người nộp giấy tờ, phí, thời hạn và nơi nộp.",
            code=definition.code,
            system=kept.system,
        )
