"""The summary for the signer as a paper: what its page tells, in the words of the page, on one A4 sheet."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.exporters.summary import SummaryPaper, SummarySection, summary_pdf
from app.services.finding import ShownFinding
from app.services.signing import Changes, Clause, Paying, Summary
from app.storage.procedure import Procedure
from rules.values import grouped

BODY = "Tỉnh Đồng Tháp"
"""Whose procedures these are, as papers of the province are headed."""


def paper_of_summary(procedure: Procedure, told: Summary, *, at: datetime) -> bytes:
    """Return the summary of a draft as PDF; `at` is when it is made."""
    return summary_pdf(
        SummaryPaper(
            body=BODY,
            procedure_code=procedure.code,
            procedure_name=procedure.name,
            standing=_standing(told),
            is_ready=not told.obstacles,
            sections=tuple(_sections(told)),
            drafted_by=told.drafted_by,
            fingerprint=told.whole_sha256,
            issued_at=at,
        )
    )


def _standing(told: Summary) -> str:
    if not told.obstacles:
        return "Dự thảo sẵn sàng để công bố."
    shown = " ".join(told.obstacles[:2])
    more = f" Và {len(told.obstacles) - 2} điểm khác." if len(told.obstacles) > 2 else ""
    return f"Chưa công bố được. {shown}{more}"


def _sections(told: Summary) -> Iterator[SummarySection]:
    yield SummarySection(title="Từ ngày nào", lines=(_since(told),))
    paying = tuple(_paying(told))
    yield SummarySection(title="Ai trả bao nhiêu", lines=() if paying else ("Không thu tiền.",), items=paying)
    yield SummarySection(title="Giải quyết trong bao lâu", items=tuple(_taking(told)))
    yield SummarySection(title="Giấy tờ", lines=(_papers(told),))
    yield _news(told)
    yield SummarySection(
        title="Hồ sơ đang giải quyết",
        lines=(f"Toàn tỉnh có {grouped(told.open_dossiers)} hồ sơ của thủ tục này chưa có kết quả.",),
        items=tuple(f"{way.title}: {grouped(way.count)} hồ sơ. {way.said}" for way in told.transitions),
    )
    yield SummarySection(title="Đã kiểm tra gì", lines=(_cases(told),), items=tuple(_findings(told)))
    yield SummarySection(title="Rút lại thế nào", items=tuple(map(str, told.withdrawal)))


def _since(told: Summary) -> str:
    first = f"Từ ngày {told.since:%d/%m/%Y}."
    if told.since < told.today:
        return f"{first} Ngày này đã qua: phiên bản áp dụng ngay khi công bố."
    if told.since == told.today:
        return f"{first} Phiên bản áp dụng ngay khi công bố."
    return f"{first} Đến trước ngày đó vẫn theo quy định hiện hành."


def _paying(told: Summary) -> Iterator[str]:
    for charge in told.charges:
        yield from _line(charge, charge.label.vi)
    for payout in told.payouts:
        yield from _line(payout, f"Cơ quan chi trả {payout.label.vi} ({payout.set_by.vi})")


def _line(line: Paying, label: str) -> Iterator[str]:
    example = " (ví dụ)" if line.example else ""
    yield from (f"{label}{example}: {said}" for said in _said(line.amounts))
    yield from (f"{label}: {_ended(limit.vi)}" for limit in line.limits)
    yield from (f"Miễn, giảm: {said}" for said in _said(line.cuts))


def _said(clauses: Iterable[Clause]) -> Iterator[str]:
    for clause in clauses:
        yield f"{_ended(clause.said.vi)} Căn cứ: {clause.citation.vi}." if clause.citation else _ended(clause.said.vi)


def _ended(text: str) -> str:
    return f"{text.rstrip('.')}."


def _taking(told: Summary) -> Iterator[str]:
    taking = told.taking
    if not taking.statutory:
        yield "Chưa có quy định về thời hạn."
    for label, clauses in (
        ("Theo quy định", taking.statutory),
        ("Tỉnh cam kết", taking.promised),
        ("Cộng thêm", taking.added),
    ):
        yield from (f"{label}: {said}" for said in _said(clauses))


def _papers(told: Summary) -> str:
    papers = told.papers
    if not papers.all:
        return "Không phải nộp giấy tờ nào."
    return (
        f"{papers.all} loại giấy tờ: {papers.always} luôn phải nộp, {papers.by_case} tùy trường hợp, "
        f"{papers.optional} không bắt buộc."
    )


def _news(told: Summary) -> SummarySection:
    title, changes = "Có gì mới", told.changes
    if changes is None:
        said = f"Ngày {told.since:%d/%m/%Y} chưa có phiên bản nào áp dụng: toàn bộ nội dung là mới."
        return SummarySection(title=title, lines=(said,))
    named = f"phiên bản {changes.number}, áp dụng từ {changes.since:%d/%m/%Y}"
    if not changes.groups:
        return SummarySection(title=title, lines=(f"Không có gì khác {named}.",))
    said = f"So với {named}: {changes.comparison.proof.vi} {grouped(changes.count)} câu của định nghĩa khác đi."
    return SummarySection(title=title, lines=(said,), items=tuple(_changes(changes)))


def _changes(changes: Changes) -> Iterator[str]:
    for one in changes.of_law:
        shown = one.shown.changes if one.shown else ()
        example = "; ".join(f"{change.what.vi}: {change.old.vi} → {change.new.vi}" for change in shown)
        yield f"{one.sentence.vi} Ví dụ: {example}." if example else one.sentence.vi
    yield from (f"Chưa kết luận: {doubt.vi}" for doubt in changes.comparison.undecided)


def _cases(told: Summary) -> str:
    ran = f"{told.cases_passed} trong {told.cases} tình huống đạt" if told.cases else "chưa chạy"
    return f"Tình huống mẫu: {ran}."


def _findings(told: Summary) -> Iterator[str]:
    found = told.findings
    for label, findings in (("Phải sửa", found.mend), ("Nên xem lại", found.look)):
        yield from (f"{label}: {one.finding.what}" for one in findings)
        if not findings:
            yield f"{label}: không có."
    yield from (_accepted(one) for one in found.accepted)


def _accepted(one: ShownFinding) -> str:
    reason = f" Lý do: {one.waiver.reason} ({one.waiver.officer.full_name})" if one.waiver else ""
    return f"Đã chấp nhận có lý do: {one.finding.what}{reason}"
