"""Other rule engines, given the same table as ours, so that speed can be compared: each answers with the rows that hit.

They are installed by `make bench` into a folder of their own and are no part of the program.
"""

import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from rules.definition.procedure import ProcedureDefinition
from rules.table.cells import Anything, OneOf, Test, Within, as_number
from rules.table.decision import Row, Table
from rules.vocabulary import Facts, FactType, Vocabulary

FOLDER = Path(__file__).parents[2] / ".venv" / "bench"
"""Where `make bench` installs them."""

Matcher = Callable[[Facts], tuple[int, ...]]
"""Takes facts (days as ordinals) and gives the places of the rows that hit, in order."""


def available() -> bool:
    """Tell whether the other engines are installed; from then on they can be imported."""
    if FOLDER.is_dir() and str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return FOLDER.is_dir()


def plain_facts(facts: Facts) -> dict[str, Any]:
    """Return the facts as all engines can hold them: a day is its ordinal number."""
    return {name: value if isinstance(value, str | bool) else as_number(value) for name, value in facts.items()}


def engines() -> Mapping[str, Callable[[Table, ProcedureDefinition], Matcher]]:
    """Return what makes a matcher of a table, by the name of the engine."""
    return {"zen-engine": zen, "business-rules": business_rules, "rule-engine": rule_engine}


def zen(table: Table, _: ProcedureDefinition) -> Matcher:
    """Give the table to zen-engine as a decision table that collects."""
    inputs = [{"id": f"c{place}", "name": name, "field": name} for place, name in enumerate(table.inputs)]
    rules = [
        {"_id": row.id, "o": str(place), **{f"c{number}": _zen_cell(test) for number, test in enumerate(_tests(row))}}
        for place, row in enumerate(table.rows)
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "o", "name": "row", "field": "row"}],
        "rules": rules,
    }
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "first", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "second", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
    decision = import_module("zen").ZenEngine().create_decision(json.dumps(graph))
    return lambda facts: tuple(hit["row"] for hit in decision.evaluate(facts)["result"])


def _zen_cell(test: Test) -> str:
    if isinstance(test, Within):
        return ", ".join(_zen_span(low, high) for low, high in test.spans)
    if isinstance(test, OneOf):
        values = ", ".join(json.dumps(value) for value in test.values)
        return f"not in [{values}]" if test.negated else values
    return _no_test(test, "")


def _zen_span(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return f"< {high}" if low is None else f">= {low}"
    return f"[{low}..{high})"


def rule_engine(table: Table, _: ProcedureDefinition) -> Matcher:
    """Give the table to rule-engine as one expression a row."""
    made = [import_module("rule_engine").Rule(_expression(table, row)) for row in table.rows]
    return lambda facts: tuple(place for place, rule in enumerate(made) if rule.matches(facts))


def _expression(table: Table, row: Row) -> str:
    said = [_said(name, test) for name, test in zip(table.inputs, _tests(row), strict=True)]
    return " and ".join(each for each in said if each) or "true"


def _said(name: str, test: Test) -> str:
    if isinstance(test, Within):
        return f"({' or '.join(_said_span(name, low, high) for low, high in test.spans)})"
    if isinstance(test, OneOf):
        said = f"{name} in {json.dumps(list(test.values))}"
        return f"not ({said})" if test.negated else said
    return _no_test(test, "")


def _said_span(name: str, low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return f"{name} < {high}" if low is None else f"{name} >= {low}"
    return f"{name} >= {low} and {name} < {high}"


def business_rules(table: Table, definition: ProcedureDefinition) -> Matcher:
    """Give the table to business-rules: conditions over variables, an action that notes the row."""
    module, actions = import_module("business_rules"), import_module("business_rules.actions")
    vocabulary = definition.vocabulary
    variables = _variables(table, vocabulary)
    rules = [
        {"conditions": {"all": _conditions(table, row, vocabulary)}, "actions": [_noting(place)]}
        for place, row in enumerate(table.rows)
    ]

    class Noted(actions.BaseActions):
        def __init__(self) -> None:
            self.rows: list[int] = []

        def note(self, row: int) -> None:
            self.rows.append(row)

    def match(facts: Facts) -> tuple[int, ...]:
        noted = Noted()
        module.run_all(rule_list=rules, defined_variables=variables(facts), defined_actions=noted)
        return tuple(noted.rows)

    return match


def _noting(place: int) -> dict[str, Any]:
    return {"name": "note", "params": {"row": place}}


def _variables(table: Table, vocabulary: Vocabulary) -> Callable[[Facts], Any]:
    """Return a class of variables, one for each input, that is made of the facts of one dossier."""
    variables = import_module("business_rules.variables")
    kinds = {FactType.CODE: variables.string_rule_variable, FactType.BOOL: variables.boolean_rule_variable}

    def told(name: str) -> Any:
        return kinds.get(vocabulary[name].type, variables.numeric_rule_variable)(lambda self: self.facts[name])

    def take(self: Any, facts: Facts) -> None:
        self.facts = facts

    methods = {name: told(name) for name in table.inputs}
    made: Any = type("Variables", (variables.BaseVariables,), {"__init__": take, **methods})
    return made


def _conditions(table: Table, row: Row, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    pairs = zip(table.inputs, _tests(row), strict=True)
    found = [_condition(name, test, vocabulary) for name, test in pairs if not isinstance(test, Anything)]
    return found or [{"name": table.inputs[0], "operator": "non_empty", "value": ""}]


def _condition(name: str, test: Test, vocabulary: Vocabulary) -> dict[str, Any]:
    if isinstance(test, Within):
        return {"any": [{"all": _bounds(name, low, high)} for low, high in test.spans]}
    assert isinstance(test, OneOf), "the measured table has codes, numbers, days and truth values"
    if vocabulary[name].type is FactType.BOOL:
        operator = "is_true" if (True in test.values) != test.negated else "is_false"
        return {"name": name, "operator": operator, "value": ""}
    codes = [code for code in vocabulary[name].codes if (code in test.values) != test.negated]
    return {"any": [{"name": name, "operator": "equal_to", "value": code} for code in codes]}


def _bounds(name: str, low: int | None, high: int | None) -> list[dict[str, Any]]:
    found = [] if low is None else [{"name": name, "operator": "greater_than_or_equal_to", "value": low}]
    return found if high is None else [*found, {"name": name, "operator": "less_than", "value": high}]


def _tests(row: Row) -> list[Test]:
    return [cell.test for cell in row.when]


def _no_test(test: Test, nothing: str) -> str:
    assert isinstance(test, Anything), "the measured table has codes, numbers, days and truth values"
    return nothing
