"""What must hold for every pair of tables: the regions told are just the dossiers for which the two give otherwise."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.codec import facts_as_written
from rules.compare.tables import JointSpace, answer
from rules.compare.versions import compare
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.match.interpreter import Interpreter
from rules.space.dossiers import Ground
from rules.space.sweep import Budget
from rules.table.decision import ON_DAY, HitPolicy
from rules.values import Money
from tests.definitions import charge, definition, limit_table, office, row, table
from tests.effort import examples

SEEDS = st.integers(0, 2**32)
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(0, 400, 50)]
CELLS = {
    "channel": ["online", "counter", "trừ online", "-", "online, post"],
    "late": ["<= 0", "> 0", "[0..10)", "10, 20", "-", "unknown", "known", ">= 20"],
    "group": ["a", "b", "trừ a", "-", "a, c", "unknown"],
    "marks": ["has any a, b", "has all a", "has none b", "-", "known"],
    "poor": ["true", "false", "-"],
}
VALUES = {
    "channel": ["counter", "online", "post", None],
    "late": [-1, 0, 1, 9, 10, 11, 19, 20, 21, None],
    "group": ["a", "b", "c", None],
    "marks": [[], ["a"], ["b"], ["a", "b"], ["c"], ["a", "b", "c"], None],
    "poor": [True, False, None],
}


def random_row(name, inputs, chance):
    when = {each: chance.choice(CELLS[each]) for each in inputs}
    since, until = sorted(chance.sample(DAYS, 2))
    days = {"since": since.isoformat(), "until": until.isoformat()} if chance.random() < 0.3 else {}
    return row(
        name, {name: cell for name, cell in when.items() if cell != "-"}, {"amount": chance.randint(1, 4)}, **days
    )


def fees(inputs, rows, hit):
    made = table("fee", inputs, {"amount": "money"}, rows, hit)
    if hit in ("priority", "output_order"):
        made["outputs"][0]["order"] = "ascending"
    return made


def mutated(rows, inputs, chance):
    """The rows with a few cells, outputs and days changed, rows dropped, added, or moved."""
    changed = [dict(each) for each in rows]
    for _ in range(chance.randint(0, 3)):
        place = chance.randrange(len(changed))
        act = chance.randrange(4)
        if act == 0:
            changed[place] = random_row(changed[place]["id"], inputs, chance)
        elif act == 1:
            changed[place]["then"] = {"amount": chance.randint(1, 4)}
        elif act == 2 and len(changed) > 1:
            del changed[place]
        else:
            changed.insert(
                place, random_row(f"new{len(changed)}{place}{chance.random()}"[:30].replace(".", "_"), inputs, chance)
            )
    return changed


def version(inputs, rows, hit):
    made = definition(
        tables=[
            fees(inputs, rows, hit),
            table(
                "limit", [], {"amount": "int", "unit": "code"}, [row("t", {}, {"amount": 3, "unit": "working_days"})]
            ),
        ],
        charges=[],
        cases=[],
    )
    return Ground(made, {})


def given_by(ground, facts, on):
    made = ground.tables["fee"]
    hit = Interpreter(made).match(facts, on).hit
    return answer(made, hit).given


def place_of(space, facts, on):
    known = {**facts, ON_DAY: on}
    return tuple(axis.place(known.get(name)) for name, axis in space.axes.items())


def inside(point, box):
    return all(any(low <= place < high for low, high in runs) for place, runs in zip(point, box, strict=True))


@pytest.mark.parametrize("hit", [each.value for each in HitPolicy])
@examples(30)
@given(SEEDS)
def test_the_regions_hold_just_the_dossiers_for_which_two_versions_give_otherwise(hit, seed):
    chance = random.Random(seed)
    inputs = chance.sample(sorted(CELLS), chance.randint(1, 3))
    rows = [random_row(f"r{number}", inputs, chance) for number in range(chance.randint(1, 5))]
    new_inputs = inputs if chance.random() < 0.7 else chance.sample(sorted(CELLS), chance.randint(1, 3))
    new_rows = mutated(rows, inputs, chance) if new_inputs == inputs else [random_row("n1", new_inputs, chance)]
    new_hit = hit if chance.random() < 0.7 else chance.choice(list(HitPolicy)).value
    old, new = version(inputs, rows, hit), version(new_inputs, new_rows, new_hit)
    space = JointSpace((old, old.tables["fee"]), (new, new.tables["fee"]))
    regions = space.regions(Budget(500_000))
    for _ in range(60):
        facts = {name: chance.choice(VALUES[name]) for name in {*inputs, *new_inputs}}
        facts = {name: value for name, value in facts.items() if value is not None}
        on = chance.choice(DAYS) + timedelta(days=chance.choice([-1, 0, 1]))
        point = place_of(space, facts, on)
        if space.is_barred(point):
            continue
        told = any(inside(point, each.box) for each in regions)
        assert told == (given_by(old, facts, on) != given_by(new, facts, on)), (facts, on)


@examples(25)
@given(SEEDS)
def test_every_dossier_shown_comes_out_under_both_versions_as_told(seed):
    chance = random.Random(seed)
    hit = chance.choice(["unique", "first", "collect_max", "collect_sum"])
    inputs = chance.sample(sorted(CELLS), 2)
    rows = [random_row(f"r{number}", inputs, chance) for number in range(3)]
    old, new = (
        definition(
            tables=[fees(inputs, each, hit), limit_table()],
            charges=[charge(amount={"table": "fee", "output": "amount"}, cuts=[])],
            cases=[],
        )
        for each in (rows, mutated(rows, inputs, chance))
    )
    found = compare(old, new, office())
    for each in (difference for difference in found.differences if difference.is_region):
        assert each.shown or each.note
        if each.shown:
            witness = each.shown.witness
            outcomes = [
                evaluate(
                    compiled(version), facts_as_written(version, witness.facts),
                    on=witness.on, at=witness.at, office=office(),
                )
                for version in (old, new)
            ]  # fmt: skip
            amounts = [
                None if outcome.totals["VND"] is None else Money(outcome.totals["VND"]).words for outcome in outcomes
            ]
            told = [change for change in each.shown.changes if change.what.vi == "Tổng số tiền phải nộp"]
            assert [(change.old, change.new) for change in told if None not in amounts] == (
                [tuple(amounts)] if None not in amounts and amounts[0] != amounts[1] else []
            )
