"""What an outcome keeps, said more plainly to people: it is reworded where it is said, and its hash stays what it was.

Of a row without a condition a reader is told what it gives, `Thời hạn: 3 ngày làm việc`, and not that it applies in
every case (`Mọi trường hợp: ...`). A yes or no in a list of answers begins as the others do. What the officer ticks for
every procedure is told as the officer's, and what an organisation is never asked is not told of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rules.evaluation.explain import EVERY_CASE
from rules.evaluation.findings import ChargeFinding, FactUsed, Offer, Reason
from rules.evaluation.outcome import Evaluation
from rules.values import Text
from rules.vocabulary import NO, ORGANISATIONS, YES, Fact, Facts, FactType
from rules.wording import begun, headed

_HEADS: Mapping[str, Text] = {
    "charges": Text("Mức thu", "Amount"),
    "payouts": Text("Mức chi trả", "Amount"),
    "deadline": Text("Thời hạn", "Time limit"),
}
"""What a bare figure is called, by the part of the outcome."""

AT_RECEPTION = "reception"
"""The source told of what the officer ticks for every dossier; outcomes keep it as built in."""

_TICKED = frozenset({"applicant_kind", "channel", "digital_citizen"})


def plainly(outcome: Evaluation) -> Evaluation:
    """Return the outcome with its reasons as people read them; for reading only."""
    unasked = never_asked(outcome.facts)
    return replace(
        outcome,
        charges=tuple(_line(each, unasked, _HEADS["charges"]) for each in outcome.charges),
        payouts=tuple(_line(each, unasked, _HEADS["payouts"]) for each in outcome.payouts),
        deadline=_line(outcome.deadline, unasked, _HEADS["deadline"]) if outcome.deadline else None,
        **{name: tuple(_line(each, unasked) for each in getattr(outcome, name)) for name in _FINDINGS},
        route=_line(outcome.route, unasked) if outcome.route else None,
    )


_FINDINGS = ("refusals", "papers", "cases", "notices", "steps", "results")


def never_asked(facts: Facts) -> frozenset[str]:
    """Return the names of the facts that follow from the kind of applicant and that nobody was asked."""
    return frozenset({"digital_citizen"}) if facts.get("applicant_kind") in ORGANISATIONS else frozenset()


def _line(found: Any, unasked: frozenset[str], head: Text | None = None) -> Any:
    """Return a finding with its reasons, and where it has them the reductions, reworded."""
    reasons: Iterable[Reason] = found.reasons
    said: dict[str, Any] = {"reasons": tuple(_reason(each, unasked, head) for each in reasons)}
    if isinstance(found, ChargeFinding):
        said["cut"] = _offer(found.cut) if found.cut else None
        said["stacked"] = tuple(_offer(each) for each in found.stacked)
        said["lost"] = tuple(_offer(each) for each in found.lost)
    return replace(found, **said)


def _reason(told: Reason, unasked: frozenset[str], head: Text | None) -> Reason:
    facts = tuple(_used(each) for each in told.facts if each.fact not in unasked)
    return replace(told, sentence=reworded(told.sentence, head), facts=facts)


def _used(fact: FactUsed) -> FactUsed:
    return replace(
        fact,
        shown=begun(fact.shown) if fact.shown in (YES, NO) else fact.shown,
        source=AT_RECEPTION if fact.fact in _TICKED else fact.source,
    )


def _offer(told: Offer) -> Offer:
    return replace(told, sentence=reworded(told.sentence))


def reworded(sentence: Text, head: Text | None = None) -> Text:
    """Say what a row without a condition gives; any other sentence stays as it is.

    `head` is what a bare figure is called. In a row of a group its number goes before.
    """
    vi, en = f"{EVERY_CASE.vi}: ", f"{EVERY_CASE.english}: "
    if not sentence.vi.startswith(vi):
        return Text(sentence.vi.replace(f"): {vi}", "): "), sentence.en.replace(f"): {en}", "): "))
    said = Text(sentence.vi.removeprefix(vi), sentence.en.removeprefix(en))
    return headed(head, said) if head and said.vi[:1].isdigit() else begun(said)


def answered(fact: Fact, value: Any) -> Text:
    """Say an answer as it stands behind its question: a yes, a no and what is not known begin large, as labels do."""
    said = fact.shown(value)
    return begun(said) if value is None or fact.type is FactType.BOOL else said
