"""Readers of typed answers: text in, a value of the law out, or a ValueError whose Sentence says what to do.

The sentences follow the label of the field ("“Số trang”: nhập số từ 1 đến 5.000."), so they start in lower case.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from forms.sentence import Sentence
from rules.clock.calendar import LEGAL_TIME
from rules.errors import RulesError
from rules.evaluation.allowed import (
    CITIZEN_ID,
    DOSSIER_CODE,
    EMAIL,
    EMAIL_LENGTH,
    OLD_ID,
    ORG_CODE,
    PASSPORT,
    PHONE,
    TAX_CODE,
    is_tax_code,
    least,
)
from rules.values import MAX_MONEY, MAX_WHOLE, day_figures, decimal, decimal_words, grouped

Reader = Callable[[str], Any]

_NUMBER_LENGTH = 40
_FIRST_YEAR, _LAST_YEAR = 1800, 2200
_FIRST_MOMENT_YEAR = 1900

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+|-?[0-9]+")
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(
    r"(?P<day>[0-9/.-]+)(?:T|[\s,]+)(?P<time>[0-9]{1,2}:[0-9]{2})"
    r"|(?P<first_time>[0-9]{1,2}:[0-9]{2})[\s,]+(?P<then_day>[0-9/.-]+)"
)
_MEASURE = re.compile(r"-?(?:[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+|[0-9]+)(?:,[0-9]+)?")


def text_of(most: int) -> Reader:
    """Return a reader of one line of text of at most so many characters."""

    def read(typed: str) -> str:
        return " ".join(_plain(typed, most).split())

    return read


def long_text_of(most: int) -> Reader:
    """Return a reader of text in lines of at most so many characters."""

    def read(typed: str) -> str:
        return _plain(typed.replace("\r\n", "\n").replace("\r", "\n"), most).strip()

    return read


def whole_number_of(low: int | None, high: int | None) -> Reader:
    """Return a reader of a whole number typed the Vietnamese way (`1.234.567`), both bounds included.

    Without a lower bound, nothing below zero is taken: papers, pages and people are counted from zero.
    """
    lowest = least(low)

    def read(typed: str) -> int:
        number = _whole(typed)
        if number < lowest or number > (MAX_WHOLE - 1 if high is None else high):
            raise ValueError(_bounds(lowest, high))
        return number

    return read


def measure_of(low: int | None, high: int | None, scale: int) -> Reader:
    """Return a reader of a measure with a decimal comma (`1.234,5`), as a whole number of its last decimal digit.

    Both bounds are such numbers and included; without a lower one, nothing below zero is taken. A point is only taken
    between thousands, so that `120.5` is never read as something else than was meant.
    """
    lowest = least(low)

    def read(typed: str) -> int:
        clean = typed[: _NUMBER_LENGTH + 1].strip()
        if not _MEASURE.fullmatch(clean) or len(clean) > _NUMBER_LENGTH:
            raise ValueError(Sentence("nhập số có dấu phẩy trước phần lẻ, dấu chấm ngăn hàng nghìn, ví dụ 1.234,5."))
        if len(clean.partition(",")[2]) > scale:
            raise ValueError(Sentence("nhiều nhất %(digits)s chữ số sau dấu phẩy.", digits=scale))
        try:
            number = decimal(re.sub(r"[^0-9,-]", "", clean), scale)
        except RulesError:
            raise ValueError(_bounds(lowest, high, scale)) from None
        if number < lowest or (high is not None and number > high):
            raise ValueError(_bounds(lowest, high, scale))
        return number

    return read


def money_of(low: int | None, high: int | None) -> Reader:
    """Return a reader of an amount in whole đồng, at most MAX_MONEY; the sign of the currency may follow."""
    read = whole_number_of(low, MAX_MONEY if high is None else high)
    return lambda typed: read(_CURRENCY.sub("", typed[: _NUMBER_LENGTH + 1].strip()))


def day(typed: str) -> date:
    """Read a day typed dd/mm/yyyy (d/m/yyyy too), or the ISO form that date pickers send."""
    clean = typed.strip()
    if found := _DAY.fullmatch(clean):
        number, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DAY.fullmatch(clean):
        year, month, number = (int(part) for part in found.groups())
    else:
        raise ValueError(Sentence("nhập ngày theo dạng ngày/tháng/năm, năm đủ 4 chữ số, ví dụ 26/03/2024."))
    return _day(number, month, year)


def day_within(value: date, *, first: date | None, last: date | None) -> date:
    """Return the day if it lies between two days, both included; None is no bound."""
    if last is not None and value > last:
        raise ValueError(
            Sentence(
                "%(day)s là ngày chưa tới, hãy nhập ngày không sau hôm nay, %(today)s.",
                day=day_figures(value), today=day_figures(last),
            )
        )  # fmt: skip
    if first is not None and value < first:
        raise ValueError(
            Sentence(
                "%(day)s là ngày đã qua, hãy nhập ngày không trước hôm nay, %(today)s.",
                day=day_figures(value), today=day_figures(first),
            )
        )  # fmt: skip
    return value


def moment(typed: str) -> datetime:
    """Read a moment in legal time typed dd/mm/yyyy HH:MM (or HH:MM dd/mm/yyyy), or the ISO form that pickers send."""
    found = _MOMENT.fullmatch(typed[: _NUMBER_LENGTH + 1].strip())
    if not found:
        raise ValueError(Sentence("nhập ngày và giờ theo dạng ngày/tháng/năm giờ:phút, ví dụ 26/03/2024 14:30."))
    on = day(found["day"] or found["then_day"])
    if on.year <= _FIRST_MOMENT_YEAR:
        raise ValueError(Sentence("năm %(year)s không dùng được, hãy kiểm tra lại năm.", year=on.year))
    hour, minute = (int(part) for part in (found["time"] or found["first_time"]).split(":"))
    if hour > 23 or minute > 59:
        raise ValueError(Sentence("giờ từ 00:00 đến 23:59, ví dụ 14:30."))
    return datetime.combine(on, time(hour, minute), LEGAL_TIME).astimezone(UTC)


def citizen_id(typed: str) -> str:
    """Read a citizen number (số định danh cá nhân): twelve digits, kept as text (Luật Căn cước 2023)."""
    digits = re.sub(r"[\s.]", "", typed[: _NUMBER_LENGTH + 1])
    if not CITIZEN_ID.fullmatch(digits):
        raise ValueError(Sentence("số định danh cá nhân gồm đúng 12 chữ số, hãy xem lại trên thẻ căn cước."))
    return digits


def old_id(typed: str) -> str:
    """Read the number of an old identity card (chứng minh nhân dân): nine digits, kept as text."""
    digits = re.sub(r"[\s.]", "", typed[: _NUMBER_LENGTH + 1])
    if not OLD_ID.fullmatch(digits):
        raise ValueError(Sentence("số chứng minh nhân dân cũ gồm đúng 9 chữ số, hãy xem lại trên giấy."))
    return digits


def passport(typed: str) -> str:
    """Read the number of a passport (hộ chiếu): capital letters and digits, as issued."""
    number = re.sub(r"[\s.-]", "", typed[: _NUMBER_LENGTH + 1]).upper()
    if not PASSPORT.fullmatch(number) or not any(each.isdigit() for each in number):
        raise ValueError(Sentence("số hộ chiếu Việt Nam gồm 1 chữ cái và 7 chữ số, ví dụ C1234567; hãy xem lại."))
    return number


def org_code(typed: str) -> str:
    """Read the code of a body (mã định danh cơ quan, tổ chức): `H20.11`, in the older notation `000.00.11.H20`."""
    code = re.sub(r"\s", "", typed[: _NUMBER_LENGTH + 1]).upper()
    if not ORG_CODE.fullmatch(code):
        raise ValueError(Sentence("mã định danh cơ quan chưa đúng, hãy nhập theo dạng H20.11 hoặc 000.00.11.H20."))
    return code


def dossier_code(typed: str) -> str:
    """Read the code of a dossier (mã hồ sơ): `H20.11-261124-0001`."""
    code = re.sub(r"\s", "", typed[: 2 * _NUMBER_LENGTH]).upper()
    if not DOSSIER_CODE.fullmatch(code):
        raise ValueError(Sentence("mã hồ sơ chưa đúng, hãy nhập như trên giấy hẹn, ví dụ H20.11-261124-0001."))
    return code


def tax_code(typed: str) -> str:
    """Read an organisation's tax code (mã số thuế): `1400999003`, of a dependent unit `1400999003-001`."""
    digits = re.sub(r"[\s.-]", "", typed[: _NUMBER_LENGTH + 1])
    if CITIZEN_ID.fullmatch(digits):
        raise ValueError(
            Sentence(
                "12 chữ số là số định danh cá nhân, chỉ là mã số thuế của cá nhân, hộ kinh doanh; hãy nhập mã số thuế "
                "10 hoặc 13 chữ số của tổ chức, hoặc chọn lại loại người nộp."
            )
        )
    code = f"{digits[:10]}-{digits[10:]}" if len(digits) > 10 else digits
    if not TAX_CODE.fullmatch(code):
        raise ValueError(Sentence("mã số thuế gồm 10 chữ số, hoặc 13 chữ số với đuôi từ 001, ví dụ 1400999003-001."))
    if not is_tax_code(code):
        raise ValueError(Sentence("mã số thuế sai số kiểm tra (chữ số thứ 10), hãy xem lại từng chữ số."))
    return code


def phone(typed: str) -> str:
    """Read a Vietnamese phone number into its domestic form, digits only: `0912345678`."""
    digits = re.sub(r"[\s.()-]", "", typed[: _NUMBER_LENGTH + 1])
    digits = re.sub(r"^(?:\+|00)840?|^84(?=[235789][0-9]{8,9}$)", "0", digits)
    if not PHONE.fullmatch(digits):
        raise ValueError(Sentence("số điện thoại chưa đúng, hãy nhập 10 chữ số bắt đầu bằng 0, ví dụ 0912 345 678."))
    return digits


def email(typed: str) -> str:
    """Read an e-mail address."""
    clean = _plain(typed, EMAIL_LENGTH).strip()
    if not EMAIL.fullmatch(clean):
        raise ValueError(Sentence("địa chỉ thư điện tử chưa đúng, hãy nhập theo dạng ten@vidu.vn."))
    return clean


_FIRST_CENTURY = 1900


def citizen_id_doubts(number: str, *, birth_day: date | None = None, male: bool | None = None) -> tuple[Sentence, ...]:
    """Return what in a citizen number disagrees with the person, as sentences; doubts never refuse an answer.

    The fourth digit tells century and sex (0 and 1: male and female born 19xx, 2 and 3: 20xx, ...), the next two the
    year of birth (NĐ 137/2015/NĐ-CP Điều 13).
    """
    if not CITIZEN_ID.fullmatch(number):
        return ()
    mark = int(number[3])
    year = _FIRST_CENTURY + 100 * (mark // 2) + int(number[4:6])
    doubts: list[Sentence] = []
    if birth_day is not None and birth_day.year != year:
        doubts.append(
            Sentence(
                "Số định danh ghi năm sinh %(year)s nhưng ngày sinh là %(day)s: hãy đối chiếu thẻ căn cước.",
                year=year, day=f"{birth_day:%d/%m/%Y}",
            )
        )  # fmt: skip
    if male is not None and male != (mark % 2 == 0):
        doubts.append(
            Sentence("Số định danh ghi giới tính nam: hãy đối chiếu với thẻ căn cước.")
            if mark % 2 == 0
            else Sentence("Số định danh ghi giới tính nữ: hãy đối chiếu với thẻ căn cước.")
        )
    return tuple(doubts)


def _plain(typed: str, most: int) -> str:
    # The length first: nothing else may be done with 10 MB. A decomposed letter takes up to three characters.
    if len(typed) <= 3 * most:
        if _CONTROL.search(typed):
            raise ValueError(Sentence("có ký tự hỏng không nhìn thấy được, hãy xóa và gõ lại nội dung."))
        composed = unicodedata.normalize("NFC", typed)
        if len(composed) <= most:
            return composed
    raise ValueError(Sentence("tối đa %(most)s ký tự, hãy rút ngắn nội dung.", most=grouped(most)))


def _whole(typed: str) -> int:
    clean = typed[: _NUMBER_LENGTH + 1].strip()
    if not _GROUPED.fullmatch(clean) or len(clean) > _NUMBER_LENGTH:
        if "," in clean:
            raise ValueError(Sentence("chỉ nhập số nguyên, dùng dấu chấm để ngăn cách hàng nghìn, ví dụ 1.234.567."))
        raise ValueError(Sentence("nhập một số nguyên bằng chữ số, ví dụ 12 hoặc 1.234.567."))
    return int(re.sub(r"[^0-9-]", "", clean))


def _bounds(low: int, high: int | None, scale: int = 0) -> Sentence:
    lowest = decimal_words(low, scale)
    if high is not None:
        return Sentence("nhập số từ %(low)s đến %(high)s.", low=lowest, high=decimal_words(high, scale))
    return Sentence("nhập số từ %(low)s trở lên và không quá lớn.", low=lowest)


def _day(number: int, month: int, year: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(Sentence("năm %(year)s không dùng được, hãy kiểm tra lại năm.", year=year))
    if not 1 <= month <= 12:
        raise ValueError(
            Sentence("không có tháng %(month)s, hãy ghi ngày trước, tháng sau, ví dụ 26/03/2024.", month=month)
        )
    last = monthrange(year, month)[1]
    if not 1 <= number <= last:
        raise ValueError(
            Sentence(
                "không có ngày %(day)s, tháng %(month)s năm %(year)s có %(last)s ngày.",
                day=f"{number:02}/{month:02}/{year}", month=month, year=year, last=last,
            )
        )  # fmt: skip
    return date(year, month, number)
