"""A part whose condition no dossier can fulfil is told as never reached, and what its table lacks only informs."""

import pytest

from rules.check.findings import FindingKind
from rules.check.never_applies import never_applying
from rules.check.procedure import check
from rules.check.proof import prove
from rules.errors import Severity
from tests.definitions import charge, data, definition, limit_table, row, table

BY_POST = {"channel": "post"}  # the procedure is filed at the counter and online
SHEETS = {"id": "n", "kind": "whole_number", "label": "Số trang", "min": 0, "max": 9, "required": True}


def read(**parts):
    fee = table("fee", ["n"], {"amount": "money"}, [row("r", {"n": "< 5"}, {"amount": 1})])
    return definition(**{"tables": [fee, limit_table()], "cases": [], "fields": [SHEETS], **parts})


def test_a_charge_under_a_way_of_filing_that_there_is_not_never_applies():
    law = read(charges=[charge(cuts=[], when=BY_POST)])
    [found] = never_applying(law)
    assert (found.where, found.kind) == (("charges", 0, "when"), FindingKind.UNREACHABLE)
    assert found.severity is Severity.WARNING
    assert "không bao giờ áp dụng" in found.what
    assert found in check(law)


def test_a_required_field_that_a_charge_wants_unknown_and_a_bound_it_wants_passed_keep_it_away():
    for when in ({"n": "unknown"}, {"n": "> 9"}):
        assert len(list(never_applying(read(charges=[charge(cuts=[], when=when)])))) == 1


@pytest.mark.parametrize("when", [{"channel": "online"}, {"n": "9"}, None])
def test_a_charge_that_some_dossier_comes_to_is_not_told(when):
    assert list(never_applying(read(charges=[charge(cuts=[], when=when)]))) == []


def test_papers_and_notices_are_looked_at_too():
    papers = [{**each, "shown_when": BY_POST} for each in data()["papers"][:1]]
    notices = [{"id": "x", "text": {"vi": "Nhắc"}, "when": BY_POST, "basis": {"document": "tt"}}]
    found = never_applying(read(charges=[charge(cuts=[])], papers=papers, notices=notices))
    assert [each.where[0] for each in found] == ["papers", "notices"]


def test_a_gap_in_a_table_of_a_charge_that_never_applies_only_informs():
    for when, severity in ((BY_POST, Severity.NOTE), ({"channel": "online"}, Severity.WARNING)):
        found = prove(read(charges=[charge(cuts=[], when=when)])).findings
        [gap] = [each for each in found if each.kind is FindingKind.GAP]
        assert (gap.severity, gap.witness.facts["n"]) == (severity, 5)
