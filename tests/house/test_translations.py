"""Every sentence of the framework that a person can meet is said in Vietnamese."""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import flask_appbuilder
import flask_wtf.csrf
import polib
import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from babel.support import Translations

from launcher.catalogues import UnusableCatalogueError, compile_catalogues

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
FRAMEWORK = Path(flask_appbuilder.__file__).parent
PROBE = Path(__file__).with_name("framework_strings.py")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "__": None}
PROPER_NOUNS = {"openid", "csrf", "api", "mac"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# A shipped catalogue that follows the framework's own list of messages without additions of its own.
SHIPPED = FRAMEWORK / "translations" / "pt_BR" / "LC_MESSAGES" / "messages.po"


@cache
def catalogue() -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}


@cache
def generated() -> dict[str, set[str]]:
    printed = subprocess.run(
        [sys.executable, "-W", "ignore", str(PROBE)], capture_output=True, check=True, timeout=60, text=True
    )
    return {kind: set(texts) for kind, texts in json.loads(printed.stdout).items()}


@cache
def extracted(folder: Path) -> frozenset[str]:
    found = extract_from_dir(folder, METHODS, {"**/templates/**.html": {"extensions": "jinja2.ext.do"}}, KEYWORDS)
    return frozenset(message for _, _, message, _, _ in found if isinstance(message, str))


def framework_messages() -> set[str]:
    return set(extracted(FRAMEWORK)) | {entry.msgid for entry in polib.pofile(str(SHIPPED))}


def form_messages() -> set[str]:
    """The fixed sentences of WTForms and Flask-WTF: the framework's pages look them up when they show them."""
    pot = polib.pofile(str(Path(wtforms.__file__).parent / "locale" / "wtforms.pot"))
    fixed = {entry.msgid for entry in pot if not entry.msgid_plural and not re.search(r"%[(s]", entry.msgid)}
    raised = {
        node.args[0].value
        for node in ast.walk(ast.parse(Path(flask_wtf.csrf.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "ValidationError"
        and isinstance(node.args[0], ast.Constant)
    }
    return fixed | raised


def wanted() -> set[str]:
    return framework_messages() | form_messages() | set().union(*generated().values())


def test_every_message_of_the_framework_is_translated():
    assert sorted(framework_messages() - catalogue().keys()) == []


def test_every_title_label_right_and_screen_that_the_framework_makes_is_translated():
    for kind, texts in generated().items():
        assert texts, f"the framework made no {kind}"
        assert sorted(texts - catalogue().keys()) == []


def test_every_fixed_sentence_of_the_form_library_is_translated():
    assert "The CSRF token is missing." in form_messages()
    assert sorted(form_messages() - catalogue().keys()) == []


def test_no_translation_is_empty_or_fuzzy():
    entries = polib.pofile(str(CATALOGUE))
    assert [entry.msgid for entry in entries if not entry.msgstr.strip() or entry.fuzzy or entry.obsolete] == []


def test_no_message_is_written_twice():
    msgids = [entry.msgid for entry in polib.pofile(str(CATALOGUE))]
    assert sorted(msgids) == sorted(set(msgids))


def test_the_catalogue_holds_nothing_that_is_no_longer_asked_for():
    assert sorted(catalogue().keys() - wanted() - extracted(ROOT / "app")) == []


def test_placeholders_and_outer_spaces_of_a_translation_agree_with_its_message():
    for message, translation in catalogue().items():
        assert sorted(PLACEHOLDER.findall(message)) == sorted(PLACEHOLDER.findall(translation)), message
        assert message.endswith(" ") == translation.endswith(" "), message


def test_no_english_word_is_left_in_a_translation():
    words = re.compile(r"[a-z]{4,}")
    english = {word for message in wanted() for word in words.findall(message.lower())}
    for message, translation in catalogue().items():
        without_addresses = re.sub(r"\S+@\S+", "", translation.lower())
        plain = set(re.findall(r"(?<!\w)[a-z]{4,}(?!\w)", without_addresses))
        assert plain & english <= PROPER_NOUNS, (message, translation)


def test_translations_are_in_composed_letters():
    for message, translation in catalogue().items():
        assert not re.search("[\u0300-\u036f]", translation), message


def test_the_compiled_catalogue_answers_in_vietnamese_and_is_made_only_when_it_is_older(tmp_path):
    copy = tmp_path / "vi" / "LC_MESSAGES" / "messages.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(CATALOGUE.read_bytes())
    assert compile_catalogues(tmp_path) == (copy.with_suffix(".mo"),)
    assert compile_catalogues(tmp_path) == ()
    spoken = Translations.load(str(tmp_path), ["vi"])
    assert spoken.gettext("List Users") == "Người dùng"
    assert spoken.gettext("Not Ends with") == "Không kết thúc bằng"


def test_a_broken_catalogue_is_named_and_leaves_nothing_behind(tmp_path):
    broken = tmp_path / "vi" / "LC_MESSAGES" / "messages.po"
    broken.parent.mkdir(parents=True)
    broken.write_text('msgid "Save"\nthis is no catalogue\n', encoding="utf-8")
    with pytest.raises(UnusableCatalogueError, match=r"messages\.po"):
        compile_catalogues(tmp_path)
    assert not broken.with_suffix(".mo").exists()
