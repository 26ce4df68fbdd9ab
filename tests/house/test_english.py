"""English is the second language: every text of the interface has its line, and nothing else has."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from babel.support import Translations
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from forms.messages import MESSAGES
from launcher.catalogues import compile_catalogues
from launcher.extraction import (
    ENGLISH,
    bring_up_to_date,
    catalogue_at,
    speaking_calls,
    speaking_files,
    spoken_by,
    texts_of,
    wanted_texts,
)

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "app" / "templates").rglob("*.html"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
VIETNAMESE = re.compile("[àáạảãăằắặẳẵâầấậẩẫđèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹ]", re.IGNORECASE)
NAMES = re.compile(r"Một cửa Đồng Tháp|Nguyễn Văn An|\d+(/\d+)?/[\w-]*[ĐQB][\w-]*")
"""The product, the example of a name, and numbers of documents, which keep their letters in any language."""


@cache
def lines() -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(ENGLISH))}


@cache
def wanted() -> frozenset[str]:
    return wanted_texts()


def test_every_text_of_the_interface_has_an_english_line():
    assert sorted(wanted() - lines().keys()) == [], "python -m launcher.extraction adds the lines"
    assert [text for text, english in lines().items() if not english.strip()] == []


def test_no_line_is_left_of_a_text_that_nothing_shows_any_more():
    assert sorted(lines().keys() - wanted()) == [], "python -m launcher.extraction removes them"
    assert [entry.msgid for entry in polib.pofile(str(ENGLISH)) if entry.fuzzy or entry.obsolete] == []


def test_the_extraction_finds_texts_of_every_origin():
    template, python, label, role, refusal, login, answer, workbook, hint, line = (
        "Tờ khai: người nộp được hỏi những gì", "Đã bỏ dự thảo.", "Đang giải quyết", "Thanh tra",
        "Không tìm thấy hồ sơ này trong phạm vi của bạn.", "Bạn chưa đăng nhập", "Hãy nhập “%(field)s”.",
        "Tệp gồm %(count)s phần, quá %(most)s phần.", "Chọn năm từ %(first)s đến %(last)s.", "Dòng %(line)s: %(what)s",
    )  # fmt: skip
    assert {template, python, label, role, refusal, login, answer, workbook, hint, line} <= wanted()
    assert "%(where)s: %(what)s" not in wanted(), "there is nothing in it to translate"
    assert not any("List Users" in text for text in wanted()), "the framework's texts are English already"


def test_placeholders_of_a_line_agree_with_its_text():
    for text, english in lines().items():
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(english)), text
        assert text[:1].isspace() == english[:1].isspace(), text
        assert text[-1:].isspace() == english[-1:].isspace(), text


def test_every_template_can_be_filled_in_both_languages():
    for text, english in lines().items():
        values = dict.fromkeys(re.findall(r"%\((\w+)\)", text), 7)
        if values:
            assert "%(" not in text % values, text
            assert "%(" not in english % values, text


def test_what_refuses_is_given_a_template_and_its_values_never_a_text_already_built():
    """A text that holds its values already has no line in any catalogue: it would stay Vietnamese in English."""
    built = [place(path, part) for path, call in speaking_calls() for part in spoken_by(call) if is_built(part)]
    assert built == [], "write %(name)s and give name=… (forms.sentence)"


def test_no_text_for_people_is_built_by_an_f_string():
    """Words of the law made in both languages at once (`Text`) are the exception, and what invented people typed."""
    found = [
        place(path, node)
        for path in speaking_files()
        if not path.name.startswith("sample_")
        for node in outside_texts(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr) and any(speaks_vietnamese(part) for part in node.values)
    ]
    assert found == [], "write Sentence(“… %(name)s …”, name=…) (forms.sentence)"


def test_every_text_of_forms_and_importers_is_a_sentence_with_a_line():
    known = {*lines(), *MESSAGES.values()}
    found = [
        f"{place(path, node)} {node.value}"
        for path in speaking_files()
        if path.relative_to(ROOT).parts[:2] == ("app", "importers") or path.relative_to(ROOT).parts[0] == "forms"
        for node in outside_texts(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and speaks_vietnamese(node) and " " in node.value and node.value not in known
    ]
    assert found == []


@pytest.mark.parametrize("built", ['f"Lịch {x}."', '"Lịch " + x', '"Lịch %s." % x', '"Lịch {}.".format(x)'])
def test_the_look_finds_texts_that_are_built(built):
    assert is_built(ast.parse(built, mode="eval").body)
    assert not is_built(ast.parse('joined((what, "hint"))', mode="eval").body)
    program = ast.parse(f'"""Tài liệu."""\nText(f"Ô {{x}}", "")\nraise ValueError({built})')
    assert [node.value[:4] for node in outside_texts(program) if speaks_vietnamese(node)] == ["Lịch"]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def speaks_vietnamese(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(VIETNAMESE.search(node.value))


def is_built(part: ast.AST) -> bool:
    is_format = isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "format"
    return is_format or isinstance(part, ast.JoinedStr | ast.BinOp)


def outside_texts(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a program outside docstrings and outside texts that are made in both languages."""
    for node in ast.iter_child_nodes(tree):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_text = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
        if not is_docstring and not is_text:
            yield node
            yield from outside_texts(node)


def test_a_sentence_stays_a_sentence():
    for text, english in lines().items():
        assert text.endswith(".") == english.endswith("."), (text, english)
        assert text.endswith(("…", ":")) == english.endswith(("…", ":")), (text, english)


def test_no_vietnamese_word_is_left_in_an_english_line():
    assert [english for english in lines().values() if VIETNAMESE.search(NAMES.sub("", english))] == []


def test_templates_translate_only_texts_that_stand_in_them():
    """`_(variable)` takes its text for markup and for a pattern: a name with `<` or `%` would break the page."""
    for path in TEMPLATES:
        tree = SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.i18n"]).parse(path.read_text("utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in {"_", "gettext"}:
                assert isinstance(call.args[0], nodes.Const), f"{path.name}:{call.lineno}: use |said"


def test_extraction_adds_what_is_new_and_drops_what_is_gone_and_keeps_the_rest(tmp_path):
    copy = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(ENGLISH.read_bytes())
    came, went = bring_up_to_date(copy, frozenset({"Hồ sơ", "Câu hoàn toàn mới %(name)s."}))
    assert came == {"Câu hoàn toàn mới %(name)s."}
    assert "Thủ tục" in went
    assert texts_of(copy) == {"Hồ sơ", "Câu hoàn toàn mới %(name)s."}
    assert {message.id: message.string for message in catalogue_at(copy) if message.id}["Hồ sơ"] == "Dossiers"


def test_extraction_leaves_a_catalogue_that_is_up_to_date_as_it_is(tmp_path):
    copy = tmp_path / "messages.po"
    copy.write_bytes(ENGLISH.read_bytes())
    assert bring_up_to_date(copy, wanted()) == (frozenset(), frozenset())
    assert [(one.id, one.string) for one in catalogue_at(copy)][1:] == [
        (one.id, one.string) for one in catalogue_at(ENGLISH)
    ][1:]


def test_the_compiled_catalogue_answers_in_english(tmp_path):
    copy = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(ENGLISH.read_bytes())
    assert compile_catalogues(tmp_path) == (copy.with_suffix(".mo"),)
    assert Translations.load(str(tmp_path), ["en"]).gettext("Tiếp nhận hồ sơ") == "Receive dossier"
