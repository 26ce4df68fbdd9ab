"""What every page of the dress needs beside its own values: the menu, the person's units, and how fields are drawn."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import wtforms
from flask import Flask, Response, current_app, g, request, session, url_for
from flask_appbuilder.fields import QuerySelectField, QuerySelectMultipleField
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.menu import MenuItem
from flask_babel import get_domain, get_locale, gettext
from flask_login import current_user
from markupsafe import Markup
from wtforms import widgets
from wtforms.fields.core import Field

from app.clock import legal_day, now
from app.extensions import appbuilder, db
from app.services.errors import RefusalError
from app.services.office import units_on
from app.web import formats
from app.web.texts import lazy_gettext
from rules.values import Text

builder: Any = appbuilder  # FAB declares its own parts as None until it is bound to an application
DAY_FORMAT = "%d/%m/%Y"
BAD_DAY = lazy_gettext("Viết ngày như 26/03/2024.")
HEADINGS = {
    "work": "",
    "procedures": lazy_gettext("Thủ tục"),
    "registers": lazy_gettext("Sổ dữ liệu"),
    "system": lazy_gettext("Hệ thống"),
}
"""The headings of the menu by the name of their category, in their order; the work itself stands without one."""


class DressedForm(DynamicForm):
    """A form whose errors speak the language of the page: WTForms ships no Vietnamese, our catalogue does."""

    class Meta(DynamicForm.Meta):
        """WTForms asks here for its translations."""

        def get_translations(self, form: Any) -> Any:
            """Return the catalogue of the application in the language of this request."""
            return get_domain().get_translations()


class BoxesField(wtforms.SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class DayField(wtforms.DateField):
    """A day written `26/03/2024`."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, format=DAY_FORMAT, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; what cannot be read is answered with how to write it."""
        try:
            super().process_formdata([text for text in valuelist if text.strip()])
        except ValueError as problem:
            raise ValueError(str(BAD_DAY)) from problem


@contextmanager
def told_on(form: wtforms.Form) -> Generator[None]:
    """Let a refusal of an act stand above the form, so that the answers stay; other families of errors go their way."""
    try:
        yield
    except RefusalError as refusal:
        if refusal.status != RefusalError.status:
            raise
        form.form_errors.append(f"{formats.said(refusal.sentence)} {formats.said(refusal.todo)}".strip())


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of the menu under one heading; the heading is empty for lines that stand alone."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A field that must be mended, for the list above the form."""

    id: str
    label: str
    sentence: str


def navigation() -> list[Section]:
    """Return the menu items that the person's roles open, under their headings."""
    opened = builder.sm.get_user_menu_access()
    found = {category.name: category.childs for category in builder.menu.get_list()}
    sections = (
        Section(str(heading), tuple(_entry(item) for item in found.get(name, ()) if item.name in opened))
        for name, heading in HEADINGS.items()
    )
    return [section for section in sections if section.entries]


def _entry(item: MenuItem) -> Entry:
    page = item.baseview.endpoint if item.baseview is not None else item.href.partition(".")[0]
    return Entry(str(item.label or item.name), item.get_url(), _current_page() == page)


def _current_page() -> str:
    """Return the page of the menu that this request belongs to; a page without an entry says whose it shares."""
    own = request.blueprint or ""
    return next((getattr(view, "menu_page", own) for view in builder.baseviews if view.endpoint == own), own)


def may(page: str, permission: str) -> bool:
    """Say whether the person may do this on that page: `may("AssignmentView", "edit")`."""
    return builder.sm.has_access(f"can_{permission}", page)


def acting_units() -> list[str]:
    """Return the names of the units in whose name the person acts today."""
    rights = g.get("rights")
    if rights is None or not rights.duties:
        return []
    wanted = {duty.acts_for_unit_id for duty in rights.duties}
    return [unit.name for unit in units_on(db.session(), wanted, legal_day(now()))]


def is_group(field: Field) -> bool:
    """Say whether a field is several boxes under one question."""
    if isinstance(field, wtforms.RadioField):
        return True
    return isinstance(field, wtforms.SelectMultipleField) and isinstance(field.widget, widgets.ListWidget)


def is_file(field: Field) -> bool:
    """Say whether a field takes a file."""
    return isinstance(field, wtforms.FileField)


def is_tick(field: Field) -> bool:
    """Say whether a field is one box to tick."""
    return isinstance(field, wtforms.BooleanField)


def control(field: Field, described: str = "", **attributes: Any) -> Markup:
    """Draw a field's control in the dress: our class, what describes it, and whether it is wrong.

    FAB's own widgets bring Bootstrap 3 classes and style attributes, so its fields are drawn by WTForms' widgets.
    """
    given = {"class_": _class(field)} | attributes
    if isinstance(field, wtforms.SelectField):
        _say_choices(field)
    if described:
        given["aria-describedby"] = described
    if field.errors:
        given["aria-invalid"] = "true"
    if isinstance(field, wtforms.DateField):
        given |= {
            "data-day": "",
            "inputmode": "numeric",
            "placeholder": str(lazy_gettext("dd/mm/yyyy")),
            "type": "text",
        }
    if type(field.widget).__module__.startswith("flask_appbuilder"):
        return Markup(_plain_widget(field)(field, **given))  # noqa: S704  WTForms' widgets escape what they draw
    return Markup(field(**given))  # noqa: S704


def _say_choices(field: Any) -> None:
    """Put the labels of a generated form's choices into the language of the page."""
    if isinstance(field.choices, list):
        field.choices = [_said_choice(choice) for choice in field.choices]


def _said_choice(choice: Any) -> Any:
    # All requests share the choices of a form's class, so a choice is never changed.
    label = getattr(choice, "label", None)
    return replace(choice, label=formats.said(label)) if isinstance(label, Text) else choice


def _class(field: Field) -> str:
    if isinstance(field, wtforms.BooleanField):
        return "form-check-input"
    if isinstance(field, wtforms.SelectField | QuerySelectField):
        return "form-select"
    return "form-control"


def _plain_widget(field: Field) -> Any:
    drawn_by = {
        wtforms.BooleanField: widgets.CheckboxInput(),
        wtforms.PasswordField: widgets.PasswordInput(),
        wtforms.TextAreaField: widgets.TextArea(),
        QuerySelectMultipleField: widgets.Select(multiple=True),
        QuerySelectField: widgets.Select(),
        wtforms.SelectField: widgets.Select(),
        wtforms.FileField: widgets.FileInput(),
    }
    return next((widget for kind, widget in drawn_by.items() if isinstance(field, kind)), widgets.TextInput())


def wrong_fields(form: wtforms.Form) -> list[Wrong]:
    """Return every field with an error, in the order of the form; nested fields carry their own ids."""
    whole = [Wrong("", "", formats.said(error)) for error in form.form_errors]
    return whole + [wrong for field in form for wrong in _wrong(field)]


def _wrong(field: Field) -> list[Wrong]:
    if isinstance(field, wtforms.FormField):
        return wrong_fields(field.form)
    if isinstance(field, wtforms.FieldList):
        inner = [wrong for entry in field.entries for wrong in _wrong(entry)]
        own = [error for error in field.errors if isinstance(error, str)]
        return inner or [Wrong(field.id, str(field.label.text), formats.said(error)) for error in own]
    return [Wrong(field.id, str(field.label.text), formats.said(error)) for error in _texts(field.errors)]


def _texts(errors: Sequence[Any]) -> list[Any]:
    return list(errors)[:1]


def shown(value: Any) -> Any:
    """Write any value of a register as people read it."""
    if value is None or value == "":
        return "–"
    return next((write(value) for kind, write in _WRITTEN.items() if isinstance(value, kind)), value)


def _moment(value: datetime) -> str:
    # FAB keeps UTC without saying so.
    return formats.moment(value if value.tzinfo else value.replace(tzinfo=UTC))


def _several(values: Iterable[Any]) -> str:
    return ", ".join(sorted(formats.said(one) for one in values)) or "–"


# The first kind that fits writes the value: a moment is a day too, and yes-or-no is a number to Python.
_WRITTEN: dict[type, Callable[[Any], str]] = {
    bool: lambda value: gettext("Có") if value else gettext("Không"),
    datetime: _moment,
    date: formats.day,
    int: formats.number,
    list: _several,
    tuple: _several,
    set: _several,
}


def _everywhere() -> dict[str, Any]:
    """Return what the base template reads; errors' pages are rendered outside FAB and need it too."""
    language = str(get_locale() or "vi").partition("_")[0]
    return {
        "appbuilder": appbuilder,
        "base_template": "appbuilder/baselayout.html",
        "lang": language,
        "languages": current_app.config["LANGUAGES"],
        "navigation": navigation,
        "acting_units": acting_units,
        "account_url": _account_url(),
        "is_demo": current_app.extensions["settings"].demo,
    }


def _account_url() -> str:
    if not current_user or not current_user.is_authenticated or "AccountView.show" not in current_app.view_functions:
        return ""
    return url_for("AccountView.show")


def _remember_page(response: Response) -> Response:
    """Keep where the person is, so that changing the language comes back to the same page."""
    is_page = request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html"
    if is_page and request.headers.get("HX-Request") != "true":
        session["page_history"] = [request.url]  # the name under which FAB looks for the way back
    return response


def install(app: Flask) -> None:
    """Give the templates of this application what the dress needs."""
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters.update(
        control=control, is_group=is_group, is_tick=is_tick, is_file=is_file, shown=shown, wrong_fields=wrong_fields
    )
    app.jinja_env.globals["may"] = may
    app.context_processor(_everywhere)
    app.after_request(_remember_page)
