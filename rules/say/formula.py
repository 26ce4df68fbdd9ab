"""A formula said in words, with the labels of its facts: what an administrator and a signer can read and check.

Two formulas that mean different things never read alike: what could be taken for another order stands in parentheses.
"""

from collections.abc import Callable, Mapping

from rules.formula import Call, Code, Compare, Formula, Name, Node, Over, Product, Sum, Whole
from rules.say.punctuation import quoted
from rules.values import Text, counted
from rules.vocabulary import NO, YES, Fact, FactType
from rules.wording import joined, phrase

_NUMBERS: Mapping[str, Text] = {
    "=": Text("bằng", "equals"),
    "!=": Text("khác", "differs from"),
    "<": Text("nhỏ hơn", "is less than"),
    "<=": Text("không quá", "is at most"),
    ">": Text("lớn hơn", "is more than"),
    ">=": Text("ít nhất bằng", "is at least"),
}
_DAYS: Mapping[str, Text] = {
    "=": Text("trùng ngày", "is the same day as"),
    "!=": Text("khác ngày", "is another day than"),
    "<": Text("trước", "is before"),
    "<=": Text("không muộn hơn", "is not later than"),
    ">": Text("sau", "is after"),
    ">=": Text("không sớm hơn", "is not earlier than"),
}
_CODES: Mapping[str, Text] = {"=": Text("là", "is"), "!=": Text("không phải là", "is not")}


def formula_said(formula: Formula, facts: Mapping[str, Fact]) -> Text:
    """Return the formula in words, every fact by its label in quotes."""
    return _said(formula.tree, facts)


def _said(node: Node, facts: Mapping[str, Fact]) -> Text:
    return _SAYERS[type(node)](node, facts)


def _operand(node: Node, facts: Mapping[str, Fact]) -> Text:
    """Say a part of something larger, in parentheses where its end could not be heard."""
    said = _said(node, facts)
    open_ended = isinstance(node, Sum | Compare) or (isinstance(node, Call) and node.name == "days_between")
    return phrase("({})", "({})", said) if open_ended else said


def _whole(node: Whole, facts: Mapping[str, Fact]) -> Text:
    del facts  # a number is itself
    return counted(node.value)


def _code(node: Code, facts: Mapping[str, Fact]) -> Text:
    del facts  # its label is known only beside the fact it is compared with
    return quoted(node.value)


def _fact(node: Node, facts: Mapping[str, Fact]) -> Fact | None:
    """Return the fact a node names, or the member of a group."""
    if not isinstance(node, Name):
        return None
    group, _, member = node.fact.partition(".")
    fact = facts.get(group)
    return next((each for each in fact.members if each.id == member), None) if fact and member else fact


def _is_day(node: Node, facts: Mapping[str, Fact]) -> bool:
    """Tell whether a node gives a day."""
    if isinstance(node, Sum):
        return _is_day(node.terms[0][1], facts)
    if isinstance(node, Call) and node.name in ("min", "max", "if"):
        return _is_day(node.arguments[-1], facts)
    fact = _fact(node, facts)
    return (isinstance(node, Call) and node.name == "roll") or (fact is not None and fact.type is FactType.DAY)


def _name(node: Name, facts: Mapping[str, Fact]) -> Text:
    fact = _fact(node, facts)
    return quoted(fact.label if fact else node.fact)


def _sum(node: Sum, facts: Mapping[str, Fact]) -> Text:
    (first_sign, first), *rest = node.terms
    said = phrase("− {}" if first_sign < 0 else "{}", "− {}" if first_sign < 0 else "{}", _operand(first, facts))
    days = _is_day(node, facts)
    for sign, term in rest:
        added = _operand(term, facts)
        if days and isinstance(term, Whole):
            added = phrase("{} ngày", "{} days", added)
        pattern = "{} − {}" if sign < 0 else "{} + {}"
        said = phrase(pattern, pattern, said, added)
    return said


def _product(node: Product, facts: Mapping[str, Fact]) -> Text:
    return joined((_operand(factor, facts) for factor in node.factors), " × ")


def _compare(node: Compare, facts: Mapping[str, Fact]) -> Text:
    left, right = _beside(node.left, node.right, facts), _beside(node.right, node.left, facts)
    codes = isinstance(node.left, Code) or isinstance(node.right, Code) or _is_code(node.left, facts)
    signs = _CODES if codes else _DAYS if _is_day(node.left, facts) else _NUMBERS
    return phrase("{} {} {}", "{} {} {}", left, signs[node.sign], right)


def _is_code(node: Node, facts: Mapping[str, Fact]) -> bool:
    fact = _fact(node, facts)
    return fact is not None and fact.type is FactType.CODE


def _beside(node: Node, other: Node, facts: Mapping[str, Fact]) -> Text:
    """Say one side of a comparison; a code by its label in the list of the fact on the other side."""
    fact = _fact(other, facts)
    if isinstance(node, Code) and fact is not None and node.value in fact.codes:
        return quoted(fact.codes[node.value])
    return _operand(node, facts) if isinstance(node, Compare) else _said(node, facts)


def _call(node: Call, facts: Mapping[str, Fact]) -> Text:
    if node.name in ("true", "false"):
        return YES if node.name == "true" else NO
    if node.name in ("min", "max"):
        return _extreme(node, facts)
    say = _operand if node.name == "days_between" else _said
    vi, en = _CALLS[node.name]
    return phrase(vi, en, *(say(part, facts) for part in node.arguments))


_CALLS: Mapping[str, tuple[str, str]] = {
    "if": ("(nếu {} thì {}, nếu không thì {})", "(if {} then {}, otherwise {})"),
    "days_between": ("số ngày từ {} đến {}", "the number of days from {} to {}"),
    "roll": (
        "({}; rơi vào ngày nghỉ thì lấy ngày làm việc kế tiếp)",
        "({}; on a day off, the next working day)",
    ),
}


def _extreme(node: Call, facts: Mapping[str, Fact]) -> Text:
    patterns = {
        ("min", False): ("số nhỏ nhất trong ({})", "the smallest of ({})"),
        ("max", False): ("số lớn nhất trong ({})", "the largest of ({})"),
        ("min", True): ("ngày sớm nhất trong ({})", "the earliest day of ({})"),
        ("max", True): ("ngày muộn nhất trong ({})", "the latest day of ({})"),
    }
    vi, en = patterns[node.name, _is_day(node, facts)]
    return phrase(vi, en, joined((_said(part, facts) for part in node.arguments), "; "))


def _over(node: Over, facts: Mapping[str, Fact]) -> Text:
    group = quoted(facts[node.group].label if node.group in facts else node.group)
    if node.expression is None:
        return phrase("số dòng của {}", "the number of rows of {}", group)
    expression = _said(node.expression, facts)
    return phrase("tổng theo từng dòng của {}: [{}]", "the sum over the rows of {}: [{}]", group, expression)


_SAYERS: Mapping[type, Callable[..., Text]] = {
    Whole: _whole,
    Code: _code,
    Name: _name,
    Sum: _sum,
    Product: _product,
    Compare: _compare,
    Call: _call,
    Over: _over,
}
