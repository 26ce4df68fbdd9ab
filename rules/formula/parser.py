"""A Pratt parser: comparison binds least, then + and -, then *, then the unary minus. Types are checked on the way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from rules.errors import TextError, nearest
from rules.formula.functions import ALIASES, FIRST_ALIGNED, GROUP_FUNCTIONS, KNOWN_FUNCTIONS, SIGNATURES
from rules.formula.kinds import (
    BOOL,
    DAY,
    NUMBERS,
    TYPE_WORDS,
    WHOLE,
    Kind,
    alike,
    multiplied,
    need,
    need_unit,
    together,
)
from rules.formula.nodes import (
    Call,
    Code,
    Compare,
    Day,
    Divide,
    Fixed,
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
from rules.formula.tokens import Token, tokens_of
from rules.rounding import How, Rounding
from rules.scale import RateScale
from rules.vocabulary import Fact, FactType, group_of

MAX_NODES = 2000
MAX_DEPTH = 32

Typed = tuple[Node, Kind]
_COMPARISONS = ("<=", ">=", "!=", "<", ">", "=")
_HOWS = {
    **{how.value: how for how in How},
    "lên": How.UP,
    "xuống": How.DOWN,
    "gần_nhất": How.HALF_UP,
    "gần nhất": How.HALF_UP,
}
_HINTS = {
    FactType.GROUP: "Dùng sum, count, any, all, min hoặc max của nhóm.",
    FactType.CODES: 'Dùng has(dữ kiện, "mã").',
    FactType.TEXT: "Chỉ dùng được trong known(…) và same(…, …).",
}


def read_tree(text: str, facts: Mapping[str, Fact], scales: Mapping[str, RateScale]) -> Typed:
    """Return the tree of a formula over these facts and scales, and the kind of its result.

    Raises TextError with the character's position, what was expected, and the nearest known name.
    """
    parser = _Parser(tokens_of(text), facts, scales)
    found = parser.expression(0)
    parser.expect_end()
    return found


def scaled(part: Typed, scale: int) -> Node:
    """Return the part with so many decimal digits."""
    node, kind = part
    return Scaled(node, scale - kind.scale) if scale > kind.scale else node


class _Parser:
    """Reads from the first token to the last; `group` is the group whose rows are being gone over."""

    def __init__(self, tokens: Sequence[Token], facts: Mapping[str, Fact], scales: Mapping[str, RateScale]) -> None:
        self.tokens = tokens
        self.facts = facts
        self.scales = scales
        self.at = 0
        self.nodes = 0
        self.group: Fact | None = None
        self.over_name = ""

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        self.at += 1
        return token

    def expect(self, *signs: str) -> None:
        if not self.is_sign(*signs):
            raise TextError(self.token.position, f"Cần “{signs[0]}” ở đây, đang có {self.token.said}.")
        self.at += 1

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise TextError(self.token.position, f"Cần phép tính hoặc kết thúc ở đây, đang có {self.token.said}.")

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind == "sign" and self.token.text in signs

    def count(self) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TextError(self.token.position, f"Công thức quá dài (hơn {MAX_NODES} phần): tách thành nhiều dữ kiện.")

    def check_depth(self, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise TextError(self.token.position, f"Công thức lồng quá {MAX_DEPTH} lớp: tách thành nhiều dữ kiện.")

    def expression(self, depth: int) -> Typed:
        """Read a sum, or two sums compared."""
        self.check_depth(depth)
        left = self.sum(depth)
        if not self.is_sign(*_COMPARISONS):
            return left
        sign = self.take()
        right = self.sum(depth)
        self.count()
        return _compared(sign, left, right), BOOL

    def sum(self, depth: int) -> Typed:
        """Read terms with + and - between them."""
        first = self.product(depth)
        terms, signs, total = [first], [1], first[1]
        while self.is_sign("+", "-"):
            sign = self.take()
            term = self.product(depth)
            total = _added(sign, total, term[1])
            terms.append(term)
            signs.append(1 if sign.text == "+" else -1)
        if len(terms) == 1:
            return first
        self.count()
        return Sum(tuple((sign, scaled(term, total.scale)) for sign, term in zip(signs, terms, strict=True))), total

    def product(self, depth: int) -> Typed:
        """Read factors with * between them."""
        node, kind = self.unary(depth)
        factors = [node]
        while self.is_sign("*", "/"):
            sign = self.take()
            if sign.text == "/":
                raise TextError(
                    sign.position,
                    "Không viết phép chia bằng “/” vì phải nêu cách làm tròn.",
                    "Dùng divide(số bị chia, số chia, up | down | half_up).",
                )
            factor, factor_kind = self.unary(depth)
            kind = multiplied(sign, kind, factor_kind)
            factors.append(factor)
        if len(factors) == 1:
            return node, kind
        self.count()
        return Product(tuple(factors)), kind

    def unary(self, depth: int) -> Typed:
        """Read an operand, with a minus before it or not."""
        self.check_depth(depth)
        self.count()
        if not self.is_sign("-"):
            return self.operand(depth)
        sign = self.take()
        node, kind = self.unary(depth + 1)
        need(sign, NUMBERS, kind)
        return Sum(((-1, node),)), kind

    def operand(self, depth: int) -> Typed:
        """Read a number, a code, a name, a call or a parenthesis."""
        token = self.take()
        if token.kind == "number":
            return _literal(token)
        if token.kind == "code":
            return Code(token.text), Kind(FactType.CODE, codes=frozenset({token.text}))
        if token.kind == "name":
            return self.call(token, depth) if self.is_sign("(") else self.name(token)
        if token.kind == "sign" and token.text == "(":
            inner = self.expression(depth + 1)
            self.expect(")")
            return inner
        raise TextError(token.position, f"Cần số, tên dữ kiện hoặc dấu ngoặc ở đây, đang có {token.said}.")

    # Names

    def name(self, token: Token) -> Typed:
        """Read the name of a fact that is computed with."""
        if token.text in ("true", "false"):
            return Call(token.text, ()), BOOL
        name, fact = self.named(token)
        if fact.type in _HINTS:
            raise TextError(
                token.position,
                f"“{token.text}” là {TYPE_WORDS[fact.type]}, không tính trực tiếp trong công thức được.",
                _HINTS[fact.type],
            )
        return name, Kind.of(fact)

    def named(self, token: Token) -> tuple[Name, Fact]:
        """Return the fact a token names; inside a group function, first a member of the group's row."""
        if token.kind != "name":
            raise TextError(token.position, f"Cần tên dữ kiện ở đây, đang có {token.said}.")
        members = {member.id: member for member in self.group.members} if self.group else {}
        if self.group:
            member = members.get(token.text.removeprefix(f"{self.group.id}."))
            if member:
                return Name(f"{self.group.id}.{member.id}"), member
        fact = self.facts.get(token.text)
        self.check_no_member(token)
        if fact and fact.of:
            raise TextError(
                token.position,
                f"“{token.text}” chỉ có trong từng dòng của nhóm “{fact.of}”.",
                "Kết quả của bảng ấy chỉ dùng ở khoản hoặc giấy tờ tính theo từng dòng (for_each).",
            )
        if fact is None:
            group = "" if self.group else group_of(token.text, self.facts)
            hint = f"“{token.text}” là cột của nhóm {group}: dùng trong sum({group}, …) hoặc hàm khác của nhóm."
            near = hint if group else nearest(token.text, [*members, *self.facts])
            raise TextError(token.position, f"Không có dữ kiện “{token.text}”.", near)
        return Name(token.text), fact

    def check_no_member(self, token: Token) -> None:
        """Refuse a member of a group outside the functions that go over its rows."""
        prefix, dot, member = token.text.partition(".")
        group = self.facts.get(prefix)
        if dot and group and group.type is FactType.GROUP and member in {each.id for each in group.members}:
            raise TextError(
                token.position,
                f"“{token.text}” là trường trong nhóm, mỗi dòng một giá trị.",
                f"Dùng bên trong sum({prefix}, …), any({prefix}, …) hoặc hàm khác của nhóm.",
            )

    # Functions

    def call(self, name: Token, depth: int) -> Typed:
        """Read a call of one of the functions."""
        self.expect("(")
        function = ALIASES.get(name.text, name.text)
        if function in GROUP_FUNCTIONS and (function not in SIGNATURES or self.at_group()):
            return self.over(name, function, depth + 1)
        if function in _SPECIAL_FORMS:
            found = _SPECIAL_FORMS[function](self, name, depth + 1)
            self.expect(")")
            return found
        if function not in SIGNATURES:
            raise TextError(name.position, f"Không có hàm “{name.text}”.", nearest(name.text, KNOWN_FUNCTIONS))
        return self.plain_call(name, function, depth + 1)

    def plain_call(self, name: Token, function: str, depth: int) -> Typed:
        """Read a function all of whose parts are expressions."""
        parts = [self.expression(depth)]
        while self.is_sign(",", ";"):
            self.at += 1
            parts.append(self.expression(depth))
        self.expect(")")
        kind = SIGNATURES[function](name, [part for _, part in parts])
        first = FIRST_ALIGNED.get(function, len(parts))
        digits = max((part.scale for _, part in parts[first:]), default=0)
        aligned = [node for node, _ in parts[:first]] + [scaled(part, digits) for part in parts[first:]]
        return Call(function, tuple(aligned)), kind

    def at_group(self) -> bool:
        fact = self.facts.get(self.token.text) if self.token.kind == "name" else None
        return fact is not None and fact.type is FactType.GROUP

    def over(self, name: Token, function: str, depth: int) -> Typed:
        """Read a function over the rows of a group."""
        if self.group is not None:
            raise TextError(name.position, f"Không dùng {name.text} bên trong {self.over_name}.")
        token = self.take()
        if token.kind != "name" or not (group := self.facts.get(token.text)) or group.type is not FactType.GROUP:
            groups = [fact.id for fact in self.facts.values() if fact.type is FactType.GROUP]
            raise TextError(
                token.position, f"Cần tên một nhóm dòng, đang có {token.said}.", nearest(token.text, groups)
            )
        if function == "count" and self.is_sign(")"):
            self.at += 1
            return Over("count", group.id, None), WHOLE
        self.expect(",", ";")
        self.group, self.over_name = group, name.text
        node, kind = self.expression(depth)
        self.group = None
        self.expect(")")
        return Over(function, group.id, node), _over_kind(name, function, kind)

    def separated(self, depth: int) -> Typed:
        """Read a separator and one more part."""
        self.expect(",", ";")
        return self.expression(depth)

    def code(self) -> tuple[Token, Code]:
        """Read a separator and one code in quotes."""
        self.expect(",", ";")
        token = self.take()
        if token.kind != "code":
            raise TextError(token.position, f"Cần một mã trong dấu ngoặc kép ở đây, đang có {token.said}.")
        return token, Code(token.text)

    def how(self) -> How:
        """Read a separator and a way of rounding, with the word `làm_tròn:` before it or not."""
        self.expect(",", ";")
        self.skip_word("rounding", "làm_tròn")
        token = self.take()
        if token.kind not in ("name", "code") or token.text not in _HOWS:
            raise TextError(
                token.position, f"Cần cách làm tròn ở đây, đang có {token.said}.", nearest(token.text, _HOWS)
            )
        return _HOWS[token.text]

    def multiple(self) -> Token:
        """Read a separator and the multiple that is rounded to, with the word `đến:` before it or not."""
        self.expect(",", ";")
        self.skip_word("to", "đến")
        token = self.take()
        if token.kind != "number" or token.value == 0:
            raise TextError(
                token.position, f"Cần một số lớn hơn 0 để làm tròn đến, đang có {token.said}.", "Ví dụ 1000."
            )
        return token

    def skip_word(self, *words: str) -> None:
        if self.token.kind == "name" and self.token.text in words and self.tokens[self.at + 1].text == ":":
            self.at += 2


def _literal(token: Token) -> Typed:
    if token.scale:
        return Fixed(token.value, token.scale), Kind(FactType.FIXED, scale=token.scale)
    return Whole(token.value), WHOLE


def _added(sign: Token, left: Kind, right: Kind) -> Kind:
    """Return the kind of a sum: numbers together, or a day and whole days."""
    if left.type is FactType.DAY and right.type is FactType.DAY and sign.text == "-":
        raise TextError(sign.position, "Không trừ hai ngày cho nhau.", "Dùng days_between(ngày trước, ngày sau).")
    if left.type is FactType.DAY:
        need(sign, (FactType.INT,), right)
        need_unit(sign, "day", right)
        return DAY
    return together(sign, (left, right))


def _compared(sign: Token, left: Typed, right: Typed) -> Compare:
    """Compare two values; refuse things that are not alike, and codes outside the list of their fact."""
    kinds = {left[1].type, right[1].type}
    ordered = kinds <= NUMBERS or (len(kinds) == 1 and kinds <= {FactType.DAY, FactType.MOMENT})
    equal = sign.text in ("=", "!=") and len(kinds) == 1 and kinds <= {FactType.CODE, FactType.BOOL}
    if not ordered and not equal:
        raise TextError(sign.position, f"Không so sánh được {left[1].words} với {right[1].words} bằng “{sign.text}”.")
    alike(sign, (left[1], right[1]))
    for one, other in ((left, right), (right, left)):
        if isinstance(one[0], Code):
            _check_code(sign, one[0], other[1])
    scale = max(left[1].scale, right[1].scale)
    return Compare(sign.text, scaled(left, scale), scaled(right, scale))


def _check_code(token: Token, code: Code, kind: Kind) -> None:
    if kind.codes is not None and code.value not in kind.codes:
        raise TextError(token.position, f"Danh mục không có mã “{code.value}”.", nearest(code.value, kind.codes))


def _over_kind(name: Token, function: str, kind: Kind) -> Kind:
    if function in ("any", "all", "count"):
        need(name, (FactType.BOOL,), kind)
        return WHOLE if function == "count" else BOOL
    if function == "sum":
        need(name, NUMBERS, kind)
        return kind
    return SIGNATURES[function](name, [kind])


def _day(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `day("2026-08-15")`."""
    token = parser.take()
    try:
        return Day(date.fromisoformat(token.text if token.kind == "code" else "")), DAY
    except ValueError:
        raise TextError(token.position, f"Không đọc được ngày từ {token.said}.", 'Viết day("2026-08-15").') from None


def _known(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `known(fact)`."""
    return Call("known", (parser.named(parser.take())[0],)), BOOL


def _same(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `same(text, text)`: whether two texts name the same person."""
    token = parser.take()
    left, fact = parser.named(token)
    need(token, (FactType.TEXT,), Kind.of(fact))
    parser.expect(",", ";")
    token = parser.take()
    right, fact = parser.named(token)
    need(token, (FactType.TEXT,), Kind.of(fact))
    return Call("same", (left, right)), BOOL


def _in(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `in(code, "a", "b")`."""
    node, kind = parser.expression(depth)
    need(name, (FactType.CODE,), kind)
    codes: list[Node] = []
    while not codes or parser.is_sign(",", ";"):
        token, code = parser.code()
        _check_code(token, code, kind)
        codes.append(code)
    return Call("in", (node, *codes)), BOOL


def _has(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `has(codes, "a")`."""
    token = parser.take()
    node, fact = parser.named(token)
    need(token, (FactType.CODES,), Kind.of(fact))
    token, code = parser.code()
    _check_code(token, code, Kind.of(fact))
    return Call("has", (node, code)), BOOL


def _divide(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `divide(a, b, how)` and `divide(a, b, how, to)`."""
    dividend, kind = parser.expression(depth)
    divisor, by = parser.separated(depth)
    need(name, NUMBERS, kind, by)
    if isinstance(divisor, Whole | Fixed) and divisor.value == 0:
        raise TextError(name.position, "Không chia cho 0.")
    if by.type is FactType.MONEY and kind.type is not FactType.MONEY:
        raise TextError(name.position, f"Không chia {kind.words} cho số tiền.")
    how = parser.how()
    to = parser.multiple() if parser.is_sign(",", ";") else Token("number", "1", 0, 1)
    rounding = Rounding(how, to.value, to.scale)
    per_unit = by.type is not FactType.MONEY and (kind.type is FactType.MONEY or not by.unit)
    unit = kind.stated_unit if per_unit else ""
    return Divide(dividend, divisor, rounding, (kind.scale, by.scale)), _rounded_kind(unit, to)


def _rounded_kind(unit: str, to: Token) -> Kind:
    if unit == "VND":
        return Kind(FactType.MONEY, scale=to.scale)
    return Kind(FactType.FIXED if to.scale else FactType.INT, unit, to.scale)


def _round(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `round(x, to, how)`."""
    number, kind = parser.expression(depth)
    need(name, NUMBERS, kind)
    to = parser.multiple()
    rounding = Rounding(parser.how(), to.value, to.scale)
    return Round(number, rounding, kind.scale), _rounded_kind(kind.stated_unit, to)


def _percent(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `percent(amount, rate)` and `percent(amount, rate, how)`."""
    amount, kind = parser.expression(depth)
    rate, by = parser.separated(depth)
    need(name, NUMBERS, kind)
    need(name, (FactType.INT, FactType.FIXED), by)
    need_unit(name, "percent", by)
    how = parser.how() if parser.is_sign(",", ";") else How.HALF_UP
    whole = Kind(FactType.MONEY) if kind.type is FactType.MONEY else Kind(FactType.INT, kind.unit)
    return Percent(amount, rate, Rounding(how), (kind.scale, by.scale)), whole


def _tiered(parser: _Parser, name: Token, depth: int) -> Typed:
    """Read `tiered(x, scale)`."""
    quantity, kind = parser.expression(depth)
    parser.expect(",", ";")
    token = parser.take()
    scale = parser.scales.get(token.text) if token.kind == "name" else None
    if scale is None:
        raise TextError(
            token.position,
            f"Cần tên một biểu bậc thang (scales), đang có {token.said}.",
            nearest(token.text, parser.scales) if parser.scales else "Thêm biểu vào mục scales.",
        )
    need(name, NUMBERS if scale.percent else (FactType.INT, FactType.FIXED), kind)
    need_unit(name, "VND" if scale.percent else scale.unit or kind.unit, kind)
    if scale.rounding is None and not scale.is_whole(kind.scale):
        raise TextError(
            token.position,
            f"Biểu “{scale.id}” cho ra số lẻ của đồng mà chưa nêu cách làm tròn.",
            "Thêm round: {to: 1, how: half_up} vào biểu.",
        )
    return Tiered(quantity, scale, kind.scale), Kind(FactType.MONEY)


_SPECIAL_FORMS: Mapping[str, Callable[[_Parser, Token, int], Typed]] = {
    "day": _day,
    "known": _known,
    "same": _same,
    "in": _in,
    "has": _has,
    "divide": _divide,
    "round": _round,
    "percent": _percent,
    "tiered": _tiered,
}
