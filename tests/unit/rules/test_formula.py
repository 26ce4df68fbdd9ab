"""Formulas compute exactly, are typed, bounded, and never guess what is unknown."""

from datetime import date

import pytest

from rules.errors import OutOfBoundsError, TextError
from rules.formula import compute, parse_formula
from rules.formula.waiting import waits_for
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source, Vocabulary
from tests.definitions import office


def fact(name, kind, members=(), codes=()):
    return Fact(name, kind, Text(name), Source.FORM, {code: Text(code) for code in codes}, members=tuple(members))


PAGES, COPIES = fact("pages", FactType.INT), fact("copies", FactType.INT)
FACTS = Vocabulary(
    {
        each.id: each
        for each in (
            fact("n", FactType.INT),
            fact("price", FactType.MONEY),
            fact("poor", FactType.BOOL),
            fact("born", FactType.DAY),
            fact("title", FactType.TEXT),
            fact("kind", FactType.CODE, codes=("a", "b")),
            fact("originals", FactType.GROUP, (PAGES, COPIES)),
        )
    }
)
CERTIFICATION = "sum(originals, min(200000, 2000*min(pages, 2) + 1000*max(pages - 2, 0)) * copies)"


CALENDAR = office(date(2026, 9, 2)).calendar


def value(text, kind=FactType.INT, /, **facts):
    return compute(parse_formula(text, FACTS, kind), facts, CALENDAR)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("-n + 1", -4),
        ("2 - -n", 7),
        ("max(n, 2, 9)", 9),
        ("if(n >= 5, 1, 2)", 1),
        ('if(kind = "a", 1, 2)', 1),
        ("if(n != 5, 1, 2)", 2),
        ("1.000.000 - 1", 999_999),
        ("if(poor, 0, n)", 0),
    ],
)
def test_arithmetic_binds_as_on_paper(text, wanted):
    assert value(text, n=5, kind="a", poor=True) == wanted


@pytest.mark.parametrize(("pages", "fee"), [(1, 2000), (2, 4000), (3, 5000), (10, 12000), (198, 200000), (250, 200000)])
def test_the_certification_charge_is_two_then_one_thousand_a_page_with_a_cap(pages, fee):
    assert value(CERTIFICATION, FactType.MONEY, originals=[{"pages": pages, "copies": 1}]) == fee


def test_a_sum_over_a_group_caps_each_row_on_its_own():
    rows = [{"pages": 3, "copies": 2}, {"pages": 250, "copies": 1}]
    assert value(CERTIFICATION, FactType.MONEY, originals=rows) == 210_000
    assert value("count(originals)", originals=rows) == 2


def test_days_are_counted_and_rolled_over_days_off():
    assert value("days_between(born, accepted_on)", born=date(2026, 5, 1), accepted_on=date(2026, 7, 1)) == 61
    assert value("roll(born + 1)", FactType.DAY, born=date(2026, 11, 20)) == date(2026, 11, 23)


@pytest.mark.parametrize("text", ["n + 1", "min(n, 1)", "sum(originals, pages)", "if(n > 1, 1, 2)", "count(originals)"])
def test_an_unknown_fact_makes_the_result_unknown(text):
    assert value(text) is None


def test_one_gap_in_a_group_makes_its_sum_unknown():
    assert value("sum(originals, pages)", originals=[{"pages": 1}, {}]) is None


def test_a_condition_reads_only_the_branch_it_takes():
    assert value("if(poor, 0, n)", poor=True) == 0


@pytest.mark.parametrize(
    ("text", "facts", "named"),
    [
        pytest.param("n * 2", {}, {"n"}, id="what is read"),
        pytest.param("if(poor, 0, n)", {"poor": True}, set(), id="a branch that is not taken"),
        pytest.param("if(poor, 0, n)", {}, {"poor", "n"}, id="both branches while the condition is open"),
        pytest.param("if(and(poor, n > 3), 1, 2)", {"n": 1}, set(), id="what `and` is settled without"),
        pytest.param("if(or(poor, n > 3), 1, 2)", {"n": 4}, set(), id="what `or` is settled without"),
        pytest.param("if(and(poor, n > 3), 1, 2)", {"n": 4}, {"poor"}, id="what could still settle `and`"),
        pytest.param(
            "if(known(poor), n, 2)", {}, {"poor", "n"}, id="an unknown fact that is asked whether it is known"
        ),
        pytest.param("if(known(poor), n, 2)", {"poor": False, "n": 1}, set(), id="a known one"),
        pytest.param("sum(originals, pages)", {}, {"originals"}, id="a group"),
        pytest.param("sum(originals, pages)", {"originals": [{"pages": 1}, {}]}, {"originals"}, id="a gap in a row"),
        pytest.param(
            "if(any(originals, pages > 2), 1, n)", {"originals": [{"pages": 9}, {}]}, set(), id="a row that settles"
        ),
        pytest.param("sum(originals, pages)", {"originals": [{"pages": 1, "copies": 1}]}, set(), id="nothing"),
    ],
)
def test_a_formula_waits_for_what_could_still_change_it_and_for_nothing_else(text, facts, named):
    assert waits_for(parse_formula(text, FACTS, FactType.INT).tree, facts, CALENDAR) == named


@pytest.mark.parametrize(
    ("text", "kind", "position", "said"),
    [
        ("price * price", FactType.MONEY, 7, "số tiền với số tiền"),
        ("n / 2", FactType.INT, 3, "phép chia"),
        ("nn + 1", FactType.INT, 1, "Không có dữ kiện “nn”"),
        ("title", FactType.INT, 1, "chữ"),
        ("born - born", FactType.INT, 6, "days_between"),
        ("if(n, 1, 2)", FactType.INT, 1, "có hoặc không"),
        ('if(kind = "z", 1, 2)', FactType.INT, 9, "không có mã “z”"),
        ('n = "a"', FactType.BOOL, 3, "Không so sánh được"),
        ("price", FactType.INT, 1, "số tiền, cần số nguyên"),
        ("1 +", FactType.INT, 4, "hết công thức"),
        ("(1", FactType.INT, 3, "Cần “)”"),
        ("pages", FactType.INT, 1, "Không có dữ kiện"),
        ("sum(n, 1)", FactType.INT, 5, "nhóm dòng"),
        ("sum(originals, sum(originals, pages))", FactType.INT, 16, "bên trong sum"),
        ("__import__", FactType.INT, 1, "Không đọc được"),
        ("9999999999999999999", FactType.INT, 1, "giới hạn"),
        ("avg(n)", FactType.INT, 1, "Không có hàm"),
        ("1.5", FactType.INT, 1, "số thập phân, cần số nguyên"),
    ],
)
def test_what_is_no_formula_is_refused_at_its_character(text, kind, position, said):
    with pytest.raises(TextError) as refused:
        parse_formula(text, FACTS, kind)
    assert refused.value.position == position
    assert said in str(refused.value)


def test_a_whole_number_stands_for_dong_but_not_the_other_way():
    assert value("2000 * n", FactType.MONEY, n=3) == 6000


def test_long_sums_are_fine_but_size_and_depth_are_capped():
    assert value(" + ".join(["1"] * 900)) == 900
    with pytest.raises(TextError, match="quá dài"):
        parse_formula(" + ".join(["1"] * 3000), FACTS, FactType.INT)
    with pytest.raises(TextError, match="lồng quá"):
        parse_formula("(" * 5000 + "1" + ")" * 5000, FACTS, FactType.INT)
    with pytest.raises(TextError, match="lồng quá"):
        parse_formula("-" * 5000 + "1", FACTS, FactType.INT)


def test_results_beyond_exact_counting_are_refused():
    with pytest.raises(OutOfBoundsError):
        value("n * n * n", n=2**40)
    with pytest.raises(OutOfBoundsError):
        value("born + n", FactType.DAY, born=date(2026, 1, 1), n=2**60)


def test_a_formula_names_the_facts_it_reads_but_not_the_members_of_a_group():
    assert parse_formula("sum(originals, pages * n) + n", FACTS, FactType.INT).facts == ("originals", "n")
