"""What cells and formulas mean, however they are written: what the hash of the law rests on."""

import json
from dataclasses import fields, is_dataclass, replace
from typing import Any

from rules.definition.procedure import ProcedureDefinition
from rules.formula import Formula
from rules.reading import mapping_of, sequence_of
from rules.scale import RateScale
from rules.table.cells import Anything, Cell, Has, HasHow, Known, OneOf, Test, Within


def by_meaning(definition: ProcedureDefinition) -> ProcedureDefinition:
    """Return the definition with the text of every cell and formula in it replaced by what it means.

    Two writings of one test (`>= 300`, `từ 300 trở lên`) or of one formula then are the same text. It is made to be
    compared, not to be read back.
    """
    return _by_meaning(definition)


def _by_meaning(part: Any) -> Any:
    if isinstance(part, Cell):
        return Cell(meaning(part.test), part.test)
    if isinstance(part, Formula):
        return replace(part, text=json.dumps(_tree(part.tree), ensure_ascii=False))
    if (several := sequence_of(part)) is not None:
        return tuple(_by_meaning(each) for each in several)
    if (named := mapping_of(part)) is not None:
        return {name: _by_meaning(each) for name, each in named.items()}
    return _inside(part) if is_dataclass(part) else part


def _inside(part: Any) -> Any:
    held = {each.name: getattr(part, each.name) for each in fields(part) if each.init}
    told = {name: _by_meaning(each) for name, each in held.items()}
    changed = {name: each for name, each in told.items() if each is not held[name]}
    return replace(part, **changed) if changed else part


def meaning(test: Test) -> str:
    """Return a text that is the same for two tests however they are written.

    Of numbers it states the accepted spans, half open, joined where they touch; codes are in order, each once.
    """
    if isinstance(test, Anything):
        return "-"
    if isinstance(test, Known):
        return "known" if test.wanted else "unknown"
    if isinstance(test, Has):
        return _has(test)
    return _spans(test) if isinstance(test, Within) else _values(test)


def _has(test: Has) -> str:
    codes = sorted(set(test.codes))
    how = HasHow.ANY if len(codes) == 1 and test.how is HasHow.ALL else test.how
    return f"has {how.value} {json.dumps(codes)}"


def _spans(test: Within) -> str:
    if test.spans == ((None, None),):
        return meaning(Known(wanted=True))
    ends = (f"{'' if low is None else low}..{'' if high is None else high}" for low, high in test.spans)
    return f"within {'; '.join(ends)}"


def _values(test: OneOf) -> str:
    values = set(test.values)
    if not all(isinstance(value, bool) for value in values):
        return f"{'not in' if test.negated else 'in'} {json.dumps(sorted(map(str, values)))}"
    accepted = {True, False} - values if test.negated else values
    return meaning(Known(wanted=True)) if len(accepted) > 1 else f"in {json.dumps(sorted(accepted))}"


def _tree(node: Any) -> Any:
    """Return a part of a formula as JSON values: its kind, then what it holds, a progressive scale by its id."""
    if isinstance(node, RateScale):
        return node.id
    if (several := sequence_of(node)) is not None:
        return [_tree(each) for each in several]
    if is_dataclass(node):
        return [type(node).__name__, *(_tree(getattr(node, each.name)) for each in fields(node))]
    return node if node is None or isinstance(node, int | str) else str(node)
