"""Money, periods, citations and texts say what the law says."""

from datetime import date

import pytest

from rules.citations import Citation, document_in_english
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
    basis = LegalBasis("tt", article="4", clause="1", point="a", note=Text("STT 4"))
    cited = basis.citation(documents)
    assert cited == "điểm a khoản 1 Điều 4 Thông tư 226/2016/TT-BTC (STT 4)"
    assert cited.english == "Article 4, clause 1, point a, Circular 226/2016/TT-BTC (STT 4)"
    assert cited.to_data() == cited


def test_a_citation_whose_note_has_english_is_kept_in_both_languages_and_compared_as_it_is_printed():
    documents = {"lht": LegalDocument("lht", "Luật Hộ tịch 60/2014/QH13")}
    cited = LegalBasis("lht", article="11", note=Text("ký trước mặt", "signed in the presence")).citation(documents)
    assert cited == "Điều 11 Luật Hộ tịch 60/2014/QH13 (ký trước mặt)"
    assert cited.english == "Article 11, Law on Civil Status 60/2014/QH13 (signed in the presence)"
    assert Citation.from_data(cited.to_data()).english == cited.english
    assert Citation.from_data(str(cited)) == cited


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Nghị quyết 39 ngày 18/07/2023 của Hội đồng nhân dân tỉnh Đồng Tháp",
         "Resolution 39 of 18/07/2023 of the People’s Council of Đồng Tháp"),
        ("Thông tư liên tịch 1/2015/TTLT-BTC", "Joint Circular 1/2015/TTLT-BTC"),
        ("Quyết định", "Decision"),
        ("Luật Trồng trọt 31/2018/QH14", "Law Trồng trọt 31/2018/QH14"),
        ("Lệnhx 1", "Lệnhx 1"),
        ("Tập quán", "Tập quán"),
    ],
)  # fmt: skip
def test_a_document_is_told_in_english_by_its_kind_and_a_law_by_its_subject(name, told):
    assert document_in_english(name) == told


def test_text_is_composed_and_broken_characters_are_refused():
    assert clean("Đồng") == "Đồng"
    with pytest.raises(RulesError, match="ký tự hỏng"):
        clean("a\ud800")
