"""Plain data to a linked group of procedures."""

from rules.decode.limits import act_limit, duration
from rules.decode.parts import ReadContext, condition, legal_basis, unique
from rules.definition.linked import LinkedChild, LinkedGroup
from rules.errors import nearest
from rules.reading import CODE, Node
from rules.values import NO_TEXT

_CHILD_KEYS = ("id", "procedure", "label", "system", "when", "after", "acknowledged_within", "within", "basis")


def linked(node: Node, context: ReadContext) -> LinkedGroup | None:
    """Read which procedures are settled together, and by when."""
    if not node:
        return None
    parts = node.parts("label", "ceiling", "children", "basis")
    label, ceiling = parts.needed("label").text() or NO_TEXT, act_limit(parts.needed("ceiling"))
    listed = parts.needed("children")
    found = [child for item in listed.items() if (child := _child(item, context)) is not None]
    children = unique(found, listed)
    if listed and not listed.items():
        listed.problem("Nhóm liên thông chưa có thủ tục nào.", "Thêm ít nhất một thủ tục.")
    _check_order(listed, children)
    basis = legal_basis(parts["basis"], context)
    return LinkedGroup(label, ceiling, children, basis) if ceiling else None


def _child(node: Node, context: ReadContext) -> LinkedChild | None:
    parts = node.parts(*_CHILD_KEYS)
    within = act_limit(parts.needed("within"))
    read = {
        "id": parts.needed("id").identifier(),
        "procedure": parts.needed("procedure").identifier(CODE),
        "after": parts["after"].identifier(),
    }
    label, system = parts.needed("label").text() or NO_TEXT, parts["system"].text()
    acknowledged = duration(parts["acknowledged_within"])
    when, basis = condition(parts["when"], context), legal_basis(parts["basis"], context)
    if within is None:
        return None
    return LinkedChild(
        label=label, within=within, acknowledged_within=acknowledged, system=system, when=when, basis=basis, **read
    )


def _check_order(node: Node, children: tuple[LinkedChild, ...]) -> None:
    """A child waits for one above it: so no two wait for each other."""
    above: list[str] = []
    for place, child in enumerate(children):
        if child.after and child.after not in above:
            what = f"Không có thủ tục “{child.after}” ở phía trên để chờ."
            node.at(place).at("after").problem(what, nearest(child.after, above) or "Xếp thủ tục được chờ lên trên.")
        above.append(child.id)
