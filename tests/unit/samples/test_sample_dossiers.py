"""Every sample dossier could have been received: its form is valid, the law answers, its history is possible."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from app.importers.strict_yaml import load
from forms.build import build_form
from forms.facts import form_data, read_facts
from rules.clock.calendar import LEGAL_TIME, OfficeTime, WorkCalendar, WorkingHours
from rules.codec import facts_from_json
from rules.decode.procedure import definition_from
from rules.definition.procedure import ProcedureDefinition
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.evaluation.outcome import Evaluation
from tests.unit.samples.test_province_data import SAMPLES, calendar, sample, units

DOSSIERS = load((SAMPLES / "dossiers.yaml").read_text(encoding="utf-8")).data["dossiers"]
STEPS = {
    "received": ["accepted"],
    "in_progress": ["accepted", "taken_over"],
    "decided": ["accepted", "taken_over", "decided"],
    "returned": ["accepted", "taken_over", "decided", "returned"],
}
VERB_OF = {"accepted": "receive", "taken_over": "process", "decided": "process", "returned": "return"}
ORDINARY_DAY = date(2026, 11, 23)
LOADED_ON = (ORDINARY_DAY, date(2026, 12, 28), date(2027, 2, 12), date(2027, 3, 10), date(2026, 11, 28))

every_dossier = pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda dossier: dossier["key"])


@cache
def office() -> OfficeTime:
    rows = [{"date": row["day"], "kind": row["kind"]} for row in calendar().values()]
    windows = [
        (time.fromisoformat(window["opens"]), time.fromisoformat(window["closes"]))
        for window in sample("hours.yaml")["windows"]
    ]
    return OfficeTime(WorkCalendar.from_rows(rows, confirmed_years=range(2023, 2027)), WorkingHours(tuple(windows)))


@cache
def definitions() -> dict[str, ProcedureDefinition]:
    read = [
        definition_from(load(path.read_text(encoding="utf-8")).data) for path in (SAMPLES / "procedures").glob("*.yaml")
    ]
    return {definition.code: definition for definition in read}


def working_days_before(day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= office().calendar.is_working_day(day)
    return day


def moment(step: dict[str, Any], loaded_on: date) -> datetime:
    day = working_days_before(loaded_on, step["days_ago"])
    return datetime.combine(day, time.fromisoformat(step["time"]), LEGAL_TIME)


def declared(dossier: dict[str, Any], accepted_on: date) -> dict[str, Any]:
    def settled(value: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"days_before"}:
            return (accepted_on - timedelta(days=value["days_before"])).isoformat()
        return value.isoformat() if isinstance(value, date) else value

    return {name: settled(value) for name, value in dossier["facts"].items()}


def known_at_the_desk(dossier: dict[str, Any]) -> dict[str, Any]:
    applicant = {person["key"]: person for person in sample("persons.yaml")["persons"]}[dossier["applicant"]]
    unit = units()[dossier["unit"]]
    return {
        "channel": dossier["channel"],
        "receiving_unit": unit.get("administrative_code") or unit.get("dossier_code") or unit["key"],
        "digital_citizen": applicant["digital_citizen"],
        "applicant_kind": "individual",
        "receiving_unit_kind": unit["kind"],
    }


def evaluated(dossier: dict[str, Any], loaded_on: date) -> Evaluation:
    at = moment(dossier["accepted"], loaded_on)
    procedure = definitions()[dossier["procedure"]]
    given = {**declared(dossier, at.date()), **dossier.get("findings", {}), **known_at_the_desk(dossier)}
    facts = facts_from_json(procedure, given)
    return evaluate(compiled(procedure), facts, on=at.date(), at=at, office=office())


def duties(user_name: str, unit: str) -> Iterator[dict[str, Any]]:
    for user in sample("people.yaml")["users"]:
        for duty in user["assignments"] if user["user_name"] == user_name else ():
            if duty.get("on_behalf_of", duty["unit"]) == unit:
                yield duty


def test_three_dozen_dossiers_show_every_procedure_stage_way_of_filing_and_several_desks():
    assert len({dossier["key"] for dossier in DOSSIERS}) == len(DOSSIERS) == 36
    assert {dossier["procedure"] for dossier in DOSSIERS} == definitions().keys()
    assert {dossier["channel"] for dossier in DOSSIERS} == {"counter", "online", "post"}
    assert len({dossier["unit"] for dossier in DOSSIERS}) >= 3
    stages = Counter(dossier["stage"] for dossier in DOSSIERS)
    assert stages.keys() == STEPS.keys()
    assert min(stages.values()) >= 5


@every_dossier
def test_it_was_filed_in_a_way_that_its_procedure_allows(dossier):
    assert dossier["channel"] in definitions()[dossier["procedure"]].statutory.ways


@every_dossier
def test_what_the_applicant_declares_is_a_valid_form(dossier):
    procedure = definitions()[dossier["procedure"]]
    facts = facts_from_json(procedure, declared(dossier, ORDINARY_DAY))
    form = build_form(procedure)(form_data(procedure, facts))
    form.offer_on(ORDINARY_DAY)
    assert form.validate(), form.errors
    assert read_facts(procedure, form) == facts


@pytest.mark.parametrize("loaded_on", LOADED_ON, ids=str)
@every_dossier
def test_the_law_answers_completely_whenever_the_samples_are_loaded(dossier, loaded_on):
    outcome = evaluated(dossier, loaded_on)
    assert outcome.eligible
    assert outcome.problems == ()
    assert all(charge.amount is not None for charge in outcome.charges)
    assert outcome.deadline is not None
    assert outcome.deadline.appointment is not None
    officer_finds_later = {"verify_elsewhere", "meets_conditions"}
    assert {missing.fact for missing in outcome.missing} <= officer_finds_later


@pytest.mark.parametrize("loaded_on", LOADED_ON, ids=str)
@every_dossier
def test_the_steps_of_a_dossier_are_those_of_its_stage_in_order_and_in_the_past(dossier, loaded_on):
    steps = [name for name in VERB_OF if name in dossier]
    assert steps == STEPS[dossier["stage"]]
    moments = [moment(dossier[name], loaded_on) for name in steps]
    assert all(before < after for before, after in pairwise(moments))
    assert moments[-1] < datetime.combine(loaded_on, time(), LEGAL_TIME)
    assert all(office().is_open(at) for at in moments)


@every_dossier
def test_whoever_did_a_step_had_the_duty_for_it(dossier):
    field_of_work = definitions()[dossier["procedure"]].field_of_work.vi
    for name, verb in VERB_OF.items():
        if name in dossier:
            held = [
                duty
                for duty in duties(dossier[name]["by"], dossier["unit"])
                if verb in duty["verbs"] and {"*", field_of_work} & set(duty["fields_of_work"])
            ]
            assert held, (name, dossier[name]["by"])


@every_dossier
def test_a_dossier_said_to_be_late_or_due_soon_is_so_when_loaded_on_an_ordinary_day(dossier):
    deadline = evaluated(dossier, ORDINARY_DAY).deadline
    opening, soon = datetime.combine(ORDINARY_DAY, time(7), LEGAL_TIME), timedelta(days=5)
    is_open = dossier["stage"] in {"received", "in_progress"}
    if not is_open:
        expected = None
    elif deadline.statutory < opening:
        expected = "late"
    else:
        expected = "soon" if deadline.statutory - opening < soon and "expected" in dossier else None
    assert dossier.get("expected") == expected


def test_a_few_open_dossiers_are_late_and_a_few_are_due_soon():
    expected = Counter(dossier.get("expected") for dossier in DOSSIERS)
    assert 4 <= expected["late"] <= 12
    assert 4 <= expected["soon"] <= 12


def test_every_sample_procedure_stands_in_the_register_of_fields_of_work():
    known = {each["vi"] for each in sample("fields_of_work.yaml")["fields_of_work"]}
    assert {definition.field_of_work.vi for definition in definitions().values()} <= known


def test_every_numbered_document_that_a_sample_procedure_cites_is_in_the_register():
    registered = {document["number"] for document in sample("legal_documents.yaml")["documents"]}
    cited = {
        found.group()
        for definition in definitions().values()
        for document in definition.basis
        if (found := re.search(r"(?<![\d/])\d+(?:\.\d+)?/\d{4}(?:/[\wĐ-]+)?", document.document))
    }
    assert len(cited) >= 10
    assert cited <= registered
