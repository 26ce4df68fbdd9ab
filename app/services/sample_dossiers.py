"""The sample dossiers: received, taken over, decided and returned by the demo officers through the real acts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import VIETNAM, legal_day
from app.security.assignment import Duty, Rights, rights_of
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import receipt
from app.services.dossier import Intake, Ruling
from app.services.handing_over import hand_over
from app.services.office import office_register, office_time
from app.services.party import Applicant
from app.services.sample import read_sample
from app.storage.account import Officer
from app.storage.dossier import Dossier
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.office import Unit
from app.storage.unit_of_work import Work, unit_of_work
from rules import codec
from rules.clock.calendar import WorkCalendar
from rules.definition.procedure import ProcedureDefinition

INVENTED = "https://example.invalid/dossier/"
SUMMARIES = {
    "granted": "Đủ điều kiện, đồng ý giải quyết.",
    "partly": "Đồng ý giải quyết một phần.",
    "refused": "Không đủ điều kiện theo quy định.",
}


def load_dossiers(now: datetime) -> int:
    """Make the sample dossiers with moments before `now`; each act in its own transaction, as at the desk.

    A dossier that is there already is left alone, so a load that was interrupted goes on where it stopped.
    """
    persons = {row["key"]: row for row in read_sample("persons.yaml")["persons"]}
    rows: list[dict[str, Any]] = read_sample("dossiers.yaml")["dossiers"]
    with unit_of_work() as work:
        calendar = office_time(office_register(work.session)).calendar

    def accepted_at(row: Mapping[str, Any]) -> datetime:
        return _moment(row["accepted"], now, calendar)

    rows.sort(key=accepted_at)
    for row in rows:
        _one(row, persons[row["applicant"]], now, calendar)
    return len(rows)


def sample_keys() -> list[UUID]:
    """Return the intake keys of the sample dossiers."""
    return [uuid5(NAMESPACE_URL, INVENTED + row["key"]) for row in read_sample("dossiers.yaml")["dossiers"]]


def _one(row: Mapping[str, Any], person: Mapping[str, Any], now: datetime, calendar: WorkCalendar) -> None:
    today = legal_day(now)
    dossier = _in_name_of(
        row["accepted"]["by"], today, lambda work, rights: _receive(work, rights, row, person, now, calendar)
    )
    if dossier.state != dossiers.FIRST_STATE:
        return
    for step in ("taken_over", "decided", "returned"):
        if step in row:
            dossier = _in_name_of(
                row[step]["by"],
                today,
                lambda work, rights, step=step, held=dossier: _step(work, rights, held, step, row[step], now, calendar),
            )


def _in_name_of(user_name: str, today: date, act: Callable[[Work, Rights], Dossier]) -> Dossier:
    """Do one act as this demo officer, with the rights and the scope of their own assignments."""
    with unit_of_work() as work:
        user_id = work.session.scalars(select(Officer.id).where(Officer.username == user_name)).one()
        rights = rights_of(work.session, user_id, today)
        work.session.rollback()
        token = act_as(Identity(user_id, user_name, rights.scope, "sample"))
        try:
            dossier = act(work, rights)
            work.session.refresh(dossier)
            work.session.expunge(dossier)  # read by the next act, which runs in somebody else's name
            return dossier
        finally:
            act_no_longer(token)


def _receive(
    work: Work,
    rights: Rights,
    row: Mapping[str, Any],
    person: Mapping[str, Any],
    now: datetime,
    calendar: WorkCalendar,
) -> Dossier:
    at = _moment(row["accepted"], now, calendar)
    version = dossiers.version_to_receive(work.session, row["procedure"], at)
    definition = evaluations.definition_of(version)
    channel = row.get("channel", "counter")
    intake = Intake(
        intake_key=uuid5(NAMESPACE_URL, INVENTED + row["key"]),
        procedure_code=row["procedure"],
        version_id=version.uuid,
        duty=_duty(work.session, rights, row["unit"]),
        channel=channel,
        return_channel="post" if channel == "post" else "counter",
        applicant=_applicant(person),
        applicant_kind=row.get("applicant_kind", "individual"),
        facts=_facts(row, definition, legal_day(at)),
        digital_citizen=person.get("digital_citizen"),
        received=frozenset(paper.code for paper in definition.papers),
    )
    dossier = dossiers.receive(work, intake, rights=rights, at=at)
    receipt.issue(work, dossier, rights=rights, at=at)
    return dossier


def _duty(session: Session, rights: Rights, unit_key: str) -> Duty:
    unit_id = session.scalars(select(Unit.id).where(Unit.key == unit_key)).one()
    return next(duty for duty in rights.receiving_units() if duty.acts_for_unit_id == unit_id)


def _applicant(person: Mapping[str, Any]) -> Applicant:
    return Applicant(
        kind="person",
        full_name=person["full_name"],
        identifier=person["citizen_id"],
        birth_day=person["birth_day"],
        phone=person["phone"],
        email="",
        address=person["address"],
    )


def _facts(row: Mapping[str, Any], definition: ProcedureDefinition, on: date) -> dict[str, Any]:
    answers = {name: _dated(value, on) for name, value in row["facts"].items()}
    return codec.facts_as_written(definition, answers | dict(row.get("findings", {})))


def _dated(value: Any, on: date) -> Any:
    """Turn `{days_before: N}` into the day N days before the acceptance."""
    match value:
        case {"days_before": int(days)}:
            return (on - timedelta(days=days)).isoformat()
        case date():
            return value.isoformat()
        case _:
            return value


def _step(
    work: Work,
    rights: Rights,
    dossier: Dossier,
    step: str,
    told: Mapping[str, Any],
    now: datetime,
    calendar: WorkCalendar,
) -> Dossier:
    at, seen = _moment(told, now, calendar), dossier.lock_version
    if step == "taken_over":
        return dossiers.take_over(work, dossier.uuid, rights=rights, seen_version=seen, at=at)
    if step == "returned":
        return hand_over(work, dossier.uuid, is_collected=True, rights=rights, seen_version=seen, at=at)
    ruling = Ruling(outcome=told["outcome"], summary=told.get("summary", SUMMARIES[told["outcome"]]))
    return dossiers.decide(work, dossier.uuid, ruling, rights=rights, seen_version=seen, at=at)


def _moment(told: Mapping[str, Any], now: datetime, calendar: WorkCalendar) -> datetime:
    """Return the moment so many working days before `now`."""
    day = legal_day(now)
    for _ in range(told["days_ago"]):
        day -= timedelta(days=1)
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(told["time"]), VIETNAM)
