"""Which dossiers there cannot be: what the form hides, what it requires, what the law itself makes of other facts.

Each is a set of literals that never hold together. What they name beside the facts asked about is asked about in turn.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise, permutations

from rules.definition.procedure import Field, ProcedureDefinition
from rules.definition.registers import TERRITORIES
from rules.definition.variants import VARIANT
from rules.derived import Registers
from rules.match.witness import SOME_DAY
from rules.space.literals import Literal, Literals, equal, failing, holding, on_days, unknown
from rules.table.cells import Has, HasHow, Known
from rules.table.decision import Condition
from rules.values import ALWAYS, Period
from rules.vocabulary import BUILT_IN, Source, Vocabulary

_MAY_BE_UNKNOWN = frozenset({"digital_citizen"})
"""Built-in facts that a dossier may do without."""


def impossible(
    name: str, definition: ProcedureDefinition, vocabulary: Vocabulary, registers: Registers
) -> Iterator[Literals]:
    """Yield sets of literals about this fact that hold of no dossier that can be accepted."""
    fact = vocabulary[name]
    if name in BUILT_IN and name not in _MAY_BE_UNKNOWN:
        yield (unknown(name),)
    stated = definition.statutory
    only = {"channel": stated.ways, "applicant_kind": stated.applicant_kinds}.get(name)
    yield from (equal(fact, code) for code in fact.codes if only and code not in only)
    if name == VARIANT:
        yield from _cases(definition)
    elif name == TERRITORIES:
        yield from _territories(registers)
    elif fact.source is Source.LIST:
        yield from _attributes(name, vocabulary, registers)
    elif fact.source is Source.PARAMETER:
        yield from _parameter(name, definition, vocabulary)
    else:
        yield from _asked(name, definition)
        yield from _out_of_force(name, definition)


def hidden(name: str, definition: ProcedureDefinition) -> Iterator[Literals]:
    """Yield where the form does not show the field of this fact: nobody will ever answer it there."""
    field = _field(name, definition)
    if field is not None and field.shown_when is not None:
        yield from failing(field.shown_when)


def _field(name: str, definition: ProcedureDefinition) -> Field | None:
    group, _, member = name.partition(".")
    field = next((each for each in definition.fields if each.id == group), None)
    return next((each for each in field.fields if each.id == member), None) if field and member else field


def _asked(name: str, definition: ProcedureDefinition) -> Iterator[Literals]:
    """A field that is hidden has no answer; one that is shown and required has one."""
    field = _field(name, definition)
    if field is None:
        return
    known = Literal(name, Known(wanted=True))
    yield from ((*where, known) for where in hidden(name, definition))
    shown = list(holding(field.shown_when)) if field.shown_when else [()]
    if field.required is True:
        yield from ((*where, unknown(name)) for where in shown)
    elif isinstance(field.required, Condition):
        yield from ((*where, *when, unknown(name)) for where in shown for when in holding(field.required))


def _out_of_force(name: str, definition: ProcedureDefinition) -> Iterator[Literals]:
    """A code cannot be chosen on a day on which it is not in force."""
    lists = {each.id: each for each in definition.lists}
    spec = next((each for each in (*definition.fields, *definition.facts) if each.id == name), None)
    entries = lists[spec.list].items if spec is not None and spec.list else ()
    fact = definition.vocabulary[name] if entries else None
    for item in entries:
        if item.period != ALWAYS and fact is not None:
            yield (*equal(fact, item.code), on_days(item.period).opposite)


def _cases(definition: ProcedureDefinition) -> Iterator[Literals]:
    """A case of the procedure applies just where its condition holds."""
    for each in definition.variants:
        applies = Literal(VARIANT, Has(HasHow.ALL, (each.id,)))
        yield from ((applies, *where) for where in failing(each.when))
        yield from ((applies.opposite, *where) for where in holding(each.when))


def _territories(registers: Registers) -> Iterator[Literals]:
    """A place lies in no two territories that share no unit, and in every territory that holds all of another's."""
    held, lists = registers.territories, registers.lists
    changes = sorted({day for each in held for day in each.changes(lists)})
    for since, until in pairwise([None, *changes, None]):
        days, day = Period(since, until), since or (until - timedelta(days=1) if until else SOME_DAY)
        where = () if days == ALWAYS else (on_days(days),)
        units = {each.id: each.units_on(day, lists) for each in held}
        yield from ((*where, Literal(TERRITORIES, Has(HasHow.ALL, (each,)))) for each in units if not units[each])
        for one, other in permutations(units, 2):
            in_one, in_other = (Literal(TERRITORIES, Has(HasHow.ALL, (each,))) for each in (one, other))
            if one < other and not units[one] & units[other]:
                yield *where, in_one, in_other
            if units[one] <= units[other]:
                yield *where, in_one, in_other.opposite


def _attributes(name: str, vocabulary: Vocabulary, registers: Registers) -> Iterator[Literals]:
    """An attribute has the value that the chosen code has on the day."""
    chosen, codes, attribute = registers.attributes[name]
    fact, of = vocabulary[name], vocabulary[chosen]
    yield unknown(chosen), Literal(name, Known(wanted=True))
    for item in registers.lists[codes].items:
        given = [each for each in item.attributes if attribute in each.values]
        for each in given:
            where = (*equal(of, item.code), *(() if each.period == ALWAYS else (on_days(each.period),)))
            yield from ((*where, literal.opposite) for literal in equal(fact, each.values[attribute]))
        outside = tuple(on_days(each.period).opposite for each in given)
        yield *equal(of, item.code), *outside, Literal(name, Known(wanted=True))


def _parameter(name: str, definition: ProcedureDefinition, vocabulary: Vocabulary) -> Iterator[Literals]:
    """A parameter has the value of its day; of one that hangs on the place nothing is said here."""
    parameter = next((each for each in definition.parameters if each.id == name), None)
    if parameter is None or parameter.is_territorial:
        return
    for value in parameter.values:
        where = () if value.period == ALWAYS else (on_days(value.period),)
        yield from ((*where, literal.opposite) for literal in equal(vocabulary[name], value.value))
