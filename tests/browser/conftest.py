"""A running site for whole journeys: web server and job worker as processes, Chromium as people use it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql

from app.clock import now
from app.extensions import db
from app.services.sample_dossiers import load_dossiers
from app.services.sample_procedures import publish_samples
from launcher.testing import TestServices
from tests.conftest import PASSWORD, RUNNING, fresh

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SITE_DATABASE = "motcua_site"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys, and skip them with the reason where there is no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(240))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="máy này chưa cài Chromium (apt-get install chromium)"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fill_site(application, services: TestServices) -> None:
    """Make the site's database: the sample province with its procedures and dossiers, as `prepare` leaves it."""
    with application.app_context():
        db.engine.dispose()
    fresh(services)
    with application.app_context():
        publish_samples(now())
        load_dossiers(now())
        db.session.remove()
        db.engine.dispose()
    with services.postgres.connected() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER mc_owner").format(
                sql.Identifier(SITE_DATABASE), sql.Identifier(RUNNING)
            )
        )


@pytest.fixture(scope="session")
def site(application, services: TestServices, tmp_path_factory) -> Iterator[str]:
    """Start the site on a copy of the sample province and return its address."""
    fill_site(application, services)
    port = free_port()
    environment = site_environment(services, port, tmp_path_factory.mktemp("site"))
    log = (tmp_path_factory.mktemp("log") / "site.log").open("wb")
    commands = (
        ["-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2", "run:app"],
        ["-m", "celery", "--app", "run:celery", "worker", "--concurrency", "1", "--loglevel", "WARNING"],
    )
    children = [
        subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log)
        for arguments in commands
    ]
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", Path(log.name))
        yield f"http://127.0.0.1:{port}"
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)
        log.close()


def site_environment(services: TestServices, port: int, data: Path) -> dict[str, str]:
    owner = services.url("mc_owner", services.keys.owner_password, RUNNING).replace(RUNNING, SITE_DATABASE)
    app = services.url("mc_app", services.keys.app_password, RUNNING).replace(RUNNING, SITE_DATABASE)
    return {
        **os.environ,
        "DATABASE_URL": owner,
        "APP_DATABASE_URL": app,
        "REDIS_URL": services.redis_url.replace("?db=0", "?db=2"),
        "CELERY_BROKER_URL": services.celery_broker_url.replace("virtual_host=1", "virtual_host=3"),
        "SECRET_KEY": services.keys.secret_key,
        "PERSONAL_DATA_KEY": services.keys.personal_data_key,
        "DATA_DIR": str(data),
        "PORT": str(port),
        "LOGIN_RATE_LIMIT": "10000 per minute",
    }


def wait_for(address: str, log: Path, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the site does not answer:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, never a downloaded one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                  "--disable-sync", "--no-first-run"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What pages complained about on the console; a journey with any is no journey."""
    found: list[str] = []
    yield found
    assert found == []


Enter = Callable[..., Page]


@pytest.fixture
def enter(site: str, chromium: Browser, faults: list[str]) -> Iterator[Enter]:
    """Log in as a demo user in a browser of their own and return the first page."""
    contexts: list[BrowserContext] = []

    def log_in(user_name: str, viewport: dict[str, int] = WIDE) -> Page:
        context = chromium.new_context(viewport=viewport, locale="vi-VN", base_url=site)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/login/")
        page.get_by_label("Tên đăng nhập").fill(user_name)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield log_in
    for context in contexts:
        context.close()
