"""What procedures are called in both languages: as the definition published last says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.storage.office import FieldOfWork
from app.storage.procedure import Procedure, ProcedureVersion
from rules.values import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Title:
    """The name and the field of work (lĩnh vực) of a procedure."""

    name: Text
    field_of_work: Text = NO_TEXT


def fields_of_work(session: Session) -> Mapping[str, str]:
    """Return the English names of the fields of work that have one, by their Vietnamese names."""
    named = select(FieldOfWork.name, FieldOfWork.name_en).where(FieldOfWork.name_en.is_not(None))
    return {name: english or "" for name, english in session.execute(named)}


def titles(session: Session, codes: Iterable[str]) -> Mapping[str, Title]:
    """Return the titles of procedures by their codes; one without a published version is not among them."""
    newest = (
        select(func.max(ProcedureVersion.id))
        .join(Procedure, Procedure.id == ProcedureVersion.procedure_id)
        .where(Procedure.code.in_(sorted(set(codes))))
        .group_by(ProcedureVersion.procedure_id)
    )
    definition = cast(ProcedureVersion.definition, JSONB)
    rows = session.execute(
        select(definition["code"].astext, definition["name"], definition["field_of_work"]).where(
            ProcedureVersion.id.in_(newest)
        )
    )
    return {code: Title(Text.from_data(name), Text.from_data(field or "")) for code, name, field in rows}
