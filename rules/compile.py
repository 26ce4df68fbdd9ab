"""A definition made ready to be evaluated: both matchers for every table, facts in the order of their formulas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from rules.codec import canonical_json, definition_from_json, law_hash, whole_hash
from rules.definition import FactSpec, ProcedureDefinition
from rules.errors import MatchersDisagreeError
from rules.match.durable_kernel import Kernel
from rules.match.interpreter import Interpreter, Outcome
from rules.sayings import Sayings
from rules.table import Table
from rules.values import LegalDocument
from rules.vocabulary import Facts, Vocabulary


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table with its two matchers."""

    table: Table
    interpreter: Interpreter = field(compare=False)
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
    """A definition ready to be evaluated; `version` and `law` are its two hashes."""

    definition: ProcedureDefinition
    version: str
    law: str
    vocabulary: Vocabulary = field(compare=False)
    documents: Mapping[str, LegalDocument] = field(hash=False)
    computed: tuple[FactSpec, ...]
    tables: Mapping[str, CompiledTable] = field(hash=False)
    sayings: Sayings = field(compare=False)


def compiled(definition: ProcedureDefinition) -> CompiledProcedure:
    """Return the definition ready to be evaluated, from the cache where its content was compiled before.

    Raises RulesError when a table is too large for the production matcher.
    """
    return _compiled(canonical_json(definition))


@lru_cache(maxsize=256)
def _compiled(text: str) -> CompiledProcedure:
    definition = definition_from_json(text)
    vocabulary, documents = definition.vocabulary, definition.documents
    computed = tuple(_in_order(definition.facts))
    return CompiledProcedure(
        definition=definition,
        version=whole_hash(definition),
        law=law_hash(definition),
        vocabulary=vocabulary,
        documents=documents,
        computed=computed,
        tables={table.id: CompiledTable(table, Interpreter(table), Kernel(table)) for table in definition.tables},
        sayings=Sayings(vocabulary, documents, computed),
    )


def _in_order(specs: tuple[FactSpec, ...]) -> Iterator[FactSpec]:
    """Yield the computed facts, each after those its formula reads (there is no cycle: the decoder refused it)."""
    waiting = {spec.id: spec for spec in specs if spec.formula}
    while waiting:
        ready = [
            spec
            for spec in waiting.values()
            if spec.formula and not any(name in waiting for name in spec.formula.facts)
        ]
        for spec in ready:
            del waiting[spec.id]
        yield from ready
