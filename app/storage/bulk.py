"""Loading many rows at once (COPY) as the owner of the tables, whom row-level security does not hold.

PostgreSQL refuses COPY into a table with row-level security to anybody else. Nothing is switched off for it: every
foreign key, unique key and trigger does its work. Only indexes that serve to find rows may be left out meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import psycopg
from psycopg import sql

NULL = "\\N"
_AT_WORK = 0x6D6F74637561  # the key of the one load at a time


class BusyError(Exception):
    """Another load is at work in this database."""


def cell(text: str) -> str:
    """Return a text as a cell of COPY's text format."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def or_null(value: object) -> str:
    """Return a value without special signs as a cell, None as the database's own nothing."""
    return NULL if value is None else str(value)


@contextmanager
def owner_connection(owner_url: str) -> Iterator[psycopg.Connection]:
    """Open a connection as the owner; leaving it early undoes what was not committed."""
    with psycopg.connect(owner_url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        # A load that is lost in a crash is loaded again: nobody waits for the disk after each batch.
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET gin_pending_list_limit = '64MB'")
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.commit()
        yield connection


def hold_alone(connection: psycopg.Connection) -> None:
    """Be the only load in this database until the connection closes; BusyError where another one is at work."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_AT_WORK,)).fetchone()
    connection.commit()
    if row is None or not row[0]:
        raise BusyError


def reserved_ids(connection: psycopg.Connection, table: str, count: int) -> list[int]:
    """Take so many ids from the sequence of a table, as so many inserts would."""
    asked = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in connection.execute(asked, (table, count))]


def numbers_given(
    connection: psycopg.Connection, wanted: Mapping[tuple[str, date], int]
) -> dict[tuple[str, date], int]:
    """Take so many numbers of each series and day; return the last number that was given before, 0 where none was."""
    keys = sorted(wanted)
    rows = connection.execute(
        """
        INSERT INTO number_counter AS known (series, day, last)
        SELECT * FROM unnest(%s::text[], %s::date[], %s::int[])
        ON CONFLICT (series, day) DO UPDATE SET last = known.last + excluded.last
        RETURNING series, day, last
        """,
        ([series for series, _ in keys], [day for _, day in keys], [wanted[key] for key in keys]),
    )
    return {(series, day): last - wanted[series, day] for series, day, last in rows}


def copy_rows(connection: psycopg.Connection, table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    """Load lines of COPY's text format, each with its end, into these columns of a table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        copying.write(b"".join(lines))


def analyze(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    """Let the planner know the tables as they are now."""
    for table in tables:
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
        connection.commit()


def finding_indexes(connection: psycopg.Connection, tables: Sequence[str]) -> dict[str, str]:
    """Return the indexes of these tables that hold no rule and only serve to find rows: their statements by name."""
    rows = connection.execute(
        """
        SELECT c.relname, pg_get_indexdef(i.indexrelid)
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE NOT i.indisunique AND i.indrelid = ANY (SELECT to_regclass(name) FROM unnest(%s::text[]) name)
         ORDER BY c.relname
        """,
        (list(tables),),
    )
    return {name: statement for name, statement in rows}  # noqa: C416  rows are no plain tuples


def drop_indexes(connection: psycopg.Connection, names: Iterable[str]) -> None:
    """Leave these indexes out; who makes them again is the caller."""
    for name in names:
        connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(name)))
    connection.commit()


def make_index(connection: psycopg.Connection, statement: str) -> None:
    """Make an index that `finding_indexes` told of, where it is not there."""
    connection.execute(statement.replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS ", 1).encode())
    connection.commit()
