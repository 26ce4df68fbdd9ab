"""The form in which a leader sets by hand: an amount for each open charge line, the due moment, reason and basis."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import wtforms
from werkzeug.datastructures import MultiDict

from app.services.hand_ruling import ChargeLine, OpenPoints, Setting
from app.storage.hand_ruling import HandRuling
from forms.build import form_class
from forms.facts import form_data_of
from forms.layout import ErrorLine, error_summary
from rules.definition.procedure import Field, FieldKind
from rules.values import CURRENCIES, Text

PREFIX = "hand"
_BASIS = (
    Field("document", FieldKind.TEXT, Text("Văn bản căn cứ: số, ký hiệu", "Legal document: its number"), required=True),
    Field("article", FieldKind.TEXT, Text("Điều, khoản, điểm", "Article, clause, point"), required=True),
    Field("reason", FieldKind.LONG_TEXT, Text("Lý do ấn định", "Reason"), required=True),
)
_DUE = Field("due", FieldKind.MOMENT, Text("Hẹn trả kết quả lúc", "Appointment for the result"), required=True)


class HandForm:
    """The form as it stands for the points that are open; `act_key` makes a double click one ruling."""

    def __init__(
        self, points: OpenPoints, data: MultiDict[str, str] | None, *, former: HandRuling | None = None
    ) -> None:
        self.points = points
        fields = tuple(_fields(points))
        shown = form_data_of(fields, _as_before(former), PREFIX) if data is None else data
        self.form: Any = form_class("HandForm", fields, (), wtforms.Form)(shown, prefix=PREFIX)
        self.act_key = _key(data) or uuid4()

    @property
    def lines(self) -> Iterator[tuple[ChargeLine, Any, Any]]:
        """The open charge lines, each with the field of its amount and of the reason for charging nothing."""
        for line in self.points.lines:
            yield line, self.form[f"amount_{line.id}"], self.form[f"zero_{line.id}"]

    @property
    def errors(self) -> tuple[ErrorLine, ...]:
        """Everything that must be mended, in the order of the page."""
        return error_summary(self.form)

    def validate(self) -> bool:
        """Check the form, so that every error shows at once."""
        return bool(self.form.validate())

    def setting(self) -> Setting:
        """Return what a checked form says, for the act."""
        zeros = {line.id: zero.data or "" for line, _, zero in self.lines}
        return Setting(
            act_key=self.act_key,
            amounts={line.id: amount.data for line, amount, _ in self.lines},
            zero_reasons={line: why for line, why in zeros.items() if why},
            due=self.form["due"].data if self.points.due else None,
            reason=self.form["reason"].data,
            document=self.form["document"].data,
            article=self.form["article"].data,
        )


def _fields(points: OpenPoints) -> Iterator[Field]:
    for line in points.lines:
        _, digits = CURRENCIES[line.currency]
        kind = FieldKind.MEASURE if digits else FieldKind.MONEY
        yield Field(
            f"amount_{line.id}", kind, line.label, required=True, unit=line.currency if digits else "", scale=digits
        )
        yield Field(
            f"zero_{line.id}",
            FieldKind.TEXT,
            Text("Lý do không thu (chỉ ghi khi số tiền là 0)", "Why nothing is charged (only where the amount is 0)"),
        )
    if points.due:
        yield _DUE
    yield from _BASIS


def _as_before(former: HandRuling | None) -> dict[str, Any]:
    """Return the amounts and the moment that hold now; why they are set anew is for the leader to say."""
    if former is None:
        return {}
    amounts = {f"amount_{each.line}": each.amount for each in former.amounts}
    zeros = {f"zero_{each.line}": each.zero_reason for each in former.amounts if each.zero_reason}
    return {**amounts, **zeros, "due": former.appointment_due}


def _key(data: MultiDict[str, str] | None) -> UUID | None:
    try:
        return UUID((data or {}).get("act_key") or "")
    except ValueError:
        return None
