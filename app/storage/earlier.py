"""Counting a person's earlier dossiers across all units: the one look behind the wall, which gives a number alone."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Text, func, select, text, type_coerce
from sqlalchemy.orm import Session

_HELD_BYTES = 8


def count_earlier(
    session: Session,
    *,
    party_id: int,
    what: str,
    kind: str,
    procedure_id: int,
    since: datetime | None,
) -> int:
    """Return how many charges, results or reductions of this kind a party had, of dossiers accepted since a moment.

    `what` is `charges`, `results` or `reductions`; charges and reductions are those of this procedure. A charge counts
    where there was something to pay, a reduction once a dossier and where it saved something, a result by the moment it
    was decided.
    """
    asked = select(
        func.count_earlier(
            type_coerce(party_id, BigInteger),
            type_coerce(what, Text),
            type_coerce(kind, Text),
            type_coerce(procedure_id, BigInteger),
            type_coerce(since, DateTime(timezone=True)),
        )
    )
    return session.scalars(asked).one()


def hold_number(session: Session, lookup: bytes) -> None:
    """Wait until no other transaction holds this person's number, and hold it until this one ends."""
    key = int.from_bytes(lookup[:_HELD_BYTES], "big", signed=True)
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
