"""A formula said in words, with the labels of its facts: what an administrator and a signer can read and check.

Two formulas that mean different things never read alike: what could be taken for another order stands in parentheses.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from rules.formula import (
    Call,
    Code,
    Compare,
    Day,
    Divide,
    Fixed,
    Formula,
    Name,
    Node,
    Over,
    Percent,
    Product,
    Round,
    Scaled,
    Sum,
    Tiered,
    Whole,
)
from rules.rounding import How, Rounding
from rules.say.punctuation import quoted
from rules.values import Text, counted, day_figures, measured
from rules.vocabulary import NO, YES, Fact, FactType
from rules.wording import joined, phrase, same

_NUMBERS: Mapping[str, Text] = {
    "=": Text("bằng", "equals"),
    "!=": Text("khác", "differs from"),
    "<": Text("nhỏ hơn", "is less than"),
    "<=": Text("không quá", "is at most"),
    ">": Text("lớn hơn", "is more than"),
    ">=": Text("ít nhất bằng", "is at least"),
}
_MOMENTS: Mapping[str, Text] = {
    "=": Text("cùng lúc với", "is the same moment as"),
    "!=": Text("khác lúc với", "is another moment than"),
    "<": Text("trước", "is before"),
    "<=": Text("không muộn hơn", "is not later than"),
    ">": Text("sau", "is after"),
    ">=": Text("không sớm hơn", "is not earlier than"),
}
_DAYS: Mapping[str, Text] = {
    **_MOMENTS,
    "=": Text("trùng ngày", "is the same day as"),
    "!=": Text("khác ngày", "is another day than"),
}
_CODES: Mapping[str, Text] = {"=": Text("là", "is"), "!=": Text("không phải là", "is not")}


@dataclass(frozen=True, slots=True)
class _Known:
    """The facts by name, and the labels of the codes that the whole formula may give."""

    facts: Mapping[str, Fact]
    codes: Mapping[str, Text] = field(default_factory=dict[str, Text])


def formula_said(formula: Formula, facts: Mapping[str, Fact], codes: Mapping[str, Text] | None = None) -> Text:
    """Return the formula in words, every fact by its label in quotes; `codes` are the labels of what it may give."""
    return _said(formula.tree, _Known(facts, codes or {}))


def part_said(node: Node, facts: Mapping[str, Fact]) -> Text:
    """Return a part of a formula in words."""
    return _said(node, _Known(facts))


def rounding_said(rounding: Rounding) -> Text:
    """Say a way of rounding: `làm tròn lên, đến bội số của 1.000`."""
    how = _HOWS[rounding.how]
    if (rounding.to, rounding.digits) == (1, 0):
        return how
    return phrase("{}, đến bội số của {}", "{}, to a multiple of {}", how, measured(rounding.to, rounding.digits))


_HOWS: Mapping[How, Text] = {
    How.UP: Text("làm tròn lên", "rounded up"),
    How.DOWN: Text("làm tròn xuống", "rounded down"),
    How.HALF_UP: Text("làm tròn đến số gần nhất", "rounded to the nearest"),
}


def _said(node: Node, known: _Known) -> Text:
    return _SAYERS[type(node)](node, known)


def _operand(node: Node, known: _Known) -> Text:
    """Say a part of something larger, in parentheses where its end could not be heard."""
    said = _said(node, known)
    node = node.number if isinstance(node, Scaled) else node
    open_ended = isinstance(node, Sum | Compare) or (isinstance(node, Call) and node.name == "days_between")
    return phrase("({})", "({})", said) if open_ended else said


def _whole(node: Whole, known: _Known) -> Text:
    del known  # a number is itself
    return counted(node.value)


def _fixed(node: Fixed, known: _Known) -> Text:
    del known
    return measured(node.value, node.scale)


def _day(node: Day, known: _Known) -> Text:
    del known
    return phrase("ngày {}", "{}", day_figures(node.value))


def _scaled(node: Scaled, known: _Known) -> Text:
    return _said(node.number, known)


def _code(node: Code, known: _Known) -> Text:
    return quoted(known.codes.get(node.value, same(node.value)))


def _fact(node: Node, known: _Known) -> Fact | None:
    """Return the fact a node names, or the member of a group."""
    return known.facts.get(node.fact) if isinstance(node, Name) else None


_GIVING_DAYS = frozenset({"roll", "add_months", "add_years", "add_working_days", "end_of_month", "end_of_year"})


def _time(node: Node, known: _Known) -> FactType | None:
    """Return whether a node gives a day or a moment, None where it gives neither."""
    if isinstance(node, Day) or (isinstance(node, Call) and node.name in _GIVING_DAYS):
        return FactType.DAY
    if isinstance(node, Sum):
        return _time(node.terms[0][1], known)
    if isinstance(node, Call) and node.name in ("min", "max", "if"):
        return _time(node.arguments[-1], known)
    if isinstance(node, Over) and node.name in ("min", "max") and node.expression is not None:
        return _time(node.expression, known)
    fact = _fact(node, known)
    return fact.type if fact is not None and fact.type in (FactType.DAY, FactType.MOMENT) else None


def _name(node: Name, known: _Known) -> Text:
    fact = _fact(node, known)
    return quoted(fact.label if fact else node.fact)


def _sum(node: Sum, known: _Known) -> Text:
    (first_sign, first), *rest = node.terms
    said = phrase("− {}" if first_sign < 0 else "{}", "− {}" if first_sign < 0 else "{}", _operand(first, known))
    days = _time(node, known) is FactType.DAY
    for sign, term in rest:
        added = _operand(term, known)
        if days and isinstance(term, Whole):
            added = phrase("{} ngày", "{} days", added)
        pattern = "{} − {}" if sign < 0 else "{} + {}"
        said = phrase(pattern, pattern, said, added)
    return said


def _product(node: Product, known: _Known) -> Text:
    return joined((_operand(factor, known) for factor in node.factors), " × ")


def _divide(node: Divide, known: _Known) -> Text:
    parts = _operand(node.dividend, known), _operand(node.divisor, known), rounding_said(node.rounding)
    return phrase("({} chia cho {}, {})", "({} divided by {}, {})", *parts)


def _round(node: Round, known: _Known) -> Text:
    return phrase("({}, {})", "({}, {})", _operand(node.number, known), rounding_said(node.rounding))


def _percent(node: Percent, known: _Known) -> Text:
    parts = _operand(node.rate, known), _operand(node.amount, known), rounding_said(node.rounding)
    return phrase("({} phần trăm của {}, {})", "({} percent of {}, {})", *parts)


def _tiered(node: Tiered, known: _Known) -> Text:
    vi, en = "(mức theo biểu {} cho {})", "(what the scale {} gives for {})"
    return phrase(vi, en, quoted(node.scale.label), _operand(node.quantity, known))


def _compare(node: Compare, known: _Known) -> Text:
    left, right = _beside(node.left, node.right, known), _beside(node.right, node.left, known)
    return phrase("{} {} {}", "{} {} {}", left, _signs(node, known)[node.sign], right)


def _signs(node: Compare, known: _Known) -> Mapping[str, Text]:
    if isinstance(node.left, Code) or isinstance(node.right, Code) or _is_code(node.left, known):
        return _CODES
    time = _time(node.left, known)
    return {FactType.DAY: _DAYS, FactType.MOMENT: _MOMENTS}.get(time, _NUMBERS) if time else _NUMBERS


def _is_code(node: Node, known: _Known) -> bool:
    fact = _fact(node, known)
    return fact is not None and fact.type is FactType.CODE


def _beside(node: Node, other: Node, known: _Known) -> Text:
    """Say one side of a comparison; a code by its label in the list of the fact on the other side."""
    if isinstance(node, Code):
        return _label(node, other, known)
    return _operand(node, known) if isinstance(node, Compare) else _said(node, known)


def _label(code: Node, other: Node, known: _Known) -> Text:
    fact = _fact(other, known)
    if fact is None or not isinstance(code, Code):
        return _said(code, known)
    return quoted(fact.codes.get(code.value, same(code.value)))


def _call(node: Call, known: _Known) -> Text:
    if node.name in ("true", "false"):
        return YES if node.name == "true" else NO
    if node.name in _LISTED:
        return _LISTED[node.name](node, known)
    say = _said if node.name in ("if", "roll") else _operand
    vi, en = _CALLS[node.name]
    return phrase(vi, en, *(say(part, known) for part in node.arguments))


_CALLS: Mapping[str, tuple[str, str]] = {
    "if": ("(nếu {} thì {}, nếu không thì {})", "(if {} then {}, otherwise {})"),
    "not": ("(không phải: {})", "(not: {})"),
    "known": ("(đã biết {})", "({} is known)"),
    "same": ("({} trùng với {})", "({} is the same as {})"),
    "between": ("({} trong khoảng từ {} đến {})", "({} lies from {} to {})"),
    "days_between": ("số ngày từ {} đến {}", "the number of days from {} to {}"),
    "months_between": ("(số tháng tròn từ {} đến {})", "(the number of whole months from {} to {})"),
    "years_between": ("(số năm tròn từ {} đến {})", "(the number of whole years from {} to {})"),
    "age": ("(số tuổi tròn của người sinh {} vào {})", "(the age in whole years of who was born {} on {})"),
    "add_months": ("(sau {} đúng {} tháng)", "({1} months after {0})"),
    "add_years": ("(sau {} đúng {} năm)", "({1} years after {0})"),
    "add_working_days": ("(sau {} đủ {} ngày làm việc)", "({1} working days after {0})"),
    "end_of_month": ("(ngày cuối tháng của {})", "(the last day of the month of {})"),
    "end_of_year": ("(ngày cuối năm của {})", "(the last day of the year of {})"),
    "year_of": ("(năm của {})", "(the year of {})"),
    "month_of": ("(tháng của {})", "(the month of {})"),
    "roll": (
        "({}; rơi vào ngày nghỉ thì lấy ngày làm việc kế tiếp)",
        "({}; on a day off, the next working day)",
    ),
}


def _extreme(node: Call, known: _Known) -> Text:
    vi, en = _EXTREMES[node.name, _time(node, known)]
    return phrase(f"{vi} trong ({{}})", f"{en} of ({{}})", _list(_said(part, known) for part in node.arguments))


_EXTREMES: Mapping[tuple[str, FactType | None], tuple[str, str]] = {
    ("min", None): ("số nhỏ nhất", "the smallest"),
    ("max", None): ("số lớn nhất", "the largest"),
    ("min", FactType.DAY): ("ngày sớm nhất", "the earliest day"),
    ("max", FactType.DAY): ("ngày muộn nhất", "the latest day"),
    ("min", FactType.MOMENT): ("thời điểm sớm nhất", "the earliest moment"),
    ("max", FactType.MOMENT): ("thời điểm muộn nhất", "the latest moment"),
}


def _list(parts: Iterable[Text]) -> Text:
    return joined(parts, "; ")


def _both(node: Call, known: _Known) -> Text:
    return phrase("({})", "({})", joined((_operand(part, known) for part in node.arguments), " và ", " and "))


def _either(node: Call, known: _Known) -> Text:
    return phrase("({})", "({})", joined((_operand(part, known) for part in node.arguments), " hoặc ", " or "))


def _one_of(node: Call, known: _Known) -> Text:
    asked, *codes = node.arguments
    said = _list(_label(code, asked, known) for code in codes)
    return phrase("({} là một trong: {})", "({} is one of: {})", _operand(asked, known), said)


def _includes(node: Call, known: _Known) -> Text:
    asked, code = node.arguments
    return phrase("({} có {})", "({} includes {})", _operand(asked, known), _label(code, asked, known))


_LISTED: Mapping[str, Callable[[Call, _Known], Text]] = {
    "min": _extreme,
    "max": _extreme,
    "and": _both,
    "or": _either,
    "in": _one_of,
    "has": _includes,
}


def _over(node: Over, known: _Known) -> Text:
    group = quoted(known.facts[node.group].label if node.group in known.facts else node.group)
    if node.expression is None:
        return phrase("số dòng của {}", "the number of rows of {}", group)
    if node.name in ("min", "max"):
        vi, en = _EXTREMES[node.name, _time(node.expression, known)]
        patterns = f"{vi} theo từng dòng của {{}}: [{{}}]", f"{en} over the rows of {{}}: [{{}}]"
    else:
        patterns = _OVERS[node.name]
    return phrase(*patterns, group, _said(node.expression, known))


_OVERS: Mapping[str, tuple[str, str]] = {
    "sum": ("tổng theo từng dòng của {}: [{}]", "the sum over the rows of {}: [{}]"),
    "count": ("số dòng của {} mà [{}]", "the number of rows of {} where [{}]"),
    "any": ("có dòng của {} mà [{}]", "there is a row of {} where [{}]"),
    "all": ("mọi dòng của {} đều [{}]", "every row of {} has [{}]"),
}

_SAYERS: Mapping[type, Callable[..., Text]] = {
    Whole: _whole,
    Fixed: _fixed,
    Day: _day,
    Code: _code,
    Name: _name,
    Scaled: _scaled,
    Sum: _sum,
    Product: _product,
    Divide: _divide,
    Round: _round,
    Percent: _percent,
    Tiered: _tiered,
    Compare: _compare,
    Call: _call,
    Over: _over,
}
