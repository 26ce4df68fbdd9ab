"""Blocks of the form (khối thông tin): an address, an organisation, a party, each stated as one and asked as parts.

A part is a field like any other, called `<block>_<part>`: whoever reads facts knows nothing of blocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rules.definition.fields import BlockKind, DayBound, FieldKind
from rules.definition.registers import CodeItem, CodeList
from rules.values import Text

SEXES = "sex"
MALE, FEMALE = "male", "female"
"""The codes that a list of sexes has, which a citizen number is held against."""

ORGANISATION_KINDS = "organisation_kinds"

OWN_LISTS: Mapping[str, CodeList] = MappingProxyType(
    {
        each.id: each
        for each in (
            CodeList(SEXES, (CodeItem(MALE, Text("Nam", "Male")), CodeItem(FEMALE, Text("Nữ", "Female")))),
            CodeList(
                ORGANISATION_KINDS,
                (
                    CodeItem("state_body", Text("Cơ quan nhà nước", "Body of the state")),
                    CodeItem("public_unit", Text("Đơn vị sự nghiệp công lập", "Public service unit")),
                    CodeItem("enterprise", Text("Doanh nghiệp", "Enterprise")),
                    CodeItem("cooperative", Text("Hợp tác xã", "Cooperative")),
                    CodeItem("association", Text("Hội, tổ chức xã hội", "Association")),
                    CodeItem("other", Text("Tổ chức khác", "Other organisation")),
                ),
            ),
        )
    }
)
"""The lists that parts of blocks choose from; a definition may state its own of the same name."""


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One part of a block: its name, kind and label. `is_core`: it is needed where the block is needed."""

    name: str
    kind: FieldKind
    label: Text
    is_core: bool = False
    list: str = ""
    default: Any = None
    not_after: DayBound | None = None


PARTS: Mapping[BlockKind, tuple[PartSpec, ...]] = MappingProxyType(
    {
        BlockKind.ADDRESS: (
            PartSpec("unit", FieldKind.UNIT, Text("Xã, phường", "Commune or ward"), is_core=True),
            PartSpec("line", FieldKind.TEXT, Text("Số nhà, đường, thôn, ấp", "House, street, hamlet"), is_core=True),
        ),
        BlockKind.ORGANISATION: (
            PartSpec("name", FieldKind.TEXT, Text("Tên", "Name"), is_core=True),
            PartSpec("tax_code", FieldKind.TAX_CODE, Text("Mã số thuế", "Tax code"), is_core=True),
            PartSpec("kind", FieldKind.CHOICE, Text("Loại hình", "Kind"), list=ORGANISATION_KINDS),
            PartSpec("representative", FieldKind.TEXT, Text("Người đại diện", "Representative")),
        ),
        BlockKind.PARTY: (
            PartSpec("name", FieldKind.TEXT, Text("Họ, chữ đệm và tên", "Full name"), is_core=True),
            PartSpec("citizen_id", FieldKind.CITIZEN_ID, Text("Số định danh cá nhân", "Citizen number"), is_core=True),
            PartSpec(
                "birth_day", FieldKind.DAY, Text("Ngày, tháng, năm sinh", "Date of birth"), not_after=DayBound.TODAY
            ),
            PartSpec("sex", FieldKind.CHOICE, Text("Giới tính", "Sex"), list=SEXES),
            PartSpec("nationality", FieldKind.TEXT, Text("Quốc tịch", "Nationality"), default="Việt Nam"),
            PartSpec("address", FieldKind.TEXT, Text("Nơi cư trú", "Place of residence")),
            PartSpec("phone", FieldKind.PHONE, Text("Số điện thoại", "Phone")),
        ),
    }
)
"""The parts of each kind of block, in the order they are asked."""


def part_of_field(kind: BlockKind, block: str, field_id: str) -> PartSpec:
    """Return which part of a block of this kind and id a field is."""
    return next(part for part in PARTS[kind] if f"{block}_{part.name}" == field_id)
