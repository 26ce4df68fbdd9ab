"""Jobs are done once, in the name of who asked, whatever the broker loses or doubles."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from app.clock import legal_day, now
from app.extensions import db
from app.services import job as jobs
from app.services.errors import RefusalError
from app.storage import audit
from app.storage.audit import AuditRoot, Note
from app.storage.identity import Identity, current_identity
from app.storage.job import Job
from app.storage.unit_of_work import unit_of_work
from forms.sentence import Sentence


def asked(kind: str = "count", key: str = "k1") -> int:
    with unit_of_work() as work:
        job = work.ask_job(jobs.ask(kind, key, {"n": 3}))
        work.commit()
        return job.id


def state_of(job_id: int) -> Job:
    db.session.expire_all()
    return db.session.get_one(Job, job_id)


def test_a_job_delivered_twice_is_done_once(database):
    done = []
    job_id = asked()
    handlers = {"count": lambda payload, progress: done.append(payload) or "xong"}
    jobs.run(job_id, handlers)
    jobs.run(job_id, handlers)
    assert done == [{"n": 3}]
    assert (state_of(job_id).state, state_of(job_id).message, state_of(job_id).attempt) == ("done", "xong", 1)


def test_a_job_runs_in_the_name_of_the_person_who_asked(database, in_name_of):
    in_name_of(Identity(None, "tiepnhan", frozenset({4, 5})))
    job_id = asked()
    in_name_of(Identity())
    seen = []
    jobs.run(job_id, {"count": lambda payload, progress: seen.append(current_identity()) or ""})
    assert (seen[0].user_name, seen[0].units, seen[0].purpose) == ("tiepnhan", frozenset({4, 5}), "count")


def test_progress_is_seen_while_the_job_still_runs(database):
    job_id = asked()

    def handler(payload, progress):
        progress.tell(1, 3)
        with db.engine.begin() as beside:
            row = beside.execute(select(Job.progress_done, Job.progress_total).where(Job.id == job_id)).one()
        assert tuple(row) == (1, 3)
        return ""

    jobs.run(job_id, {"count": handler})
    assert state_of(job_id).state == "done"


def test_a_refusal_fails_the_job_with_its_sentence(database):
    job_id = asked()

    def refuse(payload, progress):
        raise RefusalError("Tệp không đọc được.")

    jobs.run(job_id, {"count": refuse})
    assert (state_of(job_id).state, state_of(job_id).message) == ("failed", "Tệp không đọc được.")


def test_a_message_with_values_can_still_be_said_in_another_language(database):
    job_id = asked()
    jobs.run(job_id, {"count": lambda payload, progress: Sentence("Đã đọc %(count)s dòng.", count=payload["n"])})
    message = state_of(job_id).message
    assert message == "Đã đọc 3 dòng."
    assert isinstance(message, Sentence)
    assert message.told({"Đã đọc %(count)s dòng.": "Rows read: %(count)s."}.get) == "Rows read: 3."


def test_a_job_whose_worker_died_is_sent_again_and_taken_over(database):
    job_id = asked()
    db.session.execute(
        update(Job).where(Job.id == job_id).values(state="running", attempt=1, lease_until=now() - timedelta(seconds=1))
    )
    db.session.commit()
    assert jobs.sweep() == 1
    jobs.run(job_id, {"count": lambda payload, progress: "xong"})
    assert (state_of(job_id).state, state_of(job_id).attempt) == ("done", 2)


def test_a_job_that_keeps_failing_is_given_up_with_a_sentence(database):
    job_id = asked()

    def break_down(payload, progress):
        raise ValueError("hỏng")

    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run(job_id, {"count": break_down})
        db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == "running")
            .values(lease_until=now() - timedelta(seconds=1))
        )  # fmt: skip
        db.session.commit()
    assert state_of(job_id).state == "failed"
    assert "thử nhiều lần" in state_of(job_id).message


def test_the_same_key_asked_twice_is_refused_by_the_database(database):
    asked()
    with pytest.raises(Exception, match="job_key_key"):
        asked()


def test_a_day_of_the_record_is_sealed_once(database):
    audit.append(db.session, Note("dossier", "a", "receive", now()))
    audit.append(db.session, Note("dossier", "b", "receive", now()))
    db.session.commit()
    today = legal_day(now())
    with db.engine.begin() as beside:
        assert jobs.seal_day(beside, today) == 2
        assert jobs.seal_day(beside, today) == 2
    root = db.session.scalars(select(AuditRoot)).one()
    assert (root.day, root.heads, len(root.seal)) == (today, 2, 64)
    with db.engine.begin() as beside:
        assert jobs.seal_day(beside, date(2020, 1, 1)) == 0
