"""Proof before publication of papers, cases and notices: what is not cited, not answered for, or stands alone."""

from collections import Counter
from collections.abc import Iterator

from rules.definition.procedure import FromTable, Paper, ProcedureDefinition
from rules.errors import Place, Problem, Severity
from rules.values import LegalBasis
from rules.vocabulary import CHANNELS


def paper_doubts(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield what should be looked at about papers, as warnings."""
    keys = Counter(paper.one_of for paper in definition.papers if paper.one_of)
    for place, paper in enumerate(definition.papers):
        where = ("papers", place)
        if paper.basis is None and not paper.note and not isinstance(paper.required, FromTable):
            yield _warning(where, f"Giấy tờ “{paper.label}” chưa ghi căn cứ pháp lý.", "Thêm basis.")
        if keys[paper.one_of] == 1:
            what = f"Giấy tờ “{paper.label}” không có giấy tờ nào thay được (one_of: {paper.one_of})."
            yield _warning((*where, "one_of"), what, "Ghi cùng one_of ở giấy tờ thay được, hoặc bỏ one_of.")
        if paper.waived_when and not paper.fallback:
            what = f"Giấy tờ “{paper.label}” chưa nói làm gì khi nguồn dữ liệu không trả lời."
            yield _warning((*where, "fallback"), what, "Thêm fallback: {vi: ...}.")
        yield from _ways(paper, where, definition)


def _ways(paper: Paper, where: Place, definition: ProcedureDefinition) -> Iterator[Problem]:
    """A way of filing that the procedure does not have, or for which nothing is said."""
    ways, said = definition.statutory.ways, {each.way for each in paper.accepted}
    for way in sorted(said - {*ways}) if ways else ():
        what = f"Thủ tục không nhận hồ sơ “{CHANNELS[way].vi}”, nên hình thức giấy tờ ở đây không được dùng."
        yield _warning((*where, "accepted", way), what, "Bỏ đi, hoặc thêm cách nộp vào statutory.ways.")
    for way in ways if said else ():
        if way not in said:
            what = f"Giấy tờ “{paper.label}” chưa nói nhận hình thức nào khi nộp “{CHANNELS[way].vi}”."
            yield _warning((*where, "accepted"), what, f"Thêm {way}: [...].")


def uncited_telling(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield the cases and notices without legal basis, as warnings."""
    for place, case in enumerate(definition.variants):
        if case.basis is None:
            yield _warning(("variants", place), f"Trường hợp “{case.label}” chưa ghi căn cứ pháp lý.", "Thêm basis.")
    for place, notice in enumerate(definition.notices):
        if notice.basis is None:
            yield _warning(("notices", place), f"Lưu ý “{notice.id}” chưa ghi căn cứ pháp lý.", "Thêm basis.")


def bases_of_telling(definition: ProcedureDefinition) -> Iterator[LegalBasis | None]:
    """Yield what papers, cases and notices cite."""
    for paper in definition.papers:
        yield paper.basis
        yield paper.valid.basis if paper.valid else None
    yield from (each.basis for each in (*definition.variants, *definition.notices))


def facts_of_telling(definition: ProcedureDefinition) -> Iterator[str]:
    """Yield the facts that papers, cases and notices read."""
    for paper in definition.papers:
        yield from (name for condition in paper.conditions for name in condition.facts)
        yield from paper.valid.facts if paper.valid else ()
        yield from (fact for _, fact in paper.data)
        yield paper.for_each
    for each in (*definition.variants, *definition.notices):
        yield from each.when.facts if each.when else ()


def _warning(where: Place, what: str, hint: str) -> Problem:
    return Problem(where, what, hint, Severity.WARNING)
