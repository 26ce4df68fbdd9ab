"""What is wrong with a workbook somebody handed in: the place, the fault and the remedy, in Vietnamese."""

from dataclasses import dataclass
from typing import Any

from forms.sentence import Sentence, Value, joined, kept, sentence_of, unkept


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: `where` as people find it in the file (`Danh sách TTHC!A14`), what is wrong, what to do."""

    where: str
    what: str
    hint: str = ""

    @property
    def sentence(self) -> Sentence:
        """Fault and remedy with their place, on one line."""
        said = joined((self.what, self.hint))
        return Sentence("%(where)s: %(what)s", where=self.where, what=said) if self.where else said

    def to_data(self) -> dict[str, Any]:
        """Return the problem as plain JSON values."""
        return {"where": kept(self.where), "what": kept(self.what), "hint": kept(self.hint)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Problem":
        """Read what `to_data` wrote."""
        return cls(**{name: unkept(said) for name, said in data.items()})


class UnusableWorkbookError(Exception):
    """The workbook as a whole cannot be used; nothing of it was taken. `what` and `hint` may be templates of values."""

    def __init__(self, what: str, hint: str, *, where: str = "", **values: Value) -> None:
        self.problem = Problem(where, sentence_of(what, values), sentence_of(hint, values))
        super().__init__(self.problem.sentence)
