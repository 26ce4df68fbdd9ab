"""The command `bench-large`: what pages cost over a large sample (`demo`), as the restricted role, changing nothing.

CPU time is that of the application. The database works in a process of its own, so what is asked of it is measured as
the time until it answered: on a machine that does something else beside, that figure is an upper bound.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder import ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from sqlalchemy import func, select

from app.cli.bench import browser_of, statements
from app.cli.figures import Figure, cpu_ms, report
from app.clock import legal_day, now
from app.extensions import appbuilder, db
from app.factory import create_app
from app.security.assignment import rights_of
from app.services import dossier_list, listed_versions
from app.services import evaluation as evaluations
from app.storage.account import Officer
from app.storage.dossier import Dossier
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.procedure import Procedure, ProcedureVersion, version_in_force
from app.storage.search import search
from config import settings
from forms.build import build_form
from forms.listed import listing
from rules import codec
from rules.definition.procedure import Field, FieldKind, ProcedureDefinition
from rules.values import Text

CLERK, OVERSEER = "tiepnhan.caolanh", "kiemtra"
WORDS = ("nguyen van", "tran thi", "huynh", "le minh tam", "pham", "vo thi kim", "nguyễn thị", "bui", "dang ngoc", "ly")
ASKED = 60
ROUNDS = 10
FIELDS = 30


def main(_: list[str]) -> int:
    """Measure, print, and end with 1 when a bound is missed."""
    app = create_app(settings())
    app.config["WTF_CSRF_ENABLED"] = False
    appbuilder.update_perms = False  # a view that is only measured must not change what the roles may do
    logging.getLogger("flask_appbuilder").setLevel(logging.ERROR)  # it tells of columns it cannot filter by
    own = PrefixLoader({"stock": PackageLoader("flask_appbuilder")})
    app.jinja_env.loader = ChoiceLoader([own, app.jinja_env.loader or own])
    with app.app_context():
        stock = StockDossiers()
        appbuilder.add_view_no_menu(stock)
        code, count = _most_used()
        figures = [Figure("dossiers", count, ""), *list_figures(app, code, stock), *page_figures(app)]
        figures += [*search_figures(code), *form_figures(app, code)]
        db.session.rollback()
    return report(figures)


class StockDossiers(ModelView):
    """The same rows as the framework lists them by itself, with its own template in the frame of this house.

    Columns of the table alone: a name from another table would cost it a statement for each row.
    """

    datamodel = SQLAInterface(Dossier)
    list_columns: ClassVar = [
        "code", "applicant_name", "accepted_at", "state", "appointment_due", "filing_channel", "money_state",
    ]  # fmt: skip
    base_order = ("accepted_at", "desc")
    list_template = "stock/appbuilder/general/model/list.html"
    page_size = dossier_list.PAGE_SIZE
    search_columns: ClassVar = ["code"]
    add_columns = edit_columns = show_columns = search_columns
    include_route_methods: ClassVar = {"list"}
    base_permissions: ClassVar = ["can_read"]
    class_permission_name = "DossierView"
    method_permission_name: ClassVar = {"list": "read"}


def _most_used() -> tuple[str, int]:
    with acting(OVERSEER):
        row = db.session.execute(
            select(Procedure.code, func.count())
            .join(Dossier, Dossier.procedure_id == Procedure.id)
            .group_by(Procedure.code)
            .order_by(func.count().desc())
        ).all()  # fmt: skip
    return row[0][0], sum(count for _, count in row)


@contextmanager
def acting(user_name: str) -> Iterator[None]:
    """Let what follows act in this person's name."""
    officer = db.session.scalars(select(Officer).where(Officer.username == user_name)).one()
    identity = Identity(officer.id, officer.username, rights_of(db.session(), officer.id, legal_day(now())).scope)
    db.session.rollback()
    token = act_as(identity)
    try:
        yield
    finally:
        act_no_longer(token)
        db.session.rollback()


def opened(browser: FlaskClient, address: str) -> Callable[[], object]:
    """Return what opens a page once more; the first time it must be there."""
    answer = browser.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    return lambda: browser.get(address)


def list_figures(app: Flask, code: str, stock: ModelView) -> list[Figure]:
    """Measure the generated list beside the framework's own list of the same rows."""
    browser = browser_of(app, OVERSEER)
    ours = opened(browser, f"/procedures/{code}/dossiers/")
    theirs = opened(browser, f"{stock.route_base}/list/")
    took, took_stock = cpu_ms(ours, ROUNDS), cpu_ms(theirs, ROUNDS)
    return [
        Figure("generated list: SQL statements", statements(ours), "SQL", 8),
        Figure("generated list: CPU", took, "ms", 12),
        Figure("generated list: until it was there", waited(ours), "ms"),
        Figure("the framework's list of the same rows: SQL statements", statements(theirs), "SQL"),
        Figure("the framework's list of the same rows: CPU", took_stock, "ms"),
        Figure("the framework's list / generated list: CPU", took_stock / took, "x"),
    ]


def page_figures(app: Flask) -> Iterator[Figure]:
    """Measure the pages that are there whatever the procedure, for a commune's clerk and for the whole province."""
    for user_name in (CLERK, OVERSEER):
        browser = browser_of(app, user_name)
        with acting(user_name):
            dossier = db.session.scalars(select(Dossier).order_by(Dossier.accepted_at.desc()).limit(1)).one()
            uuid, code = dossier.uuid, dossier.code
        for name, address in (
            ("worklist", "/dossiers/"),
            ("worklist, all", "/dossiers/?shelf=all"),
            ("worklist, found by code", f"/dossiers/?shelf=all&q={code}"),
            ("worklist, found by name", "/dossiers/?shelf=all&q=nguyen+van+an"),
            ("page of a dossier", f"/dossiers/{uuid}"),
            ("its history", f"/dossiers/{uuid}/history"),
        ):
            page = opened(browser, address)
            said = f"{name} ({user_name})"
            yield Figure(f"{said}: SQL statements", statements(page), "SQL", 10 if name == "worklist" else None)
            yield Figure(f"{said}: CPU", cpu_ms(page, ROUNDS), "ms")
            yield Figure(f"{said}: until it was there", waited(page), "ms")


def waited(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the milliseconds by the clock of the best of some rounds: what the work and the database need together."""
    return min(_spent(work) for _ in range(rounds))


def _spent(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def search_figures(code: str) -> Iterator[Figure]:
    """Measure the search for words without accents, and the question for one code, over the whole province."""
    with acting(OVERSEER):
        procedure = listed_versions.listed_procedure(db.session(), code, legal_day(now()))
        asked = [WORDS[number % len(WORDS)] for number in range(ASKED)]
        names = db.session.scalars(select(Dossier.applicant_name).order_by(Dossier.id.desc()).limit(ASKED)).all()
        took = sorted(_spent(lambda said=said: _search(procedure.id, said)) for said in (*asked, *names))
        yield Figure("folded search: p50", took[len(took) // 2], "ms")
        yield Figure("folded search: p95", took[len(took) * 95 // 100], "ms", 150)
        codes = db.session.scalars(select(Dossier.code).order_by(Dossier.id.desc()).limit(ASKED)).all()
        took = sorted(_spent(lambda said=said: _equal(said)) for said in codes)
        yield Figure("equality on a search field: p50", took[len(took) // 2], "ms", 5)


def _search(procedure_id: int, said: str) -> None:
    search(db.session(), procedure_id=procedure_id, field=None, words=said, at_most=dossier_list.COUNTED_AT_MOST + 1)


def _equal(said: str) -> None:
    db.session.execute(select(Dossier.id).where(Dossier.code == said)).all()


def form_figures(app: Flask, code: str) -> Iterator[Figure]:
    """Measure a form of thirty fields, and the first list after a publication, when nothing of it is known yet."""
    browser = browser_of(app, OVERSEER)
    warm = cpu_ms(opened(browser, f"/procedures/{code}/dossiers/"), ROUNDS)
    text = _newest(code).definition
    new = cpu_ms(lambda: _first_seen(text), ROUNDS)
    yield Figure("first list after a publication, read, made and shown: CPU", warm + new, "ms", 50)
    definition = _large(code)
    with app.test_request_context("/"):
        made = cpu_ms(lambda: build_form(definition), ROUNDS)
        form = build_form(definition)
        shown = cpu_ms(lambda: [(str(field.label), str(field())) for field in form(prefix="answers-")], ROUNDS)
    yield Figure(f"form of {FIELDS} fields, made once a version: CPU", made, "ms")
    yield Figure(f"form of {FIELDS} fields, filled in and written as HTML: CPU", shown, "ms", 20)


def _first_seen(text: str) -> None:
    """Do what a process does once for a version that it never saw: read it, make its list and its form."""
    definition = codec.definition_from_json(text)
    listing(definition)
    build_form(definition)


def _newest(code: str) -> ProcedureVersion:
    version = version_in_force(db.session(), code, legal_day(now()))
    assert version is not None, "the procedure with the most dossiers has a version in force"
    return version


def _large(code: str) -> ProcedureDefinition:
    """Return the definition of a procedure with thirty fields instead of its own."""
    kinds = (FieldKind.TEXT, FieldKind.WHOLE_NUMBER, FieldKind.YES_NO, FieldKind.DAY, FieldKind.MONEY, FieldKind.PHONE)
    fields = (
        Field(f"field_{number}", kinds[number % len(kinds)], Text(f"Câu hỏi {number}", f"Question {number}"))
        for number in range(FIELDS)
    )
    return replace(evaluations.definition_of(_newest(code)), fields=tuple(fields))
