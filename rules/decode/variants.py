"""Plain data to the cases of a procedure (trường hợp) and its notices (lưu ý).

Tables and formulas may read which cases apply, so the labels of the cases are read first.
"""

from collections.abc import Mapping

from rules.decode.parts import ReadContext, condition, legal_basis, unique
from rules.definition.variants import VARIANT, Notice, Variant
from rules.order import Reads, circle
from rules.reading import Node
from rules.table.decision import Condition
from rules.values import NO_TEXT, Text


def labels(node: Node) -> Mapping[str, Text]:
    """Read the labels of the cases by code."""
    heads = [each.parts() for each in node.items()]
    return {head["id"].value: head["label"].text() or NO_TEXT for head in heads if isinstance(head["id"].value, str)}


def variants(node: Node, context: ReadContext) -> tuple[Variant, ...]:
    """Read the cases of the procedure."""
    return unique([_variant(each, context) for each in node.items()], node)


def _variant(node: Node, context: ReadContext) -> Variant:
    parts = node.parts("id", "label", "when", "basis")
    return Variant(
        id=parts.needed("id").identifier(),
        label=parts.needed("label").text() or NO_TEXT,
        when=condition(parts.needed("when"), context) or Condition(({},)),
        basis=legal_basis(parts["basis"], context),
    )


def check_order(node: Node, found: tuple[Variant, ...], reads: Reads) -> None:
    """Refuse cases that hang on which cases apply, with the way round."""
    path = circle(VARIANT, reads)
    if not path:
        return
    step = path[1]
    place = next((place for place, each in enumerate(found) if step in each.when.facts), 0)
    node.at(place).at("when").problem(f"Trường hợp tính vòng tròn: {' → '.join(path)}.", "Bỏ một mắt xích.")


def notices(node: Node, context: ReadContext) -> tuple[Notice, ...]:
    """Read the notices."""
    return unique([_notice(each, context) for each in node.items()], node)


def _notice(node: Node, context: ReadContext) -> Notice:
    parts = node.parts("id", "text", "when", "basis")
    return Notice(
        id=parts.needed("id").identifier(),
        text=parts.needed("text").text() or NO_TEXT,
        when=condition(parts["when"], context),
        basis=legal_basis(parts["basis"], context),
    )
