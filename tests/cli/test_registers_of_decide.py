"""`decide --registers`: parameters, lists, territories and shared sets of another file replace inline ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli.decide import GOOD, REFUSED, UNUSABLE, main

DEFINITION = """\
format: 1
code: "1.000001"
name: {vi: Thủ tục thử}
field_of_work: {vi: Thử}
statutory: {ways: [counter]}
basis:
  nd: {document: Nghị định 73/2024/NĐ-CP}
lists:
  places: [{code: a, label: Nơi A}]
fields:
  - {id: place, kind: choice, list: places, label: Nơi cư trú}
parameters:
  base_salary: {label: Lương cơ sở, type: money, values: [{value: 1800000, basis: {document: nd, article: 3}}]}
shared:
  cuts:
    version: "1"
    label: Giảm phí
    tables:
      - id: shared_cuts
        label: Giảm
        hit: collect
        inputs: [channel]
        outputs: [{id: percent, type: int}]
        rows: [{id: cut.online, when: {channel: online}, then: {percent: 50}, basis: {document: nd}}]
include: [{set: cuts, version: "1"}]
facts:
  - {id: ceiling, type: money, label: Mức trần, formula: 5 * base_salary}
charges:
  - id: due
    label: Mức thu
    kind: charge
    set_by: other
    amount: {fact: ceiling, basis: {document: nd}}
    cuts: [{table: shared_cuts, output: percent}]
"""
SALARY = """\
basis:
  later: {document: Nghị định 99/2026/NĐ-CP}
parameters:
  base_salary:
    label: Lương cơ sở
    type: money
    values: [{value: 3000000, since: 2026-07-01, basis: {document: later, article: 1}}]
"""


@pytest.fixture
def decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run the command on these texts; return its exit status and what it printed."""

    def run(registers: str | None, facts: dict[str, Any], on: str = "2026-11-20", definition: str = DEFINITION):
        (tmp_path / "definition.yaml").write_text(definition, "utf-8")
        (tmp_path / "facts.json").write_text(json.dumps(facts), "utf-8")
        more: list[str] = []
        if registers is not None:
            (tmp_path / "registers.yaml").write_text(registers, "utf-8")
            more = ["--registers", str(tmp_path / "registers.yaml")]
        named = [str(tmp_path / "definition.yaml"), "--facts", str(tmp_path / "facts.json"), "--on", on]
        status = main([*named, *more])
        return status, json.loads(capsys.readouterr().out)

    return run


ONLINE, COUNTER = {"channel": "online"}, {"channel": "counter"}


def amount(outcome: dict[str, Any]) -> int | None:
    return outcome["charges"][0]["amount"]


def test_without_registers_the_inline_values_count(decide):
    status, outcome = decide(None, COUNTER)
    assert (status, amount(outcome)) == (GOOD, 9_000_000)


def test_a_parameter_of_the_registers_takes_the_place_of_the_inline_one(decide):
    status, outcome = decide(SALARY, COUNTER)
    assert (status, amount(outcome)) == (GOOD, 15_000_000)
    used = {fact["fact"]: fact for fact in outcome["charges"][0]["reasons"][0]["facts"]}["base_salary"]
    assert used["shown"] == {
        "vi": "3.000.000\u00a0đ (từ 01/07/2026)",
        "en": "3,000,000\u00a0đ (from 01/07/2026)",
    }
    assert used["citations"] == ["Điều 1 Nghị định 99/2026/NĐ-CP"]


def test_other_registers_are_another_law_and_another_hash(decide):
    assert decide(SALARY, COUNTER)[1]["hash"] != decide(None, COUNTER)[1]["hash"]


def test_a_day_without_a_value_is_refused_by_the_rules_and_names_the_parameter(decide):
    status, outcome = decide(SALARY, COUNTER, on="2026-06-30")
    assert (status, amount(outcome)) == (REFUSED, None)
    assert outcome["totals"] == {"VND": None}
    assert "“Lương cơ sở” không có giá trị áp dụng ngày 30/06/2026" in outcome["problems"][0]["what"]


def test_a_shared_set_of_the_registers_counts_where_it_is_included(decide):
    registers = DEFINITION[DEFINITION.index("shared:") : DEFINITION.index("include:")].replace("50", "100")
    others = registers + "  unused: {version: '1'}\n"
    assert amount(decide(None, ONLINE)[1]) == 4_500_000
    assert amount(decide(registers, ONLINE)[1]) == 0
    assert amount(decide(others, ONLINE)[1]) == 0


def test_a_list_of_the_registers_takes_the_place_of_the_inline_one(decide):
    registers = "lists:\n  places: [{code: b, label: Nơi B, since: 2026-01-01}]\n"
    assert decide(registers, {**COUNTER, "place": "b"})[0] == GOOD
    status, refused = decide(registers, {**COUNTER, "place": "a"})
    assert (status, refused["problems"][0]["where"]) == (UNUSABLE, ["place"])
    status, refused = decide(registers, {**COUNTER, "place": "b"}, on="2025-12-31")
    assert status == UNUSABLE
    assert "không dùng được ngày 31/12/2025" in refused["problems"][0]["what"]


@pytest.mark.parametrize(
    ("registers", "line", "where"),
    [
        ("format: 1\nparametres: {}\n", 2, ["parametres"]),
        ("format: 1\nparameters: []\n", 2, ["parameters"]),
        ("parameters:\n  base_salary:\n    label: x\n    type: moni\n", 4, ["parameters", "base_salary", "type"]),
        ("tables: []\n", 1, ["tables"]),
        ("format: 2\n", 1, ["format"]),
        ("[1]\n", 1, []),
        ("shared:\n  cuts: {version: '1', tabels: []}\n", 2, ["shared", "cuts", "tabels"]),
    ],
)
def test_a_fault_of_the_registers_is_named_with_its_line_in_them(decide, registers, line, where):
    status, refused = decide(registers, COUNTER)
    found = [(each["file"], each["line"], each["where"]) for each in refused["problems"] if "file" in each]
    assert status == UNUSABLE
    assert ("registers", line, where) in found


def test_a_fault_of_the_definition_keeps_its_own_line(decide):
    status, refused = decide(SALARY, COUNTER, definition=DEFINITION.replace("5 * base_salary", "5 * base_wage"))
    assert status == UNUSABLE
    assert [(each["line"], each["where"]) for each in refused["problems"]] == [(27, ["facts", 0, "formula"])]
    assert "file" not in refused["problems"][0]


def test_a_shared_set_that_held_the_parameter_gives_way_to_the_registers(decide):
    inline = DEFINITION[DEFINITION.index("parameters:") : DEFINITION.index("shared:")]
    inside = "    parameters:\n" + "".join(f"    {line}\n" for line in inline.splitlines()[1:])
    moved = DEFINITION.replace(inline, "").replace("    tables:\n", inside + "    tables:\n")
    assert amount(decide(None, COUNTER, definition=moved)[1]) == 9_000_000
    assert amount(decide(SALARY, COUNTER, definition=moved)[1]) == 15_000_000


@pytest.mark.parametrize(
    "text", ["[" * 5_000, "a: " + "x" * 3_000_000, 'a: "\\ud800"', "a: 1\na: 2\n", "a: 1.001190\n"]
)
def test_registers_that_cannot_be_read_are_refused_with_a_line(decide, text):
    status, refused = decide(text, COUNTER)
    assert status == UNUSABLE
    assert all(each["line"] >= 1 and each["what"] for each in refused["problems"])


def test_half_a_character_in_the_facts_is_refused_and_said(decide):
    status, refused = decide(None, {"chan\ud800nel": 1})
    assert status == UNUSABLE
    assert refused["problems"][0]["what"].startswith("Không có dữ kiện")
