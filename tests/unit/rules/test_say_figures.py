"""A formula is worked out in figures that a citizen can check: every equals sign holds, and the last figure is due."""

import math
import random
import re

import pytest

from rules.errors import RulesError
from rules.formula import compute, parse_formula
from rules.rounding import How, Rounding
from rules.say.figures import Formulas, worked_out
from rules.scale import RateScale, Step
from rules.values import Money, Text
from rules.vocabulary import Fact, FactType, Source, Vocabulary
from tests.definitions import office
from tests.formula_oracle import RATES, VOCABULARY, Grower, random_facts, written

SPACE = "\u00a0"
PAGES = Fact("pages", FactType.INT, Text("Số trang", "Pages"), Source.FORM, unit="page")
COPIES = Fact("copies", FactType.INT, Text("Số bản", "Copies"), Source.FORM, unit="copy")
TITLE = Fact("title", FactType.TEXT, Text("Tên giấy tờ", "Title"), Source.FORM)
PLAIN = (
    PAGES,
    COPIES,
    Fact("houses", FactType.INT, Text("Số cơ sở", "Establishments"), Source.FORM),
    Fact("price", FactType.MONEY, Text("Giá chuyển nhượng", "Price"), Source.FORM),
    Fact("urgent", FactType.BOOL, Text("Yêu cầu trả nhanh", "In a hurry"), Source.FORM),
    Fact("base", FactType.MONEY, Text("Phí cơ bản", "Basic fee"), Source.COMPUTED),
    Fact("fee", FactType.MONEY, Text("Phí", "Fee"), Source.COMPUTED),
)
GROUPS = (
    Fact("originals", FactType.GROUP, Text("Bản chính", "Originals"), Source.FORM, members=(TITLE, PAGES, COPIES)),
    Fact("parcels", FactType.GROUP, Text("Gói hàng", "Parcels"), Source.FORM, members=(PAGES,)),
)
FACTS = Vocabulary({fact.id: fact for fact in (*PLAIN, *GROUPS)})
BY_PAGE = RateScale("by_page", Text("Biểu trang"), (Step(2, 2000), Step(None, 1000)), unit="page")
BY_PRICE = RateScale(
    *("by_price", Text("Biểu giá"), (Step(1_000_000_000, 500_000), Step(None, 250_000))),
    percent=True,
    rounding=Rounding(How.UP, 1000),
)
SCALES = {"by_page": BY_PAGE, "by_price": BY_PRICE}
CERTIFICATION = "sum(originals, min(200000, 2000*min(pages, 2) + 1000*max(pages - 2, 0)) * copies)"


def said(text: str, given: dict, **formulas: str) -> Text | None:
    """Work the formula of `fee` out for these answers; other formulas are those of facts it reads."""
    known = dict(given)
    read = {}
    for name, each in {**formulas, "fee": text}.items():
        read[name] = parse_formula(each, FACTS, FactType.MONEY, scales=SCALES)
        value = compute(read[name], known, office().calendar)
        known |= {} if value is None else {name: value}
    return worked_out("fee", known, Formulas(FACTS, read), "VND")


def vi(text: str, given: dict, **formulas: str) -> str:
    found = said(text, given, **formulas)
    assert found is not None
    return found.vi.replace(SPACE, " ")


def test_the_fee_by_pages_and_copies_is_worked_out_as_on_paper():
    given = {"originals": [{"pages": 10, "copies": 3}]}
    assert vi(CERTIFICATION, given) == "10 trang: 2 × 2.000 đ + 8 × 1.000 đ = 12.000 đ; × 3 bản = 36.000 đ."
    found = said(CERTIFICATION, given)
    assert found is not None
    assert found.en.replace(SPACE, " ") == "10 pages: 2 × 2,000 đ + 8 × 1,000 đ = 12,000 đ; × 3 copies = 36,000 đ."


def test_each_row_of_a_group_is_worked_out_by_its_name_and_the_rows_are_added_up():
    given = {"originals": [{"title": "Học bạ", "pages": 1, "copies": 2}, {"pages": 250, "copies": 1}]}
    assert vi(CERTIFICATION, given) == (
        "Học bạ, 1 trang: 1 × 2.000 đ = 2.000 đ; × 2 bản = 4.000 đ. "
        "Dòng 2, 250 trang: 2 × 2.000 đ + 248 × 1.000 đ = 252.000 đ; vượt mức tối đa nên lấy 200.000 đ; "
        "× 1 bản = 200.000 đ. "
        "Cộng 2 dòng: 204.000 đ."
    )


def test_rows_without_a_name_are_told_by_their_number():
    assert vi("sum(parcels, 500 * pages)", {"parcels": [{"pages": 3}, {"pages": 4}]}) == (
        "Dòng 1: 3 trang × 500 đ = 1.500 đ. Dòng 2: 4 trang × 500 đ = 2.000 đ. Cộng 2 dòng: 3.500 đ."
    )


def test_a_scale_is_the_sum_of_its_tiers():
    assert vi("tiered(pages, by_page)", {"pages": 5}) == ("5 trang: 2 trang × 2.000 đ + 3 trang × 1.000 đ = 7.000 đ.")
    assert vi("tiered(price, by_price)", {"price": 1_500_000_100}) == (
        "giá chuyển nhượng 1.500.000.100 đ: 0,5% của 1.000.000.000 đ + 0,25% của 500.000.100 đ = 6.251.000 đ "
        "(làm tròn lên, đến bội số của 1.000)."
    )


def test_a_limit_is_told_only_where_it_is_reached():
    assert vi("max(50000, 1000 * pages)", {"pages": 80}) == "80 trang × 1.000 đ = 80.000 đ."
    assert vi("max(50000, 1000 * pages)", {"pages": 8}) == (
        "8 trang × 1.000 đ = 8.000 đ; dưới mức tối thiểu nên lấy 50.000 đ."
    )
    assert vi("min(1000 * pages, 3000 * copies)", {"pages": 8, "copies": 2}) == (
        "8 trang × 1.000 đ = 8.000 đ; 2 bản × 3.000 đ = 6.000 đ; mức thấp nhất trong 8.000 đ; 6.000 đ: 6.000 đ."
    )


def test_a_choice_is_told_by_what_decided_it():
    text = "if(urgent, 2 * 1000 * pages, 1000 * pages)"
    assert vi(text, {"urgent": True, "pages": 3}) == "yêu cầu trả nhanh: 2 × 3 trang × 1.000 đ = 6.000 đ."
    assert vi(text, {"urgent": False, "pages": 3}) == (
        "không phải trường hợp “yêu cầu trả nhanh”: 3 trang × 1.000 đ = 3.000 đ."
    )


def test_a_number_without_a_unit_is_named():
    assert vi("500000 * houses", {"houses": 2}) == "số cơ sở 2: 2 × 500.000 đ = 1.000.000 đ."


def test_what_does_not_come_out_even_says_how_it_was_rounded():
    assert vi("divide(price, 3, half_up)", {"price": 10_000}) == (
        "giá chuyển nhượng 10.000 đ: 10.000 đ chia 3 = 3.333 đ (làm tròn đến số gần nhất)."
    )
    assert vi("round(1.5 * price, 1000, up)", {"price": 10_001}).endswith(
        "1,5 × 10.001 đ = 15.001,5 đ; làm tròn lên, đến bội số của 1.000: 16.000 đ."
    )


def test_an_amount_with_a_formula_of_its_own_is_worked_out_first():
    assert vi("base * copies", {"pages": 4, "copies": 3}, base="1000 * pages + 500") == (
        "Phí cơ bản: 4 trang × 1.000 đ + 500 đ = 4.500 đ. 3 bản × 4.500 đ = 13.500 đ."
    )


def test_nothing_is_said_while_a_fact_is_unknown_or_where_there_is_nothing_to_work_out():
    assert said(CERTIFICATION, {"originals": [{"pages": 10}]}) is None
    assert said("1000 * pages", {}) is None
    assert said("price", {"price": 5}) is None


def came_to(said: str) -> int:
    """Count a sum of products of figures with their units."""
    terms = [term.split(" × ") for term in said.split(" + ")]
    return sum(math.prod(int(re.sub(r"\D", "", factor)) for factor in factors) for factors in terms)


@pytest.mark.parametrize("pages", [1, 2, 3, 10, 197, 198, 250])
@pytest.mark.parametrize("copies", [1, 3, 20])
def test_both_sides_of_every_equals_sign_are_the_same(pages, copies):
    first, *more = vi(CERTIFICATION, {"originals": [{"pages": pages, "copies": copies}]}).split(": ")[1].split("; ")
    one, result = first.split(" = ")
    assert came_to(one) == came_to(result)
    *limit, last = more
    reached = came_to(limit[0]) if limit else came_to(result)
    times, due = last.split(" = ")
    assert reached * came_to(times.removeprefix("× ")) == came_to(due)
    assert came_to(due) == min(200_000, 2000 * min(pages, 2) + 1000 * max(pages - 2, 0)) * copies


def test_of_all_the_formulas_there_may_be_what_is_said_ends_with_the_amount_that_is_due():
    told = 0
    for seed in range(1500):
        chance = random.Random(seed)
        tree = ("round", Grower(chance).number(chance.randrange(1, 4), money=True)[0], "1", "half_up")
        formula = parse_formula(written(tree), VOCABULARY, FactType.MONEY, scales=RATES)
        facts = random_facts(chance)
        try:
            due = compute(formula, facts, office().calendar)
        except RulesError:
            continue
        amount = Fact("due", FactType.MONEY, Text("Phải nộp", "Due"), Source.COMPUTED)
        formulas = Formulas(Vocabulary({**VOCABULARY, "due": amount}), {"due": formula})
        sentence = worked_out("due", {**facts, "due": due}, formulas, "VND")
        if sentence is not None:
            assert due is not None
            assert re.sub(r" \([^)]*\)\.$", ".", sentence.vi).endswith(f" {Money(due).words.vi}."), formula.text
            told += 1
    assert told > 400
