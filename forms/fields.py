"""The fields of generated forms: each knows its definition, reads what was typed and shows it again.

Every check of a value happens while it is read, so that a value that can be read is a good value. Whether an answer is
needed at all is told to the field by its form, since it may depend on other answers.
"""

# WTForms carries no types, so what is inherited from it is Any; what is ours is typed.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

import wtforms
from wtforms import widgets
from wtforms.fields import choices as choice_fields
from wtforms.validators import StopValidation

from forms import validators
from forms.registry import Making, makes
from forms.sentence import Sentence
from rules.clock.calendar import LEGAL_TIME
from rules.definition.procedure import CodeItem, Field, FieldKind
from rules.evaluation.allowed import LONG_TEXT_LENGTH, TEXT_LENGTH
from rules.values import Text, day_figures, decimal_words, grouped

_Field: Any = wtforms.Field
_SelectField: Any = wtforms.SelectField
_SelectMultipleField: Any = wtforms.SelectMultipleField
_FieldList: Any = wtforms.FieldList
_choices: Any = choice_fields

ECHO_LENGTH = 20_000
"""So much of a refused answer is shown again; nobody mends 10 MB in a text box."""

KEPT_ROWS = 500
"""So many rows of a group are read and shown again, even where fewer are allowed."""


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
        sent = _first_text(self.spec.label, valuelist)
        # A lone surrogate cannot be written to a page; a replacement sign can.
        self.typed = sent[:ECHO_LENGTH].encode("utf-8", "replace").decode()
        if not self.blank:
            self.data = _labelled(self.spec.label, self._read, sent)

    @property
    def blank(self) -> bool:
        """Tell whether nothing was typed."""
        return not self.typed.strip() if self.typed is not None else self.data is None

    @property
    def fact(self) -> Any:
        """The value, None where it is unknown or was refused."""
        return None if self.process_errors else self.data

    def pre_validate(self, form: Any) -> None:
        """Ask for a needed answer; a refused one was told about already."""
        _stop_when_missing(self, Sentence("Hãy nhập “%(field)s”.", field=self.spec.label))

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
        return known if known is None or self._refusal(known) is None else None

    def pre_validate(self, form: Any) -> None:
        """Refuse a day outside its bounds, and ask for a needed one."""
        super().pre_validate(form)
        refused = None if self.data is None else self._refusal(self.data)
        if refused is not None:
            raise StopValidation(_about(self.spec.label, refused))

    def _refusal(self, value: date) -> Sentence | None:
        first, last = self.bounds
        try:
            validators.day_within(value, first=first, last=last)
        except ValueError as refused:
            return refused.args[0]
        return None


class _Offered:
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
                raise StopValidation(_about(label, said))


class ChoiceAnswer(_SelectField):
    """One choice from a list of codes."""

    before: tuple[Any, ...] = (_choices.SelectChoice("", Text("— Chọn —", "— Choose —")),)
    needed = False
    data: str | None
    spec: Field

    def __init__(self, label: str, *, spec: Field, items: Mapping[str, CodeItem], **more: Any) -> None:
        self._offered = _Offered(items)
        super().__init__(label, choices=[*self.before, *self._offered.options(None)], validate_choice=False, **more)
        self.spec = spec
        self._codes = frozenset(items)

    def offer_on(self, day: date) -> None:
        """Offer only the codes in force on the day."""
        self.choices = [*self.before, *self._offered.options(day)]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the chosen code; one that is not in the list is refused, whoever sent it."""
        self.data = _first_text(self.spec.label, valuelist) or None
        if self.data is not None and self.data not in self._codes:
            self.data = None
            raise ValueError(_about(self.spec.label, Sentence("hãy chọn một mục trong danh sách.")))

    @property
    def blank(self) -> bool:
        """Tell whether nothing was chosen."""
        return self.data is None and not self.process_errors

    @property
    def fact(self) -> Any:
        """The code, None where nothing was chosen."""
        return self.data

    def pre_validate(self, form: Any) -> None:
        """Ask for a needed choice, and refuse one that is not in force."""
        _stop_when_missing(self, Sentence("Hãy chọn “%(field)s”.", field=self.spec.label))
        self._offered.refuse(self.spec.label, [self.data] if self.data else ())


_YES_NO = {"true": CodeItem("true", Text("Có", "Yes")), "false": CodeItem("false", Text("Không", "No"))}


class YesNoAnswer(ChoiceAnswer):
    """Yes, no, or not answered yet, as two radio buttons."""

    before = ()  # neither button pressed says what an empty option would
    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.RadioInput()

    def __init__(self, label: str, *, spec: Field, **more: Any) -> None:
        super().__init__(label, spec=spec, items=_YES_NO, **more)

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
        self._offered = _Offered(items)
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
        ticked = {_first_text(self.spec.label, [value]) for value in valuelist} - {""}
        self.data = sorted(ticked)
        if ticked - self._codes:
            raise ValueError(_about(self.spec.label, Sentence("hãy chọn các mục trong danh sách.")))

    @property
    def focus_id(self) -> str:
        """The HTML id an error leads to: the first box."""
        return f"{self.id}-0"

    @property
    def blank(self) -> bool:
        """Tell whether nothing was ticked."""
        return not self.data and not self.process_errors

    @property
    def fact(self) -> Any:
        """The codes in order, None before the form was submitted or where a forged code came with them."""
        return None if self.process_errors else self.data

    def pre_validate(self, form: Any) -> None:
        """Ask for at least one where an answer is needed."""
        _stop_when_missing(self, Sentence("Hãy chọn ít nhất một mục ở “%(field)s”.", field=self.spec.label))
        self._offered.refuse(self.spec.label, self.data or ())


class Rows(_FieldList):
    """A repeated group: rows of answers, added and removed by submit buttons, so that no script is needed.

    The buttons are named `<group>-add` and `<group>-<row>-remove`.
    """

    needed = False
    pressed = False
    submitted = False
    too_many = False
    spec: Field
    entries: list[Any]

    def __init__(self, unbound_row: Any, label: str, *, spec: Field, **more: Any) -> None:
        shown = max(spec.min_rows, 1 if spec.required else 0)
        super().__init__(unbound_row, label, min_entries=min(shown, spec.max_rows), **more)
        self.spec = spec
        self.process_errors: list[str] = []

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        """Read the submitted rows, then do what a pressed row button says."""
        self.submitted = formdata is not None
        super().process(formdata, data or ())
        if formdata:
            self._press_remove(formdata)
            self._press_add(formdata)

    def _press_remove(self, formdata: Any) -> None:
        indices = sorted(set(self._extract_indices(self.name, formdata)))
        removed = [place for place, index in enumerate(indices) if f"{self.name}-{index}-remove" in formdata]
        for place in reversed(removed):
            self.pressed = True
            self.pop_entry(place)
        while len(self.entries) < self.min_entries:
            self.append_entry()

    def _press_add(self, formdata: Any) -> None:
        if f"{self.name}-add" in formdata:
            self.pressed = True
            if len(self.entries) < self.spec.max_rows:
                self.append_entry()
            else:
                self.errors = [self._most]

    def _extract_indices(self, prefix: str, formdata: Any) -> list[int]:
        start = f"{prefix}-"
        heads = {key[len(start) :].split("-", 1)[0] for key in formdata if key.startswith(start)}
        found = sorted(int(head) for head in heads if head.isascii() and head.isdigit() and len(head) <= 9)
        kept = max(KEPT_ROWS, self.spec.max_rows)
        self.too_many = len(found) > self.spec.max_rows
        return found[:kept]

    @property
    def _most(self) -> Sentence:
        most = grouped(self.spec.max_rows)
        return _about(self.spec.label, Sentence("tối đa %(most)s dòng, hãy bỏ bớt hoặc tách hồ sơ.", most=most))

    @property
    def filled(self) -> list[Any]:
        """The forms of the rows in which anything was answered."""
        return [entry.form for entry in self.entries if not entry.form.blank]

    @property
    def blank(self) -> bool:
        """Tell whether no row was filled in."""
        return not self.filled

    @property
    def fact(self) -> Any:
        """The forms of the filled rows; None before the form was submitted, and while there are too many.

        A group that has fewer rows than it needs is unknown, not empty: what counts its rows has no amount, never 0.
        """
        if not self.submitted or self.too_many:
            return None
        return self.filled if len(self.filled) >= self._least else None

    @property
    def _least(self) -> int:
        return max(self.spec.min_rows, 1 if self.needed else 0)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check every filled row, and empty ones only as far as rows are missing."""
        self.forget_errors()
        least = self._least
        filled = [entry for entry in self.entries if not entry.form.blank]
        missing = max(least - len(filled), 0)
        asked = [entry for entry in self.entries if entry.form.blank][:missing]
        bad_rows = [entry for entry in (*filled, *asked) if not entry.validate(form)]
        if self.too_many:
            self.errors.append(self._most)
        if missing > sum(entry in bad_rows for entry in asked):
            asking = Sentence("hãy thêm ít nhất %(least)s dòng.", least=grouped(least))
            self.errors.append(_about(self.spec.label, asking))
        return not bad_rows and not self.errors

    @property
    def all_errors(self) -> list[Any]:
        """The errors of the group, then those of its rows by field."""
        return [*self.errors, *(entry.form.errors for entry in self.entries if entry.form.errors)]

    def forget_errors(self) -> None:
        """Drop the errors of the group and of its rows."""
        self.errors = []
        for entry in self.entries:
            entry.form.forget_errors()


def _about(label: Text, said: str) -> Sentence:
    """Return what is said of a field behind its label."""
    return Sentence("“%(field)s”: %(what)s", field=label, what=said)


def _first_text(label: Text, values: list[Any]) -> str:
    first = values[0] if values else ""
    if not isinstance(first, str):
        raise ValueError(_about(label, Sentence("nội dung gửi lên không phải là chữ, hãy nhập lại.")))
    return first


def _labelled(label: Text, read: validators.Reader, typed: str) -> Any:
    try:
        return read(typed)
    except ValueError as refused:
        raise ValueError(_about(label, refused.args[0])) from None


def _stop_when_missing(answer: Any, sentence: Sentence) -> None:
    if answer.process_errors:
        raise StopValidation
    if answer.needed and answer.blank:
        raise StopValidation(sentence)


def _common(spec: Field) -> dict[str, Any]:
    return {"spec": spec, "name": spec.id, "description": str(spec.help or "")}


def _typed(spec: Field, read: validators.Reader, show: Callable[[Any], str] = str, **attributes: Any) -> Any:
    widget = attributes.pop("widget", widgets.TextInput())
    made = DayAnswer if spec.kind is FieldKind.DAY else Answer
    return made(spec.label.vi, read=read, show=show, widget=widget, render_kw=attributes, **_common(spec))


@makes(FieldKind.TEXT)
def text(spec: Field, making: Making) -> Any:
    """One line of text (văn bản ngắn)."""
    del making
    return _typed(spec, validators.text_of(TEXT_LENGTH), maxlength=TEXT_LENGTH)


@makes(FieldKind.LONG_TEXT)
def long_text(spec: Field, making: Making) -> Any:
    """Text in several lines (văn bản dài)."""
    del making
    most = LONG_TEXT_LENGTH
    return _typed(spec, validators.long_text_of(most), maxlength=most, widget=widgets.TextArea(), rows=4)


@makes(FieldKind.WHOLE_NUMBER)
def whole_number(spec: Field, making: Making) -> Any:
    """A whole number (số nguyên), typed and shown with dots."""
    del making
    return _typed(spec, validators.whole_number_of(spec.min, spec.max), grouped, inputmode="numeric")


@makes(FieldKind.MONEY)
def money(spec: Field, making: Making) -> Any:
    """An amount in whole đồng (số tiền)."""
    del making
    return _typed(spec, validators.money_of(spec.min, spec.max), grouped, inputmode="numeric")


@makes(FieldKind.YES_NO)
def yes_no(spec: Field, making: Making) -> Any:
    """Yes or no (có / không)."""
    del making
    return YesNoAnswer(spec.label.vi, **_common(spec))


@makes(FieldKind.DAY)
def day(spec: Field, making: Making) -> Any:
    """A day (ngày), typed and shown dd/mm/yyyy."""
    del making
    return _typed(spec, validators.day, _shown_day, inputmode="numeric", placeholder="dd/mm/yyyy")


@makes(FieldKind.MOMENT)
def moment(spec: Field, making: Making) -> Any:
    """A moment (thời điểm), typed and shown dd/mm/yyyy HH:MM in legal time."""
    del making
    return _typed(spec, validators.moment, _shown_moment, placeholder="dd/mm/yyyy HH:MM", autocomplete="off")


@makes(FieldKind.MEASURE)
def measure(spec: Field, making: Making) -> Any:
    """A measure (số đo) with a decimal comma, exact to its last digit."""
    del making
    read = validators.measure_of(spec.min, spec.max, spec.scale)
    return _typed(spec, read, partial(decimal_words, scale=spec.scale), inputmode="decimal", autocomplete="off")


@makes(FieldKind.CHOICE)
def choice(spec: Field, making: Making) -> Any:
    """One code of a list (chọn một)."""
    return ChoiceAnswer(spec.label.vi, items=making.items(spec.list), **_common(spec))


@makes(FieldKind.CHOICES)
def choices(spec: Field, making: Making) -> Any:
    """Several codes of a list (chọn nhiều)."""
    return ChoicesAnswer(spec.label.vi, items=making.items(spec.list), **_common(spec))


@makes(FieldKind.CITIZEN_ID)
def citizen_id(spec: Field, making: Making) -> Any:
    """A citizen number (số định danh cá nhân)."""
    del making
    return _typed(spec, validators.citizen_id, inputmode="numeric", autocomplete="off")


@makes(FieldKind.TAX_CODE)
def tax_code(spec: Field, making: Making) -> Any:
    """An organisation's tax code (mã số thuế)."""
    del making
    return _typed(spec, validators.tax_code, inputmode="numeric", autocomplete="off")


@makes(FieldKind.PHONE)
def phone(spec: Field, making: Making) -> Any:
    """A phone number (số điện thoại)."""
    del making
    return _typed(spec, validators.phone, inputmode="tel", widget=widgets.TelInput())


@makes(FieldKind.EMAIL)
def email(spec: Field, making: Making) -> Any:
    """An e-mail address (thư điện tử)."""
    del making
    return _typed(spec, validators.email, inputmode="email", widget=widgets.EmailInput())


@makes(FieldKind.GROUP)
def group(spec: Field, making: Making) -> Any:
    """A repeated group of fields (nhóm lặp)."""
    row: Any = wtforms.FormField(making.row_form(spec))
    return Rows(row, spec.label.vi, **_common(spec))


def _shown_moment(value: datetime) -> str:
    return f"{value.astimezone(LEGAL_TIME):%d/%m/%Y %H:%M}"


def _shown_day(value: date) -> str:
    return f"{value:%d/%m/%Y}"
