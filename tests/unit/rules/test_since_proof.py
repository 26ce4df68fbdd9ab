"""What a definition rests on and that changed since it was proved is told, with what that changes and a dossier."""

import random
from datetime import datetime, time

import pytest

from rules.check.findings import FindingKind
from rules.codec import definition_from
from rules.compare import since_proof as module
from rules.compare.since_proof import changed_since_proof
from rules.errors import Severity
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.overrides import overridden
from tests.definitions import basis, charge, data, limit_table, office, row, table


def parameter(*values, label="Mức cơ sở"):
    told = [{"value": value, "basis": basis(), **period} for value, period in values]
    return {"type": "money", "label": label, "values": told}


def rests_on(value=1000):
    """A definition whose fee is twice a parameter, less what the kind of a ward takes off."""
    kinds = {"x": True, "y": False}
    wards = [{"code": code, "label": {"vi": code}, "attributes": {"poor": poor}} for code, poor in kinds.items()]
    cut = table(
        "cuts", ["ward.poor"], {"percent": "int"}, [row("cut.poor", {"ward.poor": True}, {"percent": 50})], "collect"
    )
    return data(
        parameters={"base": parameter((value, {})), "idle": parameter((1, {}))},
        lists={
            **data()["lists"],
            "wards": {"attributes": {"poor": {"type": "bool", "label": "Nghèo"}}, "items": wards},
        },
        fields=[*data()["fields"], {"id": "ward", "kind": "choice", "list": "wards", "label": "Xã"}],
        facts=[{"id": "due", "type": "money", "label": "Phải nộp", "formula": "base * 2"}],
        charges=[charge(amount={"fact": "due", "basis": basis()})],
        tables=[cut, limit_table()],
        cases=[],
    )


def told(proved, registers):
    return list(changed_since_proof(proved, registers, office()))


def total(read, witness):
    at = witness.at or datetime.combine(witness.on, time(9))
    outcome = evaluate(compiled(read), dict(witness.facts), on=witness.on, at=at, office=office())
    return sum(line.amount for line in outcome.charges)


def test_registers_that_read_as_when_the_definition_was_proved_are_told_nothing_of():
    of = rests_on()
    assert told(of, {"parameters": of["parameters"], "lists": of["lists"]}) == []
    assert told(of, {"parameters": {"other": parameter((5, {}))}}) == []


def test_a_changed_parameter_is_told_with_what_a_dossier_paid_and_pays():
    of, now = rests_on(), {"parameters": {"base": parameter((1500, {}))}}
    (found,) = told(of, now)
    assert (found.where, found.kind, found.severity) == (
        ("parameters", "base"), FindingKind.CHANGED, Severity.WARNING,
    )  # fmt: skip
    assert "đã đổi sau lần chứng minh trước" in found.what
    before, after = definition_from(of), definition_from(overridden(of, now).data)
    assert (total(before, found.witness), total(after, found.witness)) == (2000, 3000)


def test_a_changed_attribute_of_a_list_is_told_with_the_dossier_whose_reduction_it_takes():
    of = rests_on()
    wards = [{**each, "attributes": {"poor": False}} for each in of["lists"]["wards"]["items"]]
    now = {"lists": {"wards": {**of["lists"]["wards"], "items": wards}}}
    (found,) = told(of, now)
    assert found.where == ("lists", "wards")
    before, after = definition_from(of), definition_from(overridden(of, now).data)
    assert total(before, found.witness) != total(after, found.witness)


def test_other_words_and_what_no_rule_reads_change_no_outcome_and_are_only_noted():
    of = rests_on()
    for name, now in (("base", parameter((1000, {}), label="Tên khác")), ("idle", parameter((2, {})))):
        (found,) = told(of, {"parameters": {name: now}})
        assert found.witness is None
        assert name == "idle" or found.severity is Severity.NOTE


def test_more_changed_entries_than_are_compared_are_named_as_not_concluded(monkeypatch):
    monkeypatch.setattr(module, "MOST_PARTS", 1)
    of = rests_on()
    now = {"parameters": {"base": parameter((1500, {})), "idle": parameter((2, {}))}}
    assert [each.where[1] for each in told(of, now)] == ["base", "idle"]
    assert "chưa kết luận" in told(of, now)[1].what


@pytest.mark.parametrize("seed", range(8))
def test_a_change_is_found_just_where_an_outcome_changes_on_some_day(seed):
    chance = random.Random(seed)
    days = [{}, {"until": "2026-06-01"}, {"since": "2026-06-01"}]
    old, new = chance.choice([1000, 2000]), chance.choice([1000, 2000])
    of = {**rests_on(), "parameters": {"base": parameter((1000, days[1]), (old, days[2]))}}
    now = {"parameters": {"base": parameter((1000, days[1]), (new, days[2]))}}
    found = told(of, now)
    assert bool(found) == (old != new)
    for each in found:
        assert each.witness.on.isoformat() >= "2026-06-01"
        before, after = definition_from(of), definition_from(overridden(of, now).data)
        assert (total(before, each.witness), total(after, each.witness)) == (2 * old, 2 * new)
