"""Whose system keeps the state of a dossier (hệ thống giữ trạng thái), where it is not this one."""

from dataclasses import dataclass
from enum import StrEnum

from rules.values import Text


class Desk(StrEnum):
    """What the desk does with a dossier kept elsewhere: receive and transfer it, or only guide the applicant."""

    TRANSFERS = "transfers"
    GUIDES = "guides"


@dataclass(frozen=True, slots=True)
class KeptElsewhere:
    """Another body's system that keeps the dossier and its state; what is shown here is a mirror of it.

    `number` is the text field of the form that holds the dossier's number in that system, empty where none does.
    """

    system: Text
    desk: Desk
    number: str = ""
