"""Answers that disagree with each other: told beside the field, never a reason to refuse."""

from collections.abc import Mapping, Sequence

from forms.sentence import Sentence
from forms.validators import citizen_id_doubts
from rules.definition.blocks import FEMALE, MALE
from rules.definition.fields import Field
from rules.vocabulary import Facts

_IS_MALE = {MALE: True, FEMALE: False}


def doubts_of(fields: Sequence[Field], facts: Facts) -> Mapping[str, tuple[Sentence, ...]]:
    """Return what disagrees with a citizen number among these facts, by the id of the field that holds the number."""
    doubts = {
        field.id: citizen_id_doubts(
            facts[field.id], birth_day=facts.get(field.birth_day), male=_IS_MALE.get(facts.get(field.sex, ""))
        )
        for field in fields
        if (field.birth_day or field.sex) and isinstance(facts.get(field.id), str)
    }
    return {name: said for name, said in doubts.items() if said}
