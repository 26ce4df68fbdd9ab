"""One act on several dossiers (làm một việc cho nhiều hồ sơ): each in its own transaction, each with its own answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.security.assignment import Rights
from app.services import dossier as dossiers
from app.services.errors import RefusalError, UnusableInputError
from app.services.handing_over import hand_over
from app.storage.unit_of_work import unit_of_work

MOST_AT_ONCE = 200

ACTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"take_over": dossiers.take_over, "return_result": partial(hand_over, is_collected=False)}
)
"""What may be done to several at once. Where money is due with the result, it is handed over one by one."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one of the dossiers: done, or the refusal that says why not."""

    uuid: UUID
    code: str
    refusal: RefusalError | None = None


def do_several(act: str, chosen: Sequence[tuple[UUID, int]], *, rights: Rights, at: datetime) -> tuple[Done, ...]:
    """Do the act to each dossier, given with the version that the list showed, by the rights and checks of the act."""
    if act not in ACTS:
        raise UnusableInputError("Việc này không làm được cho nhiều hồ sơ một lúc.", todo="Mở từng hồ sơ để làm.")
    if not chosen:
        raise UnusableInputError("Chưa chọn hồ sơ nào.", todo="Đánh dấu các hồ sơ trong danh sách rồi bấm lại.")
    if len(chosen) > MOST_AT_ONCE:
        raise UnusableInputError(
            "Nhiều nhất %(most)s hồ sơ một lúc.", todo="Bỏ bớt dấu chọn rồi bấm lại.", most=MOST_AT_ONCE
        )
    return tuple(_do(ACTS[act], uuid, seen, rights, at) for uuid, seen in dict(chosen).items())


def _do(act: Callable[..., Any], uuid: UUID, seen_version: int, rights: Rights, at: datetime) -> Done:
    code = ""
    try:
        with unit_of_work() as work:
            code = dossiers.open_dossier(work.session, uuid, rights).code
            act(work, uuid, rights=rights, seen_version=seen_version, at=at)
    except RefusalError as refusal:
        return Done(uuid, code, refusal)
    return Done(uuid, code)
