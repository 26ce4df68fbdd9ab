"""The services of a test run lie in memory where there is room, and nothing of a killed run stays there."""

import os

from launcher import testing


def test_the_memory_of_a_killed_run_is_given_back_and_that_of_a_running_one_is_left(tmp_path):
    killed = tmp_path / f"{testing.PREFIX}99999999-x"
    running = tmp_path / f"{testing.PREFIX}{os.getpid()}-y"
    for folder in (killed, running):
        (folder / "postgres").mkdir(parents=True)
    testing.forget_ended_runs(tmp_path)
    assert [killed.exists(), running.exists()] == [False, True]


def test_where_memory_is_short_the_disk_is_used(monkeypatch):
    monkeypatch.setattr(testing, "MEMORY_NEEDED", 2**62)
    assert testing.memory_parent() is None
