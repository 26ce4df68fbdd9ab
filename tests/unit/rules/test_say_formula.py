"""A formula reads as a sentence, and two formulas that mean different things never read alike."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest

from rules.formula import Call, Compare, Formula, Name, Product, Sum, Whole, compute, parse_formula
from rules.formula.functions import ALIASES, KNOWN_FUNCTIONS
from rules.formula.running import running
from rules.say import formula as say_formula
from rules.say.formula import formula_said
from rules.scale import RateScale, Step
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source, Vocabulary


def fact(name, kind, label, members=(), codes=None, scale=0):
    return Fact(name, kind, label, Source.FORM, codes or {}, members=tuple(members), scale=scale)


SCALE = RateScale("tax", Text("Biểu thuế", "Tax scale"), (Step(None, 5),))


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
            fact("area", FactType.FIXED, Text("Diện tích", "Area"), scale=2),
            fact("seen", FactType.MOMENT, Text("Lúc khám", "Seen at")),
            fact("paid", FactType.MOMENT, Text("Lúc trả tiền", "Paid at")),
            fact("owner", FactType.TEXT, Text("Chủ", "Owner")),
            fact("payer", FactType.TEXT, Text("Người trả", "Payer")),
            fact("marks", FactType.CODES, Text("Diện", "Groups"), codes={"a": Text("Nghèo", "Poor")}),
            fact("limits.days", FactType.INT, Text("Số ngày tối đa", "Most days")),
        )
    }
)


def said(text: str, kind: FactType = FactType.INT, scale: int = 0) -> Text:
    return formula_said(parse_formula(text, FACTS, kind, scale=scale, scales={"tax": SCALE}), FACTS)


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


@pytest.mark.parametrize(
    ("text", "kind", "vi", "en"),
    [
        ("known(late)", "bool", "(đã biết “Số ngày quá hạn”)", "(“Days late” is known)"),
        ("not(poor)", "bool", "(không phải: “Hộ nghèo”)", "(not: “Poor household”)"),
        (
            "and(poor, late > 2)",
            "bool",
            "(“Hộ nghèo” và (“Số ngày quá hạn” lớn hơn 2))",
            "(“Poor household” and (“Days late” is more than 2))",
        ),
        (
            "or(poor, known(owner))",
            "bool",
            "(“Hộ nghèo” hoặc (đã biết “Chủ”))",
            "(“Poor household” or (“Owner” is known))",
        ),
        ("same(owner, payer)", "bool", "(“Chủ” trùng với “Người trả”)", "(“Owner” is the same as “Payer”)"),
        ('in(by, "self")', "bool", "(“Người nộp” là một trong: “Chính chủ”)", "(“Người nộp” is one of: “The owner”)"),
        ('has(marks, "a")', "bool", "(“Diện” có “Nghèo”)", "(“Groups” includes “Poor”)"),
        (
            "between(late, 1, limits.days)",
            "bool",
            "(“Số ngày quá hạn” trong khoảng từ 1 đến “Số ngày tối đa”)",
            "(“Days late” lies from 1 to “Most days”)",
        ),
        ("seen < paid", "bool", "“Lúc khám” trước “Lúc trả tiền”", "“Seen at” is before “Paid at”"),
        ("seen = paid", "bool", "“Lúc khám” cùng lúc với “Lúc trả tiền”", "“Seen at” is the same moment as “Paid at”"),
        (
            "max(seen, paid) > seen",
            "bool",
            "thời điểm muộn nhất trong (“Lúc khám”; “Lúc trả tiền”) sau “Lúc khám”",
            "the latest moment of (“Seen at”; “Paid at”) is after “Seen at”",
        ),
        (
            "divide(price, 3, up, 1000)",
            "money",
            "(“Đơn giá” chia cho 3, làm tròn lên, đến bội số của 1.000)",
            "(“Price” divided by 3, rounded up, to a multiple of 1,000)",
        ),
        (
            "round(area * 0.15, 1, down)",
            "int",
            "(“Diện tích” × 0,15, làm tròn xuống)",
            "(“Area” × 0.15, rounded down)",
        ),
        (
            "percent(price, 12.5)",
            "money",
            "(12,5 phần trăm của “Đơn giá”, làm tròn đến số gần nhất)",
            "(12.5 percent of “Price”, rounded to the nearest)",
        ),
        (
            "tiered(late, tax)",
            "money",
            "(mức theo biểu “Biểu thuế” cho “Số ngày quá hạn”)",
            "(what the scale “Tax scale” ",
        ),
        (
            "age(born, asked)",
            "int",
            "(số tuổi tròn của người sinh “Ngày sinh” vào “Ngày nộp”)",
            "(the age in whole years",
        ),
        (
            "months_between(born, asked)",
            "int",
            "(số tháng tròn từ “Ngày sinh” đến “Ngày nộp”)",
            "(the number of whole m",
        ),
        (
            "years_between(born, asked)",
            "int",
            "(số năm tròn từ “Ngày sinh” đến “Ngày nộp”)",
            "(the number of whole year",
        ),
        ("add_months(born, 2)", "day", "(sau “Ngày sinh” đúng 2 tháng)", "(2 months after “Day of birth”)"),
        ("add_years(born, 2)", "day", "(sau “Ngày sinh” đúng 2 năm)", "(2 years after “Day of birth”)"),
        (
            "add_working_days(end_of_month(born), 2)",
            "day",
            "(sau (ngày cuối tháng của “Ngày sinh”) đủ 2 ngày làm việc)",
            "(2 working days after (the last day of the month of “Day of birth”))",
        ),
        ("end_of_year(born)", "day", "(ngày cuối năm của “Ngày sinh”)", "(the last day of the year of “Day of birth”)"),
        ("year_of(born) + month_of(born)", "int", "(năm của “Ngày sinh”) + (tháng của “Ngày sinh”)", "(the year of “"),
        ('day("2026-08-15") + late', "day", "ngày 15/08/2026 + “Số ngày quá hạn”", "15/08/2026 + “Days late”"),
        ("any(originals, pages > 1)", "bool", "có dòng của “Bản chính” mà [“Số trang” lớn hơn 1]", "there is a row of"),
        ("all(originals, pages > 1)", "bool", "mọi dòng của “Bản chính” đều [“Số trang” lớn hơn 1]", "every row of “O"),
        (
            "count(originals, pages > 1)",
            "int",
            "số dòng của “Bản chính” mà [“Số trang” lớn hơn 1]",
            "the number of row",
        ),
        (
            "min(originals, pages)",
            "int",
            "số nhỏ nhất theo từng dòng của “Bản chính”: [“Số trang”]",
            "the smallest over",
        ),
    ],
)
def test_every_function_of_formulas_is_said(text, kind, vi, en):
    found = said(text, FactType(kind))
    assert found.vi == vi
    assert found.en.startswith(en)


def test_no_function_of_formulas_is_without_words():
    spoken = {*say_formula._CALLS, *say_formula._LISTED, *say_formula._OVERS}
    trees = {"day", "divide", "round", "percent", "tiered"}
    assert set(KNOWN_FUNCTIONS) - set(ALIASES) <= spoken | trees


def test_codes_that_a_formula_gives_are_said_by_the_labels_of_its_list():
    formula = parse_formula('if(poor, "x", "y")', FACTS, FactType.CODE)
    labels = {"x": Text("Nhanh", "Fast"), "y": Text("Chậm", "Slow")}
    assert formula_said(formula, FACTS, labels).en == "(if “Poor household” then “Fast”, otherwise “Slow”)"


def test_a_day_is_counted_in_days_and_moved_off_a_day_off():
    assert said("roll(born + 60)", FactType.DAY).vi == (
        "(“Ngày sinh” + 60 ngày; rơi vào ngày nghỉ thì lấy ngày làm việc kế tiếp)"
    )
    assert said("min(born, asked)", FactType.DAY).vi == "ngày sớm nhất trong (“Ngày sinh”; “Ngày nộp”)"
    assert said("max(born, roll(asked))", FactType.DAY).english.startswith("the latest day of (“Day of birth”; ")


class Calendar:
    def roll(self, day: date) -> date:
        return day + timedelta(days=day.weekday() % 3)

    def add_working_days(self, day: date, amount: int) -> date:
        return day + timedelta(days=2 * amount)


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
        formula = Formula("", tree, FactType.INT, (), (), (), (), running(tree))
        results[formula_said(formula, FACTS).vi].add(tuple(compute(formula, facts, Calendar()) for facts in given))
    assert len(results) > 3000
    assert [(sentence, values) for sentence, values in results.items() if len(values) > 1] == []
