"""The whole history of a dossier (lịch sử hồ sơ), and whether its record is whole; what a replay found different."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import legal_day
from app.services import evaluation as evaluations
from app.services.assignment import as_stand_in
from app.services.hand_ruling import rulings_of
from app.services.office import units_on
from app.storage.account import Officer
from app.storage.audit import AuditEntry, first_broken
from app.storage.dossier import Dossier, DossierEvent, DossierFacts
from app.storage.evaluation import EvaluationRecord
from app.storage.hand_ruling import HandRequest, HandRuling
from app.storage.office import Assignment
from app.storage.procedure import ProcedureVersion
from forms.sentence import Sentence, joined
from rules import codec
from rules.definition.procedure import ProcedureDefinition
from rules.evaluation.findings import PaperFinding
from rules.evaluation.outcome import ENGINE, Evaluation
from rules.lifecycle import ACT_LABELS, OUTCOME_LABELS, STATE_LABELS, Outcome, State
from rules.say.outcome import Explained, explained, stop_details
from rules.say.plainly import answered
from rules.values import Money, Text
from rules.vocabulary import Fact

RECORD_LABELS = {
    **ACT_LABELS,
    "issue_receipt": "Cấp giấy tiếp nhận",
    "replay": "Tính lại để kiểm tra",
    "open_identity": "Xem số định danh",
}
NOT_THERE = Sentence("không có")


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the record: what was done, who did it and for which unit, when it happened and was written down.

    `as_whom` says the position of a person who acts for another body, such as a postal clerk.
    """

    sequence: int
    what: str
    detail: str
    who: str
    as_whom: Sentence | None
    unit: str
    purpose: str
    event_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is not what it was."""

    label: str | Text
    before: str | Text
    after: str | Text


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of the answers: who wrote it and why, and what it changed against the one before."""

    number: int
    who: str
    reason: str
    event_at: datetime
    recorded_at: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """One evaluation of the chain as the history shows it."""

    uuid: UUID
    sequence: int
    version: int
    facts_revision: int
    reason: str
    at: datetime
    recorded_at: datetime
    sha256: str
    total: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """The record of a dossier. `broken_at` names the first line that does not follow, None while it is whole.

    `request` names the request from which it was received, where fee and date were set by hand before.
    """

    happenings: tuple[Happening, ...]
    revisions: tuple[Revision, ...]
    evaluations: tuple[Computed, ...]
    rulings: tuple[HandRuling, ...]
    broken_at: int | None
    request: UUID | None


def history(session: Session, dossier: Dossier) -> History:
    """Return everything that happened to a dossier, oldest first."""
    return History(
        happenings=tuple(_happenings(session, dossier)),
        revisions=tuple(_revisions(session, dossier)),
        evaluations=tuple(_computed(session, dossier)),
        rulings=rulings_of(session, dossier),
        broken_at=first_broken(session, "dossier", str(dossier.uuid)),
        request=session.scalar(select(HandRequest.uuid).where(HandRequest.intake_key == dossier.intake_key)),
    )


def _happenings(session: Session, dossier: Dossier) -> Iterator[Happening]:
    """Join the record with the events: an event tells the move, the record also who looked."""
    lines = session.execute(
        select(AuditEntry, Officer.full_name, Assignment)
        .outerjoin(Officer, Officer.id == AuditEntry.actor_id)
        .outerjoin(Assignment, Assignment.id == AuditEntry.assignment_id)
        .where(AuditEntry.object_kind == "dossier", AuditEntry.object_id == str(dossier.uuid))
        .order_by(AuditEntry.sequence)
    ).all()
    units = {entry.for_unit_id for entry, _, _ in lines if entry.for_unit_id is not None}
    names = {unit.id: unit.name for unit in units_on(session, units, legal_day(dossier.accepted_at))}
    late = {
        event.act: event.late_reason or ""
        for event in session.scalars(select(DossierEvent).where(DossierEvent.dossier_id == dossier.id))
    }
    for entry, name, duty in lines:
        yield Happening(
            sequence=entry.sequence,
            what=RECORD_LABELS.get(entry.act, entry.act),
            detail=_detail(entry.act, entry.detail, late.get(entry.act, "")),
            who=name or entry.actor_name or "",
            as_whom=as_stand_in(duty, entry.act),
            unit=names.get(entry.for_unit_id or 0, ""),
            purpose=entry.purpose or "",
            event_at=entry.event_at,
            recorded_at=entry.recorded_at,
        )


def _detail(act: str, detail: Mapping[str, Any], late_reason: str) -> Sentence:
    said: list[Sentence] = []
    if detail.get("to") and detail["to"] != detail.get("from"):
        said.append(_move_words(detail.get("from"), detail["to"]))
    if detail.get("former_holder"):
        said.append(Sentence("nhận lại từ %(name)s", name=detail["former_holder"]))
    if detail.get("outcome"):
        said.append(Sentence("kết quả: “%(outcome)s”", outcome=Sentence(OUTCOME_LABELS[Outcome(detail["outcome"])])))
    if act == "replay":
        verdict = Sentence("trùng khớp") if detail["same"] else Sentence("không trùng khớp")
        said.append(Sentence("lần tính %(number)s: %(verdict)s", number=detail["sequence"], verdict=verdict))
        kept, now = detail.get("engines", (ENGINE, ENGINE))
        if kept != now:
            said.append(
                Sentence("đã lưu bằng bộ tính số %(kept)s, tính lại bằng bộ tính số %(now)s", kept=kept, now=now)
            )
    said += _money_words(detail)
    if detail.get("corrected"):
        said.append(Sentence("lý do: %(reason)s", reason=detail["why"]))
    if late_reason:
        said.append(Sentence("ghi sau, vì: %(reason)s", reason=late_reason))
    return joined(said, "; ")


def _money_words(detail: Mapping[str, Any]) -> Iterator[Sentence]:
    """Yield what was collected with the result, and what was set by hand."""
    if detail.get("collected"):
        yield Sentence("đã thu %(what)s", what=joined(_amounts(detail["collected"]), ", "))
    if detail.get("ruling"):
        yield _set_words(detail)


def _set_words(detail: Mapping[str, Any]) -> Sentence:
    """Say what was set by hand, why and on which basis."""
    said = list(_amounts(detail["amounts"]))
    said += [Sentence("hẹn trả %(due)s", due=detail["due"])] if detail["due"] else []
    said.append(Sentence("lý do: %(reason)s", reason=detail["reason"]))
    said.append(Sentence("căn cứ: %(basis)s", basis=detail["basis"]))
    return joined([Sentence("ấn định bằng tay"), *said], "; ")


def _amounts(lines: Iterable[Mapping[str, Any]]) -> Iterator[Sentence]:
    for each in lines:
        amount = joined([Money(each["amount"], each["currency"]).words])
        yield Sentence("%(label)s: %(amount)s", label=each["label"], amount=amount)


def _move_words(before: str | None, after: str) -> Sentence:
    to = Sentence(STATE_LABELS[State(after)])
    if not before:
        return Sentence("sang “%(after)s”", after=to)
    return Sentence("từ “%(before)s” sang “%(after)s”", before=Sentence(STATE_LABELS[State(before)]), after=to)


def _revisions(session: Session, dossier: Dossier) -> Iterator[Revision]:
    definition = evaluations.definition_of(dossier.rules_version)
    vocabulary = definition.vocabulary
    before: Mapping[str, Any] = {}
    rows = session.execute(
        select(DossierFacts, Officer.full_name)
        .outerjoin(Officer, Officer.id == DossierFacts.author_id)
        .where(DossierFacts.dossier_id == dossier.id)
        .order_by(DossierFacts.revision)
    )
    for row, name in rows:
        facts = codec.facts_from_json(definition, row.facts)
        changed = sorted(key for key in {*before, *facts} if before.get(key) != facts.get(key))
        yield Revision(
            number=row.revision,
            who=name or "",
            reason=row.reason or "",
            event_at=row.event_at,
            recorded_at=row.recorded_at,
            changes=tuple(_change(vocabulary[key], before, facts) for key in changed) if before else (),
        )
        before = facts


def _change(fact: Fact, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    return Change(fact.label, answered(fact, before.get(fact.id)), answered(fact, after.get(fact.id)))


def _computed(session: Session, dossier: Dossier) -> Iterator[Computed]:
    rows = session.execute(
        select(EvaluationRecord, ProcedureVersion.number)
        .join(ProcedureVersion, ProcedureVersion.id == EvaluationRecord.version_id)
        .where(EvaluationRecord.dossier_id == dossier.id)
        .order_by(EvaluationRecord.sequence)
    )
    for kept, number in rows:
        outcome = Evaluation.from_data(kept.outcome)
        yield Computed(
            uuid=kept.uuid,
            sequence=kept.sequence,
            version=number,
            facts_revision=kept.facts_revision,
            reason=kept.reason or "",
            at=kept.at,
            recorded_at=kept.recorded_at,
            sha256=kept.outcome_sha256,
            total=_total_words(outcome),
            due=outcome.deadline.appointment if outcome.deadline else None,
        )


def _total_words(outcome: Evaluation) -> Sentence:
    if not outcome.totals:
        return Sentence("không thu")
    return joined((_money(amount, currency) for currency, amount in outcome.totals.items()), ", ")


def _money(amount: int | None, currency: str) -> Sentence:
    if amount is None:
        return Sentence("chưa có quy định áp dụng")
    return joined([Money(amount, currency).words])


def found_different(replay: evaluations.Replay) -> tuple[Change, ...]:
    """Return what a replay found otherwise than it was kept, in words; empty when the answer is the same."""
    kept = replay.kept
    if replay.same_answer:
        return ()
    if kept is None:
        return (Change(Sentence("Khuôn ghi kết quả"), Sentence("khuôn cũ, không đọc lại được"), Sentence("khuôn mới")),)
    return differences(kept, replay.evaluation, replay.definition)


def differences(kept: Evaluation, computed: Evaluation, definition: ProcedureDefinition) -> tuple[Change, ...]:
    """Return in which points two outcomes differ, in words, whatever engine worked them out."""
    before, after = (dict(_points(outcome, definition)) for outcome in (kept, computed))
    found = [
        Change(label, before.get(label, NOT_THERE), after.get(label, NOT_THERE))
        for label in dict.fromkeys([*before, *after])
        if before.get(label) != after.get(label)
    ]
    return tuple(found or _parts_apart(kept.to_data(), computed.to_data()))


def _parts_apart(kept: Mapping[str, Any], computed: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the parts of two outcomes that differ although no point does: an explanation, what was read."""
    apart = {name for name in {*kept, *computed} - {"hash", "engine"} if kept.get(name) != computed.get(name)}
    for label in dict.fromkeys(_PARTS.get(name, _ELSE) for name in sorted(apart)):
        yield Change(label, Sentence("như đã lưu"), Sentence("có nội dung khác"))


_ELSE = Sentence("Phiên bản thủ tục và thời điểm tính")
_PARTS: Mapping[str, Sentence] = {
    "cases": Sentence("Trường hợp của thủ tục"),
    "charges": Sentence("Lời giải thích về phí, lệ phí"),
    "deadline": Sentence("Lời giải thích về thời hạn"),
    "facts": Sentence("Dữ kiện đã dùng"),
    "missing": Sentence("Thông tin còn thiếu"),
    "notices": Sentence("Lưu ý cho người nộp"),
    "office": Sentence("Lịch và giờ làm việc đã dùng"),
    "papers": Sentence("Lời giải thích về giấy tờ"),
    "payouts": Sentence("Các khoản chi trả"),
    "problems": Sentence("Những điều chưa tính được"),
    "refusals": Sentence("Lời giải thích về căn cứ từ chối"),
    "route": Sentence("Nơi chuyển hồ sơ"),
    "steps": Sentence("Các bước giải quyết"),
}


Point = tuple[Sentence, str]
"""One point of an outcome that people compare: what it is about, and what came out."""


def _points(outcome: Evaluation, definition: ProcedureDefinition) -> Iterator[Point]:
    """Yield the points of an outcome that people compare, each in words."""
    refused = Sentence("không: %(why)s", why=joined(refusal.text for refusal in outcome.refusals))
    yield Sentence("Được tiếp nhận"), Sentence("có") if outcome.eligible else refused
    yield Sentence("Trường hợp"), _listed(case.label for case in outcome.cases)
    yield from _points_of_time(outcome)
    yield from ((joined([line.label]), _money(line.amount, line.currency)) for line in outcome.charges)
    yield from _points_of_papers(outcome)
    yield Sentence("Lưu ý cho người nộp"), _listed(notice.text for notice in outcome.notices)
    for line in outcome.payouts:
        yield Sentence("Chi trả: %(what)s", what=line.label), _money(line.amount, line.currency)
    yield from _points_of_the_way(explained(outcome, definition))
    yield Sentence("Thông tin còn thiếu"), _listed(each.label for each in outcome.missing)


def _points_of_time(outcome: Evaluation) -> Iterator[Point]:
    due = outcome.deadline
    yield Sentence("Hạn theo quy định"), _moment(due.statutory if due else None)
    yield Sentence("Hạn cam kết"), _moment(due.committed if due else None)
    yield Sentence("Ngày hẹn trả"), _moment(due.appointment if due else None)
    for stop in due.stops if due else ():
        yield Sentence("Dừng tính thời hạn: %(what)s", what=stop.label), joined([stop_details(stop)])


def _points_of_papers(outcome: Evaluation) -> Iterator[Point]:
    for paper in outcome.papers:
        said = joined([_NEEDS.get(paper.need, paper.need), *_counted(paper)], ", ")
        yield Sentence("Giấy tờ: %(paper)s", paper=paper.label), said


def _counted(paper: PaperFinding) -> Iterator[str | Text]:
    if paper.originals:
        yield Sentence("%(count)s bản chính", count=paper.originals)
    if paper.copies:
        yield Sentence("%(count)s bản sao", count=paper.copies)
    if paper.valid is not None:
        yield Sentence("hợp lệ") if paper.valid else Sentence("không hợp lệ")


def _points_of_the_way(told: Explained) -> Iterator[Point]:
    route = told.outcome.route
    code = Sentence("mã đơn vị %(code)s", code=route.unit) if route and route.unit else Sentence("")
    yield Sentence("Chuyển đến"), NOT_THERE if told.goes_to is None else joined([told.goes_to, code], ", ")
    yield Sentence("Các bước nội bộ"), _listed(station.label for station in told.stations)


def _listed(texts: Iterable[Text]) -> Sentence:
    listed = list(texts)
    return joined(listed, "; ") if listed else NOT_THERE


_NEEDS = {
    "required": Sentence("phải có"),
    "optional": Sentence("không bắt buộc"),
    "waived": Sentence("được miễn"),
    "undecided": Sentence("chưa xác định"),
    "one_of": Sentence("một trong các giấy tờ thay nhau"),
    "by_office": Sentence("cơ quan lập"),
    "note": Sentence("ghi chú"),
}


def _moment(at: datetime | None) -> str:
    return NOT_THERE if at is None else f"{at:%H:%M %d/%m/%Y}"
