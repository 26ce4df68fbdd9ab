"""Every page of every role speaks Vietnamese: no English word of the interface, no text without its translation."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import polib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import legal_day, now
from app.extensions import db
from app.security.assignment import rights_of
from app.services import catalog
from app.services import job as jobs
from app.services import procedure as procedures
from app.services.job import HANDLERS
from app.services.sample import SAMPLES
from app.storage.account import Officer
from app.storage.job import Job
from app.storage.procedure import Procedure
from app.storage.unit_of_work import unit_of_work
from samples.workbook import write_sample_workbook
from tests.conftest import PASSWORD
from tests.crawl import crawl

ACTORS = {
    "quantri": 18, "danhmuc": 22, "pheduyet": 18, "tiepnhan.caolanh": 9, "xuly.caolanh": 8, "lanhdao.caolanh": 18,
    "buudien.caolanh": 9, "kiemtra": 18,
}  # fmt: skip
"""Who looks, and how many pages they find at least: a crawl that reads nothing proves nothing."""

WORDS = """
about access account action actions active add added admin administration all and any apply are ascending audit
automatic before button by cancel cannot change changed check choose clear click close code columns confirm content
copy count create created data date default delete deleted descending description details did disabled document
does download edit empty enabled end enter equal error errors every export fail failed false field fields file
filter filters find first forbidden form found from greater has have header help hide home import index invalid is
it item items its just label language last less level line list loading locked log login logout lowercase mail
manage menu message missing month must name new next none nothing number of ok old only open operation options or
order owner page pages password permission permissions please post preview previous print process profile public
publish read ready record records refresh register remove required reset result results retry role roles row rows
run save saved search security select selected send server session set settings show sign sort start state status
step steps submit success successfully summary table text that the there this time title today true type undefined
unit unknown update upload used user username users valid value values version view views wait warning was week
were what when where which who why will with work wrong year yes your
"""
"""Words of English interfaces that are no Vietnamese syllables (`in`, `do`, `to`, `can`, `no` and such are both)."""
ENGLISH = frozenset(WORDS.split())


NAMES = re.compile(
    r"""\S+@\S+ | https?://\S+ | \b[0-9a-f]{8,}\b | SHA-256 | UTF-8
    | [\w\-]*[._/][\w.\-/]*[\w]      # codes, names of accounts, of files and of rows in a definition
    """,
    re.VERBOSE,
)
SPOKEN_ATTRIBUTES = ("title", "aria-label", "aria-description", "placeholder", "alt", "data-copied", "data-unsaved")
CATALOGUE = Path(__file__).parents[2] / "app" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
ONE_PRESS = ("/logout/", "/confirm", "/accept", "/drop", "/action_post", "/run", "/export")
"""Forms that act by the press alone; the others, sent empty, answer with what is missing."""


class Page(HTMLParser):
    """What a page says: the texts people see or hear, its links, and where its forms go."""

    SILENT = frozenset({"script", "style", "kbd"})  # a key is named as the keyboard names it

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.forms: list[str] = []
        self.within: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        is_foreign = values.get("lang", "vi") != "vi"
        if tag not in {"meta", "link", "input", "img", "br", "hr", "wbr", "col", "source"}:
            self.within.append((tag, tag in self.SILENT or is_foreign))
        if not is_foreign:
            self.texts += [values[name] for name in SPOKEN_ATTRIBUTES if values.get(name)]
            self.texts += [values["value"]] if values.get("type") in {"submit", "button"} and "value" in values else []
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "form" and values.get("method", "").lower() == "post":
            self.forms.append(values.get("action", ""))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self.within) and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(silent for _, silent in self.within):
            self.texts.append(" ".join(data.split()))


@cache
def foreign_messages() -> dict[str, str]:
    """Return the framework's messages as they would read without a translation."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE)) if entry.msgid != entry.msgstr}


def english_in(text: str) -> set[str]:
    words = re.findall(r"(?<![\w-])[A-Za-z]{2,}(?![\w-])", NAMES.sub(" ", text))
    return {word for word in words if word.lower() in ENGLISH}


def faults_of(text: str) -> list[str]:
    """Say what in a text is not for Vietnamese readers."""
    found = [f"English: {', '.join(sorted(words))}"] if (words := english_in(text)) else []
    found += ["not translated"] if text in foreign_messages() else []
    found += ["left over"] if re.search(r"%\(\w+\)s|\{\{|\}\}|\bNone\b|<[A-Z]\w+ object|\{'\w+':", text) else []
    return found


@pytest.fixture(scope="module")
def furnished(province: Flask, tmp_path_factory) -> Flask:
    """The province with something on every page: an accepted import, a refused one, and a draft."""
    folder = tmp_path_factory.mktemp("import")
    with province.app_context():
        administrator = db.session.scalars(select_officer("danhmuc")).one()
        rights = rights_of(db.session(), administrator.id, legal_day(now()))
        with unit_of_work() as work:
            content = write_sample_workbook(folder / "danh-muc.xlsx").read_bytes()
            catalog.upload(
                work, file_name="danh-muc.xlsx", content=content, source="Cổng Dịch vụ công quốc gia",
                officer_id=administrator.id, at=now(),
            )  # fmt: skip
        queued = db.session.scalars(db.select(Job.id).where(Job.state == "queued")).all()
        db.session.remove()  # each job begins a transaction in the name of who asked for it
        for job_id in queued:
            jobs.run(job_id, HANDLERS)
        procedure = db.session.scalars(db.select(Procedure).where(Procedure.code == "2.000815")).one()
        text = (SAMPLES / "procedures" / "2.000815.yaml").read_text(encoding="utf-8")
        with unit_of_work() as work:
            procedures.save_draft(
                work, procedure.uuid, text=text, file_name="du-thao.yaml", rights=rights, seen_version=None, at=now()
            )
        db.session.remove()
    return province


def select_officer(user_name: str):
    return db.select(Officer).where(Officer.username == user_name)


@pytest.fixture
def browser(furnished: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    opened = furnished.test_client()
    answer = opened.post("/login/", data={"username": request.param, "password": PASSWORD})
    assert answer.status_code == 302
    return opened


def pages_of(application: Flask, browser: FlaskClient) -> Iterator[tuple[str, Page]]:
    """Open every kind of page by its links, and send every form of it empty."""
    pages: list[tuple[str, Page]] = []

    def links_of(address: str) -> list[str]:
        answer = browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code)
        page = Page(answer.get_data(as_text=True))
        pages.append((address, page))
        return [urljoin(answer.request.path, link).partition("#")[0] for link in page.links]

    for address in crawl(application, links_of, each=4):
        for form in set(pages[-1][1].forms):
            target = urljoin(address, form)
            if not target.partition("?")[0].endswith(ONE_PRESS):
                answer = browser.post(target, data={}, follow_redirects=target.endswith("/find"))
                assert answer.status_code in {200, 400, 404, 409, 422}, (target, answer.status_code)
                pages.append((f"POST {target}", Page(answer.get_data(as_text=True))))
    yield from pages


@pytest.mark.parametrize(("browser", "at_least"), ACTORS.items(), indirect=["browser"], ids=list(ACTORS))
def test_every_page_and_every_refusal_speaks_vietnamese_to(furnished, browser, at_least):
    pages = list(pages_of(furnished, browser))
    assert len({address for address, _ in pages}) >= at_least, [address for address, _ in pages]
    found = {(address, text, fault) for address, page in pages for text in page.texts for fault in faults_of(text)}
    assert found == set(), "\n".join(f"{address}: “{text}” ({fault})" for address, text, fault in sorted(found))


@pytest.mark.parametrize("address", ["/login/", "/khong-co-trang-nay", "/login/?next=/dossiers/"])
def test_what_a_stranger_reads_is_vietnamese(furnished, address):
    page = Page(furnished.test_client().get(address).get_data(as_text=True))
    assert page.texts
    assert [(text, faults_of(text)) for text in page.texts if faults_of(text)] == []


def test_the_look_finds_english_where_there_is_some():
    page = Page(
        '<p>Bấm <b title="Delete row">xóa</b></p><p>Access is Denied</p><i lang="en">English</i><p>%(name)s</p>'
    )
    assert [text for text in page.texts if faults_of(text)] == ["Delete row", "Access is Denied", "%(name)s"]
