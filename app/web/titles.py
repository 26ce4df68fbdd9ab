"""Names of procedures in the reader's language: the registers hold them in Vietnamese, their definitions in both."""

from collections.abc import Iterable

from flask import Flask, g
from flask_babel import get_locale

from app.extensions import db
from app.services.titles import Title, titles
from rules.values import Text

_READ = "procedure_titles"


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

    The English is that of the definition published last, none where it has none.
    """
    read_titles([code])
    title: Title | None = g.get(_READ, {}).get(code)
    return Text(name or "", getattr(title, part).en if title else "")


def install(app: Flask) -> None:
    """Give the templates the filter."""
    app.jinja_env.filters.update(titled=titled)
