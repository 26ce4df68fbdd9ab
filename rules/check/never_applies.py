"""Proof before publication of the parts that hold under a condition: those whose condition no dossier can fulfil."""

from collections.abc import Iterator

from rules.check.asking import may_hold
from rules.check.findings import Finding, FindingKind
from rules.check.formulas import firm_domains
from rules.definition.procedure import ProcedureDefinition
from rules.errors import Place, Severity
from rules.space.dossiers import Ground
from rules.table.decision import Condition
from rules.values import Text

Part = tuple[Place, str, Text, Condition | None]
"""The place of a condition, what kind of part it is of, what that part is called, and the condition."""


def never_applying(definition: ProcedureDefinition) -> Iterator[Finding]:
    """Yield the charges, papers, steps and so on that no dossier ever comes to."""
    ground = None
    for where, kind, label, condition in _parts(definition):
        if condition is None:
            continue
        ground = ground or Ground(definition, firm_domains(definition))
        if not may_hold(condition, ground):
            what = f"{kind} “{label}” không bao giờ áp dụng: không hồ sơ nào đạt điều kiện của nó."
            hint = "Sửa điều kiện (xem cách nộp, trường bắt buộc và giới hạn đã khai), hoặc bỏ phần này."
            yield Finding(where, what, hint, Severity.WARNING, FindingKind.UNREACHABLE)


def _parts(law: ProcedureDefinition) -> Iterator[Part]:
    for place, each in enumerate(law.charges):
        yield ("charges", place, "when"), "Khoản thu", each.label, each.when
    for place, each in enumerate(law.payouts):
        yield ("payouts", place, "when"), "Khoản chi trả", each.label, each.when
    for place, each in enumerate(law.papers):
        yield ("papers", place, "shown_when"), "Giấy tờ", each.label, each.shown_when
    for place, each in enumerate(law.notices):
        yield ("notices", place, "when"), "Lưu ý", each.text, each.when
    for place, each in enumerate(law.variants):
        yield ("variants", place, "when"), "Trường hợp", each.label, each.when
    for place, each in enumerate(law.results):
        yield ("results", place, "when"), "Kết quả", each.label, each.when
    yield from _in_the_process(law)


def _in_the_process(law: ProcedureDefinition) -> Iterator[Part]:
    for place, each in enumerate(law.steps):
        yield ("steps", place, "when"), "Bước", each.label, each.when
    for place, each in enumerate(law.deadline.stops if law.deadline else ()):
        yield ("deadline", "stops", place, "when"), "Lý do dừng", each.rule.label, each.when
    for place, each in enumerate(law.linked.children if law.linked else ()):
        yield ("linked", "children", place, "when"), "Thủ tục liên thông", each.label, each.when
