"""A small project with a small application, run by the real launcher: real processes, a real database."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from launcher.processes import end_all_in, end_marked, is_marked, process_ids, wait_until, works_in

PROJECT = Path(__file__).resolve().parents[2]
FACTORY = """
from celery import Celery
import psycopg


def create_app(settings):
    url = settings.database_url.replace("+psycopg", "")

    def application(environ, start_response):
        with psycopg.connect(url, autocommit=True) as database:
            if environ["PATH_INFO"] == "/add":
                database.execute("INSERT INTO visit DEFAULT VALUES")
            count = database.execute("SELECT count(*) FROM visit").fetchone()[0]
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(count).encode()]

    return application


def create_worker(settings):
    celery = Celery("small", broker=settings.celery_broker_url)
    celery.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)
    return celery
"""
CLI = """
import sys


def main(arguments):
    if arguments[0] != "prepare":
        sys.stdout.write("no database: " + " ".join(arguments))
        return 0
    import psycopg
    from config import settings
    here = settings()
    with psycopg.connect(here.owner_database_url.replace("+psycopg", "")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS visit (id bigint GENERATED ALWAYS AS IDENTITY)")
        database.execute(f"GRANT SELECT, INSERT ON visit TO {here.app_role}")
    here.places.demo_accounts.write_text("canbo / mat-khau-mau")
    return 0
"""


@dataclass
class Deployment:
    """A project folder and whatever of it runs."""

    folder: Path
    port: int
    started: list[subprocess.Popen] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "var"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR"}}
        return {**kept, "PORT": str(self.port), **self.extra}

    def command(self, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "run.py", *arguments],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip

    def serve(self, *arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.Popen:
        """Start the program and return at once; what it says goes to a file."""
        with (self.folder / "said.txt").open("wb") as said:
            child = subprocess.Popen(
                [*prefix, sys.executable, "run.py", "serve", *arguments],
                cwd=self.folder, env=self.environment, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.started.append(child)
        return child

    def serving(self, *arguments: str) -> subprocess.Popen:
        """Start the program and wait until it has said its address."""
        child = self.serve(*arguments)
        assert wait_until(lambda: "Ctrl-C" in self.said or child.poll() is not None, 60), self.said
        assert child.poll() is None, self.said
        return child

    @property
    def said(self) -> str:
        return (self.folder / "said.txt").read_text(encoding="utf-8")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def answers(self) -> bool:
        try:
            return bool(self.get("/healthz"))
        except (urllib.error.URLError, OSError):
            return False

    def processes(self) -> list[int]:
        """Every living process of this deployment except those we started ourselves."""
        ours = {child.pid for child in self.started}
        folders = (self.data / "postgres", self.data / "redis", self.folder)
        return [
            pid
            for pid in process_ids()
            if pid not in ours
            and pid != os.getpid()
            and (is_marked(pid, self.data) or any(works_in(pid, folder) for folder in folders))
        ]

    def named(self, word: str) -> list[int]:
        """The processes of this deployment whose command line has this word."""
        found = []
        for pid in self.processes():
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if word in line:
                found.append(pid)
        return found

    def kill_everything(self) -> None:
        for child in self.started:
            if child.poll() is None:
                child.kill()
                child.wait()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def clear(self) -> None:
        self.kill_everything()
        end_marked(self.data)
        for folder in (self.data / "postgres", self.data / "redis"):
            end_all_in(folder, signal.SIGINT)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def small_project(folder: Path) -> Deployment:
    """Lay the launcher, the command and a small application into this folder."""
    for name in ("config.py", "run.py"):
        shutil.copy(PROJECT / name, folder / name)
    shutil.copytree(PROJECT / "launcher", folder / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "app").mkdir()
    for name, text in (("__init__.py", ""), ("factory.py", FACTORY), ("cli.py", CLI)):
        (folder / "app" / name).write_text(text)
    return Deployment(folder, free_port())


@pytest.fixture
def deployment():
    """A deployment in a folder that only its owner can enter."""
    folder = Path(tempfile.mkdtemp(prefix="mc-"))
    made = small_project(folder)
    yield made
    made.clear()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def deep_deployment():
    """The same, so deep that a unix socket cannot lie in its folder."""
    top = Path(tempfile.mkdtemp(prefix="mc-"))
    folder = top / ("sau-" * 12) / ("xa-" * 20)
    folder.mkdir(parents=True)
    made = small_project(folder)
    yield made
    made.clear()
    shutil.rmtree(top, ignore_errors=True)
