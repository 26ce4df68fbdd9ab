"""A large sample (dữ liệu mẫu số lượng lớn): any number of dossiers over the published procedures, in batches."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.clock import VIETNAM, legal_day
from app.services import evaluation as evaluations
from app.services.dossier import LAST_NUMBER
from app.services.errors import UnusableInputError
from app.services.office import office_register, office_time, register_hash
from app.services.party import ORGANISATION, PERSON, TAX_CODE, Applicant, Representative, lookup_of
from app.services.sample_desks import Desk, desks_for, desks_of, staff
from app.services.sample_dossiers import sample_keys
from app.services.sample_patterns import Pattern, Place, pattern_of
from app.services.sample_people import MOST_PEOPLE, organisation_name, person, tax_code
from app.services.sample_plan import DAYS_BACK, PARTIES_IN_A_BATCH, Batch, Day, Plan
from app.services.sample_rows import COLUMNS, Rows, Told, Who
from app.services.search_lines import fields_now
from app.storage import bulk
from app.storage.audit import AuditEntry, Note, first_broken
from app.storage.dossier import Dossier
from app.storage.evaluation import keep_register
from app.storage.folding import folded
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.office import Unit
from app.storage.procedure import Procedure, ProcedureVersion, ProcedureVersionEnd, version_in_force
from app.storage.unit_of_work import Work
from app.vault import vault
from forms.searched import SearchedField
from rules.clock.calendar import OfficeTime
from rules.definition.keeping import Desk as KeptDesk
from rules.definition.procedure import ProcedureDefinition

RECORD = ("installation", "volume")
"""Under which the record keeps that a load began and ended."""

TABLES = ("party", "party_identifier", "number_counter", *COLUMNS)
"""The tables that a load fills."""

DRAWS = 200
"""Attempts at one fact set before it is said that nothing can be invented."""

IN_COMMUNES = 0.88
"""The share of dossiers that are received in communes and wards."""


def begun(session: Session) -> tuple[Plan | None, bool]:
    """Return the plan of the load that was begun in this database, if any, and whether it was finished."""
    acts = {
        row.act: row.detail
        for row in session.scalars(
            select(AuditEntry).where(AuditEntry.object_kind == RECORD[0], AuditEntry.object_id == RECORD[1])
        )
    }
    plan = Plan.from_data(acts["begin"]) if "begin" in acts else None
    return plan, "finish" in acts


def begin(work: Work, *, dossiers: int, seed: int, now: datetime, indexes: Mapping[str, str]) -> Plan:
    """Write the plan of a load into the record, with the officers and the register that its rows name; commits."""
    session, today = work.session, legal_day(now)
    first = session.scalar(select(func.min(ProcedureVersion.since)))
    if first is None or first >= today:
        raise UnusableInputError("Chưa có thủ tục nào được áp dụng từ hôm qua.", todo="Công bố thủ tục rồi chạy lại.")
    plan = Plan(dossiers, seed, max(first, today - timedelta(days=DAYS_BACK)), now, indexes)
    if dossiers < 1 or plan.people > MOST_PEOPLE:
        raise UnusableInputError("Số hồ sơ mẫu không dùng được.", todo="Chọn một số từ 1 đến vài triệu.")
    staff(work, today)
    register = office_register(session)
    keep_register(session, sha256=register_hash(register), kind=evaluations.OFFICE, content=register)
    work.note(Note(*RECORD, "begin", now, detail=plan.to_data()))
    work.commit()
    return plan


def finish(work: Work, now: datetime) -> None:
    """Write into the record that the load is whole; commits."""
    work.note(Note(*RECORD, "finish", now))
    work.commit()


def own_dossiers(connection: psycopg.Connection) -> int:
    """Return how many dossiers people made here themselves, beside the samples that come with the program."""
    row = connection.execute("SELECT count(*) FROM dossier WHERE intake_key <> ALL (%s)", (sample_keys(),)).fetchone()
    connection.commit()
    return row[0] if row else 0


def office_of(session: Session) -> OfficeTime:
    """Return the office's time as it is now."""
    return office_time(office_register(session))


def faults(session: Session, plan: Plan, count: int) -> list[str]:
    """Try so many of the dossiers as an inspector would: the record is whole, the replay says the same."""
    session.rollback()
    token = act_as(Identity(None, "demo", frozenset(session.scalars(select(Unit.id)))))
    session.rollback()
    try:
        return list(_faults(session, plan, count))
    finally:
        act_no_longer(token)
        session.rollback()


def _faults(session: Session, plan: Plan, count: int) -> Iterator[str]:
    last = session.scalar(select(func.max(Dossier.id))) or 0
    chance = plan.chance(-1)
    ids = [chance.randint(max(1, last - plan.dossiers + 1), last) for _ in range(count)]
    for dossier in session.scalars(select(Dossier).where(Dossier.id.in_(ids))).all():
        if first_broken(session, "dossier", str(dossier.uuid)) is not None:
            yield f"{dossier.code}: nhật ký không nguyên vẹn."
        for kept in evaluations.chain(session, dossier):
            if evaluations.recomputed(session, kept).hash != kept.outcome_sha256:
                yield f"{dossier.code}: tính lại không trùng khớp."


@dataclass(frozen=True)
class Stock:
    """What every batch draws from: desks, published procedures, the office's time; read once a process."""

    plan: Plan
    register: dict[str, Any]
    desks: tuple[Desk, ...]
    versions: dict[date, tuple[ProcedureVersion, ...]]
    searched: dict[int, tuple[SearchedField, ...]]

    @cached_property
    def office(self) -> OfficeTime:
        """The calendar and hours by which due moments are counted."""
        return office_time(self.register)

    @cached_property
    def communes(self) -> tuple[Desk, ...]:
        """The desks of communes and wards, where people live."""
        return tuple(desk for desk in self.desks if desk.is_commune)

    @cached_property
    def homes(self) -> dict[int, int]:
        """The places of the communes among the homes of people, by their unit."""
        return {desk.unit.id: place for place, desk in enumerate(self.communes)}

    @classmethod
    def of(cls, session: Session, plan: Plan) -> "Stock":
        """Read it all."""
        register = office_register(session)
        office = office_time(register)
        codes = session.scalars(select(Procedure.code).join(ProcedureVersion).distinct()).all()
        days = [day.on for batch in plan.batches(office) for day in batch.days]
        versions = _versions_by_day(session, sorted(codes), days)
        desks = desks_of(session, legal_day(plan.until))
        procedures = {version.procedure_id for each in versions.values() for version in each}
        searched = {procedure_id: fields_now(session, procedure_id) for procedure_id in procedures}
        session.expunge_all()  # the versions outlive the transaction they were read in
        return cls(plan, register, desks, versions, searched)

    def applicant(self, number: int) -> Applicant:
        """Return the applicant of this number: people first, then organisations."""
        people = self.plan.people
        if number >= people:
            return self._organisation(number - people)
        known = person(number)
        home = self.communes[number % len(self.communes)].unit.name.removeprefix("Ủy ban nhân dân ")
        return Applicant(
            kind=PERSON, full_name=known.full_name, identifier=known.citizen_id, birth_day=known.birth_day,
            phone=known.phone, email="", address=f"{known.house}, {home}, tỉnh Đồng Tháp",
        )  # fmt: skip

    def acting_for(self, number: int) -> int:
        """Return the number of the person who acts for the organisation of this number."""
        return (number - self.plan.people) * 7919 % self.plan.people

    def _organisation(self, number: int) -> Applicant:
        acting = self.applicant(self.acting_for(number + self.plan.people))
        return Applicant(
            kind=ORGANISATION, full_name=organisation_name(number), identifier=tax_code(number), birth_day=None,
            phone=acting.phone, email="", address=acting.address, identifier_kind=TAX_CODE,
            representative=Representative(acting.full_name, "Giám đốc", acting.identifier),
        )  # fmt: skip


def _versions_by_day(
    session: Session, codes: Sequence[str], days: Sequence[date]
) -> dict[date, tuple[ProcedureVersion, ...]]:
    """Return the versions of each day; they are asked for again only where one may have begun or ended."""
    turns = {*session.scalars(select(ProcedureVersion.since)), *session.scalars(select(ProcedureVersionEnd.until))}
    found, seen = dict[date, tuple[ProcedureVersion, ...]](), dict[int, tuple[ProcedureVersion, ...]]()
    for day in days:
        passed = sum(turn <= day for turn in turns)
        if passed not in seen:
            seen[passed] = _versions(session, codes, day)
        found[day] = seen[passed]
    return found


def _versions(session: Session, codes: Sequence[str], day: date) -> tuple[ProcedureVersion, ...]:
    """Return the versions in force on a day under which dossiers are received at a desk."""
    found = [version_in_force(session, code, day) for code in codes]
    ids = [version.id for version in found if version is not None]
    query = select(ProcedureVersion).options(joinedload(ProcedureVersion.procedure))
    rows = session.scalars(query.where(ProcedureVersion.id.in_(ids)).order_by(ProcedureVersion.id)).all()
    kept = [(version, evaluations.definition_of(version).kept_elsewhere) for version in rows]
    return tuple(version for version, elsewhere in kept if elsewhere is None or elsewhere.desk is not KeptDesk.GUIDES)


def load_parties(connection: psycopg.Connection, stock: Stock, first: int) -> int:
    """Load the applicants from this number on, so many as go into one batch; return how many were not there yet."""
    plan = stock.plan
    end = min(first + PARTIES_IN_A_BATCH, plan.people + plan.organisations)
    if _party_ids(connection, plan, first, end):
        return 0
    ids = bulk.reserved_ids(connection, "party", end - first)
    parties, identifiers = list[bytes](), list[bytes]()
    for number, party_id in zip(range(first, end), ids, strict=True):
        applicant = stock.applicant(number)
        kind, lookup = lookup_of(applicant)
        born = bulk.or_null(applicant.birth_day)
        parties.append(
            f"{party_id}\t{plan.party_id(number)}\t{applicant.kind}\t{applicant.full_name}\t"
            f"{folded(applicant.full_name)}\t{born}\n".encode()
        )
        sealed = vault.encrypt(applicant.identifier)
        identifiers.append(
            f"{party_id}\t{kind}\t\\\\x{lookup.hex()}\t\\\\x{sealed.hex()}\t{applicant.identifier[-3:]}\n".encode()
        )
    bulk.copy_rows(connection, "party", ("id", "uuid", "kind", "full_name", "folded", "birth_day"), parties)
    columns = ("party_id", "kind", "lookup", "encrypted", "last_digits")
    bulk.copy_rows(connection, "party_identifier", columns, identifiers)
    connection.commit()
    return end - first


def party_ids(connection: psycopg.Connection, plan: Plan) -> list[int]:
    """Return the ids of all applicants in the order of their numbers."""
    return _party_ids(connection, plan, 0, plan.people + plan.organisations)


def _party_ids(connection: psycopg.Connection, plan: Plan, first: int, end: int) -> list[int]:
    asked = "SELECT id FROM party WHERE uuid >= %s AND uuid < %s ORDER BY uuid"
    found = connection.execute(asked, (plan.party_id(first), plan.party_id(end))).fetchall()
    return [row[0] for row in found]


def is_loaded(connection: psycopg.Connection, plan: Plan, batch: Batch) -> bool:
    """Tell whether a batch is there: it came whole or not at all."""
    asked = "SELECT 1 FROM dossier WHERE intake_key = %s"
    return connection.execute(asked, (plan.batch_id(batch.number),)).fetchone() is not None


def load_batch(connection: psycopg.Connection, stock: Stock, batch: Batch, parties: Sequence[int]) -> int:
    """Evaluate the fact sets of a batch and load its dossiers in one transaction; return how many there are."""
    chance = stock.plan.chance(batch.number)
    drawn = [pair for day in batch.days for pair in _drawn(stock, day, chance)]
    told = list(_told(connection, stock, batch, drawn, parties, chance))
    rows = Rows(json.dumps({evaluations.OFFICE: register_hash(stock.register)}), stock.searched, chance)
    for each in told:
        rows.add(each)
    for table, columns in COLUMNS.items():
        bulk.copy_rows(connection, table, columns, rows.lines[table])
    connection.commit()
    return len(told)


def _drawn(stock: Stock, day: Day, chance: Random) -> list[tuple[Pattern, Desk]]:
    """Return the dossiers of a day in the order of their acceptance: each a pattern and the desk that received it."""
    patterns = sorted(
        (_pattern(stock, day.on, chance) for _ in range(day.patterns)), key=lambda pair: pair[0].at
    )  # fmt: skip
    counts = Counter(place * day.patterns // day.dossiers for place in range(day.dossiers))
    return [
        (pattern, desk)
        for place, (pattern, desks) in enumerate(patterns)
        for desk in chance.choices(desks, k=counts[place])
    ]


def _pattern(stock: Stock, on: date, chance: Random) -> tuple[Pattern, list[Desk]]:
    """Return an evaluated fact set with the desks at which it may have been received."""
    for _ in range(DRAWS):
        is_commune = chance.random() < IN_COMMUNES
        version = chance.choice(stock.versions[on])
        desks = desks_for(evaluations.definition_of(version), stock.desks)
        if desks[0].is_commune is not is_commune:
            continue
        alike = _alike(evaluations.definition_of(version), desks, chance.choice(desks), on)
        place = Place(alike[0].unit.kind, alike[0].unit.code, alike[-1].unit.code)
        at = _moment(stock.office, on, chance)
        found = pattern_of(version, place, at, now=stock.plan.until, office=stock.office, chance=chance)
        if found is not None:
            return found, alike
    raise UnusableInputError(
        "Không đặt được hồ sơ mẫu nào cho các thủ tục đã công bố.",
        todo="Kiểm tra các thủ tục: phải có ít nhất một thủ tục nhận được hồ sơ.",
    )


def _alike(definition: ProcedureDefinition, desks: Sequence[Desk], one: Desk, on: date) -> list[Desk]:
    """Return the desks that are the same to a procedure as this one: of its kind, in its territories on this day."""

    lists = {each.id: each for each in definition.lists}

    def place(desk: Desk) -> tuple[object, ...]:
        held = (each.holds(desk.unit.code, on, lists) for each in definition.territories)
        return desk.unit.kind, desk.unit.attributes.get("kind"), *held

    wanted = place(one)
    return [desk for desk in desks if place(desk) == wanted]


def _moment(office: OfficeTime, on: date, chance: Random) -> datetime:
    """Return a moment of this working day in which the desk is open."""
    opens, closes = chance.choice(office.windows(on))
    since, until = (datetime.combine(on, each, VIETNAM) for each in (opens, closes))
    return since + timedelta(seconds=chance.randrange(int((until - since).total_seconds())))


def _told(
    connection: psycopg.Connection,
    stock: Stock,
    batch: Batch,
    drawn: Sequence[tuple[Pattern, Desk]],
    parties: Sequence[int],
    chance: Random,
) -> Iterator[Told]:
    """Yield what each dossier of a batch is to say, with ids and numbers taken as an act at the desk takes them."""
    given = bulk.numbers_given(connection, Counter((desk.series, pattern.at.date()) for pattern, desk in drawn))
    dossier_ids = bulk.reserved_ids(connection, "dossier", len(drawn))
    evaluation_ids = bulk.reserved_ids(connection, "evaluation", len(drawn))
    for place, (pattern, desk) in enumerate(drawn):
        series = desk.series, pattern.at.date()
        given[series] += 1
        assert given[series] <= LAST_NUMBER, "a desk receives fewer dossiers in a day"
        yield Told(
            pattern=pattern,
            path=chance.choice(pattern.paths),
            desk=desk,
            who=_who(stock, pattern, desk, parties, chance),
            receiver=chance.choice(desk.receivers),
            processor=chance.choice(desk.processors),
            dossier_id=dossier_ids[place],
            evaluation_id=evaluation_ids[place],
            code=f"{desk.series}-{pattern.at:%y%m%d}-{given[series]:04d}",
            intake_key=UUID(int=chance.getrandbits(128), version=4) if place else stock.plan.batch_id(batch.number),
        )


def _who(stock: Stock, pattern: Pattern, desk: Desk, parties: Sequence[int], chance: Random) -> Who:
    """Return who applies: at a commune's desk one of those who live there, at the province anybody."""
    people, homes = stock.plan.people, stock.homes
    if pattern.is_of_organisation:
        number = people + chance.randrange(stock.plan.organisations)
        return Who(stock.applicant(number), parties[number], parties[stock.acting_for(number)])
    number = chance.randrange(people)
    if desk.is_commune:
        number = min(number - number % len(homes) + homes[desk.unit.id], people - 1)
    return Who(stock.applicant(number), parties[number])
