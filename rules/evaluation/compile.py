"""A definition made ready to be evaluated: both matchers for every table, all in the order of what reads what."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from rules.codec import canonical_json, definition_from_json, law_hash, whole_hash
from rules.definition.procedure import FactSpec, ProcedureDefinition
from rules.definition.variants import Variants
from rules.derived import Registers, matched, registers_of
from rules.errors import MatchersDisagreeError
from rules.evaluation.sayings import Sayings
from rules.match.durable_kernel import Kernel
from rules.match.interpreter import Interpreter, Outcome
from rules.order import outputs_read, reads_of, steps_of
from rules.table.decision import Table
from rules.values import LegalDocument, Text
from rules.vocabulary import Facts, Vocabulary


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """A table with the reference matcher alone: good enough to try a definition, never to decide a dossier."""

    table: Table
    interpreter: Interpreter = field(compare=False)

    def match(self, facts: Facts, on: date) -> Outcome:
        """Return the hit rows."""
        return self.interpreter.match(facts, on)


@dataclass(frozen=True, slots=True)
class CompiledTable(ReferenceTable):
    """A table with its two matchers."""

    kernel: Kernel = field(compare=False)

    def match(self, facts: Facts, on: date) -> Outcome:
        """Return the hit rows. Raises MatchersDisagreeError when the two matchers differ: then nothing is decided."""
        outcome = self.interpreter.match(facts, on)
        answered = self.kernel.match(facts, on)
        if answered != outcome.hit:
            rows = self.table.rows
            raise MatchersDisagreeError(
                self.table.id,
                tuple(rows[place].id for place in outcome.hit),
                tuple(rows[place].id for place in answered),
            )
        return outcome


@dataclass(frozen=True, slots=True)
class CompiledProcedure:
    """A definition ready to be evaluated; `version` and `law` are its two hashes.

    `made_from` tells for every fact that the evaluation makes which facts it is made from. `steps` are the computed
    facts, the tables matched once a dossier and the cases of the procedure, each after those it reads; `feeds` the
    outputs of tables that are read as facts, by table. `exemplary`: some figure here is marked as an example only.
    """

    definition: ProcedureDefinition
    version: str
    law: str
    vocabulary: Vocabulary = field(compare=False)
    documents: Mapping[str, LegalDocument] = field(hash=False)
    computed: tuple[FactSpec, ...]
    registers: Registers = field(compare=False)
    made_from: Mapping[str, tuple[str, ...]] = field(compare=False)
    tables: Mapping[str, ReferenceTable] = field(hash=False)
    steps: tuple[FactSpec | ReferenceTable | Variants, ...] = field(hash=False)
    feeds: Mapping[str, tuple[str, ...]] = field(hash=False)
    sayings: Sayings = field(compare=False)
    exemplary: bool


def compiled(definition: ProcedureDefinition) -> CompiledProcedure:
    """Return the definition ready to be evaluated, from the cache where its content was compiled before.

    Raises RulesError when a table is too large for the production matcher.
    """
    return _compiled(canonical_json(definition))


@lru_cache(maxsize=256)
def _compiled(text: str) -> CompiledProcedure:
    return _ready(definition_from_json(text), lambda table: CompiledTable(table, Interpreter(table), Kernel(table)))


def tried(definition: ProcedureDefinition) -> CompiledProcedure:
    """Return a definition ready to be tried before publication: by the reference matcher alone, which any table fits.

    No dossier is decided by it.
    """
    return _ready(definition, lambda table: ReferenceTable(table, Interpreter(table)))


def _ready(definition: ProcedureDefinition, prepare: Callable[[Table], ReferenceTable]) -> CompiledProcedure:
    registers = registers_of(definition)
    ready = tuple(map(matched, definition.tables))
    tables = {table.id: prepare(table) for table in ready}
    cases = definition.steps_of_cases
    ordered = tuple(steps_of(definition.facts, ready, cases))
    made_from = {**registers.reads, **reads_of(definition.facts, ready, cases)}
    vocabulary, documents = definition.vocabulary, definition.documents
    return CompiledProcedure(
        definition=definition,
        version=whole_hash(definition),
        law=law_hash(definition),
        vocabulary=vocabulary,
        documents=documents,
        computed=tuple(step for step in ordered if isinstance(step, FactSpec)),
        registers=registers,
        made_from=made_from,
        tables=tables,
        steps=tuple(tables[step.id] if isinstance(step, Table) else step for step in ordered),
        feeds=outputs_read(definition),
        sayings=Sayings(vocabulary, documents, made_from),
        exemplary=any(_marks(definition, ready, registers)),
    )


def _marks(definition: ProcedureDefinition, tables: Iterable[Table], registers: Registers) -> Iterator[Text | None]:
    """Yield the marks of examples that figures carry."""
    yield from (table.example for table in tables)
    yield from (parameter.example for parameter in registers.parameters.values())
    for fact in definition.facts:
        yield from (scale.example for scale in fact.formula.scales) if fact.formula else ()
