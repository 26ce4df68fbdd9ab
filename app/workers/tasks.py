"""Tasks: each takes the id of a job, runs it under a lease in its own name, and lets the job table tell the truth."""

import logging
from typing import Any

from celery import Celery, Task, shared_task
from flask import Flask, current_app

from app.clock import now
from app.services import form_draft, job
from app.services.job import HANDLERS

log = logging.getLogger(__name__)


def bind(celery: Celery, app: Flask) -> None:
    """Let every task run inside the application's context."""

    class InApplication(Task):
        """A task that finds the database and the settings of this deployment."""

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return super().__call__(*args, **kwargs)

    celery.Task = InApplication
    celery.set_default()


@shared_task(name=job.RUN_JOB)
def run_job(job_id: int) -> None:
    """Run one job; a message delivered twice finds the lease taken and does nothing."""
    job.run(job_id, HANDLERS)


@shared_task(name="sweep_jobs")
def sweep_jobs() -> int:
    """Wake workers for jobs whose message was lost or whose worker died; return how many."""
    return job.sweep()


@shared_task(name="seal_audit_day")
def seal_audit_day() -> int:
    """Seal yesterday's record; return how many chains moved."""
    return job.seal_yesterday()


@shared_task(name="drop_expired_drafts")
def drop_expired_drafts() -> int:
    """Delete the forms that nobody went on filling in; return how many."""
    return form_draft.drop_expired(days=current_app.config["DRAFT_DAYS"], at=now())
