"""What people type is read the Vietnamese way, or refused with a sentence that says what to do."""

import unicodedata
from datetime import UTC, date, datetime

import pytest

from forms import validators


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("26/03/2024", date(2024, 3, 26)),
        ("6/3/2024", date(2024, 3, 6)),
        (" 26-03-2024 ", date(2024, 3, 26)),
        ("26.3.2024", date(2024, 3, 26)),
        ("2024-03-26", date(2024, 3, 26)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_a_day_is_typed_day_first(typed, day):
    assert validators.day(typed) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("03/26/2024", "không có tháng 26, hãy ghi ngày trước, tháng sau"),
        ("31/02/2024", "không có ngày 31/02/2024, tháng 2 năm 2024 có 29 ngày"),
        ("00/01/2024", "không có ngày 00/01/2024"),
        ("26/03/24", "năm đủ 4 chữ số"),
        ("hôm nay", "theo dạng ngày/tháng/năm"),
        ("26/03/0024", "kiểm tra lại năm"),
        ("٢٦/٠٣/٢٠٢٤", "theo dạng ngày/tháng/năm"),
        ("1" * 10_000_000, "theo dạng ngày/tháng/năm"),
    ],
)
def test_a_day_that_does_not_exist_is_refused(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        validators.day(typed)


@pytest.mark.parametrize(
    "typed",
    ["26/03/2024 14:30", "14:30 26/03/2024", "26-3-2024, 14:30", "2024-03-26T14:30", " 2024-03-26 14:30 "],
)
def test_a_moment_is_a_day_and_a_time_in_legal_time(typed):
    assert validators.moment(typed) == datetime(2024, 3, 26, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("26/03/2024", "ngày/tháng/năm giờ:phút"),
        ("26/03/2024 24:00", "giờ từ 00:00 đến 23:59"),
        ("31/02/2024 08:00", "không có ngày 31/02/2024"),
        ("01/01/1850 08:00", "năm 1850 không dùng được"),
        ("1" * 10_000_000, "ngày/tháng/năm giờ:phút"),
    ],
)
def test_a_moment_that_does_not_exist_is_refused(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        validators.moment(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0,5", 50), ("1.234,5", 123450), ("1234,56", 123456), ("1.000", 100_000), (" 7 ", 700), ("12 000,25", 1200025)],
)
def test_a_measure_has_a_decimal_comma_and_loses_nothing(typed, number):
    assert validators.measure_of(None, None, 2)(typed) == number


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("120.5", "dấu phẩy trước phần lẻ"),
        ("1,234", "nhiều nhất 2 chữ số sau dấu phẩy"),
        ("1,2,3", "dấu phẩy trước phần lẻ"),
        ("-0,5", "từ 0 trở lên"),
        ("9" * 30, "không quá lớn"),
        ("9" * 10_000_000, "dấu phẩy trước phần lẻ"),
        ("½", "dấu phẩy trước phần lẻ"),
    ],
)
def test_what_is_no_measure_is_refused(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        validators.measure_of(None, None, 2)(typed)


def test_the_bounds_of_a_measure_are_said_as_it_is_written():
    read = validators.measure_of(50, 120_050, 2)
    assert (read("0,5"), read("1.200,5")) == (50, 120_050)
    with pytest.raises(ValueError, match=r"từ 0,5 đến 1\.200,5"):
        read("1.200,51")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 0), ("36000", 36000), ("1.234.567", 1234567), ("1 234 567", 1234567), (" 12 ", 12), ("007", 7)],
)
def test_a_whole_number_may_carry_dots(typed, number):
    assert validators.whole_number_of(None, None)(typed) == number


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1,5", "chỉ nhập số nguyên"),
        ("1.5", "số nguyên bằng chữ số"),
        ("1.23.456", "số nguyên bằng chữ số"),
        ("mười", "số nguyên bằng chữ số"),
        ("1e5", "số nguyên bằng chữ số"),
        ("-3", "từ 0 trở lên"),
        ("9" * 30, "không quá lớn"),
        ("9" * 10_000_000, "số nguyên bằng chữ số"),
        ("²", "số nguyên bằng chữ số"),
    ],
)
def test_what_is_no_count_is_refused(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        validators.whole_number_of(None, None)(typed)


def test_a_number_keeps_its_bounds_and_says_them():
    read = validators.whole_number_of(1, 5000)
    assert (read("1"), read("5.000")) == (1, 5000)
    for typed in ("0", "5.001"):
        with pytest.raises(ValueError, match=r"từ 1 đến 5\.000"):
            read(typed)
    assert validators.whole_number_of(-5, None)("-5") == -5


@pytest.mark.parametrize("typed", ["36.000", "36000 đ", "36.000đ", "36.000 đồng", "36.000 VND", "36.000 ₫"])
def test_an_amount_may_carry_its_currency(typed):
    assert validators.money_of(None, None)(typed) == 36000


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0912 345 678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("+84 (0)912 345 678", "0912345678"),
        ("0084 912-345-678", "0912345678"),
        ("(0277) 3851 431", "02773851431"),
        ("024 38 234 567", "02438234567"),
    ],
)
def test_a_phone_number_is_kept_in_one_form(typed, phone):
    assert validators.phone(typed) == phone


@pytest.mark.parametrize("typed", ["12345", "0112345678", "+1 202 555 0123", "09123456789", "abc", "9" * 1_000_000])
def test_what_is_no_vietnamese_phone_number_is_refused(typed):
    with pytest.raises(ValueError, match="số điện thoại chưa đúng"):
        validators.phone(typed)


def test_a_citizen_number_has_exactly_twelve_digits():
    assert validators.citizen_id("087 090 000 001") == "087090000001"
    for typed in ("08709000000", "0870900000011", "08709000000a", "٠٨٧٠٩٠٠٠٠٠٠١"):
        with pytest.raises(ValueError, match="đúng 12 chữ số"):
            validators.citizen_id(typed)


def test_a_citizen_number_that_disagrees_with_the_person_is_a_doubt_and_no_error():
    assert validators.citizen_id_doubts("087090000001", birth_day=date(1990, 5, 1), male=True) == ()
    assert validators.citizen_id_doubts("087305000001", birth_day=date(2005, 5, 1), male=False) == ()
    [year] = validators.citizen_id_doubts("087090000001", birth_day=date(1991, 5, 1))
    assert "năm sinh 1990 nhưng ngày sinh là 01/05/1991" in year
    [sex] = validators.citizen_id_doubts("087190000001", male=True)
    assert "giới tính nữ" in sex
    assert validators.citizen_id_doubts("không phải số") == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1400999003", "1400999003"),
        (" 1400 999.003 ", "1400999003"),
        ("1400999003-001", "1400999003-001"),
        ("1400999003001", "1400999003-001"),
    ],
)
def test_a_tax_code_is_kept_in_one_form(typed, code):
    assert validators.tax_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1400999004", "sai số kiểm tra"),
        ("4100999003", "sai số kiểm tra"),
        ("140099900", "10 chữ số, hoặc 13"),
        ("1400999003-000", "10 chữ số, hoặc 13"),
        ("14009990031", "10 chữ số, hoặc 13"),
        ("١٤٠٠٩٩٩٠٠٣", "10 chữ số, hoặc 13"),
        ("9" * 1_000_000, "10 chữ số, hoặc 13"),
        ("087190001234", "số định danh cá nhân"),
    ],
)
def test_what_is_no_tax_code_of_an_organisation_is_refused_with_what_is_wrong(typed, said):
    with pytest.raises(ValueError, match=said):
        validators.tax_code(typed)


def test_an_email_address_is_read_or_refused():
    assert validators.email(" an@vidu.gov.vn ") == "an@vidu.gov.vn"
    for typed in (
        "an",
        "an@",
        "@vidu.vn",
        "an@vidu",
        "a b@vidu.vn",
        "an@vidu..vn",
        "a@b.c,d@e.f",
        "x" * 300 + "@vidu.vn",
    ):
        with pytest.raises(ValueError, match=r"thư điện tử chưa đúng|tối đa 254"):
            validators.email(typed)


def test_text_is_composed_on_one_line_and_bounded():
    read = validators.text_of(11)
    assert read(unicodedata.normalize("NFD", "  Đăng\n ký ")) == "Đăng ký"
    with pytest.raises(ValueError, match="tối đa 11 ký tự"):
        read("x" * 12)
    assert validators.text_of(500)("<script>alert(1)</script>") == "<script>alert(1)</script>"


def test_ten_megabytes_and_broken_characters_are_refused():
    for read in (validators.text_of(500), validators.long_text_of(5000)):
        with pytest.raises(ValueError, match="hãy rút ngắn"):
            read("x" * 10_000_000)
        for typed in ("a\x00b", "a\ud800b", "a\x1bb"):
            with pytest.raises(ValueError, match="ký tự hỏng"):
                read(typed)


def test_long_text_keeps_its_lines():
    assert validators.long_text_of(100)("một\r\nhai\rba\n") == "một\nhai\nba"
