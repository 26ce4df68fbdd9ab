"""Plain data to where a fact that is handed in comes from: its source, its stage, and what it asks of history."""

from rules.definition.process import CountOf, CountWithin, HistoryQuery
from rules.reading import CODE, Node, Parts
from rules.vocabulary import HANDED_IN, FactType, Source

STAGE_OF = {Source.OUTSIDE: "outside"}
"""The stage of a fact that states none, where its source tells."""


def source(parts: Parts) -> Source:
    """Read where a fact comes from: a formula, or one of the sources of what is handed in."""
    computed = bool(parts["formula"])
    found = parts["source"].choice(Source, Source.COMPUTED if computed else Source.OFFICER)
    if computed != (found is Source.COMPUTED) or (not computed and found not in HANDED_IN):
        known = ", ".join(each.value for each in HANDED_IN)
        parts.node.problem(
            f"Dữ kiện ở đây hoặc có “formula” (tính ra), hoặc có “source” là nơi dữ kiện đến từ: {known}.",
            "Dữ kiện người dân khai thì đặt ở “fields”.",
        )
    return found if found in HANDED_IN and not computed else Source.COMPUTED if computed else Source.OFFICER


def stage(parts: Parts, kind: Source) -> str:
    """Read at which stage a fact becomes known; an answer from outside comes at the stage of that name."""
    return parts["stage"].identifier() or STAGE_OF.get(kind, "")


def query(parts: Parts, kind: Source, fact: FactType) -> HistoryQuery | None:
    """Read what a fact from history asks; it needs a query, and no other fact has one."""
    node = parts["query"]
    if (kind is Source.HISTORY) != bool(node):
        parts.node.problem(
            "Dữ kiện từ lịch sử (source: history) cần “query”; dữ kiện khác không dùng “query”.",
            "Ví dụ query: {count: charges, kind: registration, within: year}.",
        )
    if not node:
        return None
    if fact is not FactType.INT:
        parts["type"].problem(f"Dữ kiện từ lịch sử là một số đếm, đang có kiểu {fact.value}.", "Dùng type: int.")
    inner = node.parts("count", "kind", "within")
    return HistoryQuery(
        count=inner.needed("count").choice(CountOf, CountOf.CHARGES),
        kind=_kind(inner.needed("kind")),
        within=inner["within"].choice(CountWithin, CountWithin.EVER),
    )


def _kind(node: Node) -> str:
    if node and not isinstance(node.value, str):
        node.problem("Loại khoản thu hoặc kết quả là một mã.", "Đặt mã trong dấu ngoặc kép.")
        return ""
    return node.identifier(CODE)
