"""The documentation is whole and true: its links lead somewhere, its commands and settings exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def test_every_make_command_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(
            r"(?:`|^)(?:[A-Z_]+=\S+ )?make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert named - targets == set()
    assert {"run", "test"} <= named


def test_every_setting_is_documented():
    settings = set(re.findall(r'"([A-Z][A-Z_]{3,})"', (ROOT / "config.py").read_text(encoding="utf-8"))) - {
        "TMPDIR",
        "MOT_CUA_RUNS_IN",
    }
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in settings if f"`{name}`" not in text) == []


def test_pictures_are_small():
    assert [path.name for path in (ROOT / "docs").rglob("*.png") if path.stat().st_size > 150_000] == []


def test_every_file_path_that_the_tour_names_exists():
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:app|rules|forms|tests|docs|launcher|importers|services)/[\w./]+)", text)
    roots = (ROOT, ROOT / "app")
    assert [path for path in paths if not any((root / path.rstrip("./:")).exists() for root in roots)] == []
