"""Proof before publication of how a procedure ends: refusals at the right moment, results with their legal basis."""

from collections.abc import Iterator

from rules.definition.procedure import ProcedureDefinition
from rules.errors import Problem, Severity
from rules.vocabulary import HANDED_IN

_LATER = ("appraisal", "outside")
"""The stages after the acceptance."""


def ending_problems(definition: ProcedureDefinition) -> Iterator[Problem]:
    """Yield refusals that come too late to be refusals to receive, and what results leave open."""
    yield from _refused_too_late(definition)
    for place, each in enumerate(definition.results):
        if each.basis is None:
            yield _warning(("results", place), f"Kết quả “{each.label}” chưa ghi căn cứ pháp lý.", "Thêm basis.")
    named, codes = definition.statutory.result_code, {each.code for each in definition.results}
    if named and codes - {""} and named not in codes:
        what = f"Mã kết quả “{named}” không có ở kết quả nào của mục results."
        yield _warning(("statutory", "result", "code"), what, "Ghi cùng mã ở cả hai nơi.")


def _refused_too_late(definition: ProcedureDefinition) -> Iterator[Problem]:
    if not definition.eligibility:
        return
    later = {spec.id: spec for spec in definition.facts if spec.source in HANDED_IN and spec.stage in _LATER}
    for name in definition.table(definition.eligibility).inputs:
        if name in later:
            what = f"Bảng điều kiện tiếp nhận đọc “{later[name].label}”, chỉ biết được sau khi đã tiếp nhận."
            hint = "Chuyển dòng ấy sang bảng của examination: từ chối sau khi thẩm định."
            yield _warning(("eligibility",), what, hint)


def _warning(where: tuple[str | int, ...], what: str, hint: str) -> Problem:
    return Problem(where, what, hint, Severity.WARNING)
