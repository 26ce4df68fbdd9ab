"""What only the definition decides is put in words once; an evaluation makes the words of its own dossier alone."""

from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.vocabulary import Fact
from tests.definitions import DAY, office
from tests.large_definition import FACTS, large_definition

NUMBERS = [f"number{place}" for place in range(10)]


def evaluated(facts):
    return evaluate(compiled(large_definition()), facts, on=DAY, at=None, office=office())


def near_of(outcome):
    return [near for finding in (*outcome.charges, *outcome.papers, outcome.deadline) for near in finding.near]


def test_the_near_misses_of_two_dossiers_are_the_same_words():
    first, second = evaluated(FACTS), evaluated(FACTS)
    assert len(near_of(first)) == 35
    assert all(one is other for one, other in zip(near_of(first), near_of(second), strict=True))


def test_each_number_of_a_dossier_is_said_once_however_many_rules_read_it(monkeypatch):
    evaluated(FACTS)
    said = []
    shown = Fact.shown

    def count(fact, value):
        said.append(fact.id)
        return shown(fact, value)

    monkeypatch.setattr(Fact, "shown", count)
    outcome = evaluated(FACTS)
    assert sum(len(finding.reasons) for finding in (*outcome.charges, *outcome.papers, outcome.deadline)) == 11
    assert sorted(said) == NUMBERS


def test_what_a_person_wrote_is_never_kept():
    procedure = compiled(large_definition())
    one, other = (procedure.sayings.of_fact("number1", 987_654) for _ in range(2))
    assert one == other
    assert one is not other
    assert procedure.sayings.of_fact("poor", value=True) is procedure.sayings.of_fact("poor", value=True)
