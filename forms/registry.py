"""The kinds of fields a form can have: kind -> maker. A kind is added by adding one function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.definition.procedure import CodeItem, Field, FieldKind


@dataclass(frozen=True, slots=True)
class Making:
    """What a maker may use: the items of a list by code, and the form class of the rows of a group."""

    items: Callable[[str], Mapping[str, CodeItem]]
    row_form: Callable[[Field], type[Any]]


Maker = Callable[[Field, Making], Any]
"""Makes the unbound WTForms field of a field of the definition."""

_MAKERS: dict[FieldKind, Maker] = {}


def makes(kind: FieldKind) -> Callable[[Maker], Maker]:
    """Enter a maker for a kind of field. The same kind twice is a mistake in the program: ValueError."""

    def enter(maker: Maker) -> Maker:
        if kind in _MAKERS:
            raise ValueError(f"two makers for the field kind {kind.value}")
        _MAKERS[kind] = maker
        return maker

    return enter


def make(field: Field, making: Making) -> Any:
    """Return the unbound WTForms field for this field of the definition."""
    return _MAKERS[field.kind](field, making)


def kinds() -> frozenset[FieldKind]:
    """Return the kinds that can be made."""
    return frozenset(_MAKERS)
