"""Cells and conditions said in words, each with the label of the fact it asks about."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rules.say.punctuation import quoted
from rules.table.cells import Has, OneOf, Test, Within, words
from rules.table.decision import Condition
from rules.values import Text
from rules.vocabulary import Fact
from rules.wording import joined, phrase


def condition_said(condition: Condition, facts: Mapping[str, Fact]) -> Text:
    """Say a condition: all cells of a group hold, any group is enough."""
    groups = (clauses_said((cell.test, facts[name]) for name, cell in group.items()) for group in condition.any_of)
    return joined(groups, "; hoặc ", "; or ")


def clauses_said(tests: Iterable[tuple[Test, Fact]]) -> Text:
    """Say tests that must hold together."""
    return joined((clause_said(test, fact) for test, fact in tests), " và ", " and ")


def clause_said(test: Test, fact: Fact) -> Text:
    """Say one test with its fact: `“Cách nộp” là Trực tuyến`, `“Số ngày quá hạn” trên 30 ngày`."""
    is_negated = isinstance(test, OneOf | Within) and test.negated
    vi, en = _links(test)
    accepted = replace(test, negated=False) if is_negated else test
    return phrase(f"{{}} {vi} {{}}" if vi else "{} {}", f"{{}} {en} {{}}", quoted(fact.label), words(accepted, fact))


def _links(test: Test) -> tuple[str, str]:
    """Return the words between a fact and what is asked of it."""
    if isinstance(test, Has):
        return "", "includes"
    named = isinstance(test, OneOf) or (isinstance(test, Within) and any(r.low == r.high for r in test.ranges))
    if isinstance(test, OneOf | Within) and test.negated:
        return ("không phải là" if named else "không trong khoảng"), "is not"
    return ("là" if named else ""), "is"
