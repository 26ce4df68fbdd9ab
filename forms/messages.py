"""WTForms' own messages in Vietnamese, complete for the installed version (a test compares them)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "Invalid field name '%s'.": "Không có trường “%s”.",
        "Field must be equal to %(other_name)s.": "Nội dung phải giống trường %(other_name)s.",
        "Field must be at least %(min)d character long.": "Hãy nhập ít nhất %(min)d ký tự.",
        "Field must be at least %(min)d characters long.": "Hãy nhập ít nhất %(min)d ký tự.",
        "Field cannot be longer than %(max)d character.": "Tối đa %(max)d ký tự, hãy rút ngắn nội dung.",
        "Field cannot be longer than %(max)d characters.": "Tối đa %(max)d ký tự, hãy rút ngắn nội dung.",
        "Field must be exactly %(max)d character long.": "Hãy nhập đúng %(max)d ký tự.",
        "Field must be exactly %(max)d characters long.": "Hãy nhập đúng %(max)d ký tự.",
        "Field must be between %(min)d and %(max)d characters long.": "Hãy nhập từ %(min)d đến %(max)d ký tự.",
        "Number must be at least %(min)s.": "Hãy nhập số từ %(min)s trở lên.",
        "Number must be at most %(max)s.": "Hãy nhập số không quá %(max)s.",
        "Number must be between %(min)s and %(max)s.": "Hãy nhập số từ %(min)s đến %(max)s.",
        "Date must be at least %(min)s.": "Hãy nhập ngày từ %(min)s trở đi.",
        "Date must be at most %(max)s.": "Hãy nhập ngày không sau %(max)s.",
        "Date must be between %(min)s and %(max)s.": "Hãy nhập ngày từ %(min)s đến %(max)s.",
        "This field is required.": "Hãy nhập nội dung này.",
        "Invalid input.": "Nội dung chưa đúng, hãy kiểm tra lại.",
        "Invalid email address.": "Địa chỉ thư điện tử chưa đúng, hãy nhập theo dạng ten@vidu.vn.",
        "Invalid IP address.": "Địa chỉ IP chưa đúng, hãy kiểm tra lại.",
        "Invalid Mac address.": "Địa chỉ MAC chưa đúng, hãy kiểm tra lại.",
        "Invalid URL.": "Đường dẫn chưa đúng, hãy nhập đủ cả phần https://.",
        "Invalid UUID.": "Mã UUID chưa đúng, hãy kiểm tra lại.",
        "Invalid value, must be one of: %(values)s.": "Hãy nhập một trong các giá trị: %(values)s.",
        "Invalid value, can't be any of: %(values)s.": "Hãy nhập giá trị khác với: %(values)s.",
        "This field cannot be edited.": "Nội dung này không được sửa, hãy tải lại trang.",
        "This field is disabled and cannot have a value.": "Nội dung này đang khóa, hãy để trống.",
        "Invalid CSRF Token.": "Trang đã mở quá lâu hoặc mở ở nơi khác: hãy tải lại trang rồi gửi lại.",
        "CSRF token missing.": "Trang thiếu mã bảo vệ: hãy tải lại trang rồi gửi lại.",
        "CSRF failed.": "Mã bảo vệ của trang không khớp: hãy tải lại trang rồi gửi lại.",
        "CSRF token expired.": "Trang đã mở quá lâu: hãy tải lại trang rồi gửi lại.",
        "Invalid Choice: could not coerce.": "Hãy chọn một mục trong danh sách.",
        "Choices cannot be None.": "Danh sách lựa chọn đang trống, hãy báo người quản trị.",
        "Not a valid choice.": "Hãy chọn một mục trong danh sách.",
        "Invalid choice(s): one or more data inputs could not be coerced.": "Hãy chọn các mục trong danh sách.",
        "'%(value)s' is not a valid choice for this field.": "Không có mục '%(value)s', hãy chọn trong danh sách.",
        "'%(value)s' are not valid choices for this field.": "Không có các mục '%(value)s', hãy chọn trong danh sách.",
        "Not a valid datetime value.": "Hãy nhập ngày giờ, ví dụ 26/03/2024 14:30.",
        "Not a valid date value.": "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 26/03/2024.",
        "Not a valid time value.": "Hãy nhập giờ, ví dụ 14:30.",
        "Not a valid week value.": "Hãy nhập tuần của năm, ví dụ 2024-W13.",
        "Not a valid integer value.": "Hãy nhập một số nguyên, ví dụ 12.",
        "Not a valid decimal value.": "Hãy nhập một số, ví dụ 12,5.",
        "Not a valid float value.": "Hãy nhập một số, ví dụ 12,5.",
    }
)


PROTECTION: Mapping[str, str] = MappingProxyType(
    {
        "The CSRF token is missing.": MESSAGES["CSRF token missing."],
        "The CSRF session token is missing.": MESSAGES["CSRF token expired."],
        "The CSRF token has expired.": MESSAGES["CSRF token expired."],
        "The CSRF token is invalid.": MESSAGES["CSRF failed."],
        "The CSRF tokens do not match.": MESSAGES["CSRF failed."],
    }
)
"""What the web's base form says about its protection without asking for a translation."""


class Messages(Protocol):
    """The translations object WTForms asks for."""

    def gettext(self, string: str) -> str:
        """Return the message in the reader's language."""
        ...

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the message for this many."""
        ...


class VietnameseMessages:
    """WTForms' messages in Vietnamese, which has one form for any number."""

    def gettext(self, string: str) -> str:
        """Return the message in Vietnamese; a text that is none of WTForms' own stays as it is."""
        return MESSAGES.get(string) or PROTECTION.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the message for this many."""
        return self.gettext(singular if n == 1 else plural)


class EnglishMessages:
    """WTForms' messages as it writes them."""

    def gettext(self, string: str) -> str:
        """Return the message."""
        return string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the message for this many."""
        return singular if n == 1 else plural


VIETNAMESE, ENGLISH = VietnameseMessages(), EnglishMessages()


def messages_in(language: str) -> Messages:
    """Return WTForms' messages in this language (`vi`, `en`); in Vietnamese where there is no other."""
    return ENGLISH if language == "en" else VIETNAMESE
