"""Filling the side table that dossiers are searched by: a job beside the act, and all again for a new version."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.services import evaluation as evaluations
from app.services.job import Progress, ask, handles
from app.storage.dossier import Dossier, DossierFacts
from app.storage.office import Unit
from app.storage.procedure import ProcedureVersion
from app.storage.search import SearchLine, lines_of, rewrite_lines
from app.storage.unit_of_work import Work, unit_of_work
from forms.searched import SearchedField, searched
from forms.sentence import Sentence
from rules import codec

ONE, ALL = "search_lines", "search_lines_of_procedure"
BATCH = 200
"""So many dossiers are written in one transaction, so that no desk waits for a long one."""


def ask_for(work: Work, dossier: Dossier) -> None:
    """Ask, in the act's own transaction, that a dossier be found by its answers as they are now."""
    key = f"{ONE}:{dossier.uuid}:{dossier.facts_revision}"
    work.ask_job(ask(ONE, key, {"dossier": dossier.id, "revision": dossier.facts_revision}))


def ask_for_all(work: Work, version: ProcedureVersion) -> None:
    """Ask that all dossiers of a procedure be found by what its new version searches by.

    Who publishes sees no dossier. The job sees those of all units, reads their answers and writes nothing but lines.
    A first version has none yet.
    """
    if version.number == 1:
        return
    job = ask(ALL, f"{ALL}:{version.uuid}", {"procedure": version.procedure_id})
    units = work.session.scalars(select(Unit.id)).all()
    job.identity = {**job.identity, "units": sorted(units)}
    work.ask_job(job)


def fields_now(session: Session, procedure_id: int) -> tuple[SearchedField, ...]:
    """Return what the dossiers of a procedure are searched by: what the version published last says.

    A field keeps its type for the procedure's life, so older dossiers are found by the fields they have.
    """
    newest = session.scalars(
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure_id)
        .order_by(ProcedureVersion.number.desc())
        .limit(1)
    ).one()
    return searched(evaluations.definition_of(newest))


@handles(ONE)
def fill_one(payload: Mapping[str, Any], progress: Progress) -> str:
    """Write the lines of one dossier as it stands; a job that comes late writes what is true by then."""
    with unit_of_work() as work:
        dossier = work.session.scalars(select(Dossier).where(Dossier.id == payload["dossier"])).one()
        # Whoever holds the row writes last: two jobs of one dossier follow each other.
        evaluations.hold(work.session, dossier)
        work.session.refresh(dossier)
        _write(work.session, dossier, fields_now(work.session, dossier.procedure_id))
        work.commit()
    progress.tell(1, 1)
    return Sentence("Đã cập nhật phần tra cứu của hồ sơ.")


@handles(ALL)
def fill_all(payload: Mapping[str, Any], progress: Progress) -> str:
    """Write the lines of all dossiers of a procedure, batch by batch; begun again it only repeats itself."""
    procedure_id = int(payload["procedure"])
    of_procedure = select(func.count()).select_from(Dossier).where(Dossier.procedure_id == procedure_id)
    total = db.session().scalars(of_procedure).one()
    fields = fields_now(db.session(), procedure_id)
    done = 0
    for batch in _batches(db.session(), procedure_id):
        with unit_of_work() as work:
            held = select(Dossier).where(Dossier.id.in_(batch)).order_by(Dossier.id).with_for_update()
            for dossier in work.session.scalars(held):
                _write(work.session, dossier, fields)
                done += 1
            work.commit()
        progress.tell(done, total)
    return Sentence("Đã cập nhật phần tra cứu của %(count)s hồ sơ.", count=done)


def _batches(session: Session, procedure_id: int) -> Iterator[list[int]]:
    last = 0
    of_procedure = select(Dossier.id).where(Dossier.procedure_id == procedure_id).order_by(Dossier.id).limit(BATCH)
    while batch := list(session.scalars(of_procedure.where(Dossier.id > last))):
        yield batch
        last = batch[-1]


def _write(session: Session, dossier: Dossier, fields: tuple[SearchedField, ...]) -> None:
    facts = session.scalars(
        select(DossierFacts.facts).where(
            DossierFacts.dossier_id == dossier.id, DossierFacts.revision == dossier.facts_revision
        )
    ).one()
    version = session.get_one(ProcedureVersion, dossier.rules_version_id)
    typed = codec.facts_from_json(evaluations.definition_of(version), facts)
    lines: Iterator[SearchLine] = lines_of(fields, typed, code=dossier.code, applicant=dossier.applicant_name)
    rewrite_lines(
        session, dossier.id, unit_id=dossier.receiving_unit_id, procedure_id=dossier.procedure_id, lines=lines
    )
