"""Periods, territories, repealed documents and statutory parts: each fault is told by its place, with its dossier."""

from datetime import date

import pytest

from rules.check.findings import NEVER_WAIVED, FindingKind
from rules.check.procedure import check
from rules.codec import definition_from
from rules.errors import DefinitionError, Severity
from rules.evaluation.compile import tried
from rules.evaluation.evaluate import situation_of
from tests.definitions import basis, charge, cut_table, data, definition, limit_table, office, row, table

NORTH, SOUTH = {"label": "Bắc", "units": ["1", "2"]}, {"label": "Nam", "units": ["2", "3"]}


def told(kind, **parts):
    return [each for each in check(definition(**parts)) if each.kind is kind]


def refused(**parts):
    with pytest.raises(DefinitionError) as wrong:
        definition_from(data(**parts))
    return [(problem.where, problem.what) for problem in wrong.value.problems]


def parameter(*values):
    return {"base": {"type": "money", "label": "Mức", "values": [{"basis": basis(), **each} for each in values]}}


def fees(*rows):
    return {"tables": [table("fee", [], {"amount": "money"}, list(rows)), cut_table(), limit_table()]}


def hit(read, witness):
    found, _ = situation_of(tried(read), dict(witness.facts), on=witness.on, at=None, office=office())
    return {each.id for each in found.hits["fee"].all}


def test_values_of_a_parameter_that_overlap_in_time_are_refused_by_the_place_of_the_second():
    ((where, what),) = refused(
        parameters=parameter({"value": 1, "until": "2026-06-01"}, {"value": 2, "since": "2026-05-01"})
    )
    assert where == ("parameters", "base", "values", 1)
    assert "cùng áp dụng từ 01/05/2026 đến trước 01/06/2026" in what


def test_values_of_territories_that_share_a_unit_are_refused_by_the_place_of_the_second():
    values = ({"value": 1, "territory": "north"}, {"value": 2, "territory": "south"})
    ((where, _),) = refused(territories={"north": NORTH, "south": SOUTH}, parameters=parameter(*values))
    assert where == ("parameters", "base", "values", 1)


def test_days_between_two_values_are_told_with_a_dossier_of_such_a_day():
    (found,) = told(
        FindingKind.PERIOD,
        parameters=parameter({"value": 1, "until": "2026-05-01"}, {"value": 2, "since": "2026-06-01"}),
    )
    assert found.where == ("parameters", "base")
    assert "không có giá trị từ 01/05/2026 đến trước 01/06/2026" in found.what
    assert found.witness.on == date(2026, 5, 1)


def test_places_and_days_that_no_value_of_a_territory_holds_for_are_told():
    values = (
        {"value": 1, "territory": "north", "until": "2026-05-01"},
        {"value": 2, "territory": "north", "since": "2026-06-01"},
    )
    gap, outside = told(FindingKind.PERIOD, territories={"north": NORTH}, parameters=parameter(*values))
    assert "ở địa bàn “Bắc” từ 01/05/2026 đến trước 01/06/2026" in gap.what
    assert "không có giá trị ngoài địa bàn “Bắc”" in outside.what


def test_a_value_that_holds_everywhere_fills_what_a_territory_leaves_open():
    values = ({"value": 1}, {"value": 2, "territory": "north", "since": "2026-06-01"})
    assert told(FindingKind.PERIOD, territories={"north": NORTH}, parameters=parameter(*values)) == []


def test_rows_that_overlap_in_time_or_place_are_told_with_a_dossier_that_both_hit():
    for pair, territories in (
        (({"until": "2026-06-01"}, {"since": "2026-05-01"}), {}),
        (({"territory": "north"}, {"territory": "south"}), {"territories": {"north": NORTH, "south": SOUTH}}),
    ):
        rows = [
            row(name, {}, {"amount": place}, **more) for place, (name, more) in enumerate(zip("ab", pair, strict=True))
        ]
        parts = {**fees(*rows), **territories}
        (found,) = told(FindingKind.OVERLAP, **parts)
        assert (found.where, found.severity) == (("tables", 0, "rows", 1), Severity.ERROR)
        assert hit(definition(**parts), found.witness) == {"a", "b"}


def test_days_and_places_without_a_row_are_told_with_a_dossier_that_none_hits():
    in_time = fees(row("a", {}, {"amount": 1}, until="2026-05-01"), row("b", {}, {"amount": 2}, since="2026-06-01"))
    in_place = {**fees(row("a", {}, {"amount": 1}, territory="north")), "territories": {"north": NORTH}}
    for parts in (in_time, in_place):
        (found,) = [each for each in told(FindingKind.GAP, **parts) if each.table == "fee"]
        assert (found.where, found.severity) == (("tables", 0), Severity.WARNING)
        assert hit(definition(**parts), found.witness) == set()


def test_a_rule_that_outlives_its_document_is_told_by_the_place_of_the_citation():
    ended = {"tt": {"document": "Thông tư 1/2026/TT-BTC", "until": "2027-06-01"}}
    rows = [row("fee.all", {}, {"amount": 1}, until="2028-01-01")]
    found = told(FindingKind.REPEALED, basis=ended, **fees(*rows))
    assert ("tables", 0, "rows", 0, "basis") in [each.where for each in found]
    assert all("hết hiệu lực từ 01/06/2027" in each.what for each in found)


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"fields": [{"id": "n", "kind": "whole_number", "label": "N", "min": 5, "max": 1}]}, ("fields", 0)),
        ({"fields": [{"id": "n", "kind": "whole_numbers", "label": "N"}]}, ("fields", 0, "kind")),
        ({"fields": [{"id": "n", "kind": "whole_number", "label": "N", "unit": "dayz"}]}, ("fields", 0, "unit")),
        (fees(row("a", {}, {"amount": "nhiều"})), ("tables", 0, "rows", 0, "then", "amount")),
        ({"tables": [limit_table()], "charges": [charge(amount={"table": "limit", "output": "unit"})]}, None),
    ],
    ids=["bounds", "kind", "unit", "type of an output", "type of an amount"],
)  # fmt: skip
def test_errors_of_type_unit_and_bound_are_refused_by_their_place_with_a_sentence(parts, where):
    found = refused(**parts)
    assert where is None or where in [place for place, _ in found]
    assert all(place and what for place, what in found)


STATUTORY = {
    "b)": {"steps": None}, "c)": {"ways": []}, "d)": {"copies_of_dossier": None}, "e)": {"applicants": []},
    "g)": {"body": None},
}  # fmt: skip


@pytest.mark.parametrize("part", STATUTORY)
def test_each_statutory_part_that_is_missing_stops_a_publication_and_nobody_may_let_it_be(part):
    (found,) = told(FindingKind.STATUTORY, statutory={**data()["statutory"], **STATUTORY[part]})
    assert part in found.what
    assert (found.severity, found.may_be_waived) == (Severity.ERROR, False)
    assert found.where[0] == "statutory"


def test_papers_and_time_are_statutory_too_and_a_procedure_without_a_name_is_refused():
    assert [each.where for each in told(FindingKind.STATUTORY, papers=[])] == [("papers",)]
    without = {key: each for key, each in data().items() if key != "deadline"}
    found = [each for each in check(definition_from(without)) if each.kind is FindingKind.STATUTORY]
    assert [each.where for each in found] == [("deadline",)]
    assert FindingKind.STATUTORY in NEVER_WAIVED
    assert () in [where for where, _ in refused(name=None)]
