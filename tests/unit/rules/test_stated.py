"""Announced fee and time are read as far as they can be, and told where they and the rules disagree."""

import json
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest

from app.importers.strict_yaml import load
from rules.check.announced import FeeSaid, TimeSaid, fee_said, time_said
from rules.check.findings import FindingKind
from rules.check.procedure import check
from rules.clock.spans import LimitUnit
from rules.codec import canonical_json, definition_from, law_hash
from rules.errors import DefinitionError, Severity
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from tests.definitions import cut_table, data, definition, fee_table, limit_table, office, row, table

COPIES = Path(__file__).parents[3] / "samples" / "procedures" / "2.000815.yaml"
FEES = {
    "8,000 VNĐ": FeeSaid(frozenset({("VND", 8000)})),
    "20.000 đồng": FeeSaid(frozenset({("VND", 20000)})),
    "2,000 Việt Nam Đồng(/trang)": FeeSaid(frozenset({("VND", 2000)})),
    "2.000 đồng/trang; từ trang thứ 3: 1.000 đồng/trang, tối đa 200.000 đồng/bản": FeeSaid(
        frozenset({("VND", 2000), ("VND", 1000), ("VND", 200000)})
    ),
    "10.000 (mười nghìn) đồng": FeeSaid(frozenset({("VND", 10000)})),
    "1,5 triệu đồng": FeeSaid(frozenset({("VND", 1500000)})),
    "12,50 USD": FeeSaid(frozenset({("USD", 1250)})),
    "8.000": FeeSaid(frozenset({("VND", 8000)})),
    "Không": FeeSaid(free=True),
    "Miễn phí": FeeSaid(free=True),
    "Miễn lệ phí đối với hộ nghèo": FeeSaid(free=True, is_open=True),
    "Miễn phí (Mức cụ thể do Hội đồng nhân dân tỉnh quyết định)": FeeSaid(free=True, is_open=True),
    "8,000 đến 12.000 đồng": FeeSaid(frozenset({("VND", 12000)}), is_open=True),
    "1,500 triệu đồng": FeeSaid(is_open=True),
    "0,1% giá trị hợp đồng": FeeSaid(is_open=True),
    "Không có thông tin": FeeSaid(),
    "Thông tư số 281/2016/TT-BTC ngày 14/11/2016": FeeSaid(),
}
WORKING, CALENDAR = LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS
TIMES = {
    "02 ngày làm việc": TimeSaid(frozenset({(WORKING, 2)})),
    "17 Ngày làm việc": TimeSaid(frozenset({(WORKING, 17)})),
    "Không quá 05 (năm) ngày làm việc": TimeSaid(frozenset({(WORKING, 5)})),
    "mười lăm ngày kể từ ngày nhận hồ sơ": TimeSaid(frozenset({(CALENDAR, 15)})),
    "03 – 05 ngày": TimeSaid(frozenset({(CALENDAR, 3), (CALENDAR, 5)})),
    "24 giờ": TimeSaid(frozenset({(LimitUnit.HOURS, 24)})),
    "08 giờ làm việc": TimeSaid(frozenset({(LimitUnit.WORKING_HOURS, 8)})),
    "Trong ngày": TimeSaid(frozenset({(LimitUnit.SAME_DAY, 0)})),
    "Trong ngày; nhận sau 15 giờ thì trả trong ngày làm việc tiếp theo": TimeSaid(
        frozenset({(LimitUnit.SAME_DAY, 0)}), is_open=True
    ),
    "từ ngày 10 tháng 12 năm 2026": TimeSaid(),
    "1": TimeSaid(),
    "nửa ngày": TimeSaid(is_open=True),
    "hai mươi lăm ngày": TimeSaid(is_open=True),
    "Không có thông tin": TimeSaid(),
}


@pytest.mark.parametrize("text", FEES)
def test_a_fee_is_read_as_the_catalogue_writes_it_and_left_open_where_it_may_mean_several_things(text):
    assert fee_said(text) == FEES[text]


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_read_as_the_catalogue_writes_it_and_left_open_where_it_may_mean_several_things(text):
    assert time_said(text) == TIMES[text]


def told(read):
    found = [each for each in check(read) if each.kind is FindingKind.STATED]
    return [replace(each, what=each.what.replace("\N{NO-BREAK SPACE}", " ")) for each in found]


def stating(tables=None, **stated):
    return definition(stated=[stated], **({"tables": tables} if tables else {}))


def warned(read):
    return [each for each in told(read) if each.severity is Severity.WARNING]


def came(read, finding):
    """The outcome of the dossier that shows a finding."""
    witness = finding.witness
    at = witness.at or datetime.combine(witness.on, time(9))
    return evaluate(compiled(read), dict(witness.facts), on=witness.on, at=at, office=office())


def test_words_that_say_what_the_rules_give_are_told_nothing_of():
    assert told(stating(fee="20.000 đồng; trực tuyến 5.000 đồng, quá hạn 10.001 đồng", time="03 ngày làm việc")) == []
    assert told(stating(way="counter", fee="20.000 đồng")) == []


def test_an_amount_that_no_rule_gives_is_told_with_a_dossier_that_pays_another():
    read = stating(way="counter", fee="8.000 đồng")
    wrong, lacking = warned(read)
    assert wrong.where == lacking.where == ("stated", 0, "fee")
    assert "nêu 8.000 đ mà không quy định nào cho" in wrong.what
    assert "không nêu mức 20.000 đ mà dòng “fee.counter” quy định" in lacking.what
    assert lacking.rows == ("fee.counter",)
    assert "Sửa lời công bố" in lacking.hint
    assert [line.base for line in came(read, lacking).charges] == [20000]


def test_a_fee_announced_as_free_meets_a_rule_that_charges_and_the_reverse():
    (charged,) = warned(stating(way="counter", fee="Miễn phí"))
    assert "không nêu mức 20.000 đ" in charged.what
    free = fee_table()
    free["rows"] = [row("fee.none", {}, {"amount": 0})]
    assert told(stating([free, cut_table(), limit_table()], fee="Miễn phí")) == []
    kinds = [each.what for each in warned(stating([free, cut_table(), limit_table()], fee="5.000 đồng"))]
    assert len(kinds) == 2
    assert "không nêu trường hợp không thu" in kinds[1]


def test_a_fee_that_a_reduction_takes_away_whole_is_free_as_announced():
    cuts = cut_table()
    cuts["rows"] = [row("cut.all", {}, {"percent": 100})]
    assert warned(stating([fee_table(), cuts, limit_table()], way="online", fee="Miễn phí")) == []


def test_a_time_that_differs_in_number_or_unit_is_told_with_the_limit_of_the_rules():
    for text in ("7 ngày làm việc", "03 ngày"):
        read = stating(time=text)
        wrong, lacking = warned(read)
        assert "không nêu thời hạn 3 ngày làm việc mà dòng “time.three” quy định" in lacking.what
        assert came(read, lacking).deadline.limit.amount == 3
        assert "chẳng hạn dòng “time.three”" in wrong.what


def test_a_row_that_no_dossier_filed_this_way_reaches_speaks_for_nothing():
    (wrong, _) = warned(stating(way="counter", fee="5.000 đồng"))
    assert "nêu 5.000 đ mà không quy định nào cho" in wrong.what


def test_what_ends_some_day_may_be_left_out_of_the_words_but_is_noted():
    limits = table(
        "limit",
        [],
        {"amount": "int", "unit": "code"},
        [
            row("time.old", {}, {"amount": 5, "unit": "working_days"}, until="2026-07-01"),
            row("time.new", {}, {"amount": 3, "unit": "working_days"}, since="2026-07-01"),
        ],
    )
    (noted,) = told(stating([fee_table(), cut_table(), limits], time="03 ngày làm việc"))
    assert (noted.severity, noted.rows) == (Severity.NOTE, ("time.old",))


@pytest.mark.parametrize("stated", [{"fee": "Theo quy định"}, {"time": "1"}, {"fee": "Không có thông tin"}])
def test_what_cannot_be_read_is_said_not_to_have_been_compared(stated):
    (noted,) = told(stating(**stated))
    assert noted.severity is Severity.NOTE
    assert "chưa đối chiếu được" in noted.what


def test_a_fee_left_partly_to_another_text_is_compared_only_where_it_says_a_figure():
    found = told(stating(way="counter", fee="Miễn phí, mức cụ thể do Hội đồng nhân dân tỉnh quyết định"))
    assert [each.severity for each in found] == [Severity.NOTE]


def test_what_is_announced_is_kept_and_is_no_part_of_the_law():
    stated = [{"way": "online", "fee": {"vi": "5.000 đồng"}, "time": {"vi": "03 ngày làm việc"}}]
    read = definition(stated=stated)
    assert json.loads(canonical_json(read))["stated"] == stated
    assert law_hash(read) == law_hash(definition())


@pytest.mark.parametrize(
    ("stated", "where"),
    [
        ([{"way": "pigeon", "fee": "Không"}], ("stated", 0, "way")),
        ([{"way": "online"}], ("stated", 0)),
        ([{"fee": "Không"}, {"fee": "5.000 đồng"}], ("stated", 1)),
    ],
)
def test_words_for_no_way_of_filing_or_twice_for_one_are_refused_by_their_place(stated, where):
    with pytest.raises(DefinitionError) as refused:
        definition_from(data(stated=stated))
    assert [problem.where for problem in refused.value.problems] == [where]


def test_what_a_formula_may_come_to_is_never_told_as_given_by_no_rule():
    """Two pages certified cost 4.000 đ by a formula, though no row says so."""
    sample = COPIES.read_text(encoding="utf-8")
    read = definition_from(load(f"stated: [{{fee: {{vi: 4.000 đồng}}}}]\n{sample}").data)
    assert {each.severity for each in told(read)} == {Severity.NOTE}
    assert any("chưa kết luận với 4.000 đ" in each.what for each in told(read))
