"""The sample province with published procedures and dossiers at every step, made once a run and copied from then on."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select

from app.clock import legal_day, now
from app.extensions import db
from app.security.assignment import rights_of
from app.storage.account import Officer
from app.storage.identity import Identity, act_as, act_no_longer
from launcher.testing import TestServices
from tests.conftest import RUNNING, TEMPLATE
from tests.running_site import AT_WORK, copy_database, is_there, publish_and_receive


def keep_at_work(application: Flask, services: TestServices) -> None:
    """Make the database of that name, unless this run has it already."""
    if is_there(services, AT_WORK):
        return
    let_go(application)
    copy_database(services, TEMPLATE, RUNNING)
    publish_and_receive(application)
    copy_database(services, RUNNING, AT_WORK)


def put_to_work(application: Flask, services: TestServices) -> None:
    """Give the application a copy of its own of the province at work."""
    keep_at_work(application, services)
    let_go(application)
    copy_database(services, AT_WORK, RUNNING)


def let_go(application: Flask) -> None:
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def seen_by(application: Flask, user_name: str) -> Iterator[None]:
    """Let the test's own code read what this person may see: the database shows a dossier to nobody else."""
    with application.app_context():
        officer = db.session.scalars(select(Officer).where(Officer.username == user_name)).one()
        identity = Identity(officer.id, user_name, rights_of(db.session(), officer.id, legal_day(now())).scope)
        db.session.rollback()
        token = act_as(identity)
        try:
            yield
        finally:
            db.session.remove()
            act_no_longer(token)
