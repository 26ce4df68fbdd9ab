"""The sample procedures ask plainly: no question is called like the heading above it, past events lie in the past."""

import pytest

from app.importers.strict_yaml import load
from forms.applicant import TITLE
from rules.decode.procedure import definition_from
from rules.definition.procedure import DayBound, FieldKind, ProcedureDefinition
from tests.unit.samples.test_province_data import SAMPLES

PATHS = sorted((SAMPLES / "procedures").glob("*.yaml"))


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def definition(request) -> ProcedureDefinition:
    return definition_from(load(request.param.read_text(encoding="utf-8")).data)


def test_no_question_is_called_like_the_heading_it_stands_under(definition):
    headings = {TITLE.vi, *(field.section.vi for field in definition.fields if field.section)}
    asked = [field.label.vi for field in definition.fields if field.kind is not FieldKind.GROUP]
    assert [label for label in asked if label in headings] == []


def test_a_day_of_something_that_has_happened_cannot_be_in_the_future(definition):
    days = [field for field in definition.fields if field.kind is FieldKind.DAY]
    assert [field.id for field in days if field.not_after is not DayBound.TODAY] == []
