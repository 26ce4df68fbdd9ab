"""What must hold for every table, every policy and every set of hit rows."""

from datetime import date
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from rules.codec import definition_from
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate, situation_of
from rules.table.cells import ANY_CELL
from rules.table.decision import HitPolicy, OutputColumn, Row, Table
from rules.table.hits import counting, value_of
from rules.values import Text
from rules.vocabulary import FactType
from tests.definitions import charge, data, limit_table, office, row, table
from tests.effort import examples

ON = date(2026, 11, 20)
CODES = ("a", "b", "c")
POLICIES = st.sampled_from(HitPolicy)
AMOUNTS = st.lists(st.integers(0, 5), min_size=1, max_size=7)


def resolved(policy, amounts, hit):
    """The amounts that count and the value they give, straight from the words of DMN; None: the policy is broken."""
    given_by = [amounts[place] for place in hit]
    if (policy == "unique" and len(hit) > 1) or (policy == "any" and len(set(given_by)) > 1):
        return None
    if policy == "collect_count":
        return given_by, len(given_by)
    if not hit:
        return [], None
    picked = {"priority": max, "collect_max": max, "collect_min": min}.get(policy, lambda values: values[0])(given_by)
    several = {"collect": None, "rule_order": None, "output_order": None, "collect_sum": sum(given_by)}
    if policy not in several:
        return [picked], picked
    return sorted(given_by, reverse=True) if policy == "output_order" else given_by, several[policy]


@examples(300)
@given(POLICIES, AMOUNTS, st.data())
def test_every_policy_counts_what_its_words_say(policy, amounts, more):
    hit = tuple(sorted(more.draw(st.sets(st.sampled_from(range(len(amounts)))))))
    column = OutputColumn("amount", FactType.MONEY, order=("descending",))
    rows = tuple(Row(f"r{place}", (ANY_CELL,), (amount,)) for place, amount in enumerate(amounts))
    made = Table("t", Text("Bảng"), policy, ("x",), (column,), rows)
    wanted = resolved(policy, amounts, hit)
    counted = counting(made, hit)
    if wanted is None:
        assert counted is None
    else:
        assert counted is not None
        assert [amounts[place] for place in counted] == wanted[0]
        assert value_of(made, counted, "amount") == wanted[1]


@examples(200)
@given(st.permutations(CODES), st.lists(st.sampled_from(CODES), min_size=1, max_size=7))
def test_a_declared_order_of_codes_sorts_rows_and_keeps_equals_in_place(order, codes):
    column = OutputColumn("o", FactType.CODE, order=tuple(order))
    rows = tuple(Row(f"r{place}", (ANY_CELL,), (code,)) for place, code in enumerate(codes))
    every = tuple(range(len(codes)))
    listed = counting(Table("t", Text("Bảng"), HitPolicy.OUTPUT_ORDER, ("x",), (column,), rows), every)
    best = counting(Table("t", Text("Bảng"), HitPolicy.PRIORITY, ("x",), (column,), rows), every)
    assert listed == tuple(sorted(every, key=lambda place: (order.index(codes[place]), place)))
    assert best == listed[:1]


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "late": st.integers(-2, 4),
        "group": st.sampled_from(CODES),
        "poor": st.booleans(),
        "marks": st.lists(st.sampled_from(CODES), unique=True).map(sorted),
    },
)
CELLS = {
    "late": ["-", "> 0", "<= 2", "unknown", "known"],
    "group": ["-", "a", "trừ a", "unknown"],
    "poor": ["-", "true", "false"],
    "marks": ["-", "has a", "has none b"],
}
NUMBERS = ["-", "0", "1", "> 0", ">= 2", "unknown"]
LEVELS = {"code": ["-", "a", "trừ b", "unknown"], "codes": ["-", "has a", "has any b, c", "has none c", "unknown"]}


@st.composite
def chains(draw):
    """Two tables that feed a third, which gives a fee, under any policies."""
    ids = count()

    def rows(inputs, outputs):
        whens = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in inputs.items()})
        thens = st.fixed_dictionaries(outputs)
        drawn = draw(st.lists(st.tuples(whens, thens), min_size=1, max_size=4))
        return [row(f"r{next(ids)}", when, then) for when, then in drawn]

    inputs = {name: CELLS[name] for name in draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=3))}
    number = draw(st.sampled_from(["unique", "any", "first", "priority"] + [p for p in HitPolicy if "collect_" in p]))
    level = draw(st.sampled_from(["first", "priority", "collect", "rule_order", "output_order"]))
    last = draw(st.sampled_from(["first", "priority", "collect", "collect_min", "collect_max", "collect_sum"]))
    one = table("one", list(inputs), {"n": "int"}, rows(inputs, {"n": st.integers(0, 2)}), number)
    two = table("two", list(inputs), {"c": "code"}, rows(inputs, {"c": st.sampled_from(CODES)}), level)
    two["outputs"][0]["list"] = "group"
    kind = "code" if level in ("first", "priority") else "codes"
    read = {"one.n": NUMBERS, "two.c": LEVELS[kind], "poor": CELLS["poor"], "twice": NUMBERS}
    fee = table("fee", list(read), {"amount": "money"}, rows(read, {"amount": st.integers(0, 3)}), last)
    for each, policy, order in ((one, number, "descending"), (two, level, list(CODES)), (fee, last, "ascending")):
        if policy in ("priority", "output_order"):
            each["outputs"][0]["order"] = order
    facts = [{"id": "twice", "type": "int", "label": "Gấp đôi", "formula": "one.n * 2"}]
    tables = [*draw(st.permutations([one, two, fee])), limit_table()]
    return data(tables=tables, facts=facts, charges=[charge(cuts=[])], cases=[])


@examples(400)
@given(chains(), FACTS, FACTS)
def test_a_fact_not_named_missing_changes_nothing_through_any_table(written, facts, answers):
    ready = compiled(definition_from(written))
    before = evaluate(ready, facts, on=ON, at=None, office=office())
    if any(hits.conflict for hits in situation_of(ready, facts, on=ON, at=None, office=office())[0].hits.values()):
        return
    named = {each.fact for each in before.missing}
    added = {name: value for name, value in answers.items() if name not in facts and name not in named}
    after = evaluate(ready, {**facts, **added}, on=ON, at=None, office=office())
    if not after.problems:
        assert [each.amount for each in after.charges] == [each.amount for each in before.charges], (named, added)


@examples(60)
@given(chains(), FACTS)
def test_the_order_in_which_tables_are_written_changes_nothing(written, facts):
    turned = {**written, "tables": written["tables"][::-1]}
    one, other = (
        evaluate(compiled(definition_from(each)), facts, on=ON, at=None, office=office()) for each in (written, turned)
    )
    assert one.facts == other.facts
    assert one.charges == other.charges
