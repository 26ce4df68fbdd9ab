"""The catalogues of translations, compiled from `messages.po` to the `messages.mo` that the program reads.

Only the text form is kept in the repository; the set-up step makes the binary form beside it.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po


class UnusableCatalogueError(Exception):
    """A catalogue that cannot be read; its text names the file and the reason."""


def compile_catalogues(folder: Path) -> tuple[Path, ...]:
    """Compile every `<language>/LC_MESSAGES/*.po` under `folder` that is newer than its `.mo`; return what was written.

    Raises:
        UnusableCatalogueError: a catalogue is not in the form that gettext defines; nothing is written for it.
    """
    written: list[Path] = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns > source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        written.append(target)
    return tuple(written)


def _compile(source: Path, target: Path) -> None:
    language = source.parent.parent.name
    try:
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise UnusableCatalogueError(f"{source}: {error}") from error
    # Written beside and then renamed: a program that starts meanwhile never reads half a file.
    draft = target.with_suffix(".mo.new")
    with draft.open("wb") as stream:
        write_mo(stream, catalogue)
    os.replace(draft, target)
