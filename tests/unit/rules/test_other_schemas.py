"""The JSON Schemas of the outcome, of LEDGER.yaml and of HOURS.yaml are true."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.cli.decide import outcome_data
from app.cli.inputs import PROVINCE_CALENDAR, office_at
from app.importers import strict_yaml
from rules.codec import definition_from
from rules.decode.hours import hours_from
from rules.decode.ledger import asked_from
from rules.errors import UnreadableError
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from tests.definition_schema import ROOT, as_json, changed, closed_keys, places
from tests.reference_page import definitions

REFERENCE = ROOT / "docs" / "reference"
SCHEMAS: dict[str, dict[str, Any]] = {
    name: json.loads((REFERENCE / f"{name}.schema.json").read_text("utf-8")) for name in ("outcome", "ledger", "hours")
}
EXAMPLES = re.findall(
    r"```yaml\n# (LEDGER|HOURS)\.yaml\n(.*?)```", (REFERENCE / "clock.md").read_text("utf-8"), re.DOTALL
)
FILES = [(name.lower(), as_json(strict_yaml.load(text).data)) for name, text in EXAMPLES]
READERS = {"ledger": asked_from, "hours": hours_from}

LEDGER = {
    "format": 1,
    "limits": {
        "statutory": {
            "amount": 10,
            "unit": "working_days",
            "cutoff": "15:00",
            "start": "next_opening",
            "from": "transfer",
            "rolls": True,
            "basis": "Điều 9",
            "added": [{"amount": 1, "unit": "months", "rolls": False, "basis": "Điều 8"}],
        },
        "committed": {"amount": 8, "unit": "working_days"},
    },
    "stops": [
        {
            "cause": "supplement",
            "id": "more",
            "label": {"vi": "chờ bổ sung", "en": "waiting"},
            "effect": "pause",
            "limit": {"amount": 7, "unit": "calendar_days", "rolls": True},
            "at_limit": "Dừng.",
            "most": 2,
            "silence": "resumes",
            "basis": "Điều 7",
        }
    ],
    "reception": {
        "filed": "2026-02-25T10:00",
        "rounds": [{"asked": "2026-02-25T11:00", "answered": "2026-02-26T10:00"}],
        "most": 1,
        "limit": {"amount": 3, "unit": "working_days"},
        "at_limit": "Trả lại.",
        "receive_within": {"amount": 8, "unit": "working_hours"},
        "basis": "Điều 6",
    },
    "events": [
        {"kind": "accepted", "at": "2026-03-02T10:00", "basis": "Mẫu 01", "why": "Đủ hồ sơ"},
        {"kind": "stopped", "at": "2026-03-05T10:00", "cause": "more"},
        {"kind": "resumed", "at": "2026-03-09T10:00", "cause": "more"},
        {
            "kind": "extended",
            "at": "2026-03-10T10:00",
            "by": {"amount": 2, "unit": "months", "rolls": True, "basis": "Điều 3"},
        },
        {"kind": "outage", "at": "2026-03-11T10:00", "until": "2026-03-12T10:00"},
        {"kind": "reappointed", "at": "2026-03-13T10:00", "to": "2026-06-12T10:00"},
    ],
}
WINDOWS = [{"opens": "07:30", "closes": "11:30"}, {"opens": "13:00", "closes": "17:00"}]
HOURS = {
    "format": 1,
    "timezone": "Asia/Ho_Chi_Minh",
    "windows": WINDOWS,
    "weekdays": {"saturday": WINDOWS[:1]},
    "seasons": [
        {
            "since": "2026-04-15",
            "until": "2026-10-16",
            "label": {"vi": "Giờ mùa hè", "en": "Summer"},
            "windows": WINDOWS,
            "weekdays": {"saturday": []},
        }
    ],
    "outages": [{"since": "2026-11-21T08:00", "until": "2026-11-23T09:30", "basis": "Thông báo 7", "what": "sự cố"}],
}
WHOLE = {"ledger": LEDGER, "hours": HOURS}
"""Files in which every key occurs."""


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("name", "data"), [*FILES, *WHOLE.items()])
def test_files_that_are_read_validate(name, data):
    READERS[name](data)
    assert list(Draft202012Validator(SCHEMAS[name]).iter_errors(data)) == []


@pytest.mark.parametrize("name", WHOLE)
def test_every_key_of_a_file_is_shown_in_the_whole_one(name):
    assert sorted(all_keys(SCHEMAS[name]) - used_keys(WHOLE[name]) - {"limit"}) == []


def all_keys(schema: Any) -> set[str]:
    return set().union(*closed_keys(schema))


def used_keys(data: Any) -> set[str]:
    return {step for place in places(data) for step in place if isinstance(step, str)}


ODD: tuple[Any, ...] = ("", "x?", "25:00", "2026-13-40", -1, 10**7, 1.5, True, [], {}, ["x?"], {"x?": 1})


EVERYWHERE = [(name, place) for name, data in WHOLE.items() for place in places(data)]


@given(st.sampled_from(EVERYWHERE), st.sampled_from(ODD))
def test_what_the_schema_refuses_the_reader_refuses_too(named, odd):
    name, place = named
    data = changed(WHOLE[name], place, odd)
    if not Draft202012Validator(SCHEMAS[name]).is_valid(data):
        with pytest.raises(UnreadableError):
            READERS[name](data)


@pytest.fixture(scope="module")
def outcomes():
    at_work = office_at(PROVINCE_CALENDAR, None)  # its days off have names
    found: list[dict[str, Any]] = []
    for data in definitions().values():
        procedure = compiled(definition_from(data))
        for case in procedure.definition.cases:
            at = case.at or at_work.opening(case.on)
            found.append(outcome_data(evaluate(procedure, case.given, on=case.on, at=at, office=at_work)))
    return [json.loads(json.dumps(each)) for each in found]


def test_the_outcome_of_every_golden_case_validates(outcomes):
    validator = Draft202012Validator(SCHEMAS["outcome"])
    assert [error.message for each in outcomes for error in validator.iter_errors(each)] == []


def test_every_key_of_an_outcome_comes_out_of_some_golden_case(outcomes):
    used = set[str]().union(*(used_keys(each) for each in outcomes))
    # `only` needs two limits whose counting begins at different moments: the clock's own tests show it.
    assert sorted(all_keys(SCHEMAS["outcome"]) - used) == ["only"]


def test_the_page_names_every_key_of_an_outcome():
    page = (REFERENCE / "definition.md").read_text("utf-8").partition("## What comes out")[2]
    words = {word for span in re.findall(r"`([^`\n]+)`", page) for word in re.findall(r"\w+", span)}
    assert sorted(all_keys(SCHEMAS["outcome"]) - words) == []
