"""What a form shows and nobody types: values that are worked out, and texts."""

# WTForms carries no types, so what is inherited from it is Any; what is ours is typed.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from datetime import date
from typing import Any

import wtforms
from markupsafe import Markup

from rules.definition.fields import FACT_TYPES, Field
from rules.definition.registers import CodeItem
from rules.values import Text, day_figures, decimal_words, grouped
from rules.vocabulary import NO, YES, FactType

_Field: Any = wtforms.Field


class _Told(_Field):
    """Something shown: whatever is sent for it is passed over, nothing is checked, and it gives no fact."""

    needed = False
    blank = True
    untouched = True
    fact = None
    spec: Field

    def __init__(self, label: str, *, spec: Field, **more: Any) -> None:
        super().__init__(label, **more)
        self.spec = spec

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Pass over what was sent."""

    def stand(self, value: Any) -> None:
        """Nothing was typed here that could be replaced."""


def _drawn_output(field: Any, **more: Any) -> Markup:
    del more
    return Markup('<output id="{}" data-computed>{}</output>').format(field.id, field.shown.vi)


class ComputedAnswer(_Told):
    """A value that is worked out from the answers; `tell` says what it is now."""

    widget = staticmethod(_drawn_output)

    def __init__(self, label: str, *, items: Mapping[str, CodeItem], **more: Any) -> None:
        super().__init__(label, **more)
        self._items = items
        self.data: Any = None

    def tell(self, value: Any) -> None:
        """Show this value, None where it cannot be worked out yet."""
        self.data = value

    @property
    def shown(self) -> Text:
        """The value as people read it, a dash while it is unknown."""
        value = self.data
        if value is None:
            return Text("—")
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, date):
            return Text(day_figures(value))
        if isinstance(value, int):
            is_measure = FACT_TYPES[self.spec.kind] is FactType.FIXED
            return Text(decimal_words(value, self.spec.scale) if is_measure else grouped(value))
        return self._items[value].label if value in self._items else Text(str(value))


def _drawn_note(field: Any, **more: Any) -> Markup:
    del more
    return Markup('<p id="{}" class="note">{}</p>').format(field.id, field.spec.label.vi)


class NoteAnswer(_Told):
    """A text on the form."""

    widget = staticmethod(_drawn_note)
    data = None
