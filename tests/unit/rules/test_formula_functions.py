"""Decimals, units, division, percentages, scales, periods and groups in formulas, and what of them is refused."""

from datetime import date

import pytest

from rules.errors import OutOfBoundsError, TextError
from rules.formula import compute, parse_formula
from rules.rounding import How, Rounding
from rules.scale import RateScale, Step
from rules.values import Text
from rules.vocabulary import Fact, FactType, Source, Vocabulary
from tests.definitions import office

INT, FIXED, MONEY, BOOL, DAY = FactType.INT, FactType.FIXED, FactType.MONEY, FactType.BOOL, FactType.DAY


def fact(name, kind, *, unit="", scale=0, codes=(), members=()):
    return Fact(
        name, kind, Text(name), Source.FORM, {code: Text(code) for code in codes}, unit, "", tuple(members), scale
    )


FACTS = Vocabulary(
    {
        each.id: each
        for each in (
            fact("n", INT),
            fact("pages", INT, unit="page"),
            fact("copies", INT, unit="copy"),
            fact("width", INT, unit="metre"),
            fact("area", FIXED, unit="square_metre", scale=1),
            fact("rate", FIXED, unit="percent", scale=2),
            fact("price", MONEY),
            fact("paid", MONEY),
            fact("poor", BOOL),
            fact("rural", BOOL),
            fact("born", DAY),
            fact("at", FactType.MOMENT),
            fact("owner", FactType.TEXT),
            fact("filer", FactType.TEXT),
            fact("kind", FactType.CODE, codes=("a", "b", "c")),
            fact("marks", FactType.CODES, codes=("poor", "merit")),
            fact("ward.kind", FactType.CODE, codes=("ward", "commune")),
            fact("limits.days", INT, unit="day"),
            fact(
                "plots",
                FactType.GROUP,
                members=(
                    fact("size", FIXED, unit="square_metre", scale=2),
                    fact("built", BOOL),
                    fact("use", FactType.CODE, codes=("home", "farm")),
                    fact("holder", FactType.TEXT),
                ),
            ),
        )
    }
)
SCALES = {
    "copies": RateScale("copies", Text("Theo trang"), (Step(2, 2000), Step(None, 1000)), unit="page"),
    "land": RateScale(
        "land",
        Text("Theo diện tích"),
        (Step(1005, 500), Step(None, 250)),
        unit="square_metre",
        digits=1,
        rounding=Rounding(How.UP, 100),
    ),
    "value": RateScale(
        "value",
        Text("Theo giá trị"),
        (Step(50_000_000, 5_000_000), Step(1_000_000_000, 4_000_000), Step(None, 200_000)),
        percent=True,
        rounding=Rounding(),
    ),
}
CALENDAR = office(date(2026, 9, 2)).calendar


def value(text, kind=INT, /, *, unit="", scale=0, codes=(), **facts):
    formula = parse_formula(text, FACTS, kind, unit=unit, scale=scale, codes=codes, scales=SCALES)
    return compute(formula, {name.replace("__", "."): each for name, each in facts.items()}, CALENDAR)


def refusal(text, kind=INT, **more):
    with pytest.raises(TextError) as refused:
        parse_formula(text, FACTS, kind, scales=SCALES, **more)
    return refused.value


@pytest.mark.parametrize(
    ("text", "scale", "wanted"),
    [
        ("0.15 + 1", 2, 115),
        ("1.000 + 0.5", 1, 10005),
        ("12.5 * 0.2", 2, 250),
        ("12.50", 1, 125),
        ("area + 1", 1, 1214),
        ("area * 0.5 * 0.5", 3, 30_100),
        ("max(area, 200)", 1, 2000),
        ("if(area > 120.35, 1.5, n)", 1, 15),
        ("-area", 1, -1204),
        ("n", 3, 7000),
    ],
)
def test_decimals_are_exact_and_meet_at_the_finest_digit(text, scale, wanted):
    assert value(text, FIXED, scale=scale, area=1204, n=7) == wanted


def test_a_whole_number_and_a_measure_compare_by_what_they_say():
    assert value("area >= 120.4", BOOL, area=1204) is True
    assert value("area > n", BOOL, area=1204, n=120) is True
    assert value("area = 120", BOOL, area=1200) is True


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("divide(10, 4, up)", 3),
        ("divide(10, 4, down)", 2),
        ("divide(10, 4, half_up)", 3),
        ("divide(-10, 4, half_up)", -2),
        ("divide(-10, 4, up)", -2),
        ("divide(-10, 4, down)", -3),
        ("divide(10, -4, down)", -3),
        ("divide(1234567, 1, half_up, 1000)", 1_235_000),
        ("divide(area, 0.5, down)", 240),
        ("divide(7, area, up)", 1),
        ('chia(10; 4; làm_tròn: "lên")', 3),
        ("chia(12345; 10; làm_tròn: xuống; đến: 1000)", 1000),
        ('chia(10; 4; "gần nhất")', 3),
        ("round(area, 1, half_up)", 120),
        ("round(area, 50, up)", 150),
        ("round(12345, 1000, down)", 12000),
        ("percent(200, 12.5)", 25),
        ("percent(10, 15)", 2),
        ("percent(10, 15, down)", 1),
        ("percent(1000, rate)", 83),
    ],
)
def test_division_and_rounding_go_the_stated_way(text, wanted):
    assert value(text, area=1204, rate=825) == wanted


def test_rounding_to_a_part_of_one_keeps_its_digits():
    assert value("divide(10, 3, down, 0.01)", FIXED, scale=2) == 333
    assert value("round(area * 0.333, 0.5, up)", FIXED, scale=1, area=1204) == 405


def test_money_takes_decimals_only_through_rounding():
    assert value("round(price * 0.15, 1, half_up)", MONEY, price=10_003) == 1500
    assert value("percent(price, rate, up)", MONEY, price=10_001, rate=825) == 826
    assert value("divide(price, 3, up, 1000)", MONEY, price=10_000) == 4000
    assert value("divide(price, paid, down)", price=10_000, paid=3000) == 3
    refused = refusal("price * 0.15", MONEY)
    assert "số tiền có 2 chữ số lẻ" in refused.what
    assert "round(…, 1, half_up)" in refused.hint


@pytest.mark.parametrize(("pages", "fee"), [(-3, 0), (0, 0), (1, 2000), (2, 4000), (3, 5000), (10, 12000)])
def test_a_progressive_scale_takes_each_part_at_its_own_rate(pages, fee):
    assert value("tiered(pages, copies)", MONEY, pages=pages) == fee
    assert value("bậc_thang(pages; copies)", MONEY, pages=pages) == fee


@pytest.mark.parametrize(
    ("size", "fee"), [(1005, 50_300), (1004, 50_200), (1006, 50_300), (2005, 75_300), (10, 500), (1, 100)]
)
def test_a_scale_over_a_measure_is_rounded_once_over_the_whole(size, fee):
    assert value("tiered(area, land)", MONEY, area=size) == fee


@pytest.mark.parametrize(
    ("worth", "fee"), [(1_000_001, 50_000), (50_000_000, 2_500_000), (60_000_000, 2_900_000), (2 * 10**9, 42_500_000)]
)
def test_a_scale_in_percent_goes_over_an_amount(worth, fee):
    assert value("tiered(price, value)", MONEY, price=worth) == fee


@pytest.mark.parametrize(
    ("text", "kind", "facts", "wanted"),
    [
        ("age(born, day(\"2026-02-27\"))", INT, {"born": date(2008, 2, 29)}, 17),
        ("age(born, day(\"2026-02-28\"))", INT, {"born": date(2008, 2, 29)}, 18),
        ("years_between(day(\"2026-02-28\"), born)", INT, {"born": date(2008, 2, 29)}, -18),
        ("months_between(born, day(\"2026-02-28\"))", INT, {"born": date(2026, 1, 31)}, 1),
        ("months_between(born, day(\"2026-03-30\"))", INT, {"born": date(2026, 1, 31)}, 1),
        ("months_between(day(\"2026-03-30\"), born)", INT, {"born": date(2026, 1, 31)}, -1),
        ("add_months(born, 1)", DAY, {"born": date(2026, 1, 31)}, date(2026, 2, 28)),
        ("add_months(born, -11)", DAY, {"born": date(2025, 1, 31)}, date(2024, 2, 29)),
        ("add_years(born, 1)", DAY, {"born": date(2024, 2, 29)}, date(2025, 2, 28)),
        ("end_of_month(born)", DAY, {"born": date(2024, 2, 3)}, date(2024, 2, 29)),
        ("end_of_year(born)", DAY, {"born": date(2024, 2, 3)}, date(2024, 12, 31)),
        ("year_of(born) * 100 + month_of(born)", INT, {"born": date(2024, 2, 3)}, 202402),
        ("roll(born)", DAY, {"born": date(2026, 9, 2)}, date(2026, 9, 3)),
        ("add_working_days(born, 2)", DAY, {"born": date(2026, 9, 1)}, date(2026, 9, 4)),
        ("add_working_days(born, -1)", DAY, {"born": date(2026, 9, 3)}, date(2026, 9, 1)),
        ("add_working_days(born, 0)", DAY, {"born": date(2026, 9, 2)}, date(2026, 9, 2)),
        ("max(born, day(\"2026-01-01\"))", DAY, {"born": date(2024, 2, 3)}, date(2026, 1, 1)),
        ("between(born, day(\"2024-02-03\"), day(\"2024-02-03\"))", BOOL, {"born": date(2024, 2, 3)}, True),
    ],
)  # fmt: skip
def test_days_and_periods_are_reckoned_as_the_law_does(text, kind, facts, wanted):
    assert value(text, kind, **facts) == wanted


PLOTS = [
    {"size": 12_050, "built": True, "use": "home", "holder": "Nguyễn Văn  An"},
    {"size": 30_000, "built": False, "use": "farm", "holder": "Trần Thị Bình"},
]


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("any(plots, built)", BOOL, True),
        ("all(plots, plots.built)", BOOL, False),
        ("count(plots)", INT, 2),
        ("count(plots, size > 200)", INT, 1),
        ("round(sum(plots, size), 1, half_up)", INT, 421),
        ("round(max(plots, size), 1, half_up)", INT, 300),
        ("round(min(plots, if(built, size, 500)), 1, down)", INT, 120),
        ('any(plots, use = "farm")', BOOL, True),
        ("any(plots, same(holder, owner))", BOOL, True),
    ],
)
def test_groups_are_gone_over_row_by_row(text, kind, wanted):
    assert value(text, kind, plots=PLOTS, owner="nguyễn văn an") == wanted


def test_no_rows_give_no_sum_but_also_no_smallest():
    assert value("sum(plots, round(size, 1, up))", plots=[]) == 0
    assert value("any(plots, built)", BOOL, plots=[]) is False
    assert value("all(plots, built)", BOOL, plots=[]) is True
    assert value("min(plots, round(size, 1, up))", plots=[]) is None


@pytest.mark.parametrize(
    ("text", "facts", "wanted"),
    [
        ("and(poor, rural)", {"poor": False}, False),
        ("and(rural, poor)", {"poor": False}, False),
        ("and(poor, rural)", {"poor": True}, None),
        ("or(rural, poor)", {"poor": True}, True),
        ("or(rural, poor)", {"poor": False}, None),
        ("not(poor)", {}, None),
        ("not(poor)", {"poor": False}, True),
        ("known(poor)", {}, False),
        ("and(known(n), n > 3)", {}, False),
        ("known(owner)", {"owner": "An"}, True),
        ("any(plots, built)", {"plots": [{}, {"built": True}]}, True),
        ("any(plots, built)", {"plots": [{}, {"built": False}]}, None),
        ("all(plots, built)", {"plots": [{}, {"built": False}]}, False),
        ("all(plots, known(built))", {"plots": [{"built": True}, {}]}, False),
        ("if(known(n), n > 3, poor)", {"poor": True}, True),
        ("in(kind, \"a\", \"b\")", {"kind": "b"}, True),
        ("in(kind, \"a\", \"b\")", {"kind": "c"}, False),
        ("has(marks, \"poor\")", {"marks": ["merit"]}, False),
        ("has(marks, \"poor\")", {"marks": ["merit", "poor"]}, True),
        ("has(marks, \"poor\")", {}, None),
        ("same(owner, filer)", {"owner": "An", "filer": "Bình"}, False),
    ],
)  # fmt: skip
def test_conditions_are_unknown_only_where_the_unknown_could_decide(text, facts, wanted):
    assert value(text, BOOL, **facts) is wanted


def test_names_with_a_dot_are_facts_of_lists_and_tables():
    assert value('if(ward.kind = "ward", 1, 2)', ward__kind="commune") == 2
    formula = parse_formula("limits.days + 1", FACTS, INT)
    assert formula.facts == ("limits.days",)
    assert compute(formula, {"limits.days": 4}, CALENDAR) == 5


def test_a_formula_may_choose_a_code_of_its_list():
    assert value('if(poor, "a", kind)', FactType.CODE, codes=("a", "b", "c"), poor=False, kind="c") == "c"
    refused = refusal('if(poor, "a", "low")', FactType.CODE, codes=("a", "slow"))
    assert "không có mã “low”" in refused.what
    assert "slow" in refused.hint


def test_moments_are_compared_and_handed_on():
    assert parse_formula("at", FACTS, FactType.MOMENT).type is FactType.MOMENT
    assert "thời điểm với ngày" in refusal("at > born", BOOL).what


@pytest.mark.parametrize(
    ("text", "kind", "position", "said"),
    [
        ("pages + copies", INT, 7, "trang và bản"),
        ("price + pages", MONEY, 7, "đồng và trang"),
        ("pages > copies", BOOL, 7, "cùng một đơn vị"),
        ("min(pages, copies)", INT, 1, "cùng một đơn vị"),
        ("price * paid", MONEY, 7, "số tiền với số tiền"),
        ("price * rate", MONEY, 7, "percent(số tiền, tỷ lệ)"),
        ("percent(price, pages)", MONEY, 1, "tính bằng %"),
        ("born + pages", DAY, 6, "tính bằng ngày"),
        ("add_months(born, pages)", DAY, 1, "tính bằng tháng"),
        ("tiered(copies, copies)", MONEY, 1, "tính bằng trang"),
        ("tiered(pages, value)", MONEY, 1, "đồng"),
        ("tiered(pages, copie)", MONEY, 15, "copies"),
        ("pages", MONEY, 1, "số nguyên (trang), cần số tiền"),
        ("0.001 * area * 0.001", FIXED, 14, "quá 6 chữ số"),
        ("area", INT, 1, "round(…, 1, half_up)"),
        ("divide(n, 0, up)", INT, 1, "Không chia cho 0"),
        ("divide(n, price, up)", INT, 1, "cho số tiền"),
        ("divide(n, 2)", INT, 12, "Cần “,”"),
        ("divide(n, 2, upp)", INT, 14, "up"),
        ("round(n, 0, up)", INT, 10, "lớn hơn 0"),
        ("n * 0,15", INT, 6, "Số thập phân viết 0.15; hai số thì thêm dấu cách sau dấu phẩy: 0, 15."),
        ("n * 1.000,5", INT, 10, "Số thập phân viết 1000.5; hai số"),
        ("n * 2,125", INT, 6, "Số thập phân viết 2.1250; hai số"),
        ("round(n*1.5,1,up)", INT, 12, "hay hai số. Hai số thì thêm dấu cách sau dấu phẩy: 1.5, 1."),
        ("max(1,2.5)", INT, 6, "hay hai số. Hai số thì thêm dấu cách sau dấu phẩy: 1, 2.5."),
        ("1234.567", INT, 1, "Không rõ “1234.567”"),
        ("0.1234567", INT, 1, "quá 6 chữ số thập phân"),
        ("day(\"2026-02-30\")", DAY, 5, "Không đọc được ngày"),
        ("plots.size", INT, 1, "trường trong nhóm"),
        ("any(plots, all(plots, built))", BOOL, 12, "bên trong any"),
        ("any(plots, size)", BOOL, 1, "có hoặc không"),
        ("sum(plot, 1)", INT, 5, "plots"),
        ("in(kind, \"d\")", BOOL, 10, "không có mã “d”"),
        ("has(marks, \"por\")", BOOL, 12, "poor"),
        ("has(kind, \"a\")", BOOL, 5, "nhiều mã"),
        ("marks", INT, 1, "has("),
        ("same(owner, n)", BOOL, 13, "chữ"),
        ("known(5)", BOOL, 7, "Cần tên dữ kiện"),
        ("and(poor, 1)", BOOL, 1, "có hoặc không"),
        ("if(poor, 1, born)", INT, 1, "cùng một loại"),
        ("not(poor, rural)", BOOL, 1, "not(điều kiện)"),
        ("ages(born, born)", INT, 1, "age"),
        ("agee", INT, 1, "Không có dữ kiện"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_character(text, kind, position, said):
    refused = refusal(text, kind, scale=2 if kind is FIXED else 0)
    assert refused.position == position
    assert said in f"{refused.what} {refused.hint}"


def test_metres_times_metres_are_square_metres():
    assert value("area + width * width", FIXED, unit="square_metre", scale=1, area=5, width=3) == 95
    assert "m² và m" in refusal("area + width", FIXED, scale=1).what


def test_a_rate_written_in_the_formula_turns_any_unit_into_money():
    assert value("2000 * pages + 500 * copies", MONEY, pages=3, copies=2) == 7000


def test_a_result_in_another_unit_is_refused():
    assert "số nguyên (trang), cần số nguyên (bản)" in refusal("pages", INT, unit="copy").what
    assert value("pages", INT, unit="page", pages=4) == 4


def test_dividing_by_nothing_is_out_of_bounds_never_a_crash():
    with pytest.raises(OutOfBoundsError, match="chia cho 0"):
        value("divide(10, n, up)", n=0)


@pytest.mark.parametrize("text", ["add_months(born, n)", "add_years(born, n)", "add_working_days(born, n)", "born - n"])
def test_a_day_outside_the_calendar_is_out_of_bounds(text):
    with pytest.raises(OutOfBoundsError):
        value(text, DAY, born=date(2026, 1, 1), n=2**60)


def test_five_thousand_levels_of_any_kind_are_a_sentence():
    for opened, inner, closed in (("not(", "poor", ")"), ("if(poor, 1, ", "2", ")"), ("and(", "poor", ")")):
        with pytest.raises(TextError, match=r"lồng quá|dài quá|quá dài"):
            parse_formula(opened * 1600 + inner + closed * 1600, FACTS, BOOL)
    with pytest.raises(TextError, match="dài quá"):
        parse_formula("(" * 500_000, FACTS, BOOL)


def test_thirty_levels_are_still_fine():
    assert value("(" * 30 + "n" + ")" * 30, n=3) == 3


def test_a_formula_names_what_it_reads_and_what_it_sees_as_unknown():
    formula = parse_formula("if(any(plots, known(built)), n, count(plots, same(holder, owner)))", FACTS, INT)
    assert formula.facts == ("plots", "n", "owner")
    assert formula.peeks == ("plots",)
    assert formula.members == ("plots.built", "plots.holder")
