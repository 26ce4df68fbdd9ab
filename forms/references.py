"""References to dossiers and results: looked up by whoever has the register, never by the form itself."""

# WTForms carries no types, so what is inherited from it is Any; what is ours is typed.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from typing import Any

from wtforms.validators import StopValidation

from forms.answers import Answer, about
from forms.sentence import Sentence
from rules.definition.fields import FieldKind
from rules.values import Text

LookUp = Callable[[FieldKind, str], Text | None]
"""What a dossier or result of this code is called for the reader who may see it, None where there is none for them."""


class ReferenceAnswer(Answer):
    """The code of a dossier or the number of a result. Without a register to look in, only its shape is checked."""

    _look_up: LookUp | None = None

    def look_up_with(self, look_up: LookUp) -> None:
        """Look codes up there from now on."""
        self._look_up = look_up

    @property
    def found(self) -> Text | None:
        """What the code stands for, None where nothing was typed, found or looked up."""
        known = super().fact
        return None if known is None or self._look_up is None else self._look_up(self.spec.kind, known)

    @property
    def fact(self) -> Any:
        """The code, None where it is unknown, was refused, or stands for nothing."""
        return None if self._look_up is not None and self.found is None else super().fact

    def pre_validate(self, form: Any) -> None:
        """Refuse a code that stands for nothing."""
        super().pre_validate(form)
        if self.data is not None and self._look_up is not None and self.found is None:
            what = (
                Sentence("không tìm thấy hồ sơ có mã này, hãy xem lại trên giấy hẹn.")
                if self.spec.kind is FieldKind.DOSSIER
                else Sentence("không tìm thấy kết quả có số này, hãy xem lại trên văn bản.")
            )
            raise StopValidation(about(self.spec.label, what))
