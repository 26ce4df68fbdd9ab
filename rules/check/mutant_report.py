"""What is told of the typing errors in one table: how many are caught, which are not, and the cases for these."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.errors import Place
from rules.values import grouped


@dataclass(frozen=True, slots=True)
class Unnoticed:
    """A typing error that no golden case notices: what a dossier gives now, and what it would give.

    `case` is the number of the case of the table that would catch it, from 0. `where` is its place in the definition.
    """

    row: str
    what: str
    now: tuple[str, ...]
    would: tuple[str, ...]
    case: int
    where: Place = ()

    def to_data(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        parts = {"row": self.row, "what": self.what, "now": list(self.now), "would": list(self.would)}
        return {**parts, "case": self.case, "where": list(self.where)}


@dataclass(frozen=True, slots=True)
class Mutants:
    """The typing errors of one table: how many are caught, which are not, and the golden cases that would catch these.

    `table` is empty for the conditions outside tables, which are told of together.
    `unseen` and `undecided` are those that stand so, in words (see rules.check.mutants.Standing). `equivalent` ones
    change nothing and are not counted; `left_out` ones were not looked at, `untried` says them where they are few.
    """

    table: str
    label: str
    caught: int
    unnoticed: tuple[Unnoticed, ...]
    unseen: tuple[str, ...]
    undecided: tuple[str, ...]
    equivalent: int
    left_out: int
    cases: tuple[Mapping[str, Any], ...] = field(hash=False)
    untried: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many typing errors would change something."""
        return self.caught + len(self.unnoticed) + len(self.unseen) + len(self.undecided)

    @property
    def summary(self) -> str:
        """Say in a sentence how many typing errors would go unnoticed."""
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        where = f"bảng “{self.label}”" if self.table else self.label
        what = f"{self.total} lỗi gõ có thể có trong {where}"
        if self.unnoticed:
            cases = f"thêm {len(self.cases)} tình huống mẫu dưới đây thì nhận ra"
            yield f"{len(self.unnoticed)} trong {what} sẽ không ai nhận ra: {cases}."
        elif self.total:
            yield f"Trong {what} không thấy lỗi nào lọt qua các tình huống mẫu."
        else:
            yield f"Không lỗi gõ nào trong {where} làm thay đổi kết quả."
        if self.unseen:
            yield f"{len(self.unseen)} lỗi làm khác đi mà chưa thấy hồ sơ nào đổi điều tình huống mẫu so được."
        if self.undecided:
            yield f"{len(self.undecided)} lỗi chưa kết luận được trong giới hạn tìm kiếm."
        if self.left_out:
            yield f"Quá nhiều: còn {grouped(self.left_out)} lỗi gõ chưa thử."

    def to_data(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        told = {"table": self.table, "label": self.label, "summary": self.summary, "total": self.total}
        counts = {"caught": self.caught, "equivalent": self.equivalent, "left_out": self.left_out}
        found = {"unnoticed": [each.to_data() for each in self.unnoticed], "cases": [dict(each) for each in self.cases]}
        open_ones = {"unseen": self.unseen, "undecided": self.undecided, "untried": self.untried}
        return {**told, **counts, **found, **{name: list(each) for name, each in open_ones.items()}}
