"""Money, periods, citations and texts say what the law says."""

from datetime import date

import pytest

from rules.errors import RulesError
from rules.values import ALWAYS, LegalBasis, LegalDocument, Money, Period, Text, clean, counted


def test_money_is_said_as_people_write_it():
    assert Money(1_000_000).words == Text("1.000.000\u00a0đ", "1,000,000\u00a0đ")
    assert Money(105_050, "USD").words == Text("1.050,50\u00a0USD", "1,050.50\u00a0USD")
    assert Money(-1000).words == Text("-1.000\u00a0đ", "-1,000\u00a0đ")
    assert counted(12_000) == Text("12.000", "12,000")


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


def test_a_period_is_said_by_the_ends_it_has():
    since, until = date(2026, 8, 15), date(2027, 3, 1)
    assert Period(since, until).words == Text(
        "từ 15/08/2026 đến trước 01/03/2027", "from 15/08/2026 until before 01/03/2027"
    )
    assert Period(since).words == Text("từ 15/08/2026", "from 15/08/2026")
    assert Period(until=until).words == Text("đến trước 01/03/2027", "until before 01/03/2027")
    assert ALWAYS.words == Text("")


def test_a_text_without_english_is_read_in_vietnamese_and_a_plain_one_is_vietnamese():
    assert Text("Hộ nghèo").english == "Hộ nghèo"
    assert Text("Hộ nghèo", "Poor household").english == "Poor household"
    assert Text.from_data("3 ngày") == Text.from_data({"vi": "3 ngày"}) == Text("3 ngày")


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
