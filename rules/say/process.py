"""What a definition says of its internal process: how it is approved, and its steps."""

from collections.abc import Mapping

from rules.definition import ProcedureDefinition
from rules.process import ProcessStep
from rules.process_words import step_words
from rules.say.conditions import condition_said
from rules.say.readable import ReadableEntry
from rules.say.tables import cited_as, scope_said
from rules.values import LegalDocument, Text
from rules.vocabulary import Fact
from rules.wording import joined, phrase


def process_said(definition: ProcedureDefinition) -> ReadableEntry | None:
    """Say which decision approves the internal process, in which version and on which days; None where none does."""
    process = definition.process
    if process is None:
        return None
    name = process.label or Text("Quy trình nội bộ được phê duyệt", "The approved internal process")
    said = phrase("bản {}", "version {}", process.version)
    citation = cited_as(process.basis, definition.documents)
    return ReadableEntry(name, said, citation, scope_said(process.period, None))


def step_said(
    step: ProcessStep, vocabulary: Mapping[str, Fact], documents: Mapping[str, LegalDocument]
) -> ReadableEntry:
    """Say one step of the internal process: when it is taken, how long, by whom."""
    taken = Text("mọi hồ sơ", "every dossier")
    if step.when:
        taken = phrase("khi {}", "when {}", condition_said(step.when, vocabulary))
    said = joined((taken, *step_words(step, vocabulary)), "; ")
    return ReadableEntry(step.label, said, cited_as(step.basis, documents), None)
