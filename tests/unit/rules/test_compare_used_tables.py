"""A changed table is told for the dossiers that use it: those the charge leaves out are not said to change."""

from datetime import date

from rules.codec import facts_as_written
from rules.compare.difference import Weight
from rules.compare.versions import compare
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from tests.definitions import charge, definition, limit_table, office, row, table

SHEETS = {"id": "n", "kind": "whole_number", "label": "Số trang", "min": 0, "max": 9, "required": True}
NOT_COUNTER = {"channel": "not(counter)"}


def read(high, *, when=NOT_COUNTER, **parts):
    rows = [row("low", {"n": "< 5"}, {"amount": 1000}), row("high", {"n": ">= 5"}, {"amount": high})]
    fee = table("fee", ["n"], {"amount": "money"}, rows)
    charges = [charge(cuts=[], when=when)]
    return definition(**{"tables": [fee, limit_table()], "charges": charges, "cases": [], "fields": [SHEETS], **parts})


def regions(old, new):
    found = compare(old, new, office())
    assert not found.undecided
    return [each for each in found.differences if each.weight is Weight.LAW and each.is_region]


def total(law, **facts):
    given = facts_as_written(law, facts)
    return evaluate(compiled(law), given, on=date(2026, 5, 4), at=None, office=office()).totals


def test_a_region_names_the_condition_of_the_charge_and_its_dossier_lies_inside():
    [found] = regions(read(5000), read(6000))
    assert found.sentence.vi.startswith("Khi “Số trang” ít nhất 5 và “Cách nộp” là Trực tuyến")
    assert found.shown.witness.facts["channel"] == "online"
    assert found.shown.changes


def test_just_the_dossiers_of_the_region_come_out_otherwise():
    old, new = read(5000), read(6000)
    for channel in ("counter", "online"):
        for n in (0, 4, 5, 9):
            differs = total(old, channel=channel, n=n) != total(new, channel=channel, n=n)
            assert differs is (channel == "online" and n >= 5)


def test_what_one_version_uses_for_more_dossiers_is_told_for_them_too():
    [found] = regions(read(5000), read(6000, when=None))
    assert "Cách nộp" not in found.sentence.vi


def test_a_table_that_another_charge_always_uses_or_a_notice_names_is_told_for_every_dossier():
    charges = [charge(cuts=[], when=NOT_COUNTER), charge(id="always", cuts=[])]
    [found] = regions(read(5000, charges=charges), read(6000, charges=charges))
    assert "Cách nộp" not in found.sentence.vi
    notices = [{"id": "x", "text": {"vi": "Nhắc"}, "when": {"fee.amount": "> 3"}, "basis": {"document": "tt"}}]
    [found] = regions(read(5000, notices=notices), read(6000, notices=notices))
    assert "Cách nộp" not in found.sentence.vi


def test_a_table_that_feeds_the_one_that_is_used_is_told_under_the_same_condition():
    def fed(edge):
        rows = [row("s", {"n": f"< {edge}"}, {"class": "few"}), row("l", {"n": f">= {edge}"}, {"class": "many"})]
        size = table("size", ["n"], {"class": "code"}, rows)
        cells = [row("f", {"size.class": "few"}, {"amount": 1}), row("m", {"size.class": "many"}, {"amount": 2})]
        return read(0, tables=[size, table("fee", ["size.class"], {"amount": "money"}, cells), limit_table()])

    [found] = regions(fed(3), fed(6))
    assert "“Cách nộp” là Trực tuyến" in found.sentence.vi
    assert found.shown.witness.facts["channel"] == "online"
