"""Whatever the dossier, every sentence that the rules make stands in Vietnamese and in English."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.importers import strict_yaml
from rules.codec import definition_from
from rules.evaluation.allowed import unfit
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from rules.evaluation.sayings import Sayings
from rules.values import Text
from rules.vocabulary import DERIVED, MADE_FACTS, Fact, FactType
from tests.definitions import office
from tests.effort import examples

FILES = sorted((Path(__file__).parents[2] / "samples" / "procedures").glob("*.yaml"))
DATA = {file.stem: strict_yaml.load(file.read_text("utf-8")).data for file in FILES}
PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "definition.md").read_text("utf-8")
DATA["reference"] = strict_yaml.load("\n".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))).data
UNITS = ["28249", "30169"]
NOT_ALWAYS = {"30001", "30171"}
"""Codes of the reference page that may not be chosen on all of these days."""
VIETNAMESE = re.compile(r"[^\W\d_a-zA-Z]")
"""A letter that English does not have."""

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
OFFICE = office(*(date(2026, 11, 20) + timedelta(days=7 * week) for week in range(8)))


def plain(data: Any) -> Any:
    """Return definition data whose every text for people is written without Vietnamese letters, and has no English."""
    if isinstance(data, dict):
        if "vi" in data:
            return {"vi": ascii_of(data["vi"])}
        return {name: ascii_of(value) if name == "label" and isinstance(value, str) else plain(value)
                for name, value in data.items()}  # fmt: skip
    return [plain(item) for item in data] if isinstance(data, list) else data


def ascii_of(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return bare.encode("ascii", "ignore").decode()


PROCEDURES = {code: compiled(definition_from(data)) for code, data in DATA.items()}
PLAIN = {code: compiled(definition_from(plain(data))) for code, data in DATA.items()}


def values(fact: Fact) -> st.SearchStrategy[Any]:
    kinds: dict[FactType, st.SearchStrategy[Any]] = {
        FactType.MONEY: st.integers(0, 10**9),
        FactType.INT: st.integers(0, 400),
        FactType.BOOL: st.booleans(),
        FactType.DAY: DAYS,
        FactType.TEXT: st.text("abc ", max_size=5),
        FactType.FIXED: st.integers(0, 10**6),
        FactType.MOMENT: DAYS.map(lambda day: datetime.combine(day, time(8))),
        FactType.CODE: st.sampled_from(sorted(fact.codes.keys() - NOT_ALWAYS) or UNITS),
        FactType.CODES: st.lists(st.sampled_from(sorted(fact.codes.keys() - NOT_ALWAYS) or UNITS), unique=True),
        FactType.GROUP: st.lists(
            st.fixed_dictionaries({}, optional={member.id: values(member) for member in fact.members}), max_size=7
        ),
    }
    return kinds[fact.type]


def dossiers(code: str) -> st.SearchStrategy[dict[str, Any]]:
    asked = [
        fact
        for fact in PROCEDURES[code].vocabulary.values()
        if fact.source not in DERIVED and fact.id not in MADE_FACTS
    ]
    return st.fixed_dictionaries({}, optional={fact.id: values(fact) for fact in asked})


def fitting(code: str, drawn: dict[str, Any], on: date) -> dict[str, Any]:
    """Leave out the facts that the evaluation would refuse: those beyond their bounds."""
    procedure = PROCEDURES[code]
    refused = {problem.where[0] for problem in unfit(procedure.definition, procedure.vocabulary, drawn, on)}
    return {name: value for name, value in drawn.items() if name not in refused}


def sentences(outcome: Evaluation) -> Iterator[Text]:
    """Yield every text of an outcome that the rules made: those of the definition itself are left out."""
    due = [outcome.deadline] if outcome.deadline else []
    money = (*outcome.charges, *outcome.payouts)
    route = [outcome.route] if outcome.route else []
    told = (*outcome.cases, *outcome.notices, *outcome.steps)
    for finding in (*outcome.refusals, *outcome.papers, *money, *due, *route, *told):
        for reason in finding.reasons:
            yield reason.sentence
            yield from (used.shown for used in reason.facts)
    yield from (row.shown for paper in outcome.papers for row in paper.rows)
    for finding in (*outcome.papers, *money, *due, *route):
        yield from (near.change for near in finding.near)
    for charge in outcome.charges:
        yield from (offer.sentence for offer in (charge.cut, *charge.stacked, *charge.lost) if offer)
    for line in (*outcome.charges, *outcome.payouts):
        yield from (row.shown for row in line.rows)
    for deadline in due:
        yield from (line.what for line in deadline.ledger)
        yield from (limit.words for limit in (deadline.limit, deadline.committed_limit) if limit)
        yield from (stop.limit.words for stop in deadline.stops if stop.limit)


@pytest.mark.parametrize("code", PROCEDURES)
@examples(40)
@given(drawn=st.data(), on=DAYS)
def test_every_sentence_stands_in_both_languages(code, drawn, on):
    given_facts = fitting(code, drawn.draw(dossiers(code)), on)
    made = list(sentences(evaluate(PROCEDURES[code], given_facts, on=on, at=None, office=OFFICE)))
    assert made
    for said in made:
        assert said.vi.strip()
        assert said.en.strip()
        assert "{" not in said.vi + said.en


@pytest.mark.parametrize("code", PLAIN)
@examples(40)
@given(drawn=st.data(), on=DAYS)
def test_the_english_has_no_vietnamese_but_that_of_the_definition(code, drawn, on):
    given_facts = fitting(code, drawn.draw(dossiers(code)), on)
    outcome = evaluate(PLAIN[code], given_facts, on=on, at=None, office=OFFICE)
    left = [said.en for said in sentences(outcome) if VIETNAMESE.search(re.sub("\u00a0đ|m²", "", said.en))]
    assert left == []


@pytest.mark.parametrize("code", PROCEDURES)
@examples(20)
@given(drawn=st.data(), on=DAYS)
def test_words_kept_from_other_dossiers_change_nothing(code, drawn, on):
    given_facts = fitting(code, drawn.draw(dossiers(code)), on)
    used = PROCEDURES[code]
    fresh = replace(used, sayings=Sayings(used.vocabulary, used.documents, used.made_from))
    kept = evaluate(PROCEDURES[code], given_facts, on=on, at=None, office=OFFICE)
    assert evaluate(fresh, given_facts, on=on, at=None, office=OFFICE) == kept
