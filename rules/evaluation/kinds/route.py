"""Where a dossier goes (chuyển hồ sơ): a relation, such as the commune of an address field, with its reasons."""

from collections.abc import Iterator

from rules.definition.process import Relation, To, relation_of
from rules.definition.process_words import relation_words
from rules.definition.registers import PLACE_FACT
from rules.errors import Problem
from rules.evaluation.explain import near_misses, no_row_reason, row_reason
from rules.evaluation.findings import Reason, RouteFinding, State
from rules.evaluation.missing import route_misses
from rules.evaluation.sayings import Gives
from rules.evaluation.situation import Hits, Situation
from rules.table.decision import Row, Table
from rules.values import Text
from rules.wording import phrase

_NOWHERE = "", "", "", ""


def route_found(situation: Situation) -> RouteFinding | None:
    """Return where the dossier goes, or None when the procedure states no routing."""
    name = situation.procedure.definition.route
    if not name:
        return None
    hits = situation.hits[name]
    relation = relation_of(hits.table, hits.rows[0]) if hits.rows else None
    told = (relation.to.value, relation.fact, unit_of(relation, situation), relation.branch) if relation else _NOWHERE
    return RouteFinding(
        _state(hits, relation, situation),
        *told,
        reasons=tuple(_reasons(hits, situation)),
        near=near_misses([hits.table], situation, _gives(situation), reader="route"),
    )


def _state(hits: Hits, relation: Relation | None, situation: Situation) -> State:
    if hits.conflict:
        return State.CONFLICT
    if relation is None:
        return State.MISSING if route_misses(situation) else State.NO_RULE
    unnamed = relation.to is To.UNIT_OF_FACT and not unit_of(relation, situation)
    return State.MISSING if unnamed else State.DECIDED


def unit_of(relation: Relation, situation: Situation) -> str:
    """Return the code of the unit a relation leads to, empty where the facts of the dossier do not tell it."""
    if relation.to is To.RECEIVING_UNIT:
        return str(situation.facts.get(PLACE_FACT) or "")
    return relation.unit or (str(situation.facts.get(relation.fact) or "") if relation.fact else "")


def _reasons(hits: Hits, situation: Situation) -> Iterator[Reason]:
    gives = _gives(situation)
    for row in hits.rows or hits.all:
        yield row_reason(hits.table, row, situation, gives(hits.table, row))
    if not hits.all:
        yield no_row_reason(hits.table, situation)


def _gives(situation: Situation) -> Gives:
    def said(table: Table, row: Row) -> Text:
        goes = relation_words(relation_of(table, row), situation.procedure.vocabulary)
        return phrase("chuyển đến {}", "goes to {}", goes)

    return said


def route_problems(situation: Situation) -> Iterator[Problem]:
    """Yield the conflict of the table that gives the routing."""
    name = situation.procedure.definition.route
    problem = situation.hits[name].problem() if name else None
    if problem:
        yield problem
