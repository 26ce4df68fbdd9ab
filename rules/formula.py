"""The formula language: total, exact, typed and bounded. Whole numbers, facts, + - *, min, max, if, sum, count, days.

An unknown fact makes the result unknown. There is no division, no loop but over the rows of one group, and no text
but the codes of a list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from rules.errors import OutOfBoundsError, TextError, nearest
from rules.formula_tokens import Token, tokens_of
from rules.values import MAX_WHOLE
from rules.vocabulary import Fact, Facts, FactType

MAX_NODES = 2000
MAX_DEPTH = 32

Roll = Callable[[date], date]
"""Moves a day off to the next working day (rules.calendar.WorkCalendar.roll)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number as written."""

    value: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code as written, in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, or inside `sum` a member of the group's row."""

    fact: str


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added up; a negative sign subtracts. Flat, so that long sums stay shallow."""

    terms: tuple[tuple[int, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied."""

    factors: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared by `=`, `!=`, `<`, `<=`, `>`, `>=`."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """One of the language's own functions."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Over:
    """`sum(group, expression)` or `count(group)` over the rows of a group."""

    name: str
    group: str
    expression: "Node | None"


Node = Whole | Code | Name | Sum | Product | Compare | Call | Over


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written, what it means, and the type of its result."""

    text: str
    tree: Node
    type: FactType = field(compare=False)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it reads (groups, not their members), each once, in the order of reading."""
        return tuple(dict.fromkeys(_facts_in(self.tree, inside="")))


def _facts_in(node: Node, *, inside: str) -> Iterator[str]:
    if isinstance(node, Name) and not node.fact.startswith(f"{inside}." if inside else "\0"):
        yield node.fact
    if isinstance(node, Over):
        yield node.group
    for child in _children(node):
        yield from _facts_in(child, inside=node.group if isinstance(node, Over) else inside)


def _children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Sum):
        return tuple(term for _, term in node.terms)
    if isinstance(node, Product):
        return node.factors
    if isinstance(node, Compare):
        return node.left, node.right
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Over) and node.expression is not None:
        return (node.expression,)
    return ()


def parse_formula(text: str, facts: Mapping[str, Fact], wanted: FactType) -> Formula:
    """Read a formula over these facts whose result must have this type (a whole number may stand for đồng).

    Raises TextError with the character's position, what was expected, and the nearest known name.
    """
    parser = _Parser(text, facts)
    node, found = parser.expression(0)
    parser.expect_end()
    if found is not wanted and (found, wanted) != (FactType.INT, FactType.MONEY):
        raise TextError(1, f"Công thức cho ra {TYPE_WORDS[found]}, cần {TYPE_WORDS[wanted]}.")
    return Formula(text, node, wanted)


TYPE_WORDS = {
    FactType.MONEY: "số tiền",
    FactType.INT: "số nguyên",
    FactType.FIXED: "số thập phân",
    FactType.BOOL: "có hoặc không",
    FactType.CODE: "mã của danh mục",
    FactType.CODES: "nhiều mã của danh mục",
    FactType.DAY: "ngày",
    FactType.MOMENT: "thời điểm",
    FactType.TEXT: "chữ",
    FactType.GROUP: "nhóm dòng",
}
"""How types are called in sentences."""

Typed = tuple[Node, FactType]
_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
_AMOUNTS = frozenset({FactType.INT, FactType.MONEY})


class _Parser:
    """A Pratt parser: comparison binds least, then + and -, then *, then the unary minus."""

    def __init__(self, text: str, facts: Mapping[str, Fact]) -> None:
        self.tokens: Sequence[Token] = tokens_of(text)
        self.at = 0
        self.nodes = 0
        self.facts = facts
        self.group: Fact | None = None

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def expect(self, sign: str) -> None:
        if self.token.kind != "sign" or self.token.text != sign:
            raise TextError(self.token.position, f"Cần “{sign}” ở đây, đang có {self.token.said}.")
        self.at += 1

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise TextError(self.token.position, f"Cần phép tính hoặc kết thúc ở đây, đang có {self.token.said}.")

    def deeper(self, depth: int) -> int:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TextError(self.token.position, f"Công thức quá dài (hơn {MAX_NODES} phần): tách thành nhiều dữ kiện.")
        if depth >= MAX_DEPTH:
            raise TextError(self.token.position, f"Công thức lồng quá {MAX_DEPTH} lớp: tách thành nhiều dữ kiện.")
        return depth + 1

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def expression(self, depth: int) -> Typed:
        """Read a sum, or two sums compared."""
        depth = self.deeper(depth)
        left = self.sum(depth)
        if not self.is_sign(*_COMPARISONS):
            return left
        sign = self.take()
        right = self.sum(depth)
        self.check_comparable(sign, left, right)
        return Compare(sign.text, left[0], right[0]), FactType.BOOL

    def sum(self, depth: int) -> Typed:
        """Read terms with + and - between them."""
        node, found = self.product(depth)
        terms = [(1, node)]
        while self.is_sign("+", "-"):
            sign = self.take()
            term, kind = self.product(depth)
            found = self.added(sign, found, kind)
            terms.append((1 if sign.text == "+" else -1, term))
        return (Sum(tuple(terms)) if len(terms) > 1 else node), found

    def product(self, depth: int) -> Typed:
        """Read factors with * between them."""
        node, found = self.unary(depth)
        factors = [node]
        while self.is_sign("*", "/"):
            sign = self.take()
            if sign.text == "/":
                raise TextError(sign.position, "Chưa có phép chia: dùng bảng bậc hoặc viết lại bằng phép nhân.")
            factor, kind = self.unary(depth)
            if {found, kind} == {FactType.MONEY}:
                raise TextError(sign.position, "Không nhân số tiền với số tiền.")
            self.need(sign, _AMOUNTS, found, kind)
            found = FactType.MONEY if FactType.MONEY in (found, kind) else FactType.INT
            factors.append(factor)
        return (Product(tuple(factors)) if len(factors) > 1 else node), found

    def unary(self, depth: int) -> Typed:
        """Read an operand, with a minus before it or not."""
        depth = self.deeper(depth)
        if not self.is_sign("-"):
            return self.operand(depth)
        sign = self.take()
        node, found = self.unary(depth)
        self.need(sign, _AMOUNTS, found)
        return Sum(((-1, node),)), found

    def operand(self, depth: int) -> Typed:
        """Read a number, a code, a name, a call or a parenthesis."""
        token = self.take()
        if token.kind == "number":
            return Whole(token.number), FactType.INT
        if token.kind == "code":
            return Code(token.text), FactType.CODE
        if token.kind == "name":
            return self.call(token, depth) if self.is_sign("(") else self.name(token)
        if token.kind == "sign" and token.text == "(":
            inner = self.expression(depth)
            self.expect(")")
            return inner
        raise TextError(token.position, f"Cần số, tên dữ kiện hoặc dấu ngoặc ở đây, đang có {token.said}.")

    def name(self, token: Token) -> Typed:
        """Read the name of a fact; inside a sum over a group, first of a member of its row."""
        if token.text in ("true", "false"):
            return Call(token.text, ()), FactType.BOOL
        members = {member.id: member for member in self.group.members} if self.group else {}
        if self.group and token.text in members:
            return Name(f"{self.group.id}.{token.text}"), members[token.text].type
        fact = self.facts.get(token.text)
        if fact is None:
            raise TextError(
                token.position, f"Không có dữ kiện “{token.text}”.", nearest(token.text, [*members, *self.facts])
            )
        if fact.type in (FactType.GROUP, FactType.TEXT, FactType.CODES):
            raise TextError(
                token.position, f"“{token.text}” là {TYPE_WORDS[fact.type]}, không tính trực tiếp trong công thức được."
            )
        return Name(token.text), fact.type

    def call(self, name: Token, depth: int) -> Typed:
        """Read a call of one of the functions."""
        self.expect("(")
        if name.text in ("sum", "count"):
            return self.over(name, depth)
        if name.text not in _SIGNATURES:
            raise TextError(
                name.position, f"Không có hàm “{name.text}”.", nearest(name.text, [*_SIGNATURES, "sum", "count"])
            )
        arguments = [self.expression(depth)]
        while self.is_sign(","):
            self.at += 1
            arguments.append(self.expression(depth))
        self.expect(")")
        found = _SIGNATURES[name.text](self, name, [kind for _, kind in arguments])
        return Call(name.text, tuple(node for node, _ in arguments)), found

    def over(self, name: Token, depth: int) -> Typed:
        """Read `sum(group, expression)` or `count(group)`."""
        if self.group is not None:
            raise TextError(name.position, f"Không dùng {name.text} bên trong sum.")
        token = self.take()
        group = self.facts.get(token.text)
        if token.kind != "name" or group is None or group.type is not FactType.GROUP:
            groups = [fact.id for fact in self.facts.values() if fact.type is FactType.GROUP]
            raise TextError(
                token.position, f"Cần tên một nhóm dòng, đang có {token.said}.", nearest(token.text, groups)
            )
        if name.text == "count":
            self.expect(")")
            return Over("count", group.id, None), FactType.INT
        self.expect(",")
        self.group = group
        node, found = self.expression(depth)
        self.group = None
        self.need(name, _AMOUNTS, found)
        self.expect(")")
        return Over("sum", group.id, node), found

    def need(self, token: Token, allowed: Iterable[FactType], *found: FactType) -> None:
        """Refuse a type that does not fit."""
        for kind in found:
            if kind not in allowed:
                wanted = " hoặc ".join(sorted(TYPE_WORDS[each] for each in allowed))
                raise TextError(token.position, f"“{token.text}” cần {wanted}, đang có {TYPE_WORDS[kind]}.")

    def added(self, sign: Token, left: FactType, right: FactType) -> FactType:
        """Return the type of a sum: amounts together, or a day and whole days."""
        if left is FactType.DAY and right is FactType.INT:
            return FactType.DAY
        if left is FactType.DAY and right is FactType.DAY and sign.text == "-":
            raise TextError(sign.position, "Không trừ hai ngày cho nhau.", "Dùng days_between(ngày trước, ngày sau).")
        self.need(sign, _AMOUNTS, left, right)
        return FactType.MONEY if FactType.MONEY in (left, right) else FactType.INT

    def check_comparable(self, sign: Token, left: Typed, right: Typed) -> None:
        """Refuse a comparison of two things that are not alike, and codes outside the list of their fact."""
        kinds = {left[1], right[1]}
        ordered = kinds <= _AMOUNTS or kinds == {FactType.DAY}
        equal = sign.text in ("=", "!=") and kinds in ({FactType.CODE}, {FactType.BOOL})
        if not ordered and not equal:
            raise TextError(
                sign.position,
                f"Không so sánh được {TYPE_WORDS[left[1]]} với {TYPE_WORDS[right[1]]} bằng “{sign.text}”.",
            )
        for one, other in ((left[0], right[0]), (right[0], left[0])):
            if isinstance(one, Code):
                self.check_code(sign, one, other)

    def check_code(self, sign: Token, code: Code, other: Node) -> None:
        """Refuse a code that is not in the list of the fact it is compared with."""
        if isinstance(other, Name) and other.fact in self.facts and self.facts[other.fact].any_code:
            return
        codes = self.codes_of(other)
        if code.value not in codes:
            raise TextError(sign.position, f"Danh mục không có mã “{code.value}”.", nearest(code.value, codes))

    def codes_of(self, node: Node) -> Mapping[str, object]:
        """Return the codes of the fact a node names."""
        if not isinstance(node, Name):
            return {}
        group, _, member = node.fact.partition(".")
        if member and node.fact not in self.facts:
            return next(fact.codes for fact in self.facts[group].members if fact.id == member)
        return self.facts[node.fact].codes


def _same(parser: _Parser, name: Token, kinds: list[FactType]) -> FactType:
    if set(kinds) <= _AMOUNTS:
        return FactType.MONEY if FactType.MONEY in kinds else FactType.INT
    if set(kinds) == {FactType.DAY}:
        return FactType.DAY
    raise TextError(name.position, f"Các phần của {name.text} phải cùng là số hoặc cùng là ngày.")


def _choice(parser: _Parser, name: Token, kinds: list[FactType]) -> FactType:
    if len(kinds) != 3:
        raise TextError(name.position, "if cần ba phần: if(điều kiện, khi đúng, khi sai).")
    parser.need(name, (FactType.BOOL,), kinds[0])
    if kinds[1] is kinds[2] is FactType.BOOL:
        return FactType.BOOL
    return _same(parser, name, kinds[1:])


def _days(parser: _Parser, name: Token, kinds: list[FactType]) -> FactType:
    if len(kinds) != 2:
        raise TextError(name.position, "days_between cần hai ngày: days_between(ngày trước, ngày sau).")
    parser.need(name, (FactType.DAY,), *kinds)
    return FactType.INT


def _rolled(parser: _Parser, name: Token, kinds: list[FactType]) -> FactType:
    if len(kinds) != 1:
        raise TextError(name.position, "roll cần đúng một ngày: roll(ngày).")
    parser.need(name, (FactType.DAY,), *kinds)
    return FactType.DAY


_SIGNATURES: Mapping[str, Callable[[_Parser, Token, list[FactType]], FactType]] = {
    "min": _same,
    "max": _same,
    "if": _choice,
    "days_between": _days,
    "roll": _rolled,
}


def compute(formula: Formula, facts: Facts, roll: Roll) -> Any:
    """Return the value of the formula, None when a fact it needs is unknown.

    Raises OutOfBoundsError when a number leaves ±2^62 or a day the calendar.
    """
    return _value(formula.tree, facts, roll)


def _value(node: Node, facts: Facts, roll: Roll) -> Any:
    if isinstance(node, Whole | Code | Name):
        return facts.get(node.fact) if isinstance(node, Name) else node.value
    if isinstance(node, Over):
        return _over(node, facts, roll)
    if isinstance(node, Call) and node.name == "if":
        return _chosen(node, facts, roll)
    return _combined(node, facts, roll)


def _combined(node: Sum | Product | Compare | Call, facts: Facts, roll: Roll) -> Any:
    parts = [_value(child, facts, roll) for child in _children(node)]
    if any(part is None for part in parts):
        return None
    if isinstance(node, Sum):
        return _added([(sign, part) for (sign, _), part in zip(node.terms, parts, strict=True)])
    if isinstance(node, Product):
        return _bounded(_multiplied(parts))
    if isinstance(node, Compare):
        return _COMPARE[node.sign](parts[0], parts[1])
    return _called(node.name, parts, roll)


def _over(node: Over, facts: Facts, roll: Roll) -> int | None:
    rows = facts.get(node.group)
    if rows is None or node.expression is None:
        return None if rows is None else len(rows)
    total = 0
    for row in rows:
        part = _value(node.expression, {**facts, **{f"{node.group}.{key}": item for key, item in row.items()}}, roll)
        if part is None:
            return None
        total = _bounded(total + part)
    return total


def _chosen(node: Call, facts: Facts, roll: Roll) -> Any:
    condition, yes, no = node.arguments
    held = _value(condition, facts, roll)
    return None if held is None else _value(yes if held else no, facts, roll)


def _added(terms: list[tuple[int, Any]]) -> Any:
    first = terms[0][1]
    if isinstance(first, date):
        days = sum(sign * part for sign, part in terms[1:])
        try:
            return first + timedelta(days=days)
        except OverflowError:
            raise OutOfBoundsError("Ngày tính ra nằm ngoài lịch: kiểm tra lại các số đã nhập.") from None
    return _bounded(sum(sign * part for sign, part in terms))


def _multiplied(parts: Iterable[int]) -> int:
    product = 1
    for part in parts:
        product = _bounded(product * part)
    return product


def _called(name: str, parts: list[Any], roll: Roll) -> Any:
    if name in ("true", "false"):
        return name == "true"
    if name == "days_between":
        return (parts[1] - parts[0]).days
    if name == "roll":
        return roll(parts[0])
    return min(parts) if name == "min" else max(parts)


def _bounded(number: int) -> int:
    if not -MAX_WHOLE < number < MAX_WHOLE:
        raise OutOfBoundsError("Kết quả của công thức vượt quá giới hạn tính được: kiểm tra lại các số đã nhập.")
    return number


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
