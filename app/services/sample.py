"""The sample province, loaded once into an empty database: units, people, calendar, legal documents, procedures.

Nothing here is law: demo accounts and example codes exist only in the embedded mode.
"""

import csv
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.importers import strict_yaml
from app.security.roles import BY_KEY
from app.services.office import DOSSIER_CODE_SYSTEM
from app.storage.account import Officer, Role
from app.storage.audit import AuditEntry, Note
from app.storage.folding import folded, sort_key
from app.storage.office import (
    Assignment,
    Calendar,
    CalendarDay,
    CalendarYear,
    FieldOfWork,
    LegalDocument,
    Unit,
    UnitCode,
    UnitRevision,
    UnitSuccession,
    WorkingWindow,
)
from app.storage.unit_of_work import Work

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
CALENDAR_KEY = "province"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo account as it is told to the person who started the program."""

    user_name: str
    full_name: str
    role: str
    where: str


def is_loaded(work: Work) -> bool:
    """Say whether the province is there already."""
    return work.session.scalar(select(Unit.id).limit(1)) is not None


def load_province(work: Work, password: str) -> None:
    """Put the whole province into an empty database; the caller commits."""
    units = _units(work, read_sample("province.yaml"))
    _calendar(work)
    _documents(work, read_sample("legal_documents.yaml")["documents"])
    for each in read_sample("fields_of_work.yaml")["fields_of_work"]:
        name = each["vi"]
        work.session.add(FieldOfWork(name=name, name_en=each["en"], folded=folded(name), sort_key=sort_key(name)))
    _people(work, read_sample("people.yaml")["users"], units, password)


_DOSSIERS_LOADED = ("installation", "sample", "load_dossiers")


def were_dossiers_loaded(work: Work) -> bool:
    """Say whether the sample dossiers were loaded; the record knows, whatever the officers did with them since."""
    kind, name, act = _DOSSIERS_LOADED
    found = select(AuditEntry.id).where(
        AuditEntry.object_kind == kind, AuditEntry.object_id == name, AuditEntry.act == act
    )
    return work.session.scalar(found.limit(1)) is not None


def note_dossiers_loaded(work: Work, at: datetime) -> None:
    """Write into the record that the sample dossiers are there; the caller commits."""
    work.note(Note(*_DOSSIERS_LOADED, at))


def demo_accounts() -> list[DemoAccount]:
    """Return the demo accounts of the sample province, in the order of its file."""
    names = {unit["key"]: unit["name"] for unit in read_sample("province.yaml")["units"]}
    return [
        DemoAccount(
            user_name=user["user_name"],
            full_name=user["full_name"],
            role=", ".join(BY_KEY[key].name for key in user["roles"]),
            where=", ".join(names[a.get("on_behalf_of", a["unit"])] for a in user["assignments"]),
        )
        for user in read_sample("people.yaml")["users"]
    ]


def new_password() -> str:
    """Return a password for the demo accounts that people can type: four short groups."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3))


def read_sample(name: str) -> dict[str, Any]:
    """Return the content of one file of the sample province."""
    return dict(strict_yaml.load((SAMPLES / name).read_text(encoding="utf-8")).data)


def _units(work: Work, province: Mapping[str, Any]) -> dict[str, Unit]:
    units = {row["key"]: Unit(key=row["key"]) for row in province["units"]}
    work.session.add_all(units.values())
    work.flush()
    for row in province["units"]:
        work.session.add(_revision(row, units))
        work.session.add_all(_codes(row, units[row["key"]]))
    for row in province["succession"]:
        work.session.add(
            UnitSuccession(
                predecessor_id=units[row["predecessor"]].id,
                successor_id=units[row["successor"]].id,
                on=row["on"],
                note=row.get("note"),
            )
        )
    return units


def _revision(row: Mapping[str, Any], units: Mapping[str, Unit]) -> UnitRevision:
    parent = row.get("parent")
    return UnitRevision(
        unit_id=units[row["key"]].id,
        parent_id=None if parent is None else units[parent].id,
        name=row["name"],
        desk_name=row.get("desk_name"),
        kind=row["kind"],
        attributes=dict(row.get("attributes", {})),
        folded=folded(row["name"]),
        sort_key=sort_key(row["name"]),
        since=row["since"],
        until=row.get("until"),
    )


def _codes(row: Mapping[str, Any], unit: Unit) -> list[UnitCode]:
    systems = {DOSSIER_CODE_SYSTEM: row.get("dossier_code"), "administrative": row.get("administrative_code")}
    return [
        UnitCode(
            unit_id=unit.id,
            system=system,
            code=code,
            is_example=system == DOSSIER_CODE_SYSTEM and bool(row.get("code_is_example")),
            since=row["since"],
            until=row.get("until"),
        )
        for system, code in systems.items()
        if code is not None
    ]


def _calendar(work: Work) -> None:
    calendar = Calendar(key=CALENDAR_KEY, name="Lịch làm việc tỉnh Đồng Tháp")
    work.session.add(calendar)
    work.flush()
    with (SAMPLES / "calendar.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    confirmed: dict[int, bool] = {}
    for row in rows:
        day = date.fromisoformat(row["day"])
        confirmed[day.year] = confirmed.get(day.year, True) and row["confirmed"] == "true"
        work.session.add(
            CalendarDay(
                calendar_id=calendar.id, day=day, kind=row["kind"], name=row["name"], source=row["source"]
            )
        )  # fmt: skip
    work.session.add_all(
        CalendarYear(calendar_id=calendar.id, year=year, confirmed=known) for year, known in confirmed.items()
    )
    work.session.add_all(
        WorkingWindow(opens=time.fromisoformat(window["opens"]), closes=time.fromisoformat(window["closes"]))
        for window in read_sample("hours.yaml")["windows"]
    )


def _documents(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    for row in rows:
        work.session.add(
            LegalDocument(
                kind=row["kind"],
                number=row["number"],
                body=row.get("body"),
                title=row.get("title"),
                signed_on=row.get("signed_on"),
                since=row.get("since"),
                until=row.get("until"),
                replaced_by=row.get("replaced_by"),
                territory=list(row.get("territory", [])),
                folded=folded(f"{row['kind']} {row['number']} {row.get('title', '')}"),
            )
        )


def _people(work: Work, rows: Sequence[Mapping[str, Any]], units: Mapping[str, Unit], password: str) -> None:
    roles = {row.name: row for row in work.session.scalars(select(Role))}
    # One hash for all demo accounts: scrypt is slow on purpose, and they share their password anyway.
    hashed = generate_password_hash(password)
    for row in rows:
        family, _, given = row["full_name"].rpartition(" ")
        officer = Officer(
            username=row["user_name"],
            full_name=row["full_name"],
            first_name=family,
            last_name=given,
            email=f"{row['user_name']}@example.invalid",
            password=hashed,
            active=True,
            roles=[roles[BY_KEY[key].name] for key in row["roles"]],
        )
        work.session.add(officer)
        work.flush()
        work.session.add_all(_assignment(officer, a, units) for a in row["assignments"])


def _assignment(officer: Officer, row: Mapping[str, Any], units: Mapping[str, Unit]) -> Assignment:
    behalf = row.get("on_behalf_of")
    return Assignment(
        user_id=officer.id,
        unit_id=units[row["unit"]].id,
        on_behalf_of_id=None if behalf is None else units[behalf].id,
        position=row["position"],
        reach=row["reach"],
        verbs=list(row["verbs"]),
        fields_of_work=[field for field in row.get("fields_of_work", []) if field != "*"],
        procedures=list(row.get("procedures", [])),
        since=row["since"],
        until=row.get("until"),
    )
