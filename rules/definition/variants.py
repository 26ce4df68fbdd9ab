"""The cases of a procedure (trường hợp của thủ tục), several of which may apply to one dossier, and its notices."""

from dataclasses import dataclass

from rules.table.decision import Condition
from rules.values import LegalBasis, Text
from rules.vocabulary import Facts

VARIANT = "variant"
"""The fact that holds the codes of the cases that apply."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One case of the procedure: it applies where its condition holds."""

    id: str
    label: Text
    when: Condition
    basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class Variants:
    """All cases of a procedure: together they give the fact `variant`."""

    all: tuple[Variant, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that decide which cases apply, each once."""
        return tuple(dict.fromkeys(name for each in self.all for name in each.when.facts))

    def applying(self, facts: Facts) -> list[str]:
        """Return the codes of the cases that apply, sorted: a set of codes."""
        return sorted(each.id for each in self.all if each.when.holds(facts))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the applicant is to be told (lưu ý): always, or where its condition holds."""

    id: str
    text: Text
    when: Condition | None = None
    basis: LegalBasis | None = None
