"""The cases of the procedure (trường hợp) that apply to a dossier, and the notices (lưu ý) that go with it."""

from collections.abc import Iterable

from rules.definition.type_register import PaperType, ResultType
from rules.evaluation.explain import citation, condition_facts, facts_used
from rules.evaluation.findings import CaseFinding, DataFinding, FactUsed, NoticeFinding, Reason
from rules.evaluation.situation import Situation
from rules.values import LegalBasis, Text
from rules.wording import headed, joined, phrase


def cases_met(situation: Situation) -> tuple[CaseFinding, ...]:
    """Return the cases of the procedure that apply, in the order of the definition."""
    return tuple(
        CaseFinding(each.id, each.label, (_reason(each.id, each.label, each.when.facts, each.basis, situation),))
        for each in situation.procedure.definition.variants
        if each.when.holds(situation.facts)
    )


def notices_given(situation: Situation) -> tuple[NoticeFinding, ...]:
    """Return what the applicant is to be told, in the order of the definition."""
    return tuple(
        NoticeFinding(
            each.id, each.text, (_reason(each.id, each.text, condition_facts(each.when), each.basis, situation),)
        )
        for each in situation.procedure.definition.notices
        if each.when is None or each.when.holds(situation.facts)
    )


def _reason(rule: str, said: Text, names: Iterable[str], basis: LegalBasis | None, situation: Situation) -> Reason:
    used = facts_used(names, situation)
    return Reason(rule, with_facts(said, used), used, citation(basis, situation))


def data_held(
    of: PaperType | ResultType | None, bound: Iterable[tuple[str, str]], situation: Situation
) -> tuple[DataFinding, ...]:
    """Return the data fields of a type that this dossier fills, each with the fact that holds it and its value."""
    labels = {spec.id: spec.label for spec in of.data} if of else {}
    facts, vocabulary = situation.facts, situation.procedure.vocabulary
    return tuple(
        DataFinding(name, labels[name], fact, vocabulary[fact].shown(facts[fact]) if fact in facts else None)
        for name, fact in bound
    )


def with_facts(said: Text, used: Iterable[FactUsed]) -> Text:
    """Say something with the facts it rests on behind it: `Đổi tên (Có đổi tên: có)`."""
    shown = [headed(fact.label, fact.shown) for fact in used]
    return phrase("{} ({})", "{} ({})", said, joined(shown, "; ")) if shown else phrase("{}", "{}", said)
