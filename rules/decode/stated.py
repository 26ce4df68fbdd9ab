"""Plain data to what is announced of fee and time in words."""

from rules.definition.stated import Stated
from rules.errors import nearest
from rules.reading import Node
from rules.vocabulary import CHANNELS

MOST = 2_000
"""A catalogue announces a fee or a time in so many characters at most."""


def stated(node: Node) -> tuple[Stated, ...]:
    """Read what is announced, for each way of filing at most once."""
    found = [_one(item) for item in node.items()]
    seen: set[str] = set()
    for item, each in zip(node.items(), found, strict=True):
        if each.way in seen:
            item.problem("Đã có lời công bố cho cách nộp này.", "Gộp hai lời công bố làm một.")
        seen.add(each.way)
    return tuple(found)


def _one(node: Node) -> Stated:
    parts = node.parts("way", "fee", "time")
    way = parts["way"].string(most=60)
    if way and way not in CHANNELS:
        parts["way"].problem(f"Không có cách thức “{way}”.", nearest(way, CHANNELS))
    if node and not parts["fee"] and not parts["time"]:
        node.problem("Lời công bố không nói gì.", "Ghi fee hoặc time.")
    return Stated(way, parts["fee"].text(most=MOST), parts["time"].text(most=MOST))
