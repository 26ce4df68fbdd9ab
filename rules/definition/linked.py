"""Procedures that are settled together (thủ tục liên thông): the group's own ceiling, and each child with its clock.

Nothing runs here. The format is specified in docs/reference/definition.md.
"""

from dataclasses import dataclass

from rules.clock.spans import Limit
from rules.table.decision import Condition
from rules.values import LegalBasis, Text


@dataclass(frozen=True, slots=True)
class LinkedChild:
    """One procedure of the group, by its national code: who has it, by when it is acknowledged, and its own limit.

    `when`: in which dossiers it is part of the group (None: in all). `after` is the child whose result it waits for.
    """

    id: str
    procedure: str
    label: Text
    within: Limit
    acknowledged_within: Limit | None = None
    system: Text | None = None
    when: Condition | None = None
    after: str = ""
    basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """The group: `ceiling` is how long all of it may take from the acceptance, whatever its children take."""

    label: Text
    ceiling: Limit
    children: tuple[LinkedChild, ...]
    basis: LegalBasis | None = None
