"""What a comparison tells: differences with a class, the change in words, and a dossier that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from rules.check.findings import Witness
from rules.citations import Citation
from rules.values import Text


class Weight(StrEnum):
    """How much a difference weighs (loại thay đổi)."""

    LAW = "law"
    """It can change the outcome of a dossier (đổi kết quả)."""
    REASONS = "reasons"
    """Words or citations of reasons change; amounts, papers, days and grounds do not (đổi lời, căn cứ)."""
    EDITORIAL = "editorial"
    """Text only: proved to change nothing (sửa chữ)."""


WEIGHT_WORDS: Mapping[Weight, Text] = MappingProxyType(
    {
        Weight.LAW: Text("có thể đổi kết quả của hồ sơ", "can change the outcome of a dossier"),
        Weight.REASONS: Text(
            "chỉ đổi lời giải thích hoặc căn cứ, không đổi kết quả",
            "changes words or citations of reasons only, not the outcome",
        ),
        Weight.EDITORIAL: Text(
            "chỉ sửa chữ, đã chứng minh không đổi kết quả nào", "text only, proved to change no outcome"
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that comes out otherwise: what it is, and what it was and is.

    `by_itself`: it already comes about where the difference it is shown for is the only one. `is_question`: only what
    must still be asked changes.
    """

    what: Text
    old: Text
    new: Text
    by_itself: bool = False
    is_question: bool = False

    def to_data(self) -> dict[str, Any]:
        """Return the change as plain JSON values."""
        told = {"what": self.what.to_data(), "old": self.old.to_data(), "new": self.new.to_data()}
        return {**told, "by_itself": self.by_itself}


@dataclass(frozen=True, slots=True)
class Shown:
    """A dossier decided by both versions (hồ sơ mẫu), and all that comes out otherwise for it."""

    witness: Witness
    changes: tuple[Change, ...]

    def to_data(self) -> dict[str, Any]:
        """Return the dossier and its changes as plain JSON values."""
        return {**self.witness.to_data(), "changes": [each.to_data() for each in self.changes]}


@dataclass(frozen=True, slots=True)
class RuleNamed:
    """A row of a table that a difference comes from, with its citation."""

    id: str
    citation: Citation | None

    def to_data(self) -> dict[str, Any]:
        """Return the row as plain JSON values."""
        return {"id": self.id, "citation": str(self.citation or "")}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where, how much it weighs, and the sentence that tells it with what was and what is.

    `place` leads to it by ids (`charges`, `registration`, `cap`). Of a region of a table `old_rows` and `new_rows` are
    the rows it comes from; `is_region` tells it apart. `shown` is a dossier it shows in; `note` says why there is none.
    `details` are what an added or removed part states.
    """

    place: tuple[str, ...]
    weight: Weight
    sentence: Text
    old: Text | None = None
    new: Text | None = None
    details: tuple[Text, ...] = ()
    is_region: bool = False
    old_rows: tuple[RuleNamed, ...] = ()
    new_rows: tuple[RuleNamed, ...] = ()
    shown: Shown | None = None
    note: Text | None = None

    def to_data(self) -> dict[str, Any]:
        """Return the difference as plain JSON values; what there is nothing of is left out."""
        told: dict[str, Any] = {
            "place": list(self.place),
            "class": self.weight.value,
            "sentence": self.sentence.to_data(),
            "old": self.old.to_data() if self.old else None,
            "new": self.new.to_data() if self.new else None,
            "details": [each.to_data() for each in self.details],
            "witness": self.shown.to_data() if self.shown else None,
            "note": self.note.to_data() if self.note else None,
        }
        if self.is_region:
            told["rows"] = {
                "old": [each.to_data() for each in self.old_rows],
                "new": [each.to_data() for each in self.new_rows],
            }
        return {name: value for name, value in told.items() if value not in (None, [])}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions compared. `undecided` names what the budget did not suffice for (chưa kết luận).

    `changes_nothing`: it is proved that every dossier has the same outcome under both; `proof` says how.
    """

    old: str
    new: str
    old_law: str
    new_law: str
    differences: tuple[Difference, ...]
    undecided: tuple[Text, ...]
    proof: Text

    @property
    def changes_nothing(self) -> bool:
        """Tell whether the two hashes of the law are equal: no outcome can differ."""
        return self.old_law == self.new_law

    @property
    def changes_law(self) -> bool:
        """Tell whether an outcome can differ, or it is not decided whether one can."""
        return bool(self.undecided) or any(each.weight is Weight.LAW for each in self.differences)

    def to_data(self) -> dict[str, Any]:
        """Return the comparison as plain JSON values."""
        counts = {weight.value: 0 for weight in Weight}
        for each in self.differences:
            counts[each.weight.value] += 1
        return {
            "old": {"version": self.old, "law": self.old_law},
            "new": {"version": self.new, "law": self.new_law},
            "changes_nothing": self.changes_nothing,
            "changes_law": self.changes_law,
            "proof": self.proof.to_data(),
            "counts": counts,
            "differences": [each.to_data() for each in self.differences],
            "undecided": [each.to_data() for each in self.undecided],
        }
