"""What must hold for every line of money, whatever the figures of the law."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.codec import canonical_json, definition_from, definition_from_json
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.reductions import WHOLE, Reduction, ceiling_of, paid_after, paid_after_all
from rules.rounding import How, Rounding
from tests.definitions import basis, charge, data, fee_table, limit_table, office, row, table
from tests.effort import examples

AMOUNTS = st.integers(0, 10**12)
REDUCTIONS = st.builds(
    Reduction, percent=st.integers(0, WHOLE), off=st.integers(0, 10**12), most=st.none() | st.integers(0, 10**12)
)
ROUNDINGS = st.none() | st.builds(Rounding, how=st.sampled_from(How), to=st.sampled_from([1, 3, 500, 1000, 10**6]))
ON = date(2026, 11, 20)


@examples(500)
@given(AMOUNTS, REDUCTIONS, ROUNDINGS)
def test_a_reduction_never_raises_an_amount_and_never_passes_its_limit(base, reduction, rounding):
    left = paid_after(base, reduction, rounding)
    assert type(left) is int
    assert 0 <= left <= base
    assert reduction.most is None or base - left <= reduction.most


@examples(500)
@given(AMOUNTS, REDUCTIONS, REDUCTIONS, ROUNDINGS)
def test_a_reduction_that_takes_off_more_never_costs_more(base, one, other, rounding):
    less, more = sorted((one, other), key=lambda each: (each.exact(base), each.limit(base)))
    if less.limit(base) <= more.limit(base):
        assert paid_after(base, more, rounding) <= paid_after(base, less, rounding)


@examples(500)
@given(
    AMOUNTS,
    st.lists(REDUCTIONS, max_size=5),
    st.none() | st.integers(1, WHOLE),
    st.none() | st.integers(0, 10**12),
    ROUNDINGS,
)
def test_stacked_reductions_never_pass_their_ceiling(base, reductions, percent, amount, rounding):
    ceiling = ceiling_of(base, percent, amount)
    left = paid_after_all(base, reductions, ceiling, rounding)
    assert type(left) is int
    assert 0 <= left <= base
    assert (base - left) * WHOLE <= ceiling
    assert percent is None or (base - left) * WHOLE <= base * percent
    assert amount is None or base - left <= amount


@examples(300)
@given(AMOUNTS, st.lists(REDUCTIONS, min_size=1, max_size=5))
def test_stacking_is_never_worse_for_the_payer_than_the_best_one_within_the_ceiling(base, reductions):
    together = paid_after_all(base, reductions, base * WHOLE, None)
    assert together <= min(paid_after(base, each, None) for each in reductions)


BOUNDS = st.none() | st.integers(0, 10**7) | st.just("most")
PERCENTS = {
    "int": st.integers(0, 100),
    "fixed": st.integers(0, 1000).map(lambda tenths: f"{tenths // 10},{tenths % 10}"),
}
FACTS = {
    "poor": st.booleans(),
    "late": st.integers(-5, 5),
    "copies": st.integers(0, 50),
    "most": st.integers(0, 10**7),
    "channel": st.sampled_from(["counter", "online", "post"]),
    "marks": st.lists(st.sampled_from("abc"), unique=True).map(sorted),
    "items": st.lists(
        st.fixed_dictionaries({}, optional={"pages": st.integers(0, 20), "number": st.integers(0, 5)}), max_size=3
    ),
}
DOSSIERS = st.fixed_dictionaries({}, optional=FACTS)
ITEMS = {
    "id": "items",
    "kind": "group",
    "label": "Mục",
    "fields": [
        {"id": "pages", "kind": "whole_number", "label": "Số trang", "min": 0, "max": 20},
        {"id": "number", "kind": "whole_number", "label": "Số bản", "min": 0, "max": 5},
    ],
}
CONDITIONS = [{"poor": True}, {"marks": "has a"}, [{"late": "> 0"}, {"channel": "online"}]]


@st.composite
def reductions_of(draw, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A table of reductions, and how a charge reads it."""
    kind = draw(st.sampled_from(["int", "fixed", "money"]))
    values = st.integers(0, 10**6) if kind == "money" else PERCENTS[kind]
    rows = [
        row(f"{name}{n}", draw(st.sampled_from([{}, {"poor": True}, {"channel": "online"}])), {"off": draw(values)})
        for n in range(draw(st.integers(1, 3)))
    ]
    made = table(name, ["poor", "channel"], {"off": kind}, rows, draw(st.sampled_from(["collect", "first"])))
    made["outputs"][0].update({"scale": 1} if kind == "fixed" else {})
    most = draw(BOUNDS)
    return made, {"table": name, "output": "off", **({} if most is None else {"most": most})}


@st.composite
def lines(draw) -> dict[str, Any]:
    """Definition data with one generated charge and one generated payout."""
    over = draw(st.booleans())
    reads = "items.pages" if over else "late"
    fees = [row(f"fee{n}", {reads: n}, {"amount": draw(st.integers(0, 10**6))}) for n in range(3)]
    fee = table("fee", [reads], {"amount": "money"}, fees, draw(st.sampled_from(["unique", "first"])))
    made = [draw(reductions_of(name)) for name in ("one", "two")]
    both: dict[str, Any] = {
        "for_each": "items" if over else None,
        "times": draw(st.sampled_from([None, "copies", *(["items.number"] if over else [])])),
        "when": draw(st.none() | st.sampled_from([*CONDITIONS, *([{"items.pages": "> 0"}] if over else [])])),
        "floor": draw(BOUNDS),
        "cap": draw(BOUNDS),
        "round": draw(st.none() | st.builds(dict, to=st.sampled_from([1, 500]), how=st.sampled_from(How))),
    }
    if isinstance(both["floor"], int) and isinstance(both["cap"], int) and both["floor"] > both["cap"]:
        both["floor"] = both["cap"]
    combine = draw(
        st.sampled_from(["best", "best", {"stack": True, "ceiling_percent": 70}, {"stack": True, "ceiling": "most"}])
    )
    aid = {"id": "aid", "label": "Trợ cấp", "payee": "Người hưởng", "amount": {"table": "fee", "output": "amount"}}
    return data(
        fields=[*data()["fields"], ITEMS],
        facts=[{"id": "most", "type": "money", "label": "Mức trần", "source": "officer", "stage": "reception"}],
        tables=[fee, *(each for each, _ in made), limit_table()],
        charges=[charge(cuts=[cut for _, cut in made], combine=combine, **both)],
        payouts=[{**aid, **both}],
        cases=[],
    )


@examples(120)
@given(lines(), DOSSIERS)
def test_every_line_holds_its_bounds_and_is_kept_and_read_back(written, facts):
    whole = definition_from(written)
    assert definition_from_json(canonical_json(whole)) == whole
    found = evaluate(compiled(whole), facts, on=ON, at=None, office=office())
    assert Evaluation.from_data(json.loads(json.dumps(found.to_data()))).hash == found.hash
    for line in (*found.charges, *found.payouts):
        assert (line.amount is None) == (line.state != "decided")
        assert line.reasons
    for line in found.charges:
        bound = {name: facts.get("most") if each == "most" else each for name, each in _bounds(written).items()}
        fulls = [each.base for each in line.rows] if written["charges"][0]["for_each"] else [line.base]
        for full in fulls if line.amount is not None else []:
            assert full is not None
            assert bound["floor"] is None or full >= bound["floor"]
            assert bound["cap"] is None or full <= bound["cap"]
        assert line.amount is None or 0 <= line.amount <= (line.base or 0)
        assert not any(isinstance(part, float) for part in _parts(line))
    assert (found.totals.get("VND", 0) is None) == any(each.amount is None for each in found.charges)


def _bounds(written: dict[str, Any]) -> dict[str, Any]:
    return {name: written["charges"][0][name] for name in ("floor", "cap")}


def _parts(line: Any) -> list[Any]:
    return [line.amount, line.base, *(each for offer in (line.cut, *line.stacked, *line.lost) if offer
                                      for each in (offer.percent, offer.amount, offer.off, offer.saved))]  # fmt: skip


@examples(120)
@given(lines(), DOSSIERS)
def test_the_best_for_the_payer_is_the_least_of_what_could_be_paid(written, facts):
    written["charges"][0] = {
        **written["charges"][0],
        "combine": "best",
        "for_each": None,
        "times": "copies",
        "when": None,
    }
    fees = [row(f"fee{n}", {"late": n}, {"amount": 1234567 * (n + 1)}) for n in range(3)]
    written = {**written, "tables": [fee_table(*fees), *written["tables"][1:]], "payouts": []}
    (line,) = evaluate(compiled(definition_from(written)), facts, on=ON, at=None, office=office()).charges
    if line.amount is not None:
        assert line.amount == min(
            [line.base, *(each.amount for each in line.lost), *([line.cut.amount] if line.cut else [])]
        )
        assert all(each.saved == line.base - each.amount for each in (line.cut, *line.lost) if each)


@examples(250)
@given(lines(), DOSSIERS, st.data())
def test_a_fact_that_is_not_named_missing_changes_no_line_of_money(written, facts, more):
    ready = compiled(definition_from(written))
    before = evaluate(ready, facts, on=ON, at=None, office=office())
    named = {each.fact for each in before.missing}
    answers = more.draw(DOSSIERS)
    added = {name: value for name, value in answers.items() if name not in facts and name not in named}
    after = evaluate(ready, {**facts, **added}, on=ON, at=None, office=office())
    amounts = [[(each.id, each.amount) for each in (*found.charges, *found.payouts)] for found in (before, after)]
    assert amounts[0] == amounts[1]


@examples(100)
@given(lines(), st.fixed_dictionaries(FACTS))
def test_a_line_over_rows_is_the_sum_of_what_each_row_comes_to(written, facts):
    ready = compiled(definition_from(written))
    for line in evaluate(ready, facts, on=ON, at=None, office=office()).charges:
        if line.rows and line.amount is not None:
            assert line.amount == sum(each.amount or 0 for each in line.rows)
            assert line.base == sum(each.base or 0 for each in line.rows)


@examples(60)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=4), st.integers(0, 10**9))
def test_cited_reasons_stand_behind_every_amount(percents, base):
    rows = [row(f"cut{n}", {}, {"percent": percent}) for n, percent in enumerate(percents)]
    cuts = table("cuts", [], {"percent": "int"}, rows, "collect")
    written = data(tables=[fee_table(row("fee.flat", {}, {"amount": base})), cuts, limit_table()], cases=[])
    (line,) = evaluate(compiled(definition_from(written)), {}, on=ON, at=None, office=office()).charges
    assert all(reason.citation == f"Điều {basis()['article']} Thông tư 1/2026/TT-BTC" for reason in line.reasons)
    assert len(line.lost) == len(percents) - 1
