"""What a paper or a result has from its type: the type it names, and the facts that hold its data fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.decode.parts import ReadContext
from rules.definition.type_register import Bound, PaperType, ResultType
from rules.errors import nearest
from rules.reading import Node, Parts

Type = PaperType | ResultType


@dataclass(frozen=True, slots=True)
class Lent:
    """One type, with the parts it is read from."""

    type: Type
    parts: Parts


@dataclass(frozen=True, slots=True)
class Types:
    """The types that papers and results may name, by id."""

    papers: Mapping[str, Lent] = field(default_factory=dict[str, Lent])
    results: Mapping[str, Lent] = field(default_factory=dict[str, Lent])

    @property
    def kept(self) -> dict[str, Any]:
        """Both registers as a definition holds them."""
        papers, results = ([lent.type for lent in each.values()] for each in (self.papers, self.results))
        return {"paper_types": tuple(papers), "result_types": tuple(results)}


def lent_by(node: Node, known: Mapping[str, Lent], what: str) -> Lent | None:
    """Return the type that is named here, None where there is none; `what`: how such types are called."""
    name = node.identifier()
    if name and name not in known:
        node.problem(f"Không có {what} “{name}”.", nearest(name, known))
    return known.get(name)


def bound(node: Node, lent: Lent | None, context: ReadContext) -> Bound:
    """Read which facts hold the data fields of the type."""
    if node and lent is None:
        node.problem("“data” chỉ dùng khi có loại.", "Thêm type, hoặc bỏ data.")
    specs = {spec.id: spec for spec in lent.type.data} if lent else {}
    found: list[tuple[str, str]] = []
    for name, entry in node.named() if lent else ():
        if name not in specs:
            entry.problem(f"Loại này không có trường dữ liệu “{name}”.", nearest(name, specs))
            continue
        found.append((name, context.fact(entry, specs[name].type)))
    return tuple(found)
