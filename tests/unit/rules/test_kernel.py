"""The sealed kernel: what the engine breaks on is kept away from it, and it answers like the reference."""

import json
import os
import threading
from datetime import date

import durable_rules_engine
import pytest

from rules.errors import KernelError, RulesError
from rules.match import durable_kernel, encoding
from rules.match.durable_kernel import Kernel
from rules.match.encoding import END, MAX_TERMS, RESERVED, Names, chunks_of, fnv1a
from rules.match.interpreter import Interpreter
from tests.definitions import DAY, cut_table, definition, fee_table, limit_table, row, table


def kept(rows, inputs=("late", "channel", "group", "poor", "marks", "note", "born"), **parts):
    """The first table of a small definition with these rows."""
    own = table("own", list(inputs), {"amount": "money"}, rows, "collect")
    return definition(tables=[own, fee_table(), cut_table(), limit_table()], **parts).tables[0]


def both(found, facts, on=DAY):
    hit = Kernel(found).match(facts, on)
    assert hit == Interpreter(found).match(facts, on).hit
    return [found.rows[place].id for place in hit]


def many(count):
    return [row(f"r{number}", {"late": number}, {"amount": number}) for number in range(count)]


def test_rows_are_cut_into_chunks_the_engine_can_hold():
    chunks = chunks_of(kept(many(1000)))
    assert len(chunks) == 17
    assert max(chunk.terms for chunk in chunks) <= MAX_TERMS
    assert sum(len(chunk.rows) for chunk in chunks) == 1000


def test_a_thousand_different_first_conditions_neither_hang_nor_crash():
    assert both(kept(many(1000)), {"late": 777}) == ["r777"]


def test_every_rule_is_guarded_and_ends_with_the_sentinel():
    rules = json.loads(chunks_of(kept([*many(3), row("always", {}, {"amount": 1})]))[0].text)
    assert rules[END] == {"all": [{"m": {"p": 1}}], "pri": 9999}
    for name, rule in rules.items():
        condition = rule["all"][0]["m"]
        assert name == END or {"p": 1} in condition.get("$and", [condition])
    assert [rules[f"r{number}"]["pri"] for number in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_no_name_of_a_procedure_reaches_the_engine():
    fields = [
        {"id": name, "kind": "whole_number", "label": name} for name in ("id", "sid", "running", "nakmvxxv", "tbdxatiq")
    ]
    rows = [
        row("one", {"id": 1, "sid": 2, "running": 3, "nakmvxxv": 4}, {"amount": 1}),
        row("two", {"tbdxatiq": 4}, {"amount": 1}),
    ]
    own = table("own", [field["id"] for field in fields], {"amount": "money"}, rows, "collect")
    found = definition(fields=fields, lists={}, tables=[own], charges=[], deadline=None, papers=[], cases=[]).tables[0]
    text = chunks_of(found)[0].text
    assert not any(f'"{field["id"]}"' in text for field in fields)
    assert both(found, {"nakmvxxv": 4}) == []
    assert both(found, {"tbdxatiq": 4}) == ["two"]
    assert both(found, {"id": 1, "sid": 2, "running": 3, "nakmvxxv": 4}) == ["one"]


def test_two_names_with_the_same_hash_are_never_both_used(monkeypatch):
    monkeypatch.setattr(encoding, "fnv1a", lambda name: {"f2": fnv1a("f1"), "f3": fnv1a("sid")}.get(name, fnv1a(name)))
    names = Names()
    assert [names["a", "="], names["b", "="]] == ["f1", "f4"]


def test_reserved_words_are_never_generated():
    hashes = {fnv1a(name) for name in RESERVED}
    assert all(fnv1a(f"f{number}") not in hashes for number in range(1, 20_000))


def test_one_row_with_more_choices_than_a_chunk_holds_is_cut_in_parts():
    lists = {"group": [{"code": f"c{number}", "label": f"C{number}"} for number in range(150)]}
    wanted = ", ".join(f"c{number}" for number in range(0, 150, 2))
    found = kept([row("even", {"group": wanted, "late": "1, 3, 5"}, {"amount": 1})], lists=lists)
    assert max(chunk.terms for chunk in chunks_of(found)) <= MAX_TERMS
    assert both(found, {"group": "c148", "late": 5}) == ["even"]
    assert both(found, {"group": "c147", "late": 5}) == []
    assert both(found, {"group": "c0", "late": 2}) == []


def test_a_table_with_too_many_choices_is_refused_with_what_to_do():
    lists = {"group": [{"code": f"c{number}", "label": f"C{number}"} for number in range(200)]}
    wanted = ", ".join(f"c{number}" for number in range(200))
    with pytest.raises(RulesError, match="chia thành nhiều bảng"):
        Kernel(kept([row(f"r{n}", {"group": wanted}, {"amount": 1}) for n in range(26)], lists=lists))
    wide = ", ".join(str(number) for number in range(0, 60, 2))
    with pytest.raises(RulesError, match="tách thành nhiều dòng"):
        Kernel(kept([row("r", {"group": wanted, "late": wide}, {"amount": 1})], lists=lists))


@pytest.mark.parametrize(
    ("when", "facts", "hits"),
    [
        ({"poor": True}, {"poor": True}, True),
        ({"late": 1}, {"late": 0}, False),
        ({"late": "> 10"}, {"late": 9}, False),
        ({"late": "not(5)"}, {}, False),
        ({"late": "not(5)"}, {"late": 5}, False),
        ({"late": "unknown"}, {}, True),
        ({"late": "unknown"}, {"late": 0}, False),
        ({"late": f"<= {2**62 - 2}"}, {"late": 2**62 - 1}, False),
        ({"late": f">= {2**62 - 1}"}, {"late": 2**62 - 1}, True),
        ({"late": f"<= -{2**62 - 1}"}, {"late": 1 - 2**62}, True),
        ({"group": "not(a)"}, {"group": "b"}, True),
        ({"group": "not(a)"}, {}, False),
        ({"marks": "has any a, b"}, {"marks": ["a", "b"]}, True),
        ({"marks": "has none a"}, {"marks": []}, True),
        ({"marks": "has none a"}, {}, False),
        ({"note": "known"}, {"note": "x" * 20_000}, True),
        ({"note": "known"}, {"note": 'a"}\\ \n 💡 {'}, True),
        ({"born": "15/08/2026"}, {"born": date(2026, 8, 15)}, True),
        ({"born": "< 15/08/2026"}, {"born": date(2026, 8, 15)}, False),
    ],
)
def test_values_the_bare_engine_confuses_are_told_apart(when, facts, hits):
    assert both(kept([row("r", when, {"amount": 1})]), facts) == (["r"] if hits else [])


def test_two_tables_whose_rules_read_alike_keep_their_own_rows():
    never = row("never", {"late": "not(<= 5, > 5)"}, {"amount": 1})
    one = row("one", {"late": 31_000}, {"amount": 1})
    first, second = kept([one]), kept([never, one])
    assert chunks_of(first)[0].text == chunks_of(second)[0].text
    assert both(first, {"late": 31_000}) == both(second, {"late": 31_000}) == ["one"]


def test_rows_hit_only_while_they_are_in_force():
    found = kept([row("r", {}, {"amount": 1}, since="2026-08-15", until="2027-03-01")])
    days = [date(2026, 8, 14), date(2026, 8, 15), date(2027, 2, 28), date(2027, 3, 1)]
    assert [both(found, {}, on) for on in days] == [[], ["r"], ["r"], []]


def test_a_number_beyond_exact_counting_does_not_reach_the_engine():
    with pytest.raises(RulesError, match="giới hạn"):
        Kernel(kept([row("r", {"late": "> 1"}, {"amount": 1})])).match({"late": 2**62}, DAY)


def test_many_threads_get_the_right_answers():
    found = kept(many(200))
    kernel, wrong = Kernel(found), []

    def ask(start):
        wrong.extend(
            number
            for number in range(start, start + 150)
            if kernel.match({"late": number % 250}, DAY) != expected(number)
        )

    def expected(number):
        return (number % 250,) if number % 250 < 200 else ()

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(0, 240, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_child_builds_its_own_and_answers_right():
    kernel = Kernel(kept(many(100)))
    assert kernel.match({"late": 5}, DAY) == (5,)
    child = os.fork()
    if child == 0:
        os._exit(0 if kernel.match({"late": 7}, DAY) == (7,) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_oldest_rulesets_make_room_and_come_back(monkeypatch):
    monkeypatch.setattr(durable_kernel, "MAX_CACHED_TERMS", 100)
    deleted = []
    real = durable_rules_engine.delete_ruleset
    monkeypatch.setattr(durable_rules_engine, "delete_ruleset", lambda handle: (deleted.append(handle), real(handle)))
    kernel = Kernel(kept(many(300)))
    for number in (5, 250, 5, 299):
        assert kernel.match({"late": number}, DAY) == (number,)
    assert deleted


def test_an_unexpected_failure_drops_the_handle_and_deletes_nothing(monkeypatch):
    found = kept([row("r", {"late": 41_000}, {"amount": 1})])
    kernel = Kernel(found)
    assert kernel.match({"late": 41_000}, DAY) == (0,)
    touched = []

    def broken(handle, state):
        raise MemoryError

    with monkeypatch.context() as failing:
        failing.setattr(durable_rules_engine, "start_action_for_state", broken)
        failing.setattr(durable_rules_engine, "delete_state", lambda *args: touched.append(args))
        failing.setattr(durable_rules_engine, "delete_ruleset", lambda *args: touched.append(args))
        with pytest.raises(KernelError, match="không trả lời được"):
            kernel.match({"late": 41_000}, DAY)
    assert touched == []
    assert kernel.match({"late": 41_000}, DAY) == (0,)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        pytest.param(['{"r1":{"m":FACT}}', None], "giữa chừng", id="the sentinel did not fire"),
        pytest.param(['{"__end":{"m":FACT}}', '{"r1":{"m":FACT}}', None], "giữa chừng", id="more after the sentinel"),
        pytest.param(['{"r9":{"m":FACT}}', '{"__end":{"m":FACT}}', None], "giữa chừng", id="a rule nobody wrote"),
        pytest.param(['{"__end":{"m":{"sid":"s0","p":1}}}', None], "không đúng dạng", id="another dossier's fact"),
        pytest.param(['{"r1":{"m":FACT},"__end":{"m":FACT}}', None], "giữa chừng", id="two rules in one answer"),
        pytest.param(['{"r1":{"m":FACT}}'] * 99, "quá số bước", id="firing without end"),
    ],
)
def test_an_answer_of_another_shape_is_refused_and_nothing_is_deleted(monkeypatch, answers, says):
    kernel = Kernel(kept([row("r", {"late": 42_000}, {"amount": 1})]))
    assert kernel.match({"late": 42_000}, DAY) == (0,)
    told, left, deleted = [], list(answers), []
    real = durable_rules_engine.assert_fact

    def answer(*_):
        found = left.pop(0)
        return found and found.replace("FACT", told[-1])

    with monkeypatch.context() as odd:
        odd.setattr(
            durable_rules_engine, "assert_fact", lambda handle, fact: (told.append(fact), real(handle, fact))[1]
        )
        odd.setattr(durable_rules_engine, "start_action_for_state", lambda *asked: ("{}", answer()))
        odd.setattr(durable_rules_engine, "complete_and_start_action", answer)
        odd.setattr(durable_rules_engine, "delete_state", lambda *asked: deleted.append(asked))
        with pytest.raises(KernelError, match=says):
            kernel.match({"late": 42_000}, DAY)
    assert deleted == []
    assert kernel.match({"late": 42_000}, DAY) == (0,)


def test_another_engine_version_is_refused(monkeypatch):
    monkeypatch.setattr(durable_kernel, "version", lambda name: "2.0.27")
    with pytest.raises(KernelError, match=r"2\.0\.28"):
        durable_kernel.check_engine()
