"""Proof before publication of the registers of types: what no paper or result is of, and what cannot be tested."""

from collections.abc import Iterator

from rules.definition.procedure import ProcedureDefinition
from rules.definition.type_register import PaperType, ResultType
from rules.errors import Place, Problem, Severity
from rules.values import LegalBasis


def unused_types(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the types that no paper and no result is of."""
    papers = {paper.type for paper in definition.papers}
    results = {*(paper.result_type for paper in definition.papers), *(each.type for each in definition.results)}
    for section, types, used in (
        ("paper_types", definition.paper_types, papers),
        ("result_types", definition.result_types, results),
    ):
        for each in types:
            if each.id not in used and not each.origin:
                what = f"Loại “{each.id}” của mục {section} không được dùng ở đâu."
                yield _warning((section, each.id), what, "Xóa hoặc dùng nó.")


def type_doubts(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the papers and results whose type says how long they are valid, where no fact tells it."""
    papers, results = ({each.id: each for each in types} for types in (definition.paper_types, definition.result_types))
    for place, paper in enumerate(definition.papers):
        of = papers.get(paper.type) or results.get(paper.result_type)
        if of and of.valid and paper.valid is None:
            what = f"Giấy tờ “{paper.label}” thuộc loại có thời hạn giá trị nhưng chưa nói dữ kiện nào để xét."
            yield _warning(("papers", place), what, _hint(of))
    for place, result in enumerate(definition.results):
        of = results.get(result.type)
        if of and of.valid and result.valid is None:
            what = f"Kết quả “{result.label}” thuộc loại có thời hạn giá trị nhưng chưa nói dữ kiện nào giữ ngày cuối."
            yield _warning(("results", place), what, _hint(of))


def _hint(of: PaperType | ResultType) -> str:
    named = of.valid.field if of.valid else ""
    if named:
        return f"Thêm data: {{{named}: dữ kiện}}."
    return "Thêm since vào valid của loại ấy, và data vào đây."


def bases_of_types(definition: ProcedureDefinition) -> Iterator[LegalBasis | None]:
    """Yield what the types cite."""
    yield from (each.basis for each in (*definition.paper_types, *definition.result_types))


def _warning(where: Place, what: str, hint: str) -> Problem:
    return Problem(where, what, hint, Severity.WARNING)
