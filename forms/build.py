"""A procedure definition becomes a form class. Pure: the caller caches the class by the definition's whole hash."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

import wtforms

from forms import registry
from forms.answers import ChoiceAnswer, ChoicesAnswer, DayAnswer
from forms.cards import Boxes, boxes_of, filled_from_cards
from forms.conditions import read_only_fields, required_fields, shown_fields
from forms.doubts import doubts_of
from forms.facts import read_fields
from forms.fields import made as made_field
from forms.form_data import FormData
from forms.messages import Messages, messages_in
from forms.references import LookUp, ReferenceAnswer
from forms.rows import Rows
from forms.sentence import Sentence
from forms.told import ComputedAnswer
from forms.units import UnitAnswer, UnitRegister
from rules.definition.procedure import CodeList, DayBound, Field, ProcedureDefinition
from rules.vocabulary import Facts

# A field may be called `data` or `errors`; behind this prefix it cannot overwrite what WTForms calls so.
_PREFIX = "answer_"


class AnswerForm:
    """What every generated form can do beside its WTForms base. Fields are reached by their id: `form["pages"]`.

    `known` are facts from elsewhere (channel, kind of applicant, computed facts) that conditions may read; set it
    before validation or layout. `kept` is what stands in fields that cannot be changed. `offer_on` names the legal
    day: its codes may be chosen, and bounded days are measured by it, so call it first where a day is bounded. Answers
    do not change once the form is made.
    """

    specs: ClassVar[tuple[Field, ...]] = ()
    boxes: ClassVar[Boxes] = MappingProxyType({})
    meta: Any
    _fields: Mapping[str, Any]
    _prefix: str
    _parent_form: Any = None
    _known: Facts = MappingProxyType({})
    _own_facts: dict[str, Any] | None = None
    _today: date | None = None
    kept: Facts = MappingProxyType({})

    class Meta:
        """WTForms' messages in the reader's language: `meta={"locales": ["en"]}` or a base class says which."""

        def get_translations(self, form: Any) -> Messages:
            """Return WTForms' messages in the first of the locales, in Vietnamese where none is given."""
            del form
            locales: Any = getattr(self, "locales", False)  # WTForms has False where nobody said
            return messages_in(locales[0] if locales else "vi")

    def process(self, formdata: Any = None, *more: Any, **named: Any) -> None:
        """Read what was sent, with what the cards say that were read into their boxes."""
        self.card_errors: dict[str, Sentence] = {}
        if formdata and hasattr(formdata, "getlist"):
            filled, self.card_errors = filled_from_cards(formdata, self._prefix, self.boxes)
            formdata = formdata if filled is None else FormData(filled)
        super().process(formdata, *more, **named)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

    @property
    def card_prefix(self) -> str:
        """What stands before the name of a box that a card is read into."""
        return self._prefix

    @property
    def card_names(self) -> list[str]:
        """The names of the boxes that cards are read into."""
        return [f"{self._prefix}{box}" for box in self.boxes]

    def __getitem__(self, name: str) -> Any:
        own = _PREFIX + name
        return self._fields[own if own in self._fields else name]

    def __contains__(self, name: str) -> bool:
        return _PREFIX + name in self._fields or name in self._fields

    @property
    def answers(self) -> Iterator[Any]:
        """The fields of the definition in their order, without what the base class adds."""
        return (self[spec.id] for spec in self.specs)

    @property
    def blank(self) -> bool:
        """Tell whether nothing was answered."""
        return all(answer.blank for answer in self.answers)

    @property
    def untouched(self) -> bool:
        """Tell whether nothing stands here but what stood here beforehand."""
        return all(answer.untouched for answer in self.answers)

    @property
    def is_filled(self) -> bool:
        """Tell whether a row says something: one that lacks what it needs beside what stood there is still empty."""
        always = (answer for answer in self.answers if answer.spec.required is True and not answer.spec.shown_when)
        lacks = any(answer.blank for answer in always)
        return not self.blank and not (lacks and self.untouched)

    @property
    def row_button_pressed(self) -> bool:
        """Tell whether the form was sent to add or remove a row, not to be accepted."""
        groups = [answer for answer in self.answers if isinstance(answer, Rows)]
        return any(rows.pressed or any(entry.form.row_button_pressed for entry in rows.entries) for rows in groups)

    @property
    def known(self) -> Facts:
        """Facts from elsewhere that conditions may read."""
        return self._known

    @known.setter
    def known(self, facts: Facts) -> None:
        self._known = facts
        self._own_facts = None
        for answer in self.answers:
            if isinstance(answer, ComputedAnswer):
                answer.tell(facts.get(answer.spec.id))

    @property
    def data(self) -> dict[str, Any]:
        """The data of every field by id."""
        return {name.removeprefix(_PREFIX): field.data for name, field in self._fields.items()}

    @property
    def errors(self) -> dict[str, Any]:
        """The errors of every field that has any, by id."""
        found = {name: getattr(field, "all_errors", field.errors) for name, field in self._fields.items()}
        return {name.removeprefix(_PREFIX): errors for name, errors in found.items() if errors}

    @property
    def around(self) -> Facts:
        """The facts known from outside this form: for a row those of the whole form too."""
        parent = self._parent_form
        return self.known if parent is None else {**parent.around, **parent.own_facts}

    @property
    def own_facts(self) -> dict[str, Any]:
        """The facts this form holds."""
        if self._own_facts is None:
            self._own_facts = read_fields(self.specs, self, self.around)
        return self._own_facts

    def offer_on(self, day: date) -> None:
        """Take this as today: offer the codes in force, take the days it allows, in rows too. Before validation."""
        self._own_facts, self._today = None, day
        for answer in self.answers:
            if isinstance(answer, ChoiceAnswer | ChoicesAnswer | DayAnswer):
                answer.offer_on(day)
        for form in self._row_forms:
            form.offer_on(day)

    def offer_units(self, register: UnitRegister, day: date) -> None:
        """Let communes and wards be chosen from this register, in rows too."""
        self._own_facts = None
        for answer in self.answers:
            if isinstance(answer, UnitAnswer):
                answer.offer_units(register, day)
        for form in self._row_forms:
            form.offer_units(register, day)

    def look_up_with(self, look_up: LookUp) -> None:
        """Look the codes of dossiers and results up there, in rows too."""
        self._own_facts = None
        for answer in self.answers:
            if isinstance(answer, ReferenceAnswer):
                answer.look_up_with(look_up)
        for form in self._row_forms:
            form.look_up_with(look_up)

    @property
    def _row_forms(self) -> Iterator[Any]:
        return (entry.form for answer in self.answers for entry in getattr(answer, "entries", ()))

    def standing(self, spec: Field) -> Any:
        """Return what stands in a field that cannot be changed: what is kept, else what the form opens with."""
        value: Any = self.kept.get(spec.id, spec.default)
        if isinstance(value, DayBound):
            return self._today
        return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]

    def read_only(self) -> frozenset[str]:
        """Return the ids of the fields whose answers cannot be changed with the answers so far."""
        return read_only_fields(self.specs, {**self.around, **self.own_facts})

    @property
    def doubts(self) -> Mapping[str, tuple[Sentence, ...]]:
        """What should be looked at again, by the id of the field; never a reason to refuse the form."""
        doubts = doubts_of(self.specs, self.own_facts)
        moved = {each.spec.id: each.moved for each in self.answers if isinstance(each, UnitAnswer)}
        cards = {next(iter(self.boxes[box].values())): said for box, said in self.card_errors.items()}
        told = {name: said for name, said in {**moved, **cards}.items() if said is not None}
        return {**doubts, **{name: (said,) for name, said in told.items()}}

    def shown(self) -> frozenset[str]:
        """Return the ids of the fields that are shown with the answers so far."""
        return shown_fields(self.specs, {**self.around, **self.own_facts})

    def required(self) -> frozenset[str]:
        """Return the ids of the fields that are shown and need an answer with the answers so far."""
        return required_fields(self.specs, {**self.around, **self.own_facts})

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shown fields. A form sent by a row button is not accepted, but nothing is held against it."""
        del extra_validators  # the definition says all there is to check
        if self.row_button_pressed:
            return False
        shown, needed, fixed = self.shown(), self.required(), self.read_only()
        for answer in self.answers:
            if answer.spec.id in fixed:
                answer.stand(self.standing(answer.spec))
        needed -= fixed
        good = True
        for answer in self.answers:
            if answer.spec.id in shown:
                answer.needed = answer.spec.id in needed
                good = answer.validate(self) and good
            else:
                _forget_errors(answer)
        return self._validate_added() and good

    def _validate_added(self) -> bool:
        """Check what the base class added to the fields of the definition, such as its protection."""
        good = True
        messages = self.meta.get_translations(self)
        for name, field in self._fields.items():
            if not name.startswith(_PREFIX):
                good = field.validate(self) and good
                field.errors = [messages.gettext(sentence) for sentence in field.errors]
        return good

    def forget_errors(self) -> None:
        """Drop the errors of all fields."""
        for answer in self.answers:
            _forget_errors(answer)


def build_form(definition: ProcedureDefinition, base: type[Any] = wtforms.Form) -> type[Any]:
    """Return the form class of this definition over a WTForms base class (Flask's own brings protection, CSRF)."""
    return form_class("ProcedureForm", definition.fields, definition.lists, base)


def form_class(
    name: str,
    specs: Sequence[Field],
    lists: Sequence[CodeList],
    base: type[Any],
    *,
    boxes: Boxes = MappingProxyType({}),
) -> type[Any]:
    """Return a form class for these fields of a definition; `boxes` take cards beside those of its party blocks."""
    items = {each.id: {item.code: item for item in each.items} for each in lists}
    making = registry.Making(
        items=items.__getitem__,
        row_form=lambda spec: form_class(f"{name}Row", spec.fields, lists, wtforms.Form),
    )
    made = {_PREFIX + spec.id: made_field(spec, making) for spec in specs}
    taken = {"specs": tuple(specs), "boxes": {**boxes, **boxes_of(specs)}}
    return type(name, (AnswerForm, base), {**taken, **made})


def _forget_errors(field: Any) -> None:
    if isinstance(field, Rows):
        field.forget_errors()
    else:
        field.errors = []
