"""Which role opens which route, written out: a route that is missing here, or open to one role too many, fails."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import select
from werkzeug.routing import Rule

from app.clock import legal_day, now
from app.extensions import db
from app.security.assignment import rights_of
from app.security.roles import ROLES
from app.services import catalog
from app.services import procedure as procedures
from app.services.sample import SAMPLES
from app.storage.account import Officer
from app.storage.catalog import CatalogImport
from app.storage.dossier import Dossier
from app.storage.evaluation import EvaluationRecord
from app.storage.office import Assignment, FieldOfWork, LegalDocument, Unit
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from samples.workbook import write_sample_workbook
from tests.conftest import PASSWORD, RUNNING
from tests.desk import ORIGINALS, refused
from tests.hand import asked
from tests.province_at_work import seen_by

ACTORS = {
    "quantri": "system_administrator",
    "danhmuc": "catalogue_administrator",
    "pheduyet": "approver",
    "tiepnhan.caolanh": "reception",
    "xuly.caolanh": "processing",
    "lanhdao.caolanh": "leader",
    "buudien.caolanh": "postal_clerk",
    "kiemtra": "inspector",
}
SYSTEM, CATALOGUE, APPROVER = "quantri", "danhmuc", "pheduyet"
COUNTER, PROCESSING, LEADER, POSTAL, INSPECTOR = (
    "tiepnhan.caolanh", "xuly.caolanh", "lanhdao.caolanh", "buudien.caolanh", "kiemtra",
)  # fmt: skip
EVERYBODY = frozenset(ACTORS)
OFFICE = {SYSTEM, CATALOGUE, APPROVER, LEADER, INSPECTOR}
READERS = {CATALOGUE, APPROVER, LEADER, INSPECTOR}
SIGNERS = {CATALOGUE, APPROVER}
DESK = {COUNTER, POSTAL}
DOSSIERS = {COUNTER, PROCESSING, LEADER, POSTAL, INSPECTOR}
ACTING = DOSSIERS - {INSPECTOR}
HISTORY = {LEADER, INSPECTOR}
EXPORTING = {LEADER, INSPECTOR}
BY_HAND = DESK | HISTORY
CALENDAR = {SYSTEM, CATALOGUE}

PUBLIC = {
    "GET /", "GET /login/", "POST /login/", "POST /logout/", "GET /lang/<string:locale>", "GET /back", "GET /healthz",
    "GET /readyz", "GET /static/<path:filename>", "GET /static/appbuilder/<path:filename>",
}  # fmt: skip
"""Routes that a stranger may ask: the way in and out, the language, files of the dress, and the machines' questions."""

CLOSED = {
    "GET /api/v1/menu/",
    "POST /fields-of-work/action/<string:name>/<pk>", "POST /fields-of-work/action_post",
    "POST /users/action/<string:name>/<pk>", "POST /users/action_post",
}  # fmt: skip
"""Routes that the framework brings and nobody needs: they open to no one."""

ALLOWED: dict[str, frozenset[str] | set[str]] = {
    "GET /account/": EVERYBODY,
    "GET /account/password": EVERYBODY,
    "POST /account/password": EVERYBODY,
    "GET /assignments/": {SYSTEM},
    "GET /assignments/add": {SYSTEM},
    "POST /assignments/add": {SYSTEM},
    "GET /assignments/<uuid:assignment_id>/end": {SYSTEM},
    "POST /assignments/<uuid:assignment_id>/end": {SYSTEM},
    "GET /users/list/": {SYSTEM},
    "GET /users/show/<pk>": {SYSTEM},
    "GET /users/add": {SYSTEM},
    "POST /users/add": {SYSTEM},
    "GET /users/edit/<pk>": {SYSTEM},
    "POST /users/edit/<pk>": {SYSTEM},
    "GET /users/password/<pk>": {SYSTEM},
    "POST /users/password/<pk>": {SYSTEM},
    "GET /roles/": {SYSTEM},
    "GET /jobs/": {SYSTEM, CATALOGUE},
    "GET /units/": OFFICE,
    "GET /units/<uuid:unit_id>": OFFICE,
    "GET /calendar/": OFFICE,
    "GET /calendar/<int:year>": OFFICE,
    "POST /calendar/<int:year>/confirm": CALENDAR,
    "POST /calendar/<int:year>/days": CALENDAR,
    "POST /calendar/<int:year>/days/<day>/withdraw": CALENDAR,
    "GET /legal-documents/": OFFICE,
    "GET /legal-documents/<uuid:document_id>": OFFICE,
    "GET /fields-of-work/list/": OFFICE,
    "GET /fields-of-work/add": {CATALOGUE},
    "POST /fields-of-work/add": {CATALOGUE},
    "GET /fields-of-work/edit/<pk>": {CATALOGUE},
    "POST /fields-of-work/edit/<pk>": {CATALOGUE},
    "GET /catalog/": READERS,
    "GET /catalog/<uuid:import_id>": READERS,
    "GET /catalog/<uuid:import_id>/progress": READERS,
    "GET /catalog/<uuid:import_id>/file": READERS,
    "GET /catalog/upload": {CATALOGUE},
    "POST /catalog/upload": {CATALOGUE},
    "GET /catalog/upload/danh-muc-mau.xlsx": {CATALOGUE},
    "POST /catalog/<uuid:import_id>/accept": {CATALOGUE},
    "POST /catalog/<uuid:import_id>/drop": {CATALOGUE},
    "GET /procedures/": READERS,
    "GET /procedures/<uuid:procedure_id>": READERS,
    "GET /procedures/<uuid:procedure_id>/draft": READERS,
    "GET /procedures/<uuid:procedure_id>/draft/source": READERS,
    "POST /procedures/<uuid:procedure_id>/draft/waive": {CATALOGUE},
    "GET /procedures/<uuid:procedure_id>/draft/summary": READERS,
    "GET /procedures/<uuid:procedure_id>/draft/summary.pdf": READERS,
    "GET /procedures/<uuid:procedure_id>/draft/boundaries": READERS,
    "POST /procedures/<uuid:procedure_id>/draft/boundaries/confirm": {CATALOGUE},
    "GET /procedures/<uuid:procedure_id>/draft/mutants": READERS,
    "POST /procedures/<uuid:procedure_id>/draft/mutants/add": {CATALOGUE},
    "POST /procedures/<uuid:procedure_id>/draft/<kind>/run": SIGNERS,
    "GET /procedures/<uuid:procedure_id>/draft/<kind>/progress": READERS,
    "GET /procedures/<uuid:procedure_id>/compare": READERS,
    "GET /waivers/": READERS,
    "POST /waivers/<uuid:waiver_id>/take-back": {CATALOGUE},
    "GET /procedures/<uuid:procedure_id>/draft/try": SIGNERS,
    "POST /procedures/<uuid:procedure_id>/draft/try": SIGNERS,
    "POST /procedures/<uuid:procedure_id>/draft/try/preview": SIGNERS,
    "GET /procedures/<uuid:procedure_id>/draft/canonical": READERS,
    "GET /procedures/<uuid:procedure_id>/upload": {CATALOGUE},
    "POST /procedures/<uuid:procedure_id>/upload": {CATALOGUE},
    "POST /procedures/<uuid:procedure_id>/draft/drop": {CATALOGUE},
    "GET /procedures/<uuid:procedure_id>/publish": SIGNERS,
    "POST /procedures/<uuid:procedure_id>/publish": SIGNERS,
    "GET /procedures/<uuid:procedure_id>/versions/<int:number>": READERS,
    "POST /procedures/<uuid:procedure_id>/versions/<int:number>/recheck": READERS,
    "GET /procedures/<uuid:procedure_id>/versions/<int:number>/source": READERS,
    "GET /procedures/<uuid:procedure_id>/versions/<int:number>/canonical": READERS,
    "GET /procedures/<uuid:procedure_id>/versions/<int:number>/end": SIGNERS,
    "POST /procedures/<uuid:procedure_id>/versions/<int:number>/end": SIGNERS,
    "GET /reception/": DESK,
    "GET /reception/<code>": DESK,
    "POST /reception/<code>": DESK,
    "POST /reception/<code>/draft": DESK,
    "POST /reception/<code>/preview": DESK,
    "POST /reception/<code>/refuse": DESK,
    "GET /procedures/<code>/dossiers/": DOSSIERS,
    "GET /procedures/<code>/dossiers/find": DOSSIERS,
    "POST /procedures/<code>/dossiers/find": DOSSIERS,
    "GET /procedures/<code>/dossiers/print": DOSSIERS,
    "POST /procedures/<code>/dossiers/filters": DOSSIERS,
    "POST /procedures/<code>/dossiers/several": ACTING,
    "POST /procedures/<code>/dossiers/export": EXPORTING,
    "GET /procedures/<code>/dossiers/exports/<uuid:job_id>": DOSSIERS,
    "GET /procedures/<code>/dossiers/exports/<uuid:job_id>/file": DOSSIERS,
    "GET /api/v1/procedures/<code>/openapi.json": DOSSIERS,
    "GET /api/v1/procedures/<code>/dossiers/": DOSSIERS,
    "POST /api/v1/procedures/<code>/dossiers/": DESK,
    "GET /api/v1/procedures/<code>/dossiers/<uuid:dossier_id>": DOSSIERS,
    "GET /dossiers/<uuid:dossier_id>/correct": ACTING,
    "POST /dossiers/<uuid:dossier_id>/correct": ACTING,
    "GET /dossiers/<uuid:dossier_id>/values": DOSSIERS,
    "GET /refusals/": BY_HAND,
    "GET /refusals/find": BY_HAND,
    "POST /refusals/find": BY_HAND,
    "GET /refusals/<uuid:refusal_id>": BY_HAND,
    "GET /refusals/<uuid:refusal_id>/form-03.pdf": BY_HAND,
    "POST /reception/drafts/<uuid:draft_id>/discard": DESK,
    "GET /reception/received/<uuid:dossier_id>": DESK,
    "GET /by-hand/": BY_HAND,
    "POST /by-hand/ask/<code>": DESK,
    "GET /by-hand/<uuid:request_id>": BY_HAND,
    "POST /by-hand/<uuid:request_id>/set": {LEADER},
    "POST /by-hand/<uuid:request_id>/decline": {LEADER},
    "POST /by-hand/<uuid:request_id>/finish": DESK,
    "GET /by-hand/dossiers/<uuid:dossier_id>": {LEADER},
    "POST /by-hand/dossiers/<uuid:dossier_id>": {LEADER},
    "GET /dossiers/": DOSSIERS,
    "GET /dossiers/find": DOSSIERS,
    "POST /dossiers/find": DOSSIERS,
    "GET /dossiers/<uuid:dossier_id>": DOSSIERS,
    "GET /dossiers/<uuid:dossier_id>/beside": DOSSIERS,
    "GET /dossiers/<uuid:dossier_id>/receipt.pdf": DOSSIERS,
    "POST /dossiers/<uuid:dossier_id>/identity": DOSSIERS - {POSTAL},
    "POST /dossiers/<uuid:dossier_id>/take-over": ACTING,
    "POST /dossiers/<uuid:dossier_id>/decide": ACTING,
    "POST /dossiers/<uuid:dossier_id>/return": ACTING,
    "GET /dossiers/<uuid:dossier_id>/history": HISTORY,
    "POST /dossiers/<uuid:dossier_id>/evaluations/<uuid:evaluation_id>/replay": {INSPECTOR},
}
"""Who may open what. An open door is not yet a right to a row: that is what assignments give (below)."""

ASSIGNED = {
    "take-over": {"xuly.caolanh", "xuly2.caolanh"},
    "decide": {"xuly.caolanh", "xuly2.caolanh"},
    "return": {"tiepnhan.caolanh", "buudien.caolanh"},
    "identity": {"tiepnhan.caolanh", "xuly.caolanh", "xuly2.caolanh", "lanhdao.caolanh", "kiemtra"},
}
"""Whose assignment covers an act on a dossier of Cao Lãnh: leaders approve, inspectors read, the post never decides."""

STATE_BEFORE = {"take-over": "received", "decide": "in_progress", "return": "decided", "identity": "received"}
RULING = {"ruling-outcome": "granted", "ruling-summary": "Đủ điều kiện."}
STRANGER_ELSEWHERE = "lanhdao.thapmuoi"
DEAD_END = {"POST /catalog/<uuid:import_id>/accept", "POST /catalog/<uuid:import_id>/drop"}
"""Acts that need nothing but the press: the matrix asks them of a row that does not exist, so that nothing changes."""


@dataclass(frozen=True)
class Place:
    """The rows that the routes are asked for."""

    values: dict[str, object]

    def address(self, route: str) -> str:
        values = self.values | ({"import_id": uuid4()} if route in DEAD_END else {})
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route.partition(" ")[2])


@pytest.fixture(scope="module")
def place(province: Flask, tmp_path_factory) -> Place:
    """A row of each kind: a dossier of Cao Lãnh that the post may see too, a draft, an import, ..."""
    workbook = write_sample_workbook(tmp_path_factory.mktemp("import") / "danh-muc.xlsx")
    with province.app_context():
        administrator = db.session.scalars(select(Officer).where(Officer.username == CATALOGUE)).one()
        rights = rights_of(db.session(), administrator.id, legal_day(now()))
        procedure = db.session.scalars(select(Procedure).where(Procedure.code == "2.000815")).one()
        text = (SAMPLES / "procedures" / "2.000815.yaml").read_text(encoding="utf-8")
        with unit_of_work() as work:
            procedures.save_draft(
                work, procedure.uuid, text=text, file_name="a.yaml", rights=rights, seen_version=None, at=now()
            )
        with unit_of_work() as work:
            catalog.upload(
                work, file_name="danh-muc.xlsx", content=workbook.read_bytes(), source="Thử",
                officer_id=administrator.id, at=now(),
            )  # fmt: skip
        everybody = db.session.scalars(select(Officer).where(Officer.username == STRANGER_ELSEWHERE)).one()
        everybody.roles = [province.appbuilder.sm.role_named(role.name) for role in ROLES]
        db.session.commit()
        with pytest.MonkeyPatch.context() as patched:
            request_id = asked(patched, COUNTER, at=now())
        refusal_id = refused(COUNTER, at=now(), facts={"originals": ORIGINALS, "original_finding": "erased"})
    with seen_by(province, INSPECTOR):
        return Place(_rows() | {"request_id": request_id, "refusal_id": refusal_id, "draft_id": uuid4()})


def _rows() -> dict[str, object]:
    def first(query):
        return db.session.scalars(query.limit(1)).one()

    dossier = first(_dossiers("received"))
    return {
        "locale": "vi", "filename": "dress/dress.css", "year": 2026, "day": "2026-01-01", "number": 1,
        "name": "muldelete", "kind": "boundaries",
        "code": "2.000815", "pk": first(select(FieldOfWork.id).order_by(FieldOfWork.id)), "dossier_id": dossier.uuid,
        "evaluation_id": first(select(EvaluationRecord.uuid).where(EvaluationRecord.dossier_id == dossier.id)),
        "procedure_id": first(select(Procedure.uuid).where(Procedure.id == dossier.procedure_id)),
        "import_id": first(select(CatalogImport.uuid)),
        "assignment_id": first(select(Assignment.uuid).where(Assignment.until.is_(None))),
        "unit_id": first(select(Unit.uuid).where(Unit.key == "phuong-cao-lanh")),
        "waiver_id": uuid4(), "job_id": uuid4(),
        "document_id": first(select(LegalDocument.uuid).where(LegalDocument.superseded_at.is_(None))),
    }  # fmt: skip


def _dossiers(state: str):
    """Find the dossiers of certified copies at Cao Lãnh in a state; the post serves this procedure too."""
    return (
        select(Dossier)
        .join(Procedure, Procedure.id == Dossier.procedure_id)
        .join(Unit, Unit.id == Dossier.receiving_unit_id)
        .where(Procedure.code == "2.000815", Unit.key == "phuong-cao-lanh", Dossier.state == state)
        .order_by(Dossier.id)
    )


@pytest.fixture(scope="module")
def browser_of(province: Flask, place: Place) -> Callable[[str], FlaskClient]:
    """Return a browser in which this person is logged in; one for the whole module."""
    browsers: dict[str, FlaskClient] = {}

    def browser(user_name: str) -> FlaskClient:
        if user_name not in browsers:
            browsers[user_name] = province.test_client()
            answer = browsers[user_name].post("/login/", data={"username": user_name, "password": PASSWORD})
            assert answer.status_code == 302, answer.get_data(as_text=True)
        return browsers[user_name]

    return browser


def ask(browser: FlaskClient, place: Place, route: str):
    method = route.partition(" ")[0]
    answer = browser.open(place.address(route), method=method, data={} if method == "POST" else None)
    answer.get_data()  # a file is read before it is closed
    answer.close()
    return answer


def routes(app: Flask) -> set[str]:
    return {f"{method} {rule.rule}" for rule in app.url_map.iter_rules() for method in methods(rule)}


def methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def is_at_the_login(answer) -> bool:
    return answer.status_code == 302 and "/login/" in answer.headers["Location"]


def test_every_route_of_the_application_stands_in_the_table(application):
    assert routes(application) == PUBLIC | CLOSED | ALLOWED.keys()


def test_every_role_has_an_actor_in_the_table():
    assert set(ACTORS.values()) == {role.key for role in ROLES}


@pytest.mark.parametrize("route", sorted(ALLOWED))
def test_a_route_opens_to_the_roles_of_the_table_and_is_forbidden_to_all_others(place, browser_of, route):
    answers = {user_name: ask(browser_of(user_name), place, route) for user_name in ACTORS}
    refused = {user_name for user_name, answer in answers.items() if answer.status_code == 403}
    assert set(ACTORS) - refused == set(ALLOWED[route])
    broken = {
        name: answer.status_code
        for name, answer in answers.items()
        if name not in refused and not is_whole(answer, route)
    }
    assert broken == {}


def is_whole(answer, route: str) -> bool:
    """Reading shows a page; an act without its answers is told what it lacks, and never fails."""
    if is_at_the_login(answer):
        return False
    return answer.status_code < (500 if route.startswith("POST") else 400)


@pytest.mark.parametrize("route", sorted(CLOSED))
def test_what_the_framework_brings_and_nobody_needs_opens_to_nobody(place, browser_of, route):
    answers = {user_name: ask(browser_of(user_name), place, route).status_code for user_name in ACTORS}
    assert set(answers.values()) <= {403, 404}


@pytest.fixture
def contents(province: Flask, place: Place, services) -> Callable[[], dict[str, object]]:
    """Return a fingerprint of every table, to see that nothing changed."""

    def read() -> dict[str, object]:
        with services.postgres.connected(RUNNING) as connection:
            tables = connection.execute("SELECT relname FROM pg_stat_user_tables ORDER BY relname").fetchall()
            fingerprint = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {} t"
            return {
                name: connection.execute(sql.SQL(fingerprint).format(sql.Identifier(name))).fetchone()
                for (name,) in tables
            }

    return read


def test_a_stranger_is_sent_to_the_login_from_every_page_and_every_act_and_nothing_changes(province, place, contents):
    before = contents()
    assert len(before) > 20
    for route in sorted(ALLOWED.keys() | CLOSED):
        answer = ask(province.test_client(), place, route)
        assert is_at_the_login(answer) or ("/api/v1/" in route and answer.status_code == 401), route
    assert contents() == before


def test_public_routes_answer_a_stranger_without_telling_anything_of_the_office(province, place):
    for route in sorted(PUBLIC):
        answer = ask(province.test_client(), place, route)
        assert answer.status_code < 500, route
        assert "Cao Lãnh" not in answer.get_data(as_text=True), route


def test_an_act_that_the_role_does_not_open_changes_nothing(place, browser_of, contents):
    for user_name in ACTORS:
        browser_of(user_name)  # a login is counted, so it comes before the look at the tables
    before = contents()
    for route, allowed in ALLOWED.items():
        for user_name in set(ACTORS) - set(allowed) if route.startswith("POST") else ():
            assert ask(browser_of(user_name), place, route).status_code == 403, (route, user_name)
    assert contents() == before


DOSSIER_ROUTES = sorted(route for route in ALLOWED if "<uuid:dossier_id>" in route)


@pytest.mark.parametrize("route", DOSSIER_ROUTES)
def test_a_dossier_of_another_unit_is_not_found_whatever_roles_one_holds(place, browser_of, contents, route):
    browser = browser_of(STRANGER_ELSEWHERE)
    before = contents()
    answer = ask(browser, place, route)
    assert answer.status_code == 404
    assert contents() == before


def test_dossiers_of_other_units_are_in_no_list(province, place, browser_of):
    with seen_by(province, INSPECTOR):
        codes = [row.code for row in db.session.scalars(_dossiers("received"))]
    assert codes
    page = browser_of(STRANGER_ELSEWHERE).get("/dossiers/?shelf=all").get_data(as_text=True)
    assert [code for code in codes if code in page] == []


@pytest.mark.parametrize("act", sorted(ASSIGNED))
def test_an_act_is_refused_to_those_whose_assignment_does_not_cover_it(province, browser_of, contents, act):
    with seen_by(province, INSPECTOR):
        dossier = db.session.scalars(_dossiers(STATE_BEFORE[act]).limit(1)).one()
        address, seen = f"/dossiers/{dossier.uuid}/{act}", dossier.lock_version
    outsiders = {*ACTORS, "xuly2.caolanh"} - ASSIGNED[act]
    browsers = {user_name: browser_of(user_name) for user_name in outsiders}
    before = contents()
    sent = {"lock_version": seen, "purpose": "kiểm tra", **RULING}
    answers = {user_name: browser.post(address, data=sent).status_code for user_name, browser in browsers.items()}
    assert answers == dict.fromkeys(outsiders, 403)
    assert contents() == before
