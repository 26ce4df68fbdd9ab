"""Fixtures of the suite: a real PostgreSQL and Redis for the run, a database of its own for each test that asks."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from sqlalchemy import update
from werkzeug.security import generate_password_hash

from app.extensions import celery, db
from app.factory import create_app
from app.services import sample
from app.storage.identity import Identity, act_as, act_no_longer
from app.storage.migration import upgrade
from app.storage.unit_of_work import unit_of_work
from config import Settings, settings_from
from launcher.testing import TestServices

PASSWORD = "mat-khau-thu-2026"
# A thousand logins of the suite need no work against guessing.
CHEAP_HASH = generate_password_hash(PASSWORD, method="scrypt:1024:1:1")
TEMPLATE = "province_template"
RUNNING = "motcua_run"
SPARE = "motcua_spare"

# A timing is never a test: a loaded machine may take as long as it needs for one example.
hypothesis_settings.register_profile("house", parent=hypothesis_settings(), deadline=None)
hypothesis_settings.load_profile("house")


PROPERTIES = Path(__file__).parent / "properties"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Soak tests run only when they are asked for by name (`make soak`), and with them every property in full."""
    for item in items:
        if PROPERTIES in item.path.parents:
            item.add_marker(pytest.mark.property)
        if item.get_closest_marker("soak") and os.environ.get("SOAK") != "1":
            item.add_marker(pytest.mark.skip(reason="chạy lâu: chỉ trong `make soak`"))


def pytest_terminal_summary(terminalreporter, exitstatus, config) -> None:
    """In CI a test that was skipped was not run: say so and fail, except for what runs elsewhere on purpose."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if "make soak" not in str(report.longrepr)
    ]
    if skipped and os.environ.get("FAIL_ON_SKIP") == "1":
        terminalreporter.write_line(f"FAIL_ON_SKIP: {len(skipped)} test(s) that CI must run were skipped", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Turn a skipped test into a failed run where CI demands it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("FAIL_ON_SKIP") != "1" or exitstatus != 0:
        return
    if any("make soak" not in str(report.longrepr) for report in reporter.stats.get("skipped", [])):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def services() -> Iterator[TestServices]:
    """Start PostgreSQL and Redis for the whole run."""
    with TestServices.from_environment(os.environ) as running:
        yield running


@pytest.fixture(scope="session")
def settings(services: TestServices, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Describe a deployment on the throw-away services."""
    return settings_from(
        {
            "DATABASE_URL": services.url("mc_owner", services.keys.owner_password, RUNNING),
            "APP_DATABASE_URL": services.url("mc_app", services.keys.app_password, RUNNING),
            "REDIS_URL": services.redis_url,
            "CELERY_BROKER_URL": services.celery_broker_url,
            "SECRET_KEY": services.keys.secret_key,
            "PERSONAL_DATA_KEY": services.keys.personal_data_key,
            "DATA_DIR": str(tmp_path_factory.mktemp("var")),
            "LOGIN_RATE_LIMIT": "10000 per minute",
        }
    )


Beforehand = Callable[[], None]
"""What is done before a test: a function of its module, called once, whose outcome each test gets a copy of."""


class Copies:
    """Copies of templates, made one ahead: while a test runs, the database of the next one is being copied."""

    def __init__(self, services: TestServices) -> None:
        self._services = services
        self._workshop = ThreadPoolExecutor(1)
        self._spare: tuple[str, Future[None]] | None = None
        self._templates: dict[Beforehand, str] = {}

    def fresh(self, template: str = TEMPLATE) -> None:
        """Make the running database a copy of a template, as it is now; the next test mostly wants the same."""
        of, spare = self._spare or ("", None)
        if spare is not None:
            spare.result()
        if of != template:
            self._copy(template)
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", RUNNING)
        self._run("ALTER DATABASE {} RENAME TO {}", SPARE, RUNNING)
        self._spare = template, self._workshop.submit(self._copy, template)

    def become(self, template: str) -> None:
        """Make what is in the running database this template of later copies."""
        if self._spare is not None:
            self._spare[1].result()
            self._spare = None
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", template)
        self._run("CREATE DATABASE {} TEMPLATE {} OWNER mc_owner", template, RUNNING)

    def prepared(self, beforehand: Beforehand | None, application: Flask) -> str:
        """Return the template that holds what is done beforehand; the first test that asks has it made."""
        if beforehand is None:
            return TEMPLATE
        if beforehand not in self._templates:
            self.fresh()
            with application.app_context():
                beforehand()
                db.session.remove()
                db.engine.dispose()
            name = f"{TEMPLATE}_{len(self._templates)}"
            self.become(name)
            self._templates[beforehand] = name
        return self._templates[beforehand]

    def _copy(self, template: str) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", SPARE)
        self._run("CREATE DATABASE {} TEMPLATE {} OWNER mc_owner STRATEGY FILE_COPY", SPARE, template)

    def _run(self, statement: str, *names: str) -> None:
        with self._services.postgres.connected() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def close(self) -> None:
        """Wait for the copy that is being made."""
        self._workshop.shutdown(wait=True)


@pytest.fixture(scope="session")
def copies(services: TestServices) -> Iterator[Copies]:
    """The workshop that copies databases."""
    workshop = Copies(services)
    yield workshop
    workshop.close()


@pytest.fixture(scope="session")
def application(services: TestServices, settings: Settings, copies: Copies) -> Flask:
    """Build the application once; its database is made anew for each test that asks for `database`."""
    owner_url, _ = services.new_database(TEMPLATE)
    upgrade(owner_url, settings.app_role)
    copies.fresh()
    app = create_app(settings)
    with app.app_context():
        app.appbuilder.sm.make_roles()
        with unit_of_work() as work:
            sample.load_province(work, PASSWORD)
            work.session.execute(update(app.appbuilder.sm.user_model).values(password=CHEAP_HASH))
            work.commit()
        db.session.remove()
        db.engine.dispose()
    copies.become(TEMPLATE)
    return app


@pytest.fixture
def beforehand() -> Beforehand | None:
    """What the database of a test holds beside the sample province: a module says it with a fixture of this name."""
    return None


@pytest.fixture
def app(application: Flask, copies: Copies, beforehand: Beforehand | None) -> Iterator[Flask]:
    """The application on a database of the test's own: the sample province and what was done beforehand."""
    with application.app_context():
        db.engine.dispose()
    copies.fresh(copies.prepared(beforehand, application))
    celery.control.purge()
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    """An application context on the test's own database, for tests of services and storage."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a login."""
    return app.test_client()


Login = Callable[[str], FlaskClient]


@pytest.fixture
def login(app: Flask) -> Login:
    """Return a browser logged in as the demo user of this name (`danhmuc`, `tiepnhan.caolanh`, ...)."""
    app.config["WTF_CSRF_ENABLED"] = False  # the tests of CSRF turn it on again

    def log_in(user_name: str) -> FlaskClient:
        browser = app.test_client()
        answer = browser.post("/login/", data={"username": user_name, "password": PASSWORD})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return browser

    return log_in


@pytest.fixture
def in_name_of() -> Iterator[Callable[[Identity], None]]:
    """Let the test's own code act in a person's name towards the database."""
    tokens = []
    yield lambda identity: tokens.append(act_as(identity))
    for token in reversed(tokens):
        act_no_longer(token)
