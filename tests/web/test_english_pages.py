"""The interface speaks English to who chose it: only data and what the rules say stay Vietnamese, and say so."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import MetaData, create_engine, select

from app.services.errors import NotFoundError
from app.services.sample import SAMPLES
from app.web.formats import cited, money, number, said
from launcher.extraction import wanted_texts
from launcher.testing import TestServices
from rules.citations import Citation
from rules.values import Text
from tests.conftest import PASSWORD, RUNNING
from tests.crawl import crawl
from tests.web import test_language

furnished = test_language.furnished

VIETNAMESE = re.compile("[àáạảãăằắặẳẵâầấậẩẫđèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹ]", re.IGNORECASE)
SPOKEN_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "data-copied", "data-unsaved", "data-label")
EMPTY_TAGS = frozenset({"meta", "link", "input", "img", "br", "hr", "wbr", "col", "source", "use", "path"})
PRODUCT = "Một cửa Đồng Tháp"
CURRENCY = re.compile(r"(?:\d |^)đ\b")
CODE = re.compile(r"^[1-6]\.\d{6} ")
EXAMPLES = ("Nguyễn Văn An", "123/QĐ-UBND", "12/QĐ-UBND", "45/QĐ-UBND", "6150/TB-BLĐTBXH")
"""What help under a field gives as an example, written as it would be typed."""


class EnglishPage(HTMLParser):
    """The texts of a page outside what it marks as Vietnamese, and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.within: list[tuple[str, str]] = []
        self.feed(html)

    @property
    def speaks(self) -> str:
        return self.within[-1][1] if self.within else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.language = values.get("lang", "") if tag == "html" else self.language
        language = "" if tag in {"script", "style"} else values.get("lang", self.speaks)
        if tag not in EMPTY_TAGS:
            self.within.append((tag, language))
        if language == "en":
            self.texts += [values[name] for name in SPOKEN_ATTRIBUTES if values.get(name)]
        if tag == "a" and "href" in values:
            self.links.append(values["href"])

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self.within) and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.speaks == "en":
            self.texts.append(" ".join(data.split()))


def leaves(value: Any) -> Iterator[str]:
    """Yield every text inside a value of the database; a text may itself hold JSON."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield " ".join(value.split())
        if value.startswith("{"):
            yield from leaves(json.loads(value))


@pytest.fixture(scope="module")
def data(furnished: Flask, services: TestServices) -> list[str]:
    """Every Vietnamese text that people or laws wrote, the longest first; words of the interface are none of them."""
    engine = create_engine(services.url("mc_superuser", services.keys.superuser_password, RUNNING))
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [row for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    texts = {text for row in rows for text in leaves(tuple(row)) if VIETNAMESE.search(text)} - wanted_texts()
    return sorted({*texts, *EXAMPLES, PRODUCT}, key=len, reverse=True)


def vietnamese_in(text: str, data: list[str]) -> bool:
    """Say whether Vietnamese is left once the data are taken out; a long name may be cut short with dots."""
    left = text
    for known in data:
        if not VIETNAMESE.search(left):
            return False
        left = left.replace(known, " ")
    start = CODE.sub("", text).removesuffix("...")
    is_cut = text.endswith("...") and any(known.startswith(start) for known in data)
    return bool(VIETNAMESE.search(CURRENCY.sub(" ", left))) and not is_cut


@pytest.fixture
def english(furnished: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    browser = furnished.test_client()
    assert browser.post("/login/", data={"username": request.param, "password": PASSWORD}).status_code == 302
    assert browser.get("/lang/en").status_code == 302
    return browser


def pages_of(application: Flask, browser: FlaskClient) -> Iterator[tuple[str, EnglishPage]]:
    pages: list[tuple[str, EnglishPage]] = []

    def links_of(address: str) -> list[str]:
        answer = browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code)
        page = EnglishPage(answer.get_data(as_text=True))
        pages.append((address, page))
        return [urljoin(answer.request.path, link).partition("#")[0] for link in page.links]

    for _ in crawl(application, links_of, each=2):
        pass
    yield from pages


@pytest.mark.parametrize(
    ("english", "at_least"),
    {name: least // 2 for name, least in test_language.ACTORS.items()}.items(),
    indirect=["english"],
    ids=list(test_language.ACTORS),
)
def test_every_page_speaks_english_to(furnished, data, english, at_least):
    pages = list(pages_of(furnished, english))
    assert len(pages) >= at_least, [address for address, _ in pages]
    assert {page.language for _, page in pages} == {"en"}
    first_seen = {text: address for address, page in reversed(pages) for text in page.texts}
    left = [f"{address}: “{text}”" for text, address in first_seen.items() if vietnamese_in(text, data)]
    assert left == [], "\n".join(left)


@pytest.mark.parametrize("english", ["tiepnhan.caolanh"], indirect=True)
def test_a_generated_form_asks_in_english_where_its_definition_does(english):
    page = english.get("/reception/2.000815").get_data(as_text=True)
    assert "Way of filing" in page
    assert ">At the counter<" in page
    assert "Cách nộp" not in page


@pytest.mark.parametrize("english", ["tiepnhan.caolanh"], indirect=True)
def test_the_language_of_one_reader_does_not_reach_the_next(english):
    speaking = {"en": ("— Choose —", ">Individual<"), "vi": ("— Chọn —", ">Cá nhân<")}
    for language in ("en", "vi", "en", "vi"):
        english.get(f"/lang/{language}")
        page = english.get("/reception/2.000815").get_data(as_text=True)
        other = "vi" if language == "en" else "en"
        assert all(words in page for words in speaking[language])
        assert not any(words in page for words in speaking[other])


@pytest.mark.parametrize("english", ["danhmuc"], indirect=True)
def test_a_refusal_is_told_in_english(english):
    page = english.get("/procedures/00000000-0000-0000-0000-000000000000").get_data(as_text=True)
    assert "There is no such procedure." in page


def test_a_stranger_who_chose_english_signs_in_in_english(furnished):
    browser = furnished.test_client()
    browser.get("/lang/en")
    answer = browser.post("/login/", data={"username": "khong-co", "password": "sai-mat-khau"}, follow_redirects=True)
    texts = EnglishPage(answer.get_data(as_text=True)).texts
    assert any(text.startswith("The user name or the password is not right") for text in texts)
    assert [text for text in texts if VIETNAMESE.search(text.replace(PRODUCT, ""))] == []


def test_a_slow_request_does_not_take_a_chosen_language_back(furnished):
    browser = furnished.test_client()
    browser.get("/login/")
    browser.get("/lang/en")
    with browser.session_transaction() as overwritten:
        overwritten["locale"] = "vi"
    assert '<html lang="en"' in browser.get("/login/").text
    browser.set_cookie("ngon-ngu", "<b>")
    assert '<html lang="en"' in browser.get("/login/").text


def test_a_text_of_a_definition_without_english_stands_in_vietnamese(furnished):
    with furnished.test_request_context(headers={"Accept-Language": "en"}) as context:
        context.session["locale"] = "en"
        assert said(Text("Diện tích nhà", "Area of the house")) == "Area of the house"
        assert said(Text("Diện tích nhà")) == "Diện tích nhà"
        assert said(Text("Đồng ý một phần")) == "Partly granted"
        assert said(None) == said(Text("")) == ""


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("vi", ["1.234.567\u00a0đ", "10,50\u00a0USD", "Chưa có quy định áp dụng", "12.000"]),
        ("en", ["1,234,567\u00a0đ", "10.50\u00a0USD", "No rule applies", "12,000"]),
    ],
)
def test_amounts_and_numbers_are_written_the_way_of_the_readers_language(furnished, language, written):
    with furnished.test_request_context() as context:
        context.session["locale"] = language
        assert [money(1_234_567), money(1050, "USD"), money(None), number(12_000)] == written


@pytest.mark.parametrize(
    ("citation", "read"),
    [
        ("điểm a khoản 2 Điều 5 Nghị định 118/2025/NĐ-CP", "Article 5, clause 2, point a, Decree [118/2025/NĐ-CP]"),
        ("Điều 17 khoản 3 Nghị định 118/2025/NĐ-CP", "Article 17, clause 3, Decree [118/2025/NĐ-CP]"),
        ("khoản 1, 2 Điều 4a Luật Hộ tịch", "Article 4a, clause 1, 2, Law on Civil Status"),
        ("Thông tư 281/2016/TT-BTC (STT 4)", "Circular 281/2016/TT-BTC (STT 4)"),
        ("Thông tư 1/2016/TT-BTC (hai người làm chứng)", "Circular 1/2016/TT-BTC [(hai người làm chứng)]"),
        ("Điều 2 Luật <b>Đường sá</b>", "Article 2, Law [&lt;b&gt;Đường sá&lt;/b&gt;]"),
        (Citation("Điều 4 Luật (ký)", "Article 4, Law (signed)"), "Article 4, Law (signed)"),
    ],
)
def test_a_citation_is_told_in_english_and_marks_what_stays_vietnamese(furnished, citation, read):
    with furnished.test_request_context() as context:
        context.session["locale"] = "en"
        assert cited(citation) == read.replace("[", '<span lang="vi">').replace("]", "</span>")
    with furnished.test_request_context() as context:
        context.session["locale"] = "vi"
        assert cited(citation) == escape(str(citation))


def test_the_job_titles_of_the_sample_province_have_english(furnished):
    titles = set(re.findall(r"position: (.+)", (SAMPLES / "people.yaml").read_text(encoding="utf-8")))
    assert titles
    with furnished.test_request_context() as context:
        context.session["locale"] = "en"
        assert [title for title in titles if said(title) == title] == []


def test_a_refusal_with_markup_and_signs_of_percent_in_it_is_shown_as_it_is(furnished):
    sentence = "Không có “<b>%(x)s</b>”, 50% là quá nhiều."
    furnished_view = "ProcedureView.show"
    original = furnished.view_functions[furnished_view]

    def refuse(**_: Any) -> str:
        raise NotFoundError(sentence, todo="Giảm 5%.")

    furnished.view_functions[furnished_view] = refuse
    try:
        answer = furnished.test_client().get("/procedures/00000000-0000-0000-0000-000000000000")
    finally:
        furnished.view_functions[furnished_view] = original
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert "“&lt;b&gt;%(x)s&lt;/b&gt;”, 50% là quá nhiều." in page
    assert "Giảm 5%." in page


def test_the_look_finds_vietnamese_where_there_is_some():
    page = EnglishPage(
        '<html lang="en"><h1 title="Tìm">Hồ sơ</h1><p lang="vi">Còn 2 ngày</p><p>Phường Cao Lãnh <b>Find</b></p></html>'
    )
    assert [text for text in page.texts if vietnamese_in(text, ["Phường Cao Lãnh"])] == ["Tìm", "Hồ sơ"]
