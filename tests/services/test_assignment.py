"""Duties are given and ended by acts: dated, refused with a sentence where they cannot be, never overwritten."""

from datetime import date

import pytest
from sqlalchemy import select

from app.clock import now
from app.extensions import db
from app.security.assignment import rights_of
from app.security.verbs import Verb
from app.services import assignment
from app.services.assignment import NewAssignment
from app.services.errors import RefusalError, StaleError
from app.storage.account import Officer
from app.storage.audit import AuditEntry, first_broken
from app.storage.office import Assignment, Unit
from app.storage.unit_of_work import unit_of_work


def officer(name: str) -> Officer:
    return db.session.scalars(select(Officer).where(Officer.username == name)).one()


def unit_id(key: str) -> int:
    return db.session.scalars(select(Unit.id).where(Unit.key == key)).one()


def wanted(**changed) -> NewAssignment:
    options = {
        "user_id": officer("xuly.caolanh").id,
        "unit_id": unit_id("dong-thap"),
        "position": "Chuyên viên",
        "reach": "unit",
        "verbs": (Verb.VIEW, Verb.RECEIVE),
        "since": date(2026, 1, 1),
    }
    return NewAssignment(**(options | changed))


def give(new: NewAssignment) -> Assignment:
    with unit_of_work() as work:
        return assignment.assign(work, new, by=officer("quantri"), at=now())


def end(row: Assignment, last_day: date) -> Assignment:
    with unit_of_work() as work:
        return assignment.end(work, row.uuid, last_day=last_day, reason="Điều động", by=officer("quantri"), at=now())


def test_a_given_duty_counts_from_its_day_on_and_stands_on_record(database):
    row = give(wanted())
    assert row.unit_id not in rights_of(db.session(), row.user_id, date(2025, 12, 31)).scope
    assert row.unit_id in rights_of(db.session(), row.user_id, date(2026, 1, 1)).scope
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.object_id == str(row.uuid))).one()
    assert (line.act, line.for_unit_id, line.detail["verbs"]) == ("assign", row.unit_id, ["receive", "view"])


def test_an_ended_duty_counts_through_its_last_day_and_the_old_line_is_kept(database):
    row = give(wanted())
    new = end(row, date(2026, 6, 30))
    assert row.unit_id in rights_of(db.session(), row.user_id, date(2026, 6, 30)).scope
    assert row.unit_id not in rights_of(db.session(), row.user_id, date(2026, 7, 1)).scope
    db.session.expire_all()
    old = db.session.get(Assignment, row.id)
    assert old.superseded_at is not None
    assert old.until is None
    assert first_broken(db.session(), "assignment", str(new.uuid)) is None


def test_a_duty_is_ended_once_and_the_second_person_is_told(database):
    row = give(wanted())
    end(row, date(2026, 6, 30))
    with pytest.raises(StaleError):
        end(row, date(2026, 5, 31))


@pytest.mark.parametrize(
    "changed",
    [
        {"verbs": ()},
        {"until": date(2026, 1, 1)},
        {"since": date(1990, 1, 1)},
        {"user_id": 0},
        {"on_behalf_of_id": "phuong", "verbs": (Verb.PROCESS,)},
    ],
    ids=["no work", "ends before it begins", "unit not there yet", "nobody", "ruling for another unit"],
)
def test_a_duty_that_cannot_be_meant_is_refused_and_nothing_changes(database, changed):
    if "on_behalf_of_id" in changed:
        changed = changed | {"on_behalf_of_id": unit_id("so-tu-phap")}
    before = db.session.scalars(select(Assignment.id)).all()
    with pytest.raises(RefusalError) as refused:
        give(wanted(**changed))
    assert refused.value.todo
    assert db.session.scalars(select(Assignment.id)).all() == before


def test_the_same_duty_is_not_given_twice_for_overlapping_days(database):
    give(wanted(until=date(2026, 3, 1)))
    with pytest.raises(RefusalError):
        give(wanted(since=date(2026, 2, 1)))
    assert give(wanted(since=date(2026, 3, 1))).id
