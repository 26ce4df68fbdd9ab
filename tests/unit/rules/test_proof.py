"""What the proof before publication tells an administrator, finding by finding."""

from datetime import date

import pytest

from rules.check import tables
from rules.check.findings import FindingKind
from rules.check.formulas import firm_domains
from rules.check.procedure import check
from rules.check.proof import prove
from rules.errors import Severity
from tests.definitions import basis, charge, data, definition, fee_table, limit_table, row, table

NUMBER = {"id": "n", "kind": "whole_number", "label": "Số trang", "min": 0, "max": 100, "required": True}
LAW = "2026-01-01"


def read(*rows, fields=(NUMBER,), inputs=("n",), hit="unique", **parts):
    fee = table("fee", list(inputs), {"amount": "money"}, list(rows), hit)
    whole = {"tables": [fee, limit_table()], "charges": [charge(cuts=[])], "cases": [], "fields": list(fields), **parts}
    return definition(**whole)


def told(law, kind):
    return [each for each in prove(law).findings if each.kind is kind]


def rows_of(*cells):
    return [row(f"r{number}", cell, {"amount": number}) for number, cell in enumerate(cells)]


def test_a_row_that_was_removed_leaves_a_gap_with_a_dossier_and_the_row_that_closes_it():
    law = read(*rows_of({"n": "< 10"}, {"n": ">= 20"}))
    [gap] = told(law, FindingKind.GAP)
    assert gap.what == "Bảng “Bảng fee”: chưa dòng nào áp dụng khi “Số trang” từ 10 đến dưới 20."
    assert (gap.severity, gap.witness.facts) == (Severity.WARNING, {"n": 10})
    mended = read(*rows_of({"n": "< 10"}, {"n": ">= 20"}), row("new", gap.suggested, {"amount": 5}))
    assert prove(mended).findings == ()


def test_a_bound_that_was_widened_overlaps_its_neighbour():
    [found] = told(read(*rows_of({"n": "<= 10"}, {"n": ">= 10"})), FindingKind.OVERLAP)
    assert (found.rows, found.witness.facts, found.severity) == (("r0", "r1"), {"n": 10}, Severity.ERROR)


def test_rows_that_were_swapped_are_masked_by_the_wide_one():
    [found] = told(read(*rows_of({}, {"n": "< 10"}), hit="first"), FindingKind.MASKED)
    assert found.what == "Dòng “r1” không bao giờ được dùng vì dòng “r0” nhận mọi trường hợp của nó."


def test_a_row_masked_by_several_together_is_found_and_they_are_named():
    [found] = told(read(*rows_of({"n": "<= 50"}, {"n": ">= 51"}, {"n": "[40..60]"}), hit="first"), FindingKind.MASKED)
    assert found.what == "Dòng “r2” không bao giờ được dùng vì các dòng “r0”, “r1” cùng nhận hết."


def test_periods_that_overlap_and_periods_with_a_gap_are_told_by_their_days():
    old, new = (
        row("old", {}, {"amount": 1}, since="2025-01-01", until="2026-02-01"),
        row("new", {}, {"amount": 2}, since=LAW),
    )
    [found] = told(read(old, new), FindingKind.OVERLAP)
    assert "“Ngày tiếp nhận” từ 01/01/2026 đến trước 01/02/2026" in found.what
    [gap] = told(read({**old, "until": "2025-06-01"}, new), FindingKind.GAP)
    assert "khi “Ngày tiếp nhận” từ 01/06/2025 đến trước 01/01/2026" in gap.what
    assert gap.witness.on == date(2025, 6, 1)


def test_a_value_that_the_form_does_not_let_in_is_no_gap_and_a_row_for_it_is_never_used():
    law = read(*rows_of({"n": "<= 100"}, {"n": "> 100"}))
    [found] = prove(law).findings
    assert found.kind is FindingKind.UNREACHABLE
    assert "“Số trang” không thể có giá trị của ô “> 100”" in found.what


def test_what_the_form_hides_is_not_asked_and_its_absence_is_part_of_the_proof():
    fields = [
        {"id": "loan", "kind": "yes_no", "label": "Vay vốn", "required": True},
        {**NUMBER, "shown_when": {"loan": True}},
    ]
    whole = rows_of({"loan": "true", "n": "known"}, {"loan": "false"})
    assert prove(read(*whole, fields=fields, inputs=("loan", "n"))).findings == ()
    [gap] = told(read(row("r", {"n": "known"}, {"amount": 1}), fields=fields), FindingKind.GAP)
    assert gap.witness.facts == {"loan": False}


def test_an_answer_that_may_be_left_out_is_waited_for_not_a_gap():
    found = prove(read(row("r", {"n": "known"}, {"amount": 1}), fields=[{**NUMBER, "required": False}])).findings
    assert [(each.kind, each.severity) for each in found] == [(FindingKind.WAITING, Severity.NOTE)]
    assert "khi chưa biết “Số trang”" in found[0].what


def test_a_row_that_no_table_upstream_can_reach_is_named():
    levels = [row("low", {"n": "< 10"}, {"level": "low"}), row("high", {"n": ">= 10"}, {"level": "high"})]
    risk = table("risk", ["n"], {"level": "code"}, levels)
    fee = table(
        "fee",
        ["risk.level", "n"],
        {"amount": "money"},
        [
            row("a", {"risk.level": "low"}, {"amount": 1}),
            row("b", {"risk.level": "high"}, {"amount": 2}),
            row("never", {"risk.level": "low", "n": "> 50"}, {"amount": 3}),
        ],
        "first",
    )
    law = definition(tables=[risk, fee, limit_table()], charges=[charge(cuts=[])], cases=[], fields=[NUMBER])
    [found] = [each for each in prove(law).findings if each.table == "fee"]
    assert (found.kind, found.rows[0]) == (FindingKind.UNREACHABLE, "never")


def test_a_dossier_is_found_behind_a_formula():
    facts = [{"id": "over", "type": "int", "label": "Số trang vượt", "formula": "max(n - 10, 0)"}]
    law = read(*rows_of({"over": "0"}, {"over": "> 5"}), inputs=("over",), facts=facts)
    [gap] = told(law, FindingKind.GAP)
    assert "“Số trang vượt” từ 1 đến dưới 6" in gap.what
    assert gap.witness.facts["n"] in range(11, 16)


def test_a_gap_where_nobody_asks_for_the_amount_is_none():
    fields = [NUMBER, {"id": "wanted", "kind": "yes_no", "label": "Cần bản sao", "required": True}]
    rows = rows_of({"wanted": "true", "n": "known"})
    charges = [charge(cuts=[], when={"wanted": True})]
    assert prove(read(*rows, fields=fields, inputs=("wanted", "n"), charges=charges)).findings == ()
    assert told(read(*rows, fields=fields, inputs=("wanted", "n")), FindingKind.GAP)


def test_in_a_table_that_collects_a_gap_only_informs_and_the_same_row_twice_is_doubted():
    law = read(*rows_of({"n": "< 10"}), row("twin", {"n": "< 10"}, {"amount": 0}), hit="collect_sum")
    found = {each.kind: each for each in prove(law).findings}
    assert found[FindingKind.GAP].severity is Severity.NOTE
    assert found[FindingKind.REPEATED].rows == ("r0", "twin")


def test_where_the_budget_ends_nothing_is_concluded_and_that_is_said(monkeypatch):
    monkeypatch.setattr(tables, "STEPS", 2)
    found = told(read(*rows_of({"n": "< 10"}, {"n": ">= 10"})), FindingKind.UNDECIDED)
    assert [each.severity for each in found] == [Severity.WARNING] * len(found) != []
    assert "Chưa kết luận về khoảng trống của bảng “Bảng fee”" in found[-1].what


def test_a_cell_that_accepts_every_number_is_told_apart_from_a_range():
    law = read(*rows_of({"n": "> 30, < 40"}))
    [found] = [each for each in check(law) if "dấu phẩy nghĩa là hoặc" in each.what]
    assert "(300..400)" in found.hint


def test_an_edit_proves_again_only_what_it_touches():
    other = table("other", ["late"], {"amount": "money"}, rows_of({"late": "< 5"}))
    parts = {"charges": [charge(cuts=[]), charge(id="c2", cuts=[], amount={"table": "other", "output": "amount"})]}
    one = definition(tables=[fee_table(), other, limit_table()], **parts)
    two = definition(tables=[fee_table(), {**other, "rows": rows_of({"late": "< 6"})}, limit_table()], **parts)
    before = prove(one)
    again = prove(two, before)
    assert (before.proved, again.proved) == (("fee", "other", "limit"), ("other",))
    assert again.findings == prove(two).findings != before.findings


@pytest.mark.parametrize("part", ["steps", "body"])
def test_a_missing_statutory_part_can_never_be_waived_and_a_gap_can(part):
    statutory = {name: value for name, value in data()["statutory"].items() if name != part}
    found = {each.kind: each.may_be_waived for each in check(definition(statutory=statutory))}
    assert found[FindingKind.STATUTORY] is False
    assert told(read(*rows_of({"n": "< 10"})), FindingKind.GAP)[0].may_be_waived


def test_the_same_finding_of_a_later_draft_has_the_same_key():
    law, moved = rows_of({"n": "< 10"}), row("more", {"n": "> 50"}, {"amount": 9})
    [one], [other] = told(read(*law), FindingKind.GAP), told(read(*law, hit="first"), FindingKind.GAP)
    assert one.key == other.key
    assert told(read(*law, moved), FindingKind.GAP)[0].key != one.key


def test_a_rule_that_outlives_the_document_it_cites_is_told_and_one_that_ends_with_it_is_not():
    documents = {"tt": {"document": "Thông tư 1/2026/TT-BTC", "until": "2026-07-01"}}
    found = [each for each in check(read(*rows_of({}), basis=documents)) if each.kind is FindingKind.REPEALED]
    assert {each.where[0] for each in found} == {"papers"}
    assert found[0].what == ("Căn cứ Điều 1 Thông tư 1/2026/TT-BTC hết hiệu lực từ 01/07/2026 mà quy định vẫn áp dụng.")
    outlives = row("r", {}, {"amount": 1}, since="2026-01-01", until="2027-01-01")
    told_of = {each.where[0] for each in check(read(outlives, basis=documents)) if each.kind is FindingKind.REPEALED}
    assert told_of == {"papers", "tables"}


def test_ends_of_a_domain_are_firm_only_where_the_definition_bounds_them():
    free = {**NUMBER, "min": None, "max": None}
    fields = [{name: value for name, value in free.items() if value is not None}, {**NUMBER, "id": "m"}]
    facts = [{"id": "twice", "type": "int", "label": "Hai lần", "formula": "2 * m", "basis": basis()}]
    facts[0].pop("basis")
    domains = firm_domains(read(*rows_of({}), fields=fields, facts=facts))
    assert (domains["n"], domains["m"], domains["twice"]) == ((0, None), (0, 100), (0, 200))
