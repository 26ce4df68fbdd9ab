"""A formula of money as a sentence: `2.000 đ mỗi trang cho 2 trang đầu, cộng 1.000 đ mỗi trang từ trang thứ 3`.

What fee schedules are made of (rates for each unit, tiers, limits, rows that are added up) is said as they say it;
any other part is said as `rules.say.formula` says it, in parentheses where its end could not be heard.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from rules.formula import Call, Formula, Name, Node, Over, Product, Sum, Whole
from rules.say.formula import formula_said, part_said
from rules.say.punctuation import quoted
from rules.values import Money, Text, counted
from rules.vocabulary import UNIT_WORDS, Fact, FactType
from rules.wording import joined, phrase, same


@dataclass(frozen=True, slots=True)
class _Rate:
    """So much for each unit of a fact; `by` is the fact."""

    by: str
    said: Text


@dataclass(frozen=True, slots=True)
class _Saying:
    facts: Mapping[str, Fact]
    currency: str

    def amount(self, node: Node) -> Text:
        """Say a part that is money."""
        match node:
            case Over("sum", group, expression) if expression is not None:
                return self._each_row(group, expression)
            case Call("min" | "max", (_, _)):
                return self._limited(node)
            case Sum(terms) if rates := self._rates(terms):
                return self._by_unit(rates)
            case Product((amount, Name() as times)) if isinstance(amount, Call | Sum) and self._is_count(times):
                return phrase("{}; nhân với {}", "{}; times {}", self.amount(amount), self._named(times))
            case Product() if rate := self._rate(node):
                return self._by_unit([rate])
            case _:
                return part_said(node, self.facts)

    def _each_row(self, group: str, expression: Node) -> Text:
        label, said = quoted(self.facts[group].label), self.amount(expression)
        vi, en = "với mỗi dòng của {}, {}; rồi cộng các dòng lại", "for each row of {}, {}; then the rows are added up"
        return phrase(vi, en, label, said)

    def _limited(self, node: Call) -> Text:
        """Say the least or the greatest of an amount and a figure as a limit."""
        figures = [part.value for part in node.arguments if isinstance(part, Whole)]
        others = [part for part in node.arguments if not isinstance(part, Whole)]
        if len(figures) != 1 or isinstance(others[0], Name):
            return part_said(node, self.facts)
        vi, en = _LIMITS[node.name]
        return phrase(vi, en, self.amount(others[0]), self._money(figures[0]))

    def _rates(self, terms: tuple[tuple[int, Node], ...]) -> list[_Rate]:
        """Return the rates that are added up, none where a term is no rate."""
        rates = [rate for sign, term in terms if sign > 0 and (rate := self._rate(term))]
        return rates if len(rates) == len(terms) else []

    def _by_unit(self, rates: list[_Rate]) -> Text:
        """Say the rates of one fact after the other, each fact by its label once."""
        said: list[Text] = []
        for by, same_fact in groupby(rates, key=lambda rate: rate.by):
            tiers = joined((rate.said for rate in same_fact), ", cộng ", ", plus ")
            said.append(phrase("theo {}: {}", "by {}: {}", quoted(self.facts[by].label), tiers))
        return joined(said, "; cộng ", "; plus ")

    def _rate(self, node: Node) -> _Rate | None:
        """Read a figure times what is counted, all of it, the first so many, or those above so many."""
        match node:
            case Product((Whole(rate), Name() as fact)) | Product((Name() as fact, Whole(rate))):
                return self._told(rate, fact, ("{} mỗi {}", "{} for each {}"))
            case Product((Whole(rate), Call("min", (Name() as fact, Whole(first))))):
                return self._told(rate, fact, ("{} mỗi {} cho {} {} đầu", "{} for each {} of the first {}"), first)
            case Product((Whole(rate), Call("max", (Sum(((1, Name() as fact), (-1, Whole(first)))), Whole(0))))):
                return self._told(rate, fact, ("{} mỗi {} từ {} thứ {}", "{} for each {} from number {} on"), first + 1)
            case _:
                return None

    def _told(self, rate: int, name: Name, patterns: tuple[str, str], number: int | None = None) -> _Rate | None:
        fact = self.facts.get(name.fact)
        if fact is None or fact.type is not FactType.INT or fact.unit not in UNIT_WORDS:
            return None
        unit, amount = Text(UNIT_WORDS[fact.unit].vi, fact.unit.replace("_", " ")), self._money(rate)
        vi, en = patterns
        if number is None:
            return _Rate(fact.id, phrase(vi, en, amount, unit))
        so_many = counted(number)
        order = (so_many.vi, unit.vi) if vi.endswith("đầu") else (unit.vi, so_many.vi)
        return _Rate(fact.id, Text(vi.format(amount.vi, unit.vi, *order), en.format(amount.en, unit.en, so_many.en)))

    def _is_count(self, node: Name) -> bool:
        fact = self.facts.get(node.fact)
        return fact is not None and fact.type is not FactType.MONEY

    def _named(self, node: Name) -> Text:
        fact = self.facts.get(node.fact)
        return quoted(fact.label if fact else same(node.fact))

    def _money(self, amount: int) -> Text:
        return Money(amount, self.currency).words


_LIMITS: Mapping[str, tuple[str, str]] = {
    "min": ("{}; nhưng không quá {}", "{}; but no more than {}"),
    "max": ("{}; nhưng không dưới {}", "{}; but no less than {}"),
}


def formula_sentence(
    formula: Formula,
    facts: Mapping[str, Fact],
    codes: Mapping[str, Text] | None = None,
    *,
    currency: str = "VND",
) -> Text:
    """Return a formula of money as a sentence, every fact by its label in quotes; any other as `formula_said` does."""
    if formula.type is not FactType.MONEY:
        return formula_said(formula, facts, codes)
    said = _Saying(facts, currency).amount(formula.tree)
    return Text(_unwrapped(said.vi), _unwrapped(said.en))


def _unwrapped(said: str) -> str:
    """Take off the parentheses around the whole: nothing stands beside it."""
    depth = 0
    for place, sign in enumerate(said):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return said[1:-1] if sign == ")" and place == len(said) - 1 else said
    return said
