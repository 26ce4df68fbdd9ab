"""A formula reads as a sentence, and two formulas that mean different things never read alike."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest

from rules.formula import Call, Compare, Formula, Name, Product, Sum, Whole, compute, parse_formula
from rules.say.formula import formula_said
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source, Vocabulary


def fact(name, kind, label, members=(), codes=None):
    return Fact(name, kind, label, Source.FORM, codes or {}, members=tuple(members))


PAGES = fact("pages", FactType.INT, Text("Số trang", "Pages"))
FACTS = Vocabulary(
    {
        each.id: each
        for each in (
            fact("late", FactType.INT, Text("Số ngày quá hạn", "Days late")),
            fact("price", FactType.MONEY, Text("Đơn giá", "Price")),
            fact("poor", FactType.BOOL, Text("Hộ nghèo", "Poor household")),
            fact("born", FactType.DAY, Text("Ngày sinh", "Day of birth")),
            fact("asked", FactType.DAY, Text("Ngày nộp", "Day of filing")),
            fact("by", FactType.CODE, Text("Người nộp"), codes={"self": Text("Chính chủ", "The owner")}),
            fact("originals", FactType.GROUP, Text("Bản chính", "Originals"), [PAGES]),
        )
    }
)


def said(text: str, kind: FactType = FactType.INT) -> Text:
    return formula_said(parse_formula(text, FACTS, kind), FACTS)


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("2000 * late", "2.000 × “Số ngày quá hạn”", "2,000 × “Days late”"),
        ("-(late + 1)", "− (“Số ngày quá hạn” + 1)", "− (“Days late” + 1)"),
        ("2 * (late - 1)", "2 × (“Số ngày quá hạn” − 1)", "2 × (“Days late” − 1)"),
        (
            "max(late - 2, 0)",
            "số lớn nhất trong (“Số ngày quá hạn” − 2; 0)",
            "the largest of (“Days late” − 2; 0)",
        ),
        (
            'if(by = "self", 0, late)',
            "(nếu “Người nộp” là “Chính chủ” thì 0, nếu không thì “Số ngày quá hạn”)",
            "(if “Người nộp” is “The owner” then 0, otherwise “Days late”)",
        ),
        (
            "if(late >= 31, 1, 2)",
            "(nếu “Số ngày quá hạn” ít nhất bằng 31 thì 1, nếu không thì 2)",
            "(if “Days late” is at least 31 then 1, otherwise 2)",
        ),
        (
            "if(born <= asked, 1, 2)",
            "(nếu “Ngày sinh” không muộn hơn “Ngày nộp” thì 1, nếu không thì 2)",
            "(if “Day of birth” is not later than “Day of filing” then 1, otherwise 2)",
        ),
        ("if(poor, 0, 5)", "(nếu “Hộ nghèo” thì 0, nếu không thì 5)", "(if “Poor household” then 0, otherwise 5)"),
        (
            "days_between(born, asked) + 3",
            "(số ngày từ “Ngày sinh” đến “Ngày nộp”) + 3",
            "(the number of days from “Day of birth” to “Day of filing”) + 3",
        ),
        (
            "days_between(born, asked + 3)",
            "số ngày từ “Ngày sinh” đến (“Ngày nộp” + 3 ngày)",
            "the number of days from “Day of birth” to (“Day of filing” + 3 days)",
        ),
        (
            "sum(originals, 2 * pages)",
            "tổng theo từng dòng của “Bản chính”: [2 × “Số trang”]",
            "the sum over the rows of “Originals”: [2 × “Pages”]",
        ),
        ("count(originals)", "số dòng của “Bản chính”", "the number of rows of “Originals”"),
    ],
)
def test_a_formula_is_said_with_the_labels_of_its_facts(text, vi, en):
    assert said(text) == Text(vi, en)


def test_a_day_is_counted_in_days_and_moved_off_a_day_off():
    assert said("roll(born + 60)", FactType.DAY).vi == (
        "(“Ngày sinh” + 60 ngày; rơi vào ngày nghỉ thì lấy ngày làm việc kế tiếp)"
    )
    assert said("min(born, asked)", FactType.DAY).vi == "ngày sớm nhất trong (“Ngày sinh”; “Ngày nộp”)"
    assert said("max(born, roll(asked))", FactType.DAY).english.startswith("the latest day of (“Day of birth”; ")


def roll(day: date) -> date:
    return day + timedelta(days=day.weekday() % 3)


def larger(atoms):
    """Yield every tree of one operation over these."""
    for one, other in product(atoms, repeat=2):
        yield from (Sum(((1, one), (sign, other))) for sign in (1, -1))
        yield Product((one, other))
        yield from (Call(name, (one, other)) for name in ("min", "max"))
        yield Call("if", (Compare("<", one, other), other, one))
    yield from (Sum(((-1, one),)) for one in atoms)


def test_formulas_that_read_alike_give_the_same_result():
    late, born, asked = Name("late"), Name("born"), Name("asked")
    days = [born, asked, Sum(((1, asked), (1, late))), Sum(((1, asked), (-1, Whole(2)))), Call("roll", (born,))]
    between = [Call("days_between", pair) for pair in product(days, repeat=2)]
    small = [late, Whole(2), *between[:4], *larger((late, Whole(2), Name("price")))]
    given = [
        {"late": late_days, "price": price, "born": date(2026, 5, 1), "asked": date(2026, 5, 1 + late_days)}
        for late_days, price in ((3, 7), (11, -5), (5, 2))
    ]
    results = defaultdict(set)
    for tree in [*between, *small, *larger(small)]:
        formula = Formula("", tree, FactType.INT)
        results[formula_said(formula, FACTS).vi].add(tuple(compute(formula, facts, roll) for facts in given))
    assert len(results) > 3000
    assert [(sentence, values) for sentence, values in results.items() if len(values) > 1] == []
