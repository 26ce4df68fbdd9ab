"""Which unknown facts only the words of an outcome wait for: notices, cases, notes, questions, notices of assessment.

`rules.evaluation.missing` names the facts that could change what comes out. A fact that it does not name may still
decide whether something is told or asked, so it does not go unasked on that account alone.
"""

from collections.abc import Iterable, Iterator

from rules.definition.money import Assessed
from rules.definition.procedure import Field
from rules.evaluation.compile import CompiledProcedure
from rules.table.cells import holds
from rules.table.decision import Condition
from rules.vocabulary import Facts


def words_wait_for(procedure: CompiledProcedure, facts: Facts) -> frozenset[str]:
    """Return the unknown facts that what is told or asked may still read, those behind made facts included.

    Made facts count as unknown: an answer may still change them.
    """
    known = {name: value for name, value in facts.items() if name not in procedure.made_from and value is not None}
    open_names = [name for condition in _conditions(procedure) for name in _waits(condition, known)]
    read = procedure.sayings.read(tuple(dict.fromkeys([*open_names, *_told(procedure)])))
    return frozenset(name for name in read if name not in known)


def _waits(condition: Condition, known: Facts) -> Iterator[str]:
    for group in condition.any_of:
        if all(name not in known or holds(cell.test, known[name]) for name, cell in group.items()):
            yield from group


def _conditions(procedure: CompiledProcedure) -> Iterator[Condition]:
    definition = procedure.definition
    stated = [each.when for each in definition.notices]
    stated += [each.when for each in definition.variants]
    stated += [each for paper in definition.papers if paper.note for each in paper.conditions]
    stated += [paper.valid.when for paper in definition.papers if paper.valid and paper.valid.when]
    yield from (each for each in stated if each is not None)
    yield from _of_questions(definition.fields)


def _of_questions(fields: Iterable[Field]) -> Iterator[Condition]:
    for field in fields:
        yield from field.conditions
        yield from _of_questions(field.fields)


def _told(procedure: CompiledProcedure) -> Iterator[str]:
    """Yield what is told and decides nothing: a notice of an amount, an outside step, data of papers and results."""
    definition = procedure.definition
    yield from (name for step in definition.steps if step.external for name in step.external.facts)
    yield from (fact for each in (*definition.papers, *definition.results) for _, fact in each.data)
    for line in (*definition.charges, *definition.payouts):
        if isinstance(line.amount, Assessed):
            yield from line.amount.notice
