"""Grounds on which a dossier may not be received (từ chối tiếp nhận): every row that hits refuses."""

from rules.evaluation.explain import row_reason
from rules.evaluation.findings import Refusal
from rules.evaluation.situation import Situation
from rules.values import Text


def refusals(situation: Situation) -> tuple[Refusal, ...]:
    """Return the grounds for refusal, none when the dossier may be received."""
    name = situation.procedure.definition.eligibility
    return grounds(name, situation) if name else ()


def grounds(table: str, situation: Situation) -> tuple[Refusal, ...]:
    """Return what the rows of this table that hit say against the dossier."""
    hits = situation.hits[table]
    found: list[Refusal] = []
    for row in hits.all:
        text = hits.table.output(row, "reason")
        assert isinstance(text, Text)
        found.append(Refusal(text, (row_reason(hits.table, row, situation, text),)))
    return tuple(found)
