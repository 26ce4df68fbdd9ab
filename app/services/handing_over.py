"""Handing the result over (trả kết quả), with the money that is collected then."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from app.security.assignment import Rights
from app.services import dossier as dossiers
from app.services import hand_ruling as hands
from app.services.errors import UnusableInputError
from app.services.hand_ruling import ChargeLine
from app.storage.dossier import Dossier
from app.storage.unit_of_work import Work
from rules.definition.money import Collected
from rules.lifecycle import Outcome


def due_with_the_result(dossier: Dossier, lines: Iterable[ChargeLine]) -> tuple[ChargeLine, ...]:
    """Return the amounts to collect when the result is handed over; none where nothing was granted."""
    if dossier.outcome == Outcome.REFUSED:
        return ()
    return tuple(line for line in lines if line.amount and line.collected == Collected.AT_RESULT)


def hand_over(
    work: Work, dossier_id: UUID, *, is_collected: bool, rights: Rights, seen_version: int, at: datetime
) -> Dossier:
    """Hand the result to the applicant and write down what was collected with it.

    Raises UnusableInputError where money is due with the result and nobody said that it was collected.
    """
    dossier = dossiers.open_dossier(work.session, dossier_id, rights)
    due = due_with_the_result(dossier, hands.standing(work.session, dossier).lines)
    may_return = any(move.act == "return_result" for move in dossiers.moves_open(dossier, rights))
    # Who may not, or whose page is old, is told that instead, by the act itself.
    if due and not is_collected and may_return and dossier.lock_version == seen_version:
        raise UnusableInputError(
            "Chưa trả kết quả: chưa ghi đã thu tiền.", todo="Thu tiền, đánh dấu “Đã thu” rồi bấm “Trả kết quả”."
        )
    collected: list[dict[str, Any]] = [
        {"label": line.label.vi, "amount": line.amount, "currency": line.currency} for line in due
    ]
    return dossiers.return_result(
        work, dossier_id, rights=rights, seen_version=seen_version, at=at, collected=collected
    )
