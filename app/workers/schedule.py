"""The timetable of the office's machine work."""

from datetime import timedelta

from celery import Celery
from celery.schedules import crontab

TIMETABLE = {
    "sweep_jobs": {"task": "sweep_jobs", "schedule": timedelta(seconds=15)},
    "drop_expired_drafts": {"task": "drop_expired_drafts", "schedule": crontab(hour=0, minute=40)},
    "seal_audit_day": {"task": "seal_audit_day", "schedule": crontab(hour=0, minute=20)},
}


def install(celery: Celery) -> None:
    """Give beat its timetable."""
    celery.conf.beat_schedule = TIMETABLE
