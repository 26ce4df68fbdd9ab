"""Every Vietnamese text of the interface, and the English catalogue held against them.

`python -m launcher.extraction` brings the catalogue up to date: new texts get an empty line, texts that nothing shows
any more leave it. `make translations` fails until each line is filled.

Texts come from three places: what templates and Python hand to `_()` and its like; labels that stand in tables
(`app.web.labels`); and what forms, importers, acts and pages refuse with: `Sentence("…")` and the texts that refusals
are made of. Those are written without gettext, because an act does not know who reads it, and translated where they
are shown; one with values inside is a template.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.importers.problems import UnusableWorkbookError
from app.services import errors, procedure
from app.services.errors import RefusalError
from app.web.labels import label_texts
from forms.sentence import Sentence

PROJECT = Path(__file__).resolve().parent.parent
TRANSLATIONS = PROJECT / "app" / "translations"
ENGLISH = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
FRAMEWORK_TEXTS = TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "untyped_lazy_gettext": None}
SPEAKING = ("app/importers", "app/security", "app/services", "app/storage", "app/web", "forms")
"""The folders whose Python files speak in sentences to people at a screen."""
SPOKEN = frozenset({"sentence", "todo", "what", "hint"})
PLACE = re.compile(r"%\(\w+\)s")


def wanted_texts() -> frozenset[str]:
    """Return every text that needs an English line; English texts of the framework need none."""
    texts = frozenset({*marked_texts(), *label_texts(), *sentence_texts()})
    return frozenset(text for text in texts if _has_words(text)) - texts_of(FRAMEWORK_TEXTS)


def marked_texts() -> Iterator[str]:
    """Yield what the application hands to gettext, as `babel.cfg` says where to look."""
    with (PROJECT / "babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)
    for _, _, message, _, _ in extract_from_dir(PROJECT / "app", methods, options, KEYWORDS):
        yield message if isinstance(message, str) else message[0]


def sentence_texts() -> Iterator[str]:
    """Yield the texts and templates of sentences and refusals."""
    for _, call in speaking_calls():
        for part in spoken_by(call):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def speaking_calls() -> Iterator[tuple[Path, ast.Call]]:
    """Yield every place in the program that makes a sentence or a refusal, with its file."""
    refusals = {cls.__name__ for module in (errors, procedure) for cls in _refusals_in(module)}
    names = {*refusals, Sentence.__name__, UnusableWorkbookError.__name__, "__init__"}
    for path in speaking_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            if isinstance(node, ast.Call) and _name_of(node.func) in names:
                yield path, node


def speaking_files() -> tuple[Path, ...]:
    """Return the Python files that speak to people at a screen."""
    return tuple(path for folder in SPEAKING for path in sorted((PROJECT / folder).rglob("*.py")))


def _refusals_in(module: object) -> Iterator[type[RefusalError]]:
    return (cls for cls in vars(module).values() if isinstance(cls, type) and issubclass(cls, RefusalError))


def _name_of(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def spoken_by(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a sentence or a refusal is given to say: texts as they stand, f-strings, names, other sentences."""
    positions = 2 if _name_of(call.func) == UnusableWorkbookError.__name__ else 1
    for one in [*call.args[:positions], *(keyword.value for keyword in call.keywords if keyword.arg in SPOKEN)]:
        yield from (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,)


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in PLACE.sub("", text))


def catalogue_at(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def texts_of(path: Path) -> frozenset[str]:
    """Return the texts that a catalogue has a line for."""
    return frozenset(str(message.id) for message in catalogue_at(path) if message.id)


def bring_up_to_date(path: Path, wanted: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Write the catalogue anew with a line for each wanted text and no other; return what came and what went."""
    old = catalogue_at(path)
    known = {str(message.id): str(message.string) for message in old if message.id}
    new = Catalog(
        locale=old.locale, header_comment=old.header_comment, project=old.project, version=old.version,
        creation_date=old.creation_date, revision_date=old.revision_date, last_translator=old.last_translator,
        language_team=old.language_team, msgid_bugs_address="-", fuzzy=False,
    )  # fmt: skip
    for text in sorted(wanted):
        new.add(text, known.get(text, ""))
    with path.open("wb") as stream:
        write_po(stream, new, width=120, sort_output=True)
    return wanted - frozenset(known), frozenset(known) - wanted


def main() -> None:
    """Bring the English catalogue up to date and say what changed."""
    came, went = bring_up_to_date(ENGLISH, wanted_texts())
    for sign, texts in (("+", came), ("-", went)):
        sys.stdout.writelines(f"{sign} {text}\n" for text in sorted(texts))


if __name__ == "__main__":
    main()
