"""Announced amounts against generated tables: what the proof tells is what trying every dossier tells."""

import random

import pytest

from rules.check import stated
from rules.check.findings import FindingKind
from rules.check.stated import stated_findings
from rules.codec import definition_from, definition_to_data
from rules.derived import matched
from rules.errors import Severity
from rules.evaluation.compile import compiled
from rules.evaluation.evaluate import evaluate
from rules.match.interpreter import Interpreter
from rules.table.decision import ON_DAY
from rules.table.hits import counting
from tests.definitions import office
from tests.properties.generated_laws import random_law

SEEDS = [seed for seed in range(70) if random_law(seed).read.table("fee").hit in stated.ONE_ROW]
AMOUNTS = (1, 2, 3)


def announced(law, seed):
    """A definition with some amounts announced for one way or all, and what was announced."""
    chance = random.Random(seed)
    said = set(chance.sample(AMOUNTS, chance.randint(1, 2)))
    way = chance.choice(["", "counter", "online"])
    text = "; ".join(f"{each} đồng" for each in sorted(said))
    entry = {"fee": {"vi": text}, **({"way": way} if way else {})}
    return definition_from({**definition_to_data(law.read), "stated": [entry]}), said, way


def reached(law, way):
    """What the table gives to some dossier filed this way, by trying all of them."""
    table = matched(law.read.table("fee"))
    matcher, found = Interpreter(table), set()
    for facts, on in law.dossiers():
        if not way or facts.get("channel", way) == way:
            counted = counting(table, matcher.match({**facts, ON_DAY: on}, on).hit)
            found.update(table.rows[place].then[0] for place in (counted or ())[:1])
    return found


def figures(findings, word):
    """The amounts that findings with these words are about."""
    return {int(each.what.split(word)[1].split("\N{NO-BREAK SPACE}")[0]) for each in findings if word in each.what}


def wrongs(seed):
    """Yield what is missed or invented for one seed."""
    law = random_law(seed)
    read, said, way = announced(law, seed)
    found, truth = list(stated_findings(read)), reached(law, way)
    told = [each for each in found if each.witness]
    yield from (("never given", each) for each in figures(told, "” nêu ") ^ (said - truth))
    yield from (("left out", each) for each in figures(told, "không nêu mức ") ^ (truth - said))
    yield from (("not concluded", each.what) for each in found if each.severity is Severity.NOTE and not each.witness)


def test_amounts_announced_and_given_are_told_apart_just_as_trying_every_dossier_does():
    assert len(SEEDS) > 30
    assert {seed: told for seed in SEEDS if (told := list(wrongs(seed)))} == {}


def test_every_dossier_that_shows_it_pays_what_the_finding_says():
    shown = 0
    for seed in SEEDS:
        read, _, way = announced(random_law(seed), seed)
        procedure = compiled(read)
        for each in stated_findings(read):
            if each.witness and each.rows:
                shown += 1
                facts = dict(each.witness.facts)
                outcome = evaluate(procedure, facts, on=each.witness.on, at=each.witness.at, office=office())
                assert each.kind is FindingKind.STATED
                assert each.rows[0] in {reason.rule for line in outcome.charges for reason in line.reasons}
                assert not way or facts["channel"] == way
    assert shown > 20


MISTAKES = {
    "every row counts": (stated.Meeting, "_better", lambda *_: 0),
    "every way of filing": (stated.Meeting, "space", lambda self, table, _, beside=(): SPACE(self, table, "", beside)),
    "all amounts are known": (stated._Fee, "_known", lambda self, _: frozenset(("VND", each) for each in AMOUNTS)),
    "nothing is lacking": (stated._Fee, "_said", lambda self, _: frozenset(("VND", each) for each in AMOUNTS)),
}
SPACE = stated.Meeting.space


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_the_comparison_is_seen(name, monkeypatch):
    where, what, wrong = MISTAKES[name]
    monkeypatch.setattr(where, what, wrong)
    assert any(list(wrongs(seed)) for seed in SEEDS), f"nobody notices: {name}"
