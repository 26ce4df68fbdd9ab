"""The answers of generated forms: each knows its field, reads what was typed and shows it again.

Every check of a value happens while it is read, so that a value that can be read is a good value. Whether an answer is
needed at all is told to the field by its form, since it may depend on other answers.
"""

# WTForms carries no types, so what is inherited from it is Any; what is ours is typed.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import wtforms
from wtforms import widgets
from wtforms.fields import choices as choice_fields
from wtforms.validators import StopValidation

from forms import validators
from forms.sentence import Sentence
from rules.definition.fields import NO_VIOLATION, DayBound, Field
from rules.definition.registers import CodeItem
from rules.values import Text, day_figures

_Field: Any = wtforms.Field
_SelectField: Any = wtforms.SelectField
_SelectMultipleField: Any = wtforms.SelectMultipleField
_choices: Any = choice_fields

ECHO_LENGTH = 20_000
"""So much of a refused answer is shown again; nobody mends 10 MB in a text box."""


class Answer(_Field):
    """One typed answer. `fact` is its value for the rules, None while it is unknown."""

    needed = False
    typed: str | None = None
    data: Any
    spec: Field

    def __init__(
        self, label: str, *, spec: Field, read: validators.Reader, show: Callable[[Any], str] = str, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.spec = spec
        self._read = read
        self._show = show

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the submitted text; blank is no answer."""
        self.data = None
        sent = first_text(self.spec.label, valuelist)
        # A lone surrogate cannot be written to a page; a replacement sign can.
        self.typed = sent[:ECHO_LENGTH].encode("utf-8", "replace").decode()
        if not self.blank:
            self.data = labelled(self.spec.label, self._read, sent)

    @property
    def blank(self) -> bool:
        """Tell whether nothing was typed."""
        return not self.typed.strip() if self.typed is not None else self.data is None

    @property
    def untouched(self) -> bool:
        """Tell whether nothing stands here but what stood here beforehand."""
        return self.blank or (self.spec.default is not None and self.fact == self.spec.default)

    @property
    def fact(self) -> Any:
        """The value, None where it is unknown or was refused."""
        return None if self.process_errors else self.data

    def stand(self, value: Any) -> None:
        """Put a value here in the place of whatever was typed: the answer cannot be changed."""
        self.typed, self.data, self.errors, self.process_errors = None, value, [], []

    def pre_validate(self, form: Any) -> None:
        """Ask for a needed answer; a refused one was told about already."""
        stop_when_missing(self, Sentence("Hãy nhập “%(field)s”.", field=self.spec.label))

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self._show(self.data)


class DayAnswer(Answer):
    """A day, which may be bounded by today: which day that is, `offer_on` is told."""

    _today: date | None = None

    def offer_on(self, day: date) -> None:
        """Take this as today."""
        self._today = day
        if self.data is DayBound.TODAY:
            self.data = day

    @property
    def untouched(self) -> bool:
        """Tell whether nothing stands here but what stood here beforehand."""
        was = self._today if self.spec.default is DayBound.TODAY else self.spec.default
        return self.blank or (was is not None and self.data == was)

    @property
    def bounds(self) -> tuple[date | None, date | None]:
        """The first and the last day that may be answered; no bounds where the definition names none."""
        if self.spec.not_before is None and self.spec.not_after is None:
            return (None, None)
        assert self._today is not None, "a bounded day is checked after `offer_on`"
        return self.spec.days_on(self._today)

    @property
    def fact(self) -> Any:
        """The day, None where it is unknown or was refused."""
        known = super().fact
        return known if isinstance(known, date) and self._refusal(known) is None else None

    def pre_validate(self, form: Any) -> None:
        """Refuse a day outside its bounds, and ask for a needed one."""
        super().pre_validate(form)
        refused = None if self.data is None else self._refusal(self.data)
        if refused is not None:
            raise StopValidation(about(self.spec.label, refused))

    def _refusal(self, value: date) -> Sentence | None:
        first, last = self.bounds
        try:
            validators.day_within(value, first=first, last=last)
        except ValueError as refused:
            return refused.args[0]
        return None


class Offered:
    """The items of a list, of which some may be in force on some days only."""

    def __init__(self, items: Mapping[str, CodeItem]) -> None:
        self._items = items
        self._day: date | None = None

    def options(self, day: date | None) -> list[Any]:
        """Return the options of the day (None: of every day) and keep the day for `refuse`."""
        self._day = day
        held = [item for item in self._items.values() if day is None or item.period.holds(day)]
        # The label stays a Text, which prints as Vietnamese, so that a page can say it in English.
        return [_choices.SelectChoice(item.code, item.label) for item in held]

    def refuse(self, label: Text, codes: Iterable[str]) -> None:
        """Stop where one of the chosen codes is not in force on the day."""
        for item in (self._items[code] for code in codes):
            if self._day is not None and not item.period.holds(self._day):
                said = Sentence(
                    "“%(code)s” không dùng được ngày %(day)s, hãy chọn mục khác.",
                    code=item.label, day=day_figures(self._day),
                )  # fmt: skip
                raise StopValidation(about(label, said))


class ChoiceAnswer(_SelectField):
    """One choice from a list of codes."""

    before: tuple[Any, ...] = (_choices.SelectChoice("", Text("— Chọn —", "— Choose —")),)
    needed = False
    data: str | None
    spec: Field

    def __init__(self, label: str, *, spec: Field, items: Mapping[str, CodeItem], **more: Any) -> None:
        self._offered = Offered(items)
        super().__init__(label, choices=[*self.before, *self._offered.options(None)], validate_choice=False, **more)
        self.spec = spec
        self._codes = frozenset(items)

    def offer_on(self, day: date) -> None:
        """Offer only the codes in force on the day."""
        self.choices = [*self.before, *self._offered.options(day)]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the chosen code; one that is not in the list is refused, whoever sent it."""
        self.data = first_text(self.spec.label, valuelist) or None
        if self.data is not None and self.data not in self._codes:
            self.data = None
            raise ValueError(about(self.spec.label, Sentence("hãy chọn một mục trong danh sách.")))

    @property
    def blank(self) -> bool:
        """Tell whether nothing was chosen."""
        return self.data is None and not self.process_errors

    @property
    def untouched(self) -> bool:
        """Tell whether nothing was chosen but what stood here beforehand."""
        return self.blank or (self.spec.default is not None and self.fact == self.spec.default)

    @property
    def fact(self) -> Any:
        """The code, None where nothing was chosen."""
        return self.data

    def stand(self, value: Any) -> None:
        """Choose a value in the place of whatever was sent: the answer cannot be changed."""
        self.process_data(value)
        self.errors, self.process_errors = [], []

    def pre_validate(self, form: Any) -> None:
        """Ask for a needed choice, and refuse one that is not in force."""
        stop_when_missing(self, Sentence("Hãy chọn “%(field)s”.", field=self.spec.label))
        self._offered.refuse(self.spec.label, [self.data] if self.data else ())


_YES_NO = {"true": CodeItem("true", Text("Có", "Yes")), "false": CodeItem("false", Text("Không", "No"))}


class YesNoAnswer(ChoiceAnswer):
    """Yes, no, or not answered yet, as two radio buttons."""

    before = ()  # neither button pressed says what an empty option would
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.RadioInput()

    def __init__(self, label: str, *, spec: Field, **more: Any) -> None:
        super().__init__(label, spec=spec, items=_YES_NO, **more)

    def process_data(self, value: bool | str | None) -> None:
        """Take an answer given by the program."""
        self.data = str(value).lower() if isinstance(value, bool) else value

    @property
    def focus_id(self) -> str:
        """The HTML id an error leads to: the first button."""
        return f"{self.id}-0"

    @property
    def fact(self) -> Any:
        """True or False, None where nothing was chosen."""
        return None if self.data is None else self.data == "true"


class ChoicesAnswer(_SelectMultipleField):
    """Several choices as check boxes. A submitted form with nothing ticked says: none of them."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()
    needed = False
    data: list[str] | None
    spec: Field

    def __init__(self, label: str, *, spec: Field, items: Mapping[str, CodeItem], **more: Any) -> None:
        self._offered = Offered(items)
        super().__init__(label, choices=self._offered.options(None), validate_choice=False, **more)
        self.spec = spec
        self._codes = frozenset(items)

    def offer_on(self, day: date) -> None:
        """Offer only the codes in force on the day."""
        self.choices = self._offered.options(day)

    def process_data(self, value: Iterable[str] | None) -> None:
        """Take ticked codes given by the program."""
        self.data = None if value is None else sorted(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the ticked codes, each once; one that is not in the list is refused, whoever sent it."""
        ticked = {first_text(self.spec.label, [value]) for value in valuelist} - {""}
        self.data = sorted(ticked)
        if ticked - self._codes:
            raise ValueError(about(self.spec.label, Sentence("hãy chọn các mục trong danh sách.")))

    @property
    def focus_id(self) -> str:
        """The HTML id an error leads to: the first box."""
        return f"{self.id}-0"

    @property
    def blank(self) -> bool:
        """Tell whether nothing was ticked."""
        return not self.data and not self.process_errors

    @property
    def untouched(self) -> bool:
        """Tell whether nothing was ticked but what stood here beforehand."""
        return self.blank or (self.spec.default is not None and self.data == sorted(self.spec.default))

    def stand(self, value: Iterable[str] | None) -> None:
        """Tick these in the place of whatever was sent: the answer cannot be changed."""
        self.process_data(value)
        self.errors, self.process_errors = [], []

    @property
    def fact(self) -> Any:
        """The codes in order, None before the form was submitted or where a forged code came with them."""
        return None if self.process_errors else self.data

    def pre_validate(self, form: Any) -> None:
        """Ask for at least one where an answer is needed."""
        stop_when_missing(self, Sentence("Hãy chọn ít nhất một mục ở “%(field)s”.", field=self.spec.label))
        self._offered.refuse(self.spec.label, self.data or ())


class FindingAnswer(ChoicesAnswer):
    """What an officer finds by a checklist. Nothing ticked is no finding yet; “nothing found” stands alone."""

    @property
    def fact(self) -> Any:
        """The codes in order, None where nothing was ticked, or what was ticked contradicts itself."""
        return None if self._contradicts else super().fact or None

    @property
    def _contradicts(self) -> bool:
        return NO_VIOLATION in (self.data or ()) and len(self.data or ()) > 1

    def pre_validate(self, form: Any) -> None:
        """Refuse “nothing found” beside something that was found."""
        super().pre_validate(form)
        if self._contradicts:
            said = Sentence("đã chọn không phát hiện gì thì bỏ chọn các mục khác.")
            raise StopValidation(about(self.spec.label, said))


def about(label: Text, said: str) -> Sentence:
    """Return what is said of a field behind its label."""
    return Sentence("“%(field)s”: %(what)s", field=label, what=said)


def first_text(label: Text, values: list[Any]) -> str:
    """Return the first submitted value; one that is no text is refused (ValueError)."""
    first = values[0] if values else ""
    if not isinstance(first, str):
        raise ValueError(about(label, Sentence("nội dung gửi lên không phải là chữ, hãy nhập lại.")))
    return first


def labelled(label: Text, read: validators.Reader, typed: str) -> Any:
    """Read a typed text; a refusal (ValueError) names the field."""
    try:
        return read(typed)
    except ValueError as refused:
        raise ValueError(about(label, refused.args[0])) from None


def stop_when_missing(answer: Any, sentence: Sentence) -> None:
    """Stop checking what was refused already, and ask for an answer that is needed."""
    if answer.process_errors:
        raise StopValidation
    if answer.needed and answer.blank:
        raise StopValidation(sentence)
