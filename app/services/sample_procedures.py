"""The sample procedures, published once by the demo catalogue administrator as anybody would publish them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.clock import legal_day
from app.security.assignment import Rights, rights_of
from app.services import procedure as procedures
from app.services.announcement import searchable
from app.services.errors import NotFoundError
from app.services.procedure import Publication
from app.services.sample import SAMPLES
from app.storage.account import Officer
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.procedure import Procedure
from app.storage.unit_of_work import Work, unit_of_work
from rules.definition.procedure import ProcedureDefinition

PUBLISHER = "danhmuc"
"""The demo catalogue administrator (samples/people.yaml), in whose name the samples are published."""

PROVINCE_BEGAN = date(2025, 7, 1)
"""The new province and its commune level began on this day; a sample's law that is younger begins later."""


def publish_samples(at: datetime) -> tuple[str, ...]:
    """Publish every sample procedure that has no version yet; return the codes of those published now.

    Each one is two acts (draft, publication), committed for itself: what was stopped half-way goes on next time.
    """
    files = sorted((SAMPLES / "procedures").glob("*.yaml"))
    with unit_of_work() as work:
        officer = _publisher(work)
        rights = rights_of(work.session, officer.id, legal_day(at))
    token = act_as(Identity(officer.id, officer.username, rights.scope))
    try:
        done = [_published(path.read_text(encoding="utf-8"), path.name, rights, at) for path in files]
    finally:
        act_no_longer(token)
    return tuple(code for code in done if code)


def _publisher(work: Work) -> Officer:
    found = work.session.scalars(select(Officer).where(Officer.username == PUBLISHER)).one_or_none()
    if found is None:
        raise NotFoundError("Chưa có tài khoản quản trị danh mục của tỉnh mẫu.", todo="Nạp tỉnh mẫu trước.")
    return found


def _published(text: str, file_name: str, rights: Rights, at: datetime) -> str:
    """Publish one file; return its code, or nothing where it was published before."""
    definition, _ = procedures.read_definition(text)
    with unit_of_work() as work:
        procedure = _procedure(work, definition)
        if procedures.newest_version(work.session, procedure) is not None:
            return ""
        known = procedures.draft_of(work.session, procedure)
        seen = known.lock_version if known else None
        procedures.save_draft(
            work, procedure.uuid, text=text, file_name=file_name, rights=rights, seen_version=seen, at=at
        )  # fmt: skip
    _publish(procedure.uuid, begins(definition), rights, at)
    return definition.code


def _publish(procedure_id: UUID, since: date, rights: Rights, at: datetime) -> None:
    with unit_of_work() as work:
        draft = procedures.draft_of(work.session, procedures.procedure_with(work.session, procedure_id))
        procedures.publish(
            work, procedure_id, Publication(since=since), rights=rights,
            seen_version=draft.lock_version if draft else 0, at=at,
        )  # fmt: skip


def _procedure(work: Work, definition: ProcedureDefinition) -> Procedure:
    """Return the procedure's row, made where the catalogue does not have it yet."""
    found = work.session.scalars(select(Procedure).where(Procedure.code == definition.code)).one_or_none()
    if found is not None:
        return found
    name = definition.name.vi
    search, order = searchable(definition.code, name)
    made = Procedure(
        code=definition.code, name=name, field_of_work=definition.field_of_work.vi, folded=search, sort_key=order
    )
    work.session.add(made)
    work.flush()
    return made


def begins(definition: ProcedureDefinition) -> date:
    """Return the day a sample applies from: 1 July 2025, or the first day any document it cites is in force."""
    days: Sequence[date] = [document.period.since for document in definition.basis if document.period.since]
    return max(PROVINCE_BEGAN, min(days, default=PROVINCE_BEGAN))
