"""The unit of work: what an act changes is committed once, at its end, or never happened."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from kombu.exceptions import OperationalError
from sqlalchemy.orm import Session

from app.extensions import celery, db
from app.storage import audit
from app.storage.audit import Note
from app.storage.job import Job

RUN_JOB = "run_job"  # workers are woken by name, so that nothing above needs to import them

log = logging.getLogger(__name__)


class Work:
    """One act's hold on the database. The service commits; leaving without a commit undoes everything."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.jobs_asked: list[Job] = []

    def note(self, note: Note) -> None:
        """Write the act's line into the record; an act that cannot be recorded is not done."""
        audit.append(self.session, note)

    def ask_job(self, job: Job) -> Job:
        """Write a job in this transaction; a worker is woken after the commit."""
        self.session.add(job)
        self.jobs_asked.append(job)
        return job

    def flush(self) -> None:
        """Send the pending rows, so that their keys are known."""
        self.session.flush()

    def commit(self) -> None:
        """Make the act real, then wake a worker for the jobs it asked for."""
        self.session.commit()
        asked, self.jobs_asked = self.jobs_asked, []
        for job in asked:
            wake_worker(job.id)


@contextmanager
def unit_of_work() -> Generator[Work]:
    """Open the unit of work of one act; anything not committed when it ends is rolled back."""
    session = db.session()
    work = Work(session)
    try:
        yield work
    except BaseException:
        session.rollback()
        raise
    if session.in_transaction():
        session.rollback()


def wake_worker(job_id: int) -> None:
    """Send a job's id to the broker; a broker that is away costs time, not work, since the sweeper sends it again."""
    try:
        celery.send_task(RUN_JOB, args=[job_id], ignore_result=True, retry=False)
    except OperationalError:
        log.warning("broker away; job %s waits for the sweeper", job_id)
