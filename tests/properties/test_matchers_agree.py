"""The two matchers answer alike: on a hundred thousand dossiers, with poisoned memory, and not by chance."""

import os
import random
import subprocess
import sys
from bisect import bisect_left
from pathlib import Path

import pytest

from rules.errors import RulesError
from rules.match import encoding, interpreter
from rules.match.encoding import DAY
from rules.table.cells import Has, HasHow, Known
from tests.properties.generated_tables import differences

ROOT = Path(__file__).parents[2]


def agreement(tables, facts_per_table, seed, timeout):
    """Compare both matchers in a child process whose fresh memory is poisoned: a crash fails the test."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.properties.generated_tables", *map(str, (tables, facts_per_table, seed))],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "MALLOC_PERTURB_": "165"},
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [int(number) for number in done.stdout.split()]


def test_the_matchers_agree_over_a_hundred_thousand_dossiers_with_poisoned_memory():
    assert agreement(tables=400, facts_per_table=250, seed=20_261_120, timeout=110) == [100_000, 0]


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_matchers_agree_over_a_million_new_dossiers():
    seed = random.SystemRandom().randrange(2**32)
    assert agreement(tables=10_000, facts_per_table=100, seed=seed, timeout=3500) == [1_000_000, 0], f"seed {seed}"


def renamed(atoms, old, new):
    """The atoms with one operator in the place of another."""
    return [{new if key == old else key: inner for key, inner in atom.items()} for atom in atoms]


def moved(atoms, operator, by):
    """The atoms with the bounds of one operator moved."""
    return [
        {key: {name: bound + by for name, bound in inner.items()} if key == operator else inner}
        for atom in atoms
        for key, inner in atom.items()
    ]


def turned(alternatives):
    """Alternatives with every truth value turned over."""
    return [
        [{key: not inner if isinstance(inner, bool) else inner for key, inner in atom.items()} for atom in atoms]
        for atoms in alternatives
    ]


def of_has(how, alternatives, test, change):
    """The alternatives, changed where they stand for such a test of a set."""
    return change(alternatives) if isinstance(test, Has) and test.how is how else alternatives


def flattened(alternatives):
    return [[atom for atoms in alternatives for atom in atoms]]


def told_apart(alternatives):
    return [[atom] for atoms in alternatives for atom in atoms]


def turned_text(text):
    return text.replace("true", "x").replace("false", "true").replace("x", "false")


COMPILER = {
    "at least becomes more than": ("_span", lambda real, *asked: renamed(real(*asked), "$gte", "$gt")),
    "at least becomes at most": ("_span", lambda real, *asked: renamed(real(*asked), "$gte", "$lte")),
    "below becomes at most": ("_span", lambda real, *asked: renamed(real(*asked), "$lt", "$lte")),
    "below becomes above": ("_span", lambda real, *asked: renamed(real(*asked), "$lt", "$gt")),
    "the lower bound is one too high": ("_span", lambda real, *asked: moved(real(*asked), "$gte", 1)),
    "the lower bound is one too low": ("_span", lambda real, *asked: moved(real(*asked), "$gte", -1)),
    "the upper bound is one too high": ("_span", lambda real, *asked: moved(real(*asked), "$lt", 1)),
    "the upper bound is one too low": ("_span", lambda real, *asked: moved(real(*asked), "$lt", -1)),
    "the lower bound is lost": ("_span", lambda real, name, low, high: real(name, None, high)),
    "the upper bound is lost": ("_span", lambda real, name, low, high: real(name, low, None)),
    "only the first span of a cell counts": ("_alternatives", lambda real, *asked: real(*asked)[:1]),
    "a code is no longer excepted": (
        "_one_of",
        lambda real, name, test, names: [renamed(atoms, "$neq", "$gte") for atoms in real(name, test, names)],
    ),
    "an exception becomes its opposite": (
        "_one_of",
        lambda real, name, test, names: real(name, type(test)(test.values, not test.negated), names),
    ),
    "the last code of a list is lost": (
        "_one_of",
        lambda real, name, test, names: real(name, type(test)(test.values[:-1] or test.values, test.negated), names),
    ),
    "known becomes unknown": (
        "_alternatives",
        lambda real, name, test, names: (
            turned(real(name, test, names)) if isinstance(test, Known) else real(name, test, names)
        ),
    ),
    "has any becomes has all": (
        "_alternatives",
        lambda real, name, test, names: of_has(HasHow.ANY, real(name, test, names), test, flattened),
    ),
    "has all becomes has any": (
        "_alternatives",
        lambda real, name, test, names: of_has(HasHow.ALL, real(name, test, names), test, told_apart),
    ),
    "has none becomes has all": (
        "_alternatives",
        lambda real, name, test, names: of_has(HasHow.NONE, real(name, test, names), test, turned),
    ),
    "a row in force for some days is always in force": ("_period", lambda real, row, names: [{"p": 1}]),
    "a row that is cut in two loses a half": ("_cut", lambda real, piece: [piece.halves()[0]] if piece.columns else []),
    "or becomes and": (
        "_condition",
        lambda real, piece: {
            "$and": [{"p": 1}, *(atom for _, each in piece.columns for atoms in each for atom in atoms)]
        },
    ),
    "the last column of a row is lost": (
        "_condition",
        lambda real, piece: real(type(piece)(piece.row, piece.columns[:-1])),
    ),
    "a row is named for its neighbour": (
        "_chunk",
        lambda real, pieces, slots: real([type(each)(each.row + 1, each.columns) for each in pieces], slots),
    ),
    "the day is told a day late": (
        "_writer",
        lambda real, slot, name: (
            (lambda facts, on: real(slot, name)(facts, on.replace(day=on.day + 1))) if slot == DAY else real(slot, name)
        ),
    ),
    "a known fact is told as unknown": ("_writer", lambda real, slot, name: told_turned(real(slot, name), slot, "?")),
    "a set is told by what it lacks": ("_writer", lambda real, slot, name: told_turned(real(slot, name), slot, "has:")),
    "a truth value is told turned over": ("_plain", lambda real, value: turned_text(real(value))),
    "a number is told one too high": (
        "_plain",
        lambda real, value: real(value) if isinstance(value, bool | str) else str(int(real(value)) + 1),
    ),
}
INTERPRETER = {
    "an edge belongs to what comes before it": (
        "_between",
        lambda real, edges: lambda value: None if value is None else bisect_left(edges, interpreter.as_number(value)),
    ),
    "all known values are alike": ("_among", lambda real, values: lambda value: value is not None),
    "unknown is like any other value": (
        "_among",
        lambda real, values: lambda value: value if value in values else None,
    ),
    "sets are told apart by their number only": (
        "_holding",
        lambda real, codes: lambda value: None if value is None else len(codes.intersection(value)),
    ),
    "the days in force are forgotten": ("_in_force", lambda real, rows: real(())),
}


def told_turned(write, slot, aspect):
    if not slot[1].startswith(aspect) or slot == DAY:
        return write
    return lambda facts, on: turned_text(write(facts, on))


def is_seen(seed):
    """Tell whether comparing the matchers shows that something is wrong: a difference, or no answer."""
    try:
        return any(differences(60, 40, seed))
    except (RulesError, ValueError):
        return True


@pytest.mark.parametrize(
    ("module", "part", "mutation"),
    [
        *(pytest.param(encoding, *change, id=name) for name, change in COMPILER.items()),
        *(pytest.param(interpreter, *change, id=name) for name, change in INTERPRETER.items()),
    ],
)
def test_one_wrong_operator_in_a_matcher_is_seen(monkeypatch, module, part, mutation):
    real = getattr(module, part)
    monkeypatch.setattr(module, part, lambda *asked: mutation(real, *asked))
    assert is_seen(seed=7)


def test_nothing_is_seen_where_nothing_is_wrong():
    assert not is_seen(seed=7)
