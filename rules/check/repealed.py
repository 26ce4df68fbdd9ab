"""Proof before publication of citations: what rests on a document after the day it ceases to be in force."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from rules.check.findings import Finding, FindingKind
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Place, Severity
from rules.reading import sequence_of
from rules.values import ALWAYS, LegalBasis, Period, day_figures


def repealed_citations(definition: ProcedureDefinition) -> Iterator[Finding]:
    """Yield the rules that go on after the document they cite has ended (văn bản hết hiệu lực).

    A row or value of a parameter without days of its own ends with its document, so it is never one of them.
    """
    documents = definition.documents
    for place, basis, period in _cited(definition, (), ALWAYS):
        document = documents.get(basis.document)
        until = document.period.until if document else None
        if document is None or until is None or (period.until is not None and period.until <= until):
            continue
        what = f"Căn cứ {basis.citation(documents)} hết hiệu lực từ {day_figures(until)} mà quy định vẫn áp dụng."
        hint = "Viện dẫn văn bản thay thế, hoặc ghi ngày quy định hết áp dụng (until)."
        yield Finding(place, what, hint, Severity.WARNING, FindingKind.REPEALED)


def _cited(part: Any, place: Place, period: Period) -> Iterator[tuple[Place, LegalBasis, Period]]:
    """Yield every citation with its place and the days of the nearest part around it that has days."""
    if isinstance(part, LegalBasis):
        yield place, part, period
    elif (several := sequence_of(part)) is not None:
        for number, each in enumerate(several):
            yield from _cited(each, (*place, number), period)
    elif is_dataclass(part):
        own = getattr(part, "period", period)
        for each in fields(part):
            yield from _cited(getattr(part, each.name), (*place, each.name), own)
