"""Every golden case of every sample definition comes out as the law says."""

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.check.procedure import check
from rules.clock.calendar import OfficeTime, WorkCalendar
from rules.codec import canonical_json, definition_from, definition_from_json
from rules.definition.expected import Expected, ExpectedEntry
from rules.errors import DefinitionError, Severity
from rules.evaluation.cases import run_case
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.trial import trial

ROOT = Path(__file__).parents[3]
FILES = sorted(file for folder in ("procedures", "definitions") for file in (ROOT / "samples" / folder).glob("*.yaml"))
CALENDAR = ROOT.parent / "shared" / "data" / "vn_public_calendar_2023_2027.csv"
DEFINITIONS = {file.stem: definition_from(strict_yaml.load(file.read_text("utf-8")).data) for file in FILES}
CASES = [(code, number) for code, definition in DEFINITIONS.items() for number in range(len(definition.cases))]


@pytest.fixture(scope="module")
def national_office():
    if not CALENDAR.exists():
        pytest.skip("không có lịch nghỉ quốc gia ở ../shared/data")
    with CALENDAR.open(encoding="utf-8") as file:
        return OfficeTime(WorkCalendar.from_rows(csv.DictReader(file)))


def test_the_six_sample_procedures_are_there():
    assert {"1.001193", "1.001612", "1.004222", "2.000635", "2.000815", "2.001827"} <= set(DEFINITIONS)


def test_the_definitions_that_show_the_language_are_there_and_none_is_written_twice():
    assert {"1.000656", "1.004873", "2.001035"} <= set(DEFINITIONS)
    assert len(DEFINITIONS) == len(FILES)


@pytest.mark.parametrize(
    ("code", "number"), CASES, ids=[f"{code}-{DEFINITIONS[code].cases[number].name.vi}" for code, number in CASES]
)
def test_a_golden_case_comes_out_as_the_law_says(code, number, national_office):
    definition = DEFINITIONS[code]
    result = run_case(compiled(definition), definition.cases[number], national_office)
    assert result.differences == ()
    assert result.passed


@pytest.mark.parametrize("code", DEFINITIONS)
def test_a_sample_is_named_by_its_code_and_survives_its_canonical_form(code):
    definition = DEFINITIONS[code]
    assert definition.code == code
    assert definition_from_json(canonical_json(definition)) == definition


@pytest.mark.parametrize("code", DEFINITIONS)
def test_a_sample_may_be_published(code):
    assert [problem.sentence for problem in check(DEFINITIONS[code]) if problem.severity is Severity.ERROR] == []
    assert trial(DEFINITIONS[code]) == ()


BILINGUAL = ("1.000656", "1.001193", "1.001612", "1.004873", "2.000815", "2.001035")


@pytest.mark.parametrize("code", BILINGUAL)
def test_every_text_is_said_in_vietnamese_and_in_english(code):
    assert [text["vi"] for text in _texts(json.loads(canonical_json(DEFINITIONS[code]))) if not text.get("en")] == []


def _texts(part):
    if isinstance(part, dict):
        if "vi" in part:
            yield part
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _texts(inner)


def _red(code, change, office):
    """Whether a golden case of the sample turns red once its plain data is changed."""
    data = json.loads(canonical_json(DEFINITIONS[code]))
    change(data)
    procedure = compiled(definition_from(data))
    return not all(run_case(procedure, case, office).passed for case in procedure.definition.cases)


def _named(entries, name):
    [found] = [each for each in entries if name in (each.get("id"), each.get("code"))]
    return found


OTHERWISE = {
    "kind": ("price", "charge"),
    "set_by": ("other", "law"),
    "collected": ("none", "at_result"),
    "refundable": (True, False),
}
"""Of each thing that a charge states, two values: one of them is not what the sample says."""


@pytest.mark.parametrize("told", OTHERWISE)
@pytest.mark.parametrize(
    ("code", "charge"), [(code, each.id) for code in DEFINITIONS for each in DEFINITIONS[code].charges]
)
def test_a_golden_case_proves_who_sets_a_charge_when_it_is_paid_and_whether_it_is_given_back(
    code, charge, told, national_office
):
    def flipped(data):
        line = _named(data["charges"], charge)
        line[told] = next(each for each in OTHERWISE[told] if each != line.get(told, False))

    assert _red(code, flipped, national_office)


@pytest.mark.parametrize(
    ("code", "part", "name", "more"),
    [
        ("1.001193", "steps", "public_notice", {"at_least": {"amount": 6, "unit": "calendar_days"}}),
        ("1.001193", "steps", "public_notice", {"at_least": {"amount": 7, "unit": "working_days"}}),
        ("1.013978", "steps", "public_notice", {"at_least": {"amount": 14, "unit": "calendar_days"}}),
        ("1.013978", "steps", "tax", {"external": {"system": {"vi": "Cơ quan thuế"}, "clock": "ours"}}),
        ("1.004873", "papers", "old_certificate", {"returned": "kept"}),
    ],
)
def test_a_golden_case_proves_a_peculiarity_of_the_procedure(code, part, name, more, national_office):
    assert _red(code, lambda data: _named(data[part], name).update(more), national_office)


@pytest.mark.parametrize("ground", ["erased", "damaged", "secret", "unlawful", "not_legalised", "self_made"])
def test_a_golden_case_proves_each_refusal_of_the_original(ground, national_office):
    def without(data):
        rows = _named(data["tables"], "refusals")["rows"]
        rows.remove(_named(rows, f"refuse.{ground}"))

    def lenient(data):
        _named(_named(data["tables"], "refusals")["rows"], f"refuse.{ground}")["when"] = {"original_finding": "none"}

    assert _red("2.000815", lenient, national_office)
    with pytest.raises(DefinitionError, match=f"refuse.{ground}"):
        _red("2.000815", without, national_office)


def test_a_golden_case_says_how_the_due_moments_differ_after_what_happened(national_office):
    definition = DEFINITIONS["1.001193"]
    silent = next(case for case in definition.cases if case.events)
    late = replace(
        silent,
        then=Expected(frozenset({"deadline", "ledger"}), deadline=silent.on, ledger=(ExpectedEntry("extended"),)),
    )
    assert run_case(compiled(definition), late, national_office).differences == (
        "Hạn giải quyết: mong đợi ngày 18/11/2026, tính ra 17:00 20/11/2026.",
        "Sổ tính hạn: mong đợi dòng “extended”, nhưng không có.",
    )
    too_early = replace(silent, at=None, on=silent.on + timedelta(days=2))
    assert not run_case(compiled(definition), too_early, national_office).passed


def test_the_silent_citizen_has_consented_when_the_day_is_over(national_office):
    definition = DEFINITIONS["1.001193"]
    silent = next(case for case in definition.cases if case.events)
    outcome = evaluate(compiled(definition), silent.given, on=silent.on, at=silent.at, office=national_office)
    [stop] = outcome.deadline.stops
    assert (stop.cause, stop.effect, stop.limit.amount) == ("confirmation", "pause", 1)
    assert stop.at_limit.vi.startswith("Người yêu cầu không phản hồi sau một ngày thì coi như đã đồng ý")


def test_a_household_business_pays_at_filing_and_gets_nothing_back(national_office):
    definition = DEFINITIONS["1.001612"]
    given = {"channel": "counter", "filed_by": "owner"}
    outcome = evaluate(compiled(definition), given, on=date(2026, 11, 20), at=None, office=national_office)
    assert [(line.id, line.collected, line.refundable) for line in outcome.charges] == [
        ("registration", "at_filing", False)
    ]
