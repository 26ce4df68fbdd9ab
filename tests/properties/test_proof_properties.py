"""The proof by sweep finds what trying every dossier finds: nothing is missed, nothing is invented."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.check import tables
from rules.check.findings import FindingKind
from rules.check.formulas import firm_domains
from rules.check.proof import prove
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import situation_of
from rules.space import axes, literals, runs, sweep
from rules.space.dossiers import Ground, dossier_space
from rules.space.sweep import Budget, Space
from rules.table.decision import ON_DAY, HitPolicy
from tests.definitions import office
from tests.properties.generated_laws import Law, brute_force, random_law

SEEDS = range(400)


@pytest.fixture(autouse=True)
def _told_in_full(monkeypatch):
    monkeypatch.setattr(tables, "MOST_TOLD", 1000)


@st.composite
def boxes(draw):
    """A space of up to three short axes, and some boxes in it."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    one = st.tuples(*(st.frozensets(st.integers(0, size - 1), min_size=1) for size in sizes))
    return sizes, [tuple(runs.runs_of(sorted(places)) for places in each) for each in draw(st.lists(one, max_size=5))]


def lies_in(point, box):
    return all(any(low <= place < high for low, high in held) for place, held in zip(point, box, strict=True))


@given(boxes())
def test_gaps_are_just_the_points_no_box_covers_and_each_lies_in_one_gap(made):
    sizes, held = made
    gaps = Space(sizes, held).gaps(Budget(10**6))
    for point in product(*map(range, sizes)):
        covered = any(lies_in(point, box) for box in held)
        assert sum(lies_in(point, gap) for gap in gaps) == (not covered)


@given(boxes())
def test_boxes_meet_where_they_share_a_point_and_a_hole_is_what_the_others_leave(made):
    sizes, held = made
    space, points = Space(sizes, held), list(product(*map(range, sizes)))
    meeting = space.meeting()
    for number, box in enumerate(held):
        others = [each for each in range(len(held)) if each != number]
        assert [bool(meeting[number] >> each & 1) for each in others] == [
            any(lies_in(point, box) and lies_in(point, held[each]) for point in points) for each in others
        ]
        hole = space.hole(box, space.all ^ (1 << number), Budget(10**6))
        left = [p for p in points if lies_in(p, box) and not any(lies_in(p, held[each]) for each in others)]
        assert (hole is not None) == bool(left)
        assert hole is None or all(point in left for point in points if lies_in(point, hole))


def proved(law: Law):
    """What the proof finds in the table `fee`, without cutting the list short."""
    return [each for each in prove(law.read).findings if each.table == "fee"]


def kinds(found, kind):
    return [each for each in found if each.kind is kind]


def wrongs(law: Law):
    """Yield what the proof misses or invents against brute force."""
    truth, table, found = brute_force(law), law.read.table("fee"), proved(law)
    ids = [row.id for row in table.rows]
    yield from (("undecided", each) for each in kinds(found, FindingKind.UNDECIDED))
    told = {each.rows for each in kinds(found, FindingKind.OVERLAP)}
    amount = {row.id: row.then for row in table.rows}
    pairs = {p for p in truth.together if table.hit is HitPolicy.UNIQUE or amount[p[0]] != amount[p[1]]}
    wanted = pairs if table.hit in (HitPolicy.UNIQUE, HitPolicy.ANY) else set()
    yield from (("overlap", pair) for pair in told ^ wanted)
    unreachable = {each.rows[0] for each in kinds(found, FindingKind.UNREACHABLE)}
    yield from (("unreachable", name) for name in unreachable ^ ({*ids} - truth.hit))
    counted = {HitPolicy.FIRST: truth.first, HitPolicy.PRIORITY: truth.best}.get(table.hit)
    masked = {each.rows[0] for each in kinds(found, FindingKind.MASKED)}
    yield from (("masked", name) for name in masked ^ (truth.hit - counted if counted is not None else set()))
    ground = Ground(law.read, firm_domains(law.read))
    space = dossier_space(ground, ground.tables["fee"])
    gaps = space.space.gaps(Budget(10**6))
    bare = [{**facts, ON_DAY: on} for facts, on in truth.bare]
    for facts, on in law.dossiers():
        known = {**facts, ON_DAY: on}
        point = [axis.place(known.get(name)) for name, axis in space.axes.items()]
        if any(lies_in(point, gap) for gap in gaps) != (known in bare):
            yield "gap", known


@pytest.mark.parametrize("hundred", range(len(SEEDS) // 100))
def test_the_proof_finds_just_what_trying_every_dossier_finds(hundred):
    found = {seed: list(wrongs(random_law(seed))) for seed in SEEDS[hundred * 100 : hundred * 100 + 100]}
    assert {seed: told for seed, told in found.items() if told} == {}


def test_every_witness_runs_through_the_engine_and_does_what_its_finding_says():
    shown = 0
    for seed in SEEDS[:120]:
        law = random_law(seed)
        procedure = compiled(law.read)
        for each in proved(law):
            if each.witness is None:
                continue
            shown += 1
            facts, on = each.witness.facts, each.witness.on
            hits = situation_of(procedure, facts, on=on, at=None, office=office())[0].hits["fee"]
            hit = {row.id for row in hits.all}
            assert not hit if each.kind is FindingKind.GAP else {*each.rows} <= hit
    assert shown > 100


def one_more(whole):
    return lambda *given: whole(*given) + 1


MUTATIONS = {
    "an edge belongs to the span before it": (axes, "bisect_right", axes.bisect_left),
    "a span ends one place late": (axes.NumberAxis, "_end", one_more(axes.NumberAxis._end)),
    "what does not hold includes what does": (literals, "rest", lambda _, size: ((0, size),)),
    "shared runs are those of the first": (runs, "shared", lambda one, _: one),
    "boxes share what the first takes": (tables, "common", lambda one, _: one),
    "a box that is not within fills": (sweep, "within", lambda *_: True),
    "nothing is within": (literals.Literal, "runs", lambda literal, axis: axis.runs(literal.test)),
    "every unique table may overlap": (tables, "_ONE_ROW", frozenset()),
    "no row is beaten": (tables, "_BEST_ROW", frozenset()),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mistake_in_the_proof_is_seen(name, monkeypatch):
    where, what, wrong = MUTATIONS[name]
    monkeypatch.setattr(where, what, wrong)
    if where is runs:
        monkeypatch.setattr(literals, what, wrong)
    for seed in SEEDS:
        try:
            if any(wrongs(random_law(seed))):
                return
        except Exception:
            return
    pytest.fail(f"nobody notices: {name}")
