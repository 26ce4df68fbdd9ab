"""What the law's code says when it refuses: a place, what is wrong, and what to do."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

Place = tuple[str | int, ...]
"""A path into the data of a definition: ("tables", 0, "rows", 2, "when", "channel")."""


MOST_SAID = 120
"""So many characters of a name are said where it is part of a place."""


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


class RulesError(Exception):
    """The law cannot be read or applied; the sentence, in Vietnamese, says why and what to do."""


class Severity(StrEnum):
    """How much a problem weighs: an error stops publication, a warning asks for a look, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: its place in the data, what is wrong, and what to do about it (Vietnamese sentences)."""

    where: Place
    what: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        # Half a character of the input can be named in a problem but never written: its number can.
        where = tuple(_writable(step) if isinstance(step, str) else step for step in self.where)
        for name, said in (("where", where), ("what", _writable(self.what)), ("hint", _writable(self.hint))):
            object.__setattr__(self, name, said)

    @property
    def place(self) -> str:
        """The place as people read it, rows counted from 1: `tables[1].rows[3].when.channel`."""
        said = ""
        for step in self.where:
            said += f"[{step + 1}]" if isinstance(step, int) else f".{step[:MOST_SAID]}" if said else step[:MOST_SAID]
        return said

    @property
    def sentence(self) -> str:
        """Place, fault and remedy on one line."""
        head = f"{self.place}: {self.what}" if self.where else self.what
        return f"{head} {self.hint}".rstrip()

    def to_data(self) -> dict[str, object]:
        """Return the problem as plain JSON values; a name in the place is cut where nobody would read on."""
        where = [step[:MOST_SAID] if isinstance(step, str) else step for step in self.where]
        return {"where": where, "what": self.what, "hint": self.hint, "severity": self.severity.value}


class DefinitionError(RulesError):
    """A procedure definition (định nghĩa thủ tục) cannot be read; `problems` names every fault found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems


class FactsError(RulesError):
    """Facts handed in do not fit the procedure's vocabulary; `problems` names every one, by fact."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems

    @property
    def words(self) -> str:
        """What is wrong and what to do, for people who see the facts by their labels."""
        return " ".join(f"{problem.what} {problem.hint}".strip() for problem in self.problems)


class TextError(RulesError):
    """A cell or formula cannot be read. `position` counts characters from 1."""

    def __init__(self, position: int, what: str, hint: str = "") -> None:
        super().__init__(f"Ký tự thứ {position}: {what} {hint}".rstrip())
        self.position = position
        self.what = what
        self.hint = hint


class CalendarError(RulesError):
    """A calendar, working hours or a moment cannot be used; the sentence says what to do."""


class UnreadableError(RulesError):
    """A ledger or a file of hours cannot be read; `problems` names every fault found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems


class EnoughError(Exception):
    """So many faults were found that nobody mends more at once: reading ends here."""


class OutOfBoundsError(RulesError):
    """A computed number or day leaves the range that can be counted exactly."""


class MatchersDisagreeError(RulesError):
    """The two matchers found different rows: nothing may be decided, and somebody must be told."""

    def __init__(self, table: str, interpreter: tuple[str, ...], kernel: tuple[str, ...]) -> None:
        super().__init__(
            f"Hai bộ so khớp cho kết quả khác nhau ở bảng “{table}” nên hồ sơ chưa được tính. "
            "Hãy báo người quản trị; lãnh đạo có thể ấn định mức thu và hạn bằng tay, ghi rõ lý do."
        )
        self.table = table
        self.interpreter = interpreter
        self.kernel = kernel


class KernelError(RulesError):
    """The production matcher could not answer; its handle was dropped and will be built anew."""


MANY_NAMES = 1_000
"""Of more names only those that begin alike are compared with a wrong one: each costs time."""


def nearest(name: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> str:
    """Return a hint with the known names nearest to a wrong one, or all of them when they are few.

    `labels` say what people call a name; it stands behind the name, in brackets.
    """
    said = labels or {}
    names = sorted(known)
    if len(names) > MANY_NAMES:
        names = [each for each in names if each[:1] == name[:1]] or names[:MANY_NAMES]
    alike = [each for each in names if each != name and folded(each) == folded(name)]
    close = alike[:2] or get_close_matches(name, names, n=2, cutoff=0.5) or _close_folded(name, names)
    if close:
        return f"Có phải ý bạn là: {', '.join(_labelled(each, said) for each in close)}?"
    shown = ", ".join(_labelled(each, said) for each in names[:12])
    more = " …" if len(names) > 12 else ""
    return f"Các tên dùng được: {shown}{more}." if names else ""


def _labelled(name: str, labels: Mapping[str, str]) -> str:
    label = labels.get(name, name)
    return name if label == name else f"{name} ({label})"


def _close_folded(name: str, names: Iterable[str]) -> list[str]:
    plain = {folded(each): each for each in names}
    return [plain[each] for each in get_close_matches(folded(name), plain, n=2, cutoff=0.5)]


def folded(name: str) -> str:
    """Return a name without case, accents and separators: `NẾU` and `neu` are one."""
    bare = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign) and sign not in "_-. ")
