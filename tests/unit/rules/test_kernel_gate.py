"""Each input on which the bare engine crashes, hangs or matches wrongly: refused at the gate, or never written.

The engine's faults were measured on durable-rules 2.0.28 before it was sealed (docs/decisions/0012).
"""

import ast
import inspect
import json
import os
import random
import subprocess
import sys
import threading
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from rules import facts
from rules.errors import DefinitionError, FactsError, RulesError
from rules.match import durable_kernel, encoding
from rules.match.durable_kernel import Kernel
from rules.match.encoding import MAX_NAMES, MAX_TERMS, chunks_of
from rules.match.interpreter import Interpreter
from rules.table.cell_text import parse_cell
from rules.vocabulary import FactType
from tests.definitions import DAY, cut_table, definition, fee_table, limit_table, row, table
from tests.properties.generated_tables import FACTS, random_facts, random_table

ROOT = Path(__file__).parents[3]
SEALED = {"$and", "$or", "$gte", "$lt", "$neq"}
"""The only operators of the engine that are ever written: no $nex, no $div, no $mt, no joins, no arithmetic."""


def kept(rows, inputs=("late", "channel", "group", "poor", "marks", "note", "born"), hit="collect", **parts):
    """The first table of a small definition with these rows."""
    own = table("own", list(inputs), {"amount": "money"}, rows, hit)
    return definition(tables=[own, fee_table(), cut_table(), limit_table()], **parts).tables[0]


def hits(found, given, on=DAY):
    """The ids of the rows that both matchers hit."""
    places = Kernel(found).match(given, on)
    assert places == Interpreter(found).match(given, on).hit
    return [found.rows[place].id for place in places]


def vocabulary():
    return definition().vocabulary


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("late", True, id="a truth value for a number, which the engine matches with 1"),
        pytest.param("poor", 1, id="a number for a truth value, which the engine matches with true"),
        pytest.param("late", "5", id="text for a number, which the engine compares as text"),
        pytest.param("late", 1.0, id="a float, which the engine rounds"),
        pytest.param("late", float("nan"), id="not a number, which the engine reads as null"),
        pytest.param("late", float("inf"), id="infinity, which the engine refuses"),
        pytest.param("late", 2**62, id="a number beyond 2^62"),
        pytest.param("late", 2**63, id="2^63, which the engine saturates and then matches"),
        pytest.param("late", -(2**63), id="the least 64-bit number, whose division ends the process"),
        pytest.param("late", 10**18 * 10, id="ten times 10^18"),
        pytest.param("group", "d", id="a code outside its list"),
        pytest.param("group", "a" * 70_000, id="a text longer than the engine's 16-bit length"),
        pytest.param("group", "\ud800", id="half of a surrogate pair"),
        pytest.param("group", "a\x00", id="a NUL"),
        pytest.param("group", unicodedata.normalize("NFD", "đồng"), id="a decomposed text"),
        pytest.param("note", "\ud800", id="half of a surrogate pair in a text"),
        pytest.param("note", "a\x00b", id="a NUL in a text"),
        pytest.param("marks", [["a"]], id="a list in a list, on which the engine's parser recurses"),
        pytest.param("marks", "a", id="a text for a set"),
        pytest.param("born", "2026-02-30", id="a day that does not exist"),
        pytest.param("id", 1, id="a fact named id, which ends the process"),
        pytest.param("late", {"$m": "id"}, id="an expression of the engine"),
    ],
)
def test_such_a_fact_is_refused_at_the_gate(name, value):
    with pytest.raises(FactsError):
        facts.typed({name: value}, vocabulary())


def test_a_value_nested_two_hundred_thousand_deep_is_refused_at_the_gate():
    deep: list[object] = []
    for _ in range(200_000):
        deep = [deep]
    with pytest.raises(FactsError):
        facts.typed({"marks": deep}, vocabulary())
    while deep:
        deep = deep.pop()  # taken apart by hand: the interpreter's own release recurses


def test_a_decomposed_text_is_composed_at_the_gate():
    found = facts.typed({"note": unicodedata.normalize("NFD", "đồng ý")}, vocabulary())
    assert found["note"] == unicodedata.normalize("NFC", "đồng ý")


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        *(("late", cell) for cell in ("1.5", "1e22", "true", '"5"', f">= {2**62}", "nan", "known()", "$gt 5")),
        *(("poor", cell) for cell in ("1", "0", '"true"')),
        *(("group", cell) for cell in ("đồng", "d", ">= a", "a" * 70_000, "a\x00", "\ud800", '"a')),
        *(("note", cell) for cell in ('"a"', ">= a", "has a")),
        *(("born", cell) for cell in ("1", "2026-02-30", ">= 2026")),
    ],
)
def test_such_a_cell_is_refused_when_it_is_read(name, cell):
    with pytest.raises(RulesError):
        parse_cell(cell, vocabulary()[name])


@pytest.mark.parametrize("code", ["đồng", "a b", 'a"b', "a\\b", "x" * 201, "a\nb"])
def test_such_a_code_is_refused_in_a_list(code):
    with pytest.raises(DefinitionError):
        definition(lists={"group": [{"code": code, "label": "Mã"}]})


@pytest.mark.parametrize("code", ["đồng", 'a"b', "a\\b", "x" * 201, "a\nb", "a\x00"])
def test_such_a_code_is_refused_before_the_engine_even_if_the_gate_let_it_in(code):
    kernel = Kernel(kept([row("r", {"group": "a"}, {"amount": 1})]))
    with pytest.raises(RulesError):
        kernel.match({"group": code}, DAY)


def test_the_kernel_speaks_to_the_engine_by_six_calls_only():
    tree = ast.parse(inspect.getsource(durable_kernel))
    called = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "engine"
    }
    assert called == set(durable_kernel._CALLS)


def walk(condition, depth=1):
    """Yield (operator or name, operand, depth) for every part of a condition."""
    for key, inner in condition.items():
        yield key, inner, depth
        if key in {"$and", "$or"}:
            for each in inner:
                yield from walk(each, depth + 1)
        elif key.startswith("$"):
            yield from walk(inner, depth + 1)


@pytest.mark.parametrize("seed", range(60))
def test_no_chunk_leaves_the_sealed_subset(seed):
    chance = random.Random(seed)
    found = random_table(chance)
    for chunk in chunks_of(found):
        rules = json.loads(chunk.text)
        assert chunk.terms <= MAX_TERMS
        assert len(rules) <= MAX_TERMS + 1
        for rule in rules.values():
            assert set(rule) == {"all", "pri"}
            assert [set(each) for each in rule["all"]] == [{"m"}]
            check_condition(rule["all"][0]["m"])
        check_fact(chunk.fact("s1", random_facts(found, chance), DAY))


def check_condition(condition):
    for key, inner, depth in walk(condition):
        assert depth <= 8
        if key.startswith("$"):
            assert key in SEALED
            ordered = list(inner.values()) if key in {"$gte", "$lt"} else []
            assert all(type(value) is int for value in ordered), "text is never ordered"
            assert key not in {"$and", "$or"} or len(inner) > 1
        else:
            assert key == "p" or (key[0] == "f" and key[1:].isdigit())
            assert is_plain(inner)


def check_fact(text):
    told = json.loads(text)
    assert told.pop("sid") == "s1"
    assert told.pop("p") == 1
    assert len(told) <= MAX_NAMES
    assert all(key[0] == "f" and is_plain(value) for key, value in told.items())


def is_plain(value):
    if type(value) is int:
        return abs(value) <= 2**62
    return type(value) is bool or (type(value) is str and len(value) <= 200 and value.isascii())


def test_no_text_of_a_person_reaches_the_engine():
    found = kept([row("r", {"note": "known"}, {"amount": 1})])
    told = chunks_of(found)[0].fact("s1", {"note": "Nguyễn Văn A " * 6_000}, DAY)
    assert "Nguy" not in told
    assert len(told) < 100


def test_two_texts_with_the_same_beginning_are_only_known():
    found = kept([row("r", {"note": "known"}, {"amount": 1})])
    assert hits(found, {"note": "a" * 4_464}) == hits(found, {"note": "a" * 20_000}) == ["r"]


def test_an_unknown_fact_is_left_out_and_never_null():
    found = kept([row("r", {"late": "not(5)", "group": "a", "marks": "has none a"}, {"amount": 1})])
    told = chunks_of(found)[0].fact("s1", {"late": None, "group": None}, DAY)
    assert "null" not in told
    assert hits(found, {"late": None}) == []


def test_one_dossier_hits_every_row_it_satisfies():
    rows = [row(f"r{number}", {"late": f">= {number}"}, {"amount": number}) for number in range(200)]
    assert len(hits(kept(rows), {"late": 500})) == 200


def test_three_hundred_rows_with_the_same_cells_are_told_apart():
    rows = [row(f"r{number}", {"poor": True}, {"amount": number}) for number in range(300)]
    assert hits(kept(rows), {"poor": True}) == [f"r{number}" for number in range(300)]


def test_a_row_whose_cell_holds_twice_over_hits_once():
    found = kept([row("r", {"marks": "has any a, b, c", "late": "1, 2, < 5"}, {"amount": 1})])
    assert hits(found, {"marks": ["a", "b", "c"], "late": 1}) == ["r"]


def test_two_hundred_exceptions_in_one_cell_are_no_depth():
    found = kept([row("r", {"late": f"not({', '.join(map(str, range(0, 400, 2)))})"}, {"amount": 1})])
    assert hits(found, {"late": 7}) == ["r"]
    assert hits(found, {"late": 8}) == []


def test_a_row_with_many_choices_in_many_columns_is_cut_into_rules_the_engine_can_hold():
    fields = [{"id": f"n{number}", "kind": "whole_number", "label": f"N{number}"} for number in range(40)]
    names = [field["id"] for field in fields]
    ranges = {"n0": "[1..3], [5..7], [9..11]", "n1": "< 5, > 9", "n2": "not(1, 5)", **dict.fromkeys(names[3:], "> 0")}
    parts = {"fields": fields, "lists": {}, "charges": [], "deadline": None, "papers": [], "cases": []}
    found = definition(
        tables=[table("own", names, {"amount": "money"}, [row("r", ranges, {"amount": 1})], "collect")], **parts
    ).tables[0]
    given = {**dict.fromkeys(names, 1), "n0": 10, "n1": 10, "n2": 3}
    assert hits(found, given) == ["r"]
    assert hits(found, {**given, "n2": 5}) == hits(found, {**given, "n0": 8}) == []


def test_a_chunk_that_would_read_more_facts_than_the_engine_holds_is_cut(monkeypatch):
    monkeypatch.setattr(encoding, "MAX_NAMES", 3)
    fields = [{"id": f"n{number}", "kind": "whole_number", "label": f"N{number}"} for number in range(5)]
    names = [field["id"] for field in fields]
    parts = {"fields": fields, "lists": {}, "charges": [], "deadline": None, "papers": [], "cases": []}

    def kept_with(*rows):
        return definition(tables=[table("own", names, {"amount": "money"}, list(rows), "collect")], **parts).tables[0]

    narrow = kept_with(*(row(f"r{name}", {name: 1}, {"amount": 1}) for name in names))
    assert [len(chunk.rows) for chunk in chunks_of(narrow)] == [3, 2]
    assert hits(narrow, {"n0": 1, "n4": 1}) == ["rn0", "rn4"]
    with pytest.raises(RulesError, match="tách thành nhiều dòng"):
        Kernel(kept_with(row("wide", dict.fromkeys(names, 1), {"amount": 1})))


def test_the_same_question_asked_again_is_answered_again():
    kernel = Kernel(kept([row("r", {"late": 3}, {"amount": 1})]))
    assert [kernel.match({"late": late}, DAY) for late in (3, 3, 4, 3, 4, 4)] == [(0,), (0,), (), (0,), (), ()]


def test_nothing_is_left_of_a_dossier_for_the_next():
    kernel = Kernel(kept([row("both", {"late": 3, "poor": True}, {"amount": 1})]))
    assert kernel.match({"late": 3}, DAY) == ()
    assert kernel.match({"poor": True}, DAY) == ()


def test_more_questions_than_the_engine_has_states_are_answered():
    kernel = Kernel(kept([row("r", {"late": 3}, {"amount": 1})]))
    assert sum(len(kernel.match({"late": number % 4}, DAY)) for number in range(3_000)) == 750


def test_more_rulesets_than_the_engine_has_handles_come_and_go():
    [chunk] = chunks_of(kept([row("r", {"late": 3}, {"amount": 1})]))
    for number in range(131_072 + 10):
        ruleset = durable_kernel._Ruleset(chunk, f"{number:016}")
        assert ruleset.fire("s1", chunk.fact("s1", {"late": 3}, DAY)) == ["r1"]
        ruleset.retire()


def test_no_row_hits_and_no_row_hits_again_with_poisoned_memory():
    """The ordinary case of no hit ends the bare engine's process once its memory has been used before."""
    script = (
        "from tests.unit.rules.test_kernel_gate import *\n"
        "kernels = [Kernel(kept([row('r', {'late': number}, {'amount': 1})])) for number in range(20)]\n"
        "assert not any(kernel.match({'late': -1 - n}, DAY) for n in range(200) for kernel in kernels)\n"
        "print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "MALLOC_PERTURB_": "165"},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"alive\n"), done.stderr.decode()


def tables_at_work(seed, count):
    chance = random.Random(seed)
    found = [random_table(chance) for _ in range(count)]
    return [(each, Interpreter(each), Kernel(each)) for each in found]


def differing(at_work, seed, asked):
    """How many of so many questions the two matchers answer differently."""
    chance = random.Random(seed)
    wrong = 0
    for _ in range(asked):
        found, interpreter, kernel = chance.choice(at_work)
        given, on = random_facts(found, chance), date(2026, 8, chance.randint(12, 20))
        wrong += kernel.match(given, on) != interpreter.match(given, on).hit
    return wrong


@pytest.mark.parametrize(
    "held", [durable_kernel.MAX_CACHED_TERMS, 100], ids=["all held", "rulesets let go all the time"]
)
def test_eight_threads_on_the_same_tables_get_the_right_answers(monkeypatch, held):
    monkeypatch.setattr(durable_kernel, "MAX_CACHED_TERMS", held)
    at_work, wrong = tables_at_work(3, 12), []
    threads = [
        threading.Thread(target=lambda seed=seed: wrong.append(differing(at_work, seed, 150))) for seed in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [0] * 8


def test_four_forked_children_and_their_parent_get_the_right_answers():
    at_work = tables_at_work(5, 8)
    assert differing(at_work, 0, 100) == 0
    children = []
    for seed in range(1, 5):
        child = os.fork()
        if child == 0:
            os._exit(min(differing(at_work, seed, 200), 100))
        children.append(child)
    assert differing(at_work, 9, 200) == 0
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4


def test_a_child_forked_while_another_thread_asks_is_not_stopped_by_its_lock():
    at_work = tables_at_work(11, 4)
    stop = threading.Event()

    def ask():
        while not stop.is_set():
            differing(at_work, 1, 20)

    busy = threading.Thread(target=ask)
    busy.start()
    try:
        for seed in range(4):
            child = os.fork()
            if child == 0:
                os._exit(min(differing(at_work, seed, 50), 100))
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        stop.set()
        busy.join()


def test_every_type_of_fact_that_a_cell_can_ask_about_is_among_the_generated_ones():
    assert {fact.type for fact in FACTS.values()} == set(FactType) - {FactType.GROUP}
