"""The summary for the signer (tóm tắt trình ký): one page that says what a publication would mean, as plain values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from app.clock import VIETNAM
from app.services.finding import SortedFindings, sorted_findings
from app.services.office import office_register, office_time
from app.services.procedure import Proof, newest_version, nothing_new, prove
from app.storage.account import Officer
from app.storage.open_dossiers import count_open
from app.storage.procedure import Procedure, ProcedureDraft, ProcedureVersion, version_in_force
from app.storage.waiver import waivers_in_force
from forms.sentence import Sentence
from rules import codec
from rules.compare.difference import Comparison, Difference, Weight
from rules.compare.versions import compare
from rules.definition.procedure import ProcedureDefinition
from rules.say.definition import readable
from rules.say.listing import listing
from rules.say.readable import ReadableCharge, ReadablePayout, ReadableProcedure, ReadableTable
from rules.values import Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule in words; `citation` says where the law says so, where the words do not."""

    said: Text
    citation: Text | None = None


@dataclass(frozen=True, slots=True)
class Paying:
    """One line of money in words: what each payer pays, which reductions there are, and its limits."""

    label: Text
    set_by: Text
    amounts: tuple[Clause, ...]
    cuts: tuple[Clause, ...]
    limits: tuple[Text, ...]
    example: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """How long it takes, in words: by law, what the province promises, and what is added."""

    statutory: tuple[Clause, ...]
    promised: tuple[Clause, ...]
    added: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class PaperCount:
    """How many papers there are: always needed, needed in some cases, and never asked for."""

    always: int
    by_case: int
    optional: int

    @property
    def all(self) -> int:
        """How many papers the definition names."""
        return self.always + self.by_case + self.optional


@dataclass(frozen=True, slots=True)
class ChangedGroup:
    """The sentences of one part of the definition that are new, and those that are gone."""

    title: Text
    added: tuple[Text, ...]
    removed: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new against the version that would apply on the first day; `since` is the day that one began.

    `comparison` tells which dossiers change, from what to what; `groups` how the definition reads otherwise.
    """

    number: int
    since: date
    comparison: Comparison
    groups: tuple[ChangedGroup, ...]

    @property
    def of_law(self) -> tuple[Difference, ...]:
        """The differences that can change the outcome of a dossier; a row is not told beside the region it changes."""
        regions = {each.place for each in self.comparison.differences if each.is_region}
        return tuple(
            each
            for each in self.comparison.differences
            if each.weight is Weight.LAW and (each.is_region or each.place[:2] not in regions)
        )

    @property
    def count(self) -> int:
        """How many sentences are new or gone."""
        return sum(len(group.added) + len(group.removed) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Transition:
    """One way to treat open dossiers when the law changes: how many it touches, and whether the product does it."""

    title: Sentence
    count: int
    said: Sentence
    is_done: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the signer reads before signing: the page only shows it."""

    since: date
    today: date
    drafted_by: str
    charges: tuple[Paying, ...]
    payouts: tuple[Paying, ...]
    taking: Taking
    papers: PaperCount
    changes: Changes | None
    findings: SortedFindings
    cases: int
    cases_passed: int
    open_dossiers: int
    transitions: tuple[Transition, ...]
    withdrawal: tuple[Sentence, ...]
    obstacles: tuple[str, ...]
    whole_sha256: str


def summary_for_signer(
    session: Session, procedure: Procedure, draft: ProcedureDraft, *, since: date, today: date
) -> Summary:
    """Return what publishing this draft from a day on would mean, read from the draft, the register and the record."""
    waivers = waivers_in_force(session, procedure.id)
    proof = prove(draft.source_text, office_time(office_register(session)), waived=waivers)
    reading = readable(proof.definition)
    return Summary(
        since=since,
        today=today,
        drafted_by=_name(session, draft.drafted_by),
        charges=tuple(_charge(charge) for charge in reading.charges),
        payouts=tuple(_payout(payout) for payout in reading.payouts),
        taking=_taking(proof.definition, reading),
        papers=_papers(proof.definition),
        changes=changes_since(session, procedure, proof.definition, since),
        findings=sorted_findings(proof, draft.source_text, waivers),
        cases=len(proof.cases),
        cases_passed=sum(case.passed for case in proof.cases),
        open_dossiers=count_open(session, procedure.id),
        transitions=transitions(session, procedure, since, today),
        withdrawal=_withdrawal(session, procedure, since, today),
        obstacles=_obstacles(session, procedure, proof, since),
        whole_sha256=codec.whole_hash(proof.definition),
    )


def changes_since(
    session: Session, procedure: Procedure, definition: ProcedureDefinition, since: date
) -> Changes | None:
    """Say what this definition changes against the version in force on the day; None where there is none."""
    version = version_in_force(session, procedure.code, since)
    if version is None:
        return None
    in_force = codec.definition_from_json(version.definition)
    before, after = _sentences(in_force), _sentences(definition)
    groups = tuple(_changed(title, before, after) for title in dict.fromkeys((*after, *before)))
    comparison = compare(in_force, definition, office_time(office_register(session)))
    changed = tuple(group for group in groups if group.added or group.removed)
    return Changes(version.number, version.since, comparison, changed)


def _sentences(definition: ProcedureDefinition) -> dict[str, tuple[Text, tuple[Text, ...]]]:
    """Return the groups of a definition in words, by title; the first one is titled with the name, which may change."""
    groups = listing(readable(definition))
    titles = (Text("Thông tin chung", "General"), *(group.title for group in groups[1:]))
    name = (groups[0].title,)
    return {
        title.vi: (title, group.sentences if number else (*name, *group.sentences))
        for number, (title, group) in enumerate(zip(titles, groups, strict=True))
    }


_Groups = dict[str, tuple[Text, tuple[Text, ...]]]


def _changed(title: str, before: _Groups, after: _Groups) -> ChangedGroup:
    shown, new = after.get(title, (before.get(title, (Text(title), ()))[0], ()))
    _, old = before.get(title, (shown, ()))
    had, has = {each.vi for each in old}, {each.vi for each in new}
    return ChangedGroup(
        shown, tuple(each for each in new if each.vi not in had), tuple(each for each in old if each.vi not in has)
    )


def _clauses(tables: Iterable[ReadableTable]) -> Iterator[Clause]:
    for table in tables:
        yield from (Clause(row.sentence) for row in table.rows)


def _charge(charge: ReadableCharge) -> Paying:
    rows = tuple(_clauses(charge.tables))
    return Paying(
        label=charge.label, set_by=charge.set_by, amounts=rows or (Clause(charge.amount, charge.citation),),
        cuts=tuple(_clauses(charge.cuts)), limits=charge.limits, example=charge.example is not None,
    )  # fmt: skip


def _payout(payout: ReadablePayout) -> Paying:
    rows = tuple(_clauses(payout.tables))
    amounts = rows or (Clause(payout.amount, payout.citation),)
    return Paying(payout.label, payout.payee, amounts, (), payout.limits)


def _taking(definition: ProcedureDefinition, reading: ReadableProcedure) -> Taking:
    rule = definition.deadline
    promised = rule.committed if rule else ""
    return Taking(
        statutory=tuple(_clauses(table for table in reading.deadline if table.id != promised)),
        promised=tuple(_clauses(table for table in reading.deadline if table.id == promised)),
        added=tuple(_clauses(reading.added)),
    )


def _papers(definition: ProcedureDefinition) -> PaperCount:
    asked = [paper for paper in definition.papers if not paper.note and not paper.made_by_office]
    always = sum(paper.required is True and paper.shown_when is None for paper in asked)
    optional = sum(paper.required is False for paper in asked)
    return PaperCount(always, len(asked) - always - optional, optional)


def transitions(session: Session, procedure: Procedure, since: date, today: date) -> tuple[Transition, ...]:
    """Return the ways to treat open dossiers from this day on, with how many each touches.

    What the product does is the first: a dossier keeps the version it was received under, whatever is published later.
    """
    begins = datetime.combine(since, time.min, VIETNAM)
    before = count_open(session, procedure.id, until=begins)
    after = count_open(session, procedure.id, since=begins)
    day = f"{since:%d/%m/%Y}"
    kept = Sentence(
        "Hồ sơ đã tiếp nhận giữ quy định lúc tiếp nhận; hồ sơ tiếp nhận từ ngày %(day)s theo quy định mới. "
        "Hệ thống làm đúng như vậy, không phải làm gì thêm.",
        day=day,
    )
    found = [Transition(Sentence("Giữ quy định cũ cho hồ sơ đã tiếp nhận"), before, kept, is_done=True)]
    if since <= today:
        late = Sentence(
            "Đã tiếp nhận từ ngày %(day)s đến nay theo quy định cũ. Hệ thống không tự tính lại; "
            "người có thẩm quyền xem từng hồ sơ.",
            day=day,
        )
        found.append(Transition(Sentence("Tiếp nhận sau ngày áp dụng, trước lúc công bố"), after, late, is_done=False))
    every = Sentence(
        "Tính lại mọi hồ sơ chưa có kết quả theo quy định mới. Hệ thống không làm việc này; "
        "nếu văn bản yêu cầu, từng hồ sơ phải được xem và xử lý riêng."
    )
    better = Sentence(
        "Tính lại hồ sơ nào được lợi hơn. Hệ thống không làm việc này và chưa so được hồ sơ nào lợi hơn: "
        "con số là nhiều nhất có thể."
    )
    return (
        *found,
        Transition(Sentence("Áp dụng quy định mới cho mọi hồ sơ đang giải quyết"), before + after, every, False),
        Transition(Sentence("Áp dụng quy định mới khi có lợi cho người nộp"), before + after, better, False),
    )


def _withdrawal(session: Session, procedure: Procedure, since: date, today: date) -> tuple[Sentence, ...]:
    """Say how a publication is taken back: which act, until when, and what it leaves."""
    day = f"{since:%d/%m/%Y}"
    first = Sentence("Trước khi công bố: bấm “Bỏ dự thảo” ở trang thủ tục; không có gì đã công bố thay đổi.")
    if since > today:
        early = Sentence(
            "Sau khi công bố, đến hết ngày %(eve)s: bấm “Bãi bỏ…” ở trang phiên bản, ghi hết áp dụng từ ngày %(day)s "
            "và lý do; phiên bản này không áp dụng cho hồ sơ nào.",
            eve=f"{date.fromordinal(since.toordinal() - 1):%d/%m/%Y}",
            day=day,
        )
    else:
        early = Sentence(
            "Phiên bản áp dụng ngay khi công bố, nên không rút lại được: hồ sơ đã tiếp nhận theo phiên bản này giữ "
            "nguyên. Bãi bỏ chỉ có tác dụng với hồ sơ đến sau."
        )
    later = Sentence(
        "Từ ngày %(day)s trở đi: bấm “Bãi bỏ…” với ngày hết áp dụng và lý do, bất cứ lúc nào; hồ sơ đã tiếp nhận giữ "
        "nguyên.",
        day=day,
    )
    return (first, early, later, _going_back(newest_version(session, procedure)))


def _going_back(newest: ProcedureVersion | None) -> Sentence:
    if newest is None:
        return Sentence(
            "Sau khi bãi bỏ, thủ tục không tiếp nhận được hồ sơ cho đến khi công bố phiên bản khác; đây là phiên bản "
            "đầu tiên nên không có bản cũ để trở lại."
        )
    return Sentence(
        "Bãi bỏ không tự đưa phiên bản %(number)s trở lại: từ ngày hết áp dụng thủ tục không tiếp nhận được hồ sơ. "
        "Muốn trở lại quy định cũ: tải tệp gốc của phiên bản %(number)s lên làm dự thảo rồi công bố từ ngày ấy.",
        number=newest.number,
    )


def _obstacles(session: Session, procedure: Procedure, proof: Proof, since: date) -> tuple[str, ...]:
    return proof.obstacles or nothing_new(session, procedure, proof.definition, since)


def _name(session: Session, officer_id: int | None) -> str:
    officer = session.get(Officer, officer_id) if officer_id is not None else None
    return officer.full_name if officer else ""
