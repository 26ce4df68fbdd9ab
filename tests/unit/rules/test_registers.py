"""The registers of the law: what holds on a day, in a place, and where it came from."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from rules.check.procedure import check
from rules.codec import canonical_json, definition_from, definition_from_json, definition_to_data, law_hash
from rules.errors import DefinitionError, FactsError
from rules.evaluation.compile import compiled
from rules.evaluation.findings import State
from rules.evaluation.outcome import Evaluation
from rules.say.definition import readable
from rules.trial import faults
from rules.values import Text
from tests.definitions import DAY, basis, charge, cut_table, data, definition, fee_table, outcome, row

FORMER, NEW = "30169", "28249"
"""A unit of the former territory, and one outside it."""


def value(amount: Any, **more: Any) -> dict[str, Any]:
    return {"value": amount, "basis": basis(3), **more}


def salary(*values: dict[str, Any], **parts: Any) -> dict[str, Any]:
    own = [value(1_800_000, until="2024-07-01"), value(2_340_000, since="2024-07-01")]
    return {"base_salary": {"label": "Lương cơ sở", "type": "money", "values": list(values) or own, **parts}}


def by_formula(formula: str = "base_salary * 5", kind: str = "money") -> dict[str, Any]:
    return {
        "facts": [{"id": "ceiling", "type": kind, "label": "Mức trần", "formula": formula}],
        "charges": [charge(amount={"fact": "ceiling", "basis": basis()}, cuts=[])],
        "cases": [],
    }


FORMER_TERRITORY = {"former": {"label": "địa bàn tỉnh cũ", "units": [FORMER]}}


def problems_of(**parts: Any) -> dict[str, str]:
    with pytest.raises(DefinitionError) as refused:
        definition(**parts)
    return {problem.place: f"{problem.what} {problem.hint}" for problem in refused.value.problems}


class TestParameters:
    def test_the_value_in_force_on_the_legal_day_is_used(self):
        parts = {"parameters": salary(), **by_formula()}
        assert outcome({}, date(2024, 6, 30), **parts).charges[0].amount == 9_000_000
        assert outcome({}, date(2024, 7, 1), **parts).charges[0].amount == 11_700_000

    def test_a_finding_names_value_since_when_and_citation(self):
        found = outcome({}, parameters=salary(), **by_formula()).charges[0]
        used = {fact.fact: fact for fact in found.reasons[0].facts}["base_salary"]
        assert (used.shown.vi, used.source) == ("2.340.000\u00a0đ (từ 01/07/2024)", "parameter")
        assert used.shown.en == "2,340,000\u00a0đ (from 01/07/2024)"
        assert used.citations == ("Điều 3 Thông tư 1/2026/TT-BTC",)

    def test_a_parameter_is_an_input_of_tables_and_a_word_of_conditions(self):
        high = fee_table(row("fee.high", {"base_salary": "> 2.000.000"}, {"amount": 7}), hit="first")
        parts = {"parameters": salary(), "tables": [{**high, "inputs": ["base_salary"]}, cut_table(), *_limit()]}
        assert outcome({"poor": False}, **parts).charges[0].amount == 7
        paper = {
            "code": "x",
            "label": "Giấy",
            "basis": basis(),
            "shown_when": {"base_salary": ">= 2.340.000"},
        }
        assert [found.code for found in outcome({}, parameters=salary(), papers=[paper]).papers] == ["x"]

    def test_without_a_value_on_the_day_there_is_no_rule_and_a_problem_names_the_parameter(self):
        parts = {"parameters": salary(value(2_340_000, since="2024-07-01")), **by_formula()}
        found = outcome({}, date(2020, 1, 2), **parts)
        assert (found.charges[0].amount, found.charges[0].state) == (None, State.NO_RULE)
        assert found.totals == {"VND": None}
        assert [problem.where for problem in found.problems] == [("parameters", "base_salary")]
        assert "“Lương cơ sở” không có giá trị áp dụng ngày 02/01/2020" in found.problems[0].what
        assert found.missing == ()
        used = {fact.fact: fact for fact in found.charges[0].reasons[0].facts}["base_salary"]
        assert used.shown.vi == "không có giá trị ngày 02/01/2020"

    def test_a_parameter_whose_sources_state_no_value_gives_no_rule_until_a_register_brings_one(self):
        unset = {"base_salary": {"label": "Lương cơ sở", "type": "money", "values": []}}
        read = definition(parameters=unset, **by_formula())
        assert definition_from_json(canonical_json(read)) == read
        found = outcome({}, parameters=unset, **by_formula())
        assert (found.charges[0].amount, found.charges[0].state) == (None, State.NO_RULE)
        assert found.totals == {"VND": None}
        warned = [problem for problem in check(read) if problem.place == "parameters.base_salary"]
        assert [(problem.severity.value, problem.what) for problem in warned] == [
            ("warning", "“Lương cơ sở” chưa có giá trị nào: điều gì cần đến nó thì không có quy định áp dụng.")
        ]
        assert [str(entry.said) for entry in readable(read).parameters] == [
            "chưa có giá trị nào; điều gì cần đến nó thì không có quy định áp dụng"
        ]

    def test_a_parameter_that_forgets_its_values_is_refused(self):
        forgotten = {"base_salary": {"label": "Lương cơ sở", "type": "money"}}
        assert "values: []" in problems_of(parameters=forgotten)["parameters.base_salary"]

    def test_a_parameter_that_decides_nothing_is_no_problem_on_a_day_without_a_value(self):
        parts = by_formula("if(poor, 0, base_salary * 5)")
        found = outcome({"poor": True}, date(2020, 1, 2), parameters=salary(value(1, since="2024-07-01")), **parts)
        assert found.charges[0].amount == 0
        assert found.problems == ()

    def test_a_table_that_waits_for_nothing_but_a_parameter_says_so(self):
        high = {**fee_table(row("fee.high", {"base_salary": "> 2"}, {"amount": 7})), "inputs": ["base_salary"]}
        parts = {"parameters": salary(value(3, since="2025-01-01")), "tables": [high, *_limit()]}
        found = outcome({}, date(2020, 1, 2), charges=[charge(cuts=[])], cases=[], **parts).charges[0]
        assert found.state is State.NO_RULE
        assert "“Lương cơ sở” không có giá trị ngày 02/01/2020" in found.reasons[0].sentence.vi

    @pytest.mark.parametrize(
        ("kind", "written", "kept", "more"),
        [
            ("fixed", "12,5", 125, {"scale": 1}),
            ("fixed", 12, 1200, {"scale": 2}),
            ("int", 5, 5, {"unit": "percent"}),
            ("bool", False, False, {}),
            ("day", "2026-08-15", date(2026, 8, 15), {}),
            ("code", "b", "b", {"list": "group"}),
        ],
    )
    def test_a_parameter_of_every_type_is_read_and_written_back(self, kind, written, kept, more):
        parameter = {"label": "Mức", "type": kind, "values": [value(written)], **more}
        read = definition(parameters={"rate": parameter})
        assert read.parameters[0].values[0].value == kept
        assert definition_from(definition_to_data(read)) == read
        assert definition_from_json(canonical_json(read)) == read

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ([value(1), value(2)], "mọi ngày"),
            ([value(1, since="2024-01-01"), value(2, since="2025-01-01")], "từ 01/01/2025"),
            ([value(1, until="2025-01-01"), value(2, until="2024-01-01")], "đến trước 01/01/2024"),
            ([value(1, territory="former"), value(2, territory="former")], "mọi ngày"),
            ([value(1, territory="former"), value(2, territory="wider")], "mọi ngày"),
        ],
    )
    def test_two_values_for_one_day_and_place_are_refused(self, values, said):
        places = {**FORMER_TERRITORY, "wider": {"label": "Rộng hơn", "units": [FORMER, NEW]}}
        found = problems_of(parameters=salary(*values), territories=places)
        assert said in found["parameters.base_salary.values[2]"]

    def test_values_of_territories_without_a_common_unit_stand_beside_each_other(self):
        places = {**FORMER_TERRITORY, "other": {"label": "Nơi khác", "units": [NEW]}}
        values = [value(1, territory="former"), value(2, territory="other"), value(3)]
        parts = {"parameters": salary(*values), "territories": places, **by_formula("base_salary * 1")}
        amounts = [outcome({"receiving_unit": unit}, **parts).charges[0].amount for unit in (FORMER, NEW, "99999")]
        assert amounts == [1, 2, 3]

    def test_a_value_that_depends_on_an_unknown_place_waits_for_the_place(self):
        parts = {
            "parameters": salary(value(1, territory="former"), value(3)),
            "territories": FORMER_TERRITORY,
            **by_formula("base_salary * 1"),
        }
        found = outcome({}, **parts)
        assert found.charges[0].state is State.MISSING
        assert [missing.fact for missing in found.missing] == ["receiving_unit"]
        assert found.problems == ()

    @pytest.mark.parametrize(
        ("parameter", "where"),
        [
            ({"label": "x", "type": "text", "values": [value("a")]}, "parameters.p.type"),
            ({"label": "x", "type": "money"}, "parameters.p"),
            ({"label": "x", "type": "money", "values": [value("2340000")]}, "parameters.p.values[1].value"),
            ({"label": "x", "type": "code", "values": [value("a")]}, "parameters.p"),
            ({"label": "x", "type": "code", "list": "grup", "values": [value("a")]}, "parameters.p.list"),
            ({"label": "x", "type": "code", "list": "group", "values": [value("z")]}, "parameters.p.values[1].value"),
            ({"label": "x", "type": "fixed", "values": [value("1,5")]}, "parameters.p.scale"),
            ({"label": "x", "type": "int", "unit": "kilo", "values": [value(1)]}, "parameters.p.unit"),
            (
                {"label": "x", "type": "int", "values": [value(1, territory="nowhere")]},
                "parameters.p.values[1].territory",
            ),
            ({"label": "x", "type": "int", "valeus": []}, "parameters.p.valeus"),
        ],
    )
    def test_a_fault_of_a_parameter_is_named_with_its_place(self, parameter, where):
        assert where in problems_of(parameters={"p": parameter})

    def test_a_parameter_may_not_take_the_name_of_a_fact(self):
        assert "parameters.poor" in problems_of(parameters={"poor": salary()["base_salary"]})
        assert "parameters.channel" in problems_of(parameters={"channel": salary()["base_salary"]})

    def test_a_parameter_is_not_handed_in(self):
        with pytest.raises(FactsError, match="do hệ thống tính"):
            outcome({"base_salary": 1}, parameters=salary())

    def test_publication_asks_for_a_citation_and_tells_of_gaps_and_of_what_is_unused(self):
        values = [{"value": 1, "until": "2020-01-01"}, value(2, since="2021-01-01")]
        found = {problem.place: problem for problem in check(definition(parameters=salary(*values)))}
        assert "căn cứ" in found["parameters.base_salary.values[1]"].what
        said = [p.what for p in check(definition(parameters=salary(*values))) if p.place == "parameters.base_salary"]
        assert "không có giá trị từ 01/01/2020 đến trước 01/01/2021" in said[0]
        assert "không được dùng ở đâu" in said[1]

    def test_the_outcome_with_parameters_is_read_back_the_same(self):
        found = outcome({}, parameters=salary(), **by_formula())
        assert Evaluation.from_data(json.loads(json.dumps(found.to_data()))).hash == found.hash


def _limit() -> list[dict[str, Any]]:
    return [item for item in data()["tables"] if item["id"] == "limit"]


def territorial(*more: dict[str, Any], hit: str = "first") -> dict[str, Any]:
    rows = [row("fee.former", {}, {"amount": 100}, territory="former"), row("fee.else", {}, {"amount": 200}), *more]
    fees = {**fee_table(*rows, hit=hit), "inputs": []}
    return {"territories": FORMER_TERRITORY, "tables": [fees, cut_table(), *_limit()], "cases": []}


class TestTerritories:
    def test_a_row_with_a_territory_holds_only_there(self):
        amounts = [outcome({"receiving_unit": unit}, **territorial()).charges[0].amount for unit in (FORMER, NEW)]
        assert amounts == [100, 200]

    def test_the_reason_and_the_near_miss_name_the_territory(self):
        inside, outside = (outcome({"receiving_unit": unit}, **territorial()).charges[0] for unit in (FORMER, NEW))
        assert inside.reasons[0].sentence.vi == "Thuộc địa bàn tỉnh cũ: 100\u00a0đ"
        assert inside.reasons[0].sentence.en == "Within địa bàn tỉnh cũ: 100\u00a0đ"
        assert {fact.fact for fact in inside.reasons[0].facts} == {"territories", "receiving_unit"}
        assert outside.near[0].change.vi == "Nếu thuộc địa bàn tỉnh cũ thì 100\u00a0đ"

    def test_an_unknown_unit_is_missing(self):
        assert [each.fact for each in outcome({"poor": False, "channel": "online"}, **territorial()).missing] == [
            "receiving_unit"
        ]

    def test_a_territory_changes_its_units_by_date(self):
        places = {
            "former": {
                "label": "Cũ",
                "since": "2025-07-01",
                "units": [{"unit": FORMER, "until": "2026-11-20"}, {"unit": NEW, "since": "2026-11-20"}],
            }
        }
        parts = {**territorial(), "territories": places}
        before, after = DAY - timedelta(days=1), DAY
        assert outcome({"receiving_unit": FORMER}, before, **parts).charges[0].amount == 100
        assert outcome({"receiving_unit": FORMER}, after, **parts).charges[0].amount == 200
        assert outcome({"receiving_unit": NEW}, after, **parts).charges[0].amount == 100
        assert outcome({"receiving_unit": FORMER}, date(2025, 6, 30), **parts).charges[0].amount == 200

    def test_another_fact_may_decide_the_place(self):
        wards = {"lists": {**data()["lists"], **ward_list()}, "fields": [*data()["fields"], ward_field()]}
        parts = {**territorial(), **wards, "territory_of": "ward"}
        assert outcome({"ward": FORMER, "receiving_unit": NEW}, **parts).charges[0].amount == 100
        assert [each.fact for each in outcome({"receiving_unit": FORMER}, **parts).missing if each.fact != "poor"] == [
            "ward",
        ]

    @pytest.mark.parametrize("name", ["late", "nothing", "territories"])
    def test_only_a_code_that_is_handed_in_decides_the_place(self, name):
        assert "territory_of" in problems_of(territory_of=name)

    def test_units_may_be_told_by_their_attributes_on_the_day(self):
        wards = {"lists": {**data()["lists"], **ward_list()}}
        mountain = {"former": {"label": "Miền núi", "units_where": {"list": "wards", "when": {"mountain": True}}}}
        parts = {**territorial(), **wards, "territories": mountain}
        assert outcome({"receiving_unit": NEW}, date(2025, 12, 31), **parts).charges[0].amount == 100
        assert outcome({"receiving_unit": NEW}, date(2026, 1, 1), **parts).charges[0].amount == 200
        assert outcome({"receiving_unit": FORMER}, **parts).charges[0].amount == 200

    def test_territories_may_be_asked_in_a_cell(self):
        fees = {
            **fee_table(row("fee.here", {"territories": "has none former"}, {"amount": 5})),
            "inputs": ["territories"],
        }
        parts = {**territorial(), "tables": [fees, cut_table(), *_limit()]}
        assert outcome({"receiving_unit": NEW}, **parts).charges[0].amount == 5
        assert outcome({"receiving_unit": FORMER}, **parts).charges[0].state is State.NO_RULE

    def test_one_way_of_asking_is_enough(self):
        fees = {**fee_table(row("fee.x", {}, {"amount": 5}, territory="former")), "inputs": ["territories"]}
        assert "tables[1].rows[1]" in problems_of(territories=FORMER_TERRITORY, tables=[fees, cut_table(), *_limit()])

    def test_rows_of_territories_without_a_common_unit_do_not_overlap(self):
        places = {**FORMER_TERRITORY, "other": {"label": "Nơi khác", "units": [NEW]}}
        rows = [row(f"fee.{name}", {}, {"amount": 1}, territory=name) for name in places]
        apart = {**territorial(), "territories": places, "tables": [fee_table(*rows), cut_table(), *_limit()]}
        together = {**apart, "territories": {**places, "other": {"label": "Nơi khác", "units": [NEW, FORMER]}}}
        assert not [problem for problem in check(definition(**apart)) if "cùng áp dụng" in problem.what]
        assert [problem for problem in check(definition(**together)) if "cùng áp dụng" in problem.what]

    def test_every_row_of_a_territory_hits_its_own_witness(self):
        assert faults(definition(**territorial())) == []

    @pytest.mark.parametrize(
        ("territory", "where"),
        [
            ({"label": "x"}, "territories.t"),
            ({"label": "x", "units": [30169]}, "territories.t.units[1]"),
            ({"label": "x", "units": [{"unit": FORMER, "to": "2026-01-01"}]}, "territories.t.units[1].to"),
            ({"label": "x", "units_where": {"list": "none", "when": {}}}, "territories.t.units_where.list"),
            (
                {"label": "x", "units_where": {"list": "group", "when": {"kind": "a"}}},
                "territories.t.units_where.when.kind",
            ),
            ({"units": [FORMER]}, "territories.t"),
        ],
    )
    def test_a_fault_of_a_territory_is_named_with_its_place(self, territory, where):
        assert where in problems_of(territories={"t": territory})

    def test_an_unknown_territory_is_refused_with_the_nearest_name(self):
        rows = [row("fee.x", {}, {"amount": 1}, territory="formr")]
        found = problems_of(territories=FORMER_TERRITORY, tables=[fee_table(*rows), cut_table(), *_limit()])
        assert "former" in found["tables[1].rows[1].territory"]

    def test_the_code_of_the_receiving_unit_is_asked_without_a_list(self):
        fees = {
            **fee_table(row("fee.here", {"receiving_unit": f'"{FORMER}", H20.01'}, {"amount": 5}), hit="first"),
            "inputs": ["receiving_unit"],
        }
        parts = {"tables": [fees, cut_table(), *_limit()], "cases": []}
        assert outcome({"receiving_unit": FORMER}, **parts).charges[0].amount == 5
        assert outcome({"receiving_unit": "H20.01"}, **parts).charges[0].amount == 5
        assert outcome({"receiving_unit": NEW}, **parts).charges[0].state is State.NO_RULE
        assert faults(definition(**parts)) == []
        with pytest.raises(FactsError, match="Đơn vị tiếp nhận"):
            outcome({"receiving_unit": "xã Tân Thành"}, **parts)

    def test_the_receiving_unit_is_compared_in_formulas(self):
        parts = by_formula(f'if(receiving_unit = "{FORMER}", 1, 2)')
        assert outcome({"receiving_unit": FORMER}, **parts).charges[0].amount == 1


def ward_list(**more: Any) -> dict[str, Any]:
    return {
        "unit_kinds": [{"code": "ward", "label": "Phường"}, {"code": "commune", "label": "Xã"}],
        "wards": {
            "attributes": {
                "kind": {"type": "code", "list": "unit_kinds", "label": "Loại đơn vị"},
                "mountain": {"type": "bool"},
            },
            "items": [
                {"code": FORMER, "label": "Phường Sa Đéc", "attributes": {"kind": "ward", "mountain": False}},
                {
                    "code": NEW,
                    "label": "Phường Mỹ Tho",
                    "attributes": [
                        {"until": "2026-01-01", "kind": "commune", "mountain": True},
                        {"since": "2026-01-01", "kind": "ward"},
                    ],
                },
                {"code": "12345", "label": "Xã Cũ", "until": "2025-07-01", "attributes": {"kind": "commune"}},
            ],
            **more,
        },
    }


def ward_field(**more: Any) -> dict[str, Any]:
    return {"id": "ward", "kind": "choice", "list": "wards", "label": "Nơi cư trú", **more}


def with_wards(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = [
        row("fee.ward", {"ward.kind": "ward"}, {"amount": 28_000}),
        row("fee.else", {"ward.kind": "not(ward)"}, {"amount": 14_000}),
    ]
    fees = {**fee_table(*(rows or own)), "inputs": ["ward.kind"]}
    return {
        "lists": {**data()["lists"], **ward_list()},
        "fields": [*data()["fields"], ward_field()],
        "tables": [fees, cut_table(), *_limit()],
        "cases": [],
        **more,
    }


class TestLists:
    def test_an_attribute_of_the_chosen_code_is_a_fact_dated_by_the_legal_day(self):
        assert outcome({"ward": FORMER}, **with_wards()).charges[0].amount == 28_000
        assert outcome({"ward": NEW}, date(2025, 12, 31), **with_wards()).charges[0].amount == 14_000
        assert outcome({"ward": NEW}, date(2026, 1, 1), **with_wards()).charges[0].amount == 28_000

    def test_the_reason_names_the_attribute_and_the_choice_it_came_from(self):
        found = outcome({"ward": FORMER}, **with_wards()).charges[0].reasons[0]
        assert found.sentence.vi == "Loại đơn vị của nơi cư trú phường: 28.000\u00a0đ"
        assert [(fact.fact, fact.source) for fact in found.facts] == [("ward.kind", "list"), ("ward", "form")]

    def test_an_unknown_choice_is_what_is_missing(self):
        assert "ward" in [each.fact for each in outcome({}, **with_wards()).missing]

    def test_an_attribute_without_a_value_on_the_day_is_unknown(self):
        rows = [row("fee.unknown", {"ward.mountain": "unknown"}, {"amount": 1})]
        parts = with_wards(*rows)
        parts["tables"][0]["inputs"] = ["ward.mountain"]
        assert outcome({"ward": NEW}, date(2026, 1, 1), **parts).charges[0].amount == 1

    def test_attributes_are_words_of_conditions_and_formulas(self):
        parts = {**with_wards(), **by_formula('if(ward.kind = "ward", 28000, 14000)')}
        assert outcome({"ward": FORMER}, **parts).charges[0].amount == 28_000
        paper = {"code": "x", "label": "Giấy", "basis": basis(), "shown_when": {"ward.mountain": True}}
        on = date(2025, 12, 31)
        assert [each.code for each in outcome({"ward": NEW}, on, **with_wards(papers=[paper])).papers] == ["x"]

    def test_a_code_outside_its_dates_is_refused_as_a_fact_of_that_day(self):
        assert outcome({"ward": "12345"}, date(2025, 6, 30), **with_wards()).charges[0].amount == 14_000
        with pytest.raises(FactsError) as refused:
            outcome({"ward": "12345"}, **with_wards())
        assert [problem.place for problem in refused.value.problems] == ["ward"]
        assert "“Xã Cũ” (12345) không dùng được ngày 20/11/2026" in refused.value.problems[0].what
        assert "đến trước 01/07/2025" in refused.value.problems[0].what

    def test_a_code_outside_its_dates_is_refused_in_sets_and_in_rows_too(self):
        group = {"id": "plots", "kind": "group", "label": "Thửa", "fields": [ward_field()]}
        several = {"id": "several", "kind": "choices", "list": "wards", "label": "Các nơi"}
        parts = with_wards(fields=[*data()["fields"], ward_field(), group, several])
        with pytest.raises(FactsError) as refused:
            outcome({"plots": [{"ward": FORMER}, {"ward": "12345"}], "several": [FORMER, "12345"]}, **parts)
        assert [problem.place for problem in refused.value.problems] == ["plots[2].ward", "several"]

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"attributes": {"kind": {"type": "text"}}}, "lists.wards.attributes.kind.type"),
            ({"attributes": {"since": {"type": "int"}}}, "lists.wards.attributes.since"),
            ({"attributes": {"kind": {"type": "code", "list": "unit_kind"}}}, "lists.wards.attributes.kind.list"),
            ({"items": []}, "lists.wards"),
            (
                {"items": [{"code": "a", "label": "A", "attributes": {"height": 3}}]},
                "lists.wards.items[1].attributes.height",
            ),
            (
                {"items": [{"code": "a", "label": "A", "attributes": {"kind": "city"}}]},
                "lists.wards.items[1].attributes.kind",
            ),
            (
                {"items": [{"code": "a", "label": "A", "attributes": [{"kind": "ward"}, {"kind": "ward"}]}]},
                "lists.wards.items[1].attributes[2]",
            ),
            ({"itmes": []}, "lists.wards.itmes"),
        ],
    )
    def test_a_fault_of_a_list_is_named_with_its_place(self, change, where):
        assert where in problems_of(lists={**data()["lists"], **ward_list(**change)})

    def test_the_plain_sequence_still_reads_and_is_written_as_it_was(self):
        read = definition()
        assert definition_to_data(read)["lists"]["group"] == data()["lists"]["group"]

    def test_lists_territories_and_parameters_are_written_and_read_back(self):
        where = {
            "m": {"label": "M", "units_where": {"list": "wards", "when": [{"mountain": True}, {"kind": "commune"}]}}
        }
        parts = with_wards(
            territories={
                **FORMER_TERRITORY,
                **where,
                "d": {"label": "D", "units": [{"unit": NEW, "since": "2026-01-01"}]},
            },
            territory_of="ward",
            parameters=salary(value(1, territory="former"), value(2, since="2026-01-01")),
        )
        read = definition(**parts)
        assert definition_from(definition_to_data(read)) == read
        assert definition_from_json(canonical_json(read)) == read


class TestDocuments:
    def parts(self, **more: Any) -> dict[str, Any]:
        documents = {
            **data()["basis"],
            "nq": {
                "document": "Nghị quyết 9/2024/NQ-HĐND",
                "since": "2024-08-01",
                "until": "2027-01-01",
                "territory": "former",
            },
        }
        local = row("fee.local", {}, {"amount": 100}) | {"basis": {"document": "nq", "article": 1}, **more}
        fees = {**fee_table(local, row("fee.else", {}, {"amount": 200}), hit="first"), "inputs": []}
        return {**territorial(), "basis": documents, "tables": [fees, cut_table(), *_limit()]}

    def test_a_row_holds_on_the_days_and_in_the_territory_of_the_document_it_cites(self):
        for unit, on, amount in (
            (FORMER, date(2026, 12, 31), 100),
            (FORMER, date(2027, 1, 1), 200),
            (FORMER, date(2024, 7, 31), 200),
            (NEW, date(2026, 12, 31), 200),
        ):
            assert outcome({"receiving_unit": unit}, on, **self.parts()).charges[0].amount == amount

    def test_its_own_dates_come_first(self):
        parts = self.parts(since="2026-01-01", until="2028-01-01")
        assert outcome({"receiving_unit": FORMER}, date(2027, 6, 1), **parts).charges[0].amount == 100
        assert outcome({"receiving_unit": FORMER}, date(2025, 6, 1), **parts).charges[0].amount == 200

    def test_a_date_of_its_own_that_lies_after_the_end_of_the_document_is_refused(self):
        found = problems_of(**self.parts(since="2027-06-01"))
        assert "ghi đủ since và until" in found["tables[1].rows[1]"]

    def test_a_value_of_a_parameter_inherits_them_too(self):
        amount = {"value": 7, "basis": {"document": "nq"}}
        read = definition(**{**self.parts(), "parameters": salary(amount)}).parameters[0].values[0]
        assert (read.territory, read.period.since, read.period.until) == ("former", date(2024, 8, 1), date(2027, 1, 1))

    def test_what_is_inherited_is_not_written_twice(self):
        read = definition(**self.parts())
        written = definition_to_data(read)["tables"][0]["rows"][0]
        assert not {"since", "until", "territory"} & set(written)
        assert definition_from(definition_to_data(read)) == read


def online_cut(**more: Any) -> dict[str, Any]:
    """A council's cut for filing online, as a shared rule set."""
    return {
        "version": "2023-07-18",
        "label": {"vi": "Giảm phí trực tuyến", "en": "Online discount"},
        "since": "2023-07-18",
        "territory": "former",
        "basis": {"nq09": {"document": "Nghị quyết 09/2023/NQ-HĐND"}},
        "territories": FORMER_TERRITORY,
        "parameters": {
            "online_rate": {"label": "Tỷ lệ", "type": "int", "values": [{"value": 50, "basis": {"document": "nq09"}}]}
        },
        "facts": [{"id": "is_low", "type": "bool", "label": "Ít việc", "formula": "late < 5"}],
        "lists": {"ways": [{"code": "web", "label": "Trang mạng"}]},
        "tables": [
            {
                **cut_table(
                    row("cut.shared", {"channel": "online"}, {"percent": 50})
                    | {"basis": {"document": "nq09", "article": 2}},
                    row("cut.later", {"channel": "online"}, {"percent": 60}, since="2027-01-01"),
                ),
                "id": "shared_cuts",
            }
        ],
        **more,
    }


def including(shared: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "shared": {"online_cut": shared or online_cut()},
        "include": [{"set": "online_cut", "version": "2023-07-18"}],
        "tables": [fee_table(), *_limit()],
        "charges": [charge(cuts=[{"table": "shared_cuts", "output": "percent"}])],
        "cases": [],
        **more,
    }


ONLINE = {"channel": "online", "late": 0, "receiving_unit": FORMER}


class TestSharedSets:
    def test_an_included_set_counts_like_the_procedures_own_rules(self):
        assert outcome(ONLINE, **including()).charges[0].amount == 2500

    def test_its_rows_hold_on_its_days_and_in_its_territory_unless_they_narrow_them(self):
        rows = {each.id: each for each in definition(**including()).table("shared_cuts").rows}
        assert (rows["cut.shared"].period.since, rows["cut.shared"].territory) == (date(2023, 7, 18), "former")
        assert (rows["cut.later"].period.since, rows["cut.later"].territory) == (date(2027, 1, 1), "former")
        assert outcome(ONLINE, date(2023, 7, 17), **including()).charges[0].amount == 5000
        assert outcome({**ONLINE, "receiving_unit": NEW}, **including()).charges[0].amount == 5000

    def test_the_reason_says_which_set_and_version_it_came_from(self):
        reason = next(each for each in outcome(ONLINE, **including()).charges[0].reasons if each.rule == "cut.shared")
        assert reason.origin is not None
        assert reason.origin.vi == "theo quy định dùng chung “Giảm phí trực tuyến” bản 2023-07-18"
        assert reason.origin.en == "by the shared rules “Online discount”, version 2023-07-18"
        assert reason.citation == "Điều 2 Nghị quyết 09/2023/NQ-HĐND"

    def test_a_parameter_says_which_set_and_version_it_came_from_and_an_own_one_does_not(self):
        rates = {"id": "rates", "type": "money", "label": "Phí", "formula": "online_rate * own_rate"}
        own = {"own_rate": {"label": "Mức", "type": "int", "values": [{"value": 3, "basis": basis()}]}}
        shared = including(
            facts=[rates], parameters=own, charges=[charge(amount={"fact": "rates", "basis": basis()}, cuts=[])]
        )
        evaluation = outcome(ONLINE, **shared)
        used = {fact.fact: fact.origin for fact in evaluation.charges[0].reasons[0].facts}
        assert used["online_rate"] == Text(
            "theo quy định dùng chung “Giảm phí trực tuyến” bản 2023-07-18",
            "by the shared rules “Online discount”, version 2023-07-18",
        )
        assert used["own_rate"] is None
        assert Evaluation.from_data(evaluation.to_data()) == evaluation

    def test_the_flattened_form_reads_back_to_the_same_definition_and_outcome(self):
        read = definition(**including())
        written = definition_to_data(read)
        assert not {"shared", "include"} & set(written)
        assert {each["id"]: each.get("from") for each in written["tables"]}["shared_cuts"] == "online_cut@2023-07-18"
        assert definition_from(written) == read
        assert canonical_json(definition_from_json(canonical_json(read))) == canonical_json(read)
        assert compiled(definition_from(written)).version == compiled(read).version

    def test_every_kind_of_entry_comes_along_and_remembers_where_it_came_from(self):
        read = definition(**including())
        entries = [*read.basis, *read.lists, *read.territories, *read.parameters, *read.facts, *read.tables]
        came = {getattr(each, "id", "") or each.key for each in entries if each.origin == "online_cut@2023-07-18"}
        assert came == {"nq09", "ways", "former", "online_rate", "is_low", "shared_cuts"}

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (
                {
                    "tables": [
                        {**cut_table(), "id": "shared_cuts", "rows": [row("x", {"chanel": "online"}, {"percent": 5})]}
                    ]
                },
                "shared.online_cut.tables[1].rows[1].when.chanel",
            ),
            (
                {"facts": [{"id": "is_low", "type": "bool", "label": "x", "formula": "lat < 5"}]},
                "shared.online_cut.facts[1].formula",
            ),
            ({"parameters": {"p": {"label": "x", "type": "money"}}}, "shared.online_cut.parameters.p"),
            ({"lists": {"ways": [{"code": "web"}]}}, "shared.online_cut.lists.ways[1]"),
            ({"lists": {"group": [{"code": "web", "label": "x"}]}}, "shared.online_cut.lists.group"),
            ({"basis": {"tt": {"document": "x"}}}, "shared.online_cut.basis.tt"),
            (
                {"facts": [{"id": "poor", "type": "bool", "label": "x", "formula": "late < 5"}]},
                "shared.online_cut.facts[1].id",
            ),
            ({"territory": "nowhere"}, "shared.online_cut.territory"),
            ({"until": "2020-01-01"}, "shared.online_cut.until"),
            ({"charges": []}, "shared.online_cut.charges"),
            ({"tables": [{**cut_table(), "id": "fee"}]}, "shared.online_cut.tables[1]"),
        ],
    )
    def test_a_fault_inside_a_set_is_named_under_shared(self, change, where):
        assert where in problems_of(**including(online_cut(**change)))

    @pytest.mark.parametrize(
        ("include", "where", "said"),
        [
            ([{"set": "onlin_cut", "version": "2023-07-18"}], "include[1].set", "online_cut"),
            ([{"set": "online_cut", "version": "2024-01-01"}], "include[1].version", "2023-07-18"),
            ([{"set": "online_cut"}], "include[1]", "version"),
            ([{"set": "online_cut", "version": "2023-07-18"}] * 2, "include[2]", "hai lần"),
            ([], "shared.online_cut", "không được đưa vào"),
        ],
    )
    def test_what_is_included_must_be_there_once_and_what_is_there_included(self, include, where, said):
        assert said in problems_of(**including(include=include))[where]

    def test_one_of_several_versions_is_chosen(self):
        newer = online_cut(
            version="2026-01-01", tables=[{**cut_table(row("cut.new", {}, {"percent": 100})), "id": "shared_cuts"}]
        )
        both = {"online_cut": [online_cut(), newer]}
        chosen = [{"set": "online_cut", "version": date(2026, 1, 1)}]
        assert outcome(ONLINE, **including(shared=None) | {"shared": both, "include": chosen}).charges[0].amount == 0
        assert outcome(ONLINE, **including() | {"shared": both}).charges[0].amount == 2500

    def test_an_unknown_provenance_is_refused(self):
        assert "tables[1].from" in problems_of(tables=[{**fee_table(), "from": "other@1"}, cut_table(), *_limit()])

    def test_a_shared_table_that_the_procedure_does_not_use_is_no_fault(self):
        found = check(definition(**including(charges=[charge(cuts=[])])))
        assert not [problem for problem in found if "không được dùng" in problem.what]

    def test_the_name_of_a_set_is_no_part_of_the_law(self):
        assert law_hash(definition(**including())) == law_hash(definition(**including(online_cut(label="Tên khác"))))
