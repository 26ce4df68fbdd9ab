"""Findings: what the proof before publication tells, each with a dossier that shows it and a way to mend it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from rules.errors import Problem


class FindingKind(StrEnum):
    """What a finding is about (loại phát hiện)."""

    STATUTORY = "statutory"
    """A part that a procedure must have by law is missing: this can never be waived."""
    FAULT = "fault"
    """Something that cannot be right, or cannot be counted."""
    LOOK = "look"
    """Something that should be looked at: unused, uncited, said twice."""
    GAP = "gap"
    """No row of a table applies (khoảng trống)."""
    WAITING = "waiting"
    """No row applies while a fact is not known: it will be asked for."""
    OVERLAP = "overlap"
    """Two rows apply to one dossier although only one may (chồng lấn)."""
    MASKED = "masked"
    """A row that others always beat (dòng bị che)."""
    REPEATED = "repeated"
    """A row that says again what others of its table say."""
    UNREACHABLE = "unreachable"
    """A row to which no dossier leads (dòng không bao giờ tới)."""
    PERIOD = "period"
    """Values of the law with days that none or several of them hold for."""
    REPEALED = "repealed"
    """A citation of a document that is no longer in force."""
    STATED = "stated"
    """A stated fee or time that disagrees with the rules."""
    UNUSED = "unused"
    """Something that is asked or worked out and that nothing reads (hỏi mà không dùng)."""
    CHANGED = "changed"
    """A list, parameter, territory or shared rule set that reads otherwise than when the definition was proved."""
    UNDECIDED = "undecided"
    """The budget ended before the proof did (chưa kết luận)."""


NEVER_WAIVED = frozenset({FindingKind.STATUTORY, FindingKind.FAULT})
"""Kinds that nobody can waive."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A dossier that shows a finding (hồ sơ mẫu): facts as JSON values, the day of its acceptance, and the moment.

    `at` is in legal time; None: the opening hour of the day.
    """

    facts: Mapping[str, Any] = field(hash=False)
    on: date
    at: datetime | None = None

    def to_data(self) -> dict[str, Any]:
        """Return the dossier as plain JSON values."""
        told = {"facts": dict(self.facts), "on": self.on.isoformat()}
        return {**told, "at": self.at.isoformat(timespec="minutes")} if self.at else told


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """A problem of a definition with its kind, the table and rows it is about, and a witness where one was found.

    `suggested` are the cells (text by fact) of a row that would mend it.
    """

    kind: FindingKind = FindingKind.LOOK
    table: str = ""
    rows: tuple[str, ...] = ()
    witness: Witness | None = None
    suggested: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def may_be_waived(self) -> bool:
        """Tell whether somebody may let it be, with a reason on record."""
        return self.kind not in NEVER_WAIVED

    @property
    def key(self) -> str:
        """What the finding is known by: the same finding of a later draft has the same key."""
        told = [self.kind.value, self.table, *self.rows, self.what]
        return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]

    def to_data(self) -> dict[str, object]:
        """Return the finding as plain JSON values."""
        told: dict[str, object] = {**Problem.to_data(self), "kind": self.kind.value, "key": self.key}
        told["may_be_waived"] = self.may_be_waived
        if self.table:
            told["table"], told["rows"] = self.table, list(self.rows)
        if self.witness:
            told["witness"] = self.witness.to_data()
        if self.suggested:
            told["suggested"] = dict(self.suggested)
        return told
