"""What must hold for every definition, every dossier and every day."""

import random
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rules.codec import canonical_json, definition_from, definition_from_json, law_hash, whole_hash
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.formula import compute, parse_formula
from rules.match.durable_kernel import Kernel
from rules.match.interpreter import Interpreter
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source, Vocabulary
from tests.definitions import charge, cut_table, data, fee_table, limit_table, office, procedure, row
from tests.effort import examples
from tests.properties.generated_tables import DAYS, random_facts, random_table
from tests.properties.plain_matcher import plainly

ROOT = Path(__file__).parents[2]
SEEDS = st.integers(0, 2**32)
ON_DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
DOSSIERS = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(["counter", "online", "post"]),
        "late": st.integers(-70, 70),
        "poor": st.booleans(),
        "group": st.sampled_from("abc"),
        "copies": st.integers(0, 500),
        "born": st.dates(date(1950, 1, 1), date(2026, 12, 31)),
        "marks": st.lists(st.sampled_from("abc"), unique=True).map(sorted),
    },
)


@examples(400)
@given(SEEDS)
def test_interpreter_and_kernel_hit_the_same_rows(seed):
    chance = random.Random(seed)
    generated = random_table(chance)
    interpreter, kernel = Interpreter(generated), Kernel(generated)
    for _ in range(6):
        facts, on = random_facts(generated, chance), chance.choice(DAYS)
        assert kernel.match(facts, on) == interpreter.match(facts, on).hit


@examples(400)
@given(SEEDS)
def test_the_interpreter_says_what_asking_every_cell_says(seed):
    chance = random.Random(seed)
    generated = random_table(chance)
    interpreter = Interpreter(generated)
    for _ in range(6):
        facts, on = random_facts(generated, chance), chance.choice(DAYS)
        said = interpreter.match(facts, on)
        assert (said.hit, list(said.near())) == plainly(generated, facts, on)
        unknown = frozenset(name for name in generated.inputs if name not in facts)
        assert tuple(said.left(unknown)) == plainly(generated, facts, on, but=unknown)[0]


@st.composite
def definitions(draw):
    """Definition data with generated fees, cuts, papers and texts."""
    amounts = draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
    fees = [row(f"fee{n}", {"late": n}, {"amount": amount}) for n, amount in enumerate(amounts)]
    percents = draw(st.lists(st.integers(0, 100), min_size=1, max_size=4))
    cuts = [
        row(f"cut{n}", draw(st.sampled_from([{}, {"poor": True}, {"channel": "online"}])), {"percent": percent})
        for n, percent in enumerate(percents)
    ]
    texts = st.builds(
        dict, vi=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30)
    )
    since = draw(st.none() | ON_DAYS)
    if since:
        cuts[0] = {**cuts[0], "since": since, "until": since + timedelta(days=draw(st.integers(1, 400)))}
    condition = draw(st.sampled_from([{"poor": True}, [{"group": "a"}, {"late": "> 3"}], {"marks": "has any a, b"}]))
    papers = [
        {"code": "one", "label": draw(texts), "required": draw(st.sampled_from([True, False, {"when": condition}]))},
        {"code": "two", "label": draw(texts), "shown_when": condition, "copies": draw(st.integers(0, 9))},
    ]
    return data(
        name=draw(texts),
        tables=[
            fee_table(*fees, hit=draw(st.sampled_from(["first", "any", "unique"]))),
            cut_table(*cuts),
            limit_table(),
        ],
        charges=[charge(label=draw(texts), times=draw(st.sampled_from(["copies", "late"])))],
        papers=papers,
        cases=[],
    )


@examples(60)
@given(definitions())
def test_what_is_encoded_is_decoded_to_the_same(written):
    whole = definition_from(written)
    again = definition_from_json(canonical_json(whole))
    assert again == whole
    assert (whole_hash(again), law_hash(again)) == (whole_hash(whole), law_hash(whole))


@examples(60)
@given(definitions(), DOSSIERS, ON_DAYS)
def test_an_outcome_depends_on_nothing_but_its_inputs(written, facts, on):
    whole = definition_from(written)
    first = evaluate(compiled(whole), facts, on=on, at=None, office=office())
    turned = dict(reversed(list(facts.items())))
    again = evaluate(compiled(definition_from_json(canonical_json(whole))), turned, on=on, at=None, office=office())
    assert again == first
    assert again.hash == first.hash
    assert Evaluation.from_data(first.to_data()).hash == first.hash


@examples(60)
@given(definitions(), DOSSIERS, ON_DAYS)
def test_every_finding_has_a_reason_and_no_amount_is_ever_guessed(written, facts, on):
    found = evaluate(compiled(definition_from(written)), facts, on=on, at=None, office=office())
    for finding in (*found.charges, *found.papers):
        assert finding.reasons
    for each in found.charges:
        assert (each.amount is None) == (each.state != "decided")
    assert (found.totals["VND"] is None) == any(each.amount is None for each in found.charges)


@examples(100)
@given(
    base=st.integers(0, 10**12),
    percents=st.lists(st.integers(0, 100), min_size=1, max_size=4),
    poor=st.booleans(),
)
def test_a_cut_never_raises_a_charge_and_the_best_one_counts(base, percents, poor):
    cuts = [row(f"cut{n}", {"poor": True}, {"percent": percent}) for n, percent in enumerate(percents)]
    parts = {"tables": [fee_table(row("fee", {}, {"amount": base})), cut_table(*cuts), limit_table()], "cases": []}
    found = evaluate(procedure(**parts), {"poor": poor}, on=date(2026, 11, 20), at=None, office=office()).charges[0]
    assert found.amount is not None
    assert 0 <= found.amount <= base
    assert not poor or found.amount == (2 * base * (100 - max(percents)) + 100) // 200
    assert len(found.lost) == (len(percents) - 1 if poor else 0)


@examples(150)
@given(definitions(), DOSSIERS, st.data())
def test_a_fact_that_is_not_named_missing_changes_nothing(written, facts, more):
    ready = compiled(definition_from(written))
    on = date(2026, 11, 20)
    before = evaluate(ready, facts, on=on, at=None, office=office())
    named = {each.fact for each in before.missing}
    answers = more.draw(DOSSIERS)
    added = {name: value for name, value in answers.items() if name not in facts and name not in named}
    after = evaluate(ready, {**facts, **added}, on=on, at=None, office=office())
    assert [each.amount for each in after.charges] == [each.amount for each in before.charges]
    assert [(each.code, each.need) for each in after.papers] == [(each.code, each.need) for each in before.papers]


NUMBERS = Vocabulary({name: Fact(name, FactType.INT, Text(name), Source.FORM) for name in "xyz"})
LEAVES = st.integers(0, 999).map(str) | st.sampled_from("xyz")
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(
            lambda parts: f"{parts[0]}({parts[1]}, {parts[2]})"
        ),
        inner.map(lambda text: f"-({text})"),
    ),
    max_leaves=5,
)


@examples(300)
@given(FORMULAS, st.fixed_dictionaries(dict.fromkeys("xyz", st.integers(-100, 100))))
def test_a_formula_computes_what_python_computes(text, facts):
    wanted = eval(text, {"min": min, "max": max, **facts})
    assert compute(parse_formula(text, NUMBERS, FactType.INT), facts, office().calendar) == wanted
