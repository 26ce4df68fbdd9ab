"""The form's law for the browser: fields, conditions and computed facts as plain JSON, read by one generic script.

The script (app/static/dress/law.js) reads what was typed as `forms.fields` does, and keeps what is shown, required,
read-only and computed as one types. What it cannot know - tables, the office's calendar, earlier dossiers - is named in
`served` and told by the server with every answer. The server has the last word: it reads the form by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from rules.definition.procedure import CodeList, Field, FieldKind, ProcedureDefinition
from rules.derived import Registers, registers_of
from rules.evaluation.allowed import EMAIL_LENGTH, LONG_TEXT_LENGTH, TEXT_LENGTH, least
from rules.formula import Formula
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
    children,
)
from rules.rounding import Rounding
from rules.table.cells import Anything, Has, Known, OneOf, Test, Within, as_number
from rules.table.decision import ON_DAY, Condition
from rules.values import MAX_MONEY, MAX_WHOLE
from rules.vocabulary import Facts

Json = Any
"""A plain JSON value."""

SERVED_CALLS = frozenset({"roll", "add_working_days", "same"})
"""Functions that only the server computes: by the office's calendar, or by Unicode's case folding."""

READ_KINDS = frozenset(
    {
        "text", "long_text", "whole_number", "money", "yes_no", "day", "moment", "measure", "choice", "choices",
        "citizen_id", "tax_code", "phone", "email", "group",
    }
)  # fmt: skip
"""The kinds of fields whose answers the script reads; what is typed into any other only the server understands."""

_LENGTHS: Mapping[FieldKind, int] = MappingProxyType(
    {FieldKind.TEXT: TEXT_LENGTH, FieldKind.LONG_TEXT: LONG_TEXT_LENGTH, FieldKind.EMAIL: EMAIL_LENGTH}
)
_MOST: Mapping[FieldKind, int] = MappingProxyType(
    {FieldKind.WHOLE_NUMBER: MAX_WHOLE - 1, FieldKind.MONEY: MAX_MONEY, FieldKind.MEASURE: MAX_WHOLE - 1}
)
"""The most a number may be where the definition states no bound."""


@dataclass(frozen=True, slots=True)
class Part:
    """One form of a page: the prefix of its names, its fields, and the lists they choose from."""

    prefix: str
    fields: tuple[Field, ...]
    lists: tuple[CodeList, ...]


def form_law(
    part: Part,
    definition: ProcedureDefinition,
    *,
    on: date,
    before: Sequence[Part] = (),
    lent: Mapping[str, Node] = MappingProxyType({}),
    constants: Facts = MappingProxyType({}),
) -> dict[str, Json]:
    """Return the law of a page as JSON: the procedure's own form `part`, after the forms `before`, on the legal day.

    `lent` are the facts that the forms before give to the conditions of the procedure's form, as formulas over their
    answers; `constants` what holds for the page as a whole, such as the unit that receives.
    """
    made = _Made(part.fields, definition, on, frozenset((*lent, *constants)))
    read = tuple(dict.fromkeys(_read_by(part.fields)))
    for name in read:
        made.resolve(name)
    return {
        "today": str(on.toordinal()),
        "before": [_part(each, made) for each in before],
        "form": _part(part, made),
        "lent": [[name, tree(node)] for name, node in lent.items()],
        "constants": encoded_facts({**constants, ON_DAY: on}),
        "made": [[name, node] for name, node in made.trees.items()],
        "served": sorted(made.served),
    }


def _read_by(fields: Sequence[Field]) -> Iterator[str]:
    """Yield the facts that the conditions of fields read, those of rows too."""
    for each in fields:
        for condition in (each.shown_when, each.required, _read_only_when(each)):
            if isinstance(condition, Condition):
                yield from condition.facts
        yield from _read_by(each.fields)
        if _computes(each):
            yield each.id


def _read_only_when(spec: Field) -> Condition | bool:
    found: Any = getattr(spec, "read_only_when", None)
    return found or False


def _computes(spec: Field) -> Formula | None:
    return getattr(spec, "computed", None)


def _is_read(spec: Field) -> bool:
    return spec.kind.value in READ_KINDS


@dataclass(slots=True)
class _Made:
    """The facts that the browser can make itself, each after those it is made from, and those it cannot know."""

    fields: Sequence[Field]
    definition: ProcedureDefinition
    on: date
    around: frozenset[str]
    trees: dict[str, Json] = field(default_factory=dict[str, Json])
    served: set[str] = field(default_factory=set[str])
    own: frozenset[str] = field(init=False)
    formulas: Mapping[str, Formula | None] = field(init=False)
    registers: Registers = field(init=False)

    def __post_init__(self) -> None:
        self.registers = registers_of(self.definition)
        self.formulas = {each.id: each.formula for each in self.definition.facts}
        self.formulas |= {each.id: formula for each in self.fields if (formula := _computes(each))}
        typed = frozenset(each.id for each in self.fields if _is_read(each) and not _computes(each))
        self.own = self.around | typed | {ON_DAY}

    def resolve(self, name: str) -> bool:
        """Tell whether the browser knows this fact, having entered how it is made."""
        if name in self.own or name in self.trees:
            return True
        if name not in self.served:
            made = self._tree(name)
            if made is None:
                self.served.add(name)
            else:
                self.trees[name] = made
        return name in self.trees

    def _tree(self, name: str) -> Json:
        """Return how the fact is made, None where only the server can tell."""
        formula = self.formulas.get(name)
        if formula is not None:
            can_be_made = all(map(self._knows, formula.facts)) and not _asks_the_server(formula.tree)
            return tree(formula.tree) if can_be_made else None
        parameter = self.registers.parameters.get(name)
        if parameter is not None and not parameter.is_territorial:
            held = parameter.value_on(self.on, None)
            return ["unknown"] if held is None else encoded(held.value)
        return self._attribute(name) if name in self.registers.attributes else None

    def _knows(self, name: str) -> bool:
        """Tell the same of a fact that only a formula reads: what is not known is not asked of the server for it."""
        known_before = name in self.served
        known = self.resolve(name)
        if not known and not known_before:
            self.served.discard(name)
        return known

    def _attribute(self, name: str) -> Json:
        fact, codes, attribute = self.registers.attributes[name]
        if not self._knows(fact):
            return None
        items = self.registers.items[codes].values()
        values = {item.code: item.attributes_on(self.on).get(attribute) for item in items}
        return ["lookup", fact, {code: encoded(value) for code, value in values.items() if value is not None}]


def _asks_the_server(node: Node) -> bool:
    asks = isinstance(node, Call) and node.name in SERVED_CALLS
    return asks or any(_asks_the_server(child) for child in children(node))


def _part(part: Part, made: _Made) -> Json:
    lists = {each.id: [item.code for item in each.items] for each in part.lists}
    return {"prefix": part.prefix, "fields": [_field(each, lists, made) for each in part.fields]}


def _field(spec: Field, lists: Mapping[str, list[str]], made: _Made) -> Json:
    said: dict[str, Json] = {"id": spec.id, "kind": spec.kind.value, **_bounds(spec)}
    if spec.list:
        said["codes"] = lists[spec.list]
    for name, condition in (
        ("shown", spec.shown_when), ("required", spec.required), ("readOnly", _read_only_when(spec)),
    ):  # fmt: skip
        if condition:
            said[name] = condition_tree(condition) if isinstance(condition, Condition) else True
    if spec.fields:
        said["fields"] = [_field(each, lists, made) for each in spec.fields]
    said |= {"computed": True} if _computes(spec) else {} if _is_read(spec) else {"served": True}
    return said


def _bounds(spec: Field) -> dict[str, Json]:
    """Return what an answer of the field may be, as its reader in `forms.fields` keeps to it."""
    if spec.kind in _MOST:
        most = _MOST[spec.kind] if spec.max is None else spec.max
        return {"least": str(least(spec.min)), "most": str(most), "scale": spec.scale}
    if spec.kind in _LENGTHS:
        return {"length": _LENGTHS[spec.kind]}
    if spec.kind is FieldKind.DAY:
        return {"notBefore": spec.not_before is not None, "notAfter": spec.not_after is not None}
    if spec.kind is FieldKind.GROUP:
        return {"leastRows": spec.min_rows, "mostRows": spec.max_rows}
    return {}


def condition_tree(condition: Condition) -> Json:
    """Return a condition: a list of groups of [fact, test], in one of which all must hold."""
    return [[[name, _test(cell.test)] for name, cell in group.items()] for group in condition.any_of]


def _test(test: Test) -> Json:
    if isinstance(test, Anything):
        return ["any"]
    if isinstance(test, Known):
        return ["known", test.wanted]
    if isinstance(test, Within):
        return ["in", [[None if end is None else str(end) for end in span] for span in test.spans]]
    if isinstance(test, OneOf):
        return ["of", list(test.values), test.negated]
    assert isinstance(test, Has)
    return ["has", test.how.value, list(test.codes)]


def encoded_facts(facts: Facts) -> dict[str, Json]:
    """Return facts as the browser reads them; unknown ones are left out."""
    return {name: encoded(value) for name, value in facts.items() if value is not None}


def encoded(value: Any) -> Json:
    """Return a value with the mark of its kind; numbers and days as decimal text, which no browser rounds."""
    if isinstance(value, bool):
        return ["truth", value]
    if isinstance(value, int):
        return ["number", str(value)]
    if isinstance(value, date):  # a moment is one, too
        return ["moment" if isinstance(value, datetime) else "day", str(as_number(value))]
    if isinstance(value, str):
        return ["text", value]
    held: list[Any] = list(value)
    if held and isinstance(held[0], Mapping):
        return ["rows", [encoded_facts(row) for row in held]]
    return ["codes", held]


def tree(node: Node) -> Json:
    """Return a formula's tree: the name of the part, then what it is made of."""
    return _TREES[type(node)](node)


def _rounding(rounding: Rounding) -> Json:
    return [rounding.how.value, str(rounding.to), rounding.digits]


def _tiered(node: Tiered) -> Json:
    scale = node.scale
    said = {
        "digits": scale.digits,
        "percent": scale.percent,
        "rounding": _rounding(scale.rounding or Rounding()),
        "steps": [[None if step.up_to is None else str(step.up_to), str(step.rate)] for step in scale.steps],
    }
    return ["tiered", tree(node.quantity), said, node.digits]


_TREES: Mapping[type, Callable[[Any], Json]] = {
    Whole: lambda node: encoded(node.value),
    Fixed: lambda node: encoded(node.value),
    Day: lambda node: encoded(node.value),
    Code: lambda node: encoded(node.value),
    Name: lambda node: ["fact", node.fact],
    Scaled: lambda node: ["scaled", tree(node.number), node.digits],
    Sum: lambda node: ["sum", [[sign, tree(term)] for sign, term in node.terms]],
    Product: lambda node: ["product", [tree(factor) for factor in node.factors]],
    Divide: lambda node: [
        "divide", tree(node.dividend), tree(node.divisor), _rounding(node.rounding), node.digits[0], node.digits[1],
    ],
    Round: lambda node: ["round", tree(node.number), _rounding(node.rounding), node.digits],
    Percent: lambda node: ["percent", tree(node.amount), tree(node.rate), _rounding(node.rounding), sum(node.digits)],
    Tiered: _tiered,
    Compare: lambda node: ["compare", node.sign, tree(node.left), tree(node.right)],
    Call: lambda node: ["call", node.name, [tree(each) for each in node.arguments]],
    Over: lambda node: ["over", node.name, node.group, None if node.expression is None else tree(node.expression)],
}  # fmt: skip
