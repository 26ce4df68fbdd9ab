"""What must hold of papers, cases and notices for every definition and every dossier."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from, definition_from_json
from rules.definition.papers import NEED_WORDS
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from rules.say.listing import listing
from tests.definitions import basis, cut_table, data, fee_table, limit_table, office, row, table
from tests.effort import examples

DAY = date(2026, 11, 20)
MEMBERS = [
    {"id": "age", "kind": "whole_number", "label": "Tuổi"},
    {"id": "kept", "kind": "yes_no", "label": "Được nuôi"},
]
KIDS = {"id": "kids", "kind": "group", "label": "Con", "fields": MEMBERS}
FOUND = {"id": "found", "type": "bool", "label": "Tra được", "source": "officer", "stage": "reception"}
WHOLE = st.sampled_from(
    [
        {"poor": True},
        [{"group": "a"}, {"late": "> 3"}],
        {"marks": "has any a, b"},
        {"variant": "has one"},
        {"late": "known"},
    ]
)
OF_ROW = WHOLE | st.sampled_from([{"kids.age": "< 16"}, {"kids.kept": True, "poor": False}, {"by_row.need": "waived"}])
VARIANTS = [
    {"id": "one", "label": "Một", "when": {"late": "> 0"}},
    {"id": "two", "label": "Hai", "when": [{"poor": True}, {"level.n": "> 1"}]},
]
LEVEL = table(
    "level", ["group"], {"n": "int"}, [row("level.a", {"group": "a"}, {"n": 2}), row("level.b", {}, {"n": 1})], "first"
)
NEEDS = [
    row(f"by_row.{need}", {"kids.age": age}, {"need": need}) for need, age in (("required", "< 6"), ("waived", "> 60"))
]
BY_ROW = table(
    "by_row",
    ["kids.age", "poor"],
    {"need": "code"},
    [*NEEDS, row("by_row.poor", {"poor": True}, {"need": "optional"})],
    "first",
)
KIDS_KNOWN = st.lists(
    st.fixed_dictionaries({}, optional={"age": st.integers(0, 90), "kept": st.booleans()}), max_size=4
)
DOSSIERS = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(["counter", "online", "post"]),
        "late": st.integers(-5, 9),
        "poor": st.booleans(),
        "group": st.sampled_from("abc"),
        "marks": st.lists(st.sampled_from("abc"), unique=True).map(sorted),
        "found": st.booleans(),
        "kids": KIDS_KNOWN,
    },
)


@st.composite
def papers(draw, code):
    """One paper with anything that may be said of one."""
    group = draw(st.booleans())
    when = OF_ROW if group else WHOLE
    asked = st.booleans() | when.map(lambda each: {"when": each})
    if group:
        asked |= st.just({"table": "by_row", "output": "need"})
    paper = {"code": code, "label": f"Giấy {code}", "required": draw(asked), "basis": basis()}
    extra = {
        "shown_when": WHOLE,
        "sets": st.integers(1, 3),
        "copies": st.integers(0, 3),
        "accepted": st.just({"counter": ["original"], "online": ["scan", "signed_copy"]}),
        "valid": when.map(lambda each: {"when": each, "text": "Hết hạn"}),
        "returned": st.sampled_from(["kept", "returned", "exchanged"]),
        "one_of": st.just("rows" if group else "whole"),
        **({"each_when": OF_ROW} if group else {}),
    }
    paper |= {name: draw(each) for name, each in extra.items() if draw(st.booleans())}
    if draw(st.booleans()):
        paper |= {"waived_by": "Kho dữ liệu", "waived_when": draw(when | st.just({"found": True})), "fallback": "Nộp"}
    return paper | ({"for_each": "kids"} if group else {})


@st.composite
def definitions(draw):
    """Definition data with generated papers, two cases and two notices."""
    asked = [draw(papers(code)) for code in ("a", "b", "c", "d")]
    others = [{"code": "n", "label": "Chú ý", "note": True}, {"code": "o", "label": "Biên bản", "made_by_office": True}]
    notices = [{"id": "n1", "text": "Nhớ", "when": draw(WHOLE)}, {"id": "n2", "text": "Giữ mã"}]
    return data(
        fields=[*data()["fields"], KIDS],
        facts=[FOUND],
        variants=VARIANTS,
        tables=[fee_table(), cut_table(), limit_table(), LEVEL, BY_ROW],
        papers=[*asked, *others],
        notices=notices,
        cases=[],
    )


def outcome(written, facts):
    return evaluate(compiled(definition_from(written)), facts, on=DAY, at=None, office=office())


@examples(150)
@given(definitions())
def test_what_is_written_is_read_back_checked_and_said(written):
    whole = definition_from(written)
    assert definition_from_json(canonical_json(whole)) == whole
    assert [
        problem for problem in check(whole) if problem.where[:1] == ("papers",) and problem.severity == "error"
    ] == []
    said = [text for group in listing(readable(whole)) for text in group.sentences]
    assert all(text.vi.strip() and text.en.strip() and "{" not in text.vi + text.en for text in said)


@examples(200)
@given(definitions(), DOSSIERS)
def test_an_outcome_is_kept_and_comes_out_again_with_its_hash(written, facts):
    first = outcome(written, facts)
    again = Evaluation.from_data(first.to_data())
    assert again == first
    assert again.hash == first.hash == outcome(written, dict(reversed(list(facts.items())))).hash


@examples(300)
@given(definitions(), DOSSIERS)
def test_papers_cases_and_notices_hang_together(written, facts):
    found = outcome(written, facts)
    rules = {paper["code"]: paper for paper in written["papers"]}
    assert [each.code for each in found.cases] == [name for name in ("one", "two") if name in found.facts["variant"]]
    for paper in found.papers:
        rule = rules[paper.code]
        assert paper.reasons
        needs = [each.need for each in paper.rows] or [paper.need]
        assert paper.need == min(needs, key=list(NEED_WORDS).index)
        times = needs.count(paper.need) * rule.get("sets", 1)
        assert (paper.originals, paper.copies) == (
            times * (0 if paper.need == "note" else 1),
            times * rule.get("copies", 0),
        )
        assert bool(paper.rows) == ("for_each" in rule)
        if paper.valid is False:
            assert ("papers", paper.code) in [problem.where for problem in found.problems]
    for key in ("rows", "whole"):
        group = [paper for paper in found.papers if paper.one_of == key]
        for number in {each.row for paper in group for each in paper.rows} or {0}:
            here = [each.need for paper in group for each in paper.rows if each.row == number]
            assert_enough(here or [paper.need for paper in group])


def assert_enough(needs):
    """Of papers of which one is enough: a waived one frees the others; one alone is required; else any one of them."""
    assert not ("waived" in needs and {"required", "one_of", "optional"} & set(needs))
    assert needs.count("one_of") != 1
    assert not ("required" in needs and {"one_of", "optional"} & set(needs))
    assert needs.count("required") <= 1


@examples(600)
@given(definitions(), DOSSIERS, st.data())
def test_a_fact_that_is_not_named_missing_changes_no_paper(written, facts, more):
    before = outcome(written, facts)
    named = {each.fact for each in before.missing}
    added = {name: value for name, value in more.draw(DOSSIERS).items() if name not in facts and name not in named}
    after = outcome(written, {**facts, **added})
    assert [said(paper) for paper in after.papers] == [said(paper) for paper in before.papers]


def said(paper):
    """What a paper asks for; whether one that may stay away is valid is told, not asked for."""
    valid = paper.valid if paper.need == "required" and not paper.one_of else None
    rows = [(each.row, each.need) for each in paper.rows]
    return paper.code, paper.need, paper.originals, paper.copies, paper.accepted, rows, valid
