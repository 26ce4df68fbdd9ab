"""A repeated group of a form: rows of answers that are added, removed and moved by submit buttons."""

# WTForms carries no types, so what is inherited from it is Any; what is ours is typed.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Mapping
from typing import Any

import wtforms

from forms import row_acts
from forms.answers import about
from forms.form_data import FormData
from forms.sentence import Sentence
from rules.definition.fields import Field
from rules.definition.registers import CodeItem
from rules.values import Text, grouped

_FieldList: Any = wtforms.FieldList

Items = Callable[[str], Mapping[str, CodeItem]]
"""The items of a list by code."""

KEPT_ROWS = 500
"""So many rows of a group are read and shown again, even where fewer are allowed."""


class Rows(_FieldList):
    """A repeated group: rows of answers, added and removed by submit buttons, so that no script is needed.

    The buttons are named `<group>-add`, `<group>-<row>-remove`, `-up` and `-down`; `<group>-paste-read` takes the rows
    of a spreadsheet that were pasted into `<group>-paste`.
    """

    needed = False
    pressed = False
    submitted = False
    too_many = False
    _first_pasted: int | None = None
    spec: Field
    entries: list[Any]

    def __init__(self, unbound_row: Any, label: str, *, spec: Field, items: Items, **more: Any) -> None:
        shown = max(spec.min_rows, 1 if spec.required else 0)
        super().__init__(unbound_row, label, min_entries=min(shown, spec.max_rows), **more)
        self.spec = spec
        self._items = items
        self.process_errors: list[str] = []

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:
        """Read the submitted rows, then do what a pressed row button says."""
        self.submitted = formdata is not None
        formdata = self._arranged(formdata) if formdata else formdata
        super().process(formdata, data or ())
        if formdata:
            self._press_remove(formdata)
            self._press_add(formdata)
            self._tell_pasted()

    def _arranged(self, formdata: Any) -> Any:
        """Return what was sent as it is after a row was moved, or rows were pasted."""
        sent = row_acts.sent_of(formdata, self.name)
        indices = sorted(set(self._extract_indices(self.name, formdata)))
        arranged = row_acts.moved(sent, self.name, indices)
        pasted = _text_in(sent, f"{self.name}-paste") if f"{self.name}-paste-read" in sent else ""
        if pasted:
            self._first_pasted = indices[-1] + 1 if indices else 0
            rows = row_acts.pasted(pasted, self.name, self._first_pasted, self.spec.fields, self._items)
            arranged = {**sent, **rows}
        if arranged is None:
            self.pressed = f"{self.name}-paste-read" in sent
            return formdata
        self.pressed = True
        return FormData(arranged)

    def _tell_pasted(self) -> None:
        """Tell at its place what cannot be read of what was pasted, and drop the rows that stood empty before it."""
        if self._first_pasted is None:
            return
        start = f"{self.name}-"
        kept = [
            entry
            for entry in self.entries
            if int(entry.name.removeprefix(start)) >= self._first_pasted or not entry.form.untouched
        ]
        self.entries = kept or self.entries
        for answer in (answer for entry in self.entries for answer in entry.form.answers):
            answer.errors = list(answer.process_errors)
        if self.too_many:
            self.errors = [self._most]

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
        return about(self.spec.label, Sentence("tối đa %(most)s dòng, hãy bỏ bớt hoặc tách hồ sơ.", most=most))

    @property
    def column_labels(self) -> list[Text]:
        """The labels of the columns of a pasted sheet, in their order."""
        return [column.label for column in row_acts.columns_of(self.spec.fields)]

    @property
    def filled(self) -> list[Any]:
        """The forms of the rows in which anything was answered."""
        return [entry.form for entry in self.entries if entry.form.is_filled]

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
        filled = [entry for entry in self.entries if entry.form.is_filled]
        missing = max(least - len(filled), 0)
        asked = [entry for entry in self.entries if not entry.form.is_filled][:missing]
        bad_rows = [entry for entry in (*filled, *asked) if not entry.validate(form)]
        if self.too_many:
            self.errors.append(self._most)
        if missing > sum(entry in bad_rows for entry in asked):
            asking = Sentence("hãy thêm ít nhất %(least)s dòng.", least=grouped(least))
            self.errors.append(about(self.spec.label, asking))
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


def _text_in(sent: row_acts.Sent, name: str) -> str:
    first = next(iter(sent.get(name, ())), "")
    return first if isinstance(first, str) else ""
