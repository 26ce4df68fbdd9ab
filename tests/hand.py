"""What the tests of setting by hand need: a procedure whose fee no rule gives by post, and matchers that differ."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from app.services import hand_request as requests
from app.storage.unit_of_work import unit_of_work
from rules.match.durable_kernel import Kernel
from tests import procedure_texts as texts
from tests.desk import AT, RECEIVER, acting, intake

OPEN_CODE = texts.CODE
NO_AMOUNT = texts.WHOLE.replace("ways: [counter, online]", "ways: [counter, online, post]").replace(
    "when: {channel: not(online)}", "when: {channel: counter}"
)
"""By post no rule gives the amount: it is unknown, never 0."""


@contextmanager
def differing(monkeypatch) -> Iterator[None]:
    """Let the kernel answer otherwise than the interpreter, at the seam of its answer."""
    with monkeypatch.context() as patched:
        patched.setattr(Kernel, "match", lambda self, facts, on: (0, 1, 2, 3, 4, 5))
        yield


def asked(
    monkeypatch, by: str = RECEIVER, *, note: str = "Người nộp đang chờ tại quầy.", at: datetime = AT, **changes: Any
) -> UUID:
    """Send a reception whose matchers differ to the leader and return the public id of the request."""
    with differing(monkeypatch), acting(by, at) as rights, unit_of_work() as work:
        return requests.ask(work, intake(rights, at=at, **changes), note=note, rights=rights, at=at).uuid
