"""Nobody reads an English sentence of the form library."""

import ast
import re
from pathlib import Path

import flask_wtf
import wtforms

from forms.build import form_class
from forms.facts import FormData
from forms.messages import MESSAGES, PROTECTION, VIETNAMESE, messages_in


def own_messages() -> set[str]:
    """The msgids of the installed WTForms: constant texts it asks to be translated."""
    found: set[str] = set()
    for source in Path(wtforms.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                texts = {"gettext": node.args[:1], "ngettext": node.args[:2]}.get(node.func.attr, [])
                found |= {text.value for text in texts if isinstance(text, ast.Constant)}
    return found


def test_every_message_of_the_installed_wtforms_is_said_in_vietnamese():
    messages = own_messages()
    assert len(messages) > 30
    assert messages - set(MESSAGES) == set()


def test_no_translation_is_left_over_from_another_version():
    assert set(MESSAGES) - own_messages() == set()


def test_what_the_protection_of_the_web_form_says_is_said_in_vietnamese():
    source = (Path(flask_wtf.__file__).parent / "csrf.py").read_text(encoding="utf-8")
    assert set(re.findall(r'ValidationError\("([^"]+)"\)', source)) == set(PROTECTION)


def test_a_translation_keeps_the_places_of_its_message():
    places = re.compile(r"%\(\w+\)[sd]|%s")
    for message, said in MESSAGES.items():
        assert sorted(places.findall(said)) == sorted(places.findall(message)), message


def test_both_numbers_are_translated():
    one, many = "Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long."
    assert VIETNAMESE.ngettext(one, many, 1) == VIETNAMESE.ngettext(one, many, 5) == "Hãy nhập ít nhất %(min)d ký tự."
    assert VIETNAMESE.gettext("không có trong bảng") == "không có trong bảng"


def test_an_english_reader_gets_the_messages_as_they_are_written():
    one, many = "Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long."
    english = messages_in("en")
    assert english.gettext("This field is required.") == "This field is required."
    assert (english.ngettext(one, many, 1), english.ngettext(one, many, 5)) == (one, many)
    assert messages_in("vi") is messages_in("fr") is VIETNAMESE


def test_a_generated_form_speaks_the_language_it_is_given():
    class Plain(wtforms.Form):
        own = wtforms.IntegerField(validators=[wtforms.validators.InputRequired()])

    class English(Plain):
        class Meta:
            locales = ("en",)

    def said(base: type, **more: object) -> list[str]:
        form = form_class("Form", (), (), base)(FormData({"own": ["x"]}), **more)
        assert not form.validate()
        return form.errors["own"]

    assert said(Plain) == ["Hãy nhập một số nguyên, ví dụ 12."]
    assert said(Plain, meta={"locales": ["en"]}) == said(English) == ["Not a valid integer value."]
