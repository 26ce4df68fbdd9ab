"""What a person's earlier dossiers say (câu hỏi về lịch sử): counted at the acceptance, kept with its facts.

A dossier of the whole province counts, also one that the officer may not see: only the number leaves the database.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app.clock import VIETNAM, legal_day
from app.services import evaluation as evaluations
from app.services.party import Applicant, known_party, lookup_of
from app.storage.earlier import count_earlier, hold_number
from app.storage.procedure import ProcedureVersion
from rules.definition.procedure import FactSpec, ProcedureDefinition
from rules.definition.process import CountWithin, HistoryQuery


def asked_of_history(definition: ProcedureDefinition) -> tuple[FactSpec, ...]:
    """Return the facts of a definition that a person's earlier dossiers answer."""
    return tuple(spec for spec in definition.facts if spec.query is not None)


def facts_of(session: Session, version: ProcedureVersion, applicant: Applicant, at: datetime) -> dict[str, int]:
    """Return the answers of this applicant's earlier dossiers; nothing is known of somebody without a number."""
    asked = asked_of_history(evaluations.definition_of(version))
    if not asked or not applicant.identifier:
        return {}
    party = known_party(session, applicant)
    return dict(_counted(session, version, asked, party, at))


def _counted(
    session: Session, version: ProcedureVersion, asked: tuple[FactSpec, ...], party: int | None, at: datetime
) -> Iterator[tuple[str, int]]:
    """Yield each fact with its number; who is new here has no earlier dossiers, and that is known."""
    for spec in asked:
        assert spec.query is not None, "only facts with a query are asked"
        number = 0 if party is None else _count(session, version, spec.query, party, at)
        yield spec.id, number


def _count(session: Session, version: ProcedureVersion, query: HistoryQuery, party: int, at: datetime) -> int:
    since = _year_begins(legal_day(at)) if query.within is CountWithin.YEAR else None
    return count_earlier(
        session, party_id=party, what=query.count.value, kind=query.kind, procedure_id=version.procedure_id,
        since=since,
    )  # fmt: skip


def _year_begins(on: date) -> datetime:
    return datetime.combine(date(on.year, 1, 1), time(), VIETNAM)


def hold_person(session: Session, version: ProcedureVersion, applicant: Applicant) -> None:
    """Let two acceptances of one person follow each other, where their number is asked for.

    Otherwise two desks at once would both find a reduction unused that may be used only once.
    """
    if applicant.identifier and asked_of_history(evaluations.definition_of(version)):
        hold_number(session, lookup_of(applicant)[1])
