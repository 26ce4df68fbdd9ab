"""Money, periods, citations and texts say what the law says."""

from datetime import date

import pytest

from rules.errors import RulesError
from rules.values import LegalBasis, LegalDocument, Money, Period, clean


@pytest.mark.parametrize(("amount", "percent", "left"), [(5000, 50, 2500), (10001, 50, 5001), (3, 50, 2), (7, 100, 0)])
def test_a_reduction_rounds_half_up_to_a_whole_dong(amount, percent, left):
    assert Money(amount).less(percent) == Money(left)


def test_money_is_said_as_people_write_it():
    assert Money(1_000_000).words == "1.000.000 đ"
    assert Money(1050, "USD").words == "10,50 USD"


def test_money_beyond_exact_counting_is_refused():
    with pytest.raises(RulesError, match="vượt quá giới hạn"):
        Money(2**62)


def test_a_period_holds_its_first_day_and_not_its_last():
    period = Period(date(2026, 8, 15), date(2027, 3, 1))
    assert [
        period.holds(day) for day in (date(2026, 8, 14), date(2026, 8, 15), date(2027, 2, 28), date(2027, 3, 1))
    ] == [
        *(False, True),
        *(True, False),
    ]


def test_an_empty_period_is_refused():
    with pytest.raises(RulesError, match="rỗng"):
        Period(date(2026, 1, 2), date(2026, 1, 2))


def test_a_citation_reads_from_point_to_document():
    documents = {"tt": LegalDocument("tt", "Thông tư 226/2016/TT-BTC")}
    basis = LegalBasis("tt", article="4", clause="1", point="a", note="STT 4")
    assert basis.citation(documents) == "điểm a khoản 1 Điều 4 Thông tư 226/2016/TT-BTC (STT 4)"


def test_text_is_composed_and_broken_characters_are_refused():
    assert clean("Đồng") == "Đồng"
    with pytest.raises(RulesError, match="ký tự hỏng"):
        clean("a\ud800")
