"""What stands in the QR code of an identity card (thẻ căn cước), as a reader types it into one box of a party block.

The text is `number|old number|name|ddmmyyyy|sex|address|ddmmyyyy`; newer cards add more behind, which is passed over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms import validators
from forms.folding import folded
from forms.sentence import Sentence
from rules.definition.blocks import FEMALE, MALE
from rules.definition.fields import BlockKind, Field

CARD = "card"
"""What the box of a party block is called behind its id: `owner_card`."""

_LEAST_PARTS = 7
_MOST = 1000
_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_SEXES: Mapping[str, str] = {"nam": MALE, "nu": FEMALE}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says of its holder. The old number is empty where there was none."""

    number: str
    old_number: str
    name: str
    birth_day: date
    sex: str
    address: str
    issued_on: date

    @property
    def answers(self) -> dict[str, str]:
        """What would be typed for the parts of a party block."""
        return {
            "name": self.name,
            "citizen_id": self.number,
            "birth_day": f"{self.birth_day:%d/%m/%Y}",
            "sex": self.sex,
            "address": self.address,
        }


def read_card(typed: str) -> Card:
    """Read the text of a card's QR code. Raises ValueError with a Sentence where it is none."""
    parts = [" ".join(part.split()) for part in typed[: _MOST + 1].strip().split("|")]
    if len(parts) < _LEAST_PARTS or len(typed) > _MOST or _SEXES.get(folded(parts[4])) is None:
        raise ValueError(Sentence("không đọc được mã QR của thẻ căn cước, hãy quét lại hoặc nhập tay từng ô."))
    return Card(
        number=validators.citizen_id(parts[0]),
        old_number=parts[1],
        name=validators.text_of(_MOST)(parts[2]),
        birth_day=_day(parts[3]),
        sex=_SEXES[folded(parts[4])],
        address=validators.text_of(_MOST)(parts[5]),
        issued_on=_day(parts[6]),
    )


def _day(figures: str) -> date:
    found = _DAY.fullmatch(figures)
    if not found:
        raise ValueError(Sentence("không đọc được ngày trong mã QR, hãy quét lại hoặc nhập tay từng ô."))
    return validators.day("/".join(found.groups()))


Boxes = Mapping[str, Mapping[str, str]]
"""The boxes of a form that cards are read into: the box, and by part of the card the field it fills."""


def boxes_of(fields: Sequence[Field]) -> Boxes:
    """Return the box of every party block among these fields."""
    parties = [each.block for each in fields if each.block and each.block.kind is BlockKind.PARTY]
    return {
        f"{party.id}_{CARD}": {
            each.id.removeprefix(f"{party.id}_"): each.id for each in fields if each.part_of == party.id
        }
        for party in parties
    }


def filled_from_cards(
    data: Any, prefix: str, boxes: Boxes
) -> tuple[dict[str, list[str]] | None, dict[str, Sentence]]:  # fmt: skip
    """Return what was sent with what the cards say in the place of what was typed, None where no card was read.

    What is wrong with a card is told by its box.
    """
    filled: dict[str, list[str]] = {}
    wrong: dict[str, Sentence] = {}
    for box, fields in boxes.items():
        typed = next(iter(data.getlist(f"{prefix}{box}")), "")
        if not isinstance(typed, str) or not typed.strip():
            continue
        try:
            said = read_card(typed).answers
        except ValueError as refused:
            wrong[box] = refused.args[0]
            continue
        filled |= {f"{prefix}{field}": [said[part]] for part, field in fields.items() if part in said}
    if not filled:
        return None, wrong
    return {**{name: data.getlist(name) for name in data}, **filled}, wrong
