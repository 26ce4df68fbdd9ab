"""The house keeps its own rules: contracts, words, no leftovers."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("rules", "forms", "app", "launcher")
FORBIDDEN_MODULES = {"utils", "helpers", "common", "base", "misc"}


def sources(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def test_imports_point_down():
    # A process of its own: the linter sets up logging for its whole process, which silences the loggers of the product.
    linted = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert linted.returncode == 0, linted.stdout


def test_only_one_module_speaks_to_durable_rules():
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in sources(*PACKAGES)
        if re.search(r"^\s*(?:import|from) durable", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert importers == {"rules/match/durable_kernel.py"}


def test_no_module_is_a_box_of_leftovers():
    assert {path.stem for path in sources(*PACKAGES)} & FORBIDDEN_MODULES == set()


def test_every_module_opens_with_one_sentence():
    silent = [path for path in sources(*PACKAGES) if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


@pytest.mark.parametrize("mark", ["TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error"])
def test_nothing_is_left_for_later(mark):
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sources(*PACKAGES)
        if re.search(rf"\b{mark}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_commit_happens_in_the_unit_of_work_only():
    """FAB commits for its own register screens; everything of ours commits through `Work`."""
    allowed = {"app/storage/unit_of_work.py", "app/security/manager.py", "app/web/registers.py"}
    committing = {
        path.relative_to(ROOT).as_posix()
        for path in sources("app")
        if re.search(r"session\w*(?:\(\))?\.commit\(", path.read_text(encoding="utf-8"))
    }
    assert committing <= allowed


def test_the_clock_is_read_in_one_place():
    reading = {
        path.relative_to(ROOT).as_posix()
        for path in sources("rules", "forms", "app")
        if re.search(r"datetime\.now\(|date\.today\(|utcnow\(", path.read_text(encoding="utf-8"))
    }
    assert reading == {"app/clock.py"}


SPOKEN = {
    "values.py",
    "vocabulary.py",
    "lifecycle.py",
    "definition/procedure.py",
    "definition/expected.py",
    "table/decision.py",
    "evaluation/findings.py",
    "evaluation/outcome.py",
    "evaluation/cases.py",
    "clock/calendar.py",
    "clock/hours.py",
    "clock/ledger.py",
    "clock/running.py",
    "clock/spans.py",
    "clock/stops.py",
}
"""Modules whose classes are words of the office; the others (parsers, matchers) speak of themselves."""


def public_classes(package: str) -> set[str]:
    found: set[str] = set()
    for path in sources(package):
        if path.relative_to(ROOT / package).as_posix() not in SPOKEN:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")}
    return found


def test_the_words_of_the_law_are_in_the_glossary():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[A-Za-z_]+", text))
    nouns = {name for name in public_classes("rules") if not name.endswith("Error")}
    assert sorted(nouns - words) == []


def test_nothing_third_party_and_nothing_large_is_committed():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    files = [ROOT / name for name in listed.decode().split("\0") if name]
    if not files:
        pytest.skip("không có kho git ở đây")
    large = [path.name for path in files if path.is_file() and path.stat().st_size > 300_000]
    assert large == []
    assert [path for path in files if "vendor" in path.parts or "node_modules" in path.parts] == []
