"""The page and the server agree on real procedures: what the script would show is what the server's page shows."""

import json
import re
from itertools import product

import pytest

from app.services import dossier as dossiers
from app.services.office import UnitOnDay
from app.services.sample import SAMPLES
from app.web.officer.intake_law import LENT
from rules.clock.calendar import WorkCalendar
from rules.formula.running import Scope, running
from rules.vocabulary import APPLICANT_KINDS, CHANNELS
from tests import desk
from tests.desk import RECEIVER, typed
from tests.script_engine import NODE, script_running

CODES = sorted(path.stem for path in (SAMPLES / "procedures").glob("*.yaml"))
NEVER = WorkCalendar("thử", frozenset(), frozenset(), frozenset())


def test_what_the_page_lends_to_conditions_is_what_the_acceptance_knows(database):
    unit = UnitOnDay(1, "x", "x", "ward", "x", {}, None, "1")
    for channel, kind, digital in product((None, *CHANNELS), (None, *APPLICANT_KINDS), (None, True, False)):
        given = {"channel": channel, "applicant_kind": kind, "digital_citizen": digital}
        known = dossiers.known_facts(unit, **given)
        facts = {name: value for name, value in given.items() if value is not None}
        lent = {name: running(node)(Scope(facts, NEVER)) for name, node in LENT.items()}
        assert {name: known.get(name) for name in lent} == lent


def boxes(page: str) -> dict[str, bool]:
    """The questions of a page and whether they are shown; those of a repeated group's rows stand in the group."""
    return {name: not hidden for name, hidden in re.findall(r'<div data-answer="([^"]+)"( hidden)?', page)}


@pytest.mark.skipif(NODE is None, reason="máy này chưa có Node (make setup cài kèm)")
def test_on_every_sample_procedure_the_script_shows_what_the_server_shows(app, login):
    browser, tried = login(RECEIVER), 0
    with script_running() as script:
        for code in CODES:
            with app.app_context():
                desk.publish(code)
            opened = browser.get(f"/reception/{code}")
            if opened.status_code != 200:
                continue
            law = json.loads(re.search(r"data-form-law>(.*?)</script>", opened.text, re.S)[1])
            for sent in answers_to(opened.text):
                page = browser.post(f"/reception/{code}", data=sent | {"refresh": "1"}).text
                told = json.loads(re.search(r"data-told='([^']*)'", page)[1])
                seen = script.judged(law, {name: sent.getlist(name) for name in sent}, told["facts"])
                shown = set(seen["shown"]) - set(told["idle"])
                for name, is_shown in boxes(page).items():
                    if re.search(r"-\d+-", name) and name.rpartition("-")[0] not in {
                        each.rpartition("-")[0] for each in sent
                    }:
                        continue  # a row that the server offers after nothing was sent of it
                    assert (name in shown) == is_shown, (code, name, dict(sent))
                tried += 1
    assert tried > len(CODES)


def answers_to(page: str):
    """What could be sent for a page: nothing, all yes, all no, the last code of every list."""
    keys = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("intake_key", "version", "desk")}
    plain = {f"answers-{name}": None for name in ("originals-0-title", "originals-0-pages", "originals-0-copies")}
    base = {**plain, "answers-original_finding": None, "received": None, **keys}
    yes_no = re.findall(r'type="radio" value="true"[^>]*|name="([^"]+)" type="radio" value="true"', page)
    names = sorted({name for name in yes_no if name})
    lists = re.findall(r'<select[^>]*name="(answers-[^"]+)".*?</select>', page, re.S)
    last = {
        name: re.findall(r'value="([^"]+)"', re.search(rf'name="{name}".*?</select>', page, re.S)[0])[-1:]
        for name in lists
    }
    choices = {name: found[0] for name, found in last.items() if found}
    for kind, truth in (("individual", None), ("individual", "true"), ("enterprise", "false")):
        given = dict.fromkeys(names, truth) if truth else {}
        yield typed(**(base | given | (choices if truth else {}) | {"applicant-applicant_kind": kind}))
