"""Jobs: run under a lease, in the name of the person who asked, with progress that a page can show."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.clock import VIETNAM, legal_day, now
from app.extensions import db
from app.services.errors import RefusalError
from app.storage.audit import AuditEntry, AuditRoot
from app.storage.identity import Identity, act_as, act_no_longer, current_identity
from app.storage.job import Job
from app.storage.unit_of_work import RUN_JOB, wake_worker
from app.vault import vault
from forms.sentence import Sentence

__all__ = ["HANDLERS", "RUN_JOB", "Handler", "Progress", "ask", "handles", "run", "seal_day", "seal_yesterday", "sweep"]

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
UNSENT_AFTER = timedelta(seconds=10)

log = logging.getLogger(__name__)


class Progress:
    """How far a job has come, written beside the job's own transaction so that a page can read it at once."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id

    def tell(self, done: int, total: int) -> None:
        """Say that `done` of `total` pieces are through, and keep the lease."""
        with db.engine.begin() as beside:
            beside.execute(
                update(Job)
                .where(Job.id == self._job_id, Job.state == "running")
                .values(progress_done=done, progress_total=total, lease_until=now() + LEASE)
            )


Handler = Callable[[dict[str, Any], Progress], str]
HANDLERS: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does jobs of this kind; the same kind twice is a mistake."""

    def declare(handler: Handler) -> Handler:
        if kind in HANDLERS:
            raise ValueError(f"two handlers for jobs of kind {kind}")
        HANDLERS[kind] = handler
        return handler

    return declare


def ask(kind: str, key: str, payload: dict[str, Any]) -> Job:
    """Make the job of an act; the same key asked twice is one job. Give it to `Work.ask_job`."""
    identity = current_identity()
    return Job(
        kind=kind,
        key=key,
        payload=payload,
        identity={
            "user_id": identity.user_id,
            "user_name": identity.user_name,
            "units": sorted(identity.units),
            "purpose": kind,
        },
        asked_by=identity.user_id,
    )


def run(job_id: int, handlers: Mapping[str, Handler]) -> None:
    """Take the job's lease and do it; who finds the lease taken, or the job done, leaves it."""
    taken = _take(job_id)
    if taken is None:
        return
    kind, payload, identity = taken
    token = act_as(
        Identity(identity["user_id"], identity["user_name"], frozenset(identity["units"]), identity["purpose"])
    )
    try:
        message = handlers[kind](payload, Progress(job_id))
    except RefusalError as refusal:
        db.session.rollback()
        _finish(job_id, "failed", refusal.sentence)
    except Exception:
        db.session.rollback()
        log.exception("job %s of kind %s failed", job_id, kind)
        _fail_or_wait(job_id)
    else:
        _finish(job_id, "done", message)
    finally:
        act_no_longer(token)
        db.session.remove()


def _take(job_id: int) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    moment = now()
    with db.engine.begin() as beside:
        row = beside.execute(
            update(Job)
            .where(
                Job.id == job_id,
                or_(Job.state == "queued", (Job.state == "running") & (Job.lease_until < moment)),
            )
            .values(state="running", attempt=Job.attempt + 1, lease_until=moment + LEASE)
            .returning(Job.kind, Job.payload, Job.identity)
        ).one_or_none()
    return None if row is None else (row.kind, row.payload, row.identity)


def _finish(job_id: int, state: str, message: str) -> None:
    with db.engine.begin() as beside:
        beside.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(state=state, message=message, finished_at=now(), lease_until=None)
        )


def _fail_or_wait(job_id: int) -> None:
    """Leave the job to the sweeper for another try, or give it up when it was tried often enough."""
    with db.engine.begin() as beside:
        attempt = beside.execute(select(Job.attempt).where(Job.id == job_id)).scalar_one()
    if attempt >= MAX_ATTEMPTS:
        gave_up = Sentence("Việc này đã thử nhiều lần mà không xong. Báo người quản trị kèm giờ xảy ra.")
        _finish(job_id, "failed", gave_up)


def sweep() -> int:
    """Send again the ids of jobs that wait too long or whose lease ran out, and return how many."""
    moment = now()
    with db.engine.begin() as beside:
        waiting = beside.scalars(
            select(Job.id).where(
                or_(
                    (Job.state == "queued") & (Job.recorded_at < moment - UNSENT_AFTER),
                    (Job.state == "running") & (Job.lease_until < moment),
                )
            )
        ).all()
    for job_id in waiting:
        wake_worker(job_id)
    return len(waiting)


def seal_yesterday() -> int:
    """Seal the record of the day that ended; return how many chains moved in it."""
    day = legal_day(now()) - timedelta(days=1)
    with db.engine.begin() as beside:
        return seal_day(beside, day)


def seal_day(connection: Connection, day: date) -> int:
    """Seal one legal day, once: a keyed hash over the heads of all chains that moved, in a fixed order."""
    since = datetime.combine(day, time(), VIETNAM)
    heads = connection.execute(
        select(AuditEntry.object_kind, AuditEntry.object_id, AuditEntry.hash)
        .ext(distinct_on(AuditEntry.object_kind, AuditEntry.object_id))
        .where(AuditEntry.recorded_at >= since, AuditEntry.recorded_at < since + timedelta(days=1))
        .order_by(AuditEntry.object_kind, AuditEntry.object_id, AuditEntry.sequence.desc())
    ).all()
    root = hashlib.sha256("\n".join("|".join(head) for head in heads).encode()).hexdigest()
    connection.execute(
        insert(AuditRoot)
        .values(day=day, heads=len(heads), root=root, seal=vault.seal(f"{day.isoformat()} {len(heads)} {root}"))
        .on_conflict_do_nothing(index_elements=["day"])
    )
    return len(heads)
