"""The front-end files that pages and papers use: named here, taken from npm's folder, put where Flask serves them."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = ("400", "500", "600")
SUBSETS = ("latin", "latin-ext", "vietnamese")
FONT_FILES = [f"files/be-vietnam-pro-{subset}-{weight}-normal.woff2" for subset in SUBSETS for weight in WEIGHTS]


class MissingFrontEndFileError(Exception):
    """A package does not hold a file that a page needs; the text names it."""


@dataclass(frozen=True, slots=True)
class Package:
    """Files of one npm package: where each lies in the package, and its name in `app/static/vendor/<folder>/`."""

    folder: str
    name: str
    files: dict[str, str]


PACKAGES = (
    Package("bootstrap", "bootstrap", {"dist/css/bootstrap.min.css": "bootstrap.min.css", "LICENSE": "LICENSE"}),
    Package("htmx", "htmx.org", {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"}),
    Package(
        "be-vietnam-pro",
        "@fontsource/be-vietnam-pro",
        {
            **{f"{weight}.css": f"{weight}.css" for weight in WEIGHTS},
            **{file: file for file in FONT_FILES},
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "tinos",
        "@expo-google-fonts/tinos",
        {
            "400Regular/Tinos_400Regular.ttf": "Tinos-Regular.ttf",
            "700Bold/Tinos_700Bold.ttf": "Tinos-Bold.ttf",
            "400Regular_Italic/Tinos_400Regular_Italic.ttf": "Tinos-Italic.ttf",
            "700Bold_Italic/Tinos_700Bold_Italic.ttf": "Tinos-BoldItalic.ttf",
            "LICENSE_FONT": "LICENSE",
        },
    ),
)


def copy_front_end(modules: Path, vendor: Path) -> None:
    """Copy every named file from npm's folder into a fresh `vendor`, which replaces the old one whole.

    Raises `MissingFrontEndFileError` where a package lacks a file; the old folder then stays as it was.
    """
    draft = vendor.with_name(vendor.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    for package in PACKAGES:
        for source, target in package.files.items():
            copy_one(modules / package.name / source, draft / package.folder / target)
    shutil.rmtree(vendor, ignore_errors=True)
    draft.rename(vendor)


def copy_one(source: Path, target: Path) -> None:
    """Copy one file; a style sheet loses what it says of files that are not copied."""
    if not source.is_file():
        raise MissingFrontEndFileError(f"npm: {source}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in {".css", ".js"}:
        target.write_text(without_absent_files(source.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def without_absent_files(text: str) -> str:
    """Return a style sheet or script without its source map and without the older WOFF fonts.

    Every browser of today reads WOFF2, and a browser's developer tools would report the missing map as an error.
    """
    text = re.sub(r"(?m)^/[/*]# sourceMappingURL=.*$\n?", "", text)
    return re.sub(r",\s*url\([^)]*\.woff(?:\?[^)]*)?\)\s*format\(['\"]woff['\"]\)", "", text)
