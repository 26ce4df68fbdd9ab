"""Proof before publication of a linked group: its legal basis, and children that its ceiling leaves no time for."""

from collections.abc import Iterator

from rules.check.process import hours_of
from rules.definition.linked import LinkedGroup
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Problem, Severity
from rules.values import LegalBasis


def linked_doubts(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield what a linked group leaves open."""
    group = definition.linked
    if group is None:
        return
    if group.basis is None:
        what = "Nhóm liên thông chưa ghi căn cứ pháp lý."
        yield Problem(("linked",), what, "Thêm basis: {document: ...}.", Severity.WARNING)
    yield from _past_the_ceiling(group)


def _past_the_ceiling(group: LinkedGroup) -> Iterator[Problem]:
    """Compare each child, with those it waits for, with the ceiling, where all is counted in work."""
    ceiling, ends = hours_of(group.ceiling), dict[str, int | None]()
    for place, child in enumerate(group.children):
        own, before = hours_of(child.within), ends.get(child.after) if child.after else 0
        ends[child.id] = None if own is None or before is None else own + before
        end = ends[child.id]
        if ceiling is not None and end is not None and end > ceiling:
            what = f"Thủ tục “{child.label}” có thể kết thúc sau thời hạn chung của nhóm liên thông."
            yield Problem(("linked", "children", place), what, "Sửa within hoặc ceiling.", Severity.WARNING)


def bases_of_linked(definition: ProcedureDefinition) -> Iterator[LegalBasis | None]:
    """Yield what a linked group cites."""
    if definition.linked:
        yield definition.linked.basis
        yield from (child.basis for child in definition.linked.children)
