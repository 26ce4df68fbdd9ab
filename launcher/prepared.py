"""Whether a deployment was prepared by the code that starts now: then a later start need not do it again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import psycopg

from config import DATABASE, PROJECT, Settings
from launcher.postgres import PostgresServer

FOLDERS = ("app", "forms", "launcher", "migrations", "requirements", "rules", "samples")
KINDS = {".py", ".yaml", ".csv", ".lock", ".mako"}


def is_prepared(settings: Settings, server: PostgresServer) -> bool:
    """Tell whether the note of the last preparation speaks of this code and of the database as it is."""
    note = settings.places.prepared
    return note.exists() and note.read_text(encoding="ascii") == _state(server)


def note_prepared(settings: Settings, server: PostgresServer) -> None:
    """Note that this code has prepared this database."""
    settings.places.prepared.write_text(_state(server), encoding="ascii")


def _state(server: PostgresServer) -> str:
    """Return the hash of the code, and which database it is at which revision; both change what is to be done."""
    digest = hashlib.sha256()
    for file in _sources(PROJECT):
        digest.update(f"{file.relative_to(PROJECT)}\n".encode())
        digest.update(file.read_bytes())
    return f"{digest.hexdigest()} {_database(server)}"


def _sources(project: Path) -> Iterator[Path]:
    yield project / "config.py"
    for folder in FOLDERS:
        yield from sorted(file for file in (project / folder).rglob("*") if file.suffix in KINDS)


def _database(server: PostgresServer) -> str:
    """Return the identity of the server and the revision of its tables, "empty" where there are none."""
    with server.connected(DATABASE) as connection:
        [system] = connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone() or ("?",)
        try:
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except psycopg.errors.UndefinedTable:
            return f"{system} empty"
    return f"{system} {' '.join(sorted(str(row[0]) for row in revisions))}"
