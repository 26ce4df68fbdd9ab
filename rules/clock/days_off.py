"""What the days off are called: the public holidays of the Labour Code, days in lieu of them, and swapped days."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from rules.values import Text

HOLIDAYS: Mapping[str, str] = MappingProxyType(
    {
        "Tết Dương lịch": "New Year's Day",
        "Tết Nguyên đán": "Lunar New Year",
        "Giỗ Tổ Hùng Vương": "Hung Kings' Commemoration Day",
        "Ngày Chiến thắng": "Victory Day",
        "Ngày Quốc tế Lao động": "International Labour Day",
        "Quốc khánh": "National Day",
        "Ngày Văn hóa Việt Nam": "Vietnam Culture Day",
    }
)
"""The holidays of Bộ luật Lao động 2019, Điều 112, and of Nghị quyết 28/2026/QH16, in Vietnamese and English."""

_IN_LIEU = " (nghỉ bù)"
_SWAPPED = (
    (re.compile(r"Nghỉ hoán đổi \(làm bù ngày (\S+)\)"), "swapped for work on {}"),
    (re.compile(r"Làm bù cho ngày (\S+)"), "worked for {}"),
)


def day_off_called(name: str) -> Text:
    """Return the name of a day off with its English, where it is one that the law names; any other stays as it is."""
    holiday = name.removesuffix(_IN_LIEU)
    if holiday in HOLIDAYS:
        return Text(name, HOLIDAYS[holiday] + (", in lieu" if holiday != name else ""))
    for shape, english in _SWAPPED:
        if found := shape.fullmatch(name):
            return Text(name, english.format(found[1]))
    return Text(name)
