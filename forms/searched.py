"""Which fields of a form people search dossiers by (trường tra cứu), and how the answers to them are compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rules.definition.procedure import Field, FieldKind, ProcedureDefinition


class Compared(StrEnum):
    """How answers are compared in a search: as words, as one of some codes, as a number, as a day, only as a whole."""

    WORDS = "words"
    CODE = "code"
    NUMBER = "number"
    DAY = "day"
    WHOLE = "whole"


COMPARED: Mapping[FieldKind, Compared] = MappingProxyType(
    {
        FieldKind.TEXT: Compared.WORDS,
        FieldKind.WHOLE_NUMBER: Compared.NUMBER,
        FieldKind.MONEY: Compared.NUMBER,
        FieldKind.MEASURE: Compared.NUMBER,
        FieldKind.YES_NO: Compared.CODE,
        FieldKind.DAY: Compared.DAY,
        FieldKind.MOMENT: Compared.DAY,
        FieldKind.CHOICE: Compared.CODE,
        FieldKind.CHOICES: Compared.CODE,
        FieldKind.CITIZEN_ID: Compared.WHOLE,
        FieldKind.TAX_CODE: Compared.WORDS,
        FieldKind.PHONE: Compared.WORDS,
        FieldKind.EMAIL: Compared.WORDS,
    }
)
"""How answers to each kind of field are compared; a kind that is not here is never searched by."""

MOST_SEARCHED = 24
"""So many fields of one procedure go to the side table at most: each dossier has a line for each of them."""


@dataclass(frozen=True, slots=True)
class SearchedField:
    """One field to search by. `group` is the group whose rows it is a column of, empty for one of the form itself.

    `name` is how the side table calls it: `field`, or `group.field`.
    """

    field: Field
    compared: Compared
    group: str = ""

    @property
    def name(self) -> str:
        """The name of the field, with its group."""
        return f"{self.group}.{self.field.id}" if self.group else self.field.id


def searched(definition: ProcedureDefinition) -> tuple[SearchedField, ...]:
    """Return the fields a definition's dossiers are searched by, in the order of the form."""
    found = [SearchedField(field, COMPARED[field.kind]) for field in definition.fields if field.kind in COMPARED]
    found += [
        SearchedField(member, COMPARED[member.kind], group.id)
        for group in definition.fields
        for member in group.fields
        if member.kind in COMPARED
    ]
    return tuple(found[:MOST_SEARCHED])
