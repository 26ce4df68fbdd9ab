"""Limits and rules of waits as an outcome keeps them: plain data, from which a later clock counts on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from rules.citations import Citation, citation_data
from rules.clock.spans import Begins, Limit, LimitUnit, Start
from rules.clock.stops import Cause, Effect, Silence, StopRule
from rules.values import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class LimitData:
    """A limit as plain data: amount, unit, cut-off in minutes since midnight, start, and the words for people.

    The rest as in rules.clock.spans.Limit; `begins` is empty where the limit does not say.
    """

    amount: int
    unit: str
    cutoff: int | None
    start: str
    words: Text
    rolls: bool = True
    added: tuple["LimitData", ...] = ()
    basis: str = ""
    begins: str = ""

    @classmethod
    def of(cls, limit: Limit) -> "LimitData":
        """Return a limit as data."""
        return cls(
            amount=limit.amount,
            unit=limit.unit.value,
            cutoff=limit.cutoff.hour * 60 + limit.cutoff.minute if limit.cutoff else None,
            start=limit.start.value if limit.start else "",
            words=limit.words,
            rolls=limit.rolls,
            added=tuple(cls.of(more) for more in limit.added),
            basis=limit.basis,
            begins=limit.begins.value if limit.begins else "",
        )

    @property
    def limit(self) -> Limit:
        """The limit again, as the clock counts it."""
        return Limit(
            amount=self.amount,
            unit=LimitUnit(self.unit),
            cutoff=time(*divmod(self.cutoff, 60)) if self.cutoff is not None else None,
            start=Start(self.start) if self.start else None,
            rolls=self.rolls,
            added=tuple(more.limit for more in self.added),
            basis=self.basis,
            begins=Begins(self.begins) if self.begins else None,
        )

    def to_data(self) -> dict[str, Any]:
        """Return the limit as plain JSON values; of the parts that most limits do not have, only those there are."""
        parts = {"amount": self.amount, "unit": self.unit, "cutoff": self.cutoff, "start": self.start}
        more: dict[str, Any] = {
            "rolls": self.rolls,
            "added": [each.to_data() for each in self.added],
            "basis": citation_data(self.basis),
            "begins": self.begins,
        }
        usual: dict[str, Any] = {"rolls": True, "added": [], "basis": "", "begins": ""}
        kept = {name: part for name, part in more.items() if part != usual[name]}
        return {**parts, "words": self.words.to_data(), **kept}

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> "LimitData | None":
        """Read what `to_data` wrote."""
        if not data:
            return None
        added = tuple(limit for each in data.get("added", ()) if (limit := cls.from_data(each)) is not None)
        basis = Citation.from_data(data.get("basis", ""))
        read: dict[str, Any] = {"words": Text.from_data(data["words"]), "added": added, "basis": basis}
        return cls(**{**data, **read})


@dataclass(frozen=True, slots=True)
class StopData:
    """What the procedure says of one kind of wait, as plain data; `citation` is its legal basis."""

    id: str
    cause: str
    label: Text
    effect: str
    limit: LimitData | None
    at_limit: Text | None
    citation: str
    most: int | None = None
    silence: str = Silence.STANDS.value

    @classmethod
    def of(cls, rule: StopRule, citation: str) -> "StopData":
        """Return a rule as data."""
        limit = LimitData.of(rule.limit) if rule.limit else None
        at_limit = rule.at_limit if rule.at_limit.vi else None
        named = rule.id, rule.cause.value, rule.label, rule.effect.value
        return cls(*named, limit, at_limit, citation, rule.most, rule.silence.value)

    @property
    def rule(self) -> StopRule:
        """The rule again, as the clock follows it."""
        return StopRule(
            id=self.id,
            cause=Cause(self.cause),
            label=self.label,
            effect=Effect(self.effect),
            limit=self.limit.limit if self.limit else None,
            at_limit=self.at_limit or NO_TEXT,
            basis=self.citation,
            most=self.most,
            silence=Silence(self.silence),
        )

    def to_data(self) -> dict[str, Any]:
        """Return the rule as plain JSON values.

        How often it may stop the clock is there only where that is limited, what silence means only where it is said.
        """
        return {
            "id": self.id,
            "cause": self.cause,
            "label": self.label.to_data(),
            "effect": self.effect,
            "limit": self.limit.to_data() if self.limit else None,
            "at_limit": self.at_limit.to_data() if self.at_limit else None,
            "citation": citation_data(self.citation),
            **({"most": self.most} if self.most is not None else {}),
            **({"silence": self.silence} if self.silence != Silence.STANDS else {}),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "StopData":
        """Read what an outcome holds."""
        read: dict[str, Any] = {
            "label": Text.from_data(data["label"]),
            "limit": LimitData.from_data(data["limit"]),
            "at_limit": Text.from_data(data["at_limit"]) if data["at_limit"] else None,
            "citation": Citation.from_data(data["citation"]),
        }
        return cls(**{**data, **read})
