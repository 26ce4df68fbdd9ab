"""What is announced of fee and time in words (lời công bố), beside the rules that decide them."""

from dataclasses import dataclass

from rules.values import Text


@dataclass(frozen=True, slots=True)
class Stated:
    """Fee (phí, lệ phí) and time (thời hạn) as the catalogue announces them for one way of filing, word for word.

    `way` is empty where they are announced for every way. They decide nothing: the proof compares them with the rules.
    """

    way: str = ""
    fee: Text | None = None
    time: Text | None = None
