"""What a definition says of the procedures that are settled together with it."""

from collections.abc import Iterator, Mapping

from rules.definition.linked_words import child_words
from rules.definition.procedure import ProcedureDefinition
from rules.say.conditions import condition_said
from rules.say.readable import ReadableEntry
from rules.say.tables import cited_as
from rules.vocabulary import Fact
from rules.wording import joined, phrase


def linked_said(definition: ProcedureDefinition, facts: Mapping[str, Fact]) -> Iterator[ReadableEntry]:
    """Yield the ceiling of the group, then its children."""
    group, documents = definition.linked, definition.documents
    if group is None:
        return
    said = phrase("cả nhóm trong {} kể từ khi tiếp nhận", "all within {} of the acceptance", group.ceiling.words)
    yield ReadableEntry(group.label, said, cited_as(group.basis, documents), None)
    for child in group.children:
        parts = child_words(child, group)
        if child.when:
            parts.insert(0, phrase("khi {}", "when {}", condition_said(child.when, facts)))
        yield ReadableEntry(child.label, joined(parts, "; "), cited_as(child.basis, documents), None)
