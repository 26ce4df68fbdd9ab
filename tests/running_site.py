"""The sample province at work: its database, the processes that serve it, and Chromium; for tests and for pictures."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from app.clock import now
from app.extensions import db
from app.services.sample_dossiers import load_dossiers
from app.services.sample_procedures import publish_samples
from launcher.testing import TestServices

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
AT_WORK = "province_at_work"
SITE_DATABASE = "motcua_site"


def publish_and_receive(application: Flask) -> None:
    """Publish the sample procedures and receive the sample dossiers in the application's database."""
    with application.app_context():
        publish_samples(now())
        load_dossiers(now())
        db.session.remove()
        db.engine.dispose()


def is_there(services: TestServices, database: str) -> bool:
    with services.postgres.connected() as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is not None


def copy_database(services: TestServices, source: str, target: str) -> None:
    """Make `target` a copy of `source`, which nobody may be using."""
    with services.postgres.connected() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER mc_owner").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )


def environment_of(services: TestServices, database: str, data: Path, port: int = 8080) -> dict[str, str]:
    """Return the settings of a deployment of its own on the throw-away services."""
    return {
        "DATABASE_URL": services.url("mc_owner", services.keys.owner_password, database),
        "APP_DATABASE_URL": services.url("mc_app", services.keys.app_password, database),
        "REDIS_URL": services.redis_url.replace("?db=0", "?db=2"),
        "CELERY_BROKER_URL": services.celery_broker_url.replace("virtual_host=1", "virtual_host=3"),
        "SECRET_KEY": services.keys.secret_key,
        "PERSONAL_DATA_KEY": services.keys.personal_data_key,
        "DATA_DIR": str(data),
        "PORT": str(port),
        "LOGIN_RATE_LIMIT": "10000 per minute",
    }


@contextmanager
def serving(services: TestServices, folder: Path) -> Iterator[str]:
    """Serve the site's database by a web server and a job runner of their own; give the address."""
    port = free_port()
    environment = {**os.environ, **environment_of(services, SITE_DATABASE, folder / "var", port)}
    commands = (
        ["-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1", "run:app"],
        ["-m", "celery", "--app", "run:celery", "worker", "--concurrency", "1", "--loglevel", "WARNING"],
    )
    log = folder / "site.log"
    with log.open("wb") as out:
        children = [
            subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=out, stderr=out)
            for arguments in commands
        ]
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(children)


def stop(children: list[subprocess.Popen]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, log: Path, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the site does not answer:\n{log.read_text(errors='replace')[-4000:]}")


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """Give Debian's Chromium, never a downloaded one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
                  "--disable-sync", "--no-first-run", "--lang=vi-VN"],
        )  # fmt: skip
        yield browser
        browser.close()


def new_context(browser: Browser, address: str, viewport: Mapping[str, int] = WIDE, **options):
    """Return a browser of its own for one person: nothing shared, Vietnamese."""
    return browser.new_context(viewport=dict(viewport), locale="vi-VN", base_url=address, **options)


def sign_in(page, user_name: str, password: str) -> None:
    """Log in as people do."""
    page.goto("/login/")
    page.get_by_label("Tên đăng nhập").fill(user_name)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/login" not in url)
