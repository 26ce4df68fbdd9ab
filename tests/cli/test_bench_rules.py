"""The measuring of the rules: what is measured is real, and what is missed is said."""

import re
from datetime import date
from itertools import islice

import pytest

from app.cli import bench_memory, bench_rules, other_engines
from app.cli.bench_definition import KINDS, LARGE, ROWS, dossiers, law, small_law
from app.cli.bench_memory import different_dossiers
from app.cli.figures import Figure, report
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from tests.definitions import office

ON = date(2026, 11, 20)


def test_the_measured_definition_has_ten_tables_of_twenty_rows_and_four_columns():
    definition = law()
    assert [(len(table.rows), len(table.inputs)) for table in definition.tables] == [(ROWS, 4)] * 10
    assert len(law(LARGE).tables[0].rows) == LARGE


def test_every_measured_dossier_comes_out_with_fees_papers_a_due_date_and_rows_that_almost_applied():
    procedure = compiled(law())
    found = [evaluate(procedure, facts, on=ON, at=None, office=office()) for facts in dossiers(20)]
    assert all(charge.amount is not None for each in found for charge in each.charges)
    assert all(len(each.charges) == 4 and len(each.papers) == 2 and each.deadline for each in found)
    assert all(each.missing == () for each in found)
    assert any(charge.near for each in found for charge in each.charges)
    assert len({each.totals["VND"] for each in found}) > 10


def test_dossiers_with_gaps_miss_facts_and_are_the_same_on_every_run():
    assert list(dossiers(30)) == list(dossiers(30))
    assert {len(facts) for facts in dossiers(30)} == {6}
    assert min(len(facts) for facts in dossiers(30, gaps=True)) < 6
    assert {facts["kind"] for facts in dossiers(100)} == set(KINDS)


def test_the_p50_is_taken_over_every_single_evaluation_after_a_round_that_warms(monkeypatch):
    asked = []
    monkeypatch.setattr(bench_rules, "REPEATS", 4)
    monkeypatch.setattr(bench_rules, "DOSSIERS", 3)
    assert len(bench_rules.each_alone(asked.append)) == 9
    assert len(asked) == 12


def test_the_dossiers_whose_memory_is_measured_are_all_different_and_all_answered_with_reasons():
    procedure = compiled(small_law())
    several = list(islice(different_dossiers(), 2_000))
    assert len({tuple(sorted((*facts.items(), ("on", str(on))))) for facts, on in several}) == 2_000
    found = [evaluate(procedure, facts, on=on, at=None, office=office()) for facts, on in several]
    assert all(each.charges[0].reasons or each.missing for each in found)
    assert {charge.amount for each in found for charge in each.charges} == {0, 1_000, 2_000, None}
    assert any(each.charges[0].near for each in found)


def test_the_memory_of_evaluations_is_measured_in_a_process_that_says_how_far_it_is(capfd, monkeypatch):
    monkeypatch.setattr(bench_memory, "WARMING", 50)
    monkeypatch.setattr(bench_memory, "TOLD_EVERY", 100)
    assert bench_memory.growth(150) < 10 * bench_memory.MEGABYTE
    assert capfd.readouterr().err == "\r100 evaluations\r200 evaluations\n"


def test_an_engine_that_answers_otherwise_ends_the_run():
    tables = law().tables[:1]
    with pytest.raises(AssertionError, match="hits"):
        bench_rules.check("wrong", [lambda facts: (99,)], tables)


def test_our_figures_are_measured_without_the_other_engines(monkeypatch, capsys):
    monkeypatch.setattr(other_engines, "FOLDER", other_engines.FOLDER / "absent")
    monkeypatch.setattr(bench_rules, "REPEATS", 2)
    monkeypatch.setattr(bench_rules, "DOSSIERS", 3)
    monkeypatch.setattr(bench_rules, "EVALUATIONS", 100)
    assert bench_rules.main([]) in (0, 1)
    printed = capsys.readouterr().out
    assert re.search(r"memory grown by 100 evaluations with reasons +-?[\d.]+ MB  \(bound 10 MB: kept\)", printed)
    assert "make bench" in printed
    assert "both / the bare kernel" in printed
    assert "zen-engine" not in printed


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        (Figure("a", 1, "ms", 2), 0),
        (Figure("a", 3, "ms", 2), 1),
        (Figure("a", 700, "a core", least=700), 0),
        (Figure("a", 699, "a core", least=700), 1),
        (Figure("a", 10**9, "ms"), 0),
    ],
)
def test_a_bound_that_is_missed_is_said_and_ends_with_one(capsys, figure, status):
    assert report([figure]) == status
    assert ("MISSED" in capsys.readouterr().out) == bool(status)
