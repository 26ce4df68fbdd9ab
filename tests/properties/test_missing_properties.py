"""What is named as missing is enough: whatever else becomes known, no fee, paper, date or eligibility changes."""

import random
from collections.abc import Iterable
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.clock.calendar import WorkCalendar
from rules.codec import definition_from
from rules.errors import OutOfBoundsError
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.missing import STOPPING
from rules.evaluation.outcome import Evaluation
from rules.formula import Formula, compute
from rules.formula.waiting import waits_for
from tests.definitions import charge, data, office, row, table
from tests.effort import examples
from tests.formula_oracle import DAYS_OFF, MEMBERS, random_facts
from tests.properties.test_formula_properties import grown

DAY = date(2026, 11, 20)
CALENDAR = WorkCalendar("thử", frozenset(DAYS_OFF), frozenset(), frozenset({2026, 2027}))
SEEDS = st.integers(0, 2**48)


def result(formula: Formula, facts: dict[str, Any]) -> Any:
    """What the formula gives, None also where it cannot be counted."""
    try:
        return compute(formula, facts, CALENDAR)
    except (OutOfBoundsError, OverflowError):
        return None


def completed(facts: dict[str, Any], more: dict[str, Any], kept: frozenset[str]) -> dict[str, Any]:
    """The facts with others that become known, but for those kept unknown; gaps of rows are filled in too."""
    found = {**{name: value for name, value in more.items() if name not in kept}, **facts}
    if facts.get("rows") and more.get("rows") and "rows" not in kept:
        filling = {name: value for each in more["rows"] for name, value in each.items()}
        found["rows"] = [{**filling, **each} for each in facts["rows"]]
    return found


@examples(1_000)
@given(SEEDS)
def test_what_a_formula_does_not_wait_for_changes_nothing_of_its_value(seed):
    chance = random.Random(seed)
    _, formula, _ = grown(chance)
    for _ in range(4):
        facts, more = random_facts(chance), random_facts(chance)
        waits = waits_for(formula.tree, facts, CALENDAR)
        assert waits <= set(formula.facts)
        assert result(formula, completed(facts, more, waits)) == result(formula, facts), f"{formula.text} for {facts}"


@examples(300)
@given(SEEDS)
def test_a_formula_of_known_facts_waits_for_nothing(seed):
    chance = random.Random(seed)
    _, formula, _ = grown(chance)
    facts = {name: value for _ in range(60) for name, value in random_facts(chance).items()}
    facts["rows"] = [each for each in facts["rows"] if len(each) == len(MEMBERS)]
    assert waits_for(formula.tree, facts, CALENDAR) == frozenset()


def truth(chance: random.Random, depth: int = 2) -> str:
    """A condition as a formula, over facts that may be unknown."""
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(
            ["poor", "rich", "late > 2", "copies > 2", 'group = "a"', "known(late)", "known(group)", "not(rich)"]
        )
    name = chance.choice(["and", "or", "if"])
    return f"{name}({', '.join(truth(chance, depth - 1) for _ in range(3 if name == 'if' else 2))})"


def amount(chance: random.Random, depth: int = 2) -> str:
    """An amount as a formula of choices."""
    if depth == 0:
        return chance.choice(["500", "700", "late * 100", "copies * 10"])
    return f"if({truth(chance)}, {amount(chance, depth - 1)}, {amount(chance, depth - 1)})"


CELLS = {
    "variant": [
        *("has one", "has any one, two", "has all one, two", "has all two, three"),
        *("has none one", "has none two, three", "known"),
    ],
    "sure": [True, False],
    "poor": [True, False],
    "late": ["> 2", "<= 2", "0", "known", "unknown"],
    "group": ["a", "a, b", "not(c)"],
}
ANSWERS = {
    "late": range(5),
    "copies": range(5),
    "poor": [True, False],
    "rich": [True, False],
    "group": "abc",
    "channel": ["counter", "online"],
}


def cells(chance: random.Random, names: Iterable[str] = CELLS) -> dict[str, Any]:
    return {name: chance.choice(CELLS[name]) for name in names if chance.random() < 0.4}


def condition(chance: random.Random, *, of_case: bool = False) -> Any:
    """A condition; that of a case of the procedure cannot hang on the cases themselves."""
    names = [name for name in CELLS if name != "variant" or not of_case]
    return [cells(chance, names) or {"rich": True} for _ in range(chance.randint(1, 2))]


def written(chance: random.Random) -> dict[str, Any]:
    """Definition data in which formulas, cases, tables and conditions read each other."""

    def rows(name: str, *gives: dict[str, Any]) -> list[dict[str, Any]]:
        return [row(f"{name}{number}", cells(chance), each) for number, each in enumerate(gives)]

    inputs, basis = list(CELLS), {"document": "tt"}
    amounts = [{"amount": chance.choice([0, 1_000, 2_000])} for _ in range(3)]
    percents = [{"percent": chance.choice([0, 50, 100])} for _ in range(3)]
    limits = [{"amount": chance.randint(1, 3), "unit": "working_days"} for _ in range(3)]
    hits = [chance.choice(["first", "collect"]) for _ in range(2)]
    formulas = {"sure": truth(chance), "aid": amount(chance), "by_case": 'if(has(variant, "two"), 9, copies * 10)'}
    return data(
        fields=[*data()["fields"], {"id": "rich", "kind": "yes_no", "label": "Giàu"}],
        facts=[
            {"id": name, "type": "bool" if name == "sure" else "money", "label": name, "formula": formula}
            for name, formula in formulas.items()
        ],
        variants=[
            {"id": name, "label": name, "when": condition(chance, of_case=True), "basis": basis}
            for name in ("one", "two", "three")
        ],
        tables=[
            table("fee", inputs, {"amount": "money"}, rows("fee", *amounts), hits[0]),
            table("cuts", inputs, {"percent": "int"}, rows("cut", *percents), hits[1]),
            table("limit", inputs, {"amount": "int", "unit": "code"}, rows("limit", *limits), "first"),
            table("refused", inputs, {"reason": "text"}, rows("refused", {"reason": {"vi": "Không"}}), "collect"),
        ],
        charges=[
            charge(),
            charge(id="extra", amount={"fact": chance.choice(["aid", "by_case"]), "basis": basis}),
            charge(id="only", when=condition(chance), cuts=[]),
        ],
        papers=[
            {"code": "one", "label": "Một", "shown_when": condition(chance), "basis": basis},
            {"code": "two", "label": "Hai", "required": {"when": condition(chance)}, "basis": basis},
        ],
        deadline={"table": "limit"},
        eligibility={"table": "refused"},
        cases=[],
    )


def answers(chance: random.Random, share: float) -> dict[str, Any]:
    """So large a share of all answers."""
    return {name: chance.choice(values) for name, values in ANSWERS.items() if chance.random() < share}


def decided(found: Evaluation) -> tuple[Any, ...]:
    """What people compare: money, papers, dates, whether the dossier may be received."""
    due = found.deadline
    return (
        [(each.id, each.amount) for each in found.charges],
        [(each.code, each.need) for each in found.papers],
        (due.statutory, due.appointment) if due else None,
        found.eligible,
    )


@examples(150)
@given(SEEDS)
def test_a_completion_that_changes_something_answers_a_fact_that_was_named(seed):
    chance = random.Random(seed)
    ready = compiled(definition_from(written(chance)))
    for _ in range(6):
        facts = answers(chance, chance.choice([0.2, 0.5, 0.8]))
        before = evaluate(ready, facts, on=DAY, at=None, office=office())
        named = {each.fact for each in before.missing if STOPPING & set(each.could_change)}
        unnamed = {name: value for name, value in answers(chance, 0.9).items() if name not in named}
        after = evaluate(ready, {**unnamed, **facts}, on=DAY, at=None, office=office())
        assert decided(after) == decided(before), (facts, unnamed)
