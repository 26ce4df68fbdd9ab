"""Counting the open dossiers of a procedure across all units: who signs a version learns how many, and nothing else."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from rules.lifecycle import OPEN_STATES


def count_open(
    session: Session, procedure_id: int, *, since: datetime | None = None, until: datetime | None = None
) -> int:
    """Return how many dossiers of a procedure, accepted from `since` to before `until`, wait for their result."""
    moment = DateTime(timezone=True)
    asked = select(
        func.count_open_dossiers(
            type_coerce(procedure_id, BigInteger),
            type_coerce(sorted(OPEN_STATES), ARRAY(Text)),
            type_coerce(since, moment),
            type_coerce(until, moment),
        )
    )
    return session.scalars(asked).one()
