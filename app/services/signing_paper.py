"""The summary for the signer as a paper: what its page tells, in the words of the page, on one A4 sheet.

Papers are Vietnamese whoever reads the page in another language.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.exporters.summary import SummaryPaper, SummarySection, summary_pdf
from app.services.finding import ShownFinding
from app.services.signing import Changes, Clause, Paying, Summary
from app.storage.procedure import Procedure
from forms.sentence import Sentence, joined
from rules.values import Text, grouped

BODY = "Tỉnh Đồng Tháp"
OBSTACLES_NAMED = 2
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
        return Sentence("Dự thảo sẵn sàng để công bố.")
    more = len(told.obstacles) - OBSTACLES_NAMED
    rest = Sentence("Và %(count)s điểm khác.", count=more) if more > 0 else ""
    return joined([Sentence("Chưa công bố được."), *told.obstacles[:OBSTACLES_NAMED], rest])


def _sections(told: Summary) -> Iterator[SummarySection]:
    yield _section("Từ ngày nào", lines=(_since(told),))
    paying = tuple(_paying(told))
    yield _section("Ai trả bao nhiêu", lines=() if paying else (Sentence("Không thu tiền."),), items=paying)
    yield _section("Giải quyết trong bao lâu", items=_taking(told))
    yield _section("Giấy tờ", lines=(_papers(told),))
    yield _news(told)
    count = grouped(told.open_dossiers)
    said = Sentence("Toàn tỉnh có %(count)s hồ sơ của thủ tục này chưa có kết quả.", count=count)
    ways = (
        Sentence("%(title)s: %(count)s hồ sơ. %(said)s", title=way.title, count=grouped(way.count), said=way.said)
        for way in told.transitions
    )
    yield _section("Hồ sơ đang giải quyết", lines=(said,), items=ways)
    yield _section("Đã kiểm tra gì", lines=(_cases(told),), items=_findings(told))
    yield _section("Rút lại thế nào", items=told.withdrawal)


def _section(title: str, *, lines: Iterable[str] = (), items: Iterable[str] = ()) -> SummarySection:
    return SummarySection(title=title, lines=tuple(map(str, lines)), items=tuple(map(str, items)))


def _labelled(label: str | Text, said: str | Text) -> Sentence:
    return joined([label, said], ": ")


def _since(told: Summary) -> Sentence:
    first = Sentence("Từ ngày %(day)s.", day=f"{told.since:%d/%m/%Y}")
    if told.since < told.today:
        return joined([first, Sentence("Ngày này đã qua: phiên bản áp dụng ngay khi công bố.")])
    if told.since == told.today:
        return joined([first, Sentence("Phiên bản áp dụng ngay khi công bố.")])
    return joined([first, Sentence("Đến trước ngày đó vẫn theo quy định hiện hành.")])


def _paying(told: Summary) -> Iterator[str]:
    for charge in told.charges:
        yield from _line(charge, charge.label)
    for payout in told.payouts:
        payee = Sentence("%(label)s (chi trả cho: %(payee)s)", label=payout.label, payee=payout.set_by)
        yield from _line(payout, payee)


def _line(line: Paying, label: str | Text) -> Iterator[str]:
    named = Sentence("%(label)s (ví dụ)", label=label) if line.example else label
    yield from (_labelled(named, said) for said in _said(line.amounts))
    yield from (_labelled(named, _ended(limit)) for limit in line.limits)
    yield from (_labelled(Sentence("Miễn, giảm"), said) for said in _said(line.cuts))


def _said(clauses: Iterable[Clause]) -> Iterator[str]:
    for clause in clauses:
        basis = Sentence("Căn cứ: %(citation)s.", citation=clause.citation) if clause.citation else ""
        yield joined([_ended(clause.said), basis])


def _ended(text: Text) -> str:
    return text.vi.rstrip(".") + "."


def _taking(told: Summary) -> Iterator[str]:
    taking = told.taking
    if not taking.statutory:
        yield Sentence("Chưa có quy định về thời hạn")
    for label, clauses in (
        ("Theo quy định", taking.statutory),
        ("Tỉnh cam kết", taking.promised),
        ("Cộng thêm", taking.added),
    ):
        yield from (_labelled(label, said) for said in _said(clauses))


def _papers(told: Summary) -> str:
    papers = told.papers
    if not papers.all:
        return Sentence("Không phải nộp giấy tờ nào.")
    return Sentence(
        "%(count)s loại giấy tờ: %(always)s luôn phải nộp, %(by_case)s tùy trường hợp, %(optional)s không bắt buộc.",
        count=papers.all, always=papers.always, by_case=papers.by_case, optional=papers.optional,
    )  # fmt: skip


def _news(told: Summary) -> SummarySection:
    title, changes, day = "Có gì mới", told.changes, f"{told.since:%d/%m/%Y}"
    if changes is None:
        all_new = "Ngày %(day)s chưa có phiên bản nào áp dụng: toàn bộ nội dung là mới."
        return _section(title, lines=(Sentence(all_new, day=day),))
    named = {"number": changes.number, "since": f"{changes.since:%d/%m/%Y}"}
    if not changes.groups:
        nothing = "Không có gì khác phiên bản %(number)s, áp dụng từ %(since)s."
        return _section(title, lines=(Sentence(nothing, **named),))
    against = Sentence("So với phiên bản %(number)s, áp dụng từ %(since)s:", **named)
    count = Sentence("%(count)s câu của định nghĩa khác đi", count=grouped(changes.count))
    return _section(title, lines=(joined([against, changes.comparison.proof, f"{count}."]),), items=_changes(changes))


def _changes(changes: Changes) -> Iterator[str]:
    for one in changes.of_law:
        shown = one.shown.changes if one.shown else ()
        example = "; ".join(f"{change.what}: {change.old} → {change.new}" for change in shown)
        yield joined([one.sentence, joined([Sentence("Ví dụ:"), f"{example}."]) if example else ""])
    yield from (_labelled(Sentence("Chưa kết luận"), doubt) for doubt in changes.comparison.undecided)


def _cases(told: Summary) -> str:
    ran = Sentence("%(passed)s trong %(count)s tình huống đạt", passed=told.cases_passed, count=told.cases)
    return _labelled(Sentence("Tình huống mẫu"), ran if told.cases else Sentence("chưa chạy"))


def _findings(told: Summary) -> Iterator[str]:
    found = told.findings
    for label, findings in (("Phải sửa", found.mend), ("Nên xem lại", found.look)):
        yield from (_labelled(label, one.finding.what) for one in findings)
        if not findings:
            yield _labelled(label, Sentence("không có"))
    yield from (_labelled(Sentence("Đã chấp nhận có lý do"), _accepted(one)) for one in found.accepted)


def _accepted(one: ShownFinding) -> Sentence:
    if one.waiver is None:
        return joined([one.finding.what])
    waiver = one.waiver
    reason = Sentence("Lý do: %(reason)s (%(name)s)", reason=waiver.reason, name=waiver.officer.full_name)
    return joined([one.finding.what, reason])
