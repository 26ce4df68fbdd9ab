"""The mark that a figure is only an example travels with the figure, by whatever way it reaches a line."""

from typing import Any

import pytest

from rules.codec import canonical_json, definition_from_json
from tests.definitions import basis, charge, cut_table, definition, fee_table, limit_table, outcome, row, table

SAID = {"vi": "Hệ số là ví dụ"}
FACTS = {"channel": "counter", "late": 0, "copies": 2, "poor": False}


def multiple(example: Any = SAID) -> dict[str, Any]:
    made = table("multiple", [], {"times": "int"}, [row("multiple.all", {}, {"times": 20})])
    return {**made, "example": example}


def parameter(**more: Any) -> dict[str, Any]:
    return {"rate": {"label": "Mức", "type": "money", "values": [{"value": 1000, "basis": basis()}], **more}}


def computed(formula: str, name: str = "worth") -> dict[str, Any]:
    return {"id": name, "type": "money", "label": "Mức", "formula": formula}


def by_formula(**parts: Any) -> Any:
    line = charge(amount={"fact": "worth", "basis": basis()}, cuts=[])
    whole = {"charges": [line], "cases": [], **parts}
    whole.setdefault("tables", [limit_table()])
    return outcome(FACTS, **whole)


def marks(found: Any) -> list[str | None]:
    return [line.example.vi if line.example else None for line in found.charges]


def test_through_a_formula_that_reads_an_example_table():
    found = by_formula(facts=[computed("1000 * multiple.times")], tables=[limit_table(), multiple()])
    assert (found.charges[0].amount, marks(found)) == (20_000, ["Hệ số là ví dụ"])
    law = by_formula(facts=[computed("1000 * multiple.times")], tables=[limit_table(), multiple(False)])
    assert marks(law) == [None]


def test_through_formulas_that_read_each_other():
    facts = [computed("half + half"), computed("500 * multiple.times", "half")]
    assert marks(by_formula(facts=facts, tables=[limit_table(), multiple()])) == ["Hệ số là ví dụ"]


def test_through_a_parameter_whose_values_are_examples():
    facts = [computed("2 * rate")]
    assert marks(by_formula(facts=facts, parameters=parameter(example=SAID))) == ["Hệ số là ví dụ"]
    assert marks(by_formula(facts=facts, parameters=parameter())) == [None]


def test_through_a_progressive_scale_whose_rates_are_examples():
    scales = {"steps": {"label": "Biểu", "steps": [{"rate": 500}], "example": SAID}}
    assert marks(by_formula(facts=[computed("tiered(copies, steps)")], scales=scales)) == ["Hệ số là ví dụ"]


@pytest.mark.parametrize("bound", ["floor", "cap"])
def test_through_a_bound_of_the_line(bound):
    tables = [fee_table(), cut_table(), limit_table()]
    found = outcome(FACTS, tables=tables, charges=[charge(**{bound: "rate"})], parameters=parameter(example=SAID))
    assert marks(found) == ["Hệ số là ví dụ"]


def test_through_a_table_that_an_example_feeds():
    fed = table(
        "fee", ["multiple.times"], {"amount": "money"}, [row("fee.x", {"multiple.times": "> 1"}, {"amount": 5})]
    )
    found = outcome(FACTS, tables=[multiple(), fed, limit_table()], charges=[charge(cuts=[])], cases=[])
    assert marks(found) == ["Hệ số là ví dụ"]


def test_of_the_line_itself_whether_it_is_paid_in_or_out():
    payout = {
        "id": "aid", "label": "Hỗ trợ", "payee": "Người yêu cầu", "amount": {"table": "fee", "output": "amount"},
        "example": SAID,
    }  # fmt: skip
    found = outcome(FACTS, charges=[charge(example=SAID)], payouts=[payout])
    assert marks(found) == ["Hệ số là ví dụ"]
    assert found.payouts[0].example is not None


def test_to_the_deadline_from_a_parameter_that_its_table_reads():
    limit = table(
        "limit", ["rate"], {"amount": "int", "unit": "code"},
        [row("limit.x", {"rate": "> 5"}, {"amount": 3, "unit": "working_days"})],
    )  # fmt: skip
    found = outcome(FACTS, tables=[fee_table(), cut_table(), limit], parameters=parameter(example=SAID), cases=[])
    assert found.deadline is not None
    assert found.deadline.example is not None
    assert marks(found) == [None]


def test_an_example_that_gave_nothing_marks_nothing():
    silent = table(
        "extra", ["copies"], {"percent": "int"}, [row("extra.x", {"copies": "> 50"}, {"percent": 5})], "collect"
    )
    line = charge(cuts=[{"table": "extra", "output": "percent"}])
    found = outcome(FACTS, tables=[fee_table(), {**silent, "example": SAID}, limit_table()], charges=[line], cases=[])
    assert marks(found) == [None]


def test_the_marks_are_kept_with_the_definition():
    whole = definition(
        parameters=parameter(example=SAID),
        scales={"steps": {"label": "Biểu", "steps": [{"rate": 500}], "example": SAID}},
        charges=[charge(example=SAID)],
    )
    assert definition_from_json(canonical_json(whole)) == whole
    assert "example" not in canonical_json(definition(charges=[charge(example=False)]))
