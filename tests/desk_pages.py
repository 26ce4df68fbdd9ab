"""What the tests of the desk's pages share: how a page is read, a form filled in, a dossier received."""

import html
import json
import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.services.sample import SAMPLES
from tests import desk
from tests import procedure_texts as texts
from tests.desk import (
    COPIES,
    RECEIVER,
    acting,
    typed,
)

PREVIEW = f"/reception/{COPIES}/preview"
NOWHERE = "00000000-0000-0000-0000-000000000000"
AT_FILING = texts.WHOLE.replace("    times: copies\n", "    times: copies\n    collected: at_filing\n")
RULING = {"ruling-outcome": "granted", "ruling-summary": "Đã chứng thực 3 bản.", "ruling-signed_on": "20/11/2026"}


def words(page: str) -> str:
    """What a person reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def keys(browser: FlaskClient, code: str = COPIES) -> dict[str, str]:
    """What a form that was opened carries unseen."""
    page = browser.get(f"/reception/{code}").text
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("intake_key", "desk", "version")}


def accepted(browser: FlaskClient, **changes: object) -> str:
    """Receive a dossier through the form and return its address."""
    answer = browser.post(f"/reception/{COPIES}", data=typed(**keys(browser), **changes))
    assert answer.status_code == 302, words(answer.text)
    return "/dossiers/" + answer.headers["Location"].rsplit("/", 1)[1]


def count(app, table: type, user_name: str = RECEIVER) -> int:
    with app.app_context(), acting(user_name):
        return db.session.scalar(select(func.count()).select_from(table))


def version_of(browser: FlaskClient, address: str) -> str:
    return re.search(r'name="lock_version" value="(\d+)"', browser.get(address).text)[1]


def asks_for(page: str, name: str) -> bool:
    """Whether the page says that an answer to this question may not be left out."""
    box = re.search(rf'data-answer="{name}".*?data-optional( hidden)?', page, re.S)
    return bool(box[1]) if box else name in told_to_browser(page)["asked"]


def told_to_browser(page: str) -> dict[str, Any]:
    """What only the server knows of the form, as it tells the script of the page."""
    return json.loads(re.search(r"data-told='([^']*)'", page)[1])


def birth_with_a_finding() -> str:
    """The registration of a birth in which the desk also finds what the reduction for online filings asks."""
    text = (SAMPLES / "procedures" / f"{desk.BIRTH}.yaml").read_text(encoding="utf-8")
    fact = "  - {id: in_register, type: bool, source: officer, stage: reception, label: {vi: Có trong sổ}}\n"
    for old, new in (
        ("\ntables:\n", f"{fact}\ntables:\n"),
        ("    inputs: [channel]\n", "    inputs: [channel, in_register]\n"),
        ("{channel: online}\n        then: {percent", "{channel: online, in_register: true}\n        then: {percent"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text.replace('receiving_unit: "29869"', 'receiving_unit: "29869", in_register: true')


def shows(page: str, name: str) -> bool:
    """Whether a page shows a question, to a browser with a script and to one without."""
    told = name not in told_to_browser(page)["idle"]
    box = re.search(rf'<div data-answer="{name}"( hidden)?', page)
    assert box is None or told != bool(box[1])
    return told


def panel(browser: FlaskClient, code: str, **changes: object) -> str:
    """What the panel says beside a form."""
    return words(browser.post(f"/reception/{code}/preview", data=typed(**changes)).text)


def units_on(browser: FlaskClient, address: str) -> set[str]:
    """The communes whose committees are named in the content of a page."""
    page = browser.get(address).text
    return set(re.findall(r"Ủy ban nhân dân phường (Mỹ Trà|Cao Lãnh)", words(page[page.index("<main") :])))


def lines_of(page: str) -> dict[str, str]:
    """The error summary of a page: the id each line leads to, and its words."""
    summary = re.search(r'class="error-summary".*?</ul>', page, re.S)
    found = re.findall(r'<a href="#([^"]+)">(.*?)</a>', summary[0], re.S) if summary else []
    return {target: html.unescape(said) for target, said in found}
