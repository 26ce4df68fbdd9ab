"""Every golden case of every sample definition comes out as the law says."""

import csv
from pathlib import Path

import pytest

from app.importers import strict_yaml
from rules.calendar import OfficeTime, WorkCalendar
from rules.cases import run_case
from rules.check import check
from rules.codec import canonical_json, definition_from, definition_from_json
from rules.compile import compiled
from rules.errors import Severity
from rules.trial import trial

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "samples" / "procedures").glob("*.yaml"))
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
