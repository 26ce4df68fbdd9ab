"""Who may apply and whose system keeps the dossier: read, refused by place, said in words, left out where absent."""

import json

import pytest

from rules.codec import canonical_json, definition_from
from rules.errors import DefinitionError
from rules.say.definition import readable
from rules.values import Text
from tests.definitions import data, definition

KEPT = {"system": {"vi": "hệ thống của cơ quan thuế"}, "desk": "guides"}


def places(**parts):
    with pytest.raises(DefinitionError) as refused:
        definition_from(data(**parts))
    return [problem.where for problem in refused.value.problems]


def test_a_definition_that_says_nothing_of_either_keeps_its_canonical_form():
    kept = json.loads(canonical_json(definition()))
    assert "kept_elsewhere" not in kept
    assert "applicant_kinds" not in kept["statutory"]


def test_what_no_such_kind_or_part_of_a_desk_is_called_is_refused_by_its_place():
    statutory = {**data()["statutory"], "applicant_kinds": ["individual", "company"]}
    assert places(statutory=statutory) == [("statutory", "applicant_kinds", 1)]
    assert places(kept_elsewhere={**KEPT, "desk": "decides"}) == [("kept_elsewhere", "desk")]
    assert places(kept_elsewhere={**KEPT, "number": "nowhere"}) == [("kept_elsewhere", "number")]
    assert places(kept_elsewhere={"system": KEPT["system"]}) == [("kept_elsewhere",)]


def test_both_are_said_where_the_definition_is_read():
    statutory = {**data()["statutory"], "applicants": ["Công dân"], "applicant_kinds": ["individual"]}
    parts = dict(readable(definition(statutory=statutory, kept_elsewhere=KEPT)).parts)
    assert parts[Text("Đối tượng thực hiện", "Who may apply")].vi == "Công dân (chỉ nhận: Cá nhân)"
    said = parts[Text("Hệ thống giữ hồ sơ", "System that keeps the dossier")].vi
    assert "hệ thống của cơ quan thuế giữ. Ở đây chỉ hướng dẫn" in said
