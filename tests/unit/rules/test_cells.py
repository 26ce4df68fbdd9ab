"""What is written in a cell means what a reader of Vietnamese takes it to mean, or is refused with its place."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.clock.calendar import LEGAL_TIME
from rules.errors import TextError
from rules.meaning import meaning
from rules.table.cell_text import parse_cell
from rules.table.cells import holds, words
from rules.values import Text
from rules.vocabulary import BUILT_IN, Fact, FactType, Source

MONEY = Fact("value", FactType.MONEY, Text("Giá trị"), Source.FORM)
CODES = {code: Text(label) for code, label in {"a": "Loại A", "b": "Loại B", "c": "Loại C"}.items()}
CODE = Fact("kind", FactType.CODE, Text("Loại"), Source.FORM, CODES)
MARKS = Fact("marks", FactType.CODES, Text("Các loại"), Source.FORM, CODES)
TITLE = Fact("title", FactType.TEXT, Text("Tên"), Source.FORM)
POOR = Fact("poor", FactType.BOOL, Text("Hộ nghèo"), Source.FORM)
DAY = BUILT_IN["accepted_on"]
AREA = Fact("area", FactType.FIXED, Text("Diện tích"), Source.FORM, unit="square_metre", scale=2)
SEEN = Fact("seen", FactType.MOMENT, Text("Lúc nộp"), Source.FORM)
OPENING = datetime(2026, 8, 15, 8, 0, tzinfo=LEGAL_TIME)


def passing(text, fact, candidates):
    test = parse_cell(text, fact).test
    return [value for value in candidates if holds(test, value)]


@pytest.mark.parametrize(
    ("texts", "passed"),
    [
        ((">= 300", "ít nhất 300", "≥300", "từ 300 trở lên", "tối thiểu 300 đ"), [300, 301]),
        (("[100..300)", "từ 100 đến dưới 300"), [100, 299]),
        (("từ 100 đến 300", "[100..300]"), [100, 299, 300]),
        (("> 299", "trên 299", "(299..]"), [300, 301]),
        (("< 100", "dưới 100"), [-5, 99]),
        (("<= 100", "không quá 100", "tối đa 100", "đến 100"), [-5, 99, 100]),
        (("100, 300", "[100..100], [300..300]"), [100, 300]),
        (("not(100)", "trừ 100"), [-5, 99, 299, 300, 301]),
        (("-", ""), [-5, 99, 100, 299, 300, 301]),
    ],
)
def test_signs_and_their_vietnamese_writing_mean_the_same(texts, passed):
    for text in texts:
        assert passing(text, MONEY, [-5, 99, 100, 299, 300, 301]) == passed


@pytest.mark.parametrize(
    ("sign", "fact", "writings"),
    [
        (">= 300", MONEY, ["300 trở lên", "300 trở đi", "từ 300 trở đi", "300 đ trở lên", "không dưới 300"]),
        (">= 300", MONEY, ["lớn hơn hoặc bằng 300", "nhiều hơn hoặc bằng 300", "tối thiểu 300", "từ đủ 300 trở lên"]),
        ("> 300", MONEY, ["lớn hơn 300", "nhiều hơn 300", "từ trên 300"]),
        ("<= 300", MONEY, ["300 trở xuống", "từ 300 trở xuống", "đến hết 300", "không vượt quá 300", "tối đa 300"]),
        ("<= 300", MONEY, ["nhỏ hơn hoặc bằng 300", "ít hơn hoặc bằng 300"]),
        ("< 300", MONEY, ["nhỏ hơn 300", "ít hơn 300", "đến dưới 300", "chưa đủ 300"]),
        ("= 300", MONEY, ["bằng 300", "300", "300 đồng"]),
        (">= 16", MONEY, ["đủ 16 trở lên", "từ đủ 16 trở lên"]),
        ("[16..18)", MONEY, ["từ đủ 16 đến dưới 18"]),
        ("(100..300]", MONEY, ["từ trên 100 đến 300", "trên 100 đến 300", "trên 100 đến hết 300"]),
        ("(100..300)", MONEY, ["từ trên 100 đến dưới 300", "trên 100 đến dưới 300"]),
        ("not(300)", MONEY, ["khác 300", "không phải 300", "trừ 300"]),
        ("not(300, 500)", MONEY, ["khác 300, 500"]),
        (">= 0,5", AREA, ["0,5 trở lên", "từ 0,5 trở đi", "lớn hơn hoặc bằng 0,5", "không dưới 0,5"]),
        ("not(0,5)", AREA, ["khác 0,5"]),
        (">= 2025-07-01", DAY, ["từ ngày 01/07/2025", "từ 01/07/2025", "kể từ ngày 01/07/2025", "01/07/2025 trở đi"]),
        (">= 2025-07-01", DAY, ["từ ngày 01/07/2025 trở đi", "ngày 01/07/2025 trở đi"]),
        ("<= 2026-12-31", DAY, ["đến hết 31/12/2026", "đến hết ngày 31/12/2026", "đến ngày 31/12/2026"]),
        ("<= 2026-12-31", DAY, ["31/12/2026 trở về trước", "từ ngày 31/12/2026 trở về trước"]),
        ("< 2026-12-31", DAY, ["trước ngày 31/12/2026", "đến trước ngày 31/12/2026"]),
        ("> 2026-12-31", DAY, ["sau ngày 31/12/2026"]),
        ("[2025-07-01..2026-12-31]", DAY, ["từ ngày 01/07/2025 đến hết ngày 31/12/2026"]),
        ("[2025-07-01..2026-12-31)", DAY, ["từ ngày 01/07/2025 đến trước ngày 31/12/2026"]),
        ("(2025-07-01..2026-12-31]", DAY, ["sau ngày 01/07/2025 đến ngày 31/12/2026"]),
        ("= 2025-07-01", DAY, ["ngày 01/07/2025", "01/07/2025"]),
        ("not(2025-07-01)", DAY, ["khác ngày 01/07/2025"]),
        (">= 2026-08-15T08:00", SEEN, ["từ 08:00 ngày 15/08/2026", "từ 08:00 15/08/2026 trở đi"]),
        ("<= 2026-08-15T08:00", SEEN, ["đến hết 08:00 ngày 15/08/2026"]),
        ('not("a")', CODE, ["khác a", 'khác "a"', "không phải a", 'không phải "a"', "trừ a"]),
        ('not("a", "b")', CODE, ["khác a, b", "không phải a hoặc b"]),
        ("false", POOR, ["không phải có", "khác có", "khác true"]),
    ],
)
def test_the_wording_of_the_law_means_the_same_as_the_short_sign(sign, fact, writings):
    for writing in writings:
        assert meaning(parse_cell(writing, fact).test) == meaning(parse_cell(sign, fact).test), writing


@pytest.mark.parametrize(
    ("text", "fact", "hint"),
    [
        ("từ 300", MONEY, "từ 100 trở lên"),
        ("100 đến 300", MONEY, "Viết từ 100 đến 300."),
        ("100 - 300", MONEY, "từ 100 đến 300"),
        ("100-300", MONEY, "từ 100 đến 300"),
        ("hơn 300", MONEY, "trên 300"),
        ("quá 300", MONEY, "trên 300"),
        ("vượt quá 0,5", AREA, "trên 300"),
        ("không 300", MONEY, "không quá"),
        ("!= 300", MONEY, "khác a hoặc not(a)"),
        ("≠ a", CODE, "khác a hoặc not(a)"),
        ("not a", CODE, "not(a)"),
        ("là a", CODE, "Bỏ chữ “là”"),
        ("thuộc a, b", CODE, "a, b"),
        ("không quá 30 trang", MONEY, "không kèm đơn vị"),
        ("không phải a", MARKS, "has none a, b"),
        ("khác a", MARKS, "has none a, b"),
        ("has a hoặc b", MARKS, "has any a, b"),
        ("has a và b", MARKS, "has all a, b"),
        ("không a", CODE, "không phải"),
    ],
)
def test_a_wording_that_is_refused_names_the_right_one(text, fact, hint):
    with pytest.raises(TextError) as refused:
        parse_cell(text, fact)
    assert hint in str(refused.value)


def test_points_between_thousands_are_no_decimal_points():
    assert passing("1.000", MONEY, [1, 1000]) == [1000]
    assert passing("không quá 1.000.000 đ", MONEY, [1_000_000, 1_000_001]) == [1_000_000]


@pytest.mark.parametrize(
    ("texts", "passed"),
    [
        ((">= 120,5", "ít nhất 120,5", "từ 120,50 trở lên"), [12050, 100_000]),
        (("[0,5..120,5)", "từ 0,5 đến dưới 120,5"), [50]),
        (("< 0,5", "dưới 0,5", "(..0,5)"), [-50]),
        (("0,5; 1.000", "0,5, 1.000", "0,5 ; 1000"), [50, 100_000]),
        (("trừ 120,5", "not(120,5)"), [-50, 50, 100_000]),
        (("-0,5", "= -0,5"), [-50]),
    ],
)
def test_a_comma_between_digits_of_a_measure_is_its_decimal_comma(texts, passed):
    for text in texts:
        assert passing(text, AREA, [-50, 50, 12050, 100_000, None]) == passed


@pytest.mark.parametrize(
    ("texts", "passed"),
    [
        ((">= 2026-08-15T08:00", "từ 08:00 15/08/2026 trở lên", "≥ 15/08/2026 08:00"), [0, 1]),
        (("trước 08:00 15/08/2026", "< 2026-08-15T08:00"), [-1]),
        (("[2026-08-15T07:59..2026-08-15T08:00]", "từ 7:59 15/08/2026 đến 8:00 15/08/2026"), [-1, 0]),
    ],
)
def test_a_moment_has_a_day_and_a_time_in_legal_time(texts, passed):
    moments = {minutes: (OPENING + timedelta(minutes=minutes)).astimezone(UTC) for minutes in (-1, 0, 1)}
    for text in texts:
        assert passing(text, SEEN, [*moments.values(), None]) == [moments[minutes] for minutes in passed]


@pytest.mark.parametrize("text", ['"a", "b"', "a, b", "a hoặc b", "trừ c", 'not("c")'])
def test_codes_are_read_bare_or_in_quotes(text):
    assert passing(text, CODE, ["a", "b", "c", None]) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ('has "a"', [["a"], ["a", "b"]]),
        ("has any a, b", [["a"], ["a", "b"]]),
        ("có đủ a, b", [["a", "b"]]),
        ("has none a", [[], ["c"]]),
        ("không có a", [[], ["c"]]),
    ],
)
def test_sets_of_codes_are_tested_as_sets(text, passed):
    assert passing(text, MARKS, [[], ["a"], ["a", "b"], ["c"], None]) == passed


@pytest.mark.parametrize("text", [">= 2026-08-15", ">= 15/08/2026", "từ 15/08/2026 trở lên"])
def test_days_are_read_in_both_writings(text):
    assert passing(text, DAY, [date(2026, 8, 14), date(2026, 8, 15)]) == [date(2026, 8, 15)]


def test_true_and_false_have_vietnamese_names():
    assert passing("có", POOR, [True, False, None]) == [True]
    assert passing("không", POOR, [True, False, None]) == [False]


@pytest.mark.parametrize(
    ("text", "fact"), [(">= 300", MONEY), ("not(5)", MONEY), ("trừ a", CODE), ("has none a", MARKS), ("false", POOR)]
)
def test_a_test_on_an_unknown_fact_is_false(text, fact):
    assert not holds(parse_cell(text, fact).test, None)


@pytest.mark.parametrize(
    ("text", "known"), [("known", True), ("đã biết", True), ("unknown", False), ("chưa biết", False)]
)
def test_only_known_and_unknown_see_that_a_fact_is_unknown(text, known):
    for fact in (MONEY, CODE, TITLE):
        test = parse_cell(text, fact).test
        assert holds(test, None) is not known


@pytest.mark.parametrize(
    ("text", "fact", "position", "said"),
    [
        ("a, d", CODE, 4, "không có mã “d”"),
        ("onlin", BUILT_IN["channel"], 1, "không có mã “onlin”"),
        ("1,000", MONEY, 3, "Không nhận số “000”"),
        ("[300..100)", MONEY, 1, "không chứa giá trị nào"),
        ("5 6", MONEY, 3, "kết thúc ô"),
        (">= x", MONEY, 4, "số nguyên"),
        ("31/02/2026", DAY, 1, "Không có ngày"),
        ("abc", TITLE, 1, "known"),
        ("có thể", POOR, 4, "kết thúc ô"),
        ("> 9223372036854775807", MONEY, 3, "Không nhận số"),
        ("x" * 1_000_000, MONEY, 4000, "Ô dài quá"),
        ("\ud800", CODE, 1, "ký tự hỏng"),
        ("1.5", MONEY, 2, "Không đọc được"),
        (">= 120.5", AREA, 4, "phẩy trước phần lẻ (nhiều nhất 2 chữ số), chấm giữa hàng nghìn"),
        ("1,2,3", AREA, 1, "số thập phân"),
        ("1,234", AREA, 1, "nhiều nhất 2 chữ số"),
        ("[2..1,5]", AREA, 1, "không chứa giá trị nào"),
        (">= 15/08/2026", SEEN, 4, "Ghi cả giờ và ngày"),
        ("25:00 15/08/2026", SEEN, 1, "Giờ từ 00:00"),
        ("2026-02-30T08:00", SEEN, 1, "Không có ngày"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_character(text, fact, position, said):
    with pytest.raises(TextError) as refused:
        parse_cell(text, fact)
    assert refused.value.position == position
    assert said in str(refused.value)


def test_a_mistyped_code_is_answered_with_the_nearest_known_one():
    with pytest.raises(TextError, match="online"):
        parse_cell("onlin", BUILT_IN["channel"])


def test_decomposed_vietnamese_is_read_like_composed():
    assert parse_cell("tru\u031b\u0300 5", MONEY).test == parse_cell("trừ 5", MONEY).test


@pytest.mark.parametrize(
    ("text", "fact", "vi", "en"),
    [
        ("[100..300)", MONEY, "từ 100\u00a0đ đến dưới 300\u00a0đ", "from 100\u00a0đ to under 300\u00a0đ"),
        ("(1000..3000]", MONEY, "trên 1.000\u00a0đ đến 3.000\u00a0đ", "above 1,000\u00a0đ to 3,000\u00a0đ"),
        ("<= 5", MONEY, "không quá 5\u00a0đ", "at most 5\u00a0đ"),
        (">= 5", MONEY, "ít nhất 5\u00a0đ", "at least 5\u00a0đ"),
        ("> 5", MONEY, "trên 5\u00a0đ", "more than 5\u00a0đ"),
        ("< 5", MONEY, "dưới 5\u00a0đ", "less than 5\u00a0đ"),
        ("not(5)", MONEY, "trừ 5\u00a0đ", "other than 5\u00a0đ"),
        ("not(a)", CODE, "trừ Loại A", "other than Loại A"),
        ("a, b", CODE, "Loại A hoặc Loại B", "Loại A or Loại B"),
        ("true", POOR, "có", "yes"),
        (">= 15/08/2026", DAY, "từ 15/08/2026", "from 15/08/2026"),
        ("> 15/08/2026", DAY, "sau 15/08/2026", "after 15/08/2026"),
        ("< 15/08/2026", DAY, "trước 15/08/2026", "before 15/08/2026"),
        ("<= 15/08/2026", DAY, "không quá 15/08/2026", "not after 15/08/2026"),
        ("[2026-08-15..2026-09-01)", DAY, "từ 15/08/2026 đến trước 01/09/2026", "from 15/08/2026 to before 01/09/2026"),
        ("has any a, b", MARKS, "có một trong Loại A, Loại B", "one of Loại A, Loại B"),
        ("has all a, b", MARKS, "có đủ Loại A, Loại B", "all of Loại A, Loại B"),
        ("has none a", MARKS, "không có Loại A", "none of Loại A"),
        ("unknown", MONEY, "chưa biết", "not known"),
        ("-", MONEY, "bất kỳ", "anything"),
        (">= 1.000,5", AREA, "ít nhất 1.000,5 m²", "at least 1,000.5 m²"),
        ("[0,5..2)", AREA, "từ 0,5 m² đến dưới 2 m²", "from 0.5 m² to under 2 m²"),
        ("trước 08:00 15/08/2026", SEEN, "trước 08:00 15/08/2026", "before 08:00 15/08/2026"),
        (">= 2026-08-15T08:00", SEEN, "từ 08:00 15/08/2026", "from 08:00 15/08/2026"),
    ],
)
def test_a_test_is_said_back_in_both_languages(text, fact, vi, en):
    said = words(parse_cell(text, fact).test, fact)
    assert (said.vi, said.english) == (vi, en)
