"""The command `bench`: how much work the pages and acts cost, in CPU time and SQL statements, never in wall time.

It runs on the sample province of this deployment as the restricted role, changes nothing (everything is rolled back)
and prints one line a figure, with the bound it is measured against.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import joinedload

from app.cli.figures import Figure, cpu_ms, report
from app.clock import local, now
from app.exporters.papers import ReceiptPaper
from app.extensions import db
from app.factory import create_app
from app.security.manager import OPENED_WITH, password_mark
from app.services import evaluation as evaluations
from app.services import receipt
from app.services.office import office_register, office_time
from app.storage.account import Officer
from app.storage.dossier import Dossier, DossierFacts
from app.storage.evaluation import EvaluationRecord
from app.storage.identity import Identity, act_as
from app.storage.office import Unit
from config import settings
from rules import codec
from rules.evaluation.evaluate import evaluate

FORM = "/reception/2.000815"
UNSEEN = ("intake_key", "desk", "version")
"""What the form carries unseen."""

ANSWERS = {
    "applicant-applicant_kind": "individual",
    "filing-channel": "counter",
    "answers-originals-0-title": "Bằng tốt nghiệp",
    "answers-originals-0-pages": "10",
    "answers-originals-0-copies": "3",
    "answers-original_finding": "none",
}


def main(_: list[str]) -> int:
    """Measure, print, and end with 1 when a bound is missed."""
    app = create_app(settings())
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        figures = [*page_figures(app), *law_figures()]
        db.session.rollback()
    return report(figures)


def statements(work: Callable[[], object]) -> int:
    """Return how many SQL statements a piece of work sends."""
    seen: list[str] = []

    def see(connection: object, cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    try:
        work()
    finally:
        event.remove(Engine, "before_cursor_execute", see)
    return len(seen)


def browser_of(app: Flask, user_name: str) -> FlaskClient:
    """Return a browser in which this officer is logged in."""
    browser = app.test_client()
    officer = db.session.scalars(select(Officer).where(Officer.username == user_name)).one()
    with browser.session_transaction() as session:
        session["_user_id"], session["_fresh"] = str(officer.id), True
        session[OPENED_WITH] = password_mark(officer.password)
    return browser


def page_figures(app: Flask) -> list[Figure]:
    """Measure pages as the officers of the sample province open them."""
    browser = browser_of(app, "tiepnhan.caolanh")
    form = browser.get(FORM).text
    unseen = {name: found[1] for name in UNSEEN if (found := re.search(rf'name="{name}" value="([^"]+)"', form))}
    answers = {**unseen, **ANSWERS}
    figures: list[Figure] = []
    for name, opened, sql_bound, cpu_bound in (
        ("worklist", lambda: browser.get("/dossiers/"), 10, None),
        ("reception form of 2.000815", lambda: browser.get(FORM), None, None),
        ("its outcome while it is filled in", lambda: browser.post(f"{FORM}/preview", data=answers), None, 60),
    ):
        answer = opened()
        assert answer.status_code == 200, f"{name} answered {answer.status_code}"
        figures += [
            Figure(f"{name}: SQL statements", statements(opened), "SQL", sql_bound),
            Figure(f"{name}: CPU", cpu_ms(opened), "ms", cpu_bound),
        ]
    return figures


def law_figures() -> list[Figure]:
    """Measure an evaluation, a replay and a printed receipt of a real sample dossier."""
    act_as(Identity(None, "bench", frozenset(db.session.scalars(select(Unit.id)))))
    db.session.rollback()
    dossier = db.session.scalars(
        select(Dossier).options(joinedload(Dossier.rules_version)).order_by(Dossier.id).limit(1)
    ).one()
    kept = db.session.scalars(select(EvaluationRecord).where(EvaluationRecord.dossier_id == dossier.id)).first()
    assert kept is not None, "every dossier has an evaluation"
    definition = evaluations.definition_of(dossier.rules_version)
    facts = codec.facts_from_json(
        definition,
        db.session.scalars(select(DossierFacts.facts).where(DossierFacts.dossier_id == dossier.id)).first() or {},
    )
    procedure, office = evaluations.procedure_of(dossier.rules_version), office_time(office_register(db.session()))
    at: datetime = local(now())
    paper = receipt.receipt_of(db.session(), dossier)
    # The layout of a paper is remembered: papers of other people are what a day at the counter costs.
    others = (_of_another(paper, number) for number in count())
    return [
        Figure(
            "evaluation with reasons: CPU",
            cpu_ms(lambda: evaluate(procedure, facts, on=at.date(), at=at, office=office)),
            "ms",
        ),
        Figure("replay from what was kept: CPU", cpu_ms(lambda: evaluations.recomputed(db.session(), kept)), "ms"),
        Figure("receipt as PDF: CPU", cpu_ms(lambda: receipt.receipt_pdf(paper), 5), "ms"),
        Figure("receipt as PDF, of a new dossier: CPU", cpu_ms(lambda: receipt.receipt_pdf(next(others)), 5), "ms"),
    ]


def _of_another(paper: ReceiptPaper, number: int) -> ReceiptPaper:
    """Return this receipt as if another person had handed in papers of other names."""
    code = f"{paper.dossier_code}-{number}"
    named = tuple(replace(each, name=f"{each.name} ({number})") for each in paper.documents)
    someone = replace(paper.applicant, name=f"{paper.applicant.name} {number}")
    return replace(paper, dossier_code=code, tracking=code, applicant=someone, documents=named)
