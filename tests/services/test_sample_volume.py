"""A large sample is what the acts at the desk would have written: whole, replayable, without a gap, loaded or not."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.clock import legal_day
from app.extensions import db
from app.services import dossier as dossiers
from app.services import evaluation as evaluations
from app.services import receipt, sample_volume
from app.services.dossier import Ruling
from app.services.handing_over import hand_over
from app.services.sample_people import MOST_PEOPLE, person, tax_code
from app.services.sample_plan import Plan
from app.services.sample_volume import Stock
from app.services.search_lines import fill_all
from app.storage import bulk
from app.storage.audit import AuditEntry, first_broken
from app.storage.dossier import (
    ChargeLine,
    Dossier,
    DossierEvent,
    DossierFacts,
    DossierPaper,
    DossierResult,
    IssuedPaper,
    NumberCounter,
)
from app.storage.evaluation import EvaluationRecord
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.office import Unit
from app.storage.party import DossierParty, Party, PartyIdentifier
from app.storage.search import DossierField
from app.storage.unit_of_work import unit_of_work
from rules.evaluation.allowed import is_tax_code
from rules.lifecycle import Outcome, State
from tests.desk import AT, BIRTH, COPIES, EXTRACT, PROCESSOR, RECEIVER, acting, publish, received

DOSSIERS = 240


class Load:
    """One load of the test's database, batch by batch as the command does it."""

    def __init__(self, owner_url: str) -> None:
        self.owner_url = owner_url
        with unit_of_work() as work:
            self.plan = sample_volume.begin(work, dossiers=DOSSIERS, seed=7, now=AT, indexes={})
        with unit_of_work() as work:
            self.stock = Stock.of(work.session, self.plan)
        self.batches = self.plan.batches(self.stock.office)

    def load(self, count: int | None = None) -> int:
        """Load the batches that are not there, at most so many; return how many dossiers were made."""
        with bulk.owner_connection(self.owner_url) as connection:
            sample_volume.load_parties(connection, self.stock, 0)
            parties = sample_volume.party_ids(connection, self.plan)
            missing = [each for each in self.batches if not sample_volume.is_loaded(connection, self.plan, each)]
            done = [sample_volume.load_batch(connection, self.stock, each, parties) for each in missing[:count]]
        return sum(done)


@pytest.fixture
def load(database, settings) -> Load:
    for code in (COPIES, BIRTH, EXTRACT):
        publish(code)
    return Load(settings.owner_database_url)


@pytest.fixture
def overseer(load):
    """Act as somebody who sees every unit."""
    token = act_as(Identity(None, "kiemtra", frozenset(db.session.scalars(select(Unit.id)))))
    db.session.rollback()
    yield load
    act_no_longer(token)
    db.session.rollback()


def test_every_record_is_whole_and_every_replay_gives_the_same_hash(overseer):
    assert overseer.load() == DOSSIERS
    kept = db.session.scalars(select(EvaluationRecord)).all()
    assert len(kept) == DOSSIERS
    assert all(evaluations.recomputed(db.session(), each).hash == each.outcome_sha256 for each in kept)
    made = db.session.scalars(select(Dossier)).all()
    assert all(first_broken(db.session(), "dossier", str(each.uuid)) is None for each in made)
    assert sample_volume.faults(db.session(), overseer.plan, 20) == []


def test_the_numbers_of_a_unit_and_a_day_have_no_gap(overseer):
    before = received()
    overseer.load()
    codes = db.session.scalars(select(Dossier.code)).all()
    given = Counter(code.rpartition("-")[0] for code in codes)
    numbers = {code for series, count in given.items() for code in (f"{series}-{n:04d}" for n in range(1, count + 1))}
    assert set(codes) == numbers
    counters = db.session.scalars(select(NumberCounter)).all()
    assert {f"{row.series}-{row.day:%y%m%d}": row.last for row in counters} == given
    assert db.session.scalar(select(Dossier.code).where(Dossier.uuid == before)) in numbers


def test_the_dossiers_lie_at_many_desks_on_many_days_in_every_state(overseer):
    overseer.load()
    made = db.session.scalars(select(Dossier)).all()
    assert len({each.receiving_unit_id for each in made}) > 50
    assert len({legal_day(each.accepted_at) for each in made}) > 100
    assert {each.outcome for each in made} >= {Outcome.GRANTED}
    assert {State(each.state) for each in made} >= {State.RETURNED}
    assert all(each.accepted_at < AT and (each.decided_at or each.accepted_at) < AT for each in made)
    assert any(each.decided_at and each.appointment_due and each.decided_at > each.appointment_due for each in made)


def of_the_desk() -> int:
    """Receive, print, decide and hand over one dossier of copies through the acts, and return its id."""
    uuid = received(digital_citizen=False)
    with acting(RECEIVER) as rights, unit_of_work() as work:
        opened = dossiers.open_dossier(work.session, uuid, rights)
        receipt.issue(work, opened, rights=rights, at=AT)
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        dossiers.take_over(work, uuid, rights=rights, seen_version=1, at=AT)
    with acting(PROCESSOR) as rights, unit_of_work() as work:
        ruling = Ruling(outcome=Outcome.GRANTED, summary="Đã chứng thực.")
        dossiers.decide(work, uuid, ruling, rights=rights, seen_version=2, at=AT + timedelta(minutes=5))
    with acting(RECEIVER) as rights, unit_of_work() as work:
        hand_over(work, uuid, is_collected=True, rights=rights, seen_version=3, at=AT + timedelta(minutes=9))
    with acting("kiemtra"):
        return db.session.scalars(select(Dossier.id).where(Dossier.uuid == uuid)).one()


def shape_of(value) -> object:
    """Which columns of a row are filled, and which keys its JSON has."""
    if isinstance(value, dict):
        return {name: shape_of(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return type(value)


def shapes(dossier: Dossier) -> dict[str, object]:
    """What stands where in the rows of one dossier, but for what the answers decide."""
    found: dict[str, object] = {}
    for table in (ChargeLine, DossierEvent, DossierFacts, DossierPaper, DossierResult, IssuedPaper, DossierParty):
        rows = db.session.execute(
            select(table.__table__).where(table.__table__.c.dossier_id == dossier.id).order_by(table.__table__.c[0])
        )
        found[table.__tablename__] = [shape_of(dict(row)) for row in rows.mappings()]
    record = select(AuditEntry.__table__).where(AuditEntry.object_id == str(dossier.uuid)).order_by(AuditEntry.sequence)
    found["audit_entry"] = [shape_of(dict(row)) for row in db.session.execute(record).mappings()]
    own = select(Dossier.__table__).where(Dossier.__table__.c.id == dossier.id)
    found["dossier"] = shape_of(dict(db.session.execute(own).mappings().one()))
    return found


def test_the_rows_look_like_those_that_the_acts_at_the_desk_write(overseer):
    model = of_the_desk()
    overseer.load()
    db.session.rollback()
    real = db.session.get_one(Dossier, model)
    alike = db.session.scalars(
        select(Dossier)
        .join(DossierParty, DossierParty.dossier_id == Dossier.id)
        .join(Party, Party.id == DossierParty.party_id)
        .where(
            Dossier.id != model, Dossier.procedure_id == real.procedure_id, Dossier.state == State.RETURNED,
            Dossier.outcome == Outcome.GRANTED, Dossier.lock_version == 4, Party.kind == "person",
        )
    ).all()  # fmt: skip
    assert alike
    assert shapes(real) in [shapes(each) for each in alike]


def test_a_batch_that_fails_leaves_nothing_and_the_load_goes_on_with_the_same_plan(overseer, monkeypatch):
    overseer.load(1)
    before = {table: count(table) for table in sample_volume.TABLES}
    copied = bulk.copy_rows

    def fail_late(connection, table, columns, lines):
        if table == "audit_entry":
            raise RuntimeError("stopped")
        copied(connection, table, columns, lines)

    with monkeypatch.context() as broken:
        broken.setattr(bulk, "copy_rows", fail_late)
        with pytest.raises(RuntimeError):
            overseer.load(1)
    assert {table: count(table) for table in sample_volume.TABLES} == before
    with unit_of_work() as work:
        assert sample_volume.begun(work.session) == (overseer.plan, False)
    assert Plan.from_data(overseer.plan.to_data()) == overseer.plan
    overseer.load()
    assert count("dossier") == DOSSIERS
    assert overseer.load() == 0


def count(table: str) -> int:
    db.session.rollback()
    return db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_the_lines_of_search_are_those_that_the_job_would_write(overseer):
    overseer.load()

    def lines() -> set[tuple]:
        db.session.rollback()
        return {tuple(row) for row in db.session.execute(select(DossierField.__table__))}

    loaded = lines()

    class Silent:
        def tell(self, done: int, total: int) -> None:
            assert 0 <= done <= total

    procedures = db.session.scalars(select(Dossier.procedure_id).distinct()).all()
    db.session.rollback()
    for procedure_id in procedures:
        fill_all({"procedure": procedure_id}, Silent())
    assert lines() == loaded


def test_the_pages_of_a_made_dossier_open_and_say_that_its_record_is_whole(overseer, login):
    overseer.load()
    dossier = db.session.scalars(select(Dossier).order_by(Dossier.id.desc()).limit(1)).one()
    code, uuid = dossier.code, dossier.uuid
    db.session.rollback()
    browser = login("kiemtra")
    assert code in browser.get(f"/dossiers/{uuid}").text
    assert "Nhật ký nguyên vẹn" in browser.get(f"/dossiers/{uuid}/history").text
    assert code in browser.get("/dossiers/", query_string={"shelf": "all", "q": code}).text


def test_invented_people_have_numbers_of_their_own_that_no_sample_person_has(overseer):
    overseer.load(1)
    assert count("party_identifier") == overseer.plan.people + overseer.plan.organisations
    assert db.session.scalar(select(func.count(PartyIdentifier.lookup.distinct()))) == count("party_identifier")
    last = [person(number).citizen_id for number in (0, 1, 999, MOST_PEOPLE - 1)]
    assert all(len(number) == 12 and number[6:8] == "99" for number in last)
    assert all(int(number[8:]) < 9_000 for number in last)
    assert all(is_tax_code(tax_code(number)) for number in range(200))
