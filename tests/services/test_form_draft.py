"""Drafts of forms: kept encrypted for their writer, told apart between windows, gone with the acceptance or by age."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from app.clock import legal_day
from app.extensions import db
from app.services import dossier as dossiers
from app.services import form_draft as drafts
from app.services import reception
from app.services.errors import MoveNotAllowedError, NotFoundError, NotReceivableError, UnusableInputError
from app.services.form_draft import DraftChangedError
from app.storage.form_draft import FormDraft
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from tests import desk
from tests.desk import AT, COPIES, OTHER_RECEIVER, RECEIVER, acting

ANSWERS = (
    ("applicant-full_name", "Nguyễn Thị Đào"),
    ("applicant-citizen_id", "087190001234"),
    ("received", "original"),
)
DAYS = 7


@pytest.fixture(autouse=True)
def published(database) -> None:
    desk.publish(COPIES)


def keep(key: UUID, answers=ANSWERS, *, user: str = RECEIVER, seen: int = 0, at=AT) -> int:
    """Save a form and return the number of the save."""
    with acting(user, at) as rights, unit_of_work() as work:
        procedure = work.session.scalars(select(Procedure.id).where(Procedure.code == COPIES)).one()
        unit = reception.desks(work.session, rights, legal_day(at))[0]
        kept = drafts.keep(work, key, answers, procedure_id=procedure, unit=unit, seen=seen, rights=rights, at=at)
        return kept.lock_version


def listed(user: str = RECEIVER, at=AT) -> tuple[drafts.DraftLine, ...]:
    with acting(user, at) as rights:
        return drafts.drafts_of(db.session(), rights, days=DAYS, at=at)


def test_a_draft_is_offered_to_its_writer_alone_and_comes_back_as_it_was_typed():
    keep(uuid4())
    (line,) = listed()
    assert (line.person, line.procedure_code, line.saved_at) == ("Nguyễn Thị Đào", COPIES, AT)
    assert listed(OTHER_RECEIVER) == ()
    with acting(RECEIVER) as rights:
        assert drafts.reopened(db.session(), line.uuid, COPIES, rights)[1] == ANSWERS
    with acting(OTHER_RECEIVER) as rights, pytest.raises(NotFoundError):
        drafts.reopened(db.session(), line.uuid, COPIES, rights)


def test_nothing_typed_can_be_read_in_the_database_and_no_one_elses_draft_can_be_seen():
    keep(uuid4())
    with acting(RECEIVER):
        sealed = db.session.scalars(select(FormDraft.sealed)).one()
        assert "Đào".encode() not in sealed
        assert b"087190001234" not in sealed
    with acting(OTHER_RECEIVER):
        assert db.session.scalar(text("SELECT count(*) FROM form_draft")) == 0
        assert db.session.execute(text("DELETE FROM form_draft")).rowcount == 0
        db.session.rollback()
    assert len(listed()) == 1


def test_a_window_that_missed_a_save_overwrites_nothing_until_it_says_so():
    key = uuid4()
    assert keep(key) == 1
    assert keep(key, seen=1) == 2
    with pytest.raises(DraftChangedError) as told:
        keep(key, (("applicant-full_name", "Khác"),), seen=1)
    assert told.value.lock == 2
    assert listed()[0].person == "Nguyễn Thị Đào"
    assert keep(key, (("applicant-full_name", "Khác"),), seen=told.value.lock) == 3
    assert [line.person for line in listed()] == ["Khác"]


def test_with_the_acceptance_the_draft_is_gone_and_a_late_save_brings_nothing_back():
    key = uuid4()
    keep(key)
    accept(key)
    assert listed() == ()
    with pytest.raises(MoveNotAllowedError, match="đã được tiếp nhận"):
        keep(key)
    assert listed() == ()


def accept(key: UUID, **changes) -> None:
    """Accept the dossier of a form, as the counter does."""
    with acting(RECEIVER) as rights, unit_of_work() as work:
        drafts.forget(work, key)
        dossiers.receive(work, desk.intake(rights, at=AT, intake_key=key, **changes), rights=rights, at=AT)


def test_where_the_acceptance_is_refused_the_draft_stays():
    key = uuid4()
    keep(key)
    with pytest.raises(NotReceivableError):
        accept(key, received=frozenset())
    assert len(listed()) == 1


def test_a_draft_ends_by_itself_after_its_days_without_a_change():
    old, young = uuid4(), uuid4()
    keep(old, at=AT)
    keep(young, at=AT + timedelta(days=2))
    later = AT + timedelta(days=DAYS + 1)
    assert len(listed(at=later)) == 1
    assert drafts.drop_expired(days=DAYS, at=later) == 1
    with acting(RECEIVER):
        assert db.session.scalars(select(FormDraft.intake_key)).all() == [young]


def test_a_form_longer_than_any_of_ours_is_not_kept():
    with pytest.raises(UnusableInputError, match="quá dài"):
        keep(uuid4(), (("answers-x", "x" * (drafts.MOST_CHARACTERS + 1)),))


def test_a_discarded_draft_is_gone():
    keep(uuid4())
    with acting(RECEIVER) as rights, unit_of_work() as work:
        drafts.discard(work, listed()[0].uuid, rights)
    assert listed() == ()
