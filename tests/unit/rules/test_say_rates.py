"""A formula of money reads as the fee schedule it stands for, and no two that differ read alike."""

from collections import defaultdict
from itertools import product

import pytest

from rules.formula import compute, parse_formula
from rules.say.rates import formula_sentence
from rules.values import Text
from rules.vocabulary import FactType
from tests.definitions import office
from tests.unit.rules.test_say_figures import CERTIFICATION, FACTS, SCALES, SPACE


def said(text: str) -> Text:
    return formula_sentence(parse_formula(text, FACTS, FactType.MONEY, scales=SCALES), FACTS)


@pytest.mark.parametrize(
    ("text", "vi"),
    [
        (
            CERTIFICATION,
            "với mỗi dòng của “Bản chính”, theo “Số trang”: 2.000 đ mỗi trang cho 2 trang đầu, "
            "cộng 1.000 đ mỗi trang từ trang thứ 3; nhưng không quá 200.000 đ; nhân với “Số bản”; "
            "rồi cộng các dòng lại",
        ),
        ("10000 * copies", "theo “Số bản”: 10.000 đ mỗi bản"),
        ("2000 * pages + 500 * copies", "theo “Số trang”: 2.000 đ mỗi trang; cộng theo “Số bản”: 500 đ mỗi bản"),
        ("max(50000, 1000 * pages)", "theo “Số trang”: 1.000 đ mỗi trang; nhưng không dưới 50.000 đ"),
        ("tiered(pages, by_page)", "mức theo biểu “Biểu trang” cho “Số trang”"),
        ("2 * price", "2 × “Giá chuyển nhượng”"),
        ("500000 * houses", "500.000 × “Số cơ sở”"),
    ],
)
def test_what_fee_schedules_are_made_of_is_said_as_they_say_it(text, vi):
    assert said(text).vi.replace(SPACE, " ") == vi


def test_the_english_says_the_same():
    assert said(CERTIFICATION).en.replace(SPACE, " ") == (
        "for each row of “Originals”, by “Pages”: 2,000 đ for each page of the first 2, "
        "plus 1,000 đ for each page from number 3 on; but no more than 200,000 đ; times “Copies”; "
        "then the rows are added up"
    )


def test_money_formulas_that_read_alike_give_the_same_amount():
    rates = ["7 * pages", "7 * copies", "7 * min(pages, 2)", "5 * max(pages - 2, 0)", "5 * max(pages - 3, 0)"]
    sums = [*rates, *(f"({one} + {other})" for one, other in product(rates, repeat=2))]
    limited = [*sums, *(f"{name}({each}, {most})" for name in ("min", "max") for each in sums for most in (9, 30))]
    times = [*limited, *(f"({each}) * copies" for each in limited), *(f"min(({each}) * copies, 30)" for each in sums)]
    results = defaultdict(set)
    for text in times:
        formula = parse_formula(text, FACTS, FactType.MONEY)
        given = [{"pages": pages, "copies": copies} for pages in (1, 2, 4) for copies in (1, 3)]
        results[formula_sentence(formula, FACTS).vi].add(
            tuple(compute(formula, facts, office().calendar) for facts in given)
        )
    assert len(results) > 200
    assert [sentence for sentence, values in results.items() if len(values) > 1] == []
