"""A formula said in Vietnamese, with the labels of its facts: what an administrator and a signer can read and check."""

from collections.abc import Callable, Mapping

from rules.formula import Call, Code, Compare, Formula, Name, Node, Over, Product, Sum, Whole
from rules.values import grouped
from rules.vocabulary import Fact

_SIGNS = {"=": "bằng", "!=": "khác", "<": "nhỏ hơn", "<=": "không quá", ">": "lớn hơn", ">=": "ít nhất"}


def formula_words(formula: Formula, facts: Mapping[str, Fact]) -> str:
    """Return the formula in words, every fact by its label in quotes."""
    return _said(formula.tree, facts)


def _said(node: Node, facts: Mapping[str, Fact]) -> str:
    return _SAYERS[type(node)](node, facts)


def _whole(node: Whole, facts: Mapping[str, Fact]) -> str:
    del facts  # a number is itself
    return grouped(node.value)


def _code(node: Code, facts: Mapping[str, Fact]) -> str:
    del facts  # its label is known only beside the fact it is compared with
    return f"“{node.value}”"


def _fact(name: str, facts: Mapping[str, Fact]) -> Fact | None:
    if name in facts:
        return facts[name]
    group, _, member = name.partition(".")
    fact = facts.get(group)
    return next((m for m in fact.members if m.id == member), None) if fact and member else fact


def _name(node: Name, facts: Mapping[str, Fact]) -> str:
    fact = _fact(node.fact, facts)
    return f"“{fact.label.vi}”" if fact else f"“{node.fact}”"


def _sum(node: Sum, facts: Mapping[str, Fact]) -> str:
    (first_sign, first), *rest = node.terms
    said = f"− {_said(first, facts)}" if first_sign < 0 else _said(first, facts)
    return said + "".join(f" {'−' if sign < 0 else '+'} {_enclosed(term, facts)}" for sign, term in rest)


def _product(node: Product, facts: Mapping[str, Fact]) -> str:
    return " × ".join(_enclosed(factor, facts) for factor in node.factors)


def _enclosed(node: Node, facts: Mapping[str, Fact]) -> str:
    said = _said(node, facts)
    return f"({said})" if isinstance(node, Sum) else said


def _compare(node: Compare, facts: Mapping[str, Fact]) -> str:
    return f"{_beside(node.left, node.right, facts)} {_SIGNS[node.sign]} {_beside(node.right, node.left, facts)}"


def _beside(node: Node, other: Node, facts: Mapping[str, Fact]) -> str:
    """Say one side of a comparison; a code by its label in the list of the fact on the other side."""
    fact = _fact(other.fact, facts) if isinstance(other, Name) else None
    if isinstance(node, Code) and fact is not None and node.value in fact.codes:
        return f"“{fact.codes[node.value].vi}”"
    return _said(node, facts)


def _call(node: Call, facts: Mapping[str, Fact]) -> str:
    parts = [_said(part, facts) for part in node.arguments]
    sayers: Mapping[str, Callable[[], str]] = {
        "min": lambda: f"số nhỏ nhất trong ({'; '.join(parts)})",
        "max": lambda: f"số lớn nhất trong ({'; '.join(parts)})",
        "if": lambda: f"(nếu {parts[0]} thì {parts[1]}, nếu không thì {parts[2]})",
        "days_between": lambda: f"số ngày từ {parts[0]} đến {parts[1]}",
        "roll": lambda: f"({parts[0]}; rơi vào ngày nghỉ thì lấy ngày làm việc kế tiếp)",
        "true": lambda: "có",
        "false": lambda: "không",
    }
    return sayers[node.name]()


def _over(node: Over, facts: Mapping[str, Fact]) -> str:
    group = facts[node.group].label.vi if node.group in facts else node.group
    if node.expression is None:
        return f"số dòng của “{group}”"
    return f"tổng theo từng dòng của “{group}”: [{_said(node.expression, facts)}]"


_SAYERS: Mapping[type, Callable[..., str]] = {
    Whole: _whole,
    Code: _code,
    Name: _name,
    Sum: _sum,
    Product: _product,
    Compare: _compare,
    Call: _call,
    Over: _over,
}
