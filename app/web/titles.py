"""Names of procedures in the reader's language: the registers hold them in Vietnamese, their definitions in both."""

from collections.abc import Iterable

from flask import Flask, g
from flask_babel import get_locale

from app.extensions import db
from app.services.titles import Title, fields_of_work, titles
from rules.values import Text

_READ, _FIELDS = "procedure_titles", "fields_of_work_in_english"


def read_titles(codes: Iterable[str]) -> None:
    """Read the titles that a page of several procedures will show, all at once; Vietnamese readers need none."""
    locale = get_locale()
    if locale is None or locale.language == "vi":
        return
    known: dict[str, Title | None] = g.setdefault(_READ, {})
    wanted = [code for code in codes if code not in known]
    if wanted:
        known |= {**dict.fromkeys(wanted), **titles(db.session(), wanted)}


def titled(name: str | None, code: str, part: str = "name") -> Text:
    """Return a name that a register holds as a text of both languages; `part` is `name` or `field_of_work`.

    The English is that of the definition published last; of a field of work, else that of its register.
    """
    read_titles([code])
    title: Title | None = g.get(_READ, {}).get(code)
    english = getattr(title, part).en if title else ""
    return Text(name or "", english) if english or part == "name" else field_called(name)


def field_called(name: str | None) -> Text:
    """Return a field of work (lĩnh vực) as a text of both languages: the register has its English name."""
    locale = get_locale()
    if not name or locale is None or locale.language == "vi":
        return Text(name or "")
    if _FIELDS not in g:
        g.setdefault(_FIELDS, fields_of_work(db.session()))
    return Text(name, g.get(_FIELDS).get(name, ""))


def install(app: Flask) -> None:
    """Give the templates the filter."""
    app.jinja_env.filters.update(titled=titled, field_called=field_called)
