"""What is wrong with a workbook somebody handed in: the place, the fault and the remedy, in Vietnamese."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: `where` as people find it in the file (`Danh sách TTHC!A14`), what is wrong, what to do."""

    where: str
    what: str
    hint: str = ""

    @property
    def sentence(self) -> str:
        """Fault and remedy with their place, on one line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head} {self.hint}".rstrip()

    def to_data(self) -> dict[str, str]:
        """Return the problem as plain JSON values."""
        return {"where": self.where, "what": self.what, "hint": self.hint}


class UnusableWorkbookError(Exception):
    """The workbook as a whole cannot be used; nothing of it was taken."""

    def __init__(self, what: str, hint: str, *, where: str = "") -> None:
        self.problem = Problem(where, what, hint)
        super().__init__(self.problem.sentence)
