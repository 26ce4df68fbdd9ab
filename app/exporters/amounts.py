"""Amounts of money as a Vietnamese paper writes them: in figures and in words (số tiền bằng chữ)."""

from itertools import dropwhile

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
THOUSANDS = ("", "nghìn", "triệu")
BILLION = 10**9


def amount_in_figures(dong: int) -> str:
    """Return an amount of whole đồng with a dot between thousands: 1234567 -> "1.234.567"."""
    return f"{dong:,}".replace(",", ".")


def amount_in_words(dong: int, *, empty_tens: str = "lẻ") -> str:
    """Return an amount of whole đồng in words: 36000 -> "Ba mươi sáu nghìn đồng".

    `empty_tens` is the word for a missing ten, "lẻ" in the south, "linh" in the north: 105 -> "một trăm lẻ năm".
    Raises ValueError for an amount below zero: no paper asks a person to pay one.
    """
    if dong < 0:
        raise ValueError(f"Số tiền {amount_in_figures(dong)} đồng nhỏ hơn 0 nên không ghi bằng chữ được.")
    words = _number(dong, empty_tens) if dong else [DIGITS[0]]
    return " ".join([*words, "đồng"]).capitalize()


def _number(number: int, empty_tens: str) -> list[str]:
    """Read a number above zero. Vietnamese counts in billions: a thousand billion is "nghìn tỷ", 10**18 "tỷ tỷ"."""
    billions, rest = divmod(number, BILLION)
    words = [*_number(billions, empty_tens), "tỷ"] if billions else []
    groups = [(rest // 1000**power % 1000, name) for power, name in reversed(list(enumerate(THOUSANDS)))]
    if not billions:
        groups = list(dropwhile(lambda group: not group[0], groups))
    for place, (group, name) in enumerate(groups):
        if group:
            words += _group(group, empty_tens, leads=not billions and place == 0) + [name] * bool(name)
    return words


def _group(group: int, empty_tens: str, *, leads: bool) -> list[str]:
    """Read three digits; only the group that leads the number leaves out a missing hundred."""
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    words = [] if leads and not hundreds else [DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [DIGITS[tens], "mươi"]
    elif tens == 1:
        words += ["mười"]
    elif units and words:
        words += [empty_tens]
    return words + _unit(tens, units)


def _unit(tens: int, units: int) -> list[str]:
    """Read the last digit, whose sound depends on the ten before it: mười lăm, hai mươi mốt, ba mươi tư."""
    if not units:
        return []
    if units == 5 and tens:
        return ["lăm"]
    if tens > 1:
        return [{1: "mốt", 4: "tư"}.get(units, DIGITS[units])]
    return [DIGITS[units]]
