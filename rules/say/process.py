"""What a definition says of its internal process: how it is approved, and its steps."""

from collections.abc import Iterator, Mapping

from rules.definition.procedure import ProcedureDefinition
from rules.definition.process import ExternalSystem, ProcessStep
from rules.definition.process_words import step_words
from rules.say.conditions import condition_said
from rules.say.punctuation import quoted
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
    step: ProcessStep,
    vocabulary: Mapping[str, Fact],
    documents: Mapping[str, LegalDocument],
    stops: Mapping[str, Text],
) -> ReadableEntry:
    """Say one step of the internal process: when it is taken, how long, by whom. `stops` are labels of waits by id."""
    taken = Text("mọi hồ sơ", "every dossier")
    if step.when:
        taken = phrase("khi {}", "when {}", condition_said(step.when, vocabulary))
    more = _outside_said(step.external, stops, vocabulary) if step.external else ()
    said = joined((taken, *step_words(step, vocabulary), *more), "; ")
    return ReadableEntry(step.label, said, cited_as(step.basis, documents), None)


def _outside_said(
    external: ExternalSystem, stops: Mapping[str, Text], vocabulary: Mapping[str, Fact]
) -> Iterator[Text]:
    """Yield which wait of the time limit an outside step is, and where what came of it is entered."""
    if external.stop:
        yield phrase("là lý do dừng {}", "it is the wait {}", quoted(stops[external.stop]))
    for fact, vi, en in (
        (external.sent, "lúc gửi ghi ở {}", "sent: entered as {}"),
        (external.acknowledged, "lúc xác nhận ghi ở {}", "acknowledged: entered as {}"),
        (external.number, "số của hệ thống đó ghi ở {}", "its number there: entered as {}"),
        (external.result, "trả lời ghi ở {}", "the answer: entered as {}"),
    ):
        if fact:
            yield phrase(vi, en, quoted(vocabulary[fact].label))
